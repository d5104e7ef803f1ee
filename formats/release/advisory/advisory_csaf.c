/* SPDX-License-Identifier: Apache-2.0 */
/* CSAF 2.0 and 2.1 (OASIS): the status of products, and what is said about them. */
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/json_build.h"
#include "base/text/text.h"
#include "release/advisory/advisory_internal.h"

/* 3.2.3.9.1: product_status, with what each list means for somebody who runs the product.
 * "recommended" names a version to take and says nothing of a vulnerability. */
static const struct {
    const char *list;
    enum cret_vex_status status;
} statuses[] = {
    {"first_affected", CRET_VEX_AFFECTED},
    {"known_affected", CRET_VEX_AFFECTED},
    {"last_affected", CRET_VEX_AFFECTED},
    {"under_investigation", CRET_VEX_INVESTIGATED},
    {"first_fixed", CRET_VEX_FIXED},
    {"fixed", CRET_VEX_FIXED},
    {"known_not_affected", CRET_VEX_NOT_AFFECTED},
    /* 2.1: nobody knows, and nobody looks: for a plant no better than what is looked into. */
    {"unknown", CRET_VEX_INVESTIGATED},
};

static int set(json_t *object, const char *name, const char *text)
{
    return text == NULL ? 0 : json_object_set_new(object, name, json_string(text));
}

static json_t *empty_statuses(void)
{
    return json_pack("[[], [], [], []]");
}

/* Every product that is no part of another one, where a document does not say which are affected.
 */
static int add_everything(const struct cret_advisory *advisory, json_t *list)
{
    int failed = 0;
    CRET_JSON_MEMBERS (id, product, advisory->products) {
        failed |= !cret_json_boolean(product, "made", false) &&
                  json_array_append_new(list, json_string(id)) != 0;
    }
    return failed;
}

/* The name of a vulnerability; new. An id that names products (2.1) is one of these only: all ids
 * stand where there is no other. NULL: memory. */
static char *read_id(const json_t *raw)
{
    const char *cve = cret_json_string(raw, "cve");
    const json_t *ids = json_object_get(raw, "ids");
    struct cret_buffer all = {0};
    CRET_JSON_EACH_AT (index, one, ids) {
        const char *text = cret_json_string(one, "text");
        if (cve == NULL && json_object_get(one, "product_ids") == NULL &&
            json_object_get(one, "group_ids") == NULL) {
            cve = text;
        }
        if (cve == NULL) {
            cret_buffer_printf(&all, "%s%s", index > 0 ? ", " : "", text);
        }
    }
    const char *title = cret_json_string(raw, "title");
    char *id = NULL;
    if (!all.failed) {
        id = strdup(cve != NULL                ? cve
                    : json_array_size(ids) > 0 ? all.data
                    : title != NULL            ? title
                                               : "unnamed vulnerability");
    }
    cret_buffer_free(&all);
    return id;
}

/* One vulnerability; raw: an empty object where the document has none (profiles without: what they
 * are about may concern all of their products). */
static json_t *read_vulnerability(const struct cret_advisory *advisory, json_t *raw)
{
    json_t *lists = empty_statuses();
    int failed = lists == NULL;
    char *id = read_id(raw);
    const bool vague = json_object_size(json_object_get(raw, "product_status")) == 0;
    if (!failed && vague) {
        failed |= add_everything(advisory, json_array_get(lists, CRET_VEX_AFFECTED));
    }
    for (size_t i = 0; !failed && i < CRET_LENGTH(statuses); i++) {
        const json_t *list =
            json_object_get(json_object_get(raw, "product_status"), statuses[i].list);
        CRET_JSON_EACH (product, list) {
            failed |= json_is_string(product) &&
                      json_array_append(json_array_get(lists, statuses[i].status), product) != 0;
        }
    }
    if (failed || id == NULL) {
        json_decref(lists);
        free(id);
        return NULL;
    }
    json_t *vulnerability =
        json_pack("{s:s, s:o, s:O, s:b}", "id", id, "status", lists, "raw", raw, "vague", vague);
    free(id);
    return vulnerability;
}

static enum cret_status refuse(const char *what, const char *expected, const char *actual,
                               struct cret_err *err)
{
    cret_err_refuse(err, CRET_CHECK_ADVISORY_MATCH, "no CSAF document: %s", what);
    cret_err_expected(err, "%s", expected);
    return cret_err_actual(err, "%s", actual != NULL ? actual : "absent");
}

/* Who speaks, and how final it is. */
static int read_tracking(struct cret_advisory *advisory)
{
    const json_t *document = advisory->document;
    const char *status = cret_json_string(document, "document.tracking.status");
    const char *category = cret_json_string(document, "document.publisher.category");
    const char *profile = cret_json_string(document, "document.category");
    advisory->id = cret_json_string(document, "document.tracking.id");
    advisory->title = cret_json_string(document, "document.title");
    advisory->state = status != NULL && strcmp(status, "final") != 0 ? status : NULL;
    advisory->kind = cret_text_printf("CSAF 2.%d %s", advisory->csaf_minor,
                                      cret_json_string(document, "document.category"));
    advisory->taken_back =
        advisory->csaf_minor > 0 && strcmp(profile, "csaf_withdrawn") == 0    ? "withdrawn"
        : advisory->csaf_minor > 0 && strcmp(profile, "csaf_superseded") == 0 ? "superseded"
                                                                              : NULL;
    if (category != NULL && strcmp(category, "vendor") == 0) {
        advisory->publisher = cret_name_read(cret_json_string(document, "document.publisher.name"));
        if (advisory->publisher == NULL) {
            return -1;
        }
    }
    return advisory->kind == NULL;
}

static int read_vulnerabilities(struct cret_advisory *advisory)
{
    const json_t *list = json_object_get(advisory->document, "vulnerabilities");
    int failed = 0;
    CRET_JSON_EACH (element, list) {
        failed |= json_array_append_new(advisory->vulnerabilities,
                                        read_vulnerability(advisory, element)) != 0;
    }
    if (json_array_size(list) == 0) {
        json_t *none = json_object();
        failed |= none == NULL || json_array_append_new(advisory->vulnerabilities,
                                                        read_vulnerability(advisory, none)) != 0;
        json_decref(none);
    }
    return failed;
}

enum cret_status cret_advisory_read_csaf(struct cret_advisory *advisory, struct cret_err *err)
{
    static const char *const required[] = {"document.category", "document.title",
                                           "document.tracking.id", "document.publisher.name"};
    const json_t *document = advisory->document;
    const char *version = cret_json_string(document, "document.csaf_version");
    if (version == NULL || (strcmp(version, "2.0") != 0 && strcmp(version, "2.1") != 0)) {
        return refuse("document.csaf_version", "2.0 or 2.1", version, err);
    }
    advisory->csaf_minor = version[2] - '0';
    for (size_t i = 0; i < CRET_LENGTH(required); i++) {
        const char *text = cret_json_string(document, required[i]);
        if (text == NULL || text[0] == '\0') {
            return refuse(required[i], "a text", text, err);
        }
    }
    if (cret_advisory_shape_csaf(document, advisory->csaf_minor, err) != CRET_OK ||
        (advisory->csaf_minor > 0 && (cret_advisory_mandatory_tree(advisory, err) != CRET_OK ||
                                      cret_advisory_mandatory_profile(advisory, err) != CRET_OK))) {
        return CRET_FAILED;
    }
    const int failed = read_tracking(advisory) != 0 || cret_advisory_read_tree(advisory) != 0 ||
                       read_vulnerabilities(advisory) != 0;
    return failed ? cret_err_memory(err) : CRET_OK;
}

/* Whether a flag, threat or remediation is about a product. One that names none is about all, but
 * for flags: a justification is given for something (mandatory test 6.1.32). */
static bool is_about(const struct cret_advisory *advisory, const json_t *note, const char *product,
                     bool all)
{
    const json_t *ids = json_object_get(note, "product_ids");
    const json_t *groups = json_object_get(note, "group_ids");
    const json_t *own = json_object_get(advisory->member_of, product);
    CRET_JSON_EACH (group, groups) {
        const char *id = json_string_value(group);
        if (id != NULL && json_object_get(own, id) != NULL) {
            return true;
        }
    }
    return cret_json_lists(ids, product) || (all && ids == NULL && groups == NULL);
}

int cret_advisory_explain_csaf(const struct cret_advisory *advisory, const json_t *vulnerability,
                               const char *product, json_t *match)
{
    int failed = 0;
    CRET_JSON_EACH (note, json_object_get(vulnerability, "flags")) {
        if (is_about(advisory, note, product, false)) {
            failed |= set(match, "justification", cret_json_string(note, "label"));
        }
    }
    CRET_JSON_EACH (note, json_object_get(vulnerability, "threats")) {
        const char *category = cret_json_string(note, "category");
        if (category != NULL && strcmp(category, "impact") == 0 &&
            is_about(advisory, note, product, true)) {
            failed |= set(match, "impact", cret_json_string(note, "details"));
        }
    }
    json_t *list = json_array();
    failed |= list == NULL;
    CRET_JSON_EACH (note, json_object_get(vulnerability, "remediations")) {
        if (failed || json_array_size(list) == CRET_MOST_REMEDIATIONS) {
            break;
        }
        if (is_about(advisory, note, product, true)) {
            failed |=
                json_array_append_new(
                    list, json_pack("{s:s*, s:s*, s:s*, s:s*}", "category",
                                    cret_json_string(note, "category"), "details",
                                    cret_json_string(note, "details"), "url",
                                    cret_json_string(note, "url"), "restart",
                                    cret_json_string(note, "restart_required.category"))) != 0;
        }
    }
    if (!failed && json_array_size(list) > 0) {
        failed |= json_object_set(match, "remediations", list) != 0;
    }
    json_decref(list);
    return failed;
}
