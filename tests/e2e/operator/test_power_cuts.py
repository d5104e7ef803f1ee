# SPDX-License-Identifier: Apache-2.0
"""The power goes at any moment of a run that writes, and of what was not flushed any part is lost (power_cut.py):
nothing that is not whole has a final name, what was told is there, a journal goes on and is sound, and nothing
passes for an acceptance that was none."""
import json
import os
import pathlib
import random
import shutil
import tempfile
import time
import unittest

from harness import CLEAN_ENVIRONMENT, HEAVY, INTERPOSE, SANITIZED, SIGN, VERIFY, main, noise
from policy_case import EXAMPLE, Owned
from power_cut import Recording, put, tree_of

# States whose judgement runs programs: of a plain run so many of each scene; all of a heavy one.
PLAIN = 8
# A file system without files that have no name: outputs have a hidden one meanwhile.
NO_TMPFILE = {"LD_PRELOAD": INTERPOSE, "CRETULA_ANSWER": "tmpfile:95"}


@unittest.skipIf(shutil.which("strace") is None, "strace is not there")
@unittest.skipIf(SANITIZED, "a sanitizer uses the system calls of its own, and ptrace as well")
class PowerCuts(Owned):
    @classmethod
    def _new_folder(cls):
        """In memory where there is such a file system: thousands of small folders."""
        if not os.access("/dev/shm", os.W_OK):
            return super()._new_folder()
        return pathlib.Path(tempfile.mkdtemp(prefix=f"cretula-{cls.__name__}-", dir="/dev/shm"))

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        made = cls("test_pack")
        made.folder = cls.shared
        cls.vendor, cls.second, cls.other, cls.recorder = (made.own_keys(name) for name in ("vendor", "second", "other", "recorder"))
        (cls.shared / "firmware.bin").write_bytes(noise(700, "firmware"))
        (cls.shared / "NOTES.md").write_text("# Notes\n\nNothing new.\n", encoding="utf-8")
        cls.release = made.description([("firmware.bin", {"role": "firmware"}), ("NOTES.md", {"role": "release-notes"})])
        cls.archive = cls.shared / "good.tar"
        made.run_program(*made.packing(cls.archive), code=0)
        cls.anchor = ("--anchor", f"{cls.vendor}-root.cert.pem", "--jobs", "1")
        cls.signs = ("--sign-record", f"{cls.recorder}.key.pem", "--record-cert", f"{cls.recorder}.cert.pem")

    def setUp(self):
        super().setUp()
        self.draw = random.Random(41)
        self.disk = self.folder / "disk"
        self.disk.mkdir()

    def packing(self, out):
        return (SIGN, "pack", self.release, "--key", f"{self.vendor}.key.pem", "--cert", f"{self.vendor}.cert.pem", "--jobs", "1", "--out", out)

    def checking(self, *more, verb="check"):
        return (VERIFY, verb, self.archive, *self.anchor, *more)

    def cut(self, scene, command, judge, programs=False, environment=()):
        """Records the command and judges each state: judge(tree, told), with `told` what it had said until then."""
        begin = time.monotonic()
        recording = Recording(self.disk, command, {**CLEAN_ENVIRONMENT, **dict(environment)})
        states = list(recording.states(self.draw))
        tried = states
        if programs and not HEAVY and len(states) > PLAIN:
            tried = [states[0], states[-1], *self.draw.sample(states[1:-1], PLAIN - 2)]
        self.assertTrue(len(recording.steps) > 3 and any(told for _, told, _ in states), "the recorder saw next to nothing")
        wrong = []
        for place, told, tree in tried:
            try:
                judge(tree, told)
            except AssertionError as error:
                wrong.append(f"after step {place} of {len(recording.steps)}, told {told[:40]}: {sorted(tree)}\n{str(error)[:1500]}")
        print(f"power cut: {scene:32} {len(recording.steps):3} steps {recording.cuts:6} cuts {len(states):5} states "
              f"{len(tried):5} judged {len(wrong):3} bad {time.monotonic() - begin:6.1f} s", flush=True)
        self.assertEqual(wrong, [], "\n\n".join(wrong[:6]))
        if os.environ.get("CRETULA_FAULT_ROWS"):  # tests/tools/fault_tables.py
            with open(os.environ["CRETULA_FAULT_ROWS"], "a", encoding="utf-8") as stream:
                print(f"`{scene}`", *(f"{count:,}" for count in (len(recording.steps), recording.cuts, len(states), len(tried), len(wrong))),
                      sep="\t", file=stream)

    def restored(self, tree):
        """The tree as a folder, in which programs can run."""
        folder = self.folder / "restored"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        put(tree, folder)
        return folder

    # one file

    def whole(self, name, old=None):
        """A judge: the file is the new one or the old one, and the new one if that was told."""
        final = []

        def judge(tree, told):
            new = final[0] if final else final.append(self.disk.joinpath(name).read_bytes()) or final[0]
            self.assertIn(tree.get(name), ((new,) if told else (new, old)), f"{name} is neither the new one nor the old one")
            strays = [path for path in tree if path != name and not (path.startswith(f".{name}.") and path.endswith(".tmp"))]
            self.assertEqual(strays, [])
        return judge

    def test_pack(self):
        self.cut("pack", self.packing("a.tar"), self.whole("a.tar"))

    def test_pack_with_a_hidden_name(self):
        self.cut("pack, no unnamed files", self.packing("a.tar"), self.whole("a.tar"), environment=NO_TMPFILE)

    def test_endorse(self):
        for scene, environment in (("endorse", {}), ("endorse, no unnamed files", NO_TMPFILE)):
            shutil.copy(self.archive, self.disk / "a.tar")
            self.cut(scene, (SIGN, "endorse", "a.tar", "--key", f"{self.second}.key.pem", "--cert", f"{self.second}.cert.pem", "--jobs", "1"),
                     self.whole("a.tar", self.archive.read_bytes()), environment=environment)

    def test_a_package(self):
        """Written by the process that reads the archive, and its end by the one that has the key; then amended."""
        made = self.folder / "p.uadipkg"
        own = [(f"--{kind}", f"{who}.{kind}.pem") for who in (self.vendor, self.second) for kind in ("key", "cert")]
        export = (SIGN, "export", "uadipkg", self.archive, *own[0], *own[1], "--manufacturer-uri", "urn:v", "--jobs", "1", "--out")
        self.run_program(*export, made, code=0)
        self.cut("export uadipkg", (*export, "p.uadipkg"), self.whole("p.uadipkg"))
        shutil.copy(made, self.disk / "p.uadipkg")
        self.cut("endorse, a package", (SIGN, "endorse", "p.uadipkg", *own[2], *own[3], "--jobs", "1"),
                 self.whole("p.uadipkg", made.read_bytes()))

    def test_trust_update(self):
        first = self.new_policy("alice", "bob", "carol")
        policy = self.folder / "next.json"
        shutil.copy(first, policy)
        self.set(policy, "--expires", "2098-01-01T00:00:00Z")
        self.sign_version(policy, "alice", "bob")
        shutil.copy(first, self.disk / "trust.json")
        self.cut("trust update", (VERIFY, "trust", "update", self.folder / "series", "--trust", "trust.json", EXAMPLE),
                 self.whole("trust.json", first.read_bytes()))

    def test_trust_sign(self):
        policy = self.new_policy("alice", "bob", "carol")
        self.set(policy, "--expires", "2098-01-01T00:00:00Z")
        self.cut("trust sign", (VERIFY, "trust", "sign", policy, "--key", self.shared / "alice.key.pem", "--cert", self.cert("alice"),
                                "--to", "series", EXAMPLE), self.folder_of("series", whole_only=False))

    # a folder

    def folder_of(self, name, whole_only=True):
        """A judge: the folder is whole, or not there (or each file of it is); whole if that was told."""
        final = {}

        def judge(tree, told):
            if not final:
                final.update({path: data for path, data in tree_of(self.disk).items() if path == name or path.startswith(f"{name}/")})
            found = {path: data for path, data in tree.items() if path == name or path.startswith(f"{name}/")}
            if whole_only or told:
                self.assertIn(found, (final,) if told else ({}, final))
            self.assertEqual({path: data for path, data in found.items() if final.get(path, b"") != data}, {}, "not whole")
        return judge

    def test_extract(self):
        self.cut("extract", self.checking("--to", "x", verb="extract"), self.folder_of("x"))

    def test_record(self):
        judge = self.folder_of("r", whole_only=False)

        def signed(tree, told):
            judge(tree, told)
            self.assertLessEqual("r/RECORD.json" in tree, "r/RECORD.json.p7s" in tree, "a record without its signature")
        self.cut("check --record, signed", self.checking("--record", "r", "--report", "r/REPORT.html", *self.signs), signed)

    # a journal

    def accepted(self, folder):
        """Records that pass for an acceptance with this journal."""
        return {path.read_bytes() for path in folder.glob("journal/records/*.json")
                if self.verify("record", "verify", path, "--accepted", "--journal", folder / "journal", code=None).code == 0}

    def goes_on(self, lines, accepted, adds):
        """A judge: `lines` stand, of `accepted` (records) none is lost, the next run is sound; of the run that was cut
        at most one acceptance counts (if it `adds` one), and it does if that was told."""
        def judge(tree, told):
            folder = self.restored(tree)
            path = folder / "journal" / "journal.jsonl"
            self.assertTrue((path.read_bytes() if path.exists() else b"").startswith(lines), "a line is lost")
            before = self.accepted(folder) if (folder / "journal").exists() else set()
            self.assertLessEqual(accepted, before, "an acceptance is lost")
            self.assertIn(len(before) - len(accepted), ((1,) if told else (0, 1)) if adds else (0,))
            self.verify("check", self.archive, *self.anchor, "--journal", folder / "journal", code=0)
            report = self.verify("journal", "verify", folder / "journal", "--json", code=0).json()
            self.assertTrue(report["sound"], report)
            self.assertEqual(report["accepted"], len(before) + 1, report)
            self.assertLessEqual(before, self.accepted(folder))
        return judge

    def begun(self):
        """A journal with one run; its lines, and its record."""
        self.run_program(*self.checking("--journal", self.disk / "journal"), code=0)
        return (self.disk / "journal" / "journal.jsonl").read_bytes(), self.accepted(self.disk)

    def test_the_first_run_of_a_journal(self):
        self.cut("check --journal, the first", self.checking("--journal", "journal"), self.goes_on(b"", set(), True), programs=True)

    def test_a_later_run_of_a_journal(self):
        lines, accepted = self.begun()
        self.cut("check --journal --record, signed", self.checking("--journal", "journal", "--record", "r", *self.signs),
                 self.goes_on(lines, accepted, True), programs=True)

    def test_a_refusal_in_a_journal(self):
        """What was refused is never an acceptance, whatever is lost."""
        lines, accepted = self.begun()
        self.cut("check --journal, refused", ("sh", "-c", '"$0" "$@"; test $? = 1', VERIFY, "check", self.archive, "--anchor",
                                              f"{self.other}-root.cert.pem", "--journal", "journal"),
                 self.goes_on(lines, accepted, False), programs=True)

    def test_a_note(self):
        lines, accepted = self.begun()
        judge = self.goes_on(lines, accepted, False)

        def noted(tree, told):
            judge(tree, told)
            kinds = [json.loads(line)["kind"] for line in tree["journal/journal.jsonl"].splitlines() if line.endswith(b"}")]
            self.assertTrue(not told or "note" in kinds, kinds)
        self.cut("journal note", (VERIFY, "journal", "note", "journal", "--line", "1", "--stage", "deployed", "--asset", "PLC-1"),
                 noted, programs=True)

    def test_the_end(self):
        lines, _ = self.begun()

        def closed(tree, told):
            folder = self.restored(tree)
            text = tree["journal/journal.jsonl"]
            self.assertTrue(text.startswith(lines), "a line is lost")
            ended = text.endswith(b"\n") and json.loads(text.splitlines()[-1])["kind"] == "close"
            self.assertTrue(ended or not told, "the end that was told is lost")
            self.verify("check", self.archive, *self.anchor, "--journal", folder / "journal", code=2 if ended else 0)
            self.assertTrue(self.verify("journal", "verify", folder / "journal", "--json", code=0).json()["sound"])
        self.cut("journal close", (VERIFY, "journal", "close", "journal"), closed, programs=True)

    def test_the_continuation(self):
        self.begun()
        self.verify("journal", "close", self.disk / "journal")
        command = (VERIFY, "journal", "continue", "--from", "journal", "next")

        def continued(tree, told):
            folder = self.restored(tree)
            self.assertTrue(not told or tree.get("next/journal.jsonl"), "what was told is lost")
            if "next/journal.jsonl" not in tree:
                self.run_program(*command, cwd=folder, code=0)
            self.verify("check", self.archive, *self.anchor, "--journal", folder / "next", code=0)
            self.assertTrue(self.verify("journal", "verify", folder / "next", "--json", code=0).json()["sound"])
        self.cut("journal continue", command, continued, programs=True)


if __name__ == "__main__":
    main()
