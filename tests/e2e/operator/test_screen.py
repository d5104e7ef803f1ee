# SPDX-License-Identifier: Apache-2.0
"""What a person sees: one screen of 80 x 24, on a terminal of that size, with colour only there."""
import fcntl
import json
import os
import pathlib
import pty
import re
import select
import shutil
import struct
import subprocess
import tempfile
import termios

from harness import (CLEAN_ENVIRONMENT, EXAMPLE, KEYS, PRODUCT, ROOT_CERT, SIGN, SOURCE, VENDOR, VERIFY, Case,
                     certificate_sha256, main, member, noise, read_member, rebuild, sha256, tampered, verbs_of)

ALLOW = ("--anchor", ROOT_CERT, "--allow-example-keys")
ESCAPE = "\x1b["
END = b"\x04\x03the end\x03\x04"


class Terminal(Case):
    def on_terminal(self, *arguments, columns=80, rows=24, **environment):
        """What a program writes to a terminal of that size, and its exit code."""
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        clean = {name: value for name, value in CLEAN_ENVIRONMENT.items() if name != "COLUMNS"}
        program = subprocess.Popen([str(argument) for argument in arguments], stdin=slave, stdout=slave, stderr=slave,
                                   cwd=self.folder, env={**clean, "TERM": "xterm", **environment})
        ended, written, marked = os.pidfd_open(program.pid), b"", False
        # Linux hands over what was written some time after the write, and so perhaps after the program's end. It keeps the order:
        # a mark of our own, written once the program has ended, comes after all that the program wrote.
        while not written.endswith(END):
            ready = select.select([master] if marked else [master, ended], [], [])[0]
            if ended in ready:
                marked = os.write(slave, END) == len(END)
            if master in ready:
                written += os.read(master, 65536)
        for one in (master, slave, ended):
            os.close(one)
        lines = written.removesuffix(END).decode().replace("\r\n", "\n").split("\n")
        # Progress, where the run took long enough, is wiped away on its line; what was said before it stays.
        return "\n".join(line.rpartition("\r\x1b[K")[2] for line in lines), program.wait()

    def screen(self, *arguments, lines=24):
        """The page on a terminal without colour: few enough lines, none broken inside a word."""
        text, code = self.on_terminal(*arguments, rows=lines + 1, NO_COLOR="1")
        self.assertNotIn(ESCAPE, text)
        self.assertLessEqual(text.count("\n"), lines, text)
        wide, _ = self.on_terminal(*arguments, columns=2000, rows=lines + 1, NO_COLOR="1")
        self.assertEqual(text.split(), wide.split(), "a word was broken, or the wide page says something else")
        for line in text.splitlines():
            # A longer line is one word that is longer, or a command to paste.
            self.assertTrue(len(line) <= 80 or "cretula-" in line or len(line.split()) <= 2, line)
        return text, code


class Screen(Terminal):
    def example(self):
        return self.pack(EXAMPLE / "release.yaml", "example.tar")

    def test_an_accepted_release(self):
        text, code = self.screen(VERIFY, "check", self.example(), *ALLOW)
        self.assertEqual(code, 0)
        self.assertTrue(text.startswith("ACCEPTED: "), text)
        for words in ("signed by   ", "checked     8 of 8 files", "support     security support until 2036-12-31",
                      "warnings    ", "next        cretula-verify extract "):
            self.assertIn(words, text)

    def test_a_part_says_how_much_of_it_was_read(self):
        for path, words in (("RELEASE-NOTES.md", "1 of 8 files was read (--only)"), ("documents", "4 of 8 files were read (--only)")):
            text, code = self.screen(VERIFY, "check", self.example(), *ALLOW, "--only", path)
            self.assertEqual(code, 3)
            self.assertTrue(text.startswith(f"PARTIAL: {words}: nothing is said of the others"), text)
            self.assertNotIn("gave no answer", text)

    def test_the_verdict_is_the_last_line_of_a_page_that_is_longer(self):
        arguments = (VERIFY, "check", self.example(), *ALLOW)
        short, _ = self.on_terminal(*arguments, NO_COLOR="1")
        verdict = short[:short.index("\n  signed by")]
        self.assertEqual(short.count(verdict), 1)
        for more, rows in ((["--verbose"], 24), ([], short.count("\n")), ([], 5)):
            text, _ = self.on_terminal(*arguments, *more, rows=rows, NO_COLOR="1")
            self.assertTrue(text.startswith(verdict), text)
            self.assertTrue(text.endswith(f"\n{verdict}\n"), text)
            self.assertEqual(text.count(verdict), 2)
        for rows in (0, 1 + short.count("\n")):
            self.assertEqual(self.on_terminal(*arguments, rows=rows, NO_COLOR="1")[0], short)
        piped = self.run_program(*arguments, "--verbose", screen=True).out
        self.assertEqual(piped.count("ACCEPTED: "), 1)

    def test_no_color_is_an_option_too(self):
        for words in (["check", self.example(), *ALLOW], ["--no-color", "check", self.example(), *ALLOW]):
            plain, _ = self.on_terminal(VERIFY, *words, "--no-color")
            self.assertNotIn(ESCAPE, plain)
            self.assertTrue(plain.startswith("ACCEPTED: "), plain)

    def test_the_next_command_can_be_pasted(self):
        archive = self.example()
        odd = archive.rename(self.folder / "it's a release.tar")
        text = self.verify("check", odd, *ALLOW, "--journal", "kept", screen=True).out
        command = next(line.split("next", 1)[1].strip() for line in text.splitlines() if line.startswith("  next"))
        command = command.replace("cretula-verify", str(VERIFY), 1)
        subprocess.run(["sh", "-c", command], cwd=self.folder, env=CLEAN_ENVIRONMENT, check=True, capture_output=True)
        self.assertTrue((self.folder / "DIR" / "RELEASE-NOTES.md").exists())
        entries = self.verify("journal", "show", "kept", "--json").json()["entries"]
        self.assertEqual([one["verdict"] for one in entries], ["ACCEPTED", "ACCEPTED"])

    def real_release(self):
        """35 files, an SBOM that has findings, two signers by a policy that wants both; and what check is given."""
        people = {name: self.own_keys(name) for name in ("vendor", "quality")}
        for number in range(32):
            (self.folder / f"part-{number}.bin").write_bytes(noise(3000, number))
        (self.folder / "NOTES.md").write_text("# Notes\n", encoding="ascii")
        components = [{"type": "library", "name": f"lib{number}", "version": "1.0", "bom-ref": f"l{number}"} for number in range(20)]
        (self.folder / "sbom.cdx.json").write_text(json.dumps({
            "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
            "metadata": {"timestamp": "2026-10-01T00:00:00Z",
                         "component": {"type": "firmware", "name": PRODUCT, "version": "1.0.0", "bom-ref": "root",
                                       "hashes": [{"alg": "SHA-256", "content": sha256(noise(3000, 0))}]}},
            "components": components, "dependencies": [{"ref": "root", "dependsOn": [one["bom-ref"] for one in components]}]}))
        description = self.description(
            [(f"part-{number}.bin", {"role": "firmware"}) for number in range(32)] + [("NOTES.md", {"role": "release-notes"}), ("sbom.cdx.json", {"role": "sbom"})],
            sbom=[{"file": "sbom.cdx.json", "format": "CycloneDX-1.6"}], lifecycle={"endOfSecuritySupport": "2040-01-01T00:00:00Z"},
            changes=[{"id": f"C-{number}", "security": True, "cves": [f"CVE-2026-{number + 1000}"], "summary": "Fixed."}
                     for number in range(6)], restart={"category": "system", "details": "restarts once"})
        self.sign("pack", description, "--key", f"{people['vendor']}.key.pem", "--cert", f"{people['vendor']}.cert.pem", "--out",
                  "real.tar")
        self.sign("endorse", "real.tar", "--key", f"{people['quality']}.key.pem", "--cert", f"{people['quality']}.cert.pem",
                  "--meaning", "approval")
        signers = [{"name": f"{name} of the works", "anchor": {"type": "ca", "pem": pathlib.Path(f"{prefix}-root.cert.pem").read_text()}}
                   for name, prefix in people.items()]
        (self.folder / "trust.json").write_text(json.dumps({
            "cretula": "trust/1", "name": "Plant", "version": 1, "issued": "2026-01-01T00:00:00Z", "scopes": [
                {"vendor": VENDOR, "products": [PRODUCT], "signers": signers,
                 "roles": [{"role": role, "signers": [one["name"]], "threshold": 1}
                           for role, one in zip(("release", "quality"), signers)]}]}), encoding="utf-8")
        return "real.tar", "--trust", "trust.json"

    def test_a_real_release(self):
        arguments = self.real_release()
        text, code = self.screen(VERIFY, "check", *arguments)
        self.assertEqual(code, 0, text)
        kept, code = self.on_terminal(VERIFY, "check", *arguments, "--journal", "j", "--record", "r", "--asset", "PLC-12",
                                      NO_COLOR="1")
        self.assertEqual(code, 0, kept)
        self.assertLess(kept.count("\n"), 24, kept)
        self.assertTrue(text.startswith("ACCEPTED: "), text)
        self.assertIn("35 of 35 files", text)
        self.assertIn("vendor of the works (role release", text)
        self.assertIn("quality of the works (role quality", text)
        self.assertIn("lists them", text)
        shown, _ = self.screen(VERIFY, "record", "show", "r/RECORD.json")
        self.assertIn("ACCEPTED", shown.splitlines()[0])
        verified, _ = self.screen(VERIFY, "record", "verify", "r/RECORD.json", "--journal", "j")
        identity = sha256(read_member(self.folder / "real.tar", "MANIFEST.json"))
        for page in (text, kept, shown, verified):
            self.assertIn(f"\n  identity    {identity}\n", page)

    def test_refusals(self):
        archive = self.example()
        data = archive.read_bytes()
        files = {"empty": b"", "truncated": data[:200000], "appended": data + b"x" * 512, "noise": noise(4000, "screen"),
                 "page": b"<!DOCTYPE html><html><body>Sign in</body></html>", "zip": b"PK\x03\x04" + noise(400, "zip"),
                 "gzip": b"\x1f\x8b\x08" + noise(400, "gzip"), "front": data[:8192]}
        paths = {name: self.folder / f"{name}.tar" for name in files}
        for name, content in files.items():
            paths[name].write_bytes(content)
        paths["flipped"] = tampered(archive, self.folder / "flipped.tar", -5000 % len(data))
        runs = {name: (path, *ALLOW) for name, path in paths.items()}
        runs["example key"] = (archive, "--anchor", ROOT_CERT)
        runs["other product"] = (archive, *ALLOW, "--product", "Other")
        runs["other vendor"] = (archive, *ALLOW, "--vendor", "Other")
        runs["hardware"] = (archive, *ALLOW, "--hardware", "X:1")
        runs["older"] = (archive, *ALLOW, "--min-sequence", "43")
        runs["identity"] = (archive, *ALLOW, "--expect-identity", "0" * 64)
        runs["expired"] = (archive, *ALLOW, "--at", "2060-01-01T00:00:00Z")
        self.assertGreaterEqual(len(runs), 15)
        for name, arguments in runs.items():
            with self.subTest(name):
                text, code = self.screen(VERIFY, "check", *arguments)
                self.assertEqual(code, 1, text)
                self.assertIn("REFUSED: ", text.splitlines()[0])
                self.assertNotIn("ACCEPTED", text)

    def test_a_refused_record_says_why(self):
        self.verify("check", self.example(), *ALLOW, "--product", "Other", "--record", "r", "--journal", "j", code=1)
        for words in (["show"], ["show", "--verbose"], ["verify", "--journal", "j"]):
            result = self.verify("record", words[0], "r/RECORD.json", *words[1:], screen=True)
            rows = [line for line in result.out.splitlines() if line.startswith("  refused ")]
            self.assertEqual(len(rows), 1, result.out)
            self.assertIn("product", rows[0])
        self.assertNotIn("\n  refused ", self.verify("check", self.example(), *ALLOW, "--product", "Other", code=1, screen=True).out)

    def test_show_and_records(self):
        archive = self.example()
        text, _ = self.screen(VERIFY, "show", archive, lines=60)
        again, _ = self.on_terminal(VERIFY, "show", archive, rows=24, NO_COLOR="1")
        self.assertLessEqual(again.count("\n"), 60, again)  # with the verdict, which a longer page says again at its end
        self.assertTrue(text.startswith("UNVERIFIED: "), text)
        self.assertIn("security, EA-2026-031, CVE-2026-90121: ", text)
        self.assertIn("must change: iec104.tls, default off", text)
        self.check(archive, "--record", "record")
        text, _ = self.screen(VERIFY, "record", "show", "record/RECORD.json")
        self.assertTrue(text.startswith("UNVERIFIED record: ACCEPTED, as it says itself: nobody was asked whether it is"), text)

    def test_a_journal_that_is_longer_than_the_screen(self):
        archive = self.example()
        for _ in range(9):
            self.verify("check", archive, *ALLOW, "--journal", "j", "--asset", "PLC-12", "--change-id", "CHG-4711")
        text, _ = self.on_terminal(VERIFY, "journal", "show", "j", rows=24, NO_COLOR="1")
        self.assertLessEqual(text.count("\n"), 24, text)
        self.assertIn("3 earlier: --verbose shows them", " ".join(text.split()))

    def test_a_section(self):
        archive = self.example()
        shown = self.verify("show", archive, "--section", "settings").out
        self.assertIn("UNVERIFIED Settings", shown)
        self.assertIn("Unattended sessions stay open that long.", shown)
        self.assertNotIn("CVE-2026-90121", shown)
        self.assertIn("settings", self.verify("show", archive, "--section", "setings", code=2).err)

    SECTIONS = {"testAdvice": "tests", "newRisks": "risks", "knownIssues": "issues", "externalServices": "services",
                "outOfScopeThreats": "threats", "notAddressed": "gaps", "intendedPurpose": "purpose", "securityEnvironment": "environment",
                "essentialFunctions": "functions", "securityProperties": "properties", "foreseeableMisuse": "misuse",
                "declarationOfConformity": "declaration", "technicalFile": "technical", "updateSettings": "updates",
                "integratorInformation": "integrator"}
    # In the verdict's line and in --json.
    OF_THE_WHOLE = {"cretula", "origin", "checksums", "notice", "extensions"}

    # Topics are told in words: what stands there instead, and the title of the document.
    WORDS = {"documented": "Manual 1.1", "DOC-1": "Manual 1.1", "notApplicable": "not applicable", "notProvided": "NOT PROVIDED"}

    def leaves(self, value):
        """Every value, as a page says it."""
        if isinstance(value, dict):
            value = list(value.values())
        if isinstance(value, list):
            return [leaf for one in value for leaf in self.leaves(one)]
        return ["yes" if value is True else "no" if value is False else str(value)]

    def said(self, words, page):
        """Line breaks of an address, and of the page, apart."""
        self.assertIn(" ".join(words.split()), " ".join(page.split()))

    def test_a_section_says_every_field(self):
        """Of the manifest that has every field there is."""
        manifest = json.loads((SOURCE / "tests" / "vectors" / "manifest" / "manifest.json").read_text("utf-8"))
        archive = rebuild(self.small_release(), self.folder / "every.tar", manifest=json.dumps(manifest, indent=2, ensure_ascii=False).encode(),
                          signatures={})
        listed = self.verify("show", archive, "--section", "nothing", code=2).err.split("expected")[1].split("\n")[0]
        names = set(re.findall(r"[a-z]+", listed.replace(" or ", " ")))
        seen = {"rollback", "adoption"}  # part of another; of what came unsigned only
        for part, value in manifest.items():
            if part in self.OF_THE_WHOLE:
                continue
            name = self.SECTIONS.get(part, part)
            seen.add(name)
            shown = self.verify("show", archive, "--section", name).out
            for leaf in self.leaves(value):
                with self.subTest(part, value=leaf):
                    self.said(self.WORDS.get(leaf, leaf) if part == "topics" else leaf, shown)
        self.assertEqual(seen, names)
        # Nothing of all that is missing in the whole page.
        whole = self.verify("show", archive, "--verbose", "--files").out
        for leaf in self.leaves([manifest[part] for part in manifest if part not in {*self.OF_THE_WHOLE, "files"}]):
            self.said(self.WORDS.get(leaf, leaf), whole)

    def test_topics_in_words_with_the_documents_that_answer_them(self):
        archive = self.example()
        shown = self.verify("show", archive, "--section", "documents").out
        for line in ("S5 authentication: RTU-7 security guide 3.0, documents/security-guide.md",
                     "S20 testing: RTU-7 firmware 4.2: penetration test report, excerpt 1.0, on request",
                     "S34 interoperability: not applicable: The device keeps to the published protocols; see compatibility.",
                     "S37 phasing: NOT PROVIDED: Parallel operation with a second device was not tested."):
            self.assertIn(f"\n  {line}\n", shown)
        self.assertLess(shown.index("  S5 "), shown.index("  S10 "))
        profile = json.loads((SOURCE / "formats" / "release" / "profiles" / "iec62443-component.json").read_text("utf-8"))
        for topic in profile["topics"]:  # each of the profile has a word
            self.assertRegex(shown, rf"\n  {topic['id']} [a-z ]+: ")
        text, _ = self.screen(VERIFY, "show", archive, lines=60)
        text = " ".join(text.split())
        for words in ("S5 authentication, S6 communication", "documents/security-guide.md", "S37 phasing (not provided)",
                      "SBOM CycloneDX-1.6, 8 components, sbom.cdx.json", "limits: Nobody outside Example Automation assessed this"):
            self.assertIn(words, text)

    def test_show_and_record_count_the_same_components(self):
        self.verify("check", self.example(), *ALLOW, "--record", "counted")
        shown = self.verify("record", "show", "counted/RECORD.json").out
        self.assertIn("SBOM: CycloneDX-1.6, 8 components", " ".join(shown.split()))

    def test_components_in_show(self):
        archive = self.example()
        shown = self.verify("show", archive, "--section", "sbom").out
        self.assertIn("UNVERIFIED Components of sbom.cdx.json", shown)
        self.assertRegex(shown, r"busybox +1\.37\.0 +GPL-2\.0-only +BusyBox project")
        self.assertIn("  SBOM        none: which components are in it is not known", self.verify("show", self.small_release()).out)
        # What is not the SBOM that the manifest names is not read as if it were.
        bad = tampered(archive, self.folder / "bad.tar", member(archive, "sbom.cdx.json").data + 40)
        for more in ((), ("--section", "sbom")):
            result = self.verify("show", bad, *more).out
            self.assertIn("its bytes are not those that the manifest names", result)
            self.assertNotIn("busybox", result)
        with open(archive, "rb") as stream:  # a pipe is not read twice
            piped = subprocess.run(f"cat | {VERIFY} show -", shell=True, stdin=stream, cwd=self.folder, env=CLEAN_ENVIRONMENT,
                                   capture_output=True, check=True, text=True).stdout
        self.assertIn("  SBOM        CycloneDX-1.6, sbom.cdx.json", piped)

    def test_colour_is_for_terminals_that_want_it(self):
        arguments = (VERIFY, "check", self.example(), *ALLOW)
        text, _ = self.on_terminal(*arguments)
        self.assertTrue(text.startswith("\x1b[1;32mACCEPTED\x1b[0m: "), repr(text[:60]))
        for environment in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
            self.assertNotIn(ESCAPE, self.on_terminal(*arguments, **environment)[0])
        self.assertIn(ESCAPE, self.on_terminal(*arguments, NO_COLOR="")[0])
        piped = self.run_program(*arguments, environment={"TERM": "xterm"}, screen=True)
        self.assertNotIn(ESCAPE, piped.out)

    def test_no_text_of_an_archive_colours(self):
        self.firmware = self.folder / "firmware.bin"
        self.firmware.write_bytes(b"firmware")
        name = self.folder / "\x1b[31mred.tar"
        name.write_bytes(noise(100, "no archive"))
        text, _ = self.on_terminal(VERIFY, "check", name, *ALLOW, NO_COLOR="1")
        self.assertNotIn("\x1b", text)


# Every verb, with arguments for which it prints a page; {name} is a file of Pages.setUpClass.
ROOT = "--anchor {root} --allow-example-keys"
KEY = "--key {key} --cert {cert} --allow-example-keys"
PAGES = {
    VERIFY: [
        f"check {{archive}} {ROOT}", f"check {{archive}} {ROOT} --verbose", f"check {{archive}} {{bad}} nowhere.tar {ROOT}",
        f"check {{archive}} {ROOT} --only documents", f"extract {{archive}} {ROOT} --to out", "show {archive}",
        "show {archive} --files", "show {archive} --verbose", "show {archive} --section documents",
        "show {archive} --section settings", f"diff {{old}} {{archive}} {ROOT}", f"diff {{old}} {{archive}} {ROOT} --verbose",
        f"trace {{firmware}} --in {{archive}} {ROOT}", f"compare-installed {{inputs}} --against {{archive}} {ROOT}",
        f"review {{journal}} {ROOT}", f"review {{journal}} {ROOT} --verbose", f"advisories {{archive}} --csaf {{csaf}} {ROOT}",
        f"advisories {{bad}} --csaf {{csaf}} {ROOT}", "explain document.review", "explain file.digests", "explain all",
        "explain nothing.of.this", "self-test", "record show {record}", "record show {record} --files", "record show {record} --verbose",
        f"record verify {{record}} --journal {{journal}} {ROOT}", f"record replay {{record}} {{archive}} {ROOT}",
        f"record replay {{record}} {{old}} {ROOT}", "journal show {journal}", "journal show {journal} --verbose",
        "journal verify {journal}", "journal verify {broken}", "journal note {journal} --line 2 --stage deployed",
        "journal close {journal} --text moved", "journal continue --from {closed} next",
        f"catalogue add --catalogue new.cat {{archive}} {{journal}} {ROOT}", "catalogue list --catalogue {catalogue}",
        "catalogue list --catalogue {catalogue} --verbose", "catalogue check --catalogue {catalogue}",
        f"catalogue rebuild --catalogue {{catalogue}} {ROOT}", "trust init new.json --name Plant",
        "trust show {trust} --allow-example-keys", "trust show {trust} --verbose --allow-example-keys",
        "trust lint {trust} --allow-example-keys", "trust lint {empty}",
        "trust add-signer {empty} --vendor V --signer S --role release --anchor {root} --obtained here --fingerprint {print} "
        "--allow-example-keys", "trust set {trust} --expires 2048-01-01T00:00:00Z --allow-example-keys",
        "trust remove-signer {trust} --signer nobody --allow-example-keys",
        "trust add-foreign {empty} --vendor W --pin P --kind cms --anchor {root} --own --obtained here --fingerprint {print} "
        "--allow-example-keys", "trust remove-foreign {trust} --pin nobody --allow-example-keys",
        "trust update nowhere --trust {trust} --allow-example-keys",
    ],
    SIGN: [
        "lint {bare}", "lint {description}", "lint {bare} --profile {profile}", f"pack {{description}} {KEY} --out new.tar",
        f"pack {{bare}} {KEY} --profile {{profile}} --out never.tar", "prepare {description} --out new.tar",
        "prepare {description} --cert {cert} --allow-example-keys --tbs new.tbs --out new.tar",
        f"endorse {{archive}} {KEY} --meaning approval", f"endorse {{archive}} {KEY.replace('release', 'quality')}",
        "timestamp {archive} --request new.tsq", "sbom check {sbom} --profile bsi", "sbom check {sbom} --profile ntia",
        f"waive --check sbom.ntia --archive {{archive}} --asset A --reason r --approver B --control c --until "
        f"2099-01-01T00:00:00Z --out new.json {KEY}", f"sign-profile {{profile}} {KEY} --out new.p7s",
        f"adopt {{firmware}} --vendor V --product P --release 1 --sequence 1 --source page --medium stick {KEY} --out new.tar",
    ],
}
# What prints no page, or needs what is not here.
NO_PAGE = {
    "export": "documents for other systems", "record export": "documents for other systems", "init": "a document",
    "sbom complete": "a document", "keygen": "asks for a passphrase: test_keys.py", "tpm": "needs a TPM: tests/e2e/tpm",
    "trust-order": "needs a TPM's key: tests/e2e/tpm", "attach": "prints what endorse prints",
    "trust sign": "test_trust_policy.py", "site": "names files of a machine: test_site_verbs.py",
    "seal": "test_seals.py", "journal seal": "test_seals.py", "archive seal": "test_archive_seals.py",
}
# A second run finds another file.
CHANGES = {("journal", "close"), ("trust", "add-signer"), ("trust", "add-foreign"), ("trust", "set")}


class Pages(Terminal):
    """What every verb prints fits the terminal, and has no colour where none is wanted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        case = cls("runTest")
        case.folder = cls.shared
        cls.files = {"root": ROOT_CERT, "key": KEYS / "release.key.pem", "cert": KEYS / "release.cert.pem",
                     "description": EXAMPLE / "release.yaml", "bare": EXAMPLE / "minimal.yaml", "inputs": EXAMPLE / "inputs",
                     "firmware": EXAMPLE / "inputs" / "rtu7-firmware-4.2.0.bin", "sbom": EXAMPLE / "inputs" / "sbom.cdx.json",
                     "csaf": SOURCE / "tests" / "vectors" / "csaf", "print": certificate_sha256(ROOT_CERT),
                     "profile": SOURCE / "formats" / "release" / "profiles" / "iec62443-component.json",
                     "archive": "example.tar", "old": "old.tar", "bad": "bad.tar", "record": "r/RECORD.json", "journal": "j",
                     "broken": "broken", "closed": "closed", "catalogue": "cat", "trust": "trust.json", "empty": "empty.json"}
        archive = case.pack(EXAMPLE / "release.yaml", "example.tar")
        case.pack(EXAMPLE / "minimal.yaml", "old.tar")
        tampered(archive, cls.shared / "bad.tar", -5000 % archive.stat().st_size)
        case.verify("check", archive, *ALLOW, "--record", "r", "--journal", "j", "--asset", "Substation North, bay 12")
        for _ in range(12):
            case.verify("check", archive, *ALLOW, "--journal", "j", "--asset", "Substation North, bay 12, protection relay F21")
        for name in ("broken", "closed"):
            shutil.copytree(cls.shared / "j", cls.shared / name)
        lines = cls.shared / "broken" / "journal.jsonl"
        lines.write_bytes(lines.read_bytes().replace(b"bay 12", b"bay 13"))
        case.verify("journal", "close", "closed", "--text", "moved")
        case.verify("catalogue", "add", "--catalogue", "cat", archive, *ALLOW)
        case.verify("trust", "init", "empty.json", "--name", "Plant")
        shutil.copy(KEYS / "trust.json", cls.shared / "trust.json")

    def runTest(self):
        """Lets setUpClass use the helpers of a case."""

    def each(self, look):
        """Calls look(program, words) for each row, in a folder of its own."""
        for program, rows in PAGES.items():
            for row in rows:
                with self.subTest(row), tempfile.TemporaryDirectory(dir=self.shared.parent) as place:
                    self.folder = pathlib.Path(place) / "here"
                    shutil.copytree(self.shared, self.folder)
                    look(program, [word.format(**self.files) for word in row.split()])

    def test_no_line_is_wider_than_the_terminal(self):
        def look(program, words):
            text, _ = self.on_terminal(program, *words, NO_COLOR="1")
            self.assertNotIn(ESCAPE, text)
            self.assertTrue(text.strip(), "nothing was said")
            for line in text.splitlines():
                # A longer line is one word that is longer, or a command to paste.
                command = re.match(r"  (next|then)? +(cretula-|openssl )", line)
                self.assertTrue(len(line) <= 80 or len(line.split()) == 1 or command, line)
                self.assertEqual(line, line.rstrip(), "blanks at its end")
        self.each(look)

    def test_no_word_is_broken(self):
        """What a page of 80 columns says stands in the one of 2000, too; but for what a second run cannot say again."""
        def look(program, words):
            if any(one.startswith("new") or one in ("out", "next") for one in words) or tuple(words[:2]) in CHANGES:
                return
            wide, narrow = ({word.rstrip(":") for word in self.on_terminal(
                program, *words, columns=columns, rows=2000, NO_COLOR="1")[0].split()} for columns in (2000, 80))
            varying = re.compile(r"\d\d:\d\d|[0-9a-f]{64}")
            self.assertEqual({one for one in narrow - wide if not varying.search(one)}, set())
        self.each(look)

    def test_nothing_is_coloured_in_a_pipe(self):
        def look(program, words):
            done = subprocess.run([program, *map(str, words)], cwd=self.folder, capture_output=True, check=False,
                                  env={**CLEAN_ENVIRONMENT, "TERM": "xterm"})
            self.assertNotIn(b"\x1b", done.stdout + done.stderr)
        self.each(look)

    def test_every_command_that_is_printed_can_be_pasted(self):
        """As it stands, but for the words in capitals, which are the reader's: he gives them, and it works."""
        pasted = set()

        def look(program, words):
            own = self.own_keys("own")
            for name, source in (("CERTIFICATE", f"{own}-root.cert.pem"), ("CERT.pem", f"{own}.cert.pem"), ("KEY.pem", f"{own}.key.pem")):
                shutil.copy(source, self.folder / name)
            text, _ = self.on_terminal(program, *words, columns=2000, NO_COLOR="1")
            for command in re.findall(r"^  (?:next|then)? +((?:cretula-|openssl ).*)", text, re.M):
                pasted.add(" ".join(command.split()[:3]))
                for name, path in (("cretula-verify", VERIFY), ("cretula-sign", SIGN)):
                    command = re.sub(rf"^{name}\b", str(path), command)
                command = command.replace("--obtained HOW", f"--obtained HOW --fingerprint {certificate_sha256(self.folder / 'CERTIFICATE')}")
                done = subprocess.run(["sh", "-c", command], cwd=self.folder, env=CLEAN_ENVIRONMENT, capture_output=True, text=True,
                                      check=False)
                # What only others can give: the authority's answer, a token's signature, a policy. That alone is missing.
                missing = next((name for name in ("IN.tsr", "SIGNATURE", "TRUST.json") if name in command.split()), None)
                self.assertEqual((done.returncode, missing is None or missing in done.stderr), (2 if missing else 0, True),
                                 (command, done.stdout, done.stderr))
        self.each(look)
        self.assertGreaterEqual(pasted, {
            "cretula-verify extract example.tar", "cretula-verify check new.tar", "cretula-verify trust add-signer",
            "cretula-verify trust show", "openssl cms -sign", "cretula-sign attach new.tar", "cretula-sign timestamp example.tar"})

    def test_every_verb_is_in_the_table(self):
        for program, rows in PAGES.items():
            there = {verb for first in verbs_of(program)
                     for verb in ([f"{first} {second}" for second in verbs_of(program, first)] or [first])}
            missing = {verb for verb in there if not any(f"{row} ".startswith(f"{verb} ") for row in rows) and
                       verb not in NO_PAGE and verb.split()[0] not in NO_PAGE}
            self.assertEqual(missing, set())


if __name__ == "__main__":
    main()
