# SPDX-License-Identifier: Apache-2.0
"""Releases and documents as advisory_pairs.py describes them, and what the verifier answers."""
import json

import advisory_pairs
from harness import DATE, KEYS, ROOT_CERT, Case


class PairCase(Case):
    def release(self, spec):
        """A signed archive of a release as advisory_pairs.release() describes it; the same one only once."""
        key = json.dumps(spec, sort_keys=True)
        self.archives = getattr(self, "archives", {})
        if key not in self.archives:
            self.archives[key] = self.pack_release(spec, f"r{len(self.archives)}")
        return self.archives[key]

    def pack_release(self, spec, name):
        (self.folder / "fw.bin").write_bytes(advisory_pairs.FIRMWARE)
        description = {"product": spec["product"], "release": {"version": spec["version"], "sequence": 1, "date": DATE},
                       "files": [{"source": "fw.bin", "role": "firmware"}]}
        if spec["hardware"]:
            description["hardware"] = spec["hardware"]
        if spec["components"] is not None:
            root = {"type": "firmware", "bom-ref": "root", "name": spec["product"]["name"], "version": spec["version"],
                    "hashes": [{"alg": "SHA-256", "content": advisory_pairs.digest("sha256")}], **spec["root"]}
            (self.folder / "sbom.json").write_text(json.dumps(
                {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "serialNumber": f"urn:uuid:{spec['serial']}",
                 "metadata": {"timestamp": DATE, "component": root}, "components": spec["components"]}))
            description["files"].append({"source": "sbom.json", "role": "sbom"})
            description["sbom"] = [{"file": "sbom.json", "format": "CycloneDX-1.6", "binds": [{"component": "root", "file": "fw.bin"}]}]
        (self.folder / f"{name}.yaml").write_text(json.dumps(description))
        self.sign("pack", f"{name}.yaml", "--key", KEYS / "release.key.pem", "--cert", KEYS / "release.cert.pem", "--allow-example-keys",
                  "--quiet", "--out", f"{name}.tar")
        return self.folder / f"{name}.tar"

    def advise(self, archive, documents):
        """What is found in each of several documents: the entry of the JSON, or None."""
        folder = self.folder / f"documents-{archive.stem}"
        folder.mkdir(exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
        for index, document in enumerate(documents):
            # Each is a document of its own, no revision of another one.
            if isinstance(document, dict) and "document" in document:
                document = {**document, "document": {**document["document"], "tracking": {**document["document"]["tracking"], "id": f"T-{index}"}}}
            (folder / f"{index:05}.json").write_text(json.dumps(document))
        result = self.verify("advisories", archive, "--csaf", folder, "--anchor", ROOT_CERT, "--allow-example-keys", "--json", code=(0, 1, 3)).json()
        found = {one["file"].rsplit("/", 1)[1]: one for one in result["releases"][0]["advisories"]["documents"]}
        return [found.get(f"{index:05}.json") for index in range(len(documents))]
