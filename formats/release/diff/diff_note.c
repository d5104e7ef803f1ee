/* SPDX-License-Identifier: Apache-2.0 */
/* How a difference, a gap and a step are noted: every text of a release as a record holds it. */
#include <stdarg.h>

#include "base/text/json_words.h"
#include "release/diff/diff_internal.h"

void cret_diff_add(struct cret_diff_run *run, const struct cret_difference *difference)
{
    struct cret_build object = cret_build_object();
    cret_build_string(&object, "section", difference->section);
    cret_build_string(&object, "change", difference->change);
    cret_build_text(&object, "subject", difference->subject);
    cret_build_flag(&object, "attention", difference->attention);
    if (json_array_size(difference->details) > 0) {
        cret_build_share(&object, "details", difference->details);
    }
    cret_build_text(&object, "note", difference->note);
    json_decref(difference->details);
    cret_build_add(&run->differences, cret_build_end(&object));
}

static void add_text(struct cret_build *list, const char *section, const char *key,
                     const char *format, va_list arguments) CRET_PRINTF(4, 0);

static void add_text(struct cret_build *list, const char *section, const char *key,
                     const char *format, va_list arguments)
{
    struct cret_buffer text = {0};
    cret_buffer_vprintf(&text, format, arguments);
    struct cret_build object = cret_build_object();
    cret_build_string(&object, "section", section);
    cret_build_text(&object, key, text.failed ? NULL : text.data);
    object.failed |= text.failed;
    cret_buffer_free(&text);
    cret_build_add(list, cret_build_end(&object));
}

void cret_diff_gap(struct cret_diff_run *run, const char *section, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add_text(&run->gaps, section, "reason", format, arguments);
    va_end(arguments);
}

void cret_diff_step(struct cret_build *steps, const char *section, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add_text(steps, section, "text", format, arguments);
    va_end(arguments);
}

json_t *cret_diff_details(void)
{
    return json_array();
}

void cret_diff_detail(json_t **details, const char *field, const char *was, const char *is)
{
    struct cret_build detail = cret_build_object();
    cret_build_string(&detail, "field", field);
    cret_build_text(&detail, "old", was);
    cret_build_text(&detail, "new", is);
    if (json_array_append_new(*details, cret_build_end(&detail)) != 0) {
        json_decref(*details);
        *details = NULL;
    }
}

void cret_diff_detail_json(json_t **details, const char *field, const json_t *was, const json_t *is)
{
    if (was == is || (was != NULL && is != NULL && json_equal(was, is))) {
        return;
    }
    struct cret_buffer before = {0}, after = {0};
    cret_json_words(&before, was);
    cret_json_words(&after, is);
    cret_diff_detail(details, field, before.data, after.data);
    if (before.failed || after.failed) {
        json_decref(*details);
        *details = NULL;
    }
    cret_buffer_free(&before);
    cret_buffer_free(&after);
}
