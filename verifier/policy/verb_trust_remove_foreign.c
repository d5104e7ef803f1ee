/* SPDX-License-Identifier: Apache-2.0 */
/* trust remove-foreign: a pin goes. */
#include "base/text/json.h"
#include "verifier/policy/trust_edit.h"
#include "verifier/verbs/options.h"
#include "verifier/verbs/verbs.h"

/* A scope that nobody fills any more goes with its last pin. */
static enum cret_status drop_scope(const struct cret_trust_edit *edit, json_t *scope,
                                   struct cret_err *err)
{
    json_t *scopes = json_object_get(edit->json, "scopes");
    size_t index = 0;
    while (json_array_get(scopes, index) != scope) {
        index++;
    }
    return json_array_remove(scopes, index) == 0 ? CRET_OK : cret_err_memory(err);
}

static enum cret_status remove_foreign(struct cret_trust_edit *edit, struct cret_err *err)
{
    const char *name = cret_options_value(edit->options, "pin");
    json_t *scope = cret_trust_edit_scope(edit, err);
    json_t *pins = json_object_get(scope, "foreign");
    size_t index = 0;
    if (scope == NULL) {
        return CRET_FAILED;
    }
    if (cret_trust_edit_find(pins, "name", name, &index) == NULL) {
        cret_err_usage(err, "no pin is called %s there", name);
        return cret_err_hint(err, "cretula-verify trust show lists scopes and pins");
    }
    if (json_array_remove(pins, index) != 0) {
        return cret_err_memory(err);
    }
    if (json_array_size(pins) == 0) {
        if (json_object_del(scope, "foreign") != 0) {
            return cret_err_memory(err);
        }
        if (json_object_get(scope, "signers") == NULL && drop_scope(edit, scope, err) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    return cret_trust_edit_write(edit, false, err);
}

static int act(const struct cret_options *options)
{
    return cret_trust_edit_run(options, false, remove_foreign, "removed");
}

static const struct cret_option remove_options[] = {
    CRET_OPTION("pin", "NAME", "Which pin.", .required = true),
    CRET_OPTION("vendor", "TEXT",
                "Whose scope it stands in. Needed where there are several scopes."),
    CRET_OPTION_END,
};
static const struct cret_option_group pin_group = {"Pin", remove_options};

const struct cret_verb cret_verb_trust_remove_foreign = {
    .name = "remove-foreign",
    .operands = "FILE",
    .summary = "Remove a pin of files in other formats",
    .help = "A scope without pins and signers goes with its last pin.",
    .groups = CRET_GROUPS(&pin_group, &cret_scope_group, &cret_trust_edit_group,
                          &cret_example_group, &cret_site_group),
    .examples = CRET_EXAMPLES("cretula-verify trust remove-foreign trust.json "
                              "--vendor \"Example Controls\" --pin \"setup programs\""),
    .run = act,
};
