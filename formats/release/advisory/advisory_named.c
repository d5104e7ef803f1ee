/* SPDX-License-Identifier: Apache-2.0 */
/* Products of a document, taken apart once for all releases that they are compared with. */
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "release/advisory/advisory_internal.h"
#include "release/advisory/advisory_versions.h"
#include "release/identifier/cpe.h"
#include "release/identifier/purl.h"

static int read_name(struct cret_name **ret_name, const char *text)
{
    if (text == NULL) {
        return 0;
    }
    *ret_name = cret_name_read(text);
    return *ret_name == NULL;
}

static int read_identifiers(struct cret_named *named)
{
    const json_t *purls = json_object_get(named->json, "purls");
    const json_t *cpes = json_object_get(named->json, "cpes");
    if (json_array_size(purls) > 0) {
        named->purls = calloc(json_array_size(purls), sizeof(*named->purls));
        if (named->purls == NULL) {
            return -1;
        }
    }
    if (json_array_size(cpes) > 0) {
        named->cpes = calloc(json_array_size(cpes), sizeof(*named->cpes));
        if (named->cpes == NULL) {
            return -1;
        }
    }
    CRET_JSON_EACH (text, purls) {
        struct cret_purl *purl = cret_purl_read(json_string_value(text));
        if (purl != NULL) {
            named->purls[named->purl_count++] = purl;
        }
    }
    CRET_JSON_EACH (text, cpes) {
        struct cret_cpe *cpe = cret_cpe_read(json_string_value(text));
        if (cpe != NULL) {
            named->cpes[named->cpe_count++] = cpe;
        }
    }
    return 0;
}

static int read_models(struct cret_named *named)
{
    const json_t *models = json_object_get(named->json, "models");
    if (json_array_size(models) == 0) {
        return 0;
    }
    named->models = calloc(json_array_size(models), sizeof(*named->models));
    if (named->models == NULL) {
        return -1;
    }
    CRET_JSON_EACH (text, models) {
        struct cret_name *model = cret_model_read(json_string_value(text));
        if (model == NULL) {
            return -1;
        }
        named->models[named->model_count++] = model;
    }
    return 0;
}

/* Vendors that do not say whose product it is (CSAF 2.1, conformance clause 18, names them). */
static bool is_nobody(const char *vendor)
{
    static const char *const nobody[] = {"open source", "noassertion", "undefined", "unknown",
                                         NULL};
    for (size_t i = 0; nobody[i] != NULL; i++) {
        if (strcasecmp(nobody[i], vendor) == 0) {
            return true;
        }
    }
    return false;
}

static int read_named(struct cret_named *named, const char *id, const json_t *json)
{
    const char *product = cret_json_string(json, "product");
    const char *vendor = cret_json_string(json, "vendor");
    const char *full = cret_json_string(json, "name");
    *named = (struct cret_named){.json = json,
                                 .id = id,
                                 .text = full != NULL ? full : id,
                                 .version = cret_json_string(json, "version"),
                                 .range = cret_json_string(json, "range"),
                                 .external = cret_json_boolean(json, "external", false),
                                 .in_root = cret_json_boolean(json, "in root", false),
                                 .by_version = cret_json_boolean(json, "by version", false),
                                 .whole_models = cret_json_boolean(json, "whole models", false),
                                 .narrowed = cret_json_boolean(json, "narrowed", false),
                                 .beside = cret_json_boolean(json, "beside", false),
                                 .part = CRET_NOBODY,
                                 .whole = CRET_NOBODY};
    named->says_version = full != NULL && cret_text_has_version(full);
    int failed = read_name(&named->product, product);
    /* The same text need not be split twice. */
    failed |= full != NULL && (product == NULL || strcmp(full, product) != 0)
                  ? read_name(&named->full, full)
                  : 0;
    failed |= read_name(&named->family, cret_json_string(json, "family"));
    failed |= vendor != NULL && !is_nobody(vendor) ? read_name(&named->vendor, vendor) : 0;
    if (named->version != NULL && strlen(named->version) > 4) {
        named->version_token = cret_model_read(named->version);
        failed |= named->version_token == NULL;
    }
    return failed | read_identifiers(named) | read_models(named);
}

size_t cret_advisory_find(const struct cret_advisory *advisory, const char *id)
{
    const json_t *product = id != NULL ? json_object_get(advisory->products, id) : NULL;
    const json_t *at = json_object_get(product, "index");
    return at != NULL ? (size_t)json_integer_value(at) : CRET_NOBODY;
}

int cret_advisory_take_apart(struct cret_advisory *advisory)
{
    const size_t count = json_object_size(advisory->products) + (advisory->root != NULL ? 1 : 0);
    int failed = 0;
    advisory->root_index = CRET_NOBODY;
    advisory->named = calloc(count + 1, sizeof(*advisory->named));
    if (advisory->named == NULL) {
        return -1;
    }
    CRET_JSON_MEMBERS (id, product, advisory->products) {
        failed = failed || read_named(&advisory->named[advisory->named_count], id, product) != 0 ||
                 json_object_set_new(product, "index",
                                     json_integer((json_int_t)advisory->named_count)) != 0;
        advisory->named_count++;
    }
    for (size_t i = 0; i < advisory->named_count && !failed; i++) {
        const json_t *of = json_object_get(advisory->named[i].json, "of");
        if (of != NULL) {
            struct cret_named *named = &advisory->named[i];
            named->part = cret_advisory_find(advisory, json_string_value(json_array_get(of, 0)));
            named->whole = cret_advisory_find(advisory, json_string_value(json_array_get(of, 1)));
        }
    }
    if (!failed && advisory->root != NULL) {
        advisory->root_index = advisory->named_count;
        failed = read_named(&advisory->named[advisory->named_count++], "", advisory->root) != 0;
    }
    return failed;
}

static void free_named(struct cret_named *named)
{
    for (size_t i = 0; i < named->model_count; i++) {
        cret_name_free(&named->models[i]);
    }
    for (size_t i = 0; i < named->purl_count; i++) {
        cret_purl_free(&named->purls[i]);
    }
    for (size_t i = 0; i < named->cpe_count; i++) {
        cret_cpe_free(&named->cpes[i]);
    }
    free(named->models);
    free(named->purls);
    free(named->cpes);
    cret_name_free(&named->product);
    cret_name_free(&named->full);
    cret_name_free(&named->family);
    cret_name_free(&named->vendor);
    cret_name_free(&named->version_token);
}

void cret_advisory_free_named(struct cret_advisory *advisory)
{
    for (size_t i = 0; i < advisory->named_count; i++) {
        free_named(&advisory->named[i]);
    }
    free(advisory->named);
    advisory->named = NULL;
    advisory->named_count = 0;
}

bool cret_advisory_is_ours(const struct cret_advisory *advisory, const struct cret_named *named,
                           const struct cret_subject_index *index)
{
    const struct cret_name *vendor = named->vendor != NULL ? named->vendor : advisory->publisher;
    return vendor != NULL && cret_vendors_alike(vendor, index->vendor);
}
