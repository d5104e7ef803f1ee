# SPDX-License-Identifier: Apache-2.0
"""OPC UA packages: read by hand, and written by hand with whatever fault a test wants."""
import base64
import hashlib
import struct
import subprocess
import zipfile
import zlib
from urllib.parse import quote

import harness
from harness import KEYS

EXAMPLE = "--allow-example-keys"
URI = "https://vendor.example/"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
ASIC = "http://uri.etsi.org/02918/v1.2.1#"
DSIG = "http://www.w3.org/2000/09/xmldsig#"
TYPE = b"application/vnd.etsi.asic-e+zip"


def members_of(path):
    """[(name, bytes)] in the order of the file, by Python's reader."""
    with zipfile.ZipFile(path) as package:
        return [(one.filename, package.read(one)) for one in package.infolist()]


def reference(name, data, method=SHA256, value=None, uri=None):
    value = base64.b64encode(hashlib.sha256(data).digest()).decode() if value is None else value
    return (f'<asic:DataObjectReference URI="{quote(name) if uri is None else uri}">'
            f'<ds:DigestMethod Algorithm="{method}"/><ds:DigestValue>{value}</ds:DigestValue></asic:DataObjectReference>')


def listing(references, signature="META-INF/signature001.p7s", head='<?xml version="1.0" encoding="UTF-8"?>',
            kind="application/pkcs7-signature", tail=""):
    return (f'{head}<asic:ASiCManifest xmlns:asic="{ASIC}" xmlns:ds="{DSIG}"><asic:SigReference URI="{signature}" '
            f'MimeType="{kind}"/>{"".join(references)}{tail}</asic:ASiCManifest>').encode()


class Entry:
    """One entry of a ZIP file; what differs between its two headers stands in `local`."""

    def __init__(self, name, data, **more):
        self.name, self.data, self.deflate, self.local = name.encode() if isinstance(name, str) else name, data, False, {}
        self.flags, self.method, self.extra, self.descriptor, self.gap, self.crc, self.size = 0, 0, b"", None, b"", None, None
        self.external = self.internal = 0
        self.offset = self.raw = None
        for key, value in more.items():
            setattr(self, key, value)


def local_header(fields):
    return struct.pack("<IHHHHHIIIHH", fields.get("magic", 0x04034b50), fields.get("needed", 20), fields["flags"], fields["method"],
                       fields.get("time", 0), fields.get("date", 0x21), fields["crc"], fields["packed"], fields["size"],
                       len(fields["name"]), fields.get("extra_size", len(fields["extra"]))) + fields["name"] + fields["extra"]


def deflated(data):
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    return squeeze.compress(data) + squeeze.flush()


def packed_of(entry):
    return deflated(entry.data) if entry.deflate else entry.data if entry.raw is None else entry.raw(entry.data)


def write_zip(path, entries, comment=b"", after=b"", before=b"", count=None, zip64=False, cut=0):
    out, directory = before, b""
    for entry in entries:
        packed = packed_of(entry)
        method = 8 if entry.deflate or entry.raw else entry.method
        fields = {"name": entry.name, "flags": entry.flags, "method": method, "extra": entry.extra,
                  "crc": zlib.crc32(entry.data) if entry.crc is None else entry.crc, "packed": len(packed),
                  "size": len(entry.data) if entry.size is None else entry.size}
        out += entry.gap
        offset = len(out) if entry.offset is None else entry.offset
        seen = {**fields, **({"crc": 0, "packed": 0, "size": 0} if entry.flags & 8 else {}), **entry.local}
        out += local_header(seen) + packed
        if entry.flags & 8:
            out += struct.pack("<IIII", 0x08074b50, *(entry.descriptor or (fields["crc"], fields["packed"], fields["size"])))
        directory += struct.pack("<IHHHHHHIIIHHHHHII", 0x02014b50, 20, 20, fields["flags"], fields["method"], 0, 0x21,
                                 fields["crc"], fields["packed"], fields["size"], len(entry.name), len(entry.extra), 0, 0,
                                 entry.internal, entry.external, offset) + entry.name + entry.extra
    number = len(entries) if count is None else count
    more = struct.pack("<IQHHIIQQQQIIQI", 0x06064b50, 44, 45, 45, 0, 0, number, number, len(directory), len(out),
                       0x07064b50, 0, len(out) + len(directory), 1) if zip64 else b""
    end = struct.pack("<IHHHHIIH", 0x06054b50, 0, 0, number, number, len(directory), len(out), len(comment)) + comment
    whole = out + directory + more + end + after
    path.write_bytes(whole[:len(whole) - cut])
    return path


class Packages(harness.Case):
    def exported(self, archive=None, out="p.uadipkg", *more, code=0):
        archive = archive or self.small_release(manufacturer={"name": "V", "uri": URI})
        out = self.folder / out
        self.last = self.sign("export", "uadipkg", archive, "--key", KEYS / "release.key.pem", "--cert",
                              KEYS / "release.cert.pem", EXAMPLE, "--out", out, *more, code=code)
        return out

    def cades(self, data, key="release", *more):
        """A signature by openssl, as CAdES has it."""
        source = self.folder / "list.xml"
        source.write_bytes(data)
        done = subprocess.run(["openssl", "cms", "-sign", "-binary", "-cades", "-nosmimecap", "-outform", "DER", "-md", "sha256",
                               "-in", source, "-signer", KEYS / f"{key}.cert.pem", "-inkey", KEYS / f"{key}.key.pem", *more],
                              check=True, capture_output=True)
        return done.stdout

    @staticmethod
    def metadata(**more):
        import json
        value = {"Name": "RTU", "ManufacturerUri": URI, "Manufacturer": "V", "PackageRevision": "7", "PackageType": "Firmware_0",
                 "SoftwareRevision": "1.2"}
        value.update(more)
        return json.dumps({key: one for key, one in value.items() if one is not None}).encode()

    def plain(self, **more):
        """The members of a package that no release was made into."""
        return [("META/package_metadata.json", self.metadata(**more)), ("CONTENT/fw.bin", bytes(range(200)) * 3),
                ("SUPPLEMENT/notes.txt", b"Nothing new.\n")]

    def made(self, members=None, out="made.uadipkg", change=None, signed=None, references=None, sign=None, zipped=None, **listed):
        """A package by hand: `references` and `listed` change the list, `sign` what is signed, `change(entries)` the ZIP."""
        members = members or self.plain()
        text = listing(references or [reference(*one) for one in members], **listed) if signed is None else signed
        signature = (sign or self.cades)(text)
        entries = [Entry("mimetype", TYPE), *(Entry(*one) for one in members), Entry("META-INF/ASiCManifest001.xml", text),
                   Entry("META-INF/signature001.p7s", signature)]
        if change:
            entries = change(entries) or entries
        return write_zip(self.folder / out, entries, **(zipped or {}))
