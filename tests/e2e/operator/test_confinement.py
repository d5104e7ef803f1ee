# SPDX-License-Identifier: Apache-2.0
"""What a run asks of the system once its reading process is confined, and a machine that cannot confine one."""
import contextlib
import json
import os
import re
import shutil
import ssl
import subprocess
import unittest

from clock_case import TS
from harness import CLEAN_ENVIRONMENT, EXAMPLE, KEYS, ROOT_CERT, SANITIZED, SIGN, SOURCE, VERIFY, Case, main, sha256
from site_case import MachineCase
from traced import calls

STRACE = shutil.which("strace")
TRUST = ("--anchor", ROOT_CERT, "--allow-example-keys")
OPENS = ("open", "openat", "openat2", "creat", "open_by_handle_at")
NETWORK = re.compile(r"^(socket|socketpair|connect|bind|listen|accept|sendto|sendmsg)")
STARTS = re.compile(r"^(execve|execveat|fork|vfork|clone|clone3)$")
# What a machine may lack: the call that fails, and what is said.
LACKS = (("landlock_create_ruleset:error=ENOSYS", "Landlock (the kernel does not have it)"),
         ("landlock_create_ruleset:error=EOPNOTSUPP", "Landlock (it is switched off at boot)"),
         ("landlock_create_ruleset:error=EPERM:when=2", "Landlock (Operation not permitted)"),
         ("landlock_restrict_self:error=E2BIG", "Landlock (Argument list too long)"),
         ("seccomp:error=EINVAL", "seccomp (Invalid argument)"),
         ("seccomp:error=ENOSYS", "seccomp (the kernel, or this program for this processor, does not have it)"))


@unittest.skipIf(STRACE is None, "strace is not there")
class Traced(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        made = cls("made")
        made.folder = cls.shared
        cls.archive = made.pack(EXAMPLE / "release.yaml", "release.tar")

    def made(self):
        """Only so that setUpClass has an instance whose methods run programs."""

    def traced(self, *arguments, code=0):
        """Every call of the run, and of each confined process those that it made afterwards."""
        log = self.folder / "strace.log"
        done = subprocess.run([STRACE, "-f", "-o", log, *map(str, arguments)], env=CLEAN_ENVIRONMENT, cwd=self.folder,
                              stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=300)
        self.assertEqual(done.returncode, code, done.stderr)
        every = list(calls(log.read_text("utf-8", "replace")))
        after = [one[:3] for one in every if one[3]]
        self.every = every
        self.assertGreater(len(after), 5, "no process was confined")
        return [one[1] for one in every], after

    def holds(self, *arguments, opens=(), code=0):
        """No network in any process; of the confined ones no program, no process, and nothing opened but below the
        descriptors that are folders they were given."""
        every, after = self.traced(*arguments, code=code)
        self.assertEqual([call for call in every if NETWORK.match(call)], [])
        for _, call, rest in after:
            with self.subTest(f"{call}({rest}"[:120]):
                if STARTS.match(call):
                    # A thread; clone3, which is not answered, is tried before.
                    self.assertTrue(call == "clone" and "CLONE_THREAD" in rest or call == "clone3" and "ENOSYS" in rest
                                    or "unfinished" in rest)
                if call in OPENS:
                    self.assertRegex(rest, r"^\d+, \"[^/]", "a path that was not given")
                    self.assertIn("opens", opens)
        return after

    def test_check_opens_nothing(self):
        self.holds(VERIFY, "check", self.archive, *TRUST)
        self.holds(VERIFY, "check", self.archive, *TRUST, "--jobs", "4", "--record", self.folder / "record")
        self.holds(VERIFY, "show", self.archive)

    def test_a_refused_one_neither(self):
        broken = self.folder / "broken.tar"
        data = bytearray(self.archive.read_bytes())
        data[len(data) // 2] ^= 1
        broken.write_bytes(data)
        self.holds(VERIFY, "check", broken, *TRUST, code=1)

    def test_advisories_and_trace_open_nothing(self):
        csaf = self.folder / "a.json"
        csaf.write_text('{"document": {"category": "csaf_vex", "csaf_version": "2.0"}}')
        self.traced_only(VERIFY, "advisories", self.archive, *TRUST, "--csaf", csaf)
        self.traced_only(VERIFY, "trace", EXAMPLE / "release.yaml", "--in", self.archive, *TRUST)

    def traced_only(self, *arguments):
        """The same, whatever it answers."""
        for code in (0, 1, 2, 3):
            done = subprocess.run([str(one) for one in arguments], env=CLEAN_ENVIRONMENT, cwd=self.folder, check=False,
                                  stdin=subprocess.DEVNULL, capture_output=True, timeout=300)
            if done.returncode == code and code != 2:
                return self.holds(*arguments, code=code)
        return self.fail(done.stderr)

    def test_files_of_others_are_read_by_a_process_that_opens_nothing(self):
        """Each format once, accepted and refused: what reads it has neither network nor files, and starts nothing."""
        folder = SOURCE / "tests" / "vectors"
        vectors = {one["id"]: one for one in json.loads((folder / "index.json").read_text("utf-8"))["vectors"]}
        for name in ("pe-good-timestamp", "msi-good", "cab-good", "cat-good", "cms-good", "hashes-good-powershell", "minisign-good", "signify-good",
                     "openpgp-good-vendor", "rauc-plain-good", "rauc-verity-good", "swupdate-pss-good", "mcuboot-good", "package-good-approved",
                     "package-solution-good", "pe-section", "msi-loop", "rauc-verity-tree", "package-zip-bomb"):
            with self.subTest(name):
                arguments = [one if isinstance(one, str) else folder / "verdicts" / one["file"] for one in vectors[name]["arguments"]]
                after = self.holds(VERIFY, "check", *arguments, code=vectors[name]["expect"]["exit"])
                # What was given is not opened again, by whatever way: its descriptors are all that the process has.
                self.assertEqual([call for _, call, _ in after if call in OPENS], [])
                first = after[0][0]
                read = [process for process, call, _, _ in self.every if call in ("pread64", "read") and process == first]
                self.assertTrue(read, "the confined process read nothing")

    def test_extract_opens_below_its_folder_only(self):
        after = self.holds(VERIFY, "extract", self.archive, *TRUST, "--to", self.folder / "out", opens=("opens",))
        self.assertTrue([call for _, call, _ in after if call in OPENS], "it writes files")

    def test_the_signers_reader_has_no_network_and_starts_nothing(self):
        pack = (SIGN, "pack", EXAMPLE / "release.yaml", "--key", KEYS / "release.key.pem", "--cert",
                KEYS / "release.cert.pem", "--allow-example-keys", "--out", self.folder / "out.tar")
        every, after = self.traced(*pack)
        self.assertEqual([call for call in every if NETWORK.match(call)], [])
        self.assertEqual([call for _, call, rest in after if STARTS.match(call) and "CLONE_THREAD" not in rest
                          and call != "clone3"], [])
        self.assertNotIn("release.key.pem", "".join(rest for _, call, rest in after if call in OPENS))

    def test_an_sbom_is_judged_by_a_process_that_opens_nothing(self):
        self.holds(SIGN, "sbom", "check", EXAMPLE / "inputs" / "sbom.cdx.json", "--profile", "ntia-2021")

    def test_readers_without_a_key(self):
        """lint and sbom complete open what the description names, and make nothing."""
        for arguments in (("lint", EXAMPLE / "release.yaml"), ("sbom", "complete", EXAMPLE / "release.yaml", "--out", self.folder / "sbom.json")):
            with self.subTest(arguments[0]):
                every, after = self.traced(SIGN, *arguments)
                self.assertEqual([call for call in every if NETWORK.match(call)], [])
                self.assertEqual([call for _, call, rest in after if STARTS.match(call) and "CLONE_THREAD" not in rest and call != "clone3"], [])
                opened = [rest for _, call, rest in after if call in OPENS]
                self.assertTrue(opened)
                self.assertEqual([rest for rest in opened if re.search("O_WRONLY|O_RDWR|O_CREAT", rest)], [])
                first = after[0][0]
                self.assertEqual([rest for process, call, rest, confined in self.every if call in OPENS and process != first and not confined
                                  and any(name in rest for name in ("firmware", "sbom.cdx.json"))], [], "read outside")

    def test_signatures_and_answers_are_read_by_processes_that_open_nothing(self):
        """endorse, attach and timestamp: the archive, what comes into it, and what was made of both."""
        shutil.copy(self.archive, self.folder / "a.tar")
        self.sign("prepare", self.folder / "a.tar", "--out", self.folder / "m.json")
        self.run_program("openssl", "cms", "-sign", "-binary", "-cades", "-nosmimecap", "-outform", "DER", "-in", self.folder / "m.json", "-signer",
                         KEYS / "quality.cert.pem", "-inkey", KEYS / "quality.key.pem", "-out", self.folder / "s.p7s", code=0)
        example = "--allow-example-keys"
        for arguments in (("attach", "a.tar", "s.p7s", example),
                          ("endorse", "a.tar", "--key", KEYS / "quality.key.pem", "--cert", KEYS / "quality.cert.pem", "--replace", example),
                          ("timestamp", "a.tar", "--signer", self.digits(), "--request", "q.tsq", example)):
            with self.subTest(arguments[0]):
                self.holds(SIGN, *arguments)
                # One reads, one judges; endorse has it examined before it signs.
                confined = {process for process, call, _, _ in self.every if call == "seccomp"}
                self.assertEqual(len(confined), {"attach": 2, "endorse": 3, "timestamp": 1}[arguments[0]])
        self.holds(SIGN, "timestamp", "a.tar", "--response", self.answer("q.tsq"), example)

    def test_packages_are_read_by_processes_that_open_nothing(self):
        """export, prepare, attach, endorse and timestamp of OPC UA packages: what is read, what gets a signature, what was made."""
        example = "--allow-example-keys"
        (self.folder / "bare.tar").write_bytes(self.archive.read_bytes())
        for arguments, count in (
                (("export", "uadipkg", "bare.tar", "--key", KEYS / "release.key.pem", "--cert", KEYS / "release.cert.pem", "--out", "p.uadipkg",
                  "--manufacturer-uri", "urn:v", "--timestamp-request", "q.tsq", example), 3),
                (("prepare", "bare.tar", "--out", "m.json"), 1),
                (("prepare", "bare.tar", "--uadipkg", "u.uadipkg", "--manufacturer-uri", "urn:v"), 1),
                (("attach", "u.uadipkg", lambda: self.signed("u.uadipkg.ASiCManifest001.xml", "release"), example), 2),
                (("prepare", "u.uadipkg", "--out", "l.xml"), 1),
                (("timestamp", "p.uadipkg", "--request", "q2.tsq"), 1),
                (("waive", "--check", "sbom.bsi", "--archive", "bare.tar", "--reason", "r", "--approver", "a", "--control", "c", "--until",
                  "2099-01-01T00:00:00Z", "--out", "w.json", "--key", KEYS / "owner.key.pem", "--cert", KEYS / "owner.cert.pem", example), 1),
                (("timestamp", "p.uadipkg", "--response", lambda: self.answer("q.tsq"), example), 2),
                (("endorse", "p.uadipkg", "--key", KEYS / "owner.key.pem", "--cert", KEYS / "owner.cert.pem", example), 3)):
            with self.subTest(arguments[0]):
                self.holds(SIGN, *(one() if callable(one) else one for one in arguments))
                self.assertEqual(len({process for process, call, _, _ in self.every if call == "seccomp"}), count)
                self.assertEqual([rest for process, call, rest, confined in self.every if confined and "key.pem" in rest], [])

    def signed(self, text, key):
        self.run_program("openssl", "cms", "-sign", "-binary", "-cades", "-nosmimecap", "-outform", "DER", "-in", text, "-signer",
                         KEYS / f"{key}.cert.pem", "-inkey", KEYS / f"{key}.key.pem", "-out", "s.p7s", code=0)
        return self.folder / "s.p7s"

    def digits(self):
        """Of the key that signed the example release."""
        key = self.run_program("openssl", "x509", "-in", KEYS / "release.cert.pem", "-noout", "-pubkey", code=0).out
        return sha256(ssl.PEM_cert_to_DER_cert(key.replace("PUBLIC KEY", "CERTIFICATE")))[:16]

    def answer(self, request):
        """By the example authority."""
        (self.folder / "serial").write_text("1267\n")
        (self.folder / "ts.cnf").write_text(TS.format(digest="sha256"))
        self.run_program("openssl", "ts", "-reply", "-config", "ts.cnf", "-queryfile", request, "-signer", KEYS / "tsa.cert.pem", "-inkey",
                         KEYS / "tsa.key.pem", "-out", "a.tsr", code=0)
        return self.folder / "a.tsr"

    # A machine that lacks something.

    def lacking(self, inject, *arguments, code):
        done = subprocess.run([STRACE, "-f", "-qq", "-o", "/dev/null", "-e", f"inject={inject}", *map(str, arguments)],
                              env=CLEAN_ENVIRONMENT, cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        text = (done.stdout + done.stderr).decode()
        self.assertEqual(done.returncode, code, text)
        return text

    def test_what_cannot_be_confined_is_undecided(self):
        for inject, says in LACKS:
            with self.subTest(inject):
                text = self.lacking(inject, VERIFY, "check", self.archive, *TRUST, code=3)
                self.assertRegex(text, "(?m)^UNDECIDED: ")
                self.assertNotIn("ACCEPTED", text)
                for word in (says, "--allow-unconfined", "self-test"):
                    self.assertIn(word, text)
                text = self.lacking(inject, VERIFY, "self-test", code=3)
                self.assertIn(says, text)

    def test_it_goes_on_where_it_is_told_to_and_says_so(self):
        for inject, says in LACKS:
            with self.subTest(inject):
                text = self.lacking(inject, VERIFY, "check", self.archive, *TRUST, "--allow-unconfined", code=0)
                self.assertRegex(text, r"(?m)^ACCEPTED: .*\[not confined\]")
                text = self.lacking(inject, VERIFY, "check", self.archive, *TRUST, "--allow-unconfined", "--json", code=0)
                record = json.loads(text)
                self.assertIn(f"not confined: this machine lacks {says}", record["how"]["sandbox"])
                found = [one for one in record["result"]["checks"] if one["check"] == "run.confinement"]
                self.assertEqual([one["result"] for one in found], ["WARN"])
                self.assertIn(says, found[0]["reason"])
        inject = LACKS[0][0]
        for verb in (("show", self.archive), ("diff", self.archive, self.archive, *TRUST)):
            self.lacking(inject, VERIFY, *verb, code=3)
        self.lacking(inject, VERIFY, "extract", self.archive, *TRUST, "--to", self.folder / "no", code=3)
        self.assertFalse((self.folder / "no").exists())
        self.lacking(inject, VERIFY, "extract", self.archive, *TRUST, "--to", self.folder / "yes", "--allow-unconfined", code=0)
        self.assertTrue((self.folder / "yes").exists())

    def test_the_signer_too(self):
        pack = (SIGN, "pack", EXAMPLE / "release.yaml", "--key", KEYS / "release.key.pem", "--cert",
                KEYS / "release.cert.pem", "--allow-example-keys", "--out", self.folder / "out.tar")
        endorse = (SIGN, "endorse", self.folder / "out.tar", "--key", KEYS / "quality.key.pem", "--cert",
                   KEYS / "quality.cert.pem", "--meaning", "approval", "--allow-example-keys")
        for inject, says in LACKS[0], LACKS[4]:
            self.assertIn(says, self.lacking(inject, *pack, code=3))
            self.assertFalse((self.folder / "out.tar").exists())
        self.lacking(LACKS[0][0], *pack, "--allow-unconfined", code=0)
        for command in endorse, (SIGN, "init", "--from", self.folder / "out.tar"):
            self.assertIn(LACKS[0][1], self.lacking(LACKS[0][0], *command, code=3))
            self.lacking(LACKS[0][0], *command, "--allow-unconfined", code=0)

    def test_a_confined_run_lists_nothing(self):
        record = self.check(self.archive, "--json", "--allow-unconfined").json()
        self.assertRegex(record["how"]["sandbox"], r"^separate process, limits, Landlock \d+, seccomp$")
        self.assertNotIn("run.confinement", [one["check"] for one in record["result"]["checks"]])

    def test_self_test(self):
        result = self.verify("self-test", "--json").json()
        self.assertTrue(result["confinement"]["complete"])
        self.assertGreater(result["confinement"]["landlock"], 0)
        self.assertFalse(result["confinement"]["restrictedToken"] or result["confinement"]["lowIntegrity"])  # of Windows
        self.assertIn("ecdsa-p256", result["algorithms"])
        text = " ".join(self.verify("self-test").out.split())
        self.assertIn("Landlock", text)
        self.assertEqual("cannot verify the algorithms below" in text, bool(result["algorithmsMissing"]), text)
        self.assertEqual("has all that a verification asks for" in text, not result["algorithmsMissing"], text)

    # What it holds.

    @unittest.skipUnless(os.geteuid() == 0 and not SANITIZED, "needs root, to look at a process")
    def test_what_the_reader_holds(self):
        process = subprocess.Popen([VERIFY, "check", "-", *map(str, TRUST)], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                   env={**CLEAN_ENVIRONMENT, "SECRET_OF_THE_PIPELINE": "hunter2"}, cwd=self.folder)
        self.addCleanup(process.wait)
        self.addCleanup(process.stdin.close)
        self.addCleanup(process.kill)
        process.stdin.write(self.archive.read_bytes()[:4096])
        process.stdin.flush()
        children = f"/proc/{process.pid}/task/{process.pid}/children"
        status = ""
        while "Seccomp:\t2" not in status:
            self.assertIsNone(process.poll())
            with open(children, encoding="ascii") as stream:
                reader = stream.read().split()
            if reader:
                with open(f"/proc/{reader[0]}/status", encoding="ascii") as stream:
                    status = stream.read()
        self.assertIn("NoNewPrivs:\t1", status)
        links = {}
        while not links:
            # It may close what it began with while it is looked at.
            with contextlib.suppress(FileNotFoundError):
                links = {int(fd): os.readlink(f"/proc/{reader[0]}/fd/{fd}") for fd in os.listdir(f"/proc/{reader[0]}/fd")}
        self.assertRegex(links[0], "^pipe:")
        self.assertEqual((links[1], links[2]), ("/dev/null", "/dev/null"))
        self.assertTrue(all(link.startswith("pipe:") for fd, link in links.items() if fd > 2), links)
        self.assertLessEqual(len(links), 5)
        with open(f"/proc/{reader[0]}/environ", "rb") as stream:
            self.assertNotIn(b"hunter2", stream.read())
        with open(f"/proc/{reader[0]}/limits", encoding="ascii") as stream:
            limits = stream.read()
        for name in ("core file size", "file size", "locked memory"):
            self.assertRegex(limits, rf"Max {name} +0 +0 ")


@unittest.skipIf(STRACE is None, "strace is not there")
class Site(MachineCase):
    def test_a_site_decides_whether_that_is_allowed(self):
        self.site(trust=self.put_trust())
        self.assertIn("--allow-unconfined", self.here("check", self.archive, "--allow-unconfined", code=2).err)
        self.site(trust=self.put_trust(), allowUnconfined=True)
        self.here("check", self.archive, "--allow-unconfined", code=0)


if __name__ == "__main__":
    main()
