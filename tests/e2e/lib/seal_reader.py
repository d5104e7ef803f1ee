# SPDX-License-Identifier: Apache-2.0
"""Evidence records of RFC 4998 read, checked and written without anything of the programs: a second opinion on their hash trees and
renewals. Signatures of tokens are `openssl ts -verify`'s matter."""
import hashlib

DIGESTS = {bytes.fromhex("0609608648016503040201"): "sha256", bytes.fromhex("0609608648016503040202"): "sha384",
           bytes.fromhex("0609608648016503040203"): "sha512"}


def take(data, at):
    """(tag, content, whole, next) of the DER element there."""
    tag, size, at_content = data[at], data[at + 1], at + 2
    if size >= 0x80:
        count = size & 0x7F
        size = int.from_bytes(data[at + 2:at + 2 + count], "big")
        at_content += count
        assert size >= 0x80 and data[at + 2] != 0, "not the shortest length"
    assert at_content + size <= len(data), "cut"
    return tag, data[at_content:at_content + size], data[at:at_content + size], at_content + size


def elements(data):
    at, found = 0, []
    while at < len(data):
        tag, content, whole, at = take(data, at)
        found.append((tag, content, whole))
    return found


def put(tag, *parts):
    content = b"".join(parts)
    size = len(content)
    length = bytes([size]) if size < 0x80 else bytes([0x80 | (size.bit_length() + 7) // 8]) + size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag]) + length + content


def digest_of(identifier):
    return DIGESTS[elements(identifier)[0][2]]


def imprint_of(token):
    """(digest, hash) that a token dates."""
    info, content = elements(elements(token)[0][1])
    assert info[0] == 0x06
    signed = elements(elements(content[1])[0][1])
    _, tagged = elements(signed[2][1])
    tst = elements(elements(elements(tagged[1])[0][1])[0][1])
    identifier, value = elements(tst[2][1])
    return digest_of(identifier[1]), value[1]


def first_tree(record):
    """The lists of the first timestamp's tree."""
    sequence = elements(elements(record)[0][1])[2][1]
    stamp = elements(elements(sequence)[0][1])[0][1]
    return [[value[1] for value in elements(one[1])] for tag, content, _ in elements(stamp) if tag == 0xA2 for one in elements(content)]


def node(name, values):
    return values[0] if len(values) == 1 else hashlib.new(name, b"".join(sorted(values))).digest()


def check(record, files):
    """The number of timestamps in each chain of a record that is over these files, and is whole."""
    (tag, content, whole), = elements(record)
    assert tag == 0x30 and whole == record
    version, algorithms, *infos, sequence = elements(content)
    assert version[1] == b"\x01" and all(tag == 0xA0 for tag, _, _ in infos)  # cryptoInfos, which nothing protects
    listed = {digest_of(one[1]) for one in elements(algorithms[1])}
    chains, counts, before = elements(sequence[1]), [], b""
    for chain in chains:
        previous, name = None, None
        for stamp in elements(chain[1]):
            parts = elements(stamp[1])
            token = parts[-1][2]
            digest, dated = imprint_of(token)
            assert digest in listed and name in (None, digest), "one digest in a chain"
            name = digest
            tree = next((content for tag, content, _ in parts if tag == 0xA2), b"")
            lists = [[value[1] for value in elements(one[1])] for one in elements(tree)]
            if previous is not None:
                wanted = [hashlib.new(name, previous).digest()]
            else:
                wanted = [hashlib.new(name, data).digest() for data in files]
                if before:
                    chained = hashlib.new(name, put(0x30, before)).digest()
                    wanted = [hashlib.new(name, one + chained).digest() for one in wanted]
            first = lists[0] if lists else [dated]
            assert all(one in first for one in wanted), "not in the first list"
            current = None
            for values in lists:
                current = node(name, values + ([current] if current is not None else []))
            assert current in (None, dated), "the root is not what is dated"
            previous = token
        counts.append(len(elements(chain[1])))
        before += chain[2]
    return counts


def write(name, lists, token):
    identifier = next(oid for oid, digest in DIGESTS.items() if digest == name)
    tree = put(0xA2, *(put(0x30, *(put(0x04, value) for value in values)) for values in lists)) if lists else b""
    return put(0x30, put(0x02, b"\x01"), put(0x30, put(0x30, identifier)), put(0x30, put(0x30, put(0x30, tree, token))))
