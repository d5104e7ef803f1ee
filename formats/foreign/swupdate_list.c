/* SPDX-License-Identifier: Apache-2.0 */
/* What a signed sw-description lists: each group with a filename, wherever it stands. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text/json.h"
#include "base/text/text.h"
#include "foreign/libconfig.h"
#include "foreign/swupdate.h"

#define FORM CRET_CHECK_FOREIGN_FORM

/* The group that is being read at each depth. */
struct group {
    char name[CRET_SWUPDATE_NAME], sha256[CRET_SHA256_HEX + 1];
    bool has_name, has_sha256;
};

struct collector {
    struct cret_swupdate_list *list;
    struct group groups[CRET_LIBCONFIG_DEPTH + 1];
};

/* One group with a filename. */
static enum cret_status add(struct cret_swupdate_list *list, const char *name, const char *sha256,
                            struct cret_err *err)
{
    uint8_t digest[CRET_SHA256_BYTES];
    if (sha256 == NULL) {
        cret_err_refuse(err, FORM, "the signed description names %s without its SHA-256", name);
        return cret_err_hint(err, "nothing signs that file: ask the vendor for an image with "
                                  "sha256 for each file");
    }
    if (cret_sha256_read(digest, sha256) != CRET_OK || strlen(sha256) != CRET_SHA256_HEX - 1) {
        cret_err_refuse(err, FORM, "the SHA-256 of %s in the signed description is none", name);
        return cret_err_expected(err, "64 hex digits");
    }
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->images[i].name, name) != 0) {
            continue;
        }
        return memcmp(list->images[i].sha256, digest, sizeof(digest)) == 0
                   ? CRET_OK
                   : cret_err_refuse(err, FORM, "the signed description gives two SHA-256 for %s",
                                     name);
    }
    if (list->count == CRET_SWUPDATE_IMAGES) {
        return cret_err_refuse(err, FORM, "the signed description lists more than %u files",
                               CRET_SWUPDATE_IMAGES);
    }
    if (list->images == NULL) {
        list->images = calloc(CRET_SWUPDATE_IMAGES, sizeof(*list->images));
        if (list->images == NULL) {
            return cret_err_memory(err);
        }
    }
    struct cret_swupdate_image *image = &list->images[list->count++];
    snprintf(image->name, sizeof(image->name), "%s", name);
    memcpy(image->sha256, digest, sizeof(digest));
    return CRET_OK;
}

/* SWUpdate looks for its names in this case alone; another one is either nothing, or meant. */
static enum cret_status check_case(const char *name, const char *known, struct cret_err *err)
{
    if (strcasecmp(name, known) == 0 && strcmp(name, known) != 0) {
        return cret_err_refuse(err, FORM, "the signed description writes %s as %s", known, name);
    }
    return CRET_OK;
}

static enum cret_status take_string(void *context, unsigned depth, const char *name,
                                    const char *value, struct cret_err *err)
{
    struct collector *collector = context;
    struct group *group = &collector->groups[depth];
    if (check_case(name, "filename", err) != CRET_OK ||
        check_case(name, "sha256", err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (strcmp(name, "filename") == 0) {
        if (strlen(value) >= sizeof(group->name)) {
            return cret_err_refuse(err, FORM, "the signed description has a filename too long");
        }
        snprintf(group->name, sizeof(group->name), "%s", value);
        group->has_name = true;
    } else if (strcmp(name, "sha256") == 0) {
        snprintf(group->sha256, sizeof(group->sha256), "%s", value);
        group->has_sha256 = true;
    } else if (strcmp(name, "version") == 0 && depth == 1 && collector->list->version[0] == '\0' &&
               strlen(value) < sizeof(collector->list->version)) {
        snprintf(collector->list->version, sizeof(collector->list->version), "%s", value);
    }
    return CRET_OK;
}

static enum cret_status take_group(void *context, unsigned depth, struct cret_err *err)
{
    struct collector *collector = context;
    struct group *group = &collector->groups[depth];
    enum cret_status status = CRET_OK;
    if (group->has_name) {
        status = add(collector->list, group->name, group->has_sha256 ? group->sha256 : NULL, err);
    }
    memset(group, 0, sizeof(*group));
    return status;
}

/* The same of JSON. */
static enum cret_status walk_json(struct collector *collector, const json_t *value, unsigned depth,
                                  struct cret_err *err)
{
    const char *name = NULL;
    const json_t *member = NULL;
    size_t index = 0;
    if (depth >= CRET_LIBCONFIG_DEPTH) {
        return cret_err_refuse(err, FORM, "sw-description is nested too deeply");
    }
    if (json_is_array(value)) {
        json_array_foreach(value, index, member)
        {
            if (walk_json(collector, member, depth + 1, err) != CRET_OK) {
                return CRET_FAILED;
            }
        }
        return CRET_OK;
    }
    json_object_foreach((json_t *)value, name, member)
    {
        const enum cret_status status =
            json_is_string(member)
                ? take_string(collector, depth, name, json_string_value(member), err)
                : walk_json(collector, member, depth + 1, err);
        if (status != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return json_is_object(value) ? take_group(collector, depth, err) : CRET_OK;
}

static enum cret_status read_json(struct collector *collector, const char *text, size_t size,
                                  struct cret_err *err)
{
    json_t *json = NULL;
    if (cret_json_parse(&json, text, size, CRET_JSON_FOREIGN, FORM, err) != CRET_OK) {
        return cret_err_context(err, "sw-description");
    }
    const enum cret_status status = walk_json(collector, json, 0, err);
    json_decref(json);
    return status;
}

enum cret_status cret_swupdate_list_read(struct cret_swupdate_list *ret_list, const char *text,
                                         size_t size, struct cret_err *err)
{
    struct cret_swupdate_list list = {0};
    struct collector *collector = calloc(1, sizeof(*collector));
    if (collector == NULL) {
        return cret_err_memory(err);
    }
    collector->list = &list;
    const struct cret_libconfig_reader reader = {take_string, take_group, collector};
    /* No libconfig text begins so. */
    enum cret_status status = size > 0 && text[0] == '{'
                                  ? read_json(collector, text, size, err)
                                  : cret_libconfig_read(text, size, &reader, err);
    free(collector);
    if (status == CRET_OK && list.count == 0) {
        status = cret_err_refuse(err, FORM, "the signed description lists no file");
    }
    if (status != CRET_OK) {
        cret_swupdate_list_clear(&list);
        return CRET_FAILED;
    }
    *ret_list = list;
    return CRET_OK;
}

void cret_swupdate_list_clear(struct cret_swupdate_list *list)
{
    free(list->images);
    memset(list, 0, sizeof(*list));
}
