/* SPDX-License-Identifier: Apache-2.0 */
/* Reading and writing a waiver. */
#include "trust/policy/waiver.h"

#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/schema/rows.h"
#include "base/text/json.h"
#include "base/text/text.h"
#include "base/text/time.h"

static const struct cret_field entry_fields[] = {
    CRET_ROW_TOKEN("check", CRET_REQUIRED,
                   "The check (docs/spec/checks.md) whose findings are waived."),
    CRET_ROW_SHA256("release", CRET_REQUIRED,
                    "The identity of the one release: SHA-256 of its MANIFEST.json."),
    CRET_ROW_LINE("asset", 0, "The one asset, as given with --asset; absent: any."),
    CRET_ROW_TEXT("reason", CRET_REQUIRED, "Why."),
    CRET_ROW_LINE("approver", CRET_REQUIRED, "Who approved it."),
    CRET_ROW_TEXT("control", CRET_REQUIRED, "The compensating control."),
    CRET_ROW_TIME("issued", CRET_REQUIRED, "From when it holds."),
    CRET_ROW_TIME("until", CRET_REQUIRED, "Until when it holds."),
    CRET_ROW_END,
};

static const struct cret_field waiver_fields[] = {
    CRET_ROW_PURPOSE(CRET_REQUIRED, CRET_WAIVER_PURPOSE),
    CRET_ROW_OBJECTS("waivers", CRET_REQUIRED, entry_fields, "The decisions.", .minimum = 1,
                     .maximum = CRET_LIMIT_WAIVERS),
    CRET_ROW_END,
};

const struct cret_file_format cret_waiver_format = {
    .purpose = CRET_WAIVER_PURPOSE,
    .words = "waiver file",
    .file = "signed by the role waiver",
    .fields = waiver_fields,
    .bytes = CRET_LIMIT_WAIVER_BYTES,
    .fault = CRET_ERR_REFUSED,
    .check = CRET_CHECK_WAIVER_FORM,
};

static enum cret_status form(struct cret_err *err, const char *origin, const char *where,
                             const char *what)
{
    return cret_file_format_fault(&cret_waiver_format, origin, where, err, "%s", what);
}

static char *copy(const json_t *entry, const char *key)
{
    const char *text = cret_json_string(entry, key);
    return text == NULL ? NULL : strdup(text);
}

static enum cret_status parse_entry(struct cret_waiver *waiver, const json_t *entry,
                                    const char *origin, const char *where, struct cret_err *err)
{
    const struct cret_check *check = cret_check_find(cret_json_string(entry, "check"));
    if (check == NULL) {
        form(err, origin, where, "the waiver names a check that this program does not know");
        return cret_err_actual(err, "%s", cret_json_string(entry, "check"));
    }
    waiver->check = check->id;
    if (cret_hex_decode(waiver->release, CRET_SHA256_BYTES, cret_json_string(entry, "release")) !=
            CRET_OK ||
        cret_time_parse(&waiver->issued, cret_json_string(entry, "issued")) != CRET_OK ||
        cret_time_parse(&waiver->until, cret_json_string(entry, "until")) != CRET_OK) {
        return form(err, origin, where, "the waiver holds a digest or a time that is none");
    }
    if (waiver->until < waiver->issued) {
        return form(err, origin, where, "the waiver ends before it begins");
    }
    waiver->asset = copy(entry, "asset");
    waiver->reason = copy(entry, "reason");
    waiver->approver = copy(entry, "approver");
    waiver->control = copy(entry, "control");
    if (waiver->reason == NULL || waiver->approver == NULL || waiver->control == NULL ||
        (waiver->asset == NULL && json_object_get(entry, "asset") != NULL)) {
        return cret_err_memory(err);
    }
    return CRET_OK;
}

/* Faults are REFUSED with waiver.form. */
static enum cret_status parse(struct cret_waiver **ret_list, size_t *ret_count, const char *text,
                              size_t size, const char *origin, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_waiver *list = NULL;
    json_t *json = NULL;
    char where[64];
    if (cret_file_format_read(&json, &cret_waiver_format, text, size, origin, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const json_t *entries = json_object_get(json, "waivers");
    const size_t count = json_array_size(entries);
    list = calloc(count + 1, sizeof(*list));
    if (list == NULL) {
        cret_err_memory(err);
        goto out;
    }
    for (size_t i = 0; i < count; i++) {
        snprintf(where, sizeof(where), "#/waivers/%zu", i);
        if (parse_entry(&list[i], json_array_get(entries, i), origin, where, err) != CRET_OK) {
            goto out;
        }
    }
    *ret_list = list;
    *ret_count = count;
    list = NULL;
    status = CRET_OK;
out:
    cret_waiver_list_free(&list, count);
    json_decref(json);
    return status;
}

enum cret_status cret_waivers_parse(struct cret_waiver **ret_list, size_t *ret_count,
                                    const struct cret_authentic *authentic, const char *origin,
                                    struct cret_err *err)
{
    size_t size = 0;
    const uint8_t *bytes = cret_authentic_bytes(authentic, &size);
    return parse(ret_list, ret_count, (const char *)bytes, size, origin, err);
}

enum cret_status cret_waivers_parse_unverified(struct cret_waiver **ret_list, size_t *ret_count,
                                               const char *text, size_t size, const char *origin,
                                               struct cret_err *err)
{
    const enum cret_status status = parse(ret_list, ret_count, text, size, origin, err);
    if (status != CRET_OK && err != NULL && err->class == CRET_ERR_REFUSED) {
        cret_err_reclass(err, CRET_ERR_USAGE);
        err->check = CRET_CHECK_NONE;
    }
    return status;
}

void cret_waiver_list_free(struct cret_waiver **list, size_t count)
{
    if (list == NULL || *list == NULL) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        free((*list)[i].asset);
        free((*list)[i].reason);
        free((*list)[i].approver);
        free((*list)[i].control);
    }
    free(*list);
    *list = NULL;
}

void cret_waivers_free(struct cret_waivers **waivers)
{
    if (waivers == NULL || *waivers == NULL) {
        return;
    }
    for (size_t i = 0; i < (*waivers)->count; i++) {
        struct cret_waiver_file *file = &(*waivers)->files[i];
        free(file->path);
        free(file->signers);
        cret_authentic_free(&file->authentic);
        cret_waiver_list_free(&file->list, file->count);
    }
    free((*waivers)->files);
    free(*waivers);
    *waivers = NULL;
}
