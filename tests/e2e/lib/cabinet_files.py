# SPDX-License-Identifier: Apache-2.0
"""Cabinets (CAB) of one stored file, as enough for whoever signs them."""
import struct


def cabinet(data, name="firmware.bin", flags=0):
    entry = struct.pack("<IIHHHH", len(data), 0, 0, 0x5cc1, 0x6000, 0x20) + name.encode("ascii") + b"\0"
    blocks = b"".join(struct.pack("<IHH", 0, len(data[at:at + 32768]), len(data[at:at + 32768])) + data[at:at + 32768]
                      for at in range(0, len(data), 32768))
    files, start = 36 + 8, 36 + 8 + len(entry)
    folder = struct.pack("<IHH", start, -(-len(data) // 32768), 0)
    header = struct.pack("<4sIIIIIHHHHHH", b"MSCF", 0, start + len(blocks), 0, files, 0, 0x0103, 1, 1, flags, 0x1234, 0)
    return header + folder + entry + blocks
