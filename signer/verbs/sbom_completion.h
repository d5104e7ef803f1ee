/* SPDX-License-Identifier: Apache-2.0 */
/* sbom complete, in two processes: verb_sbom_complete.c writes what sbom_completion.c reads. */
#ifndef CRET_SIGNER_SBOM_COMPLETION_H
#define CRET_SIGNER_SBOM_COMPLETION_H

#include "base/command/options.h"
#include "base/system/apart.h"
#include "base/system/os.h"
#include "base/system/output.h"
#include "release/sbom/sbom_complete.h"
#include "signer/release/payload.h"

/* Only archives that are expanded need it; nothing stays. */
#define CRET_COMPLETION_SPOOL "/var/tmp/cretula-sbom"

/* One run of `sbom complete`: what both processes know. */
struct cret_completion {
    const struct cret_options *options;
    struct cret_description *description;
    struct cret_findings *findings;
    size_t place; /* of the SBOM, in sbom[] */
    unsigned jobs;
    enum cret_hash_choice hash;
    struct cret_spool *spool;   /* for members of archives; or NULL */
    struct cret_output *output; /* NULL: standard output */
    struct cret_output *vex;    /* NULL: vulnerabilities stay where they are */
    struct cret_file_info old;  /* what output replaces */
    bool has_old;
    struct cret_apart_told told;
    json_t *changes;  /* texts */
    size_t vex_count; /* vulnerabilities that stay in the SBOM */
    /* Of the process that reads the files: */
    struct cret_draft *draft;
    struct cret_payload payload;
    struct cret_sbom *sbom;
    struct cret_sbom_bound *bound; /* one for each bind, and one behind them for the root */
    size_t bound_count;
    bool has_root;
    bool in_place; /* output replaces the SBOM itself */
    char *text;    /* the completed SBOM */
    size_t size;
    char *vex_text; /* NULL: there are none */
    size_t vex_size;
};

/* cret_apart_job.read, context the run: everything up to the texts that are written. Tells changes,
 * vulnerabilities, inPlace; the completed SBOM, and what was taken out of it. */
CRET_MUST_CHECK enum cret_status cret_completion_read(void *context, struct cret_apart_told *told,
                                                      struct cret_err *err);

#endif
