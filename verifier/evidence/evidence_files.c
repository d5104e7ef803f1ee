/* SPDX-License-Identifier: Apache-2.0 */
/* Writing the files of a run, each without its name. */
#include "verifier/evidence/evidence_files.h"

#include "base/system/os.h"

enum cret_status cret_evidence_prepare(struct cret_output **ret_output, const char *path,
                                       const void *data, size_t size, struct cret_err *err)
{
    if (cret_output_open(ret_output, path, 0644, CRET_OUTPUT_NEW, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return cret_os_write(cret_output_fd(*ret_output), data, size, err) == CRET_OK &&
                   cret_os_fsync(cret_output_fd(*ret_output), err) == CRET_OK
               ? CRET_OK
               : cret_err_context(err, "%s", path);
}

enum cret_status cret_evidence_prepare_report(struct cret_output **ret_output, const char *path,
                                              const struct cret_report_parts *parts,
                                              struct cret_err *err)
{
    struct cret_buffer page = {0};
    const enum cret_status status =
        cret_report_render(&page, parts, err) == CRET_OK
            ? cret_evidence_prepare(ret_output, path, page.data, page.size, err)
            : CRET_FAILED;
    cret_buffer_free(&page);
    return status == CRET_OK ? CRET_OK : cret_err_context(err, "--report");
}
