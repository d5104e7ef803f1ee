# SPDX-License-Identifier: Apache-2.0
"""Lesson 21: archives of earlier versions (tests/vectors/archives) stay acceptable, and identical."""
import gzip
import hashlib
import json

from harness import SOURCE, Case, main, read_member, signature_member, tampered, tree

VECTORS = SOURCE / "tests" / "vectors" / "archives"
ROOT = VECTORS / "root.cert.pem"
AT = ["--at", "2030-01-01T00:00:00Z"]


class Golden(Case):
    def archives(self):
        """{name: path}, unpacked where they are compressed."""
        found = {}
        for path in sorted(VECTORS.glob("*.cretula.tar*")):
            name = path.name.removesuffix(".gz")
            found[name.removesuffix(".cretula.tar")] = self.folder / name
            data = path.read_bytes()
            (self.folder / name).write_bytes(gzip.decompress(data) if path.suffix == ".gz" else data)
        self.assertGreaterEqual(len(found), 7)
        return found

    def payload(self, archives):
        self.verify("extract", archives["several"], "--to", "payload", "--anchor", ROOT, *AT)
        return ["--payload", self.folder / "payload"]

    def test_all_are_accepted_under_their_identity(self):
        archives = self.archives()
        identities = json.loads((VECTORS / "identities.json").read_text("utf-8"))
        payload = self.payload(archives)
        for name, path in archives.items():
            more = payload if name == "detached" else []
            with self.subTest(name):
                record = self.verify("check", path, "--anchor", ROOT, *AT, *more, "--json").json()
                listed = identities.get(path.name) or identities[path.name + ".gz"]
                self.assertEqual(record["what"]["identity"], listed)
                self.assertEqual(hashlib.sha256(read_member(path, "MANIFEST.json")).hexdigest(), listed)
                self.assertEqual(record["result"]["verdict"], "ACCEPTED")

    def test_stock_openssl_agrees(self):
        for name, path in self.archives().items():
            with self.subTest(name):
                signature, content = self.folder / "s.p7s", self.folder / "m.json"
                signature.write_bytes(read_member(path, signature_member(path).name))
                content.write_bytes(read_member(path, "MANIFEST.json"))
                self.run_program("openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", signature, "-content",
                                 content, "-CAfile", ROOT, "-purpose", "any", "-out", "/dev/null", code=0)

    def test_original_names_come_back(self):
        archives = self.archives()
        self.payload(archives)
        self.assertIn("Anleitung für Geräte (DE).html", tree(self.folder / "payload"))

    def test_a_changed_one_is_refused(self):
        archives = self.archives()
        payload = self.payload(archives)
        for name, path in archives.items():
            more = payload if name == "detached" else []
            where = signature_member(path)
            with self.subTest(name):
                bad = tampered(path, self.folder / "bad.tar", where.data + where.size - 9)
                self.verify("check", bad, "--anchor", ROOT, *AT, *more, code=1)


if __name__ == "__main__":
    main()
