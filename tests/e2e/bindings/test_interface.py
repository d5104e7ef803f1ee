# SPDX-License-Identifier: Apache-2.0
"""The library's interface is one: header, symbols, the list of what was released, Python's binding, manual pages."""
import ctypes
import re
import subprocess

import library
from harness import SOURCE, Case, main

HEADER = library.FOLDER / "library" / "cretula.h"
RELEASED = library.FOLDER / "library" / "released.txt"
MAP = library.FOLDER / "library" / "libcretula.map"


def declarations():
    """Of the header, each on a line: functions and types without comments, and values of enumerations with their numbers."""
    text = re.sub(r"/\*.*?\*/", " ", HEADER.read_text("utf-8"), flags=re.S)
    text = re.sub(r"^#[^\n]*|extern \"C\" \{", "", text, flags=re.M)
    found = []
    for name, body in re.findall(r"\benum (\w+) \{(.*?)\};", text, re.S):
        found += [f"enum {name}: {' '.join(one.split())}" for one in body.split(",") if one.strip()]
    rest = re.sub(r"\benum \w+ \{.*?\};", "", text, flags=re.S)
    found += [" ".join(one.split()) for one in rest.split(";") if "(" in one or "typedef" in one]
    return found


def functions():
    return {re.search(r"\b(cretula_\w+)\(", one)[1] for one in declarations() if "(" in one and not one.startswith("typedef")}


class Interface(Case):
    maxDiff = None

    def test_what_was_released_stays(self):
        """A line that is new is added below the others; one that is gone or changed breaks programs that are built."""
        released = RELEASED.read_text("utf-8").splitlines()
        released = [one for one in released if one and not one.startswith("#")]
        self.assertEqual(sorted(set(released)), sorted(released))
        self.assertEqual(sorted(released), sorted(declarations()))

    def test_values_have_their_numbers(self):
        values = [one for one in declarations() if re.match(r"enum \w+:", one)]
        self.assertGreater(len(values), 30)
        for one in values:
            self.assertRegex(one, r"^enum cretula_\w+: CRETULA_\w+ = \d+$")

    def test_structures_are_opaque(self):
        text = re.sub(r"/\*.*?\*/", " ", HEADER.read_text("utf-8"), flags=re.S)
        self.assertNotRegex(text, r"\b(struct|union)\s+\w*\s*\{")
        self.assertGreater(len(functions()), 40)

    def test_symbols(self):
        done = subprocess.run(["nm", "-D", "--defined-only", "--with-symbol-versions", str(library.BUILT / "libcretula.so.1")],
                              capture_output=True, text=True, check=True)
        symbols = {line.split()[-1] for line in done.stdout.splitlines()}
        self.assertEqual(symbols, {f"{one}@@CRETULA_1" for one in functions()} | {"CRETULA_1"})
        listed = re.findall(r"^\s+(cretula_\w+);", MAP.read_text("utf-8"), re.M)
        self.assertEqual(listed, sorted(functions()))

    def test_it_needs_little(self):
        done = subprocess.run(["readelf", "-d", str(library.BUILT / "libcretula.so.1")], capture_output=True, text=True, check=True)
        self.assertIn("soname: [libcretula.so.1]", done.stdout)
        self.assertLessEqual(set(re.findall(r"NEEDED.*\[(\w+)", done.stdout)), {"libjansson", "libc", "ld"})

    def test_the_header_stands_alone(self):
        for compiler, standard in (("cc", "c99"), ("c++", "c++11")):
            done = subprocess.run([compiler, f"-std={standard}", "-pedantic", "-Wall", "-Wextra", "-Werror", "-fsyntax-only",
                                   "-x", "c" if compiler == "cc" else "c++", str(HEADER)], capture_output=True, text=True, check=False)
            self.assertEqual((done.returncode, done.stderr), (0, ""), compiler)

    def test_python_says_the_same(self):
        library.binding()
        from cretula import Verdict, _library, _verifier
        self.assertEqual(set(_library._FUNCTIONS), functions())
        numbers = dict(re.findall(r"CRETULA_OPTION_(\w+) = (\d+)", HEADER.read_text("utf-8")))
        self.assertEqual(_verifier._OPTIONS, {name.lower(): int(number) for name, number in numbers.items()})
        verdicts = dict(re.findall(r"^    CRETULA_((?:UNDECIDED|REFUSED|NOT_JUDGED|ACCEPTED)\w*) = (\d+)", HEADER.read_text("utf-8"), re.M))
        self.assertEqual({one.name: one.value for one in Verdict}, {name: int(number) for name, number in verdicts.items()})
        # As many arguments, and a result where there is one.
        given = {re.search(r"\b(cretula_\w+)\(", one)[1]: one for one in declarations() if "(" in one and not one.startswith("typedef")}
        for name, (gives, takes) in _library._FUNCTIONS.items():
            inner = given[name][given[name].index("(") + 1:-1]
            self.assertEqual(len(takes), 0 if inner == "void" else inner.count(",") + 1, name)
            self.assertEqual(gives is None, given[name].startswith("void "), name)
            self.assertEqual(gives is ctypes.c_char_p, given[name].startswith("const char *"), name)

    def test_python_knows_no_function_by_another_name(self):
        for path in sorted((library.PYTHON / "cretula").glob("*.py")):
            for name in re.findall(r"\.(cretula_\w+)\b", path.read_text("utf-8")):
                self.assertIn(name, functions(), path.name)

    def test_options_are_those_of_check(self):
        """The library names options of the program: one that it does not have would never be set."""
        text = (library.FOLDER / "library" / "verifier.c").read_text("utf-8")
        names = re.findall(r"\[CRETULA_OPTION_(\w+)\] =?\s*\{\"([a-z-]+)\"", text)
        self.assertEqual([one.lower().replace("_", "-") for one, _ in names], [name for _, name in names])
        for verb in ("check", "extract"):
            said = self.verify(verb, "--help").out
            for _, name in names:
                self.assertTrue(name == "program" or f"--{name} " in said, f"{verb} --{name}")
        self.assertEqual(len(names), len(re.findall(r"CRETULA_OPTION_\w+ = ", HEADER.read_text("utf-8"))))

    def test_the_version_is_that_of_the_programs(self):
        library.binding()
        import cretula
        version = re.search(r"project\(cretula VERSION ([\d.]+)", (SOURCE / "CMakeLists.txt").read_text("utf-8"))[1]
        self.assertEqual(cretula.version(), version)
        self.assertIn(f'version = "{version}"', (library.PYTHON / "pyproject.toml").read_text("utf-8"))


if __name__ == "__main__":
    library.again_with_library()
    main()
