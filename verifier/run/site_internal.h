/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by site.c (the file), above it site_options.c (what it makes of a command line) and
 * site_files.c (opening what it names), and on top site_bind.c. */
#ifndef CRET_VERIFIER_SITE_INTERNAL_H
#define CRET_VERIFIER_SITE_INTERNAL_H

#include "base/system/os.h"
#include "verifier/run/site.h"

struct cret_site {
    bool present;
    char *path; /* of the configuration */
    uint8_t digest[CRET_SHA256_BYTES];
    char *items[CRET_SITE_ITEMS]; /* NULL: not named */
    bool has_profile_digest;
    uint8_t profile_digest[CRET_SHA256_BYTES];
    char **record_anchors; /* NULL-terminated, or NULL */
    size_t record_anchor_count;
    bool allow_at;
    bool allow_unconfined;
    bool asks_tpm;
    const char *const *mandatory_names;     /* all that can be made mandatory */
    uint64_t mandatory;                     /* one bit for each of these names */
    struct cret_os_keepers keepers;         /* of what it names */
    struct cret_os_keepers journal_keepers; /* of the journal */
};

/* The option of an item. */
const char *cret_site_item_option(enum cret_site_item item);
/* Reads the file that --config names, or the one at default_path where that is there. class USAGE
 * where it is not sound. */
CRET_MUST_CHECK enum cret_status cret_site_load(struct cret_site *site,
                                                const struct cret_options *options,
                                                const char *default_path, struct cret_err *err);

/* --- site_options.c --- */
/* Whether a site has a say in what this verb is given. */
bool cret_site_binds(const struct cret_options *options);
CRET_MUST_CHECK enum cret_status cret_site_hold(const struct cret_site *site,
                                                const struct cret_options *options,
                                                struct cret_err *err);

#endif
