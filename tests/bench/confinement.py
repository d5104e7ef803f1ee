#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What confinement costs a run: tests/bench/confinement.py BUILD-FOLDER

A process that ends at once is started as a plain child and as a reading process (tests/tools/confine_cost.c); then a
whole check of the example release is timed, for comparison. Exit code 1 where confinement costs 2 ms or more.
"""
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(sys.argv[1])
KEYS = ROOT / "keys-example"
MOST_US = 2000


def main():
    costs = [json.loads(subprocess.run([BUILD / "tests" / "tools" / "confine_cost"], check=True, capture_output=True).stdout)
             for _ in range(5)]
    plain, confined, call, filtered = (statistics.median(cost[name] for cost in costs)
                                       for name in ("plain_us", "confined_us", "call_ns", "filtered_call_ns"))
    with tempfile.TemporaryDirectory() as folder:
        archive = pathlib.Path(folder) / "release.tar"
        subprocess.run([BUILD / "signer" / "cretula-sign", "pack", ROOT / "docs" / "example-release" / "release.yaml", "--key",
                        KEYS / "release.key.pem", "--cert", KEYS / "release.cert.pem", "--allow-example-keys", "--out", archive],
                       check=True, capture_output=True)
        times = []
        for _ in range(50):
            begin = time.perf_counter()
            subprocess.run([BUILD / "verifier" / "cretula-verify", "check", archive, "--anchor", KEYS / "root.cert.pem",
                            "--allow-example-keys", "--quiet"], check=True, capture_output=True)
            times.append((time.perf_counter() - begin) * 1000)
    print(f"a plain child           {plain / 1000:8.3f} ms")
    print(f"a confined one          {confined / 1000:8.3f} ms")
    print(f"confinement             {(confined - plain) / 1000:8.3f} ms a run, of at most {MOST_US / 1000:.0f}")
    print(f"one system call         {call:8.0f} ns, {filtered:.0f} behind the list")
    print(f"a check of the example  {statistics.median(times):8.3f} ms")
    return 0 if confined - plain < MOST_US else 1


if __name__ == "__main__":
    sys.exit(main())
