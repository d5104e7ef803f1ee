/* SPDX-License-Identifier: Apache-2.0 */
/* A record's page: one screen, or everything, with its digest. */
#include "verifier/verbs/record_view.h"

#include "base/text/text.h"
#include "verifier/report/record_page.h"

void cret_record_view_add(struct cret_page *page, const struct cret_options *options,
                          const struct cret_record_copy *record, const char *word,
                          const char *counts)
{
    char digest[CRET_SHA256_HEX];
    cret_hex_encode(digest, record->digest, CRET_SHA256_BYTES);
    const struct cret_record_view view = {.word = word, .counts = counts, .digest = digest};
    if (cret_options_given(options, "verbose")) {
        cret_record_page_whole(page, record->json, &view);
    } else {
        cret_record_page_screen(page, record->json, &view);
    }
    if (cret_options_given(options, "files")) {
        cret_record_page_files(page, record->json);
    }
}
