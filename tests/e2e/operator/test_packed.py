# SPDX-License-Identifier: Apache-2.0
"""What pack says: one screen, whose last lines are size, identity and a command that checks the archive as it stands."""
import shlex
import shutil
import subprocess

from harness import CLEAN_ENVIRONMENT, DATE, EXAMPLE, KEYS, SIGN, VERIFY, Case, main, read_member, sha256

AT_80 = {"COLUMNS": "80"}


class Packed(Case):
    def run_next(self, result):
        """The command of the last line, run as it stands."""
        last = result.out.splitlines()[-1]
        self.assertTrue(last.startswith("  next        cretula-verify check "), result)
        command = last.split("next", 1)[1].strip().replace("cretula-verify", shlex.quote(str(VERIFY)), 1)
        return subprocess.run(["sh", "-c", command], cwd=self.folder, env=CLEAN_ENVIRONMENT, capture_output=True, text=True,
                              check=False)

    def test_one_screen_and_a_command_that_works(self):
        for name in ("example.tar", "it's a release.tar", "-rf.tar"):
            result = self.sign("pack", EXAMPLE / "release.yaml", "--key", KEYS / "release.key.pem", "--cert",
                               KEYS / "release.cert.pem", "--allow-example-keys", f"--out={name}", environment=AT_80)
            lines = result.out.splitlines()
            self.assertLessEqual(len(lines), 24, result)
            self.assertTrue(lines[0].startswith("Packed: RTU-7 Remote Terminal Unit 4.2.0 (sequence 42), "), result)
            self.assertIn("[signed with an example key that everybody has", " ".join(result.out.split()))
            archive = self.folder / name
            self.assertEqual(lines[-3], f"  size        {archive.stat().st_size} bytes")
            self.assertEqual(lines[-2], f"  identity    {sha256(read_member(archive, 'MANIFEST.json'))}")
            self.assertIn("  embedded    the signer's certificate alone", lines)
            self.assertIn("with the signer's certificate as the anchor, or with CN=Example Root", " ".join(result.out.split()))
            for line in lines[:-1]:
                self.assertLessEqual(len(line), 80)
            done = self.run_next(result)
            self.assertEqual(done.returncode, 0, done)
            self.assertTrue(done.stdout.startswith("ACCEPTED: "), done)

    def test_many_files_and_many_names(self):
        for number in range(60):
            (self.folder / f"größe {number}.txt").write_bytes(b"x")
        description = self.description([f"größe {number}.txt" for number in range(60)])
        result = self.sign("pack", description, "--key", KEYS / "release.key.pem", "--cert", KEYS / "release.cert.pem",
                           "--allow-example-keys", "--out", "many.tar", environment=AT_80)
        self.assertLessEqual(result.out.count("\n"), 24, result)
        self.assertIn("and 57 more (--json lists all)", result.out)
        self.assertIn("  files       61: ", result.out)

    def test_a_chain_in_the_certificate_file_is_no_anchor(self):
        both = self.folder / "both.pem"
        both.write_bytes((KEYS / "release.cert.pem").read_bytes() + (KEYS / "root.cert.pem").read_bytes())
        result = self.sign("pack", EXAMPLE / "release.yaml", "--key", KEYS / "release.key.pem", "--cert", both,
                           "--allow-example-keys", "--out", "a.tar")
        self.assertIn("--anchor ROOT.pem", result.out.splitlines()[-1])
        self.assertIn("left out", result.out)
        shutil.copy(KEYS / "root.cert.pem", self.folder / "ROOT.pem")
        self.assertEqual(self.run_next(result).returncode, 0)

    def test_another_release_is_not_replaced(self):
        self.small_release("a.tar")
        old = (self.folder / "a.tar").read_bytes()
        arguments = ["pack", "release.yaml", "--key", KEYS / "release.key.pem", "--cert", KEYS / "release.cert.pem",
                     "--allow-example-keys", "--out", "a.tar"]
        self.sign(*arguments)  # the same content
        self.assertEqual(read_member(self.folder / "a.tar", "MANIFEST.json"), read_member(self.write("old", old), "MANIFEST.json"))
        self.description([("firmware.bin", {"role": "firmware"})], release={"sequence": 2, "version": "1.0.1", "date": DATE})
        before = (self.folder / "a.tar").read_bytes()
        result = self.sign(*arguments, code=2)
        self.assertIn("another release lies there, and is not replaced", result.err)
        self.assertIn("--force replaces it", result.err)
        self.assertEqual((self.folder / "a.tar").read_bytes(), before)
        self.sign(*arguments, "--force")
        self.assertNotEqual((self.folder / "a.tar").read_bytes(), before)

    def write(self, name, data):
        (self.folder / name).write_bytes(data)
        return self.folder / name

    def test_an_equal_version_is_warned_of(self):
        previous = self.small_release("one.tar")
        for version, warned in (("1.0.0", True), ("1.0.1", False)):
            self.description([("firmware.bin", {"role": "firmware"})], release={"sequence": 2, "version": version})
            result = self.sign("pack", "release.yaml", "--key", KEYS / "release.key.pem", "--cert", KEYS / "release.cert.pem",
                               "--allow-example-keys", "--out", f"{version}.tar", "--previous", previous)
            self.assertEqual("the version is that of the previous release" in result.err, warned, result)

    def test_a_detached_release(self):
        (self.folder / "firmware.bin").write_bytes(b"firmware")
        result = self.sign("pack", self.description(["firmware.bin"]), "--key", KEYS / "release.key.pem", "--cert",
                           KEYS / "release.cert.pem", "--allow-example-keys", "--detached", "--out", "front.tar")
        self.assertIn("  front       front.tar", result.out)
        self.assertIn(" --payload DIR ", result.out.splitlines()[-1])

    def test_endorse_says_who_can_verify(self):
        archive = self.small_release("a.tar")
        result = self.run_program(SIGN, "endorse", archive, "--key", KEYS / "owner.key.pem", "--cert", KEYS / "owner.cert.pem",
                                  "--allow-example-keys", code=0)
        self.assertTrue(result.out.startswith("Signed: "), result)
        self.assertIn("  signatures  2 in the archive now", result.out)


if __name__ == "__main__":
    main()
