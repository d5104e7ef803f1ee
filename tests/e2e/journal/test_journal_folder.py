# SPDX-License-Identifier: Apache-2.0
"""Journal folders in which something else lies than the verifier put there: nobody is held up, nothing
is accepted without its line, and the message names the file and says what to do."""
import json
import os
import pathlib
import unittest

from harness import Case, as_nobody, main, needs_root


class Folder(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        made = cls("made")
        made.folder = cls.shared
        cls.shared.chmod(0o755)
        cls.keys = made.own_keys(folder=cls.shared)
        (cls.shared / "firmware.bin").write_bytes(b"firmware" * 100)
        cls.archive = cls.shared / "release.tar"
        made.sign("pack", made.description(["firmware.bin"], folder=cls.shared), "--key",
                  f"{cls.keys}.key.pem", "--cert", f"{cls.keys}.cert.pem", "--out", cls.archive)

    def made(self):
        """Only so that setUpClass has an instance whose methods run programs."""

    def setUp(self):
        super().setUp()
        self.folder.chmod(0o755)
        self.journal = self.folder / "journal"

    def run_check(self, *arguments, code=0, journal=None, **more):
        return self.verify("check", self.archive, "--anchor", f"{self.keys}-root.cert.pem",
                           "--journal", journal or self.journal, *arguments, code=code, **more)

    def undecided(self, *words, **more):
        """Not accepted, for a reason that names the file, with something to do."""
        result = self.run_check(code=3, **more)
        self.assertNotIn("ACCEPTED", result.out + result.err)
        for word in (*words, "what to do"):
            self.assertIn(word, result.out + result.err)
        return result

    def accepted(self):
        return self.verify("journal", "verify", self.journal, "--json").json()["accepted"]

    def replace(self, name, make):
        """Puts something else in the place of a file; gives where the file is now."""
        path = self.journal / name
        kept = self.folder / "kept"
        path.rename(kept)
        make(path)
        return kept

    def test_pipes(self):
        self.run_check()
        for name in ("journal.jsonl", "lock"):
            with self.subTest(name):
                kept = self.replace(name, os.mkfifo)
                self.undecided(name, "it is not a regular file", timeout=30)
                self.verify("journal", "verify", self.journal, timeout=30,
                            code=3 if name == "journal.jsonl" else 0)
                (self.journal / name).unlink()
                kept.rename(self.journal / name)
        os.mkfifo(self.journal / "records" / "pending.json")
        self.undecided("pending.json", "it is not a regular file", timeout=30)
        (self.journal / "records" / "pending.json").unlink()
        self.assertEqual(self.accepted(), 1)

    def test_symbolic_links(self):
        """Nothing is written where a link leads."""
        self.run_check()
        for name in ("journal.jsonl", "lock"):
            with self.subTest(name):
                kept = self.replace(name, lambda path: path.symlink_to(self.folder / "kept"))
                before = kept.read_bytes()
                self.undecided(name, "symbolic link")
                self.assertEqual(kept.read_bytes(), before)
                (self.journal / name).unlink()
                kept.rename(self.journal / name)
        self.run_check()  # marks what was interrupted
        secret = self.folder / "secret"
        secret.write_text("of somebody else")
        (self.journal / "records" / "pending.json").symlink_to(secret)
        self.run_check()
        self.assertEqual(secret.read_text(), "of somebody else")
        self.assertEqual(self.accepted(), 3)

    def test_no_folder(self):
        (self.folder / "file").touch()
        (self.folder / "nowhere").symlink_to(self.folder / "missing")
        for name in ("file", "nowhere"):
            with self.subTest(name):
                self.undecided(name, journal=self.folder / name)

    def test_more_than_a_journal_holds(self):
        self.run_check()
        path = self.journal / "journal.jsonl"
        good = path.read_bytes()
        os.truncate(path, 80 << 20)
        self.undecided("journal.jsonl", "too large")
        path.write_bytes(good + b"x" * 100_000 + b"\n")
        self.run_check()  # what is no line is set aside, quoted in part
        self.assertEqual(self.accepted(), 2)
        entry = json.loads(path.read_bytes().splitlines()[-2])
        self.assertEqual((entry["kind"], entry["quote"]["bytes"]), ("unconfirmed", 100_001))

    @unittest.skipIf(os.geteuid() != 0, "makes files of another account")
    def test_permissions(self):
        self.run_check()
        records = self.journal / "records"
        for path, mode in ((self.journal, 0o700), (self.journal / "journal.jsonl", 0o600)):
            with self.subTest(path.name):
                before = path.stat().st_mode
                path.chmod(mode)
                self.undecided(path.name, "permission denied", before=as_nobody)
                path.chmod(before)
        self.undecided("lock", "permission denied", before=as_nobody)
        for path in (self.journal, *self.journal.iterdir()):
            path.chmod(0o777 if path.is_dir() else 0o666)
        records.chmod(0o755)
        self.undecided("records/pending.json", "permission denied", before=as_nobody)
        self.assertEqual(self.accepted(), 1)

    @needs_root
    def test_a_full_disk(self):
        """Until it is full every run counts, and from then on none; with room again it goes on."""
        with self.small_disk("64k") as disk:
            journal = disk / "journal"
            whole = 0
            while self.run_check(journal=journal, code=None).code == 0:
                whole += 1
            self.assertGreater(whole, 1)
            for _ in range(2):
                result = self.undecided("the disk is full", journal=journal)
                self.assertIn("journal", result.out)
            report = self.verify("journal", "verify", journal, "--json").json()
            self.assertEqual(report["accepted"], whole)
            self.run_check("--record", self.folder / "record", journal=journal, code=3)
            record = json.loads((self.folder / "record" / "RECORD.json").read_text())
            self.assertEqual(record["result"]["verdict"], "UNDECIDED")
            self.run_program("mount", "-o", "remount,size=1m", disk, code=0)
            self.run_check(journal=journal)
            report = self.verify("journal", "verify", journal, "--json").json()
            self.assertTrue(report["sound"])
            self.assertEqual(report["accepted"], whole + 1)
            self.assertFalse(any(pathlib.Path(journal, "records").glob("pending*")))


if __name__ == "__main__":
    main()
