# SPDX-License-Identifier: Apache-2.0
"""What every page of ours is held to in a headless Chromium: silent, alone, accessible on screen, in the dark and on paper."""
import pathlib
import subprocess

from browser import Browser
from harness import EXAMPLE, NODE_MODULES, Case

HOSTILE = "</style></title><script>window.hit=1</script><svg onload=\"window.hit=2\"></svg><a href='javascript:1'>&amp;\"'"
HARMFUL = ("moderate", "serious", "critical")
RULES = ("color-contrast", "document-title", "html-has-lang", "landmark-one-main", "page-has-heading-one")


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

    def show(self, page):
        """The page on every medium. Its text."""
        self.browser.open(page)
        text = self.browser.evaluate("document.body.innerText")
        self.assertEqual(self.browser.complaints(), [])
        more, own = self.browser.requests()
        self.assertEqual((more, own), ([], [page.resolve().as_uri()]))
        for medium in (("screen", "light"), ("screen", "dark"), ("print", "light")):
            self.browser.media(*medium)
            passed = self.audit(medium)
            for rule in RULES:
                self.assertIn(rule, passed, medium)
        self.browser.media()
        return text

    def stays_text(self, page):
        """Nothing of HOSTILE acted, or became an element; a long word widens nothing."""
        self.assertEqual(self.browser.evaluate("[typeof window.hit, document.querySelectorAll('script,img,a,svg[onload]').length]"), ["undefined", 0], page)
        self.assertEqual(self.browser.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), True, page)

    def printed(self, page):
        """The text of each printed page."""
        path = self.folder / "print.pdf"
        self.browser.open(page)
        path.write_bytes(self.browser.pdf())
        done = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True, text=True)
        return [" ".join(one.split()) for one in done.stdout.rstrip("\f").split("\f")]

    def newer_example(self):
        """The example release, and one that comes after it: 4.3.0, with other settings, dates and documents."""
        old = self.pack(EXAMPLE / "release.yaml", "old.tar")
        return old, self.pack(newer_description(self.folder / "newer"), "new.tar")


def newer_description(folder):
    """A description like the example's, in a new folder: a version later."""
    inputs = folder / "inputs"
    (inputs / "documents").mkdir(parents=True)
    for path in sorted((EXAMPLE / "inputs").rglob("*")):
        if path.is_file():
            name = path.relative_to(EXAMPLE / "inputs").as_posix().replace("4.2.0", "4.3.0")
            data = path.read_bytes()
            (inputs / name).write_bytes(data if name.endswith(".bin") else data.replace(b"4.2.0", b"4.3.0"))
    text = (EXAMPLE / "release.yaml").read_text("utf-8").replace("4.2.0", "4.3.0").replace("4.2.99", "4.3.99")
    for old, new in (("sequence: 42", "sequence: 43"), ("2036-12-31T23:59:59Z", "2035-12-31T23:59:59Z"),
                     ("    default: \"30\"\n", "    default: \"15\"\n"), ("restarts once", "restarts twice")):
        text = text.replace(old, new)
    (folder / "release.yaml").write_text(text, encoding="utf-8")
    return folder / "release.yaml"
