/* SPDX-License-Identifier: Apache-2.0 */
/* A record as a page for people. */
#include "verifier/verbs/record_page.h"

#include <inttypes.h>
#include <string.h>

#include "base/text/json.h"
#include "console/print.h"

void cret_record_line(const char *label, struct cret_buffer *text)
{
    cret_print_line(stdout, label, text->failed ? "(out of memory)" : text->data);
    cret_buffer_free(text);
}

static void print_checks(const json_t *checks)
{
    static const char *const shown[] = {"FAIL", "WARN", "WAIVED", "NOT_CHECKED"};
    size_t index, passed = 0;
    json_t *check;
    for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
        json_array_foreach(checks, index, check)
        {
            if (strcmp(cret_json_string(check, "result"), shown[i]) == 0) {
                struct cret_buffer text = {0};
                cret_buffer_printf(&text, "%s: %s", cret_json_string(check, "check"),
                                   cret_json_string(check, "reason"));
                cret_record_line(shown[i], &text);
            }
        }
    }
    json_array_foreach(checks, index, check)
    {
        passed += strcmp(cret_json_string(check, "result"), "PASS") == 0;
    }
    printf("  %-11s %zu passed, %zu findings in all\n", "checks", passed, json_array_size(checks));
}

static void print_release(const json_t *record)
{
    struct cret_buffer text = {0};
    const char *vendor = cret_json_string(record, "what.product.vendor");
    if (vendor != NULL) {
        cret_buffer_printf(&text, "%s %s %s (sequence %" PRId64 ")", vendor,
                           cret_json_string(record, "what.product.name"),
                           cret_json_string(record, "what.release.version"),
                           cret_json_integer(record, "what.release.sequence", 0));
        cret_record_line("release", &text);
    }
    cret_print_line(stdout, "identity", cret_json_string(record, "what.identity"));
    cret_print_line(stdout, "archive", cret_json_string(record, "what.archive.name"));
    cret_print_line(stdout, "", cret_json_string(record, "what.archive.sha256"));
}

static void print_who(const json_t *record)
{
    struct cret_buffer text = {0};
    const char *name = cret_json_string(record, "who.name");
    const char *role = cret_json_string(record, "who.role");
    cret_buffer_printf(&text, "%s on %s", cret_json_string(record, "who.user"),
                       cret_json_string(record, "who.host"));
    if (name != NULL || role != NULL) {
        cret_buffer_printf(&text, " (declared: %s%s%s)", name != NULL ? name : "",
                           name != NULL && role != NULL ? ", " : "", role != NULL ? role : "");
    }
    cret_record_line("who", &text);
    cret_print_line(stdout, "when", cret_json_string(record, "when.time"));
    static const char *const keys[] = {"changeId", "asset", "zone", "stage", "acquired"};
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        cret_print_line(stdout, keys[i], cret_json_string(json_object_get(record, "why"), keys[i]));
    }
}

static void print_how(const json_t *record)
{
    struct cret_buffer text = {0};
    size_t index;
    json_t *part;
    cret_buffer_printf(&text, "%s %s, %s", cret_json_string(record, "how.program"),
                       cret_json_string(record, "how.version"),
                       cret_json_string(record, "how.openssl"));
    cret_record_line("with", &text);
    const char *policy = cret_json_string(record, "how.policy.name");
    struct cret_buffer trust = {0};
    if (policy != NULL) {
        cret_buffer_printf(&trust, "policy %s, version %" PRId64 ", SHA-256 %s", policy,
                           cret_json_integer(record, "how.policy.version", 0),
                           cret_json_string(record, "how.policy.sha256"));
        cret_record_line("trust", &trust);
    }
    json_array_foreach(cret_json_get(record, "how.policy.anchors"), index, part)
    {
        const char *subject = cret_json_string(part, "subject");
        struct cret_buffer anchor = {0};
        cret_buffer_printf(&anchor, "%s%skey SHA-256 %s", subject != NULL ? subject : "",
                           subject != NULL ? ", " : "", cret_json_string(part, "keySha256"));
        cret_record_line("anchor", &anchor);
    }
    json_array_foreach(cret_json_get(record, "how.signatures"), index, part)
    {
        const char *subject = cret_json_string(part, "certificate.subject");
        struct cret_buffer signer = {0};
        cret_buffer_printf(&signer, "%s, %s", subject != NULL ? subject : "not in form",
                           cret_json_boolean(part, "counted", false)     ? "counted"
                           : cret_json_boolean(part, "completes", false) ? "post-quantum"
                                                                         : "not counted");
        cret_record_line("signed by", &signer);
    }
}

void cret_record_page(const struct cret_record_copy *record, const char *mark)
{
    const json_t *json = record->json;
    char digest[CRET_SHA256_HEX];
    size_t index;
    json_t *limit;
    printf("%s%s%s%s%s\n", mark, mark[0] != '\0' ? " " : "", cret_verdict_name(record->verdict),
           cret_json_boolean(json, "how.exampleKeysAllowed", false)
               ? "  [example keys allowed: proves nothing]"
               : "",
           cret_json_boolean(json, "when.verificationTimeGiven", false)
               ? "  [as of another time: counts for nothing]"
               : "");
    print_release(json);
    print_who(json);
    cret_print_line(stdout, "error", cret_json_string(json, "result.error.message"));
    print_how(json);
    print_checks(cret_json_get(json, "result.checks"));
    json_array_foreach(json_object_get(json, "limits"), index, limit)
    {
        cret_print_line(stdout, "limits", json_string_value(limit));
    }
    cret_hex_encode(digest, record->digest, CRET_SHA256_BYTES);
    cret_print_line(stdout, "record", digest);
}
