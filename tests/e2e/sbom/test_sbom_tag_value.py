# SPDX-License-Identifier: Apache-2.0
"""SPDX 2 in tag-value form, as Zephyr and ESP-IDF write it: faults by line, the rules of JSON, binding, and a manifest that names another format."""
import json

from harness import PRODUCT, main, noise, sha256
from sbom_case import BindingCase, changed, good_spdx, tar_of

FIRMWARE = noise(5000, "firmware")
# In the form of `west spdx`: the application's document, which refers to the one of Zephyr.
ZEPHYR = f"""\ufeffSPDXVersion: SPDX-2.3
DataLicense: CC0-1.0
SPDXID: SPDXRef-DOCUMENT
DocumentName: app
DocumentNamespace: https://automation.example.com/spdx/rtu7-1.0.0
Creator: Tool: Zephyr SPDX builder-4.2
Creator: Organization: Example Automation GmbH
Created: 2026-10-01T00:00:00Z
CreatorComment: <text>made by
the build</text>

Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-app

##### Package: app

PackageName: {PRODUCT}
SPDXID: SPDXRef-app
PackageVersion: 1.0.0
PackageSupplier: Organization: Example Automation GmbH
PackageDownloadLocation: NOASSERTION
PackageLicenseConcluded: Apache-2.0
PackageLicenseDeclared: Apache-2.0
PackageCopyrightText: <text>Copyright: nobody
PackageName: no package</text>
PackageChecksum: SHA256: {sha256(FIRMWARE)}
ExternalRef: PACKAGE_MANAGER purl pkg:generic/example-automation/rtu-7-firmware@1.0.0
ExternalRefComment: as the release says
FilesAnalyzed: true
PackageVerificationCode: {"a" * 40} (excludes: ./x)

FileName: ./zephyr/zephyr.elf
SPDXID: SPDXRef-File-elf
FileType: BINARY
FileChecksum: SHA1: {"b" * 40}
FileChecksum: SHA256: {sha256(noise(2000, "other"))}
LicenseConcluded: NOASSERTION
LicenseInfoInFile: NOASSERTION
FileCopyrightText: NOASSERTION

PackageName: zephyr
SPDXID: SPDXRef-zephyr
PackageVersion: 4.2.0
PackageSupplier: Organization: Zephyr Project
PackageDownloadLocation: git+https://github.com/zephyrproject-rtos/zephyr
PackageLicenseConcluded: Apache-2.0
PackageChecksum: SHA512: {"a" * 128}
ExternalRef: SECURITY cpe23Type cpe:2.3:o:zephyrproject:zephyr:4.2.0:*:*:*:*:*:*:*
FilesAnalyzed: false

Relationship: SPDXRef-app DEPENDS_ON SPDXRef-zephyr
RelationshipComment: linked in
"""
LINES = ZEPHYR.splitlines()


def line_of(text, after=""):
    first = LINES.index(after) if after else 0
    return next(number for number, line in enumerate(LINES, 1) if line == text and number > first)


# what: (what is replaced, by what, the line of the finding, its words)
FAULTS = [
    ("no tag", "FileType: BINARY", "FileType BINARY", "the line is no tag with a value"),
    ("a tag twice", "PackageVersion: 4.2.0", "PackageVersion: 4.2.0\nPackageVersion: 4.3.0", "a tag that stands once is there again"),
    ("a tag of nothing", "FileName: ./zephyr/zephyr.elf", "FileComment: x", "nothing that this tag is about has begun"),
    ("no flag", "FilesAnalyzed: false", "FilesAnalyzed: no", "the value is neither"),
    ("no algorithm", f"PackageChecksum: SHA512: {'a' * 128}", f"PackageChecksum: {'a' * 128}", "the checksum has no algorithm"),
    ("no digest", f"PackageChecksum: SHA512: {'a' * 128}", f"PackageChecksum: SHA512: {'a' * 127}", "the checksum is no SHA512 digest"),
    ("two parts", "Relationship: SPDXRef-app DEPENDS_ON SPDXRef-zephyr", "Relationship: SPDXRef-app DEPENDS_ON", "the value has not its three parts"),
    ("another type", "Relationship: SPDXRef-app DEPENDS_ON SPDXRef-zephyr", "Relationship: SPDXRef-app NEEDS SPDXRef-zephyr", "relationshipType"),
    ("dangling", "Relationship: SPDXRef-app DEPENDS_ON SPDXRef-zephyr", "Relationship: SPDXRef-app DEPENDS_ON SPDXRef-z", "what the document does not have"),
    ("a comment of nothing", "FilesAnalyzed: true", "RelationshipComment: x", "nothing that this tag is about has begun"),
    ("no end", "RelationshipComment: linked in", "RelationshipComment: <text>linked in", "a text that begins with <text> has no end"),
    ("behind a text", "RelationshipComment: linked in", "RelationshipComment: <text>linked in</text> x", "something follows </text> on its line"),
    ("no id", "SPDXID: SPDXRef-zephyr", "# none", "SPDXID is missing"),
    ("no creator", "Creator: Organization: Example Automation GmbH", "Creator: Example Automation GmbH", "Person: ..., Organization: ..., or Tool: ..."),
]


class TagValue(BindingCase):
    def put(self, text, name="app.spdx"):
        (self.folder / name).write_text(text, encoding="utf-8")
        return self.folder / name

    def test_sound(self):
        result = self.sign("sbom", "check", self.put(ZEPHYR), "--profile", "ntia-2021", "--profile", "cisa-2026", "--json").json()
        self.assertEqual((result["format"], result["components"]), ("SPDX-2.3", 1))
        self.assertEqual([one["result"] for one in result["findings"] if one["check"] == "sbom.form"], ["PASS"])
        crlf = self.put(ZEPHYR.replace("\n", "\r\n"), "crlf.spdx")
        self.assertEqual(self.sign("sbom", "check", crlf, "--json").json()["components"], 1)

    def test_it_says_what_its_json_says(self):
        """The same document in both forms: the same rules are met."""
        def tag_value(one):
            lines = [f"SPDXVersion: {one['spdxVersion']}", f"DataLicense: {one['dataLicense']}", f"SPDXID: {one['SPDXID']}",
                     f"DocumentName: {one['name']}", f"DocumentNamespace: {one['documentNamespace']}",
                     *(f"Creator: {who}" for who in one["creationInfo"]["creators"]), f"Created: {one['creationInfo']['created']}"]
            if "comment" in one["creationInfo"]:
                lines.append(f"CreatorComment: <text>{one['creationInfo']['comment']}</text>")
            names = {"name": "PackageName", "SPDXID": "SPDXID", "versionInfo": "PackageVersion", "supplier": "PackageSupplier",
                     "downloadLocation": "PackageDownloadLocation", "licenseDeclared": "PackageLicenseDeclared"}
            for package in one["packages"]:
                lines += [f"{tag}: {package[member]}" for member, tag in names.items() if member in package]
                lines += [f"PackageChecksum: {sum['algorithm']}: {sum['checksumValue']}" for sum in package.get("checksums", ())]
                lines += [f"ExternalRef: {ref['referenceCategory']} {ref['referenceType']} {ref['referenceLocator']}"
                          for ref in package.get("externalRefs", ())]
            lines += [f"Relationship: {one['spdxElementId']} {one['relationshipType']} {one['relatedSpdxElement']}" for one in one["relationships"]]
            return "\n".join(lines) + "\n"
        changes = [lambda one: None, lambda one: one["packages"][1].pop("versionInfo"), lambda one: one["packages"][1].pop("supplier"),
                   lambda one: one["packages"][1].pop("checksums"), lambda one: one["packages"][1].pop("externalRefs"),
                   lambda one: one["packages"][1].pop("licenseDeclared"), lambda one: one["relationships"].pop(1),
                   lambda one: one["creationInfo"].update(creators=["Tool: maker"]), lambda one: one["creationInfo"].pop("comment"),
                   lambda one: one["packages"][1].update(versionInfo="NOASSERTION")]
        for number, change in enumerate(changes):
            with self.subTest(number):
                document = changed(good_spdx(), change)
                found = [self.sign("sbom", "check", path, "--profile", "cisa-2026", "--profile", "ntia-2021", "--json", code=(0, 1)).json()
                         for path in (self.write(document), self.put(tag_value(document)))]
                rules = [[(one.get("rule"), one["where"].split("#")[-1].split(" (line")[0]) for one in result["findings"] if "rule" in one] for result in found]
                self.assertEqual(rules[0], rules[1])
                self.assertEqual(found[0]["profiles"], found[1]["profiles"])

    def test_faults_name_their_line(self):
        for what, old, new, words in FAULTS:
            with self.subTest(what):
                self.assertEqual(LINES.count(old), 1, old)
                result = self.sign("sbom", "check", self.put(ZEPHYR.replace(old, new)), "--json", code=1).json()
                faults = [one for one in result["findings"] if one["result"] == "FAIL" and words in json.dumps(one, ensure_ascii=False)]
                self.assertTrue(faults, result["findings"])
                self.assertRegex(faults[0]["where"], r" \(line \d+\)$")
        number = line_of("PackageVersion: 4.2.0")
        result = self.sign("sbom", "check", self.put(ZEPHYR.replace("PackageVersion: 4.2.0", "PackageVersoin: 4.2.0")), "--json").json()
        self.assertIn((f"(line {number})", "WARN"), [(one["where"].split("# ")[-1], one["result"]) for one in result["findings"]])
        self.assertEqual(self.sign("sbom", "check", self.put(ZEPHYR + "\0"), code=1).code, 1)
        (self.folder / "latin.spdx").write_bytes(ZEPHYR.encode("utf-8") + b"PackageComment: \xe4\n")
        self.assertIn("not UTF-8", self.sign("sbom", "check", "latin.spdx", code=1).out)

    def release(self, text, binds=(), format="SPDX-2.3"):
        description = self.sbom_release({}, binds, format=format, firmware=FIRMWARE,
                                        extra={"zephyr.elf": (noise(2000, "other"), "software")})
        self.put(text, "sbom.json")
        return description

    def test_bound_to_its_firmware(self):
        binds = [{"component": "SPDXRef-File-elf", "file": "zephyr.elf"}]
        record = self.check(self.pack(self.release(ZEPHYR, binds)), "--json").json()
        self.assertEqual([one["result"] for one in record["result"]["checks"] if one["check"] in ("sbom.form", "sbom.binding")], ["PASS", "PASS"])
        for old, new, words in ((sha256(FIRMWARE), "0" * 64, "the root component"), ("PackageVersion: 1.0.0", "PackageVersion: 2.0.0", "another version"),
                                (sha256(noise(2000, "other")), "0" * 64, "SPDXRef-File-elf")):
            result = self.sign("lint", self.release(ZEPHYR.replace(old, new), binds), code=1).out
            self.assertIn(words, " ".join(result.split()))
            self.assertRegex(" ".join(result.split()), r"sbom\.json#/\S+ \(line \d+\): FAIL sbom\.binding")

    def test_it_is_completed_as_json(self):
        description = self.release(ZEPHYR.replace("PackageVersion: 1.0.0", "PackageVersion: 0.9"))
        self.sign("sbom", "complete", description, "--out", "done.json")
        done = json.loads((self.folder / "done.json").read_text())
        self.assertEqual((done["packages"][0]["versionInfo"], done["packages"][0]["hasFiles"]), ("1.0.0", ["SPDXRef-File-elf"]))
        (self.folder / "sbom.json").write_bytes((self.folder / "done.json").read_bytes())
        self.check(self.pack(description))


class OtherFormat(BindingCase):
    def test_the_manifest_names_another_format_in_one_sentence(self):
        """Not a list of all that the one format has and the other has not."""
        spdx = changed(good_spdx(), lambda one: one["packages"][0].update(checksums=[{"algorithm": "SHA256", "checksumValue": sha256(FIRMWARE)}]))
        for document, listed, real in ((self.bound_sbom(), "SPDX-2.3", "CycloneDX-1.6"), (self.bound_sbom(), "CycloneDX-1.5", "CycloneDX-1.6"),
                                       (spdx, "CycloneDX-1.6", "SPDX-2.3"), (spdx, "SPDX-3.0.1", "SPDX-2.3")):
            with self.subTest(listed, real=real):
                found = self.sign("lint", self.sbom_release(document, format=listed), "--format", "json", code=1).json()["findings"]
                faults = [(one["check"], one["reason"]) for one in found if one["result"] == "FAIL"]
                self.assertEqual(faults, [("sbom.form", f"the SBOM is {real}, and the manifest says that it is {listed}")])


class Declared(BindingCase):
    """What `sbom complete` does with what a real tool leaves open."""

    def bare(self):
        return {"bomFormat": "CycloneDX", "specVersion": "1.6", "metadata": {"component": {"type": "application", "bom-ref": "own", "name": "panel", "version": "3"}},
                "components": [{"type": "library", "bom-ref": "a", "name": "a", "version": "1", "purl": "pkg:npm/a@1"},
                               {"type": "library", "bom-ref": "b", "name": "b"}],
                "dependencies": [{"ref": "own", "dependsOn": ["a"]}]}

    def complete(self, document, format="CycloneDX-1.6"):
        description = self.sbom_release(document, format=format, contacts={"securityContact": "psirt@example.com"})
        self.sign("sbom", "complete", description, "--out", "done.json")
        done = json.loads((self.folder / "done.json").read_text())
        (self.folder / "sbom.json").write_bytes((self.folder / "done.json").read_bytes())
        self.assertIn("nothing to change", self.sign("sbom", "complete", description, "--out", "again.json").err)
        return done

    def rules(self, profile):
        result = self.sign("sbom", "check", "done.json", "--profile", profile, "--json", code=(0, 1)).json()
        return {one["rule"] for one in result["findings"] if "rule" in one}, {one["rule"]: one.get("declared") for one in result["profiles"][0]["said"]}

    def test_cyclonedx(self):
        done = self.complete(self.bare())
        faults, said = self.rules("cisa-2026")
        self.assertEqual(faults, set())
        self.assertEqual((said["CISA-10"], said["CISA-11"], said["CISA-12"], said["CISA-14"], said["CISA-15"], said["CISA-17"], said["CISA-19"]),
                         (3, 2, 3, 2, 4, 1, 1))
        self.assertEqual(done["metadata"]["manufacturer"], {"name": "Example Automation GmbH", "contact": [{"email": "psirt@example.com"}]})
        self.assertEqual(done["metadata"]["lifecycles"], [{"phase": "post-build"}])
        self.assertNotIn("hashes", done["components"][1])
        # What is left to BSI is what only a person knows.
        self.assertFalse(self.rules("bsi")[0] & {"BSI-01", "BSI-02", "BSI-03", "BSI-04", "BSI-05", "BSI-06", "BSI-07", "BSI-15", "BSI-16"})

    def test_what_the_bytes_say(self):
        def properties(sbom):
            description = self.sbom_release(sbom, [{"component": "a", "file": "fs.tar"}], extra={"fs.tar": (tar_of({"x": b"x"}), "software")})
            done = self.sign("sbom", "complete", description).json()
            return {one["name"]: one["value"] for one in done["components"][1]["properties"] if one["name"].startswith("bsi:")}
        said = {"bsi:component:filename": "fs.tar", "bsi:component:archive": "archive", "bsi:component:structured": "structured"}
        self.assertEqual(properties(self.bare()), said)
        known = changed(self.bare(), lambda one: one["components"][0].update(properties=[{"name": "bsi:component:structured", "value": "unstructured"}]))
        self.assertEqual(properties(known), {**said, "bsi:component:structured": "unstructured"})

    def test_what_is_there_stays(self):
        whole = self.bound_sbom()
        done = self.complete(whole)
        for member in ("authors", "manufacturer", "lifecycles", "tools"):
            self.assertEqual(done["metadata"][member], whole["metadata"][member])
        self.assertEqual((done["components"], done["compositions"], done["dependencies"]),
                         (whole["components"], whole["compositions"], whole["dependencies"]))
        wrong = self.complete(changed(self.bare(), lambda one: one["components"][0].update(version="tbd")))
        self.assertEqual(wrong["components"][1]["version"], "tbd")
        self.assertEqual(self.rules("cisa-2026")[0], {"CISA-17"})

    def test_spdx(self):
        def change(one):
            one["packages"][1] = {name: one["packages"][1][name] for name in ("SPDXID", "name", "downloadLocation", "checksums", "externalRefs")}
            one["relationships"].pop(1)
            one["creationInfo"].update(creators=["Tool: maker-1"])
            one["creationInfo"].pop("comment")
        done = self.complete(changed(good_spdx(), change), "SPDX-2.3")
        self.assertEqual(self.rules("cisa-2026")[0], set())
        part = next(one for one in done["packages"] if one["name"] == "openssl")
        self.assertEqual((part["originator"], part["versionInfo"], part["licenseDeclared"]), ("NOASSERTION",) * 3)
        self.assertIn("Organization: Example Automation GmbH", done["creationInfo"]["creators"])


if __name__ == "__main__":
    main()
