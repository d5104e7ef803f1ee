# SPDX-License-Identifier: Apache-2.0
"""record replay: the run of a record once more, and what differs."""
import json

from harness import main, member, tampered
from review_case import ALLOW, KEYS, TRUST, ReviewCase


class Replay(ReviewCase):
    def setUp(self):
        super().setUp()
        self.archive = self.numbered(1, "r.tar", lifecycle={"endOfSecuritySupport": "2031-01-01T00:00:00Z", "lastUpdated": "2026-10-12T08:00:00Z"})
        self.check(self.archive, "--record", "record")
        self.record = self.folder / "record" / "RECORD.json"

    def replay(self, archive=None, *arguments, code=0, record=None, trust=TRUST):
        value = self.verify("record", "replay", record or self.record, archive or self.archive, *trust, "--json", *arguments,
                            code=code).json()
        self.in_form("replay", value)
        self.assertEqual(value["agrees"], code == 0)
        return value

    def what(self, value):
        return [one["what"] for one in value["differences"]]

    def changed(self, change):
        value = json.loads(self.record.read_text())
        change(value)
        path = self.folder / "changed.json"
        path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n")
        return path

    def test_the_same_run_gives_the_same(self):
        value = self.replay()
        self.assertEqual(value["differences"], [])
        self.assertEqual((value["then"], value["now"]), ("ACCEPTED", "ACCEPTED"))
        self.assertEqual(value["trust"]["asOf"], json.loads(self.record.read_text())["when"]["verificationTime"])
        page = self.verify("record", "replay", self.record, self.archive, *TRUST).out
        self.assertIn("SAME RESULT: Example Automation GmbH", page)
        self.assertIn("as of", page)

    def test_the_time_is_the_records(self):
        """Support has ended by then; at the record's own time it had not."""
        self.assertEqual(self.replay()["differences"], [])
        self.assertIn("lifecycle.support", self.what(self.replay(None, "--at", "2031-02-01T00:00:00Z", code=1)))

    def test_another_archive(self):
        other = self.numbered(2, "other.tar")
        value = self.replay(other, code=1)
        self.assertIn("identity", self.what(value))
        self.assertIn("firmware.bin", self.what(value))
        bad = tampered(self.archive, self.folder / "bad.tar", member(self.archive, "firmware.bin").data)
        value = self.replay(bad, code=1)
        self.assertEqual((value["then"], value["now"]), ("ACCEPTED", "REFUSED"))
        self.assertIn("verdict", self.what(value))
        self.assertIn("ANOTHER RESULT", self.verify("record", "replay", self.record, bad, *TRUST, code=1).out)

    def test_a_refusal_is_replayed_too(self):
        bad = tampered(self.archive, self.folder / "bad.tar", member(self.archive, "firmware.bin").data)
        self.refused(bad, "--record", "second")
        self.assertEqual(self.replay(bad, record=self.folder / "second" / "RECORD.json")["now"], "REFUSED")
        self.assertIn("verdict", self.what(self.replay(self.archive, record=self.folder / "second" / "RECORD.json", code=1)))

    def test_a_record_that_was_edited(self):
        def digest(value):
            value["what"]["files"][-1]["sha256"] = "0" * 64
        def dropped(value):
            value["what"]["files"].pop()
        def check(value):
            next(one for one in value["result"]["checks"] if one["check"] == "file.digests")["result"] = "WARN"
        for change, what in ((digest, "firmware.bin"), (dropped, "number of files")):
            with self.subTest(what):
                self.assertIn(what, self.what(self.replay(record=self.changed(change), code=1)))
        self.verify("record", "replay", self.changed(check), self.archive, *TRUST, code=(1, 2))

    def test_the_release_is_what_the_archive_says(self):
        """A record that nobody vouches for names nothing in the headline, and its words are compared."""
        def renamed(value):
            value["what"]["product"]["name"] = "SIL4 Safety Controller"
            value["what"]["product"]["vendor"] = "Somebody Else"
            value["what"]["release"].update(version="9.9", sequence=99)
        path = self.changed(renamed)
        found = {one["what"]: one for one in self.replay(record=path, code=1)["differences"]}
        self.assertEqual(set(found), {"vendor", "product", "version", "sequence"})
        self.assertEqual((found["sequence"]["then"], found["sequence"]["now"]), ("99", "1"))
        headline = self.verify("record", "replay", path, self.archive, *TRUST, code=1).out.splitlines()[0]
        self.assertIn("ANOTHER RESULT: Example Automation GmbH", headline)
        self.assertNotIn("SIL4", headline)
        for name, change in (("version", lambda value: value["what"]["release"].update(version="9.9")),
                             ("product", lambda value: value["what"]["product"].update(name="Other"))):
            self.assertEqual(self.what(self.replay(record=self.changed(change), code=1)), [name])

    def test_another_policy_is_said_and_no_difference(self):
        certificate = KEYS / "root.cert.pem"
        fingerprint = self.run_program("openssl", "x509", "-in", certificate, "-noout", "-fingerprint", "-sha256",
                                       code=0).out.split("=")[1].strip()
        self.verify("trust", "init", "trust.json", "--name", "Plant 7")
        self.verify("trust", "add-signer", "trust.json", ALLOW, "--vendor", "Example Automation GmbH", "--signer", "S", "--role",
                    "release", "--anchor", certificate, "--fingerprint", fingerprint, "--obtained", "phone")
        self.check(self.archive, "--trust", "trust.json", "--record", "second", anchor=None)
        text = (self.folder / "trust.json").read_text()
        (self.folder / "trust.json").write_text(text.replace("Plant 7", "Plant 8"))
        value = self.replay(record=self.folder / "second" / "RECORD.json", trust=("--trust", "trust.json", ALLOW))
        self.assertEqual(self.what(value), ["trust policy"])

    def test_usage(self):
        self.verify("record", "replay", self.record, self.archive, code=2)
        self.verify("record", "replay", self.record, *TRUST, code=2)
        self.verify("record", "replay", self.archive, self.archive, *TRUST, code=1)
        self.verify("record", "replay", self.record, "missing", *TRUST, code=3)
        self.verify("record", "replay", "missing", self.archive, *TRUST, code=3)

    def test_hostile_records_stay_text(self):
        def evil(value):
            value["what"]["files"][-1]["path"] = "x"
            value["what"]["archive"]["name"] = "\x1b[31m\u202e"
        path = self.changed(evil)
        for more in ((), ("--json",)):
            result = self.verify("record", "replay", path, self.archive, *TRUST, *more, code=(1, 2))
            self.assertNotIn("\x1b", result.out + result.err)
            self.assertNotIn("\u202e", result.out + result.err)


if __name__ == "__main__":
    main()
