/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Journals: the input is journal.jsonl, whose lines are chained anew, so that what stands in them
 * is reached; behind a zero byte, the head that a writer left. Nothing that a witness does not hold
 * is ever taken under one.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../fuzz.h"
#include "base/digest/digest.h"
#include "evidence/journal/journal.h"

static char folder[] = "/tmp/cretula-fuzz-journal-XXXXXX";

static void write_file(const char *name, const void *data, size_t size)
{
    char path[200];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    FUZZ_HOLD(fd >= 0 && (size == 0 || write(fd, data, size) == (ssize_t)size));
    close(fd);
}

/* Each "previous" of the right length becomes the digest of the line before. */
static void chain(struct cret_buffer *out, struct fuzz_part text)
{
    static const char mark[] = "\"previous\":\"";
    uint8_t digest[CRET_SHA256_BYTES] = {0};
    char hex[CRET_SHA256_HEX];
    while (text.size > 0) {
        const uint8_t *end = memchr(text.data, '\n', text.size);
        const size_t size = end != NULL ? (size_t)(end - text.data) : text.size;
        const size_t start = out->size;
        cret_buffer_append(out, text.data, size);
        char *at = size > 0 ? memmem(out->data + start, size, mark, strlen(mark)) : NULL;
        if (at != NULL && at + strlen(mark) + 64 < out->data + out->size) {
            cret_hex_encode(hex, digest, sizeof(digest));
            memcpy(at + strlen(mark), hex, 64);
        }
        FUZZ_HOLD(cret_sha256(digest, size > 0 ? out->data + start : "", size, NULL) == CRET_OK);
        if (end != NULL) {
            cret_buffer_append(out, "\n", 1);
        }
        text.data += size + (end != NULL ? 1 : 0);
        text.size -= size + (end != NULL ? 1 : 0);
    }
}

static enum cret_status nothing(void *context, uint8_t ret_head[CRET_SHA256_BYTES],
                                struct cret_err *err)
{
    (void)context;
    (void)err;
    memset(ret_head, 0x5a, CRET_SHA256_BYTES);
    return CRET_OK;
}

/* The heads are those that follow from the lines. */
static void hold(const struct cret_journal *journal)
{
    uint8_t head[CRET_SHA256_BYTES];
    memcpy(head, cret_journal_genesis(journal), sizeof(head));
    for (size_t i = 0; i < cret_journal_count(journal); i++) {
        const struct cret_journal_entry *entry = cret_journal_at(journal, i);
        FUZZ_HOLD(entry->number == (int64_t)i);
        FUZZ_HOLD((entry->kind == CRET_JOURNAL_GENESIS) == (i == 0));
        FUZZ_HOLD(cret_journal_extend_head(head, entry->digest, NULL) == CRET_OK);
        FUZZ_HOLD(memcmp(head, entry->head, sizeof(head)) == 0);
        FUZZ_HOLD(!cret_journal_accepted(entry) ||
                  (entry->kind == CRET_JOURNAL_RUN && !entry->unconfirmed && !entry->pending &&
                   !entry->at_given && !entry->example_keys));
    }
    FUZZ_HOLD(memcmp(head, cret_journal_head(journal), sizeof(head)) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool made;
    struct fuzz_part parts[2];
    struct cret_buffer lines = {0};
    struct cret_journal *journal = NULL;
    struct cret_journal_report report;
    struct cret_err err;
    const struct cret_journal_witness witness = {.read = nothing};
    if (!made) {
        FUZZ_HOLD(mkdtemp(folder) != NULL);
        made = true;
    }
    fuzz_split(parts, 2, data, size);
    chain(&lines, parts[0]);
    write_file(CRET_JOURNAL_FILE, lines.data, lines.size);
    if (parts[1].size > 0) {
        write_file("journal.head", parts[1].data, parts[1].size);
    } else {
        char path[200];
        snprintf(path, sizeof(path), "%s/journal.head", folder);
        unlink(path);
    }
    cret_err_clear(&err);
    if (cret_journal_open(&journal, folder, CRET_JOURNAL_READ, NULL, &err) == CRET_OK) {
        hold(journal);
    } else {
        FUZZ_HOLD(journal == NULL);
        fuzz_hold_failure(&err, 1u << CRET_ERR_REFUSED | 1u << CRET_ERR_UNDECIDED);
    }
    cret_journal_free(&journal);
    FUZZ_HOLD(cret_journal_open(&journal, folder, CRET_JOURNAL_READ, &witness, NULL) != CRET_OK);
    FUZZ_HOLD(journal == NULL);
    memset(&report, 0, sizeof(report));
    if (cret_journal_verify(&report, folder, NULL, NULL, &err) == CRET_OK) {
        FUZZ_HOLD(report.findings != NULL && report.runs <= report.lines);
        /* There is no record: whoever has a run that counts lacks one. */
        FUZZ_HOLD(report.accepted == 0 || cret_findings_failed(report.findings));
    }
    cret_journal_report_free(&report);
    cret_buffer_free(&lines);
    return 0;
}

static void remove_folder(void)
{
    static const char *const names[] = {CRET_JOURNAL_FILE, "journal.head", "lock", "records"};
    char path[200];
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
        remove(path);
    }
    rmdir(folder);
}

__attribute__((constructor)) static void at_end(void)
{
    atexit(remove_folder);
}
