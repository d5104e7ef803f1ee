# SPDX-License-Identifier: Apache-2.0
"""Keys, certificates, revocation lists, timestamps and signatures as the trust cases describe them
(tests/vectors/trust/README.md): made by the openssl command, at fixed dates; what openssl would not
make is changed in the DER and signed anew. Nothing is made twice.
"""
import base64
import datetime
import hashlib
import json
import pathlib
import subprocess
import tempfile
import threading

import der
from der import Node
from harness import FAKETIME, KEYS

EC_CURVES = {"P-192": "prime192v1", "P-256": "prime256v1", "P-384": "secp384r1", "P-521": "secp521r1",
             "secp256k1": "secp256k1", "brainpoolP256r1": "brainpoolP256r1"}
DEFAULT_EXTENSIONS = {
    "ca": {"basicConstraints": "critical,CA:TRUE", "keyUsage": "critical,keyCertSign,cRLSign",
           "subjectKeyIdentifier": "hash"},
    "signer": {"basicConstraints": "critical,CA:FALSE", "keyUsage": "critical,digitalSignature",
               "extendedKeyUsage": "codeSigning", "subjectKeyIdentifier": "hash",
               "authorityKeyIdentifier": "keyid"},
    "tsa": {"basicConstraints": "critical,CA:FALSE", "keyUsage": "critical,digitalSignature",
            "extendedKeyUsage": "critical,timeStamping", "subjectKeyIdentifier": "hash",
            "authorityKeyIdentifier": "keyid"},
}
CA_CONFIGURATION = """[ca]
default_ca = c
[c]
database = {folder}/index.txt
new_certs_dir = {folder}
serial = {folder}/serial
crlnumber = {folder}/number
policy = p
default_md = sha256
default_crl_days = 1
unique_subject = no
copy_extensions = none
preserve = yes
string_mask = utf8only
[p]
countryName = optional
organizationName = optional
organizationalUnitName = optional
commonName = optional
[x]
"""
TS_CONFIGURATION = """[tsa]
default_tsa = t
[t]
serial = {folder}/serial
default_policy = 1.3.6.1.4.1.32473.1
digests = sha256
signer_digest = sha256
ess_cert_id_alg = sha256
crypto_device = builtin
"""

DATA = "1.2.840.113549.1.7.1"
SIGNED_DATA = "1.2.840.113549.1.7.2"
CONTENT_TYPE = "1.2.840.113549.1.9.3"
MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47"
COMMITMENT_TYPE = "1.2.840.113549.1.9.16.2.16"
TIMESTAMP_TOKEN = "1.2.840.113549.1.9.16.2.14"
TST_INFO = "1.2.840.113549.1.9.16.1.4"
MEANINGS = {"origin": "1.2.840.113549.1.9.16.6.1", "receipt": "1.2.840.113549.1.9.16.6.2",
            "approval": "1.2.840.113549.1.9.16.6.5"}
DIGESTS = {"sha1": "1.3.14.3.2.26", "sha224": "2.16.840.1.101.3.4.2.4", "sha256": "2.16.840.1.101.3.4.2.1",
           "sha384": "2.16.840.1.101.3.4.2.2", "sha512": "2.16.840.1.101.3.4.2.3"}
ECDSA = {"sha1": "1.2.840.10045.4.1", "sha224": "1.2.840.10045.4.3.1", "sha256": "1.2.840.10045.4.3.2",
         "sha384": "1.2.840.10045.4.3.3", "sha512": "1.2.840.10045.4.3.4"}
RSA = "1.2.840.113549.1.1.1"
PSS = "1.2.840.113549.1.1.10"
MGF1 = "1.2.840.113549.1.1.8"
NULL = Node(0x05, b"")


def attribute(kind, value):
    return der.sequence(der.oid(kind), der.set_of(value))


def integer(value):
    return Node(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def compact_time(text):
    """An RFC 3339 time as GeneralizedTime."""
    moment = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return moment.strftime("%Y%m%d%H%M%SZ")


def policy_extensions(count, mapped):
    """So many certificate policies, and each mapped to each."""
    names = [f"1.3.6.1.4.1.32473.{one}" for one in range(count)]
    mappings = {"policyMappings": ",".join(f"{one}:{other}" for one in names for other in names)}
    return {"certificatePolicies": ",".join(names), **(mappings if mapped else {})}


class Pki:
    """Makes what is asked for, once, in a folder of its own. Safe for several threads."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self._lock = threading.Lock()
        self._locks = {}
        self._made = {}

    def _once(self, what, value, make):
        """make(path prefix) for this value; the same result for the same value ever after."""
        key = hashlib.sha256(json.dumps([what, value], sort_keys=True).encode()).hexdigest()[:24]
        with self._lock:
            lock = self._locks.setdefault(key, threading.Lock())
        with lock:
            if key not in self._made:
                self._made[key] = make(self.folder / f"{what}-{key}")
            return self._made[key]

    def _openssl(self, *arguments, data=None):
        return self._run("openssl", *arguments, data=data)

    @staticmethod
    def _run(*arguments, data=None):
        done = subprocess.run([str(one) for one in arguments], input=data, capture_output=True, check=False,
                              stdin=subprocess.DEVNULL if data is None else None)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(map(str, arguments))}\n{done.stderr.decode()}")
        return done.stdout

    # keys

    def key(self, spec):
        """The private key of a certificate: its "key" (a name), "algorithm" and "encoding"."""
        algorithm, encoding = spec.get("algorithm", "P-256"), spec.get("encoding")
        if spec.get("file"):
            return KEYS / f"{spec['file']}.key.pem"
        if not encoding:
            return self._once("key", [spec["key"], algorithm], lambda path: self._new_key(path, algorithm))
        plain = self.key({"key": spec["key"], "algorithm": algorithm})
        options = {"compressed": ["-conv_form", "compressed"], "explicit": ["-param_enc", "explicit"]}[encoding]

        def convert(path):
            self._openssl("ec", "-in", plain, *options, "-out", path)
            return path
        return self._once("key", [spec["key"], algorithm, encoding], convert)

    def _new_key(self, path, algorithm):
        if algorithm in EC_CURVES:
            options = ["EC", "-pkeyopt", f"ec_paramgen_curve:{EC_CURVES[algorithm]}"]
        elif algorithm.startswith("RSA-"):
            bits, _, exponent = algorithm[4:].partition(" exponent ")
            options = ["RSA", "-pkeyopt", f"rsa_keygen_bits:{bits}",
                       "-pkeyopt", f"rsa_keygen_pubexp:{exponent or 65537}"]
        else:
            options = [algorithm]
        self._openssl("genpkey", "-algorithm", *options, "-out", path)
        return path

    def _request(self, key):
        def make(path):
            self._openssl("req", "-new", "-key", key, "-subj", "/CN=request", "-out", path)
            return path
        return self._once("request", str(key), make)

    def sign(self, key, data, digest="sha256", pss=False, salt="digest", mask=None):
        options = ["-sigopt", "rsa_padding_mode:pss", "-sigopt", f"rsa_pss_saltlen:{salt}"] if pss else []
        options += ["-sigopt", f"rsa_mgf1_md:{mask}"] if mask else []
        return self._openssl("dgst", f"-{digest}", "-sign", key, *options, data=data)

    # certificates

    def certificate(self, world, name):
        """Path of the PEM file of world["certificates"][name]."""
        spec = self._full(world, name)
        return self._once("certificate", spec, lambda path: self._new_certificate(path, spec))

    def _full(self, world, name):
        """The description with its defaults, and the issuer's as a whole."""
        spec = dict(world["certificates"][name])
        spec.setdefault("key", name)
        spec.setdefault("subject", f"/O=Works/CN={name}")
        spec.setdefault("notBefore", "2020-01-01T00:00:00Z")
        spec.setdefault("notAfter", "2049-12-31T23:59:59Z")
        spec["extensions"] = {**DEFAULT_EXTENSIONS[spec.get("kind", "signer")], **spec.get("extensions", {})}
        if spec.get("policies"):
            spec["extensions"].update(policy_extensions(spec.pop("policies"), spec.get("kind") == "ca"))
        spec.setdefault("serial", int(hashlib.sha256(name.encode()).hexdigest()[:12], 16))
        issuer = spec.pop("issuer", None)
        if issuer:
            spec["issuerSpec"] = self._full(world, issuer)
        return spec

    def _new_certificate(self, path, spec):
        if spec.get("file"):
            return KEYS / f"{spec['file']}.cert.pem"
        key = self.key(spec)
        issuer = spec.get("issuerSpec")
        work = self._authority(path, spec["serial"], spec["extensions"], spec.get("sections", {}))
        if issuer:
            parent = self._once("certificate", issuer, lambda where: self._new_certificate(where, issuer))
            by = ["-cert", parent, "-keyfile", self.key(issuer)]
        else:
            by = ["-selfsign", "-keyfile", key]
        self._openssl("ca", "-batch", "-notext", "-config", work / "ca.cnf", *by, "-in", self._request(key),
                      "-subj", spec["subject"], "-utf8", "-md", spec.get("digest", "sha256"),
                      "-startdate", compact_time(spec["notBefore"]), "-enddate", compact_time(spec["notAfter"]),
                      "-extensions", "x", "-out", path)
        if spec.get("patch"):
            self._patch_certificate(path, spec["patch"], self.key(issuer or spec))
        return path

    def _authority(self, path, serial, extensions, sections, index=""):
        """The folder that `openssl ca` works in."""
        work = path.with_name(path.name + ".ca")
        work.mkdir()
        lines = [f"{name} = {value}\n" for name, value in extensions.items() if value is not None]
        for title, values in sections.items():
            lines += [f"[{title}]\n", *[f"{name} = {value}\n" for name, value in values.items()]]
        (work / "ca.cnf").write_text(CA_CONFIGURATION.format(folder=work) + "".join(lines), encoding="utf-8")
        (work / "index.txt").write_text(index, encoding="ascii")
        digits = f"{serial:x}"
        (work / "serial").write_text(digits.zfill(len(digits) + len(digits) % 2) + "\n", encoding="ascii")
        (work / "number").write_text("01\n", encoding="ascii")
        return work

    def _patch_certificate(self, path, patch, issuer_key):
        tree = der.parse(pem_bytes(path))
        fields = tree[0]
        if patch == "nul in the name":
            # .../CN=root becomes .../CN=root\0.example
            common_name = fields[5][-1][0][1]
            common_name.content += b"\0.example"
        elif patch == "extension twice":
            extensions = fields[-1][0]
            extensions.content.append(extensions[-1].copy())
        elif patch == "version 1":
            fields.content = fields.content[1:-1]
        elif patch == "other signature":
            tree[2].content = tree[2].content[:-1] + bytes([tree[2].content[-1] ^ 1])
        elif patch == "generalized dates":
            # As some authorities write what RFC 5280 wants as UTCTime.
            fields[4].content = [Node(0x18, (b"" if one.tag == 0x18 else b"20") + one.content) for one in fields[4]]
        elif patch == "generalized dates with a fraction":
            fields[4].content = [Node(0x18, b"20" + one.content[:-1] + b".5Z") for one in fields[4]]
        else:
            raise ValueError(patch)
        if patch != "other signature":
            tree[2].content = b"\0" + self.sign(issuer_key, fields.encode())
        path.write_text(pem_text("CERTIFICATE", tree.encode()), encoding="ascii")

    def public_key(self, world, name):
        return self._openssl("pkey", "-in", self.key(self._full(world, name)), "-pubout").decode()

    def key_name(self, world, name):
        """The member name of signatures by this certificate's key."""
        info = der.parse(pem_bytes(self.certificate(world, name)))[0]
        info = info[6] if info[0].tag == 0xA0 else info[5]
        return hashlib.sha256(info.encode()).hexdigest()[:16]

    # revocation lists

    def crl(self, world, name):
        """Path of the PEM file of world["crls"][name]."""
        spec = dict(world["crls"][name])
        spec["issuerSpec"] = self._full(world, spec["issuer"])
        if spec.get("signedBy"):
            spec["keySpec"] = self._full(world, spec["signedBy"])
        spec["entries"] = [{**one, "serial": self._full(world, one["certificate"])["serial"]}
                           for one in spec.get("revoked", [])]
        return self._once("crl", spec, lambda path: self._new_crl(path, spec))

    def _new_crl(self, path, spec):
        issuer = spec["issuerSpec"]
        parent = self._once("certificate", issuer, lambda where: self._new_certificate(where, issuer))
        lines = []
        for one in spec["entries"]:
            when = compact_time(one["time"])[2:]
            if one.get("invalidity"):
                when += ",keyTime," + compact_time(one["invalidity"])
            elif one.get("reason"):
                when += "," + one["reason"]
            digits = f"{one['serial']:X}"
            digits = digits.zfill(len(digits) + len(digits) % 2)
            lines.append(f"R\t491231235959Z\t{when}\t{digits}\tunknown\t/CN=x\n")
        extensions = {"authorityKeyIdentifier": "keyid", **spec.get("extensions", {})}
        work = self._authority(path, 1, extensions, spec.get("sections", {}), "".join(lines))
        self._openssl("ca", "-gencrl", "-config", work / "ca.cnf", "-cert", parent,
                      "-keyfile", self.key(issuer), "-crl_lastupdate", compact_time(spec["lastUpdate"]),
                      "-crl_nextupdate", compact_time(spec["nextUpdate"]), "-crlexts", "x",
                      "-md", spec.get("digest", "sha256"), "-out", path)
        tree = der.parse(pem_bytes(path))
        if spec.get("patch") == "other signature":
            tree[2].content = tree[2].content[:-1] + bytes([tree[2].content[-1] ^ 1])
        elif spec.get("patch"):
            self._patch_crl(tree, spec)
        if spec.get("keySpec"):
            tree[2].content = b"\0" + self.sign(self.key(spec["keySpec"]), tree[0].encode())
        path.write_text(pem_text("X509 CRL", tree.encode()), encoding="ascii")
        return path

    def _patch_crl(self, tree, spec):
        """A change of the list that openssl would not make, signed anew by its issuer."""
        fields, patch = tree[0], spec["patch"]
        pss, salt, digest = patch.startswith("pss"), spec.get("salt", 32), "sha256"
        if patch.startswith("version 1"):
            del fields.content[0]
            if patch != "version 1 with extensions":
                fields.content = [one for one in fields.content if one.tag != 0xA0]
            if patch != "version 1 with entry extensions":
                for entry in fields[4]:
                    del entry.content[2:]
        elif patch == "no nextUpdate":
            del fields.content[4]
        elif pss:
            digest = "sha1" if patch == "pss with sha1" else digest
            named = salt + 1 if patch == "pss with a false salt" else salt
            algorithm = self._pss(digest, named, "null" in patch,
                                  "sha384" if patch == "pss with another mask" else digest)
            fields.content[1] = tree.content[1] = algorithm
        else:
            raise ValueError(patch)
        key = self.key(spec["issuerSpec"])
        mask = "sha384" if patch == "pss with another mask" else None
        tree[2].content = b"\0" + self.sign(key, fields.encode(), digest, pss, salt, mask)

    # signatures

    def cms(self, world, spec, content):
        """A detached signature in the form of the profile, over `content`."""
        path = self._once("cms", [self._signature_key(world, spec), hashlib.sha256(content).hexdigest()],
                          lambda where: self._new_cms(where, world, spec, content))
        return path.read_bytes()

    def _signature_key(self, world, spec):
        """Everything that the bytes of the signature follow from."""
        names = [spec["by"], *spec.get("with", []), *([spec["signedBy"]] if spec.get("signedBy") else [])]
        stamp = spec.get("timestamp")
        return [spec, [self._full(world, name) for name in names],
                self._signature_key(world, stamp) if stamp else None]

    def _new_cms(self, path, world, spec, content):
        digest = spec.get("digest", "sha256")
        if spec.get("over"):
            content = spec["over"].encode()
        attributes = [attribute(CONTENT_TYPE, der.oid(DATA)),
                      attribute(MESSAGE_DIGEST, der.octets(hashlib.new(digest, content).digest())),
                      self._certificate_list(world, spec)]
        if spec.get("meaning"):
            attributes.append(attribute(COMMITMENT_TYPE, der.sequence(der.oid(MEANINGS[spec["meaning"]]))))
        info = self._signer_info(world, spec, attributes, digest)
        if spec.get("timestamp"):
            token = self._timestamp(world, spec["timestamp"], info[-1].content)
            info.content.append(Node(0xA1, [attribute(TIMESTAMP_TOKEN, token)]))
        path.write_bytes(self._signed_data(world, spec, 1, der.sequence(der.oid(DATA)), info, digest).encode())
        return path

    def _certificate_list(self, world, spec):
        listed = []
        for name in [spec["by"], *spec.get("with", [])]:
            found = hashlib.sha256(pem_bytes(self.certificate(world, name))).digest()
            listed.append(der.sequence(der.octets(found)))
        return attribute(SIGNING_CERTIFICATE_V2, der.sequence(der.sequence(*listed)))

    def _signer_info(self, world, spec, attributes, digest):
        certificate = der.parse(pem_bytes(self.certificate(world, spec["by"])))[0]
        at = 1 if certificate[0].tag == 0xA0 else 0
        full = self._full(world, spec.get("signedBy") or spec["by"])
        signed = der.set_of(*attributes)
        pss = spec.get("padding") == "pss"
        value = self.sign(self.key(full), signed.encode(), digest, pss)
        if full.get("algorithm", "P-256").startswith("RSA"):
            algorithm = self._pss(digest) if pss else der.sequence(der.oid(RSA), NULL)
        else:
            algorithm = der.sequence(der.oid(ECDSA[digest]))
        return der.sequence(
            Node(0x02, b"\x01"), der.sequence(certificate[at + 2], certificate[at]),
            der.sequence(der.oid(DIGESTS[digest])), Node(0xA0, signed.content), algorithm, der.octets(value))

    @staticmethod
    def _pss(digest, salt=None, null=False, mask=None):
        hashed, masked = (der.sequence(der.oid(DIGESTS[one]), *([NULL] if null else []))
                          for one in (digest, mask or digest))
        size = hashlib.new(digest).digest_size if salt is None else salt
        return der.sequence(der.oid(PSS), der.sequence(
            Node(0xA0, [hashed]), Node(0xA1, [der.sequence(der.oid(MGF1), masked)]),
            Node(0xA2, [integer(size)])))

    def _signed_data(self, world, spec, version, encapsulated, info, digest):
        certificates = [der.parse(pem_bytes(self.certificate(world, name)))
                        for name in [spec["by"], *spec.get("with", [])]]
        return der.sequence(der.oid(SIGNED_DATA), Node(0xA0, [der.sequence(
            integer(version), der.set_of(der.sequence(der.oid(DIGESTS[digest]))), encapsulated,
            Node(0xA0, der.set_of(*certificates).content), der.set_of(info))]))

    def _timestamp(self, world, spec, value):
        """An RFC 3161 token over the signature value."""
        if spec.get("maker") == "openssl":
            return self._openssl_timestamp(world, spec, value)
        digest = spec.get("digest", "sha256")
        imprint = hashlib.new(digest, spec["over"].encode() if spec.get("over") else value).digest()
        content = der.sequence(
            integer(1), der.oid(spec.get("policy", "1.3.6.1.4.1.32473.1")),
            der.sequence(der.sequence(der.oid(DIGESTS[digest])), der.octets(imprint)),
            integer(spec.get("serial", 4711)), Node(0x18, compact_time(spec["time"]).encode())).encode()
        attributes = [attribute(CONTENT_TYPE, der.oid(TST_INFO)),
                      attribute(MESSAGE_DIGEST, der.octets(hashlib.new(digest, content).digest())),
                      self._certificate_list(world, spec)]
        info = self._signer_info(world, spec, attributes, digest)
        encapsulated = der.sequence(der.oid(TST_INFO), Node(0xA0, [der.octets(content)]))
        return self._signed_data(world, spec, 3, encapsulated, info, digest)

    def _openssl_timestamp(self, world, spec, value):
        """The same by `openssl ts`, which takes the time from the clock."""
        work = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        chain = "".join(self.certificate(world, name).read_text() for name in [spec["by"], *spec.get("with", [])])
        (work / "chain.pem").write_text(chain, encoding="ascii")
        (work / "serial").write_text("1267\n", encoding="ascii")
        (work / "ts.cnf").write_text(TS_CONFIGURATION.format(folder=work), encoding="ascii")
        (work / "value").write_bytes(value)
        self._openssl("ts", "-query", "-data", work / "value", "-sha256", "-cert", "-no_nonce",
                      "-out", work / "query")
        self._run(*FAKETIME, "-f", clock_text(spec["time"]), "openssl", "ts", "-reply", "-config", work / "ts.cnf",
                  "-queryfile", work / "query", "-signer", self.certificate(world, spec["by"]),
                  "-inkey", self.key(self._full(world, spec["by"])), "-token_out", "-out", work / "token")
        return der.parse((work / "token").read_bytes())


def clock_text(text):
    """An RFC 3339 time as faketime takes it."""
    return text.replace("T", " ").replace("Z", "")


def pem_bytes(path):
    lines = pathlib.Path(path).read_text(encoding="ascii").splitlines()
    return base64.b64decode("".join(line for line in lines if not line.startswith("-----")))


def pem_text(label, data):
    text = base64.encodebytes(data).decode().replace("\n", "")
    lines = [text[at:at + 64] for at in range(0, len(text), 64)]
    return "\n".join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""])
