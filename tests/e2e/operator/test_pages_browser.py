# SPDX-License-Identifier: Apache-2.0
"""Every other page than the report in a headless Chromium: comparisons, records, checklists and the other exports."""
from browser_case import HOSTILE, InBrowser
from harness import EXAMPLE, ROOT_CERT, main, noise

TRUST = ("--anchor", ROOT_CERT, "--allow-example-keys")
SHEETS = ("inventory", "checklist", "settings", "interfaces", "claims")


class PagesInBrowser(InBrowser):
    def hostile(self, number, **more):
        """A release that says HOSTILE, and a very long word, wherever a text may stand."""
        text = f"H{number} {HOSTILE} {'W' * 150}"
        (self.folder / "firmware.bin").write_bytes(noise(700 + number, "h"))
        (self.folder / "manual.pdf").write_bytes(b"%PDF-1.4\n%%EOF\n" + b"%d" % number)
        fields = {
            "product": {"vendor": f"V {HOSTILE}", "name": f"P {HOSTILE}", "modelNumbers": [text]},
            "release": {"version": f"1.{number}.0", "sequence": number, "date": "2026-10-12T08:00:00Z", "id": text, "buildId": text},
            "hardware": [{"model": text}], "prerequisites": [{"summary": text}], "restart": {"category": "machine", "details": text},
            "testAdvice": [{"summary": text, "expected": text}], "changes": [{"id": text, "security": True, "summary": text}],
            "deprecated": [{"setting": text, "risk": text}], "newRisks": [{"summary": text, "mitigation": text}],
            "knownIssues": [{"summary": text, "workaround": text}], "assumptions": [text],
            "claims": [{"standard": text, "basis": "self-assessment", "scope": text, "limits": text}],
            "responsibilities": [{"party": "owner", "item": text}],
            "interfaces": [{"protocol": text, "port": text, "authentication": text, "data": text}],
            "externalServices": [{"service": text, "effectOfLoss": text}],
            "settings": [{"name": text, "default": text, "implication": text, "mustChange": True}],
            "documents": [{"ids": [{"domain": "example.com", "id": "D-1", "primary": True}], "title": {"en": text}, "version": str(number),
                           "revisions": [{"version": str(number), "date": "2026-01-01", "status": "Released", "summary": text}], "file": "manual.pdf"}],
            "topics": {"S3": {"status": "notProvided", "reason": text}}, **more}
        return self.pack(self.description([("firmware.bin", {"role": "firmware"}), ("manual.pdf", {"role": "document"})], **fields),
                         f"h{number}.tar")

    def test_a_comparison(self):
        old, new = self.newer_example()
        self.verify("diff", old, new, *TRUST, "--html", "d.html")
        text = self.show(self.folder / "d.html")
        for words in ("4.2.0", "4.3.0", "NEWER", "2035-12-31"):
            self.assertIn(words, text)
        pages = self.printed(self.folder / "d.html")
        self.assertIn("4.3.0", pages[0])
        for number, page in enumerate(pages, 1):
            self.assertRegex(page, rf"\b{number} ?/ ?{len(pages)}\b")
        # What nobody verified says so, on paper too.
        self.verify("diff", old, new, "--html", "u.html", code=(0, 3))
        self.assertIn("UNVERIFIED", self.show(self.folder / "u.html"))
        self.assertIn("UNVERIFIED", self.printed(self.folder / "u.html")[0])

    def test_a_comparison_of_hostile_releases(self):
        self.verify("diff", self.hostile(1), self.hostile(2), *TRUST, "--html", "d.html", code=(0, 3))
        text = self.show(self.folder / "d.html")
        self.assertIn(HOSTILE, text)
        self.stays_text("d.html")

    def test_the_page_of_a_record(self):
        for name, more, code, word in (("accepted", (), 0, "ACCEPTED"), ("refused", ("--product", "Other"), 1, "REFUSED")):
            self.check(self.pack(EXAMPLE / "release.yaml", "example.tar"), "--record", name, "--change-id", "CHG-4711", *more, code=code)
            self.verify("record", "show", f"{name}/RECORD.json", "--html", f"{name}.html")
            text = self.show(self.folder / f"{name}.html")
            self.assertIn(word, text)
            self.assertIn("CHG-4711", text)
            self.assertIn("Decision of the board", self.printed(self.folder / f"{name}.html")[0])

    def test_the_page_of_a_hostile_record(self):
        self.check(self.hostile(1), "--record", "r", "--change-id", HOSTILE, "--asset", HOSTILE)
        self.verify("record", "show", "r/RECORD.json", "--html", "r.html")
        self.assertGreater(self.show(self.folder / "r.html").count(HOSTILE), 3)
        self.stays_text("r.html")

    def test_tables(self):
        """A checklist is printed and worked through: every row of it is on paper."""
        archive, hostile = self.pack(EXAMPLE / "release.yaml", "example.tar"), self.hostile(1)
        for kind in SHEETS:
            for name, release, words in (("example", archive, "RTU-7"), ("hostile", hostile, HOSTILE)):
                with self.subTest(kind, release=name):
                    page = self.folder / f"{kind}-{name}.html"
                    self.verify("export", kind, release, *TRUST, "--format", "html", "--out", page)
                    self.assertIn(words, self.show(page))
                    self.stays_text(page)
        paper = " ".join(self.printed(self.folder / "checklist-example.html"))
        for words in ("EA-RTU7-D", "AUTH-05", "web.session-minutes", "publish advisories", "version that the product shows"):
            self.assertIn(words, paper)


if __name__ == "__main__":
    main()
