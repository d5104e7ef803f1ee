# SPDX-License-Identifier: Apache-2.0
"""The journal as its owner sees it: what each run leaves, what is found afterwards, and what a run
does when it cannot leave it."""
import hashlib
import json
import shutil
import signal
import subprocess
import time
import unittest

from harness import (CLEAN_ENVIRONMENT, FAKETIME, VERIFY, Case, as_nobody, limit_file_size, main,
                     manifest_of, sha256, tampered)


class Journal(Case):
    def setUp(self):
        super().setUp()
        self.journal = self.folder / "journal"

    @property
    def keys(self):
        if not hasattr(type(self), "made_keys"):
            type(self).made_keys = self.own_keys(folder=self.shared)
        return type(self).made_keys

    def release(self, sequence=7, version=None, name=None, size=700):
        """A release that own keys signed: runs on it count."""
        name = name or f"release-{sequence}.tar"
        (self.folder / "firmware.bin").write_bytes(
            hashlib.shake_256(str((name, sequence)).encode()).digest(size))
        description = self.description(
            ["firmware.bin"], release={"version": version or f"1.{sequence}.0",
                                       "sequence": sequence})
        out = self.folder / name
        self.sign("pack", description, "--key", f"{self.keys}.key.pem", "--cert",
                  f"{self.keys}.cert.pem", "--out", out)
        return out

    def run_check(self, archive, *arguments, code=0, verb="check", **more):
        return self.verify(verb, archive, "--anchor", f"{self.keys}-root.cert.pem", "--journal",
                           self.journal, *arguments, code=code, **more)

    def lines(self):
        return (self.journal / "journal.jsonl").read_bytes().splitlines(keepends=True)

    def entries(self):
        return [json.loads(line) for line in self.lines() if line[:1] == b"{"]

    def put_lines(self, lines):
        (self.journal / "journal.jsonl").write_bytes(b"".join(lines))

    def report(self, code=0, *arguments):
        return self.verify("journal", "verify", self.journal, "--json", *arguments,
                           code=code).json()

    def unsound(self, *words, arguments=()):
        """Found and named; and no run goes on with it."""
        result = self.verify("journal", "verify", self.journal, *arguments, code=1)
        self.assertIn("NOT SOUND", result.out)
        for word in words:
            self.assertIn(word, result.out)
        self.assertFalse(self.report(1, *arguments)["sound"])
        return result

    def filled(self):
        """accepted (7), refused, accepted (8), accepted as of another time"""
        good = self.release(7)
        self.run_check(good, "--asset", "PLC-1", "--change-id", "CHG-1")
        self.run_check(tampered(good, self.folder / "bad.tar", -1100 % good.stat().st_size), code=1)
        self.run_check(self.release(8))
        self.run_check(good, "--at", "2030-01-01T00:00:00Z")
        return good

    # what runs leave

    def test_what_runs_leave(self):
        good = self.filled()
        entries = self.entries()
        self.assertEqual([one["kind"] for one in entries], ["genesis"] + 4 * ["run"])
        self.assertEqual([one.get("verdict") for one in entries[1:]],
                         ["ACCEPTED", "REFUSED", "ACCEPTED", "ACCEPTED"])
        self.assertEqual(entries[1]["asset"], "PLC-1")
        self.assertEqual(entries[1]["changeId"], "CHG-1")
        identity = hashlib.sha256(self.member_bytes(good)).hexdigest()
        self.assertEqual(entries[1]["identity"], identity)
        self.assertEqual(entries[1]["sequence"], manifest_of(good)["release"]["sequence"])
        self.assertEqual(entries[4]["at"], "2030-01-01T00:00:00Z")
        report = self.report()
        self.assertEqual((report["runs"], report["accepted"], report["unconfirmed"]), (4, 2, 0))
        self.assertEqual([one.get("countsAsAccepted") for one in report["entries"]],
                         [None, True, False, True, False])

    @staticmethod
    def member_bytes(archive):
        from harness import read_member
        return read_member(archive, "MANIFEST.json")

    def test_chain_and_head_as_anybody_computes_them(self):
        self.filled()
        previous, head = None, bytes.fromhex(self.entries()[0]["genesis"])
        for number, line in enumerate(self.lines()):
            self.assertTrue(line.endswith(b"\n"))
            entry = json.loads(line)
            self.assertEqual(entry["number"], number)
            self.assertEqual(entry.get("previous"), previous)
            previous = sha256(line[:-1])
            head = hashlib.sha256(head + bytes.fromhex(previous)).digest()
        self.assertEqual(self.report()["head"], head.hex())
        self.verify("journal", "verify", self.journal, "--head", head.hex())

    def test_records(self):
        self.filled()
        runs = [one for one in self.entries() if one["kind"] == "run"]
        records = {sha256(path.read_bytes()): path
                   for path in (self.journal / "records").iterdir()}
        self.assertEqual(sorted(records), sorted(one["record"] for one in runs))
        previous = None
        for run in runs:
            path = records[run["record"]]
            record = json.loads(path.read_text())
            stamp = run["time"].replace("-", "").replace(":", "")
            word = run["verdict"].lower()
            self.assertEqual(path.name, f"{stamp}-{word}-{run['record'][:16]}.json")
            self.assertEqual(record.get("previous"), previous)
            self.assertEqual(record["journal"]["line"], run["number"])
            previous = run["record"]

    def test_undecided_runs_too(self):
        archive = self.release(size=60000)
        result = self.run_check(archive, "--to", self.folder / "out", verb="extract", code=3,
                                before=limit_file_size(20000))
        self.assertIn("UNDECIDED", result.out)
        self.assertEqual(self.entries()[-1]["verdict"], "UNDECIDED")
        self.assertFalse((self.folder / "out").exists())
        self.report()

    def test_usage_errors_leave_nothing(self):
        self.verify("check", self.release(), "--journal", self.journal, code=2)
        self.assertFalse(self.journal.exists())

    def test_several_files_in_one_run(self):
        self.run_check(self.release(1), self.release(2))
        self.assertEqual(len(self.entries()), 3)
        self.assertEqual(self.report()["accepted"], 2)

    def test_partial_runs_do_not_count(self):
        self.run_check(self.release(), "--only", "firmware.bin", code=3)
        self.assertEqual(self.entries()[-1]["verdict"], "PARTIAL")
        self.assertEqual(self.report()["accepted"], 0)

    # what is found

    def test_an_edited_line(self):
        self.filled()
        lines = self.lines()
        lines[2] = lines[2].replace(b'"REFUSED"', b'"ACCEPTED"')
        self.put_lines(lines)
        self.unsound("line 3 (number 2)", "edited")
        result = self.run_check(self.release(9), code=3)
        self.assertIn("line 3 (number 2)", result.err)
        self.assertNotIn("ACCEPTED", result.out)
        self.assertEqual(self.lines(), lines)

    def test_an_edited_last_line(self):
        self.filled()
        lines = self.lines()
        lines[4] = lines[4].replace(b'"at":"2030-01-01T00:00:00Z",', b"").replace(
            b',"at":"2030-01-01T00:00:00Z"', b"")
        self.put_lines(lines)
        self.unsound("line 5 (number 4)", "does not say what its record says")

    def test_a_deleted_line(self):
        self.filled()
        lines = self.lines()
        del lines[2]
        self.put_lines(lines)
        self.unsound("number 2 was deleted")

    def test_reordered_lines(self):
        self.filled()
        lines = self.lines()
        lines[2], lines[3] = lines[3], lines[2]
        self.put_lines(lines)
        self.unsound("reordered", "line 3 (number 3)")

    def test_an_inserted_line(self):
        self.filled()
        lines = self.lines()
        entry = json.loads(lines[2])
        entry["verdict"] = "ACCEPTED"
        lines.insert(2, json.dumps(entry, separators=(",", ":")).encode() + b"\n")
        self.put_lines(lines)
        self.unsound("line 3 (number 2)", "inserted")

    def test_a_deleted_tail(self):
        self.filled()
        head = self.report()["head"]
        self.put_lines(self.lines()[:-1])
        self.unsound("belongs to no line")  # its record is still there
        newest = max((self.journal / "records").iterdir(), key=lambda path: path.stat().st_mtime_ns)
        newest.unlink()
        self.unsound("the last line was edited, or lines at the end were deleted")
        (self.journal / "journal.head").unlink()
        report = self.report()  # without a TPM or the head this cannot be seen, and it says so
        self.assertIn("were deleted", report["notSeen"])
        self.unsound("no line of it leads to the head", arguments=("--head", head))

    def test_a_restored_copy_of_the_folder(self):
        good = self.filled()
        copy = self.folder / "copy"
        shutil.copytree(self.journal, copy)
        self.run_check(good)
        head = self.report()["head"]
        shutil.rmtree(self.journal)
        shutil.copytree(copy, self.journal)
        self.assertIn("older copy", self.report()["notSeen"])
        self.unsound("restored", arguments=("--head", head))

    def test_a_deleted_folder(self):
        self.filled()
        shutil.rmtree(self.journal)
        result = self.verify("journal", "verify", self.journal, code=3)
        self.assertIn("there is no journal in ", result.err)

    def test_records_missing_altered_or_foreign(self):
        self.filled()
        refused = next((self.journal / "records").glob("*-refused-*.json"))
        text = refused.read_text()
        refused.write_text(text.replace("REFUSED", "ACCEPTED"))
        self.unsound("record of this line was altered", refused.name)
        refused.unlink()
        self.unsound("record of this line is missing", refused.name)
        refused.write_text(text)
        self.report()
        (self.journal / "records" / "mine.json").write_text("{}")
        self.unsound("records/mine.json", "belongs to no line")

    def test_a_copy_on_a_medium_that_cannot_be_written(self):
        self.filled()
        for path in [self.journal, *self.journal.rglob("*")]:
            path.chmod(0o555 if path.is_dir() else 0o444)
        self.folder.chmod(0o755)
        self.verify("journal", "verify", self.journal, before=as_nobody)

    # what a run cannot leave

    def test_no_acceptance_without_a_line(self):
        archive = self.release()
        self.journal.mkdir()
        self.journal.chmod(0o555)
        self.folder.chmod(0o777)
        self.shared.chmod(0o755)
        result = self.run_check(archive, code=3, before=as_nobody)
        self.assertIn("UNDECIDED", result.out)
        self.assertNotIn("ACCEPTED", result.out)
        document = self.run_check(archive, "--json", code=3, before=as_nobody).json()
        self.assertEqual(document["result"]["verdict"], "UNDECIDED")
        self.assertNotIn("journal", document)
        result = self.run_check(archive, "--to", self.folder / "out", verb="extract", code=3,
                                before=as_nobody)
        self.assertNotIn("ACCEPTED", result.out)
        self.assertFalse((self.folder / "out").exists())
        self.assertEqual([path.name for path in self.folder.iterdir()
                          if path.name.startswith(".")], [])

    def test_a_full_disk(self):
        archive = self.release()
        self.run_check(archive)
        room = (self.journal / "journal.jsonl").stat().st_size + 300
        # The record fits in another file; the line does not fit any more.
        record = max(path.stat().st_size for path in (self.journal / "records").iterdir())
        if room < record:
            pad = "x" * 900
            while (self.journal / "journal.jsonl").stat().st_size + 300 < record + 1000:
                self.run_check(archive, "--change-id", pad)
            room = (self.journal / "journal.jsonl").stat().st_size + 300
        result = self.run_check(archive, code=3, before=limit_file_size(room))
        self.assertNotIn("ACCEPTED", result.out)
        accepted = self.report(1)["accepted"]  # the torn line, until the next run marks it
        self.run_check(archive)
        report = self.report()
        self.assertEqual((report["accepted"], report["unconfirmed"]), (accepted + 1, 1))

    def to_full(self, verb, archive, *arguments):
        """A run whose output cannot be written; its exit code."""
        with open("/dev/full", "wb") as full:
            done = subprocess.run(
                [VERIFY, verb, str(archive), "--anchor", f"{self.keys}-root.cert.pem", "--journal",
                 str(self.journal), *arguments], stdout=full, stderr=subprocess.PIPE,
                env=CLEAN_ENVIRONMENT, cwd=self.folder, check=False)
        self.assertNotIn(b"ACCEPTED", done.stderr)
        self.assertIn(b"cannot write", done.stderr)
        return done.returncode

    def test_an_acceptance_that_no_line_can_take_back(self):
        """Output and journal on one full disk: the run's line fits, the one that withdraws it does not."""
        lines, archive = self.journal / "journal.jsonl", self.release()
        self.run_check(archive)
        record = max(path.stat().st_size for path in (self.journal / "records").iterdir())
        while lines.stat().st_size < record + 1000:
            self.run_check(archive, "--change-id", "x" * 900)
        before = lines.stat().st_size
        self.run_check(archive)
        accepted, room = self.report()["accepted"], 2 * lines.stat().st_size - before + 40
        with open("/dev/full", "wb") as full:
            done = subprocess.run([VERIFY, "check", archive, "--anchor", f"{self.keys}-root.cert.pem", "--journal", self.journal],
                                  stdout=full, stderr=subprocess.PIPE, env=CLEAN_ENVIRONMENT, cwd=self.folder, check=False,
                                  preexec_fn=limit_file_size(room))
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn(b"does not hold", done.stderr)
        self.run_check(archive)
        report = self.report()
        self.assertEqual((report["accepted"], report["unconfirmed"]), (accepted + 1, 1))

    def test_an_acceptance_that_cannot_be_told_is_none(self):
        """No folder, no record, no line that counts: whoever looks later must not find one."""
        archive = self.release()
        for verb, arguments in (("check", ()), ("check", ("--json",)),
                                ("extract", ("--to", "files")),
                                ("extract", ("--to", "files", "--json"))):
            with self.subTest(verb, arguments=arguments):
                before = self.report()["unconfirmed"] if self.journal.exists() else 0
                signs = ("--sign-record", f"{self.keys}.key.pem", "--record-cert",
                         f"{self.keys}.cert.pem")
                self.assertEqual(self.to_full(verb, archive, "--record", "record", *signs,
                                              *arguments), 3)
                report = self.report()
                self.assertEqual((report["accepted"], report["unconfirmed"]), (0, before + 1))
                self.assertEqual(list((self.folder / "record").iterdir()), [])
                self.assertFalse((self.folder / "files").exists())
        self.verify("extract", archive, "--to", "files", "--anchor",
                    f"{self.keys}-root.cert.pem", "--record", "record")

    def test_a_refusal_that_cannot_be_told_is_one(self):
        archive = self.release()
        bad = tampered(archive, self.folder / "bad.tar", -1100 % archive.stat().st_size)
        self.assertEqual(self.to_full("check", bad, "--record", "record"), 1)
        record = json.loads((self.folder / "record" / "RECORD.json").read_text())
        self.assertEqual(record["result"]["verdict"], "REFUSED")
        self.assertEqual([entry["kind"] for entry in self.entries()], ["genesis", "run"])

    def test_killed_at_any_time(self):
        """Whatever is left: nothing that was reported is lost, and the journal goes on."""
        archive = self.release()
        self.run_check(archive)
        arguments = [VERIFY, "check", str(archive), "--anchor", f"{self.keys}-root.cert.pem",
                     "--journal", str(self.journal)]
        reported = 1
        begin = time.monotonic()
        subprocess.run(arguments, env=CLEAN_ENVIRONMENT, capture_output=True, check=True)
        whole = time.monotonic() - begin
        reported += 1
        for step in range(40):
            running = subprocess.Popen(arguments, env=CLEAN_ENVIRONMENT, stdout=subprocess.PIPE,
                                       stderr=subprocess.DEVNULL)
            time.sleep(whole * (step % 20 + 1) / 20)
            running.send_signal(signal.SIGKILL)
            out, _ = running.communicate()
            reported += b"ACCEPTED" in out
        self.run_check(archive)
        report = self.report()
        self.assertGreaterEqual(report["accepted"], reported + 1)
        self.assertLessEqual(report["accepted"], report["runs"])

    def test_verifiers_at_once(self):
        archive = self.release()
        arguments = [VERIFY, "check", str(archive), "--anchor", f"{self.keys}-root.cert.pem",
                     "--journal", str(self.journal)]
        running = [subprocess.Popen(arguments, env=CLEAN_ENVIRONMENT, stdout=subprocess.PIPE,
                                    stderr=subprocess.STDOUT) for _ in range(8)]
        for one in running:
            out, _ = one.communicate(timeout=120)
            self.assertEqual(one.returncode, 0, out.decode())
        report = self.report()
        self.assertEqual((report["lines"], report["accepted"]), (9, 8))

    def test_a_clock_behind_the_journal(self):
        archive = self.release()
        if not shutil.which("faketime"):
            raise unittest.SkipTest("faketime is not installed")
        self.run_program(*FAKETIME, "-f", "+2d", VERIFY, "check", archive, "--anchor",
                         f"{self.keys}-root.cert.pem", "--journal", self.journal, code=0)
        result = self.run_check(archive, code=3)
        self.assertIn("clock", result.err)
        self.assertIn("last line of the journal", result.err)
        self.assertEqual(len(self.entries()), 2)

    def test_the_way_out_of_a_clock_that_ran_ahead(self):
        """A run with the clock in the future, then the right time: the line is named, and the
        journal can be ended and continued, even where the run ahead was cut short."""
        archive = self.release()
        if not shutil.which("faketime"):
            raise unittest.SkipTest("faketime is not installed")
        self.run_check(archive, "--asset", "PLC-1", "--stage", "deployed")
        valid = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 60))
        self.run_program(*FAKETIME, "-f", "+4000d", VERIFY, "check", archive, "--anchor",
                         f"{self.keys}-root.cert.pem", "--journal", self.journal, "--at", valid, code=0)
        result = self.run_check(archive, code=3)
        self.assertIn("line 3 (number 2)", result.err)
        self.assertIn(self.entries()[2]["time"], result.err)
        for command in (f"cretula-verify journal close {self.journal}",
                        f"cretula-verify journal continue --from {self.journal}"):
            self.assertIn(command, result.err)
        self.verify("journal", "note", self.journal, "--line", "1", "--stage", "deployed", code=3)
        with open(self.journal / "journal.jsonl", "ab") as stream:
            stream.write(b"cut")  # and something to be marked
        self.verify("journal", "close", self.journal, "--text", "a line from the future")
        self.assertEqual([one["time"] for one in self.entries()[2:5] if isinstance(one, dict)][0],
                         self.entries()[2]["time"])
        self.report()
        old, self.journal = self.journal, self.folder / "next"
        self.verify("journal", "continue", "--from", old, self.journal)
        self.run_check(archive)
        self.assertEqual([one[0] for one in self.backout(self.release(3))], ["WARN"])
        self.report()

    # notes, backout

    def backout(self, archive, *arguments, asset="PLC-1", code=0):
        result = self.run_check(archive, "--asset", asset, "--json", *arguments, code=code)
        return [(one["result"], one.get("hint", "")) for one in result.json()["result"]["checks"]
                if one["check"] == "release.backout"]

    def test_backout(self):
        old, new, never = self.release(5), self.release(7), self.release(6)
        self.assertEqual(self.backout(old), [])
        self.assertEqual(self.backout(new, "--stage", "deployed"), [])
        self.assertEqual([one[0] for one in self.backout(new)], ["PASS"])
        (found,) = self.backout(old)
        self.assertEqual(found[0], "WARN")
        self.assertIn("--backout", found[1])
        self.assertEqual([one[0] for one in self.backout(old, "--backout")], ["PASS"])
        # Nobody shall read it as any other acceptance.
        for archive, arguments, words in ((old, (), "  [older than what runs on this asset]"),
                                          (old, ("--backout",), "  [planned return to an older release]"),
                                          (new, (), None)):
            first = self.run_check(archive, "--asset", "PLC-1", *arguments).out.splitlines()[0]
            self.assertTrue(first.startswith("ACCEPTED: "), first)
            self.assertEqual("older" in first, words is not None, first)
            self.assertIn(words or "", first)
        self.assertEqual(self.backout(old, asset="PLC-2"), [])
        (found,) = self.backout(never, "--backout")  # not accepted before
        self.assertEqual(found[0], "WARN")
        self.assertIn("never accepted", found[1])

    def test_backout_by_a_note(self):
        old, new = self.release(5), self.release(7)
        self.run_check(old)
        self.run_check(new)
        self.verify("journal", "note", self.journal, "--line", "2", "--stage", "authorized",
                    "--asset", "PLC-1", "--time", "2026-11-02T10:00:00Z", "--text", "CAB 12",
                    "--name", "A. Person", "--role", "change manager")
        # The first second of 1970 is a time, and not "now".
        self.verify("journal", "note", self.journal, "--line", "2", "--stage", "received", "--time",
                    "1970-01-01T00:00:00Z")
        (found,) = self.backout(old)
        self.assertEqual(found[0], "WARN")
        self.assertEqual([one["occurred"] for one in self.entries() if one["kind"] == "note"],
                         ["2026-11-02T10:00:00Z", "1970-01-01T00:00:00Z"])
        entry = next(one for one in self.entries() if one["kind"] == "note")
        self.assertEqual((entry["line"], entry["stage"], entry["occurred"]),
                         (2, "authorized", "2026-11-02T10:00:00Z"))
        self.report()

    def test_backout_wants_a_journal(self):
        self.verify("check", self.release(), "--anchor", f"{self.keys}-root.cert.pem", "--backout",
                    code=2)

    def test_backout_that_a_policy_forbids(self):
        old, new = self.release(5), self.release(7)
        trust = self.folder / "trust.json"
        fingerprint = self.run_program("openssl", "x509", "-in", f"{self.keys}-root.cert.pem",
                                       "-noout", "-fingerprint", "-sha256", code=0).out
        fingerprint = fingerprint.split("=")[1].strip().replace(":", "").lower()
        self.verify("trust", "init", trust, "--name", "Site")
        manifest = manifest_of(new)
        self.verify("trust", "add-signer", trust, "--signer", "vendor", "--role", "release",
                    "--vendor", manifest["product"]["vendor"], "--product",
                    manifest["product"]["name"], "--anchor", f"{self.keys}-root.cert.pem",
                    "--fingerprint", fingerprint, "--obtained", "by hand")
        policy = json.loads(trust.read_text())
        policy["severities"] = {"release.backout": "fail"}
        trust.write_text(json.dumps(policy))
        arguments = ("--trust", trust, "--journal", self.journal, "--asset", "PLC-1")
        self.verify("check", old, *arguments)
        self.verify("check", new, *arguments, "--stage", "deployed")
        result = self.verify("check", old, *arguments, code=1)
        self.assertIn("release.backout", result.out)
        self.assertEqual(self.entries()[-1]["verdict"], "REFUSED")
        self.verify("extract", old, *arguments, "--to", self.folder / "out", code=1)
        self.assertFalse((self.folder / "out").exists())
        self.verify("check", old, *arguments, "--backout")

    def test_notes_that_are_refused(self):
        good = self.filled()
        note = ("journal", "note", self.journal)
        self.verify(*note, "--line", "2", "--stage", "deployed", code=2)  # refused
        self.verify(*note, "--line", "4", "--stage", "deployed", code=2)  # as of another time
        self.verify(*note, "--line", "0", "--stage", "received", code=2)
        self.verify(*note, "--line", "99", "--stage", "received", code=2)
        self.verify(*note, "--stage", "received", code=2)
        self.verify(*note, "--line", "1", "--stage", "in-use", code=2)
        self.verify(*note, "--identity", "0" * 64, "--stage", "deployed", code=2)
        self.verify(*note, "--line", "1", "--stage", "deployed", "--time",
                    "2500-01-01T00:00:00Z", code=2)
        self.assertEqual(len(self.entries()), 5)
        identity = hashlib.sha256(self.member_bytes(good)).hexdigest()
        self.verify(*note, "--identity", identity, "--stage", "deployed")
        self.assertEqual(self.entries()[-1]["line"], 1)

    # end and continuation

    def test_close_and_continue(self):
        old, new = self.release(5), self.release(7)
        self.run_check(old)
        self.run_check(new, "--stage", "deployed", "--asset", "PLC-1")
        target = self.folder / "next"
        self.verify("journal", "continue", "--from", self.journal, target, code=2)  # not closed
        closed = self.verify("journal", "close", self.journal, "--text", "new machine",
                             "--json").json()
        self.run_check(new, code=2)
        self.verify("journal", "close", self.journal, code=2)
        self.verify("journal", "continue", "--from", self.journal, target)
        first = json.loads((target / "journal.jsonl").read_text())
        self.assertEqual(first["from"]["head"], closed["head"])
        self.assertTrue(first["from"]["closed"])
        self.assertNotEqual(first["genesis"], self.entries()[0]["genesis"])
        self.verify("journal", "continue", "--from", self.journal, target, code=2)
        self.journal = target
        (found,) = self.backout(old)  # what the old machine knew
        self.assertEqual(found[0], "WARN")
        self.assertEqual([one[0] for one in self.backout(old, "--backout")], ["PASS"])
        self.report()
        lines = (target / "earlier" / "journal.jsonl").read_bytes()
        (target / "earlier" / "journal.jsonl").write_bytes(lines.replace(b"PLC-1", b"PLC-2"))
        self.unsound("continues")

    def test_continue_without_an_end(self):
        self.run_check(self.release())
        target = self.folder / "next"
        self.verify("journal", "continue", "--from", self.journal, target, "--unclosed")
        first = json.loads((target / "journal.jsonl").read_text())
        self.assertFalse(first["from"]["closed"])
        lines = self.lines()
        self.put_lines(lines[:-1])
        self.verify("journal", "continue", "--from", self.journal, self.folder / "third",
                    "--unclosed", code=3)

    # around

    def test_site_configuration(self):
        archive = self.release()
        config = self.folder / "verify.json"
        config.write_text(json.dumps({"cretula": "site/1", "journal": str(self.journal)}))
        config.chmod(0o644)
        anchor = ("--anchor", f"{self.keys}-root.cert.pem", "--config", config)
        self.verify("check", archive, *anchor)
        self.assertEqual(len(self.entries()), 2)
        self.verify("check", archive, *anchor, "--journal", self.folder / "other", code=2)
        self.verify("journal", "verify", "--config", config)
        self.verify("journal", "verify", code=2)  # which one?


if __name__ == "__main__":
    main()
