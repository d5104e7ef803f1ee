/* SPDX-License-Identifier: Apache-2.0 */
/* The key that an option names, and where its secret comes from. */
#include "console/open_key.h"

#include "console/print.h"

enum cret_status cret_secret_named(struct cret_secret_source *ret_source,
                                   const struct cret_options *options, struct cret_err *err)
{
    int passphrase = -1, pin = -1;
    if (cret_options_descriptor(&passphrase, options, "passphrase-fd", err) != CRET_OK ||
        cret_options_descriptor(&pin, options, "pin-fd", err) != CRET_OK) {
        return CRET_FAILED;
    }
    const char *file = cret_options_value(options, "passphrase-file");
    *ret_source = (struct cret_secret_source){
        .fd = passphrase >= 0 ? passphrase : pin,
        .file = file != NULL ? file : cret_options_value(options, "pin-file"),
        .may_prompt = true,
    };
    return CRET_OK;
}

void cret_secret_warn(const struct cret_options *options, const struct cret_secret_source *source)
{
    cret_print_note(options,
                    "WARNING: others than its owner can read %s, which holds a PIN or passphrase: "
                    "give it mode 0600",
                    source->file != NULL ? source->file : "the file that pin-source names");
}

enum cret_status cret_open_key(struct cret_key **ret_key, const struct cret_options *options,
                               const char *key_option, const struct cret_certificate *certificate,
                               struct cret_err *err)
{
    bool exposed = false;
    struct cret_secret_source source;
    if (cret_secret_named(&source, options, err) != CRET_OK) {
        return CRET_FAILED;
    }
    source.ret_exposed = &exposed;
    const enum cret_status status =
        cret_key_open(ret_key, cret_options_value(options, key_option), certificate, &source, err);
    if (exposed) {
        cret_secret_warn(options, &source);
    }
    return status;
}
