# SPDX-License-Identifier: Apache-2.0
"""Runs that leave records, and what others say of them: what the tests of records and of their statements share."""
import base64
import json
import os
import shutil
import unittest

from harness import NODE_MODULES, Case, limit_file_size, noise, tampered

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


class RecordCase(Case):
    @property
    def keys(self):
        """Keys of the vendor, and of whoever signs records."""
        if not hasattr(type(self), "made_keys"):
            type(self).made_keys = self.own_keys("vendor", self.shared)
            type(self).recorder = self.own_keys("recorder", self.shared)
        return type(self).made_keys

    def release(self, size=700, name="release.tar", **fields):
        (self.folder / "firmware.bin").write_bytes(noise(size, "firmware"))
        out = self.folder / name
        self.sign("pack", self.description(["firmware.bin"], **fields), "--key",
                  f"{self.keys}.key.pem", "--cert", f"{self.keys}.cert.pem", "--out", out)
        return out

    def recorded(self, archive, *arguments, code=0, verb="check", name="record", signs=True,
                 **more):
        """Verifies; gives the path of the record."""
        folder = self.folder / name
        keys = self.keys
        signature = ("--sign-record", f"{self.recorder}.key.pem", "--record-cert",
                     f"{self.recorder}.cert.pem") if signs else ()
        self.last = self.verify(verb, archive, "--anchor", f"{keys}-root.cert.pem", "--record",
                                folder, *signature, *arguments, code=code, **more)
        return folder / "RECORD.json"

    def genuine(self, record, *arguments, code=0, **more):
        return self.verify("record", "verify", record, "--anchor",
                           f"{self.recorder}-root.cert.pem", *arguments, code=code, **more)

    def need_node(self, package):
        if not shutil.which("node") or not os.path.isdir(os.path.join(NODE_MODULES, package)):
            raise unittest.SkipTest(f"Node.js with {package} is not installed (tests/run.sh does)")

    def validate(self, schema, values):
        self.need_node("ajv")
        path = self.folder / "values.json"
        path.write_text(json.dumps(values), encoding="utf-8")
        result = self.run_program("node", "-e", VALIDATE, schema, path, code=0,
                                  environment={"NODE_PATH": NODE_MODULES})
        return json.loads(result.out)

    def all_kinds(self):
        """A record of each kind of run."""
        archive = self.release(size=(1 << 20) + 7, hardware=[{"model": "RTU-7"}])
        bad = tampered(archive, self.folder / "bad.tar", -1100 % archive.stat().st_size)
        noise_file = self.folder / "noise.tar"
        noise_file.write_bytes(noise(4000, "no archive"))
        return {
            "accepted": self.recorded(archive, "--change-id", "CHG-1", "--asset", "PLC-1",
                                      "--zone", "Z1", "--stage", "received", "--acquired",
                                      "portal, USB", "--name", "A. Person", "--role", "tester",
                                      "--archive-digest", name="1"),
            "refused": self.recorded(bad, name="2", code=1),
            "no archive": self.recorded(noise_file, name="3", code=1),
            "at": self.recorded(archive, "--at", "2030-01-01T00:00:00Z", name="4"),
            "fast": self.recorded(archive, "--fast", name="5"),
            "partial": self.recorded(archive, "--only", "firmware.bin", name="6", code=3),
            "undecided": self.recorded(archive, "--to", self.folder / "out", verb="extract",
                                       name="7", code=3, before=limit_file_size(100000)),
            "unsigned": self.recorded(archive, name="8", signs=False),
            "strange texts": self.recorded(archive, "--asset", "a\"b\\c\nd\x1b[31m \u202e",
                                           "--name", "\u00c4 \U0001f512", name="9"),
        }

    def exported(self, record, *arguments, code=0, anchor=True):
        trust = ("--anchor", f"{self.recorder}-root.cert.pem") if anchor else ()
        out = self.folder / "vsa.json"
        out.unlink(missing_ok=True)
        self.verify("record", "export", record, "--vsa", "--key", f"{self.recorder}.key.pem",
                    *trust, "--out", out, *arguments, code=code)
        if code != 0:
            self.assertFalse(out.exists())
            return None
        envelope = json.loads(out.read_text())
        self.assertEqual(envelope["payloadType"], "application/vnd.in-toto+json")
        return envelope, json.loads(base64.b64decode(envelope["payload"], validate=True))
