/* SPDX-License-Identifier: Apache-2.0 */
/* A vendor's own signature, judged for whoever adopts the file. */
#include "signer/release/adopt_foreign.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/command/version.h"
#include "base/finding/limits.h"
#include "base/system/file.h"
#include "base/system/os.h"
#include "base/text/path.h"
#include "base/text/text.h"
#include "base/text/time.h"

static void free_sides(struct cret_foreign_side *sides, size_t count)
{
    for (size_t i = 0; sides != NULL && i < count; i++) {
        free((void *)(uintptr_t)sides[i].data);
    }
    free(sides);
}

static enum cret_status read_sides(struct cret_foreign_side *sides,
                                   const struct cret_adopt_foreign *what, struct cret_err *err)
{
    for (size_t i = 0; i < what->side_count; i++) {
        char *data = NULL;
        if (cret_file_read(&data, &sides[i].size, what->sides[i], CRET_LIMIT_FOREIGN_SIDE_BYTES,
                           CRET_ERR_USAGE, err) != CRET_OK) {
            return CRET_FAILED;
        }
        sides[i].data = (const uint8_t *)data;
        sides[i].name = cret_path_name(what->sides[i]);
    }
    return CRET_OK;
}

/* What whoever reads must know besides: notes, and bytes that nobody signed and that tools do not
 * put there. Bounded by what a proof holds. */
static void tell_notes(struct cret_buffer *text, const struct cret_foreign_proof *proof)
{
    for (size_t i = 0; i < proof->note_count; i++) {
        cret_buffer_printf(text, "; note: %s", proof->notes[i]);
    }
    for (size_t i = 0; i < proof->gap_count; i++) {
        if (proof->gaps[i].told) {
            cret_buffer_printf(text, "; nobody signed these %" PRIu64 " bytes: %s",
                               proof->gaps[i].bytes, proof->gaps[i].what);
        }
    }
}

/* What only warns, for the screen. */
static void keep_warnings(struct cret_findings *warnings, const struct cret_findings *findings)
{
    for (size_t i = 0; i < cret_findings_count(findings); i++) {
        const struct cret_finding *one = cret_findings_at(findings, i);
        if (one->result == CRET_RESULT_WARN) {
            cret_findings_add(warnings, one->check, one->result,
                              (struct cret_finding_text){.where = one->where,
                                                         .expected = one->expected,
                                                         .actual = one->actual,
                                                         .hint = one->hint},
                              "the vendor's signature: %s", one->reason);
        }
    }
}

/* One paragraph for a manifest. */
static enum cret_status tell(char **ret_text, const struct cret_foreign_result *result,
                             const struct cret_adopt_foreign *what, struct cret_err *err)
{
    const bool by_list = result->list_kind != NULL;
    const struct cret_foreign_proof *file = &result->proof;
    const struct cret_foreign_proof *signer = by_list ? &result->list_proof : file;
    struct cret_buffer text = {0};
    char hex[2 * EVP_MAX_MD_SIZE + 1], time[32];
    cret_hex_encode(hex, file->digest, file->digest_size);
    cret_buffer_printf(&text, "verified by this program (version %s): %s", cret_version,
                       result->kind->words);
    cret_buffer_printf(&text, ", digest %s %s", file->digest_algorithm, hex);
    if (result->pin == NULL) {
        cret_buffer_printf(&text, "; nobody pinned signed the list: the SHA-256 of the file was "
                                  "compared with what the vendor published");
    } else {
        cret_buffer_printf(&text, "; signed%s by %s", by_list ? " (the list)" : "",
                           signer->subject[0] != '\0' ? signer->subject : signer->key_name);
        if (signer->has_certificate) {
            cret_hex_encode(hex, signer->certificate_sha256, CRET_SHA256_BYTES);
            cret_buffer_printf(&text, ", certified by %s, certificate SHA-256 %s", signer->issuer,
                               hex);
        }
        cret_buffer_printf(&text, ", pinned as %s", result->pin->name);
        if (result->scope != NULL) {
            cret_buffer_printf(&text, " for %s", result->scope->vendor);
        }
    }
    for (size_t i = 0; i < signer->other_count; i++) {
        cret_buffer_printf(&text, "; also signed by %s", signer->others[i].subject);
    }
    if (signer->time.given) {
        cret_time_format(time, signer->time.value);
        cret_buffer_printf(&text, ", on %s by the %s", time, signer->time_by);
    }
    if (file->weak || signer->weak) {
        cret_buffer_printf(&text, "; weak: %s", file->weak ? file->weak_words : signer->weak_words);
    }
    tell_notes(&text, file);
    if (by_list) {
        tell_notes(&text, signer);
    }
    cret_time_format(time, what->now);
    cret_buffer_printf(&text, "; checked on %s. Not proved: %s", time,
                       by_list ? result->list_kind->leaves : result->kind->leaves);
    if (text.failed) {
        cret_buffer_free(&text);
        return cret_err_memory(err);
    }
    *ret_text = text.data;
    return CRET_OK;
}

/* Every check of a foreign verdict has passed; that of the pin, or the digest was compared by the
 * owner. */
static enum cret_status check_findings(const struct cret_findings *findings,
                                       const struct cret_foreign_result *result,
                                       const struct cret_adopt_foreign *what, struct cret_err *err)
{
    static const enum cret_check_id required[] = {
        CRET_CHECK_FOREIGN_FORM, CRET_CHECK_FOREIGN_VALUE, CRET_CHECK_FOREIGN_COVERAGE,
        CRET_CHECK_FOREIGN_STRENGTH, CRET_CHECK_FOREIGN_PIN};
    const struct cret_finding *fault = cret_findings_first_fault(findings, 0);
    const bool compared = what->published && result->proof.equality_only && result->pin == NULL;
    if (fault != NULL) {
        return cret_finding_refuse(err, fault);
    }
    if (cret_findings_whole(findings, err) != CRET_OK) {
        return CRET_FAILED;
    }
    for (size_t i = 0; i < CRET_LENGTH(required); i++) {
        if (cret_findings_tally(findings, required[i], CRET_RESULT_PASS) == 0 &&
            !(compared && required[i] == CRET_CHECK_FOREIGN_PIN)) {
            return cret_err_refuse(err, required[i], "the vendor's signature proves nothing");
        }
    }
    return CRET_OK;
}

/* Where nobody is pinned. */
static const struct cret_policy nobody;

static enum cret_status judge(char **ret_text, uint8_t (*ret_digests)[CRET_SHA256_BYTES],
                              const struct cret_adopt_foreign *what, struct cret_findings *findings,
                              const struct cret_foreign_request *request, struct cret_err *err)
{
    struct cret_foreign_result result;
    if (cret_foreign_judge(&result, request, findings, err) != CRET_OK ||
        check_findings(findings, &result, what, err) != CRET_OK) {
        return CRET_FAILED;
    }
    memcpy(ret_digests[0], result.sha256, CRET_SHA256_BYTES);
    for (size_t i = 0; i < request->side_count; i++) {
        if (cret_sha256(ret_digests[i + 1], request->sides[i].data, request->sides[i].size, err) !=
            CRET_OK) {
            return CRET_FAILED;
        }
    }
    return tell(ret_text, &result, what, err);
}

/* Whether files[number] of the description is one file, and has this digest in the manifest. */
static bool is_packed(const struct cret_manifest *manifest,
                      const struct cret_collection *collection, size_t number,
                      const uint8_t digest[CRET_SHA256_BYTES])
{
    size_t found = 0, same = 0;
    for (size_t i = 0; i < collection->count; i++) {
        const struct cret_collected *file = &collection->files[i];
        for (size_t j = 0; file->described == number && j < manifest->file_count; j++) {
            const struct cret_entry *entry = &manifest->entries[j];
            if (strcmp(entry->path, file->path) == 0) {
                found++;
                same += memcmp(entry->sha256, digest, CRET_SHA256_BYTES) == 0 ? 1 : 0;
            }
        }
    }
    return found == 1 && same == 1;
}

enum cret_status cret_adopt_foreign_packed(const struct cret_manifest *manifest,
                                           const struct cret_collection *collection,
                                           uint8_t (*digests)[CRET_SHA256_BYTES],
                                           const struct cret_adopt_foreign *what,
                                           struct cret_err *err)
{
    for (size_t i = 0; digests != NULL && i < what->side_count + 1; i++) {
        if (!is_packed(manifest, collection, i, digests[i])) {
            cret_err_refuse(err, CRET_CHECK_FOREIGN_VALUE,
                            "%s changed after its vendor's signature was verified",
                            i == 0 ? "the file" : "a file beside it");
            return cret_err_hint(err, "see to it that nothing writes to it, and run this again; "
                                      "nothing was signed");
        }
    }
    return CRET_OK;
}

enum cret_status cret_adopt_foreign_judge(char **ret_text,
                                          uint8_t (*ret_digests)[CRET_SHA256_BYTES],
                                          struct cret_findings *warnings,
                                          const struct cret_adopt_foreign *what,
                                          struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_file_info info;
    if (what->vendor == NULL || what->product == NULL) {
        return cret_err_undecided(err, "internal error: a file is adopted for nobody");
    }
    struct cret_foreign_file file = {.name = cret_path_name(what->path), .fd = -1};
    struct cret_findings *findings = cret_findings_new();
    struct cret_foreign_side *sides = calloc(what->side_count + 1, sizeof(*sides));
    if (findings == NULL || sides == NULL) {
        cret_err_memory(err);
        goto out;
    }
    if (read_sides(sides, what, err) != CRET_OK ||
        cret_os_open_read(&file.fd, CRET_OS_HERE, what->path, err) != CRET_OK ||
        cret_os_stat_fd(&info, file.fd, err) != CRET_OK) {
        goto out;
    }
    file.size = info.size;
    const struct cret_foreign_request request = {.file = &file,
                                                 .sides = sides,
                                                 .side_count = what->side_count,
                                                 .policy =
                                                     what->policy != NULL ? what->policy : &nobody,
                                                 .vendor = what->vendor,
                                                 .product = what->product,
                                                 .now = what->now,
                                                 .published = what->published,
                                                 .adopts = true,
                                                 .allow_example_keys = what->allow_example_keys};
    status = judge(ret_text, ret_digests, what, findings, &request, err);
    keep_warnings(warnings, findings);
out:
    cret_os_close(&file.fd);
    free_sides(sides, what->side_count);
    cret_findings_free(&findings);
    return status;
}
