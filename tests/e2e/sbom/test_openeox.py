# SPDX-License-Identifier: Apache-2.0
"""OpenEoX core in a release: what is a valid document, and whether it says the dates of the manifest."""
import json
import os
import pathlib
import unittest

from harness import DATE, KEYS, ROOT_CERT, Case, main
from sbom_case import all_checks

DATA = pathlib.Path(os.environ["CRETULA_TODAY_DATA"]) if "CRETULA_TODAY_DATA" in os.environ else None
SCHEMA = "https://docs.oasis-open.org/openeox/v1.0/schema/core.json"
GOOD = {"$schema": SCHEMA, "general_availability": "2026-01-31T00:00:00Z", "end_of_sales": "2031-01-31T00:00:00Z",
        "end_of_security_support": "2036-01-31T00:00:00Z", "end_of_life": "2037-01-31T00:00:00Z", "last_updated": "2026-03-01T00:00:00Z"}
LIFECYCLE = {"generalAvailability": "2026-01-31T00:00:00Z", "endOfSales": "2031-01-31T00:00:00Z",
             "endOfSecuritySupport": "2036-01-31T00:00:00Z", "endOfLife": "2037-01-31T00:00:00Z"}


def without(*members):
    return {name: value for name, value in GOOD.items() if name not in members}


# what: (document, words of the finding, where in it)
FAULTS = {
    "no JSON": (b"{", "is no OpenEoX document", ""),
    "a list": ([], "is no OpenEoX document", ""),
    "no schema": (without("$schema"), "of a form that is known", "$schema"),
    "a draft": ({**GOOD, "$schema": "https://docs.oasis-open.org/openeox/tbd/schema/core.json"}, "of a form that is known", "$schema"),
    "an unknown member": ({**GOOD, "end_of_repair": "tba"}, "no valid OpenEoX", "end_of_repair"),
    "a number": ({**GOOD, "end_of_life": 2037}, "no valid OpenEoX", "end_of_life"),
    "no end of life": (without("end_of_life"), "no valid OpenEoX", "end_of_life"),
    "no end of security support": (without("end_of_security_support"), "no valid OpenEoX", "end_of_security_support"),
    "no last update": (without("last_updated"), "no valid OpenEoX", "last_updated"),
    "last update tba": ({**GOOD, "last_updated": "tba"}, "7.1.2", "last_updated"),
    "a bare date": ({**GOOD, "end_of_life": "2037-01-31"}, "7.1.2", "end_of_life"),
    "a leap second": ({**GOOD, "end_of_life": "2037-01-31T23:59:60Z"}, "7.1.2", "end_of_life"),
    "small letters": ({**GOOD, "end_of_life": "2037-01-31t00:00:00z"}, "7.1.2", "end_of_life"),
    "sales after the end of life": ({**GOOD, "end_of_sales": "2037-01-31T00:00:00-01:00"}, "7.1.1", "end_of_sales"),
    "available after the end of sales": ({**GOOD, "general_availability": "2031-02-01T00:00:00Z"}, "7.1.3", "end_of_sales"),
    "another end of life": ({**GOOD, "end_of_life": "2038-01-31T00:00:00Z"}, "another date than the manifest", "end_of_life"),
    "an end of support that is not known": ({**GOOD, "end_of_security_support": "tba"}, "another date than the manifest", "end_of_security_support"),
    "a second less": ({**GOOD, "end_of_sales": "2031-01-30T23:59:59Z"}, "another date than the manifest", "end_of_sales"),
}
FINE = {
    "the same dates": GOOD,
    "in another zone": {**GOOD, "end_of_life": "2037-01-31T02:00:00+02:00"},
    "fewer": without("end_of_sales", "general_availability"),
    "the published address": {**GOOD, "$schema": "https://docs.oasis-open.org/openeox/eox-core/v1.0/schema/core.json"},
}
# What the recommended and informative tests find: no fault here.
NOT_MADE = {
    "7.2.1, a date that is open beside an end of life": {**GOOD, "end_of_security_support": "tba"},
    "7.2.1, sales that are open beside an end of life": {**GOOD, "end_of_sales": "tba"},
    "7.2.1, availability that is open beside an end of life": {**GOOD, "general_availability": "tba"},
    "7.2.2, availability that is open beside another date": {**GOOD, "general_availability": "tba", "end_of_life": "tba"},
    "7.3.1, sales that end behind the support": {**GOOD, "end_of_sales": "2036-02-01T00:00:00Z"},
}


class OpenEox(Case):
    def lint(self, document, lifecycle=LIFECYCLE, name="product.openeox.json"):
        """The findings of lifecycle.dates that are about the file."""
        (self.folder / name).write_bytes(document if isinstance(document, bytes) else json.dumps(document).encode())
        (self.folder / "fw.bin").write_bytes(b"firmware")
        description = {"product": {"vendor": "Acme GmbH", "name": "PowerGate 3000"}, "release": {"version": "1.0.0", "sequence": 1, "date": DATE},
                       "files": [{"source": "fw.bin", "role": "firmware"}, {"source": name}]}
        if lifecycle:
            description["lifecycle"] = lifecycle
        (self.folder / "release.yaml").write_text(json.dumps(description))
        findings = self.sign("lint", "release.yaml", "--format", "json", code=(0, 1)).json()["findings"]
        return [one for one in findings if one["check"] == "lifecycle.dates" and one.get("where", "").startswith(name)]

    def checked(self, document, lifecycle=LIFECYCLE):
        """What the verifier says of the file."""
        self.lint(document, lifecycle)
        (self.folder / "release.tar").unlink(missing_ok=True)
        self.sign("pack", "release.yaml", "--key", KEYS / "release.key.pem", "--cert", KEYS / "release.cert.pem", "--allow-example-keys", "--quiet",
                  "--out", "release.tar")
        record = self.verify("check", "release.tar", "--anchor", ROOT_CERT, "--allow-example-keys", "--json", code=(0, 3)).json()
        return [one["result"] for one in all_checks(record)
                if one["check"] == "lifecycle.dates" and one.get("where", "").startswith("product.openeox.json")]

    def test_what_is_found(self):
        for what, (document, words, where) in FAULTS.items():
            with self.subTest(what):
                found = self.lint(document)
                self.assertEqual({one["result"] for one in found}, {"WARN"}, found)
                self.assertTrue(any(words in one["reason"] and one["where"] == f"product.openeox.json#/{where}" for one in found), found)

    def test_what_is_fine(self):
        for what, document in FINE.items():
            with self.subTest(what):
                found = self.lint(document)
                self.assertEqual([one["result"] for one in found if one["result"] != "PASS"], [], found)

    def test_recommended_and_informative_tests_are_not_made(self):
        """Such a document is valid: it says what the manifest says, where the manifest says the same."""
        own = {"general_availability": "generalAvailability", "end_of_sales": "endOfSales", "end_of_security_support": "endOfSecuritySupport",
               "end_of_life": "endOfLife"}
        for what, document in NOT_MADE.items():
            with self.subTest(what):
                same = {own[name]: value for name, value in document.items() if name in own}
                self.assertEqual([one for one in self.lint(document, same) if one["result"] != "PASS"], [])
                self.assertEqual(self.checked(document, same), ["PASS"])

    def test_explain_names_it(self):
        said = " ".join(self.verify("explain", "lifecycle.dates").out.split())
        self.assertIn("An OpenEoX document in the release (openeox.json", said)
        self.assertIn("OpenEoX document that was not renewed", said)

    def test_what_is_not_said(self):
        """tba on both sides is the same; a manifest without these dates is no contradiction, and no PASS."""
        self.assertNotIn("WARN", [one["result"] for one in self.lint({**GOOD, "end_of_life": "tba"}, {**LIFECYCLE, "endOfLife": "tba"})])
        self.assertEqual(self.checked(GOOD, None), ["NOT_CHECKED"])
        # An end that the document alone has is seen by no check of the manifest's dates.
        for name in LIFECYCLE:
            self.assertEqual(self.checked(GOOD, {key: value for key, value in LIFECYCLE.items() if key != name}), ["NOT_CHECKED"], name)
        self.assertEqual(self.checked(GOOD), ["PASS"])
        self.assertEqual(self.checked({**GOOD, "end_of_life": "2038-01-31T00:00:00Z"}), ["WARN"])
        self.assertEqual(self.lint({**GOOD, "end_of_life": 1}, name="eox.json"), [], "another name is another file")

    @unittest.skipIf(DATA is None, "CRETULA_TODAY_DATA names no folder with the documents of OASIS and others")
    def test_documents_of_the_standard(self):
        """Each file as expected.json says; examples are valid. Recommended and informative tests are not made."""
        tests = DATA / "openeox" / "tests"
        expected = json.loads((tests / "expected.json").read_text())
        self.assertEqual(len(expected), 25)
        cases = [(tests / one["file"], one["valid"], one["test"]) for one in expected]
        cases += [(path, True, None) for path in sorted((DATA / "openeox" / "examples").glob("*.json"))]
        self.assertEqual(len(cases), 29)
        for path, valid, test in cases:
            with self.subTest(path.name):
                found = self.lint(path.read_bytes(), None)
                self.assertEqual([one["result"] for one in found if one["result"] == "WARN"] == [], valid, found)
                if not valid:
                    self.assertTrue(any(test in one["reason"] for one in found), found)


if __name__ == "__main__":
    main()
