#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# index.sh FOLDER: the archives (*.tar) in FOLDER and below, by their whole paths, one a line, sorted. Exit 2 where there are none, or
# where a name holds what would not be one line and one column.
set -eu
[ $# -eq 1 ] || { echo "usage: index.sh FOLDER" >&2; exit 2; }
folder=$(cd -- "$1" && pwd -P)
odd=$(find "$folder" -type f -name '*.tar' -name '*[[:cntrl:]]*' | wc -l)
[ "$odd" -eq 0 ] || { echo "index.sh: $odd lines of names with control characters below $folder: rename these files" >&2; exit 2; }
names=$(find "$folder" -type f -name '*.tar' | LC_ALL=C sort)
[ -n "$names" ] || { echo "index.sh: there is no archive (*.tar) below $folder" >&2; exit 2; }
printf '%s\n' "$names"
