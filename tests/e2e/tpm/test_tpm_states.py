# SPDX-License-Identifier: Apache-2.0
"""A TPM that is absent, not permitted, wrong, locked, broken, empty or not built in, and one whose wire
is tampered with: each with its own exit code, sentence, and what to do."""
import json
import os
import pathlib
import shutil
import socket
import unittest

from harness import SANITIZED, as_nobody, file_sha256, main
from swtpm import Answer, Breaking, Proxy, command_code
from tpm_case import ANCHOR, ATTESTATION, JOURNAL, STORAGE, TpmCase

WITHOUT_TPM = os.environ.get("CRETULA_VERIFY_WITHOUT_TPM") or ""
NV_READ, NV_READ_PUBLIC, READ_PUBLIC, NV_EXTEND, NV_CERTIFY = 0x14E, 0x169, 0x173, 0x136, 0x184


class States(TpmCase):
    def undecided(self, station, words, hint, tcti=None, code=3, **more):
        """check cannot ask the TPM: no archive is judged, whatever it is."""
        result = station.check(tcti=tcti, code=code, **more)
        self.assertNotIn("ACCEPTED", result.out)
        self.assertIn(words, result.err)
        self.assertIn("what to do", result.err)
        self.assertIn(hint, result.err)
        self.assertFalse(station.journal.exists())
        return result

    def test_absent(self):
        self.undecided(self.station(), "there is no TPM: /nowhere/tpmrm0 does not exist",
                       "firmware's set-up", "device:/nowhere/tpmrm0")
        self.undecided(self.station(name="second"), "there is no TPM", "--tcti",
                       "swtpm:path=/nowhere/socket")

    @unittest.skipUnless(os.geteuid() == 0, "needs root, to become somebody else")
    def test_no_permission(self):
        station = self.station()
        # The station's files belong to whoever verifies; only the TPM does not.
        for path in [self.folder, station.folder, station.auth]:
            os.chown(path, 65534, 65534)
        device = self.folder / "device"
        device.touch(mode=0o600)
        for folder in [self.folder, self.shared]:
            folder.chmod(0o755)
        if not reachable(self.folder):
            self.skipTest("the build folder is closed to others")
        result = self.undecided(station, "no permission to use the TPM", "group tss",
                                f"device:{device}", before=as_nobody)
        self.assertIn(str(device), result.err)

    def test_wrong_tcti(self):
        station = self.station()
        for wrong in ("tpm:/dev/tpmrm0", "/dev/tpmrm0", "cmd:true", "pcap:device"):
            with self.subTest(wrong):
                self.undecided(station, "no such kind of connection", "--tcti", wrong, code=2)
        # A file that is no TPM, and a socket behind which there is none.
        plain = self.folder / "plain"
        plain.touch()
        self.undecided(station, "TPM", "--tcti", f"device:{plain}")
        path = station.tpm.folder / "dead"
        with socket.socket(socket.AF_UNIX) as dead:
            dead.bind(str(path))
            self.undecided(station, "no TPM answers", "--tcti", f"swtpm:path={path}")

    def test_something_that_is_no_tpm(self):
        station = self.station()
        for data in (b"\x80\x01\x00\x00\x00\x0b\x00\x00\x00\x00?", b"HTTP/1.1 400 Bad Request\r\n\r\n"):
            answer = Answer(station.tpm.folder, data=data)
            self.addCleanup(answer.close)
            self.undecided(station, "TPM", "--tcti", answer.tcti)

    def test_not_started(self):
        station = self.station()
        station.tpm.stop()
        station.tpm.start(started=False)
        result = self.undecided(station, "the TPM was not started", "TPM2_Startup")
        self.assertIn("0x100", result.err)

    def test_failure_mode(self):
        station = self.station()
        answer = Answer(station.tpm.folder, code=0x101)
        self.addCleanup(answer.close)
        result = self.undecided(station, "the TPM is in failure mode", "restart", answer.tcti)
        self.assertIn("0x101", result.err)

    def test_lockout_does_not_matter_to_what_the_station_uses(self):
        station = self.station()
        tpm = station.tpm
        tpm.tool("tpm2_dictionarylockout", "-s", "-n", "1", "-t", "1000", "-l", "1000")
        tpm.tool("tpm2_nvdefine", "-C", "o", "-s", "8", "-a", "authread|authwrite", "-p", "right",
                 "0x01800400")
        tpm.tool("tpm2_nvread", "-C", "0x01800400", "-P", "wrong", "0x01800400", code=None)
        text = tpm.tool("tpm2_nvread", "-C", "0x01800400", "-P", "right", "0x01800400", code=None)
        self.assertIn("0x921", text)
        self.assertIn("IS IN LOCKOUT", station.status().out)
        station.check()
        station.apply(self.order(2), 2)

    def test_lockout_that_does_matter(self):
        station = self.station()
        answer = Answer(station.tpm.folder, code=0x921)
        self.addCleanup(answer.close)
        result = self.undecided(station, "the TPM is in lockout", "tpm2_dictionarylockout", answer.tcti)
        self.assertIn("0x921", result.err)

    def test_missing_objects(self):
        for handle, words in ((ANCHOR, "the index of the trust anchor is missing"),
                              (JOURNAL, "the index of the journal head is missing")):
            with self.subTest(handle):
                station = self.station(name=handle)
                station.tpm.tool("tpm2_nvundefine", "-C", "o", handle)
                self.undecided(station, words, "owner authorization removed it")
        for handle, words in ((ATTESTATION, "the attestation key is missing"),
                              (STORAGE, "the storage root key is missing")):
            with self.subTest(handle):
                station = self.station(name=handle)
                station.tpm.tool("tpm2_evictcontrol", "-C", "o", "-c", handle)
                self.undecided(station, words, "owner authorization removed it")

    def test_not_provisioned(self):
        station = self.station()
        self.undecided(station, "this TPM is not provisioned", "tpm provision", self.tpm().tcti)

    def test_another_tpm(self):
        # It answers well, but denies: somebody exchanged the TPM.
        first, second = self.station(name="first"), self.station(name="second")
        result = first.check(tcti=second.tpm.tcti, code=1)
        self.assertIn("another TPM than the one that station.json describes", result.err)
        self.assertNotIn("ACCEPTED", result.out)

    def test_an_edited_station_file(self):
        """Each value flipped, or that of another station: no run accepts, and none crashes."""
        station, other = self.station(), json.loads(self.station(name="other").file.read_text())
        good = station.file.read_text()

        def leaves(value, path=()):
            if isinstance(value, dict):
                return [leaf for key in value for leaf in leaves(value[key], (*path, key))]
            return [path] if path[0] not in ("cretula", "station", "created") else []  # labels

        def flip(text):
            place = len(text) // 2
            return text[:place] + ("1" if text[place] != "1" else "2") + text[place + 1:]

        def put(path, change):
            edited = json.loads(good)
            at = edited
            for key in path[:-1]:
                at = at[key]
            at[path[-1]] = change(at[path[-1]])
            station.file.write_text(json.dumps(edited, indent=2) + "\n")
            return edited != json.loads(good)

        paths = leaves(json.loads(good))
        self.assertGreater(len(paths), 6)
        for path in paths:
            foreign = other
            for key in path:
                foreign = foreign[key]
            for name, change in (("flipped", flip),
                                 ("of another", lambda _, foreign=foreign: foreign)):
                with self.subTest(path=path, name=name):
                    if put(path, change):
                        result = station.check(code=(1, 2, 3))
                        self.assertNotIn("ACCEPTED", result.out + result.err)
                        self.assertIn("what to do", result.out + result.err)
        station.file.write_text(good)
        station.check()

    def test_an_anchor_made_anew_with_other_attributes(self):
        station = self.station()
        station.tpm.tool("tpm2_nvundefine", "-C", "o", ANCHOR)
        station.tpm.tool("tpm2_nvdefine", "-C", "o", "-s", "40", "-a",
                         "ownerwrite|authwrite|authread|ownerread|no_da", ANCHOR)
        result = station.check(code=1)
        self.assertIn("other attributes or another policy", result.err)

    def test_a_journal_head_made_anew(self):
        station = self.station()
        station.check()
        station.tpm.tool("tpm2_nvundefine", "-C", "o", JOURNAL)
        station.tpm.tool("tpm2_nvdefine", "-C", "o", "-s", "32", "-a",
                         "authwrite|authread|no_da|nt=0x4", JOURNAL, "-p",
                         "hex:" + station.auth.read_bytes().hex())
        station.tpm.tool("tpm2_nvextend", "-i", "-", "-P", "hex:" + station.auth.read_bytes().hex(),
                         JOURNAL, stdin=bytes(32))
        result = station.check(code=1)
        self.assertNotIn("ACCEPTED", result.out)

    def test_usage(self):
        station = self.station()
        options = ["--station", station.file, "--tcti", station.tpm.tcti]
        root = f"{self.vendor}-root.cert.pem"
        cases = [
            (["--anchor", root, "--journal", station.journal, "--tpm", *options],
             "needs a trust policy"),
            (["--trust", station.trust, "--tpm", *options], "needs a journal"),
            (["--trust", station.trust, "--journal", station.journal, "--tpm"],
             "--station is missing"),
            (["--trust", station.trust, *options], "does nothing without --tpm"),
            (["--trust", station.trust, "--journal", station.journal, "--tpm", "--station",
              station.trust], "station file is not well-formed"),
            (["--trust", station.trust, "--journal", station.journal, "--tpm", "--station",
              self.folder / "none"], "station file"),
        ]
        for arguments, words in cases:
            with self.subTest(words):
                result = self.verify("check", self.archive, *arguments, code=2)
                self.assertIn(words, result.err)
        self.assertFalse(station.journal.exists())

    def test_the_authorization_of_the_journal_head(self):
        station = self.station()
        secret = station.auth.read_bytes()
        station.auth.chmod(0o644)
        self.assertIn("others may read", station.check(code=2).err)
        station.auth.chmod(0o600)
        station.auth.write_bytes(secret[:-1])
        self.assertIn("not the authorization", station.check(code=2).err)
        station.auth.write_bytes(bytes(31) + b"\1")
        self.assertIn("the authorization is wrong", station.check(code=3).err)
        station.auth.unlink()
        self.assertIn("authorization of the journal head", station.check(code=3).err)
        station.auth.write_bytes(secret)
        station.auth.chmod(0o600)
        station.check()

    def test_the_environment_changes_nothing(self):
        station = self.station()
        station.check(environment={"TSS2_TCTI": "device:/nowhere", "TPM2TOOLS_TCTI": "device:/nowhere",
                                   "TCTI": "device:/nowhere", "TSS2_LOG": "all+TRACE"})
        result = station.check(tcti="device:/nowhere", code=3,
                               environment={"TSS2_TCTI": station.tpm.tcti, "TSS2_LOG": "all+TRACE"})
        self.assertNotIn("ERROR:", result.err)
        self.assertNotIn("trace:", result.err)

    @unittest.skipUnless(WITHOUT_TPM, "that build is not part of this one")
    def test_a_build_without_tpm(self):
        station = self.station()

        def run(*arguments):
            return self.run_program(WITHOUT_TPM, *arguments, code=2)

        for arguments in (["check", self.archive, "--trust", station.trust, "--journal",
                           station.journal, "--tpm", *station.options()],
                          ["check", self.archive, "--trust", station.trust, "--tpm-verify",
                           *station.options()],
                          ["tpm", "status", *station.options()],
                          ["tpm", "apply", self.order(2), "--new", self.shared / "trust2.json",
                           "--trust", station.trust, *station.options()],
                          ["tpm", "provision", "--trust", station.trust, "--trust-owner",
                           self.shared / "owner.pub", "--station", self.folder / "s.json",
                           "--insecure-no-auth"]):
            with self.subTest(arguments[0:2]):
                result = run(*arguments)
                self.assertIn("this build has no TPM support", result.err)
                self.assertIn("CRETULA_TPM=ON", result.err)
        result = self.run_program(WITHOUT_TPM, "check", self.archive, "--trust", station.trust, code=0)
        self.assertIn("ACCEPTED", result.out)


def reachable(folder):
    return all(parent.stat().st_mode & 0o1 for parent in pathlib.Path(folder).parents)


class Wire(TpmCase):
    """Somebody between the program and its TPM."""

    def test_every_byte_of_protected_answers(self):
        """Each byte of what the TPM says of anchor and journal head: noticed, and never accepted."""
        station = self.station()
        station.check()
        status = ["--trust", station.trust, "--journal", station.journal]

        def run(change, code):
            proxy = Proxy(station.tpm, change)
            self.addCleanup(proxy.close)
            result = self.verify("tpm", "status", "--station", station.file, "--tcti", proxy.tcti,
                                 *status, code=code)
            proxy.close()
            return proxy, result

        proxy, _ = run(None, 0)
        targets = [number for number, (command, _) in enumerate(proxy.log)
                   if command_code(command) == NV_READ]
        self.assertGreaterEqual(len(targets), 2)
        step = 7 if SANITIZED else 1
        tries = 0
        for target in (targets[0], targets[-1]):
            size = len(proxy.log[target][1])
            for offset in range(10, size, step):
                def change(number, command, response, target=target, offset=offset):
                    if number != target or offset >= len(response):
                        return response
                    return flip(response, offset)
                _, result = run(change, (1, 3))
                tries += 1
                self.assertNotIn("as trust.json", result.out)
        print(f"{tries} flipped bytes, 0 unnoticed")

    def test_a_false_anchor_with_the_old_protection(self):
        station = self.station()
        station.apply(self.order(2), 2)
        shutil.copyfile(self.shared / "trust1.json", station.trust)
        first, second = station.anchor()
        old = (1).to_bytes(8, "big") + bytes.fromhex(file_sha256(self.shared / "trust1.json"))
        new = first.to_bytes(8, "big") + bytes.fromhex(second)
        proxy = Proxy(station.tpm, lambda number, command, response: response.replace(new, old))
        self.addCleanup(proxy.close)
        result = self.verify("tpm", "status", "--station", station.file, "--tcti", proxy.tcti,
                             "--trust", station.trust, code=3)
        self.assertIn("an answer of the TPM was changed on its way", result.err)

    def test_a_connection_that_breaks(self):
        """After each command in turn: undecided with a sentence, and nothing is asked once more, which would have no end."""
        station, order = self.station(), self.order(2)

        def apply(commands, code):
            line = Breaking(station.tpm, commands)
            self.addCleanup(line.close)
            result = self.verify("tpm", "apply", order, "--new", self.shared / "trust2.json", "--trust", station.trust, "--station", station.file,
                                 "--tcti", line.tcti, code=code)
            line.close()
            # There is no resource manager here, which ends what a broken connection leaves.
            station.tpm.tool("tpm2_flushcontext", "-l")
            return line, result

        for commands in (0, 1, 5, 8, 9, 10, 11, 12):
            with self.subTest(commands):
                line, result = apply(commands, 3)
                self.assertEqual(line.number, commands)
                self.assertRegex(result.err, "the connection to the TPM broke|no TPM answers")
        apply(1000, 0)
        self.assertTrue(station.holds(2))

    def test_a_storage_root_key_of_the_attacker(self):
        """The Name is right, the public key beside it is another: the salt must not go there."""
        station = self.station()

        def change(number, command, response):
            if command_code(command) == READ_PUBLIC and command[10:14].hex() == "81000001":
                point = response.index(b"\x00\x20", 30) + 2  # x of the public point
                return response[:point] + bytes(31) + b"\1" + response[point + 32:]
            return response

        proxy = Proxy(station.tpm, change)
        self.addCleanup(proxy.close)
        result = self.verify("tpm", "status", "--station", station.file, "--tcti", proxy.tcti,
                             "--trust", station.trust, code=1)
        # Depending on its version, tpm2-tss computes the Name from the key, or believes the one beside it.
        self.assertRegex(result.err, "another TPM than|not the one that its Name says")

    def test_the_names_of_what_is_read(self):
        station = self.station()
        for wanted, word in ((READ_PUBLIC, "81000001"), (NV_READ_PUBLIC, "01800100"),
                             (NV_READ_PUBLIC, "01800102"), (READ_PUBLIC, "81008f01")):
            with self.subTest(word):
                def change(number, command, response, wanted=wanted, word=word):
                    if command_code(command) == wanted and command[10:14].hex() == word:
                        return flip(response, 20)
                    return response
                proxy = Proxy(station.tpm, change)
                self.addCleanup(proxy.close)
                self.verify("tpm", "status", "--station", station.file, "--tcti", proxy.tcti,
                            "--trust", station.trust, code=(1, 3))

    def test_commands_changed_on_their_way(self):
        station = self.station()
        station.check()
        for wanted in (NV_READ, NV_EXTEND, NV_CERTIFY):
            with self.subTest(hex(wanted)):
                def before(number, command, wanted=wanted):
                    return flip(command, len(command) - 3) if command_code(command) == wanted else command
                proxy = Proxy(station.tpm, before=before)
                self.addCleanup(proxy.close)
                result = station.check(tcti=proxy.tcti, code=3)
                self.assertNotIn("ACCEPTED", result.out)
                self.assertEqual(station.tpm.left_over(), "")
                # The next run says what became of it, and goes on.
                station.check()

    def test_a_swallowed_extension(self):
        """The TPM never sees the line, and somebody answers in its place."""
        station = self.station()
        station.check()
        seen = {}

        def before(number, command):
            # A read instead of the extension: its answer cannot carry the right protection.
            if command_code(command) == NV_READ:
                seen["read"] = command
            return seen["read"] if command_code(command) == NV_EXTEND else command

        proxy = Proxy(station.tpm, before=before)
        self.addCleanup(proxy.close)
        result = station.check(tcti=proxy.tcti, code=3)
        self.assertNotIn("ACCEPTED", result.out)


def flip(data, offset):
    return data[:offset] + bytes([data[offset] ^ 1]) + data[offset + 1:]


if __name__ == "__main__":
    main()
