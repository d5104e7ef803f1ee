# SPDX-License-Identifier: Apache-2.0
"""What a run could not leave is a check of its own, and decides like any other: an acceptance becomes undecided by it, a refusal
stays one, and nothing printed says another verdict than the exit code."""
import json

from harness import EXAMPLE, ROOT_CERT, VERIFY, Case, limit_file_size, main, tampered

# More than a journal line or a page, less than a record of the example release.
LIMIT = 4000


class Left(Case):
    def run_check(self, archive, *options, code, before=None):
        result = self.run_program(VERIFY, "check", archive, "--anchor", ROOT_CERT, "--allow-example-keys", "--json", *options,
                                  code=code, before=before)
        record = json.loads(result.out)
        self.assertEqual(record["result"]["exitCode"], code)
        left = {(one["check"], one["result"]) for one in record["result"]["checks"] if one["check"].startswith("evidence.")}
        return result, record, left

    def archives(self):
        good = self.pack(EXAMPLE / "release.yaml", "good.tar")
        return good, tampered(good, self.folder / "bad.tar", -5000 % good.stat().st_size)

    def test_a_run_that_leaves_all_lists_nothing(self):
        _, record, left = self.run_check(self.archives()[0], "--record", "record", "--journal", "journal", code=0)
        self.assertEqual(left, set())
        self.assertEqual(record["result"]["verdict"], "ACCEPTED")

    def test_a_record_that_cannot_be_written(self):
        good, bad = self.archives()
        result, record, left = self.run_check(good, "--record", "one", code=3, before=limit_file_size(LIMIT))
        self.assertEqual(record["result"]["verdict"], "UNDECIDED")
        self.assertTrue(record["result"]["error"]["message"])
        self.assertIn(("evidence.record", "NOT_CHECKED"), left)
        self.assertFalse((self.folder / "one" / "RECORD.json").exists())
        result, record, left = self.run_check(bad, "--record", "two", code=1, before=limit_file_size(LIMIT))
        self.assertEqual(record["result"]["verdict"], "REFUSED")
        self.assertIn(("evidence.record", "NOT_CHECKED"), left)
        self.assertNotEqual(result.err, "")

    def test_a_journal_that_cannot_be_written(self):
        good, bad = self.archives()
        for number, (archive, code, verdict) in enumerate(((good, 3, "UNDECIDED"), (bad, 1, "REFUSED"))):
            (self.folder / f"a{number}").write_bytes(b"no folder")
            result, record, left = self.run_check(archive, "--journal", f"a{number}/journal", code=code)
            self.assertEqual(record["result"]["verdict"], verdict)
            self.assertEqual(left, {("evidence.journal", "NOT_CHECKED")})
            self.assertNotIn("journal", record)


if __name__ == "__main__":
    main()
