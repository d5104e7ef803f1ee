#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds the static verifier, one file that needs nothing but a kernel, and an OCI image of it:
#   sh docs/packaging/static/build.sh OUT
# Installs what the build needs (docs/dependencies.md, rows build and static), and writes into the folder OUT
# cretula-verify, its SHA-256, the Debian packages that it was built with, and the image. The same sources and the
# same packages give the same bytes, in whatever folder: docs/verify-the-verifier.md compares them.
set -eu
unset CDPATH
here=$(cd -- "$(dirname -- "$0")" && pwd -P)
root=$(cd -- "$here/../../.." && pwd -P)
[ $# -eq 1 ] || { sed -n '3,7s/^# \{0,1\}//p' "$0" >&2; exit 2; }
mkdir -p "$1"
out=$(cd -- "$1" && pwd -P)
LC_ALL=C TZ=UTC0
export LC_ALL TZ
# What a caller's environment would add to the build.
unset CFLAGS CPPFLAGS LDFLAGS CC DESTDIR

sh "$root/docs/dependencies.sh" build static

work=$out/.build
trap 'rm -rf "$work"' EXIT
rm -rf "$work"
mkdir "$work"
quietly() {
    "$@" >"$work/log" 2>&1 </dev/null || { cat "$work/log" >&2; echo "build.sh: failed: $*" >&2; exit 1; }
}
quietly cmake -S "$root" -B "$work/build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCRETULA_STATIC=ON
quietly cmake --build "$work/build"
strip -o "$out/cretula-verify" "$work/build/verifier/cretula-verify"
(cd "$out" && sha256sum cretula-verify >cretula-verify.sha256)
# What its bytes depend on besides the sources: the compiler and what it links.
dpkg-query -W -f '${Package} ${Version} ${Architecture}\n' binutils cmake gcc-* libc6-dev \
    $(sh "$root/docs/dependencies.sh" --list build static) | sort -u >"$out/cretula-verify.built-with"
of() {
    sed -n "s/^$1 \([0-9.]*\).*/\1/p" "$root/CMakeLists.txt"
}
python3 -B "$here/oci.py" "$out/cretula-verify" "$(of 'project(cretula VERSION')" "$(dpkg --print-architecture)" \
    "$(of 'set(CRETULA_BUILD_TIME')" "$out/cretula-verify.oci.tar"
cat "$out/cretula-verify.sha256"
