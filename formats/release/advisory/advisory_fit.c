/* SPDX-License-Identifier: Apache-2.0 */
/* What a document says of versions of a product, for one thing that we have. */
#include <string.h>

#include "release/advisory/advisory_internal.h"
#include "release/advisory/advisory_versions.h"
#include "release/identifier/cpe.h"
#include "release/identifier/purl.h"

/* Everything that was said so far. */
struct fit {
    struct cret_evidence *evidence;
    bool any, later;
    const char *type; /* of our package URL, or NULL */
};

static void add(struct fit *fit, enum cret_fit best, enum cret_fit worst)
{
    cret_evidence_add_fit(fit->evidence, &fit->any, best, worst);
}

/* One version, or a range in its place. */
static void add_version(struct fit *fit, const char *wanted, const char *own)
{
    bool later = false;
    /* Without a version of ours only "all versions" says something. */
    const enum cret_fit one = own != NULL ? cret_version_fit(wanted, own, fit->type, &later)
                                          : cret_range_fit(wanted, "", fit->type);
    const enum cret_fit known = own != NULL || one == CRET_FIT_SURE ? one : CRET_FIT_OPEN;
    fit->later = fit->later || later;
    add(fit, known, known);
}

static void add_range(struct fit *fit, const char *range, const char *own)
{
    const enum cret_fit one = cret_range_fit(range, own != NULL ? own : "", fit->type);
    /* "vers:none" is about nothing we could have. */
    const enum cret_fit known =
        own != NULL || one == CRET_FIT_SURE || strcmp(range, "vers:none/*") == 0 ? one
                                                                                 : CRET_FIT_OPEN;
    add(fit, known, known);
}

static void add_cpe(struct fit *fit, const struct cret_cpe *cpe, const struct cret_target *target)
{
    const char *wanted = cret_cpe_version(cpe);
    const char *own = target->version;
    bool update = true;
    for (size_t i = 0; i < target->cpe_count; i++) {
        if (cret_cpe_same(cpe, target->cpes[i]) != CRET_MATCH_NONE) {
            const char *version = cret_cpe_version(target->cpes[i]);
            own = version != NULL && !cret_cpe_version_open(target->cpes[i]) ? version : own;
            update = cret_cpe_same_update(cpe, target->cpes[i]);
        }
    }
    if (wanted == NULL) {
        return;
    }
    if (own == NULL) {
        add(fit, CRET_FIT_OPEN, CRET_FIT_OPEN);
    } else if (!cret_cpe_version_open(cpe)) {
        bool later = false;
        const enum cret_fit one = cret_version_fit(wanted, own, fit->type, &later);
        fit->later = fit->later || later;
        /* The update is a part of the version. */
        add(fit, update || one < CRET_FIT_LIKELY ? one : CRET_FIT_LIKELY,
            update || one == CRET_FIT_OTHER ? one : CRET_FIT_OPEN);
    } else if (cret_cpe_version_fits(cpe, own)) {
        add(fit, CRET_FIT_SURE, CRET_FIT_LIKELY); /* 1.1* is also written where 1.10 is not meant */
    } else {
        add(fit, CRET_FIT_OTHER, CRET_FIT_OTHER);
    }
}

/* Whether the version is a model number of ours, in the wrong place. */
static bool is_model(const struct cret_named *named, const struct cret_subject_index *index)
{
    for (size_t i = 0; named->version_token != NULL && i < index->model_count; i++) {
        if (cret_names_share_token(named->version_token, index->models[i], true)) {
            return true;
        }
    }
    return false;
}

void cret_advisory_fit(const struct cret_named *named, const struct cret_subject_index *index,
                       const struct cret_target *target, const struct cret_purl *purl,
                       struct cret_evidence *evidence)
{
    struct fit fit = {.evidence = evidence, .type = purl != NULL ? cret_purl_type(purl) : NULL};
    const char *packaged = purl != NULL ? cret_purl_version(purl) : NULL;
    const char *own = target->version != NULL ? target->version : packaged;
    bool none = false;
    for (size_t i = 0; own == NULL && i < target->purl_count; i++) {
        own = cret_purl_version(target->purls[i]);
    }
    for (size_t i = 0; own == NULL && i < target->cpe_count; i++) {
        own = cret_cpe_version_open(target->cpes[i]) ? NULL : cret_cpe_version(target->cpes[i]);
    }
    evidence->best = CRET_FIT_SURE;
    evidence->worst = CRET_FIT_OPEN;
    evidence->unstated = true;
    if (named->version != NULL && is_model(named, index)) {
        add(&fit, CRET_FIT_OPEN, CRET_FIT_OPEN);
    } else if (named->version != NULL) {
        add_version(&fit, named->version, own);
    }
    if (named->range != NULL) {
        add_range(&fit, named->range, own);
    }
    for (size_t i = 0; i < named->purl_count; i++) {
        const char *version = cret_purl_version(named->purls[i]);
        const bool same = purl != NULL && cret_purl_same(named->purls[i], purl) != CRET_MATCH_NONE;
        if (version != NULL) {
            add_version(&fit, version, same && packaged != NULL ? packaged : own);
        }
    }
    for (size_t i = 0; i < named->cpe_count; i++) {
        none = none || cret_cpe_without_version(named->cpes[i]);
        add_cpe(&fit, named->cpes[i], target);
    }
    if (!fit.any && named->says_version) {
        /* A version in a name is none: it is read by people. */
        add(&fit, CRET_FIT_OPEN, CRET_FIT_OPEN);
    } else if (!fit.any && none) {
        evidence->best = CRET_FIT_LIKELY;
    }
    evidence->later = fit.later && evidence->best == CRET_FIT_OTHER;
}
