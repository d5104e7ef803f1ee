/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/finding/limits.h"
#include "base/system/file.h"
#include "base/system/os.h"
#include "base/system/output.h"

static char folder[64];

static void setup(void)
{
    snprintf(folder, sizeof(folder), "/tmp/cretula-file-XXXXXX");
    cr_assert_not_null(mkdtemp(folder));
    cr_assert_eq(chdir(folder), 0);
    umask(022);
}

static void teardown(void)
{
    cr_assert_eq(chdir("/"), 0);
    cret_os_remove_tree(folder);
}

TestSuite(file, .init = setup, .fini = teardown);

static size_t entries(void)
{
    size_t count = 0;
    DIR *here = opendir(".");
    while (readdir(here) != NULL) {
        count++;
    }
    closedir(here);
    return count - 2;
}

Test(file, what_is_missing_too_large_or_no_file)
{
    struct cret_err err = {0};
    char *data = NULL;
    size_t size = 0;
    cr_assert_eq(cret_file_read(&data, &size, "none", 10, CRET_ERR_USAGE, &err), CRET_FAILED);
    cr_assert_eq(err.class, CRET_ERR_USAGE, "the class is the caller's");
    cr_assert_str_eq(err.where, "none");
    cr_assert_eq(cret_file_write("f", "12345678901", 11, 0644, NULL), CRET_OK);
    cr_assert_eq(cret_file_read(&data, &size, "f", 10, CRET_ERR_UNDECIDED, &err), CRET_FAILED);
    cr_assert_eq(err.class, CRET_ERR_UNDECIDED);
    cr_assert_not_null(strstr(err.what, "too large"), "%s", err.what);
    cr_assert_eq(cret_file_read(&data, &size, ".", 10, CRET_ERR_USAGE, &err), CRET_FAILED);
    cr_assert_eq(cret_file_read(&data, &size, "/dev/null", 10, CRET_ERR_USAGE, &err), CRET_FAILED);
    cr_assert_not_null(strstr(err.what, "regular"), "%s", err.what);
    cr_assert_eq(cret_file_read(&data, &size, "none", 10, CRET_ERR_USAGE, NULL), CRET_FAILED);
    cr_assert_null(data);
}

Test(file, files_are_read_whole_and_terminated)
{
    char *data = NULL, *large = malloc(300000);
    size_t size = 99;
    cr_assert_eq(cret_file_write("empty", "", 0, 0644, NULL), CRET_OK);
    cr_assert_eq(cret_file_read(&data, &size, "empty", 0, CRET_ERR_USAGE, NULL), CRET_OK);
    cr_assert(size == 0 && data[0] == '\0');
    free(data);
    memset(large, 'x', 300000);
    cr_assert_eq(cret_file_write("large", large, 300000, 0644, NULL), CRET_OK);
    cr_assert_eq(cret_file_read(&data, &size, "large", 300000, CRET_ERR_USAGE, NULL), CRET_OK);
    cr_assert(size == 300000 && memcmp(data, large, size) == 0 && data[size] == '\0');
    free(data);
    free(large);
}

/* From a pipe nobody knows the size before the end. */
static enum cret_status read_pipe(size_t written, size_t cap, size_t *ret_size)
{
    int ends[2];
    char *data = NULL;
    pid_t child = -1;
    cr_assert_eq(cret_os_pipe(&ends[0], &ends[1], NULL), CRET_OK);
    cr_assert_eq(cret_os_fork(&child, NULL, NULL), CRET_OK);
    if (child == 0) {
        signal(SIGPIPE, SIG_IGN);
        for (size_t i = 0; i < written; i++) {
            if (cret_os_write(ends[1], "x", 1, NULL) != CRET_OK) {
                break;
            }
        }
        cret_os_exit_now(0);
    }
    cret_os_close(&ends[1]);
    enum cret_status status = cret_file_read_fd(&data, ret_size, ends[0], cap, NULL);
    cret_os_close(&ends[0]);
    bool exited = false;
    int code = 0;
    bool ended = false;
    cr_assert_eq(cret_os_wait_until(child, UINT64_MAX, &ended, &exited, &code, NULL), CRET_OK);
    if (status == CRET_OK) {
        cr_assert_eq(data[*ret_size], '\0');
    }
    free(data);
    return status;
}

Test(file, a_pipe_is_read_up_to_the_cap)
{
    static const size_t sizes[] = {0, 1, 4095, 4096, 4097, 10000, 20000};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        size_t size = 0;
        cr_assert_eq(read_pipe(sizes[i], sizes[i], &size), CRET_OK, "%zu", sizes[i]);
        cr_assert_eq(size, sizes[i]);
        cr_assert_eq(read_pipe(sizes[i], 1u << 20, &size), CRET_OK, "%zu", sizes[i]);
        cr_assert_eq(size, sizes[i]);
        if (sizes[i] > 0) {
            cr_assert_eq(read_pipe(sizes[i], sizes[i] - 1, &size), CRET_FAILED, "%zu", sizes[i]);
        }
    }
}

/* lesson 22: no file under the final name until it is complete. */
Test(file, an_output_appears_complete_or_not_at_all)
{
    struct cret_output *output = NULL;
    struct cret_err err = {0};
    cr_assert_eq(cret_output_open(&output, "out", 0644, CRET_OUTPUT_REPLACE, &err), CRET_OK, "%s",
                 err.what);
    cr_assert_eq(cret_os_write(cret_output_fd(output), "half", 4, NULL), CRET_OK);
    cr_assert_neq(access("out", F_OK), 0);
    cret_output_discard(&output);
    cr_assert_null(output);
    cret_output_discard(&output);
    cr_assert_eq(entries(), 0);
    cr_assert_eq(cret_output_open(&output, "out", 0600, CRET_OUTPUT_REPLACE, &err), CRET_OK);
    cr_assert_eq(cret_os_write(cret_output_fd(output), "all", 3, NULL), CRET_OK);
    cr_assert_eq(cret_output_commit(&output, &err), CRET_OK, "%s", err.what);
    cr_assert_null(output);
    cr_assert_eq(entries(), 1);
    struct stat info;
    cr_assert_eq(stat("out", &info), 0);
    cr_assert_eq(info.st_size, 3);
    cr_assert_eq(info.st_mode & 0777, 0600);
}

Test(file, a_failed_write_leaves_the_old_file)
{
    struct cret_err err = {0};
    char *data = calloc(1, 8192), *old = NULL;
    size_t size = 0;
    cr_assert_eq(cret_file_write("out", "old", 3, 0644, NULL), CRET_OK);
    signal(SIGXFSZ, SIG_IGN);
    const struct rlimit limit = {4096, RLIM_INFINITY};
    setrlimit(RLIMIT_FSIZE, &limit);
    cr_assert_eq(cret_file_write("out", data, 8192, 0644, &err), CRET_FAILED);
    cr_assert_eq(err.class, CRET_ERR_UNDECIDED);
    cr_assert_str_eq(err.where, "out");
    cr_assert_eq(cret_file_write("new", data, 8192, 0644, &err), CRET_FAILED);
    cr_assert_neq(access("new", F_OK), 0);
    cr_assert_eq(entries(), 1, "and no temporary one");
    cr_assert_eq(cret_file_read(&old, &size, "out", 10, CRET_ERR_USAGE, NULL), CRET_OK);
    cr_assert_str_eq(old, "old");
    free(old);
    free(data);
}

Test(file, an_output_needs_its_folder)
{
    struct cret_output *output = NULL;
    struct cret_err err = {0};
    cr_assert_eq(cret_output_open(&output, "none/out", 0644, CRET_OUTPUT_REPLACE, &err),
                 CRET_FAILED);
    cr_assert_eq(err.class, CRET_ERR_UNDECIDED);
    cr_assert_null(output);
    mkdir("d", 0755);
    cr_assert_eq(cret_file_write("d", "x", 1, 0644, &err), CRET_FAILED);
    cr_assert_not_null(strstr(err.what, "folder"), "%s", err.what);
}

/* Sizes around one read, whose last piece is full, short or empty. */
Test(file, a_digest_is_that_of_every_byte, .init = setup, .fini = teardown)
{
    static const size_t sizes[] = {0, 1, CRET_IO_BYTES - 1, CRET_IO_BYTES, CRET_IO_BYTES + 1};
    char *data = malloc(CRET_IO_BYTES + 1);
    cr_assert_not_null(data);
    for (size_t i = 0; i < CRET_IO_BYTES + 1; i++) {
        data[i] = (char)(i * 31 + i / 256);
    }
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        uint8_t expected[CRET_SHA256_BYTES], digest[CRET_SHA256_BYTES];
        cr_assert_eq(cret_file_write("f", data, sizes[i], 0644, NULL), CRET_OK);
        cr_assert_eq(cret_sha256(expected, data, sizes[i], NULL), CRET_OK);
        cr_assert_eq(cret_file_sha256(digest, "f", NULL), CRET_OK);
        cr_expect_arr_eq(digest, expected, sizeof(expected), "%zu bytes", sizes[i]);
    }
    free(data);
    struct cret_err err;
    uint8_t digest[CRET_SHA256_BYTES];
    cret_err_clear(&err);
    cr_expect_neq(cret_file_sha256(digest, "missing", &err), CRET_OK);
    cr_expect_eq(err.class, CRET_ERR_UNDECIDED);
    cret_err_clear(&err);
    cr_assert_eq(mkdir("d", 0755), 0);
    cr_expect_neq(cret_file_sha256(digest, "d", &err), CRET_OK);
    cr_assert_eq(mkfifo("p", 0600), 0);
    cr_expect_neq(cret_file_sha256(digest, "p", &err), CRET_OK);
}
