/* SPDX-License-Identifier: Apache-2.0 */
/* What lies in a package, and which list is over what. */
#include "package/package.h"

#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/os.h"
#include "base/text/text.h"
#include "package/package_below.h"

#define TAIL_BYTES (1u << 20) /* in which the directory of most packages lies whole */
#define META_INF "META-INF/"
#define LIST_BEGINS META_INF "ASiCManifest"

static enum cret_status refuse(struct cret_err *err, const char *where, const char *what)
{
    cret_err_refuse(err, CRET_CHECK_PACKAGE_MANIFEST, "%s", what);
    cret_err_where(err, "%s", where);
    return cret_err_hint(err, "ask the author of the package for one whose signature is over all "
                              "of it; do not take anything out yourself");
}

static bool begins(const char *text, const char *words)
{
    return strncmp(text, words, strlen(words)) == 0;
}

static bool ends(const char *text, const char *words)
{
    const size_t size = strlen(text), wanted = strlen(words);
    return size >= wanted && strcmp(text + size - wanted, words) == 0;
}

static bool is_list(const char *name)
{
    return begins(name, LIST_BEGINS) && ends(name, ".xml") &&
           strchr(name + strlen(META_INF), '/') == NULL;
}

static bool is_signature(const char *name)
{
    return begins(name, META_INF) && ends(name, ".p7s") &&
           strchr(name + strlen(META_INF), '/') == NULL &&
           strstr(name + strlen(META_INF), "signature") != NULL;
}

/* Whether the bytes hold these words anywhere. */
static bool holds(const uint8_t *data, size_t size, const char *words)
{
    const size_t length = strlen(words);
    for (size_t i = 0; i + length <= size; i++) {
        if (data[i] == (uint8_t)words[0] && memcmp(data + i, words, length) == 0) {
            return true;
        }
    }
    return false;
}

enum cret_status cret_package_recognize(bool *ret_package, int fd, uint64_t size,
                                        struct cret_err *err)
{
    static const char start[] = "mimetype" CRET_PACKAGE_MEDIA_TYPE;
    uint8_t head[CRET_ZIP_HEADER_BYTES + sizeof(start) - 1] = {0};
    const size_t tail_size = size < TAIL_BYTES ? (size_t)size : TAIL_BYTES;
    size_t got = 0;
    *ret_package = false;
    if (cret_os_pread(fd, head, sizeof(head), 0, &got, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (got < sizeof(head) || memcmp(head, "PK\3\4", 4) != 0) {
        return CRET_OK;
    }
    if (memcmp(head + CRET_ZIP_HEADER_BYTES, start, sizeof(start) - 1) == 0) {
        *ret_package = true;
        return CRET_OK;
    }
    uint8_t *tail = malloc(tail_size);
    enum cret_status status = tail != NULL ? CRET_OK : cret_err_memory(err);
    if (status == CRET_OK) {
        status = cret_os_pread(fd, tail, tail_size, size - tail_size, &got, err);
    }
    *ret_package = status == CRET_OK && holds(tail, got, CRET_PACKAGE_METADATA_PATH);
    free(tail);
    return status;
}

bool cret_package_is_data(const struct cret_zip_member *member)
{
    return !member->folder && strcmp(member->name, "mimetype") != 0 &&
           !begins(member->name, META_INF);
}

/* OPC 10000-100, 8.7.2: these folders and, where it is signed, `mimetype`. */
static enum cret_status check_places(const struct cret_zip *zip, struct cret_err *err)
{
    static const char *const folders[] = {"CONTENT/", "META/", "SUPPLEMENT/", META_INF,
                                          CRET_PACKAGE_BELOW};
    for (size_t i = 0; i < zip->count; i++) {
        const char *name = zip->members[i].name;
        bool known = strcmp(name, "mimetype") == 0;
        for (size_t k = 0; k < CRET_LENGTH(folders); k++) {
            known = known || begins(name, folders[k]);
        }
        if (begins(name, CRET_PACKAGE_BELOW) && zip->view) {
            return refuse(err, name, "a package in a package that is in a package");
        }
        if (!known) {
            return refuse(err, name, "a member outside of the folders that a package has");
        }
        if (begins(name, META_INF) && !zip->members[i].folder && !is_list(name) &&
            !is_signature(name)) {
            return refuse(err, name,
                          "a file beside the signatures that is neither a list nor a "
                          "signature over one, and is not judged here");
        }
    }
    return CRET_OK;
}

static enum cret_status check_mimetype(const struct cret_zip *zip, int fd, struct cret_err *err)
{
    static const char wanted[] = CRET_PACKAGE_MEDIA_TYPE;
    const size_t at = cret_zip_find(zip, "mimetype");
    uint8_t *text = NULL;
    if (at == zip->count || zip->members[at].size != sizeof(wanted) - 1) {
        refuse(err, "mimetype",
               at == zip->count ? "a ZIP file without the media type of a signed package"
                                : "another media type than that of a signed package");
        return cret_err_expected(err, "%s", wanted);
    }
    if (cret_zip_member_read(&text, zip, at, fd, sizeof(wanted), err) != CRET_OK) {
        return CRET_FAILED;
    }
    const bool right = memcmp(text, wanted, sizeof(wanted) - 1) == 0;
    free(text);
    if (right) {
        return CRET_OK;
    }
    refuse(err, "mimetype", "another media type than that of a signed package");
    return cret_err_expected(err, "%s", wanted);
}

static enum cret_status read_pair(struct cret_package_pair *pair, const struct cret_zip *zip,
                                  size_t member, int fd, struct cret_err *err)
{
    pair->list_name = zip->members[member].name;
    if (cret_zip_member_read(&pair->list, zip, member, fd, CRET_LIMIT_PACKAGE_XML_BYTES, err) !=
        CRET_OK) {
        return CRET_FAILED;
    }
    pair->list_size = (size_t)zip->members[member].size;
    if (cret_asic_manifest_parse(&pair->manifest, (const char *)pair->list, pair->list_size,
                                 pair->list_name, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const char *name = pair->manifest->signature;
    const size_t at = cret_zip_find(zip, name);
    if (at == zip->count || !is_signature(name)) {
        refuse(err, pair->list_name, "a list names no signature of the package");
        return cret_err_actual(err, "%s", name);
    }
    pair->signature_name = zip->members[at].name;
    pair->signature_size = (size_t)zip->members[at].size;
    return cret_zip_member_read(&pair->signature, zip, at, fd, CRET_LIMIT_SIGNATURE_BYTES, err);
}

static int by_name(const void *left, const void *right)
{
    return strcmp(((const struct cret_package_pair *)left)->list_name,
                  ((const struct cret_package_pair *)right)->list_name);
}

static enum cret_status read_pairs(struct cret_package *package, int fd, struct cret_err *err)
{
    const struct cret_zip *zip = package->zip;
    package->pairs = calloc(CRET_LIMIT_SIGNATURES, sizeof(*package->pairs));
    if (package->pairs == NULL) {
        return cret_err_memory(err);
    }
    for (size_t i = 0; i < zip->count; i++) {
        if (!is_list(zip->members[i].name)) {
            continue;
        }
        if (package->pair_count == CRET_LIMIT_SIGNATURES) {
            return refuse(err, zip->members[i].name, "more signed lists than are taken");
        }
        struct cret_package_pair *pair = &package->pairs[package->pair_count++];
        if (read_pair(pair, zip, i, fd, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    qsort(package->pairs, package->pair_count, sizeof(*package->pairs), by_name);
    return CRET_OK;
}

/* Each signature is over one list. */
static enum cret_status check_signatures(const struct cret_package *package, struct cret_err *err)
{
    const struct cret_zip *zip = package->zip;
    for (size_t i = 0; i < zip->count; i++) {
        const char *name = zip->members[i].name;
        size_t named = 0;
        for (size_t k = 0; k < package->pair_count; k++) {
            named += strcmp(package->pairs[k].signature_name, name) == 0 ? 1 : 0;
        }
        if (is_signature(name) && named != 1) {
            return refuse(err, name,
                          named == 0 ? "a signature that no list names"
                                     : "a signature that more than one list names");
        }
    }
    return CRET_OK;
}

/* A reference below META-INF/ is to the list or the signature of somebody who signed before. */
static bool is_of_another(const struct cret_package *package, const struct cret_package_pair *pair,
                          const char *name)
{
    for (size_t i = 0; i < package->pair_count; i++) {
        const struct cret_package_pair *other = &package->pairs[i];
        if (other != pair &&
            (strcmp(other->list_name, name) == 0 || strcmp(other->signature_name, name) == 0)) {
            return true;
        }
    }
    return false;
}

static enum cret_status note_absent(struct cret_package *package, const char *name,
                                    struct cret_err *err)
{
    for (size_t i = 0; i < package->absent_count; i++) {
        if (strcmp(package->absent[i], name) == 0) {
            return CRET_OK;
        }
    }
    if (package->absent_count == CRET_LIMIT_PACKAGE_ABSENT) {
        refuse(err, name, "the lists name too many files that are not in the package");
        return cret_err_expected(err, "at most %u", CRET_LIMIT_PACKAGE_ABSENT);
    }
    const char **grown =
        reallocarray((void *)package->absent, package->absent_count + 1, sizeof(*package->absent));
    if (grown == NULL) {
        return cret_err_memory(err);
    }
    package->absent = grown;
    package->absent[package->absent_count++] = name;
    return CRET_OK;
}

/* It says the sequence, the end of support and all else that metadata does not: a package without
 * it would pass where the whole one is refused. */
static enum cret_status release_taken_out(struct cret_err *err, const char *name)
{
    cret_err_refuse(err, CRET_CHECK_PACKAGE_RELEASE,
                    "the release that was signed with the package was taken out of it");
    cret_err_where(err, "%s", name);
    return cret_err_hint(err, "get the package again, from whoever made it; other files of "
                              "SUPPLEMENT/ may be left out, those of the release may not");
}

static enum cret_status check_references(struct cret_package *package,
                                         struct cret_package_pair *pair, struct cret_err *err)
{
    pair->first = true;
    for (size_t i = 0; i < pair->manifest->count; i++) {
        const char *name = pair->manifest->references[i].name;
        const size_t at = cret_zip_find(package->zip, name);
        if (begins(name, META_INF)) {
            if (!is_of_another(package, pair, name)) {
                refuse(err, pair->list_name,
                       strcmp(name, pair->list_name) == 0        ? "a list names itself"
                       : strcmp(name, pair->signature_name) == 0 ? "a list names the signature "
                                                                   "over it"
                       : at == package->zip->count ? "a list names another list or signature that "
                                                     "is not in the package"
                                                   : "a list names a file beside the signatures "
                                                     "that is none of them");
                return cret_err_actual(err, "%s", name);
            }
            pair->first = false;
        } else if (strcmp(name, "mimetype") == 0) {
            continue;
        } else if (at == package->zip->count) {
            if (!begins(name, "SUPPLEMENT/")) {
                refuse(err, pair->list_name, "a list names a file that is not in the package");
                return cret_err_actual(err, "%s", name);
            }
            if (begins(name, CRET_PACKAGE_RELEASE)) {
                return release_taken_out(err, name);
            }
            if (note_absent(package, name, err) != CRET_OK) {
                return CRET_FAILED;
            }
        }
    }
    return CRET_OK;
}

static enum cret_status check_cover(const struct cret_package *package,
                                    const struct cret_package_pair *pair, struct cret_err *err)
{
    for (size_t i = 0; i < package->zip->count; i++) {
        const struct cret_zip_member *member = &package->zip->members[i];
        if (cret_package_is_data(member) &&
            cret_asic_manifest_find(pair->manifest, member->name) == NULL) {
            refuse(err, member->name,
                   "a file that a signed list does not name: its signer did "
                   "not sign all of the package");
            return cret_err_expected(err, "every file in %s", pair->list_name);
        }
    }
    return CRET_OK;
}

static enum cret_status check_lists(struct cret_package *package, bool unsigned_too,
                                    struct cret_err *err)
{
    bool any_first = false;
    if (package->pair_count == 0 && !unsigned_too) {
        cret_err_refuse(err, CRET_CHECK_SIGNATURE_FORM, "the package carries no signature");
        cret_err_where(err, META_INF);
        return cret_err_hint(err, "ask its author for the signed package; an unsigned one proves "
                                  "nothing about who made it");
    }
    for (size_t i = 0; i < package->pair_count; i++) {
        struct cret_package_pair *pair = &package->pairs[i];
        if (check_references(package, pair, err) != CRET_OK ||
            check_cover(package, pair, err) != CRET_OK) {
            return CRET_FAILED;
        }
        any_first = any_first || pair->first;
    }
    return package->pair_count == 0 || any_first
               ? CRET_OK
               : refuse(err, META_INF, "each signed list names another one: none was the first");
}

static enum cret_status read_metadata(struct cret_package *package, int fd, struct cret_err *err)
{
    const size_t at = cret_zip_find(package->zip, CRET_PACKAGE_METADATA_PATH);
    if (at == package->zip->count) {
        cret_err_refuse(err, CRET_CHECK_PACKAGE_METADATA,
                        "a ZIP file that does not say what it is: no OPC UA software package");
        return cret_err_expected(err, CRET_PACKAGE_METADATA_PATH);
    }
    package->metadata_size = (size_t)package->zip->members[at].size;
    return cret_zip_member_read(&package->metadata, package->zip, at, fd,
                                CRET_LIMIT_PACKAGE_METADATA_BYTES, err);
}

/* SUPPLEMENT/cretula/SIGNATURES/<16 hex digits>.p7s. */
static enum cret_status read_release_signature(struct cret_package *package, size_t member, int fd,
                                               struct cret_err *err)
{
    static const char digits[] = "0123456789abcdef";
    const char *name = package->zip->members[member].name;
    const char *key = name + strlen(CRET_PACKAGE_RELEASE_SIGNATURES);
    if (strspn(key, digits) != 16 || strcmp(key + 16, ".p7s") != 0 ||
        package->signature_count == CRET_LIMIT_SIGNATURES) {
        cret_err_refuse(err, CRET_CHECK_PACKAGE_RELEASE,
                        "a file among the signatures of the release that is none of them");
        return cret_err_where(err, "%s", name);
    }
    struct cret_signature *one = &package->signatures[package->signature_count];
    if (cret_zip_member_read(&one->data, package->zip, member, fd, CRET_LIMIT_SIGNATURE_BYTES,
                             err) != CRET_OK) {
        return CRET_FAILED;
    }
    memcpy(one->name, key, 16);
    one->size = (size_t)package->zip->members[member].size;
    package->signature_count++;
    return CRET_OK;
}

/* The release that rides along, where one does. */
static enum cret_status read_release(struct cret_package *package, int fd, struct cret_err *err)
{
    const struct cret_zip *zip = package->zip;
    const size_t at = cret_zip_find(zip, CRET_PACKAGE_RELEASE_MANIFEST);
    if (at == zip->count) {
        return CRET_OK;
    }
    package->signatures = calloc(CRET_LIMIT_SIGNATURES, sizeof(*package->signatures));
    if (package->signatures == NULL) {
        return cret_err_memory(err);
    }
    package->release_size = (size_t)zip->members[at].size;
    if (cret_zip_member_read(&package->release, zip, at, fd, CRET_LIMIT_MANIFEST_BYTES, err) !=
        CRET_OK) {
        return CRET_FAILED;
    }
    for (size_t i = 0; i < zip->count; i++) {
        if (!zip->members[i].folder &&
            begins(zip->members[i].name, CRET_PACKAGE_RELEASE_SIGNATURES) &&
            read_release_signature(package, i, fd, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

/* All but the ZIP file, which was read. */
static enum cret_status read_all(struct cret_package *package, int fd, bool unsigned_too,
                                 struct cret_err *err)
{
    return read_metadata(package, fd, err) == CRET_OK &&
                   check_mimetype(package->zip, fd, err) == CRET_OK &&
                   check_places(package->zip, err) == CRET_OK &&
                   read_pairs(package, fd, err) == CRET_OK &&
                   check_signatures(package, err) == CRET_OK &&
                   check_lists(package, unsigned_too, err) == CRET_OK
               ? read_release(package, fd, err)
               : CRET_FAILED;
}

enum cret_status cret_package_read_below(struct cret_package **ret_package,
                                         const struct cret_package *whole, const char *folder,
                                         int fd, struct cret_err *err)
{
    struct cret_package *package = calloc(1, sizeof(*package));
    if (package == NULL) {
        return cret_err_memory(err);
    }
    if (cret_zip_below(&package->zip, whole->zip, folder, err) != CRET_OK ||
        read_all(package, fd, false, err) != CRET_OK ||
        cret_package_refuse_sha512(package, err) != CRET_OK) {
        cret_package_free(&package);
        return CRET_FAILED;
    }
    *ret_package = package;
    return CRET_OK;
}

enum cret_status cret_package_read(struct cret_package **ret_package, int fd, uint64_t size,
                                   bool unsigned_too, struct cret_err *err)
{
    struct cret_package *package = calloc(1, sizeof(*package));
    if (package == NULL) {
        return cret_err_memory(err);
    }
    if (cret_zip_read(&package->zip, fd, size, err) != CRET_OK ||
        read_all(package, fd, unsigned_too, err) != CRET_OK ||
        cret_package_find_below(package, err) != CRET_OK) {
        cret_package_free(&package);
        return CRET_FAILED;
    }
    *ret_package = package;
    return CRET_OK;
}

void cret_package_free(struct cret_package **package)
{
    if (package == NULL || *package == NULL) {
        return;
    }
    for (size_t i = 0; i < (*package)->pair_count; i++) {
        free((*package)->pairs[i].list);
        free((*package)->pairs[i].signature);
        cret_asic_manifest_free(&(*package)->pairs[i].manifest);
    }
    free((*package)->pairs);
    for (size_t i = 0; i < (*package)->signature_count; i++) {
        free((*package)->signatures[i].data);
    }
    free((*package)->signatures);
    free((*package)->release);
    free((*package)->metadata);
    free((*package)->digests);
    free((void *)(*package)->absent);
    for (size_t i = 0; i < (*package)->below_count; i++) {
        free((*package)->below[i]);
    }
    free((*package)->below);
    cret_zip_free(&(*package)->zip);
    free(*package);
    *package = NULL;
}
