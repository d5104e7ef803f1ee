# SPDX-License-Identifier: Apache-2.0
"""Years to come: programs under another clock, and a timestamp authority of each year."""
import shutil
import time

from harness import FAKETIME, VERIFY
from record_case import RecordCase

TS = """[tsa]
default_tsa = t
[t]
serial = serial
default_policy = 1.3.6.1.4.1.32473.1
digests = sha256, sha384, sha512
signer_digest = {digest}
ess_cert_id_alg = sha256
crypto_device = builtin
"""
YEAR = 31557600


class ClockCase(RecordCase):
    def clock(self, years):
        return [*FAKETIME, "-f", time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(self.start + 86400 + years * YEAR))]

    def at(self, years, *arguments, code=0):
        return self.run_program(*self.clock(years), VERIFY, *arguments, code=code)

    def authority(self, years, name="tsa", last=5, key=None):
        """A certificate for time stamping that begins in that year and lasts five."""
        root = self.folder / "clock-root"
        if not root.with_suffix(".pem").exists():
            self.run_program(*self.clock(-0.2), "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-subj",
                             "/O=clock/CN=clock root", "-days", "14600", "-addext", "keyUsage=critical,keyCertSign,cRLSign",
                             "-keyout", f"{root}.key", "-out", f"{root}.pem", code=0)
            (self.folder / "ext").write_text("basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n"
                                             "extendedKeyUsage=critical,timeStamping\n")
            (self.folder / "serial").write_text("1267\n")
        prefix = self.folder / f"{name}{years}"
        if not key and prefix.with_suffix(".pem").exists():
            return prefix
        if key:
            shutil.copy(key, f"{prefix}.key")
        else:
            self.run_program("openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", f"{prefix}.key", code=0)
        self.run_program("openssl", "req", "-new", "-key", f"{prefix}.key", "-subj", f"/O=clock/CN=clock of year {years}", "-out",
                         f"{prefix}.csr", code=0)
        self.run_program(*self.clock(years - 0.1), "openssl", "x509", "-req", "-in", f"{prefix}.csr", "-CA", f"{root}.pem", "-CAkey",
                         f"{root}.key", "-CAcreateserial", "-days", str(365 * last + 60), "-extfile", "ext", "-out", f"{prefix}.pem", code=0)
        return prefix

    def crl(self, prefix, name, revoked, since):
        """The list of a root, by openssl ca, that revokes one certificate."""
        serial = self.run_program("openssl", "x509", "-in", revoked, "-noout", "-serial", code=0).out.strip().split("=")[1]
        (self.folder / "index").write_text(f"R\t451201000000Z\t{since}\t{serial}\tunknown\t/CN=x\n")
        (self.folder / "index.attr").write_text("unique_subject = no\n")
        (self.folder / "number").write_text("01\n")
        (self.folder / "ca.cnf").write_text(f"[ca]\ndefault_ca=a\n[a]\ndatabase={self.folder}/index\ndefault_md=sha256\ncrl_extensions=x\n"
                                            f"crlnumber={self.folder}/number\n[x]\nauthorityKeyIdentifier=keyid\n")
        self.run_program("openssl", "ca", "-config", "ca.cnf", "-gencrl", "-keyfile", f"{prefix}.key", "-cert", f"{prefix}.pem",
                         "-crl_lastupdate", time.strftime("%Y%m%d%H%M%SZ", time.gmtime(self.start)), "-crl_nextupdate", "20480101000000Z",
                         "-out", name, code=0)
        return self.folder / name

    def answer(self, years, request, digest="sha256", token=False, key=None):
        prefix = self.authority(years, key=key)
        (self.folder / "ts.cnf").write_text(TS.format(digest=digest))
        reply = self.folder / "answer.tsr"
        self.run_program(*self.clock(years), "openssl", "ts", "-reply", "-config", "ts.cnf", "-queryfile", request, "-signer",
                         f"{prefix}.pem", "-inkey", f"{prefix}.key", *(["-token_out"] if token else []), "-out", reply, code=0)
        return reply

    def exchange(self, years, *arguments, digest="sha256", also=()):
        request = self.folder / "request.tsq"
        said = self.at(years, *arguments, "--request", request)
        reply = self.answer(years, request, digest)
        return said, self.at(years, *arguments, *also, "--response", reply, "--authority", self.folder / "clock-root.pem")
