# SPDX-License-Identifier: Apache-2.0
"""Lesson 24: whatever an archive, a description, a policy, a file name or an option says, nothing that is not
seen, and nothing that moves a terminal, is printed raw, on either stream, by any verb. And what `extract` names
files by."""
import json
import subprocess
import unicodedata

import harness
from harness import (CLEAN_ENVIRONMENT, KEYS, ROOT_CERT, SIGN, VENDOR, VERIFY, main, manifest_of, noise, rebuild)

ALLOW = "--allow-example-keys"
# One of each kind: C0, DEL, C1 (CSI among them), bidi, zero width, soft hyphen, a variation selector, a filler, a
# tag, a noncharacter. Written into JSON, where each can stand.
UNSEEN = ["\x1b[31m", "\x07", "\x7f", "\u0085", "\u009b31m", "\u202e", "\u2066", "\u200b", "\u200d", "\u00ad", "\ufe0f",
          "\u3164", "\ufeff", "\U000e0041", "\ufffe", "\u2028"]
EVIL = "a" + "b".join(UNSEEN) + "z"


def raw(text):
    """Characters that must not be printed."""
    return sorted({character for character in text if character not in "\n\t" and (
        unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp") or
        character in "\ufe0f\u3164\ufffe")})


class Shown(harness.Case):
    def look(self, result):
        self.assertEqual(raw(result.out), [], result.out_bytes)
        self.assertEqual(raw(result.err), [], result.err_bytes)
        return result

    def unsigned(self, **fields):
        """An archive whose manifest says anything at all: nobody signed it, and `show` and `init` read it."""
        archive = self.small_release()
        manifest = {**manifest_of(archive), **fields}
        evil = self.folder / "evil.tar"
        rebuild(archive, evil, manifest=json.dumps(manifest, indent=2).encode() + b"\n", signatures={})
        return evil

    def test_what_an_archive_says(self):
        for name, fields in {
                "extensions": {"extensions": {"https://example.com/x": {"note": EVIL, EVIL: [EVIL, {EVIL: EVIL}]}}},
                "product": {"product": {"vendor": VENDOR + EVIL, "name": EVIL}},
                "unknown": {EVIL: EVIL}}.items():
            evil = self.unsigned(**fields)
            for command in ([VERIFY, "show", evil], [VERIFY, "show", evil, "--json"], [SIGN, "init", "--from", evil],
                            [VERIFY, "check", evil, "--anchor", ROOT_CERT, ALLOW],
                            [VERIFY, "check", evil, "--anchor", ROOT_CERT, ALLOW, "--json"],
                            [SIGN, "prepare", evil, "--out", "m.json"], [SIGN, "prepare", evil, "--out", "m.json", "--json"]):
                with self.subTest(name, command=[str(one) for one in command[1:3]]):
                    result = self.look(self.run_program(*command))
                    if "--json" in command:
                        json.loads(result.out)

    def test_a_value_survives_its_escapes(self):
        evil = self.unsigned(extensions={"https://example.com/x": {"note": EVIL}})
        shown = self.verify("show", evil, "--json")
        self.assertEqual(shown.json()["manifest"]["extensions"]["https://example.com/x"]["note"], EVIL)
        self.assertIn("\\u0085", shown.out)
        self.assertIn("\\udb40\\udc41", shown.out)
        described = self.folder / "again.yaml"
        described.write_bytes(self.sign("init", "--from", evil).out_bytes)
        self.assertIn("\\u009b", described.read_text())
        self.assertIn("\\U000e0041", described.read_text())
        again = self.pack(described, "again.tar")
        self.assertEqual(manifest_of(again)["extensions"]["https://example.com/x"]["note"], EVIL)

    def test_signed_text_shown_and_recorded(self):
        self.small_release()
        described = self.folder / "release.yaml"
        value = {**json.loads(described.read_text()), "extensions": {"https://example.com/x": {"note": EVIL.replace("\U000e0041", "")}}}
        described.write_text(json.dumps(value)) # ASCII, with escapes
        (self.folder / "small.cretula.tar").unlink()
        self.pack(described, "small.cretula.tar")
        for more in ((), ("--json",), ("--record", "r")):
            self.look(self.check("small.cretula.tar", *more))
        self.assertEqual(raw((self.folder / "r" / "RECORD.json").read_text("utf-8")), [])
        self.look(self.verify("record", "show", "r/RECORD.json", "--anchor", ROOT_CERT, code=None))

    def test_names_and_options(self):
        name = "n" + EVIL.replace("\x00", "") + ".tar"
        (self.folder / name).write_bytes(b"no archive")
        for command in ([VERIFY, "check", name, "--anchor", ROOT_CERT, ALLOW], [VERIFY, "show", name], [VERIFY, "show", EVIL],
                        [VERIFY, EVIL], [VERIFY, "check", "--" + EVIL], [VERIFY, "explain", EVIL],
                        [VERIFY, "trust", "lint", name], [VERIFY, "trust", "init", EVIL], [VERIFY, "record", "show", name],
                        [VERIFY, "journal", "verify", EVIL], [SIGN, EVIL], [SIGN, "lint", name], [SIGN, "init", "--from", name],
                        [SIGN, "pack", name, "--key", name, "--cert", EVIL], [SIGN, "keygen", "--out", "k", "--algorithm", EVIL],
                        [SIGN, "endorse", name, "--key", KEYS / "quality.key.pem", "--cert", KEYS / "quality.cert.pem", ALLOW]):
            for json_too in ((), ("--json",)):
                with self.subTest(command=[str(one)[:12] for one in command[1:3]], json=bool(json_too)):
                    self.look(self.run_program(*command, *json_too))

    def test_a_policy_that_says_anything(self):
        for place in ("name", "vendor", "signer"):
            policy = self.folder / "trust.json"
            policy.unlink(missing_ok=True)
            self.verify("trust", "init", policy, "--name", "Plant")
            value = json.loads(policy.read_text())
            value["name"] = EVIL if place == "name" else "Plant"
            value["scopes"] = [{"vendor": EVIL if place == "vendor" else VENDOR, "products": ["*"], "signers": [
                {"name": EVIL if place == "signer" else "S", "type": "ca", "certificate": ROOT_CERT.read_text()}],
                "roles": []}]
            policy.write_text(json.dumps(value))
            for verb in ("show", "lint"):
                with self.subTest(place, verb=verb):
                    self.look(self.verify("trust", verb, policy, ALLOW, code=None))

    def test_both_streams_in_one_pipe_come_in_whole_lines(self):
        files = [(f"f{number}", {"role": "firmware"}) for number in range(30)]
        for source, _ in files:
            (self.folder / source).write_bytes(b"x")
        description = self.description(files, claims=[{"standard": "X", "basis": "certificate", "scope": "s"}] * 30)
        done = subprocess.run([SIGN, "lint", str(description)], cwd=self.folder, env=CLEAN_ENVIRONMENT, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        alone = self.run_program(SIGN, "lint", description)
        both = sorted(done.stdout.decode().splitlines())
        self.assertEqual(both, sorted((alone.out + alone.err).splitlines()))
        self.assertGreater(len(both), 30)

    def test_several_files_are_json_lines(self):
        self.small_release()
        (self.folder / "junk").write_bytes(b"no archive")
        result = self.verify("check", "small.cretula.tar", "junk", "missing", "small.cretula.tar", "--anchor", ROOT_CERT, ALLOW,
                             "--json", code=1)
        documents = [json.loads(line) for line in result.out.splitlines()]
        self.assertEqual([one["cretula"].split("/")[0] for one in documents], ["record", "record", "error", "record"])
        self.assertEqual([one["result"]["verdict"] for one in documents if "result" in one], ["ACCEPTED", "REFUSED", "ACCEPTED"])
        single = self.verify("check", "small.cretula.tar", "--anchor", ROOT_CERT, ALLOW, "--json")
        self.assertGreater(len(single.out.splitlines()), 20)
        self.assertEqual(documents[0]["what"], single.json()["what"])

    # Names of extracted files

    def extracted(self, names):
        """{original: name on disk} of a release that has these."""
        archive = self.folder / "names.tar"
        files = []
        for number, _ in enumerate(names):
            (self.folder / f"s{number}").write_bytes(noise(10 + number, str(number)))
            files.append((f"s{number}", {"path": f"p{number}"}))
        archive.unlink(missing_ok=True)
        self.pack(self.description(files), archive)
        manifest = manifest_of(archive)
        for file in manifest["files"]:
            if file["path"].startswith("p"):
                file["originalName"] = names[int(file["path"][1:])]
        text = json.dumps(manifest, indent=2, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"
        (self.folder / "MANIFEST.json").write_bytes(text)
        bare = self.folder / "bare.tar"
        bare.unlink(missing_ok=True)
        rebuild(archive, bare, manifest=text, signatures={})
        self.run_program("openssl", "cms", "-sign", "-binary", "-cades", "-nosmimecap", "-outform", "DER", "-signer",
                         KEYS / "release.cert.pem", "-inkey", KEYS / "release.key.pem", "-in", "MANIFEST.json", "-out",
                         "s.p7s", code=0)
        self.sign("attach", bare, "s.p7s", ALLOW)
        target = self.folder / "out"
        self.run_program("rm", "-rf", target)
        self.verify("extract", bare, "--anchor", ROOT_CERT, ALLOW, "--to", target)
        content = {path.read_bytes(): str(path.relative_to(target)) for path in target.rglob("*") if path.is_file()}
        return {name: content[noise(10 + number, str(number))] for number, name in enumerate(names)}, target

    def test_names_that_are_restored(self):
        names = ["Anleitung für RTU-7 (DE).pdf", "a/b c/d.txt", "取扱説明書.pdf", "Ärger.txt", "e\u0301ta.txt"[2:], "x-1.txt"]
        restored, target = self.extracted(names)
        self.assertEqual(restored, {name: name for name in names})
        listed = self.run_program("sha256sum", "-c", "SHA256SUMS.restored", cwd=target, code=0)
        self.assertEqual(listed.out.count(": OK"), len(names))
        self.run_program("sha256sum", "-c", "SHA256SUMS", cwd=target, code=1)

    def test_names_that_are_not(self):
        for unsafe in ["-rf", "a/-rf", "--to=x", "e\u0301.txt", "A\u030a", "\u212b", "\u0958", "o\u0323\u0302", "x\u00ad.txt", "x\ufe0f",
                       "COM\u00b9", "conin$.txt", "CONOUT$", "LPT\u00b3.x", "aux .txt", "a:stream", "x.", "x ", "x/.", "\u3164",
                       "a\u0085", "SHA256SUMS.restored", "sha256sums.RESTORED/x", "/".join(["d"] * 40), "/".join(["d"] * 400)]:
            with self.subTest(unsafe.encode("ascii", "backslashreplace")):
                try:
                    restored, _ = self.extracted([unsafe])
                except AssertionError as error: # a manifest that holds it is no manifest
                    self.assertIn("attach", str(error))
                    continue
                self.assertEqual(restored, {unsafe: "p0"})

    def test_names_that_meet_without_regard_to_case(self):
        for left, right in [("a.txt", "A.TXT"), ("stra\u00dfe", "STRASSE"), ("\u0130x", "ix"), ("\ufb01le", "file"), ("\u03c2", "\u03c3"),
                            ("\u1e9e", "ss"), ("\u10d0", "\u1c90"), ("\u13a0", "\uab70"), ("\U00010400", "\U00010428"), ("\u1fb3", "\u1fbc"), ("a", "A/b")]:
            with self.subTest(left.encode("ascii", "backslashreplace")):
                restored, _ = self.extracted([left, right])
                self.assertEqual(restored, {left: "p0", right: "p1"})


if __name__ == "__main__":
    main()
