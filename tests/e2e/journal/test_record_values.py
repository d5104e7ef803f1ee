# SPDX-License-Identifier: Apache-2.0
"""What stands in a record comes from certificates, lists, names and arguments of others: whatever they
hold, the record is one that `record show` and `record verify` take, and people can read it."""
import json
import os
import shutil

from harness import Case, main, noise

CONFIG = """[ca]
default_ca = one
[one]
database = {folder}/index
serial = {folder}/serial
new_certs_dir = {folder}
default_md = sha256
policy = any
unique_subject = no
crlnumber = {folder}/crlnumber
crl_extensions = list
[list]
authorityKeyIdentifier = keyid
[any]
commonName = optional
[leaf]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = codeSigning
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
{more}
"""
NAME = "subjectAltName = critical,DNS:signer.example.org"
# Dates of real certificates: before Unix, around the ends of what was taken once, RFC 5280's "no end".
DATES = (("19500101000000Z", "99991231235959Z", "no end"),
         ("19691231235959Z", "29991231235959Z", "2999-12-31T23:59:59Z"),
         ("19700101000000Z", "30000101000000Z", "3000-01-01T00:00:00Z"),
         ("19991231235959Z", "99991231235958Z", "9999-12-31T23:59:58Z"))


class Values(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        made = cls("made")
        made.folder = cls.shared
        cls.root = cls.shared / "root"
        made.run_program("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                         "ec_paramgen_curve:P-256", "-noenc", "-subj", "/CN=works root", "-days",
                         "3650", "-addext", "keyUsage=critical,keyCertSign,cRLSign", "-keyout",
                         f"{cls.root}.key.pem", "-out", f"{cls.root}.cert.pem", code=0)
        (cls.shared / "index").touch()
        for name in ("serial", "crlnumber"):
            (cls.shared / name).write_text("1000\n")

    def made(self):
        """Only so that setUpClass has an instance whose methods run programs."""

    def config(self, more=""):
        path = self.folder / "ca.cnf"
        path.write_text(CONFIG.format(folder=self.shared, more=more))
        return path

    def leaf(self, name, subject="/CN=signer", dates=DATES[0][:2], more=""):
        """A signer below the root; its path without endings."""
        prefix = self.folder / name
        self.run_program("openssl", "req", "-new", "-newkey", "ec", "-pkeyopt",
                         "ec_paramgen_curve:P-256", "-noenc", "-subj", subject, "-keyout",
                         f"{prefix}.key.pem", "-out", f"{prefix}.csr", code=0)
        self.run_program("openssl", "ca", "-batch", "-notext", "-config", self.config(more), "-cert",
                         f"{self.root}.cert.pem", "-keyfile", f"{self.root}.key.pem", "-extensions",
                         "leaf", "-startdate", dates[0], "-enddate", dates[1], "-in",
                         f"{prefix}.csr", "-out", f"{prefix}.cert.pem", code=0)
        return prefix

    def list(self, dates):
        path = self.folder / "list.crl"
        self.run_program("openssl", "ca", "-gencrl", "-config", self.config(), "-cert",
                         f"{self.root}.cert.pem", "-keyfile", f"{self.root}.key.pem",
                         "-crl_lastupdate", dates[0], "-crl_nextupdate", dates[1], "-out", path,
                         code=0)
        return path

    def release(self, signer, name="release.tar"):
        (self.folder / "firmware.bin").write_bytes(noise(700, "firmware"))
        self.packed = self.sign("pack", self.description(["firmware.bin"]), "--key",
                                f"{signer}.key.pem", "--cert", f"{signer}.cert.pem", "--out",
                                self.folder / name, "--force")
        return self.folder / name

    def taken(self, archive, signer, *arguments, code=0):
        """A run with all that it can leave; everything of it is read again."""
        record, journal = self.folder / "record", self.folder / "journal"
        shutil.rmtree(record, ignore_errors=True)
        result = self.verify("check", archive, "--anchor", f"{self.root}.cert.pem", "--record",
                             record, "--journal", journal, "--sign-record", f"{signer}.key.pem",
                             "--record-cert", f"{signer}.cert.pem", *arguments, code=code)
        trust = ("--anchor", f"{self.root}.cert.pem", "--journal", journal)
        for path in (record / "RECORD.json", *(journal / "records").glob("*.json")):
            self.assertNotIn("invalid", self.verify("record", "show", path).out)
            self.verify("record", "verify", path, *trust)
        self.verify("journal", "verify", journal)
        self.assertNotIn("invalid", result.out + self.packed.out)
        return result, json.loads((record / "RECORD.json").read_text())

    def test_dates(self):
        for begin, end, words in DATES:
            with self.subTest(begin=begin, end=end):
                signer = self.leaf(f"signer-{end}", dates=(begin, end))
                archive = self.release(signer)
                crl = self.list((begin, end))
                result, record = self.taken(archive, signer, "--crl", crl)
                self.assertIn(words, result.out)
                self.assertIn(words, self.packed.out)
                certificate = record["how"]["signatures"][0]["certificate"]
                lists = record["how"]["policy"]["revocationLists"]
                for said in (certificate["notAfter"], lists[0]["nextUpdate"]):
                    self.assertEqual(said.translate({45: None, 58: None, 84: None}), end)
                for said in (certificate["notBefore"], lists[0]["thisUpdate"]):
                    self.assertEqual(said.translate({45: None, 58: None, 84: None}), begin)
                printed = self.verify("check", archive, "--anchor", f"{self.root}.cert.pem", "--crl",
                                      crl, "--json").json()
                self.assertEqual(printed["how"]["signatures"][0]["certificate"], certificate)

    def test_a_policy_with_a_certificate_without_an_end(self):
        signer = self.leaf("pinned")
        trust = self.folder / "trust.json"
        fingerprint = self.run_program("openssl", "x509", "-in", f"{signer}.cert.pem", "-noout",
                                       "-fingerprint", "-sha256", code=0).out
        self.verify("trust", "init", trust, "--name", "Site")
        self.verify("trust", "add-signer", trust, "--signer", "vendor", "--role", "release",
                    "--vendor", "Example Automation GmbH", "--anchor", f"{signer}.cert.pem",
                    "--fingerprint", fingerprint.split("=")[1].strip().replace(":", "").lower(),
                    "--obtained", "by hand")
        self.assertIn("no end", self.verify("trust", "show", trust, "--verbose").out)

    def test_an_empty_subject(self):
        signer = self.leaf("nameless", subject="/", more=NAME)
        result, record = self.taken(self.release(signer), signer)
        self.assertIn("(empty name)", result.out)
        self.assertEqual(record["how"]["signatures"][0]["certificate"]["subject"], "(empty name)")
        out = self.verify("record", "verify", self.folder / "record" / "RECORD.json", "--anchor",
                          f"{self.root}.cert.pem", "--json").json()
        self.assertEqual(out["signedBy"], "(empty name)")

    def test_names_and_arguments(self):
        signer = self.leaf("signer", dates=("20200101000000Z", "20450101000000Z"))
        archive = self.release(signer)
        for name in (b" ", b"  \t ", b"\xff\xfe.tar", b"a\nb.tar", "\u202e.tar".encode(), b"n" * 250):
            with self.subTest(name):
                path = os.fsencode(self.folder) + b"/" + name
                shutil.copyfile(archive, path)
                record = self.folder / "there"
                shutil.rmtree(record, ignore_errors=True)
                # Started in the folder, so that the name is the whole name.
                run = self.verify("check", "--anchor", f"{self.root}.cert.pem", "--record", record,
                                  "--", os.fsdecode(name))
                self.assertIn("ACCEPTED", run.out)
                self.verify("record", "show", record / "RECORD.json")
        for value in (" ", "\t", "x" * 40_000, "\u00e4" * 20_000, "\x1b[31m", "\u202e"):
            with self.subTest(value[:5]):
                self.taken(archive, signer, "--acquired", value, "--name", value, "--asset", value,
                           "--change-id", value)

    def test_a_record_that_lacks_what_it_should_say_is_not_taken(self):
        """The reader is no rubber stamp: dates that are none are refused."""
        signer = self.leaf("signer")
        self.taken(self.release(signer), signer)
        path = self.folder / "record" / "RECORD.json"
        good = path.read_text()
        for wrong in ("invalid", "9999-13-31T23:59:59Z", "10000-01-01T00:00:00Z", "1950-02-29T00:00:00Z",
                      "9999-12-31T23:59:59", ""):
            with self.subTest(wrong):
                path.write_text(good.replace("9999-12-31T23:59:59Z", wrong))
                self.verify("record", "show", path, code=1)


if __name__ == "__main__":
    main()
