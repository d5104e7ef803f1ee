# SPDX-License-Identifier: Apache-2.0
"""Every command, verb and option of ours that a text names exists: the texts in the programs' sources, and the
documents, held against what the programs say of themselves (--help). And every command that the sources print has the
words that are not ours quoted for the shell."""
import functools
import re
import subprocess

from harness import SIGN, SOURCE, VERIFY, Case, main

PROGRAMS = {"cretula-sign": SIGN, "cretula-verify": VERIFY}
# Names of packages, files, folders and services that begin like a program are no commands.
COMMAND = re.compile(r"(?<![\w/.-])(cretula-(?:sign|verify))((?:[ \t]+(?:\"[^\"\n]*\"|'[^'\n]*'|[^\s`|;&()<>\"']+))*)")
OPTION = re.compile(r"(?<![\w-])--([a-z][a-z0-9-]*)")
# Options of other programs that texts name.
FOREIGN = {"armor", "export", "detach-sign", "textmode", "digest-algo", "pad",  # gpg, imgtool
           "cflags", "libs", "infile", "outfile", "input-file", "output-file", "output-format", "all", "build", "install", "prefix", "preset", "target", "filter", "test-dir", "output-on-failure",  # cmake, ctest, run.sh
           "init-token", "free", "label", "so-pin", "pin", "module", "login", "keypairgen", "key-type", "id", "slot",
           "system", "home-dir", "shell", "data-binary", "key-id", "signing-algorithm", "message-type", "message",
           "query", "output", "verify", "dereference", "hard-dereference", "flags",
           "cores", "folder", "quick", "large", "tiny", "rounds", "page",  # the bench
           "minutes",  # the fuzzer
           "unit", "write", "arch",  # coverage.sh, build.sh of the packages
           "only", "every", "program", "list", "remake", "words",  # the vectors
           "array", "from-file", "component", "installed"}


@functools.lru_cache(maxsize=None)
def help_of(program, *words):
    done = subprocess.run([PROGRAMS[program], *words, "--help"], capture_output=True, text=True, check=True)
    return done.stdout


def entries(text):
    block = re.search(r"^Commands:\n((?:  .*\n?)+)", text, re.MULTILINE)
    return re.findall(r"^  ([a-z][a-z0-9-]*)  ", block[1], re.MULTILINE) if block else []


@functools.lru_cache(maxsize=None)
def verbs(program):
    """{the words of a verb: its options}"""
    found = {}
    for verb in entries(help_of(program)):
        below = entries(help_of(program, verb))
        for words in [(verb, one) for one in below] or [(verb,)]:
            found[words] = set(re.findall(r"^  --([a-z][a-z0-9-]*)", help_of(program, *words), re.MULTILINE))
    return found


@functools.lru_cache(maxsize=None)
def required(program, verb):
    usage = " ".join(help_of(program, *verb).split("\n\n")[0].split())
    return set(OPTION.findall(usage))


def every_option():
    return {option for program in PROGRAMS for options in verbs(program).values() for option in options}


def sources():
    """(path, text of its string literals) of what the programs print: adjacent literals are one text."""
    for room in ("formats", "signer", "verifier"):
        for path in sorted((SOURCE / room).rglob("*.[ch]")):
            text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
            text = re.sub(r"^#.*(?:\\\n.*)*$", lambda found: found[0] if "define" in found[0] else "", text,
                          flags=re.MULTILINE)
            joined = re.sub(r"(?<!\\)\"(?:[\s\\]|CRET_\w+)*\"", "", text)
            yield path, [one.replace(r"\"", "'") for one in re.findall(r"\"((?:[^\"\\\n]|\\.)*)\"", joined)]


def pages():
    for path in [SOURCE / "README.md", *sorted((SOURCE / "docs").rglob("*.md")), *sorted((SOURCE / "docs").rglob("*.man")),
                 *sorted((SOURCE / "docs").rglob("*.yaml")), SOURCE / "keys-example" / "README.md"]:
        text = path.read_text("utf-8").replace("\\-", "-")
        text = re.sub(r"\\e?\n[ \t]*", " ", text)
        yield path, [text]


def words_of(rest):
    return [one[0] or one[1] or one[2] for one in re.findall(r"\"([^\"]*)\"|'([^']*)'|(\S+)", rest)]


def faults(text):
    """What a text names that is not there."""
    found = []
    for program, rest in COMMAND.findall(text):
        words = words_of(rest)
        if not words or not re.fullmatch(r"[a-z][a-z0-9-]*", words[0]):
            continue
        known = verbs(program)
        verb = next((one for one in (tuple(words[:2]), tuple(words[:1])) if one in known), None)
        if verb is None:
            family = [one for one in known if one[0] == words[0]]
            # A word that is no verb may be a sentence's next word; one before an option is a verb.
            if not family and any(word.startswith("--") for word in words):
                found.append(f"{program} {' '.join(words[:3])}: no such command")
            elif family and len(words) > 1 and re.fullmatch(r"[a-z]+-[a-z-]+", words[1]):
                found.append(f"{program} {words[0]} {words[1]}: no such command")
            continue
        for option in OPTION.findall(" ".join(words)):
            if option not in known[verb] | {"help", "version"}:
                found.append(f"{program} {' '.join(verb)} --{option}: no such option")
        given = set(OPTION.findall(" ".join(words)))
        # A command with options is one to be pasted; "..." that is no option's value says that more belongs there.
        missing = required(program, verb) - given
        more = any(word in ("...", "…", "$") and not before.startswith("--") for before, word in zip(words, words[1:]))
        if given - {"help"} and len(words) > len(verb) + 2 and missing and not more and words[-1] != "$":
            found.append(f"{program} {' '.join(words)}: lacks --{', --'.join(sorted(missing))}")
    return found


# Custom properties of CSS begin like options.
STYLE = re.compile(r"var\(--[a-z]+\)|--[a-z]+:")


class Mentions(Case):
    def test_commands_in_the_sources(self):
        found = [f"{path.relative_to(SOURCE)}: {fault}" for path, texts in sources() for text in texts
                 for fault in faults(text)]
        self.assertEqual(found, [])

    def test_commands_in_the_documents(self):
        found = []
        for path, texts in pages():
            for text in texts:
                # The page of expectations says what comes later, and says so.
                found += [f"{path.relative_to(SOURCE)}: {fault}" for fault in faults(text)
                          if path.name != "expectations.md" or "no such command" not in fault]
        self.assertEqual(found, [])

    def test_options_everywhere(self):
        """An option that stands alone in a sentence is one of some command of ours, or another program's."""
        known = every_option() | FOREIGN | {"help", "version"}
        found = []
        for path, texts in [*sources(), *pages()]:
            if path.name == "dependencies.md" or path.match("formats/base/command/*.c") or path.match("formats/base/page/*.c"):
                continue
            for text in texts:
                text = STYLE.sub("", text)
                found += [f"{path.relative_to(SOURCE)}: --{one}" for one in OPTION.findall(text) if one not in known]
        self.assertEqual(found, [])

    def test_the_search_itself(self):
        """Commands and options that are not there are found."""
        for text, what in (("`cretula-verify extract F --only X`", "--only"),
                           ("cretula-verify trust add-signers F --role release", "add-signers"),
                           ("cretula-sign pack r.yaml --nothing", "--nothing"),
                           ("cretula-verify frobnicate F --anchor A", "frobnicate"),
                           ("cretula-verify trust add-signer %s --vendor ... --signer ... --role release --anchor ...",
                            "lacks --obtained")):
            with self.subTest(text):
                self.assertIn(what, " ".join(faults(text)))
        for text in ("cretula-verify check F --anchor A", "cretula-verify is the", "cretula-sign makes them",
                     "cretula-verify trust show lists them", "cretula-verify extract F ... --to NEW", "cretula-verify explain all"):
            with self.subTest(text):
                self.assertEqual(faults(text), [])

    def test_no_command_is_printed_unquoted(self):
        """A name of a file in a command comes from cret_shell_file() or cret_err_hint_file(), never as %s of its own.
        A literal with %s in a command belongs to one of the functions that quote."""
        found = []
        for path, texts in sources():
            text = path.read_text("utf-8")
            for one in texts:
                for program, rest in COMMAND.findall(one):
                    if "%s" in rest and words_of(rest)[:1] != ["explain"] and "cret_shell_" not in text:
                        found.append(f"{path.relative_to(SOURCE)}: {program}{rest}")
        self.assertEqual(found, [])


if __name__ == "__main__":
    main()
