#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds the Debian packages for Debian 12 and 13, each in a folder of it; lintian must find nothing. Then installs
# them in a fresh folder, works with them as a new user would (the quick start), removes and purges them, and looks for
# what they left.
#   sh tests/packages.sh [bookworm|trixie...]     default: both
# Writes below build/packages only, about 1.5 GB for each. See tests/folder.sh for what it needs.
set -eu
unset CDPATH
root=$(cd -- "$(dirname -- "$0")/.." && pwd -P)
. "$root/tests/folder.sh"
as_root "$0" "$@"
[ $# -gt 0 ] || set -- bookworm trixie

# Every path of a folder but of what apt and dpkg keep for themselves.
listed() {
    (cd "$1" && find . -xdev \( -path ./proc -o -path ./dev -o -path ./sys -o -path ./tmp -o -path ./packages -o \
        -path ./var/lib/dpkg -o -path ./var/lib/apt -o -path ./var/cache -o -path ./var/log \) -prune \
        -o -printf '%y %m %u %g %p %l\n' | LC_ALL=C sort)
}

build_packages() {
    builder "$1" package --with lintian
    here=$folders/$1-builder
    inside "$here" sh /src/docs/packaging/debian/build.sh /out/packages
    # Errors, warnings, and what lintian only hints at; the address of nobody is that of every example.
    inside "$here" sh -c 'lintian --allow-root --fail-on error,warning --suppress-tags initial-upload-closes-no-bugs \
        /out/packages/*.deb' || failed "$1: lintian has something to say"
    # What libcretula-dev is for, where a compiler is: the example, with nothing but what is installed.
    inside "$here" sh -c 'cd /out/packages && apt-get install -y --no-install-recommends ./cretula-verify_*.deb ./libcretula1_*.deb \
        ./libcretula-dev_*.deb' >/dev/null || failed "$1: the library's packages cannot be installed"
    inside "$here" sh -c 'rm -rf /out/client && cp -R /usr/share/doc/libcretula-dev/examples/update-client /out/client && cd /out/client &&
        cc -Wall -Werror update-client.c $(pkg-config --cflags --libs libcretula) -o update-client &&
        cmake -S . -B build >/dev/null && cmake --build build >/dev/null' || failed "$1: the example cannot be built"
    inside "$here" sh -c 'zgrep -q "^.SH SYNOPSIS" /usr/share/man/man3/cretula_verify_file.3.gz' || failed "$1: a page is missing"
    inside "$here" dpkg --purge libcretula-dev libcretula1 cretula-verify >/dev/null 2>&1
}

use_packages() {
    new=$1-fresh
    rm -f "$folders/$new.complete"
    copy "$1" "$new"
    mkdir "$folders/$new/packages"
    cp "$folders/$1-builder"/out/packages/*.deb "$folders/$new/packages/"
    chroot_of=$folders/$new
    inside "$chroot_of" apt-get update >/dev/null
    # What is recommended is the business of others' packages, and leaves what they leave.
    echo 'APT::Install-Recommends "false";' >"$chroot_of/etc/apt/apt.conf.d/recommends"
    mkdir -p "$chroot_of$root/build"
    listed "$chroot_of" >"$folders/$new.before"
    # With what apt installs by itself on a user's machine: it must be there to be had.
    inside "$chroot_of" sh -c 'apt-get install --simulate --install-recommends /packages/*.deb' >"$folders/$new.plan" ||
        failed "$1: apt would not install the packages"
    for library in libarchive13 libsqlite3-0 libtss2-esys libtss2-tctildr libtss2-tcti-device libtss2-mu libtss2-rc; do
        # The apt of Debian 13 brings one of them itself.
        grep -q "^Inst $library" "$folders/$new.plan" ||
            inside "$chroot_of" dpkg-query -W -f '${db:Status-Status}' "$library" 2>/dev/null | grep -q '^installed' ||
            failed "$1: apt would not install $library"
    done
    # docs/install.md, whose first command installs the verifier; then the others.
    mkdir -p "$chroot_of$root/build/dev"
    mount --bind "$root/build/dev" "$chroot_of$root/build/dev"
    inside "$chroot_of" sh -c 'apt-get install -y /packages/cretula-doc_*.deb /packages/cretula-sign_*.deb' >/dev/null
    CRETULA_FRESH=$chroot_of CRETULA_SOURCE=$root CRETULA_BUILD=$root/build/dev PYTHONPATH=$root/tests/e2e/lib \
        LC_ALL=C.UTF-8 TZ=UTC0 python3 -B "$root/tests/e2e/operator/test_install.py" Pages.test_install ||
        failed "$1: docs/install.md does not do what it shows"
    umount "$chroot_of$root/build/dev"
    rmdir "$chroot_of$root/build/dev"
    inside "$chroot_of" sh -c 'cd /root && sh /usr/share/doc/cretula-doc/docs/quickstart.sh --installed'
    # The library without what it is built with: one release goes into a slot, the changed copy does not.
    inside "$chroot_of" sh -c 'apt-get install -y /packages/libcretula1_*.deb' >/dev/null
    cp "$folders/$1-builder/out/client/update-client" "$chroot_of/root/"
    inside "$chroot_of" sh -c 'cd /root && mkdir slots && printf "anchor %s\nallow-example-keys\n" \
        /usr/share/doc/cretula-doc/keys-example/root.cert.pem >update.conf &&
        ./update-client update.conf slots cretula-quickstart/rtu-7-4.2.0.cretula.tar &&
        ! ./update-client update.conf slots cretula-quickstart/tampered.cretula.tar && [ "$(readlink slots/active)" = slot-a ]' ||
        failed "$1: the update client does not do its work"
    inside "$chroot_of" sh -c 'cd /root && rm -r cretula-quickstart slots update.conf update-client'
    for file in man/man1/cretula-verify-check.1.gz man/man1/cretula-sign-pack.1.gz \
        bash-completion/completions/cretula-sign zsh/vendor-completions/_cretula-verify \
        fish/vendor_completions.d/cretula-verify.fish doc/cretula-verify/copyright doc/cretula-doc/LICENSE \
        doc/cretula-doc/README.md doc/cretula-doc/docs/spec/archive.md cretula/profiles/iec62443-component.json; do
        [ -s "$chroot_of/usr/share/$file" ] || [ -L "$chroot_of/usr/share/$file" ] ||
            failed "$1: /usr/share/$file is missing"
    done
    # Nothing but programs, the library, pages and completions: no service, no configuration, no script of a maintainer.
    inside "$chroot_of" sh -c 'dpkg -L libcretula1' | grep -v '^/usr/\(lib/[^/]*/libcretula\.so\.1[0-9.]*\|lib\(/[^/]*\)\{0,1\}\|share\(/.*\)\{0,1\}\)$' |
        grep -v -e '^/\.$' -e '^/usr$' -e '^$' && failed "$1: a file of libcretula1 is elsewhere"
    inside "$chroot_of" sh -c 'dpkg -L cretula-verify cretula-sign cretula-doc' | grep -v '^/usr/\(bin\|share\)\(/\|$\)' |
        grep -v -e '^/\.$' -e '^/usr$' -e '^$' && failed "$1: a file outside of /usr/bin and /usr/share"
    inside "$chroot_of" apt-get remove -y libcretula1 cretula-verify cretula-sign cretula-doc >/dev/null
    inside "$chroot_of" sh -c 'ls -d /usr/bin/cretula* /usr/share/doc/*cretula* /usr/lib/*/libcretula* 2>/dev/null' && failed "$1: files stayed after remove"
    inside "$chroot_of" dpkg --purge libcretula1 cretula-verify cretula-sign cretula-doc >/dev/null 2>&1
    inside "$chroot_of" apt-get autoremove --purge -y >/dev/null
    listed "$chroot_of" >"$folders/$new.after"
    diff "$folders/$new.before" "$folders/$new.after" || failed "$1: this is left after purge"
    remove "$new"
    echo "$1: installed, worked, removed, purged; nothing left"
}

for suite in "$@"; do
    build_packages "$suite"
    use_packages "$suite"
done
