/* SPDX-License-Identifier: Apache-2.0 */
/* The DER reader: what it takes can be written in one way only, which is these bytes. */
#include <string.h>

#include "../fuzz.h"
#include "trust/asn1/der.h"
#include "trust/asn1/der_write.h"

static const char subject[] = "object";

static struct cret_der begin(struct cret_bytes bytes, struct cret_err *err)
{
    return cret_der_begin(bytes.data, bytes.size, subject, CRET_CHECK_SIGNATURE_FORM, err);
}

/* Each reader of one element agrees with the tree about it. */
static void hold_element(const struct cret_der_element *element)
{
    struct cret_bytes bytes = {0}, whole = {0};
    int64_t seconds = -1;
    bool fraction = false;
    struct cret_der der = begin(element->whole, NULL);
    if (element->tag == CRET_DER_INTEGER &&
        cret_der_unsigned(&der, "integer", &bytes, &whole) == CRET_OK) {
        FUZZ_HOLD(cret_bytes_equal(whole, element->whole));
        FUZZ_HOLD(bytes.size == 0 || bytes.data[0] != 0);
        FUZZ_HOLD((element->content.data[0] & 0x80) == 0);
    }
    der = begin(element->whole, NULL);
    if (element->tag == CRET_DER_OID) {
        FUZZ_HOLD(cret_der_oid(&der, "identifier", &bytes) == CRET_OK);
        FUZZ_HOLD(cret_bytes_equal(bytes, element->content));
    }
    der = begin(element->whole, NULL);
    if (cret_der_time(&der, "time", &seconds) == CRET_OK) {
        FUZZ_HOLD(element->tag == CRET_DER_UTC_TIME || element->tag == CRET_DER_GENERALIZED_TIME);
        FUZZ_HOLD(element->content.data[element->content.size - 1] == 'Z');
        struct cret_der again = begin(element->whole, NULL);
        int64_t other = -1;
        FUZZ_HOLD(element->tag != CRET_DER_GENERALIZED_TIME ||
                  (cret_der_generalized_time(&again, "time", &other, &fraction) == CRET_OK &&
                   other == seconds && !fraction));
    }
}

static void write_level(struct cret_buffer *out, struct cret_bytes bytes, unsigned depth)
{
    struct cret_err err;
    cret_err_clear(&err);
    struct cret_der der = begin(bytes, &err);
    FUZZ_HOLD(depth <= CRET_DER_DEPTH);
    while (cret_der_more(&der)) {
        struct cret_der_element element;
        FUZZ_HOLD(cret_der_any(&der, "element", &element) == CRET_OK);
        FUZZ_HOLD(element.whole.data >= bytes.data &&
                  element.whole.data + element.whole.size <= bytes.data + bytes.size);
        hold_element(&element);
        if ((element.tag & 0x20) != 0) {
            struct cret_buffer inner = {0};
            write_level(&inner, element.content, depth + 1);
            cret_der_wrap(out, element.tag, &inner);
        } else {
            cret_der_put(out, element.tag, element.content.data, element.content.size);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cret_err err;
    struct cret_buffer again = {0};
    cret_err_clear(&err);
    struct cret_der der = begin((struct cret_bytes){data, size}, &err);
    if (cret_der_check_tree(&der, "object") != CRET_OK) {
        fuzz_hold_failure(&err, 1u << CRET_ERR_REFUSED);
        return 0;
    }
    const size_t taken = (size_t)(der.next - data);
    write_level(&again, (struct cret_bytes){data, taken}, 0);
    FUZZ_HOLD(!again.failed && again.size == taken && memcmp(again.data, data, taken) == 0);
    cret_buffer_free(&again);
    return 0;
}
