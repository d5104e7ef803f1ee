/* SPDX-License-Identifier: Apache-2.0 */
/* The record's field table (docs/spec/record.md). */
#include "base/finding/limits.h"
#include "evidence/record/record.h"
#include "release/manifest/manifest_fields.h"
#include "release/statements/document.h"

#define NEED CRET_FIELD_REQUIRED
#define DIGEST(key, flags, words) CRET_ROW_STRING(key, flags, CRET_FORMAT_SHA256, words)
#define TIME(key, flags, words) CRET_ROW_STRING(key, flags, CRET_FORMAT_DATE_TIME, words)
#define ANY_TIME(key, flags, words) CRET_ROW_STRING(key, flags, CRET_FORMAT_ANY_TIME, words)
#define WHOLE(key, flags, words) CRET_ROW_INTEGER(key, flags, 0, CRET_LIMIT_JSON_INTEGER, words)
/* Lists that may be longer than the lists of other formats. */
#define LONG_LIST(key, row_flags, row_fields, most, words)                                         \
    {                                                                                              \
        .name = (key), .kind = CRET_KIND_OBJECTS, .flags = (row_flags), .fields = (row_fields),    \
        .maximum = (most), .description = (words),                                                 \
    }

static const char *const purposes[] = {CRET_RECORD_PURPOSE, NULL};
static const char *const verdicts[] = {
    "ACCEPTED", "ACCEPTED WITH WAIVERS", "REFUSED", "UNDECIDED", "PARTIAL", NULL};
static const char *const results[] = {"PASS", "FAIL", "WARN", "WAIVED", "NOT_CHECKED", NULL};
static const char *const states[] = {"verified", "claimed", NULL};
static const char *const origins[] = {"vendor", "adopted", NULL};
static const char *const policies[] = {"anchor", "trust", NULL};
static const char *const anchors[] = {"ca", "certificate", "key", NULL};
static const char *const revocation_demands[] = {"require", "if-present", "off", NULL};
static const char *const demands[] = {"require", "prefer", "off", NULL};
static const char *const stages[] = {"received", "in-test", "authorized", "deployed", NULL};

static const struct cret_field check_fields[] = {
    CRET_ROW_STRING("check", NEED, CRET_FORMAT_TOKEN, "The id of the check (docs/spec/checks.md)."),
    CRET_ROW_ENUM("result", NEED, results, "What it found."),
    CRET_ROW_TEXT("reason", NEED, "For people."),
    CRET_ROW_TEXT("where", 0, "Member, JSON pointer, certificate or file."),
    CRET_ROW_TEXT("expected", 0, "What would have been accepted."),
    CRET_ROW_TEXT("actual", 0, "What was found."),
    CRET_ROW_TEXT("hint", 0, "What can be done."),
    CRET_ROW_END,
};

static const struct cret_field error_fields[] = {
    CRET_ROW_TEXT("message", NEED, "What could not be done."),
    CRET_ROW_TEXT("where", 0, "Where."),
    CRET_ROW_TEXT("expected", 0, "What was expected."),
    CRET_ROW_TEXT("actual", 0, "What was found."),
    CRET_ROW_TEXT("hint", 0, "What can be done."),
    CRET_ROW_END,
};

static const struct cret_field waiver_fields[] = {
    CRET_ROW_STRING("check", NEED, CRET_FORMAT_TOKEN, "The check that was waived."),
    CRET_ROW_TEXT("asset", 0, "The one asset that it is for."),
    CRET_ROW_TEXT("reason", NEED, "Why."),
    CRET_ROW_TEXT("approver", NEED, "Who approved it."),
    CRET_ROW_TEXT("control", NEED, "The compensating control."),
    TIME("issued", NEED, "From when it holds."),
    TIME("until", NEED, "Until when it holds."),
    CRET_ROW_TEXT("signers", NEED, "Names in the policy of those who signed it."),
    DIGEST("sha256", NEED, "SHA-256 of the waiver file."),
    CRET_ROW_END,
};

static const struct cret_field result_fields[] = {
    CRET_ROW_ENUM("verdict", NEED, verdicts, "The verdict."),
    CRET_ROW_INTEGER("exitCode", NEED, 0, 3, "The exit code that goes with it."),
    CRET_ROW_OBJECT("error", 0, error_fields, "Why the run is undecided."),
    LONG_LIST("checks", NEED, check_fields, CRET_LIMIT_FINDINGS, "Every finding, in order."),
    CRET_ROW_OBJECTS("waivers", NEED, 0, waiver_fields, "Waivers that were used."),
    CRET_ROW_END,
};

static const struct cret_field archive_fields[] = {
    CRET_ROW_TEXT("name", NEED, "As given; - for standard input."),
    WHOLE("size", 0, "Bytes; absent where the archive came through a pipe."),
    DIGEST("sha256", 0, "SHA-256 of the whole file, where it was asked for."),
    CRET_ROW_END,
};

const struct cret_field cret_record_file_fields[] = {
    CRET_ROW_STRING("path", NEED, CRET_FORMAT_PATH, "Path in the archive."),
    CRET_ROW_TEXT("originalName", 0, "Name before it was mapped to the path."),
    CRET_ROW_ENUM("role", NEED, cret_file_roles, "What the file is."),
    WHOLE("size", NEED, "Bytes."),
    DIGEST("sha256", NEED, "SHA-256."),
    CRET_ROW_ENUM("sha256State", NEED, states, "Whether it was computed in this run."),
    DIGEST("fsverity", 0, "fs-verity file digest."),
    CRET_ROW_ENUM("fsverityState", 0, states, "Whether it was computed in this run."),
    CRET_ROW_END,
};

static const struct cret_field what_fields[] = {
    DIGEST("identity", 0, "SHA-256 of MANIFEST.json; absent where it was not authenticated."),
    CRET_ROW_OBJECT("archive", NEED, archive_fields, "The file that was verified."),
    CRET_ROW_OBJECT("product", 0, cret_manifest_product_fields, "As in the manifest."),
    CRET_ROW_ENUM("origin", 0, origins, "As in the manifest."),
    CRET_ROW_OBJECT("adoption", 0, cret_manifest_adoption_fields, "As in the manifest."),
    CRET_ROW_OBJECT("release", 0, cret_manifest_release_fields, "As in the manifest."),
    CRET_ROW_OBJECTS("hardware", 0, 0, cret_manifest_hardware_fields, "As in the manifest."),
    CRET_ROW_OBJECT("lifecycle", 0, cret_manifest_lifecycle_fields, "As in the manifest."),
    CRET_ROW_OBJECTS("documents", 0, 0, cret_document_list_fields,
                     "Every document, with the digest by which a later release is compared."),
    WHOLE("fileCount", 0, "Number of files."),
    WHOLE("fileBytes", 0, "Their sizes together."),
    CRET_ROW_BOOLEAN("productBound", NEED,
                     "Whether the trust policy or --product binds the signer to this product."),
    LONG_LIST("files", NEED, cret_record_file_fields, CRET_LIMIT_FILES,
              "Every file of the release."),
    CRET_ROW_END,
};

static const struct cret_field who_fields[] = {
    CRET_ROW_TEXT("user", NEED, "User of the operating system."),
    CRET_ROW_TEXT("name", 0, "Name, as declared."),
    CRET_ROW_TEXT("role", 0, "Role, as declared."),
    CRET_ROW_TEXT("host", NEED, "Name of the machine."),
    CRET_ROW_END,
};

static const struct cret_field when_fields[] = {
    ANY_TIME("time", NEED, "The machine's clock when the run began, UTC."),
    CRET_ROW_TEXT("source", NEED, "Where that time comes from."),
    CRET_ROW_TEXT("uncertainty", NEED, "What is known of its accuracy."),
    ANY_TIME("verificationTime", NEED, "The time that the checks were made for."),
    CRET_ROW_BOOLEAN("verificationTimeGiven", NEED,
                     "Given with --at: such a run never counts as accepted."),
    CRET_ROW_END,
};

static const struct cret_field why_fields[] = {
    CRET_ROW_TEXT("changeId", 0, "The change."),
    CRET_ROW_TEXT("asset", 0, "The asset."),
    CRET_ROW_TEXT("zone", 0, "Its zone or conduit."),
    CRET_ROW_ENUM("stage", 0, stages, "Stage of the change."),
    CRET_ROW_TEXT("acquired", 0, "How the file came here."),
    CRET_ROW_END,
};

static const struct cret_field anchor_fields[] = {
    CRET_ROW_TEXT("vendor", 0, "The scope of the policy; absent with a bare anchor."),
    CRET_ROW_TEXT("signer", 0, "Name of the signer in the policy."),
    CRET_ROW_ENUM("kind", NEED, anchors, "What it pins."),
    DIGEST("keySha256", NEED, "SHA-256 of the SubjectPublicKeyInfo."),
    CRET_ROW_TEXT("subject", 0, "Subject of the certificate."),
    DIGEST("sha256", 0, "SHA-256 of the certificate."),
    CRET_ROW_END,
};

static const struct cret_field authority_fields[] = {
    CRET_ROW_TEXT("name", NEED, "Name in the policy."),
    CRET_ROW_ENUM("kind", NEED, anchors, "What it pins."),
    DIGEST("keySha256", NEED, "SHA-256 of the SubjectPublicKeyInfo."),
    CRET_ROW_TEXT("subject", NEED, "Subject of the certificate."),
    DIGEST("sha256", NEED, "SHA-256 of the certificate."),
    CRET_ROW_END,
};

static const struct cret_field list_fields[] = {
    CRET_ROW_TEXT("issuer", NEED, "Who issued the list."),
    ANY_TIME("thisUpdate", NEED, "When."),
    ANY_TIME("nextUpdate", NEED, "When he promised the next one."),
    WHOLE("ageDays", NEED, "Whole days between thisUpdate and the time that was verified for."),
    DIGEST("sha256", NEED, "SHA-256 of the list."),
    CRET_ROW_END,
};

static const struct cret_field overlay_fields[] = {
    CRET_ROW_TEXT("name", NEED, "Its name."),
    DIGEST("sha256", NEED, "SHA-256 of the file."),
    CRET_ROW_END,
};

static const struct cret_field policy_fields[] = {
    CRET_ROW_ENUM("kind", NEED, policies, "A bare anchor, or a trust policy."),
    CRET_ROW_TEXT("file", 0, "Path of the trust policy."),
    CRET_ROW_TEXT("name", 0, "Its name."),
    WHOLE("version", 0, "Its version."),
    DIGEST("sha256", 0, "SHA-256 of the file."),
    TIME("issued", 0, "When it was issued."),
    TIME("reviewBy", 0, "When it must be reviewed."),
    TIME("expires", 0, "When it expires."),
    CRET_ROW_OBJECT("overlay", 0, overlay_fields, "The site overlay that tightened it."),
    CRET_ROW_OBJECTS("anchors", NEED, 0, anchor_fields, "Every trust anchor in it."),
    CRET_ROW_ENUM("revocation", 0, revocation_demands, "What it asks of revocation lists."),
    CRET_ROW_ENUM("timestamp", 0, demands, "What it asks of timestamps."),
    CRET_ROW_ENUM("postQuantum", 0, demands, "What it asks of post-quantum signatures."),
    CRET_ROW_OBJECTS("timestampAuthorities", 0, 0, authority_fields,
                     "Who may say when a signature existed."),
    CRET_ROW_OBJECTS("revocationLists", 0, 0, list_fields, "Lists of the policy and of --crl."),
    CRET_ROW_END,
};

static const struct cret_field certificate_fields[] = {
    CRET_ROW_TEXT("subject", NEED, "Subject, RFC 4514."),
    CRET_ROW_TEXT("issuer", NEED, "Issuer."),
    CRET_ROW_TEXT("serial", NEED, "Serial number, hex."),
    ANY_TIME("notBefore", NEED, "Valid from."),
    ANY_TIME("notAfter", NEED, "Valid until; 9999-12-31T23:59:59Z: no end."),
    DIGEST("sha256", NEED, "SHA-256 of the certificate."),
    DIGEST("keySha256", NEED, "SHA-256 of the SubjectPublicKeyInfo."),
    CRET_ROW_END,
};

static const struct cret_field timestamp_fields[] = {
    ANY_TIME("time", NEED, "genTime of the token."),
    WHOLE("accuracyMicroseconds", NEED, "How well the authority knew the time; 0: not said."),
    CRET_ROW_TEXT("serial", NEED, "Serial number of the token, hex."),
    CRET_ROW_OBJECT("certificate", NEED, certificate_fields, "The authority's certificate."),
    CRET_ROW_TEXT("certificateNamedBy", 0,
                  "How the token names that certificate: signingCertificateV2, or "
                  "signingCertificate (SHA-1), which RFC 5816 still allows."),
    CRET_ROW_TEXT("authority", 0, "Its name in the policy, where it was trusted."),
    CRET_ROW_TEXT("whyNot", 0, "Why it was not."),
    CRET_ROW_END,
};

static const struct cret_field signature_fields[] = {
    CRET_ROW_STRING("name", NEED, CRET_FORMAT_TOKEN, "Name of the member below SIGNATURES/."),
    DIGEST("sha256", NEED, "SHA-256 of the member."),
    CRET_ROW_BOOLEAN("sound", NEED, "Whether its form and its value were found good."),
    CRET_ROW_STRING("algorithm", 0, CRET_FORMAT_TOKEN, "Key, padding and digest."),
    CRET_ROW_TEXT("meaning", 0, "origin, approval, receipt or none."),
    ANY_TIME("selfAssertedTime", 0, "What the signer says; never trusted."),
    CRET_ROW_OBJECT("certificate", 0, certificate_fields, "The signer's certificate."),
    CRET_ROW_OBJECT("timestamp", 0, timestamp_fields, "Its timestamp, where it has one."),
    CRET_ROW_BOOLEAN("unchecked", 0,
                     "The verifier's OpenSSL lacked the algorithm: the value was not checked."),
    CRET_ROW_BOOLEAN("counted", 0, "Whether it counted for a role."),
    CRET_ROW_BOOLEAN(
        "completes", 0,
        "The post-quantum signature of the signer, which adds nothing to a threshold."),
    CRET_ROW_TEXT("whyNot", 0, "Why it did not."),
    CRET_ROW_TEXT("scope", 0, "Vendor of the scope that it counted in."),
    CRET_ROW_TEXT("role", 0, "The role."),
    CRET_ROW_TEXT("signer", 0, "The signer's name in the policy."),
    ANY_TIME("time", 0, "Signature time that was used."),
    CRET_ROW_OBJECTS("path", 0, 0, certificate_fields, "Certification path, signer first."),
    CRET_ROW_BOOLEAN("revocationKnown", 0, "Whether fresh lists answered for the whole path."),
    CRET_ROW_END,
};

static const struct cret_field how_fields[] = {
    CRET_ROW_TEXT("program", NEED, "Name of the program."),
    CRET_ROW_TEXT("version", NEED, "Its version."),
    DIGEST("programSha256", 0, "SHA-256 of the running program."),
    CRET_ROW_TEXT("openssl", NEED, "The cryptographic library."),
    CRET_ROW_STRINGS("arguments", NEED, CRET_FORMAT_TEXT, "The command line."),
    CRET_ROW_TEXT("hashEngine", NEED, "What computed the digests."),
    CRET_ROW_BOOLEAN("fast", NEED, "One digest a file was computed."),
    CRET_ROW_BOOLEAN("exampleKeysAllowed", NEED, "Published keys were let through: no evidence."),
    DIGEST("siteConfigurationSha256", 0, "SHA-256 of the site configuration."),
    CRET_ROW_TEXT("sandbox", NEED, "How the process that reads archives was confined."),
    CRET_ROW_TEXT("profile", 0, "Name of the profile."),
    DIGEST("profileSha256", 0, "SHA-256 of the profile."),
    CRET_ROW_TEXT("profileSigner", 0, "Subject of the owner who signed it; absent: unsigned."),
    DIGEST("stationSha256", 0, "SHA-256 of station.json, where a TPM took part."),
    CRET_ROW_OBJECT("policy", 0, policy_fields, "The trust policy."),
    CRET_ROW_OBJECTS("signatures", NEED, 0, signature_fields, "Every signature member."),
    CRET_ROW_END,
};

static const struct cret_field journal_fields[] = {
    DIGEST("genesis", NEED, "Genesis value of the journal."),
    WHOLE("line", NEED, "Number of the line. Whether it stands there, the journal says."),
    CRET_ROW_END,
};

const struct cret_field cret_record_fields[] = {
    CRET_ROW_ENUM("cretula", NEED, purposes, "The purpose of the file."),
    CRET_ROW_OBJECT("result", NEED, result_fields, "The verdict and every check."),
    CRET_ROW_OBJECT("what", NEED, what_fields, "What was verified."),
    CRET_ROW_OBJECT("who", NEED, who_fields, "Who verified."),
    CRET_ROW_OBJECT("when", NEED, when_fields, "When."),
    CRET_ROW_OBJECT("why", NEED, why_fields, "For which change and asset."),
    CRET_ROW_OBJECT("how", NEED, how_fields, "With which program, policy and keys."),
    CRET_ROW_STRINGS("limits", NEED, CRET_FORMAT_TEXT, "What the record does not say."),
    DIGEST("previous", 0, "SHA-256 of the record before this one in the journal."),
    CRET_ROW_OBJECT("journal", 0, journal_fields, "The journal that it was made for."),
    CRET_ROW_END,
};
