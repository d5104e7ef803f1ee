#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# merge.sh INDEX SLICES RESULTS: one result of all slices, RESULTS/result.tsv, in the order of INDEX; prints how many there are of each verdict,
# and every archive that was not accepted. Exit 0: each archive of INDEX was accepted; 1: one was refused; 3: one is undecided, partial,
# or has no verdict.
set -eu
[ $# -eq 3 ] || { echo "usage: merge.sh INDEX SLICES RESULTS" >&2; exit 2; }
index=$1 slices=$2 results=$3
number=0
rm -f -- "$results/result.tsv"
while [ "$number" -lt "$slices" ]; do
    [ -f "$results/$number.tsv" ] || { echo "merge.sh: slice $number of $slices has no result: run it again" >&2; exit 3; }
    number=$((number + 1))
done
work=$(mktemp -d "$results/.merge-XXXXXX")
trap 'rm -rf -- "$work"' EXIT
number=0
while [ "$number" -lt "$slices" ]; do
    cat -- "$results/$number.tsv"
    number=$((number + 1))
done | LC_ALL=C sort -t "$(printf '\t')" -k 2 > "$work/result"
cut -f 2 "$work/result" | cmp -s - "$index" ||
    { echo "merge.sh: the results are not of the archives of this index, each once" >&2; exit 3; }
cut -f 1 "$work/result" | LC_ALL=C sort | uniq -c
awk -F '\t' '$1 != "ACCEPTED"' "$work/result"
mv -- "$work/result" "$results/result.tsv"
if awk -F '\t' '$1 == "REFUSED" { found = 1 } END { exit !found }' "$results/result.tsv"; then
    exit 1
fi
awk -F '\t' '$1 != "ACCEPTED" && $1 != "ACCEPTED WITH WAIVERS" { found = 1 } END { exit found }' "$results/result.tsv" || exit 3
