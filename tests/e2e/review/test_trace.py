# SPDX-License-Identifier: Apache-2.0
"""trace and catalogue: which release, document or component is this file? The same answer with and without an index."""
import io
import os
import pathlib
import sqlite3
import subprocess
import tarfile
import zipfile

from harness import CLEAN_ENVIRONMENT, VERIFY, main, member, read_member, tampered
from review_case import TRUST, ReviewCase


def tar_of(members, mode="w"):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


class TraceCase(ReviewCase):
    def nested(self, number=1, out=None, **members):
        """A release with an archive in an archive."""
        deep = tar_of({"bin/tool": b"tool %d" % number, **{name: data for name, data in members.items()}}, "w:gz")
        with zipfile.ZipFile(self.folder / "outer.zip", "w") as archive:
            archive.writestr("fs.tgz", deep)
            archive.writestr("readme.txt", f"readme {number}")
        return self.numbered(number, out, files=[("outer.zip", {"role": "firmware"})])

    def file(self, name, data):
        path = self.folder / name
        path.write_bytes(data)
        return path

    def trace(self, *arguments, code=0):
        result = self.verify("trace", *arguments, "--json", code=code)
        value = self.in_form("trace", result.json())
        self.assertEqual(value["exitCode"], code)
        return value

    def paths(self, value, index=0):
        return sorted((one["kind"], one["path"]) for one in value["files"][index]["found"])


class Trace(TraceCase):
    def test_where_a_file_is_from(self):
        archive = self.nested(1)
        self.nested(2)
        other = self.file("renamed", b"tool 1")
        value = self.trace(other, "--in", archive, "--in", "r2.cretula.tar", *TRUST)
        self.assertEqual(self.paths(value), [("nested", "outer.zip!/fs.tgz!/bin/tool")])
        source = value["files"][0]["found"][0]["source"]
        self.assertEqual((source["release"]["version"], source["verified"], source["state"]), ("1.1.0", True, "there"))
        self.assertTrue(source["exampleKeys"])
        # The inner archive, the outer one, a plain file, the manifest.
        with zipfile.ZipFile(self.folder / "outer.zip") as outer:
            inner = self.file("fs.tgz", outer.read("fs.tgz"))
        manifest = self.file("M", pathlib.Path(archive).read_bytes()[512:][:member(archive, "MANIFEST.json").size])
        value = self.trace(inner, "outer.zip", "firmware.bin", manifest, "--in", archive, "--in", "r2.cretula.tar", *TRUST)
        self.assertEqual([self.paths(value, index)[0][1] for index in range(4)],
                         ["outer.zip!/fs.tgz", "outer.zip", "firmware.bin", "MANIFEST.json"])
        page = self.verify("trace", other, "--in", archive, *TRUST).out
        self.assertIn("file outer.zip!/fs.tgz!/bin/tool of", page)
        self.assertIn("with example keys, which prove nothing", page)

    def test_what_nobody_knows(self):
        archive = self.nested(1)
        other = self.file("firmware.bin2", b"something else")
        value = self.trace(other, "--in", archive, *TRUST, code=1)
        self.assertEqual([value["files"][0]["known"], value["files"][0]["found"]], [False, []])
        # The same name with another content is a hint, and no answer.
        (self.folder / "firmware.bin").write_bytes(b"another")
        value = self.trace("firmware.bin", "--in", archive, *TRUST, code=1)
        self.assertEqual([one["path"] for one in value["files"][0]["sameName"]], ["firmware.bin"])
        self.assertIn("UNKNOWN", self.verify("trace", "firmware.bin", "--in", archive, *TRUST, code=1).out)

    def test_without_trust_nothing_inside_is_looked_into(self):
        archive = self.nested(1)
        plain = self.trace("firmware.bin", "--in", archive)
        self.assertFalse(plain["files"][0]["found"][0]["source"]["verified"])
        self.assertIn("UNVERIFIED", self.verify("trace", "firmware.bin", "--in", archive).out)
        inner = self.file("x", b"tool 1")
        value = self.trace(inner, "--in", archive, code=3) # not "unknown": it was not looked into
        self.assertEqual(len(value["gaps"]), 1)
        self.assertIn("not everything was looked into", self.verify("trace", inner, "--in", archive, code=3).out)

    def test_a_refused_archive_answers_nothing(self):
        archive = self.nested(1)
        bad = tampered(archive, self.folder / "bad.tar", member(archive, "firmware.bin").data)
        value = self.trace("firmware.bin", "--in", bad, *TRUST, code=3)
        self.assertEqual(value["files"][0]["found"], [])
        self.assertIn("firmware.bin", value["failed"][0]["why"])
        self.assertEqual(self.trace("firmware.bin", "--in", bad, "--in", archive, *TRUST)["failed"][0]["path"], str(bad))
        self.file("junk", b"no archive")
        self.trace("firmware.bin", "--in", "junk", *TRUST, code=3)
        self.trace("firmware.bin", "--in", "missing", *TRUST, code=3)

    def test_damaged_and_deep_archives_inside_are_gaps(self):
        deep = tar_of({"f": b"deepest"})
        for _ in range(6):
            deep = tar_of({"a.tar": deep})
        good = tar_of({"bin/tool": b"tool x", "b/z.gz": b"\x1f\x8b\x08 no gzip"}, "w:gz")
        (self.folder / "cut.tgz").write_bytes(good[:-20])
        (self.folder / "deep.tar").write_bytes(deep)
        (self.folder / "good.tgz").write_bytes(good)
        archive = self.numbered(1, files=["cut.tgz", "deep.tar", "good.tgz"])
        unknown = self.file("unknown", b"nothing has this")
        value = self.trace(unknown, "--in", archive, *TRUST, code=3)
        self.assertEqual(sorted({one["path"].split("!/")[0] for one in value["gaps"]}), ["cut.tgz", "deep.tar"])
        self.assertEqual(self.paths(self.trace(self.file("t", b"tool x"), "--in", archive, *TRUST))[-1],
                         ("nested", "good.tgz!/bin/tool"))

    def test_records_and_journals(self):
        archive = self.nested(1)
        self.check(archive, "--journal", "journal", "--asset", "GW-3")
        record = next((self.folder / "journal" / "records").glob("*.json"))
        value = self.trace("firmware.bin", record, "--in", "journal", "--in", record)
        self.assertEqual(value["files"][0]["found"][0]["source"]["kind"], "record")
        self.assertFalse(value["files"][0]["found"][0]["source"]["verified"])
        self.assertEqual([(one["number"], one["asset"], one["verdict"]) for one in value["files"][0]["lines"]],
                         [(1, "GW-3", "ACCEPTED")])
        self.assertEqual({one["source"]["kind"] for one in value["files"][1]["found"]}, {"journal", "record"})
        self.assertIn("asset GW-3", self.verify("trace", "firmware.bin", "--in", "journal", "--in", record).out)
        # The journal alone knows what its records list; without a record that is a gap, and no answer.
        value = self.trace("firmware.bin", "--in", "journal")
        self.assertEqual(value["files"][0]["found"][0]["source"]["release"]["version"], "1.1.0")
        self.assertIn("asset GW-3", self.verify("trace", "firmware.bin", "--in", "journal").out)
        self.trace(self.file("other", b"other"), "--in", "journal", code=1)
        text = record.read_bytes()
        record.write_bytes(text.replace(b"GW-3", b"GW-4"))
        self.trace("firmware.bin", "--in", "journal", code=3)
        record.unlink()
        self.assertIn("line", self.trace("firmware.bin", "--in", "journal", code=3)["gaps"][0]["path"])

    def test_a_line_that_was_withdrawn_does_not_count(self):
        prefix = self.own_keys()
        self.file("real.bin", b"real")
        self.sign("pack", self.description([("real.bin", {"role": "firmware"})]), "--key", f"{prefix}.key.pem", "--cert",
                  f"{prefix}.cert.pem", "--out", "real.tar")
        words = ["check", "real.tar", "--anchor", f"{prefix}-root.cert.pem", "--journal", "journal"]
        with open("/dev/full", "wb") as full:
            done = subprocess.run([VERIFY, *words], stdout=full, stderr=subprocess.PIPE, env=CLEAN_ENVIRONMENT, cwd=self.folder,
                                  check=False)
        self.assertEqual(done.returncode, 3)
        self.verify(*words)
        page = self.verify("trace", "real.bin", "--in", "journal", "--in", "real.tar", "--anchor", f"{prefix}-root.cert.pem").out
        lines = [line for line in page.splitlines() if ": ACCEPTED" in line]
        self.assertEqual(["ACCEPTED (does not count) " in line for line in lines], [True, False], lines)

    def test_a_manifest_alone(self):
        archive = self.nested(1)
        self.file("M.json", read_member(archive, "MANIFEST.json"))
        found = self.trace("firmware.bin", "--in", "M.json")["files"][0]["found"]
        self.assertEqual([(one["source"]["kind"], one["source"]["verified"]) for one in found], [("manifest", False)])
        self.trace("firmware.bin", "--in", "M.json", *TRUST, code=3)  # nothing in it can be verified

    def test_usage(self):
        archive = self.nested(1)
        self.verify("trace", "firmware.bin", code=2)
        self.verify("trace", "firmware.bin", "--in", archive, "--catalogue", "c", code=2)
        self.verify("trace", "--in", archive, code=2)
        self.verify("trace", "missing", "--in", archive, *TRUST, code=3)

    def test_hostile_names_stay_text(self):
        evil = "a\x1b[31m\u202eb"
        with zipfile.ZipFile(self.folder / "outer.zip", "w") as archive:
            archive.writestr(evil, b"evil")
        archive = self.numbered(1, files=["outer.zip"])
        self.file("e", b"evil")
        for more in ((), ("--json",)):
            out = self.verify("trace", "e", "--in", archive, *TRUST, *more).out
            self.assertNotIn("\x1b", out)
            self.assertNotIn("\u202e", out)
            self.assertIn("31m", out)
        name = self.file("n\x1b]0;x", b"evil")
        self.assertNotIn("\x1b", self.verify("trace", name, "--in", archive, *TRUST).out)


class Catalogue(TraceCase):
    def setUp(self):
        super().setUp()
        self.archive = self.nested(1)
        self.file("tool", b"tool 1")

    def add(self, *operands, code=0, trust=TRUST):
        value = self.verify("catalogue", "add", "--catalogue", "c", *operands, *trust, "--json", code=code).json()
        return self.in_form("catalogue", value)

    def test_the_same_answer_with_and_without(self):
        self.nested(2)
        self.check(self.archive, "--journal", "journal", "--asset", "GW-3")
        operands = [self.archive, "r2.cretula.tar", "journal"]
        self.assertEqual(len(self.add(*operands)["sources"]), 4)  # the record of the journal is one too
        files = ["tool", "firmware.bin", self.file("none", b"none")]
        without = self.trace(*files, *[word for one in operands for word in ("--in", one)], *TRUST, code=1)
        with_it = self.trace(*files, "--catalogue", "c", code=1)
        for value in (without, with_it):
            for one in value["files"]:
                for hit in one["found"]:
                    hit["source"].pop("read")
        self.assertEqual(without, with_it)
        # Adding again replaces.
        self.assertEqual(len(self.add(*operands)["sources"]), 4)
        self.assertEqual(self.trace("tool", "--catalogue", "c")["files"][0]["count"], 1)

    def test_what_was_refused_is_not_in_it(self):
        bad = tampered(self.archive, self.folder / "bad.tar", member(self.archive, "firmware.bin").data)
        value = self.add(bad, self.archive, code=1)
        self.assertEqual([one["path"] for one in value["failed"]], [str(bad)])
        self.assertEqual([one["path"] for one in value["sources"]], [str(self.archive)])

    def test_what_is_refused_later_does_not_stay_verified(self):
        self.add(self.archive)
        self.assertTrue(self.trace("tool", "--catalogue", "c")["files"][0]["found"][0]["source"]["verified"])
        bad = tampered(self.archive, self.folder / "bad.tar", member(self.archive, "firmware.bin").data)
        bad.replace(self.archive)
        value = self.verify("catalogue", "rebuild", "--catalogue", "c", *TRUST, "--json", code=1).json()
        self.assertEqual((len(value["failed"]), value["sources"]), (1, []))
        self.trace("tool", "--catalogue", "c", code=1)

    def test_what_became_of_a_source_is_said(self):
        self.add(self.archive)
        state = lambda: self.trace("tool", "--catalogue", "c")["files"][0]["found"][0]["source"]["state"]
        self.assertEqual(state(), "there")
        self.verify("catalogue", "check", "--catalogue", "c")
        os.utime(self.archive, (1, 1))
        self.assertEqual(state(), "changed")
        self.verify("catalogue", "check", "--catalogue", "c", code=1)
        self.assertIn("changed since", self.verify("trace", "tool", "--catalogue", "c").out)
        self.verify("catalogue", "rebuild", "--catalogue", "c", *TRUST)
        self.assertEqual(state(), "there")
        self.archive.unlink()
        self.assertEqual(state(), "gone")
        self.assertIn("no longer there", self.verify("trace", "tool", "--catalogue", "c").out)
        self.verify("catalogue", "rebuild", "--catalogue", "c", *TRUST)
        self.trace("tool", "--catalogue", "c", code=1)

    def test_it_says_what_was_verified(self):
        self.add(self.archive, trust=())
        source = self.trace("firmware.bin", "--catalogue", "c")["files"][0]["found"][0]["source"]
        self.assertFalse(source["verified"])
        self.assertNotIn("policy", source)
        self.assertIn("UNVERIFIED", self.verify("trace", "firmware.bin", "--catalogue", "c").out)
        self.trace("tool", "--catalogue", "c", code=3)
        self.assertIn("never evidence", self.verify("trace", "firmware.bin", "--catalogue", "c").out)

    def refused_file(self, path, code=2):
        for command in (("catalogue", "list"), ("catalogue", "check"), ("trace", "tool")):
            result = self.verify(*command, "--catalogue", path, code=code)
            self.assertEqual(result.out, "", result)
        before = pathlib.Path(path).read_bytes() if pathlib.Path(path).is_file() else None
        self.verify("catalogue", "add", "--catalogue", path, self.archive, *TRUST, code=code)
        if before is not None:
            self.assertEqual(pathlib.Path(path).read_bytes(), before)

    def test_files_that_are_no_catalogue(self):
        self.file("text", b"just a text\n" * 1000)
        self.file("empty", b"")
        with sqlite3.connect(self.folder / "other") as base:
            base.execute("CREATE TABLE source(id)")
        self.add(self.archive)
        os.link(self.folder / "c", self.folder / "kept")
        (self.folder / "link").symlink_to("c")
        (self.folder / "dangling").symlink_to("nowhere")
        (self.folder / "folder").mkdir()
        os.mkfifo(self.folder / "pipe")
        for name in ("text", "empty", "other", "link", "dangling", "folder", "pipe", "/dev/null", "/dev/zero"):
            with self.subTest(name):
                self.refused_file(name if name.startswith("/") else self.folder / name)
                # Nobody else's file is ever replaced.
                self.verify("catalogue", "rebuild", "--catalogue", name, self.archive, *TRUST, code=2)
        self.assertFalse((self.folder / "nowhere").exists())
        self.assertIn("just a text", (self.folder / "text").read_text())

    def planted(self, sql):
        self.add(self.archive)
        with sqlite3.connect(self.folder / "c") as base:
            base.executescript(sql)

    def test_what_a_stranger_put_into_it(self):
        for sql in ("CREATE TRIGGER t AFTER INSERT ON item BEGIN DELETE FROM item; END",
                    "CREATE VIEW v AS SELECT * FROM item", "CREATE TABLE more(x)", "DROP INDEX item_sha256",
                    "PRAGMA application_id = 7", "PRAGMA user_version = 99", "PRAGMA user_version = 0"):
            with self.subTest(sql):
                (self.folder / "c").unlink(missing_ok=True)
                self.planted(sql)
                self.refused_file(self.folder / "c")

    def test_rows_that_no_catalogue_has(self):
        for sql in ("UPDATE item SET sha256 = x'00' WHERE base = 'tool'; UPDATE source SET identity = x'01'",
                    "UPDATE source SET path = CAST(x'ff41' AS TEXT)", "UPDATE source SET vendor = CAST(x'410042' AS TEXT)"):
            with self.subTest(sql):
                (self.folder / "c").unlink(missing_ok=True)
                self.planted(sql)
                self.assertIn("damaged", self.verify("catalogue", "list", "--catalogue", "c", code=2).err)

    def test_a_damaged_one_is_said_and_made_anew(self):
        self.add(self.archive)
        path = self.folder / "c"
        whole = path.read_bytes()
        damaged = whole[:4096] + b"\xa5" * (len(whole) - 4096)
        path.write_bytes(damaged)
        (self.folder / "c-journal").write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(600))
        for command in (("catalogue", "check", "--catalogue", "c"), ("trace", "tool", "--catalogue", "c"),
                        ("catalogue", "rebuild", "--catalogue", "c", *TRUST)):
            result = self.verify(*command, code=(2, 3))
            self.assertIn("catalogue", result.err)
            self.assertEqual(result.out, "")
        path.write_bytes(damaged)
        result = self.verify("catalogue", "rebuild", "--catalogue", "c", self.archive, *TRUST)
        self.assertIn("begun anew", result.err)
        self.assertEqual(self.trace("tool", "--catalogue", "c")["files"][0]["count"], 1)
        # Cut off, too.
        path.write_bytes(whole[:len(whole) // 2])
        self.verify("catalogue", "check", "--catalogue", "c", code=2)

    def test_two_at_once(self):
        archives = [self.nested(number, f"m{number}.tar") for number in range(10, 18)]
        command = [VERIFY, "catalogue", "add", "--catalogue", "c", *[str(one) for one in TRUST]]
        halves = [archives[:4], archives[4:]]
        runs = [subprocess.Popen([*command, *half], cwd=self.folder, env=CLEAN_ENVIRONMENT, stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE) for half in halves]
        for run in runs:
            out, err = run.communicate(timeout=120)
            self.assertEqual(run.returncode, 0, (out, err))
        value = self.verify("catalogue", "list", "--catalogue", "c", "--json").json()
        self.assertEqual(sorted(one["path"] for one in value["sources"]), sorted(str(one) for one in archives))
        self.verify("catalogue", "check", "--catalogue", "c")

    def test_a_full_disk_leaves_it_whole(self):
        with self.small_disk(400 << 10) as disk:
            self.verify("catalogue", "add", "--catalogue", disk / "c", self.archive, *TRUST)
            big = self.numbered(5, files=[self.many(3000)])
            result = self.verify("catalogue", "add", "--catalogue", disk / "c", big, *TRUST, code=3)
            self.assertIn("space", result.err + result.out)
            self.verify("catalogue", "check", "--catalogue", disk / "c")
            self.assertEqual(self.trace("tool", "--catalogue", disk / "c")["files"][0]["count"], 1)

    def many(self, count):
        self.file("many.tar", tar_of({f"folder/name-{number:06}": b"%d" % number for number in range(count)}))
        return "many.tar"

    def test_one_that_cannot_be_written_is_read(self):
        self.add(self.archive)
        before = (self.folder / "c").read_bytes()
        (self.folder / "c").chmod(0o444)
        self.trace("tool", "--catalogue", "c")
        self.assertEqual((self.folder / "c").read_bytes(), before)
        self.assertEqual(sorted(path.name for path in self.folder.glob("c*")), ["c"])

    def test_usage(self):
        for verb in ("list", "check"):
            self.verify("catalogue", verb, code=2)
            self.verify("catalogue", verb, "--catalogue", "missing", code=2)
        self.verify("catalogue", "add", self.archive, code=2)
        self.verify("catalogue", "add", "--catalogue", "-", self.archive, *TRUST, code=(0, 2))
        self.verify("catalogue", "rebuild", "--catalogue", "missing", *TRUST, code=2)
        self.assertFalse((self.folder / "missing").exists())


if __name__ == "__main__":
    main()
