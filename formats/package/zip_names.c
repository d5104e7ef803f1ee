/* SPDX-License-Identifier: Apache-2.0 */
/* Names of a ZIP file as a set. */
#include <stdlib.h>
#include <string.h>

#include "base/text/path.h"
#include "base/text/text.h"
#include "package/zip_form.h"

struct folded {
    char *text;
    size_t member;
};

static int compare(const void *left, const void *right)
{
    return strcmp(((const struct folded *)left)->text, ((const struct folded *)right)->text);
}

static enum cret_status refuse(struct cret_err *err, const char *name, const char *what)
{
    cret_err_refuse(err, CRET_CHECK_PACKAGE_ZIP, "%s", what);
    cret_err_where(err, "%s", name);
    return cret_err_hint(err, "ask the author of the package for one with names that are safe "
                              "on every system");
}

/* Why a name is not taken; nothing of it is repeated. */
static const char *danger(const char *name)
{
    const size_t size = strlen(name);
    if (!cret_utf8_valid(name, size)) {
        return "a name that is not UTF-8";
    }
    if (name[0] == '/') {
        return "a name that begins at the root of a system";
    }
    return cret_path_climbs(name) ? "a name leads out of the package"
                                  : "a name that is not safe on every system";
}

/* The name without the slash of a folder, folded. */
static enum cret_status fold(struct folded *ret_folded, const struct cret_zip *zip, size_t member,
                             struct cret_err *err)
{
    const char *name = zip->members[member].name;
    const size_t size = strlen(name) - (zip->members[member].folder ? 1 : 0);
    char *plain = strndup(name, size);
    bool ascii = true;
    if (plain == NULL) {
        return cret_err_memory(err);
    }
    for (size_t i = 0; i < size; i++) {
        ascii = ascii && (unsigned char)plain[i] < 0x80;
    }
    const bool safe = cret_utf8_valid(plain, size) && cret_path_original_safe(plain);
    if (safe && (ascii || (zip->members[member].flags & ZIP_FLAG_UTF8) != 0)) {
        ret_folded->text = cret_path_fold(plain);
        ret_folded->member = member;
        free(plain);
        return ret_folded->text != NULL ? CRET_OK : cret_err_memory(err);
    }
    refuse(err, safe ? name : "name of an entry",
           safe ? "a name has letters beyond ASCII and does not say that it is UTF-8"
                : danger(plain));
    free(plain);
    return CRET_FAILED;
}

/* How a name stands to another one with a slash behind it. */
static int order_below(const char *name, const char *folder)
{
    const size_t size = strlen(folder);
    const int order = strncmp(name, folder, size);
    return order != 0 ? order : (unsigned char)name[size] - '/';
}

/* Whether some of the sorted names lies below this one. */
static bool is_folder(const struct folded *names, size_t count, const char *text)
{
    size_t low = 0, high = count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = order_below(names[middle].text, text);
        if (order == 0) {
            return true;
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return false;
}

static enum cret_status check_set(const struct cret_zip *zip, const struct folded *names,
                                  struct cret_err *err)
{
    for (size_t i = 0; i < zip->count; i++) {
        const struct cret_zip_member *member = &zip->members[names[i].member];
        if (i > 0 && strcmp(names[i - 1].text, names[i].text) == 0) {
            const char *other = zip->members[names[i - 1].member].name;
            return refuse(err, member->name,
                          strcmp(other, member->name) == 0
                              ? "two entries have one name"
                              : "the names of two entries are one without regard to capital "
                                "letters");
        }
    }
    for (size_t i = 0; i < zip->count; i++) {
        const struct cret_zip_member *member = &zip->members[names[i].member];
        const bool holds = is_folder(names, zip->count, names[i].text);
        if (member->folder && !holds) {
            return refuse(err, member->name, "an entry for a folder in which nothing lies");
        }
        if (!member->folder && holds) {
            return refuse(err, member->name, "a name is that of a file and of a folder");
        }
    }
    return CRET_OK;
}

enum cret_status cret_zip_check_names(const struct cret_zip *zip, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct folded *names = calloc(zip->count, sizeof(*names));
    if (names == NULL) {
        return cret_err_memory(err);
    }
    for (size_t i = 0; i < zip->count; i++) {
        if (fold(&names[i], zip, i, err) != CRET_OK) {
            goto out;
        }
    }
    qsort(names, zip->count, sizeof(*names), compare);
    status = check_set(zip, names, err);
out:
    for (size_t i = 0; i < zip->count; i++) {
        free(names[i].text);
    }
    free(names);
    return status;
}
