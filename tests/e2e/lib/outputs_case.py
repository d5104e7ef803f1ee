# SPDX-License-Identifier: Apache-2.0
"""Every file that either program writes: one row for each writer, and runs that are stopped where they publish
(tests/tools/interpose.c), so that each race is the same every time."""
import json
import os
import select
import shutil
import signal
import subprocess
import unittest

import harness
from harness import (CLEAN_ENVIRONMENT, INTERPOSE, KEYS, PRODUCT, ROOT_CERT, SANITIZED, SIGN, VENDOR, VERIFY, noise,
                     read_member_list)

ALLOW = "--allow-example-keys"
HALF = 3 << 19 # of the last file of large.tar
UNTIL = "2098-01-01T00:00:00Z"


def key(name):
    return ("--key", KEYS / f"{name}.key.pem", "--cert", KEYS / f"{name}.cert.pem", ALLOW)


class Paused:
    """Runs that wait where they are told to."""

    def begin(self, command, folder, at=None, answer=None, **more):
        environment = {**CLEAN_ENVIRONMENT}
        if at or answer:
            environment["LD_PRELOAD"] = INTERPOSE
        if at:
            self.pauses = getattr(self, "pauses", 0) + 1
            gates = [self.folder / f"{name}-{self.pauses}" for name in ("reached", "go")]
            for gate in gates:
                os.mkfifo(gate)
            reached, self.gate = (os.open(gate, os.O_RDWR | os.O_NONBLOCK) for gate in gates)
            self.addCleanup(os.close, reached)
            self.addCleanup(os.close, self.gate)
            environment.update(CRETULA_PAUSE_AT=at, CRETULA_PAUSE_REACHED=str(gates[0]), CRETULA_PAUSE_GO=str(gates[1]))
        if answer:
            environment["CRETULA_ANSWER"] = answer
        before = more.pop("before", None)

        def usual(): # whoever runs the tests may ignore some
            for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGTERM):
                signal.signal(number, signal.SIG_DFL)
            if before:
                before()
        process = subprocess.Popen([str(one) for one in command], cwd=folder, env=environment, preexec_fn=usual,
                                   stdin=more.pop("stdin", subprocess.PIPE), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   **more)
        if at:
            process.stdin.write(b"secret\n")
            process.stdin.flush()
            while not select.select([reached], [], [], 0.05)[0] or os.read(reached, 1) != b".":
                if process.poll() is not None:
                    self.fail(f"ended before it got there\n{self.end(process)}")
        return process

    def go(self):
        os.write(self.gate, b".")

    def end(self, process):
        out, err = process.communicate(input=b"secret\n" if process.stdin and not process.stdin.closed else None, timeout=120)
        return harness.Result(process.args, process.returncode, out, err)


@unittest.skipIf(SANITIZED, "the sanitizers must be loaded first")
class OutputsCase(Paused, harness.Case):
    """In self.shared: what the writers read. Each test works in a folder of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        case = cls("make_all")
        case.folder = cls.shared
        case.make_all()

    def make_all(self):
        folder = self.folder
        (folder / "fw").write_bytes(noise(4000, "fw"))
        description = self.description([("fw", {"role": "firmware"})], name="a.yaml")
        self.description([("fw", {"role": "firmware"})], name="b.yaml", changes=[{"security": False, "summary": "Another build."}])
        sbom = {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [
            {"bom-ref": "image", "type": "firmware", "name": "image", "version": "1.0.0"}]}
        (folder / "sbom.json").write_text(json.dumps(sbom))
        self.description([("fw", {"role": "firmware"}), ("sbom.json", {"role": "sbom"})], name="c.yaml",
                         sbom=[{"file": "sbom.json", "format": "CycloneDX-1.6",
                                "binds": [{"component": "image", "file": "fw"}]}])
        self.pack(description, "signed.tar")
        for name, size in (("one.bin", 100 << 10), ("two.bin", 3 << 20)):
            harness.write_large(folder / name, size, name) if size > 1 << 20 else (folder / name).write_bytes(noise(size, name))
        self.pack(self.description(["one.bin", "two.bin"], name="large.yaml"), "large.tar")
        self.sign("prepare", description, "--out", folder / "bare.tar")
        for who in ("alice", "bob", "carol", "dora"):
            self.run_program("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc",
                             "-subj", f"/CN={who}", "-days", "30", "-addext", "basicConstraints=critical,CA:FALSE",
                             "-addext", "keyUsage=critical,digitalSignature", "-addext",
                             "extendedKeyUsage=critical,codeSigning", "-keyout", f"{who}.key.pem", "-out",
                             f"{who}.cert.pem", code=0)
            self.run_program("openssl", "cms", "-sign", "-binary", "-cades", "-nosmimecap", "-outform", "DER", "-signer",
                             f"{who}.cert.pem", "-inkey", f"{who}.key.pem", "-in", "bare.tar.MANIFEST.json", "-out",
                             f"{who}.p7s", code=0)
        self.verify("trust", "init", "trust.json", "--name", "Plant 7", "--expires", "2099-01-01T00:00:00Z")
        self.add_signer("trust.json", "--vendor", VENDOR, "--signer", "Vendor", "--role", "release", "--anchor",
                        ROOT_CERT)
        for owner in ("alice", "bob"):
            self.add_signer("trust.json", "--policy-owner", "--signer", owner, "--anchor", f"{owner}.cert.pem")
        shutil.copy(folder / "trust.json", folder / "next.json")
        self.verify("trust", "set", "next.json", "--review-by", "2098-01-01T00:00:00Z", ALLOW)
        for version in ("trust.json", "next.json"):
            self.verify("trust", "sign", version, *self.own("alice"), "--to", "series", ALLOW)
        self.sign("waive", "--check", "release.sequence", "--archive", "signed.tar", "--reason", "spare part",
                  "--approver", "Board", "--control", "isolated", "--until", UNTIL, "--out", "old.waiver", *self.own("alice"))
        profile = {"cretula": "profile/1", "name": "own", "topics": []}
        source = harness.SOURCE / "formats" / "release" / "profiles" / "iec62443-component.json"
        (folder / "profile.json").write_bytes(source.read_bytes() if source.exists() else json.dumps(profile).encode())
        self.sign("pack", description, *self.own("bob"), "--out", "own.tar")
        self.verify("check", "own.tar", "--anchor", "bob.cert.pem", "--product", PRODUCT, "--record", "record", "--sign-record",
                    "alice.key.pem", "--record-cert", "alice.cert.pem")

    def own(self, who):
        return ("--key", self.shared / f"{who}.key.pem", "--cert", self.shared / f"{who}.cert.pem")

    def add_signer(self, policy, *arguments, keep=("--keep-version",), **more):
        anchor = arguments[arguments.index("--anchor") + 1]
        done = self.run_program("openssl", "x509", "-in", anchor, "-noout", "-fingerprint", "-sha256", code=0)
        return self.verify("trust", "add-signer", policy, *arguments, "--fingerprint", done.out.split("=")[1].strip(),
                           "--obtained", "in person", *keep, ALLOW, **more)

    def fingerprint(self, anchor):
        done = self.run_program("openssl", "x509", "-in", anchor, "-noout", "-fingerprint", "-sha256", code=0)
        return done.out.split("=")[1].strip()

    # One row for each writer of files of its own: name, the command for (A, B), the files that it writes. The
    # first file is the one that the option names.
    def writers(self):
        shared = self.shared
        passphrase = ("--passphrase-fd", "0")
        return {
            "pack": (lambda one: [SIGN, "pack", shared / f"{one}.yaml", *key("release"), "--out", "x.tar"], ["x.tar"]),
            "pack, default name": (lambda one: [SIGN, "pack", shared / f"{one}.yaml", *key("release")],
                                   [f"{PRODUCT.replace(' ', '_')}-1.0.0.cretula.tar"]),
            "pack --detached": (lambda one: [SIGN, "pack", shared / f"{one}.yaml", *key("release"), "--detached", "--out",
                                             "x.tar"], ["x.tar"]),
            "prepare": (lambda one: [SIGN, "prepare", shared / f"{one}.yaml", "--out", "x.tar"],
                        ["x.tar", "x.tar.MANIFEST.json"]),
            "prepare FILE": (lambda one: [SIGN, "prepare", shared / "signed.tar", "--out", "m.json"], ["m.json"]),
            "prepare --tbs": (lambda one: [SIGN, "prepare", shared / "signed.tar", "--tbs", "m.der", *self.own("alice")[2:]],
                              ["m.der"]),
            "adopt": (lambda one: [SIGN, "adopt", shared / ("fw" if one == "a" else "a.yaml"), "--vendor", "V", "--product",
                                   "P", "--release", "1", "--sequence", "1", "--name", "x", "--source", "s", "--medium",
                                   "download", "--out", "x.tar", *self.own("alice")], ["x.tar"]),
            "keygen": (lambda one: [SIGN, "keygen", "--out", "k", *passphrase], ["k.key.pem", "k.cert.pem"]),
            "waive": (lambda one: [SIGN, "waive", "--check", "release.sequence", "--archive", shared / "signed.tar",
                                   "--reason", one, "--approver", "Board", "--control", "isolated", "--until", UNTIL, "--out",
                                   "w.json", *self.own("alice")], ["w.json"]),
            "trust-order": (lambda one: [SIGN, "trust-order", shared / "trust.json", "--index", "0x01500010", "--out", "o.json",
                                         "--key", shared / f"{'alice' if one == 'a' else 'bob'}.key.pem", ALLOW], ["o.json"]),
            "timestamp --request": (lambda one: [SIGN, "timestamp", shared / "signed.tar", "--request", "q.tsq"], ["q.tsq"]),
            "sbom complete": (lambda one: [SIGN, "sbom", "complete", shared / "c.yaml", "--out", "s.json"], ["s.json"]),
            "check --record": (lambda one: [VERIFY, "check", shared / "signed.tar", "--anchor", ROOT_CERT, ALLOW, "--record",
                                            "r", "--sign-record", shared / "alice.key.pem", "--record-cert",
                                            shared / "alice.cert.pem"], ["r/RECORD.json"]),
            "extract": (lambda one: [VERIFY, "extract", shared / "signed.tar", "--anchor", ROOT_CERT, ALLOW, "--to", "d"],
                        ["d"]),
            "record export": (lambda one: [VERIFY, "record", "export", shared / "record" / "RECORD.json", "--vsa", "--key",
                                           shared / "alice.key.pem", "--anchor", shared / "alice.cert.pem", "--out", "v.json"], ["v.json"]),
            "trust init": (lambda one: [VERIFY, "trust", "init", "t.json", "--name", one], ["t.json"]),
        }

    # Verbs that read a file, change it, and write it back: how it is made, two changes, and what shows both.
    def amenders(self):
        shared = self.shared
        return {
            "endorse": ("signed.tar", lambda who: [SIGN, "endorse", "f", *self.own(who)], self.signature_count, 3),
            "attach": ("bare.tar", lambda who: [SIGN, "attach", "f", shared / f"{who}.p7s"], self.signature_count, 2),
            "trust set": ("trust.json", lambda who: [VERIFY, "trust", "set", "f", ALLOW, *(
                ["--name", "Plant 8"] if who == "alice" else ["--review-by", "2090-01-01T00:00:00Z"])], self.both_set, True),
            "trust add-signer": ("trust.json", lambda who: [
                VERIFY, "trust", "add-signer", "f", "--policy-owner", "--signer", {"alice": "carol", "bob": "dora"}[who],
                "--anchor", shared / f"{ {'alice': 'carol', 'bob': 'dora'}[who]}.cert.pem", "--fingerprint",
                self.fingerprint(shared / f"{ {'alice': 'carol', 'bob': 'dora'}[who]}.cert.pem"), "--obtained", "x", ALLOW],
                self.owner_count, 4),
            "trust update": ("trust.json", lambda who: [VERIFY, "trust", "update", shared / "series", "--trust", "f", ALLOW],
                             lambda path: json.loads(path.read_text())["version"], 2),
        }

    @staticmethod
    def signature_count(path):
        return len([one for one in read_member_list(path) if one.name.startswith("SIGNATURES/")])

    @staticmethod
    def both_set(path):
        policy = json.loads(path.read_text())
        return policy["name"] == "Plant 8" and policy.get("reviewBy") == "2090-01-01T00:00:00Z" and policy["version"] == 3

    @staticmethod
    def owner_count(path):
        return len(json.loads(path.read_text())["owners"]["signers"])

    def run_in(self, command, folder, code=None, answer=None):
        result = self.end(self.begin(command, folder, answer=answer))
        if code is not None:
            self.assertIn(result.code, code if isinstance(code, tuple) else (code,), result)
        return result

    def place(self, name):
        folder = self.folder / "".join(one if one.isalnum() else "-" for one in name)
        folder.mkdir()
        return folder

    def only(self, folder, names):
        """No stray file, and every one that belongs there."""
        found = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir())
        self.assertFalse([name for name in found if "/." in "/" + name], found)
        for name in names:
            self.assertTrue((folder / name).exists(), (name, found))
