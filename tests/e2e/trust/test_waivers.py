# SPDX-License-Identifier: Apache-2.0
"""Waivers: what they cover becomes WAIVED, never PASS; what is not honoured is said, and the FAIL stays."""
import hashlib
import json
import os
import pathlib
import shutil

import harness
from harness import PRODUCT, VENDOR

UNTIL = "2099-01-01T00:00:00Z"
FLOOR = "release.sequence"


class Waivers(harness.Case):
    """One release below the policy's floor, and people who may or may not waive that."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        case = cls("runTest")
        case.folder = cls.shared
        cls.people = {name: case.own_keys(name) for name in ("vendor", "board", "second", "quality", "other")}
        case.small_release()
        case.sign("pack", "release.yaml", "--key", f"{cls.people['vendor']}.key.pem",
                  "--cert", f"{cls.people['vendor']}.cert.pem", "--out", "a.tar")
        cls.archive = cls.shared / "a.tar"
        cls.identity = hashlib.sha256(harness.read_member(cls.archive, "MANIFEST.json")).hexdigest()

    def runTest(self):
        """Lets setUpClass use the helpers of a case."""

    def setUp(self):
        super().setUp()
        self.trust = self.policy()

    def write(self, name, value):
        path = self.folder / name
        path.write_text(json.dumps(value), encoding="utf-8")
        return path

    def signer(self, name):
        pem = pathlib.Path(f"{self.people[name]}.cert.pem").read_text("ascii")
        return {"name": name, "anchor": {"type": "certificate", "pem": pem}}

    def policy(self, name="trust.json", threshold=1, waivable=(FLOOR,), **fields):
        return self.write(name, {
            "cretula": "trust/1", "name": "Plant", "version": 1, "issued": "2026-01-01T00:00:00Z",
            "scopes": [
                {"vendor": VENDOR, "products": [PRODUCT],
                 "signers": [self.signer(one) for one in ("vendor", "quality", "board", "second")],
                 "roles": [{"role": "release", "signers": ["vendor"]},
                           {"role": "owner", "signers": ["quality"], "threshold": 0},
                           {"role": "waiver", "signers": ["board", "second"], "threshold": threshold}],
                 "minimumSequence": [{"product": PRODUCT, "sequence": 5}]},
                {"vendor": "Somebody else", "products": ["*"],
                 "signers": [self.signer("vendor"), self.signer("other")],
                 "roles": [{"role": "release", "signers": ["vendor"]}, {"role": "waiver", "signers": ["other"]}]}],
            "waivable": list(waivable), **fields})

    def credentials(self, who):
        return ("--key", f"{self.people[who]}.key.pem", "--cert", f"{self.people[who]}.cert.pem")

    def waive(self, *arguments, out="w.json", who="board", check=FLOOR, release=None, until=UNTIL, **more):
        self.sign("waive", "--check", check, *(release or ("--archive", self.archive)), "--reason", "spare part",
                  "--approver", "Change board", "--control", "cell is isolated", "--until", until, "--out", out,
                  *self.credentials(who), *arguments, **more)
        return self.folder / out

    def signatures(self, path):
        return sorted(path.parent.glob(f"{path.name}.*.p7s"))

    def run_check(self, *arguments, **more):
        return self.verify("check", self.archive, "--trust", self.trust, *arguments, **more)

    def not_honoured(self, check, *arguments, says="", waiver="w.json"):
        """The FAIL stays, and the waiver's own finding says why."""
        result = self.run_check("--waivers", waiver, *arguments, code=1)
        self.assertTrue(result.out.startswith("REFUSED"), result)
        self.assertIn(f"FAIL        {FLOOR}", result.out)
        lines = [line for line in result.out.splitlines() if "this waiver is not honoured" in line]
        self.assertEqual(len(lines), 1, result)
        self.assertIn(f"WARN        {check}:", lines[0])
        self.assertIn(says, lines[0])
        told = lines[0].split("this waiver is not honoured: ", 1)[1]
        self.assertIn(f"  [waiver not honoured: {told}]", result.out.splitlines()[0])
        record = json.loads(self.run_check("--waivers", waiver, *arguments, "--json", code=1).out)
        self.assertEqual(record["result"]["waivers"], [])
        return result

    def test_not_honoured_and_accepted_is_said_in_the_first_line(self):
        waiver = self.waive("--asset", "PLC-2")
        self.trust = self.policy(severities={FLOOR: "warn"})
        first = self.run_check("--waivers", waiver, "--asset", "PLC-1").out.splitlines()[0]
        self.assertTrue(first.startswith("ACCEPTED: "), first)
        self.assertIn("  [waiver not honoured: it is for another asset]", first)
        second = self.waive("--asset", "PLC-3", out="v.json")
        first = self.run_check("--waivers", waiver, "--waivers", second, "--asset", "PLC-1").out.splitlines()[0]
        self.assertIn("  [2 waivers not honoured]", first)
        first = self.run_check("--waivers", waiver, "--asset", "PLC-2").out.splitlines()[0]
        self.assertNotIn("not honoured", first)

    def test_honoured(self):
        self.assertIn(f"FAIL        {FLOOR}", self.run_check(code=1).out)
        waiver = self.waive()
        result = self.run_check("--waivers", waiver, "--record", "record")
        first = result.out.splitlines()[0]
        self.assertTrue(first.startswith("ACCEPTED WITH WAIVERS: "), result)
        self.assertIn(f"[waived: {FLOOR} until {UNTIL}, approved by Change board]", first)
        self.assertIn(f"WAIVED      {FLOOR}:", result.out)
        self.assertIn("cell is isolated", result.out)
        record = json.loads((self.folder / "record" / "RECORD.json").read_text("utf-8"))["result"]
        self.assertEqual(record["verdict"], "ACCEPTED WITH WAIVERS")
        self.assertEqual(record["exitCode"], 0)
        self.assertEqual([one["result"] for one in record["checks"] if one["check"] == FLOOR], ["WAIVED"])
        used, = record["waivers"]
        self.assertEqual({key: used[key] for key in ("check", "reason", "approver", "control", "until", "signers",
                                                     "sha256")},
                         {"check": FLOOR, "reason": "spare part", "approver": "Change board",
                          "control": "cell is isolated", "until": UNTIL, "signers": "board",
                          "sha256": hashlib.sha256(waiver.read_bytes()).hexdigest()})
        self.assertNotIn("asset", used)
        self.verify("extract", self.archive, "--trust", self.trust, "--waivers", waiver, "--to", "out")
        self.assertTrue((self.folder / "out" / "firmware.bin").is_file())

    def test_stock_openssl_verifies_the_signature(self):
        waiver = self.waive()
        signature, = self.signatures(waiver)
        command = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", signature, "-content", waiver,
                   "-CAfile", f"{self.people['board']}-root.cert.pem", "-purpose", "any", "-out", "/dev/null"]
        self.run_program(*command, code=0)
        waiver.write_bytes(waiver.read_bytes() + b"\n")
        self.assertNotEqual(self.run_program(*command).code, 0)

    def test_another_release(self):
        self.waive(release=("--identity", "0" * 64))
        self.not_honoured("waiver.applies", says="for another release")

    def test_assets(self):
        self.waive("--asset", "PLC 7")
        self.not_honoured("waiver.applies", says="none was named")
        self.not_honoured("waiver.applies", "--asset", "PLC 8", says="for another asset")
        self.assertIn("WAIVED", self.run_check("--waivers", "w.json", "--asset", "PLC 7").out)

    def test_period(self):
        self.waive()
        self.not_honoured("waiver.period", "--at", "2099-01-01T00:00:01Z", says="ended on 2099-01-01")
        self.not_honoured("waiver.period", "--at", "2026-11-01T00:00:00Z", says="holds from")
        self.run_check("--waivers", "w.json", "--at", UNTIL)
        self.assertIn("ended", self.waive_fails("--until", "2026-01-01T00:00:00Z", "--from", "2025-01-01T00:00:00Z"))

    def waive_fails(self, *arguments, check=FLOOR):
        base = {"--check": check, "--identity": self.identity, "--reason": "r", "--approver": "a", "--control": "c",
                "--until": UNTIL, "--out": "bad.json"}
        given = dict(zip(arguments[::2], arguments[1::2]))
        words = [word for pair in {**base, **given}.items() if pair[1] is not None for word in pair]
        result = self.sign("waive", *words, *self.credentials("board"), code=2)
        self.assertEqual(list(self.folder.glob("bad.json*")), [])
        return result.err

    def test_unsigned(self):
        waiver = self.waive()
        for path in self.signatures(waiver):
            path.unlink()
        self.not_honoured("waiver.signature", says="not signed")

    def test_every_altered_byte(self):
        waiver = self.waive()
        text = waiver.read_bytes()
        for at in range(0, len(text), 23):
            waiver.write_bytes(text[:at] + bytes([text[at] ^ 1]) + text[at + 1:])
            result = self.run_check("--waivers", waiver, code=1)
            self.assertIn("WARN        waiver.signature: this waiver is not honoured", result.out)
        waiver.write_bytes(text + b"\n")
        self.not_honoured("waiver.signature")
        waiver.write_bytes(text)
        self.run_check("--waivers", waiver)

    def test_an_altered_signature(self):
        waiver = self.waive()
        path, = self.signatures(waiver)
        der = path.read_bytes()
        for at in range(0, len(der), 97):
            path.write_bytes(der[:at] + bytes([der[at] ^ 1]) + der[at + 1:])
            self.assertIn("WARN        waiver.signature", self.run_check("--waivers", waiver, code=1).out)
        path.write_bytes(der)
        path.rename(path.with_name("w.json.0123456789abcdef.p7s"))
        self.not_honoured("waiver.signature", says="under the name of its key")

    def test_a_pipe_among_the_signatures_holds_nobody_up(self):
        path = self.waive()
        pipe = self.folder / "w.json.0123456789abcdef.p7s"
        os.mkfifo(pipe)
        result = self.run_check("--waivers", path, code=3, timeout=60)
        self.assertIn(f"{pipe}: it is not a regular file", result.err)

    def test_another_role(self):
        for who in ("vendor", "quality"):
            self.waive(who=who, out=f"{who}.json")
            self.not_honoured("waiver.signature", waiver=f"{who}.json", says="which does not sign waivers")

    def test_another_scope(self):
        self.waive(who="other")
        self.not_honoured("waiver.signature", says="may not waive for this product")

    def test_a_waiver_signer_releases_nothing(self):
        self.small_release()
        self.sign("pack", "release.yaml", *self.credentials("board"), "--out", "b.tar")
        result = self.verify("check", "b.tar", "--trust", self.trust, code=1)
        self.assertIn("which signs waivers only", result.out)

    def test_not_waivable(self):
        self.waive()
        self.trust = self.policy(waivable=["sbom.binding"])
        self.not_honoured("waiver.allowed", says="does not let")
        self.trust = self.policy(waivable=[])
        self.not_honoured("waiver.allowed", says="does not let")

    def test_an_overlay_can_end_waivers(self):
        self.waive()
        overlay = self.write("overlay.json", {"cretula": "overlay/1", "name": "North", "removeWaivable": [FLOOR]})
        self.not_honoured("waiver.allowed", "--overlay", overlay)
        self.write("overlay.json", {"cretula": "overlay/1", "name": "North", "scopes": [
            {"vendor": VENDOR, "removeSigners": ["board", "second"]}]})
        self.not_honoured("waiver.signature", "--overlay", overlay, says="site overlay removed the signer board")

    def test_core_checks_are_never_waivable(self):
        for check in ("trust.threshold", "file.digests", "certificate.revocation", "release.identity",
                      "release.product", "release.hardware", "tpm.anchor", "waiver.signature"):
            with self.subTest(check=check):
                self.assertIn("never be waived", self.waive_fails(check=check))
                trust = self.policy("bad.trust.json", waivable=[check])
                result = self.verify("check", self.archive, "--trust", trust, code=2)
                self.assertIn("#/waivable/0", result.err)

    def test_what_the_operator_asks_for_is_not_waived(self):
        self.waive()
        self.not_honoured("waiver.allowed", "--min-sequence", "3", says="--min-sequence")
        self.run_check("--waivers", "w.json", "--min-sequence", "1")

    def test_a_tampered_archive_stays_refused(self):
        self.waive()
        firmware = harness.member(self.archive, "firmware.bin")
        bad = harness.tampered(self.archive, self.folder / "bad.tar", firmware.data)
        result = self.verify("check", bad, "--trust", self.trust, "--waivers", "w.json", code=1)
        self.assertIn("FAIL        file.digests", result.out)

    def test_threshold(self):
        self.trust = self.policy(threshold=2)
        waiver = self.waive()
        self.not_honoured("waiver.signature", says="not enough signers")
        self.sign("waive", waiver, *self.credentials("board"), code=2)
        self.sign("waive", waiver, "--reason", "other", *self.credentials("second"), code=2)
        self.sign("waive", waiver, *self.credentials("vendor"))
        self.not_honoured("waiver.signature", says="which does not sign waivers")
        self.sign("waive", waiver, *self.credentials("second"))
        record = json.loads(self.run_check("--waivers", waiver, "--json").out)
        self.assertEqual(sorted(record["result"]["waivers"][0]["signers"].split(", ")), ["board", "second"])

    def test_content_is_judged_after_the_signature(self):
        path = self.folder / "w.json"
        for text in ("nonsense", '{"cretula": "trust/1"}', '{"cretula": "waivers/1", "waivers": [], "more": 1}'):
            path.write_text(text, encoding="utf-8")
            self.not_honoured("waiver.signature", says="not signed")

    def test_a_signed_file_of_another_purpose(self):
        """A waiver signer's approval of a manifest makes that manifest no waiver."""
        copy = self.folder / "endorsed.tar"
        shutil.copyfile(self.archive, copy)
        self.sign("endorse", copy, "--meaning", "approval", *self.credentials("board"))
        (self.folder / "w.json").write_bytes(harness.read_member(copy, "MANIFEST.json"))
        old = {one.name for one in harness.read_member_list(self.archive)}
        new, = [one.name for one in harness.read_member_list(copy) if one.name not in old]
        digits = pathlib.Path(new).name
        (self.folder / f"w.json.{digits}").write_bytes(harness.read_member(copy, new))
        self.not_honoured("waiver.form", says="not well-formed")

    def test_what_only_the_journal_knows(self):
        """release.backout is found after the archive was read: a waiver holds for it all the same."""
        self.trust = self.policy(waivable=["release.backout"], severities={"release.backout": "fail",
                                                                           "release.sequence": "warn"})
        (self.folder / "new").mkdir()
        description = self.description([("firmware.bin", {"role": "firmware"})], folder=self.folder,
                                       release={"version": "2.0.0", "sequence": 9})
        (self.folder / "firmware.bin").write_bytes(b"newer")
        self.sign("pack", description, *self.credentials("vendor"), "--out", "new.tar")
        journal = ("--trust", self.trust, "--journal", "journal", "--asset", "PLC 7")
        self.verify("check", "new.tar", *journal, "--stage", "deployed")
        result = self.verify("check", self.archive, *journal, code=1)
        self.assertIn("FAIL        release.backout", result.out)
        self.waive("--asset", "PLC 7", check="release.backout")
        result = self.verify("check", self.archive, *journal, "--waivers", "w.json", "--record", "record")
        self.assertIn("[waived: release.backout until", result.out.splitlines()[0])
        record = json.loads((self.folder / "record" / "RECORD.json").read_text("utf-8"))["result"]
        self.assertEqual(record["verdict"], "ACCEPTED WITH WAIVERS")
        self.assertEqual([one["check"] for one in record["waivers"]], ["release.backout"])
        self.verify("record", "verify", "record/RECORD.json", "--journal", "journal", "--accepted")
        self.verify("extract", self.archive, *journal, "--waivers", "w.json", "--to", "out")
        self.waive(release=("--identity", "0" * 64), check="release.backout", out="other.json")
        self.verify("extract", self.archive, *journal, "--waivers", "other.json", "--to", "none", code=1)
        self.assertFalse((self.folder / "none").exists())
        self.verify("journal", "verify", "journal")

    def test_a_policy_made_by_the_verbs(self):
        """trust add-signer --role waiver, and trust set --waivable."""
        self.verify("trust", "init", "made.json", "--name", "Plant")
        for who, role in (("vendor", "release"), ("board", "waiver")):
            digest = self.run_program("openssl", "x509", "-in", f"{self.people[who]}.cert.pem", "-noout",
                                      "-fingerprint", "-sha256", code=0).out.split("=")[1].replace(":", "").strip()
            self.verify("trust", "add-signer", "made.json", "--vendor", VENDOR, "--signer", who, "--role", role,
                        "--anchor", f"{self.people[who]}.cert.pem", "--fingerprint", digest.lower(), "--obtained",
                        "phone call")
        self.verify("trust", "set", "made.json", "--vendor", VENDOR, "--minimum-sequence", f"{PRODUCT}=5")
        self.trust = self.folder / "made.json"
        self.waive()
        self.not_honoured("waiver.allowed")
        self.verify("trust", "set", "made.json", "--waivable", FLOOR, "--waivable", "sbom.ntia")
        self.assertIn(f"waivable    {FLOOR}, sbom.ntia", self.verify("trust", "show", "made.json", "--verbose").out)
        self.run_check("--waivers", "w.json")
        self.verify("trust", "set", "made.json", "--waivable", "file.digests", code=2)
        self.verify("trust", "set", "made.json", "--waivable", "none")
        self.not_honoured("waiver.allowed")

    def test_usage(self):
        for option in ("--check", "--identity", "--reason", "--approver", "--control", "--until", "--out"):
            with self.subTest(option=option):
                self.assertIn(option, self.waive_fails(option, None))
        self.assertIn("no check", self.waive_fails(check="no.such"))
        self.assertIn("SHA-256", self.waive_fails("--identity", "12"))
        self.waive_fails("--until", "tomorrow")
        self.waive_fails("--reason", "")
        waiver = self.waive()
        self.waive(code=2)
        self.run_check("--waivers", "not-there.json", code=2)
        root = f"{self.people['vendor']}-root.cert.pem"
        self.verify("check", self.archive, "--anchor", root, "--waivers", waiver, code=2)
        self.run_check("--waivers", waiver, "--waivers", waiver)
        self.run_check(*["--waivers", waiver] * 65, code=2)

    def test_severity_of_a_waiver_that_is_not_honoured(self):
        self.waive(release=("--identity", "0" * 64))
        self.trust = self.policy(severities={"waiver.applies": "fail"})
        result = self.run_check("--waivers", "w.json", code=1)
        self.assertIn("FAIL        waiver.applies", result.out)

    def test_a_record_without_its_waiver_is_no_record(self):
        self.run_check("--waivers", self.waive(), "--journal", "journal", "--record", "record")
        path = self.folder / "record" / "RECORD.json"
        self.verify("record", "verify", path, "--journal", "journal", "--accepted")
        record = json.loads(path.read_text("utf-8"))
        for change in (lambda result: result.update(waivers=[]),
                       lambda result: result["waivers"][0].update(check="sbom.ntia"),
                       lambda result: result["waivers"][0].pop("control"),
                       lambda result: result.update(verdict="ACCEPTED")):
            copy = json.loads(json.dumps(record))
            change(copy["result"])
            edited = self.write("edited.json", copy)
            self.assertIn("record.form", self.verify("record", "verify", edited, "--journal", "journal", code=1).out +
                          self.verify("record", "verify", edited, "--journal", "journal", "--json", code=1).out)


if __name__ == "__main__":
    harness.main()
