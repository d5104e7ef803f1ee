/* SPDX-License-Identifier: Apache-2.0 */
/* journal note: what happened later to a release. */
#include <string.h>

#include "base/finding/limits.h"
#include "base/text/time.h"
#include "console/print.h"
#include "verifier/verbs/journal_desk.h"
#include "verifier/verbs/options.h"
#include "verifier/verbs/verbs.h"

/* Number of the last run that accepted that release. */
static enum cret_status find_identity(const struct cret_journal *journal, const char *text,
                                      int64_t *ret_line, struct cret_err *err)
{
    uint8_t identity[CRET_SHA256_BYTES];
    if (cret_sha256_read(identity, text) != CRET_OK) {
        cret_err_usage(err, "--identity: not a SHA-256: %s", text);
        return cret_sha256_expected(err, text);
    }
    for (size_t i = cret_journal_count(journal); i > 0; i--) {
        const struct cret_journal_entry *entry = cret_journal_at(journal, i - 1);
        if (cret_journal_accepted(entry) && entry->has_identity &&
            memcmp(entry->identity, identity, sizeof(identity)) == 0) {
            *ret_line = entry->number;
            return CRET_OK;
        }
    }
    cret_err_usage(err, "no run of this journal accepted the release %s", text);
    return cret_err_hint(err, "verify it first, or name the run with --line");
}

static enum cret_status add_note(struct cret_desk *desk, const struct cret_options *options,
                                 struct cret_err *err)
{
    const char *time = cret_options_value(options, "time");
    const char *identity = cret_options_value(options, "identity");
    struct cret_journal_note note = {.stage = cret_options_value(options, "stage"),
                                     .asset = cret_options_value(options, "asset"),
                                     .text = cret_options_value(options, "text"),
                                     .change_id = cret_options_value(options, "change-id"),
                                     .name = cret_options_value(options, "name"),
                                     .role = cret_options_value(options, "role")};
    struct cret_optional line;
    if (cret_options_optional(&line, options, "line", 1, CRET_LIMIT_JSON_INTEGER, err) != CRET_OK) {
        return CRET_FAILED;
    }
    note.line = line.value;
    if (!line.given && identity == NULL) {
        cret_err_usage(err, "what is the note about? give --line or --identity");
        return cret_err_hint(err, "`cretula-verify journal show` lists the lines");
    }
    note.occurred.given = time != NULL;
    if (time != NULL && cret_time_read(&note.occurred.value, time) != CRET_OK) {
        cret_err_usage(err, "--time: not a time: %s", time);
        return cret_err_expected(err, CRET_TIME_WORDS);
    }
    if (cret_journal_open(&desk->journal, desk->folder, CRET_JOURNAL_APPEND,
                          cret_guard_witness(desk->guard), err) != CRET_OK ||
        (identity != NULL && find_identity(desk->journal, identity, &note.line, err) != CRET_OK)) {
        return CRET_FAILED;
    }
    return cret_journal_append_note(desk->journal, &note, err);
}

static int act(const struct cret_options *options)
{
    struct cret_desk desk = {0};
    struct cret_err err = {0};
    const int code =
        cret_desk_open(&desk, options, &err) == CRET_OK && add_note(&desk, options, &err) == CRET_OK
            ? cret_desk_done(options, &desk, "journal-note/1", "noted")
            : cret_verb_fail(options, &err);
    cret_desk_close(&desk);
    return code;
}

static const struct cret_option note_options[] = {
    CRET_OPTION("line", "N", "Number of the run that the note is about (journal show lists them).",
                .excludes = "identity"),
    CRET_OPTION("identity", "HEX",
                "The last run that accepted the release whose MANIFEST.json has this SHA-256.",
                .excludes = "line"),
    CRET_OPTION("stage", "STAGE", "What happened.", .required = true,
                .choices = cret_record_stages),
    CRET_OPTION("asset", "TEXT", "On which asset."),
    CRET_OPTION("time", "TIME", "When it happened (RFC 3339, UTC). Default: now."),
    CRET_OPTION("change-id", "TEXT", "The change that it belongs to."),
    CRET_OPTION("text", "TEXT", "One sentence more."),
    CRET_OPTION_END,
};
static const struct cret_option_group note_group = {"Note", note_options};

const struct cret_verb cret_verb_journal_note = {
    .name = "note",
    .operands = "[DIR]",
    .summary = "Add what happened later to a release",
    .help = "Received, in test, authorized, deployed: on which asset, when. Authorized and "
            "deployed need a run that accepted the release; from then on an older release on that "
            "asset is a finding.",
    .groups =
        CRET_GROUPS(&note_group, &cret_person_group, &cret_tpm_journal_group, &cret_station_group,
                    &cret_tcti_group, &cret_site_group, &cret_json_group),
    .examples = CRET_EXAMPLES("cretula-verify journal note /var/lib/cretula/journal --line 12 "
                              "--stage deployed --asset PLC-12 --change-id CHG-4711"),
    .run = act,
};
