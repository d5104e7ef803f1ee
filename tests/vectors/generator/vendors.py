# SPDX-License-Identifier: Apache-2.0
"""Vendors below one public root with an authority for timestamps, and policies that pin one of them: of the family updates."""
import copy
import hashlib
import json

import der
import trust_pki
from der import Node
from foreign_case import ISSUER, PRODUCT, SUBJECT, VENDOR, WORLD
from store import File
from trust_pki import attribute
from update_files import run
from world import DerivedPki

AT = ("--at", "2026-12-01T00:00:00Z")
SIGNED = "1750000000"  # 2025-06-15, while all certificates were valid
STAMPED = "2025-06-15T15:06:40Z"
DIGEST_OF = "1.2.840.113549.1.9.4"


class Vendors:
    def __init__(self, folder):
        self.folder = folder
        (folder / "pki").mkdir()
        self.pki = DerivedPki(folder / "pki")
        self.world = copy.deepcopy(WORLD)
        del self.world["certificates"]["vendor"]["algorithm"]
        mail = {"extendedKeyUsage": "emailProtection"}
        self.world["certificates"]["clock"] = {**self.world["certificates"]["tsa"], "issuer": "root"}
        self.world["certificates"]["mail"] = {**self.world["certificates"]["vendor"], "extensions": mail}

    def certificate(self, name):
        return self.pki.certificate(self.world, name)

    def key(self, name):
        return self.pki.key({"key": name, **self.world["certificates"][name]})

    def pem(self, name):
        return self.certificate(name).read_text("ascii")

    def der(self, name):
        return der.parse(trust_pki.pem_bytes(self.certificate(name)))

    def chain(self):
        path = self.folder / "chain.pem"
        path.write_text(self.pem("ca"), "ascii")
        return path

    def pinned(self, kind, **pin):
        """A policy that knows the vendor by name below the public root, and the authority."""
        return ("--trust", File("trust.json", json.dumps({
            "cretula": "trust/1", "name": "Plant", "version": 1, "issued": "2025-01-01T00:00:00Z", "revocation": "off",
            "intermediates": [self.pem("ca")], "timestampAuthorities": [{"name": "Time", "pem": self.pem("tsa-root")}],
            "scopes": [{"vendor": VENDOR, "products": [PRODUCT], "foreign": [{
                "name": "the vendor's files", "kind": kind, "subject": SUBJECT, "issuer": ISSUER,
                "anchor": {"type": "ca", "pem": self.pem("root")}, **pin}]}]}).encode()))

    def only(self, name):
        """This certificate alone, by the command line."""
        return ("--foreign-key", File("pem", self.pem(name).encode()))

    def program(self, data, by="vendor", *more, time=SIGNED):
        """A program as osslsigncode signs it."""
        plain, out = self.folder / "plain.exe", self.folder / "signed.exe"
        plain.write_bytes(data)
        out.unlink(missing_ok=True)
        run("osslsigncode", "sign", "-certs", self.certificate(by), "-key", self.key(by), "-ac", self.chain(), "-h", "sha256", "-time", time,
            *more, "-in", plain, "-out", out)
        return out.read_bytes()

    def stamp(self, by="tsa"):
        return ("-TSA-certs", self.certificate(by), "-TSA-key", self.key(by), "-TSA-time", SIGNED)

    def cms(self, content, by="vendor", *more, form="DER"):
        """A detached signature as openssl makes it."""
        path = self.folder / "content"
        path.write_bytes(content)
        return run("openssl", "cms", "-sign", "-binary", "-in", path, "-signer", self.certificate(by), "-inkey", self.key(by), "-outform", form, *more)

    def stamped(self, signature, by="tsa", **more):
        """The same with a timestamp over its value."""
        tree = der.parse(signature)
        token = self.pki._timestamp(self.world, {"by": by, "time": STAMPED, **more}, signer(tree)[5].content)
        signer(tree).content.append(Node(0xA1, [attribute(trust_pki.TIMESTAMP_TOKEN, token)]))
        return tree.encode()

    def sign_again(self, tree, by="vendor", digest=None):
        """What was changed in the tree is signed by this key: content, and attributes as they stand."""
        for one in signer(tree)[3].content:
            if one[0].encode() == der.oid(DIGEST_OF).encode():
                content = signed_data(tree)[2][1][0]
                body = b"".join(part.encode() for part in content.content)
                one[1].content = [der.octets(hashlib.sha256(body).digest() if digest is None else digest)]
        attributes = der.set_of(*signer(tree)[3].content)
        signer(tree)[3].content = attributes.content
        signer(tree)[5].content = self.pki.sign(self.key(by), attributes.encode())


def signed_data(tree):
    return tree[1][0]


def signer(tree):
    return signed_data(tree)[-1][0]
