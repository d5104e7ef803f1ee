/* SPDX-License-Identifier: Apache-2.0 */
/* The verbs of cretula-verify as a table. */
#include "verifier/verbs/verbs.h"

#include "../../verb_table.h"

Test(verbs, each_says_what_it_is_and_has_examples_that_parse)
{
    cr_expect_gt(check_verbs(&cret_verify_program, cret_verify_program.verbs), 20);
}
