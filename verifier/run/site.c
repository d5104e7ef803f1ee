/* SPDX-License-Identifier: Apache-2.0 */
/* The file: reading it, and what it says. */
#include "verifier/run/site.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest/hash_engine.h"
#include "base/finding/limits.h"
#include "base/schema/rows.h"
#include "base/system/file.h"
#include "base/text/json.h"
#include "base/text/text.h"
#include "verifier/run/site_internal.h"
#include "verifier/tpm/tpm.h"

/* What a site can make mandatory, and the option that gives it. */
static const char *const mandatory_names[] = {
    "product", "vendor",   "hardware", "min-sequence", "change-id", "asset", "zone",
    "stage",   "acquired", "name",     "role",         "record",    NULL};

static const struct cret_field site_fields[] = {
    CRET_ROW_PURPOSE(CRET_REQUIRED, CRET_SITE_PURPOSE),
    CRET_ROW_LINE("trust", 0, "Path of the trust policy that every run uses."),
    CRET_ROW_LINE("overlay", 0, "Path of the site overlay that tightens the trust policy."),
    CRET_ROW_LINE("journal", 0, "Folder of the journal that every run adds a line to."),
    CRET_ROW_LINE(
        "journalAccount", 0,
        "User (name in /etc/passwd, or number) that the journal may belong to instead of root."),
    CRET_ROW_LINE("profile", 0, "Path of the profile that every run uses."),
    CRET_ROW_SHA256("profileSha256", 0, "SHA-256 that this profile must have."),
    CRET_ROW_LINE("station", 0, "Path of station.json, which provisioning of the TPM wrote."),
    CRET_ROW_LINE("tcti", 0, "Connection to the TPM. Default: device:/dev/tpmrm0."),
    CRET_ROW_LINE("journalAuth", 0,
                  "File with the authorization of the journal head. Default: journal.auth beside "
                  "station.json."),
    CRET_ROW_BOOLEAN(
        "tpm", 0, "Whether every run asks the TPM, as with --tpm; needs station. Default: false."),
    CRET_ROW_STRINGS(
        "recordAnchors", 0, CRET_FORMAT_LINE,
        "Paths of the certificates of whoever may have signed a record that is verified here.",
        .minimum = 1),
    CRET_ROW_ENUM("hash", 0, cret_hash_choices,
                  "What computes the digests of small files and of trees, as with --hash. Default: "
                  "auto."),
    CRET_ROW_BOOLEAN("allowUnconfined", 0,
                     "Whether --allow-unconfined may be given. Default: false."),
    CRET_ROW_BOOLEAN("allowAt", 0, "Whether --at may replace the clock. Default: false."),
    CRET_ROW_STRINGS("mandatory", 0, CRET_FORMAT_ENUM, "Options that every run must give.",
                     .values = mandatory_names),
    CRET_ROW_END,
};

const struct cret_file_format cret_site_format = {
    .purpose = CRET_SITE_PURPOSE,
    .words = "site configuration",
    .file = CRET_SITE_PATH,
    .fields = site_fields,
    .bytes = CRET_LIMIT_PEM_BYTES,
    .fault = CRET_ERR_USAGE,
};

/* What can be named: the field, and the option of the same meaning. */
static const struct {
    const char *field, *option;
    bool path;
} items[CRET_SITE_ITEMS] = {
    [CRET_SITE_TRUST] = {"trust", "trust", true},
    [CRET_SITE_OVERLAY] = {"overlay", "overlay", true},
    [CRET_SITE_PROFILE] = {"profile", "profile", true},
    [CRET_SITE_JOURNAL] = {"journal", "journal", true},
    [CRET_SITE_STATION] = {"station", "station", true},
    [CRET_SITE_TCTI] = {"tcti", "tcti", false},
    [CRET_SITE_JOURNAL_AUTH] = {"journalAuth", "journal-auth", true},
    [CRET_SITE_HASH] = {"hash", "hash", false},
};

const char *cret_site_item_option(enum cret_site_item item)
{
    return items[item].option;
}

/* A relative path would mean another file in every folder, a visitor's stick included. */
static enum cret_status take_path(const struct cret_site *site, char **ret_path, const char *path,
                                  const char *field, struct cret_err *err)
{
    if (path[0] != '/') {
        cret_err_usage(err, "the site configuration names a relative path");
        cret_err_where(err, "%s #/%s", site->path, field);
        cret_err_actual(err, "%s", path);
        return cret_err_expected(err, "a path that begins with /");
    }
    *ret_path = strdup(path);
    return *ret_path != NULL ? CRET_OK : cret_err_memory(err);
}

static enum cret_status take_items(struct cret_site *site, const json_t *json, struct cret_err *err)
{
    for (size_t i = 0; i < CRET_SITE_ITEMS; i++) {
        const char *text = cret_json_string(json, items[i].field);
        if (text == NULL) {
            continue;
        }
        if (items[i].path) {
            if (take_path(site, &site->items[i], text, items[i].field, err) != CRET_OK) {
                return CRET_FAILED;
            }
        } else if ((site->items[i] = strdup(text)) == NULL) {
            return cret_err_memory(err);
        }
    }
    return CRET_OK;
}

/* A TPM is the one that station.json describes: whoever may name that file names the TPM. So what
 * the site leaves out of a TPM that it names has its default, and is nobody else's to say. */
static enum cret_status take_tpm(struct cret_site *site, const json_t *json, struct cret_err *err)
{
    const char *station = site->items[CRET_SITE_STATION];
    site->asks_tpm = cret_json_boolean(json, "tpm", false);
    if (station == NULL) {
        const char *alone = site->asks_tpm                                ? "tpm"
                            : site->items[CRET_SITE_TCTI] != NULL         ? "tcti"
                            : site->items[CRET_SITE_JOURNAL_AUTH] != NULL ? "journalAuth"
                                                                          : NULL;
        if (alone == NULL) {
            return CRET_OK;
        }
        cret_err_usage(err, "the site configuration asks for a TPM and does not say which "
                            "one: `station` is missing");
        cret_err_where(err, "%s #/%s", site->path, alone);
        return cret_err_hint(err,
                             "have `station` name the station.json that `tpm provision` wrote");
    }
    const char *slash = strrchr(station, '/');
    if (site->items[CRET_SITE_TCTI] == NULL) {
        site->items[CRET_SITE_TCTI] = strdup(CRET_TPM_DEFAULT_TCTI);
    }
    if (site->items[CRET_SITE_JOURNAL_AUTH] == NULL) {
        site->items[CRET_SITE_JOURNAL_AUTH] =
            cret_text_printf("%.*sjournal.auth", (int)(slash - station + 1), station);
    }
    return site->items[CRET_SITE_TCTI] != NULL && site->items[CRET_SITE_JOURNAL_AUTH] != NULL
               ? CRET_OK
               : cret_err_memory(err);
}

static enum cret_status take_profile_digest(struct cret_site *site, const json_t *json,
                                            struct cret_err *err)
{
    const char *digest = cret_json_string(json, "profileSha256");
    if (digest != NULL && site->items[CRET_SITE_PROFILE] == NULL) {
        cret_err_usage(err, "the site configuration pins a profile that it does not name");
        return cret_err_where(err, "%s #/profileSha256", site->path);
    }
    site->has_profile_digest =
        digest != NULL &&
        cret_hex_decode(site->profile_digest, CRET_SHA256_BYTES, digest) == CRET_OK;
    return CRET_OK;
}

static enum cret_status take_account(struct cret_site *site, const json_t *json,
                                     struct cret_err *err)
{
    const char *name = cret_json_string(json, "journalAccount");
    uint32_t user = 0;
    bool found = false;
    site->journal_keepers = site->keepers;
    if (name == NULL) {
        return CRET_OK;
    }
    if (name[strspn(name, "0123456789")] == '\0' && strlen(name) <= 10 &&
        strtoull(name, NULL, 10) < UINT32_MAX) {
        user = (uint32_t)strtoull(name, NULL, 10);
    } else if (cret_os_user_of_name(&user, &found, name, err) != CRET_OK) {
        return CRET_FAILED;
    } else if (!found) {
        cret_err_usage(err,
                       "the site configuration names an account that this machine does "
                       "not have: %s",
                       name);
        cret_err_where(err, "%s #/journalAccount", site->path);
        cret_err_expected(err, "a user of /etc/passwd, or the number of one");
        return cret_err_hint(err, "correct it; for a user of a directory service give the number "
                                  "(id -u NAME)");
    }
    site->journal_keepers.users[site->journal_keepers.count++] = user;
    return CRET_OK;
}

static enum cret_status take_lists(struct cret_site *site, const json_t *json, struct cret_err *err)
{
    const json_t *anchors = json_object_get(json, "recordAnchors");
    site->record_anchors = calloc(json_array_size(anchors) + 1, sizeof(*site->record_anchors));
    if (site->record_anchors == NULL) {
        return cret_err_memory(err);
    }
    CRET_JSON_EACH_AT (index, value, anchors) {
        if (take_path(site, &site->record_anchors[index], json_string_value(value), "recordAnchors",
                      err) != CRET_OK) {
            return CRET_FAILED;
        }
        site->record_anchor_count++;
    }
    site->mandatory_names = mandatory_names;
    CRET_JSON_EACH (value, json_object_get(json, "mandatory")) {
        for (size_t i = 0; mandatory_names[i] != NULL; i++) {
            if (strcmp(json_string_value(value), mandatory_names[i]) == 0) {
                site->mandatory |= UINT64_C(1) << i;
            }
        }
    }
    return CRET_OK;
}

static enum cret_status take_fields(struct cret_site *site, const json_t *json,
                                    struct cret_err *err)
{
    if (take_items(site, json, err) != CRET_OK || take_tpm(site, json, err) != CRET_OK ||
        take_profile_digest(site, json, err) != CRET_OK ||
        take_account(site, json, err) != CRET_OK || take_lists(site, json, err) != CRET_OK) {
        return CRET_FAILED;
    }
    site->allow_unconfined = cret_json_boolean(json, "allowUnconfined", false);
    site->allow_at = cret_json_boolean(json, "allowAt", false);
    site->present = true;
    return CRET_OK;
}

static enum cret_status read_site(struct cret_site *site, int fd, struct cret_err *err)
{
    char *text = NULL;
    size_t size = 0;
    json_t *json = NULL;
    if (cret_file_read_fd(&text, &size, fd, cret_site_format.bytes, err) != CRET_OK ||
        cret_sha256(site->digest, text, size, err) != CRET_OK) {
        free(text);
        return cret_err_context(err, "the site configuration %s", site->path);
    }
    enum cret_status status =
        cret_file_format_read(&json, &cret_site_format, text, size, site->path, err);
    if (status == CRET_OK) {
        status = take_fields(site, json, err);
    }
    json_decref(json);
    free(text);
    return status;
}

/* The machine's own file and what it names are root's. What the caller names by --config is as safe
 * as he is: it may be his, and lie below a folder like /tmp, where nobody replaces what is his. */
static void set_keepers(struct cret_site *site, bool own)
{
    site->keepers = (struct cret_os_keepers){.users = {0}, .count = 1};
    if (!own) {
        site->keepers.sticky = true;
        if (cret_os_user_id() != 0) {
            site->keepers.users[site->keepers.count++] = cret_os_user_id();
        }
    }
}

enum cret_status cret_site_load(struct cret_site *site, const struct cret_options *options,
                                const char *default_path, struct cret_err *err)
{
    const char *given = cret_options_value(options, "config");
    enum cret_status status = CRET_FAILED;
    bool exists = false;
    int fd = -1;
    set_keepers(site, true);
    site->path = strdup(default_path);
    if (site->path == NULL) {
        return cret_err_memory(err);
    }
    /* Where it is not known whether it is there, a site's decision must not vanish. */
    if (cret_os_open_kept(&fd, &exists, default_path, CRET_KIND_REGULAR, &site->keepers, err) !=
        CRET_OK) {
        return cret_err_context(err, "site configuration");
    }
    if (exists && given != NULL && strcmp(given, default_path) != 0) {
        cret_err_usage(err, "--config contradicts this machine's own %s", default_path);
        cret_err_hint(err, "leave --config out");
        goto out;
    }
    if (!exists && given == NULL) {
        status = CRET_OK;
        goto out;
    }
    if (!exists) {
        set_keepers(site, false);
        free(site->path);
        site->path = strdup(given);
        if (site->path == NULL) {
            cret_err_memory(err);
            goto out;
        }
        if (cret_os_open_kept(&fd, NULL, given, CRET_KIND_REGULAR, &site->keepers, err) !=
            CRET_OK) {
            cret_err_context(err, "site configuration");
            goto out;
        }
    }
    status = read_site(site, fd, err);
out:
    cret_os_close(&fd);
    return status;
}

void cret_site_free(struct cret_site **site)
{
    if (site == NULL || *site == NULL) {
        return;
    }
    for (size_t i = 0; i < CRET_SITE_ITEMS; i++) {
        free((*site)->items[i]);
    }
    for (size_t i = 0; i < (*site)->record_anchor_count; i++) {
        free((*site)->record_anchors[i]);
    }
    free((*site)->record_anchors);
    free((*site)->path);
    free(*site);
    *site = NULL;
}

enum cret_status cret_site_sound(const json_t *json, const char *path, struct cret_err *err)
{
    struct cret_site *site = calloc(1, sizeof(*site));
    if (site == NULL || (site->path = strdup(path)) == NULL) {
        cret_site_free(&site);
        return cret_err_memory(err);
    }
    set_keepers(site, true);
    const enum cret_status status =
        cret_file_format_check(&cret_site_format, json, path, NULL, err) == CRET_OK
            ? take_fields(site, json, err)
            : CRET_FAILED;
    cret_site_free(&site);
    return status;
}
