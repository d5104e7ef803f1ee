# SPDX-License-Identifier: Apache-2.0
"""CISA 2026: for each rule and format a document that fails it alone, and one that declares that it does not know."""
from harness import main
from sbom_case import SHA512, SbomCase, all_checks, changed, good_cyclonedx, good_spdx
from spdx3 import BASE, add, at, drop, element, good_spdx3, hashed, put, relation, remove


def meta(change):
    return lambda one: change(one["metadata"])


def part(change):
    return lambda one: change(one["components"][0])


def package(change):
    return lambda one: change(one["packages"][1])


def says(field, kind="unknown"):
    return {"name": f"cdx:cisa:{kind}-information", "value": field}


def declared(field, *members, kind="unknown"):
    return part(lambda one: ([one.pop(name, None) for name in members], one["properties"].append(says(field, kind))))


MAKERS = ("manufacturer", "supplier")
# rule: (faults, declarations); an absent field is counted by CISA-18 as well, a value that says nothing is not.
CYCLONEDX = {
    "CISA-01": ([meta(lambda one: (one.pop("authors"), one.pop("manufacturer")))], []),
    "CISA-05": ([meta(lambda one: one.pop("lifecycles")), meta(lambda one: one.update(lifecycles=[{"name": "tbd"}]))], []),
    "CISA-06": ([meta(lambda one: one.pop("timestamp"))], []),
    "CISA-07": ([meta(lambda one: one.pop("tools"))], []),
    "CISA-08": ([meta(lambda one: one["tools"]["components"][0].pop("version")), meta(lambda one: one["tools"]["components"][0].update(version="n/a"))],
                [meta(lambda one: one["tools"]["components"][0].update(version="unknown")),
                 meta(lambda one: (one["tools"]["components"][0].pop("version"), one.update(properties=[says("SBOM Tool Version")])))]),
    "CISA-09": ([lambda one: (one.pop("version"), one.pop("serialNumber"))], []),
    "CISA-10": ([part(lambda one: (one.pop("supplier"), one["manufacturer"].update(name="n/a")))],
                [part(lambda one: (one.pop("supplier"), one["manufacturer"].update(name="unknown"))), declared("Component Producer", *MAKERS),
                 declared("Component Producer", *MAKERS, kind="withheld")]),
    "CISA-11": ([lambda one: (one["dependencies"].pop(1), one["compositions"][0]["dependencies"].remove("lib"))],
                [lambda one: (one["dependencies"].pop(1), one["compositions"][0]["dependencies"].remove("lib"),
                              one["compositions"].append({"aggregate": "unknown", "dependencies": ["lib"]}))]),
    "CISA-12": ([], [declared("Component Hash Value", "hashes")]),
    "CISA-13": ([part(lambda one: one.update(hashes=[{"alg": "SHA-1", "content": "a" * 40}]))], []),
    "CISA-14": ([part(lambda one: one.update(purl="x"))], [declared("Component Identifiers", "purl", "cpe")]),
    "CISA-15": ([part(lambda one: one.update(licenses=[{"license": {"name": "tbd"}}]))],
                [part(lambda one: one.update(licenses=[{"license": {"name": "unknown"}}])), declared("Component License", "licenses")]),
    "CISA-16": ([part(lambda one: one.update(name="unknown"))], []),
    "CISA-17": ([part(lambda one: one.update(version="n/a"))],
                [part(lambda one: one.update(version="unknown")), declared("Component Version", "version")]),
    "CISA-19": ([lambda one: one["compositions"][0]["dependencies"].remove("root")],
                [lambda one: one["compositions"][0].update(aggregate="incomplete")]),
}
SPDX = {
    "CISA-01": ([lambda one: one["creationInfo"].update(creators=["Tool: maker-1"])], []),
    "CISA-05": ([lambda one: one["creationInfo"].update(comment="rebuilding")], []),
    "CISA-06": ([lambda one: one["creationInfo"].update(created="1999-12-31T23:59:59Z")], []),
    "CISA-07": ([lambda one: one["creationInfo"]["creators"].pop(1)], []),
    "CISA-08": ([lambda one: one["creationInfo"]["creators"].__setitem__(1, "Tool: maker")],
                [lambda one: one["creationInfo"]["creators"].__setitem__(1, "Tool: maker-unknown")]),
    "CISA-10": ([], [package(lambda one: one.update(supplier="NOASSERTION"))]),
    "CISA-11": ([lambda one: one["relationships"].pop(1) and one["relationships"].append(
        {"spdxElementId": "SPDXRef-root", "relationshipType": "DEPENDS_ON", "relatedSpdxElement": "NONE"})],
                [lambda one: one["relationships"].append(
                    {"spdxElementId": "SPDXRef-lib", "relationshipType": "DEPENDS_ON", "relatedSpdxElement": "NOASSERTION"}) or
                 one["relationships"][1].update(relatedSpdxElement="NONE")]),
    "CISA-13": ([package(lambda one: one.update(checksums=[{"algorithm": "SHA1", "checksumValue": "a" * 40}]))], []),
    "CISA-14": ([package(lambda one: one["externalRefs"][0].update(referenceLocator="x"))], []),
    "CISA-15": ([package(lambda one: one.update(licenseDeclared="tbd"))], [package(lambda one: one.update(licenseDeclared="NOASSERTION"))]),
    "CISA-16": ([package(lambda one: one.update(name="NOASSERTION"))], []),
    "CISA-17": ([package(lambda one: one.update(versionInfo="n/a"))], [package(lambda one: one.update(versionInfo="NOASSERTION"))]),
}
NOBODY = [add(element("Organization", "nobody", name="NOASSERTION")), put("lib", suppliedBy=BASE + "nobody", originatedBy=[BASE + "nobody"])]
SPDX3 = {
    "CISA-01": ([lambda one: (add(element("SoftwareAgent", "bot", name="x"))(one), put("creation", createdBy=[BASE + "bot"])(one))], []),
    "CISA-05": ([drop("sbom", "software_sbomType")], []),
    "CISA-06": ([put("creation", created="1999-12-31T23:59:59Z")], []),
    "CISA-07": ([drop("creation", "createdUsing")], []),
    "CISA-08": ([put("tool", name="maker")], [put("tool", name="maker unknown")]),
    "CISA-10": ([lambda one: (add(element("Organization", "nobody", name="n/a"))(one), NOBODY[1](one))],
                [lambda one: (NOBODY[0](one), NOBODY[1](one))]),
    "CISA-11": ([lambda one: (remove("lib-depends")(one), put("root-depends", to=["NoneElement"])(one), remove("lib-artifact")(one),
                              put("lib", verifiedUsing=[hashed("sha512", SHA512)])(one))],
                [lambda one: (put("lib-depends", to=["NoAssertionElement"])(one), put("root-depends", to=["NoneElement"])(one))]),
    "CISA-13": ([put("lib-file", verifiedUsing=[hashed("sha1", "a" * 40)])], []),
    "CISA-14": ([put("lib", software_packageUrl="x")], []),
    "CISA-15": ([lambda one: (add(element("simplelicensing_LicenseExpression", "tbd", simplelicensing_licenseExpression="tbd"))(one),
                              put("lib-declared", to=[BASE + "tbd"])(one), put("lib-concluded", to=[BASE + "tbd"])(one))],
                [lambda one: (put("lib-declared", to=["expandedlicensing_NoAssertionLicense"])(one), remove("lib-concluded")(one))]),
    "CISA-16": ([put("lib", name="unknown")], []),
    "CISA-17": ([put("lib", software_packageVersion="n/a")], [put("lib", software_packageVersion="unknown")]),
    "CISA-19": ([drop("root-depends", "completeness")], [put("root-depends", completeness="incomplete"), put("root-depends", completeness="noAssertion")]),
}
FORMATS = {"CycloneDX": (good_cyclonedx, CYCLONEDX), "SPDX 2": (good_spdx, SPDX), "SPDX 3": (good_spdx3, SPDX3)}
# Absent fields: each fails its rule, and CISA-18 counts it.
ABSENT = {
    "CycloneDX": {"CISA-10": part(lambda one: [one.pop(name) for name in MAKERS]), "CISA-12": part(lambda one: one.pop("hashes")),
                  "CISA-14": part(lambda one: (one.pop("purl"), one.pop("cpe"))), "CISA-15": part(lambda one: one.pop("licenses")),
                  "CISA-17": part(lambda one: one.pop("version"))},
    "SPDX 2": {"CISA-10": package(lambda one: one.pop("supplier")), "CISA-12": package(lambda one: one.pop("checksums")),
               "CISA-14": package(lambda one: one.pop("externalRefs")), "CISA-15": package(lambda one: one.pop("licenseDeclared")),
               "CISA-17": package(lambda one: one.pop("versionInfo"))},
    "SPDX 3": {"CISA-10": lambda one: (drop("lib", "suppliedBy")(one), drop("lib", "originatedBy")(one)), "CISA-12": drop("lib-file", "verifiedUsing"),
               "CISA-14": lambda one: (drop("lib", "software_packageUrl")(one), drop("lib", "externalIdentifier")(one)),
               "CISA-15": remove("lib-declared", "lib-concluded"), "CISA-17": drop("lib", "software_packageVersion")},
}
# What a format cannot break: reading it (03, 04), numbers that SPDX always has, and what has no fault of its own.
NEVER = {"CISA-02", "CISA-03", "CISA-04", "CISA-12", "CISA-18"}


class Cisa(SbomCase):
    def broken(self, document, code=(0, 1)):
        result = self.sbom_check(document, "--profile", "cisa-2026", code=code)
        self.assertEqual(self.findings(result, "sbom.form"), [])
        return sorted({one["rule"] for one in result["findings"] if "rule" in one}), result["profiles"][0]

    def test_every_rule_has_a_case(self):
        rules = {f"CISA-{number:02}" for number in range(1, 20)}
        self.assertEqual(rules - set(CYCLONEDX), NEVER - {"CISA-12"})
        self.assertEqual(rules - set(SPDX), NEVER | {"CISA-09", "CISA-19"})
        self.assertEqual(rules - set(SPDX3), NEVER | {"CISA-09"})

    def test_rules(self):
        for name, (good, rules) in FORMATS.items():
            broken, profile = self.broken(good(), code=0)
            self.assertEqual((broken, profile["met"]), ([], 19), name)
            for rule, (faults, declarations) in rules.items():
                for change in faults:
                    with self.subTest(name, rule=rule):
                        self.assertEqual(self.broken(changed(good(), change), code=1)[0], [rule])
                for change in declarations:
                    with self.subTest(name, declares=rule):
                        broken, profile = self.broken(changed(good(), change), code=0)
                        self.assertIn(rule, [one["rule"] for one in profile["said"] if one.get("declared") == 1], profile)

    def test_what_is_silently_empty(self):
        for name, changes in ABSENT.items():
            for rule, change in changes.items():
                with self.subTest(name, rule=rule):
                    self.assertEqual(self.broken(changed(FORMATS[name][0](), change), code=1)[0], [rule, "CISA-18"])

    def test_an_answer_is_no_placeholder(self):
        self.broken(changed(good_spdx(), package(lambda one: one.update(licenseDeclared="NONE"))), code=0)
        none = put("lib-declared", to=["expandedlicensing_NoneLicense"])
        self.broken(changed(good_spdx3(), lambda one: (none(one), remove("lib-concluded")(one))), code=0)
        old = changed(good_cyclonedx(), lambda one: one["metadata"].update(tools=[{"name": "maker", "version": "1"}]))
        self.broken(old, code=0)

    def test_what_a_document_cannot_show_is_not_checked(self):
        def unseen(document):
            return sorted(one["rule"] for one in self.broken(document)[1]["said"] if "notChecked" in one)
        self.assertEqual(unseen(good_cyclonedx()), ["CISA-02"])
        self.assertEqual(unseen(good_spdx()), ["CISA-02", "CISA-19"])
        self.assertEqual(unseen(good_spdx3()), ["CISA-02"])
        signed = changed(good_cyclonedx(), lambda one: one.update(signature={"algorithm": "ES256", "value": "x"}))
        self.assertEqual(unseen(signed), [])

    def test_counts_are_shown(self):
        text = self.sign("sbom", "check", self.write(changed(good_cyclonedx(), part(lambda one: one.update(version="unknown")))),
                         "--profile", "cisa-2026", code=0).out
        self.assertIn("CISA-17 Component Version: 1 of 2 entries: said to be unknown or withheld", " ".join(text.split()))
        relation_of = relation("more", "root", "dependsOn", "lib")
        self.assertEqual(self.broken(changed(good_spdx3(), add(relation_of)), code=1)[0], ["CISA-19"])
        self.assertTrue(at(good_spdx3(), "root"))

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
