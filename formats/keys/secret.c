/* SPDX-License-Identifier: Apache-2.0 */
/* Asking for a PIN or passphrase where the caller said, and erasing it. */
#include "keys/secret.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/os.h"
#include "base/text/text.h"

/* One line of a file. */
static enum cret_status read_file(char *out, size_t size, const char *path, struct cret_err *err)
{
    int fd = -1;
    if (cret_os_open_handed(&fd, path, err) != CRET_OK) {
        if (err != NULL) {
            cret_err_reclass(err, CRET_ERR_USAGE);
        }
        return cret_err_context(err, "the file with PIN or passphrase");
    }
    const enum cret_status status = cret_os_read_secret_fd(out, size, fd, err);
    cret_os_close(&fd);
    return status;
}

/* A secret that did not arrive, or that an editor changed, is noticed before a token counts a try.
 */
static enum cret_status check_secret(const char *secret, const struct cret_secret_request *request)
{
    const size_t size = strlen(secret);
    if (size == 0) {
        cret_err_usage(request->err, "the %s of %s is empty", request->what, request->origin);
        return cret_err_hint(request->err, "it was not tried; is the variable or file of the "
                                           "pipeline set?");
    }
    if (cret_text_mark_size(secret, size) > 0 || cret_text_is_utf16(secret, size)) {
        cret_err_usage(request->err, "the %s of %s begins with a byte order mark", request->what,
                       request->origin);
        return cret_err_hint(request->err, "it was not tried; save the file as UTF-8 without BOM");
    }
    return CRET_OK;
}

enum cret_status cret_secret_obtain(char *out, size_t size, struct cret_secret_request *request)
{
    const struct cret_secret_source *source = request->source;
    enum cret_status status = CRET_FAILED;
    request->asked = true;
    if (source != NULL && source->fd >= 0) {
        status = cret_os_read_secret_fd(out, size, source->fd, request->err);
    } else if (source != NULL && source->file != NULL) {
        status = read_file(out, size, source->file, request->err);
    } else if (request->file != NULL) {
        status = read_file(out, size, request->file, request->err);
    } else if (source != NULL && source->may_prompt) {
        char prompt[512];
        snprintf(prompt, sizeof(prompt), "%s of %.400s: ", request->what, request->origin);
        status = cret_os_prompt_secret(out, size, prompt, request->err);
    } else {
        cret_err_usage(request->err, "the key %s needs a %s, and none was given", request->origin,
                       request->what);
        cret_err_hint(request->err, "--pin-fd N or --pin-file FILE, or run it on a terminal");
    }
    if (status == CRET_OK) {
        status = check_secret(out, request);
    }
    request->failed = status != CRET_OK;
    return status;
}

int cret_secret_callback(char *buffer, int size, int writing, void *context)
{
    char secret[CRET_LIMIT_SECRET_BYTES];
    int result = -1;
    (void)writing;
    if (cret_secret_obtain(secret, sizeof(secret), context) == CRET_OK) {
        const size_t length = strlen(secret);
        if (size > 0 && length < (size_t)size) {
            memcpy(buffer, secret, length + 1);
            result = (int)length;
        }
    }
    OPENSSL_cleanse(secret, sizeof(secret));
    return result;
}
