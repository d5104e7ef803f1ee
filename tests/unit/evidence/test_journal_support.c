/* SPDX-License-Identifier: Apache-2.0 */
#include "test_journal_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/cms.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include "base/system/file.h"
#include "base/system/os.h"
#include "base/system/output.h"
#include "base/text/json.h"
#include "base/text/text.h"
#include "evidence/journal/journal_internal.h"
#include "evidence/station/attestation.h"

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

/* Whoever signs records here: a key and its own certificate. */
static EVP_PKEY *recorder_key;
static X509 *recorder;

static void add_extension(X509 *certificate, int nid, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    cr_assert_not_null(extension);
    cr_assert_eq(X509_add_ext(certificate, extension, -1), 1);
    X509_EXTENSION_free(extension);
}

static void make_recorder(void)
{
    if (recorder != NULL) {
        return;
    }
    recorder_key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
    recorder = X509_new();
    cr_assert(recorder_key != NULL && recorder != NULL);
    X509_set_version(recorder, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(recorder), 7);
    ASN1_TIME_set(X509_getm_notBefore(recorder), 1577836800); /* 2020 */
    ASN1_TIME_set(X509_getm_notAfter(recorder), 2493072000);  /* 2049 */
    X509_NAME *name = X509_get_subject_name(recorder);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const uint8_t *)"recorder", -1, -1, 0);
    X509_set_issuer_name(recorder, name);
    X509_set_pubkey(recorder, recorder_key);
    add_extension(recorder, NID_key_usage, "critical,digitalSignature");
    add_extension(recorder, NID_ext_key_usage, "codeSigning");
    cr_assert_gt(X509_sign(recorder, recorder_key, EVP_sha256()), 0);
}

void recorder_digest(uint8_t ret_digest[CRET_SHA256_BYTES])
{
    make_recorder();
    cr_assert_eq(X509_digest(recorder, EVP_sha256(), ret_digest, NULL), 1);
}

uint8_t *recorder_sign(const char *text, size_t size, size_t *ret_size)
{
    const unsigned flags = CMS_DETACHED | CMS_BINARY | CMS_NOSMIMECAP | CMS_CADES;
    make_recorder();
    BIO *content = BIO_new_mem_buf(text, (int)size);
    CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, content, flags | CMS_PARTIAL);
    cr_assert_not_null(cms);
    cr_assert_not_null(CMS_add1_signer(cms, recorder, recorder_key, EVP_sha256(), flags));
    cr_assert_eq(CMS_final(cms, content, NULL, flags), 1);
    uint8_t *der = NULL;
    const int length = i2d_CMS_ContentInfo(cms, &der);
    cr_assert_gt(length, 0);
    CMS_ContentInfo_free(cms);
    BIO_free(content);
    *ret_size = (size_t)length;
    return der; /* OPENSSL_malloc is malloc here */
}

enum cret_status keep_signature(struct cret_journal *journal, struct cret_err *err)
{
    const struct cret_journal_entry *last =
        cret_journal_at(journal, cret_journal_count(journal) - 1);
    if (!last->has_signer) {
        return CRET_OK;
    }
    char *name = cret_journal_record_name(last->time, cret_journal_verdict_word(last->verdict),
                                          last->record);
    char *path = cret_journal_path(journal, name);
    size_t size = 0, length = 0;
    char *text = read_text(path, &size);
    uint8_t *der = recorder_sign(text, size, &length);
    const enum cret_status status = cret_journal_keep_signature(journal, der, length, err);
    OPENSSL_free(der);
    free(text);
    free(path);
    free(name);
    return status;
}

enum cret_status append_open(struct cret_journal *journal, const struct run *run,
                             struct cret_err *err)
{
    json_t *record = make_record(journal, run);
    char *text = NULL, *attestation = NULL;
    size_t size = 0;
    uint8_t signer[CRET_SHA256_BYTES];
    recorder_digest(signer);
    cr_assert_eq(cret_json_print(&text, &size, record, err), CRET_OK);
    const struct cret_journal_run job = {.record = record,
                                         .record_text = text,
                                         .record_size = size,
                                         .signer = run->signature != NULL ? signer : NULL};
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
    cr_assert_eq(keep_signature(journal, &err), CRET_OK, "%s", err.what);
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
        struct cret_attestation attestation = {.attest = {1}, .attest_size = 1};
        memcpy(attestation.record, extension->record_digest, CRET_SHA256_BYTES);
        memcpy(attestation.previous, extension->previous_head, CRET_SHA256_BYTES);
        memcpy(attestation.head, extension->head, CRET_SHA256_BYTES);
        attestation.line = strndup(extension->line, extension->line_size);
        *ret_attestation = cret_attestation_json(&attestation);
        cret_attestation_clear(&attestation);
    }
    return CRET_OK;
}

void memory_witness_begin(struct memory_witness *witness, uint8_t seed)
{
    *witness = (struct memory_witness){
        .witness = {.context = witness, .read = witness_read, .extend = witness_extend},
        .attests = true};
    memset(witness->head, seed, sizeof(witness->head));
}

void expect_fault(const char *folder, const struct cret_journal_witness *witness,
                  enum cret_check_id check, const char *words)
{
    struct cret_journal_report report;
    struct cret_err err;
    cr_assert_eq(cret_journal_verify(&report, folder, witness, NULL, &err), CRET_OK, "%s",
                 err.what);
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
    cr_assert_eq(cret_journal_verify(&report, folder, witness, NULL, NULL), CRET_OK);
    const size_t count = failures(&report, &reason);
    cret_journal_report_free(&report);
    return count == 0;
}

size_t expect_sound(const char *folder, const struct cret_journal_witness *witness)
{
    struct cret_journal_report report;
    struct cret_err err;
    const char *reason = "";
    cr_assert_eq(cret_journal_verify(&report, folder, witness, NULL, &err), CRET_OK, "%s",
                 err.what);
    cr_assert_eq(failures(&report, &reason), 0, "%s", reason);
    const size_t accepted = report.accepted;
    cret_journal_report_free(&report);
    return accepted;
}
