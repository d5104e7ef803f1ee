# SPDX-License-Identifier: Apache-2.0
"""docs/pipelines: what each file runs is run against the built programs, as far as it can be without the service it is for."""
import os
import pathlib
import re
import shutil
import subprocess
import unittest

from harness import CLEAN_ENVIRONMENT, SIGN, SOURCE, VERIFY, Case, main

try:
    import yaml
except ImportError:
    yaml = None

HERE = SOURCE / "docs" / "pipelines"
SCRIPT = HERE / "sign-release.sh"
SECRET = "a passphrase; with 'quotes'"
NAMES = {"PRODUCT", "VERSION", "SEQUENCE", "KEY", "CERT", "PASSPHRASE_FILE", "ANCHOR"}
DESCRIPTION = """product: {vendor: Example Automation GmbH, name: EX-100}
release: {version: 1.0.0, sequence: 1, date: 2026-10-12T08:00:00Z}
files:
  - source: firmware.bin
    role: firmware
"""
INJECTED = "1.0.0$(touch hacked);touch hacked`touch hacked`"


class Pipeline(Case):
    def write(self, name, text):
        (self.folder / name).write_text(text, encoding="utf-8")

    def setUp(self):
        super().setUp()
        for path in (self.folder / "release.yaml", self.folder / "firmware.bin"):
            path.write_text(DESCRIPTION, encoding="utf-8")
        self.write("passphrase.txt", SECRET + "\n")
        (self.folder / "passphrase.txt").chmod(0o600)
        for name in ("vendor", "other"):
            self.sign("keygen", "--out", name, "--passphrase-file", "passphrase.txt")

    def environment(self, **more):
        where = ":".join(str(pathlib.Path(one).parent) for one in (SIGN, VERIFY))
        return {**CLEAN_ENVIRONMENT, "PATH": f"{where}:{os.environ['PATH']}", "PRODUCT": "ex100", "VERSION": "1.0.0", "SEQUENCE": "1", "KEY": "vendor.key.pem",
                "CERT": "vendor.cert.pem", "ANCHOR": "vendor.cert.pem", "PASSPHRASE_FILE": "passphrase.txt", **more}

    def shell(self, text, environment, *arguments):
        return subprocess.run(["sh", "-e", "-c", text, "sh", *arguments], cwd=self.folder, env=environment, capture_output=True,
                              text=True, check=False)


class Templates(Pipeline):
    def signs(self, text, environment, out="ex100-1.0.0.cretula.tar"):
        """It signs; what it signed is accepted; an anchor of others, and a version that looks like a command, are not."""
        result = self.shell(text, environment)
        self.assertEqual(result.returncode, 0, result)
        self.assertNotIn(SECRET, result.stdout + result.stderr)
        self.check(out, anchor="vendor.cert.pem", allow=False)
        (self.folder / out).unlink()
        self.assertNotEqual(self.shell(text, {**environment, "ANCHOR": "other.cert.pem"}).returncode, 0)
        (self.folder / out).unlink(missing_ok=True)
        self.shell(text, {**environment, "VERSION": INJECTED})
        self.assertFalse((self.folder / "hacked").exists())

    def test_the_script_is_that_of_the_guide(self):
        page = (SOURCE / "docs" / "guides" / "release-engineer.md").read_text("utf-8")
        self.assertIn(f"<!-- file: sign-release.sh -->\n```sh\n{SCRIPT.read_text('utf-8')}```", page)

    @unittest.skipUnless(yaml, "needs PyYAML")
    def test_gitlab(self):
        value = yaml.safe_load((HERE / "gitlab" / "cretula.gitlab-ci.yml").read_text("utf-8"))
        pack, common = value[".cretula-pack"], value[".cretula"]["variables"]
        self.assertEqual(common["CRETULA_PIPELINES"], "/usr/share/doc/cretula-doc/docs/pipelines")
        self.assertEqual(pack["variables"], {"VERSION": "$CI_COMMIT_TAG", "SEQUENCE": "$CI_PIPELINE_IID",
                                             "PASSPHRASE_FILE": "$SIGNING_PASSPHRASE"})
        environment = self.environment(CRETULA_PIPELINES=str(HERE), DESCRIPTION=common["DESCRIPTION"])
        self.signs("\n".join(pack["script"]), environment)
        lint = "\n".join(value[".cretula-lint"]["script"])
        self.assertEqual(self.shell(lint, environment).returncode, 0)
        self.write("release.yaml", "product: {}\n")
        self.assertNotEqual(self.shell(lint, environment).returncode, 0)

    @unittest.skipUnless(yaml, "needs PyYAML")
    def test_github(self):
        value = yaml.safe_load((HERE / "github" / "action.yml").read_text("utf-8"))
        step, = value["runs"]["steps"]
        # Each input goes through the environment, and none into the text that is run.
        self.assertNotIn("${{", step["run"])
        named = {name: re.fullmatch(r"\$\{\{ inputs\.(\w+) \}\}", text).group(1) for name, text in step["env"].items()}
        self.assertEqual(set(named.values()), set(value["inputs"]))
        self.assertEqual(set(named) - {"LAST", "CRETULA_PASSPHRASE", "CRETULA_SCRIPT"}, NAMES - {"PASSPHRASE_FILE"})
        environment = self.environment(CRETULA_PASSPHRASE=SECRET, CRETULA_SCRIPT=str(SCRIPT), LAST="", TMPDIR=str(self.folder),
                                       GITHUB_OUTPUT=str(self.folder / "output"))
        del environment["PASSPHRASE_FILE"]
        self.signs(step["run"], environment)
        self.assertEqual((self.folder / "output").read_text("utf-8").splitlines()[0], "archive=ex100-1.0.0.cretula.tar")
        self.assertFalse(list(self.folder.glob("tmp.*")), "no passphrase stays")

    def test_jenkins(self):
        """Nothing here can run Groovy: the names only, and that the one command is a literal."""
        text = (HERE / "jenkins" / "vars" / "cretulaPack.groovy").read_text("utf-8")
        names = re.search(r"def names = \[(.*?)\]", text).group(1)
        self.assertEqual({one.upper() for one in re.findall(r"'(\w+)'", names)} | {"PASSPHRASE_FILE"}, NAMES)
        self.assertEqual(re.findall(r"(?m)^\s+sh (.*)$", text), ["'sh \"$CRETULA_SCRIPT\"'"])

    def test_yocto(self):
        text = (HERE / "yocto" / "cretula.bbclass").read_text("utf-8")
        task = re.search(r"(?ms)^do_cretula_pack\(\) \{\n(.*?)^\}$", text).group(1)
        (self.folder / "release.yaml").rename(self.folder / "description.yaml")
        environment = self.environment(DEPLOY_DIR_IMAGE=str(self.folder), CRETULA_DESCRIPTION="description.yaml",
                                       CRETULA_SCRIPT=str(SCRIPT))
        for name in NAMES:
            environment[f"CRETULA_{name}"] = environment[name]
        result = self.shell(task, environment)
        self.assertEqual(result.returncode, 0, result)
        self.check("ex100-1.0.0.cretula.tar", anchor="vendor.cert.pem", allow=False)
        self.assertNotEqual(self.shell(task, {**environment, "CRETULA_ANCHOR": "other.cert.pem"}).returncode, 0)

    def test_buildroot(self):
        (self.folder / "release.yaml").rename(self.folder / "description.yaml")
        environment = self.environment(CRETULA_DESCRIPTION=str(self.folder / "description.yaml"), CRETULA_SCRIPT=str(SCRIPT))
        self.signs(f"sh '{HERE / 'buildroot' / 'post-image.sh'}' '{self.folder}'", environment)


@unittest.skipUnless(shutil.which("cmake"), "needs cmake")
class CMake(Pipeline):
    def project(self, arguments):
        self.write("CMakeLists.txt", "cmake_minimum_required(VERSION 3.17)\nproject(example NONE)\nfind_package(Cretula REQUIRED)\n"
                                     f"cretula_pack(release ALL {arguments})\n")
        prefix = self.folder / "prefix" / "share" / "cmake" / "Cretula"
        prefix.mkdir(parents=True, exist_ok=True)
        shutil.copy(HERE / "cmake" / "CretulaConfig.cmake", prefix)
        return self.shell(f"cmake -S . -B out -DCMAKE_PREFIX_PATH='{self.folder / 'prefix'}' && cmake --build out", self.environment())

    def test_a_project_is_packed(self):
        """Built, built again where an input changed only, and not accepted by others: then there is no archive."""
        common = ("DESCRIPTION release.yaml OUT ex.cretula.tar DEPENDS firmware.bin KEY vendor.key.pem CERT vendor.cert.pem "
                  "PASSPHRASE_FILE passphrase.txt SET release.version=1.0.1 release.sequence=2")
        archive = self.folder / "out" / "ex.cretula.tar"
        result = self.project(f"{common} ANCHOR vendor.cert.pem")
        self.assertEqual(result.returncode, 0, result)
        self.assertNotIn(SECRET, result.stdout + result.stderr)
        self.assertIn("1.0.1", self.check(archive, anchor="vendor.cert.pem", allow=False).out)
        before = archive.stat().st_ino, archive.stat().st_mtime_ns
        self.assertEqual(self.shell("cmake --build out", self.environment()).returncode, 0)
        self.assertEqual((archive.stat().st_ino, archive.stat().st_mtime_ns), before)
        self.write("firmware.bin", "another firmware")
        os.utime(self.folder / "firmware.bin", (before[1] / 1e9 + 10,) * 2)
        self.assertEqual(self.shell("cmake --build out", self.environment()).returncode, 0)
        self.assertNotEqual((archive.stat().st_ino, archive.stat().st_mtime_ns), before)
        result = self.project(f"{common} ANCHOR other.cert.pem")
        self.assertNotEqual(result.returncode, 0)
        self.assertFalse(archive.exists())

    def test_what_it_refuses(self):
        for arguments, says in (("OUT a KEY k CERT c", "DESCRIPTION is missing"), ("DESCRIPTION release.yaml OUT a KEY k", "CERT is missing"),
                                ("DESCRIPTION release.yaml OUT a KEY k CERT c NONSENSE", "not understood: NONSENSE"),
                                ("DESCRIPTION release.yaml OUT a KEY k CERT c ANCHOR", "not understood")):
            with self.subTest(arguments):
                result = self.project(arguments)
                self.assertNotEqual(result.returncode, 0)
                self.assertIn(says, " ".join(result.stderr.split()))


if __name__ == "__main__":
    main()
