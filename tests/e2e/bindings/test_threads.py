# SPDX-License-Identifier: Apache-2.0
"""Eight threads of one program use the library at once, under ThreadSanitizer, with --all under the address sanitizer too: the
right answers, and no report."""
import os
import pathlib
import subprocess

import library
from harness import HEAVY, ROOT_CERT, VERIFY, Case, main, tampered

HERE = pathlib.Path(__file__).resolve().parent


class Threads(Case):
    def test_under_sanitizers(self):
        archive = self.small_release(size=200_000)
        bad = self.folder / "bad.tar"
        tampered(archive, bad, os.path.getsize(archive) // 2)
        sources = sorted((library.FOLDER / "library").glob("*.c"))
        for sanitizer in ("thread", "address,undefined") if HEAVY else ("thread",):
            with self.subTest(sanitizer):
                program = pathlib.Path(self.folder) / f"threads-{sanitizer}"
                self.run_program("cc", "-std=c11", "-D_GNU_SOURCE", '-DCRETULA_LIBRARY_VERSION="0"', '-DCRETULA_VERIFY_PROGRAM="/none"', "-O1", "-g",
                                 f"-fsanitize={sanitizer}", "-fno-sanitize-recover=all", "-pthread", "-I", library.FOLDER / "library",
                                 HERE / "threads.c", *sources, "-ljansson", "-o", program, code=0)
                done = subprocess.run([program, VERIFY, ROOT_CERT, archive, bad], capture_output=True, text=True, check=False)
                self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "8 threads, 3 rounds, 0 wrong\n", ""))


if __name__ == "__main__":
    main()
