# SPDX-License-Identifier: Apache-2.0
"""The life of a trust policy: written, signed by its owners, carried to stations, and taken there."""
import json
import shutil
import unittest

import harness
from harness import FAKETIME, KEYS, PRODUCT, ROOT_CERT, SANITIZED, VENDOR, VERIFY, tree
from policy_case import EXAMPLE, Owned


def version_of(path):
    return json.loads(path.read_text("utf-8"))["version"]


class Rotation(Owned):
    def drawer(self):
        """Versions 1 to 10: owners come and go, each version but the last ends soon."""
        draft = self.new_policy("alice", "bob", "carol")
        installed = self.install(draft)
        steps = [(["--expires", "2026-12-24T00:00:00Z"], (), ()), ([], ("dora",), ()), ([], (), ("alice",)),
                 (["--owners-threshold", "3"], (), ()), (["--post-quantum", "off"], ("eve",), ()),
                 (["--severity", "lifecycle.support=fail"], (), ("bob",)), (["--owners-threshold", "2"], (), ()),
                 (["--minimum-sequence", f"{PRODUCT}=7", "--algorithm", "ecdsa-p256-sha256"], (), ()),
                 (["--expires", "2099-01-01T00:00:00Z"], (), ())]
        owners = ["alice", "bob", "carol"]
        self.sign_version(draft, "alice", "bob")
        for changes, come, go in steps:
            before = list(owners)
            self.set(draft, "--review-by", "none")  # the one that raises the version
            if changes:
                self.set(draft, *changes, "--keep-version")
            for name in come:
                self.add_owner(draft, name)
                owners.append(name)
            for name in go:
                self.verify("trust", "remove-signer", draft, "--policy-owner", "--signer", name, "--keep-version",
                            EXAMPLE)
                owners.remove(name)
            self.sign_version(draft, *dict.fromkeys(before + owners))
            self.assertIn("complete", self.last.out)
        self.assertEqual(version_of(draft), 10)
        return installed

    @unittest.skipIf(SANITIZED, "faketime preloads a library, which the sanitizers do not like")
    def test_twelve_years_in_a_drawer(self):
        """1 walks to 10 at a time when all certificates and all other versions have ended; each disorder is refused,
        and nothing has changed then."""
        installed = self.drawer()
        one = installed.read_bytes()
        series = self.folder / "series"
        later = "+12y"
        result = self.update("--trust", installed, "--dry-run", clock=later)
        self.assertIn("would go from version 1 -> 10", result.out)
        self.assertEqual(installed.read_bytes(), one)
        result = self.update("--trust", installed, clock=later)
        self.assertEqual(installed.read_bytes(), (series / "10.trust.json").read_bytes())
        for words in ("version 2   signed by", "went from version 1 -> 10", "removed     owners.signers[alice]",
                      "added       owners.signers[eve]", "severities",
                      "minimumSequence", "algorithms[ecdsa-p256-sha256]"):
            self.assertIn(words, result.out)
        # Again: nothing newer. From 10 a folder that ends with 9 is a step back.
        self.assertIn("nothing newer", self.update("--trust", installed, clock=later).out)
        ten = installed.read_bytes()
        shutil.copytree(series, self.folder / "older")
        for path in (self.folder / "older").glob("10.*"):
            path.unlink()
        result = self.update("--trust", installed, folder="older", code=1, clock=later)
        self.assertIn("older than the installed policy", result.err)
        self.assertEqual(installed.read_bytes(), ten)

        carol = next(path.name for path in series.glob("7.*.p7s")
                     if path.name[2:18] == self.key_digest("carol"))
        disorders = {
            "a gap": lambda folder: (folder / "6.trust.json").unlink(),
            "a threshold that is not met": lambda folder: (folder / carol).unlink(),
            "a replayed older version": lambda folder: shutil.copy(folder / "3.trust.json", folder / "6.trust.json"),
            "an extra byte in a policy": lambda folder: append(folder / "6.trust.json", b"\n"),
            "an extra byte in a signature": lambda folder: append(folder / carol, b"\0"),
            "a file too many": lambda folder: (folder / "README.txt").write_text("hello"),
            "a link": lambda folder: (folder / "11.trust.json").symlink_to("10.trust.json"),
        }
        for why, disturb in disorders.items():
            with self.subTest(why):
                folder = self.folder / "disturbed"
                shutil.copytree(series, folder)
                disturb(folder)
                installed.write_bytes(one)
                before = tree(folder)
                result = self.update("--trust", installed, folder="disturbed", code=(1, 3) if why == "a link" else 1,
                                     clock=later)
                self.assertEqual(installed.read_bytes(), one)
                self.assertEqual(tree(folder), before)
                self.assertNotIn("went from", result.out)
                shutil.rmtree(folder)

    def test_owners_sign_one_after_the_other(self):
        draft = self.new_policy("alice", "bob", "carol")
        installed = self.install(draft)
        self.sign_version(draft, "alice")
        self.set(draft, "--expires", "2098-01-01T00:00:00Z")
        self.assertIn("not complete", self.sign_version(draft, "alice").out)
        result = self.update("--trust", installed, code=1)
        self.assertIn("too few owners signed", result.err)
        self.assertIn("1 and 1", result.err)
        self.assertIn("complete    stations", self.sign_version(draft, "carol").out)
        report = self.update("--trust", installed, "--json").json()
        self.assertEqual((report["from"], report["to"], report["installed"]), (1, 2, True))
        self.assertEqual([(step["ownersBefore"], step["ownersOwn"]) for step in report["steps"]], [(2, 2)])
        self.assertEqual(report["changes"], [{"path": "expires", "before": "2099-01-01T00:00:00Z",
                                              "after": "2098-01-01T00:00:00Z"}])
        self.assertEqual(installed.read_bytes(), draft.read_bytes())

    def test_a_link_is_not_replaced(self):
        """Whoever reads what the link leads to would keep the old policy without a word."""
        draft = self.new_policy("alice", "bob")
        installed = self.install(draft)
        self.sign_version(draft, "alice")
        self.set(draft, "--expires", "2098-01-01T00:00:00Z")
        for name in ("alice", "bob"):
            self.sign_version(draft, name)
        link = self.folder / "link.json"
        link.symlink_to(installed)
        before = installed.read_bytes()
        self.assertIn("symbolic link", self.update("--trust", link, code=2).err)
        self.assertIn("symbolic link", self.verify("trust", "set", link, "--expires", "2097-01-01T00:00:00Z",
                                                     "--allow-example-keys", code=2).err)
        self.assertTrue(link.is_symlink())
        self.assertEqual(installed.read_bytes(), before)
        self.update("--trust", installed)

    def test_a_folder_without_versions_is_not_an_old_one(self):
        installed = self.install(self.new_policy("alice", "bob"))
        (self.folder / "empty").mkdir()
        result = self.verify("trust", "update", self.folder / "empty", "--trust", installed, "--allow-example-keys",
                             code=1)
        self.assertIn("is this the right folder", result.err)

    def test_stock_openssl_checks_and_makes_what_an_owner_signs(self):
        draft = self.new_policy("alice", "bob")
        installed = self.install(draft)
        self.sign_version(draft, "alice")
        self.set(draft, "--expires", "2098-01-01T00:00:00Z")
        self.sign_version(draft, "alice")
        series = self.folder / "series"
        name = series / f"2.{self.key_digest('alice')}.p7s"
        self.run_program("openssl", "cms", "-verify", "-binary", "-cades", "-inform", "DER", "-in", name, "-content",
                         series / "2.trust.json", "-CAfile", self.cert("alice"), "-purpose", "any", "-out", "/dev/null",
                         code=0)
        self.run_program("openssl", "cms", "-sign", "-binary", "-cades", "-nosmimecap", "-md", "sha256", "-in",
                         series / "2.trust.json", "-signer", self.cert("bob"), "-inkey", self.shared / "bob.key.pem",
                         "-outform", "DER", "-out", series / f"2.{self.key_digest('bob')}.p7s", code=0)
        self.update("--trust", installed)
        self.assertEqual(version_of(installed), 2)

    def test_who_may_sign(self):
        draft = self.new_policy("alice", "bob")
        result = self.sign_version(draft, "eve", code=2)
        self.assertIn("no owner of this version", result.err)
        self.assertFalse((self.folder / "series").exists())
        self.sign_version(draft, "alice")
        # Another file with the same version is another history.
        other = self.folder / "other.json"
        shutil.copy(draft, other)
        self.set(other, "--expires", "2097-01-01T00:00:00Z", "--keep-version")
        before = tree(self.folder / "series")
        self.assertIn("same version", self.sign_version(other, "bob", code=2).err)
        self.assertEqual(tree(self.folder / "series"), before)
        # Bob leaves with version 2, and still has to agree.
        self.verify("trust", "remove-signer", draft, "--policy-owner", "--signer", "bob", "--threshold", "1", EXAMPLE)
        self.assertIn("owner of the version before", self.sign_version(draft, "bob").out)
        # A version without owners leads nowhere.
        bare = self.new_policy(name="Nobody's")
        self.assertIn("names no owners", self.sign_version(bare, "alice", code=2).err)

    def test_another_policy_of_the_same_owners(self):
        installed = self.install(self.new_policy("alice", "bob"))
        other = self.new_policy("alice", "bob", name="Plant 8")
        self.set(other, "--expires", "2098-01-01T00:00:00Z")
        self.sign_version(other, "alice", "bob")
        self.assertIn("another policy", self.update("--trust", installed, code=1).err)

    def test_an_owner_with_a_passphrase_and_a_pinned_key(self):
        self.sign("keygen", "--out", self.folder / "fay", "--subject", "CN=fay", "--passphrase-fd", "0",
                  stdin=b"correct horse\n")
        draft = self.new_policy("alice")
        public = self.run_program("openssl", "x509", "-in", self.folder / "fay.cert.pem", "-noout", "-pubkey",
                                  code=0).out_bytes
        der = self.run_program("openssl", "pkey", "-pubin", "-outform", "DER", stdin=public, code=0).out_bytes
        adding = ("trust", "add-signer", draft, "--policy-owner", "--signer", "fay", "--anchor",
                  self.folder / "fay.cert.pem", "--pin-key", "--obtained", "in person", "--threshold", "2",
                  "--keep-version", EXAMPLE)
        self.verify(*adding, "--fingerprint", "00" * 32, code=1)
        self.verify(*adding, "--fingerprint", harness.sha256(der))
        installed = self.install(draft)
        self.sign_version(draft, "alice")
        self.set(draft, "--expires", "2098-01-01T00:00:00Z")
        self.sign_version(draft, "alice")
        # A new certificate of the same key: the pin is of the key.
        self.run_program("openssl", "req", "-x509", "-key", self.folder / "fay.key.pem", "-passin", "pass:correct horse",
                         "-subj", "/CN=Fay Miller", "-addext", "keyUsage=critical,digitalSignature", "-addext",
                         "extendedKeyUsage=critical,codeSigning", "-addext", "basicConstraints=critical,CA:FALSE",
                         "-days", "9", "-out", self.folder / "fay2.cert.pem", code=0)
        signing = ("trust", "sign", draft, "--key", self.folder / "fay.key.pem", "--cert", self.folder / "fay2.cert.pem",
                   "--to", self.folder / "series", EXAMPLE)
        self.verify(*signing, code=2)
        self.verify(*signing, "--passphrase-fd", "0", stdin=b"wrong\n", code=2)
        self.verify(*signing, "--passphrase-fd", "0", stdin=b"correct horse\n")
        self.update("--trust", installed)
        self.assertEqual(version_of(installed), 2)

    def test_where_a_site_says_what_is_installed(self):
        draft = self.new_policy("alice", "bob")
        installed = self.install(draft)
        installed.chmod(0o644)
        self.set(draft, "--expires", "2098-01-01T00:00:00Z")
        self.sign_version(draft, "alice", "bob")

        def update(site, *arguments, code=0):
            path = self.folder / "verify.json"
            path.write_text(json.dumps({"cretula": "site/1", **site}), encoding="utf-8")
            path.chmod(0o644)
            return self.verify("trust", "update", self.folder / "series", "--config", path, *arguments, code=code)
        # A site takes no example keys, whatever is asked.
        self.assertIn("--allow-example-keys", update({"trust": str(installed)}, EXAMPLE, code=2).err)
        self.assertIn("must never be trusted", update({"trust": str(installed)}, code=(1, 2)).err)
        self.assertIn("tpm apply", update({"trust": str(installed), "tpm": True, "station": "/none/station.json"},
                                          code=2).err)
        self.assertIn("--trust", update({}, code=2).err)
        self.assertIn("--trust", update({"trust": str(installed)}, "--trust", draft, code=2).err)
        self.assertEqual(version_of(installed), 1)


def append(path, data):
    with open(path, "ab") as stream:
        stream.write(data)


class Fields(Owned):
    """trust set, remove-signer, show, lint."""

    def test_every_field(self):
        path = self.new_policy("alice", "bob")
        self.authority(KEYS / "root", "-gencrl", "-out", self.folder / "list.pem")
        scope = lambda policy: policy["scopes"][0]
        rows = [
            (["--name", "Plant 9"], lambda p: p["name"], "Plant 9"),
            (["--review-by", "2030-01-01T00:00:00Z"], lambda p: p["reviewBy"], "2030-01-01T00:00:00Z"),
            (["--review-by", "none"], lambda p: p.get("reviewBy"), None),
            (["--expires", "2090-01-01T00:00:00Z"], lambda p: p["expires"], "2090-01-01T00:00:00Z"),
            (["--severity", "sbom.bsi=fail", "--severity", "sbom.ntia=ignore"], lambda p: p["severities"],
             {"sbom.bsi": "fail", "sbom.ntia": "ignore"}),
            (["--severity", "sbom.bsi=default"], lambda p: p["severities"], {"sbom.ntia": "ignore"}),
            (["--severity", "sbom.ntia=default"], lambda p: p.get("severities"), None),
            (["--algorithm", "ecdsa-p256-sha256", "--algorithm", "rsa-3072-pss-sha256"], lambda p: p["algorithms"],
             ["ecdsa-p256-sha256", "rsa-3072-pss-sha256"]),
            (["--algorithm", "ecdsa-p384-sha384"], lambda p: p["algorithms"], ["ecdsa-p384-sha384"]),
            (["--algorithm", "all"], lambda p: p.get("algorithms"), None),
            (["--threshold", "release=1"], lambda p: scope(p)["roles"][0]["threshold"], 1),
            (["--owners-threshold", "1"], lambda p: p["owners"]["threshold"], 1),
            (["--revocation", "require"], lambda p: p["revocation"], "require"),
            (["--timestamp", "off"], lambda p: p["timestamp"], "off"),
            (["--post-quantum", "prefer"], lambda p: p["postQuantum"], "prefer"),
            (["--crl-max-age", "30"], lambda p: p["crlMaxAgeDays"], 30),
            (["--crl-max-age", "none"], lambda p: p.get("crlMaxAgeDays"), None),
            (["--crl", "list.pem"], lambda p: len(p["crls"]), 1),
            (["--crl", "none"], lambda p: p.get("crls"), None),
            (["--timestamp-authority", f"TSA={KEYS / 'tsa.cert.pem'}"], lambda p: p["timestampAuthorities"][0]["name"],
             "TSA"),
            (["--timestamp-authority", "none"], lambda p: p.get("timestampAuthorities"), None),
            (["--intermediate", KEYS / "root.cert.pem"], lambda p: len(p["intermediates"]), 1),
            (["--intermediate", "none"], lambda p: p.get("intermediates"), None),
        ]
        for number, (arguments, get, expected) in enumerate(rows, 2):
            with self.subTest(arguments=arguments):
                self.assertIn(f"version {number}", self.set(path, *arguments).out)
                policy = json.loads(path.read_text("utf-8"))
                self.assertEqual(get(policy), expected)
                self.assertEqual(policy["version"], number)

    def test_floors_belong_to_a_scope(self):
        path = self.new_policy()
        self.set(path, "--minimum-sequence", f"{PRODUCT}=7")
        self.set(path, "--minimum-sequence", f"{PRODUCT}=9", "--vendor", VENDOR)
        floors = json.loads(path.read_text("utf-8"))["scopes"][0]["minimumSequence"]
        self.assertEqual(floors, [{"product": PRODUCT, "sequence": 9}])
        archive = self.small_release()
        self.assertIn("release.sequence", self.verify("check", archive, "--trust", path, EXAMPLE, code=1).out)
        self.set(path, "--minimum-sequence", f"{PRODUCT}=0")
        self.assertNotIn("minimumSequence", path.read_text("utf-8"))
        self.verify("check", archive, "--trust", path, EXAMPLE)

    def forms(self, path, kind, work):
        """One certificate or list as files look that people have."""
        text = path.read_text("ascii")
        tool = ["openssl", "x509" if kind == "CERTIFICATE" else "crl", "-in", path]
        self.run_program(*tool, "-outform", "DER", "-out", work / "der", code=0)
        self.run_program(*tool, "-text", "-out", work / "text before", code=0)
        body = "".join(line for line in text.splitlines() if "-----" not in line)
        (work / "crlf").write_bytes(text.replace("\n", "\r\n").encode())
        (work / "blanks").write_text(text.replace("\n", "  \n"), encoding="ascii")
        (work / "one line").write_text(f"-----BEGIN {kind}-----\n{body}\n-----END {kind}-----\n", encoding="ascii")
        (work / "plain").write_text(text, encoding="ascii")
        return sorted(work.iterdir())

    def test_any_form_of_a_certificate_is_written_anew(self):
        root = KEYS / "root.cert.pem"
        text = root.read_text("ascii")
        work = self.folder / "forms"
        work.mkdir()
        forms = self.forms(root, "CERTIFICATE", work)
        self.assertEqual(len(forms), 6)
        archive = self.small_release()
        for form in forms:
            with self.subTest(form=form.name):
                path = self.folder / f"{form.name}.json"
                self.verify("trust", "init", path, "--name", "Plant")
                self.verify("trust", "add-signer", path, "--vendor", VENDOR, "--signer", "CA", "--role", "release", "--anchor",
                            form, "--fingerprint", self.example_fingerprint(), "--obtained", "phone call", EXAMPLE)
                self.set(path, "--timestamp-authority", f"TSA={form}", "--intermediate", form)
                policy = json.loads(path.read_text("utf-8"))
                self.assertEqual(policy["scopes"][0]["signers"][0]["anchor"]["pem"], text)
                self.assertEqual(policy["timestampAuthorities"][0]["pem"], text)
                self.assertEqual(policy["intermediates"], [text])
                self.verify("check", archive, "--anchor", form, EXAMPLE)
        (work / "cut").write_bytes((work / "der").read_bytes()[:-1])
        (work / "more").write_bytes((work / "der").read_bytes() + b"\0")
        (work / "two").write_text(text + text, encoding="ascii")
        for bad in ("cut", "more", "two"):
            with self.subTest(bad=bad):
                before = path.read_bytes()
                self.set(path, "--timestamp-authority", f"TSA={work / bad}", code=2)
                self.verify("check", archive, "--anchor", work / bad, EXAMPLE, code=2)
                self.assertEqual(path.read_bytes(), before)

    def test_any_form_of_a_list_is_written_anew(self):
        path = self.new_policy()
        source = self.folder / "list.pem"
        self.authority(KEYS / "root", "-gencrl", "-out", source)
        work = self.folder / "forms"
        work.mkdir()
        for form in self.forms(source, "X509 CRL", work):
            with self.subTest(form=form.name):
                self.set(path, "--crl", form)
                self.assertEqual(json.loads(path.read_text("utf-8"))["crls"], [{"pem": source.read_text("ascii")}])

    def test_what_init_writes_is_read_again(self):
        """A name or a date that the reader would refuse is refused before anything is written."""
        for name in ("a\x1bb", "a\u202eb", " x", "x ", "a\u0085b", "x" * 70000):
            with self.subTest(name=name[:9]):
                result = self.verify("trust", "init", "draft.json", "--name", name, code=2)
                self.assertIn("#/name", result.err)
                self.assertNotIn("more deviation", result.err)
                self.assertFalse((self.folder / "draft.json").exists())
        result = self.verify("trust", "init", "draft.json", "--name", "x", "--expires", "2020-01-01T00:00:00Z", code=2)
        self.assertIn("expired", result.err)
        self.assertFalse((self.folder / "draft.json").exists())
        self.verify("trust", "init", "draft.json", "--name", "Werk Süd")
        for field, value in (("name", "a\u202eb"), ("scopes", 5), ("scopes", {}), ("version", "1"), ("stray", 1)):
            with self.subTest(field=field):
                draft = json.loads((self.folder / "draft.json").read_text())
                draft[field] = value
                (self.folder / "bad.json").write_text(json.dumps(draft, ensure_ascii=False), encoding="utf-8")
                result = self.verify("trust", "add-signer", "bad.json", "--vendor", "V", "--signer", "s", "--role",
                                     "release", "--anchor", ROOT_CERT, "--fingerprint", "0" * 64, "--obtained", "x",
                                     "--allow-example-keys", code=2)
                self.assertIn(f"#/{field}", result.err)

    def test_a_policy_without_signers(self):
        path = self.folder / "new.json"
        self.verify("trust", "init", path, "--name", "Plant")
        before = path.read_bytes()
        for arguments in (("set", path, "--timestamp", "off"), ("lint", path), ("show", path)):
            result = self.verify("trust", *arguments, code=2)
            self.assertIn("nobody is trusted by it yet", result.err)
            self.assertIn("trust add-signer", result.err)
        self.assertEqual(path.read_bytes(), before)

    def test_a_ca_that_has_ended_is_said(self):
        self.run_program("openssl", "req", "-x509", "-newkey", "rsa:2048", "-noenc", "-subj", "/CN=Old CA",
                         "-keyout", "k.pem", "-out", "now.pem", "-addext", "keyUsage=critical,keyCertSign", code=0)
        (self.folder / "index.txt").write_text("", encoding="ascii")
        (self.folder / "ca.cnf").write_text(
            "[ca]\ndefault_ca=c\n[c]\ndatabase=index.txt\nnew_certs_dir=.\nrand_serial=yes\ndefault_md=sha256\n"
            "policy=p\nx509_extensions=x\n[p]\ncommonName=supplied\n[x]\nbasicConstraints=critical,CA:TRUE\n"
            "keyUsage=critical,keyCertSign\n", encoding="ascii")
        self.run_program("openssl", "req", "-new", "-key", "k.pem", "-subj", "/CN=Old CA", "-out", "r.csr", code=0)
        self.run_program("openssl", "ca", "-batch", "-notext", "-selfsign", "-config", "ca.cnf", "-keyfile", "k.pem", "-in",
                         "r.csr", "-startdate", "20200101000000Z", "-enddate", "20250101000000Z", "-out", "old.pem", code=0)
        done = self.run_program("openssl", "x509", "-in", "old.pem", "-noout", "-fingerprint", "-sha256", code=0)
        path = self.new_policy("alice", "bob")
        add = ("trust", "add-signer", path, "--vendor", "Old AG", "--signer", "Old", "--role", "release", "--anchor",
               self.folder / "old.pem", "--fingerprint", done.out.split("=")[1].strip(), "--obtained", "visit", EXAMPLE)
        result = self.verify(*add, code=2)
        self.assertIn("needs at least 3072 bits", result.err)
        self.assertIn("may name rsa-2048", result.err)
        self.set(path, "--algorithm", "rsa-2048")
        self.assertIn("this CA ended on 2025-01-01", self.verify(*add).err)
        linted = self.verify("trust", "lint", path, EXAMPLE).out
        self.assertIn("the CA of Old ended on 2025-01-01", linted)
        self.assertIn("until the end of 2030", linted)
        self.assertIn("all of the profile, and RSA keys of 2048 bits", self.verify("trust", "show", path, EXAMPLE).out)

    def test_what_cannot_be_set(self):
        path = self.new_policy("alice")
        before = path.read_bytes()
        rows = [([], "nothing to set"), (["--severity", "trust.threshold=warn"], "core check"),
                (["--severity", "no.check=warn"], "no check"), (["--severity", "sbom.bsi"], "NAME=VALUE"),
                (["--severity", "sbom.bsi=never"], "severit"), (["--review-by", "soon"], "not a time"),
                (["--expires", "2020-01-01T00:00:00Z"], "expired"), (["--threshold", "release=2"], "threshold"),
                (["--threshold", "release=0"], "threshold"), (["--threshold", "quality=1"], "no role"),
                (["--threshold", "release=x"], "whole number"), (["--owners-threshold", "2"], "threshold"),
                (["--algorithm", "sha1"], "no signature algorithm"), (["--crl", "nowhere.pem"], "nowhere.pem"),
                (["--crl", KEYS / "root.cert.pem"], "not a revocation list"), (["--crl-max-age", "0"], "crlMaxAgeDays"),
                (["--timestamp", "sometimes"], "--timestamp"), (["--minimum-sequence", f"{PRODUCT}=-1"], "whole number"),
                (["--threshold", "release=1", "--vendor", "Nobody"], "no scope"),
                (["--product", PRODUCT], "--product"), (["--name", ""], "--name")]
        for arguments, words in rows:
            with self.subTest(arguments=arguments):
                self.assertIn(words, self.set(path, *arguments, code=2).err)
                self.assertEqual(path.read_bytes(), before)

    def test_signers_go(self):
        path = self.new_policy("alice", "bob", threshold=2)
        removing = lambda *arguments, code=0: self.verify("trust", "remove-signer", path, *arguments, EXAMPLE, code=code)
        self.assertIn("nobody is called", removing("--signer", "Nobody", code=2).err)
        # The threshold would not be met any more.
        result = removing("--policy-owner", "--signer", "bob", code=2)
        self.assertIn("--threshold N", result.err)
        removing("--policy-owner", "--signer", "bob", "--threshold", "1")
        removing("--policy-owner", "--signer", "alice")
        self.assertNotIn("owners", json.loads(path.read_text("utf-8")))
        # The last scope cannot go: a policy without signers is none.
        removing("--signer", "Vendor CA", code=2)
        self.verify("trust", "add-signer", path, "--vendor", "Other", "--signer", "eve", "--role", "release", "--anchor",
                    self.cert("eve"), "--fingerprint", self.fingerprint("eve"), "--obtained", "phone", EXAMPLE)
        self.assertIn("--vendor", removing("--signer", "eve", code=2).err)
        removing("--signer", "Vendor CA", "--vendor", VENDOR)
        policy = json.loads(path.read_text("utf-8"))
        self.assertEqual([scope["vendor"] for scope in policy["scopes"]], ["Other"])
        self.assertEqual(policy["version"], 5)

    def test_owners_are_pinned(self):
        path = self.new_policy()
        adding = ("trust", "add-signer", path, "--signer", "root", "--anchor", KEYS / "root.cert.pem", "--fingerprint",
                  self.example_fingerprint(), "--obtained", "phone", EXAMPLE)
        self.assertIn("pinned", self.verify(*adding, "--policy-owner", code=2).err)
        self.assertIn("--role", self.verify(*adding, code=2).err)
        self.verify(*adding, "--policy-owner", "--vendor", VENDOR, "--role", "release", code=2)

    def test_show_and_lint(self):
        path = self.new_policy("alice", "bob", "carol", threshold=2)
        self.set(path, "--algorithm", "ecdsa-p256-sha256", "--severity", "sbom.bsi=fail")
        shown = self.verify("trust", "show", path, EXAMPLE, "--verbose").out
        for words in ("owners      2 of alice, bob, carol", "algorithms  ecdsa-p256-sha256", "in person", "sbom.bsi: fail",
                      self.fingerprint("bob").replace(":", "").lower(), "exactly this certificate"):
            self.assertIn(words, shown)
        self.assertEqual(self.verify("trust", "lint", path, EXAMPLE).out, f"{path}: sound\n")
        report = self.verify("trust", "lint", path, EXAMPLE, "--json").json()
        self.assertEqual((report["cretula"], report["warnings"]), ("trust-lint/1", []))
        for arguments, words in ((["--owners-threshold", "1"], "one owner alone"),
                                 (["--owners-threshold", "3"], "every owner must sign"),
                                 (["--expires", "none"], "no end")):
            self.set(path, *arguments)
            self.assertIn(words, self.verify("trust", "lint", path, EXAMPLE).out)
        path.unlink()
        self.assertIn("no owners", self.verify("trust", "lint", self.new_policy(), EXAMPLE).out)
        self.assertIn("replaced by hand", self.verify("trust", "show", path, EXAMPLE).out)

    @unittest.skipIf(SANITIZED, "faketime preloads a library, which the sanitizers do not like")
    def test_lint_sees_the_end_come(self):
        path = self.new_policy("alice", "bob", "carol")
        self.set(path, "--expires", "2096-06-01T00:00:00Z", "--review-by", "2090-01-01T00:00:00Z")
        result = self.run_program(*FAKETIME, "-f", "@2096-05-02 00:00:00", VERIFY, "trust", "lint", path, EXAMPLE, code=0)
        self.assertIn("in 30 days", result.out)
        self.assertIn("review was due", result.out)

    def test_only_the_algorithms_of_the_policy_count(self):
        archive = self.small_release()
        path = self.new_policy()
        self.set(path, "--algorithm", "ecdsa-p256-sha256")
        self.verify("check", archive, "--trust", path, EXAMPLE)
        self.set(path, "--algorithm", "ecdsa-p384-sha384", "--algorithm", "rsa-3072-pkcs1-sha256")
        result = self.verify("check", archive, "--trust", path, EXAMPLE, code=1)
        self.assertIn("signature.algorithm", result.out)
        self.assertIn("does not let signatures by ecdsa-p256-sha256 count", result.out)

    @unittest.skipIf(SANITIZED, "faketime preloads a library, which the sanitizers do not like")
    def test_a_clock_that_runs_behind(self):
        """Before the program's release, and before the policy's issue date: exit 3, with what to do."""
        draft = self.new_policy("alice", "bob")
        archive = self.small_release()
        commands = {"check": ("check", archive, "--trust", draft), "show": ("show", archive, "--trust", draft),
                    "set": ("trust", "set", draft, "--review-by", "none"),
                    "sign": ("trust", "sign", draft, "--key", self.shared / "alice.key.pem", "--cert",
                             self.cert("alice"), "--to", self.folder / "series"),
                    "update": ("trust", "update", self.folder, "--trust", draft)}
        before = draft.read_bytes()
        for clock, words in (("@2019-01-01 00:00:00", "this program was released"),
                             ("-10m", "the trust policy was issued")):
            for name, arguments in commands.items():
                with self.subTest(clock=clock, verb=name):
                    result = self.run_program(*FAKETIME, "-f", clock, VERIFY, *arguments, EXAMPLE, code=3)
                    self.assertIn("clock of this machine is wrong", result.out + result.err)
                    self.assertIn(words, result.out + result.err)
                    self.assertIn("set the clock", result.out + result.err)
        self.assertEqual(draft.read_bytes(), before)
        # --at says as of when is judged; it does not make the clock right.
        result = self.run_program(*FAKETIME, "-f", "@2019-01-01 00:00:00", VERIFY, "check", archive, "--trust", draft,
                                  EXAMPLE, "--at", "2027-01-01T00:00:00Z", code=3)
        self.assertIn("clock", result.out + result.err)


if __name__ == "__main__":
    unittest.main()
