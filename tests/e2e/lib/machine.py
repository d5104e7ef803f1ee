# SPDX-License-Identifier: Apache-2.0
"""What this machine has: a token in software, a way of OpenSSL to it, an OpenSSL with post-quantum algorithms."""
import pathlib
import re
import subprocess

MODULES = [pathlib.Path(one) for one in ("/usr/lib/softhsm/libsofthsm2.so",
                                         "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
                                         "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so")]
MODULE = next((one for one in MODULES if one.exists()), None)
ENGINE = any(pathlib.Path("/usr/lib").glob("*/engines-3/pkcs11.so"))
VERSION = subprocess.run(["openssl", "version"], capture_output=True, check=True, text=True).stdout
# OpenSSL has ML-DSA and SLH-DSA from 3.5 on.
MODERN = tuple(int(part) for part in re.match(r"OpenSSL (\d+)\.(\d+)", VERSION).groups()) >= (3, 5)
