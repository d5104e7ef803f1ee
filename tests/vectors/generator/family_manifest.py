# SPDX-License-Identifier: Apache-2.0
"""Manifests that a trusted signer signed and that are not what docs/spec/manifest.md says: JSON, fields, values, paths."""
import copy
import json

from harness import sha256
from store import File, Plan
from world import ANCHORED, Release, Tool, compact

FORM, PATHS, LIKE = "manifest.form", "file.paths", "manifest-good"
GONE = object()
# A value of another type for each, and what is no text of the format.
TEXTS = (("number", 7), ("null", None), ("list", []), ("object", {}), ("empty", ""), ("space-in-front", " x"), ("space-behind", "x "),
         ("control", "a\u0007b"), ("escape", "a\u001b[31mb"), ("bidirectional", "a\u202eb"), ("zero-width", "a\u200bb"), ("too-long", "x" * 1001))
DATES = ("2026-10-12", "2026-10-12T08:00:00", "2026-10-12T08:00:00+00:00", "2026-10-12T08:00:00.5Z", "2026-10-12t08:00:00z", "2026-13-12T08:00:00Z",
         "2026-02-30T08:00:00Z", "2026-10-12T24:00:00Z", "2026-10-12T08:00:60Z", "2026-10-12 08:00:00Z", "0999-10-12T08:00:00Z", "")
NUMBERS = (("negative", -1), ("fraction", 7.5), ("text", "7"), ("too-large", 9007199254740992), ("null", None), ("true", True))
HASHES = (("upper-case", lambda text: text.upper()), ("short", lambda text: text[:-1]), ("long", lambda text: text + "0"), ("prefix", lambda text: "0x" + text[2:]),
          ("no-hex", lambda text: "g" + text[1:]), ("empty", lambda text: ""), ("sha256-prefix", lambda text: "sha256:" + text))
NAMES = (("absolute", "/fw.bin"), ("parent", "../fw.bin"), ("inner-parent", "a/../fw.bin"), ("dot", "./fw.bin"), ("double-slash", "a//fw.bin"),
         ("slash-behind", "fw.bin/"), ("backslash", "a\\fw.bin"), ("drive", "C:fw.bin"), ("colon", "fw.bin:stream"), ("space", "fw file.bin"),
         ("hidden", ".fw.bin"), ("dash", "-fw.bin"), ("dot-behind", "fw.bin."), ("device", "con"), ("device-ending", "NUL.txt"), ("device-com", "com1"),
         ("device-in-folder", "a/aux.bin"), ("umlaut", "f\u00fc.bin"), ("control", "fw\n.bin"), ("percent", "fw%2e.bin"), ("star", "fw*.bin"),
         ("component-101", "a" * 101), ("path-201", "/".join(["a" * 49] * 4) + "aa"), ("empty", ""), ("manifest", "MANIFEST.json"),
         ("manifest-case", "manifest.JSON"), ("signatures", "SIGNATURES/fw"), ("signatures-case", "signatures/fw"))


class Maker:
    def __init__(self):
        self.release = Release(Tool())

    def signed(self, text, payload=None):
        """An archive whose signer signed just these bytes."""
        payload = self.release.payload() if payload is None else payload
        archive = self.release.archive(text, payload, self.release.sign(text if isinstance(text, bytes) else compact(text)))
        return [File("tar", archive), "--anchor", File("root.pem", self.release.anchor()), *ANCHORED]

    def value(self):
        return self.release.manifest(self.release.payload())

    def changed(self, pointer, value):
        """The manifest with another value at a JSON pointer, or without it."""
        whole = copy.deepcopy(self.value())
        *parents, last = pointer.split("/")[1:]
        at = whole
        for part in parents:
            at = at[int(part)] if isinstance(at, list) else at.setdefault(part, {})
        last = int(last) if isinstance(at, list) and last != "-" else last
        if value is GONE:
            del at[last]
        elif last == "-":
            at.append(value)
        else:
            at[last] = value
        return whole

    def with_file(self, name):
        """A release that has a file of this name, and everything that follows from it."""
        payload = {key: data for key, data in self.release.payload().items() if key not in ("fw.bin", "SHA256SUMS")}
        payload[name] = b"firmware\n"
        payload = self.release.payload(**payload)
        del payload["fw.bin"]
        payload["SHA256SUMS"] = f"{sha256(payload[name])}  {name}\n".encode()
        value = self.release.manifest(payload)
        value["files"].sort(key=lambda one: one["path"].encode())
        return self.signed(compact(value), {one: data for one, data in payload.items() if len(one.encode()) < 101 and "\n" not in one})


def texts(maker):
    """Bytes that are no strict JSON."""
    good = compact(maker.value())
    deep = good[:-1] + b',"extensions":{"urn:x":' + b"[" * 70 + b"]" * 70 + b"}}"
    cases = [
        ("empty", "nothing", b""), ("text", "a text", b"released\n"), ("bom", "a byte order mark in front", b"\xef\xbb\xbf" + good),
        ("utf-16", "UTF-16", good.decode().encode("utf-16")), ("latin-1", "a byte that is no UTF-8", good.replace(b"Werke", b"W\xfcrke")),
        ("overlong", "an overlong form of a letter", good.replace(b"Werke", b"\xc1\x97erke")),
        ("surrogate", "half of a surrogate pair", good.replace(b"Werke", b"W\\ud800rke")),
        ("nul", "U+0000 in a text", good.replace(b"Werke", b"W\\u0000rke")), ("list", "a list around it", b"[" + good + b"]"),
        ("two", "two documents", good + good), ("tail", "a letter behind it", good + b"x"), ("cut", "the last byte is missing", good[:-1]),
        ("comma", "a comma behind the last member", good[:-1] + b",}"), ("comment", "a comment", b"/* x */" + good),
        ("single-quotes", "single quotes", good.replace(b'"', b"'")), ("plain-key", "a name without quotes", good.replace(b'"notice"', b"notice")),
        ("control", "a line break in a text", good.replace(b"Werke AG", b"Werke\nAG")), ("nan", "NaN", good.replace(b'"sequence":7', b'"sequence":NaN')),
        ("plus", "+7", good.replace(b'"sequence":7', b'"sequence":+7')), ("octal", "07", good.replace(b'"sequence":7', b'"sequence":07')),
        ("exponent", "a number with an exponent", good.replace(b'"sequence":7', b'"sequence":7e0')),
        ("duplicate", "a member twice, with the same value", good.replace(b'"origin":"vendor"', b'"origin":"vendor","origin":"vendor"')),
        ("duplicate-other", "a member twice, with another value", good.replace(b'"sequence":7', b'"sequence":7,"sequence":8')),
        ("duplicate-escaped", "a member twice, once with an escape in its name", good.replace(b'"sequence":7', b'"sequence":7,"sequenc\\u0065":8')),
        ("deep", "nesting of more than 64 levels", deep), ("null", "null", b"null")]
    for name, about, text in cases:
        yield Plan(f"manifest-json-{name}", f"signed, and no strict JSON of the format: {about}", lambda t=text: maker.signed(t), 1,
                   "archive.limits" if name == "empty" else FORM, like=LIKE)


def fields(maker):
    for pointer in ("/cretula", "/product", "/product/vendor", "/product/name", "/origin", "/checksums", "/release", "/release/version", "/release/sequence",
                    "/release/date", "/files", "/files/0/path", "/files/0/role", "/files/0/size", "/files/0/sha256", "/notice"):
        name = pointer[1:].replace("/", "-")
        yield Plan(f"manifest-without-{name}", f"{pointer} is missing", lambda p=pointer: maker.signed(maker.changed(p, GONE)), 1, FORM, like=LIKE)
    for pointer in ("/colour", "/product/colour", "/release/colour", "/files/1/colour", "/Cretula", "/product/Vendor", "/$schema"):
        yield Plan(f"manifest-unknown-{pointer[1:].replace('/', '-').replace('$', '').lower()}-{'upper' if pointer != pointer.lower() else 'field'}",
                   f"a field that nobody knows: {pointer}", lambda p=pointer: maker.signed(maker.changed(p, "x")), 1, FORM, like=LIKE)
    for pointer in ("/product/vendor", "/product/name", "/release/version"):
        for name, value in TEXTS:
            yield Plan(f"manifest-{pointer[1:].replace('/', '-')}-{name}", f"{pointer}: {name.replace('-', ' ')}",
                       lambda p=pointer, v=value: maker.signed(maker.changed(p, v)), 1, FORM, like=LIKE)
    for number, text in enumerate(DATES):
        yield Plan(f"manifest-date-{number:02}", f"the release date is {text or 'empty'}", lambda t=text: maker.signed(maker.changed("/release/date", t)), 1,
                   FORM, like=LIKE)
    for pointer in ("/release/sequence", "/files/1/size"):
        for name, value in NUMBERS:
            yield Plan(f"manifest-{pointer.rsplit('/', 1)[1]}-{name}", f"{pointer}: {name.replace('-', ' ')}",
                       lambda p=pointer, v=value: maker.signed(maker.changed(p, v)), 1, FORM, like=LIKE)
    for pointer in ("/files/1/sha256", "/checksums"):
        for name, change in HASHES:
            def make(p=pointer, c=change):
                value = maker.value()
                old = value["checksums"] if p == "/checksums" else value["files"][1]["sha256"]
                return maker.signed(maker.changed(p, c(old)))
            yield Plan(f"manifest-{pointer.rsplit('/', 1)[1]}-{name}", f"{pointer}: a digest {name.replace('-', ' ')}", make, 1, FORM, like=LIKE)
    for name, pointer, value in (
            ("purpose-of-a-policy", "/cretula", "trust/1"), ("version-2", "/cretula", "manifest/2"), ("version-none", "/cretula", "manifest"),
            ("origin-unknown", "/origin", "somebody"), ("origin-adopted", "/origin", "adopted"), ("adoption-of-a-vendor", "/adoption", {"by": "a", "source": "b", "medium": "c"}),
            ("role-unknown", "/files/1/role", "virus"), ("files-empty", "/files", []), ("files-object", "/files", {}),
            ("notice-other", "/notice", "It is secure."), ("media-type-none", "/files/1/mediaType", "firmware"), ("type-unknown", "/release/type", "great"),
            ("purl-none", "/product/purl", "rtu-9"), ("cpe-none", "/product/cpe", "rtu-9"), ("link-http", "/product/iec61406Link", "http://example.com/x"),
            ("extensions-list", "/extensions", []), ("extensions-no-uri", "/extensions", {"x": 1}), 
            ("sbom-object", "/sbom", {}), ("sbom-of-no-file", "/sbom", [{"file": "none.json", "format": "cyclonedx"}]), ("document-of-no-file", "/documents", [
                {"title": "T", "kind": "manual", "id": {"value": "1"}, "file": "none.pdf"}]), ("hardware-object", "/hardware", {}),
            ("contacts-list", "/contacts", []), ("lifecycle-unknown", "/lifecycle", {"end": "tba"}), ("topics-list", "/topics", [])):
        yield Plan(f"manifest-{name}", f"{pointer} is {json.dumps(value)[:60]}", lambda p=pointer, v=value: maker.signed(maker.changed(p, v)), 1, FORM, like=LIKE)


def names(maker):
    for name, path in NAMES:
        yield Plan(f"manifest-path-{name}", f"a file is called {path[:40]!a}".replace("\\\\", "\\"), lambda p=path: maker.with_file(p), 1, "*", like=LIKE)
    for name, paths in (("case", ("fw.bin", "FW.bin")), ("folder", ("fw.bin", "fw.bin/x")), ("folder-case", ("FW/x", "fw"))):
        yield Plan(f"manifest-paths-{name}", f"two files that a system cannot keep apart: {' and '.join(paths)}", lambda p=paths: two(maker, p), 1, PATHS, like=LIKE)
    yield Plan("manifest-files-reversed", "the list of files is not sorted", lambda: maker.signed({**maker.value(), "files": maker.value()["files"][::-1]}), 1, PATHS, like=LIKE)
    yield Plan("manifest-files-twice", "a file is listed twice", lambda: maker.signed(maker.changed("/files/-", maker.value()["files"][1])), 1, PATHS, like=LIKE,
               also=("file.checksums",))
    yield Plan("manifest-fsverity-of-a-small-file", "a tree digest of a file of less than 1 MiB", lambda: maker.signed(
        maker.changed("/files/1/fsverity", "0" * 64)), 1, "file.digests", like=LIKE)
    for name, original in (("absolute", "/etc/passwd"), ("parent", "../x"), ("control", "a\u0007"), ("backslash", "a\\b"), ("device", "con"), ("dash", "-rf")):
        yield Plan(f"manifest-original-{name}", f"an original name that extract does not restore, and that harms nobody: {original!a}",
                   lambda o=original: maker.signed(maker.changed("/files/1/originalName", o)), 1 if name == "control" else 0, FORM if name == "control" else None, like=LIKE)


def two(maker, paths):
    payload = {one: b"x\n" for one in paths}
    payload["SHA256SUMS"] = "".join(f"{sha256(payload[one])}  {one}\n" for one in sorted(paths)).encode()
    value = maker.release.manifest(payload)
    return maker.signed(compact(value), payload)


def plans():
    maker = Maker()
    yield Plan(LIKE, "the smallest manifest", lambda: maker.signed(compact(maker.value())))
    yield Plan("manifest-good-spaces", "white space and another order of members: what was signed counts", lambda: maker.signed(
        json.dumps(dict(reversed(maker.value().items())), indent=4).encode()), like=LIKE)
    yield Plan("manifest-good-extensions", "an extension under a URI", lambda: maker.signed(maker.changed("/extensions", {"urn:example:x": {"a": [1, None]}})), like=LIKE)
    yield Plan("manifest-good-largest-sequence", "the largest sequence", lambda: maker.signed(maker.changed("/release/sequence", 9007199254740991)), like=LIKE)
    yield Plan("manifest-good-longest-name", "a name of 1000 bytes", lambda: maker.signed(maker.changed("/product/name", "x" * 1000)), like=LIKE)
    for part in (texts, fields, names):
        yield from part(maker)
