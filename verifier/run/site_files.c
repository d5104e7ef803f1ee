/* SPDX-License-Identifier: Apache-2.0 */
/* What a verb gets of what the site names: values, and files by descriptor. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/system/file.h"
#include "base/text/text.h"
#include "verifier/run/site_internal.h"
#include "verifier/run/trust_file.h"

/* What was attached to the options; never NULL. */
static const struct cret_site *site_of(const struct cret_options *options)
{
    static const struct cret_site none;
    const struct cret_site *site = cret_options_attached(options);
    return site != NULL ? site : &none;
}

const uint8_t *cret_site_digest(const struct cret_options *options)
{
    const struct cret_site *site = site_of(options);
    return site->present ? site->digest : NULL;
}

bool cret_site_names(const struct cret_options *options, enum cret_site_item item)
{
    return site_of(options)->items[item] != NULL;
}

const char *cret_site_value(const struct cret_options *options, enum cret_site_item item)
{
    const char *named = site_of(options)->items[item];
    return named != NULL ? named : cret_options_value(options, cret_site_item_option(item));
}

bool cret_site_asks_tpm(const struct cret_options *options)
{
    return site_of(options)->asks_tpm;
}

const uint8_t *cret_site_profile_digest(const struct cret_options *options)
{
    const struct cret_site *site = site_of(options);
    return site->has_profile_digest ? site->profile_digest : NULL;
}

/* --- files --- */

static enum cret_status open_named(int *ret_fd, const char *path,
                                   const struct cret_os_keepers *keepers, bool may_be_missing,
                                   struct cret_err *err)
{
    bool exists = true;
    if (cret_os_open_kept(ret_fd, may_be_missing ? &exists : NULL, path, CRET_KIND_REGULAR, keepers,
                          err) == CRET_OK) {
        return CRET_OK;
    }
    return cret_err_context(err, "what the site configuration rests on");
}

/* As an option names it: who gives the option answers for the path. */
static enum cret_status open_given(int *ret_fd, const char *path, bool may_be_missing,
                                   struct cret_err *err)
{
    struct cret_file_info info;
    bool exists = true;
    *ret_fd = -1;
    if (may_be_missing && cret_os_stat_path(&info, &exists, path, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (!exists || cret_os_open_file(ret_fd, path, err) == CRET_OK) {
        return CRET_OK;
    }
    cret_err_reclass(err, CRET_ERR_USAGE);
    return CRET_FAILED;
}

enum cret_status cret_site_open(int *ret_fd, const struct cret_options *options,
                                enum cret_site_item item, const char *suffix, struct cret_err *err)
{
    const char *value = cret_site_value(options, item);
    *ret_fd = -1;
    if (value == NULL) {
        return CRET_OK;
    }
    char *path = cret_text_printf("%s%s", value, suffix);
    if (path == NULL) {
        return cret_err_memory(err);
    }
    const bool beside = suffix[0] != '\0';
    const struct cret_site *site = site_of(options);
    /* The secret of the journal's head is for the account that keeps the journal. */
    const struct cret_os_keepers *keepers =
        item == CRET_SITE_JOURNAL_AUTH ? &site->journal_keepers : &site->keepers;
    const enum cret_status status = site->items[item] != NULL
                                        ? open_named(ret_fd, path, keepers, beside, err)
                                        : open_given(ret_fd, path, beside, err);
    free(path);
    return status;
}

enum cret_status cret_site_read(char **ret_text, size_t *ret_size,
                                const struct cret_options *options, enum cret_site_item item,
                                const char *suffix, size_t cap, struct cret_err *err)
{
    int fd = -1;
    *ret_text = NULL;
    *ret_size = 0;
    if (cret_site_open(&fd, options, item, suffix, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (fd < 0) {
        return CRET_OK;
    }
    const enum cret_status status = cret_file_read_fd(ret_text, ret_size, fd, cap, err);
    cret_os_close(&fd);
    if (status == CRET_OK) {
        return CRET_OK;
    }
    if (err->expected[0] != '\0') { /* too large: no such file */
        cret_err_reclass(err, CRET_ERR_USAGE);
    }
    cret_err_where(err, "%s%s", cret_site_value(options, item), suffix);
    return cret_err_context(err, "%s%s", cret_site_value(options, item), suffix);
}

/* Through the folder that was examined: its name is not looked up again. */
static enum cret_status replace_named(const struct cret_site *site, const char *path,
                                      const struct cret_held *held, const char *text, size_t size,
                                      struct cret_err *err)
{
    const char *slash = strrchr(path, '/');
    char *folder = strndup(path, slash == path ? 1 : (size_t)(slash - path));
    char inner[64];
    int fd = -1;
    enum cret_status status = CRET_FAILED;
    if (folder == NULL) {
        return cret_err_memory(err);
    }
    if (open_named(&fd, path, &site->keepers, false, err) != CRET_OK) {
        goto out;
    }
    cret_os_close(&fd);
    if (cret_os_open_kept(&fd, NULL, folder, CRET_KIND_DIRECTORY, &site->keepers, err) != CRET_OK) {
        cret_err_context(err, "what the site configuration rests on");
        goto out;
    }
    snprintf(inner, sizeof(inner), "/proc/self/fd/%d", fd);
    char *through = cret_text_printf("%s%s", inner, slash);
    if (through == NULL) {
        cret_err_memory(err);
        goto out;
    }
    status = cret_file_put(through, held, text, size, err);
    free(through);
    if (status != CRET_OK) {
        cret_err_where(err, "%s", path);
    }
out:
    cret_os_close(&fd);
    free(folder);
    return status;
}

enum cret_status cret_site_replace_trust(const struct cret_options *options,
                                         const struct cret_held *held, const char *text,
                                         size_t size, struct cret_err *err)
{
    const char *path = cret_site_value(options, CRET_SITE_TRUST);
    return cret_site_names(options, CRET_SITE_TRUST)
               ? replace_named(site_of(options), path, held, text, size, err)
               : cret_file_put(path, held, text, size, err);
}

/* --- the journal --- */

static enum cret_status check_journal(const struct cret_site *site, const char *folder,
                                      struct cret_err *err)
{
    int fd = -1;
    bool exists = false;
    enum cret_status status =
        cret_os_open_kept(&fd, &exists, folder, CRET_KIND_DIRECTORY, &site->journal_keepers, err);
    if (status == CRET_OK && exists) {
        status = cret_os_entries_kept(fd, folder, &site->journal_keepers, err);
    }
    cret_os_close(&fd);
    if (status == CRET_OK) {
        return CRET_OK;
    }
    if (site->journal_keepers.count == site->keepers.count && err->class == CRET_ERR_USAGE) {
        cret_err_hint(err, "give it to root, or to an account of its own that "
                           "`journalAccount` in the site configuration names; and chmod go-w");
    }
    return cret_err_context(err, "the site's journal");
}

enum cret_status cret_site_journal(const char **ret_folder, const struct cret_options *options,
                                   struct cret_err *err)
{
    const char *folder = cret_site_value(options, CRET_SITE_JOURNAL);
    if (cret_site_names(options, CRET_SITE_JOURNAL) &&
        check_journal(site_of(options), folder, err) != CRET_OK) {
        return CRET_FAILED;
    }
    *ret_folder = folder;
    return CRET_OK;
}

bool cret_site_names_recorders(const struct cret_options *options)
{
    return site_of(options)->record_anchor_count > 0;
}

/* Descriptors of the files, and names that lead to these and nowhere else. */
struct opened {
    int *fds;
    char **names;
    size_t count;
};

static void opened_clear(struct opened *opened)
{
    for (size_t i = 0; i < opened->count; i++) {
        cret_os_close(&opened->fds[i]);
        free(opened->names[i]);
    }
    free(opened->fds);
    free(opened->names);
}

static enum cret_status open_recorders(struct opened *opened, const struct cret_site *site,
                                       struct cret_err *err)
{
    opened->fds = calloc(site->record_anchor_count, sizeof(*opened->fds));
    opened->names = calloc(site->record_anchor_count, sizeof(*opened->names));
    if (opened->fds == NULL || opened->names == NULL) {
        return cret_err_memory(err);
    }
    for (size_t i = 0; i < site->record_anchor_count; i++) {
        if (open_named(&opened->fds[i], site->record_anchors[i], &site->keepers, false, err) !=
            CRET_OK) {
            return CRET_FAILED;
        }
        opened->names[i] = cret_text_printf("/proc/self/fd/%d", opened->fds[i]);
        opened->count++;
        if (opened->names[i] == NULL) {
            return cret_err_memory(err);
        }
    }
    return CRET_OK;
}

/* Puts a name in the place of another one; false where that one is not in the text. */
static bool rename_in(char *text, size_t size, const char *from, const char *to)
{
    char *at = strstr(text, from);
    if (at == NULL || strspn(at + strlen(from), "0123456789") > 0) {
        return false;
    }
    char *renamed = cret_text_printf("%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    if (renamed != NULL) {
        snprintf(text, size, "%s", renamed);
    }
    free(renamed);
    return true;
}

/* An error speaks of the file as the site names it, not of the descriptor it was read through. */
static void name_recorder(const struct cret_site *site, const struct opened *opened,
                          struct cret_err *err)
{
    for (size_t i = 0; i < opened->count; i++) {
        const char *from = opened->names[i], *to = site->record_anchors[i];
        const bool what = rename_in(err->what, sizeof(err->what), from, to);
        if (rename_in(err->where, sizeof(err->where), from, to) || what) {
            cret_err_where(err, "%s", to);
        }
    }
}

enum cret_status cret_site_recorders(struct cret_policy **ret_policy,
                                     const struct cret_options *options, bool allow_example_keys,
                                     struct cret_err *err)
{
    const struct cret_site *site = site_of(options);
    struct opened opened = {0};
    if (site->record_anchor_count == 0) {
        return cret_policy_from_anchors(ret_policy, cret_options_values(options, "anchor"),
                                        cret_options_count(options, "anchor"), allow_example_keys,
                                        err);
    }
    enum cret_status status = open_recorders(&opened, site, err);
    if (status == CRET_OK) {
        status = cret_policy_from_anchors(ret_policy, (const char *const *)opened.names,
                                          opened.count, allow_example_keys, err);
        if (status != CRET_OK) {
            name_recorder(site, &opened, err);
            cret_err_context(err, "recordAnchors of the site configuration");
        }
    }
    opened_clear(&opened);
    return status;
}
