/* SPDX-License-Identifier: Apache-2.0 */
/* Files that are written while they are hashed: every byte in its place, and every file whole. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/system/os.h"
#include "scene.h"
#include "verifier/child/extract.h"

static struct cret_entry entry = {.path = "firmware.bin", .size = 4};
static struct cret_manifest_file file;
static const struct cret_manifest manifest = {.entries = &entry, .files = &file, .file_count = 1};
static struct cret_extract *extract;
static struct cret_err err;
static int folder;

static void setup(void)
{
    scene_enter();
    cret_err_clear(&err);
    folder = open(".", O_RDONLY | O_DIRECTORY);
    cr_assert_eq(cret_extract_new(&extract, folder, &manifest, false, &err), CRET_OK);
}

static void teardown(void)
{
    cret_extract_free(&extract);
    close(folder);
    scene_leave();
}

TestSuite(extract, .init = setup, .fini = teardown);

static enum cret_status write_at(uint64_t offset, const char *text)
{
    return cret_extract_write(extract, 0, offset, (const uint8_t *)text, strlen(text), &err);
}

Test(extract, writes_a_file_whole)
{
    cr_assert_eq(write_at(0, "ab"), CRET_OK);
    cr_assert_eq(write_at(2, "cd"), CRET_OK);
    cr_expect_eq(cret_extract_finish(extract, &err), CRET_OK);
    cr_expect_eq(access("firmware.bin", F_OK), 0);
}

Test(extract, takes_no_bytes_out_of_order)
{
    cr_assert_eq(write_at(0, "ab"), CRET_OK);
    cr_assert_eq(write_at(3, "d"), CRET_FAILED);
    cr_expect_eq(err.class, CRET_ERR_UNDECIDED);
    cr_expect_not_null(strstr(err.what, "out of order"), "%s", err.what);
}

Test(extract, a_file_that_was_not_written_to_its_end_fails)
{
    cr_assert_eq(write_at(0, "abc"), CRET_OK);
    cr_assert_eq(cret_extract_finish(extract, &err), CRET_FAILED);
    cr_expect_eq(err.class, CRET_ERR_UNDECIDED);
    cr_expect_not_null(strstr(err.what, "was not written to its end"), "%s", err.what);
}
