# SPDX-License-Identifier: Apache-2.0
"""What came of a verification, copied out of the library."""
from __future__ import annotations

import ctypes
import enum
import json
from dataclasses import dataclass
from typing import Any, Optional

from ._library import load, text, text_or_none


class Verdict(enum.IntEnum):
    """As enum cretula_verdict in cretula.h."""

    UNDECIDED = 0
    REFUSED = 1
    NOT_JUDGED = 2
    ACCEPTED = 3
    ACCEPTED_WITH_WAIVERS = 4


@dataclass(frozen=True)
class Finding:
    """One answer of a check: result is PASS, FAIL, WARN, NOT_CHECKED or WAIVED."""

    check: str
    result: str
    sentence: str
    where: Optional[str]
    hint: Optional[str]


@dataclass(frozen=True)
class File:
    """One file of the release. verified: all of its bytes were read and have that SHA-256."""

    path: str
    original: Optional[str]
    role: str
    size: int
    sha256: str
    verified: bool


@dataclass(frozen=True)
class Signer:
    """One signature that was counted. key: SHA-256 of the key; time: as of which it was judged."""

    name: str
    role: str
    subject: str
    key: str
    time: str


@dataclass(frozen=True)
class Result:
    """What came of one verification. As a condition (`if result:`) it is true where it accepts."""

    verdict: Verdict
    verdict_name: str
    sentence: str
    hint: Optional[str]
    check: Optional[str]
    identity: Optional[str]
    vendor: Optional[str]
    product: Optional[str]
    version: Optional[str]
    date: Optional[str]
    origin: Optional[str]
    sequence: Optional[int]
    findings: tuple[Finding, ...]
    files: tuple[File, ...]
    signers: tuple[Signer, ...]
    document: Optional[dict[str, Any]]  # the record, or an error

    @property
    def accepted(self) -> bool:
        return self.verdict in (Verdict.ACCEPTED, Verdict.ACCEPTED_WITH_WAIVERS)

    def __bool__(self) -> bool:
        return self.accepted


def file_at(pointer: int) -> File:
    library = load()
    return File(text(library.cretula_file_path, pointer), text_or_none(library.cretula_file_original, pointer),
                text(library.cretula_file_role, pointer), int(library.cretula_file_size(pointer)),
                text(library.cretula_file_sha256, pointer), library.cretula_file_verified(pointer) == 1)


def _finding_at(pointer: int) -> Finding:
    library = load()
    return Finding(text(library.cretula_finding_check, pointer), text(library.cretula_finding_result, pointer),
                   text(library.cretula_finding_sentence, pointer), text_or_none(library.cretula_finding_where, pointer),
                   text_or_none(library.cretula_finding_hint, pointer))


def _signer_at(pointer: int) -> Signer:
    library = load()
    return Signer(*(text(getattr(library, f"cretula_signer_{name}"), pointer)
                    for name in ("name", "role", "subject", "key", "time")))


def take(pointer: Optional[int]) -> Result:
    """Copies a result of the library, and frees it. MemoryError where there is none."""
    library = load()
    if not pointer:
        raise MemoryError("libcretula had no memory")
    try:
        verdict = Verdict(library.cretula_result_verdict(pointer))
        if (verdict in (Verdict.ACCEPTED, Verdict.ACCEPTED_WITH_WAIVERS)) != (library.cretula_result_accepted(pointer) == 1):
            raise RuntimeError("libcretula contradicts itself")
        identity, vendor, product, version, date, origin = (
            text_or_none(library.cretula_result_fact, pointer, fact) for fact in range(1, 7))
        sequence = ctypes.c_uint64()
        known = library.cretula_result_sequence(pointer, ctypes.byref(sequence)) == 0
        said = library.cretula_result_json(pointer, None)
        return Result(
            verdict, text(library.cretula_result_verdict_name, pointer), text(library.cretula_result_sentence, pointer),
            text_or_none(library.cretula_result_hint, pointer), text_or_none(library.cretula_result_check, pointer),
            identity, vendor, product, version, date, origin, sequence.value if known else None,
            tuple(_finding_at(library.cretula_result_finding(pointer, i))
                  for i in range(library.cretula_result_finding_count(pointer))),
            tuple(file_at(library.cretula_result_file(pointer, i)) for i in range(library.cretula_result_file_count(pointer))),
            tuple(_signer_at(library.cretula_result_signer(pointer, i))
                  for i in range(library.cretula_result_signer_count(pointer))),
            None if said is None else json.loads(said))
    finally:
        library.cretula_result_free(pointer)
