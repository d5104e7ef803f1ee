#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs a Criterion program under a memory checker; exit 9 where that reported anything.
#   memcheck.sh valgrind|sanitizer PROGRAM [ARGUMENT...]
# Criterion runs each test in a process of its own and does not look at how that ends once the test
# is over: it misses what is reported at exit (leaks), and under valgrind everything. So the reports
# are collected in files, one for each process, and any text in one of them fails the run.
set -u
checker=$1
shift
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT

case $checker in
valgrind)
    # A filter of the caller's wins; else all tests but those that take valgrind too long.
    if [ $# -eq 1 ]; then
        skip=$(sed '/^#/d' "$(dirname -- "$0")/valgrind-skip.txt" | paste -sd '|')
        set -- "$1" --filter "!($skip)"
    fi
    valgrind --quiet --trace-children=yes '--trace-children-skip=/usr/bin/*,/bin/*' --fair-sched=yes \
        --suppressions="$(dirname -- "$0")/valgrind.supp" --leak-check=full --errors-for-leak-kinds=definite \
        --show-leak-kinds=definite --log-file="$logs/%p" "$@"
    status=$?
    # A system call that this valgrind does not know is one that the kernel does not have: no finding.
    sed -i '/^--[0-9]*-- WARNING: unhandled [a-z0-9]*-linux syscall: /,+4d' "$logs"/*
    # One log for each process, empty where all is well: without those of the tests' own processes
    # nothing was watched.
    if [ "$(find "$logs" -type f | wc -l)" -lt 2 ]; then
        echo "memcheck: no test ran under valgrind" >&2
        exit 9
    fi
    ;;
sanitizer)
    # Reports are judged by the logs alone, so that a leak of Criterion's own (below) leaves the
    # program's exit code as it is.
    ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}log_path=$logs/asan:detect_leaks=1:exitcode=0
    UBSAN_OPTIONS=${UBSAN_OPTIONS:+$UBSAN_OPTIONS:}print_stacktrace=1
    export ASAN_OPTIONS UBSAN_OPTIONS
    "$@"
    status=$?
    ;;
*)
    echo "memcheck: unknown checker $checker" >&2
    exit 2
    ;;
esac

# Criterion now and then leaks what it allocated itself: a log that holds nothing but leaks whose
# memory libcriterion asked for (frame 1; frame 0 is the allocator) is no finding. A suppression of
# the sanitizer cannot say that: it looks at every frame, and Criterion calls all tests.
forget_leaks_of_criterion() {
    for log in "$logs"/*; do
        [ -s "$log" ] || continue
        leaks=$(grep -c '^\(Direct\|Indirect\) leak of ' "$log")
        own=$(grep -c '^ *#1 .*/libcriterion\.so' "$log")
        others=$(grep -c 'ERROR: AddressSanitizer\|runtime error:' "$log")
        [ "$leaks" -eq 0 ] || [ "$leaks" -ne "$own" ] || [ "$others" -ne 0 ] || : >"$log"
    done
}
[ "$checker" = valgrind ] || forget_leaks_of_criterion

if [ -n "$(find "$logs" -type f -size +0)" ]; then
    cat "$logs"/* >&2
    echo "memcheck: $checker reported errors (above); the program itself ended with $status" >&2
    exit 9
fi
exit "$status"
