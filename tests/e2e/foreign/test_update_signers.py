# SPDX-License-Identifier: Apache-2.0
"""Updates whose signers have certificates below a public root (RAUC, SWUpdate with CMS), or keys that end (OpenPGP): who counts, until when,
and by which digests."""
import os
import shutil
import subprocess
import unittest

import der
import update_files as made
from der import Node
from foreign_case import WORLD, ForeignCase
from harness import noise
from signature_case import signer
from trust_pki import TIMESTAMP_TOKEN, attribute

GONE = "2026-06-01T00:00:00Z"  # after the certificate "ended" has ended
STAMPED = "2025-06-15T12:00:00Z"
STRANGER = ["not by anybody who is pinned", "CN=Other Publisher,O=Other"]


class Signers(ForeignCase):
    def stamped(self, signature):
        """The same CMS with a timestamp over its value, by openssl."""
        tree = der.parse(signature)
        token = self.pki._timestamp(WORLD, {"maker": "openssl", "by": "tsa", "time": STAMPED}, signer(tree)[5].content)
        signer(tree).content.append(Node(0xa1, [attribute(TIMESTAMP_TOKEN, token)]))
        return tree.encode()

    def cms(self, by, data, *more):
        path = self.write("content", data)
        return made.run("openssl", "cms", "-sign", "-binary", "-in", path, "-signer", self.cert(by), "-inkey", self.key(by), "-outform", "DER",
                        "-nosmimecap", *more)


class Rauc(Signers):
    def bundle(self, form, by):
        for part, path in (("pem", self.cert(by)), ("key", self.key(by))):
            shutil.copy(path, self.folder / f"{by}.{part}")
        return made.rauc(self.folder, f"{form}-{by}", form, noise(9000, form), by)

    @staticmethod
    def parts(bundle):
        size = int.from_bytes(bundle[-8:], "big")
        return bundle[:-8 - size], bundle[-8 - size:-8]

    @staticmethod
    def joined(payload, signature, size=None):
        return payload + signature + (len(signature) if size is None else size).to_bytes(8, "big")

    def ask(self, data, **more):
        if "trust" not in more:
            more["trust"] = self.policy(self.pin("rauc"))
        return self.judge(self.write("update.raucb", data), **more)

    def test_whose_it_is(self):
        for form in ("plain", "verity"):
            with self.subTest(form):
                good = self.bundle(form, "vendor")
                self.ask(good, says="rauc by CN=Example Controls,O=Example")
                self.ask(self.bundle(form, "other"), code=1, says=STRANGER)
                for change in ({"subject": "CN=Example Control,O=Example"}, {"issuer": "CN=Public Root,O=Public"}, {"kind": "cms"}):
                    self.ask(good, trust=self.policy({**self.pin("rauc"), **change}), code=1)

    def test_expired_without_and_accepted_with_a_timestamp(self):
        for form in ("plain", "verity"):
            with self.subTest(form):
                old = self.bundle(form, "ended")
                self.ask(old, at=GONE, code=1, says="expired")
                payload, signature = self.parts(old)
                stamped = self.joined(payload, self.stamped(signature))
                self.ask(stamped, at=GONE, says="RFC 3161 timestamp of Time")
                self.ask(stamped, at=GONE, code=1, says="expired", trust=self.policy(self.pin("rauc"), timestampAuthorities=[]))

    def test_weak_digests(self):
        payload, signature = self.parts(self.bundle("plain", "vendor"))
        weak = self.joined(payload, self.cms("vendor", payload, "-md", "sha1"))
        self.ask(weak, code=1, says="SHA-1 in the signature")
        self.ask(weak, says="SHA-1 in the signature", trust=self.policy(self.pin("rauc", weakDigests=True)))
        self.ask(self.joined(payload, self.cms("vendor", payload)))
        self.assertNotEqual(signature, b"")

    def test_bytes_around_the_signature(self):
        """Each with its reason: what lies behind, in, and instead of it."""
        for form in ("plain", "verity"):
            payload, signature = self.parts(self.bundle(form, "vendor"))
            whole = self.joined(payload, signature)
            lost = "a RAUC bundle ends with its signature"
            for name, data, says in (("a byte behind the size", whole + b"x", lost), ("bytes behind the CMS", self.joined(payload, signature + b"more"), "4 bytes too many"),
                                     ("zeros behind the CMS", self.joined(payload, signature + bytes(4)), "4 bytes too many"),
                                     ("bytes before the CMS", self.joined(payload + bytes(8), signature),
                                      "messageDigest is another one" if form == "plain" else "not of whole blocks"),
                                     ("size of one less", self.joined(payload, signature, len(signature) - 1), lost),
                                     ("size of all", self.joined(payload, signature, len(payload) + len(signature) + 8), lost),
                                     ("no size", payload + signature, lost), ("stripped", payload, lost), ("of size 0", payload + bytes(8), lost)):
                with self.subTest(name, form=form):
                    self.ask(data, code=1, says=says)

    def test_rauc_itself_says_the_same(self):
        """The device's program about what the tests sign and change, by the same root."""
        root = self.cert("root")
        good = self.bundle("plain", "vendor")
        payload, signature = self.parts(good)
        chained = self.joined(payload, self.cms("vendor", payload, "-certfile", self.chain()))
        for data, accepted in ((chained, True), (made.flipped(chained, 100), False), (chained + b"x", False), (payload, False)):
            path = self.write("device.raucb", data)
            config = self.write("system.conf", b"[system]\ncompatible=Example PLC\nbootloader=noop\n[keyring]\ncheck-purpose=any\n")
            done = subprocess.run(["rauc", f"--conf={config}", f"--keyring={root}", "info", path], cwd=self.folder, capture_output=True, check=False)
            self.assertEqual(done.returncode == 0, accepted, done.stdout + done.stderr)
            self.ask(data, code=0 if accepted else 1)


class SwUpdate(Signers):
    IMAGES = {"rootfs.img": noise(600, "rootfs")}

    def image(self, signature, text=None):
        text = made.description_of(self.IMAGES) if text is None else text
        return made.cpio(self.folder, [("sw-description", text), ("sw-description.sig", signature), *self.IMAGES.items()], "newc")

    def ask(self, data, **more):
        if "trust" not in more:
            more["trust"] = self.policy(self.pin("swupdate"))
        return self.judge(self.write("update.swu", data), **more)

    def test_whose_it_is(self):
        text = made.description_of(self.IMAGES)
        self.ask(self.image(self.cms("vendor", text)), says="swupdate by CN=Example Controls,O=Example")
        self.ask(self.image(self.cms("other", text)), code=1, says=STRANGER)
        self.ask(self.image(self.cms("vendor", text)), code=1, trust=self.policy({**self.pin("swupdate"), "issuer": "CN=Public Root,O=Public"}))

    def test_expired_without_and_accepted_with_a_timestamp(self):
        old = self.cms("ended", made.description_of(self.IMAGES))
        self.ask(self.image(old), at=GONE, code=1, says="expired")
        self.ask(self.image(self.stamped(old)), at=GONE, says="RFC 3161 timestamp of Time")

    def test_weak_digests(self):
        text = made.description_of(self.IMAGES)
        weak = self.image(self.cms("vendor", text, "-md", "sha1"))
        self.ask(weak, code=1, says="SHA-1 in the signature")
        self.ask(weak, says="SHA-1 in the signature", trust=self.policy(self.pin("swupdate", weakDigests=True)))
        # Without a CMS nothing says the digest: it is SHA-256, or the signature is nobody's.
        (self.folder / "text").write_bytes(text)
        shutil.copy(self.key("vendor"), self.folder / "vendor.key")
        pin = made.public_key(self.folder, "vendor")
        for digest, code in (("sha256", 0), ("sha1", 1)):
            raw = made.run("openssl", "dgst", f"-{digest}", "-sign", self.key("vendor"), self.folder / "text")
            self.judge(self.write("raw.swu", self.image(raw)), "--foreign-key", pin, code=code)

    def test_bytes_behind_the_signature(self):
        text = made.description_of(self.IMAGES)
        signature = self.cms("vendor", text)
        for more in (b"x", bytes(4)):
            self.ask(self.image(signature + more), code=1, says="not by anybody who is pinned")

    @unittest.skipUnless(shutil.which("swupdate"), "swupdate is not there")
    def test_swupdate_itself_says_the_same(self):
        """The device's program about what the tests sign and change."""
        text = made.description_of(self.IMAGES, **{"hardware-compatibility": '[ "1.0" ]'})
        text = text.replace(b'device = "/dev/mtd0";', b'path = "/nowhere"; type = "rawfile";').replace(b"images:", b"files:")
        for name in ("signer", "stranger"):
            made.certificate(self.folder, name, f"/O=Example/CN={name}")
        good = self.image(made.swupdate_signature(self.folder, "cms", "signer", text), text)
        for name, data, accepted in (("signer", good, True), ("stranger", good, False), ("signer", made.flipped(good, good.index(b"4.2")), False),
                                     ("signer", made.flipped(good, good.index(self.IMAGES["rootfs.img"])), False)):
            path, pin = self.write("device.swu", data), self.folder / f"{name}.pem"
            done = subprocess.run(["swupdate", "-c", "-H", "board:1.0", "-k", pin, "-i", path], cwd=self.folder, capture_output=True, check=False,
                                  env={**os.environ, "TMPDIR": str(self.folder)})
            # By its words: its threads may bring it down on its way out, whatever it found.
            self.assertEqual(b"SWUPDATE successful !" in done.stdout, accepted, done.stdout + done.stderr)
            self.judge(path, "--foreign-key", pin, code=0 if accepted else 1)


class OpenPgp(Signers):
    """Keys end by themselves, and nothing dates their signatures."""

    def test_keys_that_end(self):
        gpg = made.Gpg()
        self.addCleanup(gpg.close)
        file = self.write("agent.deb", noise(500, "agent"))
        gpg("--quick-gen-key", "short <short@vendor.example>", "ed25519", "sign", "30d")
        pin = self.write("short.asc", gpg("--export-options", "export-minimal", "--armor", "--export", "short@vendor.example"))
        side = self.write("agent.sig", gpg.signed("short", file))
        signed = ("--foreign-signature", side, "--foreign-key", pin)
        self.judge(file, *signed, at="2026-06-15T00:00:00Z")
        self.judge(file, *signed, at="2026-07-15T00:00:00Z", code=1, says="the pinned key has ended")
        self.judge(file, *signed, at="2026-05-15T00:00:00Z", code=1)
        for name, data in (("appended", side.read_bytes() + b"\0"), ("cut", side.read_bytes()[:-1]), ("empty", b"")):
            with self.subTest(name):
                self.judge(file, "--foreign-signature", self.write("bad.sig", data), "--foreign-key", pin, at="2026-06-15T00:00:00Z", code=(1, 2))
        self.judge(file, "--foreign-key", pin, at="2026-06-15T00:00:00Z", code=1)


if __name__ == "__main__":
    unittest.main()
