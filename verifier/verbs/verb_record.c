/* SPDX-License-Identifier: Apache-2.0 */
/* record show, verify, export. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/system/output.h"
#include "base/text/json.h"
#include "base/text/text.h"
#include "evidence/record/vsa.h"
#include "keys/keystore.h"
#include "verifier/evidence/evidence.h"
#include "verifier/report/report.h"
#include "verifier/verbs/record_trust.h"
#include "verifier/verbs/verb_journal.h"
#include "verifier/verbs/verbs.h"

static const struct cret_option show_options[] = {
    {.name = "json", .help = "Print JSON."},
    {.name = NULL},
};
const struct cret_option_group cret_record_show_group = {"Output", show_options};

static const struct cret_option verify_options[] = {
    {.name = "accepted",
     .help = "Exit 1 as well where the record is genuine, but not one of an acceptance (REFUSED, "
             "PARTIAL, --at, example keys, not confirmed by its journal). The record of a journal "
             "needs --journal."},
    {.name = "json", .help = "Print JSON."},
    {.name = NULL},
};
const struct cret_option_group cret_record_verify_group = {"Output", verify_options};

static const struct cret_option export_options[] = {
    {.name = "vsa",
     .required = true,
     .help = "SLSA Verification Summary Attestation (in-toto Statement v1) in a DSSE envelope."},
    {.name = "key",
     .argument = "URI",
     .required = true,
     .help = "The private key that signs the envelope."},
    {.name = "verifier-id",
     .argument = "URI",
     .help = "How policy engines know this verifier. Default: urn:cretula:verify."},
    {.name = "resource-uri",
     .argument = "URI",
     .help = "How they know the release. Default: the product's purl, or a URN of its identity."},
    {.name = "out", .argument = "FILE", .help = "Where it is written. Default: standard output."},
    {.name = "json", .help = "Errors as JSON; the envelope always is."},
    {.name = NULL},
};
const struct cret_option_group cret_record_export_group = {"Export", export_options};

static void line(const char *label, const char *text)
{
    if (text == NULL || text[0] == '\0') {
        return;
    }
    char *safe = cret_text_escape(text);
    printf("  %-11s %s\n", label, safe != NULL ? safe : "(out of memory)");
    free(safe);
}

/* A line out of a format. */
static void line_of(const char *label, struct cret_buffer *text)
{
    line(label, text->failed ? "(out of memory)" : text->data);
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
                line_of(shown[i], &text);
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
        line_of("release", &text);
    }
    line("identity", cret_json_string(record, "what.identity"));
    line("archive", cret_json_string(record, "what.archive.name"));
    line("", cret_json_string(record, "what.archive.sha256"));
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
    line_of("who", &text);
    line("when", cret_json_string(record, "when.time"));
    static const char *const keys[] = {"changeId", "asset", "zone", "stage", "acquired"};
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        line(keys[i], cret_json_string(json_object_get(record, "why"), keys[i]));
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
    line_of("with", &text);
    const char *policy = cret_json_string(record, "how.policy.name");
    struct cret_buffer trust = {0};
    if (policy != NULL) {
        cret_buffer_printf(&trust, "policy %s, version %" PRId64 ", SHA-256 %s", policy,
                           cret_json_integer(record, "how.policy.version", 0),
                           cret_json_string(record, "how.policy.sha256"));
        line_of("trust", &trust);
    }
    json_array_foreach(cret_json_get(record, "how.policy.anchors"), index, part)
    {
        const char *subject = cret_json_string(part, "subject");
        struct cret_buffer anchor = {0};
        cret_buffer_printf(&anchor, "%s%skey SHA-256 %s", subject != NULL ? subject : "",
                           subject != NULL ? ", " : "", cret_json_string(part, "keySha256"));
        line_of("anchor", &anchor);
    }
    json_array_foreach(cret_json_get(record, "how.signatures"), index, part)
    {
        const char *subject = cret_json_string(part, "certificate.subject");
        struct cret_buffer signer = {0};
        cret_buffer_printf(&signer, "%s, %s", subject != NULL ? subject : "not in form",
                           cret_json_boolean(part, "counted", false)     ? "counted"
                           : cret_json_boolean(part, "completes", false) ? "post-quantum"
                                                                         : "not counted");
        line_of("signed by", &signer);
    }
}

/* The page: verdict first. */
static void print_record(const struct cret_record_copy *record, const char *mark)
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
    line("error", cret_json_string(json, "result.error.message"));
    print_how(json);
    print_checks(cret_json_get(json, "result.checks"));
    json_array_foreach(json_object_get(json, "limits"), index, limit)
    {
        line("limits", json_string_value(limit));
    }
    cret_hex_encode(digest, record->digest, CRET_SHA256_BYTES);
    line("record", digest);
}

int cret_verb_record_show(const struct cret_options *options)
{
    struct cret_record_copy record = {0};
    struct cret_err err;
    int code = 0;
    cret_err_clear(&err);
    if (cret_record_read(&record, cret_options_operand(options, 0), &err) != CRET_OK) {
        return cret_verb_fail(options, &err);
    }
    if (!cret_options_given(options, "json")) {
        print_record(&record, "UNVERIFIED record:");
    } else {
        json_t *json = json_pack("{s:s, s:b, s:O}", "cretula", "record-show/1", "verified", 0,
                                 "record", record.json);
        if (cret_report_json(stdout, json, &err) != CRET_OK) {
            code = cret_verb_fail(options, &err);
        }
        json_decref(json);
    }
    cret_record_copy_clear(&record);
    return cret_report_flush(code);
}

static json_t *trust_json(const struct cret_record_trust *trust)
{
    char digest[CRET_SHA256_HEX];
    cret_hex_encode(digest, trust->record.digest, CRET_SHA256_BYTES);
    json_t *json =
        json_pack("{s:s, s:b, s:s, s:s, s:b}", "cretula", "record-report/1", "genuine", 1, "sha256",
                  digest, "verdict", cret_verdict_name(trust->record.verdict), "countsAsAccepted",
                  (int)cret_record_trust_accepts(trust));
    bool failed = json == NULL;
    if (!failed && trust->sealed.signer != NULL) {
        failed =
            json_object_set_new(json, "signedBy", cret_record_text(trust->sealed.signer)) != 0 ||
            json_object_set_new(json, "revocationKnown",
                                json_boolean(trust->sealed.revocation_known)) != 0;
    }
    if (!failed && trust->attested) {
        failed =
            json_object_set_new(json, "attestedBy",
                                json_string(trust->station != NULL ? trust->station : "TPM")) != 0;
    }
    if (!failed && trust->line >= 0) {
        failed = json_object_set_new(json, "journalLine", json_integer(trust->line)) != 0 ||
                 json_object_set_new(json, "confirmed", json_boolean(trust->confirmed)) != 0;
    }
    if (!failed && trust->as_of != NULL) {
        failed = json_object_set_new(json, "asOf", json_string(trust->as_of)) != 0;
    }
    const char *unasked[CRET_RECORD_UNASKED];
    json_t *list = json_array();
    cret_record_trust_unasked(trust, unasked);
    failed = failed || list == NULL;
    for (size_t i = 0; !failed && unasked[i] != NULL; i++) {
        failed = json_array_append_new(list, json_string(unasked[i])) != 0;
    }
    failed = failed || json_object_set(json, "notAsked", list) != 0;
    json_decref(list);
    if (failed) {
        json_decref(json);
        return NULL;
    }
    return json;
}

static void print_trust(const struct cret_record_trust *trust)
{
    print_record(&trust->record, "GENUINE record:");
    line("vouched by", trust->sealed.signer);
    if (trust->lists_given && trust->sealed.revocation_why != NULL) {
        line("WARN", trust->sealed.revocation_why);
    }
    if (trust->as_of != NULL) {
        line("judged for", trust->as_of);
    }
    if (trust->attested) {
        struct cret_buffer text = {0};
        cret_buffer_printf(&text, "TPM of station %s",
                           trust->station != NULL ? trust->station : "(without a name)");
        line_of("vouched by", &text);
    }
    if (trust->line >= 0) {
        struct cret_buffer text = {0};
        cret_buffer_printf(&text, "journal, number %" PRId64 "%s", trust->line,
                           trust->confirmed ? "" : ", which says that this run did NOT finish");
        line_of("vouched by", &text);
    }
    const char *unasked[CRET_RECORD_UNASKED];
    cret_record_trust_unasked(trust, unasked);
    for (size_t i = 0; unasked[i] != NULL; i++) {
        line("not asked", unasked[i]);
    }
    struct cret_err ignored;
    cret_err_clear(&ignored);
    line("counts", cret_record_trust_accepts(trust) ? "as an acceptance"
                   : cret_record_accepts(&trust->record) &&
                           cret_record_trust_settled(trust, &ignored) != CRET_OK
                       ? "not as an acceptance, before its journal was asked (--journal DIR)"
                       : "not as an acceptance");
}

int cret_verb_record_verify(const struct cret_options *options)
{
    struct cret_record_trust trust = {0};
    struct cret_err err;
    cret_err_clear(&err);
    if (cret_record_trust_open(&trust, options, &err) != CRET_OK) {
        return cret_verb_fail(options, &err);
    }
    if (cret_options_given(options, "accepted") && cret_record_accepts(&trust.record) &&
        cret_record_trust_settled(&trust, &err) != CRET_OK) {
        cret_record_trust_clear(&trust);
        return cret_verb_fail(options, &err);
    }
    int code = !cret_options_given(options, "accepted") || cret_record_trust_accepts(&trust)
                   ? 0
                   : (int)CRET_ERR_REFUSED;
    if (!cret_options_given(options, "json")) {
        print_trust(&trust);
    } else {
        json_t *json = trust_json(&trust);
        if (cret_report_json(stdout, json, &err) != CRET_OK) {
            code = cret_verb_fail(options, &err);
        }
        json_decref(json);
    }
    cret_record_trust_clear(&trust);
    return cret_report_flush(code);
}

/* Statement, signature, envelope. */
static enum cret_status make_envelope(json_t **ret_envelope, const struct cret_options *options,
                                      const struct cret_record_trust *trust, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    const bool example = cret_options_given(options, "allow-example-keys");
    const struct cret_vsa_names names = {.verifier_id = cret_options_value(options, "verifier-id"),
                                         .resource_uri =
                                             cret_options_value(options, "resource-uri")};
    struct cret_record_signer signer = {0};
    json_t *statement = NULL;
    char *payload = NULL, *message = NULL;
    size_t size = 0, message_size = 0, value_size = 0;
    uint8_t *value = NULL, key[CRET_SHA256_BYTES];
    if (cret_vsa_statement(&statement, &trust->record, &names, example, err) != CRET_OK ||
        cret_record_signer_open(&signer, options, "key", "no-certificate", "no-chain", err) !=
            CRET_OK) {
        goto out;
    }
    payload = json_dumps(statement, JSON_COMPACT);
    if (payload == NULL) {
        cret_err_memory(err);
        goto out;
    }
    size = strlen(payload);
    if (cret_dsse_encode(&message, &message_size, payload, size, err) == CRET_OK &&
        cret_key_sign_message(&value, &value_size, key, signer.key, example, (uint8_t *)message,
                              message_size, err) == CRET_OK) {
        status = cret_dsse_envelope(ret_envelope, payload, size, value, value_size, key, err);
    }
    if (status == CRET_OK && cret_dsse_read_back(*ret_envelope, statement, err) != CRET_OK) {
        json_decref(*ret_envelope);
        *ret_envelope = NULL;
        status = CRET_FAILED;
    }
out:
    json_decref(statement);
    cret_record_signer_clear(&signer);
    free(payload);
    free(message);
    free(value);
    return status;
}

/* A URI has a scheme; anything else would not be found by who looks for it. */
static enum cret_status check_uris(const struct cret_options *options, struct cret_err *err)
{
    static const char *const names[] = {"verifier-id", "resource-uri"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const char *value = cret_options_value(options, names[i]);
        if (value != NULL && !cret_format_accepts(CRET_FORMAT_URI, value)) {
            cret_err_usage(err, "--%s: not a URI: %s", names[i], value);
            return cret_err_expected(err, "%s", cret_format_words(CRET_FORMAT_URI));
        }
    }
    return CRET_OK;
}

/* An attestation has no field that says as of when its maker judged the record. */
static enum cret_status check_now(const struct cret_options *options, struct cret_err *err)
{
    if (!cret_options_given(options, "at")) {
        return CRET_OK;
    }
    cret_err_usage(err, "a record that is judged as of another time (--at) gives no VSA");
    return cret_err_hint(err,
                         "verify the release again and export that record, or name what vouches "
                         "for this one today: --journal DIR, --station FILE");
}

static enum cret_status write_envelope(const struct cret_options *options, const json_t *envelope,
                                       struct cret_err *err)
{
    const char *path = cret_options_value(options, "out");
    char *text = NULL;
    size_t size = 0;
    if (path == NULL || strcmp(path, "-") == 0) {
        return cret_report_json(stdout, envelope, err);
    }
    if (cret_json_print(&text, &size, envelope, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const enum cret_status status = cret_file_write(path, text, size, 0644, err);
    free(text);
    return status;
}

int cret_verb_record_export(const struct cret_options *options)
{
    struct cret_record_trust trust = {0};
    struct cret_err err;
    json_t *envelope = NULL;
    int code = 0;
    cret_err_clear(&err);
    if (check_uris(options, &err) != CRET_OK || check_now(options, &err) != CRET_OK ||
        cret_record_trust_open(&trust, options, &err) != CRET_OK) {
        return cret_verb_fail(options, &err);
    }
    if (cret_record_trust_settled(&trust, &err) != CRET_OK) {
        code = cret_verb_fail(options, &err);
    } else if (trust.belongs && !trust.confirmed) {
        cret_err_refuse(&err, CRET_CHECK_JOURNAL_RECORDS,
                        "the journal says that the run of this record did not finish");
        code = cret_verb_fail(options, &err);
    } else if (make_envelope(&envelope, options, &trust, &err) != CRET_OK ||
               write_envelope(options, envelope, &err) != CRET_OK) {
        code = cret_verb_fail(options, &err);
    }
    json_decref(envelope);
    cret_record_trust_clear(&trust);
    return cret_report_flush(code);
}
