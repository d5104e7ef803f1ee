/* SPDX-License-Identifier: Apache-2.0 */
/* trust.json as tables. */
#include <string.h>

#include "base/finding/limits.h"
#include "trust/policy/policy_parts.h"

#define REQUIRED CRET_FIELD_REQUIRED
#define END                                                                                        \
    {                                                                                              \
        NULL, CRET_KIND_STRING, 0, CRET_FORMAT_LINE, NULL, 0, 0, NULL, NULL                        \
    }

enum { SCOPES = 1000, SIGNERS = 100, PRODUCTS = 10000 };

static const char *const purposes[] = {"trust/1", NULL};
static const char *const anchor_types[] = {"ca", "certificate", "key", NULL};
static const char *const severities[] = {"fail", "warn", "ignore", NULL};
static const char *const meanings[] = {"none", "origin", "approval", NULL};
const char *const cret_role_names[] = {"release", "quality", "owner", "waiver", NULL};

static const struct cret_field anchor_fields[] = {
    {"type", CRET_KIND_STRING, REQUIRED, CRET_FORMAT_ENUM, anchor_types, 0, 0, NULL,
     "ca: any valid path below this CA certificate; certificate: exactly this one; key: exactly "
     "this public key, in whatever certificate."},
    {"pem", CRET_KIND_STRING, REQUIRED, CRET_FORMAT_PEM, NULL, 1, CRET_LIMIT_PEM_BYTES, NULL,
     "One CERTIFICATE block, or for a key one PUBLIC KEY or CERTIFICATE block."},
    END,
};

static const char *const revocation_demands[] = {"require", "if-present", "off", NULL};
static const char *const demands[] = {"require", "prefer", "off", NULL};

static const struct cret_field added_fields[] = {
    {"by", CRET_KIND_STRING, REQUIRED, CRET_FORMAT_LINE, NULL, 0, 0, NULL,
     "Who added this signer."},
    {"at", CRET_KIND_STRING, REQUIRED, CRET_FORMAT_DATE_TIME, NULL, 0, 0, NULL, "When."},
    {"how", CRET_KIND_STRING, REQUIRED, CRET_FORMAT_LINE, NULL, 0, 0, NULL,
     "How the certificate or key was obtained, and compared with what."},
    {"fingerprint", CRET_KIND_STRING, REQUIRED, CRET_FORMAT_SHA256, NULL, 0, 0, NULL,
     "SHA-256 of the certificate (of the SubjectPublicKeyInfo for a key), as it was compared; must "
     "be that of the anchor."},
    END,
};

static const struct cret_field signer_fields[] = {
    {"name", CRET_KIND_STRING, REQUIRED, CRET_FORMAT_LINE, NULL, 0, 0, NULL,
     "The person or system, unique in the scope; thresholds count these."},
    {"anchor", CRET_KIND_OBJECT, REQUIRED, CRET_FORMAT_LINE, NULL, 0, 0, anchor_fields,
     "How signatures of this signer are recognized."},
    {"postQuantum", CRET_KIND_OBJECT, 0, CRET_FORMAT_LINE, NULL, 0, 0, anchor_fields,
     "How this signer's second signature, with a post-quantum key, is recognized. It adds nothing "
     "to "
     "a threshold."},
    {"notAfter", CRET_KIND_STRING, 0, CRET_FORMAT_DATE_TIME, NULL, 0, 0, NULL,
     "The end of the trust in these anchors; a pinned certificate or key has no other one."},
    {"added", CRET_KIND_OBJECT, 0, CRET_FORMAT_LINE, NULL, 0, 0, added_fields,
     "Who vouched for this anchor."},
    END,
};

/* No certification authority: nobody judges validity where versions are walked through. */
static const char *const pin_types[] = {"certificate", "key", NULL};
static const struct cret_field pin_fields[] = {
    {"type", CRET_KIND_STRING, REQUIRED, CRET_FORMAT_ENUM, pin_types, 0, 0, NULL,
     "certificate: exactly this one; key: exactly this public key, in whatever certificate."},
    {"pem", CRET_KIND_STRING, REQUIRED, CRET_FORMAT_PEM, NULL, 1, CRET_LIMIT_PEM_BYTES, NULL,
     "One CERTIFICATE block, or for a key one PUBLIC KEY or CERTIFICATE block."},
    END,
};

static const struct cret_field owner_fields[] = {
    {"name", CRET_KIND_STRING, REQUIRED, CRET_FORMAT_LINE, NULL, 0, 0, NULL,
     "The person or system, unique among the owners; the threshold counts these."},
    {"anchor", CRET_KIND_OBJECT, REQUIRED, CRET_FORMAT_LINE, NULL, 0, 0, pin_fields,
     "How signatures of this owner are recognized."},
    {"added", CRET_KIND_OBJECT, 0, CRET_FORMAT_LINE, NULL, 0, 0, added_fields,
     "Who vouched for this anchor."},
    END,
};

static const struct cret_field owners_fields[] = {
    {"signers", CRET_KIND_OBJECTS, REQUIRED, CRET_FORMAT_LINE, NULL, 1, CRET_LIMIT_OWNERS,
     owner_fields, "Who owns the policy."},
    {"threshold", CRET_KIND_INTEGER, REQUIRED, CRET_FORMAT_LINE, NULL, 1, CRET_LIMIT_OWNERS, NULL,
     "How many of them must sign this version, and the next one."},
    END,
};

static const struct cret_field role_fields[] = {
    {"role", CRET_KIND_STRING, REQUIRED, CRET_FORMAT_ENUM, cret_role_names, 0, 0, NULL,
     "release: the vendor's origin; quality: a second approval; owner: approval of adopted files; "
     "waiver: signs waivers, and nothing else."},
    {"signers", CRET_KIND_STRINGS, REQUIRED, CRET_FORMAT_LINE, NULL, 1, SIGNERS, NULL,
     "Names of signers of this scope. No signer has two roles."},
    {"threshold", CRET_KIND_INTEGER, 0, CRET_FORMAT_LINE, NULL, 0, SIGNERS, NULL,
     "How many of them must sign; 1 where absent. 0 is for the owner role only: not asked of the "
     "vendor's releases."},
    {"usage", CRET_KIND_STRING, 0, CRET_FORMAT_TOKEN, NULL, 0, 0, NULL,
     "The extended key usage that certificates must have, as a dotted object identifier; "
     "codeSigning where absent."},
    {"meanings", CRET_KIND_STRINGS, 0, CRET_FORMAT_ENUM, meanings, 1, 3, NULL,
     "The meanings of signatures that count, where fewer than the role takes: release takes origin "
     "and none, quality, owner and waiver take approval."},
    END,
};

static const struct cret_field floor_fields[] = {
    {"product", CRET_KIND_STRING, REQUIRED, CRET_FORMAT_LINE, NULL, 0, 0, NULL,
     "A product of the scope."},
    {"sequence", CRET_KIND_INTEGER, REQUIRED, CRET_FORMAT_LINE, NULL, 1, 0, NULL,
     "Releases with a lower sequence are refused."},
    END,
};

static const struct cret_field scope_fields[] = {
    {"vendor", CRET_KIND_STRING, REQUIRED, CRET_FORMAT_LINE, NULL, 0, 0, NULL,
     "The vendor, as the manifest names him."},
    {"products", CRET_KIND_STRINGS, REQUIRED, CRET_FORMAT_LINE, NULL, 1, PRODUCTS, NULL,
     "Products of this vendor, as the manifest names them, or the one entry \"*\" for all."},
    {"signers", CRET_KIND_OBJECTS, REQUIRED, CRET_FORMAT_LINE, NULL, 1, SIGNERS, signer_fields,
     "Who may sign."},
    {"roles", CRET_KIND_OBJECTS, REQUIRED, CRET_FORMAT_LINE, NULL, 1, 4, role_fields,
     "What they may sign as, and how many of them must."},
    {"minimumSequence", CRET_KIND_OBJECTS, 0, CRET_FORMAT_LINE, NULL, 0, PRODUCTS, floor_fields,
     "The rollback floor, per product."},
    END,
};

static const struct cret_field crl_fields[] = {
    {"pem", CRET_KIND_STRING, REQUIRED, CRET_FORMAT_PEM, NULL, 1, CRET_LIMIT_PEM_BYTES, NULL,
     "X509 CRL blocks: complete lists of their issuers."},
    END,
};

static const struct cret_field authority_fields[] = {
    {"name", CRET_KIND_STRING, REQUIRED, CRET_FORMAT_LINE, NULL, 0, 0, NULL,
     "What the authority is called, unique among them."},
    {"pem", CRET_KIND_STRING, REQUIRED, CRET_FORMAT_PEM, NULL, 1, CRET_LIMIT_PEM_BYTES, NULL,
     "One CERTIFICATE block: a CA that issues for timestamp authorities, or the authority's own."},
    END,
};

const struct cret_field cret_policy_fields[] = {
    {"cretula", CRET_KIND_STRING, REQUIRED, CRET_FORMAT_ENUM, purposes, 0, 0, NULL,
     "The purpose of this file."},
    {"name", CRET_KIND_STRING, REQUIRED, CRET_FORMAT_LINE, NULL, 0, 0, NULL,
     "What the policy is called."},
    {"version", CRET_KIND_INTEGER, REQUIRED, CRET_FORMAT_LINE, NULL, 1, 0, NULL,
     "A whole number that only rises."},
    {"issued", CRET_KIND_STRING, REQUIRED, CRET_FORMAT_DATE_TIME, NULL, 0, 0, NULL,
     "When this version was issued."},
    {"reviewBy", CRET_KIND_STRING, 0, CRET_FORMAT_DATE_TIME, NULL, 0, 0, NULL,
     "After this time every verdict warns that the policy is due for review."},
    {"expires", CRET_KIND_STRING, 0, CRET_FORMAT_DATE_TIME, NULL, 0, 0, NULL,
     "After this time the policy is not used any more."},
    {"postQuantum", CRET_KIND_STRING, 0, CRET_FORMAT_ENUM, demands, 0, 0, NULL,
     "require: a signer counts only with his classical and his post-quantum signature; prefer: a "
     "missing one is a warning; off, where absent: not asked."},
    {"revocation", CRET_KIND_STRING, 0, CRET_FORMAT_ENUM, revocation_demands, 0, 0, NULL,
     "require: a signature counts only where a fresh list of each issuer of its path is there; "
     "if-present, where absent: a missing or stale list is a warning; off: lists are not used."},
    {"crls", CRET_KIND_OBJECTS, 0, CRET_FORMAT_LINE, NULL, 0, CRET_LIMIT_CRLS, crl_fields,
     "Revocation lists; more can be given with --crl."},
    {"crlMaxAgeDays", CRET_KIND_INTEGER, 0, CRET_FORMAT_LINE, NULL, 1, 36500, NULL,
     "After so many days a revocation list is stale, even before its nextUpdate."},
    {"timestamp", CRET_KIND_STRING, 0, CRET_FORMAT_ENUM, demands, 0, 0, NULL,
     "require: a signature counts only with a timestamp by one of the authorities; prefer, where "
     "absent: a missing one is a warning; off: timestamps are not used."},
    {"timestampAuthorities", CRET_KIND_OBJECTS, 0, CRET_FORMAT_LINE, NULL, 0,
     CRET_LIMIT_AUTHORITIES, authority_fields, "Who may say when a signature existed (RFC 3161)."},
    {"intermediates", CRET_KIND_STRINGS, 0, CRET_FORMAT_PEM, NULL, 0, CRET_LIMIT_INTERMEDIATES,
     NULL,
     "CERTIFICATE blocks of certification authorities between signers and anchors, for signatures "
     "that do not embed them. They are not trusted by themselves."},
    {"algorithms", CRET_KIND_STRINGS, 0, CRET_FORMAT_TOKEN, NULL, 1, CRET_LIMIT_ALGORITHMS, NULL,
     "The only signature algorithms that count, for example ecdsa-p256-sha256; all of the profile "
     "where absent. rsa-2048 lets RSA keys of 2048 to 3071 bits count too (signers, timestamp "
     "authorities, their CAs), with a warning in every verdict, and restricts nothing."},
    {"owners", CRET_KIND_OBJECT, 0, CRET_FORMAT_LINE, NULL, 0, 0, owners_fields,
     "Who must sign the next version of this policy, so that stations take it without a network."},
    {"scopes", CRET_KIND_OBJECTS, REQUIRED, CRET_FORMAT_LINE, NULL, 1, SCOPES, scope_fields,
     "Who may sign what. No product is in two scopes."},
    {"severities", CRET_KIND_MAP, 0, CRET_FORMAT_TOKEN, severities, 0, 0, NULL,
     "What the findings of a check lead to, by check id. Core checks have no severity."},
    {"waivable", CRET_KIND_STRINGS, 0, CRET_FORMAT_TOKEN, NULL, 0, CRET_CHECK_COUNT, NULL,
     "Ids of checks whose findings signers of the role waiver may waive. Core checks never."},
    END,
};

static const struct cret_role_kind role_kinds[] = {
    {"release", {[CRET_MEANING_NONE] = true, [CRET_MEANING_ORIGIN] = true}, false, false},
    {"quality", {[CRET_MEANING_APPROVAL] = true}, false, false},
    {"owner", {[CRET_MEANING_APPROVAL] = true}, true, false},
    {"waiver", {[CRET_MEANING_APPROVAL] = true}, false, true},
};

const struct cret_role_kind *cret_role_kind_find(const char *name)
{
    for (size_t i = 0; i < sizeof(role_kinds) / sizeof(role_kinds[0]); i++) {
        if (strcmp(role_kinds[i].name, name) == 0) {
            return &role_kinds[i];
        }
    }
    return NULL;
}
