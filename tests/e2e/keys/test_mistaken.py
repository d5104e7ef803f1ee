# SPDX-License-Identifier: Apache-2.0
"""What people give in the place of a certificate, a list, a key or a fingerprint: it is named, with the way out."""
import base64
import hashlib
import ssl

from harness import VENDOR, Case, main


class Mistaken(Case):
    def setUp(self):
        super().setUp()
        self.prefix = self.own_keys("vendor")
        self.root, self.cert, self.key = (f"vendor{end}" for end in ("-root.cert.pem", ".cert.pem", ".key.pem"))
        (self.folder / "firmware.bin").write_bytes(b"firmware")
        self.release = self.description(["firmware.bin"])
        self.sign("pack", self.release, "--key", self.key, "--cert", self.cert, "--out", "a.tar")

    def openssl(self, *arguments, **more):
        self.run_program("openssl", *arguments, code=0, **more)

    def text(self, name):
        return (self.folder / name).read_text("ascii")

    def put(self, name, text):
        (self.folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        return name

    def forms(self, cert):
        """Files that are not the certificate in PEM or DER, and a word of the way out."""
        self.openssl("crl2pkcs7", "-nocrl", "-certfile", cert, "-out", "bundle.p7b")
        self.openssl("crl2pkcs7", "-nocrl", "-certfile", cert, "-outform", "DER", "-out", "bundle.der")
        self.openssl("pkcs12", "-export", "-in", self.cert, "-inkey", self.key, "-passout", "pass:x", "-out", "store.p12")
        self.openssl("x509", "-in", cert, "-trustout", "-out", "trusted.pem")
        self.openssl("req", "-new", "-key", self.key, "-subj", "/CN=x", "-out", "request.pem")
        self.openssl("pkey", "-in", self.key, "-pubout", "-out", "public.pem")
        self.openssl("pkey", "-in", self.key, "-outform", "DER", "-out", "key.der")
        self.put("old.pem", self.text(cert).replace(" CERTIFICATE", " X509 CERTIFICATE"))
        self.put("digits.txt", base64.b64encode(ssl.PEM_cert_to_DER_cert(self.text(cert))))
        self.put("page.html", "<html>not found</html>")
        return [("bundle.p7b", "pkcs7 -print_certs"), ("bundle.der", "pkcs7 -print_certs"), ("store.p12", "pkcs12 -clcerts"),
                ("trusted.pem", "openssl x509"), ("old.pem", "openssl x509"), ("request.pem", "what the CA made of it"),
                ("public.pem", "give the certificate"), (self.key, "it stays with its signer"), ("key.der", "it stays with its signer"),
                ("digits.txt", "base64"), ("page.html", "HTML")]

    def test_certificates(self):
        for cert, command in ((self.root, lambda name: self.verify("check", "a.tar", "--anchor", name, code=2)),
                              (self.cert, lambda name: self.sign("pack", self.release, "--key", self.key, "--cert", name, "--out", "b.tar",
                                                                 code=2))):
            for name, way in self.forms(cert):
                with self.subTest(cert=cert, name=name):
                    self.assertIn(way, command(name).err)
                    self.assertFalse((self.folder / "b.tar").exists())

    def test_the_way_out_works(self):
        self.forms(self.root)
        for name, arguments in (("bundle.p7b", ["pkcs7", "-print_certs"]), ("bundle.der", ["pkcs7", "-print_certs", "-inform", "DER"]),
                                ("trusted.pem", ["x509"]), ("old.pem", ["x509"])):
            with self.subTest(name):
                self.openssl(*arguments, "-in", name, "-out", "certs.pem")
                self.verify("check", "a.tar", "--anchor", "certs.pem", code=0)
        self.openssl("pkcs12", "-clcerts", "-nokeys", "-in", "store.p12", "-passin", "pass:x", "-out", "cert.pem")
        self.sign("pack", self.release, "--key", self.key, "--cert", "cert.pem", "--out", "c.tar", code=0)

    def test_lists(self):
        for name, way in ((self.root, "this is a certificate"), (self.key, "it stays with its signer")):
            self.assertIn(way, self.verify("check", "a.tar", "--anchor", self.root, "--crl", name, code=2).err)

    def test_keys(self):
        self.forms(self.root)
        self.run_program("ssh-keygen", "-q", "-t", "ecdsa", "-N", "", "-f", "ssh", code=0)
        self.put("pgp.asc", "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQ\n-----END PGP PRIVATE KEY BLOCK-----\n")
        for name, way in ((self.cert, "which --cert takes"), ("public.pem", "give the private key"), ("ssh", "ssh-keygen -p -m PKCS8"),
                          ("request.pem", "the key that it was made with"), ("key.der", "pkey -inform DER"), ("store.p12", "pkcs12 -nocerts"),
                          ("pgp.asc", "keygen")):
            with self.subTest(name):
                result = self.sign("pack", self.release, "--key", name, "--cert", self.cert, "--out", "b.tar", code=2)
                self.assertIn(way, result.err)
        # A way out that works: the copy is a key like others.
        self.run_program("ssh-keygen", "-p", "-m", "PKCS8", "-N", "", "-f", "ssh", code=0)
        self.assertIn("for another key", self.sign("pack", self.release, "--key", "ssh", "--cert", self.cert, "--out", "b.tar", code=2).err)

    def test_fingerprints(self):
        der = ssl.PEM_cert_to_DER_cert(self.text(self.root))
        right = hashlib.sha256(der).hexdigest()
        table = [(right[:40], "SHA-1"), (hashlib.sha1(der).hexdigest().upper(), "SHA-1"), (hashlib.md5(der).hexdigest(), "MD5"),
                 (hashlib.sha512(der).hexdigest(), "SHA-512"), (hashlib.sha384(der).hexdigest(), "SHA-384"),
                 (base64.b64encode(hashlib.sha256(der).digest()).decode(), "base64"), ("\u200e" + right, "invisible"),
                 (right.replace("0", "O") if "0" in right else "O" + right[1:], None)]
        self.verify("trust", "init", "t.json", "--name", "P")
        for given, says in table:
            with self.subTest(given):
                result = self.verify("trust", "add-signer", "t.json", "--vendor", VENDOR, "--signer", "s", "--role", "release", "--anchor",
                                     self.root, "--fingerprint", given, "--obtained", "phone", code=2)
                self.assertIn("64 hex digits", result.err)
                self.assertEqual("what to do" in result.err, says is not None, result)
                self.assertIn(says or "", result.err)
        for option, command in (("--expect-identity", ("check", "a.tar", "--anchor", self.root)), ("--head", ("journal", "verify", "nowhere"))):
            self.assertIn("SHA-1", self.verify(*command, option, "0" * 40, code=2).err)


if __name__ == "__main__":
    main()
