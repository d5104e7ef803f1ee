# SPDX-License-Identifier: Apache-2.0
"""Every string that came from outside is escaped for where it goes: one table of strings, one of outputs. Each output is read
by a parser that is not ours, still says the string, and shows nothing raw that a terminal could obey."""
import contextlib
import csv
import html.parser
import io
import json
import pathlib
import re
import shutil
import unicodedata
import xml.etree.ElementTree as ElementTree
import zipfile

import harness
from harness import ROOT_CERT, SIGN, SOURCE, VERIFY, main, manifest_of, noise, rebuild
from reports import read_junit, read_sarif
from site_case import MachineCase

CSAF = SOURCE / "tests" / "vectors" / "csaf" / "09-vex-not-affected.json"
ALLOW = ("--anchor", ROOT_CERT, "--allow-example-keys")

# What a field of one line takes, so that it comes through a signature. Each in every text field at once.
VISIBLE = {
    "markup": "<script>alert(1)</script><img src=x onload=alert(1)>",
    "quotes": "\"'`\\\" x='y'",
    "end of data": "]]></script></style></title>--><!--<![CDATA[",
    "formula": "=cmd|'/C calc'!A0",
    "formula behind": "+1+cmd|' /C calc'!A0;\"=1\",=2",
    "entities": "&lt;b&gt; &amp;amp; &#27;[31m &e;<!DOCTYPE x>",
    "format": "%s%n%x %1$s {0} ${HOME} $(id) `id`; rm -rf / | tee",
    "JSON": "\",\"verdict\":\"ACCEPTED\",\"x\":{\"__proto__\":[]}\\u001b",
    "syslog": "x] verdict=\"ACCEPTED\" \\] [a b=\"c\"",
    "full width": "\uff1dcmd\uff5c\uff07",
    "scripts": "\u05d0\u05d1 \u0627\u0644 \u4e2d\u6587 \u00e4\u00f6\u00fc \U0001f512",
    "long": "A\"<&'=\\" * 140,
}
# What is seen nowhere, or moves a terminal: it comes in through names, options, extensions and archives that nobody signed.
UNSEEN = {
    "colour": "\x1b[31mACCEPTED\x1b[0m", "title": "\x1b]0;pwned\x07", "C1": "\u009b31m\u0085\u0090q\u009c", "return": "a\rACCEPTED",
    "backspace": "REFUSED\b\b\b\b\b\b\bACCEPTED", "bidi": "\u202eDETPECCA\u2066", "zero width": "AC\u200bCEPTED\ufeff",
    "lines": "a\nACCEPTED: b\n\tc", "delete": "\x7f\x01\x02", "tags": "\U000e0041\ufe0f\u3164\u2028",
}


def raw(text):
    """Characters that must not reach a terminal, or a log."""
    return sorted({one for one in text.replace("\r\n", "\n") if one not in "\n\t" and (
        unicodedata.category(one) in ("Cc", "Cf", "Zl", "Zp") or one in "\ufe0f\u3164")})


class Page(html.parser.HTMLParser):
    """A page: its text, and that nothing in it acts or is fetched."""

    def __init__(self, text):
        super().__init__()
        self.text, self.values, self.open = "", [], []
        self.feed(text)
        self.close()
        assert self.open == [], self.open

    def handle_starttag(self, tag, attrs):
        assert tag not in ("script", "img", "iframe", "object", "link", "form"), tag
        assert not [name for name, _ in attrs if name.startswith("on") or name in ("src", "href")], (tag, attrs)
        self.values += [value or "" for _, value in attrs]
        if tag not in ("meta", "br", "hr", "wbr", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag

    def handle_data(self, data):
        self.text += data


def strings(value):
    """All texts in a JSON value, keys too."""
    if isinstance(value, dict):
        for key, member in value.items():
            yield key
            yield from strings(member)
    elif isinstance(value, list):
        for member in value:
            yield from strings(member)
    elif isinstance(value, str):
        yield value


def in_json(text):
    return list(strings(json.loads(text)))


def in_csv(text):
    table = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert len({len(row) for row in table}) == 1
    for field in [field for row in table for field in row]:
        assert field.lstrip(" ")[:1] not in ("=", "+", "@", "\uff1d") and not re.match(r" *-(?![0-9.]+$).", field), field
    return [field.removeprefix("'") for row in table for field in row]


def in_html(text):
    page = Page(text)
    return [page.text, *page.values]


def in_xml(text):
    assert "<!DOCTYPE" not in text.split("<", 2)[1]
    root = ElementTree.fromstring(text)
    return [part for one in root.iter() for part in (one.text or "", *one.attrib.values())]


def in_text(text):
    return [text]


# name: (command, reader). A stands for the archive, OUT for a file that is read instead of what is printed (of a ZIP its metadata),
# and what prepare() makes of the archive: R a record in the journal J, C a catalogue, X extracted files, V an advisory, P a policy,
# D the description.
TRUSTED = {
    "check": (["check", "A", *ALLOW, "--verbose"], in_text),
    "check, one screen": (["check", "A", *ALLOW], in_text),
    "check --json": (["check", "A", *ALLOW, "--json"], in_json),
    "check --junit": (["check", "A", *ALLOW, "--junit", "OUT"], in_xml),
    "check --sarif": (["check", "A", *ALLOW, "--sarif", "OUT"], in_json),
    "check --report": (["check", "A", *ALLOW, "--report", "OUT"], in_html),
    "diff": (["diff", "A", "A", "--verbose"], in_text),
    "diff --json": (["diff", "A", "A", "--json"], in_json),
    "diff --html": (["diff", "A", "A", "--html", "OUT"], in_html),
}
# What is made of records, journals, catalogues, policies and descriptions that hold the strings; some of these refuse, and say so.
MADE = {
    "record show": (["record", "show", "R", "--verbose", "--files"], in_text),
    "record show, one screen": (["record", "show", "R"], in_text),
    "record show --json": (["record", "show", "R", "--json"], in_json),
    "record show --html": (["record", "show", "R", "--html", "OUT"], in_html),
    "record verify": (["record", "verify", "R", "--journal", "J", "--verbose"], in_text),
    "record verify --json": (["record", "verify", "R", "--journal", "J", "--json"], in_json),
    "record replay": (["record", "replay", "R", "A", *ALLOW], in_text),
    "record replay --json": (["record", "replay", "R", "A", *ALLOW, "--json"], in_json),
    "journal show": (["journal", "show", "J", "--verbose"], in_text),
    "journal show --json": (["journal", "show", "J", "--json"], in_json),
    "journal verify": (["journal", "verify", "J"], in_text),
    "journal verify --json": (["journal", "verify", "J", "--json"], in_json),
    "review": (["review", "F", *ALLOW, "--csaf", "V", "--verbose"], in_text),
    "review --json": (["review", "F", *ALLOW, "--csaf", "V", "--json"], in_json),
    "trace": (["trace", "X/firmware.bin", "X/manual.pdf", "--in", "A", "--in", "J", *ALLOW, "--verbose"], in_text),
    "trace --json": (["trace", "X/firmware.bin", "X/manual.pdf", "--in", "A", "--in", "J", *ALLOW, "--json"], in_json),
    "trace --catalogue": (["trace", "X/firmware.bin", "X/manual.pdf", "--catalogue", "C"], in_text),
    "catalogue list": (["catalogue", "list", "--catalogue", "C", "--verbose"], in_text),
    "catalogue list --json": (["catalogue", "list", "--catalogue", "C", "--json"], in_json),
    "compare-installed": (["compare-installed", "X", "--against", "A", *ALLOW, "--verbose"], in_text),
    "compare-installed --json": (["compare-installed", "X", "--against", "A", *ALLOW, "--json"], in_json),
    "advisories": (["advisories", "A", *ALLOW, "--csaf", "V"], in_text),
    "advisories --json": (["advisories", "A", *ALLOW, "--csaf", "V", "--json"], in_json),
    "advisories --catalogue": (["advisories", "--catalogue", "C", "--allow-example-keys", "--csaf", "V"], in_text),
    "export inventory --catalogue": (["export", "inventory", "--catalogue", "C", "--allow-example-keys"], in_csv),
    "export vdi2770": (["export", "vdi2770", "A", *ALLOW, "--document", "D-1", "--out", "OUT"], in_xml),
    "trust show": (["trust", "show", "P", "--allow-example-keys", "--verbose"], in_text),
    "trust show --json": (["trust", "show", "P", "--allow-example-keys", "--json"], in_json),
    "lint": ([SIGN, "lint", "D"], in_text),
    "lint --json": ([SIGN, "lint", "D", "--json"], in_json),
    "lint --sarif": ([SIGN, "lint", "D", "--sarif", "OUT"], in_json),
}
SHOWN = {
    "show": (["show", "A", "--verbose", "--files"], in_text),
    "show --section documents": (["show", "A", "--section", "documents"], in_text),
    "show --section claims": (["show", "A", "--section", "claims"], in_text),
    "show --json": (["show", "A", "--json"], in_json),
    **{f"export {kind} {form}": (["export", kind, "A", "--format", form], reader)
       for kind in ("inventory", "checklist", "settings", "interfaces", "claims")
       for form, reader in (("csv", in_csv), ("json", in_json), ("html", in_html))},
    "export sha256sums": (["export", "sha256sums", "A", "--original-names"], in_text),
}
# Those that list components and what VEX says of them: N, V, L, S are name, version, licence, supplier; I is a vulnerability.
PARTS = {
    "check --report": (["check", "A", *ALLOW, "--report", "OUT"], in_html),
    "check --verbose": (["check", "A", *ALLOW, "--verbose"], in_text),
    "check": (["check", "A", *ALLOW], in_text),
    "check --json": (["check", "A", *ALLOW, "--json"], in_json),
    "show --section sbom": (["show", "A", "--section", "sbom"], in_text),
    "show": (["show", "A"], in_text),
}


def letters_of(name):
    return {"check": "I", "show": "", "show --section sbom": "NVLS"}.get(name, "NVLSI")


# Outputs that show some of the fields only.
PART = {"check, one screen", "check --junit", "check --sarif", "check", "check --json", "check --report", "diff", "diff --json", "diff --html"}


class Escapes(harness.Case):
    helps = {}

    def prepare(self, archive, text):
        """What MADE is made of: a journal with a record, a catalogue, extracted files, an advisory, a policy."""
        for name in ("J", "C", "X", "F", "P"):
            path = self.folder / name
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        line = text[:900]
        self.look(self.check(archive, "--journal", "J", "--asset", line, "--change-id", line, "--zone", line, "--acquired", line))
        record = next(path for path in (self.folder / "J" / "records").iterdir())
        self.look(self.verify("catalogue", "add", "--catalogue", "C", archive, "J", *ALLOW))
        self.look(self.verify("extract", archive, *ALLOW, "--to", "X"))
        (self.folder / "F").mkdir()
        (self.folder / "F" / "a.tar").write_bytes(pathlib.Path(archive).read_bytes())
        advisory = json.loads(CSAF.read_text("utf-8"))
        advisory["document"]["title"] = advisory["document"]["tracking"]["id"] = text
        for product in advisory["product_tree"].get("full_product_names", []):
            product["name"] = text
        (self.folder / "V").write_text(json.dumps(advisory), encoding="utf-8")
        if self.look(self.verify("trust", "init", "P", "--name", line, code=(0, 2))).code == 2:
            line = "a name that can be seen"
            self.verify("trust", "init", "P", "--name", line)
        self.look(self.verify("trust", "add-signer", "P", "--vendor", harness.VENDOR, "--signer", line, "--role", "release", "--anchor", ROOT_CERT,
                              "--fingerprint", harness.certificate_sha256(ROOT_CERT), "--obtained", line, "--allow-example-keys"))
        return {"R": record, "J": "J", "C": "C", "X": "X", "F": "F", "V": "V", "P": "P", "D": self.folder / "release.yaml",
                "X/firmware.bin": "X/firmware.bin", "X/manual.pdf": "X/manual.pdf"}

    def made(self, archive, text, kind):
        """Every output of MADE, read by its reader."""
        given = self.prepare(archive, text)
        for name, (command, reader) in MADE.items():
            with self.subTest(kind, output=name):
                words = [str(given.get(word, word)) for word in command]
                reader(self.output(archive, words, code=(0, 1, 2, 3) if words[0] == SIGN else (0, 1, 3)))

    def has(self, command):
        """Whether this build has the verb, and the option that makes the output."""
        if command[0] not in self.helps:
            listed = self.run_program(VERIFY, command[0], "--help")
            self.helps[command[0]] = listed.out if listed.code == 0 else None
        wanted = [word for word in command if word in ("--report", "--html")]
        return self.helps[command[0]] is not None and all(word in self.helps[command[0]] for word in wanted)

    def release(self, text, **more):
        """A signed release that says this wherever a text may stand."""
        (self.folder / "firmware.bin").write_bytes(noise(700, "e"))
        (self.folder / "manual.pdf").write_bytes(b"%PDF-1.4\n%%EOF\n")
        fields = {
            "product": {"modelNumbers": [text], "name": harness.PRODUCT},
            "release": {"id": text, "buildId": text, "supersedes": [text], "minUpgradeFrom": "1"},
            "hardware": [{"model": text, "revisionFrom": text}],
            "prerequisites": [{"summary": text}],
            "compatibility": [{"kind": "other", "name": text, "riskBelow": text}],
            "restart": {"category": "machine", "details": text},
            "testAdvice": [{"summary": text, "expected": text}],
            "lifecycle": {"afterwards": text},
            "changes": [{"id": text, "security": True, "summary": text}],
            "deprecated": [{"setting": text, "risk": text}],
            "newRisks": [{"summary": text, "mitigation": text}],
            "knownIssues": [{"summary": text, "workaround": text}],
            "claims": [{"standard": text, "basis": "self-assessment", "scope": text, "limits": text}],
            "assumptions": [text], "outOfScopeThreats": [text], "notAddressed": [text],
            "responsibilities": [{"party": "owner", "item": text}],
            "interfaces": [{"protocol": text, "port": text, "authentication": text, "data": text}],
            "externalServices": [{"service": text, "effectOfLoss": text}],
            "settings": [{"name": text, "default": text, "implication": text, "mustChange": True}],
            "documents": [{"ids": [{"domain": "example.com", "id": "D-1", "primary": True}], "title": {"en": text}, "version": text,
                           "summary": {"en": text}, "keywords": {"en": text}, "languages": ["en"],
                           "classes": [{"system": "VDI2770", "id": "03-02"}], "parties": [{"role": "Author", "name": text}],
                           "revisions": [{"version": text, "date": "2026-01-01", "status": "Released", "summary": text}],
                           "file": "manual.pdf"}],
            "topics": {"S3": {"status": "notProvided", "reason": text}},
            "extensions": {"https://example.com/x": {"note": text}}, **more}
        description = self.description([("firmware.bin", {"role": "firmware"}), ("manual.pdf", {"role": "document"})], **fields)
        description.write_text("".join(one if one == "\n" or one.isprintable() else
                                       f"\\u{ord(one):04x}" if ord(one) < 0x10000 else f"\\U{ord(one):08x}"
                                       for one in description.read_text("utf-8")), encoding="utf-8")
        return self.pack(description)

    def with_parts(self, text):
        """A release whose SBOM and VEX, which nobody writes by hand, say this wherever a text may stand."""
        firmware, serial = noise(700, "e"), "3e671687-395b-41f5-a30f-a58921a69b79"
        (self.folder / "sbom.json").write_text(json.dumps({
            "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "serialNumber": f"urn:uuid:{serial}",
            "metadata": {"component": {"type": "firmware", "bom-ref": "root", "name": harness.PRODUCT, "version": "1.0.0",
                                       "hashes": [{"alg": "SHA-256", "content": harness.sha256(firmware)}]}},
            "components": [{"type": "library", "bom-ref": "c", "name": f"N{text}", "version": f"V{text}",
                            "licenses": [{"license": {"name": f"L{text}"}}], "supplier": {"name": f"S{text}"}}]}), encoding="utf-8")
        (self.folder / "vex.json").write_text(json.dumps({
            "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "vulnerabilities": [
                {"id": f"I{text}", "analysis": {"state": "exploitable", "detail": text},
                 "affects": [{"ref": f"urn:cdx:{serial}/1#c"}]}]}), encoding="utf-8")
        (self.folder / "firmware.bin").write_bytes(firmware)
        return self.pack(self.description([("firmware.bin", {"role": "firmware"}), ("sbom.json", {"role": "sbom"}), ("vex.json", {"role": "vex"})],
                                          sbom=[{"file": "sbom.json", "format": "CycloneDX-1.6"}], product={"name": harness.PRODUCT}))

    def look(self, result):
        self.assertEqual(raw(result.out), [], result)
        self.assertEqual(raw(result.err), [], result)
        return result

    def output(self, archive, command, code=0):
        """What the command gives, read raw, after nothing raw was seen."""
        out = self.folder / "OUT"
        out.unlink(missing_ok=True)
        words = [archive if word == "A" else out if word == "OUT" else word for word in command]
        program = [] if words[0] == SIGN else [VERIFY]
        result = self.look(self.run_program(*program, *words, code=code, screen=True))
        if "OUT" not in command:
            return result.out_bytes.decode("utf-8")
        data = out.read_bytes()
        if data[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(data)) as container:
                data = container.read("VDI2770_Metadata.xml")
        text = data.decode("utf-8")
        self.assertEqual(raw(text), [], command)
        return text

    def said(self, text, found, reader, name):
        """The string is there, as what it is: in data as a whole, in what people read as it can be shown."""
        wanted = " ".join(text.split())
        if reader is in_text:
            self.assertIn(wanted[:30], " ".join(found[0].split()), name)
        else:
            self.assertTrue(any(wanted in " ".join(one.split()) for one in found), (name, text, found[:5]))

    def test_strings_through_a_signature(self):
        for kind, text in VISIBLE.items():
            archive = self.release(text)
            for name, (command, reader) in {**SHOWN, **TRUSTED}.items():
                if not self.has(command):
                    continue
                with self.subTest(kind, output=name):
                    found = reader(self.output(archive, command))
                    if name not in PART and not name.startswith("export sha256sums"):
                        self.said(text, found, reader, name)

    def test_components_and_what_vex_says(self):
        """What comes out of an SBOM and a VEX file, seen or unseen, into the pages that list it."""
        for kind, text in {**VISIBLE, **UNSEEN}.items():
            archive = self.with_parts(text)
            for name, (command, reader) in PARTS.items():
                with self.subTest(kind, output=name):
                    found = reader(self.output(archive, command))
                    for letter in letters_of(name) if kind in VISIBLE else ():
                        self.said(f"{letter}{text}", found, reader, name)

    def test_strings_in_what_is_made_of_releases(self):
        for kind, text in VISIBLE.items():
            self.made(self.release(text), text, kind)

    def test_what_is_not_seen_in_what_is_made_of_releases(self):
        """Through options, an advisory's words, names of a policy: whatever the one who writes these likes."""
        for kind, text in UNSEEN.items():
            self.made(self.release("x", extensions={"https://example.com/x": {text: [text]}}), text, kind)

    def test_evidence_views(self):
        """They take no example keys: a vendor and a recorder of their own, and two strings that say much."""
        keys, recorder = self.own_keys("vendor"), self.own_keys("recorder")
        for number, text in enumerate((VISIBLE["markup"] + VISIBLE["quotes"], VISIBLE["end of data"] + VISIBLE["entities"])):
            self.release(text)
            self.sign("pack", "release.yaml", "--key", f"{keys}.key.pem", "--cert", f"{keys}.cert.pem", "--out", f"own{number}.tar")
            self.check(f"own{number}.tar", "--record", f"own{number}", "--asset", text, "--change-id", text, "--zone", text, "--sign-record",
                       f"{recorder}.key.pem", "--record-cert", f"{recorder}.cert.pem", anchor=f"{keys}-root.cert.pem", allow=False)
            for view in ("--nerc-cip-010", "--machinery"):
                found = in_html(self.output("", ["record", "export", f"own{number}/RECORD.json", view, "--anchor",
                                                 f"{recorder}-root.cert.pem", "--out", "OUT"]))
                self.said(text, found, in_html, view)

    def test_the_readers_see_a_fault(self):
        for reader, bad in ((in_json, "{"), (in_csv, '"a"b"\r\n'), (in_csv, '"=1"\r\n'), (in_csv, '"-1+2"\r\n'), (in_xml, "<a>&b;</a>"),
                            (in_html, "<p><script>x</script></p>"), (in_html, "<p onclick=x>y</p>"), (in_html, "<b><i></b></i>")):
            with self.subTest(bad), self.assertRaises((AssertionError, ValueError, csv.Error, ElementTree.ParseError)):
                reader(bad)
        self.assertEqual(raw("a\x1b\u202eb\r\n\rc"), ["\r", "\x1b", "\u202e"])

    def test_metadata_of_documents(self):
        for kind, text in VISIBLE.items():
            with self.subTest(kind):
                self.verify("export", "vdi2770", self.release(text), *ALLOW, "--to", f"vdi {kind}")
                with zipfile.ZipFile(self.folder / f"vdi {kind}" / "D-1.zip") as container:
                    found = in_xml(container.read("VDI2770_Metadata.xml").decode("utf-8"))
                self.said(text, found, in_xml, kind)

    def test_what_is_not_seen_comes_through_no_signed_field(self):
        """A description that says it is refused, in words that show it; so is a manifest that nobody signed."""
        archive = self.release("x")
        for kind, text in UNSEEN.items():
            with self.subTest(kind):
                self.look(self.run_program(SIGN, "lint", self.description(["firmware.bin"], settings=[{"name": text}]), code=2))
                evil = rebuild(archive, self.folder / "evil.tar", manifest=json.dumps(
                    {**manifest_of(archive), "settings": [{"name": text}]}).encode(), signatures={})
                for name, (command, _) in {**SHOWN, **TRUSTED}.items():
                    if self.has(command):
                        result = self.run_program(VERIFY, *[evil if word == "A" else "OUT" if word == "OUT" else word for word in command], screen=True)
                        self.assertIn(result.code, (1, 2), (name, result))
                        self.look(result)

    def test_what_is_not_seen_in_extensions_and_names(self):
        for kind, text in UNSEEN.items():
            archive = self.release("x", extensions={"https://example.com/x": {"note": text, text: [text]}})
            named = self.folder / f"n{text.replace('/', '')}.tar"
            named.write_bytes(archive.read_bytes())
            for name, (command, reader) in {**SHOWN, **TRUSTED}.items():
                if self.has(command):
                    with self.subTest(kind, output=name):
                        reader(self.output(named, command))
            shown = json.loads(self.output(archive, ["show", "A", "--json"]))
            self.assertEqual(shown["manifest"]["extensions"]["https://example.com/x"]["note"], text)
            named.unlink()

    def test_options_into_records_and_reports(self):
        archive = self.release("x")
        for number, (kind, text) in enumerate({**VISIBLE, **UNSEEN}.items()):
            with self.subTest(kind):
                record = f"r{number}"
                self.look(self.verify("check", archive, *ALLOW, "--record", record, "--asset", text[:900], "--change-id", text[:900],
                                      "--zone", text[:900], "--acquired", text[:900], "--junit", "j.xml", "--sarif", "s.sarif"))
                path = f"{record}/RECORD.json"
                data = (self.folder / path).read_text("utf-8")
                self.assertEqual(raw(data), [])
                json.loads(data)
                for more in ((), ("--verbose",), ("--json",)):
                    shown = self.look(self.run_program(VERIFY, "record", "show", path, *more))
                    self.assertEqual(shown.code, 0, shown)
                    if more == ("--json",):
                        json.loads(shown.out)
                read_junit(self.folder / "j.xml")
                read_sarif(self.folder / "s.sarif")
                rows = self.look(self.verify("export", "inventory", archive, "--asset", text[:900]))
                in_csv(rows.out_bytes.decode("utf-8"))

    def test_a_mebibyte(self):
        """Where a place takes it, whole; where not, with a refusal that is short."""
        text = "A\"<&'=\\\u00e4" * ((1 << 20) // 9)
        archive = self.release("x", extensions={"https://example.com/x": {"note": text}})
        shown = json.loads(self.output(archive, ["show", "A", "--json"]))
        self.assertEqual(shown["manifest"]["extensions"]["https://example.com/x"]["note"], text)
        for name, (command, reader) in {**SHOWN, **TRUSTED}.items():
            if self.has(command):
                with self.subTest(name):
                    reader(self.output(archive, command))
        self.prepare(archive, "x")
        self.made(archive, text, "advisory of a mebibyte")

    def test_a_mebibyte_in_each_field(self):
        """No field takes it: the signer says so, and so does whoever reads a manifest that another tool made; briefly, and nothing else."""
        text = "A\"<&'=\\\u00e4" * ((1 << 20) // 9)
        archive = self.release("x")
        manifest = manifest_of(archive)

        def fields(node, path=()):
            """Every text of the manifest that says x."""
            for key, value in node.items() if isinstance(node, dict) else enumerate(node):
                if isinstance(value, (dict, list)):
                    yield from fields(value, (*path, key))
                elif value == "x":
                    yield (*path, key)

        places = [path for path in fields({name: part for name, part in manifest.items() if name != "extensions"})]
        self.assertGreater(len(places), 40)
        for number, path in enumerate(places):
            evil = json.loads(json.dumps(manifest))
            node = evil
            for key in path[:-1]:
                node = node[key]
            node[path[-1]] = text
            large = rebuild(archive, self.folder / "evil.tar", manifest=json.dumps(evil, ensure_ascii=False).encode(), signatures={})
            commands = [["show", large], ["export", "inventory", large], ["check", large, *ALLOW]] + (
                [["show", large, "--json"], ["diff", large, large, "--html", "OUT"], ["trace", "firmware.bin", "--in", large]] if number % 10 == 0 else [])
            for command in commands:
                with self.subTest(path, command=command[:2]):
                    result = self.look(self.run_program(VERIFY, *command, code=(1, 3), screen=True))
                    self.assertLess(len(result.out) + len(result.err), 6000)
                    self.assertFalse((self.folder / "OUT").exists())
        for fields in ({"settings": [{"name": "x", "implication": text}]}, {"settings": [{"name": text}]}, {"assumptions": [text]},
                       {"product": {"name": text}}, {"changes": [{"id": text, "security": True, "summary": text}]}):
            with self.subTest(str(fields)[:40]):
                result = self.look(self.run_program(SIGN, "lint", self.description(["firmware.bin"], **fields), code=2))
                self.assertLess(len(result.out) + len(result.err), 5000)

    def test_as_much_as_a_text_takes(self):
        """16 KiB, the cap of a paragraph, through every output; a byte more is refused."""
        cap = 16384
        text = "A\"<&'=" * (cap // 6) + "A" * (cap % 6)
        more = {"knownIssues": [{"summary": text, "workaround": text}], "newRisks": [{"summary": text}], "assumptions": [text],
                "settings": [{"name": "s", "implication": text, "mustChange": True}], "notAddressed": [text],
                "claims": [{"standard": "s", "basis": "self-assessment", "scope": text, "limits": text}]}
        archive = self.release("x", **more)
        for name, (command, reader) in {**SHOWN, **TRUSTED}.items():
            with self.subTest(name):
                found = reader(self.output(archive, command))
                if name in ("show --json", "export claims csv", "export claims json", "export claims html", "export settings csv"):
                    self.said(text, found, reader, name)
        self.made(archive, text[:900], "16 KiB")
        self.run_program(SIGN, "lint", self.description(["firmware.bin"], assumptions=[text + "A"]), code=2)

    def test_lone_surrogates_are_refused(self):
        archive = self.release("x")
        for escape in ("\\ud800", "\\udc00", "\\ud800x", "\\udfff\\ud800"):
            text = json.dumps(manifest_of(archive)).replace('"notAddressed": ["x"]', f'"notAddressed": ["{escape}"]').encode()
            self.assertIn(escape.encode(), text)
            evil = rebuild(archive, self.folder / "evil.tar", manifest=text, signatures={})
            for command in (["show", evil], ["show", evil, "--json"], ["export", "claims", evil], ["check", evil, *ALLOW]):
                with self.subTest(escape, command=command[0]):
                    self.look(self.run_program(VERIFY, *command, code=1))
        broken = rebuild(archive, self.folder / "evil.tar", manifest=json.dumps(manifest_of(archive)).encode().replace(
            b'"notAddressed": ["x"]', b'"notAddressed": ["\xed\xa0\x80\xff"]'), signatures={})
        self.look(self.run_program(VERIFY, "export", "claims", broken, code=1))


class SystemLog(MachineCase):
    """--syslog: one line whatever the texts are, and its parts come apart as RFC 5424 says."""

    def test_syslog(self):
        import socket  # pylint: disable=import-outside-toplevel
        self.site(trust=self.put_trust())
        with contextlib.closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as log:
            log.bind(str(self.dev / "log"))
            log.settimeout(10)
            for kind, text in {**VISIBLE, **UNSEEN}.items():
                with self.subTest(kind):
                    self.here("check", self.archive, "--syslog", "--asset", text[:500], "--change-id", "C", code=0)
                    line = log.recv(1 << 16).decode("utf-8")
                    self.assertEqual(raw(line), [])
                    self.assertNotIn("\n", line)
                    values = dict(re.findall(r'(\w+)="((?:[^"\\\]]|\\.)*)"', line[line.index("["):][4:]))
                    self.assertEqual((values["verdict"], values["changeId"]), ("ACCEPTED", "C"))
                    if kind in VISIBLE:
                        self.assertEqual(re.sub(r'\\(["\\\]])', r"\1", values["asset"]), text[:500])
            # As much as a command line takes: the line comes all the same, and its parts come apart.
            self.here("check", self.archive, "--syslog", "--asset", 'x"]\\' * 25000, "--change-id", "C", code=0)
            line = log.recv(1 << 20).decode("utf-8")
            values = dict(re.findall(r'(\w+)="((?:[^"\\\]]|\\.)*)"', line[line.index("["):][4:]))
            self.assertEqual((values["verdict"], values["changeId"]), ("ACCEPTED", "C"))
            self.assertTrue(values["asset"].endswith("..."))
            self.assertLess(len(line.encode()), 8000)
            # A character is not cut in two.
            self.here("check", self.archive, "--syslog", "--asset", "a" + "\u20ac" * 400, "--change-id", "C", code=0)
            self.assertIn("\u20ac...\"", log.recv(1 << 20).decode("utf-8"))


if __name__ == "__main__":
    main()
