/* SPDX-License-Identifier: Apache-2.0 */
/* Packages in a package, as they are found. Internal to package/. */
#ifndef CRET_PACKAGE_BELOW_H
#define CRET_PACKAGE_BELOW_H

#include "package/package.h"

/* The folders of the packages in it. class REFUSED (package.manifest): a file that is in none,
 * names that are one without regard to case, too many; (archive.limits): more to read in all of
 * them together than CRET_LIMIT_SOLUTION_STATED_BYTES. */
CRET_MUST_CHECK enum cret_status cret_package_find_below(struct cret_package *package,
                                                         struct cret_err *err);
/* Whether no list has a digest by SHA-512. class REFUSED (package.manifest). */
CRET_MUST_CHECK enum cret_status cret_package_refuse_sha512(const struct cret_package *package,
                                                            struct cret_err *err);

#endif
