# SPDX-License-Identifier: Apache-2.0
"""Lesson 2: sizes around 2 GiB, 4 GiB and 8 GiB, where lengths are cut to int, to 32 bits, and where
the ustar size field ends. The files are sparse."""
import os
import subprocess

from harness import (CLEAN_ENVIRONMENT, HEAVY, ROOT_CERT, VERIFY, Case, MemoryWatch, heavy, main, manifest_of, member,
                     noise, not_sanitized)

GIBIBYTE = 1 << 30
TRUSTED = ["--anchor", ROOT_CERT, "--allow-example-keys"]


@not_sanitized
class Large(Case):
    def large_release(self, size):
        """One sparse file with a few bytes at its begin, at 2 and 4 GiB, and at its end."""
        path = self.folder / "image.bin"
        with open(path, "wb") as stream:
            for offset in (0, 2 * GIBIBYTE - 8, 4 * GIBIBYTE - 8, size - 16):
                if offset + 16 <= size:
                    stream.seek(offset)
                    stream.write(noise(16, offset))
            stream.truncate(size)
        archive = self.pack(self.description([("image.bin", {"role": "firmware"})]))
        self.assertEqual(manifest_of(archive)["files"][-1]["size"], size)
        path.unlink()
        return archive

    def verified_at_every_edge(self, archive, size):
        """Accepted whole; refused with one byte changed at each place where a length may be cut."""
        self.check(archive)
        where = member(archive, "image.bin")
        self.assertEqual(where.size, size)
        places = [0, size - 1]
        places += [edge for edge in (2 * GIBIBYTE - 1, 2 * GIBIBYTE, 4 * GIBIBYTE - 1, 4 * GIBIBYTE) if edge < size]
        if not HEAVY:
            places = places[1:]
        with open(archive, "r+b") as stream:
            for place in sorted(set(places)):
                with self.subTest(size=size, place=place):
                    stream.seek(where.data + place)
                    byte = stream.read(1)[0]
                    stream.seek(where.data + place)
                    stream.write(bytes([byte ^ 0x80]))
                    stream.flush()
                    self.refused(archive, says=["file.digests", "image.bin"])
                    stream.seek(where.data + place)
                    stream.write(bytes([byte]))
                    stream.flush()

    def test_lesson_2_around_2_gib(self):
        for size in (2 * GIBIBYTE - 1, 2 * GIBIBYTE, 2 * GIBIBYTE + 1) if HEAVY else (2 * GIBIBYTE + 1,):
            self.verified_at_every_edge(self.large_release(size), size)

    @heavy
    def test_lesson_2_around_4_gib(self):
        for size in (4 * GIBIBYTE - 1, 4 * GIBIBYTE, 4 * GIBIBYTE + 1):
            self.verified_at_every_edge(self.large_release(size), size)

    @heavy
    def test_lesson_2_around_8_gib_where_ustar_ends(self):
        for size in (8 * GIBIBYTE - 1, 8 * GIBIBYTE):
            archive = self.large_release(size)
            self.check(archive)
            with open(archive, "rb") as stream:
                where = member(archive, "image.bin")
                stream.seek(where.header - 1024)
                self.assertEqual(b"PaxHeaders/size" in stream.read(1024), size >= 8 * GIBIBYTE)

    @heavy
    def test_9_gib_through_the_pax_case(self):
        size = 9 * GIBIBYTE
        archive = self.large_release(size)
        for program in ("tar", "bsdtar"):
            listing = self.run_program(program, "-tvf", archive, code=0).out
            self.assertIn(str(size), listing)
        self.verified_at_every_edge(archive, size)
        program = subprocess.Popen([str(one) for one in [VERIFY, "check", archive, *TRUSTED]],
                                   stdout=subprocess.PIPE, env=CLEAN_ENVIRONMENT)
        watch = MemoryWatch(program.pid, VERIFY)
        watch.start()
        program.communicate()
        self.assertEqual(program.returncode, 0)
        self.assertLess(watch.total(), 24_000_000 + 2 * 1536)

    def test_truncated_and_extended(self):
        """A sparse archive cut anywhere, and one with a hole behind its end."""
        size = 300 << 20
        archive = self.large_release(size)
        whole = os.path.getsize(archive)
        for length in (whole - 1, whole - 512, whole - 1024, whole - 1025, whole // 2, 512, 511, 1):
            with self.subTest(length):
                os.truncate(archive, length)
                self.refused(archive)
                os.truncate(archive, whole)
                archive = self.large_release(size)
        os.truncate(archive, whole + 512)
        self.refused(archive, says="archive.framing")
        os.truncate(archive, whole + 1)
        self.refused(archive, says="archive.framing")


if __name__ == "__main__":
    main()
