# SPDX-License-Identifier: Apache-2.0
"""SPDX 3 completed: the product above the tool's own root, bound to files, and what is unknown said to be."""
import gzip
import json

import spdx3
from harness import DATE, PRODUCT, VENDOR, main, sha256
from sbom_case import CPE, PURL, TOOL, BindingCase, changed, sha512, tar_of
from spdx3 import BASE, add, at, drop, element, good_spdx3, hashed, put, remove

BUSYBOX = b"\x7fELF busybox of the image"
IMAGE = gzip.compress(tar_of({"bin/busybox": BUSYBOX}), mtime=0)
YOCTO = "http://spdx.org/spdxdocs/image-0001/"


def yocto():
    """As create-spdx writes the SBOM of an image: the root file system is made by a build of packages, the image is a file beside it."""
    def made(kind, end, **members):
        return {"type": kind, "spdxId": YOCTO + end, "creationInfo": "_:CreationInfo1", **members}

    def related(end, source, kind, *targets, **members):
        return made("Relationship", end, **{"from": YOCTO + source, "relationshipType": kind, "to": [YOCTO + one for one in targets], **members})

    def package(name, version):
        return made("software_Package", name, name=name, software_packageVersion=version, software_primaryPurpose="install",
                    software_packageUrl=f"pkg:yocto/core/{name}@{version}")
    return {"@context": spdx3.CONTEXT, "@graph": [
        {"type": "CreationInfo", "@id": "_:CreationInfo1", "specVersion": "3.0.1", "created": "2026-01-01T00:00:00Z",
         "createdBy": [YOCTO + "author"], "createdUsing": [YOCTO + "tool"]},
        {"type": "CreationInfo", "specVersion": "3.0.1", "created": "2026-01-01T00:00:00Z", "createdBy": [YOCTO + "author"]},
        made("Organization", "author", name="OpenEmbedded"), made("Tool", "tool", name="oe-spdx-creator 1.0"),
        made("SpdxDocument", "document", name="core-image", rootElement=[YOCTO + "sbom"], profileConformance=["core", "build", "software"]),
        made("software_Sbom", "sbom", software_sbomType=["build"], rootElement=[YOCTO + "rootfs", YOCTO + "image"]),
        made("software_Package", "rootfs", name="core-image", software_primaryPurpose="archive"),
        made("software_File", "image", name="core-image.tar.gz", verifiedUsing=[hashed("sha256", sha256(IMAGE))], software_primaryPurpose="filesystemImage"),
        made("software_File", "busybox-file", name="bin/busybox", verifiedUsing=[hashed("sha256", sha256(BUSYBOX))]),
        package("busybox", "1.37.0"), package("glibc", "2.41"),
        made("build_Build", "build", build_buildType="http://openembedded.org/bitbake", build_buildId="1"),
        related("out", "build", "hasOutput", "rootfs", "image"), related("in", "build", "hasInput", "busybox", "glibc"),
        related("files", "busybox", "contains", "busybox-file"),
        {**related("needs", "busybox", "dependsOn", "glibc"), "type": "LifecycleScopedRelationship", "scope": "runtime"},
        made("simplelicensing_LicenseExpression", "gpl", simplelicensing_licenseExpression="GPL-2.0-only"),
        related("licence", "busybox", "hasDeclaredLicense", "gpl")]}


class Case(BindingCase):
    def completed(self, sbom, binds=(), code=0, **more):
        """What becomes of a document; a second run changes nothing."""
        description = self.sbom_release(sbom, binds, format="SPDX-3.0.1", contacts={"securityContact": "psirt@example.com"}, **more)
        before = json.loads((self.folder / "sbom.json").read_text())
        self.said = self.sign("sbom", "complete", description, "--out", "done.json", code=code)
        done = json.loads((self.folder / "done.json").read_text())
        (self.folder / "sbom.json").write_bytes((self.folder / "done.json").read_bytes())
        self.assertIn("nothing to change", self.sign("sbom", "complete", description, "--out", "again.json", code=code).err)
        self.assertEqual((self.folder / "again.json").read_bytes(), (self.folder / "done.json").read_bytes())
        self.assertLessEqual({one.get("spdxId", one.get("@id")) for one in before["@graph"] if one["type"] != "SpdxDocument"},
                             {one.get("spdxId", one.get("@id")) for one in done["@graph"]})
        self.done, self.described = done, description
        return done

    def rules(self, profile):
        result = self.sign("sbom", "check", "done.json", "--profile", profile, "--json", code=(0, 1)).json()
        return {one["rule"] for one in result["findings"] if "rule" in one}

    def ends(self, name):
        """The one object whose id ends with that."""
        [found] = [one for one in self.done["@graph"] if one.get("spdxId", "").endswith(name)]
        return found

    def from_to(self, source, kind):
        return [one for one in self.done["@graph"] if one.get("from") == source["spdxId"] and one["relationshipType"] == kind]


class Completed(Case):
    def test_an_image_of_yocto(self):
        done = self.completed(yocto(), [{"component": YOCTO + "image", "file": "core-image.tar.gz"},
                                        {"component": YOCTO + "busybox-file", "file": "core-image.tar.gz", "member": "bin/busybox"}],
                              extra={"core-image.tar.gz": (IMAGE, "software")})
        product = self.ends("#product")
        self.assertEqual((product["name"], product["software_packageVersion"], product["software_packageUrl"]), (PRODUCT, "1.0.0", PURL))
        self.assertEqual([one["identifier"] for one in product["externalIdentifier"]], [CPE])
        self.assertEqual(product["verifiedUsing"], [dict(hashed("sha256", sha256(self.firmware))), dict(hashed("sha512", sha512(self.firmware)))])
        self.assertEqual(self.ends("0001/sbom")["rootElement"], [product["spdxId"]])
        [contains] = self.from_to(product, "contains")
        self.assertEqual((contains["to"], contains["completeness"]), ([YOCTO + "rootfs", YOCTO + "image"], "noAssertion"))
        # The tool's own root stays as it is.
        self.assertEqual(self.ends("0001/rootfs")["name"], "core-image")
        maker = self.ends("#manufacturer")
        self.assertEqual((maker["name"], maker["externalIdentifier"][0]["identifier"], product["suppliedBy"]), (VENDOR, "psirt@example.com", maker["spdxId"]))
        self.assertEqual(self.ends("busybox-file")["verifiedUsing"], [hashed("sha256", sha256(BUSYBOX)), hashed("sha512", sha512(BUSYBOX))])
        # Nothing is made up: what nobody said is said to be unknown, and what has no word for that stays open.
        glibc = self.ends("0001/glibc")
        self.assertEqual(self.from_to(glibc, "hasDeclaredLicense")[0]["to"], ["expandedlicensing_NoAssertionLicense"])
        self.assertEqual([one["to"] for one in self.from_to(glibc, "dependsOn")], [["NoAssertionElement"]])
        self.assertEqual(self.ends("0001/rootfs")["software_packageVersion"], "NOASSERTION")
        self.assertNotIn("verifiedUsing", glibc)
        self.assertEqual(self.rules("cisa-2026"), {"CISA-12", "CISA-14", "CISA-18"})
        self.assertFalse(self.rules("bsi") & {"BSI-01", "BSI-02", "BSI-03", "BSI-04", "BSI-05", "BSI-06", "BSI-07", "BSI-15", "BSI-16"})
        # The result is bound to the files, and verified.
        self.assertEqual([one for one in done["@graph"] if one["type"] == "SpdxDocument"][0]["name"], "core-image")
        self.check(self.pack(self.described))

    def test_documents_without_a_named_author_tool_or_kind(self):
        """As Zephyr writes it: software made it, no software_Sbom, the packages are its roots."""
        def change(one):
            at(one, "maker").update(type="SoftwareAgent", name="West SPDX Generator")
            at(one, "maker").pop("externalIdentifier")
            at(one, "creation").pop("createdUsing")
            one["@graph"] = [other for other in one["@graph"] if other.get("spdxId") not in (BASE + "sbom", BASE + "tool")]
            at(one, "document").update(rootElement=[BASE + "root", BASE + "lib"])
            for name in ("root", "lib"):
                at(one, name).pop("suppliedBy")
                at(one, name).pop("originatedBy")
        self.completed(changed(good_spdx3(), change))
        document = next(one for one in self.done["@graph"] if one["type"] == "SpdxDocument")
        [sbom] = [one for one in self.done["@graph"] if one["type"] == "software_Sbom"]
        self.assertEqual((document["rootElement"], sbom["software_sbomType"]), ([sbom["spdxId"]], ["analyzed"]))
        creation = next(one for one in self.done["@graph"] if one.get("@id") == document["creationInfo"])
        maker, tool = self.ends("#manufacturer"), self.ends("#tool")
        self.assertEqual((creation["createdBy"], creation["createdUsing"]), ([BASE + "maker", maker["spdxId"]], [tool["spdxId"]]))
        # What the tool made is not said to be made by the manufacturer.
        self.assertEqual(at(self.done, "creation")["createdBy"], [BASE + "maker"])
        self.assertEqual(self.ends("#unknown")["name"], "NOASSERTION")
        self.assertEqual(at(self.done, "lib")["originatedBy"], [self.ends("#unknown")["spdxId"]])
        self.assertEqual(at(self.done, "root")["originatedBy"], [maker["spdxId"]])
        self.assertEqual(self.rules("cisa-2026"), set())
        self.check(self.pack(self.described))

    def test_what_is_there_stays(self):
        whole = changed(good_spdx3(), put("maker", name=VENDOR))
        self.completed(whole)
        for name in ("lib", "lib-file", "lib-depends", "sbom", "creation", "maker", "tool"):
            self.assertEqual(at(self.done, name), at(whole, name), name)
        self.assertEqual(len(self.done["@graph"]), len(whole["@graph"]))
        self.assertNotEqual([one for one in self.done["@graph"] if one["type"] == "SpdxDocument"][0]["spdxId"], BASE + "document")

    def test_hashes_of_another_build_are_replaced_in_package_and_file(self):
        old = [hashed("sha256", "ab" * 32), hashed("md5", "ab" * 16)]
        self.completed(changed(good_spdx3(), lambda one: (put("root", verifiedUsing=old)(one), put("root-file", verifiedUsing=old)(one))))
        new = [hashed("sha256", sha256(self.firmware)), hashed("sha512", sha512(self.firmware))]
        self.assertEqual((at(self.done, "root")["verifiedUsing"], at(self.done, "root-file")["verifiedUsing"]), (new, new))

    def test_a_package_that_is_bound_gets_its_file(self):
        self.completed(changed(good_spdx3(), remove("lib-artifact", "lib-file")), [{"component": BASE + "lib", "file": "tool.bin"}],
                       extra={"tool.bin": (TOOL, "software")})
        [artifact] = self.from_to(at(self.done, "lib"), "hasDistributionArtifact")
        file = next(one for one in self.done["@graph"] if one.get("spdxId") == artifact["to"][0])
        self.assertEqual((file["name"], file["verifiedUsing"]), ("tool.bin", [hashed("sha256", sha256(TOOL)), hashed("sha512", sha512(TOOL))]))

    def test_what_the_bytes_say(self):
        tar, script = tar_of({"a": b"x"}), b"#!/bin/sh\nexit 0\n"
        self.completed(changed(good_spdx3(), lambda one: (put("lib-file", software_additionalPurpose=["firmware"])(one), add(
            element("software_File", "script", name="run.sh"), element("software_File", "tar", name="fs.tar"))(one))),
            [{"component": BASE + "script", "file": "run.sh"}, {"component": BASE + "tar", "file": "fs.tar"}, {"component": BASE + "lib", "file": "lib.tar"}],
            extra={"run.sh": (script, "software"), "fs.tar": (tar, "software"), "lib.tar": (tar, "software")})
        self.assertEqual(at(self.done, "script")["software_additionalPurpose"], ["executable"])
        self.assertEqual(at(self.done, "tar")["software_additionalPurpose"], ["archive", "container"])
        # What contradicts what is there is not added.
        self.assertEqual(at(self.done, "lib-file")["software_additionalPurpose"], ["firmware", "archive"])

    def test_of_two_images_each_has_ids_of_its_own(self):
        description = self.sbom_release(yocto(), format="SPDX-3.0.1")
        first = self.sign("sbom", "complete", description).json()
        self.write(yocto(), "other.json")
        value = json.loads(description.read_text())
        value["files"].append({"source": "other.json", "role": "sbom"})
        value["sbom"].append({"file": "other.json", "format": "SPDX-3.0.1"})
        description.write_text(json.dumps(value))
        second = self.sign("sbom", "complete", description, "--sbom", "other.json").json()
        ids = [{one["spdxId"] for one in done["@graph"] if one.get("spdxId", "").startswith("urn:uuid:")} for done in (first, second)]
        self.assertTrue(ids[0] and ids[1] and not ids[0] & ids[1])

    def test_a_date_is_not_invented(self):
        self.completed(yocto())
        made = next(one for one in self.done["@graph"] if one.get("@id") == "_:cretula-sign")
        self.assertEqual(made["created"], DATE)

    def test_what_is_not_well_formed_is_not_completed(self):
        for what, change in {"dangling": put("root-depends", to=[BASE + "ghost"]), "no document": remove("document"), "no name": drop("lib", "name"),
                             "twice": add(element("Tool", "tool", name="again"))}.items():
            with self.subTest(what):
                description = self.sbom_release(changed(good_spdx3(), change), format="SPDX-3.0.1")
                result = self.sign("sbom", "complete", description, "--out", "refused.json", code=1)
                self.assertIn("not well formed", result.err)
                self.assertFalse((self.folder / "refused.json").exists())


if __name__ == "__main__":
    main()
