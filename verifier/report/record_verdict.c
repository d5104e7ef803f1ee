/* SPDX-License-Identifier: Apache-2.0 */
/* The line of a record's verdict: the word, the reason, and what narrows it. */
#include "verifier/report/record_page_internal.h"

#include <string.h>

#include "base/text/json.h"
#include "base/text/text.h"
#include "verifier/report/pieces.h"

bool cret_record_accepted(const json_t *record)
{
    return cret_json_integer(record, "result.exitCode", 1) == 0 &&
           (cret_record_says(record, "result.verdict", "ACCEPTED") ||
            cret_record_says(record, "result.verdict", "ACCEPTED WITH WAIVERS"));
}

const json_t *cret_record_first_fault(const json_t *record)
{
    CRET_JSON_EACH (finding, cret_json_get(record, "result.checks")) {
        if (cret_piece_is(finding, "FAIL")) {
            return finding;
        }
    }
    return NULL;
}

/* Of a part, how much of it was read: the check that counted the files says it first. */
static void add_part(struct cret_buffer *out, const json_t *record)
{
    CRET_JSON_EACH (finding, cret_json_get(record, "result.checks")) {
        const char *read = cret_piece_text(finding, "reason");
        if (cret_piece_is(finding, "PASS") && cret_record_says(finding, "check", "file.digests")) {
            cret_buffer_printf(out, "%.*s %s read (--only): nothing is said of the others",
                               (int)strcspn(read, ","), read,
                               strncmp(read, "1 ", 2) == 0 ? "was" : "were");
        }
    }
}

void cret_record_add_reason(struct cret_buffer *out, const json_t *record)
{
    const json_t *fault = cret_record_first_fault(record);
    const char *message = cret_json_string(record, "result.error.message");
    if (message != NULL) {
        cret_buffer_printf(out, "%s", message);
    } else if (fault != NULL) {
        const char *hint = cret_json_string(fault, "hint");
        cret_buffer_printf(out, "%s%s%s", cret_json_string(fault, "reason"),
                           hint != NULL ? " - " : "", hint != NULL ? hint : "");
    } else if (cret_record_accepted(record)) {
        cret_record_add_title(out, record);
    } else if (cret_record_says(record, "result.verdict", "PARTIAL")) {
        add_part(out, record);
    } else {
        cret_buffer_printf(out, "a required check gave no answer");
    }
}

/* Waivers that were given and are not honoured: why, where it is one. */
static void qualify_by_lost_waivers(struct cret_page *page, const json_t *record)
{
    static const char prefix[] = "this waiver is not honoured: ";
    const char *why = NULL;
    size_t count = 0;
    CRET_JSON_EACH (finding, cret_json_get(record, "result.checks")) {
        const char *check = cret_json_string(finding, "check");
        if (check != NULL && strncmp(check, "waiver.", strlen("waiver.")) == 0 &&
            !cret_piece_is(finding, "PASS")) {
            why = cret_json_string(finding, "reason");
            count++;
        }
    }
    if (count > 1) {
        cret_page_qualify(page, "%zu waivers not honoured", count);
    } else if (why != NULL) {
        const bool prefixed = strncmp(why, prefix, strlen(prefix)) == 0;
        cret_page_qualify(page, "waiver not honoured: %s", why + (prefixed ? strlen(prefix) : 0));
    }
}

static void qualify_by_waivers(struct cret_page *page, const json_t *record)
{
    CRET_JSON_EACH (waiver, cret_json_get(record, "result.waivers")) {
        cret_page_qualify(page, "waived: %s until %s, approved by %s",
                          cret_json_string(waiver, "check"), cret_json_string(waiver, "until"),
                          cret_json_string(waiver, "approver"));
    }
}

static bool not_confined(const json_t *record)
{
    CRET_JSON_EACH (finding, cret_json_get(record, "result.checks")) {
        if (cret_record_says(finding, "check", "run.confinement")) {
            return true;
        }
    }
    return false;
}

/* The time at which a signature was judged, where that is not now; the latest of several. */
static void qualify_by_seal(struct cret_page *page, const json_t *record)
{
    const char *latest = NULL;
    CRET_JSON_EACH (signature, cret_json_get(record, "how.signatures")) {
        const char *sealed = cret_json_string(signature, "seal.sealedAt");
        if (sealed != NULL && (latest == NULL || strcmp(sealed, latest) > 0)) {
            latest = sealed;
        }
    }
    if (latest != NULL) {
        cret_page_qualify(page, "signatures as sealed on %s", latest);
    }
}

/* What narrows an acceptance stands in the verdict's line. */
static void qualify(struct cret_page *page, const json_t *record,
                    const struct cret_record_view *view)
{
    const bool known = cret_json_string(record, "what.identity") != NULL;
    qualify_by_waivers(page, record);
    qualify_by_lost_waivers(page, record);
    if (view->backout != NULL) {
        cret_page_qualify(page, "%s", view->backout);
    }
    if (cret_json_boolean(record, "how.exampleKeysAllowed", false)) {
        cret_page_qualify(page, "example keys allowed: proves nothing");
    }
    if (not_confined(record)) {
        cret_page_qualify(page, "not confined");
    }
    qualify_by_seal(page, record);
    if (cret_json_boolean(record, "when.verificationTimeGiven", false)) {
        cret_page_qualify(page, "as of %s", cret_json_string(record, "when.verificationTime"));
    }
    if (cret_json_boolean(record, "how.fast", false)) {
        cret_page_qualify(page, "fast: one digest a file");
    }
    if (known && !cret_json_boolean(record, "what.productBound", false)) {
        cret_page_qualify(page, "product not bound");
    }
    if (cret_record_accepted(record) && cret_json_get(record, "what.foreign") != NULL) {
        cret_page_qualify(page, "a foreign signature: it does not say which product or version");
    }
    if (cret_record_says(record, "what.origin", "adopted")) {
        cret_page_qualify(page, "adopted: the vendor's origin is NOT authenticated");
    }
}

static enum cret_tone tone_of(const json_t *record, const struct cret_record_view *view)
{
    return view->unproved                                          ? CRET_TONE_CAUTION
           : cret_record_accepted(record)                          ? CRET_TONE_GOOD
           : cret_record_says(record, "result.verdict", "REFUSED") ? CRET_TONE_BAD
                                                                   : CRET_TONE_CAUTION;
}

void cret_record_put_verdict(struct cret_page *page, const json_t *record,
                             const struct cret_record_view *view)
{
    struct cret_buffer text = {0}, word = {0};
    const char *verdict = cret_json_string(record, "result.verdict");
    verdict = verdict != NULL ? verdict : "UNDECIDED";
    cret_buffer_printf(&word, "%s", view->word != NULL ? view->word : verdict);
    if (view->file != NULL) {
        cret_buffer_printf(&text, "%s: ", view->file);
    }
    if (view->counts != NULL) {
        cret_buffer_printf(&text, "%s, %s", verdict, view->counts);
    } else {
        cret_record_add_reason(&text, record);
    }
    cret_page_verdict(page, tone_of(record, view), word.failed ? "UNDECIDED" : word.data, "%s",
                      cret_page_words(page, &text));
    qualify(page, record, view);
    cret_buffer_free(&word);
    cret_buffer_free(&text);
}
