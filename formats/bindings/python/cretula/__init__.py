# SPDX-License-Identifier: Apache-2.0
"""Verify firmware releases from Python, with libcretula.

    import cretula

    verifier = cretula.Verifier(trust="trust.json", product="RTU-7 Remote Terminal Unit")
    result = verifier.verify("RTU-7-4.2.0.cretula.tar")
    if not result.accepted:
        raise SystemExit(f"{result.verdict_name}: {result.sentence}")

Nothing is compiled: the library is loaded as it is installed (libcretula.so.1).
"""
from ._library import version
from ._result import File, Finding, Result, Signer, Verdict
from ._verifier import OptionError, Verifier

__all__ = ["File", "Finding", "OptionError", "Result", "Signer", "Verdict", "Verifier", "version"]
