# SPDX-License-Identifier: Apache-2.0
"""kill -9 at each system call of a run that adds a line to the journal: the next run says what was
interrupted, nothing that was reported is lost, and nothing that was not finished counts. The unit
tests do the same inside the library; here it is the whole program. strace sends the signal."""
import collections
import re
import shutil
import subprocess
import unittest

from harness import CLEAN_ENVIRONMENT, HEAVY, SANITIZED, VERIFY, main
from tpm_case import TpmCase

CALL = re.compile(rb"^([a-z_0-9]+)\(")


@unittest.skipIf(shutil.which("strace") is None, "strace is not there")
@unittest.skipIf(SANITIZED, "a sanitizer uses the system calls of its own, and ptrace as well")
class Killed(TpmCase):
    def calls(self, arguments):
        """System calls of the program's first process from where it takes the journal's lock for
        appending: each a name, and how many of that name there are from it to the end, with it.
        Counted from the end, because what comes before differs from run to run: what the child
        says arrives in as many reads as the scheduler makes of it."""
        log = self.folder / "strace.log"
        subprocess.run(["strace", "-o", log, *arguments], env=CLEAN_ENVIRONMENT, cwd=self.folder,
                       stdout=subprocess.DEVNULL, check=True)
        self.whole, found, locked = collections.Counter(), [], False
        for line in log.read_bytes().splitlines():
            if match := CALL.match(line):
                name = match.group(1).decode()
                self.whole[name] += 1
                locked = locked or (b"journal/lock" in line and b"O_CREAT" in line)
                if locked:
                    found.append((name, self.whole[name]))
        return [(name, self.whole[name] - count) for name, count in found]

    def kill(self, arguments, name, after):
        """Runs, with a kill at that call which has `after` others of its name behind it. A run that
        made fewer calls than the one before tells its own number, and another one is tried. Returns
        how many runs there were, how many said ACCEPTED, and whether the last was killed."""
        log, told = self.folder / "killed.log", 0
        for turn in range(1, 6):
            accepted, killed = self.run_with(
                arguments, "strace", "-o", log, "-e", f"trace={name}",
                "-e", f"inject={name}:signal=SIGKILL:when={max(self.whole[name] - after, 1)}")
            told += accepted
            made = sum(line.startswith(name.encode() + b"(") for line in log.read_bytes().splitlines())
            if killed or made == self.whole[name]:
                break
            self.whole[name] = made
        return turn, told, killed

    def run_with(self, arguments, *strace):
        """Whether the run said ACCEPTED, and whether it was killed before its end."""
        done = subprocess.run([*strace, *arguments], env=CLEAN_ENVIRONMENT, cwd=self.folder,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        self.assertIn(done.returncode, (0, -9) if strace else (0,), done.stdout + done.stderr)
        return b"ACCEPTED" in done.stdout, done.returncode != 0

    def kill_series(self, arguments, report, step=1, tidy=lambda: None):
        self.run_with(arguments)
        calls = self.calls(arguments)
        whole, told, stopped, runs = 2, 0, 0, 0
        for name, after in calls[::step]:
            turns, accepted, killed = self.kill(arguments, name, after)
            runs += turns
            told += accepted
            stopped += killed
            tidy()
            self.run_with(arguments)
            whole += 1
        # The last call ends the program; there the signal comes too late.
        self.assertGreaterEqual(stopped, len(calls[::step]) - 2)
        found = report()
        self.assertTrue(found["sound"], found)
        self.assertGreaterEqual(found["accepted"], whole + told)
        # What was confirmed and not reported any more: from the record's name to the verdict.
        self.assertLess(found["accepted"], whole + runs * 0.5)
        self.assertGreater(found["unconfirmed"], 2)

    def test_each_system_call_of_an_append(self):
        journal = self.folder / "journal"
        arguments = [VERIFY, "check", str(self.archive), "--trust", str(self.shared / "trust1.json"),
                     "--journal", str(journal)]
        self.kill_series(
            arguments,
            lambda: self.verify("journal", "verify", journal, "--json").json(),
            1 if HEAVY else 3)

    def test_system_calls_of_an_append_with_a_tpm(self):
        station = self.station()
        arguments = [str(argument) for argument in (
            VERIFY, "check", self.archive, "--trust", station.trust, "--journal", station.journal,
            "--tpm", *station.options())]
        self.kill_series(
            arguments,
            lambda: self.verify("journal", "verify", station.journal, "--tpm", *station.options(),
                                "--json").json(),
            # No resource manager is in between, which would end the sessions of the dead.
            1 if HEAVY else 9, lambda: station.tpm.tool("tpm2_flushcontext", "-l"))
        station.status("--trust", station.trust, "--journal", station.journal)


if __name__ == "__main__":
    main()
