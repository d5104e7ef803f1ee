#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What evidence costs: one small release verified plainly, with a journal, with a signed record, and with
the TPM (swtpm) as well. Prints medians in milliseconds.

    tests/bench/tpm.py BUILD-FOLDER

The goal is less than 60 ms more with everything than without anything; exit code 1 where it is missed.
"""
import os
import pathlib
import statistics
import subprocess
import sys
import time

BUILD = pathlib.Path(sys.argv.pop(1)).resolve()
ROOT = pathlib.Path(__file__).resolve().parents[2]
os.environ.update(CRETULA_SOURCE=str(ROOT), CRETULA_BUILD=str(BUILD),
                  CRETULA_SIGN=str(BUILD / "signer" / "cretula-sign"),
                  CRETULA_VERIFY=str(BUILD / "verifier" / "cretula-verify"))
sys.path.insert(0, str(ROOT / "tests" / "e2e"))

from harness import CLEAN_ENVIRONMENT, VERIFY  # noqa: E402
from tpm_case import TpmCase  # noqa: E402

GOAL = 60.0
ROUNDS = 15


class Bench(TpmCase):
    def runTest(self):
        station = self.station()
        plain = [VERIFY, "check", self.archive, "--trust", station.trust]
        journal = self.folder / "journal"
        key = ["--sign-record", self.shared / "owner.pem", "--record-cert",
               self.certificate(self.shared / "owner.pem")]
        ways = [
            ("plain", plain),
            ("journal", [*plain, "--journal", journal]),
            ("journal, signed record", [*plain, "--journal", self.folder / "signed", *key]),
            ("journal, signed record, TPM",
             [*plain, "--journal", station.journal, *key, "--tpm", *station.options()]),
            ("TPM verifies too",
             [*plain, "--journal", station.journal, *key, "--tpm", "--tpm-verify",
              *station.options()]),
        ]
        times = {name: [] for name, _ in ways}
        for _ in range(ROUNDS):
            for name, arguments in ways:
                times[name].append(self.measure(arguments))
        base = statistics.median(times["plain"])
        for name, _ in ways:
            median = statistics.median(times[name])
            print(f"{name:30} {median:7.1f} ms   {median - base:+7.1f} ms")
        more = statistics.median(times["journal, signed record, TPM"]) - base
        print(f"goal: less than {GOAL:.0f} ms more with journal, signed record and TPM: "
              f"{'reached' if more < GOAL else 'MISSED'}")
        self.assertLess(more, GOAL)

    def certificate(self, key):
        path = self.folder / "record.cert.pem"
        self.run_program(
            "openssl", "req", "-x509", "-key", key, "-subj", "/CN=Station 7 records", "-days", "3650",
            "-addext", "keyUsage=critical,digitalSignature", "-addext",
            "basicConstraints=critical,CA:FALSE", "-addext", "extendedKeyUsage=codeSigning",
            "-out", path, code=0)
        return path

    def measure(self, arguments):
        begin = time.perf_counter()
        subprocess.run([str(argument) for argument in arguments], check=True, cwd=self.folder,
                       env=CLEAN_ENVIRONMENT, stdout=subprocess.DEVNULL)
        return (time.perf_counter() - begin) * 1000


if __name__ == "__main__":
    import unittest
    result = unittest.TextTestRunner().run(unittest.TestSuite([Bench()]))
    sys.exit(0 if result.wasSuccessful() else 1)
