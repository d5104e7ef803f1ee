/* SPDX-License-Identifier: Apache-2.0 */
/* A folder of versions, and the walk through it. The folder came on a stick: every name in it is
 * accounted for, and everything is capped. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/file.h"
#include "base/system/os.h"
#include "trust/policy/policy_parts.h"
#include "trust/policy/policy_rotation.h"

enum { SIGNATURES = 2 * CRET_LIMIT_OWNERS, DIGITS = 16 /* of a version: up to 2^53-1 */ };
static const char policy_end[] = ".trust.json";

struct member {
    int64_t version;
    bool signature;
    char *name; /* borrowed of names */
};

struct series {
    const char *path;
    int fd;
    char **names;
    size_t name_count;
    struct member *members; /* by version, its policy before its signatures */
    size_t member_count;
    uint64_t bytes; /* read so far */
    const struct cret_policy *installed;
    int64_t now;
    bool allow_example_keys;
    struct cret_err *err;
};

static enum cret_status refuse(const struct series *series, const char *name, const char *what,
                               const char *hint)
{
    cret_err_refuse(series->err, CRET_CHECK_TRUST_ROTATION, "%s", what);
    cret_err_where(series->err, "%s/%s", series->path, name);
    return cret_err_hint(series->err, "%s", hint);
}

/* "12.trust.json" or "12.0123456789abcdef.p7s", in its one spelling. */
static bool parse_name(struct member *ret_member, char *name)
{
    const size_t digits = strspn(name, "0123456789");
    const char *rest = name + digits;
    int64_t version = 0;
    if (digits == 0 || digits > DIGITS || name[0] == '0') {
        return false;
    }
    for (size_t i = 0; i < digits; i++) {
        version = version * 10 + (name[i] - '0');
    }
    const bool signature = rest[0] == '.' && strspn(rest + 1, "0123456789abcdef") == 16 &&
                           strcmp(rest + 17, ".p7s") == 0;
    if (version > CRET_LIMIT_JSON_INTEGER || (!signature && strcmp(rest, policy_end) != 0)) {
        return false;
    }
    *ret_member = (struct member){.version = version, .signature = signature, .name = name};
    return true;
}

static int compare_members(const void *a, const void *b)
{
    const struct member *x = a, *y = b;
    if (x->version != y->version) {
        return x->version < y->version ? -1 : 1;
    }
    if (x->signature != y->signature) {
        return x->signature ? 1 : -1;
    }
    return strcmp(x->name, y->name);
}

static enum cret_status list_members(struct series *series)
{
    if (cret_os_open_directory(&series->fd, series->path, series->err) != CRET_OK ||
        cret_os_list(&series->names, &series->name_count, series->fd, series->err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (series->name_count > CRET_LIMIT_SERIES * (SIGNATURES + 1)) {
        return refuse(series, "", "the folder has too many files",
                      "keep the versions from the installed one on");
    }
    series->members = calloc(series->name_count + 1, sizeof(*series->members));
    if (series->members == NULL) {
        return cret_err_memory(series->err);
    }
    for (size_t i = 0; i < series->name_count; i++) {
        if (!parse_name(&series->members[i], series->names[i])) {
            refuse(
                series, series->names[i], "this file does not belong to a series of policies",
                "fetch the folder again from those who maintain the policy; see who put the file "
                "there");
            return cret_err_expected(series->err, "N.trust.json and N.<16 hex digits>.p7s only");
        }
    }
    series->member_count = series->name_count;
    qsort(series->members, series->member_count, sizeof(*series->members), compare_members);
    return CRET_OK;
}

/* One file; `cap` in bytes. It must be a regular one, and no link. */
static enum cret_status read_member(struct series *series, const struct member *member, size_t cap,
                                    char **ret_data, size_t *ret_size)
{
    enum cret_status status = CRET_FAILED;
    struct cret_file_info info;
    int fd = -1;
    if (cret_os_open_read_beneath(&fd, series->fd, member->name, series->err) != CRET_OK ||
        cret_os_stat_fd(&info, fd, series->err) != CRET_OK) {
        goto out;
    }
    if (info.kind != CRET_KIND_REGULAR || info.size > cap ||
        info.size > CRET_LIMIT_SERIES_BYTES - series->bytes) {
        refuse(series, member->name, "this is no file of the size that it may have",
               "fetch the folder again from those who maintain the policy");
        cret_err_expected(series->err, "a regular file of at most %zu bytes, and %u in all", cap,
                          CRET_LIMIT_SERIES_BYTES);
        goto out;
    }
    status = cret_file_read_fd(ret_data, ret_size, fd, cap, series->err);
    if (status == CRET_OK) {
        series->bytes += *ret_size;
    } else {
        cret_err_context(series->err, "%s/%s", series->path, member->name);
    }
out:
    cret_os_close(&fd);
    return status;
}

static const struct member *find_policy(const struct series *series, int64_t version)
{
    for (size_t i = 0; i < series->member_count; i++) {
        if (series->members[i].version == version && !series->members[i].signature) {
            return &series->members[i];
        }
    }
    return NULL;
}

/* The last version that there is a policy of; 0: none. */
static int64_t last_version(const struct series *series)
{
    int64_t last = 0;
    for (size_t i = 0; i < series->member_count; i++) {
        if (!series->members[i].signature && series->members[i].version > last) {
            last = series->members[i].version;
        }
    }
    return last;
}

/* The installed version, where the folder has it, must be the very one: else two histories claim
 * the same number, and one of them was not made by the owners. */
static enum cret_status check_installed(struct series *series)
{
    const struct member *member = find_policy(series, series->installed->version);
    char *text = NULL;
    size_t size = 0;
    uint8_t digest[CRET_SHA256_BYTES];
    if (member == NULL) {
        return CRET_OK;
    }
    if (read_member(series, member, CRET_LIMIT_POLICY_BYTES, &text, &size) != CRET_OK) {
        return CRET_FAILED;
    }
    const enum cret_status status = cret_sha256(digest, text, size, series->err);
    free(text);
    if (status != CRET_OK) {
        return CRET_FAILED;
    }
    if (memcmp(digest, series->installed->digest, sizeof(digest)) == 0) {
        return CRET_OK;
    }
    return refuse(series, member->name,
                  "this is another file than the installed policy of the same version",
                  "do not install anything: ask the owners which of the two they signed");
}

/* Every version from the installed one up to `last`, and no signature of one that is not there. */
static enum cret_status check_complete(const struct series *series, int64_t last)
{
    char name[40];
    const int64_t installed = series->installed->version;
    if (last - installed > CRET_LIMIT_SERIES) {
        return refuse(series, "", "the folder is too far ahead of the installed version",
                      "walk there in several steps, with a part of the versions each");
    }
    for (int64_t version = installed + 1; version <= last; version++) {
        snprintf(name, sizeof(name), "%lld%s", (long long)version, policy_end);
        if (find_policy(series, version) == NULL) {
            return refuse(series, name, "this version is missing",
                          "the folder must have every version from the installed one on");
        }
    }
    for (size_t i = 0; i < series->member_count; i++) {
        const struct member *member = &series->members[i];
        if (member->signature && find_policy(series, member->version) == NULL) {
            return refuse(series, member->name, "this signature is of a version that is not there",
                          "fetch the folder again from those who maintain the policy");
        }
    }
    return CRET_OK;
}

struct signatures {
    struct cret_rotation_signature list[SIGNATURES];
    size_t count;
};

static void clear_signatures(struct signatures *signatures)
{
    for (size_t i = 0; i < signatures->count; i++) {
        free((void *)signatures->list[i].der);
    }
    memset(signatures, 0, sizeof(*signatures));
}

static enum cret_status read_signatures(struct series *series, int64_t version,
                                        struct signatures *signatures)
{
    for (size_t i = 0; i < series->member_count; i++) {
        const struct member *member = &series->members[i];
        char *data = NULL;
        size_t size = 0;
        if (!member->signature || member->version != version) {
            continue;
        }
        if (signatures->count == SIGNATURES) {
            return refuse(series, member->name, "this version has too many signatures",
                          "keep those of the owners of it and of the version before");
        }
        if (read_member(series, member, CRET_LIMIT_SIGNATURE_BYTES, &data, &size) != CRET_OK) {
            return CRET_FAILED;
        }
        signatures->list[signatures->count++] = (struct cret_rotation_signature){
            .der = (const uint8_t *)data, .size = size, .name = member->name};
    }
    return CRET_OK;
}

/* The version after `previous`, authorized by it; into rotation. */
static enum cret_status take_step(struct series *series, const struct cret_policy *previous,
                                  bool is_last, struct cret_rotation *rotation)
{
    enum cret_status status = CRET_FAILED;
    const int64_t version = previous->version + 1;
    const struct member *member = find_policy(series, version);
    struct signatures signatures = {.count = 0};
    struct cret_policy *next = NULL;
    char *text = NULL;
    size_t size = 0;
    if (member == NULL) {
        return cret_err_undecided(series->err, "a version of the folder is gone");
    }
    /* Nobody acts by the versions in between, so that only the last one must not have expired. */
    if (read_member(series, member, CRET_LIMIT_POLICY_BYTES, &text, &size) != CRET_OK ||
        read_signatures(series, version, &signatures) != CRET_OK ||
        cret_policy_parse(&next, text, size, member->name, is_last ? series->now : INT64_MIN,
                          series->allow_example_keys, series->err) != CRET_OK ||
        cret_policy_authorize(
            previous,
            &(struct cret_rotation_next){next, text, size, signatures.list, signatures.count},
            series->allow_example_keys, &rotation->steps[rotation->step_count],
            series->err) != CRET_OK) {
        goto out;
    }
    rotation->step_count++;
    cret_policy_free(&rotation->policy);
    free(rotation->text);
    rotation->policy = next;
    rotation->text = text;
    rotation->size = size;
    next = NULL;
    text = NULL;
    status = CRET_OK;
out:
    cret_policy_free(&next);
    clear_signatures(&signatures);
    free(text);
    return status;
}

static enum cret_status walk(struct series *series, struct cret_optional target,
                             struct cret_rotation *rotation)
{
    const int64_t installed = series->installed->version, last = last_version(series);
    const int64_t end = target.given ? target.value : last;
    if (last == 0) {
        refuse(series, "", "there is no version of a policy in the folder",
               "is this the right folder, and the medium there?");
        return cret_err_expected(series->err, "files N.trust.json and N.<16 hex>.p7s");
    }
    if (last < installed) {
        refuse(series, "", "the folder is older than the installed policy",
               "a policy never goes back; ask those who maintain it for the current folder");
        cret_err_expected(series->err, "version %lld or later", (long long)installed);
        return cret_err_actual(series->err, "up to version %lld", (long long)last);
    }
    if (end > last || end < installed) {
        refuse(series, "", "the folder does not lead to the version that is asked for",
               "ask those who maintain the policy for the folder that does");
        cret_err_expected(series->err, "version %lld", (long long)end);
        return cret_err_actual(series->err, "from version %lld to %lld", (long long)installed,
                               (long long)last);
    }
    if (check_installed(series) != CRET_OK || check_complete(series, last) != CRET_OK) {
        return CRET_FAILED;
    }
    rotation->steps = calloc((size_t)(end - installed) + 1, sizeof(*rotation->steps));
    if (rotation->steps == NULL) {
        return cret_err_memory(series->err);
    }
    for (int64_t version = installed + 1; version <= end; version++) {
        const struct cret_policy *previous =
            rotation->policy == NULL ? series->installed : rotation->policy;
        if (take_step(series, previous, version == end, rotation) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

enum cret_status cret_policy_walk(struct cret_rotation *ret_rotation,
                                  const struct cret_policy *installed, const char *path,
                                  struct cret_optional target, int64_t now, bool allow_example_keys,
                                  struct cret_err *err)
{
    struct cret_rotation rotation;
    struct series series = {.path = path,
                            .fd = -1,
                            .installed = installed,
                            .now = now,
                            .allow_example_keys = allow_example_keys,
                            .err = err};
    memset(&rotation, 0, sizeof(rotation));
    const enum cret_status status =
        list_members(&series) == CRET_OK ? walk(&series, target, &rotation) : CRET_FAILED;
    if (status == CRET_OK) {
        *ret_rotation = rotation;
    } else {
        cret_rotation_clear(&rotation);
    }
    cret_os_names_free(&series.names, series.name_count);
    free(series.members);
    cret_os_close(&series.fd);
    return status;
}

void cret_rotation_clear(struct cret_rotation *rotation)
{
    for (size_t i = 0; rotation->steps != NULL && i < rotation->step_count; i++) {
        cret_rotation_step_clear(&rotation->steps[i]);
    }
    free(rotation->steps);
    cret_policy_free(&rotation->policy);
    free(rotation->text);
    memset(rotation, 0, sizeof(*rotation));
}
