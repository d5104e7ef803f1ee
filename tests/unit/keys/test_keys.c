/* SPDX-License-Identifier: Apache-2.0 */
/* Keys from PEM files, keygen, and signatures in the profile. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/system/file.h"
#include "base/system/output.h"
#include "base/text/text.h"
#include "keys/generate.h"
#include "keys/keystore.h"
#include "keys/sign.h"

#define KEYS CRET_SOURCE_DIR "/keys-example/"
#define NOW 1767225600ll /* 2026-01-01T00:00:00Z */

static const char content[] = "{\n  \"cretula\": \"manifest/1\"\n}\n";
static const struct cret_secret_source no_secret = {.fd = -1};

static char *read_text(const char *path, size_t *ret_size)
{
    char *text = NULL;
    cr_assert_eq(cret_file_read(&text, ret_size, path, 1u << 20, CRET_ERR_USAGE, NULL), CRET_OK,
                 "%s", path);
    return text;
}

static struct cret_certificate *load_certificate(const char *name)
{
    char path[200];
    size_t size = 0, count = 0;
    struct cret_certificate **list = NULL;
    snprintf(path, sizeof(path), KEYS "%s.cert.pem", name);
    char *text = read_text(path, &size);
    cr_assert_eq(cret_certificates_read(&list, &count, text, size, path, NULL), CRET_OK);
    struct cret_certificate *certificate = list[0];
    list[0] = NULL;
    cret_certificates_free(&list, count);
    free(text);
    return certificate;
}

static struct cret_certificate *certificate_of(const char *pem)
{
    struct cret_certificate **list = NULL;
    struct cret_err err;
    size_t count = 0;
    cret_err_clear(&err);
    cr_assert_eq(cret_certificates_read(&list, &count, pem, strlen(pem), "new", &err), CRET_OK,
                 "%s", err.what);
    struct cret_certificate *certificate = list[0];
    list[0] = NULL;
    cret_certificates_free(&list, count);
    return certificate;
}

static void write_file(char path[100], const char *name, const char *text)
{
    snprintf(path, 100, "/tmp/cretula-keys-%ld-%s", (long)getpid(), name);
    cr_assert_eq(cret_file_write(path, text, strlen(text), 0600, NULL), CRET_OK);
}

static enum cret_status sign_and_check(const struct cret_sign_request *request,
                                       const char *algorithm, struct cret_err *err)
{
    uint8_t *der = NULL;
    size_t size = 0;
    struct cret_cms *cms = NULL;
    cret_err_clear(err);
    if (cret_key_sign(&der, &size, request, (const uint8_t *)content, strlen(content), err) !=
        CRET_OK) {
        return CRET_FAILED;
    }
    cr_assert_eq(cret_cms_parse(&cms, der, size, err), CRET_OK, "%s", err->what);
    cr_expect_eq(cret_cms_verify(cms, (const uint8_t *)content, strlen(content), err), CRET_OK);
    cr_expect_str_eq(cret_cms_algorithm(cms), algorithm);
    cr_expect_eq(cret_cms_meaning(cms), request->meaning);
    int64_t when = 0;
    const bool timed = request->has_signing_time && !cret_cms_is_post_quantum(cms);
    cr_expect_eq(cret_cms_signing_time(cms, &when), timed);
    cr_expect_eq(when, timed ? request->signing_time : 0);
    cr_expect_eq(cret_cms_intermediate_count(cms), request->chain_count);
    cret_cms_free(&cms);
    free(der);
    return CRET_OK;
}

static enum cret_status generate(char **ret_key_pem, char **ret_certificate_pem,
                                 const char *algorithm, const char *subject, const char *passphrase,
                                 struct cret_err *err)
{
    const struct cret_generate_request request = {
        .algorithm = algorithm,
        .passphrase = passphrase,
        .certificate = {.subject = subject, .days = 365, .now = NOW}};
    return cret_key_generate(ret_key_pem, ret_certificate_pem, &request, err);
}

Test(keys, every_algorithm_generates_signs_and_verifies)
{
    static const char *const expected[][2] = {
        {"ecdsa-p256", "ecdsa-p256-sha256"},   {"ecdsa-p384", "ecdsa-p384-sha384"},
        {"rsa-3072", "rsa-3072-pkcs1-sha256"}, {"rsa-4096", "rsa-4096-pkcs1-sha384"},
        {"ed25519", "ed25519-sha512"},         {"ml-dsa-65", "ml-dsa-65-sha512"},
        {"ml-dsa-87", "ml-dsa-87-sha512"}};
    const char *const *names = cret_key_algorithms();
    size_t rows = 0;
    while (names[rows] != NULL) {
        rows++;
    }
    cr_assert_eq(rows, sizeof(expected) / sizeof(expected[0]));
    for (size_t i = 0; i < rows; i++) {
        char *key_pem = NULL, *certificate_pem = NULL, path[100];
        struct cret_key *key = NULL;
        struct cret_err err;
        cret_err_clear(&err);
        cr_expect_str_eq(names[i], expected[i][0]);
        if (OPENSSL_VERSION_NUMBER < 0x30500000 && strncmp(names[i], "ml-", 3) == 0) {
            cr_expect_neq(generate(&key_pem, &certificate_pem, names[i], "CN=x", NULL, &err),
                          CRET_OK);
            cr_expect_eq(err.class, CRET_ERR_USAGE);
            cr_expect_not_null(strstr(err.expected, "OpenSSL 3.5"), "%s", err.expected);
            cr_expect_null(key_pem);
            continue;
        }
        cr_assert_eq(generate(&key_pem, &certificate_pem, names[i],
                              "CN=Release key,O=M\xc3\xbcller\\, Sohn,C=DE", NULL, &err),
                     CRET_OK, "%s", err.what);
        struct cret_certificate *certificate = certificate_of(certificate_pem);
        cr_expect_str_eq(cret_certificate_subject(certificate),
                         "CN=Release key,O=M\xc3\xbcller\\, Sohn,C=DE");
        cr_expect_str_eq(cret_certificate_key_algorithm(certificate), names[i]);
        cr_expect_eq(cret_certificate_not_before(certificate), NOW);
        cr_expect_eq(cret_certificate_not_after(certificate), NOW + 365 * 86400);
        cr_expect_not(cret_certificate_is_ca(certificate));
        write_file(path, "key.pem", key_pem);
        cr_assert_eq(cret_key_open(&key, path, NULL, &no_secret, &err), CRET_OK, "%s", err.what);
        struct cret_sign_request request = {.key = key,
                                            .certificate = certificate,
                                            .meaning = CRET_MEANING_ORIGIN,
                                            .has_signing_time = true,
                                            .signing_time = NOW + 10};
        cr_expect_eq(sign_and_check(&request, expected[i][1], &err), CRET_OK, "%s", err.what);
        if (strncmp(names[i], "rsa", 3) == 0) {
            char pss[60];
            snprintf(pss, sizeof(pss), "%s-pss-%s", names[i], i == 2 ? "sha256" : "sha384");
            request.pss = true;
            cr_expect_eq(sign_and_check(&request, pss, &err), CRET_OK, "%s", err.what);
        } else {
            request.pss = true;
            cr_expect_neq(sign_and_check(&request, "", &err), CRET_OK);
            cr_expect_eq(err.class, CRET_ERR_USAGE);
        }
        request.pss = false;
        request.signing_time = NOW + 366 * 86400;
        cr_expect_neq(sign_and_check(&request, "", &err), CRET_OK, "expired");
        cr_expect_eq(err.class, CRET_ERR_USAGE);
        cr_expect_not_null(strstr(err.what, "expired"), "%s", err.what);
        unlink(path);
        cret_key_free(&key);
        cret_certificate_free(&certificate);
        cret_key_text_free(&key_pem);
        free(certificate_pem);
    }
}

Test(keys, what_keygen_refuses)
{
    static const struct {
        const char *algorithm, *subject;
    } rows[] = {{"rsa-2048", "CN=x"},    {"", "CN=x"},
                {"ecdsa-p256", ""},      {"ecdsa-p256", "Release key"},
                {"ecdsa-p256", "XX=y"},  {"ecdsa-p256", "C=Germany"},
                {"ecdsa-p256", "CN="},   {"ecdsa-p256", "CN=a,,O=b"},
                {"ecdsa-p256", "CN=a,O"}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char *key_pem = NULL, *certificate_pem = NULL;
        struct cret_err err;
        cret_err_clear(&err);
        cr_expect_neq(
            generate(&key_pem, &certificate_pem, rows[i].algorithm, rows[i].subject, NULL, &err),
            CRET_OK, "%s %s", rows[i].algorithm, rows[i].subject);
        cr_expect_eq(err.class, CRET_ERR_USAGE, "%s: %s", rows[i].subject, err.what);
        cr_expect_null(key_pem);
        cr_expect_null(certificate_pem);
    }
}

static int secret_fd(const char *text)
{
    int ends[2];
    cr_assert_eq(pipe(ends), 0);
    cr_assert_eq(write(ends[1], text, strlen(text)), (ssize_t)strlen(text));
    close(ends[1]);
    return ends[0];
}

Test(keys, passphrases)
{
    static const char passphrase[] = "correct horse 7 \xc3\xa4";
    char *key_pem = NULL, *certificate_pem = NULL, path[100], right[100], wrong[100];
    struct cret_err err;
    cret_err_clear(&err);
    cr_assert_eq(generate(&key_pem, &certificate_pem, "ecdsa-p256", "CN=x", passphrase, &err),
                 CRET_OK, "%s", err.what);
    cr_assert_eq(strncmp(key_pem, "-----BEGIN ENCRYPTED PRIVATE KEY-----", 37), 0);
    write_file(path, "encrypted.pem", key_pem);
    char line[60];
    snprintf(line, sizeof(line), "%s\n", passphrase);
    write_file(right, "right", line);
    write_file(wrong, "wrong", "hunter2-secret\n");
    const struct {
        const char *why;
        struct cret_secret_source source;
        bool opens;
        const char *says;
    } rows[] = {
        {"by file", {.fd = -1, .file = right}, true, NULL},
        {"by descriptor", {.fd = secret_fd(line)}, true, NULL},
        {"wrong file", {.fd = -1, .file = wrong}, false, "wrong"},
        {"wrong descriptor", {.fd = secret_fd("hunter2-secret")}, false, "wrong"},
        {"empty descriptor", {.fd = secret_fd("")}, false, NULL},
        {"no source", {.fd = -1}, false, "passphrase"},
        {"missing file", {.fd = -1, .file = "/nonexistent/pass"}, false, NULL},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct cret_key *key = NULL;
        cret_err_clear(&err);
        cr_expect_eq(cret_key_open(&key, path, NULL, &rows[i].source, &err),
                     rows[i].opens ? CRET_OK : CRET_FAILED, "%s: %s", rows[i].why, err.what);
        if (!rows[i].opens) {
            cr_expect_eq(err.class, CRET_ERR_USAGE, "%s: %s", rows[i].why, err.what);
            if (rows[i].says != NULL) {
                cr_expect_not_null(strstr(err.what, rows[i].says), "%s: %s", rows[i].why, err.what);
            }
            const char *const texts[] = {err.what, err.where, err.expected, err.actual, err.hint};
            for (size_t j = 0; j < sizeof(texts) / sizeof(texts[0]); j++) {
                cr_expect_null(strstr(texts[j], "hunter2"), "no secret in errors: %s", texts[j]);
                cr_expect_null(strstr(texts[j], "horse"), "no secret in errors: %s", texts[j]);
            }
        }
        if (rows[i].source.fd >= 0) {
            close(rows[i].source.fd);
        }
        cret_key_free(&key);
    }
    unlink(path);
    unlink(right);
    unlink(wrong);
    cret_key_text_free(&key_pem);
    cr_expect_null(key_pem);
    free(certificate_pem);
}

static char *weak_key(const char *algorithm)
{
    char *data = NULL;
    EVP_PKEY *pkey = strcmp(algorithm, "RSA-2048") == 0 ? EVP_RSA_gen(2048)
                     : strcmp(algorithm, "ED448") == 0  ? EVP_PKEY_Q_keygen(NULL, NULL, "ED448")
                                                        : EVP_EC_gen(algorithm);
    BIO *bio = BIO_new(BIO_s_mem());
    cr_assert_eq(PEM_write_bio_PKCS8PrivateKey(bio, pkey, NULL, NULL, 0, NULL, NULL), 1);
    const long size = BIO_get_mem_data(bio, &data);
    char *text = calloc(1, (size_t)size + 1);
    memcpy(text, data, (size_t)size);
    BIO_free(bio);
    EVP_PKEY_free(pkey);
    return text;
}

/* Lesson 6: a wrong key file is an error, each with its own sentence. */
Test(keys, lesson_6_files_that_hold_no_good_key)
{
    char path[100], empty[100], cut[100];
    size_t size = 0;
    char *good = read_text(KEYS "release.key.pem", &size);
    good[size / 2] = '\0';
    write_file(empty, "empty", "");
    write_file(cut, "cut", good);
    const char *const paths[] = {"/nonexistent/key.pem", "/tmp", empty, cut,
                                 KEYS "release.cert.pem"};
    struct cret_err err;
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        struct cret_key *key = NULL;
        cret_err_clear(&err);
        cr_expect_neq(cret_key_open(&key, paths[i], NULL, &no_secret, &err), CRET_OK, "%s",
                      paths[i]);
        cr_expect_eq(err.class, CRET_ERR_USAGE, "%s: %s", paths[i], err.what);
        cr_expect_null(key);
    }
    static const char *const weak[] = {"RSA-2048", "ED448", "secp256k1", "P-224"};
    for (size_t i = 0; i < sizeof(weak) / sizeof(weak[0]); i++) {
        struct cret_key *key = NULL;
        char *pem = weak_key(weak[i]);
        write_file(path, "weak.pem", pem);
        cret_err_clear(&err);
        cr_expect_neq(cret_key_open(&key, path, NULL, &no_secret, &err), CRET_OK, "%s", weak[i]);
        cr_expect_eq(err.class, CRET_ERR_USAGE, "%s: %s", weak[i], err.what);
        free(pem);
        unlink(path);
    }
    free(good);
    unlink(empty);
    unlink(cut);
}

Test(keys, what_signing_refuses)
{
    struct cret_certificate *release = load_certificate("release"),
                            *root = load_certificate("root"),
                            *quality = load_certificate("quality"), *tsa = load_certificate("tsa");
    struct cret_key *release_key = NULL, *tsa_key = NULL, *root_key = NULL;
    struct cret_err err;
    cr_assert_eq(cret_key_open(&release_key, KEYS "release.key.pem", NULL, &no_secret, &err),
                 CRET_OK);
    cr_assert_eq(cret_key_open(&tsa_key, KEYS "tsa.key.pem", NULL, &no_secret, &err), CRET_OK);
    cr_assert_eq(cret_key_open(&root_key, KEYS "root.key.pem", NULL, &no_secret, &err), CRET_OK);
    const struct cret_certificate *const root_chain[] = {root};
    const struct cret_certificate *const wrong_chain[] = {quality};
    const struct {
        const char *why;
        struct cret_sign_request request;
        const char *says; /* NULL: signs */
    } rows[] = {
        {"allowed", {.key = release_key, .certificate = release, .allow_example_keys = true}, NULL},
        {"with its issuer listed",
         {.key = release_key,
          .certificate = release,
          .chain = root_chain,
          .chain_count = 1,
          .allow_example_keys = true},
         NULL},
        {"approval",
         {.key = release_key,
          .certificate = release,
          .meaning = CRET_MEANING_APPROVAL,
          .allow_example_keys = true},
         NULL},
        {"receipt",
         {.key = release_key,
          .certificate = release,
          .meaning = CRET_MEANING_RECEIPT,
          .allow_example_keys = true},
         NULL},
        {"in the last moments of its validity",
         {.key = release_key,
          .certificate = release,
          .has_signing_time = true,
          .signing_time = 2524607998ll,
          .allow_example_keys = true},
         NULL},
        {"lesson 11: an example key",
         {.key = release_key, .certificate = release},
         "published key"},
        {"the certificate of another key",
         {.key = release_key, .certificate = quality, .allow_example_keys = true},
         "another key"},
        {"time stamping only",
         {.key = tsa_key, .certificate = tsa, .allow_example_keys = true},
         "not issued for code signing"},
        {"a CA",
         {.key = root_key, .certificate = root, .allow_example_keys = true},
         "no extended key usage"},
        {"a chain that is none",
         {.key = release_key,
          .certificate = release,
          .chain = wrong_chain,
          .chain_count = 1,
          .allow_example_keys = true},
         "not in order"},
        {"before its time",
         {.key = release_key,
          .certificate = release,
          .has_signing_time = true,
          .signing_time = 1500000000,
          .allow_example_keys = true},
         "valid only from"},
        {"expired",
         {.key = release_key,
          .certificate = release,
          .has_signing_time = true,
          .signing_time = 2600000000ll,
          .allow_example_keys = true},
         "expired"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const enum cret_status status = sign_and_check(&rows[i].request, "ecdsa-p256-sha256", &err);
        cr_expect_eq(status, rows[i].says == NULL ? CRET_OK : CRET_FAILED, "%s: %s", rows[i].why,
                     err.what);
        if (rows[i].says != NULL) {
            cr_expect_eq(err.class, CRET_ERR_USAGE, "%s: %s", rows[i].why, err.what);
            cr_expect_not_null(strstr(err.what, rows[i].says), "%s: %s", rows[i].why, err.what);
        }
    }
    cret_key_free(&release_key);
    cret_key_free(&tsa_key);
    cret_key_free(&root_key);
    cret_certificate_free(&release);
    cret_certificate_free(&root);
    cret_certificate_free(&quality);
    cret_certificate_free(&tsa);
}
