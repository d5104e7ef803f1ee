/* SPDX-License-Identifier: Apache-2.0 */
/* `journal verify`: each line against its record, each record, signature and attestation against
 * its line, and what belongs to no line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/system/file.h"
#include "base/system/os.h"
#include "base/text/json.h"
#include "evidence/journal/journal_verify.h"
#include "evidence/record/record_read.h"
#include "evidence/station/attestation.h"
#include "trust/cms/cms.h"

#define SIGNATURE_BYTES (1u << 20)

/* What one call works on. */
struct audit {
    const struct cret_journal *journal;
    const struct cret_station *station; /* or NULL */
    struct cret_journal_report *report;
    char **names; /* in records/ */
    size_t name_count;
    bool *known; /* a line accounts for it */
    size_t file; /* whose text is in memory; SIZE_MAX: none */
    char *text;
    size_t text_size;
};

/* One record with what lies beside it. */
struct exhibit {
    const struct cret_journal_line *line;
    size_t index; /* of the line in the chain */
    const struct cret_journal_entry
        *named;                           /* gives the name: the line's, or the unconfirmed one's */
    char *name, *signature, *attestation; /* below the folder */
    char *data;                           /* of the record; NULL: missing or altered */
    size_t size;
};

/* Its record has another name yet; what lies beside that is named with it. */
static bool is_pending(const struct exhibit *exhibit)
{
    return exhibit->line->entry.pending && exhibit->data == NULL;
}

static void fail(struct audit *audit, const char *where, const char *hint, const char *reason)
{
    cret_journal_report_add(audit->report, CRET_CHECK_JOURNAL_RECORDS, CRET_RESULT_FAIL, where,
                            hint, reason);
}

static int compare_names(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

/* Whether the folder has that name; marks it as accounted for. name begins with "records/". */
static bool take_name(struct audit *audit, const char *name)
{
    const char *base = name + strlen(CRET_JOURNAL_RECORDS "/");
    char **found = audit->name_count == 0 ? NULL
                                          : bsearch(&base, audit->names, audit->name_count,
                                                    sizeof(*audit->names), compare_names);
    if (found != NULL) {
        audit->known[found - audit->names] = true;
    }
    return found != NULL;
}

static enum cret_status list_records(struct audit *audit, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_file_info info;
    bool exists = false;
    int fd = -1;
    char *path = cret_journal_path(audit->journal, CRET_JOURNAL_RECORDS);
    if (path == NULL) {
        return cret_err_memory(err);
    }
    if (cret_os_stat_path(&info, &exists, path, err) != CRET_OK) {
        goto out;
    }
    if (exists && (cret_os_open_directory(&fd, path, err) != CRET_OK ||
                   cret_os_list(&audit->names, &audit->name_count, fd, err) != CRET_OK)) {
        goto out;
    }
    audit->known = calloc(audit->name_count + 1, sizeof(*audit->known));
    status = audit->known != NULL ? CRET_OK : cret_err_memory(err);
out:
    cret_os_close(&fd);
    free(path);
    return status;
}

static enum cret_status read_below(const struct cret_journal *journal, const char *name, size_t cap,
                                   char **ret_data, size_t *ret_size, struct cret_err *err)
{
    char *path = cret_journal_path(journal, name);
    if (path == NULL) {
        return cret_err_memory(err);
    }
    const enum cret_status status =
        cret_file_read(ret_data, ret_size, path, cap, CRET_ERR_UNDECIDED, err);
    free(path);
    return status;
}

/* --- the line --- */

/* The bytes of a line; borrowed until the next call. */
static enum cret_status line_text(struct audit *audit, const struct cret_journal_line *line,
                                  const char **ret_text, struct cret_err *err)
{
    uint8_t digest[CRET_SHA256_BYTES];
    if (audit->file != line->file) {
        free(audit->text);
        audit->text = NULL;
        audit->file = SIZE_MAX;
        if (read_below(audit->journal, audit->journal->files[line->file], CRET_JOURNAL_FILE_BYTES,
                       &audit->text, &audit->text_size, err) != CRET_OK) {
            return CRET_FAILED;
        }
        audit->file = line->file;
    }
    if (line->start + line->size > audit->text_size ||
        cret_sha256(digest, audit->text + line->start, line->size, err) != CRET_OK ||
        memcmp(digest, line->entry.digest, sizeof(digest)) != 0) {
        return cret_err_undecided(err, "the journal changed while it was read");
    }
    *ret_text = audit->text + line->start;
    return CRET_OK;
}

static bool says_digest(const json_t *record, const char *path, const uint8_t *digest)
{
    char hex[CRET_SHA256_HEX];
    const char *said = cret_json_string(record, path);
    if (digest != NULL) {
        cret_hex_encode(hex, digest, CRET_SHA256_BYTES);
    }
    return said == NULL || said[0] == '\0' || (digest != NULL && strcmp(said, hex) == 0);
}

/* Whether a record says of its place what is so: its journal, its line, the record before it. */
static bool in_its_place(const struct audit *audit, size_t index, const json_t *record)
{
    const struct cret_journal_entry *entry = cret_journal_at(audit->journal, index);
    const uint8_t *before = NULL;
    for (size_t i = index; i > 0 && before == NULL; i--) {
        const struct cret_journal_entry *other = cret_journal_at(audit->journal, i - 1);
        before = other->kind == CRET_JOURNAL_RUN ? other->record : NULL;
    }
    return says_digest(record, "journal.genesis", audit->journal->genesis) &&
           cret_json_integer(record, "journal.line", entry->number) == entry->number &&
           says_digest(record, "previous", before);
}

/* data: of the record, where the line is one of a run; index: of the line in the chain. */
static enum cret_status check_text(struct audit *audit, size_t index, const char *data, size_t size,
                                   struct cret_err *err)
{
    const struct cret_journal_line *line = &audit->journal->lines[audit->journal->chain[index]];
    enum cret_status status = CRET_FAILED;
    const char *text = NULL;
    char *why = NULL, where[256];
    json_t *record = NULL;
    struct cret_err ignored = {0};
    cret_journal_where(audit->journal, line, where, sizeof(where));
    if (data != NULL && cret_json_parse(&record, data, size, CRET_JSON_STRICT,
                                        CRET_CHECK_JOURNAL_RECORDS, &ignored) != CRET_OK) {
        fail(audit, where, NULL, "the record of this line is none");
        return ignored.class == CRET_ERR_UNDECIDED ? cret_err_memory(err) : CRET_OK;
    }
    if (record != NULL && !in_its_place(audit, index, record)) {
        fail(audit, where, "compare with a copy of the journal",
             "the record of this line was made for another place in a journal");
    }
    if (line_text(audit, line, &text, err) == CRET_OK &&
        cret_journal_regenerate(audit->journal, line, text, record, &why, err) == CRET_OK) {
        if (why != NULL) {
            cret_journal_report_add(audit->report, CRET_CHECK_JOURNAL_CHAIN, CRET_RESULT_FAIL,
                                    where, "compare with a copy of the journal", why);
        }
        status = CRET_OK;
    }
    json_decref(record);
    free(why);
    return status;
}

/* --- the signature --- */

/* Whether it is one over the record: by the certificate that the line names, or (signer NULL) by
 * any. Where this OpenSSL lacks the algorithm, that it is over the record is all that can be told.
 */
static enum cret_status signs(struct audit *audit, const uint8_t *signature, size_t size,
                              const struct exhibit *exhibit, bool *ret_signs, struct cret_err *err)
{
    const struct cret_journal_entry *entry = &exhibit->line->entry;
    const uint8_t *record = (const uint8_t *)exhibit->data;
    struct cret_cms *cms = NULL;
    struct cret_err why = {0};
    *ret_signs = false;
    if (cret_cms_parse(&cms, signature, size, &why) == CRET_OK &&
        (cret_cms_checkable(cms)
             ? cret_cms_verify(cms, record, exhibit->size, &why)
             : cret_cms_match_content(cms, record, exhibit->size, &why)) == CRET_OK) {
        *ret_signs = !entry->has_signer || memcmp(cret_certificate_digest(cret_cms_signer(cms)),
                                                  entry->signer, CRET_SHA256_BYTES) == 0;
        if (!cret_cms_checkable(cms)) {
            cret_journal_report_add(audit->report, CRET_CHECK_JOURNAL_RECORDS,
                                    CRET_RESULT_NOT_CHECKED, exhibit->signature,
                                    "verify it where OpenSSL is 3.5 or later",
                                    "the value of this signature was not verified: this OpenSSL "
                                    "lacks its algorithm");
        }
    }
    cret_cms_free(&cms);
    if (why.class != CRET_ERR_NONE && why.class != CRET_ERR_REFUSED) {
        *err = why;
        return CRET_FAILED;
    }
    return CRET_OK;
}

static enum cret_status signature_fits(struct audit *audit, const struct exhibit *exhibit,
                                       const char *data, size_t size, bool *ret_fits,
                                       struct cret_err *err)
{
    uint8_t digest[CRET_SHA256_BYTES];
    const struct cret_journal_entry *entry = &exhibit->line->entry;
    if (entry->kind == CRET_JOURNAL_RUN && entry->has_signature) {
        if (cret_sha256(digest, data, size, err) != CRET_OK) {
            return CRET_FAILED;
        }
        *ret_fits = memcmp(digest, entry->signature, sizeof(digest)) == 0;
        return CRET_OK;
    }
    return signs(audit, (const uint8_t *)data, size, exhibit, ret_fits, err);
}

static enum cret_status check_signature(struct audit *audit, const struct exhibit *exhibit,
                                        struct cret_err *err)
{
    static const char fetch[] = "fetch it from whoever got a copy";
    const struct cret_journal_entry *entry = &exhibit->line->entry;
    const bool announced = entry->has_signer || entry->has_signature;
    const bool run = entry->kind == CRET_JOURNAL_RUN;
    char *data = NULL;
    size_t size = 0;
    bool fits = false;
    if (run && !announced) {
        return CRET_OK; /* one that is there belongs to no line, and is named as such */
    }
    if (!take_name(audit, exhibit->signature)) {
        if (run && !entry->unconfirmed && !is_pending(exhibit)) {
            const bool last = cret_journal_last(audit->journal) == exhibit->line;
            fail(
                audit, exhibit->signature,
                last
                    ? "if a run was interrupted, the next one marks it; else fetch it from whoever "
                      "got a copy"
                    : fetch,
                "the signature of a record is missing");
        }
        return CRET_OK;
    }
    if (read_below(audit->journal, exhibit->signature, SIGNATURE_BYTES, &data, &size, err) !=
        CRET_OK) {
        return CRET_FAILED;
    }
    const enum cret_status status =
        exhibit->data != NULL ? signature_fits(audit, exhibit, data, size, &fits, err) : CRET_OK;
    free(data);
    if (status == CRET_OK && !fits && exhibit->data != NULL) {
        fail(audit, exhibit->signature, fetch,
             "the signature of a record was altered, or is another's");
    }
    return status;
}

/* --- the attestation --- */

static enum cret_status attestation_fits(const struct cret_attestation *attestation,
                                         const struct cret_journal_line *line, const char *text,
                                         bool *ret_fits, struct cret_err *err)
{
    const struct cret_journal_entry *entry = &line->entry;
    uint8_t head[CRET_SHA256_BYTES];
    *ret_fits = memcmp(attestation->record, entry->record, CRET_SHA256_BYTES) == 0;
    if (!*ret_fits || entry->kind != CRET_JOURNAL_RUN) {
        return CRET_OK; /* of a run that was interrupted: its line may be another */
    }
    memcpy(head, attestation->previous, sizeof(head));
    if (cret_journal_extend_head(head, entry->digest, err) != CRET_OK) {
        return CRET_FAILED;
    }
    *ret_fits = strlen(attestation->line) == line->size &&
                memcmp(attestation->line, text, line->size) == 0 &&
                memcmp(attestation->head, entry->head, CRET_SHA256_BYTES) == 0 &&
                memcmp(head, entry->head, CRET_SHA256_BYTES) == 0;
    return CRET_OK;
}

static enum cret_status hold_attestation(struct audit *audit, const struct exhibit *exhibit,
                                         const char *data, size_t size, const char *text,
                                         struct cret_err *err)
{
    struct cret_attestation attestation = {0};
    struct cret_err why = {0};
    const char *reason = NULL;
    bool fits = false;
    if (cret_attestation_parse(&attestation, data, size, exhibit->attestation, &why) != CRET_OK) {
        reason = "the attestation of a record was altered";
    } else if (attestation_fits(&attestation, exhibit->line, text, &fits, &why) != CRET_OK ||
               !fits) {
        reason = "the attestation beside a record is of another line";
    } else if (audit->station != NULL &&
               cret_attestation_verify(&attestation, audit->station, exhibit->line->entry.record,
                                       &why) != CRET_OK) {
        reason = "the attestation of a record is not one of this station's TPM";
    }
    cret_attestation_clear(&attestation);
    if (why.class != CRET_ERR_NONE && why.class != CRET_ERR_REFUSED) {
        *err = why;
        return CRET_FAILED;
    }
    if (reason != NULL) {
        fail(audit, exhibit->attestation, "fetch it from whoever got a copy", reason);
    }
    return CRET_OK;
}

static enum cret_status check_attestation(struct audit *audit, const struct exhibit *exhibit,
                                          struct cret_err *err)
{
    const struct cret_journal_entry *entry = &exhibit->line->entry;
    const bool run = entry->kind == CRET_JOURNAL_RUN;
    const char *text = NULL;
    char *data = NULL;
    size_t size = 0;
    if (!cret_journal_has_witness(audit->journal)) {
        return CRET_OK; /* one that is there belongs to no line, and is named as such */
    }
    if (!take_name(audit, exhibit->attestation)) {
        if (run && !entry->unconfirmed && !is_pending(exhibit)) {
            fail(audit, exhibit->attestation, "fetch it from whoever got a copy",
                 "the attestation of a record is missing");
        }
        return CRET_OK;
    }
    if (line_text(audit, exhibit->line, &text, err) != CRET_OK ||
        read_below(audit->journal, exhibit->attestation, cret_attestation_format.bytes, &data,
                   &size, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const enum cret_status status = hold_attestation(audit, exhibit, data, size, text, err);
    free(data);
    return status;
}

/* --- the record --- */

/* Reads it, where it is the one that the line knows; else says what is wrong. */
static enum cret_status check_record(struct audit *audit, struct exhibit *exhibit,
                                     struct cret_err *err)
{
    static const char fetch[] =
        "fetch it from whoever got a copy, and compare its SHA-256 with the line";
    uint8_t digest[CRET_SHA256_BYTES];
    char where[512], place[256];
    cret_journal_where(audit->journal, exhibit->line, place, sizeof(place));
    snprintf(where, sizeof(where), "%s of %s", exhibit->name, place);
    if (!take_name(audit, exhibit->name)) {
        /* A pending one has another name, and is named by that. */
        if (!exhibit->line->entry.pending) {
            fail(audit, where, fetch, "the record of this line is missing");
        }
        return CRET_OK;
    }
    if (read_below(audit->journal, exhibit->name, cret_record_format.bytes, &exhibit->data,
                   &exhibit->size, err) != CRET_OK ||
        cret_sha256(digest, exhibit->data, exhibit->size, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (memcmp(digest, exhibit->line->entry.record, CRET_SHA256_BYTES) != 0) {
        fail(audit, where, fetch, "the record of this line was altered");
        free(exhibit->data);
        exhibit->data = NULL;
    }
    return CRET_OK;
}

/* The unconfirmed line under whose name the record of this run was put away, or NULL. */
static const struct cret_journal_entry *put_away(const struct cret_journal *journal, size_t index)
{
    const struct cret_journal_entry *run = cret_journal_at(journal, index);
    for (size_t i = index + 1; run->unconfirmed && i < journal->chain_count; i++) {
        const struct cret_journal_entry *entry = cret_journal_at(journal, i);
        if (entry->kind == CRET_JOURNAL_UNCONFIRMED && entry->has_record &&
            memcmp(entry->record, run->record, CRET_SHA256_BYTES) == 0) {
            return entry;
        }
    }
    return NULL;
}

/* The record, signature and attestation of a line, and what the line says of them. */
static enum cret_status check_exhibit(struct audit *audit, struct exhibit *exhibit,
                                      struct cret_err *err)
{
    const struct cret_journal_entry *entry = &exhibit->line->entry;
    exhibit->name = cret_journal_entry_name(exhibit->named);
    if (exhibit->name == NULL) {
        return cret_err_memory(err);
    }
    exhibit->signature = cret_text_printf("%s" CRET_JOURNAL_SIGNATURE_SUFFIX, exhibit->name);
    exhibit->attestation = cret_text_printf("%s" CRET_JOURNAL_ATTESTATION_SUFFIX, exhibit->name);
    if (exhibit->signature == NULL || exhibit->attestation == NULL) {
        return cret_err_memory(err);
    }
    if (check_record(audit, exhibit, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (entry->kind == CRET_JOURNAL_RUN && exhibit->data != NULL &&
        check_text(audit, exhibit->index, exhibit->data, exhibit->size, err) != CRET_OK) {
        return CRET_FAILED;
    }
    /* What lies beside a record that was put away is held to the line that put it there. */
    if (exhibit->named != entry) {
        return CRET_OK;
    }
    audit->report->records++;
    return check_signature(audit, exhibit, err) == CRET_OK ? check_attestation(audit, exhibit, err)
                                                           : CRET_FAILED;
}

static enum cret_status check_line(struct audit *audit, size_t index, struct cret_err *err)
{
    const struct cret_journal_line *line = &audit->journal->lines[audit->journal->chain[index]];
    const struct cret_journal_entry *entry = &line->entry;
    if (entry->kind != CRET_JOURNAL_RUN && check_text(audit, index, NULL, 0, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (!entry->has_record) {
        return CRET_OK;
    }
    const struct cret_journal_entry *away =
        entry->kind == CRET_JOURNAL_RUN ? put_away(audit->journal, index) : NULL;
    struct exhibit exhibit = {.line = line, .index = index, .named = away != NULL ? away : entry};
    const enum cret_status status = check_exhibit(audit, &exhibit, err);
    free(exhibit.name);
    free(exhibit.signature);
    free(exhibit.attestation);
    free(exhibit.data);
    return status;
}

static void name_strangers(struct audit *audit)
{
    static const char pending[] = "pending.";
    for (size_t i = 0; i < audit->name_count; i++) {
        char where[300];
        if (audit->known[i]) {
            continue;
        }
        snprintf(where, sizeof(where), CRET_JOURNAL_RECORDS "/%.255s", audit->names[i]);
        if (strncmp(audit->names[i], pending, sizeof(pending) - 1) == 0) {
            fail(audit, where, "the next run with this journal marks it",
                 "a run was interrupted, or is going on without the lock: its record does not "
                 "count");
        } else {
            fail(audit, where,
                 "compare with a copy of the journal: lines at its end may have been deleted",
                 "this file belongs to no line: its line was deleted, or the file was put here");
        }
    }
}

enum cret_status cret_journal_check_records(const struct cret_journal *journal,
                                            const struct cret_station *station,
                                            struct cret_journal_report *report,
                                            struct cret_err *err)
{
    struct audit audit = {
        .journal = journal, .station = station, .report = report, .file = SIZE_MAX};
    enum cret_status status = list_records(&audit, err);
    for (size_t i = 0; i < journal->chain_count && status == CRET_OK; i++) {
        status = check_line(&audit, i, err);
    }
    if (status == CRET_OK) {
        name_strangers(&audit);
    }
    cret_os_names_free(&audit.names, audit.name_count);
    free(audit.known);
    free(audit.text);
    return status;
}
