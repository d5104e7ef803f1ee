#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the pictures of this folder: real reports of the example release, and what changes after it, as Chromium shows and prints them.

    CRETULA_BUILD=build/dev docs/pictures/make-reports.py
"""
import pathlib
import subprocess
import sys
import tempfile

PICTURES = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(PICTURES.parents[1] / "tests" / "e2e" / "lib"))

from browser import Browser  # noqa: E402
from browser_case import newer_description  # noqa: E402
from harness import EXAMPLE, KEYS, ROOT_CERT, SIGN, VERIFY  # noqa: E402

TRUST = ("--anchor", ROOT_CERT, "--allow-example-keys")
PERSON = ("--change-id", "CHG-4711", "--asset", "GW-3", "--at", "2026-11-02T08:00:00Z",
          "--sign-record", KEYS / "release.key.pem", "--record-cert", KEYS / "release.cert.pem")
# Name, what the run expects, how the page is shown.
SHOTS = (("report-accepted", (), ("screen", "light")),
         ("report-refused", ("--product", "Other product"), ("screen", "light")),
         ("report-dark", (), ("screen", "dark")))


def run(folder, *words, codes=(0,)):
    words = [pathlib.Path(words[0]).resolve() if "/" in str(words[0]) else words[0], *words[1:]]
    done = subprocess.run([str(word) for word in words], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode not in codes:
        sys.exit(f"{done.returncode}: {words}\n{done.stdout}{done.stderr}")


def pack(folder, description, name):
    run(folder, SIGN, "pack", description, "--key", KEYS / "release.key.pem", "--cert", KEYS / "release.cert.pem", "--allow-example-keys", "--out", name)


def main():
    with tempfile.TemporaryDirectory() as folder, Browser(pathlib.Path(folder) / "profile") as browser:
        folder = pathlib.Path(folder)
        pack(folder, EXAMPLE / "release.yaml", "rtu7-4.2.0.cretula.tar")
        for name, arguments, medium in SHOTS:
            report = folder / f"{name}.html"
            run(folder, VERIFY, "check", "rtu7-4.2.0.cretula.tar", *TRUST, *PERSON, "--report", report, *arguments, codes=(0, 1))
            browser.open(report, width=900, height=1000)
            browser.media(*medium)
            (PICTURES / f"{name}.png").write_bytes(browser.screenshot())
        browser.open(folder / "report-accepted.html")
        (folder / "report.pdf").write_bytes(browser.pdf())
        run(folder, "pdftoppm", "-r", "60", "-f", "1", "-l", "1", "-png", "-singlefile", "report.pdf", PICTURES / "report-printed")
        pack(folder, newer_description(folder / "newer"), "rtu7-4.3.0.cretula.tar")
        run(folder, VERIFY, "diff", "rtu7-4.2.0.cretula.tar", "rtu7-4.3.0.cretula.tar", *TRUST, "--at", "2026-11-02T08:00:00Z", "--html", "change.html")
        browser.open(folder / "change.html", width=900, height=1000)
        browser.media("screen", "light")
        (PICTURES / "change.png").write_bytes(browser.screenshot())


if __name__ == "__main__":
    main()
