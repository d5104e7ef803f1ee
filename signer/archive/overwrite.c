/* SPDX-License-Identifier: Apache-2.0 */
/* Comparing a new archive with the one whose name it takes. */
#include "signer/archive/overwrite.h"

#include <inttypes.h>
#include <string.h>

#include "base/text/text.h"
#include "signer/archive/existing.h"

static enum cret_status refuse(struct cret_err *err, const char *path, const char *what)
{
    cret_err_usage(err, "%s, and is not replaced", what);
    cret_err_where(err, "%s", path);
    return cret_err_hint(err, "choose another --out, or raise the version; --force replaces it");
}

enum cret_status cret_overwrite_check(int old_fd, const char *path, const uint8_t *identity,
                                      const struct cret_certificate *signer, struct cret_err *err)
{
    struct cret_existing *existing = NULL;
    enum cret_status status = CRET_OK;
    if (cret_existing_from_fd(&existing, old_fd, err) != CRET_OK) {
        if (err->class == CRET_ERR_UNDECIDED) {
            return CRET_FAILED;
        }
        cret_err_clear(err);
        return refuse(err, path, "a file that is no archive lies there");
    }
    const struct cret_manifest *manifest = existing->manifest;
    size_t others = 0, stamped = 0;
    for (size_t i = 0; i < existing->gate.signature_count; i++) {
        const struct cret_cms *cms = existing->gate.signatures[i].cms;
        if (signer == NULL || memcmp(cret_certificate_key_digest(cret_cms_signer(cms)),
                                     cret_certificate_key_digest(signer), CRET_SHA256_BYTES) != 0) {
            others++;
        } else if (cret_cms_timestamp(cms) != NULL) {
            stamped++;
        }
    }
    if (memcmp(manifest->identity, identity, CRET_SHA256_BYTES) != 0) {
        char hex[CRET_SHA256_HEX];
        status = refuse(err, path, "another release lies there");
        cret_hex_encode(hex, identity, CRET_SHA256_BYTES);
        cret_err_expected(err, "the same content: identity %s", hex);
        cret_hex_encode(hex, manifest->identity, CRET_SHA256_BYTES);
        cret_err_actual(err, "%s %s %s (sequence %" PRId64 "), identity %s", manifest->vendor,
                        manifest->product, manifest->version, manifest->sequence, hex);
    } else if (others > 0) {
        status = refuse(err, path, "this release lies there with signatures that would be lost");
        cret_err_actual(err, "%zu %s by other keys", others,
                        cret_plural(others, "signature", "signatures"));
    } else if (stamped > 0) {
        status = refuse(err, path, "this release lies there with a timestamp that would be lost");
    }
    cret_existing_free(&existing);
    return status;
}
