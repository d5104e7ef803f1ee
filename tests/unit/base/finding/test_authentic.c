/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/authentic_make.h"

static const uint8_t bytes[] = "{}";
static const char *const products[] = {"Valve 3", "Pump"};
static const char *const any[] = {"*"};

static struct cret_authentic *make(const struct cret_authentic_scope *scopes, size_t count)
{
    struct cret_authentic *authentic = NULL;
    struct cret_err err = {0};
    cr_assert_eq(cret_authentic_make(&authentic, bytes, 2, scopes, count, &err), CRET_OK, "%s",
                 err.what);
    return authentic;
}

/* lesson 3: an empty set of satisfied signers is never a success. */
Test(authentic, nothing_met_makes_no_proof)
{
    const struct cret_authentic_scope scope = {
        .vendor = "Example", .products = products, .product_count = 2};
    struct cret_authentic *authentic = NULL;
    struct cret_err err = {0};
    cr_assert_eq(cret_authentic_make(&authentic, bytes, 2, NULL, 0, &err), CRET_FAILED);
    cr_assert_eq(cret_authentic_make(&authentic, bytes, 2, &scope, 1, &err), CRET_FAILED);
    cr_assert_null(authentic);
    cr_assert_eq(err.class, CRET_ERR_REFUSED);
    cr_assert_eq(err.check, CRET_CHECK_TRUST_THRESHOLD);
}

Test(authentic, nothing_signed_makes_no_proof)
{
    const struct cret_authentic_scope scope = {.vendor_met = true};
    struct cret_authentic *authentic = NULL;
    cr_assert_eq(cret_authentic_make(&authentic, bytes, 0, &scope, 1, NULL), CRET_FAILED);
    cr_assert_eq(cret_authentic_make(&authentic, NULL, 2, &scope, 1, NULL), CRET_FAILED);
}

/* lesson 7: one vendor's key never vouches for another's product. */
Test(authentic, a_scope_covers_its_own_vendor_and_products_only)
{
    const struct cret_authentic_scope scopes[] = {
        {.vendor = "Example", .products = products, .product_count = 2, .vendor_met = true},
        {.vendor = "Other", .products = any, .product_count = 1, .owner_met = true},
    };
    struct cret_authentic *authentic = make(scopes, 2);
    cr_assert(cret_authentic_covers(authentic, "Example", "Pump", false));
    cr_assert_not(cret_authentic_covers(authentic, "Example", "Pum", false));
    cr_assert_not(cret_authentic_covers(authentic, "Example", "pump", false));
    cr_assert_not(cret_authentic_covers(authentic, "Example", "*", false));
    cr_assert_not(cret_authentic_covers(authentic, "Other", "Pump", false), "owner is no vendor");
    cr_assert_not(cret_authentic_covers(authentic, "Example", "Pump", true), "vendor is no owner");
    cr_assert(cret_authentic_covers(authentic, "Other", "anything", true));
    cr_assert_not(cret_authentic_covers(authentic, NULL, "Pump", false));
    cr_assert_not(cret_authentic_covers(authentic, "Example", NULL, false));
    cr_assert_not(cret_authentic_covers(NULL, "Example", "Pump", false));
    cr_assert(cret_authentic_product_bound(authentic));
    cret_authentic_free(&authentic);
    cr_assert_null(authentic);
    cret_authentic_free(&authentic);
}

Test(authentic, a_bare_anchor_binds_no_product_and_adopts_nothing)
{
    const struct cret_authentic_scope scope = {.vendor_met = true, .owner_met = true};
    struct cret_authentic *authentic = make(&scope, 1);
    cr_assert(cret_authentic_covers(authentic, "Example", "Pump", false));
    cr_assert_not(cret_authentic_covers(authentic, "Example", "Pump", true));
    cr_assert_not(cret_authentic_product_bound(authentic));
    cr_assert_not(cret_authentic_product_bound(NULL));
    cret_authentic_free(&authentic);
}

Test(authentic, it_holds_its_own_copy_of_the_bytes)
{
    const struct cret_authentic_scope scope = {.vendor_met = true};
    uint8_t mine[] = "abc";
    struct cret_authentic *authentic = NULL;
    cr_assert_eq(cret_authentic_make(&authentic, mine, 3, &scope, 1, NULL), CRET_OK);
    mine[0] = 'X';
    size_t size = 0;
    cr_assert_arr_eq(cret_authentic_bytes(authentic, &size), "abc", 3);
    cr_assert_eq(size, 3);
    cret_authentic_free(&authentic);
}

Test(authentic, names_are_compared_in_every_composition)
{
    static const char *const composed[] = {"Gera\xcc\x88t"};
    const struct cret_authentic_scope scope = {
        .vendor = "M\xc3\xbcller AG", .products = composed, .product_count = 1, .vendor_met = true};
    struct cret_authentic *authentic = make(&scope, 1);
    cr_expect(cret_authentic_covers(authentic, "Mu\xcc\x88ller AG", "Ger\xc3\xa4t", false));
    cr_expect_not(cret_authentic_covers(authentic, "Muller AG", "Ger\xc3\xa4t", false));
    cr_expect_not(cret_authentic_covers(authentic, "Mu\xcc\x88ller AG", "Gerat", false));
    char *scopes = cret_authentic_scopes(authentic, false);
    cr_expect_str_eq(scopes, "M\xc3\xbcller AG/Gera\xcc\x88t");
    free(scopes);
    scopes = cret_authentic_scopes(authentic, true);
    cr_expect_str_eq(scopes, "", "the owner's threshold was not met");
    free(scopes);
    cret_authentic_free(&authentic);
}
