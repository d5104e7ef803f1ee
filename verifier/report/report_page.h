/* SPDX-License-Identifier: Apache-2.0 */
/* What a report shows of a record, for whoever decides by it. */
#ifndef CRET_VERIFIER_REPORT_PAGE_H
#define CRET_VERIFIER_REPORT_PAGE_H

#include <jansson.h>

#include "base/page/page.h"

/* Files that a report lists; of the others it says the number. */
enum { CRET_REPORT_FILES = 500 };

struct cret_report_source {
    const json_t *record; /* with the first CRET_REPORT_FILES of its files */
    size_t files;         /* how many there are */
    const char *digest;   /* SHA-256 of the record, hex */
    bool sealed;          /* a signature goes with it */
    bool attested;        /* an attestation of a TPM goes with it */
};

/* Fills the page; it depends on the source alone. */
void cret_report_page(struct cret_page *page, const struct cret_report_source *source);

#endif
