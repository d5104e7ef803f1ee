# SPDX-License-Identifier: Apache-2.0
"""Lists of hashes and detached CMS beside a file: what they prove, and that nobody unpinned is believed."""
import hashlib
import json
import unittest

from foreign_case import AT, SIGNED, ForeignCase, ISSUER, PRODUCT, SUBJECT, VENDOR, tiny_pe

DATA = b"firmware of a controller\n" * 40


class HashLists(ForeignCase):
    def setUp(self):
        super().setUp()
        self.file = self.write("fw 1.bin", DATA)
        self.sha256 = hashlib.sha256(DATA).hexdigest()
        self.md5 = hashlib.md5(DATA).hexdigest()

    def cms(self, path, by="vendor", *more):
        out = self.folder / f"{path.name}.p7s"
        self.tool("openssl", "cms", "-sign", "-binary", "-in", path, "-signer", self.cert(by), "-inkey", self.key(by),
                  "-outform", "DER", "-out", out, *more)
        return out

    def listed(self, text, code, says, **more):
        """Judged by a list that the pinned vendor signed."""
        path = self.write("SUMS", text if isinstance(text, bytes) else text.encode())
        trust = self.policy(self.pin("cms", **more))
        self.judge(self.file, "--foreign-signature", path, "--foreign-signature", self.cms(path), trust=trust, code=code,
                   says=says)

    def test_every_form_of_a_list_is_read(self):
        sha256, upper = self.sha256, self.sha256.upper()
        pairs = " ".join(sha256[at:at + 2] for at in range(0, 64, 2))
        table = f"Algorithm       Hash\r\n---------       ----\r\nSHA256          {upper}       C:\\in\\fw 1.bin\r\n"
        forms = [f"{sha256}  fw 1.bin\n", f"{sha256} *fw 1.bin\n", f"{sha256} *./in/fw 1.bin\n",
                 f"SHA256 (fw 1.bin) = {sha256}\n", f"SHA2-256(fw 1.bin)= {sha256}\n", sha256, pairs, pairs.upper(),
                 pairs.replace(" ", ":"), b"\xff\xfe" + table.encode("utf-16-le"), b"\xef\xbb\xbf" + table.encode(),
                 f"SHA256 hash of file fw 1.bin:\r\n{sha256}\r\nCertUtil: -hashfile command completed successfully.\r\n",
                 f"SHA256 hash of fw 1.bin:\n{pairs}\n", f"{sha256}\xa0 fw 1.bin\n"]
        for form in forms:
            with self.subTest(form=form):
                self.listed(form, 0, ["hash-list", "The file is the one whose digest stands in the list."])

    def test_trust_show_names_whose_files_count(self):
        """Whoever reads a policy sees all whom it trusts."""
        named = self.pin("cms", name="by name")
        key = {"name": "by key", "kind": "minisign", "key": "RWSfixture", "legacy": True}
        own = {**self.pin("rauc", name="own authority", own=True, weakDigests=True)}
        del own["subject"], own["issuer"]
        trust = self.policy(named, key, own)
        short = " ".join(self.verify("trust", "show", trust).out.split())
        self.assertIn("; files of other formats by by name (cms), by key (minisign), own authority (rauc)", short)
        whole = " ".join(self.verify("trust", "show", trust, "--verbose").out.split())
        for words in ("by name (cms): the signer of this name below this CA", f"subject {named['subject']}",
                      "by key (minisign): exactly this key", "key RWSfixture", "old forms of the format count",
                      "own authority (rauc): any signer below this CA", "weak digests count, and are named"):
            self.assertIn(words, whole)

    def test_a_list_that_nobody_signed_proves_no_vendor(self):
        path = self.write("SUMS", f"{self.sha256}  fw 1.bin\n".encode())
        self.judge(self.file, "--foreign-signature", path, trust=self.policy(self.pin("cms")), code=1,
                   says="nobody pinned signed the list")
        self.judge(self.file, "--foreign-signature", path, "--foreign-signature", self.cms(path, "other"),
                   trust=self.policy(self.pin("cms")), code=1, says="not by anybody who is pinned")
        self.judge(self.file, "--foreign-signature", path, "--foreign-signature", self.cms(self.file),
                   trust=self.policy(self.pin("cms")), code=1, says="the signature of the hash list")

    def test_what_does_not_match_is_refused(self):
        wrong = self.sha256[:-1] + ("0" if self.sha256[-1] != "0" else "1")
        self.listed(f"{wrong}  fw 1.bin\n", 1, "is not that of the list")
        self.listed(f"{self.sha256}  other.bin\n{wrong} x\n", 1, "does not name fw 1.bin")
        self.listed(f"{self.sha256}  fw 1.bin\n{wrong}  fw 1.bin\n", 1, "two different digests")
        self.listed(f"{self.sha256}  fw 1.bin\n{'0' * 32}  fw 1.bin\n", 1, "the md5 of the file is not that")
        # A line that is not understood may name another file: the digest behind it is nobody's.
        self.listed(f"SHA256-Hash von other.bin:\n{self.sha256}\n", 1, "does not name fw 1.bin")

    def test_weak_digests_are_refused_unless_the_pin_lets_them_count(self):
        self.listed(f"{self.md5}  fw 1.bin\n", 1, "MD5 in the hash list")
        self.listed(f"{self.md5}  fw 1.bin\n", 0, "MD5 in the hash list", weakDigests=True)
        self.listed(f"{self.md5}  fw 1.bin\n{self.sha256}  fw 1.bin\n", 0, "sha256")
        self.listed(f"{'deadbeef'}  fw 1.bin\n", 1, "no digest of fw 1.bin that proves anything")

    def test_detached_cms(self):
        trust = self.policy(self.pin("cms"))
        signature = self.cms(self.file)
        self.judge(self.file, "--foreign-signature", signature, trust=trust, says=["cms by CN=Example Controls"])
        self.judge(self.file, "--foreign-signature", self.cms(self.file, "other"), trust=trust, code=1,
                   says="not by anybody who is pinned")
        self.cms(self.file)
        for at in (0, len(DATA) - 1):
            changed = bytearray(DATA)
            changed[at] ^= 1
            self.write("changed.bin", bytes(changed))
            self.judge(self.folder / "changed.bin", "--foreign-signature", signature, trust=trust, code=1,
                       says="its messageDigest is another one")
        # The octets of another structure, whose signature was taken from it: nobody signed them as a file.
        other_type = self.cms(self.file, "vendor", "-econtent_type", "1.3.6.1.4.1.311.2.1.4")
        self.judge(self.file, "--foreign-signature", other_type, trust=trust, code=1, says="not over data, but over a structure")
        signature = self.cms(self.file)
        for more, says in (({"minimumSequence": [{"product": PRODUCT, "sequence": 100}]}, "asks for a sequence"),
                           ({"roles": [{"role": "owner", "signers": ["plant"]}],
                             "signers": [{"name": "plant", "anchor": {"type": "ca", "pem": self.pem("root")}}]},
                            "in the role owner besides")):
            value = json.loads(self.policy(self.pin("cms")).read_text("utf-8"))
            value["scopes"][0].update(more)
            demanding = self.folder / "demanding.json"
            demanding.write_text(json.dumps(value), "utf-8")
            self.judge(self.file, "--foreign-signature", signature, trust=demanding, code=1, says=says)
        ended = self.policy(self.pin("cms", notAfter="2024-01-01T00:00:00Z"))
        self.judge(self.file, "--foreign-signature", signature, trust=ended, code=1, says="nobody is pinned")
        trust = self.policy(self.pin("cms"))
        longer = self.write("longer.p7s", signature.read_bytes() + b"\0")
        self.judge(self.file, "--foreign-signature", longer, trust=trust, code=1)
        bare = self.cms(self.file, "vendor", "-noattr")
        self.judge(self.file, "--foreign-signature", bare, trust=trust, code=1, says="has no signed attributes")
        attached = self.folder / "attached.p7s"
        self.tool("openssl", "cms", "-sign", "-binary", "-nodetach", "-in", self.file, "-signer", self.cert("vendor"),
                  "-inkey", self.key("vendor"), "-outform", "DER", "-out", attached)
        self.judge(self.file, "--foreign-signature", attached, trust=trust, code=1)

    def test_what_was_given_and_not_judged_is_named(self):
        """One proof is judged; nobody shall think that the other one was, least of all where it is broken."""
        trust = self.policy(self.pin("cms"))
        signature, junk = self.cms(self.file), self.write("fw.minisig", b"nothing of the kind\n")
        unused = "and was not judged: what was proved rests on"
        alone = self.judge(self.file, "--foreign-signature", signature, trust=trust)
        self.assertNotIn(unused, " ".join(alone.out.split()))
        self.judge(self.file, "--foreign-signature", signature, "--foreign-signature", junk, trust=trust,
                   says=["it was given beside the file,", f"{unused} {signature.name}", "where: fw.minisig"])
        # A list and its signature are both judged; what lies beside them is not.
        listed = self.write("SUMS", f"{self.sha256}  fw 1.bin\n".encode())
        both = ("--foreign-signature", listed, "--foreign-signature", self.cms(listed))
        whole = self.judge(self.file, *both, trust=trust)
        self.assertNotIn(unused, " ".join(whole.out.split()))
        self.judge(self.file, *both, "--foreign-signature", junk, trust=trust, says=[f"{unused} SUMS", "where: fw.minisig"])
        self.verify("check", self.file, *both, "--foreign-signature", junk, "--trust", trust, "--record", "unused", "--at", AT)
        self.verify("record", "show", "unused/RECORD.json")
        checks = json.loads((self.folder / "unused" / "RECORD.json").read_text("utf-8"))["result"]["checks"]
        self.assertEqual([one["result"] for one in checks if one["check"] == "foreign.form"], ["PASS", "WARN"])
        # Nor what lies beside a program that carries its own.
        self.write("plain.exe", tiny_pe())
        self.tool("osslsigncode", "sign", "-certs", self.cert("vendor"), "-key", self.key("vendor"), "-ac", self.chain(), "-h", "sha256", "-time",
                  SIGNED, "-in", "plain.exe", "-out", "signed.exe")
        self.judge(self.folder / "signed.exe", "--foreign-signature", junk, trust=self.policy(self.pin("authenticode")),
                   says=[f"{unused} the signature inside of the file", "where: fw.minisig"])

    def test_certificates_that_ended(self):
        trust = self.policy(self.pin("cms"))
        signature = self.cms(self.file, "ended")
        self.judge(self.file, "--foreign-signature", signature, trust=trust, code=1, says="expired")
        self.judge(self.file, "--foreign-signature", signature, trust=trust, at="2025-06-01T00:00:00Z")

    def test_the_command_line_pins_too(self):
        signature = self.cms(self.file)
        beside = ("--foreign-signature", signature)
        self.judge(self.file, *beside, "--foreign-key", self.cert("vendor"))
        self.judge(self.file, *beside, "--foreign-key", self.cert("other"), code=1, says="not by anybody")
        root = self.cert("root")
        self.judge(self.file, *beside, "--anchor", root, code=1, says="nobody is pinned whose signature would count")
        self.verify("check", self.file, *beside, "--foreign-signer", "CN=Example Controls,O=Example", code=2)
        self.verify("check", self.file, *beside, "--foreign-key", self.cert("vendor"), "--trust", "x", code=2)

    def test_product_and_expectations(self):
        trust = self.policy(self.pin("cms"))
        beside = ("--foreign-signature", self.cms(self.file))
        self.judge(self.file, *beside, "--product", PRODUCT, "--vendor", VENDOR, trust=trust)
        self.judge(self.file, *beside, "--product", "Another", trust=trust, code=1, says="nobody is pinned")
        self.judge(self.file, *beside, "--vendor", "Another", trust=trust, code=1, says="nobody is pinned")
        self.judge(self.file, *beside, "--hardware", "X:1", trust=trust, code=1, says="--hardware asks what")
        self.judge(self.file, *beside, "--expect-identity", self.sha256, trust=trust)
        self.judge(self.file, *beside, "--expect-identity", "0" * 64, trust=trust, code=1, says="another file")

    def test_pins_that_name_nobody_are_refused(self):
        for change, says in (({"subject": None}, "subject and issuer"), ({"issuer": None}, "subject and issuer"),
                             ({"anchor": None}, "neither an anchor nor a key"), ({"key": "x"}, "an anchor and a key"),
                             ({"anchor": {"type": "certificate", "pem": self.pem("vendor")}}, "key or a certificate")):
            pin = {key: value for key, value in {**self.pin("cms"), **change}.items() if value is not None}
            with self.subTest(change=change):
                result = self.verify("check", self.file, "--trust", self.policy(pin), code=2)
                self.assertIn(says, " ".join(result.err.split()))
        nobody = self.policy(self.pin("cms"), scopes=[{"vendor": VENDOR, "products": ["*"]}])
        self.assertIn("names nobody", self.verify("check", self.file, "--trust", nobody, code=2).err)

    def test_record_and_journal(self):
        trust = self.policy(self.pin("cms"))
        self.verify("check", self.file, "--trust", trust, "--foreign-signature", self.cms(self.file), "--journal", "j",
                    "--record", "r", "--report", "r.html")
        record = json.loads((self.folder / "r" / "RECORD.json").read_text("utf-8"))
        self.assertEqual(record["what"]["identity"], self.sha256)
        self.assertEqual(record["what"]["foreign"]["proof"]["kind"], "cms")
        self.assertEqual(record["what"]["foreign"]["vendor"], VENDOR)
        pinned, = record["how"]["policy"]["pins"]  # what vouches stands in the record, though no anchor of releases does
        self.assertEqual(record["how"]["policy"]["anchors"], [])
        self.assertEqual((pinned["name"], pinned["vendor"], pinned["pins"], pinned["kind"], pinned["subject"], pinned["issuer"]),
                         (record["what"]["foreign"]["pin"], VENDOR, "cms", "ca", SUBJECT, ISSUER))
        self.assertRegex(pinned["sha256"], "^[0-9a-f]{64}$")
        self.verify("record", "verify", "r/RECORD.json", "--journal", "j")
        self.verify("journal", "verify", "j")
        edited = (self.folder / "r" / "RECORD.json").read_text("utf-8").replace(
            '"check": "foreign.pin",\n        "result": "PASS"', '"check": "foreign.pin",\n        "result": "WARN"')
        self.write("edited.json", edited.encode())
        self.assertIn("contradicts itself", self.verify("record", "show", "edited.json", code=(1, 2, 3)).err)


if __name__ == "__main__":
    unittest.main()
