/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Attestations of a build: an in-toto Statement in a DSSE envelope (docs/spec/provenance.md), its
 * SLSA provenance v1 predicate, and what it says of the files of a release. Nothing here knows a
 * key: who signed is for whoever holds a trust policy.
 */
#ifndef CRET_RELEASE_PROVENANCE_H
#define CRET_RELEASE_PROVENANCE_H

#include "base/finding/limits.h"
#include "release/manifest/manifest.h"

#define CRET_SLSA_PROVENANCE "https://slsa.dev/provenance/v1"

/* One signature of an envelope. */
struct cret_provenance_signature {
    uint8_t *value;
    size_t size;
    const char *keyid; /* a hint of whoever wrote it, which proves nothing; or NULL */
};

struct cret_provenance {
    json_t *envelope, *statement;
    char *message; /* what the signatures are over (DSSE, pre-authentication encoding) */
    size_t message_size;
    struct cret_provenance_signature signatures[CRET_LIMIT_ATTESTATION_SIGNATURES];
    size_t signature_count; /* 0: unsigned */
    const char *predicate_type;
    const char *builder, *build_type; /* of SLSA provenance v1; else NULL */
};

/*
 * Reads the text of one attestation: a DSSE envelope (alone, or as `dsseEnvelope` of a Sigstore
 * bundle), or a bare Statement, which is then unsigned. Strict JSON; base64 in its one form, of
 * either alphabet; payloadType application/vnd.in-toto+json; Statement v1 or v0.1 with at least one
 * subject, each with a digest, no two of one name; of SLSA provenance v1 the builder's id and the
 * build's type. class REFUSED with provenance.form; UNDECIDED for memory.
 */
CRET_MUST_CHECK enum cret_status cret_provenance_read(struct cret_provenance **ret_provenance,
                                                      const char *text, size_t size,
                                                      struct cret_err *err);
void cret_provenance_free(struct cret_provenance **provenance);

bool cret_provenance_is_slsa(const struct cret_provenance *provenance);

/* How many attestations the manifest lists; the index of the file of one in manifest->entries,
 * file_count where there is none. */
size_t cret_provenance_listed(const struct cret_manifest *manifest);
size_t cret_provenance_file(const struct cret_manifest *manifest, size_t index);
/* Whether that file is kept for reading: there, and within the limits of number and size. */
bool cret_provenance_wanted(const struct cret_manifest *manifest, size_t index);

/*
 * Holds subjects to files by SHA-256: provenance.subject, a FAIL where none of them is a file of
 * the release, or where one bears the name of a file and not its digest; NOT_CHECKED where none has
 * a SHA-256. named[i] is set for each file that a subject is (one flag an entry).
 * Returns how many subjects are files. where: the attestation, for the findings.
 */
CRET_MUST_CHECK enum cret_status
cret_provenance_match(const struct cret_provenance *provenance,
                      const struct cret_manifest *manifest, const char *where, bool *named,
                      size_t *ret_matched, struct cret_findings *findings, struct cret_err *err);

/* provenance.coverage: a FAIL where a file of the role firmware or software is not named. */
void cret_provenance_cover(const struct cret_manifest *manifest, const bool *named,
                           struct cret_findings *findings);

#endif
