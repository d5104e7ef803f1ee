/* SPDX-License-Identifier: Apache-2.0 */
/* What self-test says of a machine, as JSON. */
#ifndef CRET_VERIFIER_SELF_TEST_H
#define CRET_VERIFIER_SELF_TEST_H

#include "base/schema/file_format.h"

extern const struct cret_file_format cret_self_test_format;

#endif
