# SPDX-License-Identifier: Apache-2.0
"""cretula-sign as a vendor uses it: descriptions, names, inputs, previous releases, keys, output."""
import json
import os
import pathlib
import pty
import subprocess
import tarfile
import termios
import time
import zipfile

from harness import (CLEAN_ENVIRONMENT, DATE, EXAMPLE, KEYS, PRODUCT, ROOT_CERT, SIGN, VENDOR, Case, main,
                     manifest_of, noise, read_member, read_member_list, sha256)

KEY = ["--key", KEYS / "release.key.pem", "--cert", KEYS / "release.cert.pem", "--allow-example-keys"]

MINIMAL = """product:
  vendor: Example Automation GmbH
  name: RTU-7 Remote Terminal Unit
release:
  version: 1.10
  sequence: 5
files:
  - source: firmware.bin
"""


class Signer(Case):
    def setUp(self):
        super().setUp()
        (self.folder / "firmware.bin").write_bytes(noise(3000, "firmware"))

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def paths(self, archive):
        return [one["path"] for one in manifest_of(archive)["files"]]

    def nothing_else(self, *names):
        """Only these files lie in the folder: no archive, nothing temporary."""
        found = {path.name for path in self.folder.iterdir()}
        self.assertEqual(found - set(names), {"firmware.bin"})


class Descriptions(Signer):
    def test_findings_name_file_line_and_column(self):
        path = self.write("release.yaml", MINIMAL.replace("  sequence: 5", "  sequnce: 5"))
        for verb in (["lint", "release.yaml"], ["pack", "release.yaml", *KEY]):
            result = self.sign(*verb, code=2)
            self.assertIn("release.yaml:6:3: FAIL manifest.form release.sequnce:", result.out + result.err)
            self.assertIn("sequence", result.out + result.err)
        value = self.sign("lint", path, "--format", "json", code=2).json()
        self.assertEqual(value["result"], "FAIL")
        places = {(one["file"], one["line"], one["column"], one["field"]) for one in value["findings"]}
        self.assertIn((str(path), 6, 3, "release.sequnce"), places)
        self.nothing_else("release.yaml")

    def test_json_errors_are_complete(self):
        """lesson 20: no JSON on failure"""
        self.write("release.yaml", "a: &x 1\n")
        for arguments in (["lint", "release.yaml", "--json"], ["lint", "nothing.yaml", "--format", "json"],
                          ["pack", "release.yaml", *KEY, "--json"], ["pack", "--json"], ["bogus", "--json"],
                          ["keygen", "--json", "--out", "x", "--algorithm", "none"]):
            with self.subTest([str(one) for one in arguments]):
                value = self.sign(*arguments, code=2).json()
                self.assertEqual(value["cretula"], "error/1")
                self.assertEqual(value["exitCode"], 2)

    def test_values_stay_as_written(self):
        self.write("release.yaml", MINIMAL)
        archive = self.pack("release.yaml")
        self.assertEqual(manifest_of(archive)["release"]["version"], "1.10")

    def test_set_and_include(self):
        self.write("parts/company.yaml", "product:\n  role: plc\ncontacts:\n  securityContact: psirt@example.com\n")
        self.write("release.yaml", "include: parts/company.yaml\n" + MINIMAL)
        archive = self.pack("release.yaml", "a.tar", "--set", "release.version=2.0", "--set", "release.sequence=9",
                            "--set", f"release.date={DATE}")
        manifest = manifest_of(archive)
        self.assertEqual(manifest["release"]["version"], "2.0")
        self.assertEqual(manifest["release"]["sequence"], 9)
        self.assertEqual(manifest["product"]["role"], "plc")
        self.assertEqual(manifest["contacts"]["securityContact"], "psirt@example.com")
        self.assertNotIn("include", manifest)
        self.sign("lint", "release.yaml", "--set", "release.sequence=ten", code=2)
        self.sign("lint", "release.yaml", "--set", "release.version=", code=2)

    def test_description_from_standard_input(self):
        self.sign("lint", "-", stdin=MINIMAL.encode())
        self.sign("pack", "-", *KEY, "--out", "x.tar", stdin=MINIMAL.encode())
        self.check("x.tar")

    def test_content_faults_have_their_line(self):
        self.write("release.yaml", MINIMAL + "    hardware: [NOT-LISTED]\nsbom:\n  - file: nothing.json\n"
                                             "    format: CycloneDX-1.6\n")
        result = self.sign("lint", "release.yaml", code=1)
        self.assertIn("release.yaml:9:16: FAIL manifest.form files[0].hardware[0]:", result.out)
        self.assertIn("release.yaml:11:5: FAIL manifest.form sbom[0].file:", result.out)
        self.sign("pack", "release.yaml", *KEY, "--out", "x.tar", code=1)
        self.nothing_else("release.yaml")

    def test_sbom_of_other_bytes(self):
        """Found before anything is signed."""
        self.write("bom.json", json.dumps({
            "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
            "metadata": {"component": {"type": "firmware", "bom-ref": "root", "name": PRODUCT, "version": "1.0.0",
                                       "hashes": [{"alg": "SHA-256", "content": sha256(b"others")}]}}}))
        path = self.description(["firmware.bin", "bom.json"],
                                sbom=[{"file": "bom.json", "format": "CycloneDX-1.6"}])
        self.assertIn("sbom.binding", self.sign("lint", path, code=1).out)
        result = self.sign("pack", path, *KEY, "--out", "x.tar", code=1)
        self.assertIn("sbom.binding", result.err)
        value = self.sign("pack", path, *KEY, "--out", "x.tar", "--json", code=1).json()
        self.assertIn("sbom.binding", [one["check"] for one in value["findings"]])
        self.assertFalse((self.folder / "x.tar").exists())


class Names(Signer):
    def test_renamed_files_are_listed_and_restored(self):
        name = "Betriebsanleitung für V2 (DE).pdf"
        self.write(f"docs/{name}", "pdf")
        path = self.description(["firmware.bin", "docs"])
        archive = self.pack(path)
        self.assertIn(f"docs/{name} -> docs/Betriebsanleitung_fuer_V2_DE_.pdf", self.last.out)
        self.verify("extract", archive, "--to", "out", "--anchor", ROOT_CERT, "--allow-example-keys")
        self.assertTrue((self.folder / "out" / "docs" / name).is_file())
        result = self.sign("pack", path, *KEY, "--strict-names", "--out", "y.tar", code=2)
        self.assertIn("--strict-names", result.err)
        self.assertFalse((self.folder / "y.tar").exists())

    def test_terminal_escapes_are_not_printed(self):
        """lesson 24"""
        self.write("docs/evil\x1b[31m\u202ename.txt", "x")
        self.pack(self.description(["firmware.bin", "docs"]))
        self.assertNotIn("\x1b", self.last.out)
        self.assertNotIn("\u202e", self.last.out)
        self.assertIn("\\x1b", self.last.out)

    def test_names_that_differ_only_in_case(self):
        self.write("docs/a.txt", "1")
        self.write("docs/A.txt", "2")
        result = self.sign("pack", self.description(["docs"]), *KEY, "--out", "x.tar", code=2)
        self.assertIn("docs/a.txt", result.err)
        self.assertIn("docs/A.txt", result.err)


class Inputs(Signer):
    def test_archives(self):
        with zipfile.ZipFile(self.folder / "in.zip", "w", zipfile.ZIP_DEFLATED) as out:
            out.writestr("fw/image ü.bin", noise(50000, "zip"))
            out.writestr("readme.txt", "hello")
        whole = self.pack(self.description(["in.zip"]), "whole.tar")
        self.assertEqual(self.paths(whole), ["SHA256SUMS", "in.zip"])
        expanded = self.pack(self.description([("in.zip", {"expand": True, "path": "drivers"})]), "expanded.tar")
        self.assertEqual(self.paths(expanded), ["SHA256SUMS", "drivers/fw/image_ue.bin", "drivers/readme.txt"])
        self.check(expanded)
        self.sign("lint", "release.yaml")
        self.assertEqual([path for path in self.folder.iterdir() if path.name.startswith(".")], [])

    def test_hostile_archives(self):
        """lessons 9, 10: names that leave, links, devices; nothing is written anywhere"""
        for name, change in (("../evil", {}), ("/tmp/cretula-evil", {}),
                             ("link", {"type": tarfile.SYMTYPE, "linkname": "/etc/passwd"}),
                             ("hard", {"type": tarfile.LNKTYPE, "linkname": "good"}),
                             ("device", {"type": tarfile.CHRTYPE})):
            with self.subTest(name):
                with tarfile.open(self.folder / "in.tar", "w") as out:
                    for one, more in (("good", {}), (name, change)):
                        info = tarfile.TarInfo(one)
                        for key, value in more.items():
                            setattr(info, key, value)
                        out.addfile(info)
                path = self.description([("in.tar", {"expand": True})])
                result = self.sign("pack", path, *KEY, "--out", "x.tar", code=2)
                self.assertIn("release.yaml:", result.err)
                self.nothing_else("release.yaml", "in.tar")
                self.assertFalse((self.folder.parent / "evil").exists())
                self.assertFalse(pathlib.Path("/tmp/cretula-evil").exists())

    def test_output_is_none_of_the_inputs(self):
        """Whatever the run reads, it does not replace: inputs, description, includes, keys, archives."""
        with zipfile.ZipFile(self.folder / "in.zip", "w") as out:
            out.writestr("a.txt", "a")
        self.write("company.yaml", "contacts:\n  securityContact: x\n")
        prefix = self.own_keys("vendor")
        self.write("release.yaml", "include: company.yaml\n" + MINIMAL + "  - source: in.zip\n    expand: true\n")
        old = self.pack("release.yaml", "old.tar")
        key = ["--key", f"{prefix}.key.pem", "--cert", f"{prefix}.cert.pem", "--previous", old]
        self.sign("pack", "release.yaml", *key, "--set", "release.sequence=6", "--out", "new.tar")
        for name in ("firmware.bin", "in.zip", "company.yaml", "release.yaml", "vendor.key.pem", "vendor.cert.pem",
                     "old.tar"):
            with self.subTest(name):
                before = (self.folder / name).read_bytes()
                result = self.sign("pack", "release.yaml", *key, "--set", "release.sequence=6", "--out", name, code=2)
                self.assertIn("replace one of its inputs", result.err)
                self.assertEqual((self.folder / name).read_bytes(), before)
                # Another name of the same file.
                os.link(self.folder / name, self.folder / "alias")
                self.sign("pack", "release.yaml", *key, "--set", "release.sequence=6", "--out", "alias", code=2)
                (self.folder / "alias").unlink()


class Previous(Signer):
    def release(self, version, sequence, text="one", document="1.0", **more):
        self.write("manual.md", text)
        return self.description(
            ["firmware.bin", "manual.md"], release={"version": version, "sequence": sequence},
            documents=[{"ids": [{"domain": "example.com", "id": "DOC-1"}], "title": {"en": "Manual"},
                        "version": document, "file": "manual.md"}], **more)

    def test_previous(self):
        old = self.pack(self.release("1.0.0", 5), "old.tar")
        self.pack(self.release("1.0.1", 6), "same-document.tar", "--previous", old)
        self.pack(self.release("1.0.1", 6, "two", "1.1"), "new-document.tar", "--previous", old)
        cases = [
            ("sequence equal", self.release, ("1.0.1", 5), {}, "release.sequence"),
            ("sequence below", self.release, ("1.0.1", 4), {}, "release.sequence"),
            ("document changed", self.release, ("1.0.1", 6, "two"), {}, "DOC-1"),
            ("other product", self.release, ("1.0.1", 6), {"product": {"name": "Another"}}, "release.product"),
        ]
        for what, make, arguments, more, words in cases:
            with self.subTest(what):
                path = make(*arguments, **more)
                result = self.sign("pack", path, *KEY, "--previous", old, "--out", "new.tar", code=1)
                self.assertIn(words, result.err)
                self.assertIn("release.yaml:", result.err)
                self.assertFalse((self.folder / "new.tar").exists())
        self.sign("pack", self.release("1.0.1", 6), *KEY, "--previous", "nothing.tar", "--out", "new.tar", code=(2, 3))
        self.sign("pack", self.release("1.0.1", 6), *KEY, "--previous", "firmware.bin", "--out", "new.tar", code=2)

    def test_init_from_comes_back(self):
        archive = self.pack(EXAMPLE / "release.yaml")
        self.verify("extract", archive, "--to", "next", "--anchor", ROOT_CERT, "--allow-example-keys")
        text = self.sign("init", "--from", archive).out
        self.assertIn("UNVERIFIED", text.splitlines()[0])
        self.write("next/release.yaml", text)
        self.sign("lint", "next/release.yaml")
        again = self.pack("next/release.yaml", "again.tar", "--previous", archive, "--set", f"release.date={DATE}")
        before, after = manifest_of(archive), manifest_of(again)
        self.assertEqual(after["release"].pop("sequence"), before["release"].pop("sequence") + 1)
        self.assertEqual(before, after)

    def test_init_is_a_start(self):
        text = self.sign("init").out
        self.write("release.yaml", text)
        self.sign("lint", "release.yaml")
        self.pack("release.yaml")


class Detached(Signer):
    def test_detached(self):
        folder = self.folder / "portal"
        folder.mkdir()
        (folder / "firmware.bin").write_bytes(noise(70000, "portal"))
        path = self.description(["portal/firmware.bin"])
        whole = self.pack(path, "whole.tar")
        front = self.pack(path, "front.tar", "--detached")
        self.assertEqual(manifest_of(front), manifest_of(whole))
        names = [one.name for one in read_member_list(front)]
        self.assertEqual(names[0], "MANIFEST.json")
        self.assertTrue(all(name.startswith("SIGNATURES/") for name in names[1:]))
        with zipfile.ZipFile(self.folder / "in.zip", "w") as out:
            out.writestr("a.txt", "a")
        self.sign("pack", self.description([("in.zip", {"expand": True})]), *KEY, "--detached",
                  "--out", "x.tar", code=2)


class Keys(Signer):
    def keygen(self, *more, code=0, secret=b"correct horse\n"):
        return self.sign("keygen", "--out", "k", "--passphrase-fd", "0", *more, stdin=secret, code=code)

    def test_a_key_of_ones_own(self):
        for algorithm in ("ecdsa-p256", "ecdsa-p384", "rsa-3072"):
            with self.subTest(algorithm):
                value = self.keygen("--algorithm", algorithm, "--subject", "CN=Release,O=Example",
                                    "--days", "30", "--json").json()
                self.assertEqual(value["algorithm"], algorithm)
                self.write("release.yaml", MINIMAL)
                sign = ["pack", "release.yaml", "--key", "k.key.pem", "--cert", "k.cert.pem", "--out", "x.tar", "--force"]
                self.sign(*sign, "--passphrase-fd", "0", stdin=b"correct horse\n")
                self.sign(*sign, "--pin-fd", "0", stdin=b"correct horse\n")
                self.write("pin", "correct horse\n")
                self.sign(*sign, "--pin-file", "pin")
                self.check("x.tar", anchor="k.cert.pem", allow=False)
                wrong = self.sign(*sign, "--passphrase-fd", "0", stdin=b"wrong horse\n", code=2)
                self.assertNotIn("wrong horse", wrong.err + wrong.out)
                self.sign(*sign, code=2)  # no terminal, no passphrase
                self.sign(*sign, "--pin-file", "pin", "--pin-fd", "0", code=2)
                for name in ("k.key.pem", "k.cert.pem"):
                    (self.folder / name).unlink()

    def test_keys_that_openssl_encrypted(self):
        """PKCS#8 by each way that its tool has, and the form before it, whose block names its cipher."""
        self.write("release.yaml", MINIMAL)
        self.run_program("openssl", "req", "-new", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "plain.pem",
                         "-out", "cert.pem", "-subj", "/CN=Release", "-days", "30", "-addext", "keyUsage=critical,digitalSignature",
                         "-addext", "extendedKeyUsage=codeSigning")
        ways = [["ec", f"-{name}"] for name in ("aes128", "aes192", "aes256", "des3", "camellia256", "aria256")]
        ways += [["pkcs8", "-topk8", *more] for more in (["-v2", "aes-256-cbc"], ["-v2", "des3"], ["-scrypt"], ["-v1", "PBE-SHA1-3DES"])]
        for way in ways:
            with self.subTest(" ".join(way)):
                self.run_program("openssl", *way, "-in", "plain.pem", "-passout", "pass:correct horse", "-out", "key.pem")
                sign = ["pack", "release.yaml", "--key", "key.pem", "--cert", "cert.pem", "--out", "x.tar", "--force", "--passphrase-fd", "0"]
                self.sign(*sign, stdin=b"correct horse\n")
                self.sign(*sign, stdin=b"wrong horse\n", code=2)
        self.check("x.tar", anchor="cert.pem", allow=False)

    def test_keygen_refuses(self):
        self.keygen("--days", "0", code=2)
        self.keygen("--subject", "nonsense", code=2)
        self.keygen(secret=b"\n", code=2)
        self.sign("keygen", "--out", "k", code=2)  # no terminal to ask on
        self.sign("keygen", "--out", "folder/", "--passphrase-fd", "0", stdin=b"x\n", code=2)
        self.nothing_else()
        self.keygen()
        before = (self.folder / "k.key.pem").read_bytes()
        self.keygen(code=2)
        (self.folder / "k.cert.pem").unlink()
        self.keygen(code=2)
        self.assertEqual((self.folder / "k.key.pem").read_bytes(), before)
        self.assertFalse((self.folder / "k.cert.pem").exists())

    def test_passphrase_from_the_terminal(self):
        """Asked for twice, never echoed."""
        for second, code in ((b"correct horse\n", 0), (b"correct house\n", 2)):
            with self.subTest(second):
                leader, follower = pty.openpty()
                with subprocess.Popen([SIGN, "keygen", "--out", f"t{code}"], stdin=follower,
                                      stdout=follower, stderr=follower, cwd=self.folder,
                                      env=CLEAN_ENVIRONMENT, start_new_session=True,
                                      preexec_fn=lambda: os.close(os.open(os.ttyname(0), os.O_RDWR))) as program:
                    os.close(follower)
                    seen = b""
                    for answer in (b"correct horse\n", second):
                        while not seen.endswith(b": "):
                            seen += os.read(leader, 1000)
                        # What is typed while the echo is still on is thrown away.
                        while termios.tcgetattr(leader)[3] & termios.ECHO:
                            time.sleep(0.01)
                        os.write(leader, answer)
                        seen += b"|"
                    try:
                        while block := os.read(leader, 1000):
                            seen += block
                    except OSError:
                        pass
                    self.assertEqual(program.wait(), code, seen)
                os.close(leader)
                self.assertNotIn(b"horse", seen)
                self.assertEqual((self.folder / f"t{code}.key.pem").exists(), code == 0)

    def test_certificates_with_a_chain(self):
        prefix = self.own_keys("vendor")
        self.write("release.yaml", MINIMAL)
        self.write("bundle.pem", "".join(pathlib.Path(f"{prefix}{end}").read_text("ascii")
                                         for end in (".cert.pem", "-root.cert.pem")))
        self.sign("pack", "release.yaml", "--key", f"{prefix}.key.pem", "--cert", "bundle.pem", "--out", "x.tar")
        self.check("x.tar", anchor=f"{prefix}-root.cert.pem", allow=False)


class Output(Signer):
    def test_quiet_and_json(self):
        self.write("release.yaml", MINIMAL)
        self.assertEqual(self.sign("pack", "release.yaml", *KEY, "--quiet", "--out", "quiet.tar").out, "")
        value = self.sign("pack", "release.yaml", *KEY, "--json", "--out", "x.tar").json()
        self.assertEqual(value["cretula"], "pack/1")
        self.assertEqual(value["product"], {"vendor": VENDOR, "name": PRODUCT})
        self.assertEqual(value["identity"], sha256(read_member(self.folder / "x.tar", "MANIFEST.json")))
        self.assertTrue(value["signer"]["exampleKey"])
        self.assertEqual(value["size"], (self.folder / "x.tar").stat().st_size)

    def test_lint_can_be_read_from_a_pipeline(self):
        self.write("release.yaml", MINIMAL)
        value = self.sign("lint", "release.yaml", "--json").json()
        self.assertEqual((value["cretula"], value["result"], value["exitCode"]), ("lint/1", "PASS", 0))
        self.sign("lint", "release.yaml", "--json", "--format", "text", code=2)
        self.assertEqual(self.sign("lint", "release.yaml", "--quiet").out, "")


if __name__ == "__main__":
    main()
