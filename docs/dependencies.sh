#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs the Debian packages that dependencies.md lists and that are missing.
#   sh docs/dependencies.sh build [KIND...]   asks sudo where it is not run by root
#   sh docs/dependencies.sh --list build test prints the names only
set -eu
unset CDPATH
table=$(cd -- "$(dirname -- "$0")" && pwd -P)/dependencies.md

list_only=no
if [ "${1:-}" = --list ]; then
    list_only=yes
    shift
fi
[ $# -gt 0 ] || { echo "usage: dependencies.sh [--list] build|package|static|windows|test..." >&2; exit 2; }

packages=
for kind in "$@"; do
    found=$(sed -n "s/^| \`\([^\`]*\)\` | $kind |.*/\1/p" "$table")
    [ -n "$found" ] || { echo "dependencies.sh: no packages of kind '$kind'" >&2; exit 2; }
    packages="$packages $found"
done
if [ "$list_only" = yes ]; then
    # shellcheck disable=SC2086 # the list is made of words
    printf '%s\n' $packages
    exit 0
fi

if ! command -v dpkg-query >/dev/null 2>&1 || ! command -v apt-get >/dev/null 2>&1; then
    echo "Not a Debian system: please see to it that the counterparts of these are installed:" >&2
    echo " $packages" | tr '\n' ' ' >&2
    echo >&2
    exit 0
fi

is_there() {
    # Node.js from elsewhere brings npm without a package of that name.
    [ "$1" = npm ] && command -v npm >/dev/null 2>&1 && return 0
    # On Debian 13 libraries with 64-bit time have a suffix, and the old name is a virtual one.
    for name in "$1" "$1t64"; do
        # For this machine: another architecture's may stand beside it.
        dpkg-query -W -f='${db:Status-Status} ${Architecture}\n' "$name" 2>/dev/null |
            grep -qx -e 'installed all' -e "installed $(dpkg --print-architecture)" && return 0
    done
    return 1
}

missing=
for package in $packages; do
    is_there "$package" || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null 2>&1 || {
        echo "Please run as root: apt-get install$missing" >&2
        exit 1
    }
    as_root=sudo
fi
echo "Installing:$missing"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# shellcheck disable=SC2086 # the lists are made of words, and $as_root may be nothing
if ! { $as_root apt-get update && $as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y --no-install-recommends $missing; } >"$log" 2>&1 </dev/null; then
    cat "$log" >&2
    echo "dependencies.sh: apt-get failed" >&2
    exit 1
fi
