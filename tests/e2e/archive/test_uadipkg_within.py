# SPDX-License-Identifier: Apache-2.0
"""What is refused alone is refused in a solution, and for the same reasons: every package of the vectors, and every
release of them whose content is at fault, made into a package."""
import io
import json
import pathlib
import re
import tarfile
import zipfile
import zlib

from harness import SOURCE, main
from package_case import TYPE, URI, Entry, Packages, listing, reference, write_zip
from sbom_case import OTHER, TOOL, BindingCase, zip_of
from trust_pki import Pki

WORLD = {"certificates": {"root": {"kind": "ca"}, "leaf": {"issuer": "root"}}, "crls": {}}
VECTORS = pathlib.Path(SOURCE) / "tests" / "vectors"
WITHIN = "SUBPACKAGES/inner/"
AT = ["--at", "2027-03-01T00:00:00Z"]
TYPES = ("firmware", "software", "configuration")


def vectors(*families):
    index = json.loads((VECTORS / "index.json").read_text("utf-8"))
    return [one for one in index["vectors"] if one["family"] in families and one["verb"] == ["check"]]


def found(record, *results):
    """{(check, reason, where)} of these results."""
    return {(one["check"], one["reason"], one.get("where", "")) for one in record["result"]["checks"] if one["result"] in results}


class Within(Packages, BindingCase):
    def setUp(self):
        super().setUp()
        (self.folder / "pki").mkdir()
        self.pki = Pki(self.folder / "pki")
        self.anchor = self.pki.certificate(WORLD, "root")

    def signed(self, files):
        """[(name, bytes)] with the media type, and a list of all others and its signature by the test's own key."""
        text = listing([reference(name, data) for name, data in files])
        return [("mimetype", TYPE), *files, ("META-INF/ASiCManifest001.xml", text),
                ("META-INF/signature001.p7s", self.pki.cms(WORLD, {"by": "leaf"}, text))]

    def solution(self, path, files):
        """A solution that is right in itself, with these files as the package in it."""
        members = [("META/package_metadata.json", self.metadata(Name="Machine", PackageType="Solution_3"))]
        return self.written(path, self.signed([*members, *((WITHIN + name, data) for name, data in files)]))

    def written(self, path, files):
        return write_zip(self.folder / path, [Entry(*one) for one in files])

    def records(self, paths, *options):
        """{path: record} of one run over all of them."""
        result = self.verify("check", *paths, "--anchor", self.anchor, *options, *AT, "--json", code=None)
        lines = [json.loads(line) for line in result.out.splitlines()]
        self.assertEqual(len(lines), len(paths), result.err[-2000:])
        return dict(zip(paths, lines))

    def test_packages(self):
        """Each package of the vectors that has its form of a ZIP file, which is what a solution loses."""
        anchor = ["--anchor", VECTORS / "verdicts" / "package" / "package-good.pem"]
        cases = {}
        for vector in vectors("package"):
            path = VECTORS / "verdicts" / vector["arguments"][0]["file"]
            try:
                with zipfile.ZipFile(path) as package:
                    files = [(one.filename, package.read(one)) for one in package.infolist() if not one.is_dir()]
            except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError, EOFError, zlib.error):
                continue
            if vector["expect"].get("check") != "package.zip" or vector["id"].startswith("package-name-"):
                cases[self.solution(f"{vector['id']}.uadipkg", files)] = vector
        self.assertGreater(len(cases), 55)
        accepted = []
        for path, record in self.records(list(cases), *anchor).items():
            expect = cases[path]["expect"]
            with self.subTest(cases[path]["id"]):
                if record["result"]["verdict"] == "ACCEPTED":
                    accepted.append(cases[path]["id"].removeprefix("package-"))
                    continue
                self.assertEqual(record["result"]["verdict"], "REFUSED")
                faults = found(record, "FAIL")
                named = [reason for _, reason, where in faults if where.startswith(("SUBPACKAGES/inner/", "name of an entry"))]
                self.assertTrue(named, faults)
                if expect["exit"] == 1 and expect["check"] != "package.zip" and "solution" not in cases[path]["id"]:
                    self.assertTrue(any(check == expect["check"] and expect["reason"] in reason and where.startswith(WITHIN)
                                        for check, reason, where in faults), (expect, faults))
        # Those that are accepted alone, but for lists by SHA-512 and for solutions; and what is wrong about the ZIP file alone.
        self.assertEqual(sorted(accepted), ["good", "good-approved", "good-comment", "good-compact", "good-deflated", "good-folder",
                                            "good-left-out", "name-empty-folder", "zip-polyglot"])

    def release_of(self, data):
        """[(name, bytes)] of a package of this archive, as `export uadipkg` lays it out; None: it is no tar, or no manifest."""
        try:
            with tarfile.open(fileobj=io.BytesIO(data)) as archive:
                files = [(one.name, archive.extractfile(one).read()) for one in archive.getmembers() if one.isreg()]
            manifest = json.loads(dict(files)["MANIFEST.json"])
            roles = {one["path"]: one["role"] for one in manifest["files"]}
            product, release = manifest["product"], manifest["release"]
            kind = min([TYPES.index(role) for role in roles.values() if role in TYPES])
            metadata = self.metadata(Name=product["name"], Manufacturer=product["vendor"], ManufacturerUri=URI, PackageType=kind,
                                     PackageRevision=release["version"], SoftwareRevision=release["version"])
        except (tarfile.TarError, ValueError, KeyError, TypeError, AttributeError):
            return None
        own = {name: data for name, data in files if name == "MANIFEST.json" or name.startswith("SIGNATURES/")}
        return [("META/package_metadata.json", metadata),
                *((("CONTENT/" if roles.get(name) in TYPES else "SUPPLEMENT/") + name, data) for name, data in files if name not in own),
                *(("SUPPLEMENT/cretula/" + name, data) for name, data in own.items())]

    @staticmethod
    def archives(*families):
        return {one["id"]: (VECTORS / "verdicts" / one["arguments"][0]["file"]).read_bytes() for one in vectors(*families)}

    def compare(self, archives, *options):
        """The same is found of each alone and in a solution. Returns how many were refused, and by which checks."""
        pairs = {}
        for name, data in archives.items():
            files = self.release_of(data)
            if files is not None:
                files = self.signed(files)
                pairs[name] = self.written(f"{name}.alone.uadipkg", files), self.solution(f"{name}.within.uadipkg", files)
        records = self.records([one for pair in pairs.values() for one in pair], *options)
        refused, checks = 0, set()
        for name, (alone, within) in pairs.items():
            with self.subTest(name):
                alone, within = records[alone], records[within]
                self.assertEqual(alone["result"]["verdict"], within["result"]["verdict"])
                faults = found(alone, "FAIL")
                refused += alone["result"]["verdict"] == "REFUSED"
                checks |= {check for check, _, _ in faults}
                for results in (("FAIL",), ("WARN", "NOT_CHECKED")):
                    told = {(check, reason, where.removeprefix(WITHIN).removeprefix(": "))
                            for check, reason, where in found(within, *results) if where.startswith(WITHIN)}
                    # Names are those of one ZIP file, with the folder before them.
                    told, known = ({one for one in some if one[0] != "package.zip"} for some in (told, found(alone, *results)))
                    told.discard(("package.manifest", "a package of the solution is not accepted by its own signatures", ""))
                    self.assertEqual(told, known)
        return refused, len(pairs), checks

    def test_contents(self):
        """SBOMs, attestations, advisories, documents: what a package says in its files."""
        refused, of, checks = self.compare(self.archives("content", "provenance"))
        self.assertGreater(refused, 40)
        self.assertGreater(of, 90)
        for check in ("sbom.form", "sbom.binding", "provenance.form", "provenance.subject"):
            self.assertIn(check, checks)

    def profile(self):
        """All that may be raised is raised."""
        soft = re.findall(r"^  (\S+) +release +\w+ +policy ", self.verify("explain", "all").out, re.M)
        self.assertGreater(len(soft), 20)
        path = self.folder / "all.json"
        path.write_text(json.dumps({"cretula": "profile/1", "name": "all", "version": 1, "topics": [{"id": "S3", "title": "Context"}],
                                    "severities": {check: "fail" for check in soft}}), "utf-8")
        return ["--profile", path]

    def test_contents_where_a_profile_asks_for_more(self):
        refused, of, checks = self.compare(self.archives("content", "provenance"), *self.profile())
        self.assertEqual(refused, of)
        for check in ("provenance.signature", "provenance.coverage", "sbom.ntia", "sbom.bsi", "topics.answered"):
            self.assertIn(check, checks)

    def test_texts_and_advice(self):
        """Claims in documents, VEX and advisories that are none, files inside of files: as of a package alone, with a profile and without."""
        made = {}
        for name, (file, data, role) in {"claims": ("claim.md", b"Certified to IEC 62443-4-2.\n", "document"), "vex": ("vex.json", b"{", "vex"),
                                         "advisory": ("advisory.json", b"{", "advisory")}.items():
            (self.folder / "fw.bin").write_bytes(b"firmware")
            (self.folder / file).write_bytes(data)
            made[name] = self.pack(self.description([("fw.bin", {"role": "firmware"}), (file, {"role": role})]), f"{name}.tar").read_bytes()
        inside = zip_of({"usr/bin/tool": TOOL, "usr/lib/other": OTHER}, zipfile.ZIP_STORED)
        made["nested"] = self.pack(self.nested_release("a.zip", inside), "nested.tar").read_bytes()
        self.assertEqual(self.compare(made)[0], 0)
        refused, of, checks = self.compare(made, *self.profile())
        self.assertEqual((refused, of), (4, 4))
        self.assertLessEqual({"claims.hygiene", "vex.match", "advisory.match"}, checks)

    def test_manifests(self):
        refused, of, checks = self.compare(self.archives("manifest"))
        self.assertGreater(refused, 100)
        self.assertGreater(of, refused)
        self.assertIn("manifest.form", checks)


if __name__ == "__main__":
    main()
