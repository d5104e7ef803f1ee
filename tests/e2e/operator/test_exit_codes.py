# SPDX-License-Identifier: Apache-2.0
"""Exit codes of docs/spec/cli.md, as a table (lessons 3, 5, 6, 19, 20): 0 done, 1 refused, 2 usage or
configuration, 3 undecided; never 0 with an error message."""
import json
import os
import pathlib
import subprocess

from harness import (EXAMPLE, KEYS, ROOT_CERT, SIGN, VERIFY, Case, main, noise, signature_member,
                     tampered)

RELEASE_KEY = ["--key", KEYS / "release.key.pem", "--cert", KEYS / "release.cert.pem"]
ALLOW = "--allow-example-keys"


class CheckCodes(Case):
    """The list that the project promises for `check`."""

    def setUp(self):
        super().setUp()
        self.archive = self.small_release()

    def test_lesson_6_the_promised_table(self):
        other = self.own_keys("stranger") + "-root.cert.pem"
        empty = self.folder / "empty"
        empty.write_bytes(b"")
        foreign = self.folder / "foreign.tar"
        foreign.write_bytes(noise(20000, "foreign"))
        (self.folder / "none").mkdir()
        text = self.folder / "text.pem"
        text.write_text("not a certificate\n", encoding="ascii")
        bad = tampered(self.archive, self.folder / "bad.tar", signature_member(self.archive).data + 40)
        anchor = ["--anchor", ROOT_CERT]
        table = [
            # what, exit code, words of the output, arguments
            ("good", 0, "ACCEPTED", [self.archive, *anchor, ALLOW]),
            ("lesson 11: example key not allowed", 1, "must never be trusted", [self.archive, *anchor]),
            ("lesson 5: no anchor", 2, "--anchor", [self.archive, ALLOW]),
            ("missing anchor file", 2, "nowhere.pem", [self.archive, "--anchor", "nowhere.pem", ALLOW]),
            ("lesson 3: empty anchor file", 2, "empty", [self.archive, "--anchor", empty, ALLOW]),
            ("anchor without a certificate", 2, "text.pem", [self.archive, "--anchor", text, ALLOW]),
            ("anchor is a folder", 2, "", [self.archive, "--anchor", self.folder, ALLOW]),
            ("another root", 1, "REFUSED", [self.archive, "--anchor", other, ALLOW]),
            ("missing archive", 3, "missing.tar", ["missing.tar", *anchor, ALLOW]),
            ("a folder without archives", 2, "", [self.folder / "none", *anchor, ALLOW]),
            ("empty archive", 1, "REFUSED", [empty, *anchor, ALLOW]),
            ("foreign file", 1, "REFUSED", [foreign, *anchor, ALLOW]),
            ("tampered", 1, "REFUSED", [bad, *anchor, ALLOW]),
            ("no archive", 2, "", [*anchor, ALLOW]),
            ("empty operand", 2, "", ["", *anchor, ALLOW]),
            ("empty option", 2, "", [self.archive, "--anchor", "", ALLOW]),
            ("option without its value", 2, "", [self.archive, "--anchor"]),
            ("unknown option", 2, "--anchors", [self.archive, "--anchors", ROOT_CERT]),
            ("anchor and trust", 2, "", [self.archive, *anchor, "--trust", KEYS / "trust.json", ALLOW]),
            ("missing trust file", 2, "nowhere.json", [self.archive, "--trust", "nowhere.json", ALLOW]),
            ("empty trust file", 2, "empty", [self.archive, "--trust", empty, ALLOW]),
            ("trust file", 0, "ACCEPTED", [self.archive, "--trust", KEYS / "trust.json", ALLOW]),
            ("product", 0, "ACCEPTED", [self.archive, *anchor, ALLOW, "--product",
                                        "RTU-7 Remote Terminal Unit"]),
            ("other product", 1, "REFUSED", [self.archive, *anchor, ALLOW, "--product", "RTU-8"]),
            ("other vendor", 1, "REFUSED", [self.archive, *anchor, ALLOW, "--vendor", "Somebody"]),
            ("product with a slash", 2, "--vendor A --product B/C", [self.archive, *anchor, ALLOW, "--product", "A/B/C"]),
            ("sequence below the floor", 1, "REFUSED", [self.archive, *anchor, ALLOW,
                                                        "--min-sequence", "2"]),
            ("sequence not a number", 2, "", [self.archive, *anchor, ALLOW, "--min-sequence", "two"]),
            ("sequence out of range", 2, "", [self.archive, *anchor, ALLOW, "--min-sequence", "-1"]),
            ("jobs 0", 2, "", [self.archive, *anchor, ALLOW, "--jobs", "0"]),
            ("other identity", 1, "REFUSED", [self.archive, *anchor, ALLOW, "--expect-identity",
                                              "0" * 64]),
            ("identity is no digest", 2, "", [self.archive, *anchor, ALLOW, "--expect-identity", "00"]),
            ("a part only", 3, "PARTIAL", [self.archive, *anchor, ALLOW, "--only", "firmware.bin"]),
            ("options after --", 3, "", [*anchor, ALLOW, "--", "--json"]),
            ("operand before and after", 0, "ACCEPTED", [*anchor, self.archive, ALLOW]),
        ]
        for what, code, words, arguments in table:
            with self.subTest(what):
                result = self.verify("check", *arguments, code=code)
                self.assertIn(words, result.out + result.err, result)
                if code in (1, 2, 3):
                    self.assertNotIn("ACCEPTED", result.out, result)
                if code == 2:
                    self.assertTrue(result.err.strip(), "a usage error is said on stderr")

    def test_several_files_1_before_3_before_0(self):
        bad = tampered(self.archive, self.folder / "bad.tar", signature_member(self.archive).data + 40)
        options = ["--anchor", ROOT_CERT, ALLOW]
        good = self.archive
        self.verify("check", good, good, *options, code=0)
        self.verify("check", good, "missing.tar", *options, code=3)
        self.verify("check", good, bad, *options, code=1)
        result = self.verify("check", "missing.tar", bad, good, *options, code=1)
        self.assertIn("ACCEPTED", result.out, "all are judged, the last one too")

    def test_usage_is_settled_before_the_first_file_is_read(self):
        self.verify("check", self.archive, "--anchor", ROOT_CERT, ALLOW, "--bogus", code=2)
        result = self.verify("check", "missing.tar", "--anchor", "nowhere.pem", code=2)
        self.assertNotIn("missing.tar", result.out)

    def test_lesson_19_a_repeated_option_adds_up_or_is_refused(self):
        other = self.own_keys("stranger") + "-root.cert.pem"
        for pair in ([ROOT_CERT, other], [other, ROOT_CERT]):
            self.verify("check", self.archive, "--anchor", pair[0], "--anchor", pair[1], ALLOW, code=0)
        self.verify("check", self.archive, "--trust", KEYS / "trust.json",
                    "--trust", KEYS / "trust.json", ALLOW, code=2)
        self.verify("check", self.archive, "--anchor", ROOT_CERT, ALLOW, "--product", "a",
                    "--product", "b", code=2)

    def test_lesson_20_json_on_every_failure(self):
        bad = tampered(self.archive, self.folder / "bad.tar", signature_member(self.archive).data + 40)
        options = ["--anchor", ROOT_CERT, ALLOW, "--json"]
        for code, arguments in ((0, [self.archive, *options]), (1, [bad, *options]),
                                (3, ["missing.tar", *options]), (2, [self.archive, "--json"]),
                                (2, [self.archive, "--bogus", "--json"])):
            with self.subTest(code=code, arguments=[str(one) for one in arguments]):
                value = json.loads(self.verify("check", *arguments, code=code).out)
                self.assertIn("cretula", value)
                if code in (2, 3):
                    self.assertIn("error", json.dumps(value))

    def test_output_that_cannot_be_written(self):
        """Lesson 22: a full device below stdout is not exit 0."""
        for arguments in ([VERIFY, "check", self.archive, "--anchor", ROOT_CERT, ALLOW],
                          [VERIFY, "check", self.archive, "--anchor", ROOT_CERT, ALLOW, "--json"],
                          [VERIFY, "show", self.archive], [VERIFY, "explain", "archive.framing"],
                          [VERIFY, "--help"], [SIGN, "--version"], [SIGN, "init"]):
            with self.subTest([str(one) for one in arguments[:2]]):
                line = " ".join(f"'{argument}'" for argument in arguments)
                result = self.run_program("sh", "-c", f"{line} >/dev/full", code=3)
                self.assertTrue(result.err.strip())

    def test_a_full_device_is_said_whatever_is_printed(self):
        """Help and version of every verb, and errors as JSON: never silent, never exit code 0."""
        lines = []
        for program, groups in ((SIGN, ["", "sbom"]), (VERIFY, ["", "trust", "journal", "record", "export", "catalogue", "tpm"])):
            for group in groups:
                begin = [program, *group.split()]
                overview = self.run_program(*begin, "--help", code=0).out
                verbs = [line.split()[0] for line in overview.split("Commands:\n")[1].split("\n\n")[0].splitlines()
                         if line[2:3].isalpha()]
                self.assertGreater(len(verbs), 1, overview)
                lines += [([*begin, verb, "--help"], 3) for verb in verbs
                          if verb not in ("sbom", "trust", "journal", "record", "export", "catalogue", "tpm")]
                lines += [([*begin, "--help"], 3), ([*begin, "--version"], 3),
                          ([*begin, verbs[0], "--bogus", "--json"], 2)]
        for arguments, code in lines:
            with self.subTest(" ".join(arguments[1:])), open("/dev/full", "wb") as full:
                done = subprocess.run(arguments, stdin=subprocess.DEVNULL, stdout=full, stderr=subprocess.PIPE,
                                      cwd=self.folder, check=False)
                self.assertEqual(done.returncode, code, done.stderr)
                self.assertIn(b"cannot write to standard output", done.stderr)


class OtherCodes(Case):
    def test_programs(self):
        for program in (SIGN, VERIFY):
            for arguments, code in (([], 2), (["--help"], 0), (["--version"], 0), (["bogus"], 2),
                                    (["--bogus"], 2), ([""], 2)):
                with self.subTest(program=program, arguments=arguments):
                    result = self.run_program(program, *arguments, code=code)
                    self.assertEqual(bool(result.out), code == 0)
                    self.assertEqual(bool(result.err), code != 0)

    def test_every_verb_has_help(self):
        for program, verbs in ((SIGN, ["init", "keygen", "lint", "pack"]),
                               (VERIFY, ["check", "extract", "show", "explain", "trust"])):
            overview = self.run_program(program, "--help", code=0).out
            for verb in verbs:
                with self.subTest(verb):
                    self.assertIn(verb, overview)
                    self.assertIn(verb, self.run_program(program, verb, "--help", code=0).out)
                    self.run_program(program, verb, "--bogus", code=2)

    def test_verify_verbs(self):
        archive = self.small_release()
        trusted = ["--anchor", ROOT_CERT, ALLOW]
        (self.folder / "taken").mkdir()
        (self.folder / "empty").write_bytes(b"")
        table = [
            ("show", 0, ["show", archive]),
            ("show missing", 3, ["show", "missing.tar"]),
            ("show foreign", 1, ["show", "firmware.bin"]),
            ("show nothing", 2, ["show"]),
            ("explain", 0, ["explain", "archive.framing"]),
            ("explain unknown", 2, ["explain", "no.such.check"]),
            ("explain lists the checks", 0, ["explain", "all"]),
            ("explain nothing", 2, ["explain"]),
            ("extract", 0, ["extract", archive, "--to", "new", *trusted]),
            ("lesson 5: extract without anchor", 2, ["extract", archive, "--to", "other"]),
            ("extract nowhere", 2, ["extract", archive, *trusted]),
            ("extract into something that exists", (2, 3), ["extract", archive, "--to", "taken", *trusted]),
            ("extract missing", 3, ["extract", "missing.tar", "--to", "other", *trusted]),
            ("extract foreign", 1, ["extract", "firmware.bin", "--to", "other", *trusted]),
            ("extract with example key", 1, ["extract", archive, "--to", "other", "--anchor", ROOT_CERT]),
            ("trust lint", 0, ["trust", "lint", KEYS / "trust.json", ALLOW]),
            ("trust lint empty", 2, ["trust", "lint", "empty"]),
            ("trust lint missing", (2, 3), ["trust", "lint", "nowhere.json"]),
            ("trust without verb", 2, ["trust"]),
        ]
        for what, code, arguments in table:
            with self.subTest(what):
                self.verify(*arguments, code=code)
        self.assertFalse((self.folder / "other").exists())
        self.assertEqual(list((self.folder / "taken").iterdir()), [])

    def test_sign_verbs(self):
        (self.folder / "firmware.bin").write_bytes(noise(500, "firmware"))
        good = self.description(["firmware.bin"])
        missing_file = self.description(["nothing.bin"], "missing-file.yaml")
        bad_field = self.description(["firmware.bin"], "bad-field.yaml", relaese={"x": "y"})
        (self.folder / "broken.yaml").write_text("product: [", encoding="ascii")
        (self.folder / "empty.yaml").write_text("", encoding="ascii")
        (self.folder / "junk.pem").write_text("junk\n", encoding="ascii")
        self.run_program("openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout",
                         "-out", "other.key.pem", code=0)
        key = [*RELEASE_KEY, ALLOW]
        table = [
            ("pack", 0, ["pack", good, *key, "--out", "a.tar"]),
            ("init", 0, ["init"]),
            ("lint", 0, ["lint", good]),
            ("lint json", 0, ["lint", good, "--format", "json"]),
            ("lint unknown format", 2, ["lint", good, "--format", "xml"]),
            ("lint bad field", 2, ["lint", bad_field]),
            ("lint missing description", 2, ["lint", "nowhere.yaml"]),
            ("example key not allowed", 2, ["pack", good, *RELEASE_KEY, "--out", "b.tar"]),
            ("no key", 2, ["pack", good, "--out", "b.tar"]),
            ("lesson 6: missing key", 2, ["pack", good, "--key", "no.pem", "--cert",
                                          KEYS / "release.cert.pem", ALLOW, "--out", "b.tar"]),
            ("key is junk", 2, ["pack", good, "--key", "junk.pem", "--cert",
                                KEYS / "release.cert.pem", ALLOW, "--out", "b.tar"]),
            ("certificate of another key", 2, ["pack", good, "--key", "other.key.pem", "--cert",
                                               KEYS / "release.cert.pem", ALLOW, "--out", "b.tar"]),
            ("missing certificate", 2, ["pack", good, "--key", KEYS / "release.key.pem", "--cert",
                                        "no.pem", ALLOW, "--out", "b.tar"]),
            ("missing description", 2, ["pack", "nowhere.yaml", *key, "--out", "b.tar"]),
            ("broken YAML", 2, ["pack", "broken.yaml", *key, "--out", "b.tar"]),
            ("empty description", 2, ["pack", "empty.yaml", *key, "--out", "b.tar"]),
            ("unknown field", 2, ["pack", bad_field, *key, "--out", "b.tar"]),
            ("missing input", (2, 3), ["pack", missing_file, *key, "--out", "b.tar"]),
            ("out is a folder", (2, 3), ["pack", good, *key, "--out", self.folder]),
            ("out in a missing folder", (2, 3), ["pack", good, *key, "--out", "no/such/b.tar"]),
            ("keygen", 0, ["keygen", "--out", "new", "--passphrase-fd", "0"]),
            ("keygen over existing files", (2, 3), ["keygen", "--out", "new", "--passphrase-fd", "0"]),
            ("keygen unknown algorithm", 2, ["keygen", "--out", "z", "--algorithm", "rsa-1024"]),
        ]
        for what, code, arguments in table:
            with self.subTest(what):
                self.sign(*arguments, code=code, stdin=b"correct horse battery\n")
        self.assertFalse((self.folder / "b.tar").exists())
        self.assertFalse(list(self.folder.glob("*.tmp*")) + list(self.folder.glob(".*")))
        self.assertEqual(os.stat(self.folder / "new.key.pem").st_mode & 0o777, 0o600)
        self.assertIn("ENCRYPTED", (self.folder / "new.key.pem").read_text(encoding="ascii"))

    def test_the_example_release(self):
        """The two commands of the README, word for word."""
        archive = self.folder / "X"
        self.sign("pack", EXAMPLE / "release.yaml", "--key", KEYS / "release.key.pem",
                  "--cert", KEYS / "release.cert.pem", ALLOW, "--out", archive, code=0)
        self.verify("check", archive, "--anchor", ROOT_CERT, ALLOW, code=0)
        self.sign("pack", EXAMPLE / "minimal.yaml", *RELEASE_KEY, ALLOW, "--out", "minimal.tar")
        self.verify("check", "minimal.tar", "--anchor", ROOT_CERT, ALLOW, code=0)
        self.assertLessEqual(len((EXAMPLE / "minimal.yaml").read_text("utf-8").splitlines()), 15)

    def test_the_generated_inputs_are_what_the_script_makes(self):
        self.run_program("python3", "-B", EXAMPLE / "make-inputs.py", "--check", code=0)

    def test_default_output_name(self):
        """Without --out: <product>-<version>.cretula.tar where the command runs."""
        (self.folder / "firmware.bin").write_bytes(noise(500, "firmware"))
        self.sign("pack", self.description(["firmware.bin"]), *RELEASE_KEY, ALLOW, code=0)
        made = [path.name for path in self.folder.glob("*.cretula.tar")]
        self.assertEqual(len(made), 1)
        self.assertIn("1.0.0", made[0])
        self.check(pathlib.Path(self.folder, made[0]))


if __name__ == "__main__":
    main()
