/* SPDX-License-Identifier: Apache-2.0 */
/* What a proof of authentication holds, made once and then only read. */
#include "base/finding/authentic.h"

#include <stdlib.h>
#include <string.h>

#include "base/finding/authentic_make.h"
#include "base/text/text.h"
#include "base/text/unicode.h"

/* Own copy of one scope. */
struct scope {
    char *vendor; /* NULL: bare anchor */
    char **products;
    size_t product_count;
    bool vendor_met;
    bool owner_met;
};

struct cret_authentic {
    uint8_t *bytes;
    size_t size;
    struct scope *scopes;
    size_t count;
};

static bool copy_scope(struct scope *copy, const struct cret_authentic_scope *scope)
{
    copy->vendor_met = scope->vendor_met;
    copy->owner_met = scope->owner_met;
    if (scope->vendor == NULL) {
        return true;
    }
    copy->vendor = strdup(scope->vendor);
    copy->products = calloc(scope->product_count + 1, sizeof(*copy->products));
    if (copy->vendor == NULL || copy->products == NULL) {
        return false;
    }
    for (size_t i = 0; i < scope->product_count; i++) {
        copy->products[i] = strdup(scope->products[i]);
        if (copy->products[i] == NULL) {
            return false;
        }
        copy->product_count++;
    }
    return true;
}

enum cret_status cret_authentic_make(struct cret_authentic **ret_authentic, const uint8_t *bytes,
                                     size_t size, const struct cret_authentic_scope *scopes,
                                     size_t count, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_authentic *authentic = NULL;
    size_t met = 0;

    for (size_t i = 0; i < count; i++) {
        met += scopes[i].vendor_met || scopes[i].owner_met;
    }
    if (bytes == NULL || size == 0 || met == 0) {
        return cret_err_refuse(err, CRET_CHECK_TRUST_THRESHOLD,
                               "no signature meets the trust policy");
    }

    authentic = calloc(1, sizeof(*authentic));
    if (authentic == NULL) {
        goto out;
    }
    authentic->bytes = malloc(size);
    authentic->scopes = calloc(count, sizeof(*authentic->scopes));
    if (authentic->bytes == NULL || authentic->scopes == NULL) {
        goto out;
    }
    memcpy(authentic->bytes, bytes, size);
    authentic->size = size;
    authentic->count = count;
    for (size_t i = 0; i < count; i++) {
        if (!copy_scope(&authentic->scopes[i], &scopes[i])) {
            goto out;
        }
    }
    *ret_authentic = authentic;
    authentic = NULL;
    status = CRET_OK;
out:
    if (status != CRET_OK) {
        cret_err_memory(err);
    }
    cret_authentic_free(&authentic);
    return status;
}

const uint8_t *cret_authentic_bytes(const struct cret_authentic *authentic, size_t *ret_size)
{
    *ret_size = authentic->size;
    return authentic->bytes;
}

static bool scope_names(const struct scope *scope, const char *vendor, const char *product)
{
    return cret_unicode_same(scope->vendor, vendor) &&
           cret_unicode_lists((const char *const *)scope->products, scope->product_count, product);
}

bool cret_authentic_covers(const struct cret_authentic *authentic, const char *vendor,
                           const char *product, bool adopted)
{
    if (authentic == NULL || vendor == NULL || product == NULL) {
        return false;
    }
    for (size_t i = 0; i < authentic->count; i++) {
        const struct scope *scope = &authentic->scopes[i];
        if (scope->vendor == NULL) {
            if (scope->vendor_met && !adopted) {
                return true;
            }
        } else if ((adopted ? scope->owner_met : scope->vendor_met) &&
                   scope_names(scope, vendor, product)) {
            return true;
        }
    }
    return false;
}

char *cret_authentic_scopes(const struct cret_authentic *authentic, bool adopted)
{
    enum { LISTED = 4 };
    size_t listed = 0;
    struct cret_buffer text = {0};
    cret_buffer_append(&text, "", 0);
    for (size_t i = 0; i < authentic->count && listed < LISTED; i++) {
        const struct scope *scope = &authentic->scopes[i];
        if (scope->vendor == NULL || !(adopted ? scope->owner_met : scope->vendor_met)) {
            continue;
        }
        for (size_t j = 0; j < scope->product_count && listed < LISTED; j++) {
            cret_buffer_printf(&text, "%s%s/%s", listed++ == 0 ? "" : ", ", scope->vendor,
                               scope->products[j]);
        }
    }
    if (listed == LISTED) {
        cret_buffer_printf(&text, ", ...");
    }
    if (text.failed) {
        cret_buffer_free(&text);
        return NULL;
    }
    return text.data != NULL ? text.data : strdup("");
}

bool cret_authentic_product_bound(const struct cret_authentic *authentic)
{
    if (authentic == NULL || authentic->count == 0) {
        return false;
    }
    for (size_t i = 0; i < authentic->count; i++) {
        if (authentic->scopes[i].vendor == NULL) {
            return false;
        }
    }
    return true;
}

void cret_authentic_free(struct cret_authentic **authentic)
{
    if (authentic == NULL || *authentic == NULL) {
        return;
    }
    for (size_t i = 0; (*authentic)->scopes != NULL && i < (*authentic)->count; i++) {
        struct scope *scope = &(*authentic)->scopes[i];
        for (size_t j = 0; j < scope->product_count; j++) {
            free(scope->products[j]);
        }
        free(scope->products);
        free(scope->vendor);
    }
    free((*authentic)->scopes);
    free((*authentic)->bytes);
    free(*authentic);
    *authentic = NULL;
}
