# SPDX-License-Identifier: Apache-2.0
"""One dialect of C: what the formatter holds, and what it does not see."""
import re
import shutil
import subprocess
import unittest

from c_source import code
from harness import SOURCE

FOLDERS = ("formats", "signer", "verifier", "tests", "docs")
FORMATTERS = ("clang-format-14", "clang-format")
VERSION = "version 14."
# Macros that name a loop, and leave the block to the place.
LOOPS = ("CRET_JSON_EACH", "CRET_JSON_EACH_AT", "CRET_JSON_MEMBERS")
WORDS = re.compile(rf"\b(if|for|while|else|do|{'|'.join(LOOPS)})\b")
LOOP_MACRO = re.compile(rf"^#define (?:{'|'.join(LOOPS)})\((?:[^\n]*\\\n)*[^\n]*", re.M)
DISCARDED = re.compile(r"\(void\)\s*[a-z_]\w*\(")
BARE_SIZEOF = re.compile(r"\bsizeof\s*[^\s(]|\bsizeof \(")


def after_condition(text, place):
    """Where the condition that opens at or after `place` has closed."""
    depth, place = 0, text.index("(", place)
    while True:
        depth += (text[place] == "(") - (text[place] == ")")
        place += 1
        if depth == 0:
            return place


def bare_statements(text):
    """Lines whose if, else, loop has a statement without braces."""
    found = []
    text = code(LOOP_MACRO.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text))
    for match in WORDS.finditer(text):
        word, place = match.group(), match.end()
        if text[:match.start()].rstrip(" ").endswith("#"):
            continue
        if word in ("if", "for", "while", *LOOPS):
            place = after_condition(text, place)
        rest = text[place:].lstrip()
        ends_a_loop = word == "while" and text[:match.start()].rstrip().endswith("}")
        if not (rest.startswith("{") or ends_a_loop or word == "else" and re.match(r"if\b", rest)):
            found.append(text.count("\n", 0, match.start()) + 1)
    return found


class Dialect(unittest.TestCase):
    def setUp(self):
        self.files = [path for folder in FOLDERS for path in sorted((SOURCE / folder).rglob("*.[ch]"))]
        self.assertGreater(len(self.files), 400)

    def test_form(self):
        formatter = next((path for path in map(shutil.which, FORMATTERS) if path and VERSION in subprocess.run(
            [path, "--version"], capture_output=True, text=True, check=True).stdout), None)
        if formatter is None:
            self.skipTest("no clang-format of " + VERSION)
        done = subprocess.run([formatter, "--dry-run", "-Werror", *self.files], cwd=SOURCE, capture_output=True,
                              text=True, check=False)
        self.assertEqual((done.returncode, done.stderr[:2000]), (0, ""), "clang-format -i makes it right")

    def test_braces(self):
        self.assertEqual(bare_statements("if (a)\n{ }\nelse if (b) {\n} else\nc();\ndo {\n} while (0)\nwhile (d)\n;\n#if (x)"),
                         [4, 8])
        self.assertEqual(bare_statements("CRET_JSON_EACH (a, b) {\n}\nCRET_JSON_EACH_AT (i, a, b)\nc();"), [3])
        for path in self.files:
            self.assertEqual(bare_statements(path.read_text("utf-8")), [], path)

    def test_results_that_need_no_check_are_not_cast(self):
        self.assertTrue(DISCARDED.search("(void)snprintf("))
        for path in self.files:
            text = code(path.read_text("utf-8"))
            found = DISCARDED.search(text) or BARE_SIZEOF.search(text)
            self.assertIsNone(found, f"{path}: {found and found.group()}")

    def test_numbers_of_things(self):
        """One document, two documents: one helper says which."""
        ban = re.compile(r'== 1 \? "(?: was)?" : "s|\(s\)')
        self.assertTrue(ban.search('count == 1 ? "" : "s"') and ban.search('count == 1 ? " was" : "s were"'))
        for path in self.files:
            for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
                self.assertIsNone(ban.search(line) if '"' in line else None, f"{path}:{number}: cret_plural() says it")


if __name__ == "__main__":
    unittest.main()
