# SPDX-License-Identifier: Apache-2.0
"""Text as editors, shells and other tools write it: byte order marks, UTF-16, names in two compositions,
times of every zone, digests in every case, values that a pipeline never filled in."""
import base64
import json
import subprocess
import unicodedata
import zipfile

from harness import DATE, KEYS, ROOT_CERT, Case, main, manifest_of, read_member, sha256

SIGNER = ["--key", KEYS / "release.key.pem", "--cert", KEYS / "release.cert.pem", "--allow-example-keys"]
MARK = b"\xef\xbb\xbf"
HEAD = "product: {vendor: V, name: P}\nrelease: {version: \"1\", sequence: 1, date: %s}\n" % DATE


class TextIn(Case):
    def describe(self, text, encoding="utf-8", mark=b""):
        path = self.folder / "d.yaml"
        (self.folder / "fw.bin").write_bytes(b"firmware")
        path.write_bytes(mark + text.encode(encoding))
        return path

    def test_byte_order_marks(self):
        text = HEAD + "files: [{source: fw.bin}]\n"
        plain = self.sign("pack", self.describe(text), *SIGNER, "--out", "a.tar")
        self.sign("pack", self.describe(text, mark=MARK), *SIGNER, "--out", "b.tar")
        self.assertEqual(read_member(self.folder / "a.tar", "MANIFEST.json"),
                         read_member(self.folder / "b.tar", "MANIFEST.json"), plain)
        wrong = self.sign("lint", self.describe(text + "nothing: 1\n", mark=MARK), code=2)
        self.assertIn("d.yaml:4:", wrong.out + wrong.err, "the mark moves no place")
        self.sign("lint", self.describe("release: {}\n", mark=MARK), code=2)
        for encoding in ("utf-16", "utf-16-le", "utf-16-be"):
            with self.subTest(encoding):
                result = self.sign("lint", self.describe(text, encoding), code=2)
                self.assertIn("UTF-16", result.out + result.err)
                self.assertIn("Out-File -Encoding utf8", result.out + result.err)

    def test_marks_in_json(self):
        """Others' JSON is read with a mark; ours, which is hashed as a whole, is not, and says so."""
        bom = {"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
               "metadata": {"component": {"type": "firmware", "name": "P", "version": "1"}}}
        (self.folder / "s.json").write_bytes(MARK + json.dumps(bom).encode())
        (self.folder / "t.json").write_text(json.dumps(bom), encoding="utf-8")
        plain = self.sign("sbom", "check", "t.json", "--json", code=(0, 1)).out
        self.assertEqual(plain.replace("t.json", "s.json"), self.sign("sbom", "check", "s.json", "--json", code=(0, 1)).out)
        (self.folder / "s.json").write_bytes(json.dumps(bom).encode("utf-16"))
        self.assertIn("UTF-16", self.sign("sbom", "check", "s.json", code=1).out)
        self.verify("trust", "init", "trust.json", "--name", "T")
        policy = (self.folder / "trust.json").read_bytes()
        (self.folder / "trust.json").write_bytes(MARK + policy)
        result = self.verify("trust", "show", "trust.json", code=2)
        self.assertIn("byte order mark", result.err)
        self.assertIn("save the file as UTF-8 without BOM", result.err)

    def test_habits_of_other_notations(self):
        """Comments, quotes, commas and words that JSON does not have are named, and what it has instead."""
        table = [("{ // a policy\n}", "no comments"), ("{ # a policy\n}", "no comments"), ("{ /* a policy */ }", "no comments"),
                 ("{'cretula': 1}", "double quotes"), ("{cretula: 1}", "double quotes"), ("{\u201ccretula\u201d: 1}", "straight"),
                 ("{\u201ecretula\u201c: 1}", "straight"), ('{"a": 1,}', "comma"), ('{"a": [1, ]}', "comma"), ('{"a": }', "missing value"),
                 ('{"a": True}', "small letters"), ('{"a": None}', "null"), ('{"a": NULL}', "small letters"), ('{"a": 1}\x1a', "take it out"),
                 ("<html></html>", "HTML"), ('{"a" 1}', None)]
        for text, says in table:
            with self.subTest(text):
                (self.folder / "trust.json").write_text(text, encoding="utf-8")
                result = self.verify("trust", "lint", "trust.json", code=2)
                self.assertRegex(result.err, "not valid JSON|not a JSON file as it is read here")
                self.assertEqual("what to do" in result.err, says is not None, result)
                self.assertIn(says or "", result.err)

    def test_a_certificate_in_utf_16(self):
        archive = self.small_release()
        (self.folder / "root.pem").write_text(ROOT_CERT.read_text("utf-8"), encoding="utf-16")
        result = self.verify("check", archive, "--anchor", "root.pem", code=2)
        self.assertIn("UTF-16", result.err)
        (self.folder / "root.pem").write_bytes(MARK + ROOT_CERT.read_bytes())
        self.check(archive, anchor="root.pem")

    def test_names_in_two_compositions(self):
        """A name is the same name, however its letters and marks are put together."""
        forms = {form: unicodedata.normalize(form, "Prüfbericht für Gerät.pdf") for form in ("NFC", "NFD")}
        identities = set()
        for on_disk in forms:
            for written in forms:
                for referred in forms:
                    with self.subTest(on_disk=on_disk, written=written, referred=referred):
                        folder = self.folder / f"{on_disk}-{written}-{referred}"
                        folder.mkdir()
                        (folder / forms[on_disk]).write_bytes(b"report")
                        (folder / "d.yaml").write_text(
                            HEAD + f"files: [{{source: \"{forms[written]}\"}}]\n"
                            "documents: [{ids: [{domain: V, id: D, primary: true}], version: \"1\", "
                            f"title: {{de: B}}, languages: [de], file: \"{forms[referred]}\"}}]\n", encoding="utf-8")
                        self.sign("pack", folder / "d.yaml", *SIGNER, "--out", folder / "a.tar")
                        identities.add(sha256(read_member(folder / "a.tar", "MANIFEST.json")))
                        original = manifest_of(folder / "a.tar")["files"][0].get("originalName")
                        self.assertIn(forms["NFC"], (original, manifest_of(folder / "a.tar")["files"][1].get("originalName")))
        self.assertEqual(len(identities), 1, "one release, whatever the editor")
        (self.folder / "d.yaml").write_text(HEAD + "files: [{source: \"Prufbericht.pdf\"}]\n", encoding="utf-8")
        (self.folder / "Prüfbericht.pdf").write_bytes(b"x")
        self.sign("lint", "d.yaml", code=1)

    def test_an_archive_never_replaces_a_source_that_is_spelled_otherwise(self):
        name = unicodedata.normalize("NFD", "Gerät.zip")
        with zipfile.ZipFile(self.folder / name, "w") as archive:
            archive.writestr("a.bin", b"a")
        before = (self.folder / name).read_bytes()
        (self.folder / "d.yaml").write_text(HEAD + "files: [{source: \"Gerät.zip\", expand: true}]\n", encoding="utf-8")
        self.sign("pack", "d.yaml", *SIGNER, "--out", name, code=2)
        self.assertEqual((self.folder / name).read_bytes(), before)

    def test_times_of_every_zone(self):
        for text, utc in (("2025-01-02T03:04:05+02:00", "2025-01-02T01:04:05Z"), ("2025-01-02 03:04:05Z", "2025-01-02T03:04:05Z"),
                          ("2025-01-01T23:30:00-05:30", "2025-01-02T05:00:00Z"), ("2025-01-02t03:04:05.999z", "2025-01-02T03:04:05Z")):
            with self.subTest(text):
                self.sign("pack", self.describe(HEAD.replace(DATE, f'"{text}"') + "files: [{source: fw.bin}]\n"), *SIGNER,
                          "--out", "a.tar", "--quiet")
                self.assertEqual(manifest_of(self.folder / "a.tar")["release"]["date"], utc)
                (self.folder / "a.tar").unlink()
        for text in ("2025-01-02", "2025-01-02T03:04:05", "2025-01-02T03:04:05+2:00", "2025-01-02T03:04:05+25:00",
                     "2025-13-02T03:04:05Z", "1970-01-01T00:00:00+02:00", "yesterday", "2025-01-02T03:04:05.Z"):
            with self.subTest(text):
                result = self.sign("lint", self.describe(HEAD.replace(DATE, f'"{text}"') + "files: [{source: fw.bin}]\n"), code=2)
                self.assertIn("a time in UTC, such as", result.out)
        archive = self.small_release()
        self.verify("check", archive, "--anchor", ROOT_CERT, "--allow-example-keys", "--at", "2027-01-01T00:00:00+01:00")
        for text in ("2027-01-01", "soon", ""):
            result = self.verify("check", archive, "--anchor", ROOT_CERT, f"--at={text}", code=2)
            if text:
                self.assertIn("for example 2031-05-04T12:00:00Z (UTC)", result.err)

    def test_digests_as_other_tools_print_them(self):
        archive = self.small_release()
        identity = sha256(read_member(archive, "MANIFEST.json"))
        colons = ":".join(identity.upper()[at:at + 2] for at in range(0, 64, 2))
        for text in (identity, identity.upper(), colons, f"SHA256:{identity}", f"sha256 Fingerprint={colons}", colons.replace(":", " "),
                     f"sha-256={identity}"):
            with self.subTest(text):
                self.check(archive, "--expect-identity", text)
        wrong = ("0" if identity[0] != "0" else "1") + identity[1:]
        self.check(archive, "--expect-identity", wrong.upper(), code=1)
        for text in (identity[:-1], identity + "0", f"md5:{identity}", identity.replace(identity[5], "g"), "sha256:", " "):
            with self.subTest(text):
                result = self.check(archive, "--expect-identity", text, code=2)
                self.assertIn("64 hex digits", result.err)

    def test_values_that_were_never_filled_in(self):
        bad = ("${VERSION}", "$VERSION", "null", "{{ version }}", "{{version}}", "@PROJECT_VERSION@", "%VERSION%", "$(git describe)",
               "<version>", "unknown", "n/a", "TBD", "{% v %}", "1.0-${BUILD}")
        good = ("1.0", "R12 (A@B)", "5% to 10% faster", "1.0<2", "v$2", "A@B C@D", "2.0-rc1", "nullsoft 3")
        for version, warned in [(text, True) for text in bad] + [(text, False) for text in good]:
            with self.subTest(version):
                text = HEAD.replace('version: "1"', f"version: '{version}'") + "files: [{source: fw.bin}]\n"
                result = self.sign("lint", self.describe(text))
                self.assertEqual("release.values" in result.out, warned, result)
        for field, text in (("vendor: V", "vendor: '${VENDOR}'"), ("name: P", "name: 'null'")):
            result = self.sign("lint", self.describe(HEAD.replace(field, text) + "files: [{source: fw.bin}]\n"))
            self.assertIn("release.values", result.out)
        self.sign("pack", self.describe(HEAD.replace('"1"', "null") + "files: [{source: fw.bin}]\n"), *SIGNER, "--out", "n.tar")
        self.assertIn("release.values", self.check("n.tar").out, "whoever receives it is told as well")

    def test_what_stands_in_the_place_of_a_file(self):
        archive = self.small_release()
        for name, data, words in (("page.tsr", b"<!DOCTYPE html><html>", "an HTML or XML page"),
                                  ("b64.tsr", base64.b64encode(bytes(90)), "text in base64"), ("pem.tsr", ROOT_CERT.read_bytes(), "PEM data"),
                                  ("w.tsr", "x".encode("utf-16"), "UTF-16"), ("empty.tsr", b"", "")):
            with self.subTest(name):
                (self.folder / name).write_bytes(data)
                result = self.sign("timestamp", archive, "--response", name, code=2)
                self.assertIn("no timestamp response", result.err)
                self.assertIn(words, result.err)
        result = self.sign("timestamp", archive, "--response", "nowhere.tsr", code=(2, 3))
        self.assertEqual(result.err.split("\n")[0].count("nowhere.tsr"), 1, result)
        key = subprocess.run(["openssl", "pkey", "-in", KEYS / "release.key.pem", "-outform", "DER", "-passin", "pass:"],
                             capture_output=True, check=False).stdout or b"0\x82"
        (self.folder / "key.der").write_bytes(key)
        result = self.sign("pack", self.describe(HEAD + "files: [{source: fw.bin}]\n"), "--key", "key.der", "--cert", KEYS / "release.cert.pem",
                           "--allow-example-keys", "--out", "x.tar", code=2)
        self.assertIn("openssl pkey -inform DER", result.err)

    def test_members_that_meet_are_named_as_members(self):
        with zipfile.ZipFile(self.folder / "z.zip", "w") as archive:
            archive.writestr("a", "1")
            archive.writestr("A", "2")
        text = HEAD + "files: [{source: z.zip, expand: true}]\n"
        result = self.sign("lint", self.describe(text), code=1)
        found = result.out + result.err
        self.assertIn("z.zip", found)
        self.assertNotIn("cretula-lint", found, "no name of a temporary file")


if __name__ == "__main__":
    main()
