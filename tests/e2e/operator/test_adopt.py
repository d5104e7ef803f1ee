# SPDX-License-Identifier: Apache-2.0
"""adopt: an owner signs vendor files that came unsigned, and every reader is told what that means."""
import json

from harness import KEYS, ROOT_CERT, Case, file_sha256, main, manifest_of, noise, rebuild, sha256, tree

VENDOR = "Example Automation GmbH"
TRUST = KEYS / "trust.json"
NOT_AUTHENTICATED = "the vendor's origin is NOT authenticated"


class Adopt(Case):
    def setUp(self):
        super().setUp()
        self.file = self.folder / "Firmware V2 (EN).bin"
        self.file.write_bytes(noise(5000, "adopted"))
        self.digest = file_sha256(self.file)

    def adopt(self, *arguments, files=None, code=0, key="owner", out="adopted.tar", **more):
        words = ["adopt", *(files or [self.file]), "--vendor", VENDOR, "--product", "RTU-7", "--release", "2.0",
                 "--sequence", "7", "--source", "https://vendor.example/downloads", "--medium", "download",
                 "--name", "Plant engineering", "--key", KEYS / f"{key}.key.pem", "--cert", KEYS / f"{key}.cert.pem",
                 "--allow-example-keys", "--out", out, *arguments]
        return self.sign(*words, code=code, **more)

    def judge(self, archive="adopted.tar", *arguments, code=0):
        return self.verify("check", archive, "--trust", TRUST, "--allow-example-keys", *arguments, code=code)

    def test_every_fact_is_in_the_manifest_the_page_and_the_record(self):
        (self.folder / "sig.asc").write_text("-----BEGIN PGP SIGNATURE-----\n", encoding="ascii")
        result = self.adopt("--published-sha256", self.digest.upper(), "--published-at", "https://vendor.example/sums",
                            "--foreign-signature", "sig.asc", "--foreign-result", "gpg: good signature, key 0xABCD",
                            "--role", "maintenance", "--acquired", "2026-10-01T10:00:00Z", "--note", "by two people",
                            "--hardware", "RTU-7A", "--hardware", "RTU-7B")
        self.assertIn("NOT authenticated", result.out)
        manifest = manifest_of(self.folder / "adopted.tar")
        self.assertEqual(manifest["origin"], "adopted")
        path = next(file["path"] for file in manifest["files"] if file.get("originalName") == self.file.name)
        adoption = {
            "by": "Plant engineering", "role": "maintenance", "source": "https://vendor.example/downloads",
            "medium": "download", "acquired": "2026-10-01T10:00:00Z",
            "published": [{"file": path, "sha256": self.digest, "at": "https://vendor.example/sums"}],
            "foreignSignatures": [{"file": "sig.asc", "result": "gpg: good signature, key 0xABCD"}],
            "note": "by two people"}
        self.assertEqual(manifest["adoption"], adoption)
        self.assertEqual([one["model"] for one in manifest["hardware"]], ["RTU-7A", "RTU-7B"])
        page = self.judge("adopted.tar", "--hardware", "RTU-7B").out
        first = page.splitlines()[0]
        self.assertTrue(first.startswith("ACCEPTED: "), first)
        self.assertIn(NOT_AUTHENTICATED, first)
        self.assertIn("by Plant engineering from https://vendor.example/downloads (download)", page)
        self.assertIn("gpg: good signature, key 0xABCD (said by the owner, not checked here)", page)
        self.assertIn("1 of 2 files have the SHA-256 that the vendor published", page)
        record = self.judge("adopted.tar", "--json").json()
        self.assertEqual(record["what"]["origin"], "adopted")
        self.assertEqual(record["what"]["adoption"], adoption)
        counted = [one for one in record["how"]["signatures"] if one["counted"]]
        self.assertEqual([(one["role"], one["meaning"]) for one in counted], [("owner", "approval")])

    def test_a_published_digest_of_no_file_refuses_and_writes_nothing(self):
        before = tree(self.folder)
        wrong = sha256(b"what the vendor published")
        result = self.adopt("--published-sha256", wrong, code=1)
        for word in (wrong, self.digest, "nothing was signed", "download them again"):
            self.assertIn(word, result.err)
        self.assertEqual(tree(self.folder), before)
        # One of two digests is not enough.
        self.adopt("--published-sha256", self.digest, "--published-sha256", wrong, code=1)
        self.assertEqual(tree(self.folder), before)
        error = self.adopt("--published-sha256", wrong, "--json", code=1).json()
        self.assertEqual(error["cretula"], "error/1")

    def test_usage_is_settled_before_anything_is_written(self):
        (self.folder / "d").mkdir()
        before = tree(self.folder)
        for words, says in [
                (["--published-sha256", "123"], "64 hex digits"),
                (["--published-at", "x"], "published-sha256"),
                (["--foreign-signature", self.file], "foreign-result"),
                (["--foreign-result", "x"], "foreign-signature"),
                (["--acquired", "yesterday"], "acquired"),
                (["--set", "origin=vendor"], "adopted releases only"),
                (["--note", "a\x1b[31mred"], "note")]:
            with self.subTest(words):
                self.assertIn(says, self.adopt(*words, code=2).err)
        self.assertIn("folder", self.adopt(files=["d"], code=2).err)
        self.adopt(files=["missing.bin"], code=3)
        for missing in ("vendor", "product", "release", "sequence", "source", "medium", "key", "cert"):
            words = {"vendor": VENDOR, "product": "P", "release": "1", "sequence": "1", "source": "s", "medium": "m",
                     "key": KEYS / "owner.key.pem", "cert": KEYS / "owner.cert.pem"}
            del words[missing]
            options = [word for name, value in words.items() for word in (f"--{name}", value)]
            self.assertIn(f"--{missing}", self.sign("adopt", self.file, *options, code=2).err)
        self.assertEqual(tree(self.folder), before)

    def test_nothing_to_compare_with_is_said(self):
        result = self.adopt()
        self.assertIn("with nothing", result.out)
        page = self.judge().out
        self.assertIn("NOT CHECKED release.adoption: the owner had nothing to compare the files with", page)

    def test_a_bare_anchor_never_accepts_it(self):
        self.adopt("--published-sha256", self.digest)
        for anchor in (ROOT_CERT, KEYS / "owner.cert.pem"):
            self.verify("check", "adopted.tar", "--anchor", anchor, "--allow-example-keys", code=1)

    def test_the_release_role_never_counts_for_it(self):
        self.adopt(key="release")
        page = self.judge(code=1).out
        self.assertNotIn("ACCEPTED", page)
        # Nor does the owner's key for a release that claims to be the vendor's.
        archive = self.pack(self.description([str(self.file)]), "vendor.tar", key="owner")
        self.judge(archive, code=1)

    def test_the_comparison_is_made_again_by_the_verifier(self):
        """A manifest that claims a published digest that is not the file's: the program's own verifier stops it."""
        self.adopt("--published-sha256", self.digest)
        manifest = manifest_of(self.folder / "adopted.tar")
        manifest["adoption"]["published"][0]["sha256"] = sha256(b"another file")
        text = (json.dumps(manifest, indent=2, ensure_ascii=False) + "\n").encode()
        base = rebuild(self.folder / "adopted.tar", self.folder / "forged.tar", manifest=text, signatures={})
        before = file_sha256(base)
        result = self.sign("endorse", base, "--key", KEYS / "owner.key.pem", "--cert", KEYS / "owner.cert.pem",
                           "--allow-example-keys", "--meaning", "approval", code=3)
        self.assertIn("release.adoption: an adopted file is not the one whose digest the vendor published", result.err)
        self.assertEqual(file_sha256(base), before)

    def test_a_manifest_is_adopted_with_its_facts_or_not_at_all(self):
        self.adopt("--published-sha256", self.digest)
        manifest = manifest_of(self.folder / "adopted.tar")
        del manifest["adoption"]
        text = (json.dumps(manifest, indent=2, ensure_ascii=False) + "\n").encode()
        base = self.folder / "bare.tar"
        rebuild(self.folder / "adopted.tar", base, manifest=text, signatures={})
        result = self.sign("endorse", base, "--key", KEYS / "owner.key.pem", "--cert", KEYS / "owner.cert.pem",
                           "--allow-example-keys", "--meaning", "approval", code=(1, 2))
        self.assertIn("says who adopted it", result.err)

    def test_pack_makes_no_adopted_release(self):
        description = self.description([str(self.file)], origin="adopted",
                                       adoption={"by": "x", "source": "y", "medium": "z"})
        self.pack(description, code=2)
        plain = self.description([str(self.file)], adoption={"by": "x", "source": "y", "medium": "z"})
        self.pack(plain, code=1)
        self.assertIn("a vendor's release is not adopted", self.last.err)

    def test_it_is_extracted_like_any_release(self):
        self.adopt("--published-sha256", self.digest)
        self.verify("extract", "adopted.tar", "--to", "out", "--trust", TRUST, "--allow-example-keys")
        self.assertEqual(file_sha256(self.folder / "out" / self.file.name), self.digest)


if __name__ == "__main__":
    main()
