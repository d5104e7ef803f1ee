/* SPDX-License-Identifier: Apache-2.0 */
#include "signer/release/key_text.h"

#include <criterion/criterion.h>
#include <string.h>

static const char key[] = "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEH\n";

/* Wherever a key begins among bytes that look like the beginning of one. */
Test(key_text, found_at_every_place)
{
    static uint8_t data[1200];
    static const char fill[] = "----B-EGI-N ";
    for (size_t at = 0; at + sizeof(key) - 1 <= sizeof(data); at++) {
        for (size_t i = 0; i < sizeof(data); i++) {
            data[i] = (uint8_t)fill[i % (sizeof(fill) - 1)];
        }
        cr_assert_not(cret_key_text_holds(data, sizeof(data)));
        memcpy(data + at, key, sizeof(key) - 1);
        cr_assert(cret_key_text_holds(data, sizeof(data)), "%zu", at);
        cr_assert(cret_key_text_holds(data, at + sizeof(key) - 1), "%zu, at the end", at);
        memset(data + at + 5, '.', 5);
        cr_assert_not(cret_key_text_holds(data, sizeof(data)), "%zu", at);
    }
}

/* What is no key does not hide the one behind it. */
Test(key_text, found_behind_another_label)
{
    char data[700];
    memset(data, 'x', sizeof(data));
    memcpy(data + 3, "-----BEGIN CERTIFICATE-----", 27);
    cr_expect_not(cret_key_text_holds((const uint8_t *)data, sizeof(data)));
    memcpy(data + 40, "-----BEGIN PRIVATE KEY-----", 27);
    memset(data + 67, '-', sizeof(data) - 67);
    cr_expect_not(cret_key_text_holds((const uint8_t *)data, sizeof(data)),
                  "a label without bytes");
    memcpy(data + 600, key, sizeof(key) - 1);
    cr_expect(cret_key_text_holds((const uint8_t *)data, sizeof(data)));
    cr_expect_not(cret_key_text_holds((const uint8_t *)data, 0));
}
