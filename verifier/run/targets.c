/* SPDX-License-Identifier: Apache-2.0 */
/* From operands to the files that are judged. */
#include "verifier/run/targets.h"

#include <stdlib.h>
#include <string.h>

#include "base/system/os.h"
#include "base/text/text.h"

#define ENDING ".tar"
enum { NAMED = 3 /* of those that are passed over */ };

/* Takes name over; NULL: no memory. */
static enum cret_status add(struct cret_targets *targets, char *name, struct cret_err *err)
{
    char **names = name == NULL
                       ? NULL
                       : reallocarray(targets->names, targets->count + 1, sizeof(*targets->names));
    if (names == NULL) {
        free(name);
        return cret_err_memory(err);
    }
    targets->names = names;
    targets->names[targets->count++] = name;
    return CRET_OK;
}

/* Whether it is called as archives are, without a dot in front, and is a file: no folder, no link,
 * no device. What nobody can say is taken: opening it tells why, and it is not passed over. */
static bool is_archive(const char *path, const char *name)
{
    struct cret_file_info info;
    struct cret_err ignored = {0};
    bool exists = false;
    const size_t size = strlen(path), ending = strlen(ENDING);
    return name[0] != '.' && size > ending && strcmp(path + size - ending, ENDING) == 0 &&
           (cret_os_stat_path(&info, &exists, path, &ignored) != CRET_OK || !exists ||
            info.kind == CRET_KIND_REGULAR);
}

static void pass_over(struct cret_targets *targets, const char *name)
{
    if (targets->passed_over++ < NAMED) {
        cret_buffer_printf(&targets->passed, "%s%s", targets->passed_over > 1 ? ", " : "", name);
    } else if (targets->passed_over == NAMED + 1) {
        cret_buffer_printf(&targets->passed, ", ...");
    }
}

static enum cret_status add_names(struct cret_targets *targets, const char *folder,
                                  char *const *names, size_t count, struct cret_err *err)
{
    const size_t before = targets->count, size = strlen(folder);
    const char *slash = size > 0 && folder[size - 1] == '/' ? "" : "/";
    for (size_t i = 0; i < count; i++) {
        char *path = cret_text_printf("%s%s%s", folder, slash, names[i]);
        if (path == NULL) {
            return cret_err_memory(err);
        }
        if (!is_archive(path, names[i])) {
            free(path);
            pass_over(targets, names[i]);
        } else if (add(targets, path, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    if (targets->count == before) {
        cret_err_usage(err, "there is no archive in the folder %s", folder);
        cret_err_expected(err, "files whose names end with " ENDING);
        return cret_err_hint(err, "name the archives themselves, or the folder that they are in");
    }
    return CRET_OK;
}

enum cret_status cret_targets_add_folder(struct cret_targets *targets, const char *folder,
                                         struct cret_err *err)
{
    int fd = -1;
    char **names = NULL;
    size_t count = 0;
    if (cret_os_open_directory(&fd, folder, err) != CRET_OK) {
        return CRET_FAILED;
    }
    enum cret_status status = cret_os_list(&names, &count, fd, err);
    cret_os_close(&fd);
    if (status == CRET_OK) {
        status = add_names(targets, folder, names, count, err);
    }
    cret_os_names_free(&names, count);
    return status;
}

enum cret_status cret_targets_find(struct cret_targets *ret_targets,
                                   const struct cret_options *options, struct cret_err *err)
{
    *ret_targets = (struct cret_targets){.several = cret_options_several(options)};
    for (size_t i = 0; i < cret_options_operand_count(options); i++) {
        const char *name = cret_options_operand(options, i);
        const enum cret_status status = ret_targets->several && cret_os_is_folder(name)
                                            ? cret_targets_add_folder(ret_targets, name, err)
                                            : add(ret_targets, strdup(name), err);
        if (status != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

void cret_targets_free(struct cret_targets *targets)
{
    cret_os_names_free(&targets->names, targets->count);
    cret_buffer_free(&targets->passed);
    targets->count = 0;
}
