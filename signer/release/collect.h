/* SPDX-License-Identifier: Apache-2.0 */
/* files[] of a description as the list of files that go into the archive. */
#ifndef CRET_SIGNER_COLLECT_H
#define CRET_SIGNER_COLLECT_H

#include <stdbool.h>

#include "container/archive.h"
#include "container/payload_write.h"
#include "release/manifest/manifest.h"
#include "signer/description/description.h"
#include "signer/release/import.h"

/* One file of the release. */
struct cret_collected {
    char *path;          /* in the archive */
    char *wanted;        /* the name before it was mapped; same text as path where it fits */
    bool renamed;        /* wanted was mapped */
    bool keeps_original; /* the manifest carries `wanted` as the original name */
    char *input;         /* what is opened */
    size_t described;    /* index in files[] of the description */
    uint64_t size;
    uint64_t device, inode; /* of the input */
    char *archive;          /* whose member it was, where it was expanded; or NULL */
};

struct cret_collection {
    struct cret_collected *files; /* sorted by path; SHA256SUMS is not among them */
    size_t count, capacity;
    struct cret_spool *spool; /* members of expanded archives; or NULL */
    bool spool_is_mine;
};

struct cret_collect_request {
    const struct cret_description *description; /* valid */
    bool strict_names;                          /* refuse names that need mapping */
    bool no_expansion;                          /* refuse `expand: true` (detached form) */
    const char *spool_beside;                   /* path in the folder where archives are expanded */
    struct cret_spool *spool;                   /* expand them here instead; borrowed; or NULL */
    struct cret_findings *findings; /* NULL: the first fault ends it. Else faults of entries are
                                       added here, pointing to "#/files/N", and it goes on */
};

/* Whether any archive is to be expanded, for which a spool is needed. */
bool cret_collect_expands(const struct cret_description *description);

/*
 * Finds every file that files[] names. A source is a file (or an archive, taken whole), a folder
 * with all that is below it, or an archive with `expand: true`. Names: of a single file its own, of
 * a folder the folder's name and the path below it, of an expanded archive the member's; `path`
 * replaces the first two and goes before the third. A folder's links and special files are refused;
 * the named source itself may be a link.
 *
 * Names that the archive cannot hold are mapped (base/text/path.h). Where two names meet after
 * mapping, each mapped one gets '_' and 8 hex digits of the SHA-256 of its own name before its
 * extension, so that a name never depends on the other files; names that meet without mapping are a
 * fault.
 *
 * class UNDECIDED for what cannot be read, USAGE for faults of the description and of names; where
 * is file, line and column. With findings, faults of entries do not end it, and CRET_OK says only
 * that nothing else failed.
 */
CRET_MUST_CHECK enum cret_status cret_collect(struct cret_collection **ret_collection,
                                              const struct cret_collect_request *request,
                                              struct cret_err *err);
void cret_collection_free(struct cret_collection **collection);

/* What container and manifest want of the collection: entries and files with SHA256SUMS at its
 * place, digests zero, sizes set. All arrays are one allocation each, freed by
 * cret_release_files_free; texts are borrowed from collection and description. */
struct cret_release_files {
    struct cret_entry *entries;
    struct cret_manifest_file *files;
    struct cret_input *inputs;
    size_t *described;       /* index in files[] of the description; SIZE_MAX for SHA256SUMS */
    size_t count, checksums; /* index of SHA256SUMS */
};
CRET_MUST_CHECK enum cret_status cret_release_files_make(struct cret_release_files *ret_files,
                                                         const struct cret_collection *collection,
                                                         const struct cret_description *description,
                                                         struct cret_err *err);
void cret_release_files_free(struct cret_release_files *files);

#endif
