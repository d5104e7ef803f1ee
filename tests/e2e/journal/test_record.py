# SPDX-License-Identifier: Apache-2.0
"""Records: their form and their signature."""
import json
import pathlib
import shutil
import subprocess

from harness import CLEAN_ENVIRONMENT, KEYS, ROOT_CERT, SOURCE, VERIFY, certificate_sha256, main, read_member, sha256
from record_case import RecordCase

RECORD_SCHEMA = SOURCE / "docs" / "spec" / "record.schema.json"


class Record(RecordCase):
    def test_every_kind_of_record_is_in_form(self):
        records = self.all_kinds()
        for name, record in records.items():
            with self.subTest(name):
                self.verify("record", "show", record)
                if name != "unsigned":
                    self.genuine(record)
        texts = [record.read_text(encoding="utf-8") for record in records.values()]
        self.assertNotIn("null", "".join(texts))
        for name, faults in zip(records, self.validate(RECORD_SCHEMA, [json.loads(text)
                                                                       for text in texts])):
            self.assertEqual(faults, [], name)

    def test_what_a_record_says(self):
        record = json.loads(self.all_kinds()["accepted"].read_text())
        archive = self.folder / "release.tar"
        self.assertEqual(record["what"]["identity"], sha256(read_member(archive, "MANIFEST.json")))
        self.assertEqual(record["what"]["archive"],
                         {"name": str(archive), "size": archive.stat().st_size,
                          "sha256": sha256(archive.read_bytes())})
        firmware = next(one for one in record["what"]["files"] if one["path"] == "firmware.bin")
        self.assertEqual(firmware["sha256"], sha256((self.folder / "firmware.bin").read_bytes()))
        self.assertEqual((firmware["sha256State"], firmware["fsverityState"]),
                         ("verified", "verified"))
        self.assertEqual(record["why"], {"changeId": "CHG-1", "asset": "PLC-1", "zone": "Z1",
                                         "stage": "received", "acquired": "portal, USB"})
        self.assertEqual((record["who"]["name"], record["who"]["role"]), ("A. Person", "tester"))
        self.assertIn("--change-id", record["how"]["arguments"])
        self.assertEqual(len(record["how"]["signatures"]), 1)
        self.assertTrue(record["limits"])

    def test_claimed_digests_in_a_fast_run(self):
        record = json.loads(self.all_kinds()["fast"].read_text())
        states = {one["path"]: one["sha256State"] for one in record["what"]["files"]}
        self.assertEqual(states, {"firmware.bin": "claimed", "SHA256SUMS": "verified"})

    def test_the_same_record_but_for_time_and_host(self):
        archive = self.release()
        one = json.loads(self.recorded(archive, name="one").read_text())
        two = json.loads(self.recorded(archive, name="two").read_text())
        for record in (one, two):
            when = record.pop("when")
            record["how"].pop("arguments")
            for signature in record["how"]["signatures"]:  # no timestamp: as of the verification
                self.assertEqual(signature.pop("time"), when["verificationTime"])
        self.assertEqual(one, two)

    def test_a_record_that_contradicts_itself(self):
        """Edited records that nobody signed: the journal would say so as well."""
        refused = self.all_kinds()["refused"]
        record = json.loads(refused.read_text())
        changes = {
            "verdict": lambda one: one["result"].update(verdict="ACCEPTED"),
            "verdict and code": lambda one: one["result"].update(verdict="ACCEPTED", exitCode=0),
            "code": lambda one: one["result"].update(exitCode=0),
            "failures left out": lambda one: one["result"].update(
                verdict="ACCEPTED", exitCode=0,
                checks=[check for check in one["result"]["checks"] if check["result"] != "FAIL"]),
            "no checks": lambda one: one["result"].update(verdict="ACCEPTED", exitCode=0,
                                                          checks=[]),
            "unknown field": lambda one: one.update(colour="red"),
            "another purpose": lambda one: one.update(cretula="manifest/1"),
            "short digest": lambda one: one["what"].update(identity="00"),
        }
        for name, change in changes.items():
            with self.subTest(name):
                copy = json.loads(json.dumps(record))
                change(copy)
                path = self.folder / "edited.json"
                path.write_text(json.dumps(copy))
                result = self.verify("record", "show", path, "--json", code=1)
                self.assertEqual(result.json()["check"], "record.form")

    def test_not_a_record(self):
        for name, data in (("empty", b""), ("text", b"hello"), ("manifest",
                           read_member(self.release(), "MANIFEST.json"))):
            with self.subTest(name):
                path = self.folder / "file.json"
                path.write_bytes(data)
                self.verify("record", "show", path, code=1)
        self.verify("record", "show", self.folder / "nowhere.json", code=3)

    # signature

    def test_stock_openssl_verifies_the_signature(self):
        record = self.recorded(self.release())
        self.run_program("openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in",
                         f"{record}.p7s", "-content", record, "-CAfile",
                         f"{self.recorder}-root.cert.pem", "-purpose", "any", "-out", "/dev/null",
                         code=0)

    def test_a_genuine_record(self):
        record = self.recorded(self.release())
        result = self.genuine(record)
        self.assertIn("GENUINE record: ACCEPTED", result.out)
        self.assertIn("as an acceptance", result.out)
        document = self.genuine(record, "--json").json()
        self.assertEqual((document["verdict"], document["countsAsAccepted"], document["sha256"]),
                         ("ACCEPTED", True, sha256(record.read_bytes())))

    def shown(self, record, *arguments, code=0):
        """What `record show` says, its first line alone, on a screen."""
        result = self.verify("record", "show", record, *arguments, code=code, screen=True)
        return result, result.out.split("\n", 1)[0]

    def test_shown_by_whoever_vouches(self):
        root = ("--anchor", f"{self.keys and self.recorder}-root.cert.pem")
        alone = self.recorded(self.release(), "--change-id", "CHG-4711", "--asset", "GW-3")
        _, first = self.shown(alone, *root)
        self.assertTrue(first.startswith("GENUINE record: ACCEPTED, counts as an acceptance (CHG-4711, GW-3)"), first)
        self.assertIs(self.verify("record", "show", alone, *root, "--json").json()["verified"], True)
        # The record of a journal counts with its line only.
        kept = self.recorded(self.folder / "release.tar", "--change-id", "CHG-1", "--journal", "journal", name="kept")
        self.assertTrue(self.shown(kept, *root, "--journal", "journal")[1].startswith(
            "GENUINE record: ACCEPTED, counts as an acceptance (CHG-1)"))
        self.assertTrue(self.shown(kept, *root)[1].startswith(
            "GENUINE record: ACCEPTED, does not count as an acceptance before its journal was asked (--journal DIR) (CHG-1)"))
        past = self.recorded(self.folder / "release.tar", "--at", "2026-11-20T00:00:00Z", name="past", code=None)
        if json.loads(past.read_text())["result"]["verdict"] == "ACCEPTED":
            self.assertIn("GENUINE record: ACCEPTED, does not count as an acceptance: it was judged as of another time", self.shown(past, *root)[1])
        refused = self.recorded(self.folder / "release.tar", "--product", "Other", name="refused", code=1)
        self.assertTrue(self.shown(refused, *root)[1].startswith("GENUINE record: REFUSED, no acceptance"))

    def test_shown_unverified_with_the_command_that_proves_it(self):
        self.release()
        record = self.recorded(self.folder / "release.tar", "--journal", "journal", "--change-id", "CHG-1")
        result, first = self.shown(record)
        self.assertTrue(first.startswith("UNVERIFIED record: ACCEPTED, as it says itself: nobody was asked whether it is genuine (CHG-1)"), first)
        self.assertNotIn("GENUINE", result.out)
        self.assertNotIn("counts as an acceptance", result.out)
        command = next(line for line in result.out.splitlines() if line.startswith("  prove it "))
        self.assertIn(f"cretula-verify record show {record} --anchor RECORDER.pem --journal DIR", command)
        shown = self.verify("record", "show", record, "--json").json()
        self.assertEqual((shown["verified"], "countsAsAccepted" in shown), (False, False))
        unsigned = self.recorded(self.folder / "release.tar", name="unsigned", signs=False)
        self.assertIn("  proof       none: it was not signed or attested, and belongs to no journal", self.shown(unsigned)[0].out)

    def test_what_they_do_not_vouch_for_is_not_shown(self):
        """A record that was changed, one of another recorder, one of another journal, one without a signature."""
        root = ("--anchor", f"{self.keys and self.recorder}-root.cert.pem")
        record = self.recorded(self.release(), "--change-id", "CHG-1")
        seal, text = pathlib.Path(f"{record}.p7s").read_bytes(), record.read_text()
        self.verify("check", self.folder / "release.tar", "--anchor", f"{self.keys}-root.cert.pem", "--journal", "other")
        forged = self.folder / "forged.json"
        forged.write_text(text.replace("CHG-1", "CHG-2"))
        pathlib.Path(f"{forged}.p7s").write_bytes(seal)
        bare = self.folder / "bare.json"
        bare.write_text(text)
        for name, path, trust in (("changed", forged, root), ("of nobody", bare, root), ("another recorder", record, ("--anchor", f"{self.keys}-root.cert.pem")),
                                  ("another journal", record, ("--journal", "other")), ("one of two", record, (*root, "--journal", "other"))):
            for more in ((), ("--json",), ("--verbose",), ("--html", "new.html")):
                with self.subTest(name, more=more):
                    result = self.verify("record", "show", path, *trust, *more, code=1)
                    for word in ("GENUINE", "UNVERIFIED", "CHG-", '"record-show/1"'):
                        self.assertNotIn(word, result.out)
                    self.assertFalse((self.folder / "new.html").exists())

    def test_each_flipped_byte_is_refused(self):
        record = self.recorded(self.release())
        signature = pathlib.Path(f"{record}.p7s")
        for path, step in ((record, 97), (signature, 13)):
            good = path.read_bytes()
            for at in range(0, len(good), step):
                path.write_bytes(good[:at] + bytes([good[at] ^ 1]) + good[at + 1:])
                self.genuine(record, code=1)
            path.write_bytes(good)
        self.genuine(record)

    def test_signatures_that_are_refused(self):
        record = self.recorded(self.release(), name="one")
        other = self.recorded(self.release(), "--asset", "X", name="two")
        self.verify("record", "verify", record, code=2)  # by whom?
        self.verify("record", "verify", record, "--anchor", f"{self.keys}-root.cert.pem", code=1)
        self.verify("record", "verify", record, "--anchor", ROOT_CERT, code=1)  # an example key
        self.genuine(record, "--signature", f"{other}.p7s", code=1)
        release = self.folder / "release.p7s"
        archive = self.folder / "release.tar"
        from harness import signature_member
        release.write_bytes(read_member(archive, signature_member(archive).name))
        self.verify("record", "verify", record, "--anchor", f"{self.keys}-root.cert.pem",
                    "--signature", release, code=1)
        pathlib.Path(f"{record}.p7s").unlink()
        self.genuine(record, code=1)

    def test_genuine_is_not_accepted(self):
        for name, record in self.all_kinds().items():
            if name in ("unsigned",):
                continue
            with self.subTest(name):
                good = name in ("accepted", "fast", "strange texts")
                result = self.genuine(record, "--accepted", code=0 if good else 1)
                self.assertIn("GENUINE", result.out)
                self.assertEqual("counts as an acceptance" in result.out, good)
                self.assertEqual("does not count as an acceptance" in result.out or "no acceptance" in result.out, not good)

    def test_keys_that_may_not_sign_records(self):
        archive = self.release()
        quality = ("--sign-record", KEYS / "quality.key.pem", "--record-cert",
                   KEYS / "quality.cert.pem")
        run = ("check", "/nowhere.tar", "--anchor", f"{self.keys}-root.cert.pem")
        for arguments in (
                (*quality, "--record", self.folder / "r"),  # a published key
                ("--sign-record", f"{self.recorder}.key.pem", "--record", self.folder / "r"),
                ("--sign-record", f"{self.recorder}.key.pem", "--record-cert",
                 f"{self.keys}.cert.pem", "--record", self.folder / "r"),  # of another key
                ("--sign-record", f"{self.recorder}.key.pem", "--record-cert",
                 f"{self.recorder}-root.cert.pem", "--record", self.folder / "r"),
                ("--sign-record", f"{self.recorder}.key.pem", "--record-cert",
                 f"{self.recorder}.cert.pem")):  # no record
            self.verify(*run, *arguments, code=2)
        self.assertFalse((self.folder / "r").exists())
        self.verify("check", archive, "--anchor", f"{self.keys}-root.cert.pem", "--record",
                    self.folder / "r", "--sign-record", f"{self.recorder}.key.pem",
                    "--record-cert", f"{self.recorder}.cert.pem")

    def test_a_passphrase_through_a_descriptor(self):
        archive = self.release()
        encrypted = self.folder / "encrypted.pem"
        self.run_program("openssl", "pkcs8", "-topk8", "-in", f"{self.recorder}.key.pem", "-out",
                         encrypted, "-passout", "pass:secret", code=0)
        word = self.folder / "word"
        word.write_text("secret\n")
        word.chmod(0o600)
        self.recorded(archive, "--pin-file", word, signs=False, code=2, name="no")  # of what key?
        record = self.folder / "yes" / "RECORD.json"
        arguments = ("check", archive, "--anchor", f"{self.keys}-root.cert.pem", "--record",
                     self.folder / "yes", "--sign-record", encrypted, "--record-cert",
                     f"{self.recorder}.cert.pem")
        self.verify(*arguments, "--pin-file", word)
        self.genuine(record)
        word.write_text("wrong\n")
        shutil.rmtree(self.folder / "yes")
        self.verify(*arguments, "--pin-file", word, code=2)
        self.verify(*arguments, code=2)  # nobody to ask

    def test_a_record_of_the_journal(self):
        journal = self.folder / "journal"
        record = self.recorded(self.release(), "--journal", journal)
        self.genuine(record, "--journal", journal, "--accepted")
        self.verify("record", "verify", record, "--journal", journal, "--accepted")
        kept = next((journal / "records").glob("*.json"))
        self.assertEqual(kept.read_bytes(), record.read_bytes())
        self.assertEqual(pathlib.Path(f"{kept}.p7s").read_bytes(),
                         pathlib.Path(f"{record}.p7s").read_bytes())
        self.genuine(kept)
        entry = json.loads((journal / "journal.jsonl").read_text().splitlines()[1])
        self.assertEqual(entry["signer"], certificate_sha256(f"{self.recorder}.cert.pem"))
        stranger = self.recorded(self.release(), name="stranger")
        self.genuine(stranger, "--journal", journal, code=1)

    # the record of a journal

    def test_only_the_journal_knows_whether_the_run_was_finished(self):
        journal = self.folder / "journal"
        record = self.recorded(self.release(), "--journal", journal)
        result = self.genuine(record)
        self.assertIn("GENUINE record: ACCEPTED, does not count as an acceptance before its journal was asked (--journal DIR)", result.out)
        self.assertIn("not asked", result.out)
        document = self.genuine(record, "--json").json()
        self.assertFalse(document["countsAsAccepted"])
        self.assertEqual(len([one for one in document["notAsked"] if "--journal" in one]), 1)
        self.assertIn("--journal", self.genuine(record, "--accepted", code=2).err)
        self.exported(record, code=2)
        out = self.genuine(record, "--accepted", "--journal", journal).out
        self.assertIn("as an acceptance", out)
        self.assertNotIn("finished (--journal)", out)
        copy = self.folder / "copy"
        shutil.copytree(journal, copy)
        self.genuine(record, "--accepted", "--journal", copy)
        _, statement = self.exported(record, "--journal", copy)
        self.assertEqual(statement["predicate"]["verificationResult"], "PASSED")

    def test_a_pending_record_is_none_of_an_acceptance(self):
        """As a crash leaves it before each of the last steps, before the next run says so."""
        journal = self.folder / "journal"
        record = self.recorded(self.release(), "--journal", journal)
        kept = next((journal / "records").glob("*-accepted-*.json"))
        signature = pathlib.Path(f"{kept}.p7s")
        sound = self.folder / "sound"
        shutil.copytree(journal, sound)

        def not_accepted(words):
            self.assertIn(words, self.verify("journal", "verify", journal, code=1).out)
            self.genuine(record, "--journal", journal, "--accepted", code=1)
            self.exported(record, "--journal", journal, code=1)
            report = self.verify("journal", "verify", journal, "--json", code=1).json()
            self.assertEqual((report["accepted"], [one.get("countsAsAccepted")
                                                   for one in report["entries"]]), (0, [None, False]))
            shutil.rmtree(journal)
            shutil.copytree(sound, journal)
        signature.unlink()
        not_accepted("the signature of a record is missing")
        signature.unlink()
        kept.rename(journal / "records" / "pending.json")
        not_accepted("a run was interrupted")
        self.genuine(record, "--journal", journal, "--accepted")

    def test_a_withdrawn_record_is_none_of_an_acceptance(self):
        """extract that ends with exit code 3 after its line was confirmed: the verdict could not be
        printed. What is left in the journal is signed, and accepted nowhere."""
        journal = self.folder / "journal"
        archive = self.release()
        for verb, more in (("extract", ("--to", self.folder / "files")), ("check", ())):
            with self.subTest(verb), open("/dev/full", "wb") as full:
                done = subprocess.run(
                    [VERIFY, verb, archive, "--anchor", f"{self.keys}-root.cert.pem", "--journal",
                     journal, "--sign-record", f"{self.recorder}.key.pem", "--record-cert",
                     f"{self.recorder}.cert.pem", *more], stdout=full, stderr=subprocess.PIPE,
                    env=CLEAN_ENVIRONMENT, cwd=self.folder, check=False)
                self.assertEqual(done.returncode, 3)
        records = list((journal / "records").glob("*.json"))
        self.assertEqual(len(records), 2)
        for record in records:
            self.genuine(record)
            self.genuine(record, "--accepted", code=2)
            self.genuine(record, "--accepted", "--journal", journal, code=1)
            self.exported(record, "--journal", journal, code=1)
            self.exported(record, code=2)
        self.verify("journal", "verify", journal)

    def test_a_record_moved_back_behind_later_lines(self):
        """What could not be withdrawn by a line becomes pending again, though others have written meanwhile: its line counts no longer,
        the next run says so, and the lines behind it stay what they are."""
        journal = self.folder / "journal"
        first = self.recorded(self.release(), "--journal", journal, name="first")
        kept = next((journal / "records").glob("*-accepted-*.json"))
        second = self.recorded(self.release(701, "second.tar", release={"version": "1.0.1", "sequence": 2}), "--journal", journal, name="second")
        for suffix in ("", ".p7s"):
            pathlib.Path(f"{kept}{suffix}").rename(journal / "records" / f"pending.json{suffix}")

        def counts():
            report = self.verify("journal", "verify", journal, "--json", code=(0, 1)).json()
            return report["accepted"], [one.get("countsAsAccepted") for one in report["entries"]]
        self.assertIn("a run was interrupted", self.verify("journal", "verify", journal, code=1).out)
        self.genuine(first, "--journal", journal, "--accepted", code=1)
        self.exported(first, "--journal", journal, code=1)
        self.assertEqual(counts(), (1, [None, False, True]))
        self.genuine(second, "--journal", journal, "--accepted")
        # The next run names the first line, and not the last one.
        third = self.recorded(self.release(702, "third.tar", release={"version": "1.0.2", "sequence": 3}), "--journal", journal, name="third")
        lines = [json.loads(line) for line in (journal / "journal.jsonl").read_text("utf-8").splitlines()]
        self.assertEqual([(line["line"], line["leftRecord"]) for line in lines if line["kind"] == "unconfirmed"], [(1, sha256(first.read_bytes()))])
        self.verify("journal", "verify", journal)
        self.assertEqual(counts(), (2, [None, False, True, None, True]))
        self.genuine(first, "--journal", journal, "--accepted", code=1)
        self.genuine(second, "--journal", journal, "--accepted")
        self.genuine(third, "--journal", journal, "--accepted")
        self.assertFalse((journal / "records" / "pending.json").exists())
        self.assertEqual(len(list((journal / "records").glob("*-unconfirmed-*.json"))), 1)

    def test_the_record_of_another_journal(self):
        one, two = self.folder / "one", self.folder / "two"
        record = self.recorded(self.release(), "--journal", one)
        self.recorded(self.release(), "--journal", two, name="other")
        self.genuine(record, "--accepted", "--journal", two, code=1)
        self.genuine(record, "--accepted", "--journal", one)

    # whoever signs records

    def recorders(self):
        """A CA for whoever signs records; its signers and lists."""
        folder = self.folder / "ca"
        folder.mkdir()
        (folder / "index").touch()
        (folder / "serial").write_text("10\n")
        (folder / "number").write_text("10\n")
        (folder / "ca.cnf").write_text(
            f"[ca]\ndefault_ca = one\n[one]\ndatabase = {folder}/index\nserial = {folder}/serial\n"
            f"crlnumber = {folder}/number\nnew_certs_dir = {folder}\ndefault_md = sha256\n"
            "policy = any\ncrl_extensions = list\n[any]\ncommonName = supplied\n"
            "[list]\nauthorityKeyIdentifier = keyid\n"
            "[authority]\nbasicConstraints = critical,CA:TRUE\n"
            "keyUsage = critical,keyCertSign,cRLSign\nsubjectKeyIdentifier = hash\n"
            "[codeSigning]\nbasicConstraints = critical,CA:FALSE\n"
            "keyUsage = critical,digitalSignature\nextendedKeyUsage = codeSigning\n"
            "authorityKeyIdentifier = keyid\n"
            "[emailProtection]\nbasicConstraints = critical,CA:FALSE\n"
            "keyUsage = critical,digitalSignature\nextendedKeyUsage = emailProtection\n"
            "authorityKeyIdentifier = keyid\n")
        self.run_program("openssl", "req", "-new", "-newkey", "ec", "-pkeyopt",
                         "ec_paramgen_curve:P-256", "-noenc", "-subj", "/CN=recorders", "-keyout",
                         folder / "ca.key.pem", "-out", folder / "ca.csr", code=0)
        shared = ("openssl", "ca", "-batch", "-notext", "-config", folder / "ca.cnf", "-keyfile",
                  folder / "ca.key.pem")
        self.run_program(*shared, "-selfsign", "-extensions", "authority", "-startdate",
                         "20200101000000Z", "-enddate", "20480101000000Z", "-in", folder / "ca.csr",
                         "-out", folder / "ca.cert.pem", code=0)
        self.authority = (*shared, "-cert", folder / "ca.cert.pem")
        return folder

    def recorder_of(self, folder, name, end="20450101000000Z", usage="codeSigning"):
        prefix = folder / name
        self.run_program("openssl", "req", "-new", "-newkey", "ec", "-pkeyopt",
                         "ec_paramgen_curve:P-256", "-noenc", "-subj", f"/CN={name}", "-keyout",
                         f"{prefix}.key.pem", "-out", f"{prefix}.csr", code=0)
        self.run_program(*self.authority, "-extensions", usage, "-startdate", "20200101000000Z",
                         "-enddate", end, "-in", f"{prefix}.csr", "-out", f"{prefix}.cert.pem",
                         code=0)
        return prefix

    def revocation_list(self, name, end="20450101000000Z", begin="20200101000000Z"):
        path = self.folder / name
        self.run_program(*self.authority, "-gencrl", "-crl_lastupdate", begin,
                         "-crl_nextupdate", end, "-out", path, code=0)
        return path

    def sign_by_hand(self, record, prefix):
        """By stock OpenSSL: our own program refuses most of these signers."""
        self.run_program("openssl", "cms", "-sign", "-binary", "-cades", "-nosmimecap", "-md",
                         "sha256", "-outform", "DER", "-in", record, "-signer",
                         f"{prefix}.cert.pem", "-inkey", f"{prefix}.key.pem", "-out",
                         f"{record}.p7s", code=0)

    def test_the_certificate_of_whoever_signs_records(self):
        ca = self.recorders()
        anchor = ("--anchor", ca / "ca.cert.pem")
        record = self.recorded(self.release(), signs=False)
        good = self.recorder_of(ca, "good")
        expired = self.recorder_of(ca, "expired", end="20240101000000Z")
        wrong = self.recorder_of(ca, "wrong", usage="emailProtection")
        verify = ("record", "verify", record, *anchor)
        for prefix, words, code in ((good, "GENUINE", 0), (expired, "expired", 1),
                                    (wrong, "code signing", 1)):
            with self.subTest(prefix.name):
                self.sign_by_hand(record, prefix)
                result = self.verify(*verify, code=code)
                self.assertIn(words, result.out + result.err)
                self.assertNotIn("vendor", result.err)
                self.verify("record", "export", record, "--vsa", "--key",
                            f"{self.recorder}.key.pem", *anchor, code=code)
        self.sign_by_hand(record, expired)
        self.verify(*verify, "--at", "2023-01-01T00:00:00Z")
        self.assertIn("--at", self.verify("record", "export", record, "--vsa", "--key",
                                          f"{self.recorder}.key.pem", *anchor, "--at",
                                          "2023-01-01T00:00:00Z", code=2).err)
        # A list from after that time: not a wrong clock, and any entry of it refuses.
        later = self.revocation_list("later.crl", begin="20250101000000Z")
        self.verify(*verify, "--at", "2023-01-01T00:00:00Z", "--crl", later)
        self.run_program(*self.authority, "-revoke", f"{expired}.cert.pem", code=0)
        later = self.revocation_list("entry.crl", begin="20250101000000Z")
        self.assertIn("was revoked", self.verify(*verify, "--at", "2023-01-01T00:00:00Z", "--crl",
                                                 later, code=1).err)

    def test_a_revoked_recorder(self):
        ca = self.recorders()
        record = self.recorded(self.release(), signs=False)
        signer = self.recorder_of(ca, "signer")
        self.sign_by_hand(record, signer)
        verify = ("record", "verify", record, "--anchor", ca / "ca.cert.pem")
        export = ("record", "export", record, "--vsa", "--key", f"{self.recorder}.key.pem",
                  "--anchor", ca / "ca.cert.pem")
        self.assertIn("revoked (--crl)", self.verify(*verify).out)
        clean = self.revocation_list("clean.crl")
        result = self.verify(*verify, "--crl", clean, "--accepted")
        self.assertNotIn("--crl", result.out)
        self.assertTrue(self.verify(*verify, "--crl", clean, "--json").json()["revocationKnown"])
        self.verify(*export, "--crl", clean)
        pinned = ("record", "verify", record, "--anchor", f"{signer}.cert.pem", "--crl", clean)
        self.assertIn("no revocation list was asked", self.verify(*pinned).out)
        self.assertFalse(self.verify(*pinned, "--json").json()["revocationKnown"])
        later = self.revocation_list("later.crl", begin="20260101000000Z")
        result = self.verify(*verify, "--crl", later, "--at", "2025-01-01T00:00:00Z")
        self.assertIn("from a later time", result.out, "which proves no clock wrong: --at was given")
        stale = self.revocation_list("stale.crl", end="20210101000000Z")
        result = self.verify(*verify, "--crl", stale)
        self.assertIn("too old", result.out)
        self.run_program(*self.authority, "-revoke", f"{signer}.cert.pem", "-crl_reason",
                         "keyCompromise", code=0)
        revoked = self.revocation_list("revoked.crl")
        for lists in (("--crl", revoked), ("--crl", clean, "--crl", revoked)):
            result = self.verify(*verify, *lists, code=1)
            self.assertIn("was revoked", result.err)
            self.assertNotIn("vendor", result.err)
            self.verify(*export, *lists, code=1)
        # A time before the revocation changes nothing: nobody proved when it was signed.
        self.verify(*verify, "--crl", revoked, "--at", "2025-01-01T00:00:00Z", code=1)
        self.verify("record", "verify", record, "--journal", self.folder, "--crl", revoked, code=2)


if __name__ == "__main__":
    main()
