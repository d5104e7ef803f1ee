/* SPDX-License-Identifier: Apache-2.0 */
/* What the reading process of `prepare` tells of an archive or package, held to its form. */
#ifndef CRET_SIGNER_PREPARED_H
#define CRET_SIGNER_PREPARED_H

#include "signer/archive/amend.h"

struct cret_prepared {
    const char *vendor, *product, *version; /* borrowed from what was told */
    uint8_t identity[CRET_SHA256_BYTES];
    bool identity_open; /* it depends on who is trusted */
    unsigned number;    /* of the list that a package gets; 0: of an archive */
    size_t signatures;  /* that a package has */
};

/* Whether the file is an archive or a package; else it is taken for a description. */
CRET_MUST_CHECK enum cret_status cret_prepared_exists(bool *ret_exists, const char *path,
                                                      struct cret_err *err);
/* Has it verified by a process that can do nothing else. What one more signature is over is
 * amend->told.files[0] then. */
CRET_MUST_CHECK enum cret_status cret_prepared_read(struct cret_amend *amend, struct cret_err *err);
/* Whoever asked: that, or what cret_amend_make told. class UNDECIDED where it has not its form. */
CRET_MUST_CHECK enum cret_status cret_prepared_take(struct cret_prepared *ret_prepared,
                                                    const struct cret_apart_told *told,
                                                    struct cret_err *err);

#endif
