#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds cretula-verify.exe and runs it under wine: what it says of itself, every vector of tests/vectors, a path of 300
# characters with umlauts, extracting, a record, and an archive of 5 GiB. docs/verify-on-windows.md lists what wine
# cannot show.
#   sh tests/windows.sh [PROGRAM.exe] [VECTORS]
# VECTORS: only those whose id begins so, or of that family. Writes below build/ only. Needs build/dev.
set -eu
unset CDPATH
root=$(cd -- "$(dirname -- "$0")/.." && pwd -P)
out=$root/build/windows-tests
mkdir -p "$out/home"
program=${1:-}
if [ -z "$program" ]; then
    sh "$root/docs/packaging/windows/build.sh" "$out/program"
    program=$out/program/cretula-verify.exe
fi
HOME=$out/home WINEDEBUG=-all
export HOME WINEDEBUG
cd "$out"
wine "$program" --version >/dev/null 2>&1 || true # makes wine's folder, and says so
failed() {
    echo "windows.sh: $*" >&2
    exit 1
}
archives=$root/tests/vectors/archives
anchor="--anchor $archives/root.cert.pem --at 2030-01-01T00:00:00Z"

# expect CODE PATTERN ARGUMENT...: what the program does.
expect() {
    code=$1 pattern=$2
    shift 2
    status=0
    wine "$program" "$@" >"$out/said" 2>&1 </dev/null || status=$?
    sed 's/^/    /' "$out/said"
    [ "$status" -eq "$code" ] || failed "exit code $status, not $code: cretula-verify $*"
    tr -s '\r\n ' '   ' <"$out/said" | grep -q -e "$pattern" || failed "it does not say $pattern: cretula-verify $*"
}
expect 0 'job object, restricted token' self-test

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

echo "an archive of 5 GiB"
large=$out/large
rm -rf "$large"
mkdir -p "$large/inputs"
keys=$root/keys-example
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

CRETULA_RUN_UNDER=wine python3 -B "$root/tests/vectors/run.py" "$root/build/dev" --program "$program" --only "${2:-}"
