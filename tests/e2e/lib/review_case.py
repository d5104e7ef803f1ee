# SPDX-License-Identifier: Apache-2.0
"""What the tests of looking things up again share: the published schemas, releases that differ."""
import json
import os
import shutil
import unittest

import harness
from harness import KEYS, NODE_MODULES, SOURCE

ALLOW = "--allow-example-keys"
TRUST = ("--anchor", KEYS / "root.cert.pem", ALLOW)
VALIDATE = """
const fs = require('fs');
const ajv = new (require('ajv/dist/2020').default)({strict: false, allErrors: true, validateFormats: true});
require('ajv-formats').default(ajv);
const validate = ajv.compile(JSON.parse(fs.readFileSync(process.argv[1], 'utf8')));
const values = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
process.stdout.write(JSON.stringify(values.map(value =>
    validate(value) ? [] : validate.errors.map(one => one.instancePath + ' ' + one.message))));
"""


class ReviewCase(harness.Case):
    def faults(self, schema, values):
        """What ajv finds in each value, by a schema of docs/spec."""
        if not shutil.which("node") or not os.path.isdir(os.path.join(NODE_MODULES, "ajv")):
            raise unittest.SkipTest("Node.js with ajv is not installed (tests/run.sh does)")
        path = self.folder / "values.json"
        path.write_text(json.dumps(values), encoding="utf-8")
        result = self.run_program("node", "-e", VALIDATE, SOURCE / "docs" / "spec" / f"{schema}.schema.json", path, code=0,
                                  environment={"NODE_PATH": NODE_MODULES})
        path.unlink()
        return json.loads(result.out)

    def in_form(self, schema, value):
        """A value that fits its schema, and one that does not."""
        good, bad = self.faults(schema, [value, {**value, "colour": "red"}])
        self.assertEqual(good, [], value)
        self.assertNotEqual(bad, [])
        return value

    def numbered(self, number, out=None, files=(), **fields):
        """A small release that differs from those of other numbers."""
        firmware = self.folder / "firmware.bin"
        firmware.write_bytes(harness.noise(500 + number, f"firmware {number}"))
        release = {"version": f"1.{number}.0", "sequence": number, **fields.pop("release", {})}
        return self.pack(self.description([("firmware.bin", {"role": "firmware"}), *files], release=release, **fields),
                         out or f"r{number}.cretula.tar")
