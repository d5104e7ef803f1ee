/* SPDX-License-Identifier: Apache-2.0 */
/* Internal to the reader of tag-value: the tags of SPDX 2, and where the value of each stands in
 * the JSON form. */
#ifndef CRET_RELEASE_SBOM_TAG_VALUE_INTERNAL_H
#define CRET_RELEASE_SBOM_TAG_VALUE_INTERNAL_H

/* What a tag is about. Packages, files, snippets, licences, annotations and reviews begin with the
 * tag that opens them. */
enum cret_tag_scope {
    CRET_TAG_OF_DOCUMENT,
    CRET_TAG_OF_CREATION,
    CRET_TAG_OF_PACKAGE,
    CRET_TAG_OF_FILE_ENTRY,
    CRET_TAG_OF_SNIPPET,
    CRET_TAG_OF_LICENSE,
    CRET_TAG_OF_ANNOTATION,
    CRET_TAG_OF_REVIEW,
    CRET_TAG_OF_RELATION,  /* the relationship on the line before */
    CRET_TAG_OF_REFERENCE, /* the external reference on the line before */
    CRET_TAG_OF_ELEMENT,   /* whatever was opened last: the document, a package, a file */
    CRET_TAG_SCOPES
};

enum cret_tag_kind {
    CRET_TAG_TEXT,
    CRET_TAG_TEXTS, /* one of a list */
    CRET_TAG_FLAG,
    CRET_TAG_CHECKSUM,
    CRET_TAG_REFER,
    CRET_TAG_RELATE,
    CRET_TAG_CODE,
    CRET_TAG_FOREIGN, /* another document, with its digest */
    CRET_TAG_PASSED,  /* known, and of no use here */
};

struct cret_tag {
    const char *name;
    enum cret_tag_scope scope;
    const char *member;
    enum cret_tag_kind kind;
    const char *opens; /* the list of the document that a new entry is added to */
};

/* NULL: SPDX 2 has no such tag. */
const struct cret_tag *cret_tag_find(const char *name);

#endif
