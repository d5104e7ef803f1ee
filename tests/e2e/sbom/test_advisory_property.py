# SPDX-License-Identifier: Apache-2.0
"""A property of all answers: who says less never reassures more.

Random releases and documents from a fixed seed. Each document is made vaguer: without a version, an identifier, a relationship, a
vendor, a reason, a root, its being final stays. What the vaguer one calls surely "fixed" or "not affected", the first one must have
called so at least possibly. (A document that says two things of its version is left out: without the one it says the other.)
"""
import copy
import os
import random

import advisory_pairs as pairs
from harness import main
from pair_case import PairCase

HEAVY = os.environ.get("CRETULA_TEST_HEAVY") in ("1", "ON", "on", "TRUE")
RELEASES, DOCUMENTS = (40, 400) if HEAVY else (4, 60)
VERSIONS = ("1.2.0", "1.2", "v1.2.0", "2.0.0", "FW22", "FW23", "1.1.1k-9", "1.1.1k-10", "1.3")
RANGES = ("<2.0", ">=2.0", "vers:all/*", "vers:generic/>=1.0|<3.0", "vers:none/*", "all before FW23", "vers:semver/<1.2.0")
FLAGS = ("component_not_present", "vulnerable_code_not_present", "vulnerable_code_not_in_execute_path")
REASONS = ("code_not_present", "code_not_reachable", "requires_configuration", None)
STATES = ("not_affected", "resolved", "false_positive", "exploitable", "in_triage", "resolved_with_pedigree")
RELATIONS = ("installed_on", "installed_with", "default_component_of", "optional_component_of", "external_component_of")


def random_release(rng):
    version = rng.choice(VERSIONS)
    fields = {}
    if rng.random() < 0.7:
        fields["purl"] = pairs.PURL + (f"@{version}" if rng.random() < 0.8 and "(" not in version else "")
    if rng.random() < 0.6 and version.replace(".", "").isalnum():
        fields["cpe"] = pairs.cpe(version.lower())
    if rng.random() < 0.3:
        fields["modelNumbers"] = ["PG-3000-24"]
    components = [pairs.library(), pairs.library("openssl", "1.1.1k-9", "pkg:rpm/dist/openssl@1.1.1k-9")] if rng.random() < 0.8 else None
    return pairs.release(version, components, **fields)


def helper(rng, name, version):
    """Identifiers of our product, of a component, or of another product; each with the version or without one."""
    made = {}
    if rng.random() < 0.7:
        base = {"product": pairs.PURL, "lodash": "pkg:npm/lodash", "other": "pkg:generic/zeta/router"}[name]
        made["purl"] = base + (f"@{version}" if version and rng.random() < 0.7 else "")
    if name == "product" and rng.random() < 0.5 and (version is None or version.replace(".", "").isalnum()):
        made["cpe"] = pairs.cpe((version or "*").lower() if rng.random() < 0.8 else "*")
    if name == "product" and rng.random() < 0.2:
        made["hashes"] = [{"filename": "fw.bin", "file_hashes": [{"algorithm": "sha256", "value": pairs.digest("sha256") if rng.random() < 0.7 else "ab" * 32}]}]
    if name == "product" and rng.random() < 0.2:
        made["model_numbers"] = ["PG-3000-24"]
    return made


def random_product(rng, identity, own):
    name = rng.choice(("product", "product", "lodash", "other"))
    version = {"lodash": "4.17.20"}.get(name, own) if rng.random() < 0.6 else rng.choice(VERSIONS)
    text = {"product": pairs.PRODUCT, "lodash": "lodash", "other": "Router"}[name]
    kind = rng.random()
    if kind < 0.25:
        return pairs.product(identity, name=text, vendor=None, **helper(rng, name, version))
    if kind < 0.55:
        return pairs.product(identity, name=text, version=version, **helper(rng, name, version))
    if kind < 0.85:
        return pairs.product(identity, name=text, range=rng.choice(RANGES), **helper(rng, name, None))
    return pairs.product(identity, name=text, **helper(rng, name, version))


def random_csaf(rng, own):
    products = [random_product(rng, "A", own), random_product(rng, "B", own)]
    relations, identity = (), "A"
    if rng.random() < 0.4:
        relations, identity = [("R", "A", rng.choice(RELATIONS), "B")], "R"
    what = rng.choice((pairs.SAFE, pairs.SAFE, pairs.FIXED, pairs.FIXED, pairs.AFFECTED, pairs.ASKED))
    one = pairs.flaw(**{what: identity})
    if what == pairs.SAFE:
        one["flags"] = [{"label": rng.choice(FLAGS), "product_ids": [identity]}]
    return pairs.csaf(pairs.tree(*products, relations=relations), [one], publisher=("vendor", rng.choice(("Acme", "Zeta"))),
                      status=rng.choice(("final", "final", "final", "draft")))


def random_vex(rng, own, serial):
    component = pairs.library(**{"bom-ref": "l"})
    root = rng.choice((None, pairs.ours(own), pairs.ours("2.0.0"), {"type": "firmware", "bom-ref": "z", "name": "Router", "version": "9"}))
    reference = rng.choice(("l", "us", "pkg:npm/lodash", "pkg:npm/lodash@4.17.20", f"urn:cdx:{serial}/1#root", f"urn:cdx:{serial}/1#lodash"))
    if reference == "us" and (root is None or root["bom-ref"] != "us"):
        reference = "l"
    affects = {"ref": reference}
    if rng.random() < 0.4 and not reference.startswith("urn:"):
        affects["versions"] = [{rng.choice(("version", "range")): rng.choice(("4.17.20", own, "9.0")), "status": rng.choice(("affected", "unaffected", "unknown"))}]
        affects["versions"] = [{("range" if "range" in one else "version"): (f"vers:generic/<={one['range']}" if "range" in one else one["version"]),
                                "status": one["status"]} for one in affects["versions"]]
    if reference in ("us", "l") and "versions" in affects:
        # The components say no version then: two of them could say different things.
        component = {key: value for key, value in component.items() if key != "version"} | {"purl": "pkg:npm/lodash"}
        if root is not None and reference == "us":
            root = {key: value for key, value in root.items() if key != "version"} | {"purl": pairs.PURL}
    if reference == "pkg:npm/lodash@4.17.20":
        affects.pop("versions", None)
    return pairs.vex([affects], state=rng.choice(STATES), root=root, components=[component], justification=rng.choice(REASONS))


def walk(value):
    if isinstance(value, dict):
        yield value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from walk(one)


def without_version(rng, document):
    """Every version in the document, or those of one place."""
    places = []
    for one in walk(document):
        for key in ("purl", "ref"):
            if isinstance(one.get(key), str) and one[key].startswith("pkg:") and "@" in one[key]:
                places.append((one, key, one[key].split("@")[0]))
        if isinstance(one.get("cpe"), str):
            places.append((one, "cpe", pairs.cpe("*")))
        if one.get("category") in ("product_version", "product_version_range"):
            places.append((one, "name", None))
        if "versions" in one and "ref" in one:
            places.append((one, "versions", None))
        if "bom-ref" in one and "version" in one:
            places.append((one, "version", None))
    if not places:
        return False
    for one, key, value in places if rng.random() < 0.5 else [rng.choice(places)]:
        if key == "name":
            one["category"] = "product_family"
            one["name"] = "any"
            one["product"]["name"] = pairs.PRODUCT if pairs.PRODUCT in one["product"]["name"] else one["product"]["name"].split(" ")[1]
        elif value is None:
            one.pop(key)
        else:
            one[key] = value
    return True


def without_identifier(rng, document):
    places = [(one, key) for one in walk(document) for key in ("purl", "cpe", "hashes", "model_numbers") if key in one and "bomFormat" not in one]
    if not places:
        return False
    one, key = rng.choice(places)
    one.pop(key)
    return True


def without_relation(rng, document):
    tree = document.get("product_tree", {})
    if "relationships" in tree:
        whole, part = tree["relationships"][0]["full_product_name"]["product_id"], tree.pop("relationships")[0]["product_reference"]
        for vulnerability in document["vulnerabilities"]:
            for lists in (vulnerability["product_status"], *vulnerability.get("flags", ())):
                for key, value in lists.items():
                    lists[key] = [part if one == whole else one for one in value] if isinstance(value, list) else value
        return True
    root = document.get("metadata", {}).get("component")
    if root is None or any(one["ref"] == root["bom-ref"] for one in document["vulnerabilities"][0]["affects"]):
        return False
    document.pop("metadata")
    return True


def without_vendor(rng, document):
    tree = document.get("product_tree", {})
    if any("branches" not in one for one in tree.get("branches", [{}])):
        return False
    tree["branches"] = [inner for one in tree["branches"] for inner in one["branches"]]
    return True


def without_reason(rng, document):
    for one in document["vulnerabilities"]:
        one.pop("flags", None)
        one.get("analysis", {}).pop("justification", None)
    return True


VAGUER = (without_version, without_version, without_identifier, without_relation, without_vendor, without_reason)


def mild(entry, sure):
    return {(one["vulnerability"], one["subject"].replace("file fw.bin", "the product")) for one in (entry or {}).get("matches", [])
            if one["status"] in ("fixed", "not affected") and (not sure or one["match"] == "sure")}


class Vaguer(PairCase):
    def test_who_says_less_never_reassures_more(self):
        rng = random.Random("vaguer")
        compared = reassured = 0
        for number in range(RELEASES):
            spec = random_release(rng)
            archive = self.pack_release(spec, f"release{number}")
            documents, origins = [], []
            for _ in range(DOCUMENTS):
                document = random_csaf(rng, spec["version"]) if rng.random() < 0.6 else random_vex(rng, spec["version"], spec["serial"])
                first = len(documents)
                documents.append(document)
                origins.append(first)
                for _ in range(3):
                    document = copy.deepcopy(document)
                    if rng.choice(VAGUER)(rng, document):
                        documents.append(document)
                        origins.append(first)
                first = document
            found = self.advise(archive, documents)
            for index, first in enumerate(origins):
                self.assertNotIn("error", found[index] or {}, documents[index])
                compared += index != first
                reassured += bool(mild(found[index], sure=True))
                # Compared with every one that says more: the chain is from the first to this one.
                for earlier in range(first, index):
                    extra = mild(found[index], sure=True) - mild(found[earlier], sure=False)
                    self.assertEqual(extra, set(), f"{spec}\n{documents[earlier]}\n{found[earlier]}\nvaguer:\n{documents[index]}\n{found[index]}")
        self.assertGreater(compared, RELEASES * DOCUMENTS)
        self.assertGreater(reassured, RELEASES, "some are answered surely, or the test tells nothing")
        print(f"{RELEASES} releases, {RELEASES * DOCUMENTS} documents, {compared} vaguer ones, {reassured} sure mild answers")


if __name__ == "__main__":
    main()
