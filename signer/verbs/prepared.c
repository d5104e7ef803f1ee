/* SPDX-License-Identifier: Apache-2.0 */
/* Both sides of what `prepare` has read. */
#include "signer/verbs/prepared.h"

#include <stdlib.h>
#include <string.h>

#include "base/system/os.h"
#include "base/text/json.h"
#include "base/text/json_build.h"
#include "container/ustar.h"
#include "signer/report/package_report.h"

#define NUMBER_MAX 999

/* An archive begins with a tar header, which no description does; a package says what it is. */
enum cret_status cret_prepared_exists(bool *ret_exists, const char *path, struct cret_err *err)
{
    uint8_t block[CRET_BLOCK];
    size_t got = 0;
    int fd = -1;
    *ret_exists = false;
    if (strcmp(path, "-") == 0) {
        return CRET_OK;
    }
    if (cret_os_open_read(&fd, CRET_OS_HERE, path, err) != CRET_OK) {
        cret_err_reclass(err, CRET_ERR_USAGE);
        return CRET_FAILED;
    }
    const bool package = cret_package_is(fd);
    const enum cret_status status = cret_os_read(fd, block, sizeof(block), &got, err);
    cret_os_close(&fd);
    *ret_exists =
        package || (status == CRET_OK && got == sizeof(block) && cret_ustar_is_header(block));
    return status;
}

static enum cret_status tell(struct cret_apart_told *told, const struct cret_amend *amend,
                             struct cret_err *err)
{
    const struct cret_bytes content = cret_amend_content(amend);
    struct cret_build json = cret_build_on(cret_package_told(
        cret_amend_manifest(amend), amend->package ? amend->seen.draft.count : 1));
    uint8_t identity[CRET_SHA256_BYTES];
    if ((amend->package ? cret_package_identify(identity, &amend->seen, err)
                        : cret_sha256(identity, content.data, content.size, err)) != CRET_OK) {
        json_decref(cret_build_end(&json));
        return CRET_FAILED;
    }
    cret_build_sha256(&json, "identity",
                      amend->package && cret_package_is_open(&amend->seen) ? NULL : identity);
    if (amend->package) {
        cret_build_integer(&json, "number", amend->seen.draft.number);
        cret_build_integer(&json, "signatures", (int64_t)amend->seen.package->pair_count);
    }
    told->json = cret_build_end(&json);
    told->files[0].data = malloc(content.size + 1);
    if (told->json == NULL || told->files[0].data == NULL) {
        return cret_err_memory(err);
    }
    memcpy(told->files[0].data, content.data, content.size);
    told->files[0].size = content.size;
    return CRET_OK;
}

/* In the process that reads the archive or package: what one more signature is over. */
static enum cret_status read_apart(void *context, struct cret_apart_told *told,
                                   struct cret_err *err)
{
    struct cret_amend *amend = context;
    if (!amend->package && cret_existing_verify(amend->existing, &amend->work, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (amend->credentials.count > 0 &&
        cret_amend_takes(amend, amend->credentials.list[0], err) != CRET_OK) {
        return CRET_FAILED;
    }
    return tell(told, amend, err);
}

enum cret_status cret_prepared_read(struct cret_amend *amend, struct cret_err *err)
{
    return cret_amend_read(amend, read_apart, amend, err);
}

enum cret_status cret_prepared_take(struct cret_prepared *ret_prepared,
                                    const struct cret_apart_told *told, struct cret_err *err)
{
    const char *identity = cret_json_string(told->json, "identity");
    const int64_t number = cret_json_integer(told->json, "number", 0);
    const int64_t signatures = cret_json_integer(told->json, "signatures", 0);
    struct cret_prepared prepared = {.number = 0};
    if (cret_package_said(told->json, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (told->files[0].data == NULL || told->files[0].size == 0 ||
        (identity == NULL ? signatures == 0
                          : cret_sha256_read(prepared.identity, identity) != CRET_OK) ||
        number < 0 || number > NUMBER_MAX || signatures < 0 || signatures > CRET_LIMIT_SIGNATURES) {
        return cret_apart_malformed(err);
    }
    prepared.vendor = cret_json_string(told->json, "vendor");
    prepared.product = cret_json_string(told->json, "product");
    prepared.version = cret_json_string(told->json, "version");
    prepared.identity_open = identity == NULL;
    prepared.number = (unsigned)number;
    prepared.signatures = (size_t)signatures;
    *ret_prepared = prepared;
    return CRET_OK;
}
