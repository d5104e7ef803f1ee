/* SPDX-License-Identifier: Apache-2.0 */
/* Patterns of shells: what this project uses of them: * and sets in brackets, no flags
 * (os_fnmatch.c). */
#ifndef CRET_BASE_COMPAT_FNMATCH_H
#define CRET_BASE_COMPAT_FNMATCH_H

int fnmatch(const char *pattern, const char *name, int flags);

#endif
