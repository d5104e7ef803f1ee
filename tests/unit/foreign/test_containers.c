/* SPDX-License-Identifier: Apache-2.0 */
/* RAUC bundles and SWUpdate images, made by rauc, cpio and openssl: each byte counts. */
#include <stdlib.h>

#include "ask.h"
#include "foreign/libconfig.h"
#include "foreign/rauc.h"
#include "foreign/swupdate.h"

#define DATA CRET_SOURCE_DIR "/tests/unit/foreign/data/"

extern const struct cret_foreign_kind cret_foreign_kind_rauc, cret_foreign_kind_swupdate;

static const struct {
    const struct cret_foreign_kind *kind;
    const char *file, *pin, *other;
    size_t step; /* between the bits that are flipped */
} sound[] = {
    {&cret_foreign_kind_rauc, "rauc/plain.raucb", "rauc/signer.pem", "swupdate/vendor.pub.pem",
     641},
    {&cret_foreign_kind_rauc, "rauc/verity.raucb", "rauc/signer.pem", "swupdate/vendor.pub.pem",
     641},
    {&cret_foreign_kind_swupdate, "swupdate/pkcs1.swu", "swupdate/vendor.pub.pem",
     "swupdate/signer.pem", 65},
    {&cret_foreign_kind_swupdate, "swupdate/pss.swu", "swupdate/vendor.pub.pem",
     "swupdate/signer.pem", 65},
    {&cret_foreign_kind_swupdate, "swupdate/cms.swu", "swupdate/signer.pem",
     "swupdate/vendor.pub.pem", 65},
};

/* In the headers of a cpio archive stand owners and dates, which nobody signs and nobody reads:
 * what is accepted with one of those changed says so. */
static bool is_named(const struct cret_foreign_proof *proof)
{
    return proof->gap_count > 0 && proof->gaps[0].accepted;
}

Test(containers, taken_with_the_pin_alone_and_only_as_signed)
{
    struct cret_foreign_proof proof;
    struct cret_err err;
    for (size_t i = 0; i < CRET_LENGTH(sound); i++) {
        const struct cret_bytes file = data_of(DATA, sound[i].file);
        struct cret_foreign_pin pin = ask_pin_of(DATA, sound[i].pin),
                                other = ask_pin_of(DATA, sound[i].other);
        uint8_t *copy = malloc(file.size);
        size_t passed = 0;
        cr_assert(ask(sound[i].kind, file, &pin, &proof, &err), "%s: %s", sound[i].file, err.what);
        cr_assert_not(ask(sound[i].kind, file, &other, &proof, &err));
        cr_assert_eq(err.check, CRET_CHECK_FOREIGN_PIN, "%s: %s", sound[i].file, err.what);
        cr_assert_not(ask(sound[i].kind, file, NULL, &proof, &err));
        for (size_t bit = 0; bit < 8 * file.size; bit += sound[i].step) {
            memcpy(copy, file.data, file.size);
            copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
            if (ask(sound[i].kind, (struct cret_bytes){copy, file.size}, &pin, &proof, &err)) {
                cr_assert(sound[i].kind == &cret_foreign_kind_swupdate && is_named(&proof),
                          "%s: byte %zu, bit %zu", sound[i].file, bit / 8, bit % 8);
                passed++;
            }
        }
        /* Five headers of 110 bytes, of which six numbers decide something. */
        cr_assert_leq(passed, 60, "%s: %zu", sound[i].file, passed);
        /* cpio fills its last record with zeros, which may be missing. */
        const size_t spare = sound[i].kind == &cret_foreign_kind_swupdate ? 512 : 0;
        for (size_t size = 0; size + spare < file.size; size += 97) {
            cr_assert_not(
                ask(sound[i].kind, (struct cret_bytes){file.data, size}, &pin, &proof, &err));
        }
        free(copy);
        ask_pin_free(&pin);
        ask_pin_free(&other);
        free((void *)file.data);
    }
}

/* Every block of the tree's two levels, and of the data, by a bundle of our own making whose root
 * is given: what rauc made has one level. */
Test(containers, every_block_of_a_tall_tree)
{
    enum { BLOCKS = 300, LEAVES = 3, SIZE = (BLOCKS + LEAVES + 1) * CRET_RAUC_BLOCK };
    uint8_t *data = calloc(1, SIZE), *tree = data + (size_t)BLOCKS * CRET_RAUC_BLOCK;
    struct cret_rauc_verity verity = {.tree = (LEAVES + 1) * CRET_RAUC_BLOCK};
    struct cret_err err;
    uint64_t taken = 0;
    uint8_t block[sizeof(verity.salt) + CRET_RAUC_BLOCK];
    memset(verity.salt, 7, sizeof(verity.salt));
    memcpy(block, verity.salt, sizeof(verity.salt));
    for (size_t i = 0; i < BLOCKS; i++) {
        data[i * CRET_RAUC_BLOCK] = (uint8_t)i;
        memcpy(block + sizeof(verity.salt), data + i * CRET_RAUC_BLOCK, CRET_RAUC_BLOCK);
        cr_assert_eq(cret_sha256(tree + CRET_RAUC_BLOCK + i * 32, block, sizeof(block), NULL),
                     CRET_OK);
    }
    for (size_t i = 0; i < LEAVES; i++) {
        memcpy(block + sizeof(verity.salt), tree + (i + 1) * CRET_RAUC_BLOCK, CRET_RAUC_BLOCK);
        cr_assert_eq(cret_sha256(tree + i * 32, block, sizeof(block), NULL), CRET_OK);
    }
    memcpy(block + sizeof(verity.salt), tree, CRET_RAUC_BLOCK);
    cr_assert_eq(cret_sha256(verity.root, block, sizeof(block), NULL), CRET_OK);
    const struct cret_foreign_file file = {.name = "b", .data = data, .fd = -1, .size = SIZE};
    const struct cret_rauc bundle = {.payload = SIZE};
    cr_assert_eq(cret_rauc_tree_verify(&taken, &bundle, &verity, &file, &err), CRET_OK, "%s",
                 err.what);
    cr_assert_eq(taken, (uint64_t)BLOCKS * CRET_RAUC_BLOCK);
    /* One bit in each hash that is there, in the zeros behind them, and in some blocks. */
    for (size_t at = 0; at < SIZE; at += at < (size_t)BLOCKS * CRET_RAUC_BLOCK ? 99991 : 997) {
        data[at] ^= 0x10;
        cret_err_clear(&err);
        cr_assert_neq(cret_rauc_tree_verify(&taken, &bundle, &verity, &file, &err), CRET_OK);
        cr_assert_eq(err.check, CRET_CHECK_FOREIGN_VALUE, "byte %zu: %s", at, err.what);
        data[at] ^= 0x10;
    }
    verity.root[31] ^= 1;
    cr_assert_neq(cret_rauc_tree_verify(&taken, &bundle, &verity, &file, &err), CRET_OK);
    cr_assert(strstr(err.what, "another hash tree than the signed manifest") != NULL, "%s",
              err.what);
    verity.root[31] ^= 1;
    verity.tree -= CRET_RAUC_BLOCK;
    cr_assert_neq(cret_rauc_tree_verify(&taken, &bundle, &verity, &file, &err), CRET_OK);
    cr_assert(strstr(err.what, "does not fit its data") != NULL, "%s", err.what);
    free(data);
}

static const struct {
    const char *text, *what;
} manifests[] = {
    {"", "another format"},
    {"[bundle]\nformat=plain\n", "another format"},
    {"[bundle]\nformat=crypt\n", "another format"},
    {"[bundle]\nformat=verity\n", "does not say how it was hashed"},
    {"[bundle]\nformat=verity\nformat=verity\n", "twice"},
    {"[bundle]\nformat=verity\n[bundle]\nformat=verity\n", "twice"},
    {"[other]\nformat=verity\n", "another format"},
    {"[bundle\nformat=verity\n", "malformed section"},
    {"[bundle]\nformat\n", "no setting"},
    {"[bundle]\nformat=\n", "impossible length"},
    {"[bundle]\nformat=verity\nverity-hash=00\nverity-salt=00\nverity-size=4096\n",
     "how it was hashed"},
};

Test(containers, manifests_of_rauc)
{
    static const char hex[] = "0011223344556677001122334455667700112233445566770011223344556677";
    struct cret_rauc_verity verity;
    struct cret_err err;
    for (size_t i = 0; i < CRET_LENGTH(manifests); i++) {
        cret_err_clear(&err);
        cr_assert_neq(
            cret_rauc_manifest_read(&verity, manifests[i].text, strlen(manifests[i].text), &err),
            CRET_OK, "row %zu", i);
        cr_assert(strstr(err.what, manifests[i].what) != NULL, "row %zu: %s", i, err.what);
    }
    static const char *const sizes[] = {"4096", "0", "4097", "-4096", "", "99999999999999999999"};
    for (size_t i = 0; i < CRET_LENGTH(sizes); i++) {
        char *text = cret_text_printf("[update]\nversion = 4.2\n# x\n[bundle]\nformat=verity\n"
                                      "verity-hash=%s\nverity-salt=%s\nverity-size=%s\n",
                                      hex, hex, sizes[i]);
        cr_assert_eq(cret_rauc_manifest_read(&verity, text, strlen(text), NULL) == CRET_OK, i == 0);
        free(text);
    }
    cr_assert_str_eq(verity.version, "4.2");
}

#define SHA "0011223344556677001122334455667700112233445566770011223344556677"
#define ENTRY "{ filename = \"a\"; sha256 = \"" SHA "\"; }"

static const struct {
    const char *text, *what; /* what is wrong; NULL: nothing */
} descriptions[] = {
    {"software = { version = \"1\"; images: ( " ENTRY " ); };", NULL},
    {"software : { files = ( " ENTRY ", " ENTRY " ) }", NULL},
    {"# x\n// y\n/* z */ software = { a = [1, 2, 0x3], b = true; c = 1.5e3; d = \"x\" \"y\"; "
     "i=(" ENTRY ",); }",
     NULL},
    {"{\"software\": {\"images\": [{\"filename\": \"a\", \"sha256\": \"" SHA "\"}]}}", NULL},
    {"software = { bad = ( { filename = \"a\\\"\\x41\"; sha256 = \"" SHA "\"; } ); };", NULL},
    {"", "lists no file"},
    {"software = { };", "lists no file"},
    {"software = { i: ( { filename = \"a\"; } ); };", "without its SHA-256"},
    {"software = { i: ( { filename = \"a\"; sha256 = \"00\"; } ); };", "is none"},
    {"software = { i: ( { Filename = \"a\"; } ); };", "writes filename as Filename"},
    {"software = { i: ( { filename = \"a\"; SHA256 = \"00\"; } ); };", "writes sha256 as SHA256"},
    {"software = { i: ( { filename = \"a\"; FILENAME = \"b\"; } ); };", "same name twice"},
    {"software = { i: ( " ENTRY ", { filename = \"a\"; sha256 = "
     "\"1011223344556677001122334455667700112233445566770011223344556677\"; } ); };",
     "two SHA-256 for a"},
    {"@include \"x\"\n", "includes another file"},
    {"software = { i: ( " ENTRY " ", "without commas"},
    {"software = { i: ( " ENTRY " " ENTRY " ); };", "without commas"},
    {"software = { i = " ENTRY "", "without an end"},
    {"software = { i = \"x", "string without an end"},
    {"software = { i = \"\\q\"; };", "unknown escape"},
    {"software = { i = \"\\x00\"; };", "a zero in it"},
    {"software = { /* ", "comment without an end"},
    {"software = { /*/ i: ( " ENTRY " ); };", "comment without an end"},
    {"software = { /*/ a = \"x\"; */ i: ( " ENTRY " ); /**/ };", NULL},
    {"software { };", "name without a value"},
    {"software = ;", "no value"},
    {"= 1;", "no name"},
    {"1a = 1;", "no name"},
    {"a = ((((((((((((((((((((((((((((((((((((1))))))))))))))))))))))))))))))))))));",
     "too deeply"},
    {"{\"software\": {\"filename\": \"a\"}}", "without its SHA-256"},
    {"{\"software\": {}, \"software\": {}}", "duplicate"},
    {"{\"software\": ", "sw-description"},
};

Test(containers, descriptions_of_swupdate)
{
    struct cret_err err;
    for (size_t i = 0; i < CRET_LENGTH(descriptions); i++) {
        struct cret_swupdate_list list = {0};
        cret_err_clear(&err);
        const bool taken = cret_swupdate_list_read(&list, descriptions[i].text,
                                                   strlen(descriptions[i].text), &err) == CRET_OK;
        cr_assert_eq(taken, descriptions[i].what == NULL, "row %zu: %s", i, err.what);
        cr_assert(taken || strstr(err.what, descriptions[i].what) != NULL ||
                      strstr(err.actual, descriptions[i].what) != NULL,
                  "row %zu: %s %s", i, err.what, err.actual);
        cr_assert(!taken || list.count == 1);
        cret_swupdate_list_clear(&list);
    }
}
