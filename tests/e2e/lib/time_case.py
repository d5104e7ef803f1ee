# SPDX-License-Identifier: Apache-2.0
"""A works' CA whose signer's certificate ends in 2036, a policy for it, the example timestamp authority (`openssl ts`), and
releases with and without its token: no test depends on today."""
import json
import shutil

from harness import KEYS, VENDOR, Case, noise

LEAF_END = "20360101000000Z"
LATER = "2045-01-01T00:00:00Z"    # the certificate has ended, those of the example authority have not
BEFORE = "2035-06-01T00:00:00Z"   # it has not

CA = """
[ca]
default_ca = it
[it]
database = {folder}/index.txt
new_certs_dir = {folder}
serial = {folder}/serial
crlnumber = {folder}/crlnumber
default_md = sha256
default_startdate = 20200101000000Z
default_enddate = {end}
policy = any
unique_subject = no
[any]
commonName = supplied
[req]
distinguished_name = empty
[empty]
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
[leaf]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, codeSigning
"""

TSA = """
[tsa]
default_tsa = it
[it]
serial = {folder}/tsa-serial
default_policy = 1.2.3.4
digests = sha256, sha384, sha512
signer_digest = sha256
ess_cert_id_alg = {ess}
accuracy = secs:1
ordering = yes
tsa_name = yes
"""


class TimeCase(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        case = cls("make_all")
        case.folder = cls.shared
        case.make_all()

    # the two authorities

    def make_all(self):
        """In cls.shared: ca.cert.pem, signer.cert.pem, and the archives plain.tar and stamped.tar."""
        for name, section, signer in (("ca", "root", "-selfsign"), ("signer", "leaf", None)):
            self.issue(name, section, signer)
        (self.shared / "fw").write_bytes(noise(300, "fw"))
        self.sign("pack", self.description([("fw", {"role": "firmware"})], folder=self.shared), "--key",
                  self.shared / "signer.key.pem", "--cert", self.shared / "signer.cert.pem", "--out",
                  self.shared / "plain.tar")
        shutil.copy(self.shared / "plain.tar", self.shared / "stamped.tar")
        self.stamp(self.shared / "stamped.tar")

    def issue(self, name, section, selfsign):
        folder = self.shared
        config = folder / "ca.cnf"
        if not config.exists():
            config.write_text(CA.format(folder=folder, end=LEAF_END), encoding="ascii")
            (folder / "index.txt").write_text("", encoding="ascii")
            (folder / "serial").write_text("1000\n", encoding="ascii")
            (folder / "crlnumber").write_text("01\n", encoding="ascii")
        self.run_program("openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                         "-noenc", "-config", config, "-subj", f"/CN=Works {name}", "-keyout",
                         folder / f"{name}.key.pem", "-out", folder / f"{name}.csr", code=0)
        end = ["-enddate", "20491231000000Z"] if selfsign else ["-cert", folder / "ca.cert.pem"]
        self.run_program("openssl", "ca", "-batch", "-notext", "-config", config, "-extensions", section,
                         "-in", folder / f"{name}.csr", "-out", folder / f"{name}.cert.pem", "-keyfile",
                         folder / "ca.key.pem", *([selfsign] if selfsign else []), *end, code=0)

    def crl(self, revoked=None, reason=None, update="20350101000000Z", until="20460101000000Z", name="list.crl",
            form="PEM", issuer=None, entry=""):
        """A list of the works' CA, or of another; revoked: YYMMDDHHMMSSZ, of the signer."""
        issuer = issuer or self.shared / "ca"
        index = self.folder / "index.txt"
        index.write_text(entry, encoding="ascii")
        if revoked:
            why = f",{reason}" if reason else ""
            index.write_text(f"R\t360101000000Z\t{revoked}{why}\t1001\tunknown\t/CN=Works signer\n",
                             encoding="ascii")
        config = self.folder / "crl.cnf"
        config.write_text(CA.format(folder=self.folder, end=LEAF_END), encoding="ascii")
        (self.folder / "crlnumber").write_text("01\n", encoding="ascii")
        path = self.folder / name
        self.run_program("openssl", "ca", "-gencrl", "-config", config, "-cert", f"{issuer}.cert.pem",
                         "-keyfile", f"{issuer}.key.pem", "-crl_lastupdate", update, "-crl_nextupdate",
                         until, "-out", path, code=0)
        if form == "DER":
            self.run_program("openssl", "crl", "-in", path, "-outform", "DER", "-out", path, code=0)
        return path

    def answer(self, request, response, ess="sha256", key="tsa", chain=None):
        config = self.folder / "tsa.cnf"
        config.write_text(TSA.format(folder=self.folder, ess=ess), encoding="ascii")
        self.run_program("openssl", "ts", "-reply", "-config", config, "-queryfile", request, "-signer",
                         KEYS / f"{key}.cert.pem", "-inkey", KEYS / f"{key}.key.pem", "-out", response,
                         *(["-chain", chain] if chain else []), code=0)
        return response

    def stamp(self, archive, *arguments):
        request, response = self.folder / "q.tsq", self.folder / "r.tsr"
        self.sign("timestamp", archive, "--request", request, *arguments)
        self.answer(request, response)
        return self.sign("timestamp", archive, "--response", response, "--allow-example-keys")

    def trust(self, name="trust.json", **fields):
        """A policy for the works' CA and the example authority."""
        policy = {"cretula": "trust/1", "name": "Plant", "version": 1, "issued": "2026-01-01T00:00:00Z",
                  "timestampAuthorities": [{"name": "Notary", "pem": (KEYS / "tsa.cert.pem").read_text("ascii")}],
                  "scopes": [{"vendor": VENDOR, "products": ["*"],
                              "signers": [{"name": "Works", "anchor": {
                                  "type": "ca", "pem": (self.shared / "ca.cert.pem").read_text("ascii")}}],
                              "roles": [{"role": "release", "signers": ["Works"]}]}]}
        policy.update(fields)
        path = self.folder / name
        path.write_text(json.dumps({key: value for key, value in policy.items() if value is not None}),
                        encoding="utf-8")
        return path

    def judge(self, name, *arguments, at=BEFORE, code=0, trust=None, **fields):
        """The checks of a run: {id: [result, ...]}, and its record."""
        result = self.verify("check", self.shared / name, "--trust", trust or self.trust(**fields),
                             "--allow-example-keys", "--json", *(["--at", at] if at else []), *arguments, code=code)
        self.record = result.json()
        checks = {}
        for check in self.record["result"]["checks"]:
            checks.setdefault(check["check"], []).append(check)
        return checks

    def fails(self, checks):
        return sorted(name for name, found in checks.items() if any(one["result"] == "FAIL" for one in found))

    def only(self, checks, check, result):
        return [one for one in checks.get(check, []) if one["result"] == result]
