/* SPDX-License-Identifier: Apache-2.0 */
/* Comparing a file with a list of hashes, for kinds that carry such a list inside their signature.
 */
#ifndef CRET_FOREIGN_HASH_LIST_H
#define CRET_FOREIGN_HASH_LIST_H

#include "foreign/kind.h"

/* Every digest that the list has for the file's name must match; fills what *proof says of digests,
 * and nothing else. class REFUSED with foreign.form, foreign.value; UNDECIDED. */
CRET_MUST_CHECK enum cret_status cret_hash_list_compare(struct cret_foreign_proof *proof,
                                                        const uint8_t *text, size_t size,
                                                        const struct cret_foreign_file *file,
                                                        struct cret_err *err);

#endif
