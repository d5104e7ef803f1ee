#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Builds fuzz targets and runs them, each in a process of its own; keeps the table of what was done (run.sh says how)."""
import argparse
import collections
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = ROOT / "tests" / "fuzz"
BUILD = ROOT / "build" / "fuzz"
RESULTS = HERE / "results.tsv"
PAGE = ROOT / "docs" / "testing.md"
BEGIN, END = "<!-- fuzzing: made by tests/fuzz/run.sh -->", "<!-- end of fuzzing -->"
COLUMNS = ("target", "processor seconds", "executions", "edges", "features", "findings")
LONGEST = 16384  # bytes of an input: what a parser does with more it does with so many
CORPUS = 64 << 10  # bytes that --keep leaves of one target's corpus

Done = collections.namedtuple("Done", "seconds executions edges features findings")


def targets():
    """{name: its options}, in the order of CMakeLists.txt: a line of targets.txt is a name, a dictionary, and more options."""
    names = re.findall(r"^cret_fuzz\((\w+)", (HERE / "CMakeLists.txt").read_text("utf-8"), re.M)
    lines = [line.split() for line in (HERE / "dictionaries" / "targets.txt").read_text("utf-8").splitlines()]
    options = {name: [f"-dict={HERE / 'dictionaries' / words}", *more] for name, words, *more in lines}
    return {name: options.get(name, []) for name in names}


def results():
    """{target: Done} of all runs so far."""
    if not RESULTS.exists():
        return {}
    rows = [line.split("\t") for line in RESULTS.read_text("utf-8").splitlines()[1:]]
    return {row[0]: Done(*(int(value) for value in row[1:])) for row in rows}


def table(rows):
    """What stands on the page."""
    lines = ["| target | processor time | executions | edges | features | findings |", "|---|---|---|---|---|---|"]
    for name in targets():
        done = rows.get(name, Done(0, 0, 0, 0, 0))
        lines.append(f"| `{name}` | {done.seconds // 60} min {done.seconds % 60} s | {done.executions:,} | {done.edges:,} "
                     f"| {done.features:,} | {done.findings} |")
    total = [sum(done[i] for done in rows.values()) for i in range(5)]
    lines.append(f"| all | {total[0] // 3600} h {total[0] // 60 % 60} min | {total[1]:,} | | | {total[4]} |")
    return "\n".join(lines)


def page(text, rows):
    head, rest = text.split(BEGIN)
    return f"{head}{BEGIN}\n{table(rows)}\n{END}{rest.split(END)[1]}"


def add(name, done):
    """Times, executions and findings add up; coverage is that of the best run."""
    rows = results()
    old = rows.get(name, Done(0, 0, 0, 0, 0))
    rows[name] = Done(old.seconds + done.seconds, old.executions + done.executions, max(old.edges, done.edges),
                      max(old.features, done.features), old.findings + done.findings)
    text = "\t".join(COLUMNS) + "\n" + "".join("\t".join((key, *map(str, rows[key]))) + "\n" for key in targets() if key in rows)
    RESULTS.write_text(text, "utf-8")
    PAGE.write_text(page(PAGE.read_text("utf-8"), rows), "utf-8")


def command(name, options, minutes):
    inputs = BUILD / "inputs" / name
    inputs.mkdir(parents=True, exist_ok=True)
    (BUILD / "findings").mkdir(exist_ok=True)
    program = [str(BUILD / "tests" / "fuzz" / f"fuzz-{name}"), f"-max_len={LONGEST}", "-timeout=30", "-rss_limit_mb=2048",
               f"-artifact_prefix={BUILD}/findings/{name}-", "-print_final_stats=1", *options]
    program.append(f"-max_total_time={round(minutes * 60)}" if minutes > 0 else "-runs=0")
    return ["nice", "-n", "19", *program, str(inputs), str(HERE / "corpus" / name)]


def number(pattern, text):
    found = re.findall(pattern, text)
    return int(found[-1]) if found else 0


def finish(name, process, log, usage):
    """What a run that ended has done."""
    text = log.read_text("utf-8", "replace")
    found = 0 if process == 0 else 1
    if found:
        print(f"\n{name}: FOUND, exit {process}; {log}\n" + "\n".join(text.splitlines()[-40:]))
    return Done(round(usage.ru_utime + usage.ru_stime), number(r"stat::number_of_executed_units:\s+(\d+)", text) or
                number(r"^#(\d+)", text), number(r"cov: (\d+)", text), number(r"ft: (\d+)", text), found)


def run(names, minutes, jobs):
    """Returns {target: Done}; at most `jobs` at a time."""
    waiting, running, done = list(names.items()), {}, {}
    while waiting or running:
        while waiting and len(running) < jobs:
            name, options = waiting.pop(0)
            subprocess.run(["cmake", "--build", BUILD, "--target", f"fuzz-{name}"], check=True, stdout=subprocess.DEVNULL)
            log = BUILD / f"{name}.log"
            with log.open("wb") as out:
                process = subprocess.Popen(command(name, options, minutes), stdout=out, stderr=out, cwd=BUILD,
                                           env={**os.environ, "ASAN_OPTIONS": "detect_leaks=1", "UBSAN_OPTIONS": "print_stacktrace=1"})
            running[process.pid] = name, log, process
            print(f"{time.strftime('%H:%M:%S')} {name}", flush=True)
        pid, status, usage = os.wait4(-1, 0)
        if pid in running:
            name, log, process = running.pop(pid)
            process.returncode = os.waitstatus_to_exitcode(status)
            done[name] = finish(name, process.returncode, log, usage)
            if minutes > 0:
                add(name, done[name])
    return done


def keep(name):
    """The smallest inputs that together reach what all reach become the corpus, as far as there is room."""
    folder = HERE / "corpus" / name
    with tempfile.TemporaryDirectory() as place:
        subprocess.run([BUILD / "tests" / "fuzz" / f"fuzz-{name}", "-set_cover_merge=1", f"-max_len={LONGEST}", place,
                        BUILD / "inputs" / name, folder], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        fixed = [path for path in folder.iterdir() if path.name.startswith("found-")]
        size = sum(path.stat().st_size for path in fixed)
        chosen = {}
        for path in sorted(pathlib.Path(place).iterdir(), key=lambda path: path.stat().st_size):
            size += path.stat().st_size
            if size <= CORPUS:
                chosen[hashlib.sha256(path.read_bytes()).hexdigest()[:16]] = path.read_bytes()
    for path in folder.iterdir():
        if path not in fixed:
            path.unlink()
    for digest, data in chosen.items():
        (folder / digest).write_bytes(data)
    shutil.rmtree(BUILD / "inputs" / name)


def main():
    parser = argparse.ArgumentParser(prog="sh tests/fuzz/run.sh")
    parser.add_argument("--minutes", type=float, default=0)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("targets", nargs="*", metavar="TARGET")
    options = parser.parse_args()
    known = targets()
    for name in options.targets:
        if name not in known:
            parser.error(f"no target {name}; there are {', '.join(known)}")
    chosen = {name: known[name] for name in options.targets or known}
    done = run(chosen, options.minutes, options.jobs)
    if options.keep:
        for name in chosen:
            keep(name)
    text = table(results() if options.minutes > 0 else done)
    (BUILD / "table.md").write_text(text + "\n", "utf-8")
    print(text)
    return 1 if any(one.findings for one in done.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
