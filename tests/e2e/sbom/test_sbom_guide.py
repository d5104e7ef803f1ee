# SPDX-License-Identifier: Apache-2.0
"""docs/guides/sbom-and-advisories.md: its commands work as they stand there; docs/spec/sbom.md lists every
rule that the programs have."""
import json
import re
import shutil

import guide
from harness import KEYS, SOURCE, main
from sbom_case import SbomCase, good_cyclonedx, good_spdx

SPEC = (SOURCE / "docs" / "spec" / "sbom.md").read_text("utf-8")


class Guide(SbomCase):
    def test_the_commands_of_the_guide(self):
        work = self.folder
        shutil.copytree(SOURCE / "docs" / "example-release", work, dirs_exist_ok=True)
        shutil.copytree(KEYS, work / "keys")
        (work / "csaf").mkdir()
        advisory = json.loads((SOURCE / "tests" / "vectors" / "csaf" / "06-purl-of-a-component.json").read_text())
        sbom = json.loads((work / "inputs" / "sbom.cdx.json").read_text())
        named = next(one for one in sbom["components"] if "purl" in one and "@" in one["purl"])
        advisory["product_tree"]["full_product_names"][0]["product_identification_helper"]["purl"] = named["purl"]
        (work / "csaf" / "advisory.json").write_text(json.dumps(advisory))
        # What a build does not know: the release fills it in.
        sbom["metadata"]["component"]["version"] = "0"
        sbom["metadata"]["component"].pop("hashes")
        (work / "inputs" / "sbom.cdx.json").write_text(json.dumps(sbom))
        commands = guide.run(self, "docs/guides/sbom-and-advisories.md")
        self.assertGreaterEqual(len(commands), 5)
        text = (work / "advisories.json").read_text()
        self.assertIn("CVE-2026-0006", text)
        self.assertIn(named["name"], text)
        self.assertEqual(json.loads((work / "advisories.json").read_text())["cretula"], "advisories/1")
        self.assertEqual(json.loads((work / "findings.sarif").read_text())["version"], "2.1.0")

    def test_every_rule_is_in_the_specification(self):
        listed = re.findall(r"^\| `((?:NTIA|BSI|CISA)-\d+)` \|", SPEC, re.MULTILINE)
        self.assertEqual(len(listed), len(set(listed)))
        found = self.sbom_check(good_cyclonedx(), "--profile", "ntia-2021", "--profile", "bsi", "--profile", "cisa-2026")
        counts = {one["profile"]: one["rules"] for one in found["profiles"]}
        for profile, prefix in (("ntia-2021", "NTIA-"), ("bsi", "BSI-"), ("cisa-2026", "CISA-")):
            self.assertEqual(counts[profile], sum(one.startswith(prefix) for one in listed), profile)
        bare = {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{"type": "file", "name": "unknown"}]}
        for document in (bare, good_spdx()):
            result = self.sbom_check(document, "--profile", "ntia-2021", "--profile", "bsi", "--profile", "cisa-2026")
            used = set(re.findall(r"(?:NTIA|BSI|CISA)-\d+", json.dumps(result)))
            self.assertTrue(used)
            self.assertLessEqual(used, set(listed))


if __name__ == "__main__":
    main()
