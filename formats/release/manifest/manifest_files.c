/* SPDX-License-Identifier: Apache-2.0 */
/* The list of files, read one at a time, since it can be very long. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "release/manifest/manifest_fields.h"
#include "release/manifest/manifest_internal.h"

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static size_t skip_space(const char *text, size_t position, size_t size)
{
    while (position < size && is_space(text[position])) {
        position++;
    }
    return position;
}

/* From an opening quote to behind the closing one; size where there is none. */
static size_t skip_string(const char *text, size_t position, size_t size)
{
    for (position++; position < size; position++) {
        if (text[position] == '\\') {
            position++;
        } else if (text[position] == '"') {
            return position + 1;
        }
    }
    return size;
}

/*
 * From the start of a value to the ',' or closing bracket behind it; size where there is none.
 * Kinds of brackets are not matched here: the parser sees every byte later, and a text that is JSON
 * is cut at the right places.
 */
static size_t skip_value(const char *text, size_t position, size_t size)
{
    size_t depth = 0;
    while (position < size) {
        const char c = text[position];
        if (c == '"') {
            position = skip_string(text, position, size);
            continue;
        }
        if (c == '{' || c == '[') {
            depth++;
        } else if (c == '}' || c == ']') {
            if (depth == 0) {
                return position;
            }
            depth--;
        } else if (c == ',' && depth == 0) {
            return position;
        }
        position++;
    }
    return size;
}

/* The '[' of the root member "files"; size where there is none. A key written with escapes is not
 * found, and its array is then read with the rest of the tree. */
static size_t find_files(const char *text, size_t size)
{
    static const char key[] = "\"files\"";
    const size_t key_size = sizeof(key) - 1;
    size_t position = skip_space(text, 0, size);
    if (position >= size || text[position] != '{') {
        return size;
    }
    do {
        const size_t start = skip_space(text, position + 1, size);
        if (start >= size || text[start] != '"') {
            return size;
        }
        const size_t end = skip_string(text, start, size);
        position = skip_space(text, end, size);
        if (position >= size || text[position] != ':') {
            return size;
        }
        position = skip_space(text, position + 1, size);
        if (end - start == key_size && memcmp(text + start, key, key_size) == 0) {
            return position < size && text[position] == '[' ? position : size;
        }
        position = skip_value(text, position, size);
    } while (position < size && text[position] == ',');
    return size;
}

void cret_manifest_split(struct cret_manifest_split *ret_split, const char *text, size_t size)
{
    *ret_split = (struct cret_manifest_split){.found = false};
    const size_t start = find_files(text, size);
    if (start >= size) {
        return;
    }
    size_t position = skip_value(text, start + 1, size);
    const size_t first_end = position;
    size_t rest = 0;
    while (position < size && text[position] == ',') {
        position = skip_value(text, position + 1, size);
        rest++;
    }
    if (position >= size || text[position] != ']' ||
        (rest > 0 && skip_space(text, start + 1, first_end) == first_end)) {
        return; /* no JSON; the parser says where */
    }
    *ret_split = (struct cret_manifest_split){
        .found = true, .first_end = first_end, .end = position, .rest = rest};
}

/* The next element after *position (first: split->first_end); false at the end of the array. */
static bool split_next(const struct cret_manifest_split *split, const char *text, size_t *position,
                       const char **ret_element, size_t *ret_size)
{
    if (!split->found || *position >= split->end) {
        return false;
    }
    const size_t start = *position + 1;
    const size_t end = skip_value(text, start, split->end);
    *ret_element = text + start;
    *ret_size = end - start;
    *position = end;
    return true;
}

/* What one run over files[] carries. */
struct reader {
    struct cret_manifest *manifest;
    size_t capacity, index;
    size_t faults, unlisted;
    bool valid; /* so far; only then entries are filled */
    struct cret_findings *findings, *scratch;
};

/* Moves what the scratch list holds to the real one, with the pointer of the element before it. */
static enum cret_status move_findings(struct reader *reader, struct cret_err *err)
{
    if (cret_findings_whole(reader->scratch, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const size_t count = cret_findings_count(reader->scratch);
    for (size_t i = 0; i < count; i++) {
        const struct cret_finding *finding = cret_findings_at(reader->scratch, i);
        if (reader->faults >= CRET_MANIFEST_FAULTS) {
            reader->unlisted++;
            continue;
        }
        const bool below = finding->where != NULL && strlen(finding->where) > 2;
        char *where =
            cret_text_printf("#/files/%zu%s", reader->index, below ? finding->where + 1 : "");
        if (where == NULL) {
            return cret_err_memory(err);
        }
        cret_findings_add(reader->findings, finding->check, finding->result,
                          (struct cret_finding_text){.where = where,
                                                     .expected = finding->expected,
                                                     .actual = finding->actual,
                                                     .hint = finding->hint},
                          "%s", finding->reason);
        free(where);
        reader->faults++;
    }
    cret_findings_free(&reader->scratch);
    reader->scratch = cret_findings_new();
    return reader->scratch != NULL ? CRET_OK : cret_err_memory(err);
}

enum cret_safety cret_manifest_safety(const json_t *file)
{
    const json_t *said = json_object_get(file, "safetyRelevant");
    return !json_is_boolean(said) ? CRET_SAFETY_NOT_SAID
           : json_is_true(said)   ? CRET_SAFETY_RELEVANT
                                  : CRET_SAFETY_NOT_RELEVANT;
}

/* A text that several files may have; false: memory. */
static bool share(struct reader *reader, const char **ret_text, const char *text)
{
    if (text != NULL) {
        *ret_text = cret_manifest_strings_share(reader->manifest->strings, text);
    }
    return text == NULL || *ret_text != NULL;
}

/* A validated element becomes an entry. */
static enum cret_status fill(struct reader *reader, const json_t *element, struct cret_err *err)
{
    struct cret_manifest *manifest = reader->manifest;
    struct cret_entry *entry = &manifest->entries[reader->index];
    struct cret_manifest_file *file = &manifest->files[reader->index];
    const char *original = cret_json_string(element, "originalName");
    const char *fsverity = cret_json_string(element, "fsverity");
    entry->path = cret_manifest_strings_add(manifest->strings, cret_json_string(element, "path"));
    file->role = cret_manifest_strings_share(manifest->strings, cret_json_string(element, "role"));
    if (original != NULL) {
        file->original = cret_manifest_strings_add(manifest->strings, original);
    }
    file->safety = cret_manifest_safety(element);
    if (entry->path == NULL || file->role == NULL || (original != NULL && file->original == NULL) ||
        !share(reader, &file->media_type, cret_json_string(element, "mediaType")) ||
        !share(reader, &file->safety_function, cret_json_string(element, "safetyFunction"))) {
        return cret_err_memory(err);
    }
    json_t *hardware = json_object_get(element, "hardware");
    file->hardware = hardware != NULL ? json_incref(hardware) : NULL;
    entry->size = (uint64_t)cret_json_integer(element, "size", 0);
    entry->has_fsverity = fsverity != NULL;
    manifest->file_count = reader->index + 1;
    if (cret_hex_decode(entry->sha256, CRET_SHA256_BYTES, cret_json_string(element, "sha256")) !=
            CRET_OK ||
        (fsverity != NULL &&
         cret_hex_decode(entry->fsverity, CRET_SHA256_BYTES, fsverity) != CRET_OK)) {
        return cret_err_refuse(err, CRET_CHECK_MANIFEST_FORM, "a digest in files[] is not hex");
    }
    return CRET_OK;
}

static enum cret_status read_rest(struct reader *reader, const struct cret_manifest_split *split,
                                  const char *text, struct cret_err *err)
{
    size_t position = split->first_end, size;
    const char *bytes;
    while (split_next(split, text, &position, &bytes, &size)) {
        json_t *element = NULL;
        if (cret_json_parse(&element, bytes, size, CRET_JSON_STRICT, CRET_CHECK_MANIFEST_FORM,
                            err) != CRET_OK) {
            return cret_err_where(err, "#/files/%zu", reader->index);
        }
        enum cret_status status = CRET_OK;
        if (cret_schema_validate(cret_manifest_file_fields, element, CRET_SCHEMA_MANIFEST,
                                 CRET_CHECK_MANIFEST_FORM, reader->scratch) != CRET_OK) {
            reader->valid = false;
            status = move_findings(reader, err);
        } else if (reader->valid) {
            status = fill(reader, element, err);
        }
        json_decref(element);
        if (status != CRET_OK) {
            return CRET_FAILED;
        }
        reader->index++;
    }
    return CRET_OK;
}

static enum cret_status read_all(struct reader *reader, const struct cret_manifest_split *split,
                                 const char *text, struct cret_err *err)
{
    json_t *tree = json_object_get(reader->manifest->json, "files");
    CRET_JSON_EACH (element, tree) {
        if (reader->valid && fill(reader, element, err) != CRET_OK) {
            return CRET_FAILED;
        }
        reader->index++;
    }
    json_object_del(reader->manifest->json, "files");
    if (read_rest(reader, split, text, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (reader->unlisted > 0) {
        cret_findings_add(reader->findings, CRET_CHECK_MANIFEST_FORM, CRET_RESULT_FAIL,
                          (struct cret_finding_text){.where = "#/files"},
                          "%zu more faults in files[] are not listed", reader->unlisted);
    }
    return CRET_OK;
}

enum cret_status cret_manifest_read_files(struct cret_manifest *manifest,
                                          const struct cret_manifest_split *split, const char *text,
                                          bool valid, struct cret_findings *findings,
                                          struct cret_err *err)
{
    struct reader reader = {
        .manifest = manifest,
        .capacity = json_array_size(json_object_get(manifest->json, "files")) + split->rest,
        .valid = valid,
        .findings = findings,
        .scratch = cret_findings_new(),
    };
    if (reader.scratch == NULL) {
        return cret_err_memory(err);
    }
    enum cret_status status = CRET_FAILED;
    if (reader.capacity > CRET_LIMIT_FILES) {
        char actual[32];
        snprintf(actual, sizeof(actual), "%zu", reader.capacity);
        cret_findings_add(findings, CRET_CHECK_ARCHIVE_LIMITS, CRET_RESULT_FAIL,
                          (struct cret_finding_text){.where = "#/files",
                                                     .expected = "at most 200000 files",
                                                     .actual = actual,
                                                     .hint = "split the release"},
                          "the manifest lists too many files");
        status = CRET_OK;
        goto out;
    }
    if (valid) {
        manifest->entries = calloc(reader.capacity, sizeof(*manifest->entries));
        manifest->files = calloc(reader.capacity, sizeof(*manifest->files));
        if (cret_manifest_strings_new(&manifest->strings) != CRET_OK || manifest->entries == NULL ||
            manifest->files == NULL) {
            cret_err_memory(err);
            goto out;
        }
    }
    status = read_all(&reader, split, text, err);

out:
    cret_findings_free(&reader.scratch);
    return status;
}
