# SPDX-License-Identifier: Apache-2.0
"""Authenticode of cabinets (CAB), signed by osslsigncode: whose, over which bytes, and what of the header is not hashed."""
import struct
import unittest

from cabinet_files import cabinet
from foreign_case import SIGNED, SUBJECT, ForeignCase

GONE = "2026-06-01T00:00:00Z"  # after the certificate "ended" has ended
CONTENT = "was changed after it was signed"


class Cabinets(ForeignCase):
    def setUp(self):
        super().setUp()
        self.trust = self.policy(self.pin("authenticode"))

    def signed(self, name="update.cab", by="vendor", *more, data=None):
        source, out = self.write("plain.cab", data or cabinet(bytes(range(256)) * 200)), self.folder / name
        out.unlink(missing_ok=True)
        self.tool("osslsigncode", "sign", "-certs", self.cert(by), "-key", self.key(by), "-ac", self.chain(), "-h", "sha256", "-time", SIGNED, *more,
                  "-in", source, "-out", out)
        return out

    def changed(self, data, at, value, form="B"):
        out = bytearray(data)
        struct.pack_into("<" + form, out, at, value)
        return self.write("changed.cab", bytes(out))

    def test_with_the_right_pin(self):
        file = self.signed()
        self.judge(file, trust=self.trust, says=[f"authenticode-cab by {SUBJECT}", "place and size of the signature"])
        self.judge(file, "--foreign-key", self.cert("vendor"))

    def test_a_cabinet_of_gcab(self):
        self.write("firmware.bin", bytes(range(256)) * 300)
        self.tool("gcab", "-c", "made.cab", "firmware.bin")
        self.judge(self.signed("by-gcab.cab", data=(self.folder / "made.cab").read_bytes()), trust=self.trust)
        self.judge(self.folder / "made.cab", trust=self.trust, code=1, says="the cabinet is not signed")

    def test_another_vendor_of_the_same_root(self):
        self.judge(self.signed("other.cab", "other"), trust=self.trust, code=1, says=["not by anybody who is pinned", "CN=Other Publisher,O=Other"])
        file = self.signed()
        self.judge(file, trust=self.policy({**self.pin("authenticode"), "issuer": "CN=Public Root,O=Public"}), code=1)
        self.judge(file, "--foreign-key", self.cert("other"), code=1)

    def test_every_hashed_region_is_held(self):
        data = self.signed().read_bytes()
        position = struct.unpack_from("<I", data, 44)[0]
        for name, at, says in (("reserved", 12, CONTENT), ("where files begin", 16, CONTENT), ("version", 24, CONTENT), ("folders", 26, CONTENT),
                               ("set", 32, CONTENT), ("the reserve's end", 56, CONTENT), ("the first folder", 60, CONTENT), ("data", 900, CONTENT),
                               ("the last byte", position - 1, CONTENT), ("the signature's digest", position + 110, "")):
            with self.subTest(name):
                self.judge(self.changed(data, at, data[at] ^ 16), trust=self.trust, code=1, says=says)

    def test_what_is_not_hashed(self):
        data = self.signed().read_bytes()
        position, size = struct.unpack_from("<II", data, 44)
        for name, at, value, form, says in (
                ("reserved", 4, 1, "B", "parts of the cabinet's header"), ("the reserve's fill", 52, 1, "B", "parts of the cabinet's header"),
                ("number", 34, 1, "H", "number of the cabinet in a set"), ("header reserve", 36, 24, "H", "no place for a signature"),
                ("folder reserve", 38, 8, "B", "no place for a signature"), ("data reserve", 39, 8, "B", "no place for a signature"),
                ("mark", 42, 0, "B", "no place for a signature"), ("size", 8, position + 1, "I", "does not begin where the cabinet ends"),
                ("position", 44, position + 8, "I", "is cut short"), ("in the header", 44, 40, "I", "does not lie where it can"),
                ("no position", 44, 0, "Q", "and none is there"), ("longer", 48, size + 1, "I", "is cut short"),
                ("shorter", 48, size - 1, "I", "bytes follow the signature"), ("previous", 30, 5, "H", "one of a set"), ("next", 30, 6, "H", "one of a set"),
                ("unknown", 30, 12, "H", "flags that are not known")):
            with self.subTest(name):
                self.judge(self.changed(data, at, value, form), trust=self.trust, code=1, says=says)

    def test_bytes_behind_the_signature(self):
        data = self.signed().read_bytes()
        size = struct.unpack_from("<I", data, 48)[0]
        self.judge(self.write("appended.cab", data + b"appended"), trust=self.trust, code=1, says="bytes follow the signature of the cabinet")
        self.judge(self.changed(data + b"payload.", 48, size + 8, "I"), trust=self.trust, code=1, says="bytes behind the signature of the cabinet")
        self.judge(self.changed(data + bytes(8), 48, size + 8, "I"), trust=self.trust, says="zero")

        def inserted(one):
            position = struct.unpack_from("<I", one, 44)[0]
            out = bytearray(one[:position] + bytes(8) + one[position:])
            struct.pack_into("<I", out, 44, position + 8)
            struct.pack_into("<I", out, 8, position + 8)
            return bytes(out)
        self.judge(self.write("inserted.cab", inserted(data)), trust=self.trust, code=1, says=CONTENT)

    def test_a_stripped_signature(self):
        self.judge(self.write("plain.cab", cabinet(b"firmware")), trust=self.trust, code=1, says="the cabinet is not signed")
        other = self.signed("other.cab", data=cabinet(b"other" * 99)).read_bytes()
        mine = bytearray(self.signed().read_bytes())
        position = struct.unpack_from("<I", mine, 44)[0]
        mine[position:] = other[struct.unpack_from("<I", other, 44)[0]:]
        self.judge(self.write("moved.cab", bytes(mine)), trust=self.trust, code=1, says=CONTENT)

    def test_expired_without_and_accepted_with_a_timestamp(self):
        self.judge(self.signed("old.cab", "ended"), trust=self.trust, at=GONE, code=1, says="expired")
        stamped = self.signed("stamped.cab", "ended", "-TSA-certs", self.cert("tsa"), "-TSA-key", self.key("tsa"), "-TSA-time", SIGNED)
        self.judge(stamped, trust=self.trust, at=GONE, says="RFC 3161 timestamp of Time")

    def test_weak_digests(self):
        file = self.signed("weak.cab", "vendor", "-h", "sha1")
        self.judge(file, trust=self.trust, code=1, says="SHA-1 in")
        self.judge(file, trust=self.policy(self.pin("authenticode", weakDigests=True)), says="SHA-1 in")


if __name__ == "__main__":
    unittest.main()
