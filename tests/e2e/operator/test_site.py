# SPDX-License-Identifier: Apache-2.0
"""A machine with /etc/cretula/verify.json: what it names is what nobody else can change, and every verb obeys it."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import unittest

import harness
from clock_case import TS
from harness import KEYS, SOURCE, VERIFY
from site_case import NOBODY, OF_FILES, OF_FOLDERS, STATION, MachineCase

SAYS = re.compile(r"can be changed by others|is a (symbolic link|pipe|folder|device or socket|device|socket|file), (not |which is not replaced)")
PROFILE = SOURCE / "formats" / "release" / "profiles" / "iec62443-component.json"


class Paths(MachineCase):
    """Every way in which others could put another file under a name that the site relies on."""

    def refused(self, changes, path, *command):
        for change in changes:
            with self.subTest(f"{path.relative_to(self.etc)}: {change}"):
                with self.changed(path, change):
                    result = self.here(*command, code=2)
                self.assertRegex(result.err, SAYS)
                self.assertIn(f"/etc/{path.relative_to(self.etc)}" if path != self.etc else "/etc", result.err)
                self.assertIn("what to do", result.err)

    def test_the_configuration_itself(self):
        site = self.site(trust=self.put_trust())
        check = ("check", self.archive)
        self.here(*check, code=0)
        # /etc is a mount point of this test, and cannot be moved away.
        self.refused([change for change in OF_FOLDERS if "link" not in change], self.etc, *check)
        self.refused(OF_FOLDERS, self.etc / "cretula", *check)
        self.refused(OF_FILES, site, *check)
        self.here(*check, code=0)
        # Something that is no folder in the way does not make it vanish.
        kept = self.etc / "cretula.kept"
        site.parent.rename(kept)
        site.parent.write_text("")
        self.here("check", self.archive, "--anchor", f"{self.keys}-root.cert.pem", code=2)
        site.parent.unlink()
        site.parent.symlink_to("nowhere")
        self.here("check", self.archive, "--anchor", f"{self.keys}-root.cert.pem", code=2)

    def items(self):
        """(item, what the site says, the file, the command, the exit code of a sound one)"""
        trust = self.put_trust()
        check = ("check", self.archive)
        overlay = self.put("overlay", "o.json", '{"cretula": "overlay/1", "name": "Plant"}')
        profile = self.put("profile", "p.json", PROFILE.read_bytes())
        plain = self.put("signed", "p.json", PROFILE.read_bytes())
        self.put("signed", "p.json.p7s", b"not a signature")
        tpm = {"trust": trust, "tpm": True, "tcti": "device:/nowhere/tpm", "journal": "/etc/plant/lines/journal",
               "station": self.put("station", "station.json", STATION),
               "journalAuth": self.put("auth", "journal.auth", bytes(32))}
        (self.plant / "auth" / "journal.auth").chmod(0o600)
        (self.plant / "lines").mkdir(mode=0o755)
        recorder = self.put("recorder", "r.pem", pathlib.Path(f"{self.keys}.cert.pem").read_bytes())
        series = self.machine / "series"
        series.mkdir()
        record = self.machine / "record"
        self.site(trust=trust)
        self.here(*check, "--record", record, code=0)
        yield "trust", {"trust": trust}, "trust/trust.json", check, 0
        yield "overlay", {"trust": trust, "overlay": overlay}, "overlay/o.json", check, 0
        yield "profile", {"trust": trust, "profile": profile}, "profile/p.json", check, (0, 1)
        yield "signature", {"trust": trust, "profile": plain}, "signed/p.json.p7s", check, 2
        yield "station", tpm, "station/station.json", check, 3
        yield "secret", tpm, "auth/journal.auth", check, 3
        yield "status", tpm, "station/station.json", ("tpm", "status"), 3
        yield "recorder", {"recordAnchors": [recorder]}, "recorder/r.pem", ("record", "verify", record / "RECORD.json"), 1
        yield "update", {"trust": trust}, "trust/trust.json", ("trust", "update", series), 1

    def test_what_it_names(self):
        for item, value, name, command, code in self.items():
            with self.subTest(item):
                self.site(**value)
                self.assertNotRegex(self.here(*command, code=code).err, SAYS)
                path = self.plant / name
                self.refused(OF_FILES, path, *command)
                self.refused(OF_FOLDERS, path.parent, *command)
                if item == "trust":
                    self.refused(OF_FOLDERS, self.plant, *command)
                kept = path.with_name("kept")
                path.rename(kept)
                self.assertNotIn("ACCEPTED", self.here(*command, code=(0, 2) if item == "signature" else 2).err)
                kept.rename(path)

    def test_what_is_as_good_as_a_file_of_root(self):
        self.site(trust=self.put_trust())
        path = self.plant / "trust" / "trust.json"
        # A second name elsewhere gives nobody the right to write.
        os.link(path, self.machine / "second")
        self.here("check", self.archive, code=0, user=NOBODY)
        for mode in (0o444, 0o644, 0o755):
            path.chmod(mode)
            self.here("check", self.archive, code=0, user=NOBODY)
        path.chmod(0o600)
        self.assertIn("permission denied", self.here("check", self.archive, code=2, user=NOBODY).err)
        self.here("check", self.archive, code=0)

    def test_the_journal(self):
        folder = self.plant / "lines" / "journal"
        folder.parent.mkdir(mode=0o755)
        self.site(trust=self.put_trust(), journal="/etc/plant/lines/journal")
        check = ("check", self.archive)
        self.here(*check, code=0)
        lines = (folder / "journal.jsonl").read_bytes()
        no_folder = [change for change in OF_FILES if change != "a folder"]
        for command in (check, ("journal", "verify"), ("journal", "note", "--line", "1", "--stage", "received"),
                        ("journal", "close"), ("record", "verify", next((folder / "records").glob("*.json")))):
            self.refused(OF_FOLDERS, folder, *command)
        self.refused(OF_FOLDERS, folder.parent, *check)
        self.refused(OF_FOLDERS, folder / "records", *check)
        self.refused(no_folder, folder / "journal.jsonl", *check)
        self.refused(no_folder, folder / "lock", *check)
        self.assertEqual((folder / "journal.jsonl").read_bytes(), lines)
        self.here("journal", "verify", code=0)

    def test_the_journal_of_a_service_account(self):
        folder = self.plant / "lines" / "journal"
        folder.mkdir(parents=True)
        for path in (folder.parent, folder):
            path.chmod(0o755)
        os.chown(folder, 4711, 4711)
        value = {"trust": self.put_trust(), "journal": "/etc/plant/lines/journal"}
        self.site(**value)
        self.assertIn("journalAccount", self.here("check", self.archive, code=2, user=4711).err)
        with (self.etc / "passwd").open("a") as stream:
            stream.write("cretula:x:4711:4711::/:/bin/false\ncretula-x:x:4712:4712::/:/bin/false\n")
        for account in ("cretula", "4711"):
            self.site(**value, journalAccount=account)
            self.here("check", self.archive, code=0, user=4711)
            self.here("journal", "verify", code=0)
        for account in ("cretula-x", "4712", "cretul", "", "cretula:x", "-1", "99999999999"):
            self.site(**value, journalAccount=account)
            self.here("check", self.archive, code=2, user=4711)
        # The account keeps the journal, and nothing else.
        self.site(**value, journalAccount="cretula")
        os.chown(self.plant / "trust" / "trust.json", 4711, 4711)
        self.assertRegex(self.here("check", self.archive, code=2, user=4711).err, SAYS)

    def test_a_policy_of_the_caller(self):
        """He would replace it by one that trusts his own key."""
        trust = self.put_trust()
        self.site(trust=trust)
        self.here("check", self.evil, code=1, user=NOBODY)
        policy = self.plant / "trust" / "trust.json"
        os.chown(policy, NOBODY, NOBODY)
        shutil.copy(self.shared / "thief.json", policy)
        self.assertRegex(self.here("check", self.evil, code=2, user=NOBODY).err, SAYS)
        # The file is root's, its folder is his.
        os.chown(policy, 0, 0)
        os.chown(policy.parent, NOBODY, NOBODY)
        self.assertRegex(self.here("check", self.evil, code=2, user=NOBODY).err, SAYS)

    def test_a_swap_while_runs_go_on(self):
        """Whoever tries all the time to put another policy there has no success, and no run sees one."""
        self.site(trust=self.put_trust())
        script = ("import os, sys\nthief, wins = sys.argv[1], 0\nprint(flush=True)\n"
                  "while os.getppid() != 1 and not os.path.exists(sys.argv[2]):\n"
                  "    for path in sys.argv[3:]:\n"
                  "        for act in (lambda: os.replace(thief, path), lambda: open(path, 'w').close(),\n"
                  "                    lambda: os.rename(path, path + '.old'), lambda: os.chmod(path, 0o777),\n"
                  "                    lambda: os.symlink(thief, path + '.new'), lambda: os.unlink(path)):\n"
                  "            try:\n                act()\n                wins += 1\n"
                  "            except OSError:\n                pass\n"
                  "print(wins)\n")
        scratch = self.machine / "scratch"
        scratch.mkdir()
        scratch.chmod(0o777)
        (scratch / "thief.json").write_bytes((self.shared / "thief.json").read_bytes())
        stop = self.machine / "stop"
        paths = [self.plant / "trust" / "trust.json", self.plant / "trust", self.plant, self.etc / "cretula",
                 self.etc / "cretula" / "verify.json"]
        with subprocess.Popen(["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--", "python3", "-c",
                               script, scratch / "thief.json", stop, *paths], stdout=subprocess.PIPE) as attacker:
            try:
                attacker.stdout.readline()
                for _ in range(10):
                    self.here("check", self.archive, code=0, user=NOBODY)
                    self.here("check", self.evil, code=1, user=NOBODY)
            finally:
                stop.write_text("")
                wins = attacker.communicate(timeout=60)[0]
        self.assertEqual(int(wins), 0)


class Configuration(MachineCase):
    """--config, and what a machine with its own file makes of it."""

    def test_a_machine_has_one_configuration(self):
        self.site(trust=self.put_trust())
        own = self.machine / "own.json"
        own.write_text('{"cretula": "site/1"}')
        anchor = ("--anchor", f"{self.thief}-root.cert.pem")
        self.assertIn("--config contradicts", self.here("check", self.evil, "--config", own, *anchor, code=2).err)
        self.here("check", self.archive, "--config", "/etc/cretula/verify.json", code=0)
        self.here("check", self.evil, "--config", "/etc/cretula/verify.json", *anchor, code=2)
        # Whom to believe about time is the machine's decision too.
        (self.machine / "a.ers").write_bytes(b"x")
        root = ("--authority", f"{self.thief}-root.cert.pem")
        for verb in (("check", self.archive, "--seal", self.machine / "a.ers"), ("seal", "verify", self.machine / "a.ers")):
            self.assertIn("--authority", self.here(*verb, *root, code=2).err)
        # A folder that the caller may not look into does not let him do as he likes.
        (self.etc / "cretula").chmod(0o700)
        for arguments in ((), anchor, ("--config", own, *anchor)):
            self.here("check", self.evil, *arguments, code=2, user=NOBODY)
        (self.etc / "cretula").chmod(0o755)
        # A faulty one stops every verb in which it has a say; the others need none.
        (self.etc / "cretula" / "verify.json").write_text("{")
        for verb in (["check", self.archive], ["record", "verify", "x"], ["trust", "lint", "x"], ["show", self.archive],
                     ["trust", "set", "x"], ["journal", "verify", "x"]):
            self.assertIn("site configuration", self.here(*verb, code=2).err)
        self.here("explain", "all", code=0)
        self.here("trust", "init", self.machine / "draft.json", "--name", "X", code=0)

    def test_a_configuration_of_the_caller(self):
        """What he names by --config is as safe as he is: his, or root's; a folder like /tmp keeps others out."""
        trust = self.machine / "trust.json"
        site = self.machine / "site.json"
        shutil.copy(self.shared / "vendor.json", trust)
        site.write_text(json.dumps({"cretula": "site/1", "trust": str(trust)}))
        for path in (trust, site):
            path.chmod(0o644)
        check = ("check", self.archive, "--config", site)
        for owner, code in ((0, 0), (NOBODY, 0), (4711, 2)):
            for path in (trust, site):
                os.chown(path, owner, owner)
                self.here(*check, code=code, user=NOBODY)
                os.chown(path, 0, 0)
        self.machine.chmod(0o1777)  # as /tmp
        self.here(*check, code=0, user=NOBODY)
        self.machine.chmod(0o777)
        self.assertRegex(self.here(*check, code=2, user=NOBODY).err, SAYS)
        self.machine.chmod(0o755)
        # Names from the current folder.
        self.here("check", self.archive, "--config", "site.json", code=0)
        self.here("check", self.archive, "--config", "./bin/../site.json", code=2)
        self.here("check", self.archive, "--config", "etc/../site.json", code=0)


class Verbs(MachineCase):
    """The same rules for every verb, from one table."""

    # What a verb must be given besides, so that its command line is sound, where its usage line does not say it.
    NEEDED = {
        "trust add-signer": ["--vendor", "v"], "record export": ["--vsa", "--key", "k"],
    }
    # What stands for a value, where not every word will do.
    VALUES = {"--stage": "received", "--kind": "authenticode", "--trust": "/etc/plant/trust/trust.json", "--station": "/etc/plant/s.json"}
    # Options that name what the site names, and those that would undo it.
    NAMED = ["trust", "overlay", "profile", "journal", "station", "tcti", "journal-auth"]
    FORBIDDEN = ["anchor", "foreign-key", "foreign-signer", "allow-example-keys", "allow-unconfined", "at", "head", "authority"]
    # Where the option means something else: the certificate that goes into a policy.
    OTHER = {("trust add-signer", "anchor"), ("trust add-foreign", "anchor")}

    def setUp(self):
        super().setUp()
        self.value = {"trust": self.put_trust(), "overlay": "/etc/plant/o.json", "profile": "/etc/plant/p.json",
                      "journal": "/etc/plant/journal", "station": "/etc/plant/s.json", "tcti": "device:/nowhere/tpm",
                      "journalAuth": "/etc/plant/journal.auth", "tpm": True, "recordAnchors": ["/etc/plant/r.pem"]}

    def listed(self, *words):
        help_text = self.here(*words, "--help", code=0).out
        commands = help_text.partition("Commands:")[2].split("\n\n")[0]
        return re.findall(r"^  ([a-z][a-z0-9-]*) ", commands, re.M)

    def verbs(self):
        names = []
        for name in self.listed():
            names += [f"{name} {inner}" for inner in self.listed(name)] or [name]
        return names

    def options(self, verb):
        help_text = self.here(*verb.split(), "--help", code=0).out
        return re.findall(r"^  --([a-z0-9-]+)(?: ([A-Z][^ ]*))?", help_text, re.M)

    def needed(self, verb):
        """What the usage line says: operands that are no option's value and not in brackets; options with their values."""
        usage = self.here(*verb.split(), "--help", code=0).out.split("\n\n")[0]
        words = usage.removeprefix(f"Usage: cretula-verify {verb}").split()
        found = []
        for word in words:
            if word.startswith("--"):
                found.append(word)
            elif not word.startswith("["):
                found.append(self.VALUES.get(found[-1] if found else "", "x"))
        return [*found, *self.NEEDED.get(verb, [])]

    def run_with(self, verb, *arguments):
        needed = self.needed(verb)
        if arguments and arguments[0] in needed:
            at = needed.index(arguments[0])
            del needed[at:at + 2]
        return self.here(*verb.split(), *needed, *arguments)

    def test_every_verb_and_every_option(self):
        self.site(**self.value)
        verbs = self.verbs()
        self.assertGreater(len(verbs), 20)
        seen = set()
        for verb in verbs:
            options = dict(self.options(verb))
            # A verb in which a site has no say has nothing that a site decides.
            if "config" not in options:
                self.assertFalse(set(options) & {*self.NAMED, *self.FORBIDDEN}, verb)
            for option, argument in options.items():
                given = [f"--{option}", "received" if option == "stage" else "2027-01-01T00:00:00Z"][:2 if argument else 1]
                if verb in ("record verify", "record show", "record export") and option in ("at", "signature", "authority"):
                    given += ["--anchor", "/etc/plant/r.pem"]  # without one they mean nothing
                if option == "foreign-signer":
                    given += ["--anchor", "/etc/plant/r.pem"]  # likewise
                if option == "authority" and "seal" in options:
                    given += ["--seal", "x.ers"]  # likewise
                with self.subTest(f"{verb} --{option}"):
                    result = self.run_with(verb, *given)
                    self.assertNotIn("it is not known what it would change", result.err)
                    forbidden = option in self.NAMED + self.FORBIDDEN and (verb, option) not in self.OTHER
                    seen |= {(verb, option)} if forbidden else set()
                    self.assertEqual("site configuration does not allow" in result.err, forbidden, result)
                    if forbidden:
                        self.assertEqual(result.code, 2)
                        # What means nothing without --anchor is refused with it.
                        self.assertIn("--anchor" if option == "foreign-signer" else f"--{option}", result.err)
        self.assertGreater(len(seen), 60)

    def test_an_option_may_repeat_what_the_site_names(self):
        self.site(**self.value)
        fields = {"journal-auth": "journalAuth"}
        for verb in self.verbs():
            for option, _ in self.options(verb):
                if option in self.NAMED:
                    with self.subTest(f"{verb} --{option}"):
                        result = self.run_with(verb, f"--{option}", self.value[fields.get(option, option)])
                        self.assertNotIn("does not allow", result.err)

    def test_operands_that_name_the_journal(self):
        self.site(**{**self.value, "tpm": False})
        for verb in ("journal note", "journal close"):
            self.assertIn("does not allow another journal",
                          self.here(*verb.split(), "/elsewhere", *self.needed(verb), code=2).err)

    def test_a_tpm_is_the_sites_to_name(self):
        for value in ({"tpm": True}, {"tcti": "device:/nowhere/tpm"}, {"journalAuth": "/etc/plant/auth"}):
            self.site(trust=self.value["trust"], **value)
            result = self.here("check", self.archive, "--tpm", "--station", SOURCE / "tests/vectors/tpm/station.json",
                               code=2)
            self.assertIn("`station` is missing", result.err)
        # Where it names none, the caller names none either.
        self.site(trust=self.value["trust"])
        for option in ("--station", "--tcti", "--journal-auth"):
            self.assertIn(f"does not allow {option}", self.here("check", self.archive, "--tpm", option, "x", code=2).err)
        self.assertIn("have `station` in the site configuration", self.here("check", self.archive, "--tpm", code=2).err)
        # What it leaves out of its own is the default, not the caller's.
        self.site(trust=self.value["trust"], station="/etc/plant/s.json")
        for option, value in (("--tcti", "swtpm:path=/x"), ("--journal-auth", "/tmp/auth")):
            self.assertIn("does not allow another", self.here("check", self.archive, "--tpm", option, value, code=2).err)
        for option, value in (("--tcti", "device:/dev/tpmrm0"), ("--journal-auth", "/etc/plant/journal.auth")):
            self.assertNotIn("does not allow", self.here("check", self.archive, "--tpm", option, value, code=2).err)

    def test_nothing_comes_from_the_environment(self):
        tpm = {**self.value, "station": self.put("station", "station.json", STATION),
               "journalAuth": self.put("auth", "a", bytes(32))}
        (self.plant / "auth" / "a").chmod(0o600)
        self.site(**{name: tpm[name] for name in ("trust", "journal", "station", "tcti", "journalAuth", "tpm")})
        environment = {name: "swtpm:path=/elsewhere" for name in
                       ("TCTI", "TPM2TOOLS_TCTI", "TPM2_TCTI", "TSS2_TCTI", "TPM2OPENSSL_TCTI", "TPM_INTERFACE_TYPE")}
        environment.update(CRETULA_CONFIG="/elsewhere", CRETULA_TRUST="/elsewhere", XDG_CONFIG_HOME="/elsewhere")
        result = self.here("check", self.archive, code=3, environment=environment)
        self.assertIn("/nowhere/tpm", result.err)
        self.assertNotIn("elsewhere", result.err)

    def clock(self, name):
        """A timestamp authority of its own; its certificate."""
        (self.folder / "ts.cnf").write_text(TS.format(digest="sha256"), "ascii")
        (self.folder / "serial").write_text("01\n", "ascii")
        self.run_program("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-subj", f"/CN={name}",
                         "-days", "3650", "-addext", "basicConstraints=critical,CA:FALSE", "-addext", "keyUsage=critical,digitalSignature",
                         "-addext", "extendedKeyUsage=critical,timeStamping", "-keyout", f"{name}.key", "-out", f"{name}.pem", code=0)
        return self.folder / f"{name}.pem"

    def test_seals(self):
        """The trust policy of the machine says who is believed about time; the caller names nobody."""
        ours, other = self.clock("ours"), self.clock("other")
        policies = {}
        for name, clocks in (("ours", [ours]), ("other", [other]), ("none", [])):
            path = self.folder / f"{name}.json"
            shutil.copy(self.shared / "vendor.json", path)
            for clock in clocks:
                self.verify("trust", "set", path, "--timestamp-authority", f"{name}={clock}")
            policies[name] = self.put(name, "trust.json", path.read_bytes())
        recorder = self.put("recorder", "r.pem", pathlib.Path(f"{self.keys}.cert.pem").read_bytes())

        def by(name, **more):
            self.site(trust=policies[name], journal="/etc/plant/journal", recordAnchors=[recorder], **more)
        by("ours")
        self.here("check", self.archive, "--sign-record", f"{self.keys}.key.pem", "--record-cert", f"{self.keys}.cert.pem", code=0)
        [record] = [one for one in (self.plant / "journal" / "records").iterdir() if one.name.endswith(".json")]
        request, answer = self.folder / "q.tsq", self.folder / "a.tsr"
        seal = ("journal", "seal", self.plant / "journal")  # on another machine
        self.verify(*seal, "--request", request)
        self.run_program("openssl", "ts", "-reply", "-config", "ts.cnf", "-queryfile", request, "-signer", ours, "-inkey", "ours.key",
                         "-out", answer, code=0)
        self.verify(*seal, "--response", answer, "--authority", ours)
        inside = f"/etc/plant/journal/records/{record.name}"
        seal = f"/etc/plant/journal/seals/{record.name}.ers"
        judged = ("record", "verify", inside, "--seal", seal)
        self.assertIn("proved until", self.here(*judged, code=0).out)
        self.here("seal", "verify", seal, code=0)
        self.here(*judged, "--authority", ours, code=2)
        by("other")
        for command in (judged, ("seal", "verify", seal)):
            self.assertIn("is not the pinned certificate", self.here(*command, code=1).err)
        by("none")
        for command in (judged, ("seal", "verify", seal)):
            self.assertIn("trusts no timestamp authority", self.here(*command, code=2).err)
        # The overlay that tightens the policy of every run tightens this one: here it has ended.
        for end, code in (("2099-01-01T00:00:00Z", 0), ("2026-02-01T00:00:00Z", 2)):
            by("ours", overlay=self.put("overlay", "o.json", json.dumps({"cretula": "overlay/1", "name": "here", "expires": end})))
            for command in (judged, ("seal", "verify", seal)):
                said = self.here(*command, code=code)
                self.assertEqual("the site overlay ended the use of the trust policy" in said.err, code == 2)
        # A seal says since when a signature exists: without anybody who may have signed it would be passed over.
        self.site(trust=policies["ours"], journal="/etc/plant/journal")
        for verb in ("verify", "show"):
            self.assertIn("--seal needs --anchor", self.here("record", verb, inside, "--seal", seal, code=2).err)

    def test_example_keys(self):
        """A station of a site takes them in no verb, as verified, as signer, or as policy."""
        shutil.copy(KEYS / "trust.json", self.machine / "example.json")
        self.site()
        for verb in ("trust lint", "trust show"):
            self.here(*verb.split(), self.machine / "example.json", code=(1, 2))
            self.here(*verb.split(), self.machine / "example.json", "--allow-example-keys", code=2)

    def test_records(self):
        """The site says who vouches; the caller chooses among these."""
        trust = self.value["trust"]
        folder = self.plant / "journal"
        record = self.machine / "r" / "RECORD.json"
        signing = ("--sign-record", f"{self.keys}.key.pem", "--record-cert", f"{self.keys}.cert.pem")
        self.site(trust=trust, journal="/etc/plant/journal")
        self.here("check", self.archive, "--record", record.parent, *signing, code=0)
        self.assertIn("journal, number 1", self.here("record", "verify", record, code=0).out)
        anchor = f"{self.keys}.cert.pem"
        for verb in (["record", "verify", record], ["record", "export", record, "--vsa", "--key", f"{self.keys}.key.pem"]):
            self.assertIn("recordAnchors", self.here(*verb, "--anchor", anchor, code=2).err)
            self.here(*verb, "--journal", self.machine / "other", code=2)
            self.here(*verb, "--station", SOURCE / "tests/vectors/tpm/station.json", code=2)
        recorder = self.put("recorder", "r.pem", pathlib.Path(anchor).read_bytes())
        thief = self.put("thief", "t.pem", pathlib.Path(f"{self.thief}.cert.pem").read_bytes())
        self.site(trust=trust, journal="/etc/plant/journal", recordAnchors=[recorder])
        for more in ([], ["--anchor", recorder]):
            self.assertIn("vouched by", self.here("record", "verify", record, *more, code=0).out)
        for verb in ("verify", "show"):
            self.here("record", verb, record, "--anchor", thief, code=2)
        # `show` asks the same; what is not genuine for the site is shown as what it is, and nobody else can vouch for it.
        self.assertTrue(self.here("record", "show", record, code=0).out.startswith("GENUINE record: ACCEPTED, counts as an acceptance"))
        shown = self.here("record", "show", shutil.copy(record, self.machine / "foreign.json"), code=0).out
        self.assertTrue(shown.startswith("UNVERIFIED record: ACCEPTED, as it says itself: not proved"), shown)
        self.assertIn("not proved  the record has no signature", shown)
        self.site(trust=trust, journal="/etc/plant/journal", recordAnchors=[thief])
        self.here("record", "verify", record, code=1)
        # A list of nobody is not "whoever the operator names".
        self.site(recordAnchors=[])
        self.assertIn("recordAnchors", self.here("record", "verify", record, "--anchor", anchor, code=2).err)
        # Whoever vouches where the site names nobody is the operator's word.
        self.site()
        self.here("record", "verify", record, code=2)
        self.here("record", "verify", record, "--anchor", anchor, code=0)
        self.assertTrue((folder / "journal.jsonl").exists())

    def test_show_and_advisories_verify_by_the_sites_trust(self):
        self.site(trust=self.value["trust"])
        self.assertNotIn("UNVERIFIED", self.here("show", self.archive, code=0).out)
        self.here("show", self.evil, code=1)
        advice = self.machine / "advice"
        advice.mkdir()
        shutil.copy(SOURCE / "tests" / "vectors" / "csaf" / "icsa-24-254-03.json", advice)
        self.here("advisories", self.evil, "--csaf", advice, code=1)

    def test_an_update_replaces_the_sites_policy(self):
        """Through the folder that was examined."""
        shutil.copy(self.shared / "vendor.json", self.machine / "draft.json")
        self.run_program(VERIFY, "trust", "add-signer", self.machine / "draft.json", "--policy-owner", "--signer", "boss",
                         "--anchor", f"{self.owner}.cert.pem", "--fingerprint",
                         self.certificate(f"{self.owner}.cert.pem"), "--obtained", "in person", code=0)
        trust = self.put("trust", "trust.json", (self.machine / "draft.json").read_bytes())
        self.site(trust=trust)
        self.run_program(VERIFY, "trust", "set", self.machine / "draft.json", "--review-by", "2090-01-01T00:00:00Z", code=0)
        series = self.machine / "series"
        self.run_program(VERIFY, "trust", "sign", self.machine / "draft.json", "--key", f"{self.owner}.key.pem", "--cert",
                         f"{self.owner}.cert.pem", "--to", series, code=0)
        installed = self.plant / "trust" / "trust.json"
        before = installed.read_bytes()
        self.here("trust", "update", series, code=3, user=NOBODY)
        self.assertEqual(installed.read_bytes(), before)
        self.here("trust", "update", series, code=0)
        self.assertEqual(json.loads(installed.read_bytes())["reviewBy"], "2090-01-01T00:00:00Z")
        self.assertEqual(sorted(path.name for path in installed.parent.iterdir()), ["trust.json"])

    @staticmethod
    def certificate(path):
        return harness.certificate_sha256(path)


if __name__ == "__main__":
    unittest.main()
