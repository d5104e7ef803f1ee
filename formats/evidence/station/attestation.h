/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The attestation beside a record (docs/spec/tpm.md): the TPM's attestation key signed the journal
 * head (TPM2_NV_Certify) with the digest of the record as qualifying data. Together with the head
 * before and the journal's line it shows, without a TPM, that this station's journal holds this
 * record.
 */
#ifndef CRET_EVIDENCE_ATTESTATION_H
#define CRET_EVIDENCE_ATTESTATION_H

#include "evidence/station/station.h"

#define CRET_ATTESTATION_PURPOSE "attestation/1"
#define CRET_ATTEST_MAXIMUM 1024u /* TPMS_ATTEST of an index of 32 bytes is far below */

struct cret_attestation {
    uint8_t record[CRET_SHA256_BYTES];   /* SHA-256 of the record file */
    char *line;                          /* of journal.jsonl, without its line break; owned */
    uint8_t previous[CRET_SHA256_BYTES]; /* the head before the line */
    uint8_t head[CRET_SHA256_BYTES];     /* SHA-256(previous || SHA-256(line)) */
    uint8_t attest[CRET_ATTEST_MAXIMUM]; /* TPMS_ATTEST as signed */
    size_t attest_size;
    uint8_t signature[64]; /* ECDSA P-256: r, s */
};

extern const struct cret_file_format cret_attestation_format;

/* Strict; judges nothing. class REFUSED, tpm.attestation. Free with cret_attestation_clear. */
CRET_MUST_CHECK enum cret_status cret_attestation_parse(struct cret_attestation *ret_attestation,
                                                        const char *text, size_t size,
                                                        const char *origin, struct cret_err *err);
/* As JSON. New reference; NULL when memory is exhausted. */
json_t *cret_attestation_json(const struct cret_attestation *attestation);

/*
 * Verifies everything: it is for this record (its SHA-256), the head is the extension of the
 * previous one by the line, the line is about this record, and the attestation key of the station
 * signed that the journal index of the station has exactly this head, with the record's digest.
 * class REFUSED, tpm.attestation, with what differs; OpenSSL alone, no TPM.
 */
CRET_MUST_CHECK enum cret_status cret_attestation_verify(const struct cret_attestation *attestation,
                                                         const struct cret_station *station,
                                                         const uint8_t record[CRET_SHA256_BYTES],
                                                         struct cret_err *err);
void cret_attestation_clear(struct cret_attestation *attestation);

#endif
