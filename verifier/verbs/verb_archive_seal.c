/* SPDX-License-Identifier: Apache-2.0 */
/* archive seal: a timestamp over the signatures of many archives. */
#include <stdlib.h>
#include <string.h>

#include "base/command/shared.h"
#include "base/system/os.h"
#include "console/print.h"
#include "verifier/verbs/options.h"
#include "verifier/verbs/seal_desk.h"
#include "verifier/verbs/verbs.h"

static int by_out(const void *left, const void *right)
{
    const char *const *a = left, *const *b = right;
    return strcmp(*a, *b);
}

/* Two archives of one name would have one seal. */
static enum cret_status check_names(const struct cret_seal_batch *batch, struct cret_err *err)
{
    enum cret_status status = CRET_OK;
    const char **names = calloc(batch->count + 1, sizeof(*names));
    if (names == NULL) {
        return cret_err_memory(err);
    }
    for (size_t i = 0; i < batch->count; i++) {
        names[i] = batch->items[i].out;
    }
    qsort(names, batch->count, sizeof(*names), by_out);
    for (size_t i = 1; status == CRET_OK && i < batch->count; i++) {
        if (strcmp(names[i - 1], names[i]) == 0) {
            cret_err_usage(err, "two of the archives would have the seal %s", names[i]);
            status = cret_err_hint(err, "seal archives of one name in runs of their own, into "
                                        "different folders");
        }
    }
    free(names);
    return status;
}

static enum cret_status gather(struct cret_seal_batch *batch, const struct cret_options *options,
                               struct cret_err *err)
{
    const char *seals = cret_options_value(options, "seals");
    bool created = false;
    batch->step = CRET_SEAL_FIRST;
    batch->algorithm = cret_digest_by_name("sha256");
    batch->allow_unconfined = cret_options_given(options, "allow-unconfined");
    for (size_t i = 0; i < cret_options_operand_count(options); i++) {
        if (cret_seal_batch_add_archive(batch, cret_options_operand(options, i), seals, err) !=
            CRET_OK) {
            return CRET_FAILED;
        }
    }
    if (check_names(batch, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return cret_options_given(options, "response")
               ? cret_os_make_directory(seals, 0755, &created, err)
               : CRET_OK;
}

static int act(const struct cret_options *options)
{
    struct cret_seal_batch batch = {0};
    struct cret_err err = {0};
    const int code = gather(&batch, options, &err) == CRET_OK
                         ? cret_seal_batch_end(
                               options, &batch,
                               "cretula-verify archive seal FILE... (the same files and --seals) "
                               "--response IN.tsr --authority TSA.pem",
                               NULL)
                         : cret_verb_fail(options, &err);
    cret_seal_batch_clear(&batch);
    return code;
}

static const struct cret_option seal_options[] = {
    CRET_OPTION("seals", "DIR",
                "Folder of the seals: that of each archive gets its name and .ers. One that is "
                "there is not made again.",
                .required = true, .left_free = true),
    CRET_OPTION_END,
};
static const struct cret_option_group seal_group = {"Seal", seal_options};

const struct cret_verb cret_verb_archive_seal = {
    .name = "seal",
    .operands = "FILE...",
    .summary = "Have the signatures of archives dated by a timestamp authority",
    .help = "In two steps, as journal seal: --request writes one request for all archives, "
            "--response judges the answer, and writes one evidence record (RFC 4998) for each. It "
            "is over MANIFEST.json and the signatures, on which every byte of the archive hangs; "
            "who signed is not judged here. `check --seals DIR` judges signatures as of the time "
            "that their seal proves.",
    .groups = CRET_GROUPS(&cret_seal_exchange_group, &cret_seal_trust_group, &seal_group,
                          &cret_confinement_group, &cret_example_group, &cret_site_group,
                          &cret_json_group),
    .examples =
        CRET_EXAMPLES("cretula-verify archive seal releases/*.tar --seals seals --request year.tsq",
                      "cretula-verify archive seal releases/*.tar --seals seals --response "
                      "year.tsr --authority tsa-root.pem"),
    .run = act,
};
