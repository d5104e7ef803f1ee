#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws docs/pictures/*.svg: what the built programs print on a terminal of 80 columns, of the example release.

    docs/pictures/make.py BUILD-FOLDER [--check]

A picture whose text is still what the programs print is left as it is; dates, times and digests differ from day to day and do not count.
"""
import html
import os
import pathlib
import pty
import re
import select
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from generated import settle  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = HERE.parents[1]
COLUMNS = 80
TONES = {"1;32": "good", "1;33": "caution", "1;31": "bad"}
SGR = re.compile(r"\x1b\[([0-9;]*)m")
# What differs from run to run.
CHANGING = re.compile(r"\d{4}-\d\d-\d\d(?:T[\d:.]+Z)?|[0-9a-f]{16,}|\d+(?:\.\d+)? (?:ms|seconds|[kMG]?B)\b")
STYLE = ("text{font:14px ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace;fill:#e6e6e6;white-space:pre}"
         ".good{fill:#7ddc7d;font-weight:bold}.caution{fill:#ffd75f;font-weight:bold}.bad{fill:#ff8c8c;font-weight:bold}"
         ".typed{fill:#ffffff;font-weight:bold}")
POLICY = ["--vendor", "Example Automation GmbH", "--signer", "Example release", "--role", "release", "--anchor", "vendor.cert.pem",
          "--obtained", "by telephone"]
# (picture, what it shows, command, exit code)
PICTURES = [
    ("pack", "cretula-sign pack: identity, size, content, how others verify it",
     "cretula-sign pack release.yaml --key vendor.key.pem --cert vendor.cert.pem --out rtu7.cretula.tar", 0),
    ("check-accepted", "cretula-verify check of a sound release: ACCEPTED and what matters, on one screen",
     "cretula-verify check rtu7.cretula.tar --trust trust.json", 0),
    ("check-refused", "cretula-verify check of a copy with one changed byte: REFUSED, why, and what to do",
     "cretula-verify check changed.cretula.tar --trust trust.json", 1),
    ("record-show", "cretula-verify record show: what a board reads of a record",
     "cretula-verify record show RECORD.json", 0),
]


class Desk:
    """A folder with the example release, a key and a policy of its own, and a terminal."""

    def __init__(self, build, folder):
        self.folder = folder
        (folder / "bin").mkdir()
        for name, room in (("cretula-sign", "signer"), ("cretula-verify", "verifier")):
            (folder / "bin" / name).symlink_to((build / room / name).resolve())
        self.environment = {"PATH": f"{folder}/bin:/usr/bin:/bin", "HOME": str(folder), "LC_ALL": "C.UTF-8", "TZ": "UTC",
                            "TERM": "xterm-256color", "COLUMNS": str(COLUMNS), "LINES": "24"}
        shutil.copytree(SOURCE / "docs" / "example-release", folder, dirs_exist_ok=True)

    def quietly(self, *words):
        subprocess.run(words, cwd=self.folder, env=self.environment, check=True, capture_output=True, stdin=subprocess.DEVNULL)

    def prepare(self, name):
        """What lies there before the command of a picture is typed."""
        if name == "pack":
            self.quietly("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-days", "1825",
                         "-subj", "/O=Example Automation GmbH/CN=Example release", "-keyout", "vendor.key.pem", "-out", "vendor.cert.pem",
                         "-addext", "basicConstraints=critical,CA:FALSE", "-addext", "keyUsage=critical,digitalSignature",
                         "-addext", "extendedKeyUsage=codeSigning")
        elif name == "check-accepted":
            self.quietly("cretula-verify", "trust", "init", "trust.json", "--name", "Plant 7")
            shown = subprocess.run(["openssl", "x509", "-in", "vendor.cert.pem", "-noout", "-fingerprint", "-sha256"], cwd=self.folder,
                                   capture_output=True, text=True, check=True).stdout
            self.quietly("cretula-verify", "trust", "add-signer", "trust.json", *POLICY, "--fingerprint", shown.split("=")[1].strip())
        elif name == "check-refused":
            data = bytearray((self.folder / "rtu7.cretula.tar").read_bytes())
            data[len(data) // 2] ^= 1
            (self.folder / "changed.cretula.tar").write_bytes(data)
        elif name == "record-show":
            self.quietly("cretula-verify", "check", "rtu7.cretula.tar", "--trust", "trust.json", "--asset", "RTU-7-12", "--change-id",
                         "CHG-4711", "--record", "record")
            shutil.copy(self.folder / "record" / "RECORD.json", self.folder / "RECORD.json")

    def typed(self, command):
        """(exit code, what a terminal shows)"""
        process, terminal = pty.fork()
        if process == 0:
            os.chdir(self.folder)
            os.execvpe("sh", ["sh", "-c", command], self.environment)
        shown = b""
        while select.select([terminal], [], [], 60)[0]:
            try:
                part = os.read(terminal, 65536)
            except OSError:
                break
            if not part:
                break
            shown += part
        os.close(terminal)
        _, status = os.waitpid(process, 0)
        return os.waitstatus_to_exitcode(status), shown.decode("utf-8").replace("\r\n", "\n")


def screen(text):
    """What stays on the screen: a line that is written over, as progress is, shows its last state."""
    lines = [re.split(r"\r(?:\x1b\[K)?", line)[-1] for line in text.rstrip("\n").split("\n")]
    shown = []
    for line in lines:
        line = line.replace("\x1b[K", "")
        # Where the program itself breaks no line, the terminal does.
        shown += [line[i:i + COLUMNS] for i in range(0, len(line), COLUMNS)] if len(SGR.sub("", line)) > COLUMNS else [line]
    return shown


def spans(line, tone):
    """A line as markup, and the tone that goes on."""
    parts = SGR.split(line)
    out = ""
    for i, part in enumerate(parts):
        if i % 2:
            tone = TONES.get(part)
        elif part:
            text = html.escape(part)
            out += f'<tspan class="{tone}">{text}</tspan>' if tone else text
    return out, tone


def draw(title, command, lines):
    typed = re.sub(r"(.{1,74})(?: |$)", r"\1\n", command).strip().replace("\n", " \\\n    ")
    rows, tone = [f'<tspan class="typed">{html.escape(one)}</tspan>' for one in f"$ {typed}".split("\n")], None
    for line in lines:
        row, tone = spans(line, tone)
        rows.append(row)
    height = 18 * len(rows) + 28
    body = "".join(f'<text x="16" y="{30 + 18 * i}" xml:space="preserve">{row}</text>\n' for i, row in enumerate(rows) if row)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 {height}" width="720" height="{height}" role="img" '
            f'aria-label="{html.escape(title)}">\n<title>{html.escape(title)}</title>\n<style>{STYLE}</style>\n'
            f'<rect width="720" height="{height}" rx="6" fill="#1b1f24"/>\n{body}</svg>\n')


def same(one, other):
    return CHANGING.sub("#", one) == CHANGING.sub("#", other)


def main():
    files = {}
    with tempfile.TemporaryDirectory(prefix="cretula-pictures-") as folder:
        desk = Desk(pathlib.Path(sys.argv[1]), pathlib.Path(folder))
        for name, title, command, expected in PICTURES:
            desk.prepare(name)
            code, shown = desk.typed(command)
            if code != expected:
                print(f"{name}: exit code {code}, not {expected}:\n{shown}")
                return 1
            path = HERE / f"{name}.svg"
            picture = draw(title, command, screen(shown))
            old = path.read_text("utf-8") if path.is_file() else ""
            files[path] = old if same(old, picture) else picture
    return settle(files, sorted(set(HERE.glob("*.svg")) - set(files)))


if __name__ == "__main__":
    sys.exit(main())
