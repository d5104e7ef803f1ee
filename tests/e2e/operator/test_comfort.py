# SPDX-License-Identifier: Apache-2.0
"""The command line meets people halfway: every spelling of help, near misses, files in the place of a verb, digests as
other programs print them, examples that parse, completion of values."""
import json
import re
import shlex
import shutil
import subprocess

from harness import CLEAN_ENVIRONMENT, PRODUCT, ROOT_CERT, SIGN, SOURCE, VERIFY, Case, main, sha256, verbs_of

PROGRAMS = {"cretula-sign": SIGN, "cretula-verify": VERIFY}
ALLOW = "--allow-example-keys"
COMPLETIONS = SOURCE / "docs" / "completions"
MAN = SOURCE / "docs" / "man"


class Words(Case):
    def test_help_and_version(self):
        for program in (SIGN, VERIFY):
            whole = self.run_program(program, "--help", code=0).out
            for words in (["-h"], ["help"], ["help", "help"]):
                self.assertEqual(self.run_program(program, *words, code=0).out, whole)
            version = self.run_program(program, "--version", code=0).out
            for words in (["-V"], ["version"]):
                self.assertEqual(self.run_program(program, *words, code=0).out, version)
            for verb in verbs_of(program):
                self.assertEqual(self.run_program(program, "help", verb, code=0).out,
                                 self.run_program(program, verb, "--help", code=0).out)
                for second in verbs_of(program, verb):
                    self.assertEqual(self.run_program(program, "help", verb, second, code=0).out,
                                     self.run_program(program, verb, second, "-h", code=0).out)

    def test_check_help_begins_with_examples(self):
        lines = self.verify("check", "--help").out.splitlines()
        self.assertEqual(lines[4], "Examples:")
        self.assertEqual(sum(line.startswith("  cretula-verify check ") for line in lines[5:12]), 3)

    def test_near_misses(self):
        (self.folder / "release-1.2.cretula.tar").write_bytes(b"x")
        (self.folder / "trust.json").write_bytes(b"{}")
        for program, words, hint in (
                (VERIFY, ["chekc", "x"], 'did you mean "check"?'), (VERIFY, ["jornal", "verify"], 'did you mean "journal"?'),
                (VERIFY, ["trust", "shwo", "x"], 'did you mean "show"?'), (VERIFY, ["hlep"], 'did you mean "help"?'),
                (SIGN, ["pakc"], 'did you mean "pack"?'),
                (VERIFY, ["check", "x", "--ancor", "y"], "did you mean --anchor?"),
                (VERIFY, ["check", "x", "-anchor", "y"], "did you mean --anchor?"),
                (VERIFY, ["check", "x", "--anchor", "y", "--stage", "deploied"], "did you mean deployed?"),
                (VERIFY, ["check", "x", "--anchor", "y", "--stage", "auth"], "did you mean authorized?"),
                (SIGN, ["sbom", "check", "x", "--profile", "ntia"], "did you mean ntia-2021?"),
                (SIGN, ["keygen", "--out", "k", "--algorithm", "ecdsa-p265"], "did you mean ecdsa-p256?"),
                (SIGN, ["sbom", "check", "x", "--profile", "ntia-2012"], "did you mean ntia-2021?"),
                (VERIFY, ["explain", "sbom.unraed"], "did you mean sbom.unread?"),
                (VERIFY, ["explain", "archive"], "did you mean one of archive.framing, archive.limits?"),
                (VERIFY, ["show", "x", "--section", "setings"], "settings"),
                (VERIFY, ["check", "relaese-1.2.cretula.tar", "--anchor", ROOT_CERT, ALLOW],
                 "did you mean release-1.2.cretula.tar?"),
                (VERIFY, ["check", "release-1.2.cretula.tar", "--trust", "trsut.json"], "did you mean trust.json?"),
                (SIGN, ["lint", "./trust.jsn"], "did you mean ./trust.json?")):
            with self.subTest(words):
                result = self.run_program(program, *words)
                self.assertIn(result.code, (2, 3), result)
                self.assertIn(hint, result.err, result)

    def test_one_of_a_thing(self):
        """A release with one of each: nothing says "1 files"."""
        (self.folder / "firmware.bin").write_bytes(b"firmware")
        (self.folder / "manual.pdf").write_bytes(b"%PDF-1.4\n%%EOF\n")
        (self.folder / "sbom.json").write_text(json.dumps({
            "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
            "metadata": {"component": {"type": "firmware", "name": PRODUCT, "version": "1.0.0", "bom-ref": "root",
                                       "hashes": [{"alg": "SHA-256", "content": sha256(b"firmware")}]}},
            "components": [{"type": "library", "bom-ref": "c", "name": "zlib", "version": "1"}]}), encoding="utf-8")
        description = self.description([("firmware.bin", {"role": "firmware"}), ("manual.pdf", {"role": "document"}), ("sbom.json", {"role": "sbom"})],
                                       sbom=[{"file": "sbom.json", "format": "CycloneDX-1.6"}], testAdvice=[{"summary": "Look."}],
                                       settings=[{"name": "a", "mustChange": True}, {"name": "b"}])
        archive = self.pack(description)
        trust = ("--anchor", ROOT_CERT, ALLOW)
        self.assertIn("`show` with --files lists all", self.verify("check", archive, *trust, "--only", "nothing", code=3).out)
        folder = self.folder / "one"
        folder.mkdir()
        shutil.copy(archive, folder)
        said = [self.sign("lint", description).out, self.sign("sbom", "check", "sbom.json").out]
        for words in (["check", archive, *trust, "--verbose", "--journal", "j", "--report", "r.html"], ["check", archive, *trust], ["show", archive],
                      ["journal", "show", "j"], ["journal", "verify", "j"], ["review", folder, *trust], ["review", "j", "--archives", folder, *trust],
                      ["trace", "firmware.bin", "--in", folder], ["catalogue", "add", "--catalogue", "c", archive], ["check", archive, folder, *trust]):
            result = self.run_program(VERIFY, *words, screen=True)
            self.assertIn(result.code, (0, 3), result)
            said.append(result.out)
        said.append((self.folder / "r.html").read_text("utf-8"))
        words = r"files|documents|components|releases|sources|runs|lines|statements|advisories|matches|findings|others|places|settings|topics|things|faults|tests|warnings"
        for text in said:
            self.assertEqual(re.findall(rf"\b1 (?:{words})\b", re.sub(r'value="[^"]*"', "", text)), [], text[:3000])
        self.assertTrue(any("1 component" in text for text in said) and any("1 document was not searched" in text for text in said))
        self.assertTrue(any("1 release:" in text for text in said))

    def test_a_link_that_leads_nowhere_is_no_typing_error(self):
        (self.folder / "r.tar").symlink_to("nowhere")
        (self.folder / "r1.tar").write_bytes(b"")
        self.assertIn("is a link to something that is not", self.verify("check", "r.tar", "--anchor", ROOT_CERT, ALLOW, code=3).err)
        self.assertNotIn("did you mean", self.verify("check", "r.tar", "--anchor", ROOT_CERT, ALLOW, code=3).err)

    def test_a_policy_that_was_only_begun(self):
        self.verify("trust", "init", "t.json", "--name", "Plant")
        (self.folder / "r.tar").write_bytes(b"")
        for words in (("check", "r.tar", "--trust", "t.json"), ("trust", "show", "t.json")):
            err = self.verify(*words, code=2).err
            self.assertIn("nobody is trusted by it yet", err.splitlines()[0] + err.splitlines()[1])
            self.assertIn("trust add-signer t.json", " ".join(err.split()))

    def test_one_kind_of_trust_in_the_place_of_the_other(self):
        (self.folder / "r.tar").write_bytes(b"\xff" * 512)
        (self.folder / "trust.json").write_text('{"cretula": "trust/1"}')
        self.assertIn("did you mean --anchor?", self.verify("check", "r.tar", "--trust", ROOT_CERT, code=2).err)
        self.assertIn("did you mean --trust?", self.verify("check", "r.tar", "--anchor", "trust.json", code=2).err)
        self.assertNotIn("did you mean --", self.verify("check", "r.tar", "--trust", "trust.json", code=2).err)
        self.assertNotIn("did you mean --", self.verify("check", "r.tar", "--anchor", "r.tar", code=2).err)
        self.assertIn("cretula-verify check r.tar", self.verify("record", "show", "r.tar", code=1).err)

    def test_nothing_near_is_no_hint(self):
        self.assertNotIn("did you mean", self.verify("check", "somewhere.tar", "--anchor", ROOT_CERT, ALLOW, code=3).err)
        self.assertNotIn("did you mean", self.verify("ring", code=2).err)
        self.assertNotIn("did you mean", self.verify("explain", "colour", code=2).err)

    def test_a_file_in_the_place_of_a_verb(self):
        name = "it's a release.tar"
        (self.folder / name).write_bytes(b"x")
        for program, words, command in ((VERIFY, [], "cretula-verify check"), (VERIFY, ["trust"], "cretula-verify trust show"),
                                        (VERIFY, ["record"], "cretula-verify record show"),
                                        (VERIFY, ["journal"], "cretula-verify journal show"),
                                        (SIGN, [], "cretula-sign lint"), (SIGN, ["sbom"], "cretula-sign sbom check")):
            result = self.run_program(program, *words, name, code=2)
            found = re.search(r"did you mean `(.*)`\?", result.err)
            self.assertEqual(shlex.split(found[1]), [*command.split(), name], result)

    def test_digests_in_every_spelling(self):
        archive = self.small_release()
        identity = self.check(archive, "--json").json()["what"]["identity"]
        pairs = [identity[i:i + 2] for i in range(0, 64, 2)]
        for spelling in (identity, identity.upper(), ":".join(pairs).upper(), " ".join(pairs),
                         f"sha256:{identity}", f"SHA256:{identity.upper()}", f"sha256 Fingerprint={':'.join(pairs).upper()}"):
            with self.subTest(spelling):
                self.check(archive, "--expect-identity", spelling)
        self.check(archive, "--expect-identity", identity[:-1] + ("0" if identity[-1] != "0" else "1"), code=1)
        self.verify("check", archive, "--anchor", ROOT_CERT, ALLOW, "--expect-identity", identity[:-1], code=2)
        printed = self.run_program("openssl", "x509", "-in", ROOT_CERT, "-noout", "-fingerprint", "-sha256", code=0).out
        for number, spelling in enumerate((printed.strip(), printed.split("=")[1].strip().lower(),
                                           printed.split("=")[1].strip().replace(":", ""))):
            policy = f"t{number}.json"
            self.verify("trust", "init", policy, "--name", "Plant")
            self.verify("trust", "add-signer", policy, "--vendor", "V", "--signer", "S", "--role", "release", "--anchor",
                        ROOT_CERT, "--obtained", "here", ALLOW, "--fingerprint", spelling)


class Examples(Case):
    """Every page has examples, and every example is a command line that its program takes."""

    def examples(self, page):
        text = page.read_text("utf-8")
        block = re.search(r"^\.SH EXAMPLES\n\.nf\n(.*?)^\.fi$", text, re.M | re.S)
        self.assertIsNotNone(block, page.name)
        lines = block[1].replace("\\-", "-").replace("\\e\n", " ").replace("\\e", "\\").replace("\\&", "")
        return [line.strip() for line in lines.splitlines()]

    def test_every_page_has_some_and_they_parse(self):
        pages = sorted(MAN.glob("*.1"))
        self.assertGreater(len(pages), 40)
        seen = set()
        for page in pages:
            found = [line for line in self.examples(page) if line.split()[0] in PROGRAMS]
            self.assertTrue(found, page.name)
            for line in set(found) - seen:
                with self.subTest(page=page.name, line=line):
                    self.parses(line)
            seen |= set(found)

    def parses(self, line):
        words = shlex.split(line.split(" | ")[0].split(" > ")[0].split(" < ")[0], comments=True)
        program, rest = PROGRAMS[words[0]], words[1:]
        # Whatever stands before it is taken apart before --help answers.
        text = self.run_program(program, *rest, "--help", code=0).out
        given = {word.split("=")[0] for word in rest}
        for needed in re.findall(r" (--[a-z-]+) [A-Z]", text.split("[OPTION]...")[0]):
            self.assertIn(needed, given)

    def test_the_test_sees_what_does_not_parse(self):
        for line in ("cretula-verify check x --anchro y", "cretula-verify chek x", "cretula-verify trust init x"):
            with self.assertRaises(AssertionError):
                self.parses(line)


class Completion(Case):
    """The scripts are sourced by bash, which is asked for what it would offer."""

    def offered(self, program, *words):
        script = (f". {COMPLETIONS / program}.bash\nCOMP_WORDS=({program} " + " ".join(map(shlex.quote, words)) +
                  f")\nCOMP_CWORD={len(words)}\n_{program.replace('-', '_')}\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"\n")
        done = subprocess.run(["bash", "--norc", "-c", script], cwd=self.folder, capture_output=True, text=True, check=True,
                              env=CLEAN_ENVIRONMENT)
        self.assertEqual(done.stderr, "")
        return done.stdout.split()

    def test_verbs_and_options(self):
        for program, path in PROGRAMS.items():
            verbs = verbs_of(path)
            self.assertEqual(sorted(self.offered(program, "")), sorted([*verbs, "help", "version", "--help", "--version"]))
            self.assertEqual(sorted(self.offered(program, "help", "")), sorted(verbs))
            for verb in verbs:
                seconds = verbs_of(path, verb)
                if seconds:
                    self.assertEqual(sorted(self.offered(program, verb, "")), sorted(seconds))
                for words in [(verb, one) for one in seconds] or [(verb,)]:
                    text = self.run_program(path, *words, "--help", code=0).out
                    self.assertEqual(set(self.offered(program, *words, "--")), set(re.findall(r"^  (--[a-z0-9-]+)", text, re.M)))

    def test_values(self):
        for name in ("a.cretula.tar", "b.pem", "c.json", "d.txt", "e.yaml"):
            (self.folder / name).write_bytes(b"x")
        (self.folder / "folder").mkdir()
        checks = [line.split()[0] for line in self.verify("explain", "all").out.splitlines()[1:]]
        roles = ["release", "quality", "owner", "waiver", "provenance"]
        for words, expected in (
                ("check --stage", ["received", "in-test", "authorized", "deployed"]),
                ("check x --stage =", ["received", "in-test", "authorized", "deployed"]),
                ("journal note --stage = dep", ["deployed"]), ("trust add-signer t --role", roles),
                ("explain", checks), ("explain sbom.unr", ["sbom.unread"]), ("trust set t --waivable", checks),
                ("check", ["a.cretula.tar", "folder"]), ("check --json", ["a.cretula.tar", "folder"]),
                ("check a.cretula.tar --anchor", ["b.pem", "folder"]), ("check --trust", ["c.json", "folder"]),
                ("check --profile", ["iec62443-component", "c.json", "folder"]), ("check --record", ["folder"]), ("journal verify", ["folder"]),
                ("trust show", ["c.json", "folder"]), ("check --also d", ["d.txt"]), ("check d", ["d.txt"]),
                ("check --asset c", ["c.json"]), ("show x --section se", ["settings", "services"]),
                ("show x --section d", ["declaration", "deprecated", "documents"])):
            with self.subTest(words):
                last = [] if words.endswith(("unr", " dep", " d", " c", " se")) else [""]
                self.assertEqual(sorted(self.offered("cretula-verify", *words.split(), *last)), sorted(expected))
        for words, expected in (("sbom check x --profile", ["cisa-2026", "bsi", "ntia-2021"]), ("lint", ["e.yaml", "folder"]),
                                ("lint e.yaml --profile", ["iec62443-component", "cra-annex2", "c.json", "folder"]),
                                ("endorse", ["a.cretula.tar", "folder"]), ("waive --check", checks)):
            with self.subTest(words):
                self.assertEqual(sorted(self.offered("cretula-sign", *words.split(), "")), sorted(expected))
        algorithms = self.offered("cretula-sign", "keygen", "--algorithm", "")
        self.assertEqual(algorithms, ["ecdsa-p256", "ecdsa-p384", "rsa-3072", "rsa-4096", "ed25519", "ml-dsa-65", "ml-dsa-87"])

    def test_zsh(self):
        """The files are read by a real zsh, which is asked for what it would offer."""
        self.run_program("zsh", "-n", *(COMPLETIONS / f"_{program}" for program in PROGRAMS), code=0)
        stubs = ("compadd() { while [[ $1 == -* && $1 != -- ]]; do shift; done; [[ $1 == -- ]] && shift; print -l -- $@ }\n"
                 "_files() { print -l -- $@ }\n")
        for words, expected in (("check --stage", ["received", "in-test", "authorized", "deployed"]), ("export", [
                "inventory", "checklist", "settings", "interfaces", "claims", "annex2", "sha256sums", "vdi2770"]),
                ("check --anchor", ["-g", "*.pem"]), ("journal verify", ["-/"])):
            with self.subTest(words):
                given = ["cretula-verify", *words.split(), ""]
                script = f"{stubs}words=({' '.join(map(shlex.quote, given))}); CURRENT={len(given)}\n. {COMPLETIONS}/_cretula-verify\n"
                done = self.run_program("zsh", "-f", "-c", script, code=0)
                self.assertEqual((done.out.split(), done.err), (expected, ""))


if __name__ == "__main__":
    main()
