/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/text/text.h"
#include "signer/description/template.h"
#include "signer/release/intake.h"
#include "signer/report/report.h"
#include "signer/verbs/options.h"

int cret_verb_init(const struct cret_options *options)
{
    const char *from = cret_options_value(options, "from");
    struct cret_buffer made = {0};
    char *text = NULL;
    size_t size = 0;
    struct cret_err err;
    cret_err_clear(&err);
    if (from != NULL && cret_intake_template(&text, &size, from, &err) != CRET_OK) {
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
        fwrite(text, 1, size, stdout);
        code = cret_report_flush(options, CRET_EXIT_DONE);
    }
    free(text);
    return code;
}
