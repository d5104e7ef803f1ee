# SPDX-License-Identifier: Apache-2.0
"""CSAF 2.1: which documents are not judged and by which mandatory test, and what the others say of a release."""
import copy
import json

import advisory_pairs as pairs
from advisory_pairs import AFFECTED, ASKED, FIXED, MAYBE_AFFECTED, MAYBE_FIXED, MAYBE_SAFE, NOTHING, SAFE, SURE_AFFECTED, SURE_FIXED, SURE_SAFE
from csaf21 import path, taken_back, turned
from harness import ROOT_CERT, main
from pair_case import PairCase

MAYBE_ASKED, SURE_ASKED = {"possible under investigation"}, {"sure under investigation"}
LIBRARY = pairs.product("L", vendor=None, name="lodash", purl="pkg:npm/lodash@4.17.20")
OURS = pairs.product("P", version="1.2.0", purl=f"{pairs.PURL}@1.2.0")
OTHER = pairs.product("Z", vendor="Zeta", name="Router", version="9", purl="pkg:generic/zeta/router@9")


def good(category="csaf_base", what=AFFECTED, **more):
    """One product of ours, one group, one statement with all that the profiles ask for."""
    made = turned(pairs.csaf(pairs.tree(pairs.product("P1", version="1.2.0", purl=f"{pairs.PURL}@1.2.0"), pairs.product("P2", version="9.0"),
                                        groups=[("G", ["P1", "P2"])]), [pairs.flaw(**{what: "P1"})]), category)
    made["document"]["notes"] = [{"category": "summary", "text": "x"}]
    made["document"]["references"] = [{"category": "external", "summary": "x", "url": "https://acme.example/"}]
    made["vulnerabilities"][0].update(notes=[{"category": "summary", "text": "x"}],
                                      remediations=[{"category": "optional_patch" if what == SAFE else "mitigation", "details": "x", "product_ids": ["P1"]}])
    if what in (FIXED, ASKED, "unknown"):
        made["vulnerabilities"][0].pop("remediations")
    made.update(more)
    return made


def leaf(document, vendor=0):
    return document["product_tree"]["branches"][vendor]["branches"][0]["branches"][0]


def helper(**more):
    return lambda one: leaf(one)["product"].update(product_identification_helper=more)


def flaw(**more):
    return lambda one: one["vulnerabilities"][0].update(more)


def tracking(**more):
    return lambda one: one["document"]["tracking"].update(more)


def ranged(text, category="product_version_range"):
    return lambda one: leaf(one).update(category=category, name=text)


def remedies(*categories):
    return flaw(remediations=[{"category": one, "details": "x", "product_ids": ["P1"]} for one in categories])


def paths(*made):
    return lambda one: one["product_tree"].update(product_paths=list(made))


def history(*revisions):
    return [{"number": number, "date": f"2026-01-0{day}T00:00:00Z", "summary": "x"} for number, day in revisions]


def extension(**more):
    return [{"$schema": "https://acme.example/x.json", "category": "supplementary", "critical": False, "content": {"a": 1}, **more}]


def nested(document, *categories):
    """Branches of these categories between vendor and product."""
    branch = document["product_tree"]["branches"][0]
    for category in categories:
        inner = copy.deepcopy(branch["branches"])
        branch["branches"] = [{"category": category, "name": "x", "branches": inner}]
        branch = branch["branches"][0]


def depth(branches):
    return 1 + max((depth(one["branches"]) for one in branches if "branches" in one), default=0)


def leaf_of(document):
    """Every branch with a product."""
    open_ones = list(document["product_tree"]["branches"])
    while open_ones:
        one = open_ones.pop()
        open_ones += one.get("branches", [])
        if "product" in one:
            yield one


NOTE = {"category": "summary", "text": "x"}
ADVISORY, VEX, INFORMATION = "csaf_security_advisory", "csaf_vex", "csaf_informational_advisory"

# test: (profile, change of the good document that fails it, the nearest change that does not)
MANDATORY = [
    ("6.1.1", None, flaw(product_status={AFFECTED: ["P1", "P3"]}), flaw(product_status={AFFECTED: ["P1", "P2"]})),
    ("6.1.1", None, lambda one: one["document"].update(notes=[{**NOTE, "product_ids": ["P3"]}]), lambda one: one["document"].update(notes=[{**NOTE, "product_ids": ["P2"]}])),
    ("6.1.1", None, flaw(ids=[{"system_name": "x", "text": "y", "product_ids": ["P3"]}]), flaw(ids=[{"system_name": "x", "text": "y", "product_ids": ["P2"]}])),
    ("6.1.1", None, flaw(involvements=[{"party": "vendor", "status": "open", "product_ids": ["P3"]}]), flaw(involvements=[{"party": "vendor", "status": "open"}])),
    ("6.1.1", None, flaw(metrics=[{"content": {}, "products": ["P3"]}]), flaw(metrics=[{"content": {}, "products": ["P2"]}])),
    ("6.1.1", None, flaw(first_known_exploitation_dates=[{"date": "2026-01-01T00:00:00Z", "exploitation_date": "2026-01-01T00:00:00Z", "product_ids": ["P3"]}]),
     flaw(first_known_exploitation_dates=[{"date": "2026-01-01T00:00:00Z", "exploitation_date": "2026-01-01T00:00:00Z", "product_ids": ["P2"]}])),
    ("6.1.1", None, paths(path("R", "P3", ("installed_on", "P2"))), paths(path("R", "P1", ("installed_on", "P2")))),
    ("6.1.1", None, paths(path("R", "P1", ("installed_on", "P2"), ("installed_on", "P3"))), paths(path("R", "P1", ("installed_on", "P2"), ("installed_on", "P2")))),
    # A product that the document has no id for cannot be spoken of.
    ("6.1.1", None, lambda one: (paths(path("R", "P1", ("installed_on", "P2"), ("installed_on", "P2")))(one), flaw(product_status={AFFECTED: ["R, hop 1 of its path"]})(one)),
     paths(path("R", "P1", ("installed_on", "P2")))),
    ("6.1.2", None, paths(path("P2", "P1", ("installed_on", "P1"))), paths(path("P3", "P1", ("installed_on", "P1")))),
    ("6.1.3", None, paths(path("R", "P1", ("installed_on", "S")), path("S", "P1", ("installed_on", "R"))), paths(path("R", "P1", ("installed_on", "S")), path("S", "P1", ("installed_on", "P2")))),
    ("6.1.4", None, flaw(threats=[{"category": "impact", "details": "x", "group_ids": ["H"]}]), flaw(threats=[{"category": "impact", "details": "x", "group_ids": ["G"]}])),
    ("6.1.5", None, lambda one: one["product_tree"]["product_groups"].append({"group_id": "G", "product_ids": ["P2"]}),
     lambda one: one["product_tree"]["product_groups"].append({"group_id": "H", "product_ids": ["P2"]})),
    ("6.1.6", None, flaw(product_status={AFFECTED: ["P1"], "unknown": ["P1"]}), flaw(product_status={AFFECTED: ["P1"], "unknown": ["P2"]})),
    ("6.1.13", None, helper(purls=["pkg:maven/@1.3.4"]), helper(purls=["pkg:maven/a/b@1.3.4"])),
    ("6.1.14", None, tracking(revision_history=history(("2", 1), ("1", 2)), version="1"), tracking(revision_history=history(("2", 2), ("1", 1)), version="2")),
    ("6.1.16", None, tracking(version="2"), tracking(revision_history=history(("1", 1), ("2", 2)), version="2")),
    ("6.1.17", None, tracking(version="0", revision_history=history(("0", 1))), tracking(version="0", revision_history=history(("0", 1)), status="draft")),
    ("6.1.20", None, tracking(version="1.0.0-rc.1", revision_history=history(("1.0.0-rc.1", 1))),
     tracking(version="1.0.0-rc.1", revision_history=history(("1.0.0-rc.1", 1)), status="draft")),
    ("6.1.22", None, tracking(revision_history=history(("1", 1), ("1", 2))), tracking(revision_history=history(("1", 1), ("2", 2)), version="2")),
    ("6.1.25", None, helper(hashes=[{"filename": "f", "file_hashes": [{"algorithm": "sha256", "value": "ab" * 32}, {"algorithm": "sha256", "value": "cd" * 32}]}]),
     helper(hashes=[{"filename": "f", "file_hashes": [{"algorithm": "sha256", "value": "ab" * 32}, {"algorithm": "sha512", "value": "cd" * 64}]}])),
    ("6.1.27.1", INFORMATION, lambda one: (one.pop("vulnerabilities"), one["document"].update(notes=[{"category": "other", "text": "x"}])), lambda one: one.pop("vulnerabilities")),
    ("6.1.27.2", INFORMATION, lambda one: (one.pop("vulnerabilities"), one["document"].pop("references")), lambda one: one.pop("vulnerabilities")),
    ("6.1.27.3", INFORMATION, lambda one: None, lambda one: one.pop("vulnerabilities")),
    ("6.1.27.4", ADVISORY, lambda one: one.pop("product_tree"), lambda one: None),
    ("6.1.27.5", ADVISORY, lambda one: one["vulnerabilities"][0].pop("notes"), lambda one: None),
    ("6.1.27.6", "csaf_deprecated_security_advisory", lambda one: one["vulnerabilities"][0].pop("product_status"), lambda one: None),
    ("6.1.27.7", VEX, flaw(product_status={"first_fixed": ["P1"]}, remediations=[]), lambda one: None),
    ("6.1.27.8", VEX, lambda one: one["vulnerabilities"][0].pop("cve"), lambda one: (one["vulnerabilities"][0].pop("cve"), flaw(ids=[{"system_name": "x", "text": "y"}])(one))),
    ("6.1.27.9", VEX, flaw(product_status={SAFE: ["P1", "P2"]}, remediations=[], flags=[{"label": "component_not_present", "product_ids": ["P1"]}]),
     flaw(product_status={SAFE: ["P1", "P2"]}, remediations=[], flags=[{"label": "component_not_present", "product_ids": ["P1"]}],
          threats=[{"category": "impact", "details": "x", "product_ids": ["P2"]}])),
    ("6.1.27.10", VEX, flaw(product_status={AFFECTED: ["P1", "P2"]}),
     flaw(product_status={AFFECTED: ["P1", "P2"]}, remediations=[{"category": "mitigation", "details": "x", "group_ids": ["G"]}])),
    ("6.1.27.11", ADVISORY, lambda one: one.pop("vulnerabilities"), lambda one: None),
    ("6.1.27.12", ADVISORY, flaw(product_status={ASKED: ["P1"]}), lambda one: None),
    ("6.1.29", None, flaw(remediations=[{"category": "mitigation", "details": "x"}]), lambda one: None),
    ("6.1.31", None, ranged("1.2.0 and earlier", "product_version"), ranged("overall otter", "product_version")),
    ("6.1.31", None, ranged("<1.2.0", "product_version"), ranged("1.2.0", "product_version")),
    ("6.1.32", None, flaw(product_status={SAFE: ["P1"]}, remediations=[], flags=[{"label": "component_not_present"}]),
     flaw(product_status={SAFE: ["P1"]}, remediations=[], flags=[{"label": "component_not_present", "product_ids": ["P1"]}])),
    ("6.1.33", None, flaw(product_status={SAFE: ["P1"]}, remediations=[], flags=[{"label": "component_not_present", "product_ids": ["P1"]},
                                                                                 {"label": "vulnerable_code_not_present", "group_ids": ["G"]}]),
     flaw(product_status={SAFE: ["P1"]}, remediations=[], flags=[{"label": "component_not_present", "product_ids": ["P1"]},
                                                                 {"label": "vulnerable_code_not_present", "product_ids": ["P2"]}])),
    ("6.1.35", None, remedies("vendor_fix", "fix_planned"), remedies("vendor_fix", "workaround")),
    ("6.1.35", None, remedies("mitigation", "none_available"), remedies("none_available")),
    ("6.1.36", None, lambda one: (flaw(product_status={FIXED: ["P1"]})(one), remedies("vendor_fix")(one)),
     lambda one: (flaw(product_status={FIXED: ["P1"]})(one), remedies("optional_patch")(one))),
    ("6.1.36", None, remedies("optional_patch"), remedies("no_fix_planned")),
    ("6.1.37", None, flaw(discovery_date="2023-02-29T00:00:00Z"), flaw(discovery_date="2024-02-29T00:00:00Z")),
    ("6.1.37", None, flaw(discovery_date="2016-12-31T23:59:60Z"), flaw(discovery_date="2016-12-31T23:59:59.9+01:00")),
    ("6.1.37", None, flaw(discovery_date="2016-12-31t23:59:59Z"), flaw(discovery_date="2016-12-31T23:59:59Z")),
    ("6.1.42", None, helper(purls=["pkg:npm/a@1", "pkg:npm/b@1"]), helper(purls=["pkg:npm/a@1", "pkg:npm/a@1?arch=x"])),
    ("6.1.43", None, helper(model_numbers=["P*A*"]), helper(model_numbers=["P\\*A*"])),
    ("6.1.44", None, helper(serial_numbers=["P*A*"]), helper(serial_numbers=["P?A*"])),
    ("6.1.50", None, ranged("all versions < 4.2.0"), ranged("<4.2.0")),
    ("6.1.50", None, ranged("vers:all/<4.2.0"), ranged("vers:all/*")),
    ("6.1.50", None, ranged("vers:npm/>=2.0.0|<1.0.0"), ranged("vers:npm/>=1.0.0|<2.0.0")),
    ("6.1.57", None, lambda one: nested(one, "vendor"), lambda one: nested(one, "product_family", "product_family")),
    ("6.1.58", None, lambda one: (nested(one, "product_version"), one["product_tree"]["branches"][0]["branches"][0]["branches"][0]["branches"][0].update(
        category="product_version_range", name="<1.2")), lambda one: nested(one, "architecture")),
    ("6.1.59", None, ranged("vers:intdot/4.2.0"), ranged("vers:intdot/4.2.0|4.2.1")),
    ("6.1.60.1", None, lambda one: one.update(x_extensions=[{**extension()[0], "more": 1}]), lambda one: one.update(x_extensions=extension())),
    ("6.1.60.1", None, lambda one: one["document"].update(x_extensions=[]), lambda one: one["document"].update(x_extensions=extension())),
    ("6.1.60.3", None, flaw(x_extensions=extension() + extension(category="significant")), flaw(x_extensions=extension())),
    ("6.1.61", None, helper(skus=["P*A*"]), helper(skus=["P?A*"])),
]
TAKEN_BACK = [
    ("6.1.27.3", "withdrawn", lambda one: one.update(vulnerabilities=[{"title": "x"}])),
    ("6.1.27.14", "withdrawn", lambda one: one["document"].update(notes=[NOTE])),
    ("6.1.27.15", "withdrawn", lambda one: one.update(product_tree={"full_product_names": [{"name": "x", "product_id": "x"}]})),
    ("6.1.27.16", "superseded", lambda one: one["document"]["tracking"].update(revision_history=history(("2", 1)))),
    ("6.1.27.17", "withdrawn", lambda one: one["document"]["notes"][0].update(title="x")),
    ("6.1.27.18", "superseded", lambda one: one["document"]["notes"][0].update(title="x")),
    ("6.1.27.19", "superseded", lambda one: one["document"]["references"][0].update(category="self")),
]
# Members of 2.0, or of nobody: the schema.
CLOSED = {
    "$schema": lambda one: one.pop("$schema"),
    "distribution": lambda one: one["document"].pop("distribution"),
    "relationships": lambda one: one["product_tree"].update(relationships=[]),
    "purl": helper(purl="pkg:npm/a@1"),
    "scores": flaw(scores=[]),
    "release_date": flaw(release_date="2026-01-01T00:00:00Z"),
    "x_mine": lambda one: one.update(x_mine=1),
    "legacy": ranged("x", "legacy"),
    "lower-case hex": helper(hashes=[{"filename": "f", "file_hashes": [{"algorithm": "sha256", "value": "AB" * 32}]}]),
    "package URLs": helper(purls=["pkg://npm/a@1"]),
    "either branches or a product": lambda one: leaf(one).update(branches=[]),
    "critical extension": lambda one: one.update(x_extensions=extension(critical=True)),
}


def said(what, *products, identity="P1", paths=(), **more):
    document = turned(pairs.csaf(pairs.tree(*products), [pairs.flaw(**({what: identity} if what else {}))]))
    if paths:
        document["product_tree"]["product_paths"] = list(paths)
    document["vulnerabilities"][0].update(more)
    return document


def changed(document, change):
    change(document)
    return document


def of_model(number):
    return changed(said(FIXED, pairs.product(**PRODUCT)), helper(purls=[f"{pairs.PURL}@1.2.0"], model_numbers=[number]))


PRODUCT = {"version": "1.2.0", "purl": f"{pairs.PURL}@1.2.0"}
MODEL = pairs.release(modelNumbers=["PG-3000-24"], purl=f"{pairs.PURL}@1.2.0")
IN_OURS = pairs.release(purl=f"{pairs.PURL}@1.2.0", components=[pairs.library()])

# name, release, document, what is found
TABLE = [
    ("affected by purl", pairs.WITH_PURL, said(AFFECTED, pairs.product(**PRODUCT)), SURE_AFFECTED),
    ("fixed by purl", pairs.WITH_PURL, said(FIXED, pairs.product(**PRODUCT)), SURE_FIXED),
    ("not affected by purl", pairs.WITH_PURL, said(SAFE, pairs.product(**PRODUCT)), SURE_SAFE),
    ("several purls that differ in qualifiers", pairs.WITH_PURL, changed(said(AFFECTED, pairs.product(**PRODUCT)), helper(purls=[f"{pairs.PURL}@1.2.0?arch=a", f"{pairs.PURL}@1.2.0"])),
     SURE_AFFECTED),
    ("another version", pairs.WITH_PURL, said(AFFECTED, pairs.product(version="9.0", purl=f"{pairs.PURL}@9.0")), NOTHING),
    ("unknown: nobody looks", pairs.WITH_PURL, said("unknown", pairs.product(**PRODUCT)), SURE_ASKED),
    ("unknown of another version", pairs.WITH_PURL, said("unknown", pairs.product(version="9.0", purl=f"{pairs.PURL}@9.0")), NOTHING),
    ("vers, inside", pairs.WITH_PURL, said(AFFECTED, pairs.product(range="vers:semver/>=1.0.0|<2.0.0", purl=pairs.PURL)), MAYBE_AFFECTED),
    ("vers, outside", pairs.WITH_PURL, said(AFFECTED, pairs.product(range="vers:semver/>=2.0.0", purl=pairs.PURL)), NOTHING),
    ("vers, everything", pairs.WITH_PURL, said(AFFECTED, pairs.product(range="vers:all/*", purl=pairs.PURL)), SURE_AFFECTED),
    ("vers, nothing", pairs.WITH_PURL, said(AFFECTED, pairs.product(range="vers:none/*", purl=pairs.PURL)), NOTHING),
    ("vers, unknown type", pairs.WITH_PURL, said(AFFECTED, pairs.product(range="vers:acme/<1.0", purl=pairs.PURL)), MAYBE_AFFECTED),
    ("vers, unknown type, not affected", pairs.WITH_PURL, said(SAFE, pairs.product(range="vers:acme/>=1.0", purl=pairs.PURL)), MAYBE_AFFECTED),
    ("vls, inside", pairs.WITH_PURL, said(AFFECTED, pairs.product(range="<2.0", purl=pairs.PURL)), MAYBE_AFFECTED),
    ("vls, outside", pairs.WITH_PURL, said(AFFECTED, pairs.product(range="<1.0", purl=pairs.PURL)), NOTHING),
    ("vls with an exception", pairs.WITH_PURL, said(AFFECTED, pairs.product(range=">1.0|!=1.2.0|<=2.0", purl=pairs.PURL)), NOTHING),
    ("whole model number", MODEL, changed(said(AFFECTED, pairs.product(name="Drive", version="1.2.0")), helper(model_numbers=["PG-3000-24"])), MAYBE_AFFECTED),
    ("pattern of model numbers", MODEL, changed(said(AFFECTED, pairs.product(name="Drive", version="1.2.0")), helper(model_numbers=["PG-3000-??"])), MAYBE_AFFECTED),
    ("beginning of a model number is not enough", MODEL, of_model("PG-3000"), MAYBE_FIXED),
    ("the very model", MODEL, of_model("PG-3000-24"), SURE_FIXED),
    ("beginning and a star", MODEL, of_model("PG-3000*"), SURE_FIXED),
    ("escaped star narrows", MODEL, of_model("PG-3000-2\\*"), MAYBE_FIXED),
    ("short number and a star", pairs.release(modelNumbers=["X1"]), changed(said(AFFECTED, pairs.product(name="Drive", version="1.2.0")), helper(model_numbers=["X1*"])),
     MAYBE_AFFECTED),
    ("a part of our product", IN_OURS, said(SAFE, LIBRARY, OURS, identity="R", paths=[path("R", "L", ("default_component_of", "P"))]), SURE_SAFE),
    # What a helper of the whole path names is the combination.
    *((f"a part of our product, known by {next(iter(helper_of))}, {what}", IN_OURS, said(what, LIBRARY, OURS, identity="R", paths=[
        path("R", "L", ("default_component_of", "P"), product_identification_helper=helper_of)]), expected)
      for what, expected in ((SAFE, MAYBE_SAFE), (FIXED, MAYBE_FIXED), (AFFECTED, SURE_AFFECTED))
      for helper_of in ({"purls": ["pkg:generic/zeta/router@9"]}, {"cpe": "cpe:2.3:a:zeta:router:9:*:*:*:*:*:*:*"}, {"serial_numbers": ["A1"]},
                        {"model_numbers": ["ZR-9000-77"]}, {"hashes": [{"filename": "f", "file_hashes": [{"algorithm": "sha256", "value": "ab" * 32}]}]})),
    ("a part of another product", IN_OURS, said(SAFE, LIBRARY, OTHER, identity="R", paths=[path("R", "L", ("default_component_of", "Z"))]), NOTHING),
    ("two hops, both ours", IN_OURS, said(AFFECTED, LIBRARY, OURS, identity="R", paths=[path("R", "L", ("default_component_of", "P"), ("installed_on", "P"))]),
     SURE_AFFECTED),
    ("two hops, the last one elsewhere", IN_OURS, said(SAFE, LIBRARY, OURS, OTHER, identity="R", paths=[path("R", "L", ("default_component_of", "P"), ("installed_on", "Z"))]), MAYBE_SAFE),
    ("two hops, affected elsewhere", IN_OURS, said(AFFECTED, LIBRARY, OURS, OTHER, identity="R", paths=[path("R", "L", ("default_component_of", "P"), ("installed_on", "Z"))]), MAYBE_AFFECTED),
    ("chained paths mean the same", IN_OURS, said(AFFECTED, LIBRARY, OURS, OTHER, identity="R", paths=[
        path("Q", "L", ("default_component_of", "P")), path("R", "Q", ("installed_on", "Z"))]), MAYBE_AFFECTED),
    ("ours on something unknown", pairs.WITH_PURL, said(FIXED, OURS, OTHER, identity="R", paths=[path("R", "P", ("installed_on", "Z"))]), MAYBE_FIXED),
    *((f"digests of nothing that we have, by {algorithm}, {what}", pairs.WITH_PURL, changed(said(what, pairs.product(**PRODUCT)), helper(
        purls=[f"{pairs.PURL}@1.2.0"], hashes=[{"filename": "f", "file_hashes": [{"algorithm": algorithm, "value": "ab" * 32}]}])), expected)
      for algorithm in ("sha256", "sha3-256") for what, expected in ((FIXED, MAYBE_FIXED), (SAFE, MAYBE_SAFE), (AFFECTED, SURE_AFFECTED))),
    ("a draft", pairs.WITH_PURL, changed(said(SAFE, pairs.product(**PRODUCT)), tracking(status="draft")), MAYBE_SAFE),
    ("an essential extension that is not read", pairs.WITH_PURL, changed(said(FIXED, pairs.product(**PRODUCT)), lambda one: one.update(x_extensions=extension(category="essential"))), MAYBE_FIXED),
    ("the same, affected", pairs.WITH_PURL, changed(said(AFFECTED, pairs.product(**PRODUCT)), lambda one: one.update(x_extensions=extension(category="essential"))), SURE_AFFECTED),
    ("a supplementary extension", pairs.WITH_PURL, changed(said(FIXED, pairs.product(**PRODUCT)), lambda one: one.update(x_extensions=extension())), SURE_FIXED),
    ("information without vulnerabilities", pairs.WITH_PURL, changed(good(INFORMATION), lambda one: one.pop("vulnerabilities")), MAYBE_AFFECTED),
    ("a platform narrows", pairs.WITH_PURL, changed(said(FIXED, pairs.product(**PRODUCT)), lambda one: nested(one, "platform")), MAYBE_FIXED),
]


def answers(entry):
    return {f"{match['match']} {match['status']}" for match in (entry or {}).get("matches", [])}


class Csaf21(PairCase):
    def errors(self, documents):
        found = self.advise(self.release(pairs.WITH_PURL), documents)
        return [(one or {}).get("error") for one in found]

    def test_mandatory_tests(self):
        """Each refuses its own document, and not the nearest one."""
        documents = []
        for _, category, bad, fine in MANDATORY:
            for change in (bad, fine):
                documents.append(good(category or "csaf_base"))
                change(documents[-1])
        errors = self.errors(documents)
        for index, (test, *_) in enumerate(MANDATORY):
            with self.subTest(f"{index} {test}"):
                self.assertRegex(errors[2 * index] or "", f"CSAF 2.1 document fails mandatory test {test}$".replace(".", "\\."))
                self.assertIsNone(errors[2 * index + 1])

    def test_30_levels_of_branches(self):
        """6.1.34 is held by the reader, which takes no deeper nesting: 30 levels are judged, 31 are not."""
        documents = [changed(good(), lambda one, more=more: nested(one, *["product_family"] * more)) for more in (0, 27, 28)]
        for document in documents:
            for at in leaf_of(document):
                at["product"].pop("product_identification_helper", None)
        self.assertEqual([depth(one["product_tree"]["branches"]) for one in documents], [3, 30, 31])
        errors = self.errors(documents)
        self.assertEqual(errors[:2], [None, None])
        self.assertRegex(errors[2] or "", "nested too deep")

    def test_withdrawn_and_superseded_documents_have_rules(self):
        documents = [changed(taken_back(kind), change) for _, kind, change in TAKEN_BACK]
        for (test, *_), error in zip(TAKEN_BACK, self.errors(documents)):
            with self.subTest(test):
                self.assertIn(f"fails mandatory test {test}", error or "")
        german = changed(taken_back("withdrawn"), lambda one: (one["document"].update(lang="de"), one["document"]["notes"][0].update(title="Begründung")))
        self.assertEqual(self.errors([taken_back("withdrawn"), taken_back("superseded"), german]), [None] * 3)

    def test_every_object_is_closed(self):
        documents = [changed(good(), change) for change in CLOSED.values()]
        for words, entry in zip(CLOSED, self.advise(self.release(pairs.WITH_PURL), documents)):
            with self.subTest(words):
                self.assertIn("error", entry or {})
                self.assertIn(words, json.dumps(entry))

    def test_the_same_tests_for_2_0(self):
        """Those that both versions have."""
        one = pairs.said(AFFECTED, pairs.product(**PRODUCT))
        bad = copy.deepcopy(one)
        bad["vulnerabilities"][0]["remediations"] = [{"category": "mitigation", "details": "x"}]
        flagged = pairs.said(SAFE, pairs.product(**PRODUCT))
        flagged["vulnerabilities"][0]["flags"] = [{"label": "component_not_present"}]
        errors = self.errors([bad, flagged, one])
        self.assertIn("CSAF 2.0 document fails mandatory test 6.1.29", errors[0])
        self.assertIn("CSAF 2.0 document fails mandatory test 6.1.32", errors[1])
        self.assertIsNone(errors[2])

    def test_what_is_found(self):
        self.assertGreaterEqual(len(TABLE), 20)
        for name, release, document, expected in TABLE:
            with self.subTest(name):
                entry = self.advise(self.release(release), [document])[0]
                self.assertNotIn("error", entry or {}, entry)
                self.assertEqual(answers(entry), expected, json.dumps(entry, indent=1))

    def test_the_same_documents_say_the_same(self):
        """What the table of 2.0 says, turned into 2.1: the same answer, or refused for a version in words or a range of one."""
        same = refused = 0
        releases = {}
        for pair in pairs.PAIRS:
            if "document" in pair[3] and not isinstance(pair[4], str) and pair[3]["document"]["category"] != INFORMATION:
                releases.setdefault(json.dumps(pair[2], sort_keys=True), []).append(pair)
        for group in releases.values():
            documents = [turned(pair[3]) for pair in group]
            for pair, entry in zip(group, self.advise(self.release(group[0][2]), documents)):
                with self.subTest(f"{pair[0]} {pair[1]}"):
                    if "error" in (entry or {}):
                        self.assertRegex(entry["error"], "fails mandatory test 6\\.1\\.(31|50|57|59)$|no valid CSAF 2.1 document")
                        refused += 1
                    else:
                        self.assertEqual(answers(entry), pair[4], f"{pair[5]}: {json.dumps(entry, indent=1)}")
                        same += 1
        self.assertGreater(same, 190)
        self.assertLess(refused, 60)

    def test_details(self):
        archive = self.release(pairs.WITH_PURL)
        asked = self.advise(archive, [said("unknown", pairs.product(**PRODUCT))])[0]["matches"][0]
        self.assertIn("does not know", asked["doubt"])
        one = said(AFFECTED, pairs.product(**PRODUCT), ids=[{"system_name": "x", "text": "A-1", "product_ids": ["P1"]}, {"system_name": "x", "text": "A-2"}])
        del one["vulnerabilities"][0]["cve"]
        self.assertEqual(self.advise(archive, [one])[0]["matches"][0]["vulnerability"], "A-2")
        one["vulnerabilities"][0]["ids"][1]["product_ids"] = ["P1"]
        found = self.advise(archive, [one])[0]
        self.assertEqual(found["matches"][0]["vulnerability"], "A-1, A-2")
        self.assertEqual(found["kind"], "CSAF 2.1 csaf_base")


class TakenBack(PairCase):
    def ask(self, documents, *options, code=(0, 3)):
        archive = self.release(pairs.WITH_PURL)
        folder = self.folder / "taken"
        folder.mkdir(exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
        for name, document in documents.items():
            (folder / f"{name}.json").write_text(json.dumps(document))
        return self.verify("advisories", archive, "--csaf", folder, "--anchor", ROOT_CERT, "--allow-example-keys", *options, code=code)

    def test_what_is_taken_back_holds_no_more(self):
        old = pairs.said(AFFECTED, pairs.product(**PRODUCT))
        for kind in ("withdrawn", "superseded"):
            with self.subTest(kind):
                both = self.ask({"old": old, "new": taken_back(kind)}, "--json").json()["releases"][0]["advisories"]
                found = {one["file"].rsplit("/", 1)[1]: one for one in both["documents"]}
                self.assertTrue(found["old.json"]["replaced by"].endswith("new.json"))
                self.assertEqual((found["new.json"]["taken back"], found["new.json"]["matches"]), (kind, []))
                page = self.ask({"new": taken_back(kind)}).out
                self.assertIn(f"it is {kind}; what its earlier revisions said holds no more", page)

    def test_of_one_revision_in_two_forms_the_newer_form_is_read(self):
        old = pairs.said(AFFECTED, pairs.product(**PRODUCT))
        found = self.ask({"a": turned(old), "b": old}, "--json").json()["releases"][0]["advisories"]["documents"]
        self.assertEqual([answers(one) or list(one)[-1] for one in found], [SURE_AFFECTED, "replaced by"])

    def test_long_lists_cost_no_more_than_their_length(self):
        """20,000 revisions, extensions, digests, and notes that each name a group of 20,000 products."""
        many = 20_000
        document = said(SAFE, pairs.product(**PRODUCT))
        document["document"]["tracking"].update(version=str(many), revision_history=[
            {"number": str(number), "date": f"{2000 + number // 10000}-01-01T{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}Z", "summary": "x"}
            for number in range(1, many + 1)])
        document["x_extensions"] = [{**extension()[0], "$schema": f"https://acme.example/{number}.json"} for number in range(many)]
        document["product_tree"]["full_product_names"] = [{"name": f"Zeta {number}", "product_id": f"Z{number}"} for number in range(many)]
        document["product_tree"]["product_groups"] = [{"group_id": "G", "product_ids": [f"Z{number}" for number in range(many)]}]
        document["product_tree"]["branches"][0]["branches"][0]["branches"][0]["product"]["product_identification_helper"]["hashes"] = [
            {"filename": "f", "file_hashes": [{"algorithm": f"x{number}", "value": "ab" * 16} for number in range(many)]}]
        flag = {"label": "component_not_present", "date": "2026-01-01T00:00:00Z"}
        document["vulnerabilities"][0].update(
            flags=[{**flag, "product_ids": ["P1"]}] + [{**flag, "group_ids": ["G"]}] * many,
            remediations=[{"category": "no_fix_planned", "details": str(number), "group_ids": ["G"]} for number in range(many)],
            threats=[{"category": "impact", "details": str(number), "group_ids": ["G"]} for number in range(many)])
        # And 1,000 products that are all ours, with 1,000 remediations for all of them: the first 64 are told.
        crowd = said(AFFECTED, pairs.product(**PRODUCT))
        names = [f"C{number}" for number in range(1000)]
        crowd["document"]["tracking"]["id"] = "T-2"
        crowd["product_tree"]["full_product_names"] = [{"name": "x", "product_id": name, "product_identification_helper": {"purls": [f"{pairs.PURL}@1.2.0"]}} for name in names]
        crowd["product_tree"]["product_groups"] = [{"group_id": "G", "product_ids": names}]
        crowd["vulnerabilities"][0].update(product_status={AFFECTED: names},
                                           remediations=[{"category": "mitigation", "details": str(number), "group_ids": ["G"]} for number in range(1000)])
        found = self.ask({"crowd": crowd}, "--json").json()["releases"][0]["advisories"]["documents"]
        self.assertEqual([answers(one) for one in found], [SURE_AFFECTED])
        self.assertEqual([one["details"] for one in found[0]["matches"][0]["remediations"]], [str(number) for number in range(64)])
        found = self.ask({"long": document}, "--json").json()["releases"][0]["advisories"]["documents"]
        self.assertEqual([answers(one) for one in found], [MAYBE_SAFE], str(found)[:500])  # digests of no file of ours

    def test_copies_are_one_and_twins_that_differ_are_none(self):
        one, other = (turned(pairs.said(what, pairs.product(**PRODUCT))) for what in (AFFECTED, FIXED))
        found = self.ask({"a": one, "b": dict(reversed(one.items()))}, "--json").json()["releases"][0]["advisories"]["documents"]
        self.assertEqual([answers(each) or list(each)[-1] for each in found], [SURE_AFFECTED, "replaced by"])
        result = self.ask({"a": one, "b": other}, "--json", code=3).json()["releases"][0]["advisories"]
        self.assertEqual([each["error"] for each in result["documents"]], ["two documents claim to be the same revision, and differ"] * 2)
        self.assertEqual((result["read"], result["skipped"], result["result"]), (0, 2, "NOT_CHECKED"))
        self.assertEqual(self.ask({"a": one, "b": other}, "--quiet", code=3).out.count("NOT JUDGED"), 2)
        # A later one settles it.
        later = turned(pairs.said(FIXED, pairs.product(**PRODUCT), version="2"))
        result = self.ask({"a": one, "b": other, "c": later}, "--json").json()["releases"][0]["advisories"]
        self.assertEqual([answers(each) or list(each)[-1] for each in result["documents"]], ["replaced by", "replaced by", SURE_FIXED])


if __name__ == "__main__":
    main()
