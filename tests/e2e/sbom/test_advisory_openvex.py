# SPDX-License-Identifier: Apache-2.0
"""OpenVEX 0.2.0: what is refused, which statement of several holds, and what is said of a release."""
import json

import advisory_pairs as pairs
from advisory_pairs import MAYBE_AFFECTED, MAYBE_FIXED, MAYBE_SAFE, NOTHING, SURE_AFFECTED, SURE_FIXED, SURE_SAFE
from harness import main
from pair_case import PairCase

OURS, LODASH = f"{pairs.PURL}@1.2.0", "pkg:npm/lodash@4.17.20"
SURE_ASKED = {"sure under investigation"}
IN_OURS = pairs.release(purl=OURS, components=[pairs.library()])
RPM = pairs.release(purl=OURS, components=[pairs.library("openssl", "1.1.1k-9", "pkg:rpm/dist/openssl@1.1.1k-9?arch=x86_64")])


def product(identity=OURS, *parts, **more):
    made = {**({"@id": identity} if identity else {}), **more}
    return {**made, "subcomponents": [{"@id": part} if isinstance(part, str) else part for part in parts]} if parts else made


def statement(status, *products, name="CVE-2026-1", **more):
    made = {"vulnerability": {"name": name}, "status": status, "products": list(products) or [product()]}
    if status == "affected":
        made["action_statement"] = "Close the port."
    if status == "not_affected":
        made["justification"] = "vulnerable_code_not_in_execute_path"
    return {**made, **more}


def vex(*statements, **more):
    vex.count += 1
    return {"@context": "https://openvex.dev/ns/v0.2.0", "@id": f"https://acme.example/vex/{vex.count}", "author": "Acme PSIRT",
            "timestamp": "2026-09-01T08:00:00Z", "version": 1, "statements": list(statements), **more}


vex.count = 0


def without(document, *members):
    return {name: value for name, value in document.items() if name not in members}


def first(**more):
    return vex({**statement("fixed"), **more})


# what is wrong: (document, words); the nearest good one is in TABLE
REFUSED = {
    "an older form": (vex(statement("fixed"), **{"@context": "https://openvex.dev/ns/v0.0.1"}), "@context"),
    "no form": (vex(statement("fixed"), **{"@context": "https://openvex.dev/ns"}), "@context"),
    "no id": (without(vex(statement("fixed")), "@id"), "@id"),
    "no author": (without(vex(statement("fixed")), "author"), "author"),
    "no timestamp": (without(vex(statement("fixed")), "timestamp"), "timestamp"),
    "a date for a timestamp": (vex(statement("fixed"), timestamp="2026-09-01"), "timestamp"),
    "no version": (without(vex(statement("fixed")), "version"), "version"),
    "a text for a version": (vex(statement("fixed"), version="1"), "version"),
    "version 0": (vex(statement("fixed"), version=0), "version"),
    "no statements": (vex(), "says nothing"),
    "an unknown member": (vex(statement("fixed"), statement={}), "statement"),
    "an unknown member of a statement": (first(ranges=[]), "ranges"),
    "an unknown status": (vex({**statement("fixed"), "status": "known_affected"}), "status"),
    "an unknown justification": (first(justification="because"), "justification"),
    "no products": (vex(without(statement("fixed"), "products")), "products"),
    "no product": (first(products=[]), "about nobody"),
    "affected and nothing to do": (vex(without(statement("affected"), "action_statement")), "action_statement"),
    "not affected and an empty reason": (vex({**without(statement("not_affected"), "justification"), "impact_statement": " "}), "justification or impact_statement"),
    "not affected and no reason": (vex(without(statement("not_affected"), "justification")), "justification or impact_statement"),
    "a hash alone": (vex(statement("fixed", product(None, hashes={"sha-256": "ab" * 32}))), "@id, or one of identifiers"),
    "empty identifiers": (vex(statement("fixed", product(None, identifiers={}))), "@id, or one of identifiers"),
    "an unknown hash": (vex(statement("fixed", product(hashes={"crc32": "ab" * 32}))), "crc32"),
    "a hash that is too short": (vex(statement("fixed", product(hashes={"sha-256": "ab" * 31}))), "sha-256"),
    "a purl that is none": (vex(statement("fixed", product("pkg:npm"))), "package URLs"),
    "two purls": (vex(statement("fixed", product(identifiers={"purl": "pkg:generic/zeta/router@1"}))), "package URLs"),
    "two versions": (vex(statement("fixed", product(identifiers={"purl": f"{pairs.PURL}@9"}))), "package URLs"),
    "no name of the vulnerability": (first(vulnerability={"description": "x"}), "name"),
    "parts of parts": (vex(statement("fixed", product(OURS, {"@id": LODASH, "subcomponents": []}))), "subcomponents"),
}


def timed(status, day, *products, **more):
    return statement(status, *products, timestamp=f"2026-08-{day:02}T00:00:00Z", **more)


def named(name, *aliases):
    return {"name": name, "aliases": list(aliases)}


def two(left, right, **more):
    return vex(left, right, **more)


# name, release, document, what is found
TABLE = [
    ("affected", pairs.WITH_PURL, vex(statement("affected")), SURE_AFFECTED),
    ("fixed", pairs.WITH_PURL, vex(statement("fixed")), SURE_FIXED),
    ("not affected", pairs.WITH_PURL, vex(statement("not_affected")), SURE_SAFE),
    ("not affected by impact", pairs.WITH_PURL, vex({**without(statement("not_affected"), "justification"), "impact_statement": "x"}), SURE_SAFE),
    ("under investigation", pairs.WITH_PURL, vex(statement("under_investigation")), SURE_ASKED),
    ("no version: all versions", pairs.WITH_PURL, vex(statement("affected", product(pairs.PURL))), SURE_AFFECTED),
    ("no version, not affected", pairs.WITH_PURL, vex(statement("not_affected", product(pairs.PURL))), MAYBE_SAFE),
    ("no version, fixed", pairs.WITH_PURL, vex(statement("fixed", product(pairs.PURL))), MAYBE_AFFECTED),
    ("another version", pairs.WITH_PURL, vex(statement("affected", product(f"{pairs.PURL}@9.0"))), NOTHING),
    ("a later version is fixed", pairs.WITH_PURL, vex(statement("fixed", product(f"{pairs.PURL}@9.0"))), MAYBE_AFFECTED),
    ("another product", pairs.WITH_PURL, vex(statement("affected", product("pkg:generic/zeta/router@1.2.0"))), NOTHING),
    ("by CPE", pairs.WITH_CPE, vex(statement("affected", product(None, identifiers={"cpe23": pairs.cpe("1.2.0")}))), SURE_AFFECTED),
    ("by identifiers.purl", pairs.WITH_PURL, vex(statement("fixed", product(None, identifiers={"purl": OURS}))), SURE_FIXED),
    ("a qualifier that we do not have", pairs.WITH_PURL, vex(statement("fixed", product(f"{OURS}?arch=arm"))), MAYBE_FIXED),
    ("hash and purl are ours", pairs.WITH_PURL, vex(statement("fixed", product(hashes={"sha-256": pairs.digest("sha256")}))), SURE_FIXED | MAYBE_FIXED),  # the product, and the file by itself
    ("another build", pairs.WITH_PURL, vex(statement("fixed", product(hashes={"sha-256": "ab" * 32}))), MAYBE_FIXED),
    ("another build is affected", pairs.WITH_PURL, vex(statement("affected", product(hashes={"sha-256": "ab" * 32}))), SURE_AFFECTED),
    ("a component by itself", IN_OURS, vex(statement("affected", product(LODASH))), SURE_AFFECTED),
    ("a component by itself, not reachable elsewhere", IN_OURS, vex(statement("not_affected", product(LODASH))), MAYBE_AFFECTED),
    ("a component by itself, without the code", IN_OURS, vex(statement("not_affected", product(LODASH), justification="vulnerable_code_not_present")), MAYBE_SAFE),
    ("a part of ours", IN_OURS, vex(statement("not_affected", product(OURS, LODASH))), SURE_SAFE),
    ("a part of ours, affected", IN_OURS, vex(statement("affected", product(OURS, LODASH))), SURE_AFFECTED),
    ("a part of another product", IN_OURS, vex(statement("not_affected", product("pkg:generic/zeta/router@1", LODASH))), NOTHING),
    ("a part of another product, affected", IN_OURS, vex(statement("affected", product("pkg:generic/zeta/router@1", LODASH))), MAYBE_AFFECTED),
    ("a part that we do not have", IN_OURS, vex(statement("affected", product(OURS, "pkg:npm/left-pad@1.0.0"))), MAYBE_AFFECTED),
    ("a part that we do not have, not affected", IN_OURS, vex(statement("not_affected", product(OURS, "pkg:npm/left-pad@1.0.0"))), NOTHING),
    ("fewer qualifiers", RPM, vex(statement("affected", product("pkg:rpm/dist/openssl@1.1.1k-9"))), SURE_AFFECTED),
    ("an IRI that nobody knows", pairs.WITH_PURL, vex(statement("not_affected", product("https://zeta.example/router"))), NOTHING),
    # Of one vulnerability and product the later statement holds, wherever it stands.
    ("later, below", pairs.WITH_PURL, two(timed("under_investigation", 1), timed("fixed", 2)), SURE_FIXED),
    ("later, above", pairs.WITH_PURL, two(timed("affected", 3), timed("fixed", 2)), SURE_AFFECTED),
    ("later in another zone", pairs.WITH_PURL, two(statement("fixed", timestamp="2026-08-02T00:00:00Z"), statement("affected", timestamp="2026-08-01T23:30:00-01:00")), SURE_AFFECTED),
    ("later by a fraction", pairs.WITH_PURL, two(statement("affected", timestamp="2026-08-02T00:00:00.5Z"), statement("fixed", timestamp="2026-08-02T00:00:00.25Z")), SURE_AFFECTED),
    ("without a time: the document's", pairs.WITH_PURL, two(statement("fixed"), timed("affected", 2)), SURE_FIXED),
    ("the same time: the worse", pairs.WITH_PURL, two(timed("fixed", 2), timed("affected", 2)), SURE_AFFECTED),
    ("by an alias", pairs.WITH_PURL, two(timed("affected", 1), timed("fixed", 2, name="GHSA-1", vulnerability={"name": "GHSA-1", "aliases": ["CVE-2026-1"]})), SURE_FIXED),
    ("by an alias, the earlier one's: perhaps of two", pairs.WITH_PURL, two(timed("affected", 1, vulnerability=named("CVE-2026-1", "GHSA-1")), timed("fixed", 2, vulnerability=named("GHSA-1"))), SURE_AFFECTED | SURE_FIXED),
    ("aliases with the numbers of two", pairs.WITH_PURL, two(timed("affected", 1), timed("fixed", 2, vulnerability=named("GHSA-1", "CVE-2026-1", "CVE-2026-2"))), SURE_AFFECTED | SURE_FIXED),
    ("an alias that two share", pairs.WITH_PURL, two(timed("affected", 1, vulnerability=named("CVE-2026-1", "GHSA-1")), timed("not_affected", 2, vulnerability=named("CVE-2026-2", "GHSA-1"))), SURE_AFFECTED | SURE_SAFE),
    ("an alias that three share", pairs.WITH_PURL, vex(timed("affected", 1, vulnerability=named("CVE-2026-1", "GHSA-1")), timed("fixed", 2, vulnerability=named("CVE-2026-2", "GHSA-1")), timed("fixed", 3, vulnerability=named("GHSA-1"))), SURE_AFFECTED | SURE_FIXED),
    ("one CVE number as the alias of another", pairs.WITH_PURL, two(timed("affected", 1), timed("not_affected", 2, vulnerability=named("CVE-2026-2", "CVE-2026-1"))), SURE_AFFECTED | SURE_SAFE),
    ("what replaced it was replaced", pairs.WITH_PURL, vex(timed("affected", 1), timed("affected", 2, vulnerability=named("GHSA-1", "CVE-2026-1")), timed("fixed", 3, vulnerability=named("GHSA-1"))), SURE_AFFECTED | SURE_FIXED),
    ("dated after its document", pairs.WITH_PURL, vex(statement("not_affected", timestamp="2026-09-01T08:00:01Z")), MAYBE_SAFE),
    ("dated after its document, affected", pairs.WITH_PURL, vex(statement("affected", timestamp="2099-01-01T00:00:00Z")), SURE_AFFECTED),
    ("dated after its document, beside an earlier one", pairs.WITH_PURL, two(timed("affected", 1), statement("not_affected", timestamp="2099-01-01T00:00:00Z")), SURE_AFFECTED),
    ("dated after its document, beside a milder one", pairs.WITH_PURL, two(timed("fixed", 1), statement("affected", timestamp="2099-01-01T00:00:00Z")), SURE_AFFECTED),
    ("of the day that the document was changed", pairs.WITH_PURL, vex(timed("affected", 1), statement("fixed", timestamp="2026-10-01T00:00:00Z"), last_updated="2026-10-01T00:00:00Z"), SURE_FIXED),
    ("changed before it was written", pairs.WITH_PURL, vex(statement("fixed"), last_updated="2020-10-01T00:00:00Z"), SURE_FIXED),
    ("another vulnerability", pairs.WITH_PURL, two(timed("affected", 1), timed("fixed", 2, name="CVE-2026-2")), SURE_AFFECTED | SURE_FIXED),
    ("another product does not override", pairs.WITH_PURL, two(timed("affected", 1), timed("fixed", 2, product(f"{OURS}?arch=arm"))), SURE_AFFECTED),
    ("a part does not override the whole", IN_OURS, two(timed("affected", 1), timed("not_affected", 2, product(OURS, LODASH))), SURE_AFFECTED | SURE_SAFE),
    ("three in turn", pairs.WITH_PURL, vex(timed("affected", 1), timed("not_affected", 2), timed("affected", 3)), SURE_AFFECTED),
]


class OpenVex(PairCase):
    def test_parts_do_not_repeat_the_words_of_their_product(self):
        """4000 parts of a product with a name of 250 kB need no gigabyte."""
        long = product("https://acme.example/" + "z" * 250000, *[f"pkg:npm/part{index}@1" for index in range(4000)])
        [found] = self.advise(self.release(IN_OURS), [vex(statement("affected", long, product(OURS)))])
        self.assertNotIn("error", found)
        self.assertEqual([one["status"] for one in found["matches"] if one["match"] == "sure"], ["affected"])

    def test_what_is_refused(self):
        documents = [document for document, _ in REFUSED.values()]
        for (what, (_, words)), entry in zip(REFUSED.items(), self.advise(self.release(pairs.WITH_PURL), documents)):
            with self.subTest(what):
                self.assertIn("no valid OpenVEX document", (entry or {}).get("error", ""))
                self.assertTrue(entry["faulty"])
                self.assertIn(words, json.dumps(entry))

    def test_what_is_found(self):
        self.assertGreaterEqual(len(TABLE), 20)
        groups = {}
        for row in TABLE:
            groups.setdefault(json.dumps(row[1], sort_keys=True), []).append(row)
        for rows in groups.values():
            for (name, _, _, expected), entry in zip(rows, self.advise(self.release(rows[0][1]), [row[2] for row in rows])):
                with self.subTest(name):
                    self.assertNotIn("error", entry or {}, entry)
                    found = {f"{match['match']} {match['status']}" for match in (entry or {}).get("matches", [])}
                    self.assertEqual(found, expected, json.dumps(entry, indent=1))

    def test_details(self):
        entry = self.advise(self.release(pairs.WITH_PURL), [vex(statement("affected"))])[0]
        self.assertEqual((entry["kind"], entry["title"]), ("OpenVEX 0.2.0", "Acme PSIRT"))
        self.assertEqual(entry["matches"][0]["remediations"], [{"category": "action", "details": "Close the port."}])

    def test_of_one_document_the_highest_version_speaks(self):
        one = vex(statement("affected"))
        entries = self.advise(self.release(pairs.WITH_PURL), [one, {**vex(statement("fixed")), "@id": one["@id"], "version": 2}])
        self.assertIn("replaced by", entries[0])
        self.assertEqual(entries[1]["matches"][0]["status"], "fixed")
        twins = self.advise(self.release(pairs.WITH_PURL), [one, {**vex(statement("fixed")), "@id": one["@id"]}])
        self.assertEqual([entry["error"] for entry in twins], ["two documents claim to be the same revision, and differ"] * 2)


if __name__ == "__main__":
    main()
