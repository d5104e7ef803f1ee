/* SPDX-License-Identifier: Apache-2.0 */
/* Which advisory files --csaf names: those that are there, and what is left out is said. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/finding/limits.h"
#include "base/text/json.h"
#include "scene.h"
#include "verifier/child/advice_files.h"

static struct cret_advice_files files;
static struct cret_err err;

static void setup(void)
{
    scene_enter();
    cr_assert_eq(mkdir("d", 0755), 0);
}

static void teardown(void)
{
    cret_advice_files_clear(&files);
    scene_leave();
}

TestSuite(advice_files, .init = setup, .fini = teardown);

Test(advice_files, those_of_a_folder_and_one_that_is_named)
{
    char name[32];
    scene_write("x.txt", "{}");
    for (int i = 0; i < 70; i++) {
        snprintf(name, sizeof(name), "d/%02d.JSON", i);
        scene_write(name, "{}");
    }
    scene_write("d/provider.xml", "<x/>");
    cr_assert_eq(cret_advice_files_add(&files, "x.txt", &err), CRET_OK, "%s", err.what);
    cr_assert_eq(cret_advice_files_add(&files, "d", &err), CRET_OK, "%s", err.what);
    cr_assert_eq(files.count, 71);
    cr_expect(files.list[0].named);
    cr_expect_str_eq(files.list[70].name, "d/69.JSON");
    cr_expect_eq(cret_json_integer(json_array_get(files.left_out, 0), "count", 0), 1);
}

Test(advice_files, a_name_that_is_none)
{
    cr_expect_eq(cret_advice_files_add(&files, "missing.json", &err), CRET_FAILED);
    cr_expect_eq(err.class, CRET_ERR_USAGE);
    cr_expect_not_null(strstr(err.what, "there is no such file or folder: missing.json"), "%s",
                       err.what);
}

Test(advice_files, a_folder_without_any_says_what_lies_there)
{
    cr_expect_eq(cret_advice_files_add(&files, "d", &err), CRET_FAILED);
    cr_expect_eq(err.class, CRET_ERR_USAGE);
    cr_expect_not_null(strstr(err.what, "there is no .json file below d"), "%s", err.what);
    cr_expect_str_empty(err.actual);
    scene_write("d/index.txt", "");
    cr_expect_eq(cret_advice_files_add(&files, "d", &err), CRET_FAILED);
    cr_expect_not_null(strstr(err.actual, "1 of the kind"), "%s", err.actual);
}
