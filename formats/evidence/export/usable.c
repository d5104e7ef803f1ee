/* SPDX-License-Identifier: Apache-2.0 */
/* The same refusals for every form that a record is exported in. */
#include "evidence/export/usable.h"

#include "base/text/json.h"

enum cret_status cret_export_usable(const struct cret_record_copy *record, bool allow_example_keys,
                                    const char *form, struct cret_err *err)
{
    if (cret_json_boolean(record->json, "when.verificationTimeGiven", true)) {
        cret_err_usage(err, "a run as of another time (--at) gives no %s", form);
        return cret_err_hint(err, "verify the release again, as of now");
    }
    if (record->verdict == CRET_VERDICT_UNDECIDED || record->verdict == CRET_VERDICT_PARTIAL) {
        return cret_err_usage(err, "a run that is %s gives no %s",
                              cret_verdict_name(record->verdict), form);
    }
    if (!allow_example_keys && cret_json_boolean(record->json, "how.exampleKeysAllowed", true)) {
        cret_err_usage(err, "a run with example keys proves nothing, and gives no %s", form);
        return cret_err_hint(err, "--allow-example-keys is for trying out only");
    }
    return CRET_OK;
}
