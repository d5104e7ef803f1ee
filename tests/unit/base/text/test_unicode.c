/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "base/text/unicode.h"

Test(unicode, decomposed_names_become_one)
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
        char *composed = cret_unicode_compose(cases[i].text);
        cr_expect_str_eq(composed, cases[i].composed, "%s", cases[i].text);
        free(composed);
    }
}

Test(unicode, names_are_the_same_in_every_composition)
{
    static const struct {
        const char *left, *right;
        bool same;
    } cases[] = {
        {"RTU-7", "RTU-7", true},
        {"RTU-7", "RTU-8", false},
        {"", "", true},
        {"", "a", false},
        {"M\xc3\xbcller AG", "Mu\xcc\x88ller AG", true},
        {"M\xc3\xbcller AG", "Muller AG", false},
        {"\xe1\xba\xad", "a\xcc\x82\xcc\xa3", true},
        {"\xe2\x84\xab", "\xc3\x85", true}, /* Angstrom sign and A with ring: canonically equal */
        {"ACME", "\xd0\x90\x43ME", false},  /* Cyrillic A */
        {"\xff", "\xff", true},
        {"\xff", "\xfe", false},
        {"\xc3\xbc\xff", "u\xcc\x88\xff", false}, /* not UTF-8: by bytes */
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        cr_expect_eq(cret_unicode_same(cases[i].left, cases[i].right), cases[i].same, "%zu", i);
        cr_expect_eq(cret_unicode_same(cases[i].right, cases[i].left), cases[i].same, "%zu", i);
    }
}

Test(unicode, look_alikes_are_spelled)
{
    static const struct {
        const char *text, *other, *told;
    } rows[] = {
        {"\xd0\x90\x43ME \xf0\x9f\x98\x80 \xff", "ACME",
         "\xd0\x90\x43ME \xf0\x9f\x98\x80 \xff (spelled \\u{0410}CME \\u{1f600} \\xff)"},
        {"ACME", "\xd0\x90\x43ME", "ACME"},
        {"ACME", "ACNE", "ACME"},
        {"\xc3\xbc", "\xc3\xbc", "\xc3\xbc"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char *told = cret_unicode_tell(rows[i].text, rows[i].other);
        cr_expect_str_eq(told, rows[i].told, "%zu", i);
        free(told);
    }
}

Test(unicode, a_refusal_spells_what_looks_alike)
{
    static const struct {
        const char *text, *other, *told;
    } cases[] = {
        {"ACME", "\xd0\x90\x43ME", "ACME"},
        {"\xd0\x90\x43ME", "ACME", "\xd0\x90\x43ME (spelled \\u{0410}CME)"},
        {"\xd0\x90\x43ME", NULL, "\xd0\x90\x43ME"},
        {"\xc3\xbc", "\xc3\xbc", "\xc3\xbc"},
        {"ACME", "ACNE", "ACME"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *told = cret_unicode_tell(cases[i].text, cases[i].other);
        cr_expect_str_eq(told, cases[i].told);
        free(told);
    }
}

Test(unicode, a_list_holds_a_name_in_every_composition)
{
    static const char *const names[] = {"RTU-9", "Gera\xcc\x88t"}, *const all[] = {"*"};
    cr_expect(cret_unicode_lists(names, 2, "Ger\xc3\xa4t"));
    cr_expect(cret_unicode_lists(names, 2, "RTU-9"));
    cr_expect_not(cret_unicode_lists(names, 2, "Gerat"));
    cr_expect_not(cret_unicode_lists(names, 1, "Ger\xc3\xa4t"));
    cr_expect_not(cret_unicode_lists(names, 0, "RTU-9"));
    cr_expect_not(cret_unicode_lists(names, 2, "*"));
    cr_expect(cret_unicode_lists(all, 1, "anything"));
}
