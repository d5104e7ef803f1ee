/* SPDX-License-Identifier: Apache-2.0 */
/* seal renew: a new timestamp over the old ones, or over all files again. */
#include "base/command/shared.h"
#include "console/print.h"
#include "verifier/verbs/options.h"
#include "verifier/verbs/seal_desk.h"
#include "verifier/verbs/seal_options.h"
#include "verifier/verbs/verbs.h"

static const char *const digests[] = {"sha256", "sha384", "sha512", NULL};

static int act(const struct cret_options *options)
{
    struct cret_seal_batch batch = {0};
    struct cret_err err = {0};
    batch.renews = true;
    batch.allow_unconfined = cret_options_given(options, "allow-unconfined");
    batch.digest = cret_options_value(options, "digest");
    const enum cret_status status = cret_seal_open_operands(&batch, options, &err);
    const int code =
        status == CRET_OK
            ? cret_seal_batch_end(options, &batch,
                                  "cretula-verify seal renew SEAL... (and the same options) "
                                  "--response IN.tsr --authority TSA.pem",
                                  NULL)
            : cret_verb_fail(options, &err);
    cret_seal_batch_clear(&batch);
    return code;
}

static const struct cret_option renew_options[] = {
    CRET_OPTION("digest", "NAME",
                "Renew the hash tree: over all files again with this digest, which must not be "
                "weaker. Default: a timestamp over the last one.",
                .choices = digests, .left_free = true),
    CRET_OPTION_END,
};
static const struct cret_option_group renew_group = {"Renewal", renew_options};

const struct cret_verb cret_verb_seal_renew = {
    .name = "renew",
    .operands = "SEAL...",
    .summary = "Renew seals before their timestamp or digest ages",
    .help = "One request for all of them: every seal gets the new timestamp, with the few digests "
            "that lead from it to the seal's own. The files that the seals are over are read and "
            "compared first. A seal is replaced only by one that was read back and judged.",
    .groups = CRET_GROUPS(&cret_seal_exchange_group, &cret_seal_trust_group, &renew_group,
                          &cret_seal_data_group, &cret_confinement_group, &cret_example_group,
                          &cret_site_group, &cret_json_group),
    .examples = CRET_EXAMPLES(
        "cretula-verify seal renew journal/seals/*.ers --request year.tsq",
        "cretula-verify seal renew journal/seals/*.ers --response year.tsr --authority "
        "tsa-root.pem",
        "cretula-verify seal renew journal/seals/*.ers --digest sha512 --request year.tsq"),
    .run = act,
};
