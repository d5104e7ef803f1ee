/* SPDX-License-Identifier: Apache-2.0 */
/* Files by path, and those that only moved by their digest. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/text.h"
#include "release/diff/diff_internal.h"

#define SIZE_WORDS 40

/* Files that are in one of the two releases alone. */
struct single {
    const struct cret_diff_file *file;
    const struct cret_diff_file *other; /* the same bytes under another path; or NULL */
};

static int by_digest(const void *left, const void *right)
{
    const struct single *a = left, *b = right;
    const int order = memcmp(a->file->sha256, b->file->sha256, CRET_SHA256_BYTES);
    return order != 0 ? order : strcmp(a->file->path, b->file->path);
}

static int by_path(const void *left, const void *right)
{
    const struct single *a = left, *b = right;
    return strcmp(a->file->path, b->file->path);
}

/* It says the digests of all others, and changes with them. */
static bool is_sums(const struct cret_diff_file *file)
{
    return strcmp(file->role, "checksums") == 0;
}

static void detail_size(json_t **details, const struct cret_diff_file *was,
                        const struct cret_diff_file *is)
{
    char old_size[SIZE_WORDS], new_size[SIZE_WORDS];
    if (was->size != is->size) {
        snprintf(old_size, sizeof(old_size), "%" PRIu64 " bytes", was->size);
        snprintf(new_size, sizeof(new_size), "%" PRIu64 " bytes", is->size);
        cret_diff_detail(details, "size", old_size, new_size);
    }
}

static void detail_text(json_t **details, const char *field, const char *was, const char *is)
{
    if (was != is && (was == NULL || is == NULL || strcmp(was, is) != 0)) {
        cret_diff_detail(details, field, was, is);
    }
}

/* What the manifests say of a file beside its path and its bytes. */
static void detail_words(json_t **details, const struct cret_diff_file *was,
                         const struct cret_diff_file *is)
{
    detail_text(details, "role", was->role, is->role);
    cret_diff_detail_json(details, "hardware", was->hardware, is->hardware);
    cret_diff_detail_json(details, "safetyRelevant", was->safety, is->safety);
    detail_text(details, "safetyFunction", was->safety_function, is->safety_function);
    detail_text(details, "mediaType", was->media_type, is->media_type);
    detail_text(details, "original", was->original, is->original);
}

/* A file that safety rests on is another one, or what rests on it is said otherwise. */
static bool touches_safety(const struct cret_diff_file *was, const struct cret_diff_file *is)
{
    return json_is_true(was->safety) || json_is_true(is->safety);
}

/* For which models a file is: a wrong one on a device is more than to be read. */
static bool other_hardware(const struct cret_diff_file *was, const struct cret_diff_file *is)
{
    return was->hardware != is->hardware && (was->hardware == NULL || is->hardware == NULL ||
                                             json_equal(was->hardware, is->hardware) == 0);
}

static void compare_file(struct cret_diff_run *run, const struct cret_diff_file *was,
                         const struct cret_diff_file *is)
{
    char old_hex[CRET_SHA256_HEX], new_hex[CRET_SHA256_HEX];
    json_t *details = cret_diff_details();
    if (is_sums(was) && is_sums(is)) {
        json_decref(details);
        return;
    }
    detail_words(&details, was, is);
    if (memcmp(was->sha256, is->sha256, CRET_SHA256_BYTES) != 0) {
        cret_hex_encode(old_hex, was->sha256, CRET_SHA256_BYTES);
        cret_hex_encode(new_hex, is->sha256, CRET_SHA256_BYTES);
        detail_size(&details, was, is);
        cret_diff_detail(&details, "sha256", old_hex, new_hex);
    }
    run->differences.failed |= details == NULL;
    if (json_array_size(details) == 0) {
        json_decref(details);
        return;
    }
    cret_diff_add(run, &(struct cret_difference){.section = "files",
                                                 .change = "changed",
                                                 .subject = is->path,
                                                 .details = details,
                                                 .note = is->role,
                                                 .attention = other_hardware(was, is) ||
                                                              touches_safety(was, is)});
}

/* Pairs files of the same bytes, one with one. */
static void pair(struct single *gone, size_t gone_count, struct single *come, size_t come_count)
{
    qsort(gone, gone_count, sizeof(*gone), by_digest);
    qsort(come, come_count, sizeof(*come), by_digest);
    for (size_t i = 0, j = 0; i < gone_count && j < come_count;) {
        const int order = memcmp(gone[i].file->sha256, come[j].file->sha256, CRET_SHA256_BYTES);
        if (order == 0) {
            gone[i].other = come[j].file;
            come[j++].other = gone[i++].file;
        } else if (order < 0) {
            i++;
        } else {
            j++;
        }
    }
    qsort(gone, gone_count, sizeof(*gone), by_path);
    qsort(come, come_count, sizeof(*come), by_path);
}

static void add_single(struct cret_diff_run *run, const struct single *one, bool added)
{
    json_t *details = NULL;
    bool attention = false;
    if (one->other != NULL && added) {
        details = cret_diff_details();
        cret_diff_detail(&details, "path", one->other->path, one->file->path);
        detail_words(&details, one->other, one->file);
        attention = other_hardware(one->other, one->file);
        run->differences.failed |= details == NULL;
    }
    if (one->other == NULL || added) {
        cret_diff_add(run, &(struct cret_difference){.section = "files",
                                                     .change = one->other != NULL ? "renamed"
                                                               : added            ? "added"
                                                                                  : "removed",
                                                     .subject = one->file->path,
                                                     .details = details,
                                                     .note = one->file->role,
                                                     .attention = attention});
    }
}

void cret_diff_files(struct cret_diff_run *run)
{
    const struct cret_diff_side *was = run->old, *is = run->new;
    struct single *gone = calloc(was->file_count + 1, sizeof(*gone));
    struct single *come = calloc(is->file_count + 1, sizeof(*come));
    size_t gone_count = 0, come_count = 0, i = 0, j = 0;
    if (gone == NULL || come == NULL) {
        run->differences.failed = true;
        goto out;
    }
    while (i < was->file_count || j < is->file_count) {
        const int order = i == was->file_count  ? 1
                          : j == is->file_count ? -1
                                                : strcmp(was->files[i].path, is->files[j].path);
        if (order == 0) {
            compare_file(run, &was->files[i++], &is->files[j++]);
        } else if (order < 0) {
            gone[gone_count++].file = &was->files[i++];
        } else {
            come[come_count++].file = &is->files[j++];
        }
    }
    pair(gone, gone_count, come, come_count);
    for (size_t at = 0; at < come_count; at++) {
        add_single(run, &come[at], true);
    }
    for (size_t at = 0; at < gone_count; at++) {
        add_single(run, &gone[at], false);
    }
out:
    free(gone);
    free(come);
}
