# SPDX-License-Identifier: Apache-2.0
"""Lessons of other systems that are faults of whole programs; the other tests name theirs too."""
import os
import subprocess
import time

from harness import (CLEAN_ENVIRONMENT, EXAMPLE, FAKETIME, KEYS, ROOT_CERT, SANITIZED, VERIFY, Case, canonical_archive,
                     file_sha256, main, manifest_of, member, needs_root, read_member, read_member_list, rebuild,
                     tampered, tree, write_large)

ALLOW = "--allow-example-keys"
TRUSTED = ["--anchor", ROOT_CERT, ALLOW]
MEBIBYTE = 1 << 20


class Lessons(Case):
    def test_lesson_1_a_file_that_is_replaced_meanwhile(self):
        """One descriptor: what is renamed over the path while it is verified plays no role."""
        write_large(self.folder / "large.bin", 60 * MEBIBYTE, "good")
        archive = self.pack(self.description(["large.bin"]), "good.tar")
        expected = file_sha256(self.folder / "large.bin")
        for attempt in range(4):
            path = self.folder / f"try-{attempt}.tar"
            os.link(archive, path)
            out = self.folder / f"out-{attempt}"
            program = subprocess.Popen([str(one) for one in [VERIFY, "extract", path, "--to", out, *TRUSTED]],
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=CLEAN_ENVIRONMENT)
            time.sleep(0.01 * (attempt + 1))
            evil = self.folder / "evil"
            evil.write_bytes(b"evil" * 1000)
            os.rename(evil, path)
            program.communicate()
            if program.returncode == 0:
                self.assertEqual(file_sha256(out / "large.bin"), expected)
            else:
                self.assertFalse(out.exists())

    def test_lesson_1_extract_from_a_pipe(self):
        """Only bytes hashed in the same pass: a pipe cannot be read twice."""
        archive = self.pack(EXAMPLE / "release.yaml")
        data = archive.read_bytes()
        self.verify("extract", "-", "--to", "piped", *TRUSTED, stdin=data)
        self.verify("extract", archive, "--to", "plain", *TRUSTED)
        self.assertEqual(tree(self.folder / "piped"), tree(self.folder / "plain"))
        where = member(archive, "sbom.cdx.json")
        bad = tampered(archive, self.folder / "bad.tar", where.data)
        self.verify("extract", "-", "--to", "bad", *TRUSTED, stdin=bad.read_bytes(), code=1)
        self.assertFalse((self.folder / "bad").exists())

    def test_lesson_3_two_of_two(self):
        """Lessons 3 and 14: the policy says how many must have signed; one signature is not two."""
        archive = self.pack(EXAMPLE / "release.yaml")
        result = self.verify("check", archive, "--trust", KEYS / "trust-four-eyes.json", ALLOW, code=1)
        self.assertIn("trust.threshold", result.out)
        self.verify("check", archive, "--trust", KEYS / "trust.json", ALLOW, code=0)

    def test_lesson_4_header_fields_carry_nothing(self):
        """Another mode, owner, time or name in a header: refused, not believed."""
        archive = self.small_release()
        for found in read_member_list(archive):
            for field, offset in (("name", 0), ("mode", 104), ("uid", 110), ("mtime", 140), ("typeflag", 156),
                                  ("linkname", 157), ("uname", 265), ("prefix", 345), ("unused", 505)):
                with self.subTest(member=found.name, field=field):
                    self.refused(tampered(archive, self.folder / "bad.tar", found.header + offset),
                                 says="" if field == "name" else "archive.framing")

    def test_lesson_4_another_date_in_all_headers(self):
        archive = self.small_release()
        self.refused(rebuild(archive, self.folder / "bad.tar", seconds=1791792001), says="archive.framing")

    def test_lesson_7_the_vendor_of_the_policy(self):
        """A key that is trusted for one vendor's products does not vouch for another's."""
        (self.folder / "f.bin").write_bytes(b"firmware")
        path = self.description(["f.bin"], product={"vendor": "Somebody Else Ltd"})
        archive = self.pack(path)
        self.check(archive)
        result = self.verify("check", archive, "--trust", KEYS / "trust.json", ALLOW, code=1)
        self.assertIn("trust.scope", result.out)

    def test_lesson_8_extract_refuses_what_check_refuses(self):
        archive = self.small_release()
        whole = archive.read_bytes()
        other = self.own_keys("stranger") + "-root.cert.pem"
        bad = self.folder / "bad.tar"
        for place in range(0, len(whole), 517):
            tampered(archive, bad, place)
            self.verify("extract", bad, "--to", "out", *TRUSTED, code=1)
        self.verify("extract", archive, "--to", "out", "--anchor", other, ALLOW, code=1)
        self.verify("extract", archive, "--to", "out", *TRUSTED, "--min-sequence", "99", code=1)
        self.verify("extract", archive, "--to", "out", *TRUSTED, "--product", "another", code=1)
        self.assertFalse((self.folder / "out").exists())

    def test_lesson_9_nothing_is_parsed_before_it_is_authentic(self):
        """A manifest that breaks every rule, but that nobody signed: the signature is what is said."""
        archive = self.small_release()
        for text in (b"not json", b"{" * 5000, b'{"cretula": "manifest/1", "product": 7}', b"\xff\xfe\0", b"[]"):
            with self.subTest(text[:20]):
                result = self.refused(rebuild(archive, self.folder / "bad.tar", manifest=text),
                                      says="signature.value")
                self.assertNotIn("manifest.form", result.out)

    def test_lesson_10_sizes_that_lie(self):
        """Headers that promise what is not there, or more than the caps allow: refused at once."""
        archive = self.small_release()
        start = read_member_list(archive)[0]
        whole = bytearray(archive.read_bytes())
        from harness import canonical_header
        bad = self.folder / "bad.tar"
        for size in (0o77777777777, 1 << 30, (64 << 20) + 1, start.size + 512):
            with self.subTest(size):
                head = canonical_header("MANIFEST.json", size, 1791792000)
                bad.write_bytes(head + bytes(whole[512:]))
                self.refused(bad, timeout=60)
                self.refused("-", stdin=bad.read_bytes(), timeout=60)

    def test_lesson_10_endless_input(self):
        """An endless pipe is refused at its first wrong byte."""
        for source in ("/dev/zero", "/dev/urandom"):
            with self.subTest(source):
                result = self.run_program("sh", "-c", f'"$0" check - "$@" <{source}', VERIFY, *TRUSTED, code=1,
                                          timeout=20)
                self.assertIn("REFUSED", result.out)

    def test_lesson_11_example_and_marked_keys(self):
        archive = self.small_release()
        self.verify("check", archive, "--anchor", KEYS / "release.cert.pem", code=1)
        self.verify("check", archive, "--anchor", KEYS / "release.cert.pem", ALLOW, code=0)
        result = self.verify("check", archive, "--trust", KEYS / "trust.json", code=(1, 2))
        self.assertNotIn("ACCEPTED", result.out)
        # Lifted, it stands in the line of the verdict, and in JSON.
        self.assertIn("example keys", self.check(archive).out.splitlines()[0])
        self.assertTrue(self.check(archive, "--json").json()["how"]["exampleKeysAllowed"])
        # A key of one's own that is marked as not to be trusted.
        prefix = self.own_keys("DO NOT TRUST this one")
        (self.folder / "f.bin").write_bytes(b"firmware")
        self.sign("pack", self.description(["f.bin"]), "--key", f"{prefix}.key.pem", "--cert",
                  f"{prefix}.cert.pem", "--out", "marked.tar", code=2)

    def test_own_keys_need_no_permission(self):
        prefix = self.own_keys("Vendor")
        (self.folder / "f.bin").write_bytes(b"firmware")
        self.sign("pack", self.description(["f.bin"]), "--key", f"{prefix}.key.pem", "--cert",
                  f"{prefix}.cert.pem", "--out", "own.tar")
        result = self.check("own.tar", anchor=f"{prefix}-root.cert.pem", allow=False)
        self.assertNotIn("example", result.out)

    def test_lesson_15_check_reads_every_byte(self):
        """No way of checking accepts without having read the payload: not --fast, not --quiet, not --json,
        not with a record; and what reads a part only never says ACCEPTED."""
        write_large(self.folder / "image.bin", 3 * MEBIBYTE, "image")
        archive = self.pack(self.description([("image.bin", {"role": "firmware"})]))
        where = member(archive, "image.bin")
        for place in (where.data, where.data + where.size // 2, where.data + where.size - 1):
            bad = tampered(archive, self.folder / "bad.tar", place)
            for number, more in enumerate((["--fast"], ["--quiet"], ["--json"], ["--jobs", "1"],
                                           ["--record", self.folder / f"record-{place}"])):
                with self.subTest(place=place - where.data, more=more[0]):
                    result = self.verify("check", bad, *TRUSTED, *more, code=1)
                    self.assertNotIn("ACCEPTED", result.out, number)
        result = self.verify("check", archive, *TRUSTED, "--only", "SHA256SUMS", code=3)
        self.assertIn("PARTIAL", result.out.splitlines()[0])
        self.assertNotIn("ACCEPTED", result.out)

    def test_lesson_16_two_times(self):
        """An expired certificate is refused with that reason; --at is an input, and is said."""
        prefix = self.own_keys("Vendor")
        (self.folder / "f.bin").write_bytes(b"firmware")
        self.sign("pack", self.description(["f.bin"]), "--key", f"{prefix}.key.pem", "--cert",
                  f"{prefix}.cert.pem", "--out", "own.tar")
        anchor = f"{prefix}-root.cert.pem"
        late = self.check("own.tar", "--at", "2045-01-01T00:00:00Z", anchor=anchor, allow=False, code=1)
        self.assertIn("certificate.validity", late.out)
        self.assertIn("as of 2045-01-01T00:00:00Z", late.out.splitlines()[0])
        early = self.check("own.tar", "--at", "2020-01-01T00:00:00Z", anchor=anchor, allow=False, code=1)
        self.assertIn("certificate.validity", early.out)
        self.check("own.tar", "--at", "tomorrow", anchor=anchor, allow=False, code=2)
        # A pinned certificate does not expire by itself.
        self.check("own.tar", "--at", "2045-01-01T00:00:00Z", anchor=f"{prefix}.cert.pem", allow=False)

    def test_wrong_clock(self):
        """The system clock before the program's build date: undecided, with what to do."""
        archive = self.small_release()
        if SANITIZED:
            self.skipTest("faketime preloads a library, which the sanitizers do not like")
        result = self.run_program(*FAKETIME, "2019-01-01 00:00:00", VERIFY, "check", archive, *TRUSTED, code=3)
        self.assertIn("clock", result.out + result.err)

    @needs_root
    def test_lesson_18_without_a_network(self):
        """In a network namespace without any interface the answers are the same."""
        archive = self.small_release()
        done = subprocess.run(["unshare", "-n", "true"], check=False, capture_output=True)
        if done.returncode != 0:
            self.skipTest("no network namespaces here")
        result = self.run_program("unshare", "-n", VERIFY, "check", archive, *TRUSTED, code=0)
        self.assertEqual(result.out, self.check(archive, screen=True).out)

    def test_lesson_18_no_program_links_a_network_library(self):
        for program in (VERIFY,):
            linked = self.run_program("ldd", program, code=0).out
            for library in ("libcurl", "libssl.", "libnss", "libresolv", "libyaml"):
                self.assertNotIn(library, linked)

    def test_lesson_20_says_enough(self):
        """The first line of a refusal says what is wrong; the rest where, what was expected, what to do."""
        archive = self.pack(EXAMPLE / "release.yaml")
        where = member(archive, "documents/security-guide.md")
        result = self.refused(tampered(archive, self.folder / "bad.tar", where.data + 7))
        first = result.out.splitlines()[0]
        self.assertTrue(first.startswith("REFUSED: "), first)
        self.assertIn("documents/security-guide.md", result.out)
        self.assertIn("file.digests", result.out)
        self.assertIn(file_sha256(EXAMPLE / "inputs/documents/security-guide.md"), result.out)
        self.verify("explain", "file.digests", code=0)

    def test_lesson_24_nothing_raw_on_a_terminal(self):
        """Control characters out of archives, file names and arguments never reach the output."""
        archive = self.small_release()
        name = self.folder / "\x1b[31mred\x07.tar"
        os.link(archive, name)
        evil = rebuild(archive, self.folder / "evil.tar",
                       payload={"\x1b]0;title\x07": b"x", "SHA256SUMS": read_member(archive, "SHA256SUMS")})
        manifest = rebuild(archive, self.folder / "m.tar", manifest='{"\x1b[2J": "\u202e"}'.encode())
        for arguments in (["check", name, *TRUSTED], ["check", evil, *TRUSTED], ["check", manifest, *TRUSTED],
                          ["show", evil], ["show", manifest], ["show", name],
                          ["check", "missing\x1b[31m", *TRUSTED], ["check", "--bogus\x1b[31m", archive],
                          ["check", archive, "--anchor", "\x1b[31m"], ["explain", "\x1b[31m"],
                          ["check", archive, *TRUSTED, "--json", "--name", "\x1b[31m"]):
            with self.subTest([str(one) for one in arguments[:2]]):
                result = self.verify(*arguments, code=None)
                self.assertNotIn(b"\x1b", result.out_bytes + result.err_bytes, result)
                self.assertNotIn(b"\x07", result.out_bytes + result.err_bytes)
                self.assertNotIn("\u202e", result.out + result.err)

    def test_lesson_24_unverified_says_so(self):
        archive = self.pack(EXAMPLE / "release.yaml")
        shown = self.verify("show", archive).out
        self.assertIn("UNVERIFIED", shown)
        shown = self.verify("show", archive, *TRUSTED).out
        self.assertNotIn("UNVERIFIED", shown)

    def test_lesson_24_texts_with_escapes_are_not_packed(self):
        (self.folder / "f.bin").write_bytes(b"firmware")
        path = self.description(["f.bin"], newRisks=[{"summary": "beware \x1b[31m"}])
        result = self.sign("pack", path, "--key", KEYS / "release.key.pem", "--cert", KEYS / "release.cert.pem",
                           ALLOW, "--out", "x.tar", code=2)
        self.assertNotIn(b"\x1b", result.out_bytes + result.err_bytes)


class Pipes(Case):
    """The same verdict from a pipe as from a file, and the same identity."""

    def test_same_as_file(self):
        archive = self.pack(EXAMPLE / "release.yaml")
        data = archive.read_bytes()
        plain = self.check(archive, "--json").json()
        piped = self.check("-", "--json", stdin=data).json()
        for field in ("identity", "files", "product", "release"):
            self.assertEqual(plain["what"][field], piped["what"][field])
        self.assertEqual(plain["result"], piped["result"])

    def test_tampered_and_truncated(self):
        archive = self.pack(EXAMPLE / "release.yaml")
        data = archive.read_bytes()
        for place in range(0, len(data), len(data) // 40):
            with self.subTest(place):
                changed = bytearray(data)
                changed[place] ^= 4
                self.refused("-", stdin=bytes(changed))
        for length in (0, 1, 511, 512, len(data) // 2, len(data) - 512, len(data) - 1):
            with self.subTest(length=length):
                self.refused("-", stdin=data[:length])
        self.refused("-", stdin=data + b"\0")

    def test_slow_and_in_pieces(self):
        """A pipe that gives a byte at a time, and one that pauses."""
        archive = self.small_release()
        script = 'dd if="$1" bs=1 2>/dev/null | "$0" check - --anchor "$2" --allow-example-keys'
        self.run_program("sh", "-c", script, VERIFY, archive, ROOT_CERT, code=0)

    def test_large_from_a_pipe(self):
        write_large(self.folder / "large.bin", 100 * MEBIBYTE, "large")
        archive = self.pack(self.description(["large.bin"]))
        script = 'cat "$1" | "$0" check - --anchor "$2" --allow-example-keys'
        self.run_program("sh", "-c", script, VERIFY, archive, ROOT_CERT, code=0)


class Limits(Case):
    """Many files and long series, within the caps and beyond."""

    def test_many_files(self):
        folder = self.folder / "in"
        folder.mkdir()
        count = 500 if SANITIZED else 5000
        for number in range(count):
            (folder / f"file-{number:06}.txt").write_bytes(b"%d" % number)
        archive = self.pack(self.description([("in", {"path": "in"})]))
        self.assertEqual(len(manifest_of(archive)["files"]), count + 1)
        self.check(archive)
        # The last one of many is read as well.
        last = member(archive, f"in/file-{count - 1:06}.txt")
        self.refused(tampered(archive, self.folder / "bad.tar", last.data), says=f"file-{count - 1:06}.txt")

    def test_an_archive_without_payload_is_refused(self):
        archive = self.small_release()
        found = read_member_list(archive)[:2]
        bare = canonical_archive([(one.name, read_member(archive, one.name)) for one in found], 1791792000)
        (self.folder / "bare.tar").write_bytes(bare)
        self.refused(self.folder / "bare.tar")

    def test_order_and_duplicates(self):
        archive = self.small_release()
        members = [(one.name, read_member(archive, one.name)) for one in read_member_list(archive)]
        front, payload = members[:2], members[2:]
        for what, changed in (("reversed", front + payload[::-1]), ("twice", front + payload + payload[:1]),
                              ("signature first", front[::-1] + payload), ("manifest twice", front[:1] + members),
                              ("missing", front + payload[1:])):
            with self.subTest(what):
                (self.folder / "bad.tar").write_bytes(canonical_archive(changed, 1791792000))
                self.refused(self.folder / "bad.tar")

    def test_links_folders_and_other_kinds(self):
        archive = self.small_release()
        whole = archive.read_bytes()
        from harness import canonical_header
        first = read_member_list(archive)[2]
        for kind in (b"1", b"2", b"5", b"L", b"x", b"g", b"\0", b"7"):
            head = canonical_header("aaa", 0, 1791792000, kind)
            with self.subTest(kind):
                (self.folder / "bad.tar").write_bytes(whole[:first.header] + head + whole[first.header:])
                self.refused(self.folder / "bad.tar", says="archive.framing")


if __name__ == "__main__":
    main()
