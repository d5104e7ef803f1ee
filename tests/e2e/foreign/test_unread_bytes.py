# SPDX-License-Identifier: Apache-2.0
"""Unsigned attributes of kinds that are read, and are not read: too many, broken, by strangers, nested where nobody looks."""
import re
import unittest

import der
from der import Node
from foreign_case import SIGNED, SUBJECT, tiny_pe
from signature_case import COUNTERSIGNATURE, Countersigned, signed_data, signer
from trust_pki import attribute

TOKEN, NESTED, UNKNOWN = "1.2.840.113549.1.9.16.2.14", "1.3.6.1.4.1.311.2.4.1", "1.3.6.1.4.1.32473.7"
UNREAD = "timestamps, countersignatures and nested signatures that are not read here, or are larger than tools make them"
TOLD = "nobody signed these bytes, and nothing here reads them"
BEFORE_STAMP = "2025-06-01T00:00:00Z"


def attributes(*nodes):
    """Puts unsigned attributes behind those that are there."""
    def change(tree):
        if signer(tree)[-1].tag == 0xa1:
            signer(tree)[-1].content.extend(nodes)
        else:
            signer(tree).content.append(Node(0xa1, list(nodes)))
    return change


class UnreadBytes(Countersigned):
    def setUp(self):
        super().setUp()
        self.write("plain.exe", tiny_pe())
        self.trust = self.policy(self.pin("authenticode"))

    def with_change(self, file, change, code=0, says=(), **more):
        more.setdefault("trust", self.trust)
        return self.judge(self.changed_signature(file, change), code=code, says=says, **more)

    def nested(self, first, second, *more):
        self.signed("one.exe", first)
        return self.signed("two.exe", second, "-nest", *more, source="one.exe")

    def test_attributes_without_values_and_too_many(self):
        file = self.signed("one.exe", "vendor")
        for kind in (NESTED, TOKEN, UNKNOWN):
            empty = der.sequence(der.oid(kind), Node(0x31, []))
            self.with_change(file, attributes(empty), 1, "has an unsigned attribute without a value")
        one = attribute(UNKNOWN, der.octets(b"x"))
        self.with_change(file, attributes(*[one] * 64), 0, TOLD)
        self.with_change(file, attributes(*[one] * 65), 1, "has too many unsigned attributes")

    def test_timestamps_that_are_not_read(self):
        file = self.signed("one.exe", "vendor")
        junk = der.sequence(der.octets(b"no timestamp at all"))
        size = len(junk.encode())
        for kind in (TOKEN, COUNTERSIGNATURE):
            self.with_change(file, attributes(attribute(kind, junk)), 0, [TOLD, f"{UNREAD}: {size} bytes"])
        stamped = self.signed("stamped.exe", "vendor", "-TSA-certs", self.cert("tsa"), "-TSA-key", self.key("tsa"), "-TSA-time", SIGNED)

        def again(tree, count):
            have = signer(tree)[-1]
            have.content.extend([have[0]] * count)
        self.assertNotIn(TOLD, self.with_change(stamped, lambda tree: again(tree, 3)).out)
        self.with_change(stamped, lambda tree: again(tree, 4), 0, [TOLD, UNREAD])

        def inside(tree):
            token = signer(tree)[-1][0][1][0]
            signer(token).content.append(Node(0xa1, [attribute(UNKNOWN, junk)]))
        self.with_change(stamped, inside, 0, [TOLD, UNREAD])

    def test_a_time_from_after_now(self):
        """Counts where somebody trusted says so; a stranger's is told, and hides nothing."""
        stamped = self.signed("stamped.exe", "vendor", "-TSA-certs", self.cert("tsa"), "-TSA-key", self.key("tsa"), "-TSA-time", SIGNED)
        self.judge(stamped, trust=self.trust, at=BEFORE_STAMP, code=1, says=["from after the time of this run", "check the clock"])
        nobody = self.policy(self.pin("authenticode"), timestampAuthorities=[])
        result = self.judge(stamped, trust=nobody, at=BEFORE_STAMP, says="is not trusted")
        self.assertNotIn("check the clock", result.out)
        # Of a second signature, which is of no pin and whose time refuses it, the bytes are named.
        self.signed("one.exe", "vendor")
        both = self.signed("two.exe", "other", "-nest", "-TSA-certs", self.cert("tsa"), "-TSA-key", self.key("tsa"), "-TSA-time", SIGNED,
                           source="one.exe")

        def unknown(tree):
            attributes(attribute(UNKNOWN, der.octets(b"payload")))(signer(tree)[-1][0][1][0])
        self.with_change(both, unknown, 0, [TOLD, "unsigned attributes of kinds that are not read here"], at=BEFORE_STAMP,
                         trust=self.policy(self.pin("authenticode")))

    def test_bytes_in_nested_signatures(self):
        both = self.nested("vendor", "other")

        def inner(tree):
            return next(one for one in signer(tree)[-1].content if one[0].encode() == der.oid(NESTED).encode())[1][0]
        self.assertNotIn(TOLD, self.with_change(both, lambda tree: None).out)
        unknown = attribute(UNKNOWN, der.octets(b"payload"))
        size = len(unknown.encode())
        whole = []

        def unknown_inside(tree):
            attributes(unknown)(inner(tree))
            whole.append(sum(len(one.encode()) for one in signer(tree)[-1].content))
        result = self.with_change(both, unknown_inside, 0, [TOLD, f"unsigned attributes of kinds that are not read here: {size} bytes"],
                                  trust=self.policy(self.pin("authenticode")))
        # What is told of a nested signature is no second time among the attributes that it lies in.
        read = re.search(r"unsigned attributes of the signature \(timestamps, countersignatures, nested signatures\): (\d+) bytes",
                         " ".join(result.out.split()))
        self.assertEqual(int(read[1]) + size, whole[0])
        none = der.sequence(der.octets(b"no certificate"))
        self.with_change(both, lambda tree: signed_data(inner(tree))[3].content.append(none), 0,
                         [TOLD, "certificates in the signature that are not read here"], trust=self.policy(self.pin("authenticode")))
        deeper = attribute(NESTED, der.sequence(der.octets(b"nested in what is nested")))
        self.with_change(both, lambda tree: attributes(deeper)(inner(tree)), 0, [TOLD, UNREAD], trust=self.policy(self.pin("authenticode")))

    def test_the_stronger_of_two_of_one_publisher(self):
        self.signed("weak.exe", "vendor", "-h", "sha1")
        self.judge(self.folder / "weak.exe", trust=self.trust, code=1, says="SHA-1 in")
        both = self.signed("two.exe", "vendor", "-nest", source="weak.exe")
        result = self.judge(both, trust=self.policy(self.pin("authenticode")), says=[f"authenticode-pe by {SUBJECT}", f"also signed by {SUBJECT}"])
        self.assertNotIn("SHA-1", result.out)
        # A stranger's stronger one changes nothing.
        other = self.signed("three.exe", "other", "-nest", source="weak.exe")
        self.judge(other, trust=self.policy(self.pin("authenticode")), code=1, says="SHA-1 in")


if __name__ == "__main__":
    unittest.main()
