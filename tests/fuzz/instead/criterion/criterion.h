/* SPDX-License-Identifier: Apache-2.0 */
/*
 * In the place of Criterion's header where a fuzz target uses the makers of certificates and
 * signatures of tests/unit: what these assert ends the program, in every build.
 */
#ifndef CRET_FUZZ_CRITERION_H
#define CRET_FUZZ_CRITERION_H

#include <stddef.h>

#include "../../fuzz.h"

#define cr_assert(condition, ...) FUZZ_HOLD(condition)
#define cr_assert_eq(left, right, ...) FUZZ_HOLD((left) == (right))
#define cr_assert_gt(left, right, ...) FUZZ_HOLD((left) > (right))
#define cr_assert_geq(left, right, ...) FUZZ_HOLD((left) >= (right))
#define cr_assert_lt(left, right, ...) FUZZ_HOLD((left) < (right))
#define cr_assert_not_null(pointer, ...) FUZZ_HOLD((pointer) != NULL)

#endif
