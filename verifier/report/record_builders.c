/* SPDX-License-Identifier: Apache-2.0 */
/* Who built the files of a release, as a record says it. */
#include <inttypes.h>

#include "base/text/json.h"
#include "base/text/text.h"
#include "verifier/report/pieces.h"
#include "verifier/report/record_page_internal.h"

/* Attestations that are told one by one, of each kind. */
enum { MOST_BUILDERS = 3 };

/* Why attestations prove nothing here. */
static void put_reasons(struct cret_page *page, const json_t *record)
{
    size_t shown = 0;
    CRET_JSON_EACH (one, cret_json_get(record, "what.provenance")) {
        const char *why = cret_json_string(one, "whyNot");
        if (!cret_json_boolean(one, "proved", false) && why != NULL && shown++ < MOST_BUILDERS) {
            cret_page_row(page, "", "%s: %s", cret_piece_text(one, "file"), why);
        }
    }
}

void cret_record_put_builders(struct cret_page *page, const json_t *record)
{
    size_t shown = 0, others = 0;
    CRET_JSON_EACH (one, cret_json_get(record, "what.provenance")) {
        if (!cret_json_boolean(one, "proved", false)) {
            others++;
        } else if (++shown <= MOST_BUILDERS) {
            struct cret_buffer level = {0};
            if (json_object_get(one, "level") != NULL) {
                cret_buffer_printf(&level, " (SLSA build level %" PRId64 ")",
                                   cret_json_integer(one, "level", 0));
            }
            cret_page_row(page, shown == 1 ? "built by" : "", "%s%s, as %s signed",
                          cret_piece_text(one, "builder"), level.data != NULL ? level.data : "",
                          cret_piece_text(one, "signers"));
            cret_buffer_free(&level);
        }
    }
    if (others > 0) {
        cret_page_row(page, shown == 0 ? "built by" : "",
                      shown == 0 ? "not proved: %zu %s of the build %s"
                                 : "%zu other %s of the build %s",
                      others, cret_plural(others, "attestation", "attestations"),
                      cret_plural(others, "proves nothing here", "prove nothing here"));
        put_reasons(page, record);
    }
}
