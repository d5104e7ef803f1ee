# SPDX-License-Identifier: Apache-2.0
"""Somebody writes to a file while our programs read it: at every single read of it, one run each.

What a run says must then be true of one and the same bytes: those that were hashed. A refused file never
becomes an accepted one, and no digest of other bytes comes into a record or a manifest.
"""
import json
import shutil
import unittest

from harness import (BUILD, DATE, KEYS, ROOT_CERT, SANITIZED, SIGN, VERIFY, file_sha256, main, manifest_of, member, noise,
                     read_member, sha256)
from sbom_case import BindingCase, all_checks, hashes, tar_of

PRELOADED = BUILD / "tests" / "tools" / "swap_reads.so"
TOOL = b"\x7fELF" + noise(2996, "tool")
EVIL = b"\x7fELF" + noise(2996, "evil")
CHECK = ["--anchor", ROOT_CERT, "--allow-example-keys"]


@unittest.skipIf(SANITIZED, "preloads a library, which the sanitizers do not like")
class WriterCase(BindingCase):
    def at_every_read(self, words, file, other, first=0, last=None, reads=2, prepare=lambda: None,
                      judge=lambda result: None):
        """Runs a program once for every read of bytes first to last of a file: before it, and from then on, these
        are those of the other file. Gives the result of each run, and of one undisturbed run at the end; judge sees
        each right after it. reads: how many there are at least."""
        original = file.read_bytes()
        last = len(original) if last is None else last
        self.assertEqual(len(original), other.stat().st_size)
        self.assertNotEqual(original, other.read_bytes())
        results, count = [], self.folder / "count"
        while True:
            file.write_bytes(original)
            count.write_bytes(bytes(8))
            prepare()
            results.append(self.run_program(*words, environment={
                "LD_PRELOAD": str(PRELOADED), "SWAP_FILE": str(file), "SWAP_WITH": str(other), "SWAP_COUNT": str(count),
                "SWAP_AT": str(len(results) + 1), "SWAP_FROM": str(first), "SWAP_TO": str(last)}))
            judge(results[-1])
            seen = int.from_bytes(count.read_bytes(), "little")
            self.assertLess(len(results), 400, "reads without end")
            if seen < len(results):
                self.assertGreater(len(results), reads, f"the file was hardly read\n{results[-1]}")
                file.write_bytes(original)
                return results


class Nested(WriterCase):
    """A signed release whose SBOM says TOOL of a member that is EVIL: refused. With the other nested archive
    it would be accepted, but for the digests."""

    def releases(self, filler):
        evil, good = (tar_of({"usr/bin/tool": tool, "filler": noise(filler, "f")}) for tool in (EVIL, TOOL))
        packed = self.pack(self.nested_release("a.tar", evil, tool=EVIL))
        refused = self.resigned(packed, lambda sbom, manifest: sbom["components"][1].update(hashes=hashes(TOOL, "SHA-256")))
        place = member(refused, "a.tar")
        other = self.folder / "other.tar"
        data = bytearray(refused.read_bytes())
        data[place.data:place.data + place.size] = good
        other.write_bytes(data)
        return refused, other, place

    def test_a_refusal_stays_one(self):
        for size in (2000, 3 << 20):
            refused, other, place = self.releases(size)
            for more in ([], ["--fast"], ["--jobs", "1"], ["--archive-digest"]):
                with self.subTest(size=size, more=more):
                    results = self.at_every_read([VERIFY, "check", refused, *CHECK, *more], refused, other, place.data,
                                                 place.data + place.size)
                    for result in results:
                        self.assertIn(result.code, (1, 3), result)
                    self.assertIn("sbom.binding", results[-1].out)
                    self.assertEqual(results[-1].code, 1, results[-1])

    def test_a_good_one_is_never_refused_for_what_was_not_hashed(self):
        for size in (2000, 3 << 20):
            refused, _, place = self.releases(size)
            good = self.pack(self.nested_release("a.tar", read_member(refused, "a.tar"), tool=EVIL), "good.tar")
            place = member(good, "a.tar")
            other = self.folder / "bad.tar"
            data = bytearray(good.read_bytes())
            data[place.data:place.data + place.size] = noise(place.size, "junk")
            other.write_bytes(data)
            for result in self.at_every_read([VERIFY, "check", good, *CHECK], good, other, place.data,
                                             place.data + place.size, reads=2):
                if result.code == 1:
                    self.assertIn("file.digests", result.out, result)
                    self.assertNotIn("sbom.nested", result.out, result)

    def test_a_file_that_only_has_a_sha512(self):
        (self.folder / "image").write_bytes(noise(3 << 20, "image"))
        data = (self.folder / "image").read_bytes()
        sbom = self.bound_sbom()
        sbom["components"].append({"type": "application", "bom-ref": "tool", "name": "tool", "hashes": hashes(data, "SHA-512")})
        archive = self.pack(self.sbom_release(sbom, [{"component": "tool", "file": "image"}], extra={"image": (data, "software")}))
        place, other = member(archive, "image"), self.folder / "other.tar"
        whole = bytearray(archive.read_bytes())
        whole[place.data + 5] ^= 1
        other.write_bytes(whole)
        for result in self.at_every_read([VERIFY, "check", archive, *CHECK], archive, other, place.data, place.data + 10):
            self.assertNotIn("FAIL        sbom.binding", result.out)

    def test_detached_files(self):
        for size in (2000, 3 << 20):
            refused, _, _ = self.releases(size)
            payload = self.folder / "payload"
            shutil.rmtree(payload, ignore_errors=True)
            payload.mkdir()
            for one in manifest_of(refused)["files"]:
                if one["path"] != "SHA256SUMS":
                    (payload / one["path"]).write_bytes(read_member(refused, one["path"]))
            front = self.folder / "front.tar"
            start = member(refused, manifest_of(refused)["files"][0]["path"]).header
            front.write_bytes(refused.read_bytes()[:start] + bytes(1024))
            other = self.folder / "other.nested"
            other.write_bytes(tar_of({"usr/bin/tool": TOOL, "filler": noise(size, "f")}))
            for more in ([], ["--archive-digest"]):
                results = self.at_every_read([VERIFY, "check", front, *CHECK, "--payload", payload, *more], payload / "a.tar",
                                             other)
                for result in results:
                    self.assertIn(result.code, (1, 3), result)
                self.assertIn("sbom.binding", results[-1].out)


class ArchiveDigest(WriterCase):
    def test_the_record_has_the_digest_of_what_was_judged(self):
        (self.folder / "fw.bin").write_bytes(noise(3 << 20, "fw"))
        archive = self.pack(self.description(["fw.bin"]))
        place = member(archive, "fw.bin")
        other = self.folder / "other.tar"
        data = bytearray(archive.read_bytes())
        data[place.data + 100] ^= 1
        other.write_bytes(data)
        digest, wrong = file_sha256(archive), file_sha256(other)
        results = self.at_every_read([VERIFY, "check", archive, *CHECK, "--json", "--archive-digest"], archive, other,
                                     place.data, place.data + 200, reads=1)
        for result in results:
            seen = result.json()["what"]["archive"]["sha256"]
            self.assertIn((result.code, seen), ((0, digest), (1, wrong)), result)
        self.assertEqual(results[-1].code, 0)
        # Also of one that is refused at once.
        other.write_bytes(b"\0" + archive.read_bytes()[1:])
        self.assertEqual(self.check(other, "--json", "--archive-digest", code=1).json()["what"]["archive"],
                         {"name": str(other), "size": other.stat().st_size, "sha256": file_sha256(other)})

    def test_the_same_verdict_and_record(self):
        archive = self.pack(self.nested_release("a.tar", tar_of({"usr/bin/tool": TOOL}), tool=TOOL))
        plain, digested = (self.check(archive, "--json", *more).json() for more in ([], ["--archive-digest"]))
        self.assertEqual(digested["what"]["archive"]["sha256"], file_sha256(archive))
        self.assertEqual([(one["check"], one["result"], one["reason"]) for one in all_checks(plain)],
                         [(one["check"], one["result"], one["reason"]) for one in all_checks(digested)])


class Signer(WriterCase):
    """What the signer reads again after it hashed it: documents, SBOM, advisories, nested archives, and what an
    adoption compares."""

    @staticmethod
    def key(name):
        return ["--key", KEYS / f"{name}.key.pem", "--cert", KEYS / f"{name}.cert.pem", "--allow-example-keys"]

    def packs_only_what_it_checked(self, description, file, bad):
        """The file is as it must not be, the other is good: no run signs the bad one."""
        good, out = file.read_bytes(), self.folder / "made.tar"
        other = self.folder / "good.other"
        other.write_bytes(good)
        file.write_bytes(bad)

        def judge(result):
            if result.code == 0:
                listed = {one["path"]: one["sha256"] for one in manifest_of(out)["files"]}
                self.assertEqual(listed[file.name], sha256(good), result)
            else:
                self.assertFalse(out.exists())

        for words in ([SIGN, "pack", description, *self.key("release"), "--out", out, "--force"], [SIGN, "prepare", description, "--out", out, "--force"],
                      [SIGN, "pack", description, *self.key("release"), "--detached", "--out", out, "--force"]):
            results = self.at_every_read(words, file, other, prepare=lambda: out.unlink(missing_ok=True), judge=judge)
            self.assertEqual(results[-1].code, 1, results[-1])
        results = self.at_every_read([SIGN, "lint", description], file, other)
        self.assertEqual(results[-1].code, 1, results[-1])

    def test_nested_archives(self):
        for size in (2000, 3 << 20):
            bad, good = (tar_of({"usr/bin/tool": tool, "filler": noise(size, "f")}) for tool in (EVIL, TOOL))
            self.packs_only_what_it_checked(self.nested_release("a.tar", good, tool=TOOL), self.folder / "a.tar", bad)

    def test_sbom(self):
        description = self.nested_release("a.tar", tar_of({"usr/bin/tool": TOOL}), tool=TOOL)
        text = (self.folder / "sbom.json").read_bytes()
        self.packs_only_what_it_checked(description, self.folder / "sbom.json",
                                        text.replace(sha256(TOOL).encode(), sha256(EVIL).encode()))

    def says_what_is_packed(self, description, file, good, bad):
        """Warnings are about the file that is in the archive."""
        other, out = self.folder / "good.other", self.folder / "made.tar"
        other.write_bytes(good)
        words, expected, signed = [SIGN, "pack", description, *self.key("release"), "--out", out, "--force"], {}, []
        for data in (good, bad):
            file.write_bytes(data)
            expected[data] = self.run_program(*words, code=0).err
        self.assertNotEqual(expected[good], expected[bad])

        def judge(result):
            if result.code == 0:
                signed.append(read_member(out, file.name))
                self.assertEqual(result.err, expected[signed[-1]], result)

        self.at_every_read(words, file, other, prepare=lambda: out.unlink(missing_ok=True), judge=judge)
        self.assertEqual(set(signed), {good, bad})

    def test_advisories(self):
        value = {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "vulnerabilities": []}
        good = json.dumps(value).encode()
        description = self.sbom_release(self.bound_sbom(), extra={"vex.json": (good, "vex")})
        self.says_what_is_packed(description, self.folder / "vex.json", good, b"x" * len(good))

    def test_documents(self):
        good = b"The device has been tested by us, to the letter.\n"
        bad = b"This device is certified to IEC 62443."
        bad += b" " * (len(good) - len(bad) - 1) + b"\n"
        file = self.folder / "notes.txt"
        file.write_bytes(good)
        (self.folder / "fw.bin").write_bytes(noise(5000, "fw"))
        description = self.description(["fw.bin", ("notes.txt", {"role": "release-notes"})])
        self.says_what_is_packed(description, file, good, bad)

    def test_sbom_complete(self):
        good, other_tar = (tar_of({"usr/bin/tool": tool}) for tool in (TOOL, EVIL))
        description = self.nested_release("a.tar", good, tool=TOOL)
        other = self.folder / "other.tar"
        other.write_bytes(other_tar)
        results = self.at_every_read([SIGN, "sbom", "complete", description], self.folder / "a.tar", other)
        for result in results:
            if result.code == 0:
                found = {one["bom-ref"]: one for one in json.loads(result.out)["components"]}["tool"]
                packed = {one["content"] for one in found["hashes"]}
                self.assertIn(packed & {sha256(TOOL), sha256(EVIL)}, ({sha256(TOOL)}, {sha256(EVIL)}))
        self.assertEqual(results[-1].code, 0, results[-1])

    def test_adoption(self):
        file, other, out = self.folder / "fw.bin", self.folder / "other.bin", self.folder / "adopted.tar"
        file.write_bytes(noise(5000, "published"))
        other.write_bytes(noise(5000, "another"))
        digest = file_sha256(file)

        def judge(result):
            if result.code == 0:
                manifest = manifest_of(out)
                self.assertEqual([one["sha256"] for one in manifest["adoption"]["published"]], [digest])
                self.assertIn(digest, [one["sha256"] for one in manifest["files"]], result)
            else:
                self.assertFalse(out.exists())

        results = self.at_every_read(
            [SIGN, "adopt", file, "--vendor", "V", "--product", "P", "--release", "1", "--sequence", "1", "--source", "portal",
             "--medium", "usb", "--published-sha256", digest, *self.key("owner"), "--set", f"release.date={DATE}", "--out", out],
            file, other, prepare=lambda: out.unlink(missing_ok=True), judge=judge)
        self.assertEqual(results[-1].code, 0, results[-1])


    def test_endorse(self):
        """The payload is copied after it was verified: what is published is verified again."""
        (self.folder / "fw.bin").write_bytes(noise(2 << 20, "fw"))
        archive = self.pack(self.description(["fw.bin"]))
        place = member(archive, "fw.bin")
        other = self.folder / "other.tar"
        data = bytearray(archive.read_bytes())
        data[place.data + 100] ^= 1
        other.write_bytes(data)
        payload = read_member(archive, "fw.bin")

        def judge(result):
            if result.code == 0 and int.from_bytes((self.folder / "count").read_bytes(), "little") > 0:
                # The archive that was written is whole; what became of the old one is the writer's affair.
                self.assertEqual(read_member(archive, "fw.bin"), payload)

        results = self.at_every_read(
            [SIGN, "endorse", archive, *self.key("quality")], archive, other, place.data, place.data + 200, judge=judge)
        for result in results:
            self.assertIn(result.code, (0, 1, 3), result)
        self.assertEqual(results[-1].code, 0, results[-1])


if __name__ == "__main__":
    main()
