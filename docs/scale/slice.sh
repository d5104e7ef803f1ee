#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# slice.sh INDEX SLICES NUMBER RESULTS OPTION...: checks every SLICES-th archive of INDEX, from the NUMBER-th on (0 to SLICES - 1), with
# these options of `cretula-verify check`. Leaves RESULTS/NUMBER.tsv (verdict and path, a line each) and RESULTS/NUMBER.jsonl (the records),
# whole or not at all. Exit 0: each archive has a verdict, whatever it is (merge.sh tells); 3: not each, run the slice again.
set -eu
[ $# -ge 5 ] || { echo "usage: slice.sh INDEX SLICES NUMBER RESULTS OPTION..." >&2; exit 2; }
index=$1 slices=$2 number=$3 results=$4
shift 4
case $slices$number in *[!0-9]*) echo "slice.sh: SLICES and NUMBER are numbers" >&2; exit 2 ;; esac
[ "$number" -lt "$slices" ] || { echo "slice.sh: NUMBER is 0 to SLICES - 1, and it is $number of $slices" >&2; exit 2; }
mkdir -p -- "$results"
work=$(mktemp -d "$results/.slice-XXXXXX")
trap 'rm -rf -- "$work"' EXIT
awk -v slices="$slices" -v number="$number" '(NR - 1) % slices == number' "$index" > "$work/names"
# xargs answers 123 where a check ended with 1 to 125: a refusal is a result.
status=0
xargs -r -d '\n' -n 1000 -a "$work/names" "${CRETULA_VERIFY:-cretula-verify}" check --json "$@" > "$work/records" || status=$?
[ "$status" -eq 0 ] || [ "$status" -eq 123 ] || { echo "slice.sh: slice $number: the checks did not run (exit $status)" >&2; exit 3; }
jq -c . "$work/records" > "$work/lines"
jq -r '.result.verdict // .verdict // "UNDECIDED"' "$work/lines" > "$work/verdicts"
[ "$(wc -l < "$work/verdicts")" -eq "$(wc -l < "$work/names")" ] ||
    { echo "slice.sh: slice $number: not every archive has a verdict" >&2; exit 3; }
paste "$work/verdicts" "$work/names" > "$work/result"
mv -- "$work/lines" "$results/$number.jsonl"
mv -- "$work/result" "$results/$number.tsv"
