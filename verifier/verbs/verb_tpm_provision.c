/* SPDX-License-Identifier: Apache-2.0 */
/* tpm provision: once for each station. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/file.h"
#include "base/system/os.h"
#include "base/system/output.h"
#include "base/text/text.h"
#include "console/print.h"
#include "trust/x509/example_keys.h"
#include "verifier/run/site.h"
#include "verifier/run/site_policy.h"
#include "verifier/tpm/tpm.h"
#include "verifier/verbs/options.h"
#include "verifier/verbs/verbs.h"

/* One run. */
struct provisioning {
    const struct cret_options *options;
    struct cret_policy *policy;
    struct cret_station station;
    char *auth_path;
    uint8_t auth[CRET_TPM_AUTH_BYTES];
    char owner_auth[CRET_LIMIT_SECRET_BYTES];
};

static enum cret_status read_handles(struct provisioning *run, struct cret_err *err)
{
    const struct {
        const char *option;
        uint32_t *handle;
        uint32_t fallback;
        uint32_t kind; /* most significant octet */
    } handles[] = {
        {"anchor-index", &run->station.anchor_index, CRET_TPM_ANCHOR_INDEX, 0x01},
        {"journal-index", &run->station.journal_index, CRET_TPM_JOURNAL_INDEX, 0x01},
        {"attestation-handle", &run->station.attestation_handle, CRET_TPM_ATTESTATION_HANDLE, 0x81},
        {"storage-handle", &run->station.storage_handle, CRET_TPM_STORAGE_HANDLE, 0x81},
    };
    for (size_t i = 0; i < CRET_LENGTH(handles); i++) {
        const char *text = cret_options_value(run->options, handles[i].option);
        *handles[i].handle = handles[i].fallback;
        if (text != NULL && (cret_tpm_handle_parse(handles[i].handle, text) != CRET_OK ||
                             *handles[i].handle >> 24 != handles[i].kind)) {
            cret_err_usage(err, "--%s: not such a handle: %s", handles[i].option, text);
            return cret_err_expected(err, "0x%02x and six lower-case hex digits", handles[i].kind);
        }
    }
    if (run->station.anchor_index == run->station.journal_index ||
        run->station.attestation_handle == run->station.storage_handle) {
        return cret_err_usage(err, "two objects cannot have one handle");
    }
    return CRET_OK;
}

static enum cret_status check_free(const char *path, struct cret_err *err)
{
    struct cret_file_info info;
    bool exists = false;
    if (cret_os_stat_path(&info, &exists, path, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (exists) {
        cret_err_usage(err, "%s exists already", path);
        return cret_err_hint(err,
                             "files of a station are never overwritten; move the old ones away "
                             "where they are not needed any more");
    }
    return CRET_OK;
}

static enum cret_status choose_paths(struct provisioning *run, struct cret_err *err)
{
    const char *station = cret_options_value(run->options, "station");
    const char *auth = cret_site_value(run->options, CRET_SITE_JOURNAL_AUTH);
    const char *slash = strrchr(station, '/');
    run->auth_path =
        auth != NULL ? strdup(auth)
                     : cret_text_printf("%.*sjournal.auth",
                                        slash != NULL ? (int)(slash - station + 1) : 0, station);
    if (run->auth_path == NULL) {
        return cret_err_memory(err);
    }
    return check_free(station, err) == CRET_OK ? check_free(run->auth_path, err) : CRET_FAILED;
}

static enum cret_status read_owner(struct provisioning *run, struct cret_err *err)
{
    const char *path = cret_options_value(run->options, "trust-owner");
    char *text = NULL;
    size_t size = 0;
    if (cret_file_read(&text, &size, path, CRET_LIMIT_PEM_BYTES, CRET_ERR_USAGE, err) != CRET_OK) {
        return cret_err_context(err, "--trust-owner");
    }
    enum cret_status status =
        cret_tpm_key_from_pem(&run->station.owner, text, size, path, CRET_TPM_USE_VERIFY, err);
    free(text);
    if (status != CRET_OK) {
        return cret_err_context(err, "--trust-owner");
    }
    const char *origin = cret_example_key_origin(cret_tpm_key_digest(run->station.owner));
    if (origin != NULL && !cret_options_given(run->options, "allow-example-keys")) {
        cret_err_usage(err, "--trust-owner is a published key: %s", origin);
        return cret_err_hint(err, "use a key of your own; --allow-example-keys is for trying out "
                                  "only");
    }
    return CRET_OK;
}

static enum cret_status read_owner_auth(struct provisioning *run, struct cret_err *err)
{
    const char *file = cret_options_value(run->options, "owner-auth-file");
    int64_t fd = -1;
    int opened = -1;
    if (cret_options_number(&fd, run->options, "owner-auth-fd", 0, INT32_MAX, -1, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (file != NULL) {
        if (cret_os_open_read(&opened, CRET_OS_HERE, file, err) != CRET_OK) {
            return cret_err_context(err, "--owner-auth-file");
        }
        fd = opened;
    }
    enum cret_status status = CRET_OK;
    if (fd >= 0) {
        status = cret_os_read_secret_fd(run->owner_auth, sizeof(run->owner_auth), (int)fd, err);
    } else if (!cret_options_given(run->options, "insecure-no-auth")) {
        status = cret_os_prompt_secret(run->owner_auth, sizeof(run->owner_auth),
                                       "Owner authorization of the TPM: ", err);
        if (status != CRET_OK && err->class == CRET_ERR_USAGE) {
            cret_err_hint(err, "--owner-auth-file FILE or --owner-auth-fd N");
        }
    }
    cret_os_close(&opened);
    return status;
}

static enum cret_status prepare(struct provisioning *run, struct cret_err *err)
{
    if (!cret_tpm_built_in()) {
        cret_err_usage(err, "this build has no TPM support");
        return cret_err_hint(err, "use a program built with -DCRETULA_TPM=ON");
    }
    if (read_handles(run, err) != CRET_OK || choose_paths(run, err) != CRET_OK ||
        read_owner(run, err) != CRET_OK ||
        cret_site_policy(&run->policy, run->options, err) != CRET_OK ||
        read_owner_auth(run, err) != CRET_OK ||
        cret_os_random(run->auth, sizeof(run->auth), err) != CRET_OK) {
        return CRET_FAILED;
    }
    /* A TPM drops zero octets at the end of an authorization, and whoever compares may not. */
    run->auth[CRET_TPM_AUTH_BYTES - 1] |= 1;
    char host[256] = "";
    cret_os_host_name(host, sizeof(host));
    run->station.name = host[0] != '\0' ? cret_text_escape(host) : NULL;
    run->station.created = cret_os_now();
    return CRET_OK;
}

/* The secret lies on the disk before the TPM knows it: a crash never leaves a head that nobody can
 * extend. */
static enum cret_status provision(struct provisioning *run, struct cret_err *err)
{
    const char *tcti = cret_site_value(run->options, CRET_SITE_TCTI);
    const struct cret_tpm_provision request = {
        .owner_auth = (const uint8_t *)run->owner_auth,
        .owner_auth_size = strlen(run->owner_auth),
        .insecure = cret_options_given(run->options, "insecure-no-auth"),
        .version = (uint64_t)run->policy->version,
        .digest = run->policy->digest,
        .auth = run->auth,
        .station = &run->station,
    };
    struct cret_tpm *tpm = NULL;
    char *text = NULL;
    size_t size = 0;
    enum cret_status status = CRET_FAILED;
    if (cret_tpm_open(&tpm, tcti != NULL ? tcti : CRET_TPM_DEFAULT_TCTI, err) != CRET_OK ||
        cret_file_create(run->auth_path, run->auth, sizeof(run->auth), 0600, err) != CRET_OK) {
        goto out;
    }
    if (cret_tpm_provision(tpm, &request, err) != CRET_OK) {
        cret_os_unlink(run->auth_path);
        goto out;
    }
    if (cret_station_print(&text, &size, &run->station, err) != CRET_OK ||
        cret_file_create(cret_options_value(run->options, "station"), text, size, 0644, err) !=
            CRET_OK) {
        cret_err_context(err, "the TPM is provisioned, but station.json is lost");
        cret_err_hint(err,
                      "undo it with tpm2_nvundefine for 0x%08x and 0x%08x, and provision "
                      "again",
                      run->station.anchor_index, run->station.journal_index);
        goto out;
    }
    status = CRET_OK;
out:
    free(text);
    cret_tpm_close(&tpm);
    return status;
}

static int print(const struct provisioning *run)
{
    char genesis[CRET_SHA256_HEX], key[CRET_SHA256_HEX];
    cret_hex_encode(genesis, run->station.genesis, CRET_SHA256_BYTES);
    cret_hex_encode(key, cret_tpm_key_digest(run->station.owner), CRET_SHA256_BYTES);
    const char *station = cret_options_value(run->options, "station");
    if (cret_options_given(run->options, "json")) {
        return cret_print_json(run->options,
                               json_pack("{s:s, s:I, s:s, s:s}", "cretula", "tpm-provision/1",
                                         "version", (json_int_t)run->policy->version, "genesis",
                                         genesis, "trustOwnerSha256", key),
                               CRET_EXIT_DONE);
    }
    struct cret_page *page = cret_page_new();
    char version[64];
    snprintf(version, sizeof(version), "it holds trust policy version %" PRId64,
             run->policy->version);
    cret_page_verdict(page, CRET_TONE_GOOD, "The TPM is provisioned", "%s", version);
    cret_page_row(page, "trust owner", "%s, SHA-256 of the key %s",
                  cret_tpm_key_algorithm(run->station.owner), key);
    cret_page_row(page, "journal", "begins with %s", genesis);
    cret_page_row(page, "next", "give %s to change control now, before the first run", station);
    cret_page_row(page, "secret",
                  "keep %s readable for the account that verifies, and for nobody else",
                  run->auth_path);
    if (cret_options_given(run->options, "insecure-no-auth")) {
        cret_page_toned(page, CRET_TONE_BAD, "INSECURE",
                        "without owner and lockout authorization anybody can undo it");
    }
    return cret_print_last(run->options, &page, CRET_EXIT_DONE);
}

static int act(const struct cret_options *options)
{
    struct provisioning run = {.options = options};
    struct cret_err err = {0};
    int code = 0;
    if (prepare(&run, &err) != CRET_OK || provision(&run, &err) != CRET_OK) {
        code = cret_verb_fail(options, &err);
    } else {
        code = print(&run);
    }
    cret_policy_free(&run.policy);
    cret_station_clear(&run.station);
    free(run.auth_path);
    explicit_bzero(run.auth, sizeof(run.auth));
    explicit_bzero(run.owner_auth, sizeof(run.owner_auth));
    return code;
}

static const struct cret_option provision_options[] = {
    CRET_OPTION("trust", "FILE",
                "The station's first trust policy; its version and digest go into the TPM.",
                .required = true),
    CRET_OPTION("trust-owner", "PEM",
                "Public key or certificate of the trust owner, whose orders the TPM will obey: "
                "RSA-3072, P-256 or P-384.",
                .required = true),
    CRET_OPTION("station", "FILE", "The station.json to write; change control keeps a copy.",
                .required = true),
    CRET_OPTION("journal-auth", "FILE",
                "The secret of the journal head to write (0600). Default: journal.auth beside "
                "station.json."),
    CRET_OPTION("owner-auth-file", "FILE",
                "File with the owner authorization, one line. Asked for on a terminal where it is "
                "not given.",
                .excludes = "owner-auth-fd"),
    CRET_OPTION("owner-auth-fd", "N", "Descriptor to read the owner authorization from, one line.",
                .excludes = "owner-auth-file"),
    CRET_FLAG(
        "insecure-no-auth",
        "Provision a TPM without owner and lockout authorization: for tests. Anybody can undo it."),
    CRET_OPTION("anchor-index", "HANDLE", "Default: 0x01800100."),
    CRET_OPTION("journal-index", "HANDLE", "Default: 0x01800102."),
    CRET_OPTION("attestation-handle", "HANDLE", "Default: 0x81008f01."),
    CRET_OPTION("storage-handle", "HANDLE",
                "Default: 0x81000001; a storage root key that is there is used."),
    CRET_OPTION_END,
};
static const struct cret_option_group provision_group = {"Provisioning", provision_options};

const struct cret_verb cret_verb_tpm_provision = {
    .name = "provision",
    .summary = "Make this station's objects in the TPM, once",
    .help = "Creates keys and indices, writes the trust anchor, and writes station.json, a copy of "
            "which change control keeps. Owner and lockout authorization of the TPM must be set.",
    .groups = CRET_GROUPS(&provision_group, &cret_tcti_group, &cret_example_group, &cret_site_group,
                          &cret_json_group),
    .examples = CRET_EXAMPLES("cretula-verify tpm provision --trust /etc/cretula/trust.json "
                              "--trust-owner owner.cert.pem --station /etc/cretula/station.json"),
    .run = act,
};
