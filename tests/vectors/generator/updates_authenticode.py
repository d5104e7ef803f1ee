# SPDX-License-Identifier: Apache-2.0
"""Files that osslsigncode signed, and what can be done to them: of the family updates."""
import hashlib
import struct

import update_files as made
from cabinet_files import cabinet
from catalogue_files import catalogue, flat, member, pe_parts
from compound_files import END, EXTENDED, Compound, Named, compound
from foreign_case import tiny_pe
from store import File, Plan

AT = ("--at", "2026-12-01T00:00:00Z")
PIN, VALUE, FORM, COVERAGE, STRENGTH = (f"foreign.{name}" for name in ("pin", "value", "form", "coverage", "strength"))


def keys(folder):
    """The certificates of the vendor and of somebody else."""
    return [made.signer(folder, name).read_bytes() for name in ("vendor", "other")]


def inside(ending, file, key):
    return lambda: [File(ending, bytes(file)), *AT, "--foreign-key", File("pem", key)]


def tree():
    return {"large": b"firmware 4.2\n" * 330, "table": b"t" * 190, "none": b"", "part": Named({"in": b"i" * 70}, clsid=b"c" * 16, state=7, times=(1, 2))}


def package_changes(sound):
    """Names, words, the check that refuses, and what is done to a sound package."""
    index, first, small = sound.names(), sound.get(sound.find("large") + 0x74), sound.get(sound.find("table") + 0x74)
    return (
        ("content", "one bit of a stream", VALUE, lambda one: one.flip(one.stream_at("large", 4200))),
        ("small-content", "one bit of a small stream", VALUE, lambda one: one.flip(one.stream_at("in", 69))),
        ("name", "one letter of a name", VALUE, lambda one: one.flip(one.find("table") + 4, 3)),
        ("times", "one bit of a storage's times", VALUE, lambda one: one.flip(one.find("part") + 0x64)),
        ("class", "one bit of the root's class", VALUE, lambda one: one.flip(one.find("Root Entry") + 0x50)),
        ("names-digest", "one bit of the digest over names", VALUE, lambda one: one.flip(one.stream_at(EXTENDED, 0))),
        ("loop", "the chain of a stream is a loop", FORM, lambda one: one.put(one.table_at(first + 3), first)),
        ("small-loop", "the chain of a small stream is a loop", FORM, lambda one: one.put(one.small_table_at(small + 2), small)),
        ("overlap", "two streams have one sector", FORM, lambda one: one.put(one.small_table_at(small + 1), one.get(one.find("in") + 0x74))),
        ("unowned", "a sector that no stream has", FORM, lambda one: (one.data.extend(bytes(512)), one.put(one.table_at(len(one.data) // 512 - 2), END))),
        ("short", "a chain that ends before its size", FORM, lambda one: one.put(one.table_at(first), END)),
        ("directory-loop", "an entry is its own neighbour", FORM, lambda one: one.put(one.find("part") + 0x44, index["part"])),
        ("same-names", "two entries of one name", FORM, lambda one: one.data.__setitem__(slice(one.find("part"), one.find("part") + 8), "none".encode("utf-16-le"))),
        ("disorder", "names in another order than readers look for them", FORM, lambda one: one.data.__setitem__(one.find("none"), ord("z"))),
        ("hidden", "an entry that no storage holds", FORM, lambda one: one.put(one.find("part") + 0x4c, 0xffffffff)),
        ("archive", "an archive of Java behind the last sector", FORM, lambda one: one.data.extend(b"PK\3\4 an archive")),
        ("appended", "the same as a sector that is free", COVERAGE, lambda one: one.data.extend(b"PK\3\4".ljust(512, b"j"))),
        ("stream-end", "a byte behind the end of a stream", COVERAGE, lambda one: one.flip(one.stream_at("large", 4289) + 1)),
        ("name-end", "a byte behind the end of a name", COVERAGE, lambda one: one.flip(one.find("in") + 20)))


def package_plans(folder):
    key, other = keys(folder)
    good = made.authenticode(folder, "vendor", compound(tree()), "msi", "-add-msi-dse")
    yield Plan("msi-good", "a package signed by the pinned certificate", inside("msi", good, key))
    yield Plan("msi-zeros", "a sector of zeros behind it", inside("msi", good + bytes(512), key), like="msi-good")
    for name, about, check, change in package_changes(Compound(good)):
        one = Compound(good)
        change(one)
        yield Plan(f"msi-{name}", about, inside("msi", one.data, key), 1, check, like="msi-good")
    for name, about, words, check in (
            ("other-key", "another certificate is pinned", (good, other), PIN),
            ("unsigned", "the signature was taken out", (compound(tree()), key), FORM),
            ("without-names", "signed without a digest over names", (made.authenticode(folder, "vendor", compound(tree()), "msi"), key), STRENGTH),
            ("sha1", "over SHA-1", (made.authenticode(folder, "vendor", compound(tree()), "msi", "-add-msi-dse", "-h", "sha1"), key), STRENGTH)):
        yield Plan(f"msi-{name}", about, inside("msi", *words), 1, check, like="msi-good")


def put(data, at, value, form):
    out = bytearray(data)
    struct.pack_into("<" + form, out, at, value)
    return bytes(out)


def cabinet_plans(folder):
    key, other = keys(folder)
    plain = cabinet(b"firmware 4.2\n" * 40)
    good = made.authenticode(folder, "vendor", plain, "cab")
    position, size = struct.unpack_from("<II", good, 44)
    yield Plan("cab-good", "a cabinet signed by the pinned certificate", inside("cab", good, key))
    for name, about, words, check in (
            ("other-key", "another certificate is pinned", (good, other), PIN),
            ("content", "one bit of a file in it", (made.flipped(good, position - 1), key), VALUE),
            ("header", "one bit of the header", (made.flipped(good, 24), key), VALUE),
            ("folder-reserve", "folders have a reserve: they begin elsewhere", (put(good, 38, 8, "B"), key), FORM),
            ("number", "it is the second of a set, says a number that nobody signs", (put(good, 34, 1, "H"), key), COVERAGE),
            ("previous", "it goes on with a file of another cabinet", (put(good, 30, 5, "H"), key), FORM),
            ("next", "it goes on in another cabinet", (put(good, 30, 6, "H"), key), FORM),
            ("position", "the cabinet ends before its signature", (put(good, 8, position - 1, "I"), key), FORM),
            ("tail", "bytes behind the signature", (good + b"appended", key), FORM),
            ("in-signature", "bytes in the place of the signature, behind it", (put(good + b"appended", 48, size + 8, "I"), key), COVERAGE),
            ("unsigned", "the signature was never there", (plain, key), FORM),
            ("sha1", "over SHA-1", (made.authenticode(folder, "vendor", plain, "cab", "-h", "sha1"), key), STRENGTH)):
        yield Plan(f"cab-{name}", about, inside("cab", *words), 1, check, like="cab-good")


def listed(file, side, key):
    return lambda: [File("bin", file), *AT, "--foreign-signature", File("cat", side), "--foreign-key", File("pem", key)]


def catalogue_plans(folder):
    key, other = keys(folder)

    def signed(plain, *more):
        return made.authenticode(folder, "vendor", plain, "cat", *more)

    def digest(data):
        return hashlib.sha256(data).digest()
    program, bundle = tiny_pe(67), cabinet(b"firmware 4.2\n")
    plain = catalogue(flat(b"other"), flat(made.FIRMWARE), member(digest(pe_parts(program)), "pe"), member(digest(bundle[:4] + bundle[8:]), "cab"))
    good = signed(plain)
    yield Plan("cat-good", "a file in a catalogue signed by the pinned certificate", listed(made.FIRMWARE, good, key))
    yield Plan("cat-good-program", "a program, by the digest of programs", listed(program, good, key))
    yield Plan("cat-good-cabinet", "a cabinet, by that of cabinets", listed(bundle, good, key))
    for name, about, words, check in (
            ("other-key", "another certificate is pinned", (made.FIRMWARE, good, other), PIN),
            ("absent", "a file that is not in it", (made.flipped(made.FIRMWARE, 7), good, key), VALUE),
            ("bare-program", "the bytes that the digest of a program is over", (pe_parts(program), good, key), VALUE),
            ("other-program", "one bit of the program", (made.flipped(program, len(program) - 1), good, key), VALUE),
            ("cabinet-reserved", "bytes of a cabinet that its digest is not over", (bundle[:4] + b"evil" + bundle[8:], good, key), COVERAGE),
            ("digest", "a digest in it was changed", (b"new", good.replace(digest(b"other"), digest(b"new")), key), VALUE),
            ("tail", "a byte behind it", (made.FIRMWARE, good + b"x", key), FORM),
            ("unsigned", "nobody signed it", (made.FIRMWARE, plain, key), FORM),
            ("usage", "a trust list of something else", (made.FIRMWARE, signed(catalogue(flat(made.FIRMWARE), usage="1.3.6.1.4.1.311.10.3.9")), key), FORM),
            ("version", "a version that is unknown", (made.FIRMWARE, signed(catalogue(flat(made.FIRMWARE), version=9)), key), FORM),
            ("sha1", "the file's digest is by SHA-1", (made.FIRMWARE, signed(catalogue(flat(made.FIRMWARE, "sha1"))), key), STRENGTH)):
        yield Plan(f"cat-{name}", about, listed(*words), 1, check, like="cat-good")


PARTS = (package_plans, cabinet_plans, catalogue_plans)
