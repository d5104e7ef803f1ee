# SPDX-License-Identifier: Apache-2.0
"""The built libcretula, and Python's binding to it as it lies in the tree."""
import os
import sys

from harness import BUILD, SOURCE

FOLDER = SOURCE / "formats" / "bindings"
BUILT = BUILD / "formats" / "bindings"
PYTHON = FOLDER / "python"


def again_with_library():
    """Starts this test once more where the dynamic linker does not find the library yet, which it looks for at the start only."""
    if str(BUILT) not in os.environ.get("LD_LIBRARY_PATH", "").split(":"):
        os.environ["LD_LIBRARY_PATH"] = f"{BUILT}:{os.environ.get('LD_LIBRARY_PATH', '')}".rstrip(":")
        os.execv(sys.executable, [sys.executable, "-B", *sys.argv])


def binding():
    """The package, from the tree."""
    sys.path.insert(0, str(PYTHON))
    import cretula
    return cretula
