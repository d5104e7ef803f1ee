# SPDX-License-Identifier: Apache-2.0
"""The trust anchor in the TPM: provisioning, orders, and what the TPM refuses, each with the TPM's own
response code and words. One swtpm a test."""
import json
import shutil
import subprocess
import unittest

from harness import CLEAN_ENVIRONMENT, KEYS, SANITIZED, VERIFY, file_sha256, main
from outputs_case import Paused
from tpm_case import ANCHOR, ATTESTATION, STORAGE, Station, TpmCase

OBJECTS = {"0x1800100", "0x1800102", "0x81000001", "0x81008F01"}


class Provision(TpmCase):
    def provision(self, tpm, *arguments, trust=None, owner=None, name="s", code=0):
        return self.verify("tpm", "provision", "--trust", trust or self.shared / "trust1.json",
                           "--trust-owner", owner or self.shared / "owner.pub", "--station",
                           self.folder / f"{name}.json", "--tcti", tpm.tcti, *arguments, code=code)

    def test_refuses_without_owner_and_lockout_authorization(self):
        tpm = self.tpm()
        (self.folder / "auth").write_text("secret\n")
        auth = ["--owner-auth-file", self.folder / "auth"]
        result = self.provision(tpm, *auth, code=2)
        self.assertIn("no owner and no lockout authorization", result.err)
        tpm.tool("tpm2_changeauth", "-c", "owner", "secret")
        self.assertIn("no lockout authorization", self.provision(tpm, *auth, code=2).err)
        tpm.tool("tpm2_changeauth", "-c", "lockout", "secret")
        self.provision(tpm, *auth)
        self.assertTrue(OBJECTS <= set(tpm.handles()), tpm.handles())

    def test_a_wrong_owner_authorization_changes_nothing(self):
        tpm = self.tpm()
        tpm.tool("tpm2_changeauth", "-c", "owner", "secret")
        tpm.tool("tpm2_changeauth", "-c", "lockout", "secret")
        (self.folder / "auth").write_text("wrong\n")
        result = self.provision(tpm, "--owner-auth-file", self.folder / "auth", code=2)
        self.assertIn("0x9a2", result.err)
        self.assertFalse(OBJECTS & set(tpm.handles()))
        self.assertFalse((self.folder / "s.json").exists())
        self.assertFalse((self.folder / "journal.auth").exists())
        self.assertEqual(tpm.left_over(), "")

    def test_twice_is_refused_and_files_are_never_overwritten(self):
        tpm = self.tpm()
        self.provision(tpm, "--insecure-no-auth")
        before = file_sha256(self.folder / "s.json"), file_sha256(self.folder / "journal.auth")
        self.assertIn("exists already", self.provision(tpm, "--insecure-no-auth", code=2).err)
        other = self.folder / "other.auth"
        result = self.provision(tpm, "--insecure-no-auth", "--journal-auth", other, name="t", code=2)
        self.assertIn("index 0x01800100 already", result.err)
        self.assertFalse(other.exists())
        self.assertEqual(before, (file_sha256(self.folder / "s.json"),
                                  file_sha256(self.folder / "journal.auth")))

    def test_a_failure_in_the_middle_leaves_nothing(self):
        tpm = self.tpm()
        # Another kind of key sits where the attestation key belongs.
        tpm.tool("tpm2_createprimary", "-C", "o", "-c", tpm.folder / "other.ctx")
        tpm.tool("tpm2_evictcontrol", "-C", "o", "-c", tpm.folder / "other.ctx", ATTESTATION)
        tpm.tool("tpm2_flushcontext", "-t")
        before = tpm.handles()
        result = self.provision(tpm, "--insecure-no-auth", code=2)
        self.assertIn("another kind of key", result.err)
        self.assertEqual(tpm.handles(), before)
        self.assertFalse((self.folder / "journal.auth").exists())
        self.assertEqual(tpm.left_over(), "")
        self.provision(tpm, "--insecure-no-auth", "--attestation-handle", "0x81008f02")

    def test_a_storage_root_key_that_is_there_is_used(self):
        tpm = self.tpm()
        tpm.tool("tpm2_createprimary", "-C", "o", "-G", "rsa2048", "-c", tpm.folder / "srk.ctx")
        tpm.tool("tpm2_evictcontrol", "-C", "o", "-c", tpm.folder / "srk.ctx", STORAGE)
        tpm.tool("tpm2_flushcontext", "-t")
        name = tpm.tool("tpm2_readpublic", "-c", STORAGE).split("name: ")[1].split()[0]
        self.provision(tpm, "--insecure-no-auth")
        station = json.loads((self.folder / "s.json").read_text())
        self.assertEqual(station["storageKey"]["name"], name)
        self.verify("tpm", "status", "--station", self.folder / "s.json", "--tcti", tpm.tcti,
                    "--trust", self.shared / "trust1.json")

    def test_keys_that_not_every_tpm_loads_are_refused(self):
        tpm = self.tpm()
        for kind in ("p521", "rsa2048", "rsa4096", "ed25519"):
            with self.subTest(kind):
                self.owner_key(kind, kind)
                result = self.provision(tpm, "--insecure-no-auth", owner=self.folder / f"{kind}.pub",
                                        code=2)
                self.assertIn("not every TPM can load a key of this kind", result.err)
                self.sign("trust-order", self.shared / "trust2.json", "--key",
                          self.folder / f"{kind}.pem", "--out", self.folder / "o", code=2)
                self.assertFalse((self.folder / "o").exists())

    def test_published_keys_are_refused(self):
        # lesson 11
        tpm = self.tpm()
        result = self.provision(tpm, "--insecure-no-auth", owner=KEYS / "owner.cert.pem", code=2)
        self.assertIn("published key", result.err)
        result = self.sign("trust-order", self.shared / "trust2.json", "--key",
                           KEYS / "owner.key.pem", "--out", self.folder / "o", code=2)
        self.assertIn("published key", result.err)
        self.assertFalse((self.folder / "o").exists())

    def test_names_and_attributes_are_those_of_the_specification(self):
        tpm = self.tpm()
        self.provision(tpm, "--insecure-no-auth")
        station = json.loads((self.folder / "s.json").read_text())
        # written, no_da, ownerread, authread, policywrite, ownerwrite; extend, authwrite instead.
        for part, attributes in (("anchor", "0x2206000A"), ("journal", "0x22040044")):
            text = tpm.tool("tpm2_nvreadpublic", station[part]["index"])
            self.assertIn(station[part]["name"], text)
            self.assertIn(attributes, text)
        self.assertEqual((self.folder / "journal.auth").stat().st_mode & 0o777, 0o600)
        self.assertEqual((self.folder / "journal.auth").stat().st_size, 32)
        self.assertEqual(tpm.left_over(), "")


class Orders(TpmCase):
    def test_two_in_sequence(self):
        for auth in (None, "owner secret"):
            with self.subTest(auth=auth):
                station = self.station(name=f"auth-{bool(auth)}", auth=auth)
                for version in (2, 3):
                    station.apply(self.order(version), version)
                    self.assertTrue(station.holds(version))
                    self.assertEqual(file_sha256(station.trust),
                                     file_sha256(self.shared / f"trust{version}.json"))
                station.status("--trust", station.trust)
                self.assertEqual(station.tpm.left_over(), "")

    def test_a_version_may_be_left_out(self):
        station = self.station()
        station.apply(self.order(4), 4)
        self.assertTrue(station.holds(4))

    def test_the_same_order_on_two_tpms(self):
        first, second = self.station(name="first"), self.station(name="second")
        self.assertNotEqual(first.file.read_text(), second.file.read_text())
        order = self.order(2)
        for station in (first, second):
            station.apply(order, 2)
            self.assertTrue(station.holds(2))

    def test_every_kind_of_key(self):
        for kind in ("p256", "p384", "rsa3072"):
            with self.subTest(kind):
                self.owner_key(kind, kind)
                station = self.station(name=f"station-{kind}", owner=self.folder / f"{kind}.pub")
                station.apply(self.order(2, self.folder / f"{kind}.pem"), 2)
                self.assertTrue(station.holds(2))

    def test_again_finishes_what_was_interrupted(self):
        station = self.station()
        order = self.order(2)
        station.apply(order, 2)
        shutil.copyfile(self.shared / "trust1.json", station.trust)
        self.assertIn("held it already", station.apply(order, 2).out)
        self.assertEqual(file_sha256(station.trust), file_sha256(self.shared / "trust2.json"))

    def refused(self, station, order, version, code_text, words, new=None):
        """The TPM itself refuses; nothing is changed."""
        before = station.anchor(), file_sha256(station.trust)
        result = station.apply(order, version, code=1, new=new)
        self.assertIn("the TPM refused the order", result.err)
        self.assertIn(code_text, result.err)
        self.assertIn(words, result.err)
        self.assertEqual(before, (station.anchor(), file_sha256(station.trust)))
        self.assertEqual(station.tpm.left_over(), "")

    def test_an_older_order_replayed(self):
        station = self.station()
        second, third = self.order(2), self.order(3)
        station.apply(second, 2)
        station.apply(third, 3)
        self.refused(station, second, 2, "0x126", "policy failure in math operation")

    def test_another_policy_of_the_same_version(self):
        station = self.station(version=2)
        trust = self.folder / "other.json"
        trust.write_text((self.shared / "trust2.json").read_text().replace("North", "South"))
        order = self.order(2, trust=trust)
        self.refused(station, order, 2, "0x126", "policy failure in math operation", new=trust)

    def test_an_altered_order(self):
        station = self.station()
        order = json.loads(self.order(2).read_text())
        path = self.folder / "altered.json"
        # Version and digest are altered together with a file that fits.
        altered = {**order, "version": 3, "policySha256": file_sha256(self.shared / "trust3.json")}
        path.write_text(json.dumps(altered))
        self.refused(station, path, 3, "0x2db", "the signature is not valid")
        trust = self.folder / "other.json"
        trust.write_text((self.shared / "trust2.json").read_text().replace("North", "South"))
        path.write_text(json.dumps({**order, "policySha256": file_sha256(trust)}))
        self.refused(station, path, 2, "0x2db", "the signature is not valid", new=trust)
        signature = order["signature"]
        other = "B" if signature[0] != "B" else "C"
        path.write_text(json.dumps({**order, "signature": other + signature[1:]}))
        self.refused(station, path, 2, "0x2db", "the signature is not valid")
        path.write_text(json.dumps({**order, "index": "0x01800101"}))
        self.assertIn("another index", station.apply(path, 2, code=2).err)
        self.assertTrue(station.holds(1))

    def test_an_order_by_another_key(self):
        station = self.station()
        order = self.order(2, self.shared / "thief.pem")
        self.refused(station, order, 2, "0x1c4", "another trust owner")
        # The thief names the owner's key: then the signature does not verify.
        altered = json.loads(order.read_text())
        altered["publicKey"] = (self.shared / "owner.pub").read_text()
        order.write_text(json.dumps(altered))
        self.refused(station, order, 2, "0x2db", "the signature is not valid")

    def test_a_write_with_the_authorization_of_the_index(self):
        station = self.station()
        content = self.folder / "content"
        content.write_bytes((9).to_bytes(8, "big") + bytes(32))
        text = station.tpm.tool("tpm2_nvwrite", "-C", ANCHOR, "-i", content, ANCHOR, code=None)
        self.assertIn("0x12F", text.replace("0x12f", "0x12F"))
        self.assertIn("not available for selected entity", text)
        self.assertTrue(station.holds(1))

    def test_an_order_for_another_file(self):
        station = self.station()
        result = station.apply(self.order(2), 3, code=2)
        self.assertIn("another trust policy than --new", result.err)
        self.assertTrue(station.holds(1))

class Owners(TpmCase):
    """The order is one key: where the installed policy names owners, they must have signed too."""

    def setUp(self):
        super().setUp()
        owners = []
        for name in ("alice", "bob", "mallory"):
            self.run_program("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc",
                             "-subj", f"/CN={name}", "-days", "30", "-addext", "extendedKeyUsage=codeSigning",
                             "-keyout", f"{name}.key.pem", "-out", f"{name}.cert.pem", code=0)
            owners.append({"name": name, "anchor": {"type": "certificate",
                                                    "pem": (self.folder / f"{name}.cert.pem").read_text()}})
        self.versions = {}
        for version in (1, 2, 3):
            policy = json.loads((self.shared / f"trust{version}.json").read_text())
            policy["owners"] = {"signers": owners[:2], "threshold": 2}
            self.versions[version] = self.folder / f"trust{version}.json"
            self.versions[version].write_text(json.dumps(policy, indent=2) + "\n")
        self.station = Station(self, self.tpm(), 1, None, "station", trust=self.versions[1])

    def series(self, *signers, version=2):
        """A folder with that version, signed by these."""
        folder = self.folder / ("series-" + "-".join(signers) + f"-{version}")
        folder.mkdir()
        shutil.copyfile(self.versions[version], folder / f"{version}.trust.json")
        for name in signers:
            text = self.run_program("sh", "-c", f"openssl x509 -in {name}.cert.pem -noout -pubkey | "
                                    "openssl pkey -pubin -outform DER | sha256sum", code=0).out
            self.run_program("openssl", "cms", "-sign", "-binary", "-cades", "-nosmimecap", "-outform", "DER", "-signer",
                             f"{name}.cert.pem", "-inkey", f"{name}.key.pem", "-in", self.versions[version], "-out",
                             folder / f"{version}.{text[:16]}.p7s", code=0)
        return folder

    def apply(self, *arguments, version=2, code=0):
        order = self.order(version, trust=self.versions[version])
        return self.station.apply(order, version, *arguments, code=code, new=self.versions[version])

    def refused(self, *arguments, says, version=2, code=1):
        before = self.station.anchor(), file_sha256(self.station.trust)
        result = self.apply(*arguments, version=version, code=code)
        self.assertIn(says, result.err)
        self.assertNotIn("the TPM refused", result.err)
        self.assertEqual(before, (self.station.anchor(), file_sha256(self.station.trust)))
        self.assertEqual(self.station.tpm.left_over(), "")

    def test_an_order_that_the_owners_did_not_sign(self):
        self.refused(says="names owners", code=2)
        self.refused("--series", self.series(), says="too few owners")
        self.refused("--series", self.series("alice"), says="too few owners")
        self.refused("--series", self.series("alice", "mallory"), says="too few owners")
        self.apply("--series", self.series("alice", "bob"))
        self.assertEqual(self.station.anchor(), (2, file_sha256(self.versions[2])))
        self.assertEqual(file_sha256(self.station.trust), file_sha256(self.versions[2]))

    def test_what_the_owners_signed_is_another_file(self):
        folder = self.series("alice", "bob")
        text = self.versions[2].read_text()
        self.versions[2].write_text(text + "\n")
        self.refused("--series", folder, says="another trust policy than the one of the order")

    def test_a_version_in_between_is_missing(self):
        folder = self.series("alice", "bob", version=3)
        self.refused("--series", folder, says="every version from the installed one on", version=3)

    def test_a_file_without_owners_in_the_place_of_the_installed_one(self):
        """Whoever can write trust.json cannot leave the owners out: the TPM knows which one it is."""
        shutil.copyfile(self.shared / "trust1.json", self.station.trust)
        self.refused(says="is not the one that the TPM holds")

    def test_again_after_an_interruption(self):
        self.apply("--series", self.series("alice", "bob"))
        shutil.copyfile(self.versions[1], self.station.trust)
        self.assertIn("held it already", self.apply().out)
        self.assertEqual(file_sha256(self.station.trust), file_sha256(self.versions[2]))


class Output(TpmCase):
    def test_what_cannot_be_printed_is_said(self):
        tpm = self.tpm()
        trust, file = self.folder / "trust.json", self.folder / "s.json"
        shutil.copyfile(self.shared / "trust1.json", trust)
        order = self.order(2)
        where = ["--tcti", tpm.tcti, "--station", file, "--trust", trust]
        for arguments in (["provision", "--trust-owner", self.shared / "owner.pub", "--insecure-no-auth"],
                          ["status"], ["status", "--json"], ["apply", order, "--new", self.shared / "trust2.json"]):
            with self.subTest(arguments[0]), open("/dev/full", "wb") as full:
                command = [VERIFY, "tpm", *arguments, *where]
                done = subprocess.run([str(one) for one in command], stdout=full, stderr=subprocess.PIPE,
                                      env=CLEAN_ENVIRONMENT, cwd=self.folder, check=False)
                self.assertEqual(done.returncode, 3, done.stderr)
                self.assertIn(b"cannot write to standard output", done.stderr)
        self.verify("tpm", "status", *where)


@unittest.skipIf(SANITIZED, "the sanitizers must be loaded first")
class TwoAtOnce(Paused, TpmCase):
    """One run is stopped where it publishes its file; the other one does all of its work, or waits."""

    def command(self, station, version):
        return [VERIFY, "tpm", "apply", self.order(version), "--new", self.shared / f"trust{version}.json",
                "--trust", station.trust, *station.options()]

    def test_two_orders(self):
        station = self.station()
        first = self.begin(self.command(station, 2), self.folder, at="publish")
        second = self.begin(self.command(station, 3), self.folder)
        try:
            second.wait(0.5)
        except subprocess.TimeoutExpired:
            pass
        self.assertIsNone(second.poll(), "it waits for the file")
        self.assertTrue(station.holds(2))
        self.go()
        for process in (first, second):
            result = self.end(process)
            self.assertEqual(result.code, 0, result)
        self.assertTrue(station.holds(3))
        self.assertEqual(file_sha256(station.trust), file_sha256(self.shared / "trust3.json"))

    def test_the_file_is_replaced_from_outside_meanwhile(self):
        station = self.station()
        first = self.begin(self.command(station, 2), self.folder, at="fsync")
        shutil.copyfile(self.shared / "trust4.json", self.folder / "other")
        (self.folder / "other").rename(station.trust)
        self.go()
        result = self.end(first)
        self.assertEqual(result.code, 3, result)
        self.assertIn("meanwhile", result.err)
        self.assertIn("again", result.err)
        self.assertEqual(file_sha256(station.trust), file_sha256(self.shared / "trust4.json"))
        station.apply(self.order(2), 2)
        self.assertEqual(file_sha256(station.trust), file_sha256(self.shared / "trust2.json"))

    def test_a_killed_one_is_finished_by_the_next(self):
        station = self.station()
        first = self.begin(self.command(station, 2), self.folder, at="publish")
        first.kill()
        first.communicate()
        self.assertEqual((station.holds(2), file_sha256(station.trust)),
                         (True, file_sha256(self.shared / "trust1.json")))
        self.assertIn("held it already", station.apply(self.order(2), 2).out)
        self.assertEqual(file_sha256(station.trust), file_sha256(self.shared / "trust2.json"))
        self.assertEqual([path.name for path in station.folder.glob(".*")], [])

    def test_two_who_provision(self):
        for names in (("one", "one"), ("one", "two")):
            with self.subTest(names):
                tpm, folder = self.tpm(), self.folder / names[1]
                folder.mkdir()

                def command(name, tpm=tpm, folder=folder):
                    return [VERIFY, "tpm", "provision", "--trust", self.shared / "trust1.json", "--trust-owner",
                            self.shared / "owner.pub", "--station", folder / f"{name}.json", "--journal-auth",
                            folder / f"{name}.auth", "--tcti", tpm.tcti, "--insecure-no-auth"]
                first = self.begin(command(names[0]), folder, at="publish")
                second = self.begin(command(names[1]), folder)
                try:
                    second.wait(0.5)
                except subprocess.TimeoutExpired:
                    pass # the TPM serves one at a time
                self.go()
                codes = sorted(self.end(process).code for process in (first, second))
                self.assertEqual(codes[0], 0)
                self.assertIn(codes[1], (2, 3))
                stations = [path.stem for path in folder.glob("*.json")]
                self.assertEqual([path.stem for path in folder.glob("*.auth")], stations)
                self.assertEqual(len(stations), 1)
                self.verify("tpm", "status", "--station", folder / f"{stations[0]}.json", "--journal-auth",
                            folder / f"{stations[0]}.auth", "--tcti", tpm.tcti)


if __name__ == "__main__":
    main()
