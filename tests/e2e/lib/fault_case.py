# SPDX-License-Identifier: Apache-2.0
"""Runs that must be refused, and runs that must be accepted, whatever is missing on the machine
(test_faults.py): each with its command, and with what its answer says."""
import base64
import hashlib
import json
import lzma
import pathlib
import shutil

from harness import ROOT_CERT, PRODUCT, SIGN, SOURCE, VENDOR, VERIFY, noise, rebuild, read_member, tampered
from policy_case import EXAMPLE, Owned
from sbom_case import OTHER, TOOL, BindingCase, changed, tar_of, zip_of
from swtpm import Swtpm

CSAF = SOURCE / "tests" / "vectors" / "csaf"
FLOOR = "release.sequence"


class Run:
    """One command. `command` takes a new folder for what is written; `code` is its exit code, `says` what its
    output holds when it ends with that; `makes` a file or folder in the new folder that is there only then;
    `after` a command that accepts what lies there, however it ended: (its words, the name of what it is for);
    `settle` what is done before that, as a person would; `told` kinds of fault that another program on the way does not
    bear, so that undecided is right."""

    def __init__(self, name, code, command, says=(), makes=None, after=None, settle=None, told=()):
        self.name = name
        self.code = code
        self.command = command
        self.says = says
        self.makes = makes
        self.after = after
        self.settle = settle
        self.told = told


class FaultCase(Owned, BindingCase):
    """The archives, lists, policies, records and journals of the runs, made once."""

    def setUp(self):
        super().setUp()
        self.keys = {name: self.own_keys(name) for name in ("vendor", "second", "board", "recorder", "other")}

    def root(self, name):
        return f"{self.keys[name]}-root.cert.pem"

    def key(self, name):
        return ("--key", f"{self.keys[name]}.key.pem", "--cert", f"{self.keys[name]}.cert.pem")

    def own(self, name, signer="vendor", description="release.yaml"):
        out = self.folder / name
        self.sign("pack", description, *self.key(signer), "--out", out)
        return out

    def put(self, name, value):
        path = self.folder / name
        path.write_text(json.dumps(value), encoding="utf-8")
        return path

    def trust(self, name, roles=None, scope=None, **fields):
        signers = [{"name": one, "anchor": {"type": "ca", "pem": pathlib.Path(self.root(one)).read_text("ascii")}}
                   for one in ("vendor", "second", "board")]
        roles = roles or [{"role": "release", "signers": ["vendor"]}]
        used = {one for role in roles for one in role["signers"]}
        return self.put(name, {
            "cretula": "trust/1", "name": "Plant", "version": 1, "issued": "2026-01-01T00:00:00Z",
            "scopes": [{"vendor": VENDOR, "products": [PRODUCT], "roles": roles,
                        "signers": [one for one in signers if one["name"] in used], **(scope or {})}], **fields})

    def revoked(self, *names):
        """A list of the vendor's root that names these certificates of it."""
        out = self.folder / f"list-{'-'.join(names) or 'none'}.pem"
        for name in names:
            self.authority(f"{self.keys['vendor']}-root", "-revoke", f"{self.keys[name]}.cert.pem")
        self.authority(f"{self.keys['vendor']}-root", "-gencrl", "-out", out)
        return out

    # what is verified

    def release_runs(self, good):
        """check and extract, by anchor and by policy."""
        size = good.stat().st_size
        anchor = ("--anchor", self.root("vendor"), "--jobs", "1")
        data = read_member(good, "MANIFEST.json")
        self.empty, self.full = self.revoked(), self.revoked("vendor")
        text = data.replace(b'"1.0.0"', b'"1.0.1"')
        assert text != data
        forged = rebuild(good, self.folder / "forged.tar", manifest=text)
        payload = tampered(good, self.folder / "payload.tar", -1100 % size)
        front = tampered(good, self.folder / "front.tar", 1100)
        cut = self.folder / "cut.tar"
        cut.write_bytes(good.read_bytes()[:-512])
        more = self.folder / "more.tar"
        more.write_bytes(good.read_bytes() + b"\0" * 511 + b"x")
        example = self.small_release("example.tar")
        self.waiver()
        plain = self.trust("plain.json")

        def check(*arguments, archive=good):
            return lambda _: (VERIFY, "check", archive, *arguments)

        def policy(name, *arguments, archive=good, **fields):
            path = self.trust(f"{name}.json", **fields)
            return lambda _: (VERIFY, "check", archive, "--trust", path, "--jobs", "1", *arguments)

        floor = {"minimumSequence": [{"product": PRODUCT, "sequence": 5}]}
        waiver_roles = [{"role": "release", "signers": ["vendor"]}, {"role": "waiver", "signers": ["board"]}]
        two = [{"role": "release", "signers": ["vendor", "second"], "threshold": 2}]
        quality = [{"role": "release", "signers": ["vendor"]}, {"role": "quality", "signers": ["second"]}]
        refused, accepted = ("REFUSED",), ("ACCEPTED",)
        return [
            Run("revoked", 1, check(*anchor, "--crl", self.full), ("REFUSED", "revoked")),
            Run("revoked, policy", 1, policy("revoked", revocation="require",
                                             crls=[{"pem": self.full.read_text("ascii")}]), refused),
            Run("no list, policy asks", 1, policy("nolist", revocation="require"), refused),
            Run("forged manifest", 1, check(*anchor, archive=forged), refused),
            Run("wrong signer", 1, check("--anchor", self.root("other"), "--jobs", "1"), refused),
            Run("wrong pinned signer", 1, check("--anchor", f"{self.keys['other']}.cert.pem", "--jobs", "1"), refused),
            Run("expired", 1, check(*anchor, "--at", "2099-01-01T00:00:00Z"), ("REFUSED", "expired")),
            Run("other vendor", 1, policy("vendor", scope={"vendor": "Somebody else"}), refused),
            Run("other product", 1, check(*anchor, "--product", "RTU-9"), refused),
            Run("other hardware", 1, check(*anchor, "--hardware", "NONE:1"), refused),
            Run("other identity", 1, check(*anchor, "--expect-identity", "0" * 64), refused),
            Run("bit of the payload", 1, check(*anchor, archive=payload), refused),
            Run("bit of the front", 1, check(*anchor, archive=front), refused),
            Run("cut short", 1, check(*anchor, archive=cut), refused),
            Run("something behind", 1, check(*anchor, archive=more), refused),
            Run("example key", 1, check("--anchor", ROOT_CERT, "--jobs", "1", archive=example), refused),
            Run("one signer of two", 1, policy("two", roles=two), refused),
            Run("no second role", 1, policy("roles", roles=quality), refused),
            Run("below what is expected", 1, check(*anchor, "--min-sequence", "9"), refused),
            Run("below the floor", 1, policy("floor", scope=floor), refused),
            Run("waiver of nobody", 1, policy("nobody", "--waivers", self.folder / "w.json", scope=floor,
                                              waivable=[FLOOR]), refused),
            Run("waiver of another", 1, policy("another", "--waivers", self.folder / "o.json", scope=floor,
                                               roles=waiver_roles, waivable=[FLOOR]), refused),
            Run("extract, bit", 1, lambda out: (VERIFY, "extract", payload, *anchor, "--to", out / "x"), refused,
                makes="x"),
            Run("check, anchor and list", 0, check(*anchor, "--crl", self.empty), accepted),
            Run("check, policy", 0, lambda _: (VERIFY, "check", good, "--trust", plain, "--jobs", "1"), accepted),
            Run("check, policy and list", 0, policy("listed", revocation="require",
                                                    crls=[{"pem": self.empty.read_text("ascii")}]), accepted),
            Run("check, waiver", 0, policy("waived", "--waivers", self.folder / "w.json", scope=floor,
                                           roles=waiver_roles, waivable=[FLOOR]), ("ACCEPTED WITH WAIVERS",)),
            Run("extract", 0, lambda out: (VERIFY, "extract", good, *anchor, "--to", out / "x"), accepted, makes="x"),
        ]

    def waiver(self):
        for who, name in (("board", "w.json"), ("other", "o.json")):
            self.sign("waive", "--check", FLOOR, "--archive", self.good, "--reason", "spare part", "--approver",
                      "Change board", "--control", "cell is isolated", "--until", "2099-01-01T00:00:00Z", "--out", name,
                      *self.key(who))

    def attested(self, name, signer, body):
        """A release of one firmware with an attestation over `body`, signed by openssl."""
        kind = "application/vnd.in-toto+json"
        text = b" ".join([b"DSSEv1", str(len(kind)).encode(), kind.encode(), str(len(body)).encode(), body])
        (self.folder / "pae").write_bytes(text)
        made = self.run_program("openssl", "dgst", "-sha256", "-sign", f"{self.keys[signer]}.key.pem", self.folder / "pae", code=0).out_bytes
        self.put("build.intoto.json", {"payload": base64.b64encode(body).decode(), "payloadType": kind,
                                       "signatures": [{"sig": base64.b64encode(made).decode()}]})
        self.put("attested.yaml", {
            "product": {"vendor": VENDOR, "name": PRODUCT}, "release": {"version": "1", "sequence": 9, "date": "2026-11-01T08:00:00Z"},
            "provenance": [{"file": "build.intoto.json", "predicateType": "https://slsa.dev/provenance/v1"}],
            "files": [{"source": "attested.bin", "role": "firmware"}, {"source": "build.intoto.json"}]})
        return self.own(name, description="attested.yaml")

    def provenance_runs(self):
        """A policy that demands a provenance by one builder, whose certificate may be on a list."""
        data = noise(3000, "attested")
        (self.folder / "attested.bin").write_bytes(data)

        def statement(builder="https://b.example/"):
            return json.dumps({"_type": "https://in-toto.io/Statement/v1", "predicateType": "https://slsa.dev/provenance/v1",
                               "subject": [{"name": "out/attested.bin", "digest": {"sha256": hashlib.sha256(data).hexdigest()}}],
                               "predicate": {"buildDefinition": {"buildType": "https://b.example/make"},
                                             "runDetails": {"builder": {"id": builder}}}}).encode()
        good, stranger, other = (self.attested(f"{name}.tar", *arguments) for name, arguments in (
            ("attested", ("second", statement())), ("stranger", ("other", statement())), ("builder", ("second", statement("https://c.example/")))))
        folder = self.folder / "ca-second"
        folder.mkdir()
        (folder / "index.txt").write_text("")
        (folder / "crlnumber").write_text("01\n")
        (folder / "ca.cnf").write_text("[ca]\ndefault_ca=a\n[a]\ndatabase=index.txt\ncrlnumber=crlnumber\ndefault_md=sha256\ndefault_crl_days=30\n")
        ca = ("openssl", "ca", "-config", "ca.cnf", "-keyfile", f"{self.keys['second']}-root.key.pem", "-cert", self.root("second"))
        self.run_program(*ca, "-revoke", f"{self.keys['second']}.cert.pem", cwd=folder, code=0)
        self.run_program(*ca, "-gencrl", "-out", folder / "list.pem", cwd=folder, code=0)
        anchors = {one: {"name": one, "anchor": {"type": "certificate", "pem": pathlib.Path(f"{self.keys[one]}.cert.pem").read_text("ascii")}}
                   for one in ("vendor", "second")}
        trust = self.trust("attesting.json", scope={
            "signers": list(anchors.values()),
            "roles": [{"role": "release", "signers": ["vendor"]},
                      {"role": "provenance", "signers": ["second"], "builders": [{"id": "https://b.example/", "level": 2}]}]},
            intermediates=[pathlib.Path(self.root("second")).read_text("ascii")],
            severities={"provenance.signature": "fail", "provenance.coverage": "fail"})

        def check(archive, *arguments):
            return lambda _: (VERIFY, "check", archive, "--trust", trust, "--jobs", "1", *arguments)
        return [Run("provenance", 0, check(good), ("ACCEPTED",)),
                Run("provenance of a stranger", 1, check(stranger), ("REFUSED",)),
                Run("provenance of another builder", 1, check(other), ("REFUSED",)),
                Run("provenance, revoked", 1, check(good, "--crl", folder / "list.pem"), ("REFUSED",))]

    def sbom_runs(self):
        """What is inside of archives in the payload, and advisories."""
        runs = []
        archives = {"tar": ("in.tar.xz", lzma.compress(tar_of({"usr/bin/tool": TOOL}))),
                    "zip": ("in.zip", zip_of({"usr/bin/tool": TOOL}))}
        anchor = ("--anchor", ROOT_CERT, EXAMPLE, "--jobs", "1")
        for kind, (name, data) in archives.items():
            good = self.pack(self.nested_release(name, data), f"nested-{kind}.tar")

            def other(sbom, _manifest):
                sbom["components"][-1]["hashes"][0]["content"] = "0" * 64
            bad = self.resigned(good, other).rename(self.folder / f"unbound-{kind}.tar")
            runs += [Run(f"SBOM, {kind}", 0, lambda _, one=good: (VERIFY, "check", one, *anchor), ("ACCEPTED",)),
                     Run(f"SBOM unbound, {kind}", 1, lambda _, one=bad: (VERIFY, "check", one, *anchor),
                         ("REFUSED", "sbom.binding"))]
        library = changed(self.bound_sbom(), lambda one: one["components"][0].update(
            purl="pkg:generic/openssl@3.5.4", cpe="cpe:2.3:a:openssl:openssl:3.5.4:*:*:*:*:*:*:*"))
        release = self.pack(self.sbom_release(library, hardware=[{"model": "EA-RTU7-C"}]), "library.tar")
        bad = tampered(release, self.folder / "library-bad.tar", -4000 % release.stat().st_size)

        def advisories(archive, *names):
            named = [word for one in names for word in ("--csaf", CSAF / one)]
            return lambda _: (VERIFY, "advisories", archive, *named, *anchor)
        runs += [
            Run("advisories, affected", 0, advisories(release, "06-purl-of-a-component.json", "13-name-and-range.json"),
                ("affected: CVE-2026-0006", "1 affected", "1 possible")),
            Run("advisories, by hash", 0, advisories(release, "01-hash-of-the-firmware.json"), ("1 affected",)),
            Run("advisories, none", 0, advisories(release, "09-vex-not-affected.json"), ("0 affected",)),
            Run("advisories, bit", 1, advisories(bad, "06-purl-of-a-component.json"), ("REFUSED",)),
        ]
        runs += self.catalogue_runs(release, anchor)
        # Last: its files lie in the folder.
        self.unbound = self.nested_release("in.tar", tar_of({"usr/bin/tool": OTHER})).rename(self.folder / "lint.yaml")
        return [*runs, Run("lint, SBOM unbound", 1, lambda _: (SIGN, "lint", self.unbound), ("sbom.binding",)),
                Run("lint, items missing", 1, lambda out: (SIGN, "lint", self.unbound, "--profile", "cra-annex2", "--html", out / "g.html"),
                    ("item A2-1a is not answered", "item A2-8e is not answered", "24: ")),
                Run("export, items", 0, lambda out: (VERIFY, "export", "annex2", release, *anchor, "--out", out / "a.csv"), makes="a.csv")]

    def catalogue_runs(self, release, anchor):
        """What an index answers in the place of archives, and how it is made."""
        site, csaf = self.folder / "site", ("--csaf", CSAF / "06-purl-of-a-component.json")
        self.verify("catalogue", "add", "--catalogue", site, release, *anchor)
        return [
            Run("advisories, catalogue", 0, lambda _: (VERIFY, "advisories", "--catalogue", site, *csaf, EXAMPLE), ("1 affected",)),
            Run("inventory, catalogue", 0, lambda out: (VERIFY, "export", "inventory", "--catalogue", site, EXAMPLE, "--out", out / "i.csv"),
                makes="i.csv"),
            Run("trace, catalogue", 0, lambda _: (VERIFY, "trace", self.folder / "firmware.bin", "--catalogue", site), ("FOUND: ",)),
            Run("catalogue add", 0, lambda out: (VERIFY, "catalogue", "add", "--catalogue", out / "c", release, *anchor), ("ADDED",),
                after=((VERIFY, "catalogue", "check", "--catalogue"), "c")),
        ]

    # what is left behind

    def evidence_runs(self, good):
        anchor = ("--anchor", self.root("vendor"), "--jobs", "1")
        signs = ("--sign-record", f"{self.keys['recorder']}.key.pem", "--record-cert",
                 f"{self.keys['recorder']}.cert.pem")
        bad = self.folder / "payload.tar"
        self.verify("check", good, *anchor, *signs, "--record", "record")
        self.verify("check", bad, *anchor, *signs, "--record", "refusal", code=1)
        record, refusal = self.folder / "record" / "RECORD.json", self.folder / "refusal" / "RECORD.json"
        edited = self.folder / "edited"
        shutil.copytree(self.folder / "record", edited)
        text = record.read_text("utf-8")
        (edited / "RECORD.json").write_text(text.replace('"1.0.0"', '"1.0.1"'), "utf-8")
        for archive, code in ((good, 0), (bad, 1), (good, 0)):
            self.verify("check", archive, *anchor, "--journal", "journal", code=code)
        for name, change in (("lost", lambda lines: lines[:2] + lines[3:]),
                             ("changed", lambda lines: [line.replace(b'"REFUSED"', b'"ACCEPTED"') for line in lines])):
            shutil.copytree(self.folder / "journal", self.folder / name)
            path = self.folder / name / "journal.jsonl"
            path.write_bytes(b"".join(change(path.read_bytes().splitlines(keepends=True))))
        genuine = ("--anchor", self.root("recorder"))

        def record_verify(one, *arguments):
            return lambda _: (VERIFY, "record", "verify", one, *(arguments or genuine))

        def journal_verify(name):
            return lambda _: (VERIFY, "journal", "verify", self.folder / name)

        def journaled(out):
            shutil.copytree(self.folder / "journal", out / "journal")
            return (VERIFY, "check", good, *anchor, *signs, "--journal", out / "journal")
        return [
            Run("record of another", 1, record_verify(record, "--anchor", self.root("other"))),
            Run("record changed", 1, record_verify(edited / "RECORD.json")),
            Run("record, no acceptance", 1, record_verify(refusal, *genuine, "--accepted")),
            Run("journal, line lost", 1, journal_verify("lost"), ("NOT SOUND",)),
            Run("journal, line changed", 1, journal_verify("changed"), ("NOT SOUND",)),
            Run("record verify", 0, record_verify(record, *genuine, "--accepted"), ("GENUINE",)),
            Run("record show", 0, lambda _: (VERIFY, "record", "show", record)),
            Run("record export", 0, lambda out: (VERIFY, "record", "export", record, *genuine, "--vsa", "--key",
                                                 f"{self.keys['recorder']}.key.pem", "--resource-uri",
                                                 "urn:example:rtu", "--out", out / "vsa.json"),
                after=(("python3", "-m", "json.tool"), "vsa.json")),
            Run("journal verify", 0, journal_verify("journal"), ("SOUND",)),
            Run("check, record", 0, lambda out: (VERIFY, "check", good, *anchor, *signs, "--record", out / "r"),
                ("ACCEPTED",)),
            Run("check, journal", 0, journaled, ("ACCEPTED",),
                # The next run settles what the one before it left.
                after=(("sh", "-c", '"$0" check "$1" --anchor "$2" --journal "$3" && "$0" journal verify "$3"', VERIFY, good,
                        self.root("vendor")), "journal")),
        ]

    def policy_runs(self):
        """A series of trust policies: enough owners sign, or too few."""
        first = self.new_policy("alice", "bob", "carol")
        installed = self.folder / "installed.json"
        shutil.copy(first, installed)
        runs = []
        for name, owners, code in (("few owners", ("alice",), 1), ("trust update", ("alice", "bob"), 0)):
            policy = self.folder / f"next-{code}.json"
            shutil.copy(first, policy)
            self.set(policy, "--expires", "2098-01-01T00:00:00Z")
            series = self.folder / f"series-{code}"
            self.sign_version(policy, *owners, to=series.name)

            def update(out, series=series):
                shutil.copy(installed, out / "trust.json")
                return (VERIFY, "trust", "update", series, "--trust", out / "trust.json", EXAMPLE)
            runs.append(Run(name, code, update))
        runs += [Run("trust lint", 0, lambda _: (VERIFY, "trust", "lint", installed, EXAMPLE)),
                 Run("trust show", 0, lambda _: (VERIFY, "trust", "show", installed, EXAMPLE), (VENDOR,))]
        return runs

    # what a TPM holds

    def tpm_runs(self):
        """An order in a TPM that begins as it was provisioned each time; whatever was denied, the same order goes through
        after a restart, which ends the sessions of a lost connection (a resource manager does so at once). One by somebody
        else does nothing."""
        policies = [self.trust(f"anchored{version}.json", version=version) for version in (1, 2)]
        for name in ("owner", "thief"):
            self.run_program("openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out",
                             self.folder / f"{name}.pem", code=0)
            self.sign("trust-order", policies[1], "--key", self.folder / f"{name}.pem", "--out", self.folder / f"order-{name}.json")
        self.run_program("openssl", "pkey", "-in", self.folder / "owner.pem", "-pubout", "-out", self.folder / "owner.pub", code=0)
        tpm = Swtpm()
        self.addCleanup(tpm.remove)
        where = ("--station", self.folder / "station.json", "--tcti", tpm.tcti)
        self.verify("tpm", "provision", "--trust", policies[0], "--trust-owner", self.folder / "owner.pub", "--insecure-no-auth", *where)
        tpm.stop()
        state, before = tpm.folder / "state", self.folder / "tpm-state"
        shutil.copytree(state, before)

        def apply(order):
            def command(out):
                tpm.stop()
                shutil.rmtree(state)
                shutil.copytree(before, state)
                tpm.start()
                shutil.copy(policies[0], out / "trust.json")
                return (VERIFY, "tpm", "apply", order, "--new", policies[1], *where, "--trust", out / "trust.json")
            return command
        def restart():
            tpm.stop()
            tpm.start()
        good = self.folder / "order-owner.json"
        again = ((VERIFY, "tpm", "apply", good, "--new", policies[1], *where, "--trust"), "trust.json")
        # swtpm takes half of a command, which comes first, for the whole of it.
        more = {"after": again, "settle": restart, "told": ("short",)}
        return [Run("tpm apply", 0, apply(good), ("version 2",), **more),
                Run("tpm apply, order of another", 1, apply(self.folder / "order-thief.json"), **more)]

    # what is signed

    def signer_runs(self, good):
        check = ((VERIFY, "check", "--anchor", self.root("vendor")), "a.tar")
        manifest = self.folder / "m.json"
        manifest.write_bytes(read_member(good, "MANIFEST.json"))
        signature = self.folder / "second.p7s"
        self.run_program("openssl", "cms", "-sign", "-binary", "-cades", "-nosmimecap", "-md", "sha256", "-outform",
                         "DER", "-in", manifest, "-signer", f"{self.keys['second']}.cert.pem", "-inkey",
                         f"{self.keys['second']}.key.pem", "-out", signature, code=0)
        description = self.folder / "own" / "release.yaml"

        def amends(verb, *arguments):
            def command(out):
                shutil.copy(good, out / "a.tar")
                return (SIGN, verb, out / "a.tar", *arguments)
            return command
        return [
            Run("pack", 0, lambda out: (SIGN, "pack", description, *self.key("vendor"), "--jobs", "1", "--out",
                                        out / "a.tar"), after=check),
            Run("endorse", 0, amends("endorse", *self.key("second"), "--jobs", "1"), after=check),
            Run("attach", 0, amends("attach", signature, "--jobs", "1"), after=check),
            *self.package_runs(good),
            Run("pack, SBOM unbound", 1, lambda out: (SIGN, "pack", self.unbound, *self.key("vendor"), "--jobs", "1",
                                                      "--out", out / "a.tar"), makes="a.tar"),
        ]

    def package_runs(self, good):
        """OPC UA packages: made, approved, and signed by a key that is elsewhere. What lies there is accepted, or nothing does."""
        check = ((VERIFY, "check", "--anchor", self.root("vendor")), "p.uadipkg")
        package, text, signature = (self.folder / name for name in ("p.uadipkg", "list.xml", "list.p7s"))
        export = (SIGN, "export", "uadipkg", good, *self.key("vendor"), "--manufacturer-uri", "urn:v", "--jobs", "1", "--out")
        self.run_program(*export, package, code=0)
        self.run_program(SIGN, "prepare", package, "--out", text, code=0)
        self.run_program("openssl", "cms", "-sign", "-binary", "-cades", "-nosmimecap", "-md", "sha256", "-outform", "DER", "-in", text, "-signer",
                         f"{self.keys['second']}.cert.pem", "-inkey", f"{self.keys['second']}.key.pem", "-out", signature, code=0)

        def amends(verb, *arguments):
            def command(out):
                shutil.copy(package, out / "p.uadipkg")
                return (SIGN, verb, out / "p.uadipkg", *arguments)
            return command
        return [Run("export uadipkg", 0, lambda out: (*export, out / "p.uadipkg"), after=check),
                Run("endorse, a package", 0, amends("endorse", *self.key("second")), after=check),
                Run("attach, a package", 0, amends("attach", signature), after=check)]

    def all_runs(self):
        (self.folder / "firmware.bin").write_bytes(noise(5000, "firmware"))
        (self.folder / "NOTES.md").write_text("# Notes\n\nNothing new.\n", encoding="utf-8")
        own = self.folder / "own"
        own.mkdir()
        shutil.copy(self.folder / "firmware.bin", own)
        shutil.copy(self.folder / "NOTES.md", own)
        description = self.description([("firmware.bin", {"role": "firmware"}),
                                        ("NOTES.md", {"role": "release-notes"})], folder=own)
        self.good = self.own("good.tar", description=description)
        runs = self.release_runs(self.good) + self.evidence_runs(self.good)
        return runs + self.provenance_runs() + self.sbom_runs() + self.policy_runs() + self.tpm_runs() + self.signer_runs(self.good)
