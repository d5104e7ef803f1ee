#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# parallel.sh INDEX SLICES RESULTS OPTION...: all slices on this machine with GNU parallel. One slice at a time: a check uses all cores itself.
# What was done already is not done again, so that an interrupted run goes on where it was. More machines: add --sshlogin to PARALLEL.
set -eu
[ $# -ge 4 ] || { echo "usage: parallel.sh INDEX SLICES RESULTS OPTION..." >&2; exit 2; }
here=$(cd -- "$(dirname -- "$0")" && pwd -P)
index=$1 slices=$2 results=$3
shift 3
mkdir -p -- "$results"
seq 0 $((slices - 1)) |
    parallel --jobs 1 --joblog "$results/parallel.log" --resume-failed --quote sh "$here/slice.sh" "$index" "$slices" '{}' "$results" "$@"
sh "$here/merge.sh" "$index" "$slices" "$results"
