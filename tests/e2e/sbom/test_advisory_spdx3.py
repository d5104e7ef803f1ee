# SPDX-License-Identifier: Apache-2.0
"""The security profile of SPDX 3.0.1 as an advisory: what is refused, what is found, what clears nothing."""
import hashlib
import json

import advisory_pairs as pairs
import spdx3
from advisory_pairs import MAYBE_AFFECTED, MAYBE_FIXED, MAYBE_SAFE, NOTHING, SURE_AFFECTED, SURE_FIXED, SURE_SAFE
from harness import DATE, KEYS, main
from pair_case import PairCase
from spdx3 import BASE, element, hashed, relation

SURE_ASKED, MAYBE_ASKED = {"sure under investigation"}, {"possible under investigation"}
OURS, LODASH = f"{pairs.PURL}@1.2.0", "pkg:npm/lodash@4.17.20"
IN_OURS = pairs.release(purl=OURS, components=[pairs.library()])
CLASSES = {"affects": "Affected", "fixedIn": "Fixed", "doesNotAffect": "NotAffected", "underInvestigationFor": "UnderInvestigation"}


def thing(end, name, version=None, purl=None, kind="software_Package", **more):
    made = {"name": name, **({"software_packageVersion": version} if version else {}), **({"software_packageUrl": purl} if purl else {})}
    return element(kind, end, **made, **more)


US, LIB = thing("us", pairs.PRODUCT, "1.2.0", OURS), thing("lodash", "lodash", "4.17.20", LODASH)
OTHER = thing("other", "Router", "1", "pkg:generic/zeta/router@1")
HAS = relation("us-lodash", "us", "contains", "lodash")


def flaw(end="flaw", cve="CVE-2026-1", **more):
    named = {"externalIdentifier": [{"type": "ExternalIdentifier", "externalIdentifierType": "cve", "identifier": cve}]} if cve else {}
    return element("security_Vulnerability", end, **named, **more)


def said(kind, *targets, end="said", of="flaw", part=None, **more):
    made = relation(end, of, kind, *(targets or ["us"]))
    made["type"] = f"security_Vex{CLASSES[kind]}VulnAssessmentRelationship"
    if kind == "affects":
        made["security_actionStatement"] = "Close the port."
    if kind == "doesNotAffect":
        made["security_justificationType"] = "vulnerableCodeNotInExecutePath"
    if part:
        made["security_assessedElement"] = BASE + part
    return {**made, **more}


def without(made, *members):
    return {name: value for name, value in made.items() if name not in members}


def document(*objects, root="us", imports=(), **more):
    document.count += 1
    about = {"rootElement": [BASE + one for one in ([root] if isinstance(root, str) else root or [])]}
    if imports:
        about["import"] = [{"type": "ExternalMap", **one} for one in imports]
    return {"@context": spdx3.CONTEXT, "@graph": [
        {"type": "CreationInfo", "@id": "_:creation", "specVersion": "3.0.1", "created": DATE, "createdBy": [BASE + "maker"]},
        element("Organization", "maker", name="Acme GmbH"),
        {**element("SpdxDocument", "document", name="VEX of Acme", **about, **more), "spdxId": f"{BASE}vex-{document.count}"}, *objects]}


document.count = 0


def vex(*objects, **more):
    """A document of our product, its library, and one vulnerability."""
    return document(US, LIB, HAS, flaw(), *objects, **more)


def by(left, right):
    return relation(f"{left}-amended", left, "amendedBy", right)


def linked(kind, source="flaw", target="us", end="link"):
    return relation(end, source, kind, target)


RATED = {**linked("hasAssessmentFor"), "type": "security_EpssVulnAssessmentRelationship", "security_percentile": 0.5, "security_probability": 0.5}
ELSEWHERE = "https://zeta.example/spdx/unknown"
# what is wrong: (document, words); the nearest good one is in TABLE
REFUSED = {
    "no document": ({"@context": spdx3.CONTEXT, "@graph": [one for one in vex(said("fixedIn"))["@graph"] if one["type"] != "SpdxDocument"]}, "SpdxDocument"),
    "affected and nothing to do": (vex(without(said("affects"), "security_actionStatement")), "security_actionStatement"),
    "not affected and no reason": (vex(without(said("doesNotAffect"), "security_justificationType")), "security_justificationType"),
    "not affected and an empty reason": (vex({**without(said("doesNotAffect"), "security_justificationType"), "security_impactStatement": ""}), "security_justificationType"),
    "an unknown justification": (vex(said("doesNotAffect", security_justificationType="because")), "security_justificationType"),
    "a justification in words of CSAF": (vex(said("doesNotAffect", security_justificationType="component_not_present")), "security_justificationType"),
    "another type than its class": (vex({**said("fixedIn"), "relationshipType": "affects"}), "relationshipType"),
    "from no vulnerability": (vex(said("fixedIn", of="us")), "security_Vulnerability"),
    "a plain relationship from no vulnerability": (vex(linked("fixedIn", "lodash", "us")), "security_Vulnerability"),
    "associated with no vulnerability": (vex(linked("hasAssociatedVulnerability", "us", "lodash")), "security_Vulnerability"),
    "to what is not there": (vex(said("fixedIn", "nobody")), "reference"),
    "to nobody": (vex({**said("fixedIn"), "to": []}), "to"),
    "a member that is not known": (vex(said("fixedIn", security_range="x")), "security_range"),
    "a status that is not known": (vex({**said("fixedIn"), "type": "security_VexKnownAffectedVulnAssessmentRelationship"}), "type"),
    "one id twice": (vex(said("fixedIn"), said("affects")), "spdxId"),
    "a part that is no software": (vex(said("fixedIn", part="flaw")), "software_SoftwareArtifact"),
    "withdrawn at no time": (vex(said("affects", security_withdrawnTime="yesterday")), "security_withdrawnTime"),
}

# name, release, document, what is found
TABLE = [
    ("affected", pairs.WITH_PURL, vex(said("affects")), SURE_AFFECTED),
    ("fixed", pairs.WITH_PURL, vex(said("fixedIn")), SURE_FIXED),
    ("not affected", pairs.WITH_PURL, vex(said("doesNotAffect")), SURE_SAFE),
    ("not affected by impact", pairs.WITH_PURL, vex({**without(said("doesNotAffect"), "security_justificationType"), "security_impactStatement": "x"}), SURE_SAFE),
    ("under investigation", pairs.WITH_PURL, vex(said("underInvestigationFor")), SURE_ASKED),
    ("by CPE", pairs.WITH_CPE, document(thing("us", "x", externalIdentifier=[{"type": "ExternalIdentifier", "externalIdentifierType": "cpe23", "identifier": pairs.cpe("1.2.0")}]), flaw(), said("affects")), SURE_AFFECTED),
    ("by a name", pairs.PLAIN, document(thing("us", pairs.PRODUCT, "1.2.0"), flaw(), said("affects")), MAYBE_AFFECTED),
    ("by a name, fixed", pairs.PLAIN, document(thing("us", pairs.PRODUCT, "1.2.0"), flaw(), said("fixedIn")), MAYBE_FIXED),
    ("by the hash of a file", pairs.PLAIN, document(thing("us", "fw.bin", kind="software_File", verifiedUsing=[hashed("sha256", pairs.digest("sha256"))]), flaw(), said("affects"), root=None), SURE_AFFECTED),
    ("by the hash of the file that it is delivered in", pairs.PLAIN, document(
        thing("us", "firmware"), thing("file", "fw.bin", kind="software_File", verifiedUsing=[hashed("sha256", pairs.digest("sha256"))]),
        relation("artifact", "us", "hasDistributionArtifact", "file"), flaw(), said("affects")), SURE_AFFECTED),
    ("a verification code is no hash", pairs.PLAIN, document(thing("us", "firmware", verifiedUsing=[
        {"type": "PackageVerificationCode", "algorithm": "sha256", "hashValue": pairs.digest("sha256")}]), flaw(), said("affects")), NOTHING),
    ("another build", pairs.WITH_PURL, document(thing("us", pairs.PRODUCT, "1.2.0", OURS, verifiedUsing=[hashed("sha256", "ab" * 32)]), flaw(), said("fixedIn")), MAYBE_FIXED),
    ("no version", pairs.WITH_PURL, document(thing("us", pairs.PRODUCT, None, pairs.PURL), flaw(), said("affects")), SURE_AFFECTED),
    ("no version, not affected", pairs.WITH_PURL, document(thing("us", pairs.PRODUCT, None, pairs.PURL), flaw(), said("doesNotAffect")), MAYBE_SAFE),
    ("no version, fixed", pairs.WITH_PURL, document(thing("us", pairs.PRODUCT, None, pairs.PURL), flaw(), said("fixedIn")), MAYBE_AFFECTED),
    ("another version", pairs.WITH_PURL, document(thing("us", pairs.PRODUCT, "9.0", f"{pairs.PURL}@9.0"), flaw(), said("affects")), NOTHING),
    ("a later version is fixed", pairs.WITH_PURL, document(thing("us", pairs.PRODUCT, "9.0", f"{pairs.PURL}@9.0"), flaw(), said("fixedIn")), MAYBE_AFFECTED),
    ("version and purl differ", pairs.WITH_PURL, document(thing("us", pairs.PRODUCT, "9.0", OURS), flaw(), said("fixedIn")), MAYBE_AFFECTED),
    ("another product", pairs.WITH_PURL, document(OTHER, flaw(), said("affects", "other"), root="other"), NOTHING),
    # parts
    ("a part of ours", IN_OURS, vex(said("doesNotAffect", part="lodash")), SURE_SAFE),
    ("a part of ours, affected", IN_OURS, vex(said("affects", part="lodash")), SURE_AFFECTED),
    ("a component of a document of ours", IN_OURS, vex(said("doesNotAffect", "lodash")), SURE_SAFE),
    ("a component of a document of ours, fixed", IN_OURS, vex(said("fixedIn", "lodash")), SURE_FIXED),
    ("a component by itself", IN_OURS, document(LIB, flaw(), said("affects", "lodash"), root=None), SURE_AFFECTED),
    ("a component by itself, not reachable elsewhere", IN_OURS, document(LIB, flaw(), said("doesNotAffect", "lodash"), root=None), MAYBE_AFFECTED),
    ("a component by itself, without the code", IN_OURS, document(LIB, flaw(), said("doesNotAffect", "lodash", security_justificationType="vulnerableCodeNotPresent"), root=None), MAYBE_SAFE),
    ("a component by itself, patched elsewhere", IN_OURS, document(LIB, flaw(), said("fixedIn", "lodash"), root=None), MAYBE_AFFECTED),
    ("a component beside ours, that nothing contains", IN_OURS, document(US, LIB, flaw(), said("fixedIn", "lodash")), MAYBE_AFFECTED),
    ("what a build needed is no part", IN_OURS, document(US, LIB, {**HAS, "type": "LifecycleScopedRelationship", "relationshipType": "dependsOn", "scope": "build"}, flaw(), said("fixedIn", "lodash")), MAYBE_AFFECTED),
    ("what is not brought along is no part", IN_OURS, document(US, LIB, {**HAS, "relationshipType": "hasProvidedDependency"}, flaw(), said("fixedIn", "lodash")), MAYBE_AFFECTED),
    ("a part of another product", IN_OURS, document(OTHER, LIB, relation("h", "other", "contains", "lodash"), flaw(), said("doesNotAffect", "lodash"), root="other"), NOTHING),
    ("a part of another product, affected", IN_OURS, document(OTHER, LIB, relation("h", "other", "contains", "lodash"), flaw(), said("affects", "lodash"), root="other"), MAYBE_AFFECTED),
    ("a part that we do not have", IN_OURS, vex(thing("pad", "left-pad", "1.0.0", "pkg:npm/left-pad@1.0.0"), said("affects", part="pad")), MAYBE_AFFECTED),
    ("a part that we do not have, not affected", IN_OURS, vex(thing("pad", "left-pad", "1.0.0", "pkg:npm/left-pad@1.0.0"), said("doesNotAffect", part="pad")), NOTHING),
    # who is meant
    ("nobody", pairs.WITH_PURL, vex(said("affects", "NoneElement")), NOTHING),
    ("nobody knows whom", pairs.WITH_PURL, vex(said("affects", "NoAssertionElement")), MAYBE_AFFECTED),
    # Nothing is told of the vulnerability then, in a document about our product.
    ("nobody knows whom, not affected", pairs.WITH_PURL, vex(said("doesNotAffect", "NoAssertionElement")), MAYBE_AFFECTED),
    ("fixed in nothing", pairs.WITH_PURL, vex(said("fixedIn", "NoneElement")), MAYBE_AFFECTED),
    ("fixed in another product", pairs.WITH_PURL, vex(OTHER, said("fixedIn", "other")), NOTHING),
    ("what is not here", pairs.WITH_PURL, vex(said("affects", ELSEWHERE), imports=[{"externalSpdxId": ELSEWHERE}]), MAYBE_AFFECTED),
    ("what is not here, fixed", pairs.WITH_PURL, vex(said("fixedIn", ELSEWHERE), imports=[{"externalSpdxId": ELSEWHERE}]), NOTHING),
    ("a vulnerability that is not here", pairs.WITH_PURL, document(US, {**said("affects"), "from": ELSEWHERE}, imports=[{"externalSpdxId": ELSEWHERE}]), SURE_AFFECTED),
    ("a collection", pairs.WITH_PURL, vex(element("software_Sbom", "sbom", rootElement=[BASE + "us"]), said("affects", "sbom")), SURE_AFFECTED),
    ("a collection, fixed", pairs.WITH_PURL, vex(element("software_Sbom", "sbom", rootElement=[BASE + "us"]), said("fixedIn", "sbom")), MAYBE_FIXED),
    ("a collection of itself", pairs.WITH_PURL, vex(element("Bundle", "sbom", rootElement=[BASE + "sbom", BASE + "us"]), said("affects", "sbom")), SURE_AFFECTED),
    # without a status
    ("associated, no status", pairs.WITH_PURL, vex(linked("hasAssociatedVulnerability", "us", "flaw")), MAYBE_AFFECTED),
    ("associated, and a status", pairs.WITH_PURL, vex(linked("hasAssociatedVulnerability", "us", "flaw"), said("fixedIn")), SURE_FIXED),
    ("associated, and a status of another thing", IN_OURS, vex(linked("hasAssociatedVulnerability", "lodash", "flaw"), said("doesNotAffect")), MAYBE_AFFECTED | SURE_SAFE),
    ("associated, and a status of a part", IN_OURS, vex(linked("hasAssociatedVulnerability", "us", "flaw"), said("doesNotAffect", part="lodash")), MAYBE_AFFECTED | SURE_SAFE),
    ("a part is rated, and a status of the whole", IN_OURS, vex(RATED | {"security_assessedElement": BASE + "lodash"}, said("fixedIn")), SURE_FIXED),
    ("a part is rated, and has a status", IN_OURS, vex(RATED | {"security_assessedElement": BASE + "lodash"}, said("fixedIn", part="lodash")), SURE_FIXED),
    ("rated, and a status of a part", IN_OURS, vex(RATED, said("fixedIn", part="lodash")), MAYBE_AFFECTED | SURE_FIXED),
    ("rated, no status", pairs.WITH_PURL, vex(RATED), MAYBE_AFFECTED),
    ("nothing said", pairs.WITH_PURL, vex(), MAYBE_AFFECTED),
    ("nothing said, of nobody", pairs.PLAIN, document(flaw(), root=None), MAYBE_AFFECTED),
    ("a plain relationship", pairs.WITH_PURL, vex(linked("affects")), SURE_AFFECTED),
    ("a plain relationship, fixed", pairs.WITH_PURL, vex(linked("fixedIn")), SURE_FIXED),
    ("a plain relationship, not affected", pairs.WITH_PURL, vex(linked("doesNotAffect")), MAYBE_SAFE),
    # contradicted, withdrawn, amended, for a time
    ("two statements: the worse", pairs.WITH_PURL, vex(said("fixedIn"), said("affects", end="more")), SURE_AFFECTED),
    ("withdrawn", pairs.WITH_PURL, vex(said("affects", security_withdrawnTime=DATE)), MAYBE_AFFECTED),
    ("withdrawn, fixed", pairs.WITH_PURL, vex(said("fixedIn", security_withdrawnTime=DATE)), MAYBE_ASKED),
    ("a vulnerability that was withdrawn", pairs.WITH_PURL, document(US, flaw(security_withdrawnTime=DATE), said("affects")), MAYBE_AFFECTED),
    ("a vulnerability that was withdrawn, not affected", pairs.WITH_PURL, document(US, flaw(security_withdrawnTime=DATE), said("doesNotAffect")), MAYBE_SAFE),
    ("amended", pairs.WITH_PURL, vex(said("affects"), said("fixedIn", end="now"), by("said", "now")), SURE_FIXED),
    ("amended twice", pairs.WITH_PURL, vex(said("underInvestigationFor"), said("affects", end="then"), said("fixedIn", end="now"), by("said", "then"), by("then", "now")), SURE_FIXED),
    ("amended the other way", pairs.WITH_PURL, vex(said("affects"), said("fixedIn", end="now"), by("now", "said")), SURE_AFFECTED),
    ("amended in a circle", pairs.WITH_PURL, vex(said("affects"), said("fixedIn", end="now"), by("said", "now"), by("now", "said")), SURE_AFFECTED),
    ("amended by a statement of another part", IN_OURS, vex(said("affects"), said("fixedIn", end="now", part="lodash"), by("said", "now")), SURE_AFFECTED | SURE_FIXED),
    ("amended by what was withdrawn", pairs.WITH_PURL, vex(said("fixedIn"), said("affects", end="now", security_withdrawnTime=DATE), by("said", "now")), MAYBE_AFFECTED | MAYBE_FIXED),
    ("mild, amended by what nobody can follow", pairs.WITH_PURL, vex(said("fixedIn"), said("doesNotAffect", "lodash", end="now"), by("said", "now")), MAYBE_FIXED),
    ("amended by two statements", pairs.WITH_PURL, vex(said("affects"), said("fixedIn", end="now"), said("fixedIn", "lodash", end="then"), by("said", "now"), {**by("said", "then"), "spdxId": BASE + "second"}), SURE_AFFECTED),
    ("amended by a statement for a time", pairs.WITH_PURL, vex(said("affects"), said("fixedIn", end="now", startTime=DATE), by("said", "now")), SURE_AFFECTED),
    ("amended for a time", pairs.WITH_PURL, vex(said("affects"), said("fixedIn", end="now"), {**by("said", "now"), "endTime": DATE}), SURE_AFFECTED),
    ("a part for a time", IN_OURS, document(US, LIB, {**HAS, "endTime": DATE}, flaw(), said("fixedIn", "lodash")), MAYBE_AFFECTED),
    ("delivered in several files, which are not ours", pairs.WITH_PURL, document(US, *[
        thing(end, f"{end}.bin", kind="software_File", verifiedUsing=[hashed("sha256", byte * 32)]) for end, byte in (("one", "ab"), ("two", "cd"))],
        relation("artifact", "us", "hasDistributionArtifact", "one", "two"), flaw(), said("fixedIn")), MAYBE_FIXED),
    ("for a time", pairs.WITH_PURL, vex(said("fixedIn", endTime=DATE)), MAYBE_FIXED),
    ("for a time, affected", pairs.WITH_PURL, vex(said("affects", endTime=DATE)), SURE_AFFECTED),
]


class Spdx3(PairCase):
    def test_what_is_refused(self):
        documents = [one for one, _ in REFUSED.values()]
        for (what, (_, words)), entry in zip(REFUSED.items(), self.advise(self.release(pairs.WITH_PURL), documents)):
            with self.subTest(what):
                self.assertIn("no valid SPDX 3 document", (entry or {}).get("error", ""), entry)
                self.assertTrue(entry["faulty"])
                self.assertIn(words, json.dumps(entry))

    def test_what_is_found(self):
        self.assertGreaterEqual(len(TABLE), 20)
        groups = {}
        for row in TABLE:
            groups.setdefault(json.dumps(row[1], sort_keys=True), []).append(row)
        for rows in groups.values():
            for (name, _, _, expected), entry in zip(rows, self.advise(self.release(rows[0][1]), [row[2] for row in rows])):
                with self.subTest(name):
                    self.assertNotIn("error", entry or {}, entry)
                    found = {f"{match['match']} {match['status']}" for match in (entry or {}).get("matches", [])}
                    self.assertEqual(found, expected, json.dumps(entry, indent=1))

    def test_more_statements_than_are_judged(self):
        """A short document can speak of each element of a collection again and again."""
        ends = [f"p{index}" for index in range(1100)]
        made = document(US, flaw(), *[thing(end, end, "1") for end in ends], element("software_Sbom", "all", rootElement=[BASE + end for end in ends]),
                        *[said("fixedIn", "all", end=f"said-{index}") for index in range(1000)])
        [entry] = self.advise(self.release(pairs.WITH_PURL), [made])
        self.assertIn("are more than are judged", entry["error"])
        self.assertTrue(entry["faulty"])

    def test_details(self):
        made = vex(said("affects"), flaw("more", None, name="BUG-7"), said("doesNotAffect", of="more", end="safe"),
                   flaw("third", None), said("fixedIn", of="third", end="third-said", security_withdrawnTime=DATE))
        at = next(one for one in made["@graph"] if one.get("spdxId") == BASE + "flaw")
        at["externalIdentifier"].append({"type": "ExternalIdentifier", "externalIdentifierType": "cve", "identifier": "CVE-2026-2"})
        entry = self.advise(self.release(pairs.WITH_PURL), [made])[0]
        self.assertEqual((entry["kind"], entry["title"]), ("SPDX 3.0.1 security", "VEX of Acme"))
        found = {match["vulnerability"]: match for match in entry["matches"]}
        self.assertEqual(sorted(found), ["BUG-7", "CVE-2026-1", "CVE-2026-2", BASE + "third"])
        self.assertEqual(found["CVE-2026-2"]["remediations"], [{"category": "action", "details": "Close the port."}])
        self.assertEqual(found["BUG-7"]["justification"], "vulnerable_code_not_in_execute_path")
        self.assertEqual(found[BASE + "third"]["doubt"], f'the statement "fixedIn" was withdrawn at {DATE}')

    def test_one_id_is_one_document(self):
        one, other = vex(said("fixedIn")), vex(said("affects"))
        other["@graph"][2]["spdxId"] = one["@graph"][2]["spdxId"]
        twins = self.advise(self.release(pairs.WITH_PURL), [one, other])
        self.assertEqual([entry["error"] for entry in twins], ["two documents claim to be the same revision, and differ"] * 2)
        copies = self.advise(self.release(pairs.WITH_PURL), [one, one])
        self.assertIn("replaced by", copies[1])

    def test_an_sbom_without_vulnerabilities_says_nothing(self):
        [entry] = self.advise(self.release(pairs.WITH_PURL), [spdx3.good_spdx3()])
        self.assertEqual((entry["kind"], entry["silent"]), ("SPDX 3 without vulnerabilities", True))


class Elements(PairCase):
    """Our own SBOM is SPDX 3: statements name its elements by their ids."""

    def pack_release(self, spec, name):
        sbom = spdx3.image(pairs.FIRMWARE)
        spdx3.at(sbom, "root").update(name=pairs.PRODUCT, software_packageVersion="1.2.0")
        (self.folder / "fw.bin").write_bytes(pairs.FIRMWARE)
        self.sbom = json.dumps(sbom).encode()
        (self.folder / "sbom.spdx.json").write_bytes(self.sbom)
        (self.folder / f"{name}.yaml").write_text(json.dumps({
            "product": {"vendor": "Acme GmbH", "name": pairs.PRODUCT}, "release": {"version": "1.2.0", "sequence": 1, "date": DATE},
            "files": [{"source": "fw.bin", "role": "firmware"}, {"source": "sbom.spdx.json", "role": "sbom"}],
            "sbom": [{"file": "sbom.spdx.json", "format": "SPDX-3.0.1"}]}))
        self.sign("pack", f"{name}.yaml", "--key", KEYS / "release.key.pem", "--cert", KEYS / "release.cert.pem", "--allow-example-keys",
                  "--quiet", "--out", f"{name}.tar")
        return self.folder / f"{name}.tar"

    def test_references(self):
        archive = self.release({"spdx3": 1})
        tied = [{"type": "Hash", "algorithm": "sha256", "hashValue": hashlib.sha256(self.sbom).hexdigest()}]
        wrong = [{"type": "Hash", "algorithm": "sha256", "hashValue": "ab" * 32}]

        def of(target, kind, hashes=None, **more):
            return document(flaw(), said(kind, target), root=None,
                            imports=[{"externalSpdxId": BASE + target, **({"verifiedUsing": hashes} if hashes else {})}], **more)

        rows = [
            ("our product by its id", of("root", "affects"), SURE_AFFECTED),
            ("a component of it by its id", of("lib", "affects"), SURE_AFFECTED),
            ("fixed, by the id alone", of("root", "fixedIn"), MAYBE_FIXED),
            ("not affected, by the id alone", of("lib", "doesNotAffect"), MAYBE_SAFE),
            ("fixed, in the SBOM of this digest", of("root", "fixedIn", tied), SURE_FIXED),
            ("not affected, in the SBOM of this digest", of("lib", "doesNotAffect", tied), SURE_SAFE),
            ("fixed, in an SBOM of another digest", of("root", "fixedIn", wrong), MAYBE_FIXED),
            ("affected, in an SBOM of another digest", of("root", "affects", wrong), SURE_AFFECTED),
            ("the same id, another version", document(thing("lib", "openssl", "9.9"), flaw(), said("affects", "lib"), root=None), MAYBE_AFFECTED),
            ("the same id, another version, fixed", document(thing("lib", "openssl", "9.9"), flaw(), said("fixedIn", "lib"), root=None), MAYBE_AFFECTED),
            ("an id that it does not have", of("nobody", "affects"), MAYBE_AFFECTED),
            ("an id that it does not have, fixed", of("nobody", "fixedIn", tied), NOTHING),
        ]
        for (name, _, expected), entry in zip(rows, self.advise(archive, [row[1] for row in rows])):
            with self.subTest(name):
                self.assertNotIn("error", entry or {}, entry)
                found = {f"{match['match']} {match['status']}" for match in (entry or {}).get("matches", [])}
                self.assertEqual(found, expected, json.dumps(entry, indent=1))


if __name__ == "__main__":
    main()
