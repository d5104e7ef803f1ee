# SPDX-License-Identifier: Apache-2.0
"""The bench: what it writes on the page, what it makes of tools that fail, and that it runs at all, on inputs that take no time."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import xml.etree.ElementTree

ROOT = pathlib.Path(os.environ["CRETULA_SOURCE"])
sys.path.insert(0, str(ROOT / "tests" / "bench"))

from chart import chart, seconds  # noqa: E402
from cores import rows_of, schedule, tasks_of  # noqa: E402
from goals import GOALS, judge  # noqa: E402
from harness import Case, main  # noqa: E402
from measure import Patience, Way, interleave  # noqa: E402
from page import put_between, ways_table  # noqa: E402

BEGIN, END = "<!-- figures: made by tests/bench/bench.py -->", "<!-- end of figures -->"


def way(name, *times, **more):
    return Way(name, ["true"], runs=[{"seconds": time, "processor": time, "code": 0} for time in times], **more)


def quiet(_):
    pass


class Bench(Case):
    def test_what_fails_is_a_row(self):
        (self.folder / "payload").write_bytes(b"0123456789")
        ways = [Way("good", "grep -q 5 payload", altered="payload"), Way("blind", "true", altered="payload"),
                Way("fails", "echo 'it | broke' >&2; exit 3"), Way("absent", ["no-such-program"], needs="no-such-program"),
                Way("vanishes", "rm gone", before="test -e once || touch gone; touch once")]
        interleave(ways, self.folder, 2, say=quiet)
        self.assertEqual([one.reason for one in ways[:4]], ["", "", "fails (exit 3): it | broke", "not installed"])
        self.assertIn("fails (exit 1): rm: cannot remove 'gone'", ways[4].reason)
        self.assertEqual([one.notices for one in ways[:3]], [True, False, None])
        self.assertEqual((self.folder / "payload").read_bytes(), b"0123456789")
        self.assertEqual([len(one.runs) for one in ways[:4]], [2, 2, 0, 0])
        rows = ways_table(ways, ways[0], True).splitlines()
        self.assertEqual(len(rows), 2 + len(ways))
        self.assertIn("| fails | - | - | - | - | - | 0 | - | fails (exit 3): it / broke |", rows)
        self.assertIn("| **no** |", next(row for row in rows if row.startswith("| blind")))

    def test_patience(self):
        patience = Patience(("baseline",), 3.0, 8.0)
        for name, time, expected in (("peer", 2.9, 5), ("peer", 3.1, 2), ("peer", 8.1, 1), ("baseline", 9.0, 5)):
            self.assertEqual(patience.rounds(way(name, time), 5), expected)
        self.assertEqual(patience.rounds(way("check", 9.0, ours=True), 5), 5)

    def test_goals_are_judged_by_medians(self):
        goal = GOALS[0]
        for time, word in ((goal.goal, "goal met"), (goal.must, "must met"), (goal.must + 0.01, "missed")):
            results = {goal.workload: {goal.job: [way(goal.ours, time, 100.0, time), way(goal.baseline, 1.0)]}}
            self.assertEqual(judge(goal, results), (time, word))
        for ways in ([], [way(goal.ours, 1.0)], [way(goal.ours, 1.0), way(goal.baseline, 1.0, reason="fails")]):
            self.assertEqual(judge(goal, {goal.workload: {goal.job: ways}}), (None, "not measured"))

    def test_the_page_keeps_what_is_around_the_markers(self):
        page = f"before\n{BEGIN}\nold\n{END}\nafter\n"
        once = put_between(page, "figures", "new")
        self.assertEqual(once, f"before\n{BEGIN}\n\nnew\n\n{END}\nafter\n")
        self.assertEqual(put_between(once, "figures", "new"), once)
        for wrong in ("", f"{END}\n{BEGIN}", page + page):
            with self.assertRaises(ValueError):
                put_between(wrong, "figures", "new")
        for page, name in (("performance.md", "figures"), ("performance.md", "large"), ("scale.md", "figures")):
            put_between((ROOT / "docs" / page).read_text(), name, "new")

    def test_the_chart_is_xml_whatever_names_hold(self):
        text = chart([("<W1>", [way("a & b", 1.0, 2.0, 3.0), way("much", 1000.0), way("c", 2.0)]), ("none", [way("absent")])], "by <us>")
        tree = xml.etree.ElementTree.fromstring(text)
        texts = [one.text for one in tree.iter("{http://www.w3.org/2000/svg}text")]
        self.assertEqual(texts, ["<W1>", "a & b", "2.00 s", "c", "2.00 s", "much", "1000 s \u00bb", "by <us>"])
        widths = [float(one.get("width")) for one in tree.iter("{http://www.w3.org/2000/svg}rect")]
        self.assertLess(max(widths[1:]), widths[0])
        self.assertEqual([seconds(value) for value in (0.00123, 0.0456, 0.789, 1.234, 56.78, 901.2)],
                         ["1.23 ms", "45.6 ms", "789 ms", "1.23 s", "56.8 s", "901 s"])

    def test_the_schedule(self):
        self.assertEqual(schedule([1.0] * 8, 1), 8.0)
        self.assertEqual(schedule([1.0] * 8, 4), 2.0)
        self.assertEqual(schedule([5.0, 1.0, 1.0], 3), 5.0)
        lengths = [3 << 20, 1000, 1000]
        rows = rows_of(1.0, [1.0] * 16)
        self.assertEqual([(row.payload, row.ideal, row.stream) for row in rows if row.workers in (1, 8)], [(1.0, 1.0, False), (8.0, 1.0, False)])
        self.assertEqual(next(row.whole for row in rows if row.workers == 16), 17 / 2)
        self.assertEqual([row.stream for row in rows_of(0.0, [5.0, 1.0, 1.0])], [False, *[True] * 4])
        self.assertEqual([kind for kind, _ in tasks_of(lengths, False)], ["flat", *["tree"] * 6, "small"])
        self.assertEqual(sum(length for _, length in tasks_of(lengths, True)), sum(lengths))

    def test_it_runs(self):
        """All workloads on inputs of no size: every way is there or says why, and the page that is named is written, whole."""
        page = self.folder / "performance.md"
        shutil.copy(ROOT / "docs" / "performance.md", page)
        place = self.folder / "place"
        place.mkdir()
        done = subprocess.run([sys.executable, "-B", ROOT / "tests" / "bench" / "bench.py", os.environ["CRETULA_BUILD"], "--tiny", "--cores",
                               "--folder", place, "--page", page, "--json", self.folder / "runs.json"], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(list(place.iterdir()), [], "it leaves nothing")
        runs = json.loads((self.folder / "runs.json").read_text())
        self.assertEqual({name: sorted(jobs) for name, jobs in runs["results"].items()},
                         {"W1": ["create", "verify"], "W2": ["create", "verify"], "W3": ["create", "verify"], "W4": ["verify"]})
        ours = [one for jobs in runs["results"].values() for ways in jobs.values() for one in ways if one["ours"]]
        self.assertEqual([one["reason"] for one in ours], [""] * len(ours))
        self.assertEqual({one["notices"] for one in ours if one["altered"]}, {True})
        text = page.read_text()
        self.assertNotIn("missing", text)
        for name in ("| verify W1, every digest |", "### W4: 4 archives", "| `check` of W2 | 8 |", "| processor |"):
            self.assertIn(name, text)
        xml.etree.ElementTree.fromstring((self.folder / "performance.svg").read_text())
        self.assertEqual((ROOT / "docs" / "performance.md").read_text().count("### W4: 4 archives"), 0)


if __name__ == "__main__":
    main()
