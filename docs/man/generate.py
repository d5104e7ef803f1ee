#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the man pages and shell completions from what the programs say of themselves (--help, which is made of the verbs).

    docs/man/generate.py BUILD-FOLDER            writes docs/man/*.1 and docs/completions/*
    docs/man/generate.py BUILD-FOLDER --check    exit 1 where a written file is not up to date

One page a program, one a group of verbs and one a verb. docs/man/notes/PAGE.man (roff) is put behind the options.
"""
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


def page(name, help_text, title):
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
    if help_text.examples:
        out += [".SH EXAMPLES\n.nf\n", *(roff(line) + "\n" for line in help_text.examples), ".fi\n"]
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


def bash(program, tree):
    name = program.replace("-", "_")
    firsts = " ".join(sorted({words[0] for words, _, _ in tree}))
    tree = [one for one in tree if one[1]]  # a group has verbs, and no options
    groups = {}
    for words, _, _ in tree:
        if len(words) > 1:
            groups.setdefault(words[0], []).append(words[1])
    seconds = "".join(f"        {first}) words='{' '.join(rest)}' ;;\n"
                      for first, rest in groups.items())
    options = "".join(f"        '{' '.join(words)} '*) words='{' '.join(names)}' ;;\n"
                      for words, names, _ in tree)
    return f"""# SPDX-License-Identifier: Apache-2.0
# bash completion of {program}; made by docs/man/generate.py.
_{name}()
{{
    local current=${{COMP_WORDS[COMP_CWORD]}} words=
    COMPREPLY=()
    if [ "$COMP_CWORD" -eq 1 ]; then
        words='{firsts} --help --version'
    elif [[ $current == -* ]]; then
        case "${{COMP_WORDS[1]}} ${{COMP_WORDS[2]}} " in
{options}        esac
    elif [ "$COMP_CWORD" -eq 2 ]; then
        case "${{COMP_WORDS[1]}}" in
{seconds}        *) ;;
        esac
    fi
    if [ -n "$words" ]; then
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
    else
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
    fi
}}
complete -o filenames -F _{name} {program}
"""


def zsh(program, tree):
    firsts = " ".join(sorted({words[0] for words, _, _ in tree}))
    options = "".join(f"    '{' '.join(words)} '*) compadd -- {' '.join(names)} ;;\n"
                      for words, names, _ in tree if names)
    return f"""#compdef {program}
# SPDX-License-Identifier: Apache-2.0
# zsh completion of {program}; made by docs/man/generate.py.
if (( CURRENT == 2 )); then
    compadd -- {firsts} --help --version
elif [[ $words[CURRENT] == -* ]]; then
    case "$words[2] $words[3] " in
{options}    esac
else
    _files
fi
"""


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


def main():
    build = pathlib.Path(sys.argv[1])
    files = {}
    for program, folder in PROGRAMS.items():
        path = str(build / folder / program)
        tree = collect(path)
        files[MAN / f"{program}.1"] = page(program, Help(run(path)), program)
        for words, _, text in tree:
            title = "-".join((program, *words))
            files[MAN / f"{title}.1"] = page(title, text, title)
        files[COMPLETIONS / f"{program}.bash"] = bash(program, tree)
        files[COMPLETIONS / f"_{program}"] = zsh(program, tree)
    return settle(files, sorted(set(MAN.glob("*.1")) - set(files)))


if __name__ == "__main__":
    sys.exit(main())
