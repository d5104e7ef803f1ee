/* SPDX-License-Identifier: Apache-2.0 */
/* The rule of asymmetry over everything that can be put into it, and the orders of versions. */
#include <criterion/criterion.h>
#include <string.h>

#include "release/advisory/advisory_judge.h"
#include "release/advisory/advisory_names.h"
#include "release/advisory/advisory_versions.h"
#include "release/advisory/vers.h"

#define SCOPES (CRET_SCOPE_ELSEWHERE + 1)
#define FITS (CRET_FIT_SURE + 1)
#define BITS 9u /* flags of evidence and claim */
#define CASES (3u * FITS * FITS * SCOPES * CRET_VEX_COUNT << BITS)

/* The evidence and the claim of one number; false: a combination that is none. */
static bool make_case(unsigned number, struct cret_evidence *evidence, struct cret_claim *claim)
{
    const unsigned bits = number & ((1u << BITS) - 1);
    number >>= BITS;
    *evidence =
        (struct cret_evidence){.identity = (enum cret_match)(number % 3),
                               .best = (enum cret_fit)(number / 3 % FITS),
                               .worst = (enum cret_fit)(number / 3 / FITS % FITS),
                               .scope = (enum cret_scope)(number / 3 / FITS / FITS % SCOPES),
                               .unstated = bits & 1u,
                               .later = bits & 2u,
                               .other_build = bits & 4u,
                               .component = bits & 8u};
    *claim =
        (struct cret_claim){.status = (enum cret_vex_status)(number / 3 / FITS / FITS / SCOPES),
                            .reasoned = bits & 16u,
                            .carries = bits & 32u,
                            .provisional = bits & 64u,
                            .by_version = bits & 128u,
                            .external = bits & 256u};
    return evidence->worst <= evidence->best;
}

static bool is_mild(const struct cret_answer *answer)
{
    return answer->match != CRET_MATCH_NONE &&
           (answer->status == CRET_VEX_FIXED || answer->status == CRET_VEX_NOT_AFFECTED);
}

static bool is_sure_mild(const struct cret_answer *answer)
{
    return is_mild(answer) && answer->match == CRET_MATCH_SURE;
}

Test(advisory, sure_mild_answers_need_everything)
{
    size_t sure = 0;
    for (unsigned number = 0; number < CASES; number++) {
        struct cret_evidence evidence;
        struct cret_claim claim;
        if (!make_case(number, &evidence, &claim)) {
            continue;
        }
        const struct cret_answer answer = cret_judge(&evidence, &claim);
        if (is_sure_mild(&answer)) {
            sure++;
            cr_assert(evidence.identity == CRET_MATCH_SURE && evidence.worst == CRET_FIT_SURE &&
                          evidence.scope == CRET_SCOPE_PRODUCT && !evidence.unstated &&
                          !evidence.other_build && !claim.external && !claim.provisional,
                      "%u", number);
            cr_assert(claim.status == CRET_VEX_FIXED || claim.reasoned || claim.by_version, "%u",
                      number);
        }
        if (is_mild(&answer)) {
            cr_assert(answer.status == claim.status, "%u", number);
        }
        if (answer.question) {
            cr_assert(answer.match == CRET_MATCH_POSSIBLE && answer.status == CRET_VEX_AFFECTED &&
                          (claim.status == CRET_VEX_FIXED || claim.status == CRET_VEX_NOT_AFFECTED),
                      "%u", number);
        }
    }
    cr_assert(sure > 0);
}

/* "Affected" is passed over only where it is surely another thing, or another version. */
Test(advisory, affected_is_not_passed_over)
{
    for (unsigned number = 0; number < CASES; number++) {
        struct cret_evidence evidence;
        struct cret_claim claim;
        if (!make_case(number, &evidence, &claim) || claim.status > CRET_VEX_INVESTIGATED) {
            continue;
        }
        const struct cret_answer answer = cret_judge(&evidence, &claim);
        const bool elsewhere = evidence.scope == CRET_SCOPE_ELSEWHERE && evidence.component &&
                               evidence.identity != CRET_MATCH_SURE;
        if (evidence.identity != CRET_MATCH_NONE && evidence.best != CRET_FIT_OTHER && !elsewhere) {
            cr_assert(answer.match != CRET_MATCH_NONE && answer.status == claim.status, "%u",
                      number);
        } else {
            cr_assert(answer.match == CRET_MATCH_NONE, "%u", number);
        }
    }
}

/* Evidence that is worth less in one respect. */
static bool weaken(struct cret_evidence *evidence, struct cret_claim *claim, int respect)
{
    switch (respect) {
    case 0:
        evidence->identity = CRET_MATCH_POSSIBLE;
        return true;
    case 1:
        evidence->worst = CRET_FIT_OPEN;
        return true;
    case 2:
        evidence->worst = CRET_FIT_OPEN;
        evidence->best = CRET_FIT_SURE;
        evidence->unstated = true;
        return true;
    case 3:
        evidence->scope = CRET_SCOPE_COMPONENT;
        return true;
    case 4:
        claim->reasoned = false;
        claim->by_version = false;
        return claim->status == CRET_VEX_NOT_AFFECTED;
    case 5:
        claim->provisional = true;
        return true;
    default:
        return false;
    }
}

Test(advisory, weaker_evidence_never_reassures_surely)
{
    for (unsigned number = 0; number < CASES; number++) {
        for (int respect = 0; respect < 6; respect++) {
            struct cret_evidence evidence;
            struct cret_claim claim;
            if (make_case(number, &evidence, &claim) && weaken(&evidence, &claim, respect)) {
                const struct cret_answer answer = cret_judge(&evidence, &claim);
                cr_assert(!is_sure_mild(&answer), "%u %d", number, respect);
            }
        }
    }
}

Test(advisory, a_part_is_never_surer_than_its_whole)
{
    for (unsigned number = 0; number < CASES; number += 7) {
        for (unsigned other = 0; other < CASES; other += 4099) {
            struct cret_evidence part, whole;
            struct cret_claim claim, ignored;
            if (!make_case(number, &part, &claim) || !make_case(other, &whole, &ignored)) {
                continue;
            }
            const struct cret_evidence joined = cret_evidence_joined(&part, &whole);
            const struct cret_answer answer = cret_judge(&joined, &claim);
            if (is_sure_mild(&answer)) {
                cr_assert(whole.identity == CRET_MATCH_SURE && whole.worst == CRET_FIT_SURE &&
                              whole.scope == CRET_SCOPE_PRODUCT,
                          "%u %u", number, other);
            }
        }
    }
}

static const struct {
    enum cret_scheme scheme;
    const char *left, *right;
    int order; /* 2: they are no versions of it */
} orders[] = {
    {CRET_SCHEME_LEXICOGRAPHIC, "10", "9", -1},
    {CRET_SCHEME_SEMVER, "1.0.0-alpha", "1.0.0-alpha.1", -1},
    {CRET_SCHEME_SEMVER, "1.0.0-alpha.1", "1.0.0-alpha.beta", -1},
    {CRET_SCHEME_SEMVER, "1.0.0-beta.2", "1.0.0-beta.11", -1},
    {CRET_SCHEME_SEMVER, "1.0.0-rc.1", "1.0.0", -1},
    {CRET_SCHEME_SEMVER, "1.0.0+one", "1.0.0+two", 0},
    {CRET_SCHEME_SEMVER, "v1.10.0", "1.9.9", 1},
    {CRET_SCHEME_SEMVER, "1.0", "1.0.0", 2},
    {CRET_SCHEME_SEMVER, "FW22", "FW23", 2},
    {CRET_SCHEME_DEB, "1.0~rc1-1", "1.0-1", -1},
    {CRET_SCHEME_DEB, "1.0-1", "1.0-1+deb12u1", -1},
    {CRET_SCHEME_DEB, "1:0.1-1", "9.9-1", 1},
    {CRET_SCHEME_DEB, "1.0a-1", "1.0-1", 1},
    {CRET_SCHEME_DEB, "1.0-9", "1.0-10", -1},
    {CRET_SCHEME_DEB, "1.0", "1.0-0", 0},
    {CRET_SCHEME_RPM, "1.0-9.el8", "1.0-10.el8", -1},
    {CRET_SCHEME_RPM, "1.0~rc1-1", "1.0-1", -1},
    {CRET_SCHEME_RPM, "1.0^git1-1", "1.0-1", 1},
    {CRET_SCHEME_RPM, "1.0^git1-1", "1.0.1-1", -1},
    {CRET_SCHEME_RPM, "1.0a-1", "1.0-1", 1},
    {CRET_SCHEME_RPM, "1.0", "1.0-1", 2},
    {CRET_SCHEME_RPM, "2:1.0-1", "1:9.0-1", 1},
};

Test(advisory, orders_of_versions)
{
    for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
        int order = 2, back = 2;
        if (!cret_scheme_order(orders[i].scheme, orders[i].left, orders[i].right, &order)) {
            order = 2;
        }
        if (!cret_scheme_order(orders[i].scheme, orders[i].right, orders[i].left, &back)) {
            back = 2;
        }
        cr_expect_eq(order, orders[i].order, "%s %s: %d", orders[i].left, orders[i].right, order);
        cr_expect_eq(back, order == 2 ? 2 : -order, "%s %s", orders[i].right, orders[i].left);
    }
}

static const struct {
    const char *wanted, *own;
    enum cret_fit fit;
} fits[] = {
    {"1.2.0", "v1.2.0", CRET_FIT_SURE},      {"1.2", "1.2.0", CRET_FIT_LIKELY},
    {"1.2", "1.3", CRET_FIT_OTHER},          {"1.1.1k", "1.1.1m", CRET_FIT_OPEN},
    {"FW22", "FW23", CRET_FIT_OPEN},         {"6RA8013-4MV62", "1.2", CRET_FIT_OPEN},
    {"1756-L71", "32.011", CRET_FIT_OPEN},   {"2019R2", "2020.1", CRET_FIT_OPEN},
    {"<2.0", "1.2", CRET_FIT_LIKELY},        {"1.x", "1.2", CRET_FIT_OPEN},
    {"1.0-2.0", "3.0", CRET_FIT_OPEN},       {"2.0+", "1.0", CRET_FIT_OPEN},
    {"all versions", "9", CRET_FIT_SURE},    {"vers:none/*", "9", CRET_FIT_OTHER},
    {"3.0.7-24.el9", "1.1", CRET_FIT_OTHER},
};

Test(advisory, versions_fit)
{
    for (size_t i = 0; i < sizeof(fits) / sizeof(fits[0]); i++) {
        bool later = false;
        const enum cret_fit fit = cret_version_fit(fits[i].wanted, fits[i].own, NULL, &later);
        cr_expect_eq(fit, fits[i].fit, "%s %s: %d", fits[i].wanted, fits[i].own, (int)fit);
    }
}

/* Names of any length and bytes: nothing is written or read outside. Valgrind and the sanitizers
 * see it. */
Test(advisory, names_of_all_lengths)
{
    static const char *const pieces[] = {"a1-", "x", "3000", "\xe2\x96\xa1", "-/_",
                                         "?",   "*", " ",    "\xc2\xa0",     "6RA80xx"};
    char text[2000];
    for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
        for (size_t length = 0; length + 16 < sizeof(text); length += 37) {
            size_t size = 0;
            while (size < length) {
                const char *piece = pieces[(i * 7 + size) % (sizeof(pieces) / sizeof(pieces[0]))];
                memcpy(text + size, piece, strlen(piece));
                size += strlen(piece);
            }
            text[size] = '\0';
            struct cret_name *name = cret_name_read(text);
            struct cret_name *model = cret_model_read(text);
            cr_assert(name != NULL && model != NULL);
            cret_names_alike(name, model);
            cret_names_share_token(name, model, true);
            cret_name_holds_model(name, model);
            cret_name_free(&name);
            cret_name_free(&model);
        }
    }
}
