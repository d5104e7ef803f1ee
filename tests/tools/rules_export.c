/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of a profile for SBOMs as docs/spec/sbom.md has them (docs/spec/make-rules.py):
 * rules_export NAME; without a name, the names. */
#include <stdio.h>

#include "release/sbom/sbom_rules_internal.h"

static const char *const scopes[] = {
    [CRET_RULE_DOCUMENT] = "the SBOM",
    [CRET_RULE_COMPONENT] = "each component",
    [CRET_RULE_INCLUDED] = "each component that is included",
    [CRET_RULE_FILE] = "each component that is a file",
    [CRET_RULE_PHYSICAL] = "each component that is no logical one",
};

int main(int count, char **arguments)
{
    const struct cret_sbom_profile *profile =
        count == 1 ? NULL : cret_sbom_profile_find(arguments[1]);
    for (size_t i = 0; count == 1 && i < CRET_SBOM_PROFILE_COUNT; i++) {
        printf("%s\n", cret_sbom_profile_names[i]);
    }
    for (size_t i = 0; profile != NULL && i < profile->rules->count; i++) {
        const struct cret_rule_row *row = &profile->rules->rows[i];
        printf("| `%s` | %s | %s | %s | %s |\n", row->rule.id, scopes[row->scope], row->rule.title,
               row->rule.passes, row->rule.source);
    }
    return count == 1 || profile != NULL ? 0 : 2;
}
