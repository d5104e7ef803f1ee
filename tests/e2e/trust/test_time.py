# SPDX-License-Identifier: Apache-2.0
"""Timestamps and revocation lists through the programs: a release that outlives its certificate, a
revoked one that does not, and what a policy requires. The authority is `openssl ts`, the issuer `openssl
ca`; certificates end in 2036, so that no test depends on today."""
import base64
import hashlib
import re
import shutil
import unittest

import der
from harness import (FAKETIME, KEYS, SANITIZED, SIGN, VERIFY, main, member, read_member, signature_member, tampered)
from time_case import LATER, TimeCase


class Time(TimeCase):
    # a release that outlives its certificate

    def test_twelve_years_in_a_drawer(self):
        checks = self.judge("plain.tar", at=LATER, code=1)
        self.assertEqual(self.fails(checks), ["certificate.validity", "trust.threshold"])
        self.assertIn("expired on 2036-01-01", self.only(checks, "certificate.validity", "FAIL")[0]["reason"])
        checks = self.judge("stamped.tar", at=LATER)
        self.assertEqual(self.fails(checks), [])
        self.assertIn("Notary", self.only(checks, "signature.timestamp", "PASS")[0]["reason"])
        signature = self.record["how"]["signatures"][0]
        self.assertEqual(signature["timestamp"]["authority"], "Notary")
        self.assertEqual(signature["timestamp"]["accuracyMicroseconds"], 1000000)
        self.assertLess(signature["time"], "2036")
        self.assertEqual(self.record["how"]["policy"]["timestampAuthorities"][0]["name"], "Notary")

    def test_nobody_named_the_authority(self):
        checks = self.judge("stamped.tar", at=LATER, code=1, timestampAuthorities=None)
        found = self.only(checks, "certificate.validity", "FAIL")[0]
        self.assertIn("expired on 2036-01-01", found["reason"])
        self.assertIn("the timestamp is not trusted", found["hint"])
        other = [{"name": "Other", "pem": (KEYS / "owner.cert.pem").read_text("ascii")}]
        checks = self.judge("stamped.tar", at=LATER, code=1, timestampAuthorities=other)
        self.assertEqual(self.fails(checks), ["certificate.validity", "trust.threshold"])
        self.judge("stamped.tar", at=LATER, code=1, timestamp="off")
        self.judge("stamped.tar", code=0, timestamp="off")

    def test_a_bare_anchor_names_no_authority(self):
        result = self.verify("check", self.shared / "stamped.tar", "--anchor", self.shared / "ca.cert.pem", "--at",
                             LATER, code=1)
        self.assertIn("--trust", result.out)

    def test_packing_again_loses_no_timestamp(self):
        archive = self.folder / "again.tar"
        pack = ("pack", self.description([("firmware.bin", {"role": "firmware"})]), "--key", self.shared / "signer.key.pem",
                "--cert", self.shared / "signer.cert.pem", "--out", archive)
        (self.folder / "firmware.bin").write_bytes(b"firmware")
        self.sign(*pack)
        self.sign(*pack)
        self.stamp(archive)
        before = archive.read_bytes()
        self.assertIn("a timestamp that would be lost", self.sign(*pack, code=2).err)
        self.assertEqual(archive.read_bytes(), before)
        self.sign(*pack, "--force")
        self.assertNotEqual(archive.read_bytes(), before)

    @unittest.skipIf(SANITIZED, "faketime preloads a library, which the sanitizers do not like")
    def test_by_the_clock(self):
        for name, code in (("plain.tar", 1), ("stamped.tar", 0)):
            self.run_program(*FAKETIME, "2045-01-01 00:00:00", VERIFY, "check", self.shared / name, "--trust",
                             self.trust(), "--allow-example-keys", code=code)

    def test_a_timestamp_from_after_the_run(self):
        for fields in ({}, {"timestamp": "off"}, {"timestampAuthorities": None}):
            checks = self.judge("stamped.tar", at="2026-01-02T00:00:00Z", code=1, **fields)
            self.assertIn("from after", self.only(checks, "signature.timestamp", "FAIL")[0]["reason"])

    def test_required_timestamps(self):
        checks = self.judge("plain.tar", code=1, timestamp="require")
        self.assertEqual(self.fails(checks), ["signature.timestamp", "trust.threshold"])
        self.judge("stamped.tar", code=0, timestamp="require")
        self.assertEqual(len(self.only(self.judge("plain.tar"), "signature.timestamp", "WARN")), 1)
        result = self.verify("check", self.shared / "plain.tar", "--trust",
                             self.trust(timestamp="require", timestampAuthorities=None), "--allow-example-keys", code=2)
        self.assertIn("names no timestamp authority", result.err)

    def test_an_example_authority_is_never_trusted(self):
        result = self.verify("check", self.shared / "stamped.tar", "--trust", self.trust(), code=1)
        self.assertIn("must never be trusted", result.err)

    # revocation

    def test_revoked_before_and_after_the_timestamp(self):
        cases = [  # revoked, reason, of plain.tar, of stamped.tar
            ("210101000000Z", None, 1, 1),
            ("340101000000Z", None, 1, 0),
            ("340101000000Z", "superseded", 1, 0),
            ("340101000000Z", "keyCompromise", 1, 0),
            ("350701000000Z", "superseded", 1, 0),      # after the time of the run: nothing proves an earlier one
            ("350701000000Z", "keyCompromise", 1, 0),   # whatever the date, where nothing proves the time
        ]
        for date, reason, plain, stamped in cases:
            crl = self.crl(date, reason)
            for name, code in (("plain.tar", plain), ("stamped.tar", stamped)):
                with self.subTest(date=date, reason=reason, name=name):
                    checks = self.judge(name, "--crl", crl, code=code)
                    if code == 1:
                        self.assertEqual(self.fails(checks), ["certificate.revocation", "trust.threshold"])
                        self.assertIn("was revoked as of", self.only(checks, "certificate.revocation", "FAIL")[0]["reason"])
                    else:
                        self.assertTrue(self.only(checks, "certificate.revocation", "PASS"))

    def test_what_a_policy_asks_of_lists(self):
        fresh, stale = self.crl(name="fresh.crl"), self.crl(until="20350201000000Z", name="stale.crl")
        revoked = self.crl("210101000000Z", until="20350201000000Z", name="revoked.crl")
        for demand, lists, code, result in (
                ("require", [], 1, "FAIL"), ("require", [stale], 1, "FAIL"), ("require", [fresh], 0, "PASS"),
                ("require", [stale, fresh], 0, "PASS"), ("if-present", [], 0, "WARN"),
                ("if-present", [stale], 0, "WARN"), ("if-present", [fresh], 0, "PASS"), (None, [stale], 0, "WARN"),
                ("if-present", [fresh, revoked], 1, "FAIL"), ("off", [revoked], 1, "FAIL"),
                ("off", [fresh], 0, "PASS"), ("off", [stale], 0, "WARN"), ("off", [], 0, None)):
            with self.subTest(demand=demand, lists=[path.name for path in lists]):
                options = [word for path in lists for word in ("--crl", path)]
                checks = self.judge("plain.tar", *options, code=code, revocation=demand)
                if result:
                    self.assertTrue(self.only(checks, "certificate.revocation", result), checks)
                else:
                    self.assertNotIn("certificate.revocation", checks)

    def test_lists_in_the_policy_and_their_age(self):
        pem = self.crl().read_text("ascii")
        for days, code in ((200, 0), (100, 1)):  # it is of January, the run of June
            self.judge("plain.tar", code=code, revocation="require", crls=[{"pem": pem}], crlMaxAgeDays=days)
        found = self.record["how"]["policy"]["revocationLists"][0]
        self.assertEqual(found["issuer"], "CN=Works ca")
        self.assertEqual(found["thisUpdate"], "2035-01-01T00:00:00Z")
        self.assertEqual(found["ageDays"], 151)

    def test_files_that_are_no_lists(self):
        self.judge("plain.tar", "--crl", self.crl(form="DER"), revocation="require")
        # A list that is larger than other PEM texts may be, and one that is larger than any.
        many = "".join(f"R\t491231235959Z\t210101000000Z\t{number:040X}\tunknown\t/CN=x\n"
                       for number in range(1 << 156, (1 << 156) + 30000))
        for form in ("PEM", "DER"):
            large = self.crl(entry=many, name=f"large.{form}", form=form)
            self.assertGreater(large.stat().st_size, 1 << 20)
            self.judge("plain.tar", "--crl", large, revocation="require")
        huge = self.folder / "huge.der"
        huge.write_bytes(b"\x30\x84\x01\x00\x00\x01" + bytes((16 << 20) + 1))
        most = self.folder / "most.pem"
        most.write_bytes((self.folder / "large.PEM").read_bytes() * 12)
        for lists, words in (([huge], "16777216"), ([most] * 5, "too large together")):
            result = self.verify("check", self.shared / "plain.tar", "--trust", self.trust(), "--allow-example-keys",
                                 *[word for path in lists for word in ("--crl", path)], code=2)
            self.assertIn(words, result.err)
        result = self.verify("check", self.shared / "plain.tar", "--trust", self.trust(), "--allow-example-keys",
                             "--crl", self.shared / "ca.cert.pem", code=2)
        self.assertIn("not a revocation list", result.err)
        result = self.verify("show", self.shared / "plain.tar", "--crl", self.crl(), code=2)
        self.assertIn("--anchor or --trust", result.err)

    def test_a_revoked_authority(self):
        """RFC 3161 4: its earlier tokens stay worth something only after a harmless, stated reason."""
        root = [{"name": "Notary", "pem": (KEYS / "root.cert.pem").read_text("ascii")}]
        serial = self.run_program("openssl", "x509", "-in", KEYS / "tsa.cert.pem", "-noout", "-serial", code=0)
        for date, reason, code in (("340101000000Z", "cessationOfOperation", 0), ("340101000000Z", "", 1),
                                   ("340101000000Z", "keyCompromise", 1), ("210101000000Z", "superseded", 1)):
            with self.subTest(date=date, reason=reason):
                why = f",{reason}" if reason else ""
                crl = self.crl(issuer=KEYS / "root", entry=f"R\t491231235959Z\t{date}{why}\t"
                                                           f"{serial.out.strip()[7:]}\tunknown\t/CN=Example TSA\n")
                checks = self.judge("stamped.tar", "--crl", crl, at=LATER, code=code, timestampAuthorities=root)
                if code == 1:
                    self.assertEqual(self.fails(checks), ["certificate.validity", "trust.threshold"])
                    self.assertIn("was revoked as of", self.only(checks, "certificate.validity", "FAIL")[0]["hint"])

    def test_lists_are_required_of_the_authority_too(self):
        root = [{"name": "Notary", "pem": (KEYS / "root.cert.pem").read_text("ascii")}]
        own, its = self.crl(name="own.crl"), self.crl(name="its.crl", issuer=KEYS / "root")
        asked = {"at": LATER, "revocation": "require", "timestampAuthorities": root}
        checks = self.judge("stamped.tar", "--crl", own, code=1, **asked)
        self.assertIn("the timestamp is not trusted", self.only(checks, "certificate.validity", "FAIL")[0]["hint"])
        self.judge("stamped.tar", "--crl", own, "--crl", its, **asked)

    # the verb

    def copy(self, name="plain.tar"):
        archive = self.folder / "copy.tar"
        shutil.copy(self.shared / name, archive)
        return archive

    def test_the_request_is_one_over_the_signature(self):
        archive, request = self.copy(), self.folder / "q.tsq"
        self.sign("timestamp", archive, "--request", request)
        text = self.run_program("openssl", "ts", "-query", "-in", request, "-text", code=0).out
        self.assertIn("Hash Algorithm: sha256", text)
        self.assertIn("Certificate required: yes", text)
        (self.folder / "value").write_bytes(signature_value(archive))
        digest = self.run_program("openssl", "dgst", "-sha256", "-r", self.folder / "value", code=0).out[:64]
        self.assertIn(bytes.fromhex(digest), request.read_bytes())

    def test_a_request_never_replaces_the_archive(self):
        archive = self.copy()
        before = archive.read_bytes()
        (self.folder / "other-name.tar").hardlink_to(archive)
        for path in (archive, self.folder / "other-name.tar"):
            result = self.sign("timestamp", archive, "--request", path, code=2)
            self.assertIn("would replace the archive", result.err)
            self.assertEqual(archive.read_bytes(), before)
            self.assertTrue(path.samefile(archive))

    def test_stock_tools_read_it(self):
        archive = self.copy("stamped.tar")
        name = signature_member(archive).name
        self.run_program("tar", "xf", archive, code=0)
        token, value = self.folder / "token", self.folder / "value"
        value.write_bytes(signature_value(archive))
        token.write_bytes(timestamp_token(archive))
        self.run_program("openssl", "ts", "-verify", "-token_in", "-in", token, "-data", value, "-CAfile",
                         KEYS / "root.cert.pem", code=0)
        value.write_bytes(b"x" + value.read_bytes())
        self.assertNotEqual(self.run_program("openssl", "ts", "-verify", "-token_in", "-in", token, "-data", value,
                                             "-CAfile", KEYS / "root.cert.pem").code, 0)
        for check, code in ((["-attime", "2366841600"], 4), (["-no_check_time"], 0)):
            self.run_program("openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", self.folder / name,
                             "-content", self.folder / "MANIFEST.json", "-CAfile", self.shared / "ca.cert.pem",
                             "-purpose", "any", "-out", "/dev/null", *check, code=code)

    def test_identity_and_payload_stay(self):
        plain, stamped = self.shared / "plain.tar", self.shared / "stamped.tar"
        self.assertEqual(read_member(plain, "MANIFEST.json"), read_member(stamped, "MANIFEST.json"))
        self.assertEqual(read_member(plain, "fw"), read_member(stamped, "fw"))

    def test_two_signatures_each_their_own(self):
        archive = self.copy()
        self.sign("endorse", archive, "--key", KEYS / "quality.key.pem", "--cert", KEYS / "quality.cert.pem",
                  "--meaning", "approval", "--allow-example-keys")
        request, response = self.folder / "q.tsq", self.folder / "r.tsr"
        result = self.sign("timestamp", archive, "--request", request, code=2)
        self.assertIn("--signer", result.err)
        names = sorted(re.findall(r"([0-9a-f]{16}) \(", result.err))
        self.assertEqual(len(names), 2, result)
        self.sign("timestamp", archive, "--request", request, "--signer", names[0][:8])
        self.answer(request, response)
        done = self.sign("timestamp", archive, "--response", response, "--allow-example-keys", "--json").json()
        self.assertEqual(done["member"], names[0])
        self.stamp(archive)
        self.assertIn("no signature that needs", self.sign("timestamp", archive, "--request", request, code=2).err)
        for wrong in ("short", "0123", "ABCDEF0123456789"):
            self.sign("timestamp", archive, "--request", request, "--signer", wrong, code=2)

    def test_answers_that_are_refused_leave_the_archive_alone(self):
        archive, request, response = self.copy(), self.folder / "q.tsq", self.folder / "r.tsr"
        before = archive.read_bytes()
        self.sign("timestamp", archive, "--request", request)
        good = self.answer(request, response).read_bytes()
        self.assertIn("example key", self.sign("timestamp", archive, "--response", response, code=2).err)
        other = bytearray(request.read_bytes())
        other[-5] ^= 1
        request.write_bytes(bytes(other))
        cases = [(self.answer(request, response).read_bytes(), "over another signature"), (b"", ""),
                 (good[:-1], ""), (b"0\x05\x30\x03\x02\x01\x02", "rejection"), (good + b"\0", "too many")]
        request.write_bytes(bytes(other[:-5] + bytes([other[-5] ^ 1]) + other[-4:]))
        broken = bytearray(self.answer(request, response, ess="sha1").read_bytes())
        broken[broken.index(certificate_hash(KEYS / "tsa.cert.pem", "sha1"))] ^= 1
        cases.append((bytes(broken), "entry 1 of 1"))
        for data, says in cases:
            with self.subTest(says=says):
                response.write_bytes(data)
                result = self.sign("timestamp", archive, "--response", response, "--allow-example-keys", code=(1, 2))
                self.assertIn(says, result.err)
                self.assertEqual(archive.read_bytes(), before)
        self.sign("timestamp", archive, code=2)
        self.sign("timestamp", archive, "--request", request, "--response", response, code=2)

    def test_a_token_that_names_its_certificate_by_sha1_alone(self):
        """As several public services do; RFC 5816 allows it. It is taken, and said everywhere."""
        archive, request, response = self.copy(), self.folder / "q.tsq", self.folder / "r.tsr"
        self.sign("timestamp", archive, "--request", request)
        self.answer(request, response, ess="sha1")
        result = self.sign("timestamp", archive, "--response", response, "--allow-example-keys")
        self.assertIn("by SHA-1 alone", result.err)
        self.shared_copy(archive, "old-names.tar")
        checks = self.judge("old-names.tar", at=LATER)
        self.assertIn("by SHA-1 alone", self.only(checks, "signature.timestamp", "PASS")[0]["reason"])
        self.assertEqual(self.record["how"]["signatures"][0]["timestamp"]["certificateNamedBy"],
                         "signingCertificate (SHA-1)")
        self.judge("stamped.tar", at=LATER)
        self.assertEqual(self.record["how"]["signatures"][0]["timestamp"]["certificateNamedBy"], "signingCertificateV2")

    def shared_copy(self, archive, name):
        shutil.copy(archive, self.shared / name)

    def test_certificates_that_are_left_out_are_told(self):
        """A token that embeds a chain and lists its own certificate alone."""
        archive, request, response = self.copy(), self.folder / "q.tsq", self.folder / "r.tsr"
        self.sign("timestamp", archive, "--request", request)
        self.answer(request, response, chain=KEYS / "root.cert.pem")
        result = self.sign("timestamp", archive, "--response", response, "--allow-example-keys")
        for words in ("were left out", "CN=Example Root", "timestampAuthorities", "intermediates"):
            self.assertIn(words, result.err)
        shutil.copy(self.shared / "plain.tar", archive)
        done = self.sign("timestamp", archive, "--response", response, "--allow-example-keys", "--json").json()
        self.assertEqual(done["timestamp"]["certificatesLeftOut"], 1)
        self.assertIn("were left out", done["notes"][0]["reason"])

    def test_answers_in_ber(self):
        """What no signature covers may be BER: it is written anew. What one covers may not."""
        request, response = self.folder / "q.tsq", self.folder / "r.tsr"
        archive = self.copy()
        self.sign("timestamp", archive, "--request", request)
        tree = der.parse(self.answer(request, response).read_bytes())
        stamps = []
        for data in (tree.encode(), indefinite(tree), indefinite(tree[1]), unsorted(tree)):
            archive = self.copy()
            response.write_bytes(data)
            result = self.sign("timestamp", archive, "--response", response, "--allow-example-keys")
            self.assertEqual("was BER" in result.err, data != tree.encode(), result)
            stamps.append(timestamp_token(archive))
        self.assertEqual(len(set(stamps)), 1)
        archive = self.copy()
        # The content is what the authority signed: its own length octets count.
        info = tree[1][1][0][2][1][0]
        info.content = info.content.replace(b"\x02\x01\x01", b"\x02\x81\x01\x01", 1)
        response.write_bytes(tree.encode())
        before = archive.read_bytes()
        self.sign("timestamp", archive, "--response", response, "--allow-example-keys", code=1)
        self.assertEqual(archive.read_bytes(), before)

    def test_the_payload_is_verified_first(self):
        archive, request, response = self.copy(), self.folder / "q.tsq", self.folder / "r.tsr"
        self.sign("timestamp", archive, "--request", request)
        self.answer(request, response)
        bad = tampered(archive, self.folder / "bad.tar", member(archive, "fw").data)
        before = bad.read_bytes()
        self.sign("timestamp", bad, "--response", response, "--allow-example-keys", code=1)
        self.assertEqual(bad.read_bytes(), before)

    def test_signers_say_until_when(self):
        archive = self.copy()
        result = self.sign("endorse", archive, "--key", KEYS / "quality.key.pem", "--cert",
                           KEYS / "quality.cert.pem", "--meaning", "approval", "--allow-example-keys")
        self.assertIn("2049-12-31T23:59:59Z for verifiers who trust a CA: a timestamp proves", result.out)
        self.assertIn("who pins the certificate accepts it after that day too", result.out)
        result = self.sign("pack", self.folder / self.description([(self.shared / "fw", {"role": "firmware"})]),
                           "--key", self.shared / "signer.key.pem", "--cert", self.shared / "signer.cert.pem",
                           "--out", self.folder / "again.tar")
        self.assertIn("until       2036-01-01", result.out)
        self.assertIn("2036-01-01", self.stamp(self.folder / "again.tar").out)

    @unittest.skipIf(SANITIZED, "faketime preloads a library, which the sanitizers do not like")
    def test_a_clock_behind_the_authority(self):
        archive, request, response = self.copy(), self.folder / "q.tsq", self.folder / "r.tsr"
        self.sign("timestamp", archive, "--request", request)
        self.answer(request, response)
        result = self.run_program(*FAKETIME, "2026-01-02 00:00:00", SIGN, "timestamp", archive, "--response",
                                  response, "--allow-example-keys", code=3)
        self.assertIn("clock", result.err)


def certificate_hash(path, digest):
    lines = path.read_text("ascii").split("-----BEGIN CERTIFICATE-----")[1].split("-----END")[0]
    return hashlib.new(digest, base64.b64decode(lines)).digest()


def indefinite(node, depth=4):
    """BER: the outer levels with the indefinite form of length."""
    if not node.constructed or depth == 0:
        return node.encode()
    return bytes([node.tag, 0x80]) + b"".join(indefinite(one, depth - 1) for one in node.content) + b"\0\0"


def unsorted(tree):
    """The signed attributes in another order than that of DER, over which the signature is."""
    other = tree.copy()
    other[1][1][0][-1][0][3].content.reverse()
    return other.encode()


def signer_info(archive):
    return der.parse(read_member(archive, signature_member(archive).name))[1][0][-1][0]


def signature_value(archive):
    return signer_info(archive)[5].content


def timestamp_token(archive):
    return signer_info(archive)[6][0][1][0].encode()


if __name__ == "__main__":
    main()
