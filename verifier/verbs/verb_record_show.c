/* SPDX-License-Identifier: Apache-2.0 */
/* record show: a record, unverified. */
#include "console/print.h"
#include "verifier/verbs/options.h"
#include "verifier/verbs/record_view.h"
#include "verifier/verbs/verbs.h"

static int act(const struct cret_options *options)
{
    struct cret_record_copy record = {0};
    struct cret_err err;
    int code = 0;
    cret_err_clear(&err);
    if (cret_record_read(&record, cret_options_operand(options, 0), &err) != CRET_OK) {
        return cret_verb_fail(options, &err);
    }
    if (!cret_options_given(options, "json")) {
        struct cret_page *page = cret_page_new();
        cret_record_view_add(page, options, &record, "UNVERIFIED record",
                             "nobody was asked whether it is genuine (record verify)");
        if (cret_print_page(stdout, page, &err) != CRET_OK) {
            code = cret_verb_fail(options, &err);
        }
        cret_page_free(&page);
    } else {
        code = cret_print_json(options,
                               json_pack("{s:s, s:b, s:O}", "cretula", "record-show/1", "verified",
                                         0, "record", record.json),
                               code);
    }
    cret_record_copy_clear(&record);
    return code;
}

const struct cret_verb cret_verb_record_show = {
    .name = "show",
    .operands = "FILE",
    .summary = "Show a record",
    .help = "Nothing is verified, and the first word says so.",
    .groups = CRET_GROUPS(&cret_verbose_group, &cret_files_group, &cret_json_group),
    .examples = CRET_EXAMPLES("cretula-verify record show change-4711/RECORD.json"),
    .run = act,
};
