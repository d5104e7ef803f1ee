/* SPDX-License-Identifier: Apache-2.0 */
/* Landlock: which files a process can still open. The interface is described here in full, because
 * the headers of a system are often older than its kernel: versions 1 to 7. */
#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/system/posix/os_confine_internal.h"

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule 445
#define SYS_landlock_restrict_self 446
#endif

enum { CREATE_VERSION = 1, RULE_PATH_BENEATH = 1 };

/* Rights on files, one bit each, by the version that brought them. */
enum {
    EXECUTE = 1 << 0,
    WRITE_FILE = 1 << 1,
    READ_FILE = 1 << 2,
    READ_DIR = 1 << 3,
    MAKE_DIR = 1 << 7,
    MAKE_REG = 1 << 8,
};
#define FILES_1 ((UINT64_C(1) << 13) - 1) /* EXECUTE ... MAKE_SYM */
#define FILES_2 (UINT64_C(1) << 13)       /* REFER */
#define FILES_3 (UINT64_C(1) << 14)       /* TRUNCATE */
#define FILES_5 (UINT64_C(1) << 15)       /* IOCTL_DEV */
#define NET_4 UINT64_C(3)                 /* BIND_TCP, CONNECT_TCP */
#define SCOPES_6 UINT64_C(3)              /* ABSTRACT_UNIX_SOCKET, SIGNAL */

struct ruleset {
    uint64_t files, net, scopes;
};

struct beneath {
    uint64_t allowed;
    int32_t folder;
} __attribute__((packed));

/* What is denied unless a rule allows it: all that this version knows. */
static struct ruleset denied(int version)
{
    return (struct ruleset){
        .files = FILES_1 | (version >= 2 ? FILES_2 : 0) | (version >= 3 ? FILES_3 : 0) |
                 (version >= 5 ? FILES_5 : 0),
        .net = version >= 4 ? NET_4 : 0,
        .scopes = version >= 6 ? SCOPES_6 : 0,
    };
}

/* A kernel takes no more fields than it knows. */
static size_t known_size(int version)
{
    return version >= 6   ? sizeof(struct ruleset)
           : version >= 4 ? 2 * sizeof(uint64_t)
                          : sizeof(uint64_t);
}

static int allow(int ruleset, int folder, uint64_t rights)
{
    const struct beneath rule = {.allowed = rights, .folder = folder};
    if (folder < 0) {
        return 0;
    }
    return syscall(SYS_landlock_add_rule, ruleset, RULE_PATH_BENEATH, &rule, 0) == 0 ? 0 : -errno;
}

static int add_rules(int ruleset, const struct cret_bounds *bounds)
{
    int result = allow(ruleset, bounds->reads_below, READ_FILE | READ_DIR);
    if (result == 0) {
        result = allow(ruleset, bounds->writes_below,
                       READ_FILE | READ_DIR | WRITE_FILE | MAKE_DIR | MAKE_REG);
    }
    if (result == 0 && bounds->reads_paths) {
        const int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
        result = root < 0 ? -errno : allow(ruleset, root, READ_FILE | READ_DIR);
        if (root >= 0) {
            close(root);
        }
    }
    return result;
}

int cret_os_landlock(const struct cret_bounds *bounds)
{
    const long version = syscall(SYS_landlock_create_ruleset, NULL, 0, CREATE_VERSION);
    if (version < 1) {
        return version < 0 ? -errno : -ENOSYS;
    }
    const struct ruleset attributes = denied((int)version);
    const int ruleset =
        (int)syscall(SYS_landlock_create_ruleset, &attributes, known_size((int)version), 0);
    if (ruleset < 0) {
        return -errno;
    }
    int result = add_rules(ruleset, bounds);
    if (result == 0 && syscall(SYS_landlock_restrict_self, ruleset, 0) != 0) {
        result = -errno;
    }
    close(ruleset);
    return result == 0 ? (int)version : result;
}
