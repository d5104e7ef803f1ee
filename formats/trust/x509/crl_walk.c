/* SPDX-License-Identifier: Apache-2.0 */
/* The structure of a revocation list, field by field. */
#include <string.h>

#include "trust/x509/crl_form.h"

#define CHECK CRET_CHECK_CERTIFICATE_REVOCATION

/* Extensions that the walk understands, by the last octet of id-ce (2.5.29.x). */
enum {
    CE_AUTHORITY_KEY = 35,
    CE_ISSUER_ALT_NAME = 18,
    CE_NUMBER = 20,
    CE_REASON = 21,
    CE_INVALIDITY = 24,
    CE_DELTA = 27,
    CE_DISTRIBUTION = 28,
    CE_CERTIFICATE_ISSUER = 29
};

/* 0: not below id-ce. */
static int id_ce(struct cret_bytes oid)
{
    return oid.size == 3 && oid.data[0] == 0x55 && oid.data[1] == 0x1d ? oid.data[2] : 0;
}

/* Extension ::= SEQUENCE { extnID, critical DEFAULT FALSE, extnValue }. The value is opened. */
static enum cret_status take_extension(struct cret_der *list, struct cret_bytes *ret_oid,
                                       bool *ret_critical, struct cret_der *ret_value)
{
    struct cret_der extension;
    struct cret_der_element critical = {0};
    const uint8_t *at = list->next;
    if (cret_der_enter(list, CRET_DER_SEQUENCE, "Extension", &extension) != CRET_OK ||
        cret_der_oid(&extension, "extnID", ret_oid) != CRET_OK) {
        return CRET_FAILED;
    }
    *ret_critical = cret_der_next_is(&extension, CRET_DER_BOOLEAN);
    if (*ret_critical &&
        cret_der_take(&extension, CRET_DER_BOOLEAN, "critical", &critical) != CRET_OK) {
        return CRET_FAILED;
    }
    if (*ret_critical && (critical.content.size != 1 || critical.content.data[0] != 0xff)) {
        return cret_der_refuse(list, at, "does not leave out critical where it is FALSE (not DER)");
    }
    if (cret_der_enter(&extension, CRET_DER_OCTET_STRING, "extnValue", ret_value) != CRET_OK) {
        return CRET_FAILED;
    }
    return cret_der_end(&extension, "Extension");
}

static enum cret_status refuse_critical(const struct cret_der *der, const uint8_t *at)
{
    cret_der_refuse(der, at, "has a critical extension that is not understood");
    return cret_err_hint(der->err, "ask the issuer for a complete list of its own certificates");
}

/* issuingDistributionPoint (RFC 5280 5.2.5). */
static enum cret_status read_distribution(struct cret_crl_form *form, struct cret_der *value)
{
    struct cret_der fields, name, full;
    const uint8_t *at = value->next;
    if (cret_der_enter(value, CRET_DER_SEQUENCE, "issuingDistributionPoint", &fields) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_der_next_is(&fields, CRET_DER_CONTEXT_CONSTRUCTED | 0)) {
        if (cret_der_enter(&fields, CRET_DER_CONTEXT_CONSTRUCTED | 0, "distributionPoint", &name) !=
                CRET_OK ||
            cret_der_enter(&name, CRET_DER_CONTEXT_CONSTRUCTED | 0, "fullName", &full) != CRET_OK ||
            cret_der_end(&name, "distributionPoint") != CRET_OK) {
            return CRET_FAILED;
        }
        form->distribution_point = (struct cret_bytes){full.next, (size_t)(full.end - full.next)};
        if (form->distribution_point.size == 0) {
            return cret_der_refuse(&fields, at, "names an empty distribution point");
        }
    }
    static const uint8_t users = CRET_DER_CONTEXT | 1, cas = CRET_DER_CONTEXT | 2;
    form->users_only = cret_der_next_is(&fields, users);
    if (form->users_only &&
        cret_der_take(&fields, users, "onlyContainsUserCerts", NULL) != CRET_OK) {
        return CRET_FAILED;
    }
    form->cas_only = cret_der_next_is(&fields, cas);
    if (form->cas_only && cret_der_take(&fields, cas, "onlyContainsCACerts", NULL) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_der_more(&fields)) {
        cret_der_refuse(&fields, fields.next,
                        "is indirect, or a list of some reasons or of attribute certificates only");
        return cret_err_hint(value->err,
                             "ask the issuer for a complete list of its own certificates");
    }
    return cret_der_end(value, "issuingDistributionPoint");
}

static enum cret_status read_extensions(struct cret_crl_form *form, struct cret_der *fields)
{
    struct cret_der tagged, list, value;
    unsigned seen[256] = {0};
    if (cret_der_enter(fields, CRET_DER_CONTEXT_CONSTRUCTED | 0, "crlExtensions", &tagged) !=
            CRET_OK ||
        cret_der_enter(&tagged, CRET_DER_SEQUENCE, "Extensions", &list) != CRET_OK ||
        cret_der_end(&tagged, "crlExtensions") != CRET_OK) {
        return CRET_FAILED;
    }
    if (form->version == 1) {
        return cret_der_refuse(fields, list.next, "is of version 1 and has extensions");
    }
    while (cret_der_more(&list)) {
        struct cret_bytes oid;
        bool critical = true;
        const uint8_t *at = list.next;
        if (take_extension(&list, &oid, &critical, &value) != CRET_OK) {
            return CRET_FAILED;
        }
        const int which = id_ce(oid);
        if (which != 0 && seen[which]++ != 0) {
            return cret_der_refuse(&list, at, "has the same extension twice");
        }
        switch (which) {
        case CE_DELTA:
            form->delta = true;
            break;
        case CE_DISTRIBUTION:
            if (read_distribution(form, &value) != CRET_OK) {
                return CRET_FAILED;
            }
            break;
        case CE_AUTHORITY_KEY:
        case CE_ISSUER_ALT_NAME:
        case CE_NUMBER:
            break;
        default:
            if (critical) {
                return refuse_critical(&list, at);
            }
        }
    }
    return CRET_OK;
}

/* crlEntryExtensions: what they make of the entry. */
static enum cret_status read_entry_extensions(const struct cret_crl_form *form,
                                              struct cret_der *entry, struct cret_crl_entry *result)
{
    struct cret_der list, value;
    if (form->version == 1) {
        return cret_der_refuse(entry, entry->next, "is of version 1 and has entry extensions");
    }
    if (cret_der_enter(entry, CRET_DER_SEQUENCE, "crlEntryExtensions", &list) != CRET_OK) {
        return CRET_FAILED;
    }
    while (cret_der_more(&list)) {
        struct cret_bytes oid;
        struct cret_der_element reason;
        bool critical = true, fraction = false;
        int64_t invalid = 0;
        const uint8_t *at = list.next;
        if (take_extension(&list, &oid, &critical, &value) != CRET_OK) {
            return CRET_FAILED;
        }
        switch (id_ce(oid)) {
        case CE_REASON:
            if (cret_der_take(&value, 0x0a, "reasonCode", &reason) != CRET_OK) {
                return CRET_FAILED;
            }
            if (reason.content.size != 1 || reason.content.data[0] > CRET_REASON_AA_COMPROMISE ||
                (reason.content.data[0] == CRET_REASON_REMOVED && !form->delta)) {
                return cret_der_refuse(&list, at, "has a reason that no complete list may have");
            }
            result->reason = reason.content.data[0];
            break;
        case CE_INVALIDITY:
            if (cret_der_generalized_time(&value, "invalidityDate", &invalid, &fraction) !=
                CRET_OK) {
                return CRET_FAILED;
            }
            result->since = invalid < result->since ? invalid : result->since;
            break;
        case CE_CERTIFICATE_ISSUER:
            return cret_der_refuse(&list, at, "is indirect: it lists another issuer's certificate");
        default:
            if (critical) {
                return refuse_critical(&list, at);
            }
        }
    }
    return CRET_OK;
}

enum cret_status cret_crl_take_entry(struct cret_der *list, const struct cret_crl_form *form,
                                     struct cret_bytes *ret_serial,
                                     struct cret_crl_entry *ret_entry)
{
    struct cret_der entry;
    struct cret_der_element serial;
    ret_entry->reason = CRET_REASON_ABSENT;
    if (cret_der_enter(list, CRET_DER_SEQUENCE, "an entry", &entry) != CRET_OK ||
        cret_der_take(&entry, CRET_DER_INTEGER, "userCertificate", &serial) != CRET_OK ||
        cret_der_time(&entry, "revocationDate", &ret_entry->since) != CRET_OK ||
        (cret_der_more(&entry) && read_entry_extensions(form, &entry, ret_entry) != CRET_OK)) {
        return CRET_FAILED;
    }
    *ret_serial = serial.whole;
    return cret_der_end(&entry, "an entry");
}

struct cret_der cret_crl_entries(const struct cret_crl_form *form, const uint8_t *der, size_t size,
                                 struct cret_err *err)
{
    struct cret_der list = cret_der_begin(der, size, "revocation list", CHECK, err);
    list.next = form->entries.data;
    list.end = form->entries.data + form->entries.size;
    return list;
}

/* version: absent in a list of version 1, 1 in one of version 2. */
static enum cret_status walk_version(struct cret_crl_form *form, struct cret_der *fields)
{
    form->version = cret_der_next_is(fields, CRET_DER_INTEGER) ? 2 : 1;
    return form->version == 1 ? CRET_OK : cret_der_number(fields, "version (v2)", 1);
}

/* nextUpdate, which RFC 5280 5.1.2.5 demands. */
static enum cret_status walk_next_update(struct cret_crl_form *form, struct cret_der *fields)
{
    if (cret_der_next_is(fields, CRET_DER_UTC_TIME) ||
        cret_der_next_is(fields, CRET_DER_GENERALIZED_TIME)) {
        return cret_der_time(fields, "nextUpdate", &form->next_update);
    }
    cret_der_refuse(fields, fields->next, "has no nextUpdate: it does not say until when it holds");
    return cret_err_hint(fields->err, "ask the issuer for lists that follow RFC 5280");
}

/* TBSCertList (RFC 5280 5.1.2). */
static enum cret_status walk_fields(struct cret_crl_form *form, struct cret_der *fields)
{
    struct cret_der_element algorithm, entries = {0};
    if (walk_version(form, fields) != CRET_OK ||
        cret_der_take(fields, CRET_DER_SEQUENCE, "signature", &algorithm) != CRET_OK ||
        cret_der_take(fields, CRET_DER_SEQUENCE, "issuer", NULL) != CRET_OK ||
        cret_der_time(fields, "thisUpdate", &form->this_update) != CRET_OK ||
        walk_next_update(form, fields) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_der_next_is(fields, CRET_DER_SEQUENCE) &&
        cret_der_take(fields, CRET_DER_SEQUENCE, "revokedCertificates", &entries) != CRET_OK) {
        return CRET_FAILED;
    }
    form->algorithm = algorithm.whole;
    form->entries = entries.content;
    if (cret_der_more(fields) && read_extensions(form, fields) != CRET_OK) {
        return CRET_FAILED;
    }
    return cret_der_end(fields, "TBSCertList");
}

enum cret_status cret_crl_form_parse(struct cret_crl_form *ret_form, const uint8_t *der,
                                     size_t size, struct cret_err *err)
{
    struct cret_crl_form form;
    struct cret_der tree = cret_der_begin(der, size, "revocation list", CHECK, err);
    struct cret_der outer = tree, inner, fields;
    memset(&form, 0, sizeof(form));
    if (cret_der_check_tree(&tree, "CertificateList") != CRET_OK ||
        cret_der_end(&tree, "CertificateList") != CRET_OK ||
        cret_der_enter(&outer, CRET_DER_SEQUENCE, "CertificateList", &inner) != CRET_OK ||
        cret_der_enter(&inner, CRET_DER_SEQUENCE, "TBSCertList", &fields) != CRET_OK ||
        walk_fields(&form, &fields) != CRET_OK ||
        cret_der_exact(&inner, "signatureAlgorithm (the same as inside)", form.algorithm) !=
            CRET_OK ||
        cret_der_take(&inner, CRET_DER_BIT_STRING, "signatureValue", NULL) != CRET_OK ||
        cret_der_end(&inner, "CertificateList") != CRET_OK) {
        return CRET_FAILED;
    }
    struct cret_der list = cret_crl_entries(&form, der, size, err);
    while (cret_der_more(&list)) {
        struct cret_bytes serial;
        struct cret_crl_entry entry;
        if (cret_crl_take_entry(&list, &form, &serial, &entry) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    *ret_form = form;
    return CRET_OK;
}
