# SPDX-License-Identifier: Apache-2.0
"""Pairs of a release and a document about it, with what must be said and why. Data of test_advisory_pairs.py.

Each pair: family, name, release, document, what is found, why. What is found: a set of "sure affected", "possible fixed", ...;
empty: nothing; or the words of NOT JUDGED. A question that a mild statement became is "possible affected".
"""
import hashlib

VENDOR, PRODUCT = "Acme GmbH", "PowerGate 3000"
UUID = "3e671687-395b-41f5-a30f-a58921a69b79"
FIRMWARE = b"firmware of the pairs"
PURL, CPE = "pkg:generic/acme/powergate3000", "cpe:2.3:o:acme:powergate3000_firmware"
AFFECTED, FIXED, SAFE, ASKED = "known_affected", "fixed", "known_not_affected", "under_investigation"


def cpe(version, start=CPE):
    return f"{start}:{version}:*:*:*:*:*:*:*"


def digest(name):
    return hashlib.new(name, FIRMWARE).hexdigest()


# Releases: product fields, version, hardware, components (None: no SBOM).

def release(version="1.2.0", components=None, hardware=None, name=PRODUCT, vendor=VENDOR, serial=UUID, root=None, **product):
    return {"product": {"vendor": vendor, "name": name, **product}, "version": version, "components": components, "hardware": hardware,
            "serial": serial, "root": root or {}}


def library(name="lodash", version="4.17.20", purl=None, **more):
    return {"type": "library", "bom-ref": name, "name": name, "version": version, "purl": purl or f"pkg:npm/{name}@{version}", **more}


PLAIN = release()
WITH_PURL = release(purl=f"{PURL}@1.2.0")
ROOT_HASHED = release(purl=f"{PURL}@1.2.0", components=[], root={"hashes": [{"alg": "SHA-256", "content": digest("sha256")}]})
WITH_BOTH = release(purl=f"{PURL}@1.2.0", cpe=cpe("1.2.0"))
WITH_CPE = release(cpe=cpe("1.2.0"))
LODASH = release(purl=f"{PURL}@1.2.0", components=[library()])
MODELS = release(modelNumbers=["6RA8013-4MV62-0AA0"], hardware=[{"model": "PG-3000-24"}])


# Documents.

def tracking(**more):
    return {"id": "T-1", "status": "final", "version": "1", "current_release_date": "2026-01-01T00:00:00Z",
            "initial_release_date": "2026-01-01T00:00:00Z",
            "revision_history": [{"date": "2026-01-01T00:00:00Z", "number": "1", "summary": "first"}], **more}


def csaf(tree, vulnerabilities, publisher=("vendor", "Acme"), category="csaf_security_advisory", **more):
    return {"document": {"category": category, "csaf_version": "2.0", "title": "t", "tracking": tracking(**more),
                         "publisher": {"category": publisher[0], "name": publisher[1], "namespace": "https://acme.example"}},
            "product_tree": tree, **({"vulnerabilities": vulnerabilities} if vulnerabilities is not None else {})}


def product(identity="P1", name=PRODUCT, vendor="Acme", version=None, range=None, **helper):
    """Branches of one product; without a vendor a name by itself."""
    full = {"name": f"{vendor} {name} {version or range or ''}".strip() if vendor else name, "product_id": identity}
    if helper:
        full["product_identification_helper"] = helper
    if vendor is None:
        return {"full": full}
    inner = {"category": "product_name", "name": name}
    if version or range:
        inner["branches"] = [{"category": "product_version" if version else "product_version_range", "name": version or range, "product": full}]
    else:
        inner["product"] = full
    return {"branch": {"category": "vendor", "name": vendor, "branches": [inner]}}


def tree(*products, relations=(), groups=()):
    made = {}
    if any("branch" in one for one in products):
        made["branches"] = [one["branch"] for one in products if "branch" in one]
    if any("full" in one for one in products):
        made["full_product_names"] = [one["full"] for one in products if "full" in one]
    if relations:
        made["relationships"] = [{"category": category, "product_reference": part, "relates_to_product_reference": whole,
                                  "full_product_name": {"name": f"{part} {category} {whole}", "product_id": identity}}
                                 for identity, part, category, whole in relations]
    if groups:
        made["product_groups"] = [{"group_id": name, "product_ids": list(members)} for name, members in groups]
    return made


def flaw(cve="CVE-2026-1", flags=None, **lists):
    one = {"cve": cve, "product_status": {name: ids if isinstance(ids, list) else [ids] for name, ids in lists.items()}}
    if flags is not None:
        one["flags"] = flags
    elif SAFE in lists:
        one["flags"] = [{"label": "vulnerable_code_not_present", "product_ids": one["product_status"][SAFE]}]
    return one


def said(what, *products, identity="P1", relations=(), **more):
    """One statement about one product."""
    return csaf(tree(*products, relations=relations), [flaw(**{what: identity})], **more)


def vex(affects, state="not_affected", root=None, components=(), justification="code_not_reachable", serial=None, version="1.6", metadata=None,
        **analysis):
    if state == "not_affected" and justification:
        analysis["justification"] = justification
    made = {"bomFormat": "CycloneDX", "specVersion": version, "version": 1, "components": list(components),
            "vulnerabilities": [{"id": "CVE-2026-1", "analysis": {"state": state, **analysis}}]}
    if affects is not None:
        made["vulnerabilities"][0]["affects"] = affects
    if root or metadata:
        made["metadata"] = {**(metadata or {}), **({"component": root} if root else {})}
    if serial:
        made["serialNumber"] = serial
    return made


def link(reference, version=1):
    return f"urn:cdx:{UUID}/{version}#{reference}"


def ours(version="1.2.0", **more):
    return {"type": "firmware", "bom-ref": "us", "name": PRODUCT, "version": version, "supplier": {"name": VENDOR},
            "purl": f"{PURL}@{version}", **more}


def unaffected(**version):
    return [{**version, "status": "unaffected"}]


SURE_AFFECTED, MAYBE_AFFECTED = {"sure affected"}, {"possible affected"}
SURE_FIXED, MAYBE_FIXED, SURE_SAFE, MAYBE_SAFE = {"sure fixed"}, {"possible fixed"}, {"sure not affected"}, {"possible not affected"}
NOTHING = set()

C1 = [
    ("C1", "link, other range", release("3.0.0", [library()]), vex([{"ref": link("root"), "versions": unaffected(range="vers:generic/<=2.3")}]),
     MAYBE_AFFECTED, "3.0.0 is not among the versions that are not affected"),
    ("C1", "link, other version", release("3.0.0", [library()]), vex([{"ref": link("root"), "versions": unaffected(version="2.3")}]),
     MAYBE_AFFECTED, "another version is not affected"),
    ("C1", "link to a component, other version", LODASH, vex([{"ref": link("lodash"), "versions": unaffected(version="4.17.21")}]),
     MAYBE_AFFECTED, "4.17.20 is not 4.17.21"),
    ("C1", "purl with a version, other range", LODASH, vex([{"ref": "pkg:npm/lodash@4.17.20", "versions": unaffected(range="vers:npm/>=4.17.21")}],
                                                           root=ours()),
     MAYBE_AFFECTED, "the range leaves out the version of the purl"),
    ("C1", "purl with a version, other version", LODASH, vex([{"ref": "pkg:npm/lodash@4.17.20", "versions": unaffected(version="5.0.0")}], root=ours()),
     MAYBE_AFFECTED, "the version leaves out the version of the purl"),
    ("C1", "link, resolved in another version", release("3.0.0", [library()]),
     vex([{"ref": link("root"), "versions": unaffected(version="3.0.1")}], state="resolved"), MAYBE_AFFECTED, "the fix is later"),
    ("C1", "link without versions", release("3.0.0", [library()]), vex([{"ref": link("root")}]), SURE_SAFE, "this very product of this very SBOM"),
    ("C1", "link to another version of the SBOM", release("3.0.0", [library()]), vex([{"ref": link("root", 2)}]), MAYBE_AFFECTED,
     "which SBOM it was nobody knows"),
    ("C1", "link, our version among them", release("3.0.0", [library()]), vex([{"ref": link("root"), "versions": unaffected(version="3.0.0")}]),
     SURE_SAFE, "the version is surely meant"),
    ("C1", "link to what is not there", LODASH, vex([{"ref": link("gone")}], state="exploitable"), MAYBE_AFFECTED, "something in our SBOM is affected"),
]

C2 = [
    ("C2", "version in the name, fixed", WITH_PURL, said(FIXED, product(vendor=None, name="Acme PowerGate 3000 2.0.0", purl=PURL)), MAYBE_AFFECTED,
     "the name says 2.0.0"),
    ("C2", "our version in the name, fixed", WITH_PURL, said(FIXED, product(vendor=None, name="Acme PowerGate 3000 1.2.0", purl=PURL)), MAYBE_AFFECTED,
     "a version in a name is read by people"),
    ("C2", "no version at all, fixed", WITH_PURL, said(FIXED, product(vendor=None, name="Acme PowerGate 3000", purl=PURL)), MAYBE_AFFECTED,
     "fixed in some version"),
    ("C2", "no version at all, not affected", WITH_PURL, said(SAFE, product(vendor=None, name="Acme PowerGate", purl=PURL)), MAYBE_SAFE,
     "which versions is not said"),
    ("C2", "CPE of any version, fixed", WITH_CPE, said(FIXED, product(vendor=None, name="PowerGate V2.0", cpe=cpe("*"))), MAYBE_AFFECTED,
     "the version is in the name only"),
    ("C2", "CPE of any version, not affected", WITH_CPE, said(SAFE, product(vendor=None, name="PowerGate before 1.0", cpe=cpe("*"))), MAYBE_AFFECTED,
     "the name says which versions, in words"),
    ("C2", "CPE without a version, fixed", WITH_CPE, said(FIXED, product(vendor=None, name="PowerGate", cpe=cpe("-"))), MAYBE_AFFECTED,
     "'-' is no version"),
    ("C2", "no version at all, affected", WITH_PURL, said(AFFECTED, product(vendor=None, name="PowerGate", purl=PURL)), SURE_AFFECTED,
     "every version is affected for all that is said"),
    ("C2", "range beside an exact purl, fixed", WITH_PURL, said(FIXED, product(range=">=2.0", purl=f"{PURL}@1.2.0")), MAYBE_AFFECTED,
     "the two say different things"),
    ("C2", "exact, fixed", WITH_PURL, said(FIXED, product(vendor=None, name="x", purl=f"{PURL}@1.2.0")), SURE_FIXED, "the very product and version"),
    ("C2", "all versions in so many words, not affected", WITH_PURL, said(SAFE, product(range="vers:all/*", purl=PURL)), SURE_SAFE, "every version"),
    ("C2", "VEX, product without a version", LODASH, vex([{"ref": "l"}], root={"type": "firmware", "bom-ref": "us", "name": PRODUCT, "purl": PURL},
                                                         components=[library(**{"bom-ref": "l"})]), MAYBE_SAFE, "of which version of the product?"),
]


C3 = [("C3", f"{status} {other}, ours {own}", release(own), said(status, product(version=other)), MAYBE_AFFECTED, "no order of these that all agree on")
      for own, other, status in (("FW22", "FW23", FIXED), ("R11B", "R11C", FIXED), ("12.2(55)SE3", "12.2(55)SE4", FIXED), ("1.1.1k-9", "1.1.1k-10", FIXED),
                                 ("FW22", "FW23", SAFE), ("2019 SP1", "2019 SP2", FIXED), ("R12", "R13 Update 2", SAFE), ("1.0-rc1", "1.0", FIXED),
                                 ("a41f2c9", "b0071de", FIXED), ("1.2.0 build 7", "1.2.0 build 9", FIXED))] + [
    ("C3", "distribution revisions", release(components=[library("openssl", "1.1.1k-9.el8", "pkg:rpm/redhat/openssl@1.1.1k-9.el8")]),
     said(FIXED, product(vendor=None, name="openssl", purl="pkg:rpm/redhat/openssl@1.1.1k-12.el8")), MAYBE_AFFECTED, "another revision is fixed"),
    ("C3", "the later one is fixed", WITH_PURL, said(FIXED, product(version="2.0.0", purl=PURL)), MAYBE_AFFECTED, "there is something to fix"),
    ("C3", "an older one was fixed", WITH_PURL, said(FIXED, product(version="1.1.9", purl=PURL)), NOTHING, "ours is surely later"),
    ("C3", "affected FW23, ours FW22", release("FW22"), said(AFFECTED, product(version="FW23")), MAYBE_AFFECTED, "cannot be compared"),
    ("C3", "unordered range", release("FW22"), said(SAFE, product(range=">=FW23")), MAYBE_AFFECTED, "cannot be compared"),
    ("C3", "words", release("1.2.0"), said(SAFE, product(range="all versions from 2020 on")), MAYBE_AFFECTED, "words"),
]

C4 = [
    ("C4", f"another vendor's {word}", LODASH, vex([{"ref": "l"}], components=[library(**{"bom-ref": "l"})], justification=word,
                                                   metadata={"manufacturer": {"name": "Zeta Inc"}}), MAYBE_AFFECTED, "how they use it is not how we do")
    for word in ("code_not_reachable", "requires_configuration", "requires_dependency", "requires_environment", "protected_by_compiler",
                 "protected_at_runtime", "protected_at_perimeter", "protected_by_mitigating_control")] + [
    ("C4", "another vendor's free words", LODASH, vex([{"ref": "l"}], components=[library(**{"bom-ref": "l"})], justification=None, detail="We do not call it."),
     MAYBE_AFFECTED, "whose product is not said"),
    ("C4", "another product", LODASH, vex([{"ref": "l"}], components=[library(**{"bom-ref": "l"})],
                                          root={"type": "firmware", "bom-ref": "z", "name": "Zeta router", "version": "9", "purl": "pkg:generic/zeta/router@9"}),
     NOTHING, "it says nothing of ours"),
    ("C4", "another product, resolved", LODASH, vex([{"ref": "l"}], state="resolved", components=[library(**{"bom-ref": "l"})]), MAYBE_AFFECTED,
     "by a patch of theirs, perhaps"),
    ("C4", "another version of ours", LODASH, vex([{"ref": "l"}], root=ours("2.0.0"), components=[library(**{"bom-ref": "l"})]), NOTHING,
     "it says nothing of this one"),
    ("C4", "our product", LODASH, vex([{"ref": "l"}], root=ours(), components=[library(**{"bom-ref": "l"})]), SURE_SAFE, "the very product"),
    ("C4", "the code is not in that version", LODASH, vex([{"ref": "l"}], components=[library(**{"bom-ref": "l"})], justification="code_not_present"),
     MAYBE_SAFE, "a thing of the code; whose build is not said"),
    ("C4", "CSAF of another vendor", LODASH,
     csaf(tree(product(vendor="Zeta", name="lodash", version="4.17.20", purl="pkg:npm/lodash@4.17.20")),
          [flaw(known_not_affected="P1", flags=[{"label": "vulnerable_code_not_in_execute_path", "product_ids": ["P1"]}])], publisher=("vendor", "Zeta")),
     MAYBE_AFFECTED, "how they use it is not how we do"),
    ("C4", "affected in another product", LODASH, vex([{"ref": "l"}], state="exploitable", components=[library(**{"bom-ref": "l"})],
                                                      root={"type": "firmware", "bom-ref": "z", "name": "Zeta router", "version": "9"}),
     MAYBE_AFFECTED, "the same component"),
]


def external(range, state="not_affected"):
    return vex([{"ref": "us"}], state=state, version="1.7", components=[
        {"type": "firmware", "bom-ref": "us", "name": PRODUCT, "purl": PURL, "isExternal": True, "versionRange": range}])


C5 = [
    ("C5", "external below", WITH_PURL, external("vers:generic/<1.0"), MAYBE_AFFECTED, "isExternal clears nothing"),
    ("C5", "external around", WITH_PURL, external("vers:generic/>=1.0|<2.0"), MAYBE_AFFECTED, "isExternal clears nothing"),
    ("C5", "external all", WITH_PURL, external("vers:all/*"), MAYBE_AFFECTED, "isExternal clears nothing"),
    ("C5", "external, resolved", WITH_PURL, external("vers:generic/>=1.0", "resolved"), MAYBE_AFFECTED, "isExternal clears nothing"),
    ("C5", "external, exploitable", WITH_PURL, external("vers:generic/>=1.0", "exploitable"), MAYBE_AFFECTED, "a range"),
    ("C5", "external, exploitable elsewhere", WITH_PURL, external("vers:generic/<1.0", "exploitable"), NOTHING, "surely another version"),
]

C6 = [("C6", f"{range}, ours {own}", release(own, purl=f"{PURL}@{own}"), said(AFFECTED, product(range=range, purl=PURL)), found, why)
      for range, own, found, why in (
          ("vers:none/*", "1.2.0", NOTHING, "no version"),
          ("vers:all/*", "1.2.0", SURE_AFFECTED, "every version"),
          ("vers:lexicographic/>=10", "4.2.0", MAYBE_AFFECTED, "4 is behind 1"),
          ("vers:lexicographic/<10", "9", MAYBE_AFFECTED, "the orders do not agree"),
          ("vers:semver/<1.2.0", "1.2.0-rc.1", MAYBE_AFFECTED, "a release candidate is before the release"),
          ("vers:semver/<1.2.0-rc.2", "1.2.0-rc.10", NOTHING, "2 is before 10"),
          ("vers:npm/<2.0", "1.2.0", MAYBE_AFFECTED, "numbers, where a bound is no semantic version"),
          ("vers:deb/<1.2.0-2", "1.2.0-10", MAYBE_AFFECTED, "ours is no Debian version, perhaps"),
          ("vers:foo/<2.0", "1.2.0", MAYBE_AFFECTED, "a type whose order nobody knows"),
          ("vers:foo/<1.0", "1.2.0", MAYBE_AFFECTED, "a type whose order nobody knows"),
          ("vers:foo/1.2.0", "1.2.0", MAYBE_AFFECTED, "the very text, as a range"),
          ("vers:generic/<1.0", "1.2.0", NOTHING, "nothing but numbers"),
          ("vers:generic/>= 1.5", "1.2.0", MAYBE_AFFECTED, "not in canonical form"),
          ("vers:maven/<1.0", "1.2.0", NOTHING, "numbers"),
          ("vers:datetime/<2026-01-01T00:00:00Z", "2026-01-01T00:30:00+01:00", MAYBE_AFFECTED, "half an hour earlier"))] + [
    ("C6", f"{kind} {range}, ours {own}", release(components=[library("tool", own, f"pkg:{kind}/dist/tool@{own}")]),
     said(AFFECTED, product(vendor=None, name="tool", purl=f"pkg:{kind}/dist/tool"), identity="P1") if range is None else
     said(AFFECTED, product(vendor="dist", name="tool", range=range, purl=f"pkg:{kind}/dist/tool")), found, why)
    for kind, own, range, found, why in (
        ("deb", "1.2.0-10", "vers:deb/<1.2.0-2", NOTHING, "revision 10 is behind revision 2"),
        ("deb", "1.2.0~rc1-1", "vers:deb/<1.2.0-1", MAYBE_AFFECTED, "~ is before everything"),
        ("deb", "1:1.0-1", "vers:deb/<2.0-1", NOTHING, "an epoch is before all"),
        ("rpm", "1.2.0-9.el8", "vers:rpm/<1.2.0-10.el8", MAYBE_AFFECTED, "9 is before 10"),
        ("rpm", "1.2.0-11.el8", "vers:rpm/<1.2.0-10.el8", NOTHING, "11 is behind 10"),
        ("rpm", "1.2.0-1.el8", "vers:rpm/<=1.2.0", MAYBE_AFFECTED, "which release is meant is not said"))]


def flagged(label, **more):
    return csaf(tree(product(vendor=None, name="x", purl=f"{PURL}@1.2.0")), [flaw(known_not_affected="P1", flags=[{"label": label, "product_ids": ["P1"]}])], **more)


D = [
    ("D", "nonsense flag", WITH_PURL, flagged("because_i_say_so"), "label", "no reason of the closed list"),
    ("D", "flag of another format", WITH_PURL, flagged("code_not_reachable"), "label", "CycloneDX's word"),
    ("D", "flag in another case", WITH_PURL, flagged("Component_Not_Present"), "label", "no reason of the closed list"),
    ("D", "empty flag", WITH_PURL, flagged(""), "label", "no reason"),
    ("D", "nonsense justification", LODASH, vex([{"ref": link("root")}], justification="trust_us"), "justification", "no reason of the closed list"),
    ("D", "justification of another format", LODASH, vex([{"ref": link("root")}], justification="vulnerable_code_not_present"), "justification", "CSAF's word"),
    ("D", "no reason at all", WITH_PURL, csaf(tree(product(vendor=None, name="x", purl=f"{PURL}@1.2.0")), [flaw(known_not_affected="P1", flags=[])]),
     MAYBE_SAFE, "nobody can follow it"),
    ("D", "a reason for somebody else", WITH_PURL,
     csaf(tree(product(vendor=None, name="x", purl=f"{PURL}@1.2.0"), product("P2", vendor=None, name="y")),
          [flaw(known_not_affected=["P1", "P2"], flags=[{"label": "component_not_present", "product_ids": ["P2"]}])]), MAYBE_SAFE, "not for ours"),
    ("D", "a good reason", WITH_PURL, flagged("component_not_present"), SURE_SAFE, "one of the closed list"),
    ("D", "draft", WITH_PURL, flagged("component_not_present", status="draft"), MAYBE_SAFE, "it may still change"),
    ("D", "interim", WITH_PURL, flagged("component_not_present", status="interim"), MAYBE_SAFE, "it may still change"),
    ("D", "draft, fixed", WITH_PURL, said(FIXED, product(vendor=None, name="x", purl=f"{PURL}@1.2.0"), status="draft"), MAYBE_FIXED, "it may still change"),
    ("D", "draft, affected", WITH_PURL, said(AFFECTED, product(vendor=None, name="x", purl=f"{PURL}@1.2.0"), status="draft"), SURE_AFFECTED, "a warning all the same"),
    ("D", "status of nobody", WITH_PURL, flagged("component_not_present", status="released"), "status", "no status of the closed list"),
]

TWO = tree(product("A", vendor=None, name="x", purl=f"{PURL}@1.2.0"), product("B", range="<2.0"), product("C", version="1.2.0", purl=PURL))
X = [
    ("X", "sure affected, sure fixed", WITH_PURL, csaf(TWO, [flaw(known_affected="C", fixed="A")]), SURE_AFFECTED, "the worse is told"),
    ("X", "possible affected, sure fixed", WITH_PURL, csaf(TWO, [flaw(known_affected="B", fixed="A")]), MAYBE_AFFECTED | MAYBE_FIXED, "no mild answer is sure"),
    ("X", "possible affected, sure not affected", WITH_PURL, csaf(TWO, [flaw(known_affected="B", known_not_affected="A")]), MAYBE_AFFECTED | MAYBE_SAFE,
     "no mild answer is sure"),
    ("X", "in two entries", WITH_PURL, csaf(TWO, [flaw(known_not_affected="A"), flaw(known_affected="C")]), SURE_AFFECTED, "one vulnerability"),
    ("X", "under investigation, fixed", WITH_PURL, csaf(TWO, [flaw(under_investigation="C", fixed="A")]), {"sure under investigation"}, "the worse is told"),
    ("X", "fixed, not affected", WITH_PURL, csaf(TWO, [flaw(fixed="C", known_not_affected="A")]), MAYBE_FIXED, "it says two things"),
    ("X", "hash affected, purl fixed", WITH_PURL,
     csaf(tree(product("A", vendor=None, name="x", purl=f"{PURL}@1.2.0"), product("H", vendor=None, name="y", hashes=[
         {"filename": "fw.bin", "file_hashes": [{"algorithm": "sha256", "value": digest("sha256")}]}])), [flaw(known_affected="H", fixed="A")]),
     SURE_AFFECTED, "our bytes are affected"),
    ("X", "hash of another build", WITH_PURL, said(SAFE, product(vendor=None, name="x", purl=f"{PURL}@1.2.0", hashes=[
        {"filename": "fw.bin", "file_hashes": [{"algorithm": "sha256", "value": "ab" * 32}]}])), MAYBE_SAFE, "the version is ours, the bytes are not"),
    *(("X", f"a wrong {wrong}, and a right {right}, of one file", WITH_PURL, said(SAFE, product(vendor=None, name="x", purl=f"{PURL}@1.2.0", hashes=[
        {"filename": "fw.bin", "file_hashes": [{"algorithm": wrong, "value": "ab" * (32 if wrong == "sha256" else 64)}, {"algorithm": right, "value": digest(right)}]}])),
       MAYBE_SAFE, "nobody can tell which of the two is wrong") for wrong, right in (("sha256", "sha512"), ("sha512", "sha256"))),
    ("X", "a wrong SHA-512 beside the SHA-256 of the SBOM", ROOT_HASHED, said(SAFE, product(vendor=None, name="x", purl=f"{PURL}@1.2.0", hashes=[
        {"filename": "fw.bin", "file_hashes": [{"algorithm": "sha512", "value": "ab" * 64}, {"algorithm": "sha256", "value": digest("sha256")}]}])),
     MAYBE_SAFE, "nobody can tell which of the two is wrong"),
]

FW = product("FW", range="<2.0", cpe=cpe("*"))
S1 = [("S1", f"{kind} unknown hardware", WITH_CPE, said(AFFECTED, FW, product("HW", name="XJ-9 chassis"), relations=[("P1", "FW", kind, "HW")]), MAYBE_AFFECTED,
       "it could be our hardware") for kind in ("installed_on", "installed_with", "default_component_of", "optional_component_of", "external_component_of")] + [
    ("S1", "exact, installed on unknown hardware", WITH_PURL, said(AFFECTED, product("FW", version="1.2.0", purl=PURL), product("HW", name="XJ-9"),
                                                                   relations=[("P1", "FW", "installed_on", "HW")]), MAYBE_AFFECTED, "the hardware is not known"),
    ("S1", "fixed on unknown hardware", WITH_PURL, said(FIXED, product("FW", version="1.2.0", purl=PURL), product("HW", name="XJ-9"),
                                                        relations=[("P1", "FW", "installed_on", "HW")]), MAYBE_FIXED, "on other hardware, perhaps"),
    ("S1", "on our hardware by model", MODELS, said(AFFECTED, product("FW", name="Some firmware", range="<2.0"), product("HW", name="Chassis", model_numbers=["PG-3000-24"]),
                                                    relations=[("P1", "FW", "installed_on", "HW")]), MAYBE_AFFECTED, "it runs on our hardware"),
    ("S1", "package of a distribution", release(components=[library("openssl", "3.0.7-24.el9", "pkg:rpm/redhat/openssl@3.0.7-24.el9?arch=x86_64")]),
     said(AFFECTED, product("O", vendor=None, name="openssl", purl="pkg:rpm/redhat/openssl@3.0.7-24.el9?arch=src"),
          product("D", vendor=None, name="Distribution 9", cpe="cpe:/o:redhat:enterprise_linux:9"), relations=[("P1", "O", "default_component_of", "D")]),
     NOTHING, "another build of the package, in another product"),
    ("S1", "component of another product", LODASH, said(AFFECTED, product("L", vendor=None, name="lodash", purl="pkg:npm/lodash@4.17.20"), product("Z", vendor="Zeta", name="Router"),
                                                        relations=[("P1", "L", "default_component_of", "Z")]), MAYBE_AFFECTED, "the same component is in ours"),
    ("S1", "component that the SBOM does not have", LODASH, said(AFFECTED, product("O", vendor=None, name="zlib", purl="pkg:generic/zlib@1.3"), product("P", version="1.2.0", purl=PURL),
                                                                 relations=[("P1", "O", "default_component_of", "P")]), MAYBE_AFFECTED, "it is said of our very product"),
    ("S1", "component of another version of ours", LODASH, said(SAFE, product("L", vendor=None, name="lodash", purl="pkg:npm/lodash@4.17.20"), product("P", version="2.0.0", purl=PURL),
                                                               relations=[("P1", "L", "default_component_of", "P")]), NOTHING, "nothing of this version"),
    ("S1", "our product inside of its own component", LODASH, said(SAFE, product("P", version="1.2.0", purl=PURL), product("L", vendor=None, name="lodash", purl="pkg:npm/lodash@4.17.20"),
                                                                   relations=[("P1", "P", "default_component_of", "L")]), MAYBE_SAFE, "our version, on something odd"),
    ("S1", "firmware of another version", WITH_CPE, said(AFFECTED, product("FW", range="<1.0", cpe=cpe("*")), product("HW", name="XJ-9"), relations=[("P1", "FW", "installed_on", "HW")]),
     NOTHING, "surely another version"),
]


def model(own, wanted, **more):
    return release(modelNumbers=[own]), said(AFFECTED, product(name="DC Drive", range="<2.0", model_numbers=[wanted], **more))


S2 = [("S2", f"{wanted} for {own}", *model(own, wanted), found, why) for own, wanted, found, why in (
    ("6RA8013-4MV62-0AA0", "6RA801?-??V62-0AA0", MAYBE_AFFECTED, "? is one character"),
    ("6RA8013-4MV62-0AA0", "6RA80*", MAYBE_AFFECTED, "* is any"),
    ("6RA8013-4MV62-0AA0", "6RA80", MAYBE_AFFECTED, "abbreviated (CSAF 2.0, 3.1.3.3.5)"),
    ("6RA8013-4MV62-0AA0", "6RA80xx-4MV62-0AA0", MAYBE_AFFECTED, "x among digits"),
    ("6RA8013-4MV62-0AA0", "6RA80□□-4MV62-0AA0", MAYBE_AFFECTED, "boxes"),
    ("6RA8013-4MV62-0AA0", "6ra8013 4mv62 0aa0", MAYBE_AFFECTED, "case and spaces"),
    ("6RA8013-4MV62-0AA0", "6RA8013-4MV62-*A0", MAYBE_AFFECTED, "* in the middle"),
    ("6RA8013-4MV62-0AA0", "6RA8113-4MV62-0AA0", NOTHING, "another model"),
    ("6RA8013-4MV62-0AA0", "6SE70", NOTHING, "another model"),
    ("6RA8013-4MV62-0AA0", "6", NOTHING, "too short to be a model"),
    ("X1", "X1", MAYBE_AFFECTED, "short, and the same"))]

S3 = [
    ("S3", "hardware model in a product name", MODELS, said(AFFECTED, product(name="Chassis PG-3000-24", range="<2.0")), MAYBE_AFFECTED, "hardware[].model"),
    ("S3", "model number in a product name", MODELS, said(AFFECTED, product(name="DC Drive (6RA8013-4MV62-0AA0)", range="<2.0")), MAYBE_AFFECTED, "modelNumbers"),
    ("S3", "spaced order number in a name", release(modelNumbers=["6ES7 214-1AG40-0XB0"]), said(AFFECTED, product(name="CPU 1214C (6ES7214-1AG40-0XB0)")), MAYBE_AFFECTED, "spaces"),
    ("S3", "spaced in the document", release(modelNumbers=["6ES7214-1AG40-0XB0"]), said(AFFECTED, product(name="CPU 1214C (6ES7 214-1AG40-0XB0)")), MAYBE_AFFECTED, "spaces"),
    ("S3", "order number as sku", MODELS, said(AFFECTED, product(name="Drive", skus=["PG-3000-24"])), MAYBE_AFFECTED, "order numbers"),
    ("S3", "model as product_version", MODELS, said(AFFECTED, product(name="DC Drive", version="6RA8013-4MV62-0AA0")), MAYBE_AFFECTED, "a model in the wrong place"),
    ("S3", "sku of the hardware", release(hardware=[{"model": "Chassis", "sku": "1756-L71S"}]), said(AFFECTED, product(name="Controllers 1756-L71S", range="<2.0")), MAYBE_AFFECTED, "sku"),
    ("S3", "model number that is in our name", release(name="Drive PG-3000"), said(AFFECTED, product(name="Chassis", model_numbers=["PG-3000"])), MAYBE_AFFECTED, "our name has it"),
    ("S3", "other version", MODELS, said(AFFECTED, product(name="Chassis PG-3000-24", range="<1.0")), NOTHING, "surely another version"),
    ("S3", "another vendor's name", MODELS, said(AFFECTED, product(vendor="Zeta", name="Chassis PG-3000-24", range="<2.0")), NOTHING, "another vendor"),
]

S4 = [("S4", f"{wanted} for {own}", release(own.split("@")[-1], purl=own), said(AFFECTED, product(vendor=None, name="x", purl=wanted)), found, why) for own, wanted, found, why in (
    (f"{PURL}@1.2.0", f"{PURL}@v1.2.0", SURE_AFFECTED, "v is no part of a version"),
    (f"{PURL}@v1.2.0", f"{PURL}@1.2.0", SURE_AFFECTED, "v is no part of a version"),
    (f"{PURL}@1.2.0", f"{PURL}@1.2", MAYBE_AFFECTED, "the same numbers"),
    (f"{PURL}@1.2", f"{PURL}@1.2.0", MAYBE_AFFECTED, "the same numbers"),
    (f"{PURL}@1.2.0", f"{PURL}@1.2.0?arch=src", MAYBE_AFFECTED, "another build of it"),
    (f"{PURL}@1.2.0?arch=arm", f"{PURL}@1.2.0?arch=src", MAYBE_AFFECTED, "another build of it"),
    (f"{PURL}@1.2.0", f"{PURL}@1.3.0", NOTHING, "another version"))] + [
    ("S4", f"CPE {wanted}", WITH_CPE, said(AFFECTED, product(vendor=None, name="x", cpe=wanted)), found, why) for wanted, found, why in (
        (cpe("1.2.0", "cpe:2.3:h:acme:powergate3000_firmware"), MAYBE_AFFECTED, "part h"),
        (cpe("1.2.0", "cpe:2.3:a:acme:powergate3000_firmware"), MAYBE_AFFECTED, "part a"),
        (cpe("1.2.0", "cpe:2.3:o:acme:powergate3000"), MAYBE_AFFECTED, "_firmware is a tail"),
        (cpe("1.2.0", "cpe:2.3:o:acme:powergate-3000_firmware"), MAYBE_AFFECTED, "punctuation"),
        (cpe("v1.2.0"), SURE_AFFECTED, "v is no part of a version"),
        (cpe("1.2"), MAYBE_AFFECTED, "the same numbers"),
        (cpe("1.3.0"), NOTHING, "another version"),
        (f"{CPE}:1.2.0:sp1:*:*:*:*:*:*", MAYBE_AFFECTED, "an update that ours does not name"))] + [
    ("S4", "fixed by part h", WITH_CPE, said(FIXED, product(vendor=None, name="x", cpe=cpe("1.2.0", "cpe:2.3:h:acme:powergate3000_firmware"))), MAYBE_FIXED, "not the very CPE"),
    ("S4", "fixed in 1.2", WITH_PURL, said(FIXED, product(vendor=None, name="x", purl=f"{PURL}@1.2")), MAYBE_FIXED, "not the very text"),
]

S5 = [
    ("S5", "upper bound in the purl", WITH_PURL, said(AFFECTED, product(range="vers:generic/<=1.9.0", purl=f"{PURL}@1.9.0")), MAYBE_AFFECTED, "the range says what is meant"),
    ("S5", "upper bound in the CPE", WITH_CPE, said(AFFECTED, product(range="<=1.9.0", cpe=cpe("1.9.0"))), MAYBE_AFFECTED, "the range says what is meant"),
    ("S5", "first fixed in the purl", WITH_PURL, said(AFFECTED, product(range="<1.9.0", purl=f"{PURL}@1.9.0")), MAYBE_AFFECTED, "the range says what is meant"),
    ("S5", "words and a purl", WITH_PURL, said(AFFECTED, product(range="1.9.0 and earlier", purl=f"{PURL}@1.9.0")), MAYBE_AFFECTED, "the words may mean ours"),
    ("S5", "range in VEX", LODASH, vex([{"ref": "l", "versions": [{"range": "vers:npm/<4.17.21", "status": "affected"}]}], state="exploitable", root=ours(),
                                       components=[library(version="4.17.21", **{"bom-ref": "l"})]), MAYBE_AFFECTED, "the range says what is meant"),
    ("S5", "identifier of something else, name and range fit", WITH_PURL, said(AFFECTED, product(range="<2.0", purl="pkg:generic/acme/other@9")), MAYBE_AFFECTED, "names are asked as well"),
    ("S5", "both exclude", WITH_PURL, said(AFFECTED, product(range="<=1.1.0", purl=f"{PURL}@1.1.0")), NOTHING, "surely another version"),
    ("S5", "not affected up to 1.9.0", WITH_PURL, said(SAFE, product(range="<=1.9.0", purl=f"{PURL}@1.9.0")), MAYBE_AFFECTED, "the two say different things"),
]


def hashed(algorithm, value, filename="fw.bin", status=AFFECTED):
    return said(status, product(vendor=None, name="image", hashes=[{"filename": filename, "file_hashes": [{"algorithm": algorithm, "value": value}]}]))


HASHED = release(components=[], root={"hashes": [{"alg": name, "content": digest(lib)} for name, lib in
                                                  (("SHA-256", "sha256"), ("SHA-512", "sha512"), ("SHA-384", "sha384"), ("SHA3-256", "sha3_256"), ("MD5", "md5"))]})
S6 = [
    ("S6", "SHA-256", PLAIN, hashed("sha256", digest("sha256")), SURE_AFFECTED, "our bytes"),
    ("S6", "SHA-256 in upper case", PLAIN, hashed("SHA-256", digest("sha256").upper()), SURE_AFFECTED, "our bytes"),
    ("S6", "SHA-512, in the SBOM", HASHED, hashed("sha512", digest("sha512")), SURE_AFFECTED, "our bytes"),
    ("S6", "SHA-384, in the SBOM", HASHED, hashed("sha384", digest("sha384")), SURE_AFFECTED, "our bytes"),
    ("S6", "SHA3-256, in the SBOM", HASHED, hashed("sha3-256", digest("sha3_256")), SURE_AFFECTED, "our bytes"),
    ("S6", "MD5, in the SBOM", HASHED, hashed("md5", digest("md5")), MAYBE_AFFECTED, "MD5 can be made for other bytes"),
    ("S6", "fixed by MD5", HASHED, hashed("md5", digest("md5"), status=FIXED), MAYBE_FIXED, "MD5 can be made for other bytes"),
    ("S6", "SHA-512 of our bytes", PLAIN, hashed("sha512", digest("sha512"), "other.bin"), SURE_AFFECTED, "our bytes"),
    ("S6", "SHA-512 in another spelling", PLAIN, hashed("SHA-512", digest("sha512").upper()), SURE_AFFECTED, "our bytes"),
    ("S6", "SHA-512 of other bytes", PLAIN, hashed("sha512", "ab" * 64), NOTHING, "other bytes"),
    ("S6", "SHA3-512 that nobody has, same name", PLAIN, hashed("sha3-512", digest("sha3_512")), MAYBE_AFFECTED, "it could be that file"),
    ("S6", "SHA3-512 that nobody has, another name", PLAIN, hashed("sha3-512", digest("sha3_512"), "other.bin"), NOTHING, "nothing that could be compared"),
    ("S6", "SHA-256 of another file", PLAIN, hashed("sha256", "ab" * 32), NOTHING, "other bytes"),
    ("S6", "fixed by SHA-256", PLAIN, hashed("sha256", digest("sha256"), status=FIXED), SURE_FIXED, "our bytes"),
]


def named(own, wanted, vendor="Acme", **more):
    return release(name=own), said(AFFECTED, product(name=wanted, vendor=vendor, range="<2.0", **more))


S7 = [("S7", f"{wanted!r} for {own!r}", *named(own, wanted), found, why) for own, wanted, found, why in (
    ("PowerGate 3000", "PowerGate® 3000", MAYBE_AFFECTED, "a trademark sign"),
    ("PowerGate™ 3000", "PowerGate 3000", MAYBE_AFFECTED, "a trademark sign"),
    ("PowerGate 3000", "PowerGate\u00a03000", MAYBE_AFFECTED, "a no-break space"),
    ("PowerGate 3000", "PowerGate 3xxx", MAYBE_AFFECTED, "x stands for digits"),
    ("PowerGate 3000", "PowerGate 30□□ family", MAYBE_AFFECTED, "boxes"),
    ("PowerGate 3000", "Gateways of the 3000 line", MAYBE_AFFECTED, "the vendor and a number"),
    ("PowerGate PG-3000", "PG3000 gateways", MAYBE_AFFECTED, "a hyphen"),
    ("PowerGate 3000", "PowerGate3000", MAYBE_AFFECTED, "a space"),
    ("PowerGate 3000", "PowerGate 4000", NOTHING, "another number"),
    ("PowerGate 3000", "Turbine monitor", NOTHING, "another product"))] + [
    ("S7", "a number, another vendor", *named("PowerGate 3000", "Router 3000", vendor="Zeta"), NOTHING, "the vendor is another one"),
    ("S7", "vendor nobody", *named("PowerGate 3000", "PowerGate 3000", vendor="undefined"), MAYBE_AFFECTED, "no vendor"),
]

S8 = [
    ("S8", "no affects, our product", LODASH, vex(None, state="exploitable", root=ours()), MAYBE_AFFECTED, "of what is not said"),
    ("S8", "empty affects, our product", LODASH, vex([], state="in_triage", root=ours()), {"possible under investigation"}, "of what is not said"),
    ("S8", "no affects, nobody's product", LODASH, vex(None, state="exploitable"), MAYBE_AFFECTED, "nobody can exclude it"),
    ("S8", "no affects, another product", LODASH, vex(None, state="exploitable", root={"type": "firmware", "bom-ref": "z", "name": "Turbine", "version": "9"}), NOTHING, "another product"),
    ("S8", "no affects, not affected", LODASH, vex(None, root=ours()), MAYBE_SAFE, "of what is not said"),
    ("S8", "no status", WITH_PURL, csaf(tree(product(vendor=None, name="x", purl=f"{PURL}@1.2.0")), [{"cve": "CVE-2026-1"}]), MAYBE_AFFECTED, "which products is not said"),
    ("S8", "no vulnerabilities", WITH_PURL, csaf(tree(product(vendor=None, name="x", purl=f"{PURL}@1.2.0")), None, category="csaf_informational_advisory"),
     MAYBE_AFFECTED, "its products are concerned (profile 4.3)"),
    ("S8", "recommended only", WITH_PURL, csaf(tree(product(vendor=None, name="x", purl=f"{PURL}@1.2.0")), [flaw(recommended="P1")]), NOTHING, "says nothing of a vulnerability"),
]

GOOD = tree(product("P1", vendor=None, name="x", purl=f"{PURL}@1.2.0"), groups=[("G1", ["P1"])])
M = [
    ("M", "status of nobody", WITH_PURL, csaf(GOOD, [flaw(known_affected="P9")]), "6.1.1", "who is meant?"),
    ("M", "group of nobody", WITH_PURL, csaf(tree(product(vendor=None, name="x"), groups=[("G1", ["P9"])]), [flaw(known_affected="P1")]), "6.1.1", "who is meant?"),
    ("M", "relation to nobody", WITH_PURL, csaf(tree(product(vendor=None, name="x"), relations=[("R", "P1", "installed_on", "P9")]), [flaw(known_affected="R")]), "6.1.1", "who is meant?"),
    ("M", "flag for nobody", WITH_PURL, csaf(GOOD, [flaw(known_not_affected="P1", flags=[{"label": "component_not_present", "product_ids": ["P9"]}])]), "6.1.1", "whose reason?"),
    ("M", "remediation for nobody", WITH_PURL, csaf(GOOD, [{**flaw(known_affected="P1"), "remediations": [{"category": "vendor_fix", "details": "d", "product_ids": ["P9"]}]}]), "6.1.1", "whose fix?"),
    ("M", "threat for nobody", WITH_PURL, csaf(GOOD, [{**flaw(known_affected="P1"), "threats": [{"category": "impact", "details": "d", "product_ids": ["P9"]}]}]), "6.1.1", "whose impact?"),
    ("M", "score for nobody", WITH_PURL, csaf(GOOD, [{**flaw(known_affected="P1"), "scores": [{"products": ["P9"]}]}]), "6.1.1", "whose score?"),
    ("M", "id twice", WITH_PURL, csaf(tree(product(vendor=None, name="x", purl=f"{PURL}@1.2.0"), product(vendor=None, name="y")), [flaw(known_affected="P1")]), "6.1.2", "which one?"),
    ("M", "id twice, in a relation", WITH_PURL, csaf(tree(product(vendor=None, name="x"), product("P2", vendor=None, name="y"), relations=[("P1", "P1", "installed_on", "P2")]),
                                                     [flaw(known_affected="P1")]), "6.1.2", "which one?"),
    ("M", "the very same twice", WITH_PURL, csaf(tree(*[product(vendor=None, name="x", purl=f"{PURL}@1.2.0")] * 2), [flaw(known_affected="P1")]), SURE_AFFECTED, "does no harm"),
    ("M", "circle", WITH_PURL, csaf(tree(product(vendor=None, name="x"), relations=[("A", "B", "installed_on", "P1"), ("B", "A", "installed_on", "P1")]), [flaw(known_affected="A")]), "6.1.3", "a part of itself"),
    ("M", "circle of one", WITH_PURL, csaf(tree(product(vendor=None, name="x"), relations=[("A", "A", "installed_on", "P1")]), [flaw(known_affected="A")]), "6.1.3", "a part of itself"),
    ("M", "chain", WITH_PURL, csaf(tree(product(vendor=None, name="x", purl=f"{PURL}@1.2.0"), product("HW", vendor=None, name="y"), product("OS", vendor=None, name="z"),
                                        relations=[("A", "P1", "installed_on", "OS"), ("B", "A", "installed_on", "HW")]), [flaw(known_affected="B")]), MAYBE_AFFECTED, "no circle"),
    ("M", "flag for a group of nobody", WITH_PURL, csaf(GOOD, [flaw(known_not_affected="P1", flags=[{"label": "component_not_present", "group_ids": ["G9"]}])]), "6.1.4", "whose reason?"),
    ("M", "remediation for a group of nobody", WITH_PURL, csaf(GOOD, [{**flaw(known_affected="P1"), "remediations": [{"category": "vendor_fix", "details": "d", "group_ids": ["G9"]}]}]), "6.1.4", "whose fix?"),
    ("M", "group twice", WITH_PURL, csaf(tree(product(vendor=None, name="x"), groups=[("G1", ["P1"]), ("G1", ["P1"])]), [flaw(known_affected="P1")]), "6.1.5", "which one?"),
    ("M", "affected and fixed", WITH_PURL, csaf(GOOD, [flaw(known_affected="P1", fixed="P1")]), "6.1.6", "which one?"),
    ("M", "last affected and not affected", WITH_PURL, csaf(GOOD, [flaw(last_affected="P1", known_not_affected="P1")]), "6.1.6", "which one?"),
    ("M", "under investigation and fixed", WITH_PURL, csaf(GOOD, [flaw(under_investigation="P1", first_fixed="P1")]), "6.1.6", "which one?"),
    ("M", "first and last affected", WITH_PURL, csaf(GOOD, [flaw(first_affected="P1", last_affected="P1", known_affected="P1")]), SURE_AFFECTED, "no contradiction"),
    ("M", "fixed in one, affected by another", WITH_PURL, csaf(GOOD, [flaw(fixed="P1"), flaw("CVE-2026-2", known_affected="P1")]), SURE_FIXED | SURE_AFFECTED, "two vulnerabilities"),
    ("M", "no purl", WITH_PURL, said(AFFECTED, product(vendor=None, name="x", purl="pkg:generic")), "6.1.13", "who is meant?"),
    ("M", "two digests of one kind", WITH_PURL, said(AFFECTED, product(vendor=None, name="x", hashes=[{"filename": "f", "file_hashes": [
        {"algorithm": "sha256", "value": "ab" * 32}, {"algorithm": "sha256", "value": "cd" * 32}]}])), "6.1.25", "which one?"),
    ("M", "two justifications", WITH_PURL, csaf(GOOD, [flaw(known_not_affected="P1", flags=[{"label": "component_not_present", "product_ids": ["P1"]},
                                                                                         {"label": "vulnerable_code_not_present", "group_ids": ["G1"]}])]), "6.1.33", "which one?"),
    ("M", "relation of another kind", WITH_PURL, csaf(tree(product(vendor=None, name="x"), relations=[("R", "P1", "runs_on", "P1")]), [flaw(known_affected="R")]), "category", "what does it mean?"),
]

# Found by looking for wrong answers on purpose.
BOM = release("1.2.0", [library()], purl=f"{PURL}@1.2.0")
EXACT = {"vendor": None, "name": "x", "purl": f"{PURL}@1.2.0"}


def below(category, name, status=FIXED):
    """A branch below the version that narrows it."""
    full = {"name": f"Acme {PRODUCT} 1.2.0 {name}", "product_id": "P1", "product_identification_helper": {"purl": PURL}}
    return csaf({"branches": [{"category": "vendor", "name": "Acme", "branches": [{"category": "product_name", "name": PRODUCT, "branches": [
        {"category": "product_version", "name": "1.2.0", "branches": [{"category": category, "name": name, "product": full}]}]}]}]}, [flaw(**{status: "P1"})])


def bounds(own, **lists):
    names = {"A": "1.0.0", "B": "1.3.0", "C": "1.4.0"}
    return release(own, purl=f"{PURL}@{own}"), csaf(tree(*[product(key, version=version, purl=PURL) for key, version in names.items()]), [flaw(**lists)])


A = [
    ("A", "a path in the package", WITH_PURL, said(FIXED, product(vendor=None, name="x", purl=f"{PURL}@1.2.0#lib/one")), MAYBE_FIXED, "a part of it only"),
    ("A", "a path in the package, affected", WITH_PURL, said(AFFECTED, product(vendor=None, name="x", purl=f"{PURL}@1.2.0#lib/one")), MAYBE_AFFECTED, "a part of it"),
    ("A", "our update", release(cpe=f"{CPE}:1.2.0:beta:*:*:*:*:*:*"), said(FIXED, product(vendor=None, name="x", cpe=cpe("1.2.0"))), MAYBE_AFFECTED, "ours is the beta"),
    ("A", "malformed link", BOM, vex([{"ref": f"urn:cdx:{UUID}/1.0#root"}], state="exploitable"), MAYBE_AFFECTED, "it names our SBOM"),
    ("A", "link without a version", BOM, vex([{"ref": f"urn:cdx:{UUID}#lodash"}], state="exploitable"), MAYBE_AFFECTED, "it names our SBOM"),
    ("A", "serial number as reference", BOM, vex([{"ref": f"urn:uuid:{UUID}#lodash"}], state="exploitable"), MAYBE_AFFECTED, "it names our SBOM"),
    ("A", "serial number as reference, not affected", BOM, vex([{"ref": f"urn:uuid:{UUID}#lodash"}]), MAYBE_AFFECTED, "of which version of the SBOM?"),
    ("A", "link in upper case", BOM, vex([{"ref": f"URN:CDX:{UUID.upper()}/1#root"}], state="exploitable"), SURE_AFFECTED, "the same"),
    ("A", "bom-ref of our SBOM", BOM, vex([{"ref": "root"}], state="exploitable"), MAYBE_AFFECTED, "a file that belongs to our SBOM, perhaps"),
    ("A", "bom-ref of our SBOM, not affected", BOM, vex([{"ref": "root"}]), MAYBE_AFFECTED, "every SBOM has such a name"),
    ("A", "link in a CSAF helper", BOM, said(AFFECTED, product(vendor=None, name="x", x_generic_uris=[{"namespace": "https://cyclonedx.example", "uri": link("lodash")}])), SURE_AFFECTED, "it names our component"),
    ("A", "serial numbers", WITH_PURL, said(SAFE, product(**EXACT, serial_numbers=["100*"])), MAYBE_SAFE, "some devices only"),
    ("A", "serial numbers, affected", WITH_PURL, said(AFFECTED, product(**EXACT, serial_numbers=["100*"])), SURE_AFFECTED, "some devices"),
    ("A", "another model", WITH_PURL, said(FIXED, product(**EXACT, model_numbers=["PG-3000-48"])), MAYBE_FIXED, "of that model only"),
    ("A", "our model", release(purl=f"{PURL}@1.2.0", modelNumbers=["PG-3000-48"]), said(FIXED, product(**EXACT, model_numbers=["PG-3000-48"])), SURE_FIXED, "the very model"),
    ("A", "another order number", MODELS, said(FIXED, product(version="1.2.0", skus=["ZZ-9000"])), MAYBE_FIXED, "by name"),
    *[("A", f"{category} below the version", WITH_PURL, below(category, "SP2"), MAYBE_FIXED, "only with it")
      for category in ("service_pack", "patch_level", "architecture", "language", "host_name", "specification")],
    ("A", "service pack, affected", WITH_PURL, below("service_pack", "SP2", AFFECTED), SURE_AFFECTED, "of our version"),
    ("A", "between first and last affected", *bounds("1.2.0", first_affected="A", last_affected="B"), MAYBE_AFFECTED, "ends of a range"),
    ("A", "before the last affected", *bounds("0.9.0", last_affected="B"), MAYBE_AFFECTED, "nobody says where it begins"),
    ("A", "behind the last affected", *bounds("1.3.5", first_affected="A", last_affected="B"), NOTHING, "ends of a range"),
    ("A", "behind the first affected", *bounds("1.2.0", first_affected="A"), MAYBE_AFFECTED, "nobody says where it ends"),
    ("A", "behind the first affected, before the fix", *bounds("1.2.0", first_affected="A", first_fixed="C"), MAYBE_AFFECTED, "before the fix"),
    ("A", "behind the fix", *bounds("1.5.0", first_affected="A", first_fixed="C"), NOTHING, "behind the fix"),
    ("A", "before the first affected", *bounds("0.9.0", first_affected="A", last_affected="B"), MAYBE_AFFECTED, "a question too many"),
    ("A", "a file that did not change", WITH_PURL, said(FIXED, product(version="2.0.0", hashes=[
        {"filename": "fw.bin", "file_hashes": [{"algorithm": "sha256", "value": digest("sha256")}]}])), MAYBE_AFFECTED | MAYBE_FIXED, "these bytes are in 2.0.0, too"),
    ("A", "bytes and our version", WITH_PURL, said(FIXED, product(version="1.2.0", hashes=[
        {"filename": "fw.bin", "file_hashes": [{"algorithm": "sha256", "value": digest("sha256")}]}])), SURE_FIXED, "both say so"),
    ("A", "another vendor on our bytes", PLAIN, csaf(tree(product(vendor="Zeta", name="Image", hashes=[
        {"filename": "fw.bin", "file_hashes": [{"algorithm": "sha256", "value": digest("sha256")}]}])),
        [flaw(known_not_affected="P1", flags=[{"label": "vulnerable_code_not_in_execute_path", "product_ids": ["P1"]}])], publisher=("vendor", "Zeta")),
     MAYBE_AFFECTED, "how they use it is not how we do"),
    ("A", "our product with another version of a part", LODASH, said(AFFECTED, product("L", vendor=None, name="lodash", purl="pkg:npm/lodash@3.0.0"), product("P", version="1.2.0", purl=PURL),
                                                                    relations=[("P1", "L", "default_component_of", "P")]), MAYBE_AFFECTED, "said of our very product"),
    ("A", "our product with another version of a part, fixed", LODASH, said(FIXED, product("L", vendor=None, name="lodash", purl="pkg:npm/lodash@3.0.0"), product("P", version="1.2.0", purl=PURL),
                                                                           relations=[("P1", "L", "default_component_of", "P")]), NOTHING, "our part is the later one"),
    ("A", "versions that overlap", LODASH, vex([{"ref": "us", "versions": [{"version": "1.2.0", "status": "unaffected"}, {"range": "vers:generic/<2.0", "status": "affected"}]}], root=ours()),
     SURE_AFFECTED, "it says two things"),
    ("A", "versions that exclude each other", LODASH, vex([{"ref": "us", "versions": [{"version": "1.2.0", "status": "unaffected"}, {"version": "1.2.0", "status": "affected"}]}], root=ours()),
     SURE_AFFECTED, "it says two things"),
    ("A", "unknown version", LODASH, vex([{"ref": "us", "versions": [{"version": "1.2.0", "status": "unknown"}]}], root=ours()), {"sure under investigation"}, "not known"),
    ("A", "root by name only", LODASH, vex([{"ref": "l"}], root={"type": "firmware", "bom-ref": "us", "name": PRODUCT, "version": "1.2.0"}, components=[library(**{"bom-ref": "l"})]), MAYBE_SAFE, "the product by its name"),
    ("A", "build behind the version", release("1.2.0+7", purl=f"{PURL}@1.2.0%2B7"), said(FIXED, product(version="1.2.0", purl=PURL)), MAYBE_AFFECTED, "a build behind the same numbers"),
    ("A", "range that is one version", WITH_PURL, said(SAFE, product(range="vers:generic/1.2.0", purl=PURL)), MAYBE_SAFE, "a range"),
    ("A", "range without our version", WITH_PURL, said(AFFECTED, product(range="!=1.2.0", purl=PURL)), NOTHING, "surely not ours"),
    ("A", "nameless version", WITH_PURL, said(FIXED, product(version=" ", purl=PURL)), MAYBE_AFFECTED, "no version"),
    ("A", "no-break space in the version", WITH_PURL, said(FIXED, product(version="1.2.0\u00a0", purl=PURL)), MAYBE_AFFECTED, "not the very text"),
    ("A", "digits of another script", WITH_PURL, said(FIXED, product(version="\uff11.2.0", purl=PURL)), MAYBE_AFFECTED, "not the very text"),
    ("A", "a very long version", WITH_PURL, said(FIXED, product(version="9." * 200 + "0", purl=PURL)), MAYBE_AFFECTED, "surely another one, and there is a fix"),
    ("A", "a very long range", WITH_PURL, said(AFFECTED, product(range="|".join(f">={n}.0|<{n}.5" for n in range(2, 90)), purl=PURL)), MAYBE_AFFECTED, "more than is looked at"),
    ("A", "ranges without a comma", WITH_PURL, said(AFFECTED, product(range=">=1.0 <2.0", purl=PURL)), MAYBE_AFFECTED, "no range that can be read"),
    ("A", "a mask of everything", WITH_PURL, said(FIXED, product(vendor=None, name="x", cpe="cpe:2.3:*:*:*:*:*:*:*:*:*:*:*")), NOTHING, "about nothing"),
    ("A", "model of wildcards", MODELS, said(AFFECTED, product(vendor=None, name="x", model_numbers=["*"])), NOTHING, "about nothing"),
    ("A", "false positive of a component", LODASH, vex([{"ref": "l"}], state="false_positive", components=[library(**{"bom-ref": "l"})]), MAYBE_AFFECTED, "of which product?"),
    ("A", "resolved with pedigree elsewhere", LODASH, vex([{"ref": "l"}], state="resolved_with_pedigree", components=[library(**{"bom-ref": "l"})]), MAYBE_AFFECTED, "a patch of theirs"),
    ("A", "no state", LODASH, {**vex([{"ref": "l"}], components=[library(**{"bom-ref": "l"})]), "vulnerabilities": [{"id": "CVE-2026-1", "affects": [{"ref": "l"}]}]}, SURE_AFFECTED, "listed as affected"),
    ("A", "component of ours in our product, resolved", LODASH, vex([{"ref": "l"}], state="resolved", root=ours(), components=[library(**{"bom-ref": "l"})]), SURE_FIXED, "the very product"),
    ("A", "two versions of a component", release(components=[library(), library("lodash2", "3.0.0", "pkg:npm/lodash@3.0.0")]), said(AFFECTED, product(vendor=None, name="lodash", purl="pkg:npm/lodash")), SURE_AFFECTED, "both"),
    ("A", "vendor abbreviated", release(vendor="Acme Gateways and Controls GmbH"), said(AFFECTED, product(range="<2.0")), MAYBE_AFFECTED, "the vendor's short name"),
    ("A", "umlauts and spaces", release(name="Türsteuerung 300"), said(AFFECTED, product(name="Türsteuerung\u2009300", range="<2.0")), MAYBE_AFFECTED, "the same name"),
    ("A", "soft hyphen", release(name="Power-Gate 3000"), said(AFFECTED, product(name="Power\u00adGate 3000", range="<2.0")), MAYBE_AFFECTED, "the same name"),
    ("A", "no SBOM, component", WITH_PURL, said(AFFECTED, product(vendor=None, name="lodash", purl="pkg:npm/lodash@4.17.20")), NOTHING, "nothing to compare with"),
    ("A", "packaged by somebody else", release(components=[library("curl", "8.0.1", "pkg:deb/debian/curl@8.0.1")]), vex([{"ref": "pkg:generic/curl@8.0.1"}], state="exploitable"), MAYBE_AFFECTED, "the same software, perhaps"),
    ("A", "packaged by somebody else, fixed", release(components=[library("curl", "8.0.1-1", "pkg:deb/debian/curl@8.0.1-1")]), said(FIXED, product(vendor=None, name="curl", purl="pkg:rpm/dist/curl@8.0.1-1")), MAYBE_FIXED, "the same software, perhaps"),
    ("A", "another ecosystem", LODASH, vex([{"ref": "pkg:generic/lodash@4.17.20"}], state="exploitable"), MAYBE_AFFECTED, "the names are alike"),
    ("A", "the name is in the family", PLAIN, csaf({"branches": [{"category": "vendor", "name": "Acme", "branches": [{"category": "product_family", "name": PRODUCT, "branches": [
        {"category": "product_name", "name": "Firmware", "branches": [{"category": "product_version_range", "name": "<2.0", "product": {"name": "Firmware <2.0", "product_id": "P1"}}]}]}]}]},
        [flaw(known_affected="P1")]), MAYBE_AFFECTED, "the family is ours"),
    ("A", "a service of our product", LODASH, vex([{"ref": "svc"}], state="exploitable", root=ours()), MAYBE_AFFECTED, "something of our very product"),
    ("A", "a reference to nothing, no product", LODASH, vex([{"ref": "c17"}], state="exploitable"), MAYBE_AFFECTED, "nobody can exclude it"),
    ("A", "a reference to nothing, not affected", LODASH, vex([{"ref": "c17"}]), NOTHING, "reassures nobody"),
    ("A", "a reference to nothing, another product", LODASH, vex([{"ref": "c17"}], state="exploitable", root={"type": "firmware", "bom-ref": "z", "name": "Turbine", "version": "9"}), NOTHING, "another product"),
    ("A", "installed on another version of us", LODASH, said(AFFECTED, product("L", vendor=None, name="lodash", purl="pkg:npm/lodash@4.17.20"), product("P", version="9.0", purl=PURL),
                                                           relations=[("P1", "L", "installed_on", "P")]), MAYBE_AFFECTED, "the same component"),
]

PAIRS = A + C1 + C2 + C3 + C4 + C5 + C6 + D + X + S1 + S2 + S3 + S4 + S5 + S6 + S7 + S8 + M
