/* SPDX-License-Identifier: Apache-2.0 */
/* The verbs of cretula-sign as a table. */
#include "signer/verbs/verbs.h"

#include "../../verb_table.h"

Test(verbs, each_says_what_it_is_and_has_examples_that_parse)
{
    cr_expect_gt(check_verbs(&cret_sign_program, cret_sign_program.verbs), 12);
}
