#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs the fuzz targets of tests/fuzz (libFuzzer, clang, address and undefined-behaviour sanitizers).
#   sh tests/fuzz/run.sh [--minutes N] [--jobs N] [--keep] [TARGET...]
#     --minutes N  fuzz each target for so long, and add what was done to tests/fuzz/results.tsv and the
#                  table of docs/testing.md; without it, or 0: run the committed corpora once
#     --jobs N     targets at a time (as many as there are processors)
#     --keep       afterwards, the smallest inputs that reach all that was reached become the corpus
# Targets are lines of tests/fuzz/CMakeLists.txt; without any, all of them, in that order. What is
# found lies in build/fuzz/findings, inputs in build/fuzz/inputs. Exit 1: something was found.
set -eu
unset CDPATH
root=$(cd -- "$(dirname -- "$0")/../.." && pwd -P)
cd "$root"
if command -v ccache >/dev/null 2>&1; then
    CMAKE_C_COMPILER_LAUNCHER=ccache
    export CMAKE_C_COMPILER_LAUNCHER
fi
mkdir -p build/fuzz
cmake --preset fuzz -G Ninja >build/fuzz/configure.log 2>&1 || { cat build/fuzz/configure.log; exit 2; }
exec python3 -B tests/fuzz/run.py "$@"
