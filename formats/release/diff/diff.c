/* SPDX-License-Identifier: Apache-2.0 */
/* The order of the comparison, and its heading. */
#include <string.h>

#include "base/text/json.h"
#include "release/diff/diff_internal.h"

bool cret_diff_same_product(const json_t *old_manifest, const json_t *new_manifest)
{
    static const char *const names[] = {"product.vendor", "product.name"};
    for (size_t i = 0; i < CRET_LENGTH(names); i++) {
        const char *was = cret_json_string(old_manifest, names[i]);
        const char *is = cret_json_string(new_manifest, names[i]);
        if (was == NULL || is == NULL || strcmp(was, is) != 0) {
            return false;
        }
    }
    return true;
}

static json_t *describe(const struct cret_diff_side *side)
{
    const json_t *manifest = side->manifest;
    struct cret_build object = cret_build_object();
    cret_build_text(&object, "file", side->name);
    cret_build_string(&object, "standing", side->standing);
    cret_build_boolean(&object, "verified", side->verified);
    cret_build_share(&object, "vendor", cret_json_get(manifest, "product.vendor"));
    cret_build_share(&object, "product", cret_json_get(manifest, "product.name"));
    cret_build_share(&object, "version", cret_json_get(manifest, "release.version"));
    cret_build_share(&object, "sequence", cret_json_get(manifest, "release.sequence"));
    cret_build_share(&object, "date", cret_json_get(manifest, "release.date"));
    cret_build_sha256(&object, "identity", side->identity);
    return cret_build_end(&object);
}

static const char *order_of(const struct cret_diff_run *run)
{
    const int64_t was = cret_json_integer(run->old->manifest, "release.sequence", 0);
    const int64_t is = cret_json_integer(run->new->manifest, "release.sequence", 0);
    return is > was ? "newer" : is < was ? "older" : "same";
}

json_t *cret_diff(const struct cret_diff_side *old_side, const struct cret_diff_side *new_side)
{
    struct cret_diff_run run = {.old = old_side,
                                .new = new_side,
                                .differences = cret_build_list(),
                                .gaps = cret_build_list(),
                                .before = cret_build_list(),
                                .after = cret_build_list()};
    const bool identical = memcmp(old_side->identity, new_side->identity, CRET_SHA256_BYTES) == 0;
    if (!identical) {
        cret_diff_vulnerabilities(&run);
        cret_diff_members(&run);
        cret_diff_documents(&run);
        cret_diff_files(&run);
        cret_diff_components(&run);
        cret_diff_signers(&run);
        cret_diff_steps(&run);
    }
    struct cret_build diff = cret_build_object();
    cret_build_string(&diff, "cretula", cret_diff_format.purpose);
    cret_build_put(&diff, "old", describe(old_side));
    cret_build_put(&diff, "new", describe(new_side));
    cret_build_string(&diff, "order", order_of(&run));
    cret_build_boolean(&diff, "identical", identical);
    cret_build_put(&diff, "before", cret_build_end(&run.before));
    cret_build_put(&diff, "after", cret_build_end(&run.after));
    cret_build_put(&diff, "differences", cret_build_end(&run.differences));
    cret_build_put(&diff, "notCompared", cret_build_end(&run.gaps));
    return cret_build_end(&diff);
}
