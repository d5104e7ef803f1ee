#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures packing and verification beside stock tools on the same inputs, in one run.

    tests/bench/bench.py BUILD-FOLDER [--small]

W1: one 2 GiB image and 10 small documents. W2: 20,000 files of 8 to 136 KiB. W3: a 1 MiB image and
3 documents. Prints medians in seconds, ratios, and the peak memory of parent and child added. Needs
6 GiB below /var/tmp. Never part of a pass or fail.
"""
import os
import pathlib
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
KEYS = ROOT / "keys-example"
BUILD = pathlib.Path(sys.argv[1])
SIGN, VERIFY = BUILD / "signer" / "cretula-sign", BUILD / "verifier" / "cretula-verify"
SMALL = "--small" in sys.argv
TRUST = ["--anchor", KEYS / "root.cert.pem", "--allow-example-keys"]


def run(arguments, repeat=5):
    """Median wall time of a command whose output is not wanted."""
    times = []
    for _ in range(repeat):
        begin = time.perf_counter()
        subprocess.run([str(a) for a in arguments], check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
        times.append(time.perf_counter() - begin)
    return statistics.median(times)


def peak_memory(arguments):
    """VmHWM of the process and of its child, added (MB), sampled while they live."""
    process = subprocess.Popen([str(a) for a in arguments], stdout=subprocess.DEVNULL)
    peaks = {}
    while process.poll() is None:
        family = [process.pid]
        try:
            family += map(int, pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split())
        except OSError:
            pass
        for pid in family:
            try:
                for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
                    if line.startswith("VmHWM:"):
                        peaks[pid] = int(line.split()[1])
            except OSError:
                pass
        time.sleep(0.002)
    return sum(peaks.values()) / 1024


def make_inputs(folder, name):
    generator = random.Random(name)
    scale = 16 if SMALL else 1
    sizes = {"W1": [(2 << 30) // scale] + [20_000] * 10,
             "W2": [generator.randrange(8 << 10, 136 << 10) for _ in range(20_000 // scale)],
             "W3": [1 << 20] + [20_000] * 3}[name]
    source = folder / name
    source.mkdir()
    block = generator.randbytes(1 << 20)
    for i, size in enumerate(sizes):
        with open(source / f"file-{i:05d}.bin", "wb") as stream:
            stream.write(i.to_bytes(8, "big"))
            for offset in range(8, size, len(block)):
                stream.write(block[:min(len(block), size - offset)])
    description = folder / f"{name}.yaml"
    description.write_text(f"product: {{vendor: Bench, name: {name}}}\n"
                           "release: {version: '1', sequence: 1, date: 2026-11-01T00:00:00Z}\n"
                           f"files: [{{source: {name}, path: payload, role: other}}]\n")
    return source, description


def bench(folder, name):
    source, description = make_inputs(folder, name)
    archive = folder / f"{name}.tar"
    pack = [SIGN, "pack", description, "--key", KEYS / "release.key.pem", "--cert",
            KEYS / "release.cert.pem", "--allow-example-keys", "--quiet", "--out", archive]
    rows = [("cretula-sign pack", run(pack, 3)),
            ("cretula-verify check", run([VERIFY, "check", archive, *TRUST])),
            ("cretula-verify check --fast", run([VERIFY, "check", archive, "--fast", *TRUST]))]
    tar = folder / "stock.tar"
    stock = f"tar cf {tar} -C {folder} {name} && openssl cms -sign -binary -in {tar} -signer " \
            f"{KEYS / 'release.cert.pem'} -inkey {KEYS / 'release.key.pem'} -outform DER -out {tar}.p7s"
    rows.append(("tar + openssl cms -sign", run(["sh", "-c", stock], 3)))
    digest = run(["openssl", "dgst", "-sha256", tar])
    rows.append(("openssl dgst -sha256", digest))
    rows.append(("openssl cms -verify", run(
        ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", f"{tar}.p7s", "-content", tar,
         "-CAfile", KEYS / "root.cert.pem", "-purpose", "any", "-out", "/dev/null"])))
    print(f"{name}: {len(os.listdir(source))} files, {archive.stat().st_size / 1e6:.1f} MB")
    for label, seconds in rows:
        print(f"  {label:30} {seconds:9.4f} s   {seconds / digest:5.2f} x openssl dgst")
    print(f"  peak memory of check           {peak_memory([VERIFY, 'check', archive, *TRUST]):9.1f} MB")
    shutil.rmtree(source)
    archive.unlink()
    tar.unlink()


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="cretula-bench-", dir="/var/tmp"))
    try:
        for name in ("W1", "W2", "W3"):
            bench(folder, name)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
