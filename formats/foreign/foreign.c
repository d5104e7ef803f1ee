/* SPDX-License-Identifier: Apache-2.0 */
/* From a file in a vendor's own format to findings: the one place that says PASS of them. */
#include "foreign/foreign.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text/text.h"
#include "base/text/time.h"

#define KIND(name) extern const struct cret_foreign_kind cret_foreign_kind_##name;
#include "foreign/kinds.h"
#undef KIND

const struct cret_foreign_kind *const cret_foreign_kinds[] = {
#define KIND(name) &cret_foreign_kind_##name,
#include "foreign/kinds.h"
#undef KIND
    NULL};

const struct cret_foreign_kind *cret_foreign_recognize(const struct cret_foreign_file *file)
{
    for (size_t i = 0; cret_foreign_kinds[i] != NULL; i++) {
        const struct cret_foreign_kind *kind = cret_foreign_kinds[i];
        if (!kind->beside && kind->recognize(file, NULL)) {
            return kind;
        }
    }
    return NULL;
}

static const struct cret_foreign_kind *find_beside(const struct cret_foreign_file *file,
                                                   const struct cret_foreign_request *request,
                                                   const struct cret_foreign_side *besides,
                                                   bool list,
                                                   const struct cret_foreign_side **ret_side)
{
    for (size_t i = 0; cret_foreign_kinds[i] != NULL; i++) {
        const struct cret_foreign_kind *kind = cret_foreign_kinds[i];
        for (size_t j = 0;
             (kind->beside || kind->either) && kind->list == list && j < request->side_count; j++) {
            if (&request->sides[j] != besides && kind->recognize(file, &request->sides[j])) {
                *ret_side = &request->sides[j];
                return kind;
            }
        }
    }
    return NULL;
}

/* The kind, and the side file that it is of; *ret_side NULL: the signature is inside. What lies
 * beside comes first: it was given on purpose. Where a list of hashes lies there, whatever else
 * does is that list's signature. besides: the list whose signature is looked for, or NULL. */
static const struct cret_foreign_kind *find_kind(const struct cret_foreign_file *file,
                                                 const struct cret_foreign_request *request,
                                                 const struct cret_foreign_side *besides,
                                                 const struct cret_foreign_side **ret_side)
{
    const struct cret_foreign_kind *kind = NULL;
    *ret_side = NULL;
    if (besides == NULL) {
        kind = find_beside(file, request, besides, true, ret_side);
    }
    kind = kind != NULL ? kind : find_beside(file, request, besides, false, ret_side);
    return kind != NULL || besides != NULL ? kind : cret_foreign_recognize(file);
}

static enum cret_status ask(const struct cret_foreign_kind *kind,
                            const struct cret_foreign_request *request,
                            const struct cret_foreign_file *file,
                            const struct cret_foreign_side *side, struct cret_foreign_proof *proof,
                            struct cret_err *err)
{
    const struct cret_foreign_question question = {.file = file,
                                                   .side = side,
                                                   .sides = request->sides,
                                                   .side_count = request->side_count,
                                                   .pin_kind = kind->pin_kind,
                                                   .policy = request->policy,
                                                   .vendor = request->vendor,
                                                   .product = request->product,
                                                   .now = request->now,
                                                   .allow_example_keys =
                                                       request->allow_example_keys};
    memset(proof, 0, sizeof(*proof));
    return kind->verify(&question, proof, err);
}

/* The list of hashes is what the pin vouches for: its own signature lies beside it. */
static enum cret_status ask_list(struct cret_foreign_result *result,
                                 const struct cret_foreign_request *request,
                                 const struct cret_foreign_side *list, struct cret_err *err)
{
    const struct cret_foreign_side *side = NULL;
    const struct cret_foreign_file file = {
        .name = list->name, .data = list->data, .fd = -1, .size = list->size};
    const struct cret_foreign_kind *kind = find_kind(&file, request, list, &side);
    if (kind == NULL || kind->pin_kind == NULL) {
        return CRET_OK;
    }
    result->list_kind = kind;
    result->list_side = side;
    if (ask(kind, request, &file, side, &result->list_proof, err) != CRET_OK) {
        return cret_err_context(err, "the signature of the hash list");
    }
    return CRET_OK;
}

static void pass(struct cret_findings *findings, enum cret_check_id check, const char *where,
                 const char *reason)
{
    cret_findings_add(findings, check, CRET_RESULT_PASS, (struct cret_finding_text){.where = where},
                      "%s", reason);
}

/* Whether the file can be taken with it. */
static bool report_gap(const struct cret_foreign_gap *gap, struct cret_findings *findings)
{
    char place[96];
    snprintf(place, sizeof(place), "byte %" PRIu64 "%s, %" PRIu64 " %s", gap->offset,
             gap->in_signature ? " of the signature" : "", gap->bytes,
             cret_plural(gap->bytes, "byte", "bytes"));
    if (gap->told) {
        cret_findings_add(
            findings, CRET_CHECK_FOREIGN_COVERAGE, CRET_RESULT_WARN,
            (struct cret_finding_text){
                .where = place, .hint = "ask the vendor who put them there, and what reads them"},
            "nobody signed these bytes, and nothing here reads them: %s", gap->what);
    } else if (!gap->zero && !gap->accepted) {
        cret_findings_add(findings, CRET_CHECK_FOREIGN_COVERAGE, CRET_RESULT_FAIL,
                          (struct cret_finding_text){
                              .where = place,
                              .expected = "nothing, or zeros",
                              .hint = gap->hint != NULL ? gap->hint
                                                        : "ask the vendor for the file without "
                                                          "what was put there"},
                          "no signature covers these bytes: %s", gap->what);
    }
    return gap->zero || gap->accepted;
}

/* Every gap is named; one that is not zero, and that the format does not have, refuses. */
static void report_gaps(const struct cret_foreign_proof *proof, const char *where,
                        struct cret_findings *findings)
{
    bool clean = proof->covered && !proof->gaps_lost;
    struct cret_buffer parts = {0};
    for (size_t i = 0; i < proof->gap_count; i++) {
        const struct cret_foreign_gap *gap = &proof->gaps[i];
        clean = report_gap(gap, findings) && clean;
        cret_buffer_printf(&parts, "%s%s (%" PRIu64 " %s%s)", i == 0 ? "" : "; ", gap->what,
                           gap->bytes, cret_plural(gap->bytes, "byte", "bytes"),
                           gap->zero ? ", zero" : "");
    }
    clean = clean && !parts.failed;
    if (clean) {
        cret_findings_add(findings, CRET_CHECK_FOREIGN_COVERAGE, CRET_RESULT_PASS,
                          (struct cret_finding_text){.where = where},
                          proof->gap_count == 0
                              ? "every byte is hashed, or is the signature%s"
                              : "every byte is hashed, or is the signature, but for parts that "
                                "nobody signed and that are no content of the format: %s",
                          proof->gap_count == 0 ? "" : parts.data);
    } else if (cret_findings_tally(findings, CRET_CHECK_FOREIGN_COVERAGE, CRET_RESULT_FAIL) == 0) {
        cret_findings_add(findings, CRET_CHECK_FOREIGN_COVERAGE, CRET_RESULT_FAIL,
                          (struct cret_finding_text){.where = where},
                          "it is not known which bytes the signature covers");
    }
    cret_buffer_free(&parts);
}

static void report_strength(const struct cret_foreign_proof *proof,
                            const struct cret_foreign_pin *pin, const char *where,
                            struct cret_findings *findings)
{
    if (!proof->weak) {
        pass(findings, CRET_CHECK_FOREIGN_STRENGTH, where, "no broken digest is relied on");
        return;
    }
    const bool allowed = pin != NULL && pin->weak_digests;
    cret_findings_add(
        findings, CRET_CHECK_FOREIGN_STRENGTH, allowed ? CRET_RESULT_WARN : CRET_RESULT_FAIL,
        (struct cret_finding_text){.where = where,
                                   .actual = proof->weak_words,
                                   .hint = allowed ? NULL
                                                   : "ask the vendor for SHA-256; weakDigests in "
                                                     "the pin lets it count for old files"},
        "%s: it proves no more than a transfer without accident", proof->weak_words);
    if (allowed) {
        pass(findings, CRET_CHECK_FOREIGN_STRENGTH, where,
             "the pin lets weak digests count for this vendor");
    }
}

/* What the policy asks of time, over what the path was judged by. */
static void report_time(const struct cret_foreign_proof *proof, const struct cret_policy *policy,
                        const char *where, struct cret_findings *findings)
{
    char time[32];
    if (proof->time.given) {
        cret_time_format(time, proof->time.value);
        cret_findings_add(findings, CRET_CHECK_FOREIGN_TIMESTAMP, CRET_RESULT_PASS,
                          (struct cret_finding_text){.where = where, .actual = time},
                          "signed by %s, says the %s", time, proof->time_by);
    } else if (policy->timestamp == CRET_DEMAND_REQUIRE) {
        cret_findings_add(findings, CRET_CHECK_FOREIGN_TIMESTAMP, CRET_RESULT_FAIL,
                          (struct cret_finding_text){
                              .where = where,
                              .hint = "ask the vendor for a file that was timestamped by an "
                                      "authority of the policy"},
                          "the trust policy requires a timestamp, and no trusted one is there");
    } else if (policy->timestamp == CRET_DEMAND_PREFER && proof->has_certificate) {
        cret_findings_add(findings, CRET_CHECK_FOREIGN_TIMESTAMP, CRET_RESULT_WARN,
                          (struct cret_finding_text){.where = where},
                          "no trusted timestamp says when it was signed");
    }
}

static void report_pin(const struct cret_foreign_result *result,
                       const struct cret_foreign_proof *proof, struct cret_findings *findings)
{
    const char *vendor = result->scope != NULL ? result->scope->vendor : NULL;
    cret_findings_add(findings, CRET_CHECK_FOREIGN_PIN, CRET_RESULT_PASS,
                      (struct cret_finding_text){
                          .where = proof->subject[0] != '\0' ? proof->subject : proof->key_name},
                      vendor != NULL ? "pinned as %s, for %s" : "pinned as %s%s", result->pin->name,
                      vendor != NULL ? vendor : " on the command line");
}

static void report_unsigned_list(const struct cret_foreign_request *request,
                                 struct cret_findings *findings)
{
    if (request->published) {
        return; /* whoever asks says so by himself: this is no proof of a vendor's signature */
    }
    cret_findings_add(
        findings, CRET_CHECK_FOREIGN_PIN, CRET_RESULT_FAIL,
        (struct cret_finding_text){
            .expected = "a signature of the list by somebody who is pinned",
            .hint = "give the list's own signature with a second --foreign-signature; or compare "
                    "the digest with the vendor's page, and adopt the file (--published-sha256)"},
        "the file is the one of the list, but nobody pinned signed the list: it proves only that "
        "file and list agree");
}

/* What the scope of the pin asks of a release: a file that cannot answer is not let through. */
static void report_scope(const struct cret_policy_scope *scope, bool adopts,
                         struct cret_findings *findings)
{
    static const char hint[] =
        "give the pins a scope of their own (trust add-foreign, for a "
        "--product that this one does not list, or a --vendor of its own), or "
        "adopt the file without them: an archive of its owner says all that";
    if (scope != NULL && scope->floor_count > 0) {
        cret_findings_add(findings, CRET_CHECK_FOREIGN_FORM, CRET_RESULT_FAIL,
                          (struct cret_finding_text){.hint = hint},
                          "the trust policy asks for a sequence that is no older, which a file in "
                          "a vendor's own format does not say");
    }
    for (size_t i = 0; scope != NULL && i < scope->role_count; i++) {
        const char *name = scope->roles[i].name;
        if (strcmp(name, "release") != 0 && !(adopts && strcmp(name, "owner") == 0)) {
            cret_findings_add(findings, CRET_CHECK_FOREIGN_FORM, CRET_RESULT_FAIL,
                              (struct cret_finding_text){.hint = hint},
                              "the trust policy asks for a signature in the role %s besides, which "
                              "a file in a vendor's own format cannot have",
                              name);
        }
    }
}

/* What the operator gave, and no proof is of: he would think that it was judged. */
static void report_unused(const struct cret_foreign_result *result,
                          const struct cret_foreign_request *request,
                          struct cret_findings *findings)
{
    for (size_t i = 0; i < request->side_count; i++) {
        const struct cret_foreign_side *side = &request->sides[i];
        if (side != result->side && side != result->list_side) {
            cret_findings_add(findings, CRET_CHECK_FOREIGN_FORM, CRET_RESULT_WARN,
                              (struct cret_finding_text){
                                  .where = side->name,
                                  .hint = "one proof is judged a run: run it again with this one "
                                          "alone, or leave it out"},
                              "it was given beside the file, and was not judged: what was proved "
                              "rests on %s",
                              result->side != NULL ? result->side->name
                                                   : "the signature inside of the file");
        }
    }
}

/* A proof that was read to its end. `whole`: its parts are of the file that is judged. */
static void report(struct cret_foreign_result *result, const struct cret_foreign_request *request,
                   struct cret_findings *findings)
{
    const struct cret_foreign_proof *proof = &result->proof;
    const bool by_list = proof->equality_only && result->list_kind != NULL;
    const struct cret_foreign_proof *signer = by_list ? &result->list_proof : proof;
    const char *where = request->file->name;
    const bool value = proof->verified && (!by_list || result->list_proof.verified);
    pass(findings, CRET_CHECK_FOREIGN_FORM, where, result->kind->words);
    report_unused(result, request, findings);
    cret_findings_add(findings, CRET_CHECK_FOREIGN_VALUE,
                      value ? CRET_RESULT_PASS : CRET_RESULT_FAIL,
                      (struct cret_finding_text){.where = where},
                      value ? "the %s of the file is the one that the proof is about"
                            : "nothing says that the %s is right",
                      value ? proof->digest_algorithm : "signature");
    report_gaps(proof, where, findings);
    if (by_list) {
        report_gaps(&result->list_proof, "the hash list", findings);
    }
    if (value && (!proof->equality_only || by_list)) {
        result->pin = signer->pin;
        result->scope = signer->scope;
    }
    report_scope(result->scope, request->adopts, findings);
    report_strength(proof, result->pin, where, findings);
    if (by_list) {
        report_strength(signer, result->pin, "the hash list", findings);
    }
    report_time(signer, request->policy, where, findings);
    if (result->pin != NULL) {
        report_pin(result, signer, findings);
    } else if (proof->equality_only && !by_list) {
        report_unsigned_list(request, findings);
    } else {
        cret_findings_add(findings, CRET_CHECK_FOREIGN_PIN, CRET_RESULT_FAIL,
                          (struct cret_finding_text){.where = where},
                          "nobody who is pinned vouches for the file");
    }
}

static enum cret_status refuse_unknown(const struct cret_foreign_request *request,
                                       struct cret_err *err)
{
    cret_err_refuse(err, CRET_CHECK_FOREIGN_FORM,
                    request->side_count > 0
                        ? "what lies beside the file is no signature of a kind that is read here"
                        : "the file carries no signature of a kind that is read here");
    return cret_err_hint(err, "docs/spec/foreign.md lists the kinds; a file that the vendor did "
                              "not sign can be adopted (cretula-sign adopt)");
}

static enum cret_status judge(struct cret_foreign_result *result,
                              const struct cret_foreign_request *request, struct cret_err *err)
{
    const struct cret_foreign_side *side = NULL;
    result->kind = find_kind(request->file, request, NULL, &side);
    if (result->kind == NULL) {
        return refuse_unknown(request, err);
    }
    result->side = side;
    if (ask(result->kind, request, request->file, side, &result->proof, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return result->proof.equality_only && side != NULL ? ask_list(result, request, side, err)
                                                       : CRET_OK;
}

enum cret_status cret_foreign_judge(struct cret_foreign_result *ret_result,
                                    const struct cret_foreign_request *request,
                                    struct cret_findings *findings, struct cret_err *err)
{
    struct cret_err why = {0};
    struct cret_foreign_file file = *request->file;
    struct cret_foreign_request asked = *request;
    asked.file = &file;
    memset(ret_result, 0, sizeof(*ret_result));
    if (cret_foreign_see(&file, ret_result->sha256, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const enum cret_status status = judge(ret_result, &asked, &why);
    const enum cret_status same = cret_foreign_unchanged(&file, err);
    cret_foreign_forget(&file);
    if (same != CRET_OK) {
        ret_result->pin = NULL;
        ret_result->scope = NULL;
        return CRET_FAILED;
    }
    if (status == CRET_OK) {
        report(ret_result, request, findings);
        return CRET_OK;
    }
    ret_result->pin = NULL;
    ret_result->scope = NULL;
    if (why.class != CRET_ERR_REFUSED) {
        if (err != NULL) {
            *err = why;
        }
        return CRET_FAILED;
    }
    cret_findings_add_err(findings, CRET_RESULT_FAIL, &why);
    return CRET_OK;
}
