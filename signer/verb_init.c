/* SPDX-License-Identifier: Apache-2.0 */
#include "signer/options.h"
#include "signer/previous.h"
#include "signer/report.h"
#include "signer/template.h"

int cret_verb_init(const struct cret_options *options)
{
    const char *from = cret_options_value(options, "from");
    struct cret_manifest *manifest = NULL;
    struct cret_buffer text = {0};
    struct cret_err err;
    cret_err_clear(&err);
    int code = CRET_EXIT_UNDECIDED;
    if (from != NULL && cret_previous_read(&manifest, from, &err) != CRET_OK) {
        return cret_verb_fail(options, &err);
    }
    if (from != NULL) {
        cret_template_from(&text, manifest, from);
    } else {
        cret_template_new(&text);
    }
    if (text.failed) {
        (void)cret_err_memory(&err);
        code = cret_verb_fail(options, &err);
    } else {
        (void)fwrite(text.data, 1, text.size, stdout);
        code = cret_report_flush(options, CRET_EXIT_DONE);
    }
    cret_buffer_free(&text);
    cret_manifest_free(&manifest);
    return code;
}
