/* SPDX-License-Identifier: Apache-2.0 */
/* Writing a record from what a run found. */
#include "evidence/record/record.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest/digest.h"
#include "base/finding/limits.h"
#include "base/system/os.h"
#include "base/text/json.h"
#include "base/text/json_build.h"
#include "base/text/text.h"
#include "base/text/time.h"
#include "release/manifest/manifest.h"

const char *const cret_record_limits[] = {
    "A valid signature says who released these bytes, not that they are secure, certified or "
    "compliant.",
    "The release was not tested for function, and not examined for malicious content.",
    "The times in this record are those of the clock of the machine that made it.",
    "Nothing was fetched from a network: revocation and advisories are only as new as what the "
    "operator gave.",
    NULL,
};

static json_t *record_who(const struct cret_record *record)
{
    char user[256] = "", host[256] = "";
    cret_os_user_name(user, sizeof(user));
    cret_os_host_name(host, sizeof(host));
    struct cret_build who = cret_build_object();
    cret_build_text(&who, "user", user);
    cret_build_text(&who, "name", record->why.name);
    cret_build_text(&who, "role", record->why.role);
    cret_build_text(&who, "host", host);
    return cret_build_end(&who);
}

static json_t *record_when(const struct cret_record *record)
{
    struct cret_build when = cret_build_object();
    cret_build_time(&when, "time", record->time);
    cret_build_string(&when, "source", "system clock");
    cret_build_string(&when, "uncertainty", "unknown");
    cret_build_time(&when, "verificationTime", record->verification_time);
    cret_build_boolean(&when, "verificationTimeGiven", record->at_given);
    return cret_build_end(&when);
}

static void put_texts(struct cret_build *object, const char *key, const char *const *texts)
{
    struct cret_build list = cret_build_list();
    if (texts == NULL || texts[0] == NULL) {
        json_decref(cret_build_end(&list));
        return;
    }
    for (; *texts != NULL; texts++) {
        cret_build_add(&list, cret_json_text(*texts));
    }
    cret_build_put(object, key, cret_build_end(&list));
}

static json_t *record_why(const struct cret_record_why *why)
{
    struct cret_build object = cret_build_object();
    cret_build_text(&object, "changeId", why->change_id);
    if (why->planned.given) {
        cret_build_time(&object, "plannedAt", why->planned.value);
    }
    put_texts(&object, "baselineItems", why->baseline_items);
    cret_build_text(&object, "asset", why->asset);
    put_texts(&object, "furtherAssets", why->further_assets);
    cret_build_text(&object, "zone", why->zone);
    cret_build_text(&object, "stage", why->stage);
    cret_build_text(&object, "acquired", why->acquired);
    return cret_build_end(&object);
}

static json_t *record_file(void *context, size_t index)
{
    const struct cret_record_file *file = (const struct cret_record_file *)context + index;
    static const char *const state[2] = {"claimed", "verified"};
    struct cret_build object = cret_build_object();
    cret_build_text(&object, "path", file->path);
    cret_build_text(&object, "originalName", file->original);
    cret_build_text(&object, "role", file->role);
    cret_build_integer(&object, "size", (int64_t)file->size);
    cret_build_sha256(&object, "sha256", file->sha256);
    cret_build_string(&object, "sha256State",
                      state[(file->flags & CRET_FILE_SHA256_VERIFIED) != 0]);
    if ((file->flags & CRET_FILE_HAS_FSVERITY) != 0) {
        cret_build_sha256(&object, "fsverity", file->fsverity);
        cret_build_string(&object, "fsverityState",
                          state[(file->flags & CRET_FILE_FSVERITY_VERIFIED) != 0]);
    }
    if ((file->flags & CRET_FILE_SAFETY_RELEVANT) != 0) {
        cret_build_boolean(&object, "safetyRelevant", true);
    }
    return cret_build_end(&object);
}

static json_t *record_archive(const struct cret_record *record)
{
    struct cret_build archive = cret_build_object();
    cret_build_text(&archive, "name", record->archive_name);
    if (record->has_archive_size) {
        cret_build_integer(&archive, "size", (int64_t)record->archive_size);
    }
    cret_build_sha256(&archive, "sha256", record->archive_digest);
    return cret_build_end(&archive);
}

static json_t *record_what(const struct cret_record *record)
{
    /* Besides the parts of the manifest, from the child's document. */
    static const char *const keys[] = {"documents", "sbom",      "provenance", "advice",
                                       "leftOut",   "fileCount", "fileBytes",  "foreign"};
    struct cret_build what = cret_build_object();
    cret_build_sha256(&what, "identity", record->identity);
    cret_build_share(&what, "claimed", json_object_get(record->document, "claimed"));
    cret_build_put(&what, "archive", record_archive(record));
    for (const struct cret_field *part = cret_manifest_fields; part->name != NULL; part++) {
        if ((part->flags & CRET_RECORDED) != 0) {
            cret_build_share(&what, part->name, json_object_get(record->document, part->name));
        }
    }
    for (size_t i = 0; i < CRET_LENGTH(keys); i++) {
        cret_build_share(&what, keys[i], json_object_get(record->document, keys[i]));
    }
    cret_build_boolean(&what, "productBound", record->product_bound);
    cret_build_put(&what, "files", json_array());
    return cret_build_end(&what);
}

static json_t *record_anchor(const struct cret_policy_scope *scope,
                             const struct cret_policy_signer *signer)
{
    static const char *const kinds[] = {[CRET_ANCHOR_CA] = "ca",
                                        [CRET_ANCHOR_CERTIFICATE] = "certificate",
                                        [CRET_ANCHOR_KEY] = "key"};
    const struct cret_anchor *anchor = &signer->anchor;
    struct cret_build object = cret_build_object();
    cret_build_text(&object, "vendor", scope->vendor);
    cret_build_text(&object, "signer", signer->name);
    cret_build_string(&object, "kind", kinds[anchor->kind]);
    cret_build_sha256(&object, "keySha256", anchor->key_digest);
    if (anchor->certificate != NULL) {
        cret_build_text(&object, "subject", cret_certificate_subject(anchor->certificate));
        cret_build_sha256(&object, "sha256", cret_certificate_digest(anchor->certificate));
    }
    return cret_build_end(&object);
}

static void put_end(struct cret_build *object, const char *key, struct cret_optional time)
{
    if (time.given) {
        cret_build_time(object, key, time.value);
    }
}

static json_t *record_pin(const struct cret_policy_scope *scope, const struct cret_foreign_pin *pin)
{
    static const char *const kinds[] = {[CRET_ANCHOR_CA] = "ca",
                                        [CRET_ANCHOR_CERTIFICATE] = "certificate",
                                        [CRET_ANCHOR_KEY] = "key"};
    struct cret_build object = cret_build_object();
    uint8_t digest[CRET_SHA256_BYTES];
    cret_build_text(&object, "vendor", scope->vendor);
    cret_build_text(&object, "name", pin->name);
    cret_build_text(&object, "pins", pin->kind);
    cret_build_string(&object, "kind", pin->has_anchor ? kinds[pin->anchor.kind] : "text");
    if (pin->has_anchor) {
        cret_build_sha256(&object, "keySha256", pin->anchor.key_digest);
    } else if (pin->key != NULL) {
        object.failed =
            object.failed || cret_sha256(digest, pin->key, strlen(pin->key), NULL) != CRET_OK;
        cret_build_sha256(&object, "textSha256", digest);
    }
    if (pin->has_anchor && pin->anchor.certificate != NULL) {
        cret_build_sha256(&object, "sha256", cret_certificate_digest(pin->anchor.certificate));
    }
    cret_build_text(&object, "subject", pin->subject);
    cret_build_text(&object, "issuer", pin->issuer);
    cret_build_boolean(&object, "weakDigests", pin->weak_digests);
    cret_build_boolean(&object, "legacy", pin->legacy);
    cret_build_boolean(&object, "own", pin->own);
    put_end(&object, "notAfter", pin->not_after);
    return cret_build_end(&object);
}

static json_t *record_authority(const struct cret_policy_authority *authority)
{
    const struct cret_certificate *certificate = authority->anchor.certificate;
    struct cret_build object = cret_build_object();
    cret_build_text(&object, "name", authority->name);
    cret_build_string(&object, "kind",
                      authority->anchor.kind == CRET_ANCHOR_CA ? "ca" : "certificate");
    cret_build_sha256(&object, "keySha256", authority->anchor.key_digest);
    cret_build_text(&object, "subject", cret_certificate_subject(certificate));
    cret_build_sha256(&object, "sha256", cret_certificate_digest(certificate));
    return cret_build_end(&object);
}

/* A list and its age at the time that was verified for; of a later list, zero. */
static json_t *record_list(const struct cret_crl *crl, int64_t now)
{
    const int64_t age = now - cret_crl_this_update(crl);
    struct cret_build object = cret_build_object();
    cret_build_text(&object, "issuer", cret_crl_issuer(crl));
    cret_build_time(&object, "thisUpdate", cret_crl_this_update(crl));
    cret_build_time(&object, "nextUpdate", cret_crl_next_update(crl));
    cret_build_integer(&object, "ageDays", age > 0 ? age / 86400 : 0);
    cret_build_sha256(&object, "sha256", cret_crl_digest(crl));
    return cret_build_end(&object);
}

/* What the policy asks about time and revocation, and with which data that was answered. */
static void put_time(struct cret_build *object, const struct cret_record *record)
{
    const struct cret_policy *policy = record->policy;
    struct cret_build authorities = cret_build_list(), lists = cret_build_list();
    for (size_t i = 0; i < policy->authority_count; i++) {
        cret_build_add(&authorities, record_authority(&policy->authorities[i]));
    }
    for (size_t i = 0; i < policy->crl_count; i++) {
        cret_build_add(&lists, record_list(policy->crls[i], record->verification_time));
    }
    cret_build_string(object, "revocation",
                      cret_revocation_words[CRET_DEMAND_REQUIRE - policy->revocation]);
    cret_build_string(object, "timestamp",
                      cret_demand_words[CRET_DEMAND_REQUIRE - policy->timestamp]);
    cret_build_string(object, "postQuantum",
                      cret_demand_words[CRET_DEMAND_REQUIRE - policy->post_quantum]);
    cret_build_put(object, "timestampAuthorities", cret_build_end(&authorities));
    cret_build_put(object, "revocationLists", cret_build_end(&lists));
}

static json_t *record_overlay(const struct cret_policy *policy)
{
    if (policy->overlay_name == NULL) {
        return json_null();
    }
    struct cret_build object = cret_build_object();
    cret_build_text(&object, "name", policy->overlay_name);
    cret_build_sha256(&object, "sha256", policy->overlay_digest);
    return cret_build_end(&object);
}

static void put_pins(struct cret_build *object, const struct cret_policy *policy)
{
    struct cret_build pins = cret_build_list();
    size_t count = 0;
    for (size_t i = 0; i < policy->scope_count; i++) {
        for (size_t j = 0; j < policy->scopes[i].pin_count; j++, count++) {
            cret_build_add(&pins, record_pin(&policy->scopes[i], &policy->scopes[i].pins[j]));
        }
    }
    json_t *list = cret_build_end(&pins);
    if (count > 0) {
        cret_build_put(object, "pins", list);
    } else {
        json_decref(list);
    }
}

static json_t *record_policy(const struct cret_record *record)
{
    const struct cret_policy *policy = record->policy;
    if (policy == NULL) {
        return json_null();
    }
    struct cret_build object = cret_build_object(), anchors = cret_build_list();
    for (size_t i = 0; i < policy->scope_count; i++) {
        for (size_t j = 0; j < policy->scopes[i].signer_count; j++) {
            if (!policy->scopes[i].signers[j].removed) {
                cret_build_add(&anchors,
                               record_anchor(&policy->scopes[i], &policy->scopes[i].signers[j]));
            }
        }
    }
    cret_build_string(&object, "kind", policy->bare_anchor ? "anchor" : "trust");
    cret_build_text(&object, "file", record->policy_path);
    if (!policy->bare_anchor) {
        cret_build_text(&object, "name", policy->name);
        cret_build_integer(&object, "version", policy->version);
        cret_build_sha256(&object, "sha256", policy->digest);
        cret_build_time(&object, "issued", policy->issued);
        put_end(&object, "reviewBy", policy->review_by);
        put_end(&object, "expires", policy->expires);
        cret_build_put(&object, "overlay", record_overlay(policy));
    }
    cret_build_put(&object, "anchors", cret_build_end(&anchors));
    put_pins(&object, policy);
    put_time(&object, record);
    return cret_build_end(&object);
}

/* A list that ends with NULL. */
static json_t *record_texts(const char *const *texts)
{
    struct cret_build list = cret_build_list();
    for (size_t i = 0; texts != NULL && texts[i] != NULL; i++) {
        cret_build_add(&list, cret_json_text(texts[i]));
    }
    return cret_build_end(&list);
}

/* SHA-256 of the running program. Piece by piece: memory for all of it would cost more than the
 * hash. */
static bool hash_program(uint8_t digest[CRET_SHA256_BYTES])
{
    uint8_t piece[1u << 16];
    struct cret_sha256 *hash = NULL;
    bool hashed = false;
    size_t got = sizeof(piece);
    int fd = -1;
    if (cret_os_open_program(&fd, NULL) != CRET_OK || cret_sha256_new(&hash, NULL) != CRET_OK) {
        goto out;
    }
    while (got == sizeof(piece)) {
        if (cret_os_read(fd, piece, sizeof(piece), &got, NULL) != CRET_OK) {
            goto out;
        }
        cret_sha256_update(hash, piece, got);
    }
    hashed = cret_sha256_final(hash, digest, NULL) == CRET_OK;
out:
    cret_sha256_free(&hash);
    cret_os_close(&fd);
    return hashed;
}

/* Null where it cannot be read. It does not change while it runs: a run that makes many records
 * reads it once. */
static json_t *program_digest(void)
{
    static uint8_t digest[CRET_SHA256_BYTES];
    static bool hashed;
    hashed = hashed || hash_program(digest);
    return hashed ? cret_json_sha256(digest) : json_null();
}

static json_t *record_how(const struct cret_record *record)
{
    struct cret_build how = cret_build_object();
    char confined[CRET_CONFINED_WORDS];
    if (record->confined != NULL) {
        cret_confined_words(confined, record->confined);
    } else {
        snprintf(confined, sizeof(confined), "none: nothing was read");
    }
    cret_build_text(&how, "program", record->command);
    cret_build_text(&how, "version", record->version);
    if (!record->for_page) {
        cret_build_put(&how, "programSha256", program_digest());
    }
    cret_build_text(&how, "openssl", cret_digest_library());
    cret_build_put(&how, "arguments", record_texts(record->arguments));
    cret_build_string(&how, "hashEngine",
                      record->engine != NULL ? cret_hash_name(*record->engine)
                                             : "none: no file was read");
    cret_build_boolean(&how, "fast", record->fast);
    cret_build_boolean(&how, "exampleKeysAllowed", record->allow_example_keys);
    cret_build_sha256(&how, "siteConfigurationSha256", record->configuration);
    cret_build_string(&how, "sandbox", confined);
    cret_build_text(&how, "profile", record->profile != NULL ? record->profile->name : NULL);
    cret_build_sha256(&how, "profileSha256",
                      record->profile != NULL ? record->profile->digest : NULL);
    cret_build_text(&how, "profileSigner", record->profile_signer);
    cret_build_sha256(&how, "stationSha256", record->station);
    cret_build_put(&how, "policy", record_policy(record));
    const json_t *signatures = json_object_get(record->document, "signatures");
    cret_build_put(&how, "signatures",
                   signatures != NULL ? json_deep_copy(signatures) : json_array());
    return cret_build_end(&how);
}

static void put_known(struct cret_build *object, const char *key, const char *text)
{
    cret_build_text(object, key, text != NULL && text[0] != '\0' ? text : NULL);
}

/* What findings and errors have in common. */
static void put_parts(struct cret_build *object, const char *where, const char *expected,
                      const char *actual, const char *hint)
{
    put_known(object, "where", where);
    put_known(object, "expected", expected);
    put_known(object, "actual", actual);
    put_known(object, "hint", hint);
}

json_t *cret_record_finding_json(const struct cret_finding *finding)
{
    struct cret_build object = cret_build_object();
    cret_build_string(&object, "check", cret_check_get(finding->check)->name);
    cret_build_string(&object, "result", cret_result_name(finding->result));
    cret_build_text(&object, "reason", finding->reason);
    put_parts(&object, finding->where, finding->expected, finding->actual, finding->hint);
    return cret_build_end(&object);
}

json_t *cret_record_findings_json(const struct cret_findings *findings)
{
    struct cret_build list = cret_build_list();
    for (size_t i = 0; i < cret_findings_count(findings); i++) {
        cret_build_add(&list, cret_record_finding_json(cret_findings_at(findings, i)));
    }
    return cret_build_end(&list);
}

static void put_error(struct cret_build *object, const struct cret_err *err)
{
    put_known(object, "message", err->what);
    put_parts(object, err->where, err->expected, err->actual, err->hint);
}

static json_t *record_waivers(const struct cret_record *record)
{
    struct cret_build list = cret_build_list();
    for (size_t i = 0; i < record->waiver_count; i++) {
        const struct cret_waiver *waiver = record->waivers[i].waiver;
        const struct cret_waiver_file *file = record->waivers[i].file;
        struct cret_build object = cret_build_object();
        cret_build_string(&object, "check", cret_check_get(waiver->check)->name);
        cret_build_text(&object, "asset", waiver->asset);
        cret_build_text(&object, "reason", waiver->reason);
        cret_build_text(&object, "approver", waiver->approver);
        cret_build_text(&object, "control", waiver->control);
        cret_build_time(&object, "issued", waiver->issued);
        cret_build_time(&object, "until", waiver->until);
        cret_build_text(&object, "signers", file->signers);
        cret_build_sha256(&object, "sha256", file->digest);
        cret_build_add(&list, cret_build_end(&object));
    }
    return cret_build_end(&list);
}

static json_t *record_result(const struct cret_record *record)
{
    struct cret_build result = cret_build_object();
    cret_build_string(&result, "verdict", cret_verdict_name(record->verdict));
    cret_build_integer(&result, "exitCode", cret_verdict_exit_code(record->verdict));
    if (record->error != NULL && record->error->class != CRET_ERR_NONE) {
        struct cret_build error = cret_build_object();
        put_error(&error, record->error);
        cret_build_put(&result, "error", cret_build_end(&error));
    }
    cret_build_put(&result, "checks", cret_record_findings_json(record->findings));
    cret_build_put(&result, "waivers", record_waivers(record));
    return cret_build_end(&result);
}

/* Which journal it was made for; whether it counts there, only the journal says. */
static json_t *record_journal(const struct cret_record *record)
{
    if (record->journal == NULL) {
        return json_null();
    }
    struct cret_build journal = cret_build_object();
    cret_build_sha256(&journal, "genesis", record->journal);
    cret_build_integer(&journal, "line", record->journal_line);
    return cret_build_end(&journal);
}

json_t *cret_record_json(const struct cret_record *record)
{
    struct cret_build object = cret_build_object();
    cret_build_string(&object, "cretula", CRET_RECORD_PURPOSE);
    cret_build_put(&object, "result", record_result(record));
    cret_build_put(&object, "what", record_what(record));
    cret_build_put(&object, "who", record_who(record));
    cret_build_put(&object, "when", record_when(record));
    cret_build_put(&object, "why", record_why(&record->why));
    cret_build_put(&object, "how", record_how(record));
    cret_build_put(&object, "limits", record_texts(cret_record_limits));
    cret_build_sha256(&object, "previous", record->previous);
    cret_build_put(&object, "journal", record_journal(record));
    return cret_build_end(&object);
}

enum cret_status cret_record_print(char **ret_text, size_t *ret_size, const json_t *json,
                                   const struct cret_record *record, struct cret_err *err)
{
    const struct cret_json_list files = {.key = "files",
                                         .depth = 1,
                                         .count = record->file_count,
                                         .element = record_file,
                                         .context = (void *)(uintptr_t)record->files};
    return cret_json_print_list(ret_text, ret_size, json, &files, err);
}

json_t *cret_record_error_json(const char *command, const struct cret_err *err)
{
    struct cret_build object = cret_build_object();
    cret_build_string(&object, "cretula", CRET_ERROR_PURPOSE);
    cret_build_text(&object, "program", command);
    cret_build_integer(&object, "exitCode", err->class);
    if (err->class == CRET_ERR_UNDECIDED) {
        cret_build_string(&object, "verdict", cret_verdict_name(CRET_VERDICT_UNDECIDED));
    } else if (err->class == CRET_ERR_REFUSED) {
        cret_build_string(&object, "verdict", cret_verdict_name(CRET_VERDICT_REFUSED));
        cret_build_string(&object, "check", cret_check_get(err->check)->name);
    }
    put_error(&object, err);
    return cret_build_end(&object);
}
