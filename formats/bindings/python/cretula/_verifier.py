# SPDX-License-Identifier: Apache-2.0
"""Whom to trust and what is expected, and the verifications under it."""
from __future__ import annotations

import ctypes
import datetime
import os
from typing import Any, Callable, Optional, Protocol, Sequence, Union

from ._library import BEGIN, WRITE, load, text
from ._result import File, Result, file_at, take


class _HasDescriptor(Protocol):
    def fileno(self) -> int: ...


Path = Union[str, "os.PathLike[str]"]
Material = Union[Path, bytes]  # a file, or what would stand in it
Several = Union[Material, Sequence[Material]]
Source = Union[Path, int, _HasDescriptor]  # a file, or a descriptor that gives the archive

# As enum cretula_option in cretula.h.
_OPTIONS = {name: number for number, name in enumerate(
    ("anchor", "trust", "overlay", "crl", "at", "vendor", "product", "hardware", "min_sequence", "expect_identity", "profile",
     "waivers", "payload", "seal", "authority", "journal", "record", "asset", "change_id", "backout", "allow_example_keys",
     "allow_unconfined", "jobs", "config", "program"), 1)}


class OptionError(ValueError):
    """An option that the library does not take."""


def _said(value: Any) -> bytes:
    """A value as the library gets it."""
    if isinstance(value, datetime.datetime):
        if value.tzinfo is None:
            raise OptionError("a time needs its zone: datetime.timezone.utc")
        value = value.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    said = os.fsencode(value if isinstance(value, (str, os.PathLike)) else str(value))
    if b"\0" in said:
        raise OptionError("a value holds a zero byte")
    return said


def _takes_file(_: File) -> None:
    """Nobody asked for the files by name."""


def _takes_bytes(_: File, __: bytes) -> None:
    """Nobody asked for the bytes."""


class Verifier:
    """Whom to trust, and what is expected of a release; the options of `cretula-verify check` with the same names.

    anchor, trust, overlay, crl, profile and authority take the name of a file, or bytes with its content; anchor, crl, waivers
    and authority several of them. Threads may share a verifier. It is freed with the object.
    """

    def __init__(self, *, anchor: Optional[Several] = None, trust: Optional[Material] = None, overlay: Optional[Material] = None,
                 crl: Optional[Several] = None, at: Union[str, datetime.datetime, None] = None, vendor: Optional[str] = None,
                 product: Optional[str] = None, hardware: Optional[str] = None, min_sequence: Optional[int] = None,
                 expect_identity: Optional[str] = None, profile: Optional[Material] = None, waivers: Optional[Several] = None,
                 payload: Optional[Path] = None, seal: Optional[Path] = None, authority: Optional[Several] = None,
                 journal: Optional[Path] = None, record: Optional[Path] = None, asset: Optional[str] = None,
                 change_id: Optional[str] = None, backout: bool = False, allow_example_keys: bool = False,
                 allow_unconfined: bool = False, jobs: Optional[int] = None, config: Optional[Path] = None,
                 program: Optional[Path] = None) -> None:
        given = {name: value for name, value in locals().items() if name in _OPTIONS}
        self._library = load()
        self._verifier: Optional[int] = self._library.cretula_verifier_new()
        if not self._verifier:
            raise MemoryError("libcretula had no memory")
        for name, value in given.items():
            if value is None or value is False:
                continue
            several = isinstance(value, (list, tuple))
            if several and not value:
                raise OptionError(f"option {name}: nothing is in the list")
            for one in value if several else [value]:
                self._set(_OPTIONS[name], b"" if one is True else one)

    def _set(self, option: int, value: Any) -> None:
        if isinstance(value, bytes) and value:
            done = self._library.cretula_verifier_set_bytes(self._verifier, option, value, len(value))
        else:
            done = self._library.cretula_verifier_set(self._verifier, option, value if value == b"" else _said(value))
        if done != 0:
            raise OptionError(text(self._library.cretula_verifier_error, self._verifier))

    def __del__(self) -> None:
        if getattr(self, "_verifier", None):
            self._library.cretula_verifier_free(self._verifier)
            self._verifier = None

    def _run(self, what: str, source: Source, *more: Any) -> Result:
        if isinstance(source, int):
            return take(getattr(self._library, f"cretula_{what}_descriptor")(self._verifier, source, *more))
        if isinstance(source, (str, os.PathLike)):
            return take(getattr(self._library, f"cretula_{what}_file")(self._verifier, _said(source), *more))
        return take(getattr(self._library, f"cretula_{what}_descriptor")(self._verifier, source.fileno(), *more))

    def verify(self, source: Source) -> Result:
        """Reads every byte of the archive, and hands out none."""
        return self._run("verify", source)

    def extract(self, source: Source, folder: Path) -> Result:
        """Verifies the archive; its files are in the new folder where it was accepted, and nowhere otherwise."""
        return self._run("extract", source, _said(folder))

    def deliver(self, source: Source, begin: Optional[Callable[[File], object]],
                write: Optional[Callable[[File, bytes], object]]) -> Result:
        """Hands the files to begin and write as they are read: to a place that is not in use before this has returned an
        acceptance. What one of them raises ends the run, and is raised again."""
        raised: list[BaseException] = []
        current: list[File] = []

        def guarded(call: Callable[[], object]) -> int:
            try:
                call()
            except BaseException as error:  # pylint: disable=broad-except
                raised.append(error)
                return 1
            return 0

        on_file, on_bytes = begin or _takes_file, write or _takes_bytes

        def begins(_: int, pointer: int) -> int:
            current[:] = [file_at(pointer)]
            return guarded(lambda: on_file(current[0]))

        def writes(_: int, __: int, data: int, size: int) -> int:
            return guarded(lambda: on_bytes(current[0], ctypes.string_at(data, size)))

        result = self._run("deliver", source, BEGIN(begins), WRITE(writes), None)
        if raised:
            raise raised[0]
        return result
