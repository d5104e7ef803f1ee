#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What build.sh made for Windows, as people get it: a ZIP that is unpacked and used, and a signed archive of the same files.

    python3 docs/packaging/windows/zip.py OUT SIGNER OPTION...

OUT is the folder of build.sh; SIGNER a cretula-sign of this machine, OPTION what `pack` signs with (--key, --cert, ...).
Writes cretula-VERSION-windows-x86_64.zip and .cretula.tar into OUT. The same programs give the same ZIP. Who unpacked the ZIP
compares its folder with the signed archive: `cretula-verify compare-installed FOLDER --against ARCHIVE`.
"""
import pathlib
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile

SOURCE = pathlib.Path(__file__).resolve().parents[3]
OWN = (SOURCE / "docs" / "own-release" / "release.yaml").read_text("utf-8")
# In the archive as in the folder: its role, and where it comes from.
FILES = {
    "cretula-verify.exe": ("software", None),
    "cretula-sign.exe": ("software", None),
    "built-with": ("other", None),
    "LICENSE": ("other", SOURCE / "LICENSE"),
    "verify-on-windows.md": ("other", SOURCE / "docs" / "verify-on-windows.md"),
}


def own(name):
    """A value of the project's own release, which this one is a part of."""
    return re.search(rf"^ +{name}: (.*)$", OWN, re.MULTILINE)[1]


def write_zip(path, folder, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as made:
        for name, data in files.items():
            entry = zipfile.ZipInfo(f"{folder}/{name}", (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(entry, data)


def description(number):
    lines = ["product:", "  vendor: The Cretula project", "  name: Cretula for Windows", "release:",
             f"  version: {number}", f"  sequence: {own('sequence')}", f"  date: {own('date')}", "files:"]
    for name, (role, _) in FILES.items():
        lines += [f"  - source: {name}", f"    role: {role}"]
    return "\n".join(lines) + "\n"


def main():
    if len(sys.argv) < 4:
        sys.exit("usage: zip.py OUT SIGNER OPTION...")
    out, signer, options = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3:]
    number = own("version")
    name = f"cretula-{number}-windows-x86_64"
    files = {one: (path or out / one).read_bytes() for one, (_, path) in FILES.items()}
    with tempfile.TemporaryDirectory(prefix="windows-") as made:
        folder = pathlib.Path(made)
        for one, data in files.items():
            (folder / one).write_bytes(data)
        (folder / "release.yaml").write_text(description(number), "utf-8")
        archive = out.resolve() / f"{name}.cretula.tar"
        archive.unlink(missing_ok=True)
        subprocess.run([signer, "pack", str(folder / "release.yaml"), "--out", str(archive), *options], check=True)
        with tarfile.open(archive) as packed:
            files["SHA256SUMS"] = packed.extractfile("SHA256SUMS").read()
    write_zip(out / f"{name}.zip", name, files)


if __name__ == "__main__":
    main()
