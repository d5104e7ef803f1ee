#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes docs/spec/checks.md from the table of checks that is compiled into cretula-verify.

    docs/spec/make-checks.py BUILD-FOLDER [--check]
"""
import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from generated import settle  # noqa: E402

HEAD = """# Checks

Made by `docs/spec/make-checks.py` from the table in `formats/base/finding/` (`checks_*.h`). Ids are stable: a name is never changed or
reused. `cretula-verify explain ID` prints these texts offline, and `explain all` this table.

Each check gives PASS, FAIL, WARN, WAIVED or NOT_CHECKED. The verdict starts as REFUSED and becomes ACCEPTED only where every core
check gave at least one PASS, and no check gave FAIL.

- **kind**: whose question it is: of the *core*, which every verdict rests on; about what the *release* says; asked of the *journal*; asked by
  the *operator* in this run; told to the *signer* alone; about a *waiver* that was given; answered by a *tpm*; about what a *station*
  holds.
- **severity**: what a fault leads to by default.
- **set by**: *policy*: the trust policy's `severities` can set it, a site overlay and a profile can raise it. *profile*: a profile can
  raise it. *-*: nobody can.
- **waiver**: the trust policy can list it in `waivable[]`, and a signed [waiver](waivers.md) then cover it; *-*: none ever does.

A trust policy, overlay, profile or waiver that names a check where nothing would follow is refused (exit 2): `cretula-verify trust
lint` names each such place. What `--min-sequence` asks for (`release.sequence`) is softened by neither policy nor waiver.

| id | kind | severity | set by | waiver | what it checks |
|---|---|---|---|---|---|
"""


def explain(program, name):
    return subprocess.run([program, "explain", name], capture_output=True, text=True, check=True,
                          env={**os.environ, "COLUMNS": "2000"}).stdout


def main():
    program = str(pathlib.Path(sys.argv[1]) / "verifier" / "cretula-verify")
    rows, details = [], []
    for line in explain(program, "all").splitlines()[1:]:  # below the heads of the columns
        name, *words, title = line.split(None, 5)
        rows.append(f"| `{name}` | {' | '.join(words)} | {title} |\n")
        parts = explain(program, name).split("\n\n")[1:]
        text = "".join(f"**{part.strip().splitlines()[0]}.** "
                       f"{' '.join(' '.join(part.strip().splitlines()[1:]).split())}\n\n" for part in parts)
        details.append(f"## {name}\n{text}")
    result = HEAD + "".join(rows) + "\n" + "".join(details).rstrip() + "\n"
    return settle({pathlib.Path(__file__).with_name("checks.md"): result})


if __name__ == "__main__":
    sys.exit(main())
