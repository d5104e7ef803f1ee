/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What verified releases say, in the form of another system. An export is one file,
 * verb_export_*.c, and one row in verbs.h; what all of them do stands here. Exports of records are
 * in formats/evidence/export.
 */
#ifndef CRET_VERIFIER_EXPORT_H
#define CRET_VERIFIER_EXPORT_H

#include "base/command/options.h"
#include "base/schema/file_format.h"
#include "verifier/export/sheet.h"
#include "verifier/run/subject.h"

/* What an export is made of: releases that were opened, in the order of the operands. */
struct cret_export_releases {
    const struct cret_options *options;
    const struct cret_session *session;
    const struct cret_subject *subjects;
    size_t count;
};

struct cret_export_form {
    bool trust_required; /* it hands on more than a manifest says */
    enum cret_status (*make)(struct cret_buffer *out, const struct cret_export_releases *job,
                             struct cret_err *err);
};

/* Opens every operand, and writes what the form makes of them to --out, or standard output: nothing
 * where one of them is refused. Returns the exit code. */
int cret_export_run(const struct cret_options *options, const struct cret_export_form *form);
/* The same for a table, in the form that --format names. */
int cret_export_sheet(const struct cret_options *options, const struct cret_sheet *sheet);

/* Of `export --format json`, and of `export vdi2770 --json`. */
extern const struct cret_file_format cret_export_format, cret_vdi2770_format;

extern const struct cret_option_group cret_export_out_group;    /* --out */
extern const struct cret_option_group cret_export_format_group; /* --format of a table */

/* The groups of an export, besides those of its own in front. */
#define CRET_EXPORT_GROUPS                                                                         \
    &cret_export_out_group, &cret_trust_group, &cret_example_group, &cret_confinement_group,       \
        &cret_expectation_group, &cret_profile_group, &cret_waiver_group, &cret_payload_group,     \
        &cret_jobs_group, &cret_site_group, &cret_json_errors_group

#endif
