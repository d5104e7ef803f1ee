/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OpenVEX 0.2.0: statements in the order of their time. For one vulnerability and one product (or a
 * part of it) the latest one holds; of two of the same time the worse is told.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/digest/digest.h"
#include "base/text/json.h"
#include "base/text/json_build.h"
#include "base/text/text.h"
#include "release/advisory/advisory_internal.h"
#include "release/advisory/vers.h"
#include "release/identifier/purl.h"

static const struct {
    const char *word;
    enum cret_vex_status status;
} statuses[] = {{"affected", CRET_VEX_AFFECTED},
                {"under_investigation", CRET_VEX_INVESTIGATED},
                {"fixed", CRET_VEX_FIXED},
                {"not_affected", CRET_VEX_NOT_AFFECTED}};

bool cret_advisory_is_openvex(const json_t *document)
{
    const json_t *context = json_object_get(document, "@context");
    return json_is_string(context) && strstr(json_string_value(context), "openvex.dev/ns") != NULL;
}

static const char *purl_of(const json_t *component)
{
    const char *id = cret_json_string(component, "@id");
    return id != NULL && strncasecmp(id, "pkg:", 4) == 0 ? id : NULL;
}

/* What a product or subcomponent is known by. */
static const char *name_of(const json_t *component)
{
    static const char *const names[] = {"@id", "identifiers.purl", "identifiers.cpe23",
                                        "identifiers.cpe22"};
    const char *name = NULL;
    for (size_t i = 0; i < CRET_LENGTH(names) && name == NULL; i++) {
        name = cret_json_string(component, names[i]);
    }
    return name;
}

static json_t *read_hashes(const json_t *component)
{
    struct cret_build list = cret_build_list();
    CRET_JSON_MEMBERS (algorithm, value, json_object_get(component, "hashes")) {
        cret_build_add(&list, json_pack("{s:s, s:O}", "algorithm", algorithm, "value", value));
    }
    json_t *digests = cret_build_end(&list);
    return digests != NULL && json_array_size(digests) > 0
               ? json_pack("[{s:o}]", "digests", digests)
               : digests;
}

static json_t *make_product(const json_t *component)
{
    const char *id = cret_json_string(component, "@id");
    const char *package =
        purl_of(component) != NULL ? id : cret_json_string(component, "identifiers.purl");
    struct cret_purl *purl = package != NULL ? cret_purl_read(package) : NULL;
    struct cret_build product = cret_build_object();
    cret_build_string(&product, "product", purl != NULL ? cret_purl_name(purl) : NULL);
    cret_purl_free(&purl);
    cret_build_string(&product, "name", name_of(component));
    cret_build_append(&product, "purls", purl_of(component));
    cret_build_append(&product, "purls", cret_json_string(component, "identifiers.purl"));
    cret_build_append(&product, "cpes", cret_json_string(component, "identifiers.cpe23"));
    cret_build_append(&product, "cpes", cret_json_string(component, "identifiers.cpe22"));
    if (id != NULL && strncasecmp(id, "urn:", 4) == 0) {
        cret_build_string(&product, "ref", id);
    }
    cret_build_put(&product, "hashes", read_hashes(component));
    return cret_build_end(&product);
}

/* Short however long the words are: each part of a product repeats its id. NULL: memory. */
static char *digest_of(const char *words)
{
    uint8_t digest[CRET_SHA256_BYTES];
    char *id = malloc(CRET_SHA256_HEX);
    struct cret_err ignored = {0};
    if (id == NULL || cret_sha256(digest, words, strlen(words), &ignored) != CRET_OK) {
        free(id);
        return NULL;
    }
    cret_hex_encode(id, digest, CRET_SHA256_BYTES);
    return id;
}

/* The id of a product in our list: the digest of all that the document says of it, without its
 * parts; new. The same words are the same product. NULL: memory. */
static char *add_product(struct cret_advisory *advisory, const json_t *component)
{
    json_t *bare = json_copy((json_t *)(uintptr_t)component);
    char *id = NULL;
    if (bare != NULL) {
        json_object_del(bare, "subcomponents");
        char *words = json_dumps(bare, JSON_COMPACT | JSON_SORT_KEYS);
        id = words != NULL ? digest_of(words) : NULL;
        free(words);
    }
    json_decref(bare);
    if (id != NULL && json_object_get(advisory->products, id) == NULL &&
        json_object_set_new(advisory->products, id, make_product(component)) != 0) {
        free(id);
        id = NULL;
    }
    return id;
}

/* A part of a product. */
static char *add_part(struct cret_advisory *advisory, const char *whole, const json_t *part)
{
    char *inner = add_product(advisory, part);
    char *id = inner != NULL ? cret_text_printf("%s in %s", inner, whole) : NULL;
    if (id != NULL && json_object_get(advisory->products, id) == NULL &&
        json_object_set_new(
            advisory->products, id,
            json_pack("{s:s, s:[s, s]}", "name", name_of(part), "of", inner, whole)) != 0) {
        free(id);
        id = NULL;
    }
    free(inner);
    return id;
}

/* One status of one product. */
struct entry {
    const json_t *statement;
    const char *time;
    char *product;
    size_t place; /* in the document */
    bool late;    /* dated after its document, which cannot be */
    bool dropped; /* a later one says something of the very same */
};
/* Products and parts of one document, each time that one is named. */
#define MOST_PRODUCTS 250000u

struct entries {
    struct entry *list;
    size_t count, capacity;
    const char *latest; /* when the document was changed last */
};

static int order_times(const char *left, const char *right)
{
    int order = 0;
    return cret_scheme_order(CRET_SCHEME_DATETIME, left, right, &order) ? order : 0;
}

/* The latest first. What is dated after its document holds against nothing: it comes last. */
static int compare_entries(const void *left, const void *right)
{
    const struct entry *one = left, *other = right;
    const int order =
        one->late == other->late ? order_times(other->time, one->time) : one->late - other->late;
    return order != 0 ? order : (one->place > other->place) - (one->place < other->place);
}

static int compare_places(const void *left, const void *right)
{
    const struct entry *one = left, *other = right;
    return (one->place > other->place) - (one->place < other->place);
}

/* CVE numbers are given once: two of them are two vulnerabilities, whatever a document says. */
static bool are_two(const char *name, const char *alias)
{
    return strncasecmp(name, "CVE-", 4) == 0 && strncasecmp(alias, "CVE-", 4) == 0 &&
           strcasecmp(name, alias) != 0;
}

/* Whether a vulnerability is given the numbers of two: then it is nobody knows which of them. */
static bool has_two(const json_t *vulnerability, const char *name)
{
    const char *first = name;
    CRET_JSON_EACH (alias, json_object_get(vulnerability, "aliases")) {
        const char *text = json_string_value(alias);
        if (are_two(first, text)) {
            return true;
        }
        first = strncasecmp(text, "CVE-", 4) == 0 ? text : first;
    }
    return false;
}

/* Notes that an entry speaks of a vulnerability by this name. The one that is there is later. */
static int speak(json_t *spoken, const struct entry *entry, const char *name, size_t here)
{
    char *key = cret_text_printf("%s\n%s", name, entry->product);
    const int failed =
        key == NULL || (json_object_get(spoken, key) == NULL &&
                        json_object_set_new(spoken, key, json_integer((json_int_t)here)) != 0);
    free(key);
    return failed;
}

/* Whether a later entry that holds speaks of this one's vulnerability, by the name that this one
 * gives it: an alias of both may be one of two vulnerabilities. */
static int is_replaced(bool *ret_replaced, const json_t *spoken, const struct entries *entries,
                       size_t here)
{
    const struct entry *entry = &entries->list[here];
    char *key = cret_text_printf("%s\n%s", cret_json_string(entry->statement, "vulnerability.name"),
                                 entry->product);
    if (key == NULL) {
        return -1;
    }
    const json_t *known = json_object_get(spoken, key);
    free(key);
    *ret_replaced = known != NULL && !entry->late &&
                    order_times(entries->list[json_integer_value(known)].time, entry->time) > 0;
    return 0;
}

/* Drops what a later statement replaces. */
static int settle(struct entries *entries)
{
    json_t *spoken = json_object(); /* name and product, to the latest that speaks of them */
    int failed = spoken == NULL;
    if (entries->count > 1) {
        qsort(entries->list, entries->count, sizeof(*entries->list), compare_entries);
    }
    for (size_t i = 0; i < entries->count && !failed; i++) {
        struct entry *entry = &entries->list[i];
        const json_t *vulnerability = json_object_get(entry->statement, "vulnerability");
        const char *name = cret_json_string(vulnerability, "name");
        failed = is_replaced(&entry->dropped, spoken, entries, i);
        if (failed || entry->dropped || entry->late) {
            continue;
        }
        failed = speak(spoken, entry, name, i);
        const bool two = has_two(vulnerability, name);
        CRET_JSON_EACH (alias, json_object_get(vulnerability, "aliases")) {
            const char *text = json_string_value(alias);
            failed = failed || ((!two || strncasecmp(text, "CVE-", 4) != 0) &&
                                speak(spoken, entry, text, i) != 0);
        }
    }
    if (entries->count > 1) {
        qsort(entries->list, entries->count, sizeof(*entries->list), compare_places);
    }
    json_decref(spoken);
    return failed;
}

/* product: taken over. */
static int add_entry(struct entries *entries, const json_t *statement, const char *time,
                     char *product)
{
    if (product == NULL) {
        return -1;
    }
    if (entries->count == entries->capacity) {
        const size_t capacity = entries->capacity > 0 ? 2 * entries->capacity : 64;
        struct entry *list = reallocarray(entries->list, capacity, sizeof(*list));
        if (list == NULL) {
            free(product);
            return -1;
        }
        entries->list = list;
        entries->capacity = capacity;
    }
    const size_t here = entries->count++;
    entries->list[here] = (struct entry){.statement = statement,
                                         .time = time,
                                         .product = product,
                                         .place = here,
                                         .late = order_times(time, entries->latest) > 0};
    return 0;
}

/* Every product of a statement, or, where it names parts of one, these in its place. */
static int read_statement(struct cret_advisory *advisory, struct entries *entries,
                          const json_t *statement)
{
    const char *time = cret_json_string(statement, "timestamp");
    time = time != NULL ? time : cret_json_string(advisory->document, "timestamp");
    int failed = 0;
    CRET_JSON_EACH (product, json_object_get(statement, "products")) {
        const json_t *parts = json_object_get(product, "subcomponents");
        char *whole = add_product(advisory, product);
        if (failed || whole == NULL) {
            free(whole);
            return -1;
        }
        CRET_JSON_EACH (part, parts) {
            failed =
                failed || add_entry(entries, statement, time, add_part(advisory, whole, part)) != 0;
        }
        if (json_array_size(parts) == 0) {
            failed = add_entry(entries, statement, time, whole) != 0;
        } else {
            free(whole);
        }
    }
    return failed;
}

static int add_vulnerability(struct cret_advisory *advisory, const struct entry *entry)
{
    const char *word = cret_json_string(entry->statement, "status");
    json_t *lists = json_pack("[[], [], [], []]");
    int failed = lists == NULL;
    for (size_t i = 0; i < CRET_LENGTH(statuses) && !failed; i++) {
        if (strcmp(statuses[i].word, word) == 0) {
            failed = json_array_append_new(json_array_get(lists, statuses[i].status),
                                           json_string(entry->product)) != 0;
        }
    }
    return json_array_append_new(advisory->vulnerabilities,
                                 json_pack("{s:s, s:o, s:O, s:b, s:s*}", "id",
                                           cret_json_string(entry->statement, "vulnerability.name"),
                                           "status", lists, "raw", entry->statement, "vague", 0,
                                           "doubt",
                                           entry->late ? "the statement is dated later than its "
                                                         "document"
                                                       : NULL)) != 0 ||
           failed;
}

/* Identifiers of one product that name two packages: nobody can tell which one is meant. */
static bool is_torn(const json_t *component)
{
    const char *id = purl_of(component), *other = cret_json_string(component, "identifiers.purl");
    struct cret_purl *left = id != NULL ? cret_purl_read(id) : NULL;
    struct cret_purl *right = other != NULL ? cret_purl_read(other) : NULL;
    bool torn = false;
    if (left != NULL && right != NULL) {
        const char *version = cret_purl_version(left), *second = cret_purl_version(right);
        torn = cret_purl_same(left, right) == CRET_MATCH_NONE ||
               (version != NULL && second != NULL && strcmp(version, second) != 0);
    }
    torn = torn || (id != NULL && left == NULL) || (other != NULL && right == NULL);
    cret_purl_free(&left);
    cret_purl_free(&right);
    return torn;
}

static enum cret_status check_products(const json_t *list, struct cret_err *err)
{
    CRET_JSON_EACH (one, list) {
        if (is_torn(one)) {
            cret_err_refuse(err, CRET_CHECK_ADVISORY_MATCH,
                            "no valid OpenVEX document: package URLs that are none, or differ");
            cret_err_where(err, "#/statements/products");
            cret_err_expected(err, "identifiers that agree");
            return cret_err_actual(err, "%s", name_of(one));
        }
        if (check_products(json_object_get(one, "subcomponents"), err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

static int read_all(struct cret_advisory *advisory, struct entries *entries)
{
    const char *written = cret_json_string(advisory->document, "timestamp");
    const char *updated = cret_json_string(advisory->document, "last_updated");
    int failed = 0;
    entries->latest = updated != NULL && order_times(updated, written) > 0 ? updated : written;
    CRET_JSON_EACH (statement, json_object_get(advisory->document, "statements")) {
        failed = failed || read_statement(advisory, entries, statement) != 0;
    }
    failed = failed || settle(entries) != 0;
    for (size_t i = 0; i < entries->count && !failed; i++) {
        failed = !entries->list[i].dropped && add_vulnerability(advisory, &entries->list[i]) != 0;
    }
    return failed;
}

/* Each takes some 4 KB, and 20 bytes of the document. */
static enum cret_status check_count(const json_t *document, struct cret_err *err)
{
    size_t count = 0;
    CRET_JSON_EACH (statement, json_object_get(document, "statements")) {
        CRET_JSON_EACH (product, json_object_get(statement, "products")) {
            count += 1 + json_array_size(json_object_get(product, "subcomponents"));
        }
    }
    if (count > MOST_PRODUCTS) {
        cret_err_refuse(err, CRET_CHECK_ADVISORY_MATCH,
                        "its statements name %zu products and parts, more than are judged", count);
        cret_err_where(err, "#/statements");
        return cret_err_expected(err, "at most %u in one document", MOST_PRODUCTS);
    }
    return CRET_OK;
}

enum cret_status cret_advisory_read_openvex(struct cret_advisory *advisory, struct cret_err *err)
{
    const json_t *document = advisory->document;
    if (cret_advisory_shape_openvex(document, err) != CRET_OK ||
        check_count(document, err) != CRET_OK) {
        return CRET_FAILED;
    }
    CRET_JSON_EACH (statement, json_object_get(document, "statements")) {
        if (check_products(json_object_get(statement, "products"), err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    advisory->openvex = true;
    advisory->id = cret_json_string(document, "@id");
    advisory->title = cret_json_string(document, "author");
    advisory->kind = strdup("OpenVEX 0.2.0");
    struct entries entries = {.count = 0};
    const int failed = advisory->kind == NULL || read_all(advisory, &entries) != 0;
    for (size_t i = 0; i < entries.count; i++) {
        free(entries.list[i].product);
    }
    free(entries.list);
    return failed ? cret_err_memory(err) : CRET_OK;
}

int cret_advisory_explain_openvex(const json_t *statement, json_t *match)
{
    const char *action = cret_json_string(statement, "action_statement");
    struct cret_build reasons = cret_build_on(json_object());
    cret_build_string(&reasons, "justification", cret_json_string(statement, "justification"));
    cret_build_string(&reasons, "impact", cret_json_string(statement, "impact_statement"));
    if (action != NULL) {
        cret_build_put(&reasons, "remediations",
                       json_pack("[{s:s, s:s}]", "category", "action", "details", action));
    }
    json_t *made = cret_build_end(&reasons);
    const int failed = made == NULL || json_object_update(match, made) != 0;
    json_decref(made);
    return failed;
}
