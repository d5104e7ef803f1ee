# SPDX-License-Identifier: Apache-2.0
"""A set of SPDX 2 documents in one tar, as Yocto wrote them up to 5.0: tied, counted, bound and matched as one SBOM."""
import hashlib
import io
import json
import tarfile

from coverage_case import CoverageCase, advisory
from harness import DATE, PRODUCT, VENDOR, main, noise, sha256
from sbom_case import CPE, SHA512, all_checks, good_cyclonedx

FIRMWARE = noise(5000, "firmware")
SPACE = "http://spdx.org/spdxdoc/"
OWN = "SPDXRef-DOCUMENT"


def sha1(data):
    return hashlib.sha1(data).hexdigest()


def package(name, version, kind="Package", **more):
    return {"SPDXID": f"SPDXRef-{kind}-{name}", "name": name, "versionInfo": version, "supplier": f"Organization: {VENDOR}",
            "downloadLocation": "NOASSERTION", "licenseDeclared": "Apache-2.0", "licenseConcluded": "NOASSERTION", **more}


def document(name, packages, relationships=(), refs=(), **more):
    return {"SPDXID": OWN, "creationInfo": {"comment": "This document was created by analyzing the build.", "created": DATE,
                                            "creators": ["Tool: OpenEmbedded Core create-spdx.bbclass-1.0", f"Organization: {VENDOR}"]},
            "dataLicense": "CC0-1.0", "documentNamespace": SPACE + name, "name": name, "spdxVersion": "SPDX-2.2", "packages": list(packages),
            "relationships": [{"spdxElementId": a, "relationshipType": type, "relatedSpdxElement": b} for a, type, b in relationships],
            "externalDocumentRefs": list(refs), **more}


def encoded(value):
    return value if isinstance(value, bytes) else json.dumps(value, sort_keys=True).encode()


def ref(name, data, **more):
    return {"externalDocumentId": f"DocumentRef-{name}", "spdxDocument": json.loads(data)["documentNamespace"],
            "checksum": {"algorithm": "SHA1", "checksumValue": sha1(data)}, **more}


def yocto(change=None, **changes):
    """{name: bytes}: what is deepest first, as each document has the checksum of those below it. `changes` of single documents."""
    made = {}

    def put(name, value):
        value = encoded(value)
        if name in changes:
            value = json.loads(value)
            changes[name](value)
            value = encoded(value)
        made[name + ".spdx.json"] = value
        return value
    recipe = put("recipe-zlib", document("recipe-zlib", [package("zlib", "1.3.1", "Recipe")]))
    busybox_file = {"SPDXID": "SPDXRef-PackagedFile-1", "fileName": "bin/busybox.nosuid", "licenseConcluded": "NOASSERTION",
                    "licenseInfoInFiles": ["NOASSERTION"], "copyrightText": "NOASSERTION", "fileTypes": ["BINARY"],
                    "checksums": [{"algorithm": "SHA1", "checksumValue": "b" * 40}]}
    busybox = put("busybox", document("busybox", [package("busybox", "1.36.1", hasFiles=["SPDXRef-PackagedFile-1"])],
                                      [("SPDXRef-Package-busybox", "CONTAINS", "SPDXRef-PackagedFile-1")], files=[busybox_file]))
    zlib = put("zlib", document("zlib", [package("zlib", "1.3.1", externalRefs=[
        {"referenceCategory": "PACKAGE_MANAGER", "referenceType": "purl", "referenceLocator": "pkg:generic/zlib@1.3.1"}])],
        [("SPDXRef-Package-zlib", "GENERATED_FROM", "DocumentRef-recipe-zlib:SPDXRef-Recipe-zlib")], [ref("recipe-zlib", recipe)]))
    # What Yocto calls a runtime document: of a package, about packages of other documents.
    runtime = put("runtime-busybox", document(
        "runtime-busybox", [], [(OWN, "AMENDS", f"DocumentRef-package-busybox:{OWN}"),
                                ("DocumentRef-package-busybox:SPDXRef-Package-busybox", "DEPENDS_ON", "DocumentRef-dep:SPDXRef-Package-zlib")],
        [ref("package-busybox", busybox), ref("dep", zlib)]))
    image = {"SPDXID": "SPDXRef-Image", "name": PRODUCT, "versionInfo": "1.0.0", "downloadLocation": "NOASSERTION",
             "supplier": f"Organization: {VENDOR}", "licenseDeclared": "NOASSERTION",
             "checksums": [{"algorithm": "SHA256", "checksumValue": sha256(FIRMWARE)}],
             "externalRefs": [{"referenceCategory": "SECURITY", "referenceType": "cpe23Type", "referenceLocator": CPE}]}
    put("image", document("image", [image], [
        ("SPDXRef-Image", "CONTAINS", "DocumentRef-busybox:SPDXRef-Package-busybox"),
        ("SPDXRef-Image", "CONTAINS", "DocumentRef-zlib:SPDXRef-Package-zlib"),
        ("SPDXRef-Image", "OTHER", f"DocumentRef-runtime-busybox:{OWN}")],
        [ref("busybox", busybox), ref("zlib", zlib), ref("runtime-busybox", runtime)]))
    if change:
        change(made)
    return dict(reversed(made.items()))


def index(files):
    return encoded({"documents": [{"filename": name, "documentNamespace": json.loads(data)["documentNamespace"], "sha1": sha1(data)}
                                  for name, data in files.items()]})


def tar(files, format=tarfile.PAX_FORMAT, mtime=1.5, extra=()):
    """As Yocto writes it: the time of each file with a fraction, in a pax header."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=format) as made:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(data), mtime
            made.addfile(info, io.BytesIO(data))
        for info in extra:
            made.addfile(info)
    return out.getvalue()


def swap(name, old, new):
    """One document is altered after the others had its checksum."""
    return lambda made: made.update({name: made[name].replace(old, new)})


def checksum(**fields):
    return lambda one: one["externalDocumentRefs"][0].update(**fields)


def link(name):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = tarfile.SYMTYPE, "image.spdx.json"
    return info


# what: (the files, the place of the fault, its words)
FAULTS = [
    ("missing", yocto(lambda made: made.pop("zlib.spdx.json")), "image.spdx.json#/externalDocumentRefs/1/spdxDocument", "DocumentRef-zlib is missing"),
    ("missing below", yocto(lambda made: made.pop("recipe-zlib.spdx.json")), "zlib.spdx.json#/externalDocumentRefs/0", "DocumentRef-recipe-zlib is missing"),
    ("altered", yocto(swap("zlib.spdx.json", b"1.3.1", b"1.3.2")), "image.spdx.json#/externalDocumentRefs/1/checksum", "zlib.spdx.json is not the document"),
    ("altered white space", yocto(lambda made: made.update({"busybox.spdx.json": made["busybox.spdx.json"] + b"\n"})),
     "image.spdx.json#/externalDocumentRefs/0/checksum", "it was altered"),
    ("extra", yocto(lambda made: made.update({"stray.spdx.json": encoded(document("stray", [package("stray", "1")]))})),
     "stray.spdx.json#", "nothing in the set leads to this document"),
    ("twice", yocto(lambda made: made.update({"again.spdx.json": made["zlib.spdx.json"]})), "#/documentNamespace", "has the same namespace"),
    ("no checksum", yocto(image=lambda one: one["externalDocumentRefs"][0].pop("checksum")), "image.spdx.json#/externalDocumentRefs/0/checksum",
     "nothing ties busybox.spdx.json"),
    ("MD5", yocto(image=checksum(checksum={"algorithm": "MD5", "checksumValue": "a" * 32})), "image.spdx.json#/externalDocumentRefs/0/checksum",
     "is not computed here"),
    ("no namespace", yocto(image=lambda one: one["externalDocumentRefs"][0].pop("spdxDocument")), "image.spdx.json#/externalDocumentRefs/0", "not complete"),
    ("no id", yocto(image=lambda one: one["externalDocumentRefs"][0].update(externalDocumentId="busybox")), "image.spdx.json#/externalDocumentRefs/0",
     "not complete"),
    ("an id twice", yocto(image=lambda one: one["externalDocumentRefs"][1].update(externalDocumentId="DocumentRef-busybox")),
     "image.spdx.json#/externalDocumentRefs/1/externalDocumentId", "two references have the same id"),
    ("an element that is not there", yocto(image=lambda one: one["relationships"][1].update(relatedSpdxElement="DocumentRef-zlib:SPDXRef-Package-z")),
     "(in image.spdx.json)", "the reference names what the document does not have"),
    ("a document that is not listed", yocto(image=lambda one: one["relationships"][1].update(relatedSpdxElement="DocumentRef-z:SPDXRef-x")),
     "(in image.spdx.json)", "the reference names what the document does not have"),
    ("an element of its own", yocto(**{"runtime-busybox": lambda one: one["relationships"][1].update(spdxElementId="SPDXRef-Package-busybox")}),
     "runtime-busybox.spdx.json#/relationships/1/spdxElementId", "the reference names what the document does not have"),
    ("an element of another document that is not there", yocto(**{"runtime-busybox": lambda one: one["relationships"][1].update(
        spdxElementId="DocumentRef-package-busybox:SPDXRef-x")}), "(in runtime-busybox.spdx.json, /relationships/1)",
     "the reference names what the document does not have"),
    ("a fault inside", yocto(busybox=lambda one: one["packages"][0].pop("name")), "busybox.spdx.json#/packages/0", "name is missing"),
    ("no JSON", yocto(lambda made: made.update({"README": b"words"})), "", "set.tar!/README: "),
    ("CycloneDX", yocto(lambda made: made.update({"bom.json": encoded(good_cyclonedx())})), "", "bom.json is no SPDX document"),
    ("an index of other bytes", yocto(lambda made: made.update({"index.json": index(made).replace(sha1(made["zlib.spdx.json"]).encode(), b"0" * 40)})),
     "index.json#/documents/", "it was altered"),
    ("an index of more", yocto(lambda made: made.update({"index.json": index(made).replace(b"spdxdoc/zlib", b"spdxdoc/zlob")})),
     "index.json#/documents/", "the index lists what the set does not have"),
    ("an index of nothing", yocto(lambda made: made.update({"index.json": b"{}"})), "index.json#/documents", "the index lists no documents"),
    ("an index that is none", yocto(lambda made: made.update({"index.json": b"x"})), "index.json#", "the index is no JSON"),
    ("a circle", {"a.json": encoded(document("a", [], refs=[{"externalDocumentId": "DocumentRef-b", "spdxDocument": SPACE + "b"}])),
                  "b.json": encoded(document("b", [], refs=[{"externalDocumentId": "DocumentRef-a", "spdxDocument": SPACE + "a"}]))},
     "", "no document that stands above the others"),
]

GOOD = tar(yocto())
# what: (the bytes, words)
TARS = [
    ("cut in a file", GOOD[:2000], "ends in the middle of a file"),
    ("a header that was changed", GOOD.replace(b"image.spdx.json\0", b"imagf.spdx.json\0", 1), "is damaged"),
    ("behind the end", GOOD + b"x" * 512, "something behind its end"),
    ("a link", tar(yocto(), extra=[link("x.json")]), "neither a file nor a folder"),
    ("a name twice", tar({**yocto(), "./image.spdx.json": yocto()["image.spdx.json"]}), "two files of one name"),
    ("a long name of GNU", tar({"a" * 120: b"{}"}, tarfile.GNU_FORMAT), "neither a file nor a folder"),
    ("nothing", tar({}, extra=[tarfile.TarInfo("x")])[:0] + b"\0" * 257 + b"ustar" + b"\0" * 250, "is damaged"),
]


class Sets(CoverageCase):
    def put(self, data, name="set.tar"):
        (self.folder / name).write_bytes(data)
        return self.folder / name

    def look(self, files, *arguments, code=0):
        return self.sign("sbom", "check", self.put(files if isinstance(files, bytes) else tar(files)), "--json", *arguments, code=code).json()

    def faults(self, result):
        return [(one.get("where", ""), one["reason"]) for one in result["findings"] if one["result"] == "FAIL"]

    def test_sound(self):
        files = yocto()
        forms = [tar(files), tar(dict(reversed(files.items()))), tar({**files, "index.json": index(files)}), tar(files, tarfile.USTAR_FORMAT, 1),
                 tar(files, tarfile.GNU_FORMAT, 1), tar({"./" + name: data for name, data in files.items()}), tar({"n" * 150 + name: data for name, data in files.items()})]
        folder = tarfile.TarInfo("./")
        folder.type = tarfile.DIRTYPE
        forms.append(tar(files, extra=[folder]))
        for number, data in enumerate(forms):
            with self.subTest(number):
                result = self.look(data)
                self.assertEqual((result["format"], result["components"]), ("SPDX-2.2", 3))
                self.assertEqual([one["reason"] for one in result["findings"] if one["check"] == "sbom.form"],
                                 ["the SBOM is well formed (SPDX-2.2, 3 components, 5 documents)"])
                self.assertNotIn("documents", [one.get("class") for one in result.get("gaps", [])])

    def test_other_digests_and_tag_value(self):
        for algorithm, digest in (("SHA256", hashlib.sha256), ("SHA512", hashlib.sha512)):
            for right in (True, False):
                busybox = yocto()["busybox.spdx.json"]
                value = digest(busybox if right else b"x").hexdigest().upper()
                files = yocto(image=checksum(checksum={"algorithm": algorithm, "checksumValue": value}))
                self.look(files, code=0 if right else 1)
        text = (f"SPDXVersion: SPDX-2.2\nDataLicense: CC0-1.0\nSPDXID: {OWN}\nDocumentName: app\nDocumentNamespace: {SPACE}app\n"
                f"Creator: Tool: x-1\nCreated: {DATE}\nExternalDocumentRef: DocumentRef-zlib {SPACE}zlib SHA1: {sha1(yocto()['zlib.spdx.json'])}\n"
                "PackageName: app\nSPDXID: SPDXRef-app\nPackageDownloadLocation: NOASSERTION\n"
                f"Relationship: {OWN} DESCRIBES SPDXRef-app\nRelationship: SPDXRef-app DEPENDS_ON DocumentRef-zlib:SPDXRef-Package-zlib\n")
        files = {"app.spdx": text.encode(), **{name: yocto()[name] for name in ("zlib.spdx.json", "recipe-zlib.spdx.json")}}
        self.assertEqual(self.look(files)["components"], 2)
        files["app.spdx"] = text.replace("DocumentRef-zlib:SPDXRef-Package-zlib", "DocumentRef-zlib:SPDXRef-z").encode()
        self.assertTrue(self.faults(self.look(files, code=1)))

    def test_faults_name_the_document(self):
        for what, files, where, words in FAULTS:
            with self.subTest(what):
                found = self.faults(self.look(files, code=1))
                self.assertTrue([one for one in found if where in one[0] and words in one[1]], found)
        # An altered document is one fault wherever it is referred to, and all others are sound.
        self.assertEqual(len(self.faults(self.look(FAULTS[2][1], code=1))), 2)
        self.assertEqual(len(self.faults(self.look(FAULTS[4][1], code=1))), 1)

    def test_tars_that_are_not_read(self):
        for what, data, words in TARS:
            with self.subTest(what):
                result = self.look(data, code=1)
                self.assertIn(words, json.dumps(result["findings"]))
                self.assertIsNone(result.get("format"))

    def test_one_name_for_two_documents(self):
        """Two documents call two others alike: each keeps its own."""
        one, other = (encoded(document(name, [package(name, "1")])) for name in ("one", "other"))
        lower = encoded(document("lower", [package("lower", "1")], [("SPDXRef-Package-lower", "DEPENDS_ON", "DocumentRef-x:SPDXRef-Package-other")],
                                 [ref("x", other)]))
        top = encoded(document("top", [package("top", "1")], [("SPDXRef-Package-top", "DEPENDS_ON", "DocumentRef-x:SPDXRef-Package-one"),
                                                              ("SPDXRef-Package-top", "DEPENDS_ON", "DocumentRef-l:SPDXRef-Package-lower")],
                               [ref("x", one), ref("l", lower)]))
        files = {"top": top, "lower": lower, "one": one, "other": other}
        self.assertEqual(self.look(files)["components"], 3)
        wrong = {**files, "top": top.replace(b"DocumentRef-x:SPDXRef-Package-one", b"DocumentRef-x:SPDXRef-Package-other")}
        self.assertEqual(len(self.faults(self.look(wrong, code=1))), 1)

    def test_a_licence_is_of_its_document(self):
        """LicenseRef-1 of two documents is two licences, and a third one may name either."""
        def licences(**by_name):
            def change(one):
                one["packages"][0].update(by_name)
                one["hasExtractedLicensingInfos"] = [{"licenseId": "LicenseRef-1", "extractedText": f"The licence of {one['name']}."}]
            return change

        def third(one):
            one["packages"] = [package("third", "1")]
            licences(licenseDeclared="LicenseRef-1 OR (DocumentRef-dep:LicenseRef-1 AND DocumentRef-package-busybox:LicenseRef-1) OR Zlib")(one)
        files = yocto(busybox=licences(licenseDeclared="(MIT AND LicenseRef-1)"), zlib=licences(licenseConcluded="LicenseRef-1"),
                      image=licences(), **{"runtime-busybox": third})
        parts = self.check(self.pack(self.release_of(files)), "--json").json()["what"]["sbom"][0]["parts"]
        self.assertCountEqual([one["license"] for one in parts], [
            "DocumentRef-zlib:LicenseRef-1",
            "DocumentRef-runtime-busybox:LicenseRef-1 OR (DocumentRef-zlib:LicenseRef-1 AND DocumentRef-busybox:LicenseRef-1) OR Zlib",
            "(MIT AND DocumentRef-busybox:LicenseRef-1)", "Apache-2.0"])

    def test_many_references_cost_no_more_than_their_number(self):
        """One large document that is referred to 20,000 times is hashed once; 6,000 of one name get names in turn."""
        large = encoded(document("large", [package("large", "1", comment="x" * 8_000_000)]))
        one = ref("x", large)
        many = [{**one, "externalDocumentId": f"DocumentRef-x{number}"} for number in range(20_000)]
        self.look({"large": large, "top": encoded(document("top", [package("top", "1")], refs=many))})
        files, below = {}, None
        for number in range(6_000):
            below = encoded(document(f"d{number}", [package("p", "1")], refs=[ref("x", below)] if below else []))
            files[f"d{number}"] = below
        self.assertEqual(self.look(files)["components"], 5_999)

    def test_rules_say_where(self):
        result = self.look(yocto(zlib=lambda one: one["packages"][0].pop("versionInfo")), "--profile", "ntia-2021", code=1)
        self.assertIn(("NTIA-03", True), [(one["rule"], "(in zlib.spdx.json, /packages/0)" in one["where"]) for one in result["findings"] if "rule" in one])

    def release_of(self, files, binds=(), format="SPDX-2.2", extra=()):
        description = self.sbom_release({}, binds, format=format, firmware=FIRMWARE, extra=dict(extra))
        (self.folder / "sbom.json").write_bytes(tar(files))
        return description

    def test_bound_and_matched_as_one(self):
        tool = noise(2000, "tool")

        def with_hash(one):
            one["packages"][0]["checksums"] = [{"algorithm": "SHA256", "checksumValue": sha256(tool)}]
        for component in ("DocumentRef-busybox:SPDXRef-Package-busybox", "busybox"):
            binds = [{"component": component, "file": "busybox"}]
            archive = self.pack(self.release_of(yocto(busybox=with_hash), binds, extra={"busybox": (tool, "software")}))
            record = self.check(archive, "--json").json()
            self.assertEqual([one["result"] for one in all_checks(record) if one["check"] in ("sbom.form", "sbom.binding")], ["PASS", "PASS"])
        wrong = self.release_of(yocto(), binds, extra={"busybox": (tool, "software")})
        self.assertIn("sbom.binding", self.sign("lint", wrong, code=1).out)
        # A package of a document that the image only refers to.
        said = advisory(vendor="zlib", name="zlib", purl="pkg:generic/zlib@1.3.1")
        result = self.ask(archive, self.folder_of({"zlib.json": said}), "--json", code=0).json()
        matches = result["releases"][0]["advisories"]["documents"][0]["matches"]
        self.assertEqual([(one["match"], one["status"], one["subject"]) for one in matches], [("sure", "affected", "component zlib 1.3.1")])

    def test_a_release_with_a_set_that_is_not_whole_is_refused(self):
        for number in (0, 2, 4):
            what, files, _, words = FAULTS[number]
            with self.subTest(what):
                result = self.sign("lint", self.release_of(files), code=1).out
                self.assertIn(words, " ".join(result.split()))
        self.assertIn("the manifest says that it is SPDX-2.3", " ".join(self.sign("lint", self.release_of(yocto(), format="SPDX-2.3"), code=1).out.split()))

    def test_it_is_not_completed(self):
        result = self.sign("sbom", "complete", self.release_of(yocto()), code=2)
        self.assertIn("complete the main document alone", " ".join(result.err.split()))

    def test_the_product_is_the_image(self):
        """Without DESCRIBES the only package of the main document; of two it is not clear."""
        def second(one):
            one["packages"].append(package("second", "1", checksums=[{"algorithm": "SHA512", "checksumValue": SHA512}]))
        self.assertIn("sbom.binding", self.sign("lint", self.release_of(yocto(image=second)), code=1).out)

        def described(one):
            second(one)
            one["documentDescribes"] = ["SPDXRef-Image"]
        self.sign("lint", self.release_of(yocto(image=described)))


if __name__ == "__main__":
    main()
