/* SPDX-License-Identifier: Apache-2.0 */
/* trust update: the installed policy is replaced by the last version of a series, without a
 * network, however long the station lay in a drawer. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/finding/limits.h"
#include "base/system/file.h"
#include "base/system/os.h"
#include "base/text/json.h"
#include "base/text/text.h"
#include "console/print.h"
#include "trust/policy/policy_rotation.h"
#include "verifier/policy/trust_changes.h"
#include "verifier/run/clock.h"
#include "verifier/run/site.h"
#include "verifier/run/trust_file.h"
#include "verifier/verbs/options.h"
#include "verifier/verbs/verbs.h"

/* One run. */
struct update {
    const struct cret_options *options;
    const char *path;       /* of the installed policy */
    struct cret_held *held; /* that file, but for --dry-run */
    json_t *before, *after, *changes;
    struct cret_policy *installed;
    struct cret_rotation rotation;
};

static enum cret_status open_installed(struct update *update, int64_t now, struct cret_err *err)
{
    const struct cret_options *options = update->options;
    char *text = NULL;
    size_t size = 0;
    if (cret_site_asks_tpm(options)) {
        cret_err_usage(err, "the TPM of this station holds the trust policy: it takes a new "
                            "one only with the trust owner's order");
        return cret_err_hint(err, "cretula-verify tpm apply ORDER");
    }
    update->path = cret_site_value(options, CRET_SITE_TRUST);
    if (update->path == NULL) {
        cret_err_usage(err, "--trust is missing: the installed trust.json");
        return cret_err_hint(err, "--trust FILE, or `trust` in the site configuration");
    }
    if (!cret_options_given(options, "dry-run") &&
        cret_trust_file_hold(&update->held, update->path, err) != CRET_OK) {
        return CRET_FAILED;
    }
    /* It may have expired long ago: only the version that it leads to must be in force. */
    if (cret_site_read(&text, &size, options, CRET_SITE_TRUST, "", CRET_LIMIT_POLICY_BYTES, err) !=
        CRET_OK) {
        return CRET_FAILED;
    }
    const bool example = cret_options_given(options, "allow-example-keys");
    enum cret_status status =
        cret_file_format_parse(&update->before, &cret_trust_format, text, size, update->path, err);
    if (status == CRET_OK) {
        status = cret_policy_parse(&update->installed, text, size, update->path, INT64_MIN, example,
                                   err);
    }
    free(text);
    return status == CRET_OK ? cret_clock_check(now, update->installed, err) : CRET_FAILED;
}

/* Judges first, all of it; the one write comes last. */
static enum cret_status run_update(struct update *update, struct cret_err *err)
{
    const int64_t now = cret_os_now();
    struct cret_rotation *rotation = &update->rotation;
    if (open_installed(update, now, err) != CRET_OK ||
        cret_policy_walk(rotation, update->installed, cret_options_operand(update->options, 0),
                         (struct cret_optional){0}, now,
                         cret_options_given(update->options, "allow-example-keys"),
                         err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (rotation->policy == NULL) {
        return CRET_OK;
    }
    if (cret_clock_check(now, rotation->policy, err) != CRET_OK ||
        cret_json_parse(&update->after, rotation->text, rotation->size, CRET_JSON_STRICT,
                        CRET_CHECK_TRUST_ROTATION, err) != CRET_OK ||
        cret_trust_changes(&update->changes, update->before, update->after, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_options_given(update->options, "dry-run")) {
        return CRET_OK;
    }
    return cret_site_replace_trust(update->options, update->held, rotation->text, rotation->size,
                                   err);
}

static json_t *steps_json(const struct cret_rotation *rotation)
{
    json_t *list = json_array();
    for (size_t i = 0; list != NULL && i < rotation->step_count; i++) {
        const struct cret_rotation_step *step = &rotation->steps[i];
        char hex[CRET_SHA256_HEX];
        cret_hex_encode(hex, step->digest, CRET_SHA256_BYTES);
        if (json_array_append_new(
                list, json_pack("{s:I, s:s, s:I, s:I, s:s}", "version", (json_int_t)step->version,
                                "sha256", hex, "ownersBefore", (json_int_t)step->before,
                                "ownersOwn", (json_int_t)step->own, "owners", step->who)) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

static int print_json(const struct update *update)
{
    const struct cret_policy *last =
        update->rotation.policy != NULL ? update->rotation.policy : update->installed;
    return cret_print_json(
        update->options,
        json_pack(
            "{s:s, s:s, s:s, s:I, s:I, s:b, s:o?, s:O?}", "cretula", "trust-update/1", "trust",
            update->path, "policy", last->name, "from", (json_int_t)update->installed->version,
            "to", (json_int_t)last->version, "installed",
            update->rotation.policy != NULL && !cret_options_given(update->options, "dry-run"),
            "steps", steps_json(&update->rotation), "changes", update->changes),
        0);
}

static int print(const struct update *update)
{
    const struct cret_rotation *rotation = &update->rotation;
    char hex[CRET_SHA256_HEX];
    if (cret_options_given(update->options, "json")) {
        return print_json(update);
    }
    struct cret_page *page = cret_page_new();
    struct cret_buffer text = {0};
    if (rotation->policy == NULL) {
        cret_buffer_printf(&text,
                           "version %" PRId64 " of %s is installed, and the folder has "
                           "nothing newer",
                           update->installed->version, update->installed->name);
    } else {
        cret_buffer_printf(
            &text, "%s version %" PRId64 " -> %" PRId64 " of %s",
            cret_options_given(update->options, "dry-run") ? "would go from" : "went from",
            update->installed->version, rotation->policy->version, rotation->policy->name);
    }
    cret_page_verdict(page, CRET_TONE_PLAIN, update->path, "%s", cret_page_words(page, &text));
    cret_buffer_free(&text);
    if (rotation->policy == NULL) {
        return cret_print_last(update->options, &page, CRET_EXIT_DONE);
    }
    for (size_t i = 0; i < rotation->step_count; i++) {
        const struct cret_rotation_step *step = &rotation->steps[i];
        char label[32];
        snprintf(label, sizeof(label), "version %" PRId64, step->version);
        cret_page_row(page, label,
                      "signed by %s (%zu of %u %s of version %" PRId64 ", %zu of %u of its own)",
                      step->who, step->before, step->before_threshold,
                      cret_plural(step->before_threshold, "owner", "owners"), step->version - 1,
                      step->own, step->own_threshold);
    }
    cret_hex_encode(hex, rotation->policy->digest, CRET_SHA256_BYTES);
    cret_page_text(page, "SHA-256", hex);
    cret_trust_changes_put(page, update->changes);
    return cret_print_last(update->options, &page, CRET_EXIT_DONE);
}

static int act(const struct cret_options *options)
{
    struct update update = {.options = options};
    struct cret_err err = {0};
    const int code =
        run_update(&update, &err) == CRET_OK ? print(&update) : cret_verb_fail(options, &err);
    cret_held_close(&update.held);
    cret_rotation_clear(&update.rotation);
    cret_policy_free(&update.installed);
    json_decref(update.before);
    json_decref(update.after);
    json_decref(update.changes);
    return code;
}

static const struct cret_option update_options[] = {
    CRET_FLAG("dry-run", "Judge the folder and say what would change; change nothing."),
    CRET_OPTION_END,
};
static const struct cret_option_group update_group = {"Trust policy", update_options};

const struct cret_verb cret_verb_trust_update = {
    .name = "update",
    .operands = "DIR",
    .summary = "Take the newest version of the trust policy from a folder",
    .help = "Walks through every version from the installed one on. Each must be signed by enough "
            "owners of the version before and of its own; only the last one must not have "
            "expired. Then the installed file is replaced as a whole, and what changed is said.",
    .groups = CRET_GROUPS(&cret_installed_group, &update_group, &cret_example_group,
                          &cret_site_group, &cret_json_group),
    .examples = CRET_EXAMPLES("cretula-verify trust update /media/stick/series "
                              "--trust /etc/cretula/trust.json --dry-run"),
    .run = act,
};
