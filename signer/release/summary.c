/* SPDX-License-Identifier: Apache-2.0 */
/* Telling what was packed, as text and as JSON. */
#include "signer/release/summary.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/json_build.h"
#include "base/text/shell.h"
#include "base/text/text.h"
#include "base/text/time.h"
#include "signer/report/embedded.h"
#include "signer/report/report.h"
#include "trust/x509/example_keys.h"

#define RENAMED_SHOWN 3u /* more are a number */

/* The earliest end of the certificates that the signature rests on. */
static int64_t last_day(const struct cret_summary *summary)
{
    int64_t end = cret_certificate_not_after(summary->certificate);
    for (size_t i = 0; i < summary->chain_count; i++) {
        const int64_t other = cret_certificate_not_after(summary->chain[i]);
        end = other < end ? other : end;
    }
    return end;
}

static void put_title(struct cret_page *page, const struct cret_summary *summary)
{
    const struct cret_manifest *manifest = summary->publication->content->manifest;
    cret_page_verdict(page, CRET_TONE_GOOD, manifest->adopted ? "Adopted" : "Packed",
                      "%s %s (sequence %" PRId64 "), %s", manifest->product, manifest->version,
                      manifest->sequence, manifest->vendor);
    if (manifest->adopted) {
        cret_page_qualify(page, "the vendor's origin is NOT authenticated by this signature");
    }
    if (cret_example_certificate(summary->certificate) != NULL) {
        cret_page_qualify(page, "signed with an example key that everybody has: for a trial only");
    }
}

/* What stands behind the owner's word, and what does not. */
static void put_adoption(struct cret_page *page, const struct cret_summary *summary)
{
    const json_t *adoption =
        cret_json_get(summary->publication->content->manifest->json, "adoption");
    const json_t *published = json_object_get(adoption, "published");
    const json_t *foreign = json_object_get(adoption, "foreignSignatures");
    if (adoption == NULL) {
        return;
    }
    cret_page_row(page, "adopted by", "%s", cret_json_string(adoption, "by"));
    cret_page_row(page, "source", "%s", cret_json_string(adoption, "source"));
    cret_page_row(page, "medium", "%s", cret_json_string(adoption, "medium"));
    CRET_JSON_EACH (entry, published) {
        cret_page_row(page, "compared", "%s has the SHA-256 that the vendor published",
                      cret_json_string(entry, "file"));
    }
    CRET_JSON_EACH (entry, foreign) {
        cret_page_row(page, "foreign", "%s: %s", cret_json_string(entry, "file"),
                      cret_json_string(entry, "result"));
    }
    if (json_array_size(published) == 0 && json_array_size(foreign) == 0) {
        cret_page_row(page, "compared", "with nothing");
    }
}

/* "8: 4 document, 1 firmware, ..." */
static void put_files(struct cret_page *page, const struct cret_manifest *manifest)
{
    struct cret_buffer line = {0};
    const char *before = ": ";
    cret_buffer_printf(&line, "%zu", manifest->file_count);
    for (const char *const *role = cret_file_roles; *role != NULL; role++) {
        size_t count = 0;
        for (size_t i = 0; i < manifest->file_count; i++) {
            count += strcmp(manifest->files[i].role, *role) == 0 ? 1u : 0u;
        }
        if (count > 0) {
            cret_buffer_printf(&line, "%s%zu %s", before, count, *role);
            before = ", ";
        }
    }
    cret_page_buffer(page, "files", &line);
}

static void put_renamed(struct cret_page *page, const struct cret_reading *reading)
{
    for (size_t i = 0; i < reading->renamed_count && i < RENAMED_SHOWN; i++) {
        const struct cret_renamed *file = &reading->renamed[i];
        cret_page_row(page, i == 0 ? "renamed" : "", "%s -> %s%s", file->wanted, file->path,
                      file->keeps_original ? "" : " (original name not kept)");
    }
    if (reading->renamed_count > RENAMED_SHOWN) {
        cret_page_row(page, "", "and %zu more (--json lists all)",
                      reading->renamed_count - RENAMED_SHOWN);
    }
}

static void put_signer(struct cret_page *page, const struct cret_summary *summary)
{
    char key[CRET_SHA256_HEX];
    cret_hex_encode(key, cret_certificate_key_digest(summary->certificate), CRET_SHA256_BYTES);
    cret_page_row(page, "signer", "%s, %s", cret_certificate_subject(summary->certificate),
                  cret_cms_algorithm(summary->publication->signature));
    cret_page_row(page, "key", "%s", key);
    json_t *told = cret_embedded_told(summary->publication->signature, summary->credentials,
                                      last_day(summary));
    if (told == NULL) {
        cret_page_fail(page);
    }
    cret_embedded_put(page, told);
    cret_embedded_put_end(page, told);
    json_decref(told);
}

static void add_word(struct cret_buffer *out, const char *before, const char *path)
{
    char *word = cret_shell_file(path);
    cret_buffer_printf(out, "%s%s", before, word != NULL ? word : "FILE");
    free(word);
}

/* What whoever packed it can run at once: the signer's certificate is an anchor too. */
static void put_next(struct cret_page *page, const struct cret_summary *summary)
{
    struct cret_buffer line = {0};
    add_word(&line, "cretula-verify check ", summary->publication->out);
    if (summary->publication->content->manifest->adopted) {
        cret_buffer_printf(&line, " --trust TRUST.json");
    } else {
        add_word(&line, summary->detached ? " --payload DIR --anchor " : " --anchor ",
                 summary->certificate_path);
    }
    if (cret_example_certificate(summary->certificate) != NULL) {
        cret_buffer_printf(&line, " --allow-example-keys");
    }
    cret_page_command(page, "next", cret_page_words(page, &line));
    cret_buffer_free(&line);
}

void cret_summary_put(struct cret_page *page, const struct cret_summary *summary)
{
    const struct cret_manifest *manifest = summary->publication->content->manifest;
    char identity[CRET_SHA256_HEX], date[32];
    cret_hex_encode(identity, manifest->identity, CRET_SHA256_BYTES);
    cret_time_format(date, manifest->date);
    put_title(page, summary);
    cret_page_row(page, summary->detached ? "front" : "archive", "%s", summary->publication->out);
    cret_page_row(page, "date (UTC)", "%s", date);
    put_adoption(page, summary);
    put_files(page, manifest);
    put_renamed(page, summary->publication->content);
    put_signer(page, summary);
    cret_page_row(page, "size", "%" PRIu64 " bytes", summary->publication->size);
    cret_page_row(page, "identity", "%s", identity);
    put_next(page, summary);
}

static json_t *files_json(const struct cret_manifest *manifest)
{
    struct cret_build list = cret_build_list();
    for (size_t i = 0; i < manifest->file_count; i++) {
        const struct cret_entry *entry = &manifest->entries[i];
        struct cret_build file = cret_build_object();
        cret_build_string(&file, "path", entry->path);
        cret_build_string(&file, "originalName", manifest->files[i].original);
        cret_build_string(&file, "role", manifest->files[i].role);
        cret_build_integer(&file, "size", (int64_t)entry->size);
        cret_build_sha256(&file, "sha256", entry->sha256);
        cret_build_add(&list, cret_build_end(&file));
    }
    return cret_build_end(&list);
}

json_t *cret_summary_json(const struct cret_summary *summary)
{
    const struct cret_publication *publication = summary->publication;
    const struct cret_manifest *manifest = publication->content->manifest;
    char identity[CRET_SHA256_HEX], key[CRET_SHA256_HEX], date[32], end[32];
    cret_hex_encode(identity, manifest->identity, CRET_SHA256_BYTES);
    cret_hex_encode(key, cret_certificate_key_digest(summary->certificate), CRET_SHA256_BYTES);
    cret_time_format(date, manifest->date);
    cret_time_format(end, last_day(summary));
    json_t *told =
        cret_embedded_told(publication->signature, summary->credentials, last_day(summary));
    json_t *embedded = cret_embedded_json(told);
    json_decref(told);
    return json_pack(
        "{s:s, s:s, s:b, s:I, s:s, s:{s:s, s:s}, s:{s:s, s:I, s:s}, s:{s:s, s:s, s:s, s:b, s:s}, "
        "s:o, s:o, s:o}",
        "cretula", "pack/1", "archive", publication->out, "detached", (int)summary->detached,
        "size", (json_int_t)publication->size, "identity", identity, "product", "vendor",
        manifest->vendor, "name", manifest->product, "release", "version", manifest->version,
        "sequence", (json_int_t)manifest->sequence, "date", date, "signer", "subject",
        cret_certificate_subject(summary->certificate), "key", key, "algorithm",
        cret_cms_algorithm(publication->signature), "exampleKey",
        (int)(cret_example_certificate(summary->certificate) != NULL), "verifiableUntil", end,
        "files", files_json(manifest), "findings",
        cret_report_findings_json(summary->description, summary->findings), "embedded", embedded);
}
