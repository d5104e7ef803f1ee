# SPDX-License-Identifier: Apache-2.0
"""Archives that were sealed: their signatures are judged as of the time that the seal proves, and nothing else changes."""
import json
import shutil
import time
import unittest

import harness
import seal_reader
from clock_case import ClockCase
from harness import main, member, read_member, read_member_list, tampered


@unittest.skipIf(harness.SANITIZED or not shutil.which("faketime"), "the clock is another one by faketime")
class ArchiveSeals(ClockCase):
    def refused(self, *words, years=7, **more):
        said = self.at(years, "check", *words, code=1, **more)
        self.assertNotIn("ACCEPTED", said.out)
        return said.out + said.err

    def test_seven_years(self):
        self.start = int(time.time())
        archive, other = self.release(name="a.tar"), self.release(name="b.tar", size=900)
        anchor = ("--anchor", f"{self.keys}-root.cert.pem")
        seals, clock = self.folder / "seals", self.folder / "clock-root.pem"
        words = ("archive", "seal", archive, other, "--seals", seals)
        said, _ = self.exchange(0, *words)
        self.assertIn("--response IN.tsr", said.out)
        seal = seals / "a.tar.ers"
        sealed = [read_member(archive, one.name) for one in read_member_list(archive) if one.name.startswith(("MANIFEST", "SIGN"))]
        self.assertEqual(seal_reader.check(seal.read_bytes(), sealed), [1])
        # Nothing is sealed twice, or over another's name.
        self.assertIn("there is a seal already", self.at(1, *words, "--request", "x.tsq", code=2).err)
        (self.folder / "twin").mkdir()
        shutil.copy(archive, self.folder / "twin" / "a.tar")
        said = self.at(1, "archive", "seal", archive, "twin/a.tar", "--seals", "new", "--request", "x.tsq", code=2)
        self.assertIn("two of the archives would have the seal new/a.tar.ers", said.err)
        shutil.copy(archive, self.folder / "a.bin")
        said = self.at(1, "archive", "seal", "a.bin", "--seals", "new", "--request", "x.tsq", code=2)
        self.assertIn("a name that ends with .tar", said.err)
        (self.folder / "noise.tar").write_bytes(b"no archive" * 100)
        self.at(1, "archive", "seal", "noise.tar", "--seals", "new", "--request", "x.tsq", code=1)
        self.assertFalse((self.folder / "x.tsq").exists() or (self.folder / "new").exists())
        old = seal.read_bytes()
        trusted = ("--seals", seals, "--authority", clock)
        # While nothing has ended, a seal changes nothing but what is said.
        said = self.at(1, "check", archive, *anchor, *trusted)
        self.assertIn("signatures as sealed on", said.out)
        self.exchange(4, "seal", "renew", seal, seals / "b.tar.ers")
        self.at(5, "seal", "verify", seal, "--authority", clock)
        # The signer's certificate has ended.
        self.assertIn("expired", self.refused(archive, *anchor))
        said = self.at(7, "check", archive, other, *anchor, *trusted)
        self.assertEqual(said.out.count("signatures as sealed on"), 2)
        record = json.loads(self.at(7, "check", archive, *anchor, "--seal", seal, "--authority", clock, "--json").out)
        told = record["how"]["signatures"][0]["seal"]
        self.assertEqual(told["timestamps"], 2)
        self.assertEqual(told["sealedAt"], record["how"]["signatures"][0]["time"])
        self.assertLess(told["sealedAt"], record["when"]["verificationTime"])
        self.assertGreater(told["provedUntil"], record["when"]["verificationTime"])
        self.assertIn("clock root", told["authority"])
        self.at(7, "extract", archive, "--to", "out", *anchor, *trusted)
        # By the policy's authorities, without --authority.
        self.verify("trust", "init", "trust.json", "--name", "Plant")
        root = f"{self.keys}-root.cert.pem"
        fingerprint = self.run_program("openssl", "x509", "-in", root, "-noout", "-fingerprint", "-sha256", code=0).out
        self.verify("trust", "add-signer", "trust.json", "--signer", "vendor", "--role", "release", "--vendor", "Example Automation GmbH",
                    "--anchor", root, "--fingerprint", fingerprint.split("=")[1].strip().replace(":", "").lower(), "--obtained", "by hand")
        said = self.at(7, "check", archive, "--trust", "trust.json", "--seals", seals, code=2)
        self.assertIn("nobody is trusted for its timestamps", said.err)
        policy = json.loads((self.folder / "trust.json").read_text())
        policy["timestampAuthorities"] = [{"name": "Clock", "pem": clock.read_text()}]
        (self.folder / "trust.json").write_text(json.dumps(policy))
        self.at(7, "check", archive, "--trust", "trust.json", "--seals", seals)
        policy["timestamp"] = "require"
        (self.folder / "trust.json").write_text(json.dumps(policy))
        self.assertIn("no timestamp", self.refused(archive, "--trust", "trust.json", "--seals", seals))
        # A seal that does not hold refuses: of another archive, not renewed, of an authority that nobody trusts, no seal.
        self.assertIn("the seal is not over", self.refused(archive, *anchor, "--seal", seals / "b.tar.ers", "--authority", clock))
        (self.folder / "old.ers").write_bytes(old)
        self.assertIn("was not renewed", self.refused(archive, *anchor, "--seal", "old.ers", "--authority", clock))
        self.assertIn("seal.time", self.refused(archive, *anchor, "--seal", seal, "--authority", f"{self.keys}-root.cert.pem"))
        (self.folder / "noise.ers").write_bytes(b"noise")
        self.assertIn("seal.form", self.refused(archive, *anchor, "--seal", "noise.ers", "--authority", clock))
        # It refuses while the certificate lasts, too.
        self.assertIn("the seal is not over", self.refused(archive, *anchor, "--seal", seals / "b.tar.ers", "--authority", clock, years=1))
        # What is bad stays bad.
        bad = tampered(archive, self.folder / "bad.tar", member(archive, "MANIFEST.json").data + 99)
        self.refused(bad, *anchor, "--seal", seal, "--authority", clock)
        bad = tampered(archive, self.folder / "bad.tar", member(archive, "firmware.bin").data + 9)
        self.assertIn("file.digests", self.refused(bad, *anchor, "--seal", seal, "--authority", clock))
        strange = self.own_keys("stranger")
        self.refused(archive, "--anchor", f"{strange}-root.cert.pem", "--seal", seal, "--authority", clock)
        # Revoked after the seal: refused all the same. So is what a revoked authority says.
        shutil.copy(f"{self.keys}-root.cert.pem", self.folder / "v.pem")
        shutil.copy(f"{self.keys}-root.key.pem", self.folder / "v.key")
        late = time.strftime("%y%m%d%H%M%SZ", time.gmtime(self.start + 86400 * 700))
        vendor_list = self.crl(self.folder / "v", "v.crl", f"{self.keys}.cert.pem", late)
        self.assertIn("was revoked", self.refused(archive, *anchor, *trusted, "--crl", vendor_list))
        nobody = self.crl(self.folder / "v", "n.crl", self.folder / "tsa4.pem", late)
        clock_list = self.crl(self.folder / "clock-root", "c.crl", self.folder / "tsa4.pem", late)
        self.assertIn("was revoked", self.refused(archive, *anchor, *trusted, "--crl", clock_list))
        # The lists that the trust policy holds, and what it asks of them, count for an authority that is named beside it.
        del policy["timestamp"]
        for more, says in (({}, None), ({"crls": [{"pem": clock_list.read_text()}]}, "was revoked"), ({"revocation": "require"}, "no revocation list")):
            (self.folder / "trust.json").write_text(json.dumps({**policy, **more}))
            if says is None:
                self.at(7, "check", archive, "--trust", "trust.json", *trusted)
            else:
                said = self.refused(archive, "--trust", "trust.json", *trusted, *(["--crl", nobody] if "revocation" in more else []))
                self.assertIn(says, said)
                self.assertIn("seal.time", said)
        # Whoever signed dates nothing.
        self.run_program("rm", "-r", seals, code=0)
        query = self.folder / "own.tsq"
        self.at(0, *words, "--request", query)
        reply = self.answer(0, query, key=f"{self.keys}.key.pem")
        self.at(0, *words, "--response", reply, "--authority", clock)
        self.assertIn("dated with the key of the signature", self.refused(archive, *anchor, *trusted, years=0))

    def test_what_is_asked_of_the_command_line(self):
        archive = self.release()
        anchor = ("--anchor", f"{self.keys}-root.cert.pem")
        (self.folder / "a.ers").write_bytes(b"x")
        for words, reason in ((("--seal", "a.ers"), "nobody is trusted for its timestamps"),
                              (("--seal", "none.ers", "--authority", f"{self.keys}-root.cert.pem"), "there is no seal none.ers"),
                              (("--seals", ".", "--authority", f"{self.keys}-root.cert.pem"), "there is no seal ./release.tar.ers"),
                              (("--seal", "a.ers", "--seals", "."), "--seals"),
                              (("--authority", f"{self.keys}-root.cert.pem"), "--seal")):
            with self.subTest(words):
                self.assertIn(reason, self.verify("check", archive, *anchor, *words, code=2).err)
        said = self.verify("check", archive, archive, *anchor, "--seal", "a.ers", "--authority", f"{self.keys}-root.cert.pem", code=2)
        self.assertIn("--seal is for one archive", said.err)
        said = self.verify("check", "-", *anchor, "--seals", ".", "--authority", f"{self.keys}-root.cert.pem", code=2)
        self.assertIn("standard input has none", said.err)


main()
