/* SPDX-License-Identifier: Apache-2.0 */
/* The certificates of a signature, for whoever has to tell its verifiers. */
#include "signer/report/embedded.h"

#include <string.h>

#include "base/finding/limits.h"
#include "base/text/json.h"
#include "base/text/json_build.h"
#include "base/text/time.h"
#include "signer/report/report.h"

static bool self_issued(const struct cret_certificate *certificate)
{
    return strcmp(cret_certificate_subject(certificate), cret_certificate_issuer(certificate)) == 0;
}

/* The certificate that stands highest; its issuer is the anchor, or it is one itself. */
static const struct cret_certificate *highest(const struct cret_cms *cms)
{
    const size_t count = cret_cms_intermediate_count(cms);
    return count > 0 ? cret_cms_intermediate(cms, count - 1) : cret_cms_signer(cms);
}

static bool same(const struct cret_certificate *left, const struct cret_certificate *right)
{
    return memcmp(cret_certificate_digest(left), cret_certificate_digest(right),
                  CRET_SHA256_BYTES) == 0;
}

static bool is_embedded(const struct cret_cms *cms, const struct cret_certificate *certificate)
{
    bool found = same(cret_cms_signer(cms), certificate);
    for (size_t i = 0; i < cret_cms_intermediate_count(cms); i++) {
        found = found || same(cret_cms_intermediate(cms, i), certificate);
    }
    return found;
}

/* The index-th certificate that the options gave, whatever the option; NULL behind the last. */
static const struct cret_certificate *given(const struct cret_credentials *credentials,
                                            size_t index)
{
    if (index < credentials->count) {
        return credentials->list[index];
    }
    index -= credentials->count;
    return index < credentials->chain_count ? credentials->chain_list[index] : NULL;
}

json_t *cret_embedded_told(const struct cret_cms *cms, const struct cret_credentials *credentials,
                           int64_t end)
{
    const struct cret_certificate *signer = cret_cms_signer(cms);
    struct cret_build told = cret_build_object(), embedded = cret_build_object();
    struct cret_build certificates = cret_build_list(), left_out = cret_build_list(),
                      roots = cret_build_list();
    cret_build_add(&certificates, json_string(cret_certificate_subject(signer)));
    for (size_t i = 0; i < cret_cms_intermediate_count(cms); i++) {
        cret_build_add(&certificates,
                       json_string(cret_certificate_subject(cret_cms_intermediate(cms, i))));
    }
    for (size_t i = 0; given(credentials, i) != NULL; i++) {
        const struct cret_certificate *one = given(credentials, i);
        if (!is_embedded(cms, one)) {
            cret_build_add(&left_out, json_string(cret_certificate_subject(one)));
            cret_build_add(&roots, json_boolean(self_issued(one)));
        }
    }
    cret_build_put(&embedded, "certificates", cret_build_end(&certificates));
    cret_build_string(&embedded, "anchor", cret_certificate_issuer(highest(cms)));
    cret_build_put(&embedded, "leftOut", cret_build_end(&left_out));
    cret_build_put(&told, "embedded", cret_build_end(&embedded));
    cret_build_put(&told, "roots", cret_build_end(&roots));
    cret_build_boolean(&told, "selfIssued", self_issued(signer));
    cret_build_integer(&told, "until", end);
    return cret_build_end(&told);
}

static bool is_texts(const json_t *array)
{
    bool texts = json_is_array(array);
    CRET_JSON_EACH (one, array) {
        texts = texts && json_is_string(one);
    }
    return texts;
}

bool cret_embedded_is(const json_t *told)
{
    const json_t *certificates = cret_json_get(told, "embedded.certificates");
    const json_t *left_out = cret_json_get(told, "embedded.leftOut");
    const json_t *roots = json_object_get(told, "roots");
    const int64_t end = cret_json_integer(told, "until", INT64_MAX);
    bool good = is_texts(certificates) && json_array_size(certificates) > 0 && is_texts(left_out) &&
                cret_json_string(told, "embedded.anchor") != NULL && json_is_array(roots) &&
                json_array_size(roots) == json_array_size(left_out) &&
                json_is_boolean(json_object_get(told, "selfIssued")) &&
                end >= CRET_LIMIT_TIME_FIRST && end <= CRET_LIMIT_TIME_LAST;
    CRET_JSON_EACH (root, roots) {
        good = good && json_is_boolean(root);
    }
    return good;
}

json_t *cret_embedded_json(const json_t *told)
{
    return json_deep_copy(json_object_get(told, "embedded"));
}

void cret_embedded_put(struct cret_page *page, const json_t *told)
{
    const json_t *certificates = cret_json_get(told, "embedded.certificates");
    const json_t *roots = json_object_get(told, "roots");
    const bool alone = json_array_size(certificates) == 1;
    cret_page_row(page, "embedded", "%s",
                  alone ? "the signer's certificate alone" : "the signer's certificate, and");
    CRET_JSON_EACH_AT (index, one, certificates) {
        if (index > 0) {
            cret_page_row(page, "", "%s", json_string_value(one));
        }
    }
    if (cret_json_boolean(told, "selfIssued", false)) {
        cret_page_row(page, "verifies", "with this certificate as the anchor");
    } else {
        cret_page_row(page, "verifies", "with the signer's certificate as the anchor, or with %s",
                      cret_json_string(told, "embedded.anchor"));
        if (alone) {
            cret_page_row(page, "note",
                          "if that issuer is an intermediate, verifiers who trust only the root "
                          "above it refuse: give it with --chain, and it is embedded");
        }
    }
    CRET_JSON_EACH_AT (index, one, cret_json_get(told, "embedded.leftOut")) {
        cret_page_row(page, "left out", "%s", json_string_value(one));
        cret_page_row(page, "", "%s",
                      json_is_true(json_array_get(roots, index))
                          ? "a root: verifiers have their own"
                          : "not among the certificates that the signature lists");
    }
}

void cret_embedded_put_end(struct cret_page *page, const json_t *told)
{
    char day[32];
    cret_time_words(day, cret_json_integer(told, "until", 0));
    if (cret_json_boolean(told, "selfIssued", false)) {
        cret_page_row(page, "until",
                      "%s, says the certificate; it is self-signed, so that verifiers pin it and "
                      "accept it after that day too, until their trust policy ends it",
                      day);
    } else {
        cret_page_row(page, "until",
                      "%s for verifiers who trust a CA: a timestamp proves the time of "
                      "the signature for later; who pins the certificate accepts it after that "
                      "day too",
                      day);
    }
}
