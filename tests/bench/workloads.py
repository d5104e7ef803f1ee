# SPDX-License-Identifier: Apache-2.0
"""The inputs, from a seed: W1 one large image, W2 many files, W3 a small release, W4 many small archives."""
import dataclasses
import os
import pathlib
import random
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
KEYS = ROOT / "keys-example"
SEED = "cretula bench 1"
DESCRIPTION = """product: {{vendor: Bench, name: {name}}}
release: {{version: '1', sequence: 1, date: 2026-11-01T00:00:00Z}}
files: [{{source: src, path: payload, role: other}}]
"""


@dataclasses.dataclass
class Size:
    """How large each workload is. W1 in bytes, the others in numbers of files and archives."""
    name: str
    w1: int
    w2: int
    w4: int
    rounds: int


SIZES = {
    "full": Size("full", 2 << 30, 20_000, 1000, 3),
    "large": Size("large", 20 << 30, 200_000, 0, 1),
    "quick": Size("quick", 128 << 20, 1000, 100, 2),
    "tiny": Size("tiny", 3 << 20, 12, 4, 1),
}


@dataclasses.dataclass
class Lab:
    """One workload in a folder: `src` the files, then what each way makes of them."""
    name: str
    folder: pathlib.Path
    sign: pathlib.Path
    verify: pathlib.Path
    files: list
    text: str  # what it is, in words

    @property
    def size(self):
        return sum(os.path.getsize(self.folder / "src" / name) for name in self.files)

    @property
    def largest(self):
        return max(self.files, key=lambda name: os.path.getsize(self.folder / "src" / name))


def write_file(path, size, generator):
    """Bytes that nobody can compress, of one random block that is moved on a little each time."""
    block = generator.randbytes(1 << 20)
    with open(path, "wb") as stream:
        for number, offset in enumerate(range(0, size, len(block))):
            part = min(len(block), size - offset)
            turn = (number * 4099) % len(block)
            stream.write((number.to_bytes(8, "big") + block[turn:] + block[:turn])[:part])


def human(size):
    for unit, step in (("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)):
        if size >= step:
            return f"{size / step:.3g} {unit}"
    return f"{size} bytes"


def sizes_of(name, size):
    generator = random.Random(f"{SEED} {name}")
    if name == "W1":
        return [size.w1] + [20_000] * 10, f"one image of {human(size.w1)} and 10 documents of 20 kB"
    if name == "W2":
        sizes = [generator.randrange(8 << 10, 136 << 10) for _ in range(size.w2)]
        return sizes, f"{size.w2} files of 8 to 136 KiB, {human(sum(sizes))}"
    return [1 << 20] + [20_000] * 3, "an image of 1 MiB and 3 documents of 20 kB"


def make(name, size, work, sign, verify):
    """The files of a workload, below `work`."""
    folder = work / name
    (folder / "src").mkdir(parents=True)
    sizes, text = sizes_of(name, size)
    generator = random.Random(f"{SEED} {name} content")
    files = [f"file-{number:06}.bin" for number in range(len(sizes))]
    for file, length in zip(files, sizes):
        write_file(folder / "src" / file, length, generator)
    (folder / "release.yaml").write_text(DESCRIPTION.format(name=name))
    return Lab(name, folder, sign, verify, files, text)


def make_many(size, work, sign, verify):
    """W4: archives of 64 KiB and three documents each, all different, each with a detached signature by OpenSSL beside it."""
    folder = work / "W4"
    (folder / "src").mkdir(parents=True)
    (folder / "dir").mkdir()
    (folder / "p7s").mkdir()
    generator = random.Random(f"{SEED} W4")
    for number in range(size.w4):
        for file, length in (("firmware.bin", 64 << 10), ("a.txt", 3000), ("b.txt", 3000), ("c.txt", 3000)):
            (folder / "src" / file).write_bytes(generator.randbytes(length))
        (folder / "release.yaml").write_text(DESCRIPTION.format(name=f"Part {number}"))
        archive = folder / "dir" / f"{number:06}.tar"
        subprocess.run([sign, "pack", "release.yaml", "--key", KEYS / "release.key.pem", "--cert", KEYS / "release.cert.pem",
                        "--allow-example-keys", "--quiet", "--out", archive], cwd=folder, check=True)
        subprocess.run(["openssl", "cms", "-sign", "-binary", "-in", archive, "-signer", KEYS / "release.cert.pem", "-inkey",
                        KEYS / "release.key.pem", "-outform", "DER", "-out", folder / "p7s" / f"{archive.name}.p7s"], check=True)
    return Lab("W4", folder, sign, verify, [], f"{size.w4} archives of 64 KiB and 3 documents each")
