# SPDX-License-Identifier: Apache-2.0
"""site init and site lint: a configuration is begun, and examined as a run would."""
import hashlib
import json
import os

from harness import KEYS, Case, main


class Site(Case):
    def setUp(self):
        super().setUp()
        self.trust = self.folder / "trust.json"
        self.trust.write_bytes((KEYS / "trust.json").read_bytes())
        self.trust.chmod(0o644)

    def init(self, *fields, name="verify.json", code=0):
        return self.verify("site", "init", name, *(word for one in fields for word in ("--field", one)), code=code)

    def lint(self, code=0):
        return self.verify("site", "lint", "--config", "verify.json", code=code)

    def test_what_is_begun_is_sound_and_obeyed(self):
        journal = self.folder / "journal"
        self.init(f"trust={self.trust}", f"journal={journal}", "mandatory=asset", "mandatory=zone", "allowAt=true")
        data = (self.folder / "verify.json").read_bytes()
        self.assertEqual(json.loads(data), {"cretula": "site/1", "trust": str(self.trust), "journal": str(journal),
                                            "mandatory": ["asset", "zone"], "allowAt": True})
        said = " ".join(self.lint().out.split())
        for part in ("sound", "trust", hashlib.sha256(data).hexdigest(), "not judged"):
            self.assertIn(part, said)
        archive = self.small_release()
        self.assertIn("--asset", self.verify("check", archive, "--config", "verify.json", code=2).err)

    def test_what_init_refuses(self):
        for fields, says in (([], "--field"), (["trust"], "not a field"), (["trust="], "not a field"), (["nonsense=1"], "not a field"),
                             (["cretula=site/2"], "not a field"), (["trust=here.json"], "relative path"),
                             (["tpm=yes"], "true or false"), (["tpm=true"], "`station` is missing"), (["mandatory=nonsense"], "mandatory"),
                             (["hash=md5"], "hash"), (["trust=/a", "trust=/b"], "given twice"),
                             (["profileSha256=" + "00" * 32], "pins a profile"), (["journalAccount=nobody-of-that-name"], "account")):
            with self.subTest(fields):
                self.assertIn(says, self.init(*fields, code=2).err)
                self.assertFalse((self.folder / "verify.json").exists())
        self.init("hash=auto")
        before = (self.folder / "verify.json").read_bytes()
        self.init("hash=openssl", code=2)
        self.assertEqual((self.folder / "verify.json").read_bytes(), before)

    def test_what_lint_finds(self):
        self.assertIn("there is no site configuration", self.verify("site", "lint", code=2).err)
        self.init(f"trust={self.trust}")
        self.lint()
        self.trust.chmod(0o666)
        self.assertIn("can be changed by others", self.lint(2).err)
        self.trust.unlink()
        self.assertIn("trust", self.lint((2, 3)).err)
        (self.folder / "real.json").write_text("{}", encoding="ascii")
        os.symlink("real.json", self.trust)
        self.assertIn("symbolic link", self.lint(2).err)
        (self.folder / "verify.json").write_text('{"cretula": "site/1", "nonsense": 1}', encoding="ascii")
        self.assertIn("nonsense", self.lint(2).err)
        (self.folder / "verify.json").unlink()
        self.init(f"recordAnchors={self.folder / 'missing.pem'}")
        self.assertIn("missing.pem", self.lint((2, 3)).err)


if __name__ == "__main__":
    main()
