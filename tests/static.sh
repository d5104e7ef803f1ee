#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds the static verifier twice in a Debian 12 folder, from two folders into two others: same bytes. Then it runs in
# a folder that holds nothing but itself and what it reads, says in words what it lacks, and gives the same verdicts as
# the built one in the end-to-end tests of archives. skopeo reads its image.
#   sh tests/static.sh
# Writes below build/ only. Needs build/dev, and what tests/folder.sh says.
set -eu
unset CDPATH
root=$(cd -- "$(dirname -- "$0")/.." && pwd -P)
. "$root/tests/folder.sh"
as_root "$0" "$@"

builder bookworm static --with skopeo
here=$folders/bookworm-builder
sources bookworm-builder elsewhere/deeper
inside "$here" sh /src/docs/packaging/static/build.sh /out/static
inside "$here" sh /elsewhere/deeper/docs/packaging/static/build.sh /elsewhere/out
for file in cretula-verify cretula-verify.oci.tar cretula-verify.built-with; do
    cmp "$here/out/static/$file" "$here/elsewhere/out/$file" || failed "two builds differ: $file"
done
program=$here/out/static/cretula-verify
size=$(wc -c <"$program")
echo "two builds, same bytes: $(cut -c1-64 "$program.sha256"), $size bytes"
[ "$size" -lt 8388608 ] || failed "the program has $size bytes, 8 MiB and more"
readelf --program-headers --dynamic "$program" | grep -e INTERP -e NEEDED && failed "it asks for a loader or a library"
inside "$here" skopeo inspect --raw oci-archive:/out/static/cretula-verify.oci.tar | grep -q '"schemaVersion":2' ||
    failed "skopeo does not read the image"

bare=$folders/bare
rm -rf "$bare"
mkdir -p "$bare"
cp "$program" "$root/tests/vectors/archives/p256.cretula.tar" "$root/tests/vectors/archives/root.cert.pem" "$bare/"
cp "$bare/p256.cretula.tar" "$bare/bad.cretula.tar"
printf x | dd of="$bare/bad.cretula.tar" bs=1 seek=$(($(wc -c <"$bare/bad.cretula.tar") / 2)) conv=notrunc status=none

# expect CODE PATTERN ARGUMENT...: what the program does in that folder, with no descriptor but its own output.
expect() {
    code=$1 pattern=$2
    shift 2
    status=0
    chroot "$bare" /cretula-verify "$@" >"$folders/said" 2>&1 </dev/null || status=$?
    sed 's/^/    /' "$folders/said"
    [ "$status" -eq "$code" ] || failed "exit code $status, not $code: cretula-verify $*"
    # As one line: it is broken where a terminal of 80 columns ends.
    tr -s '\n ' '  ' <"$folders/said" | grep -q -e "$pattern" || failed "it does not say $pattern: cretula-verify $*"
}
anchor="--anchor root.cert.pem --at 2030-01-01T00:00:00Z"
# shellcheck disable=SC2086 # an option and its value
{
    expect 0 '^ACCEPTED' check p256.cretula.tar $anchor
    expect 1 '^REFUSED' check bad.cretula.tar $anchor
    expect 0 '' extract p256.cretula.tar $anchor --to files
    expect 0 '' check p256.cretula.tar $anchor --record records
    expect 0 'seccomp' self-test
    expect 2 'no TPM support' check p256.cretula.tar $anchor --tpm
    expect 2 'loads no libraries' catalogue add p256.cretula.tar $anchor --catalogue found.sqlite
    expect 2 'loads no libraries' check p256.cretula.tar $anchor --record more --sign-record 'pkcs11:token=T;object=O' \
        --record-cert root.cert.pem
}
# Standard streams that are closed are nobody's file.
status=0
chroot "$bare" /cretula-verify check p256.cretula.tar --anchor root.cert.pem <&- >&- 2>&- || status=$?
[ "$status" -ne 0 ] || failed "it ends with 0 where nobody can read what it says"
rm -rf "$bare" "$folders/said"

CRETULA_STATIC_OUT=$here/out/static CRETULA_SOURCE=$root CRETULA_BUILD=$root/build/dev PYTHONPATH=$root/tests/e2e/lib \
    LC_ALL=C.UTF-8 TZ=UTC0 python3 -B "$root/tests/e2e/operator/test_install.py"
for test in archive/test_golden archive/test_forgeries operator/test_packed sbom/test_sbom_nested; do
    CRETULA_SOURCE=$root CRETULA_BUILD=$root/build/dev CRETULA_VERIFY=$program PYTHONPATH=$root/tests/e2e/lib \
        LC_ALL=C.UTF-8 TZ=UTC0 python3 -B "$root/tests/e2e/$test.py" >"$folders/log" 2>&1 ||
        { cat "$folders/log"; failed "the static verifier fails tests/e2e/$test.py"; }
    tail -3 "$folders/log"
done
