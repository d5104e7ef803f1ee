# SPDX-License-Identifier: Apache-2.0
"""OPC UA packages: made of a release, read by tools that know nothing of us, approved, and changed in each bit."""
import base64
import hashlib
import os
import pathlib
import shutil
import subprocess
import unittest

from harness import EXAMPLE as RELEASE
from harness import FLIPS, HEAVY, KEYS, PRODUCT, ROOT_CERT, SANITIZED, SOURCE, VENDOR, main, noise, tree
from package_case import EXAMPLE, Packages, members_of, reference

SCHEMA = SOURCE / "tests" / "e2e" / "schemas" / "asicmanifest.xsd"


class Made(Packages):
    def parts(self, package):
        """Lists and signatures as files, by name."""
        folder = self.folder / "parts"
        folder.mkdir(exist_ok=True)
        found = {}
        for name, data in members_of(package):
            if name.startswith("META-INF/"):
                found[name] = folder / name.split("/")[1]
                found[name].write_bytes(data)
        return found

    def read_by_others(self, package, lists):
        names = [name for name, _ in members_of(package)]
        self.assertEqual(names[0], "mimetype")
        self.assertEqual(package.read_bytes()[30:69], b"mimetypeapplication/vnd.etsi.asic-e+zip")
        listed = self.run_program("bsdtar", "-tf", package, code=0).out.splitlines()
        self.assertEqual(listed, names)
        self.assertIn("Everything is Ok", self.run_program("7z", "t", package, code=0).out)
        parts = self.parts(package)
        for number in range(1, lists + 1):
            text = parts[f"META-INF/ASiCManifest{number:03}.xml"]
            self.run_program("xmllint", "--noout", "--nonet", "--schema", SCHEMA, text, code=0)
            self.run_program("openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in",
                             parts[f"META-INF/signature{number:03}.p7s"], "-content", text, "-CAfile", ROOT_CERT, "-purpose",
                             "any", "-out", "/dev/null", code=0)

    def test_a_release_becomes_a_package_that_others_read(self):
        package = self.exported()
        self.read_by_others(package, 1)
        self.check(package, "--product", PRODUCT)

    def test_the_example_release_and_opensbi(self):
        """Real files, with documents and an SBOM, or with firmware of 1 MiB: nothing is lost on the way."""
        example = self.folder / "example"
        shutil.copytree(RELEASE, example)
        opensbi = pathlib.Path("/usr/lib/riscv64-linux-gnu/opensbi/generic")
        self.assertTrue(opensbi.is_dir(), "the Debian package opensbi is not installed (docs/dependencies.md)")
        shutil.copytree(opensbi, self.folder / "opensbi" / "firmware")
        boot = self.description([("firmware", {"path": "firmware", "role": "firmware"})], folder=self.folder / "opensbi",
                                product={"vendor": "Debian", "name": "OpenSBI generic platform"})
        for name, description in (("example", example / "release.yaml"), ("opensbi", boot)):
            with self.subTest(name):
                archive = self.pack(description, f"{name}.cretula.tar")
                package = self.exported(archive, f"{name}.uadipkg", "--manufacturer-uri", "https://vendor.example/")
                self.read_by_others(package, 1)
                whole = self.check(archive, "--json").json()
                same = self.check(package, "--json").json()
                for part in ("product", "release", "documents", "sbom", "fileCount", "fileBytes"):
                    self.assertEqual(whole["what"].get(part), same["what"].get(part), part)
                members = dict(members_of(package))
                for one in same["what"]["files"]:
                    place = [folder for folder in ("CONTENT/", "SUPPLEMENT/") if folder + one["path"] in members]
                    self.assertEqual(len(place), 1, one["path"])
                    self.assertEqual(hashlib.sha256(members[place[0] + one["path"]]).hexdigest(), one["sha256"])

    def test_it_is_the_release_in_the_record_and_in_a_folder(self):
        archive = self.small_release(manufacturer={"name": "V", "uri": "https://vendor.example/"})
        package = self.exported(archive)
        of_archive = self.check(archive, "--json").json()
        of_package = self.check(package, "--json").json()
        for part in ("product", "release", "files", "fileCount", "fileBytes"):
            self.assertEqual(of_archive["what"].get(part), of_package["what"].get(part), part)
        lists = dict(members_of(package))["META-INF/ASiCManifest001.xml"]
        self.assertEqual(of_package["what"]["identity"], hashlib.sha256(lists).hexdigest())
        for source, target in ((archive, "a"), (package, "b")):
            self.verify("extract", source, "--to", self.folder / target, "--anchor", ROOT_CERT, EXAMPLE)
        self.assertEqual(tree(self.folder / "a"), tree(self.folder / "b"))
        shown = self.verify("show", package)
        self.assertIn("UNVERIFIED", shown.out)
        self.assertIn(PRODUCT, shown.out)

    def test_record_journal_and_report(self):
        package = self.exported()
        self.check(package, "--record", self.folder / "rec", "--journal", self.folder / "journal", "--report",
                   self.folder / "page.html", "--change-id", "4711")
        record = self.folder / "rec" / "RECORD.json"
        self.verify("record", "verify", record, "--journal", self.folder / "journal")
        self.verify("journal", "verify", self.folder / "journal")
        self.assertIn("package.manifest", (self.folder / "page.html").read_text("utf-8"))

    def test_a_plant_that_demands_its_own_approval(self):
        package = self.exported()
        policy = self.folder / "trust.json"
        self.verify("trust", "init", policy, "--name", "Plant", "--expires", "2099-01-01T00:00:00Z")
        for role, key, obtained in (("release", "release", "by telephone"), ("owner", "owner", "here")):
            mark = self.run_program("openssl", "x509", "-in", KEYS / f"{key}.cert.pem", "-noout", "-fingerprint", "-sha256", code=0)
            self.verify("trust", "add-signer", policy, "--vendor", VENDOR, "--signer", key, "--role", role, "--anchor",
                        KEYS / f"{key}.cert.pem", "--fingerprint", mark.out.split("=")[1].strip(), "--obtained", obtained,
                        "--keep-version", EXAMPLE)
        before = self.verify("check", package, "--trust", policy, EXAMPLE, code=1)
        self.assertIn("owner", before.out)
        self.sign("endorse", package, "--key", KEYS / "owner.key.pem", "--cert", KEYS / "owner.cert.pem", EXAMPLE)
        self.read_by_others(package, 2)
        after = self.verify("check", package, "--trust", policy, EXAMPLE, "--json").json()
        lists = dict(members_of(package))
        self.assertEqual(after["what"]["identity"], hashlib.sha256(lists["META-INF/ASiCManifest001.xml"]).hexdigest())
        self.assertIn(b'URI="META-INF/signature001.p7s"', lists["META-INF/ASiCManifest002.xml"])
        self.assertEqual(sorted(one["role"] for one in after["how"]["signatures"]), ["owner", "release"])
        again = self.sign("endorse", package, "--key", KEYS / "owner.key.pem", "--cert", KEYS / "owner.cert.pem", EXAMPLE, code=2)
        self.assertIn("has signed the package already", again.err)

    def test_what_an_export_needs(self):
        archive = self.small_release()
        package = self.exported(archive, "p.uadipkg", code=2)
        self.assertIn("manufacturer.uri", self.last.err)
        self.assertFalse(package.exists())
        self.exported(archive, "p.uadipkg", "--manufacturer-uri", "https://other.example/")
        self.exported(archive, "p.uadipkg", "--manufacturer-uri", "https://other.example/", code=2)  # it is there
        (self.folder / "n.md").write_text("# N\n", "utf-8")
        texts = self.pack(self.description([("n.md", {"role": "release-notes"})], manufacturer={"name": "V", "uri": "urn:v"}), "t.tar")
        self.exported(texts, "t.uadipkg", code=2)
        self.assertIn("no file for a device", self.last.err)
        broken = bytearray(archive.read_bytes())
        broken[broken.index(noise(700, "firmware")[:16])] ^= 1
        archive.write_bytes(broken)
        self.exported(archive, "b.uadipkg", "--manufacturer-uri", "urn:v", code=1)

    def test_a_package_by_hand_without_a_release_in_it(self):
        package = self.made()
        record = self.check(package, "--json").json()
        self.assertEqual(record["what"]["product"]["name"], "RTU")
        self.assertEqual(record["what"]["release"]["sequence"], 0)
        self.assertEqual([one["path"] for one in record["what"]["files"]],
                         ["CONTENT/fw.bin", "META/package_metadata.json", "SUPPLEMENT/notes.txt"])
        self.assertTrue(any("no release sequence" in one["reason"] for one in record["result"]["checks"]))
        self.refused(package, "--min-sequence", "1", says=["older than the lowest one allowed"])
        self.verify("extract", package, "--to", self.folder / "out", "--anchor", ROOT_CERT, EXAMPLE)
        self.assertEqual((self.folder / "out" / "CONTENT" / "fw.bin").read_bytes(), bytes(range(200)) * 3)

    def test_deflated_with_descriptors_and_sha512(self):
        def squeeze(entries):
            for entry in entries[1:]:
                entry.deflate, entry.flags = True, 8
        record = self.check(self.made(change=squeeze), "--json").json()
        self.assertEqual(record["result"]["verdict"], "ACCEPTED")
        members = self.plain()
        lines = [reference(name, data, "http://www.w3.org/2001/04/xmlenc#sha512",
                           base64.b64encode(hashlib.sha512(data).digest()).decode()) for name, data in members]
        record = self.check(self.made(references=lines, out="512.uadipkg"), "--json").json()
        self.assertEqual(record["what"]["files"][0]["sha256"], hashlib.sha256(dict(members)["CONTENT/fw.bin"]).hexdigest())

    def test_a_chain_that_the_signature_does_not_name(self):
        """As others sign: signingCertificateV2 names the signer alone, and the chain lies in the signature."""
        root, below = self.own_keys("maker"), self.folder / "below"
        below.mkdir()
        issuer = self.issued(below / "issuer", f"{root}-root", "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n")
        leaf = self.issued(below / "leaf", issuer, "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n"
                                                   "extendedKeyUsage=codeSigning\n")
        other = self.own_keys("other")
        chains = {"issuer": [issuer], "with the root": [f"{root}-root", issuer], "none": [], "a stranger": [issuer, f"{other}-root"]}
        for what, more in chains.items():
            with self.subTest(what):
                chain = self.folder / "chain.pem"
                chain.write_text("".join(pathlib.Path(f"{one}.cert.pem").read_text("ascii") for one in more), "ascii")
                words = ["-certfile", chain] if more else []

                def sign(data, words=words):
                    (self.folder / "list.xml").write_bytes(data)
                    self.run_program("openssl", "cms", "-sign", "-binary", "-cades", "-nosmimecap", "-outform", "DER", "-md", "sha256",
                                     "-in", "list.xml", "-signer", f"{leaf}.cert.pem", "-inkey", f"{leaf}.key.pem", *words, "-out",
                                     "s.p7s", code=0)
                    return (self.folder / "s.p7s").read_bytes()
                package = self.made(sign=sign)
                good = what in ("issuer", "with the root")
                result = self.verify("check", package, "--anchor", f"{root}-root.cert.pem", code=0 if good else 1)
                if what == "a stranger":
                    self.assertIn("not one chain", result.out)

    def issued(self, prefix, issuer, extensions):
        (self.folder / "x.ext").write_text(extensions, "ascii")
        self.run_program("openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-subj",
                         f"/O=maker works/CN={prefix.name}", "-keyout", f"{prefix}.key.pem", "-out", f"{prefix}.csr", code=0)
        self.run_program("openssl", "x509", "-req", "-in", f"{prefix}.csr", "-CA", f"{issuer}.cert.pem", "-CAkey", f"{issuer}.key.pem",
                         "-CAcreateserial", "-days", "900", "-extfile", "x.ext", "-out", f"{prefix}.cert.pem", code=0)
        return prefix

    def test_a_record_as_one_signed_file(self):
        recorder = self.own_keys("recorder")
        self.check(self.small_release(), "--record", "rec", "--sign-record", f"{recorder}.key.pem", "--record-cert",
                   f"{recorder}.cert.pem")
        record, out = self.folder / "rec" / "RECORD.json", self.folder / "r.asics"
        trust = ["--anchor", f"{recorder}-root.cert.pem"]
        self.verify("record", "export", record, "--asic", *trust, code=2)
        self.verify("record", "export", record, "--asic", *trust, "--out", out)
        members = members_of(out)
        self.assertEqual([name for name, _ in members], ["mimetype", "RECORD.json", "META-INF/signature.p7s"])
        self.assertEqual(out.read_bytes()[30:69], b"mimetypeapplication/vnd.etsi.asic-s+zip")
        self.assertEqual(dict(members)["RECORD.json"], record.read_bytes())
        self.run_program("bsdtar", "-xf", out, "-C", self.folder, code=0)
        self.run_program("openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", "META-INF/signature.p7s", "-content",
                         "RECORD.json", "-CAfile", f"{recorder}-root.cert.pem", "-purpose", "any", "-out", "/dev/null", code=0)
        stranger = self.own_keys("stranger")
        self.verify("record", "export", record, "--asic", "--anchor", f"{stranger}-root.cert.pem", "--out", "no.asics", code=1)
        self.assertFalse((self.folder / "no.asics").exists())

    def test_every_bit(self):
        """All of them where everything is tried; each 35th, else."""
        (self.folder / "fw").write_bytes(noise(60, "fw"))
        archive = self.pack(self.description([("fw", {"role": "firmware"})], manufacturer={"name": "V", "uri": "urn:v"}))
        package = self.exported(archive)
        if SANITIZED:
            self.skipTest("the same tries run without sanitizers")
        every = 1 if HEAVY else 35
        result = self.run_program(FLIPS, package, ROOT_CERT, 0, package.stat().st_size - 1, every, code=0, timeout=1200)
        self.assertIn(" 0 accepted, 0 undecided", result.out)
        print(result.out.strip().splitlines()[-1], flush=True)

    def test_a_pipe_cannot_hold_a_package(self):
        done = subprocess.run(["cat", self.exported()], capture_output=True, check=True)
        result = self.verify("check", "-", "--anchor", ROOT_CERT, EXAMPLE, stdin=done.stdout, code=1)
        self.assertIn("ZIP", result.out + result.err)

    def test_what_is_not_there_for_packages_is_said(self):
        package = self.exported()
        result = self.check(package, "--payload", self.folder, code=3)
        self.assertIn("--payload", result.out + result.err)
        for option in (["--payload", self.folder], ["--replace"]):
            result = self.sign("endorse", package, "--key", KEYS / "owner.key.pem", "--cert", KEYS / "owner.cert.pem", EXAMPLE,
                               *option, code=2)
            self.assertIn("for release archives", result.err)

JARS = [pathlib.Path("/usr/share/java") / name for name in ("bcpkix.jar", "bcprov.jar", "bcutil.jar")]


@unittest.skipUnless(shutil.which("javac") and all(one.exists() for one in JARS), "needs libbcpkix-java and a JDK")
class BouncyCastle(Packages):
    def test_signatures_are_cades_for_another_implementation(self):
        path = os.pathsep.join(str(one) for one in JARS)
        self.run_program("javac", "-cp", path, "-d", self.folder, SOURCE / "tests" / "e2e" / "java" / "VerifyCades.java", code=0)
        package = self.exported()
        self.sign("endorse", package, "--key", KEYS / "owner.key.pem", "--cert", KEYS / "owner.cert.pem", EXAMPLE)
        members = dict(members_of(package))
        for number, code in (("001", 0), ("002", 0), ("001", 1)):
            text = members[f"META-INF/ASiCManifest{number}.xml"]
            (self.folder / "list").write_bytes(text if code == 0 else text[:-1])
            (self.folder / "p7s").write_bytes(members[f"META-INF/signature{number}.p7s"])
            self.run_program("java", "-cp", f"{self.folder}{os.pathsep}{path}", "VerifyCades", ROOT_CERT, "list", "p7s", code=code)


if __name__ == "__main__":
    main()
