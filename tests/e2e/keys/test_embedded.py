# SPDX-License-Identifier: Apache-2.0
"""Every verb that signs says what it embedded and who can verify with what; and that this is so."""
import base64
import json

from harness import Case, main, noise

CA = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n"
LEAF = ("basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=codeSigning\n"
        "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n")


class Embedded(Case):
    def setUp(self):
        super().setUp()
        self.run_program("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-subj",
                         "/O=Works/CN=Root", "-days", "3650", "-addext", "keyUsage=critical,keyCertSign,cRLSign", "-keyout", "root.key",
                         "-out", "root.pem", code=0)
        self.issue("int", "root", CA, "/O=Works/CN=Issuing")
        self.issue("sig", "int", LEAF, "/O=Works/CN=Release")
        self.issue("two", "int", LEAF, "/O=Works/CN=Second")
        (self.folder / "both.pem").write_bytes((self.folder / "int.pem").read_bytes() + (self.folder / "root.pem").read_bytes())
        (self.folder / "fw.bin").write_bytes(noise(900, "fw"))
        self.release = self.description(["fw.bin"])

    def issue(self, name, issuer, extensions, subject):
        self.run_program("openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-subj", subject,
                         "-keyout", f"{name}.key", "-out", f"{name}.csr", code=0)
        (self.folder / "ext").write_text(extensions)
        self.run_program("openssl", "x509", "-req", "-in", f"{name}.csr", "-CA", f"{issuer}.pem", "-CAkey", f"{issuer}.key",
                         "-CAcreateserial", "-days", "1800", "-extfile", "ext", "-out", f"{name}.pem", code=0)

    def verifies(self, archive, *anchors):
        """The anchors with which it verifies are these, of all that there are."""
        for anchor in ("root", "int", "sig"):
            self.check(archive, anchor=f"{anchor}.pem", allow=False, code=0 if anchor in anchors else 1)

    def test_without_its_issuer(self):
        result = self.sign("pack", self.release, "--key", "sig.key", "--cert", "sig.pem", "--out", "a.tar")
        self.assertIn("embedded    the signer's certificate alone", result.out)
        self.assertIn("CN=Issuing,O=Works", result.out)
        self.assertIn("give it with --chain", result.out)
        self.verifies("a.tar", "int", "sig")

    def test_with_its_issuer_and_a_root_beside_it(self):
        result = self.sign("pack", self.release, "--key", "sig.key", "--cert", "sig.pem", "--chain", "both.pem", "--out", "a.tar")
        self.assertNotIn("give it with --chain", result.out)
        self.assertRegex(result.out, r"left out    CN=Root,O=Works\n +a root: verifiers have their own")
        self.verifies("a.tar", "root", "int", "sig")
        told = self.sign("endorse", "a.tar", "--key", "two.key", "--cert", "two.pem", "--json").json()["added"][0]["embedded"]
        self.assertEqual(told, {"certificates": ["CN=Second,O=Works"], "anchor": "CN=Issuing,O=Works", "leftOut": []})
        packed = self.sign("pack", self.release, "--key", "sig.key", "--cert", "sig.pem", "--chain", "both.pem", "--out", "b.tar",
                           "--json").json()["embedded"]
        self.assertEqual(packed, {"certificates": ["CN=Release,O=Works", "CN=Issuing,O=Works"], "anchor": "CN=Root,O=Works",
                                  "leftOut": ["CN=Root,O=Works"]})

    def test_a_self_signed_one(self):
        self.sign("keygen", "--out", "own", "--passphrase-fd", "0", stdin=b"a long passphrase\n")
        result = self.sign("pack", self.release, "--key", "own.key.pem", "--cert", "own.cert.pem", "--passphrase-fd", "0", "--out", "a.tar",
                           stdin=b"a long passphrase\n")
        self.assertIn("with this certificate as the anchor", result.out)
        self.assertNotIn("left out", result.out)

    def test_a_chain_that_a_cms_does_not_list(self):
        """attach takes what the signature lists; a certificate given in vain is not passed over in silence."""
        self.sign("prepare", self.release, "--out", "a.tar")
        self.run_program("openssl", "cms", "-sign", "-binary", "-cades", "-nosmimecap", "-outform", "DER", "-in", "a.tar.MANIFEST.json", "-signer", "sig.pem", "-inkey", "sig.key",
                         "-out", "s.p7s", code=0)
        result = self.sign("attach", "a.tar", "s.p7s", "--chain", "int.pem")
        self.assertRegex(result.out, r"left out    CN=Issuing,O=Works\n +not among the certificates that the signature lists")
        self.verifies("a.tar", "int", "sig")

    def test_a_renewed_certificate_for_the_same_key(self):
        """--replace puts the new signature in the place of the old one; without it nothing changes, and the way is named."""
        self.sign("pack", self.release, "--key", "sig.key", "--cert", "sig.pem", "--chain", "int.pem", "--out", "a.tar")
        self.run_program("openssl", "req", "-new", "-key", "sig.key", "-subj", "/O=Works/CN=Renewed", "-out", "new.csr", code=0)
        self.run_program("openssl", "x509", "-req", "-in", "new.csr", "-CA", "int.pem", "-CAkey", "int.key", "-CAcreateserial", "-days",
                         "1700", "-extfile", "ext", "-out", "new.pem", code=0)
        before = (self.folder / "a.tar").read_bytes()
        renewed = ["--key", "sig.key", "--cert", "new.pem", "--chain", "int.pem"]
        self.assertIn("--replace", self.sign("endorse", "a.tar", *renewed, code=2).err)
        self.assertIn("no signature by this key to replace", self.sign(
            "endorse", "a.tar", "--key", "two.key", "--cert", "two.pem", "--chain", "int.pem", "--replace", code=2).err)
        self.assertEqual((self.folder / "a.tar").read_bytes(), before)
        self.sign("endorse", "a.tar", "--key", "two.key", "--cert", "two.pem", "--chain", "int.pem")
        told = self.sign("endorse", "a.tar", *renewed, "--replace", "--json").json()
        self.assertEqual((told["signatures"], told["added"][0]["subject"]), (2, "CN=Renewed,O=Works"))
        self.verifies("a.tar", "root", "int")
        self.check("a.tar", anchor="new.pem", allow=False)
        self.check("a.tar", anchor="two.pem", allow=False)
        self.sign("prepare", "a.tar", "--tbs", "t.der", "--cert", "sig.pem", "--chain", "int.pem", code=2)
        self.sign("prepare", "a.tar", "--tbs", "t.der", "--cert", "sig.pem", "--chain", "int.pem", "--replace")
        self.run_program("openssl", "dgst", "-sha256", "-sign", "sig.key", "-out", "s.der", "t.der", code=0)
        self.sign("attach", "a.tar", "--raw", "s.der", "--cert", "sig.pem", "--chain", "int.pem", "--replace")
        self.check("a.tar", anchor="sig.pem", allow=False)
        self.check("a.tar", anchor="new.pem", allow=False, code=1)

    def test_a_raw_signature_in_base64(self):
        self.sign("prepare", self.release, "--out", "a.tar", "--tbs", "t.der", "--cert", "sig.pem", "--chain", "int.pem")
        self.run_program("openssl", "dgst", "-sha256", "-sign", "sig.key", "-out", "s.der", "t.der", code=0)
        value = base64.b64encode((self.folder / "s.der").read_bytes()).decode()
        before = (self.folder / "a.tar").read_bytes()
        for name, text in (("one line", value), ("with a line break", value + "\n"), ("in lines", "\r\n".join(value[at:at + 20] for at in
                                                                                                      range(0, len(value), 20)))):
            with self.subTest(name):
                (self.folder / "a.tar").write_bytes(before)
                (self.folder / "s.b64").write_text(text, newline="")
                self.sign("attach", "a.tar", "--raw", "s.b64", "--cert", "sig.pem", "--chain", "int.pem")
                self.verifies("a.tar", "root", "int", "sig")
        for name, text in (("a flipped digit", ("B" if value[20] != "B" else "C").join((value[:20], value[21:]))),
                           ("not padded", value.rstrip("=") + "A"), ("json", json.dumps({"Signature": value}))):
            with self.subTest(name):
                (self.folder / "a.tar").write_bytes(before)
                (self.folder / "s.b64").write_text(text)
                self.sign("attach", "a.tar", "--raw", "s.b64", "--cert", "sig.pem", "--chain", "int.pem", code=(1, 2))
                self.assertEqual((self.folder / "a.tar").read_bytes(), before)


if __name__ == "__main__":
    main()
