# SPDX-License-Identifier: Apache-2.0
"""docs/expectations.md against the programs: every id, every command with its options, every test, and nothing that is said to
come later. Every command is run, every topic is missed where it is missing, every field that serves a row is on the pages that show it."""
import json
import re
import shutil

from harness import EXAMPLE, SIGN, SOURCE, VENDOR, VERIFY, Case, certificate_sha256, main, manifest_of

PAGE = SOURCE / "docs" / "expectations.md"
IDS = [f"S{number}" for number in range(43)] + [f"O{number}" for number in range(1, 46)]
PROGRAMS = {"cretula-sign": SIGN, "cretula-verify": VERIFY}


def rows():
    """(ids, expectation, served by, shown by, tests) of each row."""
    found = []
    for line in PAGE.read_text("utf-8").splitlines():
        if re.match(r"\| [SO]\d", line):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            found.append((cells[0].split(", "), *cells[1:]))
    return found


def commands(cell):
    """The words of each command in it; what is not served has none."""
    if cell == "not served":
        return []
    found = re.findall(r"`([^`]+)`", cell)
    assert ", ".join(f"`{one}`" for one in found) == cell, cell
    return [one.split() for one in found]


class Expectations(Case):
    def has_verbs(self, program, verb):
        return f"Usage: {program} {verb} COMMAND" in self.run_program(PROGRAMS[program], verb, "--help", code=0).out

    def test_every_id_has_one_row(self):
        listed = [one for ids, *_ in rows() for one in ids]
        self.assertEqual(sorted(listed), sorted(IDS))
        for ids, *cells in rows():
            self.assertEqual(len(cells), 4, ids)
            self.assertTrue(all(cells), ids)

    def test_every_command_exists_with_its_options(self):
        seen = {}
        for ids, _, _, command, _ in rows():
            for words in commands(command):
                with self.subTest(ids):
                    verb = words[1:3] if self.has_verbs(*words[:2]) else words[1:2]
                    key = (words[0], *verb)
                    if key not in seen:
                        seen[key] = self.run_program(PROGRAMS[words[0]], *verb, "--help", code=0).out
                    self.assertIn(f"Usage: {words[0]} {' '.join(verb)}", seen[key])
                    for option in [word for word in words if word.startswith("--")]:
                        self.assertRegex(seen[key], rf"(?m)^  {option}( |$)")
        self.assertGreater(len(seen), 12)

    def test_every_test_exists(self):
        named = set()
        for ids, _, _, command, tests in rows():
            paths = re.findall(r"`([^`]+)`", tests)
            self.assertTrue(paths or tests == command, ids)
            named.update(paths)
        for path in named:
            self.assertTrue((SOURCE / path).is_file(), path)
            self.assertRegex(path, r"^tests/(e2e/\w+/test_\w+\.py|unit/\w+/(\w+/)?test_\w+\.c)$")
        self.assertGreater(len(named), 25)

    def test_nothing_comes_later(self):
        """A row is served now, or says that it is not served."""
        for ids, *cells in rows():
            for cell in cells:
                self.assertNotRegex(cell, r"(?i)\blater\b: |^later$", ids)
        self.assertNotIn("*Later*", PAGE.read_text("utf-8"))
        self.assertEqual([ids for ids, *cells in rows() if "not served" in cells[1:]], [["O6", "O21", "O23", "O31", "O39"]])

    def test_fields_and_checks_that_are_named_exist(self):
        """What stands in code under *served by*: a field of the manifest, a check, a topic, a verb, an option or a file."""
        fields = set(re.findall(r'"(\w+)": \{', (SOURCE / "docs/spec/manifest.schema.json").read_text("utf-8")))
        checks = set(re.findall(r"^## (\S+)", (SOURCE / "docs/spec/checks.md").read_text("utf-8"), re.MULTILINE))
        profile = (SOURCE / "formats/release/profiles/iec62443-component.json").read_text("utf-8")
        others = {"include:", "limits", "SHA256SUMS"}
        verbs = {verb for path in PROGRAMS.values()
                 for verb in re.findall(r"(?m)^  ([a-z-]+) ", self.run_program(path, "--help", code=0).out.split("Commands:")[1])}
        for ids, _, served, _, _ in rows():
            for one in re.findall(r"`([^`]+)`", served):
                with self.subTest(ids=ids, code=one):
                    if re.fullmatch(r"S\d+", one):
                        self.assertIn(f'"id": "{one}"', profile)
                    elif one.endswith(".*"):
                        self.assertTrue(any(check.startswith(one[:-1]) for check in checks))
                    elif one.startswith("--") or one.split()[0] in verbs or one in others or one in checks:
                        continue
                    else:
                        parts = re.split(r"\.", one.split(":")[0].replace("[]", ""))
                        self.assertTrue(all(part in fields for part in parts), one)


PROFILE = SOURCE / "formats" / "release" / "profiles" / "iec62443-component.json"


class Run(Case):
    """What the rows say, done."""

    def packed(self, name, change=None):
        """The example release, altered; its folder and the archive."""
        folder = self.folder / f"{name}-inputs"
        shutil.copytree(EXAMPLE, folder)
        text = (folder / "release.yaml").read_text("utf-8")
        (folder / "release.yaml").write_text(change(text) if change else text, encoding="utf-8")
        self.sign("pack", folder / "release.yaml", "--key", "vendor.key.pem", "--cert", "vendor.cert.pem", "--out", f"{name}.tar")
        return folder / "release.yaml", self.folder / f"{name}.tar"

    def setUp(self):
        super().setUp()
        for name in ("vendor", "quality", "recorder"):
            self.own_keys(name)

    def signer(self, name):
        """What makes him known to a policy."""
        root = self.folder / f"{name}-root.cert.pem"
        return ["--vendor", VENDOR, "--signer", name, "--anchor", root, "--fingerprint", certificate_sha256(root), "--obtained", "phone"]

    def words(self):
        """What the letters of the page stand for here."""
        _, old = self.packed("old", lambda text: text.replace("  sequence: 42\n", "  sequence: 41\n"))
        description, archive = self.packed("new")
        trust = self.folder / "trust.json"
        self.verify("trust", "init", trust, "--name", "Plant")
        self.verify("trust", "add-signer", trust, "--role", "release", *self.signer("vendor"))
        self.verify("check", archive, "--trust", trust, "--journal", "journal", "--record", "record", "--sign-record", "recorder.key.pem",
                    "--record-cert", "recorder.cert.pem", "--report", "report.html")
        profile = shutil.copy(PROFILE, self.folder / "profile.json")
        advice = self.folder / "csaf"
        advice.mkdir()
        shutil.copy(SOURCE / "tests/vectors/csaf/18-cyclonedx-vex-by-purl.json", advice)
        (self.folder / "image.bin").write_bytes(b"image")
        return {"F": archive, "A": self.folder / "vendor-root.cert.pem", "P": profile, "D": description, "J": self.folder / "journal", "T": trust, "OLD": old,
                "K": self.folder / "quality.key.pem", "C": self.folder / "quality.cert.pem", "S": description.parent / "inputs" / "sbom.cdx.json",
                "R": self.folder / "record" / "RECORD.json", "N": "1", "X": "PLC-12", "TEXT": "words", "ID": "CHG-1",
                "MODEL:REV": "EA-RTU7-C:C2", "FW": self.folder / "image.bin", "V": VENDOR, "M": "stick", "DIR": advice}

    def test_every_command_runs(self):
        words = self.words()
        # Commands that need more than a page shows, or files of their own; run where their tests are named.
        elsewhere = {"trust update", "check --waivers", "check --also", "check --crl", "check --syslog"}
        done = set()
        for command in dict.fromkeys(tuple(one) for *_, cell, _ in rows() for one in commands(cell)):
            program, *given = command
            name = " ".join([*given[:1], *(one for one in given if one in ("update", "--waivers", "--also", "--crl", "--syslog"))])
            if name in elsewhere:
                done.add(name)
                continue
            more = {
                ("trust", "add-signer"): self.signer("quality"),
                ("adopt", "FW"): ["--product", "Drive", "--version", "1", "--sequence", "1", "--acquired", "stick", "--out", "adopted.tar", "--key",
                                  "vendor.key.pem", "--cert", "vendor.cert.pem"],
                ("pack", "D"): ["--out", "next.tar"],
            }.get(tuple(given[:2]), [])
            arguments = [words.get(one, one) for one in given if one != "..."] + more
            if given[0] == "adopt":
                arguments[arguments.index("--source") + 1] = "https://drives.example"
            if given[:2] == ["record", "verify"]:
                arguments[arguments.index("--anchor") + 1] = "recorder-root.cert.pem"
            with self.subTest(command):
                self.run_program(PROGRAMS[program], *arguments, code=0, screen=True)
        self.assertEqual(done, elsewhere)

    def test_every_topic_is_missed(self):
        topics = [ids[0] for ids, _, served, command, _ in rows() if re.match(rf"topic `{ids[0]}`", served)]
        self.assertGreater(len(topics), 15)
        for topic in topics:
            with self.subTest(topic):
                _, archive = self.packed(topic, lambda text, topic=topic: re.sub(rf"(?m)^  {topic}: .*\n(?:    .*\n)*", "", text))
                result = self.verify("check", archive, "--anchor", "vendor-root.cert.pem", "--profile", PROFILE, "--json", code=1).json()
                missed = [one for one in result["result"]["checks"] if one["check"] == "topics.answered" and one["result"] == "FAIL"]
                self.assertEqual(len(missed), 1, missed)
                self.assertIn(topic, json.dumps(missed))

    def test_every_topic_is_shown(self):
        """Each document with the topics that it answers, in words for people."""
        _, archive = self.packed("topics")
        shown = self.verify("show", archive, "--section", "documents").out
        topics = [ids[0] for ids, _, served, command, _ in rows() if "`cretula-verify show F --section documents`" in command and
                  f"topic `{ids[0]}`" in served]
        self.assertGreater(len(topics), 15)
        answers = manifest_of(archive)["topics"]
        for topic in topics:
            if topic in answers and answers[topic].get("documents"):
                self.assertRegex(shown, rf"\n  {topic} [a-z ]+: ")

    def values(self, value, path):
        """Every value below a path of a manifest ("claims[].limits"), as a page says it."""
        head, _, rest = path.partition(".")
        value = value.get(head.removesuffix("[]"), {}) if head else value
        if isinstance(value, list):
            return [leaf for one in value for leaf in (self.values(one, rest) if isinstance(one, dict) else [str(one)])]
        if isinstance(value, dict):
            return self.values(value, rest) if rest else [leaf for name in value for leaf in self.values(value, name)]
        return [{True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)]

    def test_every_field_is_shown(self):
        """Where pages of `show` show a row, every value of each field that serves it is on them, as words for people."""
        # The example shows all of them but this one.
        _, archive = self.packed("all", lambda text: text.replace("    binding: ", "    mapsTo: [works.example/W-1]\n    binding: ", 1))
        manifest, asked = manifest_of(archive), 0
        for ids, _, served, command, _ in rows():
            shows = [words for words in commands(command) if words[:3] == ["cretula-verify", "show", "F"]]
            text = " ".join(" ".join(self.verify("show", archive, *words[3:], code=0).out for words in shows).split())
            for field in re.findall(r"`([a-zA-Z]+(?:\[\])?(?:\.\w+)*)`", served) if shows else ():
                if field.partition("[")[0].partition(".")[0] not in manifest:
                    self.assertIn(field, {"riskBelow", "vex.match"}, ids)  # part of the field before it; a check
                    continue
                for value in self.values(manifest, field):
                    with self.subTest(ids=ids, field=field, value=value):
                        asked += 1
                        self.assertIn(" ".join(value.split()), text)
        self.assertGreater(asked, 100)


if __name__ == "__main__":
    main()
