/* SPDX-License-Identifier: Apache-2.0 */
/* The table of forms, and the choice among them. */
#include "evidence/export/export.h"

#include "base/text/text.h"

const struct cret_export *const cret_record_exports[] = {CRET_RECORD_EXPORTS(CRET_EXPORT_ROW) NULL};

static enum cret_status name_one(const char *what, struct cret_err *err)
{
    struct cret_buffer list = {0};
    for (size_t i = 0; cret_record_exports[i] != NULL; i++) {
        cret_buffer_printf(&list, "%s--%s", i == 0 ? "" : ", ",
                           cret_record_exports[i]->options.options[0].name);
    }
    cret_err_usage(err, "%s", what);
    cret_err_expected(err, "one of: %s", list.data != NULL ? list.data : "");
    cret_buffer_free(&list);
    return CRET_FAILED;
}

enum cret_status cret_export_choose(const struct cret_export **ret_export,
                                    const struct cret_options *options, struct cret_err *err)
{
    const struct cret_export *chosen = NULL;
    for (size_t i = 0; cret_record_exports[i] != NULL; i++) {
        if (!cret_options_given(options, cret_record_exports[i]->options.options[0].name)) {
            continue;
        }
        if (chosen != NULL) {
            return name_one("several forms are asked for: one run writes one", err);
        }
        chosen = cret_record_exports[i];
    }
    if (chosen == NULL) {
        return name_one("no form is asked for", err);
    }
    if (chosen->signs && !cret_options_given(options, "key")) {
        cret_err_usage(err, "option --key is missing");
        return cret_err_expected(err, "--key URI: this form is signed");
    }
    if (chosen->check != NULL && chosen->check(options, err) != CRET_OK) {
        return CRET_FAILED;
    }
    *ret_export = chosen;
    return CRET_OK;
}
