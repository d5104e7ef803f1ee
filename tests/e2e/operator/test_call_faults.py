# SPDX-License-Identifier: Apache-2.0
"""Every system call that a run makes, also those that no library function stands for (confinement, threads), fails in
turn: whoever must accept accepts or is undecided, whoever must refuse refuses or is undecided, each with a sentence,
and nothing that is not whole has a final name. strace makes them fail; test_faults.py denies what libc gives."""
import collections
import json
import pathlib
import random
import re
import shutil
import subprocess
import unittest

from harness import CLEAN_ENVIRONMENT, HEAVY, SANITIZED, SIGN, VENDOR, VERIFY, Case, certificate_sha256, main, tampered
from swtpm import Swtpm

CALL = re.compile(r"^\d+\s+(\w+)\(")
# What begins and ends a process cannot be denied from outside, or not answered; the rest belongs to strace's own work.
LEFT_OUT = {"execve", "exit", "exit_group", "rt_sigreturn", "restart_syscall", "vfork"}
# What a plain run tries: no other test denies these.
PLAIN = ("landlock_create_ruleset", "landlock_restrict_self", "seccomp", "prctl", "prlimit64", "close_range", "dup2", "fcntl", "getdents64",
         "unlinkat", "clone", "clone3", "linkat", "syncfs")
# The dynamic linker's own end, before there is a program.
LINKER = ("error while loading shared libraries", "cannot apply additional memory protection", "cannot")


@unittest.skipIf(shutil.which("strace") is None, "strace is not there")
@unittest.skipIf(SANITIZED, "a sanitizer uses the system calls of its own, and ptrace as well")
class CallFaults(Case):
    def setUp(self):
        super().setUp()
        self.draw = random.Random(7)
        self.vendor = self.own_keys("vendor")
        self.small_release()
        self.key = ("--key", f"{self.vendor}.key.pem", "--cert", f"{self.vendor}.cert.pem")
        self.sign("pack", "release.yaml", *self.key, "--out", "good.tar")
        tampered(self.folder / "good.tar", self.folder / "bad.tar", -1100 % (self.folder / "good.tar").stat().st_size)
        self.anchor = ("--anchor", f"{self.vendor}-root.cert.pem", "--jobs", "1")
        self.before = lambda: None  # what each run begins with

    def strace(self, *words):
        out = self.folder / "out"
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir()
        self.before()
        done = subprocess.run(["strace", "-f", *map(str, words)], cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, check=False,
                              timeout=120, env=CLEAN_ENVIRONMENT)
        return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"), out

    def faults(self, command):
        """(call, number of it) of the run's calls that fail in turn."""
        log = self.folder / "log"
        self.strace("-o", log, *command)
        counts = collections.Counter(match.group(1) for match in map(CALL.match, log.read_text("utf-8", "replace").splitlines()) if match)
        for name in sorted(set(counts) - LEFT_OUT):
            if HEAVY:
                last = counts[name]
                yield from ((name, number) for number in sorted({1, (last + 1) // 2, last, self.draw.randint(1, last)}))
            elif name in PLAIN:
                yield name, self.draw.randint(1, min(counts[name], 3))

    def wrong(self, code, stdout, stderr, right, verdict, after):
        if code == 127 and any(word in stderr for word in LINKER) and not stdout:
            return None
        if code not in (right, 3):
            return f"exit code {code}"
        if code == 3 and (not (stdout + stderr).strip() or any(line.startswith(("ACCEPTED", "REFUSED")) for line in stdout.splitlines()[:1])):
            return "exit code 3 with a verdict, or without a word"
        if code == right and verdict not in stdout:
            return f"exit code {code} without {verdict}"
        return after(code)

    def each_fails(self, name, right, verdict, command, after=lambda code: None):
        wrong, counts = [], collections.Counter()
        for call, number in self.faults(command):
            error = "EINVAL" if call in ("futex", "clock_nanosleep") else "EIO"
            code, stdout, stderr, _ = self.strace("-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={call}:error={error}:when={number}", *command)
            counts[code] += 1
            if fault := self.wrong(code, stdout, stderr, right, verdict, after):
                wrong.append(f"{name}, {call} {number}: {fault}\n{stdout[:300]}{stderr[:300]}")
        print(f"{name:10} {sum(counts.values()):4} calls: {counts[right]} as without it, {counts[3]} undecided, {counts[127]} not started, "
              f"{len(wrong)} wrong", flush=True)
        self.assertEqual(wrong, [], "\n\n".join(wrong[:20]))
        self.assertGreater(counts[3], 0)

    def whole(self, name):
        """After a success the file is what a verifier accepts; after a failure it is not there."""
        def after(code):
            path = pathlib.Path(self.folder, "out", name)
            if code != 0:
                return f"{name} is there" if path.exists() else None
            return None if self.verify("check", path, *self.anchor, code=None).code == 0 else f"{name} is not sound"
        return after

    def test_check(self):
        self.each_fails("check", 0, "ACCEPTED", (VERIFY, "check", "good.tar", *self.anchor))

    def test_check_of_what_must_be_refused(self):
        self.each_fails("refuse", 1, "REFUSED", (VERIFY, "check", "bad.tar", *self.anchor))

    def test_pack(self):
        self.each_fails("pack", 0, "Packed", (SIGN, "pack", "release.yaml", *self.key, "--jobs", "1", "--out", "out/a.tar"), self.whole("a.tar"))

    def test_extract(self):
        def after(code):
            names = sorted(path.name for path in self.folder.glob("out/x/*"))
            right = ["NOTES.md", "SHA256SUMS", "firmware.bin"] if code == 0 else []
            return None if names == right else f"extracted: {names}"
        self.each_fails("extract", 0, "ACCEPTED", (VERIFY, "extract", "good.tar", *self.anchor, "--to", "out/x"), after)

    @unittest.skipUnless(shutil.which("swtpm") and shutil.which("tpm2_getcap"), "needs swtpm and tpm2-tools")
    def test_tpm_apply(self):
        """The policy is the old one or the new one, whole; after a restart of the TPM, which ends the sessions of a lost
        connection, the same order goes through."""
        tpm, policy = Swtpm(), self.folder / "trust.json"
        self.addCleanup(tpm.remove)
        versions = [self.folder / f"trust{version}.json" for version in (1, 2)]
        self.verify("trust", "init", versions[0], "--name", "Plant")
        self.verify("trust", "add-signer", versions[0], "--vendor", VENDOR, "--signer", "vendor", "--role", "release", "--anchor", self.anchor[1],
                    "--fingerprint", certificate_sha256(self.anchor[1]), "--obtained", "telephone")
        versions[1].write_text(json.dumps({**json.loads(versions[0].read_text("utf-8")), "version": 2}, indent=2) + "\n", "utf-8")
        self.run_program("openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", "owner.pem", code=0)
        self.run_program("openssl", "pkey", "-in", "owner.pem", "-pubout", "-out", "owner.pub", code=0)
        self.sign("trust-order", versions[1], "--key", "owner.pem", "--out", "order.json")
        where = ("--station", self.folder / "station.json", "--tcti", tpm.tcti)
        self.verify("tpm", "provision", "--trust", versions[0], "--trust-owner", "owner.pub", "--insecure-no-auth", *where)
        tpm.stop()
        state, kept = tpm.folder / "state", self.folder / "state"
        shutil.copytree(state, kept)
        apply = ("tpm", "apply", self.folder / "order.json", "--new", versions[1], *where, "--trust", policy)

        def begin():
            tpm.stop()
            shutil.rmtree(state)
            shutil.copytree(kept, state)
            tpm.start()
            shutil.copy(versions[0], policy)

        def after(code):
            found = [policy.read_bytes() == version.read_bytes() for version in versions]
            if not any(found) or (code == 0 and not found[1]):
                return "the policy is neither the old one nor the new one"
            tpm.stop()
            tpm.start()
            again = self.verify(*apply, code=None)
            return None if again.code == 0 and policy.read_bytes() == versions[1].read_bytes() else f"not applied after a restart: {again}"
        self.before = begin
        self.each_fails("tpm apply", 0, "version 2", (VERIFY, *apply), after)


if __name__ == "__main__":
    main()
