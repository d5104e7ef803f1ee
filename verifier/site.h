/* SPDX-License-Identifier: Apache-2.0 */
/* Site configuration: what the owner of this station has decided, so that options can only tighten
 * it (design: signatures.md, Site configuration). */
#ifndef CRET_VERIFIER_SITE_H
#define CRET_VERIFIER_SITE_H

#include "base/digest.h"
#include "base/options.h"
#include "base/schema.h"

#define CRET_SITE_MANDATORY 11
#define CRET_SITE_PATH "/etc/cretula/verify.json"

struct cret_site {
    bool present;
    uint8_t digest[CRET_SHA256_BYTES];
    char *trust;        /* path of trust.json, or NULL */
    char *overlay;      /* path of the site overlay, or NULL */
    char *journal;      /* folder of the journal, or NULL */
    char *profile;      /* path of the profile that every run uses, or NULL */
    bool has_profile_digest;
    uint8_t profile_digest[CRET_SHA256_BYTES]; /* that it must have */
    char *station;      /* path of station.json, or NULL */
    char *tcti;         /* connection to the TPM, or NULL */
    char *journal_auth; /* file with the authorization of the journal head, or NULL */
    bool allow_at;
    bool mandatory_tpm; /* as if --tpm had been given */
    bool mandatory[CRET_SITE_MANDATORY]; /* options that every run must give (site.c) */
};

extern const struct cret_field cret_site_fields[];

/*
 * Reads /etc/cretula/verify.json where it exists (then --config is an error), else what --config
 * names, else nothing. The file must belong to root and not be writable by others (--config: to
 * root or the caller). Then holds the options to it: an option that names another trust, overlay,
 * profile, journal, station or TCTI than it, --anchor beside its trust, --allow-example-keys, --at
 * without permission, and a mandatory option that is missing are class USAGE. `default_path` is CRET_SITE_PATH but in tests.
 */
CRET_MUST_CHECK enum cret_status cret_site_load(struct cret_site *ret_site,
                                                const char *default_path,
                                                const struct cret_options *options,
                                                struct cret_err *err);
void cret_site_free(struct cret_site *site);

#endif
