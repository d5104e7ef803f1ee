#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds cretula-verify.exe and cretula-sign.exe, each one file that needs nothing but Windows 10 or later (x86-64), on
# Debian:
#   sh docs/packaging/windows/build.sh OUT
# Installs what the build needs (docs/dependencies.md, rows build and windows), builds its libraries of Debian's source
# packages, which apt-get fetches with its own lists below OUT, and writes into OUT the programs, their SHA-256 and
# the versions of the sources. Where a version is no longer to be had, the next older one is taken, and named.
set -eu
unset CDPATH
here=$(cd -- "$(dirname -- "$0")" && pwd -P)
root=$(cd -- "$here/../../.." && pwd -P)
[ $# -eq 1 ] || { sed -n '3,9s/^# \{0,1\}//p' "$0" >&2; exit 2; }
mkdir -p "$1"
out=$(cd -- "$1" && pwd -P)
LC_ALL=C TZ=UTC0
export LC_ALL TZ
unset CFLAGS CPPFLAGS LDFLAGS CC DESTDIR

sh "$root/docs/dependencies.sh" build windows

host=x86_64-w64-mingw32
work=$out/.build
libraries=$work/libraries
sources=$work/sources
mkdir -p "$libraries/lib/pkgconfig" "$libraries/include" "$sources" "$work/apt/lists/partial" "$work/apt/archives/partial"
quietly() {
    "$@" >"$work/log" 2>&1 </dev/null || { tail -n 60 "$work/log" >&2; echo "build.sh: failed: $*" >&2; exit 1; }
}

# Lists of their own: those of the machine stay as they are.
key=/usr/share/keyrings/debian-archive-keyring.gpg
for suite in bookworm bookworm-updates; do
    echo "deb-src [signed-by=$key] http://deb.debian.org/debian $suite main"
done >"$work/apt/sources.list"
echo "deb-src [signed-by=$key] http://deb.debian.org/debian-security bookworm-security main" >>"$work/apt/sources.list"
apt() {
    command=$1
    shift
    "$command" -o "Dir::Etc::SourceList=$work/apt/sources.list" -o Dir::Etc::SourceParts=/dev/null \
        -o "Dir::State::Lists=$work/apt/lists" -o "Dir::Cache=$work/apt" -o APT::Sandbox::User=root "$@"
}
quietly apt apt-get update
: >"$work/built-with"

# fetch PACKAGE: its sources, checked by apt and with Debian's patches, in $sources/PACKAGE.
fetch() {
    [ ! -e "$sources/$1.done" ] || { cat "$sources/$1.done" >>"$work/built-with"; return 0; }
    for version in $(apt apt-cache showsrc "$1" | sed -n 's/^Version: //p' | sort -rV); do
        rm -rf "$sources/fetched" "${sources:?}/$1"
        mkdir "$sources/fetched"
        if (cd "$sources/fetched" && apt apt-get source --download-only "$1=$version") >"$work/log" 2>&1 </dev/null; then
            quietly dpkg-source -x "$sources/fetched/"*.dsc "$sources/$1"
            echo "$1 $version" | tee "$sources/$1.done" >>"$work/built-with"
            return 0
        fi
    done
    cat "$work/log" >&2
    echo "build.sh: the sources of $1 cannot be fetched" >&2
    exit 1
}
flags="-O2 -ffunction-sections -fdata-sections -ffile-prefix-map=$sources=."
cc=$host-gcc-posix
# A library that is there is not made again: the programs would be compiled again as well.
# by_cmake NAME FOLDER OPTION...: configures, builds and installs.
by_cmake() {
    name=$1 folder=$2
    shift 2
    [ ! -e "$libraries/lib/lib$name.a" ] || return 0
    CRETULA_WINDOWS_LIBRARIES=$libraries quietly cmake -S "$sources/$folder" -B "$work/$folder" -G Ninja \
        -DCMAKE_TOOLCHAIN_FILE="$here/toolchain.cmake" -DCMAKE_INSTALL_PREFIX="$libraries" -DCMAKE_BUILD_TYPE=Release \
        -DBUILD_SHARED_LIBS=OFF "$@"
    quietly cmake --build "$work/$folder" --target install
}
# by_hand NAME FOLDER FILE...: a static library of a few sources, of which none is made for a DLL.
defined='-DUTF8PROC_STATIC -DYAML_DECLARE_STATIC -DYAML_VERSION_MAJOR=0 -DYAML_VERSION_MINOR=2 -DYAML_VERSION_PATCH=5 -DZSTD_DISABLE_ASM'
defined="$defined -DYAML_VERSION_STRING=\"0.2.5\""
by_hand() {
    name=$1 folder=$2
    shift 2
    [ ! -e "$libraries/lib/lib$name.a" ] || return 0
    objects=
    for file in "$@"; do
        # shellcheck disable=SC2086 # the flags are words
        object=$work/$name-${file##*/}.o
        quietly $cc $flags $defined -I"$libraries/include" -c "$folder/$file.c" -o "$object"
        objects="$objects $object"
    done
    # shellcheck disable=SC2086
    quietly $host-ar rcs "$libraries/lib/lib$name.a" $objects
}
# described NAME VERSION CFLAGS: what pkg-config says of it.
described() {
    printf 'Name: %s\nDescription: %s\nVersion: %s\nLibs: -L%s/lib %s\nCflags: -I%s/include %s\n' "$1" "$1" "$2" \
        "$libraries" "$3" "$libraries" "$4" >"$libraries/lib/pkgconfig/$1.pc"
}

for package in openssl jansson libyaml utf8proc zlib bzip2 xz-utils libzstd lz4 libarchive; do
    fetch $package
done

if [ ! -e "$libraries/lib/libcrypto.a" ]; then
    (
        cd "$sources/openssl"
        # shellcheck disable=SC2086
        quietly ./Configure mingw64 --cross-compile-prefix=$host- CC=gcc-posix --prefix=/cretula --libdir=lib \
            --openssldir=C:/nowhere no-shared no-module no-tests no-dso no-engine no-dynamic-engine no-afalgeng no-ssl \
            no-tls no-dtls no-comp no-srp no-psk no-ui-console no-legacy no-autoload-config no-async \
            -D_WIN32_WINNT=0x0A00 $flags
        quietly make build_generated
        quietly make -j "$(nproc)" libcrypto.a
        cp -R include/openssl "$libraries/include/"
        cp libcrypto.a "$libraries/lib/"
    )
fi

# printf of C11 instead of the system's, which writes %zu as it stands.
sed -i -e '/^#define snprintf  *_snprintf$/d' -e '/^#define vsnprintf  *_vsnprintf$/d' "$sources/jansson/src/jansson_private.h"
by_cmake jansson jansson -DJANSSON_BUILD_DOCS=OFF -DJANSSON_EXAMPLES=OFF -DJANSSON_WITHOUT_TESTS=ON \
    -DCMAKE_C_FLAGS="$flags -D__USE_MINGW_ANSI_STDIO=1"
if ! grep -q gnu_printf "$libraries/include/jansson.h"; then
    sed -i 's/format(printf/format(gnu_printf/' "$libraries/include/jansson.h"
    sed -i 's/#define JSON_INTEGER_FORMAT.*/#define JSON_INTEGER_FORMAT "lld"/' "$libraries/include/jansson_config.h"
fi

cp -u "$sources/libyaml/include/yaml.h" "$libraries/include/"
by_hand yaml "$sources/libyaml/src" api reader scanner parser loader writer emitter dumper
described yaml-0.1 0.2.5 -lyaml -DYAML_DECLARE_STATIC
by_hand utf8proc "$sources/utf8proc" utf8proc
cp -u "$sources/utf8proc/utf8proc.h" "$libraries/include/"
described libutf8proc 2.8.0 -lutf8proc -DUTF8PROC_STATIC
by_hand z "$sources/zlib" adler32 compress crc32 deflate inffast inflate inftrees trees uncompr zutil
cp -u "$sources/zlib/zlib.h" "$sources/zlib/zconf.h" "$libraries/include/"
by_hand bz2 "$sources/bzip2" blocksort huffman crctable randtable compress decompress bzlib
cp -u "$sources/bzip2/bzlib.h" "$libraries/include/"
by_hand lz4 "$sources/lz4/lib" lz4 lz4hc lz4frame xxhash
cp -u "$sources/lz4/lib/"lz4*.h "$libraries/include/"
by_cmake lzma xz-utils -DCMAKE_C_FLAGS="$flags"
# Its own project wants a compiler for C++.
for file in debug entropy_common error_private fse_decompress pool threading xxhash zstd_common; do
    set -- "$@" "common/$file"
done
for file in fse_compress hist huf_compress zstd_compress zstd_compress_literals zstd_compress_sequences \
    zstd_compress_superblock zstd_double_fast zstd_fast zstd_lazy zstd_ldm zstd_opt zstdmt_compress; do
    set -- "$@" "compress/$file"
done
for file in huf_decompress zstd_ddict zstd_decompress zstd_decompress_block; do
    set -- "$@" "decompress/$file"
done
shift
by_hand zstd "$sources/libzstd/lib" "$@"
cp -u "$sources/libzstd/lib/"z*.h "$libraries/include/"
by_cmake archive libarchive -DCMAKE_C_FLAGS="$flags -DLZMA_API_STATIC -DLIBARCHIVE_STATIC" \
    -DENABLE_TEST=OFF -DENABLE_TAR=OFF -DENABLE_CPIO=OFF -DENABLE_CAT=OFF -DENABLE_OPENSSL=OFF -DENABLE_NETTLE=OFF \
    -DENABLE_CNG=ON -DENABLE_LIBXML2=OFF -DENABLE_EXPAT=OFF -DENABLE_ICONV=OFF -DENABLE_ACL=OFF -DENABLE_XATTR=OFF \
    -DZLIB_WINAPI=OFF -DZLIB_WINAPI_WITH_LIB="$libraries/lib/libz.a" -DENABLE_LZO=OFF -DENABLE_LIBB2=OFF -DENABLE_PCREPOSIX=OFF -DENABLE_WERROR=OFF
[ -e "$libraries/lib/libarchive.a" ] || mv "$libraries/lib/libarchive_static.a" "$libraries/lib/libarchive.a"
described libarchive 3.6.2 -larchive -DLIBARCHIVE_STATIC
# Its header alone: the static program has no catalogue, and says so.
cp -u /usr/include/sqlite3.h "$libraries/include/"
described sqlite3 3.40.1 '' ''

CRETULA_WINDOWS_LIBRARIES=$libraries
export CRETULA_WINDOWS_LIBRARIES
quietly cmake -S "$root" --preset windows -B "$work/cretula" -G Ninja
quietly cmake --build "$work/cretula" --target cretula-verify cretula-sign
for program in verify sign; do
    name=cretula-$program.exe
    case $program in verify) folder=verifier ;; sign) folder=signer ;; esac
    $host-strip -o "$out/$name" "$work/cretula/$folder/$name"
    size=$(wc -c <"$out/$name")
    [ "$size" -lt 10485760 ] || { echo "build.sh: $name has $size bytes, 10 MiB and more" >&2; exit 1; }
done
(cd "$out" && sha256sum cretula-verify.exe cretula-sign.exe | tee SHA256SUMS)
{
    cat "$work/built-with"
    dpkg-query -W -f '${Package} ${Version}\n' "$cc" mingw-w64-x86-64-dev 2>/dev/null || true
} | sort -u >"$out/built-with"
