# SPDX-License-Identifier: Apache-2.0
"""The items of Annex II of Regulation (EU) 2024/2847: answered by what and where, or missing and what to add."""
import copy
import json
import re

from harness import EXAMPLE, ROOT_CERT, SOURCE, Case, main, sha256
from reports import schema_faults
from sbom_case import good_cyclonedx

PROFILE = ("--profile", "cra-annex2")
DOCUMENTS = {"A2-8a": "commission", "A2-8c": "install", "A2-8d": "scrap"}
# Every answer, so that nothing is missing and nothing left open.
FULL = {
    "product": {"type": "remote terminal unit", "modelNumbers": ["EA-RTU7"]},
    "manufacturer": {"name": "Example Automation GmbH", "postalAddress": "Example Street 1\n10115 Berlin", "email": "info@example.com",
                     "website": "https://automation.example.com"},
    "contacts": {"securityContact": "psirt@example.com", "disclosurePolicy": "https://automation.example.com/disclosure"},
    "intendedPurpose": "Telecontrol of a substation.", "essentialFunctions": ["Commands reach their outputs."],
    "securityEnvironment": "A locked cabinet.", "securityProperties": [{"summary": "Signed updates alone are installed."}],
    "foreseeableMisuse": [{"summary": "Use at an open network."}],
    "lifecycle": {"endOfSecuritySupport": "2036-12", "securitySupportKind": "Updates by download."},
    "changes": [{"security": True, "summary": "A fix.", "dataImpact": "none"}, {"security": True, "summary": "Another.", "dataImpact": "possible"}],
    "declarationOfConformity": {"url": "https://automation.example.com/doc.pdf"},
    "updateSettings": {"automatic": True, "switchOff": "Menu Updates, switch Automatic."},
    "integratorInformation": {"items": ["Terminate TLS in front of it."]},
    "sbom": [{"file": "sbom.json", "format": "CycloneDX-1.6"}],
    "documents": [{"ids": [{"domain": "example.com", "id": name}], "title": {"en": f"How to {name}"}, "version": "1", "file": f"{name}.md",
                   "topics": [topic]} for topic, name in DOCUMENTS.items()],
    "topics": {topic: {"status": "documented", "documents": [name]} for topic, name in DOCUMENTS.items()},
}


def pop(path):
    """A change that takes a member away, with the object that it leaves empty."""
    def change(value):
        *outer, last = path.split(".")
        at = value
        for name in outer:
            at = at[name]
        at.pop(last)
        if outer and not at:
            value.pop(outer[0])
    return change


def drop_topic(topic):
    def change(value):
        value["topics"].pop(topic)
        value["documents"] = [one for one in value["documents"] if topic not in one["topics"]]
    return change


def drop_maker(value):
    """The name is required where there is a manufacturer: then a placeholder stands in its place."""
    value["manufacturer"]["name"] = "unknown"


# item: (how its answer is taken away, where the finding points; None: it is asked for only where it applies)
ITEMS = {
    "A2-1a": (drop_maker, "#/manufacturer/name"),
    "A2-1b": (pop("manufacturer.postalAddress"), "#/manufacturer/postalAddress"),
    "A2-1c": (pop("manufacturer.email"), "#/manufacturer/email"),
    "A2-1d": (pop("manufacturer.website"), None),
    "A2-2a": (pop("contacts.securityContact"), "#/contacts/securityContact"),
    "A2-2b": (pop("contacts.disclosurePolicy"), "#/contacts/disclosurePolicy"),
    "A2-3a": (lambda value: value["product"].update(name="unknown"), "#/product/name"),
    "A2-3b": (pop("product.type"), "#/product/type"),
    "A2-3c": (pop("product.modelNumbers"), "#/product/modelNumbers"),
    "A2-4a": (pop("intendedPurpose"), "#/intendedPurpose"),
    "A2-4b": (pop("securityEnvironment"), "#/securityEnvironment"),
    "A2-4c": (pop("essentialFunctions"), "#/essentialFunctions"),
    "A2-4d": (pop("securityProperties"), "#/securityProperties"),
    "A2-5": (pop("foreseeableMisuse"), "#/foreseeableMisuse"),
    "A2-6": (pop("declarationOfConformity"), None),
    "A2-7a": (pop("lifecycle.securitySupportKind"), "#/lifecycle/securitySupportKind"),
    "A2-7b": (pop("lifecycle.endOfSecuritySupport"), "#/lifecycle/endOfSecuritySupport"),
    "A2-8a": (drop_topic("A2-8a"), "#/topics"),
    "A2-8b": (lambda value: value["changes"][1].pop("dataImpact"), "#/changes"),
    "A2-8c": (drop_topic("A2-8c"), "#/topics"),
    "A2-8d": (drop_topic("A2-8d"), "#/topics"),
    "A2-8e": (pop("updateSettings.switchOff"), "#/updateSettings"),
    "A2-8f": (pop("integratorInformation"), None),
    "A2-9": (pop("sbom"), None),
}
# What says nothing is no answer: (item, change, words of the reason)
EMPTY = [
    ("A2-4a", lambda value: value.update(intendedPurpose="TODO"), "#/intendedPurpose says only \"TODO\""),
    ("A2-7b", lambda value: value["lifecycle"].update(endOfSecuritySupport="tba"), "says only \"tba\""),
    ("A2-4c", lambda value: value.update(essentialFunctions=["n/a", "none"]), ""),
    ("A2-5", lambda value: (value.pop("foreseeableMisuse"), value.update(newRisks=[{"summary": "x y z"}])), ""),
    ("A2-8b", lambda value: value.pop("changes"), ""),
    ("A2-8b", lambda value: value["changes"][0].pop("dataImpact"), "1 of 2 changes do not say it"),
    ("A2-8e", pop("updateSettings"), ""),
    ("A2-8e", lambda value: value["updateSettings"].pop("switchOff"), "nothing says how that is turned off"),
    ("A2-8a", lambda value: (drop_topic("A2-8a")(value), value["topics"].update({"A2-8a": {"status": "notProvided", "reason": "later"}})),
     "said not to be provided: later"),
]
# Further ways to answer: (item, change, words of the answer)
WAYS = [
    ("A2-1a", lambda value: value["manufacturer"].update(name="unknown", tradeName="Examplix"), "#/manufacturer/tradeName: Examplix"),
    ("A2-1c", lambda value: (value["manufacturer"].pop("email"), value["manufacturer"].update(contactUrl="https://example.com/c")),
     "#/manufacturer/contactUrl"),
    ("A2-3c", lambda value: (value["product"].pop("modelNumbers"), value.update(hardware=[{"model": "M1"}])), "#/hardware: M1"),
    ("A2-4c", lambda value: value.update(essentialFunctions=["a b", "c d", "e f", "g h", "tbd"]), "a b; c d; e f; and 1 more"),
    ("A2-8e", lambda value: value.update(updateSettings={"automatic": False}), "do not install themselves"),
    ("A2-8e", lambda value: value.update(updateSettings={"automatic": True, "document": "install"}), "How to install"),
    ("A2-4b", lambda value: (value.pop("securityEnvironment"), value["documents"][0]["topics"].append("S3"),
                             value["topics"].update(S3={"status": "documented", "documents": ["commission"]})), "#/topics/S3"),
    ("A2-8a", lambda value: (value["documents"][0].pop("file"), value["documents"][0].update(sha256="0" * 64)), "on request, its SHA-256 is named"),
]


class Annex2(Case):
    def describe(self, change=lambda value: None):
        value = copy.deepcopy(FULL)
        # What the harness would fill in stands in the value, so that a change can take it away.
        value["product"] = {"vendor": "Example Automation GmbH", "name": "RTU-7", **value["product"]}
        change(value)
        for name in DOCUMENTS.values():
            (self.folder / f"{name}.md").write_text(f"# How to {name}\n", encoding="utf-8")
        (self.folder / "firmware.bin").write_bytes(b"firmware")
        sbom = good_cyclonedx()
        sbom["metadata"]["component"].update(name=value["product"]["name"], hashes=[{"alg": "SHA-256", "content": sha256(b"firmware")}])
        (self.folder / "sbom.json").write_text(json.dumps(sbom), encoding="utf-8")
        named = [f"{one['ids'][0]['id']}.md" for one in value["documents"] if "file" in one]
        files = [("firmware.bin", {"role": "firmware"}), *((name, {"role": "document"}) for name in named)]
        if "sbom" in value:
            files.append(("sbom.json", {"role": "sbom"}))
        return self.description(files, **value)

    def lint(self, change=lambda value: None, code=(0, 1)):
        result = self.sign("lint", self.describe(change), *PROFILE, "--json", code=code).json()
        return {one["id"]: one for one in result["gaps"]["items"]}, result

    def missing(self, result):
        """What the items add to the findings."""
        return [one for one in result["findings"] if one["check"] == "topics.answered"]

    def test_a_release_that_answers_everything(self):
        items, result = self.lint(code=0)
        self.assertEqual({key: one["state"] for key, one in items.items()}, dict.fromkeys(ITEMS, "answered"))
        self.assertEqual(self.missing(result), [])
        self.assertEqual(list(items), list(ITEMS), "the table of this test has every item, in order")
        for key, one in items.items():
            self.assertTrue(one["answers"] and all(answer["where"].startswith("#/") for answer in one["answers"]), key)
            self.assertNotIn("add", one)

    def test_each_item_alone(self):
        for key, (change, where) in ITEMS.items():
            with self.subTest(key):
                items, result = self.lint(change, code=1 if where else 0)
                open_items = {name: one["state"] for name, one in items.items() if one["state"] != "answered"}
                self.assertEqual(open_items, {key: "missing" if where else "notSaid"})
                self.assertTrue(items[key]["add"])
                found = self.missing(result)
                self.assertEqual([(one["where"], one["result"]) for one in found], [(where, "FAIL")] if where else [], found)
                for one in found:
                    self.assertIn(key, one["reason"])
                    self.assertIn(f"topics.{key}", one["hint"])
                    self.assertEqual(one["expected"], items[key]["add"])

    def test_what_says_nothing_is_no_answer(self):
        for key, change, words in EMPTY:
            with self.subTest(key, words=words):
                items, _ = self.lint(change, code=1)
                self.assertEqual(items[key]["state"], "missing")
                self.assertIn(words, items[key].get("reason", ""))

    def test_further_ways_to_answer(self):
        for key, change, words in WAYS:
            with self.subTest(key, words=words):
                items, _ = self.lint(change)
                self.assertEqual(items[key]["state"], "answered")
                self.assertIn(words, " ".join(f"{one['where']}: {one['text']}" for one in items[key]["answers"]))

    def test_an_address_is_asked_for_and_a_file_is_none(self):
        items, _ = self.lint(lambda value: value.update(declarationOfConformity={"file": "firmware.bin"}))
        self.assertEqual(items["A2-6"]["state"], "notSaid")
        self.assertIn("an address on the internet", items["A2-6"]["reason"])

    def test_what_is_not_provided_is_missing_whatever_stands_beside_it(self):
        for key in ("A2-2a", "A2-8a", "A2-6"):
            with self.subTest(key):
                items, result = self.lint(lambda value: (drop_topic(key)(value) if key in value["topics"] else None, value["topics"].update(
                    {key: {"status": "notProvided", "reason": "later"}})), code=1)
                self.assertEqual((items[key]["state"], items[key]["reason"]), ("missing", "said not to be provided: later"))
                self.assertNotIn("answers", items[key])
                self.assertEqual(len(self.missing(result)), 1)

    def test_what_does_not_apply_is_said_with_a_reason(self):
        for key, (change, _) in ITEMS.items():
            with self.subTest(key):
                items, result = self.lint(lambda value: (change(value), value["topics"].update(
                    {key: {"status": "notApplicable", "reason": "not of this kind"}})))
                self.assertEqual((items[key]["state"], items[key]["reason"]), ("notApplicable", "not of this kind"))
                self.assertEqual(self.missing(result), [])

    def test_the_form_is_published(self):
        _, result = self.lint(lambda value: (ITEMS["A2-5"][0](value), ITEMS["A2-9"][0](value)))
        gaps = result["gaps"]
        self.assertEqual(schema_faults(self, "gaps", gaps), [])
        for bad in ({**gaps, "colour": "red"}, {**gaps, "items": [{**gaps["items"][0], "state": "compliant"}]}):
            self.assertNotEqual(schema_faults(self, "gaps", bad), [])

    def test_the_page_of_the_items_has_them_all(self):
        page = (SOURCE / "docs" / "spec" / "annex2.md").read_text("utf-8")
        items, result = self.lint()
        rows = re.findall(r"^\| `(A2-\w+)` \| ([^|]*) \| ([^|]*) \|", page, re.M)
        self.assertEqual([(key, title) for key, title, _ in rows], [(key, one["title"]) for key, one in items.items()])
        for key, _, where in rows:
            self.assertEqual("only where it applies" in where, ITEMS[key][1] is None, key)
        for limit in result["gaps"]["limits"]:
            self.assertIn(limit, " ".join(page.split()))

    def test_text_and_page(self):
        path, page = self.describe(lambda value: (ITEMS["A2-5"][0](value), value.update(
            intendedPurpose="<script>alert(1)</script>", securityEnvironment="nothing but walls"))), self.folder / "gaps.html"
        text = " ".join(self.sign("lint", path, *PROFILE, "--html", page, code=1).out.split())
        html = page.read_text("utf-8")
        for words in ("24: 23 answered, 1 missing, 0 said not to apply", "A2-5 MISSING", "not its text in the Official Journal",
                      "whether a corrigendum changed their numbers is not known"):
            self.assertIn(words, text)
        self.assertIn("GAPS", html)
        for words in ("A2-5", "foreseeableMisuse, each with a summary", "Documents were not read", "&lt;script&gt;", "RTU-7"):
            self.assertIn(words, html)
        self.assertNotIn("<script", html)
        for said in (text, html):
            self.assertEqual(re.findall(r"(?i)complian\w*|conform\w*", said.replace("declaration of conformity", "").replace(
                "declarationOfConformity", "")), [])
        quiet = self.sign("lint", path, *PROFILE, "--quiet", code=1).out
        self.assertIn("A2-5", quiet)
        self.assertNotIn("Limits", quiet)

    def test_a_page_where_nothing_is_missing(self):
        page = self.folder / "gaps.html"
        self.sign("lint", self.describe(), *PROFILE, "--html", page, code=0)
        self.assertIn("NO ITEM IS MISSING", page.read_text("utf-8"))

    def test_findings_go_to_other_tools(self):
        sarif = self.sign("lint", self.describe(ITEMS["A2-5"][0]), *PROFILE, "--format", "sarif", code=1).json()
        said = [one["message"]["text"] for one in sarif["runs"][0]["results"] if one["ruleId"] == "topics.answered"]
        self.assertEqual(len(said), 1)
        self.assertIn("A2-5", said[0])

    def test_what_is_not_valid_has_no_items(self):
        path, page = self.describe(lambda value: value.update(colour="red")), self.folder / "gaps.html"
        result = self.sign("lint", path, *PROFILE, "--json", "--html", page, code=2).json()
        self.assertNotIn("gaps", result)
        self.assertFalse(page.exists())

    def test_refused_at_once(self):
        path, profile = self.describe(), self.folder / "p.json"
        profile.write_text(json.dumps({"cretula": "profile/1", "name": "x", "version": 1, "topics": []}), encoding="utf-8")
        for arguments, words in (
                (("--html", "x.html"), "--profile"), (("--html", "x.html", "--profile", profile), "--profile cra-annex2"),
                (("--html", "-", *PROFILE), "--html"), (("--html", "no/such/folder/x.html", *PROFILE), "no/such/folder"),
                (("--profile", "cra-anex2"), "is the profile cra-annex2 meant?"), (("--profile", "cisa-2025"), "is the profile cisa-2026 meant?"),
                (("--profile", "bsi"), "bsi is a profile for SBOMs, which `cretula-sign sbom check` takes"), (("--profile", "cisa-2026"), '"sbom.cisa"')):
            with self.subTest(arguments=arguments):
                result = self.sign("lint", path, *arguments, code=(2, 3))
                self.assertIn(words, " ".join((result.out + result.err).split()))
                self.assertFalse((self.folder / "x.html").exists())

    def test_of_a_release_that_came(self):
        """The owner asks the same of an archive: cretula-verify export annex2."""
        archive = self.pack(EXAMPLE / "release.yaml")
        linted = self.sign("lint", EXAMPLE / "release.yaml", *PROFILE, "--json", code=1).json()["gaps"]
        trusted = ("--anchor", ROOT_CERT, "--allow-example-keys")
        result = self.verify("export", "annex2", archive, *trusted, "--format", "json").json()
        self.assertEqual(schema_faults(self, "export", result), [])
        rows = result["releases"][0]["rows"]
        self.assertEqual([(one["item"], one["state"]) for one in rows if "item" in one], [(one["id"], one["state"]) for one in linted["items"]])
        self.assertEqual([one["text"] for one in rows if one["state"] == "not said here"], linted["limits"])
        told = {one["item"]: one for one in rows if "item" in one}
        self.assertIn("#/contacts/securityContact: psirt@example.com", told["A2-2a"]["answers"])
        self.assertEqual((told["A2-5"]["answers"], bool(told["A2-5"]["expected"])), ("nothing", True))
        self.assertIn("A2-5", self.verify("export", "annex2", archive, *trusted).out)
        html = self.verify("export", "annex2", archive, "--format", "html").out
        self.assertIn("UNVERIFIED", html)
        for given, words in (("cra-annex2", "cretula-verify export annex2"), ("ntia-2021", "ntia-2021 is a profile for SBOMs"),
                             ("cra-annex", "is the profile cra-annex2 meant?")):
            said = self.verify("check", archive, *trusted, "--profile", given, code=2)
            self.assertIn(words, " ".join((said.out + said.err).split()))

    def test_profiles_for_sboms_are_named(self):
        sbom = self.folder / "s.json"
        sbom.write_text(json.dumps(good_cyclonedx()), encoding="utf-8")
        for given, words in (("cisa2026", "cisa-2026"), ("ntia", "ntia-2021"), ("BSI", "bsi")):
            said = self.sign("sbom", "check", sbom, "--profile", given, code=2).err
            self.assertIn(words, said)
        said = self.sign("sbom", "check", sbom, "--profile", "cra-annex2", code=2).err
        for name in ("cisa-2026", "bsi", "ntia-2021"):
            self.assertIn(name, said)


if __name__ == "__main__":
    main()
