#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures Cretula beside every other tool that is installed, on the same inputs, one after the other in turn.

    tests/bench/bench.py BUILD-FOLDER [--quick] [--json FILE]

makes its inputs from a seed below --folder, runs ours and the others several times, and writes medians, spreads, ratios and
memory into docs/performance.md, with the chart beside it. It installs nothing: what is not there is a row that says so. A plain
run needs 20 GB and about ten minutes; --quick takes a minute, and writes the page only where --page names one.
"""
import argparse
import dataclasses
import datetime
import json
import os
import pathlib
import re
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile

import cores
from goals import GOALS
from measure import Patience, Way, interleave
from page import machine, picture, put_between, tables
from peers import PACKAGES, TRUST, create_ways, many_ways, prepare_keys, verify_ways
from workloads import ROOT, SIZES, make, make_many

PAGE = ROOT / "docs" / "performance.md"
PROGRAMS = (("signer", "cretula-sign"), ("verifier", "cretula-verify"))
SCALE = ROOT / "docs" / "scale.md"


@dataclasses.dataclass
class Run:
    command: str
    date: str
    picture: str = ""  # its name beside the page
    results: dict = dataclasses.field(default_factory=dict)  # workload: {job: [Way]}
    labs: dict = dataclasses.field(default_factory=dict)
    instructions: list = dataclasses.field(default_factory=list)
    speedups: dict = dataclasses.field(default_factory=dict)  # (workload, way): [cores.Row]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
                                     epilog="Debian packages of the others: " + " ".join(PACKAGES))
    parser.add_argument("build", type=pathlib.Path, help="the folder that the programs were built in")
    parser.add_argument("--folder", type=pathlib.Path, default="/var/tmp", help="where the inputs are made, and removed (%(default)s)")
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_true", help="small inputs: a minute")
    size.add_argument("--large", action="store_true", help="20 GiB and 200,000 files, ours beside OpenSSL")
    size.add_argument("--tiny", action="store_true", help="inputs that only show that it works: seconds")
    parser.add_argument("--rounds", type=int, help="how often each is run")
    parser.add_argument("--only", action="append", choices=["W1", "W2", "W3", "W4"], help="this workload; repeated: these")
    parser.add_argument("--cores", action="store_true", help="also the speed-up on more cores, simulated from measured costs")
    parser.add_argument("--page", type=pathlib.Path, help="the page that is written; of a plain run docs/performance.md")
    parser.add_argument("--json", type=pathlib.Path, help="all runs, in this file")
    return parser.parse_args()


def gone(_, path, error):
    """An agent of gpg takes its sockets away by itself, where the folder that they lie in is removed."""
    if not issubclass(error[0], FileNotFoundError):
        raise error[1]


def say(text):
    print(text, flush=True)


def few(ways):
    """For large inputs: ours, and what the goals compare with."""
    return [way for way in ways if way.ours or way.name in ("openssl dgst", "openssl cms")]


def take_programs(build, folder):
    """As an installation leaves them. A linker writes its output here and there, so that the page cache holds it in small pieces, which a
    short run has to map one by one; the others' programs were written from one end to the other."""
    folder.mkdir()
    for place, name in PROGRAMS:
        shutil.copy(build / place / name, folder / name)


def bench_one(run, name, size, work, options):
    sign, verify = (work / "programs" / name for _, name in PROGRAMS)
    say(f"{name}: making the inputs")
    lab = make_many(size, work, sign, verify) if name == "W4" else make(name, size, work, sign, verify)
    run.labs[name], run.results[name] = lab, {}
    rounds = options.rounds or size.rounds * (5 if name == "W3" and size.name != "tiny" else 1)
    compared = tuple(goal.baseline for goal in GOALS if goal.workload == name)
    long = size.name == "full"
    creating, verifying = (Patience(compared, 0.0, 3.0), Patience(compared, 3.0, 8.0)) if long and name != "W3" else (Patience(), Patience())
    if name == "W4":
        run.results[name]["verify"] = interleave(many_ways(lab), lab.folder, rounds, verifying, say)
        return
    prepare_keys(lab.folder)
    choose = few if size.name == "large" else list
    say(f"  creating, {rounds} rounds")
    created = interleave(choose(create_ways(lab)), lab.folder, rounds, creating, say)
    say(f"  verifying, {rounds} rounds")
    ways = choose(verify_ways(lab, created))
    waiting = [way for way in ways if not way.reason]
    interleave(waiting, lab.folder, rounds, verifying, say)
    run.results[name] = {"verify": ways, "create": created}
    if name == "W3":
        run.instructions = instructions(lab)
    if options.cores:
        run.speedups.update(cores.simulate(lab, say))


def counted_by_perf(words, lab):
    """Instructions in user space of a command and what it starts; None where the processor's counters cannot be read."""
    out = lab.folder / "counted"
    done = subprocess.run(["perf", "stat", "-x", ",", "-e", "instructions:u", "-o", out, *words], cwd=lab.folder, check=False,
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    found = re.search(r"^(\d+),", out.read_text(), re.MULTILINE) if done.returncode == 0 and out.exists() else None
    return int(found.group(1)) if found else None


def counted_by_callgrind(words, lab):
    """The same, of a run that says it is not confined: valgrind has neither Landlock nor seccomp. The process that reads may write no file, and
    closes what it was not given, so that the counts come through a socket. A child's count begins with what its parent had done before."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(60)
        where = f"--log-socket=127.0.0.1:{server.getsockname()[1]}"
        running = subprocess.Popen(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", where, *words, "--allow-unconfined"],
                                   cwd=lab.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            with server.accept()[0] as connection, connection.makefile("rb") as stream:
                text = stream.read().decode(errors="replace")
        except OSError:
            text = ""
            running.kill()
        code = running.wait()
    found = [int(count) for count in re.findall(r"Collected : (\d+)", text)]
    return sum(found) if code == 0 and len(found) == 2 else None


def instructions(lab):
    """[(what, how many, or None)] of check, parent and child added."""
    ways = [count for program, count in (("perf", counted_by_perf), ("valgrind", counted_by_callgrind)) if shutil.which(program) is not None]
    rows = []
    for name, more in (("check", []), ("check --fast", ["--fast"])):
        words = [lab.verify, "check", "ours.tar", *TRUST, *more]
        rows.append((name, next((found for found in (count(words, lab) for count in ways) if found is not None), None)))
    return rows


def as_json(run):
    ways = {workload: {job: [{field.name: getattr(way, field.name) if field.name != "command" else str(way.command)
                              for field in dataclasses.fields(Way)} for way in found] for job, found in jobs.items()}
            for workload, jobs in run.results.items()}
    return {"command": run.command, "date": run.date, "machine": dict(machine()), "instructions": dict(run.instructions),
            "workloads": {name: lab.text for name, lab in run.labs.items()}, "results": ways}


def scale_figures(run):
    """What docs/scale.md reckons with: archives a second, of one machine."""
    ways = {way.name: way for way in run.results.get("W4", {}).get("verify", []) if way.median is not None}
    if "check DIR" not in ways:
        return None
    number = len(list((run.labs["W4"].folder / "dir").iterdir()))
    rate = number / ways["check DIR"].median
    hours = 100_000 / rate / 3600
    return (f"Measured {run.date}, {len(os.sched_getaffinity(0))} cores: `check DIR` of {run.labs['W4'].text} takes "
            f"{ways['check DIR'].median:.2f} s, which is {rate:.0f} archives a second, or {100_000 / rate:.0f} s ({hours:.2f} h) for 100,000 of them.")


def write(run, page, size):
    page = page.resolve()
    if size.name != "large":
        run.picture = "performance.svg"
        page.with_name(run.picture).write_text(picture(run))
    page.write_text(put_between(page.read_text(), "large" if size.name == "large" else "figures", tables(run)))
    say(f"written: {page}")
    figures = scale_figures(run)
    if page == PAGE and figures is not None and SCALE.exists():
        SCALE.write_text(put_between(SCALE.read_text(), "figures", figures))
        say(f"written: {SCALE}")


def main():
    options = arguments()
    options.build = options.build.resolve()
    size = SIZES["quick" if options.quick else "large" if options.large else "tiny" if options.tiny else "full"]
    names = options.only or (["W1", "W2"] if size.name == "large" else ["W1", "W2", "W3", "W4"])
    command = "tests/bench/bench.py " + shlex.join(word for word in sys.argv[1:])
    run = Run(command, datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d"))
    page = options.page or (PAGE if size.name in ("full", "large") and not options.only else None)
    with tempfile.TemporaryDirectory(prefix="cretula-bench-", dir=options.folder) as place:
        work = pathlib.Path(place)
        take_programs(options.build, work / "programs")
        for name in names:
            bench_one(run, name, size, work, options)
            if name != "W4":
                shutil.rmtree(work / name, onerror=gone)
        if options.json is not None:
            options.json.write_text(json.dumps(as_json(run), indent=1))
        if page is not None:
            write(run, page, size)
        else:
            say(tables(run))


if __name__ == "__main__":
    main()
