# SPDX-License-Identifier: Apache-2.0
"""A verb is one file and one row, an export too; an option row stands once, and one runner serves both programs."""
import re
import unittest

from harness import SOURCE

STRING = r'"(?:[^"\\]|\\.)*"'
# One row of a table of options: CRET_OPTION("name", "ARGUMENT", "Help." ...) or CRET_FLAG("name", "Help." ...).
ROW = re.compile(r'CRET_(?:FLAG|OPTION)\(\s*"([a-z0-9-]+)",\s*((?:[^()"]|' + STRING + r'|\([^()]*\))*)\)')
WORDS = re.compile(STRING + r"(?:\s*" + STRING + ")*")
# verbs.h and where its verbs lie.
PROGRAMS = {"signer": ["signer/verbs"], "verifier": ["verifier/verbs", "verifier/policy", "verifier/export"]}


def sources():
    for room in ("formats", "signer", "verifier"):
        for path in sorted((SOURCE / room).rglob("*.c")):
            yield path.relative_to(SOURCE).as_posix(), path.read_text("utf-8")


def words_of(body):
    """What the user reads of a row: the strings before what else holds for it, each in one piece."""
    return ["".join(part.strip('"') for part in re.findall(STRING, words))
            for words in WORDS.findall(re.split(r",\s*\.\w+ = ", body)[0])]


def rows():
    """(file, name, what the user reads of it)"""
    found = []
    for name, text in sources():
        for option, body in ROW.findall(text):
            *argument, words = words_of(body)
            found.append((name, option, argument, words))
    return found


def verb_rows(header):
    """The names in VERB(...) rows, groups included."""
    return re.findall(r"\bVERB\((\w+)\)", header)


class Verbs(unittest.TestCase):
    def test_an_option_row_stands_once(self):
        seen, twice = {}, []
        for name, option, argument, words in rows():
            row = (option, *argument, words)
            if row in seen:
                twice.append(f"--{option} in {seen[row]} and {name}")
            seen[row] = name
        self.assertEqual(twice, [], "options that several verbs have stand in an options.c or base/command/shared.c")
        self.assertGreater(len(seen), 180)

    def test_the_search_finds_a_row(self):
        text = '''x[] = {
    CRET_OPTION("out", "FILE",
                "Where {it} \\"goes\\" (or not). "
                "Really.",
                .choices = CRET_WORDS("a", "b"), .needs = "c"),
    CRET_OPTION_END,'''
        option, body = ROW.findall(text)[0]
        self.assertEqual(option, "out")
        self.assertEqual(words_of(body), ["FILE", 'Where {it} \\"goes\\" (or not). Really.'])

    def test_a_verb_is_one_file_and_one_row(self):
        for program, folders in PROGRAMS.items():
            header = (SOURCE / program / "verbs" / "verbs.h").read_text("utf-8")
            table = verb_rows(header)
            self.assertEqual(len(table), len(set(table)))
            groups = set(re.findall(r"const struct cret_verb cret_verb_(\w+) = ",
                                    (SOURCE / program / "verbs" / "verbs.c").read_text("utf-8")))
            files = set()
            for folder in folders:
                for path in (SOURCE / folder).glob("verb_*.c"):
                    defined = re.findall(r"^const struct cret_verb cret_verb_(\w+) = ", path.read_text("utf-8"), re.M)
                    self.assertEqual(defined, [path.stem.removeprefix("verb_")], path.name)
                    files.add(defined[0])
            self.assertEqual(files | groups, set(table))
            self.assertFalse(files & groups)
            self.assertGreater(len(files), 12)

    def test_an_export_is_one_file_and_one_row(self):
        folder = SOURCE / "formats" / "evidence" / "export"
        table = re.findall(r"EXPORT\((\w+)\)", re.search(r"#define CRET_RECORD_EXPORTS\(EXPORT\)(.*?)\n\n",
                                                         (folder / "export.h").read_text("utf-8"), re.S)[1])
        files = {path.stem.removeprefix("export_") for path in folder.glob("export_*.c")}
        self.assertEqual(files, set(table))

    def test_both_programs_have_one_runner_and_one_version(self):
        for program in PROGRAMS:
            main = (SOURCE / program / "main.c").read_text("utf-8")
            self.assertEqual(re.findall(r"^    (?:return )?(cret_\w+)\(", main, re.M), ["cret_console_run"])
        for name, text in sources():
            self.assertEqual("CRETULA_VERSION" in text, name == "formats/base/command/version.c", name)


if __name__ == "__main__":
    unittest.main()
