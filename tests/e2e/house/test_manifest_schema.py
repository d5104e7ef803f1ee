# SPDX-License-Identifier: Apache-2.0
"""Our manifests against the published JSON Schema, by an independent validator (ajv)."""
import json
import os
import shutil
import unittest

from harness import EXAMPLE, NODE_MODULES, SOURCE, Case, main, noise, read_member

SCHEMA = SOURCE / "docs" / "spec" / "manifest.schema.json"
VALIDATE = """
const fs = require('fs');
const Ajv = require('ajv/dist/2020').default;
const formats = require('ajv-formats').default;
const ajv = new Ajv({strict: false, allErrors: true, validateFormats: true});
formats(ajv);
const validate = ajv.compile(JSON.parse(fs.readFileSync(process.argv[1], 'utf8')));
const values = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
process.stdout.write(JSON.stringify(values.map(value =>
    validate(value) ? [] : validate.errors.map(one => one.instancePath + ' ' + one.message))));
"""


class Schema(Case):
    def validate(self, values):
        """The faults of each value, as ajv sees them."""
        if not shutil.which("node") or not os.path.isdir(os.path.join(NODE_MODULES, "ajv")):
            raise unittest.SkipTest("Node.js with ajv is not installed (tests/run.sh does)")
        path = self.folder / "values.json"
        path.write_text(json.dumps(values), encoding="utf-8")
        result = self.run_program("node", "-e", VALIDATE, SCHEMA, path, code=0,
                                  environment={"NODE_PATH": NODE_MODULES})
        return json.loads(result.out)

    def test_our_manifests_are_valid(self):
        (self.folder / "large.bin").write_bytes(noise((1 << 20) + 1, "large"))
        archives = [self.pack(EXAMPLE / "release.yaml", "1.tar"), self.pack(EXAMPLE / "minimal.yaml", "2.tar"),
                    self.pack(self.description(["large.bin"]), "3.tar")]
        manifests = [json.loads(read_member(archive, "MANIFEST.json")) for archive in archives]
        for manifest, faults in zip(manifests, self.validate(manifests)):
            self.assertEqual(faults, [], manifest["product"])

    def test_the_schema_refuses(self):
        """The schema is no rubber stamp: each of these has exactly what the tables refuse too."""
        good = json.loads(read_member(self.pack(EXAMPLE / "release.yaml"), "MANIFEST.json"))
        changes = {
            "unknown field": lambda one: one.update(colour="red"),
            "unknown field below": lambda one: one["release"].update(colour="red"),
            "missing product": lambda one: one.pop("product"),
            "missing files": lambda one: one.pop("files"),
            "empty files": lambda one: one.update(files=[]),
            "sequence as text": lambda one: one["release"].update(sequence="42"),
            "sequence below zero": lambda one: one["release"].update(sequence=-1),
            "sequence too large": lambda one: one["release"].update(sequence=1 << 53),
            "date without a zone": lambda one: one["release"].update(date="2026-10-12T08:00:00"),
            "another purpose": lambda one: one.update(cretula="record/1"),
            "another notice": lambda one: one.update(notice="This is certified."),
            "short digest": lambda one: one["files"][0].update(sha256="00"),
            "digest in capitals": lambda one: one["files"][0].update(sha256="A" * 64),
            "path upwards": lambda one: one["files"][0].update(path="../x"),
            "absolute path": lambda one: one["files"][0].update(path="/x"),
            "unknown role": lambda one: one["files"][0].update(role="malware"),
            "source in a manifest": lambda one: one["files"][0].update(source="x"),
            "cve": lambda one: one["changes"][0].update(cves=["CVE-1"]),
        }
        values = []
        for change in changes.values():
            value = json.loads(json.dumps(good))
            change(value)
            values.append(value)
        for what, faults in zip(changes, self.validate(values)):
            with self.subTest(what):
                self.assertTrue(faults)


if __name__ == "__main__":
    main()
