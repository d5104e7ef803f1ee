/* SPDX-License-Identifier: Apache-2.0 */
/* The names that files of a release get in the archive, and what happens where two of them meet. */
#ifndef CRET_SIGNER_NAMES_H
#define CRET_SIGNER_NAMES_H

#include "signer/release/collect.h"

/* Adds a regular file (takes input and wanted; frees them on failure). Maps the name. */
CRET_MUST_CHECK enum cret_status cret_collection_add(struct cret_collection *collection,
                                                     char *input, char *wanted, bool exact,
                                                     size_t described, bool strict_names,
                                                     struct cret_err *err);

/* Sorts by path, gives suffixes where mapped names meet, refuses what still meets. *ret_index: the
 * file at fault; for the caller's place in the description. */
CRET_MUST_CHECK enum cret_status cret_collection_settle(struct cret_collection *collection,
                                                        size_t *ret_index, struct cret_err *err);

#endif
