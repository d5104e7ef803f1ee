# SPDX-License-Identifier: Apache-2.0
"""Vendors below one public root, their signatures by tools of others, and the files that they sign."""
import json
import pathlib
import struct
import subprocess

import harness
from trust_pki import Pki

VENDOR, PRODUCT = "Example Controls", "Engineering Tool"
SUBJECT, ISSUER = "CN=Example Controls,O=Example", "CN=Public Code Signing,O=Public"
AT = "2026-06-01T00:00:00Z"
SIGNED = 1750000000  # 2025-06-15, while all certificates were valid
BEFORE, AFTER = "2025-01-01T00:00:00Z", "2035-01-01T00:00:00Z"


def one(kind, subject, issuer=None, **more):
    return {"kind": kind, "subject": subject, "algorithm": "P-256", "notBefore": BEFORE, "notAfter": AFTER,
            **({"issuer": issuer} if issuer else {}), **more}


WORLD = {"certificates": {
    "root": one("ca", "/O=Public/CN=Public Root"),
    "ca": one("ca", "/O=Public/CN=Public Code Signing", "root"),
    "vendor": one("signer", "/O=Example/CN=Example Controls", "ca", algorithm="RSA-3072"),
    "ended": one("signer", "/O=Example/CN=Example Controls", "ca", notAfter="2025-12-01T00:00:00Z"),
    "other": one("signer", "/O=Other/CN=Other Publisher", "ca"),
    "tsa-root": one("ca", "/O=Time/CN=Time Root"),
    "tsa": one("tsa", "/O=Time/CN=Time Stamp", "tsa-root"),
}}


def tiny_pe(size=2048, wide=True):
    """A PE32+ or PE32 file of one section: enough for whoever signs it."""
    optional = 240 if wide else 224
    start = b"MZ" + bytes(58) + struct.pack("<I", 64)
    header = b"PE\0\0" + struct.pack("<HHIIIHH", 0x8664 if wide else 0x14c, 1, 0, 0, 0, optional, 0x22)
    body = bytearray(optional)
    struct.pack_into("<H", body, 0, 0x20b if wide else 0x10b)
    struct.pack_into("<III", body, 32, 0x1000, 512, 0)
    struct.pack_into("<II", body, 56, 0x3000, 512)
    struct.pack_into("<I", body, 108 if wide else 92, 16)
    section = struct.pack("<8sIIIIIIHHI", b".text", size, 0x1000, size, 512, 0, 0, 0, 0, 0x60000020)
    head = start + header + bytes(body) + section
    return head + bytes(512 - len(head)) + bytes(index % 251 for index in range(size))


class ForeignCase(harness.Case):
    """The world is made once a class; each test has its own folder."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pki = Pki(cls.shared)

    def cert(self, name):
        return self.pki.certificate(WORLD, name)

    def key(self, name):
        return self.pki.key({"key": name, **WORLD["certificates"][name]})

    def pem(self, name):
        return pathlib.Path(self.cert(name)).read_text("ascii")

    def tool(self, *arguments):
        done = subprocess.run([str(one) for one in arguments], capture_output=True, check=False, cwd=self.folder)
        self.assertEqual(done.returncode, 0, f"{arguments}\n{done.stdout.decode()}{done.stderr.decode()}")

    def chain(self):
        path = self.folder / "chain.pem"
        path.write_text(self.pem("ca"), "ascii")
        return path

    def pin(self, kind, **more):
        return {"name": "the vendor's files", "kind": kind, "subject": SUBJECT, "issuer": ISSUER,
                "anchor": {"type": "ca", "pem": self.pem("root")}, **more}

    def policy(self, *pins, **more):
        path = self.folder / "trust.json"
        path.write_text(json.dumps({
            "cretula": "trust/1", "name": "Plant", "version": 1, "issued": "2025-01-01T00:00:00Z",
            "revocation": "off", "intermediates": [self.pem("ca")],
            "timestampAuthorities": [{"name": "Time", "pem": self.pem("tsa-root")}],
            "scopes": [{"vendor": VENDOR, "products": [PRODUCT], "foreign": list(pins)}], **more}), "utf-8")
        return path

    def judge(self, file, *arguments, code=0, trust=None, says=(), at=AT):
        """check as of a fixed time, its word of the verdict, and pieces of its page."""
        options = ["--trust", trust] if trust else []
        result = self.verify("check", file, *options, *arguments, "--at", at, code=code)
        self.assertEqual(result.out.startswith("ACCEPTED"), code == 0, result)
        flat = " ".join(result.out.split())
        for word in [says] if isinstance(says, str) else says:
            self.assertIn(word, flat, result)
        return result

    def write(self, name, data):
        path = self.folder / name
        path.write_bytes(data)
        return path
