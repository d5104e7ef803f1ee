# SPDX-License-Identifier: Apache-2.0
"""Signatures: each deviation from the one form of docs/spec/signatures.md, signed anew where that can be."""
import hashlib

import der
import trust_pki
from der import Node
from store import File, Plan
from trust_pki import attribute, integer
from world import ANCHORED, Release, Tool

FORM, VALUE, ALGORITHM = "signature.form", "signature.value", "signature.algorithm"
SIGNING_TIME = "1.2.840.113549.1.9.5"
PROTECTION = "1.2.840.113549.1.9.52"
SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12"
LIKE = "signature-good"
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


class Maker:
    def __init__(self):
        self.release = Release(Tool())
        self.pki, self.world = self.release.pki, self.release.world
        self.payload = self.release.payload()
        self.text = self.release.text(self.release.manifest(self.payload))
        self.name = self.pki.key_name(self.world, "leaf")

    def checked(self, signature, name=None, text=None):
        data = signature if isinstance(signature, bytes) else signature.encode()
        archive = self.release.archive(self.text if text is None else text, self.payload, {name or self.name: data})
        return [File("tar", archive), "--anchor", File("root.pem", self.release.anchor()), *ANCHORED]

    def attributes(self, content=None, digest="sha256"):
        """What must be signed: content type, digest, certificates."""
        content = self.text if content is None else content
        return [attribute(trust_pki.CONTENT_TYPE, der.oid(trust_pki.DATA)),
                attribute(trust_pki.MESSAGE_DIGEST, der.octets(hashlib.new(digest, content).digest())),
                self.pki._certificate_list(self.world, {"by": "leaf"})]

    def cms(self, attributes=None, digest="sha256", edit=None, sort=True):
        """A signature over these attributes; `edit` changes what no signature covers, or what it must not."""
        attributes = self.attributes(digest=digest) if attributes is None else attributes
        spec = {"by": "leaf"}
        info = self.pki._signer_info(self.world, spec, attributes, digest)
        if not sort:
            signed = Node(0x31, attributes)
            info.content[3] = Node(0xA0, attributes)
            info.content[5] = der.octets(self.pki.sign(self.pki.key(self.pki._full(self.world, "leaf")), signed.encode(), digest))
        cms = self.pki._signed_data(self.world, spec, 1, der.sequence(der.oid(trust_pki.DATA)), info, digest)
        if edit:
            edit(cms)
        return cms

    def certificate(self, name):
        return der.parse(trust_pki.pem_bytes(self.pki.certificate(self.world, name)))


def good(maker):
    yield Plan(LIKE, "contentType, messageDigest and signingCertificateV2, as required", lambda: maker.checked(maker.cms()))
    time = attribute(SIGNING_TIME, Node(0x17, b"261012080000Z"))
    yield Plan("signature-signing-time", "with a signing time", lambda: maker.checked(maker.cms(maker.attributes() + [time])), like=LIKE)
    protection = attribute(PROTECTION, der.sequence(der.sequence(der.oid(trust_pki.DIGESTS["sha256"])),
                                                    Node(0xA1, [der.oid(trust_pki.ECDSA["sha256"])])))
    yield Plan("signature-protection", "with cmsAlgorithmProtection, of the algorithms that are used",
               lambda: maker.checked(maker.cms(maker.attributes() + [protection])), like=LIKE)
    for meaning in ("origin", "approval", "receipt"):
        value = attribute(trust_pki.COMMITMENT_TYPE, der.sequence(der.oid(trust_pki.MEANINGS[meaning])))
        yield Plan(f"signature-meaning-{meaning}", f"with the meaning {meaning}",
                   lambda v=value: maker.checked(maker.cms(maker.attributes() + [v])), 0 if meaning == "origin" else 1,
                   None if meaning == "origin" else "trust.threshold", like=LIKE)
    for digest in ("sha384", "sha512"):
        yield Plan(f"signature-{digest}", f"with {digest}", lambda d=digest: maker.checked(maker.cms(digest=d)), like=LIKE)


def attribute_faults(maker):
    """Signed anew each: the signature over what is wrong is right."""
    names = ("content-type", "message-digest", "certificates")
    time = attribute(SIGNING_TIME, Node(0x17, b"261012080000Z"))
    commitment = attribute(trust_pki.COMMITMENT_TYPE, der.sequence(der.oid(trust_pki.MEANINGS["origin"])))
    for number, name in enumerate(names):
        left = [one for at, one in enumerate(maker.attributes()) if at != number]
        yield f"without-{name}", f"signed without {name}", left, FORM
        one = maker.attributes()[number]
        yield f"{name}-twice", f"{name} signed twice", maker.attributes() + [one.copy()], FORM
        two = one.copy()
        two[1].content.append(two[1][0].copy())
        yield f"{name}-two-values", f"{name} with two values", left + [two], FORM
        none = one.copy()
        none[1].content.clear()
        yield f"{name}-no-value", f"{name} without a value", left + [none], FORM
    rest = maker.attributes()[1:]
    for name, kind in (("signed-data", trust_pki.SIGNED_DATA), ("tst-info", trust_pki.TST_INFO)):
        yield f"content-type-{name}", f"the content type says {name}", [attribute(trust_pki.CONTENT_TYPE, der.oid(kind)), *rest], FORM
    first, _, last = maker.attributes()
    for name, value in (("of-other-bytes", hashlib.sha256(b"other").digest()), ("of-sha384", hashlib.sha384(maker.text).digest()),
                        ("empty", b""), ("cut", hashlib.sha256(maker.text).digest()[:-1])):
        yield (f"digest-{name}", f"the message digest is one {name.replace('-', ' ')}",
               [first, attribute(trust_pki.MESSAGE_DIGEST, der.octets(value)), last], VALUE if name == "of-other-bytes" else "*signature")
    unknown = attribute("1.3.6.1.4.1.32473.7", der.octets(b"x"))
    yield "unknown-attribute", "an attribute that nobody knows is signed", maker.attributes() + [unknown], FORM
    for name, text, tag in (("utc-without-seconds", b"2610120800Z", 0x17), ("utc-with-zone", b"261012080000+0100", 0x17),
                            ("generalized-before-2050", b"20261012080000Z", 0x18), ("no-date", b"269912080000Z", 0x17),
                            ("empty", b"", 0x17), ("as-text", b"261012080000Z", 0x0C)):
        value = attribute(SIGNING_TIME, Node(tag, text))
        yield f"signing-time-{name}", f"a signing time in another form ({name.replace('-', ' ')})", maker.attributes() + [value], FORM
    yield "signing-time-twice", "two signing times", maker.attributes() + [time, attribute(SIGNING_TIME, Node(0x17, b"261013080000Z"))], FORM
    yield "meaning-twice", "two meanings", maker.attributes() + [
        commitment, attribute(trust_pki.COMMITMENT_TYPE, der.sequence(der.oid(trust_pki.MEANINGS["approval"])))], FORM
    yield "meaning-unknown", "a meaning that the profile does not have", maker.attributes() + [
        attribute(trust_pki.COMMITMENT_TYPE, der.sequence(der.oid("1.2.840.113549.1.9.16.6.3")))], FORM
    for name, digest, signature in (("digest", "sha384", "sha256"), ("signature", "sha256", "sha384")):
        value = attribute(PROTECTION, der.sequence(der.sequence(der.oid(trust_pki.DIGESTS[digest])),
                                                   Node(0xA1, [der.oid(trust_pki.ECDSA[signature])])))
        yield f"protection-other-{name}", f"cmsAlgorithmProtection names another {name}", maker.attributes() + [value], FORM


def certificate_faults(maker):
    rest = maker.attributes()[:2]
    digest = hashlib.sha256(trust_pki.pem_bytes(maker.pki.certificate(maker.world, "leaf"))).digest()
    other = hashlib.sha256(trust_pki.pem_bytes(maker.pki.certificate(maker.world, "other"))).digest()

    def listed(*ids):
        return [*rest, attribute(trust_pki.SIGNING_CERTIFICATE_V2, der.sequence(der.sequence(*ids)))]
    right = der.sequence(der.octets(digest))
    yield "certificates-other", "the hash of another certificate", listed(der.sequence(der.octets(other))), FORM
    yield "certificates-none", "an empty list of certificates", listed(), FORM
    yield "certificates-one-more", "a certificate is listed that is not embedded", listed(right, der.sequence(der.octets(other))), FORM
    yield "certificates-twice", "the signer's certificate is listed twice", listed(right, right.copy()), FORM
    yield "certificates-short-hash", "a byte of the hash is missing", listed(der.sequence(der.octets(digest[:-1]))), FORM
    yield "certificates-sha1", "the hash is a SHA-1", listed(der.sequence(
        der.sequence(der.oid(trust_pki.DIGESTS["sha1"])), der.octets(
            hashlib.sha1(trust_pki.pem_bytes(maker.pki.certificate(maker.world, "leaf"))).digest()))), FORM
    yield "certificates-old-attribute", "signingCertificate in the place of signingCertificateV2", [*rest, attribute(
        SIGNING_CERTIFICATE, der.sequence(der.sequence(der.sequence(der.octets(
            hashlib.sha1(trust_pki.pem_bytes(maker.pki.certificate(maker.world, "leaf"))).digest())))))], FORM


def unsigned_faults(maker):
    """Changes of what no signature covers."""
    def data(cms):
        return der.signed_data(cms)

    def info(cms):
        return der.signer_info(cms)

    def embedded(cms):
        return next(one for one in data(cms).content if one.tag == 0xA0)

    def set_version(cms, value):
        data(cms)[0].content = bytes([value])

    def add_certificate(cms, sort=True):
        embedded(cms).content.append(maker.certificate("root"))
        if sort:
            embedded(cms).content.sort(key=Node.encode)

    def swap(cms, name):
        embedded(cms).content[0] = maker.certificate(name)

    def sid_by_key(cms):
        info(cms).content[1] = Node(0x80, bytes(20))

    cases = [
        ("version-3", "SignedData says version 3", lambda cms: set_version(cms, 3)),
        ("version-0", "SignedData says version 0", lambda cms: set_version(cms, 0)),
        ("info-version-3", "the signer info says version 3", lambda cms: setattr(info(cms)[0], "content", b"\x03")),
        ("outer-type", "ContentInfo says data", lambda cms: cms.content.__setitem__(0, der.oid(trust_pki.DATA))),
        ("inner-type", "the content type of the content is another", lambda cms: data(cms)[2].content.__setitem__(0, der.oid(trust_pki.SIGNED_DATA))),
        ("content-embedded", "the manifest is embedded", lambda cms: data(cms)[2].content.append(Node(0xA0, [der.octets(maker.text)]))),
        ("content-empty", "an empty content is embedded", lambda cms: data(cms)[2].content.append(Node(0xA0, [der.octets(b"")]))),
        ("no-digests", "no digest algorithm is named", lambda cms: data(cms)[1].content.clear()),
        ("two-digests", "two digest algorithms are named", lambda cms: data(cms)[1].content.append(der.sequence(der.oid(trust_pki.DIGESTS["sha384"])))),
        ("other-digest", "another digest algorithm is named", lambda cms: data(cms)[1].content.__setitem__(0, der.sequence(der.oid(trust_pki.DIGESTS["sha384"])))),
        ("digest-null", "the digest algorithm has parameters NULL", lambda cms: data(cms)[1][0].content.append(Node(0x05, b""))),
        ("info-digest-null", "that of the signer info has parameters NULL", lambda cms: info(cms)[2].content.append(Node(0x05, b""))),
        ("info-other-digest", "the signer info names another digest", lambda cms: info(cms).content.__setitem__(2, der.sequence(der.oid(trust_pki.DIGESTS["sha512"])))),
        ("no-certificates", "no certificate is embedded", lambda cms: data(cms).content.pop(3)),
        ("certificates-empty", "the list of certificates is empty", lambda cms: embedded(cms).content.clear()),
        ("certificate-more", "one certificate more is embedded", add_certificate),
        ("certificate-twice", "the certificate is embedded twice", lambda cms: embedded(cms).content.append(embedded(cms)[0].copy())),
        ("certificate-other", "another certificate is embedded", lambda cms: swap(cms, "other")),
        ("certificate-attribute", "an attribute certificate is embedded", lambda cms: embedded(cms).content.append(Node(0xA2, [der.sequence()]))),
        ("crls", "a list of revocation lists is embedded", lambda cms: data(cms).content.insert(4, Node(0xA1, [der.sequence()]))),
        ("no-signer", "no signer info", lambda cms: data(cms)[-1].content.clear()),
        ("two-signers", "the signer info twice", lambda cms: data(cms)[-1].content.append(info(cms).copy())),
        ("sid-key", "the signer is named by a key identifier", sid_by_key),
        ("sid-serial", "the signer is named by another serial number", lambda cms: info(cms)[1].content.__setitem__(1, integer(4711))),
        ("sid-issuer", "the signer is named by another issuer", lambda cms: info(cms)[1].content.__setitem__(0, maker.certificate("tsa")[0][3])),
        ("unsigned-attribute", "an unsigned attribute that is no timestamp", lambda cms: info(cms).content.append(
            Node(0xA1, [attribute("1.3.6.1.4.1.32473.7", der.octets(b"x"))]))),
        ("unsigned-empty", "an empty list of unsigned attributes", lambda cms: info(cms).content.append(Node(0xA1, []))),
        ("algorithm-null", "the signature algorithm has parameters NULL", lambda cms: info(cms)[4].content.append(Node(0x05, b""))),
        ("no-attributes", "the signed attributes are left out", lambda cms: info(cms).content.pop(3))]
    for name, about, edit in cases:
        yield name, about, edit, "*signature"
    for name, kind in (("sha384", trust_pki.ECDSA["sha384"]), ("sha1", trust_pki.ECDSA["sha1"]), ("rsa", trust_pki.RSA),
                       ("ed25519", "1.3.101.112"), ("unknown", "1.3.6.1.4.1.32473.8")):
        yield (f"algorithm-{name}", f"the signature algorithm says {name}",
               lambda cms, k=kind: info(cms).content.__setitem__(4, der.sequence(der.oid(k))), "*signature")


def values(maker):
    """The ECDSA value: r and s in DER, each within 1 and n - 1."""
    def value(cms):
        return der.parse(der.signer_info(cms)[5].content)

    def put(cms, *numbers):
        der.signer_info(cms).content[5] = der.octets(der.sequence(*numbers).encode())

    def number(node):
        return int.from_bytes(node.content, "big")
    yield Plan("signature-value-n-minus-s", "the same signature by (r, n - s), which needs no key and is another file of the same release",
               lambda: maker.checked(maker.cms(edit=lambda cms: put(cms, value(cms)[0], integer(ORDER - number(value(cms)[1]))))), like=LIKE)
    cases = [
        ("swapped", "r and s in each other's place", lambda cms: put(cms, value(cms)[1], value(cms)[0])),
        ("r-zero", "r is 0", lambda cms: put(cms, integer(0), value(cms)[1])),
        ("s-zero", "s is 0", lambda cms: put(cms, value(cms)[0], integer(0))),
        ("r-order", "r is n", lambda cms: put(cms, integer(ORDER), value(cms)[1])),
        ("s-order", "s is n", lambda cms: put(cms, value(cms)[0], integer(ORDER))),
        ("r-plus-order", "r is r + n", lambda cms: put(cms, integer(number(value(cms)[0]) + ORDER), value(cms)[1])),
        ("s-plus-order", "s is s + n", lambda cms: put(cms, value(cms)[0], integer(number(value(cms)[1]) + ORDER))),
        ("r-negative", "r is negative", lambda cms: put(cms, Node(0x02, b"\x80" + b"\1" * 31), value(cms)[1])),
        ("r-padded", "r with a zero byte in front that is not needed", lambda cms: put(cms, Node(0x02, b"\0\0" + value(cms)[0].content), value(cms)[1])),
        ("three", "three numbers", lambda cms: put(cms, *value(cms).content, integer(1))),
        ("one", "one number", lambda cms: put(cms, value(cms)[0])),
        ("raw", "r and s side by side, as other formats have them", lambda cms: der.signer_info(cms).content.__setitem__(
            5, der.octets(number(value(cms)[0]).to_bytes(32, "big") + number(value(cms)[1]).to_bytes(32, "big")))),
        ("empty", "no value", lambda cms: der.signer_info(cms).content.__setitem__(5, der.octets(b""))),
        ("tail", "a byte behind the value", lambda cms: der.signer_info(cms).content.__setitem__(5, der.octets(der.signer_info(cms)[5].content + b"\0")))]
    for name, about, edit in cases:
        yield Plan(f"signature-value-{name}", about, lambda e=edit: maker.checked(maker.cms(edit=e)), 1, "*signature", like=LIKE)


def encodings(maker):
    def body():
        return maker.cms().encode()
    cases = [
        ("tail", "a byte behind the signature", lambda: body() + b"\0"),
        ("cut", "the last byte is missing", lambda: body()[:-1]),
        ("long-length", "the outer length is written in three bytes where two are enough", lambda: b"\x30\x83\x00" + body()[2:]),
        ("indefinite", "an indefinite length (BER)", lambda: b"\x30\x80" + body()[4:] + b"\0\0"),
        ("pem", "PEM", lambda: trust_pki.pem_text("CMS", body()).encode()),
        ("text", "a text", lambda: b"signed by me\n"),
        ("zeros", "zeros", lambda: bytes(64)),
        ("set", "a SET in the place of the SEQUENCE", lambda: b"\x31" + body()[1:]),
        ("twice", "the signature twice", lambda: body() * 2),
        ("a-certificate", "a certificate in the place of a signature", lambda: maker.certificate("leaf").encode()),
        ("deep", "nesting of 200 levels", lambda: nested(200))]
    for name, about, make in cases:
        yield Plan(f"signature-encoding-{name}", about, lambda m=make: maker.checked(m()), 1, FORM, like=LIKE)
    yield Plan("signature-attributes-unsorted", "the signed attributes are not sorted, and signed so",
               lambda: maker.checked(maker.cms(sorted(maker.attributes(), key=Node.encode, reverse=True), sort=False)), 1, FORM, like=LIKE)
    yield Plan("signature-presented-as-content", "the signed attributes of a signature presented as the signed content",
               lambda: presented(maker), 1, FORM, like=LIKE)
    yield Plan("signature-of-another-release", "a right signature over another manifest", lambda: maker.checked(
        maker.cms(maker.attributes(maker.text.replace(b'"sequence":7', b'"sequence":8')))), 1, VALUE, like=LIKE)
    yield Plan("signature-by-another-key", "another key of the same authority made the value", lambda: maker.checked(
        maker.pki.cms(maker.world, {"by": "leaf", "signedBy": "other"}, maker.text)), 1, VALUE, like=LIKE)
    yield Plan("signature-of-a-stranger", "somebody else's right signature", lambda: maker.checked(
        maker.pki.cms(maker.world, {"by": "stranger"}, maker.text), maker.pki.key_name(maker.world, "stranger")), 1,
        "certificate.path", like=LIKE)


def nested(levels):
    data = b"\x05\x00"
    for _ in range(levels):
        data = Node(0x30, [der.parse(data)]).encode() if len(data) < 100 else b"\x30" + der.length(len(data)) + data
    return data


def presented(maker):
    """Whoever has a signature has one over the DER of its attributes, too (lesson 13)."""
    cms = maker.cms()
    attributes = der.signed_attributes(cms)
    der.signer_info(cms).content.remove(attributes)
    return maker.checked(cms, text=Node(0x31, attributes.content).encode())


def plans():
    maker = Maker()
    yield from good(maker)
    for cases in (attribute_faults(maker), certificate_faults(maker)):
        for name, about, attributes, check in cases:
            yield Plan(f"signature-{name}", about, lambda a=attributes: maker.checked(maker.cms(a)), 1, check, like=LIKE)
    for name, about, edit, check in unsigned_faults(maker):
        yield Plan(f"signature-unsigned-{name}", about, lambda e=edit: maker.checked(maker.cms(edit=e)), 1, check, like=LIKE)
    yield from values(maker)
    yield from encodings(maker)
