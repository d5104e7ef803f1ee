/* SPDX-License-Identifier: Apache-2.0 */
/* site lint: is what the site configuration names there, and nobody else's to change? */
#include <stdlib.h>

#include "base/finding/limits.h"
#include "base/system/os.h"
#include "base/text/text.h"
#include "console/print.h"
#include "trust/policy/policy.h"
#include "verifier/run/site.h"
#include "verifier/verbs/options.h"
#include "verifier/verbs/verbs.h"

/* In the order of the page: files that every run opens. */
static const struct {
    const char *label;
    enum cret_site_item item;
} files[] = {{"trust", CRET_SITE_TRUST},
             {"overlay", CRET_SITE_OVERLAY},
             {"profile", CRET_SITE_PROFILE},
             {"station", CRET_SITE_STATION},
             {"journalAuth", CRET_SITE_JOURNAL_AUTH}};

static enum cret_status look_at_files(struct cret_page *page, const struct cret_options *options,
                                      struct cret_err *err)
{
    for (size_t i = 0; i < CRET_LENGTH(files); i++) {
        int fd = -1;
        if (!cret_site_names(options, files[i].item)) {
            continue;
        }
        const enum cret_status status = cret_site_open(&fd, options, files[i].item, "", err);
        cret_os_close(&fd);
        if (status != CRET_OK) {
            return cret_err_context(err, "%s", files[i].label);
        }
        cret_page_text(page, files[i].label, cret_site_value(options, files[i].item));
    }
    return CRET_OK;
}

static enum cret_status look(struct cret_page *page, const struct cret_options *options,
                             struct cret_err *err)
{
    const char *journal = NULL;
    char hex[CRET_SHA256_HEX];
    if (look_at_files(page, options, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_site_journal(&journal, options, err) != CRET_OK) {
        return cret_err_context(err, "journal");
    }
    cret_page_text(page, "journal", journal);
    if (cret_site_names_recorders(options)) {
        struct cret_policy *policy = NULL;
        const enum cret_status status = cret_site_recorders(&policy, options, false, err);
        cret_policy_free(&policy);
        if (status != CRET_OK) {
            return cret_err_context(err, "recordAnchors");
        }
        cret_page_text(page, "recordAnchors", "read");
    }
    cret_hex_encode(hex, cret_site_digest(options), CRET_SHA256_BYTES);
    cret_page_text(page, "SHA-256", hex);
    return CRET_OK;
}

static int act(const struct cret_options *options)
{
    struct cret_err err = {0};
    if (cret_site_digest(options) == NULL) {
        cret_err_usage(&err, "there is no site configuration: %s", CRET_SITE_PATH);
        cret_err_hint(&err, "--config FILE names a draft; cretula-verify site init makes one");
        return cret_verb_fail(options, &err);
    }
    struct cret_page *page = cret_page_new();
    cret_page_verdict(page, CRET_TONE_PLAIN, "site configuration",
                      "sound, and what it names can be opened and is nobody else's to change");
    if (look(page, options, &err) != CRET_OK) {
        cret_page_free(&page);
        return cret_verb_fail(options, &err);
    }
    cret_page_text(page, "not judged",
                   "what stands in these files: cretula-verify trust lint, journal verify");
    return cret_print_last(options, &page, CRET_EXIT_DONE);
}

const struct cret_verb cret_verb_site_lint = {
    .name = "lint",
    .summary = "Read a site configuration, and open what it names",
    .help = "Whatever a run would find at fault: a field that is wrong, a file that is not there, "
            "or that others could change. The first fault is said, exit code 2.",
    .groups = CRET_GROUPS(&cret_site_group),
    .examples = CRET_EXAMPLES("cretula-verify site lint --config verify.json"),
    .run = act,
};
