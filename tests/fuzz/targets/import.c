/* SPDX-License-Identifier: Apache-2.0 */
/* Archives of vendors, which the signer expands: bounded, every member a file below the spool under
 * a name that stays below its folder. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../fuzz.h"
#include "signer/release/import.h"

static const struct cret_import_limits limits = {
    .members = 100, .bytes = 1u << 20, .slack = 64u << 10, .ratio = 100};

struct taken {
    size_t members;
    uint64_t bytes;
    const char *spool;
};

static enum cret_status take(void *context, const char *name, const char *spooled,
                             struct cret_err *err)
{
    (void)err;
    struct taken *taken = context;
    struct stat status;
    FUZZ_HOLD(name[0] != '\0' && name[0] != '/' && cret_utf8_valid(name, strlen(name)));
    for (const char *part = name; part != NULL;) {
        const char *slash = strchr(part, '/');
        const size_t size = slash != NULL ? (size_t)(slash - part) : strlen(part);
        FUZZ_HOLD(size > 0 && !(size == 1 && part[0] == '.'));
        FUZZ_HOLD(!(size == 2 && memcmp(part, "..", 2) == 0));
        part = slash != NULL ? slash + 1 : NULL;
    }
    FUZZ_HOLD(strncmp(spooled, taken->spool, strlen(taken->spool)) == 0);
    FUZZ_HOLD(lstat(spooled, &status) == 0 && S_ISREG(status.st_mode));
    taken->members++;
    taken->bytes += (uint64_t)status.st_size;
    return CRET_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cret_spool *spool = NULL;
    struct cret_err err;
    char path[64], beside[64];
    const int fd = fuzz_file(data, size);
    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    snprintf(beside, sizeof(beside), "/tmp/cretula-fuzz-import-%d", (int)getpid());
    cret_err_clear(&err);
    FUZZ_HOLD(cret_spool_open(&spool, beside, &err) == CRET_OK);
    struct taken taken = {.spool = spool->path};
    if (cret_import_expand(spool, path, &limits, take, &taken, &err) == CRET_OK) {
        FUZZ_HOLD(taken.members > 0 && taken.members <= limits.members);
        FUZZ_HOLD(taken.bytes <= limits.bytes);
        FUZZ_HOLD(taken.bytes <= limits.slack || taken.bytes <= limits.ratio * size);
    } else {
        fuzz_hold_failure(&err, 1u << CRET_ERR_USAGE);
    }
    cret_spool_free(&spool);
    close(fd);
    return 0;
}
