/* SPDX-License-Identifier: Apache-2.0 */
/* Errors, lines and JSON of both programs. */
#include "console/print.h"

#include <stdarg.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>

#include "base/page/page_print.h"
#include "base/text/json.h"
#include "base/text/text.h"
#include "evidence/record/record.h"

int cret_exit_worse(int left, int right)
{
    for (int code = CRET_EXIT_REFUSED; code <= CRET_EXIT_UNDECIDED; code++) {
        if (left == code || right == code) {
            return code;
        }
    }
    return CRET_EXIT_DONE;
}

/* Text without what a terminal could obey. */
static void print_safe(FILE *stream, const char *text)
{
    char *safe = cret_text_escape(text);
    fputs(safe != NULL ? safe : "(out of memory)", stream);
    free(safe);
}

/* "  label       text\n"; nothing where text is empty. */
static void print_line(FILE *stream, const char *label, const char *text)
{
    if (text[0] == '\0') {
        return;
    }
    fprintf(stream, "  %-11s ", label);
    print_safe(stream, text);
    fputc('\n', stream);
}

/* An error where there is no memory for a page. */
static void print_plainly(const char *speaker, const char *mark, const struct cret_err *err)
{
    fprintf(stderr, "%s: %s", speaker, mark);
    print_safe(stderr, err->what);
    fputc('\n', stderr);
    print_line(stderr, "where", err->where);
    print_line(stderr, "what to do", err->hint);
}

void cret_print_error(const struct cret_options *options, const struct cret_err *err)
{
    /* A refusal is called one, so that nobody takes it for a fault of the tool. */
    const bool refused = cret_options_program(options)->judges && err->class == CRET_ERR_REFUSED;
    const char *speaker = cret_options_speaker(options), *mark = refused ? "REFUSED: " : "";
    struct cret_page *page = cret_page_new();
    struct cret_buffer text = {0};
    cret_buffer_printf(&text, "%s%s", mark, err->what);
    cret_page_verdict(page, refused ? CRET_TONE_BAD : CRET_TONE_PLAIN, speaker, "%s",
                      cret_page_words(page, &text));
    cret_page_row(page, "where", "%s", err->where);
    cret_page_row(page, "expected", "%s", err->expected);
    cret_page_row(page, "found", "%s", err->actual);
    cret_page_row(page, "what to do", "%s", err->hint);
    if (text.failed || !cret_page_print(stderr, page)) {
        print_plainly(speaker, mark, err);
    }
    cret_page_free(&page);
    cret_buffer_free(&text);
}

enum cret_status cret_print_page(FILE *stream, const struct cret_page *page, struct cret_err *err)
{
    return cret_err_fault(err) == CRET_OK ? cret_print_undecided(stream, page, err) : CRET_FAILED;
}

enum cret_status cret_print_undecided(FILE *stream, const struct cret_page *page,
                                      struct cret_err *err)
{
    if (!cret_page_print(stream, page)) {
        return cret_err_memory(err);
    }
    const bool written = fflush(stream) == 0 && ferror(stream) == 0;
    return written ? CRET_OK : cret_err_undecided(err, "cannot write to standard output");
}

static int end(const struct cret_options *options, FILE *stream, struct cret_page **page, int code)
{
    struct cret_err err = {0};
    if (cret_print_page(stream, *page, &err) != CRET_OK) {
        code = cret_verb_fail(options, &err);
    }
    cret_page_free(page);
    return code;
}

int cret_print_last(const struct cret_options *options, struct cret_page **page, int code)
{
    return end(options, stdout, page, code);
}

int cret_print_notes(const struct cret_options *options, struct cret_page **page, int code)
{
    return end(options, stderr, page, code);
}

void cret_print_note(const struct cret_options *options, const char *format, ...)
{
    struct cret_buffer text = {0};
    struct cret_page *page = cret_page_new();
    va_list arguments;
    va_start(arguments, format);
    cret_buffer_vprintf(&text, format, arguments);
    va_end(arguments);
    cret_page_verdict(page, CRET_TONE_PLAIN, cret_options_speaker(options), "%s",
                      cret_page_words(page, &text));
    if (!cret_page_print(stderr, page)) {
        fputs("(out of memory)\n", stderr);
    }
    cret_page_free(&page);
    cret_buffer_free(&text);
}

void cret_print_prompt(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    fflush(stdout);
}

void cret_print_gap(FILE *stream)
{
    fputc('\n', stream);
}

enum cret_status cret_print_text(FILE *stream, const char *text, size_t size, struct cret_err *err)
{
    if (text == NULL) {
        return cret_err_memory(err);
    }
    if (fwrite(text, 1, size, stream) == size && fflush(stream) == 0) {
        return CRET_OK;
    }
    __fpurge(stream); /* said here, and so not once more at the end */
    clearerr(stream);
    return cret_err_undecided(err, "cannot write to standard output");
}

enum cret_status cret_print_document(const struct cret_options *options, const char *text,
                                     size_t size, struct cret_err *err)
{
    struct cret_buffer line = {0};
    bool begin = false;
    if (text == NULL || !cret_options_several(options)) {
        return cret_print_text(stdout, text, size, err);
    }
    for (size_t i = 0; i < size; i++) {
        /* Strings hold no raw line break: what follows one is indentation. */
        begin = text[i] == '\n' || (begin && text[i] == ' ');
        if (!begin) {
            cret_buffer_append(&line, text + i, 1);
        }
    }
    cret_buffer_append(&line, "\n", 1);
    const enum cret_status status =
        line.failed ? cret_err_memory(err) : cret_print_text(stdout, line.data, line.size, err);
    cret_buffer_free(&line);
    return status;
}

/* One document, taken over. */
static enum cret_status print(const struct cret_options *options, json_t *json,
                              struct cret_err *err)
{
    char *text = NULL;
    size_t size = 0;
    enum cret_status status =
        json != NULL ? cret_json_print(&text, &size, json, err) : cret_err_memory(err);
    if (status == CRET_OK) {
        status = cret_print_document(options, text, size, err);
    }
    free(text);
    json_decref(json);
    return status;
}

int cret_print_lost(const struct cret_options *options)
{
    fprintf(stderr, "%s: cannot write to standard output\n", cret_options_speaker(options));
    return CRET_EXIT_UNDECIDED;
}

int cret_print_json(const struct cret_options *options, json_t *json, int code)
{
    struct cret_err err = {0};
    if (print(options, json, &err) == CRET_OK) {
        return code;
    }
    cret_print_error(options, &err);
    return CRET_EXIT_UNDECIDED;
}

static bool wants_json(const struct cret_options *options)
{
    const char *format = cret_options_value(options, "format");
    return cret_options_wants(options, "json") || (format != NULL && strcmp(format, "json") == 0);
}

int cret_verb_fail(const struct cret_options *options, const struct cret_err *err)
{
    struct cret_err ignored = {0};
    if (wants_json(options) &&
        print(options, cret_record_error_json(cret_options_speaker(options), err), &ignored) !=
            CRET_OK) {
        cret_print_lost(options);
    }
    cret_print_error(options, err);
    return err->class == CRET_ERR_NONE ? CRET_EXIT_UNDECIDED : (int)err->class;
}
