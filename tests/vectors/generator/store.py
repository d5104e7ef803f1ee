# SPDX-License-Identifier: Apache-2.0
"""What a generator of vectors gives, and where it is kept: index.json, SHA256SUMS and the files below verdicts/."""
import dataclasses
import hashlib
import json
import pathlib
import shutil
import typing

HERE = pathlib.Path(__file__).resolve().parents[1]


@dataclasses.dataclass
class Plan:
    """A vector before it is made. `make` gives its arguments: texts, Files and Folders."""
    id: str
    about: str
    make: typing.Callable
    exit: int = 0
    check: str = None       # the check that must decide; the reason is what it says then
    says: str = None        # a piece of the reason, where the author holds it to one
    like: str = None        # the accepted vector that it differs from by one fault
    verdict: str = "*"      # of this exit code
    result: str = None
    also: tuple = ()        # checks that fail with it, and why that cannot be otherwise is in `about`
    verb: tuple = ("check",)
    clock: str = None


@dataclasses.dataclass
class File:
    """One file of a vector; what several have in common is kept once."""
    ending: str
    data: bytes


@dataclasses.dataclass
class Folder:
    """Files that must keep their names beside each other: {name: bytes}. `path` is what the argument names in it;
    `written` says that the run writes to it."""
    files: dict
    path: str = ""
    written: bool = False


class Store:
    """The vectors that are there, and those that are added."""

    def __init__(self, root=HERE):
        self.root = root
        self.files = root / "verdicts"
        self.index = root / "index.json"
        self.vectors = {}
        if self.index.exists():
            self.vectors = {one["id"]: one for one in json.loads(self.index.read_text("utf-8"))["vectors"]}
        self.known = {}
        for name in sorted(self._used()):
            if (self.files / name).is_file():
                self.known[hashlib.sha256((self.files / name).read_bytes()).hexdigest()] = name

    def _used(self):
        return {one.get("file") or one.get("copy") for vector in self.vectors.values()
                for one in vector["arguments"] if isinstance(one, dict)}

    def put(self, family, name, argument):
        """Writes what an argument stands for; gives the argument of the index."""
        if isinstance(argument, File):
            return {"file": self._file(family, name, argument)}
        if isinstance(argument, Folder):
            place = f"{family}/{name}"
            shutil.rmtree(self.files / place, ignore_errors=True)
            for path, data in argument.files.items():
                target = self.files / place / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(data)
            whole = f"{place}/{argument.path}" if argument.path else place
            return {"copy" if argument.written else "file": whole}
        if isinstance(argument, dict):
            # Another file of this vector's own folder.
            return {"file": f"{family}/{name}/{argument['sibling']}"}
        return argument

    def _file(self, family, name, file):
        digest = hashlib.sha256(file.data).hexdigest()
        if digest not in self.known:
            place, number = f"{family}/{name}.{file.ending}", 1
            while (self.files / place).exists():
                number += 1
                place = f"{family}/{name}-{number}.{file.ending}"
            (self.files / place).parent.mkdir(parents=True, exist_ok=True)
            (self.files / place).write_bytes(file.data)
            self.known[digest] = place
        return self.known[digest]

    def forget(self, name):
        """Takes a vector out, with the files that no other one uses."""
        if self.vectors.pop(name, None):
            self.sweep()
            self.known = {digest: place for digest, place in self.known.items() if (self.files / place).exists()}

    def sweep(self):
        used = self._used()
        kept = {str(parent) for one in used for parent in [pathlib.PurePath(one), *pathlib.PurePath(one).parents]}
        # A folder that an argument names, or a file in it: all that lies beside belongs to it.
        folders = {str(pathlib.PurePath(*pathlib.PurePath(one).parts[:2])) for one in used}
        for path in sorted(self.files.rglob("*"), reverse=True):
            name = path.relative_to(self.files)
            belongs = str(name) in kept or str(pathlib.PurePath(*name.parts[:2])) in folders
            if path.is_file() and not belongs:
                path.unlink()
            elif path.is_dir() and not any(path.iterdir()):
                path.rmdir()

    def save(self):
        self.sweep()
        order = sorted(self.vectors.values(), key=lambda one: (one["family"], one["expect"]["exit"] != 0, one["id"]))
        # An accepted one stands before those that are like it, whatever family it is of.
        order.sort(key=lambda one: one["expect"]["exit"] != 0)
        lines = ",\n".join(json.dumps(one, ensure_ascii=False) for one in order)
        self.index.write_text('{"cretula": "vectors/1", "vectors": [\n' + lines + "\n]}\n", "utf-8")
        sums = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(self.files).as_posix()}\n"
                for path in sorted(self.files.rglob("*")) if path.is_file()]
        (self.root / "SHA256SUMS").write_text("".join(sums), "utf-8")
