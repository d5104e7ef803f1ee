# SPDX-License-Identifier: Apache-2.0
"""Containers: headers, padding, order, ends, sizes; each byte stands where docs/spec/archive.md puts it or is refused."""
import random

import harness
from harness import canonical_archive, canonical_header
from store import File, Folder, Plan
from world import ANCHORED, SECONDS, Release, Tool

FRAMING, DIGESTS = "archive.framing", "file.digests"
# (field, offset in the header, byte put there): each is wrong in any header, and the checksum is made to fit.
FIELDS = (("mode", 105, b"7"), ("uid", 113, b"1"), ("gid", 121, b"1"), ("mtime", 146, b"7"), ("typeflag-nul", 156, b"\0"),
          ("typeflag-link", 156, b"2"), ("linkname", 157, b"x"), ("magic-gnu", 262, b" "), ("version", 264, b"1"),
          ("uname", 265, b"r"), ("gname", 297, b"r"), ("devmajor", 335, b"1"), ("devminor", 343, b"1"),
          ("prefix", 345, b"x"), ("unused", 500, b"x"))
KINDS = ((b"1", "hard-link"), (b"2", "symbolic-link"), (b"3", "character-device"), (b"5", "folder"), (b"6", "pipe"),
         (b"7", "contiguous"), (b"L", "gnu-long-name"), (b"K", "gnu-long-link"), (b"x", "pax-header"), (b"g", "pax-global"),
         (b"S", "sparse"), (b"V", "volume"))


def summed(head):
    """A header with the checksum that its bytes have."""
    head = bytearray(head)
    head[148:156] = b" " * 8
    head[148:156] = b"%06o\0 " % sum(head)
    return bytes(head)


class Maker:
    def __init__(self):
        self.release = Release(Tool())
        payload = self.release.payload(**{"b.txt": b"second\n"})
        self.signed = self.release.text(self.release.manifest(payload))
        self.signature = self.release.sign(self.signed)
        self.payload = payload
        self.good = self.release.archive(self.signed, payload, self.signature)
        path = self.release.tool.folder / "good.tar"
        path.write_bytes(self.good)
        self.members = harness.read_member_list(path)
        self.pairs = [(one.name, self.good[one.data:one.data + one.size]) for one in self.members]

    def checked(self, data, *more):
        return [File("tar", data), "--anchor", File("root.pem", self.release.anchor()), *ANCHORED, *more]

    def put(self, offset, data):
        return self.good[:offset] + data + self.good[offset + len(data):]

    def header(self, member, offset, data):
        head = bytearray(self.good[member.header:member.header + 512])
        head[offset:offset + len(data)] = data
        return self.put(member.header, summed(head))


def headers(maker):
    for number, member in enumerate(maker.members):
        what = ("manifest", "signature", "sums", "second", "firmware")[number]
        for field, offset, value in FIELDS:
            yield Plan(f"archive-header-{what}-{field}", f"in the header of {what}: another {field}",
                       lambda m=member, o=offset, v=value: maker.checked(maker.header(m, o, v)), 1, FRAMING, like="archive-good")
        yield Plan(f"archive-header-{what}-checksum", "the checksum of the header is one too high",
                   lambda m=member: maker.checked(maker.put(m.header + 153, bytes([maker.good[m.header + 153] ^ 1]))), 1, FRAMING,
                   like="archive-good")
        yield Plan(f"archive-header-{what}-size-spaces", "the size is written with spaces in front, as other programs do",
                   lambda m=member: maker.checked(maker.header(m, 124, b"%11o\0" % m.size)), 1, FRAMING, like="archive-good")
        yield Plan(f"archive-header-{what}-size-base-256", "the size is written in base 256",
                   lambda m=member: maker.checked(maker.header(m, 124, b"\x80" + m.size.to_bytes(11, "big"))), 1, FRAMING,
                   like="archive-good")
        if member.end > member.data + member.size:
            yield Plan(f"archive-padding-{what}-first", "the first byte of the padding is not zero",
                       lambda m=member: maker.checked(maker.put(m.data + m.size, b"x")), 1, FRAMING, like="archive-good")
            yield Plan(f"archive-padding-{what}-last", "the last byte of the padding is not zero",
                       lambda m=member: maker.checked(maker.put(m.end - 1, b"x")), 1, FRAMING, like="archive-good")


def sizes(maker):
    manifest = maker.members[0]
    for name, size, check in (("one-less", manifest.size - 1, None), ("one-more", manifest.size + 1, "signature.value"),
                              ("a-block-more", manifest.size + 512, "signature.form"), ("none", 0, "archive.limits"),
                              ("cap", 64 << 20, FRAMING), ("above-the-cap", (64 << 20) + 1, "archive.limits"),
                              ("largest", 0o77777777777, "archive.limits")):
        yield Plan(f"archive-size-manifest-{name}", f"the header of the manifest promises another size: {size} bytes",
                   lambda s=size: maker.checked(canonical_header("MANIFEST.json", s, SECONDS) + maker.good[512:]), 1,
                   check or FRAMING, like="archive-good")
    signature = maker.members[1]
    for name, size, check in (("none", 0, "archive.limits"), ("cap", 256 << 10, FRAMING), ("above-the-cap", (256 << 10) + 1, "archive.limits")):
        yield Plan(f"archive-size-signature-{name}", f"the header of the signature promises another size: {size} bytes",
                   lambda s=size: maker.checked(maker.put(signature.header, canonical_header(signature.name, s, SECONDS))), 1,
                   check, like="archive-good")
    firmware = maker.members[-1]
    for name, size in (("one-less", firmware.size - 1), ("one-more", firmware.size + 1), ("none", 0), ("gibibyte", 1 << 30)):
        yield Plan(f"archive-size-firmware-{name}", f"the header of a file promises another size than the manifest: {size} bytes",
                   lambda s=size: maker.checked(maker.put(firmware.header, canonical_header(firmware.name, s, SECONDS))), 1,
                   FRAMING, like="archive-good")


def ends(maker):
    whole = maker.good
    for length, name in ((0, "nothing"), (1, "one-byte"), (511, "less-than-a-header"), (512, "one-header"),
                         (maker.members[0].data + 100, "within-the-manifest"), (maker.members[1].header, "before-the-signature"),
                         (maker.members[1].data + 10, "within-the-signature"), (maker.members[2].header, "before-the-payload"),
                         (maker.members[3].data + 2, "within-a-file"), (maker.members[4].header, "before-the-last-file"),
                         (maker.members[4].end, "before-the-end"), (maker.members[4].end + 512, "one-block-of-the-end"),
                         (len(whole) - 1, "one-byte-less")):
        yield Plan(f"archive-cut-{name}", f"cut after {length} bytes", lambda n=length: maker.checked(whole[:n]), 1, FRAMING,
                   like="archive-good")
    for name, tail in (("nul", b"\0"), ("byte", b"x"), ("block", bytes(512)), ("two-blocks", bytes(1024)),
                       ("record", bytes(-len(whole) % 10240)), ("itself", whole), ("line-break", b"\n")):
        yield Plan(f"archive-tail-{name}", f"{len(tail)} bytes behind the end", lambda t=tail: maker.checked(whole + t), 1, FRAMING,
                   like="archive-good")
    for name, block in (("first", 0), ("second", 1)):
        yield Plan(f"archive-end-{name}", "a byte in the zeros of the end",
                   lambda b=block: maker.checked(maker.put(len(whole) - 1024 + 512 * b + 100, b"x")), 1, FRAMING, like="archive-good")
    yield Plan("archive-empty-tar", "nothing but the end", lambda: maker.checked(bytes(1024)), 1, FRAMING, like="archive-good")
    yield Plan("archive-front-gap", "a block of zeros before the archive", lambda: maker.checked(bytes(512) + whole), 1, FRAMING,
               like="archive-good")


def orders(maker):
    front, rest = maker.pairs[:2], maker.pairs[2:]
    manifest, signature = front
    same = (rest[0][0], rest[0][1])
    for name, about, members, check in (
            ("payload-reversed", "the files in falling order", front + rest[::-1], FRAMING),
            ("payload-swapped", "two files in each other's place", front + [rest[1], rest[0], rest[2]], FRAMING),
            ("file-twice", "a file is there twice", front + rest[:1] + rest, FRAMING),
            ("file-twice-at-the-end", "the last file once more", front + rest + rest[-1:], FRAMING),
            ("file-missing-first", "the first file is missing", front + rest[1:], FRAMING),
            ("file-missing-last", "the last file is missing", front + rest[:-1], FRAMING),
            ("no-payload", "no file at all", front, FRAMING),
            ("file-extra-before", "a file that the manifest does not list, before the others", front + [("AAA", b"")] + rest, FRAMING),
            ("file-extra-behind", "a file that the manifest does not list, behind the others", front + rest + [("zzz", b"")], FRAMING),
            ("file-renamed", "a file under another name", front + [("SHA256SUMZ", same[1])] + rest[1:], FRAMING),
            ("file-other-case", "a file under its name in capitals", front + rest[:2] + [("FW.BIN", rest[2][1])], FRAMING),
            ("file-dot-slash", "a file under ./ and its name", front + rest[:2] + [("./fw.bin", rest[2][1])], FRAMING),
            ("file-absolute", "a file under / and its name", front + rest[:2] + [("/fw.bin", rest[2][1])], FRAMING),
            ("file-parent", "a file under ../ and its name", front + rest[:2] + [("../fw.bin", rest[2][1])], FRAMING),
            ("signature-first", "the signature before the manifest", front[::-1] + rest, FRAMING),
            ("signature-behind", "the signature behind the payload", front[:1] + rest + [signature], "signature.form"),
            ("signature-twice", "the same signature twice", front + [signature] + rest, FRAMING),
            ("manifest-twice", "the manifest twice", [manifest] + front + rest, "signature.form"),
            ("manifest-behind", "the manifest again behind the payload", front + rest + [manifest], FRAMING),
            ("manifest-missing", "no manifest", [signature] + rest, FRAMING),
            ("manifest-other-name", "the manifest under another name", [("MANIFEST.JSON", manifest[1]), signature] + rest, FRAMING),
            ("signature-other-folder", "the signature in another folder",
             [manifest, (signature[0].replace("SIGNATURES", "signatures"), signature[1])] + rest, "signature.form"),
            ("signature-other-ending", "the signature under another ending",
             [manifest, (signature[0].replace(".p7s", ".p7m"), signature[1])] + rest, FRAMING),
            ("signature-capitals", "the digits of the signature in capitals",
             [manifest, ("SIGNATURES/ABCDEF0123456789.p7s", signature[1])] + rest, FRAMING),
            ("signature-short-name", "a digit less in the name of the signature",
             [manifest, (signature[0].replace(".p7s", "")[:-1] + ".p7s", signature[1])] + rest, FRAMING),
            ("signature-of-nobody", "the signature under the name of another key",
             [manifest, ("SIGNATURES/" + "0" * 16 + ".p7s", signature[1])] + rest, "signature.form"),
            ("no-signature", "no signature", [manifest] + rest, "signature.form"),
            ("signatures-seventeen", "more signatures than an archive may have",
             [manifest] + [(f"SIGNATURES/{one:016x}.p7s", b"0") for one in range(17)] + rest, "archive.limits")):
        yield Plan(f"archive-order-{name}", about, lambda m=members: maker.checked(canonical_archive(m, SECONDS)), 1, check,
                   like="archive-good")
    for offset in (-1, 1, 3600, -SECONDS):
        yield Plan(f"archive-date-{offset:+}", "all headers have another date than the manifest",
                   lambda o=offset: maker.checked(canonical_archive(maker.pairs, SECONDS + o)), 1, FRAMING, like="archive-good")
    for kind, name in KINDS:
        for number, place in ((2, "before-the-payload"), (0, "in-front")):
            head = canonical_header("aaa", 0, SECONDS, kind)
            at = maker.members[number].header
            yield Plan(f"archive-kind-{name}-{place}", f"an entry of kind {kind.decode()} {place.replace('-', ' ')}",
                       lambda h=head, a=at: maker.checked(maker.good[:a] + h + maker.good[a:]), 1, FRAMING, like="archive-good")


def bytes_of_files(maker):
    names = {2: "sums", 3: "second", 4: "firmware"}
    for number, name in names.items():
        member = maker.members[number]
        for place in (0, member.size - 1):
            where = "first" if place == 0 else "last"
            yield Plan(f"archive-content-{name}-{where}", f"one bit of the {where} byte of a file",
                       lambda m=member, p=place: maker.checked(maker.put(m.data + p, bytes([maker.good[m.data + p] ^ 1]))), 1,
                       DIGESTS, like="archive-good")
    manifest, signature = maker.members[:2]
    for share in range(10):
        place = manifest.data + (manifest.size - 1) * share // 9
        yield Plan(f"archive-content-manifest-{share}", f"one bit of byte {place - manifest.data} of the manifest",
                   lambda p=place: maker.checked(maker.put(p, bytes([maker.good[p] ^ 1]))), 1, "signature.value", like="archive-good")
    draw = random.Random("signature bytes")
    for number in range(24):
        place, bit = signature.data + draw.randrange(signature.size), 1 << draw.randrange(8)
        yield Plan(f"archive-flip-signature-{number:02}", f"bit {bit:#04x} of byte {place - signature.data} of the signature",
                   lambda p=place, b=bit: maker.checked(maker.put(p, bytes([maker.good[p] ^ b]))), 1, "*signature", like="archive-good")


def detached(maker):
    front = canonical_archive(maker.pairs[:2], SECONDS)
    # SHA256SUMS of a detached release is made from the manifest, and not read.
    payload = dict(maker.pairs[3:])

    def with_folder(files, data=front):
        folder = Folder({"release.tar": data, **{f"files/{name}": content for name, content in files.items()}}, "release.tar")
        return [folder, "--payload", {"sibling": "files"}, "--anchor", File("root.pem", maker.release.anchor()), *ANCHORED]
    yield Plan("detached-good", "the front alone, with the files in a folder", lambda: with_folder(payload))
    yield Plan("detached-file-more", "a file that nobody lists lies in the folder: it is not of the release",
               lambda: with_folder({**payload, "zzz": b"x"}), like="detached-good")
    yield Plan("detached-sums", "a SHA256SUMS in the folder that says something else: it is made from the manifest, and not read",
               lambda: with_folder({**payload, "SHA256SUMS": b"0  fw.bin\n"}), like="detached-good")
    for name, about, files, check in (
            ("changed", "one byte of a file is another", {**payload, "fw.bin": b"firmwarE\n"}, DIGESTS),
            ("longer", "a file is one byte longer", {**payload, "fw.bin": b"firmware\n\n"}, DIGESTS),
            ("shorter", "a file is one byte shorter", {**payload, "fw.bin": b"firmware"}, DIGESTS),
            ("empty", "a file is empty", {**payload, "fw.bin": b""}, DIGESTS),
            ("missing", "a file is missing", {name: data for name, data in payload.items() if name != "fw.bin"}, DIGESTS),
            ("other-case", "a file lies there under its name in capitals",
             {"FW.BIN": payload["fw.bin"], **{name: data for name, data in payload.items() if name != "fw.bin"}}, DIGESTS)):
        yield Plan(f"detached-{name}", about, lambda f=files: with_folder(f), 1, check, like="detached-good")
    yield Plan("detached-whole", "a whole archive in the place of a front", lambda: with_folder(payload, maker.good), 1, FRAMING,
               like="detached-good")
    yield Plan("detached-tail", "a byte behind the end of the front", lambda: with_folder(payload, front + b"\0"), 1, FRAMING,
               like="detached-good")
    yield Plan("detached-cut", "the end of the front is missing", lambda: with_folder(payload, front[:-512]), 1, FRAMING,
               like="detached-good")
    yield Plan("detached-without-folder", "a front, and nobody says where its files are",
               lambda: [File("tar", front), "--anchor", File("root.pem", maker.release.anchor()), *ANCHORED], 1, FRAMING,
               like="detached-good")


def plans():
    maker = Maker()
    yield Plan("archive-good", "three files and a signature", lambda: maker.checked(maker.good))
    for part in (headers, sizes, ends, orders, bytes_of_files, detached):
        yield from part(maker)
