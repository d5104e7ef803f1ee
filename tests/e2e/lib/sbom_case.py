# SPDX-License-Identifier: Apache-2.0
"""What the tests of SBOMs and advisories share: good SBOMs, and releases that carry them."""
import copy
import hashlib
import io
import json
import subprocess
import tarfile
import zipfile

from harness import (DATE, KEYS, PRODUCT, VENDOR, Case, canonical_archive, noise, read_member, read_member_list,
                     sha256)

SHA512 = "a4" * 64
UUID = "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79"
CPE = "cpe:2.3:o:example_automation:rtu-7_firmware:1.0.0:*:*:*:*:*:*:*"
PURL = "pkg:generic/example-automation/rtu-7-firmware@1.0.0"


def sha512(data):
    return hashlib.sha512(data).hexdigest()


def entity(name="Example Automation GmbH"):
    return {"name": name, "url": ["https://automation.example.com"],
            "contact": [{"email": "psirt@example.com"}]}


def bsi_component(reference, kind, name, version):
    """One component with every field that BSI TR-03183-2 asks for."""
    return {
        "type": kind, "bom-ref": reference, "supplier": entity(), "manufacturer": entity(),
        "name": name, "version": version, "hashes": [{"alg": "SHA-512", "content": SHA512}],
        "licenses": [{"license": {"id": "Apache-2.0", "acknowledgement": "concluded"}},
                     {"license": {"id": "Apache-2.0", "acknowledgement": "declared"}}],
        "cpe": f"cpe:2.3:a:example:{reference}:{version}:*:*:*:*:*:*:*",
        "purl": f"pkg:generic/{reference}@{version}",
        "externalReferences": [
            {"type": "distribution", "url": f"https://example.com/{reference}.bin",
             "hashes": [{"alg": "SHA-512", "content": SHA512}]},
            {"type": "source-distribution", "url": f"https://example.com/{reference}.tar.gz"},
            {"type": "rfc-9116", "url": "https://example.com/.well-known/security.txt"},
        ],
        "properties": [
            {"name": "bsi:component:filename", "value": f"{reference}.bin"},
            {"name": "bsi:component:executable", "value": "executable"},
            {"name": "bsi:component:archive", "value": "no archive"},
            {"name": "bsi:component:structured", "value": "unstructured"},
            {"name": "bsi:component:effectiveLicence", "value": "Apache-2.0"},
        ],
    }


def good_cyclonedx():
    """Meets every rule of all profiles."""
    return {
        "bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": UUID, "version": 1,
        "metadata": {
            "timestamp": DATE, "lifecycles": [{"phase": "build"}],
            "tools": {"components": [{"type": "application", "name": "maker", "version": "1"}]},
            "authors": [{"name": "Product Security", "email": "psirt@example.com"}],
            "manufacturer": entity(),
            "component": bsi_component("root", "firmware", PRODUCT, "1.0.0"),
        },
        "components": [bsi_component("lib", "library", "openssl", "3.5.4")],
        "dependencies": [{"ref": "root", "dependsOn": ["lib"]}, {"ref": "lib", "dependsOn": []}],
        "compositions": [{"aggregate": "complete", "dependencies": ["root", "lib"]}],
    }


def good_spdx():
    def package(reference, name, version):
        return {"SPDXID": f"SPDXRef-{reference}", "name": name, "versionInfo": version,
                "supplier": f"Organization: {VENDOR}", "downloadLocation": "NOASSERTION", "licenseDeclared": "Apache-2.0",
                "checksums": [{"algorithm": "SHA512", "checksumValue": SHA512}],
                "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl",
                                  "referenceLocator": f"pkg:generic/{reference}@{version}"}]}
    return {
        "spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT", "dataLicense": "CC0-1.0", "name": "rtu7",
        "documentNamespace": "https://automation.example.com/spdx/rtu7-1.0.0",
        "creationInfo": {"created": DATE, "creators": [f"Organization: {VENDOR}", "Tool: maker-1"],
                         "comment": "made by the build"},
        "packages": [package("root", PRODUCT, "1.0.0"), package("lib", "openssl", "3.5.4")],
        "relationships": [
            {"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES",
             "relatedSpdxElement": "SPDXRef-root"},
            {"spdxElementId": "SPDXRef-root", "relationshipType": "DEPENDS_ON",
             "relatedSpdxElement": "SPDXRef-lib"}],
    }


def changed(document, change):
    """A copy of a document after change(copy)."""
    value = copy.deepcopy(document)
    change(value)
    return value


class SbomCase(Case):
    def write(self, value, name="sbom.json"):
        path = self.folder / name
        path.write_text(json.dumps(value, indent=1, ensure_ascii=False), encoding="utf-8")
        return path

    def sbom_check(self, value, *arguments, code=(0, 1)):
        """The JSON result of `sbom check`."""
        return self.sign("sbom", "check", self.write(value), "--format", "json", *arguments,
                         code=code).json()

    def sbom_release(self, sbom, binds=(), extra=(), format="CycloneDX-1.6", firmware=None, **fields):
        """A description of one firmware file, further files {name: bytes}, and an SBOM."""
        self.firmware = noise(5000, "firmware") if firmware is None else firmware
        (self.folder / "firmware.bin").write_bytes(self.firmware)
        self.write(sbom)
        files = [("firmware.bin", {"role": "firmware"}), ("sbom.json", {"role": "sbom"})]
        for name, (data, role) in dict(extra).items():
            (self.folder / name).write_bytes(data)
            files.append((name, {"role": role}))
        entry = {"file": "sbom.json", "format": format}
        if binds:
            entry["binds"] = list(binds)
        return self.description(files, sbom=[entry], product={"purl": PURL, "cpe": CPE}, **fields)

    def bound_sbom(self, data=None):
        """good_cyclonedx() whose root has the hashes of the firmware of sbom_release()."""
        data = noise(5000, "firmware") if data is None else data
        value = good_cyclonedx()
        value["metadata"]["component"]["hashes"] = [{"alg": "SHA-256", "content": sha256(data)}]
        return value

    def findings(self, result, check):
        return [one for one in result["findings"] if one["check"] == check and one["result"] != "PASS"]


def all_checks(record):
    """Every check of a record."""
    return record["result"]["checks"]


TOOL = b"\x7fELF" + noise(3000, "tool")
OTHER = noise(2000, "other")


def hashes(data, *algorithms):
    made = {"SHA-256": sha256, "SHA-512": sha512}
    return [{"alg": one, "content": made[one](data)} for one in algorithms]


def tar_of(files, mode="w"):
    """A tar of {name: bytes}, the same on every machine."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as tar:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return out.getvalue()


def zip_of(files, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, data in files.items():
            made.writestr(zipfile.ZipInfo(name), data, compress_type=method)
    return out.getvalue()

class BindingCase(SbomCase):
    """Releases whose SBOM names files, and files inside archives of the payload."""

    def resigned(self, archive, change, others=()):
        """The archive of somebody else's tool: another SBOM in it, and other files {name: bytes}, everything
        else made right, and signed with the release key by openssl."""
        payload = {one.name: read_member(archive, one.name) for one in read_member_list(archive)}
        manifest = json.loads(payload.pop("MANIFEST.json"))
        signature = next(name for name in payload if name.startswith("SIGNATURES/"))
        del payload[signature]
        sbom = json.loads(payload["sbom.json"])
        change(sbom, manifest)
        payload["sbom.json"] = json.dumps(sbom, indent=2).encode()
        payload.update(others)
        sums = "".join(f"{sha256(data)}  {name}\n" for name, data in sorted(payload.items()) if name != "SHA256SUMS")
        payload["SHA256SUMS"] = sums.encode()
        manifest["checksums"] = sha256(payload["SHA256SUMS"])
        for entry in manifest["files"]:
            data = payload[entry["path"]]
            entry.update(size=len(data), sha256=sha256(data))
        text = (json.dumps(manifest, indent=2, ensure_ascii=False) + "\n").encode()
        (self.folder / "m").write_bytes(text)
        self.run_program("openssl", "cms", "-sign", "-binary", "-cades", "-nosmimecap", "-md", "sha256", "-outform", "DER",
                         "-in", "m", "-signer", KEYS / "release.cert.pem", "-inkey", KEYS / "release.key.pem",
                         "-out", "m.p7s", code=0)
        with open(archive, "rb") as stream:
            seconds = int(stream.read(512)[136:147], 8)
        out = self.folder / "resigned.tar"
        out.write_bytes(canonical_archive([("MANIFEST.json", text), (signature, (self.folder / "m.p7s").read_bytes()),
                                           *sorted(payload.items())], seconds))
        return out

    def results(self, archive, check, *arguments, code=0):
        record = self.check(archive, "--json", *arguments, code=code).json()
        return [one["result"] for one in all_checks(record) if one["check"] == check]

    def nested_sbom(self, data=TOOL, algorithms=("SHA-256",)):
        return changed(self.bound_sbom(), lambda one: one["components"].append(
            {"type": "application", "bom-ref": "tool", "name": "tool", "hashes": hashes(data, *algorithms)}))

    def nested_release(self, name, data, member="usr/bin/tool", tool=TOOL):
        return self.sbom_release(self.nested_sbom(tool), [{"component": "tool", "file": name, "member": member}],
                                 extra={name: (data, "software")})

    def packed(self, *command, files=None):
        """An archive made by a stock tool in a folder of files."""
        folder = self.folder / "tree"
        subprocess.run(["rm", "-rf", str(folder)], check=True)
        for name, data in (files or {"usr/bin/tool": TOOL, "usr/lib/other": OTHER}).items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)
        self.run_program("sh", "-c", " ".join(command), cwd=folder, code=0)
        return (self.folder / "made").read_bytes()
