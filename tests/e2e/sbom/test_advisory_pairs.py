# SPDX-License-Identifier: Apache-2.0
"""Pairs of a release and an advisory: nothing reassures falsely, and nothing that a person would ask is left out."""
import collections
import json

import advisory_pairs
from harness import ROOT_CERT, main
from pair_case import PairCase


def answers(entry):
    return {f"{match['match']} {match['status']}" for match in (entry or {}).get("matches", [])}


class Pairs(PairCase):
    def test_each_pair_is_answered_as_the_table_says(self):
        groups = collections.defaultdict(list)
        for pair in advisory_pairs.PAIRS:
            groups[json.dumps(pair[2], sort_keys=True)].append(pair)
        for pairs in groups.values():
            archive = self.release(pairs[0][2])
            for pair, entry in zip(pairs, self.advise(archive, [one[3] for one in pairs])):
                family, name, _, _, expected, why = pair
                with self.subTest(f"{family} {name}"):
                    if isinstance(expected, str):
                        self.assertIn("error", entry or {}, why)
                        self.assertIn(expected, json.dumps(entry), why)
                    else:
                        self.assertNotIn("error", entry or {}, entry)
                        self.assertEqual(answers(entry), expected, f"{why}: {json.dumps(entry, indent=1)}")

    def test_every_family_has_enough(self):
        count = collections.Counter(pair[0] for pair in advisory_pairs.PAIRS)
        self.assertEqual(sorted(count), sorted({"A", "C1", "C2", "C3", "C4", "C5", "C6", "D", "X", "M"} | {f"S{n}" for n in range(1, 9)}))
        self.assertGreaterEqual(min(count.values()), 6, count)
        self.assertEqual(len({(pair[0], pair[1]) for pair in advisory_pairs.PAIRS}), len(advisory_pairs.PAIRS))


class Together(PairCase):
    """Several documents, several archives."""

    def folder_of(self, **documents):
        folder = self.folder / "together"
        folder.mkdir(exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
        for name, document in documents.items():
            (folder / f"{name}.json").write_text(json.dumps(document))
        return folder

    def ask(self, *archives, code=(0, 3), **documents):
        return self.verify("advisories", *archives, "--csaf", self.folder_of(**documents), "--anchor", ROOT_CERT, "--allow-example-keys", "--json",
                           code=code).json()["releases"]

    def spoken(self, advice):
        return {one["file"].rsplit("/", 1)[1].removesuffix(".json"): answers(one) or ("replaced" if "replaced by" in one else None)
                for one in advice["documents"]}

    def statement(self, what, version="1", date="2026-01-01T00:00:00Z", namespace="https://acme.example", **more):
        document = advisory_pairs.said(what, advisory_pairs.product(**advisory_pairs.EXACT), version=version, current_release_date=date, **more)
        document["document"]["publisher"]["namespace"] = namespace
        return document

    def test_of_two_revisions_the_newest_speaks(self):
        archive = self.release(advisory_pairs.WITH_PURL)
        old, safe = advisory_pairs.AFFECTED, advisory_pairs.SAFE
        cases = {
            "higher": (self.statement(safe), self.statement(old, "2"), {"one": "replaced", "two": {"sure affected"}}),
            "ten": (self.statement(safe, "9"), self.statement(old, "10"), {"one": "replaced", "two": {"sure affected"}}),
            "semantic": (self.statement(old, "1.9.0"), self.statement(safe, "1.10.0"), {"one": "replaced", "two": {"sure not affected"}}),
            "order of names": (self.statement(old, "2"), self.statement(safe), {"one": {"sure affected"}, "two": "replaced"}),
            "draft": (self.statement(old), self.statement(safe, "2", status="draft"), {"one": {"sure affected"}, "two": {"possible not affected"}}),
            "earlier day": (self.statement(old, date="2026-02-01T00:00:00Z"), self.statement(safe, "2"), {"one": {"sure affected"}, "two": {"sure not affected"}}),
            "other publisher": (self.statement(old), self.statement(safe, "2", namespace="https://zeta.example"),
                                {"one": {"sure affected"}, "two": {"sure not affected"}}),
            "same version": (self.statement(old), self.statement(safe), {"one": None, "two": None}),  # nobody knows which of them it is
            "copies": (self.statement(old), self.statement(old), {"one": {"sure affected"}, "two": "replaced"}),
            "words": (self.statement(old, "first"), self.statement(safe, "second"), {"one": {"sure affected"}, "two": {"sure not affected"}}),
        }
        for name, (one, two, expected) in cases.items():
            with self.subTest(name):
                advice = self.ask(archive, one=one, two=two)[0]["advisories"]
                self.assertEqual(self.spoken(advice), expected)
                self.assertEqual(advice["older"], list(expected.values()).count("replaced"))
        # What the newest one does not say any more is not said by the old one.
        other = advisory_pairs.said(old, advisory_pairs.product(vendor=None, name="x", purl="pkg:generic/zeta/other@9"), version="2")
        advice = self.ask(archive, one=self.statement(old), two=other)[0]["advisories"]
        self.assertEqual(self.spoken(advice), {"one": "replaced"})
        serial = "urn:uuid:11111111-2222-4333-8444-555555555555"
        first = advisory_pairs.vex([{"ref": "us"}], root=advisory_pairs.ours(), serial=serial)
        second = {**advisory_pairs.vex([{"ref": "us"}], state="exploitable", root=advisory_pairs.ours(), serial=serial), "version": 2}
        self.assertEqual(self.spoken(self.ask(archive, one=first, two=second)[0]["advisories"]), {"one": "replaced", "two": {"sure affected"}})

    def test_each_archive_has_its_own_answers(self):
        archives = [self.release(advisory_pairs.release(version, purl=f"{advisory_pairs.PURL}@{version}")) for version in ("1.2.0", "2.0.0")]
        releases = self.ask(*archives, one=self.statement(advisory_pairs.AFFECTED), broken={"document": {"csaf_version": "2.1"}}, code=3)
        self.assertEqual([[answers(one) for one in release["advisories"]["documents"] if "error" not in one] for release in releases],
                         [[{"sure affected"}], []])
        for release in releases:
            self.assertEqual(len([one for one in release["advisories"]["documents"] if "error" in one]), 1)
            self.assertNotIn("advised", json.dumps(release))
        self.assertEqual(releases[1]["advisories"]["silent"], {"documents": 1, "ofVendor": 1, "otherProducts": 0, "otherVersions": 1})
        self.assertEqual(releases[0]["advisories"]["compared"], {"components": 0, "files": 2, "sbom": False})

    def test_a_name_does_not_hide_the_remediation_of_a_better_match(self):
        pairs = advisory_pairs
        document = pairs.csaf(pairs.tree(pairs.product("N", range="<3.0"), pairs.product("I", range="<2.0", purl=pairs.PURL)),
                              [{**pairs.flaw(known_affected=["N", "I"]), "remediations": [
                                  {"category": "vendor_fix", "details": "Install 2.0.", "product_ids": ["I"]},
                                  {"category": "mitigation", "details": "Close the port.", "product_ids": ["N"]}]}])
        matches = self.ask(self.release(pairs.WITH_PURL), one=document)[0]["advisories"]["documents"][0]["matches"]
        self.assertEqual([(one["match"], one["by"]) for one in matches], [("possible", "purl")])
        self.assertEqual({one["details"] for one in matches[0]["remediations"]}, {"Install 2.0.", "Close the port."})

    def test_every_component_that_is_meant_is_listed(self):
        pairs = advisory_pairs
        archive = self.release(pairs.release(components=[pairs.library("tool", "1.0", "pkg:generic/tool@1.0"),
                                                         {**pairs.library("tool", "2.0", "pkg:generic/tool@2.0"), "bom-ref": "tool2"}]))
        document = pairs.said(pairs.AFFECTED, pairs.product(vendor=None, name="tool", purl="pkg:generic/tool"))
        matches = self.ask(archive, one=document)[0]["advisories"]["documents"][0]["matches"]
        self.assertEqual({one["subject"] for one in matches}, {"component tool 1.0", "component tool 2.0"})

    def test_a_question_says_what_to_compare(self):
        document = advisory_pairs.said(advisory_pairs.FIXED, advisory_pairs.product(version="FW23"))
        match = self.ask(self.release(advisory_pairs.release("FW22")), one=document)[0]["advisories"]["documents"][0]["matches"][0]
        self.assertEqual((match["status"], match["match"], match["stated"]), ("affected", "possible", "fixed"))
        self.assertIn("names this product, fixed in FW23, which is not surely ours: compare", match["because"])


if __name__ == "__main__":
    main()
