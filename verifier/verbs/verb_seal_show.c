/* SPDX-License-Identifier: Apache-2.0 */
/* seal show: what a seal says, without trust in anybody. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/command/shared.h"
#include "base/finding/limits.h"
#include "base/system/apart.h"
#include "base/system/file.h"
#include "base/text/json.h"
#include "base/text/json_build.h"
#include "base/text/text.h"
#include "base/text/time.h"
#include "console/print.h"
#include "trust/cms/timestamp.h"
#include "verifier/verbs/options.h"
#include "verifier/verbs/seal_desk.h"
#include "verifier/verbs/verbs.h"

/* The reading process: what the seal says, timestamp by timestamp. */

static json_t *stamp_json(const struct cret_seal_stamp *stamp)
{
    const struct cret_certificate *signer = cret_timestamp_signer(stamp->timestamp);
    struct cret_build json = cret_build_object();
    cret_build_integer(&json, "time", cret_timestamp_time(stamp->timestamp));
    cret_build_text(&json, "authority", cret_certificate_subject(signer));
    cret_build_integer(&json, "end", cret_certificate_not_after(signer));
    cret_build_integer(&json, "chain", (int64_t)stamp->chain);
    cret_build_string(&json, "digest", stamp->algorithm->name);
    cret_build_integer(&json, "lists", (int64_t)stamp->lists);
    return cret_build_end(&json);
}

static enum cret_status read_apart(void *context, struct cret_apart_told *told,
                                   struct cret_err *err)
{
    const struct cret_bytes *bytes = context;
    struct cret_seal *seal = NULL;
    struct cret_build json = cret_build_object(), list = cret_build_list();
    if (cret_seal_parse(&seal, bytes->data, bytes->size, false, err) != CRET_OK) {
        return CRET_FAILED;
    }
    for (size_t i = 0; i < cret_seal_count(seal); i++) {
        const struct cret_seal_stamp stamp = cret_seal_at(seal, i);
        cret_build_add(&list, stamp_json(&stamp));
    }
    cret_build_integer(&json, "firstList", (int64_t)cret_seal_first_list(seal));
    cret_build_put(&json, "timestamps", cret_build_end(&list));
    cret_seal_free(&seal);
    told->json = cret_build_end(&json);
    return told->json != NULL ? CRET_OK : cret_err_memory(err);
}

/* Whoever asked. */

/* One timestamp as it was told; false where it is none. */
static bool put_stamp(struct cret_page *page, const json_t *stamp, size_t index)
{
    const int64_t time = cret_json_integer(stamp, "time", -1);
    const int64_t end = cret_json_integer(stamp, "end", -1);
    const int64_t chain = cret_json_integer(stamp, "chain", -1);
    const int64_t lists = cret_json_integer(stamp, "lists", -1);
    const char *authority = cret_json_string(stamp, "authority");
    const char *digest = cret_json_string(stamp, "digest");
    char when[32], until[32];
    if (time < 0 || time >= CRET_LIMIT_DATE || end < 0 || end > CRET_LIMIT_TIME_LAST || chain < 0 ||
        lists < 0 || authority == NULL || digest == NULL || cret_digest_by_name(digest) == NULL) {
        return false;
    }
    cret_time_format(when, time);
    cret_time_format(until, end);
    cret_page_section(page, "Timestamp %zu", index + 1);
    cret_page_text(page, "time", when);
    cret_page_text(page, "authority", authority);
    cret_page_row(page, "certificate ends", "%s", until);
    cret_page_row(page, "chain", "%" PRId64 ", %s, %" PRId64 " %s", chain + 1, digest, lists,
                  cret_plural((size_t)lists, "list", "lists"));
    return true;
}

static bool put_all(struct cret_page *page, const char *path, const json_t *told)
{
    const json_t *stamps = json_object_get(told, "timestamps");
    const int64_t first = cret_json_integer(told, "firstList", -1);
    cret_page_statement(page, "UNVERIFIED: nobody was trusted, and no file was compared");
    cret_page_text(page, "seal", path);
    cret_page_row(page, "first list", "%" PRId64 " %s", first,
                  cret_plural((size_t)first, "digest", "digests"));
    CRET_JSON_EACH_AT (index, stamp, stamps) {
        if (!put_stamp(page, stamp, index)) {
            return false;
        }
    }
    return first >= 0 && json_array_size(stamps) > 0;
}

/* The same as a document; what it holds was looked at before. NULL: out of memory. */
static json_t *show_json(const char *path, const json_t *told)
{
    struct cret_build json = cret_build_object(), list = cret_build_list();
    CRET_JSON_EACH (stamp, json_object_get(told, "timestamps")) {
        struct cret_build one = cret_build_object();
        cret_build_time(&one, "time", cret_json_integer(stamp, "time", -1));
        cret_build_text(&one, "authority", cret_json_string(stamp, "authority"));
        cret_build_time(&one, "certificateEnds", cret_json_integer(stamp, "end", -1));
        cret_build_integer(&one, "chain", cret_json_integer(stamp, "chain", -1) + 1);
        cret_build_text(&one, "digest", cret_json_string(stamp, "digest"));
        cret_build_integer(&one, "lists", cret_json_integer(stamp, "lists", -1));
        cret_build_add(&list, cret_build_end(&one));
    }
    cret_build_string(&json, "cretula", "seal-show/1");
    cret_build_boolean(&json, "verified", false);
    cret_build_text(&json, "seal", path);
    cret_build_integer(&json, "firstList", cret_json_integer(told, "firstList", -1));
    cret_build_put(&json, "timestamps", cret_build_end(&list));
    return cret_build_end(&json);
}

static int act(const struct cret_options *options)
{
    const char *path = cret_options_operand(options, 0);
    struct cret_apart_told told = {.findings = cret_findings_new()};
    struct cret_err err = {0};
    char *data = NULL;
    size_t size = 0;
    enum cret_status status =
        told.findings != NULL
            ? cret_file_read(&data, &size, path, CRET_LIMIT_SEAL_BYTES, CRET_ERR_UNDECIDED, &err)
            : cret_err_memory(&err);
    struct cret_bytes bytes = {(const uint8_t *)data, size};
    struct cret_apart_job job = {.read = read_apart, .context = &bytes, .bounds = CRET_BOUNDS_NONE};
    job.bounds.allow_unconfined = cret_options_given(options, "allow-unconfined");
    if (status == CRET_OK && (status = cret_apart_run(&told, &job, &err)) != CRET_OK) {
        cret_err_context(&err, "%s", path);
    }
    free(data);
    struct cret_page *page = cret_page_new();
    if (status == CRET_OK && !put_all(page, path, told.json)) {
        status = cret_apart_malformed(&err);
    }
    const bool as_json = status == CRET_OK && cret_options_given(options, "json");
    json_t *document = as_json ? show_json(path, told.json) : NULL;
    cret_apart_clear(&told);
    cret_findings_free(&told.findings);
    if (status != CRET_OK) {
        cret_page_free(&page);
        return cret_verb_fail(options, &err);
    }
    if (as_json) {
        cret_page_free(&page);
        return cret_print_json(options, document, 0);
    }
    return cret_print_last(options, &page, 0);
}

const struct cret_verb cret_verb_seal_show = {
    .name = "show",
    .operands = "SEAL",
    .summary = "Show the timestamps of a seal, unverified",
    .help = "Who dated it and when, until when each certificate lasts, and by which digest. "
            "Nothing is proved by that: seal verify does it.",
    .groups = CRET_GROUPS(&cret_confinement_group, &cret_site_group, &cret_json_group),
    .examples = CRET_EXAMPLES("cretula-verify seal show journal/seals/lines-40.ers"),
    .run = act,
};
