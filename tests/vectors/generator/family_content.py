# SPDX-License-Identifier: Apache-2.0
"""What a signed release says of its files: digests, SHA256SUMS, SBOMs (CycloneDX, SPDX 2), lifecycle, dates, sequence."""
import copy
import json

from harness import sha256
from store import File, Plan
from world import ANCHORED, Release, Tool, compact

CHECKSUMS, SBOM, BINDING = "file.checksums", "sbom.form", "sbom.binding"
FORMATS = {"cyclonedx": "CycloneDX-1.5", "spdx": "SPDX-2.3"}
GONE = object()


def cyclonedx():
    return {"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
            "metadata": {"timestamp": "2026-10-12T08:00:00Z", "component": {
                "type": "firmware", "bom-ref": "rtu", "name": "RTU-9", "version": "1.0.0",
                "hashes": [{"alg": "SHA-256", "content": sha256(b"firmware\n")}]}},
            "components": [{"type": "library", "bom-ref": "lib", "name": "lib", "version": "2.1", "purl": "pkg:generic/lib@2.1"}],
            "dependencies": [{"ref": "rtu", "dependsOn": ["lib"]}]}


def spdx():
    return {"spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": "RTU-9",
            "documentNamespace": "https://example.com/rtu9-1.0.0", "creationInfo": {"created": "2026-10-12T08:00:00Z", "creators": ["Tool: x-1"]},
            "packages": [{"SPDXID": "SPDXRef-rtu", "name": "RTU-9", "versionInfo": "1.0.0", "downloadLocation": "NOASSERTION",
                          "checksums": [{"algorithm": "SHA256", "checksumValue": sha256(b"firmware\n")}]},
                         {"SPDXID": "SPDXRef-lib", "name": "lib", "versionInfo": "2.1", "downloadLocation": "NOASSERTION"}],
            "relationships": [{"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-rtu"},
                              {"spdxElementId": "SPDXRef-rtu", "relationshipType": "CONTAINS", "relatedSpdxElement": "SPDXRef-lib"}]}


def changed(value, pointer, new):
    whole = copy.deepcopy(value)
    *parents, last = pointer.split("/")[1:]
    at = whole
    for part in parents:
        at = at[int(part)] if isinstance(at, list) else at[part]
    if new is GONE:
        del at[int(last) if isinstance(at, list) else last]
    elif last == "-":
        at.append(new)
    else:
        at[int(last) if isinstance(at, list) else last] = new
    return whole


class Maker:
    def __init__(self):
        self.release = Release(Tool())

    def checked(self, archive, *more):
        return [File("tar", archive), "--anchor", File("root.pem", self.release.anchor()), *ANCHORED, *more]

    def with_manifest(self, *more, payload=None, **changes):
        payload = self.release.payload() if payload is None else payload
        return self.checked(self.release.archive(self.release.manifest(payload, **changes), payload), *more)

    def with_sums(self, sums):
        payload = {**self.release.payload(), "SHA256SUMS": sums}
        return self.with_manifest(payload=payload)

    def with_sbom(self, text, kind="cyclonedx", name="sbom.json", **entry):
        text = text if isinstance(text, bytes) else compact(text)
        payload = self.release.payload(**{name: text})
        value = self.release.manifest(payload, sbom=[{"file": name, "format": FORMATS[kind], **entry}])
        for one in value["files"]:
            if one["path"] == name:
                one.update(role="sbom", mediaType="application/json")
        return self.checked(self.release.archive(value, payload))


def sums(maker):
    good = maker.release.payload()["SHA256SUMS"]
    digest = sha256(b"firmware\n")
    for name, about, text in (
            ("other-digest", "another digest of a file", good.replace(digest[:4].encode(), b"0000")), ("other-name", "another name", good.replace(b"fw.bin", b"fw.bim")),
            ("one-space", "one space in the place of two", good.replace(b"  ", b" ")), ("binary-mark", "the mark of binary files", good.replace(b"  ", b" *")),
            ("upper-case", "the digest in capitals", good.upper().replace(b"FW.BIN", b"fw.bin")), ("no-break", "without the last line break", good[:-1]),
            ("carriage-return", "line ends of another system", good.replace(b"\n", b"\r\n")), ("empty", "empty", b""), ("line-more", "a line more", good + good),
            ("comment", "a comment", b"# made by hand\n" + good), ("dot-slash", "./ in front of the name", good.replace(b"fw.bin", b"./fw.bin")),
            ("itself", "a line for itself", good + b"0" * 64 + b"  SHA256SUMS\n")):
        yield Plan(f"content-sums-{name}", f"SHA256SUMS, signed with the release: {about}", lambda t=text: maker.with_sums(t), 1, CHECKSUMS, like="content-good")


def files(maker):
    payload = maker.release.payload()

    def listed(**change):
        value = maker.release.manifest(payload)
        value["files"][1].update(change)
        return maker.checked(maker.release.archive(value, payload))
    yield Plan("content-digest-of-another", "the manifest has another digest of a file", lambda: listed(sha256=sha256(b"x")), 1, CHECKSUMS, like="content-good")
    yield Plan("content-checksums-other", "the manifest has another digest of SHA256SUMS on top than in its list",
               lambda: maker.with_manifest(checksums="0" * 64), 1, CHECKSUMS, like="content-good")
    yield Plan("content-size-one-more", "the manifest has a size that is one too large", lambda: listed(size=10), 1, "archive.framing", like="content-good")


def statements(maker):
    release = {"version": "1.0.0", "sequence": 7, "date": "2026-10-12T08:00:00Z"}
    for name, about, option, value, check in (
            ("product", "another product was expected", "--product", "RTU-8", "release.product"), ("product-case", "the product in small letters", "--product", "rtu-9", "release.product"),
            ("vendor", "another vendor was expected", "--vendor", "Works Ltd", "release.product"), ("sequence", "a higher sequence was asked for", "--min-sequence", "8", "release.sequence"),
            ("identity", "another release was expected", "--expect-identity", "0" * 64, "release.identity"), ("hardware", "a release for other hardware", "--hardware", "RTU-9:C", "release.hardware")):
        yield Plan(f"content-expected-{name}", about, lambda o=option, v=value: maker.with_manifest(o, v), 1, check, like="content-good")
    for name, option, value in (("product", "--product", "RTU-9"), ("vendor", "--vendor", "Werke AG"), ("sequence", "--min-sequence", "7")):
        yield Plan(f"content-as-expected-{name}", f"{option} {value}, as it is", lambda o=option, v=value: maker.with_manifest(o, v), like="content-good")
    for name, about, support in (("ended", "security support ended the day before", "2027-02-28T00:00:00Z"), ("today", "security support ends later", "2027-03-02T00:00:00Z")):
        yield Plan(f"content-support-{name}", about, lambda s=support: maker.with_manifest(lifecycle={"endOfSecuritySupport": s}), 0, "lifecycle.support",
                   result="WARN" if name == "ended" else "PASS", like="content-good")
    yield Plan("content-supersedes-newer", "it supersedes a version that is newer", lambda: maker.with_manifest(release={**release, "supersedes": ["2.0.0"]}), 0, "release.upgrade",
               result="WARN", like="content-good")
    yield Plan("content-placeholder", "a version that nobody filled in", lambda: maker.with_manifest(release={**release, "version": "TODO"}), 0, "release.values", result="WARN", like="content-good")


def sboms(maker):
    for kind, good, changes in (
            ("cyclonedx", cyclonedx(), (
                ("other-format", "/bomFormat", "SPDX", SBOM), ("no-format", "/bomFormat", GONE, SBOM), ("version-9", "/specVersion", "9.9", SBOM), ("no-version", "/specVersion", GONE, SBOM),
                ("version-zero", "/version", 0, SBOM), ("version-text", "/version", "1", SBOM), ("serial-none", "/serialNumber", "4711", SBOM), ("unknown-member", "/colour", "red", SBOM),
                ("components-object", "/components", {}, SBOM), ("component-no-type", "/components/0/type", GONE, SBOM), ("component-type", "/components/0/type", "gadget", SBOM),
                ("component-no-name", "/components/0/name", GONE, SBOM), ("component-unknown-member", "/components/0/colour", "red", SBOM), ("ref-twice", "/components/0/bom-ref", "rtu", SBOM),
                ("dependency-nowhere", "/dependencies/0/dependsOn/0", "none", SBOM), ("dependency-of-nobody", "/dependencies/0/ref", "none", SBOM), ("timestamp", "/metadata/timestamp", "today", SBOM),
                ("hash-algorithm", "/metadata/component/hashes/0/alg", "SHA256", SBOM), ("hash-short", "/metadata/component/hashes/0/content", "00", SBOM),
                ("licence", "/components/0/licenses", [{"license": {"id": "MY-OWN"}}], SBOM), ("scope", "/components/0/scope", "never", SBOM),
                ("root-none", "/metadata/component", GONE, BINDING), ("root-other-name", "/metadata/component/name", "RTU-8", BINDING), ("root-other-version", "/metadata/component/version", "1.0.1", BINDING),
                ("root-other-hash", "/metadata/component/hashes/0/content", "0" * 64, BINDING), ("root-no-hash", "/metadata/component/hashes", GONE, BINDING),
                ("root-md5", "/metadata/component/hashes/0", {"alg": "MD5", "content": "0" * 32}, BINDING))),
            ("spdx", spdx(), (
                ("version-9", "/spdxVersion", "SPDX-9.9", SBOM), ("no-version", "/spdxVersion", GONE, SBOM), ("no-name", "/name", GONE, SBOM), ("no-namespace", "/documentNamespace", GONE, SBOM),
                ("no-creation", "/creationInfo", GONE, SBOM), ("created", "/creationInfo/created", "today", SBOM), ("no-creators", "/creationInfo/creators", [], SBOM), ("licence", "/dataLicense", GONE, SBOM),
                ("packages-object", "/packages", {}, SBOM), ("package-no-name", "/packages/1/name", GONE, SBOM), ("package-no-location", "/packages/1/downloadLocation", GONE, SBOM),
                ("package-no-id", "/packages/1/SPDXID", GONE, SBOM), ("id-twice", "/packages/1/SPDXID", "SPDXRef-rtu", SBOM), ("relationship-type", "/relationships/1/relationshipType", "LIKES", SBOM),
                ("relationship-nowhere", "/relationships/1/relatedSpdxElement", "SPDXRef-none", SBOM), ("hash-algorithm", "/packages/0/checksums/0/algorithm", "SHA-256", SBOM),
                ("hash-short", "/packages/0/checksums/0/checksumValue", "00", SBOM), ("root-other-name", "/packages/0/name", "RTU-8", BINDING), ("root-other-version", "/packages/0/versionInfo", "1.0.1", BINDING),
                ("root-other-hash", "/packages/0/checksums/0/checksumValue", "0" * 64, BINDING), ("root-no-hash", "/packages/0/checksums", GONE, BINDING),
                ("root-none", "/relationships/0", GONE, "*sbom")))):
        like = f"sbom-{kind}-good"
        yield Plan(like, f"an SBOM in {kind}, of this product, this version and this file", lambda k=kind, g=good: maker.with_sbom(g, k))
        for name, pointer, value, check in changes:
            yield Plan(f"sbom-{kind}-{name}", f"in an SBOM in {kind} that was signed with the release: {pointer} {'is missing' if value is GONE else json.dumps(value)[:50]}",
                       lambda k=kind, g=good, p=pointer, v=value: maker.with_sbom(changed(g, p, v), k), 1, check, like=like,
                       also=(BINDING,) if check == SBOM else (SBOM,))
        for name, about, text in (("cut", "the last byte is missing", compact(good)[:-1]), ("duplicate", "a member twice", compact(good)[:-1] + b',"' + next(iter(good)).encode() + b'":1}'), ("empty", "empty", b""), ("xml", "XML", b"<bom/>")):
            yield Plan(f"sbom-{kind}-{name}", f"an SBOM in {kind}: {about}", lambda k=kind, t=text: maker.with_sbom(t, k), 1, SBOM, like=like,
                       also=(BINDING,))
        yield Plan(f"sbom-{kind}-byte-order-mark", f"an SBOM in {kind} behind a byte order mark, as some tools write it", lambda k=kind, g=good: maker.with_sbom(
            b"\xef\xbb\xbf" + compact(g), k), like=like)
        yield Plan(f"sbom-{kind}-called-otherwise", "the manifest calls it by the other format",
                   lambda k=kind, g=good: maker.with_sbom(g, {"cyclonedx": "spdx", "spdx": "cyclonedx"}[k]), 1, SBOM, like=like,
                   also=(BINDING,))


def plans():
    maker = Maker()
    yield Plan("content-good", "the smallest release", maker.with_manifest)
    for part in (sums, files, statements, sboms):
        yield from part(maker)
