/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Site configuration: what the owner of this machine has decided, so that options can only tighten
 * it (docs/spec/site.md). main.c binds every verb to it before the verb runs. From then on a verb
 * asks here, with its options, for whatever a site can decide: it gets what the site names, else
 * what the option names; and files that the site names only as descriptors of what nobody else can
 * change.
 */
#ifndef CRET_VERIFIER_SITE_H
#define CRET_VERIFIER_SITE_H

#include "base/command/options.h"
#include "base/digest/digest.h"
#include "base/schema/file_format.h"
#include "base/system/output.h"
#include "trust/policy/policy.h"

#define CRET_SITE_PURPOSE "site/1"
#define CRET_SITE_PATH "/etc/cretula/verify.json"

extern const struct cret_file_format cret_site_format;

/* What a site can name and an option too. */
enum cret_site_item {
    CRET_SITE_TRUST,        /* file */
    CRET_SITE_OVERLAY,      /* file */
    CRET_SITE_PROFILE,      /* file */
    CRET_SITE_JOURNAL,      /* folder */
    CRET_SITE_STATION,      /* file */
    CRET_SITE_TCTI,         /* connection */
    CRET_SITE_JOURNAL_AUTH, /* file */
    CRET_SITE_HASH,         /* auto or openssl */
    CRET_SITE_ITEMS
};

struct cret_site; /* opaque: its paths are opened here and nowhere else */

/*
 * Reads /etc/cretula/verify.json where it exists (then another --config is an error), else what
 * --config names, else nothing, and attaches it to the options. Then holds options and operands to
 * it: class USAGE for each that names something else than the site, or would undo what it decided,
 * and for a mandatory one that is missing. A verb whose options a site has no say in is not held up
 * by a faulty configuration. `default_path` is CRET_SITE_PATH but in tests. Free with
 * cret_site_free, after the verb.
 */
CRET_MUST_CHECK enum cret_status cret_site_bind(struct cret_site **ret_site,
                                                struct cret_options *options,
                                                const char *default_path, struct cret_err *err);
void cret_site_free(struct cret_site **site); /* NULL-safe */

/* Whether a run would take this configuration; nothing that it names is opened. path: for messages.
 * class USAGE. */
CRET_MUST_CHECK enum cret_status cret_site_sound(const json_t *json, const char *path,
                                                 struct cret_err *err);

/* --- for verbs; all borrowed --- */

/* SHA-256 of the configuration; NULL where there is none. */
const uint8_t *cret_site_digest(const struct cret_options *options);
/* Whether the site names it (then the option, if given, says the same). */
bool cret_site_names(const struct cret_options *options, enum cret_site_item item);
/* What the site names, else what the option names, else NULL. For messages and connections: a file
 * is opened by the functions below. */
const char *cret_site_value(const struct cret_options *options, enum cret_site_item item);
bool cret_site_asks_tpm(const struct cret_options *options);                 /* "tpm": true */
const uint8_t *cret_site_profile_digest(const struct cret_options *options); /* or NULL */

/*
 * Reads the file that the site names (class USAGE unless nobody else can change or replace it),
 * else the one that the option names; *ret_text NULL where neither does. Caller frees. suffix: of a
 * file that belongs to it and lies beside it ("" for none); that one may be missing, which gives
 * NULL too.
 */
CRET_MUST_CHECK enum cret_status cret_site_read(char **ret_text, size_t *ret_size,
                                                const struct cret_options *options,
                                                enum cret_site_item item, const char *suffix,
                                                size_t cap, struct cret_err *err);
/* The same, opened; *ret_fd -1 where cret_site_read gives NULL. */
CRET_MUST_CHECK enum cret_status cret_site_open(int *ret_fd, const struct cret_options *options,
                                                enum cret_site_item item, const char *suffix,
                                                struct cret_err *err);
/* Replaces the trust policy that cret_site_value names, as a whole. class USAGE where it is a
 * symbolic link, or the site's and others could change it. */
CRET_MUST_CHECK enum cret_status cret_site_replace_trust(const struct cret_options *options,
                                                         const struct cret_held *held,
                                                         const char *text, size_t size,
                                                         struct cret_err *err);
/* The journal's folder, or NULL where neither names one. Where it is the site's, the folders on the
 * way, it and what lies in it belong to root (or `journalAccount`) and are writable by nobody else,
 * else class USAGE: whoever could replace them afterwards is one of these two. It may not be there
 * yet. */
CRET_MUST_CHECK enum cret_status cret_site_journal(const char **ret_folder,
                                                   const struct cret_options *options,
                                                   struct cret_err *err);
bool cret_site_names_recorders(const struct cret_options *options); /* `recordAnchors` */
/* Who may have signed a record, as a bare anchor: what `recordAnchors` names (opened as above),
 * else
 * --anchor. Caller frees with cret_policy_free. */
CRET_MUST_CHECK enum cret_status cret_site_recorders(struct cret_policy **ret_policy,
                                                     const struct cret_options *options,
                                                     bool allow_example_keys, struct cret_err *err);

#endif
