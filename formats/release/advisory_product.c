/* SPDX-License-Identifier: Apache-2.0 */
/* Is a product that a document names the one that we have, or a part of it? */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "release/advisory_internal.h"

/* One thing to compare with: the product itself, or a component of its SBOM. */
struct subject {
    const json_t *json;
    const char *name, *version;
    bool component;
    char label[300];
};

static struct subject as_subject(const json_t *json, bool component)
{
    struct subject subject = {.json = json,
                              .name = cret_json_string(json, "name"),
                              .version = cret_json_string(json, "version"),
                              .component = component};
    if (component) {
        (void)snprintf(subject.label, sizeof(subject.label), "component %.180s%s%.80s",
                       subject.name != NULL ? subject.name : "without a name",
                       subject.version != NULL ? " " : "",
                       subject.version != NULL ? subject.version : "");
    } else {
        (void)snprintf(subject.label, sizeof(subject.label), "the product");
    }
    return subject;
}

/* Keeps a match where it is better than what there was. */
static void keep(struct cret_product_match *best, enum cret_match match, const char *by,
                 const char *subject, const char *format, ...) CRET_PRINTF(5, 6);

static void keep(struct cret_product_match *best, enum cret_match match, const char *by,
                 const char *subject, const char *format, ...)
{
    if (match <= best->match) {
        return;
    }
    best->match = match;
    best->by = by;
    (void)snprintf(best->subject, sizeof(best->subject), "%s", subject);
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(best->because, sizeof(best->because), format, arguments);
    va_end(arguments);
}

/* How a document narrows a product by version, beside its identifier. */
static enum cret_match narrow(const json_t *product, const struct subject *subject)
{
    const char *version = cret_json_string(product, "version");
    const char *range = cret_json_string(product, "range");
    if (version == NULL && range == NULL) {
        return CRET_MATCH_SURE;
    }
    if (subject->version == NULL) {
        return CRET_MATCH_POSSIBLE;
    }
    if (version != NULL && cret_version_same(version, subject->version)) {
        return CRET_MATCH_SURE;
    }
    /* Many publishers write "<2.0" or "all versions" where one version belongs. */
    range = version != NULL ? version : range;
    switch (cret_range_holds(range, subject->version)) {
    case CRET_RANGE_OUTSIDE:
        return CRET_MATCH_NONE;
    case CRET_RANGE_INSIDE:
        /* All versions need no comparison; any other range rests on how versions are ordered. */
        return strcmp(range, "vers:all/*") == 0 || strcmp(range, "*") == 0 ? CRET_MATCH_SURE
                                                                           : CRET_MATCH_POSSIBLE;
    case CRET_RANGE_UNKNOWN:
        break;
    }
    return CRET_MATCH_POSSIBLE;
}

static enum cret_match worse(enum cret_match left, enum cret_match right)
{
    return left < right ? left : right;
}

/* SHA-256 or SHA-512, however the algorithm is spelled. */
static const char *digest_name(const char *algorithm)
{
    char plain[16];
    size_t size = 0;
    for (; *algorithm != '\0' && size + 1 < sizeof(plain); algorithm++) {
        if (isalnum((unsigned char)*algorithm) != 0) {
            plain[size++] = (char)tolower((unsigned char)*algorithm);
        }
    }
    plain[size] = '\0';
    return strcmp(plain, "sha256") == 0 ? "sha256" : strcmp(plain, "sha512") == 0 ? "sha512" : NULL;
}

/* How the hashes of one file compare with those of a subject: all that both have are the same
 * (SURE), some are (POSSIBLE: one of them is wrong), none. */
static enum cret_match compare_hashes(const json_t *hashes, const json_t *own)
{
    bool same = false, other = false;
    size_t index;
    json_t *hash;
    json_array_foreach(hashes, index, hash)
    {
        const char *name = digest_name(cret_json_string(hash, "algorithm"));
        const char *digest = name != NULL ? cret_json_string(own, name) : NULL;
        if (digest != NULL) {
            const bool equal = strcasecmp(digest, cret_json_string(hash, "value")) == 0;
            same = same || equal;
            other = other || !equal;
        }
    }
    return !same ? CRET_MATCH_NONE : other ? CRET_MATCH_POSSIBLE : CRET_MATCH_SURE;
}

/* Looks for one file among files and components; the label of what was found. */
static enum cret_match find_file(const json_t *hashes, const json_t *subjects, char label[300])
{
    enum cret_match best = CRET_MATCH_NONE;
    size_t index;
    json_t *own;
    json_array_foreach(json_object_get(subjects, "files"), index, own)
    {
        const enum cret_match match = compare_hashes(hashes, own);
        if (match > best) {
            best = match;
            (void)snprintf(label, 300, "file %.280s", cret_json_string(own, "path"));
        }
    }
    json_array_foreach(json_object_get(subjects, "components"), index, own)
    {
        const enum cret_match match = compare_hashes(hashes, own);
        if (match > best) {
            const struct subject subject = as_subject(own, true);
            best = match;
            (void)snprintf(label, 300, "%s", subject.label);
        }
    }
    return best;
}

/* A product of several files is this one only where all of them are there: what did not change from
 * one version to the next says nothing of which it is. */
static void match_hashes(const json_t *product, const json_t *subjects,
                         struct cret_product_match *best)
{
    const json_t *files = json_object_get(product, "hashes");
    size_t index, found = 0;
    json_t *hashes;
    char label[300] = "";
    enum cret_match all = CRET_MATCH_SURE;
    json_array_foreach(files, index, hashes)
    {
        char here[300];
        const enum cret_match match = find_file(hashes, subjects, here);
        if (match != CRET_MATCH_NONE && found++ == 0) {
            memcpy(label, here, sizeof(label));
        }
        all = worse(all, match == CRET_MATCH_NONE ? CRET_MATCH_POSSIBLE : match);
    }
    if (found > 0) {
        keep(best, all, "hash", label, "hashes of %zu of %zu files are those of %.250s%s", found,
             json_array_size(files), label, found > 1 ? " and others" : "");
    }
}

/* The fragment of a BOM-Link is a bom-ref, percent-encoded or as it is. */
static bool same_reference(const char *fragment, const char *reference)
{
    if (strcmp(fragment, reference) == 0) {
        return true;
    }
    for (; *fragment != '\0'; fragment++, reference++) {
        char byte = *fragment;
        if (byte == '%' && isxdigit((unsigned char)fragment[1]) != 0 &&
            isxdigit((unsigned char)fragment[2]) != 0) {
            const char digits[3] = {fragment[1], fragment[2], '\0'};
            byte = (char)strtol(digits, NULL, 16);
            fragment += 2;
        }
        if (byte == '\0' || byte != *reference) {
            return false;
        }
    }
    return *reference == '\0';
}

static void match_reference(const json_t *product, const json_t *subjects,
                            struct cret_product_match *best)
{
    static const char link[] = "urn:cdx:", uuid[] = "urn:uuid:";
    const char *reference = cret_json_string(product, "ref");
    const char *serial = cret_json_string(subjects, "sbom.serial");
    if (reference == NULL || serial == NULL || strncmp(reference, link, sizeof(link) - 1) != 0 ||
        strncmp(serial, uuid, sizeof(uuid) - 1) != 0) {
        return;
    }
    const char *rest = reference + sizeof(link) - 1;
    const size_t size = strlen(serial) - (sizeof(uuid) - 1);
    if (strncasecmp(rest, serial + sizeof(uuid) - 1, size) != 0 || rest[size] != '/') {
        return;
    }
    char *end = NULL;
    const long long version = strtoll(rest + size + 1, &end, 10);
    const enum cret_match match = version == cret_json_integer(subjects, "sbom.version", 1)
                                      ? CRET_MATCH_SURE
                                      : CRET_MATCH_POSSIBLE;
    if (*end == '\0') {
        keep(best, match, "reference", "the product", "it refers to this release's SBOM");
        return;
    }
    size_t index;
    json_t *own;
    json_array_foreach(json_object_get(subjects, "components"), index, own)
    {
        const char *name = cret_json_string(own, "ref");
        if (*end == '#' && name != NULL && same_reference(end + 1, name)) {
            struct subject subject = as_subject(own, true);
            keep(best, match, "reference",
                 cret_json_boolean(own, "root", false) ? "the product" : subject.label,
                 "it refers to %.200s in this release's SBOM", name);
        }
    }
}

/* A member that is a text or an array of texts. */
static const char *text_at(const json_t *value, size_t index)
{
    return json_is_array(value) ? json_string_value(json_array_get(value, index))
           : index == 0         ? json_string_value(value)
                                : NULL;
}

/* Package URLs or CPE names of a product against those of a subject. True where one names the very
 * subject in another version: then names need not be compared any more. */
static bool match_identifiers(const json_t *product, const struct subject *subject,
                              const char *list, const char *member,
                              enum cret_match (*compare)(const char *wanted, const char *own,
                                                         const char *own_version,
                                                         unsigned *ret_facts),
                              struct cret_product_match *best)
{
    bool other_version = false;
    size_t index;
    json_t *wanted;
    json_array_foreach(json_object_get(product, list), index, wanted)
    {
        const json_t *own = json_object_get(subject->json, member);
        for (size_t i = 0; text_at(own, i) != NULL; i++) {
            unsigned facts = 0;
            enum cret_match match =
                compare(json_string_value(wanted), text_at(own, i), subject->version, &facts);
            if (match != CRET_MATCH_NONE && (facts & CRET_IDENTIFIER_ANY_VERSION) != 0) {
                match = worse(match, narrow(product, subject));
            }
            keep(best, match, member, subject->label, "%s %.150s is that of %.150s%s", member,
                 json_string_value(wanted), subject->label,
                 match == CRET_MATCH_SURE ? "" : ", but the version is not sure");
            other_version = other_version ||
                            (match == CRET_MATCH_NONE && (facts & CRET_IDENTIFIER_SAME_NAME) != 0);
        }
    }
    return other_version;
}

static void match_models(const json_t *product, const struct subject *subject,
                         struct cret_product_match *best)
{
    size_t index, place;
    json_t *wanted, *own;
    if (narrow(product, subject) == CRET_MATCH_NONE) {
        return;
    }
    json_array_foreach(json_object_get(product, "models"), index, wanted)
    {
        json_array_foreach(json_object_get(subject->json, "models"), place, own)
        {
            if (strcasecmp(json_string_value(wanted), json_string_value(own)) == 0) {
                keep(best, CRET_MATCH_POSSIBLE, "model", subject->label,
                     "model number %.100s is one of this product; the version is not sure",
                     json_string_value(wanted));
            }
        }
    }
}

/* Names as people write them. */
static void match_names(const json_t *product, const struct subject *subject,
                        struct cret_product_match *best)
{
    const char *name = cret_json_string(product, "product");
    const char *vendor = cret_json_string(product, "vendor");
    const char *own_vendor = cret_json_string(subject->json, "vendor");
    const char *version = cret_json_string(product, "version");
    const char *range = cret_json_string(product, "range");
    name = name != NULL ? name : cret_json_string(product, "name");
    if (name == NULL || subject->name == NULL || narrow(product, subject) == CRET_MATCH_NONE ||
        (vendor != NULL && own_vendor != NULL && !cret_vendors_alike(vendor, own_vendor)) ||
        !cret_names_alike(name, subject->name)) {
        return;
    }
    keep(best, CRET_MATCH_POSSIBLE, "name", subject->label,
         "the names are alike (%.100s, %.100s), and %s%.80s does not exclude %.60s", name,
         subject->name,
         version != NULL ? "version "
         : range != NULL ? "the range "
                         : "no version named there",
         version != NULL ? version
         : range != NULL ? range
                         : "",
         subject->version != NULL ? subject->version : "it");
}

static void match_subject(const json_t *product, const struct subject *subject,
                          struct cret_product_match *best)
{
    const bool other_purl =
        match_identifiers(product, subject, "purls", "purl", cret_purl_match, best);
    const bool other_cpe = match_identifiers(product, subject, "cpes", "cpe", cret_cpe_match, best);
    match_models(product, subject, best);
    /* The root component has no vendor of its own to compare: the product itself stands for it. */
    if (!other_purl && !other_cpe && !cret_json_boolean(subject->json, "root", false)) {
        match_names(product, subject, best);
    }
}

bool cret_advisory_is_part(const json_t *product)
{
    return json_object_get(product, "of") != NULL || json_object_get(product, "in root") != NULL;
}

/* A product without regard to what it is a part of: among the product itself and its components. */
static void match_one(const json_t *product, const json_t *subjects,
                      struct cret_product_match *ret_match)
{
    const struct subject whole = as_subject(subjects, false);
    struct cret_product_match best = {.match = CRET_MATCH_NONE, .by = "name"};
    size_t index;
    json_t *component;
    match_hashes(product, subjects, &best);
    match_reference(product, subjects, &best);
    match_subject(product, &whole, &best);
    json_array_foreach(json_object_get(subjects, "components"), index, component)
    {
        if (best.match == CRET_MATCH_SURE) {
            break;
        }
        struct subject part = as_subject(component, true);
        if (cret_json_boolean(component, "root", false)) {
            (void)snprintf(part.label, sizeof(part.label), "the product");
        }
        match_subject(product, &part, &best);
    }
    *ret_match = best;
}

/* Relationships of relationships; more is a circle, or meant to look like one. */
#define DEEPEST 4u

static void match_product(const struct cret_advisory *advisory, const json_t *product,
                          const json_t *subjects, unsigned depth,
                          struct cret_product_match *ret_match);

/* A part of something: both must be ours. */
static void match_part(const struct cret_advisory *advisory, const json_t *product,
                       const json_t *subjects, unsigned depth, struct cret_product_match *ret_match)
{
    const json_t *of = json_object_get(product, "of");
    struct cret_product_match part, whole;
    if (of != NULL) {
        const char *const ids[] = {json_string_value(json_array_get(of, 0)),
                                   json_string_value(json_array_get(of, 1))};
        match_product(advisory, json_object_get(advisory->products, ids[0]), subjects, depth, &part);
        match_product(advisory, json_object_get(advisory->products, ids[1]), subjects, depth,
                      &whole);
    } else {
        match_one(product, subjects, &part);
        match_one(advisory->root, subjects, &whole);
    }
    if (part.match == CRET_MATCH_NONE || whole.match == CRET_MATCH_NONE) {
        *ret_match = (struct cret_product_match){.match = CRET_MATCH_NONE, .by = "name"};
        return;
    }
    const enum cret_match match = worse(part.match, whole.match);
    *ret_match = match == part.match ? part : whole;
    (void)snprintf(ret_match->because, sizeof(ret_match->because), "%.190s; and %.190s",
                   part.because, whole.because);
    (void)snprintf(ret_match->subject, sizeof(ret_match->subject), "%s", part.subject);
}

static void match_product(const struct cret_advisory *advisory, const json_t *product,
                          const json_t *subjects, unsigned depth,
                          struct cret_product_match *ret_match)
{
    if (depth >= DEEPEST) {
        *ret_match = (struct cret_product_match){.match = CRET_MATCH_POSSIBLE, .by = "name"};
        (void)snprintf(ret_match->subject, sizeof(ret_match->subject), "the product");
        (void)snprintf(ret_match->because, sizeof(ret_match->because),
                       "relationships are nested too deep to be followed");
        return;
    }
    if (!cret_advisory_is_part(product)) {
        match_one(product, subjects, ret_match);
        return;
    }
    /* An identifier of its own names the whole combination. */
    if (json_object_get(product, "of") != NULL) {
        match_one(product, subjects, ret_match);
        if (ret_match->match == CRET_MATCH_SURE) {
            return;
        }
    }
    match_part(advisory, product, subjects, depth + 1, ret_match);
}

void cret_advisory_match_product(const struct cret_advisory *advisory, const json_t *product,
                                 const json_t *subjects, struct cret_product_match *ret_match)
{
    match_product(advisory, product, subjects, 0, ret_match);
}
