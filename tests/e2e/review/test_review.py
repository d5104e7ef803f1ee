# SPDX-License-Identifier: Apache-2.0
"""review: what was accepted once, under the keys, revocations, lifecycle and advisories of today."""
import concurrent.futures
import datetime
import json
import shutil

from harness import DATE, PRODUCT, SOURCE, VENDOR, main, member, noise, sha256, tampered
from review_case import ReviewCase

RELEASES = 200
REVOKED, ENDED, ADVISED, GONE, CHANGED = 0, 1, 2, 3, 4  # the last digit of the number says what became of a release
CSAF = SOURCE / "tests" / "vectors" / "csaf" / "01-hash-of-the-firmware.json"


def days(number):
    now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    return (now + datetime.timedelta(days=number)).strftime("%Y-%m-%dT%H:%M:%SZ")


class Review(ReviewCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        self = cls("test_each_is_named_with_its_reason")
        self.folder = cls.shared
        cls.keys = [self.own_keys("vendor")]
        cls.root = f"{cls.keys[0]}-root"
        cls.keys.append(self.second_key())
        (cls.shared / "archives").mkdir()
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            list(pool.map(self.release, range(RELEASES)))
        self.verify("trust", "init", "trust.json", "--name", "Plant 7")
        self.verify("trust", "add-signer", "trust.json", "--vendor", VENDOR, "--signer", "S", "--role", "release", "--anchor",
                    f"{cls.root}.cert.pem", "--fingerprint", self.fingerprint(f"{cls.root}.cert.pem"), "--obtained", "phone")
        self.verify("check", *sorted((cls.shared / "archives").iterdir()), "--trust", "trust.json", "--journal", "journal",
                    "--asset", "GW-3", "--quiet")
        for number in range(RELEASES):
            path = cls.shared / "archives" / f"{number:03}.tar"
            if number % 10 == GONE:
                path.unlink()
            elif number % 10 == CHANGED:
                # Something else under its name: another release, which is sound.
                shutil.copy(cls.shared / "archives" / "005.tar", path)
        self.revoke()

    def fingerprint(self, certificate):
        return self.run_program("openssl", "x509", "-in", certificate, "-noout", "-fingerprint", "-sha256", code=0).out.split("=")[1].strip()

    def second_key(self):
        """Another signer below the same root: the one that is revoked."""
        prefix = str(self.folder / "second")
        self.run_program("openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-subj",
                         "/O=vendor/CN=second", "-keyout", f"{prefix}.key.pem", "-out", f"{prefix}.csr", code=0)
        self.run_program("openssl", "x509", "-req", "-in", f"{prefix}.csr", "-CA", f"{self.root}.cert.pem", "-CAkey",
                         f"{self.root}.key.pem", "-CAcreateserial", "-days", "1825", "-extfile", f"{self.keys[0]}.ext", "-out",
                         f"{prefix}.cert.pem", code=0)
        return prefix

    def release(self, number):
        kind = number % 10
        folder = self.shared / f"d{number}"
        folder.mkdir()
        (folder / "firmware.bin").write_bytes(noise(200 + number, f"firmware {number}"))
        fields = {"lifecycle": {"endOfSecuritySupport": days(100), "lastUpdated": DATE}} if kind == ENDED else {}
        description = self.description([("firmware.bin", {"role": "firmware"})], folder=folder,
                                       release={"version": f"1.{number}.0", "sequence": number + 1}, **fields)
        key = self.keys[1 if kind == REVOKED else 0]
        self.sign("pack", description, "--key", f"{key}.key.pem", "--cert", f"{key}.cert.pem", "--out",
                  self.shared / "archives" / f"{number:03}.tar")

    def revoke(self):
        ca = self.shared / "ca"
        ca.mkdir()
        (ca / "index").touch()
        (ca / "number").write_text("01\n")
        (ca / "ca.cnf").write_text(f"[ca]\ndefault_ca=it\n[it]\ndatabase={ca}/index\ncrlnumber={ca}/number\ndefault_md=sha256\n"
                                   "default_crl_days=900\ncrl_extensions=x\n[x]\nauthorityKeyIdentifier=keyid\n")
        signer = ("-config", ca / "ca.cnf", "-cert", f"{self.root}.cert.pem", "-keyfile", f"{self.root}.key.pem")
        self.run_program("openssl", "ca", "-revoke", f"{self.keys[1]}.cert.pem", *signer, code=0)
        self.run_program("openssl", "ca", "-gencrl", *signer, "-out", self.shared / "vendor.crl", code=0)
        csaf = self.shared / "csaf"
        csaf.mkdir()
        # By the digest alone: names would make every release of the product a possible match.
        text = CSAF.read_text().replace(VENDOR, "Other Works").replace("RTU-7", "Other").replace("EA-RTU7", "OTHER")
        document = json.loads(text)
        old = self.first_hash(document)
        for number in range(ADVISED, RELEASES, 10):
            new = sha256(noise(200 + number, f"firmware {number}"))
            value = json.loads(text.replace(old, new))
            value["document"]["tracking"]["id"] += f"-{number}"
            (csaf / f"{value['document']['tracking']['id'].lower()}.json").write_text(json.dumps(value))

    def first_hash(self, value):
        if isinstance(value, dict):
            if value.get("algorithm") == "sha256":
                return value["value"]
            value = list(value.values())
        found = [self.first_hash(one) for one in value] if isinstance(value, list) else []
        return next((one for one in found if one), None)

    def review(self, *arguments, code=1, operand=None):
        value = self.verify("review", operand or self.shared / "journal", "--trust", self.shared / "trust.json", "--json", *arguments,
                            code=code).json()
        return self.in_form("review", value)

    def by_number(self, value):
        return {int(one["release"]["version"].split(".")[1]): one for one in value["releases"]}

    def today(self):
        return ("--archives", self.shared / "archives", "--crl", self.shared / "vendor.crl", "--csaf", self.shared / "csaf",
                "--at", days(200))

    def test_each_is_named_with_its_reason(self):
        value = self.review(*self.today())
        found = self.by_number(value)
        self.assertEqual(sorted(found), list(range(RELEASES)))
        for number, one in found.items():
            with self.subTest(number):
                kind = number % 10
                reasons = [(reason["result"], reason.get("check")) for reason in one["reasons"]]
                words = " ".join(reason["reason"] for reason in one["reasons"])
                self.assertEqual(one["now"], "REFUSED" if kind == REVOKED else "NOT REVIEWED" if kind in (GONE, CHANGED) else "ACCEPTED")
                self.assertEqual(one["then"]["verdict"], "ACCEPTED")
                self.assertEqual(one["then"]["asset"], "GW-3")
                if kind == REVOKED:
                    self.assertIn("FAIL", [result for result, _ in reasons])
                    self.assertIn("revoked", words)
                elif kind == ENDED:
                    self.assertIn(("WARN", "lifecycle.support"), reasons)
                elif kind == ADVISED:
                    self.assertIn(("ADVISORY", None), reasons)
                    self.assertIn(f"-{number})", words)
                elif kind in (GONE, CHANGED):
                    self.assertIn("not there: name its folder with --archives", words)
                else:
                    self.assertEqual([one for one in reasons if one[0] != "NOT_CHECKED"], [])
        self.assertEqual(value["counts"]["refused"], RELEASES // 10)
        self.assertEqual(value["counts"]["notReviewed"], RELEASES // 5)
        page = self.verify("review", self.shared / "journal", "--trust", self.shared / "trust.json", *self.today(), code=1).out
        self.assertIn(f"CHANGED: {RELEASES} releases: {RELEASES // 10} would be refused today", page)

    def test_nothing_new(self):
        whole = self.folder / "whole"
        whole.mkdir()
        for number in (5, 6, 15):
            shutil.copy(self.shared / "archives" / f"{number:03}.tar", whole)
        self.verify("check", *sorted(whole.iterdir()), "--trust", self.shared / "trust.json", "--journal", "j", "--quiet")
        value = self.review("--archives", whole, code=0, operand=self.folder / "j")
        self.assertEqual({one["now"] for one in value["releases"]}, {"ACCEPTED"})
        self.assertEqual([one["reasons"] for one in value["releases"]], [[], [], []])
        # Of a folder every archive is reviewed; a journal without archives is no review.
        value = self.review(code=0, operand=whole)
        self.assertEqual(sorted(self.by_number(value)), [5, 6, 15])
        self.assertNotIn("then", value["releases"][0])
        value = self.review(code=3, operand=self.folder / "j")
        self.assertEqual({one["now"] for one in value["releases"]}, {"NOT REVIEWED"})
        # The catalogue knows where they lie; what it says is verified all the same.
        self.verify("catalogue", "add", "--catalogue", "c", *sorted(whole.iterdir()))
        self.review("--catalogue", "c", code=0, operand=self.folder / "j")
        path = whole / "005.tar"
        shutil.copy(self.shared / "archives" / "006.tar", path)
        value = self.review("--catalogue", "c", code=1, operand=self.folder / "j")
        self.assertEqual(self.by_number(value)[5]["now"], "REFUSED")
        bad = tampered(self.shared / "archives" / "005.tar", path, member(self.shared / "archives" / "005.tar", "firmware.bin").data)
        self.assertEqual(self.by_number(self.review("--archives", whole, code=1, operand=self.folder / "j"))[5]["now"], "REFUSED")
        self.assertTrue(bad.is_file())

    def test_fail_on_and_usage(self):
        whole = self.folder / "whole"
        whole.mkdir()
        shutil.copy(self.shared / "archives" / f"{ADVISED:03}.tar", whole)
        csaf = ("--csaf", self.shared / "csaf")
        self.review(*csaf, code=3, operand=whole)  # accepted, without an SBOM: not everything was compared
        self.review(*csaf, "--fail-on", "affected", code=1, operand=whole)
        trust = ("--trust", self.shared / "trust.json")
        self.verify("review", whole, code=2)
        self.verify("review", "missing", *trust, code=3)
        self.verify("review", whole, *trust, "--archives", "missing", code=3)
        self.verify("review", whole, *trust, "--fail-on", "affected", code=2)
        self.verify("review", whole, *trust, "--catalogue", "missing", code=2)
        (self.folder / "empty").mkdir()
        self.assertIn("nothing to review", self.verify("review", self.folder / "empty", *trust, code=2).err)
        (self.folder / "empty" / "notes.txt").write_text("no archive")
        self.verify("review", self.folder / "empty", *trust, code=2)

    def test_every_file_of_a_folder_is_its_own(self):
        good, whole = self.shared / "archives" / "005.tar", self.folder / "whole"
        whole.mkdir()
        shutil.copy(good, whole / "a.tar")
        tampered(good, whole / "b.tar", member(good, "firmware.bin").data)  # the same manifest, another file
        (whole / "c.tar").write_bytes(b"")
        shutil.copy(good, whole / "cut")
        (whole / "cut").write_bytes(good.read_bytes()[:700])
        (whole / "link.tar").symlink_to(good)
        value = self.review(code=1, operand=whole)
        found = {one["archive"].rsplit("/", 1)[1]: one for one in value["releases"]}
        self.assertEqual({name: one["now"] for name, one in found.items() if name != "cut"},
                         {"a.tar": "ACCEPTED", "b.tar": "REFUSED", "c.tar": "REFUSED", "link.tar": "NOT REVIEWED"})
        self.assertIn(found["cut"]["now"], ("REFUSED", "NOT REVIEWED"))
        self.assertEqual(found["a.tar"]["identity"], found["b.tar"]["identity"])
        self.assertNotIn("identity", found["c.tar"])
        page = self.verify("review", whole, "--trust", self.shared / "trust.json", code=1).out
        for name in ("b.tar", "c.tar", "cut", "link.tar"):
            self.assertIn(name, page)
        for name in ("b.tar", "c.tar", "cut"):
            (whole / name).unlink()
        self.review(code=3, operand=whole)  # a link alone is not followed, and not passed over
        (whole / "link.tar").unlink()
        page = self.verify("review", whole, "--trust", self.shared / "trust.json", code=0).out
        self.assertIn("ACCEPTED TODAY: 1 release: 0 would be refused today", page)
        self.assertIn("not asked (--csaf)", page)

    def test_a_folder_does_not_say_that_old_warnings_are_new(self):
        """A warning that was there from the first day: a journal knows it, a folder cannot."""
        whole = self.folder / "whole"
        whole.mkdir()
        shutil.copy(self.shared / "archives" / f"{ENDED:03}.tar", whole)
        late = ("--trust", self.shared / "trust.json", "--at", days(200))
        page = " ".join(self.verify("review", whole, *late, code=0).out.split())
        self.assertIn("ACCEPTED TODAY: 1 release: 0 would be refused today, 1 accepted with findings, 0 not reviewed", page)
        self.assertIn("which of them are new is not known", page)
        self.assertIn("WARN signature.timestamp: ", page)
        self.assertNotIn("something new", page)
        counts = self.review("--at", days(200), code=0, operand=whole)["counts"]
        self.assertEqual((counts["noted"], counts["warned"]), (0, 1))
        self.verify("check", whole / f"{ENDED:03}.tar", "--trust", self.shared / "trust.json", "--journal", "j", "--quiet")
        page = " ".join(self.verify("review", self.folder / "j", "--archives", whole, *late, code=0).out.split())
        self.assertIn("STILL ACCEPTED: 1 release: 0 would be refused today, 1 accepted with something new", page)
        self.assertNotIn("not known", page)
        tampered(whole / f"{ENDED:03}.tar", whole / "b.tar", 3000)
        self.assertIn("NOT ALL ACCEPTED: 2 releases: 1 would be refused today", self.verify("review", whole, *late, code=1).out)

    def test_a_record_that_is_gone(self):
        whole = self.folder / "whole"
        whole.mkdir()
        shutil.copy(self.shared / "archives" / f"{ENDED:03}.tar", whole)
        trust = ("--trust", self.shared / "trust.json")
        self.verify("check", whole / f"{ENDED:03}.tar", *trust, "--journal", "j", "--quiet")
        late = ("--archives", whole, "--at", days(200))
        self.review(*late, code=0, operand=self.folder / "j")
        for record in (self.folder / "j").rglob("*.json"):
            if "ACCEPTED" in record.name.upper():
                record.unlink()
        one = self.review(*late, code=3, operand=self.folder / "j")["releases"][0]
        self.assertEqual(one["now"], "ACCEPTED")
        reasons = [(reason["result"], reason.get("check")) for reason in one["reasons"]]
        self.assertIn(("WARN", "lifecycle.support"), reasons)
        self.assertEqual(reasons[0], ("NOT REVIEWED", None))

    def test_a_journal_without_what_counts(self):
        trust = ("--trust", self.shared / "trust.json")
        archive = self.shared / "archives" / "005.tar"
        self.verify("check", archive, *trust, "--journal", "j", "--at", days(1), "--quiet")
        value = self.review("--archives", self.shared / "archives", code=3, operand=self.folder / "j")
        self.assertEqual((value["releases"], value["counts"]["uncounted"]), ([], 1))
        page = self.verify("review", self.folder / "j", *trust, code=3).out
        self.assertIn("NOTHING REVIEWED", page)
        self.assertIn("1 accepted line does not count and was not reviewed", page)

    def test_a_release_with_its_own_advisories(self):
        """Without --csaf nothing was asked, whatever the release lists itself."""
        folder = self.folder / "own"
        folder.mkdir()
        (folder / "firmware.bin").write_bytes(noise(900, "own"))
        shutil.copy(CSAF, folder / "own.json")
        description = self.description([("firmware.bin", {"role": "firmware"}), ("own.json", {"role": "advisory"})], folder=folder,
                                       advisories=[{"id": "VX-2026-1", "file": "own.json"}])
        key = self.keys[0]
        self.sign("pack", description, "--key", f"{key}.key.pem", "--cert", f"{key}.cert.pem", "--out", folder / "own.tar")
        value = self.review(code=0, operand=folder)
        self.assertNotIn("notCompared", {name for one in value["releases"] for name, said in one.items() if said is True})

    def test_an_sbom_without_advisories_to_ask(self):
        """Nothing is said of a release's components where no advisories were named, and the page says that; with some, all of it is compared."""
        folder = self.folder / "sbom"
        folder.mkdir()
        (folder / "firmware.bin").write_bytes(noise(901, "sbom"))
        (folder / "sbom.json").write_text(json.dumps({
            "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "metadata": {"component": {
                "type": "firmware", "bom-ref": "p", "name": PRODUCT, "version": "1.0.0",
                "hashes": [{"alg": "SHA-256", "content": sha256(noise(901, "sbom"))}]}},
            "components": [{"type": "library", "bom-ref": "ssl", "name": "openssl", "version": "3.5.4", "purl": "pkg:generic/openssl@3.5.4"}],
            "dependencies": [{"ref": "p", "dependsOn": ["ssl"]}, {"ref": "ssl"}]}), encoding="utf-8")
        description = self.description([("firmware.bin", {"role": "firmware"}), ("sbom.json", {"role": "sbom"})], folder=folder,
                                       sbom=[{"file": "sbom.json", "format": "CycloneDX-1.6"}])
        key = self.keys[0]
        self.sign("pack", description, "--key", f"{key}.key.pem", "--cert", f"{key}.cert.pem", "--out", folder / "sbom.tar")
        value = self.review(code=0, operand=folder)
        self.assertFalse([name for one in value["releases"] for name in one if name in ("notCompared", "affected", "possiblyAffected", "advisories")])
        page = self.verify("review", folder, "--trust", self.shared / "trust.json").out
        self.assertRegex(page, r"advisories +not asked \(--csaf\)")
        self.assertNotIn("affected", page)
        csaf = CSAF.with_name("06-purl-of-a-component.json")
        value = self.review("--csaf", csaf, code=0, operand=folder)
        self.assertEqual(len(value["releases"]), 1)
        self.assertTrue([one for one in value["releases"][0]["reasons"] if one["result"] == "ADVISORY"], value)
        self.assertNotIn("not asked", self.verify("review", folder, "--trust", self.shared / "trust.json", "--csaf", csaf).out)


if __name__ == "__main__":
    main()
