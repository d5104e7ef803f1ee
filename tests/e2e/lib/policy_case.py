# SPDX-License-Identifier: Apache-2.0
"""Trust policies with owners, made with the programs."""
import shutil
import subprocess

import harness
from harness import FAKETIME, KEYS, VENDOR, VERIFY

EXAMPLE = "--allow-example-keys"


class Owned(harness.Case):
    """Five owners with keys of their own, whose certificates last for 30 days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name in ("alice", "bob", "carol", "dora", "eve"):
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc",
                            "-subj", f"/CN={name}", "-days", "30", "-addext", "basicConstraints=critical,CA:FALSE",
                            "-addext", "keyUsage=critical,digitalSignature", "-addext",
                            "extendedKeyUsage=critical,codeSigning", "-keyout", str(cls.shared / f"{name}.key.pem"),
                            "-out", str(cls.shared / f"{name}.cert.pem")], check=True, capture_output=True)

    def cert(self, name):
        return self.shared / f"{name}.cert.pem"

    def fingerprint(self, name):
        done = self.run_program("openssl", "x509", "-in", self.cert(name), "-noout", "-fingerprint", "-sha256", code=0)
        return done.out.split("=")[1].strip()

    def add_owner(self, policy, name, *more, code=0):
        return self.verify("trust", "add-signer", policy, "--policy-owner", "--signer", name, "--anchor",
                           self.cert(name), "--fingerprint", self.fingerprint(name), "--obtained", "in person",
                           "--keep-version", EXAMPLE, *more, code=code)

    def new_policy(self, *owners, threshold=2, name="Plant 7"):
        """Version 1 with the example root as vendor."""
        path = self.folder / f"{name}.json"
        self.verify("trust", "init", path, "--name", name, "--expires", "2099-01-01T00:00:00Z")
        self.verify("trust", "add-signer", path, "--vendor", VENDOR, "--signer", "Vendor CA", "--role", "release",
                    "--anchor", KEYS / "root.cert.pem", "--fingerprint", self.example_fingerprint(), "--obtained",
                    "phone call", "--keep-version", EXAMPLE)
        for owner in owners:
            self.add_owner(path, owner)
        if owners:
            self.set(path, "--owners-threshold", min(threshold, len(owners)), "--keep-version")
        return path

    def example_fingerprint(self):
        done = self.run_program("openssl", "x509", "-in", KEYS / "root.cert.pem", "-noout", "-fingerprint", "-sha256",
                                code=0)
        return done.out.split("=")[1].strip()

    def set(self, policy, *arguments, code=0):
        return self.verify("trust", "set", policy, *arguments, EXAMPLE, code=code)

    def sign_version(self, policy, *names, to="series", code=0, more=()):
        for name in names:
            self.last = self.verify("trust", "sign", policy, "--key", self.shared / f"{name}.key.pem", "--cert",
                                    self.cert(name), "--to", self.folder / to, EXAMPLE, *more, code=code)
        return self.last

    def install(self, policy):
        path = self.folder / "trust.json"
        shutil.copy(policy, path)
        return path

    def update(self, *arguments, code=0, folder="series", clock=None):
        command = [*FAKETIME, "-f", clock] if clock else []
        return self.run_program(*command, VERIFY, "trust", "update", self.folder / folder, EXAMPLE, *arguments,
                                code=code)

    def key_digest(self, name):
        public = self.run_program("openssl", "x509", "-in", self.cert(name), "-noout", "-pubkey", code=0).out_bytes
        der = self.run_program("openssl", "pkey", "-pubin", "-outform", "DER", stdin=public, code=0).out_bytes
        return harness.sha256(der)[:16]

    def authority(self, prefix, *arguments):
        """openssl ca with the key and certificate PREFIX.key.pem, PREFIX.cert.pem."""
        folder = self.folder / "ca"
        if not folder.exists():
            folder.mkdir()
            (folder / "index.txt").write_text("")
            (folder / "crlnumber").write_text("01\n")
            (folder / "ca.cnf").write_text("[ca]\ndefault_ca=a\n[a]\ndatabase=index.txt\ncrlnumber=crlnumber\n"
                                           "default_md=sha256\ndefault_crl_days=30\n")
        self.run_program("openssl", "ca", "-config", "ca.cnf", "-keyfile", f"{prefix}.key.pem", "-cert",
                         f"{prefix}.cert.pem", *arguments, cwd=folder, code=0)
