/* SPDX-License-Identifier: Apache-2.0 */
/* Security catalogues (.cat): signed lists of digests, each by the format of its file. */
#ifndef CRET_FOREIGN_CATALOGUE_H
#define CRET_FOREIGN_CATALOGUE_H

#include "foreign/authenticode.h"

/* The digest of the file in the form that a member's type asks for: "pe", "msi", "cab". class
 * REFUSED with the reason of the format; *ret_size 0: the file has no digest of this form. */
typedef enum cret_status (*cret_catalogue_digester)(void *context, const char *type,
                                                    const EVP_MD *md, uint8_t *ret_digest,
                                                    size_t *ret_size, struct cret_err *err);

struct cret_catalogue_found {
    struct cret_spc_data data; /* of the member, borrowed; the longest digest that fits */
    size_t members, unread;    /* how many there are; of a type or digest that is not known */
};

/* Looks through all members for one with the digest of the file. class REFUSED, foreign.form: it
 * is no list; foreign.value: the file is not in it; UNDECIDED. */
CRET_MUST_CHECK enum cret_status cret_catalogue_find(struct cret_catalogue_found *ret_found,
                                                     struct cret_bytes list,
                                                     cret_catalogue_digester digest, void *context,
                                                     struct cret_err *err);

#endif
