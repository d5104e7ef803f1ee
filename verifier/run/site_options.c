/* SPDX-License-Identifier: Apache-2.0 */
/* What a site makes of a command line: one table over all options of all verbs. An option that it
 * does not list is refused wherever there is a site, so that a new one cannot be forgotten; unless
 * its own row says that it is left free. What the table lists, no row can free. */
#include <string.h>

#include "verifier/run/site_internal.h"

enum rule {
    UNKNOWN = 0,
    FREE,       /* the operator's own: it says what he expects, gives, wants to see */
    NAMES,      /* names an item: the same as the site's, where that names one */
    NAMES_TPM,  /* the same, and nothing where the site names none: the TPM is the site's to name */
    ANCHOR,     /* whom to trust: not where the site names a trust policy */
    RECORDER,   /* who may have signed records: those of recordAnchors where there is trust */
    NEVER,      /* not on a machine with a site */
    AT,         /* only where the site allows it */
    UNCONFINED, /* the same */
    HEAD,       /* not where the TPM is asked: it stands in its place */
    CLOCK,      /* refused: the policy names who is believed about time */
    ELSEWHERE,  /* refused: the site names nobody for that */
    CONFIG,     /* judged where the file is read */
};

static const struct {
    const char *verb; /* NULL: any */
    const char *option;
    enum rule rule;
    enum cret_site_item item; /* NAMES, NAMES_TPM */
} rows[] = {
    /* The certificate that goes into a policy is not one that is trusted now. */
    {"trust add-signer", "anchor", FREE, 0},
    {"trust add-foreign", "anchor", FREE, 0},
    {"record verify", "anchor", RECORDER, 0},
    {"record show", "anchor", RECORDER, 0},
    {"record export", "anchor", RECORDER, 0},
    /* Files that provisioning writes. */
    {"tpm provision", "station", NAMES, CRET_SITE_STATION},
    {"tpm provision", "tcti", NAMES, CRET_SITE_TCTI},
    {"tpm provision", "journal-auth", NAMES, CRET_SITE_JOURNAL_AUTH},

    {NULL, "anchor", ANCHOR, 0},
    {NULL, "foreign-key", ANCHOR, 0},
    {NULL, "foreign-signer", ANCHOR, 0},
    {NULL, "trust", NAMES, CRET_SITE_TRUST},
    {NULL, "overlay", NAMES, CRET_SITE_OVERLAY},
    {NULL, "profile", NAMES, CRET_SITE_PROFILE},
    {NULL, "journal", NAMES, CRET_SITE_JOURNAL},
    {NULL, "station", NAMES_TPM, CRET_SITE_STATION},
    {NULL, "tcti", NAMES_TPM, CRET_SITE_TCTI},
    {NULL, "journal-auth", NAMES_TPM, CRET_SITE_JOURNAL_AUTH},
    {NULL, "hash", NAMES, CRET_SITE_HASH},
    {NULL, "allow-example-keys", NEVER, 0},
    {NULL, "allow-unconfined", UNCONFINED, 0},
    {NULL, "at", AT, 0},
    {NULL, "head", HEAD, 0},
    {"check", "authority", CLOCK, 0},
    {"extract", "authority", CLOCK, 0},
    {NULL, "authority", ELSEWHERE, 0},
    {NULL, "config", CONFIG, 0},
};

/* FREE for every verb. */
static const char *const free_options[] = {
    /* what is expected, and how much is read */
    "product", "hardware", "min-sequence", "also", "backout", "expect-identity", "crl", "waivers",
    "fast", "only", "payload", "jobs", "csaf", "to", "to-fd", "portable-names",
    /* what is left, and by whom */
    "record", "archive-digest", "change-id", "asset", "zone", "stage", "acquired", "name", "role",
    "sign-record", "record-cert", "record-chain", "syslog", "passphrase-fd", "passphrase-file",
    "pin", "pin-fd", "pin-file", "tpm", "tpm-verify", "json", "quiet", "verbose", "section",
    "files", "fail-on", "format", "original-names", "sarif", "junit", "html", "any-product",
    /* records and journals */
    "signature", "attestation", "accepted", "key", "out", "line", "identity", "time", "text",
    "from", "unclosed", "seal",
    /* policies as drafts: nothing is judged by them */
    "review-by", "expires", "kind", "subject", "issuer", "exactly", "legacy", "weak-digests", "own",
    "not-after", "vendor", "signer", "policy-owner", "pin-key", "fingerprint", "threshold",
    "added-by", "obtained", "keep-version", "severity", "minimum-sequence", "owners-threshold",
    "algorithm", "waivable", "revocation", "crl-max-age", "timestamp", "timestamp-authority",
    "intermediate", "post-quantum", "post-quantum-anchor", "cert", "dry-run",
    /* provisioning and orders, which the TPM judges */
    "trust-owner", "owner-auth-file", "owner-auth-fd", "insecure-no-auth", "anchor-index",
    "journal-index", "attestation-handle", "storage-handle", "new", "series"};

static const char no_published_keys[] =
    "a station of a site trusts no published keys; try things out on another machine";
static const char no_clock[] =
    "judge and make seals of records and journals on another machine: the site configuration names "
    "nobody who is believed about their time";
static const char no_other_clock[] =
    "leave the option out: whom to believe about time stands in timestampAuthorities of the "
    "site's trust policy";

/* Operands that name an item. */
static const struct {
    const char *verb;
    enum cret_site_item item;
} operands[] = {{"journal note", CRET_SITE_JOURNAL}, {"journal close", CRET_SITE_JOURNAL}};

static enum rule find_rule(const char *verb, const struct cret_option *option,
                           enum cret_site_item *ret_item)
{
    for (size_t i = 0; i < CRET_LENGTH(rows); i++) {
        if ((rows[i].verb == NULL || strcmp(rows[i].verb, verb) == 0) &&
            strcmp(rows[i].option, option->name) == 0) {
            *ret_item = rows[i].item;
            return rows[i].rule;
        }
    }
    for (size_t i = 0; i < CRET_LENGTH(free_options); i++) {
        if (strcmp(free_options[i], option->name) == 0) {
            return FREE;
        }
    }
    return option->left_free ? FREE : UNKNOWN;
}

bool cret_site_binds(const struct cret_options *options)
{
    const char *name = cret_options_command(options);
    const struct cret_option *option = NULL;
    enum cret_site_item item = CRET_SITE_ITEMS;
    for (size_t i = 0; (option = cret_verb_option(cret_options_verb(options), i)) != NULL; i++) {
        if (find_rule(name, option, &item) != FREE) {
            return true;
        }
    }
    return false;
}

static enum cret_status refuse(const char *option, const char *hint, struct cret_err *err)
{
    cret_err_usage(err, "the site configuration does not allow --%s", option);
    return cret_err_hint(err, "%s", hint);
}

static enum cret_status refuse_another(const char *option, const char *decided,
                                       struct cret_err *err)
{
    cret_err_usage(err, "the site configuration does not allow another --%s", option);
    cret_err_expected(err, "%s", decided);
    return cret_err_hint(err, "leave the option out");
}

static enum cret_status hold_recorder(const struct cret_site *site,
                                      const struct cret_options *options, struct cret_err *err)
{
    for (size_t i = 0; i < cret_options_count(options, "anchor"); i++) {
        const char *given = cret_options_values(options, "anchor")[i];
        bool named = false;
        for (size_t k = 0; k < site->record_anchor_count; k++) {
            named = named || strcmp(site->record_anchors[k], given) == 0;
        }
        if (!named) {
            return refuse("anchor",
                          "leave the option out: the journal, the station or `recordAnchors` of "
                          "the site configuration vouch for a record here",
                          err);
        }
    }
    return CRET_OK;
}

static enum cret_status hold_option(const struct cret_site *site,
                                    const struct cret_options *options, const char *name,
                                    enum rule rule, enum cret_site_item item, struct cret_err *err)
{
    const bool trusts = site->items[CRET_SITE_TRUST] != NULL;
    const char *given = cret_options_value(options, name);
    switch (rule) {
    case FREE:
    case CONFIG:
        return CRET_OK;
    case NAMES:
    case NAMES_TPM:
        if (site->items[item] != NULL) {
            return given != NULL && strcmp(site->items[item], given) == 0
                       ? CRET_OK
                       : refuse_another(name, site->items[item], err);
        }
        return rule == NAMES ? CRET_OK
                             : refuse(name,
                                      "leave the option out: a TPM takes part only where `station` "
                                      "in the site configuration names it",
                                      err);
    case ANCHOR:
        return !trusts ? CRET_OK
                       : refuse(name, "leave the option out; the site's own trust is used", err);
    case RECORDER:
        return trusts || site->record_anchor_count > 0 ? hold_recorder(site, options, err)
                                                       : CRET_OK;
    case AT:
        return site->allow_at ? CRET_OK
                              : refuse(name,
                                       "leave the option out; `allowAt` in the site configuration "
                                       "lets another time stand for the clock's",
                                       err);
    case UNCONFINED:
        return site->allow_unconfined
                   ? CRET_OK
                   : refuse(name,
                            "leave the option out; `allowUnconfined` in the site configuration "
                            "lets a run go on where this machine confines no process",
                            err);
    case HEAD:
        return !site->asks_tpm ? CRET_OK
                               : refuse(name,
                                        "leave the option out: the TPM of this station says "
                                        "where the journal ends",
                                        err);
    case NEVER:
        return refuse(name, no_published_keys, err);
    case CLOCK:
        return refuse(name, no_other_clock, err);
    case ELSEWHERE:
        return refuse(name, no_clock, err);
    case UNKNOWN:
    default:
        return refuse(name, "it is not known what it would change; report this as a fault", err);
    }
}

static enum cret_status hold_operands(const struct cret_site *site, const char *verb,
                                      const struct cret_options *options, struct cret_err *err)
{
    for (size_t i = 0; i < CRET_LENGTH(operands); i++) {
        const char *decided = site->items[operands[i].item];
        if (strcmp(operands[i].verb, verb) == 0 && decided != NULL &&
            cret_options_operand_count(options) > 0 &&
            strcmp(cret_options_operand(options, 0), decided) != 0) {
            cret_err_usage(err, "the site configuration does not allow another %s",
                           cret_site_item_option(operands[i].item));
            cret_err_expected(err, "%s", decided);
            return cret_err_hint(err, "leave it out");
        }
    }
    return CRET_OK;
}

/* Runs about releases, which are to say what for: not the verbs that write policies. */
static bool is_run(const char *verb)
{
    return strchr(verb, ' ') == NULL || strncmp(verb, "journal ", 8) == 0;
}

enum cret_status cret_site_hold(const struct cret_site *site, const struct cret_options *options,
                                struct cret_err *err)
{
    const char *verb = cret_options_command(options);
    const struct cret_option *option = NULL;
    if (!site->present) {
        return CRET_OK;
    }
    for (size_t i = 0; (option = cret_verb_option(cret_options_verb(options), i)) != NULL; i++) {
        enum cret_site_item item = CRET_SITE_ITEMS;
        const enum rule rule = find_rule(verb, option, &item);
        if (cret_options_given(options, option->name)) {
            if (hold_option(site, options, option->name, rule, item, err) != CRET_OK) {
                return CRET_FAILED;
            }
            continue;
        }
        for (size_t k = 0; is_run(verb) && site->mandatory_names[k] != NULL; k++) {
            if ((site->mandatory >> k & 1) != 0 &&
                strcmp(site->mandatory_names[k], option->name) == 0) {
                return cret_err_usage(err, "the site configuration makes --%s mandatory",
                                      option->name);
            }
        }
    }
    return hold_operands(site, verb, options, err);
}
