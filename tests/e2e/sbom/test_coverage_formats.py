# SPDX-License-Identifier: Apache-2.0
"""SBOMs in formats that are not read, and members that a format does not know: named, with the way out."""
import gzip
import json

from coverage_case import OTHER, CoverageCase
from harness import main
from sbom_case import all_checks, changed, good_spdx

# An SBOM in a format that is recognized and not read: bytes, name, a word of the way out.
FORMATS = [
    (b'{"@context": "https://spdx.org/rdf/3.1.0/spdx-context.jsonld", "@graph": []}', "SPDX 3 (JSON-LD)", "SPDX 3.0.1"),
    (b"# " + b"x" * 5000 + b"\nSPDXVersion: SPDX-2.3\n", None, None),  # only the start is looked at
    (b'<?xml version="1.0"?>\n<rdf:RDF xmlns:spdx="http://spdx.org/rdf/terms#"/>', "SPDX RDF/XML", "pyspdxtools"),
    (b"<Document><spdxVersion>SPDX-2.3</spdxVersion></Document>", "SPDX XML", "pyspdxtools"),
    (b"@prefix spdx: <http://spdx.org/rdf/terms#> .", "RDF (Turtle)", "pyspdxtools"),
    (b'SPDXID: "SPDXRef-DOCUMENT"\nspdxVersion: "SPDX-2.3"\n', "SPDX YAML", "pyspdxtools"),
    (b'---\nname: x\nspdxVersion: "SPDX-2.3"\n', "SPDX YAML", "pyspdxtools"),
    (b'<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.6"/>', "CycloneDX XML", "cyclonedx convert"),
    (b"\n\x031.6\x18\x01", "CycloneDX protobuf", "cyclonedx convert"),
    (b"bomFormat: CycloneDX\nspecVersion: '1.6'\n", "CycloneDX as YAML", "cyclonedx convert"),
    (b'<SoftwareIdentity name="x"/>', "a SWID tag (XML)", "JSON"),
    (b"<html></html>", "XML", "JSON"),
    (b'[{"spdxVersion": "SPDX-2.3"}, {"spdxVersion": "SPDX-2.3"}]', "a set of SPDX documents", "a tar of all SPDX documents"),
    (b'{"documents": [{"filename": "a", "documentNamespace": "b", "sha1": "c"}]}', "a set of SPDX documents", "a tar of all SPDX documents"),
    (b'{"sbom": {"spdxVersion": "SPDX-2.3"}}', "an SPDX document inside another object", "inner object"),
    (b'{"payloadType": "application/vnd.in-toto+json", "payload": ""}', "an attestation", "payload"),
    (b'{"artifacts": [], "schema": {}}', "Syft JSON", "cyclonedx-json"),
    (gzip.compress(b"{}"), "gzip", "unpack"),
    (b"\x28\xb5\x2f\xfd0000", "zstd", "unpack"),
    (b"PK\3\0040000", "ZIP", "unpack"),
    ("{}".encode("utf-16"), "UTF-16", "UTF-8"),
]
VERSIONS = [('{"bomFormat": "CycloneDX", "specVersion": "1.3", "version": 1}', "1.3"), ('{"bomFormat": "CycloneDX", "specVersion": "2.0"}', "2.0"),
            ('{"spdxVersion": "SPDX-2.1"}', "SPDX-2.1")]


class Formats(CoverageCase):
    def test_each_is_named_with_the_way_out(self):
        for number, (data, name, way) in enumerate(FORMATS):
            path = self.folder / f"format-{number}"
            path.write_bytes(data)
            with self.subTest(name, number=number):
                text = self.sign("sbom", "check", path, code=1).out
                if name is None:
                    self.assertNotIn("recognized", text)
                    continue
                self.assertIn(f"found       {name}", text)
                self.assertIn("recognized and not read", text)
                self.assertIn(way, text.split("what to do", 1)[1])
                found = self.sign("sbom", "check", path, "--json", code=1).json()["findings"]
                self.assertIn(way, found[0]["hint"])

    def test_versions_that_are_not_read(self):
        for text, version in VERSIONS:
            (self.folder / "old.json").write_text(text)
            said = self.sign("sbom", "check", "old.json", code=1).out
            self.assertIn(f"found       {version}", said)
            self.assertIn("what to do", said)

    def test_in_a_release(self):
        """lint, complete and the verifier give the same reason."""
        good = self.pack(self.sbom_release(self.bound_sbom()), "good.tar")
        for data, name, way in (FORMATS[0], FORMATS[12], FORMATS[16]):
            with self.subTest(name):
                description = self.sbom_release(self.bound_sbom())
                (self.folder / "sbom.json").write_bytes(data)
                for words in (("lint", description), ("sbom", "complete", description, "--out", "done.json")):
                    result = self.sign(*words, code=(1, 2))
                    self.assertIn(name, result.out + result.err, words)
                    self.assertIn(way, result.out + result.err, words)

                def replace(sbom, manifest, data=data):
                    sbom.clear()
                    sbom.update(json.loads(data) if data.startswith(b"{") else {"documents": json.loads(data)})
                refused = self.check(self.resigned(good, replace), code=1).out
                self.assertIn(name, refused)
                result = self.ask(self.folder / "resigned.tar", self.folder_of({"other.json": OTHER}), code=1)
                self.assertIn(name, result.out)

    def test_advisories_say_it_too(self):
        archive = self.release()
        for number, (data, name) in enumerate(((gzip.compress(b"{}"), "gzip"), (b"<cvrfdoc/>", "CVRF"), ("{}".encode("utf-16"), "UTF-16"))):
            path = self.folder / f"{number}.json"
            path.write_bytes(data)
            text = self.ask(archive, path, code=3).out
            self.assertIn("NOT JUDGED", text)
            self.assertIn(name, text)


class Members(CoverageCase):
    """Members that SPDX does not know, and a first revision without a number: warned about, with their place."""

    def warned(self, value):
        found = self.sign("sbom", "check", self.write(value), "--json", code=0).json()["findings"]
        return [one["where"].split("#", 1)[1] for one in found if one["result"] == "WARN" and one["check"] == "sbom.form"]

    def test_spdx(self):
        def put(path, name):
            def change(one):
                for step in path:
                    one = one[step]
                one[name] = "x"
            return change
        table = [
            ((), "vendor", True), (("packages", 0), "checkSums", True), (("packages", 0), "homepage", False), (("packages", 1), "version", True),
            (("packages", 0, "externalRefs", 0), "url", True), (("relationships", 0), "scope", True), (("relationships", 0), "comment", False),
            (("packages", 0), "builtDate", False),
        ]
        for path, name, warned in table:
            with self.subTest(name):
                self.assertEqual(self.warned(changed(good_spdx(), put(path, name))),
                                 ["/" + "/".join([*map(str, path), name])] if warned else [])
        # Known since 2.3 only.
        old = {**good_spdx(), "spdxVersion": "SPDX-2.2"}
        self.assertEqual(self.warned(changed(old, put(("packages", 0), "builtDate"))), ["/packages/0/builtDate"])

    def test_a_bom_without_a_version(self):
        for version in ("1.4", "1.5", "1.6", "1.7"):
            value = {"bomFormat": "CycloneDX", "specVersion": version, "components": []}
            self.assertEqual(self.warned(value), ["/version"] if version == "1.4" else [])
            self.assertEqual(self.warned({**value, "version": 1}), [])
            self.sign("sbom", "check", self.write({**value, "version": 0}), code=0 if version == "1.4" else 1)


class Groups(CoverageCase):
    def test_one_line_for_a_rule(self):
        many = changed(self.bound_sbom(), lambda one: one.update(components=[
            {"type": "library", "bom-ref": f"c{number}", "name": f"part {number}", "colour": "red"} for number in range(40)]))
        text = self.sign("sbom", "check", self.write(many), "--profile", "ntia-2021", code=1).out
        for words in ("the format has no member of this name here", "NTIA-01", "NTIA-03"):
            self.assertEqual(text.count(words), 1, words)
        self.assertIn("and 35 more (40 in all)", text)
        found = self.sign("sbom", "check", self.write(many), "--profile", "ntia-2021", "--json", code=1).json()["findings"]
        self.assertEqual(sum(one.get("rule") == "NTIA-01" for one in found), 40)
        unknown = "the format has no member of this name here"
        self.assertEqual(sum(one["reason"] == unknown for one in found), 40)
        good = self.pack(self.sbom_release(self.bound_sbom()), "good.tar")
        forged = self.resigned(good, lambda sbom, manifest: sbom.update(many))
        text = self.check(forged, code=1).out
        listed = text[text.index("\n  FAIL"):]
        self.assertEqual(listed.count("the format has no member of this name here"), 1, text)
        self.assertIn("and 35 more (40 in all)", listed)
        record = self.check(forged, "--json", code=1).json()
        self.assertEqual(sum(one["reason"] == unknown and one["result"] == "FAIL" for one in all_checks(record)), 40)


if __name__ == "__main__":
    main()
