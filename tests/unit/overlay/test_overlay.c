/* SPDX-License-Identifier: Apache-2.0 */
/* The property of site overlays: whatever policy, overlay and release there are, what is accepted
 * with the overlay is accepted without it. CRETULA_OVERLAY_PAIRS says over how many random pairs.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/authentic_make.h"
#include "base/text/json.h"
#include "engine/expected.h"
#include "engine/verdict.h"
#include "engine/waive.h"
#include "trust/policy/overlay.h"
#include "world.h"

enum { PAIRS = 4000 };
static const uint64_t SEED = 20260101;

static const uint8_t identity[CRET_SHA256_BYTES] = {1};
static const char text[] = "{}\n";

/* Judges as the gate does; *ret_authentic NULL where nothing was met. */
static void judge(const struct cret_policy *policy, const struct cret_cms *const *list,
                  size_t count, int64_t now, bool waivers, struct cret_findings *findings,
                  struct cret_authentic **ret_authentic)
{
    struct cret_signature_judgement judgements[RELEASE_SIGNATURES];
    struct cret_authentic_scope *scopes = NULL;
    struct cret_err err;
    cret_err_clear(&err);
    memset(judgements, 0, sizeof(judgements));
    *ret_authentic = NULL;
    const struct cret_judge_request request = {
        .policy = policy, .signatures = list, .count = count, .now = now};
    if ((waivers ? cret_policy_judge_waivers : cret_policy_judge)(&request, judgements, &scopes,
                                                                  findings, &err) == CRET_OK) {
        cr_assert_eq(cret_authentic_make(ret_authentic, (const uint8_t *)text, sizeof(text) - 1,
                                         scopes, policy->scope_count, &err),
                     CRET_OK);
    }
    /* A rightly signed list from the future proves the clock wrong: no acceptance either. */
    cr_assert(err.class != CRET_ERR_UNDECIDED ||
                  strstr(err.what, "the clock of this machine") != NULL,
              "%s", err.what);
    free(scopes);
}

/* The one waiver of the trial. */
static void waive(const struct trial *trial, const struct cret_policy *policy,
                  struct cret_inspect_request *request, struct cret_findings *findings)
{
    struct cret_waiver waiver = {.check = trial->waived,
                                 .reason = (char *)(uintptr_t) "r",
                                 .approver = (char *)(uintptr_t) "a",
                                 .control = (char *)(uintptr_t) "c",
                                 .issued = INT64_MIN,
                                 .until = INT64_MAX};
    struct cret_waiver_file file = {.path = (char *)(uintptr_t) "waivers.json",
                                    .signers = (char *)(uintptr_t) "s",
                                    .list = &waiver,
                                    .count = 1};
    struct cret_waivers waivers = {.files = &file, .count = 1};
    const struct cret_waive_release release = {.identity = identity,
                                               .vendor = trial->vendor,
                                               .product = trial->product,
                                               .sequence = trial->sequence};
    struct cret_findings *ignored = cret_findings_new();
    memcpy(waiver.release, identity, sizeof(identity));
    cret_err_refuse(&file.fault, CRET_CHECK_WAIVER_SIGNATURE, "not authentic");
    judge(policy, trial->waivers, trial->waiver_count, trial->now, true, ignored, &file.authentic);
    cret_findings_free(&ignored);
    request->waivers = &waivers;
    cret_waive(findings, request, &release);
    cret_authentic_free(&file.authentic);
}

/* The verdict by the engine's own rules, over what the trial says of the release. */
static bool accepts(const struct trial *trial, const struct cret_policy *policy)
{
    static const struct cret_expected_places places = {"MANIFEST.json", "#/product", "#/product",
                                                       "#/hardware", "#/release/sequence"};
    struct cret_findings *findings = cret_findings_new();
    struct cret_authentic *authentic = NULL;
    json_t *json = json_object();
    const struct cret_manifest manifest = {.json = json,
                                           .vendor = trial->vendor,
                                           .product = trial->product,
                                           .version = "1",
                                           .sequence = trial->sequence};
    struct cret_inspect_request request = {.policy = policy, .now = trial->now};
    struct cret_required required = {{false}};
    judge(policy, trial->signatures, trial->signature_count, trial->now, false, findings,
          &authentic);
    bool covered = authentic != NULL &&
                   cret_authentic_covers(authentic, trial->vendor, trial->product, trial->adopted);
    if (covered) {
        cret_expected_check(findings, &manifest, &places, &request);
        for (size_t i = 0; i < trial->fault_count; i++) {
            cret_findings_add(findings, trial->faults[i],
                              cret_inspect_result(&request, trial->faults[i]),
                              (struct cret_finding_text){0}, "a fault");
        }
        if (trial->waiver_count > 0) {
            waive(trial, policy, &request, findings);
        }
        cret_required_policy(&required, policy);
        required.check[CRET_CHECK_TRUST_THRESHOLD] = true;
        const enum cret_verdict verdict = cret_verdict_decide(findings, &required, false);
        cr_assert_neq(verdict, CRET_VERDICT_UNDECIDED);
        covered = verdict == CRET_VERDICT_ACCEPTED || verdict == CRET_VERDICT_ACCEPTED_WITH_WAIVERS;
    }
    cret_authentic_free(&authentic);
    cret_findings_free(&findings);
    json_decref(json);
    return covered;
}

struct figures {
    size_t usable, applied, before, after, tightened;
};

/* One pair; false where the overlay loosened. */
static bool holds(const struct trial *trial, struct figures *figures)
{
    struct cret_policy *policy = NULL;
    struct cret_err err;
    bool good = true;
    cret_err_clear(&err);
    if (cret_policy_parse(&policy, trial->policy.data, trial->policy.size, "trust.json", trial->now,
                          false, &err) != CRET_OK) {
        return true; /* exit 2, with and without an overlay */
    }
    figures->usable++;
    const bool before = accepts(trial, policy);
    figures->before += before ? 1 : 0;
    if (cret_overlay_apply(policy, trial->overlay.data, trial->overlay.size, "overlay.json",
                           trial->now, &err) == CRET_OK) {
        const bool after = accepts(trial, policy);
        figures->applied++;
        figures->after += after ? 1 : 0;
        figures->tightened += before && !after ? 1 : 0;
        good = before || !after;
    } else {
        cr_assert_eq(err.class, CRET_ERR_USAGE, "%s", err.what);
    }
    cret_policy_free(&policy);
    return good;
}

static size_t pairs(void)
{
    const char *given = getenv("CRETULA_OVERLAY_PAIRS");
    const unsigned long count = given == NULL ? 0 : strtoul(given, NULL, 10);
    return count > 0 ? count : PAIRS;
}

Test(overlay, no_overlay_ever_loosens, .timeout = 36000)
{
    struct world world;
    struct figures figures = {0};
    const size_t count = pairs();
    world_make(&world);
    for (size_t i = 0; i < count; i++) {
        struct trial trial;
        trial_make(&trial, &world, SEED + i);
        cr_assert(holds(&trial, &figures), "pair %zu loosens\npolicy: %s\noverlay: %s", i,
                  trial.policy.data, trial.overlay.data);
        trial_clear(&trial);
    }
    world_clear(&world);
    fprintf(stderr,
            "%zu pairs, %zu with a usable policy, %zu with an overlay that tightens; "
            "accepted %zu before and %zu after it, %zu no more\n",
            count, figures.usable, figures.applied, figures.before, figures.after,
            figures.tightened);
    /* Or nothing was tried. */
    cr_expect_gt(figures.applied, count / 20);
    cr_expect_gt(figures.before, count / 50);
    cr_expect_gt(figures.after, count / 200);
    cr_expect_gt(figures.tightened, count / 300);
}
