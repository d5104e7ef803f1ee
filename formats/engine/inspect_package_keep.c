/* SPDX-License-Identifier: Apache-2.0 */
/* Files of a package of a solution, read once more because they are parsed. */
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "engine/inspect_internal.h"

/* One file, as it was when the package was walked. */
static enum cret_status keep_member(struct cret_inspect_run *run, size_t member,
                                    struct cret_err *err)
{
    const struct cret_package *package = run->package;
    const struct cret_watch *watch = &run->request->watch;
    uint8_t *data = NULL, digest[CRET_SHA256_BYTES];
    const size_t size = (size_t)package->zip->members[member].size;
    if (cret_zip_member_read(&data, package->zip, member, cret_source_fd(run->source),
                             CRET_LIMIT_PARSED_FILE_BYTES, err) != CRET_OK) {
        return CRET_FAILED;
    }
    enum cret_status status = cret_sha256(digest, data, size, err);
    if (status == CRET_OK && memcmp(digest, package->digests[member], sizeof(digest)) != 0) {
        status = cret_err_undecided(err, "the file changed while it was read");
    }
    if (status == CRET_OK) {
        status = cret_kept_take(run->kept, run->entry_of[member], 0, data, size, err);
    }
    free(data);
    if (watch->work != NULL) {
        watch->work(watch->context, size);
    }
    return status;
}

enum cret_status cret_inspect_package_keep(struct cret_inspect_run *run, uint64_t *room,
                                           struct cret_err *err)
{
    const struct cret_content content = cret_inspect_content(run);
    const size_t file_count = run->inspection->manifest->file_count;
    if (cret_kept_new(&run->kept, file_count, err) != CRET_OK ||
        cret_content_choose(&content, run->kept, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const uint64_t wanted = cret_kept_total(run->kept);
    if (wanted > *room) {
        cret_err_refuse(err, CRET_CHECK_ARCHIVE_LIMITS,
                        "the packages of the solution hold more SBOMs, attestations, advisories "
                        "and documents than are read of one file");
        cret_err_expected(err, "at most %u bytes of all packages together",
                          CRET_LIMIT_SOLUTION_PARSED_BYTES);
        return cret_err_hint(err, "ask the author of the solution for several smaller ones, or "
                                  "check each package by itself");
    }
    *room -= wanted;
    for (size_t i = 0; i < run->package->zip->count; i++) {
        const size_t entry = run->entry_of[i];
        if (entry < file_count && cret_kept_has(run->kept, entry) &&
            keep_member(run, i, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}
