# SPDX-License-Identifier: Apache-2.0
"""diff: two real releases side by side (OpenSBI with CycloneDX, U-Boot with SPDX), what is never taken for "no change",
hostile strings, order, trust."""
import json
import os
import pathlib
import re
import shutil
import unittest

from harness import KEYS, NODE_MODULES, ROOT_CERT, SOURCE, Case, main, member, noise, read_member, sha256, tampered

GOLDEN = SOURCE / "tests" / "vectors" / "diff"
SCHEMA = SOURCE / "docs" / "spec" / "diff.schema.json"
OPENSBI = pathlib.Path("/usr/lib/riscv64-linux-gnu/opensbi/generic")
UBOOT = pathlib.Path("/usr/lib/u-boot")
DATES = {"1.4": "2026-03-01T08:00:00Z", "1.5": "2026-09-01T08:00:00Z"}
TRUST = ["--anchor", ROOT_CERT, "--allow-example-keys"]
VALIDATE = """
const fs = require('fs');
const Ajv = require('ajv/dist/2020').default;
const formats = require('ajv-formats').default;
const ajv = new Ajv({strict: false, allErrors: true, validateFormats: true});
formats(ajv);
const validate = ajv.compile(JSON.parse(fs.readFileSync(process.argv[1], 'utf8')));
const values = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
process.stdout.write(JSON.stringify(values.map(value => validate(value) ? [] : validate.errors.map(one => one.instancePath))));
"""


def part(name, version, license="Apache-2.0", supplier="Debian", package="deb/debian", **more):
    return {"type": "library", "bom-ref": name, "name": name, "version": version, "supplier": {"name": supplier},
            "purl": f"pkg:{package}/{name}@{version}", "licenses": [{"license": {"id": license}}], **more}


def cyclonedx(product, version, digest, parts):
    return {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
            "metadata": {"timestamp": DATES["1.4"], "component": {
                "type": "firmware", "bom-ref": "release", "name": product, "version": version, "hashes": [{"alg": "SHA-256", "content": digest}]}},
            "components": parts, "dependencies": [{"ref": "release", "dependsOn": [one["bom-ref"] for one in parts]}]}


def spdx(product, version, digest, parts):
    packages = [{"SPDXID": "SPDXRef-root", "name": product, "versionInfo": version, "downloadLocation": "NOASSERTION",
                 "checksums": [{"algorithm": "SHA256", "checksumValue": digest}]}]
    for name, own, license in parts:
        packages.append({"SPDXID": f"SPDXRef-{name}", "name": name, "versionInfo": own, "downloadLocation": "NOASSERTION",
                         "licenseConcluded": license, "supplier": "Organization: DENX", "externalRefs": [{
                             "referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": f"pkg:generic/{name}@{own}"}]})
    return {"spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": product,
            "documentNamespace": f"https://example.org/spdx/{version}",
            "creationInfo": {"created": DATES["1.4"], "creators": ["Organization: DENX"]}, "packages": packages,
            "relationships": [{"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-root"}] + [
                {"spdxElementId": "SPDXRef-root", "relationshipType": "CONTAINS", "relatedSpdxElement": one["SPDXID"]} for one in packages[1:]]}


def document(id, version, file, topics, revisions=()):
    return {"ids": [{"domain": "example.org", "id": id}], "title": {"en": f"{id} guide"}, "version": version, "languages": ["en"], "file": file,
            "topics": topics, "revisions": [{"version": one, "date": date, "summary": text} for one, date, text in revisions]}


OLD = {
    "release": {"version": "1.4", "sequence": 14, "date": DATES["1.4"], "type": "feature", "minUpgradeFrom": "1.0",
                "rollback": {"allowed": True}},
    "hardware": [{"model": "VIRT", "revisionTo": "8"}, {"model": "SPIKE"}],
    "lifecycle": {"endOfSecuritySupport": "2034-06-30T00:00:00Z", "endOfLife": "2036-06-30T00:00:00Z"},
    "changes": [{"id": "C-1", "security": True, "cves": ["CVE-2025-1000"], "summary": "An old fix."}],
    "settings": [{"name": "console", "default": "on"}, {"name": "pmp", "default": "strict"}, {"name": "trace", "default": "off"}],
    "interfaces": [{"protocol": "UART", "direction": "bidirectional"}, {"protocol": "telnet", "port": "23/tcp", "direction": "inbound"}],
    "claims": [{"standard": "IEC 62443-4-2:2019", "basis": "self-assessment", "scope": "The firmware."}],
    "responsibilities": [{"party": "owner", "item": "Lock the cabinet."}],
}
NEW = {
    "release": {"version": "1.5", "sequence": 15, "date": DATES["1.5"], "type": "security", "minUpgradeFrom": "1.5-rc1",
                "rollback": {"allowed": False}, "supersedes": ["1.4"]},
    "hardware": [{"model": "VIRT", "revisionTo": "9"}],
    "prerequisites": [{"summary": "The device tree names the console."}],
    "restart": {"category": "machine", "details": "All harts stop for 20 seconds."},
    "lifecycle": {"endOfSecuritySupport": "2031-06-30T00:00:00Z", "endOfLife": "2037-06-30T00:00:00Z"},
    "changes": [{"id": "C-2", "security": True, "cves": ["CVE-2026-1111", "CVE-2026-2222"], "summary": "Bounds of SBI calls are checked."}],
    "deprecated": [{"setting": "console", "replacement": "stdout-path", "removedIn": "2.0"}],
    "newRisks": [{"id": "R-1", "summary": "A debugger can halt a hart."}],
    "knownIssues": [{"id": "K-1", "summary": "CVE-2026-3333 is not fixed yet: keep port 4321 closed."}],
    "testAdvice": [{"summary": "Boot once with each hart as the first one."}],
    "settings": [{"name": "console", "default": "off"}, {"name": "pmp", "default": "strict"},
                 {"name": "debug-key", "default": "0000", "mustChange": True}],
    "interfaces": [{"protocol": "UART", "direction": "bidirectional"}, {"protocol": "gdb", "port": "4321/tcp", "direction": "inbound"}],
    "responsibilities": [{"party": "owner", "item": "Lock the cabinet."}, {"party": "owner", "item": "Keep the debug key."}],
}
OLD_PARTS = [part("openssl", "3.0.9-1"), part("zlib1g", "1.2.13"), part("lz4", "1.9.4-1"), part("busybox", "1.36.0", license="GPL-2.0-only"),
             part("left-pad", "1.10.0", package="npm"), part("same", "7")]
NEW_PARTS = [part("openssl", "3.0.13-1~deb12u1"), part("mbedtls", "3.5.0"), part("lz4", "1.9.3-1"),
             part("busybox", "1.36.0", license="GPL-3.0-only", supplier="Example"), part("left-pad", "1.9.0", package="npm"), part("same", "7")]


class DiffCase(Case):
    def make(self, name, fields, files, sbom, format="CycloneDX-1.6", product="OpenSBI generic", documents=(), topics=None, sign=()):
        """A release of {path: bytes or file}, packed under a name of its own folder."""
        folder = self.folder / name
        for path, data in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data if isinstance(data, bytes) else pathlib.Path(data).read_bytes())
        listed = [(path, {"path": path, "role": self.role(path)}) for path in files]
        more = dict(fields)
        if sbom is not None:
            (folder / "sbom.json").write_text(json.dumps(sbom))
            listed.append(("sbom.json", {"role": "sbom"}))
            more["sbom"] = [{"file": "sbom.json", "format": format}]
        if documents:
            more.update(documents=list(documents), topics=topics)
        path = self.description(listed, folder=folder, product={"vendor": "Debian", "name": product}, **more)
        archive = self.pack(path, f"{name}.tar")
        for role in sign:
            self.sign("endorse", archive, "--key", KEYS / f"{role}.key.pem", "--cert", KEYS / f"{role}.cert.pem", "--allow-example-keys")
        return archive

    @staticmethod
    def role(path):
        return "document" if path.startswith("docs/") else "firmware"

    def diff(self, old, new, *options, code=0, trust=TRUST):
        return self.verify("diff", old, new, *trust, *options, code=code, cwd=self.folder)

    def data(self, old, new, *options, **more):
        return self.diff(old, new, "--json", *options, **more).json()

    @staticmethod
    def found(diff, section):
        return [(one["change"], one["subject"]) for one in diff["differences"] if one["section"] == section]

    def opensbi(self):
        for path in ("fw_jump.bin", "fw_dynamic.bin", "fw_dynamic.elf"):
            self.assertTrue((OPENSBI / path).is_file(), f"{path}: the Debian package opensbi is not installed (docs/dependencies.md)")
        old = (OPENSBI / "fw_jump.bin").read_bytes()
        new = (OPENSBI / "fw_dynamic.bin").read_bytes()
        elf = OPENSBI / "fw_dynamic.elf"
        first = self.make(
            "old", OLD, {"firmware/fw.bin": old, "firmware/debug.elf": elf, "firmware/legacy.bin": noise(99, "legacy"),
                         "docs/security.md": b"# Security 3.0\n", "docs/install.md": b"# Install\n"},
            cyclonedx("OpenSBI generic", "1.4", sha256(old), OLD_PARTS),
            documents=[document("SEC", "3.0", "docs/security.md", ["S3"], [("3.0", "2026-02-01", "First.")]),
                       document("INS", "1.0", "docs/install.md", ["S5"])],
            topics={"S3": {"status": "documented", "documents": ["SEC"]}, "S5": {"status": "documented", "documents": ["INS"]}})
        second = self.make(
            "new", NEW, {"firmware/fw.bin": new, "firmware/symbols/debug.elf": elf, "docs/security.md": b"# Security 3.1\n",
                         "docs/install.md": b"# Install, quietly edited\n"},
            cyclonedx("OpenSBI generic", "1.5", sha256(new), NEW_PARTS),
            documents=[document("SEC", "3.1", "docs/security.md", ["S3"], [("3.0", "2026-02-01", "First."), ("3.1", "2026-08-01", "Debug key.")]),
                       document("INS", "1.0", "docs/install.md", [])],
            topics={"S3": {"status": "documented", "documents": ["SEC"]}, "S5": {"status": "notProvided", "reason": "Withdrawn."}},
            sign=["quality"])
        return first, second

    def same_everywhere(self, old, new):
        """The data without what the installed package decides: whether two images have one size."""
        diff = self.data(old, new)
        for one in diff["differences"]:
            one["details"] = [detail for detail in one.get("details", ()) if detail["field"] != "size"]
        return json.dumps(diff, indent=2, ensure_ascii=False) + "\n"

    def golden(self, name, text):
        """Digests are those of the package that is installed."""
        text = re.sub(r"\b[0-9a-f]{64}\b", "<sha256>", text)
        path = GOLDEN / name
        if os.environ.get("CRETULA_WRITE_GOLDEN"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        self.assertEqual(text, path.read_text("utf-8"), f"{path}: CRETULA_WRITE_GOLDEN=1 writes it anew; look at the difference first")


class Real(DiffCase):
    def test_opensbi(self):
        self.opensbi()
        text = self.diff("old.tar", "new.tar").out
        self.assertLessEqual(text.count("\n"), 48, text)
        self.assertLessEqual(max(len(line) for line in text.splitlines()), 80, text)
        self.golden("opensbi.txt", text)
        self.golden("opensbi.json", self.same_everywhere("old.tar", "new.tar"))
        whole = self.diff("old.tar", "new.tar", "--verbose").out
        self.assertNotIn("UNVERIFIED", whole)
        for one in self.data("old.tar", "new.tar")["differences"]:
            if one["section"] in ("components", "files", "documents", "settings", "topics", "signers"):
                self.assertIn(one["subject"], whole)

    def test_every_kind_of_difference(self):
        old, new = self.opensbi()
        diff = self.data(old, new)
        expected = {
            "vulnerabilities": {("open", "CVE-2026-3333"), ("fixed", "CVE-2026-1111"), ("fixed", "CVE-2026-2222")},
            "components": {("upgraded", "openssl"), ("removed", "zlib1g"), ("added", "mbedtls"), ("downgraded", "lz4"), ("changed", "busybox"),
                           ("downgraded", "left-pad")},
            "files": {("changed", "firmware/fw.bin"), ("renamed", "firmware/symbols/debug.elf"), ("removed", "firmware/legacy.bin"),
                      ("changed", "docs/security.md"), ("changed", "docs/install.md"), ("changed", "sbom.json")},
            "settings": {("changed", "console"), ("added", "debug-key"), ("removed", "trace")},
            "interfaces": {("added", "gdb, 4321/tcp"), ("removed", "telnet, 23/tcp")},
            "lifecycle": {("shortened", "endOfSecuritySupport"), ("extended", "endOfLife")},
            "documents": {("revised", "SEC (en)"), ("changed", "INS (en)")}, "topics": {("unanswered", "S5")},
            "claims": {("removed", "IEC 62443-4-2:2019, The firmware.")}, "responsibilities": {("added", "owner, Keep the debug key.")},
            "rollback": {("changed", "allowed")}, "hardware": {("changed", "VIRT"), ("removed", "SPIKE")},
            "deprecated": {("added", "console")}, "risks": {("added", "R-1")}, "issues": {("added", "K-1")},
            "prerequisites": {("added", "The device tree names the console.")}, "restart": {("added", "category"), ("added", "details")},
            "changes": {("added", "C-2"), ("removed", "C-1")}, "tests": {("added", "Boot once with each hart as the first one.")},
            "release": {("changed", "type"), ("changed", "minUpgradeFrom"), ("added", "supersedes")},
        }
        for section, wanted in expected.items():
            with self.subTest(section):
                self.assertEqual(set(self.found(diff, section)), wanted)
        self.assertEqual([change for change, _ in self.found(diff, "signers")], ["added"])
        self.assertEqual(set(expected) | {"signers"}, {one["section"] for one in diff["differences"]})
        look = {(one["section"], one["subject"]) for one in diff["differences"] if one.get("attention")}
        for one in (("lifecycle", "endOfSecuritySupport"), ("components", "lz4"), ("documents", "INS (en)"), ("topics", "S5"), ("rollback", "allowed"),
                    ("interfaces", "gdb, 4321/tcp"), ("risks", "R-1"), ("vulnerabilities", "CVE-2026-3333")):
            self.assertIn(one, look)
        self.assertNotIn(("lifecycle", "endOfLife"), look)
        self.assertNotIn(("components", "openssl"), look)
        notes = {one["subject"]: one.get("note", "") for one in diff["differences"] if one["section"] == "documents"}
        self.assertEqual(notes["SEC (en)"], "3.1 (2026-08-01): Debug key.")
        self.assertIn("the same version with other bytes", notes["INS (en)"])
        before = [one["text"] for one in diff["before"]]
        self.assertEqual(before[0], "update to 1.5-rc1 first: from 1.4 there is no direct way")
        for words in ("without a way back", "The device tree", "plan the restart: machine", "new interface: gdb", "setting trace"):
            self.assertTrue(any(words in one for one in before), (words, before))
        after = " ".join(one["text"] for one in diff["after"])
        for words in ("change the setting debug-key, as delivered 0000", "its default was on, is off", "stop using console: use stdout-path",
                      "new duty of the owner: Keep the debug key.", "test: Boot once"):
            self.assertIn(words, after)

    def test_u_boot_with_spdx(self):
        images = [path for path in sorted(UBOOT.rglob("*.bin")) if path.stat().st_size < 4 << 20]
        self.assertGreaterEqual(len(images), 2, "the Debian package u-boot-qemu is not installed (docs/dependencies.md)")
        for name, version, image, parts in (
                ("a", "2025.01", images[0], [("dtc", "1.6.1", "GPL-2.0-only"), ("lwip", "2.1.3", "BSD-3-Clause")]),
                ("b", "2025.10", images[1], [("dtc", "1.7.0", "GPL-2.0-only"), ("lwip", "2.1.3", "NOASSERTION")])):
            self.make(name, {"release": {"version": version, "sequence": int(version[-2:]), "date": DATES["1.4"]}}, {"firmware/u-boot.bin": image},
                      spdx("U-Boot", version, sha256(image.read_bytes()), parts), "SPDX-2.3", "U-Boot")
        diff = self.data("a.tar", "b.tar")
        self.assertEqual(set(self.found(diff, "components")), {("upgraded", "dtc"), ("changed", "lwip")})
        self.golden("u-boot.txt", self.diff("a.tar", "b.tar").out)
        self.golden("u-boot.json", self.same_everywhere("a.tar", "b.tar"))

    def test_html(self):
        self.opensbi()
        self.diff("old.tar", "new.tar", "--html", "change.html")
        page = re.sub("</?span[^>]*>", "", (self.folder / "change.html").read_text("utf-8"))
        for words in ("firmware/symbols/debug.elf", "CVE-2026-3333", "shortened", "3.1 (2026-08-01): Debug key."):
            self.assertIn(words, page)
        self.assertNotIn("UNVERIFIED", page)
        self.diff("old.tar", "new.tar", "--html", "open.html", trust=())
        page = (self.folder / "open.html").read_text("utf-8")
        headings = re.findall(r"<h2[^>]*>(.*?)</h2>", page)
        self.assertGreater(len(headings), 10)
        self.assertEqual([one for one in headings if not one.startswith("UNVERIFIED ") and "ecision" not in one], [])
        for taken in ("old.tar", "new.tar"):
            before = (self.folder / taken).read_bytes()
            self.diff("old.tar", "new.tar", "--html", taken, code=2)
            self.assertEqual((self.folder / taken).read_bytes(), before)
        self.diff("old.tar", "new.tar", "--html", "-", code=2)
        (self.folder / "link").symlink_to("elsewhere")
        self.diff("old.tar", "new.tar", "--html", "link", code=2)


class Careful(DiffCase):
    def two(self, old=lambda value: None, new=lambda value: None, sboms=(True, True)):
        """Two small releases, with an SBOM or without."""
        for name, version, sequence, change, with_sbom in (("old", "1.4", 14, old, sboms[0]), ("new", "1.5", 15, new, sboms[1])):
            data = noise(300, name)
            fields = {"release": {"version": version, "sequence": sequence, "date": DATES[version]}}
            change(fields)
            self.make(name, fields, {"fw.bin": data},
                      cyclonedx("OpenSBI generic", fields["release"]["version"], sha256(data), [part("zlib", version)]) if with_sbom else None)

    def test_fields_have_words(self):
        """Each field is named once, and in words; what a note is, is said; what no section speaks of is told with its values."""
        self.two(old=lambda value: value.update(lifecycle={"endOfSecuritySupport": "2034-06-30T00:00:00Z"}, settings=[{"name": "notAfter", "default": "1"}]),
                 new=lambda value: value.update(lifecycle={"endOfSecuritySupport": "2031-06-30T00:00:00Z"}, settings=[{"name": "notAfter", "default": "2"}],
                                                release={**value["release"], "minUpgradeFrom": "1.0"}))
        whole = self.diff("old.tar", "new.tar", "--html", "page.html", "--verbose").out
        page = (self.folder / "page.html").read_text("utf-8")
        self.assertEqual(page.count("end of security support"), 1)
        self.assertRegex(page, r"<td[^>]*>end of security support</td><td></td>")
        self.assertRegex(page, r"<td[^>]*>fw.bin</td><td[^>]*>role</td><td[^>]*></td><td[^>]*>firmware</td>")
        self.assertIn("notAfter", whole)  # the name of a setting stays what it is
        self.assertNotIn("<td>note</td>", page)
        for raw in ("endOfSecuritySupport", "minUpgradeFrom", "appliesTo"):
            self.assertNotIn(raw, whole + page)

    def test_the_same_release_twice(self):
        self.two()
        shutil.copy(self.folder / "old.tar", self.folder / "copy.tar")
        diff = self.data("old.tar", "copy.tar")
        self.assertEqual((diff["identical"], diff["differences"], diff["notCompared"]), (True, [], []))
        text = self.diff("old.tar", "copy.tar").out
        self.assertIn("THE SAME RELEASE", text)
        self.assertIn("nothing differs", text)
        self.two(new=lambda value: value["release"].update(version="1.4", sequence=14))
        diff = self.data("old.tar", "new.tar")
        self.assertFalse(diff["identical"])
        text = self.diff("old.tar", "new.tar").out
        self.assertTrue(text.startswith("SAME SEQUENCE, OTHER RELEASE"), text)
        self.assertNotIn("nothing differs", text)

    def test_one_manifest_without_trust_says_nothing_of_files(self):
        self.two()
        tampered(self.folder / "old.tar", self.folder / "evil.tar", member(self.folder / "old.tar", "fw.bin").data + 1)
        text = self.diff("old.tar", "evil.tar", trust=()).out
        self.assertIn("both manifests are the same; their files were not read", " ".join(text.split()))
        for words in ("THE SAME RELEASE", "nothing differs"):
            self.assertNotIn(words, text)

    def test_what_a_file_is_for(self):
        """Hardware, media type and name of the same bytes under the same path, and moved."""
        data, extra = noise(300, "image"), noise(30, "tool")
        for name, version, models, role, place in (("old", "1.4", ["A"], "firmware", "a/tool"), ("new", "1.5", ["A", "B"], "software", "b/tool")):
            folder = self.folder / name
            for path, content in (("fw.bin", data), (place, extra)):
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / path).write_bytes(content)
            path = self.description(
                [("fw.bin", {"path": "fw.bin", "role": "firmware", "hardware": models, "mediaType": f"application/{name}"}),
                 (place, {"path": place, "role": role, "hardware": models})], folder=folder, product={"vendor": "Debian", "name": "OpenSBI generic"},
                hardware=[{"model": "A"}, {"model": "B"}], release={"version": version, "sequence": int(version[2:]), "date": DATES[version]})
            self.pack(path, f"{name}.tar")
        found = {one["subject"]: one for one in self.data("old.tar", "new.tar", code=3)["differences"] if one["section"] == "files"}
        self.assertEqual({name: [one["field"] for one in value["details"]] for name, value in found.items()},
                         {"fw.bin": ["hardware", "mediaType"], "b/tool": ["path", "role", "hardware"]})
        self.assertTrue(all(one["attention"] for one in found.values()))
        text = " ".join(self.diff("old.tar", "new.tar", "--verbose", code=3).out.split())
        for words in ("application/old", "A, B", "software"):
            self.assertIn(words, text)

    def test_an_sbom_that_no_entry_names_is_not_compared(self):
        self.two()
        for name, version, sequence in (("old", "1.4", 14), ("new", "1.5", 15)):
            data = noise(300, name)
            (self.folder / name / "more.json").write_text(json.dumps(cyclonedx("More", version, sha256(data), [part("zlib", version)])))
            path = self.description([("fw.bin", {"path": "fw.bin", "role": "firmware"}), ("more.json", {"role": "sbom"})], folder=self.folder / name,
                                    product={"vendor": "Debian", "name": "OpenSBI generic"},
                                    release={"version": version, "sequence": sequence, "date": DATES[version]})
            self.pack(path, f"{name}.tar")
        diff = self.data("old.tar", "new.tar", trust=(), code=3)
        self.assertIn("more.json of new.tar was not read: no entry of sbom names it", [one["reason"] for one in diff["notCompared"]])
        self.assertEqual(self.found(diff, "components"), [])

    def test_components_of_one_version_with_other_bytes(self):
        for name, version, digit in (("old", "1.4", "1"), ("new", "1.5", "2")):
            data = noise(300, name)
            plain = {"type": "library", "bom-ref": "plain", "name": "plain", "hashes": [{"alg": "SHA-256", "content": digit * 64}]}
            parts = [plain, part("hashed", "1", hashes=[{"alg": "SHA-512", "content": digit * 128}]),
                     part("named", "1", cpe=f"cpe:2.3:a:x:named{digit}:1:*:*:*:*:*:*:*"),
                     {**part("built", "1"), "purl": f"pkg:deb/debian/built@1?arch=a{digit}"}, part("same", "1", hashes=plain["hashes"][:0])]
            self.make(name, {"release": {"version": version, "sequence": int(version[2:]), "date": DATES[version]}}, {"fw.bin": data},
                      cyclonedx("OpenSBI generic", version, sha256(data), parts))
        diff = self.data("old.tar", "new.tar")
        self.assertEqual({one["subject"]: [detail["field"] for detail in one["details"]] for one in diff["differences"] if one["section"] == "components"},
                         {"plain": ["sha256"], "hashed": ["hashes"], "named": ["cpe"], "built": ["purl"]})

    def test_what_asks_for_attention_is_told_to_its_end(self):
        """Times are days, unless both are of one day; a long row goes on in a second one."""
        for old, new, told in (("2036-12-31T23:59:59Z", "2031-12-31T23:59:59Z", "2036-12-31 -> 2031-12-31"),
                               ("2036-12-31T23:59:59Z", "2036-12-31T08:00:00Z", "2036-12-31T23:59:59Z -> 2036-12-31T08:00:00Z")):
            with self.subTest(told):
                self.two(old=lambda value: value.update(lifecycle={"endOfSecuritySupport": old}),
                         new=lambda value: value.update(lifecycle={"endOfSecuritySupport": new}, prerequisites=[
                             {"summary": "Read the whole of the guide to the cabinet before the update is begun: ask for key 7."}]))
                text = self.diff("old.tar", "new.tar").out
                self.assertLessEqual(max(len(line) for line in text.splitlines()), 80, text)
                self.assertIn(f"! shortened end of security support {told}", " ".join(text.split()))
                self.assertEqual(text.count("ask for key 7."), 2, text)  # before the update, and among the differences

    def test_what_no_section_speaks_of_is_told(self):
        """Two manifests that differ are never shown as equal."""
        self.two(new=lambda value: value.update(extensions={"https://example.org/x": {"a": 1}}))
        self.assertIn(("added", "extensions"), self.found(self.data("old.tar", "new.tar"), "other"))

    def test_going_back_is_said_first(self):
        self.two(new=lambda value: value["release"].update(rollback={"allowed": False}))
        text = self.diff("new.tar", "old.tar").out
        self.assertTrue(text.startswith("OLDER: Debian OpenSBI generic 1.5 (sequence 15) -> 1.4 (sequence 14)"), text)
        diff = self.data("new.tar", "old.tar")
        self.assertEqual(diff["order"], "older")
        self.assertEqual([one["text"] for one in diff["before"]][:2],
                         ["this goes back to an older release: it needs a planned return",
                          "1.5 says that no older release is accepted after it: ask the vendor"])
        self.assertEqual(self.found(diff, "components"), [("downgraded", "zlib")])
        self.assertEqual(self.data("old.tar", "new.tar")["order"], "newer")

    def test_different_products(self):
        self.two()
        other = self.small_release("other.tar")
        result = self.diff("old.tar", other, code=2)
        self.assertIn("different products", result.err)
        self.assertIn("--any-product", result.err)
        self.assertEqual(result.out, "")
        self.assertIn("different products", self.diff("old.tar", other, "--any-product", code=3).out)

    def test_no_sbom_is_never_no_change(self):
        for sboms, names in (((True, False), ["new.tar"]), ((False, True), ["old.tar"]), ((False, False), ["old.tar", "new.tar"])):
            with self.subTest(sboms):
                self.two(sboms=sboms)
                diff = self.data("old.tar", "new.tar", code=3)
                self.assertEqual([(one["section"], one["reason"]) for one in diff["notCompared"]],
                                 [("components", f"{name} has no SBOM: its components are unknown") for name in names])
                self.assertEqual(self.found(diff, "components"), [])
                for options in ((), ("--verbose",)):
                    text = self.diff("old.tar", "new.tar", *options, code=3).out
                    self.assertEqual(text.count("NOT COMPARED"), len(names), text)

    def test_an_unverified_sbom_must_be_the_one_that_the_manifest_names(self):
        self.two()
        at = member(self.folder / "new.tar", "sbom.json")
        tampered(self.folder / "new.tar", self.folder / "bad.tar", at.data + 40)
        self.assertEqual(self.data("old.tar", "new.tar", trust=())["notCompared"], [])
        diff = self.data("old.tar", "bad.tar", trust=(), code=3)
        self.assertEqual([one["reason"] for one in diff["notCompared"]],
                         ["sbom.json of bad.tar was not read: its bytes are not those that the manifest names"])
        self.assertEqual(self.found(diff, "components"), [])
        self.diff("old.tar", "bad.tar", code=1)

    def test_a_pipe_is_read_once(self):
        self.two()
        diff = self.verify("diff", "old.tar", "-", *TRUST, "--json", code=3, cwd=self.folder, stdin=(self.folder / "new.tar").read_bytes()).json()
        self.assertIn("a pipe", diff["notCompared"][0]["reason"])
        self.verify("diff", "-", "-", *TRUST, code=2, cwd=self.folder)

    def test_trust(self):
        self.two()
        tampered(self.folder / "new.tar", self.folder / "bad.tar", member(self.folder / "new.tar", "fw.bin").data + 1)
        for old, new in (("old.tar", "bad.tar"), ("bad.tar", "old.tar")):
            result = self.diff(old, new, code=1)
            self.assertEqual(result.out, "")
            self.assertIn("bad.tar", result.err)
            self.assertEqual(self.diff(old, new, "--json", code=1).json()["cretula"], "error/1")
        text = self.diff("old.tar", "new.tar", trust=()).out
        self.assertIn("UNVERIFIED", text.splitlines()[0] + text.splitlines()[1])
        self.assertEqual(len(re.findall(r"(?m)^  (old|new) +UNVERIFIED: ", text)), 2, text)
        whole = self.diff("old.tar", "new.tar", "--verbose", trust=()).out
        headings = [line for line in whole.splitlines() if ", say " in line]
        self.assertGreater(len(headings), 1)
        self.assertEqual([line for line in headings if "UNVERIFIED" not in line], [])
        diff = self.data("old.tar", "new.tar", trust=())
        self.assertEqual([diff[side]["verified"] for side in ("old", "new")], [False, False])
        self.assertEqual([diff[side]["standing"] for side in ("old", "new")], ["UNVERIFIED"] * 2)
        self.assertTrue(all(self.data("old.tar", "new.tar")[side]["verified"] for side in ("old", "new")))
        self.diff("old.tar", "missing.tar", code=(2, 3))

    def test_manifests_alone(self):
        self.two()
        for name in ("old", "new"):
            (self.folder / f"{name}.json").write_bytes(read_member(self.folder / f"{name}.tar", "MANIFEST.json"))
        diff = self.data("old.json", "new.json", trust=(), code=3)
        self.assertEqual({one["section"] for one in diff["notCompared"]}, {"components", "signers"})
        self.assertEqual(self.found(diff, "files"), [("changed", "fw.bin"), ("changed", "sbom.json")])
        self.data("old.json", "new.tar", trust=(), code=3)
        self.diff("old.json", "new.tar", code=2)  # under trust: nothing signs a manifest alone
        (self.folder / "no.json").write_text('{"cretula": "manifest/1"}')
        self.diff("old.json", "no.json", trust=(), code=1)

    def test_hostile_strings_stay_text(self):
        ugly = "\u202e<script>alert(1)</script>=cmd|' /C calc'!A0"
        sbom_only = "lib\x1b[31m\u202e\x07<b>"

        def change(value):
            value["settings"] = [{"name": "<img src=x onerror=alert(1)>\"'&", "default": "=1+1"}]
            value["knownIssues"] = [{"summary": "a\nb <script>alert(1)</script> ]]>"}]
        self.two(new=change)
        data = noise(300, "new")
        self.make("new", {"release": {"version": "1.5", "sequence": 15, "date": DATES["1.5"]}, "settings": [
            {"name": "<img src=x onerror=alert(1)>\"'&", "default": "=1+1"}]}, {"fw.bin": data},
            cyclonedx("OpenSBI generic", "1.5", sha256(data), [{**part("zlib", "1.5"), "name": sbom_only, "version": ugly}]))
        for options in ((), ("--verbose",), ("--json",)):
            out = self.diff("old.tar", "new.tar", *options).out
            for control in ("\x1b", "\x07", "\u202e"):
                self.assertNotIn(control, out)
            self.assertIn("onerror", out)
        self.diff("old.tar", "new.tar", "--html", "x.html")
        page = (self.folder / "x.html").read_text("utf-8")
        for raw in ("<img", "<script", "\x1b", "\u202e", "<b>"):
            self.assertNotIn(raw, page)

    def test_versions_by_the_rules_of_their_kind(self):
        table = [("deb/debian", "1.0-1", "1.0-1~bpo1", "downgraded"), ("deb/debian", "1:1.0", "2.0", "downgraded"), ("npm", "1.0.0-rc.1", "1.0.0", "upgraded"),
                 ("generic", "1.9", "1.10", "upgraded"), ("generic", "1.1.1", "1.1.1k", "changed"), ("generic", "main", "stable", "changed"),
                 ("rpm/fedora", "1.0-2", "1.0-10", "upgraded")]
        parts = [[part(f"c{number}", row[1 + side], package=row[0]) for number, row in enumerate(table)] for side in (0, 1)]
        several = [part("twice", "1.0"), {**part("twice", "2.0"), "bom-ref": "twice2"}]
        for name, version, sequence, own in (("old", "1.4", 14, parts[0] + several), ("new", "1.5", 15, parts[1] + [part("twice", "3.0")])):
            data = noise(300, name)
            self.make(name, {"release": {"version": version, "sequence": sequence, "date": DATES[version]}}, {"fw.bin": data},
                      cyclonedx("OpenSBI generic", version, sha256(data), own))
        found = self.found(self.data("old.tar", "new.tar"), "components")
        for number, row in enumerate(table):
            self.assertIn((row[3], f"c{number}"), found)
        self.assertEqual(sorted(change for change, name in found if name == "twice"), ["added", "removed", "removed"])

    def test_the_schema(self):
        if not shutil.which("node") or not os.path.isdir(os.path.join(NODE_MODULES, "ajv")):
            raise unittest.SkipTest("Node.js with ajv is not installed (tests/run.sh does)")
        self.opensbi()
        good = [self.data("old.tar", "new.tar"), self.data("old.tar", "old.tar"), self.data("old.tar", "new.tar", trust=())]
        bad = []
        for change in (lambda one: one.update(cretula="record/1"), lambda one: one.update(colour="red"), lambda one: one.pop("old"),
                       lambda one: one.pop("notCompared"), lambda one: one.update(order="sideways"), lambda one: one.update(identical="no"),
                       lambda one: one["old"].update(identity="00"), lambda one: one["old"].update(sequence="14"),
                       lambda one: one["differences"][0].update(section="weather"), lambda one: one["differences"][0].update(change="better"),
                       lambda one: one["differences"][0].pop("subject"), lambda one: one["before"][0].pop("text"),
                       lambda one: one["notCompared"].append({"section": "files"})):
            value = json.loads(json.dumps(good[0]))
            change(value)
            bad.append(value)
        (self.folder / "values.json").write_text(json.dumps(good + bad))
        result = self.run_program("node", "-e", VALIDATE, SCHEMA, self.folder / "values.json", code=0, environment={"NODE_PATH": NODE_MODULES})
        faults = json.loads(result.out)
        self.assertEqual(faults[:len(good)], [[]] * len(good))
        for number, one in enumerate(faults[len(good):]):
            self.assertTrue(one, number)

    def test_a_word_that_fits_a_row_is_not_broken(self):
        host = "scada-gateway-of-the-second-substation.example.com"
        for name, version, sequence in (("old", "1.4", 14), ("new", "1.5", 15)):
            self.make(name, {"release": {"version": version, "sequence": sequence, "date": DATES[version]},
                             "settings": [{"name": "host", "default": f"{host}/{name}"}]}, {"fw.bin": noise(10, name)}, None)
        text = self.diff("old.tar", "new.tar", code=3).out
        self.assertIn(f"{host}/old", text)

    def test_many_differences_stay_two_screens(self):
        for name, version, sequence in (("old", "1.4", 14), ("new", "1.5", 15)):
            files = {f"f{number:04}.bin": noise(10, f"{name}{number}") for number in range(300)}
            data = files["f0000.bin"]
            fields = {"release": {"version": version, "sequence": sequence, "date": DATES[version]},
                      "settings": [{"name": f"setting {number} of {name}", "default": "a long value" + " more" * 20} for number in range(200)],
                      "prerequisites": [{"summary": f"{name} {number} " + "word " * 60} for number in range(30)]}
            self.make(name, fields, files, cyclonedx("OpenSBI generic", version, sha256(data), [part(f"c{number}", version) for number in range(400)]))
        text = self.diff("old.tar", "new.tar").out
        self.assertLessEqual(text.count("\n"), 48, text)
        self.assertLessEqual(max(len(line) for line in text.splitlines()), 80, text)
        self.assertRegex(text, r"and \d+ more")
        self.assertRegex(text, r"(?m)^  settings +! .*\n(?:.*\n)*?.*\(and \d+ more, \d+ with !\)$")
        self.assertEqual(len(self.found(self.data("old.tar", "new.tar"), "components")), 400)


if __name__ == "__main__":
    main()
