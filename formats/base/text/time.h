/* SPDX-License-Identifier: Apache-2.0 */
/* Times as seconds since 1970-01-01T00:00:00Z, and as RFC 3339 text. */
#ifndef CRET_BASE_TIME_H
#define CRET_BASE_TIME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/finding/err.h"

/* A date and a time of the day, in UTC, by the (proleptic) Gregorian calendar. */
struct cret_calendar {
    int64_t year, month, day, hour, minute, second; /* month and day from 1 on */
};
/* CRET_FAILED: there is no such date in the years 0000 to 9999, or no such time (no leap seconds).
 */
CRET_MUST_CHECK enum cret_status cret_time_of(int64_t *ret_seconds,
                                              const struct cret_calendar *date);

/* Seconds since 1970-01-01T00:00:00Z to "YYYY-MM-DDTHH:MM:SSZ" (21 bytes with the terminator), for
 * every date that X.509 can say (years 0000 to 9999, RFC 5280 4.1.2.5); else the text is "invalid",
 * which no reader takes. */
void cret_time_format(char out[32], int64_t seconds);
/* The same for people: "no end" for 99991231235959Z, which says so in certificates (RFC 5280
 * 4.1.2.5). */
void cret_time_words(char out[32], int64_t seconds);
/* Exactly "YYYY-MM-DDTHH:MM:SSZ", a real date in the years 0000 to 9999: what cret_time_format
 * writes. For times that somebody else chose (certificates, lists, tokens). */
CRET_MUST_CHECK enum cret_status cret_time_parse_any(int64_t *ret_seconds, const char *text);
/* Exactly "YYYY-MM-DDTHH:MM:SSZ", a real date, from 1970 to below the year 3000. */
CRET_MUST_CHECK enum cret_status cret_time_parse(int64_t *ret_seconds, const char *text);

/* What a date says: from its first moment until the first one behind it. A moment is its own end.
 */
struct cret_time_span {
    int64_t from, end; /* seconds */
};
/* "YYYY-MM", "YYYY-MM-DD" or "YYYY-MM-DDTHH:MM:SSZ", in UTC, from 1970 to below the year 3000. */
CRET_MUST_CHECK enum cret_status cret_time_span_parse(struct cret_time_span *ret_span,
                                                      const char *text);

/*
 * A time as other tools write it, RFC 3339 in any zone: 2026-03-31T14:00:00+02:00, a space or a
 * small t between date and time, a fraction of a second (cut off). A date alone is no time.
 */
CRET_MUST_CHECK enum cret_status cret_time_read(int64_t *ret_seconds, const char *text);
/* Whether it is one, of any year, with T between date and time; a leap second may be in it: what a
 * JSON Schema calls "date-time". */
bool cret_time_is_date_time(const char *text);
#define CRET_TIME_WORDS "date, time and zone (RFC 3339), for example 2031-05-04T12:00:00Z (UTC)"

#endif
