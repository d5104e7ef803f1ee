/* SPDX-License-Identifier: Apache-2.0 */
/* A record with its signature as one file of ETSI EN 319 162-1 (ASiC-S with CAdES), which
 * validators of the European Union's signatures open. */
#include <string.h>

#include "base/text/text.h"
#include "evidence/export/export.h"
#include "package/zip_write.h"

#define TYPE "application/vnd.etsi.asic-s+zip"

static enum cret_status check(const struct cret_options *options, struct cret_err *err)
{
    const char *out = cret_options_value(options, "out");
    if (!cret_options_given(options, "asic") || (out != NULL && strcmp(out, "-") != 0)) {
        return CRET_OK;
    }
    cret_err_usage(err, "--asic writes a file: --out is missing");
    return cret_err_expected(err, "--out FILE.asics");
}

/* `mimetype` first, then the one data file, then the signature over its bytes. */
static enum cret_status write_members(struct cret_zip_out *zip, const struct cret_export_job *job,
                                      struct cret_err *err)
{
    return cret_zip_out_add(zip, "mimetype", TYPE, sizeof(TYPE) - 1, err) == CRET_OK &&
                   cret_zip_out_add(zip, CRET_RECORD_NAME, job->record->text, job->record->size,
                                    err) == CRET_OK &&
                   cret_zip_out_add(zip, "META-INF/signature.p7s", job->signature,
                                    job->signature_size, err) == CRET_OK
               ? cret_zip_out_finish(zip, err)
               : CRET_FAILED;
}

static enum cret_status make(char **ret_text, size_t *ret_size, const struct cret_export_job *job,
                             struct cret_err *err)
{
    struct cret_buffer buffer = {0};
    struct cret_zip_out *zip = NULL;
    if (job->signature == NULL) {
        cret_err_usage(err, "the record's signature goes into the file, and was not verified");
        return cret_err_hint(err, "name who signed it: --anchor PEM (records are signed by `check "
                                  "--sign-record`)");
    }
    enum cret_status status = cret_zip_out_memory(&zip, &buffer, err);
    if (status == CRET_OK) {
        status = write_members(zip, job, err);
    }
    cret_zip_out_free(&zip);
    if (status != CRET_OK) {
        cret_buffer_free(&buffer);
        return CRET_FAILED;
    }
    *ret_text = buffer.data;
    *ret_size = buffer.size;
    return CRET_OK;
}

static const struct cret_option asic_options[] = {
    CRET_FLAG("asic",
              "The record and its signature in one file (ASiC-S with CAdES, .asics), which "
              "validators of the European Union's signatures open. Needs --anchor and --out.",
              .left_free = true),
    CRET_OPTION_END,
};

const struct cret_export cret_export_asic = {
    .options = {"Form", asic_options},
    .check = check,
    .make = make,
};
