/* SPDX-License-Identifier: Apache-2.0 */
/* trust.json as tables. */
#include <string.h>

#include "base/finding/limits.h"
#include "base/schema/rows.h"
#include "trust/policy/policy_parts.h"

enum { SCOPES = 1000, SIGNERS = 100, PRODUCTS = 10000 };

static const char *const anchor_types[] = {"ca", "certificate", "key", NULL};
static const char *const severities[] = {"fail", "warn", "ignore", NULL};
static const char *const meanings[] = {"none", "origin", "approval", NULL};
const char *const cret_role_names[] = {"release", "quality", "owner", "waiver", "provenance", NULL};

static const struct cret_field anchor_fields[] = {
    CRET_ROW_ENUM("type", CRET_REQUIRED, anchor_types,
                  "ca: any valid path below this CA certificate; certificate: exactly this one; "
                  "key: exactly this public key, in whatever certificate."),
    CRET_ROW_PEM("pem", CRET_REQUIRED,
                 "One CERTIFICATE block, or for a key one PUBLIC KEY or CERTIFICATE block."),
    CRET_ROW_END,
};

const char *const cret_pin_kinds[] = {"authenticode", "cms",      "minisign", "signify", "openpgp",
                                      "rauc",         "swupdate", "mcuboot",  NULL};
const char *const cret_revocation_words[] = {"require", "if-present", "off", NULL};
const char *const cret_demand_words[] = {"require", "prefer", "off", NULL};

static const struct cret_field added_fields[] = {
    CRET_ROW_LINE("by", CRET_REQUIRED, "Who added this signer."),
    CRET_ROW_TIME("at", CRET_REQUIRED, "When."),
    CRET_ROW_LINE("how", CRET_REQUIRED,
                  "How the certificate or key was obtained, and compared with what."),
    CRET_ROW_SHA256("fingerprint", CRET_REQUIRED,
                    "SHA-256 of the certificate (of the SubjectPublicKeyInfo for a key), as it was "
                    "compared; must be that of the anchor."),
    CRET_ROW_END,
};

static const struct cret_field signer_fields[] = {
    CRET_ROW_LINE("name", CRET_REQUIRED,
                  "The person or system, unique in the scope; thresholds count these."),
    CRET_ROW_OBJECT("anchor", CRET_REQUIRED, anchor_fields,
                    "How signatures of this signer are recognized."),
    CRET_ROW_OBJECT("postQuantum", 0, anchor_fields,
                    "How this signer's second signature, with a post-quantum key, is recognized. "
                    "It adds nothing to a threshold."),
    CRET_ROW_TIME(
        "notAfter", 0,
        "The end of the trust in these anchors; a pinned certificate or key has no other one."),
    CRET_ROW_OBJECT("added", 0, added_fields, "Who vouched for this anchor."),
    CRET_ROW_END,
};

/* No certification authority: nobody judges validity where versions are walked through. */
static const struct cret_field pin_fields[] = {
    CRET_ROW_ENUM(
        "type", CRET_REQUIRED, &anchor_types[1],
        "certificate: exactly this one; key: exactly this public key, in whatever certificate."),
    CRET_ROW_PEM("pem", CRET_REQUIRED,
                 "One CERTIFICATE block, or for a key one PUBLIC KEY or CERTIFICATE block."),
    CRET_ROW_END,
};

static const struct cret_field owner_fields[] = {
    CRET_ROW_LINE("name", CRET_REQUIRED,
                  "The person or system, unique among the owners; the threshold counts these."),
    CRET_ROW_OBJECT("anchor", CRET_REQUIRED, pin_fields,
                    "How signatures of this owner are recognized."),
    CRET_ROW_OBJECT("added", 0, added_fields, "Who vouched for this anchor."),
    CRET_ROW_END,
};

static const struct cret_field owners_fields[] = {
    CRET_ROW_OBJECTS("signers", CRET_REQUIRED, owner_fields, "Who owns the policy.", .minimum = 1,
                     .maximum = CRET_LIMIT_OWNERS),
    CRET_ROW_INTEGER("threshold", CRET_REQUIRED, 1, CRET_LIMIT_OWNERS,
                     "How many of them must sign this version, and the next one."),
    CRET_ROW_END,
};

static const struct cret_field builder_fields[] = {
    CRET_ROW_STRING("id", CRET_REQUIRED, CRET_FORMAT_URI,
                    "Id of the builder, as SLSA provenance has it (runDetails.builder.id)."),
    CRET_ROW_INTEGER("level", CRET_REQUIRED, 0, 3,
                     "The SLSA build level that the owner of the policy grants this builder."),
    CRET_ROW_END,
};

static const struct cret_field role_fields[] = {
    CRET_ROW_ENUM("role", CRET_REQUIRED, cret_role_names,
                  "release: the vendor's origin; quality: a second approval; owner: approval of "
                  "adopted files; waiver: signs waivers, and nothing else; provenance: signs "
                  "attestations of builds, and nothing else."),
    CRET_ROW_STRINGS("signers", CRET_REQUIRED, CRET_FORMAT_LINE,
                     "Names of signers of this scope. No signer has two roles.", .minimum = 1,
                     .maximum = SIGNERS),
    CRET_ROW_INTEGER("threshold", 0, 0, SIGNERS,
                     "How many of them must sign; 1 where absent. 0 is for the owner role only: "
                     "not asked of the vendor's releases."),
    CRET_ROW_TOKEN("usage", 0,
                   "The extended key usage that certificates must have, as a dotted object "
                   "identifier; codeSigning where absent."),
    CRET_ROW_STRINGS("meanings", 0, CRET_FORMAT_ENUM,
                     "The meanings of signatures that count, where fewer than the role takes: "
                     "release takes origin and none, quality, owner and waiver take approval.",
                     .values = meanings, .minimum = 1, .maximum = 3),
    CRET_ROW_OBJECTS("builders", 0, builder_fields,
                     "Of the role provenance: the builders that its signers may speak for; any "
                     "where absent.",
                     .minimum = 1, .maximum = SIGNERS),
    CRET_ROW_END,
};

static const struct cret_field floor_fields[] = {
    CRET_ROW_LINE("product", CRET_REQUIRED, "A product of the scope."),
    CRET_ROW_INTEGER("sequence", CRET_REQUIRED, 1, CRET_LIMIT_JSON_INTEGER,
                     "Releases with a lower sequence are refused."),
    CRET_ROW_END,
};

static const struct cret_field foreign_fields[] = {
    CRET_ROW_LINE("name", CRET_REQUIRED, "Who is pinned, unique among the pins of the scope."),
    CRET_ROW_ENUM("kind", CRET_REQUIRED, cret_pin_kinds, "The format of the signature."),
    CRET_ROW_OBJECT("anchor", 0, anchor_fields,
                    "The vendor's certificate or public key; or, with subject and issuer, the "
                    "authority at the end of its path."),
    CRET_ROW_LINE("subject", 0,
                  "With an anchor of the type ca: the subject of the vendor's certificate, as the "
                  "verifier prints it (RFC 2253)."),
    CRET_ROW_LINE("issuer", 0, "The same: its issuer."),
    CRET_ROW_BOOLEAN("own", 0,
                     "True: the authority issues for this vendor alone, and whoever it certified "
                     "counts. Never of a public authority."),
    CRET_ROW_TEXT("key", 0,
                  "In the place of an anchor: the key in the text form of its tool (minisign and "
                  "signify public key file, armored OpenPGP key)."),
    CRET_ROW_BOOLEAN("weakDigests", 0,
                     "True: signatures and hashes by MD5 and SHA-1 count, and are named."),
    CRET_ROW_BOOLEAN("legacy", 0, "True: older forms of the format count, and are named."),
    CRET_ROW_TIME("notAfter", 0, "The end of the trust in this pin."),
    CRET_ROW_OBJECT("added", 0, added_fields, "Who vouched for it."),
    CRET_ROW_END,
};

static const struct cret_field scope_fields[] = {
    CRET_ROW_LINE("vendor", CRET_REQUIRED, "The vendor, as the manifest names him."),
    CRET_ROW_STRINGS(
        "products", CRET_REQUIRED, CRET_FORMAT_LINE,
        "Products of this vendor, as the manifest names them, or the one entry \"*\" for all.",
        .minimum = 1, .maximum = PRODUCTS),
    CRET_ROW_OBJECTS("signers", 0, signer_fields,
                     "Who may sign releases; absent only where foreign is there.", .minimum = 1,
                     .maximum = SIGNERS),
    CRET_ROW_OBJECTS("roles", 0, role_fields, "What they may sign as, and how many of them must.",
                     .minimum = 1, .maximum = 5),
    CRET_ROW_OBJECTS("foreign", 0, foreign_fields,
                     "Whose signatures in other formats count for this vendor's files.",
                     .minimum = 1, .maximum = SIGNERS),
    CRET_ROW_OBJECTS("minimumSequence", 0, floor_fields, "The rollback floor, per product.",
                     .maximum = PRODUCTS),
    CRET_ROW_END,
};

static const struct cret_field crl_fields[] = {
    CRET_ROW_PEM("pem", CRET_REQUIRED, "X509 CRL blocks: complete lists of their issuers."),
    CRET_ROW_END,
};

static const struct cret_field authority_fields[] = {
    CRET_ROW_LINE("name", CRET_REQUIRED, "What the authority is called, unique among them."),
    CRET_ROW_PEM("pem", CRET_REQUIRED,
                 "One CERTIFICATE block: a CA that issues for timestamp authorities, or the "
                 "authority's own."),
    CRET_ROW_END,
};

static const struct cret_field policy_fields[] = {
    CRET_ROW_PURPOSE(CRET_REQUIRED, CRET_TRUST_PURPOSE),
    CRET_ROW_LINE("name", CRET_REQUIRED, "What the policy is called."),
    CRET_ROW_INTEGER("version", CRET_REQUIRED, 1, CRET_LIMIT_JSON_INTEGER,
                     "A whole number that only rises."),
    CRET_ROW_TIME("issued", CRET_REQUIRED, "When this version was issued."),
    CRET_ROW_TIME("reviewBy", 0,
                  "After this time every verdict warns that the policy is due for review."),
    CRET_ROW_TIME("expires", 0, "After this time the policy is not used any more."),
    CRET_ROW_ENUM("postQuantum", 0, cret_demand_words,
                  "require: a signer counts only with his classical and his post-quantum "
                  "signature; prefer: a missing one is a warning; off, where absent: not asked."),
    CRET_ROW_ENUM(
        "revocation", 0, cret_revocation_words,
        "require: a signature counts only where a fresh list of each issuer of its path is there; "
        "if-present, where absent: a missing or stale list is a warning; off: lists are not used."),
    CRET_ROW_OBJECTS("crls", 0, crl_fields, "Revocation lists; more can be given with --crl.",
                     .maximum = CRET_LIMIT_CRLS),
    CRET_ROW_INTEGER("crlMaxAgeDays", 0, 1, 36500,
                     "After so many days a revocation list is stale, even before its nextUpdate."),
    CRET_ROW_ENUM(
        "timestamp", 0, cret_demand_words,
        "require: a signature counts only with a timestamp by one of the authorities; prefer, "
        "where absent: a missing one is a warning; off: timestamps are not used."),
    CRET_ROW_OBJECTS("timestampAuthorities", 0, authority_fields,
                     "Who may say when a signature existed (RFC 3161).",
                     .maximum = CRET_LIMIT_AUTHORITIES),
    CRET_ROW_STRINGS("intermediates", 0, CRET_FORMAT_PEM,
                     "CERTIFICATE blocks of certification authorities between signers and anchors, "
                     "for signatures that do not embed them. They are not trusted by themselves.",
                     .maximum = CRET_LIMIT_INTERMEDIATES),
    CRET_ROW_STRINGS("algorithms", 0, CRET_FORMAT_TOKEN,
                     "The only signature algorithms that count, for example ecdsa-p256-sha256; all "
                     "of the profile where absent. rsa-2048 lets RSA keys of 2048 to 3071 bits "
                     "count too (signers, timestamp authorities, their CAs), with a warning in "
                     "every verdict, and restricts nothing.",
                     .minimum = 1, .maximum = CRET_LIMIT_ALGORITHMS),
    CRET_ROW_OBJECT("owners", 0, owners_fields,
                    "Who must sign the next version of this policy, so that stations take it "
                    "without a network."),
    CRET_ROW_OBJECTS("scopes", CRET_REQUIRED, scope_fields,
                     "Who may sign what. No product is in two scopes.", .minimum = 1,
                     .maximum = SCOPES),
    CRET_ROW_MAP("severities", 0, CRET_FORMAT_TOKEN, NULL,
                 "What the findings of a check lead to, by check id. Core checks have no severity.",
                 .values = severities),
    CRET_ROW_STRINGS(
        "waivable", 0, CRET_FORMAT_TOKEN,
        "Ids of checks whose findings signers of the role waiver may waive. Core checks never.",
        .maximum = CRET_CHECK_COUNT),
    CRET_ROW_END,
};

const struct cret_file_format cret_trust_format = {
    .purpose = CRET_TRUST_PURPOSE,
    .words = "trust policy",
    .file = "trust.json",
    .fields = policy_fields,
    .bytes = CRET_LIMIT_POLICY_BYTES,
    .fault = CRET_ERR_USAGE,
};

static const struct cret_role_kind role_kinds[] = {
    {.name = "release", .meanings = {[CRET_MEANING_NONE] = true, [CRET_MEANING_ORIGIN] = true}},
    {.name = "quality", .meanings = {[CRET_MEANING_APPROVAL] = true}},
    {.name = "owner", .meanings = {[CRET_MEANING_APPROVAL] = true}, .owner = true},
    {.name = "waiver", .meanings = {[CRET_MEANING_APPROVAL] = true}, .waiver = true},
    {.name = "provenance", .attests = true},
};

const struct cret_role_kind *cret_role_kind_find(const char *name)
{
    for (size_t i = 0; i < CRET_LENGTH(role_kinds); i++) {
        if (strcmp(role_kinds[i].name, name) == 0) {
            return &role_kinds[i];
        }
    }
    return NULL;
}
