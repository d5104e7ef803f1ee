/* SPDX-License-Identifier: Apache-2.0 */
/* Telling what was packed, as text and as JSON. */
#include "signer/release/summary.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/json_build.h"
#include "base/text/shell.h"
#include "base/text/time.h"
#include "signer/report/embedded.h"
#include "signer/report/report.h"
#include "trust/x509/example_keys.h"

#define FILES_SHOWN 20u

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

static void print_release(FILE *stream, const struct cret_summary *summary)
{
    const struct cret_manifest *manifest = summary->publication->content->manifest;
    char identity[CRET_SHA256_HEX], date[32], size[64];
    cret_hex_encode(identity, manifest->identity, CRET_SHA256_BYTES);
    cret_time_format(date, manifest->date);
    snprintf(size, sizeof(size), "%" PRIu64 " bytes", summary->publication->size);
    fputs(manifest->adopted ? "Adopted " : "Packed ", stream);
    cret_print_safe(stream, manifest->product);
    fputc(' ', stream);
    cret_print_safe(stream, manifest->version);
    fprintf(stream, " (sequence %" PRId64 "), ", manifest->sequence);
    cret_print_safe(stream, manifest->vendor);
    fputc('\n', stream);
    cret_print_line(stream, summary->detached ? "front" : "archive", summary->publication->out);
    cret_print_line(stream, "size", size);
    cret_print_line(stream, "identity", identity);
    cret_print_line(stream, "date (UTC)", date);
}

static void print_signer(FILE *stream, const struct cret_summary *summary)
{
    char key[CRET_SHA256_HEX], end[32];
    const char *reason = cret_example_certificate(summary->certificate);
    cret_hex_encode(key, cret_certificate_key_digest(summary->certificate), CRET_SHA256_BYTES);
    cret_time_words(end, last_day(summary));
    cret_print_line(stream, "signer", cret_certificate_subject(summary->certificate));
    cret_print_line(stream, "key", key);
    cret_print_line(stream, "algorithm", cret_cms_algorithm(summary->publication->signature));
    cret_embedded_print(stream, summary->publication->signature, summary->credentials);
    if (reason != NULL) {
        cret_print_line(stream, "WARNING", "signed with an example key that everybody has:");
        cret_print_line(stream, "", reason);
    }
    fprintf(stream,
            "Without a timestamp the release cannot be verified after %s, when the "
            "certificate\nends (unless the verifier's policy pins it): cretula-sign timestamp "
            "adds one.\n",
            end);
}

/* What stands behind the owner's word, and what does not. */
static void print_adoption(FILE *stream, const struct cret_summary *summary)
{
    const json_t *adoption =
        cret_json_get(summary->publication->content->manifest->json, "adoption");
    const json_t *published = json_object_get(adoption, "published");
    const json_t *foreign = json_object_get(adoption, "foreignSignatures");
    size_t index;
    json_t *entry;
    if (adoption == NULL) {
        return;
    }
    cret_print_line(stream, "adopted by", cret_json_string(adoption, "by"));
    cret_print_line(stream, "source", cret_json_string(adoption, "source"));
    cret_print_line(stream, "medium", cret_json_string(adoption, "medium"));
    json_array_foreach(published, index, entry)
    {
        cret_print_line(stream, "compared", cret_json_string(entry, "file"));
        cret_print_line(stream, "", "has the SHA-256 that the vendor published");
    }
    json_array_foreach(foreign, index, entry)
    {
        cret_print_line(stream, "foreign", cret_json_string(entry, "file"));
        cret_print_line(stream, "", cret_json_string(entry, "result"));
    }
    if (json_array_size(published) == 0 && json_array_size(foreign) == 0) {
        cret_print_line(stream, "compared", "with nothing");
    }
    fputs("The vendor's origin is NOT authenticated by this signature.\n", stream);
}

static void print_files(FILE *stream, const struct cret_summary *summary)
{
    const struct cret_manifest *manifest = summary->publication->content->manifest;
    fprintf(stream, "Files (%zu):\n", manifest->file_count);
    for (size_t i = 0; i < manifest->file_count && i < FILES_SHOWN; i++) {
        fprintf(stream, "  %-13s %12" PRIu64 "  ", manifest->files[i].role,
                manifest->entries[i].size);
        cret_print_safe(stream, manifest->entries[i].path);
        fputc('\n', stream);
    }
    if (manifest->file_count > FILES_SHOWN) {
        fprintf(stream, "  and %zu more\n", manifest->file_count - FILES_SHOWN);
    }
}

static void print_renamed(FILE *stream, const struct cret_summary *summary)
{
    const struct cret_reading *reading = summary->publication->content;
    if (reading->renamed_count > 0) {
        fputs("Renamed (the original names are kept in the manifest):\n", stream);
    }
    for (size_t i = 0; i < reading->renamed_count; i++) {
        const struct cret_renamed *file = &reading->renamed[i];
        fputs("  ", stream);
        cret_print_safe(stream, file->wanted);
        fputs(" -> ", stream);
        cret_print_safe(stream, file->path);
        fputs(file->keeps_original ? "\n" : " (original name not kept)\n", stream);
    }
}

static void print_file_word(FILE *stream, const char *path)
{
    char *word = cret_shell_file(path);
    fputs(word != NULL ? word : "FILE", stream);
    free(word);
}

void cret_summary_print(FILE *stream, const struct cret_summary *summary)
{
    print_release(stream, summary);
    print_signer(stream, summary);
    print_adoption(stream, summary);
    print_files(stream, summary);
    print_renamed(stream, summary);
    fputs("Next: cretula-verify check ", stream);
    print_file_word(stream, summary->publication->out);
    if (summary->publication->content->manifest->adopted) {
        fputs(" --trust trust.json, where the vendor's scope has an owner role\n", stream);
        return;
    }
    fputs(summary->detached ? " --payload DIR --anchor ROOT.pem\n" : " --anchor ROOT.pem\n",
          stream);
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
        cret_report_findings_json(summary->description, summary->findings), "embedded",
        cret_embedded_json(publication->signature, summary->credentials));
}
