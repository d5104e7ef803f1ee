/* SPDX-License-Identifier: Apache-2.0 */
/* One line of a journal as JSON, and the field table of a list of them. */
#include "verifier/verbs/journal_lines.h"

#include "base/finding/limits.h"
#include "base/schema/rows.h"
#include "base/text/json_build.h"
#include "evidence/record/record.h"
#include "verifier/verbs/options.h"

static const char *const kinds[] = {"genesis", "run",   "note", "unconfirmed",
                                    "rotate",  "close", NULL};
static const char *const verdicts[] = {
    "ACCEPTED", "ACCEPTED WITH WAIVERS", "REFUSED", "UNDECIDED", "PARTIAL", NULL};

static const struct cret_field entry_fields[] = {
    CRET_ROW_COUNT("number", CRET_REQUIRED, "Of the line; --line of `journal note` takes it."),
    CRET_ROW_TIME("time", CRET_REQUIRED, "When it was written."),
    CRET_ROW_ENUM("kind", CRET_REQUIRED, kinds, "What the line is."),
    CRET_ROW_ENUM("verdict", 0, verdicts, "Of a run."),
    CRET_ROW_SHA256("record", 0, "SHA-256 of the record file."),
    CRET_ROW_SHA256("identity", 0, "SHA-256 of the release's MANIFEST.json."),
    CRET_ROW_TEXT("vendor", 0, "Of the release."),
    CRET_ROW_TEXT("product", 0, "Of the release."),
    CRET_ROW_TEXT("version", 0, "Of the release."),
    CRET_ROW_TEXT("asset", 0, "The asset that it is for."),
    CRET_ROW_ENUM("stage", 0, cret_record_stages, "Stage of the change."),
    CRET_ROW_TEXT("changeId", 0, "The change that it belongs to."),
    CRET_ROW_COUNT("sequence", 0, "Of the release."),
    CRET_ROW_COUNT("line", 0, "Of a note: the number of the run that it is about."),
    CRET_ROW_BOOLEAN("countsAsAccepted", 0, "Of a run: whether it counts as an acceptance."),
    CRET_ROW_END,
};

static const struct cret_field list_fields[] = {
    CRET_ROW_PURPOSE(CRET_REQUIRED, CRET_JOURNAL_LIST_PURPOSE),
    CRET_ROW_TEXT("folder", CRET_REQUIRED, "The journal, as it was named."),
    CRET_ROW_SHA256("head", CRET_REQUIRED, "The journal's head: it changes with every line."),
    CRET_ROW_OBJECTS("entries", CRET_REQUIRED, entry_fields,
                     "Runs and notes that were asked for, oldest first.",
                     .maximum = CRET_LIMIT_JSON_INTEGER),
    CRET_ROW_END,
};

const struct cret_file_format cret_journal_list_format = {
    .purpose = CRET_JOURNAL_LIST_PURPOSE,
    .words = "list of journal lines",
    .file = "what `cretula-verify journal show --json` prints",
    .fields = list_fields,
    .bytes = 1u << 30,
    .fault = CRET_ERR_USAGE,
};

json_t *cret_journal_line_json(const struct cret_journal_entry *entry)
{
    const bool run = entry->kind == CRET_JOURNAL_RUN;
    struct cret_build json = cret_build_object();
    cret_build_integer(&json, "number", entry->number);
    cret_build_time(&json, "time", entry->time);
    cret_build_string(&json, "kind", cret_journal_kind_name(entry->kind));
    cret_build_string(&json, "verdict", run ? cret_verdict_name(entry->verdict) : NULL);
    cret_build_sha256(&json, "record", entry->has_record ? entry->record : NULL);
    cret_build_sha256(&json, "identity", entry->has_identity ? entry->identity : NULL);
    cret_build_string(&json, "vendor", entry->vendor);
    cret_build_string(&json, "product", entry->product);
    cret_build_string(&json, "version", entry->version);
    cret_build_string(&json, "asset", entry->asset);
    cret_build_string(&json, "stage", entry->stage);
    cret_build_string(&json, "changeId", entry->change_id);
    if (entry->sequence.given) {
        cret_build_integer(&json, "sequence", entry->sequence.value);
    }
    if (entry->line.given) {
        cret_build_integer(&json, "line", entry->line.value);
    }
    if (run) {
        cret_build_boolean(&json, "countsAsAccepted", cret_journal_accepted(entry));
    }
    return cret_build_end(&json);
}
