# SPDX-License-Identifier: Apache-2.0
"""Keys as vendors hold them, for tests: an encrypted file, a token (SoftHSM), a TPM 2.0 (swtpm)."""
import os
import shutil
import subprocess
import unittest

from harness import CLEAN_ENVIRONMENT, Case, SANITIZED, noise
from machine import ENGINE, MODULE
from swtpm import Swtpm

PIN = "4711-pin-of-the-token"
PASSPHRASE = "correct horse battery staple"
# The pkcs11 engine and SoftHSM keep memory of their own where they fail.
FOREIGN_LEAKS = {"ASAN_OPTIONS": "detect_leaks=0"} if SANITIZED else {}
CERTIFICATE = ["-subj", "/O=Works/CN=token", "-days", "100",
               "-addext", "basicConstraints=critical,CA:FALSE",
               "-addext", "keyUsage=critical,digitalSignature",
               "-addext", "extendedKeyUsage=codeSigning"]


class Keys(Case):
    secrets = [PIN, PASSPHRASE]
    environment = {}

    def release(self):
        (self.folder / "firmware.bin").write_bytes(noise(3000, "firmware"))
        return self.description([("firmware.bin", {"role": "firmware"})])

    def secret(self, text, name="secret"):
        path = self.folder / name
        path.write_text(text + "\n", encoding="utf-8")
        path.chmod(0o600)
        return path

    def sign(self, *arguments, **more):
        result = super().sign(*arguments, environment=self.environment, **more)
        for secret in self.secrets:
            self.assertNotIn(secret, result.out + result.err)
        return result

    def signs(self, key, cert, *arguments, **more):
        """pack and endorse with that key, and the verifier accepts both."""
        description = self.release()
        self.sign("pack", description, "--key", key, "--cert", cert, "--out", "a.tar", "--force", *arguments, **more)
        self.check("a.tar", anchor=cert, allow=False)
        self.sign("prepare", description, "--out", "b.tar", "--force")
        self.sign("endorse", "b.tar", "--key", key, "--cert", cert, "--meaning", "origin", *arguments,
                  **more)
        self.check("b.tar", anchor=cert, allow=False)

    def signs_records(self, key, cert, *arguments):
        """The verifier signs its record with that key, where --record puts it and in the journal."""
        self.signs(key, cert, *arguments)
        result = self.verify("check", "a.tar", "--anchor", cert, "--record", "record", "--journal",
                             "journal", "--sign-record", key, "--record-cert", cert, *arguments,
                             environment=self.environment)
        for secret in self.secrets:
            self.assertNotIn(secret, result.out + result.err)
            for path in (self.folder / "record").iterdir():
                self.assertNotIn(secret.encode(), path.read_bytes())
        self.verify("record", "verify", "record/RECORD.json", "--anchor", cert, "--journal", "journal",
                    "--accepted")
        self.run_program("openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in",
                         "record/RECORD.json.p7s", "-content", "record/RECORD.json", "-CAfile", cert,
                         "-purpose", "any", "-partial_chain", "-out", os.devnull, code=0)

    def fails(self, key, cert, *arguments, code, says, **more):
        result = self.sign("pack", self.release(), "--key", key, "--cert", cert, "--out", "bad.tar",
                           *arguments, code=code, **more)
        self.assertIn(says, result.err, result)
        self.assertFalse((self.folder / "bad.tar").exists())
        return result


class FileKeys(Keys):
    def setUp(self):
        super().setUp()
        self.run_program("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                         "-keyout", "k.pem", "-out", "c.pem", "-passout", f"pass:{PASSPHRASE}",
                         *CERTIFICATE, code=0)


@unittest.skipUnless(MODULE and shutil.which("softhsm2-util") and shutil.which("pkcs11-tool"),
                     "needs softhsm2 and opensc")
class TokenKeys(Keys):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.shared / "tokens").mkdir()
        configuration = cls.shared / "softhsm.conf"
        configuration.write_text(f"directories.tokendir = {cls.shared}/tokens\n"
                                 "objectstore.backend = file\nlog.level = ERROR\n", encoding="ascii")
        cls.environment = {"SOFTHSM2_CONF": str(configuration), **FOREIGN_LEAKS}
        cls.tool("softhsm2-util", "--init-token", "--free", "--label", "release", "--so-pin", "99990000",
                 "--pin", PIN)
        for number, (name, kind) in enumerate(
                [("p256", "EC:prime256v1"), ("p384", "EC:secp384r1"), ("rsa", "rsa:3072"),
                 ("weak", "rsa:2048")], 1):
            cls.tool("pkcs11-tool", "--module", MODULE, "--login", "--pin", PIN, "--keypairgen",
                     "--key-type", kind, "--label", name, "--id", f"{number:02x}")
            if ENGINE:
                cls.tool("openssl", "req", "-new", "-x509", "-engine", "pkcs11", "-keyform", "engine",
                         "-key", f"pkcs11:token=release;object={name};pin-value={PIN}",
                         "-out", cls.shared / f"{name}.pem", *CERTIFICATE)
            else:
                cls.certify(name, f"{number:02x}")

    @classmethod
    def certify(cls, name, identity):
        """Without the engine (Debian 13): SoftHSM and the provider in one openssl command get into
        each other's way, so somebody else's key signs the certificate."""
        prefix = cls.shared / name
        cls.tool("pkcs11-tool", "--module", MODULE, "--read-object", "--type", "pubkey", "--id",
                 identity, "-o", f"{prefix}.spki")
        cls.tool("openssl", "pkey", "-pubin", "-inform", "DER", "-in", f"{prefix}.spki", "-pubout",
                 "-out", f"{prefix}.pub")
        cls.tool("openssl", "req", "-new", "-x509", "-newkey", "ec", "-pkeyopt",
                 "ec_paramgen_curve:P-256", "-noenc", "-keyout", f"{prefix}.other.key", "-out",
                 f"{prefix}.other.pem", "-subj", "/O=Works/CN=issuer")
        cls.tool("openssl", "req", "-new", "-key", f"{prefix}.other.key", "-out", f"{prefix}.csr",
                 *CERTIFICATE[:2], *CERTIFICATE[4:])
        cls.tool("openssl", "x509", "-req", "-in", f"{prefix}.csr", "-force_pubkey", f"{prefix}.pub",
                 "-CA", f"{prefix}.other.pem", "-CAkey", f"{prefix}.other.key", "-copy_extensions",
                 "copyall", "-days", "100", "-out", f"{prefix}.pem")

    @classmethod
    def tool(cls, *arguments):
        subprocess.run([str(one) for one in arguments], check=True, capture_output=True,
                       env={**CLEAN_ENVIRONMENT, **cls.environment, "PKCS11_MODULE_PATH": str(MODULE)})

    def uri(self, name, more=""):
        return f"pkcs11:token=release;object={name}?module-path={MODULE}{more}"


@unittest.skipUnless(shutil.which("swtpm") and shutil.which("tpm2_create"), "needs swtpm and tpm2-tools")
class TpmKeys(Keys):
    PROVIDERS = ["-provider", "tpm2", "-provider", "default", "-propquery",
                 "?provider=tpm2,tpm2.digest!=yes"]

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tpm = Swtpm()
        cls.addClassCleanup(cls.tpm.remove)
        cls.environment = {"TPM2OPENSSL_TCTI": cls.tpm.tcti, "TSS2_LOG": "all+NONE", **FOREIGN_LEAKS}

    def openssl(self, *arguments):
        self.run_program("openssl", *arguments, code=0, environment=self.environment)

    def certificate(self, key, *more):
        self.openssl("req", "-new", "-x509", *self.PROVIDERS, "-key", key, "-out", "c.pem", *more,
                     *CERTIFICATE)
        return "c.pem"

    def persistent(self, kind, handle, *auth):
        self.tpm.tool("tpm2_createprimary", "-C", "o", "-g", "sha256", "-G", "ecc256",
                      "-c", self.folder / "primary")
        self.tpm.tool("tpm2_create", "-C", self.folder / "primary", "-G", kind, *auth,
                      "-u", self.folder / "pub", "-r", self.folder / "priv",
                      "-a", "sign|fixedtpm|fixedparent|sensitivedataorigin|userwithauth")
        self.tpm.tool("tpm2_flushcontext", "-t")
        self.tpm.tool("tpm2_load", "-C", self.folder / "primary", "-u", self.folder / "pub",
                      "-r", self.folder / "priv", "-c", self.folder / "key")
        self.tpm.tool("tpm2_evictcontrol", "-C", "o", "-c", self.folder / "key", handle)
        self.tpm.tool("tpm2_flushcontext", "-t")
