/* SPDX-License-Identifier: Apache-2.0 */
/* A whole archive through the engine, under a policy that trusts nobody: never accepted. */
#include <stdlib.h>
#include <sys/mman.h>

#include "base/system/os.h"
#include "engine/inspect.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct cret_policy nobody;
    const struct cret_inspect_request request = {
        .policy = &nobody, .now = 1793491200, .jobs = 1, .payload_directory = -1};
    struct cret_source *source = NULL;
    int fd = memfd_create("archive", MFD_CLOEXEC);
    if (fd < 0 || cret_os_pwrite(fd, data, size, 0, NULL) != CRET_OK) {
        cret_os_close(&fd);
        return 0;
    }
    if (cret_source_new(&source, fd, NULL) == CRET_OK) {
        struct cret_inspection *inspection = cret_inspect(source, &request);
        if (inspection != NULL && cret_verdict_exit_code(inspection->verdict) == 0) {
            abort();
        }
        cret_inspection_free(&inspection);
        cret_source_seek(source, 0);
        inspection = cret_inspect_unverified(source);
        cret_inspection_free(&inspection);
    }
    cret_source_free(&source);
    cret_os_close(&fd);
    return 0;
}
