# SPDX-License-Identifier: Apache-2.0
"""Components inside archives of the payload: found in every kind, refused where two programs could see
two sets of files, and in bounded time and memory where an archive is a bomb."""
import gzip
import io
import lzma
import struct
import tarfile
import zipfile

from harness import ROOT_CERT, VERIFY, main, noise, not_sanitized
from sbom_case import OTHER, TOOL, BindingCase, all_checks, changed, hashes, tar_of, zip_of


class Pipe(io.BytesIO):
    """What cannot go back: sizes follow the data."""

    def seekable(self):
        return False

    def seek(self, *_):
        raise OSError("a pipe")


class Nested(BindingCase):
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
            self.assertIn("sbom[0].binds[0].member", result.out)

    # --- two programs, two sets of files ---

    def tar_entries(self, *entries, end=True):
        """A tar of (name, bytes) or (name, type, target)."""
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as tar:
            for name, *rest in entries:
                info = tarfile.TarInfo(name)
                data = rest[0] if len(rest) == 1 else b""
                if len(rest) == 2:
                    info.type, info.linkname = rest
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))
        return out.getvalue()

    def test_aliases_in_a_tar(self):
        """Whatever the order, what another member could be written over is refused, not chosen."""
        good, alias = ("usr/bin/tool", TOOL), OTHER
        link, hard, folder = tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE
        cases = {
            "absolute": [good, ("/usr/bin/tool", alias)], "dots": [good, ("usr/lib/../bin/tool", alias)],
            "slashes": [good, ("usr//bin/./tool", alias)], "up": [("../../usr/bin/tool", alias), good],
            "symlink of that name": [good, ("usr/bin/tool", link, "evil")],
            "hard link of that name": [("evil", alias), good, ("./usr/bin/tool", hard, "evil")],
            "device of that name": [good, ("usr/bin/tool", tarfile.CHRTYPE, "")],
            "through a link": [good, ("bin", link, "usr/bin"), ("bin/tool", alias)],
            "through a link with dots": [good, ("b/../bin", link, "usr/bin"), ("./bin/tool", alias)],
            "folder that becomes a link": [("usr/bin", link, "lib"), good],
        }
        for name, entries in cases.items():
            with self.subTest(name):
                result = self.sign("lint", self.nested_release("a.tar", self.tar_entries(*entries)), code=1)
                self.assertTrue("holds twice" in result.out or "below a link" in result.out, result)
                self.assertNotIn("PASS sbom.binding", result.out)
        for entries in ([("./usr/bin/tool", TOOL)], [("/usr/bin/tool", TOOL)], [("usr/bin", folder, ""), good, ("bin", link, "usr/bin")],
                        [good, ("usr/bin/tool2", hard, "usr/bin/tool"), ("other", link, "usr/bin/tool")]):
            archive = self.pack(self.nested_release("a.tar", self.tar_entries(*entries)))
            self.assertEqual(self.results(archive, "sbom.binding"), ["PASS"])

    def test_what_follows_the_end(self):
        good, evil = tar_of({"usr/bin/tool": TOOL}), tar_of({"usr/bin/tool": OTHER})
        for name, data in (("two.tar", good + evil), ("garbage.tar", good + noise(700, "garbage")),
                           ("two.tar.gz", gzip.compress(good) + gzip.compress(evil)),
                           ("two.tar.xz", lzma.compress(good) + lzma.compress(evil))):
            with self.subTest(name):
                result = self.sign("lint", self.nested_release(name, data), code=1)
                self.assertRegex(result.out, "holds twice|FAIL sbom.nested")
        # A kernel unpacks every cpio archive of an initramfs, the later over the earlier.
        first = self.packed("find . | bsdcpio -o -H newc > ../made 2>/dev/null")
        second = self.packed("find . | bsdcpio -o -H newc > ../made 2>/dev/null", files={"usr/bin/tool": OTHER})
        for name, data in (("two.cpio", first + second), ("two.cpio.gz", gzip.compress(first + bytes(512) + second))):
            with self.subTest(name):
                archive = self.pack(self.nested_release(name, data))
                self.assertEqual(self.results(archive, "sbom.nested"), ["NOT_CHECKED"])
                self.assertEqual(self.results(archive, "sbom.binding"), ["NOT_CHECKED"])
        self.assertEqual(self.results(self.pack(self.nested_release("padded.cpio", first + bytes(4096))), "sbom.binding"), ["PASS"])

    def test_zip_files_with_two_tables(self):
        """The central directory is what most programs read, the headers before the members is what some do."""
        def local(name, data, **fields):
            values = {"flags": 0, "method": 0, "crc": zipfile.crc32(data), "compressed": len(data), "size": len(data), **fields}
            head = struct.pack("<IHHHHHIIIHH", 0x04034b50, 20, values["flags"], values["method"], 0, 33, values["crc"],
                               values["compressed"], values["size"], len(name), 0)
            return head + name + data

        def central(name, data, offset, **fields):
            values = {"flags": 0, "method": 0, "crc": zipfile.crc32(data), **fields}
            return struct.pack("<IHHHHHHIIIHHHHHII", 0x02014b50, 20, 20, values["flags"], values["method"], 0, 33, values["crc"],
                               len(data), len(data), len(name), 0, 0, 0, 0, 0, offset) + name

        def end(count, size, offset, comment=b""):
            return struct.pack("<IHHHHIIH", 0x06054b50, 0, 0, count, count, size, offset, len(comment)) + comment

        def whole(body, entries, comment=b"", after=b"", count=None):
            directory = b"".join(entries)
            return body + directory + end(len(entries) if count is None else count, len(directory), len(body), comment) + after

        tool, other = b"usr/bin/tool", b"usr/lib/other"
        one, two = local(tool, TOOL), local(tool, OTHER)
        entry = central(tool, TOOL, 0)
        descriptor = struct.pack("<IIII", 0x08074b50, zipfile.crc32(TOOL), len(TOOL), len(TOOL))
        later = local(tool, TOOL, flags=8, crc=0, compressed=0, size=0)
        good = {
            "plain": whole(one, [entry]), "comment": whole(one, [entry], b"a comment"),
            "another order": whole(local(other, OTHER) + one, [central(tool, TOOL, len(local(other, OTHER))), central(other, OTHER, 0)]),
            "descriptor": whole(later + descriptor, [central(tool, TOOL, 0, flags=8)]),
        }
        bad = {
            "another name before the member": whole(local(b"usr/bin/tooI", TOOL), [entry]),
            "a member that the directory does not list": whole(one + two, [entry]),
            "a listed member behind a hidden one": whole(two + one, [central(tool, TOOL, len(two))]),
            "another method": whole(local(tool, TOOL, method=8), [entry]),
            "another size": whole(local(tool, TOOL, size=5), [entry]),
            "another checksum": whole(local(tool, TOOL, crc=1), [entry]),
            "encrypted in one table": whole(local(tool, TOOL, flags=1), [entry]),
            "overlapping members": whole(one, [entry, central(tool, TOOL, 0)]),
            "two end records": whole(one, [entry], end(1, len(entry), len(one))),
            "something after the end": whole(one, [entry], after=b"garbage"),
            "something before the first": b"MZ" + whole(one, [entry]),
            "fewer members than listed": whole(one, [entry], count=0),
            "gap before the directory": whole(one + noise(40, "gap"), [entry]),
            "descriptor that hides a member": whole(later + descriptor + two, [central(tool, TOOL, 0, flags=8)]),
        }
        for name, stream, force in (("64-bit sizes", io.BytesIO(), True), ("written to a pipe", Pipe(), False)):
            with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
                for path, data in (("usr/lib/other", OTHER), ("usr/bin/tool", TOOL)):
                    with made.open(zipfile.ZipInfo(path), "w", force_zip64=force) as member:
                        member.write(data)
            good[name] = stream.getvalue()
        for name, data in good.items():
            with self.subTest(name):
                self.assertEqual(self.results(self.pack(self.nested_release("a.zip", data)), "sbom.binding"), ["PASS"])
        for name, data in bad.items():
            with self.subTest(name):
                result = self.sign("lint", self.nested_release("a.zip", data), code=1)
                self.assertRegex(result.out, "FAIL sbom.nested|holds twice", name)
                self.assertNotIn("PASS sbom.binding", result.out)

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
        forged = self.resigned(archive, lambda sbom, manifest: manifest["sbom"][0].update(
            binds=[{"component": "tool", "file": "bomb.tar.xz", "member": "zeros"}]))
        program = ["/usr/bin/time", "-f", "%e %M", "-o", str(self.folder / "used")]
        result = self.run_program(*program, VERIFY, "check", forged, "--anchor", ROOT_CERT, "--allow-example-keys", code=1)
        self.assertIn("sbom.nested", result.out)
        seconds, kilobytes = (self.folder / "used").read_text().split()[-2:]
        self.assertLess(float(seconds), 30)
        self.assertLess(int(kilobytes), 600 << 10)


if __name__ == "__main__":
    main()
