/* SPDX-License-Identifier: Apache-2.0 */
/* Revocation lists: which are refused, which answer, and what they say of a path. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "pki.h"
#include "trust/x509/revocation.h"

#define DAY 86400
#define LIST_POINT "URI:http://lists.example/1.crl"
/* deltaCRLIndicator, and IDPs that are not complete lists, as DER. */
#define DELTA "2.5.29.27=critical,DER:02:01:05"
#define IDP "2.5.29.28=critical,DER:"
/* fullName with the URI of LIST_POINT, and with .../2.crl. */
#define OWN_POINT                                                                                  \
    IDP "30:20:A0:1E:A0:1C:86:1A:68:74:74:70:3A:2F:2F:6C:69:73:74:73:2E:65:78:61:6D:70:6C:65:2F:"  \
        "31:2E:63:72:6C"
#define OTHER_POINT                                                                                \
    IDP "30:20:A0:1E:A0:1C:86:1A:68:74:74:70:3A:2F:2F:6C:69:73:74:73:2E:65:78:61:6D:70:6C:65:2F:"  \
        "32:2E:63:72:6C"

enum { ROOT, MIDDLE, LEAF, OTHER_MIDDLE, STRANGER, MUTE, BELOW_MUTE, PEOPLE };

static void make_people(struct pki_entity people[PEOPLE])
{
    people[ROOT] = pki_root("Root");
    people[MIDDLE] = pki_make(
        (struct pki_spec){.name = "Middle", .issuer = &people[ROOT], .extensions = {PKI_CA}});
    people[LEAF] =
        pki_make((struct pki_spec){.name = "Signer",
                                   .issuer = &people[MIDDLE],
                                   .extensions = {PKI_LEAF, "crlDistributionPoints=" LIST_POINT}});
    /* The same name with another key. */
    people[OTHER_MIDDLE] = pki_make(
        (struct pki_spec){.name = "Middle", .issuer = &people[ROOT], .extensions = {PKI_CA}});
    people[STRANGER] = pki_root("Stranger");
    people[MUTE] = pki_make((struct pki_spec){
        .name = "Mute",
        .issuer = &people[ROOT],
        .extensions = {"basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign"}});
    people[BELOW_MUTE] = pki_leaf("Below mute", &people[MUTE]);
}

static void clear_people(struct pki_entity people[PEOPLE])
{
    for (int i = 0; i < PEOPLE; i++) {
        pki_clear(&people[i]);
    }
}

static struct cret_chain chain_of(const struct pki_entity *leaf, const struct pki_entity *middle,
                                  const struct pki_entity *root)
{
    return (struct cret_chain){
        .certificates = {leaf->certificate, middle->certificate, root->certificate}, .count = 3};
}

static struct cret_crl *read_crl(const struct pki_crl_spec *spec)
{
    struct cret_crl *crl = NULL;
    struct cret_err err;
    size_t size = 0;
    uint8_t *der = pki_crl(spec, &size);
    cret_err_clear(&err);
    cr_assert_eq(cret_crl_from_der(&crl, der, size, &err), CRET_OK, "%s: %s", err.what, err.where);
    OPENSSL_free(der);
    return crl;
}

enum answer { KNOWN, UNKNOWN, REVOKED, CLOCK };

struct question {
    const char *name;
    struct pki_crl_spec lists[3]; /* besides a good one of the root */
    enum answer answer;
    const char *says;
    int64_t time; /* signature time; 0: PKI_NOW */
    bool timestamped, is_authority, as_of;
    int64_t maximum_age; /* days */
    bool without_root;
};

static void ask(const struct question *question, const struct pki_entity *people)
{
    struct cret_crl *crls[4] = {NULL};
    size_t count = 0;
    struct cret_revocation revocation;
    struct cret_err err;
    const struct cret_chain chain = chain_of(&people[LEAF], &people[MIDDLE], &people[ROOT]);
    if (!question->without_root) {
        crls[count++] = read_crl(&(struct pki_crl_spec){.issuer = &people[ROOT]});
    }
    for (size_t i = 0; i < 3 && question->lists[i].issuer != NULL; i++) {
        crls[count++] = read_crl(&question->lists[i]);
    }
    const struct cret_revocation_request request = {
        .crls = (const struct cret_crl *const *)crls,
        .crl_count = count,
        .maximum_age = {question->maximum_age > 0, question->maximum_age * DAY},
        .now = PKI_NOW,
        .time = question->time != 0 ? question->time : PKI_NOW,
        .timestamped = question->timestamped,
        .is_authority = question->is_authority,
        .as_of = question->as_of,
    };
    cret_err_clear(&err);
    const enum cret_status status = cret_revocation_check(&request, &chain, &revocation, &err);
    if (question->answer == REVOKED || question->answer == CLOCK) {
        const bool revoked = question->answer == REVOKED;
        cr_expect_neq(status, CRET_OK, "%s", question->name);
        cr_expect_eq(err.class, revoked ? CRET_ERR_REFUSED : CRET_ERR_UNDECIDED, "%s",
                     question->name);
        cr_expect_eq(err.check, revoked ? CRET_CHECK_CERTIFICATE_REVOCATION : CRET_CHECK_NONE, "%s",
                     question->name);
        cr_expect_not_null(strstr(err.what, question->says), "%s: %s", question->name, err.what);
    } else {
        cr_expect_eq(status, CRET_OK, "%s: %s", question->name, err.what);
        if (status == CRET_OK) {
            cr_expect_eq(revocation.known, question->answer == KNOWN, "%s: %s", question->name,
                         revocation.why.what);
        }
        if (status == CRET_OK && question->answer == UNKNOWN) {
            cr_expect_not_null(strstr(revocation.why.what, question->says), "%s: %s",
                               question->name, revocation.why.what);
        }
    }
    for (size_t i = 0; i < count; i++) {
        struct cret_crl **list = calloc(1, sizeof(*list));
        list[0] = crls[i];
        cret_crls_free(&list, 1);
    }
}

Test(revocation, what_lists_say_of_a_path)
{
    struct pki_entity people[PEOPLE];
    make_people(people);
    const struct pki_entity *m = &people[MIDDLE], *leaf = &people[LEAF];
    const struct question questions[] = {
        {"empty lists of both issuers", {{.issuer = m}}, .answer = KNOWN, .says = ""},
        {"no list of the signer's issuer",
         {{0}},
         .answer = UNKNOWN,
         .says = "no revocation list of"},
        {"no list of the root",
         {{.issuer = m}},
         .answer = UNKNOWN,
         .says = "Root",
         .without_root = true},
        {"only a stranger's list",
         {{.issuer = &people[STRANGER]}},
         .answer = UNKNOWN,
         .says = "no revocation list"},
        {"a list in the issuer's name by another key",
         {{.issuer = m, .key = &people[OTHER_MIDDLE]}},
         .answer = UNKNOWN,
         .says = "was not signed by the issuer's key"},
        {"such a list revokes nothing",
         {{.issuer = m,
           .key = &people[STRANGER],
           .revoked = {{.who = leaf, .date = PKI_NOW - DAY}}},
          {.issuer = m}},
         .answer = KNOWN,
         .says = ""},
        {"a list signed with SHA-1",
         {{.issuer = m, .digest = EVP_sha1()}},
         .answer = UNKNOWN,
         .says = "algorithm"},
        {"another certificate is revoked",
         {{.issuer = m, .revoked = {{.who = &people[STRANGER], .date = PKI_NOW - DAY}}}},
         .answer = KNOWN,
         .says = ""},
        {"revoked yesterday",
         {{.issuer = m, .revoked = {{.who = leaf, .date = PKI_NOW - DAY}}}},
         .answer = REVOKED,
         .says = "no reason given"},
        {"revoked behind another",
         {{.issuer = m,
           .revoked = {{.who = &people[STRANGER], .date = PKI_NOW},
                       {.who = leaf, .date = PKI_NOW - DAY, .reason = 5}}}},
         .answer = REVOKED,
         .says = "superseded"},
        {"the intermediate is revoked",
         {{.issuer = m}, {.issuer = &people[ROOT], .revoked = {{.who = m, .date = PKI_NOW - DAY}}}},
         .answer = REVOKED,
         .says = "Middle"},
        {"revoked at the very second",
         {{.issuer = m, .revoked = {{.who = leaf, .date = PKI_NOW}}}},
         .answer = REVOKED,
         .says = ""},
        {"revoked a second later, which no proved time precedes",
         {{.issuer = m, .revoked = {{.who = leaf, .date = PKI_NOW + 1, .reason = 5}}}},
         .answer = REVOKED,
         .says = "superseded"},
        {"revoked a second after a proved time",
         {{.issuer = m, .revoked = {{.who = leaf, .date = PKI_NOW + 1, .reason = 5}}}},
         .answer = KNOWN,
         .says = "",
         .timestamped = true},
        {"revoked at the second of a proved time",
         {{.issuer = m, .revoked = {{.who = leaf, .date = PKI_NOW, .reason = 5}}}},
         .answer = REVOKED,
         .says = "superseded",
         .timestamped = true},
        {"revoked after a proved time",
         {{.issuer = m, .revoked = {{.who = leaf, .date = PKI_NOW - DAY, .reason = 5}}}},
         .answer = KNOWN,
         .says = "",
         .time = PKI_NOW - 2 * DAY,
         .timestamped = true},
        {"the invalidity date counts where it is earlier",
         {{.issuer = m,
           .revoked = {{.who = leaf,
                        .date = PKI_NOW - DAY,
                        .reason = 5,
                        .invalidity = PKI_NOW - 3 * DAY}}}},
         .answer = REVOKED,
         .says = "superseded",
         .time = PKI_NOW - 2 * DAY,
         .timestamped = true},
        {"and not where it is later",
         {{.issuer = m,
           .revoked = {{.who = leaf,
                        .date = PKI_NOW - 3 * DAY,
                        .reason = 5,
                        .invalidity = PKI_NOW - DAY}}}},
         .answer = REVOKED,
         .says = "superseded",
         .time = PKI_NOW - 2 * DAY,
         .timestamped = true},
        {"a stolen key before a proved time of its theft",
         {{.issuer = m, .revoked = {{.who = leaf, .date = PKI_NOW - DAY, .reason = 2}}}},
         .answer = KNOWN,
         .says = "",
         .time = PKI_NOW - 2 * DAY,
         .timestamped = true},
        {"a stolen key without a proved time, whatever the date",
         {{.issuer = m, .revoked = {{.who = leaf, .date = PKI_NOW + DAY, .reason = 2}}}},
         .answer = REVOKED,
         .says = "keyCompromise"},
        {"a compromised CA likewise",
         {{.issuer = m},
          {.issuer = &people[ROOT], .revoked = {{.who = m, .date = PKI_NOW + DAY, .reason = 3}}}},
         .answer = REVOKED,
         .says = "cACompromise"},
        {"on hold",
         {{.issuer = m, .revoked = {{.who = leaf, .date = PKI_NOW - DAY, .reason = 7}}}},
         .answer = REVOKED,
         .says = "Hold"},
        {"a stale list",
         {{.issuer = m, .next_update = PKI_NOW - 1}},
         .answer = UNKNOWN,
         .says = "too old"},
        {"stale at the very second",
         {{.issuer = m, .next_update = PKI_NOW}},
         .answer = UNKNOWN,
         .says = "too old"},
        {"fresh for one more second",
         {{.issuer = m, .next_update = PKI_NOW + 1}},
         .answer = KNOWN,
         .says = ""},
        {"a stale list refuses as well",
         {{.issuer = m,
           .next_update = PKI_NOW - 1,
           .revoked = {{.who = leaf, .date = PKI_NOW - DAY}}},
          {.issuer = m}},
         .answer = REVOKED,
         .says = "revoked as of"},
        {"older than the policy allows",
         {{.issuer = m, .this_update = PKI_NOW - 8 * DAY}},
         .answer = UNKNOWN,
         .says = "too old",
         .maximum_age = 7},
        {"just young enough",
         {{.issuer = m, .this_update = PKI_NOW - 7 * DAY + 1}},
         .answer = KNOWN,
         .says = "",
         .maximum_age = 7},
        {"a list from the future proves the clock wrong",
         {{.issuer = m, .this_update = PKI_NOW + 1}},
         .answer = CLOCK,
         .says = "the clock of this machine is wrong"},
        {"also beside a good one",
         {{.issuer = m}, {.issuer = m, .this_update = PKI_NOW + 1}},
         .answer = CLOCK,
         .says = "Middle"},
        {"but what it revokes is revoked",
         {{.issuer = m,
           .this_update = PKI_NOW + 1,
           .revoked = {{.who = leaf, .date = PKI_NOW - DAY}}}},
         .answer = REVOKED,
         .says = "revoked as of"},
        {"as what another one revokes",
         {{.issuer = m, .this_update = PKI_NOW + 1},
          {.issuer = m, .revoked = {{.who = leaf, .date = PKI_NOW - DAY}}}},
         .answer = REVOKED,
         .says = "revoked as of"},
        {"one that another key signed proves nothing",
         {{.issuer = m, .key = &people[STRANGER], .this_update = PKI_NOW + 1}, {.issuer = m}},
         .answer = KNOWN,
         .says = ""},
        {"as of another time it only does not answer",
         {{.issuer = m, .this_update = PKI_NOW + 1}},
         .answer = UNKNOWN,
         .says = "from a later time",
         .as_of = true},
        {"a delta beside its base",
         {{.issuer = m}, {.issuer = m, .extensions = {DELTA}}},
         .answer = KNOWN,
         .says = ""},
        {"a delta alone answers for nothing",
         {{.issuer = m, .extensions = {DELTA}}},
         .answer = UNKNOWN,
         .says = "no revocation list"},
        {"what a delta revokes is revoked",
         {{.issuer = m},
          {.issuer = m,
           .extensions = {DELTA},
           .revoked = {{.who = leaf, .date = PKI_NOW - DAY, .reason = 5}}}},
         .answer = REVOKED,
         .says = "superseded"},
        {"what it takes off is no entry",
         {{.issuer = m},
          {.issuer = m,
           .extensions = {DELTA},
           .revoked = {{.who = leaf, .date = PKI_NOW - DAY, .reason = 9}}}},
         .answer = KNOWN,
         .says = ""},
        {"a list of version 1", {{.issuer = m, .version = 1}}, .answer = KNOWN, .says = ""},
        {"a list of version 1 that revokes",
         {{.issuer = m, .version = 1, .revoked = {{.who = leaf, .date = PKI_NOW - DAY}}}},
         .answer = REVOKED,
         .says = "revoked as of"},
        {"a stale and a fresh one",
         {{.issuer = m, .next_update = PKI_NOW - 1}, {.issuer = m}},
         .answer = KNOWN,
         .says = ""},
        {"a list of CA certificates only",
         {{.issuer = m, .extensions = {IDP "30:03:82:01:FF"}}},
         .answer = UNKNOWN,
         .says = "does not cover"},
        {"a list of user certificates only",
         {{.issuer = m, .extensions = {IDP "30:03:81:01:FF"}}},
         .answer = KNOWN,
         .says = ""},
        {"of the certificate's distribution point",
         {{.issuer = m, .extensions = {OWN_POINT}}},
         .answer = KNOWN,
         .says = ""},
        {"of another distribution point",
         {{.issuer = m, .extensions = {OTHER_POINT}}},
         .answer = UNKNOWN,
         .says = "does not cover"},
        {"of another distribution point, and yet revoked",
         {{.issuer = m,
           .revoked = {{.who = leaf, .date = PKI_NOW - DAY}},
           .extensions = {OTHER_POINT}}},
         .answer = REVOKED,
         .says = ""},
        {"an authority that ceased",
         {{.issuer = m, .revoked = {{.who = leaf, .date = PKI_NOW - DAY, .reason = 6}}}},
         .answer = KNOWN,
         .says = "",
         .time = PKI_NOW - 2 * DAY,
         .is_authority = true},
        {"an authority revoked without a reason",
         {{.issuer = m, .revoked = {{.who = leaf, .date = PKI_NOW - DAY}}}},
         .answer = REVOKED,
         .says = "no reason given",
         .time = PKI_NOW - 2 * DAY,
         .is_authority = true},
        {"an authority whose key was stolen",
         {{.issuer = m, .revoked = {{.who = leaf, .date = PKI_NOW - DAY, .reason = 2}}}},
         .answer = REVOKED,
         .says = "keyCompromise",
         .time = PKI_NOW - 2 * DAY,
         .timestamped = true,
         .is_authority = true},
    };
    for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++) {
        ask(&questions[i], people);
    }
    clear_people(people);
}

/* An issuer whose key usage has no cRLSign says nothing. */
Test(revocation, issuers_need_the_right_to_sign_lists)
{
    struct pki_entity people[PEOPLE];
    make_people(people);
    struct cret_crl *crls[] = {read_crl(&(struct pki_crl_spec){.issuer = &people[ROOT]}),
                               read_crl(&(struct pki_crl_spec){.issuer = &people[MUTE]})};
    const struct cret_chain chain = chain_of(&people[BELOW_MUTE], &people[MUTE], &people[ROOT]);
    const struct cret_revocation_request request = {.crls = (const struct cret_crl *const *)crls,
                                                    .crl_count = 2,
                                                    .now = PKI_NOW,
                                                    .time = PKI_NOW};
    struct cret_revocation revocation = {.known = true};
    cr_assert_eq(cret_revocation_check(&request, &chain, &revocation, NULL), CRET_OK);
    cr_expect(!revocation.known);
    cr_expect_not_null(strstr(revocation.why.what, "key usage"), "%s", revocation.why.what);
    for (size_t i = 0; i < 2; i++) {
        struct cret_crl **list = calloc(1, sizeof(*list));
        list[0] = crls[i];
        cret_crls_free(&list, 1);
    }
    clear_people(people);
}

Test(revocation, a_pin_has_nobody_above_it)
{
    struct pki_entity root = pki_root("Root");
    const struct cret_chain chain = {.certificates = {root.certificate}, .count = 1};
    const struct cret_revocation_request request = {.now = PKI_NOW, .time = PKI_NOW};
    struct cret_revocation revocation = {0};
    cr_assert_eq(cret_revocation_check(&request, &chain, &revocation, NULL), CRET_OK);
    cr_expect(revocation.known);
    const struct cret_chain empty = {.count = 0};
    cr_assert_eq(cret_revocation_check(&request, &empty, &revocation, NULL), CRET_OK);
    cr_expect(!revocation.known);
    pki_clear(&root);
}

/* A delta is read, and needs its base beside it. */
Test(revocation, a_delta_needs_its_base)
{
    struct pki_entity people[PEOPLE];
    make_people(people);
    struct cret_crl *list[] = {
        read_crl(&(struct pki_crl_spec){.issuer = &people[MIDDLE], .extensions = {DELTA}}),
        read_crl(&(struct pki_crl_spec){.issuer = &people[ROOT]}),
        read_crl(&(struct pki_crl_spec){.issuer = &people[MIDDLE]})};
    struct cret_err err;
    cret_err_clear(&err);
    cr_expect(cret_crl_is_delta(list[0]));
    cr_expect(!cret_crl_is_delta(list[1]));
    cr_expect_eq(cret_crls_check_bases(list, 3, &err), CRET_OK);
    cr_expect_neq(cret_crls_check_bases(list, 2, &err), CRET_OK);
    cr_expect_eq(err.class, CRET_ERR_USAGE);
    cr_expect_not_null(strstr(err.what, "delta"), "%s", err.what);
    for (size_t i = 0; i < 3; i++) {
        struct cret_crl **one = calloc(1, sizeof(*one));
        one[0] = list[i];
        cret_crls_free(&one, 1);
    }
    clear_people(people);
}

/* What is not a list of its own issuer is refused when it is read. */
Test(revocation, lists_that_are_refused)
{
    struct pki_entity people[PEOPLE];
    make_people(people);
    const struct pki_entity *m = &people[MIDDLE], *leaf = &people[LEAF];
    const struct {
        struct pki_crl_spec spec;
        const char *says;
    } cases[] = {
        {{.issuer = m, .extensions = {IDP "30:03:84:01:FF"}}, "indirect"},
        {{.issuer = m, .extensions = {IDP "30:03:85:01:FF"}}, "attribute certificates"},
        {{.issuer = m, .extensions = {IDP "30:04:83:02:06:40"}}, "some reasons"},
        {{.issuer = m, .extensions = {"1.2.3.4=critical,DER:05:00"}}, "not understood"},
        {{.issuer = m, .extensions = {"2.5.29.20=DER:02:01:05", "2.5.29.20=DER:02:01:06"}},
         "twice"},
        {{.issuer = m, .revoked = {{.who = leaf, .date = PKI_NOW, .extension = "1.2.3.4"}}},
         "not understood"},
        {{.issuer = m, .revoked = {{.who = leaf, .date = PKI_NOW, .extension = "2.5.29.29"}}},
         "indirect"},
        {{.issuer = m, .revoked = {{.who = leaf, .date = PKI_NOW, .reason = 9}}}, "reason"},
        {{.issuer = m, .next_update = -1}, "has no nextUpdate"},
        {{.issuer = m, .version = -1}, "version"},
        {{.issuer = m, .version = 1, .extensions = {"2.5.29.20=DER:02:01:05"}},
         "of version 1 and has extensions"},
        {{.issuer = m, .version = 1, .revoked = {{.who = leaf, .date = PKI_NOW, .reason = 2}}},
         "of version 1 and has entry extensions"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct cret_crl *crl = NULL;
        struct cret_err err;
        size_t size = 0;
        uint8_t *der = pki_crl(&cases[i].spec, &size);
        cret_err_clear(&err);
        cr_expect_neq(cret_crl_from_der(&crl, der, size, &err), CRET_OK, "%zu", i);
        cr_expect_eq(err.check, CRET_CHECK_CERTIFICATE_REVOCATION);
        cr_expect_not_null(strstr(err.what, cases[i].says), "%s: %s", cases[i].says, err.what);
        OPENSSL_free(der);
    }
    clear_people(people);
}

/* No bit of a list can be changed so that it still answers. */
Test(revocation, every_bit_of_a_list_counts)
{
    struct pki_entity people[PEOPLE];
    make_people(people);
    size_t size = 0, answered = 0;
    const char *why = NULL;
    uint8_t *der = pki_crl(&(struct pki_crl_spec){.issuer = &people[MIDDLE],
                                                  .revoked = {{.who = &people[LEAF],
                                                               .date = PKI_NOW - DAY,
                                                               .reason = 5,
                                                               .invalidity = PKI_NOW - 2 * DAY}}},
                           &size);
    for (size_t bit = 0; bit < 8 * size; bit++) {
        struct cret_crl **list = calloc(1, sizeof(*list));
        der[bit / 8] ^= (uint8_t)(1u << bit % 8);
        if (cret_crl_from_der(&list[0], der, size, NULL) == CRET_OK &&
            cret_crl_names_issuer_of(list[0], people[LEAF].certificate) &&
            cret_crl_signed_by(list[0], people[MIDDLE].certificate, &why)) {
            answered++;
        }
        der[bit / 8] ^= (uint8_t)(1u << bit % 8);
        cret_crls_free(&list, list[0] != NULL ? 1 : 0);
    }
    cr_expect_eq(answered, 0u, "%zu bits", answered);
    OPENSSL_free(der);
    clear_people(people);
}

/* Files of the operator: DER, PEM, several of them; nothing else. */
Test(revocation, files)
{
    struct pki_entity people[PEOPLE];
    make_people(people);
    struct cret_crl **list = NULL;
    struct cret_err err;
    size_t count = 0, size = 0;
    uint8_t *der = pki_crl(&(struct pki_crl_spec){.issuer = &people[MIDDLE]}, &size);
    char *pem = pki_pem(&people[ROOT]);
    cr_assert_eq(cret_crls_read(&list, &count, (const char *)der, size, "a.crl", &err), CRET_OK);
    cr_assert_eq(count, 1u);
    cr_expect_str_eq(cret_crl_issuer(list[0]), "CN=Middle,O=Unit");
    cr_expect_eq(cret_crl_this_update(list[0]), PKI_NOW - DAY);
    cr_expect_eq(cret_crl_next_update(list[0]), PKI_NOW + 30 * DAY);
    const struct {
        const char *data;
        size_t size;
        const char *says;
    } bad[] = {{(const char *)der, size - 1, "a.crl"},
               {pem, strlen(pem), "not a revocation list"},
               {"", 0, "no PEM block"}};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        cret_err_clear(&err);
        cr_expect_neq(cret_crls_read(&list, &count, bad[i].data, bad[i].size, "a.crl", &err),
                      CRET_OK);
        cr_expect_eq(err.class, CRET_ERR_USAGE, "%zu: %s", i, err.what);
        cr_expect_not_null(strstr(err.what, bad[i].says), "%s", err.what);
    }
    while (count < CRET_LIMIT_CRLS) {
        cr_assert_eq(cret_crls_read(&list, &count, (const char *)der, size, "a.crl", &err),
                     CRET_OK);
    }
    cr_expect_neq(cret_crls_read(&list, &count, (const char *)der, size, "a.crl", &err), CRET_OK);
    cr_expect_eq(count, CRET_LIMIT_CRLS);
    cret_crls_free(&list, count);
    free(pem);
    OPENSSL_free(der);
    clear_people(people);
}
