# SPDX-License-Identifier: Apache-2.0
"""Each published schema against what the programs write (or take, where people write it), by an independent validator (ajv)."""
import json
import os
import re
import shutil
import unittest

from harness import EXAMPLE, KEYS, NODE_MODULES, PRODUCT, ROOT_CERT, SOURCE, VENDOR, main, read_member, tampered
from tpm_case import TpmCase

SPEC = SOURCE / "docs" / "spec"
ALLOW = "--allow-example-keys"
VALIDATE = """
const fs = require('fs');
const Ajv = require('ajv/dist/2020').default;
const formats = require('ajv-formats').default;
const cases = JSON.parse(fs.readFileSync(process.argv[1], 'utf8'));
const found = {};
for (const [name, values] of Object.entries(cases)) {
    const ajv = new Ajv({strict: false, allErrors: true, validateFormats: true});
    formats(ajv);
    const validate = ajv.compile(JSON.parse(fs.readFileSync(process.argv[2] + '/' + name + '.schema.json', 'utf8')));
    found[name] = values.map(value => validate(value) ? [] : validate.errors.map(one => one.instancePath + ' ' + one.message));
}
process.stdout.write(JSON.stringify(found));
"""


class Schemas(TpmCase):
    def faults(self, cases):
        """For each value of {schema: [values]} what ajv says against it."""
        if not shutil.which("node") or not os.path.isdir(os.path.join(NODE_MODULES, "ajv")):
            raise unittest.SkipTest("Node.js with ajv is not installed (tests/run.sh does)")
        path = self.folder / "cases.json"
        path.write_text(json.dumps(cases), encoding="utf-8")
        result = self.run_program("node", "-e", VALIDATE, path, SPEC, code=0, environment={"NODE_PATH": NODE_MODULES})
        return json.loads(result.out)

    def read(self, path):
        return json.loads((self.folder / path).read_text("utf-8"))

    def write(self, name, value):
        path = self.folder / name
        path.write_text(json.dumps(value), encoding="utf-8")
        return path

    def of_releases(self):
        example = self.pack(EXAMPLE / "release.yaml", "example.tar")
        trust = self.write("trust.json", {
            "cretula": "trust/1", "name": "Plant", "version": 1, "issued": "2026-01-01T00:00:00Z", "waivable": ["sbom.ntia"],
            "scopes": [{"vendor": VENDOR, "products": [PRODUCT], "roles": [{"role": "release", "signers": ["vendor"]}],
                        "signers": [{"name": "vendor", "anchor": {"type": "ca", "pem": ROOT_CERT.read_text("ascii")}}]}]})
        overlay = self.write("overlay.json", {"cretula": "overlay/1", "name": "North", "severities": {"sbom.ntia": "fail"}})
        small = self.small_release()
        self.verify("check", small, "--trust", trust, "--overlay", overlay, ALLOW, code=(0, 1))
        self.verify("check", example, "--anchor", ROOT_CERT, ALLOW, "--journal", "journal", "--record", "a", "--asset", "PLC-1")
        self.verify("journal", "note", "journal", "--line", "1", "--stage", "in-test", "--text", "bench 3")
        bad = tampered(example, self.folder / "bad.tar", -5000 % example.stat().st_size)
        refused = self.verify("check", bad, "--anchor", ROOT_CERT, ALLOW, "--journal", "journal", "--json", code=1).json()
        self.verify("journal", "close", "journal")
        self.sign("waive", "--check", "sbom.ntia", "--archive", small, "--reason", "r", "--approver", "a", "--control", "c", "--until",
                  "2099-01-01T00:00:00Z", "--out", "waivers.json", "--key", KEYS / "owner.key.pem", "--cert", KEYS / "owner.cert.pem", ALLOW)
        lines = [json.loads(line) for line in (self.folder / "journal" / "journal.jsonl").read_text("utf-8").splitlines()]
        self.assertEqual({line["kind"] for line in lines}, {"genesis", "run", "note", "close"})
        bare = self.write("idle.json", {**self.read("trust.json"), "waivable": ["tpm.anchor", "file.digests"]})
        return {
            "manifest": [json.loads(read_member(path, "MANIFEST.json")) for path in (example, small)],
            "record": [self.read("a/RECORD.json"), refused],
            "error": [self.verify("check", "absent.tar", "--anchor", ROOT_CERT, "--json", code=None).json(),
                      self.verify("check", small, "--json", code=2).json(), self.verify("trust", "lint", bare, "--json", ALLOW, code=2).json(),
                      self.verify("record", "verify", "a/RECORD.json", "--anchor", ROOT_CERT, "--json", code=1).json()],
            "journal": lines,
            "trust": [self.read("trust.json"), json.loads((self.shared / "trust1.json").read_text("utf-8")),
                      json.loads((KEYS / "trust.json").read_text("utf-8"))],
            "overlay": [self.read("overlay.json")],
            "waivers": [self.read("waivers.json")],
            "profile": [json.loads((SOURCE / "formats/release/profiles/iec62443-component.json").read_text("utf-8"))],
            "description": [json.loads(self.description(["firmware.bin"]).read_text("utf-8"))],
            "order": [json.loads(self.order(2).read_text("utf-8"))],
            "site": [self.site()],
            "self-test": [self.verify("self-test", "--json").json()],
        }

    def site(self):
        """A site configuration that check takes: what it asks for was not given."""
        value = {"cretula": "site/1", "trust": str(self.shared / "trust1.json"), "mandatory": ["record"]}
        path = self.write("site.json", value)
        self.assertIn("--record", self.verify("check", self.archive, "--config", path, code=2).err)
        return value

    def of_stations(self):
        station = self.station()
        station.check("--record", self.folder / "attested")
        return {"station": [json.loads(station.file.read_text("utf-8"))],
                "attestation": [self.read("attested/RECORD.json.tpm.json")]}

    def hold(self, cases):
        for name, faults in self.faults(cases).items():
            for value, said in zip(cases[name], faults):
                self.assertEqual(said, [], (name, value))
        # No rubber stamp: a field that nobody knows, another purpose, a missing one.
        spoiled = {}
        for name, values in cases.items():
            needed = json.loads((SPEC / f"{name}.schema.json").read_text("utf-8"))["required"][0]
            spoiled[name] = [{**values[0], "colour": "red"}, {**values[0], "cretula": "other/1"},
                             {key: value for key, value in values[0].items() if key != needed}]
        for name, faults in self.faults(spoiled).items():
            for said in faults:
                self.assertTrue(said, name)

    def test_formats_of_releases(self):
        cases = self.of_releases()
        self.hold(cases)
        published = {path.name.removesuffix(".schema.json") for path in SPEC.glob("*.schema.json")}
        # Answers of verbs are held to their schemas where the verbs are tested.
        elsewhere = {name for path in (SOURCE / "tests" / "e2e").rglob("test_*.py")
                     for found in re.findall(r'\b(?:in_form\(|schema_faults\(self, )"([\w-]+)"|"([\w-]+)\.schema\.json"', path.read_text("utf-8"))
                     for name in found if name}
        self.assertLessEqual(set(cases), published)
        self.assertEqual(published - set(cases) - {"station", "attestation"} - elsewhere, set())

    def test_formats_of_stations(self):
        self.hold(self.of_stations())


if __name__ == "__main__":
    main()
