/* SPDX-License-Identifier: Apache-2.0 */
/* The record's field table (docs/spec/record.md). */
#include "base/finding/limits.h"
#include "base/schema/rows.h"
#include "evidence/record/record.h"
#include "release/advisory/advisory.h"
#include "release/manifest/manifest_fields.h"

/* 200,000 files at some hundred bytes each, and room. */
#define BYTES (1u << 30)
#define ANY_TIME(name, flags, words) CRET_ROW_STRING(name, flags, CRET_FORMAT_ANY_TIME, words)

static const char *const states[] = {"verified", "claimed", NULL};
static const char *const matches[] = {"sure", "possible", NULL};
static const char *const policies[] = {"anchor", "trust", NULL};
static const char *const anchors[] = {"ca", "certificate", "key", NULL};
const char *const cret_record_stages[] = {"received", "in-test", "authorized", "deployed", NULL};

static const struct cret_field check_fields[] = {
    CRET_ROW_TOKEN("check", CRET_REQUIRED, "The id of the check (docs/spec/checks.md)."),
    CRET_ROW_ENUM("result", CRET_REQUIRED, cret_result_names, "What it found."),
    CRET_ROW_TEXT("reason", CRET_REQUIRED, "For people."),
    CRET_ROW_TEXT("where", 0, "Member, JSON pointer, certificate or file."),
    CRET_ROW_TEXT("expected", 0, "What would have been accepted."),
    CRET_ROW_TEXT("actual", 0, "What was found."),
    CRET_ROW_TEXT("hint", 0, "What can be done."),
    CRET_ROW_END,
};

/* Why there is no verdict: in a record, and in its place. */
#define CRET_ERROR_ROWS                                                                            \
    CRET_ROW_TEXT("message", CRET_REQUIRED, "What could not be done."),                            \
        CRET_ROW_TEXT("where", 0, "Where."), CRET_ROW_TEXT("expected", 0, "What was expected."),   \
        CRET_ROW_TEXT("actual", 0, "What was found."),                                             \
        CRET_ROW_TEXT("hint", 0, "What can be done.")

static const struct cret_field error_fields[] = {CRET_ERROR_ROWS, CRET_ROW_END};

static const struct cret_field waiver_fields[] = {
    CRET_ROW_TOKEN("check", CRET_REQUIRED, "The check that was waived."),
    CRET_ROW_TEXT("asset", 0, "The one asset that it is for."),
    CRET_ROW_TEXT("reason", CRET_REQUIRED, "Why."),
    CRET_ROW_TEXT("approver", CRET_REQUIRED, "Who approved it."),
    CRET_ROW_TEXT("control", CRET_REQUIRED, "The compensating control."),
    CRET_ROW_TIME("issued", CRET_REQUIRED, "From when it holds."),
    CRET_ROW_TIME("until", CRET_REQUIRED, "Until when it holds."),
    CRET_ROW_TEXT("signers", CRET_REQUIRED, "Names in the policy of those who signed it."),
    CRET_ROW_SHA256("sha256", CRET_REQUIRED, "SHA-256 of the waiver file."),
    CRET_ROW_END,
};

static const struct cret_field result_fields[] = {
    CRET_ROW_ENUM("verdict", CRET_REQUIRED, cret_verdict_names, "The verdict."),
    CRET_ROW_INTEGER("exitCode", CRET_REQUIRED, 0, 3, "The exit code that goes with it."),
    CRET_ROW_OBJECT("error", 0, error_fields, "Why the run is undecided."),
    CRET_ROW_OBJECTS("checks", CRET_REQUIRED, check_fields, "Every finding, in order.",
                     .maximum = CRET_LIMIT_FINDINGS),
    CRET_ROW_OBJECTS("waivers", CRET_REQUIRED, waiver_fields, "Waivers that were used."),
    CRET_ROW_END,
};

static const struct cret_field archive_fields[] = {
    CRET_ROW_TEXT("name", CRET_REQUIRED, "As given; - for standard input."),
    CRET_ROW_COUNT("size", 0, "Bytes; absent where the archive came through a pipe."),
    CRET_ROW_SHA256("sha256", 0, "SHA-256 of the whole file, where it was asked for."),
    CRET_ROW_END,
};

static const struct cret_field file_fields[] = {
    CRET_ROW_STRING("path", CRET_REQUIRED, CRET_FORMAT_PATH, "Path in the archive."),
    CRET_ROW_TEXT("originalName", 0, "Name before it was mapped to the path."),
    CRET_ROW_ENUM("role", CRET_REQUIRED, cret_file_roles, "What the file is."),
    CRET_ROW_COUNT("size", CRET_REQUIRED, "Bytes."),
    CRET_ROW_SHA256("sha256", CRET_REQUIRED, "SHA-256."),
    CRET_ROW_ENUM("sha256State", CRET_REQUIRED, states, "Whether it was computed in this run."),
    CRET_ROW_SHA256("fsverity", 0, "fs-verity file digest."),
    CRET_ROW_ENUM("fsverityState", 0, states, "Whether it was computed in this run."),
    CRET_ROW_BOOLEAN("safetyRelevant", 0,
                     "True where the release says that a safety function needs the file."),
    CRET_ROW_END,
};

static const struct cret_field claimed_fields[] = {
    CRET_ROW_SHA256("identity", CRET_REQUIRED, "SHA-256 of its MANIFEST.json."),
    CRET_ROW_TEXT("vendor", 0, "The vendor that it names."),
    CRET_ROW_TEXT("product", 0, "The product."),
    CRET_ROW_TEXT("version", 0, "The version."),
    CRET_ROW_END,
};

static const struct cret_field left_out_fields[] = {
    CRET_ROW_TOKEN("part", CRET_REQUIRED, "The part of `what`."),
    CRET_ROW_COUNT("entries", CRET_REQUIRED, "How many of its entries stand in the manifest only."),
    CRET_ROW_END,
};

static const struct cret_field part_fields[] = {
    CRET_ROW_TEXT("name", CRET_REQUIRED, "Its name."),
    CRET_ROW_TEXT("version", 0, "Its version."),
    CRET_ROW_TEXT("license", 0, "Its licences."),
    CRET_ROW_TEXT("supplier", 0, "Who supplies it."),
    CRET_ROW_END,
};

static const struct cret_field sbom_fields[] = {
    CRET_ROW_LINE("file", CRET_REQUIRED, "Its path in the archive."),
    CRET_ROW_TOKEN("format", CRET_REQUIRED, "Its format, as in the manifest."),
    CRET_ROW_COUNT(
        "components", 0,
        "Components and packages in it, without the product itself; absent where it could "
        "not be read."),
    CRET_ROW_OBJECTS("parts", 0, part_fields,
                     "Components and packages as it lists them, without the product itself.",
                     .maximum = CRET_LIMIT_RECORD_ENTRIES),
    CRET_ROW_COUNT("partsLeftOut", 0, "How many more of them stand in the SBOM only."),
    CRET_ROW_END,
};

static const struct cret_field provenance_fields[] = {
    CRET_ROW_TEXT("file", CRET_REQUIRED, "Path of the attestation in the archive."),
    CRET_ROW_TEXT("predicateType", 0, "What it states; absent where it could not be read."),
    CRET_ROW_TEXT("builder", 0, "Id of the builder, as it says."),
    CRET_ROW_TEXT("buildType", 0, "How the build was described, as it says."),
    CRET_ROW_COUNT("subjects", 0, "How many subjects it has."),
    CRET_ROW_COUNT("matched", 0, "How many of them are files of the release, by SHA-256."),
    CRET_ROW_BOOLEAN(
        "proved", CRET_REQUIRED,
        "Whether it was signed as the policy asks, and is about files of the release."),
    CRET_ROW_TEXT("signers", 0, "Names in the policy of those who signed it."),
    CRET_ROW_INTEGER("level", 0, 0, 3, "SLSA build level that the policy grants the builder."),
    CRET_ROW_TEXT("whyNot", 0, "Why it is not proved."),
    CRET_ROW_END,
};

static const struct cret_field advice_fields[] = {
    CRET_ROW_TEXT("file", CRET_REQUIRED, "Path of the VEX or advisory file in the archive."),
    CRET_ROW_TEXT("vulnerability", CRET_REQUIRED, "Its id, as the file gives it."),
    CRET_ROW_TEXT("subject", CRET_REQUIRED, "The product, a component, or a file of the release."),
    CRET_ROW_ENUM("status", CRET_REQUIRED, cret_advisory_statuses,
                  "What it means for this release."),
    CRET_ROW_ENUM("match", CRET_REQUIRED, matches, "Whether this very thing is surely meant."),
    CRET_ROW_TEXT("because", 0, "Why."),
    CRET_ROW_TEXT("stated", 0,
                  "What the file states of something that is not surely ours: a question."),
    CRET_ROW_TEXT("doubt", 0, "Why the statement cannot be relied on."),
    CRET_ROW_END,
};

static const char *const within[] = {"signature", NULL};
static const struct cret_field unhashed_fields[] = {
    CRET_ROW_TEXT("part", CRET_REQUIRED, "What it is."),
    CRET_ROW_COUNT("offset", CRET_REQUIRED, "Where it begins."),
    CRET_ROW_COUNT("bytes", CRET_REQUIRED, "How long it is."),
    CRET_ROW_BOOLEAN("zero", CRET_REQUIRED, "Whether it is zero throughout."),
    CRET_ROW_ENUM("within", 0, within,
                  "signature: offset counts from the first byte of the signature; absent: from "
                  "that of the file. Where such parts are several, offset is that of the first."),
    CRET_ROW_END,
};

static const struct cret_field other_signer_fields[] = {
    CRET_ROW_TEXT("subject", CRET_REQUIRED, "Subject of the certificate."),
    CRET_ROW_SHA256("certificateSha256", CRET_REQUIRED, "SHA-256 of it."),
    CRET_ROW_END,
};

static const struct cret_field proof_fields[] = {
    CRET_ROW_TOKEN("kind", CRET_REQUIRED, "The kind of proof (docs/spec/foreign.md)."),
    CRET_ROW_TEXT("proves", CRET_REQUIRED, "What an accepted one proves."),
    CRET_ROW_TEXT("leaves", CRET_REQUIRED, "What it does not prove."),
    CRET_ROW_BOOLEAN("verified", CRET_REQUIRED, "Whether every value in it is right."),
    CRET_ROW_TEXT("digestAlgorithm", 0, "By which the file was hashed."),
    CRET_ROW_TEXT("digest", 0, "The digest that the proof is about, hex."),
    CRET_ROW_TEXT("weak", 0, "Which broken digest it rests on."),
    CRET_ROW_TEXT("subject", 0, "Subject of the signer's certificate."),
    CRET_ROW_TEXT("issuer", 0, "Its issuer."),
    CRET_ROW_TEXT("serial", 0, "Its serial number, hex."),
    CRET_ROW_SHA256("certificateSha256", 0, "SHA-256 of that certificate."),
    CRET_ROW_SHA256("keySha256", 0, "SHA-256 of the signer's SubjectPublicKeyInfo."),
    CRET_ROW_TEXT("key", 0, "The signer's key, as the format names it."),
    ANY_TIME("time", 0, "When it was signed, as an authority says that the policy trusts."),
    CRET_ROW_TEXT("timeBy", 0, "Who says so, and how."),
    ANY_TIME("selfAssertedTime", 0, "When the signer says that it was; never trusted."),
    CRET_ROW_OBJECTS("unhashed", 0, unhashed_fields, "Parts that the signature does not cover."),
    CRET_ROW_OBJECTS("otherSigners", 0, other_signer_fields,
                     "Who else signed the file; nothing rests on them."),
    CRET_ROW_STRINGS("notes", CRET_REQUIRED, CRET_FORMAT_TEXT, "What else must be known."),
    CRET_ROW_END,
};

static const struct cret_field beside_fields[] = {
    CRET_ROW_TEXT("name", CRET_REQUIRED, "Its name."),
    CRET_ROW_SHA256("sha256", CRET_REQUIRED, "SHA-256 of its bytes."),
    CRET_ROW_END,
};

const struct cret_field cret_record_foreign_fields[] = {
    CRET_ROW_TEXT("name", CRET_REQUIRED, "Name of the file."),
    CRET_ROW_SHA256("sha256", CRET_REQUIRED, "SHA-256 of all of it, which is its identity."),
    CRET_ROW_COUNT("size", CRET_REQUIRED, "Bytes."),
    CRET_ROW_OBJECT("proof", 0, proof_fields, "Its signature, or the list that names it."),
    CRET_ROW_OBJECT("listProof", 0, proof_fields, "The signature of that list."),
    CRET_ROW_TEXT("pin", 0, "Name of the pin that vouches; absent: nobody does."),
    CRET_ROW_TEXT("vendor", 0, "The scope of that pin in the trust policy."),
    CRET_ROW_OBJECTS("beside", CRET_REQUIRED, beside_fields, "Files that were given beside it."),
    CRET_ROW_END,
};

/* Parts of the manifest; none of them is there where nothing was authenticated. */
#define PLAIN(...)
#define RECORDED(kind, name, flags, ...) CRET_ROW_##kind(name, 0, __VA_ARGS__),

static const struct cret_field what_fields[] = {
    CRET_ROW_SHA256(
        "identity", 0,
        "SHA-256 of MANIFEST.json, or of a foreign file as a whole; absent where nobody "
        "vouches for it."),
    CRET_ROW_OBJECT("claimed", 0, claimed_fields,
                    "Where it was not authenticated: what the archive says it is. Nobody vouches "
                    "for it: it names a refused file, and nothing else."),
    CRET_ROW_OBJECT("archive", CRET_REQUIRED, archive_fields, "The file that was verified."),
    CRET_MANIFEST_PARTS(RECORDED, PLAIN)
        CRET_ROW_OBJECTS("documents", 0, cret_document_list_fields,
                         "Every document, with the digest by which a later release is compared."),
    CRET_ROW_OBJECTS("sbom", 0, sbom_fields,
                     "Software bills of materials; empty: the release has none.",
                     .maximum = CRET_LIMIT_SBOMS),
    CRET_ROW_OBJECTS("provenance", 0, provenance_fields,
                     "Attestations of the build; absent: the release lists none.",
                     .maximum = CRET_LIMIT_RECORD_ENTRIES),
    CRET_ROW_OBJECTS("advice", 0, advice_fields,
                     "What VEX and advisories in the release mean for it, the gravest first.",
                     .maximum = CRET_LIMIT_RECORD_ENTRIES),
    CRET_ROW_OBJECTS("leftOut", 0, left_out_fields,
                     "Parts of which the record holds the first entries only."),
    CRET_ROW_OBJECT("foreign", 0, cret_record_foreign_fields,
                    "In the place of all that a manifest says: a file in a vendor's own format, "
                    "and the proof that it came with."),
    CRET_ROW_COUNT("fileCount", 0, "Number of files."),
    CRET_ROW_COUNT("fileBytes", 0, "Their sizes together."),
    CRET_ROW_BOOLEAN("productBound", CRET_REQUIRED,
                     "Whether the trust policy or --product binds the signer to this product."),
    CRET_ROW_OBJECTS("files", CRET_REQUIRED, file_fields, "Every file of the release.",
                     .maximum = CRET_LIMIT_FILES),
    CRET_ROW_END,
};

static const struct cret_field who_fields[] = {
    CRET_ROW_TEXT("user", CRET_REQUIRED, "User of the operating system."),
    CRET_ROW_TEXT("name", 0, "Name, as declared."),
    CRET_ROW_TEXT("role", 0, "Role, as declared."),
    CRET_ROW_TEXT("host", CRET_REQUIRED, "Name of the machine."),
    CRET_ROW_END,
};

static const struct cret_field when_fields[] = {
    ANY_TIME("time", CRET_REQUIRED, "The machine's clock when the run began, UTC."),
    CRET_ROW_TEXT("source", CRET_REQUIRED, "Where that time comes from."),
    CRET_ROW_TEXT("uncertainty", CRET_REQUIRED, "What is known of its accuracy."),
    ANY_TIME("verificationTime", CRET_REQUIRED, "The time that the checks were made for."),
    CRET_ROW_BOOLEAN("verificationTimeGiven", CRET_REQUIRED,
                     "Given with --at: such a run never counts as accepted."),
    CRET_ROW_END,
};

static const struct cret_field why_fields[] = {
    CRET_ROW_TEXT("changeId", 0, "The change."),
    ANY_TIME("plannedAt", 0, "When the change is planned."),
    CRET_ROW_STRINGS("baselineItems", 0, CRET_FORMAT_TEXT,
                     "What of the baseline the change departs from."),
    CRET_ROW_TEXT("asset", 0, "The asset."),
    CRET_ROW_STRINGS("furtherAssets", 0, CRET_FORMAT_TEXT, "Other assets of the same change."),
    CRET_ROW_TEXT("zone", 0, "Its zone or conduit."),
    CRET_ROW_ENUM("stage", 0, cret_record_stages, "Stage of the change."),
    CRET_ROW_TEXT("acquired", 0, "How the file came here."),
    CRET_ROW_END,
};

static const struct cret_field anchor_fields[] = {
    CRET_ROW_TEXT("vendor", 0, "The scope of the policy; absent with a bare anchor."),
    CRET_ROW_TEXT("signer", 0, "Name of the signer in the policy."),
    CRET_ROW_ENUM("kind", CRET_REQUIRED, anchors, "What it pins."),
    CRET_ROW_SHA256("keySha256", CRET_REQUIRED, "SHA-256 of the SubjectPublicKeyInfo."),
    CRET_ROW_TEXT("subject", 0, "Subject of the certificate."),
    CRET_ROW_SHA256("sha256", 0, "SHA-256 of the certificate."),
    CRET_ROW_END,
};

static const char *const pin_anchors[] = {"ca", "certificate", "key", "text", NULL};
static const struct cret_field pin_fields[] = {
    CRET_ROW_TEXT("vendor", 0, "The scope of the policy; absent with a pin of the command line."),
    CRET_ROW_TEXT("name", CRET_REQUIRED, "Name of the pin; what.foreign.pin is one of these."),
    CRET_ROW_ENUM("pins", 0, cret_pin_kinds, "For which format; absent: any."),
    CRET_ROW_ENUM("kind", CRET_REQUIRED, pin_anchors,
                  "What it pins; text: a key as its tool writes it."),
    CRET_ROW_SHA256("keySha256", 0, "SHA-256 of the SubjectPublicKeyInfo."),
    CRET_ROW_SHA256("textSha256", 0, "SHA-256 of the key's text as it stands in the policy."),
    CRET_ROW_SHA256("sha256", 0, "SHA-256 of the certificate."),
    CRET_ROW_TEXT("subject", 0, "Below a CA: the subject that the signer's certificate must have."),
    CRET_ROW_TEXT("issuer", 0, "Below a CA: its issuer."),
    CRET_ROW_BOOLEAN("weakDigests", CRET_REQUIRED, "Whether MD5 and SHA-1 count."),
    CRET_ROW_BOOLEAN("legacy", CRET_REQUIRED, "Whether older forms of the format count."),
    CRET_ROW_BOOLEAN("own", CRET_REQUIRED,
                     "Below a CA: whether whoever it certified counts, by whatever name."),
    ANY_TIME("notAfter", 0, "From then on it counts for nothing."),
    CRET_ROW_END,
};

static const struct cret_field authority_fields[] = {
    CRET_ROW_TEXT("name", CRET_REQUIRED, "Name in the policy."),
    CRET_ROW_ENUM("kind", CRET_REQUIRED, anchors, "What it pins."),
    CRET_ROW_SHA256("keySha256", CRET_REQUIRED, "SHA-256 of the SubjectPublicKeyInfo."),
    CRET_ROW_TEXT("subject", CRET_REQUIRED, "Subject of the certificate."),
    CRET_ROW_SHA256("sha256", CRET_REQUIRED, "SHA-256 of the certificate."),
    CRET_ROW_END,
};

static const struct cret_field list_fields[] = {
    CRET_ROW_TEXT("issuer", CRET_REQUIRED, "Who issued the list."),
    ANY_TIME("thisUpdate", CRET_REQUIRED, "When."),
    ANY_TIME("nextUpdate", CRET_REQUIRED, "When he promised the next one."),
    CRET_ROW_COUNT("ageDays", CRET_REQUIRED,
                   "Whole days between thisUpdate and the time that was verified for."),
    CRET_ROW_SHA256("sha256", CRET_REQUIRED, "SHA-256 of the list."),
    CRET_ROW_END,
};

static const struct cret_field overlay_fields[] = {
    CRET_ROW_TEXT("name", CRET_REQUIRED, "Its name."),
    CRET_ROW_SHA256("sha256", CRET_REQUIRED, "SHA-256 of the file."),
    CRET_ROW_END,
};

static const struct cret_field policy_fields[] = {
    CRET_ROW_ENUM("kind", CRET_REQUIRED, policies, "A bare anchor, or a trust policy."),
    CRET_ROW_TEXT("file", 0, "Path of the trust policy."),
    CRET_ROW_TEXT("name", 0, "Its name."),
    CRET_ROW_COUNT("version", 0, "Its version."),
    CRET_ROW_SHA256("sha256", 0, "SHA-256 of the file."),
    CRET_ROW_TIME("issued", 0, "When it was issued."),
    CRET_ROW_TIME("reviewBy", 0, "When it must be reviewed."),
    CRET_ROW_TIME("expires", 0, "When it expires."),
    CRET_ROW_OBJECT("overlay", 0, overlay_fields, "The site overlay that tightened it."),
    CRET_ROW_OBJECTS("anchors", CRET_REQUIRED, anchor_fields, "Every trust anchor in it."),
    CRET_ROW_OBJECTS("pins", 0, pin_fields,
                     "Whose files in other formats count; absent: nobody's."),
    CRET_ROW_ENUM("revocation", 0, cret_revocation_words, "What it asks of revocation lists."),
    CRET_ROW_ENUM("timestamp", 0, cret_demand_words, "What it asks of timestamps."),
    CRET_ROW_ENUM("postQuantum", 0, cret_demand_words, "What it asks of post-quantum signatures."),
    CRET_ROW_OBJECTS("timestampAuthorities", 0, authority_fields,
                     "Who may say when a signature existed."),
    CRET_ROW_OBJECTS("revocationLists", 0, list_fields, "Lists of the policy and of --crl."),
    CRET_ROW_END,
};

static const struct cret_field certificate_fields[] = {
    CRET_ROW_TEXT("subject", CRET_REQUIRED, "Subject, RFC 4514."),
    CRET_ROW_TEXT("issuer", CRET_REQUIRED, "Issuer."),
    CRET_ROW_TEXT("serial", CRET_REQUIRED, "Serial number, hex."),
    ANY_TIME("notBefore", CRET_REQUIRED, "Valid from."),
    ANY_TIME("notAfter", CRET_REQUIRED, "Valid until; 9999-12-31T23:59:59Z: no end."),
    CRET_ROW_SHA256("sha256", CRET_REQUIRED, "SHA-256 of the certificate."),
    CRET_ROW_SHA256("keySha256", CRET_REQUIRED, "SHA-256 of the SubjectPublicKeyInfo."),
    CRET_ROW_END,
};

static const struct cret_field timestamp_fields[] = {
    ANY_TIME("time", CRET_REQUIRED, "genTime of the token."),
    CRET_ROW_COUNT("accuracyMicroseconds", CRET_REQUIRED,
                   "How well the authority knew the time; 0: not said."),
    CRET_ROW_TEXT("serial", CRET_REQUIRED, "Serial number of the token, hex."),
    CRET_ROW_OBJECT("certificate", CRET_REQUIRED, certificate_fields,
                    "The authority's certificate."),
    CRET_ROW_TEXT("certificateNamedBy", 0,
                  "How the token names that certificate: signingCertificateV2, or "
                  "signingCertificate (SHA-1), which RFC 5816 still allows."),
    CRET_ROW_TEXT("authority", 0, "Its name in the policy, where it was trusted."),
    CRET_ROW_TEXT("whyNot", 0, "Why it was not."),
    CRET_ROW_END,
};

static const struct cret_field seal_fields[] = {
    ANY_TIME("sealedAt", CRET_REQUIRED, "When the signature existed: the time that was used."),
    CRET_ROW_TEXT("authority", CRET_REQUIRED, "Who says so, by its name in the policy."),
    ANY_TIME("provedUntil", CRET_REQUIRED, "Until when that is proved: renew before."),
    CRET_ROW_TEXT("lastAuthority", CRET_REQUIRED, "Who made the last timestamp."),
    CRET_ROW_COUNT("timestamps", CRET_REQUIRED, "How many the seal has."),
    CRET_ROW_END,
};

static const struct cret_field signature_fields[] = {
    CRET_ROW_TOKEN("name", CRET_REQUIRED, "Name of the member below SIGNATURES/."),
    CRET_ROW_SHA256("sha256", CRET_REQUIRED, "SHA-256 of the member."),
    CRET_ROW_BOOLEAN("sound", CRET_REQUIRED, "Whether its form and its value were found good."),
    CRET_ROW_TOKEN("algorithm", 0, "Key, padding and digest."),
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
    CRET_ROW_OBJECT("seal", 0, seal_fields, "The seal that this time is from, where one is."),
    CRET_ROW_OBJECTS("path", 0, certificate_fields, "Certification path, signer first."),
    CRET_ROW_BOOLEAN("revocationKnown", 0, "Whether fresh lists answered for the whole path."),
    CRET_ROW_END,
};

static const struct cret_field how_fields[] = {
    CRET_ROW_TEXT("program", CRET_REQUIRED, "Name of the program."),
    CRET_ROW_TEXT("version", CRET_REQUIRED, "Its version."),
    CRET_ROW_SHA256("programSha256", 0, "SHA-256 of the running program."),
    CRET_ROW_TEXT("openssl", CRET_REQUIRED, "The cryptographic library."),
    CRET_ROW_STRINGS("arguments", CRET_REQUIRED, CRET_FORMAT_TEXT, "The command line."),
    CRET_ROW_TEXT(
        "hashEngine", CRET_REQUIRED,
        "What computed the digests of small files and of trees: openssl, sha-ni, armv8, avx-512; "
        "with a reason where the processor could not be trusted; none where no file was "
        "read. Those of large files, and of files that are read in pieces, are of openssl always."),
    CRET_ROW_BOOLEAN("fast", CRET_REQUIRED, "One digest a file was computed."),
    CRET_ROW_BOOLEAN("exampleKeysAllowed", CRET_REQUIRED,
                     "Published keys were let through: no evidence."),
    CRET_ROW_SHA256("siteConfigurationSha256", 0, "SHA-256 of the site configuration."),
    CRET_ROW_TEXT("sandbox", CRET_REQUIRED, "How the process that reads archives was confined."),
    CRET_ROW_TEXT("profile", 0, "Name of the profile."),
    CRET_ROW_SHA256("profileSha256", 0, "SHA-256 of the profile."),
    CRET_ROW_TEXT("profileSigner", 0, "Subject of the owner who signed it; absent: unsigned."),
    CRET_ROW_SHA256("stationSha256", 0, "SHA-256 of station.json, where a TPM took part."),
    CRET_ROW_OBJECT("policy", 0, policy_fields, "The trust policy."),
    CRET_ROW_OBJECTS("signatures", CRET_REQUIRED, signature_fields, "Every signature member."),
    CRET_ROW_END,
};

static const struct cret_field journal_fields[] = {
    CRET_ROW_SHA256("genesis", CRET_REQUIRED, "Genesis value of the journal."),
    CRET_ROW_COUNT("line", CRET_REQUIRED,
                   "Number of the line. Whether it stands there, the journal says."),
    CRET_ROW_END,
};

static const struct cret_field record_fields[] = {
    CRET_ROW_PURPOSE(CRET_REQUIRED, CRET_RECORD_PURPOSE),
    CRET_ROW_OBJECT("result", CRET_REQUIRED, result_fields, "The verdict and every check."),
    CRET_ROW_OBJECT("what", CRET_REQUIRED, what_fields, "What was verified."),
    CRET_ROW_OBJECT("who", CRET_REQUIRED, who_fields, "Who verified."),
    CRET_ROW_OBJECT("when", CRET_REQUIRED, when_fields, "When."),
    CRET_ROW_OBJECT("why", CRET_REQUIRED, why_fields, "For which change and asset."),
    CRET_ROW_OBJECT("how", CRET_REQUIRED, how_fields, "With which program, policy and keys."),
    CRET_ROW_STRINGS("limits", CRET_REQUIRED, CRET_FORMAT_TEXT, "What the record does not say."),
    CRET_ROW_SHA256("previous", 0, "SHA-256 of the record before this one in the journal."),
    CRET_ROW_OBJECT("journal", 0, journal_fields, "The journal that it was made for."),
    CRET_ROW_END,
};

#define FORM                                                                                       \
    .words = "verification record", .file = CRET_RECORD_NAME, .bytes = BYTES,                      \
    .fault = CRET_ERR_REFUSED, .check = CRET_CHECK_RECORD_FORM,                                    \
    .hint = "ask whoever ran the verification for the file again"

const struct cret_file_format cret_record_format = {
    .purpose = CRET_RECORD_PURPOSE, .fields = record_fields, FORM};
const struct cret_file_format cret_record_file_format = {.fields = file_fields, FORM};

static const char *const unjudged[] = {"REFUSED", "UNDECIDED", NULL};

static const struct cret_field fault_fields[] = {
    CRET_ROW_TEXT("where", CRET_REQUIRED, "The place."),
    CRET_ROW_TEXT("message", CRET_REQUIRED, "What is wrong there."),
    CRET_ROW_END,
};

static const struct cret_field run_error_fields[] = {
    CRET_ROW_PURPOSE(CRET_REQUIRED, CRET_ERROR_PURPOSE),
    CRET_ROW_TEXT("program", CRET_REQUIRED, "Name of the program."),
    CRET_ROW_INTEGER("exitCode", CRET_REQUIRED, 1, 3, "Its exit code."),
    CRET_ROW_ENUM("verdict", 0, unjudged,
                  "Absent where the command line or a file of the operator is wrong."),
    CRET_ROW_TOKEN("check", 0, "The check that refuses."),
    CRET_ERROR_ROWS,
    CRET_ROW_OBJECTS("faults", 0, fault_fields, "Of several faults, each."),
    CRET_ROW_END,
};

const struct cret_file_format cret_error_format = {.purpose = CRET_ERROR_PURPOSE,
                                                   .words = "error",
                                                   .file = "what --json prints in its place",
                                                   .fields = run_error_fields,
                                                   .bytes = CRET_LIMIT_TEXT_BYTES * 8u,
                                                   .fault = CRET_ERR_USAGE};
