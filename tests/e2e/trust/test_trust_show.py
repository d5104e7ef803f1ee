# SPDX-License-Identifier: Apache-2.0
"""trust show: who may sign what, on one screen, however large the policy is; with --verbose every certificate."""
import json
import ssl

from harness import KEYS, VENDOR, Case, main, sha256

EXAMPLE = "--allow-example-keys"


class Show(Case):
    def signer(self, name, kind="ca"):
        return {"name": name, "anchor": {"type": kind, "pem": (KEYS / "root.cert.pem").read_text()},
                "added": {"by": "A. Person", "at": "2026-01-01T00:00:00Z", "how": "phone call", "fingerprint": self.fingerprint()}}

    def fingerprint(self):
        der = ssl.PEM_cert_to_DER_cert((KEYS / "root.cert.pem").read_text())
        return sha256(der)

    def scope(self, vendor, **fields):
        return {"vendor": vendor, "products": ["*"], "signers": [self.signer("Vendor CA")],
                "roles": [{"role": "release", "signers": ["Vendor CA"], "threshold": 1}], **fields}

    def policy(self, *scopes, **fields):
        path = self.folder / "trust.json"
        path.write_text(json.dumps({"cretula": "trust/1", "name": "Plant 7", "version": 3, "issued": "2026-01-01T00:00:00Z",
                                    "scopes": scopes, **fields}), encoding="utf-8")
        return path

    def show(self, *more, columns=2000):
        return self.verify("trust", "show", "trust.json", EXAMPLE, *more, environment={"COLUMNS": str(columns)}).out

    def test_what_it_says(self):
        self.policy(self.scope(VENDOR, products=["RTU-7", "RTU-9"], minimumSequence=[{"product": "RTU-7", "sequence": 40}]),
                    expires="2099-01-01T00:00:00Z", reviewBy="2098-01-01T00:00:00Z", revocation="require",
                    severities={"sbom.bsi": "fail"}, waivable=["sbom.ntia"], algorithms=["ecdsa-p256-sha256"])
        text = self.show()
        for line in ("trust policy: Plant 7, version 3, issued 2026-01-01T00:00:00Z (trust.json)",
                     "  review by   2098-01-01T00:00:00Z", "  expires     2099-01-01T00:00:00Z",
                     "  owners      none: this policy is replaced by hand", "  revocation  required (0 lists in the policy)",
                     "  algorithms  ecdsa-p256-sha256", "  severities  sbom.bsi: fail", "  waivable    sbom.ntia",
                     f"  vendor      {VENDOR}: RTU-7, RTU-9; release 1 of Vendor CA; no RTU-7 below sequence 40"):
            self.assertIn(line, text.splitlines())
        self.assertNotIn("phone call", text)
        whole = self.show("--verbose")
        for words in ("added       by A. Person at 2026-01-01T00:00:00Z (phone call)", "any signer below this CA", "fingerprint"):
            self.assertIn(words, whole)
        self.assertEqual(json.loads(self.show("--json"))["name"], "Plant 7")

    def test_a_large_policy_is_one_screen(self):
        scopes = [self.scope(f"Vendor {number}") for number in range(40)]
        self.policy(*scopes, expires="2099-01-01T00:00:00Z", reviewBy="2098-01-01T00:00:00Z",
                    waivable=["sbom.ntia", "sbom.bsi", "sbom.binding", "lifecycle.support", "release.sequence"])
        text = self.show(columns=80)
        self.assertLessEqual(text.count("\n"), 24, text)
        self.assertIn("and 32 more", text)
        self.assertIn("and 1 more", text)
        self.assertNotIn("Vendor 8:", text)
        for line in text.splitlines():
            self.assertLessEqual(len(line), 80)
        self.assertIn("\nVendor Vendor 39\n  products    all products\n", self.show("--verbose"))


if __name__ == "__main__":
    main()
