#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds in a Debian 13 folder (OpenSSL 3.5) and runs there the unit tests and the end-to-end tests of
# post-quantum signatures.
#   sh tests/debian13.sh [ctest option...]      in place of -R and the tests named below
# The folder is made once by debootstrap and kept, build/debian13: it takes about 1.5 GB. Needs root or
# sudo (debootstrap, chroot, mount) and Debian's archive; CRETULA_DEBIAN_MIRROR names another mirror.
set -eu
unset CDPATH
root=$(cd -- "$(dirname -- "$0")/.." && pwd -P)
folder=$root/build/debian13
mirror=${CRETULA_DEBIAN_MIRROR:-} # empty: the one that debootstrap knows
tests='^(unit-.*|e2e-post-quantum)$'

if [ "$(id -u)" -ne 0 ]; then
    exec sudo --preserve-env=CRETULA_DEBIAN_MIRROR sh "$0" "$@"
fi

# A name of its own for mounts: they end with this process, however it ends.
if [ "${CRETULA_DEBIAN13_INSIDE:-}" != yes ]; then
    CRETULA_DEBIAN13_INSIDE=yes exec unshare --mount --propagation private sh "$0" "$@"
fi

inside() {
    chroot "$folder" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
        TZ=UTC0 "$@"
}

if [ ! -e "$folder/complete" ]; then
    rm -rf "$folder"
    mkdir -p "$folder"
    # shellcheck disable=SC2086 # an empty mirror is no argument
    debootstrap --variant=minbase --include=ca-certificates trixie "$folder" $mirror
    : >"$folder/complete"
fi
mount -t proc proc "$folder/proc"
mount -t devpts devpts "$folder/dev/pts" -o newinstance,ptmxmode=0666,mode=620,gid=5

# The tracked files and those that will be; times are kept, so that only what changed is built.
mkdir -p "$folder/src"
git -C "$root" ls-files -z --cached --others --exclude-standard |
    tar -C "$root" --null --ignore-failed-read -T - -cf - | tar -C "$folder/src" -xf -
# Those of docs/dependencies.md that these tests use.
inside sh -c 'cd /src && DEBIAN_FRONTEND=noninteractive sh docs/dependencies.sh build &&
    missing= && for package in libcriterion-dev python3 openssl swtpm libtss2-tcti-swtpm0t64 \
        tpm2-tools tpm2-openssl softhsm2 opensc pkcs11-provider faketime jq fsverity libarchive-tools; do
        [ "$(dpkg-query -W -f="\${db:Status-Status}" "$package" 2>/dev/null)" = installed ] ||
            missing="$missing $package"
    done && { [ -z "$missing" ] ||
        DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing; }'
inside sh -c 'cd /src && openssl version && cmake -S . --preset dev -G Ninja && cmake --build build/dev'
if [ $# -eq 0 ]; then
    set -- -R "$tests"
fi
inside ctest --test-dir /src/build/dev --output-on-failure --no-tests=error -j "$(nproc)" "$@"
