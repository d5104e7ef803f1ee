# SPDX-License-Identifier: Apache-2.0
"""A solution has one budget, however many packages lie in it: each limit of the whole refuses, and memory is that of one package."""
import json
import os
import random
import subprocess

from harness import VERIFY, main, not_sanitized
from package_case import TYPE, Entry, Packages, listing, reference, write_zip
from trust_pki import Pki

WORLD = {"certificates": {"leaf": {}}, "crls": {}}
MIB = 1 << 20
TEXT = b" " * 8 * MIB


class Limits(Packages):
    def setUp(self):
        super().setUp()
        (self.folder / "pki").mkdir()
        self.pki = Pki(self.folder / "pki")
        self.trust = ["--anchor", self.pki.certificate(WORLD, "leaf")]

    def unpacked(self, members):
        text = listing([reference(name, data) for name, data in members])
        return [("mimetype", TYPE), *members, ("META-INF/ASiCManifest001.xml", text),
                ("META-INF/signature001.p7s", self.pki.cms(WORLD, {"by": "leaf"}, text))]

    def solution(self, name, parts, filler=0, change=None):
        """Files are deflated; the filler is what no packer makes smaller."""
        members = [("META/package_metadata.json", self.metadata(Name="Machine", PackageType="Solution_3")),
                   ("CONTENT/filler.bin", random.Random(1).randbytes(filler))]
        for folder, files in parts.items():
            members += [(f"SUBPACKAGES/{folder}/{path}", data) for path, data in files]
        entries = [Entry(path, data, deflate=len(data) > MIB and path != "CONTENT/filler.bin") for path, data in self.unpacked(members)]
        for entry in entries:
            if change:
                change(entry)
        return write_zip(self.folder / name, entries)

    def refused(self, package):
        result = self.verify("check", package, *self.trust, "--json", code=1)
        return [(one["check"], one["reason"], one.get("where", "")) for one in result.json()["result"]["checks"] if one["result"] == "FAIL"]

    def parts(self, count, *more):
        files = self.unpacked([*self.plain(), *more])
        return {f"p{number:02}": files for number in range(count)}

    def test_statements_of_all_packages(self):
        """Each is within its own cap. What the directory says is enough: nothing of them is read."""
        def claim(size):
            def change(entry):
                if entry.name.endswith(b"cretula/MANIFEST.json"):
                    entry.deflate, entry.size = True, size
            return change
        parts = self.parts(5, ("SUPPLEMENT/cretula/MANIFEST.json", b"{}"))
        for size, says in ((52 * MIB, "hold more lists, signatures, metadata and manifests"), (51 * MIB, "shorter than the directory says")):
            faults = self.refused(self.solution("stated.uadipkg", parts, 4 * MIB, claim(size)))
            self.assertTrue(any(says in reason for _, reason, _ in faults), (size, faults))
            self.assertEqual(("archive.limits" in {check for check, _, _ in faults}), size == 52 * MIB, faults)

    def test_files_of_all_packages(self):
        """Each has eight MiB of text, which one package may; all of them are more than is read of one file."""
        parts = self.parts(33, ("SUPPLEMENT/manual.txt", TEXT))
        [limit, package] = self.refused(self.solution("parsed.uadipkg", parts, 4 * MIB))
        self.assertEqual((limit[0], limit[2]), ("archive.limits", "SUBPACKAGES/p32/"))
        self.assertIn("hold more SBOMs, attestations, advisories and documents", limit[1])
        self.assertEqual(package[2], "SUBPACKAGES/p32/")
        del parts["p32"]
        self.verify("check", self.solution("fits.uadipkg", parts, 4 * MIB), *self.trust)

    def test_the_whole_file(self):
        """What is unpacked, and how many entries: over all packages together."""
        parts = self.parts(9, ("CONTENT/zeros.bin", bytes(8 * MIB)))
        [fault] = self.refused(self.solution("bomb.uadipkg", parts))
        self.assertIn("unpacked far larger than the file", fault[1])
        self.verify("check", self.solution("good.uadipkg", parts, MIB), *self.trust)
        many = [(f"CONTENT/{number}", b"") for number in range(320)]
        [fault] = self.refused(self.solution("many.uadipkg", self.parts(64, *many)))
        self.assertEqual((fault[0], "the number of entries" in fault[1]), ("package.zip", True), fault)

    @not_sanitized
    def test_memory_is_that_of_one_package(self):
        """Twelve packages with eight MiB each that are read, and one of them."""
        used = {}
        for count in (1, 12):
            package = self.solution(f"{count}.uadipkg", self.parts(count, ("SUPPLEMENT/manual.txt", TEXT)), MIB)
            process = subprocess.Popen([VERIFY, "check", package, *self.trust, "--json"], stdout=subprocess.PIPE)
            record = json.loads(process.stdout.read())
            _, code, usage = os.wait4(process.pid, 0)
            process.returncode = code
            process.stdout.close()
            self.assertEqual(record["result"]["verdict"], "ACCEPTED")
            used[count] = usage.ru_maxrss
        self.assertLess(used[12] - used[1], 16 << 10, used)


if __name__ == "__main__":
    main()
