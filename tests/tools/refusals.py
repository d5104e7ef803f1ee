#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Takes refusals out of a source, one at a time, and says which of them no unit test misses.

    python3 -B tests/tools/refusals.py build/dev unit-engine formats/engine/content.c ... [--only LINE,LINE] [--sample N] [--filter 'SUITE/*']

A refusal is a condition whose block leaves a function with a failure: the whole condition, or one part of an "or" of
several, becomes false. The program of unit tests is built again and run; where it still passes, the refusal survives. What
only asks whether memory is exhausted, or hands a failure on that another function found, is passed over: no test here
makes memory scarce, and the other function is tested for itself (--all takes them too). --sample draws that many of them,
the same ones each time. --filter runs these
tests alone, which is faster and may call a refusal survived that others miss. The source is put back in every case. Those of KNOWN survive for the reason that stands there. Exit code 0: no other survives; 1: some do.
"""
import argparse
import pathlib
import random
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e" / "lib"))
from c_source import code  # noqa: E402

FAILURE = re.compile(r"\breturn (?:CRET_FAILED|false|NULL|cret_err_\w+\(|\w*(?:refuse|fail|fault|reject)\w*\()|\bgoto \w+;|"
                     r"\b(?:cret_err_(?:refuse|usage|undecided)|\w*(?:refuse|fail|fault|reject)\w*)\(|CRET_RESULT_FAIL")
MEMORY = re.compile(r"^!?\s*\w[\w.>\-\[\]*]*\s*(?:==|!=)\s*NULL$|\.failed$|->failed$")
ALLOCATED = re.compile(r"\b(?:[cm]alloc|strdup|realloc|\w+_new|json_(?:object|array|string|pack|copy))\(")
HANDED_ON = re.compile(r"(?:!=|==) CRET_(?:OK|FAILED)$|^failed$")

MEMORY_ALONE = "memory: nothing else makes it so, and tests/e2e/operator/test_faults.py denies that"
# (file, condition): why no unit test misses it.
KNOWN = {
    ("verifier/run/profile_file.c", "why.class != CRET_ERR_REFUSED"): MEMORY_ALONE,
    ("verifier/child/waiver_files.c", "fault->class != CRET_ERR_REFUSED"): MEMORY_ALONE,
    ("verifier/child/recorded.c", "size == 0"): MEMORY_ALONE,
    ("verifier/child/contents.c", "detached && names == NULL"): MEMORY_ALONE,
    ("verifier/child/child.c", "inspection == NULL"): MEMORY_ALONE,
    ("verifier/child/child.c", "cret_advise_digests_add(child->digests, files) != 0"): MEMORY_ALONE,
    ("verifier/child/extract.c", "names[(*ret_count)++].text == NULL"): MEMORY_ALONE,
    ("formats/engine/gate.c", "text.failed"): MEMORY_ALONE,
    ("formats/engine/gate.c", "fault.class != CRET_ERR_REFUSED"): MEMORY_ALONE,
    ("formats/trust/seal/seal_tree.c", "!good"): MEMORY_ALONE,
    ("formats/foreign/signed_value.c", "key == NULL"): MEMORY_ALONE,
    ("signer/archive/refront.c", "json_array_size(list) > CRET_LIMIT_SIGNATURES"): "behind the end of an array: the sanitizers' build sees it",
    ("signer/archive/refront.c", "total > CRET_LIMIT_SIGNATURES"): "more are refused where they are taken; this says it in words",
    ("signer/archive/refront.c", "(size_t)size > told->files[0].size - at"): "the bytes that are left over are compared too",
    ("signer/archive/refront.c", "manifest > CRET_LIMIT_MANIFEST_BYTES"): "it ends before the front does; and archive_write.c refuses",
    ("signer/archive/refront.c", "size < CRET_MEMBER_END"): "no manifest fits into so few bytes: the digest differs",
    ("signer/archive/refront.c", "got != refront->manifest_size"): "a file that shrinks between two calls",
    ("signer/archive/refront.c", "info.size < refront->end + CRET_MEMBER_END"): "a file that shrinks between two calls",
    ("verifier/child/extract.c", "manifest->entries[i].size == 0"): "no refusal: an empty file is made at once",
    ("formats/engine/components.c", "got == 0"): "a reader that gives nothing before the end: none does",
    ("verifier/run/tpm_guard.c", "guard->tpm == NULL"): "no refusal: a connection that is open is kept",
    ("verifier/run/tpm_guard.c", "memcmp(head, extension->head, sizeof(head)) != 0"): "asks a TPM: tests/e2e/tpm",
    ("verifier/run/tpm_guard.c", "earlier == NULL"): "asks a TPM: tests/e2e/tpm",
    ("verifier/run/tpm_guard.c", "memcmp(cret_journal_genesis(journal), cret_journal_head(earlier), CRET_SHA256_BYTES) != 0"):
        "asks a TPM: tests/e2e/tpm",
}


def closing(text, place, opening="(", end=")"):
    """The place behind the bracket that closes the one at `place`."""
    depth = 0
    while True:
        depth += (text[place] == opening) - (text[place] == end)
        place += 1
        if depth == 0:
            return place


def parts(text, begin, end):
    """(begin, end) of each operand of the outermost "or"."""
    found, depth, start, place = [], 0, begin, begin
    while place < end:
        depth += (text[place] in "([") - (text[place] in ")]")
        if depth == 0 and text.startswith("||", place):
            found.append((start, place))
            start = place = place + 2
            continue
        place += 1
    return [*found, (start, end)]


def refusals(source, everything=False):
    """(line, begin, end) of each condition, or part of one, that can be taken out."""
    text = code(source)
    for match in re.finditer(r"\bif \(", text):
        opened = match.end() - 1
        closed = closing(text, opened)
        block = text.index("{", closed - 1)
        if text[closed:block].strip():
            continue
        body = text[block:closing(text, block, "{", "}")]
        if not FAILURE.search(body):
            continue
        operands = parts(text, opened + 1, closed - 1)
        for begin, end in operands:
            words = " ".join(text[begin:end].split())
            memory = MEMORY.search(words) and ("cret_err_memory" in body or ALLOCATED.search(text[max(0, match.start() - 200):match.start()]))
            if everything or not (memory or HANDED_ON.search(words)):
                lead = len(text[begin:end]) - len(text[begin:end].lstrip())
                yield source.count("\n", 0, begin + lead) + 1, begin + lead, end


def survives(build, program, seconds, tests=None):
    """None: it does not even compile."""
    built = subprocess.run(["ninja", "-C", build, program], capture_output=True, text=True, check=False)
    if built.returncode != 0:
        return None
    found = next(pathlib.Path(build).rglob(program), None)
    try:
        done = subprocess.run([found, "--quiet", "--fail-fast", *(("--filter", tests) if tests else ())], capture_output=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("build")
    parser.add_argument("program")
    parser.add_argument("files", nargs="+", type=pathlib.Path)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--only", default="", help="lines, with commas between them")
    parser.add_argument("--sample", type=int, help="how many are drawn; else all are tried")
    parser.add_argument("--list", action="store_true", help="say what would be taken out, and take nothing out")
    parser.add_argument("--filter", help="run only these tests of the program")
    parser.add_argument("--seconds", type=int, default=300)
    options = parser.parse_args()
    only = {int(line) for line in options.only.split(",") if line}
    if not options.list and True not in (survives(options.build, options.program, options.seconds, options.filter) for _ in range(3)):
        sys.exit(f"{options.program} does not pass as it is")
    places = {path: [one for one in refusals(path.read_text("utf-8"), options.all) if not only or one[0] in only] for path in options.files}
    if options.sample is not None:
        every = [(path, one) for path in options.files for one in places[path]]
        drawn = set(random.Random(15).sample(every, min(options.sample, len(every))))
        places = {path: [one for one in places[path] if (path, one) in drawn] for path in options.files}
    left = known = tried = 0
    for path in options.files:
        source = path.read_text("utf-8")
        for line, begin, end in places[path]:
            words = " ".join(source[begin:end].split())
            tried += 1
            if options.list:
                print(f"{path}:{line}: {words}")
                continue
            try:
                path.write_text(f"{source[:begin]}(0 != 0 && ({source[begin:end]})){source[end:]}", "utf-8")
                result = survives(options.build, options.program, options.seconds, options.filter)
            finally:
                path.write_text(source, "utf-8")
            reason = KNOWN.get((path.as_posix(), words))
            if result is not False:
                left += reason is None
                known += reason is not None
                print(f"{path}:{line}: {'survives' if result else 'does not compile'}: {words}"
                      f"{f' ({reason})' if reason else ''}", flush=True)
    if not options.list:
        subprocess.run(["ninja", "-C", options.build, options.program], capture_output=True, check=True)
    print(f"{tried} refusals, {left} survive, {known} more are known to" if not options.list else f"{tried} refusals")
    return 1 if left and not options.list else 0


if __name__ == "__main__":
    sys.exit(main())
