/* SPDX-License-Identifier: Apache-2.0 */
/* Finding PEM labels of private keys. */
#include "signer/release/key_text.h"

#include <string.h>

/* How far behind its label the bytes of a key begin at most (headers of encrypted keys stand
 * between), and how many letters of base64 in a row are bytes: lines of PEM have 64. */
#define LABEL_TO_BYTES 512u
#define BASE64_LETTERS 30u

/* Places that are looked at together. */
#define BLOCK 256u

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

static const char begin[] = "-----BEGIN ";
#define BEGIN_SIZE (sizeof(begin) - 1)

/* Whether a label may begin among these places: two of its bytes are looked at, without a branch,
 * so that the compiler takes many places at once. Nearly every block of a binary ends here. */
static bool may_begin(const char *places)
{
    unsigned char found = 0;
    for (size_t i = 0; i < BLOCK; i++) {
        found |= (unsigned char)((places[i] == '-') & (places[i + 5] == 'B'));
    }
    return found != 0;
}

/* The first label from `at` on, or NULL. */
static const char *find_label(const char *at, const char *stop)
{
    while ((size_t)(stop - at) >= BLOCK + BEGIN_SIZE) {
        if (may_begin(at)) {
            const char *found = memmem(at, BLOCK + BEGIN_SIZE - 1, begin, BEGIN_SIZE);
            if (found != NULL) {
                return found;
            }
        }
        at += BLOCK;
    }
    return memmem(at, (size_t)(stop - at), begin, BEGIN_SIZE);
}

bool cret_key_text_holds(const uint8_t *data, size_t size)
{
    const char *at = (const char *)data, *stop = at + size;
    while (at < stop && (at = find_label(at, stop)) != NULL) {
        at += BEGIN_SIZE;
        if (is_key(at, (size_t)(stop - at))) {
            return true;
        }
    }
    return false;
}
