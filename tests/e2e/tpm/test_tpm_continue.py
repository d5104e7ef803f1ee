# SPDX-License-Identifier: Apache-2.0
"""journal verify and journal continue with a TPM: what is missing is named, and a cut journal is not
carried on."""
import json
import shutil

from harness import main
from tpm_case import TpmCase


class Journals(TpmCase):
    def filled(self, runs=3):
        station = self.station()
        for _ in range(runs):
            station.check()
        return station

    def verify_journal(self, station, code=0, tpm=True, journal=None):
        return self.verify("journal", "verify", journal or station.journal,
                           *(["--tpm", *station.options()] if tpm else []), code=code)

    def test_a_whole_journal(self):
        station = self.filled()
        self.verify_journal(station)
        result = self.verify_journal(station, tpm=False)
        self.assertIn("TPM", result.out)  # what cannot be seen without it is said

    def test_what_only_the_tpm_sees(self):
        def tail(station):
            path = station.journal / "journal.jsonl"
            path.write_bytes(b"".join(station.lines()[:-2]))

        def backup(station):
            shutil.rmtree(station.journal)
            shutil.copytree(self.folder / "copy", station.journal)

        def folder(station):
            shutil.rmtree(station.journal)

        for name, damage in (("tail", tail), ("backup", backup), ("folder", folder)):
            with self.subTest(name):
                station = self.station(name=name)
                station.check()
                shutil.rmtree(self.folder / "copy", ignore_errors=True)
                shutil.copytree(station.journal, self.folder / "copy")
                station.check()
                station.check()
                damage(station)
                result = self.verify_journal(station, code=(1,))
                self.assertIn("TPM", result.out + result.err)
                station.check(code=1)

    def test_continued_on_the_same_tpm(self):
        station = self.filled()
        second = self.folder / "second"
        self.verify("journal", "close", station.journal, "--tpm", *station.options())
        self.verify("journal", "continue", second, "--from", station.journal, "--tpm",
                    *station.options())
        station.journal = second
        station.check()
        self.verify_journal(station)
        station.status("--trust", station.trust, "--journal", second)

    def test_continued_on_another_tpm(self):
        old, new = self.filled(), self.station(name="new")
        self.verify("journal", "close", old.journal, "--tpm", *old.options())
        self.verify("journal", "continue", new.journal, "--from", old.journal, "--tpm",
                    *new.options())
        new.check()
        self.verify_journal(new)

    def test_a_cut_journal_is_not_continued(self):
        station = self.filled()
        cut = self.folder / "cut"
        shutil.copytree(station.journal, cut)
        lost = json.loads(station.lines()[-1])["record"]
        (cut / "journal.jsonl").write_bytes(b"".join(station.lines()[:-1]))
        (cut / "journal.head").unlink()
        for path in (cut / "records").iterdir():
            if lost[:8] in path.name:
                path.unlink()
        result = self.verify("journal", "continue", self.folder / "second", "--from", cut,
                             "--unclosed", "--tpm", *station.options(), code=1)
        self.assertIn("lines that the journal to continue does not have", result.err)
        # Nothing happened to the real one.
        station.check()
        self.verify_journal(station)

    def test_a_journal_of_another_station_is_not_used(self):
        station, other = self.filled(), self.station(name="other")
        other.check()
        wrong = self.verify("check", self.archive, "--trust", other.trust, "--journal",
                            station.journal, "--tpm", *other.options(), code=1)
        self.assertNotIn("ACCEPTED", wrong.out)


if __name__ == "__main__":
    main()
