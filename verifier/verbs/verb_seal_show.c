/* SPDX-License-Identifier: Apache-2.0 */
/* seal show: what a seal says, without trust in anybody. */
#include <stdlib.h>

#include "base/finding/limits.h"
#include "base/system/file.h"
#include "base/text/text.h"
#include "base/text/time.h"
#include "console/print.h"
#include "trust/cms/timestamp.h"
#include "verifier/verbs/options.h"
#include "verifier/verbs/seal_desk.h"
#include "verifier/verbs/verbs.h"

static void put_stamp(struct cret_page *page, const struct cret_seal *seal, size_t index)
{
    const struct cret_seal_stamp stamp = cret_seal_at(seal, index);
    char time[32], end[32];
    cret_time_format(time, cret_timestamp_time(stamp.timestamp));
    cret_time_format(end, cret_certificate_not_after(cret_timestamp_signer(stamp.timestamp)));
    cret_page_section(page, "Timestamp %zu", index + 1);
    cret_page_text(page, "time", time);
    cret_page_text(page, "authority",
                   cret_certificate_subject(cret_timestamp_signer(stamp.timestamp)));
    cret_page_row(page, "certificate ends", "%s", end);
    cret_page_row(page, "chain", "%zu, %s, %zu %s", stamp.chain + 1, stamp.algorithm->name,
                  stamp.lists, cret_plural(stamp.lists, "list", "lists"));
}

static int act(const struct cret_options *options)
{
    const char *path = cret_options_operand(options, 0);
    struct cret_seal *seal = NULL;
    struct cret_err err = {0};
    char *data = NULL;
    size_t size = 0;
    enum cret_status status =
        cret_file_read(&data, &size, path, CRET_LIMIT_SEAL_BYTES, CRET_ERR_UNDECIDED, &err);
    if (status == CRET_OK) {
        status = cret_seal_parse(&seal, (const uint8_t *)data, size, false, &err);
    }
    free(data);
    if (status != CRET_OK) {
        cret_err_context(&err, "%s", path);
        return cret_verb_fail(options, &err);
    }
    struct cret_page *page = cret_page_new();
    cret_page_statement(page, "UNVERIFIED: nobody was trusted, and no file was compared");
    cret_page_text(page, "seal", path);
    cret_page_row(page, "first list", "%zu %s", cret_seal_first_list(seal),
                  cret_plural(cret_seal_first_list(seal), "digest", "digests"));
    for (size_t i = 0; i < cret_seal_count(seal); i++) {
        put_stamp(page, seal, i);
    }
    cret_seal_free(&seal);
    return cret_print_last(options, &page, 0);
}

const struct cret_verb cret_verb_seal_show = {
    .name = "show",
    .operands = "SEAL",
    .summary = "Show the timestamps of a seal, unverified",
    .help = "Who dated it and when, until when each certificate lasts, and by which digest. "
            "Nothing is proved by that: seal verify does it.",
    .groups = CRET_GROUPS(&cret_site_group),
    .examples = CRET_EXAMPLES("cretula-verify seal show journal/seals/lines-40.ers"),
    .run = act,
};
