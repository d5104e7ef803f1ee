#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the man pages of libcretula, one a function, from what its header says.

    docs/man/library.py BUILD-FOLDER            writes docs/man/cretula_*.3 and libcretula.3
    docs/man/library.py BUILD-FOLDER --check    exit 1 where a written page is not up to date
"""
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from generated import settle  # noqa: E402

MAN = pathlib.Path(__file__).resolve().parent
HEADER = MAN.parents[1] / "formats" / "bindings" / "library" / "cretula.h"
MADE = '.\\" Made by docs/man/library.py from cretula.h.\n'
HEAD = '.TH {} 3 "2026-11-01" "Cretula" "libcretula"\n'


def roff(text):
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + text if text[:1] in (".", "'") else text


def words(comment):
    """A comment as one line of text."""
    return " ".join(re.sub(r"^\s*\*(?!/)", "", comment, flags=re.M).split())


def parsed(text):
    """The header: what it says on top, its enumerations {name: [(value, comment)]}, its functions [(name, prototype, comment)]."""
    top = words(re.search(r"/\*(?! SPDX)(.*?)\*/", text, re.S)[1])
    enumerations = {}
    for name, body in re.findall(r"^enum (\w+) \{(.*?)^\};", text, re.S | re.M):
        enumerations[name] = [(value, words(said)) for value, said in
                              re.findall(r"(CRETULA_\w+) = \d+,?[ \t]*(?:/\*(.*?)\*/)?", body, re.S)]
    found = re.findall(r"/\*((?:(?!\*/).)*?)\*/\n((?!typedef|enum \w+ \{|#)[a-z][^;{}]*?\b(cretula_\w+)\([^;]*\);)", text, re.S)
    return top, enumerations, [(name, " ".join(prototype.split()), words(comment)) for comment, prototype, name in found]


def split(comment):
    """The first sentence, for the line of its name, and the rest."""
    first, _, rest = comment.partition(". ")
    return first.rstrip(".").rstrip(), rest.strip()


def summary(comment):
    first = split(comment)[0].split(": ")[0].split(", for example")[0]
    return first[0].lower() + first[1:]


def synopsis(prototype):
    """The return type and name on one line, each parameter in italics behind it."""
    head, _, inner = prototype.rstrip(";").partition("(")
    return f'.BI "{head}(' + re.sub(r"(\w+)(?=,|\)$)", r'" \1 "', inner) + ';"\n' if inner != "void)" else f'.BI "{head}(void);"\n'


def callbacks(prototype):
    """The types of functions that it is given."""
    found = re.findall(r"^typedef (int \(\*(cretula_\w+)\)\([^;]*\);)", HEADER.read_text("utf-8"), re.M)
    return [f".B typedef {' '.join(one.split())}\n.PP\n" for one, name in found if f"{name} " in prototype]


def values(enumerations, prototype):
    out = []
    for name, rows in enumerations.items():
        if re.search(rf"\benum {name}\b", prototype):
            out.append(f".SH VALUES OF ENUM {name}\n")
            out += [f".TP\n.B {value}\n{roff(said) or 'What its name says.'}\n" for value, said in rows]
    return out


def page(name, prototype, comment, enumerations):
    also = sorted({one for one in re.findall(r"\b(cretula_\w+)\(\)", comment) if one != name})
    out = [MADE, HEAD.format(name.upper()), ".SH NAME\n", f"{name} \\- {roff(summary(comment))}\n", ".SH SYNOPSIS\n.nf\n",
           ".B #include <cretula.h>\n.PP\n", *callbacks(prototype), synopsis(prototype), ".fi\n.PP\nLink with \\fI\\-lcretula\\fP.\n", ".SH DESCRIPTION\n",
           roff(comment) + "\n"]
    out += values(enumerations, prototype)
    out.append(".SH SEE ALSO\n" + "".join(f".BR {one} (3),\n" for one in also) + ".BR libcretula (3),\n.BR cretula\\-verify (1)\n")
    return "".join(out)


def overview(top, enumerations, functions):
    out = [MADE, HEAD.format("LIBCRETULA"), ".SH NAME\nlibcretula \\- verify a firmware release from within another program\n",
           ".SH SYNOPSIS\n.nf\n.B #include <cretula.h>\n.fi\n.PP\nLink with \\fI\\-lcretula\\fP: ",
           "\\fBpkg\\-config \\-\\-cflags \\-\\-libs libcretula\\fP\n",
           ".SH DESCRIPTION\n", roff(top) + "\n", ".SH FUNCTIONS\n"]
    out += [f".TP\n.BR {name} (3)\n{roff(split(comment)[0])}.\n" for name, _, comment in functions]
    out += values(enumerations, "enum cretula_verdict")
    return "".join(out) + ".SH SEE ALSO\n.BR cretula\\-verify (1)\n"


def made():
    top, enumerations, functions = parsed(HEADER.read_text("utf-8"))
    files = {MAN / f"{name}.3": page(name, prototype, comment, enumerations) for name, prototype, comment in functions}
    return {**files, MAN / "libcretula.3": overview(top, enumerations, functions)}


def main():
    files = made()
    return settle(files, [one for one in MAN.glob("*.3") if one not in files])


if __name__ == "__main__":
    sys.exit(main())
