# SPDX-License-Identifier: Apache-2.0
"""What a board decides by stands in the record: changes, CVEs, restart, settings, lifecycle, topics with their documents, what VEX
says, the SBOM; and `check` and `record show` tell it on one screen."""
import json

from advisory_pairs import FIRMWARE, PRODUCT, PURL, VENDOR, csaf, flaw, product, tree
import harness
from harness import EXAMPLE, SOURCE, Case, main, read_member, sha256

REPEATED = ("product", "contacts", "release", "hardware", "prerequisites", "restart", "lifecycle", "changes", "newRisks", "knownIssues",
            "advisories", "settings", "topics", "claims", "assumptions", "outOfScopeThreats", "responsibilities", "notAddressed")
ELSEWHERE = ("compatibility", "interfaces", "externalServices", "testAdvice", "provenance", "checksums", "notice")


class Facts(Case):
    def record_of(self, archive, name="record"):
        """What the screen says, and the record."""
        result = self.check(archive, "--record", name, screen=True)
        return result, json.loads((self.folder / name / "RECORD.json").read_text("utf-8"))

    def test_the_record_repeats_what_a_board_decides_by(self):
        archive = self.pack(EXAMPLE / "release.yaml", "example.tar")
        manifest = json.loads(read_member(archive, "MANIFEST.json"))
        result, record = self.record_of(archive)
        what = record["what"]
        for part in REPEATED:
            self.assertIn(part, manifest)
            self.assertEqual(what[part], manifest[part], part)
        for part in ELSEWHERE:
            self.assertNotIn(part, what)
        self.assertNotIn("leftOut", what)
        self.assertEqual([(one["file"], one["format"]) for one in what["sbom"]],
                         [(one["file"], one["format"]) for one in manifest["sbom"]])
        self.assertGreater(what["sbom"][0]["components"], 0)
        self.assertIn({"name": "busybox", "version": "1.37.0", "license": "GPL-2.0-only", "supplier": "BusyBox project"}, what["sbom"][0]["parts"])
        self.assertNotIn("partsLeftOut", what["sbom"][0])
        self.assertNotIn("claimed", what)
        # Topics name documents by id; these have title, version and path.
        ids = {one["id"]: document for document in what["documents"] for one in document["ids"]}
        named = {identity for topic in what["topics"].values() for identity in topic.get("documents", [])}
        self.assertTrue(named)
        self.assertLessEqual(named, set(ids))
        paths = {document["file"] for document in what["documents"] if document["availability"] == "included"}
        self.assertLessEqual(paths, {file["path"] for file in manifest["files"]})
        self.assertTrue(paths)
        self.assertIn("brings      3 security fixes (CVE-2026-90121, CVE-2026-90133)", result.out)
        self.assertIn("must change", result.out)
        shown = self.verify("record", "show", "record/RECORD.json").out
        for words in ("brings      3 security fixes (CVE-2026-90121, CVE-2026-90133)", "; SBOM: CycloneDX", "topics answered"):
            self.assertIn(words, shown)
        self.assertLessEqual(shown.count("\n"), 24)
        whole = self.verify("record", "show", "record/RECORD.json", "--verbose").out
        for words in ("What changes", "Known issues", "Settings"):
            self.assertIn(words, whole)

    def test_the_page_names_each_part_that_is_repeated(self):
        parts, what = (json.loads((SOURCE / "docs" / "spec" / f"{name}.schema.json").read_text("utf-8"))["properties"]
                       for name in ("manifest", "record"))
        what = what["what"]["properties"]
        repeated = [name for name in parts if name != "files" and parts[name].get("description") == what.get(name, {}).get("description")]
        self.assertLessEqual(set(REPEATED), set(repeated))
        page = (SOURCE / "docs" / "spec" / "record.md").read_text("utf-8")
        named = page[page.index("repeats these parts"):page.index("What else the manifest says")]
        self.assertEqual([name for name in repeated if f"`{name}`" not in named], [])

    def test_the_same_release_gives_the_same_facts(self):
        archive = self.pack(EXAMPLE / "release.yaml", "example.tar")
        one, other = (self.record_of(archive, name)[1]["what"] for name in ("one", "other"))
        self.assertEqual(json.dumps(one), json.dumps(other))

    def test_a_refused_release_says_what_was_authenticated(self):
        archive = self.pack(EXAMPLE / "release.yaml", "example.tar")
        what = self.check(archive, "--product", "Other", "--json", code=1).json()["what"]
        self.assertIn("changes", what)
        other = f"{self.own_keys('other')}-root.cert.pem"
        what = self.check(archive, "--json", anchor=other, code=1).json()["what"]
        for part in (*REPEATED, "sbom", "advice", "documents", "identity"):
            self.assertNotIn(part, what)
        identity = sha256(read_member(archive, "MANIFEST.json"))
        self.assertEqual(what["claimed"], {"identity": identity, "vendor": harness.VENDOR, "product": harness.PRODUCT, "version": "4.2.0"})
        result = self.check(archive, anchor=other, code=1, screen=True)
        self.assertIn(f"  identity    {identity} (claimed, unverified)\n", result.out)

    def test_what_vex_in_the_release_means_is_told(self):
        document = csaf(tree(product("P1", version="1.2.0", purl=f"{PURL}@1.2.0"), product("P2", version="1.3.0")),
                        [flaw("CVE-2026-0001", fixed="P1"), flaw("CVE-2026-0003", fixed="P2"),
                         flaw("CVE-2026-0002", known_affected="P1")])
        (self.folder / "vex.json").write_text(json.dumps(document), encoding="utf-8")
        (self.folder / "firmware.bin").write_bytes(FIRMWARE)
        archive = self.pack(self.description([("firmware.bin", {"role": "firmware"}), ("vex.json", {"role": "vex"})],
                                             product={"vendor": VENDOR, "name": PRODUCT, "purl": f"{PURL}@1.2.0"},
                                             release={"version": "1.2.0"}))
        result, record = self.record_of(archive)
        advice = record["what"]["advice"]
        found = [(one["vulnerability"], one["status"], one["match"]) for one in advice]
        self.assertIn(("CVE-2026-0002", "affected", "sure"), found)
        self.assertIn(("CVE-2026-0001", "fixed", "sure"), found)
        self.assertEqual(record["what"]["sbom"], [])
        self.assertEqual(next(one for one in advice if one["vulnerability"] == "CVE-2026-0003")["stated"], "fixed")
        self.assertEqual({one["file"] for one in advice}, {"vex.json"})
        ranks = [("affected", "under investigation", "fixed", "not affected").index(one["status"]) for one in advice]
        self.assertEqual(ranks, sorted(ranks))
        for words in ("VEX says    1 affected (CVE-2026-0002), 1 possibly affected (CVE-2026-0003)", "1 fixed"):
            self.assertIn(words, result.out)
        shown = self.verify("record", "show", "record/RECORD.json").out
        self.assertIn("1 affected (CVE-2026-0002)", shown)
        whole = self.check(archive).out
        self.assertIn("What VEX and advisories in the release mean for version 1.2.0", whole)
        self.assertRegex(whole, r"CVE-2026-0002 +affected +the product")
        self.assertRegex(whole, r"CVE-2026-0003 +possibly affected: a person must confirm it .*; it states: fixed")
        self.assertIn("documents   0; no SBOM", shown)

    def test_more_than_a_record_holds_is_counted(self):
        changes = [{"id": f"C-{number}", "security": False, "summary": f"change {number}"} for number in range(230)]
        changes.append({"id": "C-last", "security": True, "summary": "the one that matters", "cves": ["CVE-2026-0009"]})
        archive = self.small_release(changes=changes)
        result, record = self.record_of(archive)
        self.assertEqual(record["what"]["leftOut"], [{"part": "changes", "entries": 31}])
        self.assertEqual(len(record["what"]["changes"]), 200)
        self.assertEqual(record["what"]["changes"][0]["id"], "C-last")
        self.assertIn("1 security fix (CVE-2026-0009)", result.out)
        self.assertIn("31 more of changes", self.verify("record", "show", "record/RECORD.json", "--verbose").out)


if __name__ == "__main__":
    main()
