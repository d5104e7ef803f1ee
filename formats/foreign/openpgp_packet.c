/* SPDX-License-Identifier: Apache-2.0 */
/* Packets, subpackets and numbers of OpenPGP. */
#include "foreign/openpgp_packet.h"

#include <stdarg.h>
#include <stdio.h>

enum cret_status cret_openpgp_refuse(const struct cret_openpgp_reader *reader, const char *format,
                                     ...)
{
    char what[320];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof(what), format, arguments);
    va_end(arguments);
    return cret_err_refuse(reader->err, CRET_CHECK_FOREIGN_FORM, "the %s %s", reader->subject,
                           what);
}

enum cret_status cret_openpgp_octets(struct cret_openpgp_reader *reader, size_t size,
                                     struct cret_bytes *ret_octets)
{
    if ((size_t)(reader->end - reader->next) < size) {
        return cret_openpgp_refuse(reader, "ends too early");
    }
    *ret_octets = (struct cret_bytes){reader->next, size};
    reader->next += size;
    return CRET_OK;
}

enum cret_status cret_openpgp_number(struct cret_openpgp_reader *reader, size_t size,
                                     uint32_t *ret_number)
{
    struct cret_bytes octets;
    uint32_t number = 0;
    if (cret_openpgp_octets(reader, size, &octets) != CRET_OK) {
        return CRET_FAILED;
    }
    for (size_t i = 0; i < size; i++) {
        number = number << 8 | octets.data[i];
    }
    *ret_number = number;
    return CRET_OK;
}

enum cret_status cret_openpgp_mpi(struct cret_openpgp_reader *reader,
                                  struct cret_bytes *ret_magnitude)
{
    uint32_t bits = 0;
    struct cret_bytes octets;
    if (cret_openpgp_number(reader, 2, &bits) != CRET_OK ||
        cret_openpgp_octets(reader, (bits + 7) / 8, &octets) != CRET_OK) {
        return CRET_FAILED;
    }
    /* The highest bit that is set is the one that the length says. */
    if (bits == 0 || octets.data[0] >> ((bits - 1) % 8) != 1) {
        return cret_openpgp_refuse(reader, "has a number whose length is wrong");
    }
    *ret_magnitude = octets;
    return CRET_OK;
}

/* Lengths of new packets and of subpackets: one, two or five octets. Partial lengths are refused
 * (224 to 254: packets only). */
static enum cret_status new_length(struct cret_openpgp_reader *reader, unsigned two_until,
                                   uint32_t *ret_length)
{
    uint32_t first = 0, second = 0;
    if (cret_openpgp_number(reader, 1, &first) != CRET_OK) {
        return CRET_FAILED;
    }
    if (first < 192) {
        *ret_length = first;
        return CRET_OK;
    }
    if (first == 255) {
        return cret_openpgp_number(reader, 4, ret_length);
    }
    if (first >= two_until) {
        return cret_openpgp_refuse(reader, "is cut into parts (partial lengths)");
    }
    if (cret_openpgp_number(reader, 1, &second) != CRET_OK) {
        return CRET_FAILED;
    }
    *ret_length = ((first - 192) << 8) + second + 192;
    return CRET_OK;
}

enum cret_status cret_openpgp_packet(struct cret_openpgp_reader *reader, unsigned *ret_tag,
                                     struct cret_bytes *ret_body)
{
    uint32_t header = 0, length = 0;
    enum cret_status status = CRET_FAILED;
    if (cret_openpgp_number(reader, 1, &header) != CRET_OK) {
        return CRET_FAILED;
    }
    if ((header & 0x80u) == 0) {
        return cret_openpgp_refuse(reader, "is no OpenPGP data, or is damaged");
    }
    if ((header & 0x40u) != 0) {
        *ret_tag = header & 0x3fu;
        status = new_length(reader, 224, &length);
    } else if ((header & 3u) != 3) {
        *ret_tag = header >> 2 & 0x0fu;
        status = cret_openpgp_number(reader, (size_t)1 << (header & 3u), &length);
    } else {
        cret_openpgp_refuse(reader, "has a packet without a length");
    }
    return status == CRET_OK ? cret_openpgp_octets(reader, length, ret_body) : CRET_FAILED;
}

enum cret_status cret_openpgp_subpacket(struct cret_openpgp_reader *reader, unsigned *ret_type,
                                        bool *ret_critical, struct cret_bytes *ret_body)
{
    uint32_t length = 0, type = 0;
    if (new_length(reader, 255, &length) != CRET_OK) {
        return CRET_FAILED;
    }
    if (length == 0) {
        return cret_openpgp_refuse(reader, "has an empty subpacket");
    }
    if (cret_openpgp_number(reader, 1, &type) != CRET_OK ||
        cret_openpgp_octets(reader, length - 1, ret_body) != CRET_OK) {
        return CRET_FAILED;
    }
    *ret_type = type & 0x7fu;
    *ret_critical = (type & 0x80u) != 0;
    return CRET_OK;
}
