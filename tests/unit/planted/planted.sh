#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Shows that memcheck.sh reports faults, and nothing where there is none.
#   planted.sh valgrind|sanitizer PROGRAM
set -u
checker=$1
program=$2
here=$(dirname -- "$0")
failures=0

# expect CODE TEST PATTERN
expect() {
    output=$(sh "$here/../memcheck.sh" "$checker" "$program" --filter "planted/$2" 2>&1)
    status=$?
    if [ "$status" -ne "$1" ] || ! printf '%s\n' "$output" | grep -q "$3"; then
        printf '%s\n' "$output"
        echo "planted: $checker, fault '$2': exit code $status, expected $1 and the text '$3'"
        failures=$((failures + 1))
    fi
}

expect 0 none 'Failing: 0'
case $checker in
valgrind)
    expect 9 overread 'Invalid read'
    expect 9 uninitialized 'uninitialised value'
    expect 9 leak 'definitely lost'
    ;;
sanitizer)
    expect 9 overread 'heap-buffer-overflow'
    expect 9 leak 'detected memory leaks'
    expect 1 overflow 'signed integer overflow'
    ;;
esac
exit "$failures"
