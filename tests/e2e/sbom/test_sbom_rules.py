# SPDX-License-Identifier: Apache-2.0
"""What `sbom check` says of rules, and what they look at; each rule for itself has a row in test_sbom_matrix.py."""
import json

from harness import main
from sbom_case import SbomCase, changed, good_cyclonedx, good_spdx
from sbom_matrix import component, drop, properties, strip_identifiers
from spdx3 import BASE, add, at, good_spdx3, relation, remove


# kind: (where CycloneDX has it, the type of an externalRef in SPDX, [(text, whether it is one)])
SHA1, SHA256 = "94a9ed024d3859793618152ea559a168bbcbb5e2", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
IDENTIFIERS = {
    "purl": (lambda text: {"purl": text}, "purl", [("pkg:generic/openssl@3.5.4", True), ("openssl@3.5.4", False), ("pkg:", False)]),
    "cpe 2.3": (lambda text: {"cpe": text}, "cpe23Type", [("cpe:2.3:a:openssl:openssl:3.5.4:*:*:*:*:*:*:*", True), ("cpe:2.3:a:openssl", False)]),
    "cpe 2.2": (lambda text: {"cpe": text}, "cpe22Type", [("cpe:/a:openssl:openssl:3.5.4", True), ("openssl", False)]),
    "gitoid": (lambda text: {"omniborId": [text]}, "gitoid", [
        (f"gitoid:blob:sha1:{SHA1}", True), (f"gitoid:blob:sha256:{SHA256}", True), (f"gitoid:tree:sha1:{SHA1}", True), ("gitoid:x", False),
        (f"gitoid:{'x' * 60}", False), (f"gitoid:blob:sha256:{SHA1}", False), (f"gitoid:blob:sha1:{SHA1}0", False), (f"gitoid:leaf:sha1:{SHA1}", False),
        (f"gitoid:blob:md5:{SHA1}", False), (f"gitoid:blob:sha1:{SHA1.upper()}", False)]),
    "swhid": (lambda text: {"swhid": [text]}, "swh", [
        (f"swh:1:cnt:{SHA1}", True), (f"swh:1:dir:{SHA1};path=/src", True), ("swh:1:x", False), (f"swh:1:{'x' * 60}", False),
        (f"swh:2:cnt:{SHA1}", False), (f"swh:1:cnt:{SHA1};", False), (f"swh:1:cnt:{SHA256}", False)]),
    "swid": (lambda text: {"swid": {"tagId": text, "name": "openssl"}}, "swid", [("swid:example.com+openssl", True), ("unknown", False)]),
}


class Rules(SbomCase):
    def rules_broken(self, result):
        return sorted({one["rule"] for one in result["findings"] if "rule" in one})

    def all_rules(self, profile):
        sarif = self.sign("sbom", "check", self.write(good_cyclonedx()), "--profile", profile, "--format", "sarif").json()
        return [rule["id"] for rule in sarif["runs"][0]["tool"]["driver"]["rules"] if rule["id"] != "sbom.form"]

    def test_fewer_fields_of_spdx_3_for_what_is_no_file_or_not_there(self):
        logical = changed(good_spdx3(), lambda one: (remove("root-artifact")(one), at(one, "root-depends").update(relationshipType="contains")))
        self.sbom_check(logical, "--profile", "bsi", code=0)
        provided = changed(good_spdx3(), lambda one: (
            remove("lib-artifact", "lib-concluded", "lib-depends")(one), at(one, "root-depends").update(to=["NoneElement"]),
            add(relation("needs", "root", "hasProvidedDependency", "lib"))(one)))
        self.sbom_check(provided, "--profile", "bsi", code=0)

    def test_what_builds_took_in_is_no_component(self):
        source = changed(good_spdx3(), lambda one: at(one, "lib-source").pop("software_primaryPurpose"))
        self.assertIn("NTIA-03", self.rules_broken(self.sbom_check(source, "--profile", "ntia-2021", code=1)))
        part = changed(good_spdx3(), lambda one: at(one, "root-depends").update(to=[BASE + "lib", BASE + "lib-source"]))
        self.assertIn("NTIA-03", self.rules_broken(self.sbom_check(part, "--profile", "ntia-2021", code=1)))

    def test_an_identifier_is_judged_alike_in_both_formats(self):
        """Alone in a component, so that one that is none leaves the component without any."""
        for kind, (member, reference_type, texts) in IDENTIFIERS.items():
            for text, sound in texts:
                with self.subTest(kind=kind, text=text):
                    cyclonedx = changed(good_cyclonedx(), component(lambda one: (strip_identifiers(one), one.update(member(text)))))
                    spdx = changed(good_spdx(), lambda one: one["packages"][1].update(externalRefs=[
                        {"referenceCategory": "OTHER", "referenceType": reference_type, "referenceLocator": text}]))
                    found = []
                    for sbom in (cyclonedx, spdx):
                        result = self.sbom_check(sbom, "--profile", "ntia-2021", code=0 if sound else 1)
                        found.append([(one["rule"], one["reason"], one["actual"]) for one in result["findings"] if "rule" in one])
                    self.assertEqual(found[0], found[1])
                    self.assertEqual([one[::2] for one in found[0]], [] if sound else [("NTIA-04", text)])

    def test_both_spellings_of_the_effective_licence(self):
        for name in ("bsi:component:effectiveLicence", "bsi:component:effectiveLicense"):
            value = changed(good_cyclonedx(), properties(lambda one, name=name: one[4].update(name=name)))
            self.sbom_check(value, "--profile", "bsi", code=0)

    def test_printed_examples_that_the_schema_refuses(self):
        """The guideline prints these; CycloneDX's schema knows better, and so do we."""
        printed = {
            "#/metadata/manufacturer": lambda one: one["metadata"].update(manufacturer=[one["metadata"]["manufacturer"]]),
            "#/compositions/0/ref": lambda one: one["compositions"][0].update(ref="root"),
            "#/components/0/externalReferences/0/url": component(lambda one: one["externalReferences"][0].pop("url")),
        }
        for pointer, change in printed.items():
            result = self.sbom_check(changed(good_cyclonedx(), change), code=1)
            self.assertIn(pointer, [one["where"][one["where"].index("#"):] for one in self.findings(result, "sbom.form")])

    def test_fewer_fields_for_what_is_no_file_or_not_there(self):
        """A logical component has no file; one that is only referred to has neither file nor licence."""
        bare = ("properties", "externalReferences")
        logical = changed(good_cyclonedx(), component(lambda one: (
            [one.pop(name) for name in bare], one.update(components=[dict(good_cyclonedx()["components"][0], **{"bom-ref": "part"})]))))
        logical["dependencies"].append({"ref": "part"})
        logical["compositions"][0]["dependencies"].append("part")
        self.sbom_check(logical, "--profile", "bsi", code=0)
        referenced = changed(good_cyclonedx(), component(lambda one: (
            [one.pop(name) for name in (*bare, "licenses")], one.update(scope="excluded"))))
        referenced["dependencies"].pop(1)
        self.sbom_check(referenced, "--profile", "bsi", code=0)

    def test_formats_say_the_same(self):
        rules = {profile: len(self.all_rules(profile)) for profile in ("ntia-2021", "bsi")}
        path = self.write(changed(good_cyclonedx(), drop("version")))
        arguments = ("sbom", "check", path, "--profile", "ntia-2021", "--profile", "bsi")
        text = self.sign(*arguments, code=1)
        met = [f"{count - 1} of {count} rules met" for count in rules.values()]
        for word in ("NTIA-03", "BSI-10", "#/components/0/version", *met):
            self.assertIn(word, text.out)
        sarif = self.sign(*arguments, "--format", "sarif", code=1).json()
        self.assertEqual(sarif["version"], "2.1.0")
        self.assertEqual([one["ruleId"] for one in sarif["runs"][0]["results"]], ["NTIA-03", "BSI-10"])
        result = self.sign(*arguments, "--json", code=1).json()
        self.assertEqual([one["met"] for one in result["profiles"]], [count - 1 for count in rules.values()])
        self.assertEqual(result["exitCode"], 1)
        for one in result["findings"]:
            if "rule" in one:
                self.assertTrue(one["expected"] and one["reason"] and one["source"] and one["where"].endswith("#/components/0/version"), one)

    def test_what_is_no_sbom(self):
        for text in ("", "{", "[]", "{}", '{"bomFormat": "CycloneDX", "specVersion": "1.3"}', '{"spdxVersion": "SPDX-3.0"}'):
            path = self.folder / "x.json"
            path.write_text(text)
            result = self.sign("sbom", "check", path, "--profile", "ntia-2021", "--json", code=1).json()
            self.assertEqual(result["result"], "FAIL")
            self.assertTrue(self.findings(result, "sbom.form"), text)
        self.sign("sbom", "check", self.folder / "missing.json", code=3)
        self.sign("sbom", "check", path, "--profile", "bsi", "--profile", "bsi", code=2)
        self.sign("sbom", "check", path, "--profile", "eo14028", code=2)
        self.sign("sbom", code=2)

    def test_hostile_documents(self):
        """What could be read in two ways, or would take much to read, is refused with its place."""
        good = json.dumps(good_cyclonedx())
        texts = {
            "duplicate object key": good.replace('"specVersion"', '"specVersion": "1.4", "specVersion"', 1),
            "UTF-16": good.encode("utf-16"), "not valid UTF-8": good.encode("latin-1") + b"\xe4", "nested too deep": "[" * 100000,
            "end of file expected": good + "x", "real number overflow": good.replace('"version": 1,', '"version": 1e999,'),
            "too big integer": good.replace('"version": 1,', '"version": 99999999999999999999,'),
            "u0000": good.replace("openssl", "open\\u0000ssl"), "uD800": good.replace("openssl", "open\\ud800ssl"),
            "same bom-ref": json.dumps(changed(good_cyclonedx(), lambda one: one["components"].append(dict(one["components"][0])))),
            "two things have": json.dumps(changed(good_cyclonedx(), lambda one: one.update(services=[{"bom-ref": "lib", "name": "x"}]))),
            "same SPDXID": json.dumps(changed(good_spdx(), lambda one: one["packages"].append(dict(one["packages"][1])))),
            "no SHA-256 digest": json.dumps(changed(good_cyclonedx(), lambda one: one["components"][0].update(
                hashes=[{"alg": "SHA-256", "content": "ab" * 20}]))),
        }
        for words, text in texts.items():
            with self.subTest(words):
                path = self.folder / "hostile.json"
                path.write_bytes(text if isinstance(text, bytes) else text.encode())
                result = self.sign("sbom", "check", path, code=1)
                self.assertIn("FAIL sbom.form", result.out + result.err)
                self.assertIn(words, result.out + result.err)

    def test_standard_input(self):
        self.sign("sbom", "check", "-", stdin=json.dumps(good_spdx()).encode(), code=0)


if __name__ == "__main__":
    main()
