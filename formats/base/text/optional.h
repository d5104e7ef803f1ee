/* SPDX-License-Identifier: Apache-2.0 */
/* A time or number that may be absent. A flag of its own says whether it was given: whatever value
 * stood for "none", 0 or -1, somebody could give. */
#ifndef CRET_BASE_OPTIONAL_H
#define CRET_BASE_OPTIONAL_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/finding/err.h"

/* Zeroed is "not given". */
struct cret_optional {
    bool given;
    int64_t value; /* of a time: seconds since 1970-01-01T00:00:00Z; only where given */
};

struct cret_optional cret_optional_of(int64_t value);

/* The time, or the whole number, at this dotted path of object; not given where it is absent.
 * CRET_FAILED where something else is there. */
CRET_MUST_CHECK enum cret_status cret_optional_time(struct cret_optional *ret_time,
                                                    const json_t *object, const char *path);
CRET_MUST_CHECK enum cret_status cret_optional_number(struct cret_optional *ret_number,
                                                      const json_t *object, const char *path);

/* Whether there is an end (the last second or number that still is within), and value is past it.
 */
bool cret_optional_past(struct cret_optional end, int64_t value);
/* Whether there is a least value, and value is below it. */
bool cret_optional_below(struct cret_optional least, int64_t value);
/* Of two ends, whether the first one lets nothing pass that the second one does not; none lets
 * everything pass. */
bool cret_optional_within(struct cret_optional end, struct cret_optional other);
/* The greater one of two least values. */
struct cret_optional cret_optional_greater(struct cret_optional least, struct cret_optional other);

#endif
