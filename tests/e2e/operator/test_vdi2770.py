# SPDX-License-Identifier: Apache-2.0
"""export vdi2770: a document container for each document, by the container's rules and the structure of its metadata. What the
guideline demands and the release does not say is named, and no container is made up."""
import shutil
import xml.etree.ElementTree as ElementTree
import zipfile

import harness
from harness import EXAMPLE, PRODUCT, ROOT_CERT, SOURCE, VENDOR, main, member, noise, tampered, tree
from reports import schema_faults, xml_faults

XSD = SOURCE / "tests" / "e2e" / "schemas" / "vdi2770.xsd"
TRUST = ("--anchor", ROOT_CERT, "--allow-example-keys", "--product", PRODUCT)
N = "{http://www.vdi.de/schemas/vdi2770}"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def full(**changes):
    """A document of which everything is said."""
    document = {
        "ids": [{"domain": "example.com", "id": "DOC/1", "primary": True}, {"domain": "example.com", "id": "D1"}],
        "classes": [{"system": "VDI2770", "id": "03-02"}, {"system": "IEC61355", "id": "BS"}],
        "title": {"de": "Betriebsanleitung", "en": "Operating instructions"},
        "subtitle": {"de": "F\u00fcr Ger\u00e4te"},
        "summary": {"de": "Wie das Ger\u00e4t bedient wird.", "en": "How to <use> & keep it."},
        "keywords": {"de": "Bedienung, Ger\u00e4t", "en": "operation,device"},
        "version": "2.3",
        "revisions": [{"version": "2.2", "date": "2025-09-29", "status": "InReview"},
                      {"version": "2.3", "date": "2026-09-28", "status": "Released"}],
        "languages": ["de", "en"], "pages": 4,
        "parties": [{"role": "Author", "name": VENDOR, "officialName": "Example \"Automation\" GmbH", "organizationId": "EA"},
                    {"role": "Supplier", "name": "Somebody"}],
        "relations": [{"type": "RefersTo", "target": "DOC-2", "version": "1.0"}],
        "file": "manual.pdf"}
    for name, value in changes.items():
        if value is None:
            document.pop(name)
        else:
            document[name] = value
    return document


class Vdi2770(harness.Case):
    def release(self, *documents, **fields):
        (self.folder / "manual.pdf").write_bytes(PDF)
        (self.folder / "firmware.bin").write_bytes(noise(5000, "v"))
        (self.folder / "guide.md").write_text("# Guide\n")
        return self.pack(self.description([("firmware.bin", {"role": "firmware"}), ("manual.pdf", {"role": "document"}),
                                           ("guide.md", {"role": "document"})], documents=list(documents), **fields))

    def export(self, archive, *arguments, code=0, to="out"):
        return self.verify("export", "vdi2770", archive, *TRUST, "--to", to, *arguments, code=code)

    def keeps_the_rules(self, container):
        """Container rules: all at the top, the metadata once, each digital file there, and nothing else. The metadata."""
        with zipfile.ZipFile(container) as archive:
            names = archive.namelist()
        document = self.metadata(container)
        digital = [one.text for one in document.iter(N + "DigitalFile")]
        self.assertEqual(sorted(names), sorted(["VDI2770_Metadata.xml", *digital]))
        self.assertFalse([name for name in names if "/" in name])
        return document

    def metadata(self, container):
        with zipfile.ZipFile(container) as archive:
            self.assertIsNone(archive.testzip())
            data = archive.read("VDI2770_Metadata.xml")
        (self.folder / "m.xml").write_bytes(data)
        self.assertEqual(xml_faults(self, XSD, "m.xml"), "")
        return ElementTree.fromstring(data)

    def test_a_container(self):
        archive = self.release(full(), product={"modelNumbers": ["M-1", "M-2"], "iec61406Link": "https://id.example.com/m"})
        result = self.export(archive)
        self.assertIn("1 of 1", result.out)
        self.assertIn("whether the PDF is a PDF/A was not checked", result.out)
        self.assertEqual(list(tree(self.folder / "out")), ["DOC_1.zip"])
        with zipfile.ZipFile(self.folder / "out" / "DOC_1.zip") as container:
            self.assertEqual(container.read("manual.pdf"), PDF)
        document = self.keeps_the_rules(self.folder / "out" / "DOC_1.zip")
        self.assertEqual([(one.text, one.get("IsPrimary")) for one in document.findall(N + "DocumentId")],
                         [("DOC/1", "true"), ("D1", None)])
        self.assertEqual([one.text for one in document.iter(N + "ObjectId")], ["M-1", "M-2", "https://id.example.com/m"])
        self.assertEqual([(one.get("ClassificationSystem"), one[0].text) for one in document.findall(N + "DocumentClassification")],
                         [("VDI2770:2018", "03-02"), ("IEC61355-1:2008", "BS")])
        version = document.find(N + "DocumentVersion")
        self.assertEqual(version.get("NumberOfPages"), "4")
        self.assertEqual([one.text for one in version.iter(N + "KeyWord")], ["Bedienung", "Ger\u00e4t", "operation", "device"])
        self.assertEqual([one.text for one in version.iter(N + "Summary")], ["Wie das Ger\u00e4t bedient wird.", "How to <use> & keep it."])
        status = version.find(N + "LifeCycleStatus")
        self.assertEqual((status.get("StatusValue"), status.get("SetDate")), ("Released", "2026-09-28"))
        author = version.find(N + "Party")
        self.assertEqual((author.get("Role"), author[0].get("OrganizationOfficialName")), ("Author", "Example \"Automation\" GmbH"))
        text = (self.folder / "m.xml").read_text()
        self.assertIn("verified (example keys allowed)", text)

    def test_the_example_release(self):
        """Each of its documents that is in it; the one that is handed over on request is said to be none."""
        archive = self.pack(EXAMPLE / "release.yaml", "example.tar")
        trust = ("--anchor", ROOT_CERT, "--allow-example-keys")
        result = self.verify("export", "vdi2770", archive, *trust, "--to", "out", "--json", code=3).json()
        self.assertEqual([one["document"] for one in result["documents"] if "container" not in one], ["EA-DOC-70295"])
        made = sorted(tree(self.folder / "out"))
        self.assertEqual(made, [f"EA-DOC-70{number}.zip" for number in (210, 220, 230, 240, 420)])
        for name in made:
            document = self.keeps_the_rules(self.folder / "out" / name)
            self.assertEqual(document.find(N + "DocumentId").text, name[:-4])
            self.assertTrue(document.find(f".//{N}Summary").text)
        german = self.metadata(self.folder / "out" / "EA-DOC-70210.zip")
        self.assertEqual([one.get("Language") for one in german.iter(N + "DocumentDescription")], ["de", "en"])

    def test_one_document_as_a_file(self):
        archive = self.release(full(), full(ids=[{"domain": "example.com", "id": "DOC-2", "primary": True}, {"domain": "example.com", "id": "D2"}], file="guide.md",
                                            relations=None), full(ids=[{"domain": "example.com", "id": "DOC-3", "primary": True}], summary=None, relations=None))
        self.export(archive, to="all", code=3)
        for name, file in (("DOC/1", "DOC_1.zip"), ("DOC-2", "DOC-2.zip"), ("D2", "DOC-2.zip")):
            (self.folder / "one.zip").unlink(missing_ok=True)
            result = self.verify("export", "vdi2770", archive, *TRUST, "--out", "one.zip", "--document", name, "--json").json()
            self.assertEqual(schema_faults(self, "vdi2770", result), [])
            self.assertEqual((result["file"], [one["container"] for one in result["documents"]]), ("one.zip", ["one.zip"]))
            self.assertEqual((self.folder / "one.zip").read_bytes(), (self.folder / "all" / file).read_bytes())
        before = tree(self.folder)
        for words, code, says in ((("--out", "x.zip"), 2, "which of the documents"), (("--out", "x.zip", "--document", "DOC-9"), 2, "DOC-9"),
                                  (("--out", "x.zip", "--document", "DOC-3"), 3, "no language with title, summary"), ((), 2, "where to"),
                                  (("--out", "one.zip", "--document", "D2"), 2, "one.zip"), (("--out", "-", "--document", "D2"), 2, "-"),
                                  (("--out", "x.zip", "--to", "y"), 2, "contradict"), (("--to", "y", "--document", "D2"), 2, "--out")):
            with self.subTest(words):
                self.assertIn(says, self.verify("export", "vdi2770", archive, *TRUST, *words, code=code).err)
                self.assertEqual(tree(self.folder), before)
        bad = tampered(archive, self.folder / "bad.tar", member(archive, "manual.pdf").data)
        self.verify("export", "vdi2770", bad, *TRUST, "--out", "x.zip", "--document", "D2", code=1)
        self.assertFalse((self.folder / "x.zip").exists())

    def test_the_same_release_gives_the_same_bytes(self):
        archive = self.release(full())
        self.export(archive, to="1")
        done = self.run_program(harness.VERIFY, "export", "vdi2770", archive, *TRUST, "--to", "2", environment={"TZ": "Asia/Tokyo"}, code=0)
        self.assertIn("DONE", done.out)
        self.assertEqual(tree(self.folder / "1"), tree(self.folder / "2"))

    def test_what_is_missing_is_said_and_not_made_up(self):
        for name, value, words in (
                ("classes", [{"system": "IEC61355", "id": "BS"}], "no class of VDI 2770"),
                ("languages", None, "no language"), ("parties", None, "no author"), ("summary", None, "no language with title, summary"),
                ("keywords", {"de": " , "}, "no language with title, summary"), ("revisions", None, "no state"),
                ("file", None, "handed over on request")):
            with self.subTest(name):
                changes = {name: value}
                if name == "file":
                    changes.update(availability="onRequest", sha256="0" * 64)
                archive = self.release(full(**changes))
                result = self.export(archive, code=3)
                self.assertIn(words, result.out)
                self.assertIn("0 of 1", result.out)
                self.assertEqual(tree(self.folder / "out"), {})
                shutil.rmtree(self.folder / "out")

    def test_some_of_several(self):
        second = full(ids=[{"domain": "example.com", "id": "DOC-2", "primary": True}, {"domain": "plant.example.org", "id": "X"}],
                      file="guide.md", relations=None, keywords={"en": "k"})
        archive = self.release(full(), second, full(ids=[{"domain": "example.com", "id": "DOC-3", "primary": True}], summary=None, relations=None))
        result = self.export(archive, "--json", code=3).json()
        self.assertEqual((result["cretula"], result["exitCode"]), ("vdi2770/1", 3))
        self.assertEqual(schema_faults(self, "vdi2770", result), [])
        self.assertEqual(len(schema_faults(self, "vdi2770", {**result, "documents": [{}]})), 1)
        self.assertEqual([one.get("container") for one in result["documents"]], ["DOC_1.zip", "DOC-2.zip", None])
        self.assertIn("no PDF/A", result["documents"][1]["notes"])
        self.assertIn("other domains", result["documents"][1]["notes"])
        self.assertIn("titles without", result["documents"][1]["notes"])
        document = self.metadata(self.folder / "out" / "DOC-2.zip")
        self.assertEqual([one.get("Language") for one in document.iter(N + "DocumentDescription")], ["en"])
        self.assertNotIn("plant.example.org", (self.folder / "m.xml").read_text())

    def test_hostile_strings_stay_text(self):
        evil = "]]><x a='1'>&amp;\"--><!DOCTYPE y>"
        archive = self.release(full(title={"en": evil}, summary={"en": evil}, keywords={"en": evil}, subtitle=None,
                                    parties=[{"role": "Author", "name": evil}]))
        self.export(archive)
        document = self.metadata(self.folder / "out" / "DOC_1.zip")
        self.assertEqual(document.find(f".//{N}Title").text, evil)
        self.assertEqual(document.find(f"{N}DocumentVersion/{N}Party")[0].get("OrganizationName"), evil)

    def test_trust_is_needed_and_obeyed(self):
        archive = self.release(full())
        self.verify("export", "vdi2770", archive, "--to", "out", code=2)
        bad = tampered(archive, self.folder / "bad.tar", member(archive, "manual.pdf").data)
        self.assertIn("REFUSED", self.export(bad, code=1).err)
        (self.folder / "taken").mkdir()
        self.export(archive, to="taken", code=2)
        self.export(archive, to="no/such/folder", code=3)
        self.assertEqual([path.name for path in self.folder.iterdir() if path.name.startswith((".", "out"))], [])

    def test_nothing_is_left_where_it_ends_early(self):
        archive = self.release(full())
        result = self.run_program(harness.VERIFY, "export", "vdi2770", archive, *TRUST, "--to", "out",
                                  before=harness.limit_file_size(2000), code=3)
        self.assertTrue(result.err)
        self.assertEqual([path.name for path in self.folder.iterdir() if path.name.startswith((".", "out"))], [])


if __name__ == "__main__":
    main()
