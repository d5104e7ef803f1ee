/* SPDX-License-Identifier: Apache-2.0 */
#include "packed.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/text/json.h"
#include "trust/asn1/oid.h"

#define DESCRIPTION                                                                                \
    "{\"product\": {\"vendor\": \"ACME\", \"name\": \"PLC\"}, \"release\": {\"version\": "         \
    "\"4.2.0\", \"sequence\": 42, \"date\": \"2025-12-01T00:00:00Z\"}}"

void packed_begin(struct packed *packed)
{
    memset(packed, 0, sizeof(*packed));
    packed->fd = -1;
    packed->seconds = 1764547200;
    packed->description = json_loads(DESCRIPTION, 0, NULL);
    cr_assert_not_null(packed->description);
}

void packed_file(struct packed *packed, const char *path, const char *role, const char *text)
{
    size_t at = packed->count;
    cr_assert_lt(at, PACKED_FILES);
    for (; at > 0 && strcmp(packed->entries[at - 1].path, path) > 0; at--) {
        packed->entries[at] = packed->entries[at - 1];
        packed->files[at] = packed->files[at - 1];
        packed->inputs[at] = packed->inputs[at - 1];
    }
    packed->entries[at] = (struct cret_entry){.path = path, .size = strlen(text)};
    packed->files[at] = (struct cret_manifest_file){.role = role};
    packed->inputs[at] = (struct cret_input){.data = (const uint8_t *)text};
    packed->count++;
}

static void write_payload(struct packed *packed, int fd)
{
    struct cret_err err;
    struct cret_payload_write job = {.entries = packed->entries,
                                     .inputs = packed->inputs,
                                     .count = packed->count,
                                     .fd = fd,
                                     .seconds = packed->seconds,
                                     .jobs = 1};
    cr_assert_eq(cret_payload_write(&job, &err), CRET_OK, "%s", err.what);
}

void packed_seal(struct packed *packed)
{
    struct cret_err err;
    size_t size = 0;
    write_payload(packed, -1);
    cr_assert_eq(cret_manifest_checksums_text(&packed->checksums, &size, packed->entries,
                                              packed->count, &err),
                 CRET_OK);
    packed_file(packed, CRET_CHECKSUMS_PATH, "checksums", packed->checksums);
    write_payload(packed, -1);
    cr_assert_eq(cret_manifest_write(&packed->manifest, &packed->manifest_size, packed->description,
                                     packed->entries, packed->files, packed->count, &err),
                 CRET_OK, "%s", err.what);
}

static void add_signature(struct packed *packed, const struct pki_entity *who,
                          enum cret_meaning meaning, const char *text)
{
    struct forge forge;
    char hex[CRET_SHA256_HEX];
    cr_assert_lt(packed->signature_count, PACKED_SIGNATURES);
    struct cret_signature *signature = &packed->signatures[packed->signature_count++];
    forge_begin(&forge, who, text, NULL, 0);
    if (meaning != CRET_MEANING_NONE) {
        forge_commitment(&forge, meaning == CRET_MEANING_ORIGIN ? cret_oid_proof_of_origin
                                                                : cret_oid_proof_of_approval);
    }
    signature->data = forge_write(&forge, &signature->size);
    forge_end(&forge);
    cret_hex_encode(hex, cret_certificate_key_digest(who->certificate), CRET_SHA256_BYTES);
    memcpy(signature->name, hex, 16);
}

void packed_sign(struct packed *packed, const struct pki_entity *who, enum cret_meaning meaning)
{
    add_signature(packed, who, meaning, packed->manifest);
}

void packed_sign_text(struct packed *packed, const struct pki_entity *who,
                      enum cret_meaning meaning, const char *text)
{
    add_signature(packed, who, meaning, text);
}

static int by_name(const void *left, const void *right)
{
    return strcmp(((const struct cret_signature *)left)->name,
                  ((const struct cret_signature *)right)->name);
}

void packed_write(struct packed *packed, bool detached)
{
    struct cret_err err;
    uint64_t end = 0, size = 0;
    qsort(packed->signatures, packed->signature_count, sizeof(packed->signatures[0]), by_name);
    packed->fd = memfd_create("packed", MFD_CLOEXEC);
    cr_assert_geq(packed->fd, 0);
    const struct cret_front front = {.manifest = (uint8_t *)packed->manifest,
                                     .manifest_size = packed->manifest_size,
                                     .seconds = packed->seconds,
                                     .signatures = packed->signatures,
                                     .signature_count = packed->signature_count};
    const uint64_t start =
        cret_layout_front_size(packed->manifest_size, packed->signatures, packed->signature_count);
    cr_assert_eq(cret_layout_payload(packed->entries, packed->count, start, &end, &err), CRET_OK);
    if (!detached) {
        write_payload(packed, packed->fd);
    }
    cr_assert_eq(cret_front_write(packed->fd, &front, &size, &err), CRET_OK, "%s", err.what);
    cr_assert_eq(size, start);
    end = detached ? start : end;
    cr_assert_eq(cret_archive_end(packed->fd, end, &err), CRET_OK);
    packed->size = end + 1024;
}

void packed_flip(const struct packed *packed, uint64_t offset)
{
    uint8_t byte = 0;
    cr_assert_eq(pread(packed->fd, &byte, 1, (off_t)offset), 1);
    byte ^= 1;
    cr_assert_eq(pwrite(packed->fd, &byte, 1, (off_t)offset), 1);
}

void packed_end(struct packed *packed)
{
    for (size_t i = 0; i < packed->signature_count; i++) {
        free(packed->signatures[i].data);
    }
    json_decref(packed->description);
    free(packed->checksums);
    free(packed->manifest);
    if (packed->fd >= 0) {
        close(packed->fd);
    }
}

void packed_sound(struct packed *packed, const struct pki_entity *who)
{
    packed_begin(packed);
    packed_file(packed, "firmware.bin", "firmware", "the firmware\n");
    packed_file(packed, "notes.txt", "release-notes", "what is new\n");
    packed_seal(packed);
    packed_sign(packed, who, CRET_MEANING_ORIGIN);
    packed_write(packed, false);
}

static json_t *signer(const char *name, const struct pki_entity *who)
{
    char *pem = pki_pem(who);
    json_t *json =
        json_pack("{s:s, s:{s:s, s:s}}", "name", name, "anchor", "type", "certificate", "pem", pem);
    free(pem);
    return json;
}

struct cret_policy *packed_policy_of(const struct pki_entity *who, const struct pki_entity *owner,
                                     const struct pki_entity *waiver, const char *roles,
                                     const char *more)
{
    struct cret_policy *policy = NULL;
    struct cret_err err;
    json_t *signers = json_array();
    json_array_append_new(signers, signer("R", who));
    if (owner != NULL) {
        json_array_append_new(signers, signer("O", owner));
    }
    if (waiver != NULL) {
        json_array_append_new(signers, signer("W", waiver));
    }
    json_t *json = json_pack("{s:s, s:s, s:i, s:s, s:[{s:s, s:[s], s:o, s:o}]}", "cretula",
                             "trust/1", "name", "Plant", "version", 3, "issued",
                             "2025-01-01T00:00:00Z", "scopes", "vendor", "ACME", "products", "PLC",
                             "signers", signers, "roles", json_loads(roles, 0, NULL));
    cr_assert_not_null(json);
    if (more != NULL) {
        json_t *fields = json_loads(more, 0, NULL);
        cr_assert_not_null(fields, "%s", more);
        json_object_update_recursive(json, fields);
        json_decref(fields);
    }
    char *text = json_dumps(json, 0);
    cret_err_clear(&err);
    cr_assert_eq(cret_policy_parse(&policy, text, strlen(text), "trust.json", PKI_NOW, false, &err),
                 CRET_OK, "%s at %s", err.what, err.where);
    free(text);
    json_decref(json);
    return policy;
}

struct cret_policy *packed_policy(const struct pki_entity *who, const char *more)
{
    return packed_policy_of(who, NULL, NULL, "[{\"role\": \"release\", \"signers\": [\"R\"]}]",
                            more);
}

struct cret_inspect_request packed_request(const struct cret_policy *policy)
{
    return (struct cret_inspect_request){
        .policy = policy, .now = PKI_NOW, .jobs = 1, .payload_directory = -1};
}

struct cret_inspection *packed_inspect(const struct packed *packed,
                                       const struct cret_inspect_request *request)
{
    struct cret_source *source = NULL;
    struct cret_err err;
    cr_assert_eq(cret_source_new(&source, packed->fd, &err), CRET_OK, "%s", err.what);
    struct cret_inspection *inspection = cret_inspect(source, request);
    cr_assert_not_null(inspection);
    cret_source_free(&source);
    return inspection;
}

const struct cret_finding *packed_found(const struct cret_findings *findings,
                                        enum cret_check_id check, enum cret_result result)
{
    for (size_t i = 0; i < cret_findings_count(findings); i++) {
        const struct cret_finding *finding = cret_findings_at(findings, i);
        if (finding->check == check && finding->result == result) {
            return finding;
        }
    }
    return NULL;
}
