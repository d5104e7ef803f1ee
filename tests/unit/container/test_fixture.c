/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

uint8_t *fixture_bytes(const char *seed, size_t size)
{
    uint8_t *data = malloc(size + 1);
    uint64_t state = 88172645463325252ull;
    for (const char *at = seed; *at != '\0'; at++) {
        state = (state ^ (uint64_t)(unsigned char)*at) * 1099511628211ull;
    }
    state |= 1;
    for (size_t i = 0; i < size; i++) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        data[i] = (uint8_t)(state >> 24);
    }
    return data;
}

static int new_file(void)
{
    int fd = memfd_create("fixture", MFD_CLOEXEC);
    cr_assert_geq(fd, 0);
    return fd;
}

static void make_signatures(struct fixture *fixture)
{
    static const char *const names[] = {"00112233445566aa", "ff112233445566aa"};
    for (size_t i = 0; i < 2; i++) {
        strcpy(fixture->signatures[i].name, names[i]);
        fixture->signatures[i].size = 300 + 212 * i; /* the second one fills its block */
        fixture->signatures[i].data = fixture_bytes(names[i], fixture->signatures[i].size);
    }
}

void fixture_make(struct fixture *fixture, const struct fixture_file *files, size_t count,
                  unsigned jobs)
{
    struct cret_err err;
    uint64_t size = 0;
    memset(fixture, 0, sizeof(*fixture));
    cr_assert_leq(count, FIXTURE_FILES);
    fixture->fd = new_file();
    fixture->count = count;
    fixture->manifest_size = 700;
    fixture->manifest = fixture_bytes("manifest", fixture->manifest_size);
    make_signatures(fixture);
    for (size_t i = 0; i < count; i++) {
        fixture->contents[i] = fixture_bytes(files[i].path, files[i].size);
        fixture->entries[i] = (struct cret_entry){.path = files[i].path, .size = files[i].size};
        fixture->inputs[i] = (struct cret_input){.data = fixture->contents[i]};
    }
    fixture->front_end = cret_layout_front_size(fixture->manifest_size, fixture->signatures, 2);
    cr_assert_eq(cret_layout_payload(fixture->entries, count, fixture->front_end,
                                     &fixture->payload_end, &err),
                 CRET_OK);
    struct cret_payload_write job = {.entries = fixture->entries,
                                     .inputs = fixture->inputs,
                                     .count = count,
                                     .fd = fixture->fd,
                                     .seconds = FIXTURE_SECONDS,
                                     .jobs = jobs};
    cr_assert_eq(cret_payload_write(&job, &err), CRET_OK, "%s", err.what);
    const struct cret_front front = {.manifest = fixture->manifest,
                                     .manifest_size = fixture->manifest_size,
                                     .seconds = FIXTURE_SECONDS,
                                     .signatures = fixture->signatures,
                                     .signature_count = 2};
    cr_assert_eq(cret_front_write(fixture->fd, &front, &size, &err), CRET_OK);
    cr_assert_eq(size, fixture->front_end);
    cr_assert_eq(cret_archive_end(fixture->fd, fixture->payload_end, &err), CRET_OK);
    fixture->size = fixture->payload_end + 1024;
}

void fixture_free(struct fixture *fixture)
{
    close(fixture->fd);
    free(fixture->manifest);
    for (size_t i = 0; i < 2; i++) {
        free(fixture->signatures[i].data);
    }
    for (size_t i = 0; i < fixture->count; i++) {
        free(fixture->contents[i]);
    }
}

struct cret_walk fixture_walk(struct fixture *fixture)
{
    return (struct cret_walk){
        .entries = fixture->entries, .count = fixture->count, .jobs = 2, .payload_directory = -1};
}

enum cret_status fixture_check(struct fixture *fixture, int fd, struct cret_walk *walk,
                               struct cret_err *err)
{
    struct cret_source *source = NULL;
    struct cret_front *front = NULL;
    struct cret_walk all = fixture_walk(fixture);
    enum cret_status status = CRET_FAILED;
    cret_err_clear(err);
    if (cret_source_new(&source, fd, err) == CRET_OK &&
        cret_front_read(&front, source, err) == CRET_OK) {
        status = cret_archive_walk(source, front, walk != NULL ? walk : &all, err);
    }
    cret_front_free(&front);
    cret_source_free(&source);
    return status;
}

uint8_t *fixture_read(const struct fixture *fixture)
{
    uint8_t *data = malloc((size_t)fixture->size + 1);
    cr_assert_eq(pread(fixture->fd, data, (size_t)fixture->size + 1, 0), (ssize_t)fixture->size);
    return data;
}

int fixture_file_of(const uint8_t *data, size_t size)
{
    int fd = new_file();
    cr_assert_eq(pwrite(fd, data, size, 0), (ssize_t)size);
    return fd;
}

int fixture_copy(const struct fixture *fixture)
{
    uint8_t *data = fixture_read(fixture);
    int fd = fixture_file_of(data, (size_t)fixture->size);
    free(data);
    return fd;
}

int fixture_pipe(const uint8_t *data, size_t size)
{
    int ends[2];
    cr_assert_leq(size, 60u << 10);
    cr_assert_eq(pipe(ends), 0);
    cr_assert_eq(write(ends[1], data, size), (ssize_t)size);
    close(ends[1]);
    return ends[0];
}

struct fixture_feed {
    pthread_t thread;
    int file, out, in;
};

static void *feed(void *argument)
{
    struct fixture_feed *self = argument;
    static _Thread_local char buffer[8192];
    ssize_t got = 0;
    for (off_t at = 0; (got = pread(self->file, buffer, sizeof(buffer), at)) > 0; at += got) {
        if (write(self->out, buffer, (size_t)got) != got) {
            break;
        }
    }
    close(self->out);
    return NULL;
}

struct fixture_feed *fixture_feed_start(int file, int *ret_read)
{
    struct fixture_feed *self = calloc(1, sizeof(*self));
    int ends[2];
    signal(SIGPIPE, SIG_IGN);
    cr_assert_eq(pipe(ends), 0);
    self->file = file;
    self->in = ends[0];
    self->out = ends[1];
    cr_assert_eq(pthread_create(&self->thread, NULL, feed, self), 0);
    *ret_read = self->in;
    return self;
}

void fixture_feed_end(struct fixture_feed *self)
{
    close(self->in);
    pthread_join(self->thread, NULL);
    free(self);
}
