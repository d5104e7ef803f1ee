# SPDX-License-Identifier: Apache-2.0
"""Lessons 22 and 33: every file that either program writes. Two runs at once, what already lies under the
name, signals, modes and owners. What is asserted holds for every other interleaving too."""
import errno
import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import time

from harness import CLEAN_ENVIRONMENT, FAKETIME, PRODUCT, ROOT_CERT, SIGN, VERIFY, as_nobody, main, needs_root, sha256, tree
from outputs_case import ALLOW, HALF, OutputsCase


class Outputs(OutputsCase):
    # Two runs at once

    def race(self, name, command, files, answer=None):
        folder = self.place(f"{name} {answer or ''}")
        first = self.begin(command("a"), folder, at="publish", answer=answer)
        second = self.run_in(command("b"), folder, answer=answer)
        self.assertEqual(second.code, 0, second)
        before = {path: what for path, what in tree(folder).items() if "/." not in f"/{path}"}
        self.go()
        first = self.end(first)
        self.assertIn(first.code, (2, 3), first)
        self.assertEqual(tree(folder), before, f"the loser changed something\n{first}")
        self.assertTrue("exists already" in first.out + first.err or "meanwhile" in first.out + first.err, first)
        self.only(folder, files)
        return folder

    def test_of_two_runs_for_one_new_name_one_is_told(self):
        for name, (command, files) in self.writers().items():
            with self.subTest(name):
                self.race(name, command, files)

    def test_the_same_on_file_systems_without_unnamed_files(self):
        """And where nothing renames without replacing, and where there are no links either."""
        without = f"tmpfile:{errno.EOPNOTSUPP}"
        for answer in (without, f"{without},renameat2:{errno.EINVAL}",
                       f"{without},renameat2:{errno.ENOSYS},link:{errno.EPERM}"):
            for name in ("pack", "keygen", "extract", "check --record"):
                with self.subTest(name, answer=answer):
                    command, files = self.writers()[name]
                    self.race(name, command, files, answer)

    def test_a_key_and_its_certificate_are_of_one_run(self):
        command, files = self.writers()["keygen"]
        folder = self.race("keygen pair", command, files)
        public = self.run_program("openssl", "pkey", "-in", folder / "k.key.pem", "-passin", "pass:secret", "-pubout", code=0)
        certified = self.run_program("openssl", "x509", "-in", folder / "k.cert.pem", "-noout", "-pubkey", code=0)
        self.assertEqual(public.out, certified.out)

    def test_a_key_is_never_left_without_its_certificate(self):
        """The name of one is taken at the last moment: neither stays."""
        command, _ = self.writers()["keygen"]
        for taken, other in (("k.key.pem", "k.cert.pem"), ("k.cert.pem", "k.key.pem")):
            with self.subTest(taken):
                folder = self.place(taken)
                process = self.begin(command("a"), folder, at="publish")
                (folder / taken).write_text("somebody's")
                self.go()
                result = self.end(process)
                self.assertEqual(result.code, 2, result)
                self.assertEqual((folder / taken).read_text(), "somebody's")
                self.assertFalse((folder / other).exists())

    def test_what_is_replaced_is_locked(self):
        """An output that lies there already: the second run is told at once, the first one finishes."""
        for name in ("prepare FILE", "prepare --tbs", "trust-order", "timestamp --request", "sbom complete", "record export"):
            command, files = self.writers()[name]
            with self.subTest(name):
                folder = self.place(name)
                (folder / files[0]).write_text("old")
                first = self.begin(command("a"), folder, at="publish")
                second = self.run_in(command("b"), folder, code=3)
                self.assertIn("another run", second.err)
                self.assertEqual((folder / files[0]).read_text(), "old")
                self.go()
                result = self.end(first)
                self.assertEqual(result.code, 0, result)
                self.assertNotEqual((folder / files[0]).read_bytes(), b"old")
                self.only(folder, files)

    def test_two_who_change_one_file_both_count(self):
        for name, (source, command, shows, expected) in self.amenders().items():
            with self.subTest(name):
                folder = self.place(name)
                shutil.copy(self.shared / source, folder / "f")
                first = self.begin(command("alice"), folder, at="publish")
                second = self.begin(command("bob"), folder)
                # Time for a run that does not wait to show itself; one that waits never ends before the first.
                try:
                    second.wait(0.4)
                except subprocess.TimeoutExpired:
                    pass
                self.go()
                results = [self.end(first), self.end(second)]
                self.assertEqual([result.code for result in results], [0, 0], "\n".join(map(str, results)))
                self.assertEqual(shows(folder / "f"), expected)
                self.only(folder, ["f"])

    def test_four_who_sign_at_once(self):
        folder = self.place("four")
        shutil.copy(self.shared / "signed.tar", folder / "f")
        _, command, _, _ = self.amenders()["endorse"]
        runs = [self.begin(command(who), folder) for who in ("alice", "bob", "carol", "dora")]
        results = [self.end(run) for run in runs]
        self.assertEqual([result.code for result in results], [0] * 4, "\n".join(map(str, results)))
        self.assertEqual(self.signature_count(folder / "f"), 5)

    def test_a_change_from_outside_is_kept(self):
        """Somebody moves another file there, or writes into it, while one is at work."""
        for name, (source, command, _, _) in self.amenders().items():
            for how in ("moved", "written"):
                with self.subTest(name, how=how):
                    folder = self.place(f"{name} {how}")
                    shutil.copy(self.shared / source, folder / "f")
                    process = self.begin(command("alice"), folder, at="fsync")
                    if how == "moved":
                        (folder / "g").write_text("other")
                        (folder / "g").rename(folder / "f")
                    else:
                        (folder / "f").write_text("other")
                    self.go()
                    result = self.end(process)
                    self.assertEqual(result.code, 3, result)
                    self.assertIn("run this again", result.err)
                    self.assertEqual((folder / "f").read_text(), "other")
                    self.only(folder, ["f"])

    # What lies under the name

    def obstacles(self, path):
        def device():
            os.mknod(path, 0o666 | stat.S_IFCHR, os.makedev(1, 3))

        def unix_socket():
            with socket.socket(socket.AF_UNIX) as made:
                here = os.open(path.parent, os.O_RDONLY)
                made.bind(f"/proc/self/fd/{here}/{path.name}")
                os.close(here)

        def link():
            (path.parent / "real").write_text("real")
            path.symlink_to("real")

        made = {"pipe": lambda: os.mkfifo(path), "socket": unix_socket, "folder": path.mkdir, "link": link,
                "dangling link": lambda: path.symlink_to("nowhere")}
        if os.geteuid() == 0:
            made["device"] = device
        return made

    @staticmethod
    def look(folder):
        return {str(path.relative_to(folder)): (stat.S_IFMT(info.st_mode), info.st_rdev, info.st_ino, info.st_size)
                for path in sorted(folder.rglob("*")) for info in [path.lstat()]}

    def test_only_regular_files_are_replaced(self):
        for name, (command, files) in self.writers().items():
            for file in files:
                if "/" in file:
                    continue
                for kind in self.obstacles(self.folder / "x"):
                    with self.subTest(name, file=file, kind=kind):
                        folder = self.place(f"{name} {file} {kind}")
                        self.obstacles(folder / file)[kind]()
                        before = self.look(folder)
                        result = self.run_in(command("a"), folder, code=(2, 3))
                        after = self.look(folder)
                        if file != files[0]: # the second of two: the first may stand, as it is
                            after = {path: what for path, what in after.items() if path != files[0]}
                        self.assertEqual(after, before, result)
                        self.assertIn(file, result.out + result.err)

    def test_only_regular_files_are_amended(self):
        for name, (_, command, _, _) in self.amenders().items():
            for kind in self.obstacles(self.folder / "x"):
                with self.subTest(name, kind=kind):
                    folder = self.place(f"{name} {kind}")
                    self.obstacles(folder / "f")[kind]()
                    before = self.look(folder)
                    self.run_in(command("alice"), folder, code=2)
                    self.assertEqual(self.look(folder), before)

    def test_a_dash_is_standard_output_or_refused(self):
        for name, (command, _) in self.writers().items():
            for option in ("--out", "--tbs", "--request", "--record", "--to"):
                arguments = [str(one) for one in command("a")]
                if option not in arguments:
                    continue
                arguments[arguments.index(option) + 1] = "-"
                folder = self.place(f"{name} {option} dash")
                with self.subTest(name, option=option):
                    streams = name in ("sbom complete", "record export")
                    result = self.run_in(arguments, folder, code=0 if streams else 2)
                    if streams:
                        json.loads(result.out)
                    else:
                        self.assertIn("standard output", result.err)
                    self.assertEqual(tree(folder), {})

    # An archive that lies there

    def test_a_closed_stream_is_not_a_file(self):
        """A descriptor below 3 that is closed at the start would be given to a file, and what is printed be
        written into that: a lock, a journal, an archive."""
        accepted = [VERIFY, "check", self.shared / "own.tar", "--anchor", self.shared / "bob.cert.pem", "--journal", "j"]
        note = [VERIFY, "journal", "note", "j", "--line", "1", "--stage", "received", "--asset", "x"]
        commands = {**{name: command("a") for name, (command, _) in self.writers().items()}, "check --journal": accepted,
                    "journal note": note, "journal close": [VERIFY, "journal", "close", "j", "--text", "end"]}
        for name, command in commands.items():
            for closed in ((1,), (1, 2), (0, 1, 2)):
                with self.subTest(name, closed=closed):
                    folder = self.place(f"{name} {closed}")
                    self.run_in(accepted, folder, code=0)
                    before = len((folder / "j" / "journal.jsonl").read_bytes().splitlines())
                    process = subprocess.Popen(
                        [str(one) for one in command], cwd=folder, env=CLEAN_ENVIRONMENT, stdin=subprocess.PIPE,
                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                        preexec_fn=lambda closed=closed: [os.close(one) for one in closed])
                    try:
                        process.communicate(input=b"secret\n", timeout=60)
                    except BrokenPipeError:
                        process.wait(60)
                    self.assertIn(process.returncode, (0, 2, 3))
                    if closed == (1,) and name in ("journal note", "journal close", "check --journal"):
                        self.assertEqual(process.returncode, 3)
                    self.assertEqual((folder / "j" / "lock").read_bytes(), b"")
                    lines = (folder / "j" / "journal.jsonl").read_text().splitlines()
                    self.assertGreaterEqual(len(lines), before)
                    self.assertTrue(all(line.startswith('{"cretula":"journal/1",') for line in lines), lines)
                    self.run_in([VERIFY, "journal", "verify", "j"], folder, code=0)
                    for path in folder.rglob("*"):
                        if path.is_file():
                            self.assertNotIn(b"cretula-sign: ", path.read_bytes(), path)
                            self.assertNotIn(b"cretula-verify: ", path.read_bytes(), path)

    def test_an_output_is_none_of_the_inputs(self):
        """Whoever names a file that the run reads would lose it: key, journal, evidence, archive, payload."""
        first = self.place("made")
        for name in ("fw", "a.yaml", "c.yaml", "sbom.json", "signed.tar", "trust.json", "alice.key.pem", "alice.cert.pem",
                     "bob.cert.pem", "own.tar"):
            shutil.copy(self.shared / name, first / name)
        self.run_in([VERIFY, "check", "own.tar", "--anchor", "bob.cert.pem", "--product", PRODUCT, "--journal", "journal",
                     "--record", "r", "--sign-record", "alice.key.pem", "--record-cert", "alice.cert.pem"], first, code=0)
        os.link(first / "fw", first / "fw.link")
        own = ("--key", "alice.key.pem", "--cert", "alice.cert.pem")
        prepare = [SIGN, "prepare", "a.yaml", "--out", "x.tar", "--cert", "alice.cert.pem", "--tbs"]
        again = [SIGN, "prepare", "signed.tar", "--cert", "alice.cert.pem", "--tbs"]
        order = [SIGN, "trust-order", "trust.json", "--index", "0x01500010", "--key", "alice.key.pem", ALLOW, "--out"]
        export = [VERIFY, "record", "export", "r/RECORD.json", "--vsa", "--key", "alice.key.pem", "--anchor", "alice.cert.pem",
                  "--journal", "journal", "--out"]
        rows = [
            *((prepare, name) for name in ("a.yaml", "fw", "fw.link", "alice.cert.pem", "x.tar")),
            *((again, name) for name in ("signed.tar", "alice.cert.pem")), ([SIGN, "prepare", "signed.tar", "--out"], "signed.tar"),
            ([*again, "new.der", "--out"], "signed.tar"), ([*again, "new.der", "--out"], "new.der"),
            *((order, name) for name in ("trust.json", "alice.key.pem")),
            *((export, name) for name in ("r/RECORD.json", "r/RECORD.json.p7s", "alice.key.pem", "alice.cert.pem",
                                          "journal/journal.jsonl", "./journal/../journal/journal.jsonl")),
            ([SIGN, "timestamp", "signed.tar", "--request"], "signed.tar"),
            *(([SIGN, "sbom", "complete", "c.yaml", "--out"], name) for name in ("c.yaml", "fw")),
            *(([SIGN, "pack", "a.yaml", *own, "--force", "--out"], name)
              for name in ("a.yaml", "fw", "fw.link", "alice.key.pem", "alice.cert.pem")),
        ]
        before = tree(first)
        for command, name in rows:
            with self.subTest(" ".join(str(one) for one in command[1:3]), output=name):
                result = self.run_in([*command, name], first, code=2)
                self.assertRegex(result.err, "would replace|--tbs names")
                self.assertEqual(tree(first), before)
        self.run_in([SIGN, "sbom", "complete", "c.yaml", "--out", "sbom.json"], first, code=0)
        self.assertNotEqual(tree(first)["sbom.json"], before["sbom.json"])

    @needs_root
    def test_what_is_prepared_appears_together_or_not_at_all(self):
        for name, command in (("both", []), ("attributes", ["--cert", self.shared / "alice.cert.pem", "--tbs", "t.der"])):
            full = 0
            for pages in range(1, 6):
                with self.subTest(name, pages=pages), self.small_disk(4096 * pages, f"{name}{pages}") as disk:
                    result = self.run_in([SIGN, "prepare", self.shared / "a.yaml", "--out", "x.tar", *command], disk)
                    self.assertIn(result.code, (0, 3), result)
                    self.assertEqual(len(tree(disk)), 2 if result.code == 0 else 0, result)
                    full += result.code == 3
            self.assertIn(full, range(1, 5))

    def test_pack_replaces_the_same_release_only(self):
        folder = self.place("replace")
        command, _ = self.writers()["pack"]
        self.run_in(command("a"), folder, code=0)
        self.run_in(command("a"), folder, code=0)
        before = tree(folder)
        result = self.run_in(command("b"), folder, code=2)
        for word in ("another release lies there", "identity", "--force"):
            self.assertIn(word, result.err)
        self.assertEqual(tree(folder), before)
        self.run_in([SIGN, "endorse", "x.tar", *self.own("bob")], folder, code=0)
        before = tree(folder)
        result = self.run_in(command("a"), folder, code=2)
        self.assertIn("1 signature by other keys", result.err)
        self.run_in([SIGN, "prepare", self.shared / "a.yaml", "--out", "x.tar"], folder, code=2)
        self.assertEqual(tree(folder), before)
        self.run_in([*command("b"), "--force"], folder, code=0)
        self.assertEqual(self.signature_count(folder / "x.tar"), 1)
        (folder / "x.tar").write_text("notes of somebody")
        result = self.run_in(command("b"), folder, code=2)
        self.assertIn("no archive", result.err)
        self.assertEqual((folder / "x.tar").read_text(), "notes of somebody")

    def test_without_a_signing_time_two_runs_give_the_same_bytes(self):
        self.run_program("openssl", "req", "-x509", "-newkey", "rsa:3072", "-noenc", "-subj", "/CN=rsa", "-days", "30",
                         "-addext", "basicConstraints=critical,CA:FALSE", "-addext", "keyUsage=critical,digitalSignature",
                         "-addext", "extendedKeyUsage=critical,codeSigning", "-keyout", "rsa.key.pem", "-out", "rsa.cert.pem",
                         code=0)
        signer = ("--key", "rsa.key.pem", "--cert", "rsa.cert.pem")
        digests = {}
        for more in ((), ("--no-signing-time",)):
            for number, now in enumerate(("2026-11-29 10:00:00", "2026-11-29 10:00:05")):
                out = f"{len(more)}-{number}.tar"
                self.run_program(*FAKETIME, "-f", f"@{now}", SIGN, "pack", self.shared / "a.yaml", *signer, "--out", out,
                                 *more, environment={"TZ": "UTC"})
                if not (self.folder / out).exists(): # certificates begin now
                    self.sign("pack", self.shared / "a.yaml", *signer, "--out", out, *more)
                    time.sleep(1.1)
                digests.setdefault(more, []).append(sha256((self.folder / out).read_bytes()))
        self.assertEqual(*digests[("--no-signing-time",)])
        self.assertNotEqual(*digests[()])
        self.verify("check", "1-0.tar", "--anchor", "rsa.cert.pem")

    # Modes and owners

    def test_a_rewrite_keeps_mode_and_owner(self):
        for name, (source, command, _, _) in self.amenders().items():
            for mode in (0o640, 0o600, 0o664):
                with self.subTest(name, mode=oct(mode)):
                    folder = self.place(f"{name} {mode}")
                    shutil.copy(self.shared / source, folder / "f")
                    (folder / "f").chmod(mode)
                    if os.geteuid() == 0:
                        os.chown(folder / "f", 1234, 5678)
                    owner = (folder / "f").stat()
                    self.run_in(command("alice"), folder, code=0)
                    now = (folder / "f").stat()
                    self.assertEqual((stat.S_IMODE(now.st_mode), now.st_uid, now.st_gid), (mode, owner.st_uid, owner.st_gid))

    def test_a_mode_that_cannot_be_kept_never_opens_the_file(self):
        command = self.amenders()["endorse"][1]
        folder = self.place("mode")
        shutil.copy(self.shared / "signed.tar", folder / "f")
        (folder / "f").chmod(0o644)
        self.run_in(command("alice"), folder, code=0, answer=f"fchmod:{errno.EPERM}")
        self.assertEqual(stat.S_IMODE((folder / "f").stat().st_mode) & ~0o644, 0)
        (folder / "f").chmod(0o600)
        before = tree(folder)
        result = self.run_in(command("bob"), folder, code=3, answer=f"wide:1,fchmod:{errno.EPERM}")
        self.assertIn("open to more people", result.err)
        self.assertEqual(tree(folder), before)

    @needs_root
    def test_a_group_that_cannot_be_kept_gets_no_access(self):
        folder = self.place("group")
        for part in (self.folder, folder):
            part.chmod(0o777)
        for who in ("alice",):
            shutil.copy(self.shared / f"{who}.key.pem", folder)
            shutil.copy(self.shared / f"{who}.cert.pem", folder)
            (folder / f"{who}.key.pem").chmod(0o644)
        shutil.copy(self.shared / "signed.tar", folder / "f")
        (folder / "f").chmod(0o664)
        os.chown(folder / "f", 0, 0)
        process = self.begin([SIGN, "endorse", "f", "--key", "alice.key.pem", "--cert", "alice.cert.pem"], folder,
                             before=as_nobody)
        result = self.end(process)
        if "ermission" in result.err:
            self.skipTest("another user cannot read the tree")
        self.assertEqual(result.code, 0, result)
        self.assertEqual(stat.S_IMODE((folder / "f").stat().st_mode), 0o644)

    def test_a_folder_whose_mode_cannot_be_set(self):
        command, _ = self.writers()["extract"]
        for error in (errno.EPERM, errno.ENOSYS, errno.EOPNOTSUPP):
            with self.subTest(error):
                folder = self.place(str(error))
                result = self.run_in(command("a"), folder, code=0, answer=f"fchmod:{error}")
                self.assertIn("the file system decides about modes here: the folder has 700", result.err)
                self.assertTrue((folder / "d" / "fw").is_file())

    def test_a_key_that_others_can_read_is_said(self):
        command, _ = self.writers()["keygen"]
        folder = self.place("wide")
        result = self.run_in(command("a"), folder, code=0, answer="wide:1")
        self.assertIn("WARNING: the file system lets others read the encrypted key", result.err)
        self.assertNotIn("WARNING", self.run_in(command("a"), self.place("private"), code=0).err)

    # Signals

    def extraction(self, folder):
        """extract from a pipe that has given half of the payload."""
        data = (self.shared / "large.tar").read_bytes()
        process = self.begin([VERIFY, "extract", "-", "--anchor", ROOT_CERT, ALLOW, "--to", "d"], folder,
                             start_new_session=True)
        process.stdin.write(data[:-HALF])
        process.stdin.flush()
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and not [one for one in folder.glob(".d.*.tmp/*")]:
            time.sleep(0.01)
        self.assertTrue([one for one in folder.glob(".d.*.tmp/*")])
        return process, data[-HALF:]

    def test_a_signal_during_extract_leaves_nothing(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
            for group in (False, True):
                with self.subTest(number.name, group=group):
                    folder = self.place(f"{number.name} {group}")
                    process, _ = self.extraction(folder)
                    (os.killpg if group else os.kill)(process.pid, number)
                    process.wait(60)
                    self.assertEqual(process.returncode, -number)
                    self.assertEqual(self.look(folder), {})
                    process.communicate()

    def test_a_killed_extract_leaves_no_final_name_and_the_next_run_cleans_up(self):
        folder = self.place("killed")
        process, _ = self.extraction(folder)
        process.kill()
        process.communicate()
        left = [path.name for path in folder.iterdir()]
        self.assertEqual(len(left), 1)
        self.assertRegex(left[0], r"^\.d\.[0-9a-f]{16}\.tmp$")
        (folder / ".d.0123456789abcdef.tmp.keep").write_text("not ours")
        self.run_in(self.writers()["extract"][0]("a"), folder, code=0)
        self.assertEqual(sorted(path.name for path in folder.iterdir()), [".d.0123456789abcdef.tmp.keep", "d"])

    def test_the_folder_of_a_living_run_is_left_alone(self):
        folder = self.place("alive")
        process, rest = self.extraction(folder)
        self.run_in(self.writers()["extract"][0]("a"), folder, code=0)
        self.assertTrue(list(folder.glob(".d.*.tmp/*")))
        before = tree(folder / "d")
        process.stdin.write(rest)
        process.stdin.close()
        process.stdin = None
        result = self.end(process)
        self.assertEqual(result.code, 3, result)
        self.assertEqual(tree(folder / "d"), before)
        self.assertEqual([path.name for path in folder.iterdir()], ["d"])

    def test_a_signal_takes_named_files_away(self):
        for name in ("pack", "keygen", "endorse"):
            with self.subTest(name):
                folder = self.place(name)
                shutil.copy(self.shared / "signed.tar", folder / "f")
                before = tree(folder)
                command = self.amenders()[name][1]("alice") if name == "endorse" else self.writers()[name][0]("a")
                process = self.begin(command, folder, at="fsync", answer=f"tmpfile:{errno.EOPNOTSUPP}")
                self.assertTrue(list(folder.glob(".*.tmp")))
                process.terminate()
                self.go()
                process.wait(60)
                self.assertEqual(process.returncode, -signal.SIGTERM)
                self.assertEqual(tree(folder), before)
                process.communicate()

    def test_a_signal_while_a_pair_is_published_comes_after_it(self):
        folder = self.place("pair")
        process = self.begin(self.writers()["keygen"][0]("a"), folder, at="publish")
        process.terminate()
        self.go()
        process.communicate()
        self.assertEqual(process.returncode, -signal.SIGTERM)
        self.assertEqual(sorted(tree(folder)), ["k.cert.pem", "k.key.pem"])


if __name__ == "__main__":
    main()
