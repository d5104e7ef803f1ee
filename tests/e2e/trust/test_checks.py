# SPDX-License-Identifier: Apache-2.0
"""What may soften a check: every row of the program's own list, in every file and option that could name it."""
import json

import harness
from harness import KEYS, PRODUCT, VENDOR, VERIFY

EXAMPLE = "--allow-example-keys"
WORDS = ("fail", "warn", "ignore")

# What was decided. A row that changes changes here too, by somebody who knows why.
SOFT = set("""policy.review release.sequence release.backout release.upgrade release.adoption release.values lifecycle.support
    lifecycle.dates document.applies document.review document.identity topics.answered claims.hygiene sbom.form sbom.binding
    sbom.nested sbom.unread sbom.ntia sbom.bsi vex.match advisory.digest advisory.match""".split())
SET_ONLY = set("waiver.form waiver.signature waiver.applies waiver.period waiver.allowed evidence.syslog".split())
PROFILE_ONLY = {"file.intended"}
HARD = set("""archive.framing archive.limits manifest.form file.paths file.digests file.checksums signature.form signature.algorithm
    signature.value certificate.path certificate.validity certificate.usage certificate.algorithm certificate.revocation
    signature.timestamp signature.post-quantum trust.example-key trust.threshold trust.scope release.identity release.product
    release.hardware document.also tpm.anchor tpm.journal tpm.signature tpm.attestation journal.chain journal.records
    record.form record.signature trust.rotation""".split())
SET = SOFT | SET_ONLY


class Checks(harness.Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        case = cls("runTest")
        case.folder = cls.shared
        case.small_release()
        case.sign("pack", "release.yaml", "--key", KEYS / "release.key.pem", "--cert", KEYS / "release.cert.pem", EXAMPLE,
                  "--out", "a.tar")
        cls.archive = cls.shared / "a.tar"

    def runTest(self):
        """Lets setUpClass use the helpers of a case."""

    def rows(self):
        """id -> (kind, severity, set by, waiver)."""
        lines = self.verify("explain", "all").out.splitlines()
        return {line.split()[0]: tuple(line.split(None, 5)[1:5]) for line in lines}

    def write(self, name, value):
        path = self.folder / name
        path.write_text(json.dumps(value), encoding="utf-8")
        return path

    def policy(self, **fields):
        pem = (KEYS / "root.cert.pem").read_text("ascii")
        return self.write("trust.json", {
            "cretula": "trust/1", "name": "Plant", "version": 1, "issued": "2026-01-01T00:00:00Z",
            "scopes": [{"vendor": VENDOR, "products": [PRODUCT],
                        "signers": [{"name": "vendor", "anchor": {"type": "ca", "pem": pem}}],
                        "roles": [{"role": "release", "signers": ["vendor"]}]}], **fields})

    def lint(self, code, **fields):
        return self.verify("trust", "lint", self.policy(**fields), EXAMPLE, code=code)

    def refused(self, result, name, where):
        self.assertIn(name, result.err)
        self.assertIn(where, result.err)

    def test_the_list_is_the_one_that_was_decided(self):
        rows = self.rows()
        self.assertEqual(set(rows), SOFT | SET_ONLY | PROFILE_ONLY | HARD)
        self.assertEqual({name for name, row in rows.items() if row[2] == "policy"}, SET)
        self.assertEqual({name for name, row in rows.items() if row[2] == "profile"}, PROFILE_ONLY)
        self.assertEqual({name for name, row in rows.items() if row[3] == "waiver"}, SOFT)
        self.assertEqual({name for name, row in rows.items() if row[0] in ("core", "operator", "tpm")},
                         {name for name in HARD if not name.startswith(("journal.", "record.")) and name != "trust.rotation"})

    def test_explain_tells_who_may_soften_it(self):
        for name in self.rows():
            with self.subTest(check=name):
                words = self.verify("explain", name).out.splitlines()[1]
                self.assertEqual("a trust policy can change that" in words, name in SET, words)
                self.assertEqual("a profile can raise that" in words, name in PROFILE_ONLY, words)
                self.assertEqual("It can be waived" in words, name in SOFT, words)

    def test_each_severity_in_a_policy(self):
        for name in self.rows():
            for word in WORDS:
                with self.subTest(check=name, word=word):
                    result = self.lint(0 if name in SET else 2, severities={name: word})
                    if name not in SET:
                        self.refused(result, name, f"#/severities/{name}")
                        self.assertEqual(result.out, "")

    def test_each_waiver_in_a_policy(self):
        for name in self.rows():
            with self.subTest(check=name):
                result = self.lint(0 if name in SOFT else 2, waivable=["sbom.ntia", name] if name != "sbom.ntia" else [name])
                if name not in SOFT:
                    self.refused(result, name, "#/waivable/1")
                    self.assertIn("can never be waived", result.err)

    def test_all_of_them_at_once_are_each_named(self):
        hard, never = sorted(set(self.rows()) - SET), sorted(set(self.rows()) - SOFT)
        policy = self.policy(severities={name: "ignore" for name in [*hard, "sbom.ntia"]}, waivable=["sbom.ntia", *never])
        places = [f"#/severities/{name}" for name in hard] + [f"#/waivable/{i + 1}" for i in range(len(never))]
        text = self.verify("trust", "lint", policy, EXAMPLE, code=2)
        self.assertEqual(text.out, "")
        lines = {line.strip().split(": ")[0]: line for line in text.err.splitlines() if line.startswith("  #/")}
        self.assertEqual(list(lines), places)
        for place, name in zip(places, hard + never):
            self.assertIn(f"the check {name} ", lines[place])
        faults = json.loads(self.verify("trust", "lint", policy, EXAMPLE, "--json", code=2).out)
        self.assertEqual((faults["cretula"], faults["exitCode"]), ("error/1", 2))
        self.assertEqual([fault["where"] for fault in faults["faults"]], places)
        for fault, name in zip(faults["faults"], hard + never):
            self.assertIn(f"the check {name} ", fault["message"])
        # The other readers stop at the first one, and say how many there are.
        for verb in (["check", self.archive, "--trust", policy], ["trust", "show", policy], ["show", self.archive, "--trust", policy]):
            result = self.verify(*verb, EXAMPLE, code=2)
            self.refused(result, hard[0], "#/severities/")
            self.assertIn(f"names {len(places) - 1} more", result.err)

    def test_lint_names_them_beside_another_fault(self):
        policy = self.policy(version=0, severities={"file.digests": "warn", "tpm.journal": "warn"}, waivable=["no.check"])
        text = self.verify("trust", "lint", policy, EXAMPLE, code=2).err
        for name in ("version", "the check file.digests", "the check tpm.journal", "there is no check no.check"):
            self.assertIn(name, text)

    def test_words_that_are_none(self):
        for fields in ({"severities": {"file.digests ": "warn"}}, {"severities": {"FILE.DIGESTS": "warn"}},
                       {"severities": {"": "warn"}}, {"severities": {"none": "warn"}}, {"severities": {"sbom.*": "warn"}},
                       {"severities": ["sbom.ntia"]}, {"severities": {"sbom.ntia": "off"}}, {"severities": {"sbom.ntia": 1}},
                       {"waivable": ["*"]}, {"waivable": ["none"]}, {"waivable": {"sbom.ntia": True}}, {"waivable": [1]},
                       {"waivable": "sbom.ntia"}, {"waivable": ["sbom.ntia\u0000"]}):
            with self.subTest(**fields):
                self.lint(2, **fields)

    def test_a_draft_without_signers_is_held_to_the_same(self):
        """No scope yet, and so nothing that the whole parser has seen."""
        owner = self.own_keys("owner")
        fingerprint = self.run_program("openssl", "x509", "-in", f"{owner}.cert.pem", "-noout", "-fingerprint", "-sha256",
                                       code=0).out.split("=")[1].strip()
        for fields in ({"severities": {"trust.scope": "ignore"}}, {"waivable": ["document.also"]}, {"waivable": ["sbom.ntia"]}):
            (self.folder / "draft.json").unlink(missing_ok=True)
            self.verify("trust", "init", "draft.json", "--name", "Plant")
            draft = json.loads((self.folder / "draft.json").read_text("utf-8"))
            self.write("draft.json", {**draft, **fields})
            sound = fields == {"waivable": ["sbom.ntia"]}
            result = self.verify("trust", "add-signer", "draft.json", "--policy-owner", "--signer", "owner", "--anchor",
                                 f"{owner}.cert.pem", "--fingerprint", fingerprint, "--obtained", "in person", code=0 if sound else 2)
            if not sound:
                self.assertIn("the check ", result.err)

    def test_trust_set_writes_none_of_them(self):
        policy = self.policy()
        before = policy.read_bytes()
        for name in self.rows():
            for option, value, good in (("--severity", f"{name}=ignore", SET), ("--waivable", name, SOFT)):
                if name not in good:
                    with self.subTest(check=name, option=option):
                        self.assertIn(name, self.verify("trust", "set", policy, option, value, EXAMPLE, code=2).err)
        self.assertEqual(policy.read_bytes(), before)

    def test_each_in_an_overlay(self):
        trust = self.policy()
        for name in self.rows():
            with self.subTest(check=name):
                overlay = self.write("overlay.json", {"cretula": "overlay/1", "name": "North", "severities": {name: "fail"}})
                result = self.run_program(VERIFY, "check", self.archive, "--trust", trust, "--overlay", overlay, EXAMPLE)
                if name in SET:
                    self.assertIn(result.code, (0, 1), result)
                else:
                    self.assertEqual(result.code, 2, result)
                    self.refused(result, name, f"#/severities/{name}")

    def test_each_in_a_profile(self):
        for name in self.rows():
            with self.subTest(check=name):
                profile = self.write("profile.json", {"cretula": "profile/1", "name": "p", "version": 1, "topics": [],
                                                      "severities": {name: "fail"}})
                result = self.run_program(VERIFY, "check", self.archive, "--anchor", KEYS / "root.cert.pem", "--profile", profile,
                                          EXAMPLE)
                if name in SET | PROFILE_ONLY:
                    self.assertIn(result.code, (0, 1), result)
                else:
                    self.assertEqual(result.code, 2, result)
                    self.refused(result, name, f"#/severities/{name}")

    def test_each_in_a_waiver(self):
        for name in self.rows():
            with self.subTest(check=name):
                out = self.folder / f"{name}.json"
                result = self.run_program(harness.SIGN, "waive", "--check", name, "--archive", self.archive, "--reason", "r",
                                          "--approver", "a", "--control", "c", "--until", "2099-01-01T00:00:00Z", "--out", out,
                                          "--key", KEYS / "release.key.pem", "--cert", KEYS / "release.cert.pem", EXAMPLE)
                self.assertEqual(result.code, 0 if name in SOFT else 2, result)
                self.assertEqual(out.exists(), name in SOFT)
                if name not in SOFT:
                    self.assertIn(f"the check {name} can never be waived", result.err)


if __name__ == "__main__":
    harness.main()
