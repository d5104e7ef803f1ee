#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Static analysis of formats/, signer/ and verifier/ by cppcheck: warnings, performance, portability. A finding
# fails the run; those that are none stand, each with its reason, in tests/tools/cppcheck.supp.
#   sh tests/analysers.sh
# Writes below build/analysers only. sh docs/dependencies.sh test installs what it needs.
set -eu
unset CDPATH
root=$(cd -- "$(dirname -- "$0")/.." && pwd -P)
out=$root/build/analysers
cd "$root"
mkdir -p "$out/cppcheck"
cmake -S . -B "$out/build" -G Ninja >"$out/configure.log"
cppcheck --project="$out/build/compile_commands.json" --cppcheck-build-dir="$out/cppcheck" --std=c11 \
    --enable=warning,performance,portability --inline-suppr --suppress=missingIncludeSystem \
    --suppressions-list=tests/tools/cppcheck.supp --error-exitcode=1 --quiet -j "$(nproc)"
printf 'analysers.sh: cppcheck found nothing\n'
