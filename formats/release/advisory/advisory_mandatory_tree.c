/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mandatory tests of CSAF 2.1 that look at the document as it is written: dates, extensions,
 * branches, version ranges, identifiers. Made before the product tree is taken apart. 6.1.34 (30
 * levels of branches) is held by the reader of JSON, which takes no deeper nesting.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/text/json.h"
#include "base/text/text.h"
#include "base/text/time.h"
#include "release/advisory/advisory_internal.h"
#include "release/advisory/vers.h"

struct walk {
    struct cret_advisory *advisory;
    struct cret_err *err;
};

static enum cret_status refuse(const struct walk *walk, const char *test, const char *where,
                               const char *expected, const char *actual)
{
    cret_err_refuse(walk->err, CRET_CHECK_ADVISORY_MATCH,
                    "CSAF 2.1 document fails mandatory test %s", test);
    cret_err_where(walk->err, "%s", where);
    cret_err_expected(walk->err, "%s", expected);
    return cret_err_actual(walk->err, "%s", actual);
}

static bool is_date(const char *key)
{
    static const char *const keys[] = {"date",
                                       "current_release_date",
                                       "disclosure_date",
                                       "discovery_date",
                                       "exploitation_date",
                                       "initial_release_date",
                                       NULL};
    size_t i = 0;
    while (keys[i] != NULL && strcmp(keys[i], key) != 0) {
        i++;
    }
    return keys[i] != NULL;
}

/* 6.1.60: extensions. One that is critical can make the document mean something else. */
static enum cret_status check_extensions(const struct walk *walk, const json_t *list, json_t *seen)
{
    size_t index;
    json_t *one;
    json_array_foreach(list, index, one)
    {
        const char *schema = cret_json_string(one, "$schema");
        const char *category = cret_json_string(one, "category");
        const json_t *critical = json_object_get(one, "critical");
        if (json_object_size(one) != 4 || schema == NULL || category == NULL ||
            !json_is_boolean(critical) || json_object_size(json_object_get(one, "content")) == 0 ||
            (strcmp(category, "essential") != 0 && strcmp(category, "significant") != 0 &&
             strcmp(category, "supplementary") != 0)) {
            return refuse(walk, "6.1.60.1", "#/x_extensions",
                          "$schema, category, critical and content",
                          schema != NULL ? schema : "no $schema");
        }
        if (json_object_get(seen, schema) != NULL) {
            return refuse(walk, "6.1.60.3", "#/x_extensions", "every extension once", schema);
        }
        if (json_object_set_new(seen, schema, json_true()) != 0) {
            return cret_err_memory(walk->err);
        }
        if (json_is_true(critical)) {
            cret_err_refuse(walk->err, CRET_CHECK_ADVISORY_MATCH,
                            "the document has a critical extension that is not known here");
            cret_err_where(walk->err, "#/x_extensions");
            return cret_err_actual(walk->err, "%s", schema);
        }
        if (strcmp(category, "essential") == 0) {
            walk->advisory->doubt = "the document has an essential extension that is not read here";
        }
    }
    return json_is_array(list) && index > 0
               ? CRET_OK
               : refuse(walk, "6.1.60.1", "#/x_extensions", "a list of extensions", "none");
}

/* Dates (6.1.37) and extensions, wherever they stand. Depth is bounded by the reader of JSON. */
static enum cret_status check_members(const struct walk *walk, const json_t *value)
{
    const char *key;
    json_t *member;
    size_t index;
    json_object_foreach((json_t *)(uintptr_t)value, key, member)
    {
        enum cret_status status = CRET_OK;
        if (strcmp(key, "x_extensions") == 0) {
            json_t *seen = json_object();
            status =
                seen != NULL ? check_extensions(walk, member, seen) : cret_err_memory(walk->err);
            json_decref(seen);
        } else if (json_is_string(member)) {
            status = !is_date(key) || cret_time_is_strict(json_string_value(member))
                         ? CRET_OK
                         : refuse(walk, "6.1.37", key, CRET_TIME_WORDS, json_string_value(member));
        } else if (strncmp(key, "cvss_", 5) != 0 && strcmp(key, "ssvc_v2") != 0) {
            status = check_members(walk, member);
        }
        if (status != CRET_OK) {
            return CRET_FAILED;
        }
    }
    json_array_foreach(value, index, member)
    {
        if (check_members(walk, member) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

/* 6.1.43, 6.1.44, 6.1.61: one unescaped * at most. */
static bool has_two_stars(const char *text)
{
    size_t stars = 0;
    for (; *text != '\0'; text++) {
        if (text[0] == '\\' && text[1] != '\0') {
            text++;
        } else {
            stars += *text == '*' ? 1 : 0;
        }
    }
    return stars > 1;
}

/* 6.1.42: several package URLs of one product differ in qualifiers only. */
static bool differ_in_qualifiers(const char *left, const char *right)
{
    const size_t size = strcspn(left, "?#");
    const char *one = strchr(left, '#'), *other = strchr(right, '#');
    return size == strcspn(right, "?#") && strncmp(left, right, size) == 0 &&
           strcmp(one != NULL ? one : "", other != NULL ? other : "") == 0;
}

static enum cret_status check_name(const struct walk *walk, const json_t *name)
{
    static const struct {
        const char *list, *test;
    } patterns[] = {{"model_numbers", "6.1.43"}, {"serial_numbers", "6.1.44"}, {"skus", "6.1.61"}};
    const json_t *helper = json_object_get(name, "product_identification_helper");
    const json_t *purls = json_object_get(helper, "purls");
    for (size_t i = 0; i < CRET_LENGTH(patterns); i++) {
        CRET_JSON_EACH (one, json_object_get(helper, patterns[i].list)) {
            if (has_two_stars(json_string_value(one))) {
                return refuse(walk, patterns[i].test, "#/product_tree", "one * at most",
                              json_string_value(one));
            }
        }
    }
    CRET_JSON_EACH (one, purls) {
        if (!differ_in_qualifiers(json_string_value(json_array_get(purls, 0)),
                                  json_string_value(one))) {
            return refuse(walk, "6.1.42", "#/product_tree",
                          "package URLs that differ in qualifiers only", json_string_value(one));
        }
    }
    return CRET_OK;
}

/* 6.1.31: a version that is a range in words. */
static bool is_range_in_words(const char *text)
{
    static const char *const words[] = {"after", "all",   "before",   "earlier",
                                        "later", "prior", "versions", NULL};
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    if (strpbrk(text, "<>") != NULL) {
        return true;
    }
    while (*text != '\0') {
        const size_t size = strspn(text, letters);
        for (size_t i = 0; words[i] != NULL; i++) {
            if (strlen(words[i]) == size && strncasecmp(words[i], text, size) == 0) {
                return true;
            }
        }
        text += size > 0 ? size : 1;
    }
    return false;
}

/* 6.1.50, 6.1.59: a range in one of two forms, and more than one version. */
static enum cret_status check_range(const struct walk *walk, const char *text)
{
    struct cret_vers vers;
    const char *fault = cret_vers_read(&vers, text, strncasecmp(text, "vers:", 5) != 0);
    char expected[160];
    if (fault == cret_vers_too_long) {
        return CRET_OK;
    }
    if (fault != NULL) {
        snprintf(expected, sizeof(expected), "a range of versions (vers or vls): %s", fault);
        return refuse(walk, "6.1.50", "#/product_tree", expected, text);
    }
    if (vers.count == 1 && vers.list[0].comparator == CRET_EQUAL) {
        return refuse(walk, "6.1.59", "#/product_tree", "more than one version in a range", text);
    }
    return CRET_OK;
}

/* The categories above a branch, as bits in the order of the table. */
static const char *const once[] = {
    "architecture", "host_name",     "language",        "patch_level",
    "platform",     "product_name",  "product_version", "product_version_range",
    "service_pack", "specification", "vendor",          NULL};

static uint32_t bit_of(const char *category)
{
    for (size_t i = 0; once[i] != NULL; i++) {
        if (strcmp(once[i], category) == 0) {
            return UINT32_C(1) << i;
        }
    }
    return 0; /* product_family, as often as it likes */
}

static enum cret_status check_branch(const struct walk *walk, const json_t *branch, uint32_t above)
{
    const char *category = cret_json_string(branch, "category");
    const char *name = cret_json_string(branch, "name");
    const uint32_t both = bit_of("product_version") | bit_of("product_version_range");
    const uint32_t here = bit_of(category);
    if ((above & here) != 0) {
        return refuse(walk, "6.1.57", "#/product_tree/branches",
                      "each category once from the root to a product", category);
    }
    if (((above | here) & both) == both) {
        return refuse(walk, "6.1.58", "#/product_tree/branches",
                      "a version, or a range of versions", name);
    }
    if (strcmp(category, "product_version") == 0 && is_range_in_words(name)) {
        return refuse(walk, "6.1.31", "#/product_tree/branches", "one version", name);
    }
    return strcmp(category, "product_version_range") == 0 ? check_range(walk, name) : CRET_OK;
}

static enum cret_status check_branches(const struct walk *walk, const json_t *list, uint32_t above)
{
    CRET_JSON_EACH (branch, list) {
        const uint32_t here = above | bit_of(cret_json_string(branch, "category"));
        if (check_branch(walk, branch, above) != CRET_OK ||
            check_name(walk, json_object_get(branch, "product")) != CRET_OK ||
            check_branches(walk, json_object_get(branch, "branches"), here) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

enum cret_status cret_advisory_mandatory_tree(struct cret_advisory *advisory, struct cret_err *err)
{
    const struct walk walk = {.advisory = advisory, .err = err};
    const json_t *tree = json_object_get(advisory->document, "product_tree");
    if (check_members(&walk, advisory->document) != CRET_OK ||
        check_branches(&walk, json_object_get(tree, "branches"), 0) != CRET_OK) {
        return CRET_FAILED;
    }
    CRET_JSON_EACH (one, json_object_get(tree, "full_product_names")) {
        if (check_name(&walk, one) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    CRET_JSON_EACH (one, json_object_get(tree, "product_paths")) {
        if (check_name(&walk, json_object_get(one, "full_product_name")) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}
