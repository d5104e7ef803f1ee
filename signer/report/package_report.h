/* SPDX-License-Identifier: Apache-2.0 */
/* What was signed of a package, for people and pipelines. */
#ifndef CRET_SIGNER_PACKAGE_REPORT_H
#define CRET_SIGNER_PACKAGE_REPORT_H

#include <jansson.h>

#include "base/command/options.h"
#include "base/finding/err.h"
#include "release/manifest/manifest.h"
#include "trust/x509/certificate.h"

/* In the process that reads the package, or what it is made of: the release, and how many members
 * the list names. New reference; NULL: no memory. */
json_t *cret_package_told(const struct cret_manifest *manifest, size_t members);
/* Whether that has its form; else class UNDECIDED. */
CRET_MUST_CHECK enum cret_status cret_package_said(const json_t *told, struct cret_err *err);

/* In the place of an identity that depends on who is trusted. */
extern const char cret_package_open_words[];

struct cret_package_report {
    const char *title, *file;
    const json_t *told;
    const uint8_t *identity;               /* SHA-256 of the list that was signed first */
    bool identity_open;                    /* it depends on who is trusted: it is not told */
    const struct cret_certificate *signer; /* NULL: nobody signed it yet */
    const char *request;                   /* for a timestamp, where it was written; or NULL */
};
/* Prints it as the options say; returns the exit code. */
int cret_package_tell(const struct cret_options *options, const struct cret_package_report *report);

#endif
