# SPDX-License-Identifier: Apache-2.0
"""The tables of docs/performance.md, between its markers, of one run; and the command and machine that made them."""
import os
import pathlib
import platform
import subprocess

from chart import chart, seconds
from goals import EIGHT, GOALS, MEMORY, judge, judge_memory, way_of

JOBS = {"verify": "verifying", "create": "creating and signing, until it is on disk"}


def said(*words):
    """The first line of what a command prints; what there is not is nothing."""
    try:
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        return (done.stdout.splitlines() or [""])[0].strip()
    except OSError:
        return ""


def machine():
    """[(what, value)]: what the figures depend on."""
    text = pathlib.Path("/proc/cpuinfo").read_text()
    fields = {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in text.splitlines())}
    flags = set(fields.get("flags", fields.get("Features", "")).split())
    kibibytes = int(pathlib.Path("/proc/meminfo").read_text().split()[1])
    return [("processor", f"{fields.get('model name', platform.machine())}, {len(os.sched_getaffinity(0))} cores, SHA-256 instructions: "
             f"{'yes' if flags & {'sha_ni', 'sha2'} else 'no'}"),
            ("memory", f"{kibibytes / (1 << 20):.0f} GiB"), ("kernel", platform.release()), ("OpenSSL", said("openssl", "version"))]


def table(head, rows):
    return "\n".join(["| " + " | ".join(head) + " |", "|" + "---|" * len(head), *("| " + " | ".join(row) + " |" for row in rows)])


def cell(text):
    return " ".join(str(text).replace("|", "/").split())


def goals_table(results, labs, speedups):
    rows = []
    for goal in GOALS:
        ratio, word = judge(goal, results)
        rows.append([goal.text, f"{goal.must:.2f} x {goal.baseline}", f"{goal.goal:.2f} x", "-" if ratio is None else f"{ratio:.2f} x", word,
                     goal.binds])
    for row in MEMORY:
        files = len(labs[row.workload].files) if row.workload in labs else 0
        value, word = judge_memory(row, results, files)
        rows.append([row.text, f"{row.must:.0f} MB + {row.must_each} KiB a file", f"{row.goal:.0f} MB + {row.goal_each} KiB a file",
                     "-" if value is None else f"{value:.1f} MB", word, "the manifest, kept once by the child and once by the parent"])
    for (workload, name), speedup in speedups.items():
        eight = next(row for row in speedup if row.workers == 8)
        word = "one flat stream binds" if eight.stream else "must met" if eight.ideal >= EIGHT else "missed"
        rows.append([f"8 threads on the payload, `{name}` of {workload} (simulated)", f"{100 * EIGHT:.0f} % of 8 times one, until memory or disk binds", "",
                     f"{100 * eight.ideal:.0f} %", word, "one SHA-256 of one file" if eight.stream else "memory or disk, which are not simulated"])
    return table(["", "must", "goal", "measured", "", "what binds"], rows)


def cores_table(speedups):
    """Of every simulated number of threads."""
    rows = [[f"`{name}` of {workload}", str(row.workers), f"{row.payload:.2f}", f"{100 * row.ideal:.0f} %", f"{row.whole:.2f}",
             "-" if row.measured is None else f"{row.measured:.2f}", "one SHA-256 of one file" if row.stream else "hashing"] for (workload, name), speedup in speedups.items() for row in speedup]
    head = ["more cores: simulated, from costs measured on this machine", "threads", "payload, times one", "of the ideal", "whole command, times one",
            "the same, measured", "what binds"]
    return [table(head, rows)] if rows else []


def reads(way):
    return {True: "yes", False: "**no**", None: "not asked"}[way.notices]


def ways_table(ways, baseline, asked):
    """The measured ones by time; then, with their reasons, those without one. asked: whether they were to notice a changed byte."""
    rows = []
    for way in sorted((way for way in ways if way.median is not None), key=lambda one: one.median):
        low, high = way.spread
        name = f"**{way.name}**" if way.ours else way.name
        ratio = f"{way.median / baseline.median:.2f}" if baseline is not None else "-"
        rows.append([name, seconds(way.median), f"{seconds(low)} to {seconds(high)}", ratio, seconds(way.processor),
                     f"{way.memory:.1f}" if way.memory > 0 else "-", str(len(way.runs)), *([reads(way)] if asked else []), cell(way.note)])
    for way in ways:
        if way.reason:
            # Apart, so that what another tool says is not taken for an option of ours.
            rows.append([way.name, *["-"] * 5, "0", *(["-"] if asked else []), cell(way.reason).replace("--", "- -")])
    head = ["", "median", "least to most", "x baseline", "processor", "memory, MB", "runs"]
    return table([*head, *(["notices a changed byte"] if asked else []), ""], rows)


def baseline_of(workload, job, results):
    """The way that the goals of this workload are compared with, or OpenSSL's."""
    names = [goal.baseline for goal in GOALS if goal.workload == workload and goal.job == job] + ["openssl cms"]
    return next((way for way in (way_of(results, workload, job, name) for name in names) if way is not None), None)


def sections(results, labs):
    parts = []
    for workload, jobs in results.items():
        parts.append(f"### {workload}: {labs[workload].text}")
        for job, ways in jobs.items():
            baseline = baseline_of(workload, job, results)
            against = f" The baseline is {baseline.name}." if baseline is not None else ""
            parts.append(f"{workload}, {JOBS[job]}.{against}\n\n{ways_table(ways, baseline, job == 'verify')}")
    return parts


def tables(run):
    """run: picture, command, date, results, labs, instructions, speedups. The text between the markers."""
    made = table(["made by", f"`{run.command}`"], [["on", run.date], *([name, cell(value)] for name, value in machine())])
    parts = [f"![Times of Cretula and other tools: bars of medians]({run.picture})"] if run.picture else []
    parts += [made, goals_table(run.results, run.labs, run.speedups)]
    if run.instructions:
        rows = [[f"`{name}`", "not counted: no counters here, and no callgrind" if count is None else f"{count / 1e6:.1f}"]
                for name, count in run.instructions]
        parts.append(table(["instructions of W3, both processes (perf stat; else callgrind with `--allow-unconfined`: no SHA-256 instructions, and start-up in both)",
                            "millions"], rows))
    parts += cores_table(run.speedups)
    return "\n\n".join([*parts, *sections(run.results, run.labs)])


def picture(run):
    panels = [(f"{workload}, {JOBS[job]}: {run.labs[workload].text}", ways)
              for workload, jobs in run.results.items() for job, ways in jobs.items()]
    return chart(panels, f"Medians; the line in a bar is its spread; a bar with \u00bb goes on. {run.date}, {dict(machine())['processor']}")


def put_between(text, name, made):
    """text with what is between the two markers of that name replaced. ValueError: they are not there."""
    begin, end = f"<!-- {name}: made by tests/bench/bench.py -->", f"<!-- end of {name} -->"
    if text.count(begin) != 1 or text.count(end) != 1 or text.index(begin) > text.index(end):
        raise ValueError(f"the page needs the lines {begin} and {end}, once, in this order")
    head, rest = text.split(begin)
    return f"{head}{begin}\n\n{made}\n\n{end}{rest.split(end)[1]}"
