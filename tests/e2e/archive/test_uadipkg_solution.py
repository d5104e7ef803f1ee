# SPDX-License-Identifier: Apache-2.0
"""Solution packages: the whole and each package in it count by their own signatures, or nothing does."""
import base64
import hashlib
import json

from harness import KEYS, main
from package_case import EXAMPLE, TYPE, Entry, Packages, listing, reference, write_zip
from trust_pki import Pki

WORLD = {"certificates": {"root": {"kind": "ca"}, "leaf": {"issuer": "root"}, "drive": {}, "stranger": {}}, "crls": {}}
BELOW = "SUBPACKAGES/"


class Solution(Packages):
    def setUp(self):
        super().setUp()
        (self.folder / "pki").mkdir()
        self.pki = Pki(self.folder / "pki")
        self.reasons = set()

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
        return write_zip(self.folder / "s.uadipkg", [Entry(*one) for one in whole.items()])

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

    def bad(self, says, package, *trust):
        result = self.verify("check", package, *(trust or self.policy()), "--json", code=1)
        found = [(one["reason"], one.get("where", "")) for one in result.json()["result"]["checks"] if one["result"] == "FAIL"]
        self.assertTrue(any(says in reason for reason, _ in found), (says, found))
        self.assertNotIn(says, self.reasons)
        self.reasons.add(says)
        return [where for reason, where in found if says in reason][0]

    def test_each_by_its_own_signatures(self):
        parts = self.parts()
        package = self.solution(parts, Assignments=[{"Subpackage": "plc", "Targets": []}])
        record = self.verify("check", package, *self.policy(), "--json").json()
        said = {one["where"]: one for one in record["result"]["checks"] if one.get("where", "").startswith(BELOW) and "counts by" in one["reason"]}
        for name, words in (("plc", "PLC 1.2 of V counts by its own signatures: leaf"), ("drive", "Drive 1.2 of D counts by its own signatures: drive")):
            self.assertEqual(said[f"{BELOW}{name}/"]["reason"], words)
            self.assertEqual(said[f"{BELOW}{name}/"]["actual"], hashlib.sha256(parts[name]["META-INF/ASiCManifest001.xml"]).hexdigest())
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
                    self.bad(says, package)

    def test_what_the_policy_asks_is_asked_of_each(self):
        floor = self.policy(minimumSequence=[{"product": "Drive", "sequence": 1}])
        self.assertIn(f"{BELOW}drive/", self.bad("older than the lowest one allowed", self.solution(), *floor))

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

    def test_it_is_not_endorsed(self):
        package = self.solution()
        before = package.read_bytes()
        result = self.sign("endorse", package, "--key", KEYS / "owner.key.pem", "--cert", KEYS / "owner.cert.pem", EXAMPLE, code=2)
        self.assertIn("approve the packages in it", result.err)
        self.assertEqual(package.read_bytes(), before)


if __name__ == "__main__":
    main()
