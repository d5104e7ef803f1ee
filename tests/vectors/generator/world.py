# SPDX-License-Identifier: Apache-2.0
"""Keys, certificates and releases of the vectors: the makers of the end-to-end tests, with keys that follow from their
names and releases as small as the format allows."""
import atexit
import ctypes
import hashlib
import json
import os
import pathlib
import shutil
import tempfile

import der
import harness
import trust_pki
from trust_pki import Pki

SECONDS = 1791792000
NOTICE = ("A valid signature says who released these bytes. It does not say that they are secure, certified, or compliant "
          "with any standard.")
DATE = "2026-10-12T08:00:00Z"
AT = "2027-03-01T00:00:00Z"
ORDERS = {"P-256": 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551}
CURVES = {"P-256": "1.2.840.10045.3.1.7"}
CERTIFICATES = {
    "root": {"kind": "ca"}, "leaf": {"issuer": "root"}, "other": {"issuer": "root"}, "stranger": {},
    "tsa-root": {"kind": "ca"}, "tsa": {"kind": "tsa", "issuer": "tsa-root"}, "recorder": {"issuer": "root"}}
ANCHORED = ["--at", AT]


class DerivedPki(Pki):
    """Private keys on P-256 follow from their names, so a vector that is added fits those that are there; RSA keys and
    those on other curves are new in every run, and so are all ECDSA signatures."""

    def _new_key(self, path, algorithm):
        if algorithm not in ORDERS:
            return super()._new_key(path, algorithm)
        scalar = int.from_bytes(hashlib.sha512(f"cretula vectors {path.name}".encode()).digest(), "big")
        scalar = scalar % (ORDERS[algorithm] - 1) + 1
        key = der.sequence(der.Node(0x02, b"\x01"), der.octets(scalar.to_bytes(32, "big")),
                           der.Node(0xA0, [der.oid(CURVES[algorithm])]))
        self._openssl("ec", "-inform", "DER", "-out", path, data=key.encode())
        return path


class Tool(harness.Case):
    """The programs, run by a generator, by names that say nothing of the machine."""

    def __init__(self):
        super().__init__("runTest")
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="vectors-"))
        atexit.register(shutil.rmtree, self.folder, ignore_errors=True)
        (self.folder / "cretula-verify").symlink_to(harness.VERIFY)

    def runTest(self):
        """A generator tests nothing."""

    def run_program(self, *arguments, **more):
        named = [str(self.folder / "cretula-verify") if one == harness.VERIFY else one for one in arguments]
        return super().run_program(*named, **more)


class Release:
    """Signed archives of one small release, whatever is wrong with them."""

    def __init__(self, tool):
        self.tool = tool
        folder = tool.folder / "pki"
        folder.mkdir()
        self.pki = DerivedPki(folder)
        self.world = {"certificates": dict(CERTIFICATES), "crls": {}}

    def anchor(self, name="root"):
        return self.pki.certificate(self.world, name).read_bytes()

    def manifest(self, payload, **changes):
        """The smallest manifest of these files, as a dictionary."""
        files = [{"path": path, "role": "checksums" if path == "SHA256SUMS" else "firmware",
                  "mediaType": "text/plain" if path == "SHA256SUMS" else "application/octet-stream",
                  "size": len(data), "sha256": harness.sha256(data)} for path, data in sorted(payload.items())]
        value = {"cretula": "manifest/1", "product": {"vendor": "Werke AG", "name": "RTU-9"}, "origin": "vendor",
                 "checksums": harness.sha256(payload.get("SHA256SUMS", b"")),
                 "release": {"version": "1.0.0", "sequence": 7, "date": DATE}, "files": files, "notice": NOTICE}
        value.update(changes)
        return value

    @staticmethod
    def payload(**files):
        """Firmware, and the list of what there is."""
        found = {"fw.bin": b"firmware\n", **files}
        lines = "".join(f"{harness.sha256(data)}  {path}\n" for path, data in sorted(found.items()))
        return {**found, "SHA256SUMS": lines.encode()}

    def sign(self, content, by="leaf", **more):
        """{member name: signature} by this certificate."""
        spec = {"by": by, **more}
        return {self.pki.key_name(self.world, by): self.pki.cms(self.world, spec, content)}

    @staticmethod
    def text(manifest):
        return manifest if isinstance(manifest, bytes) else compact(manifest)

    def archive(self, manifest=None, payload=None, signatures=None, seconds=SECONDS):
        """The bytes of an archive; what is not given is right."""
        payload = self.payload() if payload is None else payload
        text = self.text(self.manifest(payload) if manifest is None else manifest)
        signatures = self.sign(text) if signatures is None else signatures
        members = [("MANIFEST.json", text)]
        members += sorted((f"SIGNATURES/{name}.p7s", data) for name, data in signatures.items())
        return harness.canonical_archive(members + sorted(payload.items()), seconds)


def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def read_folder(folder):
    """{relative name: bytes} of a folder."""
    folder = pathlib.Path(folder)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def at_a_station():
    """Records and journals name the machine: they shall not name the one that makes the vectors."""
    libc = ctypes.CDLL(None, use_errno=True)
    name = b"station"
    if libc.unshare(0x04000000) != 0 or libc.sethostname(name, len(name)) != 0:
        raise OSError(ctypes.get_errno(), "a name of one's own for the machine needs root")
    os.environ["USER"] = "operator"


def pem(label, tree):
    return trust_pki.pem_text(label, tree if isinstance(tree, bytes) else tree.encode()).encode()
