# SPDX-License-Identifier: Apache-2.0
"""Signatures that join an archive: endorse; prepare and attach with openssl, raw signers, and Bouncy
Castle; and everything that must not get in."""
import base64
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import unittest

from harness import (Case, FAKETIME, KEYS, SIGN, SOURCE, file_sha256, main, manifest_of, member, noise,
                     read_member, read_member_list, rebuild, tampered)

JARS = [pathlib.Path("/usr/share/java") / name for name in ("bcpkix.jar", "bcprov.jar", "bcutil.jar")]
EXTENSIONS = ("basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n"
              "extendedKeyUsage={usage}\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n")


def signatures(archive):
    return [found.name for found in read_member_list(archive) if found.name.startswith("SIGNATURES/")]


class Ceremony(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.authority = cls.make_authority("root")
        cls.signer = cls.make_signer("signer", ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"])
        cls.second = cls.make_signer("second", ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384"])
        cls.rsa = cls.make_signer("rsa", ["-newkey", "rsa:3072"])

    @classmethod
    def tool(cls, *arguments, **more):
        return subprocess.run([str(one) for one in arguments], check=True, capture_output=True, **more)

    @classmethod
    def make_authority(cls, name, issuer=None):
        prefix = cls.shared / name
        request = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc",
                   "-subj", f"/O=Works/CN={name}", "-keyout", f"{prefix}.key.pem",
                   "-out", f"{prefix}.cert.pem", "-days", "3650",
                   "-addext", "keyUsage=critical,keyCertSign,cRLSign"]
        if issuer:
            request += ["-CA", f"{issuer}.cert.pem", "-CAkey", f"{issuer}.key.pem",
                        "-addext", "basicConstraints=critical,CA:TRUE"]
        cls.tool("openssl", "req", "-x509", *request)
        return prefix

    @classmethod
    def make_signer(cls, name, algorithm, issuer=None, usage="codeSigning", days=1000):
        prefix = cls.shared / name
        issuer = issuer or cls.authority
        cls.tool("openssl", "req", "-new", *algorithm, "-noenc", "-subj", f"/O=Works/CN={name}",
                 "-keyout", f"{prefix}.key.pem", "-out", f"{prefix}.csr")
        pathlib.Path(f"{prefix}.ext").write_text(EXTENSIONS.format(usage=usage), encoding="ascii")
        cls.tool("openssl", "x509", "-req", "-in", f"{prefix}.csr", "-CA", f"{issuer}.cert.pem",
                 "-CAkey", f"{issuer}.key.pem", "-CAcreateserial", "-days", str(days),
                 "-extfile", f"{prefix}.ext", "-out", f"{prefix}.cert.pem")
        return prefix

    def release(self, out="u.cretula.tar", verb="prepare", *arguments):
        (self.folder / "firmware.bin").write_bytes(noise(1500000, "firmware"))
        (self.folder / "NOTES.md").write_text("# Notes\n", encoding="utf-8")
        description = self.description([("firmware.bin", {"role": "firmware"}), "NOTES.md"])
        self.sign(verb, description, "--out", out, "--force", *arguments)
        return self.folder / out

    def prepared(self):
        return self.release(), self.folder / "u.cretula.tar.MANIFEST.json"

    def cms(self, manifest, signer, *arguments, out="s.p7s", standard=True):
        usual = ["-cades", "-nosmimecap"] if standard else []
        self.run_program("openssl", "cms", "-sign", "-binary", "-outform", "DER", *usual,
                         "-signer", f"{signer}.cert.pem", "-inkey", f"{signer}.key.pem",
                         "-in", manifest, "-out", out, *arguments, code=0)
        return self.folder / out

    def accepted(self, archive, anchor=None, **more):
        return self.check(archive, anchor=f"{anchor or self.authority}.cert.pem", allow=False, **more)

    def not_attached(self, archive, *arguments, says, code=1):
        """attach says why not, and the archive is as it was."""
        before = file_sha256(archive)
        result = self.sign("attach", archive, *arguments, code=code)
        for words in [says] if isinstance(says, str) else says:
            self.assertIn(words, result.err, result)
        self.assertEqual(file_sha256(archive), before)
        self.assertFalse([name for name in os.listdir(self.folder) if name.startswith(".")])
        return result


class Prepare(Ceremony):
    def test_what_is_to_be_signed_is_the_manifest(self):
        archive, manifest = self.prepared()
        self.assertEqual(manifest.read_bytes(), read_member(archive, "MANIFEST.json"))
        self.assertEqual(signatures(archive), [])
        # An unsigned archive is no release.
        self.refused(archive, anchor=f"{self.authority}.cert.pem", says="carries no signature")

    def test_same_manifest_as_pack(self):
        archive = self.release()
        packed = self.release("p.cretula.tar", "pack", "--key", f"{self.signer}.key.pem",
                              "--cert", f"{self.signer}.cert.pem")
        self.assertEqual(read_member(archive, "MANIFEST.json"), read_member(packed, "MANIFEST.json"))

    def test_second_signer_prepares_from_the_archive(self):
        archive = self.release("p.cretula.tar", "pack", "--key", f"{self.signer}.key.pem",
                               "--cert", f"{self.signer}.cert.pem")
        self.sign("prepare", archive, "--out", "m.json")
        self.assertEqual((self.folder / "m.json").read_bytes(), read_member(archive, "MANIFEST.json"))
        self.sign("attach", archive, self.cms("m.json", self.second))
        self.assertEqual(len(signatures(archive)), 2)
        self.accepted(archive)

    def test_a_tampered_archive_is_not_prepared(self):
        archive, _ = self.prepared()
        firmware = member(archive, "firmware.bin")
        bad = tampered(archive, self.folder / "bad", firmware.data + 1400000)
        result = self.sign("prepare", bad, "--out", "m.json", code=1)
        self.assertIn("firmware.bin", result.err)
        self.assertFalse((self.folder / "m.json").exists())

    def test_usage(self):
        archive, _ = self.prepared()
        for arguments, words in [
                ([archive, "--set", "release.version=2"], "--set is for descriptions"),
                ([archive, "--detached"], "--detached is for descriptions"),
                ([archive, "--tbs", "t"], "cert"),
                ([archive, "--cert", f"{self.signer}.cert.pem"], "tbs"),
                ([archive, "--meaning", "approval"], "tbs"),
                ([archive, "--payload", "."], "holds its payload itself"),
                (["nothing-here"], "nothing-here"),
                ([archive, "--tbs", "t", "--cert", KEYS / "release.cert.pem"], "published key")]:
            with self.subTest(words):
                self.assertIn(words, self.sign("prepare", *arguments, code=2).err)


class Endorse(Ceremony):
    def test_signatures_are_sorted_and_nothing_else_changes(self):
        archive = self.release("p.cretula.tar", "pack", "--key", f"{self.signer}.key.pem",
                               "--cert", f"{self.signer}.cert.pem")
        before = {found.name: read_member(archive, found.name) for found in read_member_list(archive)}
        for one in (self.second, self.rsa):
            self.sign("endorse", archive, "--key", f"{one}.key.pem", "--cert", f"{one}.cert.pem",
                      "--meaning", "approval")
        names = [found.name for found in read_member_list(archive)]
        signed = signatures(archive)
        self.assertEqual(len(signed), 3)
        self.assertEqual(signed, sorted(signed))
        self.assertEqual(names[0], "MANIFEST.json")
        after = {found.name: read_member(archive, found.name) for found in read_member_list(archive)}
        for name, data in before.items():
            self.assertEqual(after[name], data, name)
        self.accepted(archive)

    def test_unsigned_archive(self):
        archive = self.release()
        self.sign("endorse", archive, "--key", f"{self.signer}.key.pem",
                  "--cert", f"{self.signer}.cert.pem", "--meaning", "origin")
        self.accepted(archive)

    def test_a_meaning_is_signed(self):
        archive = self.release()
        shown = self.sign("endorse", archive, "--key", f"{self.signer}.key.pem", "--json",
                          "--cert", f"{self.signer}.cert.pem", "--meaning", "receipt").json()
        self.assertEqual(shown["added"][0]["meaning"], "receipt")
        # A receipt vouches for nothing.
        self.refused(archive, anchor=f"{self.authority}.cert.pem")

    def test_detached(self):
        front = self.release("front", "prepare", "--detached")
        arguments = [front, "--key", f"{self.signer}.key.pem", "--cert", f"{self.signer}.cert.pem"]
        self.assertIn("--payload", self.sign("endorse", *arguments, code=2).err)
        self.sign("endorse", *arguments, "--payload", ".", code=1)  # SHA256SUMS is not there
        sums = "".join(f"{one['sha256']}  {one['path']}\n" for one in manifest_of(front)["files"]
                       if one["path"] != "SHA256SUMS")
        (self.folder / "SHA256SUMS").write_text(sums, encoding="ascii")
        self.sign("endorse", *arguments, "--payload", ".")
        self.verify("check", front, "--anchor", f"{self.authority}.cert.pem", "--payload", ".")
        (self.folder / "NOTES.md").write_text("# Other\n", encoding="utf-8")
        result = self.sign("endorse", front, "--payload", ".", "--key", f"{self.second}.key.pem",
                           "--cert", f"{self.second}.cert.pem", code=1)
        self.assertIn("NOTES.md", result.err)

    def test_refusals(self):
        archive = self.release("p.cretula.tar", "pack", "--key", f"{self.signer}.key.pem",
                               "--cert", f"{self.signer}.cert.pem")
        other = self.make_signer("same-key", ["-key", f"{self.signer}.key.pem"])
        shutil.copyfile(f"{self.signer}.key.pem", f"{other}.key.pem")
        tls = self.make_signer("tls", ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
                               usage="serverAuth")
        firmware, signature = member(archive, "firmware.bin"), member(archive, signatures(archive)[0])
        table = [
            ("payload", tampered(archive, self.folder / "1", firmware.data + 9), self.second, 1,
             "firmware.bin"),
            ("padding", tampered(archive, self.folder / "2", signature.data + signature.size),
             self.second, 1, "padding"),
            ("present signature", tampered(archive, self.folder / "3", signature.end - 512 + 20),
             self.second, 1, "SIGNATURES/"),
            ("same key", archive, self.signer, 2, "this key has signed"),
            ("same key, other certificate", archive, other, 2, "this key has signed"),
            ("usage", archive, tls, 2, "code signing"),
        ]
        for what, path, signer, code, words in table:
            with self.subTest(what):
                before = file_sha256(path)
                result = self.sign("endorse", path, "--key", f"{signer}.key.pem",
                                   "--cert", f"{signer}.cert.pem", code=code)
                self.assertIn(words, result.err, result)
                self.assertEqual(file_sha256(path), before)
        result = self.sign("endorse", archive, "--key", f"{self.second}.key.pem",
                           "--cert", f"{self.rsa}.cert.pem", code=2)
        self.assertIn("another key", result.err)
        link = self.folder / "link"
        link.symlink_to(archive.name)
        self.assertIn("symbolic link", self.sign(
            "endorse", link, "--key", f"{self.second}.key.pem",
            "--cert", f"{self.second}.cert.pem", code=2).err)

    def test_example_keys_only_when_allowed(self):
        archive = self.release()
        arguments = ["endorse", archive, "--key", KEYS / "quality.key.pem",
                     "--cert", KEYS / "quality.cert.pem"]
        self.assertIn("published key", self.sign(*arguments, code=2).err)
        self.sign(*arguments, "--allow-example-keys")


class WithOpenssl(Ceremony):
    def test_each_key_and_digest(self):
        for signer in (self.signer, self.second, self.rsa):
            for digest in ("sha256", "sha384", "sha512"):
                with self.subTest(signer=signer.name, digest=digest):
                    archive, manifest = self.prepared()
                    self.sign("attach", archive, self.cms(manifest, signer, "-md", digest))
                    self.accepted(archive)

    def test_pss(self):
        archive, manifest = self.prepared()
        signature = self.cms(manifest, self.rsa, "-md", "sha256", "-keyopt", "rsa_padding_mode:pss",
                             "-keyopt", "rsa_pss_saltlen:digest")
        shown = self.sign("attach", archive, signature, "--json").json()
        self.assertEqual(shown["added"][0]["algorithm"], "rsa-3072-pss-sha256")
        self.accepted(archive)

    def test_other_parameters_of_pss_are_named(self):
        """The value could never verify as what the profile has; the manifest is not to blame."""
        archive, manifest = self.prepared()
        for options, words in ((["rsa_pss_saltlen:20"], ["a salt of 20 bytes", "a salt of 32 bytes", "rsa_pss_saltlen"]),
                               (["rsa_pss_saltlen:max"], ["a salt of 350 bytes"]),
                               (["rsa_pss_saltlen:32", "rsa_mgf1_md:sha384"], ["MGF1 with sha384", "MGF1 with sha256"])):
            with self.subTest(options):
                keys = [word for one in ["rsa_padding_mode:pss", *options] for word in ("-keyopt", one)]
                result = self.not_attached(archive, self.cms(manifest, self.rsa, "-md", "sha256", *keys), says=words)
                self.assertIn("other parameters than the profile has", result.err)
                self.assertNotIn("MANIFEST.json", result.err)

    def test_several_at_once(self):
        archive, manifest = self.prepared()
        self.sign("attach", archive, self.cms(manifest, self.signer),
                  self.cms(manifest, self.second, out="t.p7s"))
        self.assertEqual(len(signatures(archive)), 2)
        self.accepted(archive)

    def test_certificates_that_are_not_covered_are_left_out(self):
        archive, manifest = self.prepared()
        signature = self.cms(manifest, self.signer, "-certfile", f"{self.authority}.cert.pem")
        result = self.sign("attach", archive, signature)
        self.assertIn("1 embedded certificate was left out", result.err)
        self.accepted(archive)

    def test_certificate_given_beside_the_signature(self):
        archive, manifest = self.prepared()
        signature = self.cms(manifest, self.signer, "-nocerts")
        self.not_attached(archive, signature, says="--cert")
        self.sign("attach", archive, signature, "--cert", f"{self.signer}.cert.pem")
        self.accepted(archive)

    def test_a_certificate_that_is_missing_is_named_by_its_hash(self):
        archive, manifest = self.prepared()
        digest = hashlib.sha256(self.tool("openssl", "x509", "-in", f"{self.signer}.cert.pem", "-outform",
                                          "DER").stdout).hexdigest()
        self.not_attached(archive, self.cms(manifest, self.signer, "-nocerts"), says=["entry 1", digest])

    def test_text_before_a_signature_in_pem(self):
        archive, manifest = self.prepared()
        path = self.cms(manifest, self.signer, "-outform", "PEM")
        path.write_bytes(b"signed by the release team\r\n\r\n" + path.read_bytes().replace(b"\n", b"\r\n"))
        self.sign("attach", archive, path)
        self.accepted(archive)

    def test_other_outer_forms(self):
        """What no signature covers may come in another form."""
        for what, arguments in [("key identifier", ["-keyid"]), ("embedded", ["-nodetach"]),
                                ("BER", ["-stream", "-indef"]), ("PEM", ["-outform", "PEM"])]:
            with self.subTest(what):
                archive, manifest = self.prepared()
                self.sign("attach", archive, self.cms(manifest, self.signer, *arguments))
                self.accepted(archive)

    def test_stock_openssl_verifies_what_was_attached(self):
        archive, manifest = self.prepared()
        self.sign("attach", archive, self.cms(manifest, self.signer, "-keyid", "-nodetach"))
        (self.folder / "a.p7s").write_bytes(read_member(archive, signatures(archive)[0]))
        self.run_program("openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER",
                         "-in", "a.p7s", "-content", manifest, "-purpose", "any",
                         "-CAfile", f"{self.authority}.cert.pem", "-out", "/dev/null", code=0)

    def test_refusals(self):
        archive, manifest = self.prepared()
        other = self.folder / "other.json"
        other.write_bytes(manifest.read_bytes() + b"\n")
        tls = self.make_signer("tls", ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
                               usage="serverAuth")
        weak = self.make_signer("weak", ["-newkey", "rsa:2048"])
        good = self.cms(manifest, self.signer, out="good.p7s").read_bytes()
        flipped = bytearray(good)
        flipped[-5] ^= 1
        (self.folder / "flipped.p7s").write_bytes(flipped)
        (self.folder / "longer.p7s").write_bytes(good + b"\0")
        (self.folder / "empty.p7s").write_bytes(b"")
        (self.folder / "text.p7s").write_bytes(b"not a signature\n")
        table = [
            ("another manifest", [self.cms(other, self.signer, out="1")], 1, "over other content"),
            ("value", ["flipped.p7s"], 1, "signature"),
            ("trailing byte", ["longer.p7s"], 1, "followed by other bytes"),
            ("empty", ["empty.p7s"], 1, "impossible size"),
            ("text", ["text.p7s"], 1, "is not CMS"),
            ("no signed certificate",
             [self.cms(manifest, self.signer, "-nosmimecap", out="2", standard=False)], 1,
             "signingCertificateV2"),
            ("no attributes",
             [self.cms(manifest, self.signer, "-noattr", out="3", standard=False)], 1,
             "no signed attributes"),
            ("capabilities", [self.cms(manifest, self.signer, "-cades", out="4", standard=False)], 1,
             "1.2.840.113549.1.9.15 (smimeCapabilities"),
            ("two signers", [self.cms(manifest, self.signer, "-signer", f"{self.second}.cert.pem",
                                      "-inkey", f"{self.second}.key.pem", out="5")], 1,
             "exactly one SignerInfo"),
            ("SHA-1", [self.cms(manifest, self.signer, "-md", "sha1", out="6")], 1, "digest"),
            ("EKU", [self.cms(manifest, tls, out="7")], 2, "code signing"),
            ("weak key", [self.cms(manifest, weak, out="8")], 1, "2048"),
            ("same key twice", ["good.p7s", "good.p7s"], 2, "by the same key"),
            ("nothing given", [], 2, "no signature is given"),
        ]
        for what, arguments, code, words in table:
            with self.subTest(what):
                self.not_attached(archive, *arguments, code=code, says=words)
        bad = tampered(archive, self.folder / "bad", member(archive, "firmware.bin").data + 77)
        self.not_attached(bad, "good.p7s", says="firmware.bin")
        self.sign("attach", archive, "good.p7s")
        self.not_attached(archive, "good.p7s", code=2, says="this key has signed")

    def test_an_expired_certificate_signs_nothing_more(self):
        archive, manifest = self.prepared()
        cert = f"{self.signer}.cert.pem"
        signature = self.cms(manifest, self.signer)
        self.sign("prepare", archive, "--tbs", "t.der", "--cert", cert)
        self.run_program("openssl", "dgst", "-sha256", "-sign", f"{self.signer}.key.pem",
                         "-out", "t.sig", "t.der", code=0)
        for arguments in (["attach", archive, signature],
                          ["attach", archive, "--raw", "t.sig", "--cert", cert],
                          ["prepare", archive, "--tbs", "t.der", "--cert", cert],
                          ["endorse", archive, "--key", f"{self.signer}.key.pem", "--cert", cert]):
            with self.subTest(arguments[0]):
                result = self.run_program(*FAKETIME, "+4 years", SIGN, *arguments, code=2)
                self.assertIn("expired", result.err, result)
        self.sign("attach", archive, "--raw", "t.sig", "--cert", cert)
        self.accepted(archive)

    def test_example_certificate(self):
        archive, manifest = self.prepared()
        signature = self.cms(manifest, KEYS / "release")
        self.not_attached(archive, signature, code=2, says="published key")
        self.sign("attach", archive, signature, "--allow-example-keys")


class Raw(Ceremony):
    def prepare(self, signer, *arguments):
        archive = self.release()
        shown = self.sign("prepare", archive, "--cert", f"{signer}.cert.pem", "--tbs", "t.der", "--json",
                          *arguments).json()
        data = (self.folder / "t.der").read_bytes()
        self.assertEqual(hashlib.new(shown["attributes"]["algorithm"], data).hexdigest(),
                         shown["attributes"]["digest"])
        (self.folder / "t.digest").write_bytes(bytes.fromhex(shown["attributes"]["digest"]))
        return archive, shown["attributes"]["algorithm"]

    def raw(self, signer, digest, *options):
        """Over the digest alone, as an HSM or a cloud service gets it."""
        self.run_program("openssl", "pkeyutl", "-sign", "-inkey", f"{signer}.key.pem",
                         "-in", "t.digest", "-out", "t.sig", "-pkeyopt", f"digest:{digest}",
                         *options, code=0)

    def test_ecdsa_and_rsa(self):
        for signer, options in [(self.signer, []), (self.second, []), (self.rsa, []),
                                (self.rsa, ["-pkeyopt", "rsa_padding_mode:pss",
                                            "-pkeyopt", "rsa_pss_saltlen:digest"])]:
            with self.subTest(signer=signer.name, options=options):
                archive, digest = self.prepare(signer, "--meaning", "origin")
                self.raw(signer, digest, *options)
                self.sign("attach", archive, "--raw", "t.sig", "--cert", f"{signer}.cert.pem",
                          "--meaning", "origin")
                self.accepted(archive)

    def test_r_and_s_as_tokens_give_them(self):
        archive, digest = self.prepare(self.signer)
        self.raw(self.signer, digest)
        text = self.run_program("openssl", "asn1parse", "-inform", "DER", "-in", "t.sig", code=0).out
        numbers = [int(line.split(":")[-1], 16) for line in text.splitlines() if "INTEGER" in line]
        (self.folder / "t.sig").write_bytes(b"".join(one.to_bytes(32, "big") for one in numbers))
        self.sign("attach", archive, "--raw", "t.sig", "--cert", f"{self.signer}.cert.pem")
        self.accepted(archive)

    def test_chain_is_covered(self):
        between = self.make_authority("between", self.authority)
        signer = self.make_signer("below", ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
                                  issuer=between)
        archive, digest = self.prepare(signer, "--chain", f"{between}.cert.pem")
        self.raw(signer, digest)
        self.not_attached(archive, "--raw", "t.sig", "--cert", f"{signer}.cert.pem",
                          says="same --cert, --chain")
        self.sign("attach", archive, "--raw", "t.sig", "--cert", f"{signer}.cert.pem",
                  "--chain", f"{between}.cert.pem")
        self.accepted(archive)

    def test_from_a_description_in_one_step(self):
        (self.folder / "firmware.bin").write_bytes(noise(900, "firmware"))
        description = self.description(["firmware.bin"])
        self.sign("prepare", description, "--out", "r.tar", "--cert", f"{self.signer}.cert.pem",
                  "--tbs", "t.der")
        self.assertFalse((self.folder / "r.tar.MANIFEST.json").exists())
        self.run_program("openssl", "dgst", "-sha256", "-sign", f"{self.signer}.key.pem",
                         "-out", "t.sig", "t.der", code=0)
        self.sign("attach", "r.tar", "--raw", "t.sig", "--cert", f"{self.signer}.cert.pem")
        self.accepted(self.folder / "r.tar")

    def test_refusals(self):
        archive, digest = self.prepare(self.signer, "--meaning", "approval")
        self.raw(self.signer, digest)
        value = (self.folder / "t.sig").read_bytes()
        (self.folder / "short").write_bytes(value[:-1])
        (self.folder / "zeros").write_bytes(bytes(64))
        (self.folder / "base64").write_bytes(base64.b64encode(value[:-1]))
        cert = ["--cert", f"{self.signer}.cert.pem"]
        for what, arguments, words in [
                ("no meaning", ["--raw", "t.sig", *cert], "--meaning"),
                ("another meaning", ["--raw", "t.sig", *cert, "--meaning", "origin"], "--meaning"),
                ("another certificate", ["--raw", "t.sig", "--cert", f"{self.second}.cert.pem",
                                         "--meaning", "approval"], "does not fit"),
                ("cut", ["--raw", "short", *cert, "--meaning", "approval"], "does not fit"),
                ("zeros", ["--raw", "zeros", *cert, "--meaning", "approval"], "does not fit"),
                ("base64", ["--raw", "base64", *cert, "--meaning", "approval"], "does not fit")]:
            with self.subTest(what):
                self.not_attached(archive, *arguments, says=words)
        self.not_attached(archive, "--raw", "t.sig", code=2, says="cert")
        self.not_attached(archive, "x.p7s", "--raw", "t.sig", *cert, code=2, says="contradict")


class FourEyes(Ceremony):
    """Two of three release signers, and quality: signed by four ways, counted by a policy."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        names = ["anna", "bert", "cleo", "quality"]
        cls.people = {name: cls.make_signer(name, ["-newkey", "ec", "-pkeyopt",
                                                   "ec_paramgen_curve:P-256"]) for name in names}
        signers = []
        for name, prefix in cls.people.items():
            text = pathlib.Path(f"{prefix}.cert.pem").read_text("ascii")
            der = base64.b64decode("".join(text.split("-----")[2].split()))
            signers.append({"name": name, "anchor": {"type": "certificate", "pem": text},
                            "added": {"by": "test", "at": "2026-01-01T00:00:00Z", "how": "made here",
                                      "fingerprint": hashlib.sha256(der).hexdigest()}})
        policy = json.loads((KEYS / "trust-four-eyes.json").read_text("utf-8"))
        scope = policy["scopes"][0]
        scope.update(signers=signers,
                     roles=[{"role": "release", "signers": names[:3], "threshold": 2},
                            {"role": "quality", "signers": names[3:], "threshold": 1}])
        cls.policy = cls.shared / "trust.json"
        cls.policy.write_text(json.dumps(policy, indent=2), encoding="utf-8")

    def endorse(self, archive, name, meaning, code=0):
        prefix = self.people[name]
        self.sign("endorse", archive, "--key", f"{prefix}.key.pem", "--cert", f"{prefix}.cert.pem",
                  "--meaning", meaning, code=code)

    def judged(self, archive, code):
        return self.verify("check", archive, "--trust", self.policy, code=code)

    def test_two_of_three_and_quality(self):
        archive = self.release()
        for name, meaning, code in [("anna", "origin", 1), ("quality", "approval", 1),
                                    ("bert", "origin", 0), ("cleo", "origin", 0)]:
            self.endorse(archive, name, meaning)
            result = self.judged(archive, code)
            if code:
                self.assertIn("trust.threshold", result.out, result)

    def test_what_does_not_count(self):
        for what, steps in [
                ("quality is missing", [("anna", "origin"), ("bert", "origin"), ("cleo", "origin")]),
                ("one release signer", [("anna", "origin"), ("quality", "approval")]),
                ("quality with the wrong meaning", [("anna", "origin"), ("bert", "origin"),
                                                    ("quality", "origin")]),
                ("release with the wrong meaning", [("anna", "origin"), ("bert", "approval"),
                                                    ("quality", "approval")]),
                ("a receipt", [("anna", "origin"), ("bert", "receipt"), ("quality", "approval")])]:
            with self.subTest(what):
                archive = self.release()
                for name, meaning in steps:
                    self.endorse(archive, name, meaning)
                self.assertIn("trust.threshold", self.judged(archive, 1).out)

    def test_a_removed_signature_is_missed(self):
        archive = self.release()
        for name, meaning in [("anna", "origin"), ("bert", "origin"), ("quality", "approval")]:
            self.endorse(archive, name, meaning)
        self.judged(archive, 0)
        kept = {name[11:27]: read_member(archive, name) for name in signatures(archive)}
        for name in kept:
            rest = {one: data for one, data in kept.items() if one != name}
            self.judged(rebuild(archive, self.folder / "less", signatures=rest), 1)


@unittest.skipUnless(shutil.which("javac") and all(one.exists() for one in JARS),
                     "needs libbcpkix-java and a JDK")
class BouncyCastle(Ceremony):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.classes = cls.shared / "classes"
        cls.path = os.pathsep.join(str(one) for one in JARS)
        cls.tool("javac", "-cp", cls.path, "-d", cls.classes,
                 SOURCE / "tests" / "e2e" / "java" / "SignManifest.java")

    def bouncy(self, manifest, signer, algorithm, *flags):
        self.run_program("java", "-cp", f"{self.classes}{os.pathsep}{self.path}", "SignManifest",
                         f"{signer}.key.pem", f"{signer}.cert.pem", manifest, "b.p7s", algorithm,
                         *flags, code=0)
        return self.folder / "b.p7s"

    def test_accepted(self):
        for signer, algorithm, flags in [(self.signer, "SHA256withECDSA", []),
                                         (self.second, "SHA384withECDSA", ["embed", "protect"]),
                                         (self.rsa, "SHA256withRSA", ["time"]),
                                         (self.rsa, "SHA512withRSAandMGF1", []),
                                         # as it comes by default: with cmsAlgorithmProtection
                                         (self.rsa, "SHA256withRSA", ["protect"]),
                                         (self.rsa, "SHA384withRSA", ["protect", "time"]),
                                         (self.rsa, "SHA256withRSAandMGF1", ["protect"]),
                                         (self.rsa, "SHA512withRSAandMGF1", ["protect"])]:
            with self.subTest(algorithm=algorithm, flags=flags):
                archive, manifest = self.prepared()
                self.sign("attach", archive, self.bouncy(manifest, signer, algorithm, *flags))
                self.accepted(archive)

    def test_attribute_outside_the_profile(self):
        archive, manifest = self.prepared()
        self.not_attached(archive, self.bouncy(manifest, self.signer, "SHA256withECDSA", "extra"),
                          says="attribute that the profile does not know: 1.2.3.4.5")

    def test_another_manifest(self):
        archive, manifest = self.prepared()
        manifest.write_bytes(manifest.read_bytes().replace(b'"sequence": 1', b'"sequence": 2'))
        self.not_attached(archive, self.bouncy(manifest, self.signer, "SHA256withECDSA"),
                          says="over other content")


if __name__ == "__main__":
    main()
