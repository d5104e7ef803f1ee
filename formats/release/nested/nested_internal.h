/* SPDX-License-Identifier: Apache-2.0 */
/* Internal to nested: one archive as a level, with its input, its caps, and libarchive's reader. */
#ifndef CRET_RELEASE_NESTED_INTERNAL_H
#define CRET_RELEASE_NESTED_INTERNAL_H

#include <jansson.h>

#include "release/nested/nested.h"
#include "release/nested/nested_library.h"

/* Compressed bytes that are handed over at once: what they expand to is made before the caps are
 * looked at again, so they are few. */
#define CRET_NESTED_BLOCK (16u << 10)

struct cret_nested_level;

/* One archive and all archives in it. */
struct cret_nested_job {
    struct cret_nested_library library;
    const char *what;
    struct cret_nested_limits limits;
    uint64_t allowed, made; /* expanded bytes */
    uint64_t members;
    struct cret_nested_want *wants;
    size_t count;
    /* What is done with a regular file of this normal path; NULL: it is compared with wants. */
    enum cret_status (*take)(struct cret_nested_level *level, struct archive_entry *entry,
                             const char *path, struct cret_err *err);
    void *context; /* of take */
    enum cret_nested_outcome outcome;
    char detail[CRET_NESTED_DETAIL];
};

/* One level: an archive that is being read. */
struct cret_nested_level {
    struct cret_nested_job *job;
    struct archive *reader;
    const struct cret_nested_input *input; /* by offset; or NULL: */
    struct cret_nested_level *outer;       /* the data of the outer archive's current member */
    uint64_t position;
    unsigned depth;
    size_t prefix; /* bytes of each want's path that lead to this archive */
    const bool *sought;
    json_t *links;       /* the paths of its symbolic links, as keys; NULL: none yet */
    bool raw;            /* the bytes as they are, uncompressed; one member */
    bool over;           /* a cap was passed inside a callback */
    struct cret_err err; /* why a callback failed; class NONE: it did not */
    uint8_t block[CRET_NESTED_BLOCK];
};

/* Bytes of a member as they come, holes included. */
typedef enum cret_status (*cret_nested_sink)(void *context, const void *data, size_t size,
                                             struct cret_err *err);

/* Each returns CRET_FAILED, class REFUSED, check sbom.nested. actual may be NULL. */
enum cret_status cret_nested_refuse(const struct cret_nested_job *job, struct cret_err *err,
                                    const char *what, const char *actual);
enum cret_status cret_nested_refuse_bomb(const struct cret_nested_job *job, struct cret_err *err);
/* What libarchive says where a level failed, or the callback's own reason (of its own class). */
enum cret_status cret_nested_refuse_reader(struct cret_nested_level *level, struct cret_err *err);

/* Whether more was expanded than is allowed. */
bool cret_nested_is_over(struct cret_nested_level *level);
/* Counts expanded bytes; false where they are too many. */
bool cret_nested_spend(struct cret_nested_job *job, uint64_t bytes);

/* A level with its reader, that reads from input. */
CRET_MUST_CHECK enum cret_status cret_nested_level_new(struct cret_nested_level **ret_level,
                                                       struct cret_nested_job *job,
                                                       const struct cret_nested_input *input,
                                                       struct cret_err *err);
void cret_nested_level_free(struct cret_nested_level **level);

/* nested_names.c */
/* The path that a member is written to: without empty, "." and ".." components. Caller frees; NULL:
 * memory. */
char *cret_nested_normal(const char *name);
/* Refuses a member below a link of the archive: where it is written is not what its name says.
 * path: normal; restored. is_link: the member is a symbolic link itself. */
CRET_MUST_CHECK enum cret_status cret_nested_follow_links(struct cret_nested_level *level,
                                                          char *path, bool is_link,
                                                          struct cret_err *err);
/* nested_zip.c: the headers before the members and the central directory say the same. */
CRET_MUST_CHECK enum cret_status cret_nested_check_zip(struct cret_nested_level *level,
                                                       struct cret_err *err);
/* nested_end.c: at the end of a level. Bytes that follow a cpio archive make the job's outcome
 * UNSUPPORTED; a tar goes on being read where it seems to end. */
CRET_MUST_CHECK enum cret_status cret_nested_check_end(struct cret_nested_level *level,
                                                       struct cret_err *err);

/* nested.c: reads a level with all that it holds; see struct cret_nested_level. */
CRET_MUST_CHECK enum cret_status cret_nested_read_level(struct cret_nested_job *job,
                                                        const struct cret_nested_input *input,
                                                        struct cret_nested_level *outer,
                                                        unsigned depth, size_t prefix,
                                                        const bool *sought, struct cret_err *err);
/* The outermost level of a job whose wants, or take, are set. */
CRET_MUST_CHECK enum cret_status cret_nested_run(struct cret_nested_job *job,
                                                 const struct cret_nested_input *input,
                                                 struct cret_err *err);
/* An archive that is held in memory as an input. */
struct cret_nested_memory {
    uint8_t *data;
    size_t size, capacity;
};
CRET_MUST_CHECK enum cret_status cret_nested_memory_read(void *context, uint64_t offset, void *data,
                                                         size_t size, size_t *ret_got,
                                                         struct cret_err *err);
CRET_MUST_CHECK enum cret_status cret_nested_memory_sink(void *context, const void *data,
                                                         size_t size, struct cret_err *err);

/* Begins to read a level whose reader, and input or outer level, are set. */
CRET_MUST_CHECK enum cret_status cret_nested_open(struct cret_nested_level *level);
/* The bytes are of no kind that is read here: said in the job, not refused. Returns CRET_OK. */
enum cret_status cret_nested_unsupported(struct cret_nested_level *level);
/* The current member's bytes. */
CRET_MUST_CHECK enum cret_status cret_nested_read_member(struct cret_nested_level *level,
                                                         struct archive_entry *entry,
                                                         cret_nested_sink sink, void *context,
                                                         struct cret_err *err);

#endif
