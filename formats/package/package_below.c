/* SPDX-License-Identifier: Apache-2.0 */
/* Packages in a package (OPC 10000-100, 8.7.5). */
#include "package/package_below.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/text/path.h"
#include "base/text/text.h"

static enum cret_status refuse(struct cret_err *err, const char *where, const char *what)
{
    cret_err_refuse(err, CRET_CHECK_PACKAGE_MANIFEST, "%s", what);
    cret_err_where(err, "%s", where);
    return cret_err_hint(err, "ask the author of the solution for one that is laid out as OPC "
                              "10000-100 says: SUBPACKAGES/NAME/ holds the package NAME");
}

/* The folder that a member lies in, one below SUBPACKAGES/. */
static enum cret_status add_folder(struct cret_package *package, const char *name,
                                   struct cret_err *err)
{
    const size_t before = strlen(CRET_PACKAGE_BELOW);
    const char *slash = strchr(name + before, '/');
    if (slash == NULL) {
        return refuse(err, name, "a file beside the packages of a solution, and in none");
    }
    const size_t size = (size_t)(slash - name) + 1;
    for (size_t i = 0; i < package->below_count; i++) {
        if (strlen(package->below[i]) == size && memcmp(package->below[i], name, size) == 0) {
            return CRET_OK;
        }
    }
    if (package->below_count == CRET_LIMIT_PACKAGE_BELOW) {
        refuse(err, name, "a solution of too many packages");
        return cret_err_expected(err, "at most %u", CRET_LIMIT_PACKAGE_BELOW);
    }
    char *folder = strndup(name, size);
    if (folder == NULL) {
        return cret_err_memory(err);
    }
    package->below[package->below_count++] = folder;
    return CRET_OK;
}

/* On other systems two folders that differ in capital letters are one. */
static enum cret_status check_folded(const struct cret_package *package, struct cret_err *err)
{
    for (size_t i = 0; i < package->below_count; i++) {
        for (size_t k = 0; k < i; k++) {
            char *one = cret_path_fold(package->below[i]);
            char *two = cret_path_fold(package->below[k]);
            const bool known = one != NULL && two != NULL;
            const bool same = known && strcmp(one, two) == 0;
            free(one);
            free(two);
            if (!known) {
                return cret_err_memory(err);
            }
            if (same) {
                return refuse(err, package->below[i],
                              "two packages of a solution have one name, without regard to "
                              "capital letters");
            }
        }
    }
    return CRET_OK;
}

/* Whether a member of a package in it is read as a whole before anybody's signature was judged. */
static bool is_stated(const char *name)
{
    static const char *const places[] = {"META-INF/", CRET_PACKAGE_METADATA_PATH,
                                         CRET_PACKAGE_RELEASE};
    for (size_t i = 0; i < CRET_LENGTH(places); i++) {
        if (strncmp(name, places[i], strlen(places[i])) == 0) {
            return true;
        }
    }
    return false;
}

/* Each of the packages has caps of its own; all of them together have one as well. */
static enum cret_status check_stated(const struct cret_package *package, struct cret_err *err)
{
    uint64_t bytes = 0; /* sizes of so few members stay far from overflow */
    for (size_t i = 0; i < package->zip->count; i++) {
        const struct cret_zip_member *member = &package->zip->members[i];
        for (size_t k = 0; k < package->below_count; k++) {
            const size_t size = strlen(package->below[k]);
            if (strncmp(member->name, package->below[k], size) == 0 &&
                is_stated(member->name + size)) {
                bytes += member->size;
            }
        }
    }
    if (bytes <= CRET_LIMIT_SOLUTION_STATED_BYTES) {
        return CRET_OK;
    }
    cret_err_refuse(err, CRET_CHECK_ARCHIVE_LIMITS,
                    "the packages of the solution hold more lists, signatures, metadata and "
                    "manifests than are read of one file");
    cret_err_where(err, CRET_PACKAGE_BELOW);
    cret_err_expected(err, "at most %u bytes of all packages together",
                      CRET_LIMIT_SOLUTION_STATED_BYTES);
    cret_err_actual(err, "%" PRIu64, bytes);
    return cret_err_hint(err, "ask the author of the solution for several smaller ones, or check "
                              "each package by itself");
}

enum cret_status cret_package_find_below(struct cret_package *package, struct cret_err *err)
{
    const struct cret_zip *zip = package->zip;
    package->below = calloc(CRET_LIMIT_PACKAGE_BELOW, sizeof(*package->below));
    if (package->below == NULL) {
        return cret_err_memory(err);
    }
    for (size_t i = 0; i < zip->count; i++) {
        const char *name = zip->members[i].name;
        if (strncmp(name, CRET_PACKAGE_BELOW, strlen(CRET_PACKAGE_BELOW)) == 0 &&
            strcmp(name, CRET_PACKAGE_BELOW) != 0 && add_folder(package, name, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return check_folded(package, err) == CRET_OK ? check_stated(package, err) : CRET_FAILED;
}

enum cret_status cret_package_refuse_sha512(const struct cret_package *package,
                                            struct cret_err *err)
{
    for (size_t i = 0; i < package->pair_count; i++) {
        const struct cret_asic_manifest *manifest = package->pairs[i].manifest;
        for (size_t k = 0; k < manifest->count; k++) {
            if (manifest->references[k].sha512) {
                refuse(err, package->pairs[i].list_name,
                       "a list by SHA-512 in a package of a solution, which is not read "
                       "here: SHA-256 alone is");
                return cret_err_hint(err, "check this package by itself, or ask its maker for "
                                          "lists by SHA-256");
            }
        }
    }
    return CRET_OK;
}
