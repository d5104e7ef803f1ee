/* SPDX-License-Identifier: Apache-2.0 */
/* OpenPGP: what gpg signs is verified with the key that is pinned, and nothing that differs. */
#include <stdlib.h>
#include <string.h>

#include "data.h"
#include "foreign/openpgp.h"
#include "foreign/openpgp_packet.h"

#define DATA CRET_SOURCE_DIR "/tests/unit/foreign/data/openpgp/"
#define MADE 1780315200ll /* 2026-06-01T12:00:00Z */
#define NOW (MADE + 86400)

static const char firmware[] = "firmware 4.2\n";
static const struct cret_bytes document = {(const uint8_t *)firmware, sizeof(firmware) - 1};

/* The whole way from two files to an answer: some signature of the pinned key, and none of it that
 * does not hold. */
static enum cret_status judge_bytes(struct cret_bytes signature, struct cret_bytes key,
                                    struct cret_bytes over, int64_t now, struct cret_err *err)
{
    struct cret_openpgp_signature list[CRET_OPENPGP_SIGNATURES];
    struct cret_openpgp_key pinned = {0};
    struct cret_bytes packets;
    uint8_t *owned = NULL;
    size_t count = 0, held = 0;
    enum cret_status status = CRET_FAILED;
    cret_err_clear(err);
    if (cret_openpgp_unarmor(&packets, &owned, signature, "PGP SIGNATURE", "signature", err) ==
            CRET_OK &&
        cret_openpgp_signatures_parse(list, &count, packets, err) == CRET_OK &&
        cret_openpgp_key_parse(&pinned, key, true, err) == CRET_OK) {
        status = CRET_OK;
        for (size_t i = 0; i < count && status == CRET_OK; i++) {
            const struct cret_openpgp_component *by = cret_openpgp_key_find(&pinned, &list[i]);
            if (by != NULL) {
                status = cret_openpgp_judge(&list[i], by, now, err) == CRET_OK
                             ? cret_openpgp_verify_bytes(&list[i], by->key, over, err)
                             : CRET_FAILED;
                held++;
            }
        }
        if (held == 0) {
            status = cret_err_refuse(err, CRET_CHECK_FOREIGN_VALUE, "nobody pinned");
        }
    }
    cret_openpgp_key_clear(&pinned);
    free(owned);
    return status;
}

static enum cret_status judge(const char *signature, const char *key, int64_t now,
                              struct cret_err *err)
{
    const struct cret_bytes signature_file = data_of(DATA, signature);
    const struct cret_bytes key_file = data_of(DATA, key);
    const enum cret_status status = judge_bytes(signature_file, key_file, document, now, err);
    free((void *)signature_file.data);
    free((void *)key_file.data);
    return status;
}

Test(openpgp, takes_what_gpg_signs)
{
    static const char *const sound[][2] = {
        {"ed25519.sig", "ed25519.key"},     {"ed25519.asc", "ed25519.key"},
        {"ed25519.sig", "ed25519.key.asc"}, {"nistp256.sig", "nistp256.key"},
        {"rsa3072.sig", "rsa3072.key"},     {"sub.sig", "sub.key"},
        {"two.sig", "ed25519.key"},         {"two.sig", "nistp256.key"},
        {"exp.sig", "ed25519.key"}};
    struct cret_err err;
    for (size_t i = 0; i < CRET_LENGTH(sound); i++) {
        cr_assert_eq(judge(sound[i][0], sound[i][1], NOW, &err), CRET_OK, "%s: %s", sound[i][0],
                     err.what);
    }
}

static const struct {
    const char *signature, *key;
    int64_t now;
    const char *what;
} refused[] = {
    {"ed25519.sig", "nistp256.key", NOW, "nobody pinned"},
    {"sub.sig", "ed25519.key", NOW, "nobody pinned"},
    {"sha1.sig", "ed25519.key", NOW, "SHA-1"},
    {"text.sig", "ed25519.key", NOW, "not one over the bytes"},
    {"exp.sig", "ed25519.key", MADE + 30 * 86400, "has ended, as its signer wanted"},
    {"ed25519.sig", "ed25519.key", MADE + 731 * 86400, "the pinned key has ended"},
    {"sub.sig", "sub.key", MADE + 366 * 86400, "the pinned key has ended"},
    {"ed25519.sig", "ed25519.key", MADE - 1, "in the future"},
    {"old.sig", "old.key", NOW, "weak digest"},
    {"revoked.sig", "revoked.key", NOW, "revoked"},
    {"weak.sig", "weak.key", NOW, "at least 3072 bits"},
    {"ed25519.sig", "both.key", NOW, "holds two"},
    {"ed25519.sig", "ed25519.asc", NOW, "another kind"},
    {"ed25519.key", "ed25519.key", NOW, "something else than signatures"},
    {"ed25519.key.asc", "ed25519.key", NOW, "another kind"},
};

Test(openpgp, refuses_by_name)
{
    struct cret_err err;
    for (size_t i = 0; i < CRET_LENGTH(refused); i++) {
        cr_assert_neq(judge(refused[i].signature, refused[i].key, refused[i].now, &err), CRET_OK,
                      "row %zu", i);
        cr_assert(strstr(err.what, refused[i].what) != NULL, "row %zu: %s", i, err.what);
    }
}

/* The last second of a signature and of a key, and the next. */
Test(openpgp, ends_are_exact)
{
    cr_assert_eq(judge("exp.sig", "ed25519.key", MADE + 30 * 86400 - 1, NULL), CRET_OK);
    cr_assert_eq(judge("sub.sig", "sub.key", MADE + 365 * 86400 - 1, NULL), CRET_OK);
    cr_assert_neq(judge("sub.sig", "sub.key", MADE + 365 * 86400, NULL), CRET_OK);
    cr_assert_eq(judge("ed25519.sig", "ed25519.key", MADE, NULL), CRET_OK);
}

/* Where a bit decides nothing, its byte is of the two names of the key that are not signed: then
 * the signature names another key, or none, and is not found. So none may pass but the header's. */
Test(openpgp, each_bit_of_a_signature_counts)
{
    static const char *const names[][2] = {
        {"ed25519.sig", "ed25519.key"}, {"nistp256.sig", "nistp256.key"}, {"sub.sig", "sub.key"}};
    for (size_t i = 0; i < CRET_LENGTH(names); i++) {
        const struct cret_bytes file = data_of(DATA, names[i][0]);
        const struct cret_bytes key = data_of(DATA, names[i][1]);
        uint8_t *copy = malloc(file.size);
        for (size_t bit = 0; bit < 8 * file.size; bit++) {
            memcpy(copy, file.data, file.size);
            copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
            cr_assert_neq(
                judge_bytes((struct cret_bytes){copy, file.size}, key, document, NOW, NULL),
                CRET_OK, "%s: byte %zu, bit %zu", names[i][0], bit / 8, bit % 8);
        }
        for (size_t size = 0; size < file.size; size++) {
            cr_assert_neq(
                judge_bytes((struct cret_bytes){file.data, size}, key, document, NOW, NULL),
                CRET_OK, "%s: cut to %zu", names[i][0], size);
        }
        free(copy);
        free((void *)file.data);
        free((void *)key.data);
    }
}

Test(openpgp, each_bit_of_the_document_counts)
{
    const struct cret_bytes file = data_of(DATA, "ed25519.sig");
    const struct cret_bytes key = data_of(DATA, "ed25519.key");
    char copy[sizeof(firmware) + 1];
    struct cret_err err;
    for (size_t bit = 0; bit < 8 * document.size; bit++) {
        memcpy(copy, firmware, sizeof(firmware));
        copy[bit / 8] ^= (char)(1u << bit % 8);
        cr_assert_neq(judge_bytes(file, key,
                                  (struct cret_bytes){(const uint8_t *)copy, document.size}, NOW,
                                  &err),
                      CRET_OK);
        cr_assert(strstr(err.what, "other content") != NULL, "%s", err.what);
    }
    cr_assert_neq(
        judge_bytes(file, key, (struct cret_bytes){document.data, document.size + 1}, NOW, NULL),
        CRET_OK);
    cr_assert_neq(judge_bytes(file, key, (struct cret_bytes){document.data, 0}, NOW, NULL),
                  CRET_OK);
    free((void *)file.data);
    free((void *)key.data);
}

/* With a bit of the pinned key wrong, either its fingerprint is another, or what it says of itself
 * does not hold. Only the kinds of three subpackets that nobody signed decide nothing: which key
 * made the signature is said a second time, where it is signed. */
Test(openpgp, each_byte_of_a_key_counts)
{
    static const size_t unsigned_kinds[] = {149, 330, 379};
    const struct cret_bytes file = data_of(DATA, "sub.sig");
    const struct cret_bytes key = data_of(DATA, "sub.key");
    const size_t signing = 528; /* behind it: the subkey that encrypts, which is not needed */
    uint8_t *copy = malloc(key.size);
    for (size_t at = 0; at < signing; at++) {
        bool counts = true;
        for (size_t i = 0; i < CRET_LENGTH(unsigned_kinds); i++) {
            counts = counts && at != unsigned_kinds[i];
        }
        memcpy(copy, key.data, key.size);
        copy[at] ^= (uint8_t)(1u << at % 7);
        cr_assert_eq(judge_bytes(file, (struct cret_bytes){copy, key.size}, document, NOW, NULL) !=
                         CRET_OK,
                     counts, "byte %zu", at);
    }
    free(copy);
    free((void *)file.data);
    free((void *)key.data);
}

static struct cret_bytes joined(struct cret_bytes a, struct cret_bytes b, struct cret_buffer *out)
{
    cret_buffer_append(out, a.data, a.size);
    cret_buffer_append(out, b.data, b.size);
    return (struct cret_bytes){(const uint8_t *)out->data, out->size};
}

Test(openpgp, a_subkey_needs_both_signatures)
{
    const struct cret_bytes key = data_of(DATA, "sub.key");
    const struct cret_bytes other = data_of(DATA, "ed25519.key");
    const struct cret_bytes file = data_of(DATA, "sub.sig");
    struct cret_err err;
    struct cret_buffer moved = {0}, alone = {0};
    /* Subkey and binding behind another primary key, and the subkey without its binding. */
    const struct cret_bytes subkey = {key.data + 228, 53}, both = {key.data + 228, 300};
    cr_assert_neq(judge_bytes(file, joined(other, both, &moved), document, NOW, &err), CRET_OK);
    cr_assert(strstr(err.what, "not certified by its primary key") != NULL, "%s", err.what);
    cr_assert_neq(judge_bytes(file, joined((struct cret_bytes){key.data, 228}, subkey, &alone),
                              document, NOW, &err),
                  CRET_OK);
    cr_assert(strstr(err.what, "not certified by its primary key") != NULL, "%s", err.what);
    cret_buffer_free(&moved);
    cret_buffer_free(&alone);
    free((void *)key.data);
    free((void *)other.data);
    free((void *)file.data);
}

/* A primary key that certifies only: its own signature over a file would not count. */
Test(openpgp, who_may_sign_is_the_primary_keys_word)
{
    struct cret_openpgp_key key;
    const struct cret_bytes file = data_of(DATA, "sub.key");
    cr_assert_eq(cret_openpgp_key_parse(&key, file, true, NULL), CRET_OK);
    cr_assert_eq(key.count, 3);
    cr_assert_null(key.components[0].key);
    cr_assert(strstr(key.components[0].reason, "not for signing") != NULL);
    cr_assert_not_null(key.components[1].key);
    cr_assert_null(key.components[2].key);
    cr_assert_str_eq(key.user, "Acme sub <sub@acme.example>");
    cret_openpgp_key_clear(&key);
    free((void *)file.data);
}

Test(openpgp, a_private_key_is_refused_as_one)
{
    const struct cret_bytes file = data_of(DATA, "ed25519.key");
    struct cret_openpgp_key key;
    struct cret_err err = {0};
    uint8_t *copy = malloc(file.size);
    memcpy(copy, file.data, file.size);
    copy[0] = 0x94; /* tag 5 */
    cr_assert_neq(cret_openpgp_key_parse(&key, (struct cret_bytes){copy, file.size}, true, &err),
                  CRET_OK);
    cr_assert(strstr(err.what, "private") != NULL, "%s", err.what);
    free(copy);
    free((void *)file.data);
}

/* A signature packet whose unhashed part is `area`, around the good one's other fields. */
static struct cret_bytes with_unhashed(struct cret_bytes file, const char *area, size_t size,
                                       struct cret_buffer *out)
{
    const size_t hashed = (size_t)(file.data[2 + 4] << 8 | file.data[2 + 5]);
    const size_t at = 2 + 6 + hashed; /* of the unhashed part's length, 10 octets */
    const uint8_t header[] = {0x88, (uint8_t)(file.data[1] + size)};
    const uint8_t length[] = {0, (uint8_t)(10 + size)};
    cret_buffer_append(out, header, sizeof(header));
    cret_buffer_append(out, file.data + 2, at - 2);
    cret_buffer_append(out, length, sizeof(length));
    cret_buffer_append(out, file.data + at + 2, 10);
    cret_buffer_append(out, area, size);
    cret_buffer_append(out, file.data + at + 12, file.size - at - 12);
    return (struct cret_bytes){(const uint8_t *)out->data, out->size};
}

Test(openpgp, what_nobody_signed_is_counted_and_refused)
{
    const struct cret_bytes file = data_of(DATA, "ed25519.sig");
    const struct cret_bytes key = data_of(DATA, "ed25519.key");
    struct cret_err err;
    struct cret_buffer note = {0}, id = {0}, bare = {0};
    cr_assert_neq(judge_bytes(with_unhashed(file,
                                            "\x05\x64"
                                            "data",
                                            6, &note),
                              key, document, NOW, &err),
                  CRET_OK);
    cr_assert(strstr(err.what, "carries 5 bytes that nobody signed") != NULL, "%s", err.what);
    cr_assert_neq(judge_bytes(with_unhashed(file,
                                            "\x09\x10"
                                            "12345678",
                                            10, &id),
                              key, document, NOW, &err),
                  CRET_OK);
    cr_assert(strstr(err.what, "two ids") != NULL, "%s", err.what);
    cr_assert_eq(judge_bytes(with_unhashed(file, "", 0, &bare), key, document, NOW, &err), CRET_OK);
    cret_buffer_free(&note);
    cret_buffer_free(&id);
    cret_buffer_free(&bare);
    free((void *)file.data);
    free((void *)key.data);
}

static const struct {
    const char *from, *to, *what;
} armors[] = {
    {"-----BEGIN PGP SIGNATURE-----", " -----BEGIN PGP SIGNATURE-----", "another kind"},
    {"-----BEGIN PGP SIGNATURE-----", "-----BEGIN PGP MESSAGE-----", "another kind"},
    {"SIGNATURE-----\n\n", "SIGNATURE-----\nno header\n\n", "no header"},
    {"SIGNATURE-----\n\n", "SIGNATURE-----\n", "no header"},
    {"\n=", "\n\n=", "empty line"},
    {"\n=", "\n==", "checksum"},
    {"\n=", "\n=A", "checksum"},
    {"-----END PGP SIGNATURE-----", "-----END PGP MESSAGE-----", "another end"},
    {"-----END PGP SIGNATURE-----\n", "-----END PGP SIGNATURE-----\nx", "followed by"},
    {"-----END PGP SIGNATURE-----\n", "", "ends too early"},
};

Test(openpgp, armor_is_one_block_and_nothing_else)
{
    const struct cret_bytes file = data_of(DATA, "ed25519.asc");
    const struct cret_bytes key = data_of(DATA, "ed25519.key");
    struct cret_err err;
    for (size_t i = 0; i < CRET_LENGTH(armors); i++) {
        char *text = cret_text_printf("%.*s", (int)file.size, (const char *)file.data);
        char *at = strstr(text, armors[i].from);
        cr_assert_not_null(at, "row %zu", i);
        *at = '\0';
        char *made = cret_text_printf("%s%s%s", text, armors[i].to, at + strlen(armors[i].from));
        cr_assert_neq(judge_bytes((struct cret_bytes){(const uint8_t *)made, strlen(made)}, key,
                                  document, NOW, &err),
                      CRET_OK, "row %zu", i);
        cr_assert(strstr(err.what, armors[i].what) != NULL, "row %zu: %s", i, err.what);
        free(made);
        free(text);
    }
    free((void *)file.data);
    free((void *)key.data);
}

/* Headers of armor say nothing that counts; the checksum may be missing (RFC 9580 6.1). */
Test(openpgp, armor_with_headers_and_without_checksum)
{
    const struct cret_bytes file = data_of(DATA, "ed25519.asc");
    const struct cret_bytes key = data_of(DATA, "ed25519.key");
    const char *text = (const char *)file.data;
    const char *body = strstr(text, "\n\n") + 2, *sum = strstr(text, "\n=");
    char *made = cret_text_printf("-----BEGIN PGP SIGNATURE-----\r\nVersion: 1\r\n\r\n%.*s\n"
                                  "-----END PGP SIGNATURE-----",
                                  (int)(sum - body), body);
    struct cret_err err;
    cr_assert_eq(judge_bytes((struct cret_bytes){(const uint8_t *)made, strlen(made)}, key,
                             document, NOW, &err),
                 CRET_OK, "%s", err.what);
    free(made);
    free((void *)file.data);
    free((void *)key.data);
}

Test(openpgp, recognized_by_content)
{
    static const char *const yes[] = {"ed25519.sig", "ed25519.asc", "rsa3072.sig", "two.sig"};
    static const char *const no[] = {"ed25519.key", "ed25519.key.asc"};
    for (size_t i = 0; i < CRET_LENGTH(yes); i++) {
        const struct cret_bytes file = data_of(DATA, yes[i]);
        cr_assert(cret_openpgp_recognized(file), "%s", yes[i]);
        free((void *)file.data);
    }
    for (size_t i = 0; i < CRET_LENGTH(no); i++) {
        const struct cret_bytes file = data_of(DATA, no[i]);
        cr_assert_not(cret_openpgp_recognized(file), "%s", no[i]);
        free((void *)file.data);
    }
    cr_assert_not(cret_openpgp_recognized(document));
    cr_assert_not(cret_openpgp_recognized((struct cret_bytes){document.data, 0}));
}

/* A certification that is taken back in a form that nobody reads may be the primary key's own. */
Test(openpgp, unread_revocation_of_a_certification_counts)
{
    static const struct {
        const char *packet;
        size_t size;
        bool revoked;
    } rows[] = {
        {"\x88\x06\x04\x30\x16\x08\x00\x00", 8, true},  /* version 4, cut short */
        {"\x88\x05\x03\x05\x30\x00\x00", 7, true},      /* version 3 */
        {"\x88\x04\x06\x30\x16\x08", 6, true},          /* version 6 */
        {"\x88\x01\x04", 3, true},                      /* of no type at all */
        {"\x88\x06\x04\x10\x16\x08\x00\x00", 8, false}, /* a certification, unread */
    };
    const struct cret_bytes file = data_of(DATA, "ed25519.sig");
    const struct cret_bytes key = data_of(DATA, "ed25519.key");
    struct cret_err err;
    for (size_t i = 0; i < CRET_LENGTH(rows); i++) {
        struct cret_buffer made = {0};
        cret_buffer_append(&made, key.data, key.size);
        cret_buffer_append(&made, rows[i].packet, rows[i].size);
        const struct cret_bytes changed = {(const uint8_t *)made.data, made.size};
        const bool taken = judge_bytes(file, changed, document, NOW, &err) == CRET_OK;
        cr_assert_eq(taken, !rows[i].revoked, "row %zu: %s", i, err.what);
        cr_assert(taken || strstr(err.what, "revoked") != NULL, "row %zu: %s", i, err.what);
        cret_buffer_free(&made);
    }
    free((void *)file.data);
    free((void *)key.data);
}
