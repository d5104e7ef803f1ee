# SPDX-License-Identifier: Apache-2.0
"""Catalogues (.cat) beside a file, written here and signed by osslsigncode: whose, and whether the file is in it, by the digest of its format."""
import hashlib
import unittest

from cabinet_files import cabinet
from catalogue_files import MICROSOFT, catalogue, flat, member, oid, pe_parts, sequence, tlv
from compound_files import EXTENDED, Compound, compound
from foreign_case import AT, SIGNED, SUBJECT, ForeignCase, tiny_pe

GONE = "2026-06-01T00:00:00Z"  # after the certificate "ended" has ended
FIRMWARE = b"firmware 4.2\n" * 40
ABSENT = "the file is not in the catalogue"


def sha256(data):
    return hashlib.sha256(data).digest()


class Catalogues(ForeignCase):
    def setUp(self):
        super().setUp()
        self.trust = self.policy(self.pin("authenticode"))
        self.file = self.write("firmware.bin", FIRMWARE)

    def signed(self, plain, by="vendor", *more, name="driver.cat"):
        source, out = self.write("plain.cat", plain), self.folder / name
        out.unlink(missing_ok=True)
        self.tool("osslsigncode", "sign", "-certs", self.cert(by), "-key", self.key(by), "-ac", self.chain(), "-h", "sha256", "-time", SIGNED, *more,
                  "-in", source, "-out", out)
        return out

    def ask(self, list_of, file=None, **more):
        more.setdefault("trust", self.trust)
        return self.judge(file or self.file, "--foreign-signature", list_of, **more)

    def knows(self, list_of, file):
        """osslsigncode, which computes the digest of a format by itself, finds the file too."""
        (self.folder / "roots.pem").write_text(self.pem("root"), "ascii")
        self.tool("osslsigncode", "verify", "-time", SIGNED, "-CAfile", "roots.pem", "-catalog", list_of, "-in", file)

    def test_a_file_without_a_format(self):
        for version in (2, 3):
            good = self.signed(catalogue(flat(b"other"), flat(FIRMWARE), flat(b"more"), version=version))
            self.ask(good, says=[f"authenticode-catalog by {SUBJECT}", "among the 3 members of the catalogue"])
        self.judge(self.file, "--foreign-signature", good, "--foreign-key", self.cert("vendor"))
        self.ask(good, self.write("renamed.bin", FIRMWARE))
        for data in (FIRMWARE + b"\n", FIRMWARE[:-1], b"", b"F" + FIRMWARE[1:]):
            self.ask(good, self.write("changed.bin", data), code=1, says=ABSENT)
        self.ask(self.signed(catalogue()), code=1, says=ABSENT)
        self.ask(self.signed(catalogue(flat(FIRMWARE), tail=tlv(0xa0, sequence()))))

    def test_another_vendor_of_the_same_root(self):
        self.ask(self.signed(catalogue(flat(FIRMWARE)), "other"), code=1, says=["not by anybody who is pinned", "CN=Other Publisher,O=Other"])
        good = self.signed(catalogue(flat(FIRMWARE)))
        self.ask(good, trust=self.policy({**self.pin("authenticode"), "subject": "CN=Example Control,O=Example"}), code=1)
        self.ask(good, trust=self.policy(self.pin("cms")), code=1)
        self.judge(self.file, "--foreign-signature", good, "--foreign-key", self.cert("other"), code=1)

    def test_a_program(self):
        for size in (2048, 2051):
            data = tiny_pe(size)
            file = self.write("driver.sys", data)
            good = self.signed(catalogue(member(sha256(pe_parts(data)), "pe")))
            self.ask(good, file, says="checksum of the PE header: 4 bytes")
        self.knows(good, file)
        self.ask(good, self.write("changed.sys", data[:-1] + b"x"), code=1, says=ABSENT)
        other = bytearray(data)
        other[64 + 88] ^= 1
        self.ask(good, self.write("checksum.sys", bytes(other)))
        self.ask(self.signed(catalogue(flat(data))), file)  # hashed as a whole: no part is left out
        # The bytes that the digest of a program is over are no program, and no file that anybody published.
        self.ask(good, self.write("bare.sys", pe_parts(data)), code=1, says=ABSENT)

    def test_a_program_with_a_signature_of_its_own(self):
        source = self.write("plain.sys", tiny_pe())
        signed = self.folder / "signed.sys"
        self.tool("osslsigncode", "sign", "-certs", self.cert("other"), "-key", self.key("other"), "-h", "sha256", "-in", source, "-out", signed)
        good = self.signed(catalogue(member(sha256(pe_parts(signed.read_bytes())), "pe")))
        self.ask(good, signed, code=1, says=["the program's own signature, which the catalogue is not over",
                                             "check it by its own signature: leave --foreign-signature out"])

    def test_a_cabinet(self):
        data = cabinet(FIRMWARE)
        file = self.write("update.cab", data)
        good = self.signed(catalogue(member(sha256(data[:4] + data[8:]), "cab")))
        self.ask(good, file)
        self.knows(good, file)
        self.ask(good, self.write("changed.cab", data[:-1] + b"x"), code=1, says=ABSENT)
        self.ask(good, self.write("reserved.cab", data[:4] + b"evil" + data[8:]), code=1, says="parts of the cabinet's header")
        self.ask(good, self.write("bare.cab", data[:4] + data[8:]), code=1)
        self.ask(self.signed(catalogue(flat(data))), file, code=1, says=ABSENT)  # what begins as a cabinet is hashed as one
        self.ask(good, self.write("set.cab", cabinet(FIRMWARE, flags=1)), code=1, says="one of a set")

    def test_a_package(self):
        tree = {"table": b"t" * 100, "large": b"l" * 5000}
        content = sha256(b"l" * 5000 + b"t" * 100 + bytes.fromhex("84100c0000000000c000000000000046"))
        file = self.write("setup.msi", compound(tree))
        good = self.signed(catalogue(member(content, "msi")))
        self.ask(good, file, code=1, says="is not over the names of the package's streams")
        legacy = self.policy(self.pin("authenticode", legacy=True))
        self.ask(good, file, trust=legacy, says="are not protected")
        out = self.folder / "signed.msi"
        self.tool("osslsigncode", "sign", "-add-msi-dse", "-certs", self.cert("vendor"), "-key", self.key("vendor"), "-h", "sha256", "-in", file, "-out", out)
        names = Compound(out.read_bytes()).read(EXTENDED)
        whole = self.signed(catalogue(member(sha256(names + b"l" * 5000 + b"t" * 100 + bytes.fromhex("84100c0000000000c000000000000046")), "msi")))
        with_names = self.write("names.msi", compound({**tree, EXTENDED: names}))
        trust = self.policy(self.pin("authenticode"))
        self.ask(whole, with_names, trust=trust)
        # A member by another algorithm, of whatever package, says nothing of this one.
        more = self.signed(catalogue(member(hashlib.sha1(b"another").digest(), "msi", "sha1"), member(sha256(names + b"l" * 5000 + b"t" * 100 + bytes.fromhex(
            "84100c0000000000c000000000000046")), "msi")), name="more.cat")
        self.ask(more, with_names, trust=trust)
        self.ask(self.signed(catalogue(member(hashlib.sha1(b"another").digest(), "msi", "sha1")), name="none.cat"), with_names, trust=trust, code=1, says=ABSENT)
        self.ask(whole, out, trust=trust, code=1, says="the package's own signature, which the catalogue is not over")
        # The bytes that the digest is over are no package.
        self.ask(good, self.write("bare.msi", b"l" * 5000 + b"t" * 100), code=1, says=ABSENT)

    def test_a_catalogue_that_was_changed(self):
        good = self.signed(catalogue(flat(b"other"), flat(FIRMWARE))).read_bytes()
        for name, at in (("the digest", good.index(sha256(b"other")) + 40), ("a name", good.index("firmware".encode("utf-16-le"))),
                         ("the list's number", good.index(bytes(range(16))))):
            changed = bytearray(good)
            changed[at] ^= 1
            with self.subTest(name):
                self.ask(self.write("changed.cat", bytes(changed)), code=1)
        self.ask(self.write("longer.cat", good + b"more"), code=1, says="4 bytes follow the signature in the catalogue")
        self.ask(self.write("zero.cat", good + bytes(1)), code=1, says="1 bytes follow")
        self.ask(self.write("short.cat", good[:-1]), code=1)
        # Another file's digest over the one that is asked for: the signature is over the list.
        swapped = good.replace(sha256(b"other"), sha256(FIRMWARE + b"!"))
        self.ask(self.write("swapped.cat", swapped), self.write("new.bin", FIRMWARE + b"!"), code=1, says="the signature is not over this content")

    def test_lists_that_are_none(self):
        unsigned = self.write("unsigned.cat", catalogue(flat(FIRMWARE)))
        self.ask(unsigned, code=1)
        self.ask(self.signed(catalogue(flat(FIRMWARE), usage=f"{MICROSOFT}.10.3.9")), code=1, says="a trust list that is no catalogue")
        self.ask(self.signed(catalogue(flat(FIRMWARE), version=4)), code=1, says="a catalogue of a version that is unknown")
        broken = sequence(tlv(4, sha256(FIRMWARE)), tlv(4, b"no set"))
        self.ask(self.signed(catalogue(broken, flat(FIRMWARE))), code=1, says="has something else where attributes should be")
        self.ask(self.signed(catalogue(flat(FIRMWARE), tail=tlv(0xa1))), code=1)
        odd = member(sha256(FIRMWARE), "msi")
        script = odd.replace(bytes.fromhex("f1100c00"), bytes.fromhex("f1100c01"))
        self.ask(self.signed(catalogue(script)), code=1, says="1 of them of a kind that is not read")
        more = sequence(oid(f"{MICROSOFT}.12.2.2"), tlv(0x31, sequence()))
        self.ask(self.signed(catalogue(script, flat(FIRMWARE, more=[more]))), says="1 members of the catalogue are of a kind that is not read")
        # The name of a member, and its identifier, prove nothing.
        named = sequence(tlv(4, sha256(FIRMWARE)), tlv(0x31))
        self.ask(self.signed(catalogue(named)), code=1, says=ABSENT)

    def test_expired_without_and_accepted_with_a_timestamp(self):
        plain = catalogue(flat(FIRMWARE))
        self.ask(self.signed(plain, "ended"), at=GONE, code=1, says="expired")
        stamped = self.signed(plain, "ended", "-TSA-certs", self.cert("tsa"), "-TSA-key", self.key("tsa"), "-TSA-time", SIGNED)
        self.ask(stamped, at=GONE, says="RFC 3161 timestamp of Time")

    def test_weak_digests(self):
        old = self.signed(catalogue(flat(FIRMWARE, "sha1"), version=2))
        self.ask(old, code=1, says="SHA-1 in the digest of the file")
        self.ask(old, trust=self.policy(self.pin("authenticode", weakDigests=True)), says="SHA-1 in the digest of the file")
        both = self.signed(catalogue(flat(FIRMWARE, "sha1"), flat(FIRMWARE)))
        self.ask(both, trust=self.policy(self.pin("authenticode")), at=AT)
        self.ask(self.signed(catalogue(flat(FIRMWARE)), "vendor", "-h", "sha1"), code=1, says="SHA-1 in the signature")


if __name__ == "__main__":
    unittest.main()
