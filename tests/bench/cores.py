# SPDX-License-Identifier: Apache-2.0
"""The speed-up of `check` on more cores than the machine has: a simulation of its schedule, with costs measured here.

Tasks are handed out in ascending order to whichever worker is free, as base/system/workers does: a large file is one flat stream,
which is one task, and its tree in spans of 512 KiB; small files go in runs of 512 KiB. What one thread needs in all, measured,
is shared out over the tasks by their bytes; what is not the payload (start-up, front, manifest, verdict) is measured too, and runs
alone. Memory and disk are not simulated: they bind where the machine's do.
"""
import heapq
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


def measured(lab, words, rounds=3):
    """Of one thread the time of the processor is that of the clock, without what else the machine does."""
    way = Way("cost", [lab.verify, "check", "ours.tar", *TRUST, *words])
    runs = [once(way, lab.folder) for _ in range(rounds)]
    return statistics.median(run["processor"] for run in runs)


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


def rows_of(lab, name, fast):
    alone, costs = costs_of(lab, fast)
    one = schedule(costs, 1)
    rows = []
    for workers in WORKERS:
        time = schedule(costs, workers)
        longest = max(costs)
        binds = "the flat stream of one file" if longest >= 0.95 * time and workers > 1 else "hashing"
        rows.append([name, str(workers), f"{one / time:.2f}", f"{100 * one / time / workers:.0f} %", f"{(alone + one) / (alone + time):.2f}", binds])
    return rows


def tables(lab, say):
    """The table of one workload (W1, W2), as a list of texts; nothing of the others."""
    if lab.name not in ("W1", "W2"):
        return []
    say("  more cores: measuring costs for the simulation")
    rows = rows_of(lab, "check", False) + (rows_of(lab, "check --fast", True) if lab.name == "W1" else [])
    head = ["simulated from costs measured on this machine", "threads", "payload: speed-up", "of the ideal", "whole command: speed-up", "what binds"]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head), *("| " + " | ".join(row) + " |" for row in rows)]
    return [f"### More cores, {lab.name} (simulated)\n\n" + "\n".join(lines)]
