/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a release says of itself, in sections: one table says which field of the manifest stands in
 * which section, and how. It serves `show`, records and their report; diff reads the same table.
 */
#ifndef CRET_VERIFIER_RELEASE_SECTIONS_H
#define CRET_VERIFIER_RELEASE_SECTIONS_H

/* A field of what a section shows. */
struct cret_piece_field {
    const char *path; /* dotted, in the entry */
    const char *name; /* in the table's head, or before the text */
    const char *lead; /* what stands before it in the entry's line on a screen; NULL: not there */
};

/* How a section stands on a screen: a line for each entry, one line for all of them, or its name
 * alone, with the number of entries, behind --section. */
enum cret_piece_form { CRET_PIECE_LINES, CRET_PIECE_JOINED, CRET_PIECE_COUNTED };

/* A section: one member of the manifest. */
struct cret_piece_section {
    const char *name;    /* for --section */
    const char *heading; /* of the section */
    const char *label;   /* of its lines on a screen */
    enum cret_piece_form form;
    const char *key; /* the member: an object, a list of objects, a text, or a list of texts */
    const struct cret_piece_field *fields; /* ended by a NULL path; NULL for texts */
};
/* Ended by a NULL name; in the order in which a reader decides by them. */
extern const struct cret_piece_section cret_piece_sections[];
/* The section of a name, or NULL. */
const struct cret_piece_section *cret_piece_section_find(const char *name);

#endif
