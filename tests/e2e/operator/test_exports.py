# SPDX-License-Identifier: Apache-2.0
"""export KIND ARCHIVE...: what releases say in the form of another system. Verified first where trust is named, else
UNVERIFIED in itself; complete or not there; nothing of an archive becomes a formula, a tag or an escape.

Golden files are in tests/vectors/exports; CRETULA_WRITE_VECTORS=1 writes them anew, to be looked at."""
import csv
import html.parser
import io
import json
import os

import harness
from harness import EXAMPLE, PRODUCT, ROOT_CERT, SIGN, SOURCE, VENDOR, file_sha256, main, manifest_of, rebuild, tampered
from reports import schema_faults

VECTORS = SOURCE / "tests" / "vectors" / "exports"
TRUST = ("--anchor", ROOT_CERT, "--allow-example-keys", "--product", PRODUCT)
SHEETS = ("inventory", "checklist", "settings", "interfaces", "claims")
KINDS = (*SHEETS, "sha256sums")


class Cells(html.parser.HTMLParser):
    """The texts of a page, and its tags."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.texts = [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)

    def handle_data(self, data):
        if self.tags[-1:] != ["style"] and data.strip():
            self.texts.append(" ".join(data.split()))


def rows_of(text):
    """Records of RFC 4180 text by the head's names; every record has as many fields as the head."""
    table = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert all(len(row) == len(table[0]) for row in table), table
    return [dict(zip(table[0], row)) for row in table[1:]]


class Exports(harness.Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.example = cls.shared / "rtu7.cretula.tar"
        case = cls()
        case.folder = cls.shared
        case.run_program(SIGN, "pack", EXAMPLE / "release.yaml", "--key", harness.KEYS / "release.key.pem", "--cert",
                         harness.KEYS / "release.cert.pem", "--allow-example-keys", "--out", cls.example, code=0)

    def runTest(self):
        """Not a test: what setUpClass() packs with."""

    def export(self, kind, *arguments, code=0, **more):
        return self.verify("export", kind, *arguments, code=code, **more)

    def unsigned(self, **fields):
        """An archive whose manifest says anything at all, and which nobody signed."""
        archive = self.small_release()
        evil = self.folder / "evil.tar"
        return rebuild(archive, evil, manifest=json.dumps({**manifest_of(archive), **fields}).encode(), signatures={})

    # What is written

    def golden(self, name, text):
        text = text.replace(json.loads(self.verify("show", self.example, "--json").out)["identity"], "IDENTITY")
        path = VECTORS / name
        if os.environ.get("CRETULA_WRITE_VECTORS"):
            VECTORS.mkdir(exist_ok=True)
            path.write_bytes(text.encode())
        self.assertEqual(text, path.read_bytes().decode(), f"tests/vectors/exports/{name}")

    def test_golden_tables(self):
        for kind in SHEETS:
            with self.subTest(kind):
                self.golden(f"{kind}.csv", self.export(kind, "rtu7.cretula.tar", *TRUST, cwd=self.shared).out_bytes.decode())
        self.golden("inventory.json", self.export("inventory", "rtu7.cretula.tar", *TRUST, "--format", "json", cwd=self.shared).out)
        for kind in ("inventory", "checklist"):  # what a reader sees; how it looks is the page's
            page = Cells(self.export(kind, "rtu7.cretula.tar", *TRUST, "--format", "html", cwd=self.shared).out)
            self.golden(f"{kind}.html.txt", "\n".join(page.texts) + "\n")

    def test_golden_digests(self):
        self.golden("rtu7.sha256", self.export("sha256sums", "rtu7.cretula.tar", *TRUST, cwd=self.shared).out)

    def test_csv_is_that_of_rfc_4180(self):
        for kind in SHEETS:
            data = self.export(kind, self.example, *TRUST).out_bytes
            self.assertTrue(data.endswith(b"\r\n"))
            self.assertNotIn(b"\n", data.replace(b"\r\n", b""))
            rows = rows_of(data.decode("utf-8"))
            self.assertTrue(rows)
            self.assertEqual({row["Verification"] for row in rows}, {"verified (example keys allowed)"})

    def test_json_has_the_values_of_the_manifest(self):
        said = manifest_of(self.example)
        for kind, member, keys in (("settings", "settings", ("name", "default", "mustChange", "implication")),
                                   ("interfaces", "interfaces", ("port", "direction", "authentication", "data"))):
            document = json.loads(self.export(kind, self.example, *TRUST, "--format", "json").out)
            self.assertEqual((document["cretula"], document["kind"]), ("export/1", kind))
            release = document["releases"][0]
            self.assertIs(release["verified"], True)
            rows = [row for row in release["rows"] if row["kind"] in ("setting", "interface")]
            self.assertEqual(len(rows), len(said[member]))
            for row, entry in zip(rows, said[member]):
                for key in keys:
                    if key in entry:
                        self.assertEqual(row[key], entry[key])

    def test_json_fits_its_schema(self):
        empty = self.small_release()
        values = [json.loads(self.export(kind, self.example, empty, *TRUST, *more, "--format", "json").out) for kind in SHEETS
                  for more in ((), ("--asset", "A")) if not more or kind == "inventory"]
        self.assertEqual(schema_faults(self, "export", *values), [])
        wrong = [{**values[0], "kind": "other"}, {**values[0], "releases": []}, {**values[0], "more": 1},
                 {**values[0], "releases": [{**values[0]["releases"][0], "verified": "yes"}]}]
        self.assertEqual(len(schema_faults(self, "export", *wrong)), len(wrong))

    def test_the_checklist_leaves_nothing_out(self):
        said = manifest_of(self.example)
        rows = rows_of(self.export("checklist", self.example, *TRUST).out)
        items = {(row["Step"], row["Item"]) for row in rows}
        for setting in said["settings"]:
            step = ("change setting" if setting.get("mustChange") else "fixed setting" if setting.get("fixed") else "confirm setting")
            self.assertIn((step, setting["name"]), items)
        for member, step in (("prerequisites", "prerequisite"), ("testAdvice", "test"), ("knownIssues", "known issue"),
                             ("newRisks", "new risk: accept or mitigate")):
            for entry in said[member]:
                self.assertIn((step, entry["summary"]), items)
        self.assertIn(("restart", "system"), items)
        self.assertEqual({row["Result"] + row["By, date"] for row in rows}, {""})

    def test_claims_never_lose_their_limits(self):
        archive = self.small_release(claims=[{"standard": "IEC 62443-4-2:2019", "basis": "self-assessment", "scope": "All."}],
                                     notAddressed=["Safety."])
        rows = rows_of(self.export("claims", archive, *TRUST).out)
        self.assertEqual([row["Kind"] for row in rows], ["claim of the vendor", "not addressed", "notice"])
        self.assertEqual((rows[0]["Limits"], rows[0]["Certificate"]), ("none stated", "none"))
        self.assertIn("It does not say that they are secure", rows[2]["Scope or text"])

    def test_what_is_not_said_is_no_absence(self):
        archive = self.small_release(interfaces=[{"protocol": "HTTPS"}])
        row = rows_of(self.export("interfaces", archive, *TRUST).out)[0]
        self.assertEqual((row["Port"], row["Direction"], row["Authentication"]), ("not stated",) * 3)
        rows = rows_of(self.export("settings", archive, *TRUST).out)
        self.assertEqual(len(rows), 1)
        self.assertIn("does not say that there is none", rows[0]["Note"])
        self.assertIn("does not say that there is none", self.export("settings", archive, *TRUST, "--format", "html").out)
        note = json.loads(self.export("settings", archive, *TRUST, "--format", "json").out)["releases"][0]
        self.assertEqual(note["rows"], [])
        self.assertIn("does not say that there is none", note["note"])

    def test_several_releases_are_one_list(self):
        rows = rows_of(self.export("inventory", self.example, self.small_release(), *TRUST, "--asset", "RTU-7 in bay 3").out)
        self.assertEqual([row["Version"] for row in rows], ["4.2.0", "1.0.0"])
        self.assertEqual({row["Asset"] for row in rows}, {"RTU-7 in bay 3"})
        self.assertEqual((rows[1]["SBOM"], rows[1]["End of security support"]), ("none", "not stated"))

    def test_digests_are_those_that_sha256sum_takes(self):
        self.verify("extract", self.example, *TRUST, "--portable-names", "--to", "out")
        self.export("sha256sums", self.example, *TRUST, "--out", "list")
        done = self.run_program("sha256sum", "--check", "--strict", "../list", cwd=self.folder / "out", code=0)
        self.assertEqual(len(done.out.splitlines()), 8)
        (self.folder / "out" / "sbom.cdx.json").write_text("{}")
        self.run_program("sha256sum", "--check", "--strict", "../list", cwd=self.folder / "out", code=1)

    def test_original_names(self):
        archive = self.unsigned()
        manifest = manifest_of(archive)
        names = ["back\\slash \u00fc.bin", "../../etc/passwd", "/etc/passwd", "a/..", "..fine/x.."]
        for name in names:
            manifest["files"][0]["originalName"] = name
            rebuild(archive, self.folder / "named.tar", manifest=json.dumps(manifest).encode())
            with self.subTest(name):
                lines = self.export("sha256sums", "named.tar", "--original-names").out.splitlines()
                line = next(line for line in lines if manifest["files"][0]["sha256"] in line)
                if name == names[0]:
                    self.assertEqual(line, f"\\{manifest['files'][0]['sha256']}  back\\\\slash \u00fc.bin")
                elif name == names[-1]:
                    self.assertTrue(line.endswith("  ..fine/x.."))
                else:
                    self.assertEqual(line, f"{manifest['files'][0]['sha256']}  {manifest['files'][0]['path']}")
        (self.folder / "back\\slash \u00fc.bin").write_bytes((self.folder / manifest["files"][0]["path"]).read_bytes())
        manifest["files"][0]["originalName"] = names[0]
        rebuild(archive, self.folder / "named.tar", manifest=json.dumps(manifest).encode())
        listed = self.export("sha256sums", "named.tar", "--original-names").out
        self.run_program("sha256sum", "--check", "--strict", "--ignore-missing", "-", stdin=listed.encode(), code=0)

    # What is not verified

    def test_without_trust_each_says_so_itself(self):
        for kind in SHEETS:
            with self.subTest(kind):
                rows = rows_of(self.export(kind, self.example).out)
                self.assertEqual({row["Verification"] for row in rows}, {"UNVERIFIED"})
                release = json.loads(self.export(kind, self.example, "--format", "json").out)["releases"][0]
                self.assertEqual((release["verification"], release["verified"]), ("UNVERIFIED", False))
                page = Cells(self.export(kind, self.example, "--format", "html").out)
                self.assertIn("UNVERIFIED", "".join(page.texts))
                self.assertIn(f"UNVERIFIED: {VENDOR} {PRODUCT} 4.2.0", "".join(page.texts))
        self.assertTrue(self.export("sha256sums", self.example).out.startswith("# UNVERIFIED\n"))

    def test_one_unverified_is_not_covered_by_others(self):
        """What narrows an acceptance is said of it."""
        narrowed = {(): "verified (product not bound, example keys allowed)",
                    ("--product", PRODUCT): "verified (example keys allowed)",
                    ("--product", PRODUCT, "--at", "2027-01-01T00:00:00Z"): "verified (example keys allowed, as of another time)"}
        for more, words in narrowed.items():
            rows = rows_of(self.export("inventory", self.example, *TRUST[:3], *more).out)
            self.assertEqual(rows[0]["Verification"], words)

    def test_one_that_is_refused_lets_nothing_be_written(self):
        small = self.small_release()
        at = harness.member(small, "firmware.bin").data
        bad = tampered(small, self.folder / "bad.tar", at)
        for kind in KINDS:
            with self.subTest(kind):
                operands = (bad,) if kind == "sha256sums" else (self.example, bad)
                result = self.export(kind, *operands, *TRUST, "--out", "out", code=1)
                self.assertIn("REFUSED", result.err)
                self.assertIn("bad.tar", result.err)
                self.assertEqual(result.out, "")
                self.assertFalse((self.folder / "out").exists())
                self.assertEqual(self.export(kind, *operands, *TRUST, code=1).out, "")
        # Another product, another key, no archive, nothing at all.
        self.assertIn("product", self.export("settings", self.example, *TRUST[:3], "--product", "Another", code=1).err)
        self.own_keys()
        self.export("settings", self.example, "--anchor", "vendor-root.cert.pem", code=1)
        (self.folder / "page").write_text("<!DOCTYPE html><html></html>")
        self.assertIn("HTML", self.export("settings", "page", code=1).err)
        self.export("settings", "missing", code=3)
        error = json.loads(self.export("settings", bad, *TRUST, "--json", code=1).out)
        self.assertEqual(error["cretula"], "error/1")

    def test_malformed_is_refused_without_trust_as_well(self):
        archive = self.unsigned(unknown=1)
        self.assertIn("unknown", self.export("inventory", archive, code=1).err)

    # Where it is written

    def test_outputs(self):
        small = self.small_release()
        before = file_sha256(small)
        self.assertIn("inputs", self.export("settings", small, "--out", small, code=2).err)
        self.assertEqual(file_sha256(small), before)
        (self.folder / "link").symlink_to("target")
        self.export("settings", small, "--out", "link", code=2)
        self.export("settings", small, "--out", "/dev/null", code=2)
        self.export("settings", small, "--out", "no/such/folder", code=3)
        (self.folder / "full").write_text("old")
        self.export("settings", small, "--out", "full", code=3, before=harness.limit_file_size(10))
        self.assertEqual((self.folder / "full").read_text(), "old")
        self.export("settings", small, "--out", "full")
        self.assertEqual((self.folder / "full").read_bytes(), self.export("settings", small, "--out", "-").out_bytes)
        self.assertEqual([{**row, "File": ""} for row in rows_of(self.export("settings", "-", stdin=small.read_bytes()).out)],
                         [{**row, "File": ""} for row in rows_of(self.export("settings", small).out)])

    def test_usage(self):
        self.assertIn("did you mean", self.export("checklst", self.example, code=2).err.lower())
        self.assertIn("csv", self.export("settings", self.example, "--format", "xml", code=2).err)
        self.export("sha256sums", self.example, self.example, code=2)
        self.export("sha256sums", self.example, "--format", "csv", code=2)

    # What comes out of archives

    def test_nothing_opens_as_a_formula(self):
        evil = ["=cmd|'/C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "=1", "\uff1d1"]
        archive = self.unsigned(settings=[{"name": name, "default": name} for name in evil])
        for row in rows_of(self.export("settings", archive).out):
            for field in row.values():
                self.assertNotIn(field.lstrip(" ")[:1], tuple("=+-@\uff1d"), field)

    def test_numbers_stay_as_they_are(self):
        archive = self.unsigned(settings=[{"name": "offset", "default": "-5"}, {"name": "gain", "default": "-0.25"},
                                          {"name": "range", "default": "-5-6"}, {"name": "when", "default": "2026-10-12"}])
        self.assertEqual([row["Default"] for row in rows_of(self.export("settings", archive).out)],
                         ["-5", "-0.25", "'-5-6", "2026-10-12"])


if __name__ == "__main__":
    main()
