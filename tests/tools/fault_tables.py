#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tries faults and power cuts in their heavy form, and writes what came of it into docs/testing.md.

    python3 -B tests/tools/fault_tables.py build/dev [--runs NAME;NAME] [--only faults|cuts]

--runs: only these ways of tests/e2e/lib/fault_case.py. --only: the other table stays as it is. Exit code 1: something
was wrong; the table is not written then.
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
TABLES = {
    "faults": ("test_faults.py", "| faults | tried | as without it | undecided | not met | wrong |"),
    "cuts": ("test_power_cuts.py", "| command | steps | cuts | different states | judged | bad |"),
}


def tried(kind, build, runs):
    """The lines of a table, each a list of words."""
    test = next((ROOT / "tests" / "e2e").rglob(TABLES[kind][0]))
    with tempfile.TemporaryDirectory() as folder:
        rows = pathlib.Path(folder, "rows")
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "tests" / "e2e" / "lib"), "CRETULA_BUILD": str(build), "CRETULA_TEST_HEAVY": "ON",
                       "CRETULA_FAULT_ROWS": str(rows), **({"CRETULA_FAULT_RUNS": runs} if runs else {})}
        if subprocess.run([sys.executable, "-B", test], env=environment, check=False).returncode != 0:
            sys.exit(1)
        return [line.split("\t") for line in rows.read_text("utf-8").splitlines()]


def written(page, kind, rows):
    begin, end = f"<!-- {kind}: made by tests/tools/fault_tables.py -->", f"<!-- end of {kind} -->"
    before, rest = page.split(begin)
    head = TABLES[kind][1]
    today = datetime.datetime.now(datetime.timezone.utc).date()
    lines = [head, "|---" * (head.count("|") - 1) + "|", *("| " + " | ".join(row) + " |" for row in rows), "",
             f"Tried on {today}."]
    return f"{before}{begin}\n" + "\n".join(lines) + f"\n{end}" + rest.split(end)[1]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--runs")
    parser.add_argument("--only", choices=TABLES)
    options = parser.parse_args()
    for kind in TABLES:
        if options.only in (None, kind):
            rows = tried(kind, options.build.resolve(), options.runs)
            PAGE.write_text(written(PAGE.read_text("utf-8"), kind, rows), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
