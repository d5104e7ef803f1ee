# SPDX-License-Identifier: Apache-2.0
"""Independent readers of what is written for other tools: SARIF by its published schema (ajv), XML by its XSD (xmllint)
and by a parser that is not ours."""
import json
import os
import pathlib
import shutil
import unittest
import xml.etree.ElementTree as ElementTree

from harness import NODE_MODULES, SOURCE

SARIF_SCHEMA = pathlib.Path(NODE_MODULES or "/") / "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"
JUNIT_SCHEMA = SOURCE / "tests" / "e2e" / "schemas" / "junit.xsd"
# The schema is of draft 4: ajv wants its names of later drafts, and nothing else of it differs here.
VALIDATE = """
const fs = require('fs');
const Ajv = require('ajv').default, formats = require('ajv-formats').default;
const schema = JSON.parse(fs.readFileSync(process.argv[1], 'utf8'));
delete schema.$schema; delete schema.id;
const ajv = new Ajv({strict: false, allErrors: true, validateFormats: true, unicodeRegExp: false});
formats(ajv);
const validate = ajv.compile(schema);
const bad = process.argv.slice(2).filter(path => !validate(JSON.parse(fs.readFileSync(path, 'utf8'))))
  .map(path => [path, ajv.errorsText(validate.errors)]);
console.log(JSON.stringify(bad));
"""


def need_sarif():
    if not shutil.which("node") or not SARIF_SCHEMA.is_file():
        raise unittest.SkipTest("Node.js with @microsoft/jest-sarif is not installed (tests/run.sh does)")


OURS = VALIDATE.replace("require('ajv').default", "require('ajv/dist/2020').default")


def schema_faults(case, name, *values):
    """What docs/spec/NAME.schema.json has against these values, by ajv: [[path, text]]."""
    if not shutil.which("node") or not os.path.isdir(os.path.join(NODE_MODULES, "ajv")):
        raise unittest.SkipTest("Node.js with ajv is not installed (tests/run.sh does)")
    paths = []
    for number, value in enumerate(values):
        paths.append(case.folder / f"value-{number}.json")
        paths[-1].write_text(json.dumps(value), encoding="utf-8")
    return json.loads(case.run_program("node", "-e", OURS, SOURCE / "docs" / "spec" / f"{name}.schema.json", *paths, code=0,
                                       environment={"NODE_PATH": NODE_MODULES}).out)


def sarif_faults(case, *paths):
    """What the schema has against these files: [[path, text]]."""
    return json.loads(case.run_program("node", "-e", VALIDATE, SARIF_SCHEMA, *paths, code=0,
                                       environment={"NODE_PATH": NODE_MODULES}).out)


def read_sarif(path):
    """The one run, after what the schema cannot say was looked at: every result is of a rule that is there."""
    document = json.loads(pathlib.Path(path).read_text("utf-8"))
    assert document["version"] == "2.1.0" and len(document["runs"]) == 1
    run = document["runs"][0]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(set(rules)) == len(rules)
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"], result
    return run


def xml_faults(case, schema, path):
    if not shutil.which("xmllint"):
        raise unittest.SkipTest("xmllint is not installed")
    done = case.run_program("xmllint", "--nonet", "--noout", "--schema", schema, path)
    return "" if done.code == 0 else done.err


def read_junit(path):
    """{file: {case: what it says, None where it passed in silence}}; the counts are those of the cases."""
    root = ElementTree.parse(os.fspath(path)).getroot()
    found, totals = {}, {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
    for suite in root.findall("testsuite"):
        cases = suite.findall("testcase")
        counts = {"tests": len(cases), "failures": len(suite.findall("testcase/failure")),
                  "errors": len(suite.findall("testcase/error")), "skipped": len(suite.findall("testcase/skipped"))}
        for name, number in counts.items():
            assert int(suite.get(name)) == number, (suite.get("name"), name)
            totals[name] += number
        found[suite.get("name")] = {one.get("name"): (one[0].tag, one[0].get("message") or one[0].text) if len(one) else None
                                    for one in cases}
    assert all(int(root.get(name)) == number for name, number in totals.items())
    return found
