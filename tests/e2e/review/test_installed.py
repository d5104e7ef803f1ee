# SPDX-License-Identifier: Apache-2.0
"""compare-installed: a folder held against a release. Nothing in the folder leads out of it."""
import fcntl
import json
import os
import shutil
import struct
import unittest

from harness import INTERPOSE, SANITIZED, as_nobody, main, manifest_of, member, noise, read_member, rebuild, tampered
from review_case import TRUST, ReviewCase


ENABLE_VERITY = 0x40806685  # FS_IOC_ENABLE_VERITY of the kernel; its argument has 128 bytes


class Installed(ReviewCase):
    def setUp(self):
        super().setUp()
        (self.folder / "large.bin").write_bytes(noise((1 << 20) + 7, "large"))
        (self.folder / "o").mkdir()
        (self.folder / "o" / "An other.txt").write_text("other\n")
        self.archive = self.numbered(1, "r.tar", files=[("large.bin", {"role": "firmware"}),
                                                        ("o", {"path": "o"})])
        self.verify("extract", "r.tar", *TRUST, "--to", "x")
        self.root = self.folder / "x"

    def compare(self, *arguments, code=0, states=None, **more):
        """The answer in JSON; states are those that are not "same"."""
        result = self.verify("compare-installed", self.root, "--against", "r.tar", *TRUST, "--json", *arguments, code=code, **more)
        value = self.in_form("installed", result.json())
        self.assertEqual(value["exitCode"], code)
        found = {one["path"]: one["state"] for one in value["files"] if one["state"] != "same"}
        self.assertEqual(found, states or {})
        counted = {state: sum(one["state"] == state for one in value["files"]) for state in value["counts"]}
        self.assertEqual(counted, value["counts"])
        return {one["path"]: one for one in value["files"]}, value

    def test_what_extract_wrote_is_the_same(self):
        files, value = self.compare()
        self.assertEqual(sorted(files), ["SHA256SUMS", "SHA256SUMS.restored", "firmware.bin", "large.bin", "o/An other.txt"])
        self.assertEqual(files["SHA256SUMS.restored"]["by"], "list")
        self.assertEqual(files["large.bin"]["by"], "sha256")
        self.assertEqual(value["trust"]["verified"], True)
        self.assertEqual(value["trust"]["exampleKeys"], True)
        page = self.verify("compare-installed", "x", "--against", "r.tar", *TRUST).out
        self.assertIn("SAME: x is", page)
        self.assertIn("example keys allowed", page)
        # The archive's own names are found too.
        shutil.rmtree(self.root)
        self.verify("extract", "r.tar", *TRUST, "--to", "x", "--portable-names")
        self.assertIn("o/An_other.txt", self.compare()[0])

    def test_every_difference_is_named(self):
        large = self.root / "large.bin"
        data = bytearray(large.read_bytes())
        data[-1] ^= 1
        large.write_bytes(data)
        (self.root / "firmware.bin").write_bytes(b"short")
        (self.root / "o/An other.txt").rename(self.root / "renamed.txt")
        (self.root / "new").mkdir()
        (self.root / "new" / "file").write_bytes(b"?")
        files, _ = self.compare(code=1, states={"large.bin": "changed", "firmware.bin": "changed", "o/An other.txt": "missing",
                                               "renamed.txt": "extra", "new/file": "extra"})
        self.assertEqual([files["large.bin"]["by"], files["firmware.bin"]["by"]], ["sha256", "size"])
        self.assertNotEqual(files["large.bin"]["sha256"], files["large.bin"]["foundSha256"])
        self.assertEqual(files["renamed.txt"]["is"], "o/An_other.txt")
        self.assertNotIn("is", files["new/file"])
        page = self.verify("compare-installed", "x", "--against", "r.tar", *TRUST, code=1).out
        for line in ("DIFFERS: x is not as", "5 bytes instead of 501", "another content of the same size", "new/file",
                     "it is o/An_other.txt of the release"):
            self.assertIn(line, page)

    @unittest.skipIf(SANITIZED, "the sanitizers want to be loaded first")
    def test_the_kernels_own_measurement(self):
        """Where the kernel holds every read to the digest of the release, the file is not read; where to another, it is."""
        measured = next(one["fsverity"] for one in manifest_of(self.archive)["files"] if one["path"] == "large.bin")
        for value, way in ((measured, "fs-verity"), ("0" * 64, "sha256"), (f"{measured}:2", "sha256")):
            environment = {"LD_PRELOAD": INTERPOSE, "CRETULA_VERITY": value}
            files, _ = self.compare(environment=environment)
            self.assertEqual(files["large.bin"]["by"], way)
            self.assertEqual("foundSha256" in files["large.bin"], way == "sha256")
            self.assertEqual(files["firmware.bin"]["by"], "sha256")  # too small to have one in the release
        page = self.verify("compare-installed", "x", "--against", "r.tar", *TRUST, "--verbose",
                           environment={"LD_PRELOAD": INTERPOSE, "CRETULA_VERITY": measured}).out
        self.assertIn("1 by the kernel's fs-verity", page)
        self.assertIn("large.bin (measured by the kernel)", page)

    def test_the_kernel_itself(self):
        """The same with the kernel's own fs-verity, where the file system of the build folder has it."""
        path = self.root / "large.bin"
        argument = struct.pack("=IIIIQIIQ11Q", 1, 1, 4096, 0, 0, 0, 0, 0, *[0] * 11)  # version 1, SHA-256, blocks of 4 KiB
        descriptor = os.open(path, os.O_RDONLY)
        try:
            fcntl.ioctl(descriptor, ENABLE_VERITY, argument)
        except OSError as error:
            self.skipTest(f"no fs-verity on the file system of {self.folder}: {os.strerror(error.errno)}")
        finally:
            os.close(descriptor)
        files, _ = self.compare()
        self.assertEqual(files["large.bin"]["by"], "fs-verity")
        # Another content under the kernel's guard: its measurement is another, and the file is read.
        path.unlink()
        path.write_bytes(noise((1 << 20) + 7, "another"))
        descriptor = os.open(path, os.O_RDONLY)
        fcntl.ioctl(descriptor, ENABLE_VERITY, argument)
        os.close(descriptor)
        files, _ = self.compare(code=1, states={"large.bin": "changed"})
        self.assertEqual(files["large.bin"]["by"], "sha256")

    def test_a_line_break_in_a_name_makes_no_line(self):
        (self.root / "a\nsame        firmware.bin").write_bytes(b"?")
        out = self.verify("compare-installed", "x", "--against", "r.tar", *TRUST, code=1).out
        self.assertIn("a\\nsame        firmware.bin", out)
        self.assertNotIn("a\n", out)

    def test_a_list_that_extract_did_not_write(self):
        path = self.root / "SHA256SUMS.restored"
        path.write_bytes(path.read_bytes().replace(b"a", b"b"))
        self.compare(code=1, states={"SHA256SUMS.restored": "extra"})

    def test_links_and_devices_are_not_followed(self):
        outside = self.folder / "outside"
        outside.mkdir()
        (self.root / "firmware.bin").rename(outside / "firmware.bin")
        (self.root / "firmware.bin").symlink_to(outside / "firmware.bin")  # the right bytes, elsewhere
        (self.root / "large.bin").unlink()
        os.mkfifo(self.root / "large.bin")                                 # would wait for ever
        (self.root / "away").symlink_to(outside)
        (self.root / "o/An other.txt").unlink()
        (self.root / "o/An other.txt").mkdir()
        files, _ = self.compare(code=1, states={"firmware.bin": "changed", "large.bin": "changed", "away": "extra",
                                                "o/An other.txt": "missing"}, timeout=60)
        self.assertIn("link", files["firmware.bin"]["reason"])
        self.assertIn("pipe", files["large.bin"]["reason"])
        self.assertNotIn("foundSha256", files["firmware.bin"])
        # A folder of the release that is a link: its files are not there.
        shutil.rmtree(self.root)
        self.verify("extract", "r.tar", *TRUST, "--to", "x", "--portable-names")
        (self.root / "o").rename(outside / "o")
        (self.root / "o").symlink_to(outside / "o")
        self.compare(code=1, states={"o/An other.txt": "missing", "o": "extra"})

    def test_what_cannot_be_read_is_no_answer(self):
        self.root.chmod(0o755)
        self.folder.chmod(0o755)
        (self.root / "large.bin").chmod(0)
        files, _ = self.compare(code=3, states={"large.bin": "unreadable"}, before=as_nobody)
        self.assertIn("ermission", files["large.bin"]["reason"])
        page = self.verify("compare-installed", "x", "--against", "r.tar", *TRUST, code=3, before=as_nobody).out
        self.assertIn("NOT CHECKED: x is", page)
        # A folder that cannot be listed hides what may lie in it.
        (self.root / "large.bin").chmod(0o644)
        shutil.rmtree(self.root)
        self.verify("extract", "r.tar", *TRUST, "--to", "x", "--portable-names")
        (self.root / "o").chmod(0)
        self.compare(code=3, states={"o": "unreadable", "o/An other.txt": "unreadable"}, before=as_nobody)

    def test_the_archive_is_verified_first(self):
        bad = tampered(self.archive, self.folder / "bad.tar", member(self.archive, "firmware.bin").data)
        result = self.verify("compare-installed", "x", "--against", bad, *TRUST, code=1)
        self.assertIn("firmware.bin", result.err)
        self.assertEqual(result.out, "")
        self.assertEqual(self.verify("compare-installed", "x", "--against", bad, *TRUST, "--json", code=1).json()["cretula"], "error/1")
        plain = self.verify("compare-installed", "x", "--against", "r.tar")
        self.assertIn("[UNVERIFIED", plain.out)
        unsigned = self.verify("compare-installed", "x", "--against", "r.tar", "--json").json()
        self.assertEqual(unsigned["trust"], {"verified": False})
        # The manifest alone says as much, and nobody vouches for it.
        (self.folder / "M.json").write_bytes(read_member(self.archive, "MANIFEST.json"))
        self.assertIn("[UNVERIFIED", self.verify("compare-installed", "x", "--against", "M.json").out)
        self.verify("compare-installed", "x", "--against", "M.json", *TRUST, code=2)
        (self.folder / "junk").write_bytes(b"no archive")
        for more in ((), TRUST):
            self.verify("compare-installed", "x", "--against", "junk", *more, code=1)
        self.verify("compare-installed", "x", "--against", "missing", *TRUST, code=3)
        self.verify("compare-installed", "missing", "--against", "r.tar", *TRUST, code=3)
        self.verify("compare-installed", "r.tar", "--against", "r.tar", *TRUST, code=3)
        self.verify("compare-installed", "x", code=2)

    def test_hostile_names_stay_text(self):
        (self.root / "a\x1b[31m\u202eb").write_bytes(b"x")
        os.makedirs(self.root / "d\n")
        (self.root / "d\n" / "SAME: all").write_bytes(b"x")
        page = self.verify("compare-installed", "x", "--against", "r.tar", *TRUST, code=1).out
        for character in "\x1b\u202e":
            self.assertNotIn(character, page)
        self.assertFalse(any(line.startswith("SAME") for line in page.splitlines()))
        text = self.verify("compare-installed", "x", "--against", "r.tar", *TRUST, "--json", code=1).out
        self.assertNotIn("\x1b", text)
        json.loads(text)
        # And a name of the release that leads out of the folder.
        manifest = manifest_of(self.archive)
        next(one for one in manifest["files"] if one["path"] == "firmware.bin")["originalName"] = "../outside.bin"
        evil = rebuild(self.archive, self.folder / "evil.tar", manifest=json.dumps(manifest, indent=2).encode() + b"\n", signatures={})
        shutil.copy(self.root / "firmware.bin", self.folder / "outside.bin")
        (self.root / "firmware.bin").unlink()
        value = self.verify("compare-installed", "x", "--against", evil, "--json", code=1).json()
        self.assertEqual({one["path"] for one in value["files"] if one["state"] == "missing"}, {"firmware.bin"})


if __name__ == "__main__":
    main()
