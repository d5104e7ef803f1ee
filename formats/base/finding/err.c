/* SPDX-License-Identifier: Apache-2.0 */
/* Filling in an error, and adding context on its way up. */
#include "base/finding/err.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/finding/fault.h"

/* Stays where an answer was overruled: what else is said of the file would mislead. */
static const char fault_hint[] =
    "this says nothing about the file: free some memory, raise the limits of this shell (ulimit "
    "-a), see whether the disk is in order, and run this again";

static bool is_overruled(const struct cret_err *err)
{
    return strcmp(err->hint, fault_hint) == 0;
}

/* Cuts an unfinished UTF-8 sequence off the end of a text that did not fit. */
static void trim_to_character(char *text, size_t length)
{
    size_t start = length;
    while (start > 0 && length - start < 3 && ((unsigned char)text[start - 1] & 0xc0) == 0x80) {
        start--;
    }
    if (start == 0) {
        return;
    }
    unsigned char lead = (unsigned char)text[start - 1];
    size_t wanted = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
    if (length - (start - 1) < wanted) {
        text[start - 1] = '\0';
    }
}

static void format_text(char *out, size_t size, const char *format, va_list arguments)
    CRET_PRINTF(3, 0);

static void format_text(char *out, size_t size, const char *format, va_list arguments)
{
    int length = vsnprintf(out, size, format, arguments);
    if (length < 0) {
        snprintf(out, size, "(this message could not be formatted)");
    } else if ((size_t)length >= size) {
        trim_to_character(out, size - 1);
    }
}

void cret_err_clear(struct cret_err *err)
{
    if (err != NULL) {
        memset(err, 0, sizeof(*err));
    }
}

/* What a library answered after a fault is no answer. */
static enum cret_status overrule(struct cret_err *err, const char *what)
{
    const char *words = cret_fault_words();
    char text[sizeof(err->what)];
    err->class = CRET_ERR_UNDECIDED;
    err->check = CRET_CHECK_NONE;
    const int length =
        snprintf(text, sizeof(text), "%s; what was met then does not count: %s", words, what);
    if (length >= (int)sizeof(text)) {
        trim_to_character(text, sizeof(text) - 1);
    }
    memcpy(err->what, text, strlen(text) + 1);
    memcpy(err->hint, fault_hint, sizeof(fault_hint));
    return CRET_FAILED;
}

/* The arguments may point into *err itself, so the text is made before anything is overwritten. */
static enum cret_status set(struct cret_err *err, enum cret_err_class class,
                            enum cret_check_id check, const char *format, va_list arguments)
    CRET_PRINTF(4, 0);

static enum cret_status set(struct cret_err *err, enum cret_err_class class,
                            enum cret_check_id check, const char *format, va_list arguments)
{
    if (err == NULL) {
        return CRET_FAILED;
    }
    char what[sizeof(err->what)];
    format_text(what, sizeof(what), format, arguments);
    cret_err_clear(err);
    if (class != CRET_ERR_UNDECIDED && cret_fault_noted()) {
        return overrule(err, what);
    }
    err->class = class;
    err->check = check;
    memcpy(err->what, what, strlen(what) + 1);
    return CRET_FAILED;
}

enum cret_status cret_err_set(struct cret_err *err, enum cret_err_class class,
                              enum cret_check_id check, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    set(err, class, check, format, arguments);
    va_end(arguments);
    return CRET_FAILED;
}

enum cret_status cret_err_refuse(struct cret_err *err, enum cret_check_id check, const char *format,
                                 ...)
{
    va_list arguments;
    va_start(arguments, format);
    set(err, CRET_ERR_REFUSED, check, format, arguments);
    va_end(arguments);
    return CRET_FAILED;
}

enum cret_status cret_err_usage(struct cret_err *err, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    set(err, CRET_ERR_USAGE, CRET_CHECK_NONE, format, arguments);
    va_end(arguments);
    return CRET_FAILED;
}

enum cret_status cret_err_undecided(struct cret_err *err, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    set(err, CRET_ERR_UNDECIDED, CRET_CHECK_NONE, format, arguments);
    va_end(arguments);
    return CRET_FAILED;
}

enum cret_status cret_err_memory(struct cret_err *err)
{
    cret_fault_note("there was not enough memory");
    cret_err_undecided(err, "not enough memory");
    return cret_err_hint(err, "free some memory, or use a machine with more, and run this again");
}

enum cret_status cret_err_fault(struct cret_err *err)
{
    if (!cret_fault_noted()) {
        return CRET_OK;
    }
    cret_err_undecided(err, "%s", cret_fault_words());
    return cret_err_hint(err, "%s", fault_hint);
}

void cret_err_reclass(struct cret_err *err, enum cret_err_class class)
{
    if (err == NULL || cret_fault_noted()) {
        return;
    }
    err->class = class;
    if (class != CRET_ERR_REFUSED) {
        err->check = CRET_CHECK_NONE;
    }
}

/* One part of *err, with the same care for arguments that point into it. */
static void fill(char *part, size_t size, const char *format, va_list arguments) CRET_PRINTF(3, 0);

static void fill(char *part, size_t size, const char *format, va_list arguments)
{
    char text[sizeof(((struct cret_err *)NULL)->what)];
    format_text(text, size < sizeof(text) ? size : sizeof(text), format, arguments);
    memcpy(part, text, strlen(text) + 1);
}

enum cret_status cret_err_where(struct cret_err *err, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    if (err != NULL) {
        fill(err->where, sizeof(err->where), format, arguments);
    }
    va_end(arguments);
    return CRET_FAILED;
}

enum cret_status cret_err_expected(struct cret_err *err, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    if (err != NULL && !is_overruled(err)) {
        fill(err->expected, sizeof(err->expected), format, arguments);
    }
    va_end(arguments);
    return CRET_FAILED;
}

enum cret_status cret_err_actual(struct cret_err *err, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    if (err != NULL && !is_overruled(err)) {
        fill(err->actual, sizeof(err->actual), format, arguments);
    }
    va_end(arguments);
    return CRET_FAILED;
}

enum cret_status cret_err_hint(struct cret_err *err, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    if (err != NULL && !is_overruled(err)) {
        fill(err->hint, sizeof(err->hint), format, arguments);
    }
    va_end(arguments);
    return CRET_FAILED;
}

/* Whoever opens a file names it, and so does whoever asked for it, alone or as its last word ("the
 * profile FILE"): once is enough. What stands behind the name in `what`, or NULL. */
static const char *after_same_name(const char *what, const char *context)
{
    const size_t size = strlen(context);
    const char *colon = what;
    while ((colon = strstr(colon, ": ")) != NULL) {
        const size_t name = (size_t)(colon - what);
        if (name > 0 && name <= size && memcmp(context + size - name, what, name) == 0 &&
            (name == size || context[size - name - 1] == ' ')) {
            return colon + 2;
        }
        colon += 2;
    }
    return NULL;
}

enum cret_status cret_err_context(struct cret_err *err, const char *format, ...)
{
    if (err == NULL) {
        return CRET_FAILED;
    }
    char context[sizeof(err->what)];
    va_list arguments;
    va_start(arguments, format);
    format_text(context, sizeof(context), format, arguments);
    va_end(arguments);

    const char *rest = after_same_name(err->what, context);
    if (rest != NULL && rest - err->what == (ptrdiff_t)strlen(context) + 2) {
        return CRET_FAILED;
    }

    char joined[2 * sizeof(err->what) + 2];
    int length =
        snprintf(joined, sizeof(joined), "%s: %s", context, rest != NULL ? rest : err->what);
    if (length < 0) {
        return CRET_FAILED;
    }
    if ((size_t)length >= sizeof(err->what)) {
        joined[sizeof(err->what) - 1] = '\0';
        trim_to_character(joined, sizeof(err->what) - 1);
    }
    memcpy(err->what, joined, strlen(joined) + 1);
    return CRET_FAILED;
}
