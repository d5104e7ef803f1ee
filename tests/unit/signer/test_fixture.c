/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/system/os.h"

static char folder[64];

void fixture_enter(void)
{
    snprintf(folder, sizeof(folder), "/tmp/cret-signer-XXXXXX");
    cr_assert_not_null(mkdtemp(folder));
    cr_assert_eq(chdir(folder), 0);
}

void fixture_leave(void)
{
    cr_expect_eq(chdir("/"), 0);
    cret_os_remove_tree(folder);
}

void fixture_write(const char *path, const void *data, size_t size)
{
    char part[512];
    for (const char *slash = strchr(path, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        snprintf(part, sizeof(part), "%.*s", (int)(slash - path), path);
        mkdir(part, 0755);
    }
    FILE *file = fopen(path, "wb");
    cr_assert_not_null(file, "%s", path);
    cr_assert_eq(fwrite(data, 1, size, file), size);
    cr_assert_eq(fclose(file), 0);
}

void fixture_text(const char *path, const char *text)
{
    fixture_write(path, text, strlen(text));
}

struct cret_description *fixture_load(const char *const *sets)
{
    struct cret_description *description = NULL;
    struct cret_err err;
    size_t count = 0;
    while (sets != NULL && sets[count] != NULL) {
        count++;
    }
    cret_err_clear(&err);
    cr_assert_eq(cret_description_load(&description, "release.yaml", sets, count, &err), CRET_OK,
                 "%s (%s)", err.what, err.where);
    return description;
}

static bool holds(const char *text, const char *words)
{
    return text != NULL && strstr(text, words) != NULL;
}

bool fixture_found(const struct cret_findings *findings, const char *where, const char *words)
{
    for (size_t i = 0; i < cret_findings_count(findings); i++) {
        const struct cret_finding *one = cret_findings_at(findings, i);
        if (one->result == CRET_RESULT_FAIL && one->where != NULL &&
            strcmp(one->where, where) == 0 &&
            (holds(one->reason, words) || holds(one->expected, words) ||
             holds(one->actual, words) || holds(one->hint, words))) {
            return true;
        }
    }
    return false;
}

bool fixture_stray(void)
{
    DIR *dir = opendir(".");
    bool stray = false;
    for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        stray = stray || (entry->d_name[0] == '.' && strcmp(entry->d_name, ".") != 0 &&
                          strcmp(entry->d_name, "..") != 0);
    }
    closedir(dir);
    return stray;
}
