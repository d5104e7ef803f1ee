# SPDX-License-Identifier: Apache-2.0
"""What stands in a signature of others and nobody signed: it is refused, or counted and named; and countersignatures (PKCS#9)."""
import json
import struct
import unittest

import der
import harness
from der import Node
from foreign_case import PRODUCT, SUBJECT, VENDOR, tiny_pe
from harness import KEYS
from signature_case import Countersigned, algorithm, first_tree, signed_data, signer
from trust_pki import DIGESTS, attribute

CONTENT = b"firmware of a controller\n" * 40
GONE = "2026-06-01T00:00:00Z"


class SignatureBytes(Countersigned):
    def setUp(self):
        super().setUp()
        self.file = self.write("fw.bin", CONTENT)

    def cms(self, by="vendor", *more):
        out = self.folder / "made.p7s"
        self.tool("openssl", "cms", "-sign", "-binary", "-in", self.file, "-signer", self.cert(by), "-inkey", self.key(by),
                  "-outform", "DER", "-out", out, *more)
        return out.read_bytes()

    def with_change(self, change, code, says=(), by="vendor", trust=None, **more):
        """Judged with a signature whose tree `change` has changed."""
        tree = der.parse(self.cms(by))
        change(tree)
        path = self.write("changed.p7s", tree.encode())
        return self.judge(self.file, "--foreign-signature", path, trust=trust or self.policy(self.pin("cms")),
                          code=code, says=says, **more)

    def record(self, path, **more):
        """`what.foreign` of an accepted file."""
        self.judge(self.file if path.suffix == ".p7s" else path,
                   *(("--foreign-signature", path) if path.suffix == ".p7s" else ()), "--record", "r",
                   trust=more.pop("trust", None) or self.policy(self.pin("cms")), **more)
        return json.loads((self.folder / "r" / "RECORD.json").read_text("utf-8"))["what"]["foreign"]

    def coverage(self):
        """What the last record says of the bytes that are covered."""
        record = json.loads((self.folder / "r" / "RECORD.json").read_text("utf-8"))
        return [one["reason"] for one in record["result"]["checks"] if one["check"] == "foreign.coverage"]

    def test_the_tree_as_it_is(self):
        self.with_change(lambda tree: None, 0)
        self.assertNotIn("unhashed", self.record(self.write("same.p7s", self.cms()))["proof"])
        self.assertEqual(self.coverage(), ["every byte is hashed, or is the signature"])

    def test_digest_algorithms_are_exactly_that_of_the_signer(self):
        says = "lists other digest algorithms than that of its signer"

        def put(*nodes):
            return lambda tree: setattr(signed_data(tree)[1], "content", list(nodes))
        self.with_change(put(der.sequence(der.oid(DIGESTS["sha256"]))), 0)  # with NULL or without: the same
        self.with_change(put(algorithm("sha256"), algorithm("sha512")), 1, says)
        self.with_change(put(algorithm("sha256"), algorithm("sha256")), 1, says)
        self.with_change(put(algorithm("sha512")), 1, says)
        self.with_change(put(der.sequence(der.oid(DIGESTS["sha256"]), der.octets(b"a message"))), 1, says)
        self.with_change(put(), 1)

    def test_parameters_and_versions_have_no_room(self):
        def parameters(node):
            return lambda tree: signer(tree)[4].content.__setitem__(slice(1, None), [node] if node else [])
        self.with_change(parameters(None), 0)
        self.with_change(parameters(der.octets(b"a message")), 1, "parameters")

        def of_curve(tree):
            signer(tree)[4].content[:] = [der.oid("1.2.840.10045.2.1"), der.oid(self.curve)]
        for self.curve, code in (("1.2.840.10045.3.1.7", 0), ("1.3.132.0.34", 1)):
            self.with_change(of_curve, code, by="ended", at="2025-06-01T00:00:00Z")

        def number(where, content):
            return lambda tree: setattr(where(tree)[0], "content", content)
        for where in (signed_data, signer):
            self.with_change(number(where, b"\x01\x41\x41\x41"), 1, "version that no standard has")
            self.with_change(number(where, b"\x06"), 1, "version that no standard has")
            self.with_change(number(where, b"\x00"), 1, "version that no standard has")
            self.with_change(number(where, b"\x03"), 0)

    def test_revocation_lists_are_refused(self):
        crl = Node(0xa1, [der.sequence(der.octets(b"no list"))])
        self.with_change(lambda tree: signed_data(tree).content.insert(-1, crl), 1, "holds revocation lists, which nothing signs")

    def test_unsigned_attributes_are_counted_and_unknown_ones_warned_of(self):
        unknown = attribute("1.3.6.1.4.1.32473.7", der.octets(b"put here by somebody"))
        size = len(unknown.encode())
        result = self.with_change(lambda tree: signer(tree).content.append(Node(0xa1, [unknown])), 0,
                                  ["nobody signed these bytes, and nothing here reads them",
                                   f"unsigned attributes of kinds that are not read here: {size} bytes at byte"])
        self.assertIn("of the signature", result.out)
        tree = der.parse(self.cms())
        signer(tree).content.append(Node(0xa1, [unknown, unknown]))
        whole = tree.encode()
        gaps = self.record(self.write("two.p7s", whole))["proof"]["unhashed"]
        self.assertEqual([(gap["bytes"], gap["within"], gap["offset"]) for gap in gaps],
                         [(2 * size, "signature", whole.index(unknown.encode()))])
        # What is no attribute at all would hide whatever follows it.
        for node in (Node(0x04, b"bare"), der.sequence(der.oid("1.3.6.1.4.1.32473.7"), der.octets(b"no set"))):
            self.with_change(lambda tree, node=node: signer(tree).content.append(Node(0xa1, [node])), 1,
                             "has something else where")

    def test_certificates_that_no_path_needs_are_counted(self):
        other = der.parse(self.pki_der("other"))
        result = self.with_change(lambda tree: signed_data(tree)[3].content.append(other), 0,
                                  f"certificates in the signature that no path needs: {len(other.encode())} bytes")
        self.assertNotIn("nothing here reads them", result.out)
        none = der.sequence(der.octets(b"no certificate at all"))
        self.with_change(lambda tree: signed_data(tree)[3].content.append(none), 0,
                         [f"certificates in the signature that are not read here: {len(none.encode())} bytes", "nobody signed"])
        ca = der.parse(self.pki_der("ca"))
        self.with_change(lambda tree: signed_data(tree)[3].content.append(ca), 0, trust=self.policy(self.pin("cms"), intermediates=[]))
        # A pinned key vouches for no certificate around it.
        key = {"name": "key", "kind": "cms", "anchor": {"type": "key", "pem": self.pem("vendor")}}
        size = len(self.pki_der("vendor"))
        self.with_change(lambda tree: None, 0, f"certificates in the signature that no path needs: {size} bytes",
                         trust=self.policy(key))

    def test_countersignatures(self):
        """A certificate that ended counts where somebody trusted dated the signature: rightly, and with a digest that holds."""
        self.with_change(lambda tree: None, 1, "expired", by="ended", at=GONE)
        result = self.with_change(self.countersigned, 0, ["countersignature of Time", "unsigned attributes of the signature"],
                                  by="ended", at=GONE)
        self.assertNotIn("no path needs", result.out)  # the authority's certificate is on one

        def changed(**more):
            return lambda tree: self.countersigned(tree, **more)
        for digest in ("sha1",):
            for weak in (False, True):
                trust = self.policy(self.pin("cms", weakDigests=weak))
                self.with_change(changed(digest=digest), 1, "expired", by="ended", at=GONE, trust=trust)
        result = self.with_change(changed(digest="sha1"), 0, "a countersignature proves nothing: it is made with a weak digest, sha1")
        self.assertNotIn("SHA-1 in", result.out)  # nothing rests on it
        self.with_change(changed(imprint=b"another value"), 1, "expired", by="ended", at=GONE)
        self.with_change(changed(by="other"), 1, "expired", by="ended", at=GONE)

        def longer(tree):
            self.countersigned(tree)
            signer(tree)[6][0][1].content.append(der.octets(b"more"))
        self.with_change(longer, 1, "expired", by="ended", at=GONE)


class Programs(Countersigned):
    """The same inside of PE files."""

    def test_every_signer_is_named(self):
        """Whether he comes before or behind the one who counts."""
        trust = self.policy(self.pin("authenticode"))
        self.write("plain.exe", tiny_pe())
        for first, second in (("vendor", "other"), ("other", "vendor")):
            self.signed(f"one-{first}.exe", first)
            path = self.signed(f"two-{first}.exe", second, "-nest", source=f"one-{first}.exe")
            result = self.judge(path, "--record", f"r-{first}", trust=trust,
                                says=[f"authenticode-pe by {SUBJECT}", "also signed by CN=Other Publisher,O=Other"])
            self.assertNotIn(f"also signed by {SUBJECT}", result.out)
            record = json.loads((self.folder / f"r-{first}" / "RECORD.json").read_text("utf-8"))
            proof = record["what"]["foreign"]["proof"]
            self.assertEqual([one["subject"] for one in proof["otherSigners"]], ["CN=Other Publisher,O=Other"])
            self.assertEqual(proof["subject"], SUBJECT)
            shown = self.verify("record", "show", f"r-{first}/RECORD.json").out
            self.assertIn("also signed by", shown)

    def test_padding_of_an_entry_is_zero(self):
        """An entry whose length is no multiple of 8 is followed by padding, which nothing hashes."""
        self.write("plain.exe", tiny_pe())
        file = self.signed("one.exe", "vendor")
        data = bytearray(file.read_bytes())
        entry = struct.unpack_from("<I", data, 0x3c)[0] + 168
        table = struct.unpack_from("<I", data, entry)[0]
        body = b""
        trust = self.policy(self.pin("authenticode"))
        for number in range(1, 9):  # an attribute makes the length another one
            tree = first_tree(bytes(data[table + 8:]))
            signer(tree).content.append(Node(0xa1, [attribute("1.3.6.1.4.1.32473.7", der.octets(bytes(number)))]))
            body = tree.encode()
            if len(body) % 8:
                break
        for filler, code, says in ((b"\0", 0, "zero"), (b"A", 1, "padding of the certificate table")):
            changed = data[:table] + struct.pack("<IHH", 8 + len(body), 0x200, 2) + body + filler * (-len(body) % 8)
            struct.pack_into("<I", changed, entry + 4, len(changed) - table)
            with self.subTest(says):
                self.judge(self.write("padded.exe", bytes(changed)), trust=trust, code=code, says=says)

    def test_countersignature_of_a_program(self):
        """PKCS#9, as programs of before 2015 have it: through the certificate table."""
        self.write("plain.exe", tiny_pe())
        trust = self.policy(self.pin("authenticode"))
        file = self.signed("one.exe", "ended")
        self.judge(file, trust=trust, at=GONE, code=1, says="expired")
        self.judge(self.changed_signature(file, self.countersigned), trust=trust, at=GONE, says="countersignature of Time")
        self.judge(self.changed_signature(file, lambda tree: self.countersigned(tree, digest="sha1")), trust=trust, at=GONE,
                   code=1, says="expired")

    def told_in_the_archive(self, file):
        """Whoever adopts it sees on the screen what nobody signed, and the manifest keeps it."""
        done = self.sign("adopt", file, "--vendor", VENDOR, "--product", PRODUCT, "--release", "1", "--sequence", "1", "--source", "s",
                         "--medium", "m", "--key", KEYS / "owner.key.pem", "--cert", KEYS / "owner.cert.pem", "--allow-example-keys",
                         "--out", "told.tar", "--foreign-key", self.cert("vendor"))
        self.assertIn("nobody signed these bytes, and nothing here reads them", " ".join((done.out + done.err).split()))
        manifest = json.loads(harness.read_member(self.folder / "told.tar", "MANIFEST.json"))
        result, = manifest["adoption"]["foreignSignatures"]
        self.assertRegex(result["result"], "; nobody signed these [0-9]+ bytes: unsigned attributes of kinds that are not read here")

    def test_unsigned_attributes_of_a_program(self):
        self.write("plain.exe", tiny_pe())
        file = self.signed("one.exe", "vendor")
        trust = self.policy(self.pin("authenticode"))
        unknown = attribute("1.3.6.1.4.1.42921.1.2.1", der.octets(b"tag of an installer"))
        self.judge(self.changed_signature(file, lambda tree: signer(tree).content.append(Node(0xa1, [unknown]))), trust=trust,
                   says="unsigned attributes of kinds that are not read here")
        self.told_in_the_archive(self.changed_signature(file, lambda tree: signer(tree).content.append(Node(0xa1, [unknown]))))
        self.judge(self.changed_signature(file, lambda tree: signed_data(tree)[1].content.append(algorithm("sha512"))),
                   trust=trust, code=1, says="lists other digest algorithms")
        self.judge(self.changed_signature(file, lambda tree: None), trust=trust)


if __name__ == "__main__":
    unittest.main()
