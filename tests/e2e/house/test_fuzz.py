# SPDX-License-Identifier: Apache-2.0
"""Each fuzz target has a corpus, a dictionary and a row in the table of docs/testing.md, which says what the runs counted."""
import importlib.util
import unittest

from harness import SOURCE, main

FUZZ = SOURCE / "tests" / "fuzz"
MOST = 2 << 20  # bytes of all corpora: what is larger is made, not kept


def runner():
    spec = importlib.util.spec_from_file_location("run", FUZZ / "run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Fuzz(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.run_py = runner()
        cls.targets = cls.run_py.targets()

    def test_each_target_has_what_it_needs(self):
        self.assertGreater(len(self.targets), 25)
        page = (SOURCE / "docs" / "testing.md").read_text("utf-8")
        described = page[:page.index(self.run_py.BEGIN)]
        for name, options in self.targets.items():
            with self.subTest(name):
                self.assertTrue(options, "no line in tests/fuzz/dictionaries/targets.txt")
                self.assertTrue((FUZZ / "dictionaries" / options[0].rsplit("/")[-1]).is_file(), options[0])
                self.assertTrue(any((FUZZ / "corpus" / name).iterdir()), f"no input in tests/fuzz/corpus/{name}")
                self.assertIn(f"`{name}`", described)

    def test_nothing_is_left_over(self):
        self.assertEqual({path.name for path in (FUZZ / "corpus").iterdir()}, set(self.targets))
        lines = (FUZZ / "CMakeLists.txt").read_text("utf-8")
        for path in (FUZZ / "targets").glob("*.c"):
            self.assertRegex(lines, rf"(?m)^cret_fuzz\((?:{path.stem} |.* {path.stem}\))", path.name)

    def test_corpora_are_small(self):
        self.assertLess(sum(path.stat().st_size for path in (FUZZ / "corpus").rglob("*") if path.is_file()), MOST)

    def test_the_page_has_the_table(self):
        page = (SOURCE / "docs" / "testing.md").read_text("utf-8")
        self.assertEqual(page, self.run_py.page(page, self.run_py.results()), "run sh tests/fuzz/run.sh --minutes 1 TARGET")

    def test_runs_add_up(self):
        done = self.run_py.Done
        rows = {"der": done(61, 1000, 5, 6, 0), "cms": done(3599, 2000, 7, 8, 1)}
        text = self.run_py.table(rows)
        self.assertIn("| `der` | 1 min 1 s | 1,000 | 5 | 6 | 0 |", text)
        self.assertIn("| all | 1 h 1 min | 3,000 | | | 1 |", text)
        self.assertIn("| `gate` | 0 min 0 s | 0 | 0 | 0 | 0 |", text)


if __name__ == "__main__":
    main()
