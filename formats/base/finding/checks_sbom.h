/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the table of checks: SBOMs, VEX files and advisories. */

CRET_CHECK(
    SBOM_FORM, "sbom.form", RELEASE(FAIL), .title = "The SBOM has a valid structure",
    .meaning =
        "The software bill of materials is CycloneDX 1.4 to 1.7, SPDX 2.2 or 2.3, or SPDX "
        "3.0.1 in JSON, with the structure that the format asks for. Of several, no two bear the "
        "same serial number and version: whoever refers to one by them, as VEX does, "
        "would mean both.",
    .causes = "The tool that made it wrote another version or format, or invalid JSON; it was "
              "edited by hand; or one SBOM was copied for a second image, or listed twice.",
    .ask = "Send the vendor the JSON pointer and the rule named here. The SBOM is signed: the "
           "vendor must correct it and sign again.",
    .owner = "ask the vendor for an SBOM in the form of its format")

CRET_CHECK(
    SBOM_BINDING, "sbom.binding", RELEASE(FAIL), .title = "The SBOM describes these very files",
    .meaning = "The SBOM's root component has name and version of this product and release and "
               "the hash of a signed file, and each bound component has the hash of its file. "
               "Else it may be the SBOM of another build.",
    .causes = "The SBOM was made for another build or version, or before the last step that "
              "changed the image (signing, packing); or it carries no hashes.",
    .ask = "Send the vendor the component, the expected and the actual value named here, and "
           "ask for the SBOM of this build. Until then do not rely on it when you look for "
           "vulnerable components.",
    .owner = "ask the vendor for an SBOM of this very release",
    .signer = "cretula-sign sbom complete fills in what the release knows: names, versions, hashes")

CRET_CHECK(
    SBOM_NESTED, "sbom.nested", RELEASE(FAIL),
    .title = "Bound components inside archives could be read",
    .meaning =
        "The manifest can bind a component of the SBOM to a file that lies inside an archive "
        "of the payload (zip, tar, cpio, 7z, also one in the other). The archive is read, "
        "never unpacked to disk, with caps on depth, number, size and expansion.",
    .causes = "The archive is damaged, encrypted, or expands to more than the caps allow (a "
              "decompression bomb); or it is of a kind that is not read here (squashfs, disk "
              "images), or comes from a pipe, which is shown as not checked.",
    .ask = "Ask the vendor for the archive in one of the kinds named in docs/spec/sbom.md. Do "
           "not unpack an archive that was refused as a bomb.")

CRET_CHECK(
    SBOM_UNREAD, "sbom.unread", RELEASE(WARN), .title = "Every SBOM of the release is read",
    .meaning =
        "The SBOMs that `sbom` lists are bound to the release. Another file with the "
        "role sbom is part of the release, and its bytes are checked, but nothing looks into "
        "it: its components are not bound, and advisories are not compared with them. The same "
        "holds for documents that the SBOM refers to as parts of it, for its services and "
        "snippets, for what components were made from, for vulnerabilities in the SBOM itself, "
        "and for whatever it says that it does not list (docs/spec/advisories.md).",
    .causes = "The description gives a file the role sbom and does not name it under `sbom`; "
              "the SBOM is one document of a set; or it says of "
              "parts that they are incomplete or unknown, or lists nothing but the product and "
              "its files.",
    .ask = "Whoever signs: add it to the list under `sbom`, or give it the role document. "
           "Whoever receives: compare the advisories with what is named by other means.",
    .owner = "compare advisories with it by other means; ask the vendor to list it "
             "under sbom",
    .signer = "add it to the list under sbom")

CRET_CHECK(
    SBOM_CISA, "sbom.cisa", RELEASE(WARN), .title = "SBOM has CISA's minimum elements (2026)",
    .meaning =
        "The minimum elements of CISA and its partners of July 2026, which replaced the NTIA's "
        "of 2021: author, format, lifecycle phase, time, tool and version of the SBOM; "
        "producer, dependencies, hash, identifiers, licence, name and version of each "
        "component. A field that is said to be unknown or withheld is no fault and is "
        "counted; one that is silently empty is. Each finding carries the rule's id "
        "(docs/spec/sbom.md).",
    .causes =
        "The tool that made the SBOM did not know these values, and nobody added them or said "
        "that they are unknown.",
    .ask = "Send the vendor the rule ids and JSON pointers. cretula-sign sbom check shows all "
           "of them; sbom complete fills in what the release itself knows.",
    .owner = "ask the vendor to complete the SBOM",
    .signer = "cretula-sign sbom complete fills in what the release knows; sbom check names "
              "the rules")

CRET_CHECK(
    SBOM_NTIA, "sbom.ntia", RELEASE(IGNORE), .title = "SBOM has the NTIA minimum elements (2021)",
    .meaning = "The NTIA's minimum elements are supplier, name, version and a unique identifier of "
               "each component, dependency relationships, the author of the SBOM, and a timestamp. "
               "Values are looked at, not their presence alone: NOASSERTION names nobody. Each "
               "finding carries the rule's id (docs/spec/sbom.md). Those of 2026 "
               "replaced them (sbom.cisa): these are looked at only where the policy or profile "
               "sets this check to warn or fail.",
    .causes = "The tool that made the SBOM did not know these values, and nobody added them.",
    .ask = "Send the vendor the rule ids and JSON pointers. cretula-sign sbom check shows all "
           "of them; sbom complete fills in what the release itself knows.",
    .owner = "ask the vendor to complete the SBOM",
    .signer = "cretula-sign sbom complete fills in what the release knows; sbom check names "
              "the rules")

CRET_CHECK(
    SBOM_BSI, "sbom.bsi", RELEASE(IGNORE), .title = "SBOM follows BSI TR-03183-2 v2.1.0",
    .meaning =
        "The technical guideline TR-03183-2 of the German BSI asks for more than the NTIA: "
        "contact of every creator, file name and kind, SHA-512, licences and their standing, "
        "completeness of dependencies, and no vulnerabilities in the SBOM. It is looked at "
        "only where the policy or profile sets this check to warn or fail.",
    .causes = "The SBOM was not made for this guideline; or its format is too old for it "
              "(CycloneDX below 1.6, SPDX 2).",
    .ask = "Send the vendor the rule ids and JSON pointers, and ask whether an SBOM after "
           "TR-03183-2 can be had.",
    .owner = "ask the vendor to complete the SBOM",
    .signer = "cretula-sign sbom complete fills in what the release knows; sbom check names "
              "the rules")

CRET_CHECK(
    VEX_MATCH, "vex.match", RELEASE(WARN),
    .title = "VEX files of the release speak of this release",
    .meaning = "A VEX file says which vulnerabilities affect a product and which do not. It "
               "must name this product, or components of its SBOM, by hash, package URL, CPE, "
               "or reference into the SBOM. A name alone is only a possible match. It must say "
               "one thing of each product, and why one is not affected. Where the release has "
               "no SBOM, or one that lacks documents, statements about components are "
               "NOT_CHECKED, and the finding says so.",
    .causes = "The VEX file belongs to another product or version, names the product by text "
              "only, contradicts itself, says \"not affected\" without a reason, or is faulty.",
    .ask = "Do not use the VEX file for risk decisions on this release before the vendor says "
           "to what it applies; ask for identifiers (purl, CPE or hashes) in it.",
    .owner = "compare product and version by hand, and do not rely on the file; ask the vendor "
             "for one that is clear about this release",
    .signer = "name the product, or its components, by hash, purl or CPE, with one status for "
              "each, and a reason for \"not affected\"")

CRET_CHECK(
    ADVISORY_DIGEST, "advisory.digest", RELEASE(FAIL),
    .title = "Advisories are the very ones that the manifest lists",
    .meaning = "The manifest can list advisories with the SHA-256 of the document and its file "
               "in the release. Both must be the same.",
    .causes = "The advisory was revised after the list was written, or a wrong file came along.",
    .ask = "Read the advisory on the vendor's site, and ask the vendor which revision belongs "
           "to this release.")

CRET_CHECK(
    ADVISORY_MATCH, "advisory.match", RELEASE(WARN),
    .title = "Advisories of the release speak of this product",
    .meaning = "A CSAF advisory that comes with a release must carry the id under which the "
               "manifest lists it, and name this product or one of its components by hash, "
               "package URL or CPE. A name alone is only a possible match.",
    .causes = "The advisory is about another product or version, names it by text only, or is "
              "no CSAF document.",
    .ask = "Ask the vendor to what the advisory applies, and for product identification "
           "helpers (purl, CPE, hashes) in it.",
    .owner = "compare product and version by hand, and do not rely on the file; ask the vendor "
             "for one that is clear about this release",
    .signer = "name the product, or its components, by hash, purl or CPE, with one status for "
              "each, and a reason for \"not affected\"")
