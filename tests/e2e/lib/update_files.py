# SPDX-License-Identifier: Apache-2.0
"""Files as vendors ship updates, signed by the formats' own tools: minisign, signify, gpg, rauc, cpio and openssl (SWUpdate).
MCUboot's imgtool is not in Debian: its images are written here, from the format's description."""
import hashlib
import os
import pathlib
import shutil
import struct
import subprocess
import tempfile

from harness import FAKETIME

MADE = "2026-06-01T12:00:00Z"
FIRMWARE = b"firmware 4.2\n" * 40


def run(*arguments, cwd=None, stdin=None, environment=None):
    """The output of a tool that must succeed."""
    done = subprocess.run([str(one) for one in arguments], cwd=cwd, input=stdin, capture_output=True, check=False,
                          env={**os.environ, **(environment or {})})
    if done.returncode != 0:
        raise AssertionError(f"{arguments[0]}: {done.stderr.decode('utf-8', 'replace')}")
    return done.stdout


def flipped(data, offset, bit=1):
    """One bit is wrong."""
    return data[:offset] + bytes([data[offset] ^ bit]) + data[offset + 1:]


def minisign_keys(folder, name):
    run("minisign", "-G", "-W", "-p", folder / f"{name}.pub", "-s", folder / f"{name}.key")
    return folder / f"{name}.pub"


def minisign(folder, name, file, comment, *more):
    """The signature's path."""
    out = folder / f"{name}-{len(more)}.minisig"
    run("minisign", "-S", *more, "-s", folder / f"{name}.key", "-m", file, "-x", out, "-t", comment)
    return out


def signify(folder, name, file):
    """Path of the signature and of the public key."""
    run("signify-openbsd", "-G", "-n", "-p", folder / f"{name}.pub", "-s", folder / f"{name}.sec")
    run("signify-openbsd", "-S", "-s", folder / f"{name}.sec", "-m", file, "-x", folder / f"{name}.sig")
    return folder / f"{name}.sig", folder / f"{name}.pub"


class Gpg:
    """A home of gpg, whose time stands still. Its agent's socket wants a short path."""

    def __init__(self):
        self.home = tempfile.mkdtemp(prefix="gpg-")
        self.environment = {"GNUPGHOME": self.home}

    def __call__(self, *arguments):
        return run("gpg", "--batch", "--yes", "--quiet", "--pinentry-mode", "loopback", "--passphrase", "",
                   "--faked-system-time", "20260601T120000", *arguments, environment=self.environment)

    def key(self, name, algorithm="ed25519"):
        """The public key in armor."""
        self("--quick-gen-key", f"{name} <{name}@vendor.example>", algorithm, "sign", "0")
        return self("--export-options", "export-minimal", "--armor", "--export", f"{name}@vendor.example")

    def signed(self, name, file, *more):
        return self("--local-user", f"{name}@vendor.example", *more, "--detach-sign", "--output", "-", file)

    def close(self):
        subprocess.run(["gpgconf", "--kill", "all"], env={**os.environ, **self.environment}, capture_output=True, check=False)
        shutil.rmtree(self.home, ignore_errors=True)


def certificate(folder, name, subject):
    """A self-signed certificate on P-256, and its key beside it."""
    run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", folder / f"{name}.key",
        "-out", folder / f"{name}.pem", "-subj", subject, "-days", "9000")
    return folder / f"{name}.pem"


def rauc(folder, name, form, content, signer="vendor"):
    """The bytes of a bundle."""
    source = folder / f"{name}-source"
    source.mkdir()
    (source / "rootfs.img").write_bytes(content)
    (source / "manifest.raucm").write_text(f"[update]\ncompatible=Example PLC\nversion=4.2\n\n[bundle]\nformat={form}\n\n"
                                           "[image.rootfs]\nfilename=rootfs.img\n", encoding="ascii")
    out = folder / f"{name}.raucb"
    run("rauc", "bundle", f"--cert={folder / signer}.pem", f"--key={folder / signer}.key", source, out)
    return out.read_bytes()


def rsa_key(folder, name, bits=3072):
    """The public key's path."""
    run("openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", f"rsa_keygen_bits:{bits}", "-out", folder / f"{name}.key")
    return public_key(folder, name)


def public_key(folder, name):
    run("openssl", "pkey", "-in", folder / f"{name}.key", "-pubout", "-out", folder / f"{name}.pub.pem")
    return folder / f"{name}.pub.pem"


def description_of(images, **more):
    """An sw-description in libconfig."""
    entries = ",\n".join(f'    {{ filename = "{name}"; device = "/dev/mtd0"; sha256 = "{hashlib.sha256(data).hexdigest()}"; }}'
                         for name, data in images.items())
    fields = "".join(f"  {key} = {value};\n" for key, value in more.items())
    return f'software =\n{{\n  version = "4.2"; /* of the whole */\n{fields}  images: (\n{entries}\n  );\n}};\n'.encode()


def swupdate_signature(folder, scheme, key, description):
    """How SWUpdate's own manual signs: PKCS#1 v1.5, PSS with the longest salt, or CMS."""
    path = folder / "sw-description"
    path.write_bytes(description)
    if scheme == "cms":
        return run("openssl", "cms", "-sign", "-in", path, "-signer", folder / f"{key}.pem", "-inkey", folder / f"{key}.key",
                   "-outform", "DER", "-nosmimecap", "-binary")
    pss = ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:-2"] if scheme == "pss" else []
    return run("openssl", "dgst", "-sha256", "-sign", folder / f"{key}.key", *pss, path)


def cpio(folder, members, form="crc"):
    """The members in this order, by cpio."""
    place = pathlib.Path(tempfile.mkdtemp(dir=folder))
    for name, data in members:
        (place / name).write_bytes(data)
    return run("cpio", "-o", "-H", form, "--quiet", cwd=place, stdin="".join(f"{name}\n" for name, _ in members).encode())


def swupdate(folder, scheme, key, images, description=None, form="crc", extra=()):
    text = description_of(images) if description is None else description
    signature = swupdate_signature(folder, scheme, key, text)
    return cpio(folder, [("sw-description", text), ("sw-description.sig", signature), *images.items(), *extra], form)


def tlv(kind, data):
    return struct.pack("<HH", kind, len(data)) + data


def mcuboot(folder, key, algorithm, body, version=(4, 2, 1, 9), protected=b"", flags=0, opened=b"", signature=True):
    """An image as imgtool writes it: header, body, protected records, records. `algorithm`: ecdsa, rsa, ed25519."""
    area = struct.pack("<HH", 0x6908, len(protected) + 4) + protected if protected else b""
    header = struct.pack("<IIHHIIBBHII", 0x96F3B83D, 0, 32, len(area), len(body), flags, *version, 0)
    hashed = header + body + area
    digest = hashlib.sha256(hashed).digest()
    der = run("openssl", "pkey", "-in", folder / f"{key}.key", "-pubout", "-outform", "DER")
    if algorithm == "rsa":
        der = run("openssl", "rsa", "-in", folder / f"{key}.key", "-RSAPublicKey_out", "-outform", "DER")
    (folder / "digest.bin").write_bytes(digest)
    if algorithm == "ed25519":
        value = run("openssl", "pkeyutl", "-sign", "-rawin", "-inkey", folder / f"{key}.key", "-in", folder / "digest.bin")
    else:
        pss = ["-pkeyopt", "rsa_padding_mode:pss", "-pkeyopt", "rsa_pss_saltlen:digest"] if algorithm == "rsa" else []
        value = run("openssl", "pkeyutl", "-sign", "-inkey", folder / f"{key}.key", "-in", folder / "digest.bin",
                    "-pkeyopt", "digest:sha256", *pss)
    kind = {"ecdsa": 0x22, "rsa": 0x23, "ed25519": 0x24}[algorithm]
    records = tlv(0x10, digest) + opened
    if signature:
        records += tlv(0x01, hashlib.sha256(der).digest()) + tlv(kind, value)
    return hashed + struct.pack("<HH", 0x6907, len(records) + 4) + records


def signer(folder, name):
    """A key on P-256 and its own certificate for code signing; gives the certificate's path."""
    run(*FAKETIME, "2026-05-01 00:00:00", "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
        folder / f"{name}.sign.key", "-out", folder / f"{name}.sign.pem", "-days", "7000", "-subj", f"/CN={name}",
        "-addext", "extendedKeyUsage=codeSigning")
    return folder / f"{name}.sign.pem"


def authenticode(folder, name, data, ending, *more):
    """The file as osslsigncode signs it, at the time that stands above."""
    plain, out = folder / f"plain.{ending}", folder / f"signed.{ending}"
    plain.write_bytes(data)
    out.unlink(missing_ok=True)
    run("osslsigncode", "sign", "-certs", folder / f"{name}.sign.pem", "-key", folder / f"{name}.sign.key", "-h", "sha256", "-time", "1780315200",
        *more, "-in", plain, "-out", out)
    return out.read_bytes()
