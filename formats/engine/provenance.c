/* SPDX-License-Identifier: Apache-2.0 */
/* The one place where attestations and trust meet. */
#include "engine/provenance.h"

#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/text/json.h"
#include "base/text/json_build.h"
#include "release/provenance/provenance.h"
#include "trust/policy/attest.h"

/* What one run over the attestations carries. */
struct run {
    const struct cret_content *content;
    struct cret_findings *found;
    bool *named;  /* by entry: of an attestation that counts for the coverage */
    bool counted; /* any counts */
    struct cret_err *err;
};

/* One attestation. */
struct one {
    size_t index;
    const char *path; /* of its file; NULL: there is none */
    struct cret_provenance *provenance;
    struct cret_attest_judgement judgement;
    size_t matched;
    bool sound; /* in form, and about files of the release */
    const char *why_not;
};

enum cret_status cret_provenance_choose(const struct cret_content *content, struct cret_kept *kept,
                                        struct cret_err *err)
{
    const struct cret_manifest *manifest = content->manifest;
    for (size_t i = 0; i < cret_provenance_listed(manifest); i++) {
        const size_t entry = cret_provenance_file(manifest, i);
        if (cret_provenance_wanted(manifest, i) &&
            (content->read == NULL || content->read[entry]) &&
            cret_kept_choose(kept, entry, manifest->entries[entry].size, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

static void add_form(const struct run *run, const struct one *one, enum cret_result result,
                     const char *expected, const char *actual, const char *reason)
{
    cret_findings_add(
        run->found, CRET_CHECK_PROVENANCE_FORM, result,
        (struct cret_finding_text){.where = one->path, .expected = expected, .actual = actual},
        "%s", reason);
}

/* What the manifest calls it, and what it is. */
static bool is_as_listed(const struct run *run, const struct one *one)
{
    const json_t *entry =
        json_array_get(json_object_get(run->content->manifest->json, "provenance"), one->index);
    const char *listed = cret_json_string(entry, "predicateType");
    if (listed != NULL && strcmp(listed, one->provenance->predicate_type) == 0) {
        return true;
    }
    add_form(run, one, CRET_RESULT_FAIL, listed, one->provenance->predicate_type,
             "the attestation has another predicate than the manifest says");
    return false;
}

/* Reads one; leaves provenance NULL where that is impossible, and says so. */
static enum cret_status read_one(const struct run *run, struct one *one)
{
    const struct cret_content *content = run->content;
    const struct cret_manifest *manifest = content->manifest;
    const size_t entry = cret_provenance_file(manifest, one->index);
    struct cret_err fault = {0};
    size_t size = 0;
    if (entry == manifest->file_count) {
        return CRET_OK; /* manifest.form says it */
    }
    one->path = manifest->entries[entry].path;
    const char *text = cret_provenance_wanted(manifest, one->index)
                           ? cret_kept_text(content->kept, entry, &size)
                           : NULL;
    if (text == NULL) {
        const bool read = content->read == NULL || content->read[entry];
        add_form(run, one, CRET_RESULT_NOT_CHECKED, NULL, NULL,
                 read ? "the attestation is too large to be read, or one too many"
                      : "the attestation was not among the files given with --only");
        return CRET_OK;
    }
    if (cret_provenance_read(&one->provenance, text, size, &fault) == CRET_OK) {
        return CRET_OK;
    }
    if (fault.class != CRET_ERR_REFUSED) {
        *run->err = fault;
        return CRET_FAILED;
    }
    one->why_not = "it cannot be read";
    char where[CRET_LIMIT_PATH_BYTES + 200];
    snprintf(where, sizeof(where), "%s %.180s", one->path, fault.where);
    cret_findings_add(
        run->found, CRET_CHECK_PROVENANCE_FORM, CRET_RESULT_FAIL,
        (struct cret_finding_text){.where = where,
                                   .expected = fault.expected[0] != '\0' ? fault.expected : NULL,
                                   .actual = fault.actual[0] != '\0' ? fault.actual : NULL},
        "%s", fault.what);
    return CRET_OK;
}

static const char *const answers[] = {
    [CRET_ATTEST_UNASKED] = "the trust policy names nobody who signs provenance of this product",
    [CRET_ATTEST_UNSIGNED] = "the provenance is not signed",
    [CRET_ATTEST_UNKNOWN] = "the provenance is not signed by enough of those whom the policy names",
    [CRET_ATTEST_BROKEN] = "the signature of the provenance is not one by the key that it names",
    [CRET_ATTEST_REVOKED] = "the certificate of whoever signed the provenance was revoked",
    [CRET_ATTEST_BUILDER] = "the provenance speaks for a builder that the policy does not name",
};

static bool demands(const struct run *run, enum cret_check_id check)
{
    return cret_profile_result(run->content->profile, run->content->severities, check) ==
           CRET_RESULT_FAIL;
}

/* What nobody trusted signed is carried; where the policy demands more, it refuses. */
static enum cret_result unproved(const struct run *run, enum cret_attest_answer answer)
{
    return demands(run, CRET_CHECK_PROVENANCE_SIGNATURE) || answer == CRET_ATTEST_BROKEN ||
                   answer == CRET_ATTEST_REVOKED || answer == CRET_ATTEST_BUILDER
               ? CRET_RESULT_FAIL
               : CRET_RESULT_NOT_CHECKED;
}

static void add_signature(const struct run *run, const struct one *one, enum cret_result result,
                          const char *reason)
{
    const char *builder = one->provenance != NULL ? one->provenance->builder : NULL;
    cret_findings_add(run->found, CRET_CHECK_PROVENANCE_SIGNATURE, result,
                      (struct cret_finding_text){.where = one->path, .actual = builder}, "%s",
                      reason);
}

/* What revocation lists say of its signers, or leave open. */
static void report_lists(const struct run *run, const struct one *one)
{
    struct cret_err why = one->judgement.lists;
    if (why.class == CRET_ERR_REFUSED) {
        cret_err_context(&why, "a signer of the provenance %s", one->path);
        cret_findings_add_err(run->found, CRET_RESULT_WARN, &why);
    }
}

static void report_signature(const struct run *run, struct one *one)
{
    const struct cret_attest_judgement *judgement = &one->judgement;
    report_lists(run, one);
    if (!cret_provenance_is_slsa(one->provenance)) {
        one->why_not = "its predicate is no SLSA provenance v1, which alone is judged";
        add_signature(run, one, unproved(run, CRET_ATTEST_UNKNOWN),
                      "the attestation is no SLSA provenance v1: nothing is taken from it");
        return;
    }
    if (judgement->answer == CRET_ATTEST_PROVED && !one->sound) {
        one->why_not = "it is signed as the policy asks, but not for these files";
        add_signature(run, one, unproved(run, CRET_ATTEST_UNKNOWN),
                      "the provenance is signed as the policy asks, but is not held to these files "
                      "by SHA-256 (see provenance.subject)");
        return;
    }
    if (judgement->answer == CRET_ATTEST_PROVED) {
        char level[40] = "";
        if (judgement->has_level) {
            snprintf(level, sizeof(level), ", SLSA build level %u", judgement->level);
        }
        cret_findings_add(run->found, CRET_CHECK_PROVENANCE_SIGNATURE, CRET_RESULT_PASS,
                          (struct cret_finding_text){.where = one->path},
                          "built by %s, as %s signed%s", one->provenance->builder,
                          judgement->signers, level);
        return;
    }
    one->why_not = answers[judgement->answer];
    add_signature(run, one, unproved(run, judgement->answer), one->why_not);
}

/* By the policy, where there is one: only SLSA provenance says who built something. */
static enum cret_status judge_one(struct run *run, struct one *one)
{
    const struct cret_content *content = run->content;
    const struct cret_provenance *provenance = one->provenance;
    struct cret_attest_signature signatures[CRET_LIMIT_ATTESTATION_SIGNATURES];
    if (!cret_provenance_is_slsa(provenance)) {
        return CRET_OK;
    }
    for (size_t i = 0; i < provenance->signature_count; i++) {
        signatures[i] = (struct cret_attest_signature){provenance->signatures[i].value,
                                                       provenance->signatures[i].size,
                                                       provenance->signatures[i].keyid};
    }
    const struct cret_attest_request request = {.policy = content->policy,
                                                .vendor = content->manifest->vendor,
                                                .product = content->manifest->product,
                                                .now = content->now,
                                                .message = provenance->message,
                                                .size = provenance->message_size,
                                                .signatures = signatures,
                                                .count = provenance->signature_count,
                                                .builder = provenance->builder};
    if (cret_policy_judge_attestation(&one->judgement, &request, run->err) != CRET_OK) {
        return CRET_FAILED;
    }
    return CRET_OK;
}

/* Its subjects; they count for the coverage where it is proved, or where nobody judges that. */
static enum cret_status match_one(struct run *run, struct one *one)
{
    const struct cret_manifest *manifest = run->content->manifest;
    const bool counts = run->content->policy == NULL ? cret_provenance_is_slsa(one->provenance)
                                                     : one->judgement.answer == CRET_ATTEST_PROVED;
    const size_t before =
        cret_findings_tally(run->found, CRET_CHECK_PROVENANCE_SUBJECT, CRET_RESULT_FAIL);
    bool *named = calloc(manifest->file_count + 1, sizeof(*named));
    if (named == NULL) {
        return cret_err_memory(run->err);
    }
    const enum cret_status status = cret_provenance_match(
        one->provenance, manifest, one->path, named, &one->matched, run->found, run->err);
    one->sound =
        status == CRET_OK && one->matched > 0 &&
        cret_findings_tally(run->found, CRET_CHECK_PROVENANCE_SUBJECT, CRET_RESULT_FAIL) == before;
    for (size_t i = 0; one->sound && counts && i < manifest->file_count; i++) {
        run->named[i] = run->named[i] || named[i];
    }
    run->counted = run->counted || (one->sound && counts);
    free(named);
    return status;
}

/* Where not every SHA-256 was computed, what a subject is compared with is a claim. */
static json_t *facts_of(const struct run *run, const struct one *one)
{
    const struct cret_provenance *provenance = one->provenance;
    const bool proved =
        one->judgement.answer == CRET_ATTEST_PROVED && one->sound && !run->content->digests_claimed;
    struct cret_build object = cret_build_object();
    cret_build_text(&object, "file", one->path);
    if (provenance != NULL) {
        cret_build_text(&object, "predicateType", provenance->predicate_type);
        cret_build_text(&object, "builder", provenance->builder);
        cret_build_text(&object, "buildType", provenance->build_type);
        cret_build_integer(
            &object, "subjects",
            (int64_t)json_array_size(json_object_get(provenance->statement, "subject")));
        cret_build_integer(&object, "matched", (int64_t)one->matched);
    }
    cret_build_boolean(&object, "proved", proved);
    if (proved) {
        cret_build_text(&object, "signers", one->judgement.signers);
        if (one->judgement.has_level) {
            cret_build_integer(&object, "level", (int64_t)one->judgement.level);
        }
    } else {
        cret_build_string(&object, "whyNot",
                          one->why_not != NULL ? one->why_not
                          : one->sound         ? "not all digests were computed in this run"
                                       : "it is about none of these files, or was not read");
    }
    return cret_build_end(&object);
}

static enum cret_status check_one(struct run *run, size_t index, struct cret_build *facts)
{
    struct one one = {.index = index};
    enum cret_status status = read_one(run, &one);
    if (status == CRET_OK && one.provenance != NULL && is_as_listed(run, &one)) {
        add_form(run, &one, CRET_RESULT_PASS, NULL, NULL, "the attestation is in form");
        if (run->content->policy != NULL) {
            status = judge_one(run, &one);
        }
        if (status == CRET_OK) {
            status = match_one(run, &one);
        }
        if (status == CRET_OK && run->content->policy != NULL) {
            report_signature(run, &one);
        }
    } else if (status == CRET_OK && one.path != NULL && run->content->policy != NULL &&
               unproved(run, CRET_ATTEST_UNKNOWN) == CRET_RESULT_FAIL) {
        add_signature(run, &one, CRET_RESULT_FAIL, "what cannot be read proves no provenance");
    }
    if (status == CRET_OK && one.path != NULL) {
        cret_build_add(facts, facts_of(run, &one));
    }
    cret_provenance_free(&one.provenance);
    cret_attest_judgement_clear(&one.judgement);
    return status;
}

/* A policy that demands provenance refuses a release without any. */
static void check_absent(const struct run *run)
{
    if (run->content->policy != NULL && unproved(run, CRET_ATTEST_UNKNOWN) == CRET_RESULT_FAIL) {
        cret_findings_add(run->found, CRET_CHECK_PROVENANCE_SIGNATURE, CRET_RESULT_FAIL,
                          (struct cret_finding_text){.where = "MANIFEST.json, #/provenance",
                                                     .expected = "SLSA provenance v1",
                                                     .actual = "none"},
                          "the release carries no provenance, which the policy demands");
    }
}

enum cret_status cret_provenance_check(const struct cret_content *content,
                                       struct cret_findings *found, json_t **ret_facts,
                                       struct cret_err *err)
{
    const size_t listed = cret_provenance_listed(content->manifest);
    struct run run = {.content = content, .found = found, .err = err};
    struct cret_build facts = cret_build_list();
    enum cret_status status = CRET_OK;
    if (listed == 0) {
        check_absent(&run);
    }
    run.named = calloc(content->manifest->file_count + 1, sizeof(*run.named));
    if (run.named == NULL) {
        status = cret_err_memory(err);
    }
    for (size_t i = 0; status == CRET_OK && i < listed && i < CRET_LIMIT_LIST; i++) {
        status = check_one(&run, i, &facts);
    }
    /* Where it is demanded, no provenance that counts is no cover. */
    if (status == CRET_OK && (run.counted || (listed > 0 && content->policy == NULL) ||
                              demands(&run, CRET_CHECK_PROVENANCE_COVERAGE))) {
        cret_provenance_cover(content->manifest, run.named, found);
    }
    free(run.named);
    json_t *list = NULL;
    if (status == CRET_OK && listed > 0) {
        status = cret_build_take(&list, &facts, err);
    } else {
        json_decref(cret_build_end(&facts));
    }
    if (status == CRET_OK) {
        *ret_facts = list;
    }
    return status;
}
