# SPDX-License-Identifier: Apache-2.0
"""What tools for SBOMs write, completed, bound, packed and checked: an image of Yocto with a panel of npm beside it, a firmware of Zephyr.

`npm sbom` is run here; the SBOM of cyclonedx-npm is what that tool wrote (real/README.md); those of Yocto and Zephyr are made here in their form.
"""
import base64
import gzip
import hashlib
import json
import pathlib

from harness import NODE_MODULES, PRODUCT, VENDOR, main, noise, sha256
from sbom_case import PURL, BindingCase, sha512, tar_of, zip_of
from spdx3 import CONTEXT, hashed

NPM = pathlib.Path(__file__).parent / "real" / "cyclonedx-npm-6.0.1.cdx.json"
BUSYBOX = b"\x7fELF busybox of the image"
ROOTFS = gzip.compress(tar_of({"bin/busybox": BUSYBOX, "etc/version": b"1"}), mtime=0)
DEBUG = b"module.exports = require('./node.js');"
PANEL = zip_of({"package/package.json": b"{}", "package/node_modules.tar": tar_of({"debug/src/index.js": DEBUG})})
SPACE = "http://spdx.org/spdxdocs/gateway-image-4f7c/"


def yocto():
    """create-spdx of an image: the root file system comes from a build that took packages in; the image is a file beside it; patched CVEs are told."""
    def made(kind, end, **members):
        return {"type": kind, "spdxId": SPACE + end, "creationInfo": "_:CreationInfo1", **members}

    def related(end, source, kind, *targets, **members):
        return made("Relationship", end, **{"from": SPACE + source, "relationshipType": kind, "to": [SPACE + one for one in targets], **members})

    def package(name, version):
        return made("software_Package", name, name=name, software_packageVersion=version, software_primaryPurpose="install",
                    software_packageUrl=f"pkg:yocto/core/{name}@{version}")
    fixed = related("vex", "cve", "fixedIn", "busybox-recipe", security_vexVersion="1.0.0")
    return {"@context": CONTEXT, "@graph": [
        {"type": "CreationInfo", "@id": "_:CreationInfo1", "specVersion": "3.0.1", "created": "2026-01-01T00:00:00Z",
         "createdBy": [SPACE + "author"], "createdUsing": [SPACE + "tool"]},
        made("Organization", "author", name="OpenEmbedded"), made("Tool", "tool", name="oe-spdx-creator 1.0"),
        made("SpdxDocument", "document", name="gateway-image", rootElement=[SPACE + "sbom"], profileConformance=["core", "build", "software", "security"]),
        made("software_Sbom", "sbom", software_sbomType=["build"], rootElement=[SPACE + "rootfs", SPACE + "image"]),
        made("software_Package", "rootfs", name="gateway-image", software_primaryPurpose="archive"),
        made("software_File", "image", name="gateway-image.tar.gz", verifiedUsing=[hashed("sha256", sha256(ROOTFS))]),
        made("software_File", "busybox-file", name="bin/busybox", verifiedUsing=[hashed("sha256", sha256(BUSYBOX))]),
        package("busybox", "1.37.0"), package("glibc", "2.41"),
        made("software_Package", "busybox-recipe", name="busybox", software_packageVersion="1.37.0", software_primaryPurpose="specification"),
        made("build_Build", "build", build_buildType="http://openembedded.org/bitbake", build_buildId="1"),
        related("out", "build", "hasOutput", "rootfs", "image"), related("in", "build", "hasInput", "busybox", "glibc"),
        related("files", "busybox", "contains", "busybox-file"),
        {**related("needs", "busybox", "dependsOn", "glibc"), "type": "LifecycleScopedRelationship", "scope": "runtime"},
        made("security_Vulnerability", "cve", externalIdentifier=[
            {"type": "ExternalIdentifier", "externalIdentifierType": "cve", "identifier": "CVE-2024-58251"}]),
        related("has", "busybox-recipe", "hasAssociatedVulnerability", "cve"),
        {**fixed, "type": "security_VexFixedVulnAssessmentRelationship"}]}


def document(name, namespace, *lines):
    return "\n".join(["SPDXVersion: SPDX-2.3", "DataLicense: CC0-1.0", "SPDXID: SPDXRef-DOCUMENT", f"DocumentName: {name}",
                      f"DocumentNamespace: https://automation.example.com/spdx/{namespace}", "Creator: Tool: Zephyr SPDX builder",
                      "Created: 2026-01-01T00:00:00Z", *lines, ""]).encode()


def zephyr(elf):
    """west spdx: the sources, and the build, which ties them by checksum and names the files that it made."""
    sources = document("zephyr-sources", "zephyr", "PackageName: zephyr-sources", "SPDXID: SPDXRef-zephyr-sources", "PackageVersion: 4.2.0",
                       "PackageDownloadLocation: NOASSERTION", "ExternalRef: SECURITY cpe23Type cpe:2.3:o:zephyrproject:zephyr:4.2.0:*:*:*:*:*:*:*",
                       "FilesAnalyzed: false", "Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-zephyr-sources")
    build = document("build", "build", f"ExternalDocumentRef: DocumentRef-zephyr https://automation.example.com/spdx/zephyr SHA1: {hashlib.sha1(sources).hexdigest()}",
                     "Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-zephyr-final", "PackageName: zephyr_final", "SPDXID: SPDXRef-zephyr-final",
                     "PackageDownloadLocation: NOASSERTION", "FilesAnalyzed: true", f"PackageVerificationCode: {'a' * 40}",
                     "FileName: ./zephyr/zephyr.elf", "SPDXID: SPDXRef-File-zephyr.elf", f"FileChecksum: SHA1: {hashlib.sha1(elf).hexdigest()}",
                     f"FileChecksum: SHA256: {sha256(elf)}", "LicenseConcluded: NOASSERTION", "FileCopyrightText: NOASSERTION",
                     "Relationship: SPDXRef-zephyr-final DEPENDS_ON DocumentRef-zephyr:SPDXRef-zephyr-sources")
    return sources, build


def lock_of_npm():
    """A project that installs debug, which needs ms: what `npm sbom` reads."""
    def installed(version, data, **members):
        return {"version": version, "integrity": "sha512-" + base64.b64encode(hashlib.sha512(data).digest()).decode(), "license": "MIT", **members}
    project = {"name": "panel", "version": "3.0.0", "license": "Apache-2.0", "dependencies": {"debug": "4.4.1"}}
    return project, {"name": "panel", "version": "3.0.0", "lockfileVersion": 3, "requires": True, "packages": {
        "": project, "node_modules/debug": installed("4.4.1", DEBUG, dependencies={"ms": "^2.1.3"}), "node_modules/ms": installed("2.1.3", b"ms")}}


class Tools(BindingCase):
    def describe(self, files, sboms):
        """A description of files {name: (bytes, role)} and entries of sbom."""
        for name, (data, _) in files.items():
            (self.folder / name).write_bytes(data)
        return self.description([(name, {"role": role}) for name, (_, role) in files.items()], sbom=sboms, product={"purl": PURL},
                                contacts={"securityContact": "psirt@example.com"})

    def complete(self, description, name, *arguments):
        self.sign("sbom", "complete", description, "--sbom", name, "--out", name, *arguments)
        return json.loads((self.folder / name).read_text())

    def bound(self, archive):
        record = self.check(archive, "--json").json()
        found = [(one["check"], one["result"]) for one in record["result"]["checks"] if one["check"] in ("sbom.form", "sbom.binding", "sbom.nested", "vex.match")]
        self.assertFalse([one for one in found if one[1] != "PASS"], record["result"]["checks"])
        return record["what"]["sbom"]

    def test_an_image_of_yocto_and_a_panel_of_npm_in_one_release(self):
        files = {"firmware.tar.gz": (ROOTFS, "firmware"), "panel.zip": (PANEL, "software"), "image.spdx.json": (json.dumps(yocto()).encode(), "sbom"),
                 "panel.cdx.json": (NPM.read_bytes(), "sbom")}
        sboms = [{"file": "image.spdx.json", "format": "SPDX-3.0.1", "binds": [
                    {"component": SPACE + "image", "file": "firmware.tar.gz"},
                    {"component": SPACE + "busybox-file", "file": "firmware.tar.gz", "member": "bin/busybox"}]},
                 {"file": "panel.cdx.json", "format": "CycloneDX-1.6", "binds": [
                    {"component": "panel@3.0.0", "file": "panel.zip"},
                    {"component": "pkg:npm/debug@4.4.1", "file": "panel.zip", "member": "package/node_modules.tar!/debug/src/index.js"}]}]
        description = self.describe(files, sboms)
        # As the tools wrote them they are of nobody's product, and the way out is named.
        said = " ".join(self.sign("lint", description, code=1).out.split())
        self.assertIn("sbom complete", said)
        image = self.complete(description, "image.spdx.json", "--vex", "image.vex.json")
        panel = self.complete(description, "panel.cdx.json")
        self.assertEqual((panel["metadata"]["component"]["name"], panel["components"][0]["name"]), (PRODUCT, "panel"))
        self.assertEqual(panel["components"][0]["hashes"], [{"alg": "SHA-256", "content": sha256(PANEL)}, {"alg": "SHA-512", "content": sha512(PANEL)}])
        debug = next(one for one in panel["components"] if one["name"] == "debug")
        self.assertEqual((debug["hashes"][0]["content"], debug["author"]), (sha256(DEBUG), "Josh Junon"))
        self.assertFalse([one for one in image["@graph"] if one["type"].startswith("security_")])
        value = json.loads(description.read_text())
        value["files"].append({"source": "image.vex.json", "role": "vex"})
        description.write_text(json.dumps(value))
        archive = self.pack(description)
        self.assertIn("vex.match", self.check(archive, "--json").out)
        self.assertEqual([(one["file"], one["format"]) for one in self.bound(archive)], [("image.spdx.json", "SPDX-3.0.1"), ("panel.cdx.json", "CycloneDX-1.6")])
        for name, member in (("panel.zip", "package/node_modules.tar"), ("firmware.tar.gz", "bin/busybox")):
            with self.subTest(name):
                other = zip_of({"package/package.json": b"{}", member: tar_of({"debug/src/index.js": b"other"})}) if name == "panel.zip" else \
                    gzip.compress(tar_of({member: b"other"}), mtime=0)
                (self.folder / name).write_bytes(other)
                self.assertIn("sbom.binding", self.sign("lint", description, code=1).out)
                (self.folder / name).write_bytes(files[name][0])

    def npm_sbom(self, kind):
        done = self.run_program("node", f"{NODE_MODULES}/npm/bin/npm-cli.js", "sbom", "--sbom-format", kind, "--package-lock-only", "--cache", ".npm",
                                "--offline", cwd=self.folder / "panel", code=0)
        return done.out.encode()

    def test_npm_writes_both_formats(self):
        (self.folder / "panel").mkdir()
        for name, value in zip(("package.json", "package-lock.json"), lock_of_npm(), strict=True):
            (self.folder / "panel" / name).write_text(json.dumps(value))
        files = {"firmware.bin": (noise(300, "fw"), "firmware"), "panel.zip": (PANEL, "software"), "panel.cdx.json": (self.npm_sbom("cyclonedx"), "sbom"),
                 "panel.spdx.json": (self.npm_sbom("spdx"), "sbom")}
        member = {"file": "panel.zip", "member": "package/node_modules.tar!/debug/src/index.js"}
        sboms = [{"file": "panel.cdx.json", "format": "CycloneDX-1.5", "binds": [
                    {"component": "panel@3.0.0", "file": "panel.zip"}, {"component": "pkg:npm/debug@4.4.1", **member}]},
                 {"file": "panel.spdx.json", "format": "SPDX-2.3", "binds": [
                    {"component": "SPDXRef-Package-panel-3.0.0", "file": "panel.zip"}, {"component": "pkg:npm/debug@4.4.1", **member}]}]
        description = self.describe(files, sboms)
        self.assertIn("sbom complete", " ".join(self.sign("lint", description, code=1).out.split()))
        made = [self.complete(description, sbom["file"]) for sbom in sboms]
        self.assertEqual(made[0]["metadata"]["component"]["name"], PRODUCT)
        self.assertIn(PRODUCT, [one["name"] for one in made[1]["packages"]])
        archive = self.pack(description)
        self.assertEqual([(one["file"], {"panel", "debug", "ms"} - {part["name"] for part in one["parts"]}) for one in self.bound(archive)],
                         [("panel.cdx.json", set()), ("panel.spdx.json", set())])
        (self.folder / "panel.zip").write_bytes(zip_of({"package/package.json": b"{}"}))
        self.assertIn("sbom.binding", self.sign("lint", description, code=1).out)

    def test_a_firmware_of_zephyr(self):
        elf = b"\x7fELF" + noise(4000, "zephyr")
        sources, build = zephyr(elf)
        entry = {"file": "build.spdx", "format": "SPDX-2.3", "binds": [{"component": "SPDXRef-File-zephyr.elf", "file": "zephyr.elf"}]}
        description = self.describe({"zephyr.elf": (elf, "firmware"), "build.spdx": (build, "sbom")}, [entry])
        self.assertIn("sbom complete", " ".join(self.sign("lint", description, code=1).out.split()))
        done = self.complete(description, "build.spdx")
        product = next(one for one in done["packages"] if one["name"] == PRODUCT)
        self.assertEqual((product["supplier"], product["checksums"][0]["checksumValue"]), (f"Organization: {VENDOR}", sha256(elf)))
        self.assertEqual(done["creationInfo"]["created"], "2026-01-01T00:00:00Z")
        # The main document, completed, with those that it ties: one set.
        (self.folder / "zephyr.spdx.tar").write_bytes(tar_of({"build.spdx": (self.folder / "build.spdx").read_bytes(), "zephyr.spdx": sources}))
        description = self.describe({"zephyr.elf": (elf, "firmware"), "zephyr.spdx.tar": ((self.folder / "zephyr.spdx.tar").read_bytes(), "sbom")},
                                    [{**entry, "file": "zephyr.spdx.tar"}])
        [sbom] = self.bound(self.pack(description))
        self.assertIn("zephyr-sources", [one["name"] for one in sbom["parts"]])
        (self.folder / "zephyr.elf").write_bytes(elf + b"x")
        self.assertIn("sbom.binding", self.sign("lint", description, code=1).out)


if __name__ == "__main__":
    main()
