# SPDX-License-Identifier: Apache-2.0
"""The speed-up of `check` on more cores than the machine has: a simulation of its schedule, with costs measured here.

Tasks are handed out in ascending order to whichever worker is free, as base/system/workers does: a large file is one flat stream,
which is one task, and its tree in spans of 512 KiB; small files go in runs of 512 KiB. What one thread needs in all, measured,
is shared out over the tasks by their bytes; what is not the payload (start-up, front, manifest, verdict) is measured too, and runs
alone. Memory and disk are not simulated: they bind where the machine's do.
"""
import dataclasses
import heapq
import os
import statistics

from measure import Way, once
from peers import TRUST

SPAN, THRESHOLD = 512 << 10, 1 << 20
WORKERS = [1, 2, 4, 8, 16]


def sizes(lab):
    return [(lab.folder / "src" / name).stat().st_size for name in lab.files]


def tasks_of(lengths, fast):
    """[(kind, bytes)] in the order in which they are handed out: large files first, the flat streams before everything."""
    large = sorted((length for length in lengths if length > THRESHOLD), reverse=True)
    flat = [] if fast else [("flat", length) for length in large]
    tree = [("tree", min(SPAN, length - at)) for length in large for at in range(0, length, SPAN)]
    small, together = [], 0
    for length in lengths:
        if length > THRESHOLD:
            continue
        together += length
        if together >= SPAN:
            small.append(("small", together))
            together = 0
    return flat + tree + small + ([("small", together)] if together else [])


def schedule(costs, workers):
    """When the last of the tasks is done, each taken by the first worker that is free. Lists of ascending time are a heap."""
    free = [0.0] * workers
    for cost in costs:
        heapq.heapreplace(free, free[0] + cost)
    return max(max(free), 1e-9)


def measured(lab, words, rounds=3, what="processor"):
    """Of one thread the time of the processor is that of the clock, without what else the machine does."""
    way = Way("cost", [lab.verify, "check", "ours.tar", *TRUST, *words])
    runs = [once(way, lab.folder) for _ in range(rounds)]
    return statistics.median(run[what] for run in runs)


def costs_of(lab, fast):
    """(seconds that are not the payload, seconds of each task), of one thread."""
    smallest = min(lab.files, key=lambda name: (lab.folder / "src" / name).stat().st_size)
    alone = measured(lab, ["--only", f"payload/{smallest}", "--jobs", "1"])
    tree = max(0.0, measured(lab, ["--fast", "--jobs", "1"]) - alone)
    both = max(tree, measured(lab, ["--jobs", "1"]) - alone)
    tasks = tasks_of(sizes(lab), fast)
    amount = {kind: sum(length for one, length in tasks_of(sizes(lab), False) if one == kind) for kind in ("flat", "tree", "small")}
    each = {"flat": (both - tree) / max(1, amount["flat"]), "tree": tree / max(1, amount["tree"] + amount["small"])}
    each["small"] = each["tree"]
    return alone, [each[kind] * length for kind, length in tasks]


@dataclasses.dataclass
class Row:
    workers: int
    payload: float  # times as fast as one
    whole: float    # the same of the whole command
    stream: bool    # one file's flat stream is what takes that long
    measured: object = None  # the whole command, on the clock, where the machine has so many cores

    @property
    def ideal(self):
        return self.payload / self.workers


def rows_of(alone, costs):
    one = schedule(costs, 1)
    times = [(workers, schedule(costs, workers)) for workers in WORKERS]
    return [Row(workers, one / time, (alone + one) / (alone + time), workers > 1 and max(costs) >= 0.95 * time) for workers, time in times]


def simulate(lab, say):
    """{(workload, way): rows} of W1 and W2; nothing of the others."""
    if lab.name not in ("W1", "W2"):
        return {}
    say("  more cores: measuring costs for the simulation")
    found = {}
    for name, more in (("check", []), ("check --fast", ["--fast"])):
        rows = found[(lab.name, name)] = rows_of(*costs_of(lab, bool(more)))
        one, cores = (measured(lab, [*more, "--jobs", str(jobs)], what="seconds") for jobs in (1, len(os.sched_getaffinity(0))))
        for row in rows:
            row.measured = one / cores if row.workers == len(os.sched_getaffinity(0)) else None
    return found
