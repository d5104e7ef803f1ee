# SPDX-License-Identifier: Apache-2.0
"""Digests against other implementations: sha256sum, and `fsverity digest` of the package fsverity."""
from harness import Case, main, manifest_of, noise, write_large

MEBIBYTE = 1 << 20


class Digests(Case):
    def test_fsverity_prints_what_the_manifest_has(self):
        # Around the threshold, around blocks of 4096, and around the tree's levels (128 hashes a block).
        sizes = [MEBIBYTE - 1, MEBIBYTE, MEBIBYTE + 1, 2 * MEBIBYTE, 2 * MEBIBYTE + 4095, 2 * MEBIBYTE + 4096,
                 2 * MEBIBYTE + 4097, 4096 * 128 * 4, 4096 * 128 * 128, 4096 * 128 * 128 + 1,
                 70 * MEBIBYTE + 12345]
        folder = self.folder / "in"
        folder.mkdir()
        for size in sizes:
            write_large(folder / f"file-{size}", size, size)
        (folder / "zeros").write_bytes(bytes(3 * MEBIBYTE))
        archive = self.pack(self.description([("in", {"path": "in"})]))
        self.check(archive)
        self.check(archive, "--fast")
        seen = 0
        for one in manifest_of(archive)["files"]:
            if one["path"] == "SHA256SUMS":
                continue
            path = folder / one["path"].removeprefix("in/")
            with self.subTest(path.name):
                self.assertEqual(one["size"], path.stat().st_size)
                plain = self.run_program("sha256sum", path, code=0).out.split()[0]
                self.assertEqual(one["sha256"], plain)
                if one["size"] > MEBIBYTE:
                    line = self.run_program("fsverity", "digest", path, code=0).out
                    self.assertEqual("sha256:" + one["fsverity"], line.split()[0])
                    seen += 1
                else:
                    self.assertNotIn("fsverity", one)
        self.assertEqual(seen, sum(size > MEBIBYTE for size in sizes) + 1)

    def test_every_digest_must_match(self):
        """A manifest with one right and one wrong digest is refused; --fast sees the tree only."""
        large = self.folder / "large.bin"
        write_large(large, 3 * MEBIBYTE, "large")
        archive = self.pack(self.description(["large.bin"]))
        (self.folder / "small.bin").write_bytes(noise(100, "small"))
        self.check(archive, "--fast")
        result = self.check(archive, "--fast", "--json")
        self.assertIn("claimed", result.out)
        result = self.check(archive, "--json")
        self.assertNotIn("claimed", result.out)


if __name__ == "__main__":
    main()
