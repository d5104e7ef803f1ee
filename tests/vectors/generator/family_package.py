# SPDX-License-Identifier: Apache-2.0
"""OPC UA packages, written by hand: ZIP files, signed lists, signatures and metadata with one fault each."""
import atexit
import base64
import hashlib
import pathlib
import shutil
import tempfile
import zlib

import package_case as made
from package_case import Entry, listing, reference
from store import File, Plan
from world import AT, DerivedPki

ZIP, LIST, FORM, VALUE, PATH, DIGESTS, METADATA = (
    "package.zip", "package.manifest", "signature.form", "signature.value", "certificate.path", "file.digests",
    "package.metadata")
WORLD = {"certificates": {"root": {"kind": "ca"}, "leaf": {"issuer": "root"}, "other": {"issuer": "root"}, "stranger": {}}, "crls": {}}
ONE, TWO = "META-INF/ASiCManifest001.xml", "META-INF/signature001.p7s"
GOOD = "package-good"
DSIG = made.DSIG
FIRMWARE = b"firmware\n" * 20
CRC = zlib.crc32(FIRMWARE)


class Maker:
    """Signs and packs; what is not given is right. ECDSA signatures are new in each run, as in all families."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="vectors-"))
        atexit.register(shutil.rmtree, self.folder, ignore_errors=True)
        self.pki = DerivedPki(self.folder)

    def sign(self, text, by="leaf", **more):
        return self.pki.cms(WORLD, {"by": by, **more}, text)

    @staticmethod
    def members(**more):
        return [("META/package_metadata.json", made.Packages.metadata(**more)), ("CONTENT/fw.bin", FIRMWARE),
                ("SUPPLEMENT/notes.txt", b"Nothing new.\n")]

    def entries(self, members=None, text=None, signature=None, references=None, **listed):
        members = members or self.members()
        text = listing(references or [reference(*one) for one in members], **listed) if text is None else text
        signature = self.sign(text) if signature is None else signature
        return [Entry("mimetype", made.TYPE), *(Entry(*one) for one in members), Entry(ONE, text), Entry(TWO, signature)]

    def packed(self, entries=None, **zipped):
        path = self.folder / "p.uadipkg"
        return made.write_zip(path, entries or self.entries(), **zipped).read_bytes()

    def checked(self, data, *more):
        return [File("uadipkg", data), "--anchor", File("pem", self.pki.certificate(WORLD, "root").read_bytes()), "--at", AT, *more]

    def plan(self, name, about, make, check=None, says=None, like=GOOD, **more):
        """`make` gives the bytes of a package."""
        return Plan(f"package-{name}", about, lambda: self.checked(make()), 1 if check else 0, check, says, like if check else None, **more)


def local(index, about, says, **fields):
    return (f"local-{about.replace(' ', '-')}", f"the local header of a file has another {about}", index, {"local": fields}, says)


def zip_plans(maker):
    def at(index, fields, **zipped):
        def make():
            entries = maker.entries()
            for key, value in fields.items():
                setattr(entries[index], key, value)
            return maker.packed(entries, **zipped)
        return make
    differs = "the local header of an entry differs in its "
    deflated = {"deflate": True}
    rows = (
        local(2, "name", "the local header of an entry has another name", name=b"CONTENT/fw.bit"),
        local(2, "flags", differs + "flags", flags=0x800),
        local(2, "method", differs + "method", method=8),
        local(2, "checksum", differs + "checksum", crc=7),
        local(2, "packed size", differs + "packed size", packed=7),
        local(2, "size", differs + "size", size=7),
        local(2, "version", differs + "version", needed=10),
        local(2, "time", differs + "time", time=1),
        local(2, "date", differs + "date", date=0x22),
        local(2, "extra field", "the local header of an entry has an extra field", extra_size=9),
        local(2, "magic", "no local header stands where the directory says", magic=0x05034b50),
        ("overlap", "two entries share bytes", 3, {"offset": 69}, "entries overlap"),
        ("gap", "bytes between two entries", 3, {"gap": b"hidden"}, "something lies between two entries"),
        ("descriptor-checksum", "a data descriptor with another checksum", 2, {"flags": 8, "descriptor": (1, 180, 180)}, "data descriptor of an entry differs in its checksum"),
        ("descriptor-packed-size", "a data descriptor with another packed size", 2, {"flags": 8, "descriptor": (CRC, 9, 180)}, "data descriptor of an entry differs in its packed size"),
        ("descriptor-size", "a data descriptor with another size", 2, {"flags": 8, "descriptor": (CRC, 180, 9)}, "data descriptor of an entry differs in its size"),
        ("encrypted", "the flag of encryption", 2, {"flags": 1}, "an entry is encrypted"),
        ("flag-strong", "the flag of strong encryption", 2, {"flags": 1 << 6}, "flags of an entry that are not known here"),
        ("extra", "an extra field", 2, {"extra": b"\x55\x54\x05\0\1\0\0\0\0"}, "an entry has an extra field"),
        ("bzip2", "packed by bzip2", 2, {"method": 12}, "a way of packing that is not read here"),
        ("checksum", "the checksum of both headers is not that of the data", 2, {"crc": 5, "local": {"crc": 5}}, "does not have its checksum"),
        ("inflates-longer", "deflated data that is longer than its entry says", 2, {**deflated, "size": 10}, "it is longer than its entry says"),
        ("inflates-shorter", "deflated data that is shorter than its entry says", 2, {**deflated, "size": 700}, "is shorter than the directory says"),
        ("stored-two-sizes", "a stored entry with two sizes", 2, {"size": 700}, "a stored entry has two sizes"),
        ("attributes", "the attributes of one entry", 2, {"external": 0x81ed0000}, "differ from those of the first"),
        ("link", "an entry that is a symbolic link", 2, {"external": 0xa1ff0000}, "are not those of a plain file"),
        ("zip64-entry", "an entry that leaves its size to a field of 64 bits", 2, {"size": 0xffffffff}, "an entry leaves its fields to others of 64 bits"),
        ("trailing-bits", "a bit behind the last block of deflated data", 2, {"raw": tail_bits}, "bits behind the last block are not zero"),
        ("trailing-bytes", "a byte behind the last block of deflated data", 2, {"raw": lambda data: made.deflated(data) + b"\0"}, "bytes behind the last block"),
    )
    for name, about, index, fields, says in rows:
        yield maker.plan(f"zip-{name}", about, at(index, fields), ZIP, says)
    yield maker.plan("zip-polyglot", "a script before the first entry", lambda: maker.packed(before=b"#!/bin/sh\n"), "archive.framing", also=(ZIP,))
    for name, about, zipped, says in (
            ("before", "an entry before the first one that the directory does not name", {"before": hidden()}, "something lies before the first entry"),
            ("after", "a byte behind the end record", {"after": b"x"}, "something follows the end record"),
            ("comment", "a comment", {"comment": b"hello"}, "the ZIP file has a comment"),
            ("fewer", "the end record counts one entry more", {"count": 7}, "fewer entries than the end record says"),
            ("more", "the end record counts one entry less", {"count": 5}, "more entries than the end record says"),
            ("zip64-end", "an end record of 64 bits before the end record", {"zip64": True}, "an end record with 64-bit fields"),
            ("cut", "the end record is cut", {"cut": 4}, "it was cut, or")):
        yield maker.plan(f"zip-{name}", about, lambda z=zipped: maker.packed(**z), ZIP, says)
    yield maker.plan("zip-bomb", "an entry of some bytes that is said to unpack to a GiB",
                     lambda: maker.packed([*maker.entries(), Entry("CONTENT/zeros.bin", bytes(9999), deflate=True, size=1 << 30)]), ZIP, "a ZIP bomb")

    def swapped():
        """The directory of the right package with its second and third entries in each other's place."""
        data = maker.packed()
        starts = [at for at in range(len(data)) if data[at:at + 4] == b"PK\1\2"]
        a, b, c = starts[1:4]
        return data[:a] + data[b:c] + data[a:b] + data[c:]
    yield maker.plan("zip-order", "two entries of the directory in each other's place", swapped, ZIP, "not in the order of the file")
    name_plans = (
        ("twice", "two entries of one name", "CONTENT/fw.bin", "two entries have one name"),
        ("case", "two names that are one without regard to case", "content/FW.bin", "are one without regard to capital"),
        ("climbs", "a name that leads out of the package", "CONTENT/../../etc/x", "a name leads out of the package"),
        ("absolute", "a name that begins at the root", "/etc/x", "a name that begins at the root of a system"),
        ("backslash", "a name with a backslash", "CONTENT\\x", "a name that is not safe on every system"),
        ("utf8", "letters beyond ASCII without the flag of UTF-8", "CONTENT/\u00e4", "does not say that it is UTF-8"),
        ("latin", "a name in Latin-1", b"CONTENT/\xe4", "a name that is not UTF-8"),
        ("file-and-folder", "a name that is a file and a folder", "CONTENT/fw.bin/x", "that of a file and of a folder"),
        ("empty-folder", "an entry for a folder without files", "CONTENT/empty/", "a folder in which nothing lies"))
    for name, about, path, says in name_plans:
        data = b"" if str(path).endswith("/") else b"x"
        yield maker.plan(f"name-{name}", about, lambda p=path, d=data: maker.packed(maker.entries() + [Entry(p, d)]), ZIP, says)


def hidden():
    """A local header with its data."""
    fields = {"name": b"CONTENT/evil.bin", "flags": 0, "method": 0, "extra": b"", "crc": zlib.crc32(b"evil"), "packed": 4, "size": 4}
    return made.local_header(fields) + b"evil"


def tail_bits(data):
    """Deflated data whose last byte has a bit set that belongs to no code."""
    packed = bytearray(made.deflated(data))
    packed[-1] |= 0x80
    return bytes(packed)


def list_plans(maker):
    members = maker.members()
    good = [reference(*one) for one in members]
    data = members[1][1]
    sha1 = base64.b64encode(hashlib.sha1(data).digest()).decode()

    def other(method, value=None):
        return [good[0], reference(*members[1], method, value), good[2]]
    entities = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
    rows = (
        ("unlisted", "a file that the list does not name", {"references": good[:-1]}, "a file that a signed list does not name"),
        ("missing", "a file of CONTENT/ that is listed and not there", {"references": [*good, reference("CONTENT/more.bin", b"")]}, "names a file that is not in the package"),
        ("sha1", "a digest by SHA-1", {"references": other(DSIG + "sha1", sha1)}, "a digest by SHA-1"),
        ("md5", "a digest by MD5", {"references": other("http://www.w3.org/2001/04/xmldsig-more#md5")}, "a digest that is not read here"),
        ("short-digest", "a digest of 3 bytes", {"references": other(made.SHA256, "AAAA")}, "a digest that is not base64 of its length"),
        ("doctype", "a document type", {"head": '<!DOCTYPE a SYSTEM "file:///etc/passwd">'}, "a document type, of which"),
        ("entity-bomb", "entities of entities", {"head": entities}, "a document type that defines entities"),
        ("entity", "an entity that nobody defined", {"references": [*good, "&x;"]}, "an entity that is none of the five"),
        ("character-reference", "a character reference in a URI", {"references": [*good[:2], good[2].replace("SUPPLEMENT", "&#83;UPPLEMENT")]}, "a character reference"),
        ("instruction", "a processing instruction", {"references": [*good, "<?php x ?>"]}, "a processing instruction"),
        ("xml-comment", "a comment", {"references": [*good, "<!-- x -->"]}, "a comment, of which a signed list has none"),
        ("cdata", "a CDATA section", {"references": [*good, "<![CDATA[x]]>"]}, "a CDATA section"),
        ("climbs", "a URI with ..", {"references": [*good, reference("x", b"", uri="../x")]}, "a URI that leads out of the package"),
        ("climbs-encoded", "a URI with .. in percent encoding", {"references": [*good, reference("x", b"", uri="CONTENT/%2e%2e/%2e%2e/x")]}, "a URI that leads out of the package"),
        ("absolute", "an absolute URI", {"references": [*good, reference("x", b"", uri="file:///etc/passwd")]}, "a URI that is not relative"),
        ("percent", "percent encoding that is none", {"references": [*good, reference("x", b"", uri="CONTENT/%zz")]}, "percent encoding that is none"),
        ("twice", "a file listed twice", {"references": [*good, good[1]]}, "a member is listed twice"),
        ("extension", "an extension", {"tail": "<asic:ASiCManifestExtensions/>"}, "an extension, which may change"),
        ("token", "a list that a timestamp is over", {"kind": "application/vnd.etsi.timestamp-token"}, "something else than a CMS signature"),
        ("no-signature", "a list that names a signature which is not there", {"text": listing(good, signature="META-INF/signature009.p7s")}, "names no signature of the package"),
        ("itself", "a list that names itself", {"references": [*good, reference(ONE, b"")]}, "a list names itself"),
        ("own-signature", "a list that names the signature over it", {"references": [*good, reference(TWO, b"")]}, "a list names the signature over it"),
        ("gone", "a list that names another list which is not there", {"references": [*good, reference("META-INF/ASiCManifest009.xml", b"")]}, "that is not in the package"),
        ("prefix", "a prefix without a namespace", {"references": [*good, "<n:x/>"]}, "a prefix that no namespace was given"),
        ("empty", "a list of nothing", {"references": [""]}, "a list without a single reference"),
        ("namespace", "the namespace of another standard", {"text": listing(good).replace(b"02918/v1.2.1#", b"02918/v1.1.1#")}, "an element that does not belong here"))
    for name, about, more, says in rows:
        yield maker.plan(f"list-{name}", about, lambda m=more: maker.packed(maker.entries(**m)), LIST, says)

    def changed():
        entries = maker.entries()
        entries[2].data = b"Firmware" + entries[2].data[8:]
        return maker.packed(entries)
    yield maker.plan("list-changed", "a file was changed after signing", changed, DIGESTS, "does not have the digest of")


def signature_plans(maker):
    members = maker.members()
    text = listing([reference(*one) for one in members])
    other = listing([reference(*one) for one in maker.members(Name="Other")])

    def with_signature(make):
        return lambda: maker.packed(maker.entries(text=text, signature=make()))

    def two_infos():
        """A SignedData whose set of SignerInfos holds those of two signers."""
        import der
        first, second = (der.parse(maker.sign(text, by)) for by in ("leaf", "other"))
        for each in (first, second):
            assert each[1][0][-1].tag == 0x31
        first[1][0][-1].content.append(second[1][0][-1][0])
        return first.encode()
    yield maker.plan("signature-stranger", "signed by somebody whom nobody trusts", with_signature(lambda: maker.sign(text, "stranger")), PATH, "is self-signed and is not the trusted anchor")
    yield maker.plan("signature-other-list", "the signature is over the list of another package", with_signature(lambda: maker.sign(other)), VALUE, "was made over other content")
    yield maker.plan("signature-flipped", "a bit of the signature's value", with_signature(lambda: flipped(maker.sign(text))), VALUE)
    yield maker.plan("signature-two-signers", "two SignerInfos", with_signature(two_infos), FORM, "has a second SignerInfo")
    yield maker.plan("signature-tail", "a byte behind the signature", with_signature(lambda: maker.sign(text) + b"\0"), FORM)

    def added(*more):
        return lambda: maker.packed(maker.entries() + [Entry(*one) for one in more])
    yield maker.plan("signature-of-no-list", "a signature that no list names", added(("META-INF/signature002.p7s", b"x")), LIST, "a signature that no list names")
    yield maker.plan("signature-of-two-lists", "a signature that two lists name", added(("META-INF/ASiCManifest002.xml", text)), LIST, "a signature that more than one list names")
    yield maker.plan("unsigned", "no list and no signature", lambda: maker.packed(maker.entries()[:-2]), FORM, "the package carries no signature")


def flipped(data):
    return data[:-1] + bytes([data[-1] ^ 1])


def place_plans(maker):
    def changed(change):
        return lambda: maker.packed(change(maker.entries()))
    for name, about, change, check, says in (
            ("readme", "a file outside of the folders", lambda e: [*e, Entry("README.txt", b"x")], LIST, "outside of the folders"),
            ("evidence", "an evidence record", lambda e: [*e, Entry("META-INF/evidencerecord001.ers", b"x")], LIST, "neither a list nor a"),
            ("no-mimetype", "without a media type", lambda e: e[1:], LIST, "without the media type"),
            ("mimetype", "the media type of ASiC-S", lambda e: [Entry("mimetype", made.TYPE.replace(b"asic-e", b"asic-s")), *e[1:]], LIST, "another media type"),
            ("mimetype-line", "a line break behind the media type", lambda e: [Entry("mimetype", made.TYPE + b"\n"), *e[1:]], LIST, "another media type"),
            ("no-metadata", "without package_metadata.json", lambda e: [e[0], *e[2:]], METADATA, "does not say what it is")):
        yield maker.plan(f"place-{name}", about, changed(change), check, says)
    for name, about, more, says in (
            ("no-uri", "no ManufacturerUri", {"ManufacturerUri": None}, "a mandatory field is missing"),
            ("empty-name", "an empty Name", {"Name": ""}, "a mandatory field is empty"),
            ("type", "a PackageType that nobody defined", {"PackageType": "Driver_9"}, "no type that OPC 10000-100 names"),
            ("date", "a date that is none", {"ReleaseDate": "tomorrow"}, "a time that cannot be read")):
        yield maker.plan(f"metadata-{name}", about, lambda m=more: maker.packed(maker.entries(maker.members(**m))), METADATA, says)


def good_plans(maker):
    def squeezed():
        entries = maker.entries()
        for entry in entries[1:]:
            entry.deflate, entry.flags = True, 8
        return maker.packed(entries)

    def folders():
        entries = maker.entries()
        return maker.packed([entries[0], Entry("CONTENT/", b""), *entries[1:]])

    def sha512():
        lines = [reference(name, data, "http://www.w3.org/2001/04/xmlenc#sha512", base64.b64encode(hashlib.sha512(data).digest()).decode())
                 for name, data in maker.members()]
        return maker.packed(maker.entries(references=lines))

    def approved():
        entries = maker.entries()
        before = [reference(one.name.decode(), one.data) for one in entries[-2:]]
        text = listing([*(reference(*one) for one in maker.members()), *before], signature="META-INF/signature002.p7s")
        return maker.packed([*entries, Entry("META-INF/ASiCManifest002.xml", text), Entry("META-INF/signature002.p7s", maker.sign(text, "other", meaning="approval"))])

    def without_notes():
        return maker.packed([one for one in maker.entries() if one.name != b"SUPPLEMENT/notes.txt"])
    for name, about, make in (
            ("good", "a package that was not made of a release", maker.packed),
            ("good-deflated", "deflated, with data descriptors", squeezed),
            ("good-comment", "the comment that EN 319 162-1 names", lambda: maker.packed(comment=b"mimetype=" + made.TYPE)),
            ("good-folder", "an entry for a folder", folders),
            ("good-sha512", "digests by SHA-512", sha512),
            ("good-approved", "a second list over the first one", approved),
            ("good-left-out", "a file of SUPPLEMENT/ was left out", without_notes),
            ("good-compact", "metadata in the compact encoding", lambda: maker.packed(maker.entries(maker.members(PackageType=0))))):
        yield maker.plan(name, about, make)


def solution_plans(maker):
    """Both packages in it by keys below the same root; the whole is signed over just what is in it."""
    def unpacked(by="other", change=None, **more):
        files = {one.name.decode(): one.data for one in maker.entries(maker.members(**more))}
        files[TWO] = maker.sign(files[ONE], by)
        if change:
            change(files)
        return files

    def solution(drive, **metadata):
        described = {"Name": "Machine", "PackageType": "Solution_3", **metadata}
        members = [("META/package_metadata.json", made.Packages.metadata(**described))]
        for folder, files in (("plc", unpacked("leaf", Name="PLC")), ("drive", drive)):
            members += [(f"SUBPACKAGES/{folder}/{name}", data) for name, data in files.items()]
        return maker.packed(maker.entries(members))

    def changed(files):
        files["CONTENT/fw.bin"] = b"Firmware" + FIRMWARE[8:]

    def unsigned(files):
        del files[ONE], files[TWO]
    good = "package-solution-good"
    yield maker.plan("solution-good", "two packages in one, each signed", lambda: solution(unpacked()))
    for name, about, drive, more, check, says in (
            ("stranger", "one is signed by somebody whom nobody trusts", {"by": "stranger"}, {}, PATH, "is not the trusted anchor"),
            ("unsigned", "one is not signed", {"change": unsigned}, {}, FORM, "the package carries no signature"),
            ("changed", "a file of one was changed before the whole was signed", {"change": changed}, {}, DIGESTS, "does not have the digest of"),
            ("nested", "a solution in a solution", {"PackageType": "Solution_3"}, {}, METADATA, "a solution in a solution"),
            ("type", "the type of the whole is that of firmware", {}, {"PackageType": "Firmware_0"}, METADATA, "of a package that is no solution"),
            ("assigned", "a package is assigned that is not there", {}, {"Assignments": [{"Subpackage": "pump"}]}, METADATA, "a package is assigned that is not")):
        yield maker.plan(f"solution-{name}", about, lambda d=drive, m=more: solution(unpacked(**d), **m), check, says, like=good,
                         **({"also": ["package.manifest"]} if drive else {}))


def plans():
    maker = Maker()
    for part in (solution_plans, good_plans, zip_plans, list_plans, signature_plans, place_plans):
        yield from part(maker)
