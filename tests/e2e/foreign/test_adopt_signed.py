# SPDX-License-Identifier: Apache-2.0
"""adopt verifies the vendor's own signature, and puts what it proves into the archive."""
import hashlib
import json
import unittest

import harness
from foreign_case import ForeignCase
from harness import KEYS, SOURCE

DATA = b"firmware of a controller\n" * 40


class AdoptSigned(ForeignCase):
    def setUp(self):
        super().setUp()
        self.file = self.write("fw.bin", DATA)
        self.sums = self.write("SUMS", f"{hashlib.sha256(DATA).hexdigest()}  fw.bin\n".encode())
        self.signature = self.folder / "fw.bin.p7s"
        self.tool("openssl", "cms", "-sign", "-binary", "-in", self.file, "-signer", self.cert("vendor"), "-inkey",
                  self.key("vendor"), "-outform", "DER", "-out", self.signature)

    def adopt(self, *arguments, code=0, files=None):
        return self.sign("adopt", *(files or [self.file]), "--vendor", "Example Controls", "--product", "P", "--release", "1",
                         "--sequence", "1", "--source", "s", "--medium", "m", "--key", KEYS / "owner.key.pem", "--cert",
                         KEYS / "owner.cert.pem", "--allow-example-keys", "--out", "a.tar", "--force", *arguments, code=code)

    def result(self):
        manifest = json.loads(harness.read_member(self.folder / "a.tar", "MANIFEST.json"))
        return {one["file"]: one["result"] for one in manifest["adoption"]["foreignSignatures"]}

    def test_what_was_proved_goes_into_the_archive(self):
        self.adopt("--foreign-signature", self.signature, "--foreign-key", self.cert("vendor"))
        text = self.result()["fw.bin.p7s"]
        for word in ("a detached CMS signature", "CN=Example Controls,O=Example", hashlib.sha256(DATA).hexdigest(), "Not proved:"):
            self.assertIn(word, text)

    def test_a_list_of_hashes_needs_a_signature_or_a_published_digest(self):
        published = ("--published-sha256", hashlib.sha256(DATA).hexdigest())
        self.adopt("--foreign-signature", self.sums, *published)
        self.assertIn("nobody pinned signed the list", self.result()["SUMS"])
        refused = self.adopt("--foreign-signature", self.sums, "--foreign-key", self.cert("vendor"), code=1)
        self.assertIn("nobody pinned signed the list", " ".join(refused.err.split()))
        wrong = self.write("WRONG", f"{'0' * 64}  fw.bin\n".encode())
        self.adopt("--foreign-signature", wrong, *published, code=1)

    def test_refused_is_not_signed(self):
        for arguments, code in ((("--foreign-signature", self.signature, "--foreign-key", self.cert("other")), 1),
                                (("--foreign-key", self.cert("vendor")), 1),
                                (("--foreign-signature", self.signature), 2)):
            with self.subTest(arguments):
                self.adopt(*arguments, code=code)
                self.assertFalse((self.folder / "a.tar").exists())
        self.write("fw.bin", DATA + b"x")
        self.adopt("--foreign-signature", self.signature, "--foreign-key", self.cert("vendor"), code=1)
        self.adopt("--foreign-signature", self.signature, "--foreign-key", self.cert("vendor"), files=[self.file, self.sums], code=2)

    def scoped(self, *scopes):
        """Adopts by a policy of these scopes: (vendor, product, whose certificate, what else the scope asks)."""
        return self.policy(scopes=[{"vendor": vendor, "products": [product], "foreign": [
            {"name": f"pin {number}", "kind": "cms", "anchor": {"type": "certificate", "pem": self.pem(whose)}}], **more}
            for number, (vendor, product, whose, more) in enumerate(scopes)])

    def test_a_pin_counts_for_its_own_vendor_and_product(self):
        signed = ("--foreign-signature", self.signature, "--foreign-trust")
        for scopes in ([("Somebody", "P", "vendor", {})], [("Example Controls", "Other", "vendor", {})],
                       [("Example Controls", "P", "other", {}), ("Somebody", "*", "vendor", {})]):
            with self.subTest(scopes):
                refused = self.adopt(*signed, self.scoped(*scopes), code=1)
                self.assertIn("pinned", refused.err)
                self.assertFalse((self.folder / "a.tar").exists())
        self.adopt(*signed, self.scoped(("Somebody", "P", "other", {}), ("Example Controls", "P", "vendor", {})))
        self.assertIn("pinned as pin 1 for Example Controls", self.result()["fw.bin.p7s"])
        (self.folder / "a.tar").unlink()
        self.adopt(*signed, self.scoped(("Example Controls", "P", "vendor", {})), "--set", "product.vendor=Somebody", code=1)
        self.assertFalse((self.folder / "a.tar").exists())

    def test_what_a_scope_asks_besides_refuses(self):
        trust = self.scoped(("Example Controls", "P", "vendor", {"minimumSequence": [{"product": "P", "sequence": 1}]}))
        refused = self.adopt("--foreign-signature", self.signature, "--foreign-trust", trust, code=1)
        self.assertIn("a scope of their own", " ".join(refused.err.split()))
        self.assertFalse((self.folder / "a.tar").exists())
        for role, code in (("quality", 1), ("owner", 0)):  # an owner's signature is what adopting adds
            trust = self.scoped(("Example Controls", "P", "vendor", {
                "signers": [{"name": "s", "anchor": {"type": "certificate", "pem": self.pem("other")}}],
                "roles": [{"role": role, "signers": ["s"], "threshold": 1}]}))
            with self.subTest(role):
                self.adopt("--foreign-signature", self.signature, "--foreign-trust", trust, code=code)

    def test_every_kind(self):
        """What check takes, adopt takes by the same rules: each kind once, and once as it was changed."""
        folder = SOURCE / "tests" / "vectors"
        vectors = {one["id"]: one for one in json.loads((folder / "index.json").read_text("utf-8"))["vectors"]}
        for good, bad, says in (("pe-good-key", "pe-section", "an Authenticode signature of a PE file"), ("msi-good", "msi-content", "installer package"),
                                ("cab-good", "cab-content", "cabinet"), ("cat-good", "cat-absent", "catalogue"),
                                ("cms-good-key", "cms-file-flipped", "a detached CMS signature"), ("minisign-good", "minisign-file-flipped", "minisign"),
                                ("signify-good", "signify-flipped", "signify"), ("openpgp-good-vendor", "openpgp-file-flipped", "OpenPGP"),
                                ("rauc-plain-good", "rauc-plain-last", "RAUC"), ("rauc-verity-good", "rauc-verity-tree", "RAUC"),
                                ("swupdate-pkcs1-good", "swupdate-image", "SWUpdate"), ("mcuboot-good", "mcuboot-body", "MCUboot")):
            key = None
            for name, code in ((good, 0), (bad, 1)):
                words = [one if isinstance(one, str) else str(folder / "verdicts" / one["file"]) for one in vectors[name]["arguments"]]
                file, rest = words[0], words[3:]
                pinned = "--foreign-trust" if "--trust" in rest else "--foreign-key"
                rest = [{"--trust": "--foreign-trust"}.get(one, one) for one in rest]
                if pinned == "--foreign-trust":  # the changed one is asked by the key of the good one, as the policy is of another vendor
                    at = rest.index(pinned)
                    rest[at:at + 2] = ["--foreign-key", key]
                key = rest[rest.index("--foreign-key") + 1]
                with self.subTest(name):
                    (self.folder / "a.tar").unlink(missing_ok=True)
                    done = self.adopt(*rest, files=[file], code=code)
                    self.assertEqual((self.folder / "a.tar").exists(), code == 0, done)
                    if code == 0:
                        self.assertIn(says.lower(), " ".join(self.result().values()).lower())
                    else:
                        self.assertIn(vectors[name]["expect"]["reason"][:60], " ".join((done.out + done.err).split()))


if __name__ == "__main__":
    unittest.main()
