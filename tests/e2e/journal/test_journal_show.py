# SPDX-License-Identifier: Apache-2.0
"""journal show: which line is which, on one screen; what counts and what does not."""
import json

from harness import SOURCE, Case, main


class Show(Case):
    def setUp(self):
        super().setUp()
        self.prefix = self.own_keys()
        (self.folder / "f.bin").write_bytes(b"firmware")
        for number, product in (("1", "Pump"), ("2", "Pump"), ("3", "Valve")):
            description = self.description(["f.bin"], product={"name": product},
                                           release={"version": f"{number}.0", "sequence": int(number)})
            self.sign("pack", description, "--key", f"{self.prefix}.key.pem", "--cert", f"{self.prefix}.cert.pem", "--out",
                      f"{number}.tar")
        for number, asset, stage in (("1", "P-1", "received"), ("2", "P-1", "authorized"), ("3", "V-9", "received")):
            self.run_check(f"{number}.tar", "--asset", asset, "--stage", stage, "--change-id", f"CHG-{number}")

    def run_check(self, archive, *more, code=0):
        return self.verify("check", archive, "--anchor", f"{self.prefix}-root.cert.pem", "--journal", "j", *more, code=code)

    def entries(self, *more):
        shown = self.verify("journal", "show", "j", "--json", *more).json()
        self.assertEqual(shown["cretula"], "journal-list/1")
        return shown["entries"]

    def rows(self, *more):
        lines = self.verify("journal", "show", "j", *more).out.splitlines()
        return [line.split() for line in lines[2:]]

    def test_the_table(self):
        text = self.verify("journal", "show", "j").out
        self.assertEqual(text.splitlines()[0], "journal: j (3 runs and notes, the newest last)")
        self.assertEqual(text.splitlines()[1].split(),
                         "line time (UTC) verdict product version asset stage change".split())
        for row, expected in zip(self.rows(), (["ACCEPTED", "Pump", "1.0", "P-1", "received", "CHG-1"],
                                               ["ACCEPTED", "Pump", "2.0", "P-1", "authorized", "CHG-2"],
                                               ["ACCEPTED", "Valve", "3.0", "V-9", "received", "CHG-3"])):
            self.assertEqual(row[3:], expected)

    def test_a_note_is_about_the_line_that_is_shown(self):
        line = self.rows("--asset", "P-1")[-1][0]
        self.verify("journal", "note", "j", "--line", line, "--stage", "deployed", "--change-id", "CHG-8")
        self.assertEqual(self.rows()[-1][3:], ["note", "on", line, "Pump", "2.0", "P-1", "deployed", "CHG-8"])
        self.assertEqual(self.entries()[-1]["line"], int(line))
        self.assertIn("journal show", self.verify("journal", "note", "j", "--stage", "received", code=2).err)

    def test_no_run_of_that_number(self):
        err = self.verify("journal", "note", "j", "--line", "99", "--stage", "deployed", code=2).err
        self.assertIn("`cretula-verify journal show j` lists the runs", err)

    def test_what_is_asked_for(self):
        self.assertEqual([one["number"] for one in self.entries("--asset", "P-1")], [1, 2])
        self.assertEqual([one["number"] for one in self.entries("--product", "Valve")], [3])
        self.assertEqual(self.entries("--asset", "P-1", "--product", "Valve"), [])
        self.assertEqual(len(self.entries("--since", "2020-01-01")), 3)
        self.assertEqual(self.entries("--since", "2099-01-01T00:00:00+02:00"), [])
        self.assertIn("not a time", self.verify("journal", "show", "j", "--since", "yesterday", code=2).err)
        self.assertEqual(self.verify("journal", "show", "j", "--asset", "none").out, "journal: j (0 of 3 runs and notes)\n")

    def test_what_does_not_count_says_so(self):
        self.run_check("1.tar", "--expect-identity", "0" * 64, code=1)
        self.run_check("1.tar", "--at", "2027-01-01T00:00:00Z")
        self.assertEqual(self.rows()[-2][3], "REFUSED")
        self.assertIn("ACCEPTED (does not count)", " ".join(self.rows()[-1]))
        self.assertFalse(self.entries()[-1]["countsAsAccepted"])

    def test_a_journal_that_was_changed_is_not_shown(self):
        path = self.folder / "j" / "journal.jsonl"
        path.write_bytes(path.read_bytes().replace(b"REFUSED", b"ACCEPTED").replace(b"P-1", b"P-2", 1))
        result = self.verify("journal", "show", "j", code=3)
        self.assertEqual(result.out, "")
        self.verify("journal", "show", "nowhere", code=3)

    def test_the_schema(self):
        schema = json.loads((SOURCE / "docs" / "spec" / "journal-list.schema.json").read_text("utf-8"))
        known = schema["properties"]["entries"]["items"]
        for entry in self.entries():
            self.assertLessEqual(set(entry), set(known["properties"]))
            self.assertLessEqual(set(known["required"]), set(entry))


if __name__ == "__main__":
    main()
