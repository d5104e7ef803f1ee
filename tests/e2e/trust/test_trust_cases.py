# SPDX-License-Identifier: Apache-2.0
"""The table of trust cases: tests/vectors/trust/*.json, each with its expected verdict and reason."""
import collections
import concurrent.futures
import os
import unittest

import trust_case
import trust_pki
from harness import Case, main

ENOUGH = 80
GROUPS = {"chain", "usage", "time", "revocation", "timestamp", "threshold", "scope", "algorithm", "overlay",
          "waiver", "backout", "keys", "profile"}
WORKERS = 2


class TrustCases(Case):
    def test_every_case(self):
        trials = trust_case.read_trials()
        wanted = os.environ.get("CRETULA_TRUST_CASES", "")
        chosen = [one for one in trials if one.id.startswith(wanted) and one.can_run()]
        pki = self.folder / "pki"
        pki.mkdir()
        runner = trust_case.Runner(self, trust_pki.Pki(pki), self.folder)
        with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
            wrong = [one for one in pool.map(runner.run, chosen) if one]
        refused = collections.Counter(one.group for one in trials if one.expect["exit"] != 0)
        for group, count in collections.Counter(one.group for one in trials).items():
            print(f"{group:12} {count:3} cases, {refused[group]:3} of them refused")
        print(f"{len(trials)} cases, {len(chosen)} of them run")
        if wrong:
            self.fail("\n".join([f"{len(wrong)} cases", *wrong]))
        if wanted:
            self.skipTest(f"only the {len(chosen)} cases that begin with {wanted}")
        self.assertGreaterEqual(len(chosen), ENOUGH)
        self.assertLessEqual(GROUPS, {one.group for one in trials})


class Reading(unittest.TestCase):
    """The table's own rules: a case that could be right by accident is no case."""

    accepted = {"id": "good", "about": "x", "expect": {"exit": 0, "verdict": "ACCEPTED"}}
    refused = {"id": "bad", "about": "x", "like": "good", "change": {"/a": 1},
               "expect": {"exit": 1, "verdict": "REFUSED", "check": "c", "reason": "r"}}

    def read(self, data):
        good = trust_case.read_trial("g", self.accepted, {"a": 0, "list": [1]}, {})
        return trust_case.read_trial("g", data, {"a": 0, "list": [1]}, {"good": good})

    def test_changes(self):
        self.assertEqual(self.read(self.refused).world, {"a": 1, "list": [1]})
        self.assertEqual(self.read({**self.refused, "change": {"/list/-": 2}}).world["list"], [1, 2])
        self.assertEqual(self.read({**self.refused, "change": {"/b/x~1y": 2}}).world["b"], {"x/y": 2})

    def test_what_is_no_case(self):
        expect = self.refused["expect"]
        for change in ({"expect": {}}, {"about": ""}, {"like": "nobody"}, {"like": None}, {"extra": 1},
                       {"change": {}}, {"change": {"/a": 1, "/b": 2}}, {"expect": {**expect, "reason": ""}},
                       {"expect": {**expect, "check": None}}, {"expect": {**expect, "exit": 0}},
                       {"expect": {**expect, "verdict": "ACCEPTED"}}):
            with self.subTest(change), self.assertRaises(ValueError):
                self.read({**self.refused, **change})

    def test_judging(self):
        expect = self.refused["expect"]
        document = {"result": {"verdict": "REFUSED", "checks": [
            {"check": "c", "result": "FAIL", "reason": "the r"},
            {"check": "trust.threshold", "result": "FAIL", "reason": "nobody"}]}}
        self.assertIsNone(trust_case.judge(expect, 1, document))
        self.assertIn("exit code", trust_case.judge(expect, 0, document))
        self.assertIn("said", trust_case.judge({**expect, "reason": "z"}, 1, document))
        self.assertIn("failed", trust_case.judge({**expect, "check": "d"}, 1, document))
        document["result"]["checks"].append({"check": "d", "result": "FAIL", "reason": "r"})
        self.assertIn("failed", trust_case.judge(expect, 1, document))


if __name__ == "__main__":
    main()
