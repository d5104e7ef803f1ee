# SPDX-License-Identifier: Apache-2.0
"""Records and journals: what was edited, deleted, moved, added or signed by somebody else after a run."""
import json
import pathlib

import harness
from store import File, Folder, Plan
from world import ANCHORED, Release, Tool, at_a_station, read_folder

CLOCKS = ("2027-01-05 10:00:00", "2027-01-06 10:00:00", "2027-01-07 10:00:00")
CHAIN, RECORDS = "journal.chain", "journal.records"


class Maker:
    """A journal of three runs, the second one accepted and signed, and a note; and the signed record by itself. The
    other runs refuse what is no archive: their records are short."""

    def __init__(self):
        at_a_station()
        self.release = Release(Tool())
        tool = self.release.tool
        self.folder = tool.folder
        (self.folder / "rtu.tar").write_bytes(self.release.archive())
        (self.folder / "none.tar").write_bytes(bytes(512))
        (self.folder / "root.pem").write_bytes(self.release.anchor())
        pki, world = self.release.pki, self.release.world
        for number, clock in enumerate(CLOCKS):
            signed = ["--sign-record", pki.key(pki._full(world, "recorder")), "--record-cert", pki.certificate(world, "recorder"),
                      "--record", "record"] if number == 1 else []
            tool.run_program(*harness.FAKETIME, "-f", clock, harness.VERIFY, "check", "rtu.tar" if signed else "none.tar", "--anchor", "root.pem",
                             "--journal", "journal", "--asset", f"PLC-{number}", *signed, code=0 if signed else 1)
        tool.run_program(*harness.FAKETIME, "-f", "2027-01-08 10:00:00", harness.VERIFY, "journal", "note", "journal", "--line", "2", "--stage",
                         "deployed", code=0)
        self.journal = read_folder(self.folder / "journal")
        self.record = (self.folder / "record" / "RECORD.json").read_bytes()
        self.signature = next(pathlib.Path(self.folder / "record").glob("*.p7s")).read_bytes()
        self.lines = self.journal["journal.jsonl"].splitlines(keepends=True)

    def verified(self, files):
        return [Folder(files)]

    def with_lines(self, lines, **files):
        return self.verified({**self.journal, "journal.jsonl": b"".join(lines), **files})

    def checked(self, record=None, signature=None, anchor="root", more=()):
        files = {"RECORD.json": self.record if record is None else record}
        if signature != b"":
            files["RECORD.json.p7s"] = self.signature if signature is None else signature
        return [Folder(files, "RECORD.json"), "--anchor", File("root.pem", self.release.anchor(anchor)), *ANCHORED, *more]

    def record_name(self, number):
        """The name of the record of a line."""
        digest = json.loads(self.lines[number])["record"][:16]
        return next(name for name in self.journal if digest in name and name.endswith(".json"))


def journal_lines(maker):
    lines = maker.lines

    def edited(number, old, new):
        assert old in lines[number], (old, lines[number])
        return [line.replace(old, new) if at == number else line for at, line in enumerate(lines)]
    for name, about, number, old, new in (
            ("verdict", "a verdict was edited", 1, b'"verdict":"REFUSED"', b'"verdict":"ACCEPTED"'),
            ("product", "a product was edited", 2, b"RTU-9", b"RTU-8"), ("asset", "an asset was edited", 1, b"PLC-0", b"PLC-7"),
            ("time", "a time was edited", 2, b"2027-01-06", b"2027-01-05"), ("number", "a number was edited", 2, b'"number":2', b'"number":7'),
            ("kind", "a kind was edited", 4, b'"kind":"note"', b'"kind":"xxxx"'), ("record", "the digest of a record was edited", 1, b'"record":"', b'"record":"0'),
            ("previous", "the digest of the line before was edited", 3, b'"previous":"', b'"previous":"0'),
            ("stage", "the stage of a note was edited", 4, b"deployed", b"received"), ("genesis", "the first value was edited", 0, b'"genesis":"', b'"genesis":"0'),
            ("witness", "the witness was edited", 0, b'"witness":"none"', b'"witness":"tpm"'), ("purpose", "the purpose was edited", 1, b"journal/1", b"journal/2"),
            ("space", "a space more", 1, b'"number":1', b'"number": 1'), ("signer", "the signer of a record was edited", 2, b'"signer":"', b'"signer":"0')):
        yield Plan(f"journal-edited-{name}", about, lambda n=number, o=old, w=new: maker.with_lines(edited(n, o, w)), 1, CHAIN, like="journal-good",
                   also=(RECORDS,))
    field = lines[1][:-2] + b',"colour":"red"}\n'
    for name, about, left in (
            ("field-more", "a field more", [lines[0], field, *lines[2:]]),
            ("deleted-first", "the first line is missing", lines[1:]), ("deleted-second", "a line in the middle is missing", lines[:1] + lines[2:]),
            ("deleted-last", "the last line is missing", lines[:-1]), ("deleted-two", "the last two lines are missing", lines[:-2]),
            ("moved", "two lines in each other's place", [lines[0], lines[2], lines[1], *lines[3:]]), ("twice", "a line is there twice", [*lines[:2], *lines[1:]]),
            ("torn", "the last line is torn", [*lines[:-1], lines[-1][:-9]]), ("no-break", "the last line break is missing", [*lines[:-1], lines[-1][:-1]]),
            ("empty-line", "an empty line", [*lines[:2], b"\n", *lines[2:]]), ("text", "a text among the lines", [*lines[:2], b"hello\n", *lines[2:]]),
            ("carriage-return", "line ends of another system", [line[:-1] + b"\r\n" for line in lines]), ("nothing", "all lines are missing", [])):
        yield Plan(f"journal-{name}", about, lambda l=left: maker.with_lines(l), 1, CHAIN, like="journal-good", also=(RECORDS,))


def journal_files(maker):
    head = maker.journal["journal.head"]
    name, signed = maker.record_name(1), maker.record_name(2)
    text = maker.journal[name]

    def without(*names):
        return {key: data for key, data in maker.journal.items() if key not in names}
    for label, about, files, check in (
            ("head-other", "another head than the last line's", {**maker.journal, "journal.head": b"0" * 64 + b"\n"}, CHAIN),
            ("head-short", "a digit of the head is missing", {**maker.journal, "journal.head": head[1:]}, CHAIN),
            ("record-missing", "a record is missing", without(name), RECORDS), ("record-flipped", "one letter of a record", {**maker.journal, name: text.replace(b"PLC-0", b"PLC-9")}, RECORDS),
            ("record-empty", "an empty record", {**maker.journal, name: b""}, RECORDS), ("record-of-another", "the record of another line", {**maker.journal, name: maker.journal[signed]}, RECORDS),
            ("record-more", "a record that belongs to no line", {**maker.journal, name.replace("refused", "accepted"): text}, RECORDS),
            ("record-renamed", "a record under another name", {**without(name), name.replace("refused", "accepted"): text}, RECORDS),
            ("signature-missing", "the signature of a record is missing", without(signed + ".p7s"), RECORDS),
            ("signature-cut", "the signature of a record is cut", {**maker.journal, signed + ".p7s": maker.journal[signed + ".p7s"][:-1]}, RECORDS),
            ("signature-of-another", "the signature lies beside another record", {**without(signed + ".p7s"), name + ".p7s": maker.journal[signed + ".p7s"]}, RECORDS),
            ("signature-more", "a signature beside a record whose line names no signer", {**maker.journal, name + ".p7s": maker.journal[signed + ".p7s"]}, RECORDS)):
        yield Plan(f"journal-{label}", about, lambda f=files: maker.verified(f), 1, check, like="journal-good")
    yield Plan("journal-head-missing", "no journal.head: there is nothing to compare the end with", lambda: maker.verified(without("journal.head")),
               like="journal-good")
    yield Plan("journal-as-written-down", "the head that was written down elsewhere",
               lambda: [*maker.verified(maker.journal), "--head", head.decode().strip()], like="journal-good")
    yield Plan("journal-not-as-written-down", "another head than the one that was written down elsewhere",
               lambda: [*maker.verified(maker.journal), "--head", "0" * 64], 1, CHAIN, like="journal-good")


def records(maker):
    record = maker.record
    form = "record.form"
    for name, old, new, check in (
            ("verdict", b'"ACCEPTED"', b'"REFUSED"', form), ("product", b"RTU-9", b"RTU-8", None), ("asset", b"PLC-1", b"PLC-9", None),
            ("identity", b'"identity": "', b'"identity": "0', form), ("space", b'"record/1"', b'"record/1" ', None)):
        assert old in record, old
        yield Plan(f"record-edited-{name}", f"the {name} of a signed record was edited", lambda o=old, n=new: maker.checked(record.replace(o, n, 1)), 1, check or "signature.value",
                   like="record-good")
    for name, about, text, check in (("cut", "the last byte is missing", record[:-2], form), ("tail", "there is a byte more", record + b" ", "signature.value")):
        yield Plan(f"record-{name}", f"of a signed record {about}", lambda t=text: maker.checked(t), 1, check, like="record-good")
    data = maker.signature
    for name, about, signature in (("cut", "the last byte of its signature is missing", data[:-1]), ("tail", "a byte behind its signature", data + b"\0"), ("text", "a text in the place of its signature", b"x" * 64)):
        yield Plan(f"record-signature-{name}", about, lambda s=signature: maker.checked(signature=s), 1, "signature.form", like="record-good")
    yield Plan("record-signature-flipped", "the last bit of its signature", lambda: maker.checked(signature=data[:-1] + bytes([data[-1] ^ 1])), 1, "*signature", like="record-good")
    yield Plan("record-other-anchor", "its signer is below another root", lambda: maker.checked(anchor="tsa-root"), 1, "certificate.path", like="record-good")
    yield Plan("record-signed-by-another", "a stranger signed it", lambda: maker.checked(signature=maker.release.pki.cms(maker.release.world, {"by": "stranger"}, record)), 1,
               "certificate.path", like="record-good")
    yield Plan("record-of-other-bytes", "a right signature over another record", lambda: maker.checked(
        signature=maker.release.pki.cms(maker.release.world, {"by": "recorder"}, record + b" ")), 1, "signature.value", like="record-good")
    forged = {"contradicts": record.replace(b'"verdict": "ACCEPTED"', b'"verdict": "REFUSED"', 1), "no-record": b'{"cretula": "record/1"}', "other-purpose": record.replace(b"record/1", b"record/2", 1),
              "unknown-field": record.replace(b'"cretula"', b'"colour": "red", "cretula"', 1), "twice": record.replace(b'"cretula"', b'"cretula": "record/1", "cretula"', 1), "no-json": b"accepted\n"}
    for name, text in forged.items():
        yield Plan(f"record-signed-{name}", "signed by its signer, and no record that our program would write", lambda t=text: maker.checked(
            t, maker.release.pki.cms(maker.release.world, {"by": "recorder"}, t)), 1, "record.form", like="record-good")


def plans():
    maker = Maker()
    for plan in (Plan("journal-good", "three runs, one of them accepted and signed, and a note", lambda: maker.verified(maker.journal)), *journal_lines(maker), *journal_files(maker)):
        plan.verb, plan.verdict = ("journal", "verify"), "-"
        yield plan
    for plan in (Plan("record-good", "a signed record", lambda: maker.checked()), *records(maker)):
        plan.verb, plan.verdict = ("record", "verify"), "-"
        yield plan
