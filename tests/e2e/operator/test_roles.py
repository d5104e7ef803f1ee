# SPDX-License-Identifier: Apache-2.0
"""Two of three release signers and one of quality: each way in which that is not met has its check and reason."""
import datetime
import json
import pathlib

import harness
from harness import PRODUCT, VENDOR


class Roles(harness.Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        case = cls("runTest")
        case.folder = cls.shared
        cls.people = {name: case.own_keys(name) for name in ("r1", "r2", "r3", "q1", "q2", "other")}
        case.small_release()
        cls.full = case.signed("full.tar", ["r1", "r2"], ["q1"])

    def runTest(self):
        """Lets setUpClass use the helpers of a case."""

    def setUp(self):
        super().setUp()
        self.trust = self.write(self.scope(VENDOR, [PRODUCT]))

    def credentials(self, who, cert=None):
        return ("--key", f"{self.people[who]}.key.pem", "--cert", cert or f"{self.people[who]}.cert.pem")

    def signed(self, name, release, quality, meaning="origin", description=None):
        """An archive with signatures of these people; the first of `release` packs it."""
        out = self.folder / name
        self.sign("pack", description or self.shared / "release.yaml", *self.credentials(release[0]), "--out", out, "--force")
        for who in release[1:]:
            self.sign("endorse", out, "--meaning", meaning, *self.credentials(who))
        for who in quality:
            self.sign("endorse", out, "--meaning", "approval", *self.credentials(who))
        return out

    def scope(self, vendor, products, release=("r1", "r2", "r3"), quality=("q1", "q2")):
        pems = {name: pathlib.Path(f"{self.people[name]}-root.cert.pem").read_text("ascii")
                for name in (*release, *quality)}
        return {"vendor": vendor, "products": products,
                "signers": [{"name": name, "anchor": {"type": "ca", "pem": pem}} for name, pem in pems.items()],
                "roles": [{"role": "release", "signers": list(release), "threshold": 2},
                          {"role": "quality", "signers": list(quality), "threshold": 1}]}

    def write(self, *scopes):
        path = self.folder / "trust.json"
        path.write_text(json.dumps({"cretula": "trust/1", "name": "Plant", "version": 1, "scopes": list(scopes),
                                    "issued": "2026-01-01T00:00:00Z"}), encoding="utf-8")
        return path

    def fails(self, archive, check, reason, *arguments):
        result = self.verify("check", archive, "--trust", self.trust, *arguments, code=1)
        self.assertTrue(result.out.startswith("REFUSED"), result)
        lines = [line for line in result.out.splitlines() if line.startswith(f"  FAIL        {check}:")]
        self.assertTrue(any(reason in line for line in lines), result)
        return result

    def test_two_of_three_and_one(self):
        for release in (["r1", "r2"], ["r1", "r3"], ["r3", "r2"], ["r1", "r2", "r3"]):
            archive = self.signed("-".join(release) + ".tar", release, ["q1"])
            shown = self.verify("check", archive, "--trust", self.trust).out
            self.assertIn(f"signed by   {release[0]} (role release)", shown)
            self.assertIn("signed by   q1 (role quality)", shown)
        self.verify("check", self.signed("q2.tar", ["r1", "r2"], ["q1", "q2"]), "--trust", self.trust)

    def test_a_signature_is_missing(self):
        self.fails(self.signed("a.tar", ["r1"], ["q1"]), "trust.threshold", "release 1 of 2, quality 1 of 1")
        self.fails(self.signed("b.tar", ["r1", "r2"], []), "trust.threshold", "release 2 of 2, quality 0 of 1")
        self.fails(self.signed("c.tar", ["r1", "r2", "r3"], []), "trust.threshold", "quality 0 of 1")

    def test_a_removed_member(self):
        """As the file came, but for one of its signatures."""
        signatures = {pathlib.Path(one.name).stem: harness.read_member(self.full, one.name)
                      for one in harness.read_member_list(self.full) if one.name.startswith("SIGNATURES/")}
        self.assertEqual(len(signatures), 3)
        for name in signatures:
            rest = {key: value for key, value in signatures.items() if key != name}
            self.fails(harness.rebuild(self.full, self.folder / f"{name}.tar", signatures=rest), "trust.threshold",
                       "signature is missing")

    def test_the_nearest_scope_comes_first(self):
        """With several scopes: by counted signers, then by what the file claims to be."""
        far = self.scope("ACME Gateways GmbH", ["*"], ("other", "q2"), ("q1",))
        near = self.scope(VENDOR, [PRODUCT], ("r1", "r2", "r3"), ("q1", "q2"))
        third = self.scope("Third SE", ["Switch"], ("r3", "other"), ("q2",))
        for order in ((far, near, third), (third, far, near), (near, third, far)):
            self.trust = self.write(*order)
            result = self.fails(self.signed("b.tar", ["r1", "r2"], []), "trust.threshold", "quality 0 of 1")
            first = result.out.splitlines()[0]
            self.assertTrue(first.startswith("REFUSED: a quality signature is missing (release 2 of 2, quality 0 of 1, for "
                                             f"{VENDOR} {PRODUCT}, which the file claims to be: unverified) - "), first)
            self.assertIn("ask the vendor for what is missing", first)
            lines = [line for line in result.out.splitlines() if "FAIL        trust.threshold" in line]
            self.assertEqual(len(lines), 2, result)
            self.assertIn("no other scope of the trust policy is met either: ", lines[1])
            self.assertIn("ACME Gateways GmbH (release 0 of 2, quality 0 of 1)", lines[1])
        # Two scopes with one counted signer each: what the file claims decides; it decides nothing else.
        twin = self.scope("Third SE", ["Switch"], ("r1", "other"), ("q2",))
        for order in ((twin, near), (near, twin)):
            self.trust = self.write(*order)
            first = self.fails(self.signed("a.tar", ["r1"], ["q1"]), "trust.threshold", "a release signature is missing"
                               ).out.splitlines()[0]
            self.assertIn(f"(release 1 of 2, quality 1 of 1, for {VENDOR} {PRODUCT}", first)
        # More counted signers come before the claim.
        other = {**twin, "roles": [{"role": "release", "signers": ["r1"]}, {"role": "quality", "signers": ["q2"]}]}
        elsewhere = self.scope(VENDOR, [PRODUCT], ("r3", "other"), ("q1",))
        self.trust = self.write(elsewhere, other)
        self.fails(self.signed("c.tar", ["r1", "r2"], []), "trust.threshold",
                   "a quality signature is missing (release 1 of 1, quality 0 of 1, for products of Third SE)")

    def second_certificate(self, key, name, *more):
        """Another certificate of the key of r1, below the root of r1."""
        prefix = self.folder / name
        root = f"{self.people['r1']}-root"
        self.run_program("openssl", "req", "-new", "-key", key, "-subj", f"/CN={name}", "-out", f"{prefix}.csr",
                         *more, code=0)
        (self.folder / "ext").write_text("keyUsage=critical,digitalSignature\nextendedKeyUsage=codeSigning\n", "ascii")
        self.run_program("openssl", "x509", "-req", "-in", f"{prefix}.csr", "-CA", f"{root}.cert.pem", "-CAkey",
                         f"{root}.key.pem", "-CAcreateserial", "-days", "90", "-extfile", self.folder / "ext", "-out",
                         f"{prefix}.cert.pem", code=0)
        return f"{prefix}.cert.pem"

    def foreign(self, key, cert):
        """A signature by stock OpenSSL over the manifest of an archive with r1 and q1."""
        (self.folder / "m.json").write_bytes(harness.read_member(self.full, "MANIFEST.json"))
        self.run_program("openssl", "cms", "-sign", "-binary", "-cades", "-nosmimecap", "-outform", "DER", "-signer",
                         cert, "-inkey", key, "-in", "m.json", "-out", "second.p7s", code=0)
        return (self.folder / "second.p7s").read_bytes()

    def test_doubled_by_a_second_certificate_of_the_key(self):
        key = f"{self.people['r1']}.key.pem"
        archive = self.signed("a.tar", ["r1"], ["q1"])
        cert = self.second_certificate(key, "again")
        result = self.sign("endorse", archive, "--meaning", "origin", *self.credentials("r1", cert), code=2)
        self.assertIn("signed", result.err)
        members = [(one.name, harness.read_member(archive, one.name)) for one in harness.read_member_list(archive)]
        signatures = {pathlib.Path(name).stem: data for name, data in members if name.startswith("SIGNATURES/")}
        der = self.foreign(key, cert)
        bad = harness.rebuild(archive, self.folder / "b.tar", signatures={**signatures, "0" * 16: der})
        self.fails(bad, "signature.form", "does not lie under the name of its key")
        # Under its own name it stands where the first one stood, or twice.
        place = next(i for i, (name, _) in enumerate(members) if pathlib.Path(name).stem in signatures and
                     b"r1 release signing" in members[i][1])
        with open(archive, "rb") as stream:
            seconds = int(stream.read(512)[136:147], 8)
        twice = members[:place + 1] + [(members[place][0], der)] + members[place + 1:]
        (self.folder / "c.tar").write_bytes(harness.canonical_archive(twice, seconds))
        self.fails(self.folder / "c.tar", "archive.framing", "")

    def test_doubled_by_another_encoding_of_the_key(self):
        key = self.folder / "compressed.key.pem"
        self.run_program("openssl", "ec", "-in", f"{self.people['r1']}.key.pem", "-conv_form", "compressed", "-out",
                         key, code=0)
        archive = self.signed("a.tar", ["r1"], ["q1"])
        der = self.foreign(key, self.second_certificate(key, "compressed"))
        signatures = {pathlib.Path(one.name).stem: harness.read_member(archive, one.name)
                      for one in harness.read_member_list(archive) if one.name.startswith("SIGNATURES/")}
        bad = harness.rebuild(archive, self.folder / "b.tar", signatures={**signatures, "0" * 16: der})
        self.fails(bad, "signature.form", "public key in another form than the one accepted")

    def test_a_second_person_below_the_same_ca(self):
        """A CA is one signer, however many certificates hang below it."""
        archive = self.signed("a.tar", ["r1"], ["q1"])
        self.run_program("openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out",
                         "new.key.pem", code=0)
        cert = self.second_certificate(self.folder / "new.key.pem", "colleague")
        self.sign("endorse", archive, "--meaning", "origin", "--key", "new.key.pem", "--cert", cert)
        self.fails(archive, "trust.threshold", "release 1 of 2, quality 1 of 1")

    def test_from_a_wrong_role(self):
        self.fails(self.signed("a.tar", ["r1"], ["q1", "q2"]), "trust.threshold", "release 1 of 2")
        self.fails(self.signed("b.tar", ["r1", "q2"], ["q1"]), "trust.threshold",
                   "the signature of q2 has another meaning than the role quality takes")
        self.fails(self.signed("c.tar", ["r1", "r2"], ["r3"]), "trust.threshold",
                   "the signature of r3 has another meaning than the role release takes")

    def test_with_a_wrong_meaning(self):
        for meaning in ("approval", "receipt"):
            result = self.fails(self.signed(f"{meaning}.tar", ["r1", "r2"], ["q1"], meaning=meaning),
                                "trust.threshold", "the signature of r2 has another meaning")
            self.assertIn("origin or none", result.out.replace("none or origin", "origin or none"))
            self.assertIn(meaning, result.out)

    def test_expired(self):
        key = f"{self.people['r1']}.key.pem"
        archive = self.folder / "a.tar"
        self.sign("pack", self.shared / "release.yaml", *self.credentials("r1", self.second_certificate(key, "short")),
                  "--out", archive)
        for who, meaning in (("r2", "origin"), ("q1", "approval")):
            self.sign("endorse", archive, "--meaning", meaning, *self.credentials(who))
        self.verify("check", archive, "--trust", self.trust)
        later = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=100)
        result = self.fails(archive, "certificate.validity", "", "--at", later.strftime("%Y-%m-%dT%H:%M:%SZ"))
        self.assertIn("release 1 of 2, quality 1 of 1", result.out)

    def test_for_another_vendors_product(self):
        self.trust = self.write(self.scope("Somebody else", ["*"]))
        self.fails(self.full, "trust.scope", "may not vouch for this product")
        self.trust = self.write(self.scope(VENDOR, ["Another product"]))
        self.fails(self.full, "trust.scope", "may not vouch for this product")

    def test_signers_of_two_scopes_do_not_add_up(self):
        self.trust = self.write(self.scope(VENDOR, [PRODUCT], release=("r1", "r3")),
                                self.scope(VENDOR, ["Another product"], release=("r2", "r3")))
        self.fails(self.full, "trust.threshold", "release 1 of 2")


if __name__ == "__main__":
    harness.main()
