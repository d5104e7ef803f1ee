# SPDX-License-Identifier: Apache-2.0
"""Keys as vendors hold them: encrypted files, PKCS#11 (SoftHSM), TPM 2.0 (swtpm); and that no secret
gets out."""
import contextlib
import os
import pathlib
import shutil
import signal
import subprocess
import time
import unittest

from harness import CLEAN_ENVIRONMENT, ROOT_CERT, SANITIZED, SIGN, VERIFY, main, needs_root
from keys_case import PASSPHRASE, PIN, FileKeys, TokenKeys, TpmKeys
from machine import ENGINE, MODULE
from swtpm import Swtpm, wait_for


class Files(FileKeys):
    def test_encrypted(self):
        for option in ("--pin-file", "--passphrase-file", "--passphrase-fd", "--pin-fd"):
            with self.subTest(option):
                path = self.secret(PASSPHRASE)
                if option.endswith("-file"):
                    self.signs("k.pem", "c.pem", option, path)
                else:
                    self.signs("k.pem", "c.pem", option, "0", stdin=path.read_bytes())

    def test_refusals(self):
        self.fails("k.pem", "c.pem", "--pin-file", self.secret("wrong"), code=2, says="is wrong")
        self.fails("k.pem", "c.pem", code=2, says="no terminal")
        self.fails("k.pem", "c.pem", "--pin-file", "missing", code=2, says="PIN or passphrase")
        self.fails("missing.pem", "c.pem", code=2, says="missing.pem")
        self.fails("c.pem", "c.pem", code=2, says="holds no private key")

    def test_a_descriptor_that_nobody_opened_is_not_one_of_the_run(self):
        """Its number is soon that of an archive, or of a pipe between the processes: never read, never waited
        for, never tried at a token."""
        for option in ("--passphrase-fd", "--pin-fd"):
            for number in (0, *range(3, 12)):
                with self.subTest(option, number=number):
                    result = self.fails("k.pem", "c.pem", option, number, code=2, timeout=20,
                                        says="without a descriptor of that number",
                                        before=(lambda: os.close(0)) if number == 0 else None)
                    self.assertIn(f"{number}<FILE", result.err)
        archive = self.small_release()
        for number in range(3, 12):
            result = self.verify("check", archive, "--anchor", ROOT_CERT, "--allow-example-keys", "--record", "r",
                                 "--sign-record", "k.pem", "--record-cert", "c.pem", "--passphrase-fd", number,
                                 code=2, timeout=20)
            self.assertIn("without a descriptor of that number", result.err)

    def test_nothing_of_the_secret_is_visible_while_it_runs(self):
        """Neither the arguments nor the environment hold it; the process cannot be traced by its own
        user, and leaves no core."""
        os.mkfifo(self.folder / "fifo")
        process = subprocess.Popen(
            [SIGN, "pack", self.release(), "--key", "k.pem", "--cert", "c.pem", "--out", "a.tar",
             "--pin-file", "fifo"], cwd=self.folder, env=CLEAN_ENVIRONMENT,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        # Opening the pipe for writing waits until the program has opened it for reading.
        with open(self.folder / "fifo", "w", encoding="ascii") as stream:
            stream.write(PASSPHRASE)
            stream.flush()
            where = pathlib.Path("/proc") / str(process.pid)
            for name in ("cmdline", "environ"):
                self.assertNotIn(PASSPHRASE.encode(), (where / name).read_bytes())
            limits = (where / "limits").read_text("ascii")
            core = next(line.split() for line in limits.splitlines() if "core file" in line)
            self.assertEqual(core[4:6], ["0", "0"])
            # Not dumpable: the files below /proc belong to root, whoever runs the program.
            self.assertEqual((where / "environ").stat().st_uid, 0)
            process.send_signal(signal.SIGQUIT)
            self.assertEqual(process.wait(30), -signal.SIGQUIT)
        time.sleep(0.1)
        self.assertFalse([one for one in os.listdir(self.folder) if "core" in one.lower()])
        self.assertFalse((self.folder / "a.tar").exists())

    @unittest.skipIf(SANITIZED, "the sanitizers keep freed memory")
    @needs_root
    def test_memory_is_cleansed(self):
        """While each program that opens a key prints what it has done, neither passphrase nor private key is
        anywhere in its memory, freed memory too, and nothing of it could be dumped. Only check keeps the key: for
        the records of the files that follow."""
        self.signs("k.pem", "c.pem", "--pin-file", self.secret(PASSPHRASE))
        policy = self.owned_policy()
        key = ["--key", "k.pem", "--cert", "c.pem"]
        runs = [([SIGN, "pack", self.release(), *key, "--out", "m.tar"], "m.tar"),
                ([SIGN, "endorse", "e.tar", *key, "--meaning", "origin"], None),
                ([VERIFY, "check", "a.tar", "--anchor", "c.pem", "--record", "r", "--sign-record", "k.pem",
                  "--record-cert", "c.pem"], "r/RECORD.json.p7s"),
                ([VERIFY, "trust", "sign", policy, *key, "--to", "series"], "series/1.trust.json"),
                ([SIGN, "keygen", "--out", "new"], "new.cert.pem")]
        self.sign("prepare", self.release(), "--out", "e.tar")
        for arguments, made in runs:
            with self.subTest([pathlib.Path(arguments[0]).name, *arguments[1:3]]):
                process = self.blocked_while_printing([*arguments, "--passphrase-fd=0"], made)
                try:
                    memory = self.memory(process.pid)
                except PermissionError:
                    self.skipTest("cannot look into a process here")
                limits = pathlib.Path(f"/proc/{process.pid}/limits").read_text("ascii")
                process.kill()
                process.wait()
                # The same search finds what is there.
                self.assertIn(b"--passphrase-fd", memory)
                self.assertNotIn(PASSPHRASE.encode(), memory)
                for secret in self.private_number("new.key.pem" if made == "new.cert.pem" else "k.pem"):
                    if arguments[1] != "check":
                        self.assertFalse(secret in memory, "a private number is in memory")
                self.assertRegex(limits, r"Max core file size +0 +0 ")

    def private_number(self, key):
        """The private number of a P-256 key, as its PEM holds it and as a little-endian machine computes with it."""
        der = self.run_program("openssl", "ec", "-in", key, "-passin", f"pass:{PASSPHRASE}", "-outform", "DER",
                               code=0).out_bytes
        self.assertEqual(der[5:7], b"\x04\x20")  # RFC 5915: version, then the OCTET STRING
        return der[7:39], der[7:39][::-1]

    def owned_policy(self):
        done = self.run_program("openssl", "x509", "-in", "c.pem", "-noout", "-fingerprint", "-sha256", code=0)
        for more in (["--policy-owner"], ["--vendor", "Works", "--role", "release"]):
            if not (self.folder / "trust.json").exists():
                self.verify("trust", "init", "trust.json", "--name", "Plant 7")
            self.verify("trust", "add-signer", "trust.json", "--signer", "Works", *more, "--anchor", "c.pem",
                        "--fingerprint", done.out.split("=")[1].strip(), "--obtained", "in person", "--keep-version")
        return "trust.json"

    def blocked_while_printing(self, arguments, made):
        """A process that has made its file and waits for somebody to read its output."""
        inner, outer = os.pipe()
        os.set_blocking(outer, False)
        for size in (65536, 1):
            with contextlib.suppress(BlockingIOError):
                while True:
                    os.write(outer, b"x" * size)
        os.set_blocking(outer, True)
        process = subprocess.Popen(
            arguments, cwd=self.folder, env=CLEAN_ENVIRONMENT, stdin=subprocess.PIPE, stdout=outer,
            stderr=subprocess.DEVNULL)
        self.addCleanup(os.close, inner)
        self.addCleanup(os.close, outer)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        process.stdin.write(PASSPHRASE.encode() + b"\n")
        process.stdin.close()
        if made is not None:
            wait_for(lambda: (self.folder / made).exists())
        # Only the write into the full pipe puts it to sleep for long.
        wait_for(lambda: "pipe_write" in pathlib.Path(f"/proc/{process.pid}/wchan").read_text("ascii")
                 or self.sleeps_in_write(process.pid))
        return process

    @staticmethod
    def sleeps_in_write(pid):
        """Where the kernel names no function to sleep in: the system call is write(1, ...)."""
        with contextlib.suppress(OSError):
            return pathlib.Path(f"/proc/{pid}/syscall").read_text("ascii").split()[:2] == ["1", "0x1"]
        return pathlib.Path(f"/proc/{pid}/stat").read_text("ascii").split()[2] == "S"

    @staticmethod
    def memory(pid):
        found = b""
        with open(f"/proc/{pid}/mem", "rb", 0) as stream:
            for line in pathlib.Path(f"/proc/{pid}/maps").read_text("utf-8").splitlines():
                words = line.split()
                low, high = (int(one, 16) for one in words[0].split("-"))
                if not words[1].startswith("rw") or words[-1].startswith("[v"):
                    continue
                with contextlib.suppress(OSError):
                    stream.seek(low)
                    found += stream.read(high - low)
        return found


@unittest.skipUnless(MODULE and shutil.which("softhsm2-util") and shutil.which("pkcs11-tool"),
                     "needs softhsm2 and opensc")
class Pkcs11(TokenKeys):
    def test_each_kind_of_key(self):
        for name in ("p256", "p384", "rsa"):
            with self.subTest(name):
                self.signs(self.uri(name), self.shared / f"{name}.pem", "--pin-file", self.secret(PIN))

    def test_records(self):
        pin = self.secret(PIN)
        self.signs_records(self.uri("p384"), self.shared / "p384.pem", "--pin-file", pin)

    def test_by_id_and_with_pin_source(self):
        path = self.secret(PIN, "a pin")
        source = str(path).replace(" ", "%20")
        for key in (f"pkcs11:token=release;id=%01?module-path={MODULE}&pin-source=file:{source}",
                    self.uri("p256", f"&pin-source={source}")):
            with self.subTest(key):
                self.signs(key, self.shared / "p256.pem")
        self.signs(self.uri("p256"), self.shared / "p256.pem", "--pin-fd", "0", stdin=path.read_bytes())

    def test_refusals(self):
        cert, pin = self.shared / "p256.pem", self.secret(PIN)
        wrong = self.secret("0000", "wrong")
        # The provider does not tell a wrong PIN from a key that is not there; the hint names both.
        code, words = (2, "refuses the PIN") if ENGINE else (3, "does not give")
        self.fails(self.uri("p256"), cert, "--pin-file", wrong, code=code, says=words)
        self.fails(self.uri("nothing"), cert, "--pin-file", pin, code=3, says="does not give")
        self.fails("pkcs11:token=other;object=p256?module-path=" + str(MODULE), cert, "--pin-file", pin,
                   code=3, says="does not give")
        self.fails(self.uri("p256"), cert, code=2, says="no terminal")
        self.fails("pkcs11:token=release;object=p256?module-path=/missing.so", cert, "--pin-file", pin,
                   code=2, says="no PKCS#11 module")
        self.fails("pkcs11:token=release", cert, "--pin-file", pin, code=2, says="which key")
        self.fails(self.uri("p384"), cert, "--pin-file", pin, code=2, says="another key")
        self.fails(self.uri("weak"), self.shared / "weak.pem", "--pin-file", pin, code=2, says="3072")

    def test_a_secret_that_did_not_arrive_is_never_tried(self):
        """Tokens count every try. The spy is SoftHSM's own flag: a wrong PIN leaves "final try" or "low" behind it."""
        cert = self.shared / "p256.pem"
        for name, data, says in (("empty", b"", "is empty"), ("line", b"\n", "is empty"), ("crlf", b"\r\n", "is empty"),
                                 ("mark", b"\xef\xbb\xbf" + PIN.encode() + b"\n", "byte order mark"),
                                 ("utf16", PIN.encode("utf-16"), "")):
            with self.subTest(name):
                (self.folder / name).write_bytes(data)
                for option in (["--pin-file", name], ["--pin-fd", "0"]):
                    result = self.fails(self.uri("p256"), cert, *option, code=2, says=says,
                                        **({"stdin": data} if option[0] == "--pin-fd" else {}))
                    self.assertNotIn("the token refuses", result.err)
        (self.folder / "windows").write_bytes(PIN.encode() + b"\r\n")
        self.signs(self.uri("p256"), cert, "--pin-file", "windows")

    @unittest.skipUnless(ENGINE, "the provider has its own way")
    def test_a_key_that_wants_the_pin_for_each_use(self):
        """PIV slot 9c and many ID cards. The process has no terminal, and would be asked twice on one."""
        self.tool("pkcs11-tool", "--module", MODULE, "--login", "--pin", PIN, "--keypairgen", "--key-type", "EC:prime256v1",
                  "--label", "always", "--id", "21", "--always-auth")
        self.certify("always", "21")
        self.signs(self.uri("always"), self.shared / "always.pem", "--pin-file", self.secret(PIN), before=os.setsid)
        result = self.fails(self.uri("always"), self.shared / "always.pem", "--pin-file", self.secret("0000", "wrong"), code=2,
                            says="refuses the PIN", before=os.setsid)
        self.assertNotIn("Enter", result.err)

    @unittest.skipUnless(ENGINE, "the provider has its own way")
    def test_a_private_object_alone(self):
        """The public half is the certificate's; whether it is the right one shows in the signature."""
        self.tool("pkcs11-tool", "--module", MODULE, "--login", "--pin", PIN, "--keypairgen", "--key-type", "EC:prime256v1",
                  "--label", "alone", "--id", "22")
        self.certify("alone", "22")
        self.tool("pkcs11-tool", "--module", MODULE, "--login", "--pin", PIN, "--delete-object", "--type", "pubkey", "--id", "22")
        pin = self.secret(PIN)
        self.signs(self.uri("alone"), self.shared / "alone.pem", "--pin-file", pin)
        result = self.sign("pack", self.release(), "--key", self.uri("alone"), "--cert", self.shared / "p256.pem", "--pin-file", pin,
                           "--out", "wrong.tar", code=(1, 2, 3))
        self.assertFalse((self.folder / "wrong.tar").exists(), result)
        result = self.sign("keygen", "--key", self.uri("alone"), "--pin-file", pin, "--subject", "CN=x", "--csr", "x.csr", code=2)
        self.assertIn("write the public object into the token", result.err)

    def test_what_is_no_module(self):
        (self.folder / "text.so").write_text("no library\n")
        libc = next(iter(sorted(pathlib.Path("/lib").glob("*/libm.so.6"))))
        for path in (self.folder / "text.so", libc):
            result = self.fails(f"pkcs11:token=release;object=p256?module-path={path}", self.shared / "p256.pem", "--pin-file",
                                self.secret(PIN), code=2, says="no PKCS#11 module")
            self.assertTrue(result.err.startswith("cretula-sign: "), "nobody else writes to standard error")

    def test_two_tokens_of_one_label(self):
        folder = self.folder / "two"
        folder.mkdir()
        (self.folder / "two.conf").write_text(f"directories.tokendir = {folder}\nobjectstore.backend = file\nlog.level = ERROR\n")
        environment = {**self.environment, "SOFTHSM2_CONF": str(self.folder / "two.conf")}
        for _ in range(2):
            subprocess.run(["softhsm2-util", "--init-token", "--free", "--label", "twin", "--so-pin", "99990000", "--pin", PIN],
                           check=True, capture_output=True, env={**CLEAN_ENVIRONMENT, **environment})
        self.environment = environment
        self.fails(f"pkcs11:token=twin;object=k?module-path={MODULE}", self.shared / "p256.pem", "--pin-file", self.secret(PIN), code=3,
                   says="add serial=")

    def test_raw_signature_of_the_token(self):
        """As the guide shows it: the token sees the digest only."""
        cert = self.shared / "p256.pem"
        self.sign("prepare", self.release(), "--out", "a.tar", "--tbs", "t.der", "--cert", cert)
        self.run_program("openssl", "dgst", "-sha256", "-binary", "-out", "t.digest", "t.der", code=0)
        if ENGINE:
            self.tool("openssl", "pkeyutl", "-sign", "-engine", "pkcs11", "-keyform", "engine",
                      "-inkey", f"pkcs11:token=release;object=p256;pin-value={PIN}",
                      "-in", self.folder / "t.digest", "-out", self.folder / "t.sig")
        else:
            self.tool("pkcs11-tool", "--module", MODULE, "--login", "--pin", PIN, "--sign",
                      "--mechanism", "ECDSA", "--id", "01", "--input-file",
                      self.folder / "t.digest", "--output-file", self.folder / "t.sig")
        self.sign("attach", "a.tar", "--raw", "t.sig", "--cert", cert)
        self.check("a.tar", anchor=cert, allow=False)

    def test_a_pin_in_the_uri_is_refused_and_not_repeated(self):
        for key in (self.uri("p256", f"&pin-value={PIN}"),
                    f"pkcs11:token=release;object=p256;pin-value={PIN}",
                    f"pkcs11:token=release;object=p256?pin-value={PIN}",
                    self.uri("p256", f"&x-other={PIN}"), self.uri("p256", f"&pin-source=|echo%20{PIN}")):
            with self.subTest(key.split("?")[0]):
                self.sign("pack", self.release(), "--key", key, "--cert", self.shared / "p256.pem",
                          "--out", "bad.tar", code=2)


@unittest.skipUnless(shutil.which("swtpm") and shutil.which("tpm2_create"), "needs swtpm and tpm2-tools")
class Tpm(TpmKeys):
    def test_persistent_keys(self):
        for kind, handle in (("ecc256", "0x81000011"), ("rsa3072", "0x81000012")):
            with self.subTest(kind):
                self.persistent(kind, handle)
                self.signs(f"handle:{handle}", self.certificate(f"handle:{handle}"))

    def test_persistent_key_with_authorization(self):
        self.persistent("ecc256", "0x81000013", "-p", PIN)
        secret = self.secret(PIN)
        key = "handle:0x81000013?pass"
        cert = self.certificate(key, "-passin", f"file:{secret}")
        self.signs(key, cert, "--pin-file", secret)
        self.fails(key, cert, "--pin-file", self.secret("wrong", "wrong"), code=3, says="could not sign")

    def test_records(self):
        self.persistent("ecc256", "0x81000014", "-p", PIN)
        secret = self.secret(PIN)
        key = "handle:0x81000014?pass"
        self.signs_records(key, self.certificate(key, "-passin", f"file:{secret}"), "--pin-file", secret)

    def test_wrapped_keys(self):
        for arguments in (["-algorithm", "EC", "-pkeyopt", "group:P-256"],
                          ["-algorithm", "RSA", "-pkeyopt", "bits:3072"]):
            with self.subTest(arguments[1]):
                self.openssl("genpkey", *self.PROVIDERS, *arguments, "-out", "k.pem")
                self.assertIn("TSS2 PRIVATE KEY", (self.folder / "k.pem").read_text("ascii"))
                self.signs("k.pem", self.certificate("k.pem"))

    def test_out_of_reach(self):
        self.openssl("genpkey", *self.PROVIDERS, "-algorithm", "EC", "-pkeyopt", "group:P-256",
                     "-out", "k.pem")
        cert = self.certificate("k.pem")
        self.fails("handle:0x81000077", cert, code=3, says="does not give")
        other = Swtpm()
        self.addCleanup(other.remove)
        kept = type(self).environment
        self.addCleanup(setattr, type(self), "environment", kept)
        type(self).environment = {**kept, "TPM2OPENSSL_TCTI": other.tcti}
        self.fails("k.pem", cert, code=3, says="TPM")
        type(self).environment = {**kept, "TPM2OPENSSL_TCTI": "swtpm:path=/nonexistent"}
        self.fails("k.pem", cert, code=3, says="TPM")


if __name__ == "__main__":
    main()
