/* SPDX-License-Identifier: Apache-2.0 */
/* The certificates of a signature, for whoever has to tell its verifiers. */
#include "signer/report/embedded.h"

#include <string.h>

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

void cret_embedded_put(struct cret_page *page, const struct cret_cms *cms,
                       const struct cret_credentials *credentials)
{
    const struct cret_certificate *signer = cret_cms_signer(cms), *top = highest(cms);
    const size_t count = cret_cms_intermediate_count(cms);
    cret_page_row(page, "embedded", "%s",
                  count == 0 ? "the signer's certificate alone" : "the signer's certificate, and");
    for (size_t i = 0; i < count; i++) {
        cret_page_row(page, "", "%s", cret_certificate_subject(cret_cms_intermediate(cms, i)));
    }
    if (self_issued(signer)) {
        cret_page_row(page, "verifies", "with this certificate as the anchor");
    } else {
        cret_page_row(page, "verifies", "with the signer's certificate as the anchor, or with %s",
                      cret_certificate_issuer(top));
        if (count == 0) {
            cret_page_row(page, "note",
                          "if that issuer is an intermediate, verifiers who trust only the root "
                          "above it refuse: give it with --chain, and it is embedded");
        }
    }
    for (size_t i = 0; given(credentials, i) != NULL; i++) {
        const struct cret_certificate *one = given(credentials, i);
        if (!is_embedded(cms, one)) {
            cret_page_row(page, "left out", "%s", cret_certificate_subject(one));
            cret_page_row(page, "", "%s",
                          self_issued(one) ? "a root: verifiers have their own"
                                           : "not among the certificates that the signature lists");
        }
    }
}

void cret_embedded_put_end(struct cret_page *page, const struct cret_certificate *signer,
                           int64_t end)
{
    char day[32];
    cret_time_words(day, end);
    if (self_issued(signer)) {
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

json_t *cret_embedded_json(const struct cret_cms *cms, const struct cret_credentials *credentials)
{
    struct cret_build certificates = cret_build_list(), left_out = cret_build_list();
    cret_build_add(&certificates, json_string(cret_certificate_subject(cret_cms_signer(cms))));
    for (size_t i = 0; i < cret_cms_intermediate_count(cms); i++) {
        cret_build_add(&certificates,
                       json_string(cret_certificate_subject(cret_cms_intermediate(cms, i))));
    }
    for (size_t i = 0; given(credentials, i) != NULL; i++) {
        if (!is_embedded(cms, given(credentials, i))) {
            cret_build_add(&left_out, json_string(cret_certificate_subject(given(credentials, i))));
        }
    }
    return json_pack("{s:o, s:s, s:o}", "certificates", cret_build_end(&certificates), "anchor",
                     cret_certificate_issuer(highest(cms)), "leftOut", cret_build_end(&left_out));
}
