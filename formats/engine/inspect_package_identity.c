/* SPDX-License-Identifier: Apache-2.0 */
/* Which of the signed lists of a package is the one that it is known by. */
#include <stdlib.h>
#include <string.h>

#include "engine/inspect_internal.h"

/* Whoever approves says so in what he signs; all others may have made the package. */
static bool approves(const struct cret_gate_signature *signature)
{
    const enum cret_meaning meaning =
        signature->cms != NULL ? cret_cms_meaning(signature->cms) : CRET_MEANING_NONE;
    return meaning != CRET_MEANING_NONE && meaning != CRET_MEANING_ORIGIN;
}

static bool is_of_scope(const struct cret_inspect_run *run,
                        const struct cret_gate_signature *signature)
{
    const char *scope = signature->judgement.scope;
    return signature->judgement.counted &&
           (scope == NULL || strcmp(scope, run->inspection->manifest->vendor) == 0);
}

/* A key counts in a scope of the policy: what another vendor's key signs beside this one's says
 * nothing of his package. Who counts in several scopes is named with one of them: where nobody is
 * named with this vendor's, whoever counts is taken. */
static bool counted(const struct cret_inspect_run *run, const struct cret_gate_signature *signature)
{
    bool any = false;
    for (size_t i = 0; i < run->package->pair_count; i++) {
        any = any || is_of_scope(run, &run->inspection->gate.signatures[i]);
    }
    return any ? is_of_scope(run, signature) : signature->judgement.counted;
}

static bool released(const struct cret_inspect_run *run,
                     const struct cret_gate_signature *signature)
{
    const struct cret_signature_judgement *judgement = &signature->judgement;
    return counted(run, signature) && judgement->role != NULL &&
           strcmp(judgement->role, "release") == 0;
}

/* A list names another one by its own name, or by the signature over it, which is over one list. */
static bool names(const struct cret_package_pair *by, const struct cret_package_pair *of)
{
    return cret_asic_manifest_find(by->manifest, of->list_name) != NULL ||
           cret_asic_manifest_find(by->manifest, of->signature_name) != NULL;
}

/* Which lists those vouch for who released the package, or, where the policy asks no such role, who
 * was counted: their own, those that these name, and so on. vouched: one for each pair. */
static void find_vouched(const struct cret_inspect_run *run, bool *vouched)
{
    const struct cret_package *package = run->package;
    const struct cret_gate_signature *signatures = run->inspection->gate.signatures;
    bool any = false, more = true;
    for (size_t i = 0; i < package->pair_count; i++) {
        any = any || released(run, &signatures[i]);
    }
    for (size_t i = 0; i < package->pair_count; i++) {
        vouched[i] = any ? released(run, &signatures[i]) : counted(run, &signatures[i]);
    }
    while (more) {
        more = false;
        for (size_t i = 0; i < package->pair_count * package->pair_count; i++) {
            const size_t by = i / package->pair_count, of = i % package->pair_count;
            if (vouched[by] && !vouched[of] && names(&package->pairs[by], &package->pairs[of])) {
                vouched[of] = more = true;
            }
        }
    }
}

/* Of several lists the lowest digest: the names of members are nobody's word. */
static enum cret_status take_lowest(struct cret_inspect_run *run, const bool *candidates,
                                    size_t *ret_count, struct cret_err *err)
{
    uint8_t *identity = run->inspection->manifest->identity;
    *ret_count = 0;
    for (size_t i = 0; i < run->package->pair_count; i++) {
        const struct cret_package_pair *pair = &run->package->pairs[i];
        uint8_t digest[CRET_SHA256_BYTES];
        if (!candidates[i]) {
            continue;
        }
        if (cret_sha256(digest, pair->list, pair->list_size, err) != CRET_OK) {
            return CRET_FAILED;
        }
        if (*ret_count == 0 || memcmp(digest, identity, sizeof(digest)) < 0) {
            memcpy(identity, digest, sizeof(digest));
        }
        *ret_count += 1;
    }
    return CRET_OK;
}

enum cret_status cret_inspect_package_identify(struct cret_inspect_run *run, struct cret_err *err)
{
    const struct cret_package *package = run->package;
    const struct cret_gate_signature *signatures = run->inspection->gate.signatures;
    size_t count = 0;
    bool *candidates = calloc(package->pair_count + 1, sizeof(*candidates));
    if (candidates == NULL) {
        return cret_err_memory(err);
    }
    find_vouched(run, candidates);
    for (size_t i = 0; i < package->pair_count; i++) {
        candidates[i] = candidates[i] && package->pairs[i].first &&
                        (released(run, &signatures[i]) || !approves(&signatures[i]));
    }
    const enum cret_status status = take_lowest(run, candidates, &count, err);
    free(candidates);
    if (status != CRET_OK || count > 0) {
        return status;
    }
    cret_err_refuse(err, CRET_CHECK_TRUST_THRESHOLD,
                    "who was counted approves, and names no list of whoever made the package");
    return cret_err_hint(err, "an approval names the list that it approves: sign it with "
                              "cretula-sign endorse");
}

enum cret_status cret_inspect_package_suppose(struct cret_inspect_run *run, struct cret_err *err)
{
    const struct cret_package *package = run->package;
    size_t count = 0, first = 0;
    bool *candidates = calloc(package->pair_count + 1, sizeof(*candidates));
    if (candidates == NULL) {
        return cret_err_memory(err);
    }
    for (size_t i = 0; i < package->pair_count; i++) {
        first += package->pairs[i].first ? 1 : 0;
        candidates[i] = package->pairs[i].first && !approves(&run->inspection->gate.signatures[i]);
    }
    const enum cret_status status = take_lowest(run, candidates, &count, err);
    run->inspection->identity_open = first != 1;
    free(candidates);
    return status;
}
