/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A report: one HTML file that shows a record and carries it, with its signature and attestation
 * (docs/spec/report.md). Its bytes depend on those three and on the renderer alone, so that
 * whoever reads it can make it again and compare.
 */
#ifndef CRET_VERIFIER_REPORT_FILE_H
#define CRET_VERIFIER_REPORT_FILE_H

#include "base/text/text.h"
#include "evidence/record/record_read.h"

/* What a report carries; all borrowed. */
struct cret_report_parts {
    const char *record; /* the bytes of the record file, terminated */
    size_t record_size;
    const uint8_t *signature; /* NULL: none */
    size_t signature_size;
    const char *attestation; /* NULL: none */
    size_t attestation_size;
};

/* Appends the file to *out. class UNDECIDED: no memory, or a record that is not as it is written
 * (cret_record_read_back). */
CRET_MUST_CHECK enum cret_status cret_report_render(struct cret_buffer *out,
                                                    const struct cret_report_parts *parts,
                                                    struct cret_err *err);

/* A record that was read from its file or out of a report. */
struct cret_report_copy {
    struct cret_record_copy record;
    bool page;          /* the file is a report */
    uint8_t *signature; /* that it carries, or NULL */
    size_t signature_size;
    char *attestation; /* that it carries, or NULL */
    size_t attestation_size;
    /* Of a report: why it does not show just its record, class REFUSED (record.page); or why that
     * could not be found out, UNDECIDED: another renderer made it. Class NONE: it does. */
    struct cret_err differs;
};

/*
 * Reads a record file, or a report and the record in it, and compares that page with the one that
 * is made of its parts. Says nothing about who made either. class as of cret_record_parse();
 * REFUSED (record.page) for an HTML file that is no report. Free with cret_report_copy_clear.
 */
CRET_MUST_CHECK enum cret_status cret_report_read(struct cret_report_copy *ret_copy,
                                                  const char *path, struct cret_err *err);
void cret_report_copy_clear(struct cret_report_copy *copy);

#endif
