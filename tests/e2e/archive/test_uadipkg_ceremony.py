# SPDX-License-Identifier: Apache-2.0
"""OPC UA packages signed by keys that are elsewhere: prepare writes the list, attach brings the signature in, of the author
and of whoever approves; by openssl cms, by raw signers, and what must not get in."""
import base64
import hashlib
import json
import shutil

from harness import KEYS, ROOT_CERT, SOURCE, VENDOR, main, noise
from package_case import EXAMPLE, TYPE, URI, Entry, Packages, listing, members_of, reference, write_zip

FIRST, SECOND = "META-INF/ASiCManifest001.xml", "META-INF/ASiCManifest002.xml"


class PackageCeremony(Packages):
    def setUp(self):
        super().setUp()
        self.archive = self.small_release(manufacturer={"name": "V", "uri": URI})

    def by_openssl(self, text, key, out="s.p7s"):
        self.run_program("openssl", "cms", "-sign", "-binary", "-cades", "-nosmimecap", "-outform", "DER", "-md", "sha256", "-in", text, "-signer",
                         KEYS / f"{key}.cert.pem", "-inkey", KEYS / f"{key}.key.pem", "-out", out, code=0)
        return self.folder / out

    def by_raw(self, data, key, out="s.sig"):
        self.run_program("openssl", "dgst", "-sha256", "-sign", KEYS / f"{key}.key.pem", "-out", out, data, code=0)
        return self.folder / out

    @staticmethod
    def cert(key):
        return ["--cert", KEYS / f"{key}.cert.pem"]

    def read_by_openssl(self, package, number):
        members = dict(members_of(package))
        for name, member in (("list", f"ASiCManifest{number}.xml"), ("p7s", f"signature{number}.p7s")):
            (self.folder / name).write_bytes(members["META-INF/" + member])
        self.run_program("openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", "p7s", "-content", "list", "-CAfile", ROOT_CERT,
                         "-purpose", "any", "-out", "/dev/null", code=0)

    def policy(self):
        """Release by one, approval by the other."""
        policy = self.folder / "trust.json"
        self.verify("trust", "init", policy, "--name", "Plant", "--expires", "2099-01-01T00:00:00Z")
        for role, key in (("release", "release"), ("owner", "owner")):
            mark = self.run_program("openssl", "x509", "-in", KEYS / f"{key}.cert.pem", "-noout", "-fingerprint", "-sha256", code=0)
            self.verify("trust", "add-signer", policy, "--vendor", VENDOR, "--signer", key, "--role", role, "--anchor",
                        KEYS / f"{key}.cert.pem", "--fingerprint", mark.out.split("=")[1].strip(), "--obtained", "here", "--keep-version", EXAMPLE)
        return policy

    # the author's

    def prepared(self, *more, code=0):
        package = self.folder / "n.uadipkg"
        self.told = self.sign("prepare", self.archive, "--uadipkg", package, *more, "--json", code=code)
        return package

    def test_the_author_signs_elsewhere(self):
        """The package is the one that a key here would sign, but for list and signature; nobody accepts it before."""
        package = self.prepared()
        text = self.folder / "n.uadipkg.ASiCManifest001.xml"
        told = self.told.json()
        self.assertEqual((told["archive"], told["manifest"], told["vendor"]), (str(package), str(text), VENDOR))
        self.assertEqual(told["identity"], hashlib.sha256(text.read_bytes()).hexdigest())
        unsigned = members_of(package)
        signed = members_of(self.exported(self.archive))
        self.assertEqual(unsigned, signed[:-2])
        self.assertEqual(text.read_bytes(), dict(signed)[FIRST])
        self.refused(package, says=["carries no signature"])
        done = self.sign("attach", package, self.by_openssl(text, "release"), EXAMPLE, "--json").json()
        self.assertEqual((done["identity"], done["signatures"]), (told["identity"], 1))
        self.assertEqual(members_of(package)[:-1], [*unsigned, (FIRST, text.read_bytes())])
        self.read_by_openssl(package, "001")
        record = self.check(package, "--json").json()
        self.assertEqual(record["what"]["identity"], told["identity"])
        self.assertEqual(self.run_program("bsdtar", "-tf", package, code=0).out.splitlines(), [name for name, _ in members_of(package)])

    def test_the_author_signs_raw(self):
        for form in ("der", "base64"):
            package = self.prepared("--tbs", "t.tbs", *self.cert("release"), EXAMPLE)
            self.assertFalse((self.folder / "n.uadipkg.ASiCManifest001.xml").exists())
            value = self.by_raw("t.tbs", "release")
            if form == "base64":
                value.write_bytes(base64.encodebytes(value.read_bytes()))
            self.sign("attach", package, "--raw", value, *self.cert("release"), EXAMPLE)
            self.read_by_openssl(package, "001")
            record = self.check(package, "--json").json()
            self.assertEqual(record["how"]["signatures"][0]["meaning"], "origin")
            package.unlink()

    def test_what_makes_no_package(self):
        package = self.folder / "n.uadipkg"
        (self.folder / "fw").write_bytes(noise(60, "fw"))
        bare = self.small_release(out="bare.tar")
        unsigned = self.folder / "unsigned.tar"
        self.sign("prepare", self.description([("fw", {"role": "firmware"})], manufacturer={"name": "V", "uri": URI}), "--out", unsigned)
        for words, says in (
                ([bare, "--uadipkg", package], "manufacturer.uri"),
                ([self.folder / "release.yaml", "--uadipkg", package], "this is a description"),
                ([self.archive, "--uadipkg", package, "--payload", self.folder], "makes a package of a release archive"),
                ([self.archive, "--uadipkg", package, "--out", package], "--uadipkg names the file that --out names"),
                ([self.archive, "--uadipkg", package, "--tbs", package, *self.cert("release"), EXAMPLE], "--uadipkg names the file that --tbs names"),
                ([self.archive, "--uadipkg", self.archive], ""),
                ([self.archive, "--manufacturer-uri", "urn:v"], "--uadipkg")):
            with self.subTest(says):
                self.assertIn(says, self.sign("prepare", *words, code=2).err)
                self.assertFalse(package.exists())
        self.assertIn("carries no signature", self.sign("prepare", unsigned, "--uadipkg", package, code=1).err)
        data = bytearray(self.archive.read_bytes())
        data[data.index(noise(700, "firmware")[:16])] ^= 1
        self.archive.write_bytes(data)
        self.sign("prepare", self.archive, "--uadipkg", package, code=1)
        self.assertFalse(package.exists())
        self.sign("prepare", bare, "--uadipkg", package, "--manufacturer-uri", "urn:v")
        self.assertIn("leave --uadipkg out", self.sign("prepare", package, "--uadipkg", "m.uadipkg", code=2).err)

    def test_the_first_signature_is_the_authors(self):
        """Else the package would be known by no list."""
        package = self.prepared("--tbs", "t.tbs", *self.cert("owner"), "--meaning", "approval", EXAMPLE)
        before = package.read_bytes()
        result = self.sign("attach", package, "--raw", self.by_raw("t.tbs", "owner"), *self.cert("owner"), "--meaning", "approval", EXAMPLE, code=2)
        self.assertIn("that of its author", result.err)
        self.assertEqual(package.read_bytes(), before)
        result = self.sign("endorse", package, "--key", KEYS / "owner.key.pem", *self.cert("owner"), EXAMPLE, code=1)
        self.assertIn("carries no signature", result.err)

    # an approval

    def test_a_plant_approves_elsewhere(self):
        package, policy = self.exported(self.archive), self.policy()
        before = members_of(package)
        told = self.sign("prepare", package, "--tbs", "t.tbs", *self.cert("owner"), EXAMPLE, "--json").json()
        self.assertEqual(told["identity"], hashlib.sha256(dict(before)[FIRST]).hexdigest())
        self.assertIn("owner", self.verify("check", package, "--trust", policy, EXAMPLE, code=1).out)
        done = self.sign("attach", package, "--raw", self.by_raw("t.tbs", "owner"), *self.cert("owner"), EXAMPLE, "--json").json()
        self.assertEqual((done["added"][0]["meaning"], done["signatures"], done["identity"]), ("approval", 2, told["identity"]))
        after = members_of(package)
        self.assertEqual(after[:-2], before)
        self.assertIn(b'URI="META-INF/signature001.p7s"', dict(after)[SECOND])
        self.read_by_openssl(package, "002")
        record = self.verify("check", package, "--trust", policy, EXAMPLE, "--json").json()
        self.assertEqual(sorted(one["role"] for one in record["how"]["signatures"]), ["owner", "release"])
        self.assertEqual(record["what"]["identity"], told["identity"])

    def test_it_is_what_endorse_signs(self):
        package = self.exported(self.archive)
        same = self.folder / "same.uadipkg"
        shutil.copy(package, same)
        shown = self.sign("prepare", package, "--out", "l.xml")
        self.assertIn("openssl cms cannot say that this is an approval", " ".join(shown.out.split()))
        self.sign("endorse", same, "--key", KEYS / "owner.key.pem", *self.cert("owner"), EXAMPLE)
        self.assertEqual((self.folder / "l.xml").read_bytes(), dict(members_of(same))[SECOND])
        self.sign("attach", package, self.by_openssl("l.xml", "owner"), EXAMPLE)
        self.assertEqual(dict(members_of(package))[SECOND], dict(members_of(same))[SECOND])
        self.check(package)
        self.assertFalse((self.folder / "p.uadipkg.ASiCManifest002.xml").exists())
        self.sign("prepare", package)
        self.assertTrue((self.folder / "p.uadipkg.ASiCManifest003.xml").exists())

    def test_a_list_of_before_another_approval(self):
        """Two prepare, one attaches: the other signed a list that does not name the first one's signature, and is told."""
        package = self.exported(self.archive)
        self.sign("prepare", package, "--out", "l.xml")
        self.sign("prepare", package, "--tbs", "t.tbs", *self.cert("quality"), EXAMPLE)
        self.sign("attach", package, self.by_openssl("l.xml", "owner"), EXAMPLE)
        before = package.read_bytes()
        late = self.by_openssl("l.xml", "quality")
        for words in ([late], ["--raw", self.by_raw("t.tbs", "quality"), *self.cert("quality")]):
            result = self.sign("attach", package, *words, EXAMPLE, code=1)
            self.assertIn("as it is now", result.err)
            self.assertEqual(package.read_bytes(), before)
        self.sign("prepare", package, "--out", "l.xml")
        self.sign("attach", package, self.by_openssl("l.xml", "quality"), EXAMPLE)
        self.check(package)

    def test_what_must_not_get_in(self):
        package = self.exported(self.archive)
        self.sign("prepare", package, "--out", "l.xml")
        before = package.read_bytes()
        good = self.by_openssl("l.xml", "owner")
        (self.folder / "other.xml").write_bytes((self.folder / "l.xml").read_bytes() + b"\n")
        other, own = self.by_openssl("other.xml", "owner", "o.p7s"), self.by_openssl("l.xml", "release", "r.p7s")
        (self.folder / "flipped").write_bytes(good.read_bytes()[:-1] + bytes([good.read_bytes()[-1] ^ 1]))
        for words, code, says in (
                ([other, EXAMPLE], 1, "as it is now"),
                ([self.folder / "flipped", EXAMPLE], 1, ""),
                ([own, EXAMPLE], 2, "has signed the package already"),
                ([good], 2, "published key"),
                ([good, own, EXAMPLE], 2, "one signature at a time"),
                ([good, EXAMPLE, "--payload", self.folder], 2, "for release archives"),
                ([good, EXAMPLE, "--replace"], 2, "for release archives"),
                ([EXAMPLE], 2, "no signature is given")):
            with self.subTest(says=says, words=words):
                self.assertIn(says, self.sign("attach", package, *words, code=code).err)
                self.assertEqual(package.read_bytes(), before)
        result = self.sign("prepare", package, "--tbs", "t", *self.cert("release"), EXAMPLE, code=2)
        self.assertIn("has signed the package already", result.err)
        self.sign("prepare", package, "--set", "release.version=2", code=2)
        changed = bytearray(before)
        changed[changed.index(noise(700, "firmware")[:16])] ^= 1
        package.write_bytes(changed)
        for words in (["prepare", package], ["attach", package, good, EXAMPLE]):
            self.sign(*words, code=1)
        self.assertEqual(package.read_bytes(), bytes(changed))
        self.sign("attach", write_zip(self.folder / "bad.uadipkg", [Entry("mimetype", TYPE)]), good, EXAMPLE, code=1)

    def test_an_identity_that_depends_on_who_is_trusted_is_not_told(self):
        """Whoever has the file can add a first list of his own: what an approver is shown is not the lowest of both."""
        members = self.plain()
        second = listing([reference(*one) for one in members], signature="META-INF/signature009.p7s")
        add = [Entry("META-INF/ASiCManifest009.xml", second), Entry("META-INF/signature009.p7s", self.cades(second, "quality"))]
        words, signer = "depends on who is trusted", ["--signer", hashlib.sha256(self.key_of("release")).hexdigest()[:16]]
        for approve in (["endorse", "FILE", "--key", KEYS / "owner.key.pem", *self.cert("owner"), EXAMPLE], ["prepare", "FILE", "--out", "l.xml"],
                        ["timestamp", "FILE", "--request", "q.tsq", *signer]):
            with self.subTest(approve[0]):
                for out, change, told in (("one.uadipkg", None, True), ("two.uadipkg", lambda entries: entries + add, False)):
                    run = [self.made(members=members, out=out, change=change) if one == "FILE" else one for one in approve]
                    if approve[0] != "timestamp":
                        self.assertEqual(words in self.sign(*run).out, not told)
                        run[1] = self.made(members=members, out=out, change=change)
                    self.assertEqual("identity" in self.sign(*run, "--json").json(), told)
        self.sign("prepare", run[1], "--out", "l.xml")
        self.assertIn(words, self.sign("attach", run[1], self.by_openssl("l.xml", "owner"), EXAMPLE).out)

    def key_of(self, key):
        text = self.run_program("openssl", "x509", "-in", KEYS / f"{key}.cert.pem", "-noout", "-pubkey", code=0).out
        (self.folder / "key.pem").write_text(text, "ascii")
        self.run_program("openssl", "pkey", "-pubin", "-in", "key.pem", "-outform", "DER", "-out", "key.der", code=0)
        return (self.folder / "key.der").read_bytes()

    def test_what_is_not_signed_here(self):
        """Solutions, and packages of which files were left out."""
        package = self.folder / "v.uadipkg"
        for name, says, code in (("package-solution-good", "a solution package is not signed here", 2), ("package-good-left-out", "sign the whole package", 1),
                                 ("package-good", "", 0)):
            shutil.copy(SOURCE / "tests" / "vectors" / "verdicts" / "package" / f"{name}.uadipkg", package)
            before = package.read_bytes()
            for words in (["timestamp", package, "--request", "q.tsq"], ["prepare", package, "--out", "l.xml"],
                          ["endorse", package, "--key", KEYS / "owner.key.pem", *self.cert("owner"), EXAMPLE]):
                with self.subTest(name, verb=words[0]):
                    result = self.sign(*words, code=code)
                    self.assertIn(says, result.err)
                    self.assertEqual(package.read_bytes() == before, code != 0 or words[0] != "endorse")

    def test_a_request_for_what_was_attached(self):
        """The ceremony's package gets its token too, before it is approved."""
        package = self.prepared()
        self.sign("attach", package, self.by_openssl("n.uadipkg.ASiCManifest001.xml", "release"), EXAMPLE)
        self.sign("timestamp", package, "--request", "q.tsq")
        text = self.run_program("openssl", "ts", "-query", "-in", "q.tsq", "-text", code=0).out
        self.assertIn("Certificate required: yes", text)

    def test_a_package_whose_author_has_a_short_key(self):
        """Which a plant's policy may allow: it can be approved. The key of whoever signs here may not be short."""
        self.run_program("openssl", "req", "-x509", "-newkey", "rsa:2048", "-noenc", "-subj", "/O=short/CN=short", "-days", "900", "-addext",
                         "basicConstraints=critical,CA:FALSE", "-addext", "keyUsage=critical,digitalSignature", "-addext",
                         "extendedKeyUsage=codeSigning", "-keyout", "short.key.pem", "-out", "short.cert.pem", code=0)

        def short(text):
            (self.folder / "l").write_bytes(text)
            self.run_program("openssl", "cms", "-sign", "-binary", "-cades", "-nosmimecap", "-outform", "DER", "-md", "sha256", "-in", "l", "-signer",
                             "short.cert.pem", "-inkey", "short.key.pem", "-out", "s.p7s", code=0)
            return (self.folder / "s.p7s").read_bytes()
        package = self.made(sign=short)
        self.sign("endorse", package, "--key", KEYS / "owner.key.pem", *self.cert("owner"), EXAMPLE)
        self.assertEqual(len(members_of(package)), 8)
        package = self.made(out="other.uadipkg")
        before = package.read_bytes()
        self.sign("prepare", package, "--out", "l.xml")
        short((self.folder / "l.xml").read_bytes())
        self.assertIn("3072", self.sign("attach", package, "s.p7s", EXAMPLE, code=(1, 2)).err)
        self.assertEqual(package.read_bytes(), before)

    def test_no_input_is_written_over(self):
        """Requests, lists and attributes replace files, but none that this run read."""
        package = self.exported(self.archive)
        keys = self.own_keys("own")
        own = ["--key", f"{keys}.key.pem", "--cert", f"{keys}.cert.pem"]
        inputs = [package, self.archive, *(self.folder / f"own.{kind}.pem" for kind in ("key", "cert"))]
        before = [one.read_bytes() for one in inputs]
        for words in (["prepare", package, "--out", package], ["prepare", package, "--tbs", package, *own[2:]], ["prepare", package, "--tbs", own[3], *own[2:]],
                      ["prepare", self.archive, "--uadipkg", "n.uadipkg", "--out", self.archive],
                      *(["export", "uadipkg", self.archive, *own, "--out", "n.uadipkg", "--timestamp-request", one] for one in inputs[1:])):
            with self.subTest(words=words[2:]):
                self.sign(*words, code=(2, 3))
                self.assertEqual([one.read_bytes() for one in inputs], before)
                self.assertFalse((self.folder / "n.uadipkg").exists())

    # a waiver

    def waive(self, package, code=0):
        return self.sign("waive", "--check", "release.sequence", "--archive", package, "--reason", "spare part", "--approver", "J. Doe", "--control",
                         "isolated", "--until", "2099-01-01T00:00:00Z", "--out", "w.json", "--key", KEYS / "owner.key.pem", *self.cert("owner"), EXAMPLE,
                         code=code)

    def test_a_waiver_is_for_the_identity_of_a_package(self):
        package = self.exported(self.archive)
        self.waive(package)
        found = json.loads((self.folder / "w.json").read_text("utf-8"))["waivers"][0]["release"]
        self.assertEqual(found, hashlib.sha256(dict(members_of(package))[FIRST]).hexdigest())
        (self.folder / "w.json").unlink()
        members = self.plain()
        second = listing([reference(*one) for one in members], signature="META-INF/signature009.p7s")
        two = self.made(members=members, change=lambda entries: entries + [
            Entry("META-INF/ASiCManifest009.xml", second), Entry("META-INF/signature009.p7s", self.cades(second, "quality"))])
        self.assertIn("depends on who is trusted", self.waive(two, code=2).err)
        self.assertFalse((self.folder / "w.json").exists())


if __name__ == "__main__":
    main()
