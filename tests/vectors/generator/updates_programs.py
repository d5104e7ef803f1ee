# SPDX-License-Identifier: Apache-2.0
"""Programs (PE) that osslsigncode signed, and what can be done to them: of the family updates."""
import hashlib
import struct

import der
from catalogue_files import MICROSOFT, link, pe_parts
from der import Node
from foreign_case import tiny_pe
from store import File, Plan
from trust_pki import DATA, attribute
from update_files import flipped
from vendors import AT, Vendors, signed_data, signer

PIN, VALUE, FORM, COVERAGE, STRENGTH = (f"foreign.{name}" for name in ("pin", "value", "form", "coverage", "strength"))
TIME = "certificate.validity"
GOOD, SIZE = "pe-good", 300
UNKNOWN = "1.3.6.1.4.1.32473.7"


def table_of(data):
    """Where the directory entry, and where the certificate table is."""
    base = struct.unpack_from("<I", data, 0x3c)[0]
    entry = base + 152 + (16 if struct.unpack_from("<H", data, base + 24)[0] == 0x20b else 0)
    return entry, struct.unpack_from("<I", data, entry)[0]


def put(data, at, value, form="I"):
    out = bytearray(data)
    struct.pack_into("<" + form, out, at, value)
    return bytes(out)


def entry_of(body, filler=b"\0"):
    return struct.pack("<IHH", 8 + len(body), 0x200, 2) + body + filler * (-len(body) % 8)


def with_table(data, *entries):
    """The same program with these entries in its table."""
    entry, table = table_of(data)
    return put(data[:table] + b"".join(entries), entry + 4, sum(map(len, entries)))


def signature_of(data):
    _, table = table_of(data)
    return der.parse(data[table + 8:table + 12 + int.from_bytes(data[table + 10:table + 12], "big")])


def longer(data, extra):
    """Bytes behind the signature, in its entry."""
    entry, table = table_of(data)
    data += extra
    return put(put(data, table, len(data) - table), entry + 4, len(data) - table)


def inserted(data, extra):
    """Bytes between the last section and the table."""
    entry, table = table_of(data)
    return put(data[:table] + extra + data[table:], entry, table + len(extra))


def stripped(data):
    entry, table = table_of(data)
    return put(data[:table], entry, 0, "Q")


def odd(data):
    """A signature whose length is no multiple of 8, by an attribute that nobody signs."""
    for size in range(1, 9):
        tree = signature_of(data)
        signer(tree).content.append(Node(0xA1, [attribute(UNKNOWN, der.octets(bytes(size)))]))
        if len(tree.encode()) % 8:
            return tree.encode()
    raise LookupError("no length fits")


def changes(good):
    """Names, words, the check that refuses, and the changed bytes: what nobody needs a key for."""
    entry, table = table_of(good)
    base = entry - 168
    size = len(good) - table
    return (
        ("dos-header", "one bit before the PE header", VALUE, flipped(good, 20)),
        ("machine", "one bit of the processor's name", VALUE, flipped(good, base + 4)),
        ("entry-point", "one bit of where it begins to run", VALUE, flipped(good, base + 40)),
        ("before-entry", "one bit between checksum and directory entry", VALUE, flipped(good, entry - 1)),
        ("behind-entry", "one bit behind the directory entry", VALUE, flipped(good, entry + 8)),
        ("section-header", "one bit of a section's header", VALUE, flipped(good, base + 24 + 240 + 20)),
        ("section", "one bit of the section", VALUE, flipped(good, 512)),
        ("last", "the last bit that is hashed", VALUE, flipped(good, table - 1, 128)),
        ("overlay", "zeros between the last section and the table", VALUE, inserted(good, bytes(8))),
        ("value", "one bit of the signature's value", VALUE, with_table(good, entry_of(value_flipped(good)))),
        ("digest", "the digest in the signature is that of the changed program", VALUE, digest_changed(good)),
        ("appended", "bytes behind the certificate table", FORM, good + b"appended"),
        ("in-entry", "bytes behind the signature in its entry (CVE-2013-3900)", COVERAGE, longer(good, b"payload.")),
        ("padding", "the padding of the entry is not zero", COVERAGE, with_table(good, entry_of(odd(good), b"A"))),
        ("second-entry", "a second entry that is no signature", FORM, with_table(good, good[table:], struct.pack("<IHH", 16, 0x200, 1) + b"payload.")),
        ("revision", "an entry of a revision that is not known", FORM, put(good, table + 4, 0x100, "H")),
        ("entry-length", "the length of the entry goes beyond the table", FORM, put(good, table, size + 8)),
        ("five-entries", "the same signature five times", FORM, with_table(good, *[good[table:]] * 5)),
        ("unaligned", "the table begins at no multiple of 8", FORM, put(put(good, entry, table + 4), entry + 4, size - 4)),
        ("in-header", "the table begins in the headers", FORM, put(put(good, entry, 64), entry + 4, len(good) - 64)),
        ("cut", "the last 8 bytes are gone", FORM, good[:-8]),
        ("directories", "the header has no place for a signature", FORM, put(good, base + 132, 4)),
        ("magic", "neither PE32 nor PE32+", FORM, put(good, base + 24, 0x107, "H")),
        ("stripped", "the signature was taken out", FORM, stripped(good)))


def value_flipped(good):
    tree = signature_of(good)
    value = signer(tree)[5].content
    signer(tree)[5].content = value[:-1] + bytes([value[-1] ^ 1])
    return tree.encode()


def digest_changed(good):
    """A changed program, whose digest was put in the place of the signed one."""
    changed = flipped(good, 512)
    old, new = (hashlib.sha256(pe_parts(one)).digest() for one in (good, changed))
    if changed.count(old) != 1:
        raise LookupError("the signed digest")
    return changed.replace(old, new)


def signed_faults(vendors, good):
    """What the right key signed, and is wrong all the same: (name, words, check, bytes)."""
    def again(change, **more):
        tree = signature_of(good)
        change(tree)
        vendors.sign_again(tree, **more)
        return with_table(good, entry_of(tree.encode()))

    def content(tree):
        return signed_data(tree)[2][1][0]

    def as_cabinet(tree):
        content(tree)[0].content[:] = [der.oid(f"{MICROSOFT}.2.1.25"), der.parse(link())]

    def other_digest(tree):
        content(tree)[1][0].content[0] = der.oid("2.16.840.1.101.3.4.2.3")

    def short_digest(tree):
        content(tree)[1][1].content = content(tree)[1][1].content[:20]

    def more_content(tree):
        content(tree).content.append(der.octets(b"more"))

    def content_type(tree):
        signer(tree)[3].content[:] = [one for one in signer(tree)[3].content if one[0].encode() != der.oid("1.2.840.113549.1.9.3").encode()]
        signer(tree)[3].content.append(attribute("1.2.840.113549.1.9.3", der.oid(DATA)))
    whole = content(signature_of(good)).encode()
    plain = tiny_pe(SIZE)
    yield "type-cabinet", "the right key signed the digest as that of a cabinet", FORM, again(as_cabinet)
    yield "digest-algorithm", "the signed digest is said to be SHA-512", VALUE, again(other_digest)
    yield "digest-short", "the signed digest has 20 octets", VALUE, again(short_digest)
    yield "content-tail", "the signed content goes on behind the digest", FORM, again(more_content)
    yield "content-type", "signed as data", FORM, again(content_type)
    yield "with-tag", "signed over the content with its tag and length", VALUE, again(lambda tree: None, digest=hashlib.sha256(whole).digest())
    yield "two-signers", "two SignerInfos", FORM, two_signers(good)
    yield "usage", "the certificate is one for mail", "certificate.usage", vendors.program(plain, "mail")
    yield "other-program", "the signature of another program", VALUE, with_table(good, entry_of(signature_of(vendors.program(tiny_pe(SIZE + 8))).encode()))
    yield "sha1", "over SHA-1", STRENGTH, vendors.program(plain, "vendor", "-h", "sha1")
    yield "other-vendor", "another publisher of the same public root", PIN, vendors.program(plain, "other")
    yield "expired", "the certificate has ended, and no timestamp says when it was signed", TIME, vendors.program(plain, "ended")


def two_signers(good):
    tree = signature_of(good)
    signed_data(tree)[-1].content.append(signer(tree).copy())
    return with_table(good, entry_of(tree.encode()))


def program_plans(folder):
    vendors = Vendors(folder)
    plain = tiny_pe(SIZE)
    good = vendors.program(plain)
    entry, table = table_of(good)
    pinned = vendors.pinned("authenticode")

    def asked(data, how=pinned):
        return lambda: [File("exe", data), *AT, *how]
    stamped = vendors.program(plain, "ended", *vendors.stamp())
    both = vendors.program(vendors.program(plain, "other"), "vendor", "-nest")
    yield Plan(GOOD, "a program (PE32+) by the publisher who is pinned by name below a public root", asked(good))
    for name, about, data, how in (
            ("32", "a program of 32 bits", vendors.program(tiny_pe(SIZE, wide=False)), pinned),
            ("key", "by the certificate that is pinned", good, vendors.only("vendor")),
            ("checksum", "another checksum, which nobody signs and nothing reads", flipped(good, entry - 168 + 88), pinned),
            ("zeros", "zeros behind the signature in its entry", longer(good, bytes(8)), pinned),
            ("padding", "padding of zeros", with_table(good, entry_of(odd(good))), pinned),
            ("timestamp", "the certificate has ended; a timestamp says that it was signed before", stamped, pinned),
            ("nested", "a second signature, nested in that of another publisher", both, pinned),
            ("two-entries", "two entries, each a signature of the same program", with_table(good, good[table:], entry_of(signature_of(
                vendors.program(plain, "other")).encode())), pinned)):
        yield Plan(f"pe-good-{name}", about, asked(data, how), like=GOOD)
    for name, about, check, data in (*changes(good), *signed_faults(vendors, good)):
        yield Plan(f"pe-{name}", about, asked(data), 1, check, like=GOOD)
    yield Plan("pe-other-key", "another certificate is pinned", asked(good, vendors.only("other")), 1, PIN, like="pe-good-key")
    yield Plan("pe-timestamp-stranger", "the timestamp is by an authority that the policy does not name", asked(vendors.program(
        plain, "ended", *vendors.stamp("clock"))), 1, TIME, like="pe-good-timestamp")
    other = vendors.program(vendors.program(tiny_pe(SIZE + 8), "other"))
    yield Plan("pe-two-entries-other", "the second of two entries is of another program", asked(with_table(good, good[table:], entry_of(
        signature_of(other).encode()))), 1, VALUE, like="pe-good-two-entries")


PARTS = (program_plans,)
