#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# How much of formats/ and verifier/ the tests run: lines and branches, by gcov, for each room.
#   sh tests/coverage.sh [--unit] [--write]
#     --unit   the unit tests alone, without those that drive the programs
#     --write  put the figures into docs/testing.md
# What a process counts that was confined, or ended without its exit handlers, is lost: of verifier/child the unit
# tests alone are counted. Writes below build/coverage only.
set -eu
unset CDPATH
root=$(cd -- "$(dirname -- "$0")/.." && pwd -P)
out=$root/build/coverage
cd "$root"
programs=ON write=''
for argument in "$@"; do
    case $argument in
    --unit) programs=OFF ;;
    --write) write=--write ;;
    *)
        sed -n '4,6s/^# \{0,1\}//p' "$0" >&2
        exit 2
        ;;
    esac
done
mkdir -p "$out"
cmake -S . --preset coverage -G Ninja -DCRETULA_TEST_PREFIX=coverage/ -DCRETULA_E2E=$programs >"$out/configure.log"
if [ "$programs" = ON ]; then
    cmake --build "$out" >"$out/build.log"
    tests='^coverage/(unit-|e2e-(everyday|refusals|trust-cases|journal|record|tpm-anchor|advisories|sbom-matrix|diff|exports)$)'
else
    names=$(cd tests/unit && for room in */; do [ "$room" = portable/ ] || [ "$room" = planted/ ] || printf 'unit-%s ' "${room%/}"; done)
    # shellcheck disable=SC2086  # several names
    cmake --build "$out" --target $names >"$out/build.log"
    tests='^coverage/unit-'
fi
find "$out" -name '*.gcda' -delete
ctest --test-dir "$out" -j "$(nproc)" --output-on-failure -R "$tests"
# shellcheck disable=SC2086  # an option, or nothing
python3 -B tests/tools/coverage.py "$out" $write --what "$([ "$programs" = ON ] && echo 'unit tests and a part of the tests that drive the programs' || echo 'unit tests')"
