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

/* Formats in which a field may be said to be unknown. */
static const char *declares(unsigned formats)
{
    static const char *const words[] = {
        [0] = "",
        [CRET_IN_CYCLONEDX] = "CycloneDX",
        [CRET_IN_CYCLONEDX | CRET_IN_SPDX3] = "CycloneDX, SPDX 3",
        [CRET_IN_EACH] = "CycloneDX, SPDX 2, SPDX 3",
    };
    return words[formats];
}

static void print_rules(const struct cret_rules *rules)
{
    unsigned any = 0;
    for (size_t i = 0; i < rules->count; i++) {
        any |= rules->rows[i].declares;
    }
    printf("| rule | of | asks for | passes |%s cannot be broken | source "
           "|\n|---|---|---|---|%s---|---|\n",
           any != 0 ? " may be declared |" : "", any != 0 ? "---|" : "");
    for (size_t i = 0; i < rules->count; i++) {
        const struct cret_rule_row *row = &rules->rows[i];
        printf("| `%s` | %s | %s | %s |", row->rule.id, scopes[row->scope], row->rule.title,
               row->rule.passes);
        if (any != 0) {
            printf(" %s |", declares(row->declares));
        }
        printf(" %s | %s |\n", row->never != NULL ? row->never : "", row->rule.source);
    }
}

int main(int count, char **arguments)
{
    const struct cret_sbom_profile *profile =
        count == 1 ? NULL : cret_sbom_profile_find(arguments[1]);
    for (size_t i = 0; count == 1 && i < CRET_SBOM_PROFILE_COUNT; i++) {
        printf("%s\n", cret_sbom_profile_names[i]);
    }
    if (profile != NULL) {
        print_rules(profile->rules);
    }
    return count == 1 || profile != NULL ? 0 : 2;
}
