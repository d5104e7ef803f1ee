/* SPDX-License-Identifier: Apache-2.0 */
/* JSON that is being built: a failure stays, and is asked once at the end. */
#include "base/text/json_build.h"

#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/text/text.h"
#include "base/text/time.h"

enum { SHA256_BYTES = 32 };

struct cret_build cret_build_on(json_t *json)
{
    return (struct cret_build){.json = json, .failed = json == NULL};
}

struct cret_build cret_build_object(void)
{
    return cret_build_on(json_object());
}

struct cret_build cret_build_list(void)
{
    return cret_build_on(json_array());
}

void cret_build_put(struct cret_build *build, const char *key, json_t *value)
{
    if (!json_is_null(value) && json_object_set_new(build->json, key, value) != 0) {
        build->failed = true;
    }
}

void cret_build_share(struct cret_build *build, const char *key, const json_t *value)
{
    /* json_t is counted, so that a shared value is the same one. */
    if (value != NULL) {
        cret_build_put(build, key, json_incref((json_t *)(uintptr_t)value));
    }
}

void cret_build_string(struct cret_build *build, const char *key, const char *text)
{
    if (text != NULL) {
        cret_build_put(build, key, json_string(text));
    }
}

void cret_build_text(struct cret_build *build, const char *key, const char *text)
{
    if (text != NULL) {
        cret_build_put(build, key, cret_json_text(text));
    }
}

void cret_build_escaped(struct cret_build *build, const char *key, const char *text)
{
    if (text != NULL) {
        char *safe = cret_text_escape(text);
        cret_build_put(build, key, safe != NULL ? json_string(safe) : NULL);
        free(safe);
    }
}

void cret_build_sha256(struct cret_build *build, const char *key, const uint8_t *digest)
{
    if (digest != NULL) {
        cret_build_put(build, key, cret_json_sha256(digest));
    }
}

void cret_build_integer(struct cret_build *build, const char *key, int64_t value)
{
    cret_build_put(build, key, json_integer(value));
}

void cret_build_boolean(struct cret_build *build, const char *key, bool value)
{
    cret_build_put(build, key, json_boolean(value));
}

void cret_build_time(struct cret_build *build, const char *key, int64_t seconds)
{
    char text[32];
    cret_time_format(text, seconds);
    cret_build_put(build, key, json_string(text));
}

void cret_build_flag(struct cret_build *build, const char *key, bool value)
{
    if (value) {
        cret_build_put(build, key, json_true());
    }
}

void cret_build_append(struct cret_build *build, const char *key, const char *text)
{
    if (text == NULL) {
        return;
    }
    if (json_object_get(build->json, key) == NULL) {
        cret_build_put(build, key, json_array());
    }
    if (json_array_append_new(json_object_get(build->json, key), json_string(text)) != 0) {
        build->failed = true;
    }
}

void cret_build_add(struct cret_build *build, json_t *value)
{
    if (json_array_append_new(build->json, value) != 0) {
        build->failed = true;
    }
}

json_t *cret_build_end(struct cret_build *build)
{
    json_t *json = build->json;
    if (build->failed) {
        json_decref(json);
        json = NULL;
    }
    *build = (struct cret_build){.failed = true};
    return json;
}

enum cret_status cret_build_take(json_t **ret_json, struct cret_build *build, struct cret_err *err)
{
    json_t *json = cret_build_end(build);
    if (json == NULL) {
        return cret_err_memory(err);
    }
    *ret_json = json;
    return CRET_OK;
}

json_t *cret_json_text(const char *text)
{
    static const char cut[] = " [cut]";
    char *safe = cret_text_escape(text);
    if (safe == NULL) {
        return NULL;
    }
    const char *shown = safe;
    size_t size = strlen(safe);
    if (size > CRET_LIMIT_TEXT_BYTES) {
        size = CRET_LIMIT_TEXT_BYTES - (sizeof(cut) - 1);
        while (size > 0 && ((unsigned char)safe[size] & 0xc0u) == 0x80u) {
            size--; /* at a character boundary */
        }
        memcpy(safe + size, cut, sizeof(cut));
    }
    if (safe[strspn(safe, " ")] == '\0') {
        shown = safe[0] == '\0' ? "(empty)" : "(spaces)";
    }
    json_t *value = json_string(shown);
    free(safe);
    return value;
}

json_t *cret_json_sha256(const uint8_t digest[32])
{
    char hex[2 * SHA256_BYTES + 1];
    cret_hex_encode(hex, digest, SHA256_BYTES);
    return json_string(hex);
}
