/* SPDX-License-Identifier: Apache-2.0 */
#include "test_journal_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/output.h"
#include "base/json.h"
#include "base/os.h"
#include "base/text.h"

char *journal_folder_new(void)
{
    /* Thousands of fsyncs: in memory where there is such a file system. */
    const char *base = getenv("TMPDIR");
    const char *fallback = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    char *path = cret_text_printf("%s/cretula-journal-XXXXXX", base != NULL ? base : fallback);
    cr_assert_not_null(path);
    cr_assert_not_null(mkdtemp(path));
    char *journal = cret_text_printf("%s/journal", path);
    free(path);
    return journal;
}

void journal_folder_remove(char **folder)
{
    char *slash = strrchr(*folder, '/');
    *slash = '\0';
    cret_os_remove_tree(*folder);
    free(*folder);
    *folder = NULL;
}

const char *in_folder(const char *folder, const char *name)
{
    static char buffers[4][4096];
    static unsigned next;
    char *out = buffers[next++ % 4];
    snprintf(out, sizeof(buffers[0]), "%s/%s", folder, name);
    return out;
}

char *read_text(const char *path, size_t *ret_size)
{
    char *data = NULL;
    size_t size = 0;
    struct cret_err err;
    cr_assert_eq(cret_file_read(&data, &size, path, 1u << 28, CRET_ERR_UNDECIDED, &err), CRET_OK,
                 "%s", err.what);
    if (ret_size != NULL) {
        *ret_size = size;
    }
    return data;
}

void write_text(const char *path, const char *data, size_t size)
{
    struct cret_err err;
    cr_assert_eq(cret_file_write(path, data, size, 0644, &err), CRET_OK, "%s", err.what);
}

void copy_tree(const char *from, const char *to)
{
    char **names = NULL;
    size_t count = 0;
    int fd = -1;
    bool created;
    struct cret_err err;
    cr_assert_eq(cret_os_make_directory(to, 0755, &created, &err), CRET_OK);
    cr_assert_eq(cret_os_open_directory(&fd, from, &err), CRET_OK);
    cr_assert_eq(cret_os_list(&names, &count, fd, &err), CRET_OK);
    for (size_t i = 0; i < count; i++) {
        char *source = cret_text_printf("%s/%s", from, names[i]);
        char *target = cret_text_printf("%s/%s", to, names[i]);
        struct stat info;
        cr_assert_eq(stat(source, &info), 0);
        if (S_ISDIR(info.st_mode)) {
            copy_tree(source, target);
        } else {
            size_t size = 0;
            char *data = read_text(source, &size);
            write_text(target, data, size);
            free(data);
        }
        free(source);
        free(target);
    }
    cret_os_names_free(&names, count);
    cret_os_close(&fd);
}

char **split_lines(char *text, size_t *ret_count)
{
    char **lines = calloc(4096, sizeof(*lines));
    char *rest = NULL;
    *ret_count = 0;
    for (char *line = strtok_r(text, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        lines[(*ret_count)++] = line;
    }
    return lines;
}

void write_lines(const char *path, char *const *lines, const size_t *order, size_t count)
{
    struct cret_buffer text = {0};
    for (size_t i = 0; i < count; i++) {
        cret_buffer_printf(&text, "%s\n", lines[order != NULL ? order[i] : i]);
    }
    cr_assert(!text.failed);
    write_text(path, text.size > 0 ? text.data : "", text.size);
    cret_buffer_free(&text);
}

static json_t *make_record(const struct cret_journal *journal, const struct run *run)
{
    static unsigned counter;
    uint8_t digest[CRET_SHA256_BYTES];
    char identity[CRET_SHA256_HEX], previous[CRET_SHA256_HEX] = "";
    cr_assert_eq(cret_sha256(digest, run->version, strlen(run->version), NULL), CRET_OK);
    cret_hex_encode(identity, digest, sizeof(digest));
    if (cret_journal_last_record(journal) != NULL) {
        cret_hex_encode(previous, cret_journal_last_record(journal), CRET_SHA256_BYTES);
    }
    json_t *record = json_pack(
        "{s:s, s:i, s:{s:s}, s:{s:s, s:{s:s, s:s}, s:{s:s, s:I}}, s:{s:s*, s:s*}, s:{s:b, s:s}, "
        "s:{s:b}, s:s}",
        "cretula", "record/1", "test", (int)++counter, "result", "verdict", run->verdict, "what",
        "identity", run->identity != NULL ? run->identity : identity, "product", "vendor",
        "Example", "name", "RTU-7", "release", "version", run->version, "sequence",
        (json_int_t)run->sequence, "why", "asset", run->asset, "stage", run->stage, "when",
        "verificationTimeGiven", (int)run->at, "verificationTime", "2030-01-01T00:00:00Z", "how",
        "exampleKeysAllowed", (int)run->example_keys, "previous", previous);
    cr_assert_not_null(record);
    return record;
}

enum cret_status append_open(struct cret_journal *journal, const struct run *run,
                             struct cret_err *err)
{
    json_t *record = make_record(journal, run);
    char *text = NULL, *attestation = NULL;
    size_t size = 0;
    cr_assert_eq(cret_json_print(&text, &size, record, err), CRET_OK);
    const struct cret_journal_run job = {.record = record,
                                         .record_text = text,
                                         .record_size = size,
                                         .signature = (const uint8_t *)run->signature,
                                         .signature_size =
                                             run->signature != NULL ? strlen(run->signature) : 0};
    const enum cret_status status = cret_journal_append_run(journal, &job, &attestation, err);
    free(attestation);
    free(text);
    json_decref(record);
    return status;
}

void append_run(const char *folder, const struct cret_journal_witness *witness,
                const struct run *run)
{
    struct cret_journal *journal = NULL;
    struct cret_err err;
    cr_assert_eq(cret_journal_open(&journal, folder, CRET_JOURNAL_APPEND, witness, &err), CRET_OK,
                 "%s (%s)", err.what, err.where);
    cr_assert_eq(append_open(journal, run, &err), CRET_OK, "%s", err.what);
    cr_assert_eq(cret_journal_confirm(journal, &err), CRET_OK, "%s", err.what);
    cret_journal_free(&journal);
}

static enum cret_status witness_read(void *context, uint8_t ret_head[CRET_SHA256_BYTES],
                                     struct cret_err *err)
{
    const struct memory_witness *witness = context;
    (void)err;
    memcpy(ret_head, witness->head, CRET_SHA256_BYTES);
    return CRET_OK;
}

static enum cret_status witness_extend(void *context,
                                       const struct cret_journal_extension *extension,
                                       json_t **ret_attestation, struct cret_err *err)
{
    struct memory_witness *witness = context;
    if (witness->fail_extend) {
        return cret_err_undecided(err, "the test's witness does not extend");
    }
    cr_assert_eq(memcmp(witness->head, extension->previous_head, CRET_SHA256_BYTES), 0);
    if (cret_journal_extend_head(witness->head, extension->line_digest, err) != CRET_OK) {
        return CRET_FAILED;
    }
    cr_assert_eq(memcmp(witness->head, extension->head, CRET_SHA256_BYTES), 0);
    witness->extended++;
    if (witness->attests && extension->record_digest != NULL) {
        *ret_attestation = json_pack("{s:s}", "cretula", "attestation/1");
    }
    return CRET_OK;
}

void memory_witness_begin(struct memory_witness *witness, uint8_t seed)
{
    *witness = (struct memory_witness){
        .witness = {.context = witness, .read = witness_read, .extend = witness_extend}};
    memset(witness->head, seed, sizeof(witness->head));
}

void expect_fault(const char *folder, const struct cret_journal_witness *witness,
                  enum cret_check_id check, const char *words)
{
    struct cret_journal_report report;
    struct cret_err err;
    cr_assert_eq(cret_journal_verify(&report, folder, witness, &err), CRET_OK, "%s", err.what);
    bool found = false;
    struct cret_buffer all = {0};
    for (size_t i = 0; i < cret_findings_count(report.findings); i++) {
        const struct cret_finding *finding = cret_findings_at(report.findings, i);
        const char *where = finding->where != NULL ? finding->where : "";
        cret_buffer_printf(&all, "\n  %s %s: %s: %s", cret_result_name(finding->result),
                           cret_check_get(finding->check)->name, where, finding->reason);
        found = found || (finding->result == CRET_RESULT_FAIL && finding->check == check &&
                          (strstr(finding->reason, words) != NULL || strstr(where, words) != NULL));
    }
    cr_assert(found, "no %s with \"%s\" among:%s", cret_check_get(check)->name, words,
              all.size > 0 ? all.data : " nothing");
    cret_buffer_free(&all);
    cret_journal_report_free(&report);
}

static size_t failures(const struct cret_journal_report *report, const char **ret_reason)
{
    size_t count = 0;
    for (size_t i = 0; i < cret_findings_count(report->findings); i++) {
        const struct cret_finding *finding = cret_findings_at(report->findings, i);
        if (finding->result == CRET_RESULT_FAIL) {
            *ret_reason = finding->reason;
            count++;
        }
    }
    return count;
}

bool verify_sound(const char *folder, const struct cret_journal_witness *witness)
{
    struct cret_journal_report report;
    const char *reason = "";
    cr_assert_eq(cret_journal_verify(&report, folder, witness, NULL), CRET_OK);
    const size_t count = failures(&report, &reason);
    cret_journal_report_free(&report);
    return count == 0;
}

size_t expect_sound(const char *folder, const struct cret_journal_witness *witness)
{
    struct cret_journal_report report;
    struct cret_err err;
    const char *reason = "";
    cr_assert_eq(cret_journal_verify(&report, folder, witness, &err), CRET_OK, "%s", err.what);
    cr_assert_eq(failures(&report, &reason), 0, "%s", reason);
    const size_t accepted = report.accepted;
    cret_journal_report_free(&report);
    return accepted;
}
