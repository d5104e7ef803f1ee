/* SPDX-License-Identifier: Apache-2.0 */
/* Vulnerabilities that the new release says it fixes, and those that it still names as open. */
#include <ctype.h>
#include <string.h>

#include "base/text/json.h"
#include "release/diff/diff_internal.h"

/* Longest id that is looked for in a text: CVE-2026-1234567890. */
enum { ID_BYTES = 32 };

static bool lists_cve(const json_t *changes, const char *cve)
{
    CRET_JSON_EACH (change, changes) {
        CRET_JSON_EACH (one, json_object_get(change, "cves")) {
            if (strcmp(json_string_value(one), cve) == 0) {
                return true;
            }
        }
    }
    return false;
}

static void tell_fixed(struct cret_diff_run *run, const json_t *change, const char *cve,
                       json_t *seen)
{
    if (json_object_get(seen, cve) != NULL) {
        return;
    }
    const char *id = cret_json_string(change, "id");
    json_t *details = cret_diff_details();
    if (id != NULL) {
        cret_diff_detail(&details, "change", NULL, id);
    }
    run->differences.failed |= details == NULL || json_object_set_new(seen, cve, json_true()) != 0;
    cret_diff_add(run, &(struct cret_difference){.section = "vulnerabilities",
                                                 .change = "fixed",
                                                 .subject = cve,
                                                 .details = details,
                                                 .note = cret_json_string(change, "summary")});
}

/* The next CVE id in a text; NULL: no more. */
static const char *next_cve(const char *text, char id[ID_BYTES])
{
    for (const char *at = text; (at = strstr(at, "CVE-")) != NULL; at++) {
        const size_t year = strspn(at + 4, "0123456789");
        const size_t number = year == 4 && at[8] == '-' ? strspn(at + 9, "0123456789") : 0;
        if (number >= 4 && 9 + number < ID_BYTES) {
            memcpy(id, at, 9 + number);
            id[9 + number] = '\0';
            return at + 9 + number;
        }
    }
    return NULL;
}

/* Known issues and risks of the new release that name a vulnerability. */
static void tell_open(struct cret_diff_run *run, const json_t *entry, json_t *seen)
{
    static const char *const fields[] = {"id", "summary", "workaround", "mitigation", NULL};
    for (size_t i = 0; fields[i] != NULL; i++) {
        char id[ID_BYTES];
        const char *text = cret_json_string(entry, fields[i]);
        while (text != NULL && (text = next_cve(text, id)) != NULL) {
            if (json_object_get(seen, id) != NULL) {
                continue;
            }
            run->differences.failed |= json_object_set_new(seen, id, json_true()) != 0;
            cret_diff_add(run, &(struct cret_difference){.section = "vulnerabilities",
                                                         .change = "open",
                                                         .subject = id,
                                                         .note = cret_json_string(entry, "summary"),
                                                         .attention = true});
        }
    }
}

void cret_diff_vulnerabilities(struct cret_diff_run *run)
{
    static const char *const members[] = {"knownIssues", "newRisks", NULL};
    const json_t *was = json_object_get(run->old->manifest, "changes");
    const json_t *is = json_object_get(run->new->manifest, "changes");
    json_t *fixed = json_object(), *open = json_object();
    run->differences.failed |= fixed == NULL || open == NULL;
    for (size_t i = 0; members[i] != NULL; i++) {
        CRET_JSON_EACH (entry, json_object_get(run->new->manifest, members[i])) {
            tell_open(run, entry, open);
        }
    }
    CRET_JSON_EACH (entry, is) {
        CRET_JSON_EACH (cve, json_object_get(entry, "cves")) {
            if (!lists_cve(was, json_string_value(cve))) {
                tell_fixed(run, entry, json_string_value(cve), fixed);
            }
        }
    }
    json_decref(fixed);
    json_decref(open);
}
