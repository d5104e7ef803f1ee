/* SPDX-License-Identifier: Apache-2.0 */
/* Fields of package_metadata.json. */
#include "package/metadata.h"

#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/text.h"
#include "base/text/time.h"
#include "package/package.h"

static const char *const types[] = {"Firmware", "Application", "Configuration", "Solution"};

static enum cret_status refuse(struct cret_err *err, const char *field, const char *what)
{
    cret_err_refuse(err, CRET_CHECK_PACKAGE_METADATA, "%s", what);
    return cret_err_where(err, CRET_PACKAGE_METADATA_PATH ", #/%s", field);
}

/* The number of an enumeration that is given as number, "Name_number", or "Name". */
static bool take_enumeration(size_t *ret_number, const json_t *value, const char *const *names,
                             size_t count)
{
    if (json_is_integer(value)) {
        const json_int_t number = json_integer_value(value);
        *ret_number = (size_t)number;
        return number >= 0 && (size_t)number < count;
    }
    const char *text = json_string_value(value);
    for (size_t i = 0; text != NULL && i < count; i++) {
        const size_t size = strlen(names[i]);
        if (strncmp(text, names[i], size) == 0 &&
            (text[size] == '\0' ||
             (text[size] == '_' && text[size + 1] == (char)('0' + i) && text[size + 2] == '\0'))) {
            *ret_number = i;
            return true;
        }
    }
    return false;
}

/* A field of text: null is as absent. */
static enum cret_status take_text(const char **ret_text, const json_t *json, const char *field,
                                  bool mandatory, struct cret_err *err)
{
    const json_t *value = json_object_get(json, field);
    if (value == NULL || json_is_null(value)) {
        return mandatory ? refuse(err, field, "a mandatory field is missing") : CRET_OK;
    }
    const char *text = json_string_value(value);
    if (text == NULL) {
        return refuse(err, field, "a field that is not a text");
    }
    if (text[0] == '\0') {
        return mandatory ? refuse(err, field, "a mandatory field is empty") : CRET_OK;
    }
    if (!cret_text_clean(text, !mandatory) || strlen(text) > 1000) {
        return refuse(err, field, "a text that is too long, or has characters that are not seen");
    }
    *ret_text = text;
    return CRET_OK;
}

static enum cret_status take_date(struct cret_optional *ret_date, const json_t *json,
                                  struct cret_err *err)
{
    static const char none[] = "0001-01-01T00:00:00Z"; /* OPC 10000-6: no time */
    const char *text = NULL;
    int64_t seconds = 0;
    if (take_text(&text, json, "ReleaseDate", false, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (text == NULL || strcmp(text, none) == 0) {
        return CRET_OK;
    }
    if (cret_time_read(&seconds, text) != CRET_OK) {
        return refuse(err, "ReleaseDate", "a time that cannot be read");
    }
    *ret_date = (struct cret_optional){.given = true, .value = seconds};
    return CRET_OK;
}

static enum cret_status take_files(struct cret_package_metadata *metadata, struct cret_err *err)
{
    static const char *const kinds[] = {"DeploymentItem", "ReleaseNotes", "LicenseInfo",
                                        "PreInstallNote"};
    const json_t *files = json_object_get(metadata->json, "Files");
    if (files != NULL && !json_is_null(files) && !json_is_array(files)) {
        return refuse(err, "Files", "a field that is not a list");
    }
    CRET_JSON_EACH (file, files) {
        size_t kind = 0;
        const char *name = NULL;
        if (!json_is_object(file) || take_text(&name, file, "FileName", true, err) != CRET_OK ||
            !take_enumeration(&kind, json_object_get(file, "FileType"), kinds,
                              CRET_LENGTH(kinds))) {
            return refuse(err, "Files", "a file without its name or its type");
        }
        if (kind == 0 && metadata->deployment_item != NULL) {
            return refuse(err, "Files", "two files are said to go to the device alone");
        }
        metadata->deployment_item = kind == 0 ? name : metadata->deployment_item;
    }
    return CRET_OK;
}

static enum cret_status take_targets(const json_t *json, struct cret_err *err)
{
    const json_t *targets = json_object_get(json, "UpdateTargets");
    if (targets != NULL && !json_is_null(targets) && !json_is_array(targets)) {
        return refuse(err, "UpdateTargets", "a field that is not a list");
    }
    CRET_JSON_EACH (target, targets) {
        const char *code = NULL, *model = NULL;
        if (!json_is_object(target) ||
            take_text(&code, target, "ProductCode", false, err) != CRET_OK ||
            take_text(&model, target, "Model", false, err) != CRET_OK) {
            return refuse(err, "UpdateTargets", "a target that is not of the form");
        }
    }
    return CRET_OK;
}

static enum cret_status take_all(struct cret_package_metadata *metadata, struct cret_err *err)
{
    const json_t *json = metadata->json;
    size_t type = 0;
    if (!json_is_object(json)) {
        return refuse(err, "", "it is not an object");
    }
    if (take_text(&metadata->name, json, "Name", true, err) != CRET_OK ||
        take_text(&metadata->manufacturer, json, "Manufacturer", true, err) != CRET_OK ||
        take_text(&metadata->manufacturer_uri, json, "ManufacturerUri", true, err) != CRET_OK ||
        take_text(&metadata->package_revision, json, "PackageRevision", true, err) != CRET_OK ||
        take_text(&metadata->software_revision, json, "SoftwareRevision", false, err) != CRET_OK ||
        take_text(&metadata->description, json, "Description", false, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (!take_enumeration(&type, json_object_get(json, "PackageType"), types, CRET_LENGTH(types))) {
        return refuse(err, "PackageType", "no type that OPC 10000-100 names");
    }
    metadata->type = (enum cret_package_type)type;
    return take_date(&metadata->release_date, json, err) == CRET_OK &&
                   take_files(metadata, err) == CRET_OK && take_targets(json, err) == CRET_OK
               ? CRET_OK
               : CRET_FAILED;
}

enum cret_status cret_package_metadata_parse(struct cret_package_metadata **ret_metadata,
                                             const char *text, size_t size, struct cret_err *err)
{
    struct cret_package_metadata *metadata = calloc(1, sizeof(*metadata));
    if (metadata == NULL) {
        return cret_err_memory(err);
    }
    const size_t mark = cret_text_mark_size(text, size);
    if (cret_json_parse(&metadata->json, text + mark, size - mark, CRET_JSON_FOREIGN,
                        CRET_CHECK_PACKAGE_METADATA, err) != CRET_OK) {
        cret_package_metadata_free(&metadata);
        return err != NULL && err->class == CRET_ERR_REFUSED
                   ? cret_err_context(err, CRET_PACKAGE_METADATA_PATH)
                   : CRET_FAILED;
    }
    if (take_all(metadata, err) != CRET_OK) {
        cret_package_metadata_free(&metadata);
        return CRET_FAILED;
    }
    *ret_metadata = metadata;
    return CRET_OK;
}

void cret_package_metadata_free(struct cret_package_metadata **metadata)
{
    if (metadata == NULL || *metadata == NULL) {
        return;
    }
    json_decref((*metadata)->json);
    free(*metadata);
    *metadata = NULL;
}
