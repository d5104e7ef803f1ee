/* SPDX-License-Identifier: Apache-2.0 */
/* A file that another program changes while it is judged, and would change back. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "ask.h"
#include "foreign/foreign.h"
#include "trust/asn1/pem.h"

#define DATA CRET_SOURCE_DIR "/tests/unit/foreign/data/"

/* Another byte stands there while the whole is hashed, the signed one afterwards. */
struct swap {
    int fd;
    uint64_t seen, size;
    off_t at;
    uint8_t then;
};

static void swap(void *context, uint64_t bytes)
{
    struct swap *swap = context;
    swap->seen += bytes;
    if (swap->seen == swap->size) {
        cr_assert_eq(pwrite(swap->fd, &swap->then, 1, swap->at), 1);
    }
}

static enum cret_status judge(uint8_t first, uint8_t then, size_t at, struct cret_err *err,
                              bool *ret_accepted)
{
    const struct cret_bytes bundle = data_of(DATA, "rauc/plain.raucb");
    const struct cret_bytes text = data_of(DATA, "rauc/signer.pem");
    struct cret_pem_block *blocks = NULL;
    size_t count = 0;
    char product[] = "*", *products[] = {product}, path[] = "changing-XXXXXX";
    struct cret_foreign_pin pin = {.name = (char *)"vendor", .has_anchor = true};
    struct cret_foreign_result result;
    struct cret_findings *findings = cret_findings_new();
    struct swap context = {.fd = mkstemp(path), .size = bundle.size, .at = (off_t)at, .then = then};
    unlink(path);
    cr_assert_eq(cret_pem_read(&blocks, &count, (const char *)text.data, text.size, "signer", NULL),
                 CRET_OK);
    pin.anchor.kind = CRET_ANCHOR_CERTIFICATE;
    cr_assert_eq(
        cret_certificate_from_der(&pin.anchor.certificate, blocks[0].der, blocks[0].size, NULL),
        CRET_OK);
    struct cret_policy_scope scope = {
        .products = products, .product_count = 1, .pins = &pin, .pin_count = 1};
    const struct cret_policy policy = {.scopes = &scope, .scope_count = 1};
    cr_assert_eq(pwrite(context.fd, bundle.data, bundle.size, 0), (ssize_t)bundle.size);
    cr_assert_eq(pwrite(context.fd, &first, 1, (off_t)at), 1);
    const struct cret_foreign_file file = {
        .name = "b", .fd = context.fd, .size = bundle.size, .work = swap, .context = &context};
    const struct cret_foreign_request request = {
        .file = &file, .policy = &policy, .now = ASK_NOW, .allow_example_keys = true};
    const enum cret_status status = cret_foreign_judge(&result, &request, findings, err);
    *ret_accepted = status == CRET_OK && result.pin == &pin &&
                    cret_findings_tally(findings, CRET_CHECK_FOREIGN_PIN, CRET_RESULT_PASS) == 1;
    close(context.fd);
    cret_findings_free(&findings);
    cret_certificate_free(&pin.anchor.certificate);
    cret_pem_free(&blocks, count);
    free((void *)bundle.data);
    free((void *)text.data);
    return status;
}

Test(changing, what_is_judged_is_what_was_hashed)
{
    const struct cret_bytes bundle = data_of(DATA, "rauc/plain.raucb");
    const size_t at = 100;
    const uint8_t own = bundle.data[at], other = own ^ 1;
    struct cret_err err = {0};
    bool accepted = false;
    cr_assert_eq(judge(own, own, at, &err, &accepted), CRET_OK, "%s", err.what);
    cr_assert(accepted);
    cr_assert_neq(judge(other, own, at, &err, &accepted), CRET_OK);
    cr_assert_eq(err.class, CRET_ERR_UNDECIDED);
    cr_assert_str_eq(err.what, "the file changed while it was read");
    cret_err_clear(&err);
    cr_assert_neq(judge(own, other, at, &err, &accepted), CRET_OK);
    cr_assert_str_eq(err.what, "the file changed while it was read");
    free((void *)bundle.data);
}

/* What is read is held against its own small block: a format that jumps would else have much more
 * read and hashed than it asks for. */
Test(changing, a_small_read_is_of_a_small_block)
{
    enum { SIZE = (600 << 10) + 5, SMALL = 16 << 10 };
    char path[] = "changing-XXXXXX";
    uint8_t *data = malloc(SIZE), *read = malloc(SIZE), digest[32];
    struct cret_foreign_file file = {.name = "b", .fd = mkstemp(path), .size = SIZE};
    struct cret_err err = {0};
    cr_assert(data != NULL && read != NULL);
    unlink(path);
    for (size_t i = 0; i < SIZE; i++) {
        data[i] = (uint8_t)(i % 251);
    }
    cr_assert_eq(pwrite(file.fd, data, SIZE, 0), SIZE);
    cr_assert_eq(cret_foreign_see(&file, digest, &err), CRET_OK);
    static const size_t parts[][2] = {
        {0, SIZE},     {1, SIZE - 1},  {SMALL, 3 * SMALL}, {SMALL - 3, 7},
        {SIZE - 5, 5}, {5, 2 * SMALL}, {SMALL, SMALL + 1}, {36 * SMALL, SIZE - 36 * SMALL}};
    for (size_t i = 0; i < CRET_LENGTH(parts); i++) {
        cr_assert_eq(cret_foreign_read(&file, parts[i][0], read, parts[i][1], "it", &err), CRET_OK,
                     "%zu", i);
        cr_expect_eq(memcmp(read, data + parts[i][0], parts[i][1]), 0, "%zu", i);
    }
    cr_assert_eq(pwrite(file.fd, "x", 1, 5 * SMALL), 1);
    cr_expect_eq(cret_foreign_read(&file, 4 * SMALL + 9, read, 64, "it", &err), CRET_OK);
    cr_expect_eq(cret_foreign_read(&file, 6 * SMALL, read, 3 * SMALL, "it", &err), CRET_OK);
    cr_expect_eq(cret_foreign_unchanged(&file, &err), CRET_OK);
    cr_expect_neq(cret_foreign_read(&file, 4 * SMALL, read, 3 * SMALL, "it", &err), CRET_OK);
    cr_expect_eq(err.class, CRET_ERR_UNDECIDED);
    cr_expect_neq(cret_foreign_unchanged(&file, &err), CRET_OK);
    cret_foreign_forget(&file);
    close(file.fd);
    free(data);
    free(read);
}
