/* SPDX-License-Identifier: Apache-2.0 */
#include "scene.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/system/os.h"
#include "verifier/verbs/verbs.h"

enum { WORDS_MAXIMUM = 24 };

static char folder[64];
static const char *argv[WORDS_MAXIMUM + 1];

void scene_enter(void)
{
    snprintf(folder, sizeof(folder), "/tmp/cretula-verifier-XXXXXX");
    cr_assert_not_null(mkdtemp(folder));
    cr_assert_eq(chdir(folder), 0);
}

void scene_leave(void)
{
    cr_expect_eq(chdir("/"), 0);
    cret_os_remove_tree(folder);
}

const char *scene_folder(void)
{
    return folder;
}

const char *scene_path(const char *name)
{
    static char paths[4][256];
    static size_t turn;
    char *path = paths[turn++ % 4];
    snprintf(path, sizeof(paths[0]), "%s/%s", folder, name);
    return path;
}

void scene_write(const char *name, const char *text)
{
    FILE *file = fopen(scene_path(name), "w");
    cr_assert_not_null(file, "%s", name);
    fputs(text, file);
    cr_assert_eq(fclose(file), 0);
    cr_assert_eq(chmod(scene_path(name), 0644), 0);
}

enum cret_err_class scene_begin(struct scene_run *run, const char *const *words)
{
    int count = 1;
    *run = (struct scene_run){.options = NULL};
    argv[0] = "cretula-verify";
    for (; words[count - 1] != NULL; count++) {
        cr_assert_lt(count, WORDS_MAXIMUM);
        argv[count] = words[count - 1];
    }
    argv[count] = NULL;
    run->options = cret_options_new(&cret_verify_program, count, (char *const *)argv);
    cr_assert_not_null(run->options);
    cret_err_clear(&run->err);
    cr_assert_eq(cret_options_parse(run->options, &run->err), CRET_OK, "%s", run->err.what);
    if (cret_site_bind(&run->site, run->options, "/nonexistent/verify.json", &run->err) ==
        CRET_OK) {
        return CRET_ERR_NONE;
    }
    cr_assert_null(run->site);
    return run->err.class;
}

void scene_end(struct scene_run *run)
{
    cret_site_free(&run->site);
    cret_options_free(&run->options);
}
