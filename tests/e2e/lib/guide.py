# SPDX-License-Identifier: Apache-2.0
"""Pages that are run: what a page shows is what happens.

In a page, a block ```console is a transcript: lines after "$ " (continued after a backslash) are given to a shell in
the test's folder, the lines below them are what it prints, standard error last, where "[...]" stands for any text and a
line "[...]" alone for any lines. "(exit code N)" as the last line says that it ends so; without it, 0. A block ```sh is a
script, given to a shell as it stands: every command in it must succeed. The comment <!-- file: NAME --> before a block
says that the block is that file's text. test_pages.py holds every page to this.
"""
import os
import pty
import re
import select
import shlex
import signal
import subprocess
import termios
import textwrap
import time

from harness import CLEAN_ENVIRONMENT, SIGN, SOURCE, VERIFY

_BLOCK = re.compile(r"(?:<!-- file: (?P<file>\S+) -->\n)?^(?P<indent> *)```(?P<kind>\w*)\n(?P<text>.*?)^ *```$",
                    re.MULTILINE | re.DOTALL)


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


def page_blocks(text):
    """(file, kind, text) of every fenced block."""
    return [(match["file"], match["kind"], textwrap.dedent(match["text"])) for match in _BLOCK.finditer(text)]


def blocks(page):
    return page_blocks(page.read_text("utf-8"))


def _wait_for_silence(terminal):
    """Whoever asks for a secret switches the echo off after the question, and throws away what was typed before."""
    end = time.monotonic() + 2
    while termios.tcgetattr(terminal)[3] & termios.ECHO and time.monotonic() < end:
        time.sleep(0.005)


def _typed(command, folder, environment, answers, seconds):
    """Runs a command with a terminal of its own, on which somebody answers each question that matches. What is printed."""
    process, terminal = pty.fork()
    if process == 0:
        os.chdir(folder)
        os.execvpe("sh", ["sh", "-eu", "-c", command], environment)
    shown, answered, end = b"", 0, time.monotonic() + seconds
    while time.monotonic() < end:
        if not select.select([terminal], [], [], 1)[0]:
            continue
        try:
            part = os.read(terminal, 65536)
        except OSError:
            break
        if not part:
            break
        shown += part
        for question, answer in answers:
            if re.search(b"(?:" + question.encode() + b")" + rb"[^\n]*: ?$", shown[answered:]):
                answered = len(shown)
                _wait_for_silence(terminal)
                os.write(terminal, answer.encode() + b"\n")
                break
    else:
        os.kill(process, signal.SIGKILL)
        shown += b"\n[still waiting for an answer]\n"
    os.close(terminal)
    _, status = os.waitpid(process, 0)
    return os.waitstatus_to_exitcode(status), shown.decode("utf-8", "replace")


def run(case, page, variables=None, replace=None, answers=(), before=None, seconds=60):
    """
    Runs every block of commands of a page in case.folder, in order; gives the commands that were run. page: from the
    project's folder. variables: more of the environment. replace: {text of the page: what stands there here}, for
    folders of the machine. answers: (question, what is typed) of scripts that ask. before: called with each script, what
    it gives are variables for that. seconds: how long a script may take.
    """
    tools = case.folder / ".tools"
    tools.mkdir(exist_ok=True)
    for program in (SIGN, VERIFY):
        if not (tools / os.path.basename(program)).exists():
            (tools / os.path.basename(program)).symlink_to(program)
    environment = {**CLEAN_ENVIRONMENT, "TZ": "UTC", "HOME": str(case.folder), **(variables or {})}
    environment["PATH"] = f"{tools}:{environment['PATH']}"
    text = (SOURCE / page).read_text("utf-8")
    for old in replace or {}:
        case.assertIn(old, text)
    commands = []
    # The scripts of a page are typed into one shell: its folder and its variables stay.
    (tools / "state").write_text("", encoding="utf-8")
    for name, kind, block in page_blocks(text):
        for old, new in (replace or {}).items():
            block = block.replace(old, str(new))
        if name:
            (case.folder / name).write_text(block, encoding="utf-8")
        elif kind == "console":
            for command, lines, code in _steps(block):
                done = subprocess.run(["sh", "-c", command], cwd=case.folder, env=environment, stdin=subprocess.DEVNULL,
                                      capture_output=True, timeout=120, check=False)
                shown = (done.stdout + done.stderr).decode("utf-8", "replace")
                told = f"{page}: $ {command}\n--- exit code {done.returncode}, printed\n{shown}---"
                case.assertEqual(done.returncode, code, told)
                case.assertRegex(shown, _pattern(lines), told)
                commands.append(command)
        elif kind == "sh":
            more = before(block) if before else None
            given = "".join(f"{name}={shlex.quote(value)}\n" for name, value in (more or {}).items())
            script = f". {tools}/state\nset -a\n{given}{block}\nset +a\nexport -p > {tools}/state\necho cd '\"$PWD\"' >> {tools}/state"
            code, shown = _typed(script, case.folder, environment, answers, seconds)
            case.assertEqual(code, 0, f"{page}: {block}\n--- exit code {code}, printed\n{shown}---")
            commands.append(block)
    case.assertTrue(commands, f"{page} shows nothing to run")
    return commands


def stub(case, name, script):
    """A program of somebody else that cannot be here (a cloud, a network): a script in its place."""
    tools = case.folder / ".tools"
    tools.mkdir(exist_ok=True)
    path = tools / name
    path.write_text(f"#!/bin/sh\nset -eu\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
