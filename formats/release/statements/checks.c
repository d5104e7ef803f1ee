/* SPDX-License-Identifier: Apache-2.0 */
/* Upgrades, documents and topics of a manifest, as findings. */
#include "release/statements/checks.h"

#include <stdio.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/text.h"
#include "base/text/time.h"
#include "release/advisory/coverage.h"
#include "release/sbom/values.h"
#include "release/statements/checks_internal.h"
#include "release/statements/document.h"
#include "release/statements/version.h"

/* Two versions, or revisions, whose order only their vendor knows: said, never guessed. */
static void unsure(struct cret_checker *checker, const char *one, const char *other)
{
    checker->faults++;
    cret_findings_add(checker->findings, checker->check, CRET_RESULT_NOT_CHECKED,
                      (struct cret_finding_text){
                          .expected = one,
                          .actual = other,
                          .hint = "compare them yourself: no rule orders these two for sure"},
                      "the order of these two versions is not sure");
}

static void check_upgrade(const struct cret_manifest *manifest, struct cret_findings *findings)
{
    struct cret_checker checker = {.findings = findings, .check = CRET_CHECK_RELEASE_UPGRADE};
    const char *from = cret_json_string(manifest->json, "release.minUpgradeFrom");
    CRET_JSON_EACH_AT (index, value, cret_json_get(manifest->json, "release.supersedes")) {
        const enum cret_order order =
            cret_version_order(json_string_value(value), manifest->version);
        if (order == CRET_ORDER_UNSURE) {
            unsure(&checker, manifest->version, json_string_value(value));
        } else if (order != CRET_ORDER_LOWER) {
            cret_checker_fault(&checker, "versions below the release's own",
                               json_string_value(value), "list only older versions",
                               "a release cannot supersede itself or a newer one",
                               "#/release/supersedes/%zu", index);
        }
    }
    const enum cret_order order =
        from != NULL ? cret_version_order(from, manifest->version) : CRET_ORDER_LOWER;
    if (order == CRET_ORDER_UNSURE) {
        unsure(&checker, manifest->version, from);
    } else if (order != CRET_ORDER_LOWER) {
        cret_checker_fault(&checker, "a version below the release's own", from,
                           "name the lowest version that "
                           "can be updated directly",
                           "nothing can be upgraded from this version to this release",
                           "#/release/minUpgradeFrom");
    }
    cret_checker_finish(&checker, "what the release supersedes and upgrades is older than it");
}

/* Texts that identify the release: others may well speak of <angle brackets>. */
static void check_values(const struct cret_manifest *manifest, struct cret_findings *findings)
{
    static const char *const fields[] = {"product.vendor", "product.name", "release.version",
                                         "release.id", "release.buildId"};
    struct cret_checker checker = {.findings = findings, .check = CRET_CHECK_RELEASE_VALUES};
    for (size_t i = 0; i < CRET_LENGTH(fields); i++) {
        const char *text = cret_json_string(manifest->json, fields[i]);
        const char *dot = strchr(fields[i], '.');
        if (text != NULL && cret_value_unfilled(text)) {
            cret_checker_fault(
                &checker, "a value", text,
                "set the variable of the pipeline, or write the value into the description",
                "a placeholder stands where a value should be", "#/%.*s/%s", (int)(dot - fields[i]),
                fields[i], dot + 1);
        }
    }
    cret_checker_finish(&checker, "names and versions are filled in");
}

/* A digest that the vendor published is compared with the file once more: the owner's word is not
 * taken for it. */
static void check_adoption(const struct cret_manifest *manifest, struct cret_findings *findings)
{
    struct cret_checker checker = {.findings = findings, .check = CRET_CHECK_RELEASE_ADOPTION};
    const json_t *published = cret_json_get(manifest->json, "adoption.published");
    const size_t foreign =
        json_array_size(cret_json_get(manifest->json, "adoption.foreignSignatures"));
    char reason[200];
    if (!manifest->adopted) {
        return;
    }
    CRET_JSON_EACH_AT (index, entry, published) {
        char actual[CRET_SHA256_HEX] = "no such file";
        if (!cret_document_digest(manifest, entry, actual) ||
            strcmp(actual, cret_json_string(entry, "sha256")) != 0) {
            cret_checker_fault(&checker, cret_json_string(entry, "sha256"), actual,
                               "do not use the file; ask whoever adopted it",
                               "an adopted file is not the one whose digest the vendor published",
                               "#/adoption/published/%zu/sha256", index);
        }
    }
    if (json_array_size(published) == 0) {
        cret_findings_add(
            findings, checker.check, CRET_RESULT_NOT_CHECKED,
            (struct cret_finding_text){
                .where = "#/adoption",
                .hint = "ask the vendor for a SHA-256 over another way, or for signatures"},
            foreign > 0 ? "compared with a foreign signature by the owner, which is "
                          "not checked here"
                        : "the owner had nothing to compare the files with");
        return;
    }
    snprintf(reason, sizeof(reason), "%zu of %zu %s the SHA-256 that the vendor published",
             json_array_size(published), manifest->file_count - 1,
             cret_plural(manifest->file_count - 1, "file has", "files have"));
    cret_checker_finish(&checker, reason);
}

/* What nothing reads must not pass for read: components in it are never matched with an advisory.
 */
static void check_unread(const struct cret_manifest *manifest, enum cret_reader reader,
                         struct cret_findings *findings)
{
    for (size_t i = 0; i < manifest->file_count; i++) {
        const char *path = manifest->entries[i].path;
        if (!cret_coverage_unread(manifest, i)) {
            continue;
        }
        cret_findings_add(findings, CRET_CHECK_SBOM_UNREAD,
                          reader == CRET_READER_SIGNER ? CRET_RESULT_FAIL : CRET_RESULT_NOT_CHECKED,
                          (struct cret_finding_text){
                              .where = path,
                              .expected = "an entry of sbom that names it",
                              .hint = cret_check_hint(CRET_CHECK_SBOM_UNREAD, reader, NULL)},
                          "nothing reads this SBOM: its components are not compared with anything");
    }
}

/* Of several ranges: inside one is inside, and one that nobody can judge is a question. */
static enum cret_within either(enum cret_within left, enum cret_within right)
{
    if (left == CRET_WITHIN_INSIDE || right == CRET_WITHIN_INSIDE) {
        return CRET_WITHIN_INSIDE;
    }
    return left == CRET_WITHIN_UNSURE || right == CRET_WITHIN_UNSURE ? CRET_WITHIN_UNSURE
                                                                     : CRET_WITHIN_OUTSIDE;
}

static enum cret_within document_covers_version(const json_t *document, const char *version)
{
    const json_t *ranges = cret_json_get(document, "appliesTo.releases");
    if (json_array_size(ranges) == 0) {
        return CRET_WITHIN_INSIDE;
    }
    enum cret_within covered = CRET_WITHIN_OUTSIDE;
    CRET_JSON_EACH (range, ranges) {
        const char *single = cret_json_string(range, "version");
        enum cret_within here = CRET_WITHIN_OUTSIDE;
        if (single == NULL) {
            here = cret_version_within(version, cret_json_string(range, "from"),
                                       cret_json_string(range, "to"));
        } else if (strcmp(single, version) == 0) {
            here = CRET_WITHIN_INSIDE;
        }
        covered = either(covered, here);
    }
    return covered;
}

/* Two entries for one model whose revision ranges meet. */
static enum cret_within hardware_overlaps(const json_t *left, const json_t *right)
{
    const char *keys[] = {"model", "sku"};
    bool named = false;
    for (size_t i = 0; i < 2; i++) {
        const char *a = cret_json_string(left, keys[i]), *b = cret_json_string(right, keys[i]);
        named = named || (a != NULL && b != NULL && strcmp(a, b) == 0);
    }
    const char *left_from = cret_json_string(left, "revisionFrom");
    const char *left_to = cret_json_string(left, "revisionTo");
    const char *right_from = cret_json_string(right, "revisionFrom");
    const char *right_to = cret_json_string(right, "revisionTo");
    const enum cret_within one =
        left_from != NULL ? cret_version_within(left_from, NULL, right_to) : CRET_WITHIN_INSIDE;
    const enum cret_within two =
        right_from != NULL ? cret_version_within(right_from, NULL, left_to) : CRET_WITHIN_INSIDE;
    if (!named || one == CRET_WITHIN_OUTSIDE || two == CRET_WITHIN_OUTSIDE) {
        return CRET_WITHIN_OUTSIDE;
    }
    return one == two ? one : CRET_WITHIN_UNSURE;
}

static enum cret_within document_covers_hardware(const json_t *document, const json_t *manifest,
                                                 const char *asset)
{
    const json_t *applies = cret_json_get(document, "appliesTo.hardware");
    const json_t *listed = cret_json_get(manifest, "hardware");
    if (json_array_size(applies) == 0 || (asset == NULL && json_array_size(listed) == 0)) {
        return CRET_WITHIN_INSIDE;
    }
    enum cret_within covered = CRET_WITHIN_OUTSIDE;
    CRET_JSON_EACH (entry, applies) {
        if (asset != NULL && cret_hardware_covers(entry, asset)) {
            return CRET_WITHIN_INSIDE;
        }
        CRET_JSON_EACH (mine, listed) {
            covered = asset == NULL ? either(covered, hardware_overlaps(entry, mine)) : covered;
        }
    }
    return covered;
}

static void check_documents(const struct cret_manifest *manifest,
                            const struct cret_release_context *context,
                            struct cret_findings *findings)
{
    struct cret_checker applies = {.findings = findings, .check = CRET_CHECK_DOCUMENT_APPLIES};
    struct cret_checker review = {.findings = findings, .check = CRET_CHECK_DOCUMENT_REVIEW};
    const json_t *documents = cret_json_get(manifest->json, "documents");
    if (json_array_size(documents) == 0) {
        return;
    }
    CRET_JSON_EACH_AT (index, document, documents) {
        const char *due = cret_json_string(document, "reviewBy");
        applies.document = review.document = cret_document_title(document);
        char today[32];
        cret_time_format(today, context->now);
        const enum cret_within release = document_covers_version(document, manifest->version);
        const enum cret_within hardware =
            document_covers_hardware(document, manifest->json, context->hardware);
        if (release == CRET_WITHIN_UNSURE || hardware == CRET_WITHIN_UNSURE) {
            unsure(&applies,
                   release == CRET_WITHIN_UNSURE ? manifest->version : "the release's hardware",
                   "the range of the document");
        }
        if (release == CRET_WITHIN_OUTSIDE) {
            cret_checker_fault(&applies, manifest->version, "other releases",
                               "ship the edition of the document that describes this release",
                               "does not apply to this release",
                               "#/documents/%zu/appliesTo/releases", index);
        }
        if (hardware == CRET_WITHIN_OUTSIDE) {
            cret_checker_fault(
                &applies, context->hardware != NULL ? context->hardware : "the release's hardware",
                "other hardware", "ship the edition of the document for this hardware",
                "does not apply to this hardware", "#/documents/%zu/appliesTo/hardware", index);
        }
        if (due != NULL && strncmp(today, due, 10) > 0) {
            cret_checker_fault(&review, "a later date", due, NULL, "was due for review",
                               "#/documents/%zu/reviewBy", index);
        }
    }
    cret_checker_finish(&applies, "every document applies to this release and hardware");
    cret_checker_finish(&review, "no document is past its review date");
}

static bool topic_is_required(const json_t *topic, const char *role)
{
    const json_t *roles = json_object_get(topic, "roles");
    bool required = json_array_size(roles) == 0;
    CRET_JSON_EACH (value, roles) {
        required = required || (role != NULL && strcmp(json_string_value(value), role) == 0);
    }
    return required;
}

/* A topic that points to a document, and a document that says it is about something else: one of
 * the two is wrong, and the reader looks in vain. */
static void check_topic_documents(const struct cret_manifest *manifest,
                                  struct cret_checker *checker)
{
    const json_t *documents = cret_json_get(manifest->json, "documents");
    CRET_JSON_MEMBERS (key, topic, json_object_get(manifest->json, "topics")) {
        CRET_JSON_EACH_AT (index, value, json_object_get(topic, "documents")) {
            const char *id = json_string_value(value);
            const json_t *document = cret_document_find(documents, id);
            if (document != NULL && !cret_json_lists(json_object_get(document, "topics"), key)) {
                char reason[400];
                snprintf(reason, sizeof(reason),
                         "topic %s is answered by a document that does not list it", key);
                cret_checker_fault(
                    checker, key, id,
                    "add the topic to the document's topics, or name the document that answers it",
                    reason, "#/topics/%s/documents/%zu", key, index);
            }
        }
    }
}

static void check_topics(const struct cret_manifest *manifest, const struct cret_profile *profile,
                         struct cret_findings *findings)
{
    struct cret_checker checker = {.findings = findings, .check = CRET_CHECK_TOPICS_ANSWERED};
    const char *role = cret_json_string(manifest->json, "product.role");
    check_topic_documents(manifest, &checker);
    if (profile == NULL) {
        return;
    }
    CRET_JSON_EACH (topic, json_object_get(profile->json, "topics")) {
        const char *id = cret_json_string(topic, "id");
        const json_t *topics = json_object_get(manifest->json, "topics");
        char reason[400];
        if (!topic_is_required(topic, role) || json_object_get(topics, id) != NULL) {
            continue;
        }
        snprintf(reason, sizeof(reason), "topic %s is not answered: %.300s", id,
                 cret_json_string(topic, "title"));
        cret_checker_fault(&checker, "documented, or notApplicable or notProvided with a reason",
                           "no answer", NULL, reason, "#/topics/%s", id);
    }
    cret_checker_finish(&checker, "every topic that the profile requires is answered");
}

void cret_release_check(const struct cret_manifest *manifest,
                        const struct cret_release_context *context, struct cret_findings *findings)
{
    cret_release_check_lifecycle(manifest, context->now, findings);
    check_values(manifest, findings);
    check_upgrade(manifest, findings);
    check_adoption(manifest, findings);
    check_unread(manifest, context->reader, findings);
    check_documents(manifest, context, findings);
    check_topics(manifest, context->profile, findings);
}
