/* SPDX-License-Identifier: Apache-2.0 */
/* The steps of a verification of an OPC UA package (docs/spec/uadipkg.md). */
#include "engine/inspect_internal.h"
#include "engine/package_manifest.h"

static enum cret_status fail(struct cret_inspect_run *run, const struct cret_err *err)
{
    cret_inspect_report(run, err);
    return CRET_FAILED;
}

enum cret_status cret_inspect_is_package(bool *ret_package, struct cret_source *source,
                                         struct cret_err *err)
{
    *ret_package = false;
    return cret_source_is_file(source) ? cret_package_recognize(ret_package, cret_source_fd(source),
                                                                cret_source_size(source), err)
                                       : CRET_OK;
}

/* What is not there for packages is said, instead of being left out in silence. */
static enum cret_status check_request(const struct cret_inspect_request *request,
                                      struct cret_err *err)
{
    if (request->payload_directory >= 0) {
        return cret_err_undecided(err, "--payload is for a detached release archive: an OPC UA "
                                       "package holds its files");
    }
    if (request->seal.name != NULL) {
        return cret_err_undecided(err, "a seal beside an OPC UA package is not read: %s",
                                  request->seal.name);
    }
    return CRET_OK;
}

static enum cret_status read_package(struct cret_inspect_run *run, bool unsigned_too)
{
    struct cret_err err = {0};
    if (cret_package_read(&run->package, cret_source_fd(run->source), cret_source_size(run->source),
                          unsigned_too, &err) != CRET_OK) {
        return fail(run, &err);
    }
    for (size_t i = 0; i < run->package->zip->count; i++) {
        run->packed = run->packed || run->package->zip->members[i].method != CRET_ZIP_STORED;
    }
    return CRET_OK;
}

enum cret_status cret_inspect_package(struct cret_inspect_run *run)
{
    struct cret_err err = {0};
    run->inspection->package = true;
    if (check_request(run->request, &err) != CRET_OK) {
        return fail(run, &err);
    }
    if (read_package(run, false) != CRET_OK || cret_inspect_package_steps(run) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_inspect_walk(run, &err) != CRET_OK) {
        return fail(run, &err);
    }
    if (cret_inspect_solution(run) != CRET_OK) {
        return CRET_FAILED;
    }
    cret_inspect_package_passed(run);
    return CRET_OK;
}

void cret_inspect_package_unverified(struct cret_inspect_run *run)
{
    run->inspection->package = true;
    if (read_package(run, true) == CRET_OK && cret_inspect_package_claims(run) == CRET_OK) {
        cret_inspect_solution_list(run);
    }
}
