# SPDX-License-Identifier: Apache-2.0
"""Lists of hashes that openssl signed, and detached CMS signatures beside a file: of the family updates."""
import hashlib
import zlib

import der
import trust_pki
from der import Node
from store import File, Folder, Plan
from update_files import FIRMWARE, flipped
from vendors import AT, Vendors, signed_data, signer

PIN, VALUE, FORM, STRENGTH = (f"foreign.{name}" for name in ("pin", "value", "form", "strength"))
TIME = "certificate.validity"
NAME = "fw 1.bin"


def digest(data=FIRMWARE, algorithm="sha256"):
    return hashlib.new(algorithm, data).hexdigest()


def good_lists():
    """Name, words, and a list of each form that tools write."""
    good, pairs = digest(), " ".join(digest()[at:at + 2] for at in range(0, 64, 2))
    table = f"Algorithm       Hash                 Path\r\n---------       ----                 ----\r\nSHA256          {good.upper()}       C:\\in\\{NAME}\r\n"
    yield "gnu", "as sha256sum writes it", f"{good}  {NAME}\n"
    yield "gnu-binary", "as sha256sum writes it in binary mode, with a folder", f"{good} *./in/{NAME}\n"
    yield "bsd", "as sha256sum --tag writes it", f"SHA256 ({NAME}) = {good}\n"
    yield "openssl", "as openssl dgst writes it", f"SHA2-256({NAME})= {good}\n"
    yield "powershell", "as Get-FileHash shows it, in UTF-16", b"\xff\xfe" + table.encode("utf-16-le")
    yield "certutil", "as certutil writes it", f"SHA256 hash of {NAME}:\r\n{good}\r\nCertUtil: -hashfile command completed successfully.\r\n"
    yield "certutil-pairs", "as older certutil writes it, in pairs", f"SHA256 hash of file {NAME}:\r\n{pairs}\r\n"
    yield "alone", "a digest alone", good
    yield "alone-colons", "a digest alone, in capital pairs with colons", pairs.upper().replace(" ", ":")
    yield "sha512", "SHA-512, among other files", f"{digest(b'x', 'sha512')}  other.bin\n{digest(algorithm='sha512')}  {NAME}\n"
    yield "several", "two digests of one file, both right", f"{digest(algorithm='md5')}  {NAME}\n{good}  {NAME}\n"


def bad_lists():
    """Name, words, the check that refuses, and the list."""
    good, wrong = digest(), digest(b"x")
    yield "other-digest", "the digest of another file", VALUE, f"{wrong}  {NAME}\n"
    yield "absent", "the file is not in the list", VALUE, f"{good}  other.bin\n{wrong}  more.bin\n"
    yield "letter-case", "the name in other letters", VALUE, f"{good}  FW 1.bin\n{wrong}  more.bin\n"
    yield "two-digests", "two digests of one kind for one name", VALUE, f"{good}  {NAME}\n{wrong}  {NAME}\n"
    yield "second-wrong", "SHA-256 is right, MD5 is another file's", VALUE, f"{good}  {NAME}\n{digest(b'x', 'md5')}  {NAME}\n"
    yield "certutil-other", "certutil's form, of another name", VALUE, f"SHA256 hash of other.bin:\r\n{good}\r\n"
    yield "named-otherwise", "a line that is not understood names another file, a digest follows", VALUE, f"SHA256-Hash von other.bin:\n{good}\n"
    yield "digest-short", "a digest that lacks a digit", VALUE, f"{wrong}  other.bin\n{good[:-1]}  {NAME}\n"
    yield "md5", "MD5 alone", STRENGTH, f"{digest(algorithm='md5')}  {NAME}\n"
    yield "sha1", "SHA-1 alone", STRENGTH, f"{digest(algorithm='sha1')}  {NAME}\n"
    yield "crc", "CRC-32 alone", VALUE, f"{zlib.crc32(FIRMWARE):08x}  {NAME}\n"


def beside(how, **files):
    """The file by its name, and what lies beside it, in the order of the signatures."""
    def make():
        named = {NAME: FIRMWARE, **files}
        options = [one for name in files if name != NAME for one in ("--foreign-signature", {"sibling": name})]
        return [Folder(named, NAME), *AT, *options, *how]
    return make


def list_plans(folder):
    vendors = Vendors(folder)
    pinned = vendors.pinned("cms")

    def listed(text, by="vendor", how=pinned, signature=None, **more):
        data = text if isinstance(text, bytes) else text.encode()
        signed = vendors.cms(data, by) if signature is None else signature
        return beside(how, **{"SUMS": data, **({"SUMS.p7s": signed} if signed else {}), **more})
    for name, about, text in good_lists():
        yield Plan(f"hashes-good-{name}", f"a list that the pinned publisher signed, {about}", listed(text))
    good = {"text": f"{digest()}  {NAME}\n"}
    old = vendors.cms(good["text"].encode(), "ended")
    yield Plan("hashes-good-timestamp", "the certificate of the list's signer has ended; a timestamp says that it was signed before", listed(
        **good, signature=vendors.stamped(old)), like="hashes-good-gnu")
    yield Plan("hashes-timestamp-stranger", "the timestamp is by an authority that the policy does not name", listed(
        **good, signature=vendors.stamped(old, by="clock")), 1, TIME, like="hashes-good-timestamp")
    yield Plan("hashes-signature-sha1", "the signature of the list is over SHA-1", listed(
        **good, signature=vendors.cms(good["text"].encode(), "vendor", "-md", "sha1")), 1, STRENGTH, like="hashes-good-gnu")
    like = "hashes-good-gnu"
    for name, about, check, text in bad_lists():
        yield Plan(f"hashes-{name}", about, listed(text), 1, check, like=like)
    for name, about, check, more in (
            ("unsigned", "nobody signed the list", PIN, {"signature": b""}),
            ("none", "what lies beside the file is a text, and no list", FORM, {"text": f"see {NAME}\n", "signature": b""}),
            ("other-vendor", "another publisher of the same root signed the list", PIN, {"by": "other"}),
            ("other-key", "another certificate is pinned", PIN, {"how": vendors.only("other")}),
            ("of-the-file", "the signature is over the file, and not over the list", VALUE, {"signature": vendors.cms(FIRMWARE)}),
            ("changed", "a line was added after the list was signed", VALUE, {"signature": vendors.cms(good["text"][:-1].encode())}),
            ("file-flipped", "one bit of the file", VALUE, {NAME: flipped(FIRMWARE, 7)}),
            ("file-longer", "the file has a byte more", VALUE, {NAME: FIRMWARE + b"\0"}),
            ("expired", "the certificate of the list's signer has ended", TIME, {"by": "ended"}),
            ("signature-tail", "a byte behind the list's signature", FORM, {"signature": vendors.cms(good["text"].encode()) + b"\0"})):
        yield Plan(f"hashes-{name}", about, listed(**{**good, **more}), 1, check, like=like)


def detached_plans(folder):
    vendors = Vendors(folder)
    pinned, good = vendors.pinned("cms"), vendors.cms(FIRMWARE)

    def asked(signature, how=pinned, data=FIRMWARE):
        return lambda: [File("bin", data), *AT, "--foreign-signature", File("p7s", signature), *how]

    def changed(change):
        tree = der.parse(good)
        change(tree)
        return tree.encode()
    old = vendors.cms(FIRMWARE, "ended")
    yield Plan("cms-good", "a detached signature by the publisher who is pinned by name below a public root", asked(good))
    for name, about, signature, how in (
            ("pem", "in PEM", vendors.cms(FIRMWARE, form="PEM"), pinned), ("key", "by the certificate that is pinned", good, vendors.only("vendor")),
            ("sha512", "over SHA-512", vendors.cms(FIRMWARE, "vendor", "-md", "sha512"), pinned),
            ("timestamp", "the certificate has ended; a timestamp says that it was signed before", vendors.stamped(old), pinned)):
        yield Plan(f"cms-good-{name}", about, asked(signature, how), like="cms-good")
    value = signer(der.parse(good))[5].content
    for name, about, check, signature in (
            ("other-vendor", "another publisher of the same root", PIN, vendors.cms(FIRMWARE, "other")),
            ("value", "one bit of the signature's value", VALUE, good.replace(value, flipped(value, len(value) - 1))),
            ("tail", "a byte behind the signature", FORM, good + b"\0"),
            ("attached", "a copy of the content is in the signature", FORM, vendors.cms(FIRMWARE, "vendor", "-nodetach")),
            ("no-attributes", "nothing but the content is signed", FORM, vendors.cms(FIRMWARE, "vendor", "-noattr")),
            ("content-type", "signed as another structure", FORM, vendors.cms(FIRMWARE, "vendor", "-econtent_type", "1.3.6.1.4.1.311.2.1.4")),
            ("no-digest", "signed without messageDigest", FORM, no_digest(vendors, good)),
            ("two-signers", "two SignerInfos", FORM, changed(lambda tree: signed_data(tree)[-1].content.append(signer(tree).copy()))),
            ("revocation", "holds revocation lists", FORM, changed(lambda tree: signed_data(tree).content.insert(-1, Node(0xA1, [der.sequence()])))),
            ("sha1", "over SHA-1", STRENGTH, vendors.cms(FIRMWARE, "vendor", "-md", "sha1")),
            ("expired", "the certificate has ended, and no timestamp says when it was signed", TIME, old)):
        yield Plan(f"cms-{name}", about, asked(signature), 1, check, like="cms-good")
    for name, about, check, how, data in (
            ("other-key", "another certificate is pinned", PIN, vendors.only("other"), FIRMWARE),
            ("file-flipped", "one bit of the file", VALUE, pinned, flipped(FIRMWARE, 7)),
            ("file-longer", "the file has a byte more", VALUE, pinned, FIRMWARE + b"\n")):
        yield Plan(f"cms-{name}", about, asked(good, how, data), 1, check, like="cms-good")
    for name, about, stamp in (("stranger", "the timestamp is by an authority that the policy does not name", {"by": "clock"}),
                               ("of-another", "the timestamp is over another signature", {"over": "another"})):
        yield Plan(f"cms-timestamp-{name}", about, asked(vendors.stamped(old, **stamp)), 1, TIME, like="cms-good-timestamp")


def no_digest(vendors, good):
    """Signed without the attribute: what is signed says nothing of the file."""
    tree = der.parse(good)
    signer(tree)[3].content[:] = [one for one in signer(tree)[3].content if one[0].encode() != der.oid(trust_pki.MESSAGE_DIGEST).encode()]
    signer(tree)[5].content = vendors.pki.sign(vendors.key("vendor"), der.set_of(*signer(tree)[3].content).encode())
    return tree.encode()


PARTS = (list_plans, detached_plans)
