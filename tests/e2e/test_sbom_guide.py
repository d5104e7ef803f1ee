# SPDX-License-Identifier: Apache-2.0
"""docs/guides/sbom-and-advisories.md: its commands work as they stand there; docs/spec/sbom.md lists every
rule that the programs have."""
import json
import os
import re
import shutil

from harness import KEYS, SIGN, SOURCE, VERIFY, main
from sbom_case import SbomCase, good_cyclonedx, good_spdx

GUIDE = (SOURCE / "docs" / "guides" / "sbom-and-advisories.md").read_text("utf-8")
SPEC = (SOURCE / "docs" / "spec" / "sbom.md").read_text("utf-8")


class Guide(SbomCase):
    def test_the_commands_of_the_guide(self):
        work = self.folder / "work"
        shutil.copytree(SOURCE / "docs" / "example-release", work)
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
        blocks = re.findall(r"```sh\n(.*?)```", GUIDE, re.DOTALL)
        self.assertGreaterEqual(len(blocks), 5)
        script = f"set -eu\nPATH={os.path.dirname(SIGN)}:{os.path.dirname(VERIFY)}:$PATH\n" + "".join(blocks)
        result = self.run_program("sh", "-c", script, cwd=work, code=0)
        self.assertIn(f"affected: CVE-2026-0006, component {named['name']}", result.out)
        self.assertEqual(json.loads((work / "advisories.json").read_text())["cretula"], "advisories/1")
        self.assertEqual(json.loads((work / "findings.sarif").read_text())["version"], "2.1.0")

    def test_every_rule_is_in_the_specification(self):
        listed = re.findall(r"^\| `((?:NTIA|BSI)-\d+)` \|", SPEC, re.MULTILINE)
        self.assertEqual(len(listed), len(set(listed)))
        found = self.sbom_check(good_cyclonedx(), "--profile", "ntia", "--profile", "bsi")
        counts = {one["profile"]: one["rules"] for one in found["profiles"]}
        for profile, prefix in (("ntia", "NTIA-"), ("bsi", "BSI-")):
            self.assertEqual(counts[profile], sum(one.startswith(prefix) for one in listed), profile)
        bare = {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{"type": "file", "name": "unknown"}]}
        for document in (bare, good_spdx()):
            result = self.sbom_check(document, "--profile", "ntia", "--profile", "bsi")
            used = set(re.findall(r"(?:NTIA|BSI)-\d+", json.dumps(result)))
            self.assertTrue(used)
            self.assertLessEqual(used, set(listed))


if __name__ == "__main__":
    main()
