# SPDX-License-Identifier: Apache-2.0
"""Files that were hardly meant to be released: the run's own secrets are refused, other keys and what
editors, systems and version control leave behind are told."""
import shutil

from harness import DATE, KEYS, Case, main, manifest_of, noise

HEAD = "product: {vendor: V, name: P}\nrelease: {version: \"1\", sequence: 1, date: %s}\n" % DATE
LEFT_BEHIND = (".git/config", ".env", ".env.production", "conf/.netrc", "._fw.bin", ".DS_Store", "Thumbs.db", "notes.md~", ".notes.md.swp",
               "id_ed25519", "vendor.key.pem", "vendor.p12", ".svn/entries", "__MACOSX/x", "core.4711")
MEANT = ("fw.bin", "environment.md", "gitignore.md", "key.pem.md", "core.md", "public.pem", "env", "p12.md")


class Intended(Case):
    def setUp(self):
        super().setUp()
        self.source = self.folder / "in"
        self.source.mkdir()
        (self.source / "fw.bin").write_bytes(noise(300, "fw"))
        (self.folder / "d.yaml").write_text(HEAD + "files: [{source: in}]\n", encoding="utf-8")

    def pack_with(self, key, *arguments, code=0):
        return self.sign("pack", "d.yaml", "--key", key, "--cert", KEYS / "release.cert.pem", "--allow-example-keys", "--out", "a.tar",
                         *arguments, code=code)

    def test_the_key_of_the_run_is_refused_under_every_name(self):
        key = self.folder / "sig.key"
        shutil.copy(KEYS / "release.key.pem", key)
        for name, make in (("sig.key", lambda target: shutil.copy(key, target)), ("readme.txt", lambda target: shutil.copy(key, target)),
                           ("hard.link", lambda target: target.hardlink_to(key))):
            with self.subTest(name):
                make(self.source / name)
                result = self.pack_with(key, code=2)
                self.assertIn("a secret of this very run is among the files", result.err)
                self.assertIn(name, result.err)
                self.assertFalse((self.folder / "a.tar").exists())
                (self.source / name).unlink()
        self.pack_with(key)

    def test_the_key_as_the_payload_itself(self):
        shutil.copy(KEYS / "release.key.pem", self.source / "sig.key")
        self.pack_with(self.source / "sig.key", code=2)
        self.pack_with("in/../in/sig.key", code=2)

    def test_the_pin_of_the_run_is_refused(self):
        self.sign("keygen", "--out", "own", "--passphrase-fd", "0", stdin=b"a long passphrase\n")
        (self.source / "pin.txt").write_bytes(b"a long passphrase\n")
        (self.source / "pin.txt").chmod(0o600)
        result = self.sign("pack", "d.yaml", "--key", "own.key.pem", "--cert", "own.cert.pem", "--pin-file", "in/pin.txt", "--out", "a.tar",
                           code=2)
        self.assertIn("pin.txt", result.err)
        self.assertNotIn("a long passphrase", result.err)

    def test_other_private_keys_are_told(self):
        other = (KEYS / "quality.key.pem").read_bytes()
        for name, data, told in (("web.pem", other, True), ("bundle.txt", b"a certificate\r\n" + other.replace(b"\n", b"\r\n"), True),
                                 ("old.txt", b"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n" + b"A" * 64, True),
                                 ("settings.json", b'{"key": "-----BEGIN PRIVATE KEY-----\\n' + b"A" * 64 + b'\\n"}', True),
                                 ("page.md", b"`head -n 1` prints\n-----BEGIN ENCRYPTED PRIVATE KEY-----\nand nothing else.\n", False),
                                 ("public.pem", (KEYS / "root.cert.pem").read_bytes(), False),
                                 ("guide.md", b"Look for -----BEGIN CERTIFICATE----- and keep the PRIVATE KEY-----\nsafe\n", False)):
            with self.subTest(name):
                (self.source / name).write_bytes(data)
                result = self.sign("lint", "d.yaml")
                self.assertEqual("WARN file.intended" in result.out, told, result)
                if told:
                    self.assertIn("it holds a private key", result.out)
                (self.source / name).unlink()

    def test_what_is_left_behind_is_told_by_name(self):
        for names, told in ((LEFT_BEHIND, True), (MEANT, False)):
            for name in names:
                with self.subTest(name):
                    path = self.source / name
                    path.parent.mkdir(exist_ok=True)
                    path.write_bytes(b"text\n")
                    result = self.sign("lint", "d.yaml")
                    self.assertEqual("WARN file.intended" in result.out, told, result)
                    if name != "fw.bin":
                        path.unlink()
        (self.source / ".DS_Store").write_bytes(b"x")
        result = self.pack_with(KEYS / "release.key.pem")
        self.assertIn("file.intended", result.err)
        self.assertEqual(len(manifest_of(self.folder / "a.tar")["files"]), 3)

    def test_firmware_of_no_bytes_is_told(self):
        """What a failed build leaves behind; documents and everything else may be empty."""
        (self.source / "empty").write_bytes(b"")
        for role, told in (("firmware", True), ("software", True), ("configuration", False), ("document", False), ("other", False)):
            for size in (0, 1):
                with self.subTest(role, size=size):
                    (self.source / "empty").write_bytes(b"x" * size)
                    (self.folder / "e.yaml").write_text(HEAD + "files: [{source: in/fw.bin}, {source: in/empty, role: %s}]\n" % role)
                    result = self.sign("lint", "e.yaml")
                    self.assertEqual("e.yaml:3:31: WARN file.intended" in result.out, told and size == 0, result)
                    self.assertEqual("it has 0 bytes" in result.out, told and size == 0, result)
        (self.source / "empty").write_bytes(b"")
        (self.folder / "e.yaml").write_text(HEAD + "files: [{source: in/empty, role: firmware}]\n")
        self.assertIn("it has 0 bytes", self.sign("pack", "e.yaml", "--key", KEYS / "release.key.pem", "--cert", KEYS / "release.cert.pem",
                                                  "--allow-example-keys", "--out", "e.tar").err)


if __name__ == "__main__":
    main()
