# SPDX-License-Identifier: Apache-2.0
"""Every block of commands in README.md and docs is run by a test, as it stands."""
import base64
import json
import pathlib
import re
import shutil
import unittest

import guide
from harness import BUILD, HEAVY, KEYS, SIGN, SOURCE, VERIFY, Case, main, member, read_member, read_member_list, sha256, tampered
from machine import ENGINE, MODERN, MODULE
from swtpm import Swtpm

TPM2_PROVIDER = any(pathlib.Path("/usr/lib").glob("*/ossl-modules/tpm2.so"))
SHOWN = ("json", "yaml", "text")   # what is no command
RUN = ("console", "sh")
# Commands of another machine, which no test here can run.
OTHER_MACHINES = {("docs/verify-on-windows.md", "powershell"): "says at its top that it is untested",
                  ("docs/verify-on-windows.md", "bat"): "says below which of them were seen, and where"}
COMMANDS = re.compile(r"^(?:\$ |cretula-|openssl |sudo |tar |sha256sum |tpm2_|pkcs11-tool |softhsm2-util |curl |aws |sh |cmake "
                      r"|jq |gpg |for |python3 )", re.MULTILINE)


# What in front of a command of ours, and behind it, lets a shell go on whatever it ended with.
HIDES_BEFORE = re.compile(r"^\$?\s*(?:if|while|until|!)\s|\$\([^)]*$")
HIDES_BEHIND = re.compile(r"\|\|(?! test \$\? -eq [13]$)|(?<!\|)\|(?!\|)|;\s*(?:true|:)|(?<!&)&(?!&)")


def hidden_exit_codes(block):
    """The lines of a block that throw the exit code of a command of ours away."""
    found = []
    for line in re.sub(r"\\\n\s*", "", block).splitlines():
        plain = re.sub(r"'[^']*'|>&\d|\$\((?!cretula-)[^()]*\)", "", line.strip())
        before, *behind = re.split(r"\bcretula-(?:sign|verify)\s", plain, maxsplit=1)
        if (behind and (HIDES_BEFORE.search(before) or HIDES_BEHIND.search(behind[0]))) or "set +e" in plain:
            found.append(line)
    return found


def pages():
    return sorted([SOURCE / "README.md", *(SOURCE / "docs").rglob("*.md"), SOURCE / "keys-example" / "README.md"])


def name_of(page):
    return str(page.relative_to(SOURCE))


class EveryBlock(Case):
    def test_every_block_says_what_it_is(self):
        for page in pages():
            for _, kind, text in guide.blocks(page):
                with self.subTest(page=name_of(page), text=text[:60]):
                    if (name_of(page), kind) in OTHER_MACHINES:
                        continue
                    self.assertIn(kind, SHOWN + RUN)
                    if kind in SHOWN:
                        self.assertNotRegex(text, COMMANDS)

    def test_every_page_with_commands_is_run(self):
        runs = set()
        for test in (SOURCE / "tests" / "e2e").rglob("test_*.py"):
            runs |= set(re.findall(r'guide\.run\(self, "([\w./-]+\.md)"', test.read_text("utf-8")))
        found = {name_of(page) for page in pages() for _, kind, _ in guide.blocks(page) if kind in RUN}
        self.assertEqual(found, runs)

    def test_no_exit_code_is_thrown_away(self):
        """A command of ours that a page allows to fail says with which exit code: else wrong usage (2) would pass for an answer."""
        for page in pages():
            for _, kind, text in guide.blocks(page):
                for command in hidden_exit_codes(text) if kind in RUN else []:
                    self.fail(f"{name_of(page)}: {command}\nsay `|| test $? -eq N`, or let it fail")

    def test_what_throws_an_exit_code_away_is_found(self):
        for text in ("cretula-verify check X || true", "cretula-verify check \\\n  X || :", "cretula-sign lint X | head -n 1",
                     "cretula-verify check X; true", "if cretula-verify check X; then echo; fi", "! cretula-verify check X",
                     "cretula-verify check X || test $? -eq 2", "set +e", "echo $(cretula-verify check X)", "$ cretula-verify check X || true",
                     "x && cretula-verify check X || echo no", "cretula-verify check X &"):
            self.assertEqual(len(hidden_exit_codes(text)), 1, text)
        for text in ("cretula-verify check X || test $? -eq 3", "cretula-verify check X > Y 2>&1", "openssl verify X || true",
                     "for x in *; do\n  cretula-verify check \"$x\"\ndone"):
            self.assertEqual(hidden_exit_codes(text), [], text)

    def test_fences_are_closed(self):
        for page in pages():
            fences = re.findall(r"^ *```", page.read_text("utf-8"), re.MULTILINE)
            self.assertEqual(len(fences), 2 * len(guide.blocks(page)), page)


class Page(Case):
    """What the pages start from: a vendor with a CA, a release of his."""

    def setUp(self):
        super().setUp()
        self.vendor = self.own_keys("vendor-ca")
        self.copy(f"{self.vendor}.key.pem", "release.key.pem")
        self.copy(f"{self.vendor}.cert.pem", "release.cert.pem")

    def copy(self, source, name):
        shutil.copy(source, self.folder / name)
        return self.folder / name

    def release(self, archive, sequence=1, product="Product Name"):
        (self.folder / "firmware.bin").write_bytes(b"firmware" * 1000)
        (self.folder / "release.yaml").write_text(
            f"product: {{vendor: Example Automation GmbH, name: {product}}}\n"
            f"release: {{version: 1.2.{sequence}, sequence: {sequence}, date: 2026-10-12T08:00:00Z}}\n"
            "files:\n  - source: firmware.bin\n    role: firmware\n", encoding="utf-8")
        if archive:
            self.sign("pack", "release.yaml", "--key", "release.key.pem", "--cert", "release.cert.pem", "--out", archive)
        return self.folder / "release.yaml"

    def signer(self, name):
        """Another signer below the vendor's root."""
        self.run_program("openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-subj",
                         f"/O=vendor/CN={name}", "-keyout", f"{name}.key.pem", "-out", f"{name}.csr", code=0)
        self.run_program("openssl", "x509", "-req", "-in", f"{name}.csr", "-CA", f"{self.vendor}-root.cert.pem", "-CAkey",
                         f"{self.vendor}-root.key.pem", "-CAcreateserial", "-days", "1825", "-extfile",
                         f"{self.vendor}.ext", "-out", f"{name}.cert.pem", code=0)

    def authority(self):
        """The example authority's key and configuration, as an owner of such a key has them."""
        self.copy(KEYS / "tsa.cert.pem", "tsa.cert.pem")
        self.copy(KEYS / "tsa.key.pem", "tsa.key.pem")
        self.authority_configuration()

    def authority_configuration(self):
        (self.folder / "tsa.cnf").write_text(
            f"[tsa]\ndefault_tsa=it\n[it]\nserial={self.folder}/serial\ndefault_policy=1.2.3.4\ndigests=sha256,sha384,"
            "sha512\nsigner_digest=sha256\ness_cert_id_alg=sha256\naccuracy=secs:1\nordering=yes\ntsa_name=yes\n",
            encoding="ascii")

    def answer(self, request, response):
        self.run_program("openssl", "ts", "-reply", "-config", "tsa.cnf", "-queryfile", request, "-signer", "tsa.cert.pem",
                         "-inkey", "tsa.key.pem", "-out", response, code=0)

    def fingerprint(self, certificate):
        return self.run_program("openssl", "x509", "-in", certificate, "-noout", "-fingerprint", "-sha256",
                                code=0).out.split("=")[1].strip()

    def trusts(self, policy, *more, certificate=None, role="release", signer="Vendor release", init=True):
        if init:
            self.verify("trust", "init", policy, "--name", "Plant 7")
        certificate = certificate or f"{self.vendor}-root.cert.pem"
        self.verify("trust", "add-signer", policy, "--vendor", "Example Automation GmbH", "--signer", signer, "--role", role,
                    "--anchor", certificate, "--fingerprint", self.fingerprint(certificate), "--obtained", "phone", *more)


class Everyday(Page):
    def checkout(self):
        """A copy of the sources in the folder, and a compiler's cache, where there is one, that knows them elsewhere."""
        shutil.copytree(SOURCE, self.folder, dirs_exist_ok=True, symlinks=True,
                        ignore=lambda folder, _: ["build", ".git"] if pathlib.Path(folder) == SOURCE else [])
        if shutil.which("ccache") is None:
            return {}
        cache = self.run_program("ccache", "--get-config", "cache_dir", code=0).out.strip()
        return {"CCACHE_DIR": cache, "CCACHE_BASEDIR": str(self.folder), "CCACHE_NOHASHDIR": "1", "CMAKE_C_COMPILER_LAUNCHER": "ccache"}

    def built_before(self):
        """In the place of two more builds of the same sources: the programs of this one."""
        guide.stub(self, "cmake", f"""
case $1 in
-S) mkdir -p "$4" ;;
--build) for program in {SIGN} {VERIFY}; do
        folder=$2/$(basename "$(dirname "$program")")
        mkdir -p "$folder"
        ln -sf "$program" "$folder/"
    done ;;
--install) test -x "$2/signer/cretula-sign"; exec {shutil.which("cmake")} --install {BUILD} ;;
*) exit 1 ;;
esac""")

    def test_readme(self):
        """In a checkout: both builds, with what a machine of ours has installed, into a folder in place of the system's."""
        variables = self.checkout()
        if not HEAVY:
            self.built_before()
        guide.stub(self, "apt-get", "echo nothing is to be installed here; exit 1")
        guide.stub(self, "sudo", f'exec env DESTDIR={self.folder}/installed "$@"')
        self.release("product-1.2.3.cretula.tar")
        self.copy(f"{self.vendor}-root.cert.pem", "vendor.pem")
        commands = guide.run(self, "README.md", variables, answers=[("assphrase|gain", "a passphrase of my own")], seconds=900)
        self.assertEqual(len(commands), 4)
        self.assertTrue((self.folder / "new-folder" / "firmware.bin").is_file())
        # What was installed is whole: programs that run, their pages, their completions.
        installed = self.folder / "installed" / "usr" / "local"
        for program in ("cretula-sign", "cretula-verify"):
            self.run_program(installed / "bin" / program, "--version", code=0)
            for name in (f"share/man/man1/{program}.1", f"share/bash-completion/completions/{program}", f"share/zsh/site-functions/_{program}"):
                self.assertTrue((installed / name).is_file(), name)
        # The quick start writes below build/ only.
        self.assertEqual({path.name for path in (self.folder / "build").iterdir()}, {"quickstart", "release"})

    def test_stock_tools(self):
        """With two signatures and a timestamp, and after the certificate ended."""
        self.release("X.cretula.tar")
        self.signer("quality")
        self.sign("endorse", "X.cretula.tar", "--key", "quality.key.pem", "--cert", "quality.cert.pem", "--meaning",
                  "approval")
        self.authority()
        for name in sorted(member.name for member in read_member_list(self.folder / "X.cretula.tar")
                           if member.name.startswith("SIGNATURES/")):
            signer = ["--signer", name.split("/")[1][:16]]
            self.sign("timestamp", "X.cretula.tar", *signer, "--request", "q.tsq", "--allow-example-keys")
            self.answer("q.tsq", "r.tsr")
            self.sign("timestamp", "X.cretula.tar", *signer, "--response", "r.tsr", "--allow-example-keys")
            (self.folder / "q.tsq").unlink()
        self.copy(f"{self.vendor}-root.cert.pem", "vendor-root.pem")
        self.copy(KEYS / "root.cert.pem", "authority-root.pem")
        guide.run(self, "docs/verify-with-stock-tools.md")


    def test_windows(self):
        """PowerShell is not here: what its commands rest on is, of every archive."""
        page = (SOURCE / "docs" / "verify-on-windows.md").read_text("utf-8")
        self.release("X.cretula.tar")
        members = {one.name: read_member(self.folder / "X.cretula.tar", one.name)
                   for one in read_member_list(self.folder / "X.cretula.tar")}
        digest_end, path_begin = map(int, re.search(r"Substring\(0, (\d+)\); \$path = \$_\.Substring\((\d+)\)", page).groups())
        found = re.search(r'-SimpleMatch "(.*)" {2,}#', page)[1].replace('`"', '"').replace("$sums", sha256(members["SHA256SUMS"]))
        self.assertEqual(sum(found in line for line in members["MANIFEST.json"].decode("utf-8").splitlines()), 1)
        known = {line[path_begin:]: line[:digest_end] for line in members["SHA256SUMS"].decode("utf-8").splitlines()}
        unlisted = re.compile(re.search(r"-notmatch '(.*)'\)", page)[1])
        self.assertEqual({name: sha256(data) for name, data in members.items() if not unlisted.search(name)}, known)
        self.assertNotIn(b"\r", members["SHA256SUMS"])
        self.assertEqual(list(members)[0], "MANIFEST.json")
        self.assertTrue(list(members)[1].startswith("SIGNATURES/"))

    def test_journal(self):
        self.release("FILE")
        self.trusts("trust.json")
        guide.stub(self, "sudo", 'shift 2\nexec "$@"')
        # No account is made here: the program itself says whether it knows these options.
        guide.stub(self, "useradd", 'for last; do case $last in --*) /usr/sbin/useradd --help | grep -q -e "$last" || exit 2;; '
                                    'esac; done\ntest "$last" = verify')
        guide.stub(self, "install", 'test "$1 $3 $5" = "-d verify verify"\nshift 5\nexec /usr/bin/install -d "$@"')
        home = self.folder / "lib"
        home.mkdir()

        def before(script):
            """The head is written down; the folder is carried to the other machine."""
            if "--from" in script and "journal-A" in script:
                (home / "journal").rename(home / "journal-A")
            journal = home / ("journal-A" if "journal-A" in script else "journal")
            return {"HEAD": (journal / "journal.head").read_text("ascii").strip()} if "$HEAD" in script else None

        commands = guide.run(self, "docs/guides/journal.md", replace={"/var/lib/cretula": home}, before=before)
        self.assertEqual(len(commands), 8)

    def test_journal_head(self):
        self.release("a.cretula.tar")
        for _ in range(3):
            self.verify("check", "a.cretula.tar", "--anchor", f"{self.vendor}-root.cert.pem", "--journal", "journal")
        guide.run(self, "docs/spec/journal.md")

    def test_record(self):
        self.release("a.cretula.tar")
        recorder = self.own_keys("recorder")
        self.verify("check", "a.cretula.tar", "--anchor", f"{self.vendor}-root.cert.pem", "--record", ".", "--sign-record",
                    f"{recorder}.key.pem", "--record-cert", f"{recorder}.cert.pem")
        self.copy(f"{recorder}-root.cert.pem", "recorder-root.pem")
        guide.run(self, "docs/spec/record.md")

    def test_change_board(self):
        self.release("running.cretula.tar", 1)
        self.release("next.cretula.tar", 2)
        self.copy(f"{self.vendor}-root.cert.pem", "vendor-root.pem")
        self.release("a.cretula.tar")
        recorder = self.own_keys("recorder")
        self.verify("check", "a.cretula.tar", "--anchor", f"{self.vendor}-root.cert.pem", "--journal", "journal",
                    "--sign-record", f"{recorder}.key.pem", "--record-cert", f"{recorder}.cert.pem", "--asset", "PLC-12")
        record = next((self.folder / "journal" / "records").glob("*accepted*.json"))
        self.copy(record, "RECORD.json")
        self.copy(f"{record}.p7s", "RECORD.json.p7s")
        self.copy(f"{recorder}-root.cert.pem", "recorder-root.pem")
        self.copy(f"{recorder}.key.pem", "board.key.pem")
        self.verify("record", "show", record, "--html", "report.html")
        self.list_of(recorder, "recorders.crl")
        identity = json.loads(record.read_text("utf-8"))["what"]["identity"]
        commands = guide.run(self, "docs/guides/change-board.md", {"IDENTITY": identity},
                             replace={"/var/lib/cretula": self.folder})
        self.assertEqual(len(commands), 6)
        self.assertIn("1.2.2", (self.folder / "change.html").read_text("utf-8"))
        self.assertIn("PASSED", base64.b64decode(json.loads((self.folder / "RECORD.vsa.json").read_text("utf-8"))["payload"]
                                               ).decode("utf-8"))

        self.board_sees(recorder, identity)

    def board_sees(self, recorder, identity):
        """What the page says that stands on one screen, what needs --verbose, and which exit code a refusal's record has."""
        words = ("--anchor", "recorder-root.pem", "--crl", "recorders.crl", "--journal", "journal")
        screen = self.verify("record", "verify", "RECORD.json", *words).out
        whole = self.verify("record", "verify", "RECORD.json", *words, "--verbose").out
        for text in (identity, "signed by", "not checked", "warnings"):
            self.assertIn(text, screen)
        for text in ("What this does not say", "lifecycle.support", "certificate.revocation", "PLC-12"):
            self.assertIn(text, whole)
        self.assertNotIn("What this does not say", screen)
        archive = self.folder / "a.cretula.tar"
        bad = tampered(archive, self.folder / "bad.tar", member(archive, "firmware.bin").data)
        self.verify("check", bad, "--anchor", f"{self.vendor}-root.cert.pem", "--record", "refused", "--sign-record", f"{recorder}.key.pem",
                    "--record-cert", f"{recorder}.cert.pem", code=1)
        for more, code in (((), 0), (("--accepted",), 1)):
            shown = self.verify("record", "verify", "refused/RECORD.json", *words[:4], *more, code=code).out
            self.assertIn("GENUINE record: REFUSED", shown)

    def list_of(self, prefix, name):
        """The empty revocation list of that root."""
        (self.folder / "ca.cnf").write_text(
            f"[ca]\ndefault_ca=it\n[it]\ndatabase={self.folder}/index\ndefault_md=sha256\ndefault_crl_days=30\n",
            encoding="ascii")
        (self.folder / "index").write_text("", encoding="ascii")
        self.run_program("openssl", "ca", "-config", "ca.cnf", "-gencrl", "-cert", f"{prefix}-root.cert.pem", "-keyfile",
                         f"{prefix}-root.key.pem", "-out", name, code=0)

    def test_waivers(self):
        self.release("rtu7-4.2.0.cretula.tar", product="RTU-7")
        self.trusts("trust.json", "--threshold", "1")
        for name, threshold in (("board-a", "1"), ("board-b", "2")):
            prefix = self.own_keys(name)
            self.trusts("trust.json", "--threshold", threshold, certificate=f"{prefix}.cert.pem", role="waiver",
                        signer=name, init=False)
        self.verify("trust", "set", "trust.json", "--minimum-sequence", "RTU-7=5", "--vendor", "Example Automation GmbH",
                    "--waivable", "release.sequence")
        commands = guide.run(self, "docs/guides/waivers.md")
        self.assertEqual(len(commands), 3)

    def test_timestamp_services(self):
        self.trusts("trust.json")
        for name in ("zeit-root", "zeit-issuing-ca"):
            self.make_authority(name, None if name == "zeit-root" else "zeit-root")
        guide.run(self, "docs/guides/timestamp-services.md")

    def test_twenty_years(self):
        recorder = self.own_keys("recorder")
        self.release("a.cretula.tar")
        self.verify("check", "a.cretula.tar", "--anchor", f"{self.vendor}-root.cert.pem", "--journal", "journal", "--sign-record",
                    f"{recorder}.key.pem", "--record-cert", f"{recorder}.cert.pem")
        self.copy(f"{recorder}-root.cert.pem", "recorder-root.pem")
        self.make_authority("tsa-root", None)
        self.leaf("tsa", "tsa-root", "timeStamping")
        for source, name in (("tsa-root.crt", "tsa-root.pem"), ("tsa.cert.pem", "tsa.pem"), ("tsa.key.pem", "tsa.key")):
            self.copy(self.folder / source, name)
        (self.folder / "serial").write_text("1267\n", encoding="ascii")
        (self.folder / "ts.cnf").write_text(
            "[tsa]\ndefault_tsa = t\n[t]\nserial = serial\ndefault_policy = 1.3.6.1.4.1.32473.1\ndigests = sha256, sha512\n"
            "signer_digest = sha256\ness_cert_id_alg = sha256\ncrypto_device = builtin\n", encoding="ascii")
        guide.run(self, "docs/guides/twenty-years.md")

    def test_opc_ua_packages(self):
        plant = self.own_keys("plant")
        self.own_keys("board")
        self.release("RTU-7.cretula.tar", product="RTU-7")
        self.trusts("trust.json")
        self.copy(f"{self.vendor}-root.cert.pem", "vendor-root.pem")
        self.copy(f"{plant}-root.cert.pem", "plant-root.pem")
        self.make_authority("time-root", None)
        self.leaf("tsa", "time-root", "timeStamping")
        self.authority_configuration()
        guide.stub(self, "curl", "openssl ts -reply -config tsa.cnf -queryfile RTU-7.tsq -signer tsa.cert.pem -inkey tsa.key.pem -out RTU-7.tsr")
        guide.run(self, "docs/guides/opc-ua-packages.md", {"PLANT": self.fingerprint("plant-root.pem")})

    def make_authority(self, name, issuer):
        below = ["-CA", f"{issuer}.crt", "-CAkey", f"{issuer}.key"] if issuer else []
        self.run_program("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-days",
                         "3650", "-subj", f"/O=Zeit AG/CN={name}", "-addext", "keyUsage=critical,keyCertSign,cRLSign",
                         "-keyout", f"{name}.key", "-out", f"{name}.crt", *below, code=0)

    def leaf(self, name, issuer, usage):
        self.run_program("openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-subj",
                         f"/O=Works/CN={name}", "-keyout", f"{name}.key.pem", "-out", f"{name}.csr", code=0)
        (self.folder / "leaf.ext").write_text(
            f"basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=critical,{usage}\n"
            "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n", encoding="ascii")
        self.run_program("openssl", "x509", "-req", "-in", f"{name}.csr", "-CA", f"{issuer}.crt", "-CAkey", f"{issuer}.key",
                         "-CAcreateserial", "-days", "1825", "-extfile", "leaf.ext", "-out", f"{name}.cert.pem", code=0)

    @unittest.skipUnless(MODULE and ENGINE, "needs softhsm2, opensc and the pkcs11 engine (Debian 12)")
    def test_key_ceremony(self):
        self.make_authority("works-root", None)
        self.make_authority("issuing-ca", "works-root")
        self.copy(self.folder / "issuing-ca.crt", "issuing-ca.pem")
        for name, usage in (("release", "codeSigning"), ("quality", "codeSigning"), ("tsa", "timeStamping")):
            self.leaf(name, "issuing-ca", usage)
        self.authority_configuration()
        self.release(None)
        guide.stub(self, "aws", 'openssl dgst -sha256 -sign release.key.pem release.tbs | base64')
        guide.stub(self, "curl", "openssl ts -reply -config tsa.cnf -queryfile rtu7.tsq -signer tsa.cert.pem "
                                 "-inkey tsa.key.pem -out rtu7.tsr")
        token = self.token_with("release")
        archive = self.folder / "rtu7-4.2.0.cretula.tar"

        def before(script):
            """Each way begins anew; the timestamp is for a release with one signature."""
            if "prepare release.yaml" in script:
                archive.unlink(missing_ok=True)
                (self.folder / f"{archive.name}.MANIFEST.json").unlink(missing_ok=True)
            if "prepare rtu7" in script:
                self.copy(archive, "one.tar")
            if "timestamp" in script:
                self.copy(self.folder / "one.tar", archive.name)

        commands = guide.run(self, "docs/guides/key-ceremony.md", token, before=before, answers=[("PIN|pin", "12345678")])
        self.assertEqual(len(commands), 10)
        self.verify("check", archive, "--anchor", "works-root.crt")

    def tokens(self):
        """A folder for tokens; the variables that name it."""
        (self.folder / "tokens").mkdir()
        (self.folder / "softhsm.conf").write_text(f"directories.tokendir = {self.folder}/tokens\nobjectstore.backend = file\n"
                                                  "log.level = ERROR\n", encoding="ascii")
        return {"SOFTHSM2_CONF": str(self.folder / "softhsm.conf")}

    def token_with(self, name):
        """A token of that label that holds the key of the same name, as docs/guides/hsm.md sets one up."""
        variables = {**self.tokens(), "PKCS11_MODULE_PATH": str(MODULE)}
        self.run_program("softhsm2-util", "--init-token", "--free", "--label", name, "--pin", "12345678", "--so-pin", "12345678",
                         environment=variables, code=0)
        self.run_program("softhsm2-util", "--import", f"{name}.key.pem", "--token", name, "--label", name, "--id", "01", "--pin",
                         "12345678", environment=variables, code=0)
        return variables

    @unittest.skipUnless(MODULE and ENGINE, "needs softhsm2, opensc and the pkcs11 engine (Debian 12)")
    @unittest.skipUnless(shutil.which("swtpm") and shutil.which("tpm2_load") and TPM2_PROVIDER, "needs swtpm, tpm2-tools and "
                         "tpm2-openssl")
    def test_hsm(self):
        self.release(None)
        self.copy(f"{self.vendor}-root.cert.pem", "ca.pem")
        self.copy(f"{self.vendor}-root.key.pem", "ca.key.pem")
        tokens = self.tokens()
        (self.folder / "pin.txt").write_text("12345678\n", encoding="ascii")
        self.run_program("openssl", "pkey", "-in", f"{self.vendor}.key.pem", "-aes256", "-passout", "pass:12345678", "-out",
                         "file.key.pem", code=0)
        guide.stub(self, "pass", "echo 12345678")
        tpm = Swtpm()
        self.addCleanup(tpm.remove)
        # What a resource manager (/dev/tpmrm0) does by itself.
        for name in ("tpm2_create", "tpm2_load", "tpm2_evictcontrol"):
            guide.stub(self, name, f'tpm2_flushcontext -t\nexec {shutil.which(name)} "$@"')

        def before(_):
            for one in self.folder.glob("*.cretula.tar"):
                one.unlink()

        guide.run(self, "docs/guides/hsm.md", {
            **tokens, "KEY": "file.key.pem", "TPM2OPENSSL_TCTI": tpm.tcti,
            "TPM2TOOLS_TCTI": tpm.tcti}, replace={"/usr/lib/softhsm/libsofthsm2.so": MODULE}, before=before,
            answers=[("PIN|pin", "12345678")])

    @unittest.skipUnless(MODERN, "OpenSSL before 3.5 cannot make such signatures")
    def test_post_quantum(self):
        self.release(None)

        def before(script):
            if "openssl cms" in script:
                (self.folder / "MANIFEST.json").write_bytes(read_member(self.folder / "rtu7.cretula.tar", "MANIFEST.json"))

        guide.run(self, "docs/guides/post-quantum.md", before=before, answers=[("assphrase|pass phrase|gain", "a long passphrase")])

    @unittest.skipUnless(shutil.which("swtpm") and shutil.which("tpm2_changeauth"), "needs swtpm and tpm2-tools")
    def test_tpm_station(self):
        """The site configuration, which names station and policy, and the device are those of this folder."""
        etc = self.folder / "etc"
        etc.mkdir()
        self.trusts("trust.json")
        shutil.copy(self.folder / "trust.json", etc)
        owner = self.own_keys("trust-owner")
        tpm = Swtpm()
        self.addCleanup(tpm.remove)
        guide.stub(self, "chown", 'test "$1" = verify')
        guide.stub(self, "cretula-verify", f"""case "$1 $2" in
"tpm provision") exec {VERIFY} "$@" --tcti {tpm.tcti};;
"tpm apply") exec {VERIFY} "$@" --tcti {tpm.tcti} --station {etc}/station.json --trust {etc}/trust.json;;
*) exec {VERIFY} "$@";;
esac""")

        def before(script):
            if "trust-order" in script:
                self.verify("trust", "set", "trust.json", "--severity", "sbom.bsi=fail")
            if "changeauth" in script:
                self.assertTrue(pathlib.Path(f"{owner}.key.pem").is_file())

        guide.run(self, "docs/guides/tpm-station.md", {"TPM2TOOLS_TCTI": tpm.tcti},
                  replace={"/etc/cretula": etc, "/var/lib/cretula": self.folder}, before=before,
                  answers=[("authorization", "OWNER-SECRET")])
        self.assertEqual((etc / "trust.json").read_bytes(), (self.folder / "trust.json").read_bytes())


if __name__ == "__main__":
    main()
