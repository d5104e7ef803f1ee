/* SPDX-License-Identifier: Apache-2.0 */
/* The content of a catalogue, member by member: a file is found by its digest, never by a name. */
#include "foreign/catalogue.h"

#include <string.h>

#define CHECK CRET_CHECK_FOREIGN_FORM
#define MICROSOFT 0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37

enum { DIGESTS = 16 }; /* more than there are forms and algorithms */

static const uint8_t catalogue_usage[] = {MICROSOFT, 0x0c, 0x01, 0x01},
                     members_1[] = {MICROSOFT, 0x0c, 0x01, 0x02},
                     members_2[] = {MICROSOFT, 0x0c, 0x01, 0x03};

/* Digests of the file that members asked for. */
struct digests {
    struct digest {
        const char *type;
        const EVP_MD *md;
        uint8_t value[EVP_MAX_MD_SIZE];
        size_t size;
    } all[DIGESTS];
    size_t count;
    cret_catalogue_digester compute;
    void *context;
};

static bool is_oid(struct cret_bytes oid, const uint8_t *octets, size_t size)
{
    return cret_bytes_equal(oid, (struct cret_bytes){octets, size});
}

static enum cret_status get_digest(struct digests *digests, const struct cret_spc_data *data,
                                   const struct digest **ret, struct cret_err *err)
{
    for (size_t i = 0; i < digests->count; i++) {
        if (digests->all[i].md == data->md && strcmp(digests->all[i].type, data->type) == 0) {
            *ret = &digests->all[i];
            return CRET_OK;
        }
    }
    if (digests->count == DIGESTS) {
        return cret_err_undecided(err, "a catalogue asks for more digests than there are");
    }
    struct digest *made = &digests->all[digests->count];
    if (digests->compute(digests->context, data->type, data->md, made->value, &made->size, err) !=
        CRET_OK) {
        return CRET_FAILED;
    }
    made->type = data->type;
    made->md = data->md;
    digests->count++;
    *ret = made;
    return CRET_OK;
}

/* Compares one SpcIndirectDataContent; the longest digest that fits is kept. */
static enum cret_status compare(struct cret_catalogue_found *found, struct digests *digests,
                                struct cret_bytes content, struct cret_err *err)
{
    struct cret_spc_data data;
    const struct digest *own = NULL;
    if (cret_spc_data_read(&data, content, NULL) != CRET_OK) {
        found->unread++;
        return CRET_OK;
    }
    if (get_digest(digests, &data, &own, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (own->size > 0 && own->size > found->data.digest.size &&
        cret_bytes_equal(data.digest, (struct cret_bytes){own->value, own->size})) {
        found->data = data;
    }
    return CRET_OK;
}

/* One file of the list: what it is called there, and attributes, one of which has its digest. */
static enum cret_status read_member(struct cret_catalogue_found *found, struct digests *digests,
                                    struct cret_der *list, struct cret_err *err)
{
    struct cret_der member, attributes, attribute, values;
    struct cret_der_element set, data;
    struct cret_bytes oid;
    if (cret_der_enter(list, CRET_DER_SEQUENCE, "member", &member) != CRET_OK ||
        cret_der_take(&member, CRET_DER_OCTET_STRING, "memberId", NULL) != CRET_OK ||
        cret_der_enter(&member, CRET_DER_SET, "attributes", &attributes) != CRET_OK ||
        cret_der_end(&member, "member") != CRET_OK) {
        return CRET_FAILED;
    }
    while (cret_der_more(&attributes)) {
        if (cret_der_enter(&attributes, CRET_DER_SEQUENCE, "attribute", &attribute) != CRET_OK ||
            cret_der_oid(&attribute, "type", &oid) != CRET_OK ||
            cret_der_take(&attribute, CRET_DER_SET, "values", &set) != CRET_OK ||
            cret_der_end(&attribute, "attribute") != CRET_OK) {
            return CRET_FAILED;
        }
        if (!cret_bytes_equal(oid, cret_oid_spc_indirect_data)) {
            continue;
        }
        values = *list;
        values.next = set.content.data;
        values.end = set.content.data + set.content.size;
        if (cret_der_take(&values, CRET_DER_SEQUENCE, "SpcIndirectDataContent", &data) != CRET_OK ||
            cret_der_end(&values, "values") != CRET_OK ||
            compare(found, digests, data.content, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    found->members++;
    return CRET_OK;
}

/* What comes before the members: what the list is for, its number, its time, its version. */
static enum cret_status read_head(struct cret_der *der)
{
    struct cret_der usage, version;
    struct cret_bytes oid;
    if (cret_der_enter(der, CRET_DER_SEQUENCE, "subjectUsage", &usage) != CRET_OK ||
        cret_der_oid(&usage, "usage", &oid) != CRET_OK ||
        cret_der_end(&usage, "subjectUsage") != CRET_OK) {
        return CRET_FAILED;
    }
    if (!is_oid(oid, catalogue_usage, sizeof(catalogue_usage))) {
        return cret_der_refuse(der, oid.data, "is over a trust list that is no catalogue");
    }
    if (cret_der_take(der, CRET_DER_OCTET_STRING, "listIdentifier", NULL) != CRET_OK ||
        cret_der_take(der,
                      cret_der_next_is(der, CRET_DER_GENERALIZED_TIME) ? CRET_DER_GENERALIZED_TIME
                                                                       : CRET_DER_UTC_TIME,
                      "thisUpdate", NULL) != CRET_OK ||
        cret_der_enter(der, CRET_DER_SEQUENCE, "subjectAlgorithm", &version) != CRET_OK ||
        cret_der_oid(&version, "algorithm", &oid) != CRET_OK) {
        return CRET_FAILED;
    }
    return is_oid(oid, members_1, sizeof(members_1)) || is_oid(oid, members_2, sizeof(members_2))
               ? CRET_OK
               : cret_der_refuse(der, oid.data, "is over a catalogue of a version that is unknown");
}

enum cret_status cret_catalogue_find(struct cret_catalogue_found *ret_found, struct cret_bytes list,
                                     cret_catalogue_digester digest, void *context,
                                     struct cret_err *err)
{
    struct cret_catalogue_found found = {0};
    struct digests digests = {.compute = digest, .context = context};
    struct cret_der der = cret_der_begin(list.data, list.size, "signature", CHECK, err), members;
    if (read_head(&der) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_der_next_is(&der, CRET_DER_SEQUENCE)) {
        if (cret_der_enter(&der, CRET_DER_SEQUENCE, "members", &members) != CRET_OK) {
            return CRET_FAILED;
        }
        while (cret_der_more(&members)) {
            if (read_member(&found, &digests, &members, err) != CRET_OK) {
                return CRET_FAILED;
            }
        }
    }
    if (cret_der_next_is(&der, CRET_DER_CONTEXT_CONSTRUCTED) &&
        cret_der_take(&der, CRET_DER_CONTEXT_CONSTRUCTED, "extensions", NULL) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_der_end(&der, "catalogue") != CRET_OK) {
        return CRET_FAILED;
    }
    if (found.data.digest.size == 0) {
        cret_err_refuse(err, CRET_CHECK_FOREIGN_VALUE, "the file is not in the catalogue");
        cret_err_where(err, "%zu members, %zu of them of a kind that is not read", found.members,
                       found.unread);
        return cret_err_hint(err, "do not use the file: fetch file and catalogue again, and "
                                  "compare the version");
    }
    *ret_found = found;
    return CRET_OK;
}
