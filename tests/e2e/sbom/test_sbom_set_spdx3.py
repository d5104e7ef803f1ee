# SPDX-License-Identifier: Apache-2.0
"""A tar of SPDX 3 documents, of which one imports what the others define: read, bound and checked as one SBOM."""
import json

from harness import main, sha256
from sbom_case import BindingCase, changed, good_spdx, sha512, tar_of
from spdx3 import BASE, CONTEXT, add, at, element, good_spdx3, hashed, image, put, remove

LIB = ("lib", "lib-file", "lib-source", "lib-generated", "lib-artifact", "lib-concluded", "lib-declared", "lib-effective", "lib-depends")


def part(change=None):
    """The document of the library. It has a CreationInfo of the same name, and the same manufacturer."""
    good = good_spdx3()
    made = {"@context": CONTEXT, "@graph": [
        {**at(good, "creation"), "createdBy": [BASE + "maker"]}, at(good, "maker"), at(good, "tool"), at(good, "licence"),
        element("SpdxDocument", "lib-document", name="lib", rootElement=[BASE + "lib"]), *(at(good, name) for name in LIB)]}
    if change:
        change(made)
    return json.dumps(made).encode()


def whole(library, *, hashes=None, change=None):
    """The document of the product, which imports the library from that one."""
    made = changed(image(), remove(*LIB))
    made["@graph"] = [one for one in made["@graph"] if one.get("spdxId") not in {BASE + name for name in ("maker", "tool")}]
    maps = [{"type": "ExternalMap", "externalSpdxId": BASE + name, "verifiedUsing": hashes or [hashed("sha256", sha256(library))]}
            for name in ("lib", "maker", "tool")]
    put("document", **{"import": maps})(made)
    put("root", software_packageVersion="1.0.0")(made)
    if change:
        change(made)
    return json.dumps(made).encode()


class Set(BindingCase):
    def look(self, files, code=0):
        (self.folder / "set.tar").write_bytes(tar_of(files))
        return self.sign("sbom", "check", "set.tar", "--json", code=code).json()

    def test_sound(self):
        library = part()
        found = self.look({"product.json": whole(library), "lib.json": library})
        self.assertEqual((found["format"], found["components"], [one["result"] for one in found["findings"] if one["check"] == "sbom.form"]),
                         ("SPDX-3.0.1", 1, ["PASS"]))
        self.assertNotIn("NOT CHECKED", self.sign("sbom", "check", "set.tar").out)
        self.assertEqual(self.look({"product.json": whole(library, hashes=[hashed("sha512", sha512(library)), hashed("md5", "0" * 32)]), "lib.json": library})["components"], 1)

    def test_several_documents_define_the_same(self):
        """The import means the one that has its digest, whatever else defines the id before it."""
        def more(name):
            return json.dumps({"@context": CONTEXT, "@graph": [
                {**at(good_spdx3(), "creation"), "createdBy": [BASE + name]}, element("Organization", name, name=name), at(good_spdx3(), "tool"),
                element("SpdxDocument", f"{name}-document", name=name, rootElement=[BASE + name])]}).encode()
        library, first = part(), more("first")
        product = whole(library, change=lambda one: at(one, "document")["import"].append(
            {"type": "ExternalMap", "externalSpdxId": BASE + "first", "verifiedUsing": [hashed("sha256", sha256(first))]}))
        for names in (("a.json", "lib.json"), ("z.json", "lib.json")):
            files = {name: data for name, data in sorted({names[0]: first, names[1]: library, "product.json": product}.items())}
            with self.subTest(list(files)):
                found = self.look(files)
                self.assertEqual([one["result"] for one in found["findings"] if one["check"] == "sbom.form"], ["PASS"], found["findings"])
        wrong = whole(library, hashes=[hashed("sha256", "0" * 64)], change=lambda one: at(one, "document")["import"].append(
            {"type": "ExternalMap", "externalSpdxId": BASE + "first", "verifiedUsing": [hashed("sha256", sha256(first))]}))
        self.assertIn("another one than the import says", json.dumps(self.look({"a.json": first, "lib.json": library, "product.json": wrong}, code=1)["findings"]))

    def test_what_is_wrong(self):
        library = part()
        product = whole(library)
        circle = part(put("lib-document", **{"import": [{"type": "ExternalMap", "externalSpdxId": BASE + "root"}]}))
        cases = {
            "another document": ({"product.json": product, "lib.json": library + b"\n"}, "another one than the import says"),
            "no digest that is computed": ({"product.json": whole(library, hashes=[hashed("md5", "0" * 32)]), "lib.json": library}, "no digest that is computed"),
            "a circle": ({"product.json": whole(circle), "lib.json": circle}, "no main document"),
            "one id, two contents": ({"product.json": whole(library, change=lambda one: (
                add(at(good_spdx3(), "tool"))(one), put("tool", summary="another")(one), at(one, "document")["import"].pop())), "lib.json": library}, "one content for one id"),
            "SPDX 2 beside": ({"product.json": product, "lib.json": library, "two.json": json.dumps(good_spdx()).encode()}, "something else"),
            "an index beside": ({"product.json": product, "lib.json": library, "index.json": b"{}"}, "something else"),
            "a fault in one": ({"product.json": product, "lib.json": part(put("lib", software_packageVersion=7))}, "set.tar!/lib.json"),
        }
        for what, (files, words) in cases.items():
            with self.subTest(what):
                self.assertIn(words, json.dumps(self.look(files, code=1)["findings"]))
        alone = {"product.json": product, "lib.json": library, "more.json": json.dumps({"@context": CONTEXT, "@graph": [
            {**at(good_spdx3(), "creation"), "createdBy": [BASE + "other"], "createdUsing": [BASE + "other-tool"]}, element("Organization", "other", name="x"),
            element("Tool", "other-tool", name="x 1"), element("SpdxDocument", "other-document", name="x", rootElement=[BASE + "other-package"]),
            element("software_Package", "other-package", name="x")]}).encode()}
        self.assertIn("leads to nothing of this document", json.dumps(self.look(alone, code=1)["findings"]))
        # Two that import from each other, and nothing from the product.
        def one_of_two(name, other):
            return json.dumps({"@context": CONTEXT, "@graph": [
                {**at(good_spdx3(), "creation"), "createdBy": [BASE + name]}, element("Organization", name, name=name),
                element("Tool", f"tool-{name}", name="x 1"),
                element("SpdxDocument", f"{name}-document", name=name, rootElement=[BASE + name],
                        **{"import": [{"type": "ExternalMap", "externalSpdxId": BASE + one} for one in (other, "tool")]})]}).encode()
        pair = {"product.json": product, "lib.json": library, "a.json": one_of_two("a", "b"), "b.json": one_of_two("b", "a")}
        found = json.dumps(self.look(pair, code=1)["findings"])
        self.assertIn("set.tar!/a.json", found)
        self.assertIn("set.tar!/b.json", found)

    def test_what_is_not_in_the_tar_is_a_gap(self):
        library = part()
        more = {"type": "ExternalMap", "externalSpdxId": "https://example.com/elsewhere"}
        self.look({"product.json": whole(library, change=lambda one: at(one, "document")["import"].append(more)), "lib.json": library})
        self.assertIn("1 document of this SBOM is missing", " ".join(self.sign("sbom", "check", "set.tar").out.split()))

    def test_bound_and_checked_as_one(self):
        library = part()
        description = self.sbom_release({}, [{"component": BASE + "lib-file", "file": "lib.bin"}], format="SPDX-3.0.1",
                                        extra={"lib.bin": (b"library", "software")})
        library = part(put("lib-file", verifiedUsing=[hashed("sha256", sha256(b"library"))]))
        (self.folder / "sbom.json").write_bytes(tar_of({"product.json": whole(library), "lib.json": library}))
        record = self.check(self.pack(description), "--json").json()
        self.assertEqual([one["result"] for one in record["result"]["checks"] if one["check"] in ("sbom.form", "sbom.binding")], ["PASS", "PASS"])
        (self.folder / "lib.bin").write_bytes(b"another")
        found = self.sign("lint", description, code=1).out
        self.assertIn("(in lib.json, /@graph/", " ".join(found.split()))
        self.assertIn("set of documents", self.sign("sbom", "complete", description, code=2).err)


if __name__ == "__main__":
    main()
