# SPDX-License-Identifier: Apache-2.0
"""check --junit, and --sarif of check, lint and sbom check: what was found, for CI servers and merge requests. Each is
well-formed by readers that are not ours, complete on failure as on success, and never written over anything it must not."""
import json
import shutil

import harness
from harness import EXAMPLE, ROOT_CERT, SIGN, file_sha256, main, member, tampered
from reports import JUNIT_SCHEMA, need_sarif, read_junit, read_sarif, sarif_faults, xml_faults

ALLOW = ("--anchor", ROOT_CERT, "--allow-example-keys")


class Reports(harness.Case):
    def three(self):
        """A good release, one with a changed byte, and a file that is not there."""
        good = self.small_release("good.tar", lifecycle={"endOfSecuritySupport": "2020-01-01T00:00:00Z"})
        bad = tampered(good, self.folder / "bad.tar", member(good, "firmware.bin").data)
        return good, bad, self.folder / "missing.tar"

    def test_junit_of_several_files(self):
        good, bad, missing = self.three()
        result = self.verify("check", good, bad, missing, *ALLOW, "--junit", "r.xml", code=1)
        self.assertEqual(xml_faults(self, JUNIT_SCHEMA, "r.xml"), "")
        suites = read_junit(self.folder / "r.xml")
        self.assertEqual(list(suites), [str(good), str(bad), str(missing)])
        self.assertIsNone(suites[str(good)]["verdict"])
        self.assertEqual(suites[str(bad)]["verdict"][0], "failure")
        self.assertEqual(suites[str(missing)]["verdict"][0], "error")
        self.assertIn("there is no such file", suites[str(missing)]["verdict"][1])
        self.assertIn("ACCEPTED", result.out)
        failed = [name for name, said in suites[str(bad)].items() if said and said[0] == "failure" and name != "verdict"]
        self.assertEqual([name.split(":")[0] for name in failed], ["file.digests"])
        self.assertIn("Found: ", suites[str(bad)][failed[0]][1])
        self.assertIn("system-out", {said[0] for said in suites[str(good)].values() if said})  # a warning is told

    def test_junit_says_what_the_record_says(self):
        for archive, code in zip(self.three()[:2], (0, 1)):
            self.verify("check", archive, *ALLOW, "--junit", "r.xml", "--json", code=code)
            checks = self.verify("check", archive, *ALLOW, "--json", code=code).json()["result"]["checks"]
            cases = next(iter(read_junit(self.folder / "r.xml").values()))
            self.assertEqual(sorted({name.split(":")[0] for name in cases} - {"verdict"}), sorted({one["check"] for one in checks}))
            failures = {name.split(":")[0] for name, said in cases.items() if said and said[0] == "failure"} - {"verdict"}
            self.assertEqual(failures, {one["check"] for one in checks if one["result"] == "FAIL"})

    def test_sarif_fits_its_schema(self):
        need_sarif()
        good, bad, missing = self.three()
        self.verify("check", good, bad, missing, *ALLOW, "--sarif", "check.sarif", code=1)
        shutil.copytree(EXAMPLE, self.folder / "lint")
        lint = self.folder / "lint" / "release.yaml"
        self.run_program(SIGN, "lint", lint, "--sarif", "lint.sarif", code=0)
        lint.write_text(lint.read_text("utf-8").replace("version: \"1.0\"", "versoin: \"1.0\"", 1), encoding="utf-8")
        self.run_program(SIGN, "lint", lint, "--sarif", "faults.sarif", code=2)
        lint.write_text("product: {", encoding="utf-8")
        self.run_program(SIGN, "lint", lint, "--sarif", "syntax.sarif", code=2)
        sbom = EXAMPLE / "inputs" / "sbom.cdx.json"
        self.sign("sbom", "check", sbom, "--profile", "bsi", "--sarif", "sbom.sarif", code=None)
        (self.folder / "no.json").write_text("{")
        self.sign("sbom", "check", "no.json", "--sarif", "no.sarif", code=1)
        files = ["check.sarif", "lint.sarif", "faults.sarif", "syntax.sarif", "sbom.sarif", "no.sarif"]
        self.assertEqual(sarif_faults(self, *files), [])
        for name in files:
            read_sarif(self.folder / name)
        # The validator sees a fault where there is one.
        wrong = json.loads((self.folder / "lint.sarif").read_text())
        wrong["runs"][0]["results"] = [{"level": "loud", "message": {"text": "x"}}]
        (self.folder / "wrong.sarif").write_text(json.dumps(wrong))
        self.assertEqual(len(sarif_faults(self, "wrong.sarif")), 1)

    def test_sarif_of_check(self):
        good, bad, missing = self.three()
        self.verify("check", good, bad, missing, *ALLOW, "--sarif", "r.sarif", code=1)
        run = read_sarif(self.folder / "r.sarif")
        errors = [result for result in run["results"] if result["level"] == "error"]
        self.assertEqual([result["ruleId"] for result in errors], ["file.digests"])
        self.assertIn("bad.tar", errors[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"])
        self.assertFalse(any(result["properties"]["result"] == "PASS" for result in run["results"]))
        self.assertFalse(run["invocations"][0]["executionSuccessful"])
        self.assertEqual(len(run["invocations"][0]["toolExecutionNotifications"]), 1)
        self.assertEqual([one["verdict"] for one in run["properties"]["files"]], ["ACCEPTED", "REFUSED", "UNDECIDED"])
        self.verify("check", good, bad, *ALLOW, "--sarif", "r.sarif", code=1)
        self.assertTrue(read_sarif(self.folder / "r.sarif")["invocations"][0]["executionSuccessful"])

    def test_what_was_not_checked_is_no_success(self):
        archive = self.pack(EXAMPLE / "release.yaml")
        self.verify("check", archive, *ALLOW, "--sarif", "r.sarif", "--junit", "r.xml")
        results = read_sarif(self.folder / "r.sarif")["results"]
        unchecked = [result for result in results if result["properties"]["result"] == "NOT_CHECKED"]
        self.assertTrue(unchecked)
        self.assertTrue(all(one["message"]["text"].startswith("not checked: ") and one["level"] == "note" for one in unchecked))
        skipped = [said for said in read_junit(self.folder / "r.xml")[str(archive)].values() if said and said[0] == "skipped"]
        self.assertEqual(len(skipped), len(unchecked))

    def test_sarif_of_lint_names_line_and_column(self):
        shutil.copytree(EXAMPLE, self.folder / "lint")
        path = self.folder / "lint" / "release.yaml"
        text = path.read_text("utf-8").replace("summary: The event log can be fetched as CSV.", "summary: The device is certified.")
        path.write_text(text, encoding="utf-8")
        line = next(i for i, one in enumerate(text.split("\n"), 1) if "is certified" in one)
        shown = self.run_program(SIGN, "lint", path, "--sarif", "r.sarif", code=0)
        self.assertIn(f"release.yaml:{line}:", shown.out)  # what is printed stays
        result = read_sarif(self.folder / "r.sarif")["results"][0]
        place = result["locations"][0]["physicalLocation"]
        self.assertEqual((result["ruleId"], place["region"]["startLine"]), ("claims.hygiene", line))
        self.assertTrue(place["artifactLocation"]["uri"].endswith("/lint/release.yaml"))
        # The same as --format sarif prints.
        printed = self.run_program(SIGN, "lint", path, "--format", "sarif", code=0)
        self.assertEqual(json.loads(printed.out), json.loads((self.folder / "r.sarif").read_text()))

    def test_names_are_references(self):
        archive = self.small_release("a b%20:ü.tar")
        self.verify("check", archive.name, *ALLOW, "--sarif", "r.sarif")
        uris = {result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
                for result in read_sarif(self.folder / "r.sarif")["results"]}
        self.assertEqual(uris, {"a%20b%2520%3A%C3%BC.tar"})
        self.verify("check", archive, *ALLOW, "--sarif", "r.sarif")
        uris = {result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
                for result in read_sarif(self.folder / "r.sarif")["results"]}
        self.assertTrue(next(iter(uris)).startswith("file:///"))

    # Where they are written

    def test_outputs(self):
        good, bad, _ = self.three()
        before = file_sha256(good)
        for option in ("--junit", "--sarif"):
            with self.subTest(option):
                self.verify("check", good, *ALLOW, option, "-", code=2)
                self.verify("check", good, *ALLOW, option, good, code=(2, 3))
                self.assertEqual(file_sha256(good), before)
                self.verify("check", good, *ALLOW, option, "/dev/null", code=2)
                (self.folder / "link").unlink(missing_ok=True)
                (self.folder / "link").symlink_to("x")
                self.verify("check", good, *ALLOW, option, "link", code=2)
                result = self.verify("check", good, *ALLOW, option, "no/such/r", code=3)
                self.assertNotIn("ACCEPTED", result.out)  # said before anything is read
                (self.folder / "old").write_text("old")
                result = self.verify("check", good, *ALLOW, option, "old", code=3, before=harness.limit_file_size(100))
                self.assertIn(option, result.err)
                self.assertEqual((self.folder / "old").read_text(), "old")
                self.assertEqual(self.verify("check", bad, *ALLOW, option, "old", code=1,
                                             before=harness.limit_file_size(100)).code, 1)
        self.run_program(SIGN, "lint", self.folder / "release.yaml", "--sarif", "no/such", code=3)
        description = file_sha256(self.folder / "release.yaml")
        self.run_program(SIGN, "lint", self.folder / "release.yaml", "--sarif", "release.yaml", code=(2, 3))
        self.assertEqual(file_sha256(self.folder / "release.yaml"), description)

    def test_the_same_run_gives_the_same_bytes(self):
        good, bad, _ = self.three()
        for option in ("--junit", "--sarif"):
            for name in ("1", "2"):
                self.verify("check", good, bad, *ALLOW, "--at", "2027-01-01T00:00:00Z", option, name, code=1)
            self.assertEqual((self.folder / "1").read_bytes(), (self.folder / "2").read_bytes())


if __name__ == "__main__":
    main()
