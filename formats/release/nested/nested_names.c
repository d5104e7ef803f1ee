/* SPDX-License-Identifier: Apache-2.0 */
/* Names of members as a program that unpacks them understands them. */
#include <stdlib.h>
#include <string.h>

#include "release/nested/nested_internal.h"

/* Links that are remembered for each archive; a root file system has some thousand. */
#define MOST_LINKS 100000u

char *cret_nested_normal(const char *name)
{
    char *path = malloc(strlen(name) + 1);
    size_t size = 0;
    if (path == NULL) {
        return NULL;
    }
    while (*name != '\0') {
        const size_t length = strcspn(name, "/");
        if (length == 2 && name[0] == '.' && name[1] == '.') {
            while (size > 0 && path[--size] != '/') {
            }
        } else if (length > 0 && !(length == 1 && name[0] == '.')) {
            if (size > 0) {
                path[size++] = '/';
            }
            memcpy(path + size, name, length);
            size += length;
        }
        name += length;
        name += *name == '/' ? 1 : 0;
    }
    path[size] = '\0';
    return path;
}

/* Whether one of the folders above a path is a link that the archive makes. */
static bool is_below_link(const struct cret_nested_level *level, char *path)
{
    bool below = false;
    for (char *slash = strchr(path, '/'); slash != NULL && !below; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        below = json_object_get(level->links, path) != NULL;
        *slash = '/';
    }
    return below;
}

enum cret_status cret_nested_follow_links(struct cret_nested_level *level, char *path, bool is_link,
                                          struct cret_err *err)
{
    if (level->links == NULL) {
        level->links = json_object();
        if (level->links == NULL) {
            return cret_err_memory(err);
        }
    }
    if (is_below_link(level, path)) {
        return cret_nested_refuse(level->job, err,
                                  "a member lies below a link: it may be written elsewhere", path);
    }
    if (!is_link) {
        return CRET_OK;
    }
    if (json_object_size(level->links) >= MOST_LINKS) {
        return cret_nested_refuse(level->job, err, "the archive has too many links", NULL);
    }
    return json_object_set_new_nocheck(level->links, path, json_true()) == 0 ? CRET_OK
                                                                             : cret_err_memory(err);
}
