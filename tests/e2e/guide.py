# SPDX-License-Identifier: Apache-2.0
"""Guides that are run: what a page shows is what happens.

In a page, a block ```console is a transcript: lines after "$ " (continued after a backslash) are given to a shell in
the test's folder, the lines below them are what it prints, standard error last, where "[...]" stands for any text and a
line "[...]" alone for any lines. "(exit code N)" as the last line says that it ends so; without it, 0. The comment
<!-- file: NAME --> before a block says that the block is that file's text.
"""
import os
import re
import subprocess

from harness import CLEAN_ENVIRONMENT, SIGN, VERIFY

_BLOCK = re.compile(r"(?:<!-- file: (?P<file>\S+) -->\n)?```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


def _pattern(lines):
    parts = []
    for line in lines:
        if line.strip() == "[...]":
            parts.append(r"(?:[^\n]*\n)*?")
        else:
            parts.append(r"[^\n]*?".join(re.escape(piece) for piece in line.split("[...]")) + r"\n")
    return re.compile(r"\A" + "".join(parts) + r"\Z")


def _steps(text):
    """(command, lines it prints, exit code) of a transcript."""
    steps = []
    for line in text.splitlines():
        if line.startswith("$ "):
            steps.append([line[2:], [], 0])
        elif steps and steps[-1][0].endswith("\\") and not steps[-1][1]:
            steps[-1][0] += "\n" + line
        elif match := re.fullmatch(r"\(exit code (\d)\)", line):
            steps[-1][2] = int(match[1])
        else:
            steps[-1][1].append(line)
    return [tuple(step) for step in steps]


def blocks(page):
    return [(match["file"], match["kind"], match["text"]) for match in _BLOCK.finditer(page.read_text("utf-8"))]


def run(case, page, variables=None):
    """Runs every transcript of a page in case.folder, in order; gives the commands that were run. variables: more of
    the environment."""
    tools = case.folder / ".tools"
    tools.mkdir()
    for program in (SIGN, VERIFY):
        (tools / os.path.basename(program)).symlink_to(program)
    environment = {**CLEAN_ENVIRONMENT, "TZ": "UTC", **(variables or {})}
    environment["PATH"] = f"{tools}:{environment['PATH']}"
    commands = []
    for name, kind, text in blocks(page):
        if name:
            (case.folder / name).write_text(text, encoding="utf-8")
            continue
        if kind != "console":
            continue
        for command, lines, code in _steps(text):
            done = subprocess.run(["sh", "-c", command], cwd=case.folder, env=environment, stdin=subprocess.DEVNULL,
                                  capture_output=True, timeout=120, check=False)
            shown = (done.stdout + done.stderr).decode("utf-8", "replace")
            told = f"{page.name}: $ {command}\n--- exit code {done.returncode}, printed\n{shown}---"
            case.assertEqual(done.returncode, code, told)
            case.assertRegex(shown, _pattern(lines), told)
            commands.append(command)
    case.assertTrue(commands, f"{page.name} shows nothing to run")
    return commands
