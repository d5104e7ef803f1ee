/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of `sbom complete` share: changes and their list, hashes, ids. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/digest/digest.h"
#include "base/text/json.h"
#include "base/text/text.h"
#include "release/sbom/sbom_complete_internal.h"

void cret_completion_note(struct cret_completion *completion, const char *format, ...)
{
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    completion->failed |= json_array_append_new(completion->changes, json_string(text)) != 0;
}

void cret_completion_unsign(struct cret_completion *completion)
{
    json_t *json = completion->sbom->json;
    if (completion->sbom->kind == &cret_sbom_cyclonedx &&
        json_array_size(completion->changes) > 0 && json_object_get(json, "signature") != NULL) {
        completion->failed |= json_object_del(json, "signature") != 0;
        cret_completion_note(completion, "signature: taken out, as it was over what is changed");
    }
}

void cret_completion_text(struct cret_completion *completion, json_t *object, const char *where,
                          const char *member, const char *text)
{
    const char *before = json_string_value(json_object_get(object, member));
    if (text == NULL || (before != NULL && strcmp(before, text) == 0)) {
        return;
    }
    cret_completion_note(completion, "%s.%s: %.100s (was: %.100s)", where, member, text,
                         before != NULL ? before : "absent");
    completion->failed |= json_object_set_new(object, member, json_string(text)) != 0;
}

static bool same_hash(const json_t *list, const struct cret_sbom_kind *kind, const char *algorithm,
                      const char *value)
{
    CRET_JSON_EACH (hash, list) {
        const char *own = cret_json_string(hash, kind->algorithm);
        const char *content = cret_json_string(hash, kind->value);
        if (own != NULL && content != NULL && strcmp(own, algorithm) == 0) {
            return strcmp(content, value) == 0;
        }
    }
    return false;
}

void cret_completion_hashes(struct cret_completion *completion, json_t *component,
                            const char *where, const struct cret_sbom_bound *bound)
{
    const struct cret_sbom_kind *kind = completion->sbom->kind;
    const json_t *before = json_object_get(component, kind->hashes);
    const char *type = kind == &cret_sbom_spdx3 ? "Hash" : NULL;
    char sha256[CRET_SHA256_HEX], sha512[2 * CRET_SHA512_BYTES + 1];
    cret_hex_encode(sha256, bound->sha256, CRET_SHA256_BYTES);
    cret_hex_encode(sha512, bound->sha512, CRET_SHA512_BYTES);
    if (json_array_size(before) == 2 && same_hash(before, kind, kind->sha256, sha256) &&
        same_hash(before, kind, kind->sha512, sha512)) {
        return;
    }
    cret_completion_note(completion, "%s.%s: SHA-256 %s and SHA-512", where, kind->hashes, sha256);
    json_t *hashes = json_pack("[{s:s*, s:s, s:s}, {s:s*, s:s, s:s}]", "type", type,
                               kind->algorithm, kind->sha256, kind->value, sha256, "type", type,
                               kind->algorithm, kind->sha512, kind->value, sha512);
    completion->failed |= json_object_set_new(component, kind->hashes, hashes) != 0;
}

enum cret_status cret_completion_uuid(const struct cret_completion *completion, const char *of,
                                      char out[48], struct cret_err *err)
{
    const struct cret_sbom_facts *facts = completion->facts;
    uint8_t digest[CRET_SHA256_BYTES];
    char hex[CRET_SHA256_HEX];
    struct cret_buffer text = {0};
    cret_buffer_printf(&text, "SBOM serial number\n%s\n%s\n%s\n%s\n%s", facts->vendor,
                       facts->product, facts->version, facts->date, of);
    const enum cret_status status =
        text.failed ? cret_err_memory(err) : cret_sha256(digest, text.data, text.size, err);
    cret_buffer_free(&text);
    if (status != CRET_OK) {
        return CRET_FAILED;
    }
    digest[6] = (uint8_t)((digest[6] & 0x0fu) | 0x80u);
    digest[8] = (uint8_t)((digest[8] & 0x3fu) | 0x80u);
    cret_hex_encode(hex, digest, 16);
    snprintf(out, 48, "urn:uuid:%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16,
             hex + 20);
    return CRET_OK;
}
