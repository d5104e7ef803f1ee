/* SPDX-License-Identifier: Apache-2.0 */
/* The front of an archive: what is read is written back as the very same bytes. */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../fuzz.h"
#include "container/archive.h"

static void hold_front(struct cret_front *front, const uint8_t *data, size_t size)
{
    uint64_t written = 0;
    const int fd = fuzz_file("", 0);
    FUZZ_HOLD(front->end <= size);
    FUZZ_HOLD(cret_front_write(fd, front, &written, NULL) == CRET_OK);
    FUZZ_HOLD(written == front->end);
    FUZZ_HOLD(written == cret_layout_front_size(front->manifest_size, front->signatures,
                                                front->signature_count));
    const uint8_t *again = mmap(NULL, (size_t)written, PROT_READ, MAP_SHARED, fd, 0);
    FUZZ_HOLD(again != MAP_FAILED && memcmp(again, data, (size_t)written) == 0);
    munmap((void *)again, (size_t)written);
    close(fd);
    for (size_t i = 1; i < front->signature_count; i++) {
        FUZZ_HOLD(strcmp(front->signatures[i - 1].name, front->signatures[i].name) < 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cret_source *source = NULL;
    struct cret_front *front = NULL;
    struct cret_err err;
    cret_err_clear(&err);
    const int fd = fuzz_file(data, size);
    FUZZ_HOLD(cret_source_new(&source, fd, &err) == CRET_OK);
    if (cret_front_read(&front, source, &err) == CRET_OK) {
        hold_front(front, data, size);
    } else {
        FUZZ_HOLD(front == NULL);
        fuzz_hold_failure(&err, 1u << CRET_ERR_REFUSED);
    }
    cret_front_free(&front);
    cret_source_seek(source, 0);
    if (cret_front_read_alone(&front, source, NULL) == CRET_OK) {
        FUZZ_HOLD(front->signature_count == 0 && front->manifest_size <= size);
        FUZZ_HOLD(memcmp(front->manifest, data, front->manifest_size) == 0);
    } else {
        FUZZ_HOLD(front == NULL);
    }
    cret_front_free(&front);
    cret_source_free(&source);
    close(fd);
    return 0;
}
