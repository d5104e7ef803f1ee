# SPDX-License-Identifier: Apache-2.0
"""docs/expectations.md against the programs: every id, every command with its options, every test, and nothing that is
said to come later is there already."""
import re

from harness import SIGN, SOURCE, VERIFY, Case, main

PAGE = SOURCE / "docs" / "expectations.md"
IDS = [f"S{number}" for number in range(43)] + [f"O{number}" for number in range(1, 46)]
PROGRAMS = {"cretula-sign": SIGN, "cretula-verify": VERIFY}
# These have verbs of their own.
GROUPS = {"sbom", "trust", "journal", "record", "tpm"}


def rows():
    """(ids, expectation, served by, shown by, tests) of each row."""
    found = []
    for line in PAGE.read_text("utf-8").splitlines():
        if re.match(r"\| [SO]\d", line):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            found.append((cells[0].split(", "), *cells[1:]))
    return found


class Expectations(Case):
    def test_every_id_has_one_row(self):
        listed = [one for ids, *_ in rows() for one in ids]
        self.assertEqual(sorted(listed), sorted(IDS))
        for ids, *cells in rows():
            self.assertEqual(len(cells), 4, ids)
            self.assertTrue(all(cells), ids)

    def test_every_command_exists_with_its_options(self):
        seen = {}
        for ids, _, _, command, _ in rows():
            if command in ("later", "not served"):
                continue
            with self.subTest(ids):
                words = re.fullmatch(r"`([^`]+)`", command)[1].split()
                verb = words[1:3] if words[1] in GROUPS else words[1:2]
                key = (words[0], *verb)
                if key not in seen:
                    seen[key] = self.run_program(PROGRAMS[words[0]], *verb, "--help", code=0).out
                self.assertIn(f"Usage: {words[0]} {' '.join(verb)}", seen[key])
                for option in re.findall(r"--[a-z-]+", command):
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

    def test_what_comes_later_is_not_there_yet(self):
        helps = {program: self.run_program(path, "--help", code=0).out for program, path in PROGRAMS.items()}
        check = self.run_program(VERIFY, "check", "--help", code=0).out
        trust = self.run_program(VERIFY, "trust", "--help", code=(0, 2))
        later = set()
        for _, _, served, _, _ in rows():
            if "later: " in served:
                later.update(re.findall(r"`([^`]+)`", served.split("later: ")[1]))
        self.assertTrue({"diff", "trace", "compare-installed", "review", "--report"} <= later, later)
        for one in later:
            if one.startswith("--"):
                self.assertNotRegex(check, rf"(?m)^  {one}( |$)", f"{one} is there: update docs/expectations.md")
                continue
            first, *more = one.split()
            if first == "trust":
                self.assertNotRegex(trust.out + trust.err, rf"(?m)^  {more[0]} ", f"{one}: update docs/expectations.md")
                continue
            for text in helps.values():
                self.assertNotRegex(text, rf"(?m)^  {first} ", f"{one} is there: update docs/expectations.md")

    def test_fields_and_checks_that_are_named_exist(self):
        """What stands in code under *served by*: a field of the manifest, a check, a topic, a verb, an option or a file."""
        fields = set(re.findall(r'"(\w+)": \{', (SOURCE / "docs/spec/manifest.schema.json").read_text("utf-8")))
        checks = set(re.findall(r"^## (\S+)", (SOURCE / "docs/spec/checks.md").read_text("utf-8"), re.MULTILINE))
        profile = (SOURCE / "formats/release/profiles/iec62443-component.json").read_text("utf-8")
        verbs = {"endorse", "include:", "limits", "SHA256SUMS", "trust update"}
        for ids, _, served, _, _ in rows():
            for one in re.findall(r"`([^`]+)`", served.split("later: ")[0]):
                with self.subTest(ids=ids, code=one):
                    if re.fullmatch(r"S\d+", one):
                        self.assertIn(f'"id": "{one}"', profile)
                    elif one.endswith(".*"):
                        self.assertTrue(any(check.startswith(one[:-1]) for check in checks))
                    elif one.startswith("--") or one in verbs or one in checks:
                        continue
                    else:
                        parts = re.split(r"\.", one.split(":")[0].replace("[]", ""))
                        self.assertTrue(all(part in fields for part in parts), one)


if __name__ == "__main__":
    main()
