/* SPDX-License-Identifier: Apache-2.0 */
/* The seal of an archive that is checked: which file it is, and who is trusted for it. */
#ifndef CRET_VERIFIER_CHECK_SEAL_H
#define CRET_VERIFIER_CHECK_SEAL_H

#include "verifier/run/session.h"

extern const struct cret_option_group cret_check_seal_group; /* --seal, --seals, --authority */

/* Whom the run trusts for seals: --authority, else the timestamp authorities of the policy. class
 * USAGE where a seal was named and there is neither, or one --seal for several archives. */
CRET_MUST_CHECK enum cret_status cret_check_seal_open(struct cret_session *session,
                                                      const struct cret_options *options,
                                                      struct cret_err *err);
/*
 * Reads the seal of an archive as bytes: --seal, or of --seals the file that is called as the
 * archive and .ers. Nothing was named: *ret_path is NULL. The caller frees both. class USAGE where
 * it is not there.
 */
CRET_MUST_CHECK enum cret_status cret_check_seal_read(char **ret_path, char **ret_data,
                                                      size_t *ret_size,
                                                      const struct cret_options *options,
                                                      const char *archive, struct cret_err *err);
/* What the process that reads the archive is told of it. */
struct cret_inspect_seal cret_check_seal_of(const struct cret_session *session, const char *path,
                                            const char *data, size_t size);

#endif
