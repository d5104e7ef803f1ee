#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Everything that must pass: builds with gcc, clang, and the sanitizers of gcc (warnings are errors),
# then runs all tests of all builds in one ctest run, whose summary ends the output.
#   sh tests/run.sh [--all] [--no-install]
#     --all         the heavy tests too (payloads of several GiB, long kill series, every fault and power
#                   cut, valgrind; of the end-to-end tests the sanitizers get test_signer.py only, as
#                   without --all), and before them static analysis (analysers.sh), the fuzz targets'
#                   inputs (fuzz/run.sh), coverage (coverage.sh), a Debian 13 folder with OpenSSL 3.5
#                   (debian13.sh), the packages in
#                   fresh folders (packages.sh), the static verifier (static.sh), the program for
#                   Windows under wine (windows.sh), other processors in an emulator (machines.sh).
#                   What cannot be done here is skipped; the end says why
#     --no-install  do not install missing packages (docs/dependencies.md)
# Needs nothing but a Debian 12 and, the first time, root or sudo. Writes below build/ only.
set -eu
unset CDPATH
root=$(cd -- "$(dirname -- "$0")/.." && pwd -P)
out=$root/build/tests
all=no
install=yes

for argument in "$@"; do
    case $argument in
    --all) all=yes ;;
    --no-install) install=no ;;
    *)
        sed -n '3,15s/^# \{0,1\}//p' "$0" >&2
        exit 2
        ;;
    esac
done

started=$(date +%s)
stage() {
    printf '\n==> [%4d s] %s\n' "$(($(date +%s) - started))" "$1"
}

# logged NAME COMMAND...: the output goes to a file, and is shown where the command fails.
logged() {
    log=$out/$1.log
    shift
    "$@" >"$log" 2>&1 </dev/null || {
        status=$?
        cat "$log"
        printf '\nrun.sh: failed with exit code %s: %s\n' "$status" "$*"
        exit 1
    }
}

# build NAME OPTION...: configures preset NAME with further options and builds it.
build() {
    name=$1
    shift
    stage "Build $name"
    logged "configure-$name" cmake -S "$root" --preset "$name" -G Ninja "$@"
    logged "build-$name" cmake --build "$root/build/$name"
}

mkdir -p "$out"
cd "$root"
if [ "$install" = yes ]; then
    stage "Packages of docs/dependencies.md"
    sh docs/dependencies.sh build test
fi

# ajv, axe-core and others, as locked; again only where the lock file changed.
npm=$out/npm
if ! cmp -s tests/e2e/npm/package-lock.json "$npm/installed-lock.json"; then
    stage "Packages of tests/e2e/npm"
    rm -rf "$npm"
    mkdir -p "$npm"
    cp tests/e2e/npm/package.json tests/e2e/npm/package-lock.json "$npm/"
    logged npm npm ci --prefix "$npm" --no-audit --no-fund --ignore-scripts
    cp "$npm/package-lock.json" "$npm/installed-lock.json"
fi

if command -v ccache >/dev/null 2>&1; then
    CMAKE_C_COMPILER_LAUNCHER=ccache
    export CMAKE_C_COMPILER_LAUNCHER
fi
# The first build runs every vector; in a plain run the one with sanitizers, which is slow, some.
with_heavy=OFF every=4
[ "$all" = no ] || with_heavy=ON every=1
build dev -DCRETULA_VALGRIND=$with_heavy -DCRETULA_TEST_HEAVY=$with_heavy -DCRETULA_NODE_MODULES="$npm/node_modules"
build dev-clang -DCRETULA_TEST_PREFIX=clang/ -DCRETULA_E2E=OFF
build asan-ubsan -DCRETULA_TEST_PREFIX=asan/ -DCRETULA_VECTORS_EVERY=$every \
    -DCRETULA_NODE_MODULES="$npm/node_modules"

skipped=''
skip() {
    skipped="$skipped  $1: $2
"
}

# heavy NAME TITLE "NEEDED PROGRAMS" COMMAND...: a stage, or the reason why there is none.
heavy() {
    name=$1 title=$2 needed=$3
    shift 3
    for program in $needed; do
        if ! command -v "$program" >/dev/null 2>&1; then
            skip "$title" "$program is not installed"
            return 0
        fi
    done
    case " $needed " in
    *' debootstrap '*)
        if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null 2>&1; then
            skip "$title" "it needs root or sudo, for a folder with another Debian"
            return 0
        fi
        ;;
    esac
    stage "$title"
    logged "$name" "$@"
}

if [ "$all" = yes ]; then
    heavy analysers "Static analysis" "cppcheck clang-tidy" sh tests/analysers.sh
    heavy fuzz "Inputs of the fuzz targets, with clang's sanitizers" clang sh tests/fuzz/run.sh
    heavy coverage "Coverage" gcov sh tests/coverage.sh
    heavy debian13 "Debian 13, OpenSSL 3.5: build, unit tests, post-quantum tests" debootstrap sh tests/debian13.sh
    heavy packages "Debian packages on 12 and 13: built, installed, used, removed" debootstrap sh tests/packages.sh
    heavy static "Static verifier: built twice, run alone" "debootstrap skopeo" sh tests/static.sh
    heavy windows "Verifier for Windows: built, run under wine" "x86_64-w64-mingw32-gcc-posix wine" sh tests/windows.sh
    for machine in s390x armhf arm64; do
        heavy "machine-$machine" "Vectors and unit tests on $machine, in an emulator" "debootstrap qemu-arm-static" \
            sh tests/machines.sh "$machine"
    done
    skip "Fuzzing" "it takes hours: sh tests/fuzz/run.sh --minutes 60"
    skip "Refusals taken out one at a time" "it takes hours: tests/tools/refusals.py"
fi

stage "Tests"
cat >"$out/CTestTestfile.cmake" <<END
subdirs("$root/build/dev" "$root/build/dev-clang" "$root/build/asan-ubsan")
END
# Programs must not depend on the caller's language or time zone.
LC_ALL=C.UTF-8 TZ=UTC0
export LC_ALL TZ
status=0
ctest --test-dir "$out" --output-on-failure --no-tests=error -j "$(nproc)" || status=$?
if [ -n "$skipped" ]; then
    printf '\nSkipped:\n%s' "$skipped"
fi
exit "$status"
