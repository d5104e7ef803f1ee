# SPDX-License-Identifier: Apache-2.0
"""What the tests with a TPM share: keys, a trust policy in versions, orders, a provisioned station."""
import json
import pathlib
import shutil

from harness import VENDOR, Case, certificate_sha256, file_sha256
from swtpm import Swtpm

ANCHOR, JOURNAL = "0x01800100", "0x01800102"
ATTESTATION, STORAGE = "0x81008f01", "0x81000001"


class TpmCase(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        made = cls("made")
        made.folder = cls.shared
        cls.vendor = made.own_keys("vendor", cls.shared)
        for name, kind in (("owner", "p256"), ("thief", "p256")):
            made.owner_key(name, kind, cls.shared)
        trust = cls.shared / "trust1.json"
        made.verify("trust", "init", trust, "--name", "Plant North")
        made.verify("trust", "add-signer", trust, "--vendor", VENDOR, "--signer", "vendor",
                    "--role", "release", "--anchor", f"{cls.vendor}-root.cert.pem",
                    "--fingerprint", certificate_sha256(f"{cls.vendor}-root.cert.pem"),
                    "--obtained", "telephone")
        first = json.loads(trust.read_text())
        for version in (1, 2, 3, 4):
            first["version"] = version
            (cls.shared / f"trust{version}.json").write_text(json.dumps(first, indent=2) + "\n")
        (cls.shared / "firmware.bin").write_bytes(b"firmware" * 1000)
        cls.archive = cls.shared / "release.cretula.tar"
        made.sign("pack", made.description(["firmware.bin"], folder=cls.shared), "--key",
                  f"{cls.vendor}.key.pem", "--cert", f"{cls.vendor}.cert.pem", "--out", cls.archive)

    def made(self):
        """Only so that setUpClass has an instance whose methods run programs."""

    def owner_key(self, name, kind, folder=None):
        """A trust owner's key pair: NAME.pem, NAME.pub."""
        folder = pathlib.Path(folder or self.folder)
        algorithm = {"p256": ["EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
                     "p384": ["EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
                     "p521": ["EC", "-pkeyopt", "ec_paramgen_curve:P-521"],
                     "rsa2048": ["RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
                     "rsa3072": ["RSA", "-pkeyopt", "rsa_keygen_bits:3072"],
                     "rsa4096": ["RSA", "-pkeyopt", "rsa_keygen_bits:4096"],
                     "ed25519": ["ED25519"]}[kind]
        self.run_program("openssl", "genpkey", "-algorithm", *algorithm, "-out",
                         folder / f"{name}.pem", code=0)
        self.run_program("openssl", "pkey", "-in", folder / f"{name}.pem", "-pubout", "-out",
                         folder / f"{name}.pub", code=0)

    def tpm(self, **more):
        tpm = Swtpm(**more)
        self.addCleanup(tpm.remove)
        return tpm

    def order(self, version, owner=None, code=0, folder=None, trust=None):
        """The order for one version; its path."""
        path = pathlib.Path(folder or self.folder) / f"order{version}.json"
        self.sign("trust-order", trust or self.shared / f"trust{version}.json", "--key",
                  owner or self.shared / "owner.pem", "--out", path, code=code)
        return path

    def station(self, tpm=None, version=1, owner=None, name="station", **more):
        return Station(self, tpm or self.tpm(), version, owner, name, **more)


class Station:
    """A provisioned TPM with its files: trust.json, station.json, journal.auth, journal."""

    def __init__(self, case, tpm, version, owner, name, auth=None, trust=None):
        self.case, self.tpm = case, tpm
        self.folder = case.folder / name
        self.folder.mkdir()
        self.trust = self.folder / "trust.json"
        self.file = self.folder / "station.json"
        self.auth = self.folder / "journal.auth"
        self.journal = self.folder / "journal"
        shutil.copyfile(trust or case.shared / f"trust{version}.json", self.trust)
        authorization = ["--insecure-no-auth"]
        if auth:
            tpm.tool("tpm2_changeauth", "-c", "owner", auth)
            tpm.tool("tpm2_changeauth", "-c", "lockout", auth)
            (self.folder / "owner.auth").write_text(auth + "\n")
            authorization = ["--owner-auth-file", self.folder / "owner.auth"]
        case.verify("tpm", "provision", "--trust", self.trust, "--trust-owner",
                    owner or case.shared / "owner.pub", "--station", self.file, "--tcti", tpm.tcti,
                    *authorization)

    def options(self, tcti=None):
        return ["--station", self.file, "--tcti", tcti or self.tpm.tcti]

    def apply(self, order, version, *arguments, code=0, new=None, **more):
        return self.case.verify("tpm", "apply", order, "--new",
                                new or self.case.shared / f"trust{version}.json", "--trust",
                                self.trust, *self.options(), *arguments, code=code, **more)

    def check(self, *arguments, code=0, archive=None, tcti=None, **more):
        return self.case.verify("check", archive or self.case.archive, "--trust", self.trust,
                                "--journal", self.journal, "--tpm", *self.options(tcti), *arguments,
                                code=code, **more)

    def status(self, *arguments, code=0, **more):
        return self.case.verify("tpm", "status", *self.options(), *arguments, code=code, **more)

    def anchor(self):
        """Version and digest as tpm2-tools read them."""
        data = bytes.fromhex(self.tpm.tool("sh", "-c", f"tpm2_nvread -C {ANCHOR} {ANCHOR} | od -An "
                                           "-v -tx1 | tr -d ' \\n'"))
        return int.from_bytes(data[:8], "big"), data[8:].hex()

    def holds(self, version):
        return self.anchor() == (version, file_sha256(self.case.shared / f"trust{version}.json"))

    def lines(self):
        path = self.journal / "journal.jsonl"
        return path.read_bytes().splitlines(keepends=True) if path.exists() else []
