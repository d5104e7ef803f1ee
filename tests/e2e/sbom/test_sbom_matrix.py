# SPDX-License-Identifier: Apache-2.0
"""Every rule of every profile in every format, as docs/spec/sbom.md lists them: what passes, what breaks the rule alone,
what declares; where a format cannot break it, the page says why, and something shows it."""
import json
import re
import subprocess
import unittest

from harness import BUILD, SOURCE, main
from sbom_case import changed
from sbom_matrix import FORMATS, MATRIX, same

JUDGE = BUILD / "tests" / "tools" / "rules_judge"
PAGE = (SOURCE / "docs" / "spec" / "sbom.md").read_text("utf-8")


def tables():
    """{profile: (its section, {rule: {column: cell}})} of the page, which another test holds to the rows of the programs."""
    found = {}
    for name, head, table in re.findall(r"<!-- rules (\S+):.*\n\|(.*)\|\n\|[-|]*\|\n((?:\|.*\n)+)", PAGE):
        columns = [one.strip() for one in head.split("|")]
        rules = [dict(zip(columns, (cell.strip() for cell in line.strip("|").split(" |")))) for line in table.splitlines()]
        section = next(one for one in PAGE.split("\n## ") if f"<!-- rules {name}:" in one)
        found[name] = (section, {one["rule"].strip("`"): one for one in rules})
    return found


def case(fail):
    """(what, change, pointer, rules that the same change breaks) of a row's entry."""
    what, change, pointer, *beside = fail if isinstance(fail, tuple) else ("", fail, None)
    return what, change, pointer, beside


class Matrix(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        """Each document of the matrix once, all in one process."""
        cls.tables = tables()
        cls.asked, lines = [], []
        for profile, formats in MATRIX.items():
            for name, rules in formats.items():
                for rule, row in rules.items():
                    for kind in ("fails", "declares", "passes", "refused", "unseen"):
                        for entry in getattr(row, kind):
                            document = changed(FORMATS[name](), case(entry)[1])
                            cls.asked.append((profile, name, rule, kind, entry))
                            lines.append(json.dumps([profile, document]))
                cls.asked.append((profile, name, None, "base", same))
                lines.append(json.dumps([profile, FORMATS[name]()]))
        done = subprocess.run([JUDGE], input="\n".join(lines) + "\n", capture_output=True, text=True, check=True)
        cls.answers = [json.loads(line) for line in done.stdout.splitlines()]

    def each(self, kind, check):
        """check(row, entry, answer) of all documents of a kind."""
        self.assertEqual(len(self.asked), len(self.answers))
        for (profile, name, rule, own, entry), answer in zip(self.asked, self.answers):
            if own == kind:
                with self.subTest(profile=profile, format=name, rule=rule, what=case(entry)[0]):
                    check((profile, name, rule), entry, answer)

    def broken(self, answer):
        return sorted({one["rule"] for one in answer["faults"]})

    def test_every_rule_has_a_row_in_every_format(self):
        self.assertEqual(set(self.tables), set(MATRIX))
        for profile, (section, rules) in self.tables.items():
            self.assertGreaterEqual(len(rules), 8)
            self.assertEqual(set(MATRIX[profile]), set(FORMATS))
            for name, rows in MATRIX[profile].items():
                self.assertEqual(sorted(rows), sorted(rules), f"{profile}, {name}: rules without a row, or rows without a rule")
                for rule, row in rows.items():
                    with self.subTest(profile=profile, format=name, rule=rule):
                        self.held(section, rules[rule], name, row)

    def held(self, section, cells, name, row):
        """A row has something that breaks the rule, or the page's reason why nothing does; and declares where the page says so."""
        self.assertEqual(bool(row.never), not row.fails)
        may_declare = name in [one.strip() for one in cells.get("may be declared", "").split(",")]
        self.assertEqual(may_declare, bool(row.declares), "what the page says may be declared has a document that does")
        if row.never:
            self.assertTrue(row.never == cells["cannot be broken"] or row.never in section, f"the page does not say: {row.never}")
        else:
            formats = cells["cannot be broken"].partition(":")[0]
            self.assertNotIn(name, formats)
            self.assertFalse(formats == "each format" or (formats == "SPDX" and name != "CycloneDX"), cells)

    def test_a_good_document_meets_every_rule(self):
        def check(row, _, answer):
            self.assertEqual(answer["ended"], row[:2] == ("bsi", "SPDX 2"))
            self.assertEqual(self.broken(answer), ["BSI-01"] if answer["ended"] else [])
            self.assertEqual((answer["form"], answer["declared"]), ([], []))
        self.each("base", check)

    def test_what_fails_breaks_that_rule_alone(self):
        def check(row, entry, answer):
            _, _, pointer, beside = case(entry)
            self.assertEqual(self.broken(answer), sorted({row[2], *beside} - {"sbom.form"}), answer["faults"])
            self.assertEqual(bool(answer["form"]), "sbom.form" in beside, answer["form"])
            self.assertEqual(answer["declared"], [])
            if pointer is not None:
                self.assertIn(pointer, [one["pointer"] for one in answer["faults"]])
        self.each("fails", check)

    def test_what_declares_is_no_fault_and_is_counted(self):
        def check(row, entry, answer):
            self.assertEqual((answer["form"], answer["faults"]), ([], []))
            self.assertEqual(answer["declared"], sorted([row[2], *case(entry)[3]]))
        self.each("declares", check)

    def test_what_passes_in_another_way(self):
        def check(row, _, answer):
            self.assertEqual((answer["form"], answer["faults"], answer["declared"]), ([], [], []))
            self.assertNotIn(row[2], answer["unseen"])
        self.each("passes", check)

    def test_what_no_document_can_break(self):
        def refused(row, _, answer):
            self.assertNotEqual(answer["form"], [])
            self.assertNotIn(row[2], self.broken(answer))
        self.each("refused", refused)
        self.each("unseen", lambda row, _, answer: self.assertIn(row[2], answer["unseen"]))
        shown = {(profile, name, rule) for profile, name, rule, kind, _ in self.asked if kind in ("refused", "unseen", "passes")}
        for profile, formats in MATRIX.items():
            for name, rules in formats.items():
                for rule, row in rules.items():
                    if row.never and (profile, name) != ("bsi", "SPDX 2"):
                        self.assertIn((profile, name, rule), shown, "a reason is shown by a document")


if __name__ == "__main__":
    main()
