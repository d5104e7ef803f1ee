/* SPDX-License-Identifier: Apache-2.0 */
/* A signature with its timestamp: the one place that knows both of them. */
#include "trust/cms/cms.h"

#include "trust/cms/cades.h"
#include "trust/cms/cms_form.h"

const char *const cret_meaning_names[CRET_MEANING_COUNT + 1] = {
    [CRET_MEANING_NONE] = "none",
    [CRET_MEANING_ORIGIN] = "origin",
    [CRET_MEANING_APPROVAL] = "approval",
    [CRET_MEANING_RECEIPT] = "receipt",
};

const char *cret_meaning_name(enum cret_meaning meaning)
{
    return (size_t)meaning < CRET_MEANING_COUNT ? cret_meaning_names[meaning] : "unknown";
}

static enum cret_status parse(struct cret_cms **ret_cms, enum cret_cms_kind kind,
                              const uint8_t *der, size_t size, bool allow_rsa_2048,
                              struct cret_err *err)
{
    struct cret_cms *cms = NULL;
    if (cret_cms_object_parse(&cms, kind, der, size, allow_rsa_2048, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cms->form.token.size > 0 &&
        cret_timestamp_parse(&cms->timestamp, cms->form.token, cms->form.value, allow_rsa_2048,
                             err) != CRET_OK) {
        cret_cms_free(&cms);
        return CRET_FAILED;
    }
    *ret_cms = cms;
    return CRET_OK;
}

enum cret_status cret_cms_parse_under(struct cret_cms **ret_cms, const uint8_t *der, size_t size,
                                      bool allow_rsa_2048, struct cret_err *err)
{
    return parse(ret_cms, CRET_CMS_SIGNATURE, der, size, allow_rsa_2048, err);
}

enum cret_status cret_cades_parse(struct cret_cms **ret_cms, const uint8_t *der, size_t size,
                                  bool allow_rsa_2048, struct cret_err *err)
{
    return parse(ret_cms, CRET_CMS_CADES, der, size, allow_rsa_2048, err);
}

enum cret_status cret_cms_parse(struct cret_cms **ret_cms, const uint8_t *der, size_t size,
                                struct cret_err *err)
{
    return cret_cms_parse_under(ret_cms, der, size, false, err);
}

void cret_cms_free(struct cret_cms **cms)
{
    if (cms == NULL || *cms == NULL) {
        return;
    }
    cret_timestamp_free(&(*cms)->timestamp);
    cret_cms_object_free(cms);
}

const struct cret_timestamp *cret_cms_timestamp(const struct cret_cms *cms)
{
    return cms->timestamp;
}
