/* SPDX-License-Identifier: Apache-2.0 */
/* Every path is tried, in bounded work, and only paths of real issuers. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pki.h"
#include "trust/x509/chain_paths.h"

enum { MANY = 40 };

static struct cret_chain_request request_for(const struct pki_entity *signer,
                                             const struct cret_certificate **list, size_t count,
                                             struct cret_anchor *anchor)
{
    return (struct cret_chain_request){.signer = signer->certificate,
                                       .intermediates = list,
                                       .intermediate_count = count,
                                       .anchor = anchor,
                                       .time = PKI_NOW,
                                       .usage = PKI_USAGE};
}

static struct cret_anchor anchor_at(const struct pki_entity *who)
{
    struct cret_anchor anchor = {.kind = CRET_ANCHOR_CA, .certificate = who->certificate};
    memcpy(anchor.key_digest, cret_certificate_key_digest(who->certificate), CRET_SHA256_BYTES);
    return anchor;
}

static size_t count_paths(const struct cret_chain_request *request, bool *ret_cut)
{
    struct cret_paths *paths = NULL;
    struct cret_err err;
    cret_err_clear(&err);
    cr_assert_eq(cret_paths_find(&paths, request, &err), CRET_OK, "%s", err.what);
    const size_t count = paths->count;
    *ret_cut = paths->cut;
    free(paths);
    return count;
}

/* One key below two CAs below one root: two paths, and a third way that is none of that key. */
Test(chain_paths, cross_certificates)
{
    bool cut = true;
    struct pki_entity root = pki_root("Root");
    struct pki_entity first =
        pki_make((struct pki_spec){.name = "First", .issuer = &root, .extensions = {PKI_CA}});
    struct pki_entity second =
        pki_make((struct pki_spec){.name = "Second", .issuer = &root, .extensions = {PKI_CA}});
    struct pki_entity low =
        pki_make((struct pki_spec){.name = "Low", .issuer = &first, .extensions = {PKI_CA}});
    struct pki_entity crossed = pki_make((struct pki_spec){
        .name = "Low", .issuer = &second, .pkey = low.pkey, .extensions = {PKI_CA}});
    struct pki_entity namesake =
        pki_make((struct pki_spec){.name = "Low", .issuer = &second, .extensions = {PKI_CA}});
    struct pki_entity leaf = pki_leaf("Signer", &low);
    const struct cret_certificate *list[] = {low.certificate,     low.certificate,
                                             first.certificate,   second.certificate,
                                             crossed.certificate, namesake.certificate};
    struct cret_anchor anchor = anchor_at(&root);
    const struct cret_chain_request request = request_for(&leaf, list, 6, &anchor);
    cr_expect_eq(count_paths(&request, &cut), 2u);
    cr_expect(!cut);
    const struct cret_chain_request one = request_for(&leaf, list, 3, &anchor);
    cr_expect_eq(count_paths(&one, &cut), 1u);
    /* The namesake alone leads nowhere: his key signed nothing. */
    const struct cret_certificate *false_list[] = {second.certificate, namesake.certificate};
    const struct cret_chain_request none = request_for(&leaf, false_list, 2, &anchor);
    cr_expect_eq(count_paths(&none, &cut), 0u);
    struct cret_chain chain;
    cr_expect_neq(cret_chain_verify(&none, &chain, NULL), CRET_OK);
    cr_expect_eq(cret_chain_verify(&request, &chain, NULL), CRET_OK);
    pki_clear(&leaf);
    pki_clear(&namesake);
    pki_clear(&crossed);
    pki_clear(&low);
    pki_clear(&second);
    pki_clear(&first);
    pki_clear(&root);
}

/* Roots that certified each other: no path goes in a circle. */
Test(chain_paths, circles)
{
    bool cut = true;
    struct pki_entity root = pki_root("Root"), other = pki_root("Other");
    struct pki_entity other_by_root = pki_make((struct pki_spec){
        .name = "Other", .issuer = &root, .pkey = other.pkey, .extensions = {PKI_CA}});
    struct pki_entity root_by_other = pki_make((struct pki_spec){
        .name = "Root", .issuer = &other, .pkey = root.pkey, .extensions = {PKI_CA}});
    struct pki_entity leaf = pki_leaf("Signer", &root);
    const struct cret_certificate *list[] = {root_by_other.certificate, other_by_root.certificate,
                                             other.certificate};
    struct cret_anchor anchor = anchor_at(&root);
    const struct cret_chain_request request = request_for(&leaf, list, 3, &anchor);
    cr_expect_eq(count_paths(&request, &cut), 1u);
    struct cret_anchor far = anchor_at(&other);
    const struct cret_chain_request across = request_for(&leaf, list, 3, &far);
    cr_expect_eq(count_paths(&across, &cut), 1u);
    cr_expect(!cut);
    pki_clear(&leaf);
    pki_clear(&root_by_other);
    pki_clear(&other_by_root);
    pki_clear(&other);
    pki_clear(&root);
}

/* Ten certificates of each of two keys, each of which certified the other one's: the paths are
 * counted, and no more than the bound. */
Test(chain_paths, bounded)
{
    bool cut = false;
    struct pki_entity root = pki_root("Root");
    struct pki_entity levels[MANY];
    const struct cret_certificate *list[MANY];
    struct pki_entity top =
        pki_make((struct pki_spec){.name = "L0", .issuer = &root, .extensions = {PKI_CA}});
    /* Four levels with ten certificates of one key each: 10 * 10 * 10 * 10 paths. */
    const struct pki_entity *above = &top;
    for (int i = 0; i < MANY; i++) {
        char name[16];
        snprintf(name, sizeof(name), "L%d", 1 + i / 10);
        levels[i] = pki_make((struct pki_spec){.name = name,
                                               .issuer = above,
                                               .pkey = i % 10 == 0 ? NULL : levels[i - 1].pkey,
                                               .not_before = PKI_BEGIN + i,
                                               .extensions = {PKI_CA}});
        list[i] = levels[i].certificate;
        if (i % 10 == 9) {
            above = &levels[i];
        }
    }
    struct pki_entity leaf = pki_leaf("Signer", above);
    struct cret_anchor anchor = anchor_at(&top);
    const struct cret_chain_request request = request_for(&leaf, list, MANY, &anchor);
    cr_expect_eq(count_paths(&request, &cut), (size_t)CRET_PATHS_MAXIMUM);
    cr_expect(cut);
    /* A path that is wanted otherwise is not found for ever: it is refused, with the way out. */
    struct cret_chain_request late = request;
    late.time = PKI_END + 1;
    struct cret_chain chain;
    struct cret_err err;
    cret_err_clear(&err);
    cr_expect_neq(cret_chain_verify(&late, &chain, &err), CRET_OK);
    cr_expect_eq(err.class, CRET_ERR_REFUSED);
    cr_expect_not_null(strstr(err.hint, "more paths than are tried"), "%s", err.hint);
    cr_expect_eq(cret_chain_verify(&request, &chain, &err), CRET_OK);
    pki_clear(&leaf);
    for (int i = 0; i < MANY; i++) {
        pki_clear(&levels[i]);
    }
    pki_clear(&top);
    pki_clear(&root);
}

static const struct cret_certificate *unwanted;
static int asked;

static enum cret_status refuse_unwanted(const struct cret_chain_request *request,
                                        const struct cret_chain *chain, struct cret_err *err)
{
    asked++;
    for (size_t i = 0; i < chain->count; i++) {
        if (chain->certificates[i] == unwanted) {
            return cret_err_refuse(err, CRET_CHECK_CERTIFICATE_REVOCATION, "unwanted");
        }
    }
    return request->context == NULL ? CRET_OK : cret_err_undecided(err, "could not find out");
}

/* What a path must be besides: a refusal leads to the next path, anything else ends the search. */
Test(chain_paths, accepting)
{
    struct pki_entity root = pki_root("Root");
    struct pki_entity low =
        pki_make((struct pki_spec){.name = "Low", .issuer = &root, .extensions = {PKI_CA}});
    struct pki_entity again = pki_make((struct pki_spec){.name = "Low",
                                                         .issuer = &root,
                                                         .pkey = low.pkey,
                                                         .not_before = PKI_BEGIN + 1,
                                                         .extensions = {PKI_CA}});
    struct pki_entity leaf = pki_leaf("Signer", &low);
    const struct cret_certificate *list[] = {low.certificate, again.certificate};
    struct cret_anchor anchor = anchor_at(&root);
    struct cret_chain chain;
    struct cret_err err;
    cret_err_clear(&err);
    struct cret_chain_request request = request_for(&leaf, list, 2, &anchor);
    request.accept = refuse_unwanted;
    unwanted = low.certificate;
    cr_expect_eq(cret_chain_verify(&request, &chain, &err), CRET_OK, "%s", err.what);
    cr_expect_eq(chain.certificates[1], again.certificate);
    cr_expect_eq(asked, 2);
    unwanted = leaf.certificate;
    cr_expect_neq(cret_chain_verify(&request, &chain, &err), CRET_OK);
    cr_expect_eq(err.check, CRET_CHECK_CERTIFICATE_REVOCATION);
    unwanted = NULL;
    asked = 0;
    request.context = &root;
    cr_expect_neq(cret_chain_verify(&request, &chain, &err), CRET_OK);
    cr_expect_eq(err.class, CRET_ERR_UNDECIDED);
    cr_expect_eq(asked, 1);
    pki_clear(&leaf);
    pki_clear(&again);
    pki_clear(&low);
    pki_clear(&root);
}
