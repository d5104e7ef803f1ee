/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two releases side by side: what their manifests, files, SBOMs and signatures say differently, as
 * data ("diff/1"). Nothing here judges a release; who calls says which of the two was verified.
 */
#ifndef CRET_RELEASE_DIFF_H
#define CRET_RELEASE_DIFF_H

#include <jansson.h>

#include "base/digest/digest.h"
#include "base/schema/file_format.h"

/* One file of a release. All borrowed. */
struct cret_diff_file {
    const char *path, *role;
    uint64_t size;
    const uint8_t *sha256;             /* CRET_SHA256_BYTES */
    const char *original, *media_type; /* or NULL */
    const json_t *hardware;            /* models, or NULL: for all */
    const json_t *safety;              /* whether a safety function needs it, or NULL: not said */
    const char *safety_function;       /* or NULL */
};

/* One of the two releases. All borrowed. */
struct cret_diff_side {
    const char *name;     /* as it was given */
    const char *standing; /* "verified", "UNVERIFIED", ... */
    bool verified;
    const json_t *manifest;             /* validated, without files[] */
    const struct cret_diff_file *files; /* sorted by path */
    size_t file_count;
    const json_t *signatures; /* as a child describes them; NULL: there are none to compare */
    const json_t *sboms;      /* what cret_inspect_sboms() gave; NULL: a manifest alone */
    const uint8_t *identity;  /* CRET_SHA256_BYTES */
};

/* The format of what cret_diff() gives. */
extern const struct cret_file_format cret_diff_format;

/* One kind of thing that is compared. */
struct cret_diff_section {
    const char *name;    /* in the data */
    const char *label;   /* of its lines on a screen */
    const char *heading; /* for people */
    const char *source;  /* who says so, for people: "the manifests", "the SBOMs" */
};
/* Ended by a NULL name, in the order in which a board reads them. */
extern const struct cret_diff_section cret_diff_sections[];

/* Whether both are releases of one product: the same vendor and name. */
bool cret_diff_same_product(const json_t *old_manifest, const json_t *new_manifest);

/*
 * The comparison: {"cretula": "diff/1", "old", "new", "order", "identical", "before", "after",
 * "differences", "notCompared"}; see the format. Whatever could not be compared is in notCompared,
 * and says nothing of whether it changed. New reference; NULL: memory.
 */
json_t *cret_diff(const struct cret_diff_side *old_side, const struct cret_diff_side *new_side);

#endif
