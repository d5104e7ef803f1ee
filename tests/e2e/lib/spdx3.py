# SPDX-License-Identifier: Apache-2.0
"""SPDX 3.0.1 documents for tests: a good one, and ways to change it by the ends of its ids."""
from harness import DATE, PRODUCT, VENDOR, noise, sha256

CONTEXT = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"
BASE = "https://automation.example.com/spdx/rtu7/"
SHA512 = "a4" * 64


def element(kind, end, /, **members):
    return {"type": kind, "spdxId": BASE + end, "creationInfo": "_:creation", **members}


def relation(end, source, kind, *targets, **members):
    """Targets that begin with a capital are individuals of SPDX."""
    ids = [target if target[0].isupper() or ":" in target or "_" in target else BASE + target for target in targets]
    return element("Relationship", end, **{"from": BASE + source, "relationshipType": kind, "to": ids}, **members)


def hashed(algorithm, value):
    return {"type": "Hash", "algorithm": algorithm, "hashValue": value}


def package(name, label, version):
    """A package with all that BSI TR-03183-2 asks for: its file, its licences, its source."""
    return [
        element("software_Package", name, name=label, software_packageVersion=version, software_packageUrl=f"pkg:generic/{name}@{version}",
                suppliedBy=BASE + "maker", originatedBy=[BASE + "maker"], software_downloadLocation=f"https://example.com/{name}.bin",
                externalIdentifier=[{"type": "ExternalIdentifier", "externalIdentifierType": "cpe23",
                                     "identifier": f"cpe:2.3:a:example:{name}:{version}:*:*:*:*:*:*:*"}],
                externalRef=[{"type": "ExternalRef", "externalRefType": "securityOther",
                              "locator": ["https://example.com/.well-known/security.txt"]}]),
        element("software_File", f"{name}-file", name=f"{name}.bin", software_additionalPurpose=["executable", "firmware"],
                verifiedUsing=[hashed("sha512", SHA512)],
                externalRef=[{"type": "ExternalRef", "externalRefType": "binaryArtifact", "locator": [f"https://example.com/{name}.bin"]}]),
        element("software_Package", f"{name}-source", name=f"{label} sources", software_primaryPurpose="source",
                externalRef=[{"type": "ExternalRef", "externalRefType": "sourceArtifact", "locator": [f"https://example.com/{name}.tar.gz"]}]),
        relation(f"{name}-generated", f"{name}-source", "generates", name),
        relation(f"{name}-artifact", name, "hasDistributionArtifact", f"{name}-file", completeness="complete"),
        relation(f"{name}-concluded", name, "hasConcludedLicense", "licence"),
        relation(f"{name}-declared", name, "hasDeclaredLicense", "licence"),
        relation(f"{name}-effective", name, "other", "licence", comment="hasEffectiveLicense"),
    ]


def good_spdx3():
    """Meets every rule of every profile."""
    return {"@context": CONTEXT, "@graph": [
        {"type": "CreationInfo", "@id": "_:creation", "specVersion": "3.0.1", "created": DATE,
         "createdBy": [BASE + "maker"], "createdUsing": [BASE + "tool"]},
        element("Organization", "maker", name=VENDOR, externalIdentifier=[
            {"type": "ExternalIdentifier", "externalIdentifierType": "email", "identifier": "psirt@example.com"}]),
        element("Tool", "tool", name="maker 1.0"),
        element("SpdxDocument", "document", name="rtu7", rootElement=[BASE + "sbom"], dataLicense="https://spdx.org/licenses/CC0-1.0",
                profileConformance=["core", "software", "simpleLicensing"]),
        element("software_Sbom", "sbom", software_sbomType=["build"], rootElement=[BASE + "root"], element=[BASE + "root", BASE + "lib"]),
        *package("root", PRODUCT, "1.0.0"), *package("lib", "openssl", "3.5.4"),
        relation("root-depends", "root", "dependsOn", "lib", completeness="complete"),
        relation("lib-depends", "lib", "dependsOn", "NoneElement", completeness="complete"),
        element("simplelicensing_LicenseExpression", "licence", simplelicensing_licenseExpression="Apache-2.0"),
    ]}


def place(document, name):
    """Where the object with that end of its id stands in @graph."""
    return next(index for index, one in enumerate(document["@graph"]) if one.get("spdxId", one.get("@id")) in (BASE + name, "_:" + name))


def at(document, name):
    return document["@graph"][place(document, name)]


def put(end, /, **members):
    return lambda one: at(one, end).update(members)


def drop(name, member):
    return lambda one: at(one, name).pop(member)


def remove(*names):
    return lambda one: [one["@graph"].pop(place(one, name)) for name in names]


def add(*objects):
    return lambda one: one["@graph"].extend(objects)


def image(data=None, **members):
    """As Yocto writes it: the root file system is a package without version and hash, the image beside it a file."""
    data = noise(5000, "firmware") if data is None else data
    value = good_spdx3()
    at(value, "sbom")["rootElement"].append(BASE + "image")
    root = at(value, "root")
    root.pop("software_packageVersion")
    root.update(members)
    value["@graph"].pop(place(value, "root-artifact"))
    add(element("software_File", "image", name="firmware.bin", verifiedUsing=[hashed("sha256", sha256(data))]))(value)
    return value
