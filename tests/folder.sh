# SPDX-License-Identifier: Apache-2.0
# Read by tests/packages.sh and tests/static.sh: Debian folders below build/packages. The caller has set root.
# A folder SUITE is made once by debootstrap and kept; SUITE-builder is a copy with what builds; others are copies
# that their test removes. Needs root and Debian's archive; CRETULA_DEBIAN_MIRROR names another mirror.
folders=$root/build/packages

# as_root SCRIPT ARGUMENT...: goes on as root, with mounts that end with this process.
as_root() {
    if [ "$(id -u)" -ne 0 ]; then
        exec sudo --preserve-env=CRETULA_DEBIAN_MIRROR sh "$@"
    fi
    if [ "${CRETULA_INSIDE:-}" != yes ]; then
        CRETULA_INSIDE=yes exec unshare --mount --propagation private sh "$@"
    fi
}

# inside FOLDER COMMAND...
inside() {
    folder=$1
    shift
    chroot "$folder" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 TZ=UTC0 \
        DEBIAN_FRONTEND=noninteractive ${CCACHE_DIR:+CCACHE_DIR=/ccache CMAKE_C_COMPILER_LAUNCHER=ccache} "$@"
}

# base SUITE: the folder as debootstrap makes it.
base() {
    if [ ! -e "$folders/$1.complete" ]; then
        rm -rf "${folders:?}/$1"
        mkdir -p "$folders"
        # shellcheck disable=SC2086 # an empty mirror is no argument
        debootstrap --variant=minbase "$1" "$folders/$1" ${CRETULA_DEBIAN_MIRROR:-}
        # The folder is thrown away: nobody waits for its disk.
        echo force-unsafe-io >"$folders/$1/etc/dpkg/dpkg.cfg.d/unsafe-io"
        : >"$folders/$1.complete"
    fi
}

# copy SUITE NAME: another one of it, with /proc.
copy() {
    base "$1"
    if [ ! -e "$folders/$2.complete" ]; then
        rm -rf "${folders:?}/$2"
        cp -a "$folders/$1" "$folders/$2"
        : >"$folders/$2.complete"
    fi
    mount -t proc proc "$folders/$2/proc"
}

# remove NAME
remove() {
    umount "$folders/$1/proc"
    rm -rf "${folders:?}/$1" "$folders/$1.complete"
}

# sources NAME FOLDER: the tracked files and those that will be; times are kept, so that only what changed is built.
sources() {
    mkdir -p "$folders/$1/$2"
    git -C "$root" ls-files -z --cached --others --exclude-standard |
        tar -C "$root" --null --ignore-failed-read -T - -cf - | tar -C "$folders/$1/$2" -xf -
}

# builder SUITE KIND...: the folder SUITE-builder with the sources in /src and the packages of these kinds.
builder() {
    suite=$1
    shift
    copy "$suite" "$suite-builder"
    sources "$suite-builder" src
    if [ -n "${CCACHE_DIR:-}" ]; then
        mkdir -p "$folders/$suite-builder/ccache"
        mount --bind "$CCACHE_DIR" "$folders/$suite-builder/ccache"
        set -- "$@" --with ccache
    fi
    wanted="build"
    more=
    while [ $# -gt 0 ]; do
        if [ "$1" = --with ]; then
            more="$more $2"
            shift
        else
            wanted="$wanted $1"
        fi
        shift
    done
    # shellcheck disable=SC2086 # lists of words
    inside "$folders/$suite-builder" sh /src/docs/dependencies.sh $wanted
    for package in $more; do
        [ "$(inside "$folders/$suite-builder" dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
            inside "$folders/$suite-builder" apt-get install -y --no-install-recommends "$package" >/dev/null
    done
}

failed() {
    printf '\n%s: %s\n' "$(basename "$0")" "$1" >&2
    exit 1
}
