/* SPDX-License-Identifier: Apache-2.0 */
/* What amend.c does where the file is an OPC UA package. */
#ifndef CRET_SIGNER_AMEND_PACKAGE_H
#define CRET_SIGNER_AMEND_PACKAGE_H

#include "signer/archive/amend.h"

/* In the reading process: all of it, and the list that one more signature would be over. */
CRET_MUST_CHECK enum cret_status cret_amend_package_read(struct cret_amend *amend,
                                                         struct cret_err *err);
/* There too: the package with the one addition, besides what told->json holds. */
CRET_MUST_CHECK enum cret_status cret_amend_package_tell(const struct cret_amend *amend,
                                                         struct cret_apart_told *told,
                                                         struct cret_err *err);
/* Writes the package anew as it was told, and gives it the name. */
CRET_MUST_CHECK enum cret_status cret_amend_package_replace(struct cret_amend *amend,
                                                            const struct cret_amend_own *own,
                                                            struct cret_err *err);

#endif
