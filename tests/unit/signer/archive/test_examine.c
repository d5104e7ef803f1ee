/* SPDX-License-Identifier: Apache-2.0 */
/* What the process with the key makes of an examining process that was taken over: class UNDECIDED,
 * and no bytes to sign but those of the file, under the identity that was named. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../memory.h"
#include "base/finding/limits.h"
#include "base/system/frames.h"
#include "container/ustar.h"
#include "signer/archive/examine.h"

#define MANIFEST "{\"cretula\": \"manifest/1\"}\n"
enum { PROGRESS = 1, FOUND, ERROR, KINDS };

/* Frames as long as one likes. */
static const struct cret_frame_kind kinds[KINDS + 1] = {
    {0, 0, false}, {100000, 0, false}, {100000, 0, false}, {100000, 0, false}, {100000, 0, false}};
static const struct cret_frame_protocol wire = {.kinds = kinds, .count = KINDS + 1};

static void put(int fd, uint32_t type, struct cret_buffer *body)
{
    if (cret_frame_send(&wire, fd, type, body, NULL) != CRET_OK) {
        _exit(0); /* nobody listens any more */
    }
}

static void found(int fd, const char *text, uint64_t size, size_t extra)
{
    static const uint8_t more[16] = {0};
    uint8_t digest[CRET_SHA256_BYTES];
    struct cret_buffer body = {0};
    if (cret_sha256(digest, text, strlen(text), NULL) != CRET_OK) {
        _exit(9);
    }
    cret_frame_put_bytes(&body, digest, sizeof(digest));
    cret_frame_put_u64(&body, size);
    cret_frame_put_bytes(&body, more, extra);
    put(fd, FOUND, &body);
}

static void error(int fd, uint32_t class, uint32_t check, const char *first)
{
    struct cret_buffer body = {0};
    cret_frame_put_u32(&body, class);
    cret_frame_put_u32(&body, check);
    cret_frame_put_string(&body, first);
    for (int i = 0; i < 4; i++) {
        cret_frame_put_string(&body, "words");
    }
    put(fd, ERROR, &body);
}

static void says_nothing(int fd)
{
    close(fd);
}

static void another_identity(int fd)
{
    found(fd, "another", strlen(MANIFEST), 0);
}

static void another_size(int fd)
{
    found(fd, MANIFEST, strlen(MANIFEST) - 1, 0);
}

static void no_size(int fd)
{
    found(fd, "", 0, 0);
}

static void a_huge_size(int fd)
{
    found(fd, MANIFEST, UINT64_MAX, 0);
}

static void over_the_limit(int fd)
{
    found(fd, MANIFEST, CRET_LIMIT_MANIFEST_BYTES + 1u, 0);
}

static void beyond_the_file(int fd)
{
    found(fd, MANIFEST, 1u << 20, 0);
}

static void a_longer_frame(int fd)
{
    found(fd, MANIFEST, strlen(MANIFEST), 8);
}

static void an_unknown_type(int fd)
{
    struct cret_buffer body = {0};
    put(fd, KINDS, &body);
}

static void a_short_sign_of_life(int fd)
{
    struct cret_buffer body = {0};
    cret_frame_put_u32(&body, 1);
    put(fd, PROGRESS, &body);
}

static void no_class(int fd)
{
    error(fd, CRET_ERR_NONE, 0, "words");
}

static void an_unknown_class(int fd)
{
    error(fd, 4711, 0, "words");
}

static void an_unknown_check(int fd)
{
    error(fd, CRET_ERR_REFUSED, UINT32_MAX, "words");
}

static void no_words(int fd)
{
    error(fd, CRET_ERR_REFUSED, 0, NULL);
}

static void a_failed_end(int fd)
{
    found(fd, MANIFEST, strlen(MANIFEST), 0);
    _exit(1);
}

static void sound(int fd)
{
    found(fd, MANIFEST, strlen(MANIFEST), 0);
}

static void refuses(int fd)
{
    error(fd, CRET_ERR_REFUSED, CRET_CHECK_FILE_DIGESTS, "a changed byte");
}

static void (*act)(int fd);

static int child(void *context, int in, int out)
{
    (void)context;
    char order[64];
    if (read(in, order, sizeof(order)) <= 0) {
        return 0;
    }
    act(out);
    return 0;
}

/* The bytes to sign, or NULL and what is said. */
static char *examine(void (*what)(int fd), struct cret_err *err)
{
    char path[] = "/tmp/cretula-examine-XXXXXX";
    struct cret_existing existing = {.fd = mkstemp(path)};
    const struct cret_existing_work work = {.payload_directory = -1};
    const struct cret_examination_job job = {
        .existing = &existing, .work = &work, .allow_unconfined = child_may_be_unconfined()};
    struct cret_examination *examination = NULL;
    uint8_t *manifest = NULL;
    size_t size = 0;
    cr_assert_geq(existing.fd, 0);
    cr_assert_eq(pwrite(existing.fd, MANIFEST, strlen(MANIFEST), CRET_BLOCK),
                 (ssize_t)strlen(MANIFEST));
    unlink(path);
    act = what;
    cret_err_clear(err);
    cr_assert_eq(cret_examination_start_with(&examination, &job, child, err), CRET_OK);
    const enum cret_status status = cret_examination_finish(&examination, &manifest, &size, err);
    cr_assert_null(examination);
    close(existing.fd);
    cr_assert_eq(status == CRET_OK, manifest != NULL);
    char *text = manifest != NULL ? strndup((const char *)manifest, size) : NULL;
    free(manifest);
    return text;
}

Test(examine, nothing_of_a_hostile_process_is_signed)
{
    void (*const hostile[])(int fd) = {
        says_nothing,   another_identity, another_size,     no_size,         a_huge_size,
        over_the_limit, beyond_the_file,  a_longer_frame,   an_unknown_type, a_short_sign_of_life,
        no_class,       an_unknown_class, an_unknown_check, no_words,        a_failed_end,
    };
    struct cret_err err;
    for (size_t i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++) {
        cr_assert_null(examine(hostile[i], &err), "hostile process %zu", i);
        cr_assert_eq(err.class, CRET_ERR_UNDECIDED, "hostile process %zu: %s", i, err.what);
        cr_assert_neq(err.what[0], '\0');
    }
}

Test(examine, what_was_found_is_read_from_the_file)
{
    struct cret_err err;
    char *text = examine(sound, &err);
    cr_assert_str_eq(text, MANIFEST);
    free(text);
    cr_assert_null(examine(refuses, &err));
    cr_assert_eq(err.class, CRET_ERR_REFUSED);
    cr_assert_eq(err.check, CRET_CHECK_FILE_DIGESTS);
    cr_assert_str_eq(err.what, "a changed byte");
}

Test(examine, a_process_that_is_not_asked_is_ended)
{
    struct cret_existing existing = {.fd = -1};
    const struct cret_existing_work work = {.payload_directory = -1};
    const struct cret_examination_job job = {
        .existing = &existing, .work = &work, .allow_unconfined = child_may_be_unconfined()};
    struct cret_examination *examination = NULL;
    struct cret_err err;
    cret_err_clear(&err);
    cr_assert_eq(cret_examination_start(&examination, &job, &err), CRET_OK);
    cret_examination_free(&examination);
    cr_assert_null(examination);
    cret_examination_free(&examination);
}
