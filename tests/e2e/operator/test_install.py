# SPDX-License-Identifier: Apache-2.0
"""What people install: the pages on it are run, the quick start works from installed programs, the OCI image is whole.

tests/packages.sh runs this once more with CRETULA_FRESH, a Debian folder in which only the packages are installed, and
tests/static.sh with CRETULA_STATIC_OUT, what docs/packaging/static/build.sh wrote.
"""
import hashlib
import io
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile

import guide
from harness import SANITIZED, SIGN, SOURCE, VERIFY, Case, main

FRESH = os.environ.get("CRETULA_FRESH")
STATIC = os.environ.get("CRETULA_STATIC_OUT")
OCI = SOURCE / "docs" / "packaging" / "static" / "oci.py"
CREATED = 1793491200


class Pages(Case):
    def product(self):
        vendor = self.own_keys("vendor-ca")
        (self.folder / "firmware.bin").write_bytes(b"firmware" * 1000)
        (self.folder / "release.yaml").write_text(
            "product: {vendor: Example Automation GmbH, name: Product Name}\n"
            "release: {version: 1.2.3, sequence: 3, date: 2026-10-12T08:00:00Z}\n"
            "files:\n  - source: firmware.bin\n    role: firmware\n", encoding="utf-8")
        self.sign("pack", "release.yaml", "--key", f"{vendor}.key.pem", "--cert", f"{vendor}.cert.pem",
                  "--out", "product-1.2.3.cretula.tar")
        shutil.copy(f"{vendor}-root.cert.pem", self.folder / "vendor.pem")

    def test_install(self):
        """Here with the programs of the build in the place of the packages'; with CRETULA_FRESH with those."""
        self.product()
        quickstart = "/usr/share/doc/cretula-doc/docs/quickstart.sh"
        if FRESH:
            # The folder of this test is at its own path in there as well.
            within = f'exec chroot {FRESH} /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin sh -c \'cd "$0" && exec "$@"\' "$PWD"'
            for package in (pathlib.Path(FRESH) / "packages").glob("*.deb"):
                shutil.copy(package, self.folder)
            guide.stub(self, "sudo", within + ' "$@"')
            guide.stub(self, "sh-in-there", within + ' sh "$@"')
            guide.stub(self, "cretula-verify", within + ' cretula-verify "$@"')
            replace = {f"sh {quickstart}": f"sh-in-there {quickstart}"}
        else:
            guide.stub(self, "sudo", 'test "$1 $2" = "apt-get install"')
            replace = {quickstart: SOURCE / "docs" / "quickstart.sh"}
        commands = guide.run(self, "docs/install.md", replace=replace)
        self.assertEqual(len(commands), 4)
        self.assertEqual((self.folder / "new-folder" / "firmware.bin").read_bytes(), b"firmware" * 1000)

    def test_verify_the_verifier(self):
        """Here the program of the build, which is not static, is given and made again; with CRETULA_STATIC_OUT the static one."""
        if SANITIZED:
            self.skipTest("looks for system calls that the sanitizers make")
        self.product()
        given = self.folder / "given"
        if STATIC:
            shutil.copytree(STATIC, given)
        else:
            given.mkdir()
            shutil.copy(VERIFY, given / "cretula-verify")
            digest = hashlib.sha256((given / "cretula-verify").read_bytes()).hexdigest()
            (given / "cretula-verify.sha256").write_text(f"{digest}  cretula-verify\n", encoding="ascii")
            (given / "cretula-verify.built-with").write_text("gcc 12\n", encoding="ascii")
            guide.stub(self, "readelf", ":")
        for name in ("cretula-verify", "cretula-verify.sha256", "cretula-verify.built-with"):
            shutil.copy(given / name, self.folder)
        build = self.folder / "docs" / "packaging" / "static" / "build.sh"
        build.parent.mkdir(parents=True)
        build.write_text(f'cp -R {given} "$1"\n', encoding="ascii")
        guide.run(self, "docs/verify-the-verifier.md")


class Quickstart(Case):
    def quickstart(self, *arguments, programs=(SIGN, VERIFY), code=0):
        tools = self.folder / "bin"
        shutil.rmtree(tools, ignore_errors=True)
        tools.mkdir()
        for program in programs:
            (tools / os.path.basename(program)).symlink_to(program)
        return self.run_program("sh", SOURCE / "docs" / "quickstart.sh", *arguments, code=code,
                                environment={"PATH": f"{tools}:/usr/bin:/bin"})

    def test_refusals(self):
        self.assertIn("usage", self.quickstart("--installed", "a", "b", code=2).err)
        self.assertIn("usage", self.quickstart("installed", code=2).err)
        (self.folder / "there").mkdir()
        self.assertIn("is there already", self.quickstart("--installed", "there", code=1).err)
        if shutil.which("cretula-verify", path="/usr/bin:/bin") is None:
            self.assertIn("cretula-verify is not installed", self.quickstart("--installed", programs=(SIGN,), code=1).err)

    def test_installed(self):
        done = self.quickstart("--installed")
        self.assertIn("was REFUSED", done.out)
        self.assertTrue((self.folder / "cretula-quickstart" / "rtu-7-4.2.0.cretula.tar").is_file())


class Image(Case):
    def members(self, path):
        with tarfile.open(path) as tar:
            return {one.name: (one, tar.extractfile(one).read() if one.isfile() else None) for one in tar}

    def make(self, out, program=VERIFY, architecture="amd64"):
        subprocess.run([sys.executable, "-B", OCI, program, "0.1.0", architecture, str(CREATED), out], check=True)
        return self.members(out)

    def look(self, members):
        """The layer's one file, after every rule of the layout: what is named is there, of its size and digest, and nothing else."""
        self.assertEqual(json.loads(members["oci-layout"][1]), {"imageLayoutVersion": "1.0.0"})
        reached = {"oci-layout", "index.json", "blobs", "blobs/sha256"}

        def blob(descriptor, kind):
            self.assertEqual(descriptor["mediaType"], f"application/vnd.oci.image.{kind}")
            name = "blobs/" + descriptor["digest"].replace(":", "/")
            data = members[name][1]
            self.assertEqual((len(data), hashlib.sha256(data).hexdigest()), (descriptor["size"], descriptor["digest"][7:]))
            reached.add(name)
            return data

        index = json.loads(members["index.json"][1])
        self.assertEqual((index["schemaVersion"], len(index["manifests"])), (2, 1))
        manifest = json.loads(blob(index["manifests"][0], "manifest.v1+json"))
        config = json.loads(blob(manifest["config"], "config.v1+json"))
        self.assertEqual(len(manifest["layers"]), 1)
        layer = blob(manifest["layers"][0], "layer.v1.tar")
        self.assertEqual(reached, set(members))
        self.assertEqual(config["rootfs"], {"type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(layer).hexdigest()]})
        self.assertEqual((config["os"], config["architecture"]), ("linux", index["manifests"][0]["platform"]["architecture"]))
        self.assertEqual(config["config"]["Entrypoint"], ["/cretula-verify"])
        self.assertEqual(config["config"]["User"], "65534:65534")
        with tarfile.open(fileobj=io.BytesIO(layer)) as tar:
            self.assertEqual([(one.name, one.mode, one.uid, one.mtime) for one in tar], [("cretula-verify", 0o755, 0, CREATED)])
            return tar.extractfile("cretula-verify").read()

    def test_layout(self):
        self.assertEqual(self.look(self.make(self.folder / "a.tar")), pathlib.Path(VERIFY).read_bytes())
        self.make(self.folder / "b.tar")
        self.assertEqual((self.folder / "a.tar").read_bytes(), (self.folder / "b.tar").read_bytes())

    def test_a_wrong_one_is_found(self):
        members = self.make(self.folder / "a.tar", OCI)
        blobs = [name for name, (_, data) in members.items() if name.startswith("blobs/") and data is not None]
        for name in blobs:
            info, data = members[name]
            with self.subTest(name), self.assertRaises(AssertionError):
                self.look({**members, name: (info, data + b"\n")})
        with self.assertRaises(AssertionError):
            self.look({**members, "blobs/sha256/more": members[blobs[0]]})

    def test_the_static_one(self):
        if not STATIC:
            self.skipTest("SKIPPED: CRETULA_STATIC_OUT names no static verifier; tests/static.sh does")
        out = pathlib.Path(STATIC)
        self.assertEqual(self.look(self.members(out / "cretula-verify.oci.tar")), (out / "cretula-verify").read_bytes())


if __name__ == "__main__":
    main()
