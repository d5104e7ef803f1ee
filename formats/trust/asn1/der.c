/* SPDX-License-Identifier: Apache-2.0 */
/* Taking one element after the other, or saying at which byte that went wrong. */
#include "trust/asn1/der.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text/time.h"

bool cret_bytes_equal(struct cret_bytes a, struct cret_bytes b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

struct cret_der cret_der_begin(const uint8_t *data, size_t size, const char *subject,
                               enum cret_check_id check, struct cret_err *err)
{
    struct cret_der der = {.origin = data,
                           .next = data,
                           .end = data + size,
                           .subject = subject,
                           .check = check,
                           .err = err};
    return der;
}

enum cret_status cret_der_refuse(const struct cret_der *der, const uint8_t *at, const char *format,
                                 ...)
{
    char text[400];
    va_list arguments;
    va_start(arguments, format);
    int written = vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    if (written < 0) {
        text[0] = '\0';
    }
    cret_err_refuse(der->err, der->check, "the %s %s", der->subject, text);
    return cret_err_where(der->err, "byte %zu of the %s", (size_t)(at - der->origin), der->subject);
}

bool cret_der_more(const struct cret_der *der)
{
    return der->next < der->end;
}

bool cret_der_next_is(const struct cret_der *der, uint8_t tag)
{
    return der->next < der->end && *der->next == tag;
}

/* X.690 8.1.3 and 10.1: definite form, as few octets as possible. *ret_header counts tag and
 * length octets. */
static enum cret_status read_length(const struct cret_der *der, const char *name,
                                    size_t *ret_header, size_t *ret_length)
{
    const size_t left = (size_t)(der->end - der->next);
    if (left < 2) {
        return cret_der_refuse(der, der->next, "ends inside the header of %s", name);
    }
    const uint8_t first = der->next[1];
    if (first < 0x80) {
        *ret_header = 2;
        *ret_length = first;
        return CRET_OK;
    }
    const size_t octets = first & 0x7fu;
    if (octets == 0) {
        return cret_der_refuse(der, der->next, "uses the indefinite length form for %s (not DER)",
                               name);
    }
    if (octets > 4) {
        return cret_der_refuse(der, der->next, "has a length of %zu octets for %s", octets, name);
    }
    if (left < 2 + octets) {
        return cret_der_refuse(der, der->next, "ends inside the header of %s", name);
    }
    size_t length = 0;
    for (size_t i = 0; i < octets; i++) {
        length = (length << 8) | der->next[2 + i];
    }
    if (length < 0x80 || (length >> (8 * (octets - 1))) == 0) {
        return cret_der_refuse(
            der, der->next, "does not write the length of %s in the shortest way (not DER)", name);
    }
    *ret_header = 2 + octets;
    *ret_length = length;
    return CRET_OK;
}

/* 8.1.2.4: one identifier octet; 8.9.1, 8.11.1, 10.2: only SEQUENCE and SET are constructed. */
static enum cret_status check_tag(const struct cret_der *der, const char *name)
{
    const uint8_t tag = *der->next;
    const unsigned number = tag & 0x1fu;
    if (number == 0x1f) {
        return cret_der_refuse(der, der->next, "has a tag of several octets where %s should be",
                               name);
    }
    if ((tag & 0xc0u) != 0) {
        return CRET_OK;
    }
    if (number == 0) {
        return cret_der_refuse(der, der->next, "has an end-of-contents tag where %s should be",
                               name);
    }
    const bool must_be_constructed = number == 8 || number == 11 || number == 16 || number == 17;
    if (must_be_constructed != ((tag & 0x20u) != 0)) {
        return cret_der_refuse(der, der->next,
                               "has tag 0x%02x in the wrong one of the two forms (not DER)", tag);
    }
    return CRET_OK;
}

enum cret_status cret_der_any(struct cret_der *der, const char *name,
                              struct cret_der_element *ret_element)
{
    size_t header = 0, length = 0;
    if (der->next >= der->end) {
        return cret_der_refuse(der, der->next, "ends where %s should be", name);
    }
    if (check_tag(der, name) != CRET_OK || read_length(der, name, &header, &length) != CRET_OK) {
        return CRET_FAILED;
    }
    const size_t left = (size_t)(der->end - der->next) - header;
    if (length > left) {
        cret_der_refuse(der, der->next, "ends inside %s, or its length is wrong", name);
        cret_err_expected(der->err, "%zu bytes", length);
        return cret_err_actual(der->err, "%zu bytes", left);
    }
    const struct cret_der_element element = {
        .tag = *der->next,
        .content = {der->next + header, length},
        .whole = {der->next, header + length},
    };
    der->next += header + length;
    *ret_element = element;
    return CRET_OK;
}

enum cret_status cret_der_take(struct cret_der *der, uint8_t tag, const char *name,
                               struct cret_der_element *ret_element)
{
    const uint8_t *at = der->next;
    struct cret_der_element element;
    if (cret_der_any(der, name, &element) != CRET_OK) {
        return CRET_FAILED;
    }
    if (element.tag != tag) {
        der->next = at;
        cret_der_refuse(der, at, "has something else where %s should be", name);
        cret_err_expected(der->err, "tag 0x%02x", tag);
        return cret_err_actual(der->err, "tag 0x%02x", element.tag);
    }
    if (ret_element != NULL) {
        *ret_element = element;
    }
    return CRET_OK;
}

enum cret_status cret_der_enter(struct cret_der *der, uint8_t tag, const char *name,
                                struct cret_der *ret_inner)
{
    struct cret_der_element element;
    if (cret_der_take(der, tag, name, &element) != CRET_OK) {
        return CRET_FAILED;
    }
    struct cret_der inner = *der;
    inner.next = element.content.data;
    inner.end = element.content.data + element.content.size;
    *ret_inner = inner;
    return CRET_OK;
}

enum cret_status cret_der_end(const struct cret_der *der, const char *name)
{
    if (der->next == der->end) {
        return CRET_OK;
    }
    return cret_der_refuse(der, der->next, "has %zu bytes too many in or after %s",
                           (size_t)(der->end - der->next), name);
}

enum cret_status cret_der_exact(struct cret_der *der, const char *name, struct cret_bytes expected)
{
    const uint8_t *at = der->next;
    struct cret_der_element element;
    if (cret_der_any(der, name, &element) != CRET_OK) {
        return CRET_FAILED;
    }
    if (!cret_bytes_equal(element.whole, expected)) {
        der->next = at;
        return cret_der_refuse(der, at, "does not have %s in its one form", name);
    }
    return CRET_OK;
}

/* 8.3.2: the first nine bits are not all alike. */
static bool integer_minimal(struct cret_bytes content)
{
    if (content.size == 0) {
        return false;
    }
    if (content.size == 1) {
        return true;
    }
    return !(content.data[0] == 0x00 && content.data[1] < 0x80) &&
           !(content.data[0] == 0xff && content.data[1] >= 0x80);
}

enum cret_status cret_der_unsigned(struct cret_der *der, const char *name,
                                   struct cret_bytes *ret_magnitude, struct cret_bytes *ret_whole)
{
    const uint8_t *at = der->next;
    struct cret_der_element element;
    if (cret_der_take(der, CRET_DER_INTEGER, name, &element) != CRET_OK) {
        return CRET_FAILED;
    }
    struct cret_bytes magnitude = element.content;
    if (!integer_minimal(magnitude)) {
        return cret_der_refuse(der, at, "does not write %s in the shortest way (not DER)", name);
    }
    if (magnitude.data[0] >= 0x80) {
        return cret_der_refuse(der, at, "has a negative number as %s", name);
    }
    if (magnitude.data[0] == 0) {
        magnitude.data++;
        magnitude.size--;
    }
    if (ret_magnitude != NULL) {
        *ret_magnitude = magnitude;
    }
    if (ret_whole != NULL) {
        *ret_whole = element.whole;
    }
    return CRET_OK;
}

enum cret_status cret_der_number(struct cret_der *der, const char *name, unsigned value)
{
    const uint8_t *at = der->next;
    struct cret_bytes magnitude;
    if (cret_der_unsigned(der, name, &magnitude, NULL) != CRET_OK) {
        return CRET_FAILED;
    }
    const unsigned found = magnitude.size == 0 ? 0 : magnitude.data[0];
    if (magnitude.size > 1 || found != value) {
        cret_der_refuse(der, at, "has another value for %s", name);
        return cret_err_expected(der->err, "%u", value);
    }
    return CRET_OK;
}

/* 8.19.2: sub-identifiers in as few octets as possible, the last octet ends one. */
static bool oid_minimal(struct cret_bytes content)
{
    if (content.size == 0 || content.data[content.size - 1] >= 0x80) {
        return false;
    }
    for (size_t i = 0; i < content.size; i++) {
        const bool first = i == 0 || content.data[i - 1] < 0x80;
        if (first && content.data[i] == 0x80) {
            return false;
        }
    }
    return true;
}

enum cret_status cret_der_oid(struct cret_der *der, const char *name, struct cret_bytes *ret_oid)
{
    const uint8_t *at = der->next;
    struct cret_der_element element;
    if (cret_der_take(der, CRET_DER_OID, name, &element) != CRET_OK) {
        return CRET_FAILED;
    }
    if (!oid_minimal(element.content)) {
        return cret_der_refuse(der, at, "has a malformed object identifier as %s", name);
    }
    *ret_oid = element.content;
    return CRET_OK;
}

static int64_t two_digits(const uint8_t *text)
{
    return (text[0] - '0') * 10 + (text[1] - '0');
}

static bool time_value(struct cret_bytes text, bool generalized, int64_t *ret_seconds)
{
    const size_t year_digits = generalized ? 4 : 2;
    if (text.size != year_digits + 11 || text.data[text.size - 1] != 'Z') {
        return false;
    }
    for (size_t i = 0; i + 1 < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9') {
            return false;
        }
    }
    const uint8_t *rest = text.data + year_digits;
    int64_t year = two_digits(text.data);
    if (generalized) {
        year = year * 100 + two_digits(text.data + 2);
    } else {
        year += year < 50 ? 2000 : 1900;
    }
    const struct cret_calendar date = {.year = year,
                                       .month = two_digits(rest),
                                       .day = two_digits(rest + 2),
                                       .hour = two_digits(rest + 4),
                                       .minute = two_digits(rest + 6),
                                       .second = two_digits(rest + 8)};
    return cret_time_of(ret_seconds, &date) == CRET_OK;
}

enum cret_status cret_der_time(struct cret_der *der, const char *name, int64_t *ret_seconds)
{
    const uint8_t *at = der->next;
    struct cret_der_element element;
    if (cret_der_any(der, name, &element) != CRET_OK) {
        return CRET_FAILED;
    }
    const bool generalized = element.tag == CRET_DER_GENERALIZED_TIME;
    if ((!generalized && element.tag != CRET_DER_UTC_TIME) ||
        !time_value(element.content, generalized, ret_seconds)) {
        cret_der_refuse(der, at, "has a malformed time as %s", name);
        return cret_err_expected(der->err,
                                 "UTCTime YYMMDDHHMMSSZ, or GeneralizedTime YYYYMMDDHHMMSSZ");
    }
    return CRET_OK;
}

enum cret_status cret_der_generalized_time(struct cret_der *der, const char *name,
                                           int64_t *ret_seconds, bool *ret_fraction)
{
    enum { WHOLE = 14, DIGITS = 9 }; /* YYYYMMDDHHMMSS; nanoseconds are enough for anybody */
    const uint8_t *at = der->next;
    struct cret_der_element element;
    uint8_t whole[WHOLE + 1];
    if (cret_der_take(der, CRET_DER_GENERALIZED_TIME, name, &element) != CRET_OK) {
        return CRET_FAILED;
    }
    const struct cret_bytes text = element.content;
    const size_t digits = text.size > WHOLE + 2 ? text.size - WHOLE - 2 : 0;
    bool good = text.size > WHOLE && text.data[text.size - 1] == 'Z';
    if (good && text.size > WHOLE + 1) {
        good = text.data[WHOLE] == '.' && digits >= 1 && digits <= DIGITS &&
               text.data[text.size - 2] != '0';
        for (size_t i = 0; good && i < digits; i++) {
            good = text.data[WHOLE + 1 + i] >= '0' && text.data[WHOLE + 1 + i] <= '9';
        }
    }
    if (good) {
        memcpy(whole, text.data, WHOLE);
        whole[WHOLE] = 'Z';
        good = time_value((struct cret_bytes){whole, sizeof(whole)}, true, ret_seconds);
    }
    if (!good) {
        cret_der_refuse(der, at, "has a malformed time as %s", name);
        return cret_err_expected(der->err, "GeneralizedTime YYYYMMDDHHMMSS[.fraction]Z");
    }
    *ret_fraction = digits > 0;
    return CRET_OK;
}

/* 11.6: compared as octet strings, the shorter one padded with zero octets. No two different
 * encodings compare equal, since neither can be a proper prefix of the other. */
static bool encoding_less(struct cret_bytes a, struct cret_bytes b)
{
    const size_t common = a.size < b.size ? a.size : b.size;
    const int order = common == 0 ? 0 : memcmp(a.data, b.data, common);
    return order != 0 ? order < 0 : a.size < b.size;
}

enum cret_status cret_der_ascending(const struct cret_der *der, const char *name,
                                    struct cret_bytes *previous, struct cret_bytes element)
{
    if (previous->data != NULL && !encoding_less(*previous, element)) {
        return cret_der_refuse(der, element.data, "%s %s",
                               cret_bytes_equal(*previous, element) ? "has the same entry twice in"
                                                                    : "does not sort, as DER asks,",
                               name);
    }
    *previous = element;
    return CRET_OK;
}

static enum cret_status check_primitive(const struct cret_der *der,
                                        const struct cret_der_element *element)
{
    const struct cret_bytes content = element->content;
    bool good = true;
    switch (element->tag) {
    case CRET_DER_BOOLEAN:
        good = content.size == 1 && (content.data[0] == 0x00 || content.data[0] == 0xff);
        break;
    case CRET_DER_INTEGER:
    case 0x0a: /* ENUMERATED */
        good = integer_minimal(content);
        break;
    case CRET_DER_BIT_STRING: {
        good =
            content.size >= 1 && content.data[0] <= 7 && (content.size > 1 || content.data[0] == 0);
        if (good && content.size > 1) {
            const unsigned unused = (1u << content.data[0]) - 1u;
            good = (content.data[content.size - 1] & unused) == 0;
        }
        break;
    }
    case CRET_DER_NULL:
        good = content.size == 0;
        break;
    case CRET_DER_OID:
        good = oid_minimal(content);
        break;
    default:
        break;
    }
    if (!good) {
        return cret_der_refuse(der, element->whole.data,
                               "has a malformed value of type 0x%02x (not DER)", element->tag);
    }
    return CRET_OK;
}

/* Recursion is bounded by `depth`, which counts down from CRET_DER_DEPTH. */
static enum cret_status check_element(struct cret_der *der, const char *name, unsigned depth)
{
    struct cret_der_element element;
    if (cret_der_any(der, name, &element) != CRET_OK) {
        return CRET_FAILED;
    }
    if ((element.tag & 0x20u) == 0) {
        return check_primitive(der, &element);
    }
    if (depth == 0) {
        return cret_der_refuse(der, element.whole.data, "is nested too deeply in %s", name);
    }
    struct cret_der inner = *der;
    inner.next = element.content.data;
    inner.end = element.content.data + element.content.size;
    struct cret_bytes previous = {NULL, 0};
    while (cret_der_more(&inner)) {
        const uint8_t *at = inner.next;
        if (check_element(&inner, name, depth - 1) != CRET_OK) {
            return CRET_FAILED;
        }
        const struct cret_bytes whole = {at, (size_t)(inner.next - at)};
        if (element.tag == CRET_DER_SET &&
            cret_der_ascending(&inner, name, &previous, whole) != CRET_OK) {
            return cret_err_hint(der->err,
                                 "a name of several values at one place, or another set, "
                                 "is not in the order of DER (X.690 11.6): whoever made "
                                 "the %s must make it again",
                                 der->subject);
        }
    }
    return CRET_OK;
}

enum cret_status cret_der_check_tree(struct cret_der *der, const char *name)
{
    return check_element(der, name, CRET_DER_DEPTH);
}
