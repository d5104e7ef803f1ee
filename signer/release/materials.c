/* SPDX-License-Identifier: Apache-2.0 */
/* The checks on SBOM and advisories before they are signed. */
#include "signer/release/materials.h"

#include <stdlib.h>

#include "base/finding/limits.h"
#include "base/text/json.h"
#include "release/advisory/advisory.h"
#include "release/advisory/coverage.h"
#include "release/sbom/sbom_rules.h"
#include "signer/release/payload.h"

/* Texts of inputs that are parsed, by entry; NULL for all others. */
struct texts {
    char **list;
    size_t *sizes;
    size_t count;
};

static void free_texts(struct texts *texts)
{
    for (size_t i = 0; texts->list != NULL && i < texts->count; i++) {
        free(texts->list[i]);
    }
    free(texts->list);
    free(texts->sizes);
}

static enum cret_status read_entry(const struct cret_content *content, size_t entry,
                                   struct texts *texts, struct cret_err *err)
{
    const char *path = content->files.inputs[entry].path;
    return path == NULL ? CRET_OK
                        : cret_payload_read_text(&texts->list[entry], &texts->sizes[entry], content,
                                                 entry, CRET_LIMIT_PARSED_FILE_BYTES, err);
}

static enum cret_status read_texts(const struct cret_content *content, struct texts *texts,
                                   struct cret_err *err)
{
    texts->count = content->files.count;
    texts->list = calloc(texts->count + 1, sizeof(*texts->list));
    texts->sizes = calloc(texts->count + 1, sizeof(*texts->sizes));
    if (texts->list == NULL || texts->sizes == NULL) {
        return cret_err_memory(err);
    }
    for (size_t i = 0; i < texts->count; i++) {
        if (cret_advisories_wanted(content->manifest, i) &&
            read_entry(content, i, texts, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

static const char *get_text(const void *context, size_t entry, size_t *ret_size)
{
    const struct texts *texts = context;
    *ret_size = texts->sizes[entry];
    return texts->list[entry];
}

/* The SBOM; NULL in *ret_sbom where there is none, or it cannot be parsed (said elsewhere). */
static enum cret_status read_sbom(const struct cret_content *content, struct texts *texts,
                                  struct cret_sbom **ret_sbom, struct cret_err *err)
{
    size_t entry = 0;
    struct cret_err fault;
    cret_err_clear(&fault);
    *ret_sbom = NULL;
    if (!cret_sbom_wanted(content->manifest, &entry)) {
        return CRET_OK;
    }
    if (texts->list[entry] == NULL && read_entry(content, entry, texts, err) != CRET_OK) {
        return CRET_FAILED;
    }
    struct cret_findings *ignored = cret_findings_new();
    if (ignored == NULL || texts->list[entry] == NULL) {
        cret_findings_free(&ignored);
        return cret_err_memory(err);
    }
    enum cret_status status = CRET_OK;
    if (cret_sbom_read(ret_sbom, texts->list[entry], texts->sizes[entry],
                       cret_json_string(content->manifest->json, "sbom.file"),
                       cret_json_string(content->manifest->json, "sbom.format"), ignored,
                       &fault) != CRET_OK &&
        fault.class != CRET_ERR_REFUSED) {
        *err = fault;
        status = CRET_FAILED;
    }
    cret_findings_free(&ignored);
    return status;
}

static bool is_ignored(const struct cret_profile *profile, enum cret_check_id check)
{
    return cret_check_get(check)->severity == CRET_SEVERITY_IGNORE &&
           (profile == NULL || !profile->has_severity[check] ||
            profile->severities[check] == CRET_SEVERITY_IGNORE);
}

enum cret_status cret_materials_check(const struct cret_content *content,
                                      const struct cret_profile *profile,
                                      struct cret_findings *found, struct cret_err *err)
{
    static const struct cret_sbom_profile *const rules[] = {&cret_sbom_profile_ntia,
                                                            &cret_sbom_profile_bsi};
    struct texts texts = {0};
    struct cret_sbom *sbom = NULL;
    enum cret_status status = CRET_FAILED;
    if (read_texts(content, &texts, err) != CRET_OK ||
        read_sbom(content, &texts, &sbom, err) != CRET_OK) {
        goto out;
    }
    if (sbom != NULL) {
        cret_coverage_check(sbom, CRET_READER_SIGNER, found);
    }
    for (size_t i = 0; sbom != NULL && i < sizeof(rules) / sizeof(rules[0]); i++) {
        if (!is_ignored(profile, rules[i]->check) &&
            cret_sbom_judge_findings(sbom, rules[i], true, found, err) != CRET_OK) {
            goto out;
        }
    }
    status = cret_advisories_check(content->manifest, sbom, get_text, &texts, found, err);
out:
    cret_sbom_free(&sbom);
    free_texts(&texts);
    return status;
}
