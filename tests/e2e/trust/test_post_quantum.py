# SPDX-License-Identifier: Apache-2.0
"""Ed25519, ML-DSA and SLH-DSA: archives made with OpenSSL 3.5 (tests/vectors/pq), read by whatever OpenSSL
is here; and, where it is 3.5 or newer, keys, signatures and ceremonies with them."""
import base64
import hashlib
import json
import re
import shutil
import unittest

from harness import (EVERY_BIT, FLIPS, SANITIZED, SOURCE, Case, main, noise, read_member, read_member_list,
                     rebuild, tampered)
from machine import MODERN

VECTORS = SOURCE / "tests" / "vectors" / "pq"
CHECK = "signature.post-quantum"

with_ml_dsa = unittest.skipUnless(MODERN, "OpenSSL before 3.5 cannot make such signatures")
without_ml_dsa = unittest.skipIf(MODERN, "this OpenSSL can do it")


class Vectors(Case):
    def vector(self, name):
        return VECTORS / f"{name}.cretula.tar"

    def policy(self, demand, change=None):
        """trust.json of the vectors with another demand."""
        value = json.loads((VECTORS / "trust.json").read_text(encoding="utf-8"))
        value["postQuantum"] = demand
        if demand is None:
            del value["postQuantum"]
        if change:
            change(value["scopes"][0])
        path = self.folder / "trust.json"
        path.write_text(json.dumps(value), encoding="utf-8")
        return path

    def judged(self, archive, demand, code, change=None):
        """check by the policy of the vectors; {check: [results]} of its findings, and the output."""
        result = self.verify("check", archive, "--trust", self.policy(demand, change), "--json",
                             code=code)
        document = result.json()
        found = {}
        for finding in document["result"]["checks"]:
            found.setdefault(finding["check"], []).append(finding["result"])
        return found, document, result

    def signatures(self, archive):
        """{what kind: member name without folder and ending}, by the algorithm that is shown."""
        shown = self.verify("show", archive, "--json").json()
        return {one["algorithm"]: one["name"] for one in shown["signatures"]}

    def parts(self, archive, keep):
        """{name: bytes} of the signatures whose algorithm begins with one of these."""
        return {name: read_member(archive, f"SIGNATURES/{name}.p7s")
                for algorithm, name in self.signatures(archive).items()
                if algorithm.startswith(tuple(keep))}

    def value_range(self, archive, algorithm, size):
        """First and last byte offset of a signature value, which ends its member."""
        name = self.signatures(archive)[algorithm]
        member = next(one for one in read_member_list(archive)
                      if one.name == f"SIGNATURES/{name}.p7s")
        return member.data + member.size - size, member.data + member.size - 1, member


class SecondAnchor(Vectors):
    def second_anchor(self, *more, code=0):
        return self.verify("trust", "set", self.folder / "trust.json", *more, code=code)

    def test_a_command_sets_the_second_anchor(self):
        """trust set gives what was in the file by hand; a signer without is what --post-quantum-anchor none leaves."""
        by_hand = json.loads(self.policy("require").read_text("utf-8"))
        scope = by_hand["scopes"][0]
        signer = next(one for one in scope["signers"] if "postQuantum" in one)
        (self.folder / "pq.pem").write_text(signer["postQuantum"]["pem"], encoding="ascii")
        (self.folder / "classical.pem").write_text(signer["anchor"]["pem"], encoding="ascii")
        der = base64.b64decode("".join(signer["postQuantum"]["pem"].split("-----")[2].split()))
        digest = hashlib.sha256(der).hexdigest()
        openssl = "sha256 Fingerprint=" + ":".join(re.findall("..", digest.upper()))
        who = ["--signer", signer["name"], "--vendor", scope["vendor"], *(word for one in scope["products"] if one != "*"
                                                                          for word in ("--product", one))]
        anchor = [*who, "--post-quantum-anchor", "pq.pem"]
        before = (self.folder / "trust.json").read_bytes()
        for arguments, code, says in (
                (anchor, 2, "--fingerprint is needed"), ([*anchor, "--fingerprint", "00" * 32], 1, "not the certificate"),
                ([*anchor, "--fingerprint", "AB:CD"], 2, "not a fingerprint"), (who, 2, "--post-quantum-anchor"),
                (["--post-quantum-anchor", "pq.pem", "--fingerprint", digest], 2, "--signer"),
                ([*who[2:], "--signer", "nobody", "--post-quantum-anchor", "pq.pem", "--fingerprint", digest], 2, "nobody is called"),
                ([*who, "--post-quantum-anchor", "missing.pem", "--fingerprint", digest], 2, "missing.pem"),
                ([*who, "--post-quantum-anchor", "classical.pem", "--fingerprint", self.digest_of("classical.pem")], 2, "classical key")):
            with self.subTest(arguments):
                self.assertIn(says, self.second_anchor(*arguments, code=code).err)
                self.assertEqual((self.folder / "trust.json").read_bytes(), before)
        self.second_anchor(*who, "--post-quantum-anchor", "none", "--post-quantum", "off")
        now = json.loads((self.folder / "trust.json").read_text("utf-8"))
        self.assertFalse([one for one in now["scopes"][0]["signers"] if one["name"] == signer["name"] and "postQuantum" in one])
        self.assertIn("has no post-quantum anchor", self.second_anchor(*who, "--post-quantum-anchor", "none", code=2).err)
        version = now["version"]
        for fingerprint in (openssl, digest, openssl.split("=")[1].lower()):
            self.second_anchor(*anchor, "--fingerprint", fingerprint, "--post-quantum", "require")
            now = json.loads((self.folder / "trust.json").read_text("utf-8"))
            version += 1
            self.assertEqual(now["version"], version)
            self.assertEqual({**now, "version": 0, "issued": 0}, {**by_hand, "version": 0, "issued": 0})

    def digest_of(self, path):
        text = (self.folder / path).read_text("ascii")
        return hashlib.sha256(base64.b64decode("".join(text.split("-----")[2].split()))).hexdigest()


class Hybrid(Vectors):
    """P-256 and ML-DSA-65 by one signer."""

    def test_off_does_not_ask(self):
        for demand in ("off", None):
            found, document, _ = self.judged(self.vector("hybrid"), demand, 0)
            self.assertEqual(document["result"]["verdict"], "ACCEPTED")
            self.assertEqual(found.get(CHECK, []), [] if MODERN else ["NOT_CHECKED"])

    def test_prefer(self):
        found, document, _ = self.judged(self.vector("hybrid"), "prefer", 0)
        self.assertEqual(document["result"]["verdict"], "ACCEPTED")
        self.assertEqual(sorted(found[CHECK]), ["PASS"] if MODERN else ["NOT_CHECKED", "WARN"])

    def test_require(self):
        archive = self.vector("hybrid")
        found, document, result = self.judged(archive, "require", 0 if MODERN else 1)
        if MODERN:
            self.assertEqual(document["result"]["verdict"], "ACCEPTED")
            self.assertEqual(found[CHECK], ["PASS"])
            second = next(one for one in document["how"]["signatures"] if one.get("completes"))
            self.assertEqual((second["algorithm"], second["signer"], second["counted"]),
                             ("ml-dsa-65-sha512", "Release", False))
            self.assertEqual(len(second["path"]), 2)
        else:
            self.assertEqual(document["result"]["verdict"], "REFUSED")
            self.assertIn("NOT_CHECKED", found[CHECK])
            self.assertNotIn("PASS", found[CHECK])
            self.assertIn("OpenSSL 3.5", result.out)
            second = next(one for one in document["how"]["signatures"] if one.get("unchecked"))
            self.assertEqual(second["algorithm"], "ml-dsa-65-sha512")
            self.assertFalse(second["counted"])

    def test_the_post_quantum_signature_removed(self):
        archive = self.vector("hybrid")
        bare = rebuild(archive, self.folder / "bare.tar", signatures=self.parts(archive, ["ecdsa"]))
        found, _, result = self.judged(bare, "require", 1)
        self.assertIn("FAIL", found[CHECK])
        self.assertIn("classical key only", result.out)
        self.assertEqual(self.judged(bare, "prefer", 0)[0][CHECK], ["WARN"])
        self.assertNotIn(CHECK, self.judged(bare, "off", 0)[0])

    def test_the_classical_signature_removed(self):
        archive = self.vector("hybrid")
        bare = rebuild(archive, self.folder / "bare.tar", signatures=self.parts(archive, ["ml-dsa"]))
        for demand in ("require", "prefer", "off"):
            found, document, _ = self.judged(bare, demand, 1)
            self.assertIn("FAIL", found["trust.threshold"])
            self.assertFalse(any(one["counted"] for one in document["how"]["signatures"]))

    def test_the_post_quantum_value_damaged(self):
        archive = self.vector("hybrid")
        first, last, _ = self.value_range(archive, "ml-dsa-65-sha512", 3309)
        for place in (first, (first + last) // 2, last):
            bad = tampered(archive, self.folder / "bad.tar", place)
            found, _, _ = self.judged(bad, "require", 1)
            if MODERN:
                self.assertIn("FAIL", found["signature.value"])
                for demand in ("prefer", "off"):
                    self.judged(bad, demand, 1)
            else:
                self.assertEqual(self.judged(bad, "off", 0)[0][CHECK], ["NOT_CHECKED"])

    def test_the_classical_value_damaged(self):
        archive = self.vector("hybrid")
        name = self.signatures(archive)["ecdsa-p256-sha256"]
        member = next(one for one in read_member_list(archive)
                      if one.name == f"SIGNATURES/{name}.p7s")
        bad = tampered(archive, self.folder / "bad.tar", member.data + member.size - 5)
        for demand in ("require", "prefer", "off"):
            self.assertIn("FAIL", self.judged(bad, demand, 1)[0]["signature.value"])

    def test_a_post_quantum_signature_over_other_content(self):
        """Right in itself, with the same key: messageDigest tells, also where nothing else can."""
        archive, other = self.vector("hybrid"), self.vector("other")
        for kept, taken in ((["ecdsa"], ["ml-dsa"]), (["ml-dsa"], ["ecdsa"])):
            mixed = {**self.parts(archive, kept), **self.parts(other, taken)}
            self.assertEqual(len(mixed), 2)
            bad = rebuild(archive, self.folder / "bad.tar", signatures=mixed)
            for demand in ("require", "prefer", "off"):
                self.assertIn("FAIL", self.judged(bad, demand, 1)[0]["signature.value"])

    def test_under_another_name(self):
        archive = self.vector("hybrid")
        parts = self.parts(archive, ["ecdsa"])
        (name, data), = self.parts(archive, ["ml-dsa"]).items()
        parts[f"{int(name, 16) ^ 1:016x}"] = data
        bad = rebuild(archive, self.folder / "bad.tar", signatures=parts)
        for demand in ("require", "off"):
            found, _, result = self.judged(bad, demand, 1)
            self.assertIn("FAIL", found["signature.form"])
            self.assertIn("name of its key", result.out)

    def test_another_algorithm_identifier(self):
        """ML-DSA-65's identifier made ML-DSA-44's, and an arc that nobody has: refused, not skipped."""
        archive = self.vector("hybrid")
        name = self.signatures(archive)["ml-dsa-65-sha512"]
        data = read_member(archive, f"SIGNATURES/{name}.p7s")
        own = bytes.fromhex("060960864801650304031 2".replace(" ", ""))
        places = [at for at in range(len(data)) if data.startswith(own, at)]
        self.assertGreaterEqual(len(places), 2)  # the key in the certificate; the signature
        for place in places:
            for arc in (0x11, 0x13, 0x63):
                changed = bytearray(data)
                changed[place + len(own) - 1] = arc
                parts = {**self.parts(archive, ["ecdsa"]), name: bytes(changed)}
                bad = rebuild(archive, self.folder / "bad.tar", signatures=parts)
                with self.subTest(place=place, arc=arc):
                    self.judged(bad, "off", 1)

    def test_the_second_key_adds_nothing_to_a_threshold(self):
        """Two signers, threshold 2: one of them signed with both of his keys."""
        second = (VECTORS / "second.cert.pem").read_text(encoding="ascii")
        classical = (VECTORS / "classical.cert.pem").read_text(encoding="ascii")

        def two(scope):
            scope["signers"][0]["anchor"] = {"type": "certificate", "pem": classical}
            scope["signers"].append({"name": "Other", "anchor": {"type": "certificate", "pem": second}})
            scope["roles"][0].update(signers=["Release", "Other"], threshold=2)

        for demand in ("prefer", "off"):
            found, _, result = self.judged(self.vector("hybrid"), demand, 1, two)
            self.assertIn("FAIL", found["trust.threshold"])
            self.assertIn("release 1 of 2", result.out)
        # Under require the second signer cannot count at all: a policy that nobody can meet.
        result = self.verify("check", self.vector("hybrid"), "--trust", self.policy("require", two),
                             code=2)
        self.assertIn("postQuantum anchor", result.err)

    def test_the_second_key_in_another_signers_anchor(self):
        post_quantum = (VECTORS / "post-quantum.cert.pem").read_text(encoding="ascii")

        def same_pin(scope):
            scope["signers"][0]["postQuantum"] = {"type": "certificate", "pem": post_quantum}
            scope["signers"].append({"name": "Other", "anchor": {"type": "key", "pem": post_quantum}})
            scope["roles"][0].update(signers=["Release", "Other"], threshold=2)

        result = self.verify("check", self.vector("hybrid"), "--trust",
                             self.policy("off", same_pin), code=2)
        self.assertIn("have the same key", result.err)

        # A pin of another signer is nearer than the post-quantum authority: one signature, one signer.
        def other_pin(scope):
            scope["signers"].append({"name": "Other", "anchor": {"type": "key", "pem": post_quantum}})
            scope["roles"][0].update(signers=["Release", "Other"], threshold=1)

        found, document, _ = self.judged(self.vector("hybrid"), "prefer", 0, other_pin)
        counted = {one["signer"] for one in document["how"]["signatures"] if one["counted"]}
        self.assertEqual(counted, {"Release", "Other"} if MODERN else {"Release"})
        self.assertNotIn("PASS", found[CHECK])
        self.assertFalse(any(one.get("completes") for one in document["how"]["signatures"]))

    def test_pinned_certificate_and_key(self):
        post_quantum = (VECTORS / "post-quantum.cert.pem").read_text(encoding="ascii")
        for kind in ("certificate", "key"):
            def pin(scope, kind=kind):
                scope["signers"][0]["postQuantum"] = {"type": kind, "pem": post_quantum}
            found, _, _ = self.judged(self.vector("hybrid"), "require", 0 if MODERN else 1, pin)
            self.assertEqual("PASS" in found[CHECK], MODERN)

        # Another key of the kind.
        def wrong(scope):
            scope["signers"][0]["postQuantum"] = {
                "type": "certificate", "pem": (VECTORS / "ml-dsa-87.cert.pem").read_text("ascii")}
        self.judged(self.vector("hybrid"), "require", 1, wrong)

    def test_a_path_through_a_classical_key(self):
        """The certificate of the ML-DSA key was issued by a P-256 root."""
        found, _, _ = self.judged(self.vector("mixed"), "require", 1)
        self.assertNotIn("PASS", found[CHECK])

        def classical_root(scope):
            scope["signers"][0]["postQuantum"] = scope["signers"][0]["anchor"]
        result = self.verify("check", self.vector("mixed"), "--trust",
                             self.policy("require", classical_root), code=2)
        self.assertIn("key", result.err)

        def other_root(scope):
            scope["signers"][0]["anchor"]["pem"] = (VECTORS / "classical.cert.pem").read_text("ascii")
            scope["signers"][0]["anchor"]["type"] = "certificate"
            scope["signers"][0]["postQuantum"] = {
                "type": "ca", "pem": (VECTORS / "root.cert.pem").read_text("ascii")}
        result = self.verify("check", self.vector("mixed"), "--trust",
                             self.policy("require", other_root), code=2)
        self.assertIn("classical key", result.err)

        # Under the classical authority the ML-DSA key counts like another key of that signer.
        found, document, _ = self.judged(self.vector("mixed"), "off", 0)
        counted = {one["algorithm"] for one in document["how"]["signatures"] if one["counted"]}
        self.assertEqual(counted, {"ecdsa-p256-sha256"} |
                         ({"ml-dsa-65-sha512"} if MODERN else set()))

    def test_a_receipt_completes_nothing(self):
        found, _, _ = self.judged(self.vector("receipt"), "require", 1)
        self.assertNotIn("PASS", found[CHECK])
        self.assertIn("WARN", self.judged(self.vector("receipt"), "prefer", 0)[0][CHECK])

    def flips(self, archive, anchor, first, last):
        """Bits that may be flipped among these bytes and leave the archive accepted, of those that are tried."""
        result = self.run_program(FLIPS, archive, anchor, first, last, EVERY_BIT, timeout=1200)
        passed = [int(at) for at in re.findall(r"flipped bit at (\d+): ACCEPTED", result.out)]
        self.assertIn(f": {len(self.tried(first, last))} tries, {len(passed)} accepted, 0 undecided", result.out)
        return passed

    @staticmethod
    def tried(first, last):
        return [bit for bit in range(8 * first, 8 * (last + 1)) if bit % EVERY_BIT == 0]

    def test_every_flipped_bit(self):
        """All that passes on OpenSSL 3.0 is in the value; nothing passes on 3.5."""
        if SANITIZED:
            self.skipTest("the same tries run without sanitizers")
        archive, anchor = self.vector("hybrid"), VECTORS / "root.cert.pem"
        first, last, member = self.value_range(archive, "ml-dsa-65-sha512", 3309)
        head = self.flips(archive, anchor, member.header, first + 15)
        tail = self.flips(archive, anchor, last - 15, member.end - 1)
        if MODERN:
            self.assertEqual(head + tail, [])
            return
        self.assertEqual(head, self.tried(first, first + 15))
        self.assertEqual(tail, self.tried(last - 15, last))

    def test_a_signature_beside_one_that_cannot_be_checked(self):
        """endorse adds to such an archive, on any OpenSSL; the classical one verifies with stock tools."""
        archive = self.folder / "hybrid.tar"
        shutil.copyfile(self.vector("hybrid"), archive)
        prefix = self.own_keys()
        self.sign("endorse", archive, "--key", f"{prefix}.key.pem", "--cert", f"{prefix}.cert.pem",
                  "--meaning", "approval")
        self.assertEqual(len([one for one in read_member_list(archive)
                              if one.name.startswith("SIGNATURES/")]), 3)
        self.judged(archive, "off", 0)
        (self.folder / "m").write_bytes(read_member(archive, "MANIFEST.json"))
        for algorithm, root in (("ecdsa-p256-sha256", "root"), ("ml-dsa-65-sha512", "pq-root")):
            name = self.signatures(self.vector("hybrid"))[algorithm]
            (self.folder / "s").write_bytes(read_member(archive, f"SIGNATURES/{name}.p7s"))
            done = self.run_program(
                "openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", "s", "-content", "m",
                "-CAfile", VECTORS / f"{root}.cert.pem", "-purpose", "any", "-out", "/dev/null")
            self.assertEqual(done.code == 0, MODERN or root == "root", done)


class Alone(Vectors):
    """One signature, by a key that is its own anchor."""

    def check_vector(self, name, code):
        return self.check(self.vector(name), anchor=VECTORS / f"{name}.cert.pem", allow=False,
                          code=code)

    def test_ed25519_counts_everywhere(self):
        result = self.check_vector("ed25519", 0)
        self.assertIn("ed25519-sha512", result.out)

    def test_ed25519_every_flipped_bit(self):
        if SANITIZED:
            self.skipTest("the same tries run without sanitizers")
        archive = self.vector("ed25519")
        _, _, member = self.value_range(archive, "ed25519-sha512", 64)
        result = self.run_program(FLIPS, archive, VECTORS / "ed25519.cert.pem", member.header,
                                  member.end - 1, code=0, timeout=1200)
        self.assertIn(" 0 accepted, 0 undecided", result.out)

    def test_post_quantum_alone(self):
        for name in ("ml-dsa-87", "slh-dsa"):
            result = self.check_vector(name, 0 if MODERN else 1)
            if not MODERN:
                self.assertIn("OpenSSL 3.5", result.out)
                self.assertIn("NOT CHECKED", result.out)

    def test_alone_it_does_not_meet_require(self):
        """Under require both kinds of signatures are asked for: one may break, not both."""
        pem = (VECTORS / "ml-dsa-87.cert.pem").read_text(encoding="ascii")

        def change(scope):
            scope["signers"][0]["anchor"] = {"type": "certificate", "pem": pem}
        found, _, _ = self.judged(self.vector("ml-dsa-87"), "require", 1, change)
        self.assertIn("FAIL", found[CHECK])

    def test_show_without_trust(self):
        for name in ("hybrid", "ml-dsa-87", "slh-dsa"):
            self.assertIn("UNVERIFIED", self.verify("show", self.vector(name)).out)


class Old(Vectors):
    """What OpenSSL 3.0 cannot do is said, with the version that can."""

    @without_ml_dsa
    def test_keygen(self):
        for algorithm in ("ml-dsa-65", "ml-dsa-87"):
            result = self.sign("keygen", "--algorithm", algorithm, "--out", "new", "--passphrase-fd",
                               "0", stdin=b"secret\n", code=2)
            self.assertIn("OpenSSL 3.5", result.err)
            self.assertEqual(list(self.folder.iterdir()), [])

    @without_ml_dsa
    def test_signing(self):
        (self.folder / "fw").write_bytes(noise(300, "fw"))
        description = self.description(["fw"])
        certificate = VECTORS / "ml-dsa-87.cert.pem"
        archive = self.folder / "hybrid.tar"
        shutil.copyfile(self.vector("hybrid"), archive)
        (self.folder / "raw").write_bytes(bytes(4627))
        for arguments in (["pack", description, "--key", "any.pem", "--cert", certificate, "--out", "r"],
                          ["endorse", archive, "--key", "any.pem", "--cert", certificate],
                          ["prepare", archive, "--cert", certificate, "--tbs", "t"],
                          ["attach", archive, "--raw", "raw", "--cert", certificate]):
            with self.subTest(arguments[0]):
                result = self.sign(*arguments, code=2)
                self.assertIn("OpenSSL 3.5", result.err)
        self.assertFalse((self.folder / "r").exists())
        self.assertEqual(archive.read_bytes(), self.vector("hybrid").read_bytes())


class Signing(Vectors):
    def new_key(self, algorithm):
        self.sign("keygen", "--algorithm", algorithm, "--out", algorithm, "--passphrase-fd", "0",
                  stdin=b"secret\n")
        return self.folder / algorithm

    def credentials(self, prefix):
        return ["--key", f"{prefix}.key.pem", "--cert", f"{prefix}.cert.pem", "--passphrase-fd", "0"]

    def with_key(self, algorithm):
        prefix = self.new_key(algorithm)
        (self.folder / "fw").write_bytes(noise(300, "fw"))
        archive = self.folder / "r.tar"
        self.sign("pack", self.description(["fw"]), *self.credentials(prefix), "--out", archive,
                  stdin=b"secret\n")
        result = self.check(archive, anchor=f"{prefix}.cert.pem", allow=False)
        self.assertIn(f"{algorithm}-sha512", result.out)
        return archive, prefix

    def test_ed25519(self):
        self.with_key("ed25519")

    @with_ml_dsa
    def test_ml_dsa(self):
        for algorithm in ("ml-dsa-65", "ml-dsa-87"):
            self.with_key(algorithm)

    def ceremony(self, algorithm):
        """Raw over the attributes themselves, and a CMS of the openssl command."""
        archive, _ = self.with_key("ed25519")
        # OpenSSL 3.0 has Ed25519, but not in its cms command.
        forms = ("raw", "cms") if MODERN else ("raw",)
        for form in forms:
            prefix = self.folder / f"{algorithm}-{form}"
            self.run_program("openssl", "req", "-x509", "-newkey", algorithm, "-noenc", "-subj",
                             f"/CN={form}", "-days", "1000", "-keyout", f"{prefix}.key.pem", "-out",
                             f"{prefix}.cert.pem", "-addext", "keyUsage=critical,digitalSignature",
                             "-addext", "extendedKeyUsage=codeSigning",
                             "-addext", "basicConstraints=critical,CA:FALSE", code=0)
            if form == "raw":
                told = self.sign("prepare", archive, "--cert", f"{prefix}.cert.pem", "--tbs", "tbs",
                                 "--json").json()
                self.assertEqual(list(told["attributes"]), ["file"])
                (self.folder / "tbs").unlink()
                said = self.sign("prepare", archive, "--cert", f"{prefix}.cert.pem", "--tbs", "tbs")
                self.assertIn("not its digest", said.out + said.err)
                self.run_program("openssl", "pkeyutl", "-sign", "-rawin", "-inkey",
                                 f"{prefix}.key.pem", "-in", "tbs", "-out", "value", code=0)
                value = (self.folder / "value").read_bytes()
                (self.folder / "wrong").write_bytes(bytes([value[0] ^ 1]) + value[1:])
                self.sign("attach", archive, "--raw", "wrong", "--cert", f"{prefix}.cert.pem", code=1)
                self.sign("attach", archive, "--raw", "value", "--cert", f"{prefix}.cert.pem")
            else:
                self.sign("prepare", archive, "--out", "m.json")
                self.run_program("openssl", "cms", "-sign", "-binary", "-cades", "-nosmimecap", "-md",
                                 "sha512", "-outform", "DER", "-signer", f"{prefix}.cert.pem",
                                 "-inkey", f"{prefix}.key.pem", "-in", "m.json", "-out", "s.p7s",
                                 *(["-no_signing_time"] if algorithm != "ed25519" else []), code=0)
                self.sign("attach", archive, "s.p7s")
            self.check(archive, anchor=f"{prefix}.cert.pem", allow=False)
        self.assertEqual(len([one for one in read_member_list(archive)
                              if one.name.startswith("SIGNATURES/")]), 1 + len(forms))

    def test_ceremony_ed25519(self):
        self.ceremony("ed25519")

    @with_ml_dsa
    def test_ceremony_ml_dsa(self):
        self.ceremony("ML-DSA-65")


if __name__ == "__main__":
    main()
