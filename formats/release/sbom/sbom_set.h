/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Internal to formats/release: a set of SPDX 2 documents, as Yocto wrote them up to 5.0: a tar of
 * one document for the image, and all others that it refers to, each tied by its checksum.
 */
#ifndef CRET_RELEASE_SBOM_SET_H
#define CRET_RELEASE_SBOM_SET_H

#include "release/sbom/sbom_internal.h"

/* One file of the tar. */
struct cret_set_document {
    char *name;       /* in the tar, without "./" */
    char *place;      /* "set.tar!/name", for findings */
    const char *text; /* borrowed from the tar */
    size_t size;
    struct cret_sbom *sbom; /* NULL: not read yet, or it is the index */
    bool index;             /* the list of documents that Yocto adds */
    bool referred;          /* by another one */
    bool reached;           /* from the main one */
    char *digests[3];       /* by algorithm, as hex; NULL: not computed yet */
    char *prefix;           /* "DocumentRef-x" in the merged document; NULL: the main one */
    json_t *names;          /* by its own DocumentRef-x, the number of the document */
};

struct cret_set {
    const char *file; /* borrowed */
    struct cret_set_document *list;
    size_t count;
    json_t *namespaces; /* the number of each document */
};

/* Whether the bytes are a tar. */
bool cret_set_is(const char *text, size_t size);

/*
 * Lists its files, which stay where they are in `text`: ustar and pax of regular files and folders
 * alone, each name once, nothing behind the end. CRET_FAILED: class REFUSED with what is wrong, or
 * UNDECIDED for memory; the set is empty then.
 */
CRET_MUST_CHECK enum cret_status cret_set_open(struct cret_set *ret_set, const char *text,
                                               size_t size, const char *file, struct cret_err *err);
/* The documents that were read (`sbom`) are their reader's. */
void cret_set_close(struct cret_set *set);

/*
 * The documents, read each for itself (`sbom` of each that is none but the index), held to each
 * other: each reference leads to a document of the set whose checksum it has, none is there twice,
 * none that nothing leads to, and the index says the same. Faults are added to findings and counted
 * in *faults. CRET_FAILED: class REFUSED where no document is the main one (a finding too), or
 * UNDECIDED.
 */
CRET_MUST_CHECK enum cret_status cret_set_tie(struct cret_set *set, size_t *ret_main,
                                              struct cret_findings *findings, size_t *faults,
                                              struct cret_err *err);

/*
 * One document of all: the main one, with the elements of the others under the names that it has
 * for them, "DocumentRef-x:SPDXRef-y", and their own licences as "DocumentRef-x:LicenseRef-y": of
 * two documents LicenseRef-1 is two licences. sets json, lines (where each element is from) and
 * `documents` (names of the others) of `merged`. CRET_FAILED: memory.
 */
CRET_MUST_CHECK enum cret_status cret_set_merge(struct cret_set *set, size_t main,
                                                struct cret_sbom *merged);

/* The same of SPDX 3 documents, tied and merged: one that no other imports from, and those that it
 * imports from, whose digests are those that the imports give. sets json, lines and `documents` of
 * `merged`. CRET_FAILED: class REFUSED (a finding too), or UNDECIDED. */
CRET_MUST_CHECK enum cret_status cret_set_join_spdx3(struct cret_set *set, struct cret_sbom *merged,
                                                     struct cret_findings *findings, size_t *faults,
                                                     struct cret_err *err);

#endif
