/* SPDX-License-Identifier: Apache-2.0 */
/* Times and numbers that may be absent: read, compared, written. */
#include "base/text/optional.h"

#include "base/text/json.h"
#include "base/text/text.h"
#include "base/text/time.h"

struct cret_optional cret_optional_of(int64_t value)
{
    return (struct cret_optional){.given = true, .value = value};
}

enum cret_status cret_optional_time(struct cret_optional *ret_time, const json_t *object,
                                    const char *path)
{
    struct cret_optional time = {.given = cret_json_get(object, path) != NULL};
    if (time.given && cret_time_parse(&time.value, cret_json_string(object, path)) != CRET_OK) {
        return CRET_FAILED;
    }
    *ret_time = time;
    return CRET_OK;
}

enum cret_status cret_optional_number(struct cret_optional *ret_number, const json_t *object,
                                      const char *path)
{
    const json_t *json = cret_json_get(object, path);
    if (json != NULL && !json_is_integer(json)) {
        return CRET_FAILED;
    }
    *ret_number =
        json == NULL ? (struct cret_optional){0} : cret_optional_of(json_integer_value(json));
    return CRET_OK;
}

bool cret_optional_past(struct cret_optional end, int64_t value)
{
    return end.given && value > end.value;
}

bool cret_optional_below(struct cret_optional least, int64_t value)
{
    return least.given && value < least.value;
}

bool cret_optional_within(struct cret_optional end, struct cret_optional other)
{
    return !other.given || (end.given && end.value <= other.value);
}

struct cret_optional cret_optional_greater(struct cret_optional least, struct cret_optional other)
{
    return !least.given || (other.given && other.value > least.value) ? other : least;
}
