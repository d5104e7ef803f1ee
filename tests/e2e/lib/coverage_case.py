# SPDX-License-Identifier: Apache-2.0
"""Releases and advisories, of which something was not compared."""
import json

import advisory_pairs as pairs
from harness import PRODUCT, ROOT_CERT
from sbom_case import BindingCase, changed, good_cyclonedx, good_spdx, hashes, noise


class CoverageCase(BindingCase):
    def release(self, sbom=lambda one: None, more=0, name="release.tar", extra=()):
        """A release whose SBOM was changed, with so many more SBOMs that nothing names."""
        extra = {**{f"more{number}.json": (json.dumps(good_cyclonedx()).encode(), "sbom") for number in range(more)}, **dict(extra)}
        description = self.sbom_release(changed(self.bound_sbom(), sbom or (lambda one: None)), extra=extra)
        if sbom is None:
            value = json.loads(description.read_text())
            value.pop("sbom")
            value["files"] = [one for one in value["files"] if one["source"] != "sbom.json"]
            description.write_text(json.dumps(value))
        return self.pack(description, name)

    def spdx_release(self, change):
        spdx = good_spdx()
        spdx["packages"][0]["checksums"] = [{"algorithm": "SHA256", "checksumValue": hashes(noise(5000, "firmware"), "SHA-256")[0]["content"]}]
        return self.pack(self.sbom_release(changed(spdx, change), format="SPDX-2.3"), "spdx.tar")

    def folder_of(self, files):
        folder = self.folder / "csaf"
        folder.mkdir(exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
        for name, data in files.items():
            (folder / name).write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
        return folder

    def ask(self, archive, folder, *options, code):
        return self.verify("advisories", archive, "--csaf", folder, "--anchor", ROOT_CERT, "--allow-example-keys", *options, code=code)


def advisory(status=pairs.AFFECTED, vendor="Example Automation GmbH", name=PRODUCT, **helper):
    helper = helper or {"purl": "pkg:generic/example-automation/rtu-7-firmware@1.0.0"}
    return pairs.said(status, pairs.product(vendor=vendor, name=name, **helper))


OTHER = advisory(vendor="Zeta", name="Kettle", purl="pkg:generic/zeta/kettle@1")
OTHER["document"]["tracking"]["id"] = "T-other"
