/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OLE compound files (MS-CFB), in which MSI lies: sectors in chains, a directory as a tree of
 * names. Read as a whole and strictly: each sector belongs to one chain or is free, each entry of
 * the directory to one storage, and what no stream holds is counted as slack.
 */
#ifndef CRET_FOREIGN_CFB_H
#define CRET_FOREIGN_CFB_H

#include "foreign/file.h"
#include "trust/asn1/der.h"

enum {
    CRET_CFB_ENTRIES = 65536,   /* of the directory */
    CRET_CFB_SECTORS = 8 << 20, /* of a file: 4 GiB of sectors of 512 bytes */
    CRET_CFB_DEPTH = 16,        /* of storages */
    CRET_CFB_NAME_BYTES = 64
};

enum cret_cfb_type {
    CRET_CFB_UNUSED = 0,
    CRET_CFB_STORAGE = 1,
    CRET_CFB_STREAM = 2,
    CRET_CFB_ROOT = 5
};

/* One entry of the directory, as it stands there. */
struct cret_cfb_entry {
    uint8_t name[CRET_CFB_NAME_BYTES]; /* UTF-16LE, with its terminator */
    size_t name_size;                  /* bytes, the terminator's too */
    enum cret_cfb_type type;
    uint32_t left, right, child; /* of the tree; CRET_CFB_NONE */
    uint8_t clsid[16], state[4], times[16];
    uint32_t start;
    uint32_t size;
    uint64_t at;                      /* where it lies in the file */
    bool seen;                        /* a storage holds it */
    unsigned depth;                   /* of storages; the root has 0 */
    struct cret_cfb_entry **children; /* in the order in which they are hashed */
    size_t child_count;
};

/* Bytes that no stream holds, by where they lie. */
enum cret_cfb_slack_kind {
    CRET_CFB_SLACK_HEADER,
    CRET_CFB_SLACK_FREE,
    CRET_CFB_SLACK_BEHIND,
    CRET_CFB_SLACK_END,
    CRET_CFB_SLACK_DIRECTORY,
    CRET_CFB_SLACK_SIGNATURE,
    CRET_CFB_SLACK_UNSIGNED,
    CRET_CFB_SLACK_KINDS
};

struct cret_cfb_slack {
    uint64_t zero_at, zero_bytes;   /* where the first of them lies, how many there are */
    uint64_t other_at, other_bytes; /* parts that are not zero */
};

/* Units of one size, in chains: the sectors of the file, or the small ones of the mini stream. */
struct cret_cfb_space {
    uint32_t *next; /* the allocation table, count entries */
    uint8_t *owned; /* whether a chain has the unit */
    uint32_t count;
    uint32_t unit; /* bytes */
};

struct cret_cfb {
    const struct cret_foreign_file *file;
    struct cret_cfb_space sectors, minis;
    uint32_t *mini_sectors; /* of the mini stream, in order */
    size_t mini_sector_count;
    struct cret_cfb_entry *entries;
    size_t entry_count;
    struct cret_cfb_entry **order; /* children of all storages, one after the other */
    uint64_t structure;            /* bytes of header, tables and directory */
    struct cret_cfb_slack slack[CRET_CFB_SLACK_KINDS];
};

bool cret_cfb_is(const struct cret_foreign_file *file);
/* Reads and checks all but the streams' bytes. The caller clears *ret_cfb, also after a failure.
 * class REFUSED, foreign.form; UNDECIDED. */
CRET_MUST_CHECK enum cret_status
cret_cfb_open(struct cret_cfb *ret_cfb, const struct cret_foreign_file *file, struct cret_err *err);
void cret_cfb_clear(struct cret_cfb *cfb);

/* A stream of the root by its name in ASCII; NULL: none. */
const struct cret_cfb_entry *cret_cfb_find(const struct cret_cfb *cfb, const char *name);
/* The bytes of a stream. */
CRET_MUST_CHECK enum cret_status cret_cfb_hash(const struct cret_cfb *cfb,
                                               const struct cret_cfb_entry *stream,
                                               struct cret_foreign_hash *hash,
                                               struct cret_err *err);
/* The same on the heap (caller frees). More than `most` bytes is REFUSED, foreign.form. */
CRET_MUST_CHECK enum cret_status cret_cfb_load(uint8_t **ret_data, const struct cret_cfb *cfb,
                                               const struct cret_cfb_entry *stream, size_t most,
                                               const char *what, struct cret_err *err);
/* Counts the bytes of a stream from `from` on as slack. */
CRET_MUST_CHECK enum cret_status cret_cfb_slack_of(struct cret_cfb *cfb,
                                                   const struct cret_cfb_entry *stream,
                                                   uint64_t from, enum cret_cfb_slack_kind kind,
                                                   struct cret_err *err);
/* Counts an entry's state and times as slack: those of a stream that no digest is over. */
CRET_MUST_CHECK enum cret_status cret_cfb_slack_entry(struct cret_cfb *cfb,
                                                      const struct cret_cfb_entry *entry,
                                                      struct cret_err *err);

#endif
