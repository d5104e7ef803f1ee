/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A page as one HTML5 file: no script, nothing that is fetched, its style inside and named by its
 * digest in the page's Content-Security-Policy. It prints on A4, in dark or light, and reads in
 * order without its style.
 */
#ifndef CRET_BASE_PAGE_HTML_H
#define CRET_BASE_PAGE_HTML_H

#include <stdint.h>

#include "base/finding/err.h"
#include "base/page/page.h"
#include "base/text/text.h"

/* Data that the page carries and does not show: in base64, as the value of an element that no
 * browser acts upon. */
struct cret_page_attachment {
    const char *id; /* of our own: letters and hyphens */
    const uint8_t *data;
    size_t size;
};

/* How every such page begins. Behind it stands its generator, where it names one. */
#define CRET_PAGE_HTML_START                                                                       \
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"

struct cret_page_html {
    const char *title;     /* of the window and of the print */
    const char *kind;      /* what the page is, above its verdict; NULL: nothing */
    const char *generator; /* who made it, for programs; NULL: not said */
    const char *footer;    /* on each printed page, e.g. a digest; NULL: none */
    bool decision;         /* a field for a board: decision, name, date, signature */
    const struct cret_page_attachment *attachments;
    size_t attachment_count;
};

/* The bytes depend on the arguments alone. Fails for memory, or where the page failed. */
CRET_MUST_CHECK enum cret_status cret_page_html(struct cret_buffer *out,
                                                const struct cret_page *page,
                                                const struct cret_page_html *options,
                                                struct cret_err *err);

#endif
