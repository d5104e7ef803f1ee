/* SPDX-License-Identifier: Apache-2.0 */
#include "signer/verbs/verb_sbom.h"

#include "release/sbom/sbom_rules.h"

#define TELL(name, check, title, words) " " #name ": " words "."
static const char *const formats[] = {"text", "json", "sarif", NULL};

static const struct cret_option check_options[] = {
    {.name = "profile",
     .argument = "NAME",
     .repeatable = true,
     .choices = cret_sbom_profile_names,
     .help = "Rules beyond the structure." CRET_SBOM_PROFILES(
         TELL) " Repeated: those of each. "
               "Without it, the structure alone is checked."},
    {.name = "format",
     .argument = "FORMAT",
     .choices = formats,
     .excludes = "json",
     .help = "Form of the result."},
    {.name = "json", .help = "Print the result as JSON, errors too."},
    {.name = "quiet", .help = "Print nothing but errors and findings."},
    {.name = NULL},
};

static const struct cret_option complete_options[] = {
    {.name = "out",
     .argument = "FILE",
     .help = "Where the completed SBOM goes. Default: standard output."},
    {.name = "set",
     .argument = "PATH=VALUE",
     .repeatable = true,
     .help = "Set one field of the description, for example release.version=1.2.3."},
    {.name = "strict-names",
     .help = "Refuse file names that the archive cannot hold, instead of mapping them."},
    {.name = "jobs",
     .argument = "N",
     .help = "Threads that hash. Default: one for each processor."},
    {.name = "json", .help = "Print errors as JSON."},
    {.name = "quiet", .help = "Print nothing but errors."},
    {.name = NULL},
};

static const struct cret_option_group check_group = {"Rules and result", check_options};
static const struct cret_option_group complete_group = {"Release and result", complete_options};
static const struct cret_option_group *const check_groups[] = {&check_group, NULL};
static const struct cret_option_group *const complete_groups[] = {&complete_group, NULL};

static const struct cret_verb verbs[] = {
    {"check", "FILE", 1, 1, "Check any SBOM: structure, and the rules of a profile",
     "Reads a CycloneDX 1.4 to 1.7 or SPDX 2.2, 2.3 JSON file (- for standard input). Every "
     "finding names rule, JSON pointer, the value found and what would pass. Exit code 1: the "
     "structure is not sound, or a rule is not met.",
     check_groups, cret_verb_sbom_check},
    {"complete", "DESCRIPTION", 1, 1,
     "Fill in what the release knows of its SBOM: root component, identity, hashes",
     "Reads the SBOM that DESCRIPTION names, and writes it again with the root component of this "
     "product and version, and with the hashes of the root and of every bound component. What a "
     "release cannot know (dependencies, licences) stays as it is.",
     complete_groups, cret_verb_sbom_complete},
    {.name = NULL},
};

static const char footer[] = "Exit codes: 0 done; 1 the SBOM has faults; 2 usage or description "
                             "error; 3 the work could not be done.";

const struct cret_program cret_sign_sbom_program = {
    "cretula-sign sbom", CRETULA_VERSION, "Check and complete software bills of materials", verbs,
    footer};
