/* SPDX-License-Identifier: Apache-2.0 */
/* Seals that exist, as operands. */
#include "verifier/verbs/seal_options.h"

static const struct cret_option data_options[] = {
    CRET_OPTION("data", "DIR",
                "Folder with the files that the seals are over. Default: the one above that of the "
                "seal, or `records` there.",
                .repeatable = true, .left_free = true),
    CRET_OPTION_END,
};
const struct cret_option_group cret_seal_data_group = {"Files", data_options};

enum cret_status cret_seal_open_operands(struct cret_seal_batch *batch,
                                         const struct cret_options *options, struct cret_err *err)
{
    for (size_t i = 0; i < cret_options_operand_count(options); i++) {
        if (cret_seal_batch_open(batch, cret_options_operand(options, i),
                                 cret_options_values(options, "data"),
                                 cret_options_count(options, "data"), err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}
