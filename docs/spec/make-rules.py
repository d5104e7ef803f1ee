#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the tables of rules in docs/spec/sbom.md from the rows that are compiled into both programs. A table of profile
NAME stands behind the line that begins with "<!-- rules NAME".

    docs/spec/make-rules.py BUILD-FOLDER [--check]
"""
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from generated import settle  # noqa: E402

PAGE = pathlib.Path(__file__).with_name("sbom.md")


def export(program, *name):
    return subprocess.run([program, *name], capture_output=True, text=True, check=True).stdout


def main():
    program = pathlib.Path(sys.argv[1]) / "tests" / "tools" / "rules_export"
    text = PAGE.read_text("utf-8")
    for name in export(program).split():
        text, places = re.subn(rf"(?m)^(<!-- rules {name}\b.*\n)(?:\|.*\n)*",
                               lambda found, name=name: found[1] + export(program, name), text)
        if places != 1:
            print(f"{PAGE} has no line that begins with `<!-- rules {name}`: that is where the table of this profile goes")
            return 1
    return settle({PAGE: text})


if __name__ == "__main__":
    sys.exit(main())
