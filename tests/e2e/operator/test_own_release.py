# SPDX-License-Identifier: Apache-2.0
"""Cretula's own documentation set: packed from the build under test, and held to what it asks of others."""
import json
import re
import shutil
import subprocess

from harness import BUILD, KEYS, ROOT_CERT, SANITIZED, SIGN, SOURCE, VERIFY, Case, file_sha256, main, manifest_of, tree

import unittest

OWN = SOURCE / "docs" / "own-release"
PROFILE = SOURCE / "formats" / "release" / "profiles" / "iec62443-component.json"
NEEDS = [program for program in ("dpkg-query", "readelf") if shutil.which(program) is None]


@unittest.skipIf(NEEDS, f"not installed: {NEEDS}")
@unittest.skipIf(SANITIZED, "a build with sanitizers is not what is released")
class OwnRelease(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.inputs = cls.shared / "inputs"
        subprocess.run(["python3", "-B", str(OWN / "make-inputs.py"), str(BUILD), str(cls.inputs)], check=True)

    def pack_own(self):
        self.sign("pack", self.inputs / "release.yaml", "--key", KEYS / "release.key.pem", "--cert",
                  KEYS / "release.cert.pem", "--allow-example-keys", "--out", "own.tar")
        return self.folder / "own.tar"

    def test_lint_finds_nothing(self):
        found = self.sign("lint", self.inputs / "release.yaml", "--profile", PROFILE, "--format", "json").json()
        self.assertEqual([one for one in found["findings"] if one["result"] != "PASS"], [])
        self.sign("sbom", "check", self.inputs / "sbom.cdx.json", "--profile", "cisa-2026", "--profile", "ntia-2021")

    def test_it_is_accepted_under_the_profile_and_nothing_of_its_content_is_weak(self):
        result = self.check(self.pack_own(), "--profile", PROFILE, "--product", "Cretula", "--json").json()["result"]
        self.assertEqual(result["verdict"], "ACCEPTED")
        content = [one for one in result["checks"] if one["check"].split(".")[0] in
                   ("document", "topics", "claims", "sbom", "lifecycle", "release", "manifest", "file")]
        weak = {(one["check"], one["result"]) for one in content if one["result"] != "PASS"}
        # The end of security support is not set, and the release says so.
        self.assertEqual(weak, {("lifecycle.support", "NOT_CHECKED")})
        passed = {one["check"] for one in content}
        for check in ("topics.answered", "sbom.cisa", "sbom.binding", "claims.hygiene", "document.applies"):
            self.assertIn(check, passed)

    def test_what_it_was_built_with_is_said_and_who_says_it(self):
        """A statement without a signature is held to the files; check says that nobody signed it."""
        statement = json.loads((self.inputs / "build.intoto.json").read_text("utf-8"))
        built_with = {one["uri"].split("/")[2].split("@")[0] for one in
                      statement["predicate"]["buildDefinition"]["resolvedDependencies"]}
        rows = set(re.findall(r"(?m)^\| `([a-z0-9.+-]+)` \| build \|", (SOURCE / "docs" / "dependencies.md").read_text("utf-8")))
        self.assertTrue(built_with and built_with <= rows)
        found = {}
        for one in self.check(self.pack_own(), "--json").json()["result"]["checks"]:
            found.setdefault(one["check"], set()).add(one["result"])
        self.assertEqual([found[name] for name in ("provenance.form", "provenance.subject")], [{"PASS"}, {"PASS"}])
        self.assertNotEqual(found["provenance.signature"], {"PASS"})
        # Everything that is loaded when it is needed is in the SBOM, too.
        names = " ".join(one["name"] for one in json.loads((self.inputs / "sbom.cdx.json").read_text("utf-8"))["components"])
        sonames = set()
        for path in [*(SOURCE / "verifier").rglob("*.c"), *(SOURCE / "formats").rglob("*.c")]:
            sonames |= set(re.findall(r'#define SONAME "(lib[a-z0-9-]+)\.so', path.read_text("utf-8")))
        self.assertTrue(sonames)
        for name in sonames:
            self.assertIn(name, names)

    def test_another_file_than_the_statement_names_is_found(self):
        folder = self.folder / "other"
        shutil.copytree(self.inputs, folder)
        path = folder / "build.intoto.json"
        path.write_text(re.sub(r'"sha256": "[0-9a-f]{4}', '"sha256": "0000', path.read_text("utf-8")), encoding="utf-8")
        self.assertIn("provenance.subject", self.sign("lint", folder / "release.yaml", code=1).out)

    def test_the_programs_in_it_are_those_that_run(self):
        archive = self.pack_own()
        self.verify("extract", archive, "--to", "out", "--anchor", ROOT_CERT, "--allow-example-keys")
        tar = next((self.folder / "out").glob("cretula-*.tar"))
        self.run_program("tar", "xf", tar, code=0)
        programs = {path.name: path for path in self.folder.glob("cretula-*/bin/*")}
        self.assertEqual({name: file_sha256(path) for name, path in programs.items()},
                         {"cretula-sign": file_sha256(SIGN), "cretula-verify": file_sha256(VERIFY)})
        record = self.check(archive, "--json").json()
        self.assertEqual(record["how"]["programSha256"], file_sha256(programs["cretula-verify"]))

    def test_another_program_in_the_archive_is_found(self):
        folder = self.folder / "other"
        shutil.copytree(self.inputs, folder)
        tar = next(folder.glob("cretula-*.tar"))
        data = bytearray(tar.read_bytes())
        data[len(data) // 2] ^= 1
        tar.write_bytes(data)
        self.assertIn("sbom.binding", self.sign("lint", folder / "release.yaml", code=1).out)

    def test_the_same_build_gives_the_same_inputs(self):
        again = self.folder / "again"
        subprocess.run(["python3", "-B", str(OWN / "make-inputs.py"), str(BUILD), str(again)], check=True)
        self.assertEqual(tree(again), tree(self.inputs))

    def test_every_expectation_of_the_vendor_side_is_answered(self):
        text = (OWN / "documents" / "expectations.md").read_text("utf-8")
        self.assertEqual(re.findall(r"(?m)^\| (S\d+) \| \S", text), [f"S{number}" for number in range(43)])
        # Sections that it refers to are there.
        for name, number in re.findall(r"(security-model|deployment|vulnerability-handling|development), sections? (\d)", text):
            self.assertRegex((OWN / "documents" / f"{name}.md").read_text("utf-8"), rf"(?m)^## {number}\. ")
        manifest = manifest_of(self.pack_own())
        for field in re.findall(r"`(\w+)`", text):
            if field not in ("limits", "documents", "programSha256", "binding", "check", "appliesTo", "deprecated"):
                self.assertIn(field, manifest)
        topics = {topic["id"] for topic in json.loads(PROFILE.read_text("utf-8"))["topics"]}
        self.assertEqual(set(manifest["topics"]), topics)
        # A topic's documents say so themselves.
        covers = {one["ids"][0]["id"]: set(one.get("topics", [])) for one in manifest["documents"]}
        for topic, answer in manifest["topics"].items():
            for document in answer["documents"]:
                self.assertIn(topic, covers[document])

    def test_options_and_verbs_in_its_documents_exist(self):
        helps = ""
        for program in (SIGN, VERIFY):
            for verb in re.findall(r"(?m)^  ([a-z][a-z-]+) ", self.run_program(program, "--help", code=0).out):
                shown = self.run_program(program, verb, "--help", code=(0, 2))
                helps += shown.out + shown.err
                for inner in re.findall(r"(?m)^  ([a-z][a-z-]+) ", shown.out):
                    more = self.run_program(program, verb, inner, "--help", code=(0, 2))
                    helps += more.out
        for page in [*(OWN / "documents").glob("*.md"), OWN / "RELEASE-NOTES.md"]:
            for option in re.findall(r"`[^`]*?(--[a-z][a-z0-9-]+)", page.read_text("utf-8")):
                with self.subTest(page=page.name, option=option):
                    self.assertRegex(helps, rf"(?m)^  {option}( |$)")

    def test_files_that_its_documents_name_exist(self):
        for page in (OWN / "documents").glob("*.md"):
            for path in re.findall(r"\b((?:docs|tests)/[\w./-]+\.(?:md|py|sh))", page.read_text("utf-8")):
                with self.subTest(page=page.name, path=path):
                    self.assertTrue((SOURCE / path).is_file())


if __name__ == "__main__":
    main()
