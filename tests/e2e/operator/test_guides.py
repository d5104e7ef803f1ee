# SPDX-License-Identifier: Apache-2.0
"""The guides whose transcripts are run as they stand."""
import hashlib
import pathlib
import re
import shutil
import tempfile

import guide
from harness import KEYS, SOURCE, Case, main, manifest_of

GUIDES = SOURCE / "docs" / "guides"
IMAGE = pathlib.Path("/usr/lib/riscv64-linux-gnu/opensbi/generic/fw_dynamic.bin")
DIGEST = re.compile(r"\b[0-9a-f]{64}\b")


class Guides(Case):
    def test_first_release(self):
        commands = guide.run(self, "docs/guides/first-release.md", {})
        verbs = [word for command in commands for word in re.findall(r"cretula-\w+ (\S+)", command)]
        self.assertEqual([verb for verb in dict.fromkeys(verbs)], ["init", "lint", "keygen", "pack", "check"])
        # What is to be filled in are fifteen lines.
        text = next(text for name, _, text in guide.blocks(GUIDES / "first-release.md") if name == "release.yaml")
        self.assertEqual(len(text.splitlines()), 15)
        self.assertEqual(manifest_of(self.folder / "ex100-1.1.0.cretula.tar")["release"]["sequence"], 2)
        self.assertFalse([path for path in self.folder.iterdir() if path.name.startswith(".") and path.name != ".tools"])

    def test_adopt(self):
        if not IMAGE.is_file():
            self.skipTest("the package opensbi is not installed")
        published = DIGEST.search((GUIDES / "adopt.md").read_text("utf-8"))[0]
        digest = hashlib.sha256(IMAGE.read_bytes()).hexdigest()
        # Another release of the package: its digest stands for the published one, the rest is the same.
        shutil.copytree(KEYS, self.folder / "keys-example")
        (self.folder / "firmware.bin").write_bytes(b"drive" * 100)
        with tempfile.TemporaryDirectory(prefix="gpg", dir="/tmp") as home:
            for arguments in (["--quick-gen-key", "vendor@drives.example", "ed25519", "sign"],
                              ["--armor", "--detach-sign", "firmware.bin"]):
                self.run_program("gpg", "--homedir", home, "--batch", "--passphrase", "", *arguments, code=0)
            commands = guide.run(self, "docs/guides/adopt.md", {"GNUPGHOME": home}, {published: digest})
            self.run_program("gpgconf", "--homedir", home, "--kill", "all", code=0)
        self.assertEqual(sum("cretula-sign adopt" in command for command in commands), 3)
        self.assertFalse((self.folder / "other.cretula.tar").exists())
        manifest = manifest_of(self.folder / "opensbi.cretula.tar")
        self.assertEqual(manifest["adoption"]["published"],
                         [{"file": "fw_dynamic.bin", "sha256": digest, "at": "docs/guides/adopt.md"}])

    def test_a_page_that_lies_is_found(self):
        """The runner itself: another output, another exit code, a missing line."""
        for kind, text in (("console", "$ echo yes\nno\n"), ("console", "$ echo yes\nyes\n(exit code 1)\n"),
                           ("console", "$ echo yes\n"), ("console", "$ echo yes\nyes\nmore\n"),
                           ("console", "$ echo 'a b c'\na [...] d\n"), ("sh", "false\n"), ("sh", "echo\nfalse\necho\n"),
                           ("sh", "echo $NOT_SET_ANYWHERE\n"), ("text", "echo\n")):
            page = self.folder / "page.md"
            page.write_text(f"```{kind}\n{text}```\n", encoding="utf-8")
            with self.subTest(text), self.assertRaises(AssertionError):
                try:
                    guide.run(self, str(page))
                finally:
                    for link in (self.folder / ".tools").iterdir():
                        link.unlink()
                    (self.folder / ".tools").rmdir()


if __name__ == "__main__":
    main()
