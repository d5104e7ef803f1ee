# SPDX-License-Identifier: Apache-2.0
"""Pins are written by a verb, taken away by another and by a site's overlay; and the guide of the first day is run."""
import hashlib
import json
import pathlib
import shlex
import shutil
import unittest

import guide
import update_files
from foreign_case import ISSUER, SIGNED, SUBJECT, VENDOR, ForeignCase, tiny_pe

CONTENT = b"firmware of a controller\n" * 40
NOISE = b"".join(hashlib.sha256(b"%d" % number).digest() for number in range(1024))  # what does not get smaller
HOW = ("--obtained", "phone call")


class Fingerprints(ForeignCase):
    def fingerprint(self, pem):
        out = self.folder / "print.der"
        self.tool("openssl", "x509", "-in", pem, "-outform", "DER", "-out", out)
        return hashlib.sha256(out.read_bytes()).hexdigest()


class Pins(Fingerprints):
    def setUp(self):
        super().setUp()
        self.trust = self.folder / "trust.json"
        self.verify("trust", "init", self.trust, "--name", "Plant")
        self.file = self.write("fw.bin", CONTENT)

    def add(self, pin, kind, *more, code=0, vendor=VENDOR):
        return self.verify("trust", "add-foreign", self.trust, "--vendor", vendor, "--pin", pin, "--kind", kind, *more, *HOW,
                           code=code)

    def below_root(self, pin, kind, product=None, more=(), **codes):
        return self.add(pin, kind, "--anchor", self.cert("root"), "--fingerprint", self.fingerprint(self.cert("root")), "--subject",
                        SUBJECT, "--issuer", ISSUER, *(["--product", product] if product else []), *more, **codes)

    def signed(self):
        out = self.folder / "fw.bin.p7s"
        self.tool("openssl", "cms", "-sign", "-binary", "-in", self.file, "-signer", self.cert("vendor"), "-inkey",
                  self.key("vendor"), "-certfile", self.chain(), "-outform", "DER", "-out", out)
        return out

    def check(self, code, *more):
        return self.verify("check", self.file, "--foreign-signature", self.signed(), "--trust", self.trust, *more, code=code)

    def policy_json(self):
        return json.loads(self.trust.read_text("utf-8"))

    def test_added_and_removed(self):
        self.below_root("by name", "cms")
        pin, = self.policy_json()["scopes"][0]["foreign"]
        self.assertEqual((pin["name"], pin["kind"], pin["subject"], pin["issuer"], pin["anchor"]["type"]),
                         ("by name", "cms", SUBJECT, ISSUER, "ca"))
        self.assertEqual((pin["added"]["how"], pin["added"]["fingerprint"]), ("phone call", self.fingerprint(self.cert("root"))))
        self.check(0)
        before = self.trust.read_bytes()
        self.below_root("by name", "cms", code=2)  # two of one name
        self.assertEqual(self.trust.read_bytes(), before)
        vendor = self.cert("vendor")
        self.add("his own", "cms", "--anchor", vendor, "--fingerprint", self.fingerprint(vendor), "--weak-digests", "--not-after",
                 "2040-01-01T00:00:00Z")
        pins = self.policy_json()["scopes"][0]["foreign"]
        self.assertEqual((pins[1]["anchor"]["type"], pins[1]["weakDigests"], pins[1]["notAfter"]),
                         ("certificate", True, "2040-01-01T00:00:00Z"))
        self.verify("trust", "remove-foreign", self.trust, "--pin", "nobody", code=2)
        self.verify("trust", "remove-foreign", self.trust, "--pin", "by name")
        self.check(0)

    def test_a_dry_run_writes_nothing(self):
        before = self.trust.read_bytes()
        said = self.below_root("by name", "cms", "P", more=["--dry-run"])
        text = " ".join(said.out.split())
        for words in ("nothing was written", "by name", SUBJECT, ISSUER, self.fingerprint(self.cert("root")), "product P"):
            self.assertIn(words, text)
        self.assertEqual(self.trust.read_bytes(), before)
        # The command that it prints judges the file by that pin.
        command = text[text.index("cretula-verify check FILE"):]
        words = shlex.split(command)[3:]
        self.verify("check", self.file, "--foreign-signature", self.signed(), *words)
        # Neither of its words is looked into for the other, nor taken for an option.
        copy = self.folder / "x; touch pwned; y.pem"
        shutil.copy(self.cert("root"), copy)
        said = self.add("odd", "cms", "--anchor", copy, "--fingerprint", self.fingerprint(copy), "--subject", "CN={}", "--issuer", ISSUER,
                        "--product", "P", "--dry-run")
        line = " ".join(said.out.split())
        words = shlex.split(line[line.index("cretula-verify check FILE"):])
        self.assertEqual(words[3:6], ["--foreign-signer=CN={}", "--anchor", str(copy)])
        self.below_root("by name", "cms", "P")
        # What would not be written is refused as ever.
        refused = self.below_root("by name", "cms", "P", more=["--dry-run"], code=2)
        self.assertEqual(refused.out, "")
        vendor = self.cert("vendor")
        said = self.add("his own", "cms", "--anchor", vendor, "--fingerprint", self.fingerprint(vendor), "--weak-digests", "--product", "P", "--dry-run")
        self.assertIn("MD5 and SHA-1 too", said.out)
        self.assertIn("--foreign-key", said.out)
        self.add("his own", "cms", "--anchor", vendor, "--fingerprint", "0" * 64, "--dry-run", code=1)

    def test_what_names_nobody_is_not_written(self):
        root, vendor = self.cert("root"), self.cert("vendor")
        before = self.trust.read_bytes()
        fingerprint = self.fingerprint(root)
        for arguments, code in ((("--anchor", root, "--fingerprint", fingerprint), 2),  # an authority, and no publisher
                                (("--anchor", root, "--fingerprint", fingerprint, "--subject", SUBJECT), 2),
                                (("--anchor", vendor, "--fingerprint", self.fingerprint(vendor), "--subject", SUBJECT), 2),
                                (("--anchor", vendor, "--fingerprint", fingerprint), 1),  # another certificate
                                (("--anchor", vendor), 2), ((), 2)):
            with self.subTest(arguments):
                self.add("pin", "cms", *arguments, code=code)
                self.assertEqual(self.trust.read_bytes(), before)

    def test_a_key_as_its_tool_writes_it(self):
        public = update_files.minisign_keys(self.folder, "vendor")
        digest = hashlib.sha256(public.read_bytes()).hexdigest()
        self.add("loggers", "minisign", "--key", public, "--fingerprint", "0" * 64, code=1)
        self.add("loggers", "minisign", "--key", public, "--fingerprint", digest)
        signature = update_files.minisign(self.folder, "vendor", self.file, "a comment")
        result = self.verify("check", self.file, "--foreign-signature", signature, "--trust", self.trust, "--record", "r")
        self.assertIn("pinned as   loggers", result.out)
        record = json.loads((self.folder / "r" / "RECORD.json").read_text("utf-8"))
        pin, = record["how"]["policy"]["pins"]
        self.assertEqual((pin["name"], pin["kind"], pin["textSha256"]), ("loggers", "text", digest))
        self.assertEqual((pin["weakDigests"], pin["legacy"], pin["own"]), (False, False, False))

    def test_a_record_says_what_a_pin_lets_through(self):
        root = self.cert("root")
        self.add("his own", "cms", "--anchor", root, "--fingerprint", self.fingerprint(root), "--own", "--legacy")
        self.check(0, "--record", "r")
        pin, = json.loads((self.folder / "r" / "RECORD.json").read_text("utf-8"))["how"]["policy"]["pins"]
        self.assertEqual((pin["weakDigests"], pin["legacy"], pin["own"]), (False, True, True))

    def test_a_site_takes_a_pin_away(self):
        self.below_root("by name", "cms", product="P")
        self.check(0)

        def overlay(*names):
            return self.write("overlay.json", json.dumps({"cretula": "overlay/1", "name": "Site", "scopes": [
                {"vendor": VENDOR, "removeForeign": list(names)}]}).encode())
        self.assertIn("nobody is pinned", " ".join(self.check(1, "--overlay", overlay("by name")).out.split()))
        self.below_root("beside", "cms", product="Tool")
        self.assertEqual(len(self.policy_json()["scopes"]), 2)
        self.check(0, "--overlay", overlay("by name"))  # by the pin beside
        self.check(1, "--overlay", overlay("by name", "beside"))
        result = self.check(2, "--overlay", overlay("another"))
        self.assertIn("another is no pin of this scope", " ".join(result.err.split()))
        self.assertIn("#/scopes/0/removeForeign/0", result.err)

    def test_no_pin_into_a_scope_that_would_refuse_it(self):
        vendor = self.cert("vendor")

        def signer(name, role):
            self.verify("trust", "add-signer", self.trust, "--vendor", VENDOR, "--product", "P", "--signer", name, "--role", role,
                        "--anchor", vendor, "--fingerprint", self.fingerprint(vendor), *HOW)
        signer("s", "release")
        self.verify("trust", "set", self.trust, "--vendor", VENDOR, "--product", "P", "--minimum-sequence", "P=3")
        before = self.trust.read_bytes()
        refused = self.below_root("pin", "cms", product="P", code=2)
        self.assertIn("give the pins a scope of their own", " ".join(refused.err.split()))
        self.assertEqual(self.trust.read_bytes(), before)
        self.below_root("pin", "cms", product="Tool")
        self.check(0, "--product", "Tool")
        self.verify("trust", "set", self.trust, "--vendor", VENDOR, "--product", "P", "--minimum-sequence", "P=0")
        self.below_root("in it", "cms", product="P")
        self.check(0, "--product", "P")
        # The other way round: nothing into a scope of pins that would refuse what they are for.
        before = self.trust.read_bytes()
        vendor = self.cert("other")
        for words in (("set", "--minimum-sequence", "P=3"),
                      ("add-signer", "--signer", "q", "--role", "quality", "--anchor", vendor, "--fingerprint", self.fingerprint(vendor), *HOW)):
            with self.subTest(words[0]):
                refused = self.verify("trust", words[0], self.trust, "--vendor", VENDOR, "--product", "P", *words[1:], code=2)
                self.assertIn("give the pins a scope of their own", " ".join(refused.err.split()))
                self.assertEqual(self.trust.read_bytes(), before)
        self.verify("trust", "set", self.trust, "--vendor", VENDOR, "--product", "P", "--minimum-sequence", "P=0")
        self.verify("trust", "add-signer", self.trust, "--vendor", VENDOR, "--product", "P", "--signer", "r", "--role", "release",
                    "--anchor", vendor, "--fingerprint", self.fingerprint(vendor), *HOW)
        self.check(0, "--product", "P")

    def test_pins_and_signers_in_one_scope(self):
        self.below_root("by name", "cms")
        vendor = self.cert("vendor")
        self.verify("trust", "add-signer", self.trust, "--vendor", VENDOR, "--signer", "s", "--role", "release", "--anchor", vendor,
                    "--fingerprint", self.fingerprint(vendor), *HOW)
        scope, = self.policy_json()["scopes"]
        self.assertEqual((len(scope["signers"]), len(scope["foreign"])), (1, 1))
        self.verify("trust", "remove-signer", self.trust, "--signer", "s")
        scope, = self.policy_json()["scopes"]
        self.assertNotIn("signers", scope)
        self.check(0)


class FirstDay(Fingerprints):
    """docs/guides/first-day.md, as it stands."""

    def copy(self, source, name):
        shutil.copy(source, self.folder / name)
        return self.folder / name

    def sign_cms(self, name):
        self.tool("openssl", "cms", "-sign", "-binary", "-in", name, "-signer", "vendor.pem", "-inkey", self.key("vendor"), "-outform",
                  "DER", "-out", f"{name}.p7s")

    def public(self, name, *more):
        """The fingerprint of a public key in PEM: of its DER."""
        self.tool("openssl", "pkey", "-pubin", "-in", name, "-outform", "DER", "-out", "key.der", *more)
        return self.digest("key.der")

    def digest(self, name):
        return hashlib.sha256((self.folder / name).read_bytes()).hexdigest()

    def downloads(self):
        folder = self.folder
        self.write("plain.exe", tiny_pe())
        self.tool("osslsigncode", "sign", "-certs", self.cert("vendor"), "-key", self.key("vendor"), "-ac", self.chain(), "-h", "sha256",
                  "-time", SIGNED, "-in", "plain.exe", "-out", "setup.exe")
        for name in ("driver.bin", "tool.zip", "logger.bin", "router.img", "agent.deb", "legacy.bin"):
            self.write(name, name.encode() * 50)
        self.write("SHA256SUMS", f"{self.digest('tool.zip')}  tool.zip\n".encode())
        self.sign_cms("driver.bin")
        self.sign_cms("SHA256SUMS")
        update_files.minisign_keys(folder, "logger")
        self.copy(update_files.minisign(folder, "logger", folder / "logger.bin", "logger"), "logger.bin.minisig")
        signature, _ = update_files.signify(folder, "router", folder / "router.img")
        self.copy(signature, "router.img.sig")
        gpg = update_files.Gpg()
        self.addCleanup(gpg.close)
        self.write("agent.asc", gpg.key("agent"))
        self.write("agent.deb.asc", gpg.signed("agent", folder / "agent.deb", "--armor"))
        update_files.certificate(folder, "devices", "/O=Example/CN=Example Devices")
        self.write("plc.raucb", update_files.rauc(folder, "plc", "verity", NOISE, "devices"))
        update_files.rsa_key(folder, "panel")
        self.write("panel.swu", update_files.swupdate(folder, "pkcs1", "panel", {"rootfs.img": CONTENT}))
        update_files.run("openssl", "genpkey", "-algorithm", "ED25519", "-out", folder / "meter.key")
        update_files.public_key(folder, "meter")
        self.write("meter.bin", update_files.mcuboot(folder, "meter", "ed25519", CONTENT))

    def test_the_guide(self):
        for name, of in (("public-root.pem", "root"), ("vendor.pem", "vendor"), ("somebody.pem", "other")):
            self.copy(self.cert(of), name)
        self.downloads()
        plant = pathlib.Path(self.own_keys("plant"))
        for part in ("key", "cert"):
            if not (self.folder / f"plant.{part}.pem").exists():
                self.copy(f"{plant}.{part}.pem", f"plant.{part}.pem")
        commands = guide.run(self, "docs/guides/first-day.md", {
            "ROOT": self.fingerprint("public-root.pem"), "VENDOR": self.fingerprint("vendor.pem"), "LOGGER": self.digest("logger.pub"),
            "ROUTER": self.digest("router.pub"), "AGENT": self.digest("agent.asc"), "DEVICES": self.fingerprint("devices.pem"),
            "PANEL": self.public("panel.pub.pem"), "METER": self.public("meter.pub.pem")}, seconds=240)
        self.assertGreater(len(commands), 5)
        shown = self.verify("journal", "show", "journal").out
        self.assertEqual(shown.count("ACCEPTED"), 9, shown)
        self.assertEqual(shown.count("REFUSED"), 1, shown)
        record = json.loads((self.folder / "change-4711" / "RECORD.json").read_text("utf-8"))
        self.assertEqual(record["what"]["foreign"]["pin"], "meters")


if __name__ == "__main__":
    unittest.main()
