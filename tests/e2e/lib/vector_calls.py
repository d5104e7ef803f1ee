# SPDX-License-Identifier: Apache-2.0
"""The vectors of tests/vectors as calls of the library: which options, which archive, and what must come of it."""
import importlib.util
import pathlib
import shutil

from harness import HEAVY, SOURCE

FOLDER = SOURCE / "tests" / "vectors"
FLAGS = {"allow-example-keys", "backout"}
# How a verdict is called by the library, by the exit code of the program.
NAMES = {0: ("ACCEPTED", "ACCEPTED WITH WAIVERS"), 1: ("REFUSED",), 2: ("NOT JUDGED",), 3: ("UNDECIDED",)}


def run_module():
    spec = importlib.util.spec_from_file_location("vectors_run", FOLDER / "run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def placed(argument, folder):
    """A text, the path of a file, or of a copy below `folder` that the run may write to."""
    if isinstance(argument, str):
        return argument
    path = FOLDER / "verdicts" / (argument.get("file") or argument["copy"])
    if "file" in argument:
        return str(path)
    target = pathlib.Path(folder) / path.name
    (shutil.copytree if path.is_dir() else shutil.copyfile)(path, target)
    return str(target)


def calls():
    """(vector, archive, [(option, value)]) of every vector of `check`; values may be file arguments still. Not files in vendors' own
    formats, which the library does not judge."""
    for vector in run_module().read_index().values():
        if vector["verb"] != ["check"] or vector["family"] == "updates":
            continue
        archive, rest = vector["arguments"][0], iter(vector["arguments"][1:])
        options = []
        for name in rest:
            name = name[2:]
            options.append((name, "" if name in FLAGS else next(rest)))
        yield vector, archive, options


def chosen(checks=True):
    """All of them with --all; else the first of each answer in each family, with or without regard to the check."""
    found = [one for one in calls() if not one[0].get("clock") or shutil.which("faketime")]
    if len(found) < 1300:
        raise AssertionError(f"{len(found)} vectors")
    if HEAVY:
        return found
    first = {}
    for one in found:
        expect = one[0]["expect"]
        first.setdefault((one[0]["family"], expect["exit"], expect["verdict"], expect.get("check") if checks else None), one)
    return list(first.values())


def fault(vector, verdict_name, check, findings, sentence):
    """What is not as the vector expects, or None. findings: (check, result)."""
    expect = vector["expect"]
    wanted = (expect["verdict"],) if expect["verdict"] else NAMES[expect["exit"]]
    if verdict_name not in wanted and not (expect["exit"] == 1 and verdict_name == "REFUSED"):
        return f"{verdict_name}, not {wanted}: {sentence}"
    if expect["exit"] == 1:
        failed = {one for one, result in findings if result == "FAIL"} | {check}
        if expect["check"] not in failed:
            return f"{failed} failed, not {expect['check']}"
    return None
