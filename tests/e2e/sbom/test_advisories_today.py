# SPDX-License-Identifier: Apache-2.0
"""Documents of standards that may not be copied here: judged where CRETULA_TODAY_DATA names a folder with them, else skipped."""
import json
import os
import pathlib
import unittest

import advisory_pairs
from harness import ROOT_CERT, main
from pair_case import PairCase

DATA = pathlib.Path(os.environ["CRETULA_TODAY_DATA"]) if "CRETULA_TODAY_DATA" in os.environ else None


@unittest.skipIf(DATA is None, "CRETULA_TODAY_DATA names no folder with the documents of OASIS and others")
class Today(PairCase):
    def judged(self, paths):
        """For each file the error, or None."""
        archive = self.release(advisory_pairs.PLAIN)
        named = [word for path in paths for word in ("--csaf", path)]
        result = self.verify("advisories", archive, *named, "--anchor", ROOT_CERT, "--allow-example-keys", "--json", code=(0, 1, 3)).json()
        errors = {pathlib.Path(one["file"]).name: one for one in result["releases"][0]["advisories"]["documents"] if "error" in one}
        return {path.name: errors.get(path.name) for path in paths}

    def test_csaf_2_1(self):
        """Each file as expected.json says, by the test that it is written for; examples are valid."""
        folder = DATA / "csaf-2.1"
        expected = {one["file"]: one for one in json.loads((folder / "tests" / "expected.json").read_text())}
        other = {"6-1-60-02-01": None,  # the schema of an extension is not here: nobody can hold its content to it
                 "6-1-34-01": "nested too deep",  # the reader of JSON takes no 31 levels
                 "6-1-50-15": "fails mandatory test 6.1.2"}  # it gives one product_id to two products
        errors = self.judged([folder / "tests" / name for name in sorted(expected)])
        self.assertEqual(len(expected), 90)
        for name, one in expected.items():
            with self.subTest(name):
                words = None if one["schema_and_mandatory_tests_valid"] else f"fails mandatory test {one['test']}"
                words = other.get(name.removeprefix("oasis_csaf_tc-csaf_2_1-2024-").removesuffix(".json"), words)
                self.assertEqual(errors[name] is None, words is None, errors[name])
                self.assertIn(words or "", (errors[name] or {}).get("error", ""))
        examples = self.judged(sorted((folder / "examples").glob("*.json")))
        self.assertEqual(len(examples), 11)
        refused = {name: error["error"] for name, error in examples.items() if error is not None}
        # It has a vendor_fix for what it calls fixed.
        self.assertEqual(list(refused), ["rhsa-2021_5217.json"])
        self.assertIn("fails mandatory test 6.1.36", refused["rhsa-2021_5217.json"])

    def test_openvex(self):
        """valid- is judged; invalid-, and old- forms, are not."""
        errors = self.judged(sorted((DATA / "openvex").glob("*.json")))
        self.assertEqual(len(errors), 13)
        for name, error in errors.items():
            with self.subTest(name):
                self.assertEqual(error is None, name.startswith("valid-"), error)
                self.assertIn("OpenVEX" if error else "", (error or {}).get("error", ""))


if __name__ == "__main__":
    main()
