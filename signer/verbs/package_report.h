/* SPDX-License-Identifier: Apache-2.0 */
/* What was signed of a package, for people and pipelines. */
#ifndef CRET_SIGNER_PACKAGE_REPORT_H
#define CRET_SIGNER_PACKAGE_REPORT_H

#include "base/command/options.h"
#include "release/manifest/manifest.h"
#include "trust/x509/certificate.h"

struct cret_package_report {
    const char *title, *file;
    const struct cret_manifest *manifest;
    const uint8_t *identity; /* SHA-256 of the list that was signed first */
    size_t members;          /* that the new list names */
    const struct cret_certificate *signer;
};
/* Prints it as the options say; returns the exit code. */
int cret_package_tell(const struct cret_options *options, const struct cret_package_report *report);

/* endorse, of a package. */
int cret_endorse_package(const struct cret_options *options);
/* Whether the file is a package; false where it cannot be read, which opening it says. */
bool cret_is_package(const char *path);

#endif
