# SPDX-License-Identifier: Apache-2.0
"""What the programs have to reach beside others on the same inputs, in one run: the rows of the page's first table."""
import dataclasses


@dataclasses.dataclass
class Goal:
    text: str
    workload: str
    job: str        # "verify" or "create"
    ours: str       # the name of a way
    baseline: str   # the name of another
    must: float     # times the baseline
    goal: float
    binds: str


GOALS = [
    Goal("verify W1, every digest", "W1", "verify", "check", "openssl dgst", 0.80, 0.72,
         "one SHA-256 of the whole image is one stream on one core; its tree beside it fills the other"),
    Goal("verify W1, `--fast`", "W1", "verify", "check --fast", "openssl dgst", 0.30, 0.20,
         "SHA-256 on each core, in as many lanes as its instructions have"),
    Goal("verify W2", "W2", "verify", "check", "openssl dgst", 0.40, 0.28, "hashing, on all cores; then the manifest, which is read by one"),
    Goal("verify W3", "W3", "verify", "check", "openssl cms", 1.0, 0.7, "start-up: the loader, OpenSSL's tables, one signature"),
    Goal("create W1, on disk", "W1", "create", "pack", "openssl cms", 0.50, 0.35, "writing and flushing"),
    Goal("create W2, on disk", "W2", "create", "pack", "openssl cms", 0.45, 0.30, "writing and flushing"),
    Goal("`check DIR` of W4", "W4", "verify", "check DIR", "loop over openssl cms", 0.50, 0.20,
         "a child for each archive, one signature each; the verdicts are told by one"),
]


EIGHT = 0.85  # of eight times the speed of one thread, with eight


@dataclasses.dataclass
class Memory:
    """MB, parent and child added: so much, and KiB for each file."""
    text: str
    workload: str
    must: float
    goal: float
    must_each: float
    goal_each: float


MEMORY = [Memory("memory of `check`, W1", "W1", 24, 12, 1.5, 1.0), Memory("memory of `check`, W2", "W2", 24, 12, 1.5, 1.0),
          Memory("memory of `check`, W3", "W3", 24, 12, 1.5, 1.0)]


def way_of(results, workload, job, name):
    """The way that a row is about, where it was measured; else None."""
    ways = results.get(workload, {}).get(job, [])
    return next((way for way in ways if way.name == name and way.median is not None), None)


def judge(goal, results):
    """(ratio, "met" or what is missed); (None, why) where one of the two was not measured."""
    ours, baseline = (way_of(results, goal.workload, goal.job, name) for name in (goal.ours, goal.baseline))
    if ours is None or baseline is None:
        return None, "not measured"
    ratio = ours.median / baseline.median
    return ratio, "goal met" if ratio <= goal.goal else "must met" if ratio <= goal.must else "missed"


def judge_memory(row, results, files):
    ours = way_of(results, row.workload, "verify", "check")
    if ours is None:
        return None, "not measured"
    goal, must = (base + each * files / 1024 for base, each in ((row.goal, row.goal_each), (row.must, row.must_each)))
    return ours.memory, "goal met" if ours.memory <= goal else "must met" if ours.memory <= must else "missed"
