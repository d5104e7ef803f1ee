# SPDX-License-Identifier: Apache-2.0
"""The detached form: the front beside the vendor's own files."""
import shutil
import unittest

import harness
from harness import EXAMPLE, KEYS, ROOT_CERT, SIGN, VERIFY

TRUST = ("--anchor", ROOT_CERT, "--allow-example-keys")


class Detached(harness.Case):
    def setUp(self):
        super().setUp()
        self.front = self.folder / "front.tar"
        whole = self.folder / "whole.tar"
        for out, extra in ((self.front, ["--detached"]), (whole, [])):
            self.run_program(SIGN, "pack", EXAMPLE / "release.yaml", "--key", KEYS / "release.key.pem",
                             "--cert", KEYS / "release.cert.pem", "--allow-example-keys", "--out", out,
                             *extra, code=0)
        self.payload = self.folder / "payload"
        self.run_program(VERIFY, "extract", whole, *TRUST, "--to", self.payload, code=0)
        # The vendor's own files: no SHA256SUMS among them.
        (self.payload / "SHA256SUMS").unlink()
        self.whole = whole

    def identity(self, *arguments):
        return self.run_program(VERIFY, "check", *arguments, *TRUST, "--json", code=0).json()["what"]["identity"]

    def test_same_identity_as_the_whole(self):
        self.assertEqual(self.identity(self.front, "--payload", self.payload), self.identity(self.whole))

    def test_extract_gives_what_the_whole_gives(self):
        for name, arguments in (("a", (self.front, "--payload", self.payload)), ("b", (self.whole,))):
            self.run_program(VERIFY, "extract", *arguments, *TRUST, "--to", self.folder / name, code=0)
        listing = [sorted((path.relative_to(self.folder / name).as_posix(), path.read_bytes())
                          for path in (self.folder / name).rglob("*") if path.is_file()) for name in "ab"]
        self.assertEqual(listing[0], listing[1])
        self.assertIn("SHA256SUMS", dict(listing[0]))

    def test_the_sbom_is_bound_to_detached_files_too(self):
        result = self.run_program(VERIFY, "check", self.front, "--payload", self.payload, *TRUST, "--json", code=0)
        checks = {(one["check"], one["result"]) for one in result.json()["result"]["checks"]}
        self.assertIn(("sbom.binding", "PASS"), checks)

    def test_without_the_folder_it_says_what_is_missing(self):
        result = self.run_program(VERIFY, "check", self.front, *TRUST, code=1)
        self.assertIn("--payload", result.out)

    def test_a_changed_missing_or_linked_file_is_refused(self):
        name = "sbom.cdx.json"
        original = (self.payload / name).read_bytes()
        for change in ("flip", "append", "missing", "link"):
            with self.subTest(change):
                path = self.payload / name
                path.unlink(missing_ok=True)
                if change == "flip":
                    path.write_bytes(bytes([original[0] ^ 1]) + original[1:])
                elif change == "append":
                    path.write_bytes(original + b"\n")
                elif change == "link":
                    (self.folder / "elsewhere").write_bytes(original)
                    path.symlink_to(self.folder / "elsewhere")
                self.run_program(VERIFY, "check", self.front, *TRUST, "--payload", self.payload, code=(1, 3))
        (self.payload / name).unlink()
        (self.payload / name).write_bytes(original)
        self.run_program(VERIFY, "check", self.front, *TRUST, "--payload", self.payload, code=0)

    def test_a_front_with_more_behind_it_is_refused(self):
        with open(self.front, "ab") as stream:
            stream.write(b"\0")
        self.run_program(VERIFY, "check", self.front, *TRUST, "--payload", self.payload, code=1)

    def test_a_folder_that_is_not_there_is_a_usage_error(self):
        shutil.rmtree(self.payload)
        self.run_program(VERIFY, "check", self.front, *TRUST, "--payload", self.payload, code=2)


if __name__ == "__main__":
    unittest.main()
