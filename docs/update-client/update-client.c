/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An update client with two slots: verifies a release while its files are written into the slot
 * that is not in use, and switches only where all of it was accepted. An example of libcretula;
 * docs/update-client/README.md says how to use it. update-client CONFIGURATION SLOTS ARCHIVE ("-":
 * the archive comes through standard input)
 */
#define _GNU_SOURCE
#include <cretula.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Options by the names that a configuration has for them. */
static const struct {
    const char *name;
    enum cretula_option option;
} options[] = {
    {"anchor", CRETULA_OPTION_ANCHOR},
    {"trust", CRETULA_OPTION_TRUST},
    {"overlay", CRETULA_OPTION_OVERLAY},
    {"crl", CRETULA_OPTION_CRL},
    {"at", CRETULA_OPTION_AT},
    {"vendor", CRETULA_OPTION_VENDOR},
    {"product", CRETULA_OPTION_PRODUCT},
    {"hardware", CRETULA_OPTION_HARDWARE},
    {"min-sequence", CRETULA_OPTION_MIN_SEQUENCE},
    {"expect-identity", CRETULA_OPTION_EXPECT_IDENTITY},
    {"profile", CRETULA_OPTION_PROFILE},
    {"waivers", CRETULA_OPTION_WAIVERS},
    {"payload", CRETULA_OPTION_PAYLOAD},
    {"journal", CRETULA_OPTION_JOURNAL},
    {"asset", CRETULA_OPTION_ASSET},
    {"backout", CRETULA_OPTION_BACKOUT},
    {"allow-example-keys", CRETULA_OPTION_ALLOW_EXAMPLE_KEYS},
    {"allow-unconfined", CRETULA_OPTION_ALLOW_UNCONFINED},
    {"program", CRETULA_OPTION_PROGRAM},
};

/* The slot that is written, and the file that is. */
struct slot {
    int folder; /* of all slots */
    char name[8], fresh[16];
    int tree, file;
};

static int fail(const char *what, const char *name)
{
    fprintf(stderr, "update-client: %s %s: %s\n", what, name, strerror(errno));
    return -1;
}

/* One line a setting: its name, and behind a space its value; "min-sequence" comes from the active
 * slot where it is not set. */
static int configure(cretula_verifier *verifier, const char *path, int *ret_has_minimum)
{
    char line[4096];
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        return fail("cannot open", path);
    }
    while (fgets(line, sizeof(line), file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        char *value = strchr(line, ' ');
        enum cretula_option option = 0;
        if (line[0] == '\0' || line[0] == '#') {
            continue;
        }
        if (value != NULL) {
            *value++ = '\0';
        }
        for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
            option = strcmp(options[i].name, line) == 0 ? options[i].option : option;
        }
        if (option == 0) {
            fprintf(stderr, "update-client: %s: there is no setting %s\n", path, line);
            fclose(file);
            return -1;
        }
        *ret_has_minimum |= option == CRETULA_OPTION_MIN_SEQUENCE;
        if (cretula_verifier_set(verifier, option, value != NULL ? value : "") != 0) {
            break; /* the verifier judges nothing any more, and says why */
        }
    }
    const int failed = ferror(file);
    fclose(file);
    return failed ? fail("cannot read", path) : 0;
}

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *place)
{
    (void)info;
    (void)kind;
    (void)place;
    return remove(path);
}

static void remove_tree(const struct slot *slot, const char *name)
{
    char path[64];
    snprintf(path, sizeof(path), "/proc/self/fd/%d/%s", slot->folder, name);
    nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* The slot that is not in use, emptied. SLOTS/active is a link to the one that is. */
static int open_slot(struct slot *slot, const char *folder)
{
    char active[8] = "";
    slot->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (slot->folder < 0) {
        return fail("cannot open", folder);
    }
    const ssize_t size = readlinkat(slot->folder, "active", active, sizeof(active) - 1);
    if (size < 0 && errno != ENOENT) {
        return fail("cannot read", "active");
    }
    snprintf(slot->name, sizeof(slot->name), "%s",
             strcmp(active, "slot-a") == 0 ? "slot-b" : "slot-a");
    snprintf(slot->fresh, sizeof(slot->fresh), "%s.new", slot->name);
    remove_tree(slot, slot->fresh);
    if (mkdirat(slot->folder, slot->fresh, 0700) != 0) {
        return fail("cannot make", slot->fresh);
    }
    slot->tree = openat(slot->folder, slot->fresh, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return slot->tree < 0 ? fail("cannot open", slot->fresh) : 0;
}

/* No release older than the one in use: its sequence lies beside its slot. */
static int expect_newer(cretula_verifier *verifier, const struct slot *slot)
{
    char sequence[32] = "";
    const int fd = openat(slot->folder, "sequence", O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return errno == ENOENT ? 0 : fail("cannot open", "sequence");
    }
    const ssize_t size = read(fd, sequence, sizeof(sequence) - 1);
    close(fd);
    if (size <= 0) {
        return fail("cannot read", "sequence");
    }
    return cretula_verifier_set(verifier, CRETULA_OPTION_MIN_SEQUENCE, sequence);
}

static int close_file(struct slot *slot)
{
    const int done = slot->file < 0 || (fsync(slot->file) == 0 && close(slot->file) == 0) ? 0 : -1;
    slot->file = -1;
    return done;
}

/* cretula_begin: the next file, and the folders that it lies in. The library's paths never leave a
 * folder. */
static int begin(void *context, const cretula_file *file)
{
    struct slot *slot = context;
    char path[1024];
    if (close_file(slot) != 0 ||
        (size_t)snprintf(path, sizeof(path), "%s", cretula_file_path(file)) >= sizeof(path)) {
        return fail("cannot write", cretula_file_path(file));
    }
    for (char *slash = strchr(path, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdirat(slot->tree, path, 0755) != 0 && errno != EEXIST) {
            return fail("cannot make", path);
        }
        *slash = '/';
    }
    slot->file =
        openat(slot->tree, path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
    return slot->file < 0 ? fail("cannot make", path) : 0;
}

/* cretula_write */
static int write_bytes(void *context, const cretula_file *file, const void *data, size_t size)
{
    struct slot *slot = context;
    const char *next = data;
    while (size > 0) {
        const ssize_t count = write(slot->file, next, size);
        if (count < 0 && errno != EINTR) {
            return fail("cannot write", cretula_file_path(file));
        }
        next += count > 0 ? count : 0;
        size -= count > 0 ? (size_t)count : 0;
    }
    return 0;
}

/* A small file, whole or not at all. */
static int put(const struct slot *slot, const char *name, const char *text)
{
    char fresh[32];
    snprintf(fresh, sizeof(fresh), "%s.new", name);
    const int fd = openat(slot->folder, fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text) || fsync(fd) != 0 ||
        close(fd) != 0 || renameat(slot->folder, fresh, slot->folder, name) != 0) {
        return fail("cannot write", name);
    }
    return 0;
}

/* The new slot gets its name, then the link that a boot loader follows. The order matters: after a
 * power cut in between the old release is in use, and the way back to one that is older stays
 * closed. */
static int switch_over(struct slot *slot, const cretula_result *result)
{
    char sequence[32];
    uint64_t number = 0;
    if (close_file(slot) != 0 || cretula_result_sequence(result, &number) != 0) {
        return fail("cannot write", slot->fresh);
    }
    remove_tree(slot, slot->name);
    if (syncfs(slot->tree) != 0 ||
        renameat(slot->folder, slot->fresh, slot->folder, slot->name) != 0) {
        return fail("cannot rename", slot->fresh);
    }
    snprintf(sequence, sizeof(sequence), "%" PRIu64, number);
    if (put(slot, "sequence", sequence) != 0) {
        return -1;
    }
    if ((unlinkat(slot->folder, "active.new", 0) != 0 && errno != ENOENT) ||
        symlinkat(slot->name, slot->folder, "active.new") != 0 ||
        renameat(slot->folder, "active.new", slot->folder, "active") != 0 ||
        fsync(slot->folder) != 0) {
        return fail("cannot switch to", slot->name);
    }
    return 0;
}

static void tell(const cretula_result *result)
{
    printf("%s: %s\n", cretula_result_verdict_name(result), cretula_result_sentence(result));
    for (size_t i = 0; i < cretula_result_finding_count(result); i++) {
        const cretula_finding *finding = cretula_result_finding(result, i);
        if (strcmp(cretula_finding_result(finding), "FAIL") == 0) {
            printf("  FAIL %s: %s\n", cretula_finding_check(finding),
                   cretula_finding_sentence(finding));
        }
    }
    if (cretula_result_finding_count(result) == 0 && cretula_result_check(result) != NULL) {
        printf("  FAIL %s: %s\n", cretula_result_check(result), cretula_result_sentence(result));
    }
    if (cretula_result_hint(result) != NULL) {
        printf("  what to do: %s\n", cretula_result_hint(result));
    }
}

static int update(cretula_verifier *verifier, struct slot *slot, const char *archive)
{
    cretula_result *result =
        strcmp(archive, "-") == 0
            ? cretula_deliver_descriptor(verifier, 0, begin, write_bytes, slot)
            : cretula_deliver_file(verifier, archive, begin, write_bytes, slot);
    static const int codes[] = {
        [CRETULA_UNDECIDED] = 3, [CRETULA_REFUSED] = 1, [CRETULA_NOT_JUDGED] = 2};
    int code = 3;
    tell(result);
    if (cretula_result_accepted(result) == 1) {
        code = switch_over(slot, result) == 0 ? 0 : 3;
        if (code == 0) {
            printf("%s is in use now\n", slot->name);
        }
    } else {
        code = codes[cretula_result_verdict(result)];
    }
    cretula_result_free(result);
    return code;
}

int main(int argc, char **argv)
{
    struct slot slot = {.folder = -1, .tree = -1, .file = -1};
    int has_minimum = 0, code = 3;
    if (argc != 4) {
        fprintf(stderr, "usage: update-client CONFIGURATION SLOTS ARCHIVE\n");
        return 2;
    }
    cretula_verifier *verifier = cretula_verifier_new();
    if (verifier == NULL || configure(verifier, argv[1], &has_minimum) != 0 ||
        open_slot(&slot, argv[2]) != 0 || (!has_minimum && expect_newer(verifier, &slot) != 0)) {
        code = 2;
    } else {
        code = update(verifier, &slot, argv[3]);
        close_file(&slot);
        remove_tree(&slot, slot.fresh);
    }
    cretula_verifier_free(verifier);
    return code;
}
