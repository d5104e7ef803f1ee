/* SPDX-License-Identifier: Apache-2.0 */
/* Asking for a PIN or passphrase where the caller said, and erasing it. */
#include "keys/secret.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/os.h"
#include "base/text/text.h"

#define OTHERS_MAY_READ 044u /* group, and everybody */

/* One line of a regular file or a pipe. *ret_exposed: whether others than its owner may read it. */
static enum cret_status read_file(char *out, size_t size, const char *path, bool *ret_exposed,
                                  struct cret_err *err)
{
    int fd = -1;
    struct cret_file_info info;
    enum cret_status status = CRET_FAILED;
    if (cret_os_open_handed(&fd, path, err) != CRET_OK ||
        cret_os_stat_fd(&info, fd, err) != CRET_OK) {
        goto out;
    }
    if (info.kind != CRET_KIND_REGULAR && !cret_os_is_pipe(fd)) {
        cret_err_usage(err, "it is neither a regular file nor a pipe");
        cret_err_where(err, "%s", path);
        cret_err_hint(err, "name a file whose first line is the secret");
        goto out;
    }
    *ret_exposed = info.kind == CRET_KIND_REGULAR && (info.mode & OTHERS_MAY_READ) != 0;
    status = cret_os_read_secret_fd(out, size, fd, err);
    cret_os_close(&fd);
    return status;
out:
    cret_os_close(&fd);
    if (err != NULL) {
        cret_err_reclass(err, CRET_ERR_USAGE);
    }
    return cret_err_context(err, "the file with PIN or passphrase");
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
    bool exposed = false;
    request->asked = true;
    if (source != NULL && source->fd >= 0) {
        status = cret_os_read_secret_fd(out, size, source->fd, request->err);
    } else if (source != NULL && source->file != NULL) {
        status = read_file(out, size, source->file, &exposed, request->err);
    } else if (request->file != NULL) {
        status = read_file(out, size, request->file, &exposed, request->err);
    } else if (source != NULL && source->may_prompt) {
        char prompt[512];
        snprintf(prompt, sizeof(prompt), "%s of %.400s: ", request->what, request->origin);
        status = cret_os_prompt_secret(out, size, prompt, request->err);
    } else {
        cret_err_usage(request->err, "the key %s needs a %s, and none was given", request->origin,
                       request->what);
        const char *kind = strcmp(request->what, "passphrase") == 0 ? "passphrase" : "pin";
        cret_err_hint(request->err, "--%s-file FILE or --%s-fd N, or run it on a terminal", kind,
                      kind);
    }
    if (exposed && source != NULL && source->ret_exposed != NULL) {
        *source->ret_exposed = true;
    }
    if (status == CRET_OK) {
        status = check_secret(out, request);
    }
    request->failed = status != CRET_OK;
    return status;
}

enum cret_status cret_secret_read(char *out, size_t size, const struct cret_secret_source *source,
                                  const char *origin, struct cret_err *err)
{
    struct cret_secret_request request = {
        .source = source, .what = "passphrase", .origin = origin, .err = err};
    return cret_secret_obtain(out, size, &request);
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
