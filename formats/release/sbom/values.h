/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a value says something: placeholders of tools and templates are none. */
#ifndef CRET_RELEASE_VALUES_H
#define CRET_RELEASE_VALUES_H

#include <stdbool.h>

/* Not empty, no white space alone, and none of the words that stand for nothing (NOASSERTION,
 * unknown, n/a, ...). NULL says nothing. */
bool cret_value_says(const char *text);
/* Whether it says that nobody knows: unknown, or NOASSERTION. */
bool cret_value_unknown(const char *text);
bool cret_value_email(const char *text);
/* An absolute http or https URL with a host. */
bool cret_value_url(const char *text);
/* An RFC 3339 time that is no clock's zero: not before the year 2000. */
bool cret_value_time(const char *text);

/*
 * Whether a template or a shell left its own marks in a value that should have been filled in:
 * ${VERSION}, $(cmd), $VERSION, {{ version }}, @VERSION@, %VERSION%, <version>; or whether it is
 * one of the words that stand for nothing (null, unknown, ...).
 */
bool cret_value_unfilled(const char *text);

#endif
