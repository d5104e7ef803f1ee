#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds the Debian packages of this tree for the system that it runs on (Debian 12 or 13):
#   sh docs/packaging/debian/build.sh OUT
# Installs what the build needs (docs/dependencies.md, rows build and package), and writes the packages
# and a .buildinfo, which names all that they were built with, into the folder OUT.
set -eu
unset CDPATH
here=$(cd -- "$(dirname -- "$0")" && pwd -P)
root=$(cd -- "$here/../../.." && pwd -P)
[ $# -eq 1 ] || { sed -n '3,6s/^# \{0,1\}//p' "$0" >&2; exit 2; }
mkdir -p "$1"
out=$(cd -- "$1" && pwd -P)

sh "$root/docs/dependencies.sh" build package

work=$out/.build
trap 'rm -rf "$work"' EXIT
rm -rf "$work"
mkdir "$work"
mkdir "$work/cretula"
# debhelper wants its folder at the top, where the tree has none: in a copy it is.
tar -C "$root" --exclude=./build --exclude='./build-*' --exclude=./.git -cf - . | tar -C "$work/cretula" -xf -
cp -R "$here" "$work/cretula/debian"
depends=$(sh "$root/docs/dependencies.sh" --list build | paste -sd, - | sed 's/,/, /g')
sed "s/@BUILD_DEPENDS@/$depends/" "$here/control.in" >"$work/cretula/debian/control"
log=$work/log
(cd "$work/cretula" && dpkg-buildpackage --build=binary --no-sign) >"$log" 2>&1 </dev/null || {
    cat "$log" >&2
    echo "build.sh: dpkg-buildpackage failed" >&2
    exit 1
}
rm -f "$out"/cretula*.deb "$out"/libcretula*.deb "$out"/cretula*.buildinfo
mv "$work"/*.deb "$work"/*.buildinfo "$out/"
ls "$out"/*.deb
