# SPDX-License-Identifier: Apache-2.0
"""Official CycloneDX documents: accepted and refused as CycloneDX's own schema says, judged by an
independent validator (ajv with the schemas of @cyclonedx/cyclonedx-library)."""
import json
import os
import re
import shutil
import unittest

from harness import NODE_MODULES, SOURCE, main
from sbom_case import SbomCase, changed, good_cyclonedx

VECTORS = SOURCE / "tests" / "vectors" / "sbom"
# The schemas refer to each other by name; formats of draft 2019 that ajv-formats lacks pass.
VALIDATE = """
const fs = require('fs'), path = require('path');
const Ajv = require('ajv').default, formats = require('ajv-formats').default;
const folder = path.join(path.dirname(require.resolve('@cyclonedx/cyclonedx-library/package.json')), 'res', 'schema');
const load = name => JSON.parse(fs.readFileSync(path.join(folder, name + '.SNAPSHOT.schema.json'), 'utf8'));
const compiled = {};
function validator(version) {
    if (!compiled[version]) {
        const ajv = new Ajv({strict: false, allErrors: true, validateFormats: true});
        formats(ajv);
        ajv.addFormat('iri-reference', true);
        ajv.addFormat('idn-email', true);
        for (const name of ['spdx', 'jsf-0.82', 'cryptography-defs'])
            ajv.addSchema(load(name), 'http://cyclonedx.org/schema/' + name + '.SNAPSHOT.schema.json');
        compiled[version] = ajv.compile(load('bom-' + version));
    }
    return compiled[version];
}
const result = {};
for (const [version, file] of JSON.parse(fs.readFileSync(process.argv[1], 'utf8'))) {
    const validate = validator(version);
    result[file] = validate(JSON.parse(fs.readFileSync(file, 'utf8')))
        ? [] : validate.errors.map(one => one.instancePath + ' ' + one.message);
}
process.stdout.write(JSON.stringify(result));
"""


class Official(SbomCase):
    def ajv(self, documents):
        """{path: faults} of [(version, path)]."""
        if not shutil.which("node") or not os.path.isdir(os.path.join(NODE_MODULES, "@cyclonedx")):
            raise unittest.SkipTest("Node.js with CycloneDX's schemas is not installed (tests/run.sh does)")
        path = self.folder / "documents.json"
        path.write_text(json.dumps([(version, str(file)) for version, file in documents]))
        return json.loads(self.run_program("node", "-e", VALIDATE, path, code=0,
                                           environment={"NODE_PATH": NODE_MODULES}).out)

    def test_every_official_document_is_judged_as_its_schema_says(self):
        documents = [(re.search(r"-(1\.[4-7])\.json$", path.name).group(1), path)
                     for path in sorted((VECTORS / "cyclonedx").glob("*.json"))]
        self.assertGreaterEqual(len(documents), 100)
        schema = self.ajv(documents)
        for _, path in documents:
            with self.subTest(path.name):
                faults = schema[str(path)]
                self.assertEqual(path.name.startswith("valid-"), not faults, faults)
                result = self.sign("sbom", "check", path, "--format", "json", code=(0, 1))
                self.assertEqual(result.code, 0 if not faults else 1, f"{faults}\n{result}")

    def test_changes_are_judged_as_the_schema_says(self):
        """One fault at a time in a good document, also as 1.7 (no official examples are at hand)."""
        def at(*path, value):
            def change(one):
                for step in path[:-1]:
                    one = one[step]
                if value is None:
                    del one[path[-1]]
                else:
                    one[path[-1]] = value
            return change
        def citation(**more):
            one = {"pointers": ["/components/0"], "timestamp": "2026-01-01T00:00:00Z", "attributedTo": "root", **more}
            return at("citations", value=[{name: value for name, value in one.items() if value is not None}])

        def ranged(**more):
            def change(one):
                del one["components"][0]["version"]
                one["components"][0].update(versionRange="vers:generic/>=1|<2", **more)
            return change
        changes = {
            "nothing": lambda one: None,
            "unknown member": at("colour", value=1),
            "no bomFormat": at("bomFormat", value=None),
            "serial number": at("serialNumber", value="urn:uuid:1"),
            "version of the BOM": at("version", value="1"),
            "type of a component": at("components", 0, "type", value="thing"),
            "no type": at("components", 0, "type", value=None),
            "no name": at("components", 0, "name", value=None),
            "licence id": at("components", 0, "licenses", 0, "license", "id", value="Apache-9.9"),
            "acknowledgement": at("components", 0, "licenses", 0, "license", "acknowledgement", value="maybe"),
            "reference without url": at("components", 0, "externalReferences", 0, "url", value=None),
            "hash algorithm": at("components", 0, "externalReferences", 0, "hashes", 0, "alg", value="SHA-3"),
            "hash of the wrong length": at("components", 0, "externalReferences", 0, "hashes", 0, "content", value="ab"),
            "property without a name": at("components", 0, "properties", 0, "name", value=None),
            "aggregate": at("compositions", 0, "aggregate", value="perhaps"),
            "manufacturer as a list": at("metadata", "manufacturer", value=[{"name": "x"}]),
            "ref in a composition": at("compositions", 0, "ref", value="root"),
            "timestamp": at("metadata", "timestamp", value="yesterday"),
            "dependency without ref": at("dependencies", 0, "ref", value=None),
            "version below 1": at("version", value=0),
            "no version of the BOM": at("version", value=None),
            "citation": citation(),
            "citation by a process": citation(attributedTo=None, process="root"),
            "citation by expressions": citation(pointers=None, expressions=["$.x"]),
            "citation of nobody": citation(attributedTo=None),
            "citation of both": citation(expressions=["$.x"]),
            "citation of neither": citation(pointers=None),
            "citation of nothing": citation(pointers=[]),
            "citation without a time": citation(timestamp=None),
            "citation of another day": citation(timestamp="today"),
            "citation with more": citation(colour="red"),
            "citations as an object": at("citations", value={}),
            "range beside a version": at("components", 0, "versionRange", value="vers:generic/>=1|<2"),
            "range of an external one beside a version": lambda one: one["components"][0].update(versionRange="vers:generic/*", isExternal=True),
            "range of an external one": ranged(isExternal=True),
            "range of what is inside": ranged(isExternal=False),
            "range of what may be inside": ranged(),
            "range of the product": lambda one: ranged()({"components": [one["metadata"]["component"]]}),
            "range in an ancestor": at("components", 0, "pedigree", value={"ancestors": [{"type": "library", "name": "x", "versionRange": "vers:generic/*"}]}),
            "two licences and an expression": lambda one: one["components"][0]["licenses"].append({"expression": "MIT"}),
        }
        documents = []
        for version in ("1.6", "1.7"):
            for number, change in enumerate(changes.values()):
                value = changed({**good_cyclonedx(), "specVersion": version}, change)
                documents.append((version, self.write(value, f"{version}-{number}.json")))
        schema = self.ajv(documents)
        refused = 0
        for (version, path), what in zip(documents, [*changes, *changes]):
            with self.subTest(f"{what}, {version}"):
                code = 1 if schema[str(path)] else 0
                refused += code
                self.sign("sbom", "check", path, code=code)
        self.assertGreater(refused, 30)

    def test_official_spdx_documents(self):
        valid = {"spdx_sample_01.json": False, "spdx_sample_03.json": True, "spdx_sample_08.json": True,
                 "spdx_sample_10.json": True}
        for name, expected in valid.items():
            self.sign("sbom", "check", VECTORS / "spdx" / name, code=0 if expected else 1)


if __name__ == "__main__":
    main()
