/* SPDX-License-Identifier: Apache-2.0 */
#include "verifier/site.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/os.h"
#include "base/text.h"

static const char *const purposes[] = {"site/1", NULL};

/* What a site can make mandatory, and the option that gives it. */
static const char *const mandatory_names[CRET_SITE_MANDATORY + 1] = {
    "product", "hardware", "min-sequence", "change-id", "asset", "zone",
    "stage",   "acquired", "name",         "role",      "record", NULL};

const struct cret_field cret_site_fields[] = {
    {"cretula", CRET_KIND_STRING, CRET_FIELD_REQUIRED, CRET_FORMAT_ENUM, purposes, 0, 0, NULL,
     "The purpose of the file."},
    {"trust", CRET_KIND_STRING, 0, CRET_FORMAT_LINE, NULL, 0, 0, NULL,
     "Path of the trust policy that every run uses."},
    {"overlay", CRET_KIND_STRING, 0, CRET_FORMAT_LINE, NULL, 0, 0, NULL,
     "Path of the site overlay that tightens the trust policy."},
    {"journal", CRET_KIND_STRING, 0, CRET_FORMAT_LINE, NULL, 0, 0, NULL,
     "Folder of the journal that every run adds a line to."},
    {"profile", CRET_KIND_STRING, 0, CRET_FORMAT_LINE, NULL, 0, 0, NULL,
     "Path of the profile that every run uses."},
    {"profileSha256", CRET_KIND_STRING, 0, CRET_FORMAT_SHA256, NULL, 0, 0, NULL,
     "SHA-256 that this profile must have."},
    {"station", CRET_KIND_STRING, 0, CRET_FORMAT_LINE, NULL, 0, 0, NULL,
     "Path of station.json, which provisioning of the TPM wrote."},
    {"tcti", CRET_KIND_STRING, 0, CRET_FORMAT_LINE, NULL, 0, 0, NULL,
     "Connection to the TPM. Default: device:/dev/tpmrm0."},
    {"journalAuth", CRET_KIND_STRING, 0, CRET_FORMAT_LINE, NULL, 0, 0, NULL,
     "File with the authorization of the journal head. Default: journal.auth beside station.json."},
    {"tpm", CRET_KIND_BOOLEAN, 0, CRET_FORMAT_LINE, NULL, 0, 0, NULL,
     "Whether every run asks the TPM, as with --tpm. Default: false."},
    {"allowAt", CRET_KIND_BOOLEAN, 0, CRET_FORMAT_LINE, NULL, 0, 0, NULL,
     "Whether --at may replace the clock. Default: false."},
    {"mandatory", CRET_KIND_STRINGS, 0, CRET_FORMAT_ENUM, mandatory_names, 0, 0, NULL,
     "Options that every run must give."},
    {NULL, CRET_KIND_STRING, 0, CRET_FORMAT_LINE, NULL, 0, 0, NULL, NULL},
};

/* Nobody but root (or, for --config, the caller) may be able to change what is decided here. */
static enum cret_status check_owner(int fd, const char *path, bool is_default, struct cret_err *err)
{
    struct cret_file_info info;
    if (cret_os_stat_fd(&info, fd, err) != CRET_OK) {
        return cret_err_usage(err, "cannot examine the site configuration %s", path);
    }
    const bool owner_good = info.owner == 0 || (!is_default && info.owner == cret_os_user_id());
    if (info.kind != CRET_KIND_REGULAR || !owner_good || (info.mode & 022) != 0) {
        (void)cret_err_usage(err, "the site configuration %s can be changed by others than root", path);
        (void)cret_err_expected(err, "a regular file owned by root, writable by its owner only");
        (void)cret_err_actual(err, "owner %u, mode %04o", info.owner, info.mode & 07777u);
        return cret_err_hint(err, "chown root %s && chmod 644 %s", path, path);
    }
    return CRET_OK;
}

static enum cret_status take_string(char **ret_text, const json_t *json, const char *key,
                                    struct cret_err *err)
{
    const char *text = cret_json_string(json, key);
    if (text == NULL) {
        return CRET_OK;
    }
    /* A relative path would mean another file in every folder, a visitor's stick included. */
    if (text[0] != '/' && strcmp(key, "tcti") != 0) {
        (void)cret_err_usage(err, "the site configuration names a relative path");
        (void)cret_err_where(err, "#/%s", key);
        (void)cret_err_actual(err, "%s", text);
        return cret_err_expected(err, "a path that begins with /");
    }
    *ret_text = strdup(text);
    return *ret_text != NULL ? CRET_OK : cret_err_memory(err);
}

static enum cret_status take_profile(struct cret_site *site, const json_t *json,
                                     struct cret_err *err)
{
    const char *digest = cret_json_string(json, "profileSha256");
    if (take_string(&site->profile, json, "profile", err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (digest != NULL && site->profile == NULL) {
        (void)cret_err_usage(err, "the site configuration pins a profile that it does not name");
        return cret_err_where(err, "#/profileSha256");
    }
    site->has_profile_digest =
        digest != NULL && cret_hex_decode(site->profile_digest, CRET_SHA256_BYTES, digest) == CRET_OK;
    return CRET_OK;
}

static enum cret_status take_fields(struct cret_site *site, const json_t *json,
                                    struct cret_err *err)
{
    if (take_string(&site->trust, json, "trust", err) != CRET_OK ||
        take_string(&site->overlay, json, "overlay", err) != CRET_OK ||
        take_string(&site->journal, json, "journal", err) != CRET_OK ||
        take_profile(site, json, err) != CRET_OK ||
        take_string(&site->station, json, "station", err) != CRET_OK ||
        take_string(&site->tcti, json, "tcti", err) != CRET_OK ||
        take_string(&site->journal_auth, json, "journalAuth", err) != CRET_OK) {
        return CRET_FAILED;
    }
    site->mandatory_tpm = cret_json_boolean(json, "tpm", false);
    site->allow_at = cret_json_boolean(json, "allowAt", false);
    size_t index;
    json_t *value;
    json_array_foreach (json_object_get(json, "mandatory"), index, value) {
        for (size_t i = 0; mandatory_names[i] != NULL; i++) {
            if (strcmp(json_string_value(value), mandatory_names[i]) == 0) {
                site->mandatory[i] = true;
            }
        }
    }
    site->present = true;
    return CRET_OK;
}

/* What the configuration rests on must be as safe as it is: a policy that anybody can write would
 * decide for everybody. */
static enum cret_status check_safe_path(const char *path, struct cret_err *err)
{
    struct cret_file_info info;
    bool exists = false;
    if (cret_os_stat_path(&info, &exists, path, err) != CRET_OK || !exists) {
        return cret_err_usage(err, "%s, which the site configuration rests on, is not there", path);
    }
    if (info.kind != CRET_KIND_REGULAR || (info.owner != 0 && info.owner != cret_os_user_id()) ||
        (info.mode & 022) != 0) {
        (void)cret_err_usage(err, "%s, which the site configuration rests on, can be changed by "
                                  "others", path);
        (void)cret_err_expected(err, "a regular file owned by root, writable by its owner only");
        (void)cret_err_actual(err, "owner %u, mode %04o", info.owner, info.mode & 07777u);
        return cret_err_hint(err, "chown root %s && chmod go-w %s", path, path);
    }
    return CRET_OK;
}

/* The first finding as the error of a configuration file. */
static enum cret_status first_fault(const struct cret_findings *findings, const char *path,
                                    struct cret_err *err)
{
    (void)cret_err_usage(err, "the site configuration is not valid");
    (void)cret_err_where(err, "%s", path);
    if (cret_findings_count(findings) > 0) {
        const struct cret_finding *finding = cret_findings_at(findings, 0);
        (void)cret_err_usage(err, "the site configuration is not valid: %s", finding->reason);
        (void)cret_err_where(err, "%s, %s", path, finding->where != NULL ? finding->where : "#");
        if (finding->expected != NULL) {
            (void)cret_err_expected(err, "%s", finding->expected);
        }
        if (finding->actual != NULL) {
            (void)cret_err_actual(err, "%s", finding->actual);
        }
    }
    return CRET_FAILED;
}

static enum cret_status read_site(struct cret_site *site, const char *path, bool is_default,
                                  struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    int fd = -1;
    char *text = NULL;
    size_t size = 0;
    json_t *json = NULL;
    struct cret_findings *findings = cret_findings_new();
    if (findings == NULL) {
        (void)cret_err_memory(err);
        goto out;
    }
    if (cret_os_open_file(&fd, path, err) != CRET_OK) {
        err->class = CRET_ERR_USAGE;
        (void)cret_err_context(err, "site configuration");
        goto out;
    }
    if (check_owner(fd, path, is_default, err) != CRET_OK ||
        cret_file_read_fd(&text, &size, fd, CRET_LIMIT_PEM_BYTES, err) != CRET_OK ||
        cret_sha256(site->digest, text, size, err) != CRET_OK) {
        goto out;
    }
    if (cret_json_parse(&json, text, size, CRET_JSON_STRICT, CRET_CHECK_MANIFEST_FORM, err) !=
        CRET_OK) {
        err->class = CRET_ERR_USAGE;
        (void)cret_err_context(err, "the site configuration %s", path);
        goto out;
    }
    if (cret_schema_validate(cret_site_fields, json, CRET_SCHEMA_MANIFEST,
                             CRET_CHECK_MANIFEST_FORM, findings) != CRET_OK) {
        (void)first_fault(findings, path, err);
        goto out;
    }
    status = take_fields(site, json, err);
out:
    cret_findings_free(&findings);
    json_decref(json);
    free(text);
    cret_os_close(&fd);
    return status;
}

/* Whether the verb that runs has an option at all: what judges no release needs no expectation. */
static bool verb_has(const struct cret_options *options, const char *name)
{
    const struct cret_verb *verb = cret_options_verb(options);
    const struct cret_option *option = NULL;
    for (size_t i = 0; verb != NULL && (option = cret_verb_option(verb, i)) != NULL; i++) {
        if (strcmp(option->name, name) == 0) {
            return true;
        }
    }
    return false;
}

static enum cret_status hold_options(const struct cret_site *site,
                                     const struct cret_options *options, struct cret_err *err)
{
    /* Options that would undo what the site decided. */
    const struct {
        const char *name;
        bool refused;
        const char *hint;
    } rules[] = {
        {"anchor", site->trust != NULL, "leave the option out; the site's own trust is used"},
        {"allow-example-keys", true, "a station of a site trusts no published keys; try things out "
                                     "on another machine"},
        {"at", !site->allow_at, "leave the option out; `allowAt` in the site configuration lets "
                                "another time stand for the clock's"}};
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        if (rules[i].refused && cret_options_given(options, rules[i].name)) {
            (void)cret_err_usage(err, "the site configuration does not allow --%s", rules[i].name);
            return cret_err_hint(err, "%s", rules[i].hint);
        }
    }
    const struct {
        const char *name;
        const char *decided;
    } fixed[] = {{"trust", site->trust},
                 {"overlay", site->overlay},
                 {"journal", site->journal},
                 {"profile", site->profile},
                 {"station", site->station},
                 {"tcti", site->tcti},
                 {"journal-auth", site->journal_auth}};
    for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++) {
        const char *given = cret_options_value(options, fixed[i].name);
        if (fixed[i].decided != NULL && given != NULL && strcmp(fixed[i].decided, given) != 0) {
            (void)cret_err_usage(err, "the site configuration does not allow another --%s",
                                 fixed[i].name);
            (void)cret_err_expected(err, "%s", fixed[i].decided);
            return cret_err_hint(err, "leave the option out");
        }
    }
    for (size_t i = 0; mandatory_names[i] != NULL; i++) {
        if (site->mandatory[i] && verb_has(options, mandatory_names[i]) &&
            !cret_options_given(options, mandatory_names[i])) {
            return cret_err_usage(err, "the site configuration makes --%s mandatory",
                                  mandatory_names[i]);
        }
    }
    return CRET_OK;
}

enum cret_status cret_site_load(struct cret_site *ret_site, const char *default_path,
                                const struct cret_options *options, struct cret_err *err)
{
    memset(ret_site, 0, sizeof(*ret_site));
    struct cret_file_info info;
    bool exists = false;
    if (cret_os_stat_path(&info, &exists, default_path, err) != CRET_OK) {
        /* It may be there: a site's decision must not vanish because it cannot be read. */
        err->class = CRET_ERR_USAGE;
        return cret_err_context(err, "site configuration");
    }
    const char *given = cret_options_value(options, "config");
    if (exists && given != NULL) {
        (void)cret_err_usage(err, "--config contradicts this machine's own %s", default_path);
        return cret_err_hint(err, "leave --config out");
    }
    if (!exists && given == NULL) {
        return CRET_OK;
    }
    if (read_site(ret_site, exists ? default_path : given, exists, err) != CRET_OK ||
        (ret_site->trust != NULL && check_safe_path(ret_site->trust, err) != CRET_OK) ||
        (ret_site->overlay != NULL && check_safe_path(ret_site->overlay, err) != CRET_OK) ||
        (ret_site->profile != NULL && check_safe_path(ret_site->profile, err) != CRET_OK) ||
        hold_options(ret_site, options, err) != CRET_OK) {
        cret_site_free(ret_site);
        return CRET_FAILED;
    }
    return CRET_OK;
}

void cret_site_free(struct cret_site *site)
{
    free(site->trust);
    free(site->overlay);
    free(site->journal);
    free(site->profile);
    free(site->station);
    free(site->tcti);
    free(site->journal_auth);
    memset(site, 0, sizeof(*site));
}
