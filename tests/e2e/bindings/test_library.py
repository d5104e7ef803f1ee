# SPDX-License-Identifier: Apache-2.0
"""libcretula through Python's binding: what it answers of releases, and of programs that are not cretula-verify."""
import copy
import ctypes
import hashlib
import json
import os
import pathlib
import struct
import subprocess
import sys
import threading

import library
from harness import HEAVY, ROOT_CERT, SOURCE, VERIFY, Case, main, noise, tampered

MAGIC = 0x74657243
DATA = {"a.bin": b"first", "b/c.bin": b"", "d.bin": b"x" * 100_000}


def record(verdict="ACCEPTED", code=0):
    """What cretula-verify says of a release with the files of DATA, as far as the library reads it."""
    return {"cretula": "record/1",
            "result": {"verdict": verdict, "exitCode": code,
                       "checks": [{"check": "file.digests", "result": "PASS", "reason": "every digest matches"}]},
            "what": {"identity": "ab" * 32, "product": {"vendor": "V", "name": "P"}, "release": {"version": "1", "sequence": 7},
                     "files": [{"path": name, "role": "firmware", "size": len(data), "sha256": hashlib.sha256(data).hexdigest(),
                                "sha256State": "verified"} for name, data in DATA.items()]},
            "how": {"signatures": [{"counted": True, "signer": "S", "role": "release"}, {"counted": False, "signer": "T"}]}}


def without(*path):
    """A record that lacks something."""
    changed = copy.deepcopy(record())
    inner = changed
    for name in path[:-1]:
        inner = inner[name]
    del inner[path[-1]]
    return changed


def changed(path, value, of=None):
    result = copy.deepcopy(of or record())
    inner = result
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    return result


def frame(kind, body, magic=MAGIC, size=None):
    return struct.pack("=IIQ", magic, kind, len(body) if size is None else size) + body


def text(value):
    return struct.pack("=I", 0xFFFFFFFF) if value is None else struct.pack("=I", len(value)) + value


def file_frame(name, data, size=None, digest=None):
    return frame(1, text(name.encode()) + text(None) + text(b"firmware") + struct.pack("=Q", len(data) if size is None else size) +
                 (digest or hashlib.sha256(data).digest()))


def byte_frames(data):
    return b"".join(frame(2, data[at:at + 65536]) for at in range(0, len(data), 65536))


FILES = b"".join(file_frame(name, data) + byte_frames(data) for name, data in DATA.items())
END = frame(3, struct.pack("=Q", len(DATA)))


class Library(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cretula = library.binding()

    def verifier(self, program=VERIFY, **options):
        return self.cretula.Verifier(anchor=ROOT_CERT, allow_example_keys=True, program=program, **options)

    def program(self, output=b"", code=0, stream=None, then=""):
        """A program that answers so."""
        folder = pathlib.Path(self.folder)
        (folder / "answer").write_bytes(output if isinstance(output, bytes) else json.dumps(output).encode())
        (folder / "frames").write_bytes(stream or b"")
        path = folder / "answering"
        path.write_text(f"#!/bin/sh\ncat {folder}/frames >&3 2>/dev/null\ncat {folder}/answer\n{then}\nexit {code}\n", "utf-8")
        path.chmod(0o755)
        return str(path)


class Answers(Library):
    """What a program answers is held against itself."""

    def answer(self, *arguments, **more):
        return self.verifier(self.program(*arguments, **more)).verify(ROOT_CERT)

    def test_the_nearest_good_answers(self):
        result = self.answer(record())
        self.assertTrue(result.accepted and result)
        self.assertEqual((result.verdict_name, result.sequence, result.product, len(result.files)), ("ACCEPTED", 7, "P", 3))
        self.assertEqual([one.name for one in result.signers], ["S"])
        self.assertEqual(result.sentence, "P 1 of V is what its signers signed")
        result = self.answer(record("ACCEPTED WITH WAIVERS"))
        self.assertEqual((result.verdict, result.accepted), (self.cretula.Verdict.ACCEPTED_WITH_WAIVERS, True))
        result = self.answer(changed(["result", "checks", 0, "result"], "FAIL", record("REFUSED", 1)), 1)
        self.assertEqual((result.verdict_name, result.check, result.accepted), ("REFUSED", "file.digests", False))
        self.assertFalse(result)

    def test_what_is_no_acceptance(self):
        for name, output, code in (
                ("other exit code", record(), 1), ("exit code 3", record(), 3), ("refused and 0", record("REFUSED", 1), 0),
                ("code in the record", changed(["result", "exitCode"], 1), 0), ("unknown verdict", record("FINE"), 0),
                ("lower case", record("accepted"), 0), ("a check that failed", changed(["result", "checks", 0, "result"], "FAIL"), 0),
                ("no identity", without("what", "identity"), 0), ("no vendor", without("what", "product", "vendor"), 0),
                ("no product", without("what", "product", "name"), 0), ("no version", without("what", "release"), 0),
                ("no files", without("what", "files"), 0), ("empty files", changed(["what", "files"], []), 0),
                ("no signatures", without("how"), 0), ("none counted", changed(["how", "signatures", 0, "counted"], False), 0),
                ("counted by a text", changed(["how", "signatures", 0, "counted"], "true"), 0),
                ("no result", without("result"), 0), ("another format", changed(["cretula"], "record/2"), 0),
                ("no format", without("cretula"), 0), ("nothing", b"", 0), ("no JSON", b"ACCEPTED\n", 0), ("a list", [record()], 0),
                ("two records", json.dumps(record()).encode() * 2, 0), ("cut", json.dumps(record()).encode()[:-1], 0),
                ("said twice", json.dumps(record()).encode()[:-1] + b', "cretula": "record/1"}', 0),
                ("partial", record("PARTIAL", 3), 3), ("undecided", record("UNDECIDED", 3), 3),
                ("an error and 0", {"cretula": "error/1", "message": "m", "exitCode": 0}, 0),
                ("an error of another code", {"cretula": "error/1", "message": "m", "exitCode": 2}, 1),
                ("an error that refuses nothing", {"cretula": "error/1", "message": "m", "exitCode": 1}, 1)):
            with self.subTest(name):
                result = self.answer(output, code)
                self.assertEqual(result.verdict, self.cretula.Verdict.UNDECIDED)
                self.assertFalse(result.accepted)
                self.assertNotEqual(result.sentence, "")

    def test_errors(self):
        error = {"cretula": "error/1", "message": "no policy", "where": "trust.json", "hint": "write one", "exitCode": 2}
        result = self.answer(error, 2)
        self.assertEqual((result.verdict_name, result.sentence, result.hint), ("NOT JUDGED", "no policy (trust.json)", "write one"))
        result = self.answer({**error, "exitCode": 1, "verdict": "REFUSED", "check": "trust.example-key"}, 1)
        self.assertEqual((result.verdict_name, result.check), ("REFUSED", "trust.example-key"))

    def test_ended_by_a_signal(self):
        result = self.answer(record(), then="echo oh \x1b no >&2; kill -9 $$")
        self.assertEqual(result.verdict_name, "UNDECIDED")
        self.assertRegex(result.sentence, r"ended by signal 9: oh   no")

    def test_no_program(self):
        result = self.verifier("/nowhere/cretula-verify").verify(ROOT_CERT)
        self.assertEqual(result.verdict_name, "UNDECIDED")
        self.assertIn("/nowhere/cretula-verify cannot be started: No such file", result.sentence)

    def test_what_the_program_gets(self):
        """The archive, the bytes, three pipes; no variable but two, no signal that is ignored or blocked."""
        script = pathlib.Path(self.folder) / "looks"
        said = pathlib.Path(self.folder) / "said"
        script.write_text(f"#!{sys.executable} -IS\nimport os, sys\n"
                          "there = sorted(int(one) for one in os.listdir('/proc/self/fd'))[:-1]\n"
                          f"open({str(said)!r}, 'w').write(repr((sys.argv[1:], dict(os.environ), there, "
                          "[line for line in open('/proc/self/status') if line.startswith(('SigBlk', 'SigIgn'))], "
                          "open('/proc/self/fd/4').read())))\n", "utf-8")
        script.chmod(0o755)
        inherited = os.open("/dev/null", os.O_RDONLY)
        os.set_inheritable(inherited, True)
        os.environ["SECRET"] = "1"
        try:
            self.cretula.Verifier(trust=b"{}", product="P Q", program=script).deliver("-", None, None)
        finally:
            os.close(inherited)
            del os.environ["SECRET"]
        arguments, environment, descriptors, signals, policy = eval(said.read_text("utf-8"))  # pylint: disable=eval-used
        self.assertEqual(arguments, ["extract", "--trust=/proc/self/fd/4", "--product=P Q", "--json", "--to-fd=3", "--", "./-"])
        self.assertLessEqual(set(environment) - {"LC_CTYPE"}, {"LC_ALL", "PATH"})
        self.assertEqual(descriptors, [0, 1, 2, 3, 4])
        # Python itself ignores SIGPIPE and SIGXFSZ, the C library two of its own.
        self.assertEqual([int(line.split()[1], 16) & 0x7eff_efff for line in signals], [0, 0])
        self.assertEqual(policy, "{}")


class Streams(Library):
    """Frames that do not fit end the run."""

    def deliver(self, stream, output=None):
        got = {}
        result = self.verifier(self.program(output or record(), stream=stream)).deliver(
            ROOT_CERT, lambda one: got.setdefault(one.path, bytearray()), lambda one, data: got[one.path].extend(data))
        return result, {name: bytes(data) for name, data in got.items()}

    def test_the_nearest_good_stream(self):
        result, got = self.deliver(FILES + END)
        self.assertEqual((result.verdict_name, got), ("ACCEPTED", DATA))

    def test_a_digest_that_nothing_says_yet_is_that_of_the_record(self):
        packed = FILES.replace(hashlib.sha256(b"first").digest(), bytes(32))
        self.assertNotEqual(packed, FILES)
        begun = {}
        result = self.verifier(self.program(record(), stream=packed + END)).deliver(
            ROOT_CERT, lambda one: begun.setdefault(one.path, one.sha256), lambda one, data: None)
        self.assertTrue(result.accepted)
        self.assertEqual(begun["a.bin"], "")
        self.assertEqual({one.path: one.sha256 for one in result.files}["a.bin"], hashlib.sha256(b"first").hexdigest())

    def test_what_is_no_delivery(self):
        more = file_frame("more", b"")
        for name, stream in (
                ("nothing", b""), ("no end", FILES), ("end alone", END), ("another number", FILES[:-4]),
                ("magic", frame(1, b"", magic=MAGIC + 1) + FILES + END), ("type 0", frame(0, b"") + FILES + END),
                ("type 4", frame(4, b"1") + FILES + END), ("too long", frame(2, b"", size=65537)), ("endless", frame(2, b"", size=2**64 - 1)),
                ("bytes before a file", frame(2, b"1") + FILES + END), ("no bytes", file_frame("a.bin", b"first") + frame(2, b"") + END),
                ("more bytes", FILES + frame(2, b"1") + END), ("fewer bytes", file_frame("a.bin", b"first") + frame(2, b"firs") + END),
                ("the next one too early", file_frame("a.bin", b"first") + FILES + END), ("twice", FILES + file_frame("a.bin", b"") + END),
                ("one more than the record", FILES + more + frame(3, struct.pack("=Q", 4))), ("end says more", FILES + frame(3, struct.pack("=Q", 4))),
                ("end is short", FILES + frame(3, b"\3")), ("after the end", FILES + END + more), ("end twice", FILES + END + END),
                ("another digest", FILES.replace(hashlib.sha256(b"first").digest(), bytes(31) + b"\1") + END),
                ("a text that ends late", frame(1, struct.pack("=I", 100) + b"a") + FILES + END),
                ("a zero byte", file_frame("a\0b", b"") + FILES + END), ("no UTF-8", frame(1, text(b"\xff") + text(None) * 2 + bytes(40)) + FILES + END),
                ("no path", frame(1, text(None) * 3 + bytes(40)) + FILES + END),
                ("something behind", frame(1, text(b"q") + text(None) * 2 + bytes(41)) + FILES + END)):
            with self.subTest(name):
                result, _ = self.deliver(stream)
                self.assertEqual((result.verdict_name, result.accepted), ("UNDECIDED", False))
                self.assertRegex(result.sentence, "hands? over|handed over")

    def test_files_of_a_refused_release_count_for_nothing(self):
        result, _ = self.deliver(FILES, changed(["result", "verdict"], "REFUSED"))
        self.assertFalse(result.accepted)


class Denied(Library):
    def test_memory(self):
        """Each allocation of the library and of its JSON in turn (all of them with --all), alone and with all behind it."""
        program = pathlib.Path(self.folder) / "denied"
        self.run_program("cc", "-std=c11", "-D_GNU_SOURCE", '-DCRETULA_LIBRARY_VERSION="0"', '-DCRETULA_VERIFY_PROGRAM="/none"', "-O1", "-g",
                         "-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-I", library.FOLDER / "library",
                         *(f"-Wl,--wrap={name}" for name in ("malloc", "calloc", "realloc", "strdup")),
                         pathlib.Path(__file__).parent / "denied.c", *sorted((library.FOLDER / "library").glob("*.c")), "-ljansson",
                         "-o", program, code=0)
        done = subprocess.run([program, self.program(record(), stream=FILES + END), ROOT_CERT, str(len(DATA)), "1" if HEAVY else "7"], capture_output=True, text=True,
                              check=False)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "many denied, 0 wrong\n", ""))


class Releases(Library):
    """The real program."""

    def setUp(self):
        super().setUp()
        self.archive = self.small_release(size=3_000_000)

    def taken(self, source, **options):
        got = {}
        result = self.verifier(**options).deliver(source, lambda one: got.setdefault(one.path, hashlib.sha256()),
                                                  lambda one, data: got[one.path].update(data))
        return result, {name: one.hexdigest() for name, one in got.items()}

    def test_verify(self):
        result = self.verifier().verify(self.archive)
        self.assertEqual((result.verdict_name, result.accepted), ("ACCEPTED", True))
        record_of = json.loads(self.check(self.archive, "--json").out)
        self.assertEqual(result.identity, record_of["what"]["identity"])
        self.assertEqual([(one.path, one.size, one.sha256, one.verified) for one in result.files],
                         [(one["path"], one["size"], one["sha256"], True) for one in record_of["what"]["files"]])
        self.assertEqual(len(result.findings), len(record_of["result"]["checks"]))
        self.assertEqual(result.document["what"]["archive"]["name"], str(self.archive))

    def test_a_file_in_a_vendors_own_format(self):
        """Accepted by the program, for whoever is pinned; here nothing could say which product it is. A refusal stays one."""
        folder = SOURCE / "tests" / "vectors" / "verdicts" / "updates"
        verifier = self.cretula.Verifier(trust=str(folder / "pe-good.trust.json"), at="2026-12-01T00:00:00Z", program=VERIFY)
        result = verifier.verify(str(folder / "pe-good.exe"))
        self.assertEqual((result.verdict_name, result.accepted), ("UNDECIDED", False))
        self.assertIn("in a vendor's own format", result.sentence)
        self.assertEqual(result.document["result"]["verdict"], "ACCEPTED")
        result = verifier.verify(str(folder / "pe-section.exe"))
        self.assertEqual((result.verdict_name, result.check), ("REFUSED", "foreign.value"))

    def test_the_certificate_as_bytes(self):
        pem = pathlib.Path(ROOT_CERT).read_bytes()
        for anchor in (pem, [pem], [ROOT_CERT, pem]):
            result = self.cretula.Verifier(anchor=anchor, allow_example_keys=True, program=VERIFY).verify(self.archive)
            self.assertTrue(result.accepted, result.sentence)
        result = self.cretula.Verifier(anchor=b"no certificate", program=VERIFY).verify(self.archive)
        self.assertEqual(result.verdict_name, "NOT JUDGED")

    def test_a_changed_byte(self):
        bad = pathlib.Path(self.folder) / "bad.tar"
        tampered(self.archive, bad, os.path.getsize(self.archive) // 2)
        result, _ = self.taken(bad)
        self.assertEqual((result.verdict_name, result.check, result.accepted), ("REFUSED", "file.digests", False))
        result = self.verifier().extract(bad, pathlib.Path(self.folder) / "new")
        self.assertEqual(result.verdict_name, "REFUSED")
        self.assertFalse((pathlib.Path(self.folder) / "new").exists())

    def test_no_byte_without_a_signature_that_counts(self):
        other = self.own_keys("other")
        got = []
        result = self.cretula.Verifier(anchor=f"{other}-root.cert.pem", program=VERIFY).deliver(self.archive, got.append, None)
        self.assertEqual((result.verdict_name, got), ("REFUSED", []))

    def test_deliver_and_extract(self):
        result, got = self.taken(self.archive)
        self.assertEqual((result.verdict_name, got), ("ACCEPTED", {one.path: one.sha256 for one in result.files}))
        folder = pathlib.Path(self.folder) / "new"
        self.assertTrue(self.verifier().extract(self.archive, folder).accepted)
        self.assertEqual({one.path: hashlib.sha256((folder / one.path).read_bytes()).hexdigest() for one in result.files}, got)
        again = self.verifier().extract(self.archive, folder)
        self.assertEqual((again.verdict_name, again.accepted), ("NOT JUDGED", False))

    def test_a_pipe(self):
        reader, writer = os.pipe()
        def feed():
            with os.fdopen(writer, "wb") as out:
                out.write(pathlib.Path(self.archive).read_bytes())
        feeding = threading.Thread(target=feed)
        feeding.start()
        with os.fdopen(reader, "rb") as source:
            result, got = self.taken(source)
        feeding.join()
        self.assertEqual((result.verdict_name, got), ("ACCEPTED", {one.path: one.sha256 for one in result.files}))

    def test_small_files_among_large_ones(self):
        """One file after the other, whatever was ready first."""
        files = {f"{name}{number}.bin": noise(size, f"{name}{number}") for name, size in
                 (("a", 10), ("b", 3_000_000), ("c", 700_000), ("d", 2_500_001), ("e", 65_536), ("f", 0)) for number in range(3)}
        for name, data in files.items():
            (self.folder / name).write_bytes(data)
        archive = self.pack(self.description(list(files)), "many.tar")
        for source in (archive, subprocess.Popen(["cat", archive], stdout=subprocess.PIPE)):
            with self.subTest(source):
                result, got = self.taken(source if source is archive else source.stdout)
                self.assertEqual((result.verdict_name, got), ("ACCEPTED", {one.path: one.sha256 for one in result.files}))
                self.assertLessEqual(set(files), set(got))
                if source is not archive:
                    source.stdout.close()
                    source.wait()

    def test_what_extract_wants(self):
        """Where files go is said once, and a file is no pipe."""
        trust = ("--anchor", ROOT_CERT, "--allow-example-keys")
        self.assertIn("where do the files go?", self.verify("extract", self.archive, *trust, code=2).err)
        self.assertIn("--to", self.verify("extract", self.archive, *trust, "--to", "x", "--to-fd", "3", code=2).err)
        for number, words in (("1", "cannot go where the verdict goes"), ("77", "without a descriptor"), ("-1", "a whole number")):
            self.assertIn(words, self.verify("extract", self.archive, *trust, f"--to-fd={number}", code=2).err, number)
        self.verify("extract", self.archive, *trust, "--to-fd", "3", "--portable-names", code=2)
        done = subprocess.run(f"{VERIFY} extract {self.archive} --anchor {ROOT_CERT} --to-fd 3 --allow-example-keys 3>{self.folder}/file",
                              shell=True, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("descriptor 3 is a file, and needs to be a pipe", done.stderr)

    def test_nobody_takes_the_files(self):
        done = subprocess.run(f"{{ {VERIFY} extract {self.archive} --anchor {ROOT_CERT} --to-fd 3 --allow-example-keys 3>&1 >&2; "
                              f"echo $? >{self.folder}/code; }} | head -c 10 >/dev/null", shell=True, capture_output=True, text=True, check=False)
        self.assertIn("UNDECIDED: cannot write: nobody reads at the other end any more", " ".join(done.stderr.split()))
        self.assertEqual((pathlib.Path(self.folder) / "code").read_text("utf-8"), "3\n")

    def test_the_caller_stops(self):
        def stop(*_):
            raise KeyError("full")
        with self.assertRaisesRegex(KeyError, "full"):
            self.verifier().deliver(self.archive, None, stop)
        with self.assertRaisesRegex(KeyError, "full"):
            self.verifier().deliver(self.archive, stop, None)

    def test_expectations(self):
        self.assertEqual(self.verifier(product="Another").verify(self.archive).verdict_name, "REFUSED")
        self.assertEqual(self.verifier(min_sequence=10**9).verify(self.archive).check, "release.sequence")
        self.assertEqual(self.verifier(min_sequence="many").verify(self.archive).verdict_name, "NOT JUDGED")
        self.assertEqual(self.cretula.Verifier(program=VERIFY).verify(self.archive).verdict_name, "NOT JUDGED")

    def test_options_that_are_not_taken(self):
        for options in ({"trust": ""}, {"program": "cretula-verify"}, {"product": b"bytes"}, {"anchor": []}, {"at": "a\0b"},
                        {"product": ["A", "B"]}):
            with self.subTest(options), self.assertRaises(self.cretula.OptionError):
                self.cretula.Verifier(**options)

    def test_a_verifier_that_refused_an_option_judges_nothing(self):
        from cretula._library import load
        loaded = load()
        verifier = loaded.cretula_verifier_new()
        anchor, program = (str(one).encode() for one in (ROOT_CERT, VERIFY))
        for option, value in ((1, anchor), (21, b""), (25, program)):
            self.assertEqual(loaded.cretula_verifier_set(verifier, option, value), 0)
        result = loaded.cretula_verify_file(verifier, str(self.archive).encode())
        self.assertEqual(loaded.cretula_result_accepted(result), 1)
        loaded.cretula_result_free(result)
        self.assertIsNone(loaded.cretula_verifier_error(verifier))
        for option, value in ((9999, b"x"), (7, None), (7, b""), (21, b"x"), (21, b"")):
            self.assertEqual(loaded.cretula_verifier_set(verifier, option, value), -1)
        self.assertIn(b"of that number", loaded.cretula_verifier_error(verifier))
        result = loaded.cretula_verify_file(verifier, str(self.archive).encode())
        self.assertEqual((loaded.cretula_result_verdict(result), loaded.cretula_result_accepted(result)), (2, 0))
        loaded.cretula_result_free(result)
        loaded.cretula_verifier_free(verifier)

    def test_nothing_is_no_acceptance(self):
        from cretula._library import load
        loaded = load()
        self.assertEqual((loaded.cretula_result_accepted(None), loaded.cretula_result_verdict(None)), (0, 0))
        self.assertEqual(loaded.cretula_result_file_count(None), 0)
        self.assertIsNone(loaded.cretula_result_file(None, 0))
        self.assertIsNone(loaded.cretula_result_json(None, ctypes.byref(ctypes.c_size_t(1))))
        for call in (lambda: loaded.cretula_verify_file(None, b"x"), lambda: loaded.cretula_verify_descriptor(None, 0)):
            result = call()
            self.assertEqual(loaded.cretula_result_verdict(result), 2)
            loaded.cretula_result_free(result)
        verifier = loaded.cretula_verifier_new()
        for path in (None, b"", b"/"):
            result = loaded.cretula_verify_file(verifier, path)
            self.assertEqual(loaded.cretula_result_verdict(result), 2)
            loaded.cretula_result_free(result)
        # Without a folder nothing is checked instead.
        self.assertEqual(loaded.cretula_verifier_set(verifier, 25, str(VERIFY).encode()), 0)
        result = loaded.cretula_extract_file(verifier, str(self.archive).encode(), None)
        self.assertEqual(loaded.cretula_result_verdict(result), 2)
        loaded.cretula_result_free(result)
        loaded.cretula_verifier_free(verifier)

    def in_a_process(self, before):
        """The verdict in a process that did this first."""
        code = (f"import sys; sys.path.insert(0, {str(library.PYTHON)!r})\nimport cretula, os, signal\n"
                f"v = cretula.Verifier(anchor={str(ROOT_CERT)!r}, allow_example_keys=True, program={VERIFY!r})\n"
                f"said = os.dup(1)\n{before}\nr = v.verify({str(self.archive)!r})\n"
                "os.write(said, f'{r.verdict_name}: {r.sentence}'.encode())\n")
        return subprocess.run([sys.executable, "-B", "-c", code], capture_output=True, text=True, check=True).stdout

    def test_whatever_the_caller_did(self):
        self.assertRegex(self.in_a_process("os.close(0); os.close(1); os.close(2)"), "^ACCEPTED: ")
        self.assertRegex(self.in_a_process("signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))"), "^ACCEPTED: ")
        self.assertRegex(self.in_a_process("signal.signal(signal.SIGTERM, signal.SIG_IGN)"), "^ACCEPTED: ")
        self.assertRegex(self.in_a_process("signal.signal(signal.SIGCHLD, signal.SIG_IGN)"), "^UNDECIDED: .*SIGCHLD")

    def test_denied_descriptors(self):
        """Wherever there are none left, it is undecided, or the right answer."""
        answers = set()
        for most in range(4, 272):
            if most < 256 and most % 50 or most % 2:
                continue
            code = f"import resource; resource.setrlimit(resource.RLIMIT_NOFILE, ({most}, {most}))"
            answers.add(self.in_a_process(code).split(":")[0])
        self.assertEqual(answers, {"UNDECIDED", "ACCEPTED"})


if __name__ == "__main__":
    library.again_with_library()
    main()
