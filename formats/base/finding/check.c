/* SPDX-License-Identifier: Apache-2.0 */
/* The table of checks, and looking things up in it. */
#include "base/finding/check.h"

#include <string.h>

#include "base/finding/check_rows.h"

/* One row of a core check: no severity of its own, and nothing waives it. */
#define CORE .core = true, .severity = CRET_SEVERITY_FAIL

static const struct cret_check checks[CRET_CHECK_COUNT] = {
    [CRET_CHECK_NONE] =
        {
            .id = CRET_CHECK_NONE,
            .name = "none",
            .severity = CRET_SEVERITY_FAIL,
            .title = "No check",
            .meaning = "This finding belongs to no check of the table.",
            .causes = "An internal error of the program that made it.",
            .ask = "Send the developers of this program its version, the command line, and the "
                   "whole message.",
        },
    [CRET_CHECK_ARCHIVE_FRAMING] =
        {
            .id = CRET_CHECK_ARCHIVE_FRAMING,
            .name = "archive.framing",
            CORE,
            .title = "Archive headers, order, padding and end",
            .meaning =
                "An archive has exactly one form: every header and every padding byte follows from "
                "the manifest, the signatures and the payload. The verifier makes each of these "
                "bytes itself and compares. So nothing can hide between the files, after the end, "
                "or under a second name, and no two programs can see different contents.",
            .causes =
                "The download or the copy is incomplete or damaged; the archive was unpacked and "
                "packed again with tar; a mail or web gateway changed it; the file is another kind "
                "of archive; or somebody changed it.",
            .ask =
                "Fetch the file again from the source, on another medium if you can, and compare "
                "its size. If it fails again, send the vendor's release contact the file's "
                "name, size and SHA-256 (sha256sum), where you got it, and the member and "
                "offset named here. Do not unpack or install it.",
        },
    [CRET_CHECK_ARCHIVE_LIMITS] =
        {
            .id = CRET_CHECK_ARCHIVE_LIMITS,
            .name = "archive.limits",
            CORE,
            .title = "Sizes and counts within the caps",
            .meaning =
                "Every size and count of the format has a fixed cap (docs/spec), so that no file "
                "can exhaust the machine that checks it: manifest 64 MiB, 16 signatures of 256 "
                "KiB, 200,000 files, names of 200 bytes.",
            .causes = "The file is damaged, or is not a release archive; it was made by a program "
                      "that does not keep to the format; or it was made to harm the verifier.",
            .ask = "Fetch the file again. If it fails again, send the vendor the value named here "
                   "and ask for a release that stays within the caps; a very large documentation "
                   "set can be split into several releases.",
        },
    [CRET_CHECK_MANIFEST_FORM] =
        {
            .id = CRET_CHECK_MANIFEST_FORM,
            .name = "manifest.form",
            CORE,
            .title = "Manifest: strict JSON, known fields, valid values",
            .meaning =
                "MANIFEST.json is the signed statement of what the release is. It must be strict "
                "JSON without duplicate or unknown fields, and every value must be of the form "
                "that docs/spec gives, so that every reader understands the same.",
            .causes = "The archive was made by another version of the signing tool, or by another "
                      "program; a required field is missing; or a value has the wrong form.",
            .ask = "Send the vendor the JSON pointer, the expected and the actual value named "
                   "here, and the version of your verifier. The vendor corrects the release "
                   "description and signs again (cretula-sign lint shows the same finding).",
        },
    [CRET_CHECK_FILE_PATHS] =
        {
            .id = CRET_CHECK_FILE_PATHS,
            .name = "file.paths",
            CORE,
            .title = "File names are safe on every system",
            .meaning =
                "Names inside the archive are relative, use a small set of ASCII characters, are "
                "no device names of Windows, and differ from each other without regard to case. So "
                "the files unpack alike everywhere and cannot leave their folder.",
            .causes = "The archive was made by a program that does not map names, or was made to "
                      "write outside of its folder when it is unpacked.",
            .ask = "Do not unpack the archive with another program. Send the vendor the name and "
                   "the rule given here; cretula-sign pack maps other names by default.",
        },
    [CRET_CHECK_FILE_DIGESTS] =
        {
            .id = CRET_CHECK_FILE_DIGESTS,
            .name = "file.digests",
            CORE,
            .title = "Every file has the size and digests of the manifest",
            .meaning =
                "The signed manifest gives size and SHA-256 of every file, and the fs-verity "
                "digest of every file over 1 MiB. A file is accepted only where all of them "
                "match: then its bytes are those that the signers signed.",
            .causes = "The download or the medium is damaged; a file was replaced after signing; "
                      "or, in the detached form, a file of another release lies beside the front.",
            .ask = "Fetch the archive again, on another medium if you can. If the same file "
                   "fails again, send the vendor's release and security contacts the file's "
                   "name, the expected and the actual digest, and where you got the archive: it "
                   "may have been tampered with on the way. Do not install it.",
        },
    [CRET_CHECK_FILE_CHECKSUMS] =
        {
            .id = CRET_CHECK_FILE_CHECKSUMS,
            .name = "file.checksums",
            CORE,
            .title = "SHA256SUMS is what the manifest says",
            .meaning =
                "SHA256SUMS lets people check the files with sha256sum alone. It must list exactly "
                "the files of the manifest with their digests, and its own digest must be the "
                "manifest's `checksums`, so that both ways of checking give the same answer.",
            .causes = "The list was edited or made by another program, or a file was added or "
                      "removed after the list was made.",
            .ask = "Send the vendor the line named here and ask for an archive made in one run of "
                   "cretula-sign pack.",
        },
    [CRET_CHECK_SIGNATURE_FORM] =
        {
            .id = CRET_CHECK_SIGNATURE_FORM,
            .name = "signature.form",
            CORE,
            .title = "Signature has the one form of the CMS profile",
            .meaning =
                "Each signature is one detached CMS in DER with one signer, the signed attributes "
                "contentType, messageDigest and signingCertificateV2, and exactly the certificates "
                "that it names. Anything else is refused before a general parser sees it, because "
                "most known forgeries of CMS need another form.",
            .causes = "The signature was made by another tool and put into the archive without "
                      "cretula-sign attach; the file is damaged; or it was changed after signing.",
            .ask = "Fetch the archive again. If it fails again, send the vendor the signature "
                   "member's name and the offset named here; cretula-sign attach brings "
                   "signatures of other tools into the right form, or says why it cannot.",
        },
    [CRET_CHECK_SIGNATURE_ALGORITHM] =
        {
            .id = CRET_CHECK_SIGNATURE_ALGORITHM,
            .name = "signature.algorithm",
            CORE,
            .title = "Signature algorithm, digest and key are allowed",
            .meaning =
                "Allowed are RSA from 3072 bits (PKCS#1 v1.5 or PSS), ECDSA on P-256, P-384 and "
                "P-521, each with SHA-256, SHA-384 or SHA-512, and, where this OpenSSL has them, "
                "Ed25519, ML-DSA and SLH-DSA; each in one encoding.",
            .causes = "The release was signed with an old key (RSA 2048, SHA-1, another curve) or "
                      "with an algorithm that this OpenSSL does not have.",
            .ask = "Ask the vendor for a signature with a key of today, and send the algorithm "
                   "named here. Where OpenSSL is too old for it, use a newer verifier.",
        },
    [CRET_CHECK_SIGNATURE_VALUE] =
        {
            .id = CRET_CHECK_SIGNATURE_VALUE,
            .name = "signature.value",
            CORE,
            .title = "Signature is right for this manifest",
            .meaning = "The signature was computed with the signer's key over exactly this "
                       "manifest, which fixes every file of the release.",
            .causes = "The manifest or the signature was changed after signing; a signature of "
                      "another release was copied in; or the file is damaged.",
            .ask = "Fetch the archive again from the source. If it fails again, treat it as "
                   "tampered with: do not install it, keep the file, and tell the vendor's "
                   "security contact where and when you got it, with its SHA-256.",
        },
    [CRET_CHECK_CERTIFICATE_PATH] =
        {
            .id = CRET_CHECK_CERTIFICATE_PATH,
            .name = "certificate.path",
            CORE,
            .title = "Certificate leads to a trusted anchor",
            .meaning = "The signer's certificate is one that the trust policy pins, or was issued, "
                       "directly or through intermediates, by a CA of the policy.",
            .causes = "The anchor given is that of another vendor, or an older or newer one of the "
                      "same vendor; an intermediate certificate is missing in the signature and in "
                      "the policy; or somebody else signed the release.",
            .ask = "Compare the signer's issuer named here with your anchor. Ask the vendor, on a "
                   "way other than the download (telephone, contract, known contact), which root "
                   "signs releases, and compare its SHA-256 fingerprint before you trust it.",
        },
    [CRET_CHECK_CERTIFICATE_VALIDITY] =
        {
            .id = CRET_CHECK_CERTIFICATE_VALIDITY,
            .name = "certificate.validity",
            CORE,
            .title = "Certificate was valid at the signature time",
            .meaning = "Each certificate of the path was valid when the signature was made. That "
                       "time comes from a timestamp that the policy trusts; without one it is now.",
            .causes = "The certificate has expired and the release carries no timestamp by an "
                      "authority that you trust; the clock of this machine is wrong; or the "
                      "certificate is not valid yet.",
            .ask = "Check this machine's date first (date -u). Where the certificate has expired, "
                   "ask the vendor for the release with an RFC 3161 timestamp, or signed "
                   "again, and which timestamp authority to trust; a release that was timestamped "
                   "in time stays verifiable.",
        },
    [CRET_CHECK_CERTIFICATE_USAGE] =
        {
            .id = CRET_CHECK_CERTIFICATE_USAGE,
            .name = "certificate.usage",
            CORE,
            .title = "Certificate may be used to sign releases",
            .meaning = "The signer's certificate carries the extended key usage that the role asks "
                       "for (code signing by default) and may make signatures; issuers are CA "
                       "certificates that may issue.",
            .causes = "A certificate made for another purpose (TLS server, e-mail) was used, or "
                      "the vendor's CA issues certificates without the usage.",
            .ask = "Send the vendor the certificate's subject and the usage that is missing, and "
                   "ask for a signature by a code signing certificate. Where the vendor uses "
                   "another usage on purpose, set the role's usage in your trust policy.",
        },
    [CRET_CHECK_CERTIFICATE_ALGORITHM] =
        {
            .id = CRET_CHECK_CERTIFICATE_ALGORITHM,
            .name = "certificate.algorithm",
            CORE,
            .title = "Certificates use strong keys and digests",
            .meaning = "Each certificate of the path, intermediates too, has a key and is signed "
                       "with an algorithm that cannot be forged with today's means.",
            .causes = "An intermediate or signer certificate has an RSA key below 3072 bits, a "
                      "curve that is not allowed, or was signed with SHA-1 or MD5.",
            .ask = "Send the vendor the certificate's subject and the algorithm named here, and "
                   "ask for a new certificate. Where an issuer's key or digest is named, pinning "
                   "the signer's certificate, which you have compared yourself, does without the "
                   "issuer; where the signer's own key is, no pin helps. For RSA keys of 2048 "
                   "bits in a private PKI a trust policy may name rsa-2048 in its algorithms.",
        },
    [CRET_CHECK_CERTIFICATE_REVOCATION] =
        {
            .id = CRET_CHECK_CERTIFICATE_REVOCATION,
            .name = "certificate.revocation",
            CORE,
            .title = "Certificate was not revoked",
            .meaning = "No certificate revocation list that you gave says that a certificate of "
                       "the path was revoked when the signature was made. Where the policy "
                       "requires lists, there must be a fresh one of each issuer.",
            .causes = "The vendor revoked the certificate, perhaps because its key was stolen; or "
                      "your list is missing or too old.",
            .ask = "Fetch the issuer's current list and give it with --crl or in the trust policy. "
                   "Where the certificate is revoked, do not install the release, and ask the "
                   "vendor's security contact why, since when, and for a release signed with "
                   "another key.",
        },
    [CRET_CHECK_SIGNATURE_TIMESTAMP] =
        {
            .id = CRET_CHECK_SIGNATURE_TIMESTAMP,
            .name = "signature.timestamp",
            CORE,
            .title = "Timestamp of the signature",
            .meaning = "An RFC 3161 token by a timestamp authority says that the signature existed "
                       "at a time. Its own form and signature must be right even where the policy "
                       "does not ask for it; where the policy requires it, the authority must be a "
                       "trusted one.",
            .causes = "The release has no token; its authority is not in your policy; the token "
                      "belongs to another signature or lies after the time of this check; or the "
                      "clock of this machine is wrong.",
            .ask = "Check this machine's date first. Ask whoever signed for a timestamp, and "
                   "for the authority's root certificate to add to your trust policy.",
        },
    [CRET_CHECK_SIGNATURE_POST_QUANTUM] =
        {
            .id = CRET_CHECK_SIGNATURE_POST_QUANTUM,
            .name = "signature.post-quantum",
            CORE,
            .title = "Post-quantum signature beside the classical one",
            .meaning = "Where the trust policy asks for it, a signer's second signature with a "
                       "post-quantum key (ML-DSA, SLH-DSA) must verify too, so that the release "
                       "stays safe when quantum computers break the classical one.",
            .causes = "The vendor does not sign with such a key yet, or this OpenSSL (before 3.5) "
                      "cannot verify it.",
            .ask = "Use a verifier with OpenSSL 3.5 or newer. Ask the vendor when releases will "
                   "carry a post-quantum signature, and for its certificate.",
        },
    [CRET_CHECK_TRUST_EXAMPLE_KEY] =
        {
            .id = CRET_CHECK_TRUST_EXAMPLE_KEY,
            .name = "trust.example-key",
            CORE,
            .title = "No published example or test key is trusted",
            .meaning = "Private keys of examples and test suites are public: anybody can sign with "
                       "them. Both tools carry a list of such keys and refuse them, as signer, "
                       "issuer or anchor.",
            .causes = "The vendor's pipeline still signs with a key from a tutorial or development "
                      "kit; or you trust an example's root certificate by mistake.",
            .ask = "Do not install the release. Tell the vendor's security contact the key's "
                   "SHA-256 and the origin named here: every release signed with it can be "
                   "forged. For training only: --allow-example-keys.",
        },
    [CRET_CHECK_TRUST_THRESHOLD] =
        {
            .id = CRET_CHECK_TRUST_THRESHOLD,
            .name = "trust.threshold",
            CORE,
            .title = "Enough trusted signers signed, for every role",
            .meaning = "The trust policy says which signers may fill which role (release, quality, "
                       "owner) and how many of them must have signed. Signers are counted, not "
                       "keys; nothing counts that the policy does not name.",
            .causes = "The archive is not signed, or not yet by everybody; a signature counts for "
                      "another role because of its meaning; the signers are not in your policy; "
                      "or the signing keys were changed.",
            .ask = "Read why each signature did not count. Ask the vendor for the missing "
                   "signature, or, on a way other than the download, for the new signer's "
                   "certificate; then add it with cretula-verify trust add-signer.",
        },
    [CRET_CHECK_TRUST_SCOPE] =
        {
            .id = CRET_CHECK_TRUST_SCOPE,
            .name = "trust.scope",
            CORE,
            .title = "These signers may vouch for this product",
            .meaning = "A trusted signer is trusted for the vendor and products that the policy "
                       "names. The manifest's vendor and product must be among them: one vendor's "
                       "key never vouches for another's product.",
            .causes = "The policy does not list this product yet; vendor or product are spelled "
                      "differently in policy and manifest; or a key was used for a product that it "
                      "is not meant for.",
            .ask = "Compare vendor and product named here with your policy, letter by letter. "
                   "Where the product is new, add it to the scope; where it is not this vendor's "
                   "product, ask the vendor's security contact before you do anything else.",
        },
    [CRET_CHECK_POLICY_REVIEW] =
        {
            .id = CRET_CHECK_POLICY_REVIEW,
            .name = "policy.review",
            .severity = CRET_SEVERITY_WARN,
            .title = "Trust policy is not due for review",
            .meaning = "The trust policy names a date by which its owners want to look at it again "
                       "(reviewBy): are these still the right signers, products and rules?",
            .causes = "The date has passed and no newer version was installed on this machine.",
            .ask = "Ask the owners of the trust policy for a newer version, and install it with "
                   "cretula-verify trust update.",
        },
    [CRET_CHECK_RELEASE_IDENTITY] =
        {
            .id = CRET_CHECK_RELEASE_IDENTITY,
            .name = "release.identity",
            .severity = CRET_SEVERITY_FAIL,
            .title = "This is the very release that was expected",
            .meaning = "The identity of a release is the SHA-256 of its MANIFEST.json. With "
                       "--expect-identity you say which release you approved; it must be this one.",
            .causes = "Another version or a rebuilt release was delivered under the same name; or "
                      "the identity was copied with a mistake.",
            .ask = "Compare with the record of the release that was approved (record show). Where "
                   "the vendor delivered another one, it needs its own approval; ask the vendor "
                   "what changed.",
        },
    [CRET_CHECK_RELEASE_PRODUCT] =
        {
            .id = CRET_CHECK_RELEASE_PRODUCT,
            .name = "release.product",
            .severity = CRET_SEVERITY_FAIL,
            .title = "The release is for the expected product",
            .meaning = "The manifest's product must be the one that was given with --product, its "
                       "vendor the one that was given with --vendor.",
            .causes = "The archive of another product was taken; or the name is spelled "
                      "differently.",
            .ask = "Compare the two names given here. Where the archive is right, use the "
                   "manifest's spelling; else fetch the archive for your product.",
        },
    [CRET_CHECK_RELEASE_HARDWARE] =
        {
            .id = CRET_CHECK_RELEASE_HARDWARE,
            .name = "release.hardware",
            .severity = CRET_SEVERITY_FAIL,
            .title = "The release is for the expected hardware",
            .meaning = "The model and revision given with --hardware must be among those that the "
                       "manifest lists.",
            .causes = "The release is for another model or revision; the manifest lists no "
                      "hardware; or model or revision were read wrong from the type label.",
            .ask = "Read the type label again. Ask the vendor which release fits your model and "
                   "revision: wrong firmware can make a device useless.",
        },
    [CRET_CHECK_RELEASE_SEQUENCE] =
        {
            .id = CRET_CHECK_RELEASE_SEQUENCE,
            .name = "release.sequence",
            .severity = CRET_SEVERITY_FAIL,
            .title = "The release is not below the allowed minimum",
            .meaning = "The release sequence only rises. Trust policy or --min-sequence set a "
                       "floor, so that nobody can bring an old release with known holes back in.",
            .causes = "An older release was chosen, on purpose (a backout) or not; or the floor "
                      "was raised after a security release.",
            .ask = "Take the newest release. For a wanted backout to a release below the floor "
                   "the owners of the trust policy must lower the floor or sign a waiver; ask "
                   "the vendor which holes the newer release closed.",
        },
    [CRET_CHECK_RELEASE_BACKOUT] =
        {
            .id = CRET_CHECK_RELEASE_BACKOUT,
            .name = "release.backout",
            .severity = CRET_SEVERITY_WARN,
            .title = "Release is not older than what the asset runs",
            .meaning =
                "The journal remembers which release was authorized or deployed on the asset. "
                "Going back to an older one brings back the faults that were fixed since. With "
                "--backout, a release that this journal accepted before passes.",
            .causes = "A planned return to an older release (then give --backout); a mistaken "
                      "file; another asset than meant; or an attempt to bring back a known fault.",
            .ask = "Ask change control whether the return is planned, and read what was fixed "
                   "since (changes in cretula-verify show). The vendor says which releases may be "
                   "mixed.",
        },
    [CRET_CHECK_RELEASE_UPGRADE] =
        {
            .id = CRET_CHECK_RELEASE_UPGRADE,
            .name = "release.upgrade",
            .severity = CRET_SEVERITY_WARN,
            .title = "What the release replaces is older than it",
            .meaning =
                "A release names the versions that it supersedes and the lowest version from "
                "which it can be installed. None of them can be the release itself or a newer "
                "one.",
            .causes = "A slip in the release description, or files of two releases mixed up.",
            .ask = "Ask the vendor which versions can be updated directly; do not update in steps "
                   "that nobody tested.",
            .owner = "ask the vendor from which versions this release can be installed",
        },
    [CRET_CHECK_RELEASE_ADOPTION] =
        {
            .id = CRET_CHECK_RELEASE_ADOPTION,
            .name = "release.adoption",
            .severity = CRET_SEVERITY_FAIL,
            .title = "Adopted files are what the owner compared",
            .meaning =
                "An owner adopted files that their vendor had not signed. Where the owner compared "
                "them with a SHA-256 that the vendor had published, the file is compared with it "
                "again. The vendor's origin is not authenticated by this: whoever could change "
                "the files could have changed a digest beside them.",
            .causes = "The owner's tool or hand wrote another digest into the manifest than that "
                      "of the file; or nothing was there to compare with, which is only noted.",
            .ask = "Ask whoever adopted the files to adopt them again, and ask the vendor for "
                   "signed releases.",
        },
    [CRET_CHECK_FILE_INTENDED] =
        {
            .id = CRET_CHECK_FILE_INTENDED,
            .name = "file.intended",
            .severity = CRET_SEVERITY_WARN,
            .title = "Every file was meant to be released",
            .meaning =
                "Whoever packs a release is told of files that were hardly meant to be in it: "
                "private keys, password files, the repository of version control, what editors and "
                "systems leave in folders. What was released once cannot be called back. A file "
                "that is the very key or PIN of the run is refused.",
            .causes = "A folder was named as a source, and more is in it than the release.",
            .ask = "Take the file out of the folder, or name the files one by one. A private key "
                   "that was released is known to everybody: replace it.",
        },
    [CRET_CHECK_RELEASE_VALUES] =
        {
            .id = CRET_CHECK_RELEASE_VALUES,
            .name = "release.values",
            .severity = CRET_SEVERITY_WARN,
            .title = "Names and versions were filled in",
            .meaning =
                "Vendor, product, version and the other identifiers say something. A variable that "
                "a pipeline did not replace (${VERSION}, {{ version }}), or a word such as null or "
                "unknown, is signed like any other text, and then identifies nothing: floors, "
                "advisories and inventories compare it with real values.",
            .causes = "A variable of the release pipeline was not set, or a template was not "
                      "expanded, and its text came into the description.",
            .ask = "Ask the vendor which version this is, and for a release that says so. The "
                   "vendor corrects the description or the pipeline, and signs again.",
            .owner = "ask the vendor which version this is, and for a release that says so",
        },
    [CRET_CHECK_LIFECYCLE_SUPPORT] =
        {
            .id = CRET_CHECK_LIFECYCLE_SUPPORT,
            .name = "lifecycle.support",
            .severity = CRET_SEVERITY_WARN,
            .title = "Security support has not ended",
            .meaning =
                "The vendor says until when security updates are made. After that date, faults "
                "that become known stay open.",
            .causes =
                "The date is past at the time of the verification; or the vendor does not say, "
                "which is shown as not checked.",
            .ask = "Ask the vendor for extended support or a successor; until then treat the "
                   "device as one without fixes: isolate it, and note the decision with the "
                   "change.",
            .owner = "plan the replacement, or ask the vendor for extended support; isolate it "
                     "until then",
            .signer = "correct the date, or tell your customers what follows this release",
        },
    [CRET_CHECK_LIFECYCLE_DATES] =
        {
            .id = CRET_CHECK_LIFECYCLE_DATES,
            .name = "lifecycle.dates",
            .severity = CRET_SEVERITY_WARN,
            .title = "The dates of the lifecycle are in order",
            .meaning =
                "General availability, end of sales, end of security support and end of life "
                "come in this order, and nothing was updated in the future.",
            .causes = "A slip in the release description, or a wrong clock here.",
            .ask = "Ask the vendor for the right dates before you plan with them.",
            .owner = "ask the vendor which of the dates is right",
        },
    [CRET_CHECK_DOCUMENT_APPLIES] =
        {
            .id = CRET_CHECK_DOCUMENT_APPLIES,
            .name = "document.applies",
            .severity = CRET_SEVERITY_FAIL,
            .title = "Every document is for this release and hardware",
            .meaning =
                "A document can say for which releases and hardware revisions it was written. "
                "One that was written for others may describe settings that this product does "
                "not have.",
            .causes =
                "A manual of another release or model came along; or the range in the release "
                "description is wrong.",
            .ask = "Ask the vendor for the edition that describes this release; do not commission "
                   "by another one.",
            .owner = "ask the vendor for the edition for this release and hardware",
        },
    [CRET_CHECK_DOCUMENT_REVIEW] =
        {
            .id = CRET_CHECK_DOCUMENT_REVIEW,
            .name = "document.review",
            .severity = CRET_SEVERITY_WARN,
            .title = "No document is past its review date",
            .meaning = "A document can name the day by which it is to be reviewed, so that old "
                       "instructions do not live on unseen.",
            .causes = "Nobody has reviewed the document since, or the newer edition is not in this "
                      "release.",
            .ask = "Ask the vendor for the reviewed edition.",
            .owner = "ask the vendor for the reviewed edition",
            .signer = "have the document reviewed, and release it with its next review date",
        },
    [CRET_CHECK_DOCUMENT_IDENTITY] =
        {
            .id = CRET_CHECK_DOCUMENT_IDENTITY,
            .name = "document.identity",
            .severity = CRET_SEVERITY_FAIL,
            .title = "A document's id and version name the same bytes",
            .meaning =
                "A change board cites documents by id and version. A document that has the same "
                "id and version as one in a release that was accepted before, and other bytes, "
                "was changed without a trace. It is compared with the previous release when "
                "packed, and with the journal when verified.",
            .causes = "The vendor edited a document and did not raise its version; or two editions "
                      "were given the same id.",
            .ask = "Send the vendor both SHA-256 and ask which edition holds; do not replace the "
                   "one that was approved until he has issued it under a version of its own.",
        },
    [CRET_CHECK_DOCUMENT_ALSO] =
        {
            .id = CRET_CHECK_DOCUMENT_ALSO,
            .name = "document.also",
            .severity = CRET_SEVERITY_FAIL,
            .title = "A document given later is one of this release",
            .meaning =
                "A release can name a document by its SHA-256 alone and hand it over on request, "
                "for example under a non-disclosure agreement. A file given with --also must be "
                "such a document, or one that the release includes, byte by byte.",
            .causes = "The file belongs to another release or edition, was altered, or was "
                      "stamped or saved again on its way (a watermark changes every byte).",
            .ask = "Send the vendor the SHA-256 of the file and the document's id, and ask for the "
                   "very file that the release names.",
        },
    [CRET_CHECK_TOPICS_ANSWERED] =
        {
            .id = CRET_CHECK_TOPICS_ANSWERED,
            .name = "topics.answered",
            .severity = CRET_SEVERITY_WARN,
            .title = "The required topics are answered",
            .meaning =
                "A profile lists the topics that the documentation of a product must answer. "
                "Each is documented, or said not to apply or not to be provided, with a reason. "
                "Silence is not an answer. A document that answers a topic lists it itself.",
            .causes = "The vendor left a topic out, did not sort his documents by topic, or names "
                      "a document that is about something else.",
            .ask = "Send the vendor the topic named here and ask for the document, or for the "
                   "reason why there is none.",
            .owner = "ask the vendor for the document, or for the reason why there is none",
            .signer = "silence is not an answer: name the documents, or say why there are none",
        },
    [CRET_CHECK_CLAIMS_HYGIENE] =
        {
            .id = CRET_CHECK_CLAIMS_HYGIENE,
            .name = "claims.hygiene",
            .severity = CRET_SEVERITY_WARN,
            .title = "No claim goes beyond its certificate",
            .meaning = "Words such as certified or compliant promise that somebody assessed the "
                       "product. Where no certificate document stands behind them, the sentence is "
                       "shown. A valid signature says who wrote it, not that it is true.",
            .causes = "Loose wording in a title, summary or document; or a certificate that exists "
                      "but is not part of the release.",
            .ask = "Ask the vendor for the certificate with its scope and limits, or to say what "
                   "is really meant (for example: aligned with).",
            .owner = "ask the vendor for the certificate, and rely on the sentence only with it",
        },
    [CRET_CHECK_SBOM_FORM] =
        {
            .id = CRET_CHECK_SBOM_FORM,
            .name = "sbom.form",
            .severity = CRET_SEVERITY_FAIL,
            .title = "The SBOM has a valid structure",
            .meaning = "The software bill of materials is CycloneDX 1.4 to 1.7 or SPDX 2.2 or 2.3 "
                       "in JSON, with the structure that the format asks for.",
            .causes = "The tool that made it wrote another version or format, or invalid JSON; or "
                      "it was edited by hand.",
            .ask = "Send the vendor the JSON pointer and the rule named here. The SBOM is signed: "
                   "the vendor must correct it and sign again.",
            .owner = "ask the vendor for an SBOM in the form of its format",
        },
    [CRET_CHECK_SBOM_BINDING] =
        {
            .id = CRET_CHECK_SBOM_BINDING,
            .name = "sbom.binding",
            .severity = CRET_SEVERITY_FAIL,
            .title = "The SBOM describes these very files",
            .meaning =
                "The SBOM's root component has name and version of this product and release and "
                "the hash of a signed file, and each bound component has the hash of its "
                "file. Else it may be the SBOM of another build.",
            .causes = "The SBOM was made for another build or version, or before the last step "
                      "that changed the image (signing, packing); or it carries no hashes.",
            .ask = "Send the vendor the component, the expected and the actual value named here, "
                   "and ask for the SBOM of this build. Until then do not rely on it when you "
                   "look for vulnerable components.",
            .owner = "ask the vendor for an SBOM of this very release",
            .signer = "cretula-sign sbom complete fills in what the release knows: names, "
                      "versions, hashes",
        },
    [CRET_CHECK_TPM_ANCHOR] =
        {
            .id = CRET_CHECK_TPM_ANCHOR,
            .name = "tpm.anchor",
            .severity = CRET_SEVERITY_FAIL,
            .title = "The trust policy is the one that the TPM holds",
            .meaning = "The TPM of this station holds version and SHA-256 of trust.json, and only "
                       "the trust owner's order replaces them. The file must be that very one.",
            .causes = "The file was edited, exchanged, or restored from a backup; an order was "
                      "applied but the new file not put in its place; or this is another TPM than "
                      "station.json describes.",
            .ask = "Ask the trust owner for trust.json of the version that the TPM names, and for "
                   "its order. Where nobody changed anything on purpose, treat the station as "
                   "tampered with.",
        },
    [CRET_CHECK_TPM_JOURNAL] =
        {
            .id = CRET_CHECK_TPM_JOURNAL,
            .name = "tpm.journal",
            .severity = CRET_SEVERITY_FAIL,
            .title = "The journal ends where the TPM says",
            .meaning = "The TPM extends its journal head with every line. The head recomputed from "
                       "journal.jsonl must be the same, or lines are missing or changed.",
            .causes = "Lines were removed, edited or added by hand; the folder was deleted or "
                      "restored from a backup; or another journal folder was named.",
            .ask = "Run `cretula-verify journal verify` with --tpm. Compare with the copies of "
                   "records that change control keeps, and treat the station as tampered with "
                   "until the difference is explained.",
        },
    [CRET_CHECK_TPM_SIGNATURE] =
        {
            .id = CRET_CHECK_TPM_SIGNATURE,
            .name = "tpm.signature",
            .severity = CRET_SEVERITY_FAIL,
            .title = "The TPM agrees with OpenSSL about the signatures",
            .meaning = "With --tpm-verify the TPM verifies each signature once more, where it "
                       "takes that kind of key. A difference means that one of the two is wrong.",
            .causes = "A manipulated or defective OpenSSL on this machine; or a fault of the TPM.",
            .ask = "Verify the archive on another machine. Report the difference with the archive "
                   "and the TPM's response code.",
        },
    [CRET_CHECK_TPM_ATTESTATION] =
        {
            .id = CRET_CHECK_TPM_ATTESTATION,
            .name = "tpm.attestation",
            .severity = CRET_SEVERITY_FAIL,
            .title = "The record was attested by this station's TPM",
            .meaning = "The TPM's attestation key signed the journal head together with the "
                       "digest of the record. It must fit record, journal line and station.json.",
            .causes = "The attestation belongs to another record or another station; record, line "
                      "or attestation were changed; or station.json is not that of the station.",
            .ask = "Compare station.json with the copy that change control keeps. Ask the station "
                   "for the record and attestation again.",
        },
    [CRET_CHECK_EVIDENCE_SYSLOG] =
        {
            .id = CRET_CHECK_EVIDENCE_SYSLOG,
            .name = "evidence.syslog",
            .severity = CRET_SEVERITY_WARN,
            .title = "The system log takes the line that was asked for",
            .meaning =
                "With --syslog each verdict is sent to the log service of this machine, which "
                "never answers. Before the run ends it is tried whether one listens at all.",
            .causes = "No log service runs, as in many containers; it was stopped; or /dev/log is "
                      "not there, or not for this user.",
            .ask =
                "Ask whoever runs this machine to start a log service (systemd-journald, rsyslog), "
                "or to make its /dev/log visible in the container. Record and journal do not "
                "depend on it.",
        },
    [CRET_CHECK_JOURNAL_CHAIN] =
        {
            .id = CRET_CHECK_JOURNAL_CHAIN,
            .name = "journal.chain",
            .severity = CRET_SEVERITY_FAIL,
            .title = "No journal line was edited, deleted, moved or added",
            .meaning = "Each line of the journal holds number and SHA-256 of the line before it. A "
                       "line that was changed, taken out, moved or put in breaks that chain. Each "
                       "line is also made anew from its record, and the last one compared with the "
                       "head that its writer left.",
            .causes = "Somebody edited the file; a copy or a synchronisation mixed two states of "
                      "it; the disk is failing; or a run was interrupted at its last line.",
            .ask = "Compare with the last copy of the journal and with the records that change "
                   "control keeps. Where nobody can explain the difference, treat the station as "
                   "tampered with, and begin a new journal that names the old one.",
        },
    [CRET_CHECK_JOURNAL_RECORDS] =
        {
            .id = CRET_CHECK_JOURNAL_RECORDS,
            .name = "journal.records",
            .severity = CRET_SEVERITY_FAIL,
            .title = "Every record is what its journal line says",
            .meaning = "The line of a run holds the SHA-256 of its record, and of the certificate "
                       "of whoever signs it. The record must be in the folder records/, unchanged, "
                       "with its signature and the TPM's attestation; nothing else may lie there. "
                       "Only then the record is one of an acceptance.",
            .causes = "A record was edited, deleted, or put there by hand; or the last lines of "
                      "the journal were cut off, so that their records have none.",
            .ask = "Fetch the record from whoever got a copy of it (change control), and compare "
                   "its SHA-256 with the line. A record without a line proves nothing.",
        },
    [CRET_CHECK_RECORD_FORM] =
        {
            .id = CRET_CHECK_RECORD_FORM,
            .name = "record.form",
            .severity = CRET_SEVERITY_FAIL,
            .title = "The record is one, and does not contradict itself",
            .meaning = "A record is strict JSON of the form in docs/spec/record.md; its verdict "
                       "must follow from the results of the checks that it lists.",
            .causes = "The file is no record, was made by another version, or was edited.",
            .ask = "Ask whoever ran the verification for the record again, with its signature.",
        },
    [CRET_CHECK_RECORD_SIGNATURE] =
        {
            .id = CRET_CHECK_RECORD_SIGNATURE,
            .name = "record.signature",
            .severity = CRET_SEVERITY_FAIL,
            .title = "The record was signed by a trusted key",
            .meaning = "A signed record has a CMS signature beside it (RECORD.json.p7s). It must "
                       "be valid for these bytes, and its signer must lead to a trusted anchor.",
            .causes = "The record or its signature was changed; the signature belongs to another "
                      "record; or the key is not among the anchors that you named.",
            .ask = "Ask whoever ran the verification which key signs records, and for both files.",
        },
    [CRET_CHECK_TRUST_ROTATION] =
        {
            .id = CRET_CHECK_TRUST_ROTATION,
            .name = "trust.rotation",
            .severity = CRET_SEVERITY_FAIL,
            .title = "Each version of the trust policy follows the one before",
            .meaning = "A station takes a new trust policy only along an unbroken line: every "
                       "version from the installed one on, of the same name, each signed by enough "
                       "owners of the version before and of its own, and nothing else in the "
                       "folder.",
            .causes = "A version or a signature is missing; the folder is older than what is "
                      "installed, or belongs to another policy; a file was changed or added; or "
                      "somebody tries to bring a policy in that its owners did not sign.",
            .ask =
                "Compare the installed version (cretula-verify trust show) with what those who "
                "maintain the policy sent, and fetch the whole folder from them again. Where the "
                "histories differ, tell the owners before anything is installed.",
        },
};

const struct cret_check *cret_check_get(enum cret_check_id id)
{
    if ((unsigned)id < CRET_CHECK_COUNT && checks[id].name != NULL) {
        return &checks[id];
    }
    for (size_t i = 0; i < cret_check_rows_sbom_count; i++) {
        if (cret_check_rows_sbom[i].id == id) {
            return &cret_check_rows_sbom[i];
        }
    }
    for (size_t i = 0; i < cret_check_rows_waiver_count; i++) {
        if (cret_check_rows_waiver[i].id == id) {
            return &cret_check_rows_waiver[i];
        }
    }
    return &checks[CRET_CHECK_NONE];
}

const char *cret_check_hint(enum cret_check_id id, enum cret_reader reader, const char *hint)
{
    const struct cret_check *check = cret_check_get(id);
    if (reader == CRET_READER_OWNER) {
        return check->owner != NULL ? check->owner : hint;
    }
    return hint != NULL ? hint : check->signer;
}

const struct cret_check *cret_check_find(const char *name)
{
    for (size_t i = CRET_CHECK_NONE + 1; name != NULL && i < CRET_CHECK_COUNT; i++) {
        if (strcmp(cret_check_get((enum cret_check_id)i)->name, name) == 0) {
            return cret_check_get((enum cret_check_id)i);
        }
    }
    return NULL;
}

const char *cret_severity_name(enum cret_severity severity)
{
    static const char *const names[] = {
        [CRET_SEVERITY_IGNORE] = "ignore",
        [CRET_SEVERITY_WARN] = "warn",
        [CRET_SEVERITY_FAIL] = "fail",
    };
    return (unsigned)severity < sizeof(names) / sizeof(names[0]) ? names[severity] : "fail";
}
