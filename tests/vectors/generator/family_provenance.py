# SPDX-License-Identifier: Apache-2.0
"""Attestations of a build in a release: their form, and what they say of the files."""
import base64
import json

from harness import sha256
from store import File, Plan
from world import ANCHORED, Release, Tool, compact

FORM, SUBJECT = "provenance.form", "provenance.subject"
TYPE, SLSA = "application/vnd.in-toto+json", "https://slsa.dev/provenance/v1"
FIRMWARE, SECOND = b"firmware\n", b"second\n"


def subject(name, data):
    return {"name": name, "digest": {"sha256": sha256(data)}}


def statement(*subjects, **changes):
    return {"_type": "https://in-toto.io/Statement/v1", "subject": list(subjects) or [subject("out/fw.bin", FIRMWARE)], "predicateType": SLSA,
            "predicate": {"buildDefinition": {"buildType": "https://builds.example.com/make/v1"},
                          "runDetails": {"builder": {"id": "https://builds.example.com/runner"}}}, **changes}


def envelope(value, **changes):
    body = value if isinstance(value, bytes) else compact(value)
    return {"payload": base64.b64encode(body).decode(), "payloadType": TYPE, "signatures": [], **changes}


class Maker:
    def __init__(self):
        self.release = Release(Tool())

    def attested(self, text, predicate=SLSA, **files):
        text = text if isinstance(text, bytes) else compact(text)
        payload = self.release.payload(**{"build.intoto.json": text}, **files)
        value = self.release.manifest(payload, provenance=[{"file": "build.intoto.json", "predicateType": predicate}])
        for one in value["files"]:
            if one["path"] == "build.intoto.json":
                one.update(role="provenance", mediaType="application/json")
        return [File("tar", self.release.archive(value, payload)), "--anchor", File("root.pem", self.release.anchor()), *ANCHORED]


GOOD = "provenance-good"
TWO = {"second.bin": SECOND}


def forms():
    good = envelope(statement())
    text = json.dumps(good)
    yield "bare", "a statement without an envelope", statement(), 0
    yield "bundle", "the envelope in a bundle", {"dsseEnvelope": good}, 0
    yield "other-type", "an envelope of another type", {**good, "payloadType": "application/json"}, 1
    yield "no-type", "an envelope without a type", {**good, "payloadType": None}, 1
    yield "letter-more", "base64 with a letter too many", {**good, "payload": good["payload"] + "A"}, 1
    yield "line-break", "base64 with a line break", {**good, "payload": good["payload"] + "\n"}, 1
    yield "two-texts", "two envelopes after each other", (text + "\n" + text).encode(), 1
    yield "two-forms", "an envelope that is a statement, too", {**good, **statement()}, 1
    yield "member-twice", "a member twice", (text[:-1] + ', "payload": ""}').encode(), 1
    yield "other-statement", "a statement of a version that nobody knows", envelope(statement(_type="https://in-toto.io/Statement/v9")), 1
    yield "no-subject", "a statement about nothing", envelope(statement(subject=[])), 1
    yield "no-digest", "a subject without a digest", envelope(statement({"name": "fw.bin"})), 1
    yield "digest-capitals", "a digest in capitals", envelope(statement({"name": "x", "digest": {"sha256": sha256(FIRMWARE).upper()}})), 1
    yield "name-twice", "two subjects of one name", envelope(statement(subject("x", FIRMWARE), subject("x", SECOND))), 1
    yield "no-builder", "provenance that names no builder", envelope(statement(predicate={})), 1
    yield "builder-blank", "a builder whose id says more than who it is", envelope(statement(
        predicate={"buildDefinition": {"buildType": "x"}, "runDetails": {"builder": {"id": "https://b.example (level 3)"}}})), 1
    yield "other-predicate", "another predicate than the manifest says", envelope(statement(predicateType="https://example.com/other")), 1


def subjects():
    swapped = [subject("out/fw.bin", SECOND), subject("out/second.bin", FIRMWARE)]
    yield "both", "two files, in the folders of the build", [subject("out/fw.bin", FIRMWARE), subject("out/second.bin", SECOND)], 0
    yield "renamed", "a file by another name", [subject("image", FIRMWARE)], 0
    yield "more", "a file that is not in the release", [subject("out/fw.bin", FIRMWARE), subject("out/debug.bin", b"x")], 0
    yield "none", "no file of the release", [subject("image", b"x")], 1
    yield "other-bytes", "other bytes of a file's name", [subject("fw.bin", b"x")], 1
    yield "swapped", "two files that changed places, in the folders of the build", swapped, 1
    yield "swapped-names", "two files that changed places", [subject("fw.bin", SECOND), subject("second.bin", FIRMWARE)], 1
    yield "old-build", "an old build of a file, beside one that is right", [subject("out/fw.bin", b"x"), subject("out/second.bin", SECOND)], 1
    yield "case", "an old build by a name in capitals, behind backslashes", [subject("C:\\OUT\\FW.BIN", b"x"), subject("s", SECOND)], 1


def plans():
    maker = Maker()
    yield Plan(GOOD, "an unsigned attestation about the firmware", lambda: maker.attested(envelope(statement())), check=SUBJECT)
    for name, about, text, code in forms():
        yield Plan(f"provenance-form-{name}", f"an attestation of a build: {about}", lambda t=text: maker.attested(t), code, FORM, like=GOOD)
    for name, about, listed, code in subjects():
        yield Plan(f"provenance-subject-{name}", f"an attestation about {about}", lambda s=listed: maker.attested(envelope(statement(*s)), **TWO), code, SUBJECT, like=GOOD)
