# SPDX-License-Identifier: Apache-2.0
"""Reading C sources as tests of the house do: functions, who uses whom, circles.

It relies on the one form of the sources (test_dialect.py): what is at the top of a file begins in the
first column, and a function's braces stand alone there.
"""
import collections
import re

NOT_CODE = re.compile(r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", re.S)
INCLUDE = re.compile(r'^#include "([^"]+)"', re.M)
# A name that can lead to another file: no member, no name of a type.
USED = re.compile(r"(?<!struct )(?<!enum )(?<!union )(?<![.\w])(?<!->)[a-zA-Z_]\w*")
DATA = re.compile(r"^(?!static\b|extern\b|typedef\b|return\b)[a-zA-Z_][^;{}()=]*?\b(\w+)(?:\[[^\]]*\])*\s*=\s", re.M)
STATIC_DATA = re.compile(r"^static\b[^;(=]*?\b(\w+)(?:\[[^\]]*\])*\s*(?:=|;)", re.M)

Function = collections.namedtuple("Function", "name static parameters line lines")


def code(text):
    """The text with blanks in the place of comments, strings, and what continues a line."""
    blank = NOT_CODE.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)
    return blank.replace("\\\n", " \n")


def split_parameters(text):
    """The parameters of a list, as they stand between its commas; a format's arguments are none."""
    depth, parts = 0, [""]
    for character in text:
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    parts = [part.strip() for part in parts]
    return [part for part in parts if part not in ("", "void", "...")]


def functions(text):
    """Every function that is defined in the text; text is code()."""
    lines = text.split("\n")
    for at, line in enumerate(lines):
        if line != "{":
            continue
        first = at
        while first > 0 and lines[first - 1].strip() and not lines[first - 1].startswith(("}", "#")):
            first -= 1
        head = " ".join(lines[first:at])
        named = re.search(r"\b(\w+)\(", head)
        if named is None:
            continue
        depth, end = 1, named.end()
        while depth > 0:
            depth += (head[end] == "(") - (head[end] == ")")
            end += 1
        last = lines.index("}", at)
        yield Function(named.group(1), head.startswith("static "), split_parameters(head[named.end():end - 1]),
                       first + 1, last - first + 1)


def uses(files):
    """What each file takes of which other: {file: {other: {names, or "#include"}}}.

    files: {path: text}, paths as "formats/base/text/json.c". An include leads to the header; a name
    leads from the file in whose code it stands to the files that define it: those of formats and console,
    and for a program's file those of the same program.
    """
    texts = {name: code(text) for name, text in files.items()}
    headers = {name.removeprefix("formats/"): name for name in files if name.endswith(".h")}
    defined = collections.defaultdict(set)
    own = {}
    for name, text in texts.items():
        inner = list(functions(text))
        own[name] = {function.name for function in inner if function.static} | set(STATIC_DATA.findall(text))
        if name.endswith(".c"):
            for word in {function.name for function in inner if not function.static} | set(DATA.findall(text)):
                defined[word].add(name)
    result = {name: collections.defaultdict(set) for name in files}
    for name, text in files.items():
        room = name.split("/")[0]
        for header in INCLUDE.findall(text):
            if headers.get(header, name) != name:
                result[name][headers[header]].add("#include")
        for word in set(USED.findall(texts[name])) - own[name] if name.endswith(".c") else ():
            for other in defined.get(word, ()):
                if other != name and name not in defined[word] and other.split("/")[0] in ("formats", "console", room):
                    result[name][other].add(word)
    return result


def circles(edges):
    """The sets of more than one file that lead back to themselves, each sorted (Tarjan)."""
    index, low, stack, found = {}, {}, [], []

    def visit(node):
        index[node] = low[node] = len(index)
        stack.append(node)
        for other in edges.get(node, ()):
            if other not in index:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in stack:
                low[node] = min(low[node], index[other])
        if low[node] == index[node]:
            at = stack.index(node)
            if len(stack) - at > 1:
                found.append(sorted(stack[at:]))
            del stack[at:]

    for node in edges:
        if node not in index:
            visit(node)
    return found


def told(circle, edges):
    """A circle for people: which file takes what of which other."""
    return "\n".join(f"{one} -> {other}: {', '.join(sorted(edges[one][other]))}"
                     for one in circle for other in circle if edges.get(one, {}).get(other))
