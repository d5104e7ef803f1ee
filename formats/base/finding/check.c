/* SPDX-License-Identifier: Apache-2.0 */
/* The table of checks, and looking things up in it. */
#include "base/finding/check.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/finding/err.h"
#include "base/text/nearest.h"

/* What follows from a row's kind, unless the row says otherwise. */
#define CORE .kind = CRET_CHECK_KIND_CORE, .severity = CRET_SEVERITY_FAIL
#define CORE_ASKED CORE, .asked = true
#define SOFT(of, word) .kind = of, .severity = word, .set_by = CRET_SET_BY_POLICY, .waivable = true
#define RELEASE(word) SOFT(CRET_CHECK_KIND_RELEASE, CRET_SEVERITY_##word)
#define JOURNAL(word) SOFT(CRET_CHECK_KIND_JOURNAL, CRET_SEVERITY_##word)
#define OPERATOR .kind = CRET_CHECK_KIND_OPERATOR, .severity = CRET_SEVERITY_FAIL
#define SIGNER(word)                                                                               \
    .kind = CRET_CHECK_KIND_SIGNER, .severity = CRET_SEVERITY_##word, .set_by = CRET_SET_BY_PROFILE
#define WAIVER(word)                                                                               \
    .kind = CRET_CHECK_KIND_WAIVER, .severity = CRET_SEVERITY_##word, .set_by = CRET_SET_BY_POLICY
#define TPM .kind = CRET_CHECK_KIND_TPM, .severity = CRET_SEVERITY_FAIL
#define STATION(word) .kind = CRET_CHECK_KIND_STATION, .severity = CRET_SEVERITY_##word
#define FOREIGN .kind = CRET_CHECK_KIND_FOREIGN, .severity = CRET_SEVERITY_FAIL
#define OWED STATION(FAIL), .owed = true

static const struct cret_check rows[CRET_CHECK_COUNT] = {
    [CRET_CHECK_NONE] =
        {
            .name = "none",
            CORE,
            .title = "No check",
            .meaning = "This finding belongs to no check of the table.",
            .causes = "An internal error of the program that made it.",
            .ask = "Send the developers of this program its version, the command line, and the "
                   "whole message.",
        },
#define CRET_CHECK(of, word, ...)                                                                  \
    [CRET_CHECK_##of] = {.id = CRET_CHECK_##of, .name = (word), __VA_ARGS__},
#include "base/finding/checks.h"
#undef CRET_CHECK
};

static const struct {
    const char *name, *reason;
} kinds[CRET_CHECK_KIND_COUNT] = {
    [CRET_CHECK_KIND_CORE] = {"core", "it is a core check"},
    [CRET_CHECK_KIND_RELEASE] = {"release", "it is about the release"},
    [CRET_CHECK_KIND_JOURNAL] = {"journal", "the journal answers it"},
    [CRET_CHECK_KIND_OPERATOR] = {"operator", "the operator asks for it in the run"},
    [CRET_CHECK_KIND_SIGNER] = {"signer", "only whoever signs is told of it"},
    [CRET_CHECK_KIND_WAIVER] = {"waiver", "it is about waivers themselves"},
    [CRET_CHECK_KIND_TPM] = {"tpm", "a TPM answers it"},
    [CRET_CHECK_KIND_STATION] = {"station",
                                 "it is about what a station holds, not about a release"},
    [CRET_CHECK_KIND_FOREIGN] = {"foreign", "a verdict on a foreign file rests on it"},
};

const struct cret_check *cret_check_get(enum cret_check_id id)
{
    return &rows[(unsigned)id < CRET_CHECK_COUNT ? id : CRET_CHECK_NONE];
}

const char *cret_check_hint(enum cret_check_id id, enum cret_reader reader, const char *hint)
{
    const struct cret_check *check = cret_check_get(id);
    if (reader == CRET_READER_OWNER) {
        return check->owner != NULL ? check->owner : hint;
    }
    return hint != NULL ? hint : check->signer;
}

const struct cret_check *cret_check_find(const char *name)
{
    for (size_t i = CRET_CHECK_NONE + 1; name != NULL && i < CRET_CHECK_COUNT; i++) {
        if (strcmp(rows[i].name, name) == 0) {
            return &rows[i];
        }
    }
    return NULL;
}

/* The one check whose last word a name begins with: sbom.cisa of "cisa-2026". NULL: there is none,
 * or several. */
static const char *named_last(const char *name)
{
    const char *found = NULL;
    for (size_t i = CRET_CHECK_NONE + 1; i < CRET_CHECK_COUNT; i++) {
        const char *own = cret_check_get((enum cret_check_id)i)->name;
        const char *last = strchr(own, '.') + 1;
        const size_t size = strlen(last);
        if (strncasecmp(name, last, size) == 0 && isalnum((unsigned char)name[size]) == 0) {
            if (found != NULL) {
                return NULL;
            }
            found = own;
        }
    }
    return found;
}

const char *cret_check_nearest(const char *name)
{
    struct cret_nearest nearest;
    cret_nearest_begin(&nearest, name);
    for (size_t i = CRET_CHECK_NONE + 1; i < CRET_CHECK_COUNT; i++) {
        cret_nearest_consider(&nearest, cret_check_get((enum cret_check_id)i)->name);
    }
    return nearest.name != NULL ? nearest.name : named_last(name);
}

static enum cret_status to_soften(const struct cret_check **ret_check, const char *name,
                                  const struct cret_check *check, bool allowed, const char *what,
                                  struct cret_err *err)
{
    if (check != NULL && allowed) {
        *ret_check = check;
        return CRET_OK;
    }
    if (check == NULL) {
        cret_err_usage(err, "there is no check %s", name != NULL ? name : "without a name");
        const char *near = cret_check_nearest(name != NULL ? name : "");
        if (near != NULL) {
            return cret_err_hint(err, "did you mean %s?", near);
        }
    } else {
        cret_err_usage(err, "the check %s %s: %s", name, what, kinds[check->kind].reason);
    }
    return cret_err_hint(err, "`cretula-verify explain all` lists the checks, and what may soften "
                              "each");
}

enum cret_status cret_check_to_set(const struct cret_check **ret_check, const char *name,
                                   enum cret_set_by setter, struct cret_err *err)
{
    const struct cret_check *check = cret_check_find(name);
    return to_soften(ret_check, name, check, check != NULL && check->set_by >= setter,
                     "has no severity to set here", err);
}

enum cret_status cret_check_to_waive(const struct cret_check **ret_check, const char *name,
                                     struct cret_err *err)
{
    const struct cret_check *check = cret_check_find(name);
    return to_soften(ret_check, name, check, check != NULL && check->waivable,
                     "can never be waived", err);
}

const char *cret_check_kind_name(enum cret_check_kind kind)
{
    return kinds[(unsigned)kind < CRET_CHECK_KIND_COUNT ? kind : CRET_CHECK_KIND_CORE].name;
}

const char *cret_check_kind_reason(enum cret_check_kind kind)
{
    return kinds[(unsigned)kind < CRET_CHECK_KIND_COUNT ? kind : CRET_CHECK_KIND_CORE].reason;
}

const char *cret_severity_name(enum cret_severity severity)
{
    static const char *const names[] = {
        [CRET_SEVERITY_IGNORE] = "ignore",
        [CRET_SEVERITY_WARN] = "warn",
        [CRET_SEVERITY_FAIL] = "fail",
    };
    return (unsigned)severity < CRET_LENGTH(names) ? names[severity] : "fail";
}
