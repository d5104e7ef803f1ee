#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs gcc -fanalyzer over sources, and says what it finds that is not in fanalyzer.supp.

    python3 -B tests/tools/fanalyzer.py build/analysers/build/compile_commands.json < NAMES
"""
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
JUDGED = pathlib.Path(__file__).with_name("fanalyzer.supp")
FINDING = re.compile(r"^(\S+\.[ch]):(\d+):\d+: warning: (.*) \[(?:CWE-\d+\] \[)?-Wanalyzer-([\w-]+)\]$")


def judged():
    """{(kind, source, words that the line holds)} of lines "kind source words"."""
    for line in JUDGED.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, source, words = line.split(" ", 2)
            yield kind, source, words


def analysed(entry):
    words = [word for word in shlex.split(entry["command"])]
    place = words.index("-o")
    words[place + 1] = os.devnull
    # What is found on a path depends on what was inlined before: without optimization it reads what is written.
    done = subprocess.run([word for word in words if not word.startswith("-O")] + ["-fanalyzer"], cwd=entry["directory"], capture_output=True,
                          text=True, check=False, env={**os.environ, "LC_ALL": "C"})
    if done.returncode != 0:
        return [f"{entry['file']}: {done.stderr[-400:]}"], []
    found = []
    for line in done.stderr.splitlines():
        if match := FINDING.match(line):
            path = pathlib.Path(entry["directory"], match[1]).resolve()
            if path.is_relative_to(ROOT):
                code = path.read_text("utf-8").splitlines()[int(match[2]) - 1].strip()
                found.append((match[4], path.relative_to(ROOT).as_posix(), code, match[2], match[3]))
    return [], found


def main():
    wanted = {(ROOT / name.strip()).resolve() for name in sys.stdin}
    entries = [entry for entry in json.loads(pathlib.Path(sys.argv[1]).read_text("utf-8")) if pathlib.Path(entry["file"]).resolve() in wanted]
    known, used, left = set(judged()), set(), []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for faults, found in pool.map(analysed, entries):
            left += faults
            for kind, source, code, line, words in sorted(set(found)):
                row = next((one for one in known if one[:2] == (kind, source) and one[2] in code), None)
                if row is None:
                    left.append(f"{source}:{line}: {words} [{kind}]: {code}")
                used.add(row)
    sources = {entry["file"].removeprefix(f"{ROOT}/") for entry in entries}
    left += [f"fanalyzer.supp: nothing of the kind any more: {' '.join(row)}" for row in sorted(known - used) if row[1] in sources]
    print("\n".join(left), file=sys.stderr, end="\n" if left else "")
    print(f"fanalyzer: {len(entries)} sources, {len(left)} findings, {len(used - {None})} judged to be none")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
