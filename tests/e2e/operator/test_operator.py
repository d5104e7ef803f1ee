# SPDX-License-Identifier: Apache-2.0
"""What the operator and the site ask for holds: nothing in a policy or a folder softens it."""
import json
import os
import unittest

import harness
from harness import EXAMPLE, KEYS, ROOT_CERT, SIGN, VERIFY


class Operator(harness.Case):
    def setUp(self):
        super().setUp()
        self.archive = self.folder / "x.tar"
        self.run_program(SIGN, "pack", EXAMPLE / "release.yaml", "--key", KEYS / "release.key.pem", "--cert",
                         KEYS / "release.cert.pem", "--allow-example-keys", "--out", self.archive, code=0)

    def check(self, *arguments, **options):
        return self.run_program(VERIFY, "check", self.archive, *arguments, **options)

    def test_a_policy_does_not_soften_an_expected_hardware(self):
        trust = ("--trust", KEYS / "trust.json", "--allow-example-keys")
        self.check(*trust, code=0)
        self.check(*trust, "--hardware", "NO-SUCH:1", code=1)
        policy = json.loads((KEYS / "trust.json").read_text("utf-8"))
        policy["severities"] = {"release.hardware": "ignore"}
        path = self.folder / "soft.json"
        path.write_text(json.dumps(policy), encoding="utf-8")
        self.assertIn("release.hardware", self.check("--trust", path, "--allow-example-keys", code=2).err)

    def test_an_anchor_file_holds_one_certificate(self):
        chain = self.folder / "chain.pem"
        chain.write_bytes((KEYS / "release.cert.pem").read_bytes() + ROOT_CERT.read_bytes())
        self.assertIn("2 certificates", self.check("--anchor", chain, "--allow-example-keys", code=2).err)

    def test_a_key_given_as_anchor_is_explained(self):
        self.assertIn("it stays with its signer", self.check("--anchor", KEYS / "root.key.pem", code=2).err)

    def test_who_may_read_what_was_extracted(self):
        """The folder has the mode that the caller's umask gives, not that of the hidden one it was."""
        for mask, mode in (("022", 0o755), ("027", 0o750), ("077", 0o700)):
            out = self.folder / f"out-{mask}"
            self.run_program("sh", "-c", f'umask {mask}; exec "$@"', "sh", VERIFY, "extract", self.archive, "--to", out,
                             "--anchor", ROOT_CERT, "--allow-example-keys", code=0)
            self.assertEqual(out.stat().st_mode & 0o7777, mode)
            self.assertEqual((out / "documents").stat().st_mode & 0o7777, mode)

    def site(self, value, mode=0o644):
        path = self.folder / "verify.json"
        path.write_text(json.dumps({"cretula": "site/1", **value}), encoding="utf-8")
        path.chmod(mode)
        return ("--config", path)

    def test_a_site_names_absolute_paths_only(self):
        (self.folder / "trust.json").write_bytes((KEYS / "trust.json").read_bytes())
        result = self.check(*self.site({"trust": "trust.json"}), code=2, cwd=self.folder)
        self.assertIn("begins with /", result.err)

    def test_a_policy_that_others_can_write_is_not_used(self):
        path = self.folder / "trust.json"
        path.write_bytes((KEYS / "trust.json").read_bytes())
        path.chmod(0o666)
        self.assertIn("changed by others", self.check(*self.site({"trust": str(path)}), code=2).err)

    def test_a_site_can_only_be_tightened(self):
        """What it decided, an option may repeat; one that names another, or would undo it, is exit 2."""
        prefix = self.own_keys("Plant")
        archive = self.folder / "own.tar"
        self.run_program(SIGN, "pack", EXAMPLE / "release.yaml", "--key", f"{prefix}.key.pem", "--cert",
                         f"{prefix}.cert.pem", "--out", archive, code=0)
        trust, other = self.folder / "trust.json", self.folder / "other.json"
        done = self.run_program("openssl", "x509", "-in", f"{prefix}-root.cert.pem", "-noout", "-fingerprint",
                                "-sha256", code=0)
        self.run_program(VERIFY, "trust", "init", trust, "--name", "Plant 7", code=0)
        self.run_program(VERIFY, "trust", "add-signer", trust, "--vendor", harness.VENDOR, "--signer", "CA", "--role",
                         "release", "--anchor", f"{prefix}-root.cert.pem", "--fingerprint",
                         done.out.split("=")[1].strip(), "--obtained", "in person", code=0)
        other.write_bytes(trust.read_bytes())
        named = {"trust": str(trust), "journal": str(self.folder / "journal"), "station": str(self.folder / "s.json"),
                 "tcti": "device:/dev/null", "journalAuth": str(self.folder / "auth")}
        rows = [([], 0), (["--trust", trust], 0), (["--trust", other], 2), (["--trust", "trust.json"], 2),
                (["--anchor", f"{prefix}-root.cert.pem"], 2), (["--allow-example-keys"], 2),
                (["--journal", named["journal"]], 0), (["--journal", self.folder / "elsewhere"], 2),
                (["--station", self.folder / "x.json", "--tpm"], 2), (["--tcti", "swtpm:path=/x", "--tpm"], 2),
                (["--journal-auth", self.folder / "y", "--tpm"], 2), (["--at", "2027-01-01T00:00:00Z"], 2)]
        for arguments, code in rows:
            with self.subTest(arguments=arguments):
                result = self.run_program(VERIFY, "check", archive, *self.site(named), *arguments, code=code,
                                          cwd=self.folder)
                if code == 2:
                    self.assertIn("site configuration does not allow", result.err)
        self.assertFalse((self.folder / "elsewhere").exists())
        # --at where the site allows it: journalled as such, and never an acceptance to rely on.
        result = self.run_program(VERIFY, "check", archive, *self.site({**named, "allowAt": True}), "--at",
                                  "2027-01-01T00:00:00Z", code=0)
        self.assertIn("as of 2027-01-01T00:00:00Z", result.out.splitlines()[0])
        lines = [json.loads(line) for line in
                 (self.folder / "journal" / "journal.jsonl").read_text("utf-8").splitlines()]
        self.assertEqual([line.get("at") for line in lines if line.get("kind") == "run"],
                         [None, None, None, "2027-01-01T00:00:00Z"])
        # A site without trust leaves --anchor to the operator, but no example key.
        self.run_program(VERIFY, "check", archive, *self.site({}), "--anchor", f"{prefix}-root.cert.pem", code=0)
        self.run_program(VERIFY, "check", self.archive, *self.site({}), "--anchor", ROOT_CERT, code=1)

    def test_what_a_site_makes_mandatory(self):
        given = {"product": "RTU-7 Remote Terminal Unit", "hardware": "RTU-7:C", "min-sequence": "0",
                 "change-id": "CHG-1", "asset": "RTU at pump 3", "zone": "Z1", "stage": "received",
                 "acquired": "portal", "name": "A. Tester", "role": "operator", "record": str(self.folder / "record")}
        site = self.site({"mandatory": sorted(given)})
        options = {name: ["--" + name, value] for name, value in given.items()}
        for missing in given:
            with self.subTest(missing):
                arguments = [word for name, words in options.items() if name != missing for word in words]
                result = self.check("--anchor", ROOT_CERT, *site, *arguments, code=2)
                self.assertIn(f"makes --{missing} mandatory", result.err)
        arguments = [word for words in options.values() for word in words]
        # All given: judged, and refused for the example key, which no site lets in.
        result = self.check("--anchor", ROOT_CERT, *site, *arguments, code=1)
        self.assertIn("must never be trusted", result.out + result.err)
        # `show` has no such options, and needs none.
        self.run_program(VERIFY, "show", self.archive, *site, code=0)
        self.check("--anchor", ROOT_CERT, *self.site({"mandatory": ["luck"]}), code=2)

    def test_a_pipe_holds_nobody_up(self):
        """Where a file of the site or an archive to be changed is expected, a pipe is no file."""
        pipe = self.folder / "pipe"
        os.mkfifo(pipe)
        self.assertIn("not a regular file", self.check("--config", pipe, code=2, timeout=60).err)
        result = self.run_program(SIGN, "endorse", pipe, "--key", KEYS / "quality.key.pem", "--cert",
                                  KEYS / "quality.cert.pem", "--allow-example-keys", code=2, timeout=60)
        self.assertIn("is a pipe", result.err)

    def test_fast_is_said_in_the_verdict(self):
        shown = self.check("--anchor", ROOT_CERT, "--allow-example-keys", "--fast", code=0).out
        self.assertIn("[fast", shown.splitlines()[0])

    def test_a_file_size_limit_is_an_error_not_a_signal(self):
        result = self.run_program("sh", "-c", 'ulimit -f 1; exec "$@"', "sh", VERIFY, "check", self.archive,
                                  "--anchor", ROOT_CERT, "--allow-example-keys", "--record", self.folder / "r", code=3)
        self.assertFalse((self.folder / "r" / "RECORD.json").exists(), result)

    def test_standard_input_that_was_read_in_part(self):
        script = '(dd bs=512 count=1 of=/dev/null status=none; exec "$@") < ' + str(self.archive)
        self.run_program("sh", "-c", script, "sh", VERIFY, "check", "-", "--anchor", ROOT_CERT,
                         "--allow-example-keys", code=2)


if __name__ == "__main__":
    unittest.main()
