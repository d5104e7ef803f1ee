# SPDX-License-Identifier: Apache-2.0
"""The same inputs and description give the same MANIFEST.json and payload bytes (docs/spec/archive.md)."""
import json
import os
import pathlib
import random
import shutil

from harness import DATE, EXAMPLE, Case, main, manifest_of, noise, read_member, read_member_list, write_large


def front_and_payload(archive):
    """MANIFEST.json, and the bytes of the payload with headers and padding."""
    members = read_member_list(archive)
    first = next(found for found in members[1:] if not found.name.startswith("SIGNATURES/"))
    data = pathlib.Path(archive).read_bytes()
    return read_member(archive, "MANIFEST.json"), data[first.header:]


class Reproducible(Case):
    def make_inputs(self, folder, order):
        """The same tree, created in the given order, so that folders list it differently."""
        for name, size in order:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if size > 1 << 20:
                write_large(path, size, name)
            else:
                path.write_bytes(noise(size, name))

    def test_threads_order_and_place(self):
        names = [(f"{chr(97 + number % 7)}/file-{number}.bin", 100 + 37 * number) for number in range(300)]
        names += [("firmware/large.bin", 5 * (1 << 20) + 123), ("Umlaut/Übersicht (1).pdf", 4000)]
        shuffled = names[:]
        random.Random(4).shuffle(shuffled)
        made = []
        for number, order in enumerate((names, shuffled, names)):
            # Three machines: other folder, other order, other umask, other time of the files.
            folder = self.folder / f"machine-{number}"
            self.make_inputs(folder / "in", order)
            for path in (folder / "in").rglob("*"):
                os.utime(path, (1000000000 + number, 1000000000 + number))
            description = self.description([("in", {"path": "payload"})], folder=folder)
            jobs = ["--jobs", "1" if number == 0 else "2"]
            archive = self.pack(description, f"{number}.tar", *jobs,
                                before=lambda value=number: os.umask(0o077 if value else 0o022))
            made.append(front_and_payload(archive))
            self.check(archive)
        self.assertEqual(made[0], made[1])
        self.assertEqual(made[0], made[2])

    def test_example_release_twice(self):
        one = self.pack(EXAMPLE / "release.yaml", "1.tar", "--jobs", "1")
        two = self.pack(EXAMPLE / "release.yaml", "2.tar", "--jobs", "2",
                        environment={"TZ": "America/New_York", "LC_ALL": "de_DE.UTF-8"})
        self.assertEqual(front_and_payload(one), front_and_payload(two))

    def test_dates(self):
        """A date in the description wins over SOURCE_DATE_EPOCH, which wins over now."""
        (self.folder / "f.bin").write_bytes(b"firmware")
        path = self.description(["f.bin"])
        epoch = {"SOURCE_DATE_EPOCH": "1700000000"}
        self.assertEqual(manifest_of(self.pack(path, "a.tar", environment=epoch))["release"]["date"], DATE)
        value = json.loads(path.read_text("utf-8"))
        del value["release"]["date"]
        path.write_text(json.dumps(value), encoding="utf-8")
        for name in ("b.tar", "c.tar"):
            archive = self.pack(path, name, environment=epoch)
            self.assertEqual(manifest_of(archive)["release"]["date"], "2023-11-14T22:13:20Z")
        self.assertEqual(front_and_payload(self.folder / "b.tar"), front_and_payload(self.folder / "c.tar"))
        now = manifest_of(self.pack(path, "d.tar"))["release"]["date"]
        self.assertGreater(now, "2026")
        for wrong in ("soon", "-1", "99999999999999999999"):
            with self.subTest(wrong):
                self.pack(path, "e.tar", environment={"SOURCE_DATE_EPOCH": wrong}, code=2)

    def test_a_copy_of_the_tree_gives_the_same(self):
        shutil.copytree(EXAMPLE, self.folder / "copy")
        one = self.pack(EXAMPLE / "release.yaml", "1.tar")
        two = self.pack(self.folder / "copy" / "release.yaml", "2.tar", cwd="/")
        self.assertEqual(front_and_payload(one), front_and_payload(two))


if __name__ == "__main__":
    main()
