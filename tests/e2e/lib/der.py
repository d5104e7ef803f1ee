# SPDX-License-Identifier: Apache-2.0
"""As much DER as the forgeries need: a tree of tags, read and written."""


class Node:
    """One TLV; constructed ones hold children, others bytes."""

    def __init__(self, tag, content):
        self.tag = tag
        self.content = content

    @property
    def constructed(self):
        return bool(self.tag & 0x20)

    def encode(self):
        body = b"".join(child.encode() for child in self.content) if self.constructed else self.content
        return bytes([self.tag]) + length(len(body)) + body

    def copy(self):
        return parse(self.encode())

    def __getitem__(self, index):
        return self.content[index]

    def __len__(self):
        return len(self.content)


def length(size):
    if size < 0x80:
        return bytes([size])
    body = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(body)]) + body


def parse_all(data):
    nodes = []
    at = 0
    while at < len(data):
        tag = data[at]
        size = data[at + 1]
        at += 2
        if size & 0x80:
            count = size & 0x7F
            size = int.from_bytes(data[at:at + count], "big")
            at += count
        body = data[at:at + size]
        at += size
        nodes.append(Node(tag, parse_all(body) if tag & 0x20 else body))
    return nodes


def parse(data):
    nodes = parse_all(data)
    if len(nodes) != 1:
        raise ValueError("expected one element")
    return nodes[0]


def oid(text):
    first, second, *rest = [int(part) for part in text.split(".")]
    out = bytearray([40 * first + second])
    for arc in rest:
        part = [arc & 0x7F]
        while arc := arc >> 7:
            part.insert(0, (arc & 0x7F) | 0x80)
        out += bytes(part)
    return Node(0x06, bytes(out))


def sequence(*children):
    return Node(0x30, list(children))


def set_of(*children):
    return Node(0x31, sorted(children, key=Node.encode))


def octets(data):
    return Node(0x04, data)


# The parts of a detached CMS (RFC 5652), as views into its tree.

def signed_data(cms):
    return cms[1][0]


def signer_info(cms):
    return signed_data(cms)[-1][0]


def signed_attributes(cms):
    """The [0] IMPLICIT SET OF Attribute, or None."""
    return next((child for child in signer_info(cms).content if child.tag == 0xA0), None)
