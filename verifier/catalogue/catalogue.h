/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The catalogue: an index of what archives, records and journals hold, in one SQLite file, so that
 * a site's thousands of releases answer at once. The only room that uses SQLite.
 *
 * An index is never evidence: whoever can write the file can write anything into it. Every answer
 * names the source that it was read from, and what was verified when that was read. What is damaged
 * or of another program is said and not used; the catalogue is made anew from its sources at any
 * time. It is opened without schema or functions of its own being trusted, and its schema must be
 * the one that this program writes.
 */
#ifndef CRET_VERIFIER_CATALOGUE_H
#define CRET_VERIFIER_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest/digest.h"
#include "base/text/optional.h"

struct cret_catalogue;

enum cret_catalogue_access { CRET_CATALOGUE_READ, CRET_CATALOGUE_WRITE };

/* A new, empty catalogue file; the name must be free. class USAGE, UNDECIDED. */
CRET_MUST_CHECK enum cret_status cret_catalogue_create(const char *path, struct cret_err *err);
/* An empty one in the place of a catalogue that is damaged. class USAGE where the file does not say
 * that it is one: nothing of anybody else's is replaced. */
CRET_MUST_CHECK enum cret_status cret_catalogue_replace(const char *path, struct cret_err *err);
/*
 * Opens a catalogue. class USAGE: it is not there, no regular file, damaged, of another program or
 * of a later version (the hint says how it is made anew). An older version is brought up to date
 * where it is opened for writing. UNDECIDED: another run writes for more than half a minute; I/O.
 */
CRET_MUST_CHECK enum cret_status cret_catalogue_open(struct cret_catalogue **ret_catalogue,
                                                     const char *path,
                                                     enum cret_catalogue_access access,
                                                     struct cret_err *err);
/* One that lives in memory, for what is named on the command line. */
CRET_MUST_CHECK enum cret_status cret_catalogue_memory(struct cret_catalogue **ret_catalogue,
                                                       struct cret_err *err);
void cret_catalogue_close(struct cret_catalogue **catalogue);
/* Whether it is a file, which others read later. */
bool cret_catalogue_is_kept(const struct cret_catalogue *catalogue);

/* Reads every page and row: class USAGE where the file is damaged. */
CRET_MUST_CHECK enum cret_status cret_catalogue_check(struct cret_catalogue *catalogue,
                                                      struct cret_err *err);

/* Where something was read, and what that was worth. Texts may be NULL, but for kind and path. */
struct cret_catalogue_source {
    int64_t id;       /* set by the catalogue */
    const char *kind; /* archive, manifest, record, journal */
    const char *path; /* absolute */
    uint64_t size;
    int64_t modified_ns;
    bool has_identity;
    uint8_t identity[CRET_SHA256_BYTES]; /* of the release */
    const char *vendor, *product, *version;
    struct cret_optional sequence;
    const char *verdict; /* of the run that added it, or of the record */
    bool verified;       /* the archive was accepted when it was added */
    const char *policy;  /* name of the trust policy */
    bool has_policy_sha256;
    uint8_t policy_sha256[CRET_SHA256_BYTES];
    struct cret_optional as_of; /* --at; seconds */
    bool example_keys;
    int64_t added; /* seconds */
};

/* Something that has a digest or a name. */
struct cret_catalogue_item {
    const char *kind;    /* file, nested, component, document, manifest, record */
    const char *path;    /* in the source; of a component or document its name */
    const char *name;    /* by which it is looked for, where that is not the path's; or NULL */
    const char *version; /* of a component or document; or NULL */
    const char *purl;    /* of a component; or NULL */
    struct cret_optional size;
    const uint8_t *sha256; /* or NULL */
};

/* A line of a journal. */
struct cret_catalogue_line {
    int64_t number, time;
    const char *kind, *verdict, *asset, *stage, *change_id; /* NULL but for kind */
    bool counts;                                            /* as an acceptance */
    const uint8_t *identity;                                /* or NULL */
};

/* All that one source brings, or nothing: between these two. begin waits for other writers. */
CRET_MUST_CHECK enum cret_status cret_catalogue_begin(struct cret_catalogue *catalogue,
                                                      struct cret_err *err);
CRET_MUST_CHECK enum cret_status cret_catalogue_commit(struct cret_catalogue *catalogue,
                                                       struct cret_err *err);
void cret_catalogue_rollback(struct cret_catalogue *catalogue);
/* Sets source->id; what the catalogue knew of the same path is replaced. */
CRET_MUST_CHECK enum cret_status cret_catalogue_add_source(struct cret_catalogue *catalogue,
                                                           struct cret_catalogue_source *source,
                                                           struct cret_err *err);
CRET_MUST_CHECK enum cret_status cret_catalogue_add_item(struct cret_catalogue *catalogue,
                                                         int64_t source,
                                                         const struct cret_catalogue_item *item,
                                                         struct cret_err *err);
CRET_MUST_CHECK enum cret_status cret_catalogue_add_line(struct cret_catalogue *catalogue,
                                                         int64_t source,
                                                         const struct cret_catalogue_line *line,
                                                         struct cret_err *err);
/* A part of the source that was not looked into, and why. */
CRET_MUST_CHECK enum cret_status cret_catalogue_add_gap(struct cret_catalogue *catalogue,
                                                        int64_t source, const char *path,
                                                        const char *why, struct cret_err *err);
/* What the source said, as JSON: "facts", "advised" (verifier/review/indexed.h). */
CRET_MUST_CHECK enum cret_status cret_catalogue_add_statement(struct cret_catalogue *catalogue,
                                                              int64_t source, const char *kind,
                                                              const char *text,
                                                              struct cret_err *err);
/* Takes out what came from this path. */
CRET_MUST_CHECK enum cret_status cret_catalogue_forget(struct cret_catalogue *catalogue,
                                                       const char *path, struct cret_err *err);

/* Visitors: what they are given is valid during the call. CRET_FAILED ends the search. */
typedef enum cret_status (*cret_catalogue_on_source)(void *context,
                                                     const struct cret_catalogue_source *source,
                                                     struct cret_err *err);
typedef enum cret_status (*cret_catalogue_on_item)(void *context,
                                                   const struct cret_catalogue_source *source,
                                                   const struct cret_catalogue_item *item,
                                                   struct cret_err *err);
typedef enum cret_status (*cret_catalogue_on_line)(void *context,
                                                   const struct cret_catalogue_source *source,
                                                   const struct cret_catalogue_line *line,
                                                   struct cret_err *err);
typedef enum cret_status (*cret_catalogue_on_gap)(void *context,
                                                  const struct cret_catalogue_source *source,
                                                  const char *path, const char *why,
                                                  struct cret_err *err);

/* Every source, by vendor, product, sequence, path. */
CRET_MUST_CHECK enum cret_status cret_catalogue_sources(struct cret_catalogue *catalogue,
                                                        cret_catalogue_on_source visit,
                                                        void *context, struct cret_err *err);
/* Items of this digest; verified sources first, then by vendor, product, latest sequence, path. */
CRET_MUST_CHECK enum cret_status cret_catalogue_by_sha256(struct cret_catalogue *catalogue,
                                                          const uint8_t sha256[CRET_SHA256_BYTES],
                                                          cret_catalogue_on_item visit,
                                                          void *context, struct cret_err *err);
/* Items whose last component is this name; the same order. */
CRET_MUST_CHECK enum cret_status cret_catalogue_by_name(struct cret_catalogue *catalogue,
                                                        const char *name,
                                                        cret_catalogue_on_item visit, void *context,
                                                        struct cret_err *err);
/* Lines of journals that are about a release, in their order. */
CRET_MUST_CHECK enum cret_status cret_catalogue_lines(struct cret_catalogue *catalogue,
                                                      const uint8_t identity[CRET_SHA256_BYTES],
                                                      cret_catalogue_on_line visit, void *context,
                                                      struct cret_err *err);
/* *ret_text: what the source said of this kind, free() it; NULL: nothing, as where an earlier
 * version of the program added the source. class USAGE (damaged), UNDECIDED. */
CRET_MUST_CHECK enum cret_status cret_catalogue_statement(struct cret_catalogue *catalogue,
                                                          char **ret_text, int64_t source,
                                                          const char *kind, struct cret_err *err);
CRET_MUST_CHECK enum cret_status cret_catalogue_gaps(struct cret_catalogue *catalogue,
                                                     cret_catalogue_on_gap visit, void *context,
                                                     struct cret_err *err);

#endif
