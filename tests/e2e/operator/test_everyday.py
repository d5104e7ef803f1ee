# SPDX-License-Identifier: Apache-2.0
"""What vendors and owners do every day: make keys, sign, hand over a fingerprint, write a policy,
verify, keep records; detached releases; inputs in archives."""
import json
import os
import pathlib
import shutil
import zipfile

from harness import (BUILD, DATE, EXAMPLE, KEYS, PRODUCT, ROOT_CERT, SANITIZED, SIGN, VENDOR, Case, file_sha256, main,
                     manifest_of, noise, not_sanitized, read_member, read_member_list, tree)

ALLOW = "--allow-example-keys"
TRUSTED = ["--anchor", ROOT_CERT, ALLOW]
PASSPHRASE = b"correct horse battery staple\n"


class Keys(Case):
    def test_from_nothing_to_a_verified_release(self):
        """The commands of README.md, with a key of one's own."""
        self.sign("keygen", "--out", "vendor", "--passphrase-fd", "0", stdin=PASSPHRASE)
        self.run_program("openssl", "x509", "-in", "vendor.cert.pem", "-noout", "-checkend", "0", code=0)
        (self.folder / "fw.bin").write_bytes(noise(3000, "fw"))
        release = self.description(["fw.bin"])
        packed = ["pack", release, "--key", "vendor.key.pem", "--cert", "vendor.cert.pem"]
        self.sign(*packed, "--out", "a.tar", "--passphrase-fd", "0", stdin=PASSPHRASE)
        self.check("a.tar", anchor="vendor.cert.pem", allow=False)
        (self.folder / "pin").write_bytes(PASSPHRASE)
        (self.folder / "pin").chmod(0o600)
        self.sign(*packed, "--out", "b.tar", "--pin-file", "pin")
        self.check("b.tar", anchor="vendor.cert.pem", allow=False)
        self.sign(*packed, "--out", "c.tar", "--pin-fd", "0", stdin=PASSPHRASE)
        for what, more, stdin in (("wrong", ["--passphrase-fd", "0"], b"wrong\n"),
                                  ("empty", ["--passphrase-fd", "0"], b"\n"),
                                  ("nobody to ask", [], None),
                                  ("two sources", ["--passphrase-fd", "0", "--pin-file", "pin"], PASSPHRASE),
                                  ("closed descriptor", ["--passphrase-fd", "9"], None),
                                  ("missing file", ["--pin-file", "nowhere"], None)):
            with self.subTest(what):
                result = self.sign(*packed, "--out", "x.tar", *more, stdin=stdin, code=(2, 3))
                self.assertNotIn("correct horse", result.out + result.err)
        self.assertFalse((self.folder / "x.tar").exists())

    def test_algorithms(self):
        (self.folder / "fw.bin").write_bytes(noise(3000, "fw"))
        release = self.description(["fw.bin"])
        names = ["ecdsa-p256", "ecdsa-p384", "rsa-3072"] + ([] if SANITIZED else ["rsa-4096"])
        for name in names:
            with self.subTest(name):
                self.sign("keygen", "--out", name, "--algorithm", name, "--passphrase-fd", "0", stdin=PASSPHRASE)
                self.sign("pack", release, "--key", f"{name}.key.pem", "--cert", f"{name}.cert.pem", "--out",
                          f"{name}.tar", "--passphrase-fd", "0", stdin=PASSPHRASE)
                self.check(f"{name}.tar", anchor=f"{name}.cert.pem", allow=False)
                found = read_member_list(self.folder / f"{name}.tar")[1]
                (self.folder / "s").write_bytes(read_member(self.folder / f"{name}.tar", found.name))
                (self.folder / "m").write_bytes(read_member(self.folder / f"{name}.tar", "MANIFEST.json"))
                self.run_program("openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", "s",
                                 "-content", "m", "-CAfile", f"{name}.cert.pem", "-purpose", "any", "-out",
                                 "/dev/null", code=0)


class Policy(Case):
    def fingerprint(self, certificate):
        line = self.run_program("openssl", "x509", "-in", certificate, "-noout", "-fingerprint", "-sha256", code=0).out
        return line.strip().split("=")[1].replace(":", "").lower()

    def test_a_policy_from_nothing(self):
        prefix = self.own_keys("Vendor")
        (self.folder / "fw.bin").write_bytes(noise(3000, "fw"))
        self.sign("pack", self.description(["fw.bin"]), "--key", f"{prefix}.key.pem", "--cert",
                  f"{prefix}.cert.pem", "--out", "a.tar")
        self.verify("trust", "init", "trust.json", "--name", "Plant 7")
        add = ["trust", "add-signer", "trust.json", "--vendor", VENDOR, "--signer", "Vendor release", "--role",
               "release", "--anchor", f"{prefix}-root.cert.pem", "--obtained", "by telephone"]
        before = (self.folder / "trust.json").read_bytes()
        self.verify(*add, "--fingerprint", "0" * 64, code=1)
        self.verify(*add, code=2)
        self.assertEqual((self.folder / "trust.json").read_bytes(), before)
        self.verify(*add, "--fingerprint", self.fingerprint(f"{prefix}-root.cert.pem"))
        self.verify("trust", "lint", "trust.json")
        shown = self.verify("trust", "show", "trust.json", "--verbose").out
        for word in ("Plant 7", "Vendor release", VENDOR, "by telephone"):
            self.assertIn(word, shown)
        result = self.verify("check", "a.tar", "--trust", "trust.json")
        self.assertIn("ACCEPTED", result.out)
        self.assertNotIn("not bound", result.out)
        # Lesson 17: the same file decides everywhere, whatever its name or place.
        (self.folder / "elsewhere").mkdir()
        shutil.copyfile(self.folder / "trust.json", self.folder / "elsewhere" / "copy.json")
        self.verify("check", "a.tar", "--trust", "elsewhere/copy.json")
        # Nobody is in it: nothing can be accepted.
        self.verify("trust", "init", "empty.json", "--name", "Nobody")
        self.verify("check", "a.tar", "--trust", "empty.json", code=(1, 2))
        self.verify("trust", "init", "trust.json", "--name", "Over the old one", code=(2, 3))

    def test_broken_policies(self):
        archive = self.small_release()
        good = json.loads((KEYS / "trust.json").read_text("utf-8"))

        def changed(change):
            value = json.loads(json.dumps(good))
            change(value)
            return json.dumps(value)

        scope = "scopes"
        texts = {
            "not JSON": "{",
            "a list": "[]",
            "duplicate key": '{"cretula": "trust/1", "cretula": "trust/1"}',
            "a manifest": read_member(archive, "MANIFEST.json").decode(),
            "unknown field": changed(lambda one: one.update(colour="red")),
            "no scopes": changed(lambda one: one.update(scopes=[])),
            "expired": changed(lambda one: one.update(expires="2026-01-02T00:00:00Z")),
            "threshold too high": changed(lambda one: one[scope][0]["roles"][0].update(threshold=2)),
            "threshold zero": changed(lambda one: one[scope][0]["roles"][0].update(threshold=0)),
            "unknown signer": changed(lambda one: one[scope][0]["roles"][0].update(signers=["X"])),
            "signer twice": changed(lambda one: one[scope][0]["signers"].append(one[scope][0]["signers"][0])),
            "two roles for one": changed(
                lambda one: one[scope][0]["roles"][1].update(signers=one[scope][0]["roles"][0]["signers"])),
            "core check softened": changed(lambda one: one.update(severities={"file.digests": "warn"})),
            "unknown check": changed(lambda one: one.update(severities={"no.such": "warn"})),
            "trailing text": json.dumps(good) + "x",
        }
        for what, text in texts.items():
            with self.subTest(what):
                (self.folder / "bad.json").write_text(text, encoding="utf-8")
                result = self.verify("check", archive, "--trust", "bad.json", ALLOW, code=2)
                self.assertIn("bad.json", result.err)

    def test_minimum_sequence_of_the_policy(self):
        archive = self.small_release()
        value = json.loads((KEYS / "trust.json").read_text("utf-8"))
        for sequence, code in ((1, 0), (2, 1)):
            value["scopes"][0]["minimumSequence"] = [{"product": PRODUCT, "sequence": sequence}]
            (self.folder / "t.json").write_text(json.dumps(value), encoding="utf-8")
            result = self.verify("check", archive, "--trust", "t.json", ALLOW, code=code)
            self.assertEqual("release.sequence" in result.out and code == 1, code == 1)

    def test_site_configuration(self):
        """With it, `check FILE` is the whole command, and options that name other trust are exit 2."""
        archive = self.small_release()
        prefix = self.own_keys("Vendor")
        self.sign("pack", self.folder / "release.yaml", "--key", f"{prefix}.key.pem", "--cert",
                  f"{prefix}.cert.pem", "--out", "own.tar")
        self.verify("trust", "init", "trust.json", "--name", "Plant 7")
        self.verify("trust", "add-signer", "trust.json", "--vendor", VENDOR, "--signer", "Vendor release", "--role",
                    "release", "--anchor", f"{prefix}-root.cert.pem", "--obtained", "in person", "--fingerprint",
                    self.fingerprint(f"{prefix}-root.cert.pem"))
        site = self.folder / "verify.json"
        site.write_text(json.dumps({"cretula": "site/1", "trust": str(self.folder / "trust.json")}), "utf-8")
        site.chmod(0o644)
        with_site = ["--config", site]
        self.verify("check", "own.tar", *with_site)
        self.verify("check", archive, *with_site, code=1)
        for more in (["--anchor", ROOT_CERT], ["--trust", KEYS / "trust.json"], [ALLOW],
                     ["--at", "2026-11-01T00:00:00Z"]):
            with self.subTest(more[0]):
                self.verify("check", "own.tar", *with_site, *more, code=2)
        site.chmod(0o666)
        self.verify("check", "own.tar", *with_site, code=2)
        site.chmod(0o644)
        site.write_text("{}", "utf-8")
        self.verify("check", "own.tar", *with_site, code=2)
        self.verify("check", "own.tar", "--config", "nowhere.json", code=2)


class Records(Case):
    def test_records_of_every_verdict(self):
        archive = self.small_release()
        self.check(archive, "--record", "good", "--change-id", "CHG-7", "--asset", "RTU at pump 3")
        record = json.loads((self.folder / "good" / "RECORD.json").read_text("utf-8"))
        self.assertEqual(record["result"]["verdict"], "ACCEPTED")
        self.assertEqual(record["why"]["changeId"], "CHG-7")
        self.assertEqual(record["what"]["identity"],
                         self.run_program("sh", "-c", 'tar xOf "$1" MANIFEST.json | sha256sum', "sh", archive,
                                          code=0).out.split()[0])
        bad = self.folder / "bad.tar"
        bad.write_bytes(archive.read_bytes()[:-1])
        self.refused(bad, "--record", "bad")
        record = json.loads((self.folder / "bad" / "RECORD.json").read_text("utf-8"))
        self.assertEqual(record["result"]["verdict"], "REFUSED")
        # Never over an older one.
        before = tree(self.folder / "good")
        self.check(archive, "--record", "good", code=(2, 3))
        self.assertEqual(tree(self.folder / "good"), before)

    def test_archive_digest(self):
        archive = self.small_release()
        record = self.check(archive, "--json", "--archive-digest").json()
        self.assertEqual(record["what"]["archive"]["sha256"], file_sha256(archive))


class Detached(Case):
    """The front apart; the payload under the vendor's own file names."""

    def setUp(self):
        super().setUp()
        self.payload = self.folder / "payload"
        self.payload.mkdir()
        (self.payload / "fw.bin").write_bytes(noise(2 << 20, "fw"))
        (self.payload / "Handbuch (DE).txt").write_bytes(b"Handbuch")
        self.release = self.description(["payload/fw.bin", "payload/Handbuch (DE).txt"])
        self.front = self.pack(self.release, "front.tar", "--detached")
        self.options = ["--payload", self.payload]

    def test_same_identity(self):
        whole = self.pack(self.release, "whole.tar")
        self.assertEqual(read_member(whole, "MANIFEST.json"), read_member(self.front, "MANIFEST.json"))
        names = [found.name for found in read_member_list(self.front)]
        self.assertEqual(len(names), 2)

    def test_payload(self):
        sums = self.payload / "SHA256SUMS"
        self.assertNotIn("SHA256SUMS", tree(self.payload))
        whole = self.pack(self.release, "whole.tar")
        names = [one["path"] for one in manifest_of(whole)["files"]]
        result = self.check(self.front, *self.options, code=None)
        if result.code != 0:
            sums.write_bytes(read_member(whole, "SHA256SUMS"))
            result = self.check(self.front, *self.options)
        self.assertIn("SHA256SUMS", names)
        self.refused(self.front)
        (self.payload / "fw.bin").write_bytes(noise(2 << 20, "other"))
        self.refused(self.front, *self.options, says="fw.bin")
        (self.payload / "fw.bin").unlink()
        self.check(self.front, *self.options, code=(1, 3))


class Inputs(Case):
    """Vendors' inputs in archives, expanded or taken whole."""

    FORMATS = {"zip": "zip", "tar": "pax", "tar.gz": "pax", "tar.xz": "pax", "7z": "7zip", "cpio": "newc",
               "iso": "iso9660"}

    def test_archives(self):
        folder = self.folder / "in"
        (folder / "sub").mkdir(parents=True)
        (folder / "fw.bin").write_bytes(noise(5000, "fw"))
        (folder / "sub" / "readme.txt").write_bytes(b"read me\n")
        expected = {"got/fw.bin": file_sha256(folder / "fw.bin"),
                    "got/sub/readme.txt": file_sha256(folder / "sub" / "readme.txt")}
        for ending, kind in self.FORMATS.items():
            name = f"in.{ending}"
            with self.subTest(name):
                press = {"tar.gz": ["-z"], "tar.xz": ["-J"]}.get(ending, [])
                self.run_program("bsdtar", "-c", *press, "--format", kind, "-f", self.folder / name, "fw.bin", "sub",
                                 cwd=folder, code=0)
                out = self.pack(self.description([(name, {"expand": True, "path": "got"})]), f"{ending}.out")
                self.check(out)
                listed = {one["path"]: one["sha256"] for one in manifest_of(out)["files"]
                          if one["path"] != "SHA256SUMS"}
                self.assertEqual({path.lower(): digest for path, digest in listed.items()}, expected)
                out = self.pack(self.description([name]), f"{ending}.whole")
                listed = {one["path"]: one["sha256"] for one in manifest_of(out)["files"]}
                self.assertEqual(listed[name], file_sha256(self.folder / name))

    def test_hostile_archives(self):
        """Names that lead out of the folder, links, bombs: refused, and nothing is written."""
        outside = self.folder / "outside"
        import io
        import tarfile
        cases = {}

        def tar_with(name, **fields):
            buffer = io.BytesIO()
            with tarfile.open(fileobj=buffer, mode="w") as tar:
                info = tarfile.TarInfo(name)
                for key, value in fields.items():
                    setattr(info, key, value)
                data = b"x" * info.size
                tar.addfile(info, io.BytesIO(data))
            return buffer.getvalue()

        cases["up.tar"] = tar_with("../outside", size=1)
        cases["absolute.tar"] = tar_with(str(outside), size=1)
        cases["link.tar"] = tar_with("a", type=tarfile.SYMTYPE, linkname="/etc/passwd")
        cases["hard.tar"] = tar_with("a", type=tarfile.LNKTYPE, linkname="/etc/passwd")
        cases["device.tar"] = tar_with("a", type=tarfile.CHRTYPE)
        cases["cut.tar"] = tar_with("a", size=5000)[:3000]
        for name, data in cases.items():
            with self.subTest(name):
                (self.folder / name).write_bytes(data)
                release = self.description([(name, {"expand": True, "path": "got"})])
                before = tree(self.folder)
                result = self.sign("pack", release, "--key", KEYS / "release.key.pem", "--cert",
                                   KEYS / "release.cert.pem", ALLOW, "--out", "x.tar", code=(1, 2, 3))
                self.assertEqual(tree(self.folder), before, result)
                self.assertFalse(outside.exists())

    @not_sanitized
    def test_lesson_10_a_bomb_is_not_unpacked(self):
        """1.6 MiB that would become 1.6 GiB: more than 1 GiB and 200 times its own size."""
        with zipfile.ZipFile(self.folder / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            with archive.open("zeros", "w", force_zip64=True) as stream:
                block = bytes(1 << 20)
                for _ in range(1600):
                    stream.write(block)
        release = self.description([("bomb.zip", {"expand": True, "path": "got"})])
        before = tree(self.folder)
        result = self.sign("pack", release, "--key", KEYS / "release.key.pem", "--cert", KEYS / "release.cert.pem",
                           ALLOW, "--out", "x.tar", code=(1, 2))
        self.assertIn("bomb.zip", result.out + result.err)
        self.assertEqual(tree(self.folder), before)

    def test_set_include_and_previous(self):
        (self.folder / "fw.bin").write_bytes(noise(500, 1))
        (self.folder / "company.yaml").write_text("contacts:\n  securityContact: psirt@example.com\n", "utf-8")
        (self.folder / "release.yaml").write_text(
            "include: company.yaml\nproduct:\n  vendor: V\n  name: P\nrelease:\n  version: 1.0\n  sequence: 5\n"
            f"  date: {DATE}\nfiles:\n  - source: fw.bin\n", "utf-8")
        archive = self.pack("release.yaml", "a.tar", "--set", "release.version=1.0.1", "--set", "release.sequence=6")
        manifest = manifest_of(archive)
        self.assertEqual((manifest["release"]["version"], manifest["release"]["sequence"]), ("1.0.1", 6))
        self.assertEqual(manifest["contacts"], {"securityContact": "psirt@example.com"})
        self.pack("release.yaml", "b.tar", "--previous", archive, code=1)
        self.pack("release.yaml", "b.tar", "--previous", archive, "--set", "release.sequence=7", "--set",
                  "release.version=1.0.2")
        text = self.sign("init", "--from", archive).out
        (self.folder / "next.yaml").write_text(text, "utf-8")
        self.assertIn("1.0.1", text)
        text = self.sign("init").out
        self.assertIn("#", text)

    def test_findings_name_line_and_column(self):
        (self.folder / "release.yaml").write_text(
            "product:\n  vendor: V\n  name: P\nrelease:\n  version: 1.0\n  sequenze: 5\nfiles:\n  - source: fw.bin\n",
            "utf-8")
        (self.folder / "fw.bin").write_bytes(b"x")
        result = self.sign("lint", "release.yaml", code=2)
        self.assertIn("release.yaml:6:3", result.out + result.err)
        self.assertIn("sequence", result.out + result.err)


class Install(Case):
    def test_install(self):
        if SANITIZED or not (BUILD / "CMakeCache.txt").exists():
            self.skipTest("one build is enough")
        to = self.folder / "root"
        self.run_program("cmake", "--install", BUILD, "--prefix", to, code=0)
        found = tree(to)
        for name in ("bin/cretula-sign", "bin/cretula-verify", "share/man/man1/cretula-sign.1",
                     "share/man/man1/cretula-verify.1", "share/bash-completion/completions/cretula-sign",
                     "share/zsh/site-functions/_cretula-verify", "share/fish/vendor_completions.d/cretula-sign.fish",
                     "share/doc/cretula-doc/README.md", "share/doc/cretula-doc/docs/spec/archive.md"):
            self.assertIn(name, found)
        archive = self.pack(EXAMPLE / "minimal.yaml")
        self.run_program(to / "bin/cretula-verify", "check", archive, *TRUSTED, code=0)
        self.assertTrue(os.access(pathlib.Path(SIGN), os.X_OK))


if __name__ == "__main__":
    main()
