# SPDX-License-Identifier: Apache-2.0
"""advisories and export inventory over a catalogue: the same answers, and nothing that changed since is a proof."""
import csv
import io
import json
import os
import shutil
import sqlite3

from harness import ROOT_CERT, SOURCE, main, sha256, tampered
from review_case import ALLOW, TRUST, ReviewCase
from sbom_case import SbomCase, changed

CSAF = SOURCE / "tests" / "vectors" / "csaf"
POLICY = ("--trust", "trust.json", ALLOW)


class Indexed(ReviewCase, SbomCase):
    def setUp(self):
        super().setUp()
        self.archives = [self.release(number) for number in (1, 2, 3)]
        self.archives.append(self.numbered(4))  # without an SBOM
        self.verify("trust", "init", "trust.json", "--name", "Plant 7")
        self.verify("trust", "add-signer", "trust.json", "--vendor", "Example Automation GmbH", "--signer", "release", "--role", "release",
                    "--anchor", ROOT_CERT, "--obtained", "phone", "--fingerprint",
                    self.run_program("openssl", "x509", "-in", ROOT_CERT, "-noout", "-fingerprint", "-sha256", code=0).out.split("=")[1].strip(),
                    ALLOW)
        (self.folder / "csaf").mkdir()
        for path in CSAF.glob("[012]*.json"):
            shutil.copy(path, self.folder / "csaf")

    def release(self, number):
        def change(one):
            one["metadata"]["component"]["version"] = f"1.{number}.0"
            one["components"][0].update(purl=f"pkg:generic/openssl@3.5.{3 + number}", cpe="cpe:2.3:a:openssl:openssl:3.5.4:*:*:*:*:*:*:*")
        archive = self.pack(self.sbom_release(changed(self.bound_sbom(), change), release={"version": f"1.{number}.0", "sequence": number},
                                              hardware=[{"model": "EA-RTU7-C"}]), f"s{number}.tar")
        return archive

    def add(self, *archives, trust=POLICY, name="c"):
        self.verify("catalogue", "add", "--catalogue", name, *archives, *trust)

    def advisories(self, *words, code=(0, 3)):
        more = [] if ALLOW in words else [ALLOW]
        return self.verify("advisories", *words, *more, "--csaf", "csaf", "--json", code=code).json()

    def inventory(self, *words, code=0):
        more = [] if ALLOW in words else [ALLOW]
        return self.in_form("export", self.verify("export", "inventory", *words, *more, "--format", "json", code=code).json())

    def answers(self, value, archives):
        """What is said of each archive, without what says where it is from."""
        releases = {one["archive"]: one for one in value["releases"]}
        self.assertEqual(sorted(releases), sorted(str(path) for path in archives))
        for one in releases.values():
            one.pop("catalogue", None)
        return releases

    def test_advisories_say_the_same(self):
        self.add(*self.archives)
        direct = self.advisories(*self.archives, *POLICY, code=3)
        indexed = self.advisories("--catalogue", "c", *POLICY, code=3)
        self.assertEqual([one["catalogue"]["state"] for one in indexed["releases"]], ["there"] * 4)
        self.assertEqual(self.answers(indexed, self.archives), self.answers(direct, self.archives))
        self.assertTrue(any(one["matches"] for release in direct["releases"] for one in release["advisories"]["documents"] if "matches" in one))
        # Without a policy, or with another: what it was verified under is then not asked, or not the same.
        self.assertEqual(self.answers(self.advisories("--catalogue", "c", code=3), self.archives), self.answers(direct, self.archives))
        page = self.verify("advisories", "--catalogue", "c", ALLOW, "--csaf", "csaf", code=3).out
        self.assertEqual(page.count("under Plant 7, as the catalogue says: "), 4)
        for level, code in (("affected", 1), ("possible", 1)):
            self.verify("advisories", "--catalogue", "c", ALLOW, "--csaf", "csaf", "--fail-on", level, code=code)

    def test_what_names_sha512_finds_it(self):
        """The digest that `check` does not compute is kept, or its advisories would be silent."""
        import hashlib
        firmware = (self.folder / "firmware.bin").read_bytes()  # of the last release
        def change(text):
            return text.replace('"algorithm": "sha256"', '"algorithm": "sha512"')
        source = (CSAF / "01-hash-of-the-firmware.json").read_text("utf-8")
        document = json.loads(change(source))
        def put(node):
            if isinstance(node, dict):
                if node.get("algorithm") == "sha512":
                    node["value"] = hashlib.sha512(firmware).hexdigest()
                for one in node.values():
                    put(one)
            elif isinstance(node, list):
                for one in node:
                    put(one)
        put(document)
        shutil.rmtree(self.folder / "csaf")
        (self.folder / "csaf").mkdir()
        (self.folder / "csaf" / "a.json").write_text(json.dumps(document), encoding="utf-8")
        self.add(self.archives[3])
        direct = self.advisories(self.archives[3], *POLICY, code=3)
        self.assertEqual([one["by"] for one in direct["releases"][0]["advisories"]["documents"][0]["matches"]], ["hash"])
        self.assertEqual(self.answers(self.advisories("--catalogue", "c", code=3), self.archives[3:]), self.answers(direct, self.archives[3:]))

    def test_the_inventory_says_the_same(self):
        self.add(*self.archives)
        direct = self.inventory(*self.archives, *POLICY, "--asset", "GW-3")
        indexed = self.inventory("--catalogue", "c", *POLICY, "--asset", "GW-3")
        said = {one["file"]: one for one in indexed["releases"]}
        for one in direct["releases"]:
            found = said.pop(one["file"])
            self.assertRegex(found.pop("verification"), rf"^{one.pop('verification').replace('(', '.').replace(')', '.')}; verified 20\S+Z under Plant 7, as the catalogue says$")
            self.assertEqual(found, one)
        self.assertEqual(said, {})
        rows = list(csv.DictReader(io.StringIO(self.verify("export", "inventory", "--catalogue", "c", ALLOW).out)))
        self.assertEqual([row["Version"] for row in rows], ["1.1.0", "1.2.0", "1.3.0", "1.4.0"])
        self.verify("export", "inventory", "--catalogue", "c", ALLOW, "--format", "html", "--out", "i.html")
        self.assertIn("as the catalogue says", (self.folder / "i.html").read_text("utf-8"))

    def test_what_changed_is_no_proof(self):
        """Each state of an archive: named, exit code 3, and nothing is said of its vulnerabilities."""
        def touch(path):
            os.utime(path, (1, 1))

        def other(path):  # the same length and time, another content: only the catalogue's owner could not tell
            tampered(path, self.folder / "t", 5000).replace(path)

        def link(path):
            path.rename(path.with_suffix(".moved"))
            path.symlink_to(path.with_suffix(".moved"))
        for change, says in ((lambda path: path.unlink(), "no longer there"), (touch, "was changed since"), (other, "was changed since"),
                             (link, "cannot be seen from here")):
            with self.subTest(says):
                (self.folder / "c").unlink(missing_ok=True)
                archive = self.folder / "one.tar"
                archive.unlink(missing_ok=True)
                shutil.copy(self.archives[0], archive)
                self.add(archive)
                change(archive)
                value = self.advisories("--catalogue", "c", *POLICY, code=3)["releases"][0]
                self.assertIn(says, value["error"])
                self.assertNotIn("advisories", value)
                page = self.verify("advisories", "--catalogue", "c", ALLOW, "--csaf", "csaf", code=3).out
                self.assertRegex(page, rf"^NOT CHECKED: {archive}: [^\n]*{says}")
                self.assertNotIn("not affected", page)
                row = self.inventory("--catalogue", "c", code=3)["releases"][0]
                self.assertFalse(row["verified"])
                self.assertRegex(row["verification"], f"^UNVERIFIED: .*{says}")
                self.assertNotIn("signers", row["rows"][0])
                self.assertIn("1 of the releases say UNVERIFIED", self.verify("export", "inventory", "--catalogue", "c", ALLOW, code=3).err)

    def test_what_was_not_verified_or_under_another_policy(self):
        self.add(self.archives[0], trust=())
        self.assertIn("not verified when it was added", self.advisories("--catalogue", "c", code=3)["releases"][0]["error"])
        self.assertIn("not verified when", self.inventory("--catalogue", "c", code=3)["releases"][0]["verification"])
        (self.folder / "c").unlink()
        self.add(self.archives[0], trust=TRUST)
        self.assertIn("another trust policy", self.advisories("--catalogue", "c", *POLICY, code=3)["releases"][0]["error"])
        self.assertNotIn("error", self.advisories("--catalogue", "c")["releases"][0])
        (self.folder / "c").unlink()
        self.add(self.archives[0])
        policy = json.loads((self.folder / "trust.json").read_text("utf-8"))
        policy["version"] += 1
        (self.folder / "trust.json").write_text(json.dumps(policy), encoding="utf-8")
        self.assertIn("another trust policy", self.inventory("--catalogue", "c", *POLICY, code=3)["releases"][0]["verification"])

    def test_example_keys_count_only_where_they_are_let_in(self):
        self.add(self.archives[0])
        result = self.verify("advisories", "--catalogue", "c", "--csaf", "csaf", code=3).out
        self.assertIn("published example keys", result)
        self.assertIn("published example keys", self.verify("export", "inventory", "--catalogue", "c", code=3).out)

    def test_as_of_another_time(self):
        self.add(self.archives[0], trust=(*POLICY, "--at", "2026-11-01T00:00:00Z"))
        self.assertIn("as of 2026-11-01T00:00:00Z", self.verify("advisories", "--catalogue", "c", ALLOW, "--csaf", "csaf", code=(0, 3)).out)
        self.assertIn("as of 2026-11-01T00:00:00Z", self.inventory("--catalogue", "c")["releases"][0]["verification"])

    def older(self, name):
        """What an earlier version of the program would have made: without what releases say."""
        with sqlite3.connect(self.folder / name) as base:
            base.executescript("DROP TABLE statement; PRAGMA user_version = 1")

    def test_catalogues_of_an_earlier_version(self):
        """Several of them: each is brought up to date by itself, and what it lacks is said until it is read again."""
        for number, name in enumerate(("a", "b", "c")):
            self.add(self.archives[number], name=name)
            self.older(name)
        for number, name in enumerate(("a", "b", "c")):
            before = sha256((self.folder / name).read_bytes())
            for words in (("trace", self.archives[0]), ("advisories", "--csaf", "csaf"), ("export", "inventory"), ("catalogue", "list")):
                result = self.verify(*words, "--catalogue", name, code=2)
                self.assertIn("earlier version", result.err)
                self.assertIn("catalogue rebuild", result.err)
            self.assertEqual(sha256((self.folder / name).read_bytes()), before)  # reading changes nothing
            self.verify("catalogue", "add", "--catalogue", name, self.archives[3], *POLICY)
            errors = [one.get("error", "") for one in self.advisories("--catalogue", name, code=3)["releases"]]
            self.assertEqual(["an earlier version of the program added it" in one for one in errors], [True, False])
            self.verify("catalogue", "rebuild", "--catalogue", name, *POLICY)
            direct = self.advisories(self.archives[number], self.archives[3], *POLICY, code=3)
            self.assertEqual(self.answers(self.advisories("--catalogue", name, code=3), [self.archives[number], self.archives[3]]),
                             self.answers(direct, [self.archives[number], self.archives[3]]))

    def test_a_source_that_cannot_be_read_any_more_is_taken_out(self):
        """Whatever the reason: nobody saw in this run that it is what the catalogue says."""
        good = self.archives[0].read_bytes()
        for content in (b"<!DOCTYPE html><html>not found</html>", b"", good[:3000], None):
            self.archives[0].unlink(missing_ok=True)
            self.archives[0].write_bytes(good)
            self.add(*self.archives[:2])
            self.archives[0].unlink()
            if content is None:
                self.archives[0].mkdir()  # a folder that is no journal
            else:
                self.archives[0].write_bytes(content)
            result = self.verify("catalogue", "rebuild", "--catalogue", "c", *POLICY, "--json", code=(1, 2, 3)).json()
            self.assertEqual([one["path"] for one in result["failed"]], [str(self.archives[0])], content)
            self.assertEqual([one["path"] for one in result["sources"]], [str(self.archives[1])], content)
            if content is None:
                self.archives[0].rmdir()

    def test_what_a_stranger_wrote_into_it(self):
        for text in ("[]", "{", "7", '{"advised": 1}', '{"advised": {"subjects": [], "changes": 3}}', '{"advised": {}, "checks": {"a": 1}}',
                     '{"product": [], "release": 4, "advised": {"subjects": {"components": [1], "files": {}}}}'):
            with self.subTest(text):
                (self.folder / "c").unlink(missing_ok=True)
                self.add(self.archives[0])
                with sqlite3.connect(self.folder / "c") as base:
                    base.execute("UPDATE statement SET text = ?", (text,))
                for words in (("advisories", "--csaf", "csaf"), ("advisories", "--csaf", "csaf", "--json"), ("export", "inventory")):
                    self.verify(*words, "--catalogue", "c", code=(0, 2, 3))

    def test_usage(self):
        self.add(self.archives[0])
        for verb in (("advisories", "--csaf", "csaf"), ("export", "inventory")):
            self.verify(*verb, code=2)
            self.verify(*verb, self.archives[0], "--catalogue", "c", code=2)
            self.verify(*verb, "--catalogue", "missing", code=2)
            for option in (("--anchor", ROOT_CERT), ("--at", "2026-11-01T00:00:00Z"), ("--product", "X"), ("--min-sequence", "3")):
                self.assertIn("contradict", self.verify(*verb, "--catalogue", "c", *option, code=2).err)
            (self.folder / "x").write_bytes(b"no archive")
            self.verify("catalogue", "add", "--catalogue", "empty", "x", *POLICY, code=(1, 2, 3))
            self.assertIn("no release", self.verify(*verb, "--catalogue", "empty", code=2).err)


if __name__ == "__main__":
    main()
