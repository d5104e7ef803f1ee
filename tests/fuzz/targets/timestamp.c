/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Timestamp tokens, signed by an authority that the policy knows. The input changes TSTInfo (place
 * 10), signed attributes (0 to 7), and the finished token (16). What is taken says what OpenSSL
 * reads in it.
 */
#include <openssl/cms.h>
#include <openssl/ts.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../signing.h"
#include "trust/cms/cms_form.h"

enum { INFO = 10, TOKEN = 16 };

static void change_info(const void *context, struct cret_buffer *info)
{
    fuzz_change(info, INFO, *(const struct fuzz_part *)context);
}

static int64_t time_of(const TS_TST_INFO *info)
{
    struct tm broken;
    memset(&broken, 0, sizeof(broken));
    FUZZ_HOLD(ASN1_TIME_to_tm(TS_TST_INFO_get_time(info), &broken) == 1);
    return timegm(&broken);
}

static void hold(const struct cret_timestamp *timestamp, struct cret_bytes value)
{
    uint8_t hash[EVP_MAX_MD_SIZE], *written = NULL;
    unsigned length = 0;
    const struct cret_bytes content = cret_cms_form(cret_timestamp_cms(timestamp))->content;
    const uint8_t *next = content.data;
    TS_TST_INFO *info = d2i_TS_TST_INFO(NULL, &next, (long)content.size);
    FUZZ_HOLD(info != NULL && next == content.data + content.size);
    const int size = i2d_TS_TST_INFO(info, &written);
    FUZZ_HOLD(size > 0 && (size_t)size == content.size &&
              memcmp(written, content.data, content.size) == 0);
    FUZZ_HOLD(time_of(info) == cret_timestamp_time(timestamp));
    FUZZ_HOLD(cret_timestamp_latest(timestamp) >= cret_timestamp_time(timestamp));
    TS_MSG_IMPRINT *imprint = TS_TST_INFO_get_msg_imprint(info);
    const ASN1_OBJECT *algorithm = NULL;
    X509_ALGOR_get0(&algorithm, NULL, NULL, TS_MSG_IMPRINT_get_algo(imprint));
    const EVP_MD *md = EVP_get_digestbyobj(algorithm);
    const ASN1_OCTET_STRING *given = TS_MSG_IMPRINT_get_msg(imprint);
    FUZZ_HOLD(md != NULL && EVP_Digest(value.data, value.size, hash, &length, md, NULL) == 1);
    FUZZ_HOLD((unsigned)ASN1_STRING_length(given) == length && length >= 32);
    FUZZ_HOLD(memcmp(ASN1_STRING_get0_data(given), hash, length) == 0);
    OPENSSL_free(written);
    TS_TST_INFO_free(info);
    const struct pki_entity *tsa = fuzz_entity(FUZZ_TSA);
    FUZZ_HOLD(memcmp(cret_certificate_digest(cret_timestamp_signer(timestamp)),
                     cret_certificate_digest(tsa->certificate), CRET_SHA256_BYTES) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct cret_cms *cms;
    const struct fuzz_part changes = {data, size};
    struct pki_token token;
    struct cret_buffer whole = {0};
    struct cret_timestamp *timestamp = NULL;
    struct cret_err err;
    size_t written = 0;
    if (cms == NULL) {
        cms = pki_cms(fuzz_entity(FUZZ_RELEASE), "text", CRET_MEANING_ORIGIN, NULL, 0);
    }
    cret_err_clear(&err);
    pki_token_begin(&token, fuzz_entity(FUZZ_TSA), "20260601000000Z", NULL, 0);
    for (uint8_t i = 2; i < token.forge.attribute_count; i++) {
        fuzz_change(&token.forge.attributes[i], i, changes);
    }
    token.change = change_info;
    token.context = &changes;
    uint8_t *der = pki_token_write(&token, cms, &written);
    cret_buffer_append(&whole, der, written);
    free(der);
    const bool changed = fuzz_change(&whole, TOKEN, changes);
    const struct cret_bytes value = cret_timestamp_subject(cms);
    const struct cret_bytes bytes = {(uint8_t *)whole.data, whole.size};
    if (cret_timestamp_parse(&timestamp, bytes, value, false, &err) == CRET_OK) {
        FUZZ_HOLD(!changed && fuzz_same_cms(bytes.data, bytes.size));
        hold(timestamp, value);
    } else {
        FUZZ_HOLD(timestamp == NULL);
        fuzz_hold_failure(&err, 1u << CRET_ERR_REFUSED);
    }
    cret_timestamp_free(&timestamp);
    cret_buffer_free(&whole);
    return 0;
}
