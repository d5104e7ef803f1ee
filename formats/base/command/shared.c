/* SPDX-License-Identifier: Apache-2.0 */
/* Options that both programs have. */
#include "base/command/shared.h"

#include "base/digest/hash_engine.h"

static const struct cret_option json_options[] = {
    {.name = "json", .help = "Print the result as JSON, errors too."},
    {.name = NULL},
};
const struct cret_option_group cret_json_group = {"Output", json_options};

static const struct cret_option json_errors_options[] = {
    {.name = "json", .help = "Print errors as JSON."},
    {.name = NULL},
};
const struct cret_option_group cret_json_errors_group = {"Output", json_errors_options};

static const struct cret_option quiet_options[] = {
    {.name = "quiet", .help = "Print nothing but errors and findings."},
    {.name = NULL},
};
const struct cret_option_group cret_quiet_group = {"Output", quiet_options};

static const struct cret_option jobs_options[] = {
    {.name = "jobs",
     .argument = "N",
     .help = "Number of threads. Default: one for each processor."},
    {.name = "hash",
     .argument = "ENGINE",
     .choices = cret_hash_choices,
     .help = "What computes the digests of small files and of trees: auto (the SHA-256 "
             "instructions of the processor, where it has them) or openssl. The result is the "
             "same. Default: auto."},
    {.name = NULL},
};
const struct cret_option_group cret_jobs_group = {"Work", jobs_options};

static const struct cret_option payload_options[] = {
    {.name = "payload", .argument = "DIR", .help = "Folder of the files of a detached archive."},
    {.name = NULL},
};
const struct cret_option_group cret_payload_group = {"Archive", payload_options};

static const struct cret_option profile_options[] = {
    {.name = "profile",
     .argument = "FILE",
     .help = "Require what this profile lists: topics that the documentation must answer."},
    {.name = NULL},
};
const struct cret_option_group cret_profile_group = {"Expectations", profile_options};

static const struct cret_option certificate_options[] = {
    {.name = "cert",
     .argument = "PEM",
     .required = true,
     .help = "The certificate of that key; intermediates may follow it in the file."},
    {.name = NULL},
};
const struct cret_option_group cret_certificate_group = {"Certificate", certificate_options};

#define OF_KEY "key sign-record"
static const struct cret_option secret_options[] = {
    {.name = "passphrase-fd",
     .argument = "N",
     .needs = OF_KEY,
     .excludes = "pin-fd pin-file",
     .help = "Read the key's passphrase from descriptor N (one line)."},
    {.name = "pin-fd",
     .argument = "N",
     .needs = OF_KEY,
     .excludes = "passphrase-fd pin-file",
     .help = "Read PIN or passphrase from descriptor N (one line)."},
    {.name = "pin-file",
     .argument = "FILE",
     .needs = OF_KEY,
     .excludes = "passphrase-fd pin-fd",
     .help = "Read PIN or passphrase from the first line of FILE. Without one of these three it is "
             "asked for on the terminal."},
    {.name = NULL},
};
const struct cret_option_group cret_secret_group = {"Secret of the key", secret_options};

static const struct cret_option example_options[] = {
    {.name = "allow-example-keys",
     .help = "Let keys in that everybody has: published example and test keys. For trying out "
             "only."},
    {.name = NULL},
};
const struct cret_option_group cret_example_group = {"Example keys", example_options};
