# SPDX-License-Identifier: Apache-2.0
"""Python's binding gives the expected verdict on every vector: of each answer one, with --all each."""
import concurrent.futures
import os
import shlex
import tempfile
import unittest

import library
import vector_calls
from harness import FAKETIME, VERIFY, main


class Vectors(unittest.TestCase):
    maxDiff = None

    def attempt(self, call):
        """What is wrong with the answer to one vector, or None."""
        vector, archive, options = call
        with tempfile.TemporaryDirectory(prefix="binding-") as folder:
            program = VERIFY
            if vector.get("clock"):
                program = os.path.join(folder, "verify")
                stopped = vector["clock"].replace("T", " ").replace("Z", "")
                with open(program, "w", encoding="utf-8") as script:
                    script.write(f'#!/bin/sh\nexec {shlex.join(FAKETIME)} -f "{stopped}" {VERIFY} "$@"\n')
                os.chmod(program, 0o755)
            given = {}
            for name, value in options:
                given.setdefault(name.replace("-", "_"), []).append(True if value == "" else vector_calls.placed(value, folder))
            given = {name: values if len(values) > 1 else values[0] for name, values in given.items()}
            result = self.cretula.Verifier(**given, program=program).verify(vector_calls.placed(archive, folder))
        wrong = vector_calls.fault(vector, result.verdict_name, result.check,
                                   [(one.check, one.result) for one in result.findings], result.sentence)
        return f"{vector['id']}: {wrong}" if wrong else None

    def test_every_vector(self):
        self.cretula = library.binding()
        calls = vector_calls.chosen()
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            wrong = [one for one in pool.map(self.attempt, calls) if one]
        self.assertEqual(wrong, [])
        print(f"{len(calls)} vectors, 0 wrong")


if __name__ == "__main__":
    library.again_with_library()
    main()
