/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a record says, as a page: one screen, or everything. The record is the only source, so that
 * check, its report, and whoever reads the record twenty years later see the same.
 */
#ifndef CRET_VERIFIER_RECORD_PAGE_H
#define CRET_VERIFIER_RECORD_PAGE_H

#include <jansson.h>

#include "base/page/page.h"

/* What stands around the record. */
struct cret_record_view {
    const char *word;    /* before the verdict, e.g. "GENUINE record"; NULL: the verdict alone */
    bool unproved;       /* nobody was asked whether the record is genuine: nothing of it is good */
    const char *counts;  /* what the record counts as; then release, run and digest are told too */
    const char *digest;  /* of the record, where it counts */
    const char *file;    /* named in the verdict's line, where there are several; or NULL */
    const char *journal; /* where its line stands, or NULL */
    const char *tpm;     /* what a TPM that took part says, where it was accepted; or NULL */
    const char *done;    /* what happened with an accepted release, or NULL */
    const char *next;    /* the command to go on with, quoted; or NULL */
    const char *backout; /* what the verdict's line says of an older release, or NULL */
};

/*
 * One screen: verdict, signers, what was checked, what it brings, what was not found in order, what
 * to do next. record: of cret_record_json() or of a file that its reader took (record/1).
 */
void cret_record_page_screen(struct cret_page *page, const json_t *record,
                             const struct cret_record_view *view);
/* Everything, in sections, without the list of files. */
void cret_record_page_whole(struct cret_page *page, const json_t *record,
                            const struct cret_record_view *view);
/* The list of files, where the record has one. */
void cret_record_page_files(struct cret_page *page, const json_t *record);

#endif
