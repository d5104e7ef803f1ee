/* SPDX-License-Identifier: Apache-2.0 */
/* The one style of pages, for page_html.c. */
#ifndef CRET_BASE_PAGE_STYLE_H
#define CRET_BASE_PAGE_STYLE_H

extern const char cret_page_style[];

#endif
