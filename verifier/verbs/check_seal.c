/* SPDX-License-Identifier: Apache-2.0 */
/* --seal and --seals of check and extract. The bytes are read here and parsed in the child. */
#include "verifier/verbs/check_seal.h"

#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/file.h"
#include "base/system/os.h"
#include "base/text/path.h"
#include "base/text/text.h"
#include "verifier/verbs/seal_desk.h"

static const struct cret_option seal_options[] = {
    CRET_OPTION("seal", "FILE",
                "A seal (.ers) over the signatures of the archive: they are judged as of the time "
                "that it proves.",
                .left_free = true, .excludes = "seals"),
    CRET_OPTION("seals", "DIR",
                "Folder with the seals: that of each archive has its name and .ers.",
                .left_free = true, .excludes = "seal"),
    CRET_OPTION("authority", "PEM",
                "A timestamp authority that is trusted for the seal: its certificate, or that of "
                "the CA above it. Default: timestampAuthorities of the trust policy.",
                .repeatable = true, .needs = "seal seals"),
    CRET_OPTION_END,
};
const struct cret_option_group cret_check_seal_group = {"Seal", seal_options};

static bool is_named(const struct cret_options *options)
{
    return cret_options_given(options, "seal") || cret_options_given(options, "seals");
}

enum cret_status cret_check_seal_open(struct cret_session *session,
                                      const struct cret_options *options, struct cret_err *err)
{
    if (!is_named(options)) {
        return CRET_OK;
    }
    if (cret_options_given(options, "seal") && cret_options_several(options)) {
        cret_err_usage(err, "--seal is for one archive, and several were given");
        return cret_err_hint(err, "name the folder with all seals: --seals DIR");
    }
    if (!cret_options_given(options, "authority")) {
        if (session->policy->authority_count > 0) {
            return CRET_OK;
        }
        cret_err_usage(err, "a seal was named, and nobody is trusted for its timestamps");
        return cret_err_hint(err, "name the timestamp authority with --authority, or in "
                                  "timestampAuthorities of the trust policy");
    }
    /* A revoked authority is one here too, by --crl or by the trust policy. */
    return cret_seal_policy(&session->clocks, options, err) == CRET_OK
               ? cret_policy_share_crls(session->clocks, session->policy, err)
               : CRET_FAILED;
}

enum cret_status cret_check_seal_read(char **ret_path, char **ret_data, size_t *ret_size,
                                      const struct cret_options *options, const char *archive,
                                      struct cret_err *err)
{
    const char *file = cret_options_value(options, "seal");
    const char *folder = cret_options_value(options, "seals");
    struct cret_file_info info;
    bool exists = false;
    if (!is_named(options)) {
        return CRET_OK;
    }
    if (folder != NULL && strcmp(archive, "-") == 0) {
        cret_err_usage(err, "--seals finds a seal by the name of its archive, and standard input "
                            "has none");
        return cret_err_hint(err, "name the seal with --seal");
    }
    char *path = file != NULL ? cret_text_printf("%s", file)
                              : cret_text_printf("%s/%s.ers", folder, cret_path_name(archive));
    enum cret_status status =
        path != NULL ? cret_os_stat_path(&info, &exists, path, err) : cret_err_memory(err);
    if (status == CRET_OK && !exists) {
        cret_err_usage(err, "there is no seal %s", path);
        status = cret_err_hint(err, "check what has no seal in a run without --seal and --seals");
    }
    if (status == CRET_OK) {
        status =
            cret_file_read(ret_data, ret_size, path, CRET_LIMIT_SEAL_BYTES, CRET_ERR_USAGE, err);
    }
    if (status != CRET_OK) {
        free(path);
        return CRET_FAILED;
    }
    *ret_path = path;
    return CRET_OK;
}

struct cret_inspect_seal cret_check_seal_of(const struct cret_session *session, const char *path,
                                            const char *data, size_t size)
{
    return (struct cret_inspect_seal){.name = path,
                                      .bytes = {(const uint8_t *)data, size},
                                      .policy = session->clocks != NULL ? session->clocks
                                                                        : session->policy};
}
