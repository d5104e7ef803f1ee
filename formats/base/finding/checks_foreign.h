/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the table of checks: files in vendors' own formats, which carry no manifest of ours. */

CRET_CHECK(
    FOREIGN_FORM, "foreign.form", FOREIGN, .title = "Foreign file and signature are well-formed",
    .meaning = "A file in a vendor's own format is read by a strict parser of that format: where "
               "its signature lies, which bytes are hashed, where it ends. What can be read in two "
               "ways is refused, because then two programs could see different files.",
    .causes = "The file is damaged or cut short, is of another kind than it looks like, carries "
              "no signature, was made by a tool that does not keep to the format, or was changed.",
    .ask = "Fetch the file again from the vendor, and compare its size. If it fails again, send "
           "the vendor its name, size and SHA-256, and the byte named here.")

CRET_CHECK(FOREIGN_VALUE, "foreign.value", FOREIGN,
           .title = "Foreign signature or hash is right for this file",
           .meaning = "The digest in the signature is that of the file, and the signature over "
                      "that digest was made with the key of the certificate or pin. Both are "
                      "compared: one without the other proves nothing.",
           .causes = "The download is damaged, the signature is that of another file or version, "
                     "or the file was changed after it was signed.",
           .ask = "Do not install the file. Fetch it and its signature again from the vendor; if "
                  "it fails again, tell the vendor's security contact, with the SHA-256.")

CRET_CHECK(
    FOREIGN_COVERAGE, "foreign.coverage", FOREIGN,
    .title = "No byte of the foreign file escapes its signature",
    .meaning = "Formats of others leave parts of a file unhashed: behind the signature, in "
               "padding, in tables, in free sectors. Whoever appends something there keeps the "
               "signature valid. Each such part is counted and named, and must be zero, but "
               "for those that the format itself has and that carry no content (a checksum, "
               "timestamps and certificates in the signature). What is in the signature and "
               "of no use to anybody there is a warning.",
    .causes = "The vendor or a distributor tagged the installer, an update tool appended data, or "
              "somebody hid something in a file that others take for signed.",
    .ask = "Ask the vendor for the file without what was appended, or for its SHA-256. Send the "
           "part, its offset and its length.")

CRET_CHECK(
    FOREIGN_STRENGTH, "foreign.strength", FOREIGN, .title = "Digests of the proof are strong",
    .meaning = "MD5 and SHA-1 are broken: two files with the same digest can be made. A proof "
               "that rests on one of them is refused, unless the pin in the trust policy lets "
               "weak digests count; then the verdict names it all the same.",
    .causes = "The file is old, or the vendor publishes weak hashes only.",
    .ask = "Ask the vendor for a signature or a list with SHA-256. For files that will never be "
           "signed again, set weakDigests in the pin, and say why where the policy is kept.")

CRET_CHECK(
    FOREIGN_TIMESTAMP, "foreign.timestamp", FOREIGN,
    .title = "When the foreign file was signed is proved",
    .meaning = "A signature whose certificate ended counts only where an authority that the "
               "policy trusts says that it was made before: an RFC 3161 timestamp, or a "
               "countersignature.",
    .causes = "The file has no timestamp, or one by an authority that the policy does not name.",
    .ask = "Add the authority to timestampAuthorities of the trust policy after comparing its "
           "certificate, or ask the vendor for a file that was timestamped.")

CRET_CHECK(
    FOREIGN_PIN, "foreign.pin", FOREIGN, .title = "The vendor of the foreign file is pinned",
    .meaning = "That a signature is right says only that somebody made it. It counts where a "
               "scope of the trust policy pins who: a key, a certificate, or subject and issuer "
               "below an authority. A public authority alone vouches for nobody, and a list of "
               "hashes that nobody pinned signed proves only that two downloads agree.",
    .causes = "The policy has no pin of this kind for this vendor; the vendor signs with a new "
              "certificate; or somebody else signed the file.",
    .ask = "Ask the vendor, on another way than the download, who signs such files, compare the "
           "fingerprint, and pin it (docs/spec/foreign.md).")
