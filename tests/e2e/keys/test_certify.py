# SPDX-License-Identifier: Apache-2.0
"""What keygen makes for a key: certificates and requests, also for keys in files, tokens and TPMs that exist; and
where its secret may come from."""
import shutil

from harness import Case, ROOT_CERT, SIGN, main
from keys_case import PASSPHRASE, PIN, FileKeys, TokenKeys, TpmKeys


class Certifying(Case):
    def requests(self, path, organization):
        """A request that stock openssl verifies, for a certificate that signs code."""
        result = self.run_program("openssl", "req", "-verify", "-noout", "-text", "-in", path, code=0)
        for part in ("verify OK", organization, "Code Signing", "CA:FALSE", "Digital Signature"):
            self.assertIn(part, result.out + result.err)

    def issue(self, request, path):
        """What an authority makes of a request: its own name and key, the request's name, key and extensions."""
        self.run_program("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-keyout",
                         "ca.key", "-out", "ca.pem", "-subj", "/CN=authority", "-days", "100", code=0)
        self.run_program("openssl", "x509", "-req", "-in", request, "-CA", "ca.pem", "-CAkey", "ca.key", "-copy_extensions",
                         "copyall", "-days", "100", "-out", path, code=0)

    def certifies(self, key, *secret):
        """A self-signed certificate and a request for a key that exists; both lead to releases that are accepted."""
        value = self.sign("keygen", "--key", key, "--subject", "CN=Release,O=Works", "--days", "40", "--cert-out", "own.pem",
                          "--json", *secret).json()
        self.assertEqual(sorted(value), ["algorithm", "certificate", "cretula", "ends", "fingerprint"])
        shown = self.run_program("openssl", "x509", "-noout", "-fingerprint", "-sha256", "-in", "own.pem", code=0).out
        self.assertEqual(shown.split("=")[1].strip().replace(":", "").lower(), value["fingerprint"])
        self.run_program("openssl", "verify", "-CAfile", "own.pem", "own.pem", code=0)
        self.signs(key, "own.pem", *secret)
        value = self.sign("keygen", "--key", key, "--subject", "CN=Release,O=Works", "--csr", "own.csr", "--json", *secret).json()
        self.assertEqual(sorted(value), ["algorithm", "cretula", "request"])
        self.requests("own.csr", "Works")
        self.issue("own.csr", "issued.pem")
        self.signs(key, "issued.pem", *secret)


class Files(FileKeys, Certifying):
    def test_a_file_that_others_can_read_is_warned_of(self):
        """The run goes on: pipelines mount secrets as they like. Neither a file of its owner alone nor a pipe is."""
        path = self.secret(PASSPHRASE)
        archive = self.small_release()
        record = ["check", archive, "--anchor", ROOT_CERT, "--allow-example-keys", "--record", "r", "--sign-record", "k.pem",
                  "--record-cert", "c.pem"]
        for mode, warned in ((0o600, False), (0o640, True), (0o604, True), (0o622, False)):
            path.chmod(mode)
            for option in ("--passphrase-file", "--pin-file"):
                with self.subTest(mode=oct(mode), option=option):
                    said = [self.sign("pack", self.release(), "--key", "k.pem", "--cert", "c.pem", "--out", "w.tar", "--force",
                                      option, path).err,
                            self.sign("keygen", "--key", "k.pem", "--subject", "CN=x", "--csr", "w.csr", "--force", option, path).err,
                            self.verify(*record, option, path).err]
                    shutil.rmtree(self.folder / "r")
                    self.assertEqual(["WARNING: others than its owner can read" in " ".join(one.split()) for one in said],
                                     [warned] * 3, said)
        result = self.run_program("sh", "-c", f"echo '{PASSPHRASE}' | '{SIGN}' pack release.yaml --key k.pem --cert c.pem --out p.tar "
                                  "--passphrase-file /dev/stdin", code=0)
        self.assertNotIn("WARNING", result.err)
        (self.folder / "copy").write_bytes(path.read_bytes())
        result = self.sign("pack", self.description([("copy", {"role": "firmware"})]), "--key", "k.pem", "--cert", "c.pem", "--out",
                           "s.tar", "--passphrase-file", path, code=2)
        self.assertIn("a secret of this very run is among the files", result.err)

    def test_what_is_no_file_with_a_secret(self):
        for path, says in (("/dev/null", "neither a regular file nor a pipe"), (".", "a folder, not a file"), ("missing", "missing"),
                           (self.secret("", "empty"), "is empty")):
            for option in ("--passphrase-file", "--pin-file"):
                with self.subTest(path=path, option=option):
                    self.fails("k.pem", "c.pem", option, path, code=2, says=says)
                    if option == "--passphrase-file":
                        result = self.sign("keygen", "--out", "n", option, path, code=2)
                        self.assertIn(says, result.err)
        self.fails("k.pem", "c.pem", "--passphrase-file", "x", "--pin-file", "y", code=2, says="--pin-file")
        result = self.fails("k.pem", "c.pem", code=2, says="no terminal")
        self.assertIn("--passphrase-file", result.err)
        self.assertFalse(list(self.folder.glob("n.*")))

    def test_a_new_key_for_an_authority(self):
        secret = self.secret(PASSPHRASE)
        self.sign("keygen", "--out", "new", "--csr", "new.csr", "--subject", "CN=Release,O=Works", "--passphrase-file", secret)
        self.assertFalse((self.folder / "new.cert.pem").exists())
        self.requests("new.csr", "Works")
        self.issue("new.csr", "new.pem")
        self.signs("new.key.pem", "new.pem", "--passphrase-file", secret)
        before = {path.name: path.read_bytes() for path in self.folder.glob("new.*")}
        for arguments, says in ((["--out", "new", "--csr", "other.csr"], "never overwritten"),
                                (["--out", "other", "--csr", "new.csr"], "new.csr exists"),
                                (["--out", "other", "--csr", "new.csr", "--force"], "--key"),
                                (["--out", "other", "--csr", "-"], "--csr"),
                                (["--out", "other", "--csr", "x.csr", "--days", "5"], "--days"),
                                (["--out", "other", "--csr", "no/folder.csr"], "no/folder.csr")):
            with self.subTest(arguments):
                result = self.sign("keygen", *arguments, "--passphrase-file", secret, code=(2, 3))
                self.assertIn(says, result.err)
        self.assertEqual({path.name: path.read_bytes() for path in self.folder.glob("new.*")}, before)
        self.assertFalse(list(self.folder.glob("other*")))

    def test_a_certificate_for_a_key_that_exists(self):
        self.certifies("k.pem", "--passphrase-file", self.secret(PASSPHRASE))
        name = ["--subject", "CN=x"]
        secret = ["--passphrase-file", self.secret(PASSPHRASE)]
        key = (self.folder / "k.pem").read_bytes()
        made = (self.folder / "own.pem").read_bytes()
        for arguments, says in ((["--key", "k.pem", *name], "--cert-out FILE"), (["--cert-out", "a.pem", *name], "--key"),
                                ([*name], "--out PREFIX"), (["--key", "k.pem", "--cert-out", "a.pem"], "--subject"),
                                (["--key", "k.pem", "--cert-out", "a.pem", "--csr", "b.csr", *name], "--csr"),
                                (["--key", "k.pem", "--out", "p", *name], "--out"),
                                (["--key", "k.pem", "--algorithm", "rsa-3072", "--cert-out", "a.pem", *name], "--algorithm"),
                                (["--key", "k.pem", "--cert-out", "own.pem", *name], "own.pem exists"),
                                (["--key", "k.pem", "--cert-out", "k.pem", *name], "k.pem exists"),
                                (["--key", "k.pem", "--cert-out", "k.pem", "--force", *name], "k.pem"),
                                (["--key", "c.pem", "--cert-out", "a.pem", *name], "holds no private key"),
                                (["--key", "k.pem", "--cert-out", "a.pem", "--subject", "nonsense"], "--subject"),
                                (["--key", "k.pem", "--csr", "-", *name], "--csr"),
                                (["--key", "k.pem", "--cert-out", "-", *name], "standard output")):
            with self.subTest(arguments):
                result = self.sign("keygen", *arguments, *secret, code=2)
                self.assertIn(says, result.err)
                self.assertFalse((self.folder / "a.pem").exists())
        self.assertEqual((self.folder / "k.pem").read_bytes(), key)
        self.assertEqual((self.folder / "own.pem").read_bytes(), made)
        self.sign("keygen", "--key", "k.pem", "--cert-out", "own.pem", "--subject", "CN=again", "--force", *secret)
        self.signs("k.pem", "own.pem", *secret)

    def test_a_published_key_gets_no_certificate(self):
        wanted = ["keygen", "--key", ROOT_CERT.parent / "release.key.pem", "--subject", "CN=x", "--cert-out", "e.pem"]
        self.assertIn("published key", self.sign(*wanted, code=2).err)
        self.assertFalse((self.folder / "e.pem").exists())
        self.sign(*wanted, "--allow-example-keys")


class Token(TokenKeys, Certifying):
    def test_a_certificate_for_a_key_in_the_token(self):
        pin = self.secret(PIN)
        for name in ("p256", "rsa"):
            with self.subTest(name):
                self.certifies(self.uri(name), "--pin-file", pin)
                for path in ("own.pem", "own.csr"):
                    (self.folder / path).unlink()
        wanted = ["keygen", "--subject", "CN=x", "--cert-out", "bad.pem"]
        for key, secret, says in ((self.uri("nothing"), pin, "does not give"), (self.uri("weak"), pin, "3072")):
            self.assertIn(says, self.sign(*wanted, "--key", key, "--pin-file", secret, code=(2, 3)).err)
        result = self.sign(*wanted, "--key", self.uri("p256"), code=2)
        self.assertIn("--pin-file", result.err)
        self.assertFalse((self.folder / "bad.pem").exists())


class Tpm(TpmKeys, Certifying):
    def test_certificates_by_the_program(self):
        self.persistent("ecc256", "0x81000015", "-p", PIN)
        self.certifies("handle:0x81000015?pass", "--pin-file", self.secret(PIN))


if __name__ == "__main__":
    main()
