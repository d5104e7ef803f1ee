# SPDX-License-Identifier: Apache-2.0
"""kill -9 before each system call that changes anything, of everything that writes a journal: the
first run, signed runs, extract, notes, the end, the continuation; without and with a TPM. Whatever is
left, no record of a run that was not finished passes for an acceptance, and the journal goes on and is
sound. strace sends the signal."""
import collections
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from harness import CLEAN_ENVIRONMENT, HEAVY, SANITIZED, VERIFY, main
from tpm_case import TpmCase

CALL = re.compile(rb"^([a-z_0-9]+)\((.*)")
CHANGES = {b"write", b"writev", b"pwrite64", b"rename", b"renameat", b"renameat2", b"linkat", b"link",
           b"unlink", b"unlinkat", b"mkdir", b"mkdirat", b"fsync", b"fdatasync", b"ftruncate",
           b"sendto", b"sendmsg", b"exit_group"}


@unittest.skipIf(shutil.which("strace") is None, "strace is not there")
@unittest.skipIf(SANITIZED, "a sanitizer uses the system calls of its own, and ptrace as well")
class Cut(TpmCase):
    @classmethod
    def _new_folder(cls):
        """Thousands of fsyncs: in memory where there is such a file system."""
        if not os.access("/dev/shm", os.W_OK):
            return super()._new_folder()
        return pathlib.Path(tempfile.mkdtemp(prefix=f"cretula-{cls.__name__}-", dir="/dev/shm"))

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        made = cls("made")
        made.folder = cls.shared
        cls.recorder = made.own_keys("recorder", cls.shared)

    def setUp(self):
        super().setUp()
        self.journal = self.folder / "journal"
        self.record = self.folder / "record"
        self.files = self.folder / "files"
        self.signs = ["--sign-record", f"{self.recorder}.key.pem", "--record-cert",
                      f"{self.recorder}.cert.pem"]
        self.trust, self.tpm_options = self.shared / "trust1.json", []

    def plain(self, *arguments, verb="check"):
        return [VERIFY, verb, self.archive, "--trust", self.trust, "--journal", self.journal,
                *self.tpm_options, *arguments]

    def checking(self, *arguments, verb="check"):
        return self.plain(*self.signs, *arguments, verb=verb)

    def cuts(self, arguments):
        """The system calls of the program's first process that change something: each a name, and
        how many of that name there were up to it."""
        log = self.folder / "strace.log"
        subprocess.run(["strace", "-o", log, *map(str, arguments)], env=CLEAN_ENVIRONMENT,
                       cwd=self.folder, stdout=subprocess.DEVNULL, check=True)
        counted, found = collections.Counter(), []
        for line in log.read_bytes().splitlines():
            if match := CALL.match(line):
                name, rest = match.groups()
                counted[name] += 1
                opens = name == b"openat" and (b"O_CREAT" in rest or b"TMPFILE" in rest)
                if name in CHANGES or opens:
                    found.append((name.decode(), counted[name]))
        return found

    def killed(self, arguments, name, count):
        """Runs until just before that call; whether an acceptance was told."""
        done = subprocess.run(
            ["strace", "-o", "/dev/null", "-e", f"trace={name}", "-e",
             f"inject={name}:signal=SIGKILL:when={count}", *map(str, arguments)],
            env=CLEAN_ENVIRONMENT, cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            check=False)
        self.assertIn(done.returncode, (0, -9), done.stderr)
        self.stopped += done.returncode == -9
        return b"ACCEPTED" in done.stdout

    def passes(self, record, *arguments):
        """Whether a record passes for an acceptance."""
        return self.verify("record", "verify", record, "--accepted", *arguments,
                           code=None).code == 0

    def accepted_records(self):
        """What passes with the journal, by digest; without it nothing does."""
        found = set()
        signed = ("--anchor", f"{self.recorder}-root.cert.pem")
        for path in [*self.journal.glob("records/*.json"), *self.record.glob("RECORD.json")]:
            if path.name.endswith(".tpm.json"):
                continue
            self.assertFalse(self.passes(path, *signed), path)
            if self.station_file:
                self.assertFalse(self.passes(path, "--station", self.station_file), path)
            if self.passes(path, "--journal", self.journal):
                found.add(path.read_bytes())
                if pathlib.Path(f"{path}.p7s").exists():
                    self.assertTrue(self.passes(path, "--journal", self.journal, *signed), path)
            else:  # what is signed was finished
                self.assertFalse(pathlib.Path(f"{path}.p7s").exists(), path)
        return found

    station_file = None

    def report(self, code=0):
        return self.verify("journal", "verify", self.journal, "--json", *self.tpm_options,
                           code=code).json()

    def go_on(self, told):
        """After a cut run: what passes is what counts, it stays so, and the next run is sound."""
        before = self.accepted_records() if self.journal.exists() else set()
        shutil.rmtree(self.record, ignore_errors=True)
        shutil.rmtree(self.files, ignore_errors=True)
        self.run_program(*self.plain(), code=0)  # what was signed is not taken for its own
        report = self.report()
        self.assertTrue(report["sound"], report)
        self.assertEqual(report["accepted"], len(before) + 1, report)
        self.assertTrue(not told or before, "an acceptance that was told is lost")
        self.assertTrue(before <= self.accepted_records())

    def each_cut(self, arguments, prepare, after, step=1, least=8):
        prepare()
        cuts = self.cuts(arguments)[::step]
        self.assertGreaterEqual(len(cuts), least)
        self.stopped = 0
        for name, count in cuts:
            with self.subTest(f"{name} {count}"):
                prepare()
                after(self.killed(arguments, name, count))
        self.assertGreaterEqual(self.stopped, len(cuts) - 1)  # the last one ends the program anyway

    def empty(self):
        for path in (self.journal, self.record, self.files):
            shutil.rmtree(path, ignore_errors=True)

    def begun(self):
        """A journal with one signed run."""
        template = self.folder / "template"
        self.empty()
        if not template.exists():
            self.run_program(*self.checking(), code=0)
            shutil.copytree(self.journal, template)
        else:
            shutil.copytree(template, self.journal)

    def test_the_first_run(self):
        self.each_cut(self.checking("--record", self.record), self.empty, self.go_on,
                      step=1 if HEAVY else 3, least=30 if HEAVY else 10)

    def test_a_later_run(self):
        self.each_cut(self.checking("--record", self.record), self.begun, self.go_on,
                      step=1 if HEAVY else 4, least=6)

    def test_extract(self):
        self.each_cut(self.checking("--record", self.record, "--to", self.files, verb="extract"),
                      self.begun, self.go_on, step=1 if HEAVY else 3, least=10)

    def test_a_note(self):
        self.each_cut([VERIFY, "journal", "note", self.journal, "--line", "1", "--stage", "deployed",
                       "--asset", "PLC-1"], self.begun, self.go_on)

    def after_close(self, _told):
        lines = (self.journal / "journal.jsonl").read_bytes().splitlines()
        closed = b'"kind":"close"' in lines[-1] and json.loads(lines[-1])
        done = self.run_program(*self.checking(), code=(0, 2))
        # An end that the TPM does not hold is none.
        self.assertIn(done.code, ((0, 2) if self.station_file else (2,)) if closed else (0,), done)
        self.assertTrue(self.report()["sound"])

    def test_the_end(self):
        self.each_cut([VERIFY, "journal", "close", self.journal], self.begun, self.after_close)

    def test_the_continuation(self):
        old = self.folder / "old"
        self.begun()
        self.journal.rename(old)
        self.verify("journal", "close", old)
        arguments = [VERIFY, "journal", "continue", "--from", old, self.journal]

        def after(_told):
            if not (self.journal / "journal.jsonl").exists():
                self.run_program(*arguments, code=0)
            self.go_on(False)
        self.each_cut(arguments, self.empty, after)


class CutWithTpm(Cut):
    """The same; the state of the TPM is put back before each run, as that of the folder is."""

    def setUp(self):
        super().setUp()
        station = self.station()
        self.swtpm, self.station_file = station.tpm, station.file
        self.trust, self.journal = station.trust, station.journal
        self.tpm_options = ["--tpm", *station.options()]
        self.state = self.folder / "state"
        self.swtpm.stop()
        shutil.copytree(self.swtpm.folder / "state", self.state)
        self.swtpm.start()

    def restore(self, state):
        self.swtpm.stop()
        shutil.rmtree(self.swtpm.folder / "state")
        shutil.copytree(state, self.swtpm.folder / "state")
        self.swtpm.start()

    def empty(self):
        super().empty()
        self.restore(self.state)

    def begun(self):
        template, state = self.folder / "template", self.folder / "state-begun"
        self.empty()
        if not template.exists():
            self.run_program(*self.checking(), code=0)
            shutil.copytree(self.journal, template)
            self.swtpm.stop()
            shutil.copytree(self.swtpm.folder / "state", state)
            self.swtpm.start()
        else:
            shutil.copytree(template, self.journal)
            self.restore(state)

    def killed(self, arguments, name, count):
        told = super().killed(arguments, name, count)
        # No resource manager is in between, which would end the sessions of the dead.
        self.swtpm.tool("tpm2_flushcontext", "-l")
        return told

    STEP = 1 if HEAVY else 17

    def test_the_first_run(self):
        self.each_cut(self.checking("--record", self.record), self.empty, self.go_on, self.STEP, 3)

    def test_a_later_run(self):
        self.each_cut(self.checking("--record", self.record), self.begun, self.go_on, self.STEP, 2)

    def test_extract(self):
        self.skipTest("as a later run")

    def test_a_note(self):
        self.each_cut([VERIFY, "journal", "note", self.journal, "--line", "1", "--stage", "deployed",
                       *self.tpm_options], self.begun, self.go_on, self.STEP, 2)

    def test_the_end(self):
        self.each_cut([VERIFY, "journal", "close", self.journal, *self.tpm_options], self.begun,
                      self.after_close, self.STEP, 2)

    def test_the_continuation(self):
        self.skipTest("the old journal would have to be put back as well")


if __name__ == "__main__":
    main()
