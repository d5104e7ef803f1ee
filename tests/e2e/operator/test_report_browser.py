# SPDX-License-Identifier: Apache-2.0
"""Reports in a headless Chromium: what it shows, prints, asks for and complains about."""
import html
import json
import re

from browser_case import HOSTILE, InBrowser
from harness import EXAMPLE, KEYS, main, sha256

SIGNED = ("--sign-record", KEYS / "release.key.pem", "--record-cert", KEYS / "release.cert.pem")


class Reports(InBrowser):
    def digest(self, report):
        return re.search(r"Record SHA-256 ([0-9a-f]{64})", html.unescape(report.read_text("utf-8")))[1]

    def example(self, *arguments, code=0):
        archive = self.pack(EXAMPLE / "release.yaml", "example.tar")
        self.check(archive, "--report", "report.html", *SIGNED, *arguments, code=code)
        return self.folder / "report.html"

    def on_paper(self, report, word):
        pages = self.printed(report)
        self.assertGreater(len(pages), 2)
        for number, page in enumerate(pages, 1):
            self.assertIn(f"Record SHA-256 {self.digest(report)}", page, f"page {number}")
            self.assertRegex(page, rf"\b{number} ?/ ?{len(pages)}\b")
        self.assertIn(word, pages[0])
        self.assertIn("Decision of the board", pages[0])
        for field in ("Decision", "Name", "Date", "Signature"):
            self.assertIn(field, pages[0])

    def test_an_accepted_release(self):
        report = self.example("--change-id", "CHG-4711", "--asset", "GW-3")
        text = self.show(report)
        for words in ("ACCEPTED", "RTU-7 Remote Terminal Unit 4.2.0", "CHG-4711", "GW-3", "Open points", "Documents", "Components (SBOM)",
                      "BusyBox project", "What VEX and advisories in the release mean for version 4.2.0", "Responsibilities"):
            self.assertIn(words, text)
        self.assertNotIn("Decision of the board", text)  # it is for paper
        self.assertNotIn("eyJ", text)  # what it carries is not shown
        self.on_paper(report, "ACCEPTED")

    def test_a_refused_release(self):
        report = self.example("--product", "Other", "--hardware", "X:1", code=1)
        text = self.show(report)
        self.assertIn("REFUSED", text)
        self.assertNotIn("ACCEPTED", text)
        self.assertIn("Do not install it.", text)
        self.on_paper(report, "REFUSED")

    def test_words_of_others_stay_words(self):
        (self.folder / "firmware.bin").write_bytes(b"firmware")
        serial = "3e671687-395b-41f5-a30f-a58921a69b79"
        (self.folder / "sbom.json").write_text(json.dumps({
            "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "serialNumber": f"urn:uuid:{serial}",
            "metadata": {"component": {"type": "firmware", "bom-ref": "root", "name": f"P {HOSTILE}", "version": "1.0.0",
                                       "supplier": {"name": "Works"}, "hashes": [{"alg": "SHA-256", "content": sha256(b"firmware")}]}},
            "components": [{"type": "library", "bom-ref": "c", "name": f"N {HOSTILE} \u202e", "version": "W" * 300,
                            "licenses": [{"license": {"name": f"M {HOSTILE}"}}], "supplier": {"name": f"S {HOSTILE}\x1b[31m"}}]}), "utf-8")
        (self.folder / "vex.json").write_text(json.dumps({
            "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "vulnerabilities": [
                {"id": f"I {HOSTILE}", "analysis": {"state": "exploitable"}, "affects": [{"ref": f"urn:cdx:{serial}/1#c"}]}]}), "utf-8")
        description = self.description(
            [("firmware.bin", {"role": "firmware"}), ("sbom.json", {"role": "sbom"}), ("vex.json", {"role": "vex"})], product={"vendor": f"V {HOSTILE}", "name": f"P {HOSTILE}"},
            release={"version": "1.0.0", "sequence": 1, "date": "2026-10-12T08:00:00Z", "buildId": "W" * 200},
            sbom=[{"file": "sbom.json", "format": "CycloneDX-1.6"}],
            claims=[{"standard": f"C {HOSTILE}", "basis": "self-assessment", "scope": "X" * 300, "limits": f"L {HOSTILE}"}],
            responsibilities=[{"party": "owner", "item": f"R {HOSTILE}"}])
        archive = self.pack(description)
        self.check(archive, "--report", "report.html", *SIGNED, "--asset", f"A {HOSTILE} \u202eLTR\x1b[31m", "--change-id", HOSTILE)
        report = self.folder / "report.html"
        text = self.show(report)
        self.assertGreaterEqual(text.count(f"P {HOSTILE}"), 2)
        for letter in "ACLRNMSI":
            self.assertIn(f"{letter} {HOSTILE}", text)
        for control in ("\u202e", "\x1b"):
            self.assertNotIn(control, text)
            self.assertNotIn(control, report.read_text("utf-8"))
        self.stays_text(report)
        self.assertIn(f"P {HOSTILE}", self.browser.evaluate("document.title"))

    def test_what_would_be_found(self):
        """The tools themselves: a page that asks, complains, and cannot be read."""
        bad = self.folder / "bad.html"
        bad.write_text("<!DOCTYPE html><html><head><title></title></head><body><img src='absent.png'>"
                       "<p style='color:#ddd;background:#fff'>pale</p><script>undefined_function()</script></body></html>", "utf-8")
        self.browser.open(bad)
        self.assertTrue(self.browser.complaints())
        self.assertEqual(len(self.browser.requests()[0]), 1)
        with self.assertRaises(AssertionError):
            self.audit("bad")


if __name__ == "__main__":
    main()
