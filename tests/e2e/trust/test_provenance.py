# SPDX-License-Identifier: Apache-2.0
"""Attestations of a build: signed by openssl as build services sign, held to the files, judged by the role provenance."""
import base64
import hashlib
import json
import pathlib
import shutil
import subprocess

import harness
import policy_case
from harness import PRODUCT, VENDOR

TYPE = "application/vnd.in-toto+json"
SLSA = "https://slsa.dev/provenance/v1"
BUILDER = "https://builds.example.com/gitlab/runner"
FIRMWARE = b"firmware of the product\n" * 40


def pae(kind, body):
    """DSSE 1.0, written a second time."""
    return b" ".join([b"DSSEv1", str(len(kind)).encode(), kind.encode(), str(len(body)).encode(), body])


def digest(data, name="sha256"):
    return hashlib.new(name, data).hexdigest()


def statement(subjects=None, builder=BUILDER, predicate=SLSA, **fields):
    if subjects is None:
        subjects = [{"name": "firmware.bin", "digest": {"sha256": digest(FIRMWARE)}}]
    return {"_type": "https://in-toto.io/Statement/v1", "subject": subjects, "predicateType": predicate,
            "predicate": {"buildDefinition": {"buildType": "https://example.com/make/v1", "externalParameters": {}},
                          "runDetails": {"builder": {"id": builder}}}, **fields}


def read_envelope(path, key, kind):
    """A second reader: the payload, where the signature verifies by openssl."""
    envelope = json.loads(path.read_text("utf-8"))
    body = base64.b64decode(envelope["payload"], validate=True)
    folder = path.parent
    (folder / "pae").write_bytes(pae(envelope["payloadType"], body))
    (folder / "sig").write_bytes(base64.b64decode(envelope["signatures"][0]["sig"], validate=True))
    command = (["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", key, "-in", "pae", "-sigfile", "sig"] if kind == "ed25519"
               else ["openssl", "dgst", "-sha256", "-verify", key, "-signature", "sig", "pae"])
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    return json.loads(body) if done.returncode == 0 else None


class Provenance(harness.Case):
    authority = policy_case.Owned.authority
    KINDS = {"p256": ["EC", "-pkeyopt", "ec_paramgen_curve:P-256"], "p384": ["EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
             "rsa": ["RSA", "-pkeyopt", "rsa_keygen_bits:3072"], "ed25519": ["ED25519"], "other": ["EC", "-pkeyopt", "ec_paramgen_curve:P-256"]}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        case = cls("runTest")
        case.folder = cls.shared
        cls.vendor = case.own_keys("vendor")
        for name, arguments in cls.KINDS.items():
            subprocess.run(["openssl", "genpkey", "-algorithm", *arguments, "-out", f"{name}.key"], cwd=cls.shared, check=True, capture_output=True)
            subprocess.run(["openssl", "pkey", "-in", f"{name}.key", "-pubout", "-out", f"{name}.pub"], cwd=cls.shared, check=True)

    def runTest(self):
        """Lets setUpClass use the helpers of a case."""

    def sign_message(self, key, message, *options):
        path = self.folder / "message"
        path.write_bytes(message)
        command = (["openssl", "pkeyutl", "-sign", "-rawin", "-inkey"] if key == "ed25519" else ["openssl", "dgst", *(options or ("-sha256",)), "-sign"])
        command += [self.shared / f"{key}.key", *(["-in", path] if key == "ed25519" else [path])]
        return subprocess.run(command, check=True, capture_output=True).stdout

    def envelope(self, value, *keys, kind=TYPE, ids=(), urlsafe=False, options=()):
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        encode = base64.urlsafe_b64encode if urlsafe else base64.b64encode
        signatures = []
        for place, key in enumerate(keys):
            one = {"sig": encode(self.sign_message(key, pae(kind, body), *options)).decode()}
            if place < len(ids):
                one["keyid"] = ids[place]
            signatures.append(one)
        return {"payload": encode(body).decode(), "payloadType": kind, "signatures": signatures}

    def release(self, attestation, predicate=SLSA, code=0, **fields):
        text = attestation if isinstance(attestation, str) else json.dumps(attestation)
        (self.folder / "firmware.bin").write_bytes(FIRMWARE)
        (self.folder / "build.intoto.json").write_text(text, encoding="utf-8")
        value = {"product": {"vendor": VENDOR, "name": PRODUCT}, "release": {"version": "1", "sequence": 9, "date": "2026-11-01T08:00:00Z"},
                 "provenance": [{"file": "build.intoto.json", "predicateType": predicate}],
                 "files": [{"source": "firmware.bin", "role": "firmware"}, {"source": "build.intoto.json"}], **fields}
        (self.folder / "release.yaml").write_text(json.dumps(value), encoding="utf-8")
        self.last = self.sign("pack", "release.yaml", "--key", f"{self.vendor}.key.pem", "--cert", f"{self.vendor}.cert.pem", "--out", "a.tar", "--force",
                              "--json", code=code)
        return self.folder / "a.tar"

    def policy(self, *signers, threshold=1, name="trust.json", builders=None, scope=None, extra=(), **fields):
        def signer(one):
            pem = (self.shared / f"{one}.pub").read_text("ascii")
            return {"name": one, "anchor": {"type": "key", "pem": pem}}
        vendor = {"name": "vendor", "anchor": {"type": "certificate", "pem": pathlib.Path(f"{self.vendor}.cert.pem").read_text("ascii")}}
        roles = [{"role": "release", "signers": ["vendor"]}]
        if signers:
            roles.append({"role": "provenance", "signers": [*signers, *(one["name"] for one in extra)], "threshold": threshold, **({"builders": builders} if builders else {})})
        value = {"cretula": "trust/1", "name": "Plant", "version": 1, "issued": "2026-01-01T00:00:00Z",
                 "scopes": [{"vendor": VENDOR, "products": [PRODUCT], "signers": [vendor, *map(signer, signers), *extra], "roles": roles, **(scope or {})}],
                 **fields}
        path = self.folder / name
        path.write_text(json.dumps(value), encoding="utf-8")
        return path

    def judged(self, policy, code=0):
        """What check says of provenance: {check: [(result, reason)]}, and the record's part."""
        record = self.verify("check", "a.tar", "--trust", policy, "--json", code=code).json()
        found = {}
        for one in record["result"]["checks"]:
            if one["check"].startswith("provenance."):
                found.setdefault(one["check"].split(".")[1], []).append((one["result"], one["reason"]))
        return found, record["what"].get("provenance")

    def demanding(self, *signers, **more):
        return self.policy(*signers, name="demanding.json", severities={"provenance.signature": "fail"}, **more)

    def carried(self, says, *signers, strict=True):
        """Without a demand it is carried, and not checked; with one it is refused."""
        found, facts = self.judged(self.policy(*signers))
        self.assertEqual(found["signature"][0][0], "NOT_CHECKED", found)
        self.assertIn(says, found["signature"][0][1])
        self.assertFalse(facts[0]["proved"])
        self.assertNotIn("coverage", found)
        if strict:
            found, _ = self.judged(self.demanding(*signers), code=1)
            self.assertEqual(found["signature"][0][0], "FAIL", found)

    def test_each_kind_of_key(self):
        for key in ("p256", "p384", "rsa", "ed25519"):
            with self.subTest(key):
                self.release(self.envelope(statement(), key))
                found, facts = self.judged(self.demanding(key))
                self.assertEqual([found[name][0][0] for name in ("form", "subject", "coverage", "signature")], ["PASS"] * 4, found)
                self.assertEqual(facts, [{"file": "build.intoto.json", "predicateType": SLSA, "builder": BUILDER,
                                          "buildType": "https://example.com/make/v1", "subjects": 1, "matched": 1, "proved": True, "signers": key}])
                self.assertEqual(read_envelope(self.folder / "build.intoto.json", self.shared / f"{key}.pub", key), statement())
        self.release(self.envelope(statement(), "rsa", options=("-sha256", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32")))
        self.assertEqual(self.judged(self.demanding("rsa"))[0]["signature"][0][0], "PASS")
        self.release(self.envelope(statement(), "p384", options=("-sha384",)))
        self.assertEqual(self.judged(self.demanding("p384"))[0]["signature"][0][0], "PASS")

    def test_forms_of_the_envelope(self):
        self.release(self.envelope(statement(), "p256", urlsafe=True))
        self.assertEqual(self.judged(self.demanding("p256"))[0]["signature"][0][0], "PASS")
        self.release({"mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json", "verificationMaterial": {},
                      "dsseEnvelope": self.envelope(statement(), "p256")})
        self.assertEqual(self.judged(self.demanding("p256"))[0]["signature"][0][0], "PASS")

    def test_a_key_that_nobody_named(self):
        self.release(self.envelope(statement(), "other"))
        self.carried("not signed by enough of those", "p256")

    def test_a_policy_that_names_nobody(self):
        self.release(self.envelope(statement(), "p256"))
        self.carried("names nobody who signs provenance")

    def test_unsigned(self):
        for value in (self.envelope(statement()), statement()):
            self.release(value)
            self.carried("the provenance is not signed", "p256")

    def test_altered(self):
        envelope = self.envelope(statement(), "p256")
        envelope["payload"] = base64.b64encode(json.dumps(statement(builder="https://evil.example")).encode()).decode()
        self.release(envelope)
        self.carried("not signed by enough of those", "p256")
        # One that names the key as its own is no unknown one.
        spki = subprocess.run(["openssl", "pkey", "-pubin", "-in", self.shared / "p256.pub", "-outform", "DER"], check=True, capture_output=True).stdout
        envelope["signatures"][0]["keyid"] = digest(spki)
        self.release(envelope)
        found, _ = self.judged(self.policy("p256"))
        self.assertEqual(found["signature"][0], ("WARN", "the signature of the provenance is not one by the key that it names"))
        self.judged(self.demanding("p256"), code=1)

    def test_the_type_is_signed_too(self):
        """A value over the same bytes under another type is none."""
        body = json.dumps(statement()).encode()
        envelope = self.envelope(statement())
        envelope["signatures"] = [{"sig": base64.b64encode(self.sign_message("p256", pae("application/json", body))).decode()}]
        self.release(envelope)
        self.carried("not signed by enough of those", "p256")
        envelope["signatures"] = [{"sig": base64.b64encode(self.sign_message("p256", body)).decode()}]
        self.release(envelope)
        self.carried("not signed by enough of those", "p256")

    def test_of_two_signatures_one_is_known(self):
        self.release(self.envelope(statement(), "other", "p256"))
        self.assertEqual(self.judged(self.demanding("p256"))[0]["signature"][0][0], "PASS")
        found, _ = self.judged(self.demanding("p256", "rsa", threshold=2), code=1)
        self.assertEqual(found["signature"][0][0], "FAIL")
        self.release(self.envelope(statement(), "p256", "p256"))  # nobody counts twice
        self.judged(self.demanding("p256", "rsa", threshold=2), code=1)
        self.release(self.envelope(statement(), "rsa", "p256"))
        self.assertEqual(self.judged(self.demanding("p256", "rsa", threshold=2))[1][0]["signers"], "p256, rsa")

    def test_builders_and_levels(self):
        self.release(self.envelope(statement(), "p256"))
        mine = [{"id": BUILDER, "level": 2}]
        found, facts = self.judged(self.demanding("p256", builders=mine))
        self.assertEqual(facts[0]["level"], 2)
        self.assertIn("SLSA build level 2", found["signature"][0][1])
        other = [{"id": BUILDER + "/", "level": 3}]
        found, facts = self.judged(self.policy("p256", builders=other))
        self.assertEqual(found["signature"][0][0], "WARN", found)
        self.assertIn("speaks for a builder that the policy does not name", found["signature"][0][1])
        self.assertNotIn("level", facts[0])
        self.judged(self.demanding("p256", builders=other), code=1)
        text = " ".join(self.verify("check", "a.tar", "--trust", self.demanding("p256", builders=mine)).out.split())
        self.assertIn(f"built by {BUILDER} (SLSA build level 2), as p256 signed", text)

    def test_a_record_shows_who_built_it_and_why_nobody_did(self):
        """On the page of the record and on the terminal, an attestation that proves nothing is never told like one that does."""
        self.release(self.envelope(statement(builder="https://<b>evil</b>.example"), "p256"))
        cases = {"another builder": (self.policy("p256", name="t1.json", builders=[{"id": BUILDER, "level": 2}]), "speaks for a builder that the policy does not name"),
                 "a stranger": (self.policy("rsa", name="t2.json"), "not signed by enough of those whom the policy names"),
                 "nobody asked": (self.policy(name="t3.json"), "names nobody who signs provenance of this product")}
        for number, (what, (policy, says)) in enumerate(cases.items()):
            with self.subTest(what):
                self.verify("check", "a.tar", "--trust", policy, "--record", f"r{number}", "--sign-record", f"{self.vendor}.key.pem",
                            "--record-cert", f"{self.vendor}.cert.pem")
                show = ("record", "show", f"r{number}/RECORD.json", "--anchor", f"{self.vendor}-root.cert.pem")
                self.verify(*show, "--html", f"page{number}.html")
                page = (self.folder / f"page{number}.html").read_text("utf-8")
                for text in (" ".join(page.split()), " ".join(self.verify(*show).out.split())):
                    self.assertIn("not proved: 1 attestation of the build proves nothing here", text)
                    self.assertIn(says, text)
                    self.assertNotIn("p256 signed", text)
                    self.assertNotIn("SLSA build level", text)
                self.assertNotIn("<b>evil", page)

    def test_the_level_goes_into_the_vsa(self):
        self.release(self.envelope(statement(), "p256"))
        for builders, level in (([{"id": BUILDER, "level": 2}], 2), (None, 0)):
            policy = self.policy("p256", builders=builders)
            self.verify("check", "a.tar", "--trust", policy, "--record", f"r{level}", "--sign-record", f"{self.vendor}.key.pem",
                        "--record-cert", f"{self.vendor}.cert.pem")
            out = self.verify("record", "export", f"r{level}/RECORD.json", "--vsa", "--anchor", f"{self.vendor}-root.cert.pem",
                              "--key", f"{self.vendor}.key.pem")
            self.assertIn(f"SLSA_BUILD_LEVEL_{level}", json.loads(base64.b64decode(out.json()["payload"]))["predicate"]["verifiedLevels"])

    def test_a_signer_whose_certificate_was_revoked(self):
        """Lists are asked for pinned builders as for all other pinned signers."""
        prefix = self.shared / "builder"
        if not prefix.with_suffix(".pub").exists():
            self.own_keys("builder", self.shared)
            shutil.copy(f"{prefix}.key.pem", prefix.with_suffix(".key"))
        empty, full = self.folder / "empty.pem", self.folder / "full.pem"
        root = pathlib.Path(f"{prefix}-root.cert.pem").read_text("ascii")
        self.authority(f"{prefix}-root", "-gencrl", "-out", empty)
        self.authority(f"{prefix}-root", "-revoke", f"{prefix}.cert.pem")
        self.authority(f"{prefix}-root", "-gencrl", "-out", full)
        certificate = {"name": "builder", "anchor": {"type": "certificate", "pem": pathlib.Path(f"{prefix}.cert.pem").read_text("ascii")}}
        given = {name: {"crls": [{"pem": path.read_text("ascii")}]} for name, path in (("empty", empty), ("full", full))}
        self.release(self.envelope(statement(), "builder"))

        def judged(policy, *arguments, code=0):
            record = self.verify("check", "a.tar", "--trust", policy, *arguments, "--json", code=code).json()
            return {(one["check"], one["result"]): one["reason"] for one in record["result"]["checks"]}, record["what"]["provenance"][0]

        for what, arguments, fields, answer in (
                ("none", (), {}, "PASS"), ("none, required", (), {"revocation": "require"}, "PASS"),
                ("empty", (), given["empty"], "PASS"), ("empty, by hand", ("--crl", empty), {}, "PASS"),
                ("full", (), given["full"], "WARN"), ("full, by hand", ("--crl", full), {}, "WARN"),
                ("full, off", (), {**given["full"], "revocation": "off"}, "PASS"),
                ("full, by hand, off", ("--crl", full), {"revocation": "off"}, "WARN")):
            for demanded in (False, True):
                with self.subTest(what, demanded=demanded):
                    wanted = "FAIL" if answer == "WARN" and demanded else answer
                    more = {"severities": {"provenance.signature": "fail"}} if demanded else {}
                    policy = self.policy("p256", extra=[certificate], intermediates=[root], **fields, **more)
                    found, facts = judged(policy, *arguments, code=1 if wanted == "FAIL" else 0)
                    self.assertIn(("provenance.signature", wanted), found)
                    self.assertEqual(facts["proved"], wanted == "PASS")
                    if answer == "WARN":
                        self.assertIn("was revoked", found["provenance.signature", wanted])
                        self.assertIn("build.intoto.json", found["certificate.revocation", "WARN"])
        # A list in the issuer's name that nobody can verify is told; who else signed still counts.
        found, facts = judged(self.policy("p256", extra=[certificate]), "--crl", full)
        self.assertTrue(facts["proved"])
        self.assertIn("cannot be verified", found["certificate.revocation", "WARN"])
        self.release(self.envelope(statement(), "builder", "p256"))
        found, facts = judged(self.policy("p256", extra=[certificate], intermediates=[root], **given["full"]))
        self.assertEqual(facts["signers"], "p256")
        self.assertIn("was revoked", found["certificate.revocation", "WARN"])

    def test_a_public_key_is_added_as_openssl_writes_it(self):
        """A build service has a key alone: the command line takes it, for this role and no other."""
        def openssl(*arguments):
            return self.run_program("openssl", *arguments, code=0).out_bytes

        def add(path, *more, role="provenance", key=None, code=0):
            der = openssl("pkey", "-pubin", "-in", key or path, "-outform", "DER") if more == () else b""
            given = more or ("--fingerprint", digest(der))
            who = ("--policy-owner",) if role is None else ("--vendor", VENDOR, "--role", role)
            return self.verify("trust", "add-signer", "t.json", "--signer", f"{role} {len(seen)}", "--anchor", path, "--obtained", "by telephone", *who,
                               *given, code=code)

        seen = []
        self.verify("trust", "init", "t.json", "--name", "Plant")
        self.verify("trust", "add-signer", "t.json", "--vendor", VENDOR, "--role", "release", "--signer", "vendor", "--anchor",
                    f"{self.vendor}.cert.pem", "--obtained", "x", "--fingerprint",
                    digest(openssl("x509", "-in", f"{self.vendor}.cert.pem", "-outform", "DER")))
        for key in ("p256", "rsa", "ed25519"):
            add(self.shared / f"{key}.pub")
            seen.append(key)
            self.release(self.envelope(statement(), key))
            self.assertTrue(self.judged(self.folder / "t.json")[1][0]["proved"], key)
        before = (self.folder / "t.json").read_bytes()
        key = self.shared / "other.pub"
        (self.folder / "other.der").write_bytes(openssl("pkey", "-pubin", "-in", key, "-outform", "DER"))
        (self.folder / "rsa1.pub").write_bytes(openssl("rsa", "-in", self.shared / "rsa.key", "-RSAPublicKey_out"))
        (self.folder / "two.pub").write_text(key.read_text("ascii") * 2)
        for path, says, code, more in (
                ("other.der", "openssl pkey -pubin -inform DER -in FILE -pubout", 2, {"key": key}),
                ("rsa1.pub", "openssl rsa -RSAPublicKey_in", 2, {"key": self.shared / "rsa.pub"}),
                ("two.pub", "more than one PEM block", 2, {"key": key}),
                (self.shared / "other.key", "this is a private key: it stays with its signer", 2, {"key": key}),
                (key, "a bare key is enough for the role provenance only", 2, {"role": "release"}),
                (key, "a bare key is enough for the role provenance only", 2, {"role": None})):
            with self.subTest(str(path), **{name: str(value) for name, value in more.items()}):
                self.assertIn(says, " ".join(add(path, code=code, **more).err.split()))
        self.assertIn("this is not the key with that fingerprint", add(key, "--fingerprint", "0" * 64, code=1).err)
        self.assertEqual((self.folder / "t.json").read_bytes(), before)

    def test_another_subject(self):
        self.release(self.envelope(statement([{"name": "else.bin", "digest": {"sha256": "0" * 64}}]), "p256"), code=1)
        findings = self.last.json()["findings"]
        self.assertIn(("provenance.subject", "FAIL"), {(one["check"], one["result"]) for one in findings})
        self.assertIn(("provenance.coverage", "WARN"), {(one["check"], one["result"]) for one in findings})
        self.release(self.envelope(statement([{"name": "firmware.bin", "digest": {"sha256": "0" * 64}}]), "p256"), code=1)
        self.assertIn("another file of the name firmware.bin", json.dumps(self.last.json()))

    def test_subjects_that_are_not_in_the_release_are_left_alone(self):
        more = [{"name": "firmware.bin", "digest": {"sha256": digest(FIRMWARE)}}, {"name": "other.bin", "digest": {"sha256": "0" * 64}}]
        self.release(self.envelope(statement(more), "p256"))
        self.assertEqual(self.judged(self.demanding("p256"))[0]["subject"], [("PASS", "1 of 2 subjects is a file of the release")])

    def test_subjects_by_another_digest_alone(self):
        self.release(self.envelope(statement([{"name": "firmware.bin", "digest": {"sha512": digest(FIRMWARE, "sha512")}}]), "p256"))
        found, facts = self.judged(self.policy("p256"))
        self.assertEqual(found["subject"][0][0], "NOT_CHECKED")
        self.assertFalse(facts[0]["proved"])

    def test_a_demand_is_met_by_these_files_alone(self):
        """What is signed as the policy asks, and is not about these files by SHA-256, was not built by anybody."""
        self.release(self.envelope(statement([{"name": "firmware.bin", "digest": {"sha512": digest(FIRMWARE, "sha512")}}]), "p256"))
        found, facts = self.judged(self.demanding("p256"), code=1)
        self.assertEqual(found["signature"][0][0], "FAIL", found)
        self.assertIn("not held to these files", found["signature"][0][1])
        self.assertFalse(facts[0]["proved"])
        self.assertEqual(self.judged(self.policy("p256"))[0]["signature"][0][0], "NOT_CHECKED")

    def test_builds_that_changed_places(self):
        one, two = b"A" * 100, b"B" * 100
        (self.folder / "a.bin").write_bytes(one)
        (self.folder / "b.bin").write_bytes(two)
        files = [{"source": "a.bin", "role": "firmware"}, {"source": "b.bin", "role": "firmware"}, {"source": "build.intoto.json"}]
        swapped = [{"name": "a.bin", "digest": {"sha256": digest(two)}}, {"name": "b.bin", "digest": {"sha256": digest(one)}}]
        self.release(self.envelope(statement(swapped), "p256"), files=files, code=1)
        self.assertIn("another file of the name a.bin", json.dumps(self.last.json()))
        # In other folders than the release has: what they have in common, from the end, is compared.
        other = self.envelope(statement([{**one, "name": f"out/{one['name']}"} for one in swapped]), "p256")
        self.release(other, files=files, code=1)
        self.assertIn("another file of the name a.bin, as out/a.bin", json.dumps(self.last.json()))
        right = [{**one, "name": f"out/{name}"} for one, name in zip(swapped, ("b.bin", "a.bin"))]
        self.release(self.envelope(statement(right), "p256"), files=files)
        self.assertEqual(self.judged(self.demanding("p256"))[0]["coverage"][0][0], "PASS")

    def test_coverage_that_is_demanded(self):
        """Without a provenance that counts, and without any, nothing is covered."""
        demand = self.policy("p256", name="cover.json", severities={"provenance.coverage": "fail"})
        self.release(self.envelope(statement(), "p256"))
        self.judged(demand)
        self.release(statement())
        self.assertEqual(self.judged(demand, code=1)[0]["coverage"][0][0], "FAIL")
        self.release(self.envelope(statement(), "p256"), provenance=[], files=[{"source": "firmware.bin", "role": "firmware"}])
        self.assertEqual(self.judged(demand, code=1)[0]["coverage"][0][0], "FAIL")

    def test_one_file_in_many_entries(self):
        """No more attestations are read than the limit says, whichever files they name."""
        entry = {"file": "build.intoto.json", "predicateType": SLSA}
        self.release(self.envelope(statement(), "p256"), provenance=[entry] * 18)
        found, facts = self.judged(self.policy("p256"))
        self.assertEqual([one[0] for one in found["form"]].count("PASS"), 16, found)
        self.assertEqual([one["proved"] for one in facts], [True] * 16 + [False] * 2)

    def test_firmware_without_a_provenance(self):
        (self.folder / "second.bin").write_bytes(b"x" * 50)
        files = [{"source": "firmware.bin", "role": "firmware"}, {"source": "second.bin", "role": "software"}, {"source": "build.intoto.json"}]
        self.release(self.envelope(statement(), "p256"), files=files)
        self.assertEqual(self.judged(self.demanding("p256"))[0]["coverage"][0][0], "WARN")

    def test_what_is_no_attestation(self):
        twice = statement([{"name": "firmware.bin", "digest": {"sha256": digest(FIRMWARE)}}] * 2)
        good = self.envelope(statement(), "p256")
        cases = {
            "another type": (self.envelope(statement(), "p256", kind="application/json"), "#/payloadType"),
            "subjects twice": (self.envelope(twice, "p256"), "same name"),
            "no subjects": (self.envelope(statement([]), "p256"), "about nothing"),
            "a subject without a digest": (self.envelope(statement([{"name": "a"}]), "p256"), "no digest"),
            "a digest in capitals": (self.envelope(statement([{"name": "a", "digest": {"sha256": digest(FIRMWARE).upper()}}]), "p256"), "not in form"),
            "no statement": (self.envelope(statement(_type="x"), "p256"), "no in-toto statement"),
            "no builder": (self.envelope({**statement(), "predicate": {}}, "p256"), "which builder"),
            "base64 with a line break": ({**good, "payload": good["payload"] + "\n"}, "not base64"),
            "base64 of both alphabets": ({**good, "payload": "-_+/"}, "not base64"),
            "nine signatures": ({**good, "signatures": good["signatures"] * 9}, "too many"),
            "a member twice": (json.dumps(good)[:-1] + ', "payload": ""}', ""),
            "a builder that says its level": (self.envelope(statement(builder=f"{BUILDER} (SLSA build level 3), as NSA signed"), "p256"), "no URI"),
            "an envelope beside a statement": ({**good, **statement()}, "more than one statement"),
            "a bundle beside an envelope": ({**good, "dsseEnvelope": good}, "more than one statement"),
            "two lines": (json.dumps(good) + "\n" + json.dumps(good), ""),
        }
        for what, (value, says) in cases.items():
            with self.subTest(what):
                self.release(value, code=1)
                findings = [one for one in self.last.json()["findings"] if one["check"] == "provenance.form" and one["result"] == "FAIL"]
                self.assertTrue(findings, self.last)
                self.assertIn(says, json.dumps(findings))

    def test_another_predicate(self):
        value = self.envelope(statement(predicate="https://example.com/other"), "p256")
        self.release(value, code=1)  # the manifest says SLSA
        self.assertIn("another predicate than the manifest says", json.dumps(self.last.json()))
        self.release(value, predicate="https://example.com/other")
        self.carried("no SLSA provenance v1", "p256")

    def test_a_release_without_provenance(self):
        self.release(self.envelope(statement(), "p256"), provenance=[], files=[{"source": "firmware.bin", "role": "firmware"}])
        self.assertEqual(self.judged(self.policy("p256")), ({}, None))
        found, _ = self.judged(self.demanding("p256"), code=1)
        self.assertIn("carries no provenance", found["signature"][0][1])

    def test_who_attests_signs_nothing_else(self):
        """Neither does the role count for releases, nor can a CA have it, nor have others builders."""
        self.release(self.envelope(statement(), "p256"))
        cert = pathlib.Path(f"{self.vendor}.cert.pem").read_text("ascii")
        only = {"signers": [{"name": "vendor", "anchor": {"type": "certificate", "pem": cert}}],
                "roles": [{"role": "provenance", "signers": ["vendor"]}]}
        result = self.verify("check", "a.tar", "--trust", self.policy(scope=only), code=1)
        self.assertIn("signs attestations only", self.verify("check", "a.tar", "--trust", self.policy(scope=only), "--json", code=1).out, result)
        builders = {"roles": [{"role": "release", "signers": ["vendor"], "builders": [{"id": BUILDER, "level": 1}]}]}
        self.assertIn("has no builders", self.verify("check", "a.tar", "--trust", self.policy(scope=builders), code=2).err)
        root = harness.ROOT_CERT.read_text("ascii")
        below = {"signers": [{"name": "vendor", "anchor": {"type": "certificate", "pem": cert}}, {"name": "ca", "anchor": {"type": "ca", "pem": root}}],
                 "roles": [{"role": "release", "signers": ["vendor"]}, {"role": "provenance", "signers": ["ca"]}]}
        self.assertIn("below a certification authority",
                      self.verify("check", "a.tar", "--trust", self.policy(scope=below), "--allow-example-keys", code=2).err)


if __name__ == "__main__":
    harness.main()
