#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tries faults and power cuts in their heavy form, and writes what came of it into docs/testing.md.

    python3 -B tests/tools/fault_tables.py build/dev [--runs NAME;NAME] [--only faults|cuts]

--runs: only these commands of tests/e2e/lib/fault_case.py fail; what the table says of the others stays
(tests/tools/faults.tsv keeps it by command and kind), so that it can be done in parts. --only: the other table stays as
it is. Exit code 1: something was wrong; the table is not written then.
"""
import argparse
import datetime
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "testing.md"
KEPT = ROOT / "tests" / "tools" / "faults.tsv"
TABLES = {
    "faults": ("test_faults.py", "| faults | tried | as without it | undecided | not met | wrong | on |"),
    "cuts": ("test_power_cuts.py", "| command | steps | cuts | different states | judged | bad |"),
}


def today():
    return str(datetime.datetime.now(datetime.timezone.utc).date())


def tried(kind, build, runs):
    """What the test leaves, each line a list of words."""
    test = next((ROOT / "tests" / "e2e").rglob(TABLES[kind][0]))
    with tempfile.TemporaryDirectory() as folder:
        rows = pathlib.Path(folder, "rows")
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "tests" / "e2e" / "lib"), "CRETULA_BUILD": str(build), "CRETULA_TEST_HEAVY": "ON",
                       "CRETULA_FAULT_ROWS": str(rows), **({"CRETULA_FAULT_RUNS": runs} if runs else {})}
        which = ("Faults.test_no_answer_without_finding_out",) if runs else ()
        if subprocess.run([sys.executable, "-B", test, *which], env=environment, check=False).returncode != 0:
            sys.exit(1)
        return [line.split("\t") for line in rows.read_text("utf-8").splitlines()]


def kept(new):
    """(command, kind): day and counts; what was tried now in the place of what was known of the same commands."""
    lines = [line.split("\t") for line in KEPT.read_text("utf-8").splitlines()] if KEPT.exists() else []
    again = {row[0] for row in new}
    lines = [line for line in lines if line[0] not in again] + [[*row[:2], today(), *row[2:]] for row in new]
    KEPT.write_text("".join("\t".join(line) + "\n" for line in lines), "utf-8")
    return {(line[0], line[1]): (line[2], [int(count) for count in line[3:]]) for line in lines}


def fault_rows(found):
    """A row for each command, then one for each kind of fault, over all of them."""
    def row(name, place, key):
        chosen = [value for where, value in found.items() if where[place] == key]
        counts = [sum(column) for column in zip(*(counts for _, counts in chosen))]
        return [name, *(f"{count:,}" for count in (sum(counts), *counts)), max(day for day, _ in chosen)]
    return [row(name if place else f"`{name}`", place, name) for place in (0, 1) for name in dict.fromkeys(key[place] for key in found)]


def written(page, kind, rows):
    begin, end = f"<!-- {kind}: made by tests/tools/fault_tables.py -->", f"<!-- end of {kind} -->"
    before, rest = page.split(begin)
    head = TABLES[kind][1]
    lines = [head, "|---" * (head.count("|") - 1) + "|", *("| " + " | ".join(row) + " |" for row in rows)]
    if kind == "cuts":
        lines += ["", f"Tried on {today()}."]
    return f"{before}{begin}\n" + "\n".join(lines) + f"\n{end}" + rest.split(end)[1]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--runs")
    parser.add_argument("--only", choices=TABLES)
    options = parser.parse_args()
    for kind in TABLES:
        if options.only in (None, kind) and not (kind == "cuts" and options.runs):
            rows = tried(kind, options.build.resolve(), options.runs)
            PAGE.write_text(written(PAGE.read_text("utf-8"), kind, fault_rows(kept(rows)) if kind == "faults" else rows), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
