#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the vectors that index.json does not have yet, with the built programs and openssl, and writes the index.

    tests/vectors/generate.py BUILD-FOLDER [--family NAME] [--remake PREFIX] [--words PREFIX] [--list]
      --remake  makes these once more (ids that begin so); signatures get other bytes, nothing else changes
      --words   keeps the bytes, and takes over the words that the programs say today, where exit code, verdict and
                check are as before

What a vector must be answered (exit code, check) stands in the generator; the program under test only adds the
sentence, and where it answers otherwise nothing is written. docs/spec/vectors.md tells how one is added.
"""
import argparse
import importlib
import os
import pathlib
import sys

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE / "generator"), str(HERE), str(HERE.parent / "e2e" / "lib")]

FAMILIES = ("trust", "archive", "signature", "timestamp", "manifest", "content", "policy", "crl", "overlay",
            "evidence", "provenance", "advisory", "seal", "updates", "package")
VERDICT = {0: "ACCEPTED", 1: "REFUSED", 2: None, 3: "UNDECIDED"}


def expectation(plan, code, document, run):
    """The index's `expect`: what the author asks for, and the words of the check that he named."""
    expect = {"exit": plan.exit}
    verdict = VERDICT[plan.exit] if plan.verdict == "*" else plan.verdict
    if plan.verdict != "-":
        expect["verdict"] = verdict
    check = plan.check
    if check and check.startswith("*"):
        # Which of a family's checks it is follows from the byte: the one that says so, where it is one alone.
        failed = sorted({one for one, result, _ in run.findings(document) if result == "FAIL"} - run.FOLLOWS)
        check = failed[0] if len(failed) == 1 and failed[0].startswith(check[1:]) else check
    if check:
        expect["check"] = check
    if plan.result:
        expect["result"] = plan.result
    if plan.also:
        expect["also"] = list(plan.also)
    wanted = plan.result or ("FAIL" if plan.exit in (1, 2) else "PASS" if check else None)
    said = [words for name, result, words in run.findings(document)
            if name == check and (not wanted or result == wanted)]
    if plan.says:
        expect["reason"] = plan.says
    elif plan.exit != 0 and said:
        expect["reason"] = sentence(said[0])
    return expect


def sentence(words):
    """The reason alone, without the place; of what is no JSON only that: the rest are the words of a library."""
    reason = words.split("; ")[0]
    before, found, _ = reason.partition("not valid JSON")
    return before + found if found else reason


def words(run, vector, program):
    """A vector with the sentence of today, or what else differs."""
    code, document, said = run.run(vector, program)
    expect = dict(vector["expect"])
    if run.judge(expect, code, document, said) is None:
        return vector, None
    wanted = expect.get("result") or ("FAIL" if code in (1, 2) else None)
    for check, result, reason in run.findings(document):
        if check == expect.get("check") and (not wanted or result == wanted):
            expect["reason"] = sentence(reason)
            fault = run.judge(expect, code, document, said)
            return {**vector, "expect": expect}, fault
    return vector, run.judge(expect, code, document, said)


def make(plan, family, store, run, program):
    """Makes one vector; what is wrong with it, or None. Nothing of it is kept then."""
    store.forget(plan.id)
    try:
        arguments = [store.put(family, plan.id, one) for one in plan.make()]
    except (AssertionError, LookupError, RuntimeError, TypeError, ValueError) as error:
        return f"could not be made: {error!r}"
    vector = {"id": plan.id, "family": family, "about": plan.about, **({"like": plan.like} if plan.like else {}),
              "verb": list(plan.verb), "arguments": arguments, **({"clock": plan.clock} if plan.clock else {})}
    code, document, said = run.run(vector, program)
    expect = expectation(plan, code, document, run)
    fault = run.judge(expect, code, document, said)
    if not fault:
        fault = run.index_fault({**vector, "expect": expect}, store.vectors)
    store.vectors[plan.id] = {**vector, "expect": expect}
    if fault:
        store.forget(plan.id)
    return fault


def main():
    parser = argparse.ArgumentParser(description="Makes vectors")
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--family", choices=FAMILIES)
    parser.add_argument("--remake", metavar="PREFIX")
    parser.add_argument("--words", metavar="PREFIX")
    parser.add_argument("--list", action="store_true", help="print what each was answered")
    parser.add_argument("--into", type=pathlib.Path, default=HERE, help="another folder than this one, to try things")
    options = parser.parse_args()
    build = options.build.resolve()
    os.environ["CRETULA_BUILD"] = str(build)
    run = importlib.import_module("run")
    store = importlib.import_module("store").Store(options.into.resolve())
    run.FILES = store.files
    program, wrong, made = str(build / "verifier" / "cretula-verify"), 0, 0
    if options.words is not None:
        for name in [one for one in store.vectors if one.startswith(options.words)]:
            store.vectors[name], fault = words(run, store.vectors[name], program)
            wrong += fault is not None
            if fault:
                print(f"{name}: {fault}")
        store.save()
        return 1 if wrong else 0
    for family in [options.family] if options.family else FAMILIES:
        if not (HERE / "generator" / f"family_{family}.py").exists():
            continue
        for plan in importlib.import_module(f"family_{family}").plans():
            again = options.remake is not None and plan.id.startswith(options.remake)
            if plan.id in store.vectors and not again:
                continue
            fault = make(plan, family, store, run, program)
            made, wrong = made + 1, wrong + (fault is not None)
            if fault:
                print(f"{plan.id} ({plan.about}): {fault}")
            elif options.list:
                expect = store.vectors[plan.id]["expect"]
                print(f"{plan.id:46} {expect['exit']} {expect.get('check') or '-':22} {expect.get('reason', '')}")
    store.save()
    print(f"{made} made, {wrong} of them not as planned; {len(store.vectors)} vectors")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
