/* SPDX-License-Identifier: Apache-2.0 */
/* Which files a run judges. */
#include <criterion/criterion.h>
#include <string.h>
#include <sys/stat.h>

#include "scene.h"
#include "verifier/run/targets.h"

static struct scene_run run;
static struct cret_targets targets;

static void teardown(void)
{
    cret_targets_free(&targets);
    scene_end(&run);
    scene_leave();
}

TestSuite(targets, .init = scene_enter, .fini = teardown);

static enum cret_status find(const char *const *words)
{
    cr_assert_eq(scene_begin(&run, words), CRET_ERR_NONE, "%s", run.err.what);
    return cret_targets_find(&targets, run.options, &run.err);
}

Test(targets, of_a_folder_those_that_end_so_in_order)
{
    cr_assert_eq(mkdir("d", 0755), 0);
    scene_write("d/b.tar", "");
    scene_write("d/a.cretula.tar", "");
    scene_write("d/c.txt", "");
    cr_assert_eq(find(WORDS("check", "x", "d")), CRET_OK, "%s", run.err.what);
    cr_assert_eq(targets.count, 3);
    cr_expect_str_eq(targets.names[0], "x");
    cr_expect_str_eq(targets.names[1], "d/a.cretula.tar");
    cr_expect_str_eq(targets.names[2], "d/b.tar");
    cr_expect(targets.several);
}

Test(targets, a_folder_without_any_is_no_answer)
{
    cr_assert_eq(mkdir("d", 0755), 0);
    scene_write("d/c.txt", "");
    scene_write("x.tar", "");
    cr_expect_eq(find(WORDS("check", "x.tar", "d")), CRET_FAILED);
    cr_expect_eq(run.err.class, CRET_ERR_USAGE);
    cr_expect_not_null(strstr(run.err.what, "there is no archive in the folder d"), "%s",
                       run.err.what);
}
