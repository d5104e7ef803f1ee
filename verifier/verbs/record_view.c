/* SPDX-License-Identifier: Apache-2.0 */
/* A record's page: one screen, or everything; what it counts as, who vouches, or what would. */
#include "verifier/verbs/record_view.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/text/json.h"
#include "base/text/shell.h"
#include "base/text/text.h"
#include "verifier/report/record_page.h"

static void add_record(struct cret_page *page, const struct cret_options *options,
                       const struct cret_record_copy *record, struct cret_record_view *view)
{
    char digest[CRET_SHA256_HEX];
    cret_hex_encode(digest, record->digest, CRET_SHA256_BYTES);
    view->digest = digest;
    if (cret_options_given(options, "verbose")) {
        cret_record_page_whole(page, record->json, view);
    } else {
        cret_record_page_screen(page, record->json, view);
    }
    if (cret_options_given(options, "files")) {
        cret_record_page_files(page, record->json);
    }
    view->digest = NULL;
}

/* " (CHG-4711, GW-3)": for which change and asset; nothing where neither is known. */
static void add_reasons(struct cret_buffer *out, const json_t *record)
{
    const char *const reasons[] = {cret_json_string(record, "why.changeId"),
                                   cret_json_string(record, "why.asset")};
    bool any = false;
    for (size_t i = 0; i < CRET_LENGTH(reasons); i++) {
        if (reasons[i] != NULL) {
            cret_buffer_printf(out, "%s%s", any ? ", " : " (", reasons[i]);
            any = true;
        }
    }
    cret_buffer_printf(out, any ? ")" : "");
}

/* Why a genuine record is none of an acceptance. */
static const char *why_not(const struct cret_record_trust *trust)
{
    const json_t *record = trust->record.json;
    if (cret_verdict_exit_code(trust->record.verdict) != 0) {
        return "no acceptance";
    }
    if (cret_json_boolean(record, "how.exampleKeysAllowed", false)) {
        return "does not count as an acceptance: published example keys were allowed";
    }
    if (cret_json_boolean(record, "when.verificationTimeGiven", false)) {
        return "does not count as an acceptance: it was judged as of another time (--at)";
    }
    return trust->line < 0 ? "does not count as an acceptance before its journal was asked "
                             "(--journal DIR)"
                           : "does not count as an acceptance: its journal says that the run did "
                             "not finish";
}

static void add_vouchers(struct cret_page *page, const struct cret_record_trust *trust)
{
    const char *unasked[CRET_RECORD_UNASKED];
    cret_page_row(page, "page", "%s", trust->source.page ? "shows this record, byte by byte" : "");
    cret_page_row(page, "vouched by", "%s",
                  trust->sealed.signer != NULL ? trust->sealed.signer : "");
    if (trust->lists_given && trust->sealed.revocation_why != NULL) {
        cret_page_toned(page, CRET_TONE_CAUTION, "WARN", "%s", trust->sealed.revocation_why);
    }
    cret_page_row(page, "sealed", "%s", trust->seal.held ? trust->seal.words : "");
    cret_page_row(page, "judged for", "%s", trust->as_of != NULL ? trust->as_of : "");
    if (trust->attested) {
        cret_page_row(page, "vouched by", "TPM of station %s",
                      trust->station != NULL ? trust->station : "(without a name)");
    }
    if (trust->line >= 0) {
        cret_page_row(page, "vouched by", "journal, number %" PRId64 "%s", trust->line,
                      trust->confirmed ? "" : ", which says that this run did NOT finish");
    }
    cret_record_trust_unasked(trust, unasked);
    for (size_t i = 0; unasked[i] != NULL; i++) {
        cret_page_row(page, i == 0 ? "not asked" : "", "%s", unasked[i]);
    }
}

void cret_record_view_genuine(struct cret_page *page, const struct cret_options *options,
                              const struct cret_record_trust *trust)
{
    struct cret_buffer counts = {0};
    cret_buffer_printf(&counts, "%s",
                       cret_record_trust_accepts(trust) ? "counts as an acceptance"
                                                        : why_not(trust));
    add_reasons(&counts, trust->record.json);
    struct cret_record_view view = {.word = "GENUINE record",
                                    .counts = counts.failed ? "(out of memory)" : counts.data};
    add_record(page, options, &trust->record, &view);
    add_vouchers(page, trust);
    cret_buffer_free(&counts);
}

/* The command that says who vouches for it; NULL: nothing goes with it that could. Caller frees. */
static char *proving(const struct cret_options *options, const struct cret_record_trust *trust)
{
    const bool sealed = trust->source.signature != NULL;
    const bool attested = trust->source.attestation != NULL;
    struct cret_buffer out = {0};
    if (!cret_record_trust_of_site(options) && !sealed && !attested && !trust->belongs) {
        return NULL;
    }
    char *file = cret_shell_file(cret_options_operand(options, 0));
    cret_buffer_printf(&out, "cretula-verify record show %s", file != NULL ? file : "FILE");
    free(file);
    if (!cret_record_trust_of_site(options)) {
        cret_buffer_printf(&out, "%s%s%s", sealed ? " --anchor RECORDER.pem" : "",
                           attested ? " --station STATION.json" : "",
                           trust->belongs ? " --journal DIR" : "");
    }
    if (out.failed) {
        cret_buffer_free(&out);
    }
    return out.data;
}

void cret_record_view_unverified(struct cret_page *page, const struct cret_options *options,
                                 const struct cret_record_trust *trust, const char *why)
{
    struct cret_buffer counts = {0};
    cret_buffer_printf(&counts, "as it says itself: %s",
                       why != NULL ? "not proved" : "nobody was asked whether it is genuine");
    add_reasons(&counts, trust->record.json);
    struct cret_record_view view = {.word = "UNVERIFIED record",
                                    .unproved = true,
                                    .counts = counts.failed ? "(out of memory)" : counts.data};
    add_record(page, options, &trust->record, &view);
    char *command = proving(options, trust);
    if (why != NULL) {
        cret_page_toned(page, CRET_TONE_BAD, "not proved", "%s", why);
    } else if (command != NULL) {
        cret_page_command(page, "prove it", command);
    } else {
        cret_page_toned(page, CRET_TONE_CAUTION, "proof",
                        "none: it was not signed or attested, and belongs to no journal");
    }
    cret_page_row(page, "sealed", "%s%s", trust->seal_beside != NULL ? trust->seal_beside : "",
                  trust->seal_beside != NULL ? " lies beside it, and was not judged" : "");
    free(command);
    cret_buffer_free(&counts);
}
