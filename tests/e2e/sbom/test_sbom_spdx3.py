# SPDX-License-Identifier: Apache-2.0
"""SPDX 3.0.1: what is refused and where, what is accepted, and binding to the files of a release."""
from harness import PRODUCT, main, noise, sha256
from sbom_case import OTHER, TOOL, BindingCase, changed, sha512, tar_of
from spdx3 import BASE, CONTEXT, add, at, drop, element, good_spdx3, hashed, image, place, put, relation, remove

VULNERABILITY = element("security_Vulnerability", "cve", externalIdentifier=[
    {"type": "ExternalIdentifier", "externalIdentifierType": "cve", "identifier": "CVE-2026-1"}])


def vex(kind, relationship, **members):
    return dict(relation("vex", "cve", relationship, "lib"), type=f"security_Vex{kind}VulnAssessmentRelationship", **members)


# what: (change of the good document, object that the finding points into or None for the document, rest of the pointer)
FAULTS = {
    "a list of contexts": (lambda one: one.update({"@context": [CONTEXT]}), None, ""),
    "a context of another version": (lambda one: one.update({"@context": CONTEXT.replace("3.0.1", "3.1.0")}), None, ""),
    "another member beside @graph": (lambda one: one.update(name="x"), None, "/name"),
    "no @graph": (lambda one: one.pop("@graph"), None, "/@graph"),
    "@graph is no list": (lambda one: one.update({"@graph": {}}), None, "/@graph"),
    "no document": (remove("document"), None, "/@graph"),
    "two documents": (add(element("SpdxDocument", "other", rootElement=[BASE + "root"])), None, "/@graph"),
    "a member that is null": (put("lib", summary=None), "lib", "/summary"),
    "@type": (lambda one: at(one, "lib").update({"@type": at(one, "lib").pop("type")}), "lib", "/type"),
    "@id of an element": (put("lib", **{"@id": "x:y"}), "lib", "/@id"),
    "no spdxId": (drop("lib-declared", "spdxId"), -1, "/spdxId"),
    "an id that is no IRI": (lambda one: at(one, "lib-declared").update(spdxId="lib"), -1, "/spdxId"),
    "an id that is a blank node": (lambda one: at(one, "lib-declared").update(spdxId="_:lib"), -1, "/spdxId"),
    "an unknown class": (put("lib", type="software_Component"), "lib", "/type"),
    "an abstract class": (put("lib-file", type="software_SoftwareArtifact"), "lib-file", "/type"),
    "an unknown member": (put("lib", externalIdentifiers=[]), "lib", "/externalIdentifiers"),
    "an unknown word": (put("root-depends", relationshipType="DEPENDS_ON"), "root-depends", "/relationshipType"),
    "an IRI for a word": (put("root-depends", completeness="https://spdx.org/rdf/3.0.1/terms/Core/RelationshipCompleteness/complete"),
                          "root-depends", "/completeness"),
    "a list for one value": (lambda one: at(one, "root-depends").update({"from": [BASE + "root"]}), "root-depends", "/from"),
    "one value for a list": (put("root-depends", to=BASE + "lib"), "root-depends", "/to"),
    "an empty list": (put("root-depends", to=[]), "root-depends", "/to"),
    "nobody created it": (put("creation", createdBy=[]), "creation", "/createdBy"),
    "no creationInfo": (drop("lib", "creationInfo"), "lib", "/creationInfo"),
    "no specVersion": (drop("creation", "specVersion"), "creation", "/specVersion"),
    "a specVersion of another format": (put("creation", specVersion="3.1.0"), "creation", "/specVersion"),
    "a specVersion of two numbers": (put("creation", specVersion="3.0"), "creation", "/specVersion"),
    "a time with an offset": (put("creation", created="2026-01-01T02:00:00+02:00"), "creation", "/created"),
    "a time with a fraction": (put("creation", created="2026-01-01T00:00:00.5Z"), "creation", "/created"),
    "a time in small letters": (put("lib", builtTime="2026-01-01t00:00:00z"), "lib", "/builtTime"),
    "no name of a package": (drop("lib", "name"), "lib", "/name"),
    "no name of a file": (drop("lib-file", "name"), "lib-file", "/name"),
    "a hash without algorithm": (lambda one: at(one, "lib-file")["verifiedUsing"][0].pop("algorithm"), "lib-file", "/verifiedUsing/0/algorithm"),
    "a hash that is too short": (put("lib-file", verifiedUsing=[hashed("sha256", "ab" * 31)]), "lib-file", "/verifiedUsing/0/hashValue"),
    "a hash of other digits": (put("lib-file", verifiedUsing=[hashed("sha256", "xy" * 32)]), "lib-file", "/verifiedUsing/0/hashValue"),
    "an object of another class": (put("lib", externalRef=[hashed("sha256", "ab" * 32)]), "lib", "/externalRef/0/type"),
    "a reference for an object": (put("lib", verifiedUsing=["_:hash"]), "lib", "/verifiedUsing/0"),
    "an element inside of another": (put("lib", suppliedBy=element("Organization", "inner", name="x")), "lib", "/suppliedBy"),
    "a number for a text": (put("lib", software_packageVersion=3), "lib", "/software_packageVersion"),
    "the same id": (lambda one: one["@graph"].append(dict(at(one, "lib"))), -1, "/spdxId"),
    "the same id of another kind": (add({"type": "CreationInfo", "@id": BASE + "lib", "specVersion": "3.0.1", "created": "2026-01-01T00:00:00Z",
                                         "createdBy": [BASE + "maker"]}), -1, "/@id"),
    "nothing there": (put("root-depends", to=[BASE + "ghost"]), "root-depends", "/to/0"),
    "no such creationInfo": (put("lib", creationInfo="_:other"), "lib", "/creationInfo"),
    "created by a tool": (put("creation", createdBy=[BASE + "tool"]), "creation", "/createdBy/0"),
    "created using an organization": (put("creation", createdUsing=[BASE + "maker"]), "creation", "/createdUsing/0"),
    "supplied by a package": (put("lib", suppliedBy=BASE + "root"), "lib", "/suppliedBy"),
    "creationInfo that is an element": (put("lib", creationInfo=BASE + "maker"), "lib", "/creationInfo"),
    "a data licence that is none": (put("document", dataLicense=BASE + "lib"), "document", "/dataLicense"),
    "a licence that the list does not have": (put("document", dataLicense="https://spdx.org/licenses/CC0-9.9"), "document", "/dataLicense"),
    "a licence that is a package": (put("lib-concluded", to=[BASE + "root"]), "lib-concluded", "/to/0"),
    "nothing, and something": (put("lib-depends", to=["NoneElement", BASE + "root"]), "lib-depends", "/to/0"),
    "an individual that is no agent": (put("lib", suppliedBy="NoneElement"), "lib", "/suppliedBy"),
    "a collection of documents": (put("sbom", element=[BASE + "document"]), "sbom", "/element/0"),
    "a collection about nothing": (drop("sbom", "rootElement"), "sbom", "/rootElement"),
    "imported and defined": (put("document", **{"import": [{"type": "ExternalMap", "externalSpdxId": BASE + "lib"}]}), "lib", "/spdxId"),
    "an extension without type": (put("lib", extension=[{"x": 1}]), "lib", "/extension/0/type"),
    "a class of another type of relationship": (add(VULNERABILITY, vex("Fixed", "affects")), -1, "/relationshipType"),
    "an assessment of no vulnerability": (add(dict(vex("Fixed", "fixedIn"), **{"from": BASE + "lib"})), -1, "/from"),
    "not affected without a reason": (add(VULNERABILITY, vex("NotAffected", "doesNotAffect")), -1, "/security_justificationType"),
    "affected without an action": (add(VULNERABILITY, vex("Affected", "affects")), -1, "/security_actionStatement"),
    "a range from nothing": (add(element("software_Snippet", "snippet", software_snippetFromFile=BASE + "lib-file", software_byteRange={
        "type": "PositiveIntegerRange", "beginIntegerRange": 0, "endIntegerRange": 2})), -1, "/software_byteRange/beginIntegerRange"),
}
# Where one fault is two by its nature: the other place.
BOTH = {"@type": ["/@type"], "@id of an element": [], "no spdxId": [], "no @graph": [""]}

def product_alone(*ends):
    """The product, its file and its sources; it depends on these ends."""
    def change(one):
        remove("lib", "lib-file", "lib-source", "lib-generated", "lib-artifact", "lib-concluded", "lib-declared", "lib-effective", "lib-depends")(one)
        at(one, "sbom")["element"].remove(BASE + "lib")
        (put("root-depends", to=list(ends)) if ends else remove("root-depends"))(one)
    return change


SOUND = {
    "as it is": lambda one: None,
    "@graph in another order": lambda one: one["@graph"].reverse(),
    "the document is about the package": lambda one: (remove("sbom")(one), put("document", rootElement=[BASE + "root"])(one)),
    "individuals as full IRIs": put("lib-depends", to=["https://spdx.org/rdf/3.0.1/terms/Core/NoneElement"]),
    "no assertion of a licence": put("lib-declared", to=["expandedlicensing_NoAssertionLicense"]),
    "no licence, as an IRI": put("lib-declared", to=["https://spdx.org/rdf/3.0.1/terms/ExpandedLicensing/NoneLicense"]),
    "a licence of the list that nothing defines": put("lib-declared", to=["https://spdx.org/licenses/MIT"]),
    "creationInfo inside": lambda one: put("lib", creationInfo={key: value for key, value in at(one, "creation").items() if key != "@id"})(one),
    "creationInfo that nobody refers to": add({"type": "CreationInfo", "specVersion": "3.0.1", "created": "2026-01-01T00:00:00Z",
                                               "createdBy": [BASE + "maker"]}),
    "ids of a prefix": lambda one: add(dict(element("Tool", "x", name="west"), spdxId="zephyr:tools/west"))(one),
    "an import with hash": lambda one: (
        put("document", **{"import": [{"type": "ExternalMap", "externalSpdxId": "https://example.com/other#lib",
                                       "verifiedUsing": [hashed("sha256", "ab" * 32)]}]})(one),
        put("root-depends", to=[BASE + "lib", "https://example.com/other#lib"])(one)),
    "a scope": put("root-depends", type="LifecycleScopedRelationship", scope="runtime"),
    "an extension of an unknown type": put("lib", extension=[{"type": "https://example.com/ours", "https://example.com/a": [1, None]}]),
    "classes of other profiles": add(
        element("ai_AIPackage", "model", name="detector", ai_typeOfModel=["x"]), VULNERABILITY,
        vex("NotAffected", "doesNotAffect", security_justificationType="componentNotPresent"),
        dict(relation("score", "cve", "hasAssessmentFor", "lib"), type="security_CvssV3VulnAssessmentRelationship", security_score="9.8",
             security_severity="critical", security_vectorString="x")),
}


class Spdx3(BindingCase):
    def faults(self, result):
        return [one["where"].split("#", 1)[1] for one in self.findings(result, "sbom.form") if one["result"] == "FAIL"]

    def test_faults(self):
        for what, (change, name, rest) in FAULTS.items():
            with self.subTest(what):
                before = good_spdx3()
                bad = changed(before, change)
                graph = bad.get("@graph", [])
                if name is None:
                    pointer = rest
                elif name == -1 and len(graph) == len(before["@graph"]):
                    pointer = f"/@graph/{place(before, 'lib-declared')}{rest}"
                else:
                    pointer = f"/@graph/{len(graph) - 1 if name == -1 else place(bad, name)}{rest}"
                found = self.faults(self.sbom_check(bad, code=1))
                self.assertIn(pointer, found)
                if what not in ("no document", "a context of another version", "a list of contexts", "no @graph", "@graph is no list"):
                    related = [one for one in found if one != pointer and not one.startswith(pointer.rsplit("/", 1)[0])]
                    if what not in ("an unknown class", "an abstract class", "@type"):  # what refers to it finds another kind
                        self.assertEqual(related, [], "one fault is told once")

    def test_sound_documents(self):
        for what, change in SOUND.items():
            with self.subTest(what):
                result = self.sbom_check(changed(good_spdx3(), change), code=0)
                self.assertEqual(self.faults(result), [])

    def test_other_versions_are_named(self):
        result = self.sign("sbom", "check", self.write(changed(good_spdx3(), FAULTS["a context of another version"][0])), code=1)
        self.assertIn("SPDX 3 (JSON-LD)", result.out)
        self.assertIn("3.0.1", result.out)

    def test_only_a_relationship_says_what_it_is_about(self):
        old = changed(good_spdx3(), lambda one: (drop("document", "rootElement")(one), remove("sbom")(one),
                                                 add(relation("describes", "document", "describes", "root"))(one)))
        result = self.sbom_check(old, code=0)
        self.assertEqual([one["result"] for one in self.findings(result, "sbom.form")], ["WARN"])

    def test_collections_in_a_circle(self):
        circle = changed(good_spdx3(), lambda one: (
            add(element("Bundle", "a", rootElement=[BASE + "b"]), element("Bundle", "b", rootElement=[BASE + "a", BASE + "root"]))(one),
            put("sbom", rootElement=[BASE + "a"], element=[])(one)))
        self.sbom_check(circle, "--profile", "bsi", code=0)

    def bound(self, **hashes):
        """The good document whose root is delivered in the firmware."""
        made = hashes or {"sha256": sha256(noise(5000, "firmware"))}
        return changed(good_spdx3(), lambda one: at(one, "root-file")["verifiedUsing"].extend(
            hashed(name, value) for name, value in made.items() if name != "sha512"))

    def lint(self, sbom, binds=(), code=0, extra=()):
        return self.sign("lint", self.sbom_release(sbom, binds, extra=extra, format="SPDX-3.0.1"), "--json", code=code).json()

    def bind_faults(self, result, kind="FAIL"):
        return [one["where"].split("#", 1)[1] for one in self.findings(result, "sbom.binding") if one["result"] == kind]

    def test_the_root_is_bound_by_the_file_it_is_delivered_in(self):
        good = self.bound()
        self.assertEqual(self.bind_faults(self.lint(good)), [])
        own = changed(good_spdx3(), put("root", verifiedUsing=[hashed("sha256", sha256(noise(5000, "firmware")))]))
        self.assertEqual(self.bind_faults(self.lint(own)), [])
        root, file = (f"/@graph/{place(good, name)}" for name in ("root", "root-file"))
        wrong = "0" * 63 + "1"
        cases = {
            "another product": (put("root", name="RTU-8"), root + "/name"),
            "another version": (put("root", software_packageVersion="1.0.1"), root + "/software_packageVersion"),
            "no version": (drop("root", "software_packageVersion"), root + "/software_packageVersion"),
            "another hash": (lambda one: at(one, "root-file")["verifiedUsing"][1].update(hashValue=wrong), file + "/verifiedUsing/1/hashValue"),
            "SHA-512 alone": (lambda one: at(one, "root-file")["verifiedUsing"].pop(1), file + "/verifiedUsing"),
            "two hashes": (lambda one: at(one, "root-file")["verifiedUsing"].append(hashed("sha256", wrong)), file + "/verifiedUsing"),
            "package and file differ": (put("root", verifiedUsing=[hashed("sha256", wrong)]), root + "/verifiedUsing"),
            "no root": (put("sbom", rootElement=[BASE + "maker"]), ""),
            "two files": (put("root-artifact", to=[BASE + "root-file", BASE + "lib-file"]), root + "/verifiedUsing"),
        }
        for what, (change, pointer) in cases.items():
            with self.subTest(what):
                self.assertIn(pointer, self.bind_faults(self.lint(changed(good, change), code=1)))

    def test_of_several_roots_the_one_of_this_name_and_version(self):
        several = changed(self.bound(), put("sbom", rootElement=[BASE + "lib", BASE + "root"]))
        self.assertEqual(self.bind_faults(self.lint(several)), [])
        self.assertEqual(self.bind_faults(self.lint(changed(several, put("root", software_packageVersion="1.0.1")), code=1)), [""])
        self.assertEqual(self.bind_faults(self.lint(changed(several, put("lib", name=PRODUCT, software_packageVersion="1.0.0")), code=1)), [""])

    def test_an_image_beside_a_root_file_system(self):
        """Neither version nor hash of the package: the image's hash ties it to the release, and that is said."""
        good = image()
        result = self.lint(good)
        version = f"/@graph/{place(good, 'root')}/software_packageVersion"
        self.assertEqual(self.bind_faults(result), [])
        self.assertEqual(self.bind_faults(result, "WARN"), [version])
        other = self.lint(image(b"another build"), code=1)
        self.assertIn(version, self.bind_faults(other))
        self.assertIn(f"/@graph/{place(good, 'root')}/verifiedUsing", self.bind_faults(other))
        self.assertIn(version, self.bind_faults(self.lint(image(software_packageVersion="0.9"), code=1)))
        wrong = image(verifiedUsing=[hashed("sha256", "0" * 64)])
        self.assertIn(f"/@graph/{place(good, 'root')}/verifiedUsing/0/hashValue", self.bind_faults(self.lint(wrong, code=1)))
        bound = {"component": BASE + "image", "file": "firmware.bin"}
        by_sha512 = changed(good, put("image", verifiedUsing=[hashed("sha512", sha512(noise(5000, "firmware")))]))
        self.assertEqual(self.bind_faults(self.lint(by_sha512, [bound])), [])
        self.assertIn(version, self.bind_faults(self.lint(by_sha512, code=1)))

    def test_components_are_bound_to_files_and_members(self):
        extra = {"tool.bin": (TOOL, "firmware"), "fs.tar": (tar_of({"lib/libssl.so": OTHER}), "firmware")}
        sbom = changed(self.bound(), lambda one: (
            add(element("software_File", "tool-file", name="tool", verifiedUsing=[hashed("sha256", sha256(TOOL))]))(one),
            put("lib-file", verifiedUsing=[hashed("sha256", sha256(OTHER)), hashed("sha512", sha512(OTHER))])(one)))
        binds = [{"component": BASE + "tool-file", "file": "tool.bin"},
                 {"component": "pkg:generic/lib@3.5.4", "file": "fs.tar", "member": "lib/libssl.so"}]
        self.assertEqual(self.bind_faults(self.lint(sbom, binds, extra=extra)), [])
        archive = self.pack(self.sbom_release(sbom, binds, extra=extra, format="SPDX-3.0.1"))
        self.check(archive)
        cases = {
            "tool-file": (put("tool-file", verifiedUsing=[hashed("sha256", sha256(OTHER))]), "/verifiedUsing/0/hashValue"),
            "lib-file": (lambda one: at(one, "lib-file")["verifiedUsing"][1].update(hashValue="0" * 128), "/verifiedUsing/1/hashValue"),
        }
        for name, (change, rest) in cases.items():
            with self.subTest(name):
                bad = changed(sbom, change)
                pointer = f"/@graph/{place(bad, name)}{rest}"
                self.assertEqual(self.bind_faults(self.lint(bad, binds, code=1, extra=extra)), [pointer])
                forged = self.resigned(archive, lambda one, manifest, change=change: change(one))
                self.assertIn("sbom.json#" + pointer, self.check(forged, code=1).out)

    def test_the_manifest_says_the_format(self):
        as_spdx2 = self.sign("lint", self.sbom_release(self.bound(), format="SPDX-2.3"), "--json", code=1).json()
        self.assertTrue(self.findings(as_spdx2, "sbom.form"))
        as_cyclonedx = self.sign("lint", self.sbom_release(self.bound()), "--json", code=1).json()
        self.assertTrue(self.findings(as_cyclonedx, "sbom.form"))

    def test_what_is_not_compared_is_said(self):
        def said(sbom):
            out = self.sign("sbom", "check", self.write(sbom), code=0).out
            return [line for line in out.splitlines() if "NOT CHECKED" in line]
        good = good_spdx3()
        self.assertEqual(said(good), [])
        cases = {
            "document of this SBOM": SOUND["an import with hash"],
            "incomplete": put("root-depends", completeness="incomplete"),
            "entry of this SBOM is incomplete": put("lib-depends", to=["NoAssertionElement"]),
            "snippet": add(element("software_Snippet", "snippet", software_snippetFromFile=BASE + "lib-file")),
            "vulnerability": add(VULNERABILITY),
            "1 vulnerability": add(VULNERABILITY, vex("NotAffected", "doesNotAffect", security_impactStatement="x"),
                                   relation("has", "root", "hasAssociatedVulnerability", "cve")),
            "1 vulnerability that": add(VULNERABILITY, vex("NotAffected", "doesNotAffect", security_impactStatement="x", security_withdrawnTime="2026-09-01T00:00:00Z")),
            "vulnerability that the SBOM itself lists": add(
                VULNERABILITY, vex("NotAffected", "doesNotAffect", security_impactStatement="x"), relation("plain", "cve", "affects", "root")),
            "vulnerability that the SBOM": add(VULNERABILITY, {**vex("NotAffected", "doesNotAffect", security_impactStatement="x"), "to": ["NoneElement"]}),
            "vulnerability that the SBOM itself": add(
                VULNERABILITY, vex("NotAffected", "doesNotAffect", security_impactStatement="x", endTime="2026-09-01T00:00:00Z")),
            "1 vulnerability that the SBOM itself": add(
                VULNERABILITY, vex("NotAffected", "doesNotAffect", security_impactStatement="x", security_assessedElement=BASE + "lib-file"),
                relation("has", "lib", "hasAssociatedVulnerability", "cve")),
            "lists none beside the product and its files": product_alone(),
        }
        for words, change in cases.items():
            with self.subTest(words):
                self.assertIn(words, " ".join(said(changed(good, change))))
        settled = add(VULNERABILITY, vex("NotAffected", "doesNotAffect", security_impactStatement="x"),
                      relation("has", "lib", "hasAssociatedVulnerability", "cve"))
        self.assertEqual(said(changed(good, settled)), [])
        self.assertEqual(said(changed(good, product_alone("NoneElement"))), [])

    def test_very_many_assessments_of_one_vulnerability(self):
        """Each is looked at once, not once for each element that has the vulnerability: else this would not end within minutes."""
        many = [{**vex("NotAffected", "doesNotAffect", security_impactStatement="x"), "spdxId": f"{BASE}said-{number}"} for number in range(48000)]
        many += [relation(f"has-{number}", "lib", "hasAssociatedVulnerability", "cve") for number in range(48000)]
        checked = self.sign("sbom", "check", self.write(changed(good_spdx3(), add(VULNERABILITY, *many))))
        self.assertNotIn("NOT CHECKED", checked.out)


if __name__ == "__main__":
    main()
