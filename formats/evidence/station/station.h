/* SPDX-License-Identifier: Apache-2.0 */
/*
 * station.json (docs/spec/tpm.md): what provisioning found and made in a station's TPM. Change
 * control keeps a copy; with it a TPM is recognized, and attestations are verified without one.
 */
#ifndef CRET_EVIDENCE_STATION_H
#define CRET_EVIDENCE_STATION_H

#include "base/schema/file_format.h"
#include "trust/tpm/tpm_policy.h"

#define CRET_STATION_PURPOSE "station/1"

struct cret_station {
    char *name;      /* of the machine when it was provisioned, or NULL; for people only */
    int64_t created; /* seconds */
    uint32_t storage_handle;
    uint8_t storage_name[CRET_TPM_NAME_BYTES];
    uint32_t attestation_handle;
    struct cret_tpm_key *attestation; /* owned */
    uint32_t anchor_index;
    uint8_t anchor_name[CRET_TPM_NAME_BYTES]; /* once written */
    uint32_t journal_index;
    uint8_t journal_name[CRET_TPM_NAME_BYTES]; /* once written */
    uint8_t genesis[CRET_SHA256_BYTES];        /* the journal head before the first line */
    struct cret_tpm_key *owner;                /* the trust owner's key; owned */
    uint8_t digest[CRET_SHA256_BYTES];         /* of the file; zero before it was read */
};

extern const struct cret_file_format cret_station_format;

/* Computes the Names of both indices from their handles and the owner's key. */
CRET_MUST_CHECK enum cret_status cret_station_compute(struct cret_station *station,
                                                      struct cret_err *err);

/*
 * Parses strictly; the Names of the attestation key and of both indices must be those that follow
 * from the rest of the file. class USAGE; origin names the file. Free with cret_station_clear.
 */
CRET_MUST_CHECK enum cret_status cret_station_parse(struct cret_station *ret_station,
                                                    const char *text, size_t size,
                                                    const char *origin, struct cret_err *err);
/* As JSON text; caller frees. */
CRET_MUST_CHECK enum cret_status cret_station_print(char **ret_text, size_t *ret_size,
                                                    const struct cret_station *station,
                                                    struct cret_err *err);
void cret_station_clear(struct cret_station *station);

#endif
