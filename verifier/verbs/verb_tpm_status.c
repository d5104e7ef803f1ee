/* SPDX-License-Identifier: Apache-2.0 */
/* tpm status: what is there, what it says, and whether it is what it should be. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/json_build.h"
#include "base/text/text.h"
#include "console/print.h"
#include "verifier/run/site.h"
#include "verifier/run/site_policy.h"
#include "verifier/run/tpm_guard.h"
#include "verifier/verbs/options.h"
#include "verifier/verbs/verbs.h"

/* Everything that is found out, before anything is printed. */
struct findings {
    struct cret_tpm_state state;
    bool has_anchor, has_head;
    uint64_t version;
    uint8_t digest[CRET_SHA256_BYTES];
    uint8_t head[CRET_SHA256_BYTES];
    bool trust_fits, journal_fits;
};

static enum cret_status look(struct findings *found, struct cret_guard *guard, const char *tcti,
                             struct cret_err *err)
{
    const struct cret_station defaults = {.storage_handle = CRET_TPM_STORAGE_HANDLE,
                                          .attestation_handle = CRET_TPM_ATTESTATION_HANDLE,
                                          .anchor_index = CRET_TPM_ANCHOR_INDEX,
                                          .journal_index = CRET_TPM_JOURNAL_INDEX};
    struct cret_tpm *tpm = NULL;
    if (cret_tpm_open(&tpm, tcti, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const enum cret_status status = cret_tpm_status(
        tpm, guard != NULL ? cret_guard_station(guard) : &defaults, &found->state, err);
    cret_tpm_close(&tpm);
    return status;
}

static enum cret_status compare_journal(struct findings *found, struct cret_guard *guard,
                                        const char *journal, struct cret_err *err)
{
    const struct cret_journal_witness *witness = cret_guard_witness(guard);
    if (witness == NULL) {
        return CRET_OK;
    }
    if (journal != NULL) {
        if (cret_guard_check_journal(guard, journal, NULL, NULL, err) != CRET_OK) {
            return CRET_FAILED;
        }
        found->journal_fits = true;
    }
    if (witness->read(witness->context, found->head, err) != CRET_OK) {
        return CRET_FAILED;
    }
    found->has_head = true;
    return CRET_OK;
}

static enum cret_status compare(struct findings *found, struct cret_guard *guard,
                                const struct cret_options *options, struct cret_err *err)
{
    const char *journal = NULL;
    struct cret_policy *policy = NULL;
    struct cret_tpm *tpm = NULL;
    enum cret_status status = CRET_FAILED;
    if (cret_site_policy(&policy, options, err) == CRET_OK &&
        cret_site_journal(&journal, options, err) == CRET_OK &&
        compare_journal(found, guard, journal, err) == CRET_OK &&
        cret_guard_connect(guard, &tpm, err) == CRET_OK && cret_tpm_pin_all(tpm, err) == CRET_OK &&
        cret_tpm_read_anchor(tpm, &found->version, found->digest, err) == CRET_OK) {
        found->has_anchor = true;
        status = policy != NULL ? cret_guard_check_anchor(guard, policy, err) : CRET_OK;
        found->trust_fits = policy != NULL && status == CRET_OK;
    }
    cret_guard_release(guard);
    cret_policy_free(&policy);
    return status;
}

static void put_object(struct cret_page *page, const char *what, uint32_t handle,
                       const struct cret_tpm_object *object)
{
    char name[CRET_TPM_NAME_HEX];
    cret_hex_encode(name, object->name, CRET_TPM_NAME_BYTES);
    cret_page_row(page, what, "0x%08x, %s%s", handle, object->present ? "Name " : "missing",
                  object->present ? name : "");
}

static void put_objects(struct cret_page *page, const struct cret_tpm_state *state,
                        const struct cret_station *station)
{
    put_object(page, "storage key",
               station != NULL ? station->storage_handle : CRET_TPM_STORAGE_HANDLE,
               &state->storage);
    put_object(page, "attestation",
               station != NULL ? station->attestation_handle : CRET_TPM_ATTESTATION_HANDLE,
               &state->attestation);
    put_object(page, "anchor", station != NULL ? station->anchor_index : CRET_TPM_ANCHOR_INDEX,
               &state->anchor);
    put_object(page, "journal", station != NULL ? station->journal_index : CRET_TPM_JOURNAL_INDEX,
               &state->journal);
}

static int print_page(const struct cret_options *options, const struct findings *found,
                      const struct cret_station *station)
{
    char hex[CRET_SHA256_HEX];
    const struct cret_tpm_state *state = &found->state;
    struct cret_page *page = cret_page_new();
    cret_page_verdict(page, CRET_TONE_PLAIN, "TPM of", "%s, firmware %s", state->manufacturer,
                      state->firmware);
    cret_page_row(page, "authorized", "owner %s, lockout %s%s",
                  state->owner_auth ? "set" : "NOT SET", state->lockout_auth ? "set" : "NOT SET",
                  state->in_lockout ? "; the TPM IS IN LOCKOUT" : "");
    put_objects(page, state, station);
    if (found->has_anchor) {
        cret_hex_encode(hex, found->digest, CRET_SHA256_BYTES);
        cret_page_row(page, "station", "it is the TPM of station.json");
        cret_page_row(page, "trust policy", "version %" PRIu64 ", SHA-256 %s%s", found->version,
                      hex, found->trust_fits ? ": as trust.json" : "");
    }
    if (found->has_head) {
        cret_hex_encode(hex, found->head, CRET_SHA256_BYTES);
        cret_page_row(page, "journal ends", "%s%s", hex,
                      found->journal_fits ? ": as the journal" : "");
    }
    if (station == NULL) {
        cret_page_row(page, "note", "nothing of this was compared: give --station");
    }
    return cret_print_last(options, &page, CRET_EXIT_DONE);
}

static json_t *object_json(uint32_t handle, const struct cret_tpm_object *object)
{
    char name[CRET_TPM_NAME_HEX], text[11];
    cret_hex_encode(name, object->name, CRET_TPM_NAME_BYTES);
    snprintf(text, sizeof(text), "0x%08x", handle);
    return json_pack("{s:s, s:b, s:s?}", "handle", text, "present", object->present ? 1 : 0, "name",
                     object->present ? name : NULL);
}

static int print_json(const struct cret_options *options, const struct findings *found,
                      const struct cret_station *station)
{
    const struct cret_tpm_state *state = &found->state;
    struct cret_build json = cret_build_on(json_pack(
        "{s:s, s:s, s:s, s:b, s:b, s:b, s:o, s:o, s:o, s:o, s:b}", "cretula", "tpm-status/1",
        "manufacturer", state->manufacturer, "firmware", state->firmware, "ownerAuthSet",
        state->owner_auth ? 1 : 0, "lockoutAuthSet", state->lockout_auth ? 1 : 0, "inLockout",
        state->in_lockout ? 1 : 0, "storageKey",
        object_json(station != NULL ? station->storage_handle : CRET_TPM_STORAGE_HANDLE,
                    &state->storage),
        "attestationKey",
        object_json(station != NULL ? station->attestation_handle : CRET_TPM_ATTESTATION_HANDLE,
                    &state->attestation),
        "anchor",
        object_json(station != NULL ? station->anchor_index : CRET_TPM_ANCHOR_INDEX,
                    &state->anchor),
        "journal",
        object_json(station != NULL ? station->journal_index : CRET_TPM_JOURNAL_INDEX,
                    &state->journal),
        "recognized", found->has_anchor ? 1 : 0));
    if (found->has_anchor) {
        cret_build_integer(&json, "policyVersion", (int64_t)found->version);
        cret_build_sha256(&json, "policySha256", found->digest);
    }
    cret_build_sha256(&json, "journalHead", found->has_head ? found->head : NULL);
    return cret_print_json(options, cret_build_end(&json), 0);
}

static enum cret_status run_status(const struct cret_options *options, struct findings *found,
                                   struct cret_guard **ret_guard, struct cret_err *err)
{
    const char *station = cret_site_value(options, CRET_SITE_STATION);
    const char *tcti = cret_site_value(options, CRET_SITE_TCTI);
    const bool with_auth = cret_site_value(options, CRET_SITE_JOURNAL) != NULL ||
                           cret_options_given(options, "journal-auth");
    if (!cret_tpm_built_in()) {
        cret_err_usage(err, "this build has no TPM support");
        return cret_err_hint(err, "use a program built with -DCRETULA_TPM=ON");
    }
    if (station == NULL && (cret_options_given(options, "trust") || with_auth)) {
        cret_err_usage(err, "--station is missing: without it nothing can be compared");
        return cret_err_hint(err,
                             "--station FILE names the station.json that `tpm provision` wrote");
    }
    if (station != NULL && cret_guard_station_open(ret_guard, options, with_auth, err) != CRET_OK) {
        return CRET_FAILED;
    }
    return look(found, *ret_guard, tcti != NULL ? tcti : CRET_TPM_DEFAULT_TCTI, err);
}

static int act(const struct cret_options *options)
{
    struct findings found = {.has_anchor = false};
    struct cret_guard *guard = NULL;
    struct cret_err err = {0};
    int code = 0;
    if (run_status(options, &found, &guard, &err) != CRET_OK) {
        code = cret_verb_fail(options, &err);
        goto out;
    }
    /* What is there is shown also where it is not what it should be. */
    const enum cret_status fits = guard != NULL ? compare(&found, guard, options, &err) : CRET_OK;
    const struct cret_station *station = guard != NULL ? cret_guard_station(guard) : NULL;
    if (!cret_options_given(options, "json")) {
        code = print_page(options, &found, station);
    } else if (fits == CRET_OK) {
        code = print_json(options, &found, station);
    }
    if (fits != CRET_OK) {
        code = cret_verb_fail(options, &err);
    }
out:
    cret_guard_free(&guard);
    return code;
}

static const struct cret_option status_options[] = {
    CRET_OPTION("trust", "FILE", "Compare the anchor with this trust.json."),
    CRET_OPTION("journal", "DIR", "Compare the journal head with this journal."),
    CRET_OPTION_END,
};
static const struct cret_option_group comparison_group = {"Comparison", status_options};

const struct cret_verb cret_verb_tpm_status = {
    .name = "status",
    .summary = "Show what the TPM holds, and whether it is what it should be",
    .help = "Without --station nothing is compared.",
    .groups = CRET_GROUPS(&comparison_group, &cret_example_group, &cret_station_group,
                          &cret_tcti_group, &cret_site_group, &cret_json_group),
    .examples = CRET_EXAMPLES("cretula-verify tpm status --station /etc/cretula/station.json "
                              "--trust /etc/cretula/trust.json"),
    .run = act,
};
