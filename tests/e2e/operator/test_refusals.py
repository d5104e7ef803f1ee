# SPDX-License-Identifier: Apache-2.0
"""What an asset owner reads when a file is refused: the first line, word by word, of every kind of refusal; and one screen
also where the policy has many scopes."""
import gzip
import io
import json
import lzma
import pathlib
import re
import tarfile
import zipfile

from harness import (PRODUCT, ROOT_CERT, SOURCE, VENDOR, Case, canonical_archive, main, member, read_member,
                     read_member_list, tampered)

NOW = ("--at", "2027-01-01T00:00:00Z")


# Exactly what the verdict says, but for times and the name of a key. What it says is what its reader can do: download again,
# unpack, name another file, ask the vendor.
AGAIN = " - download the file again; if this happens again, send the vendor this message and the file's size"
NO_ARCHIVE = "REFUSED: this is not a Cretula archive"
FIRST_LINES = {
    "empty": "REFUSED: the file is empty - name the .cretula.tar file; if it is this one, download it again",
    "cut in the first header": "REFUSED: the archive is truncated: it ends inside 'MANIFEST.json'" + AGAIN,
    "cut in the manifest": "REFUSED: the archive is truncated: it ends inside 'MANIFEST.json'" + AGAIN,
    "cut in the signature": "REFUSED: the archive is truncated: it ends inside 'SIGNATURES/KEY.p7s'" + AGAIN,
    "cut in a file": "REFUSED: the archive is truncated: it ends inside 'firmware.bin'" + AGAIN,
    "cut at the end": "REFUSED: the archive is truncated: its two end blocks are not complete" + AGAIN,
    "something behind the end": "REFUSED: something follows the end of the archive" + AGAIN,
    "web page":
        NO_ARCHIVE + " but an HTML or XML page - download the file again: a page came in its place, perhaps to sign in",
    "gzip": NO_ARCHIVE + " but gzip data - unpack it first: the archive itself is never compressed",
    "xz": NO_ARCHIVE + " but xz data - unpack it first: the archive itself is never compressed",
    "zip": NO_ARCHIVE + " but a ZIP archive - unpack it, and name the .cretula.tar file that is in it; an OPC UA package is named as a "
           "file, not sent through a pipe",
    "unsigned tar":
        NO_ARCHIVE + " but a tar archive that begins with 'firmware.bin' - ask the vendor for the signed .cretula.tar "
        "file; an unsigned one proves nothing about who made it",
    "payload alone": NO_ARCHIVE + " - name the .cretula.tar file; if it is this one, download it again",
    "manifest": NO_ARCHIVE + " but a manifest alone - name the .cretula.tar file that it was taken from",
    "certificate":
        NO_ARCHIVE + " but PEM data - name the .cretula.tar file; what says whom to trust is given with --anchor or "
        "--trust",
    "signature":
        NO_ARCHIVE + " but DER data - name the .cretula.tar file; what says whom to trust is given with --anchor or "
        "--trust",
    "zeros": NO_ARCHIVE + " - name the .cretula.tar file; if it is this one, download it again",
    "text": NO_ARCHIVE + " - name the .cretula.tar file; if it is this one, download it again",
    "no signature member":
        "REFUSED: the archive carries no signature - ask the vendor for the signed archive; an unsigned one "
        "proves nothing about who made it",
    "extra member": "REFUSED: the archive has a member that its manifest does not list" + AGAIN,
    "missing member": "REFUSED: the archive ends before the member 'firmware.bin'" + AGAIN,
    "detached front alone":
        "REFUSED: this is a detached release: manifest and signatures, without the files - give the folder "
        "with the vendor's files: --payload DIR",
    "detached front, a file is missing":
        "REFUSED: the payload file 'firmware.bin' is missing - put the file into the folder under that name, "
        "or name another folder",
    "record":
        NO_ARCHIVE + " but a verification record - `cretula-verify record show` shows it; name the .cretula.tar file",
    "device": "REFUSED: the file is empty - name the .cretula.tar file; if it is this one, download it again",
    "changed file":
        "REFUSED: 'firmware.bin' is not the file that was released: its SHA-256 digest differs - download the"
        " file again; if it fails again, send the vendor both digests and the name of this file",
    "changed manifest":
        "REFUSED: the signature of CN=vendor release signing,O=vendor works was made over other content - the"
        " file was damaged or changed; fetch it again from its source",
    "other vendor":
        "REFUSED: the certificate of CN=vendor release signing,O=vendor works does not lead to the trusted "
        "anchor: its issuer is missing - check that this is the right anchor for this vendor, and that the "
        "signature embeds the intermediate certificates",
    "other certificate":
        "REFUSED: the certificate of CN=vendor release signing,O=vendor works leads to no trusted anchor - "
        "check that this is the right anchor or policy for this vendor",
    "example key":
        "cretula-verify: REFUSED: the key of CN=Example Root DO NOT TRUST,O=Example Automation GmbH (DO NOT "
        "TRUST),C=DE must never be trusted: its private key is published (cretula keys-example/root.cert.pem)",
    "expired":
        "REFUSED: the certificate of CN=vendor root,O=vendor works expired on TIME - ask the signer to sign "
        "again with a current certificate, or for a timestamp from the time when this one was valid  [as of "
        "TIME]",
    "not yet valid":
        "REFUSED: the certificate of CN=vendor root,O=vendor works is valid only from TIME on - check the "
        "clock of this machine; else ask the signer why the certificate is used before its time  [as of TIME]",
    "wrong product":
        "REFUSED: this release is for another product: RTU-7 Remote Terminal Unit of Example Automation GmbH "
        "- get the release that was made for the product you asked for, or correct what you asked for",
    "wrong vendor":
        "REFUSED: this release is by another vendor: RTU-7 Remote Terminal Unit of Example Automation GmbH - "
        "get the release that was made for the product you asked for, or correct what you asked for",
    "wrong hardware":
        "REFUSED: the release does not list hardware RTU-7:D - compare the label of the device; give "
        "--hardware MODEL:REVISION as printed there",
    "older than asked for":
        "REFUSED: the release is older than the lowest one allowed (sequence 1 instead of 9 or higher) - use "
        "a newer release, or have the policy's floor changed",
    "older than the policy's floor":
        "REFUSED: the release is older than the lowest one allowed (sequence 1 instead of 5 or higher) - use "
        "a newer release, or have the policy's floor changed",
    "another release":
        "REFUSED: this is not the expected release - check which release was approved; this archive holds "
        "another one",
    "another document":
        "REFUSED: gzip is no document of this release - ask the vendor for the file that this release names; "
        "a watermark or another edition is another file",
    "missing document":
        "REFUSED: topic S3 is not answered: Deployment context and assumptions - ask the vendor for the "
        "document, or for the reason why there is none",
    "missing role":
        "REFUSED: a quality signature is missing (release 1 of 1, quality 0 of 1, for Example Automation GmbH"
        " RTU-7 Remote Terminal Unit, which the file claims to be: unverified) - ask the vendor for what is "
        "missing, or check that this is the right trust policy",
    "quorum":
        "REFUSED: a release signature is missing (release 1 of 2, for Example Automation GmbH RTU-7 Remote "
        "Terminal Unit, which the file claims to be: unverified) - ask the vendor for what is missing, or "
        "check that this is the right trust policy",
    "nobody of the policy":
        "REFUSED: the certificate of CN=vendor release signing,O=vendor works does not lead to the trusted "
        "anchor: its issuer is missing - check that this is the right anchor for this vendor, and that the "
        "signature embeds the intermediate certificates",
    "product of no scope":
        "REFUSED: the signers that were counted may not vouch for this product: RTU-7 Remote Terminal Unit of"
        " Example Automation GmbH - check that the download is for the product you asked for; scopes are set "
        "in the trust policy",
    "vendor of no scope":
        "REFUSED: the signers that were counted may not vouch for this product: RTU-7 Remote Terminal Unit of"
        " Example Automation GmbH - check that the download is for the product you asked for; scopes are set "
        "in the trust policy",
    "no scope, and nobody of the policy":
        "REFUSED: the trust policy has no scope for Example Automation GmbH, RTU-7 Remote Terminal Unit, which the "
        "file claims to be (unverified) - check that this is the right file and the right trust policy; if both are, "
        "whoever keeps the policy adds the vendor's certificate (cretula-verify trust add-signer)",
    "no list":
        "REFUSED: no revocation list of CN=vendor root,O=vendor works was given: whether CN=vendor release "
        "signing,O=vendor works was revoked is not known - fetch the issuer's list and give it with --crl or "
        "in the trust policy; or ask the signer, or pin the certificate",
    "stale list":
        "REFUSED: the revocation list of CN=vendor root,O=vendor works is too old - fetch the issuer's "
        "current list and give it with --crl or in the trust policy  [as of TIME]",
    "revoked":
        "REFUSED: the certificate of CN=vendor release signing,O=vendor works was revoked as of TIME (no "
        "reason given) - do not rely on what it signed; ask its holder's security contact why it was revoked,"
        " and for a signature with another  [as of TIME]",
    "no timestamp":
        "REFUSED: the signature has no timestamp: when it was made is not proved - ask the signer for a "
        "timestamp: without one the signature cannot be verified after its certificate ends",
    "support ended":
        "REFUSED: security support has ended - plan the replacement, or ask the vendor for extended support; "
        "isolate it until then  [as of TIME]",
    "waiver not honoured":
        "REFUSED: the release is older than the lowest one allowed (sequence 1 instead of 5 or higher) - use "
        "a newer release, or have the policy's floor changed  [waiver not honoured: it is for another asset]",
}


class Refusals(Case):
    """One release of a vendor with a key for releases and one for quality, and policies about them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        case = cls("runTest")
        case.folder = cls.shared
        cls.people = {name: case.own_keys(name) for name in ("vendor", "quality", "other", "board")}
        (cls.shared / "firmware.bin").write_bytes(b"firmware " * 5000)
        (cls.shared / "NOTES.md").write_text("# Notes\n", encoding="ascii")
        case.describe()
        cls.good = case.signed("good.tar", "vendor")
        cls.detached = case.signed("front.tar", "vendor", "--detached")

    def runTest(self):
        """Lets setUpClass use the helpers of a case."""

    def describe(self, **fields):
        return self.description([("firmware.bin", {"role": "firmware"}), ("NOTES.md", {"role": "release-notes"})],
                                **{"hardware": [{"model": "RTU-7", "revisionFrom": "A", "revisionTo": "C"}], **fields})

    def signed(self, out, who, *more):
        self.sign("pack", "release.yaml", "--key", f"{self.people[who]}.key.pem", "--cert", f"{self.people[who]}.cert.pem",
                  "--out", out, *more)
        return self.folder / out

    def signer(self, name):
        return {"name": name, "anchor": {"type": "ca", "pem": pathlib.Path(f"{self.people[name]}-root.cert.pem").read_text()}}

    def scope(self, roles, vendor=VENDOR, products=(PRODUCT,), **fields):
        return {"vendor": vendor, "products": list(products), "signers": [self.signer(who) for _, who in roles],
                "roles": [{"role": role, "signers": [who], "threshold": 1} for role, who in roles], **fields}

    def policy(self, *scopes, **fields):
        path = self.folder / "trust.json"
        path.write_text(json.dumps({"cretula": "trust/1", "name": "Plant", "version": 1, "issued": "2026-01-01T00:00:00Z",
                                    "scopes": scopes or [self.scope([("release", "vendor")])], **fields}), "utf-8")
        return path

    def first_line(self, archive, *arguments, code=1):
        """The verdict of the page without what narrows it."""
        result = self.verify("check", archive, *arguments, code=code, screen=True)
        line = (result.out or result.err).splitlines()[0]
        line = re.sub(r"\d{4}-\d\d-\d\dT[\d:]+Z", "TIME", line.replace("  [product not bound]", ""))
        return re.sub(r"[0-9a-f]{16}\.p7s", "KEY.p7s", line)

    def write(self, name, data):
        path = self.folder / name
        path.write_bytes(data)
        return path

    def files(self):
        """Files that are no archive, or not a whole one: name to path."""
        data = self.good.read_bytes()
        members = read_member_list(self.good)
        firmware, manifest = member(self.good, "firmware.bin"), member(self.good, "MANIFEST.json")
        tar, zipped = io.BytesIO(), io.BytesIO()
        with tarfile.open(fileobj=tar, mode="w", format=tarfile.USTAR_FORMAT) as out:
            out.add(self.shared / "firmware.bin", "firmware.bin")
        with zipfile.ZipFile(zipped, "w") as out:
            out.writestr("firmware.bin", b"firmware")
        seconds = int(data[136:147], 8)
        every = [(one.name, read_member(self.good, one.name)) for one in members]
        return {
            "empty": b"", "cut in the first header": data[:100], "cut in the manifest": data[:700],
            "cut in the signature": data[:members[1].data + 100], "cut in a file": data[:firmware.data + 1000],
            "cut at the end": data[:-512], "something behind the end": data + b"x" * 512,
            "web page": b"<!DOCTYPE html>\n<html><body>Sign in</body></html>\n",
            "gzip": gzip.compress(data, mtime=0), "xz": lzma.compress(data), "zip": zipped.getvalue(),
            "unsigned tar": tar.getvalue(), "payload alone": (self.shared / "firmware.bin").read_bytes(),
            "manifest": every[0][1], "certificate": pathlib.Path(ROOT_CERT).read_bytes(),
            "signature": every[1][1], "zeros": bytes(20480), "text": b"hello\n" * 200,
            "no signature member": canonical_archive([one for one in every if not one[0].startswith("SIGNATURES/")], seconds),
            "extra member": canonical_archive([*every, ("zzz.txt", b"more")], seconds),
            "missing member": canonical_archive([one for one in every if one[0] != "firmware.bin"], seconds),
        }

    def revocation_list(self, name, revoked=(), last="20261201000000Z", until="20281201000000Z"):
        """A list of the vendor's root, by openssl ca."""
        root = f"{self.people['vendor']}-root"
        serials = [self.run_program("openssl", "x509", "-in", f"{self.people[who]}.cert.pem", "-noout", "-serial",
                                    code=0).out.strip().split("=")[1] for who in revoked]
        self.write("index", "".join(f"R\t391201000000Z\t261130000000Z\t{one}\tunknown\t/CN=x\n" for one in serials).encode())
        self.write("index.attr", b"unique_subject = no\n")
        self.write("ca.cnf", f"[ca]\ndefault_ca=a\n[a]\ndatabase={self.folder}/index\ndefault_md=sha256\n".encode() +
                   b"crl_extensions=x\n[x]\nauthorityKeyIdentifier=keyid\n")
        self.write("number", b"01\n")
        (self.folder / "ca.cnf").write_text((self.folder / "ca.cnf").read_text().replace(
            "[x]", f"crlnumber={self.folder}/number\n[x]"))
        self.run_program("openssl", "ca", "-config", "ca.cnf", "-gencrl", "-keyfile", f"{root}.key.pem", "-cert",
                         f"{root}.cert.pem", "-crl_lastupdate", last, "-crl_nextupdate", until, "-out", name, code=0)
        return self.folder / name

    def waiver(self, name):
        self.sign("waive", "--check", "release.sequence", "--archive", self.good, "--asset", "PLC-2", "--reason", "spare",
                  "--approver", "Board", "--control", "isolated", "--until", "2099-01-01T00:00:00Z", "--out", name, "--key",
                  f"{self.people['board']}.key.pem", "--cert", f"{self.people['board']}.cert.pem")
        return self.folder / name

    def runs(self):
        """Archives that are whole, and a machine that does not take them: name to arguments."""
        root = {name: ("--anchor", f"{prefix}-root.cert.pem") for name, prefix in self.people.items()}
        vendor = root["vendor"]
        flipped = tampered(self.good, self.folder / "flipped", member(self.good, "firmware.bin").data + 9)
        forged = tampered(self.good, self.folder / "forged", member(self.good, "MANIFEST.json").data + 99)
        self.verify("check", self.good, *vendor, "--record", "rec")
        self.describe(lifecycle={"endOfSecuritySupport": "2026-12-01T00:00:00Z"})
        ended = self.old_release()
        floor = [{"product": PRODUCT, "sequence": 5}]
        both = [("release", "vendor"), ("quality", "quality")]
        waivable = self.scope([("release", "vendor"), ("waiver", "board")], minimumSequence=floor)
        (self.folder / "payload").mkdir()
        (self.folder / "payload" / "NOTES.md").write_bytes((self.shared / "NOTES.md").read_bytes())
        authority = [{"name": "T", "pem": pathlib.Path(f"{self.people['other']}-root.cert.pem").read_text()}]
        profile = SOURCE / "formats" / "release" / "profiles" / "iec62443-component.json"
        trust = self.trust
        return {
            "detached front alone": (self.detached, *vendor),
            "detached front, a file is missing": (self.detached, *vendor, "--payload", "payload"),
            "record": ("rec/RECORD.json", *vendor), "device": ("/dev/null", *vendor),
            "changed file": (flipped, *vendor), "changed manifest": (forged, *vendor),
            "other vendor": (self.good, *root["other"]),
            "other certificate": (self.good, "--anchor", f"{self.people['other']}.cert.pem"),
            "example key": (self.good, "--anchor", ROOT_CERT),
            "expired": (self.good, *vendor, "--at", "2060-01-01T00:00:00Z"),
            "not yet valid": (self.good, *vendor, "--at", "2001-01-01T00:00:00Z"),
            "wrong product": (self.good, *vendor, "--product", "Other"),
            "wrong vendor": (self.good, *vendor, "--vendor", "Other"),
            "wrong hardware": (self.good, *vendor, "--hardware", "RTU-7:D"),
            "older than asked for": (self.good, *vendor, "--min-sequence", "9"),
            "older than the policy's floor": (self.good, *trust("floor", self.scope(both[:1], minimumSequence=floor))),
            "another release": (self.good, *vendor, "--expect-identity", "0" * 64),
            "another document": (self.good, *vendor, "--also", "gzip"),
            "missing document": (self.good, *vendor, "--profile", profile),
            "missing role": (self.good, *trust("role", self.scope(both))),
            "quorum": (self.good, *trust("quorum", {**self.scope([("release", "vendor"), ("release", "quality")]), "roles": [
                {"role": "release", "signers": ["vendor", "quality"], "threshold": 2}]})),
            "nobody of the policy": (self.good, *trust("nobody", self.scope([("release", "other"), ("quality", "quality")]))),
            "product of no scope": (self.good, *trust("product", self.scope(both[:1], products=["Pump"]))),
            "vendor of no scope": (self.good, *trust("vendor", self.scope(both[:1], vendor="Other"))),
            "no scope, and nobody of the policy": (self.good, *trust("noscope", self.scope(
                [("release", "other")], products=["Pump"]), self.scope([("release", "other")], vendor="Other"))),
            "no list": (self.good, *trust("nolist", revocation="require")),
            "stale list": (self.good, *trust("stale", revocation="require"), *NOW, "--crl",
                           self.revocation_list("stale.crl", until="20261215000000Z")),
            "revoked": (self.good, *vendor, *NOW, "--crl", self.revocation_list("revoked.crl", ["vendor"])),
            "no timestamp": (self.good, *trust("stamp", timestamp="require", timestampAuthorities=authority)),
            "support ended": (ended, *trust("ended", severities={"lifecycle.support": "fail"}), *NOW),
            "waiver not honoured": (self.good, *trust("waiver", waivable, waivable=["release.sequence"]), "--asset", "PLC-1",
                                    "--waivers", self.waiver("w.json")),
        }

    def trust(self, name, *scopes, **fields):
        path = self.policy(*scopes, **fields)
        return ("--trust", path.rename(self.folder / f"{name}.json"))

    def old_release(self):
        """With the same files, and a life that is over."""
        for name in ("firmware.bin", "NOTES.md"):
            (self.folder / name).write_bytes((self.shared / name).read_bytes())
        return self.signed("ended.tar", "vendor")

    def test_first_lines(self):
        vendor = ("--anchor", f"{self.people['vendor']}-root.cert.pem")
        runs = {name: (self.write(name.replace(" ", "-"), data), *vendor) for name, data in self.files().items()}
        runs.update(self.runs())
        self.assertEqual(sorted(runs), sorted(FIRST_LINES))
        self.assertGreaterEqual(len(runs), 40)
        for name, arguments in runs.items():
            with self.subTest(name):
                self.assertEqual(self.first_line(*arguments), FIRST_LINES[name])
                page = self.verify("check", *arguments, code=1, screen=True, environment={"COLUMNS": "80"})
                self.assertLessEqual((page.out + page.err).count("\n"), 24, page)
                self.assertNotIn("ACCEPTED", page.out)

    def test_a_policy_of_33_scopes(self):
        """One screen, the right scope first: by who signed, and where nobody of the policy did by what the archive claims."""
        others = [self.scope([("release", "other"), ("quality", "board")], vendor=f"Vendor {number}") for number in range(32)]
        mine = self.scope([("release", "vendor"), ("quality", "quality")])
        strange = self.scope([("release", "other"), ("quality", "quality")])
        for place in (0, 16, 32):
            trust = self.trust("many", *others[:place], mine, *others[place:])
            page = self.verify("check", self.good, *trust, code=1, screen=True, environment={"COLUMNS": "80"})
            self.assertLessEqual(page.out.count("\n"), 12, page)
            self.assertEqual(self.first_line(self.good, *trust), FIRST_LINES["missing role"])
            self.assertIn("none of the 32 other scopes of the trust policy is met either", page.out)
            self.assertNotIn("Vendor ", page.out)
            trust = self.trust("strange", *others[:place], strange, *others[place:])
            page = self.verify("check", self.good, *trust, code=1, screen=True, environment={"COLUMNS": "2000"})
            self.assertIn(f"2 signatures are missing (release 0 of 1, quality 0 of 1, for {VENDOR} {PRODUCT}", page.out)

    def test_33_scopes_of_others(self):
        """No scope is for what the file claims, and nobody of the policy signed: no scope is named as if it were the one."""
        others = [self.scope([("release", "other")], vendor=f"Vendor {number}") for number in range(32)]
        other_product = self.scope([("release", "other")], products=["Pump"])
        for place in (0, 32):
            trust = self.trust("others", *others[:place], other_product, *others[place:])
            self.assertEqual(self.first_line(self.good, *trust), FIRST_LINES["no scope, and nobody of the policy"])
            page = self.verify("check", self.good, *trust, code=1, screen=True, environment={"COLUMNS": "80"})
            self.assertLessEqual(page.out.count("\n"), 16, page)
            self.assertIn("and 30 others", page.out)
            self.assertNotIn("missing (", page.out)
        # Whoever signed counts in a scope of another vendor: that scope is the nearest.
        trust = self.trust("counted", *others, self.scope([("release", "vendor"), ("quality", "quality")], vendor="Vendor 32"))
        self.assertIn("a quality signature is missing (release 1 of 1, quality 0 of 1, for products of Vendor 32)",
                      self.first_line(self.good, *trust))
        # Why a certificate of the policy does not count says more than that its scope is for another product.
        trust = self.trust("late", self.scope([("release", "vendor")], products=["Pump"]))
        self.assertIn("expired on TIME", self.first_line(self.good, *trust, "--at", "2060-01-01T00:00:00Z"))

    def test_a_few_other_scopes_are_named(self):
        other = self.scope([("release", "other")], vendor="Vendor 1")
        page = self.verify("check", self.good, *self.trust("few", self.scope([("release", "vendor"), ("quality", "quality")]),
                                                           other), code=1, screen=True)
        self.assertIn("no other scope of the trust policy is met either: Vendor 1 (release 0 of 1)", page.out)

    def test_a_policy_that_expired_is_the_sites_to_mend(self):
        result = self.verify("check", self.good, *self.trust("expired", expires="2026-02-01T00:00:00Z"), code=2, screen=True)
        self.assertTrue(result.err.startswith('cretula-verify: the trust policy "Plant" expired on 2026-02-01T00:00:00Z\n'))
        self.assertIn("what to do", result.err)
        self.assertEqual(result.out, "")


if __name__ == "__main__":
    main()
