# SPDX-License-Identifier: Apache-2.0
"""The arrows of the architecture, held by reading the sources: who includes what, who calls whom."""
import json
import pathlib
import re
import shlex
import subprocess
import unittest

from harness import BUILD, SOURCE

# A library's headers appear only in their owners.
HEADER_OWNERS = {
    r"<archive(_entry)?\.h>": ["signer/release/import*.c", "formats/release/nested/*.[ch]", "verifier/export/zip_write.c"],
    r"<openssl/": ["formats/trust/*/*", "formats/foreign/*", "formats/keys/*", "formats/base/digest/digest.c", "formats/base/digest/library.c",
                   "formats/base/digest/verity.c"],
    r"<tss2/": ["verifier/tpm/*"],
    r"<sqlite3\.h>": ["verifier/catalogue/*.[ch]"],
    r"<yaml\.h>": ["signer/description/yaml.[ch]", "signer/description/description.[ch]"],
    r'"base/finding/authentic_make\.h"': ["formats/base/finding/authentic.c", "formats/base/finding/authentic_make.h",
                                  "formats/engine/gate.c"],
    r"<pthread\.h>": ["formats/base/system/workers.c", "formats/base/system/seen.c", "formats/base/system/posix/*.c", "formats/base/system/windows/*.c",
                     "formats/container/board.c",
                       "formats/container/relay.c", "formats/container/payload_write.c"],
}

# What each folder may include of this project, besides itself.
ARROWS = {
    "base": [],
    "container": ["base"],
    "package": ["base", "container"],
    "trust": ["base", "container"],
    "foreign": ["base", "container", "trust"],
    "release": ["base", "container"],
    "keys": ["base", "container", "trust"],
    "engine": ["base", "container", "package", "trust", "release"],
    "evidence": ["base", "container", "package", "trust", "release", "engine"],
    "console": ["base", "container", "package", "trust", "foreign", "release", "engine", "evidence", "keys"],
}

# Calls of the operating system; only the rooms of formats/base/system make them (workers.c waits for threads).
SYSTEM_CALLS = re.compile(
    r"(?<![A-Za-z0-9_.>])(open|openat|read|pread|write|pwrite|close|stat|fstat|lstat|fork|execv[pe]*|socket|"
    r"connect|mkdir|rename|unlink|time|clock_gettime|getenv|getrandom|mmap|kill|waitpid|pipe2?|fsync|"
    r"ftruncate|opendir|system|popen|dlopen|syslog|flock|gethostname)\s*\(")
SYSTEM_HEADERS = re.compile(r"#include <(fcntl|unistd|dirent|sys/[a-z]+|time|syslog|termios|pwd|netdb|poll)\.h>")


# Calls of OpenSSL whose "no" would be an answer.
JUDGING = re.compile(r"\b(X509_verify(_cert)?|X509_CRL_verify|X509_REQ_verify|CMS_verify|CMS_SignerInfo_verify(_content)?|"
                     r"EVP_DigestVerify\w*|EVP_PKEY_verify|EVP_Digest)\s*\(")


HOUSE = ("formats", "signer", "verifier")


def sources(*folders):
    for folder in folders:
        for path in sorted((SOURCE / folder).rglob("*.[ch]")):
            yield path, path.relative_to(SOURCE)


def without_comments(text):
    text = re.sub(r"/\*.*?\*/", lambda match: "\n" * match.group().count("\n"), text, flags=re.S)
    text = re.sub(r"//[^\n]*", "", text)
    return re.sub(r'"(\\.|[^"\\\n])*"', '""', text)


# What asks a directory service or a resolver, and with it a network.
NAME_SERVICES = re.compile(r"(?<![A-Za-z0-9_.>])(getpw(uid|nam|ent)|getgr(gid|nam|ent)|getgrouplist|initgroups|getaddrinfo|"
                           r"getnameinfo|gethostby\w+|getservby\w+|res_\w*query)(_r)?\s*\(")

# A time, a number or a size that can be absent says so by a flag (base/text/optional.h): no value of it means "none". What
# stays are descriptors, which are int, and places in files, which begin with 1.
SENTINEL = re.compile(r"^\s*u?int64_t [^;()]*;\s*/\*[^*]*(?<![0-9A-Za-z])(?:-1|0|INT64_MIN|INT64_MAX|UINT64_MAX): "
                      r"(?:none|not |no |absent|any|unknown|for ever|now|nobody|the last)", re.M)
# Internal positions that nothing of the outside can set.
SENTINELS_INSIDE = {"formats/container/team.h", "verifier/verbs/record_trust.h"}


# What each folder links, and so can include: the programs everything, but for rooms that have a row of their own.
LINKED = {**ARROWS, "signer": list(ARROWS), "verifier": list(ARROWS)}
WITH_EVIDENCE = [*ARROWS["evidence"], "evidence"]
ROOM_LINKED = {
    ("signer", "description"): [*ARROWS["release"], "release"],
    ("verifier", "catalogue"): ["base"],
    ("verifier", "tpm"): WITH_EVIDENCE,
    ("verifier", "child"): [*WITH_EVIDENCE, "foreign"],
    ("verifier", "run"): [*WITH_EVIDENCE, "foreign"],
}

# The rooms of a folder, and what each may use of the same folder (cret_room in the folder's CMakeLists.txt).
FLOOR = ["finding", "text", "digest", "system"]
ROOMS = {
    "base": {**{room: FLOOR for room in FLOOR}, "schema": FLOOR, "command": FLOOR, "page": FLOOR,
             "report": [*FLOOR, "command", "page"]},
    "trust": {"asn1": [], "x509": ["asn1"], "cms": ["asn1", "x509"], "policy": ["asn1", "x509", "cms"],
              "seal": ["asn1", "x509", "cms", "policy"],
              "tpm": ["asn1", "x509"]},
    "release": {"identifier": [], "nested": [], "manifest": ["nested"], "provenance": ["nested", "manifest"], "sbom": ["identifier", "nested", "manifest"],
                "advisory": ["identifier", "nested", "manifest", "sbom"],
                "statements": ["identifier", "nested", "manifest", "sbom", "advisory"],
                "diff": ["identifier", "nested", "manifest", "sbom", "advisory", "statements"]},
    "evidence": {"record": [], "station": [], "journal": ["record", "station"], "export": ["record"]},
    "signer": {"command": [], "description": [], "report": ["command", "description"], "archive": ["command", "description", "report"],
               "release": ["command", "description", "report", "archive"],
               "verbs": ["command", "description", "report", "archive", "release"]},
    "verifier": {"tpm": [], "child": [], "run": ["child", "tpm"], "report": ["child", "tpm", "run"],
                 "evidence": ["child", "tpm", "run", "report"], "catalogue": [],
                 "review": ["child", "tpm", "run", "report", "catalogue"],
                 "verbs": ["child", "tpm", "run", "report", "evidence", "catalogue", "review"],
                 "policy": ["child", "tpm", "run", "report", "evidence", "catalogue", "review", "verbs"],
                 "export": ["child", "tpm", "run", "report", "evidence", "catalogue", "review", "verbs"]},
}
# (folder, room) of every place that has an include root of its own; a folder without rooms is one.
PLACES = [(folder, room) for folder in LINKED for room in ROOMS.get(folder, [""])]


def reaches(place, other):
    if place[0] == other[0]:
        return place[1] == other[1] or other[1] in ROOMS[place[0]][place[1]]
    return other[0] in ROOM_LINKED.get(place, LINKED[place[0]])


def folder_of(place):
    return "/".join(part for part in ("" if place[0] in ("signer", "verifier") else "formats", *place) if part)


def compile_flags(commands, folder):
    """What the compiler is given for a source of this folder, but for the source and what comes out."""
    words = shlex.split(next(one["command"] for one in commands if one["file"].startswith(str(SOURCE / folder) + "/")))
    words = words[next(at for at, word in enumerate(words) if pathlib.Path(word).name.startswith(("cc", "gcc", "clang", "x86_64")) and
                       "ccache" not in word):]
    return words[:words.index("-o")]


class Architecture(unittest.TestCase):
    def test_names_of_users_and_hosts_come_from_files(self):
        for path, name in sources(*HOUSE):
            if path.name == "os_library_refused.c":
                continue  # has functions in their place, which refuse
            found = NAME_SERVICES.search(without_comments(path.read_text("utf-8")))
            self.assertIsNone(found, f"{name}: {found and found.group()}")

    def test_no_value_means_not_given(self):
        for bad in ("    int64_t end; /* seconds; 0: none */", "    int64_t a, b; /* -1: not given */",
                    "    uint64_t x; /* UINT64_MAX: no end */"):
            self.assertIsNotNone(SENTINEL.search(bad), bad)
        for path, name in sources(*HOUSE):
            found = SENTINEL.search(path.read_text("utf-8"))
            if str(name) not in SENTINELS_INSIDE:
                self.assertIsNone(found, f"{name}: {found and found.group()}; see base/text/optional.h")

    def test_headers_of_libraries_stay_with_their_owners(self):
        for pattern, owners in HEADER_OWNERS.items():
            for path, name in sources(*HOUSE):
                included = re.search(r"#include " + pattern, path.read_text("utf-8"))
                allowed = any(name.match(owner) for owner in owners)
                self.assertTrue(not included or allowed, f"{name} includes {pattern}")

    def test_arrows_point_one_way(self):
        for folder, allowed in ARROWS.items():
            for path, name in sources(f"formats/{folder}"):
                for target in re.findall(r'#include "([a-z]+)/', path.read_text("utf-8")):
                    self.assertIn(target, [folder, *allowed], f"{name} includes {target}/")

    def test_arrows_inside_a_folder(self):
        """What the compiler would say of each file, without one."""
        for folder, rooms in ROOMS.items():
            for room, allowed in rooms.items():
                for path, name in sources(folder_of((folder, room))):
                    for target in re.findall(rf'#include "{folder}/(\w+)/', path.read_text("utf-8")):
                        self.assertIn(target, [room, *allowed], f"{name} includes {folder}/{target}/")

    def test_programs_do_not_include_each_other(self):
        for folder, others in (("signer", ["verifier"]), ("verifier", ["signer"]), ("formats", ["signer", "verifier"])):
            for path, name in sources(folder):
                for other in others:
                    self.assertNotIn(f'#include "{other}/', path.read_text("utf-8"), name)

    def test_every_room_is_in_the_table(self):
        for folder, rooms in ROOMS.items():
            found = {path.name for path in (SOURCE / folder_of((folder,))).iterdir() if path.is_dir() and [*path.glob("*.c")]}
            self.assertEqual(found, set(rooms), folder)

    def test_a_wrong_include_does_not_compile(self):
        """Each room has an include root of its own: a header of a room that it may not use is not found."""
        commands = json.loads((BUILD / "compile_commands.json").read_text("utf-8"))
        header = {place: next(name for path, name in sources(folder_of(place)) if name.suffix == ".h").as_posix()
                  .removeprefix("formats/") for place in PLACES}
        tried = 0
        for place in PLACES:
            flags = compile_flags(commands, folder_of(place))

            def compiled(text, flags=flags):
                return subprocess.run([*flags, "-fsyntax-only", "-x", "c", "-"], input=text, cwd=BUILD, text=True,
                                      capture_output=True, check=False)
            done = compiled("".join(f'#include "{header[other]}"\n' for other in PLACES if reaches(place, other)))
            self.assertEqual((done.returncode, done.stderr), (0, ""), place)
            forbidden = [header[other] for other in PLACES if not reaches(place, other)]
            done = compiled("".join(f'#if __has_include("{one}")\n#error {one}\n#endif\n' for one in forbidden))
            self.assertEqual((done.returncode, done.stderr), (0, ""), f"{place} can include what it may not")
            for one in forbidden[:1]:
                done = compiled(f'#include "{one}"\n')
                self.assertNotEqual(done.returncode, 0, f"{place} includes {one}")
                self.assertIn("No such file", done.stderr)
            tried += len(forbidden)
        self.assertGreater(tried, 400)

    def test_only_os_calls_the_operating_system(self):
        for path, name in sources(*HOUSE):
            if name.parts[:3] == ("formats", "base", "system") and len(name.parts) > 4 or name.as_posix() in (
                    "formats/base/system/os.h", "formats/base/system/workers.c",
                    "formats/bindings/library/worker.c"):  # of another process, and links nothing of this tree
                continue
            text = path.read_text("utf-8")
            self.assertIsNone(SYSTEM_HEADERS.search(text), name)
            call = SYSTEM_CALLS.search(without_comments(text))
            self.assertIsNone(call, f"{name}: {call and call.group()}")

    def test_what_a_site_decides_is_asked_of_the_site(self):
        """A verb that read the option itself would take what the caller names."""
        direct = re.compile(r'cret_options_values?\([^;]*?"(trust|overlay|profile|journal|station|tcti|journal-auth|config)"')
        for path, name in sources("verifier"):
            # site*.c asks for both; provisioning writes the station that the option names.
            if not name.match("verifier/run/site*.c") and not name.match("verifier/verbs/verb_tpm_provision.c"):
                found = direct.search(path.read_text("utf-8"))
                self.assertIsNone(found, f"{name}: {found and found.group()}")

    def test_libraries_do_not_print_or_exit(self):
        forbidden = re.compile(r"(?<![A-Za-z0-9_])(printf|puts|putchar|perror|exit|abort|fprintf)\s*\(")
        for path, name in sources("formats"):
            if name.parts[1] == "console":  # what both programs print with; no library links it
                continue
            call = forbidden.search(without_comments(path.read_text("utf-8")))
            self.assertIsNone(call, f"{name}: {call and call.group()}")

    def test_programs_print_pages(self):
        """What a person reads goes through formats/console: a page, which is wrapped at words, or a document."""
        forbidden = re.compile(r"(?<![A-Za-z0-9_])(v?f?printf|fputs|fputc|puts|putchar|fwrite)\s*\(")
        for path, name in sources("signer", "verifier"):
            call = forbidden.search(without_comments(path.read_text("utf-8")))
            self.assertIsNone(call, f"{name}: {call and call.group()}")

    def test_a_fault_is_never_an_answer(self):
        """base/finding/fault.h: what remembers faults stands in one place, and nothing goes around it."""
        for path, name in sources(*HOUSE):
            text = without_comments(path.read_text("utf-8"))
            # What OpenSSL is asked to judge is asked through the one function that tells "no" from "could not".
            for call in JUDGING.finditer(text):
                before = re.sub(r"\s+", "", text[max(0, call.start() - 60):call.start()])
                split = name.as_posix() == "formats/trust/x509/chain.c" and before.endswith("cret_library_holds_bare(")
                self.assertTrue(split or before.endswith(("cret_library_holds(", "cret_library_done(")), f"{name}: {call.group()}")
            # A class is changed where a fault keeps it UNDECIDED; a run's own error may be set to that.
            if name.as_posix() != "formats/base/finding/err.c":
                self.assertNotRegex(text, r"(->|\.)class\s*=\s*CRET_ERR_(?!UNDECIDED|NONE)", name)
            # Every allocation passes through os_fault.c, and errno through os*.c.
            if not name.match("formats/base/system/*/os_fault.c"):
                self.assertNotRegex(text, r"\b(__libc_\w+|mallopt|sbrk(?!\(0\))|json_set_alloc_funcs)\s*\(", name)

    def test_whether_all_was_printed_is_asked_in_one_place(self):
        """Lines are written as they end, so that a flush at the end alone has nothing left that could fail."""
        asked = {"formats/base/system/terminal.c", "formats/console/run.c", "formats/console/print.c"}
        found = {name.as_posix() for path, name in sources(*HOUSE)
                 if "fflush(stdout)" in without_comments(path.read_text("utf-8"))}
        self.assertEqual(found, asked)

    def test_the_verdict_of_a_run_is_written_in_one_place(self):
        """Whoever notices something adds a finding; cret_outcome_conclude() decides over all of them. What is decided of a package in a solution is a
        finding of the whole."""
        writes, decides = [], set()
        for path, name in sources(*HOUSE):
            text = without_comments(path.read_text("utf-8"))
            writes += [name.as_posix()] * len(re.findall(r"\boutcome\)?(?:->|\.)verdict\s*=[^=]", text))
            if path.suffix == ".c" and name.as_posix() != "formats/engine/verdict.c" and "cret_verdict_decide(" in text:
                decides.add(name.as_posix())
        self.assertEqual(writes, ["verifier/child/outcome.c"])
        # What the child claims, what its parent concludes, and whether a record follows from its checks.
        self.assertEqual(decides, {"formats/engine/inspect.c", "formats/engine/inspect_solution.c", "verifier/child/outcome.c",
                                   "formats/evidence/record/record_read.c"})

    def test_every_source_names_its_licence_and_stays_readable(self):
        for path, name in sources(*HOUSE, "tests"):
            lines = path.read_text("utf-8").split("\n")
            self.assertEqual(lines[0], "/* SPDX-License-Identifier: Apache-2.0 */", name)
            self.assertLess(len(lines), 602 if name.parts[0] == "tests" else 650, name)
            self.assertNotRegex("\n".join(lines), r"\b(TODO|FIXME|XXX)\b", name)


if __name__ == "__main__":
    unittest.main()
