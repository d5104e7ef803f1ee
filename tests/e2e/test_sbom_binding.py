# SPDX-License-Identifier: Apache-2.0
"""An SBOM that is not about these bytes is refused, by the signer and by the verifier, with a JSON
pointer; components inside archives of the payload; what `sbom complete` fills in."""
import gzip
import io
import json
import lzma
import subprocess
import tarfile
import zipfile

from harness import (DATE, KEYS, PRODUCT, ROOT_CERT, VERIFY, canonical_archive, main, noise, not_sanitized, read_member,
                     read_member_list, sha256)
from sbom_case import SbomCase, all_checks, changed, good_cyclonedx, good_spdx, sha512

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


class Binding(SbomCase):
    def resigned(self, archive, change):
        """The archive of somebody else's tool: another SBOM in it, everything else made right, and
        signed with the release key by openssl."""
        payload = {one.name: read_member(archive, one.name) for one in read_member_list(archive)}
        manifest = json.loads(payload.pop("MANIFEST.json"))
        signature = next(name for name in payload if name.startswith("SIGNATURES/"))
        del payload[signature]
        sbom = json.loads(payload["sbom.json"])
        change(sbom, manifest)
        payload["sbom.json"] = json.dumps(sbom, indent=2).encode()
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

    def test_an_sbom_of_something_else_is_refused(self):
        """By lint and pack before a key is used, and by the verifier where another tool signed it."""
        image = {"component": "image", "file": "firmware.bin"}
        good = changed(self.bound_sbom(), lambda one: one["components"].append(
            {"type": "file", "bom-ref": "image", "name": "firmware.bin", "hashes": hashes(noise(5000, "firmware"), "SHA-256")}))
        foreign = "0" * 63 + "1"
        changes = {
            "another version": (lambda one: one["metadata"]["component"].update(version="1.0.1"), "#/metadata/component/version"),
            "another product": (lambda one: one["metadata"]["component"].update(name="RTU-8"), "#/metadata/component/name"),
            "no root component": (lambda one: one["metadata"].pop("component"), "#"),
            "another hash of the root": (lambda one: one["metadata"]["component"]["hashes"][0].update(content=foreign),
                                         "#/metadata/component/hashes/0/content"),
            "another hash of the file": (lambda one: one["components"][1]["hashes"][0].update(content=foreign),
                                         "#/components/1/hashes/0/content"),
            "no hash of the file": (lambda one: one["components"][1].pop("hashes"), "#/components/1/hashes"),
            "a component that is not there": (lambda one: one["components"].pop(1), "#"),
        }
        archive = self.pack(self.sbom_release(good, [image]))
        self.check(archive)
        self.check(self.resigned(archive, lambda sbom, manifest: None))
        for what, (change, pointer) in changes.items():
            if what == "no root component":
                change = (lambda inner: lambda one: (inner(one), one["dependencies"].pop(0), one["compositions"].clear()))(change)
            with self.subTest(what):
                bad = changed(good, change)
                description = self.sbom_release(bad, [image])
                for verb in (("lint", description),
                             ("pack", description, "--key", KEYS / "release.key.pem", "--cert", KEYS / "release.cert.pem",
                              "--allow-example-keys", "--out", "never.tar")):
                    result = self.sign(*verb, code=1)
                    self.assertIn(f"sbom.json{pointer}: FAIL sbom.binding", result.out + result.err, result)
                self.assertFalse((self.folder / "never.tar").exists())
                forged = self.resigned(archive, lambda sbom, manifest, change=change: change(sbom))
                record = self.check(forged, "--json", code=1).json()
                found = [one for one in all_checks(record) if one["check"] == "sbom.binding" and one["result"] == "FAIL"]
                self.assertIn("sbom.json" + pointer, [one["where"] for one in found], all_checks(record))

    def test_a_file_that_is_not_there(self):
        description = self.sbom_release(self.bound_sbom(), [{"component": "lib", "file": "gone.bin"}])
        self.assertIn("sbom.binds[0].file", self.sign("lint", description, code=1).out)
        archive = self.pack(self.sbom_release(self.bound_sbom()))
        forged = self.resigned(archive, lambda sbom, manifest: manifest["sbom"].update(
            binds=[{"component": "lib", "file": "gone.bin"}]))
        record = self.check(forged, "--json", code=1).json()
        self.assertIn("#/sbom/binds/0/file", [one.get("where") for one in all_checks(record) if one["result"] == "FAIL"])

    def test_sha_512_alone(self):
        """The manifest has no SHA-512: the file's bytes are hashed once more, which a pipe does not allow."""
        sbom = changed(self.bound_sbom(), lambda one: one["components"].append(
            {"type": "file", "bom-ref": "image", "name": "firmware.bin", "hashes": hashes(noise(5000, "firmware"), "SHA-512")}))
        bind = [{"component": "image", "file": "firmware.bin"}]
        archive = self.pack(self.sbom_release(sbom, bind))
        self.assertEqual(self.results(archive, "sbom.binding"), ["PASS"])
        with open(archive, "rb") as stream:
            record = self.check("-", "--json", stdin=stream.read()).json()
        self.assertEqual([one["result"] for one in all_checks(record) if one["check"] == "sbom.binding"], ["NOT_CHECKED"])
        wrong = changed(sbom, lambda one: one["components"][1].update(hashes=hashes(OTHER, "SHA-512")))
        self.assertIn("#/components/1/hashes/0/content", self.sign("lint", self.sbom_release(wrong, bind), code=1).out)

    def results(self, archive, check, *arguments, code=0):
        record = self.check(archive, "--json", *arguments, code=code).json()
        return [one["result"] for one in all_checks(record) if one["check"] == check]

    # --- inside archives ---

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

    def kinds(self):
        files = {"usr/bin/tool": TOOL, "usr/lib/other": OTHER}
        plain = tar_of({"./" + name: data for name, data in files.items()})
        return {
            "a.tar": plain, "a.tar.gz": gzip.compress(plain, mtime=0), "a.tar.xz": lzma.compress(plain),
            "a.tar.bz2": tar_of(files, "w:bz2"), "a.zip": zip_of(files), "stored.zip": zip_of(files, zipfile.ZIP_STORED),
            "a.tar.zst": self.packed("tar -cf - . | zstd -q -c > ../made"),
            "a.tar.lz4": self.packed("tar -cf - . | lz4 -q -c > ../made"),
            "a.cpio": self.packed("find . | bsdcpio -o -H newc > ../made 2>/dev/null"),
            "a.cpio.gz": gzip.compress(self.packed("find . | bsdcpio -o -H newc > ../made 2>/dev/null"), mtime=0),
            "a.7z": self.packed("7z a -bd ../made.7z . > /dev/null && mv ../made.7z ../made"),
        }

    def test_components_inside_archives_of_every_kind(self):
        for name, data in self.kinds().items():
            with self.subTest(name):
                archive = self.pack(self.nested_release(name, data))
                self.assertEqual(self.results(archive, "sbom.nested"), ["PASS"])
                self.assertEqual(self.results(archive, "sbom.binding"), ["PASS"])
                for member, pointer in (("usr/lib/other", "#/components/1/hashes/0/content"), ("usr/bin/gone", "#/components/1")):
                    result = self.sign("lint", self.nested_release(name, data, member), code=1)
                    self.assertIn(f"sbom.json{pointer}: FAIL sbom.binding", result.out)

    def test_archives_inside_archives(self):
        inner = tar_of({"usr/bin/tool": TOOL})
        files = {"rootfs.tar.xz": lzma.compress(inner), "rootfs.zip": zip_of({"usr/bin/tool": TOOL}),
                 "rootfs.7z": self.packed("7z a -bd ../made.7z . > /dev/null && mv ../made.7z ../made")}
        for outer in (tar_of(files), zip_of(files), gzip.compress(tar_of(files), mtime=0)):
            for name in files:
                archive = self.pack(self.nested_release("outer.bin", outer, f"{name}!/usr/bin/tool"))
                self.assertEqual(self.results(archive, "sbom.binding"), ["PASS"], name)
                wrong = self.nested_release("outer.bin", outer, f"{name}!/usr/bin/tool", OTHER)
                self.assertIn("#/components/1/hashes/0/content", self.sign("lint", wrong, code=1).out)
        # The whole inner archive is a component, too, and both hashes of a member count.
        sbom = changed(self.nested_sbom(algorithms=("SHA-256", "SHA-512")), lambda one: one["components"].append(
            {"type": "file", "bom-ref": "rootfs", "name": "rootfs", "hashes": hashes(files["rootfs.zip"], "SHA-512")}))
        binds = [{"component": "tool", "file": "outer.bin", "member": "rootfs.zip!/usr/bin/tool"},
                 {"component": "rootfs", "file": "outer.bin", "member": "rootfs.zip"}]
        self.pack(self.sbom_release(sbom, binds, extra={"outer.bin": (tar_of(files), "software")}))
        wrong = changed(sbom, lambda one: one["components"][1]["hashes"][1].update(content="0" * 128))
        result = self.sign("lint", self.sbom_release(wrong, binds, extra={"outer.bin": (tar_of(files), "software")}), code=1)
        self.assertIn("#/components/1/hashes/1/content", result.out)

    def test_ambiguous_members(self):
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w") as tar:
            for data in (OTHER, TOOL):
                info = tarfile.TarInfo("usr/bin/tool")
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))
        self.assertIn("holds twice", self.sign("lint", self.nested_release("a.tar", out.getvalue()), code=1).out)
        link = io.BytesIO()
        with tarfile.open(fileobj=link, mode="w") as tar:
            info = tarfile.TarInfo("usr/bin/tool")
            info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
            tar.addfile(info)
        self.assertIn("does not hold", self.sign("lint", self.nested_release("a.tar", link.getvalue()), code=1).out)

    def test_what_cannot_be_looked_into_is_said(self):
        squashfs = b"hsqs" + noise(4092, "squashfs")
        archive = self.pack(self.nested_release("rootfs.squashfs", squashfs))
        record = self.check(archive, "--json").json()
        found = {one["check"]: one for one in all_checks(record)}
        self.assertEqual(found["sbom.nested"]["result"], "NOT_CHECKED")
        self.assertIn("squashfs", found["sbom.nested"]["reason"])
        self.assertEqual(found["sbom.binding"]["result"], "NOT_CHECKED")
        archive = self.pack(self.nested_release("a.tar", tar_of({"usr/bin/tool": TOOL})))
        with open(archive, "rb") as stream:
            piped = self.check("-", "--json", stdin=stream.read()).json()
        self.assertEqual([one["result"] for one in all_checks(piped) if one["check"] == "sbom.nested"], ["NOT_CHECKED"])

    def test_damaged_and_encrypted_archives(self):
        good = gzip.compress(tar_of({"usr/bin/tool": TOOL, "z": noise(100000, "z")}), mtime=0)
        damaged = bytearray(zip_of({"usr/bin/tool": TOOL}, zipfile.ZIP_STORED))
        damaged[500] ^= 0xFF
        locked = self.packed("7z a -bd -tzip -psecret ../made.zip . > /dev/null && mv ../made.zip ../made")
        for name, data in (("cut.tar.gz", good[:-5000]), ("damaged.zip", bytes(damaged)), ("locked.zip", locked)):
            with self.subTest(name):
                result = self.sign("lint", self.nested_release(name, data), code=1)
                self.assertIn("FAIL sbom.nested", result.out)

    def test_detached_payload(self):
        description = self.nested_release("a.zip", zip_of({"usr/bin/tool": TOOL}))
        front = self.pack(description, "front.tar", "--detached")
        self.assertEqual(self.results(front, "sbom.binding", "--payload", self.folder), ["PASS"])
        self.assertEqual(self.results(front, "sbom.nested", "--payload", self.folder), ["PASS"])

    def test_bad_members_in_the_description(self):
        for member in ("/usr/bin/tool", "./usr/bin/tool", "a.zip!/", "!/x", "a!//x"):
            result = self.sign("lint", self.nested_release("a.tar", tar_of({"usr/bin/tool": TOOL}), member), code=1)
            self.assertIn("sbom.binds[0].member", result.out)

    # --- bombs ---

    def bombs(self):
        """Small files that expand to far more than the caps allow: one of each kind."""
        size = 450 << 20
        self.run_program("truncate", "-s", str(size), "zeros", code=0)
        recipes = {
            "bomb.tar.gz": "tar -cf - zeros | gzip -9", "bomb.tar.bz2": "tar -cf - zeros | bzip2",
            "bomb.tar.xz": "tar -cf - zeros | xz -1 -T1", "bomb.tar.zst": "tar -cf - zeros | zstd -q -T1",
            "bomb.cpio.gz": "echo zeros | bsdcpio -o -H newc 2>/dev/null | gzip -9",
            "bomb.zip": "7z a -bd -tzip -mx=1 made.zip zeros >/dev/null && cat made.zip && rm made.zip",
            "bomb.7z": "7z a -bd -mx=1 made.7z zeros >/dev/null && cat made.7z && rm made.7z",
        }
        made = {}
        for name, recipe in recipes.items():
            self.run_program("sh", "-c", f"({recipe}) > made", code=0, timeout=600)
            made[name] = (self.folder / "made").read_bytes()
            (self.folder / "made").unlink()
        (self.folder / "zeros").unlink()
        made["twice.tar.gz.gz"] = gzip.compress(gzip.compress(tar_of({"usr/bin/tool": TOOL})))
        deep = zip_of({"usr/bin/tool": TOOL})
        for level in range(6):
            deep = zip_of({f"{level}.zip": deep})
        made["deep.zip"] = deep
        made["sparse.tar"] = self.packed("truncate -s 8T hole && tar --sparse -cf ../made hole usr")
        return made

    @not_sanitized
    def test_bombs_of_every_kind_are_refused_in_bounded_time_and_memory(self):
        members = {"bomb": "zeros", "twice": "usr/bin/tool", "sparse": "usr/bin/tool",
                   "deep": "5.zip!/4.zip!/3.zip!/2.zip!/1.zip!/0.zip!/usr/bin/tool"}
        for name, data in self.bombs().items():
            with self.subTest(name):
                self.assertLess(len(data), 12 << 20)
                member = members[name.split(".")[0]]
                description = self.nested_release(name, data, member)
                result = self.sign("lint", description, code=1, timeout=60)
                self.assertIn("FAIL sbom.nested", result.out, result)
                # Not asked for by name, it is a payload file like any other. What must be skipped
                # on the way to another member is a bomb all the same.
                if name.startswith("bomb") and not name.endswith(".zip"):
                    result = self.sign("lint", self.nested_release(name, data, "other"), code=1, timeout=60)
                    self.assertIn("FAIL sbom.nested", result.out, result)

    @not_sanitized
    def test_the_verifier_refuses_a_bomb_within_bounds(self):
        """Signed by another tool: only the verifier stands in the way."""
        self.run_program("truncate", "-s", "1G", "zeros", code=0)
        self.run_program("sh", "-c", "tar -cf - zeros | xz -1 -T1 > made", code=0, timeout=600)
        bomb = (self.folder / "made").read_bytes()
        archive = self.pack(self.sbom_release(self.nested_sbom(), extra={"bomb.tar.xz": (bomb, "software")}))
        forged = self.resigned(archive, lambda sbom, manifest: manifest["sbom"].update(
            binds=[{"component": "tool", "file": "bomb.tar.xz", "member": "zeros"}]))
        program = ["/usr/bin/time", "-f", "%e %M", "-o", str(self.folder / "used")]
        result = self.run_program(*program, VERIFY, "check", forged, "--anchor", ROOT_CERT, "--allow-example-keys", code=1)
        self.assertIn("sbom.nested", result.out)
        seconds, kilobytes = (self.folder / "used").read_text().split()[-2:]
        self.assertLess(float(seconds), 30)
        self.assertLess(int(kilobytes), 600 << 10)


class Complete(SbomCase):
    def complete(self, description, code=0):
        return self.sign("sbom", "complete", description, "--out", "done.json", code=code)

    def test_what_a_release_knows_is_filled_in(self):
        minimal = {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [
            {"type": "file", "bom-ref": "image", "name": "image", "hashes": [{"alg": "MD5", "content": "0" * 32}]},
            {"type": "application", "bom-ref": "tool", "name": "tool"}]}
        extra = {"a.tar": (tar_of({"usr/bin/tool": TOOL}), "software")}
        binds = [{"component": "image", "file": "firmware.bin"}, {"component": "tool", "file": "a.tar", "member": "usr/bin/tool"}]
        description = self.sbom_release(minimal, binds, extra=extra)
        self.sign("lint", description, code=1)
        result = self.complete(description)
        self.assertIn("changed metadata.component.version: 1.0.0 (was: absent)", result.err)
        done = json.loads((self.folder / "done.json").read_text())
        root = done["metadata"]["component"]
        self.assertEqual((root["name"], root["version"], root["supplier"]["name"]), (PRODUCT, "1.0.0", "Example Automation GmbH"))
        self.assertEqual(done["metadata"]["timestamp"], DATE)
        self.assertEqual(root["hashes"], hashes(self.firmware, "SHA-256", "SHA-512"))
        self.assertEqual(done["components"][0]["hashes"], hashes(self.firmware, "SHA-256", "SHA-512"))
        self.assertEqual(done["components"][1]["hashes"], hashes(TOOL, "SHA-256", "SHA-512"))
        (self.folder / "sbom.json").write_bytes((self.folder / "done.json").read_bytes())
        self.check(self.pack(description))
        again = self.sign("sbom", "complete", description)
        self.assertEqual(again.out_bytes, (self.folder / "done.json").read_bytes())
        self.assertIn("nothing to change", again.err)

    def test_spdx(self):
        minimal = changed(good_spdx(), lambda one: (one["packages"].pop(0), one["relationships"].clear(),
                                                    one.pop("documentNamespace"), one["creationInfo"].pop("created")))
        description = self.sbom_release(minimal, format="SPDX-2.3")
        self.complete(description)
        (self.folder / "sbom.json").write_bytes((self.folder / "done.json").read_bytes())
        self.check(self.pack(description))
        older = changed(good_spdx(), lambda one: one["packages"][0].update(versionInfo="0.9"))
        description = self.sbom_release(older, format="SPDX-2.3")
        self.complete(description)
        (self.folder / "sbom.json").write_bytes((self.folder / "done.json").read_bytes())
        self.check(self.pack(description))

    def test_what_it_cannot_know(self):
        description = self.sbom_release(good_cyclonedx(), [{"component": "ghost", "file": "firmware.bin"}])
        self.assertIn("no component ghost", self.complete(description, code=1).err)
        broken = changed(good_cyclonedx(), lambda one: one["components"][0].pop("type"))
        result = self.complete(self.sbom_release(broken), code=1)
        self.assertIn("#/components/0/type", result.err)
        two = self.sbom_release(good_cyclonedx(), extra={"second.bin": (OTHER, "firmware")})
        self.assertIn("which file of the release is the product", self.complete(two, code=1).err)
        none = self.description([("firmware.bin", {"role": "firmware"})], name="none.yaml")
        self.complete(none, code=2)


if __name__ == "__main__":
    main()
