# SPDX-License-Identifier: Apache-2.0
"""The index of the vectors has the form that its page promises, and their runner lets nothing pass that it should not."""
import importlib.util
import json

import reports
from harness import SOURCE, Case, main

VECTORS = SOURCE / "tests" / "vectors"
PAGE = SOURCE / "docs" / "spec" / "vectors.md"


def runner():
    spec = importlib.util.spec_from_file_location("run", VECTORS / "run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Index(Case):
    def test_form(self):
        index = json.loads((VECTORS / "index.json").read_text("utf-8"))
        one = index["vectors"][0]
        spoiled = [{**index, "colour": "red"}, {**index, "cretula": "other/1"}, {"cretula": "vectors/1"},
                   {**index, "vectors": [{**one, "expect": {"exit": 4}}]}, {**index, "vectors": [{**one, "arguments": [{"path": "x"}]}]}]
        self.assertEqual(reports.schema_faults(self, "vectors", index), [])
        for value in spoiled:
            self.assertNotEqual(reports.schema_faults(self, "vectors", value), [], str(value)[:200])

    def test_families_are_on_the_page(self):
        families = {one["family"] for one in json.loads((VECTORS / "index.json").read_text("utf-8"))["vectors"]}
        page = PAGE.read_text("utf-8")
        self.assertEqual([one for one in sorted(families) if f"| `{one}` |" not in page], [])

    def test_each_refusal_has_its_accepted_twin(self):
        run = runner()
        vectors = run.read_index()
        self.assertGreaterEqual(len(vectors), run.FEWEST)
        self.assertIsNone(run.digests_fault(vectors))
        self.assertEqual(run.index_fault({}, {}), "unknown fields, or something is missing")
        bad = next(one for one in vectors.values() if one["expect"]["exit"] == 1)
        for change in ({"like": "nobody"}, {"expect": {**bad["expect"], "reason": ""}}, {"expect": {**bad["expect"], "exit": 0}},
                       {"expect": {key: value for key, value in bad["expect"].items() if key != "check"}}, {"colour": "red"}):
            before = {name: one for name, one in vectors.items() if name != bad["id"]}
            self.assertIsNone(run.index_fault(bad, before))
            self.assertIsNotNone(run.index_fault({**bad, **change}, before), change)

    def test_judging(self):
        run = runner()
        expect = {"exit": 1, "verdict": "REFUSED", "check": "c", "reason": "the r"}

        def document(*checks, verdict="REFUSED"):
            return {"result": {"verdict": verdict, "checks": [
                {"check": check, "result": result, "reason": reason} for check, result, reason in checks]}}
        right = ("c", "FAIL", "the reason")
        self.assertIsNone(run.judge(expect, 1, document(right)))
        self.assertIsNone(run.judge(expect, 1, document(right, ("trust.threshold", "FAIL", "nobody"))))
        self.assertIsNone(run.judge({**expect, "also": ["d"]}, 1, document(right, ("d", "FAIL", "x"))))
        for code, said in ((0, document(right)), (3, document(right)), (-11, document(right)), (1, document(("c", "FAIL", "other"))),
                           (1, document(("c", "WARN", "the reason"))), (1, document(right, ("d", "FAIL", "x"))), (1, {}),
                           (1, document(right, verdict="ACCEPTED")), (1, document(("d", "FAIL", "the reason")))):
            self.assertIsNotNone(run.judge(expect, code, said), (code, said))
        self.assertIsNotNone(run.judge(expect, 1, document(right), "runtime error: x"))
        error = {"cretula": "error/1", "check": "c", "message": "the reason", "verdict": None}
        self.assertIsNone(run.judge({"exit": 2, "verdict": None, "reason": "the r"}, 2, error))
        self.assertIsNotNone(run.judge({"exit": 2, "verdict": None, "reason": "z"}, 2, error))


if __name__ == "__main__":
    main()
