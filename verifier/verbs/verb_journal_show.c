/* SPDX-License-Identifier: Apache-2.0 */
/* journal show: runs and notes as a table, the newest on one screen. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/page/page_print.h"
#include "base/system/terminal.h"
#include "base/text/json_build.h"
#include "base/text/text.h"
#include "base/text/time.h"
#include "base/text/unicode.h"
#include "console/print.h"
#include "verifier/verbs/journal_desk.h"
#include "verifier/verbs/journal_lines.h"
#include "verifier/verbs/options.h"
#include "verifier/verbs/verbs.h"

/* Which lines are asked for. */
struct wanted {
    const char *asset, *product;
    struct cret_optional since;
};

static bool same(const char *wanted, const char *value)
{
    return wanted == NULL || (value != NULL && cret_unicode_same(wanted, value));
}

/* The run that a note is about; the entry itself where it is a run. */
static const struct cret_journal_entry *run_of(const struct cret_journal *journal,
                                               const struct cret_journal_entry *entry)
{
    for (size_t i = 0; entry->line.given && i < cret_journal_count(journal); i++) {
        if (cret_journal_at(journal, i)->number == entry->line.value) {
            return cret_journal_at(journal, i);
        }
    }
    return entry;
}

static bool is_wanted(const struct cret_journal *journal, const struct cret_journal_entry *entry,
                      const struct wanted *wanted)
{
    if (entry->kind != CRET_JOURNAL_RUN && entry->kind != CRET_JOURNAL_NOTE) {
        return false;
    }
    const struct cret_journal_entry *run = run_of(journal, entry);
    return (same(wanted->asset, entry->asset) ||
            (run != entry && entry->asset == NULL && same(wanted->asset, run->asset))) &&
           same(wanted->product, run->product) &&
           (!wanted->since.given || entry->time >= wanted->since.value);
}

/* "ACCEPTED", "note on 3"; a run that counts for nothing (cut short, taken back, with example keys)
 * says so. */
static void put_verdict(struct cret_page *page, const struct cret_journal_entry *entry)
{
    const bool run = entry->kind == CRET_JOURNAL_RUN;
    const bool accepted = run && cret_verdict_exit_code(entry->verdict) == 0;
    const bool nothing =
        entry->unconfirmed || entry->pending || (accepted && !cret_journal_accepted(entry));
    const char *lost = nothing ? " (does not count)" : "";
    if (run) {
        cret_page_cell(page, "%s%s", cret_verdict_name(entry->verdict), lost);
    } else {
        cret_page_cell(page, "note on %" PRId64 "%s", entry->line.value, lost);
    }
}

static const char *text_of(const char *text, const char *other)
{
    return text != NULL ? text : other != NULL ? other : "";
}

static void put_entry(struct cret_page *page, const struct cret_journal *journal,
                      const struct cret_journal_entry *entry)
{
    const struct cret_journal_entry *run = run_of(journal, entry);
    char time[32];
    cret_time_format(time, entry->time);
    cret_page_cell(page, "%" PRId64, entry->number);
    cret_page_cell(page, "%.10s %.5s", time, time + strlen("2026-01-01T"));
    put_verdict(page, entry);
    cret_page_cell(page, "%s", text_of(run->product, NULL));
    cret_page_cell(page, "%s", text_of(run->version, NULL));
    cret_page_cell(page, "%s", text_of(entry->asset, run->asset));
    cret_page_cell(page, "%s", text_of(entry->stage, NULL));
    cret_page_cell(page, "%s", text_of(entry->change_id, NULL));
}

/* The entries that are asked for, oldest first. */
struct chosen {
    const struct cret_journal_entry **list;
    size_t count;
    size_t all; /* runs and notes, asked for or not */
};

static enum cret_status choose(struct chosen *ret_chosen, const struct cret_journal *journal,
                               const struct wanted *wanted, struct cret_err *err)
{
    const size_t total = cret_journal_count(journal);
    struct chosen chosen = {.list = calloc(total + 1, sizeof(const struct cret_journal_entry *))};
    if (chosen.list == NULL) {
        return cret_err_memory(err);
    }
    for (size_t i = 0; i < total; i++) {
        const struct cret_journal_entry *entry = cret_journal_at(journal, i);
        chosen.all += is_wanted(journal, entry, &(struct wanted){0}) ? 1 : 0;
        if (is_wanted(journal, entry, wanted)) {
            chosen.list[chosen.count++] = entry;
        }
    }
    *ret_chosen = chosen;
    return CRET_OK;
}

/* The newest of them, oldest first. Caller frees. */
static struct cret_page *page_of(const struct cret_desk *desk, const struct chosen *chosen,
                                 size_t newest)
{
    static const struct cret_page_column columns[] = {{.name = "line", .number = true},
                                                      {.name = "time (UTC)"},
                                                      {.name = "verdict"},
                                                      {.name = "product"},
                                                      {.name = "version"},
                                                      {.name = "asset"},
                                                      {.name = "stage"},
                                                      {.name = "change"}};
    const size_t left_out = chosen->count - newest;
    struct cret_buffer text = {0};
    struct cret_page *page = cret_page_new();
    cret_buffer_printf(&text, "%s (%zu", desk->folder, chosen->count);
    if (chosen->count < chosen->all) {
        cret_buffer_printf(&text, " of %zu", chosen->all);
    }
    cret_buffer_printf(&text, " %s and notes%s)", cret_plural(chosen->all, "run", "runs"),
                       chosen->count > 0 ? ", the newest last" : "");
    cret_page_verdict(page, CRET_TONE_PLAIN, "journal", "%s", cret_page_words(page, &text));
    cret_buffer_free(&text);
    if (chosen->count > 0) {
        cret_page_table(page, columns, CRET_LENGTH(columns));
    }
    for (size_t i = left_out; i < chosen->count; i++) {
        put_entry(page, desk->journal, chosen->list[i]);
    }
    if (left_out > 0) {
        cret_page_paragraph(page, "%zu earlier: --verbose shows them, --since TIME some", left_out);
    }
    return page;
}

/* On a terminal as many of the newest lines as its screen holds, one at the least. */
static int show_page(const struct cret_options *options, const struct cret_desk *desk,
                     const struct wanted *wanted)
{
    const size_t rows = cret_options_given(options, "verbose") ? 0 : cret_terminal_rows(stdout);
    struct cret_err err = {0};
    struct chosen chosen = {0};
    if (choose(&chosen, desk->journal, wanted, &err) != CRET_OK) {
        return cret_verb_fail(options, &err);
    }
    size_t newest = rows > 0 && rows < chosen.count ? rows : chosen.count;
    struct cret_page *page = page_of(desk, &chosen, newest);
    while (rows > 0 && newest > 1 && cret_page_lines(page) >= rows) {
        cret_page_free(&page);
        page = page_of(desk, &chosen, --newest);
    }
    free(chosen.list);
    return cret_print_last(options, &page, CRET_EXIT_DONE);
}

static int show_json(const struct cret_options *options, const struct cret_desk *desk,
                     const struct wanted *wanted)
{
    struct cret_build json = cret_build_object(), entries = cret_build_list();
    for (size_t i = 0; i < cret_journal_count(desk->journal); i++) {
        if (is_wanted(desk->journal, cret_journal_at(desk->journal, i), wanted)) {
            cret_build_add(&entries, cret_journal_line_json(cret_journal_at(desk->journal, i)));
        }
    }
    cret_build_string(&json, "cretula", CRET_JOURNAL_LIST_PURPOSE);
    cret_build_string(&json, "folder", desk->folder);
    cret_build_sha256(&json, "head", cret_journal_head(desk->journal));
    cret_build_put(&json, "entries", cret_build_end(&entries));
    return cret_print_json(options, cret_build_end(&json), CRET_EXIT_DONE);
}

static enum cret_status read_wanted(struct wanted *ret_wanted, const struct cret_options *options,
                                    struct cret_err *err)
{
    const char *since = cret_options_value(options, "since");
    *ret_wanted = (struct wanted){.asset = cret_options_value(options, "asset"),
                                  .product = cret_options_value(options, "product"),
                                  .since.given = since != NULL};
    if (since == NULL) {
        return CRET_OK;
    }
    /* A day alone begins at midnight. */
    char day[sizeof("2026-03-31T00:00:00Z")];
    snprintf(day, sizeof(day), "%.10sT00:00:00Z", since);
    if (cret_time_read(&ret_wanted->since.value,
                       strlen(since) == strlen("2026-03-31") ? day : since) != CRET_OK) {
        cret_err_usage(err, "--since: not a time: %s", since);
        return cret_err_expected(err, CRET_TIME_WORDS ", or a day: 2026-03-31");
    }
    return CRET_OK;
}

static int act(const struct cret_options *options)
{
    struct cret_desk desk = {0};
    struct wanted wanted;
    struct cret_err err = {0};
    int code = CRET_EXIT_UNDECIDED;
    if (read_wanted(&wanted, options, &err) != CRET_OK ||
        cret_desk_open(&desk, options, &err) != CRET_OK ||
        cret_journal_open(&desk.journal, desk.folder, CRET_JOURNAL_READ,
                          cret_guard_witness(desk.guard), &err) != CRET_OK) {
        code = cret_verb_fail(options, &err);
    } else {
        code = cret_options_given(options, "json") ? show_json(options, &desk, &wanted)
                                                   : show_page(options, &desk, &wanted);
    }
    cret_desk_close(&desk);
    return code;
}

static const struct cret_option show_options[] = {
    CRET_OPTION("asset", "TEXT", "Only lines about this asset."),
    CRET_OPTION("product", "TEXT", "Only lines about this product."),
    CRET_OPTION("since", "TIME", "Only lines from this time (RFC 3339) or day on.",
                .left_free = true),
    CRET_OPTION_END,
};
static const struct cret_option_group show_group = {"Lines", show_options};

const struct cret_verb cret_verb_journal_show = {
    .name = "show",
    .operands = "[DIR]",
    .summary = "List runs and notes: line, time, verdict, product, asset, stage, change",
    .help = "On a terminal the newest lines, as many as its screen holds; --verbose shows all of "
            "them. The chain "
            "of lines is held together while they are read; whether the records are what they were "
            "says journal verify. `journal note` takes the number in the first column (--line).",
    .groups =
        CRET_GROUPS(&show_group, &cret_verbose_group, &cret_tpm_journal_group, &cret_station_group,
                    &cret_tcti_group, &cret_site_group, &cret_json_group),
    .examples = CRET_EXAMPLES("cretula-verify journal show /var/lib/cretula/journal --asset PLC-12",
                              "cretula-verify journal show --since 2026-10-01 --json"),
    .run = act,
};
