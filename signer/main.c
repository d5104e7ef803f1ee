/* SPDX-License-Identifier: Apache-2.0 */
/* main() of cretula-sign: runs its verbs. */
#include "console/run.h"
#include "signer/verbs/verbs.h"

int main(int argc, char **argv)
{
    return cret_console_run(&cret_sign_program, argc, argv);
}
