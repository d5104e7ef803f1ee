/* SPDX-License-Identifier: Apache-2.0 */
/* The trust policy (trust.json, or what a bare --anchor stands for) and the judgement over a set of
 * signatures. */
#ifndef CRET_TRUST_POLICY_H
#define CRET_TRUST_POLICY_H

#include <jansson.h>

#include "base/finding/authentic.h"
#include "base/finding/finding.h"
#include "base/schema/file_format.h"
#include "base/text/optional.h"
#include "trust/cms/cms.h"
#include "trust/policy/pin.h"
#include "trust/x509/chain.h"
#include "trust/x509/crl.h"

/* How much a policy asks for something that releases may carry. */
enum cret_demand {
    CRET_DEMAND_OFF = 0, /* not asked */
    CRET_DEMAND_PREFER,  /* missing is WARN */
    CRET_DEMAND_REQUIRE  /* missing refuses */
};

struct cret_policy_signer {
    char *name;
    struct cret_anchor anchor;
    bool has_post_quantum;
    struct cret_anchor post_quantum; /* of his second key; adds nothing to a threshold */
    bool removed;                    /* by the site overlay: has no role, and counts for nothing */
};

/* A builder that signers of the role provenance may speak for. */
struct cret_policy_builder {
    char *id;
    unsigned level; /* SLSA build level that the policy grants it */
};

struct cret_policy_role {
    char *name;      /* "release", "quality", "owner", "waiver", "provenance" */
    size_t *signers; /* indices into the scope's signers */
    size_t signer_count;
    unsigned threshold;                   /* 0 only for owner: not asked of vendor releases */
    char *usage;                          /* EKU, dotted OID */
    bool meanings[CRET_MEANING_COUNT];    /* accepted */
    struct cret_policy_builder *builders; /* of provenance; none: any builder */
    size_t builder_count;
};

/* Roles that a policy may name. NULL-terminated, as the two below. */
extern const char *const cret_role_names[];
/* Whether who has this role signs attestations, and nothing else. */
CRET_MUST_CHECK bool cret_role_attests(const char *name);
/* Words of a cret_demand, the strictest first; of revocation lists they are others. */
extern const char *const cret_demand_words[];
extern const char *const cret_revocation_words[];

/* Whether a role counts over files of waivers (waivers), or else over releases. That of provenance
 * counts over neither. */
bool cret_role_counts(const struct cret_policy_role *role, bool waivers);

struct cret_policy_floor {
    char *product;
    int64_t sequence;
};

struct cret_policy_scope {
    char *vendor;    /* NULL: bare anchor */
    char **products; /* names, or the one "*" */
    size_t product_count;
    struct cret_policy_signer *signers;
    size_t signer_count;
    struct cret_policy_role *roles;
    size_t role_count;
    struct cret_policy_floor *floors;
    size_t floor_count;
    struct cret_foreign_pin *pins; /* whose signatures in other formats count */
    size_t pin_count;
};

/* Who may say when a signature existed (RFC 3161). */
struct cret_policy_authority {
    char *name;
    struct cret_anchor anchor; /* a CA, or the authority's own certificate */
};

struct cret_policy {
    char *name;
    int64_t version, issued;                 /* of the file; zero for a bare anchor, as is digest */
    struct cret_optional review_by, expires; /* seconds */
    uint8_t digest[CRET_SHA256_BYTES];
    bool bare_anchor;
    char *overlay_name; /* of the site overlay that tightened this policy; NULL: none */
    uint8_t overlay_digest[CRET_SHA256_BYTES];
    enum cret_demand post_quantum; /* signature of each counted signer */
    enum cret_demand revocation;   /* lists for each certificate of a path; PREFER: if present */
    struct cret_crl **crls;        /* of the policy, then of --crl */
    size_t crl_count;
    size_t own_crl_count; /* how many of them are the policy's own; the others were given by hand */
    bool as_of;           /* judged as of another time than the clock's (--at) */
    struct cret_optional crl_max_age; /* seconds; not given: nextUpdate alone decides */
    enum cret_demand timestamp;       /* of each signature that counts */
    struct cret_policy_authority *authorities;
    size_t authority_count;
    struct cret_certificate **intermediates; /* besides those that signatures embed */
    size_t intermediate_count;
    char **algorithms; /* the only ones whose signatures count; none: all of the profile */
    size_t algorithm_count;
    bool rsa_2048; /* RSA keys of 2048 to 3071 bits count too: signers, authorities, their CAs */
    /* Who may sign the next version: pinned, in one role; no signers: nobody. */
    struct cret_policy_scope owners;
    struct cret_policy_scope *scopes;
    size_t scope_count;
    enum cret_severity severities[CRET_CHECK_COUNT]; /* the row's, or the policy's */
    bool waivable[CRET_CHECK_COUNT];                 /* by a signed waiver */
};

#define CRET_TRUST_PURPOSE "trust/1"
extern const struct cret_file_format cret_trust_format;

/* The severities of the table of checks; nothing can be waived. */
void cret_policy_check_defaults(struct cret_policy *policy);
/* Adds a FAIL for each place of a policy's JSON that sets or waives a check and would have no
 * effect: no such check, or one that nothing softens. */
void cret_policy_checks_idle(const json_t *json, struct cret_findings *faults);

/* A policy that is being written: in form, and not expired, but that its scopes may be an empty
 * list. */
CRET_MUST_CHECK enum cret_status cret_policy_check_draft(const json_t *json, const char *origin,
                                                         int64_t now, struct cret_err *err);
/*
 * Parses trust.json ("cretula": "trust/1"). Structure by the field table, then: signer names unique
 * in a scope, roles name known signers, no key and no signer in two roles of a scope, thresholds
 * 1..signers (0 for owner; under postQuantum "require" signers with such an anchor), postQuantum
 * anchors of post-quantum keys, owners pinned, algorithms known, example keys refused without
 * allow_example_keys, no word on a check without an effect. Every fault is a finding
 * (manifest.form is not used: class USAGE, in err the first one with its JSON pointer). now >
 * expires: USAGE.
 */
CRET_MUST_CHECK enum cret_status cret_policy_parse(struct cret_policy **ret_policy,
                                                   const char *text, size_t size,
                                                   const char *origin, int64_t now,
                                                   bool allow_example_keys, struct cret_err *err);

/* --anchor: one certificate a file (a CA, or pinned where it is none), each an alternative; one
 * `release` signature from any of them. class USAGE for an empty or unreadable file; class REFUSED,
 * trust.example-key, for an example key without allow_example_keys (exit 1 by the design). */
CRET_MUST_CHECK enum cret_status cret_policy_from_anchors(struct cret_policy **ret_policy,
                                                          const char *const *paths, size_t count,
                                                          bool allow_example_keys,
                                                          struct cret_err *err);
/* What --foreign-key and --foreign-signer with --anchor name. */
struct cret_bare_pins {
    const char *const *keys; /* files: certificates, public keys, keys in a tool's own text form */
    size_t key_count;
    const char *signer; /* subject of the publisher, RFC 2253, below one of anchors; or NULL */
    const char *const *anchors;
    size_t anchor_count;
    bool weak_digests;
    bool allow_example_keys;
};
/* A policy by which nobody may sign a release, and only these are pinned. Errors as above. */
CRET_MUST_CHECK enum cret_status cret_policy_from_pins(struct cret_policy **ret_policy,
                                                       const struct cret_bare_pins *bare,
                                                       struct cret_err *err);
/* The one PUBLIC KEY block of a text as PEM of one form (the caller frees), with the digest of its
 * SubjectPublicKeyInfo; *ret_pem NULL: it begins with a block of another kind. class USAGE. */
CRET_MUST_CHECK enum cret_status cret_policy_read_bare_key(char **ret_pem,
                                                           uint8_t ret_digest[CRET_SHA256_BYTES],
                                                           const char *text, const char *origin,
                                                           struct cret_err *err);
/* What another policy asks of revocation, and all its lists, in the place of this one's defaults.
 */
CRET_MUST_CHECK enum cret_status cret_policy_share_crls(struct cret_policy *policy,
                                                        const struct cret_policy *from,
                                                        struct cret_err *err);
/* Adds the revocation lists of files (--crl: PEM or DER). class USAGE. */
CRET_MUST_CHECK enum cret_status cret_policy_add_crls(struct cret_policy *policy,
                                                      const char *const *paths, size_t count,
                                                      struct cret_err *err);
void cret_policy_free(struct cret_policy **policy);

/* What a seal over a signature proves (trust/seal): that it existed. */
struct cret_sealed {
    bool held; /* else nothing is proved */
    int64_t since, until;
    const char *authority, *last; /* who dated the first timestamp, and the last; borrowed */
    size_t stamps;
};

/* What became of one signature, for verdict, record and `show`. */
struct cret_signature_judgement {
    const struct cret_cms *cms;
    bool counted;            /* for some role of some scope */
    bool completes;          /* not counted: the verified post-quantum signature of `signer` */
    const char *scope;       /* vendor of that scope, borrowed; NULL: bare anchor or not counted */
    const char *role;        /* borrowed; NULL where neither counted nor completing */
    const char *signer;      /* name of the policy's signer; NULL where neither */
    struct cret_chain chain; /* where either */
    int64_t time;            /* signature time used: the timestamp's where trusted, else now */
    /* What a timestamp says that would be trusted, were it not for revocation lists: certificates
     * must be valid then too, or else a list could make a release acceptable. Not given: none such.
     */
    struct cret_optional doubted;
    const char *authority;     /* name of the trusted authority that proved it; NULL: nobody did */
    struct cret_sealed sealed; /* where nobody did: the seal that `time` is from */
    struct cret_err timestamp_why;     /* where nobody: why not; class REFUSED */
    struct cret_chain authority_chain; /* where proved: the path of the authority */
    bool authority_known;              /* where proved: fresh lists answered for the authority */
    bool revocation_known;             /* where either: fresh lists answered for the whole path */
    bool revocation_listed;            /* where not: there is a list, which does not answer */
    bool revocation_pinned; /* no issuer is asked for: the certificate or key itself is trusted */
    struct cret_err revocation_why; /* where not: what is missing */
    struct cret_err why_not;        /* where not counted: the most telling reason */
};

/* What the archive says of itself. Nothing of it is verified: it is asked only where a judgement
 * fails, to name first what whoever reads it came for. */
struct cret_claimed_product {
    /* False: not to be found out. The texts last as long as the context. */
    bool (*ask)(void *context, const char **ret_vendor, const char **ret_product);
    void *context;
};

/* What is judged, and by which rules. */
struct cret_judge_request {
    const struct cret_policy *policy;
    const struct cret_cms *const *signatures; /* verified (cret_cms_verify), or not checkable */
    size_t count;
    int64_t now; /* seconds */
    bool allow_example_keys;
    const struct cret_claimed_product *claimed; /* or NULL */
    const struct cret_sealed *sealed; /* of each signature, what dates it where no timestamp does;
                                         or NULL */
    /* Set by the functions below: */
    bool waivers;   /* the role waiver counts, and no other; else all others */
    bool as_of_now; /* timestamps prove nothing: whoever signed must be trusted now */
};

/*
 * Counts signatures for roles: a signature counts for one signer of a scope (pinned key before
 * pinned certificate before CA; what a pin matches never counts for a CA), signers count once,
 * meanings and EKU as the role asks. What a post-quantum anchor matches never counts: it completes
 * its signer, who under "require" counts only then. The signatures have been verified
 * (cret_cms_verify), but those that are not cret_cms_checkable; these count for nothing. Adds
 * findings for certificate.*, trust.example-key and trust.threshold: PASS where a scope is met,
 * else FAIL with what is missing and why each signature did not count: the scope that is nearest
 * first (most signers counted, then the product that request->claimed names), the others in one
 * line. A timestamp from after now refuses the whole set, whoever made it. *ret_scopes (count =
 * policy->scope_count; caller frees the array, the texts are the policy's) says what was met. Never
 * success for an empty set.
 */
CRET_MUST_CHECK enum cret_status cret_policy_judge(const struct cret_judge_request *request,
                                                   struct cret_signature_judgement *ret_judgements,
                                                   struct cret_authentic_scope **ret_scopes,
                                                   struct cret_findings *findings,
                                                   struct cret_err *err);

/* Whether the policy lets signatures by this algorithm (cret_cms_algorithm) count. */
bool cret_policy_allows_algorithm(const struct cret_policy *policy, const char *algorithm);

/*
 * The same for signatures over a file of waivers: only signers of the role waiver count, and
 * *ret_scopes says (in both of its flags) in which scopes that role has its threshold. Over a
 * release that role counts for nothing. All is judged as of now: a timestamp keeps nobody's
 * signature alive whose certificate has ended or was revoked since.
 */
CRET_MUST_CHECK enum cret_status cret_policy_judge_waivers(
    const struct cret_judge_request *request, struct cret_signature_judgement *ret_judgements,
    struct cret_authentic_scope **ret_scopes, struct cret_findings *findings, struct cret_err *err);

/* Whether a signature over a profile is one of an owner of some scope, as of now (as above). The
 * signature has been verified. class REFUSED with the reason where it is not. */
CRET_MUST_CHECK enum cret_status cret_policy_judge_profile(const struct cret_policy *policy,
                                                           const struct cret_cms *signature,
                                                           int64_t now, bool allow_example_keys,
                                                           struct cret_err *err);

/* Minimum release sequence of a product. */
struct cret_optional cret_policy_floor(const struct cret_policy *policy, const char *vendor,
                                       const char *product);

#endif
