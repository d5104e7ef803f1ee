# SPDX-License-Identifier: Apache-2.0
"""What was not compared is part of the answer: of advisories, of VEX files in a release."""
import gzip
import json
import pathlib

import advisory_pairs as pairs
from coverage_case import OTHER, CoverageCase, advisory
from harness import KEYS, PRODUCT, main, noise, sha256
from sbom_case import all_checks, changed, good_cyclonedx, good_spdx
from spdx3 import at, good_spdx3, hashed

LINK = "urn:cdx:11111111-2222-4333-8444-555555555555/1"
OWN = good_cyclonedx()["serialNumber"].replace("urn:uuid:", "urn:cdx:") + "/1"


def component(**more):
    return lambda one: one["components"][0].update(more)


def bom_reference(url):
    return component(externalReferences=[{"type": "bom", "url": url}])


def documents(count):
    """So many documents of an SPDX set that lie elsewhere."""
    return lambda one: one.update(externalDocumentRefs=[
        {"externalDocumentId": f"DocumentRef-{number}", "spdxDocument": f"https://automation.example.com/{number}",
         "checksum": {"algorithm": "SHA1", "checksumValue": f"{number:040x}"}} for number in range(count)])


def put(name, value):
    return lambda one: one.update({name: value})


def composition(**fields):
    return lambda one: one["compositions"].append(fields)


def listed(*vulnerabilities):
    """Vulnerabilities in the SBOM itself."""
    return put("vulnerabilities", [{"id": f"CVE-2026-{number:04}", "affects": [{"ref": "lib"}], **one}
                                   for number, one in enumerate(vulnerabilities)])


def alone(**stated):
    """The product without any component."""
    def change(one):
        for name in ("compositions", "dependencies"):
            one.pop(name)
        one["components"] = []
        one.update(stated)
    return change


ZETA = {"type": "library", "bom-ref": "zeta", "name": "zeta", "version": "1", "purl": "pkg:generic/zeta/zeta@1"}
AFFECTED, UNAFFECTED = ({"affects": [{"ref": "lib", "versions": [{"version": "3.5.4", "status": status}]}],
                         "analysis": {"state": "not_affected"}} for status in ("affected", "unaffected"))
NOTHING = "no components: the SBOM lists none beside the product and its files"
MISSING = {"documents": "1 document of this SBOM is missing"}


def incomplete(count):
    return {"incomplete": f"{count} entries of this SBOM are incomplete, as it says itself" if count > 1 else
            "1 entry of this SBOM is incomplete, as it says itself"}


def origin(count):
    return {"origins": f"{count} things that components were made from are not compared" if count > 1 else
            "1 thing that components were made from is not compared"}


def unjudged(count):
    return {"vulnerabilities": f"{count} vulnerabilities that the SBOM itself lists and does not settle were not judged" if count > 1 else
            "1 vulnerability that the SBOM itself lists and does not settle was not judged"}


# Every part of a CycloneDX BOM that may hold software: what of it is not compared. The last word is with docs/spec/advisories.md.
PARTS = [
    ("services", put("services", [{"name": "cloud"}]), {"services": "1 service of this SBOM is not compared"}),
    ("services in services", put("services", [{"name": "cloud", "services": [{"name": "a"}, {"name": "b", "services": [{"name": "c"}]}]}]),
     {"services": "4 services of this SBOM are not compared"}),
    ("no service", put("services", []), {}),
    ("services of tools", lambda one: one["metadata"].update(tools={"services": [{"name": "builder"}], "components": [ZETA]}), {}),
    ("formulation", put("formulation", [{"bom-ref": "f", "components": [ZETA], "services": [{"name": "builder"}]}]), {}),
    ("ancestors", component(pedigree={"ancestors": [ZETA, {**ZETA, "bom-ref": "other"}]}), origin(2)),
    ("ancestors of the root", lambda one: one["metadata"]["component"].update(pedigree={"ancestors": [ZETA]}), origin(1)),
    ("what others make of it", component(pedigree={"descendants": [ZETA], "variants": [{**ZETA, "bom-ref": "other"}], "notes": "x"}), {}),
    ("incomplete", composition(aggregate="incomplete", assemblies=["root"]), incomplete(1)),
    ("unknown", composition(aggregate="unknown", dependencies=["root", "lib"]), incomplete(2)),
    ("the same twice", composition(aggregate="unknown", dependencies=["lib"], assemblies=["lib"]), incomplete(1)),
    ("of third parties", composition(aggregate="incomplete_third_party_only", assemblies=["lib"]), incomplete(1)),
    ("of nothing by name", composition(aggregate="incomplete"), incomplete(1)),
    ("not specified", composition(aggregate="not_specified", assemblies=["root"]), {}),
    ("of vulnerabilities", composition(aggregate="incomplete", vulnerabilities=["v"]), {}),
    ("exploitable", listed({"analysis": {"state": "exploitable"}}), unjudged(1)),
    ("in triage, and without a word", listed({"analysis": {"state": "in_triage"}}, {}), unjudged(2)),
    ("settled", listed(*({"analysis": {"state": state}} for state in ("resolved", "resolved_with_pedigree", "false_positive", "not_affected"))), {}),
    ("settled, but for a version", listed(AFFECTED, UNAFFECTED), unjudged(1)),
    ("nothing listed", alone(), {"components": NOTHING}),
    ("its file listed", alone(components=[{"type": "file", "bom-ref": "file", "name": "firmware.bin"}]), {"components": NOTHING}),
    ("nothing to list", alone(compositions=[{"aggregate": "complete", "assemblies": ["root"]}]), {}),
    ("nothing that it depends on", alone(dependencies=[{"ref": "root", "dependsOn": []}]), {}),
    ("complete, something else", alone(compositions=[{"aggregate": "complete", "assemblies": ["lib"]}]), {"components": NOTHING}),
    ("nothing is known", alone(compositions=[{"aggregate": "unknown", "assemblies": ["root"]}]), {"components": NOTHING, **incomplete(1)}),
    ("a BOM beside it", put("externalReferences", [{"type": "bom", "url": "https://zeta.example/bom.json"}]), MISSING),
    ("the BOM itself", put("externalReferences", [{"type": "bom", "url": OWN}]), {}),
    ("the root is in another BOM", lambda one: one["metadata"]["component"].update(externalReferences=[{"type": "bom", "url": LINK}]), MISSING),
    ("parts elsewhere", composition(aggregate="complete", assemblies=[LINK + "#x"]), MISSING),
    ("a dependency of what is elsewhere", lambda one: one["dependencies"].append({"ref": LINK + "#x"}), MISSING),
    ("a BOM of an inner component", component(components=[{**ZETA, "externalReferences": [{"type": "bom", "url": LINK}]}]), MISSING),
    ("an inner component", component(components=[ZETA]), {}),
    ("annotations", put("annotations", [{"subjects": ["lib"], "annotator": {"individual": {"name": "x"}}, "timestamp": "2026-01-01T00:00:00Z",
                                         "text": "uses zeta 1"}]), {}),
    ("declarations and definitions", lambda one: one.update(declarations={}, definitions={"standards": []}), {}),
    ("a VEX document elsewhere", component(externalReferences=[{"type": "exploitability-statement", "url": LINK}]), {}),
]

# The same of SPDX.
def spdx_relation(kind, to="NOASSERTION", element="SPDXRef-lib"):
    return lambda one: one["relationships"].append({"spdxElementId": element, "relationshipType": kind, "relatedSpdxElement": to})


FILE = {"SPDXID": "SPDXRef-file", "fileName": "./zeta.so", "checksums": [{"algorithm": "SHA1", "checksumValue": "a" * 40}]}
SNIPPET = {"SPDXID": "SPDXRef-snippet", "snippetFromFile": "SPDXRef-file", "name": "from zeta",
           "ranges": [{"startPointer": {"offset": 1, "reference": "SPDXRef-file"}, "endPointer": {"offset": 2, "reference": "SPDXRef-file"}}]}


def spdx_alone(*relations):
    def change(one):
        one["packages"] = one["packages"][:1]
        one["relationships"] = [one["relationships"][0], *relations]
    return change


ROOT_HAS_NONE = {"spdxElementId": "SPDXRef-root", "relationshipType": "CONTAINS", "relatedSpdxElement": "NONE"}
SPDX_PARTS = [
    ("as it is", lambda one: None, {}),
    ("snippets", lambda one: one.update(files=[FILE], snippets=[SNIPPET, {**SNIPPET, "SPDXID": "SPDXRef-2"}]),
     {"snippets": "2 snippets of this SBOM are not compared"}),
    ("a file without a package", put("files", [FILE]), {}),
    ("a file of a project", put("files", [{**FILE, "artifactOfs": [{"name": "zeta"}]}]), origin(1)),
    ("files not analyzed", lambda one: one["packages"][1].update(filesAnalyzed=False), {}),
    ("dependencies not known", spdx_relation("DEPENDS_ON"), incomplete(1)),
    ("contents not known", spdx_relation("CONTAINS"), incomplete(1)),
    ("the other way round", spdx_relation("DEPENDENCY_OF", "SPDXRef-lib", "NOASSERTION"), incomplete(1)),
    ("no dependencies", spdx_relation("DEPENDS_ON", "NONE"), {}),
    ("tests not known", spdx_relation("TEST_CASE_OF"), {}),
    ("a document that is not even listed", spdx_relation("DEPENDS_ON", "DocumentRef-other:SPDXRef-x"), MISSING),
    ("annotations, reviews, licences", lambda one: one.update(
        annotations=[{"annotationType": "OTHER", "annotator": "Tool: x", "annotationDate": "2026-01-01T00:00:00Z", "comment": "uses zeta 1"}],
        revieweds=[{"reviewer": "Person: x", "reviewDate": "2026-01-01T00:00:00Z"}],
        hasExtractedLicensingInfos=[{"licenseId": "LicenseRef-1", "extractedText": "x"}]), {}),
    ("security references", lambda one: one["packages"][1]["externalRefs"].append(
        {"referenceCategory": "SECURITY", "referenceType": "advisory", "referenceLocator": "https://zeta.example/1"}), {}),
    ("nothing listed", spdx_alone(), {"components": NOTHING}),
    ("its file listed", lambda one: (spdx_alone()(one), one.update(files=[FILE])), {"components": NOTHING}),
    ("nothing to list", spdx_alone(ROOT_HAS_NONE), {}),
    ("nothing to list but its file", lambda one: (spdx_alone(ROOT_HAS_NONE)(one), one.update(files=[FILE])), {}),
]

# SBOM (None: the release has none), files of role sbom beside it, what is not compared, in which words.
GAPS = [
    ("one SBOM", lambda one: None, 0, {}),
    ("no SBOM", None, 0, {"components": "no components: no SBOM"}),
    ("one more", lambda one: None, 1, {"sbom": "1 more SBOM was not read"}),
    ("two more", lambda one: None, 2, {"sbom": "2 more SBOMs were not read"}),
    ("none that is named", None, 1, {"components": "no components: no SBOM", "sbom": "1 more SBOM was not read"}),
    ("a BOM of a component", bom_reference("https://zeta.example/bom.json"), 0, {"documents": "1 document of this SBOM is missing"}),
    ("a link to a BOM", bom_reference(LINK), 0, {"documents": "1 document of this SBOM is missing"}),
    ("a dependency elsewhere", lambda one: one["dependencies"][0]["dependsOn"].append(LINK + "#x"), 0,
     {"documents": "1 document of this SBOM is missing"}),
    ("a link to itself", bom_reference(OWN), 0, {}),
    ("where the BOM is published", lambda one: one["metadata"]["component"].update(
        externalReferences=[{"type": "bom", "url": "https://automation.example.com/bom.json"}]), 0, {}),
    ("other references", component(externalReferences=[{"type": "vcs", "url": "https://zeta.example"}]), 0, {}),
]

PROVIDER = {"canonical_url": "https://x.example/provider-metadata.json", "metadata_version": "2.0", "publisher": {}, "role": "csaf_provider"}
# A file beside an advisory, and how it is called where it may have said something; None: it is sure that it says nothing.
BESIDE = [
    ("osv.json", {"id": "OSV-1", "modified": "2026-01-01T00:00:00Z", "affected": []}, "OSV"),
    ("cve.json", {"dataType": "CVE_RECORD", "cveMetadata": {}}, "CVE records"),
    ("any.json", {"hello": "world"}, "other JSON"),
    ("list.json", [], "other JSON"),
    ("spdx3.json", {"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": []}, "SPDX 3 (JSON-LD)"),
    ("dsse.json", {"payloadType": "application/vnd.in-toto+json", "payload": "e30=", "signatures": []},
     "an attestation (in-toto or DSSE) around a document"),
    ("a.json.gz", gzip.compress(b"{}"), ".json.gz"),
    ("a.JSON.GZ", gzip.compress(b"{}"), ".json.gz"),
    ("a.zip", b"PK\3\4", ".zip"),
    ("cvrf.xml", b"<cvrfdoc/>", ".xml"),
    ("SA-1.pdf", b"%PDF-1.7", ".pdf"),
    ("SA-1.txt", b"affected: everything", ".txt"),
    ("README", b"x", "other files"),
    ("SA-1.asc", b"-----BEGIN PGP SIGNED MESSAGE-----", ".asc"),
    ("provider-metadata.json", PROVIDER, None),
    ("feed.json", {"feed": {"id": "x", "link": [], "entry": []}}, None),
    ("bom.json", {"bomFormat": "CycloneDX", "specVersion": "1.6"}, None),
    ("spdx.json", good_spdx(), None),
    ("SA-1.json.sha256", b"00", None),
    ("SA-1.json.asc", b"-----BEGIN PGP SIGNATURE-----", None),
    ("index.txt", b"SA-1.json", None),
    ("changes.csv", b"SA-1.json,2026", None),
]


class Advisories(CoverageCase):
    def test_what_the_release_does_not_show(self):
        folder = self.folder_of({"other.json": OTHER})
        for number, (name, sbom, more, expected) in enumerate(GAPS):
            with self.subTest(name):
                archive = self.release(sbom, more, f"{number}.tar")
                result = self.ask(archive, folder, "--json", code=3 if expected else 0).json()
                advice = result["releases"][0]["advisories"]
                self.assertEqual({one["what"]: one["reason"] for one in advice["notChecked"]}, expected)
                self.assertEqual(advice["result"], "NOT_CHECKED" if expected else "CHECKED")
                self.assertEqual(result["exitCode"], 3 if expected else 0)
                text = self.ask(archive, folder, code=3 if expected else 0).out
                quiet = self.ask(archive, folder, "--quiet", code=3 if expected else 0).out
                for reason in expected.values():
                    self.assertIn(f"NOT CHECKED {reason}", text)
                    self.assertIn(f"NOT CHECKED {reason}", quiet)
                self.assertEqual("NOT CHECKED" in text, bool(expected))
                # Never "0 affected" without what it was compared with, in the same line.
                line = next(one for one in text.splitlines() if "0 affected" in one)
                self.assertIn("compared: the product", line)
                self.assertIn("components (no SBOM)" if sbom is None else "2 components", line)
                self.assertEqual("see NOT CHECKED" in line, bool(expected))

    def parts(self):
        """Every part of both formats: its name, a release with it, what is not compared."""
        for number, (name, change, expected) in enumerate(PARTS):
            yield name, self.release(change, name=f"part{number}.tar"), expected
        for name, change, expected in SPDX_PARTS:
            yield "SPDX: " + name, self.spdx_release(change), expected

    def test_every_part_of_an_sbom(self):
        folder = self.folder_of({"other.json": OTHER})
        for name, archive, expected in self.parts():
            with self.subTest(name):
                advice = self.ask(archive, folder, "--json", code=3 if expected else 0).json()["releases"][0]["advisories"]
                self.assertEqual({one["what"]: one["reason"] for one in advice["notChecked"]}, expected)
                found = [one for one in all_checks(self.check(archive, "--json").json()) if one["check"] == "sbom.unread"]
                self.assertEqual([one["result"] for one in found], ["NOT_CHECKED"] * len(expected))
                self.assertEqual([one["reason"].split(":")[0].split(" with any")[0] for one in found],
                                 [reason.split(":")[0] for reason in expected.values()])

    def test_the_signer_is_told(self):
        for number, (name, change, expected) in enumerate(PARTS):
            with self.subTest(name):
                self.release(change, name="told.tar")
                found = [one for one in self.sign("lint", self.folder / "release.yaml", "--format", "json").json()["findings"]
                         if one["check"] == "sbom.unread"]
                self.assertEqual([one["result"] for one in found], ["WARN"] * len(expected))
                self.assertEqual(len({one["hint"] for one in found}), len(found))
                checked = self.sign("sbom", "check", self.folder / "sbom.json", "--json").json()
                self.assertEqual({one["what"]: one["reason"] for one in checked["notChecked"]}, expected)
                text = self.sign("sbom", "check", self.folder / "sbom.json").out
                self.assertEqual(text.count("NOT CHECKED"), len(expected))

    def test_what_lies_deep_is_compared(self):
        """No gap, because it is compared: components in components, in the root, in SPDX files."""
        affected = pairs.said(pairs.AFFECTED, pairs.product(vendor="Zeta", name="zeta", purl="pkg:generic/zeta/zeta@1"))
        digest = pairs.said(pairs.AFFECTED, pairs.product(vendor="Zeta", name="Kettle", hashes=[
            {"file_hashes": [{"algorithm": "sha1", "value": "a" * 40}], "filename": "zeta.so"}]))
        table = [
            ("in a component", self.release(component(components=[ZETA]), name="a.tar"), affected, True),
            ("three deep", self.release(component(components=[{**ZETA, "bom-ref": "1", "purl": "pkg:generic/a@1", "name": "a",
                                                               "components": [{**ZETA, "bom-ref": "2", "name": "b", "purl": "pkg:generic/b@1",
                                                                               "components": [ZETA]}]}]), name="b.tar"), affected, True),
            ("in the root", self.release(lambda one: one["metadata"]["component"].update(components=[ZETA]), name="c.tar"), affected, True),
            ("a tool", self.release(lambda one: one["metadata"].update(tools={"components": [ZETA]}), name="d.tar"), affected, False),
            ("of an SPDX file", self.spdx_release(put("files", [FILE])), digest, True),
        ]
        for name, archive, document, hit in table:
            with self.subTest(name):
                text = self.ask(archive, self.folder_of({"one.json": document}), code=0).out
                self.assertEqual("affected: " in text, hit, text)

    def test_an_sbom_that_is_not_well_formed(self):
        """A policy may let it pass; what cannot be found in it is not compared then, and that is said."""
        good = self.release()
        policy = json.loads((KEYS / "trust.json").read_text("utf-8"))
        policy["severities"] = {"sbom.form": "warn", "sbom.binding": "warn"}
        lenient = self.folder / "lenient.json"
        lenient.write_text(json.dumps(policy))
        for number, change in enumerate((lambda sbom, manifest: sbom.update(components={"a": ZETA}),
                                         lambda sbom, manifest: sbom.update(Components=[ZETA]),
                                         lambda sbom, manifest: sbom["components"].append("zeta"))):
            with self.subTest(number):
                archive = self.resigned(good, change)
                result = self.verify("advisories", archive, "--csaf", self.folder_of({"other.json": OTHER}), "--trust", lenient,
                                     "--allow-example-keys", "--json", code=3)
                advice = result.json()["releases"][0]["advisories"]
                self.assertIn("the SBOM is not well formed: not all of it may have been read",
                              [one["reason"] for one in advice["notChecked"] if one["what"] == "unreadable"])
                self.ask(archive, self.folder_of({"other.json": OTHER}), code=1)

    def test_documents_of_a_set(self):
        folder = self.folder_of({"other.json": OTHER})
        for count, words in ((0, None), (1, "1 document of this SBOM is missing"), (66, "66 documents of this SBOM are missing")):
            archive = self.spdx_release(documents(count))
            text = self.ask(archive, folder, code=3 if count else 0).out
            self.assertEqual("NOT CHECKED" in text, count > 0)
            if words:
                self.assertIn(f"NOT CHECKED {words}", text)

    def test_what_lies_beside_advisories(self):
        archive = self.release()
        for name, data, kind in BESIDE:
            with self.subTest(name):
                folder = self.folder_of({"other.json": OTHER, name: data})
                advice = self.ask(archive, folder, "--json", code=0 if kind is None else 3).json()["releases"][0]["advisories"]
                self.assertEqual([one["reason"] for one in advice["notChecked"]], [] if kind is None else [f"1 file left out: {kind}"])
                self.assertEqual([(one["count"], one["silent"], [pathlib.Path(file).name for file in one["files"]]) for one in advice["leftOut"]],
                                 [(1, kind is None, [name])])
                self.assertTrue(kind is None or advice["leftOut"][0]["way"])
        folder = self.folder_of({name: data for name, data, _ in BESIDE} | {"other.json": OTHER})
        text = self.ask(archive, folder, code=3).out
        self.assertIn(f"NOT CHECKED {sum(kind is not None for _, _, kind in BESIDE)} files left out: ", text)
        self.assertIn(".json.gz (2)", text)
        self.assertIn("8 files say nothing of vulnerabilities", text)

    def test_links_deep_folders_and_names(self):
        archive = self.release()
        folder = self.folder_of({"other.json": OTHER, "UPPER.JSON": advisory()})
        self.assertIn("affected: ", self.ask(archive, folder, code=0).out)
        (folder / "link.json").symlink_to("other.json")
        self.assertIn("NOT CHECKED 1 file left out: links", self.ask(archive, folder, code=3).out)
        (folder / "link.json").unlink()
        deep = folder.joinpath(*"abcdefgh")
        deep.mkdir(parents=True)
        (deep / "deep.json").write_text(json.dumps(advisory()))
        self.assertIn("NOT CHECKED 1 file left out: folders too deep", self.ask(archive, folder, code=3).out)
        only = self.folder / "only"
        only.mkdir()
        (only / "a.json.gz").write_bytes(gzip.compress(b"{}"))
        result = self.ask(archive, only, code=2)
        self.assertIn(".json.gz, which is not read", result.err)
        self.assertIn("unpack it", result.err)

    def test_a_file_that_was_named_itself_should_be_one(self):
        archive = self.release()
        folder = self.folder_of({"bom.json": {"bomFormat": "CycloneDX", "specVersion": "1.6"}, "other.json": OTHER})
        self.ask(archive, folder, code=0)
        self.assertIn("left out: CycloneDX without vulnerabilities", self.ask(archive, folder / "bom.json", code=3).out)

    def test_faulty_documents_count(self):
        archive = self.release()
        folder = self.folder_of({"bad.json": b'{"document":', "other.json": OTHER})
        advice = self.ask(archive, folder, "--json", code=3).json()["releases"][0]["advisories"]
        self.assertEqual([(one["what"], one["reason"]) for one in advice["notChecked"]], [("faulty", "1 faulty document was not judged")])

    def test_what_else_is_told(self):
        archive = self.release()
        first = advisory()
        second = changed(first, lambda one: one["document"]["tracking"].update(version="2"))
        other = advisory(name="Kettle", purl="pkg:generic/example-automation/kettle@1")
        other["document"]["tracking"]["id"] = "T-2"
        folder = self.folder_of({"a.json": first, "b.json": second, "c.json": other})
        text = self.ask(archive, folder, code=0).out
        self.assertIn(f"older       {folder}/a.json, replaced by {folder}/b.json", text)
        self.assertIn("1 advisory of this vendor names other products", text)
        self.assertNotIn("other versions", text)
        self.assertEqual(text.count("advisory T-1, t"), 1, text)
        old = changed(advisory(purl="pkg:generic/example-automation/rtu-7-firmware@0.9.0"), lambda one: one["document"]["tracking"].update(id="T-3"))
        text = self.ask(archive, self.folder_of({"old.json": old}), code=0).out
        self.assertIn("1 advisory speaks of other versions of what is here", text)
        self.assertNotIn("other products", text)

    def test_levels_for_pipelines(self):
        whole, bare = self.release(), self.release(None, name="bare.tar")
        by_name = advisory()
        by_name["product_tree"] = pairs.tree(pairs.product(vendor="Example Automation GmbH", name=PRODUCT, version="1.0.0"))
        sure, asked, safe = advisory(), advisory(pairs.ASKED), advisory(pairs.FIXED)
        ranged = pairs.said(pairs.FIXED, pairs.product(vendor="Example Automation GmbH", name=PRODUCT, range=">=1.0|<2.0"))
        self.assertIn("possibly    fixed: ", self.ask(whole, self.folder_of({"one.json": ranged}), code=0).out)
        table = [  # document, archive, exit code without, with affected, with possible
            ("sure", sure, whole, 0, 1, 1), ("possible", by_name, whole, 0, 0, 1), ("under investigation", asked, whole, 0, 0, 1),
            ("possibly fixed", ranged, whole, 0, 0, 1), ("fixed", safe, whole, 0, 0, 0), ("nothing", OTHER, whole, 0, 0, 0),
            ("sure, no SBOM", sure, bare, 3, 1, 1), ("possible, no SBOM", by_name, bare, 3, 3, 1), ("fixed, no SBOM", safe, bare, 3, 3, 3)]
        for name, document, archive, *codes in table:
            folder = self.folder_of({"one.json": document})
            for options, code in zip(((), ("--fail-on", "affected"), ("--fail-on", "possible")), codes):
                with self.subTest(name, options=options):
                    self.ask(archive, folder, *options, code=code)
                    self.assertEqual(self.ask(archive, folder, *options, "--json", code=code).json()["exitCode"], code)
            quiet = self.ask(archive, folder, "--quiet", code=codes[0]).out
            self.assertEqual("CVE-" in quiet, name.split(",")[0] in ("sure", "possible", "possibly fixed", "under investigation"), quiet)
        self.ask(whole, folder, "--fail-on", "fixed", code=2)

    def test_statements_are_grouped_by_advisory(self):
        document = advisory()
        document["vulnerabilities"] = [{**document["vulnerabilities"][0], "cve": f"CVE-2026-{number:04}"} for number in range(1, 31)]
        archive = self.release()
        text = self.ask(archive, self.folder_of({"many.json": document}), code=0).out
        self.assertEqual(text.count("advisory T-1, t: 30 statements"), 1, text)
        lines = [one for one in text.splitlines() if one.startswith("  surely      affected: ")]
        self.assertEqual(len(lines), 1, text)
        self.assertTrue(all(f"CVE-2026-{number:04}" in lines[0] for number in range(1, 31)))
        found = self.ask(archive, self.folder / "csaf", "--json", code=0).json()["releases"][0]["advisories"]["documents"]
        self.assertEqual(len(found[0]["matches"]), 30)

    def test_very_many_identifiers_of_one_component(self):
        """Each is compared, the last one too, and found by one walk along the list: else this would not end within minutes."""
        sbom = good_spdx3()
        at(sbom, "root-file")["verifiedUsing"] = [hashed("sha256", sha256(noise(5000, "firmware")))]
        at(sbom, "lib")["externalIdentifier"] = [
            {"type": "ExternalIdentifier", "externalIdentifierType": "packageUrl", "identifier": f"pkg:generic/zeta/{number}@1"}
            for number in range(100000)]
        archive = self.pack(self.sbom_release(sbom, format="SPDX-3.0.1"))
        for name, code in (("zeta/99999", 1), ("zeta/0", 1), ("lib", 1), ("zeta/100000", 0)):
            told = advisory(vendor="Zeta", name="Kettle", purl=f"pkg:generic/{name}@{'3.5.4' if name == 'lib' else 1}")
            with self.subTest(name):
                self.ask(archive, self.folder_of({"one.json": told}), "--fail-on", "affected", code=code)


class Inside(CoverageCase):
    """A VEX file in a release: no PASS over what was not compared."""

    def vex(self, *others):
        document = pairs.csaf(pairs.tree(pairs.product("P1", vendor="Example Automation GmbH", name=PRODUCT,
                                                       purl="pkg:generic/example-automation/rtu-7-firmware@1.0.0"),
                                         *(pairs.product(f"O{number}", vendor="Zeta", name=f"Part {number}", purl=f"pkg:generic/zeta/part{number}@1")
                                           for number in range(len(others)))),
                              [pairs.flaw(known_affected=["P1", *(f"O{number}" for number in range(len(others)))])],
                              category="csaf_vex")
        document["vulnerabilities"][0]["notes"] = [{"category": "description", "text": "x"}]
        return {"vex.json": (json.dumps(document).encode(), "vex")}

    def test_never_pass_over_what_was_not_compared(self):
        told = 0
        for number, (name, sbom, more, expected) in enumerate(GAPS):
            for others in ((), ("x", "y")):
                with self.subTest(name, others=len(others)):
                    archive = self.release(sbom, more, f"{number}-{len(others)}.tar", self.vex(*others))
                    found = [one for one in all_checks(self.check(archive, "--json").json()) if one["check"] == "vex.match"]
                    self.assertEqual([one["result"] for one in found], ["NOT_CHECKED" if expected and others else "PASS"], found)
                    self.assertEqual("2 about nothing that is here" in found[0]["reason"], bool(others))
                    for reason in expected.values() if others else ():
                        self.assertIn(reason, found[0]["reason"])
                        told += 1
        self.assertGreaterEqual(told, 8)

    def test_missing_documents_are_told(self):
        for count in (0, 66):
            archive = self.spdx_release(documents(count))
            found = [one for one in all_checks(self.check(archive, "--json").json()) if one["check"] == "sbom.unread"]
            self.assertEqual([one["result"] for one in found], ["NOT_CHECKED"] if count else [])
            lint = self.sign("lint", self.folder / "release.yaml").out
            self.assertEqual("66 documents of this SBOM are missing" in lint, count > 0)
            self.assertEqual("merge the SBOMs into one" in lint, count > 0)


if __name__ == "__main__":
    main()
