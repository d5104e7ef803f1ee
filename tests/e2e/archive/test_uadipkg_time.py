# SPDX-License-Identifier: Apache-2.0
"""OPC UA packages that outlive their signers' certificates: a token from the export on, or later, of the author's signature
or an approval's; judged as for archives, read by openssl, and refused where it proves nothing."""
import hashlib
import pathlib
import shutil
import subprocess

import der
from harness import KEYS, ROOT_CERT, main, noise
from package_case import EXAMPLE, URI, Entry, Packages, listing, members_of, reference, write_zip, TYPE
from time_case import BEFORE, LATER, TimeCase

SIGNATURE = "META-INF/signature001.p7s"
LIST = "META-INF/ASiCManifest001.xml"
APPROVAL = "META-INF/signature002.p7s"
TOKEN_ATTRIBUTE = bytes.fromhex("060b2a864886f70d010910020e")


class PackageTime(TimeCase, Packages):
    def make_all(self):
        """In cls.shared: ca and signer, bare.uadipkg with its request, stamped.uadipkg."""
        shared = self.shared
        for name, section, signer in (("ca", "root", "-selfsign"), ("signer", "leaf", None)):
            self.issue(name, section, signer)
        (shared / "fw").write_bytes(noise(300, "fw"))
        description = self.description([("fw", {"role": "firmware"})], folder=shared, manufacturer={"name": "V", "uri": URI})
        own = ["--key", shared / "signer.key.pem", "--cert", shared / "signer.cert.pem"]
        self.sign("pack", description, *own, "--out", shared / "r.tar")
        type(self).told = self.sign("export", "uadipkg", shared / "r.tar", *own, "--out", shared / "bare.uadipkg",
                                   "--timestamp-request", shared / "bare.tsq", "--json").json()
        shutil.copy(shared / "bare.uadipkg", shared / "stamped.uadipkg")
        self.answer(shared / "bare.tsq", shared / "bare.tsr")
        self.sign("timestamp", shared / "stamped.uadipkg", "--response", shared / "bare.tsr", EXAMPLE)

    def copy(self, name="bare.uadipkg"):
        shutil.copy(self.shared / name, self.folder / "copy.uadipkg")
        return self.folder / "copy.uadipkg"

    def approved(self, package, key="owner"):
        self.sign("endorse", package, "--key", KEYS / f"{key}.key.pem", "--cert", KEYS / f"{key}.cert.pem", EXAMPLE)
        return package

    @staticmethod
    def digits(key):
        text = subprocess.run(["openssl", "x509", "-in", KEYS / f"{key}.cert.pem", "-noout", "-pubkey"], check=True, capture_output=True).stdout
        done = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "DER"], input=text, check=True, capture_output=True).stdout
        return hashlib.sha256(done).hexdigest()[:16]

    def parts(self, package, number="001"):
        """List, signature, its value and its token as files, by openssl's and Python's readers."""
        members = dict(members_of(package))
        names = [self.folder / name for name in ("list.xml", "s.p7s", "value", "token")]
        names[0].write_bytes(members[f"META-INF/ASiCManifest{number}.xml"])
        names[1].write_bytes(members[f"META-INF/signature{number}.p7s"])
        info = der.parse(names[1].read_bytes())[1][0][-1][0]
        if info.content[-1].tag == 0xa1:
            names[3].write_bytes(info.content[-1].content[0].content[1].content[0].encode())
            names[2].write_bytes(info.content[-2].content)
        else:
            names[2].write_bytes(info.content[-1].content)
        return names

    # a package that outlives its certificate

    def test_it_is_judged_as_an_archive(self):
        """Expired without a token: refused; with one from before its end, by an authority of the policy: accepted."""
        self.judge("bare.uadipkg", at=BEFORE)
        checks = self.judge("bare.uadipkg", at=LATER, code=1)
        self.assertEqual(self.fails(checks), ["certificate.validity", "trust.threshold"])
        self.assertIn("expired on 2036-01-01", self.only(checks, "certificate.validity", "FAIL")[0]["reason"])
        checks = self.judge("stamped.uadipkg", at=LATER)
        self.assertEqual(self.fails(checks), [])
        self.assertIn("Notary", self.only(checks, "signature.timestamp", "PASS")[0]["reason"])
        self.assertEqual(self.record["how"]["signatures"][0]["timestamp"]["authority"], "Notary")
        checks = self.judge("stamped.uadipkg", at=LATER, code=1, timestampAuthorities=None)
        self.assertIn("certificate.validity", self.fails(checks))
        self.judge("bare.uadipkg", at=BEFORE, code=1, timestamp="require")
        self.judge("stamped.uadipkg", at=BEFORE, timestamp="require")

    def test_others_read_token_and_signature(self):
        for name, token in (("bare.uadipkg", False), ("stamped.uadipkg", True)):
            text, signature, value, stamp = self.parts(self.shared / name)
            self.run_program("openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", signature, "-content", text, "-CAfile",
                             self.shared / "ca.cert.pem", "-purpose", "any", "-no_check_time", "-out", "/dev/null", code=0)
            self.assertEqual(stamp.exists(), token)
        self.run_program("openssl", "ts", "-verify", "-token_in", "-in", stamp, "-data", value, "-CAfile", ROOT_CERT, code=0)
        value.write_bytes(value.read_bytes() + b"x")
        self.assertNotEqual(self.run_program("openssl", "ts", "-verify", "-token_in", "-in", stamp, "-data", value, "-CAfile", ROOT_CERT).code, 0)
        self.assertIn("Everything is Ok", self.run_program("7z", "t", self.shared / "stamped.uadipkg", code=0).out)
        listed = self.run_program("bsdtar", "-tf", self.shared / "stamped.uadipkg", code=0).out.splitlines()
        self.assertEqual(listed, [name for name, _ in members_of(self.shared / "bare.uadipkg")])

    def test_nothing_but_the_signature_changes(self):
        bare, stamped = members_of(self.shared / "bare.uadipkg"), members_of(self.shared / "stamped.uadipkg")
        self.assertEqual([name for (name, one), (_, other) in zip(bare, stamped) if one != other], [SIGNATURE])
        same = [self.check(self.shared / name, "--json", anchor=self.shared / "ca.cert.pem").json()["what"]["identity"]
                for name in ("bare.uadipkg", "stamped.uadipkg")]
        self.assertEqual(same, [hashlib.sha256(dict(bare)[LIST]).hexdigest()] * 2)
        self.assertEqual(self.told["identity"], same[0])

    # the export

    def test_the_request_of_the_export_is_over_its_signature(self):
        self.assertEqual(self.told["request"], str(self.shared / "bare.tsq"))
        value = self.parts(self.shared / "bare.uadipkg")[2].read_bytes()
        self.assertIn(hashlib.sha256(value).digest(), (self.shared / "bare.tsq").read_bytes())
        again = self.folder / "again.tsq"
        self.sign("timestamp", self.shared / "bare.uadipkg", "--request", again)
        self.assertEqual(again.read_bytes(), (self.shared / "bare.tsq").read_bytes())
        text = self.run_program("openssl", "ts", "-query", "-in", again, "-text", code=0).out
        self.assertIn("Certificate required: yes", text)

    def test_package_and_request_or_neither(self):
        own = ["--key", self.shared / "signer.key.pem", "--cert", self.shared / "signer.cert.pem"]
        out = self.folder / "new.uadipkg"
        for request, says in ((out, "names the file that --out names"), (self.folder / "no" / "q.tsq", "q.tsq"), (self.folder, str(self.folder))):
            result = self.sign("export", "uadipkg", self.shared / "r.tar", *own, "--out", out, "--timestamp-request", request, code=(2, 3))
            self.assertIn(says, result.err)
            self.assertFalse(out.exists(), request)

    # which signature

    def test_the_author_by_default_an_approval_when_named(self):
        package, request, response = self.approved(self.copy("stamped.uadipkg")), self.folder / "q.tsq", self.folder / "r.tsr"
        before = dict(members_of(package))
        result = self.sign("timestamp", package, "--request", request, code=2)
        self.assertIn("no signature that needs a timestamp", result.err)
        self.assertIn("--signer", result.err)
        self.sign("timestamp", package, "--request", request, "--signer", self.digits("owner"))
        self.answer(request, response)
        done = self.sign("timestamp", package, "--response", response, EXAMPLE, "--json").json()
        self.assertEqual(done["member"], self.digits("owner"))
        after = dict(members_of(package))
        self.assertEqual([name for name in before if before[name] != after[name]], [APPROVAL])
        text, signature, value, token = self.parts(package, "002")
        self.run_program("openssl", "ts", "-verify", "-token_in", "-in", token, "-data", value, "-CAfile", ROOT_CERT, code=0)
        self.run_program("openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", signature, "-content", text, "-CAfile",
                         ROOT_CERT, "-purpose", "any", "-out", "/dev/null", code=0)
        record = self.check(package, "--json", anchor=self.shared / "ca.cert.pem").json()
        self.assertEqual(record["what"]["identity"], self.told["identity"])

    def test_an_approved_signature_stays_as_it_is(self):
        """The approval is over the bytes of the author's signature: a token in it would break what the plant signed."""
        package = self.copy()
        self.approved(package)
        before = package.read_bytes()
        result = self.sign("timestamp", package, "--request", self.folder / "q.tsq", code=2)
        for words in ("over this one as it is", "before it is approved", "--signer"):
            self.assertIn(words, result.err)
        self.assertFalse((self.folder / "q.tsq").exists())
        result = self.sign("timestamp", package, "--response", self.shared / "bare.tsr", EXAMPLE, code=2)
        self.assertIn("over this one as it is", result.err)
        self.assertEqual(package.read_bytes(), before)

    def test_two_authors_each_their_own(self):
        """Neither list names the other: which one is meant is asked."""
        members = self.plain()
        second = listing([reference(*one) for one in members], signature="META-INF/signature009.p7s")
        package = self.made(members=members, change=lambda entries: entries + [
            Entry("META-INF/ASiCManifest009.xml", second), Entry("META-INF/signature009.p7s", self.cades(second, "quality"))])
        result = self.sign("timestamp", package, "--request", "q.tsq", code=2)
        self.assertIn("which is meant", result.err)
        self.assertIn(self.digits("release"), result.err)
        for key in ("quality", "release"):
            self.sign("timestamp", package, "--request", "q.tsq", "--signer", self.digits(key))
            self.answer(self.folder / "q.tsq", "r.tsr")
            self.sign("timestamp", package, "--response", "r.tsr", EXAMPLE)
        self.check(package)
        self.sign("timestamp", package, "--request", "q.tsq", code=2)

    def test_packages_of_others(self):
        """The signature first, deflated, with descriptors, its chain in it: what lies behind moves, and stays what it is."""
        members = self.plain()
        text = listing([reference(*one) for one in members])
        chain = self.folder / "chain.pem"
        chain.write_text(ROOT_CERT.read_text("ascii"), "ascii")
        signature = self.cades(text, "release", "-certfile", str(chain))
        entries = [Entry("mimetype", TYPE), Entry(SIGNATURE, signature), Entry(LIST, text), *(Entry(*one) for one in members)]
        for entry in entries[1:]:
            entry.deflate, entry.flags = True, 8
        package = write_zip(self.folder / "foreign.uadipkg", entries, comment=b"mimetype=" + TYPE)
        self.check(package)
        before = members_of(package)
        self.stamp(package)
        after = members_of(package)
        self.assertEqual([name for name, _ in before], [name for name, _ in after])
        self.assertEqual([name for (name, one), (_, other) in zip(before, after) if one != other], [SIGNATURE])
        self.check(package)
        self.assertEqual(pathlib.Path(package).read_bytes()[-len(TYPE):], TYPE)
        checks = {one["check"] for one in self.check(package, "--json", "--trust", self.trust_of_examples(), anchor=None).json()["result"]["checks"]
                  if one["result"] == "PASS"}
        self.assertIn("signature.timestamp", checks)

    def trust_of_examples(self):
        return self.trust(scopes=[{"vendor": "V", "products": ["*"], "signers": [{"name": "it", "anchor": {
            "type": "ca", "pem": ROOT_CERT.read_text("ascii")}}], "roles": [{"role": "release", "signers": ["it"]}]}])

    # what is refused

    def test_answers_that_are_refused_leave_the_package_alone(self):
        package, request, response = self.copy(), self.folder / "q.tsq", self.folder / "r.tsr"
        before = package.read_bytes()
        good = (self.shared / "bare.tsr").read_bytes()
        response.write_bytes(good)
        self.assertIn("example key", self.sign("timestamp", package, "--response", response, code=2).err)
        other = bytearray((self.shared / "bare.tsq").read_bytes())
        other[-5] ^= 1
        request.write_bytes(other)
        cases = [(self.answer(request, response).read_bytes(), "over another signature"), (b"", ""), (good[:-1], ""),
                 (b"0\x05\x30\x03\x02\x01\x02", "rejection"), (good + b"\0", "too many")]
        for data, says in cases:
            with self.subTest(says=says):
                response.write_bytes(data)
                result = self.sign("timestamp", package, "--response", response, EXAMPLE, code=(1, 2))
                self.assertIn(says, result.err)
                self.assertEqual(package.read_bytes(), before)
        result = self.sign("timestamp", package, "--response", self.shared / "bare.tsr", EXAMPLE, "--payload", self.folder, code=2)
        self.assertIn("for release archives", result.err)

    def test_a_request_never_replaces_the_package(self):
        package = self.copy()
        before = package.read_bytes()
        result = self.sign("timestamp", package, "--request", package, code=2)
        self.assertIn("would replace the archive", result.err)
        self.assertEqual(package.read_bytes(), before)

    def test_every_byte_is_verified_first(self):
        package = self.copy()
        data = bytearray(package.read_bytes())
        data[data.index(noise(300, "fw")[:16])] ^= 1
        package.write_bytes(data)
        for step in (["--request", "q.tsq"], ["--response", self.shared / "bare.tsr", EXAMPLE]):
            self.sign("timestamp", package, *step, code=1)
        self.assertEqual(package.read_bytes(), bytes(data))
        unsigned = write_zip(self.folder / "u.uadipkg", [Entry("mimetype", TYPE), *(Entry(*one) for one in self.plain())])
        self.assertIn("carries no signature", self.sign("timestamp", unsigned, "--request", "q.tsq", code=1).err)

    def with_token(self, change):
        """stamped.uadipkg, whose signature was changed by hand; its CRC is right."""
        members = dict(members_of(self.shared / "stamped.uadipkg"))
        members[SIGNATURE] = change(members[SIGNATURE])
        return write_zip(self.shared / "bad.uadipkg", [Entry(name, data) for name, data in members.items()])

    def refuses(self, change, check, says):
        self.with_token(change)
        checks = self.judge("bad.uadipkg", at=BEFORE, code=1)
        self.assertIn(check, self.fails(checks))
        self.assertIn(says, " ".join(f'{one["reason"]} {one.get("hint", "")}' for one in self.only(checks, check, "FAIL")))

    def replaced(self, token):
        """The signature with another token in the place of its own."""
        def change(signature):
            tree = der.parse(signature)
            values = tree[1][0][-1][0].content[-1].content[0].content[1]
            values.content = [der.parse(token)]
            return tree.encode()
        return change

    def token_over(self, data, key="tsa", ess="sha256"):
        """A token by openssl over these bytes."""
        (self.folder / "data").write_bytes(data)
        self.run_program("openssl", "ts", "-query", "-data", "data", "-sha256", "-cert", "-no_nonce", "-out", "q.tsq", code=0)
        self.answer("q.tsq", "r.tsr", key=key, ess=ess)
        self.run_program("openssl", "ts", "-reply", "-in", "r.tsr", "-token_out", "-out", "t.der", code=0)
        return (self.folder / "t.der").read_bytes()

    def value(self):
        return self.parts(self.shared / "bare.uadipkg")[2].read_bytes()

    def test_a_token_by_openssl_is_taken(self):
        """The nearest good one to those below."""
        self.with_token(self.replaced(self.token_over(self.value())))
        self.assertEqual(self.fails(self.judge("bad.uadipkg", at=LATER)), [])

    def test_a_token_for_another_signature(self):
        self.refuses(self.replaced(self.token_over(self.value() + b"x")), "signature.timestamp", "over another signature")

    def test_a_broken_token(self):
        def broken(signature):
            data = bytearray(signature)
            data[-3] ^= 1  # in the value of the authority's signature
            return bytes(data)
        self.refuses(broken, "signature.timestamp", "is not one by this key")

    def test_a_token_attribute_twice_or_empty(self):
        def twice(signature):
            tree = der.parse(signature)
            attributes = tree[1][0][-1][0].content[-1]
            attributes.content = [attributes.content[0], attributes.content[0].copy()]
            return tree.encode()

        def empty(signature):
            tree = der.parse(signature)
            tree[1][0][-1][0].content[-1].content[0].content[1].content = []
            return tree.encode()
        for change, says in ((twice, "more than one unsigned attribute"), (empty, "ends where the timestamp token should be")):
            with self.subTest(says):
                self.refuses(change, "signature.form", says)

    def test_a_token_by_a_weak_key(self):
        prefix = self.folder / "weak"
        self.run_program("openssl", "req", "-x509", "-newkey", "rsa:1024", "-noenc", "-subj", "/CN=weak authority", "-days", "9000", "-addext",
                         "extendedKeyUsage=critical,timeStamping", "-addext", "keyUsage=critical,digitalSignature", "-keyout", f"{prefix}.key.pem",
                         "-out", f"{prefix}.cert.pem", code=0)
        self.refuses(self.replaced(self.token_by(prefix, self.value())), "signature.timestamp", "at least 3072 bits")

    def token_by(self, prefix, data, digest="sha256"):
        (self.folder / "data").write_bytes(data)
        self.run_program("openssl", "ts", "-query", "-data", "data", f"-{digest}", "-cert", "-no_nonce", "-out", "q.tsq", code=0)
        (self.folder / "w.cnf").write_text(f"[tsa]\ndefault_tsa = it\n[it]\nserial = {self.folder}/w-serial\ndefault_policy = 1.2.3.4\n"
                                           "digests = sha1, sha256\nsigner_digest = sha256\ness_cert_id_alg = sha256\n", "ascii")
        self.run_program("openssl", "ts", "-reply", "-config", "w.cnf", "-queryfile", "q.tsq", "-signer", f"{prefix}.cert.pem", "-inkey",
                         f"{prefix}.key.pem", "-token_out", "-out", "t.der", code=0)
        return (self.folder / "t.der").read_bytes()

    def test_a_weak_imprint(self):
        self.refuses(self.replaced(self.token_by(KEYS / "tsa", self.value(), "sha1")), "signature.timestamp", "over a hash of the signature that is not accepted")

    def test_an_authority_that_nobody_named_counts_for_nothing(self):
        prefix = self.folder / "other"
        self.run_program("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-subj", "/CN=other authority",
                         "-days", "9000", "-addext", "extendedKeyUsage=critical,timeStamping", "-addext", "keyUsage=critical,digitalSignature",
                         "-keyout", f"{prefix}.key.pem", "-out", f"{prefix}.cert.pem", code=0)
        self.with_token(self.replaced(self.token_by(prefix, self.value())))
        self.judge("bad.uadipkg", at=BEFORE)  # the certificate is still valid: the token is of no use, and does no harm
        checks = self.judge("bad.uadipkg", at=LATER, code=1)
        self.assertIn("certificate.validity", self.fails(checks))
        named = [{"name": "Other", "pem": pathlib.Path(f"{prefix}.cert.pem").read_text("ascii")}]
        self.judge("bad.uadipkg", at=LATER, timestampAuthorities=named)


if __name__ == "__main__":
    main()
