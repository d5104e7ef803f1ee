# SPDX-License-Identifier: Apache-2.0
"""Every field of every line of a journal, every record, signature and attestation is changed, each in
turn: `journal verify` finds it. Then the same by somebody who makes everything behind it fit again;
what cannot be seen then is a list, here and in the specification, and with a head that was written down
(or a TPM) nothing of it stays unseen."""
import base64
import hashlib
import json
import os
import pathlib
import shutil
import tempfile

from harness import main, sha256, tampered
from tpm_case import TpmCase


def dump(entry):
    return json.dumps(entry, separators=(",", ":"), ensure_ascii=False).encode()


def other(value):
    """Another value of the same type and form."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, dict):
        key = next(iter(value))
        return {**value, key: other(value[key])}
    if value[-1:] == "Z" and value[:4].isdigit():  # a time
        return value[:-2] + ("1" if value[-2] != "1" else "2") + "Z"
    if len(value) == 64 and set(value) <= set("0123456789abcdef"):
        return value[:-1] + ("0" if value[-1] != "0" else "1")
    return value + "x"


def fields(entry, prefix=()):
    """Every path to a value that is no object."""
    for key, value in entry.items():
        if isinstance(value, dict):
            yield from fields(value, (*prefix, key))
        else:
            yield (*prefix, key)


def at(entry, path):
    for key in path[:-1]:
        entry = entry[key]
    return entry


def changes(entry):
    """(name, changed copy) for each field: another value, another type, gone; and one field more."""
    for path in fields(entry):
        name = ".".join(path)
        for kind in ("value", "type", "gone"):
            copy = json.loads(json.dumps(entry))
            inner = at(copy, path)
            if kind == "value":
                inner[path[-1]] = other(inner[path[-1]])
            elif kind == "type":
                inner[path[-1]] = [inner[path[-1]]]
            else:
                del inner[path[-1]]
            yield f"{name} ({kind})", copy
    yield "one more", {**entry, "z": 1}
    yield "another order", dict(reversed(list(entry.items())))


# What somebody who can write in the folder, and makes all of it fit, can change without being seen:
# what stands in no second place. docs/spec/journal.md says the same; so it does of the time of these
# lines, which must only not fall.
UNSEEN = {
    "genesis": {"host", "user"},
    "note": {"line", "stage", "asset", "occurred", "changeId", "text", "user", "name", "role"},
    "unconfirmed": {"reason"},
    "close": {"text", "user"},
}


class Fields(TpmCase):
    @classmethod
    def _new_folder(cls):
        """Thousands of fsyncs: in memory where there is such a file system."""
        if not os.access("/dev/shm", os.W_OK):
            return super()._new_folder()
        return pathlib.Path(tempfile.mkdtemp(prefix=f"cretula-{cls.__name__}-", dir="/dev/shm"))

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        made = cls("made")
        made.folder = cls.shared
        cls.recorder = made.own_keys("recorder", cls.shared)
        cls.journal = cls.shared / "journal"
        cls.tpm_options = []
        cls.fill(made)

    @classmethod
    def run_check(cls, made, *arguments, archive=None, code=0):
        made.verify("check", archive or cls.archive, "--trust", cls.shared / "trust1.json",
                    "--journal", cls.journal, *arguments, code=code)

    @classmethod
    def fill(cls, made):
        """Every kind of line, with every field that it can have."""
        signs = ("--sign-record", f"{cls.recorder}.key.pem", "--record-cert",
                 f"{cls.recorder}.cert.pem")
        old = cls.shared / "old"
        made.verify("check", cls.archive, "--trust", cls.shared / "trust1.json", "--journal", old)
        made.verify("journal", "close", old)
        made.verify("journal", "continue", "--from", old, cls.journal)
        whole = ("--asset", "PLC-1", "--zone", "Z", "--change-id", "CHG-1", "--stage", "deployed",
                 "--name", "A. Person", "--role", "tester")
        cls.run_check(made, *whole, *signs)
        bad = tampered(cls.archive, cls.shared / "bad.tar", cls.archive.stat().st_size // 2)
        cls.run_check(made, archive=bad, code=1)
        cls.run_check(made, "--at", "2030-01-01T00:00:00Z", *signs)
        cls.run_check(made, "--allow-example-keys")
        with open(cls.journal / "journal.jsonl", "ab") as stream:
            stream.write(b"what a crash leaves\n")
        made.verify("journal", "note", cls.journal, "--line", "1", "--stage", "deployed", "--asset",
                    "PLC-1", "--time", "2026-01-01T00:00:00Z", "--change-id", "CHG-2", "--text",
                    "CAB", "--name", "B. Person", "--role", "manager")
        made.verify("journal", "close", cls.journal, "--text", "moved")
        cls.head = made.verify("journal", "verify", cls.journal, "--json").json()["head"]

    def copy(self):
        folder = self.folder / "copy"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.journal, folder)
        return folder

    def lines(self):
        return (self.journal / "journal.jsonl").read_bytes().splitlines()

    def seen(self, folder, *arguments):
        """Whether it is found, and named."""
        result = self.verify("journal", "verify", folder, *arguments, *self.tpm_options, code=None)
        self.assertIn(result.code, (0, 1), result)
        self.assertEqual("NOT SOUND" in result.out, result.code == 1)
        return result.code == 1

    def write(self, folder, lines):
        (folder / "journal.jsonl").write_bytes(b"".join(line + b"\n" for line in lines))

    def made_to_fit(self, folder, lines, index):
        """The lines from index on hold the right digest of the one before; the head that is kept
        fits as well. Quotations are bytes of the file, and stay."""
        fitting, entries = list(lines), [json.loads(line) if line[:1] == b"{" else None
                                         for line in lines]
        for i in range(index + 1, len(lines)):
            if entries[i] is None:
                continue
            before = next(j for j in range(i - 1, -1, -1) if entries[j] is not None)
            entries[i]["previous"] = sha256(fitting[before])
            fitting[i] = dump(entries[i])
        self.write(folder, fitting)
        genesis = entries[0].get("genesis")
        head = bytes.fromhex(genesis if isinstance(genesis, str) else "00")
        for line, entry in zip(fitting, entries):
            if entry is not None:
                head = hashlib.sha256(head + hashlib.sha256(line).digest()).digest()
        (folder / "journal.head").write_text(head.hex() + "\n")

    def test_the_journal_is_sound(self):
        self.assertFalse(self.seen(self.journal))
        kinds = {json.loads(line)["kind"] for line in self.lines() if line[:1] == b"{"}
        self.assertEqual(kinds, {"genesis", "run", "note", "unconfirmed", "close"})
        folder = self.copy()
        self.made_to_fit(folder, self.lines(), 0)  # the test's own arithmetic
        self.assertFalse(self.seen(folder))
        self.assertFalse(self.seen(folder, "--head", self.head))

    def test_each_field_of_each_line(self):
        count, folder = 0, self.copy()
        for index, line in enumerate(self.lines()):
            if line[:1] != b"{":
                continue
            for name, changed in changes(json.loads(line)):
                with self.subTest(line=index, kind=changed.get("kind"), field=name):
                    lines = self.lines()
                    lines[index] = dump(changed)
                    self.write(folder, lines)
                    self.assertTrue(self.seen(folder))
                    count += 1
        self.assertGreater(count, 200)

    def test_each_field_of_the_last_line(self):
        """Where each kind of line is the last one: nothing behind it holds its digest."""
        lines = self.lines()
        entries = [json.loads(line) if line[:1] == b"{" else {} for line in lines]
        for index, entry in enumerate(entries):
            if not entry or (entry["kind"] == "run" and entries[index + 1].get("kind") == "run"
                             and index > 1):
                continue
            folder = self.copy()
            for later in entries[index + 1:]:
                for path in (folder / "records").glob(f"*-{later.get('record', '-')[:16]}*"):
                    path.unlink()
            self.made_to_fit(folder, lines[:index + 1], index)
            self.assertFalse(self.seen(folder))
            for name, changed in changes(entry):
                with self.subTest(kind=entry["kind"], field=name):
                    self.write(folder, lines[:index] + [dump(changed)])
                    self.assertTrue(self.seen(folder))
                    if entry["kind"] == "run":  # the record says it, whatever head is kept
                        self.made_to_fit(folder, lines[:index] + [dump(changed)], index)
                        self.assertTrue(self.seen(folder))
                        self.made_to_fit(folder, lines[:index + 1], index)

    def test_each_field_made_to_fit(self):
        unseen, folder = {}, self.copy()
        for index, line in enumerate(self.lines()):
            if line[:1] != b"{":
                continue
            entry = json.loads(line)
            for name, changed in changes(entry):
                with self.subTest(line=index, kind=entry["kind"], field=name):
                    lines = self.lines()
                    lines[index] = dump(changed)
                    self.made_to_fit(folder, lines, index)
                    if not self.seen(folder) and not name.startswith("time"):
                        unseen.setdefault(entry["kind"], set()).add(name.split(" (")[0])
                        self.assertTrue(self.seen(folder, "--head", self.head))
        self.assertEqual(unseen, UNSEEN)

    def test_each_file(self):
        """Each record, signature: altered at several places, deleted, under another name; and
        signatures and attestations where none belong."""
        records = self.journal / "records"
        names = sorted(path.name for path in records.iterdir())
        self.assertEqual(len([name for name in names if name.endswith(".p7s")]), 2)
        for name in names:
            good = (records / name).read_bytes()
            for offset in (0, len(good) // 3, len(good) // 2, len(good) - 2):
                with self.subTest(name, offset=offset):
                    folder = self.copy()
                    (folder / "records" / name).write_bytes(
                        good[:offset] + bytes([good[offset] ^ 1]) + good[offset + 1:])
                    self.assertTrue(self.seen(folder))
            with self.subTest(name, gone=True):
                folder = self.copy()
                (folder / "records" / name).unlink()
                self.assertTrue(self.seen(folder))
            for suffix in (".p7s", ".tpm.json", "x"):
                with self.subTest(name, beside=suffix):
                    folder = self.copy()
                    target = folder / "records" / (name + suffix)
                    if not target.exists():
                        target.write_bytes(good)
                        self.assertTrue(self.seen(folder))
        signatures = [name for name in names if name.endswith(".p7s")]
        with self.subTest("exchanged signatures"):
            folder = self.copy()
            for one, two in (signatures, signatures[::-1]):
                shutil.copyfile(records / one, folder / "records" / two)
            self.assertTrue(self.seen(folder))
        unsigned = next(name for name in names if "-refused-" in name)
        with self.subTest("a signature that fits, where none was announced"):
            folder = self.copy()
            self.run_program("openssl", "cms", "-sign", "-binary", "-cades", "-nosmimecap", "-md",
                             "sha256", "-outform", "DER", "-in", records / unsigned, "-signer",
                             f"{self.recorder}.cert.pem", "-inkey", f"{self.recorder}.key.pem",
                             "-out", folder / "records" / f"{unsigned}.p7s", code=0)
            self.assertTrue(self.seen(folder))
        with self.subTest("by another certificate than the line names"):
            folder = self.copy()
            signed = signatures[0].removesuffix(".p7s")
            self.run_program("openssl", "cms", "-sign", "-binary", "-cades", "-nosmimecap", "-md",
                             "sha256", "-outform", "DER", "-in", records / signed, "-signer",
                             f"{self.vendor}.cert.pem", "-inkey", f"{self.vendor}.key.pem",
                             "-out", folder / "records" / signatures[0], code=0)
            self.assertTrue(self.seen(folder))

    def test_a_record_of_another_place(self):
        """A record of another journal, with a line made for it by hand."""
        folder = self.copy()
        lines = self.lines()
        index, entry = next((i, json.loads(line)) for i, line in enumerate(lines)
                            if b'"REFUSED"' in line)
        name = next(path.name for path in (folder / "records").iterdir()
                    if "-refused-" in path.name)
        for change in (lambda one: one["journal"].update(line=7),
                       lambda one: one["journal"].update(genesis="0" * 64),
                       lambda one: one.update(previous="0" * 64)):
            record = json.loads((self.journal / "records" / name).read_text())
            change(record)
            text = json.dumps(record, indent=2).encode() + b"\n"
            (folder / "records" / name).unlink(missing_ok=True)
            for path in (folder / "records").glob("*-refused-*"):
                path.unlink()
            new = {**entry, "record": sha256(text)}
            (folder / "records" / f"{name[:-21]}{sha256(text)[:16]}.json").write_bytes(text)
            changed = list(lines)
            changed[index] = dump(new)
            self.made_to_fit(folder, changed, index)
            result = self.verify("journal", "verify", folder, code=1)
            self.assertIn("made for another place", result.out)


class Attested(TpmCase):
    """With a TPM: attestations too, and what it says when the TPM is not asked."""

    def setUp(self):
        super().setUp()
        self.made_station = self.station()
        self.made_station.check()
        self.made_station.check("--asset", "PLC-1")
        self.tpm = ["--tpm", *self.made_station.options()]
        self.records = self.made_station.journal / "records"

    def findings(self, *arguments, code):
        result = self.verify("journal", "verify", self.made_station.journal, *arguments, code=code)
        return result.out

    def test_each_field_of_an_attestation(self):
        self.findings(*self.tpm, code=0)
        first, second = sorted(self.records.glob("*.tpm.json"))
        good = first.read_text()
        for key, value in json.loads(good).items():
            changed = json.loads(good)
            if key in ("attest", "signature"):
                data = bytearray(base64.b64decode(value))
                data[-1] ^= 1
                changed[key] = base64.b64encode(data).decode()
            else:
                changed[key] = other(value)
            with self.subTest(key):
                first.write_text(json.dumps(changed))
                out = self.findings(*self.tpm, code=1)
                self.assertIn(first.name, out)
                # Without the station nobody knows by whom it was signed, and it says so.
                unseen = key in ("attest", "signature")
                out = self.findings(code=0 if unseen else 1)
                self.assertIn("TPM that this journal is bound to was not asked", out)
        for name, text in (("of another run", second.read_text()), ("none", "{}"), ("empty", "")):
            with self.subTest(name):
                first.write_text(text)
                self.findings(code=1)
        first.unlink()
        self.assertIn("attestation of a record is missing", self.findings(code=1))
        first.write_text(good)
        self.findings(*self.tpm, code=0)

    def test_the_tpm_is_not_asked(self):
        out = self.findings(code=0)
        self.assertIn("NOT_CHECKED", out)
        self.assertIn("the TPM was not asked (--tpm, --station)", out)
        report = self.verify("journal", "verify", self.made_station.journal, "--json").json()
        self.assertFalse(report["headCompared"])
        self.assertIn("the TPM was not asked", report["notSeen"])
        asked = self.verify("journal", "verify", self.made_station.journal, "--json",
                            *self.tpm).json()
        self.assertNotIn("notSeen", asked)
        given = self.findings("--head", asked["head"], code=0)
        self.assertIn("the head is the one that was given", given)
        self.assertNotIn("the TPM holds", given)
        self.assertIn("was not asked", given)


if __name__ == "__main__":
    main()
