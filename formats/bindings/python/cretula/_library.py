# SPDX-License-Identifier: Apache-2.0
"""The functions of libcretula.so.1, as ctypes sees them."""
from __future__ import annotations

import ctypes
import functools
from typing import Any, Callable, Optional

BEGIN = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
WRITE = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t)

_P, _S, _I, _N = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_size_t
# What each takes and gives. Texts are borrowed, and copied by ctypes at once.
_FUNCTIONS: dict[str, tuple[Any, list[Any]]] = {
    "cretula_version": (_S, []),
    "cretula_verifier_new": (_P, []),
    "cretula_verifier_free": (None, [_P]),
    "cretula_verifier_set": (_I, [_P, _I, _S]),
    "cretula_verifier_set_bytes": (_I, [_P, _I, _S, _N]),
    "cretula_verifier_error": (_S, [_P]),
    "cretula_verify_file": (_P, [_P, _S]),
    "cretula_verify_descriptor": (_P, [_P, _I]),
    "cretula_extract_file": (_P, [_P, _S, _S]),
    "cretula_extract_descriptor": (_P, [_P, _I, _S]),
    "cretula_deliver_file": (_P, [_P, _S, BEGIN, WRITE, _P]),
    "cretula_deliver_descriptor": (_P, [_P, _I, BEGIN, WRITE, _P]),
    "cretula_result_free": (None, [_P]),
    "cretula_result_verdict": (_I, [_P]),
    "cretula_result_accepted": (_I, [_P]),
    "cretula_result_verdict_name": (_S, [_P]),
    "cretula_result_sentence": (_S, [_P]),
    "cretula_result_hint": (_S, [_P]),
    "cretula_result_check": (_S, [_P]),
    "cretula_result_fact": (_S, [_P, _I]),
    "cretula_result_sequence": (_I, [_P, ctypes.POINTER(ctypes.c_uint64)]),
    "cretula_result_json": (_S, [_P, ctypes.POINTER(_N)]),
    "cretula_result_finding_count": (_N, [_P]),
    "cretula_result_finding": (_P, [_P, _N]),
    "cretula_finding_check": (_S, [_P]),
    "cretula_finding_result": (_S, [_P]),
    "cretula_finding_sentence": (_S, [_P]),
    "cretula_finding_where": (_S, [_P]),
    "cretula_finding_hint": (_S, [_P]),
    "cretula_result_file_count": (_N, [_P]),
    "cretula_result_file": (_P, [_P, _N]),
    "cretula_file_path": (_S, [_P]),
    "cretula_file_original": (_S, [_P]),
    "cretula_file_role": (_S, [_P]),
    "cretula_file_size": (ctypes.c_uint64, [_P]),
    "cretula_file_sha256": (_S, [_P]),
    "cretula_file_verified": (_I, [_P]),
    "cretula_result_signer_count": (_N, [_P]),
    "cretula_result_signer": (_P, [_P, _N]),
    "cretula_signer_name": (_S, [_P]),
    "cretula_signer_role": (_S, [_P]),
    "cretula_signer_subject": (_S, [_P]),
    "cretula_signer_key": (_S, [_P]),
    "cretula_signer_time": (_S, [_P]),
}


@functools.lru_cache(maxsize=None)
def load() -> Any:
    """The library, loaded once. OSError where it is not installed."""
    library = ctypes.CDLL("libcretula.so.1")
    for name, (gives, takes) in _FUNCTIONS.items():
        function = getattr(library, name)
        function.restype, function.argtypes = gives, takes
    return library


def text(function: Callable[..., Optional[bytes]], *arguments: Any) -> str:
    """A text that is always there."""
    return (function(*arguments) or b"").decode("utf-8", "replace")


def text_or_none(function: Callable[..., Optional[bytes]], *arguments: Any) -> Optional[str]:
    given = function(*arguments)
    return None if given is None else given.decode("utf-8", "replace")


def version() -> str:
    """Version of the library."""
    return text(load().cretula_version)
