/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the table of checks: the core, which every verdict rests on. */

CRET_CHECK(
    ARCHIVE_FRAMING, "archive.framing", CORE, .title = "Archive headers, order, padding and end",
    .meaning =
        "An archive has exactly one form: every header and every padding byte follows from the "
        "manifest, the signatures and the payload. The verifier makes each of these bytes "
        "itself and compares. So nothing can hide between the files, after the end, or under a "
        "second name, and no two programs can see different contents.",
    .causes = "The download or the copy is incomplete or damaged; the archive was unpacked and "
              "packed again with tar; a mail or web gateway changed it; the file is another "
              "kind of archive; or somebody changed it.",
    .ask = "Fetch the file again from the source, on another medium if you can, and compare "
           "its size. If it fails again, send the vendor's release contact the file's name, "
           "size and SHA-256 (sha256sum), where you got it, and the member and offset named "
           "here. Do not unpack or install it.")

CRET_CHECK(
    ARCHIVE_LIMITS, "archive.limits", CORE, .title = "Sizes and counts within the caps",
    .meaning = "Every size and count of the format has a fixed cap (docs/spec), so that no "
               "file can exhaust the machine that checks it: manifest 64 MiB, 16 signatures of "
               "256 KiB, 200,000 files, names of 200 bytes.",
    .causes = "The file is damaged, or is not a release archive; it was made by a program that "
              "does not keep to the format; or it was made to harm the verifier.",
    .ask = "Fetch the file again. If it fails again, send the vendor the value named here and "
           "ask for a release that stays within the caps; a very large documentation set can "
           "be split into several releases.")

CRET_CHECK(MANIFEST_FORM, "manifest.form", CORE,
           .title = "Manifest: strict JSON, known fields, valid values",
           .meaning = "MANIFEST.json is the signed statement of what the release is. It must be "
                      "strict JSON without duplicate or unknown fields, and every value must be of "
                      "the form that docs/spec gives, so that every reader understands the same.",
           .causes = "The archive was made by another version of the signing tool, or by another "
                     "program; a required field is missing; or a value has the wrong form.",
           .ask =
               "Send the vendor the JSON pointer, the expected and the actual value named here, "
               "and the version of your verifier. The vendor corrects the release description and "
               "signs again (cretula-sign lint shows the same finding).")

CRET_CHECK(
    FILE_PATHS, "file.paths", CORE, .title = "File names are safe on every system",
    .meaning = "Names inside the archive are relative, use a small set of ASCII characters, "
               "are no device names of Windows, and differ from each other without regard to "
               "case. So the files unpack alike everywhere and cannot leave their folder.",
    .causes = "The archive was made by a program that does not map names, or was made to write "
              "outside of its folder when it is unpacked.",
    .ask = "Do not unpack the archive with another program. Send the vendor the name and the "
           "rule given here; cretula-sign pack maps other names by default.")

CRET_CHECK(FILE_DIGESTS, "file.digests", CORE,
           .title = "Every file has the size and digests of the manifest",
           .meaning = "The signed manifest gives size and SHA-256 of every file, and the fs-verity "
                      "digest of every file over 1 MiB. A file is accepted only where all of them "
                      "match: then its bytes are those that the signers signed.",
           .causes =
               "The download or the medium is damaged; a file was replaced after signing; or, "
               "in the detached form, a file of another release lies beside the front.",
           .ask = "Fetch the archive again, on another medium if you can. If the same file fails "
                  "again, send the vendor's release and security contacts the file's name, the "
                  "expected and the actual digest, and where you got the archive: it may have been "
                  "tampered with on the way. Do not install it.")

CRET_CHECK(
    FILE_CHECKSUMS, "file.checksums", CORE, .title = "SHA256SUMS is what the manifest says",
    .meaning =
        "SHA256SUMS lets people check the files with sha256sum alone. It must list exactly the "
        "files of the manifest with their digests, and its own digest must be the manifest's "
        "`checksums`, so that both ways of checking give the same answer.",
    .causes = "The list was edited or made by another program, or a file was added or removed "
              "after the list was made.",
    .ask = "Send the vendor the line named here and ask for an archive made in one run of "
           "cretula-sign pack.")

CRET_CHECK(SIGNATURE_FORM, "signature.form", CORE,
           .title = "Signature has the one form of the CMS profile",
           .meaning = "Each signature is one detached CMS in DER with one signer, the signed "
                      "attributes contentType, messageDigest and signingCertificateV2, and exactly "
                      "the certificates that it names. Anything else is refused before a general "
                      "parser sees it, because most known forgeries of CMS need another form.",
           .causes = "The signature was made by another tool and put into the archive without "
                     "cretula-sign attach; the file is damaged; or it was changed after signing.",
           .ask =
               "Fetch the archive again. If it fails again, send the vendor the signature member's "
               "name and the offset named here; cretula-sign attach brings signatures of other "
               "tools into the right form, or says why it cannot.")

CRET_CHECK(
    SIGNATURE_ALGORITHM, "signature.algorithm", CORE,
    .title = "Signature algorithm, digest and key are allowed",
    .meaning = "Allowed are RSA from 3072 bits (PKCS#1 v1.5 or PSS), ECDSA on P-256, P-384 and "
               "P-521, each with SHA-256, SHA-384 or SHA-512, and, where this OpenSSL has "
               "them, Ed25519, ML-DSA and SLH-DSA; each in one encoding.",
    .causes = "The release was signed with an old key (RSA 2048, SHA-1, another curve) or with "
              "an algorithm that this OpenSSL does not have.",
    .ask = "Ask the vendor for a signature with a key of today, and send the algorithm named "
           "here. Where OpenSSL is too old for it, use a newer verifier.")

CRET_CHECK(
    SIGNATURE_VALUE, "signature.value", CORE, .title = "Signature is right for this manifest",
    .meaning = "The signature was computed with the signer's key over exactly this manifest, "
               "which fixes every file of the release.",
    .causes = "The manifest or the signature was changed after signing; a signature of another "
              "release was copied in; or the file is damaged.",
    .ask = "Fetch the archive again from the source. If it fails again, treat it as tampered "
           "with: do not install it, keep the file, and tell the vendor's security contact "
           "where and when you got it, with its SHA-256.")

CRET_CHECK(
    CERTIFICATE_PATH, "certificate.path", CORE, .title = "Certificate leads to a trusted anchor",
    .meaning = "The signer's certificate is one that the trust policy pins, or was issued, "
               "directly or through intermediates, by a CA of the policy.",
    .causes = "The anchor given is that of another vendor, or an older or newer one of the "
              "same vendor; an intermediate certificate is missing in the signature and in the "
              "policy; or somebody else signed the release.",
    .ask = "Compare the signer's issuer named here with your anchor. Ask the vendor, on a way "
           "other than the download (telephone, contract, known contact), which root signs "
           "releases, and compare its SHA-256 fingerprint before you trust it.")

CRET_CHECK(
    CERTIFICATE_VALIDITY, "certificate.validity", CORE,
    .title = "Certificate was valid at the signature time",
    .meaning = "Each certificate of the path was valid when the signature was made. That time "
               "comes from a timestamp that the policy trusts; without one it is now.",
    .causes =
        "The certificate has expired and the release carries no timestamp by an authority that "
        "you trust; the clock of this machine is wrong; or the certificate is not valid yet.",
    .ask = "Check this machine's date first (date -u). Where the certificate has expired, ask "
           "the vendor for the release with an RFC 3161 timestamp, or signed again, and which "
           "timestamp authority to trust; a release that was timestamped in time stays "
           "verifiable.")

CRET_CHECK(
    CERTIFICATE_USAGE, "certificate.usage", CORE,
    .title = "Certificate may be used to sign releases",
    .meaning = "The signer's certificate carries the extended key usage that the role asks for "
               "(code signing by default) and may make signatures; issuers are CA certificates "
               "that may issue.",
    .causes = "A certificate made for another purpose (TLS server, e-mail) was used, or the "
              "vendor's CA issues certificates without the usage.",
    .ask = "Send the vendor the certificate's subject and the usage that is missing, and ask "
           "for a signature by a code signing certificate. Where the vendor uses another usage "
           "on purpose, set the role's usage in your trust policy.")

CRET_CHECK(
    CERTIFICATE_ALGORITHM, "certificate.algorithm", CORE,
    .title = "Certificates use strong keys and digests",
    .meaning = "Each certificate of the path, intermediates too, has a key and is signed with "
               "an algorithm that cannot be forged with today's means.",
    .causes = "An intermediate or signer certificate has an RSA key below 3072 bits, a curve "
              "that is not allowed, or was signed with SHA-1 or MD5.",
    .ask = "Send the vendor the certificate's subject and the algorithm named here, and ask "
           "for a new certificate. Where an issuer's key or digest is named, pinning the "
           "signer's certificate, which you have compared yourself, does without the issuer; "
           "where the signer's own key is, no pin helps. For RSA keys of 2048 bits in a "
           "private PKI a trust policy may name rsa-2048 in its algorithms.")

CRET_CHECK(
    CERTIFICATE_REVOCATION, "certificate.revocation", CORE_ASKED,
    .title = "Certificate was not revoked",
    .meaning = "No certificate revocation list that you gave says that a certificate of the "
               "path was revoked when the signature was made. Where the policy requires lists, "
               "there must be a fresh one of each issuer.",
    .causes = "The vendor revoked the certificate, perhaps because its key was stolen; or your "
              "list is missing or too old.",
    .ask = "Fetch the issuer's current list and give it with --crl or in the trust policy. "
           "Where the certificate is revoked, do not install the release, and ask the vendor's "
           "security contact why, since when, and for a release signed with another key.")

CRET_CHECK(
    SIGNATURE_TIMESTAMP, "signature.timestamp", CORE_ASKED, .title = "Timestamp of the signature",
    .meaning =
        "An RFC 3161 token by a timestamp authority says that the signature existed at a time. "
        "Its own form and signature must be right even where the policy does not ask for it; "
        "where the policy requires it, the authority must be a trusted one.",
    .causes = "The release has no token; its authority is not in your policy; the token "
              "belongs to another signature or lies after the time of this check; or the clock "
              "of this machine is wrong.",
    .ask = "Check this machine's date first. Ask whoever signed for a timestamp, and for the "
           "authority's root certificate to add to your trust policy.")

CRET_CHECK(
    SIGNATURE_POST_QUANTUM, "signature.post-quantum", CORE_ASKED,
    .title = "Post-quantum signature beside the classical one",
    .meaning = "Where the trust policy asks for it, a signer's second signature with a "
               "post-quantum key (ML-DSA, SLH-DSA) must verify too, so that the release stays "
               "safe when quantum computers break the classical one.",
    .causes = "The vendor does not sign with such a key yet, or this OpenSSL (before 3.5) "
              "cannot verify it.",
    .ask = "Use a verifier with OpenSSL 3.5 or newer. Ask the vendor when releases will carry "
           "a post-quantum signature, and for its certificate.")

CRET_CHECK(
    SIGNATURE_LASTING, "signature.lasting", RELEASE(WARN),
    .title = "The signature can be verified for ten years",
    .meaning = "A security update should stay available for ten years, and whoever rebuilds a "
               "device then has to verify it. Without a trusted timestamp a signature ends with "
               "the first certificate of its path that ends; a pinned certificate or key does "
               "not end.",
    .causes = "The signing certificate, or one above it, ends earlier, and the signature has no "
              "timestamp of an authority that the policy trusts.",
    .ask = "Ask whoever signed for a timestamp, and name its authority in your policy; or pin the "
           "signer's certificate. A record of today shows later what was verified today.",
    .owner = "ask whoever signed for a timestamp, or pin the signer's certificate",
    .signer = "add a timestamp (cretula-sign timestamp)")

CRET_CHECK(
    TRUST_EXAMPLE_KEY, "trust.example-key", CORE,
    .title = "No published example or test key is trusted",
    .meaning =
        "Private keys of examples and test suites are public: anybody can sign with them. Both "
        "tools carry a list of such keys and refuse them, as signer, issuer or anchor.",
    .causes = "The vendor's pipeline still signs with a key from a tutorial or development "
              "kit; or you trust an example's root certificate by mistake.",
    .ask = "Do not install the release. Tell the vendor's security contact the key's SHA-256 "
           "and the origin named here: every release signed with it can be forged. For "
           "training only: --allow-example-keys.")

CRET_CHECK(
    TRUST_THRESHOLD, "trust.threshold", CORE,
    .title = "Enough trusted signers signed, for every role",
    .meaning = "The trust policy says which signers may fill which role (release, quality, "
               "owner) and how many of them must have signed. Signers are counted, not keys; "
               "nothing counts that the policy does not name.",
    .causes = "The archive is not signed, or not yet by everybody; a signature counts for "
              "another role because of its meaning; the signers are not in your policy; or the "
              "signing keys were changed.",
    .ask = "Read why each signature did not count. Ask the vendor for the missing signature, "
           "or, on a way other than the download, for the new signer's certificate; then add "
           "it with cretula-verify trust add-signer.")

CRET_CHECK(
    TRUST_SCOPE, "trust.scope", CORE, .title = "These signers may vouch for this product",
    .meaning = "A trusted signer is trusted for the vendor and products that the policy names. "
               "The manifest's vendor and product must be among them: one vendor's key never "
               "vouches for another's product.",
    .causes =
        "The policy does not list this product yet; vendor or product are spelled differently "
        "in policy and manifest; or a key was used for a product that it is not meant for.",
    .ask = "Compare vendor and product named here with your policy, letter by letter. Where "
           "the product is new, add it to the scope; where it is not this vendor's product, "
           "ask the vendor's security contact before you do anything else.")
