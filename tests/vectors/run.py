#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs cretula-verify over every vector of index.json and compares exit code, verdict, check and reason.

    tests/vectors/run.py BUILD-FOLDER [--only PREFIX] [--every N] [--program PROGRAM] [--jobs N]

CRETULA_RUN_UNDER, words before the program, and CRETULA_RUN_OPTIONS, options for what takes
--allow-unconfined, are for machines in an emulator (tests/machines.sh). Python's standard library only;
docs/spec/vectors.md has the form of the index.
"""
import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True

HERE = pathlib.Path(__file__).resolve().parent
CLOCK = HERE / "clock.sh"
FILES = HERE / "verdicts"
INDEX = HERE / "index.json"
FEWEST = 1000
TRIES = 4
FIELDS = {"id", "family", "about", "like", "verb", "arguments", "clock", "expect"}
EXPECT = {"exit", "verdict", "check", "result", "reason", "also"}
VERDICTS = {0: (None, "ACCEPTED", "ACCEPTED WITH WAIVERS"), 1: (None, "REFUSED"), 2: (None,), 3: (None, "UNDECIDED", "PARTIAL")}
# What follows from another failure: who did not sign rightly is not counted.
FOLLOWS = {"trust.threshold"}
# Verbs whose reading of outside bytes is confined, and which therefore take --allow-unconfined.
CONFINED = ("check", "extract", "show", "advisories", "seal")


def read_index(path=INDEX):
    """The vectors, by id. What is wrong with the index is a ValueError."""
    document = json.loads(path.read_text(encoding="utf-8"))
    if document.get("cretula") != "vectors/1":
        raise ValueError(f"{path}: not an index of vectors")
    vectors = {}
    for one in document["vectors"]:
        fault = index_fault(one, vectors)
        if fault:
            raise ValueError(f"{path}: {one.get('id')}: {fault}")
        vectors[one["id"]] = one
    return vectors


def index_fault(one, before):
    """A vector that could be right by accident is none."""
    expect = one.get("expect", {})
    like = before.get(one.get("like"))
    if set(one) - FIELDS or set(expect) - EXPECT or not one.get("about") or not one.get("verb"):
        return "unknown fields, or something is missing"
    if one.get("id") in before:
        return "the id is there twice"
    if expect.get("exit") not in VERDICTS or expect.get("verdict") not in VERDICTS[expect["exit"]]:
        return "exit code and verdict do not fit"
    if expect["exit"] != 0 and (not expect.get("reason") or like is None or like["expect"]["exit"] != 0):
        return "a refusal needs a reason, and an accepted vector before it that it is like"
    if expect["exit"] == 1 and not expect.get("check"):
        return "a refusal needs its check"
    return None


def placed(argument, folder):
    """An argument as the program gets it: a text, a file, or a copy of what the run will write to."""
    if isinstance(argument, str):
        return argument
    path = FILES / (argument.get("file") or argument["copy"])
    if "file" in argument:
        return str(path)
    target = folder / path.name
    if path.is_dir():
        shutil.copytree(path, target)
        # Git keeps no empty files' times and modes: the programs want neither.
    else:
        shutil.copyfile(path, target)
    return str(target)


def command(vector, program, folder):
    before = os.environ.get("CRETULA_RUN_UNDER", "").split()
    options = os.environ.get("CRETULA_RUN_OPTIONS", "").split() if vector["verb"][0] in CONFINED else []
    clock = vector.get("clock")
    stopped = clock.replace("T", " ").replace("Z", "") if clock else ""
    faked = ["sh", str(CLOCK), "-f", stopped] if clock else []
    if clock and before:
        # faketime shares a semaphore with the program, whose form in memory is another processor's.
        # Who waits there waits by the clock that does not stand still.
        faked = ["env", f"FAKETIME={stopped}", "FAKETIME_DONT_FAKE_MONOTONIC=1", "LD_PRELOAD=/usr/$LIB/faketime/libfaketime.so.1"]
    return [*faked, *before, program, *vector["verb"], *[placed(one, folder) for one in vector["arguments"]],
            *options, "--json"]


def ended(vector, program):
    """The process when it has ended, in a folder of its own; None: it did not."""
    under = vector.get("clock") and os.environ.get("CRETULA_RUN_UNDER")
    keep = ("PATH", "HOME", "TMPDIR", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LD_LIBRARY_PATH", "QEMU_LD_PREFIX")
    environment = {name: os.environ[name] for name in keep if name in os.environ}
    # What runs another system's program and a clock that stands still wait for each other now and then: begun again.
    for _ in range(TRIES if under else 1):
        with tempfile.TemporaryDirectory(prefix="vector-") as folder:
            try:
                return subprocess.run(command(vector, program, pathlib.Path(folder)), capture_output=True, cwd=folder, check=False,
                                      env={**environment, "LC_ALL": "C.UTF-8" if os.environ.get("CRETULA_RUN_UNDER") else "C"}, stdin=subprocess.DEVNULL, timeout=60 if under else 600)
            except subprocess.TimeoutExpired:
                print(f"{vector['id']}: no end", file=sys.stderr)
    return None


def run(vector, program):
    """(exit code, document, standard error) of one run; the code is None where it did not end."""
    done = ended(vector, program)
    if done is None:
        return None, {}, ""
    try:
        document = json.loads(done.stdout.decode("utf-8", "replace") or "{}")
    except ValueError:
        document = {"message": "no JSON: " + done.stdout.decode("utf-8", "replace")[:400]}
    return done.returncode, document, done.stderr.decode("utf-8", "replace")


def findings(document):
    """What was found, as (check, result, words), of whichever document it is; an error is one finding."""
    if document.get("cretula") == "error/1":
        words = "; ".join(str(document[name]) for name in ("message", "where", "actual") if name in document)
        return [(document.get("check"), "FAIL", words)]
    parts = document.get("releases", [document])
    found = []
    for part in parts:
        checks = part.get("result", {}).get("checks") if isinstance(part.get("result"), dict) else part.get("checks")
        for one in checks or []:
            found.append((one["check"], one["result"], "; ".join(
                str(one[name]) for name in ("reason", "where", "actual") if name in one)))
        for one in part.get("notChecked", []):
            found.append((None, "NOT_CHECKED", json.dumps(one)))
    return found


def verdict_of(document):
    if "verdict" in document:
        return document["verdict"]
    return document["result"].get("verdict") if isinstance(document.get("result"), dict) else None


def judge(expect, code, document, said=""):
    """What is not as expected, or None."""
    if code is None:
        return "it did not end"
    if "Sanitizer" in said or "runtime error:" in said or code < 0:
        return f"crashed: {said[-2000:]}"
    if code != expect["exit"]:
        return f"exit code {code}, not {expect['exit']}: {[one for one in findings(document) if one[1] == 'FAIL']}"
    if "verdict" in expect and verdict_of(document) != expect["verdict"]:
        return f"verdict {verdict_of(document)}, not {expect['verdict']}"
    found = findings(document)
    if code == 1:
        failed = {check for check, result, _ in found if result == "FAIL"}
        wrong = failed - FOLLOWS - {expect["check"], *expect.get("also", [])}
        if wrong:
            return f"failed too: {sorted(map(str, wrong))}"
    check, reason = expect.get("check"), expect.get("reason", "")
    if not check and not reason:
        return None
    wanted = expect.get("result") or ("FAIL" if code in (1, 2) else None)
    for one in found:
        if (not check or one[0] == check) and (not wanted or one[1] == wanted) and reason in one[2]:
            return None
    if not check and reason in json.dumps(document, ensure_ascii=False):
        return None
    return f"did not say {check} {wanted}: {reason}: {[one for one in found if one[0] == check or one[1] == 'FAIL']}"


def digests_fault(vectors):
    """Every file of a vector is there as it was made, and none that belongs to nobody."""
    listed = dict(reversed(line.split("  ", 1)) for line in (HERE / "SHA256SUMS").read_text("utf-8").splitlines())
    there = {path.relative_to(FILES).as_posix(): path for path in FILES.rglob("*") if path.is_file()}
    if set(there) != set(listed):
        return f"SHA256SUMS and the folder differ: {sorted(set(there) ^ set(listed))[:5]}"
    changed = [name for name, path in there.items() if hashlib.sha256(path.read_bytes()).hexdigest() != listed[name]]
    if changed:
        return f"changed: {changed[:5]}"
    used = {one["file" if "file" in one else "copy"] for vector in vectors.values()
            for one in vector["arguments"] if isinstance(one, dict)}
    absent = [name for name in used if not (FILES / name).exists()]
    return f"not there: {absent[:5]}" if absent else None


def main():
    parser = argparse.ArgumentParser(description="Runs cretula-verify over the vectors")
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--only", default="", help="ids, families that begin so")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="of each N vectors one")
    parser.add_argument("--program", help="another verifier of these options")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    program = options.program or str((options.build / "verifier" / "cretula-verify").resolve())
    vectors = read_index()
    fault = digests_fault(vectors)
    if fault:
        sys.exit(f"vectors: {fault}")
    chosen = [one for one in vectors.values() if one["id"].startswith(options.only) or one["family"] == options.only]
    chosen = chosen[::options.every]
    no_clock = bool(os.environ.get("CRETULA_SANITIZE")) or not (os.environ.get("CRETULA_RUN_UNDER") or shutil.which("faketime"))
    skipped = [one for one in chosen if one.get("clock") and no_clock]
    chosen = [one for one in chosen if one not in skipped]

    def attempt(vector):
        return vector, judge(vector["expect"], *run(vector, program))

    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        wrong = [(vector, fault) for vector, fault in pool.map(attempt, chosen) if fault]
    for vector, fault in wrong:
        print(f"{vector['id']} ({vector['about']}): {fault}")
    for family in dict.fromkeys(one["family"] for one in chosen):
        ones = [one for one in chosen if one["family"] == family]
        print(f"{family:12} {len(ones):4} vectors, {sum(one['expect']['exit'] != 0 for one in ones):4} of them not accepted")
    for one in skipped:
        print(f"SKIPPED {one['id']}: needs another clock (faketime)")
    print(f"{len(vectors)} vectors, {len(chosen)} run, {len(wrong)} wrong")
    return 1 if wrong or not chosen or (not options.only and len(vectors) < FEWEST) else 0


if __name__ == "__main__":
    sys.exit(main())
