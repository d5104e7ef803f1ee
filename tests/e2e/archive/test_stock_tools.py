# SPDX-License-Identifier: Apache-2.0
"""The second opinion with stock tools (docs/spec/archive.md): the recipe works on good archives, and fails on
each tampering that it claims to find. docs/verify-with-stock-tools.md shows the same commands."""
import json
import os
import pathlib
import re
import shutil
import tarfile

from harness import (EXAMPLE, KEYS, ROOT_CERT, SOURCE, Case, canonical_header, file_sha256, main, manifest_of,
                     member, noise, read_member, read_member_list, rebuild, sha256, signature_member,
                     tampered)

STEPS = ("list", "unpack", "signature", "checksums", "files")


class Recipe(Case):
    def setUp(self):
        super().setUp()
        self.archive = self.pack(EXAMPLE / "release.yaml", "good.cretula.tar")

    def recipe(self, archive, anchor=ROOT_CERT):
        """Runs the steps; the set of those that failed."""
        archive = pathlib.Path(archive).resolve()
        where = self.folder / "unpacked"
        shutil.rmtree(where, ignore_errors=True)
        where.mkdir()
        failed = set()

        def step(name, script):
            result = self.run_program("sh", "-c", script, "sh", archive, anchor, cwd=where)
            if result.code != 0:
                failed.add(name)
            return result

        listing = step("list", 'tar tf "$1"').out.splitlines()
        step("unpack", 'tar xf "$1"')
        step("signature",
             "for s in SIGNATURES/*.p7s; do openssl cms -verify -binary -inform DER -in $s "
             "-content MANIFEST.json -CAfile \"$2\" -purpose any -out /dev/null || exit 1; done")
        step("checksums", 'grep "\\"checksums\\": \\"$(sha256sum SHA256SUMS | cut -c1-64)\\"" MANIFEST.json')
        step("files", "sha256sum -c SHA256SUMS")
        # "MANIFEST.json, SIGNATURES/..., and nothing that SHA256SUMS lacks", in this order
        with open(where / "SHA256SUMS", encoding="utf-8") as stream:
            known = [line[66:].rstrip("\n") for line in stream]
        payload = [name for name in listing if not name.startswith("SIGNATURES/")]
        if payload[:1] != ["MANIFEST.json"] or sorted(known + ["SHA256SUMS"]) != payload[1:]:
            failed.add("list")
        return failed

    def test_good(self):
        self.assertEqual(self.recipe(self.archive), set())

    def test_cades_check_of_the_signed_certificates(self):
        where = self.folder / "x"
        where.mkdir()
        self.run_program("tar", "xf", self.archive, cwd=where, code=0)
        signature = next((where / "SIGNATURES").iterdir())
        self.run_program("openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", signature,
                         "-content", "MANIFEST.json", "-CAfile", ROOT_CERT, "-purpose", "any",
                         "-out", "/dev/null", cwd=where, code=0)

    def test_tampering(self):
        good = self.archive
        firmware = member(good, "rtu7-firmware-4.2.0.bin")
        manifest = member(good, "MANIFEST.json")
        sums = member(good, "SHA256SUMS")
        text = read_member(good, "MANIFEST.json")
        files = {found.name: read_member(good, found.name) for found in read_member_list(good)
                 if found.name != "MANIFEST.json" and not found.name.startswith("SIGNATURES/")}
        extra = {**files, "zz-extra.bin": b"not listed\n"}
        missing = {name: data for name, data in files.items() if name != "RELEASE-NOTES.md"}
        other_sums = {**files, "SHA256SUMS": files["SHA256SUMS"].replace(b"a", b"b", 1)}
        sequence = text.replace(b'"sequence": 42', b'"sequence": 43')
        self.assertNotEqual(sequence, text)
        # What was done, which steps must find it.
        table = [
            ("a bit of the firmware", tampered(good, self.folder / "1", firmware.data + 5000), {"files"}),
            ("a bit of the manifest", tampered(good, self.folder / "2", manifest.data + 100), {"signature"}),
            ("a digit in the manifest", rebuild(good, self.folder / "3", manifest=sequence), {"signature"}),
            ("a bit of SHA256SUMS", tampered(good, self.folder / "4", sums.data + 3), {"checksums"}),
            ("another SHA256SUMS", rebuild(good, self.folder / "5", payload=other_sums), {"checksums"}),
            ("a file too many", rebuild(good, self.folder / "6", payload=extra), {"list"}),
            ("a file too few", rebuild(good, self.folder / "7", payload=missing), {"list", "files"}),
        ]
        for what, archive, found_by in table:
            with self.subTest(what):
                self.assertLessEqual(found_by, self.recipe(archive))
                self.refused(archive)

    def test_another_root(self):
        other = self.own_keys("stranger") + "-root.cert.pem"
        self.assertEqual(self.recipe(self.archive, other), {"signature"})

    def test_a_signature_by_somebody_else(self):
        prefix = self.own_keys("stranger")
        text = read_member(self.archive, "MANIFEST.json")
        (self.folder / "m").write_bytes(text)
        self.run_program("openssl", "cms", "-sign", "-binary", "-cades", "-nosmimecap", "-outform", "DER",
                         "-in", "m", "-signer", f"{prefix}.cert.pem", "-inkey", f"{prefix}.key.pem",
                         "-out", "s.p7s", code=0)
        bad = rebuild(self.archive, self.folder / "bad",
                      signatures={"0123456789abcdef": (self.folder / "s.p7s").read_bytes()})
        self.assertEqual(self.recipe(bad), {"signature"})
        self.refused(bad)

    def test_what_the_recipe_does_not_see(self):
        """Header tricks and data behind the end: said so in the docs, and refused by us."""
        archive = self.folder / "trailing"
        archive.write_bytes(self.archive.read_bytes() + b"x" * 512)
        self.refused(archive, says="archive.framing")
        padding = read_member_list(self.archive)[0]
        archive = tampered(self.archive, self.folder / "padding", padding.data + padding.size)
        self.assertEqual(self.recipe(archive), set())
        self.refused(archive, says="archive.framing")

    def test_the_page_shows_these_commands(self):
        page = (SOURCE / "docs" / "verify-with-stock-tools.md").read_text("utf-8")
        for words in ("tar tf", "tar xf", "openssl cms -verify -binary -inform DER", "-purpose any",
                      "sha256sum SHA256SUMS | cut -c1-64", "sha256sum -c SHA256SUMS", "-no_check_time"):
            self.assertIn(words, page)


class Readers(Case):
    """bsdtar, GNU tar and Python's tarfile see the same members with the same bytes."""

    def read_with_tarfile(self, archive):
        found = []
        with tarfile.open(archive, "r:") as tar:
            for info in tar:
                self.assertTrue(info.isreg())
                self.assertEqual((info.mode, info.uid, info.gid, info.uname, info.gname),
                                 (0o644, 0, 0, "", ""))
                found.append((info.name, sha256(tar.extractfile(info).read()), int(info.mtime)))
        return found

    def read_with(self, program, archive):
        where = self.folder / f"by-{program}"
        where.mkdir()
        names = self.run_program(program, "-tf", archive, code=0).out.splitlines()
        self.run_program(program, "-xf", archive, "-C", where, code=0)
        return [(name, file_sha256(where / name), int(os.stat(where / name).st_mtime)) for name in names]

    def same_in_all(self, archive):
        expected = self.read_with_tarfile(archive)
        self.assertEqual(self.read_with("tar", archive), expected)
        self.assertEqual(self.read_with("bsdtar", archive), expected)
        manifest = manifest_of(archive)
        listed = {one["path"]: one["sha256"] for one in manifest["files"]}
        self.assertEqual({name: digest for name, digest, _ in expected
                          if name != "MANIFEST.json" and not name.startswith("SIGNATURES/")}, listed)

    def test_example_release(self):
        archive = self.pack(EXAMPLE / "release.yaml")
        self.same_in_all(archive)

    def test_long_names_empty_files_and_block_edges(self):
        folder = self.folder / "in"
        deep = folder / ("d" * 60) / ("e" * 60)
        deep.mkdir(parents=True)
        (deep / ("f" * 60)).write_bytes(b"deep")
        for size in (0, 1, 511, 512, 513, 1023, 1024, 1 << 20, (1 << 20) + 1):
            (folder / f"size-{size}").write_bytes(noise(size, size))
        archive = self.pack(self.description([(folder, {"path": "in"})]))
        self.check(archive)
        self.same_in_all(archive)

    def test_headers_are_the_canonical_form(self):
        """A second implementation of docs/spec/archive.md makes the same bytes."""
        archive = self.pack(EXAMPLE / "release.yaml")
        again = rebuild(archive, self.folder / "again")
        self.assertEqual(file_sha256(again), file_sha256(archive))
        data = archive.read_bytes()
        seconds = 1791792000  # 2026-10-12T08:00:00Z
        found = read_member_list(archive)[0]
        self.assertEqual(data[:512], canonical_header("MANIFEST.json", found.size, seconds))
        self.assertEqual(data[-1024:], bytes(1024))

    def test_order_and_names(self):
        archive = self.pack(EXAMPLE / "release.yaml")
        names = [found.name for found in read_member_list(archive)]
        self.assertEqual(names[0], "MANIFEST.json")
        self.assertRegex(names[1], r"^SIGNATURES/[0-9a-f]{16}\.p7s$")
        self.assertEqual(names[2:], sorted(names[2:]))
        self.assertIn("SHA256SUMS", names)
        # The digits are those of the signer's key.
        self.run_program("openssl", "x509", "-in", KEYS / "release.cert.pem", "-noout", "-pubkey",
                         "-out", "pub.pem", code=0)
        self.run_program("openssl", "pkey", "-pubin", "-in", "pub.pem", "-outform", "DER", "-out", "pub.der",
                         code=0)
        self.assertEqual(names[1][11:27], file_sha256(self.folder / "pub.der")[:16])

    def test_checksums_file(self):
        archive = self.pack(EXAMPLE / "release.yaml")
        sums = read_member(archive, "SHA256SUMS").decode()
        manifest = manifest_of(archive)
        self.assertEqual(manifest["checksums"], sha256(sums.encode()))
        self.assertEqual(sums, "".join(f"{one['sha256']}  {one['path']}\n" for one in manifest["files"]
                                       if one["path"] != "SHA256SUMS"))
        text = read_member(archive, "MANIFEST.json").decode()
        self.assertTrue(re.search(r'^  "checksums": "[0-9a-f]{64}",?$', text, re.MULTILINE))
        self.assertEqual(json.loads(text), manifest)
        self.assertEqual(next(iter(manifest.items())), ("cretula", "manifest/1"))

    def test_a_signature_is_small_and_apart(self):
        archive = self.pack(EXAMPLE / "release.yaml")
        self.assertLess(signature_member(archive).size, 8192)


if __name__ == "__main__":
    main()
