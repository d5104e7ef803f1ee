# SPDX-License-Identifier: Apache-2.0
"""What computes digests changes nothing but its name in the record."""
import json
import pathlib
import platform
import re

from harness import Case, main, manifest_of, noise, read_member, tampered, write_large

MEBIBYTE = 1 << 20
# Empty, around the ends of SHA-256 blocks, around a leaf, and more files than are hashed together.
SIZES = [0, 1, 55, 56, 63, 64, 65, 119, 120, 128, 4095, 4096, 4097, 70_000, MEBIBYTE - 1, MEBIBYTE] + list(range(200, 300))


def kernel_here():
    """The name of the kernel that this processor runs, or "openssl"."""
    try:
        words = pathlib.Path("/proc/cpuinfo").read_text("ascii", "replace")
    except OSError:
        words = ""
    if platform.machine() == "x86_64":
        if not re.search(r"\bsha_ni\b", words):
            return "openssl"
        wide = re.search(r"\bavx512f\b", words) and re.search(r"\bavx512bw\b", words)
        return "avx-512" if wide else "sha-ni"
    return "armv8" if platform.machine() == "aarch64" and re.search(r"\bsha2\b", words) else "openssl"


class HashEngine(Case):
    def archive(self, *options, out="release.tar"):
        folder = self.folder / "in"
        if not folder.exists():
            folder.mkdir()
            for number, size in enumerate(SIZES):
                (folder / f"small-{number:03}-{size}").write_bytes(noise(size, number))
            for size in (MEBIBYTE + 1, 3 * MEBIBYTE, 5 * MEBIBYTE + 4097):
                write_large(folder / f"large-{size}", size, size)
        return self.pack(self.description([("in", {"path": "in"})]), out, *options)

    def record(self, archive, *options, code=0):
        folder = self.folder / "record"
        folder.mkdir(exist_ok=True)
        path = folder / "RECORD.json"
        path.unlink(missing_ok=True)
        self.check(archive, "--record", folder, *options, code=code)
        return path.read_text("utf-8")

    def test_records_are_the_same_but_for_the_name(self):
        archive = self.archive()
        for options in ([], ["--fast"], ["--jobs", "1"], ["--archive-digest"]):
            with self.subTest(options):
                texts = {}
                for choice in ("auto", "openssl"):
                    text = self.record(archive, *options, f"--hash={choice}")
                    record = json.loads(text)
                    expected = kernel_here() if choice == "auto" else "openssl"
                    self.assertEqual(record["how"]["hashEngine"], expected)
                    text = text.replace(f'"hashEngine": "{expected}"', '"hashEngine": ""')
                    text = text.replace(f'"--hash={choice}"', '"--hash="')
                    # Not only the run's own: a release that was signed in the second of one run has its time too.
                    texts[choice] = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "TIME", text)
                    self.assertNotIn(record["when"]["time"], texts[choice])
                self.assertEqual(texts["auto"], texts["openssl"])
                self.assertIn('"hashEngine": ""', texts["auto"])

    def test_archives_are_the_same(self):
        manifests = [read_member(self.archive(f"--hash={choice}", out=f"{choice}.tar"), "MANIFEST.json")
                     for choice in ("auto", "openssl")]
        self.assertEqual(*manifests)

    def test_every_engine_refuses_what_was_changed(self):
        archive = self.archive()
        plain = {one["path"]: one for one in manifest_of(archive)["files"]}
        content = archive.read_bytes()
        for number, size in ((6, 65), (13, 70_000), (15, MEBIBYTE)):
            path = f"in/small-{number:03}-{size}"
            self.assertIn(path, plain)
            place = content.index(noise(size, number))
            wrong = tampered(archive, self.folder / "wrong.tar", place + size // 2)
            for choice in ("auto", "openssl"):
                self.refused(wrong, f"--hash={choice}", says=path)
        large = self.folder / "in" / f"large-{5 * MEBIBYTE + 4097}"
        place = content.index(large.read_bytes())
        for offset in (0, 2 * MEBIBYTE + 5000, 5 * MEBIBYTE + 4096):
            wrong = tampered(archive, self.folder / "wrong.tar", place + offset)
            for choice in ("auto", "openssl"):
                for more in ([], ["--fast"]):
                    self.refused(wrong, f"--hash={choice}", *more, says=large.name)

    def test_a_detached_payload(self):
        front = self.archive("--detached", out="front.tar")
        for choice in ("auto", "openssl"):
            self.check(front, "--payload", self.folder, f"--hash={choice}")
        path = self.folder / "in" / "small-013-70000"
        data = bytearray(path.read_bytes())
        data[69_999] ^= 1
        path.write_bytes(data)
        for choice in ("auto", "openssl"):
            self.refused(front, "--payload", self.folder, f"--hash={choice}", says="small-013-70000")

    def test_nothing_computed_where_no_file_was_read(self):
        archive = self.small_release()
        stranger = f"{self.own_keys('stranger')}-root.cert.pem"
        shown = self.check(archive, "--json", anchor=stranger, code=1).json()
        self.assertEqual(shown["how"]["hashEngine"], "none: no file was read")

    def test_little_is_not_worth_a_test_of_the_processor(self):
        """Of a small archive: what is left for its instructions counts. SHA256SUMS of two files has less than 200 bytes."""
        for number, size in ((0, 128 * 1024), (1, 128 * 1024 - 200), (2, 128 * 1024)):
            (self.folder / f"{number}.bin").write_bytes(noise(size, number))
        for files, engine in ((("0.bin", "1.bin"), "openssl"), (("0.bin", "2.bin"), kernel_here())):
            with self.subTest(files):
                archive = self.pack(self.description([(name, {}) for name in files]), "release.tar")
                self.assertEqual(json.loads(self.record(archive))["how"]["hashEngine"], engine)

    def test_a_site_decides(self):
        for number in range(3):
            (self.folder / f"{number}.bin").write_bytes(noise(100_000, number))
        self.description([(f"{number}.bin", {}) for number in range(3)])
        prefix = self.own_keys()
        self.sign("pack", self.folder / "release.yaml", "--key", f"{prefix}.key.pem", "--cert", f"{prefix}.cert.pem",
                  "--out", "own.tar")
        site = self.folder / "verify.json"
        check = ["check", "own.tar", "--anchor", f"{prefix}-root.cert.pem", "--json", "--config", site]
        for decided, options, code, engine in (
                ("openssl", [], 0, "openssl"), ("openssl", ["--hash", "openssl"], 0, "openssl"),
                ("openssl", ["--hash", "auto"], 2, None), ("auto", [], 0, kernel_here()),
                ("auto", ["--hash", "openssl"], 2, None), ("md5", [], 2, None)):
            with self.subTest(decided=decided, options=options):
                site.write_text(json.dumps({"cretula": "site/1", "hash": decided}), "utf-8")
                site.chmod(0o644)
                result = self.verify(*check, *options, code=code)
                if code == 0:
                    self.assertEqual(result.json()["how"]["hashEngine"], engine)
        self.verify("check", "own.tar", "--anchor", f"{prefix}-root.cert.pem", "--hash", "sha1", code=2)


if __name__ == "__main__":
    main()
