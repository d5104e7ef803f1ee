/* SPDX-License-Identifier: Apache-2.0 */
/* Comparing policy and journal with the TPM, and extending it. */
#include "verifier/run/tpm_guard.h"

#include <stdlib.h>
#include <string.h>

#include "base/system/file.h"
#include "base/system/os.h"
#include "base/text/json.h"
#include "base/text/text.h"
#include "evidence/station/attestation.h"
#include "verifier/run/site.h"

#define AUTH_NAME "journal.auth"

struct cret_guard {
    bool anchored; /* --tpm: anchor and journal */
    bool crosses;  /* --tpm-verify */
    char *tcti;
    struct cret_station station;
    bool has_auth;
    uint8_t auth[CRET_TPM_AUTH_BYTES];
    struct cret_tpm *tpm; /* NULL while there is no connection */
    struct cret_journal_witness witness;
};

/* The secret must be one: readable by its owner alone. The descriptor is closed. */
static enum cret_status read_auth(struct cret_guard *guard, int fd, const char *path,
                                  struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    char *data = NULL;
    size_t size = 0;
    struct cret_file_info info;
    if (cret_os_stat_fd(&info, fd, err) != CRET_OK ||
        cret_file_read_fd(&data, &size, fd, CRET_TPM_AUTH_BYTES, err) != CRET_OK) {
        cret_err_context(err, "the authorization of the journal head");
        goto out;
    }
    if ((info.mode & 077) != 0) {
        cret_err_usage(err, "others may read the authorization of the journal head: %s", path);
        cret_err_expected(err, "mode 0600");
        cret_err_actual(err, "mode %04o", info.mode & 07777u);
        cret_err_hint(err, "chmod 600 %s, and think about who has read it", path);
        goto out;
    }
    if (size != CRET_TPM_AUTH_BYTES) {
        cret_err_usage(err, "%s is not the authorization of a journal head", path);
        cret_err_expected(err, "the %u bytes that `tpm provision` wrote", CRET_TPM_AUTH_BYTES);
        goto out;
    }
    memcpy(guard->auth, data, CRET_TPM_AUTH_BYTES);
    guard->has_auth = true;
    status = CRET_OK;
out:
    if (data != NULL) {
        explicit_bzero(data, size);
    }
    free(data);
    cret_os_close(&fd);
    return status;
}

/* Beside the station that an option names. (The site always says where its own lies.) */
static enum cret_status open_default_auth(int *ret_fd, char **ret_path, const char *station,
                                          struct cret_err *err)
{
    const char *slash = strrchr(station, '/');
    *ret_path =
        cret_text_printf("%.*s" AUTH_NAME, slash != NULL ? (int)(slash - station + 1) : 0, station);
    return *ret_path != NULL ? cret_os_open_file(ret_fd, *ret_path, err) : cret_err_memory(err);
}

static enum cret_status find_auth(struct cret_guard *guard, const struct cret_options *options,
                                  const char *station, struct cret_err *err)
{
    const char *named = cret_site_value(options, CRET_SITE_JOURNAL_AUTH);
    char *path = NULL;
    int fd = -1;
    const enum cret_status opened =
        named != NULL ? cret_site_open(&fd, options, CRET_SITE_JOURNAL_AUTH, "", err)
                      : open_default_auth(&fd, &path, station, err);
    const enum cret_status status =
        opened == CRET_OK ? read_auth(guard, fd, named != NULL ? named : path, err)
                          : cret_err_context(err, "the authorization of the journal head");
    free(path);
    return status;
}

static enum cret_status read_head(void *context, uint8_t ret_head[CRET_SHA256_BYTES],
                                  struct cret_err *err)
{
    struct cret_tpm *tpm = NULL;
    return cret_guard_connect(context, &tpm, err) == CRET_OK
               ? cret_tpm_read_head(tpm, ret_head, err)
               : CRET_FAILED;
}

/* The attestation as it would be written, by our own reader: what the TPM gave must hold. */
static enum cret_status read_back(const struct cret_guard *guard, const json_t *json,
                                  const uint8_t *record, struct cret_err *err)
{
    struct cret_attestation attestation = {0};
    enum cret_status status = CRET_FAILED;
    char *text = NULL;
    size_t size = 0;
    if (cret_json_print(&text, &size, json, err) == CRET_OK &&
        cret_attestation_parse(&attestation, text, size, "the attestation", err) == CRET_OK) {
        status = cret_attestation_verify(&attestation, &guard->station, record, err);
    }
    if (status != CRET_OK) {
        cret_err_reclass(err, CRET_ERR_UNDECIDED); /* nothing that the archive is to blame for */
        cret_err_context(err, "what the TPM attested could not be read back");
    }
    cret_attestation_clear(&attestation);
    free(text);
    return status;
}

static enum cret_status attest(const struct cret_guard *guard, struct cret_tpm *tpm,
                               const struct cret_journal_extension *extension,
                               json_t **ret_attestation, struct cret_err *err)
{
    struct cret_attestation attestation = {0};
    enum cret_status status = CRET_FAILED;
    json_t *json = NULL;
    memcpy(attestation.record, extension->record_digest, CRET_SHA256_BYTES);
    memcpy(attestation.previous, extension->previous_head, CRET_SHA256_BYTES);
    memcpy(attestation.head, extension->head, CRET_SHA256_BYTES);
    attestation.line = strndup(extension->line, extension->line_size);
    if (attestation.line == NULL) {
        return cret_err_memory(err);
    }
    if (cret_tpm_certify_head(tpm, &attestation, err) == CRET_OK) {
        json = cret_attestation_json(&attestation);
        status = json != NULL ? read_back(guard, json, extension->record_digest, err)
                              : cret_err_memory(err);
    }
    if (status == CRET_OK) {
        *ret_attestation = json;
    } else {
        json_decref(json);
    }
    cret_attestation_clear(&attestation);
    return status;
}

static enum cret_status extend_head(void *context, const struct cret_journal_extension *extension,
                                    json_t **ret_attestation, struct cret_err *err)
{
    struct cret_tpm *tpm = NULL;
    uint8_t head[CRET_SHA256_BYTES];
    if (cret_guard_connect(context, &tpm, err) != CRET_OK ||
        cret_tpm_extend_head(tpm, extension->line_digest, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (extension->record_digest != NULL) {
        return attest(context, tpm, extension, ret_attestation, err);
    }
    if (cret_tpm_read_head(tpm, head, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (memcmp(head, extension->head, sizeof(head)) != 0) {
        cret_err_refuse(err, CRET_CHECK_TPM_JOURNAL,
                        "the TPM's journal head is not that of "
                        "this line: another line came between");
        return cret_err_hint(err, "run `cretula-verify journal verify` with --tpm");
    }
    return CRET_OK;
}

static enum cret_status no_tpm_here(struct cret_err *err)
{
    cret_err_usage(err, "this build has no TPM support");
    return cret_err_hint(err, "use a program built with -DCRETULA_TPM=ON, or leave the TPM options "
                              "out");
}

static enum cret_status read_station(struct cret_guard *guard, const struct cret_options *options,
                                     const char *path, struct cret_err *err)
{
    char *text = NULL;
    size_t size = 0;
    if (cret_site_read(&text, &size, options, CRET_SITE_STATION, "", cret_station_format.bytes,
                       err) != CRET_OK) {
        return cret_err_context(err, "the station file");
    }
    const enum cret_status status = cret_station_parse(&guard->station, text, size, path, err);
    free(text);
    return status;
}

static enum cret_status fill(struct cret_guard *guard, const struct cret_options *options,
                             struct cret_err *err)
{
    const char *station = cret_site_value(options, CRET_SITE_STATION);
    const char *tcti = cret_site_value(options, CRET_SITE_TCTI);
    if (!cret_tpm_built_in()) {
        return no_tpm_here(err);
    }
    if (station == NULL) {
        cret_err_usage(err, "--station is missing: without it no TPM is the right one");
        return cret_err_hint(err,
                             cret_site_digest(options) != NULL
                                 ? "have `station` in the site configuration name the station.json "
                                   "that `tpm provision` wrote"
                                 : "--station FILE names the station.json that `tpm provision` "
                                   "wrote");
    }
    guard->tcti = strdup(tcti != NULL ? tcti : CRET_TPM_DEFAULT_TCTI);
    if (guard->tcti == NULL) {
        return cret_err_memory(err);
    }
    if (cret_tpm_tcti_check(guard->tcti, err) != CRET_OK) {
        return cret_err_context(err, "--tcti");
    }
    if (read_station(guard, options, station, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return !guard->anchored ? CRET_OK : find_auth(guard, options, station, err);
}

static enum cret_status make(struct cret_guard **ret_guard, const struct cret_options *options,
                             bool anchored, bool crosses, struct cret_err *err)
{
    struct cret_guard *guard = calloc(1, sizeof(*guard));
    if (guard == NULL) {
        return cret_err_memory(err);
    }
    guard->anchored = anchored;
    guard->crosses = crosses;
    guard->witness =
        (struct cret_journal_witness){.context = guard, .read = read_head, .extend = extend_head};
    if (fill(guard, options, err) != CRET_OK) {
        cret_guard_free(&guard);
        return CRET_FAILED;
    }
    *ret_guard = guard;
    return CRET_OK;
}

enum cret_status cret_guard_new(struct cret_guard **ret_guard, const struct cret_options *options,
                                struct cret_err *err)
{
    *ret_guard = NULL;
    const bool anchored = cret_site_asks_tpm(options) || cret_options_given(options, "tpm");
    const bool crosses = cret_options_given(options, "tpm-verify");
    if (!anchored && !crosses) {
        static const char *const alone[] = {"station", "tcti", "journal-auth"};
        for (size_t i = 0; i < CRET_LENGTH(alone); i++) {
            if (cret_options_given(options, alone[i])) {
                cret_err_usage(err, "--%s does nothing without --tpm", alone[i]);
                return cret_err_hint(err, "give --tpm as well, or leave it out");
            }
        }
        return CRET_OK;
    }
    return make(ret_guard, options, anchored, crosses, err);
}

enum cret_status cret_guard_station_open(struct cret_guard **ret_guard,
                                         const struct cret_options *options, bool with_auth,
                                         struct cret_err *err)
{
    return make(ret_guard, options, with_auth, false, err);
}

void cret_guard_free(struct cret_guard **guard)
{
    if (guard == NULL || *guard == NULL) {
        return;
    }
    cret_guard_release(*guard);
    cret_station_clear(&(*guard)->station);
    free((*guard)->tcti);
    explicit_bzero(*guard, sizeof(**guard));
    free(*guard);
    *guard = NULL;
}

void cret_guard_release(struct cret_guard *guard)
{
    if (guard != NULL) {
        cret_tpm_close(&guard->tpm);
    }
}

const struct cret_journal_witness *cret_guard_witness(const struct cret_guard *guard)
{
    return guard != NULL && guard->anchored ? &guard->witness : NULL;
}

const struct cret_station *cret_guard_station(const struct cret_guard *guard)
{
    return &guard->station;
}

const uint8_t *cret_guard_station_digest(const struct cret_guard *guard)
{
    return guard != NULL ? guard->station.digest : NULL;
}

enum cret_status cret_guard_connect(struct cret_guard *guard, struct cret_tpm **ret_tpm,
                                    struct cret_err *err)
{
    if (guard->tpm == NULL) {
        struct cret_tpm *tpm = NULL;
        if (cret_tpm_open(&tpm, guard->tcti, err) != CRET_OK ||
            cret_tpm_pin(tpm, &guard->station, guard->has_auth ? guard->auth : NULL, err) !=
                CRET_OK) {
            cret_tpm_close(&tpm);
            return CRET_FAILED;
        }
        guard->tpm = tpm;
    }
    *ret_tpm = guard->tpm;
    return CRET_OK;
}

enum cret_status cret_guard_check_anchor(struct cret_guard *guard, const struct cret_policy *policy,
                                         struct cret_err *err)
{
    struct cret_tpm *tpm = NULL;
    uint64_t version = 0;
    uint8_t digest[CRET_SHA256_BYTES];
    char hex[CRET_SHA256_HEX];
    if (cret_guard_connect(guard, &tpm, err) != CRET_OK ||
        cret_tpm_read_anchor(tpm, &version, digest, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (policy->version >= 0 && version == (uint64_t)policy->version &&
        memcmp(digest, policy->digest, sizeof(digest)) == 0) {
        return CRET_OK;
    }
    const char *why = "it is not the file that the TPM holds the digest of";
    if (policy->version >= 0 && (uint64_t)policy->version < version) {
        why = "it is older than the one that the TPM holds";
    } else if (policy->version >= 0 && (uint64_t)policy->version > version) {
        why = "it is newer than the one that the TPM holds: its order was not applied";
    }
    cret_err_refuse(err, CRET_CHECK_TPM_ANCHOR, "the TPM denies this trust policy: %s", why);
    cret_hex_encode(hex, digest, sizeof(digest));
    cret_err_expected(err, "version %llu, SHA-256 %s", (unsigned long long)version, hex);
    cret_hex_encode(hex, policy->digest, sizeof(policy->digest));
    cret_err_actual(err, "version %lld, SHA-256 %s", (long long)policy->version, hex);
    return cret_err_hint(err,
                         "put the trust.json of that version in its place; a new one needs the "
                         "trust owner's order (`tpm apply`)");
}

/* A journal must begin where this station's history began, or go on where an earlier one of this
 * station ended: with a genesis in the middle, everything before it could be left out. */
static bool begins_well(const struct cret_guard *guard, const struct cret_journal *journal)
{
    const struct cret_journal *earlier = NULL;
    while (memcmp(cret_journal_genesis(journal), guard->station.genesis, CRET_SHA256_BYTES) != 0) {
        earlier = cret_journal_earlier(journal);
        if (earlier == NULL || memcmp(cret_journal_genesis(journal), cret_journal_head(earlier),
                                      CRET_SHA256_BYTES) != 0) {
            return false;
        }
        journal = earlier;
    }
    return true;
}

static enum cret_status check_genesis(const struct cret_guard *guard,
                                      const struct cret_journal *journal, struct cret_err *err)
{
    if (begins_well(guard, journal)) {
        return CRET_OK;
    }
    cret_err_refuse(err, CRET_CHECK_TPM_JOURNAL,
                    "this journal did not begin with the history of this station's TPM");
    return cret_err_hint(err, "name the station's journal with --journal");
}

enum cret_status cret_guard_before_continue(struct cret_guard *guard,
                                            const struct cret_journal *earlier,
                                            struct cret_err *err)
{
    uint8_t head[CRET_SHA256_BYTES];
    if (guard == NULL || !guard->anchored) {
        return CRET_OK;
    }
    if (read_head(guard, head, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (memcmp(head, guard->station.genesis, sizeof(head)) == 0 ||
        (memcmp(head, cret_journal_head(earlier), sizeof(head)) == 0 &&
         begins_well(guard, earlier))) {
        return CRET_OK;
    }
    cret_err_refuse(err, CRET_CHECK_TPM_JOURNAL,
                    "the TPM has seen lines that the journal to continue does not have");
    return cret_err_hint(err, "find the whole journal; where it is lost, the station must be "
                              "provisioned anew, so that everybody sees it");
}

/* No journal: fine only where the TPM never saw a line. */
static enum cret_status check_beginning(struct cret_guard *guard, const char *folder,
                                        struct cret_err *err)
{
    uint8_t head[CRET_SHA256_BYTES];
    if (read_head(guard, head, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (memcmp(head, guard->station.genesis, sizeof(head)) == 0) {
        return CRET_OK;
    }
    cret_err_refuse(err, CRET_CHECK_TPM_JOURNAL,
                    "the journal is gone: the TPM holds the head "
                    "of one");
    cret_err_where(err, "%s", folder);
    return cret_err_hint(err, "name the station's journal with --journal; if it was deleted, find "
                              "out by whom, and compare with the records of change control");
}

/* The connection is opened by the journal's reading of the head, under its lock: whoever held a TPM
 * and waited for that lock could wait for ever. */
enum cret_status cret_guard_check_journal(struct cret_guard *guard, const char *folder,
                                          const struct cret_policy *policy,
                                          struct cret_journal **ret_journal, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_journal *journal = NULL;
    bool exists = false;
    if (cret_journal_exists(&exists, folder, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (!exists) {
        status = check_beginning(guard, folder, err);
    } else if (cret_journal_open(&journal, folder, CRET_JOURNAL_READ, &guard->witness, err) ==
               CRET_OK) {
        status = check_genesis(guard, journal, err);
    }
    if (status == CRET_OK && policy != NULL) {
        status = cret_guard_check_anchor(guard, policy, err);
    }
    /* What attests the run is looked for before it, not after it. */
    if (status == CRET_OK) {
        status = cret_tpm_pin_all(guard->tpm, err);
    }
    cret_guard_release(guard);
    if (status == CRET_OK && ret_journal != NULL) {
        *ret_journal = journal;
        journal = NULL;
    }
    cret_journal_free(&journal);
    return status;
}

enum cret_status cret_guard_before(struct cret_guard *guard, const char *folder,
                                   const struct cret_policy *policy,
                                   struct cret_journal **ret_journal, struct cret_err *err)
{
    *ret_journal = NULL;
    if (guard == NULL || !guard->anchored) {
        return CRET_OK;
    }
    if (policy == NULL || policy->bare_anchor) {
        cret_err_usage(err, "--tpm needs a trust policy: the TPM holds the digest of one");
        return cret_err_hint(err, "--trust trust.json instead of --anchor");
    }
    if (folder == NULL) {
        cret_err_usage(err, "--tpm needs a journal: the TPM holds its head");
        return cret_err_hint(err, "--journal DIR, or `journal` in the site configuration");
    }
    return cret_guard_check_journal(guard, folder, policy, ret_journal, err);
}

bool cret_guard_cross_checks(const struct cret_guard *guard)
{
    return guard != NULL && guard->crosses;
}
