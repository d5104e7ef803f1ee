#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes docs/spec/NAME.schema.json of every format of ours from the field tables of the code.

    docs/spec/make-schemas.py BUILD-FOLDER [--check]
"""
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).parent


def export(program, *name):
    return subprocess.run([program, *name], capture_output=True, text=True, check=True).stdout


def main():
    program = pathlib.Path(sys.argv[1]) / "tests" / "tools" / "schema_export"
    wanted = {HERE / f"{name}.schema.json": export(program, name) for name in export(program).split()}
    others = set(HERE.glob("*.schema.json")) - set(wanted)
    if "--check" not in sys.argv:
        for path in others:
            path.unlink()
        for path, text in wanted.items():
            path.write_text(text, encoding="utf-8")
        return 0
    wrong = [path for path, text in wanted.items() if not path.is_file() or path.read_text("utf-8") != text]
    for path in [*wrong, *others]:
        print(f"docs/spec/{path.name} is not that of the tables (docs/spec/make-schemas.py makes it)")
    print(f"{len(wanted)} schemas")
    return 1 if wrong or others else 0


if __name__ == "__main__":
    sys.exit(main())
