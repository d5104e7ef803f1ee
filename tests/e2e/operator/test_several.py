# SPDX-License-Identifier: Apache-2.0
"""Several files, or a folder of them: each verdict names its file, a table ends the run, JSON is one document a line."""
import fcntl
import json
import os
import pathlib
import shutil
import signal
import struct
import subprocess
import termios

from harness import CLEAN_ENVIRONMENT, ROOT_CERT, VERIFY, Case, main, manifest_of, sha256, read_member

ALLOW = ("--anchor", ROOT_CERT, "--allow-example-keys")


class Several(Case):
    def setUp(self):
        super().setUp()
        self.place = self.folder / "in"
        self.place.mkdir()
        good = self.small_release("in/b-good.tar")
        (self.place / "a-cut.tar").write_bytes(good.read_bytes()[:-2048])
        (self.place / "c-other.tar").write_bytes(good.read_bytes())

    def several(self, *operands, code, **more):
        return self.verify("check", *operands, *ALLOW, code=code, screen=True, **more)

    def test_a_folder(self):
        (self.place / "notes.txt").write_bytes(b"no archive")
        (self.place / "folder.tar").mkdir()
        os.symlink("b-good.tar", self.place / "link.tar")
        (self.place / ".tar").write_bytes(b"x")
        result = self.several("in", code=1)
        lines = result.out.splitlines()
        verdicts = [line for line in lines if line.startswith(("ACCEPTED: ", "REFUSED: "))]
        self.assertEqual([line.split(": ")[:2] for line in verdicts],
                         [["REFUSED", "in/a-cut.tar"], ["ACCEPTED", "in/b-good.tar"], ["ACCEPTED", "in/c-other.tar"]])
        self.assertIn("ACCEPTED 2, REFUSED 1: 3 files", lines)
        table = lines[lines.index("ACCEPTED 2, REFUSED 1: 3 files") + 2:]
        self.assertEqual(table.pop(), "  passed over 4 in folders, not called *.tar or no file: .tar, folder.tar, link.tar, ...")
        self.assertEqual([row.split()[:2] for row in table], [["REFUSED", "in/a-cut.tar"], ["ACCEPTED", "in/b-good.tar"],
                                                              ["ACCEPTED", "in/c-other.tar"]])
        self.assertIn("the archive is truncated", table[0])
        self.assertIn("1.0.0 (sequence 1)", table[1])
        self.assertEqual(self.several("in/", code=1).out, result.out)

    def test_a_folder_of_one_is_a_folder(self):
        for name in ("a-cut.tar", "c-other.tar"):
            (self.place / name).unlink()
        self.assertTrue(self.several("in", code=0).out.startswith("ACCEPTED: in/b-good.tar: "))
        self.assertIn("ACCEPTED 1: 1 file", self.several("in", code=0).out)
        self.assertEqual(len(self.several("in", "--json", code=0).out.splitlines()), 1)

    def test_what_nobody_can_look_at_is_not_passed_over(self):
        """A path that is longer than the system takes: its folder can be listed, the file cannot be looked at."""
        parts = ["d" * 250] * 15 + ["e" * 100]
        self.addCleanup(shutil.rmtree, self.folder / parts[0])
        place = os.open(self.folder, os.O_RDONLY)
        for part in parts:
            os.mkdir(part, dir_fd=place)
            inner = os.open(part, os.O_RDONLY, dir_fd=place)
            os.close(place)
            place = inner
        for name in ("f" * 240 + ".tar", "short.tar"):
            os.close(os.open(name, os.O_WRONLY | os.O_CREAT, dir_fd=place))
        os.close(place)
        result = self.several("/".join(parts), code=1)
        self.assertIn("REFUSED 1, NOT JUDGED 1: 2 files", result.out)

    def test_no_archive_in_a_folder_is_usage(self):
        (self.folder / "empty").mkdir()
        for operands in (["empty"], ["in", "empty"], ["in/b-good.tar", "empty"]):
            result = self.several(*operands, code=2)
            self.assertEqual(result.out, "")
            self.assertIn("there is no archive in the folder empty", result.err)
        self.verify("extract", "in", "--to", "out", *ALLOW, code=3)

    def test_json_lines(self):
        for operands in (["in"], ["in/a-cut.tar", "in/b-good.tar", "in/c-other.tar"]):
            documents = [json.loads(line) for line in self.several(*operands, "--json", code=1).out.splitlines()]
            self.assertEqual([one["what"]["archive"]["name"] for one in documents],
                             ["in/a-cut.tar", "in/b-good.tar", "in/c-other.tar"])
            self.assertEqual([one["result"]["verdict"] for one in documents], ["REFUSED", "ACCEPTED", "ACCEPTED"])

    def test_exit_codes(self):
        """1 where one was refused, else 3 where one was undecided, else 0; a file that is not there is undecided."""
        self.several("in/b-good.tar", "in/c-other.tar", code=0)
        missing = self.several("in/b-good.tar", "nowhere", "in/c-other.tar", code=3)
        self.assertIn("ACCEPTED 2, NOT JUDGED 1: 3 files", missing.out)
        self.assertIn("nowhere", missing.out.splitlines()[-2])
        self.assertEqual(missing.err.splitlines()[0], "cretula-verify: nowhere: cannot open it: there is no such file or folder")
        self.several("nowhere", "in/a-cut.tar", "in/b-good.tar", code=1)
        partial = self.several("in/b-good.tar", "in/c-other.tar", "--only", "firmware.bin", code=3)
        self.assertIn("PARTIAL 2: 2 files", partial.out)
        self.assertNotIn("ACCEPTED", partial.out)

    def test_quiet_says_what_was_refused_alone(self):
        result = self.several("in", "--quiet", code=1)
        self.assertEqual(result.out, "")
        self.assertTrue(result.err.startswith("REFUSED: in/a-cut.tar: "), result)
        self.assertNotIn("ACCEPTED", result.err)
        self.assertEqual(self.several("in/b-good.tar", "in/c-other.tar", "--quiet", code=0).err, "")

    def test_each_has_its_record_and_its_line(self):
        self.several("in", "--record", "records", "--journal", "journal", code=1)
        identity = sha256(read_member(self.place / "b-good.tar", "MANIFEST.json"))
        for name in ("b-good.tar", "c-other.tar"):
            record = json.loads((self.folder / "records" / f"{name}.record" / "RECORD.json").read_bytes())
            self.assertEqual(record["what"]["identity"], identity)
            self.assertEqual(record["what"]["product"]["name"], manifest_of(self.place / name)["product"]["name"])
        shown = self.verify("journal", "show", "journal", "--json").json()
        self.assertEqual([one["verdict"] for one in shown["entries"]], ["REFUSED", "ACCEPTED", "ACCEPTED"])

    def test_two_of_one_name_have_no_place_for_two_records(self):
        """Told, whether both are read at once or not; the record of the first is its own."""
        (self.folder / "other").mkdir()
        shutil.copy(self.place / "b-good.tar", self.folder / "other")
        for jobs in ("1", "8"):
            result = self.several("in/b-good.tar", "other/b-good.tar", "--record", f"records-{jobs}", "--jobs", jobs, code=2)
            self.assertIn("ACCEPTED 1, NOT JUDGED 1: 2 files", result.out)
            self.assertIn("have the same file name", result.err)
            record = json.loads((self.folder / f"records-{jobs}" / "b-good.tar.record" / "RECORD.json").read_bytes())
            self.assertEqual(record["what"]["archive"]["name"], "in/b-good.tar")

    def test_at_once_or_one_by_one(self):
        """Many threads or one: the same lines in the order of the names, and the same records but for their times."""
        names = []
        for number in range(40):
            name = f"in/{number:02}.tar"
            good = (self.place / "b-good.tar").read_bytes()
            (self.folder / name).write_bytes(good[:-1024] if number % 7 == 3 else good)
            names.append(name)
        runs = [self.several(*names, "--jobs", jobs, code=1).out for jobs in ("1", "4", "64")]
        self.assertEqual(runs[0], runs[1])
        self.assertEqual(runs[0], runs[2])
        first = [line for line in runs[0].splitlines() if line.startswith(("ACCEPTED: ", "REFUSED: "))]
        self.assertEqual([line.split(": ")[:2] for line in first],
                         [["REFUSED" if number % 7 == 3 else "ACCEPTED", name] for number, name in enumerate(names)])
        at = ("--at", "2026-11-01T00:00:00Z")
        records = [[json.loads(line) for line in self.several(*names, *at, "--jobs", jobs, "--json", code=1).out.splitlines()]
                   for jobs in ("1", "8")]
        for one, other in zip(*records, strict=True):
            for record in (one, other):
                del record["when"], record["how"]["arguments"]
            self.assertEqual(one, other)

    def test_a_child_that_dies_takes_no_other_along(self):
        reader, writer = os.pipe()
        pipe = f"/dev/fd/{reader}"
        names = ["in/b-good.tar", pipe, "in/c-other.tar", "in/a-cut.tar"]
        process = subprocess.Popen([VERIFY, "check", *names, *map(str, ALLOW), "--jobs", "4"], cwd=self.folder, text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=CLEAN_ENVIRONMENT, pass_fds=[reader])
        inode = os.readlink(f"/proc/self/fd/{reader}")
        os.close(reader)
        with open(writer, "wb", buffering=0) as end:
            end.write((self.place / "b-good.tar").read_bytes()[:512])
            os.kill(self.reader_of(writer, inode, process.pid), signal.SIGKILL)
            out, _ = process.communicate()
        self.assertEqual(process.returncode, 1)
        first = [line.split(": ")[:2] for line in out.splitlines() if line.startswith(("ACCEPTED: ", "REFUSED: ", "UNDECIDED: "))]
        self.assertEqual(first, [["ACCEPTED", "in/b-good.tar"], ["UNDECIDED", pipe], ["ACCEPTED", "in/c-other.tar"],
                                 ["REFUSED", "in/a-cut.tar"]])
        self.assertIn("ACCEPTED 2, REFUSED 1, UNDECIDED 1: 4 files", out)

    @staticmethod
    def reader_of(writer, inode, parent):
        """The child that took what is in the pipe, and waits for more. The others have the pipe too, from their start to
        their confinement: it is known when it alone is left."""
        def has(child):
            try:
                return any(os.readlink(fd) == inode for fd in pathlib.Path(f"/proc/{child}/fd").iterdir())
            except OSError:
                return False

        while True:
            unread = struct.unpack("i", fcntl.ioctl(writer, termios.FIONREAD, b"\0" * 4))[0]
            children = pathlib.Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
            holders = [int(child) for child in children if has(child)]
            if unread == 0 and len(holders) == 1:
                return holders[0]

    def test_two_of_one_name_have_one_place_for_a_record(self):
        """Also where the second was begun before the first one's record was there."""
        (self.folder / "other").mkdir()
        shutil.copy(self.place / "b-good.tar", self.folder / "other")
        names = ["in/b-good.tar", "other/b-good.tar", "in/c-other.tar"]
        result = self.several(*names, "--jobs", "4", "--record", "records", code=2)
        self.assertIn("ACCEPTED 2, NOT JUDGED 1: 3 files", result.out)
        self.assertIn("there is a record already: records/b-good.tar.record/RECORD.json", result.err)

    def test_documents_for_one_release_are_not_for_several(self):
        (self.folder / "later.pdf").write_bytes(b"%PDF")
        for operands in (["in"], ["in/b-good.tar", "in/c-other.tar"]):
            self.assertIn("several files were given", self.several(*operands, "--also", "later.pdf", code=2).err)

    def test_both_streams_in_one_pipe(self):
        """A line is a line: what is said on the two streams never meets inside one, and keeps its order."""
        for jobs in ("1", "4"):
            with self.subTest(jobs):
                self.one_pipe("--jobs", jobs)

    def one_pipe(self, *more):
        program = [VERIFY, "check", *map(str, ALLOW), *more, "in/b-good.tar", *["nowhere", "in/a-cut.tar"] * 40]
        done = subprocess.run(program, cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                              env=CLEAN_ENVIRONMENT, text=True)
        lines = done.stdout.splitlines()
        first = [line for line in lines if line.startswith(("ACCEPTED: ", "REFUSED: ", "cretula-verify: "))]
        self.assertEqual([line.split(": ")[0] for line in first], ["ACCEPTED", *["cretula-verify", "REFUSED"] * 40])
        for line in lines:
            self.assertRegex(line, r"^$|^  |^ACCEPTED|^REFUSED: |^cretula-verify: nowhere: cannot open it")


if __name__ == "__main__":
    main()
