# SPDX-License-Identifier: Apache-2.0
"""Helpers of the end-to-end tests: run the built programs, make releases, tamper with archives.

Python's standard library only. Programs and folders come from the environment (CMakeLists.txt sets
it); every test works in a folder of its own, below the build folder, that is removed afterwards.
"""
import contextlib
import hashlib
import json
import os
import pathlib
import re
import resource
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.dont_write_bytecode = True

SOURCE = pathlib.Path(os.environ.get("CRETULA_SOURCE") or pathlib.Path(__file__).parents[3])
BUILD = pathlib.Path(os.environ.get("CRETULA_BUILD") or SOURCE / "build" / "dev")
SIGN = os.environ.get("CRETULA_SIGN") or str(BUILD / "signer" / "cretula-sign")
VERIFY = os.environ.get("CRETULA_VERIFY") or str(BUILD / "verifier" / "cretula-verify")
FLIPS = os.environ.get("CRETULA_FLIPS") or str(BUILD / "tests" / "tools" / "flips")
INTERPOSE = os.environ.get("CRETULA_INTERPOSE") or str(BUILD / "tests" / "tools" / "interpose.so")
NODE_MODULES = os.environ.get("CRETULA_NODE_MODULES") or ""
HEAVY = os.environ.get("CRETULA_TEST_HEAVY") == "ON"
SANITIZED = bool(os.environ.get("CRETULA_SANITIZE"))
# A program under another clock: then come the words of faketime.
FAKETIME = ("sh", str(SOURCE / "tests" / "vectors" / "clock.sh"))

KEYS = SOURCE / "keys-example"
EXAMPLE = SOURCE / "docs" / "example-release"
ROOT_CERT = KEYS / "root.cert.pem"
DATE = "2026-10-12T08:00:00Z"
VENDOR = "Example Automation GmbH"
PRODUCT = "RTU-7 Remote Terminal Unit"

# Programs run without what a user's shell may have set; tests that need a variable give it.
CLEAN_ENVIRONMENT = {
    name: value for name, value in os.environ.items()
    if name in ("PATH", "HOME", "TMPDIR", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LD_LIBRARY_PATH")
}
CLEAN_ENVIRONMENT["LC_ALL"] = "C"
# Pages do not wrap, so that tests find whole sentences; how they wrap has tests of its own.
CLEAN_ENVIRONMENT["COLUMNS"] = "2000"

# Of signatures with large values a plain run flips each fifth bit: each bit of a byte has its turn.
EVERY_BIT = 1 if HEAVY else 5
heavy = unittest.skipUnless(HEAVY, "heavy: run with tests/run.sh --all")
not_sanitized = unittest.skipIf(SANITIZED, "measures what the sanitizers change")
needs_root = unittest.skipUnless(os.geteuid() == 0, "needs root, to mount a small file system")


class Result:
    """What a program did."""

    def __init__(self, arguments, code, out, err):
        self.arguments = [str(argument) for argument in arguments]
        self.code = code
        self.out_bytes = out
        self.err_bytes = err
        self.out = out.decode("utf-8", "replace")
        self.err = err.decode("utf-8", "replace")

    def json(self):
        return json.loads(self.out)

    def __str__(self):
        return (f"$ {' '.join(self.arguments)}\n--- exit code {self.code}\n--- stdout\n"
                f"{self.out[-4000:]}\n--- stderr\n{self.err[-4000:]}\n---")


def kept(folder):
    """Nobody else can put another folder in its place: a site configuration wants that of its paths."""
    info = folder.stat()
    return info.st_uid in (0, os.geteuid()) and (not info.st_mode & 0o022 or bool(info.st_mode & 0o1000))


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def certificate_sha256(path):
    """The fingerprint of a certificate in PEM."""
    return sha256(ssl.PEM_cert_to_DER_cert(pathlib.Path(path).read_text()))


def file_sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def noise(size, seed):
    """The same bytes on every machine."""
    return hashlib.shake_256(str(seed).encode()).digest(size)


def write_large(path, size, seed):
    """A file of any size whose megabytes all differ, quickly."""
    block = bytearray(noise(1 << 20, seed))
    with open(path, "wb") as stream:
        for number in range(size >> 20):
            block[0:8] = number.to_bytes(8, "big")
            stream.write(block)
        stream.write(bytes(block[: size & ((1 << 20) - 1)]))


def tree(folder):
    """Every path below a folder with what it holds: 'dir', a link's target, or a file's digest."""
    found = {}
    folder = pathlib.Path(folder)
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_symlink():
            found[name] = "link " + os.readlink(path)
        elif path.is_dir():
            found[name] = "dir"
        else:
            found[name] = file_sha256(path)
    return found


# --- archives, read and written independently of the programs (docs/spec/archive.md) ---

class Member:
    def __init__(self, name, header, data, size):
        self.name = name
        self.header = header  # offset of the header block
        self.data = data      # offset of the content
        self.size = size
        self.end = data + (size + 511) // 512 * 512

    def __repr__(self):
        return f"{self.name}@{self.header}+{self.size}"


def read_member_list(path):
    """Members by walking the headers: only what the canonical form allows."""
    members = []
    extended = None
    with open(path, "rb") as stream:
        offset = 0
        while True:
            stream.seek(offset)
            block = stream.read(512)
            if block == bytes(512):
                return members
            name = block[0:100].rstrip(b"\0").decode()
            prefix = block[345:500].rstrip(b"\0").decode()
            name = f"{prefix}/{name}" if prefix else name
            size = int(block[124:135], 8)
            if block[156:157] == b"x":
                record = stream.read(size).decode()
                extended = int(record.split("=")[1])
                offset += 512 + (size + 511) // 512 * 512
                continue
            if extended is not None:
                size, extended = extended, None
            members.append(Member(name, offset, offset + 512, size))
            offset = members[-1].end


def member(path, name):
    for found in read_member_list(path):
        if found.name == name:
            return found
    raise KeyError(name)


def signature_member(path):
    return next(found for found in read_member_list(path) if found.name.startswith("SIGNATURES/"))


def read_member(path, name):
    found = member(path, name)
    with open(path, "rb") as stream:
        stream.seek(found.data)
        return stream.read(found.size)


def manifest_of(path):
    return json.loads(read_member(path, "MANIFEST.json"))


def canonical_header(name, size, seconds, typeflag=b"0"):
    encoded = name.encode()
    prefix = b""
    if len(encoded) > 100:
        cut = max(at for at, byte in enumerate(encoded)
                  if byte == 0x2F and at <= 155 and len(encoded) - at - 1 <= 100)
        prefix, encoded = encoded[:cut], encoded[cut + 1:]
    head = bytearray(512)
    head[0:len(encoded)] = encoded
    head[100:108] = b"0000644\0"
    head[108:116] = head[116:124] = b"0000000\0"
    head[124:136] = b"%011o\0" % size
    head[136:148] = b"%011o\0" % seconds
    head[148:156] = b" " * 8
    head[156:157] = typeflag
    head[257:265] = b"ustar\x0000"
    head[329:337] = head[337:345] = b"0000000\0"
    head[345:345 + len(prefix)] = prefix
    head[148:156] = b"%06o\0 " % sum(head)
    return bytes(head)


def canonical_archive(members, seconds):
    """An archive of (name, bytes) in the canonical form, written independently of the signer."""
    out = b""
    for name, data in members:
        out += canonical_header(name, len(data), seconds) + data + bytes(-len(data) % 512)
    return out + bytes(1024)


def rebuild(path, target, manifest=None, signatures=None, payload=None, seconds=None):
    """A copy of an archive with other manifest bytes, signatures {name: bytes}, or payload."""
    members = [(found.name, read_member(path, found.name)) for found in read_member_list(path)]
    if seconds is None:
        with open(path, "rb") as stream:
            seconds = int(stream.read(512)[136:147], 8)
    text = members[0][1] if manifest is None else manifest
    old = [one for one in members if one[0].startswith("SIGNATURES/")]
    rest = [one for one in members[1:] if not one[0].startswith("SIGNATURES/")]
    if signatures is not None:
        old = sorted((f"SIGNATURES/{name}.p7s", data) for name, data in signatures.items())
    if payload is not None:
        rest = sorted(payload.items())
    pathlib.Path(target).write_bytes(
        canonical_archive([("MANIFEST.json", text)] + old + rest, seconds))
    return pathlib.Path(target)


def tampered(path, target, offset, change=lambda byte: byte ^ 1):
    """A copy with one byte changed."""
    shutil.copyfile(path, target)
    with open(target, "r+b") as stream:
        stream.seek(offset)
        byte = stream.read(1)[0]
        stream.seek(offset)
        stream.write(bytes([change(byte)]))
    return pathlib.Path(target)


# --- memory ---

def _high_water(pid):
    """Peak resident bytes of a process, or 0 where it is gone."""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as stream:
            for line in stream:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) * 1024
    except (OSError, ValueError):
        pass
    return 0


def _children(pid):
    try:
        found = []
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/children", encoding="ascii") as stream:
                found += [int(word) for word in stream.read().split()]
        return found
    except (OSError, ValueError):
        return []


class MemoryWatch(threading.Thread):
    """Peaks of a process and all its descendants, polled while they run. A peak that a process
    reaches stays in VmHWM, so only growth in the last millisecond of its life can be missed."""

    def __init__(self, pid, program):
        super().__init__(daemon=True)
        self.pid = pid
        self.program = os.path.realpath(program)
        self.peaks = {}
        self.over = False

    def run(self):
        while not self.over:
            pending = [self.pid]
            while pending:
                pid = pending.pop()
                # Before the exec the process is still a copy of Python.
                with contextlib.suppress(OSError):
                    if os.path.realpath(f"/proc/{pid}/exe") == self.program:
                        self.peaks[pid] = max(self.peaks.get(pid, 0), _high_water(pid))
                pending += _children(pid)
            time.sleep(0.0005)

    def total(self):
        self.over = True
        self.join()
        return sum(self.peaks.values())


# --- tests ---

def verbs_of(program, *words):
    """The verbs that a program's help names, or those of a group."""
    text = subprocess.run([program, *words, "--help"], capture_output=True, text=True, check=True).stdout
    block = re.search(r"^Commands:\n((?:  .*\n?)+)", text, re.MULTILINE)
    return re.findall(r"^  ([a-z][a-z0-9-]*)(?:  |$)", block[1], re.MULTILINE) if block else []


class Case(unittest.TestCase):
    """A test with a folder of its own (self.folder), in which the programs are run."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.shared = cls._new_folder()
        cls.addClassCleanup(cls._remove, cls.shared)

    def setUp(self):
        self.folder = self._new_folder()
        self.addCleanup(self._remove, self.folder)

    @classmethod
    def _new_folder(cls):
        base = BUILD / "tests" / "e2e-work"
        base.mkdir(parents=True, exist_ok=True)
        if not all(kept(folder) for folder in (base, *base.parents)):
            base = pathlib.Path(tempfile.gettempdir())
        return pathlib.Path(tempfile.mkdtemp(prefix=cls.__name__ + "-", dir=base))

    @staticmethod
    def _remove(folder):
        # A test may have taken permissions away.
        for path in [folder, *folder.rglob("*")]:
            if path.is_dir() and not path.is_symlink():
                path.chmod(0o755)
        shutil.rmtree(folder)

    # programs

    def run_program(self, *arguments, code=None, stdin=None, environment=None, cwd=None,
                    timeout=300, before=None, screen=False):
        """Runs a program; code is the expected exit code, or a tuple of them, or None. What check and
        extract find is read on their whole page, unless the test is about their one screen."""
        arguments = [str(argument) for argument in arguments]
        if (not screen and arguments[0] == VERIFY and arguments[1:2] in (["check"], ["extract"])
                and not {"--json", "--quiet", "--help", "--"} & set(arguments)):
            arguments.append("--verbose")
        done = subprocess.run(
            arguments, input=stdin, stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True, cwd=cwd or self.folder, timeout=timeout, check=False,
            env={**CLEAN_ENVIRONMENT, **(environment or {})}, preexec_fn=before)
        result = Result(arguments, done.returncode, done.stdout, done.stderr)
        self.check_manners(result)
        if code is not None:
            codes = code if isinstance(code, tuple) else (code,)
            self.assertIn(result.code, codes, result)
        return result

    def check_manners(self, result):
        """What holds for every run of our programs: no crash, no sanitizer report, and never exit
        code 0 with an error message (lesson 6)."""
        self.assertGreaterEqual(result.code, 0, f"died of a signal\n{result}")
        self.assertNotIn("Sanitizer", result.err, result)
        self.assertNotIn("runtime error:", result.err, result)
        if result.arguments[0] in (SIGN, VERIFY):
            self.assertIn(result.code, (0, 1, 2, 3), result)
            if result.code == 0:
                self.assertNotIn("error", result.err.lower(), result)
            else:
                self.assertTrue((result.out + result.err).strip(), f"failed silently\n{result}")

    def sign(self, *arguments, code=0, **more):
        return self.run_program(SIGN, *arguments, code=code, **more)

    def verify(self, *arguments, code=0, **more):
        return self.run_program(VERIFY, *arguments, code=code, **more)

    def check(self, archive, *arguments, code=0, anchor=ROOT_CERT, allow=True, **more):
        """check against the example root, and the word of the verdict that fits the exit code."""
        options = ["--anchor", anchor] if anchor else []
        options += ["--allow-example-keys"] if allow else []
        result = self.verify("check", archive, *options, *arguments, code=code, **more)
        if isinstance(code, int) and "--json" not in arguments and "--quiet" not in arguments:
            word = {0: "ACCEPTED", 1: "REFUSED", 3: "UNDECIDED"}.get(code)
            if word:
                self.assertIn(word, result.out, result)
            if code != 0:
                self.assertNotIn("ACCEPTED", result.out, result)
        return result

    def refused(self, archive, *arguments, says=(), **more):
        """check refuses, and its output holds each of the words."""
        result = self.check(archive, *arguments, code=1, **more)
        for word in [says] if isinstance(says, str) else says:
            self.assertIn(word, result.out, result)
        return result

    # releases

    def description(self, files, name="release.yaml", folder=None, **fields):
        """Writes a description (JSON is YAML) of files [(source, {field: value})] or [source]."""
        folder = pathlib.Path(folder or self.folder)
        value = {
            "product": {"vendor": VENDOR, "name": PRODUCT},
            "release": {"version": "1.0.0", "sequence": 1, "date": DATE},
        }
        for key, field in fields.items():
            value[key] = {**value.get(key, {}), **field} if isinstance(field, dict) else field
        value["files"] = []
        for one in files:
            source, more = one if isinstance(one, tuple) else (one, {})
            value["files"].append({"source": str(source), **more})
        path = folder / name
        path.write_text(json.dumps(value, indent=2, ensure_ascii=False), encoding="utf-8")
        return path

    def pack(self, description, out="release.cretula.tar", *arguments, key="release", code=0,
             **more):
        """Packs with an example key; gives the archive's path."""
        out = pathlib.Path(self.folder, out)
        self.last = self.sign("pack", description, "--key", KEYS / f"{key}.key.pem",
                              "--cert", KEYS / f"{key}.cert.pem", "--allow-example-keys",
                              "--out", out, "--force", *arguments, code=code, **more)
        if code == 0:
            self.assertTrue(out.is_file(), self.last)
        return out

    def small_release(self, out="small.cretula.tar", size=700, **fields):
        """A release of one small firmware file and one text."""
        (self.folder / "firmware.bin").write_bytes(noise(size, "firmware"))
        (self.folder / "NOTES.md").write_text("# Notes\n\nNothing new.\n", encoding="utf-8")
        return self.pack(self.description([("firmware.bin", {"role": "firmware"}),
                                           ("NOTES.md", {"role": "release-notes"})], **fields), out)

    def own_keys(self, name="vendor", folder=None):
        """A private root and a code-signing certificate below it, made by openssl; their paths
        without endings (PREFIX.key.pem, PREFIX.cert.pem, PREFIX-root.cert.pem)."""
        prefix = pathlib.Path(folder or self.folder) / name
        root = f"{prefix}-root"
        self.run_program(
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
            "-noenc", "-subj", f"/O={name} works/CN={name} root", "-days", "3650",
            "-addext", "keyUsage=critical,keyCertSign,cRLSign",
            "-keyout", f"{root}.key.pem", "-out", f"{root}.cert.pem", code=0)
        self.run_program(
            "openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
            "-noenc", "-subj", f"/O={name} works/CN={name} release signing",
            "-keyout", f"{prefix}.key.pem", "-out", f"{prefix}.csr", code=0)
        extensions = pathlib.Path(f"{prefix}.ext")
        extensions.write_text(
            "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n"
            "extendedKeyUsage=codeSigning\nsubjectKeyIdentifier=hash\n"
            "authorityKeyIdentifier=keyid\n", encoding="ascii")
        self.run_program(
            "openssl", "x509", "-req", "-in", f"{prefix}.csr", "-CA", f"{root}.cert.pem",
            "-CAkey", f"{root}.key.pem", "-CAcreateserial", "-days", "1825",
            "-extfile", extensions, "-out", f"{prefix}.cert.pem", code=0)
        return str(prefix)

    # limits of the machine

    @contextlib.contextmanager
    def small_disk(self, size, name="disk"):
        """A file system of `size` bytes, or skips the test where it cannot be mounted."""
        where = self.folder / name
        where.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=0755", "cretula",
                                  str(where)], capture_output=True, check=False)
        if mounted.returncode != 0:
            self.skipTest("cannot mount a small file system")
        try:
            yield where
        finally:
            subprocess.run(["umount", str(where)], check=True)


def limit_file_size(size):
    """For before=: writes beyond `size` bytes of a file fail with EFBIG instead of a signal."""
    def apply():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    return apply


def as_nobody():
    """For before=: root may write everywhere, so be somebody else."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)


def main():
    for program in (SIGN, VERIFY):
        if not os.access(program, os.X_OK):
            sys.exit(f"{program} is not built")
    unittest.main(verbosity=2)
