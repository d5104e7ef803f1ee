# SPDX-License-Identifier: Apache-2.0
"""Signatures that other programs let pass, made by the test (docs/spec/signatures.md; lessons 3, 4, 7, 13, 14)."""
import pathlib

import der
from harness import (KEYS, ROOT_CERT, Case, canonical_archive, file_sha256, main, read_member, rebuild, sha256,
                     signature_member)

DATA = "1.2.840.113549.1.7.1"


class Forgeries(Case):
    def setUp(self):
        super().setUp()
        self.archive = self.small_release()
        found = signature_member(self.archive)
        self.name = found.name[11:27]
        self.text = read_member(self.archive, "MANIFEST.json")
        self.signature = read_member(self.archive, found.name)

    def forged(self, signature, **more):
        data = signature if isinstance(signature, bytes) else signature.encode()
        return rebuild(self.archive, self.folder / "forged.tar", signatures={self.name: data}, **more)

    def cms(self):
        return der.parse(self.signature)

    def openssl_accepts(self, signature, content, expected=True):
        (self.folder / "f.p7s").write_bytes(signature if isinstance(signature, bytes) else signature.encode())
        (self.folder / "f.content").write_bytes(content)
        result = self.run_program("openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", "f.p7s",
                                  "-content", "f.content", "-CAfile", ROOT_CERT, "-purpose", "any",
                                  "-out", "/dev/null")
        self.assertEqual(result.code == 0, expected, result)

    def test_the_reader_of_this_test_is_sound(self):
        self.assertEqual(self.cms().encode(), self.signature)
        self.openssl_accepts(self.cms(), self.text)
        self.check(self.forged(self.cms()))

    def test_lesson_13_no_signed_attributes(self):
        """A correct signature straight over the manifest, without attributes."""
        (self.folder / "m").write_bytes(self.text)
        self.run_program("openssl", "cms", "-sign", "-binary", "-noattr", "-outform", "DER", "-in", "m",
                         "-signer", KEYS / "release.cert.pem", "-inkey", KEYS / "release.key.pem",
                         "-out", "noattr.p7s", code=0)
        signature = (self.folder / "noattr.p7s").read_bytes()
        self.assertIsNone(der.signed_attributes(der.parse(signature)))
        self.openssl_accepts(signature, self.text)
        self.refused(self.forged(signature), says="signature.form")

    def test_lesson_13_attributes_presented_as_content(self):
        """Whoever has one signature can present the DER of its attributes as the signed content: the
        value then verifies over these bytes, and stock OpenSSL says so."""
        forged = self.cms()
        attributes = der.signed_attributes(forged)
        info = der.signer_info(forged)
        info.content.remove(attributes)
        content = der.Node(0x31, attributes.content).encode()
        self.openssl_accepts(forged, content)
        self.refused(self.forged(forged, manifest=content), says="signature.form")
        self.refused(self.forged(forged), says="signature.form")

    def test_lesson_3_nothing_signed(self):
        """No signature member, no signer info, an empty member: never a success."""
        self.refused(rebuild(self.archive, self.folder / "none.tar", signatures={}))
        empty = self.cms()
        der.signed_data(empty)[-1].content.clear()
        self.refused(self.forged(empty), says="signature.form")
        self.refused(self.forged(b""))
        only = canonical_archive([("MANIFEST.json", self.text)], 1791792000)
        (self.folder / "only.tar").write_bytes(only)
        self.refused(self.folder / "only.tar")

    def test_lesson_14_two_signer_infos(self):
        twice = self.cms()
        infos = der.signed_data(twice)[-1]
        infos.content.append(infos[0].copy())
        self.refused(self.forged(twice), says="signature.form")

    def test_lesson_4_unsigned_parts(self):
        """What no signature covers carries no meaning: every change to it is refused."""
        some_attribute = der.sequence(der.oid("1.2.840.113549.1.9.52"), der.set_of(der.octets(b"trust me")))

        def unsigned(cms):
            der.signer_info(cms).content.append(der.Node(0xA1, [some_attribute]))

        def no_certificate(cms):
            data = der.signed_data(cms)
            data.content = [child for child in data.content if child.tag != 0xA0]

        def another_certificate(cms):
            extra = self.folder / "extra.der"
            self.run_program("openssl", "x509", "-in", ROOT_CERT, "-outform", "DER", "-out", extra, code=0)
            found = next(child for child in der.signed_data(cms).content if child.tag == 0xA0)
            found.content.append(der.parse(extra.read_bytes()))
            found.content.sort(key=der.Node.encode)

        def attached_content(cms):
            der.signed_data(cms)[2].content.append(der.Node(0xA0, [der.octets(self.text)]))

        def crls(cms):
            der.signed_data(cms).content.insert(-1, der.Node(0xA1, [der.sequence()]))

        def version(cms):
            der.signed_data(cms)[0].content = b"\x03"

        def other_type(cms):
            der.signed_data(cms)[2].content[0] = der.oid("1.2.840.113549.1.7.2")

        def second_digest(cms):
            der.signed_data(cms)[1].content.append(der.sequence(der.oid("2.16.840.1.101.3.4.2.3")))

        def digest_with_null(cms):
            der.signed_data(cms)[1][0].content.append(der.Node(0x05, b""))

        for change in (unsigned, no_certificate, another_certificate, attached_content, crls, version,
                       other_type, second_digest, digest_with_null):
            with self.subTest(change.__name__):
                forged = self.cms()
                change(forged)
                self.refused(self.forged(forged), says="signature.")

    def test_signed_attributes_changed(self):
        """Any attribute removed, doubled, or reordered, with the old signature value."""
        count = len(der.signed_attributes(self.cms()))
        for index in range(count):
            for what in ("removed", "doubled", "first"):
                forged = self.cms()
                attributes = der.signed_attributes(forged)
                one = attributes[index]
                if what == "removed":
                    attributes.content.remove(one)
                elif what == "doubled":
                    attributes.content.insert(index, one.copy())
                else:
                    if index == 0:
                        continue
                    attributes.content.remove(one)
                    attributes.content.insert(0, one)
                with self.subTest(index=index, what=what):
                    self.refused(self.forged(forged), says="signature.")

    def test_not_der(self):
        """BER forms of the same signature: indefinite length, long lengths, trailing bytes."""
        body = self.signature
        size = int.from_bytes(body[2:4], "big")
        self.assertEqual(len(body), size + 4)
        for what, data in (("trailing byte", body + b"\0"),
                           ("long length", b"\x30\x83\x00" + body[2:4] + body[4:]),
                           ("indefinite length", b"\x30\x80" + body[4:] + b"\0\0"),
                           ("PEM", b"-----BEGIN CMS-----\n"), ("text", b"signed by me\n")):
            with self.subTest(what):
                self.refused(self.forged(data), says="signature.form")

    def test_lesson_7_a_namesake(self):
        """A root and a signer with the very names of the real ones, but other keys."""
        roots, archives = [], []
        for where in ("real", "false"):
            (self.folder / where).mkdir()
            prefix = self.own_keys("vendor", self.folder / where)
            roots.append(pathlib.Path(f"{prefix}-root.cert.pem"))
            archives.append(self.sign_with_openssl(self.text, prefix, f"{where}.tar"))
        names = [self.run_program("openssl", "x509", "-in", root, "-noout", "-subject", code=0).out
                 for root in roots]
        self.assertEqual(names[0], names[1])
        for archive, root in zip(archives, roots):
            self.check(archive, anchor=root, allow=False)
        self.refused(archives[1], anchor=roots[0], allow=False, says="certificate.path")
        self.refused(archives[0], anchor=roots[1], allow=False, says="certificate.path")

    def sign_with_openssl(self, text, prefix, target="signed.tar", *options):
        """An archive of our payload whose manifest bytes somebody else signed with stock openssl."""
        (self.folder / "m").write_bytes(text)
        self.run_program("openssl", "cms", "-sign", "-binary", "-cades", "-nosmimecap", "-outform", "DER",
                         "-in", "m", "-signer", f"{prefix}.cert.pem", "-inkey", f"{prefix}.key.pem", *options,
                         "-out", "s.p7s", code=0)
        self.run_program("openssl", "x509", "-in", f"{prefix}.cert.pem", "-noout", "-pubkey", "-out", "pub.pem",
                         code=0)
        self.run_program("openssl", "pkey", "-pubin", "-in", "pub.pem", "-outform", "DER", "-out", "pub.der",
                         code=0)
        name = file_sha256(self.folder / "pub.der")[:16]
        return rebuild(self.archive, self.folder / target, manifest=text,
                       signatures={name: (self.folder / "s.p7s").read_bytes()})

    def certificate(self, name, usage="codeSigning", key=("ec", "-pkeyopt", "ec_paramgen_curve:P-256"), days="100"):
        """A self-signed certificate and key, given as the anchor itself."""
        extra = ["-addext", f"extendedKeyUsage={usage}"] if usage else []
        self.run_program("openssl", "req", "-x509", "-newkey", *key, "-noenc", "-subj", f"/CN={name}",
                         "-days", days, "-addext", "keyUsage=critical,digitalSignature",
                         "-addext", "basicConstraints=critical,CA:FALSE", *extra,
                         "-keyout", f"{name}.key.pem", "-out", f"{name}.cert.pem", code=0)
        return pathlib.Path(self.folder, f"{name}.cert.pem")

    def test_certificates_that_may_not_sign(self):
        pinned = self.certificate("good")
        self.check(self.sign_with_openssl(self.text, "good"), anchor=pinned, allow=False)
        for name, usage, key, says in (
                ("mail", "emailProtection", ("ec", "-pkeyopt", "ec_paramgen_curve:P-256"), "certificate.usage"),
                ("server", "serverAuth", ("ec", "-pkeyopt", "ec_paramgen_curve:P-256"), "certificate.usage"),
                ("weak-rsa", "codeSigning", ("rsa:2048",), "algorithm"),
        ):
            with self.subTest(name):
                anchor = self.certificate(name, usage, key)
                self.refused(self.sign_with_openssl(self.text, name), anchor=anchor, allow=False, says=says)

    def test_an_anchor_on_an_odd_curve_is_no_anchor(self):
        anchor = self.certificate("odd", key=("ec", "-pkeyopt", "ec_paramgen_curve:secp256k1"))
        result = self.check(self.sign_with_openssl(self.text, "odd"), anchor=anchor, allow=False, code=2)
        self.assertIn("P-256", result.err)

    def test_weak_digest(self):
        anchor = self.certificate("good")
        self.refused(self.sign_with_openssl(self.text, "good", "sha1.tar", "-md", "sha1"), anchor=anchor,
                     allow=False, says="signature.")

    def test_signatures_of_stock_openssl_are_in_form(self):
        for name, key, options in (
                ("p256", ("ec", "-pkeyopt", "ec_paramgen_curve:P-256"), []),
                ("p384", ("ec", "-pkeyopt", "ec_paramgen_curve:P-384"), ["-md", "sha384"]),
                ("p521", ("ec", "-pkeyopt", "ec_paramgen_curve:P-521"), ["-md", "sha512"]),
                ("rsa", ("rsa:3072",), []),
        ):
            with self.subTest(name):
                anchor = self.certificate(name, key=key)
                archive = self.sign_with_openssl(self.text, name, f"{name}.tar", *options)
                self.check(archive, anchor=anchor, allow=False)

    def test_another_manifest_with_a_good_signature(self):
        """A signature that is right over other bytes than these."""
        other = self.text.replace(b'"sequence": 1', b'"sequence": 2')
        self.assertNotEqual(other, self.text)
        self.refused(self.forged(self.signature, manifest=other), says="signature.value")

    def test_the_name_of_a_signature(self):
        """The member must lie under the name of its key, and no key signs twice."""
        for name in ("0" * 16, self.name[:-1] + ("0" if self.name[-1] != "0" else "1"), self.name.upper()):
            if name == self.name:
                continue
            with self.subTest(name):
                self.refused(rebuild(self.archive, self.folder / "named.tar", signatures={name: self.signature}))
        self.assertEqual(len(sha256(self.signature)), 64)


if __name__ == "__main__":
    main()
