# SPDX-License-Identifier: Apache-2.0
"""The table of trust cases (tests/vectors/trust), each as the bytes that a verifier gets."""
import json
import pathlib

import trust_case
from harness import read_member, rebuild
from store import File, Folder, Plan
from world import DerivedPki, Tool, at_a_station, compact, read_folder

ENDINGS = {"--trust": "trust.json", "--anchor": "anchor.pem", "--crl": "crl.pem"}


class Maker(trust_case.Runner):
    """Makes the archive of a case as small as it can be, and keeps what else its command is given."""

    def __init__(self):
        tool = Tool()
        (tool.folder / "pki").mkdir()
        super().__init__(tool, DerivedPki(tool.folder / "pki"), tool.folder)
        self.small = {}
        at_a_station()

    def release(self, world):
        whole = super().release(world)
        if world.get("maker") == "cretula-sign":
            return whole
        with self.lock:
            if whole not in self.small:
                value = json.loads(read_member(whole, "MANIFEST.json"))
                self.small[whole] = rebuild(whole, f"{whole}.small", manifest=compact(value))
            return self.small[whole]

    def describe(self, spec, folder):
        (folder / "fw.bin").write_bytes(b"firmware\n")
        return self.case.description(
            [("fw.bin", {"role": "firmware"})], folder=folder, product={"vendor": spec["vendor"], "name": spec["product"]},
            release={"sequence": spec["sequence"], "version": spec.get("version", "1.0.0")})

    def made(self, trial):
        """The arguments of a case, with the bytes of every file."""
        folder = pathlib.Path(self.folder, trial.id)
        folder.mkdir()
        self.check_earlier(trial.world, folder, folder / "journal")
        given = [File("tar", self.archive(trial.world, folder).read_bytes())]
        option = ""
        for one in self.arguments(trial.world, folder):
            if one != "--json":
                given.append(self.kept(option, one) if isinstance(one, pathlib.Path) else one)
            option = one
        if trial.world.get("earlier") is not None:
            journal = folder / "journal"
            given += ["--journal", Folder(read_folder(journal) if journal.exists() else {"lock": b""}, written=True)]
        return given

    @staticmethod
    def kept(option, path):
        """A file alone, or with the signatures beside it."""
        beside = [one for one in path.parent.iterdir() if one.name.startswith(path.name + ".") and one.suffix == ".p7s"]
        if not beside:
            return File(ENDINGS.get(option, path.name), path.read_bytes())
        return Folder({one.name: one.read_bytes() for one in [path, *beside]}, path.name)


def plans():
    maker = None
    good = {}
    for trial in trust_case.read_trials():
        if maker is None:
            maker = Maker()
        good[trial.id] = trial.id if trial.expect["exit"] == 0 else trial.data.get("like")
        expect = trial.expect
        yield Plan(id=trial.id, about=trial.data["about"], make=lambda trial=trial: maker.made(trial),
                   exit=expect["exit"], check=expect.get("check"), says=expect.get("reason"), like=trial.data.get("like"),
                   verdict=expect["verdict"], result=expect.get("result"), clock=trial.world.get("clock"))
