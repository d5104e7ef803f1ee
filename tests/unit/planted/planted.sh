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

# report CODE TEXT: a program that ends with 0 and leaves this text in the sanitizer's log.
report() {
    # shellcheck disable=SC2016 # expanded by the inner shell
    TEXT=$2 sh "$here/../memcheck.sh" sanitizer sh -c \
        'path=${ASAN_OPTIONS##*log_path=}; printf "%s\n" "$TEXT" >"${path%%:*}.1"' >/dev/null 2>&1
    status=$?
    if [ "$status" -ne "$1" ]; then
        printf '%s\n' "$2"
        echo "planted: this report gave exit code $status, expected $1"
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
    # Reports made up: what Criterion itself leaked is no finding, anything beside it is one.
    criterion='Direct leak of 48 byte(s) in 1 object(s) allocated from:
    #0 0x7f in __interceptor_calloc asan_malloc_linux.cpp:77
    #1 0x7f  (/lib/libcriterion.so.3+0x1a332)'
    ours='Direct leak of 8 byte(s) in 1 object(s) allocated from:
    #0 0x7f in __interceptor_malloc asan_malloc_linux.cpp:69
    #1 0x55 in make_it test.c:7
    #2 0x7f  (/lib/libcriterion.so.3+0xda4e)'
    report 0 "$criterion"
    report 9 "$ours"
    report 9 "$criterion
$ours"
    report 9 "ERROR: AddressSanitizer: heap-use-after-free
$criterion"
    ;;
esac
exit "$failures"
