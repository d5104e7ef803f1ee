/* SPDX-License-Identifier: Apache-2.0 */
/* init: a commented description to start from. */
#include <stdlib.h>

#include "base/command/shared.h"
#include "base/text/text.h"
#include "signer/command/options.h"
#include "signer/description/template.h"
#include "signer/release/intake.h"
#include "signer/report/report.h"
#include "signer/verbs/verbs.h"

static int act(const struct cret_options *options)
{
    const char *from = cret_options_value(options, "from");
    struct cret_buffer made = {0};
    char *text = NULL;
    size_t size = 0;
    struct cret_err err = {0};
    if (from != NULL &&
        cret_intake_template(&text, &size, from, cret_options_given(options, "allow-unconfined"),
                             &err) != CRET_OK) {
        return cret_verb_fail(options, &err);
    }
    if (from == NULL) {
        cret_template_new(&made);
        text = made.data;
        size = made.size;
    }
    int code = CRET_EXIT_UNDECIDED;
    if (made.failed) {
        cret_err_memory(&err);
        code = cret_verb_fail(options, &err);
    } else {
        code = cret_print_text(stdout, text, size, &err) == CRET_OK ? CRET_EXIT_DONE
                                                                    : cret_verb_fail(options, &err);
    }
    free(text);
    return code;
}

static const struct cret_option init_options[] = {
    CRET_OPTION("from", "OLD",
                "Start from what the archive OLD says of itself. It is not verified."),
    CRET_OPTION_END,
};
static const struct cret_option_group init_group = {"Release description", init_options};

const struct cret_verb cret_verb_init = {
    .name = "init",
    .summary = "Print a commented release description to start from",
    .help = "Prints YAML on standard output. Required fields are live, others commented out.",
    .groups = CRET_GROUPS(&init_group, &cret_confinement_group),
    .examples =
        CRET_EXAMPLES("cretula-sign init", "cretula-sign init --from rtu7-4.1.0.cretula.tar"),
    .run = act,
};
