# SPDX-License-Identifier: Apache-2.0
"""Advisories and VEX files: those that come with a release, and those that come later."""
import json
import pathlib
import shutil

from harness import DATE, KEYS, ROOT_CERT, SOURCE, main, noise, sha256, tampered
from sbom_case import SbomCase, all_checks, changed

CSAF = SOURCE / "tests" / "vectors" / "csaf"
EXPECTED = json.loads((CSAF / "expected.json").read_text())


class AdvisoryCase(SbomCase):
    def library_sbom(self):
        """The SBOM that the vectors are about: openssl by purl and CPE, u-boot by name only."""
        def change(one):
            one["components"][0].update(purl="pkg:generic/openssl@3.5.4", cpe="cpe:2.3:a:openssl:openssl:3.5.4:*:*:*:*:*:*:*")
            one["components"].append({"type": "firmware", "bom-ref": "boot", "name": "u-boot", "version": "2025.10"})
        return changed(self.bound_sbom(), change)

    def vector_release(self, name="release.cretula.tar", extra=(), **fields):
        (self.folder / name).unlink(missing_ok=True)  # another release is never replaced
        return self.pack(self.sbom_release(self.library_sbom(), extra=extra, hardware=[{"model": "EA-RTU7-C"}], **fields), name)

    def advisories(self, archive, *csaf, code=0, options=()):
        named = [word for one in csaf for word in ("--csaf", one)]
        return self.verify("advisories", archive, *named, "--anchor", ROOT_CERT, "--allow-example-keys", *options, code=code)

    def matches(self, archive, *csaf, **more):
        result = self.advisories(archive, *csaf, options=("--json",), **more).json()
        documents = result["releases"][0]["advisories"]["documents"]
        return {pathlib.Path(one["file"]).name: one for one in documents}


class Later(AdvisoryCase):
    def test_every_vector_matches_as_expected(self):
        self.assertGreaterEqual(len(EXPECTED), 20)
        self.assertEqual(sorted(EXPECTED), sorted(path.name for path in CSAF.glob("*.json") if path.name != "expected.json"))
        folder = self.folder / "csaf"
        folder.mkdir()
        for name in EXPECTED:
            shutil.copy(CSAF / name, folder)
        found = self.matches(self.vector_release(), folder)
        for name, expected in EXPECTED.items():
            with self.subTest(name):
                actual = [[one[key] for key in ("vulnerability", "status", "match", "by", "subject")]
                          for one in found.get(name, {}).get("matches", [])]
                self.assertEqual(actual, expected)
        self.assertEqual(found["09-vex-not-affected.json"]["matches"][0]["justification"], "vulnerable_code_not_in_execute_path")
        self.assertEqual(found["09-vex-not-affected.json"]["matches"][0]["impact"], "The parser is not compiled in.")
        self.assertEqual(found["01-hash-of-the-firmware.json"]["matches"][0]["remediations"],
                         [{"category": "vendor_fix", "details": "Install 1.0.1.", "restart": "system"}])
        self.assertEqual([one["details"] for one in found["23-groups-and-fixed-versions.json"]["matches"][0]["remediations"]],
                         ["Close port 502."])

    def test_names_are_only_ever_possible(self):
        """Real advisories of a government agency, as they are: no identifiers, names and ranges."""
        (self.folder / "fam.bin").write_bytes(noise(100, "fam"))
        for version in ("3.9.0", "5.0"):
            archive = self.pack(self.description(
                [("fam.bin", {"role": "software"})], product={"vendor": "Rockwell Automation", "name": "Pavilion8"},
                release={"version": version, "sequence": 1, "date": DATE}), f"{version}.tar")
            found = self.matches(archive, CSAF / "icsa-24-226-04.json", CSAF / "icsa-24-254-03.json", code=3)  # no SBOM
            # >= v5.20 covers neither; another product of the vendor is not meant.
            self.assertEqual(found, {}, version)
        archive = self.pack(self.description(
            [("fam.bin", {"role": "software"})], product={"vendor": "Rockwell Automation", "name": "Pavilion8"},
            release={"version": "5.20", "sequence": 1, "date": DATE}), "in.tar")
        found = self.matches(archive, CSAF / "icsa-24-226-04.json", code=3)
        self.assertEqual({(one["match"], one["by"], one["status"]) for one in found["icsa-24-226-04.json"]["matches"]},
                         {("possible", "name", "affected")})
        archive = self.pack(self.description(
            [("fam.bin", {"role": "software"})], product={"vendor": "Rockwell Automation, Inc.", "name": "FactoryTalk Activation Manager"},
            release={"version": "3.31", "sequence": 1, "date": DATE}), "fta.tar")
        found = self.matches(archive, CSAF / "icsa-24-004-01.json", code=3)
        self.assertEqual({one["match"] for one in found["icsa-24-004-01.json"]["matches"]}, {"possible"})

    def test_the_page_for_people(self):
        result = self.advisories(self.vector_release(), CSAF / "06-purl-of-a-component.json", CSAF / "13-name-and-range.json")
        for words in ("affected: CVE-2026-0006, component openssl 3.5.4", "because   purl pkg:generic/openssl@3.5.4",
                      "possibly    affected: CVE-2026-0013, the product", "confirm", "1 affected", "1 possible match ",
                      "the advisories themselves were not verified"):
            self.assertIn(words, result.out)
        quiet = self.advisories(self.vector_release(), CSAF / "09-vex-not-affected.json", options=("--quiet",))
        self.assertNotIn("CVE-2026-0009", quiet.out)

    def test_what_the_release_itself_fixes_is_said(self):
        archive = self.vector_release(changes=[{"id": "EA-2026-031", "security": True, "cves": ["CVE-2026-0006"],
                                                "summary": "Patched in this build."}])
        found = self.matches(archive, CSAF / "06-purl-of-a-component.json")
        self.assertEqual(found["06-purl-of-a-component.json"]["matches"][0]["change"], "EA-2026-031")

    def test_archives_are_verified_first(self):
        archive = self.vector_release()
        bad = tampered(archive, self.folder / "bad.tar", archive.stat().st_size - 4000)
        result = self.advisories(bad, CSAF / "06-purl-of-a-component.json", code=1)
        self.assertIn("REFUSED", result.out)
        self.assertNotIn("CVE-2026-0006", result.out)
        both = self.verify("advisories", archive, bad, "--csaf", CSAF / "06-purl-of-a-component.json", "--anchor", ROOT_CERT,
                           "--allow-example-keys", "--json", code=1).json()
        self.assertEqual([one["verdict"] for one in both["releases"]], ["ACCEPTED", "REFUSED"])
        self.assertNotIn("advisories", both["releases"][1])
        self.verify("advisories", archive, "--csaf", CSAF / "06-purl-of-a-component.json", code=2)

    def test_usage_and_what_is_no_advisory(self):
        archive = self.vector_release()
        self.verify("advisories", archive, "--anchor", ROOT_CERT, "--allow-example-keys", code=2)
        self.advisories(archive, self.folder / "missing", code=2)
        empty = self.folder / "empty"
        empty.mkdir()
        self.advisories(archive, empty, code=2)
        for name, text in (("none.json", "{}"), ("bom.json", '{"bomFormat": "CycloneDX", "specVersion": "1.6"}')):
            (empty / name).write_text(text)
        result = self.advisories(archive, empty, code=3)
        self.assertIn("NOT CHECKED 1 file left out: other JSON", result.out)
        self.assertIn("1 file says nothing of vulnerabilities", result.out)
        (empty / "none.json").unlink()
        self.advisories(archive, empty)
        # One that was named itself must be one: only a part was judged.
        self.advisories(archive, empty / "bom.json", code=3)

    def test_faulty_advisories_are_never_passed_over(self):
        """Half of a document would say something else: in a folder as well it is exit 3, with what is wrong where."""
        archive = self.vector_release()
        good = json.loads((CSAF / "27-affected-and-fixed-at-once.json").read_text())
        vex = json.loads((CSAF / "18-cyclonedx-vex-by-purl.json").read_text())

        def names(document):
            return document["product_tree"]["full_product_names"]

        def relate(document):
            document["product_tree"]["relationships"] = [
                {"category": "default_component_of", "full_product_name": {"name": "s", "product_id": "S"},
                 "product_reference": "P", "relates_to_product_reference": "NOBODY"}]

        cases = {
            "csaf_version": (good, lambda one: one["document"].update(csaf_version="2.2")),
            "every product_id once": (good, lambda one: names(one).append({"name": "other", "product_id": "P"})),
            "NOBODY": (good, lambda one: one["vulnerabilities"][0]["product_status"].update(known_affected=["NOBODY"])),
            "relationships": (good, relate),
            "purl": (good, lambda one: names(one)[0]["product_identification_helper"].update(purl=["pkg:generic/x@1"])),
            "known_affected": (good, lambda one: one["vulnerabilities"][0]["product_status"].update(known_affected="P")),
            "product_status": (good, lambda one: one["vulnerabilities"][0]["product_status"].update(affected=["P"])),
            "product_id": (good, lambda one: names(one)[0].pop("product_id")),
            "same bom-ref": (vex, lambda one: one["components"].append({**one["components"][0], "purl": "pkg:generic/x@1"})),
            "state": (vex, lambda one: one["vulnerabilities"][0]["analysis"].update(state="Resolved")),
            "specVersion": (vex, lambda one: one.update(specVersion="2.0")),
            "affects": (vex, lambda one: one["vulnerabilities"][0].update(affects={"ref": "ossl"})),
            "status": (vex, lambda one: one["vulnerabilities"][0]["affects"][0].update(versions=[{"version": "3.5.4", "status": "fixed"}])),
        }
        texts = {words: json.dumps(changed(document, change)) for words, (document, change) in cases.items()}
        texts["not valid JSON"] = json.dumps(good)[:-1]
        texts["duplicate"] = json.dumps(good).replace('"vulnerabilities":', '"vulnerabilities": [], "vulnerabilities":', 1)
        for index, (words, text) in enumerate(texts.items()):
            with self.subTest(words):
                folder = self.folder / f"faulty-{index}"
                folder.mkdir()
                (folder / "faulty.json").write_text(text, encoding="utf-8")
                shutil.copy(CSAF / "06-purl-of-a-component.json", folder)
                result = self.advisories(archive, folder, code=3)
                fault = result.out[result.out.index("NOT JUDGED"):]
                self.assertIn(words, fault)
                self.assertIn("CVE-2026-0006", result.out, "the others are judged")
                self.assertIn("NOT JUDGED", self.advisories(archive, folder, code=3, options=("--quiet",)).out)

    def test_what_cannot_be_relied_on_is_said(self):
        archive = self.vector_release()
        both = self.advisories(archive, CSAF / "27-affected-and-fixed-at-once.json").out
        self.assertIn("affected: CVE-2026-0027", both)
        self.assertIn("the document contradicts itself", both)
        self.assertIn("1 affected, 0 under investigation, 0 fixed, 0 not affected", both)
        silent = CSAF / "29-not-affected-without-a-reason.json"
        self.assertIn("gives no reason", self.advisories(archive, silent, options=("--quiet",)).out)
        self.assertIn("0 not affected; 1 possible match ", self.advisories(archive, silent).out)
        reasons = self.matches(archive, CSAF / "09-vex-not-affected.json")["09-vex-not-affected.json"]["matches"]
        self.assertNotIn("doubt", reasons[0])

    def test_hostile_advisories(self):
        """Text from advisories never reaches the terminal raw (lesson 24); numbers and nesting are bounded."""
        hostile = json.loads((CSAF / "06-purl-of-a-component.json").read_text())
        hostile["document"]["title"] = "\x1b[2J\x1b[31mACCEPTED‮"
        path = self.write(hostile, "hostile.json")
        result = self.advisories(self.vector_release(), path)
        self.assertNotIn("\x1b", result.out)
        self.assertNotIn("‮", result.out)
        deep = "[" * 100000
        (self.folder / "deep.json").write_text(deep)
        self.advisories(self.vector_release(), self.folder / "deep.json", code=3)
        wide = json.loads((CSAF / "06-purl-of-a-component.json").read_text())
        wide["product_tree"] = {"full_product_names": [{"product_id": str(number), "name": "x", "product_identification_helper":
                                                        {"purl": f"pkg:generic/x{number}@1"}} for number in range(20000)]}
        wide["vulnerabilities"] = [{"cve": f"CVE-2026-{number}", "product_status": {"known_affected": [str(one) for one in range(500)]}}
                                   for number in range(200)]
        self.assertEqual(self.matches(self.vector_release(), self.write(wide, "wide.json")), {})
        # What a short document can make of itself has an end, and is not passed over.
        every = [str(number) for number in range(4000)]
        wide["product_tree"]["product_groups"] = [{"group_id": "all", "product_ids": every}]
        wide["vulnerabilities"] = [{"cve": f"CVE-2026-{number}", "product_status": {"known_affected": ["1"]},
                                    "flags": [{"label": "component_not_present", "group_ids": ["all"]}]} for number in range(2600)]
        vex = {"@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://acme.example/vex", "author": "Acme", "timestamp": "2026-09-01T08:00:00Z", "version": 1,
               "statements": [{"vulnerability": {"name": "CVE-2026-1"}, "status": "fixed", "products": [
                   {"@id": "pkg:generic/x@1", "subcomponents": [{"@id": "pkg:generic/y@1"}] * 250000}]}]}
        for name, document, words in (("groups.json", wide, "by product_groups, than are judged"), ("parts.json", vex, "250001 products and parts")):
            with self.subTest(name):
                self.assertIn(words, " ".join(self.advisories(self.vector_release(), self.write(document, name), code=3).out.split()))


class Inside(AdvisoryCase):
    def results(self, archive, check, code=0):
        return [one["result"] for one in all_checks(self.check(archive, "--json", code=code).json()) if one["check"] == check]

    def advisory(self, name):
        return (CSAF / name).read_bytes()

    def test_vex_files_that_speak_of_the_release(self):
        for name in ("09-vex-not-affected.json", "16-cyclonedx-vex-by-bom-link.json", "18-cyclonedx-vex-by-purl.json"):
            archive = self.vector_release(extra={"vex.json": (self.advisory(name), "vex")})
            self.assertEqual(self.results(archive, "vex.match"), ["PASS"], name)

    def test_vex_files_that_do_not(self):
        for name in ("17-cyclonedx-vex-of-another-bom.json", "07-purl-of-another-version.json", "13-name-and-range.json",
                     "27-affected-and-fixed-at-once.json", "29-not-affected-without-a-reason.json",
                     "30-cyclonedx-vex-of-another-product.json"):
            archive = self.vector_release(extra={"vex.json": (self.advisory(name), "vex")})
            self.assertEqual(self.results(archive, "vex.match"), ["WARN"], name)
        archive = self.vector_release(extra={"vex.json": (b"{}", "vex")})
        self.assertEqual(self.results(archive, "vex.match"), ["WARN"])

    def test_advisories_as_listed(self):
        data = self.advisory("02-purl-of-the-product-fixed.json")
        listed = {"id": "EA-SA-TEST-02", "digest": sha256(data), "file": "advisory.json"}
        extra = {"advisory.json": (data, "advisory")}
        archive = self.vector_release(extra=extra, advisories=[listed])
        self.assertEqual(self.results(archive, "advisory.digest"), ["PASS"])
        self.assertEqual(self.results(archive, "advisory.match"), ["PASS"])
        other = self.vector_release(extra=extra, advisories=[{**listed, "id": "EA-SA-TEST-03"}])
        self.assertIn("WARN", self.results(other, "advisory.match"))
        wrong = self.sbom_release(self.library_sbom(), extra=extra, hardware=[{"model": "EA-RTU7-C"}],
                                  advisories=[{**listed, "digest": "0" * 64}])
        result = self.sign("pack", wrong, "--key", KEYS / "release.key.pem", "--cert", KEYS / "release.cert.pem",
                           "--allow-example-keys", "--out", "never.tar", code=1)
        self.assertIn("advisories[0].digest", result.err + result.out)
        self.assertFalse((self.folder / "never.tar").exists())

    def test_the_signer_says_the_same_before_it_packs(self):
        """lint and the verifier: the same findings of VEX, advisories and SBOM quality, by check and place."""
        poor = changed(self.library_sbom(), lambda one: (one["components"][0].pop("purl"), one["components"][0].pop("cpe")))
        profile = self.folder / "profile.json"
        profile.write_text(json.dumps({"cretula": "profile/1", "name": "strict", "version": 1, "topics": [{"id": "S3", "title": "Context"}],
                                       "severities": {"sbom.bsi": "warn"}}))
        listed = {"id": "EA-SA-TEST-03", "digest": sha256(self.advisory("02-purl-of-the-product-fixed.json")), "file": "advisory.json"}
        for name in ("09-vex-not-affected.json", "17-cyclonedx-vex-of-another-bom.json", "29-not-affected-without-a-reason.json",
                     "13-name-and-range.json"):
            description = self.sbom_release(poor, hardware=[{"model": "EA-RTU7-C"}], advisories=[listed], extra={
                "vex.json": (self.advisory(name), "vex"), "broken.json": (b"{", "vex"),
                "advisory.json": (self.advisory("02-purl-of-the-product-fixed.json"), "advisory")})
            said = self.sign("lint", description, "--profile", profile, "--format", "json", code=(0, 1)).json()
            archive = self.pack(description, f"{name}.tar")
            record = self.check(archive, "--profile", profile, "--json").json()
            wanted = ("vex.match", "advisory.match", "sbom.cisa", "sbom.bsi")

            def faults(findings, bad):
                return sorted((one["check"], one.get("where", ""), one["reason"]) for one in findings
                              if one["check"] in wanted and one["result"] in bad)
            before, after = faults(said["findings"], ("FAIL", "WARN")), faults(all_checks(record), ("WARN",))
            self.assertEqual(before, after, name)
            self.assertIn("advisory.match", [one[0] for one in after])
            self.assertIn("sbom.bsi", [one[0] for one in after])

    def test_quality_is_warned_about(self):
        """CISA's elements are looked at always, and only warned about; BSI and NTIA where a profile or policy asks for it."""
        poor = changed(self.bound_sbom(), lambda one: (one["components"][0].pop("purl"), one["components"][0].pop("cpe")))
        record = self.check(self.pack(self.sbom_release(poor)), "--json").json()
        found = [one for one in all_checks(record) if one["check"] == "sbom.cisa"]
        self.assertEqual([(one["result"], one["where"]) for one in found], [("WARN", "sbom.json#/components/0"), ("WARN", "sbom.json#")])
        self.assertIn("CISA-14", found[0]["reason"])
        self.assertIn("CISA-18", found[1]["reason"])
        self.assertEqual([one for one in all_checks(record) if one["check"] in ("sbom.bsi", "sbom.ntia")], [])


if __name__ == "__main__":
    main()
