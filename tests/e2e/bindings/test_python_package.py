# SPDX-License-Identifier: Apache-2.0
"""Python's binding as a package: its own tests, its types, and that it can be built and used from elsewhere."""
import importlib.util
import os
import pathlib
import shutil
import subprocess
import sys
import unittest

import library
from harness import SOURCE, VERIFY, Case, main


class Package(Case):
    def run_python(self, *arguments, folder, **environment):
        done = subprocess.run([sys.executable, "-B", *arguments], capture_output=True, text=True, check=False, cwd=folder,
                              env={**os.environ, "LD_LIBRARY_PATH": str(library.BUILT), "CRETULA_VERIFY": VERIFY,
                                   "CRETULA_VECTORS": str(SOURCE / "tests" / "vectors"), **environment})
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def test_its_own_tests(self):
        said = self.run_python("-m", "unittest", "discover", "-s", "tests", folder=library.PYTHON, PYTHONPATH=".")
        self.assertRegex(said, r"Ran 5 tests in [\d.]+s\n\nOK\n$")

    @unittest.skipUnless(shutil.which("mypy"), "mypy is not installed")
    def test_types(self):
        done = subprocess.run(["mypy", "--strict", "--cache-dir", self.folder, library.PYTHON / "cretula"], capture_output=True, text=True,
                              check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    @unittest.skipUnless(importlib.util.find_spec("setuptools"), "setuptools is not installed")
    def test_a_folder_of_its_own(self):
        """Built by setuptools, with the marker of its types, and used from there."""
        copied, target = pathlib.Path(self.folder) / "source", pathlib.Path(self.folder) / "target"
        shutil.copytree(library.PYTHON, copied)
        self.run_python("-c", "from setuptools import setup; setup()", "-q", "build", "--build-lib", str(target), folder=copied)
        self.assertEqual(sorted(one.name for one in (target / "cretula").iterdir()),
                         ["__init__.py", "_library.py", "_result.py", "_verifier.py", "py.typed"])
        said = self.run_python("-c", "import cretula; print(cretula.__file__, cretula.version())", folder=self.folder, PYTHONPATH=str(target))
        self.assertTrue(said.startswith(str(target)))


if __name__ == "__main__":
    main()
