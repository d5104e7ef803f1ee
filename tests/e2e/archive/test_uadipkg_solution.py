# SPDX-License-Identifier: Apache-2.0
"""Solution packages: the whole and each package in it count by their own signatures, or nothing does."""
import base64
import hashlib
import json

from harness import KEYS, main
from package_case import EXAMPLE, TYPE, URI, Entry, Packages, listing, members_of, reference, write_zip
from trust_pki import Pki

WORLD = {"certificates": {"root": {"kind": "ca"}, "leaf": {"issuer": "root"}, "drive": {}, "stranger": {},
                          "brief": {"issuer": "root", "notAfter": "2035-12-31T23:59:59Z"}}, "crls": {}}
BELOW = "SUBPACKAGES/"


class Solution(Packages):
    def setUp(self):
        super().setUp()
        (self.folder / "pki").mkdir()
        self.pki = Pki(self.folder / "pki")
        self.reasons = set()
        self.made = 0

    def unpacked(self, by, members=None, method=None, change=None, **more):
        """{name: bytes} of a package signed by this certificate."""
        members = members or self.plain(**more)
        lines = [reference(name, data, *(method(data) if method else ())) for name, data in members]
        text = listing(lines)
        made = {"mimetype": TYPE, **dict(members), "META-INF/ASiCManifest001.xml": text,
                "META-INF/signature001.p7s": self.pki.cms(WORLD, {"by": by}, text)}
        if change:
            change(made)
        return made

    def parts(self):
        return {"plc": self.unpacked("leaf", Name="PLC"), "drive": self.unpacked("drive", Name="Drive", Manufacturer="D")}

    def solution(self, parts=None, by="leaf", more=(), **metadata):
        """A solution of these packages, signed as a whole over what is in it, whatever that is."""
        described = {"Name": "Machine", "PackageType": "Solution_3", **metadata}
        members = [("META/package_metadata.json", self.metadata(**described))]
        for name, files in (self.parts() if parts is None else parts).items():
            members += [(f"{BELOW}{name}/{path}", data) for path, data in files.items()]
        whole = self.unpacked(by, [*members, *more])
        return self.written(whole)

    def policy(self, **more):
        """The plant knows the integrator with its PLC and machine, and the maker of the drive."""
        scopes = []
        for vendor, by, products in (("V", "leaf", ["Machine", "PLC"]), ("D", "drive", ["Drive"])):
            pem = self.pki.certificate(WORLD, by).read_text("ascii")
            scopes.append({"vendor": vendor, "products": products, "roles": [{"role": "release", "signers": [by], "threshold": 1}],
                           "signers": [{"name": by, "anchor": {"type": "certificate", "pem": pem}}], **(more if vendor == "D" else {})})
        path = self.folder / "trust.json"
        path.write_text(json.dumps({"cretula": "trust/1", "name": "Plant", "version": 1, "issued": "2026-01-01T00:00:00Z",
                                    "expires": "2099-01-01T00:00:00Z", "scopes": scopes}), "utf-8")
        return ["--trust", path]

    def known(self, files, anchor="drive", **more):
        """The policy, that knows the maker of the drive as the one of this package; more: of the whole policy."""
        path = self.policy()[1]
        policy = json.loads(path.read_text("utf-8"))
        metadata = json.loads(files["META/package_metadata.json"])
        policy["scopes"][1].update(vendor=metadata["Manufacturer"], products=[metadata["Name"]])
        pem = self.pki.certificate(WORLD, anchor).read_text("ascii")
        policy["scopes"][1]["signers"][0]["anchor"] = {"type": "ca" if anchor == "root" else "certificate", "pem": pem}
        path.write_text(json.dumps({**policy, **more}), "utf-8")
        return ["--trust", path, EXAMPLE]

    def made_of_release(self, change=None, by="drive", **fields):
        """{name: bytes} of a package with a release in it, changed, and signed anew by the maker of the drive."""
        self.made += 1
        release = self.small_release(f"{self.made}.cretula.tar", manufacturer={"name": "V", "uri": URI}, **fields)
        exported = members_of(self.exported(release, f"{self.made}.uadipkg"))
        files = {name: data for name, data in exported if name != "mimetype" and not name.startswith("META-INF")}
        if change:
            change(files)
        return self.unpacked(by, list(files.items()))

    def written(self, files):
        self.made += 1
        return write_zip(self.folder / f"{self.made}.uadipkg", [Entry(*one) for one in files.items()])

    def refused_alone_and_within(self, says, files, *trust):
        """What is said of the package by itself is said of it in a solution, with its folder."""
        where = self.bad(says, self.written(files), *trust)
        self.reasons.clear()
        within = self.bad(says, self.solution({**self.parts(), "drive": files}), *trust)
        self.assertTrue(within.startswith(f"{BELOW}drive/: "), within)
        self.assertTrue(within.endswith(where), (within, where))

    def bad(self, says, package, *trust):
        result = self.verify("check", package, *(trust or self.policy()), "--json", code=1)
        found = [(one["reason"], one.get("where", "")) for one in result.json()["result"]["checks"] if one["result"] == "FAIL"]
        self.assertTrue(any(says in reason for reason, _ in found), (says, found))
        self.assertNotIn(says, self.reasons)
        self.reasons.add(says)
        self.faults = found
        return [where for reason, where in found if says in reason][0]

    def test_each_by_its_own_signatures(self):
        parts = self.parts()
        package = self.solution(parts, Assignments=[{"Subpackage": "plc", "Targets": []}])
        record = self.verify("check", package, *self.policy(), "--json").json()
        said = {one["where"]: one for one in record["result"]["checks"] if one.get("where", "").startswith(BELOW) and "counts by" in one["reason"]}
        screen = " ".join(self.verify("check", package, *self.policy()).out.split())
        for name, words in (("plc", "PLC 1.2 of V counts by its own signatures: leaf"), ("drive", "Drive 1.2 of D counts by its own signatures: drive")):
            self.assertEqual(said[f"{BELOW}{name}/"]["reason"], words)
            self.assertEqual(said[f"{BELOW}{name}/"]["actual"], hashlib.sha256(parts[name]["META-INF/ASiCManifest001.xml"]).hexdigest())
            self.assertIn(f"{BELOW}{name}/: {words}; identity {said[f'{BELOW}{name}/']['actual']}", screen)
        self.verify("extract", package, "--to", self.folder / "out", *self.policy())
        for name, files in parts.items():
            for path, data in files.items():
                self.assertEqual((self.folder / "out" / BELOW / name / path).read_bytes(), data, path)

    def test_one_that_does_not_count_refuses_all(self):
        """The whole is signed by the right key over just what is in it."""
        def changed(files):
            files["CONTENT/fw.bin"] = files["CONTENT/fw.bin"][:-1] + b"\0"

        def flipped(files):
            data = files["META-INF/signature001.p7s"]
            files["META-INF/signature001.p7s"] = data[:-1] + bytes([data[-1] ^ 1])

        def sha512(data):
            return "http://www.w3.org/2001/04/xmlenc#sha512", base64.b64encode(hashlib.sha512(data).digest()).decode()
        good = self.parts()
        maker = {"Name": "Drive", "Manufacturer": "D"}
        cases = (
            ("leads to no trusted anchor", self.unpacked("stranger", **maker)),
            ("may not vouch for this product", self.unpacked("leaf", **maker)),
            ("does not have the digest of", self.unpacked("drive", change=changed, **maker)),
            ("is not one by this key", self.unpacked("drive", change=flipped, **maker)),
            ("the package carries no signature", {name: data for name, data in good["drive"].items() if not name.startswith("META-INF")}),
            ("a file that a signed list does not name", {**good["drive"], "CONTENT/more.bin": b"x"}),
            ("names a file that is not in the package", {name: data for name, data in good["drive"].items() if name != "CONTENT/fw.bin"}),
            ("does not say what it is", {"CONTENT/fw.bin": b"x"}),
            ("without the media type", {name: data for name, data in good["drive"].items() if name != "mimetype"}),
            ("a list by SHA-512 in a package", self.unpacked("drive", method=sha512, **maker)),
            ("a solution without a package", self.unpacked("drive", **maker, PackageType="Solution_3")),
            ("a package in a package that is in a package", {**good["drive"], f"{BELOW}x/META/x": b"x"}),
            ("a mandatory field is empty", self.unpacked("drive", Name="Drive", Manufacturer="D", PackageRevision="")),
        )
        for says, drive in cases:
            with self.subTest(says):
                package = self.solution({**good, "drive": drive})
                if says == "a solution without a package":
                    self.bad("a solution in a solution", package)
                else:
                    self.assertTrue(self.bad(says, package).startswith(f"{BELOW}drive/"))
                self.assertIn(("a package of the solution is not accepted by its own signatures", f"{BELOW}drive/"), self.faults)

    def test_what_the_policy_asks_is_asked_of_each(self):
        floor = self.policy(minimumSequence=[{"product": "Drive", "sequence": 1}])
        self.assertIn(f"{BELOW}drive/", self.bad("older than the lowest one allowed", self.solution(), *floor))

    def test_files_are_those_of_the_release_in_it(self):
        """The lists are right, and signed by the right key; it is MANIFEST.json that has other digests."""
        good = self.made_of_release()
        trust = self.known(good)
        self.verify("check", self.solution({"drive": good}), *trust)

        def changed(files):
            name = next(one for one in files if one.startswith("CONTENT/"))
            files[name] = bytes([files[name][0] ^ 1]) + files[name][1:]
        self.refused_alone_and_within("is not the one of the release in it", self.made_of_release(changed), *trust)

    def test_what_a_manifest_says_is_judged_in_each(self):
        """Support that has ended, a signature that ends too soon: by policy each refuses."""
        cases = (("lifecycle.support", "security support has ended", {"lifecycle": {"endOfSecuritySupport": "2026-10-20"}}),
                 ("signature.lasting", "without a trusted timestamp this security release cannot be verified after",
                  {"release": {"version": "1.0.0", "sequence": 1, "date": "2026-10-12T08:00:00Z", "type": "security"}}))
        for check, says, fields in cases:
            with self.subTest(check):
                files = self.made_of_release(by="brief", **fields)
                self.verify("check", self.solution({"drive": files}), *self.known(files, "root", severities={check: "warn"}))
                self.refused_alone_and_within(says, files, *self.known(files, "root", severities={check: "fail"}))

    def test_the_whole_counts_by_its_own_signature_too(self):
        self.bad("leads to no trusted anchor", self.solution(by="stranger"))
        package = self.solution(by="drive")
        self.bad("may not vouch for this product", package)

    def test_folders_and_metadata_say_the_same(self):
        self.bad("a solution without a package in SUBPACKAGES/", self.solution({}))
        self.bad("of a package that is no solution", self.solution(PackageType="Firmware_0"))
        self.bad("a package is assigned that is not", self.solution(Assignments=[{"Subpackage": "pump"}]))
        self.bad("and in none", self.solution(more=[(f"{BELOW}x", b"x")]))
        parts = self.parts()
        self.bad("two packages of a solution have one name", self.solution({**parts, "PLC": {"CONTENT/other": b"x"}}))
        self.bad("a solution of too many packages", self.solution({f"p{number}": {"META/x": b"x"} for number in range(65)}))

    def test_product_is_bound_where_it_is_for_each(self):
        """--product is of the whole alone; an anchor vouches for whatever lies in it."""
        anchor = ["--anchor", self.pki.certificate(WORLD, "root"), "--product"]
        known = self.unpacked("leaf", Name="PLC")
        for trust, bound in ((self.policy(), True), ([*anchor, "Machine"], False)):
            record = self.verify("check", self.solution({"plc": known}), *trust, "--json").json()
            self.assertEqual(record["what"]["productBound"], bound)
        record = self.verify("check", self.written(known), *anchor, "PLC", "--json").json()
        self.assertTrue(record["what"]["productBound"])

    def test_waivers_do_not_reach_what_lies_in_it(self):
        """Neither one for the package nor one for the solution; the refusal names the package."""
        path = self.policy(minimumSequence=[{"product": "Drive", "sequence": 1}])[1]
        policy = json.loads(path.read_text("utf-8"))
        pem = (KEYS / "owner.cert.pem").read_text("ascii")
        for scope in policy["scopes"]:
            scope["roles"].append({"role": "waiver", "signers": ["w"], "threshold": 1})
            scope["signers"].append({"name": "w", "anchor": {"type": "certificate", "pem": pem}})
        path.write_text(json.dumps({**policy, "waivable": ["release.sequence"]}), "utf-8")
        parts = self.parts()
        solution, alone = self.solution(parts), self.written(parts["drive"])
        for package, drive in ((solution, False), (alone, True)):
            listed = dict(members_of(package))["META-INF/ASiCManifest001.xml"]
            waiver = self.folder / f"{package.stem}.waiver.json"
            self.sign("waive", "--check", "release.sequence", "--identity", hashlib.sha256(listed).hexdigest(), "--reason", "r",
                      "--approver", "a", "--control", "c", "--until", "2099-01-01T00:00:00Z", "--out", waiver,
                      "--key", KEYS / "owner.key.pem", "--cert", KEYS / "owner.cert.pem", EXAMPLE)
            trust = ["--trust", path, EXAMPLE, "--waivers", waiver]
            self.reasons.clear()
            self.assertEqual(self.bad("a package of the solution is not accepted", solution, *trust), f"{BELOW}drive/")
            self.verify("check", alone, *trust, code=0 if drive else 1)

    def test_show_lists_the_packages(self):
        """Without trust what each says of itself; with a policy who counted for each. What is wrong with one is said with its folder."""
        parts = self.parts()
        package = self.solution(parts)
        for trust, says, role in (([], "as it says itself", None), (self.policy(), "counts for role release", "release")):
            said = self.verify("show", package, *trust, "--json").json()["packages"]
            self.assertEqual([list(one) for one in said], [["folder", "vendor", "product", "version", "sequence", "identity", "signers"]] * 2)
            text = " ".join(self.verify("show", package, *trust).out.split())
            for one, (name, vendor, product, by) in zip(said, (("plc", "V", "PLC", "leaf"), ("drive", "D", "Drive", "drive"))):
                identity = hashlib.sha256(parts[name]["META-INF/ASiCManifest001.xml"]).hexdigest()
                subject = one["signers"][0]["subject"]
                self.assertEqual({**one, "signers": 0}, {"folder": f"{BELOW}{name}/", "vendor": vendor, "product": product, "version": "1.2",
                                                         "sequence": 0, "identity": identity, "signers": 0})
                self.assertEqual(one["signers"], [{"subject": subject, **({"signer": by, "role": role} if role else {})}])
                self.assertIn(f"{BELOW}{name}/: {product} 1.2 of {vendor}; signed by {subject}, {says}; identity {identity}", text)
        self.assertNotIn("packages", self.verify("show", self.written(parts["plc"]), "--json").json())
        unsigned = {name: data for name, data in parts["drive"].items() if not name.startswith("META-INF")}
        result = self.verify("show", self.solution({**parts, "drive": unsigned}), "--json", code=1).json()
        self.assertEqual([one["folder"] for one in result["packages"]], [f"{BELOW}plc/"])
        self.assertIn(("the package carries no signature", f"{BELOW}drive/: META-INF/"),
                      [(one["reason"], one.get("where")) for one in result["checks"] if one["result"] == "FAIL"])

    def test_the_journal_is_asked_of_each(self):
        """A newer one in service, and a document that changed under its version: of a package in a solution as of one by itself."""
        def made(sequence, text):
            (self.folder / "guide.md").write_text(text, "utf-8")
            (self.folder / "firmware.bin").write_bytes(b"firmware")
            document = {"ids": [{"domain": "example.com", "id": "MAN-1"}], "title": {"en": "Manual"}, "version": "1", "languages": ["en"],
                        "file": "guide.md"}
            archive = self.pack(self.description(["firmware.bin", "guide.md"], manufacturer={"name": "V", "uri": URI}, documents=[document],
                                                 release={"version": f"1.{sequence}", "sequence": sequence}), f"{sequence}.tar")
            files = dict(members_of(self.exported(archive, f"{sequence}.exported.uadipkg")))
            return self.unpacked("drive", [one for one in files.items() if one[0] != "mimetype" and not one[0].startswith("META-INF")])
        newer, older, changed = made(5, "One.\n"), made(4, "One.\n"), made(6, "Two.\n")
        trust = self.known(newer, severities={"release.backout": "fail"})[:2]  # a run that lets example keys count is no evidence
        journal = ["--journal", self.folder / "journal", "--asset", "PLC-1", "--stage", "deployed"]
        self.verify("check", self.written(newer), *trust, *journal)
        for says, files in (("the release is older than 1.5", older), ("document MAN-1 has changed since", changed)):
            self.reasons.clear()
            alone = self.bad(says, self.written(files), *trust, *journal)
            self.reasons.clear()
            within = self.bad(says, self.solution({**self.parts(), "drive": files}), *trust, *journal)
            self.assertEqual(within, f"{BELOW}drive/: {alone}")
            # No waiver for the solution reaches the package.
            self.assertIn(("a package of the solution is not accepted by what the journal knows of it", f"{BELOW}drive/"), self.faults)
        record = self.verify("check", self.solution({"plc": self.parts()["plc"], "drive": newer}), *trust, *journal, "--json").json()
        passed = {(one["check"], one.get("where")) for one in record["result"]["checks"] if one["result"] == "PASS"}
        self.assertIn(("release.backout", f"{BELOW}drive/: #/release/sequence"), passed)

    def test_no_sequence_is_no_order(self):
        """The journal has 2.0 in service: nobody knows that 1.0 is not older, of a solution or of a package; the same one again is not."""
        trust, journal = self.policy(), ["--journal", self.folder / "journal", "--asset", "PLC-1", "--stage", "deployed"]
        for make in (lambda version: self.solution(SoftwareRevision=version),
                     lambda version: self.written(self.unpacked("leaf", Name="PLC", SoftwareRevision=version))):
            newer, older = make("2.0"), make("1.0")
            for package, wanted in ((newer, []), (newer, ["PASS"]), (older, ["NOT_CHECKED"]), (newer, ["NOT_CHECKED"])):
                checks = self.verify("check", package, *trust, *journal, "--json").json()["result"]["checks"]
                found = [one for one in checks if one["check"] == "release.backout"]
                self.assertEqual([one["result"] for one in found], wanted)
        self.assertIn("whether the release is older than 1.0 (deployed, ", found[0]["reason"])

    def test_metadata_of_a_package_in_it(self):
        """Its own list must hold them, whoever signed the solution over what they became; and what they say must be whole."""
        def changed(files):
            files["META/package_metadata.json"] = files["META/package_metadata.json"].replace(b'"1.2"', b'"1.3"')
        maker = {"Name": "Drive", "Manufacturer": "D"}
        for says, files in (("does not have the digest of META-INF/ASiCManifest001.xml", self.unpacked("drive", change=changed, **maker)),
                            ("no type that OPC 10000-100 names", self.unpacked("drive", **maker, PackageType="Toaster_9")),
                            ("a mandatory field", self.unpacked("drive", **maker, ManufacturerUri=None))):
            with self.subTest(says):
                where = self.bad(says, self.solution({**self.parts(), "drive": files}))
                self.assertTrue(where.startswith(f"{BELOW}drive/: META/package_metadata.json"), where)

    def test_it_is_not_timestamped(self):
        package = self.solution()
        result = self.sign("timestamp", package, "--request", self.folder / "q.tsq", code=2)
        self.assertIn("a solution package is not signed here", result.err)
        self.assertFalse((self.folder / "q.tsq").exists())

    def test_it_is_not_endorsed(self):
        package = self.solution()
        before = package.read_bytes()
        result = self.sign("endorse", package, "--key", KEYS / "owner.key.pem", "--cert", KEYS / "owner.cert.pem", EXAMPLE, code=2)
        self.assertIn("approve the packages in it", result.err)
        self.assertEqual(package.read_bytes(), before)


if __name__ == "__main__":
    main()
