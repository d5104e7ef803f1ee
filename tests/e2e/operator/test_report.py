# SPDX-License-Identifier: Apache-2.0
"""`check --report`: a page that carries its record, and what `record verify` makes of it."""
import base64
import hashlib
import html.parser
import json
import re
import shutil

from advisory_pairs import csaf, flaw, product as advised, tree
from harness import (Case, KEYS, PRODUCT, ROOT_CERT, VENDOR, main, member, noise, read_member, rebuild, sha256, tampered)

ALLOW = ("--allow-example-keys",)
KEY = KEYS / "release.key.pem"
CERT = KEYS / "release.cert.pem"
SIGNED = ("--sign-record", KEY, "--record-cert", CERT)
TRUST = ("--anchor", ROOT_CERT, "--allow-example-keys")
HOSTILE = "</style><script>alert(1)</script><img src=x onerror=alert(2)>\"'&"


class Page(html.parser.HTMLParser):
    """The elements of a page, its text, and the data that it carries."""

    def __init__(self, path):
        super().__init__()
        self.elements, self.attributes, self.data, self.words = set(), set(), {}, []
        self.open, self.skip = [], False
        self.feed(path.read_text("utf-8"))
        self.text = " ".join("".join(self.words).split())

    def handle_starttag(self, tag, attrs):
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.skip = tag == "style"
        if tag == "data":
            self.data[dict(attrs)["id"]] = base64.b64decode(dict(attrs)["value"], validate=True)

    def handle_endtag(self, tag):
        self.skip = False

    def handle_data(self, data):
        if not self.skip:
            self.words.append(data)


class Report(Case):
    def made(self, archive, *arguments, code=0, name="report.html"):
        self.check(archive, "--report", name, *arguments, code=code)
        return self.folder / name

    def real(self, *arguments):
        """A report of a release and a record of keys that nobody published, and the anchor of both."""
        prefix = self.own_keys()
        (self.folder / "firmware.bin").write_bytes(noise(700, "firmware"))
        description = self.description([("firmware.bin", {"role": "firmware"})])
        key = (f"{prefix}.key.pem", f"{prefix}.cert.pem")
        self.sign("pack", description, "--key", key[0], "--cert", key[1], "--out", "real.tar")
        self.verify("check", "real.tar", "--anchor", f"{prefix}-root.cert.pem", "--report", "real.html",
                    "--sign-record", key[0], "--record-cert", key[1], *arguments)
        return self.folder / "real.html", f"{prefix}-root.cert.pem"

    def signed(self, name="report.html"):
        return self.made(self.small_release(), *SIGNED, "--change-id", "CHG-7", name=name)

    def genuine(self, path, *arguments, code=0):
        return self.verify("record", "verify", path, *TRUST, *arguments, code=code)

    def changed(self, path, text, name="changed.html"):
        copy = self.folder / name
        copy.write_text(text, encoding="utf-8")
        self.assertNotEqual(copy.read_bytes(), path.read_bytes())
        return copy

    def test_the_one_file_is_enough(self):
        report = self.signed()
        result = self.genuine(report)
        self.assertIn("GENUINE record: ACCEPTED", result.out)
        self.assertIn("shows this record, byte by byte", result.out)
        self.assertIs(self.genuine(report, "--json").json()["report"], True)
        page = Page(report)
        self.assertEqual(set(page.data), {"cretula-record", "cretula-signature"})
        record = page.data["cretula-record"]
        digest = hashlib.sha256(record).hexdigest()
        self.assertIn(f"Record SHA-256 {digest}", page.text)
        for words in ("ACCEPTED", "RTU-7 Remote Terminal Unit 1.0.0", "CHG-7", json.loads(record)["what"]["identity"],
                      "firmware.bin", "Open points", "Who vouches", "What this does not say"):
            self.assertIn(words, page.text)

    def test_it_carries_the_record_that_was_left(self):
        report = self.made(self.small_release(), *SIGNED, "--record", "record", "--journal", "journal")
        page = Page(report)
        self.assertEqual(page.data["cretula-record"], (self.folder / "record" / "RECORD.json").read_bytes())
        self.assertEqual(page.data["cretula-signature"], (self.folder / "record" / "RECORD.json.p7s").read_bytes())
        kept = [path.read_bytes() for path in (self.folder / "journal" / "records").glob("*.json")]
        self.assertIn(page.data["cretula-record"], kept)
        self.verify("record", "show", "record/RECORD.json", "--html", "again.html")
        self.assertEqual((self.folder / "again.html").read_bytes(), report.read_bytes())
        self.assertIn("vouched by  journal, number 1", self.genuine(report, "--journal", "journal").out)

    def test_an_acceptance_counts(self):
        report, anchor = self.real("--journal", "journal")
        trust = ("--anchor", anchor, "--accepted")
        self.assertIn("counts as an acceptance", self.verify("record", "verify", report, *trust, "--journal", "journal").out)
        self.assertIn("--journal DIR", self.verify("record", "verify", report, *trust, code=2).err)
        self.assertIn("REFUSED", self.verify("record", "verify", report, "--anchor", ROOT_CERT, *ALLOW, code=1).err)

    def test_nothing_that_acts_and_nothing_that_is_fetched(self):
        report = self.signed()
        page = Page(report)
        self.assertFalse(page.elements & {"script", "link", "img", "iframe", "form", "a", "object", "embed", "base"})
        self.assertFalse({name for name in page.attributes if name.startswith("on")} | page.attributes & {"src", "href", "style"})
        text = report.read_text("utf-8")
        style = re.search(r"<style>(.*?)</style>", text, re.S)[1]
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        self.assertIn(f"default-src 'none'; style-src 'sha256-{digest}'", text)
        self.assertNotIn("url(", style)

    def test_refused_and_undecided_have_one_too(self):
        archive = self.small_release()
        report = self.made(archive, *SIGNED, "--product", "Other", code=1)
        page = Page(report)
        self.assertNotIn("ACCEPTED", page.text)
        for words in ("REFUSED", "what to do", "Do not install it.", "FAIL release.product"):
            self.assertIn(words, page.text)
        self.assertIn("GENUINE record: REFUSED", self.genuine(report).out)
        self.genuine(report, "--accepted", code=1)
        only = self.verify("check", archive, *TRUST, "--only", "NOTES.md", "--report", "part.html", code=3)
        self.assertIn("PARTIAL", only.out)
        self.assertIn("PARTIAL", Page(self.folder / "part.html").text)

    def test_without_a_voucher_none_is_promised(self):
        archive = self.small_release()
        bare = Page(self.made(archive, name="bare.html")).text
        self.assertIn("nothing vouches for this record", bare)
        self.assertNotIn("record verify PAGE.html", bare)
        kept = Page(self.made(archive, "--journal", "j", name="kept.html")).text
        self.assertIn("record verify PAGE.html --journal DIR", kept)
        self.assertNotIn("nothing vouches", kept)
        self.assertIn("3 of 3 files", kept)

    def test_a_refusal_does_not_say_that_all_was_checked(self):
        archive = self.small_release()
        bad = tampered(archive, self.folder / "bad.tar", member(archive, "firmware.bin").data)
        self.assertNotRegex(Page(self.made(bad, code=1)).text, "[0-9] of [0-9] files")

    def test_any_change_of_what_is_shown_is_found(self):
        report = self.signed()
        text = report.read_text("utf-8")
        changes = {"verdict": ("<strong>ACCEPTED</strong>", "<strong>ACCEPTED WITH WAIVERS</strong>"),
                   "product": ("RTU-7 Remote Terminal Unit 1.0.0", "RTU-8 Remote Terminal Unit 1.0.0"),
                   "version": ("Unit 1.0.0", "Unit 1.0.1"),
                   "signer": ("Example release key DO NOT TRUST", "Example release key"),
                   "change": ("CHG-7", "CHG-8"),
                   "warning": ("WARN", "PASS"),
                   "style": ("--ink:#16191d", "--ink:#ffffff"),
                   "a script": ("</body>", "<script>alert(1)</script></body>"),
                   "a comment at the end": ("</html>\n", "</html>\n<!-- -->"),
                   "the last line break": ("</html>\n", "</html>")}
        for name, (old, new) in changes.items():
            with self.subTest(name):
                self.assertIn(old, text)
                result = self.genuine(self.changed(report, text.replace(old, new)), code=1)
                self.assertIn("the page does not show the record that it carries", result.err)
                self.assertNotIn("GENUINE", result.out + result.err)
        shown = self.verify("record", "show", self.changed(report, text.replace("CHG-7", "CHG-8")))
        self.assertIn("the page does not show the record", shown.out)

    def test_any_change_of_what_is_carried_is_found(self):
        """Other data, with the page that belongs to it: what then fails is the signature."""
        refused = self.made(self.small_release(), *SIGNED, "--product", "Other", code=1, name="refused.html")
        accepted = self.signed("accepted.html")
        swap = {}
        for path in (refused, accepted):
            swap[path] = dict(re.findall(r'<data id="([^"]*)" hidden value="([^"]*)"', path.read_text("utf-8")))
        text = refused.read_text("utf-8")
        for part in ("cretula-record", "cretula-signature"):
            with self.subTest(part):
                other = text.replace(swap[refused][part], swap[accepted][part])
                self.genuine(self.changed(refused, other), code=1)
        # The page of a forged record, made as our own program makes it, shows that record: it is not signed.
        record = json.loads(base64.b64decode(swap[accepted]["cretula-record"]))
        record["why"]["asset"] = "PLC-12"
        (self.folder / "forged.json").write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
        self.verify("record", "show", "forged.json", "--html", "forged.html")
        forged = (self.folder / "forged.html").read_text("utf-8")
        end = forged.index("</body>")
        seal = f'<data id="cretula-signature" hidden value="{swap[accepted]["cretula-signature"]}"></data>\n'
        self.assertIn("REFUSED", self.genuine(self.folder / "forged.html", code=1).err)
        self.genuine(self.changed(accepted, forged[:end] + seal + forged[end:]), code=1)
        # Nor does a page help that shows a forged record together with the signature of the true one.
        coded = base64.b64encode((self.folder / "forged.json").read_bytes()).decode()
        both = self.changed(accepted, accepted.read_text("utf-8").replace(swap[accepted]["cretula-record"], coded), "both.html")
        result = self.verify("record", "show", both, "--html", "again.html", code=1)
        self.assertIn("the signature is not that of this record", result.err)
        self.assertFalse((self.folder / "again.html").exists())
        self.genuine(both, code=1)
        (self.folder / "forged.json.p7s").write_bytes(base64.b64decode(swap[accepted]["cretula-signature"]))
        self.assertIn("the record's signature", self.genuine(self.folder / "forged.json", code=1).err)
        for broken in ("", "AAAA", "?"):
            self.genuine(self.changed(accepted, text.replace(swap[refused]["cretula-record"], broken)), code=1)

    def test_a_byte_anywhere(self):
        report = self.signed()
        size = report.stat().st_size
        positions = [int.from_bytes(noise(4, f"byte {number}"), "big") % size for number in range(60)]
        for position in [0, 1, size - 1, *positions]:
            copy = tampered(report, self.folder / "flipped.html", position)
            self.assertNotIn("GENUINE", self.genuine(copy, code=(1, 3)).out, position)

    def test_a_page_of_another_version_is_not_called_forged(self):
        report = self.signed()
        text = report.read_text("utf-8")
        maker = re.search(r"renderer ([0-9a-f]{16})", text)[1]
        other = self.changed(report, text.replace(maker, "0123456789abcdef"), "other.html")
        result = self.genuine(other, code=3)
        self.assertIn("another version of the program made this page", result.err)
        self.assertNotIn("changed", result.err)
        # What helps: a page of this version, of the same record and signature.
        shown = self.verify("record", "show", other, "--html", "new.html")
        self.assertIn("UNVERIFIED", shown.out)
        self.assertIn("cannot be compared", shown.out)
        self.assertEqual((self.folder / "new.html").read_bytes(), report.read_bytes())
        self.assertIn("GENUINE", self.genuine(self.folder / "new.html").out)

    def test_what_is_no_report(self):
        page = self.folder / "page.html"
        for text in ("<!DOCTYPE html><html><body>Sign in</body></html>", "<", "<!DOCTYPE html>\n"):
            page.write_text(text, encoding="utf-8")
            self.assertIn("no report of cretula-verify", self.genuine(page, code=1).err)
        unsigned = self.made(self.small_release(), name="unsigned.html")
        self.assertIn("the record has no signature", self.genuine(unsigned, code=1).err)

    def test_it_takes_the_place_of_nothing(self):
        archive = self.small_release()
        before = archive.read_bytes()
        there = self.folder / "there.html"
        there.write_text("mine", encoding="utf-8")
        (self.folder / "link.html").symlink_to("elsewhere.html")
        for path in (archive, there, self.folder / "link.html", "/dev/null", "-", self.folder):
            result = self.verify("check", archive, *TRUST, "--report", path, code=2)
            self.assertNotIn("ACCEPTED", result.out)
        self.assertEqual(archive.read_bytes(), before)
        self.assertEqual(there.read_text("utf-8"), "mine")
        self.assertFalse((self.folder / "elsewhere.html").exists())
        second = shutil.copy(archive, self.folder / "second.tar")
        self.assertIn("one archive", self.verify("check", archive, second, *TRUST, "--report", "r.html", code=2).err)
        folder = self.folder / "shelf"
        folder.mkdir()
        for name in ("a.tar", "b.tar"):
            shutil.copy(archive, folder / name)
        several = self.verify("check", folder, *TRUST, "--report", "r.html", code=2)
        self.assertIn("one archive, and there are 2", several.err)
        self.assertEqual(several.out, "")
        self.assertFalse((self.folder / "r.html").exists())
        self.verify("record", "show", self.signed(), "--html", there, code=2)
        self.assertEqual(there.read_text("utf-8"), "mine")

    def test_a_report_that_cannot_be_written_is_no_acceptance(self):
        archive = self.small_release()
        result = self.verify("check", archive, *TRUST, "--report", "absent/report.html", "--record", "record",
                             "--journal", "journal", code=3)
        self.assertNotIn("ACCEPTED", result.out)
        self.assertIn("--report", result.out + result.err)
        self.assertFalse((self.folder / "record" / "RECORD.json").exists() and
                         "ACCEPTED" == json.loads((self.folder / "record" / "RECORD.json").read_text("utf-8"))["result"]["verdict"])
        extracted = self.verify("extract", archive, *TRUST, "--to", "out", "--report", "absent/report.html", code=3)
        self.assertFalse((self.folder / "out").exists(), extracted)
        self.verify("extract", archive, *TRUST, "--to", "out", "--report", "report.html")
        self.assertIn("ACCEPTED", Page(self.folder / "report.html").text)

    def test_words_of_others_stay_words(self):
        archive = self.small_release(product={"vendor": "Example Automation GmbH", "name": f"RTU-7 {HOSTILE}"})
        report = self.made(archive, *SIGNED, "--asset", HOSTILE)
        page = Page(report)
        self.assertIn(HOSTILE, page.text)
        self.assertFalse(page.elements & {"script", "img"})
        self.genuine(report)

    def with_components(self, count, *files, **fields):
        """A release with an SBOM of that many components besides the product."""
        (self.folder / "firmware.bin").write_bytes(noise(700, "parts"))
        parts = [{"type": "library", "bom-ref": f"c{number}", "name": f"part-{number:04}", "version": f"1.{number}",
                  **({"licenses": [{"license": {"id": "MIT"}}], "supplier": {"name": "Works"}} if number % 2 == 0 else {})}
                 for number in range(count)]
        (self.folder / "sbom.json").write_text(json.dumps({
            "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
            "metadata": {"component": {"type": "firmware", "bom-ref": "root", "name": PRODUCT, "version": "1.0.0",
                                       "hashes": [{"alg": "SHA-256", "content": sha256(noise(700, "parts"))}]}},
            "components": parts}), encoding="utf-8")
        return self.pack(self.description([("firmware.bin", {"role": "firmware"}), ("sbom.json", {"role": "sbom"}), *files],
                                          sbom=[{"file": "sbom.json", "format": "CycloneDX-1.6"}], **fields))

    def test_components_of_the_sbom(self):
        page = Page(self.made(self.with_components(3), *SIGNED))
        self.assertIn("Components (SBOM)", page.text)
        self.assertIn("sbom.json, CycloneDX-1.6", page.text)
        self.assertIn("3 besides the product, as the SBOM says", page.text)
        self.assertRegex(page.text, r"part-0000 ?1\.0 ?MIT ?Works")
        self.assertRegex(page.text, r"part-0001 ?1\.1 ?not said ?not said")
        self.assertNotIn("not listed here", page.text)
        bare = Page(self.made(self.small_release(), name="bare.html"))
        self.assertIn("The release has no SBOM", bare.text)

    def test_many_components_are_a_number(self):
        report = self.made(self.with_components(420), *SIGNED)
        page = Page(report)
        what = json.loads(page.data["cretula-record"])["what"]
        self.assertEqual((len(what["sbom"][0]["parts"]), what["sbom"][0]["partsLeftOut"]), (200, 220))
        self.assertEqual(len(set(re.findall(r"part-[0-9]{4}", page.text))), 200)  # findings name some once more
        self.assertIn("420 besides the product, as the SBOM says", page.text)
        self.assertIn("And 220 more components that are not listed here; sbom.json has them all.", page.text)
        self.genuine(report)
        one = Page(self.made(self.with_components(201), name="one.html"))
        self.assertIn("And 1 more component that is not listed here", one.text)

    def test_claims_with_their_limits_and_who_must_do_what(self):
        report = self.made(self.small_release(
            claims=[{"standard": "IEC 62443-4-2:2019", "basis": "self-assessment", "scope": "the device", "limits": "nobody else looked",
                     "securityLevel": {"type": "SL-C", "value": 2, "conditions": "TLS is on"}}],
            responsibilities=[{"party": "owner", "item": "keeps backups"}], assumptions=["a locked cabinet"], notAddressed=["radio"],
            outOfScopeThreats=["a laboratory"], topics={"S37": {"status": "notProvided", "reason": "nobody asked"}}), *SIGNED)
        text = Page(report).text
        self.assertIn("S37 phasing: NOT PROVIDED: nobody asked", text)
        for words in ("Claims", "nobody else looked", "TLS is on", "Responsibilities", "keeps backups", "a locked cabinet", "Not addressed", "radio",
                      "a laboratory"):
            self.assertIn(words, text)
        self.genuine(report)

    def test_what_vex_means_for_this_version(self):
        document = csaf(tree(advised("P1", version="1.0.0", purl="pkg:generic/rtu@1.0.0"), advised("P2", version="1.3.0")),
                        [flaw("CVE-2026-0001", fixed="P1"), flaw("CVE-2026-0003", fixed="P2"), flaw("CVE-2026-0002", known_affected="P1")])
        (self.folder / "vex.json").write_text(json.dumps(document), encoding="utf-8")
        report = self.made(self.with_components(1, ("vex.json", {"role": "vex"}), product={
            "vendor": VENDOR, "name": PRODUCT, "purl": "pkg:generic/rtu@1.0.0"}), *SIGNED)
        text = Page(report).text
        section = text[text.index("What VEX and advisories in the release mean for version 1.0.0"):]
        self.assertIn("1 affected (CVE-2026-0002)", section)
        self.assertIn("1 affected (CVE-2026-0002)", text[:text.index("Open points")])  # and on top
        self.assertRegex(section, r"CVE-2026-0002 ?affected ?the product")
        self.assertRegex(section, r"CVE-2026-0001 ?fixed ?the product")
        self.assertIn("`cretula-verify advisories`", section)
        self.genuine(report)
        none = Page(self.made(self.small_release(), name="none.html")).text
        self.assertIn("The release has no VEX and no advisory that was read: nothing is said here of vulnerabilities", none)

    def test_a_refused_page_names_what_the_file_claims_to_be(self):
        archive = self.small_release()
        other = f"{self.own_keys('other')}-root.cert.pem"
        self.verify("check", archive, "--anchor", other, "--report", "report.html", code=1)
        page = Page(self.folder / "report.html")
        identity = sha256(read_member(archive, "MANIFEST.json"))
        self.assertIn(f"{identity} (claimed, unverified)", page.text)
        self.assertIn("RTU-7 Remote Terminal Unit 1.0.0 (claimed, unverified)", page.text)
        what = json.loads(page.data["cretula-record"])["what"]
        self.assertNotIn("identity", what)
        for section in ("Components (SBOM)", "What VEX and advisories", "Release notes", "Who vouches for"):
            self.assertNotIn(section, page.text)
        # What was authenticated and refused for another reason is no claim; what is no archive claims nothing.
        known = Page(self.made(archive, "--product", "Other", code=1, name="known.html"))
        self.assertIn(identity, known.text)
        self.assertNotIn("claimed, unverified", known.text)
        (self.folder / "junk.tar").write_bytes(noise(4000, "junk"))
        self.assertNotIn("claimed, unverified", Page(self.made(self.folder / "junk.tar", code=1, name="junk.html")).text)
        # A manifest that is none has a digest all the same.
        broken = rebuild(archive, self.folder / "broken.tar", manifest=b"[]\n")
        text = Page(self.made(broken, code=1, name="broken.html")).text
        self.assertIn(f"{sha256(b'[]' + bytes([10]))} (claimed, unverified)", text)

    def test_many_files_are_a_number(self):
        folder = self.folder / "many"
        folder.mkdir()
        for number in range(700):
            (folder / f"file-{number:04}.bin").write_bytes(noise(20, number))
        archive = self.pack(self.description([("many/", {"role": "firmware"})]))
        report = self.made(archive, *SIGNED)
        page = Page(report)
        self.assertEqual(len(json.loads(page.data["cretula-record"])["what"]["files"]), 701)
        self.assertEqual(len(re.findall(r"file-[0-9]{4}\.bin", page.text)), 499)  # and SHA256SUMS
        self.assertTrue("And 201 more files; the record that this page carries has them all" in page.text)
        self.genuine(report)


if __name__ == "__main__":
    main()
