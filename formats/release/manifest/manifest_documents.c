/* SPDX-License-Identifier: Apache-2.0 */
/* Rules on the documents of a manifest that no field table can say. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text/json.h"
#include "release/manifest/manifest_internal.h"
#include "release/nested/nested.h"

/* VDI 2770 part 1: the classes. */
static const char *const vdi2770_classes[] = {"01-01", "02-01", "02-02", "02-03", "02-04",
                                              "03-01", "03-02", "03-03", "03-04", "03-05",
                                              "03-06", "04-01", NULL};

struct checker {
    struct cret_findings *findings;
    json_t *seen; /* object: identity of every document version so far */
};

static void fault(const struct checker *checker, const char *expected, const char *actual,
                  const char *hint, const char *reason, const char *pointer_format, ...)
    CRET_PRINTF(6, 7);

static void fault(const struct checker *checker, const char *expected, const char *actual,
                  const char *hint, const char *reason, const char *pointer_format, ...)
{
    char pointer[256];
    va_list arguments;
    va_start(arguments, pointer_format);
    vsnprintf(pointer, sizeof(pointer), pointer_format, arguments);
    va_end(arguments);
    cret_findings_add(checker->findings, CRET_CHECK_MANIFEST_FORM, CRET_RESULT_FAIL,
                      (struct cret_finding_text){
                          .where = pointer, .expected = expected, .actual = actual, .hint = hint},
                      "%s", reason);
}

/* Of several ids exactly one is primary; a single one may leave it open. */
static void check_primary(const struct checker *checker, const json_t *document, size_t index)
{
    const json_t *ids = cret_json_get(document, "ids");
    size_t primary = 0;
    CRET_JSON_EACH (id, ids) {
        primary += cret_json_boolean(id, "primary", json_array_size(ids) == 1) ? 1 : 0;
    }
    if (primary != 1) {
        char actual[40];
        snprintf(actual, sizeof(actual), "%zu primary ids", primary);
        fault(checker, "exactly one id with primary true", actual, "mark one id as primary",
              "a document needs one primary id", "#/documents/%zu/ids", index);
    }
}

/* Domain, id, version and languages name one document; twice would be two documents of one name. */
static enum cret_status check_unique(const struct checker *checker, const json_t *document,
                                     size_t index, struct cret_err *err)
{
    CRET_JSON_EACH_AT (other, id, cret_json_get(document, "ids")) {
        struct cret_buffer key = {0};
        cret_buffer_printf(&key, "%s\n%s\n%s\n", cret_json_string(id, "domain"),
                           cret_json_string(id, "id"), cret_json_string(document, "version"));
        CRET_JSON_EACH (language, cret_json_get(document, "languages")) {
            cret_buffer_printf(&key, "%s,", json_string_value(language));
        }
        if (key.failed) {
            cret_buffer_free(&key);
            return cret_err_memory(err);
        }
        const bool known = json_object_get(checker->seen, key.data) != NULL;
        const int set = json_object_set_new(checker->seen, key.data, json_true());
        cret_buffer_free(&key);
        if (set != 0) {
            return cret_err_memory(err);
        }
        if (known) {
            fault(checker, "an id and version that no other document has",
                  cret_json_string(id, "id"), "give the document its own id or version",
                  "two documents have the same id, version and languages",
                  "#/documents/%zu/ids/%zu", index, other);
        }
    }
    return CRET_OK;
}

static void check_classes(const struct checker *checker, const json_t *document, size_t index)
{
    CRET_JSON_EACH_AT (other, class, cret_json_get(document, "classes")) {
        const char *id = cret_json_string(class, "id");
        bool known = strcmp(cret_json_string(class, "system"), "VDI2770") != 0;
        for (size_t i = 0; vdi2770_classes[i] != NULL; i++) {
            known = known || strcmp(id, vdi2770_classes[i]) == 0;
        }
        if (!known) {
            fault(checker, "01-01, 02-01 to 02-04, 03-01 to 03-06, or 04-01", id,
                  "use a class of VDI 2770 part 1", "VDI 2770 has no such class",
                  "#/documents/%zu/classes/%zu/id", index, other);
        }
    }
}

static void check_revisions(const struct checker *checker, const json_t *document, size_t index)
{
    const json_t *revisions = cret_json_get(document, "revisions");
    const char *version = cret_json_string(document, "version");
    size_t listed = 0;
    CRET_JSON_EACH (revision, revisions) {
        listed += strcmp(cret_json_string(revision, "version"), version) == 0 ? 1 : 0;
    }
    if (json_array_size(revisions) > 0 && listed != 1) {
        fault(checker, version, listed == 0 ? "not listed" : "listed more than once",
              "list the document's version once in its revisions",
              "the revision history must list the document's own version once",
              "#/documents/%zu/revisions", index);
    }
}

static void check_availability(const struct checker *checker, const json_t *document, size_t index)
{
    const bool has_file = cret_json_string(document, "file") != NULL;
    const bool has_digest = cret_json_string(document, "sha256") != NULL;
    const char *availability = cret_json_string(document, "availability");
    if (strcmp(availability, "included") == 0 && (!has_file || has_digest)) {
        fault(checker, "file, and no sha256 of its own", has_file ? "sha256" : "no file",
              "name the document's file", "an included document is a file of the release",
              "#/documents/%zu", index);
    }
    if (strcmp(availability, "onRequest") == 0 && (has_file || !has_digest)) {
        fault(checker, "sha256, and no file", has_file ? "file" : "no sha256",
              "give the SHA-256 of the document, so that it can be proved later",
              "a document on request is named by its digest only", "#/documents/%zu", index);
    }
}

static void check_applicability(const struct checker *checker, const json_t *document, size_t index)
{
    CRET_JSON_EACH_AT (other, range, cret_json_get(document, "appliesTo.releases")) {
        const bool single = cret_json_string(range, "version") != NULL;
        const bool bounded =
            cret_json_string(range, "from") != NULL || cret_json_string(range, "to") != NULL;
        if (single == bounded) {
            fault(checker, "version, or from and to", single ? "both" : "neither",
                  "give one version, or the first and last of a range",
                  "it is not clear which releases the document describes",
                  "#/documents/%zu/appliesTo/releases/%zu", index, other);
        }
    }
}

static void check_topics(const struct checker *checker, const json_t *topics)
{
    CRET_JSON_MEMBERS (key, topic, topics) {
        const bool documented = strcmp(cret_json_string(topic, "status"), "documented") == 0;
        const bool named = json_array_size(json_object_get(topic, "documents")) > 0;
        if (documented && !named) {
            fault(checker, "the ids of the documents", "none", "list the documents that answer it",
                  "a documented topic names its documents", "#/topics/%s/documents", key);
        }
        if (!documented && named) {
            fault(checker, "no documents", "documents",
                  "set status to documented, or leave the documents out",
                  "a topic that is not documented names no documents", "#/topics/%s/documents",
                  key);
        }
        if (!documented && cret_json_string(topic, "reason") == NULL) {
            fault(checker, "a reason", "none", "say why; silence is not an answer",
                  "a topic that is not documented needs a reason", "#/topics/%s", key);
        }
    }
}

/* A member is named as archives name it, without what leads nowhere. */
static bool is_member(const char *path)
{
    while (path != NULL) {
        const char *separator = strstr(path, CRET_NESTED_SEPARATOR);
        if (path[0] == '\0' || path[0] == '/' || strncmp(path, "./", 2) == 0 || separator == path) {
            return false;
        }
        path = separator != NULL ? separator + strlen(CRET_NESTED_SEPARATOR) : NULL;
    }
    return true;
}

static enum cret_status check_binds(const struct checker *checker, const json_t *sbom, size_t at,
                                    struct cret_err *err)
{
    json_t *seen = json_object();
    if (seen == NULL) {
        return cret_err_memory(err);
    }
    CRET_JSON_EACH_AT (index, bind, cret_json_get(sbom, "binds")) {
        const char *component = cret_json_string(bind, "component");
        const char *member = cret_json_string(bind, "member");
        if (!is_member(member)) {
            fault(checker, "a path such as rootfs.cpio.gz!/bin/busybox", member,
                  "leave out / and ./ at the beginning", "a bind names no file inside an archive",
                  "#/sbom/%zu/binds/%zu/member", at, index);
        }
        if (json_object_get(seen, component) != NULL) {
            fault(checker, "each component once", component, "leave one of the entries out",
                  "two binds name the same component", "#/sbom/%zu/binds/%zu/component", at, index);
        }
        if (json_object_set_new(seen, component, json_true()) != 0) {
            json_decref(seen);
            return cret_err_memory(err);
        }
    }
    json_decref(seen);
    return CRET_OK;
}

/* Each SBOM once: read twice it would count twice. */
static enum cret_status check_sboms(const struct checker *checker, const json_t *sboms,
                                    struct cret_err *err)
{
    CRET_JSON_EACH_AT (index, sbom, sboms) {
        const char *file = cret_json_string(sbom, "file");
        CRET_JSON_EACH_AT (other, earlier, sboms) {
            if (other < index && strcmp(cret_json_string(earlier, "file"), file) == 0) {
                fault(checker, "each SBOM once", file, "leave one of the entries out",
                      "two entries of sbom name the same file", "#/sbom/%zu/file", index);
                break;
            }
        }
        if (check_binds(checker, sbom, index, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

enum cret_status cret_manifest_check_documents(const json_t *manifest,
                                               struct cret_findings *findings, struct cret_err *err)
{
    const struct checker checker = {.findings = findings, .seen = json_object()};
    if (checker.seen == NULL) {
        return cret_err_memory(err);
    }
    enum cret_status status = CRET_FAILED;
    CRET_JSON_EACH_AT (index, document, cret_json_get(manifest, "documents")) {
        check_primary(&checker, document, index);
        check_classes(&checker, document, index);
        check_revisions(&checker, document, index);
        check_availability(&checker, document, index);
        check_applicability(&checker, document, index);
        if (check_unique(&checker, document, index, err) != CRET_OK) {
            goto out;
        }
    }
    check_topics(&checker, cret_json_get(manifest, "topics"));
    status = check_sboms(&checker, cret_json_get(manifest, "sbom"), err);

out:
    json_decref(checker.seen);
    return status;
}
