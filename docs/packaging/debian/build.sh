#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds the Debian packages of this tree for the system that it runs on (Debian 12 or 13):
#   sh docs/packaging/debian/build.sh [--arch ARCHITECTURE] OUT
# Installs what the build needs (docs/dependencies.md, rows build and package), and writes the packages
# and a .buildinfo, which names all that they were built with, into the folder OUT. With --arch (arm64) they are built
# by a compiler for that architecture, whose libraries are installed beside this machine's: best in a folder of its own.
set -eu
unset CDPATH
here=$(cd -- "$(dirname -- "$0")" && pwd -P)
root=$(cd -- "$here/../../.." && pwd -P)
arch=
if [ "${1:-}" = --arch ] && [ $# -ge 2 ]; then
    arch=$2
    shift 2
fi
[ $# -eq 1 ] || { sed -n '3,7s/^# \{0,1\}//p' "$0" >&2; exit 2; }
mkdir -p "$1"
out=$(cd -- "$1" && pwd -P)

sh "$root/docs/dependencies.sh" build package
if [ -n "$arch" ]; then
    dpkg --add-architecture "$arch"
    apt-get update -qq
    libraries=
    for package in $(sh "$root/docs/dependencies.sh" --list build); do
        case $package in libc6-dev) ;; lib*) libraries="$libraries $package:$arch" ;; esac
    done
    # shellcheck disable=SC2086 # the list is made of words
    apt-get install -qq -y --no-install-recommends "crossbuild-essential-$arch" "pkgconf:$arch" $libraries >/dev/null
fi

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
# What is needed was installed above; that its tools are this machine's is more than Build-Depends can say.
(cd "$work/cretula" && dpkg-buildpackage --build=binary --no-sign ${arch:+--host-arch "$arch" --no-check-builddeps}) >"$log" 2>&1 </dev/null || {
    cat "$log" >&2
    echo "build.sh: dpkg-buildpackage failed" >&2
    exit 1
}
rm -f "$out"/cretula*.deb "$out"/libcretula*.deb "$out"/cretula*.buildinfo
mv "$work"/*.deb "$work"/*.buildinfo "$out/"
ls "$out"/*.deb
