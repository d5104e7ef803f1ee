/* SPDX-License-Identifier: Apache-2.0 */
/* Options that both programs have. */
#include "base/command/shared.h"

#include "base/digest/hash_engine.h"

static const struct cret_option json_options[] = {
    CRET_FLAG("json", "Print the result as JSON, errors too."),
    CRET_OPTION_END,
};
const struct cret_option_group cret_json_group = {"Output", json_options};

static const struct cret_option json_errors_options[] = {
    CRET_FLAG("json", "Print errors as JSON."),
    CRET_OPTION_END,
};
const struct cret_option_group cret_json_errors_group = {"Output", json_errors_options};

static const struct cret_option quiet_options[] = {
    CRET_FLAG("quiet", "Print nothing but errors and findings."),
    CRET_OPTION_END,
};
const struct cret_option_group cret_quiet_group = {"Output", quiet_options};

static const struct cret_option jobs_options[] = {
    CRET_OPTION("jobs", "N", "Number of threads. Default: one for each processor."),
    CRET_OPTION(
        "hash", "ENGINE",
        "What computes the digests of small files and of trees: auto (the SHA-256 instructions of "
        "the processor, where it has them) or openssl. The result is the same. Default: auto.",
        .choices = cret_hash_choices),
    CRET_OPTION_END,
};
const struct cret_option_group cret_jobs_group = {"Work", jobs_options};

static const struct cret_option payload_options[] = {
    CRET_OPTION("payload", "DIR", "Folder of the files of a detached archive."),
    CRET_OPTION_END,
};
const struct cret_option_group cret_payload_group = {"Archive", payload_options};

static const struct cret_option profile_options[] = {
    CRET_OPTION("profile", "PROFILE",
                "Require what this profile lists: topics that the documentation must answer. A "
                "file, or the name iec62443-component."),
    CRET_OPTION_END,
};
const struct cret_option_group cret_profile_group = {"Expectations", profile_options};

static const struct cret_option certificate_options[] = {
    CRET_OPTION("cert", "PEM",
                "The certificate of that key; intermediates may follow it in the file.",
                .required = true),
    CRET_OPTION_END,
};
const struct cret_option_group cret_certificate_group = {"Certificate", certificate_options};

#define OF_KEY "key sign-record"
static const struct cret_option secret_options[] = {
    CRET_OPTION("passphrase-fd", "N", "Read the key's passphrase from descriptor N (one line).",
                .needs = OF_KEY, .excludes = "passphrase-file pin-fd pin-file"),
    CRET_OPTION("passphrase-file", "FILE",
                "Read the key's passphrase from the first line of FILE, a regular file or a pipe. "
                "A file that others can read is warned of.",
                .needs = OF_KEY, .excludes = "passphrase-fd pin-fd pin-file"),
    /* cret_pin_group begins here */
    CRET_OPTION("pin-fd", "N", "Read PIN or passphrase from descriptor N (one line).",
                .needs = OF_KEY, .excludes = "passphrase-fd passphrase-file pin-file"),
    CRET_OPTION("pin-file", "FILE",
                "Read PIN or passphrase from the first line of FILE, as --passphrase-file does. "
                "Without one of these it is asked for on the terminal.",
                .needs = OF_KEY, .excludes = "passphrase-fd passphrase-file pin-fd"),
    CRET_OPTION_END,
};
const struct cret_option_group cret_secret_group = {"Secret of the key", secret_options};
const struct cret_option_group cret_pin_group = {"Secret of the key", secret_options + 2};

static const struct cret_option example_options[] = {
    CRET_FLAG(
        "allow-example-keys",
        "Let keys in that everybody has: published example and test keys. For trying out only."),
    CRET_OPTION_END,
};
const struct cret_option_group cret_example_group = {"Example keys", example_options};

static const struct cret_option confinement_options[] = {
    CRET_FLAG("allow-unconfined",
              "Go on where this machine cannot confine the process that reads what others made "
              "(Landlock, seccomp); a verdict says so. Else such a run is undecided, exit 3."),
    CRET_OPTION_END,
};
const struct cret_option_group cret_confinement_group = {"Confinement", confinement_options};
