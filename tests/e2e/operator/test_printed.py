# SPDX-License-Identifier: Apache-2.0
"""What the programs print for people: commands that can be pasted as they stand, whatever a file is called; words for
the one who reads them; every text once."""
import re
import shlex
import subprocess

from harness import EXAMPLE, KEYS, ROOT_CERT, SIGN, SOURCE, VERIFY, Case, main, member, tampered

PROFILE = SOURCE / "formats" / "release" / "profiles" / "iec62443-component.json"
ALLOW = "--allow-example-keys"
TRUSTED = ["--anchor", ROOT_CERT, ALLOW]
AWKWARD = ["it's a plant", "a b", "$(touch hacked)", "`id`;x", "two  blanks \"quoted\"", "*", "Für Bühne", "-rf"]
COMMAND = re.compile(r"cretula-(?:sign|verify) (?![a-z]*: )[^\n]*")


class Pasted(Case):
    """Every command with a name of a file in it. What stands behind the program is given to a shell, which must see the
    name as one word."""

    def setUp(self):
        super().setUp()
        self.archive = self.pack(EXAMPLE / "release.yaml", "good.tar")

    def pasted(self, output, name):
        """The commands in an output that name the file, as a shell takes them apart."""
        found = []
        for text in COMMAND.findall(output):
            text = text.split("` ")[0].rstrip("`") if "` " in text or text.endswith("`") else text
            try:
                words = shlex.split(text)
            except ValueError as error:
                self.fail(f"{text!r}: {error}")
            shown = subprocess.run(["sh", "-c", f"printf '%s\\n' {text}"], cwd=self.folder, capture_output=True,
                                   text=True, check=True).stdout
            if any(name in word for word in words):
                self.assertTrue({name, f"./{name}"} & set(shown.splitlines()), text)
                found.append(text)
        self.assertFalse((self.folder / "hacked").exists())
        self.assertTrue(found, f"no command names {name!r}: {output}")
        return found

    def both(self, *arguments, program=VERIFY, code=0):
        result = self.run_program(program, *arguments, code=code, cwd=self.folder)
        return result.out + result.err

    def test_the_verifier(self):
        for number, name in enumerate(AWKWARD):
            with self.subTest(name):
                path = f"./{name}" if name.startswith("-") else name
                (self.folder / name).write_bytes(self.archive.read_bytes())
                self.pasted(self.both("check", *TRUSTED, "--", name), name)
                policy, journal = f"./{name}.json", f"{path} journal"
                short = f"{name}.json"
                self.pasted(self.both("trust", "init", policy, "--name", "Plant"), short)
                self.pasted(self.both("trust", "lint", policy, code=2), short)
                self.pasted(self.both("trust", "add-signer", policy, "--vendor", "V", "--signer", "S", "--role", "release",
                                      "--anchor", ROOT_CERT, "--obtained", "here", ALLOW, "--fingerprint",
                                      self.fingerprint()), short)
                self.both("check", *TRUSTED, "--journal", journal, "--", name)
                self.both("journal", "close", journal, "--text", "moved")
                line = self.folder / journal / "journal.jsonl"
                line.write_bytes(line.read_bytes().replace(b"moved", b"Moved"))
                self.pasted(self.both("journal", "continue", "--from", journal, f"new{number}", code=3), f"{name} journal")
                self.pasted(self.both("check", *TRUSTED, "--journal", journal, "--", name, code=3), f"{name} journal")

    def fingerprint(self):
        return self.run_program("openssl", "x509", "-in", ROOT_CERT, "-noout", "-fingerprint", "-sha256",
                                code=0).out.split("=")[1].strip()

    def test_the_signer(self):
        for name in AWKWARD:
            with self.subTest(name):
                self.pasted(self.both("pack", EXAMPLE / "release.yaml", "--key", KEYS / "release.key.pem", "--cert",
                                      KEYS / "release.cert.pem", ALLOW, f"--out={name}", program=SIGN), name)

    def test_two_readings_of_a_product(self):
        text = self.both("check", self.archive, *TRUSTED, "--product", "O'Brien & Söhne/x y", code=2)
        words = shlex.split(text.split("say which: ")[1].split(", or ")[0])
        self.assertEqual(words, ["--vendor", "O'Brien & Söhne", "--product", "x y"])


class Readers(Case):
    def test_a_flipped_bit_is_not_a_matter_of_form(self):
        archive = self.pack(EXAMPLE / "release.yaml", "good.tar")
        manifest = member(archive, "MANIFEST.json")
        result = self.verify("check", tampered(archive, self.folder / "bad.tar", manifest.data + 100), *TRUSTED, code=1)
        self.assertIn("was made over other content", result.out)
        self.assertNotIn("form of the profile", result.out)
        self.assertIn("  not counted", result.out)

    def test_what_is_adopted_is_not_the_vendors_to_mend(self):
        """Its signer is the owner: a missing timestamp and a certificate that ended are nothing to ask the vendor for."""
        (self.folder / "firmware.bin").write_bytes(b"firmware " * 100)
        self.sign("adopt", "firmware.bin", "--vendor", "Elsewhere", "--product", "Drive", "--release", "1", "--sequence",
                  "1", "--source", "page", "--medium", "stick", "--key", KEYS / "owner.key.pem", "--cert",
                  KEYS / "owner.cert.pem", ALLOW, "--out", "adopted.tar", cwd=self.folder)
        fingerprint = self.run_program("openssl", "x509", "-in", KEYS / "owner.cert.pem", "-noout", "-fingerprint",
                                       "-sha256", code=0).out.split("=")[1].strip()
        self.verify("trust", "init", "t.json", "--name", "Plant", cwd=self.folder)
        self.verify("trust", "add-signer", "t.json", "--vendor", "Elsewhere", "--signer", "OT", "--role", "owner",
                    "--anchor", KEYS / "owner.cert.pem", "--obtained", "ours", "--fingerprint", fingerprint, ALLOW,
                    cwd=self.folder)
        self.verify("trust", "set", "t.json", "--timestamp", "require", "--timestamp-authority", f"A={ROOT_CERT}", ALLOW,
                    cwd=self.folder)
        result = self.verify("check", "adopted.tar", "--trust", "t.json", ALLOW, code=1, cwd=self.folder)
        self.assertIn("ask the signer for a timestamp", result.out)
        self.assertNotIn("ask the vendor", result.out)

    def test_a_record_of_somebody_else(self):
        archive = self.pack(EXAMPLE / "release.yaml", "good.tar")
        self.verify("check", archive, *TRUSTED, "--record", "r", "--sign-record", KEYS / "release.key.pem",
                    "--record-cert", KEYS / "release.cert.pem", code=0, cwd=self.folder)
        for arguments in (["--anchor", KEYS / "owner.cert.pem", ALLOW], ["--anchor", ROOT_CERT],
                          ["--anchor", ROOT_CERT, ALLOW, "--at", "2190-01-01T00:00:00Z"]):
            with self.subTest(arguments):
                result = self.verify("record", "verify", "r/RECORD.json", *arguments, code=1, cwd=self.folder)
                self.assertNotIn("vendor", result.out + result.err)

    def test_a_topic_without_an_answer(self):
        """Whoever signs names documents; an asset owner asks for them."""
        lint = self.sign("lint", EXAMPLE / "minimal.yaml", "--profile", PROFILE, code=1)
        archive = self.pack(EXAMPLE / "minimal.yaml", "good.tar")
        check = self.verify("check", archive, *TRUSTED, "--profile", PROFILE, code=1)
        text = lint.out + lint.err
        self.assertIn("name the documents, or say why there are none", text)
        self.assertNotIn("ask the vendor", text)
        self.assertIn("ask the vendor for the document, or for the reason why there is none", check.out)
        self.assertNotIn("name the documents", check.out)

    def test_words(self):
        result = self.sign("keygen", "--out", "k", "--passphrase-fd", "0", stdin=b"a passphrase of mine\n", code=0,
                           cwd=self.folder)
        self.assertIn("Made a key (ecdsa-p256) and its certificate\n", result.out)
        result = self.verify("extract", "x", "--to", "y", *TRUSTED, "--only", "z", code=2)
        self.assertIn("unknown option --only", result.err)


class Once(Case):
    def test_a_file_that_is_not_there(self):
        """Its name stands once in what went wrong."""
        for program, arguments in ((SIGN, ["lint", "no-file"]), (SIGN, ["endorse", "no-file", "--key", "k", "--cert", "c"]),
                                   (VERIFY, ["check", "no-file", *TRUSTED]), (VERIFY, ["check", "a", "--anchor", "no-file"]),
                                   (VERIFY, ["check", "a", "--trust", "no-file"]), (VERIFY, ["trust", "lint", "no-file"]),
                                   (VERIFY, ["check", "a", *TRUSTED, "--crl", "no-file"]),
                                   (VERIFY, ["check", "a", *TRUSTED, "--profile", "no-file"]),
                                   (VERIFY, ["record", "verify", "no-file", *TRUSTED]),
                                   (VERIFY, ["journal", "verify", "no-file"]), (VERIFY, ["show", "no-file"]),
                                   (SIGN, ["waive", "no-file", "--key", "k", "--cert", "c"]),
                                   (SIGN, ["sbom", "check", "no-file", "--profile", "ntia-2021"]),
                                   (SIGN, ["attach", "no-file", "no-file.p7s"])):
            with self.subTest(arguments):
                result = self.run_program(program, *arguments, cwd=self.folder)
                self.assertNotEqual(result.code, 0)
                for line in result.err.splitlines():
                    self.assertLessEqual(len(re.findall(r"no-file(?!\.p7s)", line)), 1, result.err)

    def test_helps_say_everything_once(self):
        for program in (SIGN, VERIFY):
            for words in self.verbs(program):
                text = self.run_program(program, *words, "--help", code=0).out
                for block in re.findall(r"^  (--.*?)(?=^  \S|^\S|^$)", text, re.MULTILINE | re.DOTALL):
                    words_of = " ".join(block.split())
                    for choices in re.findall(r"One of: (.*?)\.", words_of):
                        self.assertEqual(words_of.count(choices), 1, block)
                    sentences = re.split(r"(?<=\.) ", words_of)
                    self.assertEqual(len(sentences), len(set(sentences)), block)

    def verbs(self, program):
        def entries(*words):
            text = self.run_program(program, *words, "--help", code=0).out
            block = re.search(r"^Commands:\n((?:  .*\n?)+)", text, re.MULTILINE)
            return re.findall(r"^  ([a-z][a-z-]*)  ", block[1], re.MULTILINE) if block else []
        return [words for verb in entries() for words in ([(verb, one) for one in entries(verb)] or [(verb,)])]


if __name__ == "__main__":
    main()
