# SPDX-License-Identifier: Apache-2.0
"""Every function that others can see is called by another file: else it is static, or gone."""
import collections
import re
import unittest

from harness import SOURCE, main

ROOMS = ("formats", "console", "signer", "verifier")
# Functions that no other file of the programs calls, each with the reason why others see it all the same.
SEEN = {
    **dict.fromkeys(("dladdr", "dlclose", "freeaddrinfo", "getaddrinfo", "gethostbyname", "getnameinfo"),
                    "stands in the place of the C library's in a static program, which OpenSSL names"),
    "aligned_alloc": "stands in the place of the C library's, which nobody may go around",
    "posix_memalign": "stands in the place of the C library's, which nobody may go around",
    "cret_advise_with": "tests put a hostile process in the place of the reading one",
    "cret_apart_run_with": "tests put a hostile process in the place of the reading one",
    "cret_sbom_judged_take": "tests hold what a hostile process tells to its form",
    "cret_seal_made_take": "tests hold what a hostile process tells to its form",
    "cret_seal_request_take": "tests hold what a hostile process tells to its form",
    "cret_seal_said_take": "tests hold what a hostile process tells to its form",
    "cret_claim_in_sentence": "a corpus of labelled sentences holds it",
    "cret_crl_from_der": "tests of one list, bit by bit",
    "cret_dsse_encode": "tests of the encoding that is signed, byte by byte",
    "cret_dsse_envelope": "tests of the envelope",
    "cret_dsse_read_back": "tests of envelopes that no program writes",
    "cret_examination_start_with": "tests put a hostile process in the place of the reading one",
    "cret_vsa_statement": "tests of the statement of each kind of record",
    "cret_file_format_schema": "tests/tools/schema_export.c writes the published schemas with it",
    "cret_hash_engine_try": "tests put a kernel that hashes wrongly in the place of the processor's",
    "cret_intake_start_with": "tests put a hostile process in the place of the reading one",
    "cret_order_verify": "tests of changed orders, and the fuzzer",
    "cret_template_field": "tests hold the rows of the template to the table of fields",
    "cret_template_path": "tests hold the rows of the template to the table of fields",
}
# Modules whose callers are being written.
NEW = ("formats/base/page/", "formats/base/system/terminal.c")
DEFINITION = re.compile(r"^(?P<head>[A-Za-z_][^;{}#]*?\b(?P<name>[a-z]\w*)\((?:[^;{}]*)\))\n\{", re.M)


def without_comments(text):
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', " ", text, flags=re.S)


class Functions(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.texts = {path.relative_to(SOURCE): without_comments(path.read_text("utf-8"))
                     for room in ROOMS for path in sorted((SOURCE / room).rglob("*.[ch]"))}
        cls.defined = {}
        for name, text in cls.texts.items():
            if name.suffix == ".c":
                for match in DEFINITION.finditer(text):
                    if not re.match(r"static\b|typedef\b|KERNEL_INLINE\b", match["head"]):
                        cls.defined.setdefault(re.match(r"[^(]*?(\w+)\(", match["head"], re.S)[1], []).append(name)
        cls.named = collections.defaultdict(set)
        for name, text in cls.texts.items():
            if name.suffix == ".c":
                for word in set(re.findall(r"\b[a-z_]\w*\b", text)):
                    cls.named[word].add(name)
        # What a macro of a header names is used where the macro is.
        cls.in_macros = {word for name, text in cls.texts.items() if name.suffix == ".h"
                         for macro in re.findall(r"^#define\b(?:[^\n]*\\\n)*[^\n]*", text, re.M)
                         for word in re.findall(r"\b[a-z_]\w*\b", macro)}

    def test_definitions_are_found(self):
        """The pattern sees what a compiler sees: functions of every room."""
        self.assertGreater(len(self.defined), 500)
        for known in ("cret_buffer_printf", "cret_inspect", "cret_draft_make", "cret_child_run", "main"):
            self.assertTrue(known in self.defined, known)

    def test_each_is_called_from_another_file(self):
        for function, files in sorted(self.defined.items()):
            if function.startswith("cretula_"):
                continue  # the library's, for other programs: tests/e2e/bindings/test_interface.py
            if function in ("main", "wmain") or function in SEEN or function in self.in_macros or str(files[0]).startswith(NEW):
                continue
            with self.subTest(function):
                self.assertTrue(self.named[function] - set(files), f"{function} of {files[0]}: static, or gone")

    def test_exceptions_are_needed(self):
        for function in SEEN:
            self.assertTrue(function in self.defined, function)
            self.assertFalse(self.named[function] - set(self.defined[function]), f"{function} is called: it needs no reason")

    def test_each_declaration_has_a_definition(self):
        declared = re.compile(r"^(?!typedef|static|#)[A-Za-z_][^;{}#()]*?\b(cret_\w+)\([^;{}]*\)[^;{}]*;", re.M)
        for name, text in self.texts.items():
            if name.suffix == ".h":
                for function in declared.findall(text):
                    self.assertTrue(function in self.defined, f"{name} declares {function}, which nobody defines")


if __name__ == "__main__":
    main()
