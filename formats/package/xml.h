/* SPDX-License-Identifier: Apache-2.0 */
/*
 * As much of XML 1.0 as a signed list needs: elements, attributes, namespaces, text with the five
 * predefined entities. No document type, no other entity or character reference, no comment,
 * processing instruction or CDATA: nothing that is expanded, fetched, or read in two ways.
 */
#ifndef CRET_PACKAGE_XML_H
#define CRET_PACKAGE_XML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/finding/err.h"

enum cret_xml_kind { CRET_XML_START, CRET_XML_END, CRET_XML_TEXT, CRET_XML_DONE };

struct cret_xml_attribute {
    char *name; /* with its prefix, if it has one */
    char *value;
};

#define CRET_XML_ATTRIBUTES 16u

/* What comes next; belongs to the reader until the next call. */
struct cret_xml_event {
    enum cret_xml_kind kind;
    const char *space; /* namespace of an element; "" where it has none */
    const char *name;  /* of an element, without its prefix */
    const char *text;  /* of CRET_XML_TEXT; text of white space alone is left out */
    const struct cret_xml_attribute *attributes; /* without those that declare namespaces */
    size_t attribute_count;
};

struct cret_xml;
/* text is borrowed and UTF-8; name: what the document is called in errors, borrowed. class REFUSED,
 * check package.manifest. */
CRET_MUST_CHECK enum cret_status cret_xml_new(struct cret_xml **ret_xml, const char *text,
                                              size_t size, const char *name, struct cret_err *err);
CRET_MUST_CHECK enum cret_status cret_xml_next(struct cret_xml *xml, struct cret_xml_event *event,
                                               struct cret_err *err);
/* The line that the reader is at, from 1. */
size_t cret_xml_line(const struct cret_xml *xml);
void cret_xml_free(struct cret_xml **xml);

#endif
