# SPDX-License-Identifier: Apache-2.0
"""record export --nerc-cip-010 and --machinery: pages that repeat a record for whoever asks for evidence under a rule. They say
what the record says, what it does not, and never that a rule is met."""
import html.parser
import json
import re

import harness
from harness import main, noise, tampered

VIEWS = {"--nerc-cip-010": ("1.6.1 Identity of the software source", "1.6.2 Integrity of the software obtained"),
         "--machinery": ("The intervention", "Software and configuration, to identify it")}


class Text(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.parts, self.tags = [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)

    def handle_data(self, data):
        if self.tags[-1:] != ["style"]:
            self.parts.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.parts).split())


class Views(harness.Case):
    def setUp(self):
        super().setUp()
        self.keys, self.recorder = self.own_keys("vendor"), self.own_keys("recorder")
        (self.folder / "firmware.bin").write_bytes(noise(900, "v"))
        (self.folder / "notes.md").write_text("# Notes\n")
        self.archive = self.folder / "r.tar"
        self.sign("pack", self.description([("firmware.bin", {"role": "firmware"}), ("notes.md", {"role": "release-notes"})]),
                  "--key", f"{self.keys}.key.pem", "--cert", f"{self.keys}.cert.pem", "--out", self.archive)

    def record(self, archive, *arguments, name="record", code=0):
        self.verify("check", archive, "--anchor", f"{self.keys}-root.cert.pem", "--record", name, "--sign-record",
                    f"{self.recorder}.key.pem", "--record-cert", f"{self.recorder}.cert.pem", *arguments, code=code)
        return self.folder / name / "RECORD.json"

    def export(self, record, view, *arguments, code=0):
        return self.verify("record", "export", record, view, "--anchor", f"{self.recorder}-root.cert.pem", *arguments, code=code)

    def page(self, record, view):
        self.export(record, view, "--out", "page.html")
        text = (self.folder / "page.html").read_text("utf-8")
        page = Text(text)
        self.assertNotIn("script", page.tags)
        said = page.text
        for limit in json.loads(record.read_text())["limits"]:
            self.assertIn(limit, said)
            said = said.replace(limit, "")
        # Whether a rule is met is nobody's to say here.
        self.assertIsNone(re.search(r"(?i)complian|conform|certif(ied|ication)|fulfil|satisf", said), said)
        return page.text

    def test_an_acceptance(self):
        record = self.record(self.archive, "--change-id", "CHG-4711", "--asset", "RTU <7>", "--acquired", "portal, USB")
        said = json.loads(record.read_text())
        signature = said["how"]["signatures"][0]
        for view, headings in VIEWS.items():
            with self.subTest(view):
                text = self.page(record, view)
                for words in (*headings, "ACCEPTED", "CHG-4711", "RTU <7>", said["what"]["identity"], said["when"]["time"],
                              signature["certificate"]["subject"], signature["certificate"]["keySha256"], "not stated",
                              next(one["sha256"] for one in said["what"]["files"] if one["role"] == "firmware")):
                    self.assertIn(words, text)
        files = len(said["what"]["files"])
        text = self.page(record, "--nerc-cip-010")
        self.assertIn(f"(CIP-010-4 R1 1.6.1): verified by signature (1 signature counted); integrity (1.6.2): digests of {files} of {files} files match", text)
        self.assertIn("release-notes", text)
        machinery = self.page(record, "--machinery")
        self.assertIn("files 1, 1 of them verified", machinery)
        self.assertNotIn("notes.md", machinery)

    def order(self, record):
        return [(one["result"], one["reason"]) for one in json.loads(record.read_text())["result"]["checks"] if one["check"] == "evidence.order"]

    def test_the_change_and_its_order(self):
        """What the change departs from, whom it concerns, and whether the release was verified before it."""
        change = ("--change-id", "CHG-1", "--asset", "RTU 7", "--further-asset", "RTU 8", "--further-asset", "RTU 9",
                  "--baseline-item", "1.1.1", "--baseline-item", "1.1.5")
        record = self.record(self.archive, *change, "--planned-at", "2999-01-01T02:00:00+02:00")
        self.assertEqual(json.loads(record.read_text())["why"], {"changeId": "CHG-1", "plannedAt": "2999-01-01T00:00:00Z", "asset": "RTU 7",
                         "baselineItems": ["1.1.1", "1.1.5"], "furtherAssets": ["RTU 8", "RTU 9"]})
        self.assertEqual(self.order(record), [("PASS", "the release was verified before the change, which is planned for 2999-01-01T00:00:00Z")])
        text = self.page(record, "--nerc-cip-010")
        for words in ("The change was planned for 2999-01-01T00:00:00Z: verified before it.", "1.1.1, 1.1.5", "RTU 8, RTU 9"):
            self.assertIn(words, text)
        self.assertIn("planned for 2999-01-01T00:00:00Z", " ".join(self.verify("record", "show", record).out.split()))
        late = self.record(self.archive, "--planned-at", "2026-01-01T00:00:00Z", name="late")
        self.assertEqual(self.order(late), [("WARN", "the change was planned for 2026-01-01T00:00:00Z: the release was not verified before")])
        self.assertIn("verified AFTER it", self.page(late, "--nerc-cip-010"))
        self.assertEqual(self.order(self.record(self.archive, name="none")), [])
        self.assertIn("not a time", self.verify("check", self.archive, "--anchor", f"{self.keys}-root.cert.pem", "--planned-at", "soon", code=2).err)

    def test_files_that_safety_rests_on(self):
        self.sign("pack", self.description([("firmware.bin", {"role": "firmware", "safetyRelevant": True, "safetyFunction": "SF-1"}),
                                            ("notes.md", {"role": "release-notes", "safetyRelevant": False})], release={"affectsSafety": "yes"}),
                  "--key", f"{self.keys}.key.pem", "--cert", f"{self.keys}.cert.pem", "--out", "s.tar")
        record = self.record(self.folder / "s.tar")
        self.assertEqual([one["path"] for one in json.loads(record.read_text())["what"]["files"] if one.get("safetyRelevant")], ["firmware.bin"])
        text = self.page(record, "--machinery")
        self.assertIn("safety firmware.bin", text)
        self.assertIn("affects safety yes", text)
        self.assertIn("does not say which files a safety function needs", self.page(self.record(self.archive, name="plain"), "--machinery"))

    def test_a_security_release_that_ends_with_its_certificate(self):
        """The certificate lasts five years, the release should be verified for ten; a pinned one has no end."""
        self.sign("pack", self.description([("firmware.bin", {"role": "firmware"})], release={"type": "security"}),
                  "--key", f"{self.keys}.key.pem", "--cert", f"{self.keys}.cert.pem", "--out", "s.tar")

        def lasting(archive, anchor):
            record = self.verify("check", archive, "--anchor", anchor, "--json").json()
            return [(one["result"], one["reason"].rsplit(" ", 1)[0]) for one in record["result"]["checks"] if one["check"] == "signature.lasting"]
        self.assertEqual(lasting("s.tar", f"{self.keys}-root.cert.pem"),
                         [("WARN", "without a trusted timestamp this security release cannot be verified after")])
        self.assertEqual(lasting("s.tar", f"{self.keys}.cert.pem")[0][0], "PASS")
        self.assertEqual(lasting(self.archive, f"{self.keys}-root.cert.pem"), [])

    def test_a_refusal_is_one(self):
        bad = tampered(self.archive, self.folder / "bad.tar", harness.member(self.archive, "firmware.bin").data)
        record = self.record(bad, code=1)
        text = self.page(record, "--nerc-cip-010")
        self.assertIn("REFUSED", text)
        self.assertIn("1.6.1): not verified", text)
        self.assertNotIn("ACCEPTED", text)
        self.assertIn("REFUSED", self.page(record, "--machinery"))
        self.own_keys("thief")
        self.verify("check", self.archive, "--anchor", "thief-root.cert.pem", "--record", "foreign", "--sign-record",
                    f"{self.recorder}.key.pem", "--record-cert", f"{self.recorder}.cert.pem", code=1)
        self.assertIn("nobody whom the trust of this run accepts", self.page(self.folder / "foreign" / "RECORD.json", "--nerc-cip-010"))

    def test_a_fast_run_says_by_which_digest(self):
        (self.folder / "firmware.bin").write_bytes(noise((1 << 20) + 9, "big"))
        self.sign("pack", "release.yaml", "--key", f"{self.keys}.key.pem", "--cert", f"{self.keys}.cert.pem", "--out", "big.tar")
        words = "verified by its fs-verity digest"
        self.assertNotIn(words, self.page(self.record(self.folder / "big.tar", name="full"), "--nerc-cip-010"))
        self.assertIn(words, self.page(self.record(self.folder / "big.tar", "--fast", name="fast"), "--nerc-cip-010"))

    def test_records_that_give_none(self):
        for name, arguments, code in (("at", ("--at", "2030-01-01T00:00:00Z"), 0), ("part", ("--only", "firmware.bin"), 3)):
            record = self.record(self.archive, *arguments, name=name, code=code)
            for view in VIEWS:
                with self.subTest(name, view=view):
                    result = self.export(record, view, "--out", "page.html", code=2)
                    self.assertIn("gives no such evidence", result.err)
                    self.assertFalse((self.folder / "page.html").exists())
        # A record that is not genuine is none at all.
        record = self.record(self.archive)
        record.write_text(record.read_text().replace("firmware.bin", "firmware.bim"))
        for view in VIEWS:
            self.export(record, view, code=1)
        self.verify("record", "export", record, *VIEWS, "--anchor", f"{self.recorder}-root.cert.pem", code=2)

    def test_the_same_record_gives_the_same_page(self):
        record = self.record(self.archive)
        for view in VIEWS:
            self.assertEqual(self.export(record, view).out, self.export(record, view).out)


if __name__ == "__main__":
    main()
