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


if __name__ == "__main__":
    unittest.main()
