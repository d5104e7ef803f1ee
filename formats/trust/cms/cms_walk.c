/* SPDX-License-Identifier: Apache-2.0 */
/* The structure of one SignedData, field by field, in the one form that is accepted. */
#include <string.h>

#include "trust/asn1/oid.h"
#include "trust/cms/cms_form.h"

/* An object identifier that can have only one value here. */
static enum cret_status fixed_oid(struct cret_der *der, const char *name, struct cret_bytes value)
{
    struct cret_bytes oid;
    const uint8_t *at = der->next;
    if (cret_der_oid(der, name, &oid) != CRET_OK) {
        return CRET_FAILED;
    }
    if (!cret_bytes_equal(oid, value)) {
        return cret_der_refuse(der, at, "has another %s than the profile allows", name);
    }
    return CRET_OK;
}

static enum cret_status refuse_digest(const struct cret_der *der, const uint8_t *at)
{
    struct cret_der other = *der;
    other.check = CRET_CHECK_SIGNATURE_ALGORITHM;
    cret_der_refuse(&other, at, "uses a digest, or an encoding of it, that is not accepted");
    return cret_err_expected(der->err, "SHA-256, SHA-384 or SHA-512, with absent parameters");
}

/* AlgorithmIdentifier of a digest: in its one encoding, or in a token as the authority wrote it. */
static enum cret_status take_digest(struct cret_der *der, const char *name,
                                    struct cret_cms_form *form)
{
    const uint8_t *at = der->next;
    struct cret_der_element element;
    if (cret_der_take(der, CRET_DER_SEQUENCE, name, &element) != CRET_OK) {
        return CRET_FAILED;
    }
    const struct cret_digest_algorithm *digest = form->kind == CRET_CMS_TOKEN
                                                     ? cret_digest_by_any_identifier(element.whole)
                                                     : cret_digest_by_identifier(element.whole);
    if (digest == NULL) {
        return refuse_digest(der, at);
    }
    form->digest = digest;
    form->digest_identifier = element.whole;
    return CRET_OK;
}

/* encapContentInfo of a token: a TSTInfo, which comes along. */
static enum cret_status walk_info(struct cret_der *content, struct cret_cms_form *form)
{
    struct cret_der tagged;
    struct cret_der_element info;
    if (fixed_oid(content, "eContentType", cret_oid_timestamp_info) != CRET_OK ||
        cret_der_enter(content, CRET_DER_CONTEXT_CONSTRUCTED | 0, "eContent", &tagged) != CRET_OK ||
        cret_der_take(&tagged, CRET_DER_OCTET_STRING, "eContent", &info) != CRET_OK ||
        cret_der_end(&tagged, "eContent") != CRET_OK) {
        return CRET_FAILED;
    }
    form->content = info.content;
    return cret_der_end(content, "encapContentInfo");
}

/* encapContentInfo: id-data and nothing else, since the signature is detached. */
static enum cret_status walk_content(struct cret_der *data, struct cret_cms_form *form)
{
    struct cret_der content;
    if (cret_der_enter(data, CRET_DER_SEQUENCE, "encapContentInfo", &content) != CRET_OK) {
        return CRET_FAILED;
    }
    if (form->kind == CRET_CMS_TOKEN) {
        return walk_info(&content, form);
    }
    if (fixed_oid(&content, "eContentType", cret_oid_data) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_der_more(&content)) {
        return cret_der_refuse(&content, content.next,
                               "contains content, but a signature here must be detached");
    }
    return CRET_OK;
}

/* certificates: [0] IMPLICIT SET OF Certificate. Other choices of CertificateChoices (attribute
 * certificates) have context tags and are refused by the tag. */
static enum cret_status walk_certificates(struct cret_der *data, struct cret_cms_form *form)
{
    struct cret_der set;
    struct cret_bytes previous = {NULL, 0};
    if (cret_der_enter(data, CRET_DER_CONTEXT_CONSTRUCTED | 0, "certificates", &set) != CRET_OK) {
        return CRET_FAILED;
    }
    while (cret_der_more(&set)) {
        struct cret_der_element element;
        if (cret_der_take(&set, CRET_DER_SEQUENCE, "Certificate", &element) != CRET_OK ||
            cret_der_ascending(&set, "certificates", &previous, element.whole) != CRET_OK) {
            return CRET_FAILED;
        }
        if (form->certificate_count == CRET_LIMIT_CHAIN) {
            return cret_der_refuse(&set, element.whole.data, "has more than %u certificates",
                                   CRET_LIMIT_CHAIN);
        }
        form->certificates[form->certificate_count++] = element.whole;
    }
    if (form->certificate_count == 0) {
        return cret_der_refuse(&set, set.origin, "has no certificate");
    }
    if (cret_der_next_is(data, CRET_DER_CONTEXT_CONSTRUCTED | 1)) {
        return cret_der_refuse(data, data->next,
                               "carries revocation lists, which no signature would cover");
    }
    return CRET_OK;
}

/* SignerIdentifier: issuerAndSerialNumber only. */
static enum cret_status walk_identifier(struct cret_der *info, struct cret_cms_form *form)
{
    struct cret_der sid;
    struct cret_der_element issuer;
    if (cret_der_next_is(info, CRET_DER_CONTEXT | 0)) {
        cret_der_refuse(info, info->next, "identifies its signer by a key identifier");
        return cret_err_expected(info->err, "issuerAndSerialNumber");
    }
    if (cret_der_enter(info, CRET_DER_SEQUENCE, "sid", &sid) != CRET_OK ||
        cret_der_take(&sid, CRET_DER_SEQUENCE, "the issuer in sid", &issuer) != CRET_OK ||
        cret_der_unsigned(&sid, "the serial number in sid", NULL, &form->serial) != CRET_OK ||
        cret_der_end(&sid, "sid") != CRET_OK) {
        return CRET_FAILED;
    }
    form->issuer = issuer.whole;
    return CRET_OK;
}

/* What no signature covers must not be there at all, but for one timestamp of the signature, whose
 * bytes its own signature covers. */
static enum cret_status walk_unsigned(struct cret_der *info, struct cret_cms_form *form)
{
    struct cret_der set, attribute, values;
    struct cret_der_element token;
    struct cret_bytes oid;
    const uint8_t *at = info->next;
    if (!cret_der_next_is(info, CRET_DER_CONTEXT_CONSTRUCTED | 1)) {
        return cret_der_end(info, "SignerInfo");
    }
    if (form->kind == CRET_CMS_TOKEN) {
        return cret_der_refuse(info, at, "has unsigned attributes, which are not accepted");
    }
    if (cret_der_enter(info, CRET_DER_CONTEXT_CONSTRUCTED | 1, "unsignedAttrs", &set) != CRET_OK ||
        cret_der_enter(&set, CRET_DER_SEQUENCE, "an unsigned attribute", &attribute) != CRET_OK ||
        cret_der_oid(&attribute, "attrType", &oid) != CRET_OK) {
        return CRET_FAILED;
    }
    if (!cret_bytes_equal(oid, cret_oid_timestamp_token)) {
        return cret_der_refuse(info, at,
                               "has an unsigned attribute other than a timestamp, which "
                               "is not accepted");
    }
    if (cret_der_enter(&attribute, CRET_DER_SET, "attrValues", &values) != CRET_OK ||
        cret_der_end(&attribute, "an unsigned attribute") != CRET_OK ||
        cret_der_take(&values, CRET_DER_SEQUENCE, "the timestamp token", &token) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_der_more(&values) || cret_der_more(&set)) {
        return cret_der_refuse(info, at, "has more than one unsigned attribute or timestamp");
    }
    form->token = token.whole;
    return cret_der_end(info, "SignerInfo");
}

static enum cret_status walk_signer(struct cret_der *infos, struct cret_cms_form *form)
{
    struct cret_der info;
    const struct cret_bytes identifier = form->digest_identifier;
    struct cret_der_element attributes, algorithm, value;
    if (cret_der_enter(infos, CRET_DER_SEQUENCE, "SignerInfo", &info) != CRET_OK) {
        return CRET_FAILED;
    }
    const uint8_t *start = info.next;
    if (cret_der_number(&info, "SignerInfo.version", 1) != CRET_OK ||
        walk_identifier(&info, form) != CRET_OK) {
        return CRET_FAILED;
    }
    const uint8_t *at = info.next;
    if (take_digest(&info, "SignerInfo.digestAlgorithm", form) != CRET_OK) {
        return CRET_FAILED;
    }
    if (!cret_bytes_equal(form->digest_identifier, identifier)) {
        return cret_der_refuse(&info, at, "names another digest in SignerInfo than in SignedData");
    }
    if (!cret_der_next_is(&info, CRET_DER_CONTEXT_CONSTRUCTED | 0)) {
        cret_der_refuse(&info, info.next, "has no signed attributes");
        cret_err_hint(info.err, "without them other content can be made to fit the signature; sign "
                                "again with signed attributes");
        return CRET_FAILED;
    }
    if (cret_der_take(&info, CRET_DER_CONTEXT_CONSTRUCTED | 0, "signedAttrs", &attributes) !=
            CRET_OK ||
        cret_der_take(&info, CRET_DER_SEQUENCE, "signatureAlgorithm", &algorithm) != CRET_OK ||
        cret_der_take(&info, CRET_DER_OCTET_STRING, "signature", &value) != CRET_OK) {
        return CRET_FAILED;
    }
    form->signer = (struct cret_bytes){start, (size_t)(info.next - start)};
    if (walk_unsigned(&info, form) != CRET_OK) {
        return CRET_FAILED;
    }
    form->attributes = attributes.content;
    form->algorithm = algorithm.whole;
    form->value = value.content;
    return CRET_OK;
}

static enum cret_status walk_signed_data(struct cret_der *data, struct cret_cms_form *form)
{
    struct cret_der digests, infos;
    const uint8_t *start = data->next;
    /* RFC 5652 5.1: 3 where the content is not id-data. */
    const unsigned version = form->kind == CRET_CMS_TOKEN ? 3 : 1;
    if (cret_der_number(data, "SignedData.version", version) != CRET_OK ||
        cret_der_enter(data, CRET_DER_SET, "digestAlgorithms", &digests) != CRET_OK ||
        take_digest(&digests, "digestAlgorithms", form) != CRET_OK ||
        cret_der_end(&digests, "digestAlgorithms") != CRET_OK ||
        walk_content(data, form) != CRET_OK || walk_certificates(data, form) != CRET_OK) {
        return CRET_FAILED;
    }
    form->head = (struct cret_bytes){start, (size_t)(data->next - start)};
    if (cret_der_enter(data, CRET_DER_SET, "signerInfos", &infos) != CRET_OK ||
        walk_signer(&infos, form) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_der_more(&infos)) {
        return cret_der_refuse(&infos, infos.next,
                               "has a second SignerInfo; each signer needs a file of his own");
    }
    return cret_der_end(data, "SignedData");
}

enum cret_status cret_cms_form_parse(struct cret_cms_form *ret_form, enum cret_cms_kind kind,
                                     const uint8_t *der, size_t size, struct cret_err *err)
{
    struct cret_der outer =
        cret_der_begin(der, size, kind == CRET_CMS_TOKEN ? "timestamp token" : "signature",
                       CRET_CHECK_SIGNATURE_FORM, err);
    struct cret_der info, content, data;
    struct cret_cms_form form;
    memset(&form, 0, sizeof(form));
    form.kind = kind;
    if (cret_der_enter(&outer, CRET_DER_SEQUENCE, "ContentInfo", &info) != CRET_OK ||
        cret_der_end(&outer, "ContentInfo") != CRET_OK ||
        fixed_oid(&info, "contentType", cret_oid_signed_data) != CRET_OK ||
        cret_der_enter(&info, CRET_DER_CONTEXT_CONSTRUCTED | 0, "content", &content) != CRET_OK ||
        cret_der_end(&info, "ContentInfo") != CRET_OK ||
        cret_der_enter(&content, CRET_DER_SEQUENCE, "SignedData", &data) != CRET_OK ||
        cret_der_end(&content, "content") != CRET_OK || walk_signed_data(&data, &form) != CRET_OK) {
        return CRET_FAILED;
    }
    *ret_form = form;
    return CRET_OK;
}
