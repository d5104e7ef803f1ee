/* SPDX-License-Identifier: Apache-2.0 */
/* What needs no name to be known: bytes, by their digests, and references into our SBOM. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text/json.h"
#include "base/text/text.h"
#include "release/advisory/advisory_internal.h"

/* A digest of ours by an algorithm, however it is spelled; NULL: not known. */
static const char *own_digest(const struct cret_target *target, const char *algorithm)
{
    const uint64_t wanted = cret_digest_hash(algorithm, "");
    const char *const names[] = {"sha256", "sha512"};
    for (size_t i = 0; i < CRET_LENGTH(names); i++) {
        if (cret_digest_hash(names[i], "") == wanted) {
            const char *value = cret_json_string(target->json, names[i]);
            if (value != NULL) {
                return value;
            }
        }
    }
    CRET_JSON_EACH (digest, json_object_get(target->json, "digests")) {
        if (cret_digest_hash(cret_json_string(digest, "algorithm"), "") == wanted) {
            return cret_json_string(digest, "value");
        }
    }
    return NULL;
}

/* How the digests of one file compare with those of a target: all that both have are the same
 * (SURE), some are (POSSIBLE: one of them is wrong), none. */
static enum cret_match compare_digests(const json_t *digests, const struct cret_target *target)
{
    bool same = false, other = false;
    CRET_JSON_EACH (digest, digests) {
        const char *own = own_digest(target, cret_json_string(digest, "algorithm"));
        if (own != NULL) {
            const bool equal = strcasecmp(own, cret_json_string(digest, "value")) == 0;
            same = same || equal;
            other = other || !equal;
        }
    }
    return !same ? CRET_MATCH_NONE : other ? CRET_MATCH_POSSIBLE : CRET_MATCH_SURE;
}

/* Digests of MD5 and SHA-1 can be made for other bytes. */
static bool is_strong(const json_t *digests, const struct cret_target *target)
{
    static const char *const weak[] = {"md5", "sha1"};
    CRET_JSON_EACH (digest, digests) {
        const char *algorithm = cret_json_string(digest, "algorithm");
        bool is_weak = false;
        for (size_t i = 0; i < CRET_LENGTH(weak); i++) {
            is_weak = is_weak || cret_digest_hash(weak[i], "") == cret_digest_hash(algorithm, "");
        }
        if (!is_weak && own_digest(target, algorithm) != NULL) {
            return true;
        }
    }
    return false;
}

/* The best target for one file, files before components; NULL: none. *ret_root: the product's root
 * component has these digests, too. *ret_torn: a file of ours has some of them, and others not, so
 * that nothing here is surely it. */
static const struct cret_target *find_file(const json_t *digests,
                                           const struct cret_subject_index *index,
                                           enum cret_match *ret_match, bool *ret_root,
                                           bool *ret_torn)
{
    const struct cret_target *best = NULL;
    *ret_match = CRET_MATCH_NONE;
    *ret_torn = false;
    CRET_JSON_EACH (digest, digests) {
        size_t count = 0;
        const struct cret_index_entry *entries =
            cret_index_find(index,
                            cret_digest_hash(cret_json_string(digest, "algorithm"),
                                             cret_json_string(digest, "value")),
                            &count);
        for (size_t i = 0; i < count; i++) {
            const struct cret_target *target = &index->list[entries[i].target];
            enum cret_match match = compare_digests(digests, target);
            *ret_torn =
                *ret_torn || (match == CRET_MATCH_POSSIBLE && target->kind == CRET_TARGET_FILE);
            if (match == CRET_MATCH_SURE && !is_strong(digests, target)) {
                match = CRET_MATCH_POSSIBLE;
            }
            *ret_root = *ret_root || (match == CRET_MATCH_SURE && target->kind == CRET_TARGET_ROOT);
            if (match > *ret_match ||
                (match == *ret_match && match != CRET_MATCH_NONE &&
                 target->kind == CRET_TARGET_FILE && best->kind != CRET_TARGET_FILE)) {
                *ret_match = match;
                best = target;
            }
        }
    }
    if (*ret_torn && *ret_match == CRET_MATCH_SURE) {
        *ret_match = CRET_MATCH_POSSIBLE;
    }
    return best;
}

/* The part of a path behind its last '/' or '\'. */
static const char *base_name(const char *path)
{
    for (const char *at = path; *at != '\0'; at++) {
        if (*at == '/' || *at == '\\') {
            path = at + 1;
        }
    }
    return path;
}

/* A file of ours with the name of one whose digests we do not have: it could be that one. */
static const struct cret_target *find_name(const char *name, const json_t *digests,
                                           const struct cret_subject_index *index)
{
    if (name == NULL || name[0] == '\0') {
        return NULL;
    }
    for (size_t i = 0; i < index->count; i++) {
        const struct cret_target *target = &index->list[i];
        if (target->kind != CRET_TARGET_FILE ||
            strcasecmp(base_name(cret_json_string(target->json, "path")), base_name(name)) != 0) {
            continue;
        }
        bool compared = false;
        CRET_JSON_EACH (digest, digests) {
            compared =
                compared || own_digest(target, cret_json_string(digest, "algorithm")) != NULL;
        }
        return compared ? NULL : target;
    }
    return NULL;
}

/* Whether a file of ours is what the release is made of, not a text that many versions share. */
static bool is_substance(const struct cret_target *target)
{
    const char *role = cret_json_string(target->json, "role");
    return target->kind != CRET_TARGET_FILE || role == NULL || strcmp(role, "firmware") == 0 ||
           strcmp(role, "software") == 0;
}

/* By whom something is said of bytes decides whether it is said of our product. A file that did not
 * change from one version to the next says nothing of the version: where the document names one, it
 * is a person's to say which of the two counts. */
static struct cret_evidence file_evidence(const struct cret_advisory *advisory,
                                          const struct cret_named *named,
                                          const struct cret_subject_index *index,
                                          const struct cret_target *target, enum cret_match match,
                                          bool root)
{
    const bool ours =
        root || target->kind == CRET_TARGET_ROOT ||
        (target->kind == CRET_TARGET_FILE && cret_advisory_is_ours(advisory, named, index));
    struct cret_evidence evidence = {.identity = match};
    if (target->kind != CRET_TARGET_COMPONENT) {
        cret_advisory_fit(named, index, &index->list[0], NULL, &evidence);
    }
    const bool silent = target->kind == CRET_TARGET_COMPONENT || evidence.unstated ||
                        (named->version == NULL && named->range == NULL);
    evidence.identity =
        is_substance(target) || match < CRET_MATCH_SURE ? match : CRET_MATCH_POSSIBLE;
    evidence.best = CRET_FIT_SURE;
    evidence.worst = silent || evidence.worst == CRET_FIT_SURE ? CRET_FIT_SURE : CRET_FIT_LIKELY;
    evidence.unstated = false;
    evidence.later = false;
    evidence.component = target->kind == CRET_TARGET_COMPONENT;
    evidence.scope = ours ? CRET_SCOPE_PRODUCT : CRET_SCOPE_COMPONENT;
    return evidence;
}

int cret_advisory_match_hashes(const struct cret_advisory *advisory, const struct cret_named *named,
                               const struct cret_subject_index *index, struct cret_hits *hits,
                               bool *ret_other_build)
{
    const json_t *files = json_object_get(named->json, "hashes");
    size_t found = 0;
    const struct cret_target *first = NULL;
    enum cret_match all = CRET_MATCH_SURE;
    bool root = false;
    CRET_JSON_EACH (file, files) {
        const json_t *digests = json_object_get(file, "digests");
        enum cret_match match = CRET_MATCH_NONE;
        bool torn = false;
        const struct cret_target *target = find_file(digests, index, &match, &root, &torn);
        if (target != NULL) {
            found++;
            *ret_other_build = *ret_other_build || torn;
            first = first != NULL ? first : target;
        } else {
            *ret_other_build = true; /* or nobody can tell that it is not */
            target = find_name(cret_json_string(file, "filename"), digests, index);
            if (target != NULL && first == NULL) {
                const struct cret_evidence maybe =
                    file_evidence(advisory, named, index, target, CRET_MATCH_POSSIBLE, false);
                struct cret_evidence open = maybe;
                open.worst = CRET_FIT_OPEN;
                if (cret_hits_add(hits, target, &open, "hash",
                                  cret_text_printf("a file of that name is in the release, and its "
                                                   "digests there are of other algorithms")) != 0) {
                    return -1;
                }
            }
        }
        all = match == CRET_MATCH_SURE ? all : CRET_MATCH_POSSIBLE;
    }
    if (found == 0) {
        return 0;
    }
    /* A product of several files is this one only where all of them are there: what did not change
     * from one version to the next says nothing of which it is. */
    const struct cret_evidence evidence = file_evidence(advisory, named, index, first, all, root);
    return cret_hits_add(hits, first, &evidence, "hash",
                         cret_text_printf("hashes of %zu of %zu %s are those of %.250s%s", found,
                                          json_array_size(files),
                                          cret_plural(json_array_size(files), "file", "files"),
                                          first->label, found > 1 ? " and others" : ""));
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

/* A reference into an SBOM of ours by its serial number, as BOM-Link (urn:cdx:) or by the number
 * itself: what is behind it ("" or "#fragment"; other text where it is malformed), and whether the
 * version of the BOM is ours; NULL: it leads elsewhere. */
static const char *link_into(const char *reference, const json_t *sbom, bool *ret_version)
{
    static const char link[] = "urn:cdx:", uuid[] = "urn:uuid:";
    const char *serial = cret_json_string(sbom, "serial");
    const bool is_link = reference != NULL && strncasecmp(reference, link, sizeof(link) - 1) == 0;
    const bool is_uuid = reference != NULL && strncasecmp(reference, uuid, sizeof(uuid) - 1) == 0;
    if (serial == NULL || !(is_link || is_uuid) ||
        strncasecmp(serial, uuid, sizeof(uuid) - 1) != 0) {
        return NULL;
    }
    const char *rest = reference + (is_link ? sizeof(link) : sizeof(uuid)) - 1;
    const size_t size = strlen(serial) - (sizeof(uuid) - 1);
    if (strncasecmp(rest, serial + sizeof(uuid) - 1, size) != 0) {
        return NULL;
    }
    rest += size;
    /* Without a version of the BOM nobody knows which one is meant. */
    *ret_version = false;
    if (*rest == '/' && isdigit((unsigned char)rest[1]) != 0) {
        char *end = NULL;
        const long long version = strtoll(rest + 1, &end, 10);
        *ret_version = is_link && version == cret_json_integer(sbom, "version", 1);
        rest = end;
    }
    return rest;
}

/* The same into any of our SBOMs; *ret_sbom: which. One of the version that is meant goes first. */
static const char *own_link(const char *reference, const json_t *subjects, bool *ret_version,
                            size_t *ret_sbom)
{
    const char *found = NULL;
    CRET_JSON_EACH_AT (index, sbom, json_object_get(subjects, "sboms")) {
        bool version = false;
        const char *rest = link_into(reference, sbom, &version);
        if (rest != NULL && (found == NULL || (version && !*ret_version))) {
            found = rest;
            *ret_version = version;
            *ret_sbom = index;
        }
    }
    return found;
}

static int add_reference(const struct cret_named *named, const struct cret_subject_index *index,
                         const struct cret_target *target, bool same_version, const char *what,
                         struct cret_hits *hits)
{
    struct cret_evidence evidence = {.identity =
                                         same_version ? CRET_MATCH_SURE : CRET_MATCH_POSSIBLE,
                                     .component = target->kind == CRET_TARGET_COMPONENT,
                                     .scope = CRET_SCOPE_PRODUCT};
    if (named->version != NULL || named->range != NULL) {
        cret_advisory_fit(named, index, target, NULL, &evidence);
    } else {
        /* One component of one BOM is one version. */
        evidence.best = CRET_FIT_SURE;
        evidence.worst = same_version ? CRET_FIT_SURE : CRET_FIT_OPEN;
    }
    return cret_hits_add(hits, target, &evidence, "reference",
                         cret_text_printf("it refers to %.200s%s", what,
                                          same_version ? "" : ", in another version of it"));
}

/* It leads to what is not in our SBOM, or nobody knows where. */
static int add_lost(const struct cret_subject_index *index, const char *rest,
                    struct cret_hits *hits)
{
    const struct cret_evidence lost = {.identity = CRET_MATCH_POSSIBLE,
                                       .best = CRET_FIT_SURE,
                                       .worst = CRET_FIT_OPEN,
                                       .scope = CRET_SCOPE_WHOLE};
    return cret_hits_add(
        hits, &index->list[0], &lost, "reference",
        cret_text_printf("it refers to %.200s in this release's SBOM, which is not "
                         "there",
                         *rest == '#' ? rest + 1 : rest));
}

/* Whether an id is one of the whole world: what a tool calls its things for itself is none. */
static bool is_global(const char *id)
{
    return strncmp(id, "https://", 8) == 0 || strncmp(id, "http://", 7) == 0 ||
           strncasecmp(id, "urn:uuid:", 9) == 0;
}

/* Whether one of our SBOMs is SPDX 3, whose ids name one version of one thing. */
static bool is_spdx3(const struct cret_target *target, const struct cret_subject_index *index)
{
    const json_t *sboms = json_object_get(index->subjects, "sboms");
    const char *format = cret_json_string(
        json_array_get(sboms, (size_t)cret_json_integer(target->json, "sbom", 0)), "format");
    return format != NULL && strncmp(format, "SPDX-3", 6) == 0;
}

/* Whether what defines an element of SPDX 3, by its digest, is a file of ours. */
static bool is_defined_here(const struct cret_named *named, const struct cret_subject_index *index)
{
    enum cret_match match = CRET_MATCH_NONE;
    bool root = false, torn = false;
    const json_t *digests = cret_json_get(named->json, "defined.digests");
    const struct cret_target *file =
        digests != NULL ? find_file(digests, index, &match, &root, &torn) : NULL;
    return file != NULL && file->kind == CRET_TARGET_FILE && match == CRET_MATCH_SURE;
}

/* An element of SPDX 3 that one of our SBOMs has under the same id. */
static int add_element(const struct cret_named *named, const struct cret_subject_index *index,
                       const struct cret_target *target, struct cret_hits *hits)
{
    struct cret_evidence evidence = {.identity = CRET_MATCH_SURE,
                                     .best = CRET_FIT_SURE,
                                     .worst = CRET_FIT_SURE,
                                     .component = target->kind == CRET_TARGET_COMPONENT,
                                     .scope = CRET_SCOPE_PRODUCT,
                                     /* An id alone clears nothing: tools use them again. */
                                     .other_build = !is_defined_here(named, index)};
    const bool stated = named->version != NULL;
    if (stated) {
        cret_advisory_fit(named, index, target, NULL, &evidence);
        /* Another version under the same id: one of the two is wrong. */
        evidence.best = evidence.best < CRET_FIT_OPEN ? CRET_FIT_OPEN : evidence.best;
    }
    return cret_hits_add(
        hits, target, &evidence, "reference",
        cret_text_printf(
            "it refers to %.200s in this release's SBOM%s", cret_json_string(named->json, "ref"),
            !stated || evidence.worst == CRET_FIT_SURE ? "" : ", and names another version"));
}

/* A bom-ref or id of another file that is one of ours, too. */
static int match_bare(const struct cret_named *named, const char *reference,
                      const struct cret_subject_index *index, struct cret_hits *hits)
{
    const bool element = cret_json_boolean(named->json, "element", false) && is_global(reference);
    size_t count = 0;
    int failed = 0;
    const struct cret_index_entry *entries =
        cret_index_find(index, cret_key_hash(CRET_KEY_REF, reference), &count);
    for (size_t i = 0; i < count && !failed; i++) {
        const struct cret_target *target = &index->list[entries[i].target];
        const char *own = cret_json_string(target->json, "ref");
        if (own != NULL && strcmp(own, reference) == 0) {
            failed = element && is_spdx3(target, index)
                         ? add_element(named, index, target, hits)
                         : add_reference(named, index, target, false, reference, hits);
        }
    }
    return failed;
}

int cret_advisory_match_reference(const struct cret_named *named,
                                  const struct cret_subject_index *index, struct cret_hits *hits)
{
    bool same_version = false;
    size_t sbom = 0;
    const char *reference = cret_json_string(named->json, "ref");
    const char *rest = own_link(reference, index->subjects, &same_version, &sbom);
    int failed = 0;
    if (rest == NULL) {
        return reference != NULL ? match_bare(named, reference, index, hits) : 0;
    }
    if (*rest == '\0') {
        return add_reference(named, index, &index->list[0], same_version, "this release's SBOM",
                             hits);
    }
    const size_t before = hits->count;
    for (size_t i = 0; i < index->count && *rest == '#' && !failed; i++) {
        const struct cret_target *target = &index->list[i];
        const char *name = target->kind != CRET_TARGET_PRODUCT && target->kind != CRET_TARGET_FILE
                               ? cret_json_string(target->json, "ref")
                               : NULL;
        if (name != NULL && (size_t)cret_json_integer(target->json, "sbom", 0) == sbom &&
            same_reference(rest + 1, name)) {
            char *what = cret_text_printf("%.160s in this release's SBOM", name);
            failed =
                what == NULL || add_reference(named, index, target, same_version, what, hits) != 0;
            free(what);
        }
    }
    return failed || (hits->count == before && add_lost(index, rest, hits) != 0);
}
