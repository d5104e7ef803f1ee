/* SPDX-License-Identifier: Apache-2.0 */
/* The order of versions of Python packages. */
#ifndef CRET_RELEASE_VERS_PYPI_H
#define CRET_RELEASE_VERS_PYPI_H

#include <stdbool.h>

#include "base/finding/attributes.h"

/* PEP 440. False: one of them is no such version, or has a local part. */
CRET_MUST_CHECK bool cret_pypi_order(const char *left, const char *right, int *ret_order);

#endif
