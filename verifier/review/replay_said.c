/* SPDX-License-Identifier: Apache-2.0 */
/* record replay: its answer as JSON (replay/1) and as a page. */
#include <stdlib.h>

#include "base/schema/rows.h"
#include "base/text/json.h"
#include "base/text/json_build.h"
#include "base/text/text.h"
#include "verifier/review/replay.h"
#include "verifier/review/said.h"

static const struct cret_field difference_fields[] = {
    CRET_ROW_TEXT("what", CRET_REQUIRED, "A file, a check, or a part of the run."),
    CRET_ROW_TEXT("then", 0, "What the record says; absent: nothing."),
    CRET_ROW_TEXT("now", 0, "What this run found; absent: nothing."),
    CRET_ROW_END,
};

static const struct cret_field fields[] = {
    CRET_ROW_PURPOSE(CRET_REQUIRED, "replay/1"),
    CRET_ROW_INTEGER("exitCode", CRET_REQUIRED, 0, 3, "The exit code that goes with it."),
    CRET_ROW_TEXT("record", CRET_REQUIRED, "The record, as given."),
    CRET_ROW_SHA256("recordSha256", CRET_REQUIRED, "SHA-256 of the record."),
    CRET_ROW_TEXT("archive", CRET_REQUIRED, "The archive, as given."),
    CRET_ROW_OBJECT("trust", CRET_REQUIRED, cret_said_trust_fields,
                    "Under which trust, as of when."),
    CRET_ROW_ENUM("then", CRET_REQUIRED, cret_said_verdicts, "The verdict of the record."),
    CRET_ROW_ENUM("now", CRET_REQUIRED, cret_said_verdicts, "The verdict of this run."),
    CRET_ROW_BOOLEAN("agrees", CRET_REQUIRED, "Whether nothing but the trust policy differs."),
    CRET_ROW_OBJECTS("differences", CRET_REQUIRED, difference_fields, "The first 200."),
    CRET_ROW_END,
};

const struct cret_file_format cret_replay_format = {
    .purpose = "replay/1",
    .words = "answer of record replay",
    .file = "cretula-verify record replay --json",
    .fields = fields,
    .bytes = SIZE_MAX,
    .fault = CRET_ERR_USAGE,
};

json_t *cret_replay_json(const struct cret_replay *replay, int code)
{
    struct cret_build json = cret_build_object();
    cret_build_string(&json, "cretula", cret_replay_format.purpose);
    cret_build_integer(&json, "exitCode", code);
    cret_build_text(&json, "record", replay->record_path);
    cret_build_sha256(&json, "recordSha256", replay->record->digest);
    cret_build_text(&json, "archive", replay->archive);
    cret_build_put(&json, "trust", cret_said_trust(replay->session, replay->outcome));
    cret_build_string(&json, "then", cret_verdict_name(replay->record->verdict));
    cret_build_string(&json, "now", cret_verdict_name(replay->outcome->verdict));
    cret_build_boolean(&json, "agrees", cret_replay_agrees(replay));
    cret_build_share(&json, "differences", replay->differences);
    return cret_build_end(&json);
}

void cret_replay_page(struct cret_page *page, const struct cret_replay *replay, int code)
{
    static const struct cret_page_column columns[] = {
        {.name = "what"}, {.name = "then"}, {.name = "now"}};
    /* What this run read: a record that nobody vouches for names nothing here. */
    char *release = cret_said_release_words(replay->outcome->document);
    cret_page_verdict(page, code == 0 ? CRET_TONE_GOOD : CRET_TONE_BAD,
                      code == 0 ? "SAME RESULT" : "ANOTHER RESULT", "%s",
                      release != NULL ? release : "(out of memory)");
    free(release);
    cret_said_qualify(page, replay->session, replay->outcome);
    cret_page_row(page, "then", "%s (%s)", cret_verdict_name(replay->record->verdict),
                  replay->record_path);
    cret_page_row(page, "now", "%s (%s)", cret_verdict_name(replay->outcome->verdict),
                  replay->archive);
    cret_page_row(page, "record", "as it stands: whether it is genuine, `record verify` finds out");
    if (json_array_size(replay->differences) == 0) {
        cret_page_row(page, "differs", "nothing");
        return;
    }
    cret_page_section(page, "What differs");
    cret_page_table(page, columns, CRET_LENGTH(columns));
    CRET_JSON_EACH (one, replay->differences) {
        const char *then = cret_json_string(one, "then"), *now = cret_json_string(one, "now");
        cret_page_cell(page, "%s", cret_json_string(one, "what"));
        cret_page_cell(page, "%s", then != NULL ? then : "-");
        cret_page_cell(page, "%s", now != NULL ? now : "-");
    }
}
