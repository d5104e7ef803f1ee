/* SPDX-License-Identifier: Apache-2.0 */
/* Splitting a PEM text into its blocks. */
#include "trust/asn1/pem.h"

#include <limits.h>
#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/text/nature.h"
#include "base/text/text.h"
#include "trust/asn1/library.h"
#include "trust/asn1/mistaken.h"

void cret_pem_free(struct cret_pem_block **blocks, size_t count)
{
    if (blocks == NULL || *blocks == NULL) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        free((*blocks)[i].label);
        if ((*blocks)[i].der != NULL) {
            OPENSSL_cleanse((*blocks)[i].der, (*blocks)[i].size);
        }
        free((*blocks)[i].der);
    }
    free(*blocks);
    *blocks = NULL;
}

/* Copies what OpenSSL handed out into memory of our own. */
static enum cret_status copy_block(struct cret_pem_block *block, const char *label,
                                   const unsigned char *data, long size, struct cret_err *err)
{
    if (size <= 0) {
        return cret_err_usage(err, "a PEM block is empty");
    }
    block->size = (size_t)size;
    block->label = strdup(label);
    block->der = malloc(block->size);
    if (block->label == NULL || block->der == NULL) {
        return cret_err_memory(err);
    }
    memcpy(block->der, data, block->size);
    return CRET_OK;
}

/* Reads one block. *ret_end is set where no further one begins. */
static enum cret_status next_block(BIO *bio, struct cret_pem_block *block, bool *ret_end,
                                   struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    char *label = NULL, *header = NULL;
    unsigned char *data = NULL;
    long size = 0;
    if (PEM_read_bio(bio, &label, &header, &data, &size) != 1) {
        const unsigned long code = ERR_peek_last_error();
        if (ERR_GET_LIB(code) == ERR_LIB_PEM && ERR_GET_REASON(code) == PEM_R_NO_START_LINE) {
            ERR_clear_error();
            *ret_end = true;
            return CRET_OK;
        }
        char reason[120];
        return cret_err_usage(err, "a PEM block is damaged: %s",
                              cret_library_reason(reason, sizeof(reason)));
    }
    if (header != NULL && header[0] != '\0') {
        cret_err_usage(err, "a PEM block \"%s\" has headers, which is not accepted", label);
        cret_err_hint(err, "convert a private key with `openssl pkcs8 -topk8`");
        goto out;
    }
    status = copy_block(block, label, data, size, err);
out:
    OPENSSL_free(label);
    OPENSSL_free(header);
    if (data != NULL) {
        OPENSSL_clear_free(data, size > 0 ? (size_t)size : 0);
    }
    return status;
}

enum cret_status cret_pem_read(struct cret_pem_block **ret_blocks, size_t *ret_count,
                               const char *text, size_t size, const char *origin,
                               struct cret_err *err)
{
    return cret_pem_read_large(ret_blocks, ret_count, text, size, CRET_LIMIT_PEM_BYTES, origin,
                               err);
}

/* What the text is, where it holds no PEM at all, and what to do. */
static void say_instead(const char *text, size_t size, struct cret_err *err)
{
    const struct cret_nature *nature = cret_nature_in_place_of_text(text, size);
    const char *way = cret_mistaken_der(text, size);
    if (nature != NULL) {
        cret_err_actual(err, "%s", nature->words);
    }
    if (way == NULL) {
        way = cret_text_is_utf16(text, size) ? "this text is in UTF-16: " CRET_TEXT_UTF16_HINT
                                             : "give a text file with -----BEGIN ...----- lines, "
                                               "or one certificate or list in DER";
    }
    cret_err_hint(err, "%s", way);
}

enum cret_status cret_pem_read_large(struct cret_pem_block **ret_blocks, size_t *ret_count,
                                     const char *text, size_t size, size_t cap, const char *origin,
                                     struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_pem_block *blocks = NULL;
    BIO *bio = NULL;
    size_t count = 0;
    bool end = false;
    if (size > cap || size > INT_MAX) {
        cret_err_usage(err, "%s is too large for a PEM text", origin);
        cret_err_expected(err, "at most %zu bytes", cap);
        goto out;
    }
    if (cret_library_begin(err) != CRET_OK) {
        goto out;
    }
    blocks = calloc(CRET_PEM_BLOCKS + 1, sizeof(*blocks));
    bio = BIO_new_mem_buf(text, (int)size);
    if (blocks == NULL || bio == NULL) {
        cret_err_memory(err);
        goto out;
    }
    while (count <= CRET_PEM_BLOCKS) {
        const enum cret_status next = next_block(bio, &blocks[count], &end, err);
        if (end) {
            break;
        }
        count++;
        if (next != CRET_OK) {
            cret_err_context(err, "%s", origin);
            goto out;
        }
    }
    if (count == 0 || count > CRET_PEM_BLOCKS) {
        cret_err_usage(err, count == 0 ? "%s contains no PEM block" : "%s has too many PEM blocks",
                       origin);
        cret_err_expected(err, "1 to %u blocks", CRET_PEM_BLOCKS);
        if (count == 0) {
            say_instead(text, size, err);
        }
        goto out;
    }
    *ret_blocks = blocks;
    *ret_count = count;
    blocks = NULL;
    status = CRET_OK;
out:
    BIO_free(bio);
    cret_pem_free(&blocks, count);
    return status;
}

bool cret_pem_is_der(const char *data, size_t size)
{
    return size > 1 && (uint8_t)data[0] == 0x30 && (uint8_t)data[1] >= 0x80;
}

enum cret_status cret_pem_read_file(struct cret_pem_block **ret_blocks, size_t *ret_count,
                                    const char *data, size_t size, const char *label,
                                    const char *origin, struct cret_err *err)
{
    if (!cret_pem_is_der(data, size)) {
        return cret_pem_read(ret_blocks, ret_count, data, size, origin, err);
    }
    struct cret_pem_block *blocks = calloc(1, sizeof(*blocks));
    if (blocks == NULL) {
        return cret_err_memory(err);
    }
    if (size > LONG_MAX ||
        copy_block(blocks, label, (const uint8_t *)data, (long)size, err) != CRET_OK) {
        cret_pem_free(&blocks, 1);
        return cret_err_context(err, "%s", origin);
    }
    *ret_blocks = blocks;
    *ret_count = 1;
    return CRET_OK;
}

char *cret_pem_text(const char *label, const uint8_t *der, size_t size)
{
    char *text = NULL, *data = NULL;
    BIO *bio =
        size <= LONG_MAX && cret_library_begin(NULL) == CRET_OK ? BIO_new(BIO_s_mem()) : NULL;
    if (bio != NULL && PEM_write_bio(bio, label, "", der, (long)size) > 0) {
        const long length = BIO_get_mem_data(bio, &data);
        text = length > 0 ? strndup(data, (size_t)length) : NULL;
    }
    BIO_free(bio);
    return text;
}
