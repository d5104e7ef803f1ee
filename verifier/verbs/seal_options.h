/* SPDX-License-Identifier: Apache-2.0 */
/* What the verbs that read existing seals share. */
#ifndef CRET_VERIFIER_SEAL_OPTIONS_H
#define CRET_VERIFIER_SEAL_OPTIONS_H

#include "verifier/verbs/seal_desk.h"

extern const struct cret_option_group cret_seal_data_group; /* --data */

/* Every operand, with what it is over. */
CRET_MUST_CHECK enum cret_status cret_seal_open_operands(struct cret_seal_batch *batch,
                                                         const struct cret_options *options,
                                                         struct cret_err *err);

#endif
