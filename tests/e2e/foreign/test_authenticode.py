# SPDX-License-Identifier: Apache-2.0
"""Authenticode of programs, signed by osslsigncode: whose, over which bytes, when, and what is not hashed."""
import os
import pathlib
import struct
import subprocess
import unittest

from foreign_case import SIGNED, SUBJECT, ForeignCase, tiny_pe

GONE = "2026-06-01T00:00:00Z"  # after the certificate "ended" has ended


def table_of(data):
    """Offset of the directory entry, offset and size of the certificate table."""
    base = struct.unpack_from("<I", data, 0x3c)[0]
    entry = base + 152 + (16 if struct.unpack_from("<H", data, base + 24)[0] == 0x20b else 0)
    return (entry, *struct.unpack_from("<II", data, entry))


def certificates_in(data, name):
    """The certificates in PEM, each once, whose subject or issuer has this name, wherever they lie in these bytes."""
    found, at = [], data.find(name)
    while at >= 0:
        for start in range(max(0, at - 400), at):
            size = 4 + int.from_bytes(data[start + 2:start + 4], "big")
            if data[start:start + 2] == b"\x30\x82" and start + size > at:
                done = subprocess.run(["openssl", "x509", "-inform", "DER"], input=data[start:start + size], capture_output=True, check=False)
                if done.returncode == 0 and done.stdout.decode() not in found:
                    found.append(done.stdout.decode())
        at = data.find(name, at + 1)
    return found


def subject_of(pem):
    done = subprocess.run(["openssl", "x509", "-noout", "-subject", "-nameopt", "RFC2253"], input=pem.encode(), capture_output=True, check=True)
    return done.stdout.decode().strip().removeprefix("subject=")


class Authenticode(ForeignCase):
    def setUp(self):
        super().setUp()
        self.trust = self.policy(self.pin("authenticode"))

    def signed(self, name="setup.exe", by="vendor", *more, data=None):
        source, out = self.write("plain.exe", data or tiny_pe()), self.folder / name
        self.tool("osslsigncode", "sign", "-certs", self.cert(by), "-key", self.key(by), "-ac", self.chain(), "-h", "sha256",
                  "-time", SIGNED, *more, "-in", source, "-out", out)
        return out

    def stamped(self, name, by, *more):
        return self.signed(name, by, "-TSA-certs", self.cert("tsa"), "-TSA-key", self.key("tsa"), "-TSA-time", SIGNED, *more)

    def changed(self, path, change, name="changed.exe"):
        data = bytearray(path.read_bytes())
        change(data)
        return self.write(name, bytes(data))

    def test_with_the_right_pin(self):
        for wide in (True, False):
            file = self.signed(f"{wide}.exe", data=tiny_pe(wide=wide))
            self.judge(file, trust=self.trust, says=[f"authenticode-pe by {SUBJECT}", "checksum of the PE header: 4 bytes"])
        self.judge(file, "--foreign-key", self.cert("vendor"))
        pins = [{"anchor": {"type": "certificate", "pem": self.pem("vendor")}, "subject": None, "issuer": None},
                {"anchor": {"type": "key", "pem": self.pem("vendor")}, "subject": None, "issuer": None},
                {"anchor": {"type": "ca", "pem": self.pem("ca")}}]
        for change in pins:
            pin = {key: value for key, value in {**self.pin("authenticode"), **change}.items() if value}
            self.judge(file, trust=self.policy(pin))

    def test_another_vendor_of_the_same_root(self):
        self.judge(self.signed("other.exe", "other"), trust=self.trust, code=1,
                   says=["not by anybody who is pinned", "CN=Other Publisher,O=Other"])
        file = self.signed()
        for change in ({"subject": "CN=Example Control,O=Example"}, {"issuer": "CN=Public Root,O=Public"}, {"kind": "cms"}):
            self.judge(file, trust=self.policy({**self.pin("authenticode"), **change}), code=1)
        self.judge(file, "--foreign-key", self.cert("other"), code=1)

    def test_every_hashed_region_is_held(self):
        file = self.signed()
        data = file.read_bytes()
        entry, table, size = table_of(data)
        places = {"DOS header": 2, "between": 70, "behind the checksum": entry - 1, "behind the entry": entry + 8, "section": 600,
                  "last byte": table - 1, "the signature": table + size // 2, "its digest": table + 8 + 120}
        for name, at in places.items():
            def flip(bytes_of, at=at):
                bytes_of[at] ^= 0x10
            with self.subTest(name):
                self.judge(self.changed(file, flip), trust=self.trust, code=1)
        checksum = entry - 152 - 16 + 88

        def other_checksum(bytes_of):
            bytes_of[checksum] ^= 1
        self.judge(self.changed(file, other_checksum), trust=self.trust)  # nobody signs it, and it carries nothing

    def test_bytes_that_nobody_signs(self):
        file = self.signed()
        entry, table, size = table_of(file.read_bytes())

        def in_table(bytes_of, extra):
            bytes_of += extra
            struct.pack_into("<I", bytes_of, table, len(bytes_of) - table)
            struct.pack_into("<I", bytes_of, entry + 4, len(bytes_of) - table)
        self.judge(self.changed(file, lambda data: data.extend(b"appended")), trust=self.trust, code=1,
                   says="bytes follow the certificate table")
        self.judge(self.changed(file, lambda data: in_table(data, b"payload.")), trust=self.trust, code=1,
                   says="bytes behind the signature in the certificate table")
        self.judge(self.changed(file, lambda data: in_table(data, bytes(8))), trust=self.trust, says="zero")
        padded = self.changed(file, lambda data: None)
        data = bytearray(padded.read_bytes())
        length = struct.unpack_from("<I", data, table)[0]
        for at in range(table + length - 1, table, -1):
            if data[at] == 0:
                data[at] = 0x41  # the padding that the tool wrote, if it wrote any
                self.judge(self.write("padding.exe", bytes(data)), trust=self.trust, code=1)
            break

        def in_section(bytes_of):
            bytes_of[table:table] = bytes(8)
            struct.pack_into("<I", bytes_of, entry, table + 8)
        self.judge(self.changed(file, in_section), trust=self.trust, code=1, says="was changed after it was signed")

    def test_tables_that_lie_elsewhere(self):
        file = self.signed()
        entry, table, size = table_of(file.read_bytes())
        for name, offset, length in (("unaligned", table + 4, size - 4), ("in the header", 64, size), ("beyond", table + 8, size),
                                     ("short", table, size - 8), ("nothing", table, 4)):
            def move(data, offset=offset, length=length):
                struct.pack_into("<II", data, entry, offset, length)
            with self.subTest(name):
                self.judge(self.changed(file, move), trust=self.trust, code=1)
        for at, value in ((table, 9), (table, 0xfffffff0), (table + 4, 1), (table + 6, 1)):
            def put(data, at=at, value=value):
                struct.pack_into("<I" if at == table else "<H", data, at, value)
            self.judge(self.changed(file, put), trust=self.trust, code=1)

    def test_a_stripped_signature(self):
        file = self.signed()
        entry, table, _ = table_of(file.read_bytes())

        def strip(data):
            del data[table:]
            struct.pack_into("<II", data, entry, 0, 0)
        self.judge(self.changed(file, strip), trust=self.trust, code=1, says="the program is not signed")
        self.judge(self.write("plain.exe", tiny_pe()), trust=self.trust, code=1, says="the program is not signed")

    def test_expired_without_and_accepted_with_a_timestamp(self):
        self.judge(self.signed("old.exe", "ended"), trust=self.trust, at=GONE, code=1, says="expired")
        stamped = self.stamped("stamped.exe", "ended")
        self.judge(stamped, trust=self.trust, at=GONE, says="RFC 3161 timestamp of Time")
        nobody = self.policy(self.pin("authenticode"), timestampAuthorities=[])
        self.judge(stamped, trust=nobody, at=GONE, code=1, says="expired")
        self.judge(stamped, trust=self.policy(self.pin("authenticode"), timestamp="off"), at=GONE, code=1)
        self.judge(self.signed(), trust=self.policy(self.pin("authenticode"), timestamp="require"), code=1,
                   says="requires a timestamp")
        self.judge(stamped, trust=self.policy(self.pin("authenticode")), at="2025-06-01T00:00:00Z", code=1,
                   says="from after the time of this run")
        other = self.policy(self.pin("authenticode"), timestampAuthorities=[{"name": "Time", "pem": self.pem("root")}])
        self.judge(stamped, trust=other, at=GONE, code=1)

    def test_weak_digests(self):
        file = self.signed("weak.exe", "vendor", "-h", "sha1")
        self.judge(file, trust=self.trust, code=1, says="SHA-1 in")
        self.judge(file, trust=self.policy(self.pin("authenticode", weakDigests=True)), says="SHA-1 in")

    def test_nested_signatures(self):
        self.signed("one.exe")
        self.tool("osslsigncode", "sign", "-nest", "-certs", self.cert("other"), "-key", self.key("other"), "-h", "sha256", "-time",
                  SIGNED, "-in", "one.exe", "-out", "two.exe")
        self.judge(self.folder / "two.exe", trust=self.trust, says="also signed by CN=Other Publisher")
        self.signed("other.exe", "other")
        self.tool("osslsigncode", "sign", "-nest", "-certs", self.cert("vendor"), "-key", self.key("vendor"), "-ac", self.chain(),
                  "-h", "sha256", "-time", SIGNED, "-in", "other.exe", "-out", "both.exe")
        self.judge(self.folder / "both.exe", trust=self.trust, says=f"authenticode-pe by {SUBJECT}")

    def real(self, file, anchor, code=0, says=(), **pin):
        """A file of Debian's, by a policy that knows this CA and this signer."""
        trust = self.policy({"name": "real", "kind": "authenticode", "anchor": {"type": "ca", "pem": anchor}, **pin}, intermediates=[])
        return self.judge(file, trust=trust, code=code, says=says)

    def test_real_files(self):
        """CRETULA_SIGNED_EFI names a folder with what Debian's shim-signed, grub-efi-amd64-signed and fwupd-amd64-signed unpack to: the
        programs count by the CA of Debian that stands in shim, which Microsoft signed, and by no other signer of the same CA."""
        folder = os.environ.get("CRETULA_SIGNED_EFI")
        if not folder:
            self.skipTest("CRETULA_SIGNED_EFI names no folder")
        files = {path.name: path for path in sorted(pathlib.Path(folder).rglob("*.efi.signed"))}
        shim = files.pop("shimx64.efi.signed")
        self.assertIn("fwupdx64.efi.signed", files)
        self.assertIn("grubx64.efi.signed", files)
        debian = certificates_in(shim.read_bytes()[:table_of(shim.read_bytes())[1]], b"Debian Secure Boot CA")[0]
        names = {part: f"CN=Debian Secure Boot Signer 2022 - {part}" for part in ("fwupd", "grub2")}
        for name, file in files.items():
            own, other = ("fwupd", "grub2") if name.startswith("fwupd") else ("grub2", "fwupd")
            with self.subTest(name):
                self.real(file, debian, subject=names[own], issuer="CN=Debian Secure Boot CA", says=f"authenticode-pe by {names[own]}")
                self.real(file, debian, 1, "not by anybody who is pinned", subject=names[other], issuer="CN=Debian Secure Boot CA")
                self.real(file, self.pem("root"), 1, "does not lead to the trusted anchor", subject=names[own], issuer="CN=Debian Secure Boot CA")
                data = bytearray(file.read_bytes())
                for at in (2, len(data) // 2, table_of(data)[1] - 1):
                    data[at] ^= 1
                    self.real(self.write("flipped.efi", bytes(data)), debian, 1, "was changed after it was signed", subject=names[own],
                              issuer="CN=Debian Secure Boot CA")
                    data[at] ^= 1
        signature = shim.read_bytes()[table_of(shim.read_bytes())[1]:]
        microsoft = "CN=Microsoft Corporation UEFI CA 2011,O=Microsoft Corporation,L=Redmond,ST=Washington,C=US"
        publisher = "CN=Microsoft Windows UEFI Driver Publisher,O=Microsoft Corporation,L=Redmond,ST=Washington,C=US"
        anchor, = [one for one in certificates_in(signature, b"Microsoft Corporation UEFI CA 2011") if subject_of(one) == microsoft]
        self.real(shim, anchor, subject=publisher, issuer=microsoft,
                  says=[f"authenticode-pe by {publisher}", "also signed by CN=Microsoft UEFI CA 2023 signer"])
        self.real(shim, anchor, 1, "not by anybody who is pinned", subject=f"{publisher}X", issuer=microsoft)
        self.real(shim, debian, 1, "does not lead to the trusted anchor", subject=publisher, issuer=microsoft)


if __name__ == "__main__":
    unittest.main()
