# SPDX-License-Identifier: Apache-2.0
"""The guides for release engineers, plant engineers and auditors, run as they stand; pipelines only call what is run."""
import json
import re
import shutil

import guide
from harness import SIGN, SOURCE, VENDOR, Case, main, member, sha256, tampered

GUIDES = SOURCE / "docs" / "guides"


class UserGuides(Case):
    def fingerprint(self, certificate):
        return self.run_program("openssl", "x509", "-in", certificate, "-noout", "-fingerprint", "-sha256",
                                code=0).out.split("=")[1].strip()

    def release(self, version, sequence, sbom=True):
        firmware = b"firmware" * 50000
        (self.folder / "firmware.bin").write_bytes(firmware)
        (self.folder / "sbom.cdx.json").write_text(json.dumps({
            "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
            "metadata": {"component": {"type": "firmware", "bom-ref": "product", "name": "EG-200 Edge Gateway", "version": version,
                                       "hashes": [{"alg": "SHA-256", "content": sha256(firmware)}]}},
            "components": [{"type": "library", "bom-ref": "zlib", "name": "zlib", "version": "1.3.1", "purl": "pkg:generic/zlib@1.3.1",
                            "supplier": {"name": "zlib project"}}],
            "dependencies": [{"ref": "product", "dependsOn": ["zlib"]}, {"ref": "zlib"}]}), encoding="utf-8")
        (self.folder / "release.yaml").write_text(
            f"product: {{vendor: {VENDOR}, name: EG-200 Edge Gateway}}\n"
            f"release: {{version: {version}, sequence: {sequence}, date: 2026-10-12T08:00:00Z}}\n"
            "restart: {category: machine, details: The gateway restarts once.}\n"
            "settings: [{name: Password of the maintenance account, default: set at the works, mustChange: true}]\n"
            + "sbom: [{file: sbom.cdx.json, format: CycloneDX-1.6}]\n" * sbom +
            "files:\n  - {source: firmware.bin, role: firmware}\n" + "  - {source: sbom.cdx.json, role: sbom}\n" * sbom, encoding="utf-8")

    def archive(self, name="eg200-3.2.0.cretula.tar"):
        vendor = self.own_keys("vendor")
        self.release("3.2.0", 32)
        self.sign("pack", "release.yaml", "--key", f"{vendor}.key.pem", "--cert", f"{vendor}.cert.pem", "--out", name)
        return vendor

    def test_release_engineer(self):
        self.release("1.0.0", 1, sbom=False)
        (self.folder / "passphrase.txt").write_text("a passphrase of my own\n", encoding="ascii")
        self.run_program("sh", "-c", f"'{SIGN}' keygen --out vendor --passphrase-fd 3 3< passphrase.txt", code=0)
        guide.run(self, "docs/guides/release-engineer.md")
        self.assertEqual(json.loads((self.folder / "ex100-1.1.0.cretula.tar.check.json").read_text("utf-8"))["result"]["verdict"], "ACCEPTED")
        self.run_program("sha256sum", "-c", "ex100-1.1.0.cretula.tar.sha256", code=0)
        # What a pipeline gets of a fault in the content, before the key is touched.
        (self.folder / "firmware.bin").unlink()
        variables = {"PRODUCT": "ex100", "VERSION": "1.2.0", "SEQUENCE": "3", "KEY": "none", "CERT": "none", "PASSPHRASE_FILE": "none", "ANCHOR": "none",
                     "PATH": f"{self.folder}/.tools:/usr/bin:/bin"}
        self.run_program("sh", "sign-release.sh", environment=variables, code=1)
        self.assertFalse(list(self.folder.glob("ex100-1.2.0*")))

    def test_pipelines_give_the_script_what_it_asks_for(self):
        page = GUIDES / "release-engineer.md"
        script = next(text for name, _, text in guide.blocks(page) if name == "sign-release.sh")
        asked = set(re.findall(r"\$\{?([A-Z_]+)\b(?!:)", script))
        self.assertEqual(asked, {"PRODUCT", "VERSION", "SEQUENCE", "KEY", "CERT", "PASSPHRASE_FILE", "ANCHOR", "LAST"})
        self.assertEqual(set(re.findall(r"\b[A-Z_]{3,}\b", script.split("set -eu")[0])) - {"URI"}, asked)  # its head names them
        pipelines = [text for _, kind, text in guide.blocks(page) if kind in ("yaml", "text")]
        self.assertEqual(len(pipelines), 3)
        for text in pipelines:
            self.assertEqual(text.count("sh sign-release.sh"), 1)
            self.assertNotRegex(text, r"cretula-(sign|verify)")
            for name in asked - {"LAST"}:
                self.assertRegex(text, rf"\b{name}\b")

    def test_plant_engineer(self):
        vendor = self.archive()
        shutil.copy(f"{vendor}-root.cert.pem", self.folder / "vendor-root.pem")
        (self.folder / "advisories").mkdir()
        shutil.copy(SOURCE / "tests/vectors/csaf/18-cyclonedx-vex-by-purl.json", self.folder / "advisories")

        def before(script):
            records = list((self.folder / "journal" / "records").glob("*.json")) if "$IDENTITY" in script else []
            return {"IDENTITY": json.loads(records[0].read_text("utf-8"))["what"]["identity"]} if records else None

        guide.run(self, "docs/guides/plant-engineer.md", {"FINGERPRINT": self.fingerprint("vendor-root.pem")}, before=before)
        self.assertTrue((self.folder / "eg200-3.2.0" / "firmware.bin").is_file())
        self.assertIn("maintenance account", (self.folder / "settings.csv").read_text("utf-8"))
        # The note counts: an older release for this asset is told apart from now on.
        self.release("3.1.0", 31)
        self.sign("pack", "release.yaml", "--key", f"{vendor}.key.pem", "--cert", f"{vendor}.cert.pem", "--out", "old.tar")
        result = self.verify("check", "old.tar", "--trust", "trust.json", "--journal", "journal", "--asset", "GW-3", code=0)
        self.assertIn("older", result.out)

    def test_auditor(self):
        """A journal as the plant engineer's page makes it, whose station signs its records from some day on."""
        (self.folder / "archives").mkdir()
        vendor = self.archive("archives/archive.cretula.tar")
        recorder = self.own_keys("recorder")
        shutil.copy(f"{recorder}-root.cert.pem", self.folder / "recorder-root.pem")
        self.verify("trust", "init", "trust.json", "--name", "Plant 7")
        self.verify("trust", "add-signer", "trust.json", "--vendor", VENDOR, "--signer", "release", "--role", "release", "--anchor",
                    f"{vendor}-root.cert.pem", "--fingerprint", self.fingerprint(f"{vendor}-root.cert.pem"), "--obtained", "phone")
        signed = ("--sign-record", f"{recorder}.key.pem", "--record-cert", f"{recorder}.cert.pem")
        journal = ("--trust", "trust.json", "--journal", "journal")
        self.verify("check", "archives/archive.cretula.tar", *journal)
        bad = tampered(self.folder / "archives/archive.cretula.tar", self.folder / "bad.tar",
                       member(self.folder / "archives/archive.cretula.tar", "firmware.bin").data)
        self.verify("check", bad, *journal, *signed, code=1)
        record = next(path for path in (self.folder / "journal" / "records").glob("*-accepted-*.json"))
        head = (self.folder / "journal" / "journal.head").read_text("ascii").strip()
        self.verify("extract", "archives/archive.cretula.tar", "--trust", "trust.json", "--to", "installed")
        commands = guide.run(self, "docs/guides/auditor.md", {"HEAD": head, "RECORD": str(record)})
        self.assertEqual(len(commands), 10)
        # What the page says of a record whose signature was taken away, and of a day that is no time.
        self.verify("record", "verify", record, "--journal", "journal", "--anchor", "recorder-root.pem", code=1)
        self.verify("check", "archives/archive.cretula.tar", "--trust", "trust.json", "--at", "2026-10-12", code=2)


if __name__ == "__main__":
    main()
