# SPDX-License-Identifier: Apache-2.0
"""Security catalogues (.cat): lists of digests in a certificate trust list, as the content of a PKCS#7 that nobody signed yet."""
import hashlib
import struct

MICROSOFT = "1.3.6.1.4.1.311"
GUID = bytes.fromhex("f1100c0000000000c000000000000046")
ALGORITHMS = {"sha1": "1.3.14.3.2.26", "sha256": "2.16.840.1.101.3.4.2.1", "md5": "1.2.840.113549.2.5"}


def tlv(tag, *parts):
    body = b"".join(parts)
    size = len(body)
    length = bytes([size]) if size < 128 else bytes([0x80 | (size.bit_length() + 7) // 8]) + size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag]) + length + body


def sequence(*parts):
    return tlv(0x30, *parts)


def oid(text):
    numbers = [int(one) for one in text.split(".")]
    out = b""
    for number in [numbers[0] * 40 + numbers[1], *numbers[2:]]:
        part = bytes([number & 127])
        while number > 127:
            number >>= 7
            part = bytes([128 | number & 127]) + part
        out += part
    return tlv(6, out)


def number(value):
    return tlv(2, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def link():
    return tlv(0xa2, tlv(0x80, "<<<Obsolete>>>".encode("utf-16-be")))


VALUES = {"pe": (f"{MICROSOFT}.2.1.15", sequence(tlv(3, b"\0"), tlv(0xa0, link()))), "flat": (f"{MICROSOFT}.2.1.25", link()),
          "cab": (f"{MICROSOFT}.2.1.25", link()), "msi": (f"{MICROSOFT}.2.1.30", sequence(number(1), tlv(4, GUID), *[number(0)] * 5))}


def member(digest, form="flat", algorithm="sha256", name="firmware.bin", more=()):
    """One file: its digest by a format, and its name, which is for people."""
    kind, value = VALUES[form]
    indirect = sequence(sequence(oid(kind), value), sequence(sequence(oid(ALGORITHMS[algorithm]), tlv(5)), tlv(4, digest)))
    told = sequence(tlv(30, "File".encode("utf-16-be")), number(0x10010001), tlv(4, name.encode("utf-16-le") + b"\0\0"))
    attributes = [sequence(oid(f"{MICROSOFT}.2.1.4"), tlv(0x31, indirect)), sequence(oid(f"{MICROSOFT}.12.2.1"), tlv(0x31, told)), *more]
    return sequence(tlv(4, digest), tlv(0x31, *attributes))


def flat(data, algorithm="sha256", **more):
    return member(hashlib.new(algorithm, data).digest(), algorithm=algorithm, **more)


def catalogue(*members, usage=f"{MICROSOFT}.12.1.1", version=3, tail=b""):
    """A PKCS#7 without signers, as osslsigncode takes it to be signed."""
    trust = sequence(sequence(oid(usage)), tlv(4, bytes(range(16))), tlv(23, b"250601120000Z"),
                     sequence(oid(f"{MICROSOFT}.12.1.{version}"), tlv(5)), sequence(*members), tail)
    content = sequence(oid(f"{MICROSOFT}.10.1"), tlv(0xa0, trust))
    return sequence(oid("1.2.840.113549.1.7.2"), tlv(0xa0, sequence(number(1), tlv(0x31), content, tlv(0x31))))


def pe_parts(data):
    """What the digest of a program is over: all but checksum, directory entry and certificate table."""
    base = struct.unpack_from("<I", data, 0x3c)[0]
    entry = base + 152 + (16 if struct.unpack_from("<H", data, base + 24)[0] == 0x20b else 0)
    table = struct.unpack_from("<I", data, entry)[0] or len(data)
    return data[:base + 88] + data[base + 92:entry] + data[entry + 8:table] + bytes(-table % 8)
