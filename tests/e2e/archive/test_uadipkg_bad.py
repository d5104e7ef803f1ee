# SPDX-License-Identifier: Apache-2.0
"""Packages with one fault each: every one is refused, with a reason of its own."""
import base64
import hashlib
import json
import shutil

from harness import KEYS, ROOT_CERT, main
from package_case import EXAMPLE, SHA256, TYPE, Entry, Packages, listing, members_of, reference, write_zip

ONE = "META-INF/ASiCManifest001.xml"


class Bad(Packages):
    def setUp(self):
        super().setUp()
        self.reasons = {}

    def bad(self, says, path):
        """Refused for this reason; no two faults share one."""
        result = self.verify("check", path, "--anchor", ROOT_CERT, EXAMPLE, "--json", code=1)
        found = [one["reason"] for one in result.json()["result"]["checks"] if one["result"] == "FAIL"]
        self.assertTrue(any(says in one for one in found), (says, found))
        self.assertNotIn(says, self.reasons)
        self.reasons[says] = path

    def zip_with(self, says, change=None, **zipped):
        self.bad(says, self.made(change=change, zipped=zipped))

    def test_zip(self):
        def at(index, **fields):
            def change(entries):
                for key, value in fields.items():
                    setattr(entries[index], key, value)
            return change

        def add(*more):
            return lambda entries: entries + list(more)
        cases = (
            ("the names of two entries are one without regard", add(Entry("content/FW.bin", b"x")), {}),
            ("two entries have one name", add(Entry("CONTENT/fw.bin", b"x")), {}),
            ("the local header of an entry has another name", at(2, local={"name": b"CONTENT/fw.bit"}), {}),
            ("the local header of an entry differs in its flags", at(2, local={"flags": 0x800}), {}),
            ("the local header of an entry differs in its size", at(2, local={"size": 7}), {}),
            ("entries overlap", at(3, offset=69), {}),
            ("something lies between two entries", at(3, gap=b"hidden"), {}),
            ("the data descriptor of an entry differs in its checksum", at(2, flags=8, descriptor=(1, 600, 600)), {}),
            ("unpacked far larger than the file", at(2, data=bytes(70 << 20), deflate=True), {}),
            ("an entry is encrypted", at(2, flags=1), {}),
            ("an entry has an extra field, which", at(2, extra=b"\x55\x54\x05\0\1\0\0\0\0"), {}),
            ("a way of packing that is not read here", at(2, method=12), {}),
            ("the attributes of an entry differ", at(2, external=0x81ed0000), {}),
            ("does not have its checksum", at(2, crc=5, local={"crc": 5}), {}),
            ("it is longer than its entry says", at(2, deflate=True, size=10), {}),
            ("is shorter than the directory says", at(2, deflate=True, size=700), {}),
            ("a stored entry has two sizes", at(2, size=700), {}),
            ("a name leads out of the package", add(Entry("CONTENT/../../etc/x", b"x")), {}),
            ("does not say that it is UTF-8", add(Entry("CONTENT/\u00e4".encode(), b"x")), {}),
            ("a name is that of a file and of a folder", add(Entry("CONTENT/fw.bin/x", b"x")), {}),
            ("an entry for a folder in which nothing lies", add(Entry("CONTENT/empty/", b"")), {}),
            ("something follows the end record", None, {"after": b"x"}),
            ("fewer entries than the end record says", None, {"count": 7}),
            ("more entries than the end record says", None, {"count": 5}),
        )
        for says, change, zipped in cases:
            with self.subTest(says):
                self.zip_with(says, change, **zipped)
        with self.subTest("comment"):
            self.verify("check", self.made(zipped={"comment": b"mimetype=" + TYPE}), "--anchor", ROOT_CERT, EXAMPLE)
            path = self.made(zipped={"comment": b"hello"})
            self.verify("check", path, "--anchor", ROOT_CERT, EXAMPLE, code=1)
        with self.subTest("a folder in use is nothing"):
            self.verify("check", self.made(change=lambda entries: [entries[0], Entry("CONTENT/", b""), *entries[1:]]),
                        "--anchor", ROOT_CERT, EXAMPLE)

    def test_attributes_that_make_more_than_a_file(self):
        """All entries alike, which nothing signs: links, programs with their owner's rights, folders."""
        for external in (0xa1ff0000, 0x89ed0000, 0x81ed0010, 0x00000010, 0x61a40000):
            def change(entries, external=external):
                for entry in entries:
                    entry.external = external
            with self.subTest(external=hex(external)):
                self.reasons.clear()
                self.bad("are not those of a plain file", self.made(change=change))

    def test_lists(self):
        members = self.plain()
        good = [reference(*one) for one in members]
        data = members[1][1]

        def changed(entries):
            entries[2].data = data[:-1] + b"\0"
        cases = (
            ("a file that a signed list does not name", {"references": good[:-1]}),
            ("a list names a file that is not in the package", {"references": [*good, reference("CONTENT/more.bin", b"")]}),
            ("a digest by SHA-1", {"references": [*good[:1], reference(*members[1], "http://www.w3.org/2000/09/xmldsig#sha1",
                                                                     base64.b64encode(hashlib.sha1(data).digest()).decode()),
                                                  good[2]]}),
            ("a digest that is not read here", {"references": [*good[:1], reference(*members[1], "urn:md5"), good[2]]}),
            ("a digest that is not base64 of its length", {"references": [*good[:1], reference(*members[1], SHA256, "AAAA"), good[2]]}),
            ("does not have the digest of", {"change": changed}),
            ("a document type that defines entities",
             {"references": good, "head": '<!DOCTYPE a [<!ENTITY x "y">]>'}),
            ("an entity that is none of the five", {"references": [*good, "&x;"]}),
            ("a URI that leads out of the package", {"references": [*good, reference("x", b"", uri="../x")]}),
            ("a URI that is not relative to the package", {"references": [*good, reference("x", b"", uri="file:///etc/passwd")]}),
            ("a member is listed twice", {"references": [*good, good[1]]}),
            ("an extension", {"references": good, "tail": "<asic:ASiCManifestExtensions/>"}),
            ("something else than a CMS signature", {"references": good, "kind": "application/vnd.etsi.timestamp-token"}),
            ("a list names no signature of the package", {"references": good, "signature": "META-INF/signature009.p7s"}),
            ("a list names itself", {"references": [*good, reference(ONE, b"")]}),
            ("a prefix that no namespace was given", {"references": [*good, "<n:x/>"]}),
            ("a list without a single reference", {"references": [""]}),
        )
        for says, more in cases:
            with self.subTest(says):
                self.bad(says, self.made(**more))

    def test_signatures(self):
        text = listing([reference(*one) for one in self.plain()])
        other = listing([reference(*one) for one in self.plain(Name="Other")])
        self.bad("was made over other content", self.made(sign=lambda _: self.cades(other)))
        twice = self.folder / "twice.p7s"
        (self.folder / "l.xml").write_bytes(text)
        self.run_program("openssl", "cms", "-sign", "-binary", "-cades", "-nosmimecap", "-outform", "DER", "-md", "sha256", "-in",
                         self.folder / "l.xml", "-signer", KEYS / "release.cert.pem", "-inkey", KEYS / "release.key.pem", "-signer",
                         KEYS / "owner.cert.pem", "-inkey", KEYS / "owner.key.pem", "-out", twice, code=0)
        self.bad("has a second SignerInfo", self.made(sign=lambda _: twice.read_bytes()))
        stranger = self.own_keys("stranger")
        package = self.made(sign=lambda data: self.cades_of(stranger, data))
        self.bad("does not lead to the trusted anchor", package)
        two = self.made(change=lambda entries: [*entries, Entry("META-INF/signature002.p7s", entries[-1].data)])
        self.bad("a signature that no list names", two)
        shared = self.made(change=lambda entries: [*entries, Entry("META-INF/ASiCManifest002.xml", entries[-2].data)])
        self.bad("a signature that more than one list names", shared)

    def cades_of(self, prefix, data):
        shutil.copy(f"{prefix}.key.pem", self.folder / "s.key.pem")
        (self.folder / "list.xml").write_bytes(data)
        done = self.run_program("openssl", "cms", "-sign", "-binary", "-cades", "-nosmimecap", "-outform", "DER", "-md", "sha256",
                                "-in", self.folder / "list.xml", "-signer", f"{prefix}.cert.pem", "-inkey", f"{prefix}.key.pem",
                                "-out", self.folder / "s.p7s", code=0)
        self.assertEqual(done.err, "")
        return (self.folder / "s.p7s").read_bytes()

    def test_findings_name_members_of_the_package(self):
        """What is asked of a release is found in a package without one, and in one with it, where that says it."""
        wrong = (("--product", "Other"), ("--hardware", "X:1"), ("--min-sequence", "99"), ("--expect-identity", "0" * 64))
        for package, product, others in (
                (self.made(), "META/package_metadata.json, #/Name", ["META/package_metadata.json, #/UpdateTargets", "META/package_metadata.json"]),
                (self.exported(), "SUPPLEMENT/cretula/MANIFEST.json, #/product", ["SUPPLEMENT/cretula/MANIFEST.json, #/hardware",
                                                                                "SUPPLEMENT/cretula/MANIFEST.json, #/release/sequence"])):
            places = []
            for option in wrong:
                record = self.verify("check", package, "--anchor", ROOT_CERT, EXAMPLE, *option, "--json", code=1).json()
                places += [one["where"] for one in record["result"]["checks"] if one["result"] == "FAIL"]
            self.assertEqual(places, [product, *others, "META-INF/"])
            names = [name for name, _ in members_of(package)]
            for place in places:
                self.assertTrue(place.split(",")[0] in names or any(name.startswith(place) for name in names), place)
        trust = self.folder / "other.json"
        anchor = {"type": "certificate", "pem": (KEYS / "release.cert.pem").read_text("ascii")}
        trust.write_text(json.dumps({"cretula": "trust/1", "name": "P", "version": 1, "issued": "2026-01-01T00:00:00Z",
                                     "expires": "2099-01-01T00:00:00Z", "scopes": [
                                         {"vendor": "Other", "products": ["Other"], "signers": [{"name": "r", "anchor": anchor}],
                                          "roles": [{"role": "release", "signers": ["r"], "threshold": 1}]}]}), "utf-8")
        record = self.verify("check", self.made(), "--trust", trust, EXAMPLE, "--json", code=1).json()
        self.assertIn(("trust.scope", "META/package_metadata.json, #/Name"),
                      [(one["check"], one.get("where")) for one in record["result"]["checks"] if one["result"] == "FAIL"])

    def test_places_and_metadata(self):
        cases = (
            ("outside of the folders", lambda entries: [*entries, Entry("README.txt", b"x")]),
            ("neither a list nor a", lambda entries: [*entries, Entry("META-INF/evidencerecord001.ers", b"x")]),
            ("without the media type", lambda entries: entries[1:]),
            ("another media type", lambda entries: [Entry("mimetype", TYPE.replace(b"asic-e", b"asic-s")), *entries[1:]]),
            ("carries no signature", lambda entries: entries[:-2]),
        )
        for says, change in cases:
            with self.subTest(says):
                self.bad(says, self.made(change=change))
        for says, more in (("a mandatory field is missing", {"ManufacturerUri": None}), ("a mandatory field is empty", {"Name": ""}),
                           ("no type that OPC 10000-100 names", {"PackageType": "Driver_9"}),
                           ("a time that cannot be read", {"ReleaseDate": "tomorrow"}),
                           ("two files are said to go to the device alone", {"Files": [
                               {"FileType": 0, "FileName": "CONTENT/fw.bin"}, {"FileType": 0, "FileName": "SUPPLEMENT/notes.txt"}]})):
            with self.subTest(says):
                self.bad(says, self.made(self.plain(**more)))
        for kind in (0, "Firmware", "Firmware_0"):
            self.verify("check", self.made(self.plain(PackageType=kind)), "--anchor", ROOT_CERT, EXAMPLE)

    def test_a_release_that_does_not_agree(self):
        """The list is right and signed by the right key: the release in it says something else."""
        members = [one for one in members_of(self.exported()) if one[0] != "mimetype" and not one[0].startswith("META-INF/")]
        by_name = dict(members)
        self.verify("check", self.made(members), "--anchor", ROOT_CERT, EXAMPLE)

        def with_metadata(**more):
            value = {**json.loads(by_name["META/package_metadata.json"]), **more}
            return [("META/package_metadata.json", json.dumps(value).encode()), *(one for one in members if one[0][:5] != "META/")]
        firmware = by_name["CONTENT/firmware.bin"]
        cases = (
            ("does not list", [*members, ("CONTENT/more.bin", b"x")]),
            ("is not in the package", [one for one in members if one[0] != "CONTENT/firmware.bin"]),
            ("another size", [(name, data[:-1] if data is firmware else data) for name, data in members]),
            ("is not the one of the release", [(name, bytes(len(data)) if data is firmware else data) for name, data in members]),
            ("lies twice", [*members, ("SUPPLEMENT/firmware.bin", firmware)]),
            ("says something else than the MANIFEST.json", with_metadata(Name="Another")),
            ("for a product that MANIFEST.json does not", with_metadata(UpdateTargets=[{"ProductCode": "X", "Model": "Y"}])),
            ("a file lies in the folder of another role",
             [(name.replace("CONTENT/", "SUPPLEMENT/") if data is firmware else name, data) for name, data in members]),
            ("of another type than the files", with_metadata(PackageType="Configuration_2")),
            ("has no signature", [one for one in members if "SIGNATURES" not in one[0]]),
            ("that is none of them", [*members, ("SUPPLEMENT/cretula/SIGNATURES/readme.txt", b"x")]),
            ("does not lie under the name of its key",
             [(name if "SIGNATURES" not in name else "SUPPLEMENT/cretula/SIGNATURES/0123456789abcdef.p7s", data) for name, data in members]),
        )
        for says, changed in cases:
            with self.subTest(says):
                self.bad(says, self.made(changed))

    def test_a_release_that_was_taken_out(self):
        """Its signed list names it: without it nothing would say the sequence, nor the end of support."""
        whole = self.exported()
        members = members_of(whole)
        release = [name for name, _ in members if name.startswith("SUPPLEMENT/cretula/")]
        self.assertGreaterEqual(len(release), 2)
        for gone in ([release[0]], [release[-1]], release):
            with self.subTest(gone):
                path = write_zip(self.folder / "stripped.uadipkg", [Entry(*one) for one in members if one[0] not in gone])
                result = self.verify("check", path, "--anchor", ROOT_CERT, EXAMPLE, code=1)
                self.assertIn("was taken out of it", " ".join(result.out.split()))

    def test_what_was_left_out_is_said(self):
        """A file below SUPPLEMENT/ may be left out; it is named as not checked."""
        package = self.made(change=lambda entries: [one for one in entries if one.name != b"SUPPLEMENT/notes.txt"])
        record = self.check(package, "--json").json()
        left = [one for one in record["result"]["checks"] if one["result"] == "NOT_CHECKED" and one["check"] == "package.manifest"]
        self.assertEqual([one["where"] for one in left], ["SUPPLEMENT/notes.txt"])

    def test_who_approves_an_approval_changes_no_identity(self):
        """The last list names the second alone, the second the first: the package is still the one that was signed first."""
        files = [reference(*one) for one in self.plain()]
        second, last = self.own_keys("second"), self.own_keys("last")
        lists = []
        for sign in (self.cades, lambda data: self.cades_of(second, data), lambda data: self.cades_of(last, data)):
            number = len(lists) + 1
            before = [reference(f"META-INF/{name}", data) for name, data in lists[-1]] if lists else []
            text = listing([*files, *before], signature=f"META-INF/signature00{number}.p7s")
            lists.append([(f"ASiCManifest00{number}.xml", text), (f"signature00{number}.p7s", sign(text))])
        entries = [Entry("mimetype", TYPE), *(Entry(*one) for one in self.plain()),
                   *(Entry(f"META-INF/{name}", data) for pair in lists for name, data in pair)]
        package = write_zip(self.folder / "three.uadipkg", entries)
        self.verify("check", package, "--anchor", f"{last}.cert.pem", "--record", "r")
        record = json.loads((self.folder / "r" / "RECORD.json").read_text("utf-8"))
        self.assertEqual(record["what"]["identity"], hashlib.sha256(lists[0][0][1]).hexdigest())

    def test_only_so_many_may_be_left_out(self):
        members = self.plain()
        for count, code in ((1000, 0), (1001, 1)):
            gone = [reference(f"SUPPLEMENT/{number}.txt", b"") for number in range(count)]
            package = self.made(references=[*(reference(*one) for one in members), *gone])
            result = self.verify("check", package, "--anchor", ROOT_CERT, EXAMPLE, code=code)
            self.assertEqual("the lists name too many files that are not in the package" in " ".join(result.out.split()), code == 1)


if __name__ == "__main__":
    main()
