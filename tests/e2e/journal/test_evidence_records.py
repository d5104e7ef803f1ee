# SPDX-License-Identifier: Apache-2.0
"""Seals and Bouncy Castle: what one of the two wrote and renewed, the other one verifies."""
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import time
import unittest

import harness
import seal_reader
from clock_case import YEAR, ClockCase
from harness import HEAVY, SOURCE, main

JARS = [pathlib.Path("/usr/share/java") / name for name in ("bcpkix.jar", "bcprov.jar", "bcutil.jar")]
# The years of renewals after the first: with all of them a chain is of five.
LATER = (8, 12, 16) if HEAVY else (8,)


@unittest.skipIf(harness.SANITIZED or not shutil.which("faketime"), "the clock is another one by faketime")
@unittest.skipUnless(shutil.which("javac") and all(one.exists() for one in JARS), "needs libbcpkix-java and a JDK")
class EvidenceRecords(ClockCase):
    def begin(self, year=0):
        """Starts Bouncy Castle, which has the machine's own clock; the test's begins that many years from it."""
        self.start = int(time.time()) + year * YEAR
        self.authority(0)
        self.root = self.folder / "clock-root.pem"
        path = os.pathsep.join(str(one) for one in JARS)
        if not (self.shared / "EvidenceRecords.class").exists():
            self.run_program("javac", "-J-XX:TieredStopAtLevel=1", "-cp", path, "-d", self.shared,
                             SOURCE / "tests" / "e2e" / "java" / "EvidenceRecords.java", code=0)
        self.java = subprocess.Popen(["java", "-XX:TieredStopAtLevel=1", "-cp", f"{self.shared}{os.pathsep}{path}", "EvidenceRecords", self.root],
                                     stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=self.folder)
        self.addCleanup(self.java.communicate)

    def castle(self, *words, says="ok"):
        """What Bouncy Castle answers to a command."""
        words = (",".join(map(str, word)) if isinstance(word, list) else str(word) for word in words)
        self.java.stdin.write("\t".join(words) + "\n")
        self.java.stdin.flush()
        self.assertIn(says, self.java.stdout.readline())

    def agree(self, stamps, groups):
        """Bouncy Castle and a reader of our own about seals and what each is over."""
        for seal, files in groups.items():
            self.castle("verify", seal, files)
            self.assertEqual(seal_reader.check(seal.read_bytes(), [one.read_bytes() for one in files]), stamps)

    def test_bouncy_castle_reads_ours(self):
        self.begin()
        journal = self.folder / "journal"
        archive = self.release()
        self.recorded(archive, "--journal", journal)
        self.recorded(archive, "--journal", journal, name="second")
        self.exchange(0, "journal", "seal", journal)
        folder = journal / "records"
        groups = {seal: [journal / "journal.jsonl"] if seal.name.startswith("lines") else [folder / seal.stem, folder / f"{seal.stem}.p7s"]
                  for seal in sorted((journal / "seals").iterdir())}
        self.assertEqual(len(groups), 3)
        self.agree([1], groups)
        seal, files = next(iter(groups.items()))
        # Of another file; with a leaf, a node, or a byte of the token changed.
        self.castle("verify", seal, [archive], says="object hash not found")
        first = seal.read_bytes()
        leaf = first.index(hashlib.sha256(files[1].read_bytes()).digest())
        sibling = seal_reader.first_tree(first)[-1][-1]
        bad = folder / f"{seal.stem}.ers"
        for place, reason in ((leaf, "not found"), (first.index(sibling), "does not match root"), (len(first) - 1, "ignature")):
            bad.write_bytes(first[:place] + bytes([first[place] ^ 1]) + first[place + 1:])
            self.castle("verify", bad, files, says=reason)
            self.at(0, "seal", "verify", bad, "--data", folder, "--authority", self.root, code=1)
        self.exchange(4, "seal", "renew", *groups)
        self.agree([2], groups)
        self.castle("validate", seal)
        for years in LATER:
            self.exchange(years, "seal", "renew", seal)
        self.agree([2 + len(LATER)], {seal: files})
        # RFC 4998 has the token before hashed; the library would have them all.
        self.castle("validate", seal, says="unable to process previous ArchiveTimeStamps")
        self.exchange(LATER[-1] + 4, "seal", "renew", seal, "--digest", "sha512", digest="sha512")
        self.agree([2 + len(LATER), 1], {seal: files})
        self.castle("validate", seal)
        self.castle("verify", seal, [archive], says="object hash not found")
        self.at(LATER[-1] + 5, "seal", "verify", seal, "--authority", self.root)

    def test_ours_reads_bouncy_castle(self):
        self.begin(-20)  # or it would call the timestamps of later years ones from the future
        query = self.folder / "query"
        groups = {}
        for names in (["a.json"], ["b.json", "b.json.p7s"], ["d.json"]):
            files = [self.folder / name for name in names]
            for path in files:
                path.write_text(f'{{"name": "{path.name}"}}\n')
            groups[self.folder / f"{names[0]}.ers"] = files

        def verify(years, stamps, chains, digest):
            self.agree(stamps, groups)
            told = json.loads(self.at(years, "seal", "verify", *groups, "--data", self.folder, "--authority", self.root, "--json").out)["seals"]
            self.assertEqual([len(one["over"]) for one in told], [len(files) for files in groups.values()])
            self.assertEqual({(one["timestamps"], one["chains"], one["digest"]) for one in told}, {(sum(stamps), chains, digest)})

        self.castle("request", "sha256", query, *groups.values())
        self.castle("records", self.answer(0, query), *groups)
        verify(1, [1], 1, "sha256")
        seal = self.folder / "b.json.ers"
        files = groups[seal]
        groups = {seal: files}
        for years in (4, 8):
            self.castle("renew", seal, query)
            self.castle("renewed", seal, self.answer(years, query), seal)
        verify(9, [3], 1, "sha256")
        self.castle("rehash", "sha512", seal, query, files)
        self.castle("rehashed", "sha512", seal, self.answer(12, query, digest="sha512"), seal, files)
        verify(13, [3, 1], 2, "sha512")
        # What the library renewed, ours renews, and the library reads again.
        self.exchange(16, "seal", "renew", *groups, "--data", self.folder, digest="sha512")
        verify(17, [3, 2], 2, "sha512")
        files[1].write_text("{}\n")
        said = self.at(17, "seal", "verify", seal, "--data", self.folder, "--authority", self.root, code=1)
        self.assertIn("the seal is not over", said.err + said.out)


class Rules(unittest.TestCase):
    def test_the_vectors_by_the_other_reader(self):
        """Every rule of tree and renewal: what the vectors say is whole, or is not, the reader of the tests says too."""
        folder = SOURCE / "tests" / "vectors"
        vectors = [one for one in json.loads((folder / "index.json").read_text("utf-8"))["vectors"] if one["family"] == "seal"]
        asked = {0: 0, 1: 0}
        for one in vectors:
            if one["expect"].get("check") not in (None, "seal.data"):
                continue  # of form and times, which are not this reader's matter
            seal = folder / "verdicts" / one["arguments"][0]["file"]
            beside = seal.parent.parent
            files = [(beside / name).read_bytes() for name in ("it.json", "it.json.p7s")]
            asked[one["expect"]["exit"]] += 1
            with self.subTest(one["id"]):
                if one["expect"]["exit"] == 0:
                    self.assertGreater(sum(seal_reader.check(seal.read_bytes(), files)), 0)
                else:
                    with self.assertRaises(AssertionError):
                        seal_reader.check(seal.read_bytes(), files)
        self.assertGreater(min(asked.values()), 10, asked)


main()
