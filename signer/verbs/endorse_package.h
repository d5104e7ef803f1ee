/* SPDX-License-Identifier: Apache-2.0 */
/* endorse, of an OPC UA package. */
#ifndef CRET_SIGNER_ENDORSE_PACKAGE_H
#define CRET_SIGNER_ENDORSE_PACKAGE_H

#include "base/command/options.h"

/* All of the verb; returns its exit code. */
int cret_endorse_package(const struct cret_options *options);

#endif
