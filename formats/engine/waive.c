/* SPDX-License-Identifier: Apache-2.0 */
/* Which findings a waiver covers, and what becomes of these. */
#include "engine/waive.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/text.h"
#include "base/text/time.h"
#include "base/text/unicode.h"

static enum cret_status other(struct cret_err *err, enum cret_check_id check, const char *what,
                              const char *expected, const char *actual, const char *hint)
{
    char *wanted = cret_unicode_tell(expected, actual),
         *found = cret_unicode_tell(actual, expected);
    cret_err_refuse(err, check, "%s", what);
    cret_err_expected(err, "%s", wanted != NULL ? wanted : expected);
    cret_err_actual(err, "%s", found != NULL ? found : actual);
    free(wanted);
    free(found);
    return cret_err_hint(err, "%s", hint);
}

static enum cret_status check_release(const struct cret_waiver_file *file,
                                      const struct cret_waiver *waiver,
                                      const struct cret_waive_release *release,
                                      struct cret_err *err)
{
    if (memcmp(waiver->release, release->identity, CRET_SHA256_BYTES) != 0) {
        char expected[CRET_SHA256_HEX], actual[CRET_SHA256_HEX];
        cret_hex_encode(expected, release->identity, CRET_SHA256_BYTES);
        cret_hex_encode(actual, waiver->release, CRET_SHA256_BYTES);
        return other(err, CRET_CHECK_WAIVER_APPLIES, "it is for another release", expected, actual,
                     "a waiver is for one release; ask whether this one should be waived too");
    }
    if (!cret_authentic_covers(file->authentic, release->vendor, release->product, false)) {
        cret_err_refuse(err, CRET_CHECK_WAIVER_SIGNATURE,
                        "its signers may not waive for this product");
        cret_err_actual(err, "%s, of another scope of the trust policy", file->signers);
        return cret_err_hint(err, "have it signed by those to whom the trust policy gives the role "
                                  "waiver for this product");
    }
    return CRET_OK;
}

static enum cret_status check_asset(const struct cret_inspect_request *request,
                                    const struct cret_waiver *waiver, struct cret_err *err)
{
    if (waiver->asset == NULL ||
        (request->asset != NULL && cret_unicode_same(waiver->asset, request->asset))) {
        return CRET_OK;
    }
    return request->asset == NULL
               ? other(err, CRET_CHECK_WAIVER_APPLIES, "it is for one asset, and none was named",
                       waiver->asset, "no --asset", "name the asset with --asset")
               : other(err, CRET_CHECK_WAIVER_APPLIES, "it is for another asset", request->asset,
                       waiver->asset, "a waiver for one asset says nothing about another");
}

static enum cret_status check_period(const struct cret_inspect_request *request,
                                     const struct cret_waiver *waiver, struct cret_err *err)
{
    char now[32], bound[32];
    cret_time_format(now, request->now);
    if (request->now > waiver->until) {
        cret_time_format(bound, waiver->until);
        cret_err_refuse(err, CRET_CHECK_WAIVER_PERIOD, "it ended on %s", bound);
        cret_err_actual(err, "%s", now);
        return cret_err_hint(err, "have the decision reviewed; a new waiver needs a new signature");
    }
    if (request->now < waiver->issued) {
        cret_time_format(bound, waiver->issued);
        cret_err_refuse(err, CRET_CHECK_WAIVER_PERIOD, "it holds from %s on", bound);
        cret_err_actual(err, "%s", now);
        return cret_err_hint(err, "compare the clocks of both machines");
    }
    return CRET_OK;
}

static enum cret_status check_allowed(const struct cret_inspect_request *request,
                                      const struct cret_waiver *waiver,
                                      const struct cret_waive_release *release,
                                      struct cret_err *err)
{
    const struct cret_check *check = cret_check_get(waiver->check);
    if (!check->waivable) {
        cret_err_refuse(err, CRET_CHECK_WAIVER_ALLOWED, "the check %s can never be waived: %s",
                        check->name, cret_check_kind_reason(check->kind));
        return cret_err_hint(err, "the release itself must be put right");
    }
    if (!request->policy->waivable[check->id]) {
        cret_err_refuse(err, CRET_CHECK_WAIVER_ALLOWED,
                        "the trust policy does not let the check %s be waived", check->name);
        cret_err_expected(err, "a check that `waivable` of the trust policy lists");
        return cret_err_hint(err, "ask those who maintain the trust policy, or get a release that "
                                  "passes");
    }
    /* What the operator asks for on the command line is not softened. */
    if (check->id == CRET_CHECK_RELEASE_SEQUENCE &&
        cret_optional_below(request->minimum_sequence, release->sequence)) {
        cret_err_refuse(err, CRET_CHECK_WAIVER_ALLOWED,
                        "--min-sequence was given: what it asks for is not waived");
        return cret_err_hint(err, "leave --min-sequence out if the waiver shall decide");
    }
    return CRET_OK;
}

/* CRET_OK: the waiver is in force. What nobody vouches for covers nothing. */
static enum cret_status judge(const struct cret_inspect_request *request,
                              const struct cret_waiver_file *file, const struct cret_waiver *waiver,
                              const struct cret_waive_release *release, struct cret_err *err)
{
    cret_err_clear(err);
    return check_release(file, waiver, release, err) == CRET_OK &&
                   check_asset(request, waiver, err) == CRET_OK &&
                   check_period(request, waiver, err) == CRET_OK &&
                   check_allowed(request, waiver, release, err) == CRET_OK
               ? CRET_OK
               : CRET_FAILED;
}

const struct cret_waiver *cret_waive_find(const struct cret_inspect_request *request,
                                          const struct cret_waive_release *release,
                                          enum cret_check_id check,
                                          const struct cret_waiver_file **ret_file)
{
    for (size_t i = 0; request->waivers != NULL && i < request->waivers->count; i++) {
        const struct cret_waiver_file *file = &request->waivers->files[i];
        for (size_t j = 0; j < file->count; j++) {
            struct cret_err ignored;
            if (file->list[j].check == check &&
                judge(request, file, &file->list[j], release, &ignored) == CRET_OK) {
                if (ret_file != NULL) {
                    *ret_file = file;
                }
                return &file->list[j];
            }
        }
    }
    return NULL;
}

bool cret_waive_by_journal(enum cret_check_id check)
{
    return cret_check_get(check)->kind == CRET_CHECK_KIND_JOURNAL;
}

char *cret_waive_words(const struct cret_waiver *waiver)
{
    char until[32];
    cret_time_format(until, waiver->until);
    return cret_text_printf("waived until %s, approved by %s (%s); instead: %s", until,
                            waiver->approver, waiver->reason, waiver->control);
}

static void say_not_honoured(struct cret_findings *findings,
                             const struct cret_inspect_request *request, struct cret_err *err,
                             const char *where)
{
    cret_err_context(err, "this waiver is not honoured");
    if (err->where[0] == '\0') {
        cret_err_where(err, "%s", where);
    }
    cret_findings_add_err(findings, cret_inspect_result(request, err->check), err);
}

static void waive(struct cret_findings *findings, const struct cret_waiver *waiver,
                  const char *where)
{
    const struct cret_check *check = cret_check_get(waiver->check);
    char *words = cret_waive_words(waiver);
    if (words == NULL) {
        cret_findings_break(findings);
        return;
    }
    const size_t count = cret_findings_waive(findings, waiver->check, words);
    free(words);
    if (count > 0) {
        cret_findings_add(findings, CRET_CHECK_WAIVER_APPLIES, CRET_RESULT_PASS,
                          (struct cret_finding_text){.where = where}, "%zu %s of %s %s waived",
                          count, cret_plural(count, "finding", "findings"), check->name,
                          cret_plural(count, "is", "are"));
    } else if (!cret_waive_by_journal(waiver->check) &&
               cret_findings_tally(findings, waiver->check, CRET_RESULT_WAIVED) == 0) {
        cret_findings_add(findings, CRET_CHECK_WAIVER_APPLIES, CRET_RESULT_PASS,
                          (struct cret_finding_text){.where = where},
                          "the waiver of %s is in force, and was not needed", check->name);
    }
}

void cret_waive(struct cret_findings *findings, const struct cret_inspect_request *request,
                const struct cret_waive_release *release)
{
    for (size_t i = 0; request->waivers != NULL && i < request->waivers->count; i++) {
        const struct cret_waiver_file *file = &request->waivers->files[i];
        struct cret_err err = file->fault;
        if (file->authentic == NULL) {
            say_not_honoured(findings, request, &err, file->path);
            continue;
        }
        for (size_t j = 0; release != NULL && j < file->count; j++) {
            char where[400];
            snprintf(where, sizeof(where), "%.300s #/waivers/%zu", file->path, j);
            if (judge(request, file, &file->list[j], release, &err) == CRET_OK) {
                waive(findings, &file->list[j], where);
            } else {
                say_not_honoured(findings, request, &err, where);
            }
        }
    }
}
