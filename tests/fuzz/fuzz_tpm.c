/* SPDX-License-Identifier: Apache-2.0 */
/* The files that come of a TPM: orders, station files, attestations, and the bytes that a TPM
 * signed. */
#include <string.h>

#include "evidence/station/attestation.h"
#include "trust/tpm/order.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever parses is used: verified against a station of the same input where there is one. */
static void try_attestation(const char *text, size_t size, const struct cret_station *station)
{
    struct cret_attestation attestation;
    if (cret_attestation_parse(&attestation, text, size, "fuzz", NULL) != CRET_OK) {
        return;
    }
    if (station != NULL &&
        cret_attestation_verify(&attestation, station, attestation.record, NULL) == CRET_OK) {
        __builtin_trap(); /* nobody makes a signature by chance */
    }
    json_decref(cret_attestation_json(&attestation));
    cret_attestation_clear(&attestation);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cret_order order;
    struct cret_station station;
    const char *text = (const char *)data;
    bool valid = false;
    if (cret_order_parse(&order, text, size, "fuzz", NULL) == CRET_OK) {
        (void)!cret_order_verify(&order, &valid, NULL);
        cret_order_clear(&order);
    }
    /* A station file, a zero byte, an attestation. */
    const uint8_t *zero = size > 0 ? memchr(data, 0, size) : NULL;
    if (zero == NULL) {
        try_attestation(text, size, NULL);
        zero = data + size;
    }
    const size_t first = (size_t)(zero - data);
    if (cret_station_parse(&station, text, first, "fuzz", NULL) == CRET_OK) {
        if (first < size) {
            try_attestation(text + first + 1, size - first - 1, &station);
        }
        cret_station_clear(&station);
    }
    return 0;
}
