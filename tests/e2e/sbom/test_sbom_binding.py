# SPDX-License-Identifier: Apache-2.0
"""An SBOM that is not about these bytes is refused, by the signer and by the verifier, with a JSON
pointer; what `sbom complete` fills in."""
import json

from harness import DATE, KEYS, PRODUCT, main, noise
from sbom_case import (OTHER, TOOL, BindingCase, SbomCase, all_checks, changed, good_cyclonedx, good_spdx, hashes,
                       tar_of)


class Binding(BindingCase):
    def test_an_sbom_of_something_else_is_refused(self):
        """By lint and pack before a key is used, and by the verifier where another tool signed it."""
        image = {"component": "image", "file": "firmware.bin"}
        good = changed(self.bound_sbom(), lambda one: one["components"].append(
            {"type": "file", "bom-ref": "image", "name": "firmware.bin", "hashes": hashes(noise(5000, "firmware"), "SHA-256")}))
        foreign = "0" * 63 + "1"
        changes = {
            "another version": (lambda one: one["metadata"]["component"].update(version="1.0.1"), "#/metadata/component/version"),
            "another product": (lambda one: one["metadata"]["component"].update(name="RTU-8"), "#/metadata/component/name"),
            "no root component": (lambda one: one["metadata"].pop("component"), "#"),
            "another hash of the root": (lambda one: one["metadata"]["component"]["hashes"][0].update(content=foreign),
                                         "#/metadata/component/hashes/0/content"),
            "another hash of the file": (lambda one: one["components"][1]["hashes"][0].update(content=foreign),
                                         "#/components/1/hashes/0/content"),
            "no hash of the file": (lambda one: one["components"][1].pop("hashes"), "#/components/1/hashes"),
            "a component that is not there": (lambda one: one["components"].pop(1), "#"),
        }
        archive = self.pack(self.sbom_release(good, [image]))
        self.check(archive)
        self.check(self.resigned(archive, lambda sbom, manifest: None))
        for what, (change, pointer) in changes.items():
            if what == "no root component":
                change = (lambda inner: lambda one: (inner(one), one["dependencies"].pop(0), one["compositions"].clear()))(change)
            with self.subTest(what):
                bad = changed(good, change)
                description = self.sbom_release(bad, [image])
                for verb in (("lint", description),
                             ("pack", description, "--key", KEYS / "release.key.pem", "--cert", KEYS / "release.cert.pem",
                              "--allow-example-keys", "--out", "never.tar")):
                    result = self.sign(*verb, code=1)
                    self.assertIn(f"sbom.json{pointer}: FAIL sbom.binding", result.out + result.err, result)
                self.assertFalse((self.folder / "never.tar").exists())
                forged = self.resigned(archive, lambda sbom, manifest, change=change: change(sbom))
                record = self.check(forged, "--json", code=1).json()
                found = [one for one in all_checks(record) if one["check"] == "sbom.binding" and one["result"] == "FAIL"]
                self.assertIn("sbom.json" + pointer, [one["where"] for one in found], all_checks(record))

    def test_a_file_that_is_not_there(self):
        description = self.sbom_release(self.bound_sbom(), [{"component": "lib", "file": "gone.bin"}])
        self.assertIn("sbom[0].binds[0].file", self.sign("lint", description, code=1).out)
        archive = self.pack(self.sbom_release(self.bound_sbom()))
        forged = self.resigned(archive, lambda sbom, manifest: manifest["sbom"][0].update(
            binds=[{"component": "lib", "file": "gone.bin"}]))
        record = self.check(forged, "--json", code=1).json()
        self.assertIn("#/sbom/0/binds/0/file", [one.get("where") for one in all_checks(record) if one["result"] == "FAIL"])

    def test_sha_512_alone(self):
        """The manifest has no SHA-512: the file's bytes are hashed once more, which a pipe does not allow."""
        sbom = changed(self.bound_sbom(), lambda one: one["components"].append(
            {"type": "file", "bom-ref": "image", "name": "firmware.bin", "hashes": hashes(noise(5000, "firmware"), "SHA-512")}))
        bind = [{"component": "image", "file": "firmware.bin"}]
        archive = self.pack(self.sbom_release(sbom, bind))
        self.assertEqual(self.results(archive, "sbom.binding"), ["PASS"])
        with open(archive, "rb") as stream:
            record = self.check("-", "--json", stdin=stream.read()).json()
        self.assertEqual([one["result"] for one in all_checks(record) if one["check"] == "sbom.binding"], ["NOT_CHECKED"])
        wrong = changed(sbom, lambda one: one["components"][1].update(hashes=hashes(OTHER, "SHA-512")))
        self.assertIn("#/components/1/hashes/0/content", self.sign("lint", self.sbom_release(wrong, bind), code=1).out)


class Unread(BindingCase):
    """An SBOM that nothing looks into is told by whoever signs, and never passes for read."""

    def test_a_second_sbom(self):
        second = json.dumps(good_cyclonedx()).encode()
        for named, told in ((True, ["second.json"]), (False, ["sbom.json", "second.json"])):
            with self.subTest(named=named):
                description = self.sbom_release(self.bound_sbom(), extra={"second.json": (second, "sbom")})
                if not named:
                    value = json.loads(description.read_text())
                    value.pop("sbom")
                    description.write_text(json.dumps(value))
                linted = self.sign("lint", description).out
                self.assertEqual(linted.count("WARN sbom.unread"), 1, linted)
                self.assertTrue(all(name in linted for name in told), linted)
                self.assertEqual("also at     second.json (2 in all)" in linted, len(told) == 2, linted)
                self.assertIn("add it to the list under sbom", linted)
                record = self.check(self.pack(description), "--json").json()
                found = {one["where"]: one["result"] for one in all_checks(record) if one["check"] == "sbom.unread"}
                self.assertEqual(found, {name: "NOT_CHECKED" for name in told})
        archive = self.pack(self.sbom_release(self.bound_sbom()))
        self.assertEqual(self.results(archive, "sbom.unread"), [])

    def test_hints_are_for_their_reader(self):
        """Whoever signs is told the command that mends it, an asset owner whom to ask."""
        bad = changed(self.bound_sbom(), lambda one: one["metadata"]["component"].update(version="0.9"))
        self.assertIn("cretula-sign sbom complete", self.sign("lint", self.sbom_release(bad), code=1).out)
        archive = self.pack(self.sbom_release(self.bound_sbom()))
        forged = self.resigned(archive, lambda sbom, manifest: sbom["metadata"]["component"].update(version="0.9"))
        output = self.check(forged, code=1).out
        self.assertIn("ask the vendor for an SBOM of this very release", output)
        self.assertNotIn("cretula-sign", output)


class Complete(SbomCase):
    def complete(self, description, code=0):
        return self.sign("sbom", "complete", description, "--out", "done.json", code=code)

    def test_what_a_release_knows_is_filled_in(self):
        minimal = {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [
            {"type": "file", "bom-ref": "image", "name": "image", "hashes": [{"alg": "MD5", "content": "0" * 32}]},
            {"type": "application", "bom-ref": "tool", "name": "tool"}]}
        extra = {"a.tar": (tar_of({"usr/bin/tool": TOOL}), "software")}
        binds = [{"component": "image", "file": "firmware.bin"}, {"component": "tool", "file": "a.tar", "member": "usr/bin/tool"}]
        description = self.sbom_release(minimal, binds, extra=extra)
        self.sign("lint", description, code=1)
        result = self.complete(description)
        self.assertIn("changed metadata.component.version: 1.0.0 (was: absent)", result.err)
        done = json.loads((self.folder / "done.json").read_text())
        root = done["metadata"]["component"]
        self.assertEqual((root["name"], root["version"], root["supplier"]["name"]), (PRODUCT, "1.0.0", "Example Automation GmbH"))
        self.assertEqual(done["metadata"]["timestamp"], DATE)
        self.assertEqual(root["hashes"], hashes(self.firmware, "SHA-256", "SHA-512"))
        self.assertEqual(done["components"][0]["hashes"], hashes(self.firmware, "SHA-256", "SHA-512"))
        self.assertEqual(done["components"][1]["hashes"], hashes(TOOL, "SHA-256", "SHA-512"))
        (self.folder / "sbom.json").write_bytes((self.folder / "done.json").read_bytes())
        self.check(self.pack(description))
        again = self.sign("sbom", "complete", description)
        self.assertEqual(again.out_bytes, (self.folder / "done.json").read_bytes())
        self.assertIn("nothing to change", again.err)

    def test_spdx(self):
        minimal = changed(good_spdx(), lambda one: (one["packages"].pop(0), one["relationships"].clear(),
                                                    one.pop("documentNamespace"), one["creationInfo"].pop("created")))
        description = self.sbom_release(minimal, format="SPDX-2.3")
        self.complete(description)
        (self.folder / "sbom.json").write_bytes((self.folder / "done.json").read_bytes())
        self.check(self.pack(description))
        older = changed(good_spdx(), lambda one: one["packages"][0].update(versionInfo="0.9"))
        description = self.sbom_release(older, format="SPDX-2.3")
        self.complete(description)
        (self.folder / "sbom.json").write_bytes((self.folder / "done.json").read_bytes())
        self.check(self.pack(description))

    def test_a_root_of_something_else_stays_what_it_is(self):
        """A base image never becomes the product: the product is a new root above it."""
        image = {"type": "container", "bom-ref": "product", "name": "debian", "version": "12.5", "purl": "pkg:oci/debian@sha256%3Aaa",
                 "cpe": "cpe:2.3:o:debian:debian_linux:12:*:*:*:*:*:*:*", "supplier": {"name": "Debian"},
                 "hashes": hashes(OTHER, "SHA-256")}
        for given in (image, {key: value for key, value in image.items() if key != "bom-ref"}):
            with self.subTest(reference=given.get("bom-ref")):
                sbom = changed(good_cyclonedx(), lambda one, given=given: (
                    one["metadata"].update(component=dict(given)), one.update(dependencies=[{"ref": "lib", "dependsOn": []}]),
                    one.pop("compositions")))
                self.complete(self.sbom_release(sbom))
                done = json.loads((self.folder / "done.json").read_text())
                root, first = done["metadata"]["component"], done["components"][0]
                self.assertEqual((root["name"], root["version"]), (PRODUCT, "1.0.0"))
                self.assertNotIn("debian", json.dumps(root))
                self.assertEqual({key: first[key] for key in given}, given, "untouched")
                self.assertNotEqual(root["bom-ref"], first["bom-ref"])
                self.assertEqual(done["dependencies"][0], {"ref": root["bom-ref"], "dependsOn": [first["bom-ref"]]})
                (self.folder / "sbom.json").write_bytes((self.folder / "done.json").read_bytes())
                self.check(self.pack(self.folder / "release.yaml"))
                self.assertIn("nothing to change", self.sign("sbom", "complete", "release.yaml").err)

    def test_a_package_of_something_else_stays_what_it_is(self):
        """SPDX: what the document described is contained in the product, which it describes now."""
        def reference(kind, locator):
            return {"referenceCategory": "SECURITY" if kind == "cpe23Type" else "PACKAGE-MANAGER", "referenceType": kind,
                    "referenceLocator": locator}
        purl, cpe = "pkg:oci/debian@sha256%3Aaa", "cpe:2.3:o:debian:debian_linux:12:*:*:*:*:*:*:*"
        foreign = changed(good_spdx(), lambda one: one["packages"][0].update(
            name="core-image-minimal", versionInfo="5.0", externalRefs=[reference("purl", purl), reference("cpe23Type", cpe)]))
        identifier = foreign["packages"][0]["SPDXID"]
        description = self.sbom_release(foreign, format="SPDX-2.3")
        self.complete(description)
        done = json.loads((self.folder / "done.json").read_text())
        product = next(one for one in done["packages"] if one["name"] == PRODUCT)
        kept = next(one for one in done["packages"] if one["SPDXID"] == identifier)
        self.assertEqual((kept["name"], kept["versionInfo"], len(kept["externalRefs"])), ("core-image-minimal", "5.0", 2))
        self.assertNotIn(purl, json.dumps(product))
        relations = {(one["spdxElementId"], one["relationshipType"], one["relatedSpdxElement"]) for one in done["relationships"]}
        self.assertIn((product["SPDXID"], "CONTAINS", identifier), relations)
        self.assertIn(("SPDXRef-DOCUMENT", "DESCRIBES", product["SPDXID"]), relations)
        self.assertNotIn(("SPDXRef-DOCUMENT", "DESCRIBES", identifier), relations)
        (self.folder / "sbom.json").write_bytes((self.folder / "done.json").read_bytes())
        self.check(self.pack(description))
        stale = changed(good_spdx(), lambda one: one["packages"][0].update(externalRefs=[
            reference("purl", purl), reference("cpe23Type", cpe), reference("purl", "pkg:deb/debian/x@1")]))
        self.complete(self.sbom_release(stale, format="SPDX-2.3"))
        done = json.loads((self.folder / "done.json").read_text())
        text = json.dumps(done["packages"][0])
        self.assertEqual([purl in text, cpe in text, "pkg:deb/debian/x@1" in text], [False, False, False], "one product, one identity")

    def test_a_root_is_made_above_what_nothing_leads_to(self):
        sbom = changed(good_cyclonedx(), lambda one: (
            one["metadata"].pop("component"), one.pop("compositions"),
            one["components"].append({"type": "library", "bom-ref": "inner", "name": "inner"}),
            one.update(dependencies=[{"ref": "lib", "dependsOn": ["inner"]}])))
        self.complete(self.sbom_release(sbom))
        done = json.loads((self.folder / "done.json").read_text())
        self.assertEqual(done["dependencies"][0], {"ref": "product", "dependsOn": ["lib"]})
        several = changed(good_spdx(), lambda one: one["relationships"].append(
            {"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": one["packages"][1]["SPDXID"]}))
        before = self.sign("sbom", "check", self.write_json("two.json", several), "--json", code=(0, 1)).json()
        self.complete(self.sbom_release(several, format="SPDX-2.3"))
        after = self.sign("sbom", "check", "done.json", "--json", code=(0, 1)).json()
        self.assertLessEqual(len(after["findings"]), len(before["findings"]), "no finding that was not there")

    def test_nothing_is_said_that_nobody_said(self):
        """What no dependency leads to is below the product; where nothing is listed, nothing says that this is all."""
        zlib, curl = {"type": "library", "name": "zlib", "version": "1.3"}, {"type": "library", "name": "curl", "bom-ref": "component-1"}
        bare = {"bomFormat": "CycloneDX", "specVersion": "1.6"}
        for sbom, below in ((bare, None), ({**bare, "components": []}, None), ({**bare, "components": [curl]}, ["component-1"]),
                            ({**bare, "components": [zlib, curl, zlib]}, ["component2-1", "component-1", "component2-2"]),
                            ({**bare, "components": [zlib, zlib]}, ["component-1", "component-2"])):
            for services in ([], [{"name": "s", "bom-ref": "product", "services": [{"name": "t", "bom-ref": "product-2"}]}]):
                with self.subTest(below=below, services=len(services)):
                    self.complete(self.sbom_release({**sbom, **({"services": services} if services else {})}))
                    done = json.loads((self.folder / "done.json").read_text())
                    root = done["metadata"]["component"]["bom-ref"]
                    self.assertEqual(root, "product-3" if services else "product")
                    # Of the others the entries are empty, and a composition says that this is not known.
                    entries = [{"ref": one} for one in below or []]
                    self.assertEqual(done.get("dependencies"), [{"ref": root, "dependsOn": below}, *entries] if below else None)
                    unknown = next(one for one in done["compositions"] if one["aggregate"] == "unknown")
                    self.assertEqual((unknown["assemblies"], set(below or []) <= set(unknown["dependencies"])), ([root], True))
                    checked = self.sign("sbom", "check", "done.json", "--json", code=0).json()
                    self.assertEqual("components" in [one["what"] for one in checked["notChecked"]], below is None)

    def write_json(self, name, value):
        (self.folder / name).write_text(json.dumps(value), encoding="utf-8")
        return self.folder / name

    def test_what_it_cannot_know(self):
        description = self.sbom_release(good_cyclonedx(), [{"component": "ghost", "file": "firmware.bin"}])
        self.assertIn("no component ghost", self.complete(description, code=1).err)
        broken = changed(good_cyclonedx(), lambda one: one["components"][0].pop("type"))
        result = self.complete(self.sbom_release(broken), code=1)
        self.assertIn("#/components/0/type", result.err)
        two = self.sbom_release(good_cyclonedx(), extra={"second.bin": (OTHER, "firmware")})
        self.assertIn("which file of the release is the product", self.complete(two, code=1).err)
        none = self.description([("firmware.bin", {"role": "firmware"})], name="none.yaml")
        self.complete(none, code=2)


if __name__ == "__main__":
    main()
