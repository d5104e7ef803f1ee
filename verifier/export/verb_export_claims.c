/* SPDX-License-Identifier: Apache-2.0 */
/* export claims: what the vendor claims about standards, never without its limits. */
#include "verifier/export/export.h"
#include "verifier/verbs/options.h"
#include "verifier/verbs/verbs.h"

static const struct cret_sheet_column columns[] = {
    {"kind", "Kind"},
    {"subject", "Standard or party"},
    {"text", "Scope or text"},
    {"limits", "Limits"},
    {"basis", "Basis"},
    {"securityLevel", "Security level"},
    {"conditions", "Conditions"},
    {"certificate", "Certificate"},
    {NULL, NULL},
};

static const char *const claim[] = {"standard",
                                    "scope",
                                    "limits?none stated",
                                    "basis",
                                    "securityLevel.type securityLevel.value",
                                    "securityLevel.conditions",
                                    "certificate?none"};
static const char *const text[] = {NULL, ".", NULL, NULL, NULL, NULL, NULL};
static const char *const duty[] = {"party", "item", NULL, NULL, NULL, NULL, NULL};

/* Without claims the rest has nothing to limit, and is said all the same. */
static const struct cret_sheet_part parts[] = {
    {.member = "claims", .kind = "claim of the vendor", .paths = claim},
    {.member = "assumptions", .kind = "assumption", .paths = text},
    {.member = "outOfScopeThreats", .kind = "threat out of scope", .paths = text},
    {.member = "notAddressed", .kind = "not addressed", .paths = text},
    {.member = "responsibilities", .kind = "responsibility", .paths = duty},
    {.member = "notice", .kind = "notice", .paths = text},
    {.member = NULL},
};

static const struct cret_sheet sheet = {
    .name = "claims",
    .title = "Claims of the vendor, with their limits",
    .nothing = "The release makes no claim.",
    .columns = columns,
    .parts = parts,
};

static int act(const struct cret_options *options)
{
    return cret_export_sheet(options, &sheet);
}

const struct cret_verb cret_verb_export_claims = {
    .name = "claims",
    .operands = "FILE...",
    .summary = "Export the vendor's claims about standards, with their limits",
    .help = "A row for each claim, in the words of the release: scope, limits, basis, certificate; "
            "then the assumptions that the claims rest on, what they leave out, and who is "
            "responsible for what. A verified release says who claims it, not that it is so.",
    .groups = CRET_GROUPS(&cret_export_format_group, CRET_EXPORT_GROUPS),
    .examples = CRET_EXAMPLES("cretula-verify export claims rtu7.cretula.tar --trust trust.json"),
    .run = act,
};
