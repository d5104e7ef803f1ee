# SPDX-License-Identifier: Apache-2.0
"""Authenticode of installer packages (MSI), signed by osslsigncode: whose, over which streams, and what the compound file may not hold besides."""
import json
import struct
import unittest

import harness
from compound_files import END, EXTENDED, FREE, NONE, SIGNATURE, Compound, Named, compound
from foreign_case import PRODUCT, SIGNED, SUBJECT, VENDOR, ForeignCase
from harness import KEYS

GONE = "2026-06-01T00:00:00Z"  # after the certificate "ended" has ended
NAMES = "names, sizes or times of the package's streams were changed"
CONTENT = "was changed after it was signed"


def tree():
    """Small streams, large ones, an empty one, names of which one begins another, a storage in the storage."""
    return {"a": bytes(range(250)) * 20, "ab": b"small" * 20, "b": b"", "\5SummaryInformation": b"s" * 300, "Table": b"t" * 700,
            "part": Named({"in": b"inside" * 1000, "y": b"1"}, clsid=b"c" * 16, state=7, times=(1, 2))}


class Installers(ForeignCase):
    def setUp(self):
        super().setUp()
        self.trust = self.policy(self.pin("authenticode"))

    def signed(self, name="setup.msi", by="vendor", *more, data=None, names=True):
        source, out = self.write("plain.msi", data or compound(tree())), self.folder / name
        out.unlink(missing_ok=True)
        self.tool("osslsigncode", "sign", *(["-add-msi-dse"] if names else []), "-certs", self.cert(by), "-key", self.key(by), "-ac",
                  self.chain(), "-h", "sha256", "-time", SIGNED, *more, "-in", source, "-out", out)
        return out

    def opened(self, **more):
        return Compound(self.signed(**more).read_bytes())

    def refused(self, made, says, name="changed.msi", **more):
        return self.judge(self.write(name, bytes(made.data)), trust=self.trust, code=1, says=says, **more)

    def test_with_the_right_pin(self):
        for version in (3, 4):
            file = self.signed(f"{version}.msi", data=compound(tree(), version))
            self.judge(file, trust=self.trust, says=[f"authenticode-msi by {SUBJECT}", "allocation tables and directory"])
        self.judge(file, "--foreign-key", self.cert("vendor"))
        for pin in ({"anchor": {"type": "key", "pem": self.pem("vendor")}}, {"anchor": {"type": "certificate", "pem": self.pem("vendor")}}):
            self.judge(file, trust=self.policy({"name": "v", "kind": "authenticode", **pin}))

    def test_the_same_tree_in_another_file(self):
        """What is signed is the tree: the writer here lays it out anew, with storages that the tool does not write well."""
        deep = {**tree(), "c": bytes(8 << 20), "outer": Named({"inner": Named({"x": b"1"}, clsid=b"k" * 16)})}
        flat = self.opened(data=compound({**tree(), "c": bytes(8 << 20)}))
        added = {name: flat.read(name) for name in (SIGNATURE, EXTENDED)}
        again = compound({**tree(), "c": bytes(8 << 20), **added})
        self.assertGreater(struct.unpack_from("<I", again, 72)[0], 0)  # the table's sectors have a list of their own
        self.judge(self.write("again.msi", again), trust=self.trust)
        self.judge(self.write("more.msi", compound({**deep, **added})), trust=self.trust, code=1, says=NAMES)
        listed = bytearray(again)
        struct.pack_into("<I", listed, 72, 2)
        self.judge(self.write("list.msi", bytes(listed)), trust=self.trust, code=1, says="a sector that is not there")
        struct.pack_into("<I", listed, 72, 0)
        self.judge(self.write("list.msi", bytes(listed)), trust=self.trust, code=1, says="is longer than the header says")

    def test_a_package_of_msibuild(self):
        stream = self.write("stream.bin", bytes(range(256)) * 40)
        path = self.folder / "built.msi"
        self.tool("msibuild", path, "-s", "Engineering Tool", "Example Controls")
        self.tool("msibuild", path, "-q", "CREATE TABLE Property (Property CHAR(72) NOT NULL, Value LONGCHAR NOT NULL LOCALIZABLE PRIMARY KEY Property)")
        self.tool("msibuild", path, "-a", "Setup.cab", stream)
        file = self.signed("built-signed.msi", data=path.read_bytes())
        self.judge(file, trust=self.trust)
        self.judge(path, trust=self.trust, code=1, says="the package is not signed")

    def test_another_vendor_of_the_same_root(self):
        self.judge(self.signed("other.msi", "other"), trust=self.trust, code=1, says=["not by anybody who is pinned", "CN=Other Publisher,O=Other"])
        file = self.signed()
        self.judge(file, trust=self.policy({**self.pin("authenticode"), "subject": "CN=Example Control,O=Example"}), code=1)
        self.judge(file, "--foreign-key", self.cert("other"), code=1)

    def test_without_a_digest_over_names(self):
        file = self.signed(names=False)
        self.judge(file, trust=self.trust, code=1, says="is not over the names of the package's streams")
        legacy = self.policy(self.pin("authenticode", legacy=True))
        self.judge(file, trust=legacy, says="names, sizes and times of the package's streams are not protected")
        self.sign("adopt", file, "--vendor", VENDOR, "--product", PRODUCT, "--release", "1", "--sequence", "1", "--source", "s",
                  "--medium", "m", "--key", KEYS / "owner.key.pem", "--cert", KEYS / "owner.cert.pem", "--allow-example-keys",
                  "--out", "old.tar", "--foreign-trust", legacy)
        manifest = json.loads(harness.read_member(self.folder / "old.tar", "MANIFEST.json"))
        self.assertIn("names, sizes and times of the package's streams are not protected",
                      manifest["adoption"]["foreignSignatures"][0]["result"])
        made = Compound(file.read_bytes())
        made.flip(made.stream_at("a", 3000))
        self.judge(self.write("changed.msi", bytes(made.data)), trust=legacy, code=1, says=CONTENT)
        self.trust = legacy
        made = self.opened()
        made.data[made.find(EXTENDED):][:2] = b"\6\0"
        made.flip(made.find(EXTENDED), 2)  # by another name it is a stream like others
        self.refused(made, CONTENT)

    def test_every_hashed_region_is_held(self):
        for name, offset in (("a", 0), ("a", 4999), ("ab", 99), ("in", 4200), ("y", 0), ("\5SummaryInformation", 150)):
            made = self.opened()
            made.flip(made.stream_at(name, offset))
            with self.subTest(name):
                self.refused(made, CONTENT)
        for name, offset, says in (("part", 0x50, NAMES), ("part", 0x60, NAMES), ("part", 0x64, NAMES), ("a", 0x60, NAMES), ("a", 0x6c, NAMES),
                                   ("Root Entry", 0x50, NAMES), ("Root Entry", 0x60, NAMES)):
            made = self.opened()
            made.flip(made.find(name) + offset)
            with self.subTest(name, offset=offset):
                self.refused(made, says)
        for name, says in ((EXTENDED, NAMES), (SIGNATURE, "")):
            made = self.opened()
            made.flip(made.stream_at(name, 20))
            self.refused(made, says)
        made = self.opened()
        made.data[made.find("Table")] = ord("U")  # still in order
        self.refused(made, NAMES)
        made = self.opened()
        made.put(made.find("Table") + 0x78, 699)
        made.data[made.stream_at("Table", 699)] = 0
        self.refused(made, NAMES)

    def test_bytes_that_nobody_signs(self):
        sound = self.opened()
        for name, data, says in (("archive.msi", b"PK\3\4 an archive of Java", "bytes follow the last sector"),
                                 ("sectors.msi", b"PK\3\4".ljust(512, b"j"), "bytes behind the last sector in use"),
                                 ("many.msi", bytes(512 * 300), "its allocation table does not know")):
            self.judge(self.write(name, bytes(sound.data) + data), trust=self.trust, code=1, says=says)
        self.judge(self.write("zeros.msi", bytes(sound.data) + bytes(512)), trust=self.trust, says="zero")
        places = {"a stream's end": (sound.stream_at("a", 4999) + 1, "between the end of a stream"),
                  "a small stream's end": (sound.stream_at("ab", 99) + 1, "between the end of a stream"),
                  "a name's end": (sound.find("ab") + 10, "parts of the directory"), "a stream's class": (sound.find("ab") + 0x50, "parts of the directory"),
                  "the size's upper half": (sound.find("ab") + 0x7c, "parts of the directory"),
                  "an unused entry": (sound.entry_at(len(sound.names())) + 0x50, "parts of the directory"),
                  "its neighbour": (sound.entry_at(len(sound.names())) + 0x44, "parts of the directory"),
                  "the header's class": (8, "compound file's header"), "the header's rest": (34, "compound file's header")}
        for name, (at, says) in places.items():
            made = Compound(sound.data)
            made.flip(at)
            with self.subTest(name):
                self.refused(made, [f"no signature covers these bytes: ", says])
        wide = self.opened(data=compound(tree(), 4))
        wide.flip(600)
        self.refused(wide, "compound file's header")

    def test_behind_the_signature(self):
        for name in ("a", "ab"):  # a name in the signature makes its length another one
            made = Compound(self.signed("setup.msi", "vendor", "-n", name).read_bytes())
            size = made.size(SIGNATURE)
            if size % 64 != 0:
                break
        self.assertNotEqual(size % 64, 0, "the signature ends with its sector")
        made.put(made.find(SIGNATURE) + 0x78, size + 1)
        self.judge(self.write("zero.msi", bytes(made.data)), trust=self.trust, says="bytes behind the signature")
        made.data[made.stream_at(SIGNATURE, size)] = 0x41
        self.refused(made, "bytes behind the signature in its stream")

    def test_chains_and_sectors(self):
        sound = self.opened()
        first = sound.get(sound.find("a") + 0x74)
        small = sound.get(sound.find("Table") + 0x74)

        def loop(made):
            made.put(made.table_at(first + 3), first + 1)

        def small_loop(made):
            made.put(made.small_table_at(small + 3), small)

        def two_owners(made):
            made.put(made.find("in") + 0x74, first)

        def nobody(made):
            made.put(made.table_at(made.free_sector()), END)

        def directory_loop(made):
            made.put(made.table_at(made.directory[-1]), made.directory[0])

        def short(made):
            made.put(made.table_at(first + 3), END)

        def beyond(made):
            made.put(made.table_at(first + 3), 0x00ffffff)

        def unmarked(made):
            made.put(made.table_at(made.tables[0]), END)

        def tables_twice(made):
            made.put(44, 2)
            made.put(80, made.tables[0])

        def more_tables(made):
            made.put(80, made.tables[0])

        def fewer_tables(made):
            made.put(44, 2)
            made.put(80, FREE)

        def small_count(made):
            made.put(64, 2)

        def other_cutoff(made):
            made.put(56, 8192)
        for change, says in ((loop, "the chain of a stream is a loop"), (small_loop, "the chain of a stream is a loop"),
                             (two_owners, "has a sector that belongs to something else"), (nobody, "a sector is in use, and no stream has it"),
                             (directory_loop, "the chain of the directory is a loop"), (short, "ends before its size"),
                             (beyond, "goes to a sector that is not there"), (unmarked, "does not mark the sectors"),
                             (tables_twice, "has a sector that belongs to something else"), (more_tables, "has more sectors than the header says"),
                             (fewer_tables, "a sector that is not there"), (small_count, "ends before its size"),
                             (other_cutoff, "no compound file of version 3 or 4")):
            made = Compound(sound.data)
            change(made)
            with self.subTest(change.__name__):
                self.refused(made, says)

    def test_the_directory(self):
        sound = self.opened()
        index = sound.names()

        def twice(made):
            made.put(made.find("ab") + 0x44, index["a"])  # its neighbour is already in the tree

        def child_of_itself(made):
            made.put(made.find("part") + 0x4c, index["part"])

        def same_names(made):
            made.data[made.find("b")] = ord("a")

        def same_letters(made):
            made.data[made.find("b")] = ord("A")

        def out_of_order(made):
            made.data[made.find("a")] = ord("c")

        def hidden(made):
            # Nobody's neighbour any more: a search does not find it, and no digest would hold it.
            made.put(made.find("a") + 0x48, made.get(made.find("b") + 0x48))

        def beyond(made):
            made.put(made.find("y") + 0x44, 0x00ffffff)

        def unused(made):
            made.put(made.find("y") + 0x44, len(index))

        def no_name(made):
            struct.pack_into("<H", made.data, made.find("a") + 0x40, 2)

        def early_end(made):
            made.data[made.find("Table") + 2] = 0

        def of_no_type(made):
            made.data[made.find("a") + 0x42] = 3

        def with_child(made):
            made.put(made.find("a") + 0x4c, index["y"])

        def coloured(made):
            made.data[made.find("a") + 0x43] = 9

        def rootless(made):
            made.data[made.find("Root Entry") + 0x42] = 1
        for change, says in ((twice, "the directory is a loop"), (child_of_itself, "the directory is a loop"), (same_names, "two entries of one name"),
                             (same_letters, "two entries of one name"), (out_of_order, "not in the order"), (hidden, "that no storage holds"),
                             (beyond, "names an entry that is not there"), (unused, "names an entry that is not there"),
                             (no_name, "a name that is none"), (early_end, "a name that is none"), (of_no_type, "a type that is none"),
                             (with_child, "what its type has not"), (coloured, "what its type has not"), (rootless, "a type that is none")):
            made = Compound(sound.data)
            change(made)
            with self.subTest(change.__name__):
                self.refused(made, says)
        deep = Named({"x": b"1"})
        for _ in range(18):
            deep = Named({"s": deep})
        self.judge(self.write("deep.msi", compound(deep)), trust=self.trust, code=1, says="too deep")
        self.assertEqual(sound.get(sound.find("a") + 0x44), NONE)

    def test_a_stripped_signature(self):
        self.judge(self.write("plain.msi", compound(tree())), trust=self.trust, code=1, says="the package is not signed")
        document = compound({"WordDocument": b"d" * 5000})
        self.judge(self.write("letter.doc", document), trust=self.trust, code=1, says="the package is not signed")

    def test_a_signature_of_something_else(self):
        """That of another package, and that of a script, whose digest is over other bytes: its SpcSipInfo has another GUID."""
        made = self.opened()
        guid = bytes.fromhex("f1100c0000000000c000000000000046")
        at = bytes(made.data).index(guid)
        made.data[at] ^= 1
        self.refused(made, "is over data of a kind that is not known")
        other = self.opened(data=compound({**tree(), "a": b"other" * 1000}))
        mine = self.opened()
        self.assertEqual(other.size(SIGNATURE), mine.size(SIGNATURE))
        for offset in range(mine.size(SIGNATURE)):
            mine.data[mine.stream_at(SIGNATURE, offset)] = other.data[other.stream_at(SIGNATURE, offset)]
        self.refused(mine, CONTENT)

    def test_expired_without_and_accepted_with_a_timestamp(self):
        self.judge(self.signed("old.msi", "ended"), trust=self.trust, at=GONE, code=1, says="expired")
        stamped = self.signed("stamped.msi", "ended", "-TSA-certs", self.cert("tsa"), "-TSA-key", self.key("tsa"), "-TSA-time", SIGNED)
        self.judge(stamped, trust=self.trust, at=GONE, says="RFC 3161 timestamp of Time")
        self.judge(stamped, trust=self.policy(self.pin("authenticode"), timestampAuthorities=[]), at=GONE, code=1, says="expired")

    def test_weak_digests(self):
        file = self.signed("weak.msi", "vendor", "-h", "sha1")
        self.judge(file, trust=self.trust, code=1, says="SHA-1 in")
        self.judge(file, trust=self.policy(self.pin("authenticode", weakDigests=True)), says="SHA-1 in")


if __name__ == "__main__":
    unittest.main()
