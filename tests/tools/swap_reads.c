/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Preloaded into a program: somebody who writes to a file while the program reads it, at a moment
 * that does not depend on time. Right before the SWAP_AT-th read that touches bytes SWAP_FROM to
 * SWAP_TO of SWAP_FILE, those bytes become the same ones of SWAP_WITH. SWAP_COUNT is a file of 8
 * bytes where all processes of the run count these reads.
 */
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct {
    _Atomic uint64_t *count;
    uint64_t at;
    off_t from, to;
    struct stat file;
    uint8_t *bytes;       /* of the file: a process that is confined opens nothing */
    const uint8_t *other; /* what they become */
} swap;

static void *map(const char *path, size_t size, int flags, int protection)
{
    const int fd = path != NULL ? open(path, flags | O_CLOEXEC) : -1;
    void *mapped = fd >= 0 ? mmap(NULL, size, protection, MAP_SHARED, fd, 0) : MAP_FAILED;
    close(fd);
    return mapped != MAP_FAILED ? mapped : NULL;
}

static uint64_t number(const char *name)
{
    const char *text = getenv(name);
    return text != NULL ? strtoull(text, NULL, 10) : 0;
}

__attribute__((constructor)) static void begin(void)
{
    const char *file = getenv("SWAP_FILE"), *counter = getenv("SWAP_COUNT");
    if (file == NULL || counter == NULL || stat(file, &swap.file) != 0) {
        return;
    }
    swap.at = number("SWAP_AT");
    swap.from = (off_t)number("SWAP_FROM");
    swap.to = (off_t)number("SWAP_TO");
    swap.bytes = map(file, (size_t)swap.to, O_RDWR, PROT_READ | PROT_WRITE);
    swap.other = map(getenv("SWAP_WITH"), (size_t)swap.to, O_RDONLY, PROT_READ);
    swap.count = map(counter, 8, O_RDWR, PROT_READ | PROT_WRITE);
    if (swap.bytes == NULL || swap.other == NULL) {
        abort();
    }
}

static void copy(void)
{
    memcpy(swap.bytes + swap.from, swap.other + swap.from, (size_t)(swap.to - swap.from));
}

static void before(int fd, size_t size, off_t offset)
{
    struct stat info;
    if (swap.count == NULL || fstat(fd, &info) != 0 || info.st_ino != swap.file.st_ino ||
        info.st_dev != swap.file.st_dev) {
        return;
    }
    if (offset < 0) {
        offset = lseek(fd, 0, SEEK_CUR);
    }
    if (offset < swap.to && offset + (off_t)size > swap.from &&
        atomic_fetch_add(swap.count, 1) + 1 == swap.at) {
        copy();
    }
}

ssize_t read(int fd, void *data, size_t size)
{
    before(fd, size, -1);
    return syscall(SYS_read, fd, data, size);
}

ssize_t pread64(int fd, void *data, size_t size, off64_t offset)
{
    before(fd, size, offset);
    return syscall(SYS_pread64, fd, data, size, offset);
}

ssize_t pread(int fd, void *data, size_t size, off_t offset)
{
    return pread64(fd, data, size, offset);
}

ssize_t copy_file_range(int in, off64_t *ret_from, int out, off64_t *ret_to, size_t size,
                        unsigned flags)
{
    before(in, size, ret_from != NULL ? *ret_from : -1);
    return syscall(SYS_copy_file_range, in, ret_from, out, ret_to, size, flags);
}

/* What the fortified calls become. */
ssize_t __read_chk(int fd, void *data, size_t size, size_t room);
ssize_t __read_chk(int fd, void *data, size_t size, size_t room)
{
    return size <= room ? read(fd, data, size) : (abort(), -1);
}

ssize_t __pread64_chk(int fd, void *data, size_t size, off64_t offset, size_t room);
ssize_t __pread64_chk(int fd, void *data, size_t size, off64_t offset, size_t room)
{
    return size <= room ? pread64(fd, data, size, offset) : (abort(), -1);
}

ssize_t __pread_chk(int fd, void *data, size_t size, off_t offset, size_t room);
ssize_t __pread_chk(int fd, void *data, size_t size, off_t offset, size_t room)
{
    return __pread64_chk(fd, data, size, offset, room);
}
