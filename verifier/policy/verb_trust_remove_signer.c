/* SPDX-License-Identifier: Apache-2.0 */
/* trust remove-signer: a signer, or an owner of the policy, goes. */
#include "base/text/json.h"
#include "base/text/unicode.h"
#include "verifier/policy/trust_edit.h"
#include "verifier/verbs/options.h"
#include "verifier/verbs/verbs.h"

/* Takes a name out of a role, and the role away where nobody is left in it. */
static enum cret_status leave_role(json_t *roles_list, const char *name,
                                   const struct cret_options *options, struct cret_err *err)
{
    CRET_JSON_EACH_AT (index, role, roles_list) {
        json_t *names = json_object_get(role, "signers");
        CRET_JSON_EACH_AT (place, value, names) {
            if (!cret_unicode_same(json_string_value(value), name)) {
                continue;
            }
            if (json_array_size(names) == 1) {
                return json_array_remove(roles_list, index) == 0 ? CRET_OK : cret_err_memory(err);
            }
            if (json_array_remove(names, place) != 0) {
                return cret_err_memory(err);
            }
            return cret_trust_edit_threshold(role, options, err);
        }
    }
    return CRET_OK;
}

static enum cret_status remove_signer(struct cret_trust_edit *edit, struct cret_err *err)
{
    const struct cret_options *options = edit->options;
    const char *name = cret_options_value(options, "signer");
    const bool owner = cret_options_given(options, "policy-owner");
    json_t *scopes = json_object_get(edit->json, "scopes");
    json_t *group =
        owner ? json_object_get(edit->json, "owners") : cret_trust_edit_scope(edit, err);
    json_t *signers = json_object_get(group, "signers");
    size_t index = 0;
    if (group == NULL && !owner) {
        return CRET_FAILED;
    }
    if (cret_trust_edit_find(signers, "name", name, &index) == NULL) {
        cret_err_usage(err, "nobody is called %s there", name);
        return cret_err_hint(err, "cretula-verify trust show lists signers and owners");
    }
    if (json_array_remove(signers, index) != 0) {
        return cret_err_memory(err);
    }
    const enum cret_status status =
        owner ? cret_trust_edit_threshold(group, options, err)
              : leave_role(json_object_get(group, "roles"), name, options, err);
    if (status != CRET_OK) {
        return CRET_FAILED;
    }
    if (json_array_size(signers) == 0 && !owner && json_object_get(group, "foreign") != NULL) {
        if (json_object_del(group, "signers") != 0 || json_object_del(group, "roles") != 0) {
            return cret_err_memory(err);
        }
    } else if (json_array_size(signers) == 0) {
        for (index = 0; !owner && json_array_get(scopes, index) != group;) {
            index++;
        }
        if ((owner ? json_object_del(edit->json, "owners") : json_array_remove(scopes, index)) !=
            0) {
            return cret_err_memory(err);
        }
    }
    if (cret_trust_edit_write(edit, false, err) != CRET_OK) {
        return err->hint[0] != '\0'
                   ? CRET_FAILED
                   : cret_err_hint(err,
                                   "--threshold N says how many of those who remain must sign");
    }
    return CRET_OK;
}

static int act(const struct cret_options *options)
{
    return cret_trust_edit_run(options, false, remove_signer, "removed");
}

static const struct cret_option remove_options[] = {
    CRET_OPTION("signer", "NAME", "Whom to remove.", .required = true),
    CRET_OPTION("vendor", "TEXT", "The vendor of the scope. Needed where there are several scopes.",
                .excludes = "policy-owner"),
    CRET_FLAG("policy-owner", "Remove an owner of the policy instead of a signer of releases.",
              .excludes = "vendor product"),
    CRET_OPTION("threshold", "N",
                "How many of those who remain must have signed. Default: as it is."),
    CRET_OPTION_END,
};
static const struct cret_option_group signer_group = {"Signer", remove_options};

const struct cret_verb cret_verb_trust_remove_signer = {
    .name = "remove-signer",
    .operands = "FILE",
    .summary = "Remove a signer, or an owner of the policy",
    .help = "A role without signers goes with its last one, and so does a scope without pins.",
    .groups = CRET_GROUPS(&signer_group, &cret_scope_group, &cret_trust_edit_group,
                          &cret_example_group, &cret_site_group),
    .examples = CRET_EXAMPLES("cretula-verify trust remove-signer trust.json "
                              "--signer \"Release signing\""),
    .run = act,
};
