# SPDX-License-Identifier: Apache-2.0
"""Reads the trust cases (tests/vectors/trust/README.md) and runs one: makes its archive, policy and
lists, runs `cretula-verify check`, and compares."""
import copy
import json
import pathlib
import shutil
import tempfile
import threading

import harness
import trust_combinations
from harness import FAKETIME, SOURCE, VERIFY, read_member, rebuild
from trust_pki import clock_text

VECTORS = SOURCE / "tests" / "vectors" / "trust"
CASE_FIELDS = {"id", "about", "like", "change", "expect"}
EXPECT_FIELDS = {"exit", "verdict", "check", "result", "reason"}
VERDICTS = {0: ("ACCEPTED", "ACCEPTED WITH WAIVERS"), 1: ("REFUSED",), 2: (None,), 3: ("UNDECIDED",)}


def merged(below, above):
    """Objects member by member, everything else replaced."""
    if not isinstance(below, dict) or not isinstance(above, dict):
        return copy.deepcopy(above)
    return {**below, **{key: merged(below.get(key), value) for key, value in above.items()}}


def apply_change(world, pointer, value):
    """Sets the value at a JSON pointer (RFC 6901); "-" at the end appends."""
    *parents, last = [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]
    at = world
    for part in parents:
        if isinstance(at, list):
            at = at[int(part)]
        else:
            at = at.setdefault(part, {})
    if isinstance(at, list) and last == "-":
        at.append(value)
    elif isinstance(at, list):
        at[int(last)] = value
    else:
        at[last] = value


class Trial:
    """One case, with everything that it is made of."""

    def __init__(self, group, data, world):
        self.group = group
        self.data = data
        self.world = world
        self.id = data["id"]
        self.expect = data["expect"]

    def can_run(self):
        """faketime preloads a library, which the sanitizers do not like."""
        if self.world.get("clock") and harness.SANITIZED:
            return False
        stamps = [one.get("timestamp") or {} for one in self.world["signatures"].values() if one]
        needed = self.world.get("clock") or any(one.get("maker") for one in stamps)
        return not needed or shutil.which("faketime") is not None


def read_trials():
    """Every case of every file, in order. What is wrong with the data is a ValueError."""
    common = json.loads((VECTORS / "common.json").read_text(encoding="utf-8"))
    trials = {}
    groups = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(VECTORS.glob("*.json"))
              if path.name != "common.json"}
    groups["keys"] = trust_combinations.group()
    for name, group in groups.items():
        base = merged(common, group.get("base", {}))
        for data in group["cases"]:
            trial = read_trial(name, data, base, trials)
            if trial.id in trials:
                raise ValueError(f"{name}: the id {trial.id} is there twice")
            trials[trial.id] = trial
    return list(trials.values())


def read_trial(group, data, base, trials):
    name = data.get("id", "?")
    change = data.get("change", {})
    expect = data.get("expect", {})
    like = trials.get(data.get("like"))
    if set(data) - CASE_FIELDS or set(expect) - EXPECT_FIELDS or not data.get("about"):
        raise ValueError(f"{name}: unknown fields, or nothing about it")
    if expect.get("exit") not in VERDICTS or expect.get("verdict") not in VERDICTS[expect["exit"]]:
        raise ValueError(f"{name}: no expectation, or exit code and verdict do not fit")
    if expect["exit"] != 0:
        # Or it could be refused for another reason than the one that is meant.
        if like is None or like.expect["exit"] != 0 or len(change) != 1:
            raise ValueError(f"{name}: a refusal must be like an accepted case, but for one change")
        if not expect.get("reason") or (expect["exit"] == 1 and not expect.get("check")):
            raise ValueError(f"{name}: a refusal needs its check and a piece of its reason")
    if data.get("like") and like is None:
        raise ValueError(f"{name}: there is no case {data['like']} before it")
    world = copy.deepcopy(like.world if like else base)
    for pointer, value in change.items():
        apply_change(world, pointer, copy.deepcopy(value))
    return Trial(group, data, world)


class Runner:
    """Runs trials in a folder; archives that several trials share are made once."""

    def __init__(self, case, pki, folder):
        self.case = case
        self.pki = pki
        self.folder = pathlib.Path(folder)
        self.releases = {}
        self.lock = threading.Lock()

    def release(self, world):
        """The unsigned archive of world["release"], made by `cretula-sign prepare`."""
        spec = world["release"]
        with self.lock:
            key = json.dumps(spec, sort_keys=True)
            if key not in self.releases:
                folder = pathlib.Path(tempfile.mkdtemp(prefix="release-", dir=self.folder))
                self.case.sign("prepare", self.describe(spec, folder), "--out", folder / "unsigned.tar")
                self.releases[key] = folder / "unsigned.tar"
                if spec.get("origin") == "adopted":
                    self.releases[key] = self.adopted(folder)
            return self.releases[key]

    def adopted(self, folder):
        """prepare makes releases of vendors only, and adopt signs at once."""
        manifest = json.loads(read_member(folder / "unsigned.tar", "MANIFEST.json"))
        manifest.update({"origin": "adopted",
                         "adoption": {"by": "Owner", "source": "portal", "medium": "download"}})
        return rebuild(folder / "unsigned.tar", folder / "adopted.tar",
                       manifest=json.dumps(manifest, indent=2).encode())

    def describe(self, spec, folder):
        (folder / "firmware.bin").write_bytes(harness.noise(700, "firmware"))
        return self.case.description(
            [("firmware.bin", {"role": "firmware"})], folder=folder,
            product={"vendor": spec["vendor"], "name": spec["product"]},
            release={"sequence": spec["sequence"], "version": spec.get("version", "1.0.0")})

    def archive(self, world, folder):
        unsigned = self.release(world)
        if world.get("maker") == "cretula-sign":
            return self.packed(world, unsigned, folder)
        content = read_member(unsigned, "MANIFEST.json")
        signatures = {}
        for spec in world["signatures"].values():
            if spec is None:
                continue
            name = self.pki.key_name(world, spec["by"])
            assert name not in signatures, f"two signatures by the key of {spec['by']}"
            signatures[name] = self.pki.cms(world, spec, content)
        return rebuild(unsigned, folder / "release.tar", signatures=signatures)

    def packed(self, world, unsigned, folder):
        """The same signatures made by our own signer: pack, then endorse."""
        out = folder / "release.tar"
        for number, spec in enumerate(world["signatures"].values()):
            chain = folder / f"chain-{number}.pem"
            chain.write_text("".join(self.pki.certificate(world, name).read_text(encoding="ascii")
                                     for name in [spec["by"], *spec.get("with", [])]), encoding="ascii")
            key = ("--key", self.pki.key({"key": spec["by"], **world["certificates"][spec["by"]]}),
                   "--cert", chain)
            if number == 0:
                self.case.sign("pack", unsigned.parent / "release.yaml", *key, "--out", out)
            else:
                self.case.sign("endorse", out, *key, "--meaning", spec.get("meaning"))
        return out

    def text_of(self, world, reference):
        """What "@NAME", "@key:NAME", "@crl:NAME" and "@identity" stand for, as text."""
        kind, _, name = reference[1:].rpartition(":")
        if name == "identity":
            return harness.sha256(read_member(self.release(world), "MANIFEST.json"))
        if kind == "key":
            return self.pki.public_key(world, name)
        return self.path_of(world, reference).read_text(encoding="ascii")

    def path_of(self, world, reference):
        kind, _, name = reference[1:].rpartition(":")
        if kind == "crl":
            return self.pki.crl(world, name)
        if kind in ("file", "profile"):
            return self.file(world, name, keyed=kind == "file")
        return self.pki.certificate(world, name)

    def file(self, world, name, keyed):
        """A file of world["files"], with the signatures of world["fileSignatures"] beside it: each under the name
        of its key, or the one of a profile."""
        path = pathlib.Path(tempfile.mkdtemp(dir=self.folder)) / name
        content = json.dumps(self.resolved(world, world["files"][name])).encode()
        path.write_bytes(content)
        for spec in world.get("fileSignatures", {}).get(name, {}).values():
            if spec is not None:
                key = f".{self.pki.key_name(world, spec['by'])}" if keyed else ""
                place = path.with_name(f"{name}{key}.p7s")
                place.write_bytes(self.pki.cms(world, spec, content))
        return path

    def resolved(self, world, value):
        """A policy whose references are replaced by what they stand for, without nulls."""
        if isinstance(value, dict):
            return {key: self.resolved(world, one) for key, one in value.items() if one is not None}
        if isinstance(value, list):
            return [self.resolved(world, one) for one in value if one is not None]
        if isinstance(value, str) and value.startswith("@"):
            return self.text_of(world, value)
        return value

    def arguments(self, world, folder):
        """Options of `check`, as they stand in the data; @... become paths."""
        options = ["--json"] if world.get("clock") else ["--at", world["at"], "--json"]
        if world.get("trust"):
            path = folder / "trust.json"
            path.write_text(json.dumps(self.resolved(world, world["trust"])), encoding="utf-8")
            options += ["--trust", path]
        for name in world.get("anchors") or []:
            options += ["--anchor", self.path_of(world, f"@{name}")]
        for one in world.get("options", []):
            options.append(self.path_of(world, one) if one.startswith("@") else one)
        return options

    def check(self, world, folder, journal):
        """`cretula-verify check` for this world; at world["clock"] with a journal."""
        archive = self.archive(world, folder)
        before = [*FAKETIME, "-f", clock_text(world["clock"])] if world.get("clock") else []
        after = ["--journal", journal] if world.get("earlier") is not None else []
        return self.case.run_program(*before, VERIFY, "check", archive, *self.arguments(world, folder), *after,
                                     cwd=folder)

    def check_earlier(self, world, folder, journal):
        """The runs that the journal remembers: world["earlier"], each with what differs."""
        for number, earlier in enumerate(world.get("earlier") or []):
            if earlier is not None:
                place = folder / f"earlier-{number}"
                place.mkdir()
                result = self.check({**world, **earlier}, place, journal)
                self.case.assertEqual(result.code, 0, result)

    def run(self, trial):
        """None where the case came out as expected, else what was wrong."""
        folder = self.folder / trial.id
        folder.mkdir()
        try:
            self.check_earlier(trial.world, folder, folder / "journal")
            result = self.check(trial.world, folder, folder / "journal")
        except (AssertionError, LookupError, RuntimeError) as error:
            return f"{trial.id}: could not be made: {error!r}"
        wrong = judge(trial.expect, result.code, result.json())
        return f"{trial.id}: {wrong}\n    {' '.join(result.arguments)}" if wrong else None


def words(finding):
    """The reason of a finding, and what was found."""
    return f"{finding['reason']}; {finding.get('actual', '')}"


def judge(expect, code, document):
    """What is not as expected, or None."""
    if code != expect["exit"]:
        return f"exit code {code}, not {expect['exit']}"
    if "result" not in document:
        found = document.get("message", "")
        if document.get("check") != expect.get("check") or expect["reason"] not in found:
            return f"said {document.get('check')}: {found}"
        return None if document.get("verdict") == expect["verdict"] else "another verdict"
    if document["result"]["verdict"] != expect["verdict"]:
        return f"verdict {document['result']['verdict']}"
    if code == 3:
        return None if expect["reason"] in json.dumps(document) else f"said: {document}"
    checks = document["result"]["checks"]
    if code == 1:
        # Nothing else may fail, but for the count of signers that follows from it.
        failed = {one["check"]: one["reason"] for one in checks if one["result"] == "FAIL"}
        if set(failed) - {"trust.threshold"} != {expect["check"]} - {"trust.threshold"}:
            return f"failed: {failed}"
    if not expect.get("check"):
        return None
    wanted = expect.get("result") or ("FAIL" if code == 1 else "PASS")
    for one in checks:
        if (one["check"], one["result"]) == (expect["check"], wanted) and expect.get("reason", "") in words(one):
            return None
    said = [f"{one['result']} {words(one)}" for one in checks if one["check"] == expect["check"]]
    return f"{expect['check']} said: {said}"
