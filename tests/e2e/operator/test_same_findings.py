# SPDX-License-Identifier: Apache-2.0
"""lint, pack and check judge the content of a release alike: the same checks, as severe, for each fault."""
import hashlib
import json

from harness import main
from sbom_case import OTHER, BindingCase, all_checks, changed, good_spdx, tar_of

AT = "2027-10-12T08:00:00Z"   # of check: a year after the release
NOTES = b"# Notes\n\nNothing new.\n"
DOCUMENT = {"ids": [{"domain": "example.com", "id": "MAN-1"}], "title": {"en": "Manual"}, "version": "1", "languages": ["en"], "file": "NOTES.md",
            "availability": "included"}

SLSA = "https://slsa.dev/provenance/v1"

# Why somebody says less than the others.
OF_TODAY = "the signer takes the release date for now, so that the result does not depend on the day of packing"
ONLY_THE_SIGNER_CAN = "whoever signs can mend it; to an asset owner it is something that was not compared"
NAMES_ON_DISK = "the names of the inputs are not in the archive"
NO_PROFILE = "pack has no --profile"
ONLY_PROVED = "to whoever verifies, only attestations count that are signed as the policy asks"


def set_field(name, value):
    return lambda one: one.update({name: {**one[name], **value} if isinstance(one.get(name), dict) else value})


def nothing(_):
    pass


def attested(of):
    """A provenance, unsigned, of these bytes."""
    return json.dumps({"_type": "https://in-toto.io/Statement/v1", "subject": [{"name": "x", "digest": {"sha256": hashlib.sha256(of).hexdigest()}}],
                       "predicateType": SLSA, "predicate": {"buildDefinition": {"buildType": "urn:x"}, "runDetails": {"builder": {"id": "urn:b"}}}}).encode()


def provenance(one):
    one.update(provenance=[{"file": "build.intoto.json", "predicateType": SLSA}])


def component(change):
    return lambda sbom: change(sbom["components"][0])


class Row:
    """One fault: how description and SBOM get it, further files {name: (bytes, role)}, what all three find, and what
    lint, pack or check find instead, with the reason."""

    def __init__(self, what, findings, release=nothing, sbom=nothing, files=None, but=None, profile=None):
        self.what, self.findings, self.release, self.sbom = what, set(findings), release, sbom
        self.files, self.but, self.profile = files or {}, but or {}, profile


ROWS = [
    Row("no fault", []),
    Row("support ended before the release", [("lifecycle.support", "WARN")],
        set_field("lifecycle", {"endOfSecuritySupport": "2026-01-01T00:00:00Z"})),
    Row("support ends between release and check", [("lifecycle.support", "WARN")],
        set_field("lifecycle", {"endOfSecuritySupport": "2027-01-01T00:00:00Z"}),
        but={"lint": (set(), OF_TODAY), "pack": (set(), OF_TODAY)}),
    Row("sold after its end", [("lifecycle.dates", "WARN")],
        set_field("lifecycle", {"endOfSales": "2031-01-01T00:00:00Z", "endOfLife": "2030-01-01T00:00:00Z"})),
    Row("gone within ten years", [("lifecycle.updates", "WARN")],
        lambda one: (one["release"].update(type="security"), one.update(lifecycle={"updateAvailableUntil": "2030-01"}))),
    Row("a security release with a feature", [("release.separate", "WARN")],
        lambda one: (one["release"].update(type="security"), one.update(changes=[{"id": "1", "security": False, "summary": "A clock."}]))),
    Row("supersedes a newer one", [("release.upgrade", "WARN")], set_field("release", {"supersedes": ["1.1.0"]})),
    Row("a variable that was not set", [("release.values", "WARN")], set_field("release", {"buildId": "${BUILD}"})),
    Row("a document of another release", [("document.applies", "FAIL")],
        set_field("documents", [{**DOCUMENT, "appliesTo": {"releases": [{"version": "0.9"}]}}])),
    Row("a document that was due before the release", [("document.review", "WARN")],
        set_field("documents", [{**DOCUMENT, "reviewBy": "2026-01-01"}])),
    Row("a document that is due between release and check", [("document.review", "WARN")],
        set_field("documents", [{**DOCUMENT, "reviewBy": "2027-01-01"}]),
        but={"lint": (set(), OF_TODAY), "pack": (set(), OF_TODAY)}),
    Row("a topic without an answer", [("topics.answered", "WARN")], but={"pack": (set(), NO_PROFILE)},
        profile={"topics": [{"id": "S3", "title": "Context"}]}),
    Row("a topic in a document that does not list it", [("topics.answered", "WARN")],
        lambda one: one.update(documents=[DOCUMENT], topics={"S3": {"status": "documented", "documents": ["MAN-1"]}})),
    Row("a severity that the profile raises", [("release.upgrade", "FAIL")], set_field("release", {"supersedes": ["1.1.0"]}),
        profile={"topics": [], "severities": {"release.upgrade": "fail"}},
        but={"pack": ({("release.upgrade", "WARN")}, NO_PROFILE)}),
    Row("a claim in the manifest", [("claims.hygiene", "WARN")],
        set_field("changes", [{"id": "1", "security": False, "summary": "Now certified to IEC 62443-4-2."}])),
    Row("a claim in a document", [("claims.hygiene", "WARN")],
        files={"claim.md": (b"The device is certified to IEC 62443-4-2.\n", "document")}),
    Row("documents beyond what is searched", [],
        files={"a.md": (b"x\n" * (3 << 20), "document"), "b.md": (b"Certified to IEC 62443-4-2.\n" + b"x\n" * (3 << 20), "document")}),
    Row("a file that nobody meant", [("file.intended", "WARN")], files={"Thumbs.db": (b"x", "other")},
        but={"check": (set(), NAMES_ON_DISK)}),
    Row("no format that is known", [("sbom.form", "FAIL")], sbom=lambda one: (one.pop("bomFormat"), one.pop("specVersion"))),
    Row("an unknown member", [("sbom.form", "FAIL")], sbom=lambda one: one.update(surprise=1)),
    Row("another root", [("sbom.binding", "FAIL")], sbom=lambda one: one["metadata"]["component"].update(version="2.0.0")),
    Row("a bound component that is not there", [("sbom.binding", "FAIL")],
        lambda one: one["sbom"][0].update(binds=[{"component": "ghost", "file": "firmware.bin"}])),
    Row("a member that cannot be looked for", [("sbom.nested", "NOT_CHECKED"), ("sbom.binding", "NOT_CHECKED")],
        lambda one: one["sbom"][0].update(binds=[{"component": "lib", "file": "rootfs.squashfs", "member": "lib"}]),
        sbom=component(lambda one: one.update(hashes=[{"alg": "SHA-256", "content": "0" * 64}])),
        files={"rootfs.squashfs": (b"hsqs" + bytes(200), "software")}),
    Row("a damaged archive", [("sbom.nested", "FAIL"), ("sbom.binding", "NOT_CHECKED")],
        lambda one: one["sbom"][0].update(binds=[{"component": "lib", "file": "root.zip", "member": "lib"}]),
        sbom=component(lambda one: one.update(hashes=[{"alg": "SHA-256", "content": "0" * 64}])),
        files={"root.zip": (b"PK\x03\x04" + bytes(200), "software")}),
    Row("a member that is not there", [("sbom.binding", "FAIL")],
        lambda one: one["sbom"][0].update(binds=[{"component": "lib", "file": "root.tar", "member": "lib"}]),
        sbom=component(lambda one: one.update(hashes=[{"alg": "SHA-256", "content": "0" * 64}])),
        files={"root.tar": (tar_of({"other": OTHER}), "software")}),
    Row("a second SBOM", [], files={"second.json": (json.dumps(good_spdx()).encode(), "sbom")},
        but={"lint": ({("sbom.unread", "WARN")}, ONLY_THE_SIGNER_CAN), "pack": ({("sbom.unread", "WARN")}, ONLY_THE_SIGNER_CAN)}),
    Row("a document of the SBOM that is missing", [],
        sbom=component(lambda one: one["externalReferences"].append({"type": "bom", "url": "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b70/1"})),
        but={"lint": ({("sbom.unread", "WARN")}, ONLY_THE_SIGNER_CAN), "pack": ({("sbom.unread", "WARN")}, ONLY_THE_SIGNER_CAN)}),
    Row("a component without a version", [("sbom.cisa", "WARN")], sbom=component(lambda one: one.pop("version"))),
    Row("a component without its file name", [("sbom.bsi", "WARN")], sbom=component(lambda one: one.pop("properties")),
        profile={"topics": [], "severities": {"sbom.bsi": "warn"}}, but={"pack": (set(), NO_PROFILE)}),
    Row("a component without a version, where the NTIA's elements are asked for", [("sbom.ntia", "WARN"), ("sbom.cisa", "WARN")],
        sbom=component(lambda one: one.pop("version")), profile={"topics": [], "severities": {"sbom.ntia": "warn"}},
        but={"pack": ({("sbom.cisa", "WARN")}, NO_PROFILE)}),
    Row("an attestation that is none", [("provenance.form", "FAIL")], provenance, files={"build.intoto.json": (b"{}", "provenance")},
        but={"lint": ({("provenance.form", "FAIL"), ("provenance.coverage", "WARN")}, ONLY_PROVED),
             "pack": ({("provenance.form", "FAIL"), ("provenance.coverage", "WARN")}, ONLY_PROVED)}),
    Row("an attestation of other files", [("provenance.subject", "FAIL")], provenance,
        files={"build.intoto.json": (attested(b"another build"), "provenance")},
        but={"lint": ({("provenance.subject", "FAIL"), ("provenance.coverage", "WARN")}, ONLY_PROVED),
             "pack": ({("provenance.subject", "FAIL"), ("provenance.coverage", "WARN")}, ONLY_PROVED)}),
    Row("an attestation that does not name the firmware", [], provenance, files={"build.intoto.json": (attested(b"x\n"), "provenance")},
        but={"lint": ({("provenance.coverage", "WARN")}, ONLY_PROVED), "pack": ({("provenance.coverage", "WARN")}, ONLY_PROVED)}),
    Row("a VEX file that is none", [("vex.match", "WARN")], files={"vex.json": (b"{", "vex")}),
    Row("an advisory that is none", [("advisory.match", "WARN")], files={"advisory.json": (b"{", "advisory")}),
    Row("an advisory with another digest", [("advisory.digest", "FAIL")],
        set_field("advisories", [{"id": "EA-1", "file": "notes.txt", "digest": "0" * 64}])),
]
# Checks on the content that no row can have.
WITHOUT_A_ROW = {
    "release.identity": "asked for by the operator", "release.product": "asked for by the operator",
    "release.hardware": "asked for by the operator", "release.sequence": "of policy and operator",
    "release.backout": "needs a journal", "release.adoption": "of adopted releases, which are not linted",
    "provenance.signature": "needs a trust policy that names who attests",
    "document.identity": "needs a release before this one", "document.also": "asked for by the operator",
}
UNSEEN = ("sbom.form", "sbom.binding", "sbom.nested")
CONTENT = ("release.", "lifecycle.", "document.", "topics.", "claims.", "sbom.", "provenance.", "vex.", "advisory.", "file.intended")


class SameFindings(BindingCase):
    @staticmethod
    def faults(findings):
        """All but what is about signatures and trust, which a linter knows nothing of; and what could not be looked at in the SBOM."""
        return {(one["check"], one["result"]) for one in findings if not one["check"].startswith(("signature.", "certificate.", "trust."))
                and (one["result"] in ("FAIL", "WARN") or one["result"] == "NOT_CHECKED" and one["check"] in UNSEEN)}

    def describe(self, row, faulty):
        sbom = self.bound_sbom()
        extra = {"NOTES.md": (NOTES, "release-notes"), "notes.txt": (b"x\n", "other"), **row.files}
        path = self.sbom_release(changed(sbom, row.sbom) if faulty else sbom, extra=extra)
        value = json.loads(path.read_text("utf-8"))
        if faulty:
            row.release(value)
        path.write_text(json.dumps(value), encoding="utf-8")
        return path

    def archive(self, row):
        """The release with its fault, signed by somebody else's tool where pack refuses it."""
        out = self.pack(self.describe(row, True), code=(0, 1))
        if self.last.code == 0:
            return out
        out = self.pack(self.describe(row, False), "sound.tar")

        def change(sbom, manifest):
            row.sbom(sbom)
            row.release(manifest)
        return self.resigned(out, change)

    def test_each_fault(self):
        for row in ROWS:
            with self.subTest(row.what):
                profile = []
                if row.profile:
                    path = self.folder / "profile.json"
                    path.write_text(json.dumps({"cretula": "profile/1", "name": "strict", "version": 1, **row.profile}))
                    profile = ["--profile", path]
                description = self.describe(row, True)
                said = {"lint": self.sign("lint", description, "--format", "json", *profile, code=(0, 1)).json()["findings"]}
                self.pack(description, "x.tar", "--json", code=(0, 1))
                said["pack"] = self.last.json()["findings"]
                record = self.check(self.archive(row), "--json", "--at", AT, *profile, code=(0, 1)).json()
                said["check"] = all_checks(record)
                for program, findings in said.items():
                    wanted, why = row.but.get(program, (row.findings, ""))
                    self.assertEqual(self.faults(findings), wanted,
                                     f"{program} {why}: {[one for one in findings if one['result'] != 'PASS']}")

    def test_every_check_on_the_content_has_a_row(self):
        rows = {check for row in ROWS for found in (row.findings, *(one for one, _ in row.but.values())) for check, _ in found}
        there = {line.split()[0] for line in self.verify("explain", "all").out.splitlines() if line.strip().startswith(CONTENT)}
        self.assertEqual(rows | set(WITHOUT_A_ROW), there)
        self.assertFalse(rows & set(WITHOUT_A_ROW))

    def test_advice_for_several_findings_in_a_row_stands_once(self):
        """Unanswered topics are a line each and one advice, behind the last; what differs is said of each."""
        path = self.folder / "profile.json"
        path.write_text(json.dumps({"cretula": "profile/1", "name": "strict", "version": 1, "topics":
                                    [{"id": name, "title": name} for name in ("S3", "S5", "S6")]}))
        description = self.describe(ROWS[0], False)
        lines = self.sign("lint", description, "--profile", path, code=(0, 1)).out.splitlines()
        named = [i for i, line in enumerate(lines) if " topics.answered " in line]
        advice = [i for i, line in enumerate(lines) if line.startswith("  what to do")]
        self.assertEqual(len(named), 3, lines)
        self.assertEqual(len([i for i in advice if named[0] < i]), 1, lines)
        self.assertLess(named[-1], advice[-1], lines)


if __name__ == "__main__":
    main()
