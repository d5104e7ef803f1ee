/* SPDX-License-Identifier: Apache-2.0 */
/* The files that come of a TPM: orders, station files, attestations. What is read is written alike,
 * and no attestation verifies that nobody signed. */
#include <stdlib.h>
#include <string.h>

#include "../fuzz.h"
#include "evidence/station/attestation.h"
#include "trust/tpm/order.h"

/* What was read, written, and read again, says the same. */
static void hold_station(const struct cret_station *station)
{
    struct cret_station again;
    char *text = NULL, *second = NULL;
    size_t size = 0, second_size = 0;
    FUZZ_HOLD(station->attestation != NULL && station->owner != NULL);
    FUZZ_HOLD(cret_station_print(&text, &size, station, NULL) == CRET_OK);
    FUZZ_HOLD(cret_station_parse(&again, text, size, "again", NULL) == CRET_OK);
    FUZZ_HOLD(cret_station_print(&second, &second_size, &again, NULL) == CRET_OK);
    FUZZ_HOLD(size == second_size && memcmp(text, second, size) == 0);
    cret_station_clear(&again);
    free(text);
    free(second);
}

/* Verified against a station of the same input where there is one. */
static void try_attestation(const char *text, size_t size, const struct cret_station *station)
{
    struct cret_attestation attestation;
    struct cret_err err;
    cret_err_clear(&err);
    if (cret_attestation_parse(&attestation, text, size, "fuzz", &err) != CRET_OK) {
        fuzz_hold_failure(&err, 1u << CRET_ERR_REFUSED);
        return;
    }
    /* Nobody makes a signature by chance. */
    FUZZ_HOLD(station == NULL ||
              cret_attestation_verify(&attestation, station, attestation.record, NULL) != CRET_OK);
    json_t *json = cret_attestation_json(&attestation);
    FUZZ_HOLD(json != NULL);
    json_decref(json);
    cret_attestation_clear(&attestation);
}

static void try_order(const char *text, size_t size)
{
    struct cret_order order, again;
    struct cret_err err;
    bool valid = false;
    char *printed = NULL;
    size_t printed_size = 0;
    cret_err_clear(&err);
    if (cret_order_parse(&order, text, size, "fuzz", &err) != CRET_OK) {
        fuzz_hold_failure(&err, 1u << CRET_ERR_USAGE);
        return;
    }
    FUZZ_HOLD(cret_order_verify(&order, &valid, NULL) == CRET_OK);
    FUZZ_HOLD(cret_order_print(&printed, &printed_size, &order, NULL) == CRET_OK);
    FUZZ_HOLD(cret_order_parse(&again, printed, printed_size, "again", NULL) == CRET_OK);
    FUZZ_HOLD(again.version == order.version && again.signature_size == order.signature_size);
    cret_order_clear(&again);
    free(printed);
    cret_order_clear(&order);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cret_station station;
    struct fuzz_part parts[2];
    struct cret_err err;
    try_order((const char *)data, size);
    /* A station file, a zero byte, an attestation. */
    fuzz_split(parts, 2, data, size);
    cret_err_clear(&err);
    try_attestation((const char *)parts[0].data, parts[0].size, NULL);
    if (cret_station_parse(&station, (const char *)parts[0].data, parts[0].size, "fuzz", &err) ==
        CRET_OK) {
        hold_station(&station);
        try_attestation((const char *)parts[1].data, parts[1].size, &station);
        cret_station_clear(&station);
    } else {
        fuzz_hold_failure(&err, 1u << CRET_ERR_USAGE);
    }
    return 0;
}
