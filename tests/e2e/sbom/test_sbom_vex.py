# SPDX-License-Identifier: Apache-2.0
"""Vulnerabilities that a tool wrote into an SBOM: `sbom complete --vex` makes a VEX file of them that speaks of the release as before."""
import json

from harness import ROOT_CERT, main
from sbom_case import UUID, BindingCase, changed, good_cyclonedx
from spdx3 import BASE, add, at, element, good_spdx3, put, relation

CVE = element("security_Vulnerability", "cve", externalIdentifier=[
    {"type": "ExternalIdentifier", "externalIdentifierType": "cve", "identifier": "CVE-2026-1"}])


def said(kind, relationship, target, end, **members):
    return dict(relation(end, "cve", relationship, target), type=f"security_Vex{kind}VulnAssessmentRelationship", **members)


def spdx_with_vex(one):
    add(dict(CVE), relation("has", "lib", "hasAssociatedVulnerability", "cve"), relation("found", "cve", "reportedBy", "reporter"),
        element("Annotation", "note", annotationType="review", subject=BASE + "safe", statement="reviewed"),
        element("Person", "reporter", name="A. Finder"),
        said("NotAffected", "doesNotAffect", "lib", "safe", security_justificationType="vulnerableCodeNotInExecutePath"),
        said("Affected", "affects", "root", "bad", security_actionStatement="Close the port."))(one)
    at(one, "sbom")["element"].append(BASE + "cve")
    at(one, "document")["profileConformance"].append("security")
    put("maker", name="Example Automation GmbH")(one)


def cyclonedx_with_vex(one):
    one["components"][0]["bom-ref"] = "lib ä#1"
    one["dependencies"] = [{"ref": "root", "dependsOn": ["lib ä#1"]}, {"ref": "lib ä#1"}]
    one["compositions"] = [{"aggregate": "complete", "dependencies": ["root", "lib ä#1"], "vulnerabilities": ["v1"]},
                           {"aggregate": "incomplete", "vulnerabilities": ["v2"]}]
    one["vulnerabilities"] = [
        {"bom-ref": "v1", "id": "CVE-2026-1", "analysis": {"state": "not_affected", "justification": "code_not_reachable"}, "affects": [{"ref": "lib ä#1"}]},
        {"bom-ref": "v2", "id": "CVE-2026-2", "analysis": {"state": "exploitable"}, "affects": [{"ref": "root"}]},
        {"id": "CVE-2026-3", "analysis": {"state": "in_triage"}}]


class Vex(BindingCase):
    def taken(self, sbom, format):
        """The SBOM and the VEX file; a second run finds nothing more, and the release with both is accepted."""
        self.described = self.sbom_release(sbom, format=format, contacts={"securityContact": "psirt@example.com"})
        bare = self.sign("sbom", "complete", self.described, "--out", "with.json")
        self.assertIn("--vex FILE", bare.err)
        self.sign("sbom", "complete", self.described, "--out", "done.json", "--vex", "product.vex.json")
        done, vex = ((self.folder / name).read_text() for name in ("done.json", "product.vex.json"))
        (self.folder / "sbom.json").write_text(done)
        again = self.sign("sbom", "complete", self.described, "--out", "again.json", "--vex", "none.json")
        self.assertIn("nothing to change", again.err)
        self.assertFalse((self.folder / "none.json").exists())
        self.assertEqual((self.folder / "again.json").read_text(), done)
        return json.loads(done), json.loads(vex)

    def test_no_output_takes_the_place_of_an_input(self):
        """Only the SBOM itself is completed in place."""
        described = self.sbom_release(changed(good_cyclonedx(), cyclonedx_with_vex), format="CycloneDX-1.6", contacts={"securityContact": "psirt@example.com"})
        inputs = [path for path in self.folder.iterdir() if path.is_file() and path.name != "sbom.json"]
        self.assertGreater(len(inputs), 1)
        for path in inputs:
            before = path.read_bytes()
            for command in (("sbom", "complete", described, "--out", path.name),
                            ("sbom", "complete", described, "--out", "other.json", "--vex", path.name),
                            ("lint", described, "--sarif", path.name),
                            ("lint", described, "--profile", "cra-annex2", "--html", path.name)):
                with self.subTest(path.name, command=command):
                    result = self.sign(*command, code=(1, 2))
                    self.assertIn("would replace one of its inputs", result.err)
                    self.assertEqual(path.read_bytes(), before)
        self.sign("sbom", "complete", described, "--out", "sbom.json")

    def answers(self, document):
        """What the VEX file says of the release that carries the SBOM."""
        archive = self.pack(self.described)
        entry = self.verify("advisories", archive, "--csaf", document, "--anchor", ROOT_CERT, "--allow-example-keys", "--json",
                            code=(0, 3)).json()["releases"][0]["advisories"]["documents"][0]
        return {(one["vulnerability"], one["subject"], one["match"], one["status"]) for one in entry["matches"]}

    def test_cyclonedx(self):
        done, vex = self.taken(changed(good_cyclonedx(), cyclonedx_with_vex), "CycloneDX-1.6")
        self.assertNotIn("vulnerabilities", done)
        self.assertEqual(done["compositions"], [{"aggregate": "complete", "dependencies": ["root", "lib ä#1"]}])
        self.assertNotIn(vex["serialNumber"], (UUID, done["serialNumber"]))
        self.assertEqual(vex["vulnerabilities"][0]["affects"], [{"ref": f"urn:cdx:{UUID.removeprefix('urn:uuid:')}/1#lib%20%C3%A4%231"}])
        self.assertEqual(vex["metadata"]["component"]["name"], done["metadata"]["component"]["name"])
        self.assertEqual(self.answers("product.vex.json"), {("CVE-2026-1", "component openssl 3.5.4", "sure", "not affected"),
                                                            ("CVE-2026-2", "the product", "sure", "affected"),
                                                            ("CVE-2026-3", "the product", "possible", "under investigation"),
                                                            ("CVE-2026-3", "file firmware.bin", "possible", "under investigation")})

    def test_spdx3(self):
        done, vex = self.taken(changed(good_spdx3(), spdx_with_vex), "SPDX-3.0.1")
        self.assertFalse([one for one in done["@graph"] if one["type"].startswith("security_") or one.get("spdxId", "").endswith(("/has", "/found", "/note"))])
        self.assertEqual(at(done, "sbom")["element"], [BASE + "root", BASE + "lib"])
        self.assertEqual(next(one for one in done["@graph"] if one["type"] == "SpdxDocument")["profileConformance"], ["core", "software", "simpleLicensing"])
        self.assertEqual(sorted(one["spdxId"].rsplit("/", 1)[1] for one in vex["@graph"] if one.get("spdxId", "").startswith(BASE)),
                         ["bad", "cve", "found", "has", "note", "safe"])
        document = next(one for one in vex["@graph"] if one["type"] == "SpdxDocument")
        self.assertIn(BASE + "lib", [one["externalSpdxId"] for one in document["import"]])
        # Tied by the digest of the completed SBOM, and so as sure as before.
        self.assertEqual(self.answers("product.vex.json"), {("CVE-2026-1", "component openssl 3.5.4", "sure", "not affected"),
                                                            ("CVE-2026-1", "the product", "sure", "affected")})
        # Of another SBOM with the same ids nothing mild is sure.
        (self.folder / "sbom.json").write_text(json.dumps(changed(done, put("lib", summary="made again"))))
        self.assertEqual(self.answers("product.vex.json"), {("CVE-2026-1", "component openssl 3.5.4", "possible", "not affected"),
                                                            ("CVE-2026-1", "the product", "sure", "affected")})

    def test_a_signature_over_what_is_changed_is_taken_out(self):
        signature = {"algorithm": "ES256", "value": "AAAA"}
        for take, options in ((lambda one: None, ()), (cyclonedx_with_vex, ("--vex", "product.vex.json"))):
            with self.subTest(options=options):
                described = self.sbom_release(changed(good_cyclonedx(), lambda one: (take(one), one.update(signature=signature))),
                                              contacts={"securityContact": "psirt@example.com"})
                self.assertIn("signature: taken out", self.sign("sbom", "complete", described, "--out", "done.json", *options).err)
                done = json.loads((self.folder / "done.json").read_text())
                self.assertNotIn("signature", done)
                # Where all is there already it still holds.
                (self.folder / "sbom.json").write_text(json.dumps({**done, "signature": signature}))
                self.assertIn("nothing to change", self.sign("sbom", "complete", described, "--out", "done.json", *options).err)
                self.assertEqual(json.loads((self.folder / "done.json").read_text())["signature"], signature)

    def test_what_leads_to_other_things_too_stays(self):
        done, vex = self.taken(changed(good_spdx3(), lambda one: (spdx_with_vex(one), add(
            relation("both", "root", "contains", "lib", "cve"), relation("none", "root", "contains", "cve", "safe"))(one))), "SPDX-3.0.1")
        self.assertEqual(at(done, "both")["to"], [BASE + "lib"])
        self.assertNotIn(BASE + "both", [one.get("spdxId") for one in vex["@graph"]])
        self.assertEqual(at(vex, "none")["to"], [BASE + "cve", BASE + "safe"])

    def test_a_long_chain_of_relationships_of_relationships(self):
        """Each is looked at once, wherever it stands: else this would not end within minutes."""
        count = 5000
        chain = [relation(f"c{index}", f"c{index + 1}" if index + 1 < count else "safe", "other", "lib") for index in range(count)]
        _, vex = self.taken(changed(good_spdx3(), lambda one: (spdx_with_vex(one), add(*chain)(one))), "SPDX-3.0.1")
        self.assertEqual(len([one for one in vex["@graph"] if one.get("relationshipType") == "other"]), count)

    def test_the_release_carries_both(self):
        self.taken(changed(good_spdx3(), lambda one: (spdx_with_vex(one), one["@graph"].pop())), "SPDX-3.0.1")
        value = json.loads(self.described.read_text())
        value["files"].append({"source": "product.vex.json", "role": "vex"})
        self.described.write_text(json.dumps(value))
        checked = self.check(self.pack(self.described), "--json").json()
        [found] = [one for one in checked["result"]["checks"] if one["check"] == "vex.match"]
        self.assertEqual(found["result"], "PASS")

    def test_outputs(self):
        described = self.sbom_release(changed(good_cyclonedx(), cyclonedx_with_vex))
        for arguments in (("--vex", "-"), ("--vex", "one.json", "--out", "one.json"), ("--vex", "./one.json", "--out", "one.json"),
                          ("--vex", "one.json", "--out", self.folder / "one.json")):
            self.assertIn("a file of its own", self.sign("sbom", "complete", described, *arguments, code=2).err)
            self.assertFalse((self.folder / "one.json").exists())
        # Where the SBOM cannot be written its vulnerabilities are not lost: it still has them, and nothing half-written is there.
        broken = self.sbom_release(changed(good_spdx3(), lambda one: (spdx_with_vex(one), put("cve", name=7)(one))), format="SPDX-3.0.1")
        self.sign("sbom", "complete", broken, "--out", "out.json", "--vex", "vex.json", code=1)
        self.assertFalse((self.folder / "out.json").exists() or (self.folder / "vex.json").exists())


if __name__ == "__main__":
    main()
