# SPDX-License-Identifier: Apache-2.0
"""The package with the library that is installed: CRETULA_VERIFY names another cretula-verify, CRETULA_VECTORS the folder with
the vectors of Cretula's sources (tests/vectors), of which some are used."""
import datetime
import hashlib
import os
import pathlib
import tempfile
import unittest

import cretula

VECTORS = pathlib.Path(os.environ.get("CRETULA_VECTORS") or pathlib.Path(__file__).resolve().parents[4] / "tests" / "vectors") / "verdicts"
PROGRAM = os.environ.get("CRETULA_VERIFY")
NOW = datetime.datetime(2027, 3, 1, tzinfo=datetime.timezone.utc)


@unittest.skipUnless(VECTORS.is_dir(), "CRETULA_VECTORS names no folder of vectors")
class Package(unittest.TestCase):
    def setUp(self) -> None:
        self.good = VECTORS / "archive" / "archive-good.tar"
        self.root = VECTORS / "archive" / "archive-good.root.pem"

    def verifier(self, **options: object) -> cretula.Verifier:
        return cretula.Verifier(**{"anchor": self.root, "at": NOW, "program": PROGRAM, **options})  # type: ignore[arg-type]

    def test_facts(self) -> None:
        result = self.verifier().verify(self.good)
        self.assertEqual(result.verdict, cretula.Verdict.ACCEPTED)
        self.assertEqual((result.vendor, result.product, result.version, result.sequence), ("Werke AG", "RTU-9", "1.0.0", 7))
        self.assertEqual([one.path for one in result.files], ["SHA256SUMS", "b.txt", "fw.bin"])
        self.assertTrue(all(one.verified for one in result.files))
        self.assertEqual(result.signers[0].role, "release")

    def test_a_refusal(self) -> None:
        result = self.verifier(product="Another").verify(self.good)
        self.assertFalse(result)
        self.assertEqual(result.verdict_name, "REFUSED")
        self.assertTrue(any(one.result == "FAIL" and one.check == result.check for one in result.findings))

    def test_bytes_descriptors_and_files(self) -> None:
        verifier = self.verifier(anchor=self.root.read_bytes())
        with open(self.good, "rb") as archive:
            self.assertTrue(verifier.verify(archive).accepted)
        descriptor = os.open(self.good, os.O_RDONLY)
        try:
            self.assertTrue(verifier.verify(descriptor).accepted)
        finally:
            os.close(descriptor)

    def test_delivery_and_extraction(self) -> None:
        digests = {}
        result = self.verifier().deliver(self.good, lambda one: digests.setdefault(one.path, hashlib.sha256()),
                                         lambda one, data: digests[one.path].update(data))
        self.assertEqual({name: one.hexdigest() for name, one in digests.items()}, {one.path: one.sha256 for one in result.files})
        with tempfile.TemporaryDirectory() as folder:
            target = pathlib.Path(folder) / "new"
            self.assertTrue(self.verifier().extract(self.good, target))
            self.assertEqual(sorted(one.name for one in target.iterdir()), ["SHA256SUMS", "b.txt", "fw.bin"])

    def test_options(self) -> None:
        with self.assertRaises(cretula.OptionError):
            self.verifier(at=datetime.datetime(2027, 3, 1))
        self.assertEqual(self.verifier(at="noon").verify(self.good).verdict, cretula.Verdict.NOT_JUDGED)


if __name__ == "__main__":
    unittest.main()
