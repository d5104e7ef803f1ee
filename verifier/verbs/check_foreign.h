/* SPDX-License-Identifier: Apache-2.0 */
/* Options of check about files in vendors' own formats, and what lies beside such a file. */
#ifndef CRET_VERIFIER_CHECK_FOREIGN_H
#define CRET_VERIFIER_CHECK_FOREIGN_H

#include "base/command/options.h"
#include "foreign/kind.h"

/* --foreign-signature, --foreign-key, --foreign-signer */
extern const struct cret_option_group cret_check_foreign_group;

/* The files of --foreign-signature, as bytes: they are parsed in the child. class USAGE. Free
 * *ret_sides in every case. */
CRET_MUST_CHECK enum cret_status cret_check_foreign_read(struct cret_foreign_side **ret_sides,
                                                         size_t *ret_count,
                                                         const struct cret_options *options,
                                                         struct cret_err *err);
void cret_check_foreign_free(struct cret_foreign_side **sides, size_t count);

#endif
