#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes compositions.h: the primary composites of Unicode's BMP, for signer/compose.c.

    make-compositions.py > compositions.h
"""
import unicodedata

pairs, marks = [], set()
for code in range(0x80, 0x10000):
    character = chr(code)
    parts = unicodedata.decomposition(character).split()
    # Canonical pairs that NFC does not exclude.
    if len(parts) == 2 and not parts[0].startswith("<") and unicodedata.normalize("NFC", character) == character:
        first, second = (int(part, 16) for part in parts)
        pairs.append((first, second, code))
        marks.add(second)

print("/* SPDX-License-Identifier: Apache-2.0 */")
print(f"/* Written by make-compositions.py from Unicode {unicodedata.unidata_version}; included by compose.c only. */")
print("/* clang-format off */")
print("static const struct composition compositions[] = {")
pairs.sort()
for at in range(0, len(pairs), 4):
    print("    " + " ".join("{0x%04x, 0x%04x, 0x%04x}," % pair for pair in pairs[at:at + 4]))
print("};")
print("static const struct combining combinings[] = {")
classes = [(mark, unicodedata.combining(chr(mark))) for mark in sorted(marks)]
for at in range(0, len(classes), 6):
    print("    " + " ".join("{0x%04x, %d}," % one for one in classes[at:at + 6]))
print("};")
