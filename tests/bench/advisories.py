#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures `advisories` and `check` on generated inputs of the sizes that plants have.

    tests/bench/advisories.py BUILD-FOLDER [--only A|B|C|D]

A: 2,379 advisories against 20 archives of 150 components. B: one VEX file of 23 MB against 645
components. C: a VEX file of 7,239 statements, by `advisories` and inside a release by `check`. D: 2,000 documents of all formats (CSAF 2.0 and 2.1, OpenVEX, CycloneDX), of which
every fifth names a component of the 20 archives, by package URL or CPE.
Prints seconds, the largest peak memory of one process, and lines by strength and status. Never
part of a pass or fail.
"""
import collections
import hashlib
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time
import uuid

ROOT = pathlib.Path(__file__).resolve().parents[2]
KEYS = ROOT / "keys-example"
BUILD = pathlib.Path(sys.argv[1])
SIGN, VERIFY = BUILD / "signer" / "cretula-sign", BUILD / "verifier" / "cretula-verify"
TRUST = ["--anchor", KEYS / "root.cert.pem", "--allow-example-keys"]
ONLY = sys.argv[sys.argv.index("--only") + 1] if "--only" in sys.argv else "ABCD"
WORDS = ("alpha bridge core delta engine flow gate hub index joint kernel link motion net object port query route stack "
         "trace unit vector watch xml yard zone buffer cache daemon event filter graph hash image json log media proxy").split()
VENDORS = ["Acme GmbH", "Beta Drives AG", "Gamma Controls", "Delta Power", "Epsilon Systems", "Zeta Automation", "Eta Networks"]


def component(number, rng):
    name = f"{rng.choice(WORDS)}-{rng.choice(WORDS)}{rng.choice(['', '2', '-utils', 'lib'])}{number if number % 3 else ''}"
    version = f"{rng.randrange(9)}.{rng.randrange(20)}.{rng.randrange(30)}"
    one = {"type": "library", "bom-ref": f"c{number}", "name": name, "version": version}
    if number % 5:
        one["purl"] = f"pkg:generic/{name}@{version}"
    if number % 2:
        one["cpe"] = f"cpe:2.3:a:{name.split('-')[0]}:{name}:{version}:*:*:*:*:*:*:*"
    return one


def release(folder, name, product, version, count, seed, vex=None):
    """A signed release of `count` components; returns the archive and the components."""
    rng = random.Random(seed)
    image = rng.randbytes(1000)
    (folder / f"{name}.bin").write_bytes(image)
    components = [component(number, rng) for number in range(count)]
    root = {"type": "firmware", "bom-ref": "root", "name": product, "version": version,
            "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(image).hexdigest()},
                       {"alg": "SHA-512", "content": hashlib.sha512(image).hexdigest()}]}
    bom = {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
           "serialNumber": f"urn:uuid:{uuid.UUID(int=rng.getrandbits(128), version=4)}",
           "metadata": {"timestamp": "2026-01-01T00:00:00Z", "component": root}, "components": components}
    (folder / f"{name}.cdx.json").write_text(json.dumps(bom))
    files = [{"source": f"{name}.bin", "role": "firmware"}, {"source": f"{name}.cdx.json", "role": "sbom"}]
    if vex is not None:
        (folder / f"{name}.vex.json").write_text(json.dumps(vex(root, components)))
        files.append({"source": f"{name}.vex.json", "role": "vex"})
    description = {"product": {"vendor": VENDORS[0], "name": product, "purl": f"pkg:generic/acme/{product.lower().replace(' ', '-')}@{version}"},
                   "release": {"version": version, "sequence": 1, "date": "2026-06-01T00:00:00Z"}, "files": files,
                   "sbom": [{"file": f"{name}.cdx.json", "format": "CycloneDX-1.6", "binds": [{"component": "root", "file": f"{name}.bin"}]}]}
    (folder / f"{name}.yaml").write_text(json.dumps(description))
    out = folder / f"{name}.tar"
    subprocess.run([str(a) for a in (SIGN, "pack", folder / f"{name}.yaml", "--key", KEYS / "release.key.pem", "--cert",
                                     KEYS / "release.cert.pem", "--allow-example-keys", "--quiet", "--out", out)], check=True,
                   stderr=subprocess.DEVNULL)
    return out, components


def document(number, title, category="csaf_security_advisory"):
    return {"category": category, "csaf_version": "2.0", "title": title,
            "publisher": {"category": "coordinator", "name": "Coordinator", "namespace": "https://coordinator.example"},
            "tracking": {"id": f"ADV-{number:05}", "status": "final", "version": "1", "current_release_date": "2026-01-01T00:00:00Z",
                         "initial_release_date": "2026-01-01T00:00:00Z",
                         "revision_history": [{"date": "2026-01-01T00:00:00Z", "number": "1", "summary": "first"}]}}


def advisory(number, crowded=False):
    """As government agencies write them: names and ranges, long notes, no identifiers. crowded: names that have much in common."""
    rng = random.Random(number)
    vendor = rng.choice(VENDORS)
    products, ids = [], []
    for index in range(rng.randrange(4, 40)):
        name = f"{rng.choice(WORDS).title()}{rng.choice(WORDS)} {rng.choice(WORDS)}{rng.randrange(10, 99)} {rng.randrange(1000, 99999)}"
        if crowded:
            name = f"{rng.choice(WORDS).title()} {rng.choice(WORDS)} {rng.randrange(100, 9999)}"
        ids.append(f"P{index}")
        products.append({"category": "product_name", "name": name, "branches": [
            {"category": "product_version_range", "name": f"<{rng.randrange(9)}.{rng.randrange(30)}",
             "product": {"name": f"{vendor} {name}", "product_id": ids[-1]}}]})
    text = " ".join(rng.choice(WORDS) for _ in range(400))
    vulnerabilities = [{"cve": f"CVE-2026-{number * 10 + index}", "notes": [{"category": "summary", "text": text}],
                        "product_status": {"known_affected": ids},
                        "remediations": [{"category": "mitigation", "details": text[:900], "product_ids": ids} for _ in range(3)]}
                       for index in range(rng.randrange(1, 8))]
    return {"document": document(number, f"{vendor} products"), "vulnerabilities": vulnerabilities,
            "product_tree": {"branches": [{"category": "vendor", "name": vendor, "branches": products}]}}


def large_vex(components, megabytes):
    """As a distribution writes them: packages as parts of editions, thousands of ids in a list."""
    rng = random.Random(1)
    editions = [{"name": f"Distribution {number}", "product_id": f"dist-{number}",
                 "product_identification_helper": {"cpe": f"cpe:2.3:o:distribution:linux:{number}:*:*:*:*:*:*:*"}} for number in range(20)]
    names, relations, fixed, open_ids, vulnerabilities, number = list(editions), [], [], [], [], 0
    size = 0
    while size < megabytes * 1000000:
        one = components[number % len(components)] if number % 4 == 0 else component(number, rng)
        edition = number % 20
        package = f"{one['name']}-{number}"
        names.append({"name": package, "product_id": package, "product_identification_helper":
                      {"purl": f"pkg:rpm/distribution/{one['name']}@{one['version']}-{number}.el{edition}?arch=src"}})
        relations.append({"category": "default_component_of", "product_reference": package, "relates_to_product_reference": f"dist-{edition}",
                          "full_product_name": {"name": f"{package} as a component of Distribution {edition}", "product_id": f"dist-{edition}:{package}"}})
        (fixed if number % 3 else open_ids).append(f"dist-{edition}:{package}")
        number += 1
        size += 560
    for index in range(3):
        vulnerabilities.append({"cve": f"CVE-2026-{index}", "product_status": {"fixed": fixed[index::3], "known_affected": open_ids[index::3]},
                                "remediations": [{"category": "vendor_fix", "details": "Update.", "product_ids": fixed[index::3]},
                                                 {"category": "none_available", "details": "Affected.", "product_ids": open_ids[index::3]}],
                                "threats": [{"category": "impact", "details": "Moderate", "product_ids": fixed[index::3] + open_ids[index::3]}]})
    return {"document": document(1, "A large VEX file", "csaf_vex"), "product_tree": {"full_product_names": names, "relationships": relations},
            "vulnerabilities": vulnerabilities}


def yocto(root, components, count=7239):
    """As a build of a whole distribution writes them: a statement for each CVE of each component."""
    rng = random.Random(2)
    states = ("resolved", "not_affected", "exploitable", "in_triage")
    vulnerabilities = []
    for number in range(count):
        state = rng.choices(states, (60, 35, 4, 1))[0]
        one = {"id": f"CVE-20{number % 20 + 6:02}-{number}", "analysis": {"state": state, "detail": "by the build"},
               "affects": [{"ref": components[number % len(components)]["bom-ref"]}]}
        if state == "not_affected":
            one["analysis"]["justification"] = "code_not_present"
        vulnerabilities.append(one)
    return {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "serialNumber": "urn:uuid:11111111-2222-4333-8444-555555555555",
            "metadata": {"component": root}, "components": components, "vulnerabilities": vulnerabilities}


def components_of(number, known, rng):
    """What a document is about: components of archives in every fifth, else components that nobody has."""
    chosen = [rng.choice(known) for _ in range(3)] if number % 5 == 0 else []
    return chosen + [component(100000 + rng.randrange(100000), rng) for _ in range(rng.randrange(3, 20))]


def statuses(number, count):
    return ["known_affected", "fixed", "known_not_affected", "under_investigation"][number % 4], [f"P{index}" for index in range(count)]


def mixed(number, known):
    """One document of the format that its number says."""
    rng = random.Random(number)
    parts = components_of(number, known, rng)
    cve = f"CVE-2026-{number}"
    if number % 4 == 0:
        return advisory(number, crowded=True)
    if number % 4 == 1:
        status, ids = statuses(rng.randrange(4), len(parts))
        names = [{"name": one["name"], "product_id": f"P{index}", "product_identification_helper":
                  {"purls": [f"pkg:generic/{one['name']}@{one['version']}"], "cpe": f"cpe:2.3:a:{one['name'].split('-')[0]}:{one['name']}:{one['version']}:*:*:*:*:*:*:*"}}
                 for index, one in enumerate(parts)]
        head = {**document(number, "A library", "csaf_base"), "csaf_version": "2.1", "distribution": {"tlp": {"label": "CLEAR"}}}
        flags = {"flags": [{"label": "vulnerable_code_not_present", "product_ids": ids}]} if status == "known_not_affected" else {}
        return {"$schema": "https://docs.oasis-open.org/csaf/csaf/v2.1/schema/csaf.json", "document": head,
                "product_tree": {"full_product_names": names}, "vulnerabilities": [{"cve": cve, "product_status": {status: ids}, **flags}]}
    if number % 4 == 2:
        affected = rng.randrange(2)
        say = {"status": "affected", "action_statement": "Update."} if affected else {"status": "not_affected", "justification": "vulnerable_code_not_present"}
        return {"@context": "https://openvex.dev/ns/v0.2.0", "@id": f"https://vendor.example/vex/{number}", "author": "Vendor", "version": 1,
                "timestamp": "2026-01-01T00:00:00Z", "statements": [{"vulnerability": {"name": cve}, **say, "products": [
                    {"@id": f"pkg:generic/{one['name']}@{one['version']}"} for one in parts]}]}
    listed = [{**one, "bom-ref": f"r{index}"} for index, one in enumerate(parts)]
    return {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "serialNumber": f"urn:uuid:{uuid.UUID(int=rng.getrandbits(128), version=4)}",
            "components": listed, "vulnerabilities": [{"id": cve, "analysis": {"state": "exploitable"}, "affects": [{"ref": one["bom-ref"]} for one in listed]}]}


def measure(label, arguments, count=True):
    begin = time.perf_counter()
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen([str(a) for a in arguments], stdout=out, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - begin
        out.seek(0)
        lines = collections.Counter()
        if count:
            for one in json.load(out)["releases"]:
                for entry in one.get("advisories", {}).get("documents", []):
                    for match in entry.get("matches", []):
                        lines[f"{match['match']} {match['status']}"] += 1
    print(f"{label:36} {seconds:7.2f} s  {usage.ru_utime + usage.ru_stime:7.2f} s CPU  {usage.ru_maxrss / 1024:5.0f} MB"
          f"  exit {process.returncode}  {dict(sorted(lines.items()))}", flush=True)


def main():
    with tempfile.TemporaryDirectory(prefix="cretula-bench-", dir="/var/tmp") as work:
        folder = pathlib.Path(work)
        if "A" in ONLY:
            archives = [release(folder, f"a{number}", f"Core gate {3000 + number}", "1.2.0", 150, number)[0] for number in range(20)]
            advisories = folder / "advisories"
            advisories.mkdir()
            for number in range(2379):
                (advisories / f"{number}.json").write_text(json.dumps(advisory(number), indent=2))
            size = sum(path.stat().st_size for path in advisories.iterdir()) / 1e6
            print(f"A: {size:.0f} MB of advisories")
            measure("A 2379 advisories x 20 archives", [VERIFY, "advisories", *archives, "--csaf", advisories, *TRUST, "--json"])
            measure("A 2379 advisories x 1 archive", [VERIFY, "advisories", archives[0], "--csaf", advisories, *TRUST, "--json"])
        if "D" in ONLY:
            made = [release(folder, f"d{number}", f"Core gate {3000 + number}", "1.2.0", 150, 1000 + number) for number in range(20)]
            known = [one for _, components in made for one in components]
            for count in (500, 1000, 2000):
                advisories = folder / f"mixed{count}"
                advisories.mkdir()
                for number in range(count):
                    (advisories / f"{number}.json").write_text(json.dumps(mixed(number, known)))
                measure(f"D {count} documents x 20 archives", [VERIFY, "advisories", *(one for one, _ in made), "--csaf", advisories, *TRUST, "--json"])
        if "B" in ONLY:
            archive, components = release(folder, "b", "Core gate 3000", "1.2.0", 645, 99)
            (folder / "large.json").write_text(json.dumps(large_vex(components, 23)))
            print(f"B: {(folder / 'large.json').stat().st_size / 1e6:.0f} MB")
            measure("B one VEX x 645 components", [VERIFY, "advisories", archive, "--csaf", folder / "large.json", *TRUST, "--json"])
        if "C" in ONLY:
            archive, components = release(folder, "c", "Core gate 3000", "1.2.0", 645, 98, vex=yocto)
            measure("C 7239 statements x 645 components", [VERIFY, "advisories", archive, "--csaf", folder / "c.vex.json", *TRUST, "--json"])
            measure("C the same inside, by check", [VERIFY, "check", archive, *TRUST, "--json"], count=False)


if __name__ == "__main__":
    main()
