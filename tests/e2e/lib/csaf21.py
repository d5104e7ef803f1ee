# SPDX-License-Identifier: Apache-2.0
"""Documents of CSAF 2.1: those of 2.0 turned into it, and what the pairs need beside them."""
import copy

SCHEMA = "https://docs.oasis-open.org/csaf/csaf/v2.1/schema/csaf.json"


def names_of(tree):
    """Every full product name of a tree of 2.0."""
    def below(branches):
        for branch in branches:
            if "product" in branch:
                yield branch["product"]
            yield from below(branch.get("branches", []))
    yield from below(tree.get("branches", []))
    yield from tree.get("full_product_names", [])
    yield from (one["full_product_name"] for one in tree.get("relationships", []))


def turn_helper(helper):
    if "purl" in helper:
        helper["purls"] = [helper.pop("purl")]
    for name in ("model_numbers", "skus"):
        if name in helper:  # the beginning is enough in 2.0
            helper[name] = [one if "*" in one else one + "*" for one in helper[name]]
    for one in helper.get("hashes", []):
        for digest in one["file_hashes"]:
            digest.update(algorithm=digest["algorithm"].lower(), value=digest["value"].lower())


def turned(document, category="csaf_base"):
    """A document of 2.0 as one of 2.1 that says the same."""
    made = {"$schema": SCHEMA, **copy.deepcopy(document)}
    head, tree = made["document"], made.get("product_tree", {})
    head.update(csaf_version="2.1", category=category, distribution={"tlp": {"label": "CLEAR"}})
    head["tracking"]["revision_history"] = [{"date": head["tracking"]["current_release_date"], "number": head["tracking"]["version"], "summary": "x"}]
    for name in names_of(tree):
        turn_helper(name.get("product_identification_helper", {}))
    relations = tree.pop("relationships", [])
    if relations:
        tree["product_paths"] = [path(one["full_product_name"]["product_id"], one["product_reference"],
                                      (one["category"], one["relates_to_product_reference"]), **one["full_product_name"]) for one in relations]
    for one in made.get("vulnerabilities", []):
        one.pop("scores", None)
    return made


def path(identity, beginning, *hops, name=None, **full):
    return {"beginning_product_reference": beginning, "full_product_name": {"name": name or identity, **full, "product_id": identity},
            "subpaths": [{"category": category, "next_product_reference": product} for category, product in hops]}


def taken_back(kind, identity="T-1", version="2"):
    """A withdrawn or superseded advisory."""
    reason = {"withdrawn": "Reasoning for Withdrawal", "superseded": "Reasoning for Supersession"}[kind]
    return {"$schema": SCHEMA, "document": {
        "category": f"csaf_{kind}", "csaf_version": "2.1", "title": "t", "distribution": {"tlp": {"label": "CLEAR"}},
        "publisher": {"category": "vendor", "name": "Acme", "namespace": "https://acme.example"},
        "notes": [{"category": "description", "title": reason, "text": "It was wrong."}],
        "references": [{"category": "external", "summary": "Superseding Document T-9", "url": "https://acme.example/t-9.json"}],
        "tracking": {"id": identity, "status": "final", "version": version, "current_release_date": "2026-02-01T00:00:00Z",
                     "initial_release_date": "2026-01-01T00:00:00Z",
                     "revision_history": [{"date": "2026-01-01T00:00:00Z", "number": "1", "summary": "first"},
                                          {"date": "2026-02-01T00:00:00Z", "number": version, "summary": kind}]}}}
