/* SPDX-License-Identifier: Apache-2.0 */
/* Documents by their primary id and languages, with the revisions between; and topics. */
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/json_words.h"
#include "base/text/text.h"
#include "release/diff/diff_internal.h"

/* The id that is used first. */
static const char *primary_id(const json_t *document)
{
    const json_t *ids = json_object_get(document, "ids");
    CRET_JSON_EACH (id, ids) {
        if (cret_json_boolean(id, "primary", false)) {
            return cret_json_string(id, "id");
        }
    }
    return cret_json_string(json_array_get(ids, 0), "id");
}

/* "RTU7-SEC (en, de)"; the version is what may change. Caller frees; NULL: memory. */
static char *name_of(const json_t *document)
{
    struct cret_buffer name = {0};
    const char *id = primary_id(document);
    cret_buffer_printf(&name, "%s", id != NULL ? id : "");
    if (json_array_size(json_object_get(document, "languages")) > 0) {
        cret_buffer_printf(&name, " (");
        cret_json_words(&name, json_object_get(document, "languages"));
        cret_buffer_printf(&name, ")");
    }
    if (name.failed) {
        cret_buffer_free(&name);
    }
    return name.data;
}

/* By name; a second one of that name (another version of it) goes by its version too. */
static json_t *index_documents(struct cret_diff_run *run, const json_t *documents)
{
    json_t *names = json_object();
    CRET_JSON_EACH (document, documents) {
        char *name = name_of(document);
        if (name != NULL && json_object_get(names, name) != NULL) {
            char *longer = cret_text_printf("%s %s", name, cret_json_string(document, "version"));
            free(name);
            name = longer;
        }
        run->differences.failed |=
            name == NULL || names == NULL || json_object_set(names, name, document) != 0;
        free(name);
    }
    return names;
}

static const struct cret_diff_file *find_file(const struct cret_diff_side *side, const char *path)
{
    size_t low = 0, high = side->file_count;
    while (path != NULL && low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = strcmp(path, side->files[middle].path);
        if (order == 0) {
            return &side->files[middle];
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return NULL;
}

/* The document's SHA-256: its file's, or what the manifest says of one on request. */
static const char *digest_of(const struct cret_diff_side *side, const json_t *document,
                             char hex[CRET_SHA256_HEX])
{
    const struct cret_diff_file *file = find_file(side, cret_json_string(document, "file"));
    if (file == NULL) {
        return cret_json_string(document, "sha256");
    }
    cret_hex_encode(hex, file->sha256, CRET_SHA256_BYTES);
    return hex;
}

/* The revisions of the new document that the old one does not list: "3.1 (2026-05-01): text". */
static char *revisions_between(const json_t *was, const json_t *is)
{
    struct cret_buffer text = {0};
    const char *old_version = cret_json_string(was, "version");
    CRET_JSON_EACH (revision, json_object_get(is, "revisions")) {
        const char *version = cret_json_string(revision, "version");
        const char *summary = cret_json_string(revision, "summary");
        bool known = strcmp(version, old_version) == 0;
        CRET_JSON_EACH (earlier, json_object_get(was, "revisions")) {
            known |= strcmp(cret_json_string(earlier, "version"), version) == 0;
        }
        if (!known) {
            cret_buffer_printf(&text, "%s%s (%s)%s%s", text.size > 0 ? "; " : "", version,
                               cret_json_string(revision, "date"), summary != NULL ? ": " : "",
                               summary != NULL ? summary : "");
        }
    }
    return text.data;
}

static void compare_document(struct cret_diff_run *run, const char *name, const json_t *was,
                             const json_t *is)
{
    static const char *const fields[] = {"version",      "title",        "topics", "binding",
                                         "classes",      "availability", "file",   "reviewBy",
                                         "supersededBy", "appliesTo",    NULL};
    char old_hex[CRET_SHA256_HEX], new_hex[CRET_SHA256_HEX];
    json_t *details = cret_diff_details();
    for (size_t i = 0; fields[i] != NULL; i++) {
        cret_diff_detail_json(&details, fields[i], json_object_get(was, fields[i]),
                              json_object_get(is, fields[i]));
    }
    const char *old_digest = digest_of(run->old, was, old_hex);
    const char *new_digest = digest_of(run->new, is, new_hex);
    const bool other_bytes =
        old_digest == NULL || new_digest == NULL || strcmp(old_digest, new_digest) != 0;
    const bool revised =
        strcmp(cret_json_string(was, "version"), cret_json_string(is, "version")) != 0;
    if (other_bytes) {
        cret_diff_detail(&details, "sha256", old_digest, new_digest);
    }
    run->differences.failed |= details == NULL;
    if (json_array_size(details) == 0 && json_equal(was, is)) {
        json_decref(details);
        return;
    }
    char *note = revised ? revisions_between(was, is) : NULL;
    cret_diff_add(run, &(struct cret_difference){
                           .section = "documents",
                           .change = revised ? "revised" : "changed",
                           .subject = name,
                           .details = details,
                           .note = revised       ? note
                                   : other_bytes ? "the same version with other bytes: ask why"
                                                 : NULL,
                           .attention = !revised && other_bytes});
    free(note);
}

static void add_document(struct cret_diff_run *run, const char *name, const json_t *document,
                         bool added)
{
    struct cret_buffer title = {0};
    const json_t *titles = json_object_get(document, "title");
    const json_t *english = json_object_get(titles, "en");
    cret_json_words(&title, english != NULL ? english : titles);
    cret_buffer_printf(&title, " %s", cret_json_string(document, "version"));
    run->differences.failed |= title.failed;
    cret_diff_add(run, &(struct cret_difference){.section = "documents",
                                                 .change = added ? "added" : "removed",
                                                 .subject = name,
                                                 .note = title.data,
                                                 .attention = !added});
    cret_buffer_free(&title);
}

static bool is_answered(const json_t *topic)
{
    const char *status = cret_json_string(topic, "status");
    return status != NULL && strcmp(status, "documented") == 0;
}

static void compare_topic(struct cret_diff_run *run, const char *id, const json_t *was,
                          const json_t *is)
{
    if (was != NULL && is != NULL && json_equal(was, is)) {
        return;
    }
    static const char *const fields[] = {"status", "documents", "reason", NULL};
    const bool before = is_answered(was), after = is_answered(is);
    json_t *details = cret_diff_details();
    for (size_t i = 0; fields[i] != NULL; i++) {
        cret_diff_detail_json(&details, fields[i], json_object_get(was, fields[i]),
                              json_object_get(is, fields[i]));
    }
    run->differences.failed |= details == NULL;
    cret_diff_add(run, &(struct cret_difference){.section = "topics",
                                                 .change = before && !after   ? "unanswered"
                                                           : !before && after ? "answered"
                                                           : was == NULL      ? "added"
                                                           : is == NULL       ? "removed"
                                                                              : "changed",
                                                 .subject = id,
                                                 .details = details,
                                                 .attention = before && !after});
}

static void compare_topics(struct cret_diff_run *run)
{
    json_t *was = json_object_get(run->old->manifest, "topics");
    json_t *is = json_object_get(run->new->manifest, "topics");
    CRET_JSON_MEMBERS (id, topic, is) {
        compare_topic(run, id, json_object_get(was, id), topic);
    }
    CRET_JSON_MEMBERS (id, topic, was) {
        if (json_object_get(is, id) == NULL) {
            compare_topic(run, id, topic, NULL);
        }
    }
}

void cret_diff_documents(struct cret_diff_run *run)
{
    json_t *was = index_documents(run, json_object_get(run->old->manifest, "documents"));
    json_t *is = index_documents(run, json_object_get(run->new->manifest, "documents"));
    CRET_JSON_MEMBERS (name, document, is) {
        const json_t *earlier = json_object_get(was, name);
        if (earlier != NULL) {
            compare_document(run, name, earlier, document);
        } else {
            add_document(run, name, document, true);
        }
    }
    CRET_JSON_MEMBERS (name, document, was) {
        if (json_object_get(is, name) == NULL) {
            add_document(run, name, document, false);
        }
    }
    json_decref(was);
    json_decref(is);
    compare_topics(run);
}
