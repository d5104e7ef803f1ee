/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/system/file.h"
#include "base/text/text.h"
#include "pki.h"
#include "trust/x509/example_keys.h"

/* Every line of both lists is in the table, under its origin. */
static size_t check_list(const char *path)
{
    char *text = NULL, *rest = NULL;
    size_t size = 0, count = 0;
    cr_assert_eq(cret_file_read(&text, &size, path, 1u << 20, CRET_ERR_USAGE, NULL), CRET_OK);
    for (char *line = strtok_r(text, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        uint8_t digest[32];
        if (line[0] == '#') {
            continue;
        }
        cr_assert_gt(strlen(line), 66u);
        line[64] = '\0';
        cr_assert_eq(cret_hex_decode(digest, sizeof(digest), line), CRET_OK);
        const char *origin = cret_example_key_origin(digest);
        cr_assert_not_null(origin, "%s", line);
        const char *file = strrchr(line + 66, ' ');
        cr_assert_not_null(strstr(origin, file + 1), "%s: %s", line, origin);
        digest[31] ^= 1;
        cr_assert_null(cret_example_key_origin(digest));
        count++;
    }
    free(text);
    return count;
}

Test(example_keys, lesson_11_all_listed_keys_are_known)
{
    cr_expect_geq(check_list(CRET_SOURCE_DIR "/formats/trust/known-test-keys.txt"), 50u);
    cr_expect_eq(check_list(CRET_SOURCE_DIR "/keys-example/spki.txt"), 5u);
}

Test(example_keys, the_files_of_the_folder_are_the_listed_ones)
{
    static const char *const names[] = {"root", "release", "quality", "owner", "tsa"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char *path = cret_text_printf(CRET_SOURCE_DIR "/keys-example/%s.cert.pem", names[i]);
        char *text = NULL;
        size_t size = 0, count = 0;
        struct cret_certificate **list = NULL;
        cr_assert_eq(cret_file_read(&text, &size, path, 1u << 20, CRET_ERR_USAGE, NULL), CRET_OK);
        cr_assert_eq(cret_certificates_read(&list, &count, text, size, path, NULL), CRET_OK);
        cr_assert_eq(count, 1);
        const char *origin = cret_example_key_origin(cret_certificate_key_digest(list[0]));
        cr_expect_not_null(origin, "%s", names[i]);
        cr_expect_not_null(cret_example_certificate(list[0]), "%s", names[i]);
        cret_certificates_free(&list, count);
        free(text);
        free(path);
    }
}

Test(example_keys, names_that_say_so)
{
    static const struct {
        const char *name;
        bool example;
    } rows[] = {
        {"DO NOT TRUST - AMI Test PK", true},
        {"DO NOT SHIP - PK", true},
        {"do_not_trust", true},
        {"DoNotTrust", true},
        {"Do  not...trust", true},
        {"Test Key 7", true},
        {"android testkey", true},
        {"Example key", true},
        {"do not use in production", true},
        {"Release", false},
        {"Latest Keyboard", false},
        {"Trust Not", false},
        {"Shipping GmbH", false},
        {"Contest Key", false},
        {"undo not trust", false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct pki_entity entity = pki_root(rows[i].name);
        struct pki_entity below = pki_leaf("Signer", &entity);
        cr_expect_eq(cret_example_certificate(entity.certificate) != NULL, rows[i].example, "%s",
                     rows[i].name);
        cr_expect_eq(cret_example_certificate(below.certificate) != NULL, rows[i].example,
                     "issued by %s", rows[i].name);
        pki_clear(&below);
        pki_clear(&entity);
    }
}
