# SPDX-License-Identifier: Apache-2.0
"""Signatures of others as trees that a test changes: countersignatures (PKCS#9), and the one inside of a program."""
import datetime
import hashlib
import struct

import der
from der import Node
from foreign_case import SIGNED, ForeignCase
from trust_pki import DATA as ID_DATA, DIGESTS, ECDSA, MESSAGE_DIGEST, CONTENT_TYPE, NULL, attribute

COUNTERSIGNATURE, SIGNING_TIME = "1.2.840.113549.1.9.6", "1.2.840.113549.1.9.5"


def signed_data(tree):
    return tree[1][0]


def signer(tree):
    return signed_data(tree)[-1][0]


def first_tree(data):
    """Of bytes that may go on behind it; its length stands in two."""
    return der.parse(data[:4 + int.from_bytes(data[2:4], "big")])


def algorithm(name):
    return der.sequence(der.oid(DIGESTS[name]), NULL)


class Countersigned(ForeignCase):
    """Makes what PKCS#9 calls a countersignature, and programs with whatever signature."""

    def pki_der(self, name):
        out = self.folder / "one.der"
        self.tool("openssl", "x509", "-in", self.cert(name), "-outform", "DER", "-out", out)
        return out.read_bytes()

    def countersignature(self, value, by="tsa", digest="sha256", imprint=None):
        """A SignerInfo over the value of a signature, as PKCS#9 has it."""
        issued = der.parse(self.pki_der(by))[0]
        base = 1 if issued[0].tag == 0xa0 else 0
        when = datetime.datetime.fromtimestamp(SIGNED, datetime.timezone.utc).strftime("%y%m%d%H%M%SZ").encode()
        of_value = hashlib.new(digest, value if imprint is None else imprint).digest()
        attributes = der.set_of(attribute(CONTENT_TYPE, der.oid(ID_DATA)), attribute(SIGNING_TIME, Node(0x17, when)),
                                attribute(MESSAGE_DIGEST, der.octets(of_value)))
        self.tool("openssl", "dgst", f"-{digest}", "-sign", self.key(by), "-out", "value.bin",
                  self.write("attributes.der", attributes.encode()))
        return der.sequence(Node(0x02, b"\x01"), der.sequence(issued[base + 2], issued[base]), algorithm(digest),
                            Node(0xa0, attributes.content), der.sequence(der.oid(ECDSA[digest])),
                            der.octets((self.folder / "value.bin").read_bytes()))

    def countersigned(self, tree, **more):
        value = signer(tree)[5].content
        signed_data(tree)[3].content.append(der.parse(self.pki_der(more.get("by", "tsa"))))
        signer(tree).content.append(Node(0xa1, [attribute(COUNTERSIGNATURE, self.countersignature(value, **more))]))

    def signed(self, name, by, *more, source="plain.exe"):
        self.tool("osslsigncode", "sign", "-certs", self.cert(by), "-key", self.key(by), "-ac", self.chain(), "-h", "sha256",
                  "-time", SIGNED, *more, "-in", source, "-out", name)
        return self.folder / name

    def changed_signature(self, path, change, name="changed.exe"):
        """The same file, with another tree in the one entry of its certificate table."""
        data = bytearray(path.read_bytes())
        base = struct.unpack_from("<I", data, 0x3c)[0]
        entry = base + 168
        table = struct.unpack_from("<I", data, entry)[0]
        length = struct.unpack_from("<I", data, table)[0]
        tree = first_tree(bytes(data[table + 8:table + length]))
        change(tree)
        body = tree.encode()
        body += bytes(-len(body) % 8)
        del data[table:]
        data += struct.pack("<IHH", 8 + len(body), 0x200, 2) + body
        struct.pack_into("<II", data, entry, table, 8 + len(body))
        return self.write(name, bytes(data))
