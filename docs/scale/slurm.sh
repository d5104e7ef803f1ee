#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A Slurm array, a task a slice:
#   sbatch --array=0-99 slurm.sh INDEX RESULTS OPTION...
# then, when it is done: sh merge.sh INDEX 100 RESULTS. INDEX, RESULTS and the archives lie where every node sees them under the same path;
# SCALE is the folder of these scripts, likewise.
#SBATCH --job-name=cretula-mirror
#SBATCH --cpus-per-task=8
#SBATCH --mem=1G
#SBATCH --time=01:00:00
#SBATCH --requeue
set -eu
[ $# -ge 3 ] || { echo "usage: sbatch --array=0-N slurm.sh INDEX RESULTS OPTION..." >&2; exit 2; }
index=$1 results=$2
shift 2
exec sh "$SCALE/slice.sh" "$index" "$SLURM_ARRAY_TASK_COUNT" "$SLURM_ARRAY_TASK_ID" "$results" "$@"
