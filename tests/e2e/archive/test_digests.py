# SPDX-License-Identifier: Apache-2.0
"""Digests against other implementations: sha256sum, and `fsverity digest` of the package fsverity."""
from harness import Case, file_sha256, main, manifest_of, write_large

MEBIBYTE = 1 << 20


class Digests(Case):
    def test_fsverity_prints_what_the_manifest_has(self):
        # Around the threshold, around blocks of 4096, and around the tree's levels (128 hashes a block).
        sizes = {MEBIBYTE - 1, MEBIBYTE, MEBIBYTE + 1, 2 * MEBIBYTE, 2 * MEBIBYTE + 4095, 2 * MEBIBYTE + 4096,
                 2 * MEBIBYTE + 4097, 4096 * 128 * 128, 4096 * 128 * 128 + 1,
                 70 * MEBIBYTE + 12345}
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

    def test_fast_says_what_it_did_not_check(self):
        """Both digests by default; with --fast the tree alone, and the other is called claimed."""
        large = self.folder / "large.bin"
        write_large(large, 3 * MEBIBYTE, "large")
        archive = self.pack(self.description(["large.bin"]))
        whole = self.check(archive, "--json").json()["what"]["files"]
        fast = self.check(archive, "--json", "--fast").json()["what"]["files"]
        self.assertEqual([one["path"] for one in whole], [one["path"] for one in fast])
        for files, expected in ((whole, "verified"), (fast, "claimed")):
            found = next(one for one in files if one["path"] == "large.bin")
            self.assertEqual(found["sha256"], file_sha256(large))
            self.assertEqual(found["sha256State"], expected)
            self.assertEqual(found["fsverityState"], "verified")


if __name__ == "__main__":
    main()
