/* SPDX-License-Identifier: Apache-2.0 */
/* The calendar, and the forms of a time that are written and read. */
#include "base/text/time.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/finding/limits.h"

static bool leap_year(int64_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int64_t days_of_month(int64_t year, int64_t month)
{
    static const int64_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && leap_year(year) ? 29 : days[month - 1];
}

/* Days from 1970-01-01 to the first day of a year, from the year 0 on (proleptic Gregorian). */
static int64_t days_before_year(int64_t year)
{
    const int64_t cycle = 400; /* so that no division is of a negative number */
    int64_t past = year + cycle - 1, base = 1969 + cycle;
    return (year - 1970) * 365 + (past / 4 - base / 4) - (past / 100 - base / 100) +
           (past / 400 - base / 400);
}

enum cret_status cret_time_of(int64_t *ret_seconds, const struct cret_calendar *date)
{
    if (date->year < 0 || date->year > 9999 || date->month < 1 || date->month > 12 ||
        date->day < 1 || date->day > days_of_month(date->year, date->month) || date->hour < 0 ||
        date->hour > 23 || date->minute < 0 || date->minute > 59 || date->second < 0 ||
        date->second > 59) {
        return CRET_FAILED;
    }
    int64_t days = days_before_year(date->year) + date->day - 1;
    for (int64_t i = 1; i < date->month; i++) {
        days += days_of_month(date->year, i);
    }
    *ret_seconds = days * 86400 + date->hour * 3600 + date->minute * 60 + date->second;
    return CRET_OK;
}

void cret_time_format(char out[32], int64_t seconds)
{
    const int64_t day = 86400;
    if (seconds < CRET_LIMIT_TIME_FIRST || seconds > CRET_LIMIT_TIME_LAST) {
        memcpy(out, "invalid", sizeof("invalid"));
        return;
    }
    int64_t since = seconds - CRET_LIMIT_TIME_FIRST; /* never negative */
    int64_t days = since / day, rest = since % day;
    int64_t year = days / 366, month = 1;
    const int64_t first = days_before_year(0);
    while (days_before_year(year + 1) - first <= days) {
        year++;
    }
    days -= days_before_year(year) - first;
    while (days >= days_of_month(year, month)) {
        days -= days_of_month(year, month++);
    }
    snprintf(out, 32, "%04d-%02d-%02dT%02d:%02d:%02dZ", (int)year, (int)month, (int)days + 1,
             (int)(rest / 3600), (int)(rest / 60 % 60), (int)(rest % 60));
}

void cret_time_words(char out[32], int64_t seconds)
{
    if (seconds == CRET_LIMIT_TIME_LAST) {
        memcpy(out, "no end", sizeof("no end"));
        return;
    }
    cret_time_format(out, seconds);
}

/* The decimal number of `count` digits at text, or -1. */
static int64_t digits_value(const char *text, size_t count)
{
    int64_t value = 0;
    for (size_t i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return -1;
        }
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

enum cret_status cret_time_parse_any(int64_t *ret_seconds, const char *text)
{
    static const char form[] = "0000-00-00T00:00:00Z";
    if (text == NULL || strnlen(text, sizeof(form)) != sizeof(form) - 1) {
        return CRET_FAILED;
    }
    for (size_t i = 0; i < sizeof(form) - 1; i++) {
        bool fits = form[i] == '0' ? text[i] >= '0' && text[i] <= '9' : text[i] == form[i];
        if (!fits) {
            return CRET_FAILED;
        }
    }
    const struct cret_calendar date = {.year = digits_value(text, 4),
                                       .month = digits_value(text + 5, 2),
                                       .day = digits_value(text + 8, 2),
                                       .hour = digits_value(text + 11, 2),
                                       .minute = digits_value(text + 14, 2),
                                       .second = digits_value(text + 17, 2)};
    return cret_time_of(ret_seconds, &date);
}

enum cret_status cret_time_parse(int64_t *ret_seconds, const char *text)
{
    int64_t seconds = 0;
    if (cret_time_parse_any(&seconds, text) != CRET_OK || seconds < 0 ||
        seconds >= CRET_LIMIT_DATE) {
        return CRET_FAILED;
    }
    *ret_seconds = seconds;
    return CRET_OK;
}

enum cret_status cret_time_span_parse(struct cret_time_span *ret_span, const char *text)
{
    static const char whole[] = "0000-01-01T00:00:00Z"; /* what stands behind a day or a month */
    const int64_t day = 86400;
    const size_t size = text != NULL ? strnlen(text, sizeof(whole)) : 0;
    struct cret_time_span span = {0};
    char full[sizeof(whole)];
    if (size != strlen("YYYY-MM") && size != strlen("YYYY-MM-DD") && size != sizeof(whole) - 1) {
        return CRET_FAILED;
    }
    memcpy(full, whole, sizeof(whole));
    memcpy(full, text, size);
    if (cret_time_parse(&span.from, full) != CRET_OK) {
        return CRET_FAILED;
    }
    span.end = span.from;
    if (size == strlen("YYYY-MM-DD")) {
        span.end += day;
    } else if (size == strlen("YYYY-MM")) {
        span.end += day * days_of_month(digits_value(full, 4), digits_value(full + 5, 2));
    }
    *ret_span = span;
    return CRET_OK;
}

/* "+02:00" as seconds, 0 for Z; false where it is neither. */
static bool read_zone(int64_t *ret_offset, const char *text)
{
    if (strcasecmp(text, "Z") == 0) {
        *ret_offset = 0;
        return true;
    }
    if ((text[0] != '+' && text[0] != '-') || strlen(text) != strlen("+00:00") || text[3] != ':') {
        return false;
    }
    const int64_t hours = digits_value(text + 1, 2), minutes = digits_value(text + 4, 2);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) {
        return false;
    }
    *ret_offset = (text[0] == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
    return true;
}

/* RFC 3339 in any zone, of a real date in the years 0000 to 9999: time and offset, in seconds. A
 * leap second, where it may be one, is the second before. */
static enum cret_status read_parts(int64_t *ret_seconds, int64_t *ret_offset, const char *text,
                                   bool leap_second)
{
    const size_t size = strlen("0000-00-00T00:00:00");
    char form[] = "0000-00-00T00:00:00Z";
    if (text == NULL || strnlen(text, size + 1) <= size) {
        return CRET_FAILED;
    }
    memcpy(form, text, size);
    if (form[10] == ' ' || form[10] == 't') {
        form[10] = 'T';
    }
    if (leap_second && memcmp(form + 17, "60", 2) == 0) {
        memcpy(form + 17, "59", 2);
    }
    const char *rest = text + size;
    if (*rest == '.') {
        const size_t digits = strspn(rest + 1, "0123456789");
        rest += digits > 0 ? 1 + digits : 0;
    }
    return cret_time_parse_any(ret_seconds, form) == CRET_OK && read_zone(ret_offset, rest)
               ? CRET_OK
               : CRET_FAILED;
}

enum cret_status cret_time_read(int64_t *ret_seconds, const char *text)
{
    int64_t seconds = 0, offset = 0;
    if (read_parts(&seconds, &offset, text, false) != CRET_OK || seconds < 0 ||
        seconds >= CRET_LIMIT_DATE || seconds < offset || seconds - offset > CRET_LIMIT_DATE) {
        return CRET_FAILED;
    }
    *ret_seconds = seconds - offset;
    return CRET_OK;
}

bool cret_time_is_date_time(const char *text)
{
    int64_t seconds = 0, offset = 0;
    return read_parts(&seconds, &offset, text, true) == CRET_OK && text[10] != ' ';
}
