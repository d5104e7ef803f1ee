/* SPDX-License-Identifier: Apache-2.0 */
/* Who signed: certificates by their key, with role and end. */
#include <string.h>

#include "base/text/json.h"
#include "release/diff/diff_internal.h"

static const char *or_empty(const char *text)
{
    return text != NULL ? text : "";
}

/* Where trust was named only the signatures count that trust counted. */
static bool is_signer(const struct cret_diff_side *side, const json_t *signature)
{
    return cret_json_get(signature, "certificate") != NULL &&
           (!side->verified || cret_json_boolean(signature, "counted", false));
}

static const char *key_of(const json_t *signature)
{
    return or_empty(cret_json_string(signature, "certificate.keySha256"));
}

static const char *subject_of(const json_t *signature)
{
    return or_empty(cret_json_string(signature, "certificate.subject"));
}

static const json_t *find(const struct cret_diff_side *side, const json_t *wanted,
                          const char *(*name)(const json_t *signature))
{
    CRET_JSON_EACH (signature, side->signatures) {
        if (is_signer(side, signature) && strcmp(name(signature), name(wanted)) == 0) {
            return signature;
        }
    }
    return NULL;
}

static void compare(struct cret_diff_run *run, const json_t *was, const json_t *is)
{
    static const char *const fields[] = {
        "role", "meaning", "algorithm", "certificate.notAfter", "certificate.keySha256", NULL};
    json_t *details = cret_diff_details();
    for (size_t i = 0; fields[i] != NULL; i++) {
        const char *dot = strchr(fields[i], '.');
        cret_diff_detail_json(&details, dot != NULL ? dot + 1 : fields[i],
                              cret_json_get(was, fields[i]), cret_json_get(is, fields[i]));
    }
    run->differences.failed |= details == NULL;
    if (json_array_size(details) == 0) {
        json_decref(details);
        return;
    }
    const bool key = strcmp(key_of(was), key_of(is)) != 0;
    cret_diff_add(run, &(struct cret_difference){
                           .section = "signers",
                           .change = "changed",
                           .subject = subject_of(is),
                           .details = details,
                           .note = key ? "another key under the same name: ask the signer, over "
                                         "another way than this release"
                                       : NULL,
                           .attention = key});
}

static void add_signer(struct cret_diff_run *run, const json_t *signature, bool added)
{
    json_t *details = cret_diff_details();
    const char *role = cret_json_string(signature, "role");
    const char *end = cret_json_string(signature, "certificate.notAfter");
    if (role != NULL) {
        cret_diff_detail(&details, "role", added ? NULL : role, added ? role : NULL);
    }
    cret_diff_detail(&details, "notAfter", added ? NULL : end, added ? end : NULL);
    run->differences.failed |= details == NULL;
    cret_diff_add(run, &(struct cret_difference){.section = "signers",
                                                 .change = added ? "added" : "removed",
                                                 .subject = subject_of(signature),
                                                 .details = details,
                                                 .attention = true});
}

/* The counterpart: by key, else by name where nobody else has that key. */
static const json_t *counterpart(const struct cret_diff_side *there,
                                 const struct cret_diff_side *here, const json_t *signature)
{
    const json_t *same = find(there, signature, key_of);
    if (same == NULL) {
        same = find(there, signature, subject_of);
        same = same != NULL && find(here, same, key_of) == NULL ? same : NULL;
    }
    return same;
}

void cret_diff_signers(struct cret_diff_run *run)
{
    if (run->old->signatures == NULL || run->new->signatures == NULL) {
        cret_diff_gap(run, "signers", "%s is a manifest alone, which has no signatures",
                      run->old->signatures == NULL ? run->old->name : run->new->name);
        return;
    }
    CRET_JSON_EACH (signature, run->new->signatures) {
        if (!is_signer(run->new, signature)) {
            continue;
        }
        const json_t *was = counterpart(run->old, run->new, signature);
        if (was != NULL) {
            compare(run, was, signature);
        } else {
            add_signer(run, signature, true);
        }
    }
    CRET_JSON_EACH (signature, run->old->signatures) {
        if (is_signer(run->old, signature) && counterpart(run->new, run->old, signature) == NULL) {
            add_signer(run, signature, false);
        }
    }
}
