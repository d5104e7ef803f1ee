# SPDX-License-Identifier: Apache-2.0
"""check --tpm: what the TPM denies is refused before the archive is read; every run is in the TPM's
head and attested. One swtpm a test."""
import json
import os
import pathlib
import shutil
import signal
import subprocess

from harness import CLEAN_ENVIRONMENT, VERIFY, main, sha256
from swtpm import Proxy, command_code
from tpm_case import TpmCase

VERIFY_SIGNATURE, NV_EXTEND, NV_CERTIFY = 0x177, 0x136, 0x184


class TpmRuns(TpmCase):
    def refused(self, station, words, archive=None):
        """Refused before the archive is read: also one that does not exist."""
        for name in (archive or self.archive, "/nowhere/release.cretula.tar"):
            before = station.lines()
            result = station.check(code=1, archive=name)
            self.assertNotIn("ACCEPTED", result.out)
            self.assertIn("REFUSED", result.err)
            self.assertIn(words, result.err)
            self.assertEqual(before, station.lines())
        document = station.check("--json", code=1).json()
        self.assertEqual((document["cretula"], document["exitCode"], document["verdict"]),
                         ("error/1", 1, "REFUSED"))
        return result, document

    # trust policy

    def test_accepted(self):
        station = self.station()
        for count in (2, 3, 4):
            self.assertIn("ACCEPTED", station.check().out)
            self.assertEqual(len(station.lines()), count)  # the genesis line is the first
        self.assertEqual(station.tpm.left_over(), "")
        station.status("--trust", station.trust, "--journal", station.journal)

    def test_a_swapped_policy(self):
        station = self.station()
        station.check()
        other = json.loads(station.trust.read_text())
        other["name"] = "Somebody else's"
        station.trust.write_text(json.dumps(other, indent=2) + "\n")
        _, document = self.refused(station, "not the file that the TPM holds the digest of")
        self.assertEqual(document["check"], "tpm.anchor")

    def test_an_edited_policy(self):
        station = self.station()
        text = station.trust.read_text()
        station.trust.write_text(text + " ")  # one byte that changes no meaning
        self.refused(station, "not the file that the TPM holds the digest of")
        station.trust.write_text(text)
        station.check()

    def test_a_policy_restored_from_a_backup(self):
        station = self.station()
        station.check()
        station.apply(self.order(2), 2)
        station.check()
        shutil.copyfile(self.shared / "trust1.json", station.trust)
        self.refused(station, "older than the one that the TPM holds")

    def test_a_newer_policy_without_its_order(self):
        station = self.station()
        shutil.copyfile(self.shared / "trust2.json", station.trust)
        self.refused(station, "its order was not applied")

    def test_the_policy_of_another_station(self):
        station = self.station(version=2)
        first = self.station(name="first")
        station.trust.write_bytes(first.trust.read_bytes())
        self.refused(station, "older than the one that the TPM holds")

    # journal

    def filled(self):
        station = self.station()
        for _ in range(3):
            station.check()
        return station

    def test_a_deleted_tail(self):
        station = self.filled()
        (station.journal / "journal.jsonl").write_bytes(b"".join(station.lines()[:-1]))
        self.refused(station, "journal")

    def test_two_deleted_lines_at_the_end(self):
        station = self.filled()
        (station.journal / "journal.jsonl").write_bytes(b"".join(station.lines()[:-2]))
        self.refused(station, "journal")

    def test_a_restored_backup_of_the_folder(self):
        station = self.filled()
        backup = self.folder / "backup"
        shutil.copytree(station.journal, backup)
        station.check()
        shutil.rmtree(station.journal)
        shutil.copytree(backup, station.journal)
        self.refused(station, "journal")

    def test_a_deleted_folder(self):
        station = self.filled()
        shutil.rmtree(station.journal)
        self.refused(station, "the journal is gone")
        station.journal.mkdir()
        self.refused(station, "the journal is gone")

    def test_another_folder(self):
        station = self.filled()
        station.journal = self.folder / "fresh"
        self.refused(station, "the journal is gone")

    def test_a_forged_line_at_the_end(self):
        """One line too many is what a crash leaves: it is marked, never counted as accepted."""
        station = self.filled()
        last = json.loads(station.lines()[-1])
        forged = forge(station.lines())
        (station.journal / "journal.jsonl").write_bytes(b"".join(station.lines()) + forged)
        station.check()
        kinds = [json.loads(line).get("kind") for line in station.lines()]
        self.assertIn("unconfirmed", kinds)
        self.assertEqual(kinds[-1], "run")
        self.assertNotEqual(last, json.loads(station.lines()[-1]))
        station.status("--trust", station.trust, "--journal", station.journal)

    def test_two_forged_lines_at_the_end(self):
        station = self.filled()
        lines = station.lines()
        first = forge(lines)
        second = forge(lines + [first])
        (station.journal / "journal.jsonl").write_bytes(b"".join(lines) + first + second)
        self.refused(station, "journal")

    def test_an_edited_line(self):
        station = self.filled()
        lines = station.lines()
        lines[1] = lines[1].replace(b"ACCEPTED", b"REFUSED!")
        (station.journal / "journal.jsonl").write_bytes(b"".join(lines))
        self.refused(station, "line")

    # runs

    def test_a_refused_release_is_in_the_head_too(self):
        station = self.station()
        station.check()
        broken = self.folder / "broken.tar"
        data = bytearray(self.archive.read_bytes())
        data[-2000] ^= 1
        broken.write_bytes(data)
        result = station.check(archive=broken, code=1)
        self.assertIn("REFUSED", result.out)
        self.assertEqual(len(station.lines()), 3)
        station.status("--trust", station.trust, "--journal", station.journal)

    def test_the_page_says_that_a_tpm_took_part(self):
        station = self.station()
        row = "  TPM         it holds this trust policy and the journal's head"
        self.assertIn(row, station.check(screen=True).out.splitlines())
        self.assertIn(row, station.check().out.splitlines())
        refused = station.check("--expect-identity", "0" * 64, code=1, screen=True)
        alone = self.verify("check", self.archive, "--trust", station.trust, screen=True)
        for result in (refused, alone):
            self.assertNotIn("  TPM ", result.out)

    def test_several_archives_in_one_run(self):
        station = self.station()
        self.verify("check", self.archive, self.archive, "--trust", station.trust, "--journal",
                    station.journal, "--tpm", *station.options())
        self.assertEqual(len(station.lines()), 3)
        station.status("--trust", station.trust, "--journal", station.journal)

    def test_two_verifiers_at_once(self):
        station = self.station()
        station.check()
        arguments = [VERIFY, "check", self.archive, "--trust", station.trust, "--journal",
                     station.journal, "--tpm", *station.options()]
        running = [subprocess.Popen([str(argument) for argument in arguments], cwd=self.folder,
                                    env=CLEAN_ENVIRONMENT, stdout=subprocess.PIPE,
                                    stderr=subprocess.STDOUT) for _ in range(6)]
        for one in running:
            out, _ = one.communicate(timeout=120)
            self.assertEqual(one.returncode, 0, out.decode())
        self.assertEqual(len(station.lines()), 8)
        station.status("--trust", station.trust, "--journal", station.journal)
        self.assertEqual(station.tpm.left_over(), "")

    def test_extract(self):
        station = self.station()
        self.verify("extract", self.archive, "--to", self.folder / "out", "--trust", station.trust,
                    "--journal", station.journal, "--tpm", *station.options())
        self.assertTrue((self.folder / "out" / "firmware.bin").is_file())
        shutil.copyfile(self.shared / "trust2.json", station.trust)
        self.verify("extract", self.archive, "--to", self.folder / "no", "--trust", station.trust,
                    "--journal", station.journal, "--tpm", *station.options(), code=1)
        self.assertFalse((self.folder / "no").exists())

    # cross-check

    def test_the_tpm_verifies_the_signature_too(self):
        station = self.station()
        for arguments in ([], ["--tpm", "--journal", station.journal]):
            result = self.verify("check", self.archive, "--trust", station.trust, "--tpm-verify",
                                 *arguments, *station.options(), "--json")
            found = [check for check in result.json()["result"]["checks"]
                     if check["check"] == "tpm.signature"]
            self.assertEqual([check["result"] for check in found], ["PASS"])
            self.assertNotIn("crossChecks", result.out)

    def test_kinds_of_keys_in_the_cross_check(self):
        station = self.station()
        for kind, arguments, expected in (
                ("rsa3072", ["-newkey", "rsa:3072"], "PASS"),
                ("rsa4096", ["-newkey", "rsa:4096"], "NOT_CHECKED"),
                ("p384", ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384"], "PASS"),
                ("p521", ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-521"], "NOT_CHECKED")):
            with self.subTest(kind):
                key, certificate = self.folder / f"{kind}.key", self.folder / f"{kind}.cert"
                self.run_program(
                    "openssl", "req", "-x509", *arguments, "-noenc", "-subj", f"/CN={kind} signer",
                    "-days", "3650", "-addext", "keyUsage=critical,digitalSignature", "-addext",
                    "basicConstraints=critical,CA:FALSE", "-addext", "extendedKeyUsage=codeSigning",
                    "-keyout", key, "-out", certificate, code=0)
                archive = self.folder / f"{kind}.tar"
                self.sign("pack", self.description([self.shared / "firmware.bin"]), "--key", key,
                          "--cert", certificate, "--out", archive)
                result = self.verify("check", archive, "--anchor", certificate, "--tpm-verify",
                                     *station.options(), "--json")
                found = [check["result"] for check in result.json()["result"]["checks"]
                         if check["check"] == "tpm.signature"]
                self.assertEqual(found, [expected])

    def test_a_tpm_that_disagrees(self):
        station = self.station()
        refusal = b"\x80\x01" + (10).to_bytes(4, "big") + (0x2DB).to_bytes(4, "big")
        proxy = Proxy(station.tpm, lambda number, command, response:
                      refusal if command_code(command) == VERIFY_SIGNATURE else response)
        self.addCleanup(proxy.close)
        for verb in (["check"], ["extract", "--to", self.folder / "out"]):
            result = self.verify(*verb, self.archive, "--trust", station.trust, "--tpm-verify",
                                 *station.options(proxy.tcti), "--journal", station.journal, "--tpm",
                                 code=1)
            self.assertIn("REFUSED", result.out)
            self.assertIn("OpenSSL verified this signature, and the TPM does not", result.out)
            self.assertIn("0x2db", result.out)
        self.assertFalse((self.folder / "out").exists())
        self.assertNotIn(b"accepted", b"".join(station.lines()).lower())

    def test_a_tpm_that_fails_in_the_cross_check(self):
        station = self.station()
        broken = b"\x80\x01" + (10).to_bytes(4, "big") + (0x101).to_bytes(4, "big")
        proxy = Proxy(station.tpm, lambda number, command, response:
                      broken if command_code(command) == VERIFY_SIGNATURE else response)
        self.addCleanup(proxy.close)
        result = self.verify("check", self.archive, "--trust", station.trust, "--tpm-verify",
                             *station.options(proxy.tcti), code=3)
        self.assertIn("UNDECIDED", result.out)
        self.assertIn("failure mode", result.out + result.err)

    def test_a_record_that_cannot_be_put_in_place(self):
        """After line and extraction: the line does not count, and the folder goes."""
        station = self.station()
        (self.folder / "record" / "RECORD.json.tpm.json").mkdir(parents=True)
        result = self.verify("extract", self.archive, "--trust", station.trust, "--journal",
                             station.journal, "--tpm", *station.options(), "--record", "record",
                             "--to", "files", code=3)
        self.assertIn("RECORD.json.tpm.json", result.out)
        self.assertIn("UNDECIDED", result.out)
        self.assertFalse((self.folder / "files").exists())
        record = json.loads((self.folder / "record" / "RECORD.json").read_text())
        self.assertEqual(record["result"]["verdict"], "UNDECIDED")
        kinds = [json.loads(line)["kind"] for line in station.lines()]
        self.assertEqual(kinds, ["genesis", "run", "unconfirmed"])
        station.check()

    # crashes

    def test_killed_between_line_and_head(self):
        """kill -9 where the TPM is to be extended, and where it has been: the next run says so, loses
        nothing, and counts nothing that was not finished."""
        for code, name in ((NV_EXTEND, "before"), (NV_CERTIFY, "after")):
            with self.subTest(name):
                station = self.station(name=name)
                station.check()
                victim = []

                def before(number, command, code=code, victim=victim):
                    if command_code(command) == code:
                        os.kill(victim[0].pid, signal.SIGKILL)
                        victim[0].wait()
                    return command

                proxy = Proxy(station.tpm, before=before)
                self.addCleanup(proxy.close)
                arguments = [VERIFY, "check", self.archive, "--trust", station.trust, "--journal",
                             station.journal, "--tpm", *station.options(proxy.tcti)]
                victim.append(subprocess.Popen([str(argument) for argument in arguments],
                                               cwd=self.folder, env=CLEAN_ENVIRONMENT,
                                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT))
                out, _ = victim[0].communicate(timeout=60)
                self.assertEqual(victim[0].returncode, -signal.SIGKILL)
                self.assertNotIn(b"ACCEPTED", out)
                proxy.close()
                station.check()
                kinds = [json.loads(line).get("kind") for line in station.lines()]
                self.assertIn("unconfirmed", kinds)
                self.assertEqual(kinds[-1], "run")
                station.status("--trust", station.trust, "--journal", station.journal)
                station.check()

    # attestation

    def attested(self, station):
        """The record of the last line, the path of its attestation, and the attestation."""
        for path in (station.journal / "records").glob("*.tpm.json"):
            attestation = json.loads(path.read_text())
            if attestation["line"].encode() + b"\n" == station.lines()[-1]:
                return pathlib.Path(str(path).removesuffix(".tpm.json")), path, attestation
        raise AssertionError("the last line was not attested")

    def verify_record(self, record, station_file, code=0):
        return self.verify("record", "verify", record, "--station", station_file, code=code)

    def test_a_genuine_attestation(self):
        station = self.station()
        station.check()
        record, _, attestation = self.attested(station)
        self.assertEqual(attestation["recordSha256"], sha256(record.read_bytes()))
        self.assertEqual(attestation["line"].encode() + b"\n", station.lines()[-1])
        station.tpm.stop()
        result = self.verify_record(record, station.file)
        self.assertNotIn("REFUSED", result.out + result.err)

    def test_attestations_that_are_refused(self):
        station, other = self.station(name="one"), self.station(name="other")
        for one in (station, other):
            one.check()
            one.check()
        record, path, attestation = self.attested(station)
        foreign_record, _, foreign = self.attested(other)
        earlier = next(other for other in map(
            json.loads, (one.read_text() for one in (station.journal / "records").glob("*.tpm.json")))
            if other != attestation)
        quote = json.loads((pathlib.Path(__file__).parents[2] / "vectors" / "tpm"
                            / "attestation-quote.json").read_text())
        index = json.loads((pathlib.Path(__file__).parents[2] / "vectors" / "tpm"
                            / "attestation-other-index.json").read_text())
        good = path.read_text()
        cases = {
            "for another record": earlier,
            "for another line": {**attestation, "line": earlier["line"]},
            "with a changed head": {**attestation, "head": earlier["head"]},
            "with a changed head before": {**attestation, "previousHead": earlier["head"][::-1]},
            "signature of another": {**attestation, "signature": foreign["signature"]},
            "attest and signature of another key": {**attestation, "attest": foreign["attest"],
                                                    "signature": foreign["signature"]},
            "of another type": {**attestation, "attest": quote["attest"],
                                "signature": quote["signature"]},
            "of another index": {**attestation, "attest": index["attest"],
                                 "signature": index["signature"]},
        }
        for name, changed in cases.items():
            with self.subTest(name):
                path.write_text(json.dumps(changed, indent=2) + "\n")
                result = self.verify_record(record, station.file, code=1)
                self.assertIn("attestation", result.out + result.err)
        path.write_text(good)
        with self.subTest("by the key of another station"):
            self.verify_record(record, other.file, code=1)
            self.verify_record(foreign_record, station.file, code=1)
        self.verify_record(record, station.file)
        with self.subTest("none"):
            path.unlink()
            self.verify_record(record, station.file, code=1)

    def test_a_record_signed_by_a_key_of_the_same_tpm(self):
        """One TPM signs the record, takes the line and attests: one after the other."""
        station = self.station()
        tool, handle, cert = station.tpm.tool, "0x81000021", self.folder / "recorder.pem"
        tool("tpm2_createprimary", "-C", "o", "-G", "ecc256", "-c", self.folder / "primary")
        tool("tpm2_create", "-C", self.folder / "primary", "-G", "ecc256", "-u", self.folder / "pub",
             "-r", self.folder / "priv",
             "-a", "sign|fixedtpm|fixedparent|sensitivedataorigin|userwithauth")
        tool("tpm2_flushcontext", "-t")
        tool("tpm2_load", "-C", self.folder / "primary", "-u", self.folder / "pub",
             "-r", self.folder / "priv", "-c", self.folder / "key")
        tool("tpm2_evictcontrol", "-C", "o", "-c", self.folder / "key", handle)
        tool("tpm2_flushcontext", "-t")
        provider = {"TPM2OPENSSL_TCTI": station.tpm.tcti, "TSS2_LOG": "all+NONE"}
        self.run_program(
            "openssl", "req", "-new", "-x509", "-provider", "tpm2", "-provider", "default",
            "-propquery", "?provider=tpm2,tpm2.digest!=yes", "-key", f"handle:{handle}", "-out", cert,
            "-subj", "/CN=Station 7 records", "-days", "100",
            "-addext", "basicConstraints=critical,CA:FALSE",
            "-addext", "keyUsage=critical,digitalSignature", "-addext", "extendedKeyUsage=codeSigning",
            code=0, environment=provider)
        for name in ("one", "two"):
            station.check("--sign-record", f"handle:{handle}", "--record-cert", cert, "--record", name,
                          environment=provider)
            self.verify("record", "verify", f"{name}/RECORD.json", "--anchor", cert, "--station",
                        station.file, "--journal", station.journal, "--accepted")
        self.assertEqual(station.tpm.left_over(), "")

    # site configuration

    def test_a_site_that_makes_the_tpm_mandatory(self):
        station = self.station()
        config = self.folder / "verify.json"
        config.write_text(json.dumps({
            "cretula": "site/1", "trust": str(station.trust), "journal": str(station.journal),
            "station": str(station.file), "tcti": station.tpm.tcti, "tpm": True}))
        config.chmod(0o644)
        self.verify("check", self.archive, "--config", config)
        self.assertEqual(len(station.lines()), 2)
        self.verify("check", self.archive, "--config", config, "--tpm", *station.options())
        for option, value in (("--tcti", "device:/dev/tpmrm0"), ("--station", self.folder / "x"),
                              ("--journal", self.folder / "j"), ("--trust", self.folder / "t")):
            with self.subTest(option):
                self.verify("check", self.archive, "--config", config, option, value, code=2)
        self.verify("tpm", "status", "--config", config)
        shutil.copyfile(self.shared / "trust2.json", station.trust)
        result = self.verify("check", self.archive, "--config", config, code=1)
        self.assertIn("its order was not applied", result.err)
        # An order is applied by the same configuration, whatever it asks of a check.
        strict = json.loads(config.read_text())
        strict["mandatory"] = ["product", "change-id"]
        config.write_text(json.dumps(strict))
        self.assertIn("mandatory", self.verify("check", self.archive, "--config", config, code=2).err)
        apply = ["tpm", "apply", self.order(2), "--new", self.shared / "trust2.json", "--config", config]
        self.assertIn("put version 1 back", self.verify(*apply, code=1).err)
        series = self.folder / "series"
        series.mkdir()
        shutil.copyfile(self.shared / "trust1.json", series / "1.trust.json")
        self.verify(*apply, "--series", series)
        self.verify("tpm", "status", "--config", config)

    def test_a_journal_with_a_tpm_is_not_used_without(self):
        station = self.station()
        station.check()
        result = self.verify("check", self.archive, "--trust", station.trust, "--journal",
                             station.journal, code=(1, 2, 3))
        self.assertNotIn("ACCEPTED", result.out)
        self.assertEqual(len(station.lines()), 2)


def forge(lines):
    """A further line that looks like the last one and is chained to it."""
    last = json.loads(lines[-1])
    for key in ("number", "n"):
        if key in last:
            last[key] += 1
    if "previous" in last:
        last["previous"] = sha256(lines[-1].rstrip(b"\n"))
    return json.dumps(last, separators=(",", ":")).encode() + b"\n"


if __name__ == "__main__":
    main()
