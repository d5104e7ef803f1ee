/* SPDX-License-Identifier: Apache-2.0 */
/* record verify: whether a record is genuine, without the archive. */
#include <inttypes.h>

#include "console/print.h"
#include "verifier/verbs/options.h"
#include "verifier/verbs/record_page.h"
#include "verifier/verbs/record_trust.h"
#include "verifier/verbs/verbs.h"

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
    cret_record_page(&trust->record, "GENUINE record:");
    cret_print_line(stdout, "vouched by", trust->sealed.signer);
    if (trust->lists_given && trust->sealed.revocation_why != NULL) {
        cret_print_line(stdout, "WARN", trust->sealed.revocation_why);
    }
    if (trust->as_of != NULL) {
        cret_print_line(stdout, "judged for", trust->as_of);
    }
    if (trust->attested) {
        struct cret_buffer text = {0};
        cret_buffer_printf(&text, "TPM of station %s",
                           trust->station != NULL ? trust->station : "(without a name)");
        cret_record_line("vouched by", &text);
    }
    if (trust->line >= 0) {
        struct cret_buffer text = {0};
        cret_buffer_printf(&text, "journal, number %" PRId64 "%s", trust->line,
                           trust->confirmed ? "" : ", which says that this run did NOT finish");
        cret_record_line("vouched by", &text);
    }
    const char *unasked[CRET_RECORD_UNASKED];
    cret_record_trust_unasked(trust, unasked);
    for (size_t i = 0; unasked[i] != NULL; i++) {
        cret_print_line(stdout, "not asked", unasked[i]);
    }
    struct cret_err ignored;
    cret_err_clear(&ignored);
    cret_print_line(stdout, "counts",
                    cret_record_trust_accepts(trust) ? "as an acceptance"
                    : cret_record_accepts(&trust->record) &&
                            cret_record_trust_settled(trust, &ignored) != CRET_OK
                        ? "not as an acceptance, before its journal was asked (--journal DIR)"
                        : "not as an acceptance");
}

static int act(const struct cret_options *options)
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
    if (cret_options_given(options, "json")) {
        code = cret_print_json(options, trust_json(&trust), code);
    } else {
        print_trust(&trust);
    }
    cret_record_trust_clear(&trust);
    return code;
}

static const struct cret_option verify_options[] = {
    {.name = "accepted",
     .help = "Exit 1 as well where the record is genuine, but not one of an acceptance (REFUSED, "
             "PARTIAL, --at, example keys, not confirmed by its journal). The record of a journal "
             "needs --journal."},
    {.name = NULL},
};
static const struct cret_option_group verify_group = {"Record", verify_options};

const struct cret_verb cret_verb_record_verify = {
    .name = "verify",
    .operands = "FILE",
    .summary = "Verify a record without the archive",
    .help = "By its signature, by the attestation of a station's TPM, by the journal, or by "
            "several: each that is named must hold. Exit code 0 says that the record is genuine, "
            "whatever its verdict; --accepted asks for an acceptance too.",
    .groups = CRET_GROUPS(&cret_record_trust_group, &cret_example_group, &verify_group,
                          &cret_site_group, &cret_json_group),
    .examples = CRET_EXAMPLES(
        "cretula-verify record verify RECORD.json --anchor recorder-root.pem --accepted",
        "cretula-verify record verify RECORD.json --station station.json"),
    .run = act,
};
