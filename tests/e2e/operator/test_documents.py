# SPDX-License-Identifier: Apache-2.0
"""Documents: one given later under NDA is proved (--also); one that changed under its id and version is found."""
import json
import shutil

from harness import Case, file_sha256, main

DOMAIN = "docs.example"


class Documents(Case):
    def setUp(self):
        super().setUp()
        self.keys = self.own_keys()
        (self.folder / "fw.bin").write_bytes(b"firmware")
        (self.folder / "secret.pdf").write_bytes(b"%PDF-1.7 penetration test report")

    def release(self, out, manual=b"# Manual\n", version="1.0.0", sequence=1, vendor=None, key=None, code=0,
                document_version="A", more=()):
        (self.folder / "manual.md").write_bytes(manual)
        documents = [
            {"ids": [{"domain": DOMAIN, "id": "MAN-1"}], "title": {"en": "Manual"}, "version": document_version,
             "languages": ["en"], "file": "manual.md"},
            {"ids": [{"domain": DOMAIN, "id": "PEN-1"}], "title": {"en": "Penetration test"}, "version": "3",
             "availability": "onRequest", "sha256": file_sha256(self.folder / "secret.pdf")},
        ]
        fields = {"product": {"vendor": vendor}} if vendor else {}
        path = self.description(["fw.bin", "manual.md"], documents=documents,
                                release={"version": version, "sequence": sequence}, **fields)
        key = key or self.keys
        self.last = self.sign("pack", path, "--key", f"{key}.key.pem", "--cert", f"{key}.cert.pem", "--out", out, *more,
                              code=code)
        return self.folder / out

    def judge(self, archive, *arguments, code=0, anchor=None):
        return self.verify("check", archive, "--anchor", f"{anchor or self.keys}-root.cert.pem", *arguments, code=code)

    def findings(self, result, check):
        return [one for one in result.json()["result"]["checks"] if one["check"] == check]

    # --also

    def test_a_document_given_later_is_named(self):
        archive = self.release("r.tar")
        page = self.judge(archive, "--also", "secret.pdf").out
        self.assertIn("secret.pdf is document PEN-1, version 3, which the release names by its SHA-256", page)
        result = self.judge(archive, "--also", "secret.pdf", "--also", "manual.md", "--json")
        found = self.findings(result, "document.also")
        self.assertEqual([(one["result"], one["where"]) for one in found],
                         [("PASS", "#/documents/1"), ("PASS", "#/documents/0")])
        documents = result.json()["what"]["documents"]
        self.assertEqual([(one["ids"][0]["id"], one.get("proved")) for one in documents],
                         [("MAN-1", True), ("PEN-1", True)])
        # Without the file, nothing is proved.
        plain = self.judge(archive, "--json").json()["what"]["documents"]
        self.assertEqual([one.get("proved") for one in plain], [None, None])

    def test_a_file_that_is_no_document_refuses(self):
        archive = self.release("r.tar")
        (self.folder / "other.pdf").write_bytes(b"%PDF-1.7 penetration test report, stamped")
        for words in (["--also", "other.pdf"], ["--also", "secret.pdf", "--also", "other.pdf"],
                      ["--also", "fw.bin"]):
            page = self.judge(archive, *words, code=1).out
            self.assertIn("is no document of this release", page.splitlines()[0])
            self.assertIn("document.also", page)
        result = self.judge(archive, "--also", "other.pdf", "--json", code=1)
        self.assertEqual([one["result"] for one in self.findings(result, "document.also")], ["FAIL"])
        # Nothing is extracted either.
        self.verify("extract", archive, "--to", "out", "--anchor", f"{self.keys}-root.cert.pem", "--also", "other.pdf",
                    code=1)
        self.assertFalse((self.folder / "out").exists())

    def test_also_wants_a_file_and_one_release(self):
        archive = self.release("r.tar")
        self.judge(archive, "--also", "missing.pdf", code=3)
        self.verify("check", archive, archive, "--anchor", f"{self.keys}-root.cert.pem", "--also", "secret.pdf", code=2)

    # same id and version, other bytes

    def test_the_previous_release_knows_a_document(self):
        old = self.release("old.tar")
        self.release("same.tar", sequence=2, version="1.1.0", more=["--previous", old])
        self.release("new.tar", manual=b"# Manual 2\n", document_version="B", sequence=2, version="1.1.0",
                     more=["--previous", old])
        self.release("bad.tar", manual=b"# Manual 2\n", sequence=2, version="1.1.0", more=["--previous", old], code=1)
        self.assertIn("document.identity", self.last.err)
        self.assertIn("document MAN-1 has changed since release 1.0.0, but not its version A", self.last.err)
        self.assertFalse((self.folder / "bad.tar").exists())

    def test_the_previous_release_knows_the_rollback_counter(self):
        (self.folder / "a.bin").write_bytes(b"a")
        for version, sequence, counter, code in [("1", 1, 3, 0), ("2", 2, 3, 0), ("3", 3, 2, 1)]:
            path = self.description(["a.bin"], release={
                "version": version, "sequence": sequence, "rollback": {"allowed": False, "securityVersion": counter}})
            more = ["--previous", "1.tar"] if version != "1" else []
            result = self.sign("pack", path, "--key", f"{self.keys}.key.pem", "--cert", f"{self.keys}.cert.pem", "--out",
                               f"{version}.tar", *more, code=code)
            self.assertEqual("the anti-rollback counter falls below that of release 1" in result.err, code == 1)

    def test_the_journal_knows_a_document(self):
        old = self.release("old.tar")
        bad = self.release("bad.tar", manual=b"# Manual 2\n", sequence=2, version="1.1.0")
        good = self.release("good.tar", manual=b"# Manual 2\n", document_version="B", sequence=3, version="1.2.0")
        self.judge(bad)  # no journal, nothing to compare with
        self.judge(old, "--journal", "journal")
        self.judge(old, "--journal", "journal")  # the same release again is no change
        page = self.judge(bad, "--journal", "journal", code=1).out
        self.assertIn("document MAN-1 has changed since", page.splitlines()[0])
        self.assertIn("1.0.0, which this journal accepted", page.splitlines()[0])
        result = self.judge(good, "--journal", "journal", "--json")
        self.assertEqual([one["result"] for one in self.findings(result, "document.identity")], ["PASS"])
        # A refused run is no knowledge: 1.1.0 stays the odd one, 1.2.0 is fine again.
        self.judge(good, "--journal", "journal")
        record = self.judge(bad, "--journal", "journal", "--json", code=1).json()
        found = [one for one in record["result"]["checks"] if one["check"] == "document.identity"]
        self.assertEqual([(one["result"], one["where"]) for one in found], [("FAIL", "#/documents/0/version")])
        self.assertEqual(record["result"]["verdict"], "REFUSED")
        self.verify("journal", "verify", "journal")

    def test_another_vendor_does_not_speak_for_this_one(self):
        other = self.own_keys("other")
        first = self.release("first.tar", vendor="Somebody else", key=other)
        self.judge(first, "--journal", "journal", anchor=other)
        archive = self.release("mine.tar", manual=b"# Mine\n")
        self.judge(archive, "--journal", "journal")

    def test_a_policy_may_soften_it_to_a_warning_and_a_lost_record_is_said(self):
        old = self.release("old.tar")
        bad = self.release("bad.tar", manual=b"# Manual 2\n", sequence=2, version="1.1.0")
        self.judge(old, "--journal", "journal")
        certificate = (self.folder / "vendor-root.cert.pem").read_text("ascii")
        fingerprint = self.run_program("openssl", "x509", "-in", "vendor-root.cert.pem", "-noout", "-fingerprint",
                                       "-sha256", code=0).out.split("=")[1].strip().replace(":", "").lower()
        policy = {"cretula": "trust/1", "name": "t", "version": 1, "issued": "2026-01-01T00:00:00Z",
                  "severities": {"document.identity": "warn"},
                  "scopes": [{"vendor": "Example Automation GmbH", "products": ["*"],
                              "signers": [{"name": "v", "anchor": {"type": "ca", "pem": certificate},
                                           "added": {"by": "t", "at": "2026-01-01T00:00:00Z", "how": "test",
                                                     "fingerprint": fingerprint}}],
                              "roles": [{"role": "release", "signers": ["v"], "threshold": 1}]}]}
        (self.folder / "trust.json").write_text(json.dumps(policy), encoding="utf-8")
        result = self.verify("check", bad, "--trust", "trust.json", "--journal", "journal", "--json")
        self.assertEqual([one["result"] for one in self.findings(result, "document.identity")], ["WARN"])
        shutil.rmtree(self.folder / "journal" / "records")
        (self.folder / "journal" / "records").mkdir()
        result = self.judge(self.release("new.tar", manual=b"# 3\n", sequence=3, version="1.3.0"),
                            "--journal", "journal", "--json")
        found = self.findings(result, "document.identity")
        self.assertEqual([one["result"] for one in found], ["NOT_CHECKED"])
        self.assertIn("2 records", found[0]["reason"])


if __name__ == "__main__":
    main()
