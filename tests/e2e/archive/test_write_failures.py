# SPDX-License-Identifier: Apache-2.0
"""Lesson 22: disk full, short writes, kill -9, folders that nobody may write: never a file under the
final name, never a stray file, never a lost input."""
import os
import random
import subprocess
import time

from harness import (CLEAN_ENVIRONMENT, HEAVY, KEYS, ROOT_CERT, SANITIZED, SIGN, VERIFY, Case, as_nobody, limit_file_size, main,
                     member, noise, tampered, tree, write_large)

ALLOW = "--allow-example-keys"
KEY = ["--key", KEYS / "release.key.pem", "--cert", KEYS / "release.cert.pem", ALLOW]
TRUSTED = ["--anchor", ROOT_CERT, ALLOW]
MEBIBYTE = 1 << 20


class Failures(Case):
    def setUp(self):
        super().setUp()
        self.inputs = self.folder / "inputs"
        self.inputs.mkdir()
        write_large(self.inputs / "large.bin", 6 * MEBIBYTE, "large")
        for number in range(20):
            (self.inputs / f"small-{number}.txt").write_bytes(noise(3000, number))
        self.release = self.description(["large.bin", *[f"small-{number}.txt" for number in range(20)]],
                                        folder=self.inputs)
        self.before = tree(self.inputs)

    def inputs_are_whole(self):
        self.assertEqual(tree(self.inputs), self.before, "an input was changed")

    # signer

    def test_pack_on_a_full_disk(self):
        for size in ("16k", "1m", "3m", "5m"):
            with self.subTest(size), self.small_disk(size, f"disk-{size}") as disk:
                result = self.sign("pack", self.release, *KEY, "--out", disk / "x.tar", code=3)
                self.assertIn("full", result.err)
                self.assertEqual(list(disk.iterdir()), [])
        self.inputs_are_whole()

    def test_pack_with_a_file_size_limit(self):
        out = self.folder / "out"
        out.mkdir()
        for size in (0, 4096, MEBIBYTE, 6 * MEBIBYTE):
            with self.subTest(size):
                self.sign("pack", self.release, *KEY, "--out", out / "x.tar", code=3,
                          before=limit_file_size(size))
                self.assertEqual(list(out.iterdir()), [])
        self.inputs_are_whole()

    def test_pack_into_an_unwritable_folder(self):
        self.folder.chmod(0o755)
        out = self.folder / "out"
        out.mkdir(mode=0o555)
        for path in [KEYS / "release.key.pem", SIGN]:
            if subprocess.run(["cat", path], preexec_fn=as_nobody, capture_output=True,
                              check=False).returncode != 0:
                self.skipTest("another user cannot read the tree")
        self.sign("pack", self.release, *KEY, "--out", out / "x.tar", code=(2, 3), before=as_nobody)
        self.assertEqual(list(out.iterdir()), [])
        self.inputs_are_whole()

    def test_pack_keeps_the_old_archive_when_it_fails(self):
        """Whether an existing file is replaced or refused: a failure leaves it as it was."""
        with self.small_disk("9m") as disk:
            archive = self.pack(self.release, disk / "x.tar")
            old = archive.read_bytes()
            self.sign("pack", self.release, *KEY, "--out", archive, code=(2, 3))
            self.assertEqual(archive.read_bytes(), old)
            self.assertEqual([path.name for path in disk.iterdir()], ["x.tar"])

    def test_pack_never_writes_over_an_input(self):
        for name in ("large.bin", "release.yaml"):
            with self.subTest(name):
                self.sign("pack", self.release, *KEY, "--out", self.inputs / name, code=(2, 3))
                self.inputs_are_whole()

    def test_an_input_that_changes_while_it_is_packed(self):
        """Growing and shrinking inputs end in an error, not in an archive that does not verify."""
        stop = self.folder / "stop"
        script = ('while [ ! -e "$1" ]; do printf x >>"$2"; truncate -s 6291456 "$2"; done')
        churn = subprocess.Popen(["sh", "-c", script, "sh", str(stop), str(self.inputs / "large.bin")])
        try:
            for number in range(5):
                out = self.folder / f"{number}.tar"
                result = self.sign("pack", self.release, *KEY, "--out", out, code=(0, 3))
                if result.code == 0:
                    self.check(out)
                else:
                    self.assertFalse(out.exists())
        finally:
            stop.write_bytes(b"")
            churn.wait()

    def test_pack_killed_at_random_moments(self):
        """kill -9: what lies under the final name is either nothing or a whole, verified archive."""
        tries = 400 if HEAVY else 15 if SANITIZED else 60
        draw = random.Random(20261012)
        out = self.folder / "out"
        out.mkdir()
        begun = time.monotonic()
        self.sign("pack", self.release, *KEY, "--out", out / "whole.tar")
        span = time.monotonic() - begun
        killed = done = 0
        for number in range(tries):
            target = out / f"{number}.tar"
            program = subprocess.Popen([str(one) for one in [SIGN, "pack", self.release, *KEY, "--out", target]],
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                       env=CLEAN_ENVIRONMENT)
            time.sleep(draw.uniform(0, span * 1.05))
            program.kill()
            program.wait()
            killed += program.returncode == -9
            if target.exists():
                done += 1
                self.check(target)
                target.unlink()
            self.inputs_are_whole()
        print(f"pack killed {killed} of {tries} times, {done} archives were complete", flush=True)
        self.assertGreater(killed, tries // 4)

    def test_keygen_failures(self):
        with self.small_disk("4k") as disk:
            # Fill it, so that not even a key fits.
            with self.assertRaises(OSError), open(disk / "fill", "wb") as stream:
                stream.write(bytes(1 << 16))
            self.sign("keygen", "--out", disk / "k", "--passphrase-fd", "0", code=3, stdin=b"a passphrase\n")
            self.assertFalse((disk / "k.cert.pem").exists() and (disk / "k.cert.pem").stat().st_size == 0)
            self.assertEqual([path.name for path in disk.iterdir()], ["fill"])

    # verifier

    def test_extract_leaves_nothing_behind(self):
        archive = self.pack(self.release)
        out = self.folder / "out"
        out.mkdir()
        self.verify("extract", archive, "--to", out / "new", *TRUSTED)
        found = tree(out / "new")
        self.assertEqual(found["large.bin"], self.before["large.bin"])
        whole = tree(out)
        for name in ("large.bin", "small-7.txt", "SHA256SUMS"):
            where = member(archive, name)
            bad = tampered(archive, self.folder / "bad.tar", where.data + where.size - 1)
            with self.subTest(name):
                self.verify("extract", bad, "--to", out / "bad", *TRUSTED, code=1)
                self.assertEqual(tree(out), whole)
        cut = self.folder / "cut.tar"
        cut.write_bytes(archive.read_bytes()[:-512])
        self.verify("extract", cut, "--to", out / "bad", *TRUSTED, code=1)
        self.verify("extract", archive, "--to", out / "bad", "--anchor", ROOT_CERT, code=1)
        self.verify("extract", archive, "--to", out / "bad", "--anchor", self.own_keys() + "-root.cert.pem",
                    ALLOW, code=1)
        self.assertEqual(tree(out), whole)

    def test_extract_on_a_full_disk(self):
        archive = self.pack(self.release)
        for size in ("16k", "2m", "6m"):
            with self.subTest(size), self.small_disk(size, f"disk-{size}") as disk:
                self.verify("extract", archive, "--to", disk / "new", *TRUSTED, code=3)
                self.assertEqual(list(disk.iterdir()), [])

    def test_extract_with_a_file_size_limit(self):
        archive = self.pack(self.release)
        out = self.folder / "out"
        out.mkdir()
        self.verify("extract", archive, "--to", out / "new", *TRUSTED, code=3,
                    before=limit_file_size(MEBIBYTE))
        self.assertEqual(list(out.iterdir()), [])

    def test_extract_killed_at_random_moments(self):
        archive = self.pack(self.release)
        tries = 200 if HEAVY else 10 if SANITIZED else 40
        draw = random.Random(7)
        out = self.folder / "out"
        out.mkdir()
        begun = time.monotonic()
        self.verify("extract", archive, "--to", out / "whole", *TRUSTED)
        span = time.monotonic() - begun
        whole = tree(out / "whole")
        done = 0
        for number in range(tries):
            target = out / f"new-{number}"
            program = subprocess.Popen([str(one) for one in [VERIFY, "extract", archive, "--to", target, *TRUSTED]],
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                       env=CLEAN_ENVIRONMENT)
            time.sleep(draw.uniform(0, span * 1.05))
            program.kill()
            program.wait()
            time.sleep(0.01)
            if target.exists():
                done += 1
                self.assertEqual(tree(target), whole, "a folder under the final name is complete")
        print(f"extract killed {tries} times, {done} folders were complete", flush=True)

    def test_a_dead_child_is_undecided(self):
        """The parent never takes a child that died for an answer."""
        archive = self.pack(self.release)
        # The child's share of memory is not enough to start: a stand-in for any sudden death.
        big = self.inputs / "sleepy.bin"
        write_large(big, 200 * MEBIBYTE, "sleepy")
        archive = self.pack(self.description(["sleepy.bin"], folder=self.inputs), "sleepy.tar")
        for attempt in range(5):
            program = subprocess.Popen([str(one) for one in [VERIFY, "check", archive, *TRUSTED]],
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=CLEAN_ENVIRONMENT)
            child = None
            while child is None and program.poll() is None:
                try:
                    with open(f"/proc/{program.pid}/task/{program.pid}/children", encoding="ascii") as stream:
                        words = stream.read().split()
                    child = int(words[0]) if words else None
                except OSError:
                    break
            if child is not None:
                time.sleep(0.005 * attempt)
                try:
                    os.kill(child, 9)
                except ProcessLookupError:
                    child = None
            out, err = program.communicate()
            if child is not None and program.returncode != 0:
                self.assertEqual(program.returncode, 3, err.decode())
                self.assertIn(b"UNDECIDED", out)
                self.assertNotIn(b"ACCEPTED", out)
                return
        self.fail("the child could not be killed in time")

    def test_record_on_a_full_disk(self):
        archive = self.pack(self.release)
        with self.small_disk("4k") as disk:
            (disk / "records").mkdir()
            with self.assertRaises(OSError), open(disk / "fill", "wb") as stream:
                stream.write(bytes(1 << 16))
            self.verify("check", archive, *TRUSTED, "--record", disk / "records", code=3)
            self.assertEqual(list((disk / "records").iterdir()), [])


if __name__ == "__main__":
    main()
