#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Lines and branches of formats/ and verifier/ that ran, by room, from what gcov says of a build with coverage.

    python3 -B tests/tools/coverage.py build/coverage [--write] [--what TESTS] [--files]

--write: into docs/testing.md, with the words of --what for what ran. --files: each file too.
"""
import argparse
import collections
import datetime
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "testing.md"
BEGIN, END = "<!-- coverage: made by tests/coverage.sh -->", "<!-- end of coverage -->"
ROOMS = ("formats", "verifier")


def of_file(data):
    """(source, {line: count}, {(line, branch): count}) of each source below ROOMS that this object has."""
    text = subprocess.run(["gcov", "--json-format", "--stdout", "--branch-probabilities", data.name], cwd=data.parent, capture_output=True, check=True).stdout
    for document in text.splitlines():
        value = json.loads(document)
        for file in value["files"]:
            path = pathlib.Path(value["current_working_directory"], file["file"]).resolve()
            if path.suffix != ".c" or not path.is_relative_to(ROOT) or path.relative_to(ROOT).parts[0] not in ROOMS:
                continue
            lines, branches = collections.Counter(), collections.Counter()
            for line in file["lines"]:
                lines[line["line_number"]] += line["count"]
                for place, branch in enumerate(line["branches"]):
                    branches[line["line_number"], place] += branch["count"]
            yield path.relative_to(ROOT).as_posix(), lines, branches


def gathered(build):
    """{source: (lines, branches)}; what was built and never ran counts as not run."""
    found = {}
    for notes in sorted(build.rglob("*.gcno")):
        data = notes.with_suffix(".gcda")
        for source, lines, branches in of_file(data if data.exists() else notes):
            known = found.setdefault(source, (collections.Counter(), collections.Counter()))
            for target, new in zip(known, (lines, branches), strict=True):
                for key, count in new.items():
                    target[key] += count
    return found


def share(counts):
    ran = sum(count > 0 for count in counts)
    return f"{ran:,} of {len(counts):,}", f"{100 * ran / max(1, len(counts)):.1f} %"


def rows(found, key):
    groups = collections.defaultdict(lambda: ([], []))
    for source, (lines, branches) in found.items():
        for name in key(source):
            groups[name][0].extend(lines.values())
            groups[name][1].extend(branches.values())
    return [(name, *share(lines), *share(branches)) for name, (lines, branches) in sorted(groups.items())]


def room(source):
    """Those of the sums and of the table: formats/trust, verifier/child."""
    parts = source.split("/")
    return (parts[0], "/".join(parts[:2])) if len(parts) > 2 else (parts[0],)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--what", default="unit tests")
    parser.add_argument("--files", action="store_true")
    options = parser.parse_args()
    found = gathered(options.build.resolve())
    if options.files:
        for row in rows(found, lambda source: (source,)):
            print(*row, sep="\t")
    table = ["| room | lines | | branches | |", "|---|---|---|---|---|", *(f"| `{row[0]}` | " + " | ".join(row[1:]) + " |" for row in rows(found, room))]
    print("\n".join(table))
    if options.write:
        page = PAGE.read_text("utf-8")
        today = datetime.datetime.now(datetime.timezone.utc).date()
        said = f"What ran on {today}: {options.what}."
        PAGE.write_text(page.split(BEGIN)[0] + "\n".join([BEGIN, *table, "", said, END]) + page.split(END)[1], "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
