/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of checks: one row per stable check id, with its kind, its default severity, what may
 * soften it, and the texts that `explain` prints. Severities, waivers, `trust lint`, the verdict
 * and docs/spec/checks.md read this row, and nothing else says the same.
 */
#ifndef CRET_BASE_CHECK_H
#define CRET_BASE_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/finding/attributes.h"

/* Order = order of reports. The stable name of each is in its row (check_*.c); names never change
 * and are never reused, numbers may. */
enum cret_check_id {
    CRET_CHECK_NONE = 0,
    /* core: no severity, no waiver */
    CRET_CHECK_ARCHIVE_FRAMING,        /* archive.framing: headers, order, padding, end */
    CRET_CHECK_ARCHIVE_LIMITS,         /* archive.limits: sizes and counts within the caps */
    CRET_CHECK_MANIFEST_FORM,          /* manifest.form: strict JSON, known fields, values */
    CRET_CHECK_FILE_PATHS,             /* file.paths: the rules for names */
    CRET_CHECK_FILE_DIGESTS,           /* file.digests: size, sha256, fsverity of every file */
    CRET_CHECK_FILE_CHECKSUMS,         /* file.checksums: SHA256SUMS is what the manifest says */
    CRET_CHECK_SIGNATURE_FORM,         /* signature.form: the CMS profile */
    CRET_CHECK_SIGNATURE_ALGORITHM,    /* signature.algorithm: key, digest, curve, size */
    CRET_CHECK_SIGNATURE_VALUE,        /* signature.value: the cryptographic verification */
    CRET_CHECK_CERTIFICATE_PATH,       /* certificate.path: leads to a trusted anchor */
    CRET_CHECK_CERTIFICATE_VALIDITY,   /* certificate.validity: valid at the signature time */
    CRET_CHECK_CERTIFICATE_USAGE,      /* certificate.usage: key usage, EKU, basic constraints */
    CRET_CHECK_CERTIFICATE_ALGORITHM,  /* certificate.algorithm: weak keys, digests, curves */
    CRET_CHECK_CERTIFICATE_REVOCATION, /* certificate.revocation */
    CRET_CHECK_SIGNATURE_TIMESTAMP,    /* signature.timestamp: RFC 3161 token */
    CRET_CHECK_SIGNATURE_POST_QUANTUM, /* signature.post-quantum */
    CRET_CHECK_TRUST_EXAMPLE_KEY,      /* trust.example-key: published test keys */
    CRET_CHECK_TRUST_THRESHOLD,        /* trust.threshold: roles and their signers */
    CRET_CHECK_TRUST_SCOPE,            /* trust.scope: vendor and product */
    /* policy level */
    CRET_CHECK_POLICY_REVIEW,     /* policy.review: reviewBy of the policy */
    CRET_CHECK_RELEASE_IDENTITY,  /* release.identity: --expect-identity */
    CRET_CHECK_RELEASE_PRODUCT,   /* release.product: --product */
    CRET_CHECK_RELEASE_HARDWARE,  /* release.hardware: --hardware */
    CRET_CHECK_RELEASE_SEQUENCE,  /* release.sequence: not below the floor */
    CRET_CHECK_RELEASE_BACKOUT,   /* release.backout: older than what the asset runs */
    CRET_CHECK_RELEASE_UPGRADE,   /* release.upgrade: supersedes, minUpgradeFrom */
    CRET_CHECK_RELEASE_ADOPTION,  /* release.adoption: what an owner compared it with */
    CRET_CHECK_FILE_INTENDED,     /* file.intended: no keys, no leavings of editors (signer) */
    CRET_CHECK_RELEASE_VALUES,    /* release.values: no placeholder where a value should be */
    CRET_CHECK_LIFECYCLE_SUPPORT, /* lifecycle.support: security support has not ended */
    CRET_CHECK_LIFECYCLE_DATES,   /* lifecycle.dates: in order */
    CRET_CHECK_DOCUMENT_APPLIES,  /* document.applies: to this release and hardware */
    CRET_CHECK_DOCUMENT_REVIEW,   /* document.review: not past its review date */
    CRET_CHECK_DOCUMENT_IDENTITY, /* document.identity: id and version always the same bytes */
    CRET_CHECK_DOCUMENT_ALSO,     /* document.also: --also, a document that was given later */
    CRET_CHECK_TOPICS_ANSWERED,   /* topics.answered: what the profile requires */
    CRET_CHECK_CLAIMS_HYGIENE,    /* claims.hygiene: no claim without its certificate */
    CRET_CHECK_SBOM_FORM,         /* sbom.form: structure of the SBOM */
    CRET_CHECK_SBOM_BINDING,      /* sbom.binding: SBOM describes these bytes */
    CRET_CHECK_SBOM_NESTED,       /* sbom.nested: archives inside the payload were read */
    CRET_CHECK_SBOM_UNREAD,       /* sbom.unread: no SBOM that nothing looks into */
    CRET_CHECK_SBOM_NTIA,         /* sbom.ntia: NTIA minimum elements 2021 */
    CRET_CHECK_SBOM_BSI,          /* sbom.bsi: BSI TR-03183-2 v2.1.0 */
    CRET_CHECK_VEX_MATCH,         /* vex.match: VEX files speak of this release */
    CRET_CHECK_ADVISORY_DIGEST,   /* advisory.digest: listed advisories have their digest */
    CRET_CHECK_ADVISORY_MATCH,    /* advisory.match: advisories speak of this product */
    /* waivers (docs/spec/waivers.md): why one that was given is not honoured; never waived */
    CRET_CHECK_WAIVER_FORM,      /* waiver.form: content of the file */
    CRET_CHECK_WAIVER_SIGNATURE, /* waiver.signature: by the role waiver of this product's scope */
    CRET_CHECK_WAIVER_APPLIES,   /* waiver.applies: this release, this asset */
    CRET_CHECK_WAIVER_PERIOD,    /* waiver.period: begun and not ended */
    CRET_CHECK_WAIVER_ALLOWED,   /* waiver.allowed: the policy lets this check be waived */
    /* TPM (docs/spec/tpm.md); no policy softens them */
    CRET_CHECK_TPM_ANCHOR,      /* tpm.anchor: trust.json is the one that the TPM holds */
    CRET_CHECK_TPM_JOURNAL,     /* tpm.journal: the journal ends where the TPM says */
    CRET_CHECK_TPM_SIGNATURE,   /* tpm.signature: the TPM verifies what OpenSSL verified */
    CRET_CHECK_TPM_ATTESTATION, /* tpm.attestation: a record's attestation is genuine */
    CRET_CHECK_EVIDENCE_SYSLOG, /* evidence.syslog: the system log takes the line of --syslog */
    /* evidence: findings of the verbs journal, record and trust update, never of an archive */
    CRET_CHECK_JOURNAL_CHAIN,    /* journal.chain: no line edited, deleted, moved, inserted */
    CRET_CHECK_JOURNAL_RECORDS,  /* journal.records: every record file as its line says */
    CRET_CHECK_RECORD_FORM,      /* record.form: the record is one, and consistent */
    CRET_CHECK_RECORD_SIGNATURE, /* record.signature: signed by a trusted key */
    CRET_CHECK_TRUST_ROTATION,   /* trust.rotation: the next version of the policy follows */
    CRET_CHECK_COUNT
};

/* What happens where a check finds something. Ordered: a higher one is stricter. */
enum cret_severity { CRET_SEVERITY_IGNORE = 0, CRET_SEVERITY_WARN = 1, CRET_SEVERITY_FAIL = 2 };

/* Whose question a check answers; docs/spec/checks.md says it of each. */
enum cret_check_kind {
    CRET_CHECK_KIND_CORE = 0, /* what every verdict rests on */
    CRET_CHECK_KIND_RELEASE,  /* what a release says of itself */
    CRET_CHECK_KIND_JOURNAL,  /* what the journal knows, asked after the archive was read */
    CRET_CHECK_KIND_OPERATOR, /* what the operator asks for in this run */
    CRET_CHECK_KIND_SIGNER,   /* what only whoever signs is told */
    CRET_CHECK_KIND_WAIVER,   /* why a waiver is not honoured */
    CRET_CHECK_KIND_TPM,      /* what a TPM answers */
    CRET_CHECK_KIND_STATION,  /* what a station holds: log, journals, records, its trust policy */
    CRET_CHECK_KIND_COUNT
};

/* Who may set a severity; ordered: whoever stands higher may too. A profile only raises it. */
enum cret_set_by { CRET_SET_BY_NOBODY = 0, CRET_SET_BY_PROFILE = 1, CRET_SET_BY_POLICY = 2 };

/* A file that sets or waives what its row does not let it is refused. So what a row once let, it
 * lets for ever: files that were signed would be refused, else. */
struct cret_check {
    enum cret_check_id id;
    const char *name; /* the stable id, e.g. "archive.framing" */
    enum cret_check_kind kind;
    bool asked;                  /* core: answered, and required, only where a policy asks for it */
    enum cret_severity severity; /* by default */
    enum cret_set_by set_by;
    bool waivable;       /* a policy may list it in `waivable`, and a waiver cover its FAILs then */
    const char *title;   /* at most 60 characters, for tables */
    const char *meaning; /* explain: what the check means */
    const char *causes;  /* explain: why it may fail */
    const char *ask;     /* explain: whom to ask and what to send */
    /* The last line of a finding, in a few words, for its reader: where checks on the content serve
     * both programs, whoever signs can mend what an asset owner can only ask about. NULL: the
     * finding says it itself. */
    const char *owner;  /* in the place of the finding's hint, where an asset owner reads */
    const char *signer; /* where whoever signs reads, and the finding has no hint */
};

/* Who reads a finding. */
enum cret_reader { CRET_READER_OWNER, CRET_READER_SIGNER };

/* The row of an id; never NULL: an id out of range gives the row of CRET_CHECK_NONE. */
const struct cret_check *cret_check_get(enum cret_check_id id);

/* What a finding of this check tells that reader to do; hint: of the finding itself, or NULL. May
 * be NULL. Borrowed. */
const char *cret_check_hint(enum cret_check_id id, enum cret_reader reader, const char *hint);

/* The row of a stable name, or NULL. */
const struct cret_check *cret_check_find(const char *name);

struct cret_err;
/* The row of a name in a file that sets its severity (setter: the kind of file), or lets it be
 * waived. class USAGE: there is no such check, or nothing would follow, with the reason. */
CRET_MUST_CHECK enum cret_status cret_check_to_set(const struct cret_check **ret_check,
                                                   const char *name, enum cret_set_by setter,
                                                   struct cret_err *err);
CRET_MUST_CHECK enum cret_status cret_check_to_waive(const struct cret_check **ret_check,
                                                     const char *name, struct cret_err *err);

/* "core", "release", ... and why a check of that kind is not softened, as the end of a sentence. */
const char *cret_check_kind_name(enum cret_check_kind kind);
const char *cret_check_kind_reason(enum cret_check_kind kind);

const char *cret_severity_name(enum cret_severity severity);

#endif
