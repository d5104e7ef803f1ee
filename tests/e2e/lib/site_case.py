# SPDX-License-Identifier: Apache-2.0
"""A machine with a site configuration of its own: folders that stand for /etc and /dev, in a mount
namespace that only the program sees. The machine that runs the tests is not touched."""
import contextlib
import json
import os
import pathlib
import shutil
import socket
import struct
import subprocess
import tempfile
import unittest

from harness import EXAMPLE, SIGN, SOURCE, VENDOR, VERIFY, Case, certificate_sha256

NOBODY = 65534
MOUNT = 'mount --bind "$1" /etc && mount --bind "$2" /dev && shift 2 && exec "$@"'


def acl(user, user_bits, mask):
    """system.posix_acl_access: rw-r--r-- and one more user."""
    entries = [(0x01, 6, 0xFFFFFFFF), (0x02, user_bits, user), (0x04, 4, 0xFFFFFFFF), (0x10, mask, 0xFFFFFFFF),
               (0x20, 4, 0xFFFFFFFF)]
    return struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in entries)


@unittest.skipUnless(os.geteuid() == 0 and subprocess.run(["unshare", "-m", "true"], check=False).returncode == 0,
                     "needs root, and mount namespaces")
class MachineCase(Case):
    """self.etc is the machine's /etc, self.plant (/etc/plant) holds what the site names."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        made = cls("made")
        made.folder = cls.shared
        cls.keys, cls.thief = made.own_keys("vendor"), made.own_keys("thief")
        cls.owner = made.own_keys("owner")
        for name in ("vendor", "thief"):
            made.run_program(SIGN, "pack", EXAMPLE / "release.yaml", "--key", f"{cls.shared / name}.key.pem", "--cert",
                             f"{cls.shared / name}.cert.pem", "--out", cls.shared / f"{name}.tar", code=0)
            cls.policy(made, name)

    def made(self):
        """Only so that setUpClass has an instance whose methods run programs."""

    @classmethod
    def policy(cls, made, name):
        path = cls.shared / f"{name}.json"
        made.verify("trust", "init", path, "--name", "Plant")
        # The owner, who may sign profiles, in a scope of his own.
        for vendor, role, keys in ((VENDOR, "release", name), ("Plant", "owner", "owner")):
            made.verify("trust", "add-signer", path, "--vendor", vendor, "--signer", keys, "--role", role, "--anchor",
                        f"{cls.shared / keys}-root.cert.pem", "--fingerprint",
                        certificate_sha256(f"{cls.shared / keys}-root.cert.pem"), "--obtained", "in person")

    def setUp(self):
        super().setUp()
        # Not below the build folder: other users must be able to come here.
        self.machine = pathlib.Path(tempfile.mkdtemp(prefix="cretula-site-"))
        self.addCleanup(shutil.rmtree, self.machine)
        self.machine.chmod(0o755)
        self.program = self.machine / "cretula-verify"
        shutil.copy(VERIFY, self.program)
        self.etc = self.machine / "etc"
        self.etc.mkdir()
        for name in ("passwd", "group", "ld.so.cache"):
            with contextlib.suppress(FileNotFoundError):
                shutil.copy(f"/etc/{name}", self.etc)
        self.plant = self.etc / "plant"
        self.dev = self.machine / "dev"
        self.dev.mkdir()
        for number, name in ((3, "null"), (5, "zero"), (9, "urandom")):
            os.mknod(self.dev / name, 0o20600, os.makedev(1, number))
            (self.dev / name).chmod(0o666)
        for folder in (self.etc / "cretula", self.plant):
            folder.mkdir()
            folder.chmod(0o755)
        self.archive, self.evil = self.machine / "vendor.tar", self.machine / "thief.tar"
        for path in (self.archive, self.evil):
            shutil.copy(self.shared / path.name, path)
            path.chmod(0o644)

    def put(self, item, name, data):
        """A file in a folder of its own below /etc/plant; the path that the site names."""
        (self.plant / item).mkdir(exist_ok=True)
        (self.plant / item).chmod(0o755)
        path = self.plant / item / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        path.chmod(0o644)
        return f"/etc/plant/{item}/{name}"

    def put_trust(self, name="vendor"):
        return self.put("trust", "trust.json", (self.shared / f"{name}.json").read_bytes())

    def site(self, **value):
        path = self.etc / "cretula" / "verify.json"
        path.write_text(json.dumps({"cretula": "site/1", **value}), encoding="utf-8")
        path.chmod(0o644)
        return path

    def here(self, *arguments, code=None, user=None, **more):
        """Runs the verifier on that machine, as root or as another user."""
        who = [] if user is None else ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", "--"]
        result = self.run_program("unshare", "-m", "sh", "-c", MOUNT, "sh", self.etc, self.dev, *who, self.program, *arguments,
                                  cwd=self.machine, code=code, **more)
        if result.code != 0:
            self.assertNotIn("ACCEPTED", result.out, result)
        return result

    # what can happen to a path

    @contextlib.contextmanager
    def changed(self, path, change):
        """Does one of the things below to a path, and undoes it."""
        kept = path.with_name(path.name + ".kept")
        info = path.lstat()
        if change in PLACED:
            path.rename(kept)
            PLACED[change](path, kept)
        else:
            ALTERED[change](path)
        try:
            yield
        finally:
            if change in PLACED:
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path)
                else:
                    path.unlink()
                kept.rename(path)
            with contextlib.suppress(OSError):
                os.removexattr(path, "system.posix_acl_access")
            os.chown(path, info.st_uid, info.st_gid)
            path.chmod(info.st_mode & 0o7777)


def _copy_of_nobody(path, kept):
    other = path.with_name(path.name + ".other")
    shutil.copy(kept, other)
    os.chown(other, NOBODY, NOBODY)
    os.link(other, path)
    other.unlink()


def _socket(path, _kept):
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(path))


# Something else in its place; and the thing itself, altered.
PLACED = {
    "a link": lambda path, kept: path.symlink_to(kept.name),
    "an absolute link": lambda path, kept: path.symlink_to(
        pathlib.Path("/etc", *kept.parts[kept.parts.index("etc") + 1:])),
    "a pipe": lambda path, _kept: os.mkfifo(path),
    "a folder": lambda path, _kept: path.mkdir(),
    "a device": lambda path, _kept: os.mknod(path, 0o20600, os.makedev(1, 3)),
    "a socket": _socket,
    "a hard link of another's file": _copy_of_nobody,
}
ALTERED = {
    "the owner": lambda path: os.chown(path, NOBODY, 0),
    "the group may write": lambda path: path.chmod(path.stat().st_mode | 0o020),
    "everybody may write": lambda path: path.chmod(path.stat().st_mode | 0o002),
    "sticky": lambda path: path.chmod(0o1777),
    "set-group-id": lambda path: path.chmod(0o2775),
    "an access control list": lambda path: os.setxattr(path, "system.posix_acl_access", acl(NOBODY, 7, 7)),
}
LINKS = ["a link", "an absolute link"]
OF_FOLDERS = [*LINKS, *ALTERED]
OF_FILES = [*LINKS, "a pipe", "a folder", "a device", "a socket", "a hard link of another's file",
            *(name for name in ALTERED if name not in ("sticky", "set-group-id"))]
STATION = (SOURCE / "tests" / "vectors" / "tpm" / "station.json").read_bytes()
