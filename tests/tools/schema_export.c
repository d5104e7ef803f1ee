/* SPDX-License-Identifier: Apache-2.0 */
/* The JSON Schema of a format, as docs/spec has it (docs/spec/make-schemas.py): schema_export NAME;
 * without a name, the names. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "evidence/journal/journal.h"
#include "evidence/record/record.h"
#include "evidence/station/attestation.h"
#include "release/diff/diff.h"
#include "release/manifest/manifest.h"
#include "release/statements/annex2.h"
#include "trust/policy/overlay.h"
#include "trust/tpm/order.h"
#include "verifier/export/export.h"
#include "verifier/review/installed_said.h"
#include "verifier/review/replay.h"
#include "verifier/review/review.h"
#include "verifier/review/shelf.h"
#include "verifier/review/trace.h"
#include "verifier/run/site.h"
#include "verifier/verbs/journal_lines.h"
#include "verifier/verbs/self_test.h"

static const struct cret_file_format *const formats[] = {
    &cret_manifest_format,     &cret_description_format, &cret_trust_format,
    &cret_overlay_format,      &cret_waiver_format,      &cret_order_format,
    &cret_profile_format,      &cret_record_format,      &cret_station_format,
    &cret_attestation_format,  &cret_site_format,        &cret_installed_format,
    &cret_trace_format,        &cret_catalogue_format,   &cret_journal_list_format,
    &cret_export_format,       &cret_vdi2770_format,     &cret_diff_format,
    &cret_review_format,       &cret_replay_format,      &cret_error_format,
    &cret_journal_line_format, &cret_self_test_format,   &cret_gaps_format,
};

static int print_schema(const struct cret_file_format *format)
{
    char *text = NULL;
    size_t size = 0;
    json_t *schema = cret_file_format_schema(format);
    if (schema == NULL || cret_json_print(&text, &size, schema, NULL) != CRET_OK) {
        return 3;
    }
    const bool written = fwrite(text, 1, size, stdout) == size && fflush(stdout) == 0;
    free(text);
    json_decref(schema);
    return written ? 0 : 3;
}

int main(int count, char **arguments)
{
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        const size_t size = strcspn(formats[i]->purpose, "/");
        if (count == 1) {
            printf("%.*s\n", (int)size, formats[i]->purpose);
        } else if (strlen(arguments[1]) == size &&
                   memcmp(arguments[1], formats[i]->purpose, size) == 0) {
            return print_schema(formats[i]);
        }
    }
    return count == 1 ? 0 : 2;
}
