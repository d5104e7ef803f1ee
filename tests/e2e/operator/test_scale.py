# SPDX-License-Identifier: Apache-2.0
"""A mirror in slices: the scripts of docs/scale on a handful of archives, run as each scheduler would run them, without one."""
import json
import os
import re
import shutil
import subprocess

import guide
from harness import CLEAN_ENVIRONMENT, ROOT_CERT, SOURCE, VERIFY, Case, main

SCALE = SOURCE / "docs" / "scale"
TRUST = ("--anchor", str(ROOT_CERT), "--allow-example-keys")
# GNU parallel as far as parallel.sh asks for it: a command a line of its input, {} replaced.
PARALLEL = """#!/bin/sh
while [ "$1" != --quote ]; do shift; done
shift
while read -r line; do
    (for word; do shift; [ "$word" = '{}' ] && word=$line; set -- "$@" "$word"; done; exec "$@") < /dev/null || exit 1
done
"""


class Scale(Case):
    def setUp(self):
        super().setUp()
        good = self.small_release("good.tar")
        self.mirror = self.folder / "mirror"
        (self.mirror / "below").mkdir(parents=True)
        for number in range(5):
            shutil.copy(good, self.mirror / f"part {number}.tar")
        shutil.copy(good, self.mirror / "below" / "-x 'y.tar")
        (self.mirror / "notes.txt").write_text("no archive")
        self.index(code=0)

    def script(self, name, *arguments, code, **environment):
        done = subprocess.run(["sh", SCALE / name, *map(str, arguments)], cwd=self.folder, capture_output=True, text=True, check=False,
                              env={**CLEAN_ENVIRONMENT, "CRETULA_VERIFY": str(VERIFY), **environment})
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def index(self, code):
        done = self.script("index.sh", "mirror", code=code)
        (self.folder / "index").write_text(done.stdout)
        return done

    def slice(self, number, slices=3, code=0, options=TRUST, **environment):
        return self.script("slice.sh", "index", slices, number, "results", *options, code=code, **environment)

    def merge(self, code, slices=3):
        return self.script("merge.sh", "index", slices, "results", code=code)

    def test_all_accepted(self):
        names = (self.folder / "index").read_text().splitlines()
        self.assertEqual(len(names), 6)
        for number in range(3):
            self.slice(number)
        done = self.merge(code=0)
        self.assertEqual(done.stdout.split(), ["6", "ACCEPTED"])
        rows = (self.folder / "results" / "result.tsv").read_text().splitlines()
        self.assertEqual(rows, [f"ACCEPTED\t{name}" for name in names])
        records = [json.loads(line) for number in range(3) for line in (self.folder / "results" / f"{number}.jsonl").read_text().splitlines()]
        self.assertEqual(sorted(one["what"]["archive"]["name"] for one in records), names)
        self.assertEqual(sorted(path.name for path in (self.folder / "results").iterdir()),
                         sorted([*(f"{number}.{end}" for number in range(3) for end in ("tsv", "jsonl")), "result.tsv"]))

    def test_refused_and_undecided(self):
        bad = self.mirror / "part 2.tar"
        bad.write_bytes(bad.read_bytes()[:-1024])
        (self.mirror / "part 3.tar").unlink()
        for number in range(3):
            self.slice(number)
        done = self.merge(code=1)
        self.assertIn(f"REFUSED\t{bad}\n", done.stdout)
        self.assertIn(f"UNDECIDED\t{self.mirror}/part 3.tar\n", done.stdout)
        self.assertEqual(done.stdout.split()[:6], ["4", "ACCEPTED", "1", "REFUSED", "1", "UNDECIDED"])
        shutil.copy(self.folder / "good.tar", bad)
        for number in range(3):
            self.slice(number)
        self.merge(code=3)

    def test_nothing_is_good_that_was_not_checked(self):
        (self.folder / "results").mkdir()
        self.assertIn("slice 0 of 3 has no result", self.merge(code=3).stderr)
        self.slice(0)
        self.slice(1)
        self.assertIn("slice 2 of 3 has no result", self.merge(code=3).stderr)
        shutil.copy(self.folder / "results" / "1.tsv", self.folder / "results" / "2.tsv")
        self.assertIn("are not of the archives of this index, each once", self.merge(code=3).stderr)
        self.slice(2)
        self.merge(code=0)
        shutil.copy(self.folder / "good.tar", self.mirror / "new.tar")
        self.index(code=0)
        self.assertIn("are not of the archives of this index", self.merge(code=3).stderr)
        self.assertFalse((self.folder / "results" / "result.tsv").exists(), "what does not hold any more is gone")

    def test_a_slice_that_could_not_run_leaves_no_result(self):
        for options, environment in ((("--anchor", "nowhere.pem"), {}), (TRUST, {"CRETULA_VERIFY": "/nowhere/cretula-verify"})):
            self.slice(0, code=3, options=options, **environment)
            self.assertEqual(list((self.folder / "results").iterdir()), [])
        self.assertIn("0 to SLICES - 1", self.slice(3, code=2).stderr)
        self.assertIn("are numbers", self.slice("1x", code=2).stderr)
        self.script("slice.sh", "index", 3, 0, "results", code=2)

    def test_an_index_is_lines(self):
        odd = self.mirror / "two\nlines.tar"
        odd.write_bytes(b"x")
        self.assertIn("control characters", self.index(code=2).stderr)
        shutil.rmtree(self.mirror)
        self.mirror.mkdir()
        self.assertIn("there is no archive", self.index(code=2).stderr)

    def test_gnu_parallel(self):
        place = self.folder / "bin"
        place.mkdir()
        (place / "parallel").write_text(PARALLEL)
        (place / "parallel").chmod(0o755)
        done = self.script("parallel.sh", "index", 4, "results", *TRUST, code=0, PATH=f"{place}:{os.environ['PATH']}")
        self.assertEqual(done.stdout.split(), ["6", "ACCEPTED"])

    def test_slurm(self):
        for task in ("0", "1"):
            self.script("slurm.sh", "index", "results", *TRUST, code=0, SCALE=str(SCALE), SLURM_ARRAY_TASK_COUNT="2", SLURM_ARRAY_TASK_ID=task)
        self.merge(code=0, slices=2)

    def test_the_page(self):
        (self.folder / "docs").symlink_to(SOURCE / "docs")
        guide.run(self, "docs/scale.md", replace={"--trust trust.json\ndone": " ".join(TRUST) + "\ndone"})
        self.assertEqual((self.folder / "results" / "result.tsv").read_text().count("ACCEPTED\t"), 6)

    def test_kubernetes(self):
        text = (SCALE / "job.yaml").read_text()
        line = re.search(r"args:\n +- \|\n +(.*)\n", text).group(1)
        names = set(re.findall(r"\$(\w+)", line)) - {"JOB_COMPLETION_INDEX"}
        self.assertEqual(names, set(re.findall(r"\{name: (\w+), value:", text)), "each variable of the command is set")
        self.assertEqual(re.search(r"completions: (\d+)", text).group(1), re.search(r'SLICES, value: "(\d+)"', text).group(1))
        self.assertIn('--trust "$TRUST"', line)
        line = line.replace('--trust "$TRUST"', " ".join(TRUST))
        for number in range(2):
            environment = {"SCALE": str(SCALE), "INDEX": "index", "RESULTS": "results", "SLICES": "2", "TRUST": "trust.json",
                           "JOB_COMPLETION_INDEX": str(number), "CRETULA_VERIFY": str(VERIFY)}
            done = subprocess.run(["sh", "-euc", line], cwd=self.folder, capture_output=True, text=True, check=False,
                                  env={**CLEAN_ENVIRONMENT, **environment})
            self.assertEqual(done.returncode, 0, done.stderr)
        self.merge(code=0, slices=2)


if __name__ == "__main__":
    main()
