/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the table of checks: what a release says, beside what was asked for and is known of it.
 */

CRET_CHECK(POLICY_REVIEW, "policy.review", RELEASE(WARN),
           .title = "Trust policy is not due for review",
           .meaning = "The trust policy names a date by which its owners want to look at it again "
                      "(reviewBy): are these still the right signers, products and rules?",
           .causes = "The date has passed and no newer version was installed on this machine.",
           .ask = "Ask the owners of the trust policy for a newer version, and install it with "
                  "cretula-verify trust update.")

CRET_CHECK(
    RELEASE_IDENTITY, "release.identity", OPERATOR,
    .title = "This is the very release that was expected",
    .meaning = "The identity of a release is the SHA-256 of its MANIFEST.json. With "
               "--expect-identity you say which release you approved; it must be this one.",
    .causes = "Another version or a rebuilt release was delivered under the same name; or the "
              "identity was copied with a mistake.",
    .ask = "Compare with the record of the release that was approved (record show). Where the "
           "vendor delivered another one, it needs its own approval; ask the vendor what changed.")

CRET_CHECK(
    RELEASE_PRODUCT, "release.product", OPERATOR,
    .title = "The release is for the expected product",
    .meaning = "The manifest's product must be the one that was given with --product, its "
               "vendor the one that was given with --vendor.",
    .causes = "The archive of another product was taken; or the name is spelled differently.",
    .ask = "Compare the two names given here. Where the archive is right, use the manifest's "
           "spelling; else fetch the archive for your product.")

CRET_CHECK(RELEASE_HARDWARE, "release.hardware", OPERATOR,
           .title = "The release is for the expected hardware",
           .meaning = "The model and revision given with --hardware must be among those that the "
                      "manifest lists.",
           .causes =
               "The release is for another model or revision; the manifest lists no hardware; "
               "or model or revision were read wrong from the type label.",
           .ask = "Read the type label again. Ask the vendor which release fits your model and "
                  "revision: wrong firmware can make a device useless.")

CRET_CHECK(
    RELEASE_SEQUENCE, "release.sequence", RELEASE(FAIL),
    .title = "The release is not below the allowed minimum",
    .meaning = "The release sequence only rises. Trust policy or --min-sequence set a floor, "
               "so that nobody can bring an old release with known holes back in. What "
               "--min-sequence asks for is softened by no policy and no waiver.",
    .causes = "An older release was chosen, on purpose (a backout) or not; or the floor was "
              "raised after a security release.",
    .ask = "Take the newest release. For a wanted backout to a release below the floor the "
           "owners of the trust policy must lower the floor or sign a waiver; ask the vendor "
           "which holes the newer release closed.")

CRET_CHECK(RELEASE_BACKOUT, "release.backout", JOURNAL(WARN),
           .title = "Release is not older than what the asset runs",
           .meaning =
               "The journal remembers which release was authorized or deployed on the asset. "
               "Going back to an older one brings back the faults that were fixed since. With "
               "--backout, a release that this journal accepted before passes.",
           .causes = "A planned return to an older release (then give --backout); a mistaken file; "
                     "another asset than meant; or an attempt to bring back a known fault.",
           .ask = "Ask change control whether the return is planned, and read what was fixed since "
                  "(changes in cretula-verify show). The vendor says which releases may be mixed.")

CRET_CHECK(
    RELEASE_UPGRADE, "release.upgrade", RELEASE(WARN),
    .title = "What the release replaces is older than it",
    .meaning =
        "A release names the versions that it supersedes and the lowest version from which it "
        "can be installed. None of them can be the release itself or a newer one.",
    .causes = "A slip in the release description, or files of two releases mixed up.",
    .ask = "Ask the vendor which versions can be updated directly; do not update in steps that "
           "nobody tested.",
    .owner = "ask the vendor from which versions this release can be installed")

CRET_CHECK(RELEASE_ADOPTION, "release.adoption", RELEASE(FAIL),
           .title = "Adopted files are what the owner compared",
           .meaning = "An owner adopted files that their vendor had not signed. Where the owner "
                      "compared them with a SHA-256 that the vendor had published, the file is "
                      "compared with it again. The vendor's origin is not authenticated by this: "
                      "whoever could change the files could have changed a digest beside them.",
           .causes = "The owner's tool or hand wrote another digest into the manifest than that of "
                     "the file; or nothing was there to compare with, which is only noted.",
           .ask =
               "Ask whoever adopted the files to adopt them again, and ask the vendor for signed "
               "releases.")

CRET_CHECK(
    FILE_INTENDED, "file.intended", SIGNER(WARN), .title = "Every file was meant to be released",
    .meaning = "Whoever packs a release is told of files that were hardly meant to be in it: "
               "private keys, password files, the repository of version control, what editors "
               "and systems leave in folders, firmware of 0 bytes. What was released once "
               "cannot be called back. A "
               "file that is the very key or PIN of the run is refused.",
    .causes = "A folder was named as a source, and more is in it than the release; or a build "
              "failed, and left an empty file behind.",
    .ask = "Take the file out of the folder, or name the files one by one. A private key that "
           "was released is known to everybody: replace it.")

CRET_CHECK(
    RELEASE_VALUES, "release.values", RELEASE(WARN), .title = "Names and versions were filled in",
    .meaning = "Vendor, product, version and the other identifiers say something. A variable "
               "that a pipeline did not replace (${VERSION}, {{ version }}), or a word such as "
               "null or unknown, is signed like any other text, and then identifies nothing: "
               "floors, advisories and inventories compare it with real values.",
    .causes = "A variable of the release pipeline was not set, or a template was not expanded, "
              "and its text came into the description.",
    .ask = "Ask the vendor which version this is, and for a release that says so. The vendor "
           "corrects the description or the pipeline, and signs again.",
    .owner = "ask the vendor which version this is, and for a release that says so")

CRET_CHECK(
    LIFECYCLE_SUPPORT, "lifecycle.support", RELEASE(WARN),
    .title = "Security support has not ended",
    .meaning = "The vendor says until when security updates are made. After that date, faults "
               "that become known stay open.",
    .causes = "The date is past at the time of the verification; or the vendor does not say, "
              "which is shown as not checked.",
    .ask = "Ask the vendor for extended support or a successor; until then treat the device as "
           "one without fixes: isolate it, and note the decision with the change.",
    .owner = "plan the replacement, or ask the vendor for extended support; isolate it until then",
    .signer = "correct the date, or tell your customers what follows this release")

CRET_CHECK(
    LIFECYCLE_DATES, "lifecycle.dates", RELEASE(WARN),
    .title = "The dates of the lifecycle are in order",
    .meaning = "General availability, end of sales, end of security support and end of life "
               "come in this order, and nothing was updated in the future. An OpenEoX "
               "document in the release (openeox.json, or a name that ends so) is valid, and "
               "says the same dates.",
    .causes = "A slip in the release description, a wrong clock here, or an OpenEoX document "
              "that was not renewed with the release.",
    .ask = "Ask the vendor for the right dates before you plan with them.",
    .owner = "ask the vendor which of the dates is right")

CRET_CHECK(
    LIFECYCLE_UPDATES, "lifecycle.updates", RELEASE(WARN),
    .title = "The release stays available as long as it should",
    .meaning = "A vendor can say until when a release can be fetched. A security update should "
               "stay available for ten years after its release, and no release should be gone "
               "before its security support ends: whoever rebuilds a device needs it again.",
    .causes = "A slip in the release description, or a vendor who removes old downloads early. A "
              "release that says nothing of this lists nothing here.",
    .ask = "Keep this archive with your own backups, and ask the vendor how long it can be "
           "fetched.",
    .owner = "keep the archive with your backups, and ask the vendor how long it can be fetched",
    .signer = "keep the release available longer, or correct the date")

CRET_CHECK(
    RELEASE_SEPARATE, "release.separate", RELEASE(WARN),
    .title = "A security release changes nothing else",
    .meaning = "A release of type security should hold security changes only, so that it can be "
               "installed soon: every other change needs a test of its own. Where the two could "
               "not be kept apart, the release says why (combinedBecause).",
    .causes = "The vendor put features and other corrections into the same release.",
    .ask = "Read the other changes and test them as you would for a feature release, or ask the "
           "vendor for a release with the security changes alone.",
    .owner = "test the other changes too, or ask for a release with the security changes alone",
    .signer = "release them apart, or say in release.combinedBecause why that was not possible")

CRET_CHECK(
    DOCUMENT_APPLIES, "document.applies", RELEASE(FAIL),
    .title = "Every document is for this release and hardware",
    .meaning =
        "A document can say for which releases and hardware revisions it was written. One that "
        "was written for others may describe settings that this product does not have.",
    .causes = "A manual of another release or model came along; or the range in the release "
              "description is wrong.",
    .ask = "Ask the vendor for the edition that describes this release; do not commission by "
           "another one.",
    .owner = "ask the vendor for the edition for this release and hardware")

CRET_CHECK(
    DOCUMENT_REVIEW, "document.review", RELEASE(WARN),
    .title = "No document is past its review date",
    .meaning = "A document can name the day by which it is to be reviewed, so that old "
               "instructions do not live on unseen.",
    .causes =
        "Nobody has reviewed the document since, or the newer edition is not in this release.",
    .ask = "Ask the vendor for the reviewed edition.",
    .owner = "ask the vendor for the reviewed edition",
    .signer = "have the document reviewed, and release it with its next review date")

CRET_CHECK(
    DOCUMENT_IDENTITY, "document.identity", JOURNAL(FAIL),
    .title = "A document's id and version name the same bytes",
    .meaning = "A change board cites documents by id and version. A document that has the same "
               "id and version as one in a release that was accepted before, and other bytes, "
               "was changed without a trace. It is compared with the previous release when "
               "packed, and with the journal when verified.",
    .causes = "The vendor edited a document and did not raise its version; or two editions "
              "were given the same id.",
    .ask = "Send the vendor both SHA-256 and ask which edition holds; do not replace the one "
           "that was approved until he has issued it under a version of its own.")

CRET_CHECK(
    DOCUMENT_ALSO, "document.also", OPERATOR,
    .title = "A document given later is one of this release",
    .meaning =
        "A release can name a document by its SHA-256 alone and hand it over on request, for "
        "example under a non-disclosure agreement. A file given with --also must be such a "
        "document, or one that the release includes, byte by byte.",
    .causes = "The file belongs to another release or edition, was altered, or was stamped or "
              "saved again on its way (a watermark changes every byte).",
    .ask = "Send the vendor the SHA-256 of the file and the document's id, and ask for the "
           "very file that the release names.")

CRET_CHECK(
    TOPICS_ANSWERED, "topics.answered", RELEASE(WARN), .title = "The required topics are answered",
    .meaning = "A profile lists the topics that the documentation of a product must answer. "
               "Each is documented, or said not to apply or not to be provided, with a reason. "
               "Silence is not an answer. A document that answers a topic lists it itself.",
    .causes = "The vendor left a topic out, did not sort his documents by topic, or names a "
              "document that is about something else.",
    .ask = "Send the vendor the topic named here and ask for the document, or for the reason "
           "why there is none.",
    .owner = "ask the vendor for the document, or for the reason why there is none",
    .signer = "silence is not an answer: name the documents, or say why there are none")

CRET_CHECK(CLAIMS_HYGIENE, "claims.hygiene", RELEASE(WARN),
           .title = "No claim goes beyond its certificate",
           .meaning = "Words such as certified or compliant promise that somebody assessed the "
                      "product. Where no certificate document stands behind them, the sentence is "
                      "shown. A valid signature says who wrote it, not that it is true.",
           .causes =
               "Loose wording in a title, summary or document; or a certificate that exists but "
               "is not part of the release.",
           .ask = "Ask the vendor for the certificate with its scope and limits, or to say what is "
                  "really meant (for example: aligned with).",
           .owner = "ask the vendor for the certificate, and rely on the sentence only with it")
