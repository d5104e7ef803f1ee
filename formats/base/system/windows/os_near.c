/* SPDX-License-Identifier: Apache-2.0 */
/* Which file somebody meant whose path leads nowhere: one of nearly that name in the same folder.
 */
#include "base/system/windows/os_internal.h"

#include "base/text/nearest.h"
#include "base/text/path.h"
#include "base/text/shell.h"
#include "base/text/text.h"

void cret_os_hint_near(struct cret_err *err, const char *path)
{
    const char *name = cret_path_name(path);
    char *names = NULL;
    char *parent = name == path ? strdup(".") : strndup(path, (size_t)(name - path));
    size_t size = 0;
    int fd = -1;
    if (parent != NULL &&
        cret_win_open(&fd, CRET_OS_HERE, parent, CRET_WIN_READ | CRET_WIN_FOLDER) == 0 &&
        cret_win_names(fd, &names, &size) == 0) {
        struct cret_nearest nearest;
        cret_nearest_begin(&nearest, name);
        for (const char *one = names; one < names + size; one += strlen(one) + 1) {
            if (one[0] != '.' && strlen(one) < CRET_NEAREST_BYTES) {
                cret_nearest_consider(&nearest, one);
            }
        }
        char *near = nearest.name != NULL
                         ? cret_text_printf("%.*s%s", (int)(name - path), path, nearest.name)
                         : NULL;
        if (near != NULL) {
            cret_err_hint_file(err, "did you mean {}?", near);
        }
        free(near);
    }
    cret_win_close(fd);
    free(names);
    free(parent);
}
