/* SPDX-License-Identifier: Apache-2.0 */
/* The bytes of a package: to its signed lists, to the manifest, to whoever wants them. */
#include <inttypes.h>
#include <string.h>

#include "base/text/text.h"
#include "engine/inspect_internal.h"

/* Between two reports of progress. */
#define STEP_BYTES (8ull << 20)

/* One walk. */
struct walking {
    struct cret_inspect_run *run;
    uint64_t done, told, total;
};

static enum cret_status take(void *context, size_t member, uint64_t offset, const uint8_t *data,
                             size_t size, struct cret_err *err)
{
    struct walking *walking = context;
    struct cret_inspect_run *run = walking->run;
    const size_t entry = run->entry_of[member];
    walking->done += size;
    if (walking->done - walking->told >= STEP_BYTES && run->request->progress != NULL) {
        walking->told = walking->done;
        run->request->progress(run->request->context, walking->done, walking->total);
    }
    return entry < run->inspection->manifest->file_count && run->sink_wanted[entry]
               ? cret_inspect_sink(run, entry, offset, data, size, err)
               : CRET_OK;
}

enum cret_status cret_inspect_package_settle(const struct cret_package *package,
                                             struct cret_manifest *manifest, const size_t *entry_of,
                                             struct cret_err *err)
{
    if (manifest == NULL || entry_of == NULL || package->digests == NULL) {
        return cret_err_undecided(err, "internal error: a package that was not read");
    }
    for (size_t i = 0; i < package->zip->count; i++) {
        const size_t entry = entry_of[i];
        if (entry == manifest->file_count) {
            continue;
        }
        uint8_t *digest = manifest->entries[entry].sha256;
        if (package->release != NULL &&
            memcmp(digest, package->digests[i], CRET_SHA256_BYTES) != 0) {
            char expected[CRET_SHA256_HEX], actual[CRET_SHA256_HEX];
            cret_hex_encode(expected, digest, CRET_SHA256_BYTES);
            cret_hex_encode(actual, package->digests[i], CRET_SHA256_BYTES);
            cret_err_refuse(err, CRET_CHECK_PACKAGE_RELEASE,
                            "a file of the package is not the one of the release in it");
            cret_err_where(err, "%s", package->zip->members[i].name);
            cret_err_expected(err, "%s", expected);
            return cret_err_actual(err, "%s", actual);
        }
        memcpy(digest, package->digests[i], CRET_SHA256_BYTES);
    }
    return CRET_OK;
}

enum cret_status cret_inspect_package_walk(struct cret_inspect_run *run, struct cret_err *err)
{
    struct walking walking = {.run = run};
    for (size_t i = 0; i < run->package->zip->count; i++) {
        walking.total += run->package->zip->members[i].size;
    }
    run->inspection->engine = CRET_HASH_LIBRARY;
    run->inspection->has_engine = true;
    cret_source_seek(run->source, 0);
    return cret_package_walk(run->package, run->source, take, &walking, err) == CRET_OK
               ? cret_inspect_package_settle(run->package, run->inspection->manifest, run->entry_of,
                                             err)
               : CRET_FAILED;
}
