# SPDX-License-Identifier: Apache-2.0
"""What may soften a check: every row of the program's own list, in every file and option that could name it."""
import json
import re

import harness
from harness import KEYS, PRODUCT, VENDOR, VERIFY

EXAMPLE = "--allow-example-keys"
WORDS = ("fail", "warn", "ignore")

# What stands behind the name of a check that nothing softens, by its kind.
REASONS = {"core": "it is a core check", "operator": "the operator asks for it in the run", "tpm": "a TPM answers it",
           "signer": "only whoever signs is told of it", "waiver": "it is about waivers themselves",
           "station": "it is about what a station holds, not about a release",
           "foreign": "a verdict on a foreign file rests on it"}


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
        # The program's own list, which tests/unit/base/finding/test_check.c pins: who may do what with each row.
        rows = case.rows()
        cls.kinds = {name: row[0] for name, row in rows.items()}
        cls.set = {name for name, row in rows.items() if row[2] == "policy"}
        cls.profile_only = {name for name, row in rows.items() if row[2] == "profile"}
        cls.soft = {name for name, row in rows.items() if row[3] == "waiver"}

    def runTest(self):
        """Lets setUpClass use the helpers of a case."""

    def rows(self):
        """id -> (kind, severity, set by, waiver)."""
        lines = [line for line in self.verify("explain", "all").out.splitlines() if re.match(r"  [a-z]+\.", line)]
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

    def reason(self, name):
        return REASONS[self.kinds[name]]

    def test_the_list_has_what_is_tried_below(self):
        for some in (self.set, self.soft, self.profile_only, set(self.kinds) - self.set):
            self.assertGreater(len(some), 0)
        self.assertLess(self.soft, self.set)
        self.assertEqual({row[1] for row in self.rows().values()} - {"fail", "warn", "ignore"}, set())
        for name, kind in self.kinds.items():
            self.assertFalse(kind in ("core", "operator", "tpm") and name in self.set | self.profile_only | self.soft, name)

    def test_explain_tells_who_may_soften_it(self):
        for name, (kind, severity, set_by, _) in self.rows().items():
            with self.subTest(check=name):
                title, words, *_ = self.verify("explain", name).out.splitlines()
                self.assertTrue(title.startswith(f"{name}: "), title)
                self.assertEqual("a trust policy can change that" in words, name in self.set, words)
                self.assertEqual("a profile can raise that" in words, name in self.profile_only, words)
                self.assertEqual("It can be waived" in words, name in self.soft, words)
                self.assertEqual("no policy can soften it, and no waiver covers it" in words, kind == "core", words)
                if kind != "core":
                    self.assertIn(f"Severity by default: {severity};", words)
                    self.assertEqual("no policy can change that" in words, set_by == "-", words)
                    self.assertEqual("It can never be waived" in words, name not in self.soft, words)
                    self.assertTrue(name in self.soft or words.endswith(f"{self.reason(name)}."), words)

    def test_the_default_is_what_a_profile_starts_from(self):
        """A policy that sets the default of each row changes nothing: the words of explain are those that verdicts follow."""
        rows = self.rows()
        plain = self.verify("check", self.archive, "--trust", self.policy(), EXAMPLE, "--json").json()["result"]["checks"]
        told = self.verify("check", self.archive, "--trust", self.policy(severities={name: rows[name][1] for name in sorted(self.set)}),
                           EXAMPLE, "--json").json()["result"]["checks"]
        self.assertEqual([(one["check"], one["result"]) for one in told], [(one["check"], one["result"]) for one in plain])
        found = {(one["check"], one["result"]) for one in plain}
        self.assertIn("WARN", {result for _, result in found})
        for name, result in found:
            softer = result == "WARN" and rows[name][1] == "fail"
            self.assertFalse(result == "FAIL" or softer and rows[name][0] != "core", (name, result))  # the core says WARN of what nobody asked for

    def test_the_examples_of_explain_explain(self):
        text = self.verify("explain", "--help").out
        examples = text[text.index("Examples:"):].split("\n\n", 1)[0].splitlines()[1:]
        self.assertGreater(len(examples), 1)
        for example in examples:
            self.verify(*example.split()[1:], code=0)

    def test_each_severity_in_a_policy(self):
        for name in self.rows():
            for word in WORDS:
                with self.subTest(check=name, word=word):
                    result = self.lint(0 if name in self.set else 2, severities={name: word})
                    if name not in self.set:
                        self.refused(result, name, f"#/severities/{name}")
                        self.assertIn(f"the check {name} has no severity to set here: {self.reason(name)}", result.err)
                        self.assertEqual(result.out, "")

    def test_each_waiver_in_a_policy(self):
        for name in self.rows():
            with self.subTest(check=name):
                result = self.lint(0 if name in self.soft else 2, waivable=["sbom.ntia", name] if name != "sbom.ntia" else [name])
                if name not in self.soft:
                    self.refused(result, name, "#/waivable/1")
                    self.assertIn(f"the check {name} can never be waived: {self.reason(name)}", result.err)

    def test_what_may_be_waived_where_nobody_signs_waivers(self):
        said = "waivable has no effect for products of"
        self.assertIn(said, self.lint(0, waivable=["sbom.ntia"]).out)
        self.assertNotIn(said, self.lint(0).out)
        board = {"name": "board", "anchor": {"type": "certificate", "pem": (KEYS / "owner.cert.pem").read_text("ascii")}}
        policy = json.loads(self.policy(waivable=["sbom.ntia"]).read_text("utf-8"))
        policy["scopes"][0]["signers"].append(board)
        policy["scopes"][0]["roles"].append({"role": "waiver", "signers": ["board"]})
        self.assertNotIn(said, self.verify("trust", "lint", self.write("board.json", policy), EXAMPLE).out)

    def test_all_of_them_at_once_are_each_named(self):
        hard, never = sorted(set(self.rows()) - self.set), sorted(set(self.rows()) - self.soft)
        policy = self.policy(severities={name: "ignore" for name in [*hard, "sbom.ntia"]}, waivable=["sbom.ntia", *never])
        places = [f"#/severities/{name}" for name in hard] + [f"#/waivable/{i + 1}" for i in range(len(never))]
        text = self.verify("trust", "lint", policy, EXAMPLE, code=2)
        self.assertEqual(text.out, "")
        lines = dict(re.findall(r"(#/(?:severities|waivable)/[^\s:]+): (.*?)(?= (?:also )?#/|$)", " ".join(text.err.split())))
        self.assertEqual(list(lines), places)
        for place, name in zip(places, hard + never):
            self.assertIn(f"the check {name} ", lines[place])
            self.assertIn(self.reason(name), lines[place])
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
            for option, value, good in (("--severity", f"{name}=ignore", self.set), ("--waivable", name, self.soft)):
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
                if name in self.set:
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
                if name in self.set | self.profile_only:
                    self.assertIn(result.code, (0, 1), result)
                else:
                    self.assertEqual(result.code, 2, result)
                    self.refused(result, name, f"#/severities/{name}")

    def test_a_profile_ignores_nothing(self):
        """It only raises: the word would have no effect, and somebody relies on it."""
        profile = self.write("profile.json", {"cretula": "profile/1", "name": "p", "version": 1, "topics": [],
                                              "severities": {"sbom.ntia": "ignore"}})
        result = self.verify("check", self.archive, "--anchor", KEYS / "root.cert.pem", "--profile", profile, EXAMPLE, code=2)
        self.assertIn("#/severities/sbom.ntia", result.err)
        self.assertIn("fail, warn", result.err)

    def test_each_in_a_waiver(self):
        for name in self.rows():
            with self.subTest(check=name):
                out = self.folder / f"{name}.json"
                result = self.run_program(harness.SIGN, "waive", "--check", name, "--archive", self.archive, "--reason", "r",
                                          "--approver", "a", "--control", "c", "--until", "2099-01-01T00:00:00Z", "--out", out,
                                          "--key", KEYS / "release.key.pem", "--cert", KEYS / "release.cert.pem", EXAMPLE)
                self.assertEqual(result.code, 0 if name in self.soft else 2, result)
                self.assertEqual(out.exists(), name in self.soft)
                if name not in self.soft:
                    self.assertIn(f"the check {name} can never be waived", result.err)


if __name__ == "__main__":
    harness.main()
