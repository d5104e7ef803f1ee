# SPDX-License-Identifier: Apache-2.0
"""Several SBOMs in one release: each is bound, checked, matched with advisories, and none is passed over."""
import copy
import json

import advisory_pairs as pairs
from harness import PRODUCT, ROOT_CERT, SOURCE, main, manifest_of, noise, sha256
from sbom_case import BindingCase, all_checks, changed, good_cyclonedx, good_spdx

SECOND_UUID = "urn:uuid:7b5d3c9e-2f6a-4a1b-9c55-0123456789ab"
BOOT = noise(900, "boot")


class Lists(BindingCase):
    def spdx(self):
        """The SBOM of the second image: another library, under an id that the first has as well."""
        def change(one):
            one["packages"][0]["checksums"] = [{"algorithm": "SHA256", "checksumValue": sha256(BOOT)}]
            one["packages"][1].update(name="zlib", versionInfo="1.2.11")
            one["packages"][1]["externalRefs"][0]["referenceLocator"] = "pkg:generic/zlib@1.2.11"
        return changed(good_spdx(), change)

    def cyclonedx(self):
        def change(one):
            one["serialNumber"] = SECOND_UUID
            one["metadata"]["component"]["hashes"] = [{"alg": "SHA-256", "content": sha256(BOOT)}]
            one["components"][0].update(name="zlib", version="1.2.11", purl="pkg:generic/zlib@1.2.11",
                                        cpe="cpe:2.3:a:zlib:zlib:1.2.11:*:*:*:*:*:*:*")
        return changed(good_cyclonedx(), change)

    def two(self, second=None, format="CycloneDX-1.6", change=lambda value: None, name="two.yaml"):
        second = self.cyclonedx() if second is None else second
        description = self.sbom_release(self.bound_sbom(), extra={
            "boot.bin": (BOOT, "firmware"), "boot.sbom.json": (json.dumps(second).encode(), "sbom")})
        value = json.loads(description.read_text())
        value["sbom"].append({"file": "boot.sbom.json", "format": format})
        change(value)
        path = self.folder / name
        path.write_text(json.dumps(value))
        return path

    def ask(self, archive, document):
        (self.folder / "csaf.json").write_text(json.dumps(document))
        return self.verify("advisories", archive, "--csaf", "csaf.json", "--anchor", ROOT_CERT, "--allow-example-keys", "--json").json()["releases"][0]["advisories"]

    def test_each_is_bound_and_checked(self):
        for second, format in ((self.cyclonedx(), "CycloneDX-1.6"), (self.spdx(), "SPDX-2.3")):
            with self.subTest(format):
                archive = self.pack(self.two(second, format))
                self.assertEqual([one["file"] for one in manifest_of(archive)["sbom"]], ["sbom.json", "boot.sbom.json"])
                record = self.check(archive, "--json").json()
                for check in ("sbom.form", "sbom.binding"):
                    self.assertEqual([(one["result"], one["where"]) for one in all_checks(record) if one["check"] == check],
                                     [("PASS", "sbom.json"), ("PASS", "boot.sbom.json")])
                self.assertNotIn("sbom.unread", [one["check"] for one in all_checks(record)])

    def test_a_fault_of_the_second_refuses_as_one_of_the_first(self):
        wrong = changed(self.cyclonedx(), lambda one: one["metadata"]["component"]["hashes"][0].update(content="0" * 64))
        other = changed(self.cyclonedx(), lambda one: one["metadata"]["component"].update(version="9"))
        faulty = changed(self.cyclonedx(), lambda one: one.update(surprise=1))
        unbound = lambda value: value["sbom"][1].update(binds=[{"component": "ghost", "file": "boot.bin"}])
        for second, change, check in ((wrong, None, "sbom.binding"), (other, None, "sbom.binding"), (faulty, None, "sbom.form"),
                                      (None, unbound, "sbom.binding")):
            with self.subTest(check, second=second is not None):
                description = self.two(second, change=change or (lambda value: None))
                result = self.sign("lint", description, code=1)
                self.assertRegex(result.out, rf"(?m)^boot\.sbom\.json#\S*: FAIL {check}[: ]")
        archive = self.pack(self.two(changed(self.cyclonedx(), lambda one: one["components"][0].pop("version"))))
        record = self.check(archive, "--json").json()
        self.assertEqual([one["where"] for one in all_checks(record) if one["check"] == "sbom.cisa" and one["result"] == "WARN"],
                         ["boot.sbom.json#/components/0/version", "boot.sbom.json#"])

    def test_a_serial_number_leads_to_one(self):
        """A link by serial and version would lead into either."""
        first = good_cyclonedx()["serialNumber"]
        for serial, version, code in ((first, 1, 1), (first.upper().replace("URN:UUID", "urn:uuid"), 1, 1), (first, 2, 0), (SECOND_UUID, 1, 0)):
            with self.subTest(serial=serial, version=version):
                second = changed(self.cyclonedx(), lambda one: one.update(serialNumber=serial, version=version))
                self.assertEqual("boot.sbom.json: FAIL sbom.form" in self.sign("lint", self.two(second), code=code).out, code == 1)
        archive = self.pack(self.two())
        second = json.dumps(changed(self.cyclonedx(), lambda one: one.update(serialNumber=first))).encode()
        forged = self.resigned(archive, lambda _sbom, _manifest: None, others={"boot.sbom.json": second})
        failed = [(one["check"], one["where"]) for one in all_checks(self.check(forged, "--json", code=1).json()) if one["result"] == "FAIL"]
        self.assertEqual(failed, [("sbom.form", "boot.sbom.json")])

    def test_what_nothing_reads_is_told(self):
        description = self.two(change=lambda value: (value["sbom"].pop(), None))
        self.assertIn("WARN sbom.unread", self.sign("lint", description).out)
        self.assertNotIn("sbom.unread", self.sign("lint", self.two()).out)

    def test_the_list_is_strict(self):
        entry = {"file": "sbom.json", "format": "CycloneDX-1.6"}
        for what, sbom, says in (("an object", entry, "sbom"), ("nothing in it", [], "sbom"), ("twice", [entry, dict(entry)], "same file"),
                                 ("a text", ["sbom.json"], "sbom[0]"), ("no such file", [entry, {**entry, "file": "x.json"}], "sbom[1].file"),
                                 ("too many", [entry] + [{**entry, "file": f"{n}.json"} for n in range(16)], "sbom")):
            with self.subTest(what):
                description = self.two(change=lambda value, sbom=sbom: value.update(sbom=sbom))
                result = self.sign("lint", description, code=(1, 2))
                self.assertIn(says, result.out + result.err)
                self.sign("pack", description, "--key", "x", "--cert", "x", "--out", "no.tar", code=(1, 2))
        # The same of somebody else's tool: refused when it is verified.
        archive = self.pack(self.sbom_release(self.bound_sbom()))
        for sbom in (entry, [], [entry, copy.deepcopy(entry)]):
            forged = self.resigned(archive, lambda _sbom, manifest, sbom=sbom: manifest.update(sbom=sbom))
            self.assertIn("manifest.form", self.check(forged, code=1).out)

    def test_advisories_are_compared_with_every_one(self):
        archive = self.pack(self.two())
        for name, version in (("openssl", "3.5.4"), ("zlib", "1.2.11")):
            with self.subTest(name):
                purl = f"pkg:generic/{name}@{version}" if name == "zlib" else "pkg:generic/lib@3.5.4"
                answer = self.ask(archive, pairs.said(pairs.AFFECTED, pairs.product(vendor=name, name=name, purl=purl)))
                self.assertEqual([(one["status"], one["subject"]) for one in answer["documents"][0]["matches"]],
                                 [("affected", f"component {name} {version}")])
        self.assertEqual(answer["compared"], {"components": 4, "files": 5, "sbom": True})
        self.assertEqual(answer["notChecked"], [])

    def test_a_link_leads_into_the_sbom_that_it_names(self):
        """Both have a component `lib`: a BOM-Link means that of one of them."""
        archive = self.pack(self.two())
        for serial, subject in (("3e671687-395b-41f5-a30f-a58921a69b79", "component openssl 3.5.4"),
                                ("7b5d3c9e-2f6a-4a1b-9c55-0123456789ab", "component zlib 1.2.11")):
            with self.subTest(subject):
                vex = {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "vulnerabilities": [
                    {"id": "CVE-2026-0777", "analysis": {"state": "exploitable"}, "affects": [{"ref": f"urn:cdx:{serial}/1#lib"}]}]}
                answer = self.ask(archive, vex)
                self.assertEqual([(one["match"], one["by"], one["subject"]) for one in answer["documents"][0]["matches"]],
                                 [("sure", "reference", subject)])

    def test_one_that_cannot_be_read_is_a_gap(self):
        """Where a policy lets that pass, it is said and never counted as compared."""
        policy = json.loads((SOURCE / "keys-example" / "trust.json").read_text())
        policy["severities"] = {"sbom.form": "warn", "sbom.binding": "warn"}
        (self.folder / "lax.json").write_text(json.dumps(policy))
        archive = self.pack(self.two())
        for unreadable, reason, components in (({"boot.sbom.json"}, "1 of 2 SBOMs could not be read", 2),
                                               ({"boot.sbom.json", "sbom.json"}, "no components: 2 of 2 SBOMs could not be read", 0)):
            with self.subTest(reason):
                forged = self.resigned(archive, lambda _sbom, _manifest: None, others={name: b"no JSON" for name in unreadable})
                (self.folder / "csaf.json").write_text(json.dumps(pairs.said(pairs.AFFECTED, pairs.product(
                    vendor="Zeta", name="Kettle", purl="pkg:generic/zeta/kettle@1"))))
                answer = self.verify("advisories", forged, "--csaf", "csaf.json", "--trust", "lax.json", "--allow-example-keys", "--json",
                                     code=3).json()["releases"][0]["advisories"]
                self.assertEqual([(one["what"], one["reason"]) for one in answer["notChecked"]], [("unreadable", reason)])
                self.assertEqual(answer["compared"]["components"], components)

    def test_complete_says_which(self):
        description = self.two()
        result = self.sign("sbom", "complete", description, code=2)
        self.assertIn("names 2 SBOMs", result.err)
        self.assertIn("--sbom sbom.json", result.err)
        description = self.two(change=lambda value: value["sbom"][1].update(binds=[{"component": "root", "file": "boot.bin"}]))
        done = self.sign("sbom", "complete", description, "--sbom", "boot.sbom.json").json()
        self.assertEqual((done["serialNumber"], done["metadata"]["component"]["name"]), (SECOND_UUID, PRODUCT))
        self.assertIn("no SBOM none.json", self.sign("sbom", "complete", description, "--sbom", "none.json", code=2).err)


if __name__ == "__main__":
    main()
