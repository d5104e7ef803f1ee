/* SPDX-License-Identifier: Apache-2.0 */
/* journal seal: a timestamp over the lines of a journal and over each record. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/finding/limits.h"
#include "base/system/os.h"
#include "base/text/text.h"
#include "console/print.h"
#include "verifier/verbs/journal_desk.h"
#include "verifier/verbs/options.h"
#include "verifier/verbs/seal_desk.h"
#include "verifier/verbs/verbs.h"

/* The records of finished runs behind the last sealed line. */
static enum cret_status add_records(struct cret_seal_batch *batch,
                                    const struct cret_journal *journal, int64_t after,
                                    int64_t lines, const char *seals, struct cret_err *err)
{
    enum cret_status status = CRET_OK;
    for (size_t i = 0; status == CRET_OK && i < cret_journal_count(journal); i++) {
        const struct cret_journal_entry *entry = cret_journal_at(journal, i);
        bool confirmed = false;
        if (entry->kind != CRET_JOURNAL_RUN || (int64_t)i < after || (int64_t)i >= lines) {
            continue;
        }
        status = cret_journal_confirmed(journal, entry, &confirmed, err);
        if (status == CRET_OK && confirmed) {
            char *path = cret_journal_record_path(journal, entry);
            status =
                path != NULL ? cret_seal_batch_add(batch, path, seals, err) : cret_err_memory(err);
            free(path);
        }
    }
    return status;
}

static enum cret_status gather(struct cret_seal_batch *batch, struct cret_desk *desk,
                               const struct cret_options *options, const char *seals,
                               int64_t *ret_lines, struct cret_err *err)
{
    int64_t after = 0, lines = 0;
    bool created = false;
    if (cret_journal_open(&desk->journal, desk->folder, CRET_JOURNAL_READ, NULL, err) != CRET_OK ||
        cret_options_number(&lines, options, "lines", 1, CRET_LIMIT_JSON_INTEGER,
                            (int64_t)cret_journal_count(desk->journal), err) != CRET_OK ||
        cret_seal_last_lines(&after, seals, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (after >= lines) {
        cret_err_usage(err, "line %" PRId64 " is sealed already", after);
        return cret_err_hint(err, "what is sealed is renewed: cretula-verify seal renew");
    }
    if (cret_options_given(options, "response") &&
        cret_os_make_directory(seals, 0755, &created, err) != CRET_OK) {
        return CRET_FAILED;
    }
    batch->step = CRET_SEAL_FIRST;
    batch->algorithm = cret_digest_by_name("sha256");
    batch->allow_unconfined = cret_options_given(options, "allow-unconfined");
    *ret_lines = lines;
    return add_records(batch, desk->journal, after, lines, seals, err) == CRET_OK
               ? cret_seal_batch_add_lines(batch, desk->folder, lines, seals, err)
               : CRET_FAILED;
}

static int act(const struct cret_options *options)
{
    struct cret_desk desk = {0};
    struct cret_seal_batch batch = {0};
    struct cret_err err = {0};
    char *seals = NULL, *next = NULL;
    int64_t lines = 0;
    enum cret_status status = cret_desk_open(&desk, options, &err);
    if (status == CRET_OK) {
        seals = cret_text_printf("%s/seals", desk.folder);
        status = seals != NULL ? gather(&batch, &desk, options, seals, &lines, &err)
                               : cret_err_memory(&err);
    }
    if (status == CRET_OK) {
        next = cret_text_printf("cretula-verify journal seal {} --lines %" PRId64
                                " --response IN.tsr --authority TSA.pem",
                                lines);
        status = next != NULL ? CRET_OK : cret_err_memory(&err);
    }
    const int code = status == CRET_OK ? cret_seal_batch_end(options, &batch, next, desk.folder)
                                       : cret_verb_fail(options, &err);
    cret_seal_batch_clear(&batch);
    cret_desk_close(&desk);
    free(seals);
    free(next);
    return code;
}

static const struct cret_option seal_options[] = {
    CRET_OPTION("lines", "N",
                "Seal the journal up to its line N, which --request printed. Default: all lines.",
                .left_free = true),
    CRET_OPTION_END,
};
static const struct cret_option_group seal_group = {"Seal", seal_options};

const struct cret_verb cret_verb_journal_seal = {
    .name = "seal",
    .operands = "[DIR]",
    .summary = "Have a journal and its records dated by a timestamp authority",
    .help = "In two steps, since the authority is elsewhere: --request writes what it answers, one "
            "request for the lines and for every record that is not sealed yet; --response judges "
            "the answer, and writes one evidence record (RFC 4998) each into DIR/seals. Until then "
            "nothing is sealed. Runs between the two steps do no harm.",
    .groups = CRET_GROUPS(&cret_seal_exchange_group, &cret_seal_trust_group, &seal_group,
                          &cret_confinement_group, &cret_example_group, &cret_site_group,
                          &cret_json_group),
    .examples = CRET_EXAMPLES("cretula-verify journal seal journal --request year.tsq",
                              "cretula-verify journal seal journal --lines 40 --response year.tsr "
                              "--authority tsa-root.pem"),
    .run = act,
};
