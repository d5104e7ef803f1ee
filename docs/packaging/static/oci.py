#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes an OCI image from scratch that holds one program, as a tar of an OCI layout; without a daemon.

    docs/packaging/static/oci.py PROGRAM VERSION ARCHITECTURE SECONDS OUT.tar

ARCHITECTURE as OCI names it (amd64, arm64), SECONDS the time that the image says of itself. The same program gives the
same bytes: names are sorted, times and owners are the same, nothing is compressed. `podman load -i OUT.tar` and
`skopeo copy oci-archive:OUT.tar ...` take it.
OCI Image Format Specification 1.0: image layout, manifest, configuration, layer.
"""
import datetime
import hashlib
import io
import json
import pathlib
import sys
import tarfile

MEDIA = "application/vnd.oci.image."
NOBODY = 65534


def tar_of(members, seconds):
    """[(name, bytes or None for a folder, mode)] as the bytes of a tar."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, data, mode in members:
            info = tarfile.TarInfo(name)
            info.type = tarfile.DIRTYPE if data is None else tarfile.REGTYPE
            info.size, info.mode, info.mtime = len(data or b""), mode, seconds
            tar.addfile(info, io.BytesIO(data) if data is not None else None)
    return out.getvalue()


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def image(program, version, architecture, seconds):
    """The members of the layout, oci-layout first."""
    blobs = {}

    def add(kind, data, **more):
        digest = hashlib.sha256(data).hexdigest()
        blobs[f"blobs/sha256/{digest}"] = data
        return {"mediaType": MEDIA + kind, "digest": f"sha256:{digest}", "size": len(data), **more}

    created = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    labels = {"org.opencontainers.image.title": "cretula-verify", "org.opencontainers.image.version": version,
              "org.opencontainers.image.licenses": "Apache-2.0", "org.opencontainers.image.created": created}
    layer = add("layer.v1.tar", tar_of([("cretula-verify", program, 0o755)], seconds))
    config = add("config.v1+json", canonical({
        "architecture": architecture, "os": "linux", "created": created,
        "config": {"Entrypoint": ["/cretula-verify"], "User": f"{NOBODY}:{NOBODY}", "WorkingDir": "/", "Labels": labels},
        "rootfs": {"type": "layers", "diff_ids": [layer["digest"]]},
        "history": [{"created": created, "comment": "one static program"}]}))
    manifest = add("manifest.v1+json", canonical({
        "schemaVersion": 2, "mediaType": MEDIA + "manifest.v1+json", "config": config, "layers": [layer], "annotations": labels}),
        platform={"architecture": architecture, "os": "linux"},
        annotations={"org.opencontainers.image.ref.name": version})
    index = canonical({"schemaVersion": 2, "mediaType": MEDIA + "index.v1+json", "manifests": [manifest]})
    return [("oci-layout", canonical({"imageLayoutVersion": "1.0.0"}), 0o644), ("index.json", index, 0o644),
            ("blobs", None, 0o755), ("blobs/sha256", None, 0o755),
            *((name, data, 0o644) for name, data in sorted(blobs.items()))]


def main():
    if len(sys.argv) != 6:
        print(__doc__, file=sys.stderr)
        return 2
    program, version, architecture, seconds, out = sys.argv[1:]
    members = image(pathlib.Path(program).read_bytes(), version, architecture, int(seconds))
    pathlib.Path(out).write_bytes(tar_of(members, int(seconds)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
