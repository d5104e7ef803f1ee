/* SPDX-License-Identifier: Apache-2.0 */
/* Finding PEM labels of private keys. */
#include "signer/release/key_text.h"

#include <string.h>

/* How far behind its label the bytes of a key begin at most (headers of encrypted keys stand
 * between), and how many letters of base64 in a row are bytes: lines of PEM have 64. */
#define LABEL_TO_BYTES 512u
#define BASE64_LETTERS 30u

static bool is_base64(char letter)
{
    return (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z') ||
           (letter >= '0' && letter <= '9') || letter == '+' || letter == '/';
}

static bool is_label(char letter)
{
    return (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') || letter == ' ';
}

static bool bytes_follow(const char *text, size_t size)
{
    size_t run = 0;
    size = size < LABEL_TO_BYTES ? size : LABEL_TO_BYTES;
    for (size_t at = 0; at < size && run < BASE64_LETTERS; at++) {
        run = is_base64(text[at]) ? run + 1 : 0;
    }
    return run == BASE64_LETTERS;
}

/* The text behind "-----BEGIN ". */
static bool is_key(const char *label, size_t size)
{
    static const char end[] = "PRIVATE KEY", dashes[] = "-----";
    const size_t end_size = sizeof(end) - 1, dashes_size = sizeof(dashes) - 1;
    size_t length = 0;
    while (length < size && is_label(label[length])) {
        length++;
    }
    return length >= end_size && size - length >= dashes_size &&
           memcmp(label + length - end_size, end, end_size) == 0 &&
           memcmp(label + length, dashes, dashes_size) == 0 &&
           bytes_follow(label + length + dashes_size, size - length - dashes_size);
}

bool cret_key_text_holds(const uint8_t *data, size_t size)
{
    static const char begin[] = "-----BEGIN ";
    const char *at = (const char *)data, *stop = at + size;
    while (at < stop && (at = memmem(at, (size_t)(stop - at), begin, sizeof(begin) - 1)) != NULL) {
        at += sizeof(begin) - 1;
        if (is_key(at, (size_t)(stop - at))) {
            return true;
        }
    }
    return false;
}
