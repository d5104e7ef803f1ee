# SPDX-License-Identifier: Apache-2.0
"""Real releases: Debian's own firmware packages with their documentation, and SBOMs that the test
makes of them; one with an image above 1 GiB."""
import pathlib
import shutil
import subprocess

from harness import (KEYS, ROOT_CERT, VERIFY, CLEAN_ENVIRONMENT, Case, MemoryWatch, file_sha256, main, manifest_of,
                     member, not_sanitized, tampered, tree, write_large)
import hashlib
import json

GIBIBYTE = 1 << 30
ALLOW = "--allow-example-keys"
TRUSTED = ["--anchor", ROOT_CERT, ALLOW]


def installed_version(package):
    done = subprocess.run(["dpkg-query", "-W", "-f=${Version}", package], capture_output=True, check=False)
    return done.stdout.decode() if done.returncode == 0 else None


def digests(path):
    data = pathlib.Path(path).read_bytes()
    return hashlib.sha256(data).hexdigest(), hashlib.sha512(data).hexdigest()


def cyclonedx(product, version, package, images):
    """CycloneDX 1.6: the root is the release, hashed by its first image; a component for each."""
    parts = []
    for name, path in images.items():
        short, long = digests(path)
        parts.append({"type": "firmware", "bom-ref": name, "name": name, "version": version,
                      "hashes": [{"alg": "SHA-256", "content": short}, {"alg": "SHA-512", "content": long}],
                      "purl": f"pkg:deb/debian/{package}@{version.replace('+', '%2B')}?arch=all#{name}"})
    return {
        "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
        "metadata": {
            "timestamp": "2026-10-12T08:00:00Z",
            "component": {"type": "firmware", "bom-ref": "release", "name": product, "version": version,
                          "hashes": parts[0]["hashes"]},
        },
        "components": parts,
        "dependencies": [{"ref": "release", "dependsOn": list(images)}],
    }


def spdx(product, version, package, images):
    """SPDX 2.3: a package for the release, with the checksum of its first image, and one for each."""
    packages = []
    for number, (name, path) in enumerate([("", next(iter(images.values()))), *images.items()]):
        short, long = digests(path)
        packages.append({
            "SPDXID": f"SPDXRef-{number}", "name": name or product, "versionInfo": version,
            "downloadLocation": "NOASSERTION", "filesAnalyzed": False, "supplier": "Organization: Debian",
            "checksums": [{"algorithm": "SHA256", "checksumValue": short},
                          {"algorithm": "SHA512", "checksumValue": long}],
            "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl",
                              "referenceLocator": f"pkg:deb/debian/{package}@{version}"}],
        })
    return {
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"{product} {version}", "documentNamespace": f"https://example.org/spdx/{package}-{version}",
        "creationInfo": {"created": "2026-10-12T08:00:00Z", "creators": ["Tool: cretula-tests"]},
        "packages": packages,
        "relationships": [{"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES",
                           "relatedSpdxElement": "SPDXRef-0"}]
        + [{"spdxElementId": "SPDXRef-0", "relationshipType": "CONTAINS",
            "relatedSpdxElement": f"SPDXRef-{number + 1}"} for number in range(len(images))],
    }


class Debian(Case):
    """Each release: images below firmware/, the package's documentation below documents/."""

    RELEASES = {
        "opensbi": ("OpenSBI generic platform", "/usr/lib/riscv64-linux-gnu/opensbi/generic", "cyclonedx"),
        "u-boot-qemu": ("U-Boot for QEMU", "/usr/lib/u-boot", "cyclonedx"),
        "seabios": ("SeaBIOS", "/usr/share/seabios", "spdx"),
    }

    def make_inputs(self, package):
        """Copies of the package's files (links resolved), and its SBOM; (version, images, inputs)."""
        product, where, kind = self.RELEASES[package]
        version = installed_version(package)
        if version is None or not pathlib.Path(where).is_dir():
            self.fail(f"the Debian package {package} is not installed (docs/dependencies.md)")
        inputs = self.folder / package
        shutil.copytree(where, inputs / "firmware")
        documents = pathlib.Path("/usr/share/doc", package)
        shutil.copytree(documents, inputs / "documents")
        images = {}
        for path in sorted((inputs / "firmware").rglob("*")):
            if path.is_file() and path.suffix in (".bin", ".elf", ".rom"):
                images[str(path.relative_to(inputs))] = path
        self.assertTrue(images)
        sbom = {"cyclonedx": cyclonedx, "spdx": spdx}[kind](product, version, package, images)
        (inputs / "sbom.json").write_text(json.dumps(sbom, indent=1), encoding="utf-8")
        return version, images, inputs

    def make_release(self, package, **more):
        product, _, kind = self.RELEASES[package]
        version, images, inputs = self.make_inputs(package)
        component = {"cyclonedx": lambda number, name: name,
                     "spdx": lambda number, name: f"SPDXRef-{number + 1}"}[kind]
        copyright_file = "documents/copyright"
        return self.description(
            [("firmware", {"path": "firmware", "role": "firmware"}),
             ("documents", {"path": "documents", "role": "document"}),
             ("sbom.json", {"role": "sbom"})],
            folder=inputs,
            product={"vendor": "Debian", "name": product},
            release={"version": version, "sequence": 7},
            documents=[{"ids": [{"domain": "debian.org", "id": f"{package}-copyright"}],
                        "title": {"en": f"{package}: copyright and licences"}, "version": version,
                        "file": copyright_file}],
            sbom=[{"file": "sbom.json",
                   "format": {"cyclonedx": "CycloneDX-1.6", "spdx": "SPDX-2.3"}[kind],
                   "binds": [{"component": component(number, name), "file": name}
                             for number, name in enumerate(images)]}],
            **more), inputs, images

    def test_releases(self):
        for package in self.RELEASES:
            with self.subTest(package):
                description, inputs, images = self.make_release(package)
                self.sign("lint", description)
                archive = self.pack(description, f"{package}.cretula.tar")
                result = self.check(archive, "--product", self.RELEASES[package][0])
                self.assertIn(self.RELEASES[package][0], result.out)
                manifest = manifest_of(archive)
                listed = {one["path"]: one["sha256"] for one in manifest["files"]}
                for name, path in images.items():
                    self.assertEqual(listed[name], file_sha256(path))
                # Every file comes back under its own name with its own bytes.
                self.verify("extract", archive, "--to", self.folder / f"{package}-out", *TRUSTED)
                found = tree(self.folder / f"{package}-out")
                for name, digest in tree(inputs).items():
                    if name not in ("release.yaml",) and digest != "dir":
                        self.assertEqual(found.get(name), digest, name)
                # One bit of one image.
                where = member(archive, next(iter(images)))
                self.refused(tampered(archive, self.folder / "bad.tar", where.data + where.size // 2),
                             says=["file.digests", where.name])

    def test_sbom_of_other_bytes_is_refused(self):
        """S21: an SBOM that does not describe these bytes; pack says so, and check would refuse."""
        for package in ("opensbi", "seabios"):
            description, inputs, _ = self.make_release(package)
            text = (inputs / "sbom.json").read_text("utf-8")
            digest = file_sha256(next(path for path in sorted((inputs / "firmware").rglob("*.bin"))))
            wrong = text.replace(digest, "0" * 64)
            self.assertNotEqual(wrong, text)
            (inputs / "sbom.json").write_text(wrong, encoding="utf-8")
            with self.subTest(package):
                result = self.sign("pack", description, "--key", KEYS / "release.key.pem", "--cert",
                                   KEYS / "release.cert.pem", ALLOW, "--out", "x.tar", code=(1, 2))
                self.assertIn("sbom.binding", result.out + result.err)
                self.assertFalse((self.folder / "x.tar").exists())

    def test_sbom_of_another_version_is_refused(self):
        description, inputs, _ = self.make_release("opensbi")
        value = json.loads((inputs / "sbom.json").read_text("utf-8"))
        for field, wrong in (("version", "0.0.1"), ("name", "OpenSBI for something else")):
            changed = json.loads(json.dumps(value))
            changed["metadata"]["component"][field] = wrong
            (inputs / "sbom.json").write_text(json.dumps(changed), encoding="utf-8")
            with self.subTest(field):
                result = self.sign("pack", description, "--key", KEYS / "release.key.pem", "--cert",
                                   KEYS / "release.cert.pem", ALLOW, "--out", "x.tar", code=(1, 2))
                self.assertIn("sbom.binding", result.out + result.err)

    @not_sanitized
    def test_an_image_above_1_gib(self):
        """A disk image beside real boot firmware; also: memory stays flat."""
        description, inputs, _ = self.make_release("u-boot-qemu")
        value = json.loads(description.read_text("utf-8"))
        write_large(inputs / "disk.img", GIBIBYTE + 12345, "disk")
        value["files"].append({"source": "disk.img", "role": "software"})
        description.write_text(json.dumps(value), encoding="utf-8")
        archive = self.pack(description)
        one = next(found for found in manifest_of(archive)["files"] if found["path"] == "disk.img")
        self.assertEqual(one["size"], GIBIBYTE + 12345)
        self.assertEqual(one["sha256"], file_sha256(inputs / "disk.img"))
        (inputs / "disk.img").unlink()
        for options in ([], ["--fast"], ["--jobs", "1"], ["--jobs", "8"]):
            with self.subTest(options):
                peak = self.peak(archive, options)
                count = len(manifest_of(archive)["files"])
                print(f"{' '.join(options) or 'check'}: peaks of parent and child {peak / 1e6:.1f} MB", flush=True)
                self.assertLess(peak, 24_000_000 + 1536 * count)
        where = member(archive, "disk.img")
        for offset in (0, where.size // 2, where.size - 1):
            with self.subTest(offset):
                with open(archive, "r+b") as stream:
                    stream.seek(where.data + offset)
                    byte = stream.read(1)[0]
                    stream.seek(where.data + offset)
                    stream.write(bytes([byte ^ 0x10]))
                    stream.flush()
                    self.refused(archive, says="disk.img")
                    self.refused(archive, "--fast", says="disk.img")
                    stream.seek(where.data + offset)
                    stream.write(bytes([byte]))
        self.check(archive)

    def peak(self, archive, options):
        program = subprocess.Popen([str(one) for one in [VERIFY, "check", archive, *TRUSTED, *options]],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=CLEAN_ENVIRONMENT)
        watch = MemoryWatch(program.pid, VERIFY)
        watch.start()
        out, err = program.communicate()
        total = watch.total()
        self.assertEqual(program.returncode, 0, err.decode())
        self.assertIn(b"ACCEPTED", out)
        self.assertGreaterEqual(len(watch.peaks), 2, "parent and child were both seen")
        return total


if __name__ == "__main__":
    main()
