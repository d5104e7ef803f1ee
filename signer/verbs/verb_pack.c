/* SPDX-License-Identifier: Apache-2.0 */
/* pack: one signed archive, or nothing. */
#include <string.h>

#include "base/text/json.h"
#include "signer/command/options.h"
#include "signer/release/packing.h"
#include "signer/verbs/verbs.h"

static enum cret_status open_description(struct cret_packing *pack, struct cret_err *err)
{
    if (cret_description_load(&pack->description, cret_options_operand(pack->options, 0),
                              cret_options_values(pack->options, "set"),
                              cret_options_count(pack->options, "set"), err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (cret_description_validate(pack->description, pack->findings) != CRET_OK) {
        cret_err_usage(err, "the description is not valid");
        cret_err_where(err, "%s", cret_options_operand(pack->options, 0));
        return cret_err_hint(err, "correct what is listed above");
    }
    const char *origin = cret_json_string(pack->description->json, "origin");
    if (origin != NULL && strcmp(origin, "vendor") != 0) {
        const struct cret_mark mark = cret_description_locate(pack->description, "#/origin");
        cret_err_usage(err, "pack makes releases of a vendor only");
        cret_mark_where(err, &mark);
        cret_err_expected(err, "origin: vendor, or no origin");
        return cret_err_actual(err, "origin: %s", origin);
    }
    return CRET_OK;
}

static enum cret_status run(struct cret_packing *pack, struct cret_err *err)
{
    unsigned jobs = 0;
    pack->findings = cret_findings_new();
    if (pack->findings == NULL) {
        return cret_err_memory(err);
    }
    if (cret_option_jobs(&jobs, pack->options, err) != CRET_OK ||
        open_description(pack, err) != CRET_OK ||
        cret_credentials_certificates(&pack->credentials, pack->options, err) != CRET_OK ||
        cret_packing_begin(pack, false, err) != CRET_OK ||
        cret_credentials_key(&pack->credentials, pack->options,
                             strcmp(cret_options_operand(pack->options, 0), "-") == 0,
                             err) != CRET_OK) {
        return CRET_FAILED;
    }
    return cret_packing_publish(pack, err);
}

static int act(const struct cret_options *options)
{
    return cret_packing_run(options, run);
}

const struct cret_verb cret_verb_pack = {
    .name = "pack",
    .operands = "DESCRIPTION",
    .summary = "Pack and sign a release: one archive, or nothing",
    .help = "Collects what DESCRIPTION (YAML, - for standard input) names, hashes it, signs the "
            "manifest, verifies the finished archive, and only then gives it its name.",
    .groups =
        CRET_GROUPS(&cret_description_group, &cret_archive_group, &cret_release_group,
                    &cret_force_group, &cret_key_group, &cret_certificate_group, &cret_chain_group,
                    &cret_secret_group, &cret_example_group, &cret_confinement_group,
                    &cret_jobs_group, &cret_quiet_group, &cret_json_group),
    .examples = CRET_EXAMPLES("cretula-sign pack release.yaml --key release.key.pem "
                              "--cert release.cert.pem --chain intermediates.pem "
                              "--set release.version=$TAG --previous last.cretula.tar"),
    .run = act,
};
