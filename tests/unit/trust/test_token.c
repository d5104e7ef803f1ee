/* SPDX-License-Identifier: Apache-2.0 */
/* See token.h. */
#include "token.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "trust/asn1/oid.h"

static const uint8_t one[] = {1}, three[] = {3};

void pki_token_begin(struct pki_token *token, const struct pki_entity *tsa, const char *time,
                     const struct pki_entity *const *intermediates, size_t count)
{
    struct cret_buffer oid = {0};
    memset(token, 0, sizeof(*token));
    forge_begin(&token->forge, tsa, "", intermediates, count);
    der_put(&oid, CRET_DER_OID, cret_oid_timestamp_info.data, cret_oid_timestamp_info.size);
    forge_replace(&token->forge, 0, cret_oid_content_type, oid.data, oid.size);
    cret_buffer_free(&oid);
    der_put(&token->forge.version, CRET_DER_INTEGER, three, 1);
    token->time = time;
    token->hash = "sha256";
}

static void put_either(struct cret_buffer *out, struct cret_buffer *given, uint8_t tag,
                       const void *content, size_t size)
{
    if (given->data == NULL) {
        der_put(out, tag, content, size);
    } else {
        cret_buffer_append(out, given->data, given->size);
    }
    cret_buffer_free(given);
}

static void put_imprint(struct cret_buffer *info, const struct pki_token *token,
                        struct cret_bytes value)
{
    static const uint8_t sha1[] = {0x30, 0x07, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a};
    uint8_t hash[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    struct cret_buffer imprint = {0};
    const struct cret_digest_algorithm *row = cret_digest_by_name(token->hash);
    if (token->imprint != NULL) {
        length = (unsigned)row->size;
        memcpy(hash, token->imprint, length);
    } else {
        cr_assert_eq(EVP_Digest(value.data, token->other_imprint ? value.size - 1 : value.size,
                                hash, &length, row != NULL ? row->md() : EVP_sha1(), NULL),
                     1);
    }
    if (row != NULL) {
        der_put_bytes(&imprint, row->identifier);
    } else {
        cret_buffer_append(&imprint, sha1, sizeof(sha1));
    }
    der_put(&imprint, CRET_DER_OCTET_STRING, hash, length);
    der_wrap(info, CRET_DER_SEQUENCE, &imprint);
}

uint8_t *pki_token_write(struct pki_token *token, const struct cret_cms *cms, size_t *ret_size)
{
    static const uint8_t policy[] = {0x2a, 0x03, 0x04};
    struct cret_buffer info = {0}, whole = {0}, octets = {0}, tagged = {0}, digest = {0};
    uint8_t hash[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    put_either(&info, &token->version, CRET_DER_INTEGER, one, 1);
    der_put(&info, CRET_DER_OID, policy, sizeof(policy));
    put_imprint(&info, token,
                cms != NULL ? cret_timestamp_subject(cms) : (struct cret_bytes){NULL, 0});
    put_either(&info, &token->serial, CRET_DER_INTEGER, "\x17", 1);
    der_put(&info, CRET_DER_GENERALIZED_TIME, token->time, strlen(token->time));
    cret_buffer_append(&info, token->after_time.data, token->after_time.size);
    der_wrap(&whole, CRET_DER_SEQUENCE, &info);
    if (token->trailing) {
        cret_buffer_append(&whole, "", 1);
    }
    if (token->change != NULL) {
        token->change(token->context, &whole);
    }
    cr_assert_eq(EVP_Digest(whole.data, token->wrong_value ? whole.size - 1 : whole.size, hash,
                            &length, token->forge.digest->md(), NULL),
                 1);
    der_put(&digest, CRET_DER_OCTET_STRING, hash, length);
    forge_replace(&token->forge, 1, cret_oid_message_digest, digest.data, digest.size);
    der_wrap(&octets, CRET_DER_OCTET_STRING, &whole);
    der_wrap(&tagged, 0xa0, &octets);
    if (token->forge.encapsulated.data == NULL) {
        der_put(&octets, CRET_DER_OID, cret_oid_timestamp_info.data, cret_oid_timestamp_info.size);
        cret_buffer_append(&octets, tagged.data, tagged.size);
        der_wrap(&token->forge.encapsulated, CRET_DER_SEQUENCE, &octets);
    }
    uint8_t *der = forge_write(&token->forge, ret_size);
    cret_buffer_free(&tagged);
    cret_buffer_free(&digest);
    cret_buffer_free(&token->after_time);
    forge_end(&token->forge);
    return der;
}

uint8_t *pki_token_attach(struct pki_token *token, const struct cret_cms *cms, size_t *ret_size)
{
    size_t size = 0;
    uint8_t *der = NULL, *own = pki_token_write(token, cms, &size);
    cr_assert_eq(cret_timestamp_attach(&der, ret_size, cms, (struct cret_bytes){own, size}, NULL),
                 CRET_OK);
    free(own);
    return der;
}
