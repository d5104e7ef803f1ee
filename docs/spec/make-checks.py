#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes docs/spec/checks.md from the table of checks that is compiled into cretula-verify.

    docs/spec/make-checks.py BUILD-FOLDER [--check]
"""
import pathlib
import subprocess
import sys

HEAD = """# Checks

Made by `docs/spec/make-checks.py` from the table in `formats/base/finding/check.c`. Ids are stable: a name is never changed or reused.
Core checks have no severity and no waiver; the default severity of the others can be set in the trust policy. `cretula-verify
explain ID` prints these texts offline.

Each check gives PASS, FAIL, WARN, WAIVED or NOT_CHECKED. The verdict starts as REFUSED and becomes ACCEPTED only where every core
check gave at least one PASS, and no check gave FAIL.

| id | severity | what it checks |
|---|---|---|
"""


def explain(program, name):
    return subprocess.run([program, "explain", name], capture_output=True, text=True, check=True).stdout


def main():
    program = str(pathlib.Path(sys.argv[1]) / "verifier" / "cretula-verify")
    rows, details = [], []
    for line in explain(program, "all").splitlines():
        name, severity, title = line.split(None, 2)
        rows.append(f"| `{name}` | {severity} | {title} |\n")
        parts = explain(program, name).split("\n\n")[1:]
        text = "".join(f"**{part.strip().splitlines()[0]}.** "
                       f"{' '.join(' '.join(part.strip().splitlines()[1:]).split())}\n\n" for part in parts)
        details.append(f"## {name}\n{text}")
    result = HEAD + "".join(rows) + "\n" + "".join(details).rstrip() + "\n"
    path = pathlib.Path(__file__).with_name("checks.md")
    if "--check" in sys.argv:
        if path.read_text("utf-8") != result:
            print("docs/spec/checks.md is not up to date (docs/spec/make-checks.py makes it)")
            return 1
        print(f"{len(rows)} checks up to date")
        return 0
    path.write_text(result, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
