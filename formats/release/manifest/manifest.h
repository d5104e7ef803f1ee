/* SPDX-License-Identifier: Apache-2.0 */
/* MANIFEST.json (docs/spec/manifest.md): field tables, parser, writer. */
#ifndef CRET_RELEASE_MANIFEST_H
#define CRET_RELEASE_MANIFEST_H

#include <jansson.h>

#include "base/finding/authentic.h"
#include "base/finding/finding.h"
#include "base/schema/file_format.h"
#include "container/layout.h"

#define CRET_MANIFEST_PURPOSE "manifest/1"
#define CRET_CHECKSUMS_PATH "SHA256SUMS"

/* The whole format as tables (manifest_fields.c, with parts in manifest_product.c,
 * manifest_content.c, manifest_claims.c). */
extern const struct cret_field cret_manifest_fields[];
extern const char *const cret_file_roles[]; /* firmware, software, ..., NULL */
/* The manifest, and what is written by hand instead (YAML). Their readers go along other ways:
 * files[] one by one, line and column of every node. */
extern const struct cret_file_format cret_manifest_format, cret_description_format;
/* The fixed sentence of `notice`. */
extern const char cret_manifest_notice[];

/* Whether a function for health and safety needs a file. */
enum cret_safety { CRET_SAFETY_NOT_SAID, CRET_SAFETY_RELEVANT, CRET_SAFETY_NOT_RELEVANT };
/* What `safetyRelevant` of an entry says. */
enum cret_safety cret_manifest_safety(const json_t *file);

/* What the manifest says of a file beside its struct cret_entry. All borrowed: of the manifest
 * where it was parsed, of the caller where it is written. */
struct cret_manifest_file {
    const char *original;   /* name before it was mapped to the path, or NULL */
    const char *role;       /* of cret_file_roles; to cret_manifest_write NULL means: by its use */
    const char *media_type; /* or NULL */
    const json_t *hardware; /* array of models of hardware[], or NULL: for all */
    enum cret_safety safety;
    const char *safety_function; /* or NULL */
};

struct cret_manifest_strings; /* internal: the memory of paths and names */

struct cret_manifest {
    json_t *json; /* the whole manifest but files[] (removed once read, to keep memory
                     flat); validated */
    bool adopted; /* origin */
    const char *vendor, *product, *version, *release_id; /* borrowed from json; id may be NULL */
    int64_t sequence, date;     /* date: release.date in seconds, the mtime of every member */
    struct cret_entry *entries; /* files, sorted by path; entry.path is owned by the manifest */
    struct cret_manifest_file *files; /* same order as entries */
    size_t file_count;
    struct cret_manifest_strings *strings; /* internal */
    uint8_t checksums[CRET_SHA256_BYTES];
    uint8_t identity[CRET_SHA256_BYTES]; /* SHA-256 of the bytes */
};

/*
 * Parses authenticated bytes: strict JSON, the field tables, then across fields: files sorted and
 * their paths sound as a set (file.paths), fsverity present exactly above CRET_FSVERITY_THRESHOLD,
 * SHA256SUMS listed exactly once with role checksums, its size and digest those of the text
 * regenerated from the other files, and equal to `checksums` (file.checksums), every reference (a
 * document's file, an SBOM's file and binds[].file, hardware of a file, ids of documents) resolves,
 * original names unique, topics and documents consistent in themselves (manifest_documents.c).
 * Each fault is a FAIL finding, err the first one, class REFUSED; UNDECIDED only for memory.
 * files[] is read one entry at a time, so that the memory stays near that of the entries.
 */
CRET_MUST_CHECK enum cret_status cret_manifest_parse(struct cret_manifest **ret_manifest,
                                                     const struct cret_authentic *authentic,
                                                     struct cret_findings *findings,
                                                     struct cret_err *err);
/* The same over bytes that nobody vouched for: for `show` without trust, for the signer's own
 * output, for `init --from` and `--previous`. Callers say UNVERIFIED. */
CRET_MUST_CHECK enum cret_status cret_manifest_parse_unverified(struct cret_manifest **ret_manifest,
                                                                const uint8_t *bytes, size_t size,
                                                                struct cret_findings *findings,
                                                                struct cret_err *err);
/*
 * What the text says that cret_manifest_write made of the same release once its digests were known:
 * the manifest that was parsed from the predicted text takes them over, with the identity of this
 * text, instead of reading all of it again. class UNDECIDED where the entries are other ones.
 */
CRET_MUST_CHECK enum cret_status cret_manifest_take_digests(struct cret_manifest *manifest,
                                                            const struct cret_entry *entries,
                                                            size_t count, const char *text,
                                                            size_t size, struct cret_err *err);
/* What a manifest is made of that no MANIFEST.json says. */
struct cret_manifest_plan {
    json_t *json; /* product and release at least; taken over, also on failure */
    const char *vendor, *product, *version; /* of json */
    const struct cret_entry *entries;       /* sorted by path; copied, as the files */
    const struct cret_manifest_file *files; /* without hardware */
    size_t count;
};
/* A manifest that says what somebody else's format says of a release, so that all that reads
 * manifests reads it: sequence 0, below every floor. class UNDECIDED: memory. */
CRET_MUST_CHECK enum cret_status cret_manifest_build(struct cret_manifest **ret_manifest,
                                                     const struct cret_manifest_plan *plan,
                                                     struct cret_err *err);
void cret_manifest_free(struct cret_manifest **manifest);
/* The index of the entry of this path; file_count where there is none, or path is NULL. */
size_t cret_manifest_find(const struct cret_manifest *manifest, const char *path);
/* The name of each entry's file where the payload lies detached: the vendor's own name where that
 * is safe, else the path. The caller frees the list, not the names; NULL: memory is exhausted. */
const char **cret_manifest_detached_names(const struct cret_manifest *manifest);

/* The text of SHA256SUMS: "<hex>  <path>\n" of every entry but SHA256SUMS itself, in their order.
 * Caller frees. */
CRET_MUST_CHECK enum cret_status cret_manifest_checksums_text(char **ret_text, size_t *ret_size,
                                                              const struct cret_entry *entries,
                                                              size_t count, struct cret_err *err);

/*
 * Completes a description (validated with CRET_SCHEMA_DESCRIPTION, release.date filled in; its own
 * files[] and include are left out) to a manifest text: purpose, notice, origin (default vendor),
 * availability of documents, files[] from entries and files (sorted, SHA256SUMS among them),
 * checksums; keys in table order. A reference to a file (documents[].file, sbom[].file, ...) that
 * names no path but an original name becomes that file's path. The length does not depend on the
 * digests, so a call with zero digests predicts it. References that do not resolve are left as they
 * are: cret_manifest_parse_unverified over the result finds them. class USAGE where release.date or
 * SHA256SUMS is missing.
 */
CRET_MUST_CHECK enum cret_status cret_manifest_write(char **ret_text, size_t *ret_size,
                                                     const json_t *description,
                                                     const struct cret_entry *entries,
                                                     const struct cret_manifest_file *files,
                                                     size_t count, struct cret_err *err);

#endif
