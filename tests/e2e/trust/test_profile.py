# SPDX-License-Identifier: Apache-2.0
"""The example release under the profile: every topic is answered, and each one is missed."""
import json
import re
import shutil
import unittest

import harness
from harness import EXAMPLE, KEYS, ROOT_CERT, SIGN, SOURCE, VERIFY

PROFILE = SOURCE / "formats" / "release" / "profiles" / "iec62443-component.json"


class Profile(harness.Case):
    def pack_example(self, text, name):
        folder = self.folder / "example"
        if not folder.exists():
            shutil.copytree(EXAMPLE, folder)
        path = folder / (name + ".yaml")
        path.write_text(text, encoding="utf-8")
        archive = self.folder / (name + ".tar")
        self.run_program(SIGN, "pack", path, "--key", KEYS / "release.key.pem", "--cert",
                         KEYS / "release.cert.pem", "--allow-example-keys", "--out", archive, code=0)
        return archive

    def judge(self, archive, code):
        return self.run_program(VERIFY, "check", archive, "--anchor", ROOT_CERT, "--allow-example-keys",
                                "--profile", PROFILE, "--json", code=code).json()

    def test_the_example_answers_every_topic(self):
        text = (EXAMPLE / "release.yaml").read_text("utf-8")
        result = self.judge(self.pack_example(text, "whole"), 0)
        self.assertEqual(result["how"]["profile"], "iec62443-component")
        self.assertIn(("topics.answered", "PASS"),
                      {(check["check"], check["result"]) for check in result["result"]["checks"]})

    def test_each_topic_that_is_left_out_is_named(self):
        text = (EXAMPLE / "release.yaml").read_text("utf-8")
        topics = [topic["id"] for topic in json.loads(PROFILE.read_text("utf-8"))["topics"]]
        self.assertEqual(len(topics), 20)
        for topic in topics:
            with self.subTest(topic):
                without, found = re.subn(rf"(?m)^  {topic}: \{{status:.*\n", "", text)
                self.assertEqual(found, 1)
                result = self.judge(self.pack_example(without, topic), 1)
                faults = [check for check in result["result"]["checks"] if check["result"] == "FAIL"]
                self.assertEqual([fault["where"] for fault in faults], [f"#/topics/{topic}"])
                self.assertEqual(faults[0]["check"], "topics.answered")

    def test_by_its_name_it_is_the_file_of_this_project_wherever_one_stands(self):
        text = (EXAMPLE / "release.yaml").read_text("utf-8")
        archive = self.pack_example(re.sub(r"(?m)^  S37: .*\n", "", text), "named")
        (self.folder / "iec62443-component").write_text('{"cretula": "profile/1", "name": "soft", "version": 1, "topics": []}')
        verify = [VERIFY, "check", archive, "--anchor", ROOT_CERT, "--allow-example-keys", "--json", "--profile"]
        by_name = self.run_program(*verify, "iec62443-component", code=1, cwd=self.folder).json()
        by_path = self.run_program(*verify, PROFILE, code=1, cwd=self.folder).json()
        self.assertEqual(by_name["how"]["profile"], by_path["how"]["profile"])
        self.assertEqual(by_name["result"]["checks"], by_path["result"]["checks"])
        self.assertEqual(self.run_program(*verify, "./iec62443-component", code=0, cwd=self.folder).json()["how"]["profile"], "soft")
        said = self.run_program(*verify[:-2], "--profile", "iec62443-componen", code=2, cwd=self.folder)
        self.assertIn("iec62443-component meant", said.out + said.err)
        folder = self.folder / "example"
        lint = [SIGN, "lint", folder / "named.yaml", "--json", "--profile"]
        self.assertEqual(self.run_program(*lint, "iec62443-component", code=1).json()["findings"],
                         self.run_program(*lint, PROFILE, code=1).json()["findings"])

    def test_each_name_is_that_of_the_profile_itself(self):
        for path in PROFILE.parent.glob("*.json"):
            self.assertEqual(json.loads(path.read_text("utf-8"))["name"], path.stem)
            for program, verb in ((VERIFY, "check"), (SIGN, "lint")):  # where each is said by hand
                self.assertIn(f"the name {path.stem}", " ".join(self.run_program(program, verb, "--help", code=0).out.split()))

    def test_without_a_profile_topics_are_not_asked_for(self):
        text = (EXAMPLE / "release.yaml").read_text("utf-8")
        without = re.sub(r"(?m)^  S37: .*\n", "", text)
        archive = self.pack_example(without, "no-profile")
        self.run_program(VERIFY, "check", archive, "--anchor", ROOT_CERT, "--allow-example-keys", code=0)

    def test_lint_names_line_and_column_as_text_json_and_sarif(self):
        shutil.copytree(EXAMPLE, self.folder / "lint")
        path = self.folder / "lint" / "release.yaml"
        text = path.read_text("utf-8").replace("summary: The event log can be fetched as CSV.",
                                               "summary: The device is certified.")
        path.write_text(text, encoding="utf-8")
        line = next(i for i, one in enumerate(text.split("\n"), 1) if "is certified" in one)
        shown = self.run_program(SIGN, "lint", path, code=0)
        self.assertIn(f"release.yaml:{line}:", shown.out)
        findings = self.run_program(SIGN, "lint", path, "--format", "json", code=0).json()["findings"]
        self.assertEqual([(one["check"], one["line"]) for one in findings if one["result"] != "PASS"],
                         [("claims.hygiene", line)])
        sarif = self.run_program(SIGN, "lint", path, "--format", "sarif", code=0).json()
        self.assertEqual(sarif["version"], "2.1.0")
        result = sarif["runs"][0]["results"][0]
        self.assertEqual((result["ruleId"], result["level"]), ("claims.hygiene", "warning"))
        region = result["locations"][0]["physicalLocation"]["region"]
        self.assertEqual(region["startLine"], line)

    # signed by the owner

    def profile(self, name="site.json"):
        path = self.folder / name
        shutil.copyfile(PROFILE, path)
        return path

    def sign_profile(self, path, key="owner", code=0):
        return self.sign("sign-profile", path, "--key", KEYS / f"{key}.key.pem", "--cert", KEYS / f"{key}.cert.pem",
                         "--allow-example-keys", code=code)

    def under(self, path, *arguments, code=0):
        archive = self.folder / "whole.tar"
        if not archive.exists():
            self.pack_example((EXAMPLE / "release.yaml").read_text("utf-8"), "whole")
        return self.verify("check", archive, "--trust", KEYS / "trust.json", "--allow-example-keys", "--profile", path,
                           *arguments, code=code)

    def test_a_profile_that_the_owner_signed(self):
        path = self.profile()
        self.assertNotIn("profileSigner", self.under(path, "--json").json()["how"])
        self.sign_profile(path)
        how = self.under(path, "--json").json()["how"]
        self.assertIn("CN=Example owner key", how["profileSigner"])
        self.assertEqual(how["profileSha256"], harness.file_sha256(path))
        # A bare anchor has no owner who could have signed it.
        archive = self.folder / "whole.tar"
        plain = self.run_program(VERIFY, "check", archive, "--anchor", ROOT_CERT, "--allow-example-keys", "--profile",
                                 path, "--json", code=0).json()
        self.assertNotIn("profileSigner", plain["how"])
        # One letter later.
        path.write_text(path.read_text("utf-8").replace("Operational limits", "operational limits"), encoding="utf-8")
        self.assertIn("site.json.p7s", self.under(path, code=2).err)

    def test_only_an_owner_may_have_signed_it(self):
        path = self.profile()
        for key in ("release", "quality"):
            with self.subTest(key):
                self.sign_profile(path, key)
                self.assertIn("not signed by an owner", self.under(path, code=2).err)
        (self.folder / "site.json.p7s").write_bytes(b"no signature")
        self.under(path, code=2)

    def test_what_is_no_profile_is_not_signed(self):
        path = self.folder / "p.json"
        path.write_text('{"cretula": "profile/1"}', encoding="utf-8")
        self.sign_profile(path, code=2)
        self.assertFalse((self.folder / "p.json.p7s").exists())

    def test_a_site_decides_on_its_profile(self):
        keys = self.own_keys()
        (self.folder / "fw.bin").write_bytes(b"firmware")
        self.sign("pack", self.description(["fw.bin"]), "--key", f"{keys}.key.pem", "--cert", f"{keys}.cert.pem", "--out",
                  "r.tar")
        path = self.profile()
        path.chmod(0o644)
        site = self.folder / "verify.json"

        def check(value, *more, code):
            site.write_text(json.dumps({"cretula": "site/1", **value}), encoding="utf-8")
            site.chmod(0o644)
            return self.verify("check", "r.tar", "--anchor", f"{keys}-root.cert.pem", "--config", site, *more, code=code)

        check({}, code=0)
        self.assertIn("topics.answered", check({"profile": str(path)}, code=1).out)
        self.assertIn("another --profile", check({"profile": str(path)}, "--profile", PROFILE, code=2).err)
        check({"profile": str(path), "profileSha256": harness.file_sha256(path)}, code=1)
        self.assertIn("pins", check({"profile": str(path), "profileSha256": "0" * 64}, code=2).err)
        check({"profileSha256": "0" * 64}, code=2)
        path.chmod(0o666)
        self.assertIn("changed by others", check({"profile": str(path)}, code=2).err)


if __name__ == "__main__":
    unittest.main()
