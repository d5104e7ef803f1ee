/* SPDX-License-Identifier: Apache-2.0 */
/* A package under the verifier's engine: one that exists, and one that was just written. */
#ifndef CRET_SIGNER_PACKAGE_CHECK_H
#define CRET_SIGNER_PACKAGE_CHECK_H

#include "engine/inspect.h"
#include "package/package.h"
#include "signer/archive/package_draft.h"

/*
 * What is true of a package whoever is trusted: form, every signature sound, lists over everything,
 * digests. Notes every member that lists name, and the lists and signatures that are there, in
 * `draft`. class REFUSED, else. ret_manifest: what it says of itself.
 */
CRET_MUST_CHECK enum cret_status cret_package_examine(struct cret_package **ret_package,
                                                      struct cret_manifest **ret_manifest,
                                                      struct cret_package_draft *draft, int fd,
                                                      const struct cret_certificate *signer,
                                                      struct cret_err *err);

/* The finished file, verified with the signer's certificate as the only anchor. identity: the list
 * that it must be known by. class UNDECIDED where it is not accepted. */
CRET_MUST_CHECK enum cret_status cret_package_check(int fd, const struct cret_certificate *signer,
                                                    const uint8_t identity[CRET_SHA256_BYTES],
                                                    const struct cret_manifest *manifest,
                                                    bool allow_example_keys, struct cret_err *err);

#endif
