/* SPDX-License-Identifier: Apache-2.0 */
/* Reading and verifying signatures of minisign and signify. */
#include "foreign/minisign.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/text.h"
#include "foreign/raw_key.h"

#define FORM CRET_CHECK_FOREIGN_FORM

static const char untrusted_prefix[] = "untrusted comment: ";
static const char trusted_prefix[] = "trusted comment: ";

/* What is left to read, and how its lines end: all alike. */
struct lines {
    const char *next, *end;
    size_t number; /* of the last line taken */
    size_t ending; /* 1: LF, 2: CR LF, 0: none seen yet */
    const char *subject;
    struct cret_err *err;
};

static enum cret_status refuse(const struct lines *lines, const char *what, const char *expected)
{
    cret_err_refuse(lines->err, FORM, "the %s %s", lines->subject, what);
    cret_err_where(lines->err, "line %zu of the %s", lines->number, lines->subject);
    return cret_err_expected(lines->err, "%s", expected);
}

/* The next line of at most `cap` bytes into a terminated buffer of cap + 1. The last one may lack
 * its end. */
static enum cret_status take(struct lines *lines, char *out, size_t cap)
{
    lines->number++;
    const size_t left = (size_t)(lines->end - lines->next);
    const char *end = left > 0 ? memchr(lines->next, '\n', left) : NULL;
    size_t length = end != NULL ? (size_t)(end - lines->next) : left;
    if (left == 0) {
        return refuse(lines, "ends too early", "the whole file, as the tool wrote it");
    }
    const size_t ending = length > 0 && lines->next[length - 1] == '\r' ? 2 : 1;
    if (end != NULL && lines->ending != 0 && lines->ending != ending) {
        return refuse(lines, "has lines that end in different ways", "LF, or CR LF, in all lines");
    }
    if (end != NULL) {
        lines->ending = ending;
        length -= ending - 1;
    }
    if (length > cap) {
        return refuse(lines, "has a line that is too long", "lines as the tools write them");
    }
    memcpy(out, lines->next, length);
    out[length] = '\0';
    if (strlen(out) != length || !cret_utf8_valid(out, length) || !cret_text_clean(out, true)) {
        return refuse(lines, "has a line with bytes that cannot be shown",
                      "text without control characters");
    }
    lines->next = end != NULL ? end + 1 : lines->end;
    return CRET_OK;
}

static enum cret_status take_after(struct lines *lines, const char *prefix, char *out, size_t cap)
{
    const size_t length = strlen(prefix);
    char line[sizeof(untrusted_prefix) + CRET_MINISIGN_COMMENT];
    if (take(lines, line, length + cap) != CRET_OK) {
        return CRET_FAILED;
    }
    if (strncmp(line, prefix, length) != 0) {
        cret_err_refuse(lines->err, FORM, "the %s is not one by minisign or signify",
                        lines->subject);
        cret_err_where(lines->err, "line %zu of the %s", lines->number, lines->subject);
        return cret_err_expected(lines->err, "a line that begins \"%s\"", prefix);
    }
    snprintf(out, cap + 1, "%s", line + length);
    return CRET_OK;
}

/* A line of base64 that is exactly this many bytes. */
static enum cret_status take_bytes(struct lines *lines, uint8_t *out, size_t size)
{
    char line[CRET_MINISIGN_LINE + 1];
    uint8_t *data = NULL;
    size_t got = 0;
    if (take(lines, line, CRET_MINISIGN_LINE) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_base64_decode(&data, &got, line) != CRET_OK || got != size) {
        free(data);
        refuse(lines, "has a damaged line of base64", "");
        return cret_err_expected(lines->err, "base64 of %zu bytes", size);
    }
    memcpy(out, data, size);
    free(data);
    return CRET_OK;
}

static enum cret_status finish(struct lines *lines)
{
    if (lines->next == lines->end) {
        return CRET_OK;
    }
    lines->number++;
    refuse(lines, "goes on after its end", "nothing after the last line");
    cret_err_actual(lines->err, "%zu more bytes, which no signature covers",
                    (size_t)(lines->end - lines->next));
    return cret_err_hint(lines->err, "fetch the signature again from its source; lists that "
                                     "signify signs together with their text are not read");
}

bool cret_minisign_recognized(const char *text, size_t size)
{
    const size_t length = sizeof(untrusted_prefix) - 1;
    return size >= length && memcmp(text, untrusted_prefix, length) == 0;
}

/* The two letters before the key id. */
static enum cret_status algorithm(const struct lines *lines, const uint8_t letters[2],
                                  bool *ret_prehashed)
{
    if (letters[0] != 'E' || (letters[1] != 'd' && letters[1] != 'D')) {
        cret_err_refuse(lines->err, CRET_CHECK_FOREIGN_STRENGTH,
                        "the %s is of an unknown algorithm", lines->subject);
        cret_err_expected(lines->err, "Ed25519: Ed, or ED over BLAKE2b-512");
        return cret_err_actual(lines->err, "bytes %02x %02x", letters[0], letters[1]);
    }
    *ret_prehashed = letters[1] == 'D';
    return CRET_OK;
}

enum cret_status cret_minisign_parse(struct cret_minisign *ret_signature, const char *text,
                                     size_t size, struct cret_err *err)
{
    struct lines lines = {text, text + size, 0, 0, "signature", err};
    struct cret_minisign signature = {0};
    char comment[CRET_MINISIGN_LINE + 1];
    uint8_t blob[2 + CRET_MINISIGN_ID_BYTES + CRET_MINISIGN_VALUE_BYTES];
    if (take_after(&lines, untrusted_prefix, comment, CRET_MINISIGN_LINE) != CRET_OK ||
        take_bytes(&lines, blob, sizeof(blob)) != CRET_OK ||
        algorithm(&lines, blob, &signature.prehashed) != CRET_OK) {
        return CRET_FAILED;
    }
    memcpy(signature.id, blob + 2, sizeof(signature.id));
    memcpy(signature.value, blob + 2 + sizeof(signature.id), sizeof(signature.value));
    signature.has_trusted = lines.next != lines.end;
    if (signature.has_trusted &&
        (take_after(&lines, trusted_prefix, signature.trusted, CRET_MINISIGN_COMMENT - 1) !=
             CRET_OK ||
         take_bytes(&lines, signature.trusted_value, sizeof(signature.trusted_value)) != CRET_OK)) {
        return CRET_FAILED;
    }
    if (signature.prehashed && !signature.has_trusted) {
        return refuse(&lines, "has lost its trusted comment",
                      "four lines, as minisign writes them");
    }
    if (finish(&lines) != CRET_OK) {
        return CRET_FAILED;
    }
    *ret_signature = signature;
    return CRET_OK;
}

enum cret_status cret_minisign_key_parse(struct cret_minisign_key *ret_key, const char *text,
                                         size_t size, struct cret_err *err)
{
    struct lines lines = {text, text + size, 0, 0, "public key", err};
    char comment[CRET_MINISIGN_LINE + 1];
    uint8_t blob[2 + CRET_MINISIGN_ID_BYTES + CRET_MINISIGN_KEY_BYTES];
    bool prehashed = false;
    if (cret_minisign_recognized(text, size) &&
        take_after(&lines, untrusted_prefix, comment, CRET_MINISIGN_LINE) != CRET_OK) {
        return CRET_FAILED;
    }
    if (take_bytes(&lines, blob, sizeof(blob)) != CRET_OK ||
        algorithm(&lines, blob, &prehashed) != CRET_OK) {
        return CRET_FAILED;
    }
    if (prehashed) {
        return refuse(&lines, "is of an unknown algorithm", "Ed");
    }
    if (finish(&lines) != CRET_OK) {
        return CRET_FAILED;
    }
    memcpy(ret_key->id, blob + 2, sizeof(ret_key->id));
    memcpy(ret_key->octets, blob + 2 + sizeof(ret_key->id), sizeof(ret_key->octets));
    return CRET_OK;
}

void cret_minisign_id_text(char out[17], const uint8_t id[CRET_MINISIGN_ID_BYTES])
{
    for (size_t i = 0; i < CRET_MINISIGN_ID_BYTES; i++) {
        snprintf(out + 2 * i, 3, "%02X", id[CRET_MINISIGN_ID_BYTES - 1 - i]);
    }
}

/* The value over the value before and the trusted comment. */
static enum cret_status verify_trusted(const struct cret_minisign *signature,
                                       const struct cret_raw_key *key, struct cret_err *err)
{
    uint8_t message[CRET_MINISIGN_VALUE_BYTES + CRET_MINISIGN_COMMENT];
    const size_t length = strlen(signature->trusted);
    const struct cret_bytes value = {signature->trusted_value, CRET_MINISIGN_VALUE_BYTES};
    if (!signature->has_trusted) {
        return CRET_OK;
    }
    memcpy(message, signature->value, CRET_MINISIGN_VALUE_BYTES);
    memcpy(message + CRET_MINISIGN_VALUE_BYTES, signature->trusted, length);
    if (cret_raw_key_verify_message(
            key, (struct cret_bytes){message, CRET_MINISIGN_VALUE_BYTES + length}, value, err) ==
        CRET_OK) {
        return CRET_OK;
    }
    return cret_err_context(err, "the trusted comment");
}

enum cret_status cret_minisign_verify(const struct cret_minisign *signature,
                                      const struct cret_minisign_key *key,
                                      struct cret_bytes message, struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_raw_key *raw = NULL;
    const struct cret_bytes octets = {key->octets, sizeof(key->octets)};
    const struct cret_bytes value = {signature->value, sizeof(signature->value)};
    if (memcmp(signature->id, key->id, sizeof(key->id)) != 0) {
        char expected[17], actual[17];
        cret_minisign_id_text(expected, key->id);
        cret_minisign_id_text(actual, signature->id);
        cret_err_refuse(err, CRET_CHECK_FOREIGN_PIN,
                        "the signature is by another key than the pinned one");
        cret_err_expected(err, "key id %s", expected);
        return cret_err_actual(err, "key id %s", actual);
    }
    if (signature->prehashed && message.size != CRET_MINISIGN_DIGEST_BYTES) {
        return cret_err_refuse(err, FORM, "the signature is over a digest of 64 bytes");
    }
    if (cret_raw_key_point(&raw, CRET_KEY_ED25519, octets, "pinned key", err) == CRET_OK &&
        cret_raw_key_verify_message(raw, message, value, err) == CRET_OK &&
        verify_trusted(signature, raw, err) == CRET_OK) {
        status = CRET_OK;
    }
    cret_raw_key_free(&raw);
    return status;
}
