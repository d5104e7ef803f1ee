# SPDX-License-Identifier: Apache-2.0
"""Each rule of each profile: a document that passes, and one that fails only that rule."""
import json

from harness import main
from sbom_case import SHA512, SbomCase, changed, good_cyclonedx, good_spdx
from spdx3 import BASE, add, at, element, good_spdx3, hashed, place, relation, remove
from spdx3 import drop as drop_of, put as put_of


def component(change):
    """A change of the library of the good document."""
    return lambda one: change(one["components"][0])


def put(name, value):
    return component(lambda one: one.update({name: value}))


def drop(name):
    return component(lambda one: one.pop(name))


def properties(change):
    return component(lambda one: change(one["properties"]))


def set_property(index, value):
    return properties(lambda one: one[index].update(value=value))


def reference(index, **fields):
    return component(lambda one: one["externalReferences"][index].update(fields))


def strip_identifiers(one):
    one.pop("purl")
    one.pop("cpe")


# rule: [(what, change of the good document, where the finding points)]
NTIA = {
    "NTIA-01": [("no supplier", component(lambda one: (one.pop("supplier"), one.pop("manufacturer"))), "/components/0/supplier"),
                ("a supplier that says nothing", component(lambda one: (one["supplier"].update(name="NOASSERTION"), one.pop("manufacturer"))),
                 "/components/0/supplier")],
    "NTIA-02": [("a name that says nothing", put("name", "unknown"), "/components/0/name"),
                ("an empty name", put("name", " "), "/components/0/name")],
    "NTIA-03": [("no version", drop("version"), "/components/0/version"),
                ("a version that says nothing", put("version", "n/a"), "/components/0/version")],
    "NTIA-04": [("no identifier", component(strip_identifiers), "/components/0"),
                ("a purl that is none", put("purl", "openssl@3.5.4"), "/components/0/purl"),
                ("a cpe that is none", put("cpe", "cpe:2.3:a:openssl"), "/components/0/cpe")],
    "NTIA-05": [("a leaf that is not listed", lambda one: (one["dependencies"].pop(1), one.pop("compositions")), "/components/0")],
    "NTIA-06": [("a dependency on nothing", lambda one: one["dependencies"][1].update(dependsOn=["ghost"]), "/dependencies/1/dependsOn/0")],
    "NTIA-07": [("no author", lambda one: (one["metadata"].pop("authors"), one["metadata"].pop("manufacturer")), "/metadata/authors"),
                ("an author that says nothing", lambda one: (one["metadata"].update(authors=[{"name": "unknown"}]), one["metadata"].pop("manufacturer")),
                 "/metadata/authors")],
    "NTIA-08": [("no timestamp", lambda one: one["metadata"].pop("timestamp"), "/metadata/timestamp"),
                ("a clock that was not set", lambda one: one["metadata"].update(timestamp="1970-01-01T00:00:00Z"), "/metadata/timestamp")],
}

SPDX = {
    "NTIA-01": [("no supplier", lambda one: one["packages"][1].pop("supplier"), "/packages/1/supplier"),
                ("NOASSERTION", lambda one: one["packages"][1].update(supplier="NOASSERTION"), "/packages/1/supplier"),
                ("an organization without a name", lambda one: one["packages"][1].update(supplier="Organization: "), "/packages/1/supplier")],
    "NTIA-02": [("a name that says nothing", lambda one: one["packages"][1].update(name="NOASSERTION"), "/packages/1/name"),
                ("a name that is turned around", lambda one: one["packages"][1].update(name="open\u202essl"), "/packages/1/name")],
    "NTIA-03": [("no version", lambda one: one["packages"][1].pop("versionInfo"), "/packages/1/versionInfo"),
                ("a version of what cannot be seen", lambda one: one["packages"][1].update(versionInfo="\u200b"), "/packages/1/versionInfo"),
                ("a version of spaces", lambda one: one["packages"][1].update(versionInfo="\u00a0\u3000"), "/packages/1/versionInfo"),
                ("a version of marks", lambda one: one["packages"][1].update(versionInfo="-.-"), "/packages/1/versionInfo"),
                ("nothing between spaces", lambda one: one["packages"][1].update(versionInfo=" none "), "/packages/1/versionInfo")],
    "NTIA-04": [("an SPDXID alone", lambda one: one["packages"][1].pop("externalRefs"), "/packages/1/externalRefs"),
                ("a purl that is none", lambda one: one["packages"][1]["externalRefs"][0].update(referenceLocator="x"),
                 "/packages/1/externalRefs/0/referenceLocator")],
    "NTIA-05": [("no relationship", lambda one: one["relationships"][1].update(relatedSpdxElement="NONE"), "/packages/1")],
    "NTIA-07": [("a tool only", lambda one: one["creationInfo"].update(creators=["Tool: maker-1"]), "/creationInfo/creators")],
    "NTIA-08": [("a clock that was not set", lambda one: one["creationInfo"].update(created="1999-12-31T23:59:59Z"), "/creationInfo/created")],
}

BSI = {
    "BSI-01": [("CycloneDX 1.5", lambda one: one.update(specVersion="1.5"), "/specVersion")],
    "BSI-02": [("no root component", lambda one: (one["metadata"].pop("component"), one["dependencies"].pop(0)), "/metadata/component")],
    "BSI-03": [("no creator", lambda one: one["metadata"].pop("manufacturer"), "/metadata/manufacturer"),
               ("an e-mail that is none", lambda one: one["metadata"].update(manufacturer={"name": "x", "contact": [{"email": "psirt"}]}),
                "/metadata/manufacturer"),
               ("a URL that is none", lambda one: one["metadata"].update(manufacturer={"name": "x", "url": ["example.com"]}), "/metadata/manufacturer")],
    "BSI-04": [("no timestamp", lambda one: one["metadata"].pop("timestamp"), "/metadata/timestamp")],
    "BSI-05": [("a nil UUID", lambda one: one.update(serialNumber="urn:uuid:00000000-0000-0000-0000-000000000000"), "/serialNumber")],
    "BSI-06": [("a vulnerability", lambda one: one.update(vulnerabilities=[{"id": "CVE-2026-1"}]), "/vulnerabilities")],
    "BSI-07": [("a dependency on nothing", lambda one: one["dependencies"][1].update(dependsOn=["ghost"]), "/dependencies/1/dependsOn/0")],
    "BSI-08": [("no creator", drop("manufacturer"), "/components/0/manufacturer"),
               ("a name only", put("manufacturer", {"name": "x"}), "/components/0/manufacturer")],
    "BSI-09": [("a name that says nothing", put("name", "unknown"), "/components/0/name")],
    "BSI-10": [("no version", drop("version"), "/components/0/version")],
    "BSI-11": [("no file name", properties(lambda one: one.pop(0)), "/components/0/properties"),
               ("a path", set_property(0, "/usr/lib/libssl.so"), "/components/0/properties/0/value")],
    "BSI-12": [("true", set_property(1, "true"), "/components/0/properties/1/value"),
               ("twice", properties(lambda one: one.append(dict(one[1]))), "/components/0/properties")],
    "BSI-13": [("true", set_property(2, "true"), "/components/0/properties/2/value"),
               ("missing", properties(lambda one: one.pop(2)), "/components/0/properties")],
    "BSI-14": [("yes", set_property(3, "yes"), "/components/0/properties/3/value")],
    "BSI-15": [("a leaf that is not listed", lambda one: one["dependencies"].pop(1), "/components/0")],
    "BSI-16": [("not specified", lambda one: one["compositions"][0].update(aggregate="not_specified"), "/components/0"),
               ("nothing said", lambda one: one["compositions"][0]["dependencies"].remove("lib"), "/components/0")],
    "BSI-17": [("declared only", component(lambda one: one["licenses"].pop(0)), "/components/0/licenses"),
               ("a licence in words", component(lambda one: one["licenses"].__setitem__(
                   0, {"license": {"name": "Our licence", "acknowledgement": "concluded"}})), "/components/0/licenses/0")],
    "BSI-18": [("SHA-256 only", reference(0, hashes=[{"alg": "SHA-256", "content": "a" * 64}]), "/components/0/externalReferences"),
               ("a SHA-512 elsewhere", component(lambda one: (one["externalReferences"][0].pop("hashes"),
                                                              one.update(hashes=[{"alg": "SHA-512", "content": SHA512}]))),
                "/components/0/externalReferences")],
    "BSI-19": [("no URI", reference(1, url="somewhere"), "/components/0/externalReferences/1/url")],
    "BSI-20": [("no URI", reference(0, url="lib.bin"), "/components/0/externalReferences/0/url")],
    "BSI-21": [("a purl that is none", put("purl", "openssl"), "/components/0/purl")],
    "BSI-22": [("a licence in words", component(lambda one: one["licenses"].__setitem__(
        1, {"license": {"name": "Their licence", "acknowledgement": "declared"}})), "/components/0/licenses/1")],
    "BSI-23": [("in words", set_property(4, "like Apache"), "/components/0/properties/4/value"),
               ("in both spellings", properties(lambda one: one.append(
                   {"name": "bsi:component:effectiveLicense", "value": "Apache-2.0"})), "/components/0/properties/5/value")],
    "BSI-24": [("no https", reference(2, url="ftp://example.com/security.txt"), "/components/0/externalReferences/2/url")],
}


def cut_source(one):
    at(one, "lib-source")["externalRef"][0].update(locator=["somewhere"])


# The same of SPDX 3; where the finding points: an object of @graph, and what follows.
SPDX3_NTIA = {
    "NTIA-01": [("nobody", lambda one: (drop_of("lib", "suppliedBy")(one), drop_of("lib", "originatedBy")(one)), "lib", "/suppliedBy"),
                ("software", lambda one: (add(element("SoftwareAgent", "bot", name="builder"))(one),
                                          put_of("lib", suppliedBy=BASE + "bot", originatedBy=[BASE + "bot"])(one)), "lib", "/suppliedBy"),
                ("an organization without a name", lambda one: (add(element("Organization", "blank", name=" "))(one),
                                                                put_of("lib", suppliedBy=BASE + "blank", originatedBy=[BASE + "blank"])(one)),
                 "lib", "/suppliedBy")],
    "NTIA-02": [("a name that says nothing", put_of("lib", name="unknown"), "lib", "/name")],
    "NTIA-03": [("no version", drop_of("lib", "software_packageVersion"), "lib", "/software_packageVersion"),
                ("NOASSERTION", put_of("lib", software_packageVersion="NOASSERTION"), "lib", "/software_packageVersion")],
    "NTIA-04": [("a spdxId alone", lambda one: (drop_of("lib", "software_packageUrl")(one), drop_of("lib", "externalIdentifier")(one)),
                 "lib", "/externalIdentifier"),
                ("a purl that is none", put_of("lib", software_packageUrl="openssl"), "lib", "/software_packageUrl"),
                ("a cpe that is none", lambda one: at(one, "lib")["externalIdentifier"][0].update(identifier="cpe:2.3:a:x"),
                 "lib", "/externalIdentifier/0/identifier"),
                ("a gitoid that is none", put_of("lib", software_contentIdentifier=[
                    {"type": "software_ContentIdentifier", "software_contentIdentifierType": "gitoid", "software_contentIdentifierValue": "gitoid:x"}]),
                 "lib", "/software_contentIdentifier/0/software_contentIdentifierValue")],
    "NTIA-05": [("no relationship", lambda one: (remove("lib-depends", "lib-artifact")(one), put_of("root-depends", to=["NoneElement"])(one)), "lib", "")],
    "NTIA-07": [("software only", lambda one: (add(element("SoftwareAgent", "bot", name="builder"))(one),
                                               put_of("creation", createdBy=[BASE + "bot"])(one)), "creation", "/createdBy")],
    "NTIA-08": [("a clock that was not set", put_of("creation", created="1999-12-31T23:59:59Z"), "creation", "/created")],
}
SPDX3_BSI = {
    "BSI-01": [("SPDX 3.0.0", put_of("creation", specVersion="3.0.0"), "creation", "/specVersion")],
    "BSI-02": [("two products", put_of("sbom", rootElement=[BASE + "root", BASE + "lib"]), "document", "/rootElement")],
    "BSI-03": [("no address", lambda one: (add(element("Person", "other", name="x"))(one), put_of("creation", createdBy=[BASE + "other"])(one)),
                "creation", "/createdBy"),
               ("an address of a kind for components", lambda one: (
                   add(element("Person", "other", name="x", externalIdentifier=[
                       {"type": "ExternalIdentifier", "externalIdentifierType": "other", "identifier": "https://example.com"}]))(one),
                   put_of("creation", createdBy=[BASE + "other"])(one)), "creation", "/createdBy")],
    "BSI-04": SPDX3_NTIA["NTIA-08"],
    "BSI-05": [("a prefix", lambda one: (put_of("document", rootElement=["rtu7:sbom"])(one), put_of("sbom", spdxId="rtu7:sbom")(one)), -1, "/spdxId")],
    "BSI-06": [("a vulnerability", add(element("security_Vulnerability", "cve")), "cve", "/type"),
               ("an association", lambda one: (add(relation("has", "lib", "hasAssociatedVulnerability", "ext:cve"))(one), put_of("document", **{
                   "import": [{"type": "ExternalMap", "externalSpdxId": "ext:cve"}]})(one)), "has", "/type")],
    "BSI-08": [("nobody", drop_of("lib", "originatedBy"), "lib", "/originatedBy"),
               ("an address that is none", lambda one: (
                   add(element("Person", "other", name="x", externalIdentifier=[
                       {"type": "ExternalIdentifier", "externalIdentifierType": "email", "identifier": "psirt"}]))(one),
                   put_of("lib", originatedBy=[BASE + "other"])(one)), "lib", "/originatedBy")],
    "BSI-09": SPDX3_NTIA["NTIA-02"],
    "BSI-10": SPDX3_NTIA["NTIA-03"],
    "BSI-11": [("no file", remove("lib-artifact"), "lib", ""),
               ("a path", put_of("lib-file", name="usr/lib/lib.bin"), "lib-file", "/name")],
    "BSI-14": [("neither", put_of("lib-file", software_additionalPurpose=["executable"]), "lib-file", "/software_additionalPurpose"),
               ("both", put_of("lib-file", software_additionalPurpose=["container", "firmware"]), "lib-file", "/software_additionalPurpose")],
    "BSI-15": [("a leaf that says nothing", remove("lib-depends"), "lib", "")],
    "BSI-16": [("not said", drop_of("root-depends", "completeness"), "root-depends", "/completeness")],
    "BSI-17": [("declared only", remove("lib-concluded"), "lib", ""),
               ("no assertion", put_of("lib-concluded", to=["expandedlicensing_NoAssertionLicense"]), "lib-concluded", "/to/0"),
               ("none", put_of("lib-concluded", to=["expandedlicensing_NoneLicense"]), "lib-concluded", "/to/0")],
    "BSI-18": [("SHA-256 only", put_of("lib-file", verifiedUsing=[hashed("sha256", "a" * 64)]), "lib-file", "/verifiedUsing")],
    "BSI-19": [("no URI", cut_source, "lib-source", "/externalRef/0/locator/0")],
    "BSI-20": [("no URI of the file", lambda one: at(one, "lib-file")["externalRef"][0].update(locator=["lib.bin"]), "lib-file",
                "/externalRef/0/locator/0"),
               ("no URI of the package", put_of("lib", software_downloadLocation="lib.bin"), "lib", "/software_downloadLocation")],
    "BSI-21": SPDX3_NTIA["NTIA-04"][1:],
    "BSI-22": [("a licence in words", lambda one: (
        add(element("simplelicensing_LicenseExpression", "words", simplelicensing_licenseExpression="Their licence"))(one),
        put_of("lib-declared", to=[BASE + "words"])(one)), "lib-declared", "/to/0")],
    "BSI-23": [("none", put_of("lib-effective", to=["expandedlicensing_NoneLicense"]), "lib-effective", "/to"),
               ("twice", add(relation("second", "lib", "other", "licence", comment="hasEffectiveLicense")), "second", "/to")],
    "BSI-24": [("no https", lambda one: at(one, "lib")["externalRef"][0].update(locator=["ftp://example.com/security.txt"]), "lib",
                "/externalRef/0/locator/0")],
}


def at_places(rules):
    """The same, with pointers made of the changed document."""
    made = {}
    for rule, cases in rules.items():
        made[rule] = []
        for what, change, name, rest in cases:
            document = changed(good_spdx3(), change)
            index = next(i for i, one in enumerate(document["@graph"]) if one.get("type") == "software_Sbom") if name == -1 else place(document, name)
            made[rule].append((what, change, f"/@graph/{index}{rest}"))
    return made


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

    def expect(self, profile, rules, good):
        passing = self.sbom_check(good(), "--profile", profile, code=0)
        self.assertEqual(passing["profiles"][0]["met"], passing["profiles"][0]["rules"])
        for rule, cases in rules.items():
            for what, change, pointer in cases:
                with self.subTest(f"{rule}: {what}"):
                    result = self.sbom_check(changed(good(), change), "--profile", profile, code=1)
                    self.assertEqual(self.rules_broken(result), [rule], json.dumps(result["findings"], indent=1))
                    places = [one["where"].split("#", 1)[1] for one in result["findings"] if "rule" in one]
                    self.assertIn(pointer, places)
                    for one in result["findings"]:
                        if "rule" in one:
                            self.assertTrue(one["expected"] and one["reason"] and one["source"], one)

    def all_rules(self, profile):
        sarif = self.sign("sbom", "check", self.write(good_cyclonedx()), "--profile", profile, "--format", "sarif").json()
        return [rule["id"] for rule in sarif["runs"][0]["tool"]["driver"]["rules"] if rule["id"] != "sbom.form"]

    def test_ntia(self):
        self.assertEqual(self.all_rules("ntia-2021"), sorted(NTIA))
        self.expect("ntia-2021", NTIA, good_cyclonedx)

    def test_ntia_of_spdx(self):
        """No graph can lead to nothing in SPDX: the structure check refuses that (NTIA-06)."""
        self.assertEqual(sorted(set(NTIA) - set(SPDX)), ["NTIA-06"])
        self.expect("ntia-2021", SPDX, good_spdx)
        dangling = changed(good_spdx(), lambda one: one["relationships"][1].update(relatedSpdxElement="SPDXRef-ghost"))
        self.assertTrue(self.findings(self.sbom_check(dangling, code=1), "sbom.form"))

    def test_rules_of_spdx_3(self):
        """References that lead nowhere are refused by the structure; what a file is not is no fault of the mapping."""
        self.assertEqual(sorted(set(NTIA) - set(SPDX3_NTIA)), ["NTIA-06"])
        self.assertEqual(sorted(set(BSI) - set(SPDX3_BSI)), ["BSI-07", "BSI-12", "BSI-13"])
        self.expect("ntia-2021", at_places(SPDX3_NTIA), good_spdx3)
        self.expect("bsi", at_places(SPDX3_BSI), good_spdx3)

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

    def test_bsi(self):
        self.assertEqual(self.all_rules("bsi"), sorted(BSI))
        self.expect("bsi", BSI, good_cyclonedx)

    def test_spdx_2_fails_bsi_as_a_whole(self):
        result = self.sbom_check(good_spdx(), "--profile", "bsi", code=1)
        self.assertEqual(self.rules_broken(result), ["BSI-01"])
        self.assertEqual(result["profiles"][0]["met"], 0)

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
