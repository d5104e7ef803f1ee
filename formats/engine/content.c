/* SPDX-License-Identifier: Apache-2.0 */
/* The order of the checks, the files they look at, and the severity of what they find. */
#include "engine/content.h"

#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/text/json.h"
#include "engine/provenance.h"
#include "release/advisory/advisory.h"
#include "release/advisory/coverage.h"
#include "release/sbom/sbom_parts.h"
#include "release/sbom/sbom_rules.h"
#include "release/statements/checks.h"
#include "release/statements/claims.h"
#include "release/statements/openeox.h"

/* What a fault of the check becomes here. */
static enum cret_result fault_result(const struct cret_content *content, enum cret_check_id check)
{
    return cret_profile_result(content->profile, content->severities, check);
}

/* What rests on SHA-256 digests of all files; it does not hold where some were not computed. */
static bool rests_on_digests(enum cret_check_id check)
{
    return check == CRET_CHECK_SBOM_BINDING || check == CRET_CHECK_VEX_MATCH ||
           check == CRET_CHECK_PROVENANCE_SUBJECT || check == CRET_CHECK_PROVENANCE_COVERAGE ||
           check == CRET_CHECK_PROVENANCE_SIGNATURE || check == CRET_CHECK_ADVISORY_DIGEST ||
           check == CRET_CHECK_ADVISORY_MATCH;
}

/* Adds what checkers found, with the severities of policy and profile. */
static void add_found(const struct cret_content *content, const struct cret_findings *found,
                      struct cret_findings *findings)
{
    for (size_t i = 0; i < cret_findings_count(found); i++) {
        const struct cret_finding *finding = cret_findings_at(found, i);
        const char *hint = finding->hint, *note = "";
        enum cret_result result = finding->result;
        if (result == CRET_RESULT_FAIL) {
            result = fault_result(content, finding->check);
            hint = cret_check_hint(finding->check, content->reader, hint);
        } else if (result == CRET_RESULT_PASS && content->digests_claimed &&
                   rests_on_digests(finding->check)) {
            result = CRET_RESULT_NOT_CHECKED;
            note = "not all SHA-256 digests were computed in this run: ";
        }
        cret_findings_add(findings, finding->check, result,
                          (struct cret_finding_text){.where = finding->where,
                                                     .expected = finding->expected,
                                                     .actual = finding->actual,
                                                     .hint = hint},
                          "%s%s", note, finding->reason);
    }
    if (cret_findings_broken(found)) {
        cret_findings_break(findings);
    }
}

void cret_content_check_manifest(const struct cret_content *content, struct cret_findings *findings)
{
    const struct cret_release_context context = {.now = content->now,
                                                 .hardware = content->hardware,
                                                 .profile = content->profile,
                                                 .reader = content->reader};
    struct cret_findings *found = cret_findings_new();
    if (found == NULL) {
        cret_findings_break(findings);
        return;
    }
    cret_release_check(content->manifest, &context, found);
    cret_claims_check_manifest(content->manifest, found);
    add_found(content, found, findings);
    cret_findings_free(&found);
}

static bool is_prose(const struct cret_manifest *manifest, size_t entry)
{
    return strcmp(manifest->files[entry].role, "document") == 0 ||
           strcmp(manifest->files[entry].role, "release-notes") == 0;
}

static bool is_scanned(const struct cret_manifest *manifest, size_t entry)
{
    enum cret_claim_markup markup;
    return is_prose(manifest, entry) && cret_claims_markup(manifest->entries[entry].path, &markup);
}

static bool is_read(const struct cret_content *content, size_t entry)
{
    return content->read == NULL || content->read[entry];
}

/* As many files as fit into the room, so that memory stays flat. */
static enum cret_status choose(const struct cret_content *content, struct cret_kept *kept,
                               bool (*wanted)(const struct cret_manifest *manifest, size_t entry),
                               uint64_t room, struct cret_err *err)
{
    const struct cret_manifest *manifest = content->manifest;
    for (size_t i = 0; i < manifest->file_count; i++) {
        const uint64_t size = manifest->entries[i].size;
        if (size > room || !is_read(content, i) || !wanted(manifest, i)) {
            continue;
        }
        if (cret_kept_choose(kept, i, size, err) != CRET_OK) {
            return CRET_FAILED;
        }
        room -= size;
    }
    return CRET_OK;
}

enum cret_status cret_content_choose(const struct cret_content *content, struct cret_kept *kept,
                                     struct cret_err *err)
{
    const struct cret_manifest *manifest = content->manifest;
    for (size_t i = 0; i < cret_sbom_listed(manifest); i++) {
        size_t sbom = 0;
        if (cret_sbom_wanted(&(struct cret_sbom_place){manifest, i}, &sbom) &&
            is_read(content, sbom) &&
            cret_kept_choose(kept, sbom, manifest->entries[sbom].size, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    if (cret_provenance_choose(content, kept, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return choose(content, kept, cret_advisories_wanted, CRET_LIMIT_PARSED_FILE_BYTES, err) ==
                       CRET_OK &&
                   choose(content, kept, cret_openeox_wanted, CRET_LIMIT_PARSED_FILE_BYTES, err) ==
                       CRET_OK
               ? choose(content, kept, is_scanned, CRET_LIMIT_SCANNED_BYTES, err)
               : CRET_FAILED;
}

/* Form and binding of one SBOM; *ret_sbom: NULL where it cannot be parsed. */
static enum cret_status check_sbom(const struct cret_content *content, size_t index,
                                   struct cret_sbom **ret_sbom, struct cret_findings *found,
                                   struct cret_err *err)
{
    const struct cret_manifest *manifest = content->manifest;
    const struct cret_sbom_place place = {manifest, index};
    const size_t entry = cret_sbom_file(&place);
    size_t size = 0;
    struct cret_err fault = {0};
    if (entry == manifest->file_count) {
        return CRET_OK;
    }
    if (!is_read(content, entry)) {
        cret_findings_add(found, CRET_CHECK_SBOM_BINDING, CRET_RESULT_NOT_CHECKED,
                          (struct cret_finding_text){.where = manifest->entries[entry].path},
                          "the SBOM was not among the files given with --only");
        return CRET_OK;
    }
    const char *text = cret_kept_text(content->kept, entry, &size);
    if (cret_sbom_check_payload(&place, text, size, content->payload, ret_sbom, found, &fault) !=
            CRET_OK &&
        fault.class != CRET_ERR_REFUSED) {
        *err = fault;
        return CRET_FAILED;
    }
    return CRET_OK;
}

/* Profiles that policy or profile ask for. A check that is ignored says nothing. */
static enum cret_status check_quality(const struct cret_content *content,
                                      const struct cret_sbom *sbom, struct cret_findings *found,
                                      struct cret_err *err)
{
    for (size_t i = 0; i < CRET_SBOM_PROFILE_COUNT; i++) {
        const struct cret_sbom_profile *profile = cret_sbom_profile_at(i);
        if (fault_result(content, profile->check) != CRET_RESULT_NOT_CHECKED &&
            cret_sbom_judge_findings(sbom, profile, true, found, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return CRET_OK;
}

static void check_documents(const struct cret_content *content, struct cret_findings *found)
{
    const struct cret_manifest *manifest = content->manifest;
    size_t unread = 0;
    for (size_t i = 0; i < manifest->file_count; i++) {
        enum cret_claim_markup markup;
        size_t size = 0;
        const char *path = manifest->entries[i].path;
        const char *text = cret_kept_text(content->kept, i, &size);
        if (!is_prose(manifest, i)) {
            continue;
        }
        if (text == NULL || !cret_claims_markup(path, &markup)) {
            unread++;
            continue;
        }
        cret_claims_check_text(manifest, path, text, size, markup, found);
    }
    if (unread > 0) {
        cret_findings_add(found, CRET_CHECK_CLAIMS_HYGIENE, CRET_RESULT_NOT_CHECKED,
                          (struct cret_finding_text){0},
                          "%zu %s not searched for claims (PDF, too large, "
                          "or not read)",
                          unread, cret_plural(unread, "document was", "documents were"));
    }
}

static const char *kept_text(const void *context, size_t entry, size_t *ret_size)
{
    return cret_kept_text(context, entry, ret_size);
}

static enum cret_status learn_sbom(struct cret_content_sbom *facts, const struct cret_sbom *sbom,
                                   struct cret_err *err)
{
    *facts = (struct cret_content_sbom){.read = true, .components = cret_sbom_count(sbom)};
    facts->parts = cret_sbom_parts_brief(sbom, CRET_LIMIT_RECORD_ENTRIES, &facts->left_out);
    return facts->parts != NULL ? CRET_OK : cret_err_memory(err);
}

/* Every SBOM that the manifest lists, each like a single one. */
static enum cret_status check_sboms(const struct cret_content *content, struct cret_sboms *sboms,
                                    struct cret_content_facts *facts, struct cret_findings *found,
                                    struct cret_err *err)
{
    const size_t listed = cret_sbom_listed(content->manifest);
    for (size_t i = 0; i < listed && i < CRET_LIMIT_SBOMS; i++) {
        struct cret_sbom *sbom = NULL;
        if (check_sbom(content, i, &sbom, found, err) != CRET_OK) {
            return CRET_FAILED;
        }
        sboms->list[i] = sbom;
        sboms->count = i + 1;
        if (sbom != NULL) {
            if (learn_sbom(&facts->sboms[i], sbom, err) != CRET_OK) {
                return CRET_FAILED;
            }
            cret_coverage_check(sbom, content->reader, found);
            if (check_quality(content, sbom, found, err) != CRET_OK) {
                return CRET_FAILED;
            }
        }
    }
    cret_sboms_check_serials(sboms, found);
    return CRET_OK;
}

void cret_content_facts_clear(struct cret_content_facts *facts)
{
    json_decref(facts->subjects);
    json_decref(facts->advice);
    json_decref(facts->provenance);
    for (size_t i = 0; i < CRET_LIMIT_SBOMS; i++) {
        json_decref(facts->sboms[i].parts);
    }
    *facts = (struct cret_content_facts){0};
}

static enum cret_status check_payload(const struct cret_content *content,
                                      struct cret_findings *found, struct cret_content_facts *facts,
                                      struct cret_err *err)
{
    const struct cret_manifest *manifest = content->manifest;
    struct cret_sboms sboms = {.count = 0};
    enum cret_status status = CRET_FAILED;
    if (check_sboms(content, &sboms, facts, found, err) != CRET_OK ||
        cret_provenance_check(content, found, &facts->provenance, err) != CRET_OK) {
        goto out;
    }
    if (cret_advisories_check(manifest, &sboms, kept_text, content->kept, found, &facts->advice,
                              err) != CRET_OK) {
        goto out;
    }
    cret_openeox_check(manifest, kept_text, content->kept, found);
    check_documents(content, found);
    if (content->want_subjects) {
        facts->subjects = cret_subjects(manifest, &sboms, false);
        if (facts->subjects == NULL) {
            cret_err_memory(err);
            goto out;
        }
    }
    status = CRET_OK;
out:
    cret_sboms_clear(&sboms);
    return status;
}

enum cret_status cret_content_check_payload(const struct cret_content *content,
                                            struct cret_findings *findings,
                                            struct cret_content_facts *ret_facts,
                                            struct cret_err *err)
{
    struct cret_content_facts facts = {0};
    struct cret_findings *found = cret_findings_new();
    if (found == NULL) {
        return cret_err_memory(err);
    }
    const enum cret_status status = check_payload(content, found, &facts, err);
    if (status == CRET_OK) {
        add_found(content, found, findings);
    }
    if (status == CRET_OK && ret_facts != NULL) {
        *ret_facts = facts;
    } else {
        cret_content_facts_clear(&facts);
    }
    cret_findings_free(&found);
    return status;
}
