/* SPDX-License-Identifier: Apache-2.0 */
/* Descriptions: YAML to a typed tree, held to the tables, completed. The input is read once more as
 * written: the same tree comes of it. */
#include <stdlib.h>
#include <string.h>

#include "../fuzz.h"
#include "base/text/json.h"
#include "signer/description/description.h"

static void hold_findings(const struct cret_description *description,
                          const struct cret_findings *findings)
{
    for (size_t i = 0; i < cret_findings_count(findings); i++) {
        const char *where = cret_findings_at(findings, i)->where;
        if (where != NULL && where[0] == '#') {
            const struct cret_mark mark = cret_description_locate(description, where);
            char *name = cret_description_field_name(where);
            FUZZ_HOLD(mark.file != NULL && name != NULL);
            free(name);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const sets[] = {"release.version=1.10"};
    struct cret_description *description = NULL, *again = NULL;
    struct cret_err err;
    const char *text = (const char *)data;
    /* An include would be read from the current folder: that is another matter. */
    if (size > 0 && memmem(data, size, "include", 7) != NULL) {
        return 0;
    }
    cret_err_clear(&err);
    if (cret_description_parse(&description, text, size, "fuzz", NULL, 0, &err) != CRET_OK) {
        FUZZ_HOLD(description == NULL);
        fuzz_hold_failure(&err, 1u << CRET_ERR_USAGE);
        return 0;
    }
    struct cret_findings *findings = cret_findings_new();
    FUZZ_HOLD(cret_description_parse(&again, text, size, "fuzz", NULL, 0, NULL) == CRET_OK);
    FUZZ_HOLD(json_equal(description->json, again->json));
    cret_description_free(&again);
    const bool valid = cret_description_validate(description, findings) == CRET_OK;
    FUZZ_HOLD(valid != cret_findings_failed(findings));
    hold_findings(description, findings);
    if (valid) {
        json_t *whole = cret_description_complete(description, FUZZ_NOW);
        FUZZ_HOLD(whole != NULL && json_object_get(whole, "files") == NULL);
        FUZZ_HOLD(cret_json_string(whole, "release.date") != NULL);
        json_decref(whole);
    }
    if (cret_description_parse(&again, text, size, "fuzz", sets, 1, NULL) == CRET_OK) {
        FUZZ_HOLD(strcmp(cret_json_string(again->json, "release.version"), "1.10") == 0);
    }
    cret_description_free(&again);
    cret_findings_free(&findings);
    cret_description_free(&description);
    return 0;
}
