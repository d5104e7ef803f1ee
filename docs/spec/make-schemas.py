#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes docs/spec/NAME.schema.json of every format of ours from the field tables of the code.

    docs/spec/make-schemas.py BUILD-FOLDER [--check]
"""
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from generated import settle  # noqa: E402

HERE = pathlib.Path(__file__).parent
# Of no format that the programs read or write: by hand.
BY_HAND = {HERE / "vectors.schema.json"}


def export(program, *name):
    return subprocess.run([program, *name], capture_output=True, text=True, check=True).stdout


def main():
    program = pathlib.Path(sys.argv[1]) / "tests" / "tools" / "schema_export"
    wanted = {HERE / f"{name}.schema.json": export(program, name) for name in export(program).split()}
    return settle(wanted, sorted(set(HERE.glob("*.schema.json")) - set(wanted) - BY_HAND))


if __name__ == "__main__":
    sys.exit(main())
