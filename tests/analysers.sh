#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Static analysis of formats/, signer/ and verifier/. A finding fails the run; what was judged to be none stands with its
# reason: of clang-tidy in .clang-tidy, of cppcheck in tests/tools/cppcheck.supp, of gcc -fanalyzer in
# tests/tools/fanalyzer.supp. gcc reads the rooms that take the archive and DER apart: of the others its findings were not
# judged so far.
#   sh tests/analysers.sh [cppcheck|clang-tidy|fanalyzer] [FOLDER...]     default: all three, of everything
# Writes below build/analysers only. sh docs/dependencies.sh test installs what it needs.
set -eu
unset CDPATH
root=$(cd -- "$(dirname -- "$0")/.." && pwd -P)
out=$root/build/analysers
cd "$root"
tools='cppcheck clang-tidy fanalyzer'
case ${1:-} in
cppcheck | clang-tidy | fanalyzer)
    tools=$1
    shift
    ;;
esac
read_by_gcc=${*:-formats/container formats/trust/asn1 formats/trust/cms}
[ $# -gt 0 ] || set -- formats signer verifier
mkdir -p "$out/cppcheck"
cmake -S . -B "$out/build" -G Ninja -DCMAKE_EXPORT_COMPILE_COMMANDS=ON >"$out/configure.log"
# What the build makes and a source includes; what it says makes no difference here.
mkdir -p "$out/build/verifier/generated"
printf '#define CRET_RENDERER "0000000000000000"\n' >"$out/build/verifier/generated/renderer_id.h"

# Static sources, without those that another processor or another build has.
sources() {
    find "$@" -name '*.c' | LC_ALL=C sort | while read -r source; do
        ! grep -qF "/$source\"" "$out/build/compile_commands.json" || printf '%s\n' "$source"
    done
}

for tool in $tools; do
    case $tool in
    cppcheck)
        cppcheck --project="$out/build/compile_commands.json" --cppcheck-build-dir="$out/cppcheck" --std=c11 \
            --enable=warning,performance,portability --inline-suppr --suppress=missingIncludeSystem \
            --suppressions-list=tests/tools/cppcheck.supp --error-exitcode=1 --quiet -j "$(nproc)"
        ;;
    clang-tidy)
        sources "$@" | xargs -n 20 -P "$(nproc)" clang-tidy -p "$out/build" --quiet >"$out/clang-tidy.log" 2>&1 || {
            grep -E '(error|warning):' "$out/clang-tidy.log" >&2
            exit 1
        }
        ;;
    fanalyzer)
        # shellcheck disable=SC2086  # several folders
        sources $read_by_gcc | python3 -B tests/tools/fanalyzer.py "$out/build/compile_commands.json"
        ;;
    esac
    printf 'analysers.sh: %s found nothing\n' "$tool"
done
