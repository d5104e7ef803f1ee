/* SPDX-License-Identifier: Apache-2.0 */
/* An installer package (MSI) as Authenticode hashes it. */
#ifndef CRET_FOREIGN_MSI_H
#define CRET_FOREIGN_MSI_H

#include "foreign/cfb.h"
#include "foreign/kind.h"

struct cret_msi {
    struct cret_cfb cfb;
    const struct cret_cfb_entry *signature; /* NULL: it is not signed */
    const struct cret_cfb_entry *extended;  /* digest over names, sizes, times; or NULL */
};

/* The caller clears *ret_msi, also after a failure. class REFUSED, foreign.form; UNDECIDED. */
CRET_MUST_CHECK enum cret_status
cret_msi_open(struct cret_msi *ret_msi, const struct cret_foreign_file *file, struct cret_err *err);
void cret_msi_clear(struct cret_msi *msi);
/* The digest that a signature names. Where the package has a digest over names, that is compared
 * with what it should be: class REFUSED, foreign.value. */
CRET_MUST_CHECK enum cret_status cret_msi_hash(const struct cret_msi *msi, const EVP_MD *md,
                                               uint8_t *ret_digest, size_t *ret_size,
                                               struct cret_err *err);
/* Names what no signature covers. */
void cret_msi_name_gaps(const struct cret_msi *msi, struct cret_foreign_proof *proof);
/* Without a digest over names a signature holds the content alone, whose streams could be cut and
 * named anew: REFUSED, foreign.strength, unless the pin lets older forms count; then it is noted.
 * Call it when the pin is known. */
CRET_MUST_CHECK enum cret_status cret_msi_check_names(const struct cret_msi *msi,
                                                      struct cret_foreign_proof *proof,
                                                      struct cret_err *err);

#endif
