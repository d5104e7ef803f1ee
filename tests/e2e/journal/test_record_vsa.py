# SPDX-License-Identifier: Apache-2.0
"""Statements of records for other systems (VSA). DSSE envelopes are verified by OpenSSL and by sigstore's
library, statements against a schema written from the public specifications."""
import base64
import json
import pathlib

from harness import KEYS, NODE_MODULES, SOURCE, main, read_member, sha256
from record_case import RecordCase

VSA_SCHEMA = SOURCE / "tests" / "e2e" / "schemas" / "vsa.schema.json"
# sigstore's own encoding and verification; this script adds nothing to it.
DSSE = """
const fs = require('fs');
const {crypto, dsse} = require('@sigstore/core');
const envelope = JSON.parse(fs.readFileSync(process.argv[1], 'utf8'));
const key = crypto.createPublicKey(fs.readFileSync(process.argv[2], 'utf8'));
const message = dsse.preAuthEncoding(envelope.payloadType, Buffer.from(envelope.payload, 'base64'));
const good = envelope.signatures.map(one =>
    crypto.verify(message, key, Buffer.from(one.sig, 'base64')));
process.stdout.write(JSON.stringify(good));
"""


class Vsa(RecordCase):
    def public_key(self):
        path = self.folder / "recorder.pub.pem"
        self.run_program("openssl", "pkey", "-in", f"{self.recorder}.key.pem", "-pubout", "-out",
                         path, code=0)
        return path

    def test_vsa_of_an_acceptance(self):
        record = self.recorded(self.release(), "--archive-digest")
        envelope, statement = self.exported(record, "--verifier-id", "https://example.org/gate",
                                            "--resource-uri", "pkg:generic/rtu-7@1.0.0")
        predicate = statement["predicate"]
        self.assertEqual(predicate["verificationResult"], "PASSED")
        self.assertEqual(predicate["verifier"]["id"], "https://example.org/gate")
        self.assertEqual(predicate["resourceUri"], "pkg:generic/rtu-7@1.0.0")
        subjects = {one["name"]: one["digest"]["sha256"] for one in statement["subject"]}
        archive = self.folder / "release.tar"
        self.assertEqual(subjects, {
            str(archive): sha256(archive.read_bytes()),
            "MANIFEST.json": sha256(read_member(archive, "MANIFEST.json")),
            "firmware.bin": sha256(read_member(archive, "firmware.bin")),
            "SHA256SUMS": sha256(read_member(archive, "SHA256SUMS"))})
        self.assertEqual(len(predicate["inputAttestations"]), 1)
        der = self.run_program("openssl", "pkey", "-in", f"{self.recorder}.key.pem", "-pubout",
                               "-outform", "DER", code=0).out_bytes
        self.assertEqual(envelope["signatures"][0]["keyid"], sha256(der))

    def test_openssl_verifies_the_envelope(self):
        record = self.recorded(self.release())
        envelope, _ = self.exported(record)
        kind, body = envelope["payloadType"].encode(), base64.b64decode(envelope["payload"])
        message = b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(body), body)
        (self.folder / "pae").write_bytes(message)
        (self.folder / "sig").write_bytes(base64.b64decode(envelope["signatures"][0]["sig"]))
        arguments = ("openssl", "dgst", "-sha256", "-verify", self.public_key(), "-signature",
                     self.folder / "sig", self.folder / "pae")
        self.run_program(*arguments, code=0)
        (self.folder / "pae").write_bytes(message + b" ")
        self.run_program(*arguments, code=1)

    def test_sigstore_verifies_the_envelope(self):
        self.need_node("@sigstore/core")
        record = self.recorded(self.release())
        envelope, _ = self.exported(record)
        key = self.public_key()

        def verify():
            (self.folder / "envelope.json").write_text(json.dumps(envelope))
            return json.loads(self.run_program(
                "node", "-e", DSSE, self.folder / "envelope.json", key, code=0,
                environment={"NODE_PATH": NODE_MODULES}).out)
        self.assertEqual(verify(), [True])
        body = base64.b64decode(envelope["payload"]).replace(b"PASSED", b"FAILED")
        envelope["payload"] = base64.b64encode(body).decode()
        self.assertEqual(verify(), [False])

    def test_statements_fit_the_specification(self):
        records = self.all_kinds()
        statements = {name: self.exported(records[name])[1]
                      for name in ("accepted", "refused", "fast")}
        for name, faults in zip(statements, self.validate(VSA_SCHEMA, list(statements.values()))):
            self.assertEqual(faults, [], name)
        # The schema is no rubber stamp.
        wrong = []
        for change in (lambda one: one.update(subject=[]), lambda one: one.pop("predicateType"),
                       lambda one: one["predicate"].pop("policy"),
                       lambda one: one["predicate"].update(verificationResult="ACCEPTED"),
                       lambda one: one["predicate"].update(verifiedLevels=["SLSA_BUILD_LEVEL_9"]),
                       lambda one: one["predicate"].update(verificationResult="FAILED")):
            copy = json.loads(json.dumps(statements["accepted"]))
            change(copy)
            wrong.append(copy)
        self.assertNotIn([], self.validate(VSA_SCHEMA, wrong))

    def test_vsa_of_a_refusal(self):
        records = self.all_kinds()
        _, statement = self.exported(records["refused"])
        self.assertEqual(statement["predicate"]["verificationResult"], "FAILED")
        self.assertEqual(statement["predicate"]["verifiedLevels"], ["FAILED"])
        names = {one["name"] for one in statement["subject"]}
        self.assertEqual(names, {"MANIFEST.json"})  # nothing that was only claimed
        self.exported(records["no archive"], code=2)  # nothing is known by its digest
        digested = self.recorded(self.folder / "noise.tar", "--archive-digest", name="digested",
                                 code=1)
        _, statement = self.exported(digested)
        self.assertEqual([one["digest"]["sha256"] for one in statement["subject"]],
                         [sha256((self.folder / "noise.tar").read_bytes())])

    def test_vsa_of_a_fast_run_leaves_claims_out(self):
        _, statement = self.exported(self.all_kinds()["fast"])
        self.assertNotIn("firmware.bin", {one["name"] for one in statement["subject"]})

    def test_runs_that_give_no_vsa(self):
        records = self.all_kinds()
        for name in ("at", "partial", "undecided"):
            with self.subTest(name):
                self.exported(records[name], code=2)
        self.exported(records["unsigned"], code=1)
        self.exported(records["accepted"], code=2, anchor=False)
        self.exported(records["accepted"], "--verifier-id", "no uri", code=2)

    def test_example_keys_give_no_vsa(self):
        keys = self.keys
        archive = self.release()
        self.verify("check", archive, "--anchor", f"{keys}-root.cert.pem", "--allow-example-keys",
                    "--record", self.folder / "r", "--sign-record", f"{self.recorder}.key.pem",
                    "--record-cert", f"{self.recorder}.cert.pem")
        self.exported(self.folder / "r" / "RECORD.json", code=2)
        self.exported(self.folder / "r" / "RECORD.json", "--allow-example-keys")
        record = self.recorded(archive)
        self.verify("record", "export", record, "--vsa", "--key", KEYS / "quality.key.pem",
                    "--anchor", f"{self.recorder}-root.cert.pem", code=2)

    def test_vsa_by_other_kinds_of_keys(self):
        record = self.recorded(self.release())
        for kind, arguments, digest in (
                ("rsa", ["-newkey", "rsa:3072"], "-sha256"),
                ("p384", ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384"], "-sha384")):
            with self.subTest(kind):
                key = self.folder / f"{kind}.pem"
                self.run_program("openssl", "req", "-x509", *arguments, "-noenc", "-subj",
                                 f"/CN={kind}", "-keyout", key, "-out", self.folder / "x.pem",
                                 code=0)
                result = self.verify("record", "export", record, "--vsa", "--key", key, "--anchor",
                                     f"{self.recorder}-root.cert.pem")
                envelope = result.json()
                kind, body = envelope["payloadType"].encode(), base64.b64decode(envelope["payload"])
                (self.folder / "pae").write_bytes(
                    b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(body), body))
                (self.folder / "sig").write_bytes(
                    base64.b64decode(envelope["signatures"][0]["sig"]))
                self.run_program("openssl", "pkey", "-in", key, "-pubout", "-out",
                                 self.folder / "pub.pem", code=0)
                self.run_program("openssl", "dgst", digest, "-verify", self.folder / "pub.pem",
                                 "-signature", self.folder / "sig", self.folder / "pae", code=0)

    def test_a_run_that_did_not_finish_gives_no_vsa(self):
        journal = self.folder / "journal"
        record = self.recorded(self.release(), "--journal", journal)
        kept = next((journal / "records").glob("*-accepted-*.json"))
        # As a crash before the last step leaves it.
        pathlib.Path(f"{kept}.p7s").rename(journal / "records" / "pending.json.p7s")
        kept.rename(journal / "records" / "pending.json")
        self.recorded(self.release(), "--journal", journal, name="next")
        self.genuine(record, "--journal", journal, "--accepted", code=1)
        self.exported(record, "--journal", journal, code=1)


if __name__ == "__main__":
    main()
