# SPDX-License-Identifier: Apache-2.0
"""docs/own-release/documents/hardening.md: what each step says that one sees, is what one sees. One test for each step."""
import json
import re
import shutil
import unittest

from harness import EXAMPLE, KEYS, SIGN, SOURCE, VENDOR, Case, certificate_sha256, main
from site_case import MOUNT, MachineCase
from tpm_case import TpmCase

GUIDE = SOURCE / "docs" / "own-release" / "documents" / "hardening.md"
PROFILE = SOURCE / "formats" / "release" / "profiles" / "iec62443-component.json"


class Page(Case):
    def test_every_step_has_its_test(self):
        steps = re.findall(r"(?m)^\| H(\d+) \| \S", GUIDE.read_text("utf-8"))
        self.assertEqual(steps, [str(number) for number in range(1, 14)])
        tests = {match[1] for one in (Station, Signer, Tpm) for name in dir(one) if (match := re.match(r"test_h(\d+)_", name))}
        self.assertEqual(set(steps), tests)


class Station(MachineCase):
    def check(self, *arguments, code):
        return self.here("check", self.archive, *arguments, code=code)

    def test_h1_nobody_chooses_his_own_anchor(self):
        self.site(trust=self.put_trust())
        self.check(code=0)
        shutil.copy(self.shared / "vendor-root.cert.pem", self.machine / "any.pem")
        self.check("--anchor", "any.pem", code=2)

    def test_h2_what_others_can_write_is_seen(self):
        path = self.site(trust=self.put_trust())
        walk = ("unshare", "-m", "sh", "-c", MOUNT, "sh", self.etc, self.dev, "namei", "-l", "/etc/cretula/verify.json")
        lines = [line.split() for line in self.run_program(*walk, cwd=self.machine, code=0).out.splitlines()[1:]]
        self.assertEqual([line[3] for line in lines], ["/", "etc", "cretula", "verify.json"])
        for mode, user, *_ in lines:
            self.assertEqual((user, mode[5], mode[8]), ("root", "-", "-"))
        for part, name in ((path, "verify.json"), (path.parent, "cretula"), (self.plant / "trust", "/etc/plant/trust")):
            mode = part.stat().st_mode
            part.chmod(mode | 0o020)
            self.assertIn(name, self.check(code=2).err)
            part.chmod(mode)
        self.check(code=0)

    def test_h3_what_is_mandatory(self):
        self.site(trust=self.put_trust(), mandatory=["product", "vendor", "hardware", "asset"])
        given = ["--product", "RTU-7 Remote Terminal Unit", "--vendor", VENDOR, "--hardware", "EA-RTU7-C:C2", "--asset", "PLC-12"]
        self.check(*given, code=0)
        for place in range(0, len(given), 2):
            result = self.check(*given[:place], *given[place + 2:], code=2)
            self.assertIn(given[place], result.err)

    def test_h4_another_time(self):
        self.site(trust=self.put_trust())
        self.assertIn("--at", self.check("--at", "2020-01-01T00:00:00Z", code=2).err)

    def test_h13_the_reader_is_confined(self):
        self.site(trust=self.put_trust())
        self.here("self-test", code=0)
        self.assertIn("--allow-unconfined", self.check("--allow-unconfined", code=2).err)

    def test_h5_example_keys(self):
        self.site(trust=self.put_trust())
        self.check("--allow-example-keys", code=2)
        self.check("--record", self.machine / "record", code=0)
        self.assertNotIn("example keys allowed", (self.machine / "record" / "RECORD.json").read_text("utf-8"))
        # Where they are allowed, the words are there.
        self.sign("pack", EXAMPLE / "release.yaml", "--key", KEYS / "release.key.pem", "--cert", KEYS / "release.cert.pem",
                  "--allow-example-keys", "--out", "example.tar")
        shown = self.verify("check", "example.tar", "--anchor", KEYS / "root.cert.pem", "--allow-example-keys", code=0).out
        self.assertIn("example keys allowed", shown.splitlines()[0])

    def test_h6_two_signers(self):
        trust = self.folder / "two.json"
        shutil.copy(self.shared / "vendor.json", trust)
        quality = self.own_keys("quality")
        self.verify("trust", "add-signer", trust, "--vendor", VENDOR, "--signer", "quality", "--role", "quality", "--threshold", "1",
                    "--anchor", f"{quality}-root.cert.pem", "--fingerprint", certificate_sha256(f"{quality}-root.cert.pem"),
                    "--obtained", "in person")
        shown = self.verify("trust", "show", trust, code=0).out
        for role in ("release", "quality"):
            self.assertRegex(shown, rf"{role}[^\n]*1")
        self.verify("check", self.archive, "--trust", trust, code=1)
        both = self.folder / "both.tar"
        shutil.copy(self.archive, both)
        self.sign("endorse", both, "--key", f"{quality}.key.pem", "--cert", f"{quality}.cert.pem", "--meaning", "approval")
        self.verify("check", both, "--trust", trust, code=0)

    def test_h8_signed_records(self):
        recorder = self.own_keys("recorder")
        shutil.copy(f"{recorder}-root.cert.pem", self.folder / "recorder.pem")
        self.verify("check", self.archive, "--trust", self.shared / "vendor.json", "--record", self.folder, "--sign-record",
                    f"{recorder}.key.pem", "--record-cert", f"{recorder}.cert.pem", code=0)
        self.assertIn("GENUINE", self.verify("record", "verify", "RECORD.json", "--anchor", "recorder.pem", code=0).out)

    def test_h9_the_profile_at_intake(self):
        trust = self.shared / "vendor.json"
        self.verify("check", self.archive, "--trust", trust, "--profile", PROFILE, code=0)
        folder = self.folder / "less"
        shutil.copytree(EXAMPLE, folder)
        text = (folder / "release.yaml").read_text("utf-8")
        less = re.sub(r"(?m)^  S3: .*\n(?:    .*\n)*", "", text)
        self.assertNotEqual(less, text)
        (folder / "release.yaml").write_text(less, encoding="utf-8")
        self.sign("pack", folder / "release.yaml", "--key", self.shared / "vendor.key.pem", "--cert", self.shared / "vendor.cert.pem",
                  "--out", "less.tar")
        refused = self.verify("check", "less.tar", "--trust", trust, "--profile", PROFILE, code=1).out
        self.assertIn("topics.answered", refused)
        self.assertIn("S3", refused)

    def test_h10_a_policy_that_ends(self):
        value = json.loads((self.shared / "vendor.json").read_text("utf-8"))
        value.update(reviewBy="2199-01-01T00:00:00Z", expires="2199-06-01T00:00:00Z")
        trust = self.folder / "trust.json"
        trust.write_text(json.dumps(value), encoding="utf-8")
        shown = self.verify("trust", "show", trust, code=0).out
        for time in ("2199-01-01", "2199-06-01"):
            self.assertIn(time, shown)
        self.verify("check", self.archive, "--trust", trust, code=0)
        value.update(issued="2026-01-01T00:00:00Z", reviewBy="2026-01-01T00:00:01Z", expires="2026-01-01T00:00:01Z")
        trust.write_text(json.dumps(value), encoding="utf-8")
        self.verify("check", self.archive, "--trust", trust, code=2)

    def test_proof_of_a_new_station(self):
        """Deployment guide, section 4, step 6: expect 0, 1, 1."""
        self.site(trust=self.put_trust())
        self.check(code=0)
        changed = bytearray(self.archive.read_bytes())
        changed[len(changed) // 2] ^= 1
        (self.machine / "changed.tar").write_bytes(changed)
        self.here("check", "changed.tar", code=1)
        self.here("check", self.evil, code=1)


class Signer(Case):
    def release(self, sequence):
        (self.folder / "firmware.bin").write_bytes(b"firmware %d" % sequence)
        return self.description(["firmware.bin"], release={"sequence": sequence, "version": f"1.0.{sequence}"})

    def test_h11_a_key_that_asks(self):
        (self.folder / "secret").write_text("correct horse battery staple\n", encoding="utf-8")
        self.run_program("sh", "-c", 'exec "$@" 3<secret', "sh", SIGN, "keygen", "--out", "vendor", "--passphrase-fd", "3", code=0)
        first = self.run_program("head", "-n", "1", "vendor.key.pem", code=0).out
        self.assertEqual(first, "-----BEGIN ENCRYPTED PRIVATE KEY-----\n")
        self.assertIn(first.strip(), GUIDE.read_text("utf-8"))
        asked = self.sign("pack", self.release(1), "--key", "vendor.key.pem", "--cert", "vendor.cert.pem", "--out", "a.tar", code=2)
        self.assertIn("passphrase", asked.err)

    def test_h12_a_sequence_that_rises(self):
        keys = self.own_keys("vendor")
        signing = ("--key", f"{keys}.key.pem", "--cert", f"{keys}.cert.pem")
        self.sign("pack", self.release(5), *signing, "--out", "old.tar")
        for sequence, code in ((6, 0), (5, 1), (4, 1)):
            self.sign("pack", self.release(sequence), *signing, "--previous", "old.tar", "--out", f"{sequence}.tar", code=code)


@unittest.skipUnless(shutil.which("swtpm") and shutil.which("tpm2_getcap"), "needs swtpm and tpm2-tools")
class Tpm(TpmCase):
    def test_h7_a_line_that_was_removed(self):
        station = self.station()
        station.check()
        station.check()
        shown = station.status("--journal", station.journal).out
        self.assertRegex(shown, r"journal +0x[0-9a-f]+, Name[\s\S]*journal ends")
        head = (station.journal / "journal.head").read_text("ascii").strip()
        self.assertIn(re.search(r"[0-9a-f]{64}", head)[0], shown)
        (station.journal / "journal.jsonl").write_bytes(b"".join(station.lines()[:-1]))
        station.check(code=1)


if __name__ == "__main__":
    main()
