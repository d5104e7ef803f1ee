#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the man pages and shell completions from what the programs say of themselves (--help, which is made of the verbs).

    docs/man/generate.py BUILD-FOLDER            writes docs/man/*.1 and docs/completions/*
    docs/man/generate.py BUILD-FOLDER --check    exit 1 where a written file is not up to date

One page a program, one a group of verbs and one a verb. docs/man/notes/PAGE.man (roff) is put behind the options.
"""
import os
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from generated import settle  # noqa: E402

MADE = '.\\" Made by docs/man/generate.py from the verbs; notes are in docs/man/notes.\n'
MAN = pathlib.Path(__file__).resolve().parent
COMPLETIONS = MAN.parent / "completions"
PROGRAMS = {"cretula-sign": "signer", "cretula-verify": "verifier"}
EXIT_STATUS = """.SH EXIT STATUS
.TP
.B 0
accepted, or done
.TP
.B 1
refused: there is evidence against the file, or a check found a fault
.TP
.B 2
usage, configuration or policy error: nothing was judged
.TP
.B 3
undecided: the tool could not do its work, or judged only a part
"""


def run(program, *words):
    done = subprocess.run([program, *words, "--help"], capture_output=True, text=True, check=True)
    return done.stdout


class Help:
    """One help text, taken apart."""

    def __init__(self, text):
        blocks = text.rstrip().split("\n\n")
        self.usage = blocks[0].removeprefix("Usage: ")
        self.summary = " ".join(blocks[1].split())
        self.paragraphs, self.sections, self.examples = [], [], []
        for block in blocks[2:]:
            lines = block.split("\n")
            if lines[0] == "Examples:":
                self.examples = lines[1:]
            elif re.fullmatch(r"[A-Z][^.]*:", lines[0]) and len(lines) > 1:
                self.sections.append((lines[0][:-1], entries(lines[1:])))
            else:
                self.paragraphs.append(" ".join(block.split()))


def entries(lines):
    found = []
    for line in lines:
        match = re.match(r"  (\S.*?)(?:  +(\S.*))?$", line)
        if match and not line.startswith("      "):
            found.append([match.group(1), match.group(2) or ""])
        elif found:
            found[-1][1] = (found[-1][1] + " " + line.strip()).strip()
    return found


def roff(text):
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + text if text[:1] in (".", "'") else text


def page(name, help_text, title, examples):
    out = [MADE, f'.TH {title.upper()} 1 "2026-11-01" "Cretula" "Cretula manual"\n', ".SH NAME\n",
           f"{roff(name)} \\- {roff(help_text.summary)}\n", ".SH SYNOPSIS\n",
           f".B {roff(help_text.usage)}\n", ".SH DESCRIPTION\n", f"{roff(help_text.summary)}.\n"]
    for paragraph in help_text.paragraphs:
        if not paragraph.startswith("Exit codes:"):
            out += [".PP\n", roff(paragraph) + "\n"]
    for heading, found in help_text.sections:
        out.append(f".SH {heading.upper()}\n")
        for term, text in found:
            out.append(f".TP\n.B {roff(term)}\n{roff(text)}\n")
    notes = MAN / "notes" / (title + ".man")
    more, _, see_also = (notes.read_text("utf-8") if notes.exists() else "").partition(".SH SEE ALSO\n")
    out.append(more)
    out += [".SH EXAMPLES\n.nf\n", *(roff(line) + "\n" for line in examples), ".fi\n"]
    out.append(EXIT_STATUS)
    below = [f"{title}-{verb}" for verb in verbs_of(help_text)]
    others = re.findall(r"^(\.BR .*\(1\)),?$", see_also, re.M) + [f".BR {roff(one)} (1)" for one in [*below, *PROGRAMS]
                                                                  if one != title]
    out.append(".SH SEE ALSO\n" + ",\n".join(others) + "\n")
    return "".join(out)


def verbs_of(help_text):
    for heading, found in help_text.sections:
        if heading == "Commands":
            return [term.split()[0] for term, _ in found]
    return []


def options_of(help_text):
    return [term.split()[0] for heading, found in help_text.sections
            if heading != "Commands" for term, _ in found if term.startswith("--")]


# What a completion offers behind an option or as an operand, where its help names no words: a glob of files, "/" for
# folders, "checks" for the ids of checks, "sections" for those of show. The first row that fits counts.
BY_OPTION = [
    ("--section", "sections"),
    ("--trust --from --profile --overlay --station --config --record --waivers --order", "*.json"),
]
BY_ARGUMENT = {"PEM": "*.pem", "DIR": "/", "CHECK-ID": "checks", "CHECK=WORD": "checks", "OLD": "*.tar",
               "OUT.tsq": "*.tsq", "IN.tsr": "*.tsr", "ROLE=N": "roles"}
BY_VERB = {"check": "*.tar", "extract": "*.tar", "show": "*.tar", "advisories": "*.tar", "export": "*.tar", "endorse": "*.tar", "attach": "*.tar",
           "timestamp": "*.tar", "lint": "*.yaml", "pack": "*.yaml", "prepare": "*.yaml", "trust": "*.json",
           "record": "*.json", "waive": "*.json", "sbom": "*.json", "sign-profile": "*.json", "trust-order": "*.json",
           "journal": "/", "tpm": "*.json", "explain": "checks"}


class Words:
    """Which words a verb takes where: {option: words or a kind of files}, and what its operands are."""

    def __init__(self, program_words, verb, help_text):
        self.values = {}
        for heading, found in help_text.sections:
            for term, text in found if heading != "Commands" else []:
                option, _, argument = term.partition(" ")
                if argument:
                    self.values[option] = self.of(option, argument, text, program_words)
        self.operand = self.named(BY_VERB.get(verb[0], ""), program_words)

    @staticmethod
    def named(kind, program_words):
        return program_words.get(kind, kind)

    def of(self, option, argument, text, program_words):
        choices = re.search(r"One of: ([^.]*)\.", text)
        if choices:
            return ["", *choices[1].split(", ")]
        names = re.match(r"((?:[a-z0-9-]+(?: \(default\))?, )+[a-z0-9-]+(?: \(default\))?)", text)
        if argument == "NAME" and names:
            listed = re.findall(r"\b(?:ecdsa|rsa|ed|ml)[a-z0-9-]*\d\b", text)
            return ["", *listed]
        for options, kind in BY_OPTION:
            if option in options.split() and argument != "DIR":
                kind, names = self.named(kind, program_words), re.findall(r"\bor the name ([a-z0-9-]+)", text)
                return [kind, *names] if names else kind  # files of that kind, and these words
        return self.named(BY_ARGUMENT.get(argument, ""), program_words)


def cases(tree, program_words):
    """(pattern of verb and option, words) and (pattern of verb, words) for each verb; equal ones together."""
    options, operands = {}, {}
    for verb, _, text in tree:
        words = Words(program_words, verb, text)
        for option, value in words.values.items():
            options.setdefault(tuple(value) if isinstance(value, list) else value, []).append(f"{' '.join(verb)} {option}")
        operands.setdefault(tuple(words.operand) if isinstance(words.operand, list) else words.operand,
                            []).append(" ".join(verb))
    return options, operands


def arms(found, indent, name="words"):
    lines = []
    for value, patterns in found.items():
        what = f"files='{value or '*'}'"
        if isinstance(value, tuple):
            what = f"{name}='{' '.join(value[1:])}'" + (f" files='{value[0]}'" if value[0] else "")
        lines.append(indent + "|".join(f"'{one}'" for one in patterns) + f") {what} ;;\n")
    return "".join(lines)


def bash(program, tree, program_words):
    name = program.replace("-", "_")
    firsts = " ".join(sorted({words[0] for words, _, _ in tree}))
    tree = [one for one in tree if one[1]]  # a group has verbs, and no options
    groups = {}
    for words, _, _ in tree:
        if len(words) > 1:
            groups.setdefault(words[0], []).append(words[1])
    seconds = "".join(f"        {first}) words='{' '.join(rest)}' ;;\n"
                      for first, rest in groups.items())
    names = "".join(f"        '{' '.join(words)}') words='{' '.join(names)}' ;;\n"
                    for words, names, _ in tree)
    options, operands = cases(tree, program_words)
    return f"""# SPDX-License-Identifier: Apache-2.0
# bash completion of {program}; made by docs/man/generate.py.
_{name}()
{{
    local current=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} verb=${{COMP_WORDS[1]}} words= files=
    COMPREPLY=()
    case "$verb" in
    {'|'.join(groups)}) verb="$verb ${{COMP_WORDS[2]}}" ;;
    esac
    # --name=value is three words here.
    if [ "$current" = = ]; then
        current=
    elif [ "$before" = = ]; then
        before=${{COMP_WORDS[COMP_CWORD-2]}}
    fi
    if [ "$COMP_CWORD" -eq 1 ]; then
        words='{firsts} help version --help --version'
    elif [ "$COMP_CWORD" -eq 2 ] && [ "$verb" = help ]; then
        words='{firsts}'
    elif [[ $current == -* ]]; then
        case "$verb" in
{names}        esac
    elif [[ $before == --* ]]; then
        case "$verb $before" in
{arms(options, "        ")}        *) ;;
        esac
    elif [ "$COMP_CWORD" -eq 2 ] && [[ $verb == *' '* ]]; then
        case "${{COMP_WORDS[1]}}" in
{seconds}        esac
    fi
    if [ -z "$words$files" ]; then
        case "$verb" in
{arms(operands, "        ")}        *) ;;
        esac
    fi
    if [ -n "$words" ]; then
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
        [ -n "$files" ] || return
    fi
    if [ "$files" = / ]; then
        mapfile -t COMPREPLY < <(compgen -d -- "$current")
    elif [ -n "$files" ]; then
        mapfile -t -O "${{#COMPREPLY[@]}}" COMPREPLY < <(compgen -f -X "!$files" -- "$current"; compgen -d -- "$current")
    fi
    if [ "${{#COMPREPLY[@]}}" -eq 0 ]; then
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
    fi
}}
complete -o filenames -F _{name} {program}
"""


def zsh(program, tree, program_words):
    firsts = " ".join(sorted({words[0] for words, _, _ in tree}))
    tree = [one for one in tree if one[1]]
    groups = {}
    for words, _, _ in tree:
        if len(words) > 1:
            groups.setdefault(words[0], []).append(words[1])
    seconds = "".join(f"    {first}) found='{' '.join(rest)}' ;;\n" for first, rest in groups.items())
    names = "".join(f"    '{' '.join(words)}') found='{' '.join(names)}' ;;\n" for words, names, _ in tree)
    options, operands = cases(tree, program_words)
    return f"""#compdef {program}
# SPDX-License-Identifier: Apache-2.0
# zsh completion of {program}; made by docs/man/generate.py.
local verb=$words[2] found= files=
case "$verb" in
{'|'.join(groups)}) verb="$verb $words[3]" ;;
esac
if (( CURRENT == 2 )); then
    found='{firsts} help version --help --version'
elif (( CURRENT == 3 )) && [[ $verb == help ]]; then
    found='{firsts}'
elif [[ $words[CURRENT] == -* ]]; then
    case "$verb" in
{names}    esac
elif [[ $words[CURRENT-1] == --* ]]; then
    case "$verb $words[CURRENT-1]" in
{arms(options, "    ", "found")}    esac
elif (( CURRENT == 3 )) && [[ $verb == *' '* ]]; then
    case "$words[2]" in
{seconds}    esac
fi
if [[ -z $found$files ]]; then
    case "$verb" in
{arms(operands, "    ", "found")}    esac
fi
if [[ -n $found ]]; then
    compadd -- ${{=found}}
fi
if [[ -n $found && -z $files ]]; then
    :
elif [[ $files == / ]]; then
    _files -/
else
    _files -g "${{files:-*}}"
fi
"""


def quoted(text):
    """A word of fish, in single quotes."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def fish(program, tree, program_words):
    """A line for each verb, and one for each option that takes the same in the verbs it names."""
    name = program.replace("-", "_")
    out = [f"""# SPDX-License-Identifier: Apache-2.0
# fish completion of {program}; made by docs/man/generate.py.
# Whether the verb on the line, of one word or two, is one of these.
function __{name}_at
    set -l words (commandline -opc)
    contains -- "$words[2]" $argv; or contains -- "$words[2] $words[3]" $argv
end
function __{name}_bare
    set -l words (commandline -opc)
    test (count $words) -eq 1
end
function __{name}_group
    set -l words (commandline -opc)
    test (count $words) -eq 2 -a "$words[2]" = "$argv[1]"
end
complete -c {program} -n __{name}_bare -f
complete -c {program} -n __{name}_bare -l help -l version
"""]
    options, operands = {}, {}
    for verb, names, text in tree:
        where = f"__{name}_bare" if len(verb) == 1 else f"'__{name}_group {verb[0]}'"
        out.append(f"complete -c {program} -n {where} -f -a {verb[-1]} -d {quoted(text.summary)}\n")
        words = Words(program_words, verb, text)
        for option in names:
            value = words.values.get(option)
            options.setdefault((option[2:], tuple(value) if isinstance(value, list) else value), []).append(" ".join(verb))
        if names and isinstance(words.operand, list):
            operands.setdefault(tuple(words.operand), []).append(" ".join(verb))
    for (option, value), verbs in options.items():
        takes = "" if value is None else f" {'-r -F' if value[0] else '-x'} -a {quoted(' '.join(value[1:]))}" if isinstance(value, tuple) else \
            " -x -a '(__fish_complete_directories)'" if value == "/" else " -r -F"
        out.append(f"complete -c {program} -n {at(name, verbs)} -l {option}{takes}\n")
    for value, verbs in operands.items():
        out.append(f"complete -c {program} -n {at(name, verbs)} -f -a {quoted(' '.join(value[1:]))}\n")
    return "".join(out)


def at(name, verbs):
    """The condition of fish that the line has one of these verbs."""
    listed = " ".join('"' + verb + '"' for verb in verbs)
    return f"'__{name}_at {listed}'"


def words_of_programs(build):
    """What several verbs take that no help lists: the ids of checks, the roles of signers."""
    verifier = str(build / PROGRAMS["cretula-verify"] / "cretula-verify")
    listed = subprocess.run([verifier, "explain", "all"], capture_output=True, text=True, check=True,
                            env={**os.environ, "COLUMNS": "2000"}).stdout.splitlines()[1:]  # below the heads of the columns
    # Which sections there are says the error about one that is not there.
    sections = subprocess.run([verifier, "show", "-", "--section", "?"], capture_output=True, text=True, check=False,
                              stdin=subprocess.DEVNULL, env={**os.environ, "COLUMNS": "2000"}).stderr
    sections = re.search(r"^  expected +(.*)$", sections, re.M)[1].replace(" or ", ", ").split(", ")
    roles = re.search(r"--role ROLE.*?One of: ([^.]*)\.", " ".join(run(verifier, "trust", "add-signer").split()))
    return {"checks": ["", *[line.split()[0] for line in listed]], "roles": ["", *roles[1].split(", ")],
            "sections": ["", *sections]}


def collect(path):
    """Every verb and group as (words, options, help)."""
    tree = []
    for verb in verbs_of(Help(run(path))):
        text = Help(run(path, verb))
        tree.append(((verb,), options_of(text), text))
        for sub in verbs_of(text):
            below = Help(run(path, verb, sub))
            tree.append(((verb, sub), options_of(below), below))
    return tree


def examples_of(verb, tree):
    """Its own examples; of a group and of a program the first one of each verb in it."""
    own = [text.examples for words, _, text in tree if words == verb and text.examples]
    below = [first_example(text.examples) for words, _, text in tree if words[:len(verb)] == verb and text.examples]
    return own[0] if own else [line for lines in below for line in lines]


def first_example(lines):
    end = next(i for i, line in enumerate(lines) if not line.endswith("\\"))
    return lines[:end + 1]


def main():
    build = pathlib.Path(sys.argv[1])
    files = {}
    words = words_of_programs(build)
    for program, folder in PROGRAMS.items():
        path = str(build / folder / program)
        tree = collect(path)
        files[MAN / f"{program}.1"] = page(program, Help(run(path)), program, examples_of((), tree))
        for verb, _, text in tree:
            title = "-".join((program, *verb))
            files[MAN / f"{title}.1"] = page(title, text, title, examples_of(verb, tree))
        files[COMPLETIONS / f"{program}.bash"] = bash(program, tree, words)
        files[COMPLETIONS / f"_{program}"] = zsh(program, tree, words)
        files[COMPLETIONS / f"{program}.fish"] = fish(program, tree, words)
    return settle(files, sorted(set(MAN.glob("*.1")) - set(files)))


if __name__ == "__main__":
    sys.exit(main())
