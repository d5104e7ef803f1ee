/* SPDX-License-Identifier: Apache-2.0 */
/* Writing a record from what a run found. */
#include "evidence/record/record.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest/digest.h"
#include "base/finding/limits.h"
#include "base/system/os.h"
#include "base/text/json.h"
#include "base/text/text.h"
#include "base/text/time.h"

const char *const cret_record_limits[] = {
    "A valid signature says who released these bytes, not that they are secure, certified or "
    "compliant.",
    "The release was not tested for function, and not examined for malicious content.",
    "The times in this record are those of the clock of the machine that made it.",
    "Nothing was fetched from a network: revocation and advisories are only as new as what the "
    "operator gave.",
    NULL,
};

json_t *cret_record_text(const char *text)
{
    static const char cut[] = " [cut]";
    char *safe = cret_text_escape(text);
    if (safe == NULL) {
        return NULL;
    }
    const char *shown = safe;
    size_t size = strlen(safe);
    if (size > CRET_LIMIT_TEXT_BYTES) {
        size = CRET_LIMIT_TEXT_BYTES - (sizeof(cut) - 1);
        while (size > 0 && ((unsigned char)safe[size] & 0xc0u) == 0x80u) {
            size--; /* at a character boundary */
        }
        memcpy(safe + size, cut, sizeof(cut));
    }
    if (safe[strspn(safe, " ")] == '\0') {
        shown = safe[0] == '\0' ? "(empty)" : "(spaces)";
    }
    json_t *value = json_string(shown);
    free(safe);
    return value;
}

/* Strings from outside: user names, arguments, archive names. NULL becomes null. */
static json_t *text_or_null(const char *text)
{
    return text != NULL ? cret_record_text(text) : json_null();
}

static json_t *hex_or_null(const uint8_t *digest)
{
    if (digest == NULL) {
        return json_null();
    }
    char hex[CRET_SHA256_HEX];
    cret_hex_encode(hex, digest, CRET_SHA256_BYTES);
    return json_string(hex);
}

static json_t *time_text(int64_t seconds)
{
    char text[32];
    cret_time_format(text, seconds);
    return json_string(text);
}

static json_t *time_or_null(struct cret_optional time)
{
    return time.given ? time_text(time.value) : json_null();
}

/* json_pack-like helper: sets a fresh value, and remembers a failure. */
static void put(json_t *object, const char *key, json_t *value, bool *failed)
{
    if (json_is_null(value)) {
        return; /* what is not known is left out */
    }
    if (value == NULL || json_object_set_new(object, key, value) != 0) {
        *failed = true;
    }
}

static json_t *finish(json_t *value, bool failed)
{
    if (failed) {
        json_decref(value);
        return NULL;
    }
    return value;
}

static json_t *record_who(const struct cret_record *record)
{
    char user[256] = "", host[256] = "";
    cret_os_user_name(user, sizeof(user));
    cret_os_host_name(host, sizeof(host));
    json_t *who = json_object();
    bool failed = who == NULL;
    put(who, "user", text_or_null(user), &failed);
    put(who, "name", text_or_null(record->why.name), &failed);
    put(who, "role", text_or_null(record->why.role), &failed);
    put(who, "host", text_or_null(host), &failed);
    return finish(who, failed);
}

static json_t *record_when(const struct cret_record *record)
{
    json_t *when = json_object();
    bool failed = when == NULL;
    put(when, "time", time_text(record->time), &failed);
    put(when, "source", json_string("system clock"), &failed);
    put(when, "uncertainty", json_string("unknown"), &failed);
    put(when, "verificationTime", time_text(record->verification_time), &failed);
    put(when, "verificationTimeGiven", json_boolean(record->at_given), &failed);
    return finish(when, failed);
}

static json_t *record_why(const struct cret_record_why *why)
{
    json_t *object = json_object();
    bool failed = object == NULL;
    put(object, "changeId", text_or_null(why->change_id), &failed);
    put(object, "asset", text_or_null(why->asset), &failed);
    put(object, "zone", text_or_null(why->zone), &failed);
    put(object, "stage", text_or_null(why->stage), &failed);
    put(object, "acquired", text_or_null(why->acquired), &failed);
    return finish(object, failed);
}

static json_t *record_file(void *context, size_t index)
{
    const struct cret_record_file *file = (const struct cret_record_file *)context + index;
    static const char *const state[2] = {"claimed", "verified"};
    json_t *object = json_object();
    bool failed = object == NULL;
    put(object, "path", text_or_null(file->path), &failed);
    if (file->original != NULL) {
        put(object, "originalName", text_or_null(file->original), &failed);
    }
    put(object, "role", text_or_null(file->role), &failed);
    put(object, "size", json_integer((json_int_t)file->size), &failed);
    put(object, "sha256", hex_or_null(file->sha256), &failed);
    put(object, "sha256State", json_string(state[(file->flags & CRET_FILE_SHA256_VERIFIED) != 0]),
        &failed);
    if ((file->flags & CRET_FILE_HAS_FSVERITY) != 0) {
        put(object, "fsverity", hex_or_null(file->fsverity), &failed);
        put(object, "fsverityState",
            json_string(state[(file->flags & CRET_FILE_FSVERITY_VERIFIED) != 0]), &failed);
    }
    return finish(object, failed);
}

static json_t *record_archive(const struct cret_record *record)
{
    json_t *archive = json_object();
    bool failed = archive == NULL;
    put(archive, "name", text_or_null(record->archive_name), &failed);
    put(archive, "size",
        record->has_archive_size ? json_integer((json_int_t)record->archive_size) : json_null(),
        &failed);
    put(archive, "sha256", hex_or_null(record->archive_digest), &failed);
    return finish(archive, failed);
}

static json_t *record_what(const struct cret_record *record)
{
    /* Keys of the child's document that say what the release is. */
    static const char *const keys[] = {"product",   "origin",    "adoption",
                                       "release",   "hardware",  "lifecycle",
                                       "documents", "fileCount", "fileBytes"};
    json_t *what = json_object();
    bool failed = what == NULL;
    put(what, "identity", hex_or_null(record->identity), &failed);
    put(what, "archive", record_archive(record), &failed);
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        json_t *value = json_object_get(record->document, keys[i]);
        if (value != NULL) {
            put(what, keys[i], json_incref(value), &failed);
        }
    }
    put(what, "productBound", json_boolean(record->product_bound), &failed);
    put(what, "files", json_array(), &failed);
    return finish(what, failed);
}

static json_t *record_anchor(const struct cret_policy_scope *scope,
                             const struct cret_policy_signer *signer)
{
    static const char *const kinds[] = {[CRET_ANCHOR_CA] = "ca",
                                        [CRET_ANCHOR_CERTIFICATE] = "certificate",
                                        [CRET_ANCHOR_KEY] = "key"};
    const struct cret_anchor *anchor = &signer->anchor;
    json_t *object = json_object();
    bool failed = object == NULL;
    put(object, "vendor", text_or_null(scope->vendor), &failed);
    put(object, "signer", text_or_null(signer->name), &failed);
    put(object, "kind", json_string(kinds[anchor->kind]), &failed);
    put(object, "keySha256", hex_or_null(anchor->key_digest), &failed);
    if (anchor->certificate != NULL) {
        put(object, "subject", text_or_null(cret_certificate_subject(anchor->certificate)),
            &failed);
        put(object, "sha256", hex_or_null(cret_certificate_digest(anchor->certificate)), &failed);
    }
    return finish(object, failed);
}

static json_t *record_authority(const struct cret_policy_authority *authority)
{
    const struct cret_certificate *certificate = authority->anchor.certificate;
    json_t *object = json_object();
    bool failed = object == NULL;
    put(object, "name", text_or_null(authority->name), &failed);
    put(object, "kind",
        json_string(authority->anchor.kind == CRET_ANCHOR_CA ? "ca" : "certificate"), &failed);
    put(object, "keySha256", hex_or_null(authority->anchor.key_digest), &failed);
    put(object, "subject", text_or_null(cret_certificate_subject(certificate)), &failed);
    put(object, "sha256", hex_or_null(cret_certificate_digest(certificate)), &failed);
    return finish(object, failed);
}

/* A list and its age at the time that was verified for; of a later list, zero. */
static json_t *record_list(const struct cret_crl *crl, int64_t now)
{
    const int64_t age = now - cret_crl_this_update(crl);
    json_t *object = json_object();
    bool failed = object == NULL;
    put(object, "issuer", text_or_null(cret_crl_issuer(crl)), &failed);
    put(object, "thisUpdate", time_text(cret_crl_this_update(crl)), &failed);
    put(object, "nextUpdate", time_text(cret_crl_next_update(crl)), &failed);
    put(object, "ageDays", json_integer(age > 0 ? age / 86400 : 0), &failed);
    put(object, "sha256", hex_or_null(cret_crl_digest(crl)), &failed);
    return finish(object, failed);
}

/* What the policy asks about time and revocation, and with which data that was answered. */
static void put_time(json_t *object, const struct cret_record *record, bool *failed)
{
    static const char *const demands[] = {[CRET_DEMAND_OFF] = "off",
                                          [CRET_DEMAND_PREFER] = "prefer",
                                          [CRET_DEMAND_REQUIRE] = "require"};
    const struct cret_policy *policy = record->policy;
    json_t *authorities = json_array(), *lists = json_array();
    for (size_t i = 0; i < policy->authority_count; i++) {
        *failed = *failed || json_array_append_new(authorities,
                                                   record_authority(&policy->authorities[i])) != 0;
    }
    for (size_t i = 0; i < policy->crl_count; i++) {
        *failed =
            *failed || json_array_append_new(
                           lists, record_list(policy->crls[i], record->verification_time)) != 0;
    }
    put(object, "revocation",
        json_string(policy->revocation == CRET_DEMAND_PREFER ? "if-present"
                                                             : demands[policy->revocation]),
        failed);
    put(object, "timestamp", json_string(demands[policy->timestamp]), failed);
    put(object, "postQuantum", json_string(demands[policy->post_quantum]), failed);
    put(object, "timestampAuthorities", authorities, failed);
    put(object, "revocationLists", lists, failed);
}

static json_t *record_overlay(const struct cret_policy *policy)
{
    if (policy->overlay_name == NULL) {
        return json_null();
    }
    json_t *object = json_object();
    bool failed = object == NULL;
    put(object, "name", text_or_null(policy->overlay_name), &failed);
    put(object, "sha256", hex_or_null(policy->overlay_digest), &failed);
    return finish(object, failed);
}

static json_t *record_policy(const struct cret_record *record)
{
    const struct cret_policy *policy = record->policy;
    if (policy == NULL) {
        return json_null();
    }
    json_t *object = json_object();
    json_t *anchors = json_array();
    bool failed = object == NULL || anchors == NULL;
    for (size_t i = 0; !failed && i < policy->scope_count; i++) {
        for (size_t j = 0; j < policy->scopes[i].signer_count; j++) {
            if (policy->scopes[i].signers[j].removed) {
                continue;
            }
            json_t *anchor = record_anchor(&policy->scopes[i], &policy->scopes[i].signers[j]);
            failed = failed || anchor == NULL || json_array_append_new(anchors, anchor) != 0;
        }
    }
    put(object, "kind", json_string(policy->bare_anchor ? "anchor" : "trust"), &failed);
    put(object, "file", text_or_null(record->policy_path), &failed);
    if (!policy->bare_anchor) {
        put(object, "name", text_or_null(policy->name), &failed);
        put(object, "version", json_integer(policy->version), &failed);
        put(object, "sha256", hex_or_null(policy->digest), &failed);
        put(object, "issued", time_text(policy->issued), &failed);
        put(object, "reviewBy", time_or_null(policy->review_by), &failed);
        put(object, "expires", time_or_null(policy->expires), &failed);
        put(object, "overlay", record_overlay(policy), &failed);
    }
    put(object, "anchors", anchors, &failed);
    put_time(object, record, &failed);
    return finish(object, failed);
}

static json_t *record_arguments(const char *const *arguments)
{
    json_t *list = json_array();
    for (size_t i = 0; list != NULL && arguments != NULL && arguments[i] != NULL; i++) {
        if (json_array_append_new(list, text_or_null(arguments[i])) != 0) {
            return finish(list, true);
        }
    }
    return list;
}

/* SHA-256 of the running program; null where it cannot be read. Piece by piece: memory for all of
 * it would cost more than the hash. */
static json_t *program_digest(void)
{
    uint8_t piece[1u << 16], digest[CRET_SHA256_BYTES];
    struct cret_sha256 *hash = NULL;
    json_t *value = NULL;
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
    if (cret_sha256_final(hash, digest, NULL) == CRET_OK) {
        value = hex_or_null(digest);
    }
out:
    cret_sha256_free(&hash);
    cret_os_close(&fd);
    return value != NULL ? value : json_null();
}

static json_t *record_how(const struct cret_record *record)
{
    json_t *how = json_object();
    bool failed = how == NULL;
    put(how, "program", text_or_null(record->command), &failed);
    put(how, "version", text_or_null(record->version), &failed);
    if (!record->for_page) {
        put(how, "programSha256", program_digest(), &failed);
    }
    put(how, "openssl", text_or_null(cret_digest_library()), &failed);
    put(how, "arguments", record_arguments(record->arguments), &failed);
    put(how, "hashEngine", json_string("openssl"), &failed);
    put(how, "fast", json_boolean(record->fast), &failed);
    put(how, "exampleKeysAllowed", json_boolean(record->allow_example_keys), &failed);
    put(how, "siteConfigurationSha256", hex_or_null(record->configuration), &failed);
    put(how, "sandbox", json_string("separate process; no system call filter"), &failed);
    put(how, "profile", text_or_null(record->profile != NULL ? record->profile->name : NULL),
        &failed);
    put(how, "profileSha256", hex_or_null(record->profile != NULL ? record->profile->digest : NULL),
        &failed);
    put(how, "profileSigner", text_or_null(record->profile_signer), &failed);
    put(how, "stationSha256", hex_or_null(record->station), &failed);
    put(how, "policy", record_policy(record), &failed);
    const json_t *signatures = json_object_get(record->document, "signatures");
    put(how, "signatures", signatures != NULL ? json_deep_copy(signatures) : json_array(), &failed);
    return finish(how, failed);
}

json_t *cret_record_finding_json(const struct cret_finding *finding)
{
    json_t *object = json_object();
    bool failed = object == NULL;
    put(object, "check", json_string(cret_check_get(finding->check)->name), &failed);
    put(object, "result", json_string(cret_result_name(finding->result)), &failed);
    put(object, "reason", text_or_null(finding->reason), &failed);
    const struct {
        const char *key;
        const char *text;
    } optional[] = {{"where", finding->where},
                    {"expected", finding->expected},
                    {"actual", finding->actual},
                    {"hint", finding->hint}};
    for (size_t i = 0; i < sizeof(optional) / sizeof(optional[0]); i++) {
        if (optional[i].text != NULL && optional[i].text[0] != '\0') {
            put(object, optional[i].key, text_or_null(optional[i].text), &failed);
        }
    }
    return finish(object, failed);
}

static void put_error(json_t *object, const struct cret_err *err, bool *failed)
{
    const struct {
        const char *key;
        const char *text;
    } parts[] = {{"message", err->what},
                 {"where", err->where},
                 {"expected", err->expected},
                 {"actual", err->actual},
                 {"hint", err->hint}};
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (parts[i].text[0] != '\0') {
            put(object, parts[i].key, text_or_null(parts[i].text), failed);
        }
    }
}

static json_t *record_waivers(const struct cret_record *record)
{
    json_t *list = json_array();
    for (size_t i = 0; list != NULL && i < record->waiver_count; i++) {
        const struct cret_waiver *waiver = record->waivers[i].waiver;
        const struct cret_waiver_file *file = record->waivers[i].file;
        json_t *object = json_object();
        bool failed = object == NULL;
        put(object, "check", json_string(cret_check_get(waiver->check)->name), &failed);
        put(object, "asset", text_or_null(waiver->asset), &failed);
        put(object, "reason", text_or_null(waiver->reason), &failed);
        put(object, "approver", text_or_null(waiver->approver), &failed);
        put(object, "control", text_or_null(waiver->control), &failed);
        put(object, "issued", time_text(waiver->issued), &failed);
        put(object, "until", time_text(waiver->until), &failed);
        put(object, "signers", text_or_null(file->signers), &failed);
        put(object, "sha256", hex_or_null(file->digest), &failed);
        if (json_array_append_new(list, finish(object, failed)) != 0) {
            return finish(list, true);
        }
    }
    return list;
}

static json_t *record_result(const struct cret_record *record)
{
    json_t *result = json_object();
    json_t *checks = json_array();
    bool failed = result == NULL || checks == NULL;
    for (size_t i = 0; !failed && i < cret_findings_count(record->findings); i++) {
        failed = json_array_append_new(
                     checks, cret_record_finding_json(cret_findings_at(record->findings, i))) != 0;
    }
    put(result, "verdict", json_string(cret_verdict_name(record->verdict)), &failed);
    put(result, "exitCode", json_integer(cret_verdict_exit_code(record->verdict)), &failed);
    if (record->error != NULL && record->error->class != CRET_ERR_NONE) {
        json_t *error = json_object();
        failed = failed || error == NULL;
        put_error(error, record->error, &failed);
        put(result, "error", error, &failed);
    }
    put(result, "checks", checks, &failed);
    put(result, "waivers", record_waivers(record), &failed);
    return finish(result, failed);
}

static json_t *record_limit_list(void)
{
    json_t *list = json_array();
    for (size_t i = 0; list != NULL && cret_record_limits[i] != NULL; i++) {
        if (json_array_append_new(list, json_string(cret_record_limits[i])) != 0) {
            return finish(list, true);
        }
    }
    return list;
}

/* Which journal it was made for; whether it counts there, only the journal says. */
static json_t *record_journal(const struct cret_record *record)
{
    if (record->journal == NULL) {
        return json_null();
    }
    json_t *journal = json_object();
    bool failed = journal == NULL;
    put(journal, "genesis", hex_or_null(record->journal), &failed);
    put(journal, "line", json_integer(record->journal_line), &failed);
    return finish(journal, failed);
}

json_t *cret_record_json(const struct cret_record *record)
{
    json_t *object = json_object();
    bool failed = object == NULL;
    put(object, "cretula", json_string(CRET_RECORD_PURPOSE), &failed);
    put(object, "result", record_result(record), &failed);
    put(object, "what", record_what(record), &failed);
    put(object, "who", record_who(record), &failed);
    put(object, "when", record_when(record), &failed);
    put(object, "why", record_why(&record->why), &failed);
    put(object, "how", record_how(record), &failed);
    put(object, "limits", record_limit_list(), &failed);
    put(object, "previous", hex_or_null(record->previous), &failed);
    put(object, "journal", record_journal(record), &failed);
    return finish(object, failed);
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
    json_t *object = json_object();
    bool failed = object == NULL;
    put(object, "cretula", json_string("error/1"), &failed);
    put(object, "program", text_or_null(command), &failed);
    put(object, "exitCode", json_integer(err->class), &failed);
    if (err->class == CRET_ERR_UNDECIDED) {
        put(object, "verdict", json_string(cret_verdict_name(CRET_VERDICT_UNDECIDED)), &failed);
    } else if (err->class == CRET_ERR_REFUSED) {
        put(object, "verdict", json_string(cret_verdict_name(CRET_VERDICT_REFUSED)), &failed);
        put(object, "check", json_string(cret_check_get(err->check)->name), &failed);
    }
    put_error(object, err, &failed);
    return finish(object, failed);
}
