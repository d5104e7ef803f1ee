/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every single-bit flip, every truncation, and every appended byte of a small archive, through the
 * engine in this process. Usage: flips ARCHIVE ANCHOR [FIRST LAST [EVERY]], the latter for the
 * flips of these bytes alone, and of each EVERYth bit of the file among them (odd, so that all
 * eight bits of a byte have their turn). Exit 0 only where the archive itself is accepted and
 * nothing else is; prints the number of tries.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/finding/limits.h"
#include "base/system/file.h"
#include "base/system/os.h"
#include "engine/inspect.h"

#define ARCHIVE_CAP (1u << 20) /* larger ones would take too long */

struct trial {
    int fd;
    const uint8_t *data;
    size_t size;
    struct cret_inspect_request request;
    uint64_t tries, accepted, undecided;
};

/* Verdict over what the scratch file holds now. */
static enum cret_verdict verdict(const struct trial *trial)
{
    struct cret_err err;
    struct cret_source *source = NULL;
    if (cret_source_new(&source, trial->fd, &err) != CRET_OK) {
        fprintf(stderr, "%s\n", err.what);
        exit(3);
    }
    struct cret_inspection *inspection = cret_inspect(source, &trial->request);
    cret_source_free(&source);
    if (inspection == NULL) {
        exit(3);
    }
    const enum cret_verdict result = inspection->verdict;
    cret_inspection_free(&inspection);
    return result;
}

static void count(struct trial *trial, const char *what, uint64_t where)
{
    const enum cret_verdict result = verdict(trial);
    trial->tries++;
    if (result == CRET_VERDICT_REFUSED) {
        return;
    }
    if (result == CRET_VERDICT_UNDECIDED) {
        trial->undecided++;
    } else {
        trial->accepted++;
    }
    printf("%s at %" PRIu64 ": %s\n", what, where, cret_verdict_name(result));
}

static void put(const struct trial *trial, const void *data, size_t size, uint64_t offset)
{
    struct cret_err err;
    if (cret_os_pwrite(trial->fd, data, size, offset, &err) != CRET_OK) {
        fprintf(stderr, "%s\n", err.what);
        exit(3);
    }
}

static void cut(const struct trial *trial, uint64_t size)
{
    if (ftruncate(trial->fd, (off_t)size) != 0) {
        perror("flips");
        exit(3);
    }
}

struct range {
    size_t first, end; /* bytes */
    uint64_t every;    /* bits */
};

static bool is_tried(const struct range *range, uint64_t bit)
{
    return bit % range->every == 0;
}

static void flip_range(struct trial *trial, const struct range *range)
{
    for (size_t i = range->first; i < range->end; i++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            if (!is_tried(range, 8 * (uint64_t)i + bit)) {
                continue;
            }
            const uint8_t changed = (uint8_t)(trial->data[i] ^ (1u << bit));
            put(trial, &changed, 1, i);
            count(trial, "flipped bit", 8 * (uint64_t)i + bit);
        }
        put(trial, &trial->data[i], 1, i);
    }
}

static void truncate_all(struct trial *trial)
{
    for (size_t i = trial->size; i-- > 0;) {
        cut(trial, i);
        count(trial, "truncated", i);
    }
    put(trial, trial->data, trial->size, 0);
}

static void append_all(struct trial *trial)
{
    for (unsigned value = 0; value < 256; value++) {
        const uint8_t byte = (uint8_t)value;
        put(trial, &byte, 1, trial->size);
        count(trial, "appended byte", value);
        cut(trial, trial->size);
    }
    static const uint8_t zeros[20 * 512];
    for (size_t size = 512; size <= sizeof(zeros); size += 512) {
        put(trial, zeros, size, trial->size);
        count(trial, "appended zeros", size);
        cut(trial, trial->size);
    }
}

/* FIRST, LAST and EVERY, count words of them; false where they are no range of the archive. */
static bool read_range(struct range *ret_range, char **words, int count, size_t size)
{
    unsigned long long numbers[] = {0, size - 1, 1};
    bool good = count == 0 || count == 2 || count == 3;
    for (int i = 0; good && i < count; i++) {
        char *rest = NULL;
        numbers[i] = strtoull(words[i], &rest, 10);
        good = *words[i] != '\0' && *rest == '\0';
    }
    *ret_range = (struct range){(size_t)numbers[0], (size_t)numbers[1] + 1, numbers[2]};
    return good && numbers[0] <= numbers[1] && numbers[1] < size && numbers[2] % 2 == 1;
}

static uint64_t flips_of(const struct range *range)
{
    uint64_t flips = 0;
    for (uint64_t bit = 8 * (uint64_t)range->first; bit < 8 * (uint64_t)range->end; bit++) {
        flips += is_tried(range, bit) ? 1u : 0u;
    }
    return flips;
}

int main(int argc, char **argv)
{
    struct cret_err err;
    cret_err_clear(&err);
    struct trial trial = {
        .request = {
            .jobs = 1, .payload_directory = -1, .allow_example_keys = true, .now = cret_os_now()}};
    struct cret_policy *policy = NULL;
    char *data = NULL;
    const char *const anchors[] = {argc >= 3 ? argv[2] : ""};
    struct range range = {0};
    if (argc < 3 ||
        cret_file_read(&data, &trial.size, argv[1], ARCHIVE_CAP, CRET_ERR_USAGE, &err) != CRET_OK ||
        cret_policy_from_anchors(&policy, anchors, 1, true, &err) != CRET_OK ||
        !read_range(&range, argv + 3, argc - 3, trial.size) ||
        (trial.fd = memfd_create("archive", MFD_CLOEXEC)) < 0) {
        fprintf(stderr, "usage: flips ARCHIVE ANCHOR [FIRST LAST [EVERY]]\n%s\n", err.what);
        return 2;
    }
    trial.data = (const uint8_t *)data;
    trial.request.policy = policy;
    put(&trial, data, trial.size, 0);
    int code = 1;
    if (verdict(&trial) != CRET_VERDICT_ACCEPTED) {
        printf("the archive itself is not accepted\n");
    } else {
        flip_range(&trial, &range);
        if (argc == 3) {
            truncate_all(&trial);
            append_all(&trial);
        }
        const uint64_t flips = flips_of(&range);
        const bool all = argc == 3 ? trial.tries > flips : trial.tries == flips && flips > 0;
        code = trial.accepted == 0 && trial.undecided == 0 && all ? 0 : 1;
        if (verdict(&trial) != CRET_VERDICT_ACCEPTED) {
            printf("the archive was not restored: the tries prove nothing\n");
            code = 1;
        }
    }
    printf("%zu bytes: %" PRIu64 " tries, %" PRIu64 " accepted, %" PRIu64 " undecided\n",
           trial.size, trial.tries, trial.accepted, trial.undecided);
    cret_policy_free(&policy);
    cret_os_close(&trial.fd);
    free(data);
    return code;
}
