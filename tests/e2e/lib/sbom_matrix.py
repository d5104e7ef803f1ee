# SPDX-License-Identifier: Apache-2.0
"""For each rule of each profile and each format: changes of a good document that break the rule alone, that declare
that a field is not known, that break nothing; or why no document breaks it. test_sbom_matrix.py runs them all."""
import dataclasses

from sbom_case import SHA512, changed, good_cyclonedx, good_spdx
from spdx3 import BASE, add, at, element, good_spdx3, hashed, place, relation, remove
from spdx3 import drop as forget, put as put3


@dataclasses.dataclass
class Row:
    """fails: changes, or (what, change, JSON pointer or None, further rules that the same change breaks)."""
    fails: list = dataclasses.field(default_factory=list)
    declares: list = dataclasses.field(default_factory=list)
    passes: list = dataclasses.field(default_factory=list)
    never: str = ""                                            # why nothing breaks it: words of docs/spec/sbom.md
    refused: list = dataclasses.field(default_factory=list)    # what is a fault of sbom.form instead
    unseen: list = dataclasses.field(default_factory=list)     # what leaves it NOT_CHECKED


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


def older(one):
    """CycloneDX 1.5, without what 1.6 brought."""
    one.update(specVersion="1.5")
    one["metadata"].pop("manufacturer")
    for each in (one["metadata"]["component"], *one["components"]):
        each.pop("manufacturer")
        each["licenses"] = [{"license": {"id": "Apache-2.0"}}]


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
    "NTIA-06": [("a dependency on nothing", lambda one: one["dependencies"][1].update(dependsOn=["ghost"]), "/dependencies/1/dependsOn/0", "sbom.form")],
    "NTIA-07": [("no author", lambda one: (one["metadata"].pop("authors"), one["metadata"].pop("manufacturer")), "/metadata/authors"),
                ("an author that says nothing", lambda one: (one["metadata"].update(authors=[{"name": "unknown"}]), one["metadata"].pop("manufacturer")),
                 "/metadata/authors")],
    "NTIA-08": [("no timestamp", lambda one: one["metadata"].pop("timestamp"), "/metadata/timestamp"),
                ("a clock that was not set", lambda one: one["metadata"].update(timestamp="1970-01-01T00:00:00Z"), "/metadata/timestamp")],
}

SPDX_NTIA = {
    "NTIA-01": [("no supplier", lambda one: one["packages"][1].pop("supplier"), "/packages/1/supplier"),
                ("NOASSERTION", lambda one: one["packages"][1].update(supplier="NOASSERTION"), "/packages/1/supplier"),
                ("an organization without a name", lambda one: one["packages"][1].update(supplier="Organization: "), "/packages/1/supplier"),
                ("a mailbox of nobody", lambda one: one["packages"][1].update(supplier="Person: (x@example.com)"), "/packages/1/supplier"),
                ("a placeholder with a mailbox", lambda one: one["packages"][1].update(supplier="Organization: NOASSERTION (x@example.com)"),
                 "/packages/1/supplier")],
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
    "NTIA-07": [("a tool only", lambda one: one["creationInfo"].update(creators=["Tool: maker-1"]), "/creationInfo/creators"),
                ("a placeholder with brackets", lambda one: one["creationInfo"].update(creators=["Organization: unknown ()"]), "/creationInfo/creators")],
    "NTIA-08": [("a clock that was not set", lambda one: one["creationInfo"].update(created="1999-12-31T23:59:59Z"), "/creationInfo/created")],
}

BSI = {
    "BSI-01": [("CycloneDX 1.5", older, "/specVersion")],
    "BSI-02": [("no root component", lambda one: (one["metadata"].pop("component"), one["dependencies"].pop(0)), "/metadata/component")],
    "BSI-03": [("no creator", lambda one: one["metadata"].pop("manufacturer"), "/metadata/manufacturer"),
               ("an e-mail that is none", lambda one: one["metadata"].update(manufacturer={"name": "x", "contact": [{"email": "psirt"}]}),
                "/metadata/manufacturer"),
               ("a URL that is none", lambda one: one["metadata"].update(manufacturer={"name": "x", "url": ["example.com"]}), "/metadata/manufacturer")],
    "BSI-04": [("no timestamp", lambda one: one["metadata"].pop("timestamp"), "/metadata/timestamp")],
    "BSI-05": [("a nil UUID", lambda one: one.update(serialNumber="urn:uuid:00000000-0000-0000-0000-000000000000"), "/serialNumber")],
    "BSI-06": [("a vulnerability", lambda one: one.update(vulnerabilities=[{"id": "CVE-2026-1"}]), "/vulnerabilities")],
    "BSI-07": [("a dependency on nothing", lambda one: one["dependencies"][1].update(dependsOn=["ghost"]), "/dependencies/1/dependsOn/0", "sbom.form")],
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
    "NTIA-01": [("nobody", lambda one: (forget("lib", "suppliedBy")(one), forget("lib", "originatedBy")(one)), "lib", "/suppliedBy"),
                ("software", lambda one: (add(element("SoftwareAgent", "bot", name="builder"))(one),
                                          put3("lib", suppliedBy=BASE + "bot", originatedBy=[BASE + "bot"])(one)), "lib", "/suppliedBy"),
                ("an organization without a name", lambda one: (add(element("Organization", "blank", name=" "))(one),
                                                                put3("lib", suppliedBy=BASE + "blank", originatedBy=[BASE + "blank"])(one)),
                 "lib", "/suppliedBy")],
    "NTIA-02": [("a name that says nothing", put3("lib", name="unknown"), "lib", "/name")],
    "NTIA-03": [("no version", forget("lib", "software_packageVersion"), "lib", "/software_packageVersion"),
                ("NOASSERTION", put3("lib", software_packageVersion="NOASSERTION"), "lib", "/software_packageVersion")],
    "NTIA-04": [("a spdxId alone", lambda one: (forget("lib", "software_packageUrl")(one), forget("lib", "externalIdentifier")(one)),
                 "lib", "/externalIdentifier"),
                ("a purl that is none", put3("lib", software_packageUrl="openssl"), "lib", "/software_packageUrl"),
                ("a cpe that is none", lambda one: at(one, "lib")["externalIdentifier"][0].update(identifier="cpe:2.3:a:x"),
                 "lib", "/externalIdentifier/0/identifier"),
                ("a gitoid that is none", put3("lib", software_contentIdentifier=[
                    {"type": "software_ContentIdentifier", "software_contentIdentifierType": "gitoid", "software_contentIdentifierValue": "gitoid:x"}]),
                 "lib", "/software_contentIdentifier/0/software_contentIdentifierValue")],
    "NTIA-05": [("no relationship", lambda one: (remove("lib-depends", "lib-artifact")(one), put3("root-depends", to=["NoneElement"])(one)), "lib", "")],
    "NTIA-07": [("software only", lambda one: (add(element("SoftwareAgent", "bot", name="builder"))(one),
                                               put3("creation", createdBy=[BASE + "bot"])(one)), "creation", "/createdBy")],
    "NTIA-08": [("a clock that was not set", put3("creation", created="1999-12-31T23:59:59Z"), "creation", "/created")],
}
SPDX3_BSI = {
    "BSI-01": [("SPDX 3.0.0", put3("creation", specVersion="3.0.0"), "creation", "/specVersion")],
    "BSI-02": [("two products", put3("sbom", rootElement=[BASE + "root", BASE + "lib"]), "document", "/rootElement")],
    "BSI-03": [("no address", lambda one: (add(element("Person", "other", name="x"))(one), put3("creation", createdBy=[BASE + "other"])(one)),
                "creation", "/createdBy"),
               ("an address of a kind for components", lambda one: (
                   add(element("Person", "other", name="x", externalIdentifier=[
                       {"type": "ExternalIdentifier", "externalIdentifierType": "other", "identifier": "https://example.com"}]))(one),
                   put3("creation", createdBy=[BASE + "other"])(one)), "creation", "/createdBy")],
    "BSI-04": SPDX3_NTIA["NTIA-08"],
    "BSI-05": [("a prefix", lambda one: (put3("document", rootElement=["rtu7:sbom"])(one), put3("sbom", spdxId="rtu7:sbom")(one)), -1, "/spdxId")],
    "BSI-06": [("a vulnerability", add(element("security_Vulnerability", "cve")), "cve", "/type"),
               ("an association", lambda one: (add(relation("has", "lib", "hasAssociatedVulnerability", "ext:cve"))(one), put3("document", **{
                   "import": [{"type": "ExternalMap", "externalSpdxId": "ext:cve"}]})(one)), "has", "/type")],
    "BSI-08": [("nobody", forget("lib", "originatedBy"), "lib", "/originatedBy"),
               ("an address that is none", lambda one: (
                   add(element("Person", "other", name="x", externalIdentifier=[
                       {"type": "ExternalIdentifier", "externalIdentifierType": "email", "identifier": "psirt"}]))(one),
                   put3("lib", originatedBy=[BASE + "other"])(one)), "lib", "/originatedBy")],
    "BSI-09": SPDX3_NTIA["NTIA-02"],
    "BSI-10": SPDX3_NTIA["NTIA-03"],
    "BSI-11": [("no file", remove("lib-artifact"), "lib", ""),
               ("a path", put3("lib-file", name="usr/lib/lib.bin"), "lib-file", "/name")],
    "BSI-14": [("neither", put3("lib-file", software_additionalPurpose=["executable"]), "lib-file", "/software_additionalPurpose"),
               ("both", put3("lib-file", software_additionalPurpose=["container", "firmware"]), "lib-file", "/software_additionalPurpose")],
    "BSI-15": [("a leaf that says nothing", remove("lib-depends"), "lib", "")],
    "BSI-16": [("not said", forget("root-depends", "completeness"), "root-depends", "/completeness")],
    "BSI-17": [("declared only", remove("lib-concluded"), "lib", ""),
               ("no assertion", put3("lib-concluded", to=["expandedlicensing_NoAssertionLicense"]), "lib-concluded", "/to/0"),
               ("none", put3("lib-concluded", to=["expandedlicensing_NoneLicense"]), "lib-concluded", "/to/0")],
    "BSI-18": [("SHA-256 only", put3("lib-file", verifiedUsing=[hashed("sha256", "a" * 64)]), "lib-file", "/verifiedUsing")],
    "BSI-19": [("no URI", cut_source, "lib-source", "/externalRef/0/locator/0")],
    "BSI-20": [("no URI of the file", lambda one: at(one, "lib-file")["externalRef"][0].update(locator=["lib.bin"]), "lib-file",
                "/externalRef/0/locator/0"),
               ("no URI of the package", put3("lib", software_downloadLocation="lib.bin"), "lib", "/software_downloadLocation")],
    "BSI-21": SPDX3_NTIA["NTIA-04"][1:],
    "BSI-22": [("a licence in words", lambda one: (
        add(element("simplelicensing_LicenseExpression", "words", simplelicensing_licenseExpression="Their licence"))(one),
        put3("lib-declared", to=[BASE + "words"])(one)), "lib-declared", "/to/0")],
    "BSI-23": [("none", put3("lib-effective", to=["expandedlicensing_NoneLicense"]), "lib-effective", "/to"),
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
CISA_CYCLONEDX = {
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
                [("", lambda one: one["compositions"][0].update(aggregate="incomplete"), None, "CISA-11")]),
}
CISA_SPDX = {
    "CISA-01": ([lambda one: one["creationInfo"].update(creators=["Tool: maker-1"])], []),
    "CISA-05": ([lambda one: one["creationInfo"].update(comment="rebuilding")], []),
    "CISA-06": ([lambda one: one["creationInfo"].update(created="1999-12-31T23:59:59Z")], []),
    "CISA-07": ([lambda one: one["creationInfo"]["creators"].pop(1)], []),
    "CISA-08": ([lambda one: one["creationInfo"]["creators"].__setitem__(1, "Tool: maker")],
                [lambda one: one["creationInfo"]["creators"].__setitem__(1, "Tool: maker-unknown")]),
    "CISA-10": ([package(lambda one: one.update(supplier="Organization: n/a")), 
                 ("nobody", package(lambda one: one.update(originator="Person: ", supplier="tbd")), "/packages/1/originator", "CISA-18")],
                [package(lambda one: one.update(supplier="NOASSERTION")), package(lambda one: one.update(supplier="Organization: unknown")),
                 package(lambda one: one.update(supplier="Person: NOASSERTION (x@example.com)"))]),
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
NOBODY = [add(element("Organization", "nobody", name="NOASSERTION")), put3("lib", suppliedBy=BASE + "nobody", originatedBy=[BASE + "nobody"])]
CISA_SPDX3 = {
    "CISA-01": ([lambda one: (add(element("SoftwareAgent", "bot", name="x"))(one), put3("creation", createdBy=[BASE + "bot"])(one))], []),
    "CISA-05": ([forget("sbom", "software_sbomType")], []),
    "CISA-06": ([put3("creation", created="1999-12-31T23:59:59Z")], []),
    "CISA-07": ([forget("creation", "createdUsing")], []),
    "CISA-08": ([put3("tool", name="maker")], [put3("tool", name="maker unknown")]),
    "CISA-10": ([lambda one: (add(element("Organization", "nobody", name="n/a"))(one), NOBODY[1](one))],
                [lambda one: (NOBODY[0](one), NOBODY[1](one))]),
    "CISA-11": ([lambda one: (remove("lib-depends")(one), put3("root-depends", to=["NoneElement"])(one), remove("lib-artifact")(one),
                              put3("lib", verifiedUsing=[hashed("sha512", SHA512)])(one))],
                [lambda one: (put3("lib-depends", to=["NoAssertionElement"])(one), put3("root-depends", to=["NoneElement"])(one))]),
    "CISA-13": ([put3("lib-file", verifiedUsing=[hashed("sha1", "a" * 40)])], []),
    "CISA-14": ([put3("lib", software_packageUrl="x")], []),
    "CISA-15": ([lambda one: (add(element("simplelicensing_LicenseExpression", "tbd", simplelicensing_licenseExpression="tbd"))(one),
                              put3("lib-declared", to=[BASE + "tbd"])(one), put3("lib-concluded", to=[BASE + "tbd"])(one))],
                [lambda one: (put3("lib-declared", to=["expandedlicensing_NoAssertionLicense"])(one), remove("lib-concluded")(one))]),
    "CISA-16": ([put3("lib", name="unknown")], []),
    "CISA-17": ([put3("lib", software_packageVersion="n/a")], [put3("lib", software_packageVersion="unknown")]),
    "CISA-19": ([forget("root-depends", "completeness")], [put3("root-depends", completeness="incomplete"), put3("root-depends", completeness="noAssertion")]),
}
# Absent fields: each fails its rule, and CISA-18 counts it.
ABSENT = {
    "CycloneDX": {"CISA-10": part(lambda one: [one.pop(name) for name in MAKERS]), "CISA-12": part(lambda one: one.pop("hashes")),
                  "CISA-14": part(lambda one: (one.pop("purl"), one.pop("cpe"))), "CISA-15": part(lambda one: one.pop("licenses")),
                  "CISA-17": part(lambda one: one.pop("version"))},
    "SPDX 2": {"CISA-10": package(lambda one: one.pop("supplier")), "CISA-12": package(lambda one: one.pop("checksums")),
               "CISA-14": package(lambda one: one.pop("externalRefs")), "CISA-15": package(lambda one: one.pop("licenseDeclared")),
               "CISA-17": package(lambda one: one.pop("versionInfo"))},
    "SPDX 3": {"CISA-10": lambda one: (forget("lib", "suppliedBy")(one), forget("lib", "originatedBy")(one)), "CISA-12": forget("lib-file", "verifiedUsing"),
               "CISA-14": lambda one: (forget("lib", "software_packageUrl")(one), forget("lib", "externalIdentifier")(one)),
               "CISA-15": remove("lib-declared", "lib-concluded"), "CISA-17": forget("lib", "software_packageVersion")},
}


def rows(rules):
    """{rule: [case]} or {rule: ([fails], [declares])} as rows."""
    return {rule: Row(*cases) if isinstance(cases, tuple) else Row(list(cases)) for rule, cases in rules.items()}


def silent(name):
    """Fields that are absent break their own rule and CISA-18."""
    own = {"CISA-12": Row([("absent", ABSENT[name]["CISA-12"], None, "CISA-18")], [*DECLARED_HASH.get(name, [])])}
    own["CISA-18"] = Row([("absent", change, None, rule) for rule, change in ABSENT[name].items()])
    return own


def dangle(one):
    one["relationships"][1].update(relatedSpdxElement="SPDXRef-ghost")


def same(one):
    """Nothing is changed."""


def signed(one):
    one.update(signature={"algorithm": "ES256", "value": "x"})


def only_maker(**members):
    """The library names who made it in one way alone."""
    return part(lambda one: ([one.pop(name) for name in MAKERS], one.update(members)))


def number(one):
    one.update(serialNumber="urn:uuid:00000000-0000-0000-0000-000000000000")


DECLARED_HASH = {"CycloneDX": [declared("Component Hash Value", "hashes"), declared("Component Hash Value", "hashes", kind="withheld")]}
FORMATS = {"CycloneDX": good_cyclonedx, "SPDX 2": good_spdx, "SPDX 3": good_spdx3}
NOT_FOUND = "is a fault of `sbom.form`"
UNSIGNED = "each format: a bare document without a signature is NOT_CHECKED"
ENDED = "An SPDX 2 document fails `BSI-01`, and nothing else of it is looked at"
PURPOSE = put3("lib-file", software_additionalPurpose=["firmware"])
CISA = {name: {**rows(cases), **silent(name), "CISA-02": Row(never=UNSIGNED, unseen=[same])}
        for name, cases in (("CycloneDX", CISA_CYCLONEDX), ("SPDX 2", CISA_SPDX), ("SPDX 3", CISA_SPDX3))}
for rule, words, changes in (
        ("CISA-03", f"each format: a document of another format {NOT_FOUND}", (
            lambda one: one.pop("bomFormat"), lambda one: one.pop("spdxVersion"), lambda one: one.update({"@context": "https://example.com"}))),
        ("CISA-04", f"each format: a document of another version {NOT_FOUND}", (
            lambda one: one.update(specVersion="1.3"), lambda one: one.update(spdxVersion="SPDX-2.1"), put3("creation", specVersion="2.3")))):
    for name, change in zip(FORMATS, changes):
        CISA[name][rule] = Row(never=words, refused=[change])
for name, change in (("SPDX 2", lambda one: one.pop("documentNamespace")), ("SPDX 3", forget("document", "spdxId"))):
    CISA[name]["CISA-09"] = Row(never=f"SPDX: a document without namespace or id {NOT_FOUND}", refused=[change])
CISA["SPDX 2"]["CISA-19"] = Row(never="SPDX 2: it has no word for it, which is NOT_CHECKED", unseen=[same])
CISA["CycloneDX"]["CISA-02"].passes = [signed]
CISA["CycloneDX"]["CISA-09"].passes = [number, lambda one: one.pop("version")]
CISA["CycloneDX"]["CISA-10"].passes = [only_maker(**{name: {"name": "x"}}) for name in MAKERS] + [
    only_maker(authors=[{"name": "x"}]), only_maker(author="x"), only_maker(publisher="x")]
CISA["CycloneDX"]["CISA-14"].passes = [part(lambda one: ([one.pop(name) for name in ("purl", "cpe")], one["properties"].append(
    {"name": "cdx:cisa:component-identifier", "value": "part 77-3"})))]
NTIA_PASSES = [lambda one: one["packages"][1].update(supplier="Organization: Example (Europe) GmbH (psirt@example.com)"),
               lambda one: one["packages"][1].update(supplier="Person: A. Maker ()")]
CISA["SPDX 2"]["CISA-10"].passes = [*NTIA_PASSES, package(lambda one: one.update(originator="Person: A. Maker", supplier="NOASSERTION"))]
CISA["SPDX 2"]["CISA-15"].passes = [package(lambda one: one.update(licenseDeclared="NOASSERTION", licenseConcluded="MIT")),
                                    package(lambda one: one.update(licenseDeclared="NONE"))]
CISA["SPDX 3"]["CISA-08"].passes = [put3("tool", name="maker", externalIdentifier=[
    {"type": "ExternalIdentifier", "externalIdentifierType": "packageUrl", "identifier": "pkg:generic/maker@1.0"}])]
CISA["SPDX 3"]["CISA-10"].passes = [forget("lib", "suppliedBy"), forget("lib", "originatedBy")]
CISA["SPDX 3"]["CISA-12"].passes = [lambda one: (forget("lib-file", "verifiedUsing")(one), put3("lib", verifiedUsing=[hashed("sha512", SHA512)])(one))]

NTIA_ROWS = {"CycloneDX": rows(NTIA), "SPDX 2": rows(SPDX_NTIA), "SPDX 3": rows(at_places(SPDX3_NTIA))}
for name, change in (("SPDX 2", dangle), ("SPDX 3", put3("root-depends", to=[BASE + "ghost"]))):
    NTIA_ROWS[name]["NTIA-06"] = Row(never=f"SPDX: a relationship that leads to nothing {NOT_FOUND}", refused=[change])
NTIA_ROWS["SPDX 2"]["NTIA-01"].passes = NTIA_PASSES

BSI_ROWS = {"CycloneDX": rows(BSI), "SPDX 3": rows(at_places(SPDX3_BSI)),
            "SPDX 2": {rule: Row(never=ENDED) if rule != "BSI-01" else Row([("SPDX 2", same, "/spdxVersion")]) for rule in BSI}}
BSI_ROWS["SPDX 3"].update({
    "BSI-07": Row(never=f"SPDX 3: a reference that leads to nothing {NOT_FOUND}", refused=[put3("root-depends", to=[BASE + "ghost"])]),
    "BSI-12": Row(never="SPDX 3: a file has the purpose executable, or is none", passes=[PURPOSE]),
    "BSI-13": Row(never="SPDX 3: a file has the purpose archive, or is none",
                  passes=[PURPOSE, put3("lib-file", software_additionalPurpose=["firmware", "archive"])])})
MATRIX = {"cisa-2026": CISA, "ntia-2021": NTIA_ROWS, "bsi": BSI_ROWS}
