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
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct {
    _Atomic uint64_t *count;
    uint64_t at;
    off_t from, to;
    struct stat file;
} swap;

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
    const int fd = open(counter, O_RDWR | O_CLOEXEC);
    void *page = fd >= 0 ? mmap(NULL, 8, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) : MAP_FAILED;
    close(fd);
    swap.at = number("SWAP_AT");
    swap.from = (off_t)number("SWAP_FROM");
    swap.to = (off_t)number("SWAP_TO");
    swap.count = page != MAP_FAILED ? page : NULL;
}

static void copy(void)
{
    const int from = open(getenv("SWAP_WITH"), O_RDONLY | O_CLOEXEC);
    const int to = open(getenv("SWAP_FILE"), O_WRONLY | O_CLOEXEC);
    static uint8_t block[4096];
    for (off_t at = swap.from; at < swap.to;) {
        const size_t left = (size_t)(swap.to - at);
        const long got =
            syscall(SYS_pread64, from, block, left < sizeof(block) ? left : sizeof(block), at);
        if (got <= 0 || syscall(SYS_pwrite64, to, block, got, at) != got) {
            abort();
        }
        at += got;
    }
    close(from);
    close(to);
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
