# SPDX-License-Identifier: Apache-2.0
"""Evidence records (RFC 4998): a rule of form, hash tree, renewal and time each, broken alone; all else signed rightly."""
import hashlib

import der
import trust_pki
from der import Node
from family_timestamp import Maker as Tokens
from store import File, Folder, Plan
from trust_pki import integer

DATA, FORM, TIME = "seal.data", "seal.form", "seal.time"
OVER, END = "the seal is not over", "the hash tree does not end in what the token dates"
BEFORE, AGAIN = "it is not over the timestamp before it", "the renewal of the hash tree is not over"
TIMES = [b"20261020080000Z", b"20261120080000Z", b"20261220080000Z", b"20270120080000Z", b"20270220080000Z",
         b"20270225080000Z"]
RECORD, SIGNATURE = b'{"cretula": "record/1"}\n', b"\x30\x03\x02\x01\x05"
OTHERS = [hashlib.sha256(b"%d" % number).digest() for number in range(4)]


def digest(data, name="sha256"):
    return hashlib.new(name, data).digest()


def node(values, name="sha256"):
    """The value of a node, in the order that the rule says."""
    return values[0] if len(values) == 1 else digest(b"".join(sorted(values)), name)


def root(lists, name="sha256"):
    current = None
    for values in lists:
        current = node([*values, *([current] if current else [])], name)
    return current


def algorithm(name, *parameters):
    return der.sequence(der.oid(trust_pki.DIGESTS[name]), *parameters)


class Maker(Tokens):
    def __init__(self):
        super().__init__()
        self.world["certificates"]["short"] = {"kind": "tsa", "issuer": "tsa-root", "notAfter": "2026-12-01T00:00:00Z"}

    def seal_token(self, value, number, name="sha256", **more):
        """A token over a digest, of the time with this number."""
        imprint = der.sequence(algorithm(name), der.octets(value))
        return self.token(self.info(imprint=imprint, time=TIMES[number], **more))

    def stamp(self, lists, number=0, name="sha256", dated=None, before=()):
        """An ArchiveTimeStamp; dated: what its token is over, where that is not the root of the lists."""
        tree = [Node(0xA2, [der.sequence(*map(der.octets, values)) for values in lists])] if lists is not None else []
        return der.sequence(*before, *tree, self.seal_token(dated or root(lists, name), number, name))

    def renewed(self, chain, number):
        """One timestamp more over the last token, beside a neighbour."""
        before = chain[-1]
        name = getattr(before, "digest", "sha256")
        stamp = self.stamp([[digest(token_of(before), name)], [digest(b"%d" % number, name)]], number, name)
        stamp.digest = name
        return [*chain, stamp]

    def rehashed(self, chains, number, name):
        """The first timestamp of a new chain, over the two files again and all chains before."""
        stamp = self.stamp([[again(chains, data, name) for data in (RECORD, SIGNATURE)], [digest(b"%d" % number, name)]], number, name)
        stamp.digest = name
        return stamp

    @staticmethod
    def record(*chains, algorithms=("sha256",), version=1, before=()):
        listed = [one if isinstance(one, Node) else algorithm(one) for one in algorithms]
        sequence = der.sequence(*[der.sequence(*chain) for chain in chains])
        return der.sequence(integer(version), der.sequence(*listed), *before, sequence)

    def verified(self, record, files=None, tail=b"", authority="tsa-root"):
        """Seal and files as they lie beside each other, and who is trusted."""
        files = {"it.json": RECORD, "it.json.p7s": SIGNATURE} if files is None else files
        whole = record.encode() + tail
        return [Folder({**files, "seals/it.json.ers": whole}, path="seals/it.json.ers"), "--authority",
                File("authority.pem", self.release.anchor(authority))]


FIRST = [digest(RECORD), digest(SIGNATURE)]
LISTS = [FIRST, [OTHERS[0]], [OTHERS[1], OTHERS[2]]]


def token_of(stamp):
    return stamp.content[-1].encode()


def again(chains, data, name="sha512"):
    """H(H(data) || H(chains)): what hash-tree renewal puts into the new tree."""
    sequence = der.sequence(*[der.sequence(*chain) for chain in chains]).encode()
    return digest(digest(data, name) + digest(sequence, name), name)


def good(maker, first):
    second = maker.stamp([[digest(token_of(first))], [OTHERS[3]]], 1)
    chain = [first, second]
    renewed = [again([chain], data) for data in (RECORD, SIGNATURE)]
    third = maker.stamp([renewed], 2, "sha512")
    yield "good", "a record and its signature, sealed with others", maker.record([first])
    yield "good-alone", "a list of the two files, and nothing else", maker.record([maker.stamp([FIRST])])
    yield "good-order", "digests in descending order: the rule sorts them", maker.record([maker.stamp([sorted(FIRST, reverse=True), [OTHERS[1], OTHERS[0]]])])
    yield "good-null", "parameters NULL of the digest algorithm", maker.record([first], algorithms=[algorithm("sha256", Node(0x05, b""))])
    yield "good-named", "digestAlgorithm of the timestamp written out, implicitly", maker.record(
        [maker.stamp(LISTS, before=[Node(0xA0, algorithm("sha256").content)])])
    yield "good-named-explicitly", "digestAlgorithm of the timestamp written out, explicitly", maker.record(
        [maker.stamp(LISTS, before=[Node(0xA0, [algorithm("sha256")])])])
    yield "good-renewed", "the timestamp renewed", maker.record(chain)
    yield "good-renewed-without-tree", "the timestamp renewed over the token alone", maker.record(
        [first, maker.stamp(None, 1, dated=digest(token_of(first)))])
    yield "good-tree-renewed", "the timestamp renewed, then the hash tree with SHA-512", maker.record(chain, [third], algorithms=("sha256", "sha512"))


def long_chains(maker, first):
    """Five renewals, of either kind and of both; a fault in the midst of them: (name, about, the check, its words, record)."""
    chain = [first]
    for number in range(1, 6):
        chain = maker.renewed(chain, number)
    yield "good-five", "the timestamp renewed five times", None, None, maker.record(chain)
    names = ("sha256", "sha384", "sha512")
    chains = [maker.renewed([first], 1)]
    chains.append(maker.renewed([maker.rehashed(chains, 2, "sha384")], 3))
    chains.append(maker.renewed([maker.rehashed(chains, 4, "sha512")], 5))
    yield "good-five-both", "renewed five times: each timestamp once, the hash tree with SHA-384, then with SHA-512", None, None, maker.record(
        *chains, algorithms=names)
    yield "good-infos", "cryptoInfos, which nothing protects and nobody needs", None, None, maker.record([first], before=[Node(0xA0, [der.sequence(
        der.oid("1.3.6.1.4.1.32473.7"), der.set_of(der.octets(b"a certificate of those days")))])])
    yield "five-third-changed", "five renewals; the third one is over another token", DATA, BEFORE, maker.record(
        [*chain[:3], maker.stamp([[digest(token_of(chain[1]))], [digest(b"3")]], 3), *chain[4:]])
    yield "five-third-taken", "five renewals, of which the third was taken out", DATA, BEFORE, maker.record([*chain[:3], *chain[4:]])
    yield "five-third-in-first-chain", "the hash tree was renewed twice; the second time is over the first chain alone", DATA, AGAIN, maker.record(
        *chains[:2], [maker.rehashed(chains[:1], 4, "sha512")], algorithms=names)
    yield "five-chain-taken", "the hash tree was renewed twice; the first time was taken out", DATA, AGAIN, maker.record(
        chains[0], chains[2], algorithms=("sha256", "sha512"))
    yield "five-last-before", "the last of five renewals is from before the fourth", TIME, "it is not later than the one before it", maker.record(
        [*chain[:5], maker.stamp([[digest(token_of(chain[4]))]], 3)])
    maker.clock = "short"
    short = maker.stamp(LISTS)
    maker.clock = "tsa"
    token = digest(token_of(short))
    yield "good-ended", "the authority's certificate ended; it was renewed before", None, None, maker.record([short, maker.stamp([[token]], 1)])
    yield "renewed-late", "it was renewed when the authority's certificate had ended", TIME, "the seal was renewed too late", maker.record(
        [short, maker.stamp([[token]], 2)])
    yield "not-renewed", "the authority's certificate ended, and it was never renewed", TIME, "the seal was not renewed", maker.record([short])


def trees(maker, first):
    """Rules of the hash tree: (name, about, record)."""
    value = root(LISTS)
    yield "object-missing", "one of the files is in no list", maker.record([maker.stamp([FIRST[:1], [OTHERS[0]]])])
    yield "object-in-second-list", "one of the files is in the second list only", maker.record([maker.stamp([FIRST[:1], FIRST[1:]])])
    yield "object-of-sha512", "the list has digests of another algorithm, cut to its length", maker.record(
        [maker.stamp([[digest(RECORD, "sha512")[:32], FIRST[1]], [OTHERS[0]]])])
    yield "dated-other", "the token dates another digest", maker.record([maker.stamp(LISTS, dated=OTHERS[3])])
    yield "dated-leaf", "the token dates the first node, and not the root", maker.record([maker.stamp(LISTS, dated=node(FIRST))])
    yield "list-more", "a list more than the root is made of", maker.record([maker.stamp([*LISTS, [OTHERS[3]]], dated=value)])
    yield "list-less", "a list less than the root is made of", maker.record([maker.stamp(LISTS[:-1], dated=value)])
    yield "list-moved", "two lists in each other's place", maker.record([maker.stamp([LISTS[0], LISTS[2], LISTS[1]], dated=value)])
    yield "value-changed", "a bit of a neighbour", maker.record([maker.stamp(
        [FIRST, [bytes([OTHERS[0][0] ^ 1]) + OTHERS[0][1:]], LISTS[2]], dated=value)])
    yield "value-twice", "a neighbour twice: equal values stay as many as they are", maker.record(
        [maker.stamp([FIRST, [OTHERS[0], OTHERS[0]], LISTS[2]], dated=value)])
    falling = digest(b"".join(sorted([node(FIRST), OTHERS[0]], reverse=True)))
    yield "unsorted", "the root is made of values in descending order", maker.record([maker.stamp(LISTS[:2], dated=falling)])
    yield "two-without-tree", "no tree, and two files", maker.record([maker.stamp(None, dated=node(FIRST))])


def renewals(maker, first):
    token = token_of(first)
    content = der.parse(token)
    for name, about, over in (
            ("of-content", "the content of the token, without its tag and length", b"".join(one.encode() for one in content.content)),
            ("of-info", "the TSTInfo of the token alone", der.signed_data(content)[2][1][0].content),
            ("of-stamp", "the whole ArchiveTimeStamp", first.encode()), ("of-root", "the root of the tree before", root(LISTS))):
        yield f"renewed-{name}", f"the second timestamp is over {about}", maker.record([first, maker.stamp([[digest(over)], [OTHERS[3]]], 1)])
    yield "renewed-in-second-list", "the digest of the token is in the second list", maker.record(
        [first, maker.stamp([[OTHERS[3]], [digest(token)]], 1)])
    yield "renewed-skipping", "the third timestamp is over the first token, not over the second", maker.record(
        [first, maker.stamp([[digest(token)]], 1), maker.stamp([[digest(token)]], 2)])

    def tree(*values):
        return maker.record([first], [maker.stamp([list(values)], 1, "sha512")], algorithms=("sha256", "sha512"))
    chain = der.sequence(first).encode()
    for name, about, over in (
            ("without-chains", "digests of the files alone", lambda data: digest(data, "sha512")),
            ("of-chain", "the chain in the place of the sequence of chains", lambda data: digest(digest(data, "sha512") + digest(chain, "sha512"), "sha512")),
            ("chains-first", "the digest of the chains before that of the file",
             lambda data: digest(digest(der.sequence(der.sequence(first)).encode(), "sha512") + digest(data, "sha512"), "sha512")),
            ("of-sha256", "inner digests by the old algorithm", lambda data: digest(digest(data) + digest(der.sequence(der.sequence(first)).encode()), "sha512"))):
        yield f"tree-renewed-{name}", f"hash-tree renewal with {about}", tree(over(RECORD), over(SIGNATURE))
    yield "tree-renewed-one", "hash-tree renewal of one of the two files", tree(again([[first]], RECORD), again([[first]], b"{}"))


def forms(maker, first):
    yield "version", "has another value for version", "version 2", maker.record([first], version=2)
    yield "algorithm-unlisted", "does not list the digest of the token", "digestAlgorithms without the one that is used", maker.record([first], algorithms=("sha512",))
    yield "algorithm-twice", "names a digest twice", "an algorithm listed twice", maker.record([first], algorithms=("sha256", "sha256"))
    yield "algorithm-sha1", "names a digest that is not accepted", "SHA-1 listed as well", maker.record([first], algorithms=("sha256", "sha1"))
    yield "algorithm-parameters", "names a digest that is not accepted", "parameters of an algorithm", maker.record([first], algorithms=[algorithm("sha256", integer(1))])
    yield "encryption", "is of encrypted data", "encryptionInfo", maker.record([first], before=[Node(0xA1, [der.oid("1.2.3.4")])])
    yield "attributes", "has attributes in a timestamp", "attributes of a timestamp", maker.record([maker.stamp(LISTS, before=[Node(0xA1, [])])])
    yield "named-other", "by another digest than its digestAlgorithm", "digestAlgorithm of the timestamp is not that of its token", maker.record(
        [maker.stamp(LISTS, before=[Node(0xA0, algorithm("sha512").content)])], algorithms=("sha256", "sha512"))
    yield "list-empty", "an empty PartialHashtree", "an empty list", maker.record([maker.stamp([FIRST, []], dated=node(FIRST))])
    yield "tree-empty", "an empty reducedHashtree", "an empty tree", maker.record([maker.stamp([], dated=node(FIRST))])
    yield "digest-short", "has the wrong length", "a digest that is an octet short", maker.record([maker.stamp([FIRST, [OTHERS[0][:-1]]])])
    yield "chain-empty", "has an empty chain", "a chain without a timestamp", maker.record([first], [])
    yield "chain-none", "has no timestamp at all", "no chain", maker.record()
    yield "renewed-with-sha512", "by another digest than its chain", "another digest in the same chain", maker.record(
        [first, maker.stamp([[digest(token_of(first), "sha512")]], 1, "sha512")], algorithms=("sha256", "sha512"))


def times(maker, first):
    token = digest(token_of(first))
    late = maker.stamp(LISTS, 1)
    yield "time-same", "the second timestamp is of the same second", maker.record([first, maker.stamp([[token]], 0)])
    yield "time-before", "the second timestamp is of before the first", maker.record([late, maker.stamp([[digest(token_of(late))]], 0)])


def plans():
    maker = Maker()
    first = maker.stamp(LISTS)
    made = []
    for name, about, record in good(maker, first):
        made.append(Plan(f"seal-{name}", about, lambda r=record: maker.verified(r)))
    for name, about, check, says, record in long_chains(maker, first):
        like = None if check is None else "seal-good-five" if name.startswith("five") else "seal-good-ended"
        made.append(Plan(f"seal-{name}", about, lambda r=record: maker.verified(r), 1 if check else 0, check, says, like))
    for name, about, record in trees(maker, first):
        says = OVER if name.startswith(("object", "two")) else END
        made.append(Plan(f"seal-{name}", about, lambda r=record: maker.verified(r), 1, DATA, says, "seal-good"))
    for name, about, record in renewals(maker, first):
        says = AGAIN if name.startswith("tree") else BEFORE
        made.append(Plan(f"seal-{name}", about, lambda r=record: maker.verified(r), 1, DATA, says, "seal-good-tree-renewed"))
    for name, says, about, record in forms(maker, first):
        made.append(Plan(f"seal-{name}", about, lambda r=record: maker.verified(r), 1, FORM, says, "seal-good"))
    for name, about, record in times(maker, first):
        made.append(Plan(f"seal-{name}", about, lambda r=record: maker.verified(r), 1, TIME, "it is not later than the one before it", "seal-good-renewed"))
    right = maker.record([first])
    files = {"it.json": RECORD, "it.json.p7s": SIGNATURE}
    for name, about, changed in (
            ("file-flipped", "one letter of the record", {**files, "it.json": RECORD.replace(b"record", b"rec0rd")}),
            ("file-longer", "a byte more of the signature", {**files, "it.json.p7s": SIGNATURE + b"\0"}),
            ("file-none", "an empty signature", {**files, "it.json.p7s": b""})):
        made.append(Plan(f"seal-{name}", about, lambda f=changed: maker.verified(right, f), 1, DATA, OVER, "seal-good"))
    made.append(Plan("seal-tail", "a byte behind the record", lambda: maker.verified(right, tail=b"\0"), 1, FORM, "1 bytes too many in or after EvidenceRecord", "seal-good"))
    made.append(Plan("seal-authority-of-another", "another authority is trusted", lambda: maker.verified(right, authority="root"), 1, TIME, "does not lead to the trusted anchor", "seal-good"))
    made.append(Plan("seal-of-tomorrow", "the clock is before the timestamp", lambda: maker.verified(right), 1, TIME, "it is from after the time of this run", "seal-good",
                     clock="2026-10-20T07:59:59Z"))
    for plan in made:
        plan.verb, plan.verdict, plan.clock = ("seal", "verify"), "-", plan.clock or "2027-03-01T00:00:00Z"
        yield plan
