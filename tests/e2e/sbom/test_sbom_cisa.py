# SPDX-License-Identifier: Apache-2.0
"""CISA 2026: what is declared and what cannot be seen, as programs tell it; the rules are rows of test_sbom_matrix.py."""
from harness import main
from sbom_case import SbomCase, all_checks, changed, good_cyclonedx, good_spdx
from sbom_matrix import part, signed
from spdx3 import add, good_spdx3, relation



class Cisa(SbomCase):
    def broken(self, document, code=(0, 1)):
        result = self.sbom_check(document, "--profile", "cisa-2026", code=code)
        self.assertEqual(self.findings(result, "sbom.form"), [])
        return sorted({one["rule"] for one in result["findings"] if "rule" in one}), result["profiles"][0]

    def test_what_a_document_cannot_show_is_not_checked(self):
        def unseen(document):
            return sorted(one["rule"] for one in self.broken(document)[1]["said"] if "notChecked" in one)
        self.assertEqual(unseen(good_cyclonedx()), ["CISA-02"])
        self.assertEqual(unseen(good_spdx()), ["CISA-02", "CISA-19"])
        self.assertEqual(unseen(good_spdx3()), ["CISA-02"])
        self.assertEqual(unseen(changed(good_cyclonedx(), signed)), [])

    def test_counts_are_shown(self):
        text = self.sign("sbom", "check", self.write(changed(good_cyclonedx(), part(lambda one: one.update(version="unknown")))),
                         "--profile", "cisa-2026", code=0).out
        self.assertIn("CISA-17 Component Version: 1 of 2 entries: said to be unknown or withheld", " ".join(text.split()))
        relation_of = relation("more", "root", "dependsOn", "lib")
        self.assertEqual(self.broken(changed(good_spdx3(), add(relation_of)), code=1)[0], ["CISA-19"])

    def test_in_a_release(self):
        """Its signature covers the SBOM; a profile asks for the rules, and what is declared is told."""
        sbom = changed(good_cyclonedx(), lambda one: (self.bound_root(one), one["components"][0].update(version="unknown")))
        description = self.sbom_release(sbom)
        record = self.check(self.pack(description), "--profile", self.profile(), "--json").json()
        said = [(one["result"], one["reason"]) for one in all_checks(record) if one["check"] == "sbom.cisa"]
        self.assertEqual([one for one in said if one[0] != "PASS"], [])
        self.assertIn("CISA-17 Component Version: 1 of 2 entries: said to be unknown or withheld", [one[1] for one in said])

    def bound_root(self, one):
        one["metadata"]["component"]["hashes"] = self.bound_sbom()["metadata"]["component"]["hashes"]

    def profile(self):
        return self.write({"cretula": "profile/1", "name": "sboms", "version": 1, "topics": [], "severities": {"sbom.cisa": "warn"}},
                          "profile.json")


if __name__ == "__main__":
    main()
