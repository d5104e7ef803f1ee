#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds the programs for Windows and runs them under wine: what they say of themselves, a path of 300 characters with
# umlauts, extracting, a record, signing, the ZIP that people get, an archive of 5 GiB, every vector of tests/vectors, and
# end-to-end tests that need nothing of Linux. Says what wine cannot show.
#   sh tests/windows.sh [cretula-verify.exe] [VECTORS]
# cretula-sign.exe lies beside it. VECTORS: only those whose id begins so, or of that family. Writes below build/ only.
# Needs build/dev.
set -eu
unset CDPATH
root=$(cd -- "$(dirname -- "$0")/.." && pwd -P)
out=$root/build/windows-tests
mkdir -p "$out/home/.wine" # the server wants its folder to be there
program=${1:-}
if [ -z "$program" ]; then
    sh "$root/docs/packaging/windows/build.sh" "$out/program"
    program=$out/program/cretula-verify.exe
fi
signer=$(dirname -- "$program")/cretula-sign.exe
HOME=$out/home WINEDEBUG=-all
export HOME WINEDEBUG
cd "$out"
# One server for all runs: one that a run with a clock that stands still began would never see a wait end.
server=/usr/lib/wine/wineserver
if [ -x "$server" ]; then
    "$server" -p
    trap '"$server" -k' EXIT
fi
wine "$program" --version >/dev/null 2>&1 || true # makes wine's folder, and says so
failed() {
    echo "windows.sh: $*" >&2
    exit 1
}
archives=$root/tests/vectors/archives
anchor="--anchor $archives/root.cert.pem --at 2030-01-01T00:00:00Z"

# expect CODE PATTERN ARGUMENT...: what the verifier does; expect_of names another program.
expect() {
    expect_of "$program" "$@"
}
expect_of() {
    exe=$1 code=$2 pattern=$3
    shift 3
    status=0
    echo "> $(basename "$exe") $*"
    wine "$exe" "$@" >"$out/said" 2>&1 </dev/null || status=$?
    sed 's/^/    /' "$out/said"
    [ "$status" -eq "$code" ] || failed "exit code $status, not $code"
    tr -s '\r\n ' '   ' <"$out/said" | grep -q -e "$pattern" || failed "it does not say $pattern"
}
expect 0 'job object, restricted token' self-test
expect 0 '"restrictedToken": true' self-test --json

name=Prüfstände-für-Schaltanlagen-in-Übergröße
deep=$out/deep
rm -rf "$deep"
folder=$deep
while [ "$(printf %s "$folder" | wc -m)" -lt 300 ]; do
    folder=$folder/$name
done
mkdir -p "$folder"
cp "$archives/p256.cretula.tar" "$folder/Änderung.cretula.tar"
windows="Z:$(printf %s "$folder" | tr / '\134')"
echo "a path of $(printf %s "$windows" | wc -m) characters"
# shellcheck disable=SC2086 # an option and its value
{
    expect 0 '^ACCEPTED' check "$windows\\Änderung.cretula.tar" $anchor
    expect 0 '' extract "$windows\\Änderung.cretula.tar" $anchor --to "$windows\\Entpackt"
    expect 0 '^ACCEPTED' check "$windows\\Änderung.cretula.tar" $anchor --record "$windows\\Nachweis"
}
[ -e "$folder/Entpackt/MANIFEST.json" ] || [ -n "$(find "$folder/Entpackt" -type f | head -n 1)" ] || failed "nothing was extracted"
grep -rq 'job object, restricted token' "$folder/Nachweis" || failed "the record does not say what held the reading process"
printf x | dd of="$folder/Änderung.cretula.tar" bs=1 seek=9000 conv=notrunc status=none
# shellcheck disable=SC2086
expect 1 '^REFUSED' check "$windows\\Änderung.cretula.tar" $anchor

echo "signing, with a key in a file"
keys=$root/keys-example
SOURCE_DATE_EPOCH=1780272000
export SOURCE_DATE_EPOCH # one date in both
signs="--key $keys/release.key.pem --cert $keys/release.cert.pem --allow-example-keys"
signed=$out/signed
rm -rf "$signed"
mkdir -p "$signed/inputs"
cp "$root/docs/example-release/minimal.yaml" "$signed/"
printf firmware >"$signed/inputs/rtu7-firmware-4.2.0.bin"
# shellcheck disable=SC2086
{
    expect_of "$signer" 0 '^Packed:' pack "$signed/minimal.yaml" $signs --out "$signed/here.cretula.tar"
    (cd "$signed" && "$root/build/dev/signer/cretula-sign" pack minimal.yaml $signs --out there.cretula.tar >/dev/null 2>&1)
    expect_of "$signer" 2 'loads no libraries' pack "$signed/minimal.yaml" --key 'pkcs11:token=none;object=none' \
        --cert "$keys/release.cert.pem" --out "$signed/token.cretula.tar"
}
expect 0 '^ACCEPTED' check "$signed/here.cretula.tar" --anchor "$keys/root.cert.pem" --allow-example-keys
"$root/build/dev/verifier/cretula-verify" check "$signed/here.cretula.tar" --anchor "$keys/root.cert.pem" --allow-example-keys \
    >/dev/null || failed "the program for Linux does not accept what the one for Windows signed"
for one in here there; do
    tar -xOf "$signed/$one.cretula.tar" MANIFEST.json >"$signed/$one.json"
done
cmp "$signed/here.json" "$signed/there.json" || failed "the same release has another manifest where it is packed on Windows"

echo "the ZIP, unpacked, is what was signed"
rm -rf "$out/zip"
mkdir -p "$out/zip"
for one in cretula-verify.exe cretula-sign.exe built-with; do
    cp "$(dirname -- "$program")/$one" "$out/zip/"
done
# shellcheck disable=SC2086
python3 -B "$root/docs/packaging/windows/zip.py" "$out/zip" "$root/build/dev/signer/cretula-sign" $signs >"$out/said" 2>&1 || {
    cat "$out/said"
    failed "the ZIP was not made"
}
(cd "$out/zip" && python3 -m zipfile -e cretula-*.zip unpacked)
for one in "$out"/zip/unpacked/*; do
    expect_of "$one/cretula-verify.exe" 0 '^SAME' compare-installed "$one" --against "$(ls "$out"/zip/*.cretula.tar)" \
        --anchor "$keys/root.cert.pem" --allow-example-keys
done

echo "an archive of 5 GiB"
large=$out/large
rm -rf "$large"
mkdir -p "$large/inputs"
cp "$root/docs/example-release/minimal.yaml" "$large/"
truncate -s 5G "$large/inputs/rtu7-firmware-4.2.0.bin"
(cd "$large" && "$root/build/dev/signer/cretula-sign" pack minimal.yaml --key "$keys/release.key.pem" \
    --cert "$keys/release.cert.pem" --allow-example-keys --out large.cretula.tar >"$out/said" 2>&1) || {
    cat "$out/said"
    failed "the archive of 5 GiB was not made"
}
rm "$large/inputs/rtu7-firmware-4.2.0.bin"
expect 0 '^ACCEPTED' check "$large/large.cretula.tar" --anchor "$keys/root.cert.pem" --allow-example-keys
printf x | dd of="$large/large.cretula.tar" bs=1 seek=5000000000 conv=notrunc status=none
expect 1 '^REFUSED' check "$large/large.cretula.tar" --anchor "$keys/root.cert.pem" --allow-example-keys
rm -rf "$large"

cat <<'END'
Not shown by this, for wine does not have it (docs/verify-on-windows.md):
  that low integrity and a token without privileges keep a process from anything: wine takes both and enforces little
  access lists, links and junctions of NTFS (wine follows links of Linux, and the program sees none); replacing a file that another program has open; shares over a network
  the console: code pages, colours, Ctrl-C and Ctrl-Break, closing the window
  virus scanners, SmartScreen, application control; a full disk, and media that fail
END
CRETULA_RUN_UNDER=wine python3 -B "$root/tests/vectors/run.py" "$root/build/dev" --program "$program" --only "${2:-}"

# The end-to-end tests that make archives and ask for verdicts, files and words, and nothing that only Linux has.
printf '#!/bin/sh\nLC_ALL=C.UTF-8 HOME=%s WINEDEBUG=-all exec wine %s "$@"\n' "'$HOME'" "'$program'" >"$out/cretula-verify"
chmod +x "$out/cretula-verify"
for test in archive/test_golden archive/test_forgeries archive/test_uadipkg_bad sbom/test_sbom_binding; do
    CRETULA_SOURCE=$root CRETULA_BUILD=$root/build/dev CRETULA_VERIFY=$out/cretula-verify PYTHONPATH=$root/tests/e2e/lib \
        LC_ALL=C.UTF-8 TZ=UTC0 python3 -B "$root/tests/e2e/$test.py" >"$out/said" 2>&1 || {
        cat "$out/said"
        failed "the program for Windows fails tests/e2e/$test.py"
    }
    echo "tests/e2e/$test.py under wine: $(grep '^Ran ' "$out/said")"
done
