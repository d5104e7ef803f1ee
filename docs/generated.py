# SPDX-License-Identifier: Apache-2.0
"""What the makers of pages and tables share: they write what they make, or say that it was forgotten."""
import sys

COMMAND = "cmake --build BUILD-FOLDER --target regenerate"


def settle(files, superfluous=()):
    """Writes {path: text} and removes the superfluous ones; with --check, names what differs. Returns the exit code."""
    stale = [path for path, text in files.items() if not path.is_file() or path.read_text("utf-8") != text]
    if "--check" in sys.argv:
        for path in [*stale, *superfluous]:
            print(f"{path} is not what the programs say: `{COMMAND}` makes it")
        print(f"{len(files) - len(stale)} of {len(files)} files up to date")
        return 1 if stale or superfluous else 0
    for path in superfluous:
        path.unlink()
    for path in stale:
        path.write_text(files[path], encoding="utf-8")
        print(f"written: {path}")
    return 0
