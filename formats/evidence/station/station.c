/* SPDX-License-Identifier: Apache-2.0 */
/* Reading and writing station.json. */
#include "evidence/station/station.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/schema/rows.h"
#include "base/system/file.h"
#include "base/text/json.h"
#include "base/text/text.h"
#include "base/text/time.h"
#include "trust/tpm/order.h"

#define HANDLE(key, words) CRET_ROW_STRING(key, CRET_REQUIRED, CRET_FORMAT_HANDLE, words)
#define NAME CRET_ROW_STRING("name", CRET_REQUIRED, CRET_FORMAT_TPM_NAME, "Its Name in the TPM.")
#define PUBLIC_KEY CRET_ROW_PEM("publicKey", CRET_REQUIRED, "The public key, PEM.")

static const struct cret_field storage_fields[] = {
    HANDLE("handle", "Persistent handle of the storage root key."), NAME, CRET_ROW_END};
static const struct cret_field attestation_fields[] = {
    HANDLE("handle", "Persistent handle of the attestation key."), NAME, PUBLIC_KEY, CRET_ROW_END};
static const struct cret_field anchor_fields[] = {
    HANDLE("index", "NV index that holds version and digest of the trust policy."), NAME,
    CRET_ROW_END};
static const struct cret_field journal_fields[] = {
    HANDLE("index", "NV index that holds the journal head."), NAME,
    CRET_ROW_SHA256("genesis", CRET_REQUIRED,
                    "The journal head before the first line; nobody knows how to reach it again."),
    CRET_ROW_END};
static const struct cret_field owner_fields[] = {PUBLIC_KEY, CRET_ROW_END};

static const struct cret_field station_fields[] = {
    CRET_ROW_PURPOSE(CRET_REQUIRED, CRET_STATION_PURPOSE),
    CRET_ROW_LINE("station", 0, "Name of the machine when it was provisioned."),
    CRET_ROW_TIME("created", CRET_REQUIRED, "When it was provisioned."),
    CRET_ROW_OBJECT("storageKey", CRET_REQUIRED, storage_fields,
                    "The storage root key; sessions are salted to it."),
    CRET_ROW_OBJECT("attestationKey", CRET_REQUIRED, attestation_fields,
                    "The key that attests the journal head."),
    CRET_ROW_OBJECT("anchor", CRET_REQUIRED, anchor_fields,
                    "The index that holds the trust anchor."),
    CRET_ROW_OBJECT("journal", CRET_REQUIRED, journal_fields,
                    "The index that holds the journal head."),
    CRET_ROW_OBJECT("trustOwner", CRET_REQUIRED, owner_fields, "Whose orders the TPM obeys."),
    CRET_ROW_END,
};

const struct cret_file_format cret_station_format = {
    .purpose = CRET_STATION_PURPOSE,
    .words = "station file",
    .file = "station.json",
    .fields = station_fields,
    .bytes = 65536,
    .fault = CRET_ERR_USAGE,
    .hint = "use the station.json that `tpm provision` wrote; change control keeps a copy",
};

enum cret_status cret_station_compute(struct cret_station *station, struct cret_err *err)
{
    return cret_tpm_anchor_name(station->anchor_name, station->anchor_index, station->owner, true,
                                err) == CRET_OK
               ? cret_tpm_journal_name(station->journal_name, station->journal_index, true, err)
               : CRET_FAILED;
}

static enum cret_status refuse(struct cret_err *err, const char *origin, const char *where,
                               const char *why)
{
    return cret_file_format_fault(&cret_station_format, origin, where, err,
                                  "the station file is not valid: %s", why);
}

/* The table has their form. */
static bool take_values(struct cret_station *station, uint8_t *attestation_name, const json_t *json)
{
    const struct {
        const char *path;
        uint32_t *handle;
    } handles[] = {{"storageKey.handle", &station->storage_handle},
                   {"attestationKey.handle", &station->attestation_handle},
                   {"anchor.index", &station->anchor_index},
                   {"journal.index", &station->journal_index}};
    const struct {
        const char *path;
        uint8_t *name;
    } names[] = {{"storageKey.name", station->storage_name},
                 {"attestationKey.name", attestation_name},
                 {"anchor.name", station->anchor_name},
                 {"journal.name", station->journal_name}};
    bool good = cret_time_parse(&station->created, cret_json_string(json, "created")) == CRET_OK &&
                cret_hex_decode(station->genesis, CRET_SHA256_BYTES,
                                cret_json_string(json, "journal.genesis")) == CRET_OK;
    for (size_t i = 0; good && i < CRET_LENGTH(handles); i++) {
        good = cret_tpm_handle_parse(handles[i].handle, cret_json_string(json, handles[i].path)) ==
                   CRET_OK &&
               cret_hex_decode(names[i].name, CRET_TPM_NAME_BYTES,
                               cret_json_string(json, names[i].path)) == CRET_OK;
    }
    return good;
}

static enum cret_status take_key(struct cret_tpm_key **ret_key, const json_t *json,
                                 const char *object, enum cret_tpm_use use, const char *origin,
                                 struct cret_err *err)
{
    const char *pem = cret_json_string(json_object_get(json, object), "publicKey");
    if (cret_tpm_key_from_pem(ret_key, pem, strlen(pem), origin, use, err) == CRET_OK) {
        return CRET_OK;
    }
    cret_err_where(err, "%s #/%s/publicKey", origin, object);
    return cret_err_hint(err, "%s", cret_station_format.hint);
}

/* What can be computed is compared: a hand-edited file must not pass. */
static enum cret_status check_names(const struct cret_station *station,
                                    const uint8_t attestation_name[CRET_TPM_NAME_BYTES],
                                    const char *origin, struct cret_err *err)
{
    struct cret_station computed = *station;
    if (cret_station_compute(&computed, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (memcmp(cret_tpm_key_name(station->attestation), attestation_name, CRET_TPM_NAME_BYTES) !=
        0) {
        return refuse(err, origin, "#/attestationKey/name", "not the Name of the public key");
    }
    if (memcmp(computed.anchor_name, station->anchor_name, CRET_TPM_NAME_BYTES) != 0) {
        return refuse(err, origin, "#/anchor/name",
                      "not the Name that follows from the trust owner");
    }
    if (memcmp(computed.journal_name, station->journal_name, CRET_TPM_NAME_BYTES) != 0) {
        return refuse(err, origin, "#/journal/name", "not the Name of a journal index");
    }
    return CRET_OK;
}

static enum cret_status take_fields(struct cret_station *station, const json_t *json,
                                    const char *origin, struct cret_err *err)
{
    uint8_t attestation_name[CRET_TPM_NAME_BYTES];
    const char *name = cret_json_string(json, "station");
    if (name != NULL && (station->name = strdup(name)) == NULL) {
        return cret_err_memory(err);
    }
    if (!take_values(station, attestation_name, json)) {
        return refuse(err, origin, "#/", "a time, digest, handle or Name is none");
    }
    if (take_key(&station->attestation, json, "attestationKey", CRET_TPM_USE_ATTEST, origin, err) !=
            CRET_OK ||
        take_key(&station->owner, json, "trustOwner", CRET_TPM_USE_VERIFY, origin, err) !=
            CRET_OK) {
        return CRET_FAILED;
    }
    return check_names(station, attestation_name, origin, err);
}

enum cret_status cret_station_parse(struct cret_station *ret_station, const char *text, size_t size,
                                    const char *origin, struct cret_err *err)
{
    struct cret_station station = {0};
    json_t *json = NULL;
    if (cret_file_format_read(&json, &cret_station_format, text, size, origin, err) != CRET_OK) {
        return CRET_FAILED;
    }
    enum cret_status status = take_fields(&station, json, origin, err);
    if (status == CRET_OK) {
        status = cret_sha256(station.digest, text, size, err);
    }
    json_decref(json);
    if (status != CRET_OK) {
        cret_station_clear(&station);
        return CRET_FAILED;
    }
    *ret_station = station;
    return CRET_OK;
}

/* What our own reader does not take must not be written. */
static enum cret_status read_back(const char *text, size_t size, struct cret_err *err)
{
    struct cret_station again = {0};
    if (cret_station_parse(&again, text, size, "station.json", err) != CRET_OK) {
        cret_err_reclass(err, CRET_ERR_UNDECIDED);
        return cret_err_context(err, "the station file could not be read back");
    }
    cret_station_clear(&again);
    return CRET_OK;
}

enum cret_status cret_station_print(char **ret_text, size_t *ret_size,
                                    const struct cret_station *station, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    char created[32], genesis[CRET_SHA256_HEX];
    char handles[4][11], names[4][CRET_TPM_NAME_HEX];
    const uint32_t handle_values[4] = {station->storage_handle, station->attestation_handle,
                                       station->anchor_index, station->journal_index};
    const uint8_t *const name_values[4] = {station->storage_name,
                                           cret_tpm_key_name(station->attestation),
                                           station->anchor_name, station->journal_name};
    for (size_t i = 0; i < 4; i++) {
        snprintf(handles[i], sizeof(handles[i]), "0x%08x", handle_values[i]);
        cret_hex_encode(names[i], name_values[i], CRET_TPM_NAME_BYTES);
    }
    cret_time_format(created, station->created);
    cret_hex_encode(genesis, station->genesis, CRET_SHA256_BYTES);
    json_t *json = json_pack(
        "{s:s, s:s*, s:s, s:{s:s, s:s}, s:{s:s, s:s, s:s}, s:{s:s, s:s}, s:{s:s, s:s, s:s}, "
        "s:{s:s}}",
        "cretula", CRET_STATION_PURPOSE, "station", station->name, "created", created, "storageKey",
        "handle", handles[0], "name", names[0], "attestationKey", "handle", handles[1], "name",
        names[1], "publicKey", cret_tpm_key_pem(station->attestation), "anchor", "index",
        handles[2], "name", names[2], "journal", "index", handles[3], "name", names[3], "genesis",
        genesis, "trustOwner", "publicKey", cret_tpm_key_pem(station->owner));
    if (json == NULL) {
        cret_err_memory(err);
    } else {
        status = cret_json_print(ret_text, ret_size, json, err);
    }
    json_decref(json);
    if (status == CRET_OK && read_back(*ret_text, *ret_size, err) != CRET_OK) {
        free(*ret_text);
        *ret_text = NULL;
        status = CRET_FAILED;
    }
    return status;
}

void cret_station_clear(struct cret_station *station)
{
    free(station->name);
    cret_tpm_key_free(&station->attestation);
    cret_tpm_key_free(&station->owner);
    memset(station, 0, sizeof(*station));
}
