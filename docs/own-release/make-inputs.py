#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Collects what Cretula's own release is packed from, into a new folder.

    docs/own-release/make-inputs.py BUILD-FOLDER FOLDER

FOLDER then holds release.yaml, the documents, cretula-VERSION.tar (both programs, licence, profile, man pages),
build.intoto.json, which says what that was built with, and
sbom.cdx.json, which lists the programs and every library that they load, and those that these load in turn, with the
versions of the Debian packages on this machine. The same build on the same machine gives the same bytes. Needs dpkg and binutils (readelf).
"""
import functools
import hashlib
import io
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile

SOURCE = pathlib.Path(__file__).resolve().parents[2]
OWN = SOURCE / "docs" / "own-release"
PROGRAMS = {"cretula-sign": "signer", "cretula-verify": "verifier"}
PROJECT = {"name": "The Cretula project"}
DATE = "2026-11-23T00:00:00Z"
SECONDS = 1795392000

# Loaded at run time where they are needed, so that no ELF header names them.
LOADED = {
    "cretula-verify": ["libarchive.so.13", "libtss2-esys.so.0", "libtss2-mu.so.0", "libtss2-rc.so.0",
                       "libtss2-tctildr.so.0", "libsqlite3.so.0"],
    "cretula-sign": [],
}
LICENCES = {"libcrypto": "Apache-2.0", "libjansson": "MIT", "libarchive": "BSD-2-Clause", "libyaml": "MIT", "libutf8proc": "MIT",
            "libtss2": "BSD-2-Clause", "libsqlite3": "blessing", "libc": "LGPL-2.1-or-later"}


def output(*words):
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


def version():
    return re.search(r"project\(\s*[Cc]retula\s+VERSION\s+([0-9.]+)", (SOURCE / "CMakeLists.txt").read_text())[1]


def library_paths():
    """Path of every library that the loader knows, by soname; the first one is the one it takes."""
    paths = {}
    for line in output("/sbin/ldconfig", "-p").splitlines():
        if match := re.match(r"\s+(\S+) \(.*\) => (\S+)", line):
            paths.setdefault(match[1], match[2])
    return paths


@functools.cache
def package_of(path):
    """(package, version, architecture) that a library belongs to. Merged /usr: dpkg may know the other name."""
    real = os.path.realpath(path)
    for name in (real, real.removeprefix("/usr"), "/usr" + real):
        done = subprocess.run(["dpkg-query", "-S", name], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            package = done.stdout.split(": ")[0].split(",")[0]
            fields = output("dpkg-query", "-W", "-f=${Package} ${Version} ${Architecture}", package).split()
            return tuple(fields)
    sys.exit(f"make-inputs.py: no Debian package owns {real}")


def needed(program):
    return re.findall(r"\(NEEDED\).*\[(.*)\]", output("readelf", "-d", program))


def licence(soname):
    """Of what the programs load themselves; what that loads in turn is Debian's to license."""
    return [{"license": {"id": text}} for prefix, text in LICENCES.items() if re.match(rf"{prefix}([.-]|$)", soname)]


def hashes(data):
    return [{"alg": "SHA-256", "content": hashlib.sha256(data).hexdigest()},
            {"alg": "SHA-512", "content": hashlib.sha512(data).hexdigest()}]


def library_component(soname, path):
    package, number, architecture = package_of(path)
    escaped = number.replace("+", "%2B").replace(":", "%3A").replace("~", "~")
    component = {
        "bom-ref": package, "type": "library", "supplier": {"name": "Debian", "url": ["https://www.debian.org"]},
        "name": package, "version": number, "licenses": licence(soname),
        "purl": f"pkg:deb/debian/{package}@{escaped}?arch={architecture}",
    }
    return component


def declared(component, files):
    """The component with the hash of its one file, and what is not known of it said to be so."""
    unknown = []
    if len(files) == 1:
        component["hashes"] = hashes(pathlib.Path(files.pop()).read_bytes())
    else:
        unknown.append("Component Hash Value")  # several files of one package: none of them is the component
    if not component["licenses"]:
        del component["licenses"]
        unknown.append("Component License")
    if unknown:
        component["properties"] = [{"name": "cdx:cisa:unknown-information", "value": field} for field in unknown]
    return component


def library_closure(sonames, paths):
    """Every library that these load, directly or in turn: components, and what each depends on, by package."""
    components, dependencies, files, open_names, seen = {}, {}, {}, list(sonames), set()
    while open_names:
        soname = open_names.pop(0)
        if soname in seen:
            continue
        seen.add(soname)
        component = library_component(soname, paths[soname])
        package = component["bom-ref"]
        files.setdefault(package, set()).add(os.path.realpath(paths[soname]))
        if component["licenses"] or package not in components:
            components[package] = component
        loaded = needed(paths[soname])
        open_names += loaded
        dependencies.setdefault(package, set()).update(package_of(paths[name])[0] for name in loaded)
    components = {package: declared(component, files[package]) for package, component in components.items()}
    return components, {package: sorted(names - {package}) for package, names in dependencies.items()}


def program_component(name, data, number):
    return {"bom-ref": name, "type": "application", "supplier": PROJECT, "name": name, "version": number,
            "hashes": hashes(data), "licenses": [{"license": {"id": "Apache-2.0"}}],
            "purl": f"pkg:generic/cretula/{name}@{number}"}


def sbom(programs, archive, number):
    paths = library_paths()
    loaded = {name: needed(data["path"]) + LOADED[name] for name, data in programs.items()}
    libraries, depended = library_closure(sorted({soname for names in loaded.values() for soname in names}), paths)
    components = [program_component(name, data["bytes"], number) for name, data in programs.items()]
    components += [libraries[name] for name in sorted(libraries)]
    dependencies = [{"ref": name, "dependsOn": sorted({package_of(paths[soname])[0] for soname in names})}
                    for name, names in loaded.items()]
    dependencies += [{"ref": name, "dependsOn": depended[name]} for name in sorted(depended)]
    root = {"bom-ref": "cretula", "type": "application", "supplier": PROJECT, "name": "Cretula", "version": number,
            "hashes": hashes(archive), "licenses": [{"license": {"id": "Apache-2.0"}}],
            "purl": f"pkg:generic/cretula@{number}"}
    return {
        "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
        "metadata": {"timestamp": DATE, "lifecycles": [{"phase": "build"}],
                     "tools": {"components": [{"type": "application", "name": "make-inputs.py", "version": number}]},
                     "authors": [PROJECT], "component": root},
        "components": components,
        "dependencies": [{"ref": "cretula", "dependsOn": sorted(programs)}] + dependencies,
        "compositions": [{"aggregate": "complete", "assemblies": ["cretula"]}],
    }


def build_packages():
    """What docs/dependencies.md says that the build needs, in the versions of this machine; others are not there."""
    rows = re.findall(r"(?m)^\| `([a-z0-9.+-]+)` \| build \|", (SOURCE / "docs" / "dependencies.md").read_text("utf-8"))
    shown = subprocess.run(["dpkg-query", "-W", "-f=${Status}|${Package} ${Version} ${Architecture}\\n", *rows], check=False,
                           capture_output=True, text=True).stdout
    installed = [line.split("|")[1].split() for line in shown.splitlines() if line.startswith("install ok installed|")]
    return [{"uri": f"pkg:deb/debian/{name}@{number.replace('+', '%2B').replace(':', '%3A')}?arch={architecture}"}
            for name, number, architecture in sorted(installed)]


def provenance(archive, number):
    """A bare Statement (docs/spec/provenance.md): nobody but whoever signs the release vouches for it, and check says so."""
    return {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": f"cretula-{number}.tar", "digest": {"sha256": hashlib.sha256(archive).hexdigest()}}],
        "predicateType": "https://slsa.dev/provenance/v1",
        "predicate": {
            "buildDefinition": {"buildType": "urn:cretula:build:cmake:1", "externalParameters": {"version": number},
                                "resolvedDependencies": build_packages()},
            "runDetails": {"builder": {"id": "urn:cretula:builder:local"}}}}


def pack_programs(programs, number):
    """One tar in one form: sorted, owned by root, dated as the release."""
    members = {f"bin/{name}": (data["bytes"], 0o755) for name, data in programs.items()}
    members["LICENSE"] = ((SOURCE / "LICENSE").read_bytes(), 0o644)
    profile = SOURCE / "formats" / "release" / "profiles" / "iec62443-component.json"
    members["share/cretula/profiles/iec62443-component.json"] = (profile.read_bytes(), 0o644)
    for page in sorted((SOURCE / "docs" / "man").glob("*.1")):
        members[f"share/man/man1/{page.name}"] = (page.read_bytes(), 0o644)
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name in sorted(members):
            data, mode = members[name]
            entry = tarfile.TarInfo(f"cretula-{number}/{name}")
            entry.size, entry.mode, entry.mtime = len(data), mode, SECONDS
            archive.addfile(entry, io.BytesIO(data))
    return stream.getvalue()


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: make-inputs.py BUILD-FOLDER FOLDER")
    build, folder = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    number = version()
    if f"version: {number}\n" not in (OWN / "release.yaml").read_text():
        sys.exit(f"make-inputs.py: docs/own-release describes another version than {number}")
    programs = {}
    for name, where in PROGRAMS.items():
        path = build / where / name
        programs[name] = {"path": str(path), "bytes": path.read_bytes()}
    folder.mkdir(parents=True)
    shutil.copytree(OWN / "documents", folder / "documents")
    for name in ("release.yaml", "RELEASE-NOTES.md"):
        shutil.copyfile(OWN / name, folder / name)
    archive = pack_programs(programs, number)
    (folder / f"cretula-{number}.tar").write_bytes(archive)
    (folder / "build.intoto.json").write_text(json.dumps(provenance(archive, number), indent=2) + "\n", encoding="utf-8")
    (folder / "sbom.cdx.json").write_text(json.dumps(sbom(programs, archive, number), indent=2) + "\n",
                                          encoding="utf-8")


if __name__ == "__main__":
    main()
