/* SPDX-License-Identifier: Apache-2.0 */
/* Requests to a timestamp authority, its responses, and the token put into a signature. */
#include "trust/cms/timestamp_exchange.h"

#include <limits.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/ts.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/text.h"
#include "trust/asn1/der_write.h"
#include "trust/asn1/library.h"
#include "trust/asn1/oid.h"
#include "trust/cms/cms_form.h"
#include "trust/x509/cms_algorithm.h"

#define CHECK CRET_CHECK_SIGNATURE_TIMESTAMP

/* The pieces of a token as an authority sent it. */
struct token {
    struct cret_bytes head;         /* version, digestAlgorithms, encapContentInfo */
    struct cret_bytes certificates; /* content of the field; size 0: absent */
    struct cret_bytes signer;       /* fields of the SignerInfo up to the value */
    struct cret_cms_form form;      /* kind, digest and signed attributes only */
    struct cret_cms_attributes attributes;
};

struct cret_bytes cret_timestamp_subject(const struct cret_cms *cms)
{
    return cret_cms_form(cms)->value;
}

enum cret_status cret_timestamp_request(uint8_t **ret_der, size_t *ret_size,
                                        const struct cret_cms *cms, struct cret_err *err)
{
    const struct cret_cms_form *form = cret_cms_form(cms);
    uint8_t digest[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    if (!cret_library_done(EVP_Digest(form->value.data, form->value.size, digest, &length,
                                      form->digest->md(), NULL))) {
        return cret_err_memory(err);
    }
    return cret_timestamp_request_for(ret_der, ret_size, form->digest, digest, err);
}

enum cret_status cret_timestamp_request_for(uint8_t **ret_der, size_t *ret_size,
                                            const struct cret_digest_algorithm *algorithm,
                                            const uint8_t *digest, struct cret_err *err)
{
    static const uint8_t version[] = {1}, yes[] = {0xff};
    struct cret_buffer request = {0}, imprint = {0}, out = {0};
    cret_der_put(&request, CRET_DER_INTEGER, version, sizeof(version));
    cret_der_put_raw(&imprint, algorithm->identifier);
    cret_der_put(&imprint, CRET_DER_OCTET_STRING, digest, algorithm->size);
    cret_der_wrap(&request, CRET_DER_SEQUENCE, &imprint);
    cret_der_put(&request, CRET_DER_BOOLEAN, yes, sizeof(yes)); /* certReq */
    cret_der_wrap(&out, CRET_DER_SEQUENCE, &request);
    return cret_der_finish(ret_der, ret_size, &out, err);
}

bool cret_timestamp_request_is(const uint8_t *der, size_t size)
{
    static const char *const names[] = {"sha256", "sha384", "sha512"};
    bool is = false;
    for (size_t i = 0; i < CRET_LENGTH(names) && !is; i++) {
        const struct cret_digest_algorithm *algorithm = cret_digest_by_name(names[i]);
        struct cret_err err = {0};
        uint8_t *same = NULL;
        size_t same_size = 0;
        /* The digest stands before the three octets of certReq. */
        if (algorithm != NULL && size >= algorithm->size + 3 &&
            cret_timestamp_request_for(&same, &same_size, algorithm,
                                       der + size - 3 - algorithm->size, &err) == CRET_OK) {
            is = same_size == size && memcmp(same, der, size) == 0;
        }
        free(same);
    }
    return is;
}

/* ContentInfo around these fields of SignedData and of its one SignerInfo. */
static void put_content_info(struct cret_buffer *out, struct cret_buffer *head,
                             struct cret_buffer *signer)
{
    struct cret_buffer infos = {0}, data = {0}, content = {0};
    cret_der_wrap(&infos, CRET_DER_SEQUENCE, signer);
    cret_der_wrap(head, CRET_DER_SET, &infos);
    cret_der_wrap(&data, CRET_DER_SEQUENCE, head);
    cret_der_put_oid(&content, cret_oid_signed_data);
    cret_der_wrap(&content, CRET_DER_CONTEXT_CONSTRUCTED, &data);
    cret_der_wrap(out, CRET_DER_SEQUENCE, &content);
}

enum cret_status cret_timestamp_attach(uint8_t **ret_der, size_t *ret_size,
                                       const struct cret_cms *cms, struct cret_bytes token,
                                       struct cret_err *err)
{
    const struct cret_cms_form *form = cret_cms_form(cms);
    struct cret_buffer head = {0}, signer = {0}, values = {0}, attribute = {0}, set = {0},
                       out = {0};
    cret_der_put_raw(&values, token);
    cret_der_put_oid(&attribute, cret_oid_timestamp_token);
    cret_der_wrap(&attribute, CRET_DER_SET, &values);
    cret_der_wrap(&set, CRET_DER_SEQUENCE, &attribute);
    cret_der_put_raw(&signer, form->signer);
    cret_der_wrap(&signer, CRET_DER_CONTEXT_CONSTRUCTED | 1, &set);
    cret_der_put_raw(&head, form->head);
    put_content_info(&out, &head, &signer);
    return cret_der_finish(ret_der, ret_size, &out, err);
}

/* PKIStatusInfo (RFC 3161 2.4.2): status, statusString, failInfo. */
static enum cret_status read_status(struct cret_der *response)
{
    static const char *const words[] = {
        "granted", "granted with modifications", "rejection",
        "waiting", "revocation warning",         "revocation notification"};
    struct cret_der status, texts;
    struct cret_bytes code;
    struct cret_der_element text = {0};
    struct cret_err *err = response->err;
    if (cret_der_enter(response, CRET_DER_SEQUENCE, "PKIStatusInfo", &status) != CRET_OK ||
        cret_der_unsigned(&status, "status", &code, NULL) != CRET_OK) {
        return CRET_FAILED;
    }
    const unsigned number = code.size == 0 ? 0 : code.size == 1 ? code.data[0] : 255;
    if (number <= 1) {
        return CRET_OK;
    }
    if (cret_der_next_is(&status, CRET_DER_SEQUENCE) &&
        (cret_der_enter(&status, CRET_DER_SEQUENCE, "statusString", &texts) != CRET_OK ||
         cret_der_any(&texts, "statusString", &text) != CRET_OK)) {
        return CRET_FAILED;
    }
    char *raw = cret_text_printf("%.*s", (int)(text.content.size < 200 ? text.content.size : 200),
                                 text.content.size > 0 ? (const char *)text.content.data : "");
    char *safe = raw != NULL ? cret_text_escape(raw) : NULL;
    cret_err_refuse(err, CHECK, "the timestamp authority gave no token: %s",
                    number < CRET_LENGTH(words) ? words[number] : "unknown status");
    if (safe != NULL && safe[0] != '\0') {
        cret_err_actual(err, "%s", safe);
    }
    free(raw);
    free(safe);
    return cret_err_hint(err, "ask the authority, and whether it takes requests with this hash");
}

/* What is a token here: the second part of a response, or the whole file. */
static enum cret_status find_token(const uint8_t *data, size_t size, struct cret_der *ret_token,
                                   struct cret_err *err)
{
    struct cret_der whole = cret_der_begin(data, size, "timestamp response", CHECK, err);
    struct cret_der outer = whole, response;
    if (cret_der_enter(&outer, CRET_DER_SEQUENCE, "TimeStampResp", &response) != CRET_OK ||
        cret_der_end(&outer, "TimeStampResp") != CRET_OK) {
        return cret_err_hint(err, "give the answer of the authority as it came (DER, .tsr)");
    }
    if (cret_der_next_is(&response, CRET_DER_OID)) {
        *ret_token = whole;
        return CRET_OK;
    }
    if (read_status(&response) != CRET_OK) {
        return CRET_FAILED;
    }
    *ret_token = response;
    return CRET_OK;
}

static enum cret_status take_signer(struct token *token, struct cret_der *infos)
{
    struct cret_der info;
    struct cret_der_element digest, attributes;
    if (cret_der_enter(infos, CRET_DER_SEQUENCE, "SignerInfo", &info) != CRET_OK ||
        cret_der_end(infos, "signerInfos (one is allowed)") != CRET_OK) {
        return CRET_FAILED;
    }
    const uint8_t *start = info.next;
    if (cret_der_take(&info, CRET_DER_INTEGER, "SignerInfo.version", NULL) != CRET_OK ||
        cret_der_take(&info, CRET_DER_SEQUENCE, "sid (issuer and serial number)", NULL) !=
            CRET_OK ||
        cret_der_take(&info, CRET_DER_SEQUENCE, "digestAlgorithm", &digest) != CRET_OK ||
        cret_der_take(&info, CRET_DER_CONTEXT_CONSTRUCTED | 0, "signedAttrs", &attributes) !=
            CRET_OK ||
        cret_der_take(&info, CRET_DER_SEQUENCE, "signatureAlgorithm", NULL) != CRET_OK ||
        cret_der_take(&info, CRET_DER_OCTET_STRING, "signature", NULL) != CRET_OK) {
        return CRET_FAILED;
    }
    token->signer = (struct cret_bytes){start, (size_t)(info.next - start)};
    token->form.kind = CRET_CMS_TOKEN;
    token->form.digest = cret_digest_by_any_identifier(digest.whole);
    token->form.attributes = attributes.content;
    if (token->form.digest == NULL) {
        cret_der_refuse(&info, digest.whole.data, "is signed with a digest that is not accepted");
        return cret_err_expected(info.err, "SHA-256, SHA-384 or SHA-512");
    }
    return CRET_OK;
}

static enum cret_status take_token(struct token *token, struct cret_der *der)
{
    struct cret_der info, content, data, infos;
    struct cret_bytes oid;
    struct cret_der_element certificates = {0};
    if (cret_der_enter(der, CRET_DER_SEQUENCE, "the token (ContentInfo)", &info) != CRET_OK ||
        cret_der_oid(&info, "contentType", &oid) != CRET_OK ||
        cret_der_enter(&info, CRET_DER_CONTEXT_CONSTRUCTED | 0, "content", &content) != CRET_OK ||
        cret_der_enter(&content, CRET_DER_SEQUENCE, "SignedData", &data) != CRET_OK) {
        return CRET_FAILED;
    }
    const uint8_t *start = data.next;
    if (cret_der_take(&data, CRET_DER_INTEGER, "SignedData.version", NULL) != CRET_OK ||
        cret_der_take(&data, CRET_DER_SET, "digestAlgorithms", NULL) != CRET_OK ||
        cret_der_take(&data, CRET_DER_SEQUENCE, "encapContentInfo", NULL) != CRET_OK) {
        return CRET_FAILED;
    }
    token->head = (struct cret_bytes){start, (size_t)(data.next - start)};
    if (cret_der_next_is(&data, CRET_DER_CONTEXT_CONSTRUCTED | 0) &&
        cret_der_take(&data, CRET_DER_CONTEXT_CONSTRUCTED | 0, "certificates", &certificates) !=
            CRET_OK) {
        return CRET_FAILED;
    }
    token->certificates = certificates.content;
    if (cret_der_next_is(&data, CRET_DER_CONTEXT_CONSTRUCTED | 1) &&
        cret_der_take(&data, CRET_DER_CONTEXT_CONSTRUCTED | 1, "crls", NULL) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_der_enter(&data, CRET_DER_SET, "signerInfos", &infos) != CRET_OK) {
        return CRET_FAILED;
    }
    return take_signer(token, &infos);
}

static bool has_hash(const struct cret_cms_certificate_id *id, struct cret_bytes der)
{
    uint8_t digest[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    return cret_library_done(
               EVP_Digest(der.data, der.size, digest, &length, id->digest->md(), NULL)) &&
           cret_bytes_equal(id->hash, (struct cret_bytes){digest, length});
}

/* The certificate that an entry means: from the token, or from those that came with it. size 0:
 * nowhere. */
static struct cret_bytes find_certificate(const struct token *token,
                                          const struct cret_cms_certificate_id *id,
                                          const struct cret_certificate *const *known,
                                          size_t known_count)
{
    struct cret_der list = cret_der_begin(token->certificates.data, token->certificates.size,
                                          "timestamp", CHECK, NULL);
    struct cret_der_element element;
    while (cret_der_more(&list) && cret_der_any(&list, "Certificate", &element) == CRET_OK) {
        if (has_hash(id, element.whole)) {
            return element.whole;
        }
    }
    for (size_t i = 0; i < known_count; i++) {
        struct cret_bytes der;
        der.data = cret_certificate_der(known[i], &der.size);
        if (has_hash(id, der)) {
            return der;
        }
    }
    return (struct cret_bytes){NULL, 0};
}

/* Whether an entry of the token means this certificate of it. */
static bool is_listed(const struct token *token, struct cret_bytes der)
{
    for (size_t i = 0; i < token->attributes.id_count; i++) {
        if (has_hash(&token->attributes.ids[i], der)) {
            return true;
        }
    }
    return false;
}

/* The certificates that the token embeds and does not list. */
static enum cret_status keep_left_out(struct cret_timestamp_answer *answer,
                                      const struct token *token, struct cret_err *err)
{
    struct cret_der list = cret_der_begin(token->certificates.data, token->certificates.size,
                                          "timestamp", CHECK, NULL);
    struct cret_der_element element;
    while (cret_der_more(&list) && cret_der_any(&list, "Certificate", &element) == CRET_OK) {
        if (is_listed(token, element.whole)) {
            continue;
        }
        answer->left_out++;
        if (answer->named == CRET_LIMIT_CHAIN) {
            continue;
        }
        /* What is no certificate of ours is left out as well, and counted only. */
        struct cret_err ignored = {0};
        if (cret_certificate_from_der(&answer->certificates[answer->named], element.whole.data,
                                      element.whole.size, &ignored) == CRET_OK) {
            answer->named++;
        } else if (ignored.class == CRET_ERR_UNDECIDED) {
            if (err != NULL) {
                *err = ignored;
            }
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

/* The certificates field with exactly those that the signed attributes list. */
static enum cret_status put_certificates(struct cret_buffer *head, const struct token *token,
                                         const struct cret_certificate *const *known,
                                         size_t known_count, struct cret_err *err)
{
    struct cret_buffer encodings[CRET_LIMIT_CHAIN] = {{0}};
    size_t count = 0;
    for (; count < token->attributes.id_count; count++) {
        const struct cret_cms_certificate_id *id = &token->attributes.ids[count];
        const struct cret_bytes der = find_certificate(token, id, known, known_count);
        if (der.size == 0) {
            for (size_t i = 0; i < count; i++) {
                cret_buffer_free(&encodings[i]);
            }
            cret_err_refuse(err, CHECK,
                            "the token lists a certificate of the authority that it does not "
                            "embed: entry %zu of %zu",
                            count + 1, token->attributes.id_count);
            cret_cms_expect_certificate(id, err);
            return cret_err_hint(err,
                                 "give the certificate with this hash with --cert; where the "
                                 "authority does not publish it, use another timestamp service");
        }
        cret_der_put_raw(&encodings[count], der);
    }
    cret_der_put_sorted(head, CRET_DER_CONTEXT_CONSTRUCTED, encodings, count);
    return CRET_OK;
}

void cret_timestamp_answer_clear(struct cret_timestamp_answer *answer)
{
    for (size_t i = 0; i < answer->named; i++) {
        cret_certificate_free(&answer->certificates[i]);
    }
    free(answer->token);
    memset(answer, 0, sizeof(*answer));
}

/* One answer in DER. */
static enum cret_status read_answer(struct cret_timestamp_answer *answer, const uint8_t *data,
                                    size_t size, const struct cret_certificate *const *known,
                                    size_t known_count, struct cret_err *err)
{
    struct token token;
    struct cret_der der;
    struct cret_buffer head = {0}, signer = {0}, out = {0};
    memset(&token, 0, sizeof(token));
    if (find_token(data, size, &der, err) != CRET_OK || take_token(&token, &der) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_cms_attributes_parse(&token.attributes, data, &token.form, err) != CRET_OK) {
        if (err != NULL && err->class == CRET_ERR_REFUSED) {
            err->check = CHECK;
        }
        return CRET_FAILED;
    }
    cret_der_put_raw(&head, token.head);
    cret_der_put_raw(&signer, token.signer);
    if (put_certificates(&head, &token, known, known_count, err) != CRET_OK ||
        keep_left_out(answer, &token, err) != CRET_OK) {
        cret_buffer_free(&head);
        cret_buffer_free(&signer);
        return CRET_FAILED;
    }
    put_content_info(&out, &head, &signer);
    return cret_der_finish(&answer->token, &answer->size, &out, err);
}

/* A ContentInfo in DER, where OpenSSL can read it as BER. 0: it cannot. */
static int encode_token(unsigned char **ret_der, const unsigned char *data, long size)
{
    const unsigned char *at = data;
    CMS_ContentInfo *info = d2i_CMS_ContentInfo(NULL, &at, size);
    const int length = info != NULL && at == data + size ? i2d_CMS_ContentInfo(info, ret_der) : 0;
    CMS_ContentInfo_free(info);
    return length;
}

/* The token of a response that granted one; any other response as a whole. */
static int encode_response(unsigned char **ret_der, TS_RESP *response)
{
    TS_STATUS_INFO *status = TS_RESP_get_status_info(response);
    const long code = ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(status));
    PKCS7 *token = TS_RESP_get_token(response);
    if ((code != TS_STATUS_GRANTED && code != TS_STATUS_GRANTED_WITH_MODS) || token == NULL) {
        return i2d_TS_RESP(response, ret_der);
    }
    unsigned char *inner = NULL;
    const int size = i2d_PKCS7(token, &inner);
    const int length = size > 0 ? encode_token(ret_der, inner, size) : 0;
    OPENSSL_free(inner);
    return length;
}

/* The same answer in DER, where OpenSSL can read it as BER: the authority's signature is over the
 * content and over the DER of the signed attributes (RFC 5652 5.4), not over how the rest is
 * encoded, and the result is verified as any token is. False where it cannot. The caller frees with
 * OPENSSL_free. */
static bool encode_anew(uint8_t **ret_der, size_t *ret_size, const uint8_t *data, size_t size)
{
    const unsigned char *at = data;
    unsigned char *der = NULL;
    if (size > INT_MAX) {
        return false;
    }
    TS_RESP *response = d2i_TS_RESP(NULL, &at, (long)size);
    const int length = response != NULL && at == data + size ? encode_response(&der, response)
                                                             : encode_token(&der, data, (long)size);
    TS_RESP_free(response);
    ERR_clear_error();
    if (length <= 0) {
        return false;
    }
    *ret_der = der;
    *ret_size = (size_t)length;
    return true;
}

enum cret_status cret_timestamp_response(struct cret_timestamp_answer *ret_answer,
                                         const uint8_t *data, size_t size,
                                         const struct cret_certificate *const *known,
                                         size_t known_count, struct cret_err *err)
{
    struct cret_timestamp_answer answer;
    struct cret_err first = {0};
    uint8_t *der = NULL;
    size_t der_size = 0;
    memset(&answer, 0, sizeof(answer));
    enum cret_status status = read_answer(&answer, data, size, known, known_count, &first);
    if (status != CRET_OK && first.class == CRET_ERR_REFUSED &&
        encode_anew(&der, &der_size, data, size) &&
        (der_size != size || memcmp(der, data, size) != 0)) {
        struct cret_err again = {0};
        cret_timestamp_answer_clear(&answer);
        status = read_answer(&answer, der, der_size, known, known_count, &again);
        answer.encoded_anew = true;
        /* Where a bare token was taken out of the answer, what is wrong with it is told of that. */
        first = again;
    }
    OPENSSL_free(der);
    if (status != CRET_OK) {
        cret_timestamp_answer_clear(&answer);
        if (err != NULL) {
            *err = first;
        }
        return CRET_FAILED;
    }
    *ret_answer = answer;
    return CRET_OK;
}
