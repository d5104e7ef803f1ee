/* SPDX-License-Identifier: Apache-2.0 */
/* main() of cretula-verify: runs its verbs. */
#include "console/run.h"
#include "verifier/verbs/verbs.h"

int main(int argc, char **argv)
{
    return cret_console_run(&cret_verify_program, argc, argv);
}
