/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A record as an in-toto Statement v1 with a SLSA Verification Summary Attestation v1 as predicate,
 * and the DSSE v1 envelope around it.
 */
#ifndef CRET_EVIDENCE_EXPORT_VSA_H
#define CRET_EVIDENCE_EXPORT_VSA_H

#include "evidence/record/record_read.h"

#define CRET_DSSE_PAYLOAD_TYPE "application/vnd.in-toto+json"

/* Who says so, as the receiving policy engine knows them. */
struct cret_vsa_names {
    const char *verifier_id; /* URI; NULL: urn:cretula:verify */
    const char
        *resource_uri; /* URI; NULL: the product's purl, else urn:cretula:release:sha256:... */
};

/*
 * PASSED for an accepted release: subjects are every file whose SHA-256 was verified in that run,
 * MANIFEST.json, and the archive where its digest is known. FAILED for a refused one: MANIFEST.json
 * where it was authenticated, and the archive. class USAGE for a record that gives no VSA: as of
 * another time (--at), UNDECIDED, PARTIAL, with example keys unless allowed, or one that names
 * nothing by digest. New reference in *ret_statement.
 */
CRET_MUST_CHECK enum cret_status cret_vsa_statement(json_t **ret_statement,
                                                    const struct cret_record_copy *record,
                                                    const struct cret_vsa_names *names,
                                                    bool allow_example_keys, struct cret_err *err);

/* PAE of DSSE v1: "DSSEv1 " LEN(type) " " type " " LEN(payload) " " payload. Caller frees. */
CRET_MUST_CHECK enum cret_status cret_dsse_encode(char **ret_message, size_t *ret_size,
                                                  const char *payload, size_t size,
                                                  struct cret_err *err);
/* The envelope with one signature; keyid is the SHA-256 of the key's SubjectPublicKeyInfo, hex. */
CRET_MUST_CHECK enum cret_status cret_dsse_envelope(json_t **ret_envelope, const char *payload,
                                                    size_t size, const uint8_t *signature,
                                                    size_t signature_size,
                                                    const uint8_t key_digest[CRET_SHA256_BYTES],
                                                    struct cret_err *err);

/* Whether an envelope, read by our own reader, holds exactly this statement. class UNDECIDED. */
CRET_MUST_CHECK enum cret_status cret_dsse_read_back(const json_t *envelope,
                                                     const json_t *statement, struct cret_err *err);

#endif
