# SPDX-License-Identifier: Apache-2.0
"""The guides about trust: rotation, air-gapped updates, key compromise. Their transcripts are run as they stand."""
import json
import shutil
import unittest

import guide
from harness import EXAMPLE as RELEASE, SIGN, VENDOR
from policy_case import Owned


class Guides(Owned):
    def vendor(self):
        """A CA with a release certificate below it; names as the guides use them."""
        return self.own_keys("vendor")

    def test_rotation(self):
        self.vendor()
        commands = guide.run(self, "docs/guides/rotation.md")
        self.assertEqual(sum("trust update" in command for command in commands), 2)
        self.assertEqual(json.loads((self.folder / "station" / "trust.json").read_text("utf-8"))["version"], 3)

    def test_air_gapped(self):
        draft = self.new_policy("alice", "bob", "carol")
        # The guide's commands allow no example key, so that the vendor must be another one.
        self.vendor()
        fingerprint = self.run_program("openssl", "x509", "-in", "vendor-root.cert.pem", "-noout", "-fingerprint",
                                       "-sha256", code=0).out.split("=")[1].strip()
        self.verify("trust", "add-signer", draft, "--vendor", "Vendor", "--signer", "CA", "--role", "release",
                    "--anchor", "vendor-root.cert.pem", "--fingerprint", fingerprint, "--obtained", "phone",
                    "--keep-version", "--allow-example-keys")
        self.verify("trust", "remove-signer", draft, "--vendor", VENDOR, "--signer", "Vendor CA", "--keep-version",
                    "--allow-example-keys")
        self.install(draft)
        (self.folder / "stick").mkdir()
        self.sign_version(draft, "alice", "bob", to="stick/series")
        for arguments in (["--expires", "2098-01-01T00:00:00Z"], ["--severity", "sbom.bsi=fail"],
                          ["--revocation", "require"]):
            self.set(draft, *arguments)
            self.sign_version(draft, "alice", "carol", to="stick/series")
        guide.run(self, "docs/guides/air-gapped-trust-updates.md")
        self.assertEqual((self.folder / "trust.json").read_bytes(), draft.read_bytes())

    def test_key_compromise(self):
        prefix = self.vendor()
        pinned = self.own_keys("pinned")
        self.run_program(SIGN, "pack", RELEASE / "release.yaml", "--key", f"{prefix}.key.pem", "--cert",
                         f"{prefix}.cert.pem", "--out", "fielded.cretula.tar", code=0)
        for policy, vendor, name, certificate in (
                ("trust.json", VENDOR, "Vendor CA", f"{prefix}-root.cert.pem"),
                ("pinned.json", "Pinned GmbH", "Vendor release key", f"{pinned}.cert.pem"),
                ("pinned.json", VENDOR, "Vendor CA", f"{prefix}-root.cert.pem")):
            if not (self.folder / policy).exists():
                self.verify("trust", "init", policy, "--name", "Plant 7")
            fingerprint = self.run_program("openssl", "x509", "-in", certificate, "-noout", "-fingerprint", "-sha256",
                                           code=0).out.split("=")[1].strip()
            self.verify("trust", "add-signer", policy, "--vendor", vendor, "--signer", name, "--role", "release",
                        "--anchor", certificate, "--fingerprint", fingerprint, "--obtained", "phone")
        self.verify("check", "fielded.cretula.tar", "--trust", "trust.json", "--journal", "journal")
        shutil.copy(f"{prefix}.cert.pem", self.folder / "release.cert.pem")
        shutil.copy(self.cert("eve"), self.folder / "new.cert.pem")
        self.authority(f"{prefix}-root", "-revoke", f"{prefix}.cert.pem", "-crl_compromise", "20260101000000Z")
        self.authority(f"{prefix}-root", "-gencrl", "-out", self.folder / "vendor.crl.pem")
        self.run_program("openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc",
                         "-subj", "/O=vendor works/CN=vendor release signing 2", "-keyout", "renewed.key.pem", "-out",
                         "renewed.csr", code=0)
        self.run_program("openssl", "x509", "-req", "-in", "renewed.csr", "-CA", f"{prefix}-root.cert.pem", "-CAkey",
                         f"{prefix}-root.key.pem", "-CAcreateserial", "-days", "1825", "-extfile", f"{prefix}.ext",
                         "-out", "renewed.cert.pem", code=0)
        commands = guide.run(self, "docs/guides/key-compromise.md")
        self.assertGreaterEqual(len(commands), 6)


if __name__ == "__main__":
    unittest.main()
