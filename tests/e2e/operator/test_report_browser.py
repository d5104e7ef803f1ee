# SPDX-License-Identifier: Apache-2.0
"""Reports in a headless Chromium: what it shows, prints, asks for and complains about."""
import html
import pathlib
import re
import subprocess

from browser import Browser
from harness import Case, EXAMPLE, KEYS, NODE_MODULES, main

SIGNED = ("--sign-record", KEYS / "release.key.pem", "--record-cert", KEYS / "release.cert.pem")
HOSTILE = "</style></title><script>window.hit=1</script><img src=x onerror=\"window.hit=2\"><a href='javascript:1'>&amp;\"'"
HARMFUL = ("moderate", "serious", "critical")


class InBrowser(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.axe = (pathlib.Path(NODE_MODULES) / "axe-core" / "axe.min.js").read_text("utf-8")
        cls.browser = Browser(cls.shared / "profile")
        cls.addClassCleanup(cls.browser.__exit__)

    def audit(self, name):
        """axe-core over the page as it is shown now."""
        self.browser.evaluate(self.axe + ";0")
        found = self.browser.evaluate("axe.run(document, {preload: false}).then(one => one.violations.map(violation => "
                                      "[violation.impact, violation.id, violation.nodes.map(node => node.html).slice(0, 3)]))")
        self.assertEqual([one for one in found if one[0] in HARMFUL], [], name)
        return self.browser.evaluate("axe.run(document, {preload: false}).then(one => one.passes.map(pass => pass.id))")

    def show(self, report):
        """The page on every medium: silent, alone, accessible. Its text."""
        self.browser.open(report)
        text = self.browser.evaluate("document.body.innerText")
        self.assertEqual(self.browser.complaints(), [])
        more, own = self.browser.requests()
        self.assertEqual((more, own), ([], [report.resolve().as_uri()]))
        for medium in (("screen", "light"), ("screen", "dark"), ("print", "light")):
            self.browser.media(*medium)
            passed = self.audit(medium)
            for rule in ("color-contrast", "document-title", "html-has-lang", "landmark-one-main", "page-has-heading-one"):
                self.assertIn(rule, passed, medium)
        self.browser.media()
        return text

    def printed(self, report):
        """The text of each printed page."""
        path = self.folder / "print.pdf"
        self.browser.open(report)
        path.write_bytes(self.browser.pdf())
        done = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True, text=True)
        return [" ".join(page.split()) for page in done.stdout.rstrip("\f").split("\f")]

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
        self.assertIn("Decision of the board", pages[-1])
        for field in ("Decision", "Name", "Date", "Signature"):
            self.assertIn(field, pages[-1])

    def test_an_accepted_release(self):
        report = self.example("--change-id", "CHG-4711", "--asset", "GW-3")
        text = self.show(report)
        for words in ("ACCEPTED", "RTU-7 Remote Terminal Unit 4.2.0", "CHG-4711", "GW-3", "Open points", "Documents"):
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
        description = self.description(
            [("firmware.bin", {"role": "firmware"})], product={"vendor": f"V {HOSTILE}", "name": f"P {HOSTILE}"},
            release={"version": "1.0.0", "sequence": 1, "date": "2026-10-12T08:00:00Z", "buildId": "W" * 200})
        archive = self.pack(description)
        self.check(archive, "--report", "report.html", *SIGNED, "--asset", f"A {HOSTILE} \u202eLTR\x1b[31m", "--change-id", HOSTILE)
        report = self.folder / "report.html"
        text = self.show(report)
        self.assertEqual(text.count(f"P {HOSTILE}"), 2)
        self.assertIn(f"A {HOSTILE}", text)
        for control in ("\u202e", "\x1b"):
            self.assertNotIn(control, text)
            self.assertNotIn(control, report.read_text("utf-8"))
        self.assertEqual(self.browser.evaluate("[typeof window.hit, document.querySelectorAll('script,img,a').length]"), ["undefined", 0])
        self.assertIn(f"P {HOSTILE}", self.browser.evaluate("document.title"))
        # A long word widens nothing: the page does not scroll sideways.
        self.assertEqual(self.browser.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), True)

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
