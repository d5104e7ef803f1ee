/* SPDX-License-Identifier: Apache-2.0 */
/* What a new archive may replace without being told to. */
#ifndef CRET_SIGNER_OVERWRITE_H
#define CRET_SIGNER_OVERWRITE_H

#include "base/finding/err.h"
#include "trust/x509/certificate.h"

/*
 * Whether the file that is open as old_fd holds the same release (by its identity), and no
 * signature that the new archive lacks: by another key than the signer's (NULL: by any), or with a
 * timestamp. Then a new archive loses nothing. Any other file, and a release of the same version
 * with other content, is somebody's: class USAGE, with what is there.
 */
CRET_MUST_CHECK enum cret_status cret_overwrite_check(int old_fd, const char *path,
                                                      const uint8_t *identity,
                                                      const struct cret_certificate *signer,
                                                      struct cret_err *err);

#endif
