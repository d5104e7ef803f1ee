/* SPDX-License-Identifier: Apache-2.0 */
/* What an item says in one text, in every form. */
#include "base/report/report_forms.h"
#include "base/text/json.h"

void cret_report_words(struct cret_buffer *out, const json_t *item)
{
    static const char *const parts[][2] = {
        {"expected", ". Expected: "}, {"actual", ". Found: "}, {"hint", ". What to do: "}};
    const char *reason = cret_json_string(item, "reason");
    cret_buffer_printf(out, "%s", reason != NULL ? reason : "");
    for (size_t i = 0; i < CRET_LENGTH(parts); i++) {
        const char *text = cret_json_string(item, parts[i][0]);
        if (text != NULL) {
            cret_buffer_printf(out, "%s%s", parts[i][1], text);
        }
    }
}
