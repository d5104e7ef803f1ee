#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures how long a file is looked for among a site's releases, with a catalogue and without.

    tests/bench/catalogue.py BUILD-FOLDER [--releases N]

Packs N releases (1,000) with 60 files in an archive of the payload each, adds them to a catalogue, and traces a file from inside
the last one. Prints medians in seconds, and the size of the catalogue. Never part of a pass or fail.
"""
import concurrent.futures
import io
import pathlib
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
KEYS = ROOT / "keys-example"
BUILD = pathlib.Path(sys.argv[1]).resolve()
SIGN, VERIFY = BUILD / "signer" / "cretula-sign", BUILD / "verifier" / "cretula-verify"
TRUST = ["--anchor", KEYS / "root.cert.pem", "--allow-example-keys"]
RELEASES = int(sys.argv[sys.argv.index("--releases") + 1]) if "--releases" in sys.argv else 1000


def run(*arguments, repeat=1):
    """Median wall time."""
    times = []
    for _ in range(repeat):
        begin = time.perf_counter()
        subprocess.run([str(one) for one in arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        times.append(time.perf_counter() - begin)
    return statistics.median(times)


def release(folder, number):
    with tarfile.open(folder / f"{number}.tgz", "w:gz", compresslevel=1) as archive:
        for inner in range(60):
            data = f"release {number}, file {inner}\n".encode() * 20
            info = tarfile.TarInfo(f"usr/lib/part-{inner:02}.so")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    description = folder / f"{number}.yaml"
    description.write_text(f"product: {{vendor: Bench, name: Product {number % 20}}}\nrelease: {{version: '1.{number}', sequence: {number + 1}, "
                           f"date: 2026-11-01T00:00:00Z}}\nfiles: [{{source: {number}.tgz, role: firmware}}]\n")
    run(SIGN, "pack", description, "--key", KEYS / "release.key.pem", "--cert", KEYS / "release.cert.pem", "--allow-example-keys",
        "--out", folder / f"{number}.tar")
    return folder / f"{number}.tar"


def main():
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        folder = pathlib.Path(name)
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            archives = list(pool.map(lambda number: release(folder, number), range(RELEASES)))
        wanted = folder / "wanted"
        wanted.write_bytes(f"release {RELEASES - 1}, file 30\n".encode() * 20)
        catalogue = folder / "catalogue"
        print(f"{RELEASES} releases, {60 * RELEASES} files in archives inside them")
        print(f"catalogue add            {run(VERIFY, 'catalogue', 'add', '--catalogue', catalogue, *archives, *TRUST):8.3f} s")
        print(f"size of the catalogue    {catalogue.stat().st_size / 1e6:8.1f} MB")
        print(f"trace with it            {run(VERIFY, 'trace', wanted, '--catalogue', catalogue, repeat=9):8.3f} s")
        sources = [word for one in archives for word in ("--in", one)]
        print(f"trace without            {run(VERIFY, 'trace', wanted, *sources, *TRUST):8.3f} s")


if __name__ == "__main__":
    main()
