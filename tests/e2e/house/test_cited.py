# SPDX-License-Identifier: Apache-2.0
"""What a comment cites is there: files and pages, by the path that they have; and each library that is linked has its line
in docs/dependencies.md."""
import re
import unittest

from harness import SOURCE

FOLDERS = ("formats", "signer", "verifier", "tests", "docs", "keys-example")
CITED = re.compile(r"(?<![\w./*-])((?:[\w-]+/)*[\w-]+\.(?:md|c|h|py|sh|cmake))\b(?![/*])")
C_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.S)
SCRIPT_COMMENT = re.compile(r'(?<!\S)#[^\n]*|"""[^"]*"""')
# What stands for a name that somebody else gives, with the file that says so.
PLACEHOLDERS = {("formats/release/sbom/sbom_rules.h", "sbom_rules_NAME.c")}
# Names inside archives, sources that a test makes itself, and what the build makes.
MADE = re.compile(r"^(?:NOTES|room/\w+|inputs/\w+|a|b|test|test_X|lost|gone|\w+_table)\.\w+$")
# pkg-config's name or CMake's package, and Debian's.
LIBRARIES = {"OpenSSL": "libssl-dev", "jansson": "libjansson-dev", "libarchive": "libarchive-dev", "libutf8proc": "libutf8proc-dev", "sqlite3": "libsqlite3-dev",
             "yaml-0.1": "libyaml-dev", "tss2-esys": "libtss2-dev", "tss2-mu": "libtss2-dev", "tss2-rc": "libtss2-dev",
             "tss2-tctildr": "libtss2-dev"}


def sources():
    for folder in FOLDERS:
        for path in sorted((SOURCE / folder).rglob("*")):
            if path.suffix in (".c", ".h", ".py", ".sh", ".cmake") or path.name == "CMakeLists.txt":
                yield path.relative_to(SOURCE).as_posix(), path.read_text("utf-8")


def cited(name, text):
    pattern = C_COMMENT if name.endswith((".c", ".h")) else SCRIPT_COMMENT
    return [word for comment in pattern.findall(text) for word in CITED.findall(comment)]


class Cited(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.files = {path.relative_to(SOURCE).as_posix() for folder in (*FOLDERS, ".ci") for path in (SOURCE / folder).rglob("*")
                     if path.is_file()} | {path.name for path in SOURCE.iterdir() if path.is_file()}
        cls.names = {name.rsplit("/", 1)[-1] for name in cls.files}

    def there(self, name, word):
        """A path from the root of the sources or an include root; a bare name of a source is that of any folder, a page is
        named with its folder."""
        beside = name.rsplit("/", 1)[0] + "/" + word
        if "/" in word or word.endswith(".md"):
            return {word, f"formats/{word}", f"tests/{word}", f"tests/e2e/{word}", beside} & self.files
        return word in self.names

    def test_every_citation(self):
        found = [(name, word) for name, text in sources() for word in cited(name, text)
                 if not self.there(name, word) and (name, word) not in PLACEHOLDERS and not MADE.match(word)]
        self.assertEqual(found, [])

    def test_no_page_from_elsewhere(self):
        """Pages by which the project was designed are not in it: docs/spec says what holds."""
        for name, text in sources():
            for comment in (C_COMMENT if name.endswith((".c", ".h")) else SCRIPT_COMMENT).findall(text):
                self.assertNotRegex(comment, r"\(design:|\bdesign/\w+", name)

    def test_the_search_itself(self):
        text = "/* See base/err.h, base/finding/err.h, err.h, nowhere.h, manifest.md, docs/spec/manifest.md. */"
        self.assertEqual([word for word in cited("formats/a.c", text) if not self.there("formats/a.c", word)],
                         ["base/err.h", "nowhere.h", "manifest.md"])
        self.assertEqual(cited("tests/a.py", 'x = "lost.md"  # lost.py\n"""gone.md"""\n'), ["lost.py", "gone.md"])

    def test_each_library_has_its_line(self):
        text = (SOURCE / "CMakeLists.txt").read_text("utf-8")
        linked = set(re.findall(r"find_package\((?!PkgConfig|Threads|Python)(\w+)", text))
        for modules in re.findall(r"pkg_check_modules\(\w+ REQUIRED IMPORTED_TARGET ([^)]+)\)", text):
            linked |= {re.split("[><=]", one)[0] for one in modules.split()}
        self.assertEqual(linked, set(LIBRARIES))
        rows = re.findall(r"^\| `([\w.+-]+)` \| build \| \*library\*", (SOURCE / "docs" / "dependencies.md").read_text("utf-8"), re.M)
        self.assertEqual({row for row in rows if row.endswith("-dev")}, set(LIBRARIES.values()))


if __name__ == "__main__":
    unittest.main()
