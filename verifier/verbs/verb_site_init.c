/* SPDX-License-Identifier: Apache-2.0 */
/* site init: a site configuration of the fields that are given. */
#include <stdlib.h>
#include <string.h>

#include "base/schema/schema.h"
#include "base/system/output.h"
#include "base/text/json.h"
#include "console/print.h"
#include "verifier/run/site.h"
#include "verifier/verbs/verbs.h"

static const struct cret_field *find_field(const char *name, size_t size)
{
    const struct cret_field *field = cret_site_format.fields;
    /* The purpose is no field that anybody sets. */
    while (field->name != NULL &&
           (strcmp(field->name, "cretula") == 0 || strncmp(field->name, name, size) != 0 ||
            field->name[size] != '\0')) {
        field++;
    }
    return field->name != NULL ? field : NULL;
}

static bool put(json_t *json, const struct cret_field *field, json_t *value)
{
    if (field->kind != CRET_KIND_STRINGS) {
        return value != NULL && json_object_set_new(json, field->name, value) == 0;
    }
    json_t *list = json_object_get(json, field->name);
    if (list == NULL && json_object_set_new(json, field->name, json_array()) == 0) {
        list = json_object_get(json, field->name);
    }
    if (list == NULL || value == NULL) {
        json_decref(value);
        return false;
    }
    return json_array_append_new(list, value) == 0;
}

/* NAME=VALUE at its first "=". */
static enum cret_status take(json_t *json, const char *text, struct cret_err *err)
{
    const size_t size = strcspn(text, "=");
    const struct cret_field *field = find_field(text, size);
    if (text[size] != '=' || text[size + 1] == '\0' || field == NULL) {
        cret_err_usage(err, "--field: not a field and its value: %s", text);
        return cret_err_expected(err, "NAME=VALUE, for example trust=/etc/cretula/trust.json");
    }
    const char *value = text + size + 1;
    if (field->kind != CRET_KIND_STRINGS && json_object_get(json, field->name) != NULL) {
        return cret_err_usage(err, "--field: %s is given twice", field->name);
    }
    const bool yes = strcmp(value, "true") == 0;
    if (field->kind == CRET_KIND_BOOLEAN && !yes && strcmp(value, "false") != 0) {
        cret_err_usage(err, "--field: %s is true or false", field->name);
        return cret_err_actual(err, "%s", value);
    }
    return put(json, field,
               field->kind == CRET_KIND_BOOLEAN ? json_boolean(yes) : json_string(value))
               ? CRET_OK
               : cret_err_usage(err, "--field: not UTF-8 text, or memory is exhausted");
}

static enum cret_status make(const struct cret_options *options, struct cret_err *err)
{
    const char *path = cret_options_operand(options, 0);
    char *text = NULL;
    size_t size = 0;
    json_t *json = json_pack("{s:s}", "cretula", CRET_SITE_PURPOSE);
    enum cret_status status = json != NULL ? CRET_OK : cret_err_memory(err);
    for (size_t i = 0; status == CRET_OK && i < cret_options_count(options, "field"); i++) {
        status = take(json, cret_options_values(options, "field")[i], err);
    }
    if (status == CRET_OK) {
        status = cret_site_sound(json, path, err);
    }
    if (status == CRET_OK) {
        status = cret_json_print(&text, &size, json, err);
    }
    if (status == CRET_OK) {
        status = cret_file_create(path, text, size, 0644, err);
    }
    free(text);
    json_decref(json);
    return status;
}

static int act(const struct cret_options *options)
{
    struct cret_err err = {0};
    if (make(options, &err) != CRET_OK) {
        return cret_verb_fail(options, &err);
    }
    const char *path = cret_options_operand(options, 0);
    struct cret_page *page = cret_page_new();
    cret_page_verdict(page, CRET_TONE_PLAIN, path, "a site configuration");
    cret_page_command_file(page, "next", "cretula-verify site lint --config {}", path);
    cret_page_text(page, "then", "put it to " CRET_SITE_PATH ", as root, with mode 0644");
    return cret_print_last(options, &page, CRET_EXIT_DONE);
}

static const struct cret_option init_options[] = {
    CRET_OPTION("field", "NAME=VALUE",
                "A field of the site configuration: trust, overlay, profile, journal, mandatory "
                "and the others. Lists (recordAnchors, mandatory) take several.",
                .repeatable = true, .required = true, .left_free = true),
    CRET_OPTION_END,
};
static const struct cret_option_group fields_group = {"Fields", init_options};

const struct cret_verb cret_verb_site_init = {
    .name = "init",
    .operands = "FILE",
    .summary = "Begin a site configuration",
    .help = "FILE must be new. What is written is what every run would take; `site lint` then says "
            "whether the files that it names are there, and nobody else's to change.",
    .groups = CRET_GROUPS(&fields_group),
    .examples = CRET_EXAMPLES("cretula-verify site init verify.json "
                              "--field trust=/etc/cretula/trust.json "
                              "--field journal=/var/lib/cretula/journal --field mandatory=asset"),
    .run = act,
};
