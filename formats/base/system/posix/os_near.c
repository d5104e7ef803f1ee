/* SPDX-License-Identifier: Apache-2.0 */
/* Which file somebody meant whose path leads nowhere: one of nearly that name in the same folder.
 */
#include <dirent.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/system/posix/os_internal.h"
#include "base/text/nearest.h"
#include "base/text/path.h"
#include "base/text/shell.h"
#include "base/text/text.h"

enum { MOST_NAMES = 4096 /* that are compared */ };

/* The nearest name in an open folder; "" where none is near, or where the name itself is there. */
static void find_near(char found[CRET_NEAREST_BYTES], bool *ret_is_there, DIR *folder,
                      const char *name)
{
    struct dirent *entry = NULL;
    size_t best = SIZE_MAX;
    found[0] = '\0';
    for (int i = 0; i < MOST_NAMES && (entry = readdir(folder)) != NULL; i++) {
        struct cret_nearest nearest;
        const size_t size = strlen(entry->d_name);
        if (strcmp(entry->d_name, name) == 0) { /* a link that leads nowhere: no typing error */
            found[0] = '\0';
            *ret_is_there = true;
            return;
        }
        cret_nearest_begin(&nearest, name);
        if (entry->d_name[0] != '.' && size < CRET_NEAREST_BYTES) {
            cret_nearest_consider(&nearest, entry->d_name);
        }
        /* A folder has no order: among equals the first by name. */
        if (nearest.name != NULL &&
            (nearest.distance < best ||
             (nearest.distance == best && strcmp(entry->d_name, found) < 0))) {
            memcpy(found, entry->d_name, size + 1);
            best = nearest.distance;
        }
    }
}

void cret_os_hint_near(struct cret_err *err, const char *path)
{
    const char *name = cret_path_name(path);
    char found[CRET_NEAREST_BYTES];
    char *parent = name == path ? strdup(".") : strndup(path, (size_t)(name - path));
    DIR *folder = parent != NULL ? opendir(parent) : NULL;
    free(parent);
    if (folder == NULL) {
        return;
    }
    bool is_there = false;
    find_near(found, &is_there, folder, name);
    closedir(folder);
    if (is_there) {
        cret_err_hint(err, "the name is there, and is a link to something that is not: name the "
                           "file that it should lead to");
        return;
    }
    char *near = cret_text_printf("%.*s%s", (int)(name - path), path, found);
    if (near != NULL && found[0] != '\0') {
        cret_err_hint_file(err, "did you mean {}?", near);
    }
    free(near);
}
