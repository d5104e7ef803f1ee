#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Cross-compiles for another processor in a Debian folder, and runs the unit tests and the vectors in an emulator
# (qemu-user): armhf has 32 bits, s390x has the bytes of a number the other way round, arm64 is what devices have.
#   sh tests/machines.sh armhf|s390x|arm64 [--quick]
#     --quick  the vectors alone
# The folder is made once by debootstrap and kept, build/machines (about 2 GB). Needs root or sudo (debootstrap,
# chroot, mount) and Debian's archive; CRETULA_DEBIAN_MIRROR names another mirror. An emulator has no Landlock: the
# harness gives the programs --allow-unconfined (CRETULA_RUN_OPTIONS of tests/vectors/run.py), never the programs themselves.
# Criterion knows few processors: tests/unit/portable runs the unit tests in its place. Those of confinement are skipped
# by name where CRETULA_TESTS_EMULATED is set, as here.
set -eu
unset CDPATH
root=$(cd -- "$(dirname -- "$0")/.." && pwd -P)
folder=$root/build/machines
mirror=${CRETULA_DEBIAN_MIRROR:-} # empty: the one that debootstrap knows
arch=${1:-}
quick=${2:-}

case $arch in
armhf) triplet=arm-linux-gnueabihf processor=armv7l emulator=qemu-arm-static ;;
s390x) triplet=s390x-linux-gnu processor=s390x emulator=qemu-s390x-static ;;
arm64) triplet=aarch64-linux-gnu processor=aarch64 emulator=qemu-aarch64-static ;;
*)
    sed -n '3,11s/^# \{0,1\}//p' "$0" >&2
    exit 2
    ;;
esac

if [ "$(id -u)" -ne 0 ]; then
    exec sudo --preserve-env=CRETULA_DEBIAN_MIRROR sh "$0" "$@"
fi

# A name space of its own for mounts: they end with this process, however it ends.
if [ "${CRETULA_MACHINES_INSIDE:-}" != yes ]; then
    CRETULA_MACHINES_INSIDE=yes exec unshare --mount --propagation private sh "$0" "$@"
fi

inside() {
    chroot "$folder" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 TZ=UTC0 \
        DEBIAN_FRONTEND=noninteractive "$@"
}

if [ ! -e "$folder/complete" ]; then
    rm -rf "$folder"
    mkdir -p "$folder"
    # shellcheck disable=SC2086 # an empty mirror is no argument
    debootstrap --variant=minbase --include=ca-certificates bookworm "$folder" $mirror
    inside apt-get install -y --no-install-recommends qemu-user-static cmake ninja-build pkg-config python3 gcc libc6-dev
    : >"$folder/complete"
fi
mount -t proc proc "$folder/proc"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$folder/dev/pts" # terminals, for those who ask for secrets

# The libraries of docs/dependencies.md for that processor, and a compiler that runs here.
if [ ! -e "$folder/complete-$arch" ]; then
    inside dpkg --add-architecture "$arch"
    inside apt-get update
    libraries=
    for package in libc6-dev libfaketime $(sh "$root/docs/dependencies.sh" --list build | grep '^lib.*-dev$') libtss2-tctildr0; do
        libraries="$libraries $package:$arch"
    done
    # shellcheck disable=SC2086 # the list is made of words
    inside apt-get install -y --no-install-recommends "gcc-$triplet" $libraries
    : >"$folder/complete-$arch"
fi

# The tracked files and those that will be; times are kept, so that only what changed is built.
mkdir -p "$folder/src"
find "$folder/src" -mindepth 1 -maxdepth 1 ! -name build -exec rm -rf {} +
git -C "$root" ls-files -z --cached --others --exclude-standard |
    tar -C "$root" --null --ignore-failed-read -T - -cf - | tar -C "$folder/src" -xf -
build=build/$arch
inside sh -c "cd /src && PKG_CONFIG_LIBDIR=/usr/lib/$triplet/pkgconfig:/usr/share/pkgconfig cmake -S . -B $build -G Ninja \
    -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCRETULA_WERROR=ON -DCRETULA_TESTS=ON -DCRETULA_PORTABLE_TESTS=ON -DCRETULA_E2E=OFF \
    -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR=$processor -DCMAKE_C_COMPILER=$triplet-gcc \
    -DCMAKE_CROSSCOMPILING_EMULATOR=/usr/bin/$emulator && cmake --build $build"
inside /usr/bin/env CRETULA_RUN_UNDER="/usr/bin/$emulator" CRETULA_RUN_OPTIONS=--allow-unconfined \
    python3 -B /src/tests/vectors/run.py "/src/$build"
if [ "$quick" != --quick ]; then
    # In full: the names and reasons of what an emulator cannot run stand there.
    inside CRETULA_TESTS_EMULATED=yes ctest --test-dir "/src/$build" --verbose --no-tests=error --timeout 20000 -j "$(nproc)" -R '^unit-'
fi
