# SPDX-License-Identifier: Apache-2.0
"""What a reader can hold at once: no long function, no long list of parameters, no long file, a sentence on top of each."""
import ast
import re
import shutil
import subprocess
import unittest

from c_source import code, functions, split_parameters
from harness import FAKETIME, SOURCE

PROGRAMS = ("formats", "signer", "verifier")
FUNCTION_LINES, PARAMETERS, FILE_LINES = 60, 7, 600
# Longer files, each with the reason: tables alone, of one subject.
TABLES = {}
DECLARED = re.compile(r"\b(cret_\w+)\(")


def sources(*folders, endings=("*.[ch]",)):
    for folder in folders:
        for ending in endings:
            for path in sorted((SOURCE / folder).rglob(ending)):
                yield path.relative_to(SOURCE).as_posix(), path.read_text("utf-8")


def long_functions(text):
    """(name, lines, parameters) of what breaks the law in a source."""
    return [(one.name, one.lines, len(one.parameters)) for one in functions(code(text))
            if one.lines > FUNCTION_LINES or len(one.parameters) > PARAMETERS]


def wide_declarations(text):
    """Names of functions declared with too many parameters."""
    text = code(text)
    found = []
    for match in DECLARED.finditer(text):
        depth, end = 1, match.end()
        while depth > 0 and end < len(text):
            depth += (text[end] == "(") - (text[end] == ")")
            end += 1
        if len(split_parameters(text[match.end():end - 1])) > PARAMETERS:
            found.append(match[1])
    return found


def first_comment(text):
    """The comment below the line of the licence, as one line."""
    match = re.match(r"/\* SPDX[^\n]*\*/\n/\*(.*?)\*/", text, re.S)
    return " ".join(re.sub(r"^\s*\*", "", match[1], flags=re.M).split()) if match else ""


class Planted(unittest.TestCase):
    """What the tests below would say."""

    def test_a_long_function(self):
        for lines, found in ((55, 0), (56, 1)):
            body = "".join(f"    a({one});\n" for one in range(lines))
            text = f"static int f(int a)\n{{\n{body}}}\n"
            self.assertEqual(len(long_functions(text)), 0)
            self.assertEqual(len(long_functions(text.replace("{\n", "{\n    b();\n", 1).replace("}\n", "    c();\n}\n"))), found)

    def test_a_long_list(self):
        seven = ", ".join(f"int p{one}" for one in range(7))
        self.assertEqual(long_functions(f"int f({seven})\n{{\n}}\n"), [])
        self.assertEqual(long_functions(f"int f({seven},\n      void (*done)(int a, int b))\n{{\n}}\n"), [("f", 4, 8)])
        self.assertEqual(wide_declarations(f"int cret_f({seven});"), [])
        self.assertEqual(wide_declarations(f"int cret_f({seven}, char c);"), ["cret_f"])

    def test_a_file_that_says_nothing(self):
        top = "/* SPDX-License-Identifier: Apache-2.0 */\n"
        self.assertEqual(first_comment(top + "/*\n * Reads a\n * file. */\n"), "Reads a file.")
        for text in (top + "#include <a.h>\n/* Reads. */\n", top + "\n/* Reads. */\n", top):
            self.assertEqual(first_comment(text), "")


class Shape(unittest.TestCase):
    maxDiff = None

    def test_functions(self):
        found = {name: bad for name, text in sources(*PROGRAMS) for bad in [long_functions(text)] if bad}
        self.assertEqual(found, {}, f"at most {FUNCTION_LINES} lines and {PARAMETERS} parameters; what always travels "
                                    "together is a struct")

    def test_declarations(self):
        self.assertEqual([(name, bad) for name, text in sources(*PROGRAMS, endings=("*.h",))
                          for bad in wide_declarations(text)], [])

    def test_files(self):
        lengths = {name: text.count("\n") for name, text in
                   [*sources(*PROGRAMS, "tests"), *sources("tests", endings=("*.py",))]}
        self.assertGreater(len(lengths), 700)
        self.assertEqual({name: lines for name, lines in lengths.items() if lines > FILE_LINES and name not in TABLES}, {})
        for name in TABLES:
            self.assertGreater(lengths.get(name, 0), FILE_LINES, f"{name} needs no reason any more")

    def test_no_file_holds_two_sides_of_a_merge(self):
        marks = re.compile(r"^(?:<{7}|>{7}|\|{7}) ", re.M)
        self.assertTrue(marks.search("a\n<<<<<<" + "< HEAD\n"))
        for path, text in sources(*PROGRAMS, "tests", "docs", endings=("*.[ch]", "*.py", "*.md", "*.sh", "*.txt", "*.yaml")):
            self.assertIsNone(marks.search(text), path)

    def test_each_source_says_its_job(self):
        for name, text in sources(*PROGRAMS):
            said = first_comment(text)
            self.assertTrue(re.search(r"[.!?:)]$", said) and len(said.split()) >= 3, f"{name}: {said!r}")

    def test_what_tests_share_lies_in_lib(self):
        """No test takes of another test: what several rooms need is in tests/e2e/lib."""
        shared = {path.stem for path in (SOURCE / "tests" / "e2e" / "lib").glob("*.py")}
        own = {path.stem for path in (SOURCE / "tests" / "e2e").rglob("*.py")} - shared
        self.assertGreater(len(own), 60)
        for name, text in sources("tests/e2e", endings=("*.py",)):
            for node in ast.walk(ast.parse(text)):
                taken = [one.name for one in node.names] if isinstance(node, ast.Import) else \
                    [node.module] if isinstance(node, ast.ImportFrom) else []
                self.assertEqual([one for one in taken if one in own], [], name)

    def test_names_of_tests_are_their_own(self):
        """Each test is known by its file's name alone (ctest -R)."""
        names = [path.stem for path in (SOURCE / "tests" / "e2e").rglob("test_*.py")]
        self.assertEqual(sorted(names), sorted(set(names)))

    def test_other_clocks_by_one_script(self):
        """faketime itself is called by tests/vectors/clock.sh alone, which no name that a killed run left behind can stop."""
        for name, text in sources("tests", endings=("*.py",)):
            self.assertIsNone(re.search(r"""["']faketime["'],""", text), name)

    @unittest.skipUnless(shutil.which("faketime"), "faketime is not installed")
    def test_a_clock_after_a_killed_one(self):
        left = 'touch "/dev/shm/sem.faketime_sem_$$" "/dev/shm/faketime_shm_$$"; exec "$@"'
        done = subprocess.run(["sh", "-c", left, "sh", *FAKETIME, "-f", "2046-01-02 03:04:05", "date", "-u", "+%Y"], capture_output=True,
                              text=True, check=False)
        self.assertEqual((done.returncode, done.stdout), (0, "2046\n"), done.stderr)

    def test_imports_are_used(self):
        for name, text in sources("tests", endings=("*.py",)):
            tree = ast.parse(text)
            used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
            taken = [(one.asname or one.name).split(".")[0] for node in ast.walk(tree)
                     if isinstance(node, (ast.Import, ast.ImportFrom)) for one in node.names]
            self.assertEqual([one for one in taken if one not in used], [], name)


if __name__ == "__main__":
    unittest.main()
