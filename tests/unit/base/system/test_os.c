/* SPDX-License-Identifier: Apache-2.0 */
/* Files and folders: what is opened, made, written, named and removed. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/system/os.h"

static char folder[64];

/* Every test works in a fresh folder, which is also the current one. */
static void setup(void)
{
    snprintf(folder, sizeof(folder), "/tmp/cretula-os-XXXXXX");
    cr_assert_not_null(mkdtemp(folder));
    cr_assert_eq(chdir(folder), 0);
}

static void teardown(void)
{
    cr_assert_eq(chdir("/"), 0);
    cret_os_remove_tree(folder);
    cr_assert_neq(access(folder, F_OK), 0);
}

TestSuite(os, .init = setup, .fini = teardown);

static void put_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    cr_assert_not_null(file);
    fputs(text, file);
    fclose(file);
}

static void assert_content(const char *path, const char *expected)
{
    char text[256] = "";
    FILE *file = fopen(path, "r");
    cr_assert_not_null(file, "%s", path);
    cr_assert_eq(fread(text, 1, sizeof(text) - 1, file), strlen(expected), "%s", path);
    cr_assert_str_eq(text, expected);
    fclose(file);
}

static size_t entries(void)
{
    char **names = NULL;
    size_t count = 0;
    int fd = -1;
    cr_assert_eq(cret_os_open_directory(&fd, ".", NULL), CRET_OK);
    cr_assert_eq(cret_os_list(&names, &count, fd, NULL), CRET_OK);
    cret_os_names_free(&names, count);
    cret_os_close(&fd);
    return count;
}

Test(os, open_says_in_words_what_is_wrong_and_with_which_path)
{
    struct cret_err err = {0};
    int fd = -1;
    cr_assert_eq(cret_os_open_read(&fd, CRET_OS_HERE, "none.tar", &err), CRET_FAILED);
    cr_assert_eq(err.class, CRET_ERR_UNDECIDED);
    cr_assert_not_null(strstr(err.what, "none.tar"), "%s", err.what);
    cr_assert_not_null(strstr(err.what, "no such file"), "%s", err.what);
    cr_assert_str_eq(err.where, "none.tar");
    cr_assert_neq(err.hint[0], '\0');
    mkdir("d", 0755);
    cr_assert_eq(cret_os_open_read(&fd, CRET_OS_HERE, "d", &err), CRET_FAILED);
    cr_assert_not_null(strstr(err.what, "folder"), "%s", err.what);
    put_file("f", "x");
    cr_assert_eq(cret_os_open_read(&fd, CRET_OS_HERE, "f/x", &err), CRET_FAILED);
    cr_assert_not_null(strstr(err.what, "not a folder"), "%s", err.what);
    cr_assert_eq(cret_os_open_directory(&fd, "f", &err), CRET_FAILED);
    if (geteuid() != 0) {
        chmod("f", 0);
        cr_assert_eq(cret_os_open_read(&fd, CRET_OS_HERE, "f", &err), CRET_FAILED);
        cr_assert_not_null(strstr(err.what, "permission"), "%s", err.what);
    }
    cr_assert_eq(fd, -1);
}

Test(os, what_is_opened_does_not_reach_other_programs)
{
    int fd = -1, ends[2] = {-1, -1};
    put_file("f", "x");
    cr_assert_eq(cret_os_open_read(&fd, CRET_OS_HERE, "f", NULL), CRET_OK);
    cr_assert_eq(fcntl(fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
    cret_os_close(&fd);
    cr_assert_eq(fd, -1);
    cret_os_close(&fd);
    cret_os_close(NULL);
    cr_assert_eq(cret_os_pipe(&ends[0], &ends[1], NULL), CRET_OK);
    cr_assert_eq(fcntl(ends[0], F_GETFD) & fcntl(ends[1], F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
    cret_os_close(&ends[0]);
    cret_os_close(&ends[1]);
}

/* lesson 1: nothing below a folder is reached through a link. */
Test(os, no_link_is_followed_beneath_a_folder)
{
    struct cret_err err = {0};
    int here = -1, fd = -1;
    mkdir("in", 0755);
    mkdir("out", 0755);
    put_file("out/secret", "secret");
    put_file("in/file", "file");
    cr_assert_eq(symlink("../out", "in/link"), 0);
    cr_assert_eq(symlink("../out/secret", "in/last"), 0);
    cr_assert_eq(cret_os_open_directory(&here, "in", NULL), CRET_OK);
    static const char *const refused[] = {
        "link/secret", "last", "../out/secret", "/etc/passwd", "",      ".", "..",
        "link",        "a/",   "./file",        "none",        "file/x"};
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        cr_assert_eq(cret_os_open_read_beneath(&fd, here, refused[i], &err), CRET_FAILED, "%s",
                     refused[i]);
        cr_assert_eq(err.class, CRET_ERR_UNDECIDED);
    }
    cr_assert_eq(cret_os_open_read_beneath(&fd, here, "link/secret", &err), CRET_FAILED);
    cr_assert_not_null(strstr(err.what, "symbolic link"), "%s", err.what);
    cr_assert_eq(cret_os_open_read_beneath(&fd, here, "last", &err), CRET_FAILED);
    cr_assert_not_null(strstr(err.what, "symbolic link"), "%s", err.what);
    cr_assert_eq(cret_os_open_read_beneath(&fd, here, "file", &err), CRET_OK, "%s", err.what);
    cret_os_close(&fd);
    cret_os_close(&here);
}

Test(os, creating_beneath_a_folder_never_opens_what_exists)
{
    struct cret_err err = {0};
    int here = -1, fd = -1;
    mkdir("in", 0755);
    mkdir("out", 0755);
    put_file("in/old", "old");
    cr_assert_eq(symlink("../out", "in/link"), 0);
    cr_assert_eq(symlink("../out/new", "in/dangling"), 0);
    cr_assert_eq(cret_os_open_directory(&here, "in", NULL), CRET_OK);
    static const char *const refused[] = {"old",    "link/x", "dangling", "../x", "/tmp/x",
                                          "a/../x", "a//x",   "a/",       "",     "old/x"};
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        cr_assert_eq(cret_os_create_beneath(&fd, here, refused[i], 0644, &err), CRET_FAILED, "%s",
                     refused[i]);
    }
    assert_content("in/old", "old");
    cr_assert_neq(access("out/new", F_OK), 0);
    cr_assert_neq(access("out/x", F_OK), 0);
    cr_assert_eq(cret_os_create_beneath(&fd, here, "b/c/new", 0644, &err), CRET_OK, "%s", err.what);
    cr_assert_eq(cret_os_write(fd, "new", 3, &err), CRET_OK);
    cret_os_close(&fd);
    assert_content("in/b/c/new", "new");
    cr_assert_eq(cret_os_create_beneath(&fd, here, "b/c/other", 0644, &err), CRET_OK);
    cret_os_close(&fd);
    cret_os_close(&here);
}

Test(os, a_pipe_is_read_to_its_end_in_parts)
{
    int ends[2];
    char data[16] = "";
    size_t got = 0;
    cr_assert_eq(cret_os_pipe(&ends[0], &ends[1], NULL), CRET_OK);
    cr_assert_not(cret_os_seekable(ends[0]));
    cr_assert_eq(cret_os_write(ends[1], "abc", 3, NULL), CRET_OK);
    cr_assert_eq(cret_os_write(ends[1], "defgh", 5, NULL), CRET_OK);
    cret_os_close(&ends[1]);
    cr_assert_eq(cret_os_read(ends[0], data, 4, &got, NULL), CRET_OK);
    cr_assert_eq(got, 4);
    cr_assert_eq(cret_os_read(ends[0], data + 4, 12, &got, NULL), CRET_OK);
    cr_assert_eq(got, 4);
    cr_assert_str_eq(data, "abcdefgh");
    cr_assert_eq(cret_os_read(ends[0], data, 1, &got, NULL), CRET_OK);
    cr_assert_eq(got, 0);
    cret_os_close(&ends[0]);
}

Test(os, reading_and_writing_by_offset)
{
    struct cret_err err = {0};
    char data[8] = "";
    size_t got = 0;
    int fd = open("f", O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    cr_assert_eq(cret_os_pwrite(fd, "xyz", 3, 5ull << 30, &err), CRET_OK, "%s", err.what);
    cr_assert_eq(cret_os_pread(fd, data, 8, 5ull << 30, &got, &err), CRET_OK);
    cr_assert_eq(got, 3, "beyond 4 GiB (lesson 2)");
    cr_assert_str_eq(data, "xyz");
    cr_assert_eq(cret_os_pread(fd, data, 1, UINT64_MAX, &got, &err), CRET_FAILED);
    cr_assert_eq(cret_os_pwrite(fd, data, 1, INT64_MAX, &err), CRET_FAILED);
    struct cret_file_info info;
    cr_assert_eq(cret_os_stat_fd(&info, fd, &err), CRET_OK);
    cr_assert_eq(info.size, (5ull << 30) + 3);
    cr_assert_eq(info.kind, CRET_KIND_REGULAR);
    cr_assert(cret_os_seekable(fd));
    cret_os_close(&fd);
    cr_assert_eq(cret_os_read(-1, data, 1, &got, &err), CRET_FAILED);
    cr_assert_eq(cret_os_stat_fd(&info, -1, &err), CRET_FAILED);
}

/* lesson 22: a full disk and a limit are errors. */
Test(os, writing_where_there_is_no_space_fails)
{
    struct cret_err err = {0};
    int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
    cr_assert_geq(fd, 0);
    cr_assert_eq(cret_os_write(fd, "x", 1, &err), CRET_FAILED);
    cr_assert_not_null(strstr(err.what, "disk is full"), "%s", err.what);
    cret_os_close(&fd);
    signal(SIGXFSZ, SIG_IGN);
    const struct rlimit limit = {4096, 4096};
    setrlimit(RLIMIT_FSIZE, &limit);
    char data[8192] = "";
    fd = open("f", O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    cr_assert_eq(cret_os_write(fd, data, sizeof(data), &err), CRET_FAILED, "a short write");
    cr_assert_eq(cret_os_reserve(fd, 8192, &err), CRET_FAILED);
    cret_os_close(&fd);
}

Test(os, reserving_sets_the_length)
{
    struct cret_err err = {0};
    struct cret_file_info info;
    int fd = open("f", O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    cr_assert_eq(cret_os_reserve(fd, 100000, &err), CRET_OK, "%s", err.what);
    cr_assert_eq(cret_os_stat_fd(&info, fd, &err), CRET_OK);
    cr_assert_eq(info.size, 100000);
    cr_assert_eq(cret_os_reserve(fd, 0, &err), CRET_OK);
    cr_assert_eq(cret_os_reserve(fd, UINT64_MAX, &err), CRET_FAILED);
    cr_assert_eq(cret_os_reserve(fd, 1ull << 62, &err), CRET_FAILED);
    cret_os_close(&fd);
}

Test(os, stat_tells_kinds_apart_and_links_from_their_targets)
{
    struct cret_file_info info;
    struct cret_err err = {0};
    bool exists = true;
    cr_assert_eq(cret_os_stat_path(&info, &exists, "none", &err), CRET_OK);
    cr_assert_not(exists);
    put_file("f", "abc");
    chmod("f", 0640);
    cr_assert_eq(symlink("f", "l"), 0);
    mkdir("d", 0755);
    mkfifo("p", 0644);
    cr_assert_eq(cret_os_stat_path(&info, &exists, "f", &err), CRET_OK);
    cr_assert(exists && info.kind == CRET_KIND_REGULAR && info.size == 3 && info.mode == 0640 &&
              info.owner == geteuid());
    cr_assert_eq(cret_os_stat_path(&info, &exists, "l", &err), CRET_OK);
    cr_assert_eq(info.kind, CRET_KIND_SYMLINK);
    cr_assert_eq(cret_os_stat_path(&info, &exists, "d", &err), CRET_OK);
    cr_assert_eq(info.kind, CRET_KIND_DIRECTORY);
    cr_assert_eq(cret_os_stat_path(&info, &exists, "p", &err), CRET_OK);
    cr_assert_eq(info.kind, CRET_KIND_OTHER);
    cr_assert_eq(cret_os_stat_path(&info, &exists, "f/x", &err), CRET_OK);
    cr_assert_not(exists);
}

Test(os, renaming_to_a_new_name_never_replaces)
{
    struct cret_err err = {0};
    put_file("a", "a");
    put_file("b", "b");
    cr_assert_eq(cret_os_rename_new("a", "b", &err), CRET_FAILED);
    cr_assert_not_null(strstr(err.what, "exists already"), "%s", err.what);
    assert_content("b", "b");
    cr_assert_eq(cret_os_rename_new("a", "c", &err), CRET_OK);
    assert_content("c", "a");
    cr_assert_eq(cret_os_rename("c", "b", &err), CRET_OK);
    assert_content("b", "a");
    cr_assert_eq(cret_os_rename("none", "b", &err), CRET_FAILED);
    assert_content("b", "a");
}

static void publish(const char *final, const char *text)
{
    struct cret_err err = {0};
    char *path = NULL;
    int fd = -1;
    size_t before = entries();
    cr_assert_eq(cret_os_temporary_file(&fd, &path, final, 0644, &err), CRET_OK, "%s", err.what);
    cr_assert_eq(entries(), before + (path != NULL), "no name before the end");
    cr_assert_eq(cret_os_write(fd, text, strlen(text), &err), CRET_OK);
    bool taken = false;
    if (access(final, F_OK) == 0) {
        cr_assert_eq(cret_os_publish_new(fd, path, final, &taken, &err), CRET_FAILED);
        cr_assert(taken);
        cr_assert_eq(cret_os_publish_over(fd, path, final, &err), CRET_OK, "%s", err.what);
    } else {
        cr_assert_eq(cret_os_publish_new(fd, path, final, &taken, &err), CRET_OK, "%s", err.what);
        cr_assert_not(taken);
    }
    cret_os_close(&fd);
    free(path);
}

Test(os, a_file_gets_its_name_last_and_replaces_at_once)
{
    publish("new", "one");
    assert_content("new", "one");
    publish("new", "two");
    assert_content("new", "two");
    cr_assert_eq(entries(), 1, "nothing else stays");
}

/* What the programs do first must not take away what they do last. */
Test(os, a_hardened_process_publishes_too)
{
    cret_os_harden();
    cr_assert_eq(prctl(PR_GET_DUMPABLE), 0);
    cr_assert_eq(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), 1);
    struct rlimit limit = {1, 1};
    getrlimit(RLIMIT_CORE, &limit);
    cr_assert_eq(limit.rlim_max, 0);
    struct sigaction action;
    sigaction(SIGPIPE, NULL, &action);
    cr_assert_eq(action.sa_handler, SIG_IGN);
    if (geteuid() == 0) {
        cr_assert_eq(chown(".", 65534, 65534), 0);
        cr_assert_eq(setegid(65534), 0);
        cr_assert_eq(seteuid(65534), 0);
    }
    publish("new", "one");
    publish("new", "two");
    assert_content("new", "two");
    if (getuid() == 0) {
        cr_assert_eq(seteuid(0), 0);
    }
}

Test(os, a_temporary_file_needs_a_folder_and_a_file_name)
{
    struct cret_err err = {0};
    char *path = NULL;
    int fd = -1;
    mkdir("d", 0755);
    static const char *const refused[] = {"none/x", "d", "d/", ".", "..", "d/..", ""};
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        cr_assert_eq(cret_os_temporary_file(&fd, &path, refused[i], 0644, &err), CRET_FAILED, "%s",
                     refused[i]);
        cr_assert_eq(err.class, CRET_ERR_UNDECIDED);
    }
    cr_assert_null(path);
    cr_assert_eq(fd, -1);
    cr_assert_eq(entries(), 1);
}

Test(os, a_temporary_folder_is_private_and_lies_beside_the_final_one)
{
    char *path = NULL;
    struct stat info;
    int fd = -1;
    cr_assert_eq(cret_os_temporary_directory(&path, &fd, "./final", NULL), CRET_OK);
    cret_os_close(&fd);
    cr_assert_eq(stat(path, &info), 0);
    cr_assert(S_ISDIR(info.st_mode));
    cr_assert_eq(info.st_mode & 0777, 0700);
    cr_assert_eq(strncmp(path, "./.final.", 9), 0, "%s", path);
    free(path);
    struct cret_err err = {0};
    path = NULL;
    cr_assert_eq(cret_os_temporary_directory(&path, &fd, "none/final", &err), CRET_FAILED);
    cr_assert_null(path);
}

Test(os, removing_a_tree_does_not_follow_links)
{
    mkdir("keep", 0755);
    put_file("keep/file", "x");
    mkdir("tree", 0755);
    mkdir("tree/below", 0755);
    put_file("tree/below/f", "x");
    cr_assert_eq(symlink("../keep", "tree/link"), 0);
    cr_assert_eq(symlink("keep", "toplink"), 0);
    cret_os_remove_tree("tree");
    cr_assert_neq(access("tree", F_OK), 0);
    cret_os_remove_tree("toplink");
    assert_content("keep/file", "x");
    cret_os_remove_tree("none");
    cret_os_remove_tree(NULL);
    cret_os_unlink(NULL);
    cret_os_unlink("keep/file");
    cr_assert_neq(access("keep/file", F_OK), 0);
}

Test(os, folders_are_made_once)
{
    bool created = false;
    struct cret_err err = {0};
    cr_assert_eq(cret_os_make_directory("d", 0755, &created, &err), CRET_OK);
    cr_assert(created);
    cr_assert_eq(cret_os_make_directory("d", 0755, &created, &err), CRET_OK);
    cr_assert_not(created);
    put_file("f", "x");
    cr_assert_eq(cret_os_make_directory("f", 0755, &created, &err), CRET_FAILED);
    cr_assert_eq(cret_os_make_directory("none/d", 0755, &created, &err), CRET_FAILED);
    cr_assert_eq(cret_os_sync_parent("d/x", &err), CRET_OK);
    cr_assert_eq(cret_os_sync_parent("x", &err), CRET_OK);
    cr_assert_eq(cret_os_sync_parent("none/", &err), CRET_OK); /* what lies in this folder */
    cr_assert_eq(cret_os_sync_parent("none//x//", &err), CRET_FAILED);
    cr_assert_eq(cret_os_sync_parent("none/x", &err), CRET_FAILED);
}

Test(os, names_are_sorted_bytewise)
{
    static const char *const expected[] = {".hidden", "B", "a", "a-b", "\xc3\xa4"};
    char **names = NULL;
    size_t count = 0;
    int fd = -1;
    for (size_t i = 5; i-- > 0;) {
        put_file(expected[i], "");
    }
    cr_assert_eq(cret_os_open_directory(&fd, ".", NULL), CRET_OK);
    for (int round = 0; round < 2; round++) {
        cr_assert_eq(cret_os_list(&names, &count, fd, NULL), CRET_OK);
        cr_assert_eq(count, 5);
        for (size_t i = 0; i < count; i++) {
            cr_assert_str_eq(names[i], expected[i]);
        }
        cret_os_names_free(&names, count);
        cr_assert_null(names);
    }
    cret_os_close(&fd);
    cr_assert_eq(cret_os_list(&names, &count, -1, NULL), CRET_FAILED);
}

/* A file system without unnamed files: a hidden name until the end. */
Test(os, a_named_temporary_file_is_published_too)
{
    struct cret_err err = {0};
    put_file(".out.tmp", "new");
    put_file("out", "old");
    int fd = open(".out.tmp", O_RDWR | O_CLOEXEC);
    bool taken = false;
    cr_assert_eq(cret_os_publish_new(fd, ".out.tmp", "out", &taken, &err), CRET_FAILED);
    cr_assert(taken);
    assert_content("out", "old");
    cr_assert_eq(cret_os_publish_over(fd, ".out.tmp", "out", &err), CRET_OK, "%s", err.what);
    assert_content("out", "new");
    cr_assert_eq(entries(), 1);
    cr_assert_eq(cret_os_publish_over(fd, ".out.tmp", "out", &err), CRET_FAILED);
    assert_content("out", "new");
    cret_os_close(&fd);
}

Test(os, a_pipe_is_made_wide_and_never_narrower)
{
    int ends[2];
    cr_assert_eq(pipe(ends), 0);
    const int narrow = fcntl(ends[1], F_SETPIPE_SZ, 4096);
    cr_assert_gt(narrow, 0);
    cret_os_widen_pipe(ends[0]);
    const int wide = fcntl(ends[0], F_GETPIPE_SZ);
    cr_assert_gt(wide, narrow);
    const int wider = fcntl(ends[1], F_SETPIPE_SZ, 2 * wide); /* only where the machine allows it */
    cret_os_widen_pipe(ends[0]);
    cr_assert_eq(fcntl(ends[0], F_GETPIPE_SZ), wider > 0 ? wider : wide);
    close(ends[0]);
    close(ends[1]);
}

Test(os, what_is_no_pipe_is_not_widened)
{
    put_file("file", "bytes");
    int fd = open("file", O_RDONLY);
    cret_os_widen_pipe(fd);
    assert_content("file", "bytes");
    cr_assert_eq(lseek(fd, 0, SEEK_CUR), 0);
    close(fd);
    cret_os_widen_pipe(-1);
}
