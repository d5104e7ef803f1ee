/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the table of checks: OPC UA software packages, where one was given. */

CRET_CHECK(
    PACKAGE_ZIP, "package.zip", CORE_ASKED, .title = "Package: one index, nothing beside it",
    .meaning =
        "A ZIP file has two tables of its members, and programs differ in which they read. A "
        "package is taken only where both say the same, members follow each other without a "
        "gap, nothing stands before or behind them, and nothing is encrypted. So every "
        "program sees the same members.",
    .causes = "The file is damaged; it was packed by a program that writes extra fields, comments "
              "or 64-bit fields; or it was made to show different contents to different programs.",
    .ask = "Fetch the package again. If it fails again, send its author the entry and the rule "
           "that is named here, and ask for one that is packed as docs/spec/uadipkg.md says.")

CRET_CHECK(
    PACKAGE_MANIFEST, "package.manifest", CORE_ASKED,
    .title = "Package: signed lists cover every member",
    .meaning = "A signature in a package is over a list of digests (ASiCManifest), not over the "
               "package: a file that no list names is signed by nobody, and stock validators only "
               "warn of it. Here every list that is signed must name every file, and every file "
               "must have the digest of each list.",
    .causes = "A file was added, removed or changed after signing; the signer listed only a part; "
              "a list uses a weak digest, or refers to something outside of the package.",
    .ask = "Fetch the package again. If it fails again, send its author the file that is named "
           "here; do not install it, and do not take out what is not listed: ask for a package "
           "whose signature is over all of it.")

CRET_CHECK(
    PACKAGE_METADATA, "package.metadata", CORE_ASKED, .title = "Package: it says what it is",
    .meaning = "META/package_metadata.json (OPC 10000-100, 8.7.3) says by whom and for which "
               "products a package is. Name, manufacturer and its URI, revision and type must be "
               "there, and each field must be of its form: a package is compared with a trust "
               "policy by what stands there.",
    .causes = "The package was made by a tool that leaves mandatory fields out, or writes them in "
              "another form.",
    .ask = "Send the author of the package the field that is named here.")

CRET_CHECK(
    PACKAGE_RELEASE, "package.release", CORE_ASKED,
    .title = "Package: it agrees with the release in it",
    .meaning = "A package that was made of a release archive carries that release's MANIFEST.json "
               "with its signatures. Then both must say the same: the same files with the same "
               "digests, no file more, the same product, vendor and version.",
    .causes = "The package was put together from two releases, or files were added to it.",
    .ask = "Send the author of the package what is named here, and ask for a package that was "
           "made by cretula-sign export uadipkg of one release.")
