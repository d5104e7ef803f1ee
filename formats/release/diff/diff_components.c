/* SPDX-License-Identifier: Apache-2.0 */
/* Components of the SBOMs, by what names them in every version. */
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/text.h"
#include "release/advisory/vers.h"
#include "release/diff/diff_internal.h"
#include "release/statements/version.h"

/* Whether all SBOMs of a release could be read; said where not. */
static bool check_read(struct cret_diff_run *run, const struct cret_diff_side *side)
{
    bool whole = true;
    if (side->sboms == NULL) {
        cret_diff_gap(run, "components", "%s is a manifest alone: no SBOM of it was read",
                      side->name);
        return false;
    }
    if (json_array_size(side->sboms) == 0) {
        cret_diff_gap(run, "components", "%s has no SBOM: its components are unknown", side->name);
        return false;
    }
    CRET_JSON_EACH (sbom, side->sboms) {
        const char *reason = cret_json_string(sbom, "unread");
        if (!json_is_array(json_object_get(sbom, "components"))) {
            cret_diff_gap(run, "components", "%s of %s was not read: %s",
                          cret_json_string(sbom, "file"), side->name,
                          reason != NULL ? reason : "no reason was given");
            whole = false;
        }
    }
    return whole;
}

/* Adds a component under its key, by all that it says: the same one in two SBOMs is one, and of
 * many under one key each is found at once. */
static int add_component(json_t *keys, json_t *part)
{
    const char *key = cret_json_string(part, "key");
    json_t *same = json_object_get(keys, key != NULL ? key : "");
    if (same == NULL) {
        same = json_object();
        if (json_object_set_new(keys, key != NULL ? key : "", same) != 0) {
            return -1;
        }
    }
    char *says = json_dumps(part, JSON_COMPACT | JSON_SORT_KEYS);
    const int failed = says == NULL || json_object_set(same, says, part) != 0;
    free(says);
    return failed;
}

/* A component with the SBOM that lists it, under a key of both. Non-zero: memory. */
static int add_placed(json_t *keys, const char *file, const json_t *part)
{
    const char *key = cret_json_string(part, "key");
    char *both = cret_text_printf("%s %s", file, key != NULL ? key : "");
    json_t *placed = json_copy((json_t *)(uintptr_t)part);
    int failed = both == NULL || placed == NULL ||
                 json_object_set_new(placed, "key", json_string(both)) != 0 ||
                 json_object_set_new(placed, "sbom", json_string(file)) != 0;
    failed = failed || add_component(keys, placed) != 0;
    free(both);
    json_decref(placed);
    return failed;
}

static bool lists_file(const json_t *sboms, const char *file)
{
    CRET_JSON_EACH (sbom, sboms) {
        if (strcmp(cret_json_string(sbom, "file"), file) == 0) {
            return true;
        }
    }
    return false;
}

/* Whether each SBOM is compared with the one of its name. Where releases have several under other
 * names nobody knows which became which: a component that moved from one to another is not seen,
 * and that is said. */
static bool by_file(struct cret_diff_run *run)
{
    const size_t was = json_array_size(run->old->sboms), is = json_array_size(run->new->sboms);
    bool same = was == is;
    if (was < 2 && is < 2) {
        return false;
    }
    CRET_JSON_EACH (sbom, run->new->sboms) {
        same = same && lists_file(run->old->sboms, cret_json_string(sbom, "file"));
    }
    if (!same) {
        cret_diff_gap(run, "components",
                      "the SBOMs have other names: which of them lists a component was not "
                      "compared");
    }
    return same;
}

/* The components of all SBOMs: by key, and then by what they say. */
static json_t *index_components(struct cret_diff_run *run, const struct cret_diff_side *side,
                                bool placed)
{
    json_t *keys = json_object();
    run->differences.failed |= keys == NULL;
    CRET_JSON_EACH (sbom, side->sboms) {
        CRET_JSON_EACH (part, json_object_get(sbom, "components")) {
            run->differences.failed |=
                (placed ? add_placed(keys, cret_json_string(sbom, "file"), part)
                        : add_component(keys, part)) != 0;
        }
    }
    return keys;
}

/* The order of two versions by the rules of the packages' kind, else where it is sure at all. */
static enum cret_order order_of(const json_t *was, const json_t *is)
{
    const char *old_version = cret_json_string(was, "version");
    const char *new_version = cret_json_string(is, "version");
    const char *type = cret_json_string(is, "type");
    int order = 0;
    if (old_version == NULL || new_version == NULL) {
        return CRET_ORDER_UNSURE;
    }
    const enum cret_scheme scheme =
        type != NULL ? cret_version_scheme(type, strlen(type)) : CRET_SCHEME_NUMBERS;
    if (scheme > CRET_SCHEME_PLAIN) {
        return !cret_scheme_order(scheme, new_version, old_version, &order) ? CRET_ORDER_UNSURE
               : order > 0                                                  ? CRET_ORDER_HIGHER
               : order < 0                                                  ? CRET_ORDER_LOWER
                                                                            : CRET_ORDER_SAME;
    }
    return cret_version_order(new_version, old_version);
}

/* The first fields of a component that speak of the bytes of one version. */
enum { BYTES = 4 };

static void compare_part(struct cret_diff_run *run, const json_t *was, const json_t *is)
{
    static const char *const fields[] = {"version", "license", "supplier", "purl",
                                         "sha256",  "hashes",  "cpe",      NULL};
    const json_t *old_version = json_object_get(was, "version");
    const json_t *new_version = json_object_get(is, "version");
    const bool same = old_version == NULL || new_version == NULL
                          ? old_version == new_version
                          : json_equal(old_version, new_version) != 0;
    const enum cret_order order = same ? CRET_ORDER_SAME : order_of(was, is);
    json_t *details = cret_diff_details();
    for (size_t i = 0; fields[i] != NULL; i++) {
        /* Another version has other bytes, and its CPE says the version. */
        const bool told = i < BYTES || same;
        if (told) {
            cret_diff_detail_json(&details, fields[i], json_object_get(was, fields[i]),
                                  json_object_get(is, fields[i]));
        }
    }
    run->differences.failed |= details == NULL;
    if (json_array_size(details) == 0) {
        json_decref(details);
        return;
    }
    const bool lower = order == CRET_ORDER_LOWER;
    cret_diff_add(run, &(struct cret_difference){.section = "components",
                                                 .change = order == CRET_ORDER_HIGHER ? "upgraded"
                                                           : lower                    ? "downgraded"
                                                                                      : "changed",
                                                 .subject = cret_json_string(is, "name"),
                                                 .details = details,
                                                 .note = cret_json_string(is, "sbom"),
                                                 .attention = lower});
}

static void add_part(struct cret_diff_run *run, const json_t *part, bool added)
{
    static const char *const fields[] = {"version", "license", "supplier", NULL};
    json_t *details = cret_diff_details();
    for (size_t i = 0; fields[i] != NULL; i++) {
        const json_t *value = json_object_get(part, fields[i]);
        cret_diff_detail_json(&details, fields[i], added ? NULL : value, added ? value : NULL);
    }
    run->differences.failed |= details == NULL;
    cret_diff_add(run, &(struct cret_difference){.section = "components",
                                                 .change = added ? "added" : "removed",
                                                 .subject = cret_json_string(part, "name"),
                                                 .details = details,
                                                 .note = cret_json_string(part, "sbom")});
}

/* Those of one release that the other has not. New reference. */
static json_t *without(struct cret_diff_run *run, json_t *parts, const json_t *other)
{
    json_t *rest = json_array();
    run->differences.failed |= rest == NULL;
    CRET_JSON_MEMBERS (says, part, parts) {
        run->differences.failed |=
            json_object_get(other, says) == NULL && json_array_append(rest, part) != 0;
    }
    return rest;
}

/* One key. Of several versions side by side nobody knows which became which. */
static void compare_key(struct cret_diff_run *run, json_t *was, json_t *is)
{
    json_t *gone = without(run, was, is), *come = without(run, is, was);
    if (json_array_size(gone) == 1 && json_array_size(come) == 1) {
        compare_part(run, json_array_get(gone, 0), json_array_get(come, 0));
    } else {
        for (size_t i = 0; i < json_array_size(come); i++) {
            add_part(run, json_array_get(come, i), true);
        }
        for (size_t i = 0; i < json_array_size(gone); i++) {
            add_part(run, json_array_get(gone, i), false);
        }
    }
    json_decref(gone);
    json_decref(come);
}

void cret_diff_components(struct cret_diff_run *run)
{
    const bool old_read = check_read(run, run->old), new_read = check_read(run, run->new);
    if (!old_read || !new_read) {
        return; /* half of a list would show parts as gone that are there */
    }
    const bool placed = by_file(run);
    json_t *was = index_components(run, run->old, placed);
    json_t *is = index_components(run, run->new, placed);
    CRET_JSON_MEMBERS (key, parts, is) {
        compare_key(run, json_object_get(was, key), parts);
    }
    CRET_JSON_MEMBERS (key, parts, was) {
        if (json_object_get(is, key) == NULL) {
            compare_key(run, parts, NULL);
        }
    }
    json_decref(was);
    json_decref(is);
}
