# SPDX-License-Identifier: Apache-2.0
"""The library as it is installed, and the example client built outside of the tree against it: the expected verdict on every
vector (of each answer one; with --all each), and slots that only an acceptance changes."""
import concurrent.futures
import os
import pathlib
import shlex
import subprocess
import tempfile
import unittest

import library
import vector_calls
from harness import BUILD, FAKETIME, ROOT_CERT, SOURCE, VERIFY, Case, main, tampered

COMPONENTS = ("libcretula1", "libcretula-dev")


class Installed(Case):
    """A prefix with the library, and what is built with it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.place = tempfile.TemporaryDirectory(prefix="cretula-installed-")
        cls.addClassCleanup(cls.place.cleanup)
        cls.prefix = pathlib.Path(cls.place.name) / "moved" / "usr"
        for component in COMPONENTS:
            subprocess.run(["cmake", "--install", str(BUILD), "--prefix", str(cls.prefix), "--component", component],
                           stdout=subprocess.DEVNULL, check=True)
        cls.source = cls.prefix / "share" / "doc" / "libcretula-dev" / "examples" / "update-client"
        cls.client = pathlib.Path(cls.place.name) / "build" / "update-client"
        cls.built(["cmake", "-S", cls.source, "-B", cls.client.parent, f"-DCMAKE_PREFIX_PATH={cls.prefix}"])
        cls.built(["cmake", "--build", cls.client.parent])

    @classmethod
    def built(cls, command, **environment):
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=cls.place.name, env={**os.environ, **environment})
        if done.returncode != 0:
            raise AssertionError(f"{command}: {done.stdout}{done.stderr}")
        return done.stdout.split()

    def library_folder(self):
        return next(self.prefix.glob("lib/**/libcretula.so.1")).parent

    def run_client(self, settings, slots, archive, program=VERIFY, stdin=subprocess.DEVNULL):
        configuration = pathlib.Path(slots).parent / "update.conf"
        configuration.write_text("".join(f"{name} {value}\n" if value else f"{name}\n" for name, value in [*settings, ("program", program)]),
                                 "utf-8")
        return subprocess.run([self.client, configuration, slots, archive], capture_output=True, text=True, check=False, stdin=stdin,
                              env={"LD_LIBRARY_PATH": str(self.library_folder()), "PATH": os.environ["PATH"]})


class Package(Installed):
    def test_pkg_config(self):
        said = self.built(["pkg-config", "--cflags", "--libs", "libcretula"], PKG_CONFIG_PATH=str(self.library_folder() / "pkgconfig"))
        out = pathlib.Path(self.place.name) / "by-hand"
        self.built(["cc", "-std=c11", "-Wall", "-Wextra", "-Wconversion", "-Werror", self.source / "update-client.c", *said, "-o", out])
        self.assertTrue(out.is_file())

    def test_a_page_for_each_function(self):
        done = subprocess.run(["nm", "-D", "--defined-only", str(self.library_folder() / "libcretula.so.1")], capture_output=True, text=True,
                              check=True)
        functions = {line.split()[-1].split("@")[0] for line in done.stdout.splitlines() if "cretula_" in line}
        self.assertGreater(len(functions), 40)
        pages = {path.name for path in (self.prefix / "share" / "man" / "man3").iterdir()}
        self.assertEqual(pages, {f"{one}.3" for one in functions} | {"libcretula.3"})

    def test_other_versions_are_not_taken(self):
        folder = pathlib.Path(self.folder)
        (folder / "CMakeLists.txt").write_text("cmake_minimum_required(VERSION 3.25)\nproject(x C)\nfind_package(libcretula 2.0 REQUIRED)\n", "utf-8")
        with self.assertRaisesRegex(AssertionError, "libcretula"):
            self.built(["cmake", "-S", folder, "-B", folder / "b", f"-DCMAKE_PREFIX_PATH={self.prefix}"])


class Vectors(Installed):
    def attempt(self, call):
        vector, archive, options = call
        with tempfile.TemporaryDirectory(prefix="client-") as folder:
            slots = pathlib.Path(folder) / "slots"
            slots.mkdir()
            program = pathlib.Path(VERIFY)
            if vector.get("clock"):
                program = pathlib.Path(folder) / "verify"
                stopped = vector["clock"].replace("T", " ").replace("Z", "")
                program.write_text(f'#!/bin/sh\nexec {shlex.join(FAKETIME)} -f "{stopped}" {VERIFY} "$@"\n', "utf-8")
                program.chmod(0o755)
            settings = [(name, vector_calls.placed(value, folder)) for name, value in options]
            done = self.run_client(settings, slots, vector_calls.placed(archive, folder), program)
            there = sorted(one.name for one in slots.iterdir())
        if done.returncode != vector["expect"]["exit"] or there != (["active", "sequence", "slot-a"] if done.returncode == 0 else []):
            return f"{vector['id']}: exit code {done.returncode}, {there}: {done.stdout}{done.stderr}"
        lines = done.stdout.splitlines()
        failed = [(line.split()[1].rstrip(":"), "FAIL") for line in lines if line.startswith("  FAIL ")]
        wrong = vector_calls.fault(vector, lines[0].split(":")[0], None, failed, lines[0])
        return f"{vector['id']}: {wrong}" if wrong else None

    def test_every_vector(self):
        calls = vector_calls.chosen(checks=False)
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            wrong = [one for one in pool.map(self.attempt, calls) if one]
        self.assertEqual(wrong, [])
        print(f"{len(calls)} vectors, 0 wrong")


class Slots(Installed):
    TRUST = [("anchor", str(ROOT_CERT)), ("allow-example-keys", "")]

    def setUp(self):
        super().setUp()
        self.slots = pathlib.Path(self.folder) / "slots"
        self.slots.mkdir()

    def state(self):
        return {path.relative_to(self.slots).as_posix(): os.readlink(path) if path.is_symlink() else path.read_bytes()
                for path in self.slots.rglob("*") if path.is_symlink() or path.is_file()}

    def test_there_and_back(self):
        first = self.small_release("1.tar", release={"version": "1.0.0", "sequence": 5})
        second = self.small_release("2.tar", size=2_000_000, release={"version": "2.0.0", "sequence": 6})
        self.assertEqual(self.run_client(self.TRUST, self.slots, first).returncode, 0)
        self.assertEqual(self.state()["active"], "slot-a")
        with open(second, "rb") as download:
            done = self.run_client(self.TRUST, self.slots, "-", stdin=download)
        self.assertEqual((done.returncode, done.stdout.splitlines()[-1]), (0, "slot-b is in use now"))
        before = self.state()
        self.assertEqual((before["active"], before["sequence"]), ("slot-b", b"6"))
        self.assertEqual(before["slot-b/firmware.bin"], (self.folder / "firmware.bin").read_bytes())
        # Nothing of what is refused, ends early or is set wrongly changes anything.
        bad = self.folder / "bad.tar"
        tampered(second, bad, os.path.getsize(second) // 2)
        cut = self.folder / "cut.tar"
        cut.write_bytes(pathlib.Path(second).read_bytes()[:-1_000_000])
        for settings, archive, code, says in (
                (self.TRUST, bad, 1, "REFUSED: 'firmware.bin' is not the file that was released"), (self.TRUST, cut, 1, "REFUSED: "),
                (self.TRUST, first, 1, "  FAIL release.sequence"), ([*self.TRUST, ("product", "Another")], second, 1, "REFUSED: "),
                ([], second, 2, "NOT JUDGED: "), ([*self.TRUST, ("at", "noon")], second, 2, "NOT JUDGED: "),
                ([*self.TRUST, ("at", "")], second, 2, "NOT JUDGED: option at: it needs a value"),
                (self.TRUST, self.folder / "none.tar", 3, "UNDECIDED: ")):
            with self.subTest(says):
                done = self.run_client(settings, self.slots, archive)
                self.assertEqual(done.returncode, code, done.stdout)
                self.assertIn(says, done.stdout)
                self.assertEqual(self.state(), before)
        done = self.run_client([*self.TRUST, ("min-sequence", "5")], self.slots, first)
        self.assertEqual((done.returncode, self.state()["active"]), (0, "slot-a"))

    def test_unknown_settings(self):
        done = self.run_client([*self.TRUST, ("prodcut", "RTU")], self.slots, self.small_release())
        self.assertEqual((done.returncode, self.state()), (2, {}))
        self.assertIn("there is no setting prodcut", done.stderr)


class Page(unittest.TestCase):
    def test_the_page_names_what_the_build_wants(self):
        page = (SOURCE / "docs" / "update-client" / "README.md").read_text("utf-8")
        self.assertIn("cc update-client.c $(pkg-config --cflags --libs libcretula)", page)
        self.assertTrue((library.FOLDER / "library" / "libcretula.pc.in").is_file())


if __name__ == "__main__":
    main()
