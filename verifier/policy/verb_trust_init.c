/* SPDX-License-Identifier: Apache-2.0 */
/* trust init: a policy without signers. */
#include <stdio.h>
#include <stdlib.h>

#include "base/system/os.h"
#include "base/text/shell.h"
#include "base/text/text.h"
#include "base/text/time.h"
#include "console/print.h"
#include "verifier/policy/trust_edit.h"
#include "verifier/run/trust_file.h"
#include "verifier/verbs/verbs.h"

static enum cret_status set_optional_time(json_t *json, const char *key,
                                          const struct cret_options *options, const char *option,
                                          struct cret_err *err)
{
    const char *text = cret_options_value(options, option);
    int64_t seconds = 0;
    if (text == NULL) {
        return CRET_OK;
    }
    if (cret_trust_edit_time(&seconds, option, text, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return cret_trust_edit_text(json, key, text, err);
}

static int act(const struct cret_options *options)
{
    struct cret_err err = {0};
    const int64_t now = cret_os_now();
    char issued[32];
    cret_time_format(issued, now);
    json_t *json =
        json_pack("{s:s, s:s, s:i, s:s, s:[]}", "cretula", "trust/1", "name",
                  cret_options_value(options, "name"), "version", 1, "issued", issued, "scopes");
    int code = 0;
    if (json == NULL) {
        cret_err_usage(&err, "--name: not UTF-8 text");
        code = cret_verb_fail(options, &err);
    } else if (set_optional_time(json, "reviewBy", options, "review-by", &err) != CRET_OK ||
               set_optional_time(json, "expires", options, "expires", &err) != CRET_OK ||
               cret_trust_file_write(cret_options_operand(options, 0), NULL, json,
                                     (struct cret_trust_rules){.now = now, .allow_empty = true},
                                     &err) != CRET_OK) {
        code = cret_verb_fail(options, &err);
    } else {
        const char *path = cret_options_operand(options, 0);
        struct cret_page *page = cret_page_new();
        cret_trust_edit_title(page, path, "a policy without signers", 1);
        cret_page_command_file(page, "next", CRET_TRUST_ADD_SIGNER, path);
        code = cret_print_last(options, &page, code);
    }
    json_decref(json);
    return code;
}

static const struct cret_option init_options[] = {
    CRET_OPTION("name", "TEXT", "Name of the policy.", .required = true),
    CRET_OPTION("review-by", "TIME", "From when on a review is due."),
    CRET_OPTION("expires", "TIME", "From when on the policy is not used any more."),
    CRET_OPTION_END,
};
static const struct cret_option_group policy_group = {"Policy", init_options};

const struct cret_verb cret_verb_trust_init = {
    .name = "init",
    .operands = "FILE",
    .summary = "Begin a trust policy without signers",
    .groups = CRET_GROUPS(&policy_group),
    .examples = CRET_EXAMPLES("cretula-verify trust init trust.json --name \"Plant 7\""),
    .run = act,
};
