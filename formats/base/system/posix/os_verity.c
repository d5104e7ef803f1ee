/* SPDX-License-Identifier: Apache-2.0 */
/* What the kernel itself has measured of a file: fs-verity. */
#include <linux/fsverity.h>
#include <string.h>
#include <sys/ioctl.h>

#include "base/system/posix/os_internal.h"

enum { DIGEST_BYTES = 32 };

bool cret_os_measure_verity(int fd, uint8_t ret_digest[32])
{
    union {
        struct fsverity_digest head;
        uint8_t bytes[sizeof(struct fsverity_digest) + DIGEST_BYTES];
    } measured = {.head = {.digest_size = DIGEST_BYTES}};
    if (ioctl(fd, FS_IOC_MEASURE_VERITY, &measured) != 0 ||
        measured.head.digest_algorithm != FS_VERITY_HASH_ALG_SHA256 ||
        measured.head.digest_size != DIGEST_BYTES) {
        return false;
    }
    memcpy(ret_digest, measured.bytes + sizeof(struct fsverity_digest), DIGEST_BYTES);
    return true;
}
