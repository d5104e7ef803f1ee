# SPDX-License-Identifier: Apache-2.0
"""Timestamp tokens (RFC 3161) of a signature, each deviation signed anew by the authority; the policy requires one."""
import hashlib
import json

import der
import trust_pki
from der import Node
from store import File, Plan
from trust_pki import attribute, integer
from world import ANCHORED, Release, Tool

STAMP, LIKE = "signature.timestamp", "timestamp-good"
ORDERING, TSA = 0x01, 0xA0
SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12"


class Maker:
    def __init__(self):
        self.release = Release(Tool())
        self.pki, self.world = self.release.pki, self.release.world
        self.payload = self.release.payload()
        self.text = self.release.text(self.release.manifest(self.payload))
        self.signature = der.parse(next(iter(self.release.sign(self.text).values())))
        self.value = der.signer_info(self.signature)[5].content
        self.clock = "tsa"

    def policy(self):
        return json.dumps({"cretula": "trust/1", "name": "Plant", "version": 1, "issued": "2020-01-01T00:00:00Z", "timestamp": "require",
                           "timestampAuthorities": [{"name": "Clock", "pem": self.release.anchor("tsa-root").decode()}],
                           "scopes": [{"vendor": "Werke AG", "products": ["RTU-9"],
                                       "signers": [{"name": "Works", "anchor": {"type": "ca", "pem": self.release.anchor().decode()}}],
                                       "roles": [{"role": "release", "signers": ["Works"], "threshold": 1}]}]}).encode()

    def info(self, digest="sha256", value=None, time=b"20261020080000Z", **change):
        """A TSTInfo's parts; a changed one has another value, or is left out where that is None."""
        imprint = hashlib.new(digest, self.value if value is None else value).digest()
        parts = {"version": integer(1), "policy": der.oid("1.3.6.1.4.1.32473.1"),
                 "imprint": der.sequence(der.sequence(der.oid(trust_pki.DIGESTS[digest])), der.octets(imprint)),
                 "serial": integer(4711), "time": None if time is None else Node(0x18, time), "more": []}
        parts.update(change)
        more = parts.pop("more")
        return [one for one in parts.values() if one is not None] + more

    def attributes(self, content, digest="sha256"):
        return [attribute(trust_pki.CONTENT_TYPE, der.oid(trust_pki.TST_INFO)),
                attribute(trust_pki.MESSAGE_DIGEST, der.octets(hashlib.new(digest, content).digest())),
                self.pki._certificate_list(self.world, {"by": self.clock})]

    def token(self, info=None, attributes=lambda these: these, edit=None, digest="sha256", content=None):
        content = der.sequence(*(self.info() if info is None else info)).encode() if content is None else content
        signed = self.pki._signer_info(self.world, {"by": self.clock}, attributes(self.attributes(content, digest)), digest)
        encapsulated = der.sequence(der.oid(trust_pki.TST_INFO), Node(0xA0, [der.octets(content)]))
        token = self.pki._signed_data(self.world, {"by": self.clock}, 3, encapsulated, signed, digest)
        if edit:
            edit(token)
        return token

    def checked(self, *tokens, edit=None):
        signature = self.signature.copy()
        unsigned = Node(0xA1, [attribute(trust_pki.TIMESTAMP_TOKEN, one) for one in tokens])
        der.signer_info(signature).content.append(unsigned)
        if edit:
            edit(unsigned)
        archive = self.release.archive(self.text, self.payload, {self.pki.key_name(self.world, "leaf"): signature.encode()})
        return [File("tar", archive), "--trust", File("trust.json", self.policy()), *ANCHORED]


def good(maker):
    yield Plan(LIKE, "a token over the signature value, by an authority of the policy", lambda: maker.checked(maker.token()))
    seconds = der.sequence(Node(0x02, b"\x01"))
    for name, about, more in (
            ("accuracy", "with an accuracy of a second", [seconds]), ("ordering", "that says ordering", [Node(ORDERING, b"\xff")]),
            ("nonce", "with a nonce", [integer(99)]), ("all", "with accuracy, ordering and nonce", [seconds, Node(ORDERING, b"\xff"), integer(99)])):
        yield Plan(f"timestamp-with-{name}", f"a token {about}", lambda m=more: maker.checked(maker.token(maker.info(more=m))), like=LIKE)
    for name, text in (("tenth", b"20261020080000.5Z"), ("nine-digits", b"20261020080000.123456789Z")):
        yield Plan(f"timestamp-fraction-{name}", "a fraction of a second", lambda t=text: maker.checked(maker.token(maker.info(time=t))), like=LIKE)
    yield Plan("timestamp-accuracy-millis-0", "an accuracy of 0 milliseconds, which RFC 3161 does not have", lambda: maker.checked(
        maker.token(maker.info(more=[der.sequence(Node(0x80, b"\0"))]))), like=LIKE)
    yield Plan("timestamp-imprint-sha512", "an imprint by SHA-512", lambda: maker.checked(maker.token(maker.info("sha512"))), like=LIKE)
    yield Plan("timestamp-sha384", "signed with SHA-384", lambda: maker.checked(maker.token(digest="sha384")), like=LIKE)


def contents(maker):
    """TSTInfos that the authority signed as they are."""
    info = maker.info

    def accuracy(*parts):
        return info(more=[der.sequence(*parts)])
    imprint = info()[2]
    yield "version-2", "version 2", info(version=integer(2))
    yield "no-policy", "no policy", info(policy=None)
    yield "imprint-other", "the imprint of other bytes", info(value=b"other")
    yield "imprint-of-the-manifest", "the imprint of the manifest, not of the signature value", info(value=maker.text)
    yield "imprint-sha1", "an imprint by SHA-1", info("sha1")
    yield "imprint-sha224", "an imprint by SHA-224", info("sha224")
    yield "imprint-short", "an imprint that lacks a byte", info(imprint=der.sequence(imprint[0].copy(), der.octets(imprint[1].content[:-1])))
    yield "imprint-longer", "an imprint with a byte more", info(imprint=der.sequence(imprint[0].copy(), der.octets(imprint[1].content + b"\0")))
    yield "imprint-empty", "an empty imprint", info(imprint=der.sequence(imprint[0].copy(), der.octets(b"")))
    yield "serial-negative", "a negative serial number", info(serial=Node(0x02, b"\x80"))
    yield "serial-168-bits", "a serial number of 168 bits", info(serial=Node(0x02, b"\x01" + b"\0" * 20))
    yield "serial-none", "no serial number", info(serial=None)
    for name, text in (("no-seconds", b"202610200800Z"), ("local", b"20261020080000"), ("zone", b"20261020080000+0000"),
                       ("month-13", b"20261320080000Z"), ("february-30", b"20260230080000Z"), ("hour-24", b"20261020240000Z"),
                       ("second-60", b"20261020080060Z"), ("fraction-zero-at-the-end", b"20261020080000.50Z"),
                       ("fraction-empty", b"20261020080000.Z"), ("fraction-comma", b"20261020080000,5Z"),
                       ("fraction-ten-digits", b"20261020080000.1234567891Z"), ("empty", b""), ("future", b"20270301000001Z"),
                       ("far-future", b"99991231235959Z")):
        yield f"time-{name}", f"the time is {text.decode() or 'empty'}", info(time=text)
    yield "time-utc", "the time as UTCTime", info(time=None, more=[Node(0x17, b"261020080000Z")])
    yield "time-none", "no time", info(time=None)
    yield "accuracy-over-an-hour", "an accuracy of more than an hour", accuracy(Node(0x02, (3601).to_bytes(2, "big")))
    yield "accuracy-negative", "a negative accuracy", accuracy(Node(0x02, b"\xff"))
    yield "accuracy-millis-1000", "1000 milliseconds", accuracy(Node(0x80, (1000).to_bytes(2, "big")))
    yield "accuracy-disordered", "microseconds before milliseconds", accuracy(Node(0x81, b"\x05"), Node(0x80, b"\x05"))
    yield "ordering-false", "ordering FALSE written out (not DER)", info(more=[Node(ORDERING, b"\0")])
    yield "ordering-one", "ordering TRUE written as 01 (not DER)", info(more=[Node(ORDERING, b"\x01")])
    yield "nonce-twice", "two nonces", info(more=[integer(1), integer(2)])
    yield "tsa-other", "another name of the authority", info(more=[Node(TSA, [Node(0xA4, [der.sequence()])])])
    yield "tsa-dns", "a DNS name of the authority", info(more=[Node(TSA, [Node(0x82, b"clock.example")])])
    extension = der.sequence(der.sequence(der.oid("1.3.6.1.4.1.32473.9"), Node(0x01, b"\xff"), der.octets(b"\x05\x00")))
    yield "extension-critical", "a critical extension", info(more=[Node(0xA1, extension.content)])
    yield "unknown-part", "a part that nobody knows", info(more=[Node(0x85, b"x")])


def attribute_faults():
    yield "content-type-data", "the content type says data", lambda these: [attribute(trust_pki.CONTENT_TYPE, der.oid(trust_pki.DATA)), *these[1:]]
    for number, name in enumerate(("content-type", "message-digest", "certificates")):
        yield f"without-{name}", f"signed without {name}", lambda these, n=number: [one for at, one in enumerate(these) if at != n]
        yield f"{name}-twice", f"{name} twice", lambda these, n=number: [*these, these[n].copy()]
    yield "digest-other", "the message digest of other bytes", lambda these: [
        these[0], attribute(trust_pki.MESSAGE_DIGEST, der.octets(hashlib.sha256(b"x").digest())), these[2]]
    yield "unknown-attribute", "an attribute that nobody knows", lambda these: [*these, attribute("1.3.6.1.4.1.32473.7", der.octets(b"x"))]
    yield "old-certificates-of-another", "only signingCertificate, by SHA-1, and of another certificate", lambda these: [*these[:2], attribute(
        SIGNING_CERTIFICATE, der.sequence(der.sequence(der.sequence(der.octets(b"\0" * 20)))))]


def unsigned_faults(maker):
    def data(token):
        return der.signed_data(token)

    def info(token):
        return der.signer_info(token)

    def embedded(token):
        return next(one for one in data(token).content if one.tag == 0xA0)

    def flip(token):
        info(token)[5].content = info(token)[5].content[:-1] + bytes([info(token)[5].content[-1] ^ 1])
    other = der.parse(trust_pki.pem_bytes(maker.pki.certificate(maker.world, "leaf")))
    yield "version-1", "SignedData says version 1", lambda token: setattr(data(token)[0], "content", b"\x01")
    yield "info-version-3", "the signer info says version 3", lambda token: setattr(info(token)[0], "content", b"\x03")
    yield "content-type", "the content is called data", lambda token: data(token)[2].content.__setitem__(0, der.oid(trust_pki.DATA))
    yield "no-content", "the content is missing", lambda token: data(token)[2].content.pop()
    yield "other-content", "other content than was signed", lambda token: data(token)[2].content.__setitem__(
        1, Node(0xA0, [der.octets(der.sequence(*maker.info(serial=integer(4712))).encode())]))
    yield "two-digests", "two digest algorithms", lambda token: data(token)[1].content.append(der.sequence(der.oid(trust_pki.DIGESTS["sha384"])))
    yield "no-certificates", "no certificate", lambda token: data(token).content.pop(3)
    yield "certificate-more", "a certificate more", lambda token: (embedded(token).content.append(other.copy()), embedded(token).content.sort(key=Node.encode))
    yield "certificate-other", "another certificate", lambda token: embedded(token).content.__setitem__(0, other.copy())
    yield "crls", "a list of revocation lists", lambda token: data(token).content.insert(4, Node(0xA1, [der.sequence()]))
    yield "no-signer", "no signer info", lambda token: data(token)[-1].content.clear()
    yield "two-signers", "the signer info twice", lambda token: data(token)[-1].content.append(info(token).copy())
    yield "unsigned-attribute", "an unsigned attribute", lambda token: info(token).content.append(Node(0xA1, [attribute("1.3.6.1.4.1.32473.7", der.octets(b"x"))]))
    yield "sid-serial", "the authority is named by another serial number", lambda token: info(token)[1].content.__setitem__(1, integer(1))
    yield "value-flipped", "a bit of the authority's signature", flip


def plans():
    maker = Maker()
    yield from good(maker)
    for name, about, info in contents(maker):
        yield Plan(f"timestamp-{name}", f"in the token: {about}", lambda i=info: maker.checked(maker.token(i)), 1, STAMP, like=LIKE)
    for name, about, change in attribute_faults():
        yield Plan(f"timestamp-attribute-{name}", f"of the token: {about}", lambda c=change: maker.checked(maker.token(attributes=c)), 1,
                   STAMP, like=LIKE)
    for name, about, edit in unsigned_faults(maker):
        yield Plan(f"timestamp-unsigned-{name}", f"of the token, unsigned: {about}", lambda e=edit: maker.checked(maker.token(edit=e)), 1,
                   STAMP, like=LIKE)
    yield Plan("timestamp-twice", "two tokens", lambda: maker.checked(maker.token(), maker.token()), 1, "*signature", like=LIKE)
    yield Plan("timestamp-two-values", "one attribute with two tokens", lambda: maker.checked(
        maker.token(), edit=lambda unsigned: unsigned[0][1].content.append(maker.token())), 1, "*signature", like=LIKE)
    yield Plan("timestamp-no-value", "the attribute without a token", lambda: maker.checked(
        maker.token(), edit=lambda unsigned: unsigned[0][1].content.clear()), 1, "*signature", like=LIKE)
    yield Plan("timestamp-tail", "two bytes behind the TSTInfo", lambda: maker.checked(
        maker.token(content=der.sequence(*maker.info()).encode() + b"\x05\x00")), 1, STAMP, like=LIKE)
    yield Plan("timestamp-not-tst", "a text in the place of the TSTInfo", lambda: maker.checked(maker.token(content=b"noon")), 1, STAMP, like=LIKE)
