# SPDX-License-Identifier: Apache-2.0
"""OLE compound files (MS-CFB), as installer packages are: written from a tree of names, and taken apart to be damaged."""
import struct

FREE, END, FAT, DIFAT, NONE = 0xffffffff, 0xfffffffe, 0xfffffffd, 0xfffffffc, 0xffffffff
MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
MSI_CLASS = bytes.fromhex("84100c0000000000c000000000000046")
STREAM, STORAGE, ROOT = 2, 1, 5
SIGNATURE, EXTENDED = "\5DigitalSignature", "\5MsiDigitalSignatureEx"


class Named(dict):
    """A storage with what its entry says besides."""

    def __init__(self, children, clsid=bytes(16), state=0, times=(0, 0)):
        super().__init__(children)
        self.clsid, self.state, self.times = clsid, state, times


def entry(name, kind, child=NONE, start=0, size=0, right=NONE, clsid=bytes(16), state=0, times=(0, 0)):
    raw = name.encode("utf-16-le") + b"\0\0"
    return raw.ljust(64, b"\0") + struct.pack("<HBBIII16sIQQIQ", len(raw), kind, 1, NONE, right, child, clsid, state, *times, start, size)


def units(data, unit):
    return -(-len(data) // unit)


class Writer:
    """Streams, then small ones, then directory and tables: sectors in that order."""

    def __init__(self, unit):
        self.unit, self.body, self.fat, self.mini, self.mini_fat, self.entries = unit, bytearray(), [], bytearray(), [], [b""]

    def chain(self, data):
        """Puts bytes into sectors of their own; gives the first."""
        start, count = len(self.fat), units(data, self.unit)
        self.body += data.ljust(count * self.unit, b"\0")
        self.fat += [*range(start + 1, start + count), END] if count else []
        return start if count else END

    def small(self, data):
        start, count = len(self.mini_fat), units(data, 64)
        self.mini += data.ljust(count * 64, b"\0")
        self.mini_fat += [*range(start + 1, start + count), END]
        return start

    def stream(self, data):
        return END if not data else self.small(data) if len(data) < 4096 else self.chain(data)

    def tree(self, children):
        """The entries of a storage, each the right neighbour of the one before; gives the first."""
        first = at = None
        for name in sorted(children, key=lambda one: (len(one), one.upper())):
            data, index = children[name], len(self.entries)
            self.entries.append(b"")
            if isinstance(data, dict):
                made = entry(name, STORAGE, self.tree(data), clsid=data.clsid, state=data.state, times=data.times)
            else:
                made = entry(name, STREAM, start=self.stream(data), size=len(data))
            self.entries[index] = made
            if at is not None:
                self.entries[at] = self.entries[at][:0x48] + struct.pack("<I", index) + self.entries[at][0x4c:]
            first, at = index if first is None else first, index
        return NONE if first is None else first


def compound(tree, version=3):
    """The bytes of a compound file. tree: {name: bytes, or Named}."""
    writer = Writer(512 if version == 3 else 4096)
    unit = writer.unit
    child = writer.tree(tree)
    mini = writer.chain(bytes(writer.mini))
    writer.entries[0] = entry("Root Entry", ROOT, child, mini, len(writer.mini), clsid=getattr(tree, "clsid", MSI_CLASS),
                              state=getattr(tree, "state", 0))
    writer.entries += [struct.pack("<68s3I48s", b"", NONE, NONE, NONE, b"")] * (-len(writer.entries) % (unit // 128))
    directory = writer.chain(b"".join(writer.entries))
    small = struct.pack(f"<{len(writer.mini_fat)}I", *writer.mini_fat)
    small = small.ljust(units(small, unit) * unit, b"\xff")
    mini_fat = writer.chain(small)
    each, tables, lists = unit // 4, 0, 0
    while tables * each < len(writer.fat) + tables + lists:
        tables += 1
        lists = -(-max(tables - 109, 0) // (each - 1))
    at, list_at = len(writer.fat), len(writer.fat) + tables
    fat = writer.fat + [FAT] * tables + [DIFAT] * lists
    fat += [FREE] * (tables * each - len(fat))
    places = [*range(at, at + tables)]
    listed = b""
    for index in range(lists):
        part = places[109 + index * (each - 1):109 + (index + 1) * (each - 1)]
        part += [FREE] * (each - 1 - len(part))
        listed += struct.pack(f"<{each}I", *part, list_at + index + 1 if index + 1 < lists else END)
    head = places[:109] + [FREE] * (109 - min(tables, 109))
    header = MAGIC + bytes(16) + struct.pack("<HHHHH6x", 0x3e, version, 0xfffe, unit.bit_length() - 1, 6)
    header += struct.pack("<9I", len(writer.entries) * 128 // unit if version == 4 else 0, tables, directory, 0, 4096,
                          mini_fat, len(small) // unit, list_at if lists else END, lists)
    header += struct.pack("<109I", *head)
    return header.ljust(unit, b"\0") + bytes(writer.body) + struct.pack(f"<{len(fat)}I", *fat) + listed


class Compound:
    """A compound file that is sound, to be read and damaged in place."""

    def __init__(self, data):
        self.data = bytearray(data)
        self.unit = 1 << struct.unpack_from("<H", data, 30)[0]
        head = struct.unpack_from("<9I", data, 40)
        self.tables = [one for one in struct.unpack_from("<109I", data, 76) if one != FREE][:head[1]]
        self.directory, self.mini_fat, self.root = self.chain(head[2]), self.chain(head[5]), None
        self.root = self.entry_at(0)

    def sector_at(self, sector):
        return (sector + 1) * self.unit

    def table_at(self, sector):
        """Where the table's entry of a sector lies."""
        return self.sector_at(self.tables[sector * 4 // self.unit]) + sector * 4 % self.unit

    def small_table_at(self, small):
        return self.sector_at(self.mini_fat[small * 4 // self.unit]) + small * 4 % self.unit

    def get(self, at):
        return struct.unpack_from("<I", self.data, at)[0]

    def put(self, at, value):
        struct.pack_into("<I", self.data, at, value)

    def chain(self, sector):
        found = []
        while sector < DIFAT:
            found.append(sector)
            sector = self.get(self.table_at(sector))
        return found

    def entry_at(self, index):
        each = self.unit // 128
        return self.sector_at(self.directory[index // each]) + index % each * 128

    def names(self):
        found = {}
        for index in range(len(self.directory) * self.unit // 128):
            at = self.entry_at(index)
            size, kind = struct.unpack_from("<HB", self.data, at + 64)
            if kind:
                found[self.data[at:at + size - 2].decode("utf-16-le")] = index
        return found

    def find(self, name):
        """Where the entry of this name lies."""
        return self.entry_at(self.names()[name])

    def size(self, name):
        return self.get(self.find(name) + 0x78)

    def stream_at(self, name, offset=0):
        """Where a byte of a stream lies."""
        at = self.find(name)
        unit = self.get(at + 0x74)
        if self.size(name) >= 4096:
            return self.sector_at(self.chain(unit)[offset // self.unit]) + offset % self.unit
        for _ in range(offset // 64):
            unit = self.get(self.small_table_at(unit))
        place = unit * 64
        return self.sector_at(self.chain(self.get(self.entry_at(0) + 0x74))[place // self.unit]) + place % self.unit + offset % 64

    def read(self, name):
        return bytes(self.data[self.stream_at(name, offset)] for offset in range(self.size(name)))

    def flip(self, at, bit=1):
        self.data[at] ^= bit

    def free_sector(self):
        """The first sector that the tables know and nobody has, appended where there is none."""
        count = len(self.data) // self.unit - 1
        for sector in range(count):
            if self.get(self.table_at(sector)) == FREE:
                return sector
        self.data += bytes(self.unit)
        return count
