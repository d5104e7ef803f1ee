/* SPDX-License-Identifier: Apache-2.0 */
/* What the verbs of `journal` share. */
#include "verifier/verbs/journal_desk.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/text.h"
#include "console/print.h"
#include "verifier/run/site.h"

enum cret_status cret_desk_open(struct cret_desk *desk, const struct cret_options *options,
                                struct cret_err *err)
{
    const char *given =
        cret_options_operand_count(options) > 0 ? cret_options_operand(options, 0) : NULL;
    const char *named = cret_site_value(options, CRET_SITE_JOURNAL);
    /* Another folder is the caller's word: reading an older journal, beginning the next one. */
    if (given != NULL && (named == NULL || strcmp(named, given) != 0)) {
        desk->folder = given;
    } else if (cret_site_journal(&desk->folder, options, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (desk->folder == NULL) {
        cret_err_usage(err, "which journal? its folder is missing");
        return cret_err_hint(err, "name it, or have `journal` in the site configuration");
    }
    return cret_guard_new(&desk->guard, options, err);
}

void cret_desk_close(struct cret_desk *desk)
{
    cret_guard_release(desk->guard);
    cret_journal_free(&desk->journal);
    cret_guard_free(&desk->guard);
}

/* Prints {"cretula": purpose, "folder", "number", "head"} or one sentence. */
int cret_desk_done(const struct cret_options *options, const struct cret_desk *desk,
                   const char *purpose, const char *sentence)
{
    char head[CRET_SHA256_HEX];
    struct cret_err err = {0};
    const int64_t number = cret_journal_next_number(desk->journal) - 1;
    cret_hex_encode(head, cret_journal_head(desk->journal), CRET_SHA256_BYTES);
    char *folder = cret_text_escape(desk->folder);
    if (folder == NULL) {
        cret_err_memory(&err);
        return cret_verb_fail(options, &err);
    }
    int code = 0;
    if (cret_options_given(options, "json")) {
        code = cret_print_json(options,
                               json_pack("{s:s, s:s, s:I, s:s}", "cretula", purpose, "folder",
                                         folder, "number", (json_int_t)number, "head", head),
                               code);
    } else {
        struct cret_page *page = cret_page_new();
        cret_page_verdict(page, CRET_TONE_GOOD, sentence, "number %" PRId64 " in %s", number,
                          desk->folder);
        cret_page_text(page, "head", head);
        code = cret_print_last(options, &page, code);
    }
    free(folder);
    return code;
}

size_t cret_desk_faults(const struct cret_journal_report *report)
{
    size_t count = 0;
    for (size_t i = 0; i < cret_findings_count(report->findings); i++) {
        count += cret_findings_at(report->findings, i)->result == CRET_RESULT_FAIL;
    }
    return count;
}
