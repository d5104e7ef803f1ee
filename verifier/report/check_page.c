/* SPDX-License-Identifier: Apache-2.0 */
/* The page of check and extract, and the command that goes on from it. */
#include "verifier/report/check_page.h"

#include <stdlib.h>

#include "base/text/shell.h"
#include "base/text/text.h"

/* Options of check that extract needs to come to the same verdict. */
static const char *const carried[] = {"anchor",
                                      "trust",
                                      "overlay",
                                      "crl",
                                      "waivers",
                                      "allow-example-keys",
                                      "allow-unconfined",
                                      "at",
                                      "product",
                                      "vendor",
                                      "hardware",
                                      "min-sequence",
                                      "profile",
                                      "also",
                                      "backout",
                                      "payload",
                                      "expect-identity",
                                      "config",
                                      "tpm",
                                      "station",
                                      "tcti",
                                      "asset",
                                      "journal",
                                      NULL};

static void add_word(struct cret_buffer *out, char *word)
{
    if (word == NULL) {
        out->failed = true;
    } else {
        cret_buffer_printf(out, " %s", word);
    }
    free(word);
}

static void add_option(struct cret_buffer *out, const struct cret_options *options,
                       const char *name)
{
    if (!cret_options_given(options, name)) {
        return;
    }
    const char *const *values = cret_options_values(options, name);
    if (values == NULL || values[0] == NULL) {
        cret_buffer_printf(out, " --%s", name);
    }
    for (size_t i = 0; values != NULL && values[i] != NULL; i++) {
        cret_buffer_printf(out, " --%s", name);
        add_word(out, cret_shell_word(values[i]));
    }
}

char *cret_check_next(const struct cret_options *options, const char *file)
{
    struct cret_buffer out = {0};
    cret_buffer_printf(&out, "cretula-verify extract");
    add_word(&out, cret_shell_file(file));
    for (size_t i = 0; carried[i] != NULL; i++) {
        add_option(&out, options, carried[i]);
    }
    cret_buffer_printf(&out, " --to DIR");
    if (out.failed) {
        cret_buffer_free(&out);
        return NULL;
    }
    return out.data;
}

const char *cret_check_tpm(const struct cret_guard *guard)
{
    return cret_guard_witness(guard) != NULL ? "it holds this trust policy and the journal's head"
                                             : NULL;
}

void cret_check_page(struct cret_page *page, const struct cret_options *options,
                     const json_t *record, const struct cret_record_view *view)
{
    if (cret_options_given(options, "verbose")) {
        cret_record_page_whole(page, record, view);
    } else {
        cret_record_page_screen(page, record, view);
    }
}
