# SPDX-License-Identifier: Apache-2.0
"""The files of a release are read by a process that never has the signer's key: it is there before the key is opened, holds
none of its bytes, and when it dies nothing is signed and nothing stays."""
import contextlib
import os
import signal
import subprocess
import time

from harness import CLEAN_ENVIRONMENT, KEYS, SIGN, Case, _children, main, needs_root, noise, tree
from sbom_case import tar_of

PASSPHRASE = b"a passphrase that stands nowhere else 7431"


class Reader(Case):
    def setUp(self):
        super().setUp()
        self.inputs = self.folder / "in"
        self.inputs.mkdir()
        (self.inputs / "fw.bin").write_bytes(noise(5000, "fw"))
        (self.inputs / "vendor.tar").write_bytes(tar_of({"a.txt": b"text", "b.bin": noise(3000, "b")}))
        self.description([("fw.bin", {"role": "firmware"}), ("vendor.tar", {"expand": True, "role": "software"})],
                         folder=self.inputs)
        self.key = self.folder / "locked.pem"
        self.run_program("openssl", "pkcs8", "-topk8", "-in", KEYS / "release.key.pem", "-out", self.key, "-passout",
                         "pass:" + PASSPHRASE.decode(), code=0)
        self.out = self.folder / "out"
        self.out.mkdir()

    def begin(self, *words, key=None, out=True):
        """A run that waits for its passphrase; gives the process, the writing end, and its reader's number."""
        read_end, write_end = os.pipe()
        self.pipe = os.fstat(read_end).st_ino
        run = subprocess.Popen([SIGN, *[str(word) for word in words], "--key", str(key or self.key), "--passphrase-fd", str(read_end),
                                "--allow-example-keys", *(["--out", str(self.out / "made.tar")] if out else [])], cwd=self.folder, env=CLEAN_ENVIRONMENT,
                               pass_fds=[read_end], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        os.close(read_end)
        self.addCleanup(self.stop, run)
        deadline = time.monotonic() + 60
        while not _children(run.pid):
            self.assertIsNone(run.poll(), "it ended before it asked for the passphrase")
            self.assertLess(time.monotonic(), deadline)
        return run, write_end, _children(run.pid)[0]

    @staticmethod
    def stop(run):
        if run.poll() is None:
            run.kill()
        run.communicate()

    def pack(self):
        return self.begin("pack", self.inputs / "release.yaml", "--cert", KEYS / "release.cert.pem")

    def adopt(self):
        owner = self.folder / "owner.pem"
        self.run_program("openssl", "pkcs8", "-topk8", "-in", KEYS / "owner.key.pem", "-out", owner, "-passout",
                         "pass:" + PASSPHRASE.decode(), code=0)
        return self.begin("adopt", self.inputs / "fw.bin", "--vendor", "V", "--product", "P", "--release", "1", "--sequence", "1",
                          "--source", "portal", "--medium", "usb", "--cert", KEYS / "owner.cert.pem", key=owner)

    def endorse(self):
        """Of an archive that quality signed."""
        made = self.out / "made.tar"
        made.unlink(missing_ok=True)
        self.sign("pack", self.inputs / "release.yaml", "--key", KEYS / "quality.key.pem", "--cert", KEYS / "quality.cert.pem", "--out", made,
                  "--allow-example-keys")
        return self.begin("endorse", made, "--cert", KEYS / "release.cert.pem", "--meaning", "origin", out=False)

    @staticmethod
    def give(write_end):
        os.write(write_end, PASSPHRASE + b"\n")
        os.close(write_end)

    @staticmethod
    def links(pid):
        found = set()
        for fd in os.listdir(f"/proc/{pid}/fd"):
            with contextlib.suppress(FileNotFoundError):
                found.add(os.readlink(f"/proc/{pid}/fd/{fd}"))
        return found

    @staticmethod
    def holds(pid, needles):
        """Which of these byte strings are in the memory of a process."""
        found = set()
        with open(f"/proc/{pid}/maps", encoding="ascii", errors="replace") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
            for line in maps:
                span, mode = line.split()[:2]
                if "w" not in mode or "[v" in line:
                    continue
                start, end = (int(part, 16) for part in span.split("-"))
                try:
                    memory.seek(start)
                    data = memory.read(end - start)
                except OSError:
                    continue
                found |= {name for name, needle in needles.items() if needle in data}
        return found

    @staticmethod
    def confined_and_waiting(pid):
        with open(f"/proc/{pid}/status", encoding="ascii") as status:
            lines = status.read().splitlines()
        return "Seccomp:\t2" in lines and any(line.startswith("State:\tS") for line in lines)

    def secret(self, name):
        words = self.run_program("openssl", "ec", "-in", KEYS / f"{name}.key.pem", "-text", "-noout", code=0).out
        number = "".join(words.split("priv:")[1].split("pub:")[0].split()).replace(":", "")
        number = bytes.fromhex(number)[-32:]
        return {"key": number, "key, lowest byte first": number[::-1], "passphrase": PASSPHRASE}

    @needs_root
    def test_it_never_has_the_key_or_the_passphrase(self):
        for start, name in ((self.pack, "release"), (self.adopt, "owner"), (self.endorse, "release")):
            run, write_end, reader = start()
            secrets = self.secret(name)
            deadline = time.monotonic() + 20
            links = self.links(reader)
            while f"pipe:[{self.pipe}]" in links:  # it gives it away first of all
                self.assertLess(time.monotonic(), deadline, links)
                links = self.links(reader)
            self.assertFalse([link for link in links if link.endswith(".pem")], links)
            # Stopped before it told that it is confined, it would keep the other process from going on.
            while not self.confined_and_waiting(reader):
                self.assertLess(time.monotonic(), deadline, "the reader is not confined")
            os.kill(reader, signal.SIGSTOP)
            self.give(write_end)
            # The other process has it at some time from now on, and then waits for the reader.
            deadline = time.monotonic() + 60
            while not self.holds(run.pid, secrets) - {"passphrase"}:
                self.assertIsNone(run.poll())
                self.assertLess(time.monotonic(), deadline, "the search does not find the key where it is")
            self.assertEqual(self.holds(reader, secrets), set())
            os.kill(reader, signal.SIGCONT)
            run.communicate()
            self.assertEqual(run.returncode, 0)
            (self.out / "made.tar").unlink()

    def test_when_it_dies_nothing_is_signed_and_nothing_stays(self):
        for start in (self.pack, self.adopt, self.endorse):
            for before in (True, False):
                with self.subTest(start=start.__name__, before=before):
                    run, write_end, reader = start()
                    there = {name: data for name, data in tree(self.out).items() if start == self.endorse and not name.startswith(".")}
                    os.kill(reader, signal.SIGKILL if before else signal.SIGSTOP)
                    self.give(write_end)
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(reader, signal.SIGKILL)
                    _, errors = run.communicate()
                    self.assertEqual(run.returncode, 3, errors)
                    self.assertIn(b"the reading process ended before it was done", errors)
                    self.assertEqual(tree(self.out), there)

    def test_a_wrong_passphrase_reads_nothing_and_leaves_nothing(self):
        run, write_end, _ = self.pack()
        self.assertTrue([name for name in tree(self.out) if name.startswith(".")], "the folder for members is there already")
        os.write(write_end, b"wrong\n")
        os.close(write_end)
        _, errors = run.communicate()
        self.assertEqual(run.returncode, 2, errors)
        self.assertEqual(tree(self.out), {})

    def test_init_from_prints_text_only(self):
        archive = super().pack(self.inputs / "release.yaml")
        text = self.sign("init", "--from", archive).out
        self.assertIn("UNVERIFIED", text)
        (self.folder / "junk.tar").write_bytes(noise(5000, "junk"))
        self.assertIn("junk.tar", self.sign("init", "--from", self.folder / "junk.tar", code=2).err)


if __name__ == "__main__":
    main()
