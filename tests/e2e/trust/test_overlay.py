# SPDX-License-Identifier: Apache-2.0
"""The site overlay through the program: it tightens, is named in text and record, and never loosens."""
import hashlib
import json
import pathlib

import harness
from harness import PRODUCT, VENDOR


class Overlay(harness.Case):
    def setUp(self):
        super().setUp()
        self.vendor = self.own_keys("vendor")
        self.other = self.own_keys("other")
        self.small_release()
        self.archive = self.folder / "a.tar"
        self.sign("pack", "release.yaml", "--key", f"{self.vendor}.key.pem", "--cert", f"{self.vendor}.cert.pem",
                  "--out", self.archive)
        pems = {name: pathlib.Path(f"{prefix}-root.cert.pem").read_text("ascii")
                for name, prefix in (("V", self.vendor), ("W", self.other))}
        self.trust = self.write("trust.json", {
            "cretula": "trust/1", "name": "Corporate", "version": 1, "issued": "2026-01-01T00:00:00Z",
            "scopes": [{"vendor": VENDOR, "products": [PRODUCT],
                        "signers": [{"name": name, "anchor": {"type": "ca", "pem": pem}} for name, pem in pems.items()],
                        "roles": [{"role": "release", "signers": ["V", "W"]}]}]})

    def write(self, name, value):
        path = self.folder / name
        path.write_text(json.dumps(value), encoding="utf-8")
        path.chmod(0o644)
        return path

    def overlay(self, **fields):
        return self.write("overlay.json", {"cretula": "overlay/1", "name": "Plant North", **fields})

    def scope(self, **fields):
        return self.overlay(scopes=[{"vendor": VENDOR, **fields}])

    def run_check(self, *arguments, **more):
        return self.verify("check", self.archive, "--trust", self.trust, *arguments, **more)

    def test_it_is_named_in_text_and_record(self):
        self.assertNotIn("Plant North", self.run_check().out)
        overlay = self.scope(minimumSequence=[{"product": PRODUCT, "sequence": 1}])
        digest = hashlib.sha256(overlay.read_bytes()).hexdigest()
        out = self.run_check("--overlay", overlay, "--record", "record").out
        self.assertIn(f"Plant North (SHA-256 {digest})", out)
        record = json.loads((self.folder / "record" / "RECORD.json").read_text("utf-8"))
        self.assertEqual(record["how"]["policy"]["overlay"], {"name": "Plant North", "sha256": digest})
        self.verify("record", "show", "record/RECORD.json")
        shown = self.verify("show", self.archive, "--trust", self.trust, "--overlay", overlay).out
        self.assertIn("Plant North", shown)

    def test_each_kind_of_tightening_refuses(self):
        cases = [
            (self.scope, {"minimumSequence": [{"product": PRODUCT, "sequence": 2}]}, "release.sequence"),
            (self.scope, {"thresholds": [{"role": "release", "threshold": 2}]}, "trust.threshold"),
            (self.scope, {"removeSigners": ["V"]}, "trust.threshold"),
            (self.overlay, {"revocation": "require"}, "certificate.revocation"),
            (self.overlay, {"severities": {"policy.review": "fail"}, "reviewBy": "2026-01-02T00:00:00Z"},
             "policy.review"),
        ]
        for make, fields, check in cases:
            with self.subTest(check=check, fields=fields):
                result = self.run_check("--overlay", make(**fields), code=1)
                self.assertIn(f"FAIL        {check}", result.out)
        record = self.run_check("--overlay", self.scope(removeSigners=["V"]), "--json", code=1)
        self.assertEqual([one["signer"] for one in json.loads(record.out)["how"]["policy"]["anchors"]], ["W"])

    def test_what_would_loosen_is_a_policy_error(self):
        for make, fields, pointer in (
                (self.overlay, {"threshold": 1}, "#/threshold"),
                (self.overlay, {"severities": {"sbom.binding": "warn"}}, "#/severities/sbom.binding"),
                (self.overlay, {"expires": "2026-01-02T00:00:00Z"}, "#/expires"),
                (self.scope, {"thresholds": [{"role": "release", "threshold": 3}]}, "#/scopes"),
                (self.scope, {"removeSigners": ["Z"]}, "#/scopes/0/removeSigners/0")):
            with self.subTest(fields=fields):
                result = self.run_check("--overlay", make(**fields), code=2)
                self.assertIn(f"overlay.json {pointer}", result.err)
                self.assertNotIn("ACCEPTED", result.out)
                error = json.loads(self.run_check("--overlay", make(**fields), "--json", code=2).out)
                self.assertIn(pointer, error["where"])

    def test_it_needs_a_policy(self):
        overlay = self.overlay()
        anchor = f"{self.vendor}-root.cert.pem"
        self.verify("check", self.archive, "--anchor", anchor, "--overlay", overlay, code=2)
        self.assertIn("nothing to tighten", self.verify("show", self.archive, "--overlay", overlay, code=2).err)
        self.run_check("--overlay", "not-there.json", code=2)

    def test_site_configuration(self):
        overlay = self.scope(thresholds=[{"role": "release", "threshold": 2}])
        site = self.write("verify.json", {"cretula": "site/1", "trust": str(self.trust), "overlay": str(overlay)})
        result = self.verify("check", self.archive, "--config", site, code=1)
        self.assertIn("Plant North", result.out)
        softer = self.write("softer.json", {"cretula": "overlay/1", "name": "Softer"})
        result = self.verify("check", self.archive, "--config", site, "--overlay", softer, code=2)
        self.assertIn("does not allow another --overlay", result.err)
        overlay.chmod(0o666)
        self.assertIn("changed by others", self.verify("check", self.archive, "--config", site, code=2).err)
        overlay.unlink()
        self.verify("check", self.archive, "--config", site, code=2)


if __name__ == "__main__":
    harness.main()
