/* SPDX-License-Identifier: Apache-2.0 */
/* The version, from the build, for both programs. */
#ifndef CRET_BASE_VERSION_H
#define CRET_BASE_VERSION_H

#include <stdint.h>

extern const char cret_version[]; /* "0.1.0" */
/* The release date of this version in seconds: no honest clock is earlier. */
extern const int64_t cret_version_time;

#endif
