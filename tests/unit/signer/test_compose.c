/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "signer/compose.h"

Test(compose, decomposed_names_become_one)
{
    static const struct {
        const char *text, *composed;
    } cases[] = {
        {"", ""},
        {"plain.txt", "plain.txt"},
        {"fu\xcc\x88r.pdf", "f\xc3\xbcr.pdf"},                    /* u + diaeresis */
        {"f\xc3\xbcr.pdf", "f\xc3\xbcr.pdf"},                     /* as it is */
        {"A\xcc\x8a", "\xc3\x85"},                                /* A + ring */
        {"e\xcc\x81\xcc\x81", "\xc3\xa9\xcc\x81"},                /* one mark twice */
        {"a\xcc\xa3\xcc\x82", "\xe1\xba\xad"},                    /* a + dot below + circumflex */
        {"a\xcc\x82\xcc\xa3", "\xe1\xba\xad"},                    /* the other order */
        {"q\xcc\x88", "q\xcc\x88"},                               /* there is no such letter */
        {"\xcc\x88u", "\xcc\x88u"},                               /* a mark without a letter */
        {"\xd0\xb8\xcc\x86", "\xd0\xb9"},                         /* Cyrillic */
        {"\xe3\x81\x8b\xe3\x82\x99", "\xe3\x81\x8c"},             /* Hiragana */
        {"\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab", "\xed\x95\x9c"}, /* Hangul */
        {"\xf0\x9f\x98\x80u\xcc\x88", "\xf0\x9f\x98\x80\xc3\xbc"},
        {"\xff", "\xff"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *composed = cret_compose(cases[i].text);
        cr_expect_str_eq(composed, cases[i].composed, "%s", cases[i].text);
        free(composed);
    }
}
