# SPDX-License-Identifier: Apache-2.0
"""What the operator and the site ask for holds: nothing in a policy or a folder softens it."""
import json
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
        policy = json.loads((KEYS / "trust.json").read_text("utf-8"))
        policy["severities"] = {"release.hardware": "ignore"}
        path = self.folder / "soft.json"
        path.write_text(json.dumps(policy), encoding="utf-8")
        trust = ("--trust", path, "--allow-example-keys")
        self.check(*trust, code=0)
        self.check(*trust, "--hardware", "NO-SUCH:1", code=1)

    def test_an_anchor_file_holds_one_certificate(self):
        chain = self.folder / "chain.pem"
        chain.write_bytes((KEYS / "release.cert.pem").read_bytes() + ROOT_CERT.read_bytes())
        self.assertIn("2 certificates", self.check("--anchor", chain, "--allow-example-keys", code=2).err)

    def test_a_key_given_as_anchor_is_explained(self):
        self.assertIn("give the certificate", self.check("--anchor", KEYS / "root.key.pem", code=2).err)

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
