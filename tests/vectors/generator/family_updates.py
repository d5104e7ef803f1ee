# SPDX-License-Identifier: Apache-2.0
"""Updates in vendors' own formats, signed by the formats' own tools: minisign, signify, gpg, rauc, cpio with openssl, osslsigncode; MCUboot's by a writer of ours."""
import base64
import pathlib
import tempfile

import update_files as made
import updates_authenticode
import updates_lists
import updates_programs
from store import File, Plan

AT = ("--at", "2026-12-01T00:00:00Z")
PIN, VALUE, FORM, COVERAGE, STRENGTH = (f"foreign.{name}" for name in ("pin", "value", "form", "coverage", "strength"))


def noise(size, seed):
    return made.hashlib.shake_256(seed.encode()).digest(size)


def beside(file, side, key):
    """A file, what lies beside it, and the key that is pinned."""
    return lambda: [File("bin", file), *AT, "--foreign-signature", File("sig", side), "--foreign-key", File("key", key)]


def inside(ending, file, key):
    return lambda: [File(ending, file), *AT, "--foreign-key", File("pem", key)]


def minisign_plans(folder):
    file = folder / "firmware.bin"
    file.write_bytes(made.FIRMWARE)
    key, other = (made.minisign_keys(folder, name).read_bytes() for name in ("vendor", "other"))
    side = made.minisign(folder, "vendor", file, "firmware.bin, version 4.2").read_bytes()
    legacy = made.minisign(folder, "vendor", file, "firmware.bin, version 4.2", "-l").read_bytes()
    yield Plan("minisign-good", "a signature of minisign with the pinned key", beside(made.FIRMWARE, side, key))
    lines = side.splitlines(True)
    for name, about, words, check in (
            ("other-key", "another key is pinned", (made.FIRMWARE, side, other), PIN),
            ("file-flipped", "one bit of the file", (made.flipped(made.FIRMWARE, 7), side, key), VALUE),
            ("file-longer", "the file has a byte more", (made.FIRMWARE + b"\n", side, key), VALUE),
            ("comment", "the trusted comment was edited", (made.FIRMWARE, side.replace(b"4.2", b"4.3"), key), VALUE),
            ("comment-taken", "the trusted comment was taken away", (made.FIRMWARE, b"".join(lines[:2]), key), FORM),
            ("tail", "a line behind the signature", (made.FIRMWARE, side + b"more\n", key), FORM),
            ("legacy", "the older form, which the pin does not let count", (made.FIRMWARE, legacy, key), STRENGTH)):
        yield Plan(f"minisign-{name}", about, beside(*words), 1, check, like="minisign-good")
    side, key = (path.read_bytes() for path in made.signify(folder, "bsd", file))
    yield Plan("signify-good", "a signature of signify with the pinned key", beside(made.FIRMWARE, side, key))
    lines = side.splitlines(True)
    value = lines[1].strip()
    for name, about, words, check in (
            ("other-key", "another key is pinned", (made.FIRMWARE, side, made.signify(folder, "bsd2", file)[1].read_bytes()), PIN),
            ("value", "one bit of the signature's value", (made.FIRMWARE, lines[0] + base64.b64encode(
                made.flipped(base64.b64decode(value), 73)) + b"\n", key), VALUE),
            ("file-longer", "the file has a byte more", (made.FIRMWARE + b"\n", side, key), VALUE),
            ("tail", "a line behind the signature", (made.FIRMWARE, side + b"more\n", key), FORM)):
        yield Plan(f"signify-{name}", about, beside(*words), 1, check, like="signify-good")
    yield Plan("signify-flipped", "one bit of the file", beside(made.flipped(made.FIRMWARE, 7), side, key), 1, VALUE, like="signify-good")


def openpgp_plans(folder):
    gpg = made.Gpg()
    try:
        file = folder / "firmware.bin"
        file.write_bytes(made.FIRMWARE)
        keys = {name: gpg.key(name, kind) for name, kind in (("vendor", "ed25519"), ("other", "nistp256"), ("large", "rsa3072"))}
        sides = {name: gpg.signed(name, file) for name in keys}
        for name, side in sides.items():
            yield Plan(f"openpgp-good-{name}", f"a detached signature by the pinned key ({name})", beside(made.FIRMWARE, side, keys[name]))
        good, key = sides["vendor"], keys["vendor"]
        for name, about, words, check in (
                ("other-key", "another key is pinned", (made.FIRMWARE, good, keys["other"]), PIN),
                ("file-flipped", "one bit of the file", (made.flipped(made.FIRMWARE, 7), good, key), VALUE),
                ("value", "the last bit of the signature", (made.FIRMWARE, made.flipped(good, len(good) - 1), key), VALUE),
                ("tail", "a byte behind the signature", (made.FIRMWARE, good + b"\0", key), FORM),
                ("sha1", "over SHA-1", (made.FIRMWARE, gpg.signed("vendor", file, "--digest-algo", "SHA1"), key), STRENGTH),
                ("text", "a text signature", (made.FIRMWARE, gpg.signed("vendor", file, "--textmode"), key), STRENGTH)):
            yield Plan(f"openpgp-{name}", about, beside(*words), 1, check, like="openpgp-good-vendor")
    finally:
        gpg.close()


def rauc_plans(folder):
    key, other = (made.certificate(folder, name, f"/CN={name}").read_bytes() for name in ("vendor", "other"))
    for form in ("plain", "verity"):
        bundle = made.rauc(folder, form, form, noise(9000, form))
        payload = len(bundle) - 8 - int.from_bytes(bundle[-8:], "big")
        good = f"rauc-{form}-good"
        yield Plan(good, f"a bundle of the form {form} by the pinned certificate", inside("raucb", bundle, key))
        yield Plan(f"rauc-{form}-other-key", "another certificate is pinned", inside("raucb", bundle, other), 1, PIN, like=good)
        flips = [("first", 100), ("last", payload - 1)] + ([("tree", payload - 4096)] if form == "verity" else [])
        for name, offset in flips:
            yield Plan(f"rauc-{form}-{name}", f"one bit at byte {offset}", inside("raucb", made.flipped(bundle, offset), key), 1, VALUE, like=good)


def swupdate_plans(folder):
    images = {"rootfs.img": noise(601, "rootfs"), "kernel.bin": noise(300, "kernel")}
    key = made.rsa_key(folder, "vendor").read_bytes()
    other = made.rsa_key(folder, "other").read_bytes()
    text = made.description_of(images)
    for scheme in ("pkcs1", "pss"):
        yield Plan(f"swupdate-{scheme}-good", f"an image signed with RSA, {scheme}",
                   inside("swu", made.swupdate(folder, scheme, "vendor", images, form="newc"), key))
    good = made.swupdate(folder, "pkcs1", "vendor", images, form="newc")
    for name, about, words, check in (
            ("other-key", "another key is pinned", (good, other), PIN),
            ("description", "one bit of the description", (made.flipped(good, good.index(b"version")), key), PIN),
            ("image", "one bit of a file", (made.flipped(good, good.index(images["kernel.bin"])), key), VALUE),
            ("padding", "one bit of the padding", (made.flipped(good, good.index(images["rootfs.img"]) + 601), key), COVERAGE),
            ("tail", "a byte behind the archive", (good + b"x", key), COVERAGE),
            ("unlisted", "a file that is not listed", (made.swupdate(folder, "pkcs1", "vendor", images, form="newc", extra=[("x", b"x")]), key), COVERAGE),
            ("missing", "a listed file is not there",
             (made.swupdate(folder, "pkcs1", "vendor", {"kernel.bin": images["kernel.bin"]}, text, form="newc"), key), FORM),
            ("no-digest", "a file is listed without SHA-256", (made.swupdate(folder, "pkcs1", "vendor", images, text.replace(b"sha256", b"sha1", 1)), key), FORM),
            ("unsigned", "the signature was taken out", (made.cpio(folder, [("sw-description", text), *images.items()], "newc"), key), FORM)):
        yield Plan(f"swupdate-{name}", about, inside("swu", *words), 1, check, like="swupdate-pkcs1-good")


def mcuboot_plans(folder):
    body, counter = noise(300, "app"), made.tlv(0x50, bytes([7, 0, 0, 0]))
    keys = {}
    for name in ("vendor", "other"):
        made.run("openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", folder / f"{name}.key")
        keys[name] = made.public_key(folder, name).read_bytes()
    key = keys["vendor"]

    def image(**options):
        return made.mcuboot(folder, "vendor", "ecdsa", body, protected=counter, **options)
    good = image()
    yield Plan("mcuboot-good", "an image signed with ECDSA by the pinned key", inside("bin", good, key))
    yield Plan("mcuboot-erased", "erased flash behind it", inside("bin", good + b"\xff" * 16, key), like="mcuboot-good")
    for name, about, words, check in (
            ("other-key", "another key is pinned", (good, keys["other"]), PIN),
            ("version", "one bit of the version", (made.flipped(good, 20), key), VALUE),
            ("body", "one bit of the body", (made.flipped(good, 40), key), VALUE),
            ("counter", "one bit of the protected records", (made.flipped(good, 32 + 300 + 9), key), VALUE),
            ("tail", "a byte behind it", (good + b"x", key), COVERAGE),
            ("record", "a record that nobody signs", (image(opened=made.tlv(0x74, bytes(4))), key), COVERAGE),
            ("encrypted", "the flag of an encrypted image", (image(flags=4), key), FORM),
            ("unsigned", "a digest, and no signature", (image(signature=False), key), FORM)):
        yield Plan(f"mcuboot-{name}", about, inside("bin", *words), 1, check, like="mcuboot-good")


def plans():
    for part in (minisign_plans, openpgp_plans, rauc_plans, swupdate_plans, mcuboot_plans, *updates_authenticode.PARTS, *updates_programs.PARTS, *updates_lists.PARTS):
        with tempfile.TemporaryDirectory() as place:
            yield from list(part(pathlib.Path(place)))
