# SPDX-License-Identifier: Apache-2.0
"""Updates as vendors ship them, signed by the formats' own tools: accepted with the pinned key alone, and only as they were signed."""
import base64
import hashlib
import json

import update_files as made
from harness import Case, main, noise

NOW = ("--at", "2026-12-01T00:00:00Z")


class UpdateFiles(Case):
    """Each format's files are made once, and judged by all tests of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gpg = None

    def tearDown(self):
        if self.gpg is not None:
            self.gpg.close()
        super().tearDown()

    def judge(self, name, data, *arguments, code=0, says=()):
        file = self.folder / name
        if data is not None:
            file.write_bytes(data)
        result = self.verify("check", file, *NOW, "--json", *arguments, code=code)
        text = result.out + result.err
        for words in says:
            self.assertIn(words, text)
        return result

    def refused(self, name, data, *arguments, check, says=()):
        """Refused for this check, by its own words."""
        result = self.judge(name, data, *arguments, code=1, says=says)
        failed = {one["check"] for one in result.json()["result"]["checks"] if one["result"] == "FAIL"}
        self.assertIn(check, failed, str(result))
        return result

    def policy(self, kind, **pin):
        """A trust policy of one scope that pins this."""
        path = self.folder / f"{kind}.trust.json"
        path.write_text(json.dumps({
            "cretula": "trust/1", "name": "Plant", "version": 1, "issued": "2026-01-01T00:00:00Z",
            "scopes": [{"vendor": "Example Automation", "products": ["*"],
                        "foreign": [{"name": "updates", "kind": kind, **pin}]}]}), encoding="ascii")
        return path

    def test_minisign_and_signify(self):
        file = self.folder / "firmware.bin"
        file.write_bytes(made.FIRMWARE)
        pin = made.minisign_keys(self.folder, "vendor")
        other = made.minisign_keys(self.folder, "other")
        comment = "timestamp:1780315200\tfile:firmware.bin\tversion 4.2"
        good = made.minisign(self.folder, "vendor", file, comment)
        self.judge("firmware.bin", None, "--foreign-signature", good, "--foreign-key", pin, says=["version 4.2"])
        self.refused("firmware.bin", None, "--foreign-signature", good, "--foreign-key", other, check="foreign.pin",
                     says=["not by anybody who is pinned"])
        self.refused("firmware.bin", made.flipped(made.FIRMWARE, 100), "--foreign-signature", good, "--foreign-key", pin,
                     check="foreign.value")
        self.refused("firmware.bin", made.FIRMWARE + b"x", "--foreign-signature", good, "--foreign-key", pin, check="foreign.value")
        file.write_bytes(made.FIRMWARE)
        text = good.read_text("utf-8")
        for what, changed, check in (
                ("comment", text.replace("version 4.2", "version 4.3"), "foreign.value"),
                ("stripped", "".join(text.splitlines(True)[:2]), "foreign.form"),
                ("appended", text + "more\n", "foreign.form")):
            (self.folder / what).write_text(changed, encoding="utf-8")
            self.refused("firmware.bin", None, "--foreign-signature", self.folder / what, "--foreign-key", pin, check=check)
        self.refused("firmware.bin", None, "--foreign-signature", good, "--trust",
                     self.policy("minisign", key=pin.read_text("ascii"), notAfter="2026-01-01T00:00:00Z"), check="foreign.pin")
        # What minisign signed is a digest of 64 bytes: its signature, called one of the older form, is right for such a file.
        lines = text.splitlines()
        packed = base64.b64decode(lines[1])
        self.assertEqual(packed[:2], b"ED")
        lines[1] = base64.b64encode(b"Ed" + packed[2:]).decode()
        (self.folder / "digest.bin").write_bytes(hashlib.blake2b(made.FIRMWARE).digest())
        legacy_pin = self.policy("minisign", key=pin.read_text("ascii"), legacy=True)
        for count, trust, check in ((4, ("--trust", legacy_pin), "foreign.strength"), (2, ("--foreign-key", pin), "foreign.pin")):
            (self.folder / "older").write_text("\n".join(lines[:count]) + "\n", encoding="utf-8")
            self.refused("digest.bin", None, "--foreign-signature", self.folder / "older", *trust, check=check)
        legacy = made.minisign(self.folder, "vendor", file, comment, "-l")
        self.refused("firmware.bin", None, "--foreign-signature", legacy, "--foreign-key", pin, check="foreign.strength",
                     says=["older form"])
        self.judge("firmware.bin", None, "--foreign-signature", legacy, "--trust",
                   self.policy("minisign", key=pin.read_text("ascii"), legacy=True), says=["older form (Ed)"])
        signature, key = made.signify(self.folder, "bsd", file)
        self.judge("firmware.bin", None, "--foreign-signature", signature, "--foreign-key", key)
        self.refused("firmware.bin", None, "--foreign-signature", signature, "--foreign-key", pin, check="foreign.pin")

    def test_openpgp(self):
        self.gpg = made.Gpg()
        file = self.folder / "firmware.bin"
        file.write_bytes(made.FIRMWARE)
        pins = {}
        for name, algorithm in (("vendor", "ed25519"), ("other", "nistp256"), ("large", "rsa3072")):
            pins[name] = self.folder / f"{name}.asc"
            pins[name].write_bytes(self.gpg.key(name, algorithm))
        for name, pin in pins.items():
            for form in ((), ("--armor",)):
                side = self.folder / f"{name}{len(form)}.sig"
                side.write_bytes(self.gpg.signed(name, file, *form))
                self.judge("firmware.bin", None, "--foreign-signature", side, "--foreign-key", pin)
        side = self.folder / "vendor0.sig"
        # A revocation of a form that nobody reads (version 3) revokes all the same.
        lines = pins["vendor"].read_text("ascii").split("\n\n", 1)[1].split("\n-----END")[0].splitlines()
        packets = base64.b64decode("".join(line for line in lines if not line.startswith("=")))
        self.assertEqual(packets[0], 0x98)  # the primary key, of an old packet with one byte of length
        end = 2 + packets[1]
        revoked = packets[:end] + b"\x88\x05\x03\x05\x20\0\0" + packets[end:]
        lines = base64.encodebytes(revoked).decode()
        (self.folder / "revoked.asc").write_text(f"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n{lines}-----END PGP PUBLIC KEY BLOCK-----\n")
        self.refused("firmware.bin", None, "--foreign-signature", side, "--foreign-key", self.folder / "revoked.asc",
                     check="foreign.value", says=["revoked"])
        self.judge("firmware.bin", None, "--foreign-signature", side, "--trust",
                   self.policy("openpgp", key=pins["vendor"].read_text("ascii")), says=["Example Automation"])
        self.refused("firmware.bin", None, "--foreign-signature", side, "--foreign-key", pins["other"], check="foreign.pin")
        self.refused("firmware.bin", made.FIRMWARE + b"\n", "--foreign-signature", side, "--foreign-key", pins["vendor"],
                     check="foreign.value", says=["other content"])
        self.refused("firmware.bin", made.flipped(made.FIRMWARE, 0), "--foreign-signature", side, "--foreign-key", pins["vendor"],
                     check="foreign.value")
        file.write_bytes(made.FIRMWARE)
        for what, options in (("SHA-1", ("--digest-algo", "SHA1")), ("not one over the bytes", ("--textmode",))):
            side.write_bytes(self.gpg.signed("vendor", file, *options))
            self.refused("firmware.bin", None, "--foreign-signature", side, "--foreign-key", pins["vendor"],
                         check="foreign.strength", says=[what])

    def test_rauc(self):
        pin = made.certificate(self.folder, "vendor", "/CN=Updates/O=Example Automation")
        other = made.certificate(self.folder, "other", "/CN=Updates/O=Somebody else")
        for form in ("plain", "verity"):
            # 300 blocks: the tree has two levels.
            bundle = made.rauc(self.folder, form, form, noise(1200000, form))
            size = int.from_bytes(bundle[-8:], "big")
            payload = len(bundle) - 8 - size
            name = f"{form}.raucb"
            self.judge(name, bundle, "--foreign-key", pin, says=["a RAUC bundle"])
            self.refused(name, bundle, "--foreign-key", other, check="foreign.pin")
            regions = {"squashfs": 4096, "last block": payload - 4096 * 5, "end": payload - 1}
            if form == "verity":
                regions.update({"tree": payload - 4096 * 2 + 5, "zeros of the tree": payload - 8})
            for what, offset in regions.items():
                with self.subTest(form=form, region=what):
                    self.refused(name, made.flipped(bundle, offset), "--foreign-key", pin, check="foreign.value")
            for what, changed in (("signature", made.flipped(bundle, len(bundle) - 20)),
                                  ("between", bundle[:payload] + bytes(4096) + bundle[payload:])):
                with self.subTest(form=form, region=what):
                    self.judge(name, changed, "--foreign-key", pin, code=1)
            for what, changed in (("appended", bundle + b"x"), ("zeros", bundle + bytes(8)), ("stripped", bundle[:payload])):
                with self.subTest(form=form, region=what):
                    self.judge(name, changed, "--foreign-key", pin, code=1)

    def test_swupdate(self):
        images = {"rootfs.img": noise(5001, "rootfs"), "kernel.bin": noise(300, "kernel")}
        pin = made.rsa_key(self.folder, "vendor")
        other = made.rsa_key(self.folder, "other", 2048)
        cert = made.certificate(self.folder, "signer", "/CN=Updates/O=Example Automation")
        for scheme, key, form in (("pkcs1", "vendor", "crc"), ("pss", "vendor", "newc"), ("cms", "signer", "crc")):
            image = made.swupdate(self.folder, scheme, key, images, form=form)
            self.judge("update.swu", image, "--foreign-key", cert if scheme == "cms" else pin,
                       says=["an SWUpdate image", "2 files, each with", "version 4.2"])
            self.refused("update.swu", image, "--foreign-key", other, check="foreign.pin")
        summed = made.swupdate(self.folder, "pkcs1", "vendor", images)
        self.refused("update.swu", made.flipped(summed, summed.index(images["rootfs.img"])), "--foreign-key", pin,
                     check="foreign.form", says=["a wrong sum for rootfs.img"])
        newc = made.swupdate(self.folder, "pkcs1", "vendor", images, form="newc")
        self.refused("update.swu", made.flipped(newc, newc.index(b"version = ")), "--foreign-key", pin, check="foreign.pin")
        self.refused("update.swu", made.flipped(newc, newc.index(b"rootfs.img\0")), "--foreign-key", pin, check="foreign.coverage")
        for data in images.values():
            self.refused("update.swu", made.flipped(newc, newc.index(data) + 20), "--foreign-key", pin, check="foreign.value",
                         says=["has another SHA-256 than the signed description gives"])
        # Behind the content of a member, and behind its name.
        for padding in (newc.index(images["rootfs.img"]) + 5001, newc.index(b"rootfs.img\0") + len(b"rootfs.img\0")):
            self.assertEqual(newc[padding], 0)
            self.refused("update.swu", made.flipped(newc, padding), "--foreign-key", pin, check="foreign.coverage",
                         says=["bytes in its padding"])
        self.refused("update.swu", newc + b"x", "--foreign-key", pin, check="foreign.coverage", says=["bytes behind the cpio archive"])
        self.judge("update.swu", newc + bytes(512), "--foreign-key", pin)
        for what, extra, check in (("unlisted", [("extra.sh", b"#!/bin/sh\n")], "foreign.coverage"),):
            with self.subTest(what):
                self.refused("update.swu", made.swupdate(self.folder, "pkcs1", "vendor", images, extra=extra),
                             "--foreign-key", pin, check=check, says=["which the signed description does not list"])
        text = made.description_of(images)
        for what, changed, listed in (
                ("lists kernel.bin, which is not there", text, {"rootfs.img": images["rootfs.img"]}),
                ("without its SHA-256", text.replace(b"sha256", b"sha1", 1), images),
                ("same name twice", text.replace(b"device", b"filename", 1), images),
                ("includes another file", b'@include "x"\n' + text, images),
                ("group without an end", text[:-4], images)):
            with self.subTest(what):
                self.refused("update.swu", made.swupdate(self.folder, "pkcs1", "vendor", listed, changed),
                             "--foreign-key", pin, check="foreign.form", says=[what])
        unsigned = made.cpio(self.folder, [("sw-description", text), *images.items()])
        self.refused("update.swu", unsigned, "--foreign-key", pin, check="foreign.form", says=["is not signed"])
        in_json = json.dumps({"software": {"version": "4.2", "images": [
            {"filename": name, "sha256": made.hashlib.sha256(data).hexdigest()} for name, data in images.items()]}}).encode()
        self.judge("update.swu", made.swupdate(self.folder, "pss", "vendor", images, in_json), "--foreign-key", pin)

    def test_mcuboot(self):
        body = noise(3000, "app")
        protected = made.tlv(0x50, (7).to_bytes(4, "little"))
        for algorithm, command in (("ecdsa", ["EC", "-pkeyopt", "ec_paramgen_curve:P-256"]),
                                   ("rsa", ["RSA", "-pkeyopt", "rsa_keygen_bits:3072"]), ("ed25519", ["ED25519"])):
            for name in ("vendor", "other"):
                made.run("openssl", "genpkey", "-algorithm", *command, "-out", self.folder / f"{algorithm}-{name}.key")
            pin = made.public_key(self.folder, f"{algorithm}-vendor")
            other = made.public_key(self.folder, f"{algorithm}-other")
            image = made.mcuboot(self.folder, f"{algorithm}-vendor", algorithm, body, protected=protected)
            self.judge("app.bin", image, "--foreign-key", pin,
                       says=["an MCUboot image", "image version 4.2.1+9", "security counter 7"])
            self.refused("app.bin", image, "--foreign-key", other, check="foreign.pin")
            self.refused("app.bin", made.flipped(image, 100), "--foreign-key", pin, check="foreign.value")
        self.refused("app.bin", made.flipped(image, 20), "--foreign-key", pin, check="foreign.value")
        self.refused("app.bin", image + b"x", "--foreign-key", pin, check="foreign.coverage", says=["bytes behind the image"])
        self.judge("app.bin", image + b"\xff" * 64, "--foreign-key", pin, says=["erased flash"])
        for what, options, check in (
                ("has no signature", {"signature": False}, "foreign.form"),
                ("is encrypted", {"flags": 4}, "foreign.form"),
                ("a record of type 74 that nobody signs", {"opened": made.tlv(0x74, bytes(16))}, "foreign.coverage")):
            with self.subTest(what):
                self.refused("app.bin", made.mcuboot(self.folder, "ed25519-vendor", "ed25519", body, **options),
                             "--foreign-key", pin, check=check, says=[what])


if __name__ == "__main__":
    main()
