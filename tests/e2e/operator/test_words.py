# SPDX-License-Identifier: Apache-2.0
"""What a first-time user reads: what is named, what is counted, what is said of a file that was given by mistake."""
import json
import os
import re
import shutil

from harness import EXAMPLE, KEYS, ROOT_CERT, VERIFY, Case, main

ALLOW = "--allow-example-keys"
ROOT = ["--anchor", ROOT_CERT, ALLOW]
KEY = ["--key", KEYS / "release.key.pem", "--cert", KEYS / "release.cert.pem", ALLOW]
NOWHERE = "nowhere.x"
SECRET = "hunter2-Passw0rd correct horse"


def told(result):
    return " ".join((result.out + result.err).split())


class Words(Case):
    def setUp(self):
        super().setUp()
        self.archive = self.small_release()

    def v(self, *arguments, code=0, **more):
        return self.verify(*arguments, code=code, cwd=self.folder, timeout=60, **more)

    def s(self, *arguments, code=0):
        return self.sign(*arguments, code=code, cwd=self.folder)

    def record(self, folder="rec"):
        self.v("check", self.archive, *ROOT, "--record", folder, "--report", f"{folder}.html")
        return self.folder / folder / "RECORD.json"

    def test_the_end_of_a_pinned_certificate_is_none(self):
        pinned = ["--anchor", KEYS / "release.cert.pem", ALLOW]
        self.assertIn("pinned: its certificate's end, 2049-12-31, does not count", told(self.v("check", self.archive, *pinned)))
        text = told(self.v("check", self.archive, *ROOT))
        self.assertIn("signed by CN=Example release key DO NOT TRUST", text)
        self.assertIn("certificate until 2049-12-31", text)
        self.assertNotIn("does not count", text)
        self.assertIn("no hurry: the signer is pinned", told(self.v("check", self.archive, *pinned)))
        own = self.own_keys("own")
        text = told(self.s("endorse", self.archive, "--key", f"{own}.key.pem", "--cert", f"{own}.cert.pem", ALLOW))
        self.assertIn("for verifiers who trust a CA: a timestamp proves", text)

    def test_the_report_says_on_its_first_page_who_signed_and_asks_for_the_decision(self):
        self.record()
        page = (self.folder / "rec.html").read_text("utf-8")
        top = page[page.index("<main>"):page.index("<h2>Open points</h2>")]
        self.assertIn("<dt>signed by</dt><dd>CN=Example release key DO NOT TRUST", top)
        self.assertIn('<section class="decision">', top)
        bad = self.folder / "stranger.html"
        other = self.own_keys("stranger") + "-root.cert.pem"
        self.v("check", self.archive, "--anchor", other, "--report", bad, code=1)
        self.assertIn("nobody who counts here: 1 signature did not", bad.read_text("utf-8"))

    def test_ids_stay_on_one_line(self):
        """A path, a date, an id of a table is one word to a browser; a long one may break anywhere."""
        self.record()
        page = (self.folder / "rec.html").read_text("utf-8")
        self.assertIn("td.k{white-space:pre}span.k{white-space:nowrap}", page)
        self.assertRegex(page, r'<span class="k">\(?2049-12-31\)?,?</span>')

    def test_a_folder_is_looked_into(self):
        found = self.folder / "found"
        found.mkdir()
        shutil.copy(self.archive, found / "a.tar")
        text = told(self.v("trace", "firmware.bin", "--in", "found"))
        self.assertTrue(text.startswith("FOUND: firmware.bin"), text)
        self.assertNotIn("NOT READ", text)
        (found / "notes.txt").write_text("x", encoding="ascii")
        self.assertIn("NOT READ found: 1 was in it passed over, no archive by name (.tar): notes.txt",
                      told(self.v("trace", "firmware.bin", "--in", "found")))
        os.remove(found / "a.tar")
        text = told(self.v("trace", "firmware.bin", "--in", "found", code=3))
        self.assertIn("NOT FOUND: firmware.bin; not everything was looked into", text)
        self.assertIn("NOT READ found: there is neither an archive nor a journal in this folder - name the archives", text)
        text = told(self.v("trace", "firmware.bin", "--in", NOWHERE, code=3))
        self.assertIn(f"NOT READ {NOWHERE}: cannot open it: there is no such file or folder - check the path", text)
        shutil.copy(self.archive, found / "a.tar")
        self.v("catalogue", "add", "found", "--catalogue", "c.x")
        self.assertIn("FOUND: firmware.bin", told(self.v("trace", "firmware.bin", "--catalogue", "c.x")))
        self.assertIn("NOT FOUND: none of the 2 files", told(self.v("trace", "found/notes.txt", "c.x", "--in", self.archive, code=3)))

    def test_a_file_is_no_folder(self):
        for arguments, expected in ((["journal", "show", self.archive], "the folder of a journal"),
                                    (["journal", "verify", self.archive], "the folder of a journal"),
                                    (["compare-installed", self.archive, "--against", self.archive], "the folder that is compared"),
                                    (["review", self.archive, *ROOT], "the folder of a journal")):
            with self.subTest(arguments[:2]):
                result = self.v(*arguments, code=3)
                self.assertIn("it is a file, not a folder", told(result))
                self.assertIn(expected, told(result))
                self.assertNotIn("part of the path", told(result))

    def test_a_file_that_is_not_there(self):
        """3 where it is what is judged or compared, 2 where it is what the run is told to judge by: one rule for all verbs."""
        archive, record = self.archive, self.record()
        judged = [
            ["check", NOWHERE, *ROOT], ["show", NOWHERE], ["extract", NOWHERE, "--to", "d", *ROOT], ["diff", NOWHERE, archive],
            ["diff", archive, NOWHERE], ["trace", NOWHERE, "--in", archive], ["trace", record, "--in", NOWHERE],
            ["compare-installed", NOWHERE, "--against", archive], ["compare-installed", self.folder, "--against", NOWHERE],
            ["review", NOWHERE, *ROOT], ["advisories", NOWHERE, "--csaf", self.folder, *ROOT], ["record", "show", NOWHERE],
            ["record", "verify", NOWHERE, "--anchor", ROOT_CERT], ["record", "replay", NOWHERE, archive, *ROOT],
            ["record", "replay", record, NOWHERE, *ROOT], ["record", "export", NOWHERE, "--vsa", "--anchor", ROOT_CERT, "--key", KEYS / "release.key.pem", "--out", "o"],
            ["journal", "show", NOWHERE], ["journal", "verify", NOWHERE], ["catalogue", "add", NOWHERE, "--catalogue", "c.x"],
            ["check", archive, *ROOT, "--also", NOWHERE],
            *(["export", kind, NOWHERE, *ROOT] for kind in ("inventory", "checklist", "settings", "interfaces", "claims", "sha256sums"))]
        means = [
            ["check", archive, "--anchor", NOWHERE], ["check", archive, "--trust", NOWHERE], ["check", archive, *ROOT, "--crl", NOWHERE],
            ["check", archive, *ROOT, "--profile", NOWHERE], ["check", archive, *ROOT, "--config", NOWHERE],
            ["check", archive, "--trust", KEYS / "trust.json", ALLOW, "--waivers", NOWHERE],
            ["check", archive, "--trust", KEYS / "trust.json", ALLOW, "--overlay", NOWHERE],
            ["show", archive, "--trust", NOWHERE], ["extract", archive, "--to", "d", "--trust", NOWHERE], ["diff", archive, archive, "--trust", NOWHERE],
            ["advisories", archive, "--csaf", NOWHERE, *ROOT], ["record", "verify", record, "--anchor", NOWHERE], ["trust", "show", NOWHERE],
            ["trust", "lint", NOWHERE], ["trust", "set", NOWHERE, "--expires", "2030-01-01T00:00:00Z"], ["trace", record, "--catalogue", NOWHERE],
            ["catalogue", "list", "--catalogue", NOWHERE], ["catalogue", "check", "--catalogue", NOWHERE], ["tpm", "status", "--station", NOWHERE]]
        signer = [
            (3, ["endorse", NOWHERE, *KEY]), (3, ["attach", NOWHERE, "s.p7s"]), (3, ["timestamp", NOWHERE, "--request", "q"]), (3, ["sbom", "check", NOWHERE]),
            (3, ["init", "--from", NOWHERE]), (2, ["lint", NOWHERE]), (2, ["pack", NOWHERE, *KEY]), (2, ["attach", archive, NOWHERE]),
            (2, ["timestamp", archive, "--response", NOWHERE]), (2, ["endorse", archive, "--key", NOWHERE, "--cert", KEYS / "release.cert.pem"]),
            (2, ["endorse", archive, "--key", KEYS / "release.key.pem", "--cert", NOWHERE])]
        for code, command in [(3, one) for one in judged] + [(2, one) for one in means]:
            with self.subTest(command[:2], code=code, at=command.index(NOWHERE)):
                self.assertIn(NOWHERE, told(self.v(*command, code=code)))
        for code, command in signer:
            with self.subTest(command[:2], code=code):
                self.assertIn(NOWHERE, told(self.s(*command, code=code)))

    def test_an_archive_in_the_place_of_a_text_is_named(self):
        for run, arguments in ((self.s, ["lint", self.archive]), (self.s, ["pack", self.archive, *KEY]), (self.v, ["check", self.archive, "--trust", self.archive]),
                               (self.v, ["check", self.archive, "--anchor", self.archive]), (self.v, ["trust", "show", self.archive]),
                               (self.v, ["trust", "lint", self.archive]), (self.v, ["record", "show", self.archive]),
                               (self.v, ["check", self.archive, *ROOT, "--profile", self.archive]),
                               (self.v, ["check", self.archive, *ROOT, "--crl", self.archive]),
                               (self.s, ["timestamp", self.archive, "--response", self.archive, ALLOW])):
            with self.subTest([str(one) for one in arguments[:3]]):
                self.assertIn("a release archive", told(run(*arguments, code=(1, 2))))

    def test_nothing_of_a_wrong_file_is_repeated(self):
        secret = self.folder / "secret.txt"
        secret.write_text(SECRET + "\n", encoding="ascii")
        for run, arguments in ((self.v, ["check", self.archive, "--trust", secret]), (self.v, ["check", self.archive, "--anchor", secret]),
                               (self.v, ["check", self.archive, *ROOT, "--profile", secret]), (self.v, ["trust", "lint", secret]),
                               (self.v, ["check", self.archive, *ROOT, "--crl", secret]), (self.v, ["check", self.archive, *ROOT, "--config", secret]),
                               (self.v, ["record", "show", secret]), (self.v, ["check", secret, *ROOT]), (self.v, ["show", secret]),
                               (self.v, ["check", self.archive, "--trust", KEYS / "trust.json", ALLOW, "--waivers", secret]),
                               (self.s, ["lint", secret]), (self.s, ["sbom", "check", secret]),
                               (self.s, ["endorse", self.archive, "--key", secret, "--cert", KEYS / "release.cert.pem"]),
                               (self.s, ["endorse", self.archive, "--key", KEYS / "release.key.pem", "--cert", secret]),
                               (self.s, ["attach", self.archive, secret]), (self.s, ["timestamp", self.archive, "--response", secret, ALLOW])):
            with self.subTest([str(one) for one in arguments[:3]]):
                text = told(run(*arguments, code=(0, 1, 2, 3)))
                for word in SECRET.split():
                    self.assertNotIn(word, text)
        self.assertIn("begins with neither", told(self.v("check", self.archive, "--trust", secret, code=2)))

    def test_only_says_what_there_is(self):
        text = told(self.v("check", self.archive, *ROOT, "--only", "nix", code=3))
        self.assertIn("nothing in this release is called nix", text)
        self.assertIn("firmware.bin", text)
        self.assertNotIn("FILE", text)

    def test_a_pipe_under_a_name_holds_nobody_up(self):
        """One that was passed on is read."""
        os.mkfifo(self.folder / "pipe")
        for command in (["check", "pipe", *ROOT], ["show", "pipe"], ["diff", "pipe", self.archive], ["compare-installed", ".", "--against", "pipe"]):
            with self.subTest(command[0]):
                self.assertIn("it is a named pipe", told(self.v(*command, code=3)))
        options = f"--anchor '{ROOT_CERT}' {ALLOW}"
        for line in (f"cat '{self.archive}' | '{VERIFY}' check - {options}", f"cat '{self.archive}' | '{VERIFY}' check /dev/stdin {options}",
                     f"'{VERIFY}' check /dev/stdin {options} < '{self.archive}'", f"'{VERIFY}' check <(cat '{self.archive}') {options}",
                     f"cat '{self.archive}' > pipe & '{VERIFY}' check /dev/stdin {options} < pipe"):
            with self.subTest(line):
                self.assertIn("ACCEPTED", self.run_program("bash", "-c", line, code=0, cwd=self.folder, timeout=60).out)

    def test_components_are_counted_in_one_way(self):
        """The product itself is none of its components; through a pipe it is said that they are not counted."""
        archive = self.pack(EXAMPLE / "release.yaml", "example.tar")
        shown = told(self.v("show", archive))
        count = int(re.search(r"(\d+) components", shown)[1])
        self.v("extract", archive, *ROOT, "--to", "out")
        self.assertIn(f"{count} components: structure", told(self.s("sbom", "check", "out/sbom.cdx.json")))
        self.assertEqual(self.s("sbom", "check", "out/sbom.cdx.json", "--json").json()["components"], count)
        self.v("check", archive, *ROOT, "--record", "r")
        record = json.loads((self.folder / "r" / "RECORD.json").read_text("utf-8"))
        self.assertEqual(record["what"]["sbom"][0]["components"], count)
        self.assertIn(f"the SBOM is well formed (CycloneDX-1.6, {count} components)", [one["reason"] for one in record["result"]["checks"]])
        (self.folder / "csaf").mkdir()
        piped = self.run_program("bash", "-c", f"cat '{archive}' | '{VERIFY}' show -", code=0)
        self.assertIn("not read: the archive came through a pipe, which cannot be read twice: name the file", told(piped))
        files = int(re.search(r"checked (\d+) of", told(self.v("check", archive, *ROOT)))[1])
        text = told(self.v("compare-installed", "out", "--against", archive, *ROOT))
        self.assertIn(f"files {files} same", text)
        self.assertIn(f"compared {files} by reading", text)
        self.assertIn("SHA256SUMS.restored, no file of the release", text)

    def test_a_report_carries_no_signature_of_another_record(self):
        own = self.own_keys("recorder")
        sign = ["--sign-record", f"{own}.key.pem", "--record-cert", f"{own}.cert.pem"]
        trust = ["--anchor", f"{own}-root.cert.pem"]
        for name in ("one", "two"):
            self.v("check", self.archive, *ROOT, "--record", name, *sign)
        one, two = self.folder / "one" / "RECORD.json", self.folder / "two" / "RECORD.json.p7s"
        moved = self.folder / "moved.p7s"
        shutil.copy(f"{one}.p7s", moved)
        shutil.copy(two, f"{one}.p7s")
        result = self.v("record", "show", one, "--html", "page.html", code=1)
        self.assertIn("the signature is not that of this record", told(result))
        self.assertFalse((self.folder / "page.html").exists())
        self.v("record", "show", one, *trust, "--signature", moved, "--html", "page.html")  # what was asked is what is carried
        self.v("record", "verify", "page.html", *trust)
        self.v("record", "show", one, *trust, "--signature", two, "--html", "other.html", code=1)
        self.assertFalse((self.folder / "other.html").exists())

    def test_all_missing_options_are_named_at_once(self):
        text = told(self.s("endorse", self.archive, code=2))
        self.assertIn("options --key, --cert are missing", text)
        self.assertIn("expected --key URI --cert PEM", text)
        self.assertIn("option --cert is missing", told(self.s("endorse", self.archive, "--key", KEYS / "release.key.pem", code=2)))
        for name in ("check", "approver", "until"):
            self.assertIn(f"--{name}", told(self.s("waive", code=2)).split(" what to do ")[0])


if __name__ == "__main__":
    main()
