/* SPDX-License-Identifier: Apache-2.0 */
/* Options that both programs have. */
#ifndef CRET_BASE_SHARED_H
#define CRET_BASE_SHARED_H

#include "base/command/options.h"

extern const struct cret_option_group cret_json_group;        /* --json */
extern const struct cret_option_group cret_json_errors_group; /* --json, where it is for errors */
extern const struct cret_option_group cret_quiet_group;       /* --quiet */
extern const struct cret_option_group cret_jobs_group;        /* --jobs, --hash */
extern const struct cret_option_group cret_payload_group;     /* --payload */
extern const struct cret_option_group cret_profile_group;     /* --profile FILE */
extern const struct cret_option_group cret_certificate_group; /* --cert, required */
/* --passphrase-fd, --passphrase-file, --pin-fd, --pin-file: of --key or --sign-record. */
extern const struct cret_option_group cret_secret_group;
extern const struct cret_option_group cret_pin_group;     /* the last two of them alone */
extern const struct cret_option_group cret_example_group; /* --allow-example-keys */
/* --allow-unconfined: of verbs that read what others made in a process of its own. */
extern const struct cret_option_group cret_confinement_group;

#endif
