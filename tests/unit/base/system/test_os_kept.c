/* SPDX-License-Identifier: Apache-2.0 */
/* Opening what nobody else can change. What needs other users is in
 * tests/e2e/operator/test_site.py. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/system/os.h"

static char folder[64];
static struct cret_os_keepers keepers;

static void setup(void)
{
    snprintf(folder, sizeof(folder), "/tmp/cretula-kept-XXXXXX");
    cr_assert_not_null(mkdtemp(folder));
    cr_assert_eq(chdir(folder), 0);
    cr_assert_eq(mkdir("a", 0755) + mkdir("a/b", 0755), 0);
    FILE *file = fopen("a/b/file", "w");
    cr_assert_not_null(file);
    fputs("text", file);
    fclose(file);
    cr_assert_eq(chmod("a", 0755) + chmod("a/b", 0755) + chmod("a/b/file", 0644), 0);
    keepers = (struct cret_os_keepers){.users = {0, geteuid()}, .count = 2, .sticky = true};
}

static void teardown(void)
{
    cr_assert_eq(chdir("/"), 0);
    cret_os_remove_tree(folder);
}

TestSuite(os_kept, .init = setup, .fini = teardown);

/* CRET_ERR_NONE: opened. */
static enum cret_err_class try(const char *name, enum cret_file_kind kind, struct cret_err *err)
{
    char path[256];
    int fd = -1;
    cret_err_clear(err);
    snprintf(path, sizeof(path), "%s%s%s", name[0] == '.' ? "" : folder, name[0] == '.' ? "" : "/",
             name);
    if (cret_os_open_kept(&fd, NULL, path, kind, &keepers, err) != CRET_OK) {
        cr_assert_eq(fd, -1);
        return err->class;
    }
    cr_assert_geq(fd, 0);
    cret_os_close(&fd);
    return CRET_ERR_NONE;
}

Test(os_kept, sound_ones_are_opened)
{
    struct cret_err err;
    char text[8] = "";
    size_t got = 0;
    int fd = -1;
    cr_assert_eq(try("a/b/file", CRET_KIND_REGULAR, &err), CRET_ERR_NONE, "%s", err.what);
    cr_assert_eq(try("a//b/./file", CRET_KIND_REGULAR, &err), CRET_ERR_NONE, "%s", err.what);
    cr_assert_eq(try("./a/b/file", CRET_KIND_REGULAR, &err), CRET_ERR_NONE, "%s", err.what);
    cr_assert_eq(try("a/b", CRET_KIND_DIRECTORY, &err), CRET_ERR_NONE, "%s", err.what);
    cr_assert_eq(cret_os_open_kept(&fd, NULL, "a/b/file", CRET_KIND_REGULAR, &keepers, &err),
                 CRET_OK);
    /* The descriptor is of the file that was examined, whatever becomes of its name. */
    cr_assert_eq(rename("a/b/file", "a/b/gone"), 0);
    cr_assert_eq(cret_os_read(fd, text, sizeof(text), &got, &err), CRET_OK);
    cr_assert_eq(got, 4);
    cret_os_close(&fd);
}

Test(os_kept, another_kind_or_a_link_is_not)
{
    struct cret_err err;
    cr_assert_eq(symlink("file", "a/b/link") + symlink("b", "a/c") + mkfifo("a/b/pipe", 0600), 0);
    cr_assert_eq(try("a/b/link", CRET_KIND_REGULAR, &err), CRET_ERR_USAGE);
    cr_assert_not_null(strstr(err.what, "symbolic link"));
    cr_assert_eq(try("a/c/file", CRET_KIND_REGULAR, &err), CRET_ERR_USAGE);
    cr_assert_not_null(strstr(err.where, "/a/c"));
    cr_assert_eq(try("a/c", CRET_KIND_DIRECTORY, &err), CRET_ERR_USAGE);
    cr_assert_eq(try("a/b/pipe", CRET_KIND_REGULAR, &err), CRET_ERR_USAGE);
    cr_assert_eq(try("a/b", CRET_KIND_REGULAR, &err), CRET_ERR_USAGE);
    cr_assert_eq(try("a/b/file", CRET_KIND_DIRECTORY, &err), CRET_ERR_USAGE);
    cr_assert_eq(try("a/b/file/x", CRET_KIND_REGULAR, &err), CRET_ERR_USAGE);
}

Test(os_kept, what_others_can_write_is_not)
{
    struct cret_err err;
    static const struct {
        const char *path;
        mode_t sound, unsound;
    } cases[] = {{"a/b/file", 0644, 0664}, {"a/b/file", 0644, 0646}, {"a/b", 0755, 0775},
                 {"a/b", 0755, 0757},      {"a", 0755, 0775},        {"a", 0755, 0757},
                 {".", 0700, 0702}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        cr_assert_eq(chmod(cases[i].path, cases[i].unsound), 0);
        cr_assert_eq(try("a/b/file", CRET_KIND_REGULAR, &err), CRET_ERR_USAGE, "%s", cases[i].path);
        cr_assert_not_null(strstr(err.what, "can be changed by others"));
        cr_assert_eq(chmod(cases[i].path, cases[i].sound), 0);
    }
    /* Sticky: on the way where that is asked for, at the end never. */
    cr_assert_eq(chmod("a/b", 01777), 0);
    cr_assert_eq(try("a/b/file", CRET_KIND_REGULAR, &err), CRET_ERR_NONE, "%s", err.what);
    cr_assert_eq(try("a/b", CRET_KIND_DIRECTORY, &err), CRET_ERR_USAGE);
    keepers.sticky = false;
    cr_assert_eq(try("a/b/file", CRET_KIND_REGULAR, &err), CRET_ERR_USAGE);
}

Test(os_kept, an_owner_who_is_no_keeper_is_another)
{
    struct cret_err err;
    keepers = (struct cret_os_keepers){.users = {geteuid() + 1}, .count = 1, .sticky = true};
    cr_assert_eq(try("a/b/file", CRET_KIND_REGULAR, &err), CRET_ERR_USAGE);
    keepers.count = 0;
    cr_assert_eq(try("a/b/file", CRET_KIND_REGULAR, &err), CRET_ERR_USAGE);
}

Test(os_kept, what_is_not_there)
{
    struct cret_err err;
    int fd = 7;
    bool exists = true;
    cr_assert_eq(try("a/b/nothing", CRET_KIND_REGULAR, &err), CRET_ERR_USAGE);
    cr_assert_eq(cret_os_open_kept(&fd, &exists, "a/b/nothing", CRET_KIND_REGULAR, &keepers, &err),
                 CRET_OK);
    cr_assert(!exists && fd == -1);
    exists = true;
    cr_assert_eq(cret_os_open_kept(&fd, &exists, "a/x/nothing", CRET_KIND_REGULAR, &keepers, &err),
                 CRET_OK);
    cr_assert(!exists && fd == -1);
    /* A folder that is none is no absence. */
    cr_assert_neq(cret_os_open_kept(&fd, &exists, "a/b/file/x", CRET_KIND_REGULAR, &keepers, &err),
                  CRET_OK);
    char name[300];
    memset(name, 'x', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    cr_assert_eq(try(name, CRET_KIND_REGULAR, &err), CRET_ERR_USAGE);
}

Test(os_kept, a_folder_with_its_entries)
{
    struct cret_err err;
    int fd = -1;
    cr_assert_eq(cret_os_open_kept(&fd, NULL, "a/b", CRET_KIND_DIRECTORY, &keepers, &err), CRET_OK);
    cr_assert_eq(cret_os_entries_kept(fd, "a/b", &keepers, &err), CRET_OK, "%s", err.what);
    cr_assert_eq(chmod("a/b/file", 0666), 0);
    cr_assert_neq(cret_os_entries_kept(fd, "a/b", &keepers, &err), CRET_OK);
    cr_assert_not_null(strstr(err.where, "a/b/file"));
    cr_assert_eq(chmod("a/b/file", 0644) + symlink("file", "a/b/link"), 0);
    cr_assert_neq(cret_os_entries_kept(fd, "a/b", &keepers, &err), CRET_OK);
    cret_os_close(&fd);
}

Test(os_kept, users_are_those_of_the_file)
{
    uint32_t user = 1;
    bool found = false;
    cr_assert_eq(cret_os_user_of_name(&user, &found, "root", NULL), CRET_OK);
    cr_assert(found && user == 0);
    static const char *const none[] = {"", "roo", "root:x", "no such user"};
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
        cr_assert_eq(cret_os_user_of_name(&user, &found, none[i], NULL), CRET_OK);
        cr_assert(!found, "%s", none[i]);
    }
}
