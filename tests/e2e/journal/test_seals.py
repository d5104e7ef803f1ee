# SPDX-License-Identifier: Apache-2.0
"""Seals: a journal sealed over an air gap, renewed for twenty years, and believed when every certificate of its first day has ended."""
import hashlib
import json
import shutil
import subprocess
import time
import unittest

import harness
import seal_reader
from clock_case import YEAR, ClockCase
from harness import main
from traced import calls


@unittest.skipIf(harness.SANITIZED or not shutil.which("faketime"), "the clock is another one by faketime")
class Seals(ClockCase):
    def sealed_journal(self):
        self.start = int(time.time())
        self.journal = self.folder / "journal"
        archive = self.release()
        self.recorded(archive, "--journal", self.journal)
        self.recorded(archive, "--journal", self.journal, name="second")
        records = sorted(path for path in (self.journal / "records").iterdir() if path.name.endswith(".json"))
        self.lines = len((self.journal / "journal.jsonl").read_text().splitlines())
        self.exchange(0, "journal", "seal", self.journal)
        return records

    def seals(self):
        return sorted((self.journal / "seals").iterdir())

    def test_twenty_years(self):
        records = self.sealed_journal()
        root = self.folder / "clock-root.pem"
        names = {path.name for path in self.seals()}
        self.assertEqual(names, {f"lines-{self.lines}.ers", *(f"{path.name}.ers" for path in records)})
        record = records[0]
        signature = record.with_name(record.name + ".p7s")
        seal = self.journal / "seals" / f"{record.name}.ers"
        files = [record.read_bytes(), signature.read_bytes()]
        anchor = f"{self.recorder}-root.cert.pem"
        self.assertEqual(seal_reader.check(seal.read_bytes(), files), [1])
        with self.assertRaises(AssertionError):
            seal_reader.check(seal.read_bytes(), [files[0] + b" "])
        lines = (self.journal / "journal.jsonl").read_bytes()
        self.assertEqual(seal_reader.check((self.journal / "seals" / f"lines-{self.lines}.ers").read_bytes(), [lines]), [1])
        # What is sealed is not sealed again; five renewals, one of them of the hash tree.
        said = self.at(1, "journal", "seal", self.journal, "--request", self.folder / "again.tsq", code=2)
        self.assertIn("is sealed already", said.err)
        old = seal.read_bytes()
        for years in (4, 8):
            self.exchange(years, "seal", "renew", *self.seals())
        self.exchange(12, "seal", "renew", *self.seals(), "--digest", "sha512", digest="sha512")
        self.exchange(14, "seal", "renew", *self.seals(), digest="sha512")
        self.exchange(17, "seal", "renew", *self.seals(), digest="sha512")
        self.assertEqual(seal_reader.check(seal.read_bytes(), files), [3, 3])
        weaker = self.at(17, "seal", "renew", seal, "--digest", "sha256", "--request", self.folder / "weak.tsq", code=2)
        self.assertIn("no stronger digest", weaker.err)
        # The signer's certificate ended long ago, and that of the first authority.
        said = self.at(20, "record", "verify", record, "--anchor", anchor, code=1)
        self.assertIn("expired", said.text if hasattr(said, "text") else said.out + said.err)
        self.assertIn("a seal lies beside the record", said.err)
        said = self.at(20, "record", "verify", record, "--anchor", anchor, "--seal", seal, "--authority", root)
        self.assertIn("clock root", said.out)
        self.assertIn("proved until", said.out)
        self.assertIn("6 timestamps", said.out)
        told = json.loads(self.at(20, "record", "verify", record, "--anchor", anchor, "--seal", seal, "--authority", root, "--json").out)
        self.assertEqual(told["sealedAt"][:4], time.strftime("%Y", time.gmtime(self.start + 86400)))
        self.assertIn(int(told["provedUntil"][:4]) - int(told["sealedAt"][:4]), (22, 23))
        self.at(20, "seal", "verify", *self.seals(), "--authority", root)
        told = json.loads(self.at(20, "seal", "verify", seal, "--authority", root, "--json").out)["seals"][0]
        self.assertEqual((told["timestamps"], told["chains"], told["digest"]), (6, 2, "sha512"))
        self.assertEqual(len(told["over"]), 2)
        shown = self.verify("seal", "show", seal).out
        self.assertIn("UNVERIFIED", shown)
        self.assertIn("Timestamp 6", shown)
        shown = json.loads(self.verify("seal", "show", seal, "--json").out)
        self.assertEqual((shown["cretula"], shown["verified"], shown["firstList"], len(shown["timestamps"])), ("seal-show/1", False, 2, 6))
        self.assertEqual([one["chain"] for one in shown["timestamps"]], [1, 1, 1, 2, 2, 2])
        self.assertEqual(shown["timestamps"][0]["time"], told["sealedAt"])
        self.assertEqual({one["digest"] for one in shown["timestamps"][3:]}, {"sha512"})
        self.assertEqual(shown["timestamps"][5]["authority"], "CN=clock of year 17,O=clock")
        # Not renewed any more; not renewed at all; of another record; a changed record; a bad signature.
        late = self.at(24, "record", "verify", record, "--anchor", anchor, "--seal", seal, "--authority", root, code=1)
        self.assertIn("was not renewed", late.err + late.out)
        other = self.journal / "seals" / f"{records[1].name}.ers"
        said = self.at(20, "record", "verify", record, "--anchor", anchor, "--seal", other, "--authority", root, code=1)
        self.assertIn("the seal is not over", said.err + said.out)
        (self.folder / "old.ers").write_bytes(old)
        said = self.at(20, "record", "verify", record, "--anchor", anchor, "--seal", self.folder / "old.ers", "--authority", root, code=1)
        self.assertIn("was not renewed", said.err + said.out)
        said = self.at(20, "record", "verify", record, "--anchor", f"{self.keys}-root.cert.pem", "--seal", seal, "--authority", root, code=1)
        self.assertNotIn("GENUINE", said.out)
        said = self.at(20, "record", "verify", record, "--anchor", anchor, "--seal", seal, "--authority", anchor, code=1)
        self.assertNotIn("GENUINE", said.out)
        # A seal without what it would date, or whom it would trust, is not passed over.
        self.at(20, "record", "verify", record, "--journal", self.journal, "--seal", seal, "--authority", root, code=2)
        self.at(20, "record", "verify", record, "--anchor", anchor, "--seal", seal, code=2)
        record.write_bytes(files[0] + b" ")
        said = self.at(20, "seal", "verify", seal, "--authority", root, code=1)
        self.assertIn("the seal is not over", said.err + said.out)

    @unittest.skipUnless(shutil.which("strace"), "strace is not there")
    def test_a_process_that_opens_nothing_reads_seals(self):
        """The files are fetched by the program, which has no socket; whoever reads them has nothing else."""
        record = self.sealed_journal()[0]
        lines, root, log = self.journal / "seals" / f"lines-{self.lines}.ers", self.folder / "clock-root.pem", self.folder / "strace.log"
        for words, says in ((("seal", "show", lines), "UNVERIFIED"),
                            # By the machine's own clock the timestamp is of tomorrow, which somebody must have read in it.
                            (("seal", "verify", lines, "--authority", root), "after"),
                            (("journal", "verify", self.journal, "--authority", root), "NOT SOUND"),
                            (("record", "verify", record, "--anchor", f"{self.recorder}-root.cert.pem", "--seal",
                              self.journal / "seals" / f"{record.name}.ers", "--authority", root), "after")):
            with self.subTest(words[:2]):
                done = subprocess.run(["strace", "-f", "-o", log, harness.VERIFY, *map(str, words)], env=harness.CLEAN_ENVIRONMENT, capture_output=True,
                                      text=True, check=False)
                self.assertIn(says, done.stdout + done.stderr)
                every = list(calls(log.read_text("utf-8", "replace")))
                self.assertEqual([call for _, call, _, _ in every if call.startswith(("socket", "connect"))], [])
                after = [call for _, call, _, confined in every if confined]
                self.assertTrue(after, "no process was confined")
                self.assertEqual([call for call in after if call in ("open", "openat", "openat2", "execve", "fork", "clone")], [])

    def test_seals_are_made_by_a_process_that_opens_nothing(self):
        """It parses what exists and what was answered; another one judges what it made."""
        self.sealed_journal()
        lines, log = self.journal / "seals" / f"lines-{self.lines}.ers", self.folder / "strace.log"
        before = lines.read_bytes()
        renew = ("seal", "renew", lines)

        def traced(*words):
            done = self.run_program(*self.clock(1), "strace", "-f", "-o", log, harness.VERIFY, *words, code=0)
            every = list(calls(log.read_text("utf-8", "replace")))
            self.assertEqual([call for _, call, _, _ in every if call.startswith(("socket", "connect"))], [])
            self.assertEqual([call for _, call, _, confined in every if confined and call in ("open", "openat", "openat2", "execve", "fork", "clone")], [])
            return len({process for process, _, _, confined in every if confined}), done
        self.assertEqual(traced(*renew, "--request", "r.tsq")[0], 1)
        reply = self.answer(1, "r.tsq")
        processes, done = traced(*renew, "--response", reply, "--authority", self.folder / "clock-root.pem")
        self.assertEqual(processes, 2)
        self.assertIn("Sealed", done.out)
        self.assertGreater(len(lines.read_bytes()), len(before))

    def test_a_list_that_revokes_the_authority_is_heard(self):
        """What was given by --crl counts for the certificate of the record's signer, and for that of whoever dated it."""
        record = self.sealed_journal()[0]
        root = self.folder / "clock-root.pem"
        sealed = ("record", "verify", record, "--anchor", f"{self.recorder}-root.cert.pem", "--seal", self.journal / "seals" / f"{record.name}.ers",
                  "--authority", root, "--journal", self.journal)
        nobody = self.crl(self.folder / "clock-root", "n.crl", self.authority(9).with_suffix(".pem"), time.strftime("%y%m%d%H%M%SZ", time.gmtime()))
        self.at(1, *sealed, "--crl", nobody)
        revoked = self.crl(self.folder / "clock-root", "c.crl", self.folder / "tsa0.pem", time.strftime("%y%m%d%H%M%SZ", time.gmtime()))
        self.assertIn("was revoked", self.at(1, *sealed, "--crl", revoked, code=1).err)

    def test_a_seal_beside_a_record_is_noticed(self):
        """Nothing is judged by it; whoever reads the record hears that it is there, until he names it."""
        record = self.sealed_journal()[0]
        anchor = ("--anchor", f"{self.recorder}-root.cert.pem")
        beside = "the seal that lies beside it"
        self.assertIn(beside, self.at(0, "record", "verify", record, *anchor).out)
        told = json.loads(self.at(0, "record", "verify", record, *anchor, "--json").out)
        self.assertTrue(any(one.startswith(beside) for one in told["notAsked"]), told)
        self.assertIn("lies beside it, and was not judged", self.at(0, "record", "show", record).out)
        seal = self.journal / "seals" / f"{record.name}.ers"
        judged = ("--seal", seal, "--authority", self.folder / "clock-root.pem")
        self.assertNotIn(beside, self.at(0, "record", "verify", record, *anchor, *judged).out)
        seal.unlink()
        self.assertNotIn(beside, self.at(0, "record", "verify", record, *anchor).out)
        self.assertNotIn("lies beside it", self.at(0, "record", "show", record).out)

    def test_an_exchange_as_a_document(self):
        self.sealed_journal()
        request = self.folder / "year.tsq"
        told = json.loads(self.at(4, "seal", "renew", *self.seals(), "--request", request, "--json").out)
        self.assertEqual((told["cretula"], told["sealed"], told["request"]), ("seal-exchange/1", False, str(request)))
        self.assertEqual(told["seals"], [str(one) for one in self.seals()])
        reply = self.answer(4, request)
        told = json.loads(self.at(4, "seal", "renew", *self.seals(), "--response", reply, "--authority", self.folder / "clock-root.pem", "--json").out)
        self.assertEqual((told["sealed"], told["time"][:4], len(told["seals"])), (True, time.strftime("%Y", time.gmtime(self.start + 86400 + 4 * YEAR)), 3))
        self.assertNotIn("request", told)
        refused = self.at(4, "seal", "renew", *self.seals(), "--json", code=2)
        self.assertEqual(json.loads(refused.out)["cretula"], "error/1")

    def test_an_answer_to_something_else_seals_nothing(self):
        self.start = int(time.time())
        self.journal = self.folder / "journal"
        archive = self.release()
        self.recorded(archive, "--journal", self.journal)
        first = self.folder / "first.tsq"
        said = self.at(0, "journal", "seal", self.journal, "--request", first)
        self.assertFalse((self.journal / "seals").exists())
        self.assertIn("--lines 2", said.out)
        reply = self.answer(0, first)
        root = self.folder / "clock-root.pem"
        # A run in between does no harm where the lines are named; else the answer is to something else.
        self.recorded(archive, "--journal", self.journal, name="second")
        said = self.at(0, "journal", "seal", self.journal, "--response", reply, "--authority", root, code=1)
        self.assertIn("the answer is not over these files", said.err + said.out)
        self.assertEqual(self.seals(), [])
        # Nobody who is trusted: nothing is written.
        said = self.at(0, "journal", "seal", self.journal, "--lines", "2", "--response", reply, "--authority",
                       f"{self.recorder}-root.cert.pem", code=1)
        self.assertEqual(self.seals(), [])
        self.at(0, "journal", "seal", self.journal, "--lines", "2", "--response", reply, "--authority", root)
        self.assertEqual(len(self.seals()), 2)
        # The journal is whole with them beside it, and says which lines they prove.
        self.assertIn("the seals beside the journal were not judged", self.at(0, "journal", "verify", self.journal).out)
        said = self.at(1, "journal", "verify", self.journal, "--authority", root)
        self.assertIn("2 seals hold; the first 2 lines existed on", said.out)
        self.exchange(1, "journal", "seal", self.journal)
        self.assertEqual(len(self.seals()), 4)
        said = self.at(1, "journal", "verify", self.journal, "--authority", root)
        self.assertIn("4 seals hold; the first 3 lines existed on", said.out)
        said = self.at(9, "journal", "verify", self.journal, "--authority", root, code=1)
        self.assertIn("was not renewed", said.out)
        lines = self.seals()[-1]
        self.assertTrue(lines.name.startswith("lines-"))
        lines.rename(lines.with_name("lines-1.ers"))
        said = self.at(1, "journal", "verify", self.journal, "--authority", root, code=1)
        self.assertIn("the seal is not over 1 lines", said.out)
        for seal in self.seals():
            if seal.name.startswith("lines-"):
                seal.unlink()
        said = self.at(1, "journal", "verify", self.journal, "--authority", root, code=1)
        self.assertIn("no seal is over the lines", said.out)
        shutil.rmtree(self.journal / "seals")
        said = self.at(1, "journal", "verify", self.journal, "--authority", root, code=1)
        self.assertIn("there is no seal", said.out)

    def test_whoever_signed_dates_nothing(self):
        self.start = int(time.time())
        self.journal = self.folder / "journal"
        self.recorded(self.release(), "--journal", self.journal)
        record, = (self.journal / "records").glob("*.json")
        query = self.folder / "own.tsq"
        self.at(0, "journal", "seal", self.journal, "--request", query)
        reply = self.answer(0, query, key=f"{self.recorder}.key.pem")
        root = self.folder / "clock-root.pem"
        self.at(0, "journal", "seal", self.journal, "--response", reply, "--authority", root)
        said = self.at(0, "record", "verify", record, "--anchor", f"{self.recorder}-root.cert.pem", "--seal",
                       self.journal / "seals" / f"{record.name}.ers", "--authority", root, code=1)
        self.assertIn("dated with the key of the signature", said.err + said.out)

    def test_a_record_by_another_writer(self):
        self.start = int(time.time())
        data = self.folder / "thing.json"
        data.write_text('{"cretula": "record/1"}\n')
        leaves = [hashlib.sha256(one).digest() for one in (data.read_bytes(), b"b", b"c", b"d", b"e")]
        # Three in the first node, then two neighbours at once.
        root = seal_reader.node("sha256", [seal_reader.node("sha256", leaves[:3]), *leaves[3:]])
        query = self.folder / "query"
        self.run_program("openssl", "ts", "-query", "-digest", root.hex(), "-sha256", "-cert", "-no_nonce", "-out", query, code=0)
        token = self.answer(0, query, token=True).read_bytes()
        seal = self.folder / "thing.json.ers"
        options = (seal, "--data", self.folder, "--authority", self.folder / "clock-root.pem")
        seal.write_bytes(seal_reader.write("sha256", [leaves[:3], leaves[3:]], token))
        self.assertEqual(seal_reader.check(seal.read_bytes(), [data.read_bytes()]), [1])
        self.at(0, "seal", "verify", *options)
        seal.write_bytes(seal_reader.write("sha256", [leaves[:3], leaves[3:4]], token))
        said = self.at(0, "seal", "verify", *options, code=1)
        self.assertIn("does not end in what the token dates", said.err + said.out)


main()
