# SPDX-License-Identifier: Apache-2.0
"""No circle of files: what several files share lies in a file of its own below them."""
import unittest

from c_source import circles, functions, code, told, uses
from harness import SOURCE

HEADER = "int cret_upper(int value);\nint cret_lower(int value);\n"
UPPER = """#include "room/room.h"

static int helper(int value)
{
    return value + 1;
}

int cret_upper(int value)
{
    return cret_lower(helper(value));
}
"""
LOWER = """#include "room/room.h"

/* Not what cret_upper does. */
int cret_lower(int value)
{
    return value - 1;
}
"""
ROOM = {"formats/room/room.h": HEADER, "formats/room/upper.c": UPPER, "formats/room/lower.c": LOWER}


def circles_of(files):
    edges = uses(files)
    return [told(circle, edges) for circle in circles(edges)]


class Planted(unittest.TestCase):
    """What the test below would say of a room that has a circle."""

    def test_none(self):
        self.assertEqual(circles_of(ROOM), [])

    def test_a_call(self):
        found = circles_of({**ROOM, "formats/room/lower.c": LOWER.replace("value - 1", "cret_upper(value)")})
        self.assertEqual(found, ["formats/room/lower.c -> formats/room/upper.c: cret_upper\n"
                                 "formats/room/upper.c -> formats/room/lower.c: cret_lower"])

    def test_a_table_that_names_a_function(self):
        table = LOWER.replace("\n/*", "\nint (*const cret_table[])(int) = {cret_upper};\n/*")
        self.assertEqual(len(circles_of({**ROOM, "formats/room/lower.c": table})), 1)

    def test_a_table_of_another_file(self):
        files = {**ROOM, "formats/room/upper.c": UPPER + "\nconst int cret_numbers[] = {1};\n",
                 "formats/room/lower.c": LOWER.replace("value - 1", "cret_numbers[value]")}
        self.assertIn("cret_numbers", circles_of(files)[0])

    def test_an_include(self):
        files = {**ROOM, "formats/room/room.h": '#include "room/parts.h"\n' + HEADER,
                 "formats/room/parts.h": '#include "room/room.h"\n'}
        self.assertEqual(circles_of(files), ["formats/room/parts.h -> formats/room/room.h: #include\n"
                                             "formats/room/room.h -> formats/room/parts.h: #include"])

    def test_over_three_files(self):
        files = {**ROOM, "formats/room/lower.c": LOWER.replace("value - 1", "cret_third(value)"),
                 "formats/room/third.c": UPPER.replace("cret_upper", "cret_third").replace("cret_lower", "cret_upper")}
        self.assertEqual(len(circles_of(files)[0].split("\n")), 3)

    def test_what_only_looks_like_one(self):
        """A static function of the same name, a member, a type, a word in a text, the other program's function."""
        for code_of_lower in ("value.cret_upper", "value->cret_upper", "sizeof(struct cret_upper)", 'strlen("cret_upper")'):
            files = {**ROOM, "formats/room/lower.c": LOWER.replace("value - 1", code_of_lower)}
            self.assertEqual(circles_of(files), [], code_of_lower)
        own = LOWER.replace("value - 1", "cret_upper(value)") + "\nstatic int cret_upper(int value)\n{\n    return value;\n}\n"
        self.assertEqual(circles_of({**ROOM, "formats/room/lower.c": own}), [])
        programs = {"signer/upper.c": UPPER, "verifier/lower.c": LOWER.replace("value - 1", "cret_upper(value)")}
        self.assertEqual(circles_of(programs), [])


class House(unittest.TestCase):
    maxDiff = None

    def test_no_circle(self):
        files = {path.relative_to(SOURCE).as_posix(): path.read_text("utf-8")
                 for top in ("formats", "console", "signer", "verifier") for path in sorted((SOURCE / top).rglob("*.[ch]"))}
        self.assertGreater(len(files), 300)
        self.assertGreater(sum(1 for text in files.values() for _ in functions(code(text))), 3000)
        # A program has one of the rooms of the operating systems, which define the same functions.
        for other in ("posix", "windows"):
            one = {name: text for name, text in files.items() if not name.startswith(f"formats/base/system/{other}/")}
            self.assertLess(len(one), len(files))
            self.assertEqual(circles_of(one), [], other)


if __name__ == "__main__":
    unittest.main()
